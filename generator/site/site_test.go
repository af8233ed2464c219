package site

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/prosediff"
	"skillgen/generator/release"
)

var update = flag.Bool("update", false, "write what came out into testdata; read the difference before you keep it")

// sample is a release of two skills: one with its stages in files, the other a references layout with a stage in SKILL.md and a hostile title.
func sample(t testing.TB) Input {
	t.Helper()
	text, err := os.ReadFile("testdata/acme-flask.md")
	if err != nil {
		t.Fatal(err)
	}
	in := Input{
		Product: "Acme", Version: "1.4.0", License: "MIT", Author: "Acme & Sons", Homepage: "https://acme.example/?a=1&b=2", Marketplace: "acme-skills", Base: "1.3.0",
		Skills: []Skill{
			{
				Skill: release.Skill{
					Name: "acme-review", Workflow: "review", Title: "Acme", Description: "Reviews what stands.", Tokens: release.Tokens{Total: 900, Head: 400, Docs: 300, Stages: 200},
				},
				Plugin: "acme",
				Stages: []Stage{{Title: "Look"}},
				Files: []File{
					{Path: "SKILL.md", Data: []byte("# Review <b>\"all\"</b> & `more`\n\n- [Faults](references/faults.md): <https://acme.example/faults>\n- [More](references/faults.md#more)\n\n## Stages\n\n### Stage 1: Look\n\nThis was the last stage.\n")},
					{Path: "references/faults.md", Data: []byte("# Faults\n\nSee [more](#more) and [more](faults.md#more).\n\n## More\n\nText\n")},
				},
			}, {
				Skill: release.Skill{
					Name: "acme-flask", Framework: "flask", Workflow: "integrate", Title: "Flask", Description: "Acme in Flask: send events.", Languages: []string{"python"},
					Tokens: release.Tokens{Total: 2000, Head: 200, Guidance: 100, Docs: 700, Example: 800, Stages: 200},
				},
				Plugin: "acme",
				Flight: &plan.Flight{Level: project.LevelCI, Known: true, Tools: []string{"python 3.13"}},
				Stages: []Stage{{"Find", "stages/1-find.md"}, {"Wire", "stages/2-wire.md"}},
				Files: []File{
					{Path: "SKILL.md", Data: text, Ranges: []release.Range{
						{File: "SKILL.md", From: 1, To: 2, Source: "frameworks/flask.md", Line: 1, Generated: true},
						{File: "SKILL.md", From: 3, To: 5, Source: "skillgen.yaml", Line: 3, Generated: true},
						{File: "SKILL.md", From: 6, To: 9, Source: "templates/integrate/skill.md", Line: 8},
						{File: "SKILL.md", From: 10, To: 11, Source: "templates/integrate/skill.md", Line: 12, Generated: true},
						{File: "SKILL.md", From: 12, To: 12, Source: "frameworks/tags/all.md", Line: 1},
						{File: "SKILL.md", From: 13, To: 14, Source: "frameworks/tags/python.md", Line: 1},
						{File: "SKILL.md", From: 15, To: 19, Source: "frameworks/flask.md", Line: 1, Generated: true},
						{File: "SKILL.md", From: 20, To: 27, Source: "frameworks/flask.md", Line: 9},
						{File: "SKILL.md", From: 28, To: 33, Source: "website/docs/events.md", Line: 1, Generated: true},
						{File: "SKILL.md", From: 34, To: 51, Source: "website/docs/events.md", Line: 4},
					}},
					{Path: "scripts/listen.py", Data: []byte("#!/usr/bin/env python3\n")},
					{Path: "stages/1-find.md", Data: []byte("# Stage 1 of 2: Find\n\nFind it.\n\nNext stage: `stages/2-wire.md` (path from this skill's folder).\n"),
						Ranges: []release.Range{{File: "stages/1-find.md", From: 1, To: 5, Source: "templates/integrate/10-find.md", Line: 1}}},
					{Path: "stages/2-wire.md", Data: []byte("# Stage 2 of 2: Wire\n\n## See it work\n\nAs [the rules](SKILL.md#rules) say.\n\nThis was the last stage.\n")},
				},
			},
		},
	}
	in.Changes = prosediff.Compare(sideOf(&in, strings.NewReplacer("Flush before", "You may flush before", "never", "rarely")), sideOf(&in, strings.NewReplacer()), prosediff.Options{})
	return in
}

// sideOf is the release as a side of a comparison, after some words were replaced.
func sideOf(in *Input, words *strings.Replacer) prosediff.Side {
	side := prosediff.Side{Kind: "folder", Spec: "skills"}
	for _, s := range in.Skills {
		out := prosediff.Skill{Name: s.Name}
		for _, f := range s.Files {
			out.Files = append(out.Files, prosediff.File{Path: f.Path, Data: []byte(words.Replace(string(f.Data)))})
		}
		side.Skills = append(side.Skills, out)
	}
	return side
}

func TestGolden(t *testing.T) {
	outs := Pages(sample(t))
	checkPages(t, sample(t), outs)
	for _, name := range []string{"index.html", "acme-flask.html", "acme-review.html"} {
		i := slices.IndexFunc(outs, func(o release.Output) bool { return o.Path == name })
		if i < 0 {
			t.Fatalf("there is no %s", name)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, outs[i].Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(outs[i].Data)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOutputs(t *testing.T) {
	in := sample(t)
	in.Skills[0].Name = "index"
	in.Changes = nil
	var paths []string
	for _, o := range Pages(in) {
		paths = append(paths, o.Path)
	}
	if want := []string{"acme-flask.html", "index.html", "index_.html", "site.css"}; !slices.Equal(paths, want) {
		t.Errorf("%q, want %q", paths, want)
	}
}

// Bytes depend neither on the order of the skills nor on how many processors there are.
func TestDeterministic(t *testing.T) {
	in := many(t, 40)
	want := Pages(in)
	for _, n := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(n)
		slices.Reverse(in.Skills)
		got := Pages(in)
		runtime.GOMAXPROCS(before)
		if len(got) != len(want) {
			t.Fatalf("%d files with %d processors, want %d", len(got), n, len(want))
		}
		for i := range got {
			if got[i].Path != want[i].Path || !bytes.Equal(got[i].Data, want[i].Data) {
				t.Errorf("%s differs with %d processors", want[i].Path, n)
			}
		}
	}
}

// many is a release of n skills that share what they say, with changes in each.
func many(t testing.TB, n int) Input {
	in := sample(t)
	flask := in.Skills[1]
	in.Skills = nil
	for i := range n {
		s := flask
		s.Name, s.Title = fmt.Sprintf("acme-%03d", i), fmt.Sprintf("Framework %d", i)
		in.Skills = append(in.Skills, s)
	}
	in.Changes = prosediff.Compare(sideOf(&in, strings.NewReplacer("Flush before", "You may flush before", "never", "rarely")), sideOf(&in, strings.NewReplacer()), prosediff.Options{})
	return in
}

// What others wrote into titles, descriptions and settings is shown as text.
func TestNastyWords(t *testing.T) {
	for _, nasty := range []string{
		"a: b # c --- d", "<Tag> </title><script>alert(1)</script>", `"quotes" 'and' "more"`, "`ticks` ```", "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "“smart” ‘quotes’", "no\u00a0break", "zero\u200bwidth\ufeffbom\u2060",
		"line\u2028separator\u2029", "del\x7f c1\u009b31m \x1b]0;x\a", "\xff\xfe not UTF-8", "\u202eright to left", strings.Repeat("é", 1024), strings.Repeat("unbreakable", 93), "{{.}} {{template \"x\"}}",
		"javascript:alert(1)", "-->", "]]>", "&amp;&lt;&#0;", "",
	} {
		in := sample(t)
		in.Product, in.Version, in.License, in.Author, in.Base = nasty, nasty, nasty, nasty, nasty
		in.Homepage = nasty
		s := &in.Skills[1]
		s.Title, s.Description, s.Workflow, s.Languages, s.Flight = nasty, nasty, nasty, []string{nasty, nasty}, &plan.Flight{Level: project.LevelCI, Known: true, Tools: []string{nasty}}
		s.Stages[0].Title = nasty
		s.Files[0].Ranges = []release.Range{{File: "SKILL.md", From: 1, To: 99, Source: nasty, Line: 1}}
		s.Files[0].Data = []byte("# " + nasty + "\n\n" + nasty + "\n\n    " + nasty + "\n\n[" + nasty + "](" + nasty + ")\n")
		in.Changes = prosediff.Compare(prosediff.Side{Spec: nasty}, sideOf(&in, strings.NewReplacer()), prosediff.Options{Notes: []string{nasty}})
		checkPages(t, in, Pages(in))
		if t.Failed() {
			t.Fatalf("with %q", nasty)
		}
	}
}

// Commands name the place where the release is served as one word of a shell.
func TestInstall(t *testing.T) {
	in := sample(t)
	commands := func(ways []way) string {
		var all []string
		for _, w := range ways {
			all = append(all, w.Commands...)
		}
		return strings.Join(all, "\n")
	}
	for _, tt := range []struct{ url, want string }{
		{"", `claude plugin marketplace add ./
claude plugin install acme@acme-skills
npx skills add ./ -g --skill acme-flask
gemini skills install ./skills/acme-flask
SITE=https://…
mkdir -p ~/.claude/skills/acme-flask
curl -fsSL "$SITE/archives/acme-flask.tar.gz" | tar -xz -C ~/.claude/skills/acme-flask
SITE=https://…
curl -fsSL --create-dirs -o ~/.claude/skills/acme-flask/SKILL.md "$SITE/skills/acme-flask/SKILL.md"
mkdir -p ~/.claude/skills
cp -R skills/acme-flask ~/.claude/skills/`},
		{"https://acme.example/a b?c'd&e", `claude plugin marketplace add ./
claude plugin install acme@acme-skills
npx skills add 'https://acme.example/a b?c'\''d&e' --skill acme-flask
gemini skills install ./skills/acme-flask
mkdir -p ~/.claude/skills/acme-flask
curl -fsSL 'https://acme.example/a b?c'\''d&e/archives/acme-flask.tar.gz' | tar -xz -C ~/.claude/skills/acme-flask
curl -fsSL --create-dirs -o ~/.claude/skills/acme-flask/SKILL.md 'https://acme.example/a b?c'\''d&e/skills/acme-flask/SKILL.md'
mkdir -p ~/.claude/skills
cp -R skills/acme-flask ~/.claude/skills/`},
	} {
		in.URL = tt.url
		if diff := cmp.Diff(tt.want, commands(waysTo(&in, &in.Skills[1]))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.url, diff)
		}
	}
	in.Skills[1].Plugin = ""
	if got := commands(waysTo(&in, &in.Skills[1])); strings.Contains(got, "claude plugin") || !strings.Contains(got, "npx skills") {
		t.Errorf("of a skill in no plugin:\n%s", got)
	}
	in.URL = ""
	const all = `claude plugin marketplace add ./
claude plugin install acme@acme-skills
npx skills add ./ -g --skill '*'
gemini extensions install ./
mkdir -p ~/.claude/skills
cp -R skills/* ~/.claude/skills/`
	if diff := cmp.Diff(all, commands(waysToAll(&in))); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
}

// The parts of a bar fill it in their order, never overlap, and each has at least a sliver.
func TestBar(t *testing.T) {
	for _, tokens := range []release.Tokens{{Head: 1}, {Head: 1, Guidance: 1, Docs: 1, Example: 1, Stages: 1}, {Head: 1, Docs: 1_000_000, Stages: 1}, {Docs: 3, Example: 90_000}, {}} {
		for _, width := range []int{8, rowBar, wideBar} {
			b := barOf(tokens, width, 1)
			at := 0
			for i, p := range b.Parts {
				if p.X < at || p.Width < 1 || i > 0 && p.X != at+1 {
					t.Errorf("%+v in %d: %s from %d, %d wide, after %d", tokens, width, p.Name, p.X, p.Width, at)
				}
				at = p.X + p.Width
			}
			if n := len(b.Parts); n > 0 && at != width && width > 2*n {
				t.Errorf("%+v in %d: ends at %d", tokens, width, at)
			}
		}
	}
}

// A skill's page shows its own changes, in the words of the diff, what could hurt first; an unchanged one says so.
func TestChanges(t *testing.T) {
	in := sample(t)
	v := changesOf(&in, newsOf(&in), "acme-flask")
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Findings) == 0 || len(v.Notes)+len(v.Findings) < 2 || !strings.Contains(string(v.Findings[0]), "<ins>never</ins>") {
		t.Errorf("%s", data)
	}
	if v := changesOf(&in, newsOf(&in), "acme-review"); len(v.Findings)+len(v.Notes) > 0 {
		t.Errorf("%+v", v)
	}
	if page := string(skillPage(&in, &in.Skills[0], newsOf(&in))); !strings.Contains(page, "Nothing changed in this skill.") {
		t.Error("the page of an unchanged skill does not say so")
	}
	in.Changes = nil
	if page := string(skillPage(&in, &in.Skills[0], nil)); !strings.Contains(page, "There is no earlier release to compare with.") {
		t.Error("the first release does not say that it is")
	}
}

func TestFlown(t *testing.T) {
	app := release.Tokens{Example: 1}
	for _, tt := range []struct {
		skill       Skill
		short, long string
	}{
		{Skill{}, "none", "none"},
		{Skill{Skill: release.Skill{Tokens: app}}, "not flown", "not flown"},
		{Skill{Flight: &plan.Flight{Level: project.LevelCI, Known: true, Tools: []string{"node 24.18", "npm 11.6"}}}, "flown", "flown with node 24.18, npm 11.6"},
		{Skill{Flight: &plan.Flight{Level: project.LevelCI, Known: true}}, "flown", "flown"},
		{Skill{Flight: &plan.Flight{Level: project.LevelHand, Known: true, Date: "2026-11-20"}}, "flown by hand", "flown by hand on 2026-11-20"},
		{Skill{Flight: &plan.Flight{Level: project.LevelSyntax, Known: true, Tools: []string{"python 3.13"}}}, "compiled", "compiled with python 3.13"},
		{Skill{Flight: &plan.Flight{Level: project.LevelSyntax}}, "never run", "never run"},
	} {
		if short, long := flown(&tt.skill, false), flown(&tt.skill, true); short != tt.short || long != tt.long {
			t.Errorf("%+v: %q and %q", tt.skill.Flight, short, long)
		}
	}
}

// A skill without a framework is called by its own heading.
func TestTitle(t *testing.T) {
	files := []File{{Path: "SKILL.md", Data: []byte("---\nname: a\n---\n## Low\n\n# *Own* \u200btitle\n")}}
	for _, tt := range []struct {
		skill release.Skill
		want  string
	}{
		{release.Skill{Name: "a", Title: "Acme"}, "Own ⟨U+200B⟩title"},
		{release.Skill{Name: "a", Title: "Flask", Framework: "flask"}, "Flask"},
		{release.Skill{Name: "a", Title: " ", Framework: "flask"}, "a"},
	} {
		if got := titleOf(&Skill{Skill: tt.skill, Files: files}); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.skill, got, tt.want)
		}
	}
}
