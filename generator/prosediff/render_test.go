package prosediff

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"
)

// reports gives every case as a report.
func reports(t *testing.T) map[string]*Report {
	t.Helper()
	files, _ := filepath.Glob("testdata/cases/*.txtar")
	out := map[string]*Report{}
	for _, name := range files {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base, revision := sides(t, ar)
		out[filepath.Base(name)] = Compare(base, revision, Options{FailOn: option(ar, "fail-on"), BaseVersion: "0.4.0"})
	}
	return out
}

func TestJSONFitsItsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("diff.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("diff.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range reports(t) {
		var b bytes.Buffer
		if err := JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var again Report
		if err := json.Unmarshal(b.Bytes(), &again); err != nil || len(again.Changes) != len(r.Changes) {
			t.Errorf("%s: read back %d of %d changes, %v", name, len(again.Changes), len(r.Changes), err)
		}
	}
	for _, bad := range []string{`{}`, `{"schema": 1, "extra": 2}`} {
		instance, _ := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if schema.Validate(instance) == nil {
			t.Errorf("the schema takes %s", bad)
		}
	}
}

// hostile is text that tries to leave wherever it is printed.
const hostile = "Never log @admin #12 ``` </code></del></details> <!-- x --> | a | ::error::x ##[group] \x1b[31m \u202e \u200b <script>alert(1)</script> [x](javascript:alert) {{.}} ' \" & $x^2$ :smile: https://evil.dev/x"

func hostileReport() *Report {
	base := Side{Kind: "folder", Spec: "old\x1b[2J", Skills: []Skill{skill("s</code>@all", "# A | b\n\n## Rules\n\n- You must call it at the end of the day.\n\nText one two three four five six seven.\n\n```sh\necho 1\n```\n")}}
	revision := Side{Kind: "folder", Spec: "new </title>", Skills: []Skill{skill("s</code>@all", "# A | b\n\n## Rules\n\n- "+hostile+"\n\nText one two three four five "+hostile+" seven.\n\n```sh\n"+hostile+"\n```\n")}}
	return Compare(base, revision, Options{Notes: []string{hostile}})
}

func TestNothingEscapesItsSink(t *testing.T) {
	r := hostileReport()
	render := func(f func(b *bytes.Buffer) error) string {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	outputs := map[string]string{
		"text":     render(func(b *bytes.Buffer) error { return Text(b, r, View{}, 100, false) }),
		"markdown": render(func(b *bytes.Buffer) error { return Markdown(b, r, View{}) }),
		"html":     render(func(b *bytes.Buffer) error { return HTML(b, r, View{}) }),
		"json":     render(func(b *bytes.Buffer) error { return JSON(b, r) }),
		"github":   render(func(b *bytes.Buffer) error { return GitHub(b, r, View{}, "") }),
	}
	for name, out := range outputs {
		for _, bad := range []string{"\x1b", "\u202e", "\u200b"} {
			if strings.Contains(out, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
	// The entries to paste stand in a fence of their own.
	outputs["markdown"], _, _ = strings.Cut(outputs["markdown"], "<details><summary>Accept</summary>")
	for _, bad := range []string{"@admin", "@all", " #12", "</code></del></details> <", "<script", "| a |", "](java", "https://evil", ":smile:", "``` <"} {
		if strings.Contains(outputs["markdown"], bad) {
			t.Errorf("markdown holds %q", bad)
		}
	}
	for _, bad := range []string{"<script", "</code>@", "</title>\"", "<!-- x"} {
		if strings.Contains(outputs["html"], bad) {
			t.Errorf("html holds %q", bad)
		}
	}
	for line := range strings.Lines(outputs["github"]) {
		if !strings.HasPrefix(line, "::error ") && !strings.HasPrefix(line, "::warning ") && !strings.HasPrefix(line, "::notice ") {
			t.Errorf("github: a line that is no command: %q", line)
		}
	}
	wellFormed(t, "markdown", outputs["markdown"])
	wellFormed(t, "html", outputs["html"])
}

// wellFormed checks that elements close in order, and fences in pairs.
func wellFormed(t *testing.T, name, out string) {
	t.Helper()
	if strings.Count(out, "```")%2 != 0 {
		t.Errorf("%s: a fence is open", name)
	}
	var open []string
	for rest := out; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		tag, behind, ok := strings.Cut(after, ">")
		if !ok {
			t.Fatalf("%s: a tag is open: %.60q", name, after)
		}
		rest = behind
		word := strings.TrimPrefix(strings.Fields(tag + " ")[0], "/")
		switch {
		case strings.HasPrefix(tag, "!"), word == "br", word == "meta":
		case strings.HasPrefix(tag, "/"):
			if len(open) == 0 || open[len(open)-1] != word {
				t.Fatalf("%s: </%s> closes %v", name, word, open)
			}
			open = open[:len(open)-1]
		default:
			open = append(open, word)
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: %v stay open", name, open)
	}
}

func TestLongCommentIsCut(t *testing.T) {
	base, revision := Side{Kind: "folder", Spec: "a"}, Side{Kind: "folder", Spec: "b"}
	for i := range 120 {
		old := fmt.Sprintf("# Skill %d\n\n## Rules\n\n- **NEVER** do the thing number %d with the key, whatever anybody says about it.\n\nA paragraph that is number %d of its kind, and says nothing else.\n\n*a* b\n", i, i, i)
		new := fmt.Sprintf("# Skill %d\n\n## Rules\n\nQuite different words stand in this skill of %d, which nobody read before today.\n\n_a_ b\n", i, i)
		base.Skills = append(base.Skills, skill(fmt.Sprintf("s%03d", i), old))
		revision.Skills = append(revision.Skills, skill(fmt.Sprintf("s%03d", i), new))
	}
	r := Compare(base, revision, Options{})
	var b bytes.Buffer
	if err := Markdown(&b, r, View{}); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	wellFormed(t, "markdown", out)
	if n := strings.Count(out, "🛑 error"); n != r.Summary.Error || n < 120 {
		t.Errorf("%d of %d errors are shown", n, r.Summary.Error)
	}
	if len([]rune(out)) > maxComment || !strings.Contains(out, "Cut to fit into a comment: what is mechanical") {
		t.Errorf("%d characters; begins %.300q", len([]rune(out)), out)
	}
}

func TestViewHidesNothingFromTheGate(t *testing.T) {
	base, revision := one("# A\n\nYou must call it at the end of the day.\n", "# A\n\nYou should call it at the end of the day.\n")
	r := Compare(base, revision, Options{FailOn: "warning"})
	if !r.Gate.Failed {
		t.Fatal("the gate passed")
	}
	var b bytes.Buffer
	if err := Text(&b, r, View{Level: Error}, 100, false); err != nil {
		t.Fatal(err)
	}
	if out := b.String(); strings.Contains(out, "warning rule-weakened") || !strings.Contains(out, "gate failed: 1 entry at or above warning: rule-weakened (1 of them hidden by the display filter)") {
		t.Errorf("got\n%s", out)
	}
}

func TestText(t *testing.T) {
	base, revision := one("# A\n\nYou must call it at the end of the day.\n", "# A\n\nYou should call it at the end of the day.\n")
	base.Spec, revision.Spec = "v0.4.0", "work tree"
	r := Compare(base, revision, Options{BaseVersion: "v0.4.0"})
	var b bytes.Buffer
	if err := Text(&b, r, View{}, 90, true); err != nil {
		t.Fatal(err)
	}
	want := "\x1b[1mskillgen diff  v0.4.0 → work tree\x1b[0m            1 file: 0 added, 0 removed, 1 changed, 0 same\n" +
		"0 errors  1 warning  0 notes · tokens about 12 → 12 · suggests 0.5.0\n\n"
	if !strings.HasPrefix(b.String(), want) {
		t.Errorf("got\n%q\nwant\n%q", b.String(), want)
	}
	if !strings.Contains(b.String(), "[-must-]") || !strings.Contains(b.String(), "{+should+}") {
		t.Errorf("no markers:\n%s", b.String())
	}
	same := Compare(base, base, Options{})
	b.Reset()
	if err := Text(&b, same, View{}, 90, false); err != nil || !strings.Contains(b.String(), "\nNo changes\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
	base, revision = one("a\nb\n", "a b\n")
	b.Reset()
	if err := Text(&b, Compare(base, revision, Options{}), View{}, 90, false); err != nil || !strings.Contains(b.String(), "No changes to review · 1 mechanical folded") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

// compiled is a project whose skills share a source of rules, and have a page each.
func compiled(rules, page string) Side {
	s := Side{Kind: "project", Spec: "x"}
	from := func(file string) Origin { return func(line int) (string, int, bool) { return file, line, true } }
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		s.Skills = append(s.Skills, Skill{Name: name, Files: []File{
			{Path: "SKILL.md", Data: []byte("---\nmetadata:\n  content: " + digestOf(rules) + "\n---\n# Acme\n\n" + rules), Origin: from("frameworks/rules.md")},
			{Path: "page.md", Data: []byte("# Page\n\n" + page), Origin: from("docs/" + name + ".md")},
		}})
	}
	return s
}

func digestOf(s string) string {
	k := digest(s)
	return hex.EncodeToString(k[:])
}

func TestTextOfGroups(t *testing.T) {
	base := compiled("Never print the value of a key.\n\nThe conventions of the project win over everything here.\n", "Words of it.\n")
	revision := compiled("Print the value of a key only to debug what nobody else can.\n\nThe conventions of the project win over everything else.\n", "Words of it.\n\nTell us.\n")
	var b bytes.Buffer
	if err := Text(&b, Compare(base, revision, Options{}), View{}, 78, false); err != nil {
		t.Fatal(err)
	}
	want := `skillgen diff  x → x          10 files: 0 added, 0 removed, 10 changed, 0 same
1 error  0 warnings  2 notes · new stamps · tokens about 230 → 280 (+21.7 %) · suggests a major version
gate failed: 1 entry at or above error: rule-weakened (5 skills)

error   rule-weakened          1 source → 5 skills  e.g. frameworks/rules.md:7
        ~ [-Never print-]{+Print+} the value of a key {+only to debug what
          nobody else can+}.
          an agent may now do what was forbidden (“never” is gone); a
          condition came: only                                  [0f3aa1bc35b7]
          in skills a, b, c and 2 more

notes: what else changed

note    text-changed           1 source → 5 skills  e.g. frameworks/rules.md:9
        ~ The conventions of the project win over everything [-here-]{+else+}.
          in skills a, b, c and 2 more

note    rule-added             5 sources → 5 skills     e.g. new → docs/a.md:5
        + Tell us.
          in skills a, b, c and 2 more

folded
  stamp-only         5 files, each with other changes too

gate failed: 1 entry at or above error: rule-weakened (5 skills)
[…] is a change's fingerprint; skillgen diff --write-accept drafts entries to accept it
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLinesBreakAtBlanks(t *testing.T) {
	w := &textWriter{width: 20}
	w.line(0, "~ ", []piece{{'=', "It may run "}, {'-', "never"}, {'+', "on days"}, {'=', ". Then it"}, {'=', ", too"}})
	if got, want := w.b.String(), "~ It may run\n  [-never-]{+on\n  days+}. Then it,\n  too\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSectionsAreShownByHeadingAndFirstSentence(t *testing.T) {
	base, revision := one("# A\n\nText.\n\n## The limits\n\nA token buffers when it is long. Another sentence of it.\n\nMore.\n\n~~~\nx\n~~~\n", "# A\n\nText.\n\n~~~\nx\n## The limits\n~~~\n")
	r := Compare(base, revision, Options{})
	var b bytes.Buffer
	if err := Text(&b, r, View{Level: Warning}, 90, false); err != nil {
		t.Fatal(err)
	}
	want := "        - The limits\n        - A token buffers when it is long.\n          the section “The limits” is gone: 2 blocks, and its heading is a line of a code\n          block now"
	if !strings.Contains(b.String(), want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := Markdown(&b, r, View{}); err != nil || !strings.Contains(b.String(), "<code><del>The limits</del></code><br><code><del>A token buffers when it is long&#46;</del></code>") {
		t.Errorf("%v\n%s", err, b.String())
	}
	b.Reset()
	if err := HTML(&b, r, View{}); err != nil || !strings.Contains(b.String(), "<del>The limits</del>\n<del>A token buffers when it is long.</del>\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
