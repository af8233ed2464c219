package project

import (
	"fmt"
	"strings"
	"testing"

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
	p, findings := load(t, files)
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
	parts, faults := expandPage(t, "# {{product}}\n<!-- a\nb -->\n\n{{if python}}\nyes\n{{end}}\nx {{vars.lines}} y\n{{partial long}}\n{{rules}}\nlast {{partial outer}}\n")
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
frameworks/partials/long.md:1 false one
frameworks/partials/long.md:2 false 
frameworks/partials/long.md:3 false   two
frameworks/partials/long.md:4 false w
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
