package emit

import (
	"bytes"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark"

	"skillgen/generator/docs"
	"skillgen/generator/source"
)

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                   `""`,
		"plain: with # both": `"plain: with # both"`,
		`say "hi" \ there`:   `"say \"hi\" \\ there"`,
		"tab\there":          `"tab\there"`,
		"a --- b ---- c":     `"a \u002d\u002d\u002d b \u002d\u002d\u002d\u002d c"`,
		"two -- dashes":      `"two -- dashes"`,
		"\x7f\u0085\ufeff":   `"\u007f\u0085\ufeff"`,
		"\u2028 line":        `"\u2028 line"`,
		"family 👨‍👩‍👧 smart “quotes”": `"family 👨‍👩‍👧 smart “quotes”"`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("Quote(%q) = %s, want %s", in, got, want)
		}
	}
}

// FuzzQuote holds the quoting against a YAML parser: what goes in comes out, on one line, without a literal ---.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a: b", "#", "---", "é — 🚀", "\x00\x1b[31m", "\\u002d", "'", "-\n--", "\u00a0\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip() // findings stop such text long before
		}
		q := Quote(s)
		if strings.ContainsAny(q, "\n\r") || strings.Contains(q, "---") {
			t.Fatalf("Quote(%q) = %s", s, q)
		}
		var got map[string]string
		if err := yaml.Unmarshal([]byte("k: "+q+"\n"), &got); err != nil {
			t.Fatalf("Quote(%q) = %s: %v", s, q, err)
		}
		if got["k"] != s {
			t.Fatalf("Quote(%q) = %s reads as %q", s, q, got["k"])
		}
	})
}

// FuzzLiteral holds the escaping of titles against a Markdown renderer: a title reads as itself, and is nothing but text.
func FuzzLiteral(f *testing.F) {
	for _, s := range []string{"Use <Tag> & more", "a_b_c _x_", "[x](y) ![z](w)", "C# and F #", "`code` ``", "1. x", "~~gone~~", "&amp; &copy;", `back\slash \*`, "x | y", "https://a.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.Join(strings.Fields(s), " ")
		if !utf8.ValidString(s) || want == "" || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f || r == utf8.RuneError }) {
			t.Skip()
		}
		var out bytes.Buffer
		if err := goldmark.Convert([]byte("### "+literal(s)+"\n"), &out); err != nil {
			t.Fatal(err)
		}
		got := html.UnescapeString(strings.TrimSuffix(strings.TrimPrefix(out.String(), "<h3>"), "</h3>\n"))
		if got != want {
			t.Fatalf("literal(%q) = %q reads as %q", s, literal(s), got)
		}
	})
}

func TestCodeSpan(t *testing.T) {
	for in, want := range map[string]string{"a b.ts": "`a b.ts`", "`x`": "`` `x` ``", "a``b": "``` a``b ```"} {
		if got := codeSpan(in); got != want {
			t.Errorf("codeSpan(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestRelative(t *testing.T) {
	for _, c := range []struct{ from, address, want string }{
		{"SKILL.md", "SKILL.md#rules", "#rules"},
		{"SKILL.md", "references/a.md#x", "references/a.md#x"},
		{"SKILL.md", "stages/1-discover.md", "stages/1-discover.md"},
		{"references/a.md", "references/b.md#x", "b.md#x"},
		{"references/a.md", "references/a.md#x", "#x"},
		{"stages/2-plan.md", "SKILL.md#model-airplane", "SKILL.md#model-airplane"},
		{"stages/2-plan.md", "stages/5-conclude.md", "stages/5-conclude.md"},
	} {
		if got := relative(c.from, c.address); got != c.want {
			t.Errorf("relative(%q, %q) = %q, want %q", c.from, c.address, got, c.want)
		}
	}
}

// FuzzBelow holds the moving of headings against a second reading: the same headings in the same order, each moved by the same amount.
func FuzzBelow(f *testing.F) {
	for _, s := range []string{"# A\n\n## B\n", "A\n===\n\nB\nc #\n---\n", "> A\n> b\n> ---\n", "- # A\n- B\n  ===\n", "   ### A ###\n", "```\n# no\n```\n# A\n", "A\\\n===\n", "\\\n0\n=\n", "#0\n-\n", "0\n=>\n=\n", "0\n# T\n-\n", "- # T\n", "   # T\n    x\n", "a \\\\\nb\\\n c\n---\n", "#\n\n##\t x\n", "1. A\n   -\n", "a\n  > b\n  ===\n", "T\n===\n\n# T\n"} {
		f.Add(s, "T")
	}
	f.Fuzz(func(t *testing.T, s, title string) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\x00") || !strings.HasSuffix(s, "\n") {
			t.Skip()
		}
		if strings.Contains(s, "\\\\\\") { // whether three of them end in a hard break, readers disagree
			t.Skip()
		}
		file := &source.File{Path: "x", Text: s}
		text, _ := ready(&source.Prose{Body: s, Runs: []source.Run{{Origin: source.Origin{File: file, Line: 1}}}})
		const top = 3
		moved := below(text, title, top)
		got, _ := docs.Headings(moved.Body)
		want, smallest := text.Headings, 7
		for i, h := range want {
			if h.Level == 1 && sameTitle(h.Text, title) && ownLine(text.Body, h.Offset) {
				want = append(want[:i:i], want[i+1:]...)
				break
			}
		}
		for _, h := range want {
			smallest = min(smallest, h.Level)
		}
		if len(got) != len(want) {
			t.Fatalf("%q\nbecomes %q\nwith %d headings, want %d", s, moved.Body, len(got), len(want))
		}
		for i, h := range want {
			same := strings.ReplaceAll(got[i].Text, " ", "") == strings.ReplaceAll(h.Text, " ", "") // a hard break becomes a blank
			if got[i].Level != min(h.Level+top-smallest, 6) || !same {
				t.Fatalf("%q\nbecomes %q\nheading %d is %d %q, was %d %q", s, moved.Body, i, got[i].Level, got[i].Text, h.Level, h.Text)
			}
		}
	})
}
