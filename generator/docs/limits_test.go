package docs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// hostilePages cost a parser that is not prepared for them seconds or gigabytes. at is the line of the finding; 0: the page is harmless.
var hostilePages = []struct {
	name, text string
	at         int
}{
	{"quotes in one line", "# A\n\n" + strings.Repeat(">", 80_000) + " x\n", 3},
	{"bullets in one line", "# A\n\n" + strings.Repeat("- ", 5_000) + "x\n", 3},
	{"numbers and quotes", "# A\n\n" + strings.Repeat("1. > ", 2_000) + "x\n", 3},
	{"footnotes in one line", "# A\n\n" + strings.Repeat("[^1]:", 2_000) + "x\n", 3},
	{"nested lists", "# A\n\n" + nested(200), 35},
	{"blank lines in nested lists", "# A\n\n" + strings.Repeat("- ", 30) + "x\n" + strings.Repeat("\n", 60_000), 16669},
	{"links in one line", "# A\n\n" + strings.Repeat("[a](", 16_000) + "\n", 3},
	{"links to the end of the line", "x\n" + strings.Repeat("[a](<b", 10_000) + "\n", 1},
	{"nested brackets", strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + "\n", 1},
	{"stars and underscores", strings.Repeat("a_*", 21_000) + "\n", 1},
	{"backticks behind escapes", strings.Repeat("\\```x\n", 10_000), 1},
	{"a megabyte in one line", "# A\n\n" + strings.Repeat("word ", 200_000) + "\n", 3},
	{"a megabyte in one paragraph", "# A\n\n" + strings.Repeat("word\n", 200_000), 3},
	{"a heading of 100 KB", "# " + strings.Repeat("word ", 20_000) + "\n", 1},
	{"a wide table", "# A\n\n" + strings.Repeat("|a", 7_500) + "|\n" + strings.Repeat("|-", 7_500) + "|\n" + strings.Repeat("|x|\n", 2_000), 3},
	{"elements in one another", "# A\n\n" + strings.Repeat("<div>\n", 5_000), 35},
	{"elements in one line", "# A\n\n" + strings.Repeat("<div>", 5_000) + "\n", 3},
	{"definitions in one paragraph", strings.Repeat("[a]: b\n", 9_000), 1},
	{"comments made of comments", strings.Repeat("<!-", 6) + strings.Repeat("<!-- x -->- y -->", 6) + "\n", 1},

	{"brackets", strings.Repeat("[", 60_000) + "\n", 0},
	{"stars", strings.Repeat("*a **b _c ", 6_000) + "\n", 0},
	{"backticks", strings.Repeat("`` ` ``` ", 6_000) + "\n", 0},
	{"images around links", strings.Repeat("![[]() ]", 8_000) + "\n", 0},
	{"comments without end", strings.Repeat("a <!-- b ", 6_000) + "\n", 0},
	{"comments without end in HTML", "<div>\n" + strings.Repeat("<!-- b\n", 60_000), 0},
	{"tags without end", strings.Repeat("<a href=\"", 6_000) + "\n", 0},
	{"tags without end in HTML", "<div>\n" + strings.Repeat("<a b='<a c=\"\n", 60_000), 0},
	{"end tags", strings.Repeat("</pre>\n", 40_000), 0},
	{"entities", strings.Repeat("&a\\", 20_000) + "\n", 0},
	{"headings", strings.Repeat("# h\n", 60_000), 0},
	{"headings of one name", strings.Repeat("## h\n## h-1\n", 20_000), 0},
	{"sigmas", "# " + strings.Repeat("Σ", 30_000) + "\n", 0},
	{"definitions", "[a]\n\n" + strings.Repeat("[a]: b\n\n", 20_000), 0},
	{"footnotes", strings.Repeat("[^a]: b[^a]\n\n", 20_000), 0},
	{"broken links", strings.Repeat("[a](x.md) ", 6_000) + "\n", 0},
	{"blank lines", "x\n" + strings.Repeat(" \n", 200_000) + "y\n", 0},
	{"fences", strings.Repeat("```\n~~~~\n", 20_000), 0},
	{"a fence of a megabyte", "```\n" + strings.Repeat("[a](b) *c* > > > - - -\n", 40_000), 0},
	{"a list", strings.Repeat("- [a](b) `c`\n\n", 20_000), 0},
	{"a large table", strings.Repeat("|a|b|c|\n", 1) + "|-|-|-|\n" + strings.Repeat("|[a](b)|`c`|**d**|\n", 2_000), 0},
}

// nested is a list with n lists in one another.
func nested(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s- a\n", strings.Repeat("  ", i))
	}
	return b.String()
}

// TestHostilePages gives each hostile page as a page and as our own prose: a finding at its line and nothing else, or the page; either way
// soon. The bounds are generous, since other work may share the processors: what they catch is a cost that grows faster than the text.
func TestHostilePages(t *testing.T) {
	for _, h := range hostilePages {
		t.Run(h.name, func(t *testing.T) {
			start := time.Now()
			l, p := onePage(t, h.text)
			body := l.Prose(p, "no such title", 3, true).Body
			fs := l.Findings()
			if cost := time.Since(start); cost > 3*time.Second {
				t.Errorf("took %v", cost)
			}
			line := 0
			for _, f := range fs {
				if f.ID == "page-hostile" && f.Severity == diag.Error {
					line = f.Place.Line
				}
			}
			if line != h.at {
				t.Errorf("refused at line %d, want %d: %v", line, h.at, first(fs))
			}
			if (body == "") != (h.at > 0) {
				t.Errorf("%d bytes come out", len(body))
			}
		})
	}
	f := source.NewFile("frameworks/x.md", []byte("---\ntitle: x\n---\n"+hostilePages[0].text))
	l, _ := onePage(t, "x\n")
	text, fs := l.Guidance(source.Span{File: f, Start: 17, End: len(f.Text)}, 2)
	if text.Body != "" || len(fs) != 1 || fs[0].ID != "page-hostile" || fs[0].Place.Line != 6 {
		t.Errorf("guidance: %q, %v", text.Body, fs)
	}
}

func first(fs []diag.Finding) []diag.Finding { return fs[:min(len(fs), 3)] }

// TestUnreadablePages shows what happens to files that are no text, or too large.
func TestUnreadablePages(t *testing.T) {
	for name, c := range map[string]struct{ text, id string }{
		"nul":     {"# A\n\nx\x00y\n", "page-encoding"},
		"cr":      {"# A\rx\n", "page-encoding"},
		"latin-1": {"# A\n\ncaf\xe9\n", "page-encoding"},
		"utf-16":  {"\xff\xfe#\x00 \x00A\x00\n\x00", "page-encoding"},
		"large":   {strings.Repeat("word\n\n", 1_000_000), "page-hostile"},
	} {
		l, p := onePage(t, c.text)
		body := l.Prose(p, "", 3, true).Body
		fs := l.Findings()
		if body != "" || len(fs) != 1 || fs[0].ID != c.id || fs[0].Severity != diag.Error {
			t.Errorf("%s: %.20q, %v", name, body, first(fs))
		}
	}
}

// TestSlowPieces repeats odd pieces of Markdown to 64 KB: whatever prescan and the parser's budgets let pass is parsed in under a second.
func TestSlowPieces(t *testing.T) {
	for i, a := range slowPieces {
		b := slowPieces[(i*7+3)%len(slowPieces)]
		for _, unit := range []string{a, a + b} {
			if unit == "" {
				continue
			}
			s := strings.Repeat(unit, 60_000/len(unit))
			start := time.Now()
			if _, h := prescan(s); h == nil {
				parse(s, nil)
			}
			if cost := time.Since(start); cost > time.Second {
				t.Errorf("%q: %v", unit, cost)
			}
		}
	}
}

var slowPieces = []string{
	"[", "](", "![", "*", "_", "`", "``", "\\`", "\\```", "<", "<a", " b=\"", "'", ">", "<!--", "-->", "\n", "> ", "- ", "[a]", "[a]:", "[^a]", "(", ")",
	"&", "<?", "<![CDATA[", "a_*", "*a_ ", "x y\n", "<https:", "@", "\\", "|", "[]", "(((",
}

func FuzzPrescan(f *testing.F) {
	f.Add("[", "](", 20_000)
	f.Add("a\n", "\\```", 9_000)
	f.Add("", "- ", 10)
	f.Fuzz(func(t *testing.T, head, unit string, n int) {
		if unit == "" || n < 0 || len(head) > 1000 || len(unit) > 1000 {
			return
		}
		s := head + strings.Repeat(unit, min(n, 60_000/len(unit)))
		if strings.ContainsAny(s, "\x00\r") {
			return
		}
		start := time.Now()
		if _, h := prescan(s); h == nil {
			parse(s, nil)
		}
		if cost := time.Since(start); cost > time.Second {
			t.Errorf("%v", cost)
		}
	})
}

// TestConcurrentUse asks for everything at once.
func TestConcurrentUse(t *testing.T) {
	l := sampleLibrary(t, 20)
	done := make(chan string)
	const workers = 8
	for range workers {
		go func() {
			var b strings.Builder
			pages, _ := l.Resolve(source.String{S: "website/**/*.md"})
			for _, p := range pages {
				b.WriteString(l.Prose(p, "", 3, true).Body)
			}
			text, _ := l.Guidance(source.Span{File: pages[0].File, End: len(pages[0].File.Text)}, 2)
			b.WriteString(text.Body)
			l.Findings()
			l.Unused()
			done <- b.String()
		}()
	}
	want := <-done
	for range workers - 1 {
		if got := <-done; got != want {
			t.Error("the result depends on who comes first")
		}
	}
}
