package generator

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/diag"
	"skillgen/generator/project"
)

// airfield is a project with an airplane of each level; one framework flies two.
var airfield = map[string]string{
	"skillgen.yaml": "product: Acme\nprefix: acme\nexclude: [notes.txt]\n",
	"frameworks/pair.md": "---\ntitle: Pair\nlanguages: [go]\nexample: [examples/a, examples/b]\nworkflows: {integrate: {example: examples/c}}\n" +
		"verify: {level: ci, run: ./drive, expect: [x]}\n---\n",
	"frameworks/syntax.md":         "---\ntitle: Syntax\nlanguages: [go]\nexample: examples/b\nverify: {level: syntax, build: go vet}\n---\n",
	"frameworks/hand.md":           "---\ntitle: Hand\nlanguages: [go]\nexample: examples/b\nverify: {level: hand, date: 2026-11-20}\n---\n",
	"frameworks/none.md":           "---\ntitle: None\nlanguages: [go]\nexample: examples/b\n---\n",
	"frameworks/draft.md":          "---\ntitle: Draft\nlanguages: [go]\nexample: examples/b\ndraft: true\nverify: {level: ci, run: ./drive, expect: [x]}\n---\n",
	"examples/a/main.go":           "package main\n",
	"examples/a/go.sum":            "sum\n",
	"examples/a/logo.png":          "\x89PNG\x00",
	"examples/a/notes.txt":         "notes\n",
	"examples/b/main.go":           "package main\n",
	"examples/c/main.go":           "package main\n",
	"templates/integrate/skill.md": "---\ndescription: Adds it.\ndefault: true\n---\n# Acme\n\n{{stages}}\n\n{{example}}\n",
	"templates/integrate/10-go.md": "---\ntitle: Go\n---\nGo.\n",
	"templates/solo/skill.md":      "---\ndescription: Solo.\nstandalone: true\n---\n# Solo\n\n{{stages}}\n",
	"templates/solo/10-go.md":      "---\ntitle: Go\n---\nGo.\n",
}

// compileFiles compiles a project in memory.
func compileFiles(t *testing.T, files map[string]string) *Compilation {
	t.Helper()
	var list []string
	for name, text := range files {
		list = append(list, name, text)
	}
	_, project := tree(list...)
	c, err := Compile(project, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// landed is airfield with an airplanes.lock in which all have flown as they are.
func landed(t *testing.T) map[string]string {
	t.Helper()
	var list []string
	for name, text := range airfield {
		list = append(list, name, text)
	}
	_, project1 := tree(list...)
	_, all, findings, err := ReadAirplanes(project1, Options{}, func(*project.Framework) bool { return true })
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	var ids []string
	fl := &project.Flights{}
	for _, a := range all {
		ids = append(ids, fmt.Sprint(a.Framework.ID, " ", len(a.Cargo)))
		if a.Digest != "" {
			fl.All = append(fl.All, project.Flight{Framework: a.Framework.ID, Level: a.Framework.Verify.Level, Digest: a.Digest, Tools: []project.ToolVersion{{Name: "go", Version: "1.26.8"}}, Date: "2026-11-20"})
		}
	}
	if got := strings.Join(ids, ", "); got != "hand 0, none 0, pair 2, syntax 1" {
		t.Fatal(got)
	}
	files := maps.Clone(airfield)
	files[project.FlightsFile] = string(fl.Encode())
	return files
}

// said is what the skills say of flights, one a line, and the findings about them.
func said(c *Compilation) string {
	var b strings.Builder
	for _, s := range c.Skills {
		fmt.Fprintf(&b, "%s:", s.Plan.Name)
		for _, f := range s.Files {
			for line := range strings.Lines(string(f.Data)) {
				if strings.HasPrefix(line, "Flown") || strings.Contains(line, "ever run") {
					b.WriteString(" " + strings.TrimSpace(line))
				}
			}
		}
		b.WriteString("\n")
	}
	for _, f := range c.Findings {
		if strings.HasPrefix(f.ID, "airplane-") {
			fmt.Fprintf(&b, "%s %s\n", f.Place.File, f.ID)
		}
	}
	return b.String()
}

const flown = "acme-hand: Flown by hand on 2026-11-20: the model airplane was built and run.\n" +
	"acme-none:\n" +
	"acme-pair: Flown with `go 1.26`: `examples/a` and `examples/b` were built and run, and their events arrived.\n" +
	"acme-solo:\n" +
	"acme-syntax: Compiled with `go 1.26`, never run: so much is known of the model airplane.\n"

func TestFlights(t *testing.T) {
	before := said(compileFiles(t, airfield))
	want := strings.NewReplacer("acme-pair: Flown with `go 1.26`: `examples/a` and `examples/b` were built and run, and their events arrived.", "acme-pair:",
		"Compiled with `go 1.26`, never run: so much is known of the model airplane.", "Never run: of the model airplane at most the syntax was checked.").Replace(flown) +
		"frameworks/pair.md airplane-unflown\nframeworks/syntax.md airplane-unflown\n"
	if diff := cmp.Diff(want, before); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(flown, said(compileFiles(t, landed(t)))); diff != "" {
		t.Error(diff)
	}
}

// TestFlightsGoStale changes one thing at a time: what the skills of a framework say depends on what was flown and on nothing else.
func TestFlightsGoStale(t *testing.T) {
	files := landed(t)
	for name, stale := range map[string]string{
		"examples/a/main.go": "pair", "examples/a/go.sum": "pair", "examples/a/notes.txt": "pair", "examples/b/main.go": "pair syntax", "examples/c/main.go": "",
		"examples/a/logo.png": "", "examples/a/debug.log": "", "examples/a/node_modules/x/x.js": "", "examples/a/.env": "", "examples/a/new.go": "pair",
		"frameworks/none.md": "", "templates/integrate/10-go.md": "",
	} {
		changed := maps.Clone(files)
		changed[name] += "\n// more\n"
		var got []string
		c := compileFiles(t, changed)
		for _, f := range c.Findings {
			if f.ID == "airplane-stale" {
				got = append(got, strings.TrimSuffix(strings.TrimPrefix(f.Place.File, "frameworks/"), ".md"))
				if f.Severity != diag.Warning || !strings.HasPrefix(f.Hint, "skillgen verify ") {
					t.Errorf("%+v", f)
				}
			}
		}
		if strings.Join(got, " ") != stale {
			t.Errorf("%s changes %q, not %q", name, got, stale)
		}
		if fresh := !strings.Contains(said(c), "Flown with"); fresh != strings.Contains(stale, "pair") {
			t.Errorf("%s: %s", name, said(c))
		}
	}
	for from, to := range map[string]string{"run: ./drive": "run: ./drive 2", "expect: [x]": "expect: [x, y]"} {
		changed := maps.Clone(files)
		changed["frameworks/pair.md"] = strings.Replace(files["frameworks/pair.md"], from, to, 1)
		if got := said(compileFiles(t, changed)); strings.Contains(got, "Flown with") {
			t.Errorf("%s: %s", to, got)
		}
	}
}

// TestFlyingAgain: another day, other events and the next patch of a tool change no skill, and no digest of what it was made from.
func TestFlyingAgain(t *testing.T) {
	files := landed(t)
	again := maps.Clone(files)
	lock := strings.NewReplacer("2026-11-20", "2027-01-01", "go 1.26.8", "go 1.26.9", "events = []", "events = [\"x\"]").Replace(files[project.FlightsFile])
	if again[project.FlightsFile] = lock; lock == files[project.FlightsFile] {
		t.Fatal("nothing was replaced")
	}
	one, two := compileFiles(t, files), compileFiles(t, again)
	for i, s := range one.Skills {
		if s.Content != two.Skills[i].Content || s.Inputs != two.Skills[i].Inputs {
			t.Errorf("%s is another one", s.Plan.Name)
		}
	}
}

// TestFlightInputs: the report lists what decides over what a skill says of its airplane.
func TestFlightInputs(t *testing.T) {
	var got []string
	c := compileFiles(t, landed(t))
	own := len(c.Inputs)
	in := c.ReportInputs()
	for _, f := range in[own:] {
		got = append(got, fmt.Sprint(f.Path, f.Skills))
	}
	want := []string{"examples/a/go.sum[acme-pair]", "examples/a/notes.txt[acme-pair]", "airplanes.lock[acme-pair acme-syntax]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(compileFiles(t, airfield).ReportInputs()); n != own {
		t.Errorf("%d inputs without a flight, %d with", n, own)
	}
}

// TestBrokenLock: an airplanes.lock that can't be read is an error, not a project that never flew.
func TestBrokenLock(t *testing.T) {
	files := maps.Clone(airfield)
	files[project.FlightsFile] = "<<<<<<< HEAD\n"
	c := compileFiles(t, files)
	if len(c.Findings) == 0 || c.Findings[0].ID != "lock" || c.Findings[0].Severity != diag.Error || !c.Failed(false) {
		t.Errorf("%+v", c.Findings)
	}
}
