package docs

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"skillgen/generator/source"
)

// onePage makes a library of one page that holds s, and of one that it may link to.
func onePage(t testing.TB, s string) (*Library, *Page) {
	t.Helper()
	tree := source.New(fstest.MapFS{
		"website/p.md":     &fstest.MapFile{Data: []byte(s)},
		"website/other.md": &fstest.MapFile{Data: []byte("# Other\n\n## Setup\n")},
	})
	l, _, err := Open(tree, Options{Roots: []string{"website"}, Sites: []Site{{Path: "website", URL: "https://acme.example/docs"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range l.Pages() {
		if p.File.Path == "website/p.md" {
			return l, p
		}
	}
	t.Fatal("no page")
	return nil, nil
}

// leaves lists the leaf blocks of Markdown: kind, level, how deep they stand and what they say. Raw HTML counts without its text, definitions
// and comments don't count.
func leaves(p *parsed, size, shift int) []string {
	var out []string
	var walk func(n ast.Node, depth int)
	walk = func(n ast.Node, depth int) {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Pos() >= size {
				continue
			}
			switch c := c.(type) {
			case *ast.LinkReferenceDefinition:
			case *ast.HTMLBlock:
				if c.HTMLBlockType != ast.HTMLBlockType2 {
					out = append(out, fmt.Sprintf("html%d/%d", c.HTMLBlockType, depth))
				}
			case *ast.FencedCodeBlock, *ast.CodeBlock:
				out = append(out, fmt.Sprintf("code/%d %q", depth, strings.TrimSpace(string(c.Lines().Value(p.src)))))
			case *ast.Heading:
				out = append(out, fmt.Sprintf("h%d/%d %s", min(max(c.Level+shift, 1), 6), depth, strings.ReplaceAll(plainText(c, p.src, true), " ", "")))
			case *ast.Paragraph, *ast.TextBlock:
				if plainText(c, p.src, true) == "" {
					continue // nothing but a comment
				}
				out = append(out, fmt.Sprintf("p/%d %s", depth, strings.ReplaceAll(plainText(c, p.src, true), " ", "")))
			case *ast.ThematicBreak:
				out = append(out, fmt.Sprintf("break/%d", depth))
			default:
				walk(c, depth+1)
			}
		}
	}
	walk(p.root, 0)
	for i := range out {
		out[i] = strings.ToLower(out[i])
	}
	return out
}

// checkPage holds what comes out for a page to everything that is promised of pages.
func checkPage(t testing.TB, s string) {
	l, page := onePage(t, s)
	shared := l.Prose(page, "no such title", 3, true)
	alone := l.Prose(page, "no such title", 1, false)
	checkProse(t, shared)
	checkProse(t, alone)
	l.Findings()
	doc := l.document(page)
	if doc.refused {
		if shared.Body != "" || alone.Body != "" {
			t.Errorf("refused, and yet %q", shared.Body)
		}
		return
	}
	checkUncommented(t, s[page.body:], doc)
	checkBlocks(t, doc, alone, 2)
	checkBlocks(t, doc, shared, 4)
	checkContained(t, shared.Body)
	if p := parse(shared.Body, nil); len(outlineOf(p).defs) > 0 {
		t.Errorf("a definition is left in %q", shared.Body)
	}
}

// checkBlocks holds the blocks that come out to those of the text without comments: the same ones, saying the same.
func checkBlocks(t testing.TB, doc *document, p *source.Prose, least int) {
	t.Helper()
	for _, d := range doc.defs { // one at the start of a list item is escaped, and then says something
		if prefix := doc.text.s[lineStart(doc.text.s, d.start):d.start]; strings.Trim(prefix, "> \t") != "" {
			return
		}
	}
	for _, r := range doc.tags {
		if r.name == "img" {
			return
		}
	}
	for _, n := range doc.notes {
		if !n.defined {
			return
		}
	}
	for _, k := range doc.links {
		if k.image && k.text == "" {
			return
		}
	}
	level := 7
	for _, h := range doc.headings {
		level = min(level, h.level)
	}
	before := parse(doc.text.s, nil)
	want := leaves(before, before.size, least-level)
	after := parse(p.Body, nil)
	got := leaves(after, after.size, 0)
	if !slices.Equal(got, want) {
		t.Errorf("blocks of\n%q\nare\n%q\nafter\n%q\nwant\n%q", doc.text.s, got, p.Body, want)
	}
}

// checkUncommented holds the blocks of a text without its comments to those with them: none is joined, split or lost. Blocks of which a comment
// is only a part read otherwise without it.
func checkUncommented(t testing.TB, s string, doc *document) {
	t.Helper()
	before := parse(s, nil)
	o := outlineOf(before)
	if before.fault != nil || !before.closed() || len(plainStarts(s)) > 0 || len(o.comments) == 0 || strings.Contains(s, "]:") || strings.Contains(s, "\\\n") {
		return // tags are put straight; definitions and line ends can come about
	}
	for _, c := range o.comments {
		text := strings.TrimSpace(s[c.start:min(c.end, len(s))])
		if c.open || c.block != nil && (!strings.HasSuffix(text, "-->") || strings.Count(text, "-->") != 1 || !strings.HasPrefix(text, "<!--")) {
			return
		}
		if c.block == nil && (c.start > 0 && !isSpace(s[c.start-1]) || c.end < len(s) && !isSpace(s[c.end])) {
			return // what it kept apart in a line may come together
		}
	}
	after := parse(doc.text.s, nil)
	if want, got := leaves(before, len(s), 0), leaves(after, after.size, 0); !slices.Equal(got, want) {
		t.Errorf("blocks of\n%q\nare without comments\n%q\nafter\n%q\nwant\n%q", s, got, doc.text.s, want)
	}
}

// surroundings are what stands around a page in a skill. They are read the same whatever the page holds.
const (
	sectionsBefore = "# Skill\n\n[x] and [^1], [a][b]\n\n- item\n\n### Page\n\n"
	sectionsAfter  = "\n## After [x]\n\n[x] [l](#y) [^1] *em* `code`\n\n```sh\nrun\n```\n\n- item\n\n  more\n\n<div>\n\n### Last\n\n> quote\n"
)

// checkContained holds the headings, fences, links and footnotes around a page to those around an empty one, as several readers see them.
func checkContained(t testing.TB, body string) {
	t.Helper()
	for _, r := range readers {
		got, want := r.read(sectionsBefore+body+sectionsAfter, len(body)), r.read(sectionsBefore+sectionsAfter, 0)
		if !slices.Equal(got, want) {
			t.Errorf("%s: around %q\n%q\nwant\n%q", r.name, body, got, want)
		}
	}
}

// readers are parsers that differ where Markdown is odd.
var readers = []struct {
	name string
	read func(s string, size int) []string
}{
	{"goldmark", func(s string, size int) []string { return outside(plainMarkdown, s, size) }},
	{"goldmark with GitHub's extensions", func(s string, size int) []string { return outside(gitHubMarkdown, s, size) }},
	{"scanner", func(s string, size int) []string { return scannedOutside(0, s, size) }},
	{"scanner without footnotes", func(s string, size int) []string { return scannedOutside(withoutNotes, s, size) }},
	{"scanner of version 0.29", func(s string, size int) []string { return scannedOutside(asVersion29, s, size) }},
}

var (
	plainMarkdown  = goldmark.New()
	gitHubMarkdown = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote))
)

// outside lists what md sees before and after a page of size bytes.
func outside(md goldmark.Markdown, s string, size int) []string {
	src := []byte(s)
	var out []string
	from, to := len(sectionsBefore), len(sectionsBefore)+size
	_ = ast.Walk(md.Parser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Pos() >= from && n.Pos() < to || n.Pos() < 0 {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading: // the place of an empty one is off behind a tab
			if n.Lines().Len() > 0 {
				out = append(out, fmt.Sprintf("h%d %s", n.Level, plainText(n, src, true)))
			}
		case *ast.Link:
			out = append(out, "link "+string(n.Destination))
		case *ast.FencedCodeBlock:
			out = append(out, "code "+string(n.Lines().Value(src)))
		case *ast.HTMLBlock:
			out = append(out, n.Kind().String())
		case *ast.Paragraph, *ast.TextBlock:
			out = append(out, "text "+plainText(n, src, true))
		}
		return ast.WalkContinue, nil
	})
	return out
}

// scannedOutside lists what the scanner sees there.
func scannedOutside(d dialect, s string, size int) []string {
	var out []string
	scanAs(d, s, func(l *scanLine) bool {
		if l.start < l.end && (l.end < len(sectionsBefore) || l.start >= len(sectionsBefore)+size) {
			out = append(out, fmt.Sprint(l.kind, l.depth, l.first, s[l.start:l.end]))
		}
		return true
	})
	return out
}

// pagePieces is what odd pages are made of.
var pagePieces = []string{
	"> ", ">", "- ", "-", "1. ", "2. ", "* ", "  ", "    ", " ", "a", "b c", "# ", "#", "## ", "```", "~~~", "```js", "---", "***", "===",
	"<div>", "</div>", "<b>", "<!-- x", "-->", "<!-- c -->", "<!-- c --> ", "<!-- c\n -->", "<pre>", "</pre>", "<textarea>", "<search>", "<?", "?>", "<!a", "<!A", "]]>", "<![CDATA[",
	"[^1]: ", "[^1]", "[^p-1]", "[a]: b", "[a]:", "[a]", "[a][]", "[x][a]", "[y](z)", "![", "](other.md)", "[", "]", "(", ")", "'t'", "\"", "!", "![i](j)",
	"*", "**", "_", "`", "``", "\\", "&amp;", "<a href=\"other.md\">", "</a>", "|", "|---|", "", "", "\n", "\n", "\n\n", "<x y=\"", "\">", "<!--", "{#id}", "é",
	"<img src=\"i.png\" alt=\"t\">",
}

// oddPage puts pieces together at random.
func oddPage(rng *rand.Rand) string {
	var b strings.Builder
	for range 1 + rng.Intn(7) {
		for range rng.Intn(6) {
			b.WriteString(pagePieces[rng.Intn(len(pagePieces))])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestOddPages holds many odd pages to everything that is promised of pages. The pages are the same on every run.
func TestOddPages(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 1500 {
		s := oddPage(rng)
		checkPage(t, s)
		if t.Failed() {
			t.Fatalf("page %q", s)
		}
	}
}

func FuzzPage(f *testing.F) {
	for _, s := range pageSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 64<<10 {
			checkPage(t, s)
		}
	})
}

// pageSeeds are pages that once came out wrong.
var pageSeeds = []string{
	"[]((\x12))", "[a](\v\fb\v'c'\f)",
	"000000[0]([r]\n\n[r]:0 '0'", "[i]( [r]\n\n[r]:d 'T'\nn", "[i](x[r]\n\n[r]:d 'T'\nn", "[i](x)[r]\n\n[r]:d 'T'\n",
	"[^1]:\n<a f=\"\">\n```", "[^p-1][a]\n\n[a]:.\n\n[^1]: x", "[^1]:![[^1]*]()", "\\[^p-1] [^p-2]\n",
	"<pre/>\n\n```", "<textarea>\n\n```\n", "text\n<search>\n```\n\n", "</pre>\n~~~", "</pre>\n</pre>\n<?", "</pre>\n>\n<pre<!-->", "<!a\n```", "<!a\n<!--", "<div\t>\n```\n", "</ div>\n```\n",
	"[a]:*\n[a]![i]()", "[a]:|\n![a]:b", "[a]:]<img src=\"g\" t=\"\">", "[a]:![ ](i.png)\n",
	"[a]:b\n\"><x y=\"[a]", "- <e>\n[a]:_\n  <div", "> ```\n> x\n[a]: b\n> c", ">[a]::", ">[a]:}\n[a]:'\n|", "[a]:b\n>[a]:`\n=", " [a]:-\n!![i]()", "2. [^1]:\n[a]:A\n\n    *", "[a]:>\n # >",
	"\\ \n?\n=", "``\\\n``\n-", "*\n\t#\n\n", "`![``[]()]()", "]![ [i]()]()", "b\n    <!--> <!a", "*** <!-->", "# # <!-->", "\"\n    > <!-->", "    - <!-- c\n -->x",
	"# A\n\nB [x](other.md#setup) ![i](j.png) <!-- c --> [r]\n\n[r]: other.md 'T'\n\n- [^1]: n\n",
}

// FuzzFrontMatter reads whatever stands at the top of a page: the body is what follows, and nothing of it is lost.
func FuzzFrontMatter(f *testing.F) {
	for _, s := range []string{"---\ntitle: x\n---\ny\n", "---\na: &a [*a, {b: 'c\n---\n", "---\n- - - ? a\n---", "---\n<<: !!x |\n  a\n ---\n---\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		file := source.NewFile("website/p.md", []byte(s))
		if file.Kind != source.Text {
			return
		}
		m, body, fs := readFrontMatter(file)
		if body < 0 || body > len(file.Text) || body > 0 && (file.Text[body-1] != '\n' && body < len(file.Text) || !strings.HasPrefix(file.Text, "---")) {
			t.Errorf("body at %d of %q", body, file.Text)
		}
		if strings.ContainsAny(m.title, "\n\t") {
			t.Errorf("title %q", m.title)
		}
		for _, finding := range fs {
			if finding.Place.Line < 1 || finding.ID != "page-front-matter" {
				t.Errorf("%+v", finding)
			}
		}
	})
}
