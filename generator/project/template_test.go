package project

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"skillgen/generator/source"
)

// expansions are templates, and what comes out for a skill of the framework "flask": tags python and web, language python.
var expansions = []struct{ name, in, want string }{
	{"plain", "a\nb\n", "a\nb\n"},
	{"no final newline", "a", "a\n"},
	{"empty", "", ""},
	{"values", "{{product}} {{prefix}} {{title}} {{name}} {{id}} {{workflow}} {{version}}\n", "Acme acme Flask acme-flask flask integrate 1.2.3\n"},
	{"variable", "x {{vars.word}} y\n", "x w y\n"},
	{"variable of several lines", "x {{vars.lines}} y\n", "x one\ntwo y\n"},
	{"empty variable in a line", "x {{vars.empty}} y\n", "x  y\n"},
	{"empty variable alone", "a\n  {{vars.empty}}\nb\n", "a\nb\n"},
	{"variable alone, indented", "a\n  {{vars.word}}\nb\n", "a\n  w\nb\n"},
	{"escape", `\{{product}} \{{ x }} \\{{product}} \{ {{product}}` + "\n", `{{product}} {{ x }} \{{product}} \{ Acme` + "\n"},
	{"closing braces alone", "}} {x} { {\n", "}} {x} { {\n"},
	{"if", "{{if python}}p{{else}}n{{end}}{{if go}}g{{else}}h{{end}}\n", "ph\n"},
	{"if language and id", "{{if flask}}f{{end}}{{if ruby}}r{{end}}\n", "f\n"},
	{"if not", "{{if not python}}n{{end}}{{if not go}}g{{end}}\n", "g\n"},
	{"if vars", "{{if vars.word}}w{{end}}{{if vars.empty}}e{{end}}{{if not vars.empty}}n{{end}}\n", "wn\n"},
	{"if on lines of their own", "a\n{{if python}}\nb\n{{else}}\nc\n{{end}}\nd\n", "a\nb\nd\n"},
	{"else on lines of their own", "a\n{{if go}}\nb\n{{else}}\nc\n{{end}}\nd\n", "a\nc\nd\n"},
	{"indented tags go with their indentation", "a\n  {{if python}}  \n  b\n\t{{end}}\nd", "a\n  b\nd\n"},
	{"nested", "{{if python}}{{if go}}x{{else}}{{if web}}y{{end}}{{end}}{{end}}\n", "y\n"},
	{"empty branch", "a{{if go}}b{{end}}c\n", "ac\n"},
	{"blank lines stay", "a\n\n{{if go}}\nx\n{{end}}\n\nb\n", "a\n\n\nb\n"},
	{"raw", "{{raw}}{{ x }} {{if y}} <!-- z -->{{end}}\n", "{{ x }} {{if y}} <!-- z -->\n"},
	{"raw block", "a\n{{raw}}\n  {{#each}}\n<!-- kept -->\n\\{{\n{{end}}\nb\n", "a\n  {{#each}}\n<!-- kept -->\n\\{{\nb\n"},
	{"raw counts fences", "```\n{{raw}}\n```\n{{end}}\n<!-- gone -->\n", "```\n```\n"},
	{"comment", "a <!-- x --> b\n", "a  b\n"},
	{"comment at the end of a line", "a  <!-- x -->\nb\n", "a\nb\n"},
	{"comment at the end, blanks after it", "a <!-- x -->  \nb\n", "a\nb\n"},
	{"comment at the start of a line", "<!-- x --> a\n  <!-- y --> b\n", "a\n  b\n"},
	{"comment alone", "a\n<!-- x -->\nb\n", "a\nb\n"},
	{"comments alone", "a\n <!-- x --> <!-- y -->\nb\n", "a\nb\n"},
	{"comment of several lines", "a\n<!-- x\n{{nonsense\n```\n\n-->\nb\n", "a\nb\n"},
	{"comment of several lines in text", "a <!-- x\ny --> b\nc\n", "a  b\nc\n"},
	{"comment beside a tag", "a\n<!-- for go -->{{if go}}\nb\n{{end}} <!-- go -->\nc\n", "a\nc\n"},
	{"short comments", "a<!-->b<!--->c\n", "abc\n"},
	{"comment in code", "`<!-- x -->` <!-- y -->``a ` <!-- b -->``\n", "`<!-- x -->` ``a ` <!-- b -->``\n"},
	{"comment in a fence", "```html\n<!-- x -->\n```\n<!-- y -->\nz\n", "```html\n<!-- x -->\n```\nz\n"},
	{"comment in an indented fence", "- a\n\n  ~~~~ html\n  <!-- x -->\n  ~~~\n  ~~~~\n\n  <!-- y -->\n", "- a\n\n  ~~~~ html\n  <!-- x -->\n  ~~~\n  ~~~~\n\n"},
	{"comment in a quoted fence", "> ```\n> <!-- x -->\n> ```\n", "> ```\n> <!-- x -->\n> ```\n"},
	{"backtick in a comment", "<!-- ` -->\n`<!-- x -->`\n", "`<!-- x -->`\n"},
	{"backtick without partner", "a ` b <!-- x --> c\n", "a ` b  c\n"},
	{"escaped backtick", "a \\`<!-- x -->` b\n", "a \\`` b\n"},
	{"code ends with its paragraph", "a `\n\n<!-- x -->\n` b\n", "a `\n\n` b\n"},
	{"code over lines", "a `b\n<!-- x -->\nc` d\n", "a `b\n<!-- x -->\nc` d\n"},
	{"code ends at a fence", "a ` b\n```\n` <!-- x -->\n```\n", "a ` b\n```\n` <!-- x -->\n```\n"},
	{"tags in code", "`{{product}}`\n```{{vars.word}}\n{{product}}\n```\n", "`Acme`\n```w\nAcme\n```\n"},
	{"fence behind a tag", "{{if python}}```py\n<!-- x -->\n\n<!-- x -->\n```{{end}}\n<!-- y -->\n", "```py\n<!-- x -->\n\n<!-- x -->\n```\n"},
	{"partial in a line", "a {{partial note}} b\n", "a note of Acme b\n"},
	{"partial alone", "a\n{{partial note}}\nb\n", "a\nnote of Acme\nb\n"},
	{"partial alone, indented", "- a\n\n  {{partial long}}\n- b\n", "- a\n\n  one\n\n    two\n  w\n- b\n"},
	{"partial of several lines in a line", "<{{partial long}}>\n", "<one\n\n  two\nw>\n"},
	{"empty partial alone", "a\n{{partial nothing}}\nb\n", "a\nb\n"},
	{"partial without final newline", "a\n{{partial bare}}\nb {{partial bare}}{{partial bare}}\n", "a\nbare\nb barebare\n"},
	{"partial in a partial", "  {{partial outer}}\n", "  <\n    note of Acme\n  note of Acme>\n"},
	{"partial that ends with an if", "a {{partial tail}}b\n", "a note\nmoreb\n"},
	{"variant by tag", "{{partial pip}}\n", "pip\n"},
	{"variant of the first tag", "{{partial order}}\n", "python\n"},
	{"frameworks before templates", "{{partial both}}\n", "frameworks\n"},
	{"folder before variant", "{{partial mixed}}\n", "plain\n"},
	{"variant in the first folder, plain in the next", "{{partial half}}\n", "templates\n"},
	{"partial at the end", "{{partial note}}", "note of Acme\n"},
	{"wide characters", "é {{if python}}ü{{end}} 漢 {{vars.word}}\u2028\n", "é ü 漢 w\u2028\n"},
}

// partials of the tests.
var testPartials = map[string]string{
	"frameworks/partials/note.md":         "note of {{product}}\n",
	"frameworks/partials/long.md":         "one\n\n  two\n{{vars.word}}\n",
	"frameworks/partials/nothing.md":      "<!-- nothing -->\n",
	"frameworks/partials/bare.md":         "bare",
	"frameworks/partials/outer.md":        "<\n  {{partial note}}\n{{partial note}}>\n",
	"frameworks/partials/tail.md":         "note\n{{if python}}\nmore\n{{end}}\n",
	"frameworks/partials/pip.python.md":   "pip\n",
	"frameworks/partials/order.web.md":    "web\n",
	"frameworks/partials/order.python.md": "python\n",
	"frameworks/partials/order.md":        "plain\n",
	"frameworks/partials/both.md":         "frameworks\n",
	"templates/partials/both.md":          "templates\n",
	"frameworks/partials/mixed.md":        "plain\n",
	"templates/partials/mixed.python.md":  "variant\n",
	"frameworks/partials/half.go.md":      "go\n",
	"templates/partials/half.md":          "templates\n",
}

// expandPage loads a project whose skill.md is page, and expands that for flask.
func expandPage(t testing.TB, page string) ([]Part, string) {
	t.Helper()
	files := map[string]string{
		"skillgen.yaml":        "product: Acme\nprefix: acme\nvars: {word: w, lines: \"one\\ntwo\", empty: \"\"}\n",
		"frameworks/flask.md":  "---\ntitle: Flask\nlanguages: [python]\ntags: [python, web, go]\n---\n",
		"templates/x/skill.md": "---\ndescription: x\n---\n" + page,
	}
	for name, data := range testPartials {
		files[name] = data
	}
	p, findings := read(t, files)
	var faults []string
	for _, f := range findings {
		if f.ID != "partial-unused" {
			faults = append(faults, f.Message)
		}
	}
	parts, more := p.Workflows[0].Page.Expand(testEnv())
	for _, f := range more {
		faults = append(faults, f.Message)
	}
	return parts, strings.Join(faults, "\n")
}

func testEnv() *Env {
	env := &Env{Values: map[string]source.String{}, Vars: map[string]source.String{}, Tags: []string{"python", "web"}, Holds: map[string]bool{"python": true, "web": true, "flask": true}}
	for k, v := range map[string]string{"product": "Acme", "prefix": "acme", "title": "Flask", "name": "acme-flask", "id": "flask", "workflow": "integrate", "version": "1.2.3"} {
		env.Values[k] = source.String{S: v}
	}
	for k, v := range map[string]string{"word": "w", "lines": "one\ntwo", "empty": ""} {
		env.Vars[k] = source.String{S: v}
	}
	return env
}

func TestExpand(t *testing.T) {
	for _, c := range expansions {
		t.Run(c.name, func(t *testing.T) {
			parts, faults := expandPage(t, c.in)
			if faults != "" {
				t.Fatal(faults)
			}
			got := ""
			for _, p := range parts {
				got += p.Prose.Body
			}
			if got != c.want {
				t.Errorf("%q gave\n%q, not\n%q", c.in, got, c.want)
			}
		})
	}
}

// TestOrigins holds every line of an expansion against the line of the file that it comes from.
func TestOrigins(t *testing.T) {
	parts, faults := expandPage(t, "# {{product}}\n<!-- a\nb -->\n\n{{if python}}\nyes\n{{end}}\nx {{vars.lines}} y\n  {{partial long}}\n{{rules}}\nlast {{partial outer}}\n")
	if faults != "" {
		t.Fatal(faults)
	}
	var got strings.Builder
	for _, p := range parts {
		if p.Section != "" {
			fmt.Fprintf(&got, "[%s at %d]\n", p.Section, p.At.Line())
		}
		lines := strings.SplitAfter(p.Prose.Body, "\n")
		for i, line := range lines[:len(lines)-1] {
			o := p.Prose.Origin(i)
			fmt.Fprintf(&got, "%s:%d %v %s", o.File.Path, o.Line, o.Generated, line)
		}
	}
	want := `templates/x/skill.md:4 false # Acme
templates/x/skill.md:7 false 
templates/x/skill.md:9 false yes
templates/x/skill.md:11 false x one
templates/x/skill.md:11 false two y
frameworks/partials/long.md:1 false   one
frameworks/partials/long.md:2 false 
frameworks/partials/long.md:3 false     two
frameworks/partials/long.md:4 false   w
[rules at 13]
templates/x/skill.md:14 false last <
frameworks/partials/note.md:1 false   note of Acme
frameworks/partials/note.md:1 false note of Acme>
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

func TestSlots(t *testing.T) {
	parts, faults := expandPage(t, "[a]({{ref example}}) [b]({{ref page https://acme.example/x#y}})\n  {{ref page website/a.md}}\n{{docs}}\n[c]({{ref example}})\n")
	if faults != "" {
		t.Fatal(faults)
	}
	body := parts[0].Prose.Body
	if want := "[a]() [b](https://acme.example/x#y)\n  website/a.md\n"; body != want {
		t.Fatalf("body %q, not %q", body, want)
	}
	want := []string{"1  true", "0 https://acme.example/x#y true", "0 website/a.md true"}
	for i, s := range parts[0].Prose.Slots {
		if got := fmt.Sprint(s.Kind, " ", s.Path, " ", s.Must); got != want[i] || body[s.Start:s.End] != s.Path {
			t.Errorf("slot %d is %q at %q", i, got, body[s.Start:s.End])
		}
	}
	if len(parts) != 3 || parts[2].Prose.Slots[0].Start != len("[c](") {
		t.Errorf("parts %+v", parts)
	}
}

// TestExpandFaults holds what a skill lacks against the finding. Nothing of it stops the rest.
func TestExpandFaults(t *testing.T) {
	files := map[string]string{
		"skillgen.yaml":                      "product: Acme\nprefix: acme\n",
		"frameworks/flask.md":                "---\ntitle: Flask\nlanguages: [python]\ntags: [python]\nvars: {only: flask}\n---\n",
		"frameworks/rails.md":                "---\ntitle: Rails\nlanguages: [ruby]\ntags: [rails]\n---\n",
		"frameworks/partials/pip.python.md":  "pip\n",
		"templates/x/skill.md":               "---\ndescription: Use {{vars.only}} now\n---\na {{vars.only}}\n{{if python}}{{partial pip}}{{end}}\n{{if vars.only}}{{vars.only}}{{end}}\n  {{partial pip}}\n{{id}}\nz\n",
		"templates/lines/skill.md":           "---\ndescription: A {{vars.text}}\nvars: {text: \"b\\nc\"}\n---\n",
		"templates/lines/references/tool.md": "{{title}}<!-- x -->\n",
		"templates/lines/scripts/tool.sh":    "{{title}}<!-- x -->\n",
	}
	p, findings := read(t, files)
	if len(findings) > 0 {
		t.Fatal(show(findings))
	}
	lines, x := p.Workflows[0], p.Workflows[1]
	env := &Env{Values: map[string]source.String{"name": {S: "acme-rails"}, "title": {S: "Rails"}}, Vars: map[string]source.String{"text": {S: "b\nc"}}, Holds: map[string]bool{"rails": true}, Tags: []string{"rails"}}
	parts, findings := x.Page.Expand(env)
	want := `templates/x/skill.md:4:3-16: error: skill "acme-rails" has no variable "only" [template-value]
    hint: give it one under vars: in its framework, one of its tags, the workflow or skillgen.yaml; or ask {{if vars.only}} first
templates/x/skill.md:7:3-18: error: no variant of the partial "pip" fits skill "acme-rails", whose tags are rails [template-value]
    hint: add pip.md for all that have no variant of their own; it may be empty
templates/x/skill.md:8:1-7: error: skill "acme-rails" has no {{id}} [template-value]
    hint: put it into an {{if …}} that this skill does not meet
`
	if got := show(findings); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := parts[0].Prose.Body; got != "a \n\n\nz\n" {
		t.Errorf("body %q", got)
	}
	line, findings := lines.Description.Line(env)
	if line.S != "A b c" || len(findings) != 1 || findings[0].Place.Line != 2 {
		t.Errorf("%q\n%s", line.S, show(findings))
	}
	if line, findings := x.Description.Line(testEnv()); line.S != "Use  now" || len(findings) != 1 || findings[0].Place.Col != 18 {
		t.Errorf("%q\n%s", line.S, show(findings))
	}
	if b := lines.Brought; len(b) != 2 || b[0].Template == nil || b[1].Template != nil {
		t.Fatalf("brought %+v", b)
	}
	parts, _ = lines.Brought[0].Template.Expand(env)
	if parts[0].Prose.Body != "Rails\n" {
		t.Errorf("reference %q", parts[0].Prose.Body)
	}
	var none *Template
	if parts, findings := none.Expand(env); parts != nil || findings != nil {
		t.Error("a template that is none")
	}
}

// TestExpandGrows: partials that multiply, and partials that go round in a circle, end.
func TestExpandGrows(t *testing.T) {
	double := map[string]string{"templates/x/skill.md": "---\ndescription: x\n---\n{{partial p0}}\n"}
	for i := range 31 {
		double[fmt.Sprintf("frameworks/partials/p%d.md", i)] = fmt.Sprintf("{{partial p%d}}{{partial p%d}}", i+1, i+1)
	}
	for name, last := range map[string]string{"empty": "", "text": strings.Repeat("x", 1000), "circle": "{{partial p0}}{{partial p0}}"} {
		double["frameworks/partials/p31.md"] = last
		p, _ := read(t, double)
		parts, findings := p.Workflows[0].Page.Expand(testEnv())
		if len(findings) != 1 || !strings.Contains(findings[0].Message, "grows beyond") {
			t.Errorf("%s:\n%s", name, show(findings))
		}
		for _, part := range parts {
			if len(part.Prose.Body) > maxOutput+2000 {
				t.Errorf("%s: %d bytes", name, len(part.Prose.Body))
			}
		}
	}
}

// loadTemplate compiles a text as skill.md, without a project.
func loadTemplate(text string) (*Template, *report) {
	r := &report{}
	f := source.NewFile("skill.md", []byte(text))
	if f.Kind != source.Text {
		return nil, r
	}
	t := newTemplate(f, 0)
	t.compile(pageScope, r)
	return t, r
}

// TestHostileTemplates holds the time that a template takes against its length.
func TestHostileTemplates(t *testing.T) {
	for _, piece := range []string{"{", "{{", "{{if a}}", "{{end}}", "{{raw}}", "<!--", "<!-- -->", "`", "``` ", "`a``b", "\\", "\\{{", "\n", "> ", "- ", "1. ", "{{ ", "}}", "{{x}}\n", "~~~\n",
		"```\n", "`\n\n", "<!-- `\n", "{{product}}", "  {{partial a}}\n", "{{if a}}{{else}}{{end}}", "a <!-- b --> c\n", "{{x", "{{x\n", "`{{", "{{rules}}\n"} {
		text := strings.Repeat(piece, 1<<18/len(piece))
		start := time.Now()
		tpl, r := loadTemplate(text)
		tpl.Expand(testEnv())
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q took %v", piece, took)
		}
		if len(r.findings) > maxFaults+1 {
			t.Errorf("%q gave %d findings", piece, len(r.findings))
		}
	}
}

// FuzzTemplate: whatever the text is, parsing and expanding it ends; items cover it; every line that comes out has its origin in the text; and
// text that holds nothing of the template language comes out as it is.
func FuzzTemplate(f *testing.F) {
	for _, c := range expansions {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tpl, r := loadTemplate(text)
		if tpl == nil {
			return
		}
		text = tpl.text.S
		items, _ := lex(text)
		at := 0
		for _, it := range items {
			if it.start != at || it.end <= it.start || it.line != strings.Count(text[:it.start], "\n") {
				t.Fatalf("%q: item %+v at %d", text, it, at)
			}
			at = it.end
		}
		if at != len(text) {
			t.Fatalf("%q: items end at %d", text, at)
		}
		body, lines := "", strings.Count(text, "\n")+1
		parts, _ := tpl.Expand(testEnv())
		for _, p := range parts {
			body += p.Prose.Body
			for i := range p.Prose.Lines() {
				if o := p.Prose.Origin(i); o.File != tpl.text.At.File || o.Line < 1 || o.Line > lines {
					t.Fatalf("%q: line %d comes from %+v", text, i, o)
				}
			}
		}
		if strings.Contains(text, "{{") || strings.Contains(text, "<!--") {
			return
		}
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		if body != text || len(r.findings) > 0 {
			t.Fatalf("%q came out as %q\n%s", text, body, show(r.findings))
		}
	})
}

// BenchmarkExpand expands a stage of usual size for one skill.
func BenchmarkExpand(b *testing.B) {
	var page strings.Builder
	for i := range 60 {
		fmt.Fprintf(&page, "## Step %d\n\nDo this with {{product}}, and write to `.{{prefix}}/plan.json`.\n{{if python}}\nUse pip.\n{{else}}\nUse npm.\n{{end}}\n\n%s\n\n  {{partial long}}\n\n", i, strings.Repeat("Some words of prose that no tag stands in. ", 8))
	}
	files := map[string]string{
		"skillgen.yaml":        "product: Acme\nprefix: acme\nvars: {word: w}\n",
		"templates/x/skill.md": "---\ndescription: x\n---\n" + page.String(),
	}
	for name, data := range testPartials {
		files[name] = data
	}
	p, _ := read(b, files)
	env := testEnv()
	b.ReportAllocs()
	for b.Loop() {
		parts, _ := p.Workflows[0].Page.Expand(env)
		b.SetBytes(int64(len(parts[0].Prose.Body)))
	}
}

// BenchmarkLoad reads a project of 400 frameworks.
func BenchmarkLoad(b *testing.B) {
	files := map[string]string{"frameworks/tags/python.md": "- Rule one.\n- Rule two.\n\n## Guidance\n\nText.\n"}
	for i := range 400 {
		files[fmt.Sprintf("frameworks/fw-%d.md", i)] = fmt.Sprintf("---\ntitle: Framework %d\nlanguages: [python]\ntags: [python, web]\ndescription: \"Integrate Acme in framework %d: server side\"\nexample: examples/fw-%d\ndocs:\n  - website/docs/a.md\n  - website/docs/b.md\nvars:\n  word: value\nverify:\n  level: ci\n  needs: {node: \">=22\"}\n  install: npm ci\n---\n%s", i, i, i, strings.Repeat("Guidance for this framework in a few words.\n", 40))
	}
	tr := tree(files)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Load(tr, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
