package emit

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/example"
	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// standard is what a test's project has unless it says otherwise: one skill with everything.
const standard = `
-- skillgen.yaml --
product: Acme
prefix: acme
-- frameworks/go.md --
---
title: Go
languages: [go]
tags: [web]
docs: [website/start.md, website/rules.md]
example: [examples/a, examples/b]
---
Guidance of Go. See [the rules](../website/rules.md) and [set up](../website/start.md#set-up).

# Rules

## Sub

More [below](#sub).
-- frameworks/tags/all.md --
- Rule one.
- Rule two,
  of two lines.
-- frameworks/tags/web.md --
- Rule three.

## Web

Guidance of the web.
-- website/start.md --
---
title: Start
---

# Start

First words, and [more](rules.md#contents), [up](#start), [out](other.md).

## Set up

Words.
-- website/rules.md --
# Rules

Words.

## Contents

Last words.
-- website/other.md --
# Other
-- examples/a/go.mod --
module a

go 1.24

require acme.example/go v1.2.0
-- examples/a/main.go --
package main
-- examples/b/main.go --
package main
-- templates/integrate/skill.md --
---
description: Adds {{product}} to {{title}}.
default: true
---
# {{product}} for {{title}}

See [start]({{ref page website/start.md}}), [stage two]({{ref stage 2}}), [the app]({{ref example}}) and [the notes](references/notes.md).

{{stages}}

{{rules}}

{{guidance}}

{{docs}}

{{example}}
-- templates/integrate/1-look.md --
---
title: Look
---
## Where

Look at [set up]({{ref page website/start.md#set-up}}).
-- templates/integrate/2-do.md --
---
title: Do
---
Do it.
-- templates/integrate/references/notes.md --
# Notes

[start]({{ref page website/start.md}}) [app]({{ref example}}) [stage]({{ref stage 1}})
-- templates/integrate/scripts/run.sh --
#!/bin/sh
echo hi
-- templates/integrate/assets/pixel --
binary
`

// emitAll compiles a project: standard, with the files of an archive in place of its own.
func emitAll(t *testing.T, archive string, change ...func(*plan.Input)) []*Skill {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range append(txtar.Parse([]byte(standard)).Files, txtar.Parse([]byte(archive)).Files...) {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	fsys["templates/integrate/assets/pixel"] = &fstest.MapFile{Data: []byte("a\x00b")}
	tree := source.New(fsys)
	p, findings, err := project.Load(tree, project.Options{})
	if err != nil || p == nil {
		t.Fatalf("%v, findings %v", err, findings)
	}
	library, fs, err := docs.Open(tree, docs.Options{Roots: []string{"website"}, Sites: []docs.Site{{Path: "website", URL: "https://acme.example"}}})
	if err != nil {
		t.Fatal(err)
	}
	findings = append(findings, fs...)
	in := plan.Input{Project: p, Library: library, Airplane: func(_ *project.Framework, dir source.String) *example.Airplane {
		a, fs, err := example.Load(tree, dir, example.Options{})
		if err != nil {
			t.Fatal(err)
		}
		findings = append(findings, fs...)
		return a
	}}
	for _, c := range change {
		c(&in)
	}
	planned, fs := plan.Make(in)
	findings = append(findings, fs...)
	if worst, _ := diag.Worst(findings); worst == diag.Error {
		t.Fatalf("findings: %v", findings)
	}
	var skills []*Skill
	var meter Meter
	for _, s := range planned.Skills {
		skills = append(skills, Emit(s, &meter))
	}
	return skills
}

func emitOne(t *testing.T, archive string, change ...func(*plan.Input)) *Skill {
	t.Helper()
	skills := emitAll(t, archive, change...)
	if len(skills) != 1 {
		t.Fatalf("%d skills", len(skills))
	}
	return skills[0]
}

func form(l project.Layout, s project.StageMode) func(*plan.Input) {
	return func(in *plan.Input) { in.Layout, in.Stages = l, s }
}

// text returns a file of a skill.
func (s *Skill) text(t *testing.T, path string) string {
	t.Helper()
	for _, f := range s.Files {
		if f.Path == path {
			return string(f.Data)
		}
	}
	t.Fatalf("the skill has no %s", path)
	return ""
}

// page makes a skill.md of a body.
func page(body string) string {
	return "-- templates/integrate/skill.md --\n---\ndescription: x\ndefault: true\n---\n" + body
}

// shapes are skills of all shapes.
var shapes = []struct {
	name, archive string
	change        []func(*plan.Input)
}{
	{name: "flat"},
	{name: "flat, stages inline", change: []func(*plan.Input){form(project.Flat, project.StageInline)}},
	{name: "references", change: []func(*plan.Input){form(project.References, project.StageFiles)}},
	{name: "references, stages inline", change: []func(*plan.Input){form(project.References, project.StageInline)}},
	{name: "another order", archive: page("# x\n\n{{example}}\n\n{{docs}}\n\n{{rules}}\n\n{{guidance}}\n\n{{stages}}\n")},
	{name: "an empty long section first", archive: "-- frameworks/go.md --\n---\ntitle: Go\nlanguages: [go]\ndocs: [website/start.md]\n---\n-- templates/integrate/1-look.md --\n-- frameworks/tags/all.md --\n- Rule.\n" + page("# x\n\n{{guidance}}\n\n{{rules}}\n\n{{stages}}\n\n{{docs}}\n")},
	{name: "prose between and after", archive: page("# x\n\n{{stages}}\n{{rules}}\n{{guidance}}\n\nLoose prose.\n\n## Between\n\nProse.\n\n### Deeper\n\n#### Deepest\n\nEven more.\n\n\nTwo\n===\n{{docs}}\n\nMore prose.\n\n{{example}}\n\n## After `it`\n\nThe end.\n")},
	{name: "stages inline and prose last", archive: page("# x\n\n{{stages}}\n\n{{docs}}\n\n## After\n"), change: []func(*plan.Input){form(project.Flat, project.StageInline)}},
	{name: "nothing but prose", archive: page("# x\n\nProse.\n")},
	{name: "nothing but a section", archive: page("{{docs}}\n")},
	{name: "no docs, example, rules, stages", archive: `
-- frameworks/go.md --
---
title: Go
languages: [go]
---
-- frameworks/tags/all.md --
-- templates/integrate/1-look.md --
-- templates/integrate/2-do.md --
-- templates/integrate/references/notes.md --
` + page("# x\n\n{{rules}}\n\n{{guidance}}\n\n{{docs}}\n\n{{example}}\n")},
	{name: "odd titles", archive: `
-- website/start.md --
---
title: "Contents: ` + "`code`" + ` *stars* [x](y) #"
---
# Contents

Words.

# Set up
-- website/rules.md --
Guidance
========

Words.

# Documentation

## Contents
`},
	{name: "many blank lines", archive: "-- website/start.md --\n# Start\n\n## Set up\n\n\n\nwords\n\n\n\n" + page("\n\n# x\n\n\n{{docs}}\n\n\n\n{{example}}\n\n\n")},
}

var (
	fileLines    = regexp.MustCompile(`This file has (\d+) lines; `)
	contentsLine = regexp.MustCompile(`^ *- \[(.*)\]\(#(.*)\): lines (\d+)–(\d+)$`)
)

// TestContents reads the contents list back: the lines that it names begin with the heading, end with the last line of the section that is not
// blank, and cover each heading of the long sections.
func TestContents(t *testing.T) {
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			s := emitOne(t, shape.archive, shape.change...)
			text := s.text(t, "SKILL.md")
			lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
			m := fileLines.FindStringSubmatch(text)
			if m == nil || m[1] != strconv.Itoa(len(lines)) {
				t.Fatalf("the file says %q and has %d lines", m, len(lines))
			}
			if strings.HasSuffix(text, "\n\n") || !strings.HasSuffix(text, "\n") {
				t.Error("the file does not end with one line end")
			}
			if !strings.Contains(text[:s.Head], m[0]) || strings.Contains(text[s.Head:], m[0]) || s.Head < len(text) && text[s.Head] != '#' {
				t.Errorf("the head ends before %.40q", text[s.Head:])
			}
			headings := headingsOf(text)
			listed := 0
			for _, line := range lines {
				m := contentsLine.FindStringSubmatch(line)
				if m == nil {
					continue
				}
				listed++
				from, _ := strconv.Atoi(m[3])
				to, _ := strconv.Atoi(m[4])
				h := headings[from]
				if h.anchor != m[2] || strings.Trim(strings.ReplaceAll(lines[from-1], "`", ""), "# ") != strings.ReplaceAll(strings.TrimSuffix(m[1], "#"), "`", "") {
					t.Errorf("%q: line %d is %q, anchor %q", line, from, lines[from-1], h.anchor)
				}
				next := to // 0-based index of the line after it
				for next < len(lines) && lines[next] == "" {
					next++
				}
				if strings.TrimSpace(lines[to-1]) == "" || next == to && next < len(lines) {
					t.Errorf("%q: line %d is %q, the line after it is not blank", line, to, lines[to-1])
				}
				if after, ok := headings[next+1]; next < len(lines) && ok && after.level > h.level {
					t.Errorf("%q: the section goes on with %q", line, lines[next])
				}
				for i := from + 1; i <= to; i++ {
					if inner, ok := headings[i]; ok && inner.level <= h.level {
						t.Errorf("%q: line %d is another section: %q", line, i, lines[i-1])
					}
				}
			}
			want := 0
			for _, h := range headings {
				if h.offset >= s.Head && (h.level == 2 || h.level == 1) {
					want++
				}
			}
			if listed < want {
				t.Errorf("%d sections are listed, and there are %d", listed, want)
			}
		})
	}
}

// TestHead holds rules and stages in the head as long as nothing long stands above them.
func TestHead(t *testing.T) {
	s := emitOne(t, shapes[5].archive)
	if head := s.text(t, "SKILL.md")[:s.Head]; !strings.Contains(head, "## Rules") || !strings.Contains(head, "## Workflow") || strings.Contains(head, "](#rules)") {
		t.Errorf("the head is\n%s", head)
	}
	if n := len(s.text(t, "SKILL.md")) - s.Head; !strings.HasPrefix(s.text(t, "SKILL.md")[s.Head:], "## Documentation\n") || n < 20 {
		t.Errorf("below the head: %d bytes", n)
	}
}

// TestContentsOfProse lists the headings of skill.md itself as deep as those of pages, and what stands below a heading of level 1 with it.
func TestContentsOfProse(t *testing.T) {
	text := emitOne(t, shapes[6].archive).text(t, "SKILL.md")
	var got []string
	for _, line := range strings.Split(text, "\n") {
		if contentsLine.MatchString(line) {
			line, _, _ = strings.Cut(line, "]")
			got = append(got, line)
		}
	}
	want := []string{"- [Guidance", "- [Between", "  - [Deeper", "- [Two", "- [Documentation", "  - [Start", "  - [Rules", "- [Model airplane", "  - [`examples/a`", "  - [`examples/b`", "- [After it"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// read is a heading as a reader of the file finds it.
type read struct {
	level, offset int
	anchor        string
}

// headingsOf finds the headings of a file with front matter, by 1-based line.
func headingsOf(text string) map[int]read {
	end := strings.Index(text, "\n---\n") + len("\n---\n")
	before := strings.Count(text[:end], "\n")
	all := map[int]read{}
	var s docs.Slugger
	headings, _ := docs.Headings(text[end:])
	for _, h := range headings {
		all[before+h.Line+1] = read{h.Level, end + h.Offset, s.Next(h.Slug)}
	}
	return all
}

var link = regexp.MustCompile(`\]\(([^)]*)\)`)

// TestLinks follows every link within a skill.
func TestLinks(t *testing.T) {
	for _, shape := range shapes[:4] {
		t.Run(shape.name, func(t *testing.T) {
			s := emitOne(t, shape.archive, shape.change...)
			anchors := map[string]bool{}
			for _, f := range s.Files {
				anchors[f.Path] = true
				var slugs docs.Slugger
				body := string(f.Data)
				if f.Path == "SKILL.md" {
					_, body, _ = strings.Cut(body, "\n---\n")
				}
				headings, _ := docs.Headings(body)
				for _, h := range headings {
					anchors[f.Path+"#"+slugs.Next(h.Slug)] = true
				}
			}
			n := 0
			for _, f := range s.Files {
				for _, m := range link.FindAllStringSubmatch(string(f.Data), -1) {
					dest := m[1]
					if strings.HasPrefix(dest, "https://") || !strings.HasSuffix(f.Path, ".md") {
						continue
					}
					n++
					if strings.HasPrefix(dest, "#") {
						dest = f.Path + dest
					}
					if !anchors[dest] && !anchors["references/"+dest] {
						t.Errorf("%s: %s leads nowhere", f.Path, m[1])
					}
				}
			}
			if n < 12 {
				t.Errorf("%d links", n)
			}
			if len(s.Broken)+len(s.Flaws) > 0 {
				t.Errorf("broken %v, flaws %v", s.Broken, s.Flaws)
			}
		})
	}
}

// TestSameHeadings tells headings of one name apart by the source that they stand in.
func TestSameHeadings(t *testing.T) {
	text := emitOne(t, `
-- frameworks/go.md --
---
title: Go
languages: [go]
docs: [website/start.md, website/rules.md]
---
## Sub

[guidance sub](#sub) [top](#top)

## Sub

[second](#sub-1)
-- website/start.md --
# Start

## Set up

## Sub

[start sub](#sub) [rules sub](rules.md#sub)
-- website/rules.md --
# Rules

## Sub

[own sub](#sub) [start sub again](start.md#sub)
`+page("# x\n\n{{rules}}\n\n{{guidance}}\n\n{{docs}}\n")+"-- templates/integrate/references/notes.md --\n").text(t, "SKILL.md")
	for _, want := range []string{
		"[guidance sub](#sub) [top](#guidance)", "[second](#sub-1)", "[start sub](#sub-2) [rules sub](#sub-3)", "[own sub](#sub-3) [start sub again](#sub-2)",
		"[Rules](#rules-1): lines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestReferencesLayout(t *testing.T) {
	s := emitOne(t, "", form(project.References, project.StageFiles))
	var got []string
	for _, f := range s.Files {
		got = append(got, f.Path)
	}
	want := []string{"SKILL.md", "assets/pixel", "references/EXAMPLE.md", "references/notes.md", "references/rules.md", "references/start.md", "scripts/run.sh", "stages/1-look.md", "stages/2-do.md"}
	if !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	for path, want := range map[string]string{
		"references/start.md":   "# Start\n\nSource: <https://acme.example/start>\n\nFirst words, and [more](rules.md#contents), [up](start.md), [out](https://acme.example/other).\n\n## Set up\n\nWords.\n",
		"references/rules.md":   "# Rules\n\nSource: <https://acme.example/rules>\n\nWords.\n\n## Contents\n\nLast words.\n",
		"references/notes.md":   "# Notes\n\n[start](start.md) [app](EXAMPLE.md) [stage](stages/1-look.md)\n",
		"stages/1-look.md":      "# Stage 1 of 2: Look\n\n## Where\n\nLook at [set up](references/start.md#set-up).\n\nNext stage: `stages/2-do.md` (path from this skill's folder).\n",
		"stages/2-do.md":        "# Stage 2 of 2: Do\n\nDo it.\n\nThis was the last stage.\n",
		"references/EXAMPLE.md": "# Model airplane\n\n" + airplaneNote + "## `examples/a`\n\n- `go.mod`\n- `main.go`\n\n### `go.mod`\n\n```go.mod\nmodule a\n\ngo 1.24\n\nrequire acme.example/go v1.2.0\n```\n\n### `main.go`\n\n```go\npackage main\n```\n\n## `examples/b`\n\n- `main.go`\n\n### `main.go`\n\n```go\npackage main\n```\n",
	} {
		if d := cmp.Diff(want, s.text(t, path)); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
	}
	text := s.text(t, "SKILL.md")
	for _, part := range []string{
		"See [start](references/start.md), [stage two](stages/2-do.md), [the app](references/EXAMPLE.md) and [the notes](references/notes.md).",
		"- [Start](references/start.md): <https://acme.example/start>\n- [Rules](references/rules.md): <https://acme.example/rules>\n",
		"[`references/EXAMPLE.md`](references/EXAMPLE.md) holds every file of it.",
		"Versions, from `go.mod` of `examples/a`: `go 1.24`, `acme.example/go v1.2.0`.\n",
		"See [the rules](references/rules.md) and [set up](references/start.md#set-up).",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("SKILL.md lacks %q:\n%s", part, text)
		}
	}
}

// TestStages moves headings below a title of skillgen's: what a fence holds is no heading, one that repeats the title goes.
func TestStages(t *testing.T) {
	for _, c := range []struct{ name, title, body, files, inline string }{
		{"levels move by one amount", "Go", "### A\n\n##### B\n\n```\n# no\n```\n", "## A\n\n#### B\n\n```\n# no\n```\n", "#### A\n\n###### B\n\n```\n# no\n```\n"},
		{"levels end at 6", "Go", "## A\n\n##### B\n", "## A\n\n##### B\n", "#### A\n\n###### B\n"},
		{"the title again", "Go live", "# Go live\n\nWords.\n\n# Other\n", "Words.\n\n## Other\n", "Words.\n\n#### Other\n"},
		{"the file's name again", "", "# Do\n\nWords.\n", "Words.\n", "Words.\n"},
		{"the older form", "Go", "One\n===\n\nTwo and\n   three #\n---\n\n> Four\n> ====\n", "## One\n\n### Two and three \\#\n\n> ## Four\n", "#### One\n\n##### Two and three \\#\n\n> #### Four\n"},
		{"a number sign that stays", "Go", "C#\n==\n", "## C#\n", "#### C#\n"},
		{"indented", "Go", "   # A\n\n- # B\n", "   ## A\n\n- ## B\n", "   #### A\n\n- #### B\n"},
		{"nothing", "Go", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			archive, title := "-- templates/integrate/2-do.md --\n"+c.body, "do"
			if c.title != "" {
				archive, title = "-- templates/integrate/2-do.md --\n---\ntitle: "+c.title+"\n---\n"+c.body, c.title
			}
			body := func(s string) string {
				if s == "" {
					return ""
				}
				return s + "\n"
			}
			want := "# Stage 2 of 2: " + title + "\n\n" + body(c.files) + "This was the last stage.\n"
			if d := cmp.Diff(want, emitOne(t, archive).text(t, "stages/2-do.md")); d != "" {
				t.Errorf("file (-want +got):\n%s", d)
			}
			want = "### Stage 2: " + title + "\n\n" + body(c.inline) + "This was the last stage.\n"
			text := emitOne(t, archive, form(project.Flat, project.StageInline)).text(t, "SKILL.md")
			if !strings.HasSuffix(text, "\n"+want) {
				t.Errorf("inline: %q\nwant %q at the end", text[max(0, len(text)-200):], want)
			}
		})
	}
}

// TestOrigins holds every line of every file against its source: none is without, and what is not generated is the source's line.
func TestOrigins(t *testing.T) {
	multi := "-- skillgen.yaml --\nproduct: Acme\nprefix: acme\nlicense: MIT\nvars: {lines: \"one\\ntwo\\nthree\"}\n" +
		"-- templates/partials/p.md --\npartial one\npartial two\n-- templates/integrate/1-look.md --\nno title\n" +
		page("# x\n\nbefore\n{{vars.lines}}\nbetween {{vars.lines}} after\n{{partial p}}\nlast\n\n{{stages}}\n\n{{rules}}\n\n{{guidance}}\n\n{{docs}}\n\n{{example}}\n")
	cases := slices.Clone(shapes)
	for _, l := range []func(*plan.Input){form(project.Flat, project.StageFiles), form(project.References, project.StageInline)} {
		cases = append(cases, struct {
			name, archive string
			change        []func(*plan.Input)
		}{"values of several lines", multi, []func(*plan.Input){l}})
	}
	for _, shape := range cases {
		t.Run(shape.name, func(t *testing.T) {
			exact := 0
			for _, f := range emitOne(t, shape.archive, shape.change...).Files {
				if f.Path == "assets/pixel" {
					if f.Runs != nil || f.Source == nil {
						t.Errorf("%s is binary, and has lines", f.Path)
					}
					continue
				}
				if len(f.Data) == 0 {
					continue
				}
				lines := strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
				if len(f.Runs) == 0 || f.Runs[0].At != 0 || f.Runs[len(f.Runs)-1].At >= len(lines) {
					t.Fatalf("%s: %d lines, runs %v", f.Path, len(lines), f.Runs)
				}
				for i, run := range f.Runs {
					end := len(lines)
					if i+1 < len(f.Runs) {
						end = f.Runs[i+1].At
					}
					for at := run.At; at < end; at++ {
						o := run.OriginAt(at)
						if o.File == nil || o.Line < 1 || o.Line > strings.Count(o.File.Text, "\n")+1 {
							t.Fatalf("%s:%d %q has origin %v", f.Path, at+1, lines[at], o)
						}
						was := o.File.LineText(o.Line)
						rewritten := strings.ContainsAny(was, "#[{=*+") || o.Line < strings.Count(o.File.Text, "\n") && strings.HasPrefix(o.File.LineText(o.Line+1), "=")
						if !o.Generated && !rewritten {
							exact++
							if lines[at] != was {
								t.Errorf("%s:%d is %q, and %s:%d %q", f.Path, at+1, lines[at], o.File.Path, o.Line, was)
							}
						}
					}
				}
			}
			if exact < 2 {
				t.Errorf("%d lines were held against their source", exact)
			}
		})
	}
}

// TestGenerated tells lines of skillgen's own from those of others.
func TestGenerated(t *testing.T) {
	s := emitOne(t, "-- skillgen.yaml --\nproduct: Acme\nprefix: acme\n\nlicense: MIT\nauthor: Me\nvars: {lines: \"one\\ntwo\"}\n"+
		page("# x\n\n{{vars.lines}}\n\n{{stages}}\n\n{{rules}}\n\n{{docs}}\n\n{{example}}\n"))
	for line, want := range map[string]string{
		"name: acme-go":    "frameworks/go.md:1*",
		`description: "x"`: "templates/integrate/skill.md:2*",
		`license: "MIT"`:   "skillgen.yaml:4*",
		`  author: "Me"`:   "skillgen.yaml:5*",
		"# x":              "templates/integrate/skill.md:5",
		"one":              "templates/integrate/skill.md:7",
		"two":              "templates/integrate/skill.md:7",
		"Versions, from `go.mod` of `examples/a`: `go 1.24`, `acme.example/go v1.2.0`.": "examples/a/go.mod:3*",
		"## Workflow":                          "templates/integrate/skill.md:9*",
		"- Rule two,":                          "frameworks/tags/all.md:2",
		"  of two lines.":                      "frameworks/tags/all.md:3",
		"- Rule three.":                        "frameworks/tags/web.md:1",
		"## Documentation":                     "templates/integrate/skill.md:13*",
		"### Start":                            "website/start.md:1*",
		"Source: <https://acme.example/start>": "website/start.md:1*",
		"#### Set up":                          "website/start.md:9",
		"#### `go.mod`":                        "examples/a/go.mod:1*",
		"require acme.example/go v1.2.0":       "examples/a/go.mod:5",
	} {
		if got := originOfLine(t, s, "SKILL.md", line); got != want {
			t.Errorf("%q comes from %s, want %s", line, got, want)
		}
	}
}

// originOfLine returns "file:line" of the first line that reads so, with * where it is generated.
func originOfLine(t *testing.T, s *Skill, path, line string) string {
	t.Helper()
	for _, f := range s.Files {
		if f.Path != path {
			continue
		}
		at := slices.Index(strings.Split(string(f.Data), "\n"), line)
		if at < 0 {
			t.Fatalf("no line %q in\n%s", line, f.Data)
		}
		i := 0
		for i+1 < len(f.Runs) && f.Runs[i+1].At <= at {
			i++
		}
		o := f.Runs[i].OriginAt(at)
		mark := ""
		if o.Generated {
			mark = "*"
		}
		return fmt.Sprintf("%s:%d%s", o.File.Path, o.Line, mark)
	}
	t.Fatalf("no file %s", path)
	return ""
}

// TestStamp changes one thing at a time: the stamp changes if and only if a byte of the skill does.
func TestStamp(t *testing.T) {
	stamp := func(s *Skill) string {
		m := regexp.MustCompile(`(?m)^  (content|version): "(.*)"$`).FindStringSubmatch(s.text(t, "SKILL.md"))
		return m[1] + " " + m[2]
	}
	// bytesOf are the files of a skill without the stamp.
	bytesOf := func(s *Skill) string {
		var b strings.Builder
		for _, f := range s.Files {
			fmt.Fprintf(&b, "%s\x00%s\x00", f.Path, bytes.ReplaceAll(f.Data, []byte(s.Content), nil))
		}
		return b.String()
	}
	base := emitOne(t, "")
	if got := stamp(base); got != "content "+base.Content || base.Content == stampHole {
		t.Errorf("stamp %s, content %s", got, base.Content)
	}
	changes := 0
	for name, archive := range map[string]string{
		"nothing":                "",
		"a budget":               "-- skillgen.yaml --\nproduct: Acme\nprefix: acme\nbudget: {page: 9000}\n",
		"a comment for authors":  page("<!-- psst -->\n# Acme for Go\n"),
		"no comment":             page("# Acme for Go\n"),
		"a page of no skill":     "-- website/other.md --\n# Other\n\nMore.\n",
		"a word of a page":       "-- website/rules.md --\n# Rules\n\nWord.\n\n## Contents\n\nLast words.\n",
		"a rule":                 "-- frameworks/tags/all.md --\n- Rule 1.\n",
		"a stage":                "-- templates/integrate/2-do.md --\n---\ntitle: Do\n---\nDo it!\n",
		"a script":               "-- templates/integrate/scripts/run.sh --\n#!/bin/sh\necho ho\n",
		"a file of the airplane": "-- examples/b/main.go --\npackage b\n",
		"the description":        strings.Replace(page("# Acme for Go\n"), "description: x", "description: y", 1),
		"the name of a stage":    "-- templates/integrate/3-more.md --\nx\n",
	} {
		s := emitOne(t, archive)
		if same := bytesOf(s) == bytesOf(base); same != (stamp(s) == stamp(base)) {
			t.Errorf("%s: bytes are the same: %t, stamps %s and %s", name, same, stamp(base), stamp(s))
		} else if !same {
			changes++
		}
	}
	if changes < 8 {
		t.Errorf("%d changes changed something", changes)
	}
	a, b := emitOne(t, page("<!-- psst -->\n# x\n")), emitOne(t, page("# x\n"))
	if stamp(a) != stamp(b) || a.Inputs == b.Inputs {
		t.Errorf("a comment: stamps %s and %s; the inputs differ: %t", stamp(a), stamp(b), a.Inputs != b.Inputs)
	}

	one, two := emitOne(t, "-- templates/integrate/assets/a1 --\nx\n"), emitOne(t, "-- templates/integrate/assets/a2 --\nx\n")
	if stamp(one) == stamp(two) {
		t.Error("a file has another name, and the stamp is the same")
	}

	version := "-- skillgen.yaml --\nproduct: Acme\nprefix: acme\nstamp: version\nversion: 1.2.0\n"
	if got := stamp(emitOne(t, version)); got != "version 1.2.0" {
		t.Errorf("stamp %s", got)
	}
	if got := stamp(emitOne(t, version, func(in *plan.Input) { in.Version = "2.0.0-rc.1" })); got != "version 2.0.0-rc.1" {
		t.Errorf("stamp %s", got)
	}
	tricky := emitOne(t, "-- skillgen.yaml --\nproduct: Acme\nprefix: acme\nauthor: 'content: \"0000000000000000\"'\n"+
		strings.Replace(page("# x\n"), "description: x", `description: "  content: \"0000000000000000\""`+"\nmetadata: {acontent: \"0000000000000000\"}", 1))
	if got := stamp(tricky); got != "content "+tricky.Content || strings.Count(tricky.text(t, "SKILL.md"), stampHole) != 3 {
		t.Errorf("stamp %s, content %s:\n%s", got, tricky.Content, tricky.text(t, "SKILL.md"))
	}
}

// TestInputsDigest counts what reaches a skill without being a file of it: where a page lives that one of its own links to.
func TestInputsDigest(t *testing.T) {
	base := emitOne(t, "")
	if moved := emitOne(t, "-- website/other.md --\n---\nurl: https://moved.example/other\n---\n# Other\n"); moved.Inputs == base.Inputs || moved.Content == base.Content {
		t.Error("a link leads elsewhere, and the inputs are the same")
	}
	if same := emitOne(t, "-- website/other.md --\n# Other\n\nMore words.\n"); same.Inputs != base.Inputs || same.Content != base.Content {
		t.Error("the words of a page that the skill does not hold change it")
	}
}

// TestBroken finds what a template or guidance names and the skill lacks.
func TestBroken(t *testing.T) {
	s := emitOne(t, "-- frameworks/go.md --\n---\ntitle: Go\nlanguages: [go]\n---\n")
	var got []string
	for _, slot := range s.Broken {
		got = append(got, fmt.Sprint(slot.Kind, slot.Path, slot.Fragment, slot.At.Line()))
	}
	want := []string{"0website/start.md7", "1 7", "0website/start.mdset-up6", "0website/start.md3", "1 3"}
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], " ", "")
	}
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], " ", "")
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestMany takes very many headings and links to them, in a page and in templates: the time must grow in line.
func TestMany(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "## H%d\n\n[x](#h%d)\n\n", i, n-1-i)
	}
	text := emitOne(t, "-- website/start.md --\n# Start\n\n## Set up\n\n"+b.String()).text(t, "SKILL.md")
	if !strings.Contains(text, fmt.Sprintf("#### H0\n\n[x](#h%d)\n", n-1)) {
		t.Error("links are not what they should be")
	}
	own := strings.Repeat("## H\n\n[x]({{ref page website/start.md}}) [y](#h)\n\n", n)
	s := emitOne(t, "-- templates/integrate/2-do.md --\n"+own+page("# x\n\n{{stages}}\n\n{{docs}}\n\n"+own), form(project.Flat, project.StageInline))
	if got := strings.Count(s.text(t, "SKILL.md"), "\n#### H\n"); got != n || len(s.Flaws) > 0 {
		t.Errorf("%d headings were moved, want %d; %d flaws", got, n, len(s.Flaws))
	}
}

// TestFlaws finds what else in templates does not hold, and leaves alone what does.
func TestFlaws(t *testing.T) {
	for _, c := range []struct{ name, archive, want string }{
		{"links", page("# Top\n\n[a](#top) [b](#none) [c](references/notes.md) [d](references/none.md) [e](scripts/run.sh#L1) [f](/docs) [g](https://x.example/y) [h](mailto:a@x.example) [i](stages/1-look.md#where) [j](stages/1-look.md#none)\n\n`[k](none.md)` ![l](assets/pixel) [m](%zz)\n\n{{stages}}\n"),
			`"#none" in SKILL.md at 7
"references/none.md" in SKILL.md at 7
"/docs" in SKILL.md at 7
"stages/1-look.md#none" in SKILL.md at 7
"%zz" in SKILL.md at 9
`},
		{"links of a stage", "-- templates/integrate/2-do.md --\n[a](scripts/run.sh) [b](1-look.md) [c](run.sh)\n", "\"run.sh\" in stages/2-do.md at 1\n"},
		{"links of a file that is brought along", "-- templates/integrate/references/notes.md --\n[a](notes.md) [b](scripts/run.sh) [c](#none)\n", "\"#none\" in references/notes.md at 1\n"},
		{"a fence", page("# x\n\n{{stages}}\n\n{{docs}}\n\n```\nopen\n"), "open fence in SKILL.md at 11\n"},
		{"an element", "-- templates/integrate/2-do.md --\nx\n\n<pre>\nopen\n", "open <pre> in stages/2-do.md at 3\n"},
		{"labels", page("# x\n\nSee [docs][].[^1]\n\n[docs]: https://x.example\n[^1]: Note.\n"), "label docs in SKILL.md at 9\nlabel ^1 in SKILL.md at 10\n"},
		{"labels in a file of their own", "-- templates/integrate/2-do.md --\nSee [docs][].[^1]\n\n[docs]: https://x.example\n\n[^1]: Note.\n", ""},
		{"hostile", page(strings.Repeat("> ", 40) + "[deep](x)\n"), "block quotes and lists are nested more than 32 deep in SKILL.md at 5\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			for _, f := range emitOne(t, c.archive).Flaws {
				switch f.Kind {
				case DeadLink:
					fmt.Fprintf(&b, "%q", f.What)
				case OpenBlock:
					b.WriteString("open " + f.What)
				case SharedLabel:
					b.WriteString("label " + f.What)
				default:
					b.WriteString(f.What)
				}
				fmt.Fprintf(&b, " in %s at %d\n", f.File, f.At.Line)
			}
			if d := cmp.Diff(c.want, b.String()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	inline := emitOne(t, "-- templates/integrate/2-do.md --\n[docs]: https://x.example\n", form(project.Flat, project.StageInline))
	if len(inline.Flaws) != 1 || inline.Flaws[0].Kind != SharedLabel {
		t.Errorf("a label of an inline stage: flaws %v", inline.Flaws)
	}
}

// TestVersions names what the airplane pins, nearest first.
func TestVersions(t *testing.T) {
	none := "-- examples/a/go.mod --\n\n"
	for _, c := range []struct{ name, archive, want string }{
		{"ranges stay readable", "-- examples/a/go.mod --\n-- examples/a/requirements.txt --\nflask>=3\nacme~=1.2\n", "Versions, from `requirements.txt` of `examples/a`: `flask >=3`, `acme ~=1.2`.\n"},
		{"two manifests", "-- examples/a/requirements.txt --\nflask==3\n", "Versions, from `go.mod` and `requirements.txt` of `examples/a`: `go 1.24`, `acme.example/go v1.2.0`, `flask ==3`.\n"},
		{"deeper where there are none above", none + "-- examples/a/app/requirements.txt --\nflask==3\n-- examples/a/app/sub/requirements.txt --\nother==1\n", "Versions, from `app/requirements.txt` of `examples/a`: `flask ==3`.\n"},
		{"none", none, ""},
		{"many", "-- examples/a/go.mod --\nmodule a\n\nrequire (\n" + lines(15, "\tx.example/p%d v1.0.%d\n") + ")\n", "`x.example/p11 v1.0.11` and 3 more.\n"},
		{"development only", none + "-- examples/a/package.json --\n{\"devDependencies\": {\"vite\": \"6\"}}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := emitOne(t, c.archive).text(t, "SKILL.md")
			if got := strings.Contains(text, "\nVersions, "); got != (c.want != "") || !strings.Contains(text, c.want) {
				t.Errorf("want %q in\n%s", c.want, text[:strings.Index(text, "## Workflow")])
			}
		})
	}
}

func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i, i)
	}
	return b.String()
}

// TestTokens adds up, and counts what several skills share once.
func TestTokens(t *testing.T) {
	s := emitOne(t, "")
	k := s.Tokens
	if k.Head == 0 || k.Guidance == 0 || k.Docs == 0 || k.Example == 0 || k.Stages == 0 || k.Total != k.Head+k.Guidance+k.Docs+k.Example+k.Stages {
		t.Errorf("tokens %+v", k)
	}
	var pages, files, examples, stages int
	for _, p := range s.Parts {
		switch p.Kind {
		case PartPage:
			pages += p.Tokens
		case PartFile:
			files += p.Tokens
		case PartExample:
			examples += p.Tokens
		case PartStage:
			stages += p.Tokens
		}
	}
	if pages != k.Docs || files != k.Example || examples != k.Example || stages != k.Stages {
		t.Errorf("parts: pages %d, files %d, examples %d, stages %d; tokens %+v", pages, files, examples, stages, k)
	}
	if references := emitOne(t, "", form(project.References, project.StageInline)).Tokens; references.Docs != k.Docs || references.Example != k.Example || references.Stages != k.Stages {
		t.Errorf("in another layout: %+v, want %+v", references, k)
	}
}
