package docs

import (
	"fmt"
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// goldmarkLines says for each line of s, by goldmark, which leaf block it belongs to and how deep: the scanner's own terms.
func goldmarkLines(s string) []string {
	p := parse(s, nil)
	starts := []int{0}
	for i := range len(s) {
		if s[i] == '\n' && i+1 < len(s) {
			starts = append(starts, i+1)
		}
	}
	out := make([]string, len(starts))
	lineOf := func(at int) int {
		n := 0
		for n+1 < len(starts) && starts[n+1] <= at {
			n++
		}
		return n
	}
	var walk func(n ast.Node, depth int)
	walk = func(n ast.Node, depth int) {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Pos() >= len(s) {
				continue
			}
			mark := func(name string) {
				for _, l := range linesOf(c) {
					if l.Start < len(s) {
						out[lineOf(l.Start)] = fmt.Sprintf("%s/%d", name, depth)
					}
				}
			}
			switch c := c.(type) {
			case *ast.Blockquote, *ast.ListItem, *footnote:
				walk(c, depth+1)
			case *ast.List:
				walk(c, depth)
			case *ast.Paragraph, *ast.TextBlock, *ast.LinkReferenceDefinition:
				mark("text")
			case *ast.Heading:
				mark("heading")
			case *ast.FencedCodeBlock, *ast.CodeBlock:
				mark("code")
			case *ast.HTMLBlock:
				mark(fmt.Sprint("html", int(c.HTMLBlockType)))
			}
		}
	}
	walk(p.root, 0)
	return out
}

func scannerLines(s string) []string {
	var out []string
	first := 0
	scan(s, func(l *scanLine) bool {
		name := ""
		switch l.kind {
		case textLine:
			name = "text"
			if l.first {
				first = len(out)
			}
		case headingLine:
			text := strings.Trim(s[l.text+l.level:l.end], " \t")
			if before := strings.TrimRight(text, "#"); before == "" || strings.ContainsAny(before[len(before)-1:], " \t") {
				text = strings.TrimSpace(before)
			}
			if text != "" {
				name = "heading"
			}
		case underlineLine:
			for i := first; i < len(out); i++ {
				out[i] = strings.Replace(out[i], "text", "heading", 1)
			}
		case codeLine:
			name = "code"
		case htmlLine:
			name = fmt.Sprint("html", l.html)
		}
		if name != "" {
			name = fmt.Sprintf("%s/%d", name, l.depth)
		}
		out = append(out, name)
		return true
	})
	return out
}

func diffLines(s string) string {
	want, got := goldmarkLines(s), scannerLines(s)
	for i := range got {
		if i < len(want) && want[i] != got[i] && !(got[i] != "" && want[i] == "" && strings.HasPrefix(got[i], "code")) {
			return fmt.Sprintf("line %d: scanner %q, goldmark %q", i+1, got[i], want[i])
		}
	}
	return ""
}

// scanPieces is what texts are made of in which block structure is odd. Left out is what goldmark is known to read otherwise than CommonMark
// says: tabs, definitions before an underline, and (below) list items without text.
var scanPieces = []string{
	"> ", ">", "- ", "-", "1. ", "2. ", "* ", "+ ", "  ", "    ", " ", "a", "b c", "# ", "#", "```", "~~~", "```js", "---", "***", "===",
	"<div>", "</div>", "<b>", "<!-- x", "-->", "<pre>", "</pre>", "<?", "?>", "<!a", "[^1]: ", "", "",
}

// emptyItem finds list items without text, of which goldmark loses count.
var emptyItem = regexp.MustCompile(`(?m)([-*+]|\d[.)])[ \t]*$`)

// TestScanLikeGoldmark holds the scanner to goldmark's block structure. The texts are the same on every run.
func TestScanLikeGoldmark(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	compared := 0
	for range 10_000 {
		var b strings.Builder
		for range 1 + rng.Intn(5) {
			for range rng.Intn(5) {
				b.WriteString(scanPieces[rng.Intn(len(scanPieces))])
			}
			b.WriteByte('\n')
		}
		s := b.String()
		if emptyItem.MatchString(s) {
			continue
		}
		compared++
		if d := diffLines(s); d != "" {
			t.Fatalf("%s\n%q", d, s)
		}
	}
	if compared < 2_500 {
		t.Errorf("only %d texts were compared", compared)
	}
}

// TestScan shows what the scanner says of single lines: kind, depth, and what is open at the end.
func TestScan(t *testing.T) {
	for _, c := range []struct {
		s    string
		want []string
		open leafKind
	}{
		{"a\nb\n\nc", []string{"text/0", "text/0", "", "text/0"}, paragraph},
		{"a\n===\nb\n---\n", []string{"heading/0", "", "heading/0", ""}, noLeaf},
		{"# a\n#b\n####### c\n", []string{"heading/0", "text/0", "text/0"}, paragraph},
		{"> a\nb\n> c\n\nd", []string{"text/1", "text/1", "text/1", "", "text/0"}, paragraph},
		{"> ```\n> x\ny", []string{"", "code/1", "text/0"}, paragraph},
		{"- a\n\n  b\n\n c", []string{"text/1", "", "text/1", "", "text/0"}, paragraph},
		{"-\n\n  b", []string{"", "", "text/0"}, paragraph},
		{"a\n2. b\n1. c", []string{"text/0", "text/0", "text/1"}, paragraph},
		{"````\n```\n`````", []string{"", "code/0", ""}, noLeaf},
		{"~~~ `x`\n``` `x`", []string{"", "code/0"}, fence},
		{"``` `x`\n", []string{"text/0"}, paragraph},
		{"    a\n\n    b\nc", []string{"code/0", "code/0", "code/0", "text/0"}, paragraph},
		{"a\n    b", []string{"text/0", "text/0"}, paragraph},
		{"<div>\n# a\n\n# b", []string{"html6/0", "html6/0", "", "heading/0"}, noLeaf},
		{"<b>\na\n\nb\n<b>", []string{"html7/0", "html7/0", "", "text/0", "text/0"}, paragraph},
		{"<!-- a\n\nb --> c\nd", []string{"html2/0", "html2/0", "html2/0", "text/0"}, paragraph},
		{"<pre>\n\n</STYLE>\na", []string{"html1/0", "html1/0", "html1/0", "text/0"}, paragraph},
		{"<?a\n\n", []string{"html3/0", "html3/0"}, htmlBlock},
		{"<!a\n\n>\n", []string{"html4/0", "html4/0", "html4/0"}, noLeaf},
		{"<![CDATA[\n]]>\na", []string{"html5/0", "html5/0", "text/0"}, paragraph},
		{"[^1]: a\n\n    b\n\nc", []string{"text/1", "", "text/1", "", "text/0"}, paragraph},
		{"-\ta\n\n\tb\n\n  \tc", []string{"text/1", "", "text/1", "", "text/1"}, paragraph},
		{">\t\tcode", []string{"code/1"}, indented},
		{"* * *\n- - a", []string{"", "text/2"}, paragraph},
	} {
		if got := scannerLines(c.s); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.s, got, c.want)
		}
		if open := scan(c.s, everyLine); open.kind != c.open {
			t.Errorf("%q leaves %d open, want %d", c.s, open.kind, c.open)
		}
	}
}

// TestScanStops shows that nothing is read behind containers that are nested too deep.
func TestScanStops(t *testing.T) {
	lines := 0
	scan(nested(100), func(*scanLine) bool { lines++; return true })
	if lines != maxDepth+1 {
		t.Errorf("%d lines", lines)
	}
}
