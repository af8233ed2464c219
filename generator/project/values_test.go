package project

import (
	"strings"
	"testing"

	"skillgen/generator/source"
)

var long = strings.Repeat("é", 1024)

// values are strings that have cut, broken or changed the front matter of skills before.
var values = []struct {
	name, yaml string // what stands after `description: `
	want       string // the value read
	fault      string // or the message of the only finding
}{
	{"plain", `For Flask apps.`, "For Flask apps.", ""},
	{"colon", `For Flask: apps`, "", `a value that holds ": " must be quoted`},
	{"quoted colon", `"For Flask: apps"`, "For Flask: apps", ""},
	{"colon without blank", `http://x`, "http://x", ""},
	{"hash", `For C # apps`, "", `"description" ends before " #": the rest of the line is a comment`},
	{"quoted hash", `'For C # apps' # yes`, "For C # apps", ""},
	{"hash in a word", `For C# apps`, "For C# apps", ""},
	{"dashes", `a --- b`, "a --- b", ""},
	{"dashes first", `--- b`, "--- b", ""},
	{"dashes in a block", ">-\n  a\n  ---\n  b", "", "an indented line of three dashes inside front matter"},
	{"folded", ">\n  For\n  Flask", "For Flask", ""},
	{"literal", "|\n  For Flask\n", "For Flask", ""},
	{"two lines", "|\n  For\n  Flask", "", `"description" has several lines`},
	{"two plain lines", "For\n  Flask", "For Flask", ""},
	{"tag", `For <Flask> apps`, "", `"description" must not hold < or >`},
	{"quotes", `"say \"it\" 'so'"`, `say "it" 'so'`, ""},
	{"single quotes", `'it''s'`, "it's", ""},
	{"backtick", "`x` first", "", "a value must not begin with \"`\" unless it is quoted"},
	{"backtick inside", "x `y`", "x `y`", ""},
	{"at", `@x`, "", `a value must not begin with "@" unless it is quoted`},
	{"percent", `%x`, "", "a YAML directive (%) is not read"},
	{"star", `*bold*`, "", "an alias (*) is not read"},
	{"ampersand", `& more`, "", "an anchor (&) is not read"},
	{"exclamation", `!important x`, "", "a YAML tag (!) is not read"},
	{"bracket", `[x`, "", "a bracket or brace that is not closed here, or a comma too few"},
	{"list", `[x]`, "", `"description" must be a string, not a list`},
	{"map", `{x: y}`, "", `"description" must be a string, not a map`},
	{"emoji", "👩‍💻 builds", "👩‍💻 builds", ""},
	{"escaped emoji", `"\U0001F469"`, "👩", ""},
	{"surrogates", `"\uD83D\uDC69"`, "👩", ""},
	{"lone surrogate", `"\uD83D"`, "", "not valid YAML: not enough length for escaped UTF-16 surrogate pair"},
	{"bad escape", `"\q"`, "", `a \ that begins no escape, inside double quotes`},
	{"bad digits", `"\x4z"`, "", "this YAML can't be read with certainty from here on"},
	{"smart quotes", "“x”", "“x”", ""},
	{"nbsp", "a\u00a0b", "a\u00a0b", ""},
	{"line separator", "a\u2028b", "", `"description" holds a control character or line separator`},
	{"escaped line separator", `"a\Lb"`, "", `"description" holds a control character or line separator`},
	{"next line", "a\u0085b", "", `"description" holds a control character or line separator`},
	{"del", "a\x7fb", "", `"description" holds a control character or line separator`},
	{"escape", `"a\eb"`, "", `"description" holds a control character or line separator`},
	{"newline", `"a\nb"`, "", `"description" has several lines`},
	{"1024", long, long, ""},
	{"1025", long + "x", "", `"description" has 1025 characters; at most 1024 are allowed`},
	{"1024 after escapes", `"` + strings.Repeat(`\u00e9`, 1024) + `"`, long, ""},
	{"empty", `""`, "", `"description" is empty`},
	{"blank", `" "`, "", `"description" is empty`},
	{"nothing", ``, "", `"description" is empty`},
	{"null", `null`, "", `"description" is empty`},
	{"tilde", `~`, "", `"description" is empty`},
	{"number", `1.10`, "", `"description" must be a string, not a number`},
	{"hex", `0x1F`, "", `"description" must be a string, not a number`},
	{"infinity", `.inf`, "", `"description" must be a string, not a number`},
	{"date", `2026-11-20`, "", `"description" must be a string, not a date`},
	{"time", `2026-11-20T10:00:00Z`, "", `"description" must be a string, not a date`},
	{"time with blank", `2026-11-20 10:00:00`, "", `"description" must be a string, not a date`},
	{"date in words", `2026-11-20 was a Friday`, "2026-11-20 was a Friday", ""},
	{"boolean", `true`, "", `"description" must be a string, not a boolean`},
	{"no", `No`, "", `"description" must be a string, not a word that YAML readers disagree on`},
}

func TestValues(t *testing.T) {
	for _, c := range values {
		t.Run(c.name, func(t *testing.T) {
			p, findings := read(t, map[string]string{"frameworks/flask.md": "---\ntitle: Flask\nlanguages: [python]\ndescription: " + c.yaml + "\n---\n"})
			if c.fault != "" {
				if len(findings) != 1 || findings[0].Message != c.fault || findings[0].Place.Line < 4 {
					t.Fatalf("want %q, got:\n%s", c.fault, show(findings))
				}
				return
			}
			if len(findings) > 0 {
				t.Fatal(show(findings))
			}
			if got := p.Frameworks[0].Description.S; got != c.want {
				t.Errorf("read %q, not %q", got, c.want)
			}
		})
	}
}

// TestPlaces holds the places of values against the text that stands there, after everything that moves a decoder's own positions.
func TestPlaces(t *testing.T) {
	text := "---\r\ntitle: \"é \\u00e9 漢 \\\"q\\\"\" # c\r\nlanguages: ['ü', é 漢,\r\n  \"x\\\r\n   y\"]\r\ntags:\r\n- a # b\r\n-\r\n  - b c\r\n    d\r\nvars: {k: |\r\n   one\r\n\r\n    two\r\n\r\n}\r\nlast: value\r\n---\r\n"
	text = strings.ReplaceAll(text, "{k: |\r\n   one\r\n\r\n    two\r\n\r\n}", "\r\n  k: |\r\n   one\r\n\r\n    two\r\n\r\n  m: >-\r\n   x\r\n   y")
	f := source.NewFile("f.md", []byte("\xef\xbb\xbf"+text))
	r := &report{}
	m, ok := splitMatter(f, r)
	n := readYAML(f, m.from, m.to, r)
	if !ok || n == nil {
		t.Fatal(show(r.findings))
	}
	var got []string
	var walk func(n *node)
	walk = func(n *node) {
		for _, p := range n.pairs {
			got = append(got, p.key.at.File.Text[p.key.at.Start:p.key.at.End]+" = "+p.key.text)
			walk(p.value)
		}
		for _, i := range n.items {
			walk(i)
		}
		if n.kind == scalarNode {
			got = append(got, f.Text[n.at.Start:n.at.End]+" = "+n.text)
		}
	}
	walk(n)
	want := []string{
		"title = title", "\"é \\u00e9 漢 \\\"q\\\"\" = é é 漢 \"q\"",
		"languages = languages", "'ü' = ü", "é 漢 = é 漢", "\"x\\\n   y\" = xy",
		"tags = tags", "a = a", "b c\n    d = b c d",
		"vars = vars", "k = k", "one\n\n    two = one\n\n two\n", "m = m", "x\n   y = x y",
		"last = last", "value = value",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%q\nwant:\n%q", got, want)
	}
}

func TestEncodings(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"bom and crlf": {"\xef\xbb\xbf---\r\ntitle: x\r\nlanguages: [go]\r\n---\r\nText.\r\n", ""},
		"utf-16":       {"\xff\xfe-\x00-\x00-\x00\n\x00", "frameworks/x.md: error: this file is not UTF-8 (it looks like UTF-16LE; byte 0) [project-file]\n    hint: save it as UTF-8\n"},
		"nul":          {"---\ntitle: x\x00\n---\n", "frameworks/x.md: error: this file is no text: it holds a NUL byte, or carriage returns without line feeds [project-file]\n    hint: save it as UTF-8 with \\n as line end\n"},
	} {
		_, findings := read(t, map[string]string{"frameworks/x.md": c.data})
		if got := show(findings); got != c.want {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		r, in, out string // versions that lie in the range, and that don't
	}{
		{">=0.2 <1", "0.2.0 0.9.9 0.3.0-rc.1", "0.1.9 1.0.0"},
		{">= 0.2  < 1", "0.2.0", "1.0.0"},
		{"^1.4", "1.4.0 1.99.0", "1.3.9 2.0.0"},
		{"^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2"},
		{"^0.0.3", "0.0.3", "0.0.4"},
		{"^0", "0.0.1 0.9.0", "1.0.0"},
		{"~1.4.2", "1.4.2 1.4.9", "1.5.0 1.4.1"},
		{"~1", "1.0.0 1.9.0", "2.0.0"},
		{"1.4", "1.4.0", "1.4.1"},
		{"=1.4.0 || >=2", "1.4.0 2.0.0 3.0.0", "1.5.0"},
		{">1 <=2", "1.0.1 2.0.0", "1.0.0 2.0.1"},
	} {
		r, err := parseRange(c.r)
		if err != nil {
			t.Fatal(c.r, err)
		}
		for _, v := range strings.Fields(c.in) {
			if !r.has(v) {
				t.Errorf("%s should have %s", c.r, v)
			}
		}
		for _, v := range strings.Fields(c.out) {
			if r.has(v) {
				t.Errorf("%s should not have %s", c.r, v)
			}
		}
		if !r.has("") || !r.has("0.0.0-dev") {
			t.Errorf("%s should have a build without a version", c.r)
		}
	}
	for _, bad := range []string{"", "x", "1.x", "<>1", "||1", "1 ||", "> ", "^v1", "=>1", "1.2.3.4"} {
		if r, err := parseRange(bad); err == nil {
			t.Errorf("%q was read as %v", bad, r)
		}
	}
}

func TestRangeMeets(t *testing.T) {
	for _, c := range []struct {
		r, from, below string
		want           bool
	}{
		{">=13.4", "13.0.0", "14.0.0", true},
		{">=13.4", "12.0.0", "13.4.0", false},
		{">=13.4", "12.0.0", "13.4.1", true},
		{"<13.4", "13.4.0", "", false},
		{"<13.4", "13.3.9", "", true},
		{"<=13.4", "13.4.0", "", true},
		{"13.4", "13.4.0", "13.4.1", true},
		{"13.4", "", "13.4.0", false},
		{">13.4", "13.4.0", "13.4.1", false},
		{">13.4", "13.4.0", "13.4.2", true},
		{">=1 <2 || >=3", "2.0.0", "3.0.0", false},
		{">=1 <2 || >=3", "2.0.0", "3.0.1", true},
		{"^1", "", "", true},
		{">2 <1", "", "", false},
		{"nonsense", "", "", false},
	} {
		if got := RangeMeets(c.r, c.from, c.below); got != c.want {
			t.Errorf("%s and [%s, %s): %t", c.r, c.from, c.below, got)
		}
	}
}

// TestBudgetWith lays a framework's limits over the project's, those under error too.
func TestBudgetWith(t *testing.T) {
	b := Budget{Skill: 10, Page: 20, Error: &Budget{Skill: 11, Page: 21}}
	got := b.With(Budget{Page: 30, Error: &Budget{Page: 31}})
	if got.Skill != 10 || got.Page != 30 || got.Error.Skill != 11 || got.Error.Page != 31 {
		t.Errorf("got %+v, error %+v", got, got.Error)
	}
	if b.Error.Page != 21 {
		t.Error("the limits of the project have changed")
	}
	if got := (Budget{Skill: 10}).With(Budget{Error: &Budget{Skill: 12}}); got.Error.Skill != 12 {
		t.Errorf("got error %+v", got.Error)
	}
}
