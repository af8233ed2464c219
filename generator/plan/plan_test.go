package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/example"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// standard is what a test's project has unless it says otherwise.
var standard = map[string]string{
	"skillgen.yaml":                "product: Acme\nprefix: acme\n",
	"frameworks/go.md":             "---\ntitle: Go\nlanguages: [go]\n---\n",
	"templates/integrate/skill.md": "---\ndescription: Adds {{product}} to {{title}}.\ndefault: true\n---\n# {{title}}\n\n{{rules}}\n\n{{guidance}}\n\n{{docs}}\n\n{{example}}\n",
}

// makePlan plans a project of an archive. change may adjust what the command line says.
func makePlan(t *testing.T, archive string, change ...func(*Input)) (*Plan, []diag.Finding) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range standard {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		if string(f.Data) == "-\n" {
			delete(fsys, f.Name)
		}
	}
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
	airplanes := map[string]*example.Airplane{}
	in := Input{Project: p, Library: library, Airplane: func(f *project.Framework, dir source.String) *example.Airplane {
		key := fmt.Sprint(dir.S, f.Exclude)
		if airplanes[key] == nil {
			a, _, err := example.Load(tree, dir, example.Options{FrameworkExclude: f.Exclude, FrameworkInclude: f.Include})
			if err != nil {
				t.Fatal(err)
			}
			airplanes[key] = a
		}
		return airplanes[key]
	}}
	for _, c := range change {
		c(&in)
	}
	plan, fs := Make(in)
	return plan, diag.Sort(append(findings, fs...))
}

// show writes findings one a line.
func show(findings []diag.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d: %s: %s [%s]\n", f.Place.File, f.Place.Line, f.Severity, f.Message, f.ID)
	}
	return b.String()
}

// only returns the one skill of a plan that has no finding.
func only(t *testing.T, plan *Plan, findings []diag.Finding) *Skill {
	t.Helper()
	if len(plan.Skills) != 1 || len(findings) > 0 {
		t.Fatalf("%d skills, findings:\n%s", len(plan.Skills), show(findings))
	}
	return plan.Skills[0]
}

// one plans a project that has one skill and nothing wrong.
func one(t *testing.T, archive string) *Skill {
	t.Helper()
	plan, findings := makePlan(t, archive)
	return only(t, plan, findings)
}

// workflows are three beside the default one: one that needs an example, one that needs docs and brings a page along, one without frameworks.
const workflows = `
-- templates/errors/skill.md --
---
description: Errors of {{title}}.
needs: [example]
---
# {{title}}

{{docs}}

{{example}}
-- templates/migrate/skill.md --
---
description: Migrates {{title}}.
needs: [docs]
docs: [website/shared.md]
name: "move-{{prefix}}-{{id}}"
---
# {{title}}

{{docs}}
-- templates/audit/skill.md --
---
description: Audits.
standalone: true
---
# {{title}}
-- website/shared.md --
# Shared
-- website/own.md --
# Own
-- examples/app/main.go --
package main
`

// selections are frameworks beside these workflows, and which skills there are.
var selections = []struct{ name, archive, want, findings string }{
	{name: "every workflow whose needs it meets", archive: `
-- frameworks/go.md --
---
title: Go
languages: [go]
---
-- frameworks/next.md --
---
title: Next
languages: [go]
example: examples/app
docs: [website/own.md]
---
`, want: `acme-audit: audit of Acme
acme-errors-next: errors of Next
acme-go: integrate of Go
acme-next: integrate of Next
move-acme-next: migrate of Next
go × errors: needs example
go × migrate: needs docs
`},
	{name: "listed ones only", archive: `
-- frameworks/go.md --
---
title: Go
languages: [go]
example: examples/app
workflows: [errors]
---
`, want: `acme-audit: audit of Acme
acme-errors-go: errors of Go
go × integrate: not listed under workflows
go × migrate: not listed under workflows
`},
	{name: "overrides meet needs and change words", archive: `
-- frameworks/go.md --
---
title: Go
languages: [go]
workflows:
  integrate:
    title: Go, again
  errors:
    example: examples/app
    description: Mine.
  migrate:
    docs: [website/own.md]
---
`, want: `acme-audit: audit of Acme
acme-errors-go: errors of Go
acme-go: integrate of Go, again
move-acme-go: migrate of Go
`},
	{name: "a listed one with an unmet need", archive: `
-- frameworks/go.md --
---
title: Go
languages: [go]
workflows: [errors, migrate]
---
`, want: `acme-audit: audit of Acme
go × errors: needs example
go × integrate: not listed under workflows
go × migrate: needs docs
`, findings: `frameworks/go.md:4: error: workflow "errors" needs example, and go has none [workflow-needs]
frameworks/go.md:4: error: workflow "migrate" needs docs, and go has none [workflow-needs]
`},
	{name: "the default one with an unmet need", archive: `
-- templates/integrate/skill.md --
---
description: x
default: true
needs: [docs]
docs: [website/shared.md]
---
# x

{{docs}}
`, want: `acme-audit: audit of Acme
go × errors: needs example
go × integrate: needs docs
go × migrate: needs docs
`, findings: `frameworks/go.md:2: error: workflow "integrate" needs docs, and go has none [workflow-needs]
`},
	{name: "a draft", archive: `
-- frameworks/go.md --
---
title: Go
languages: [go]
draft: true
---
`, want: `acme-audit: audit of Acme
go × errors: draft
go × integrate: draft
go × migrate: draft
`, findings: "frameworks/go.md:4: info: go is a draft: it is left out [framework-draft]\n"},
}

func TestSelection(t *testing.T) {
	for _, c := range selections {
		t.Run(c.name, func(t *testing.T) {
			plan, findings := makePlan(t, workflows+c.archive)
			var b strings.Builder
			for _, s := range plan.Skills {
				fmt.Fprintf(&b, "%s: %s of %s\n", s.Name, s.Workflow.Name, s.Title)
			}
			for _, s := range plan.Skipped {
				fmt.Fprintf(&b, "%s × %s: %s\n", s.Framework, s.Workflow, s.Why)
			}
			if d := cmp.Diff(c.want, b.String()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.findings, show(findings)); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
		})
	}
}

// body returns the expanded prose of skill.md.
func body(s *Skill) string {
	var b strings.Builder
	for _, part := range s.Body {
		b.WriteString(part.Prose.Body)
	}
	return strings.TrimSpace(b.String())
}

func TestVars(t *testing.T) {
	s := one(t, `
-- skillgen.yaml --
product: Acme
prefix: acme
vars: {a: project, b: project, c: project, d: project, e: project, f: project}
-- frameworks/go.md --
---
title: Go
languages: [go]
tags: [one, two]
vars: {e: framework, f: framework}
workflows: {integrate: {vars: {f: override}}}
---
-- frameworks/tags/all.md --
---
vars: {c: all, d: all, e: all, f: all}
---
-- frameworks/tags/one.md --
---
vars: {d: one, e: one, f: one}
---
-- templates/integrate/skill.md --
---
description: x
default: true
vars: {b: workflow, c: workflow, d: workflow, e: workflow, f: workflow}
---
{{vars.a}} {{vars.b}} {{vars.c}} {{vars.d}} {{vars.e}} {{vars.f}}{{if all}} all{{end}}{{if two}} two{{end}}{{if go}} go{{end}}
`)
	if got, want := body(s), "project workflow all one framework override all two go"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTags(t *testing.T) {
	plan, findings := makePlan(t, `
-- frameworks/go.md --
---
title: Go
languages: [go]
tags: [web, go]
workflows: {integrate: {tags: [extra, web]}}
---
Own guidance.
-- frameworks/tags/all.md --
- Rule of all.
-- frameworks/tags/go.md --
- Rule of go.
- Rule of all.

## Go

Guidance of go.
-- frameworks/tags/web.md --
- Rule of web.
-- frameworks/tags/extra.md --
- Rule of extra.
-- frameworks/tags/last.md --
- Rule of last.
-- templates/integrate/skill.md --
---
description: x
default: true
tags: [last, go]
---
{{rules}}

{{guidance}}
`)
	s := only(t, plan, findings)
	if want := []string{"web", "go", "last", "extra"}; !slices.Equal(s.Tags, want) {
		t.Errorf("tags %q, want %q", s.Tags, want)
	}
	var rules, guidance []string
	for _, r := range s.Rules {
		rules = append(rules, strings.TrimSpace(r.Prose.Body))
	}
	for _, g := range s.Guidance {
		guidance = append(guidance, strings.TrimSpace(g.Body))
	}
	if want := []string{"- Rule of all.", "- Rule of web.", "- Rule of go.", "- Rule of last.", "- Rule of extra."}; !slices.Equal(rules, want) {
		t.Errorf("rules %q, want %q", rules, want)
	}
	if want := []string{"### Go\n\nGuidance of go.", "Own guidance."}; !slices.Equal(guidance, want) {
		t.Errorf("guidance %q, want %q", guidance, want)
	}
}

// TestRules holds the indentation of rules, which a tag file may choose: under the marker that skillgen writes, each line stays what it was.
func TestRules(t *testing.T) {
	s := one(t, `
-- frameworks/tags/all.md --
- Plain,
  two lines.
*   Wide.

    Second paragraph, with [a page](../../website/own.md).
   -    Deep.

        - nested
+ Lazy
goes on.
- See [this](../../website/own.md).
- See [this](../../website/shared.md).
- # Heading
-- website/own.md --
# Own
-- website/shared.md --
# Shared
`)
	var b strings.Builder
	for _, r := range s.Rules {
		b.WriteString(r.Prose.Body)
	}
	want := `- Plain,
  two lines.
- Wide.

  Second paragraph, with [a page](https://acme.example/own).
- Deep.

  - nested
- Lazy
  goes on.
- See [this](https://acme.example/own).
- See [this](https://acme.example/shared).
- ### Heading
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestDocs(t *testing.T) {
	for _, c := range []struct{ name, framework, workflow, want, findings string }{
		{"order, each page once", "docs: [website/b.md, \"website/*.md\"]\nworkflows: {integrate: {docs: [website/sub/go.md]}}", "docs: [website/c.md, \"website/sub/{{id}}.md\"]",
			"b.md=B a.md=A c.md=C sub/go.md=Go", ""},
		{"the first title that is given counts", "docs: [\"website/*.md\", {source: website/b.md, title: Bee}]", "docs: [{source: website/b.md, title: Late}, {source: website/c.md, title: Sea}]",
			"a.md=A b.md=Bee c.md=Sea", ""},
		{"URLs and paths of a site", "docs: [\"https://acme.example/b\", /a]", "", "b.md=B a.md=A", ""},
		{"one title for several pages", "docs: [{source: \"website/*.md\", title: All}]", "", "a.md=All b.md=All c.md=All",
			"frameworks/go.md:4: error: one title for 3 pages [config-value]\n"},
		{"what is missing is said at each place", "docs: [website/none.md, website/a.md]", "docs: [website/none.md]", "a.md=A",
			"frameworks/go.md:4: error: \"website/none.md\" does not exist [docs-source]\ntemplates/integrate/skill.md:4: error: \"website/none.md\" does not exist [docs-source]\n"},
		{"a page per framework that is not there", "docs: [website/a.md]", "docs: [\"website/{{id}}.md\"]", "a.md=A",
			"templates/integrate/skill.md:4: error: \"website/go.md\" does not exist [docs-source]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, findings := makePlan(t, fmt.Sprintf(`
-- frameworks/go.md --
---
title: Go
languages: [go]
%s
---
-- templates/integrate/skill.md --
---
description: x
default: true
%s
---
{{docs}}
-- website/a.md --
# A
-- website/b.md --
# B
-- website/c.md --
# C
-- website/sub/go.md --
# Go
`, c.framework, c.workflow))
			var got []string
			for _, p := range plan.Skills[0].Pages {
				got = append(got, strings.TrimPrefix(p.File.Path, "website/")+"="+p.Title)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("pages %s, want %s", s, c.want)
			}
			if d := cmp.Diff(c.findings, show(findings)); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
		})
	}
}

func TestAirplanes(t *testing.T) {
	plan, findings := makePlan(t, `
-- frameworks/go.md --
---
title: Go
languages: [go]
example: [examples/a, examples/b]
workflows: {integrate: {example: [examples/b, examples/c]}}
---
-- frameworks/one.md --
---
title: One
languages: [go]
example: examples/a
---
-- frameworks/other.md --
---
title: Other
languages: [go]
example: examples/a
exclude: [two.go]
---
-- examples/a/one.go --
one
-- examples/a/two.go --
two
-- examples/b/one.go --
one
-- examples/c/one.go --
one
`)
	if len(findings) > 0 {
		t.Fatal(show(findings))
	}
	var got []string
	for _, s := range plan.Skills {
		for _, a := range s.Airplanes {
			got = append(got, fmt.Sprintf("%s:%s:%d", s.Framework.ID, a.Dir, len(a.Files)))
		}
	}
	want := []string{"go:examples/a:2", "go:examples/b:1", "go:examples/c:1", "one:examples/a:2", "other:examples/a:1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if plan.Skills[0].Airplanes[0] != plan.Skills[1].Airplanes[0] {
		t.Error("an airplane that two frameworks share is read twice")
	}
}

func TestDescription(t *testing.T) {
	const framework = `
-- frameworks/go.md --
---
title: Go
languages: [go]
description: Of the framework.
workflows: {integrate: {}, errors: {}, audit: {description: Of the override.}}
---
-- templates/errors/skill.md --
---
description: Of {{workflow}}.
---
x
-- templates/audit/skill.md --
---
description: Of {{workflow}}.
---
x
`
	descriptions := func(archive string) map[string]string {
		plan, findings := makePlan(t, archive)
		if len(findings) > 0 {
			t.Error(show(findings))
		}
		got := map[string]string{}
		for _, s := range plan.Skills {
			got[s.Workflow.Name] = s.Description.S
		}
		return got
	}
	want := map[string]string{"integrate": "Of the framework.", "errors": "Of errors.", "audit": "Of the override."}
	if got := descriptions(framework); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	want["errors"] = "Of the framework."
	if got := descriptions(framework + "-- templates/integrate/skill.md --\n---\ndescription: x\n---\nx\n"); !maps.Equal(got, want) {
		t.Errorf("without a default workflow: got %v, want %v", got, want)
	}
}

func TestForm(t *testing.T) {
	form := func(config, workflow, framework string, change ...func(*Input)) string {
		plan, findings := makePlan(t, fmt.Sprintf("-- skillgen.yaml --\nproduct: Acme\nprefix: acme\n%s\n-- templates/integrate/skill.md --\n---\ndescription: x\ndefault: true\n%s\n---\nx\n"+
			"-- frameworks/go.md --\n---\ntitle: Go\nlanguages: [go]\n%s\n---\n", config, workflow, framework), change...)
		s := only(t, plan, findings)
		return fmt.Sprintf("%s %s", s.Layout, s.StageMode)
	}
	line := func(in *Input) { in.Layout, in.Stages = project.Flat, project.StageInline }
	for _, c := range []struct{ got, want string }{
		{form("", "", ""), "flat files"},
		{form("layout: references", "", ""), "references files"},
		{form("layout: references", "layout: flat\nstages: inline", ""), "flat inline"},
		{form("", "layout: flat\nstages: inline", "layout: references\nstages: files"), "references files"},
		{form("", "", "layout: references\nstages: files", line), "flat inline"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestMetadata(t *testing.T) {
	s := one(t, `
-- skillgen.yaml --
product: Acme
prefix: acme
author: Somebody
homepage: https://acme.example
-- frameworks/go.md --
---
title: Go
languages: [go]
metadata: {team: framework, level: framework}
workflows: {integrate: {metadata: {level: override}}}
---
-- templates/integrate/skill.md --
---
description: x
default: true
metadata: {team: workflow, kind: workflow}
---
x
`)
	var got []string
	for _, p := range s.Metadata {
		got = append(got, p.Key+"="+p.Value)
	}
	want := "author=Somebody framework=go homepage=https://acme.example kind=workflow level=override team=framework workflow=integrate"
	if strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestInputs lists what a skill is made from: a partial that stands within a line or makes none, too.
func TestInputs(t *testing.T) {
	const archive = `
-- frameworks/go.md --
---
title: Go
languages: [go]
tags: [web]
docs: [website/a.md]
example: examples/a
---
-- frameworks/tags/web.md --
- Rule.
-- frameworks/tags/other.md --
- Rule.
-- templates/partials/inline.md --
words
-- templates/partials/nothing.web.md --
-- templates/partials/nothing.md --
something
-- templates/partials/untaken.md --
untaken
-- templates/integrate/skill.md --
---
description: x
default: true
---
Some {{partial inline}} here.
{{partial nothing}}
{{if other}}{{partial untaken}}{{end}}
{{rules}}

{{docs}}

{{example}}
-- templates/integrate/1-do.md --
Do.
-- templates/integrate/scripts/run.sh --
#!/bin/sh
-- website/a.md --
# A
-- website/b.md --
# B
-- examples/a/main.go --
package main
`
	plan, findings := makePlan(t, archive+"-- frameworks/unused.md --\n---\ntitle: U\nlanguages: [go]\ntags: [other]\ndraft: true\n---\n")
	if diff := cmp.Diff("frameworks/unused.md:5: info: unused is a draft: it is left out [framework-draft]\n", show(findings)); diff != "" {
		t.Fatal(diff)
	}
	var got []string
	for _, f := range plan.Skills[0].Inputs {
		got = append(got, f.Path)
	}
	want := []string{
		"examples/a/main.go", "frameworks/go.md", "frameworks/tags/web.md", "templates/integrate/1-do.md", "templates/integrate/scripts/run.sh", "templates/integrate/skill.md",
		"templates/partials/inline.md", "templates/partials/nothing.web.md", "website/a.md",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestSettings tells apart what reaches a skill of skillgen.yaml and the command line, and what does not.
func TestSettings(t *testing.T) {
	const config = "-- skillgen.yaml --\nproduct: Acme\nprefix: acme\n"
	settings := func(archive string, change ...func(*Input)) string {
		plan, findings := makePlan(t, archive, change...)
		return strings.Join(only(t, plan, findings).Settings, " ")
	}
	base := settings(config)
	release := func(in *Input) { in.Version = "2.0.0" }
	const speaking = "-- templates/integrate/skill.md --\n---\ndescription: x\ndefault: true\n---\nSince {{version}}.\n"
	for name, same := range map[string][2]string{
		"a budget":                    {base, settings(config + "budget: {page: 1}\n")},
		"a version that nobody names": {base, settings(config, release)},
	} {
		if same[0] != same[1] {
			t.Errorf("%s changes the settings: %s, %s", name, same[0], same[1])
		}
	}
	for name, other := range map[string][2]string{
		"a license":                 {base, settings(config + "license: MIT\n")},
		"a variable":                {base, settings(config + "vars: {a: b}\n")},
		"a site":                    {base, settings(config + "sites: [{path: website, url: https://b.example}]\n-- website/x.md --\nx\n")},
		"a clean rule":              {base, settings(config + "clean: [{drop_line: x, why: y}]\n")},
		"a layout":                  {base, settings(config + "layout: references\n")},
		"a version that is named":   {settings(config + speaking), settings(config+speaking, release)},
		"a version that is stamped": {settings(config + "stamp: version\n"), settings(config+"stamp: version\n", release)},
	} {
		if other[0] == other[1] {
			t.Errorf("%s leaves the settings as they are: %s", name, other[0])
		}
	}
}

// TestReferences settles what {{ref page …}} means, once for each place.
func TestReferences(t *testing.T) {
	const archive = `
-- frameworks/two.md --
---
title: Two
languages: [go]
---
-- website/a.md --
# The page

## Set up
-- website/b.md --
# B
-- templates/integrate/skill.md --
---
description: x
default: true
---
{{ref page website/a.md}} {{ref page /a#set-up}} {{ref page https://acme.example/a#the-page}}
`
	plan, findings := makePlan(t, archive)
	if len(findings) > 0 {
		t.Fatal(show(findings))
	}
	var got []string
	for _, s := range plan.Skills[0].Body[0].Prose.Slots {
		got = append(got, s.Path+"#"+s.Fragment)
	}
	if want := []string{"website/a.md#", "website/a.md#set-up", "website/a.md#"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	plan, findings = makePlan(t, archive+"{{ref page website/none.md}}\n\n{{ref page website/*.md}}\n\n{{ref page website/a.md#none}}\n")
	want := `templates/integrate/skill.md:6: error: "website/none.md" does not exist [docs-source]
templates/integrate/skill.md:8: error: "website/*.md" names 2 pages [link-target]
templates/integrate/skill.md:10: error: website/a.md has no heading #none [link-target]
`
	if d := cmp.Diff(want, show(findings)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	for _, s := range plan.Skills[0].Body[0].Prose.Slots[3:4] {
		if s.Must {
			t.Error("a page that does not exist would be reported again for each skill")
		}
	}
}
