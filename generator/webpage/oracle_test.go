package webpage

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	rendered "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// The oracle: what was read from a page as blocks, and what goldmark reads out of the Markdown, are the same blocks with the same text.

var readers = map[string]goldmark.Markdown{
	"CommonMark with tables": goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote),
		goldmark.WithRendererOptions(rendered.WithUnsafe())),
}

func renderMarkdown(t testing.TB, md goldmark.Markdown, text string) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := md.Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// outline writes blocks as lines: what each is, and its text.
type outline struct {
	b     strings.Builder
	links []string
}

func (o *outline) line(format string, args ...any) { fmt.Fprintf(&o.b, format+"\n", args...) }

// flat makes text comparable: runs of white space are one space, or none where marks of styles may part words.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func (o *outline) blocks(blocks []*block) {
	for _, b := range blocks {
		switch b.kind {
		case paragraph:
			o.line("p %s", o.pieces(b.pieces))
		case heading:
			o.line("h%d %s", b.level, o.pieces(b.pieces))
		case code:
			o.line("code %s %q", b.lang, b.text)
		case rule:
			o.line("hr")
		case quote:
			o.line("quote {")
			o.blocks(b.blocks)
			o.line("}")
		case list:
			if b.ordered {
				o.line("ol %d {", b.start)
			} else {
				o.line("ul {")
			}
			for _, it := range b.blocks {
				o.line("li {")
				o.blocks(it.blocks)
				o.line("}")
			}
			o.line("}")
		case table:
			for i, row := range b.rows {
				cells := make([]string, len(b.aligns))
				for j := range cells {
					if j < len(row.cells) {
						for _, ps := range row.cells[j].lines {
							cells[j] = flat(cells[j] + " " + o.pieces(ps))
						}
					}
				}
				o.line("row %v %q", i == 0, cells)
			}
		}
	}
}

func (o *outline) pieces(ps []piece) string {
	var b strings.Builder
	for i, p := range ps {
		if p.gap && i > 0 {
			b.WriteByte(' ')
		}
		switch p.kind {
		case lineEnd:
			b.WriteByte(' ')
		case image:
			o.links = append(o.links, "image "+p.url)
			b.WriteString(" image:" + p.text + " ")
		case noteRef:
			b.WriteString(" note ")
		case taskMark:
			b.WriteString(" " + p.text + " ")
		case formulaSpan:
			b.WriteString("$" + p.text + "$")
		default:
			b.WriteString(p.text)
		}
	}
	return flat(b.String())
}

// html writes what goldmark rendered in the same way.
func (o *outline) html(n *html.Node) {
	var text strings.Builder
	flush := func() {
		if s := flat(text.String()); s != "" {
			o.line("p %s", s)
		}
		text.Reset()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && blocks[c.Data] {
			flush()
			o.element(c)
			continue
		}
		o.inline(c, &text)
	}
	flush()
}

func (o *outline) element(n *html.Node) {
	switch n.Data {
	case "p":
		o.html(n)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		var b strings.Builder
		o.inline(n, &b)
		o.line("%s %s", n.Data, flat(b.String()))
	case "hr":
		o.line("hr")
	case "pre":
		lang := ""
		if c := n.FirstChild; c != nil {
			lang = strings.TrimPrefix(attrOf(c, "class"), "language-")
		}
		var b strings.Builder
		o.inline(n, &b)
		o.line("code %s %q", lang, strings.TrimSuffix(b.String(), "\n"))
	case "blockquote":
		o.line("quote {")
		o.html(n)
		o.line("}")
	case "ul":
		o.line("ul {")
		o.html(n)
		o.line("}")
	case "ol":
		start := attrOf(n, "start")
		if start == "" {
			start = "1"
		}
		o.line("ol %s {", start)
		o.html(n)
		o.line("}")
	case "li":
		o.line("li {")
		o.html(n)
		o.line("}")
	case "tr":
		var cells []string
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				var b strings.Builder
				o.inline(c, &b)
				cells = append(cells, flat(b.String()))
			}
		}
		o.line("row %v %q", n.Parent.Data == "thead", cells)
	default:
		if hasClass(n, "footnotes") {
			return
		}
		o.html(n)
	}
}

func (o *outline) inline(n *html.Node, b *strings.Builder) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(n.Data)
		return
	case n.Data == "br":
		b.WriteByte(' ')
		return
	case n.Data == "img":
		o.links = append(o.links, "image "+attrOf(n, "src"))
		b.WriteString(" image:" + attrOf(n, "alt") + " ")
		return
	case n.Data == "input":
		if hasAttr(n, "checked") {
			b.WriteString(" [x] ")
		} else {
			b.WriteString(" [ ] ")
		}
		return
	case n.Data == "sup" && strings.HasPrefix(attrOf(n, "id"), "fnref"):
		b.WriteString(" note ")
		return
	case n.Data == "a" && hasClass(n, "footnote-backref"):
		return
	case n.Data == "a":
		o.links = append(o.links, "link "+attrOf(n, "href"))
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		o.inline(c, b)
	}
}

// convertBlocks does what Convert does, and returns the blocks as well.
func convertBlocks(t testing.TB, src []byte, o Options) (page, notes []*block, r *reader, out *Page) {
	t.Helper()
	chosen, err := compile(o)
	if err != nil {
		t.Fatal(err)
	}
	tr := grow(toUTF8(src), o.Lines)
	theme, content, err := choose(tr, chosen)
	if err != nil {
		t.Fatal(err)
	}
	r = newReader(tr, theme, o)
	r.prepare(content)
	page, notes = r.settle(tidy(r.read(content)))
	return page, notes, r, write(page, notes, r.links, 0)
}

// checkRoundTrip compares what was read with what goldmark reads.
func checkRoundTrip(t testing.TB, src []byte, o Options) {
	t.Helper()
	blocks, notes, r, page := convertBlocks(t, src, o)
	var want outline
	want.blocks(blocks)
	var wantNotes []string
	for _, n := range notes {
		var one outline
		one.blocks(n.blocks)
		wantNotes = append(wantNotes, one.b.String())
	}
	slices.Sort(wantNotes)
	for name, md := range readers {
		var got outline
		doc := body(renderMarkdown(t, md, page.Markdown))
		got.html(doc)
		if gotNotes := notesOf(doc); !slices.Equal(gotNotes, wantNotes) {
			t.Fatalf("%s reads other footnotes\nHTML %q\nMarkdown:\n%s\nread from the page:\n%s\nread from the Markdown:\n%s", name, src, page.Markdown, wantNotes, gotNotes)
		}
		if want.b.String() != got.b.String() {
			t.Fatalf("%s reads something else\nHTML %q\nMarkdown:\n%s\nread from the page:\n%s\nread from the Markdown:\n%s", name, src, page.Markdown, want.b.String(), got.b.String())
		}
		for _, l := range got.links {
			kind, dest, _ := strings.Cut(l, " ")
			if kind == "link" && !r.leadsTo(dest) {
				t.Fatalf("a link that the page does not have: %q\nHTML %q\nMarkdown:\n%s", dest, src, page.Markdown)
			}
		}
	}
}

// notesOf returns the footnotes of what goldmark rendered, sorted.
func notesOf(doc *html.Node) (all []string) {
	walk(doc, func(n *html.Node) bool {
		if n.Data == "li" && strings.HasPrefix(attrOf(n, "id"), "fn:") {
			var one outline
			one.html(n)
			all = append(all, one.b.String())
		}
		return true
	})
	slices.Sort(all)
	return all
}

func (r *reader) leadsTo(dest string) bool {
	for _, l := range r.links {
		l = strings.ReplaceAll(l, "&amp;", "&")
		if dest == l || dest == string(util.URLEscape([]byte(l), false)) || dest == string(util.URLEscape([]byte(l), true)) {
			return true
		}
	}
	return false
}

func body(doc *html.Node) *html.Node {
	var found *html.Node
	walk(doc, func(n *html.Node) bool {
		if n.Data == "body" {
			found = n
		}
		return found == nil
	})
	return found
}

// lettersOf counts the letters and digits of a text.
func lettersOf(s string, into map[rune]int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			into[unicode.ToLower(r)]++
		}
	}
}

// shownLetters counts what a page shows below a node: an independent walk that knows only what never is content.
func (r *reader) shownLetters(n *html.Node, into map[rune]int, seen map[string]bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			lettersOf(strings.NewReplacer("\u00ad", "", "\u200b", "").Replace(c.Data), into)
		case c.Type == html.ElementNode && (c.Data == "math" || hasPart(c, formula)):
			into[-1]++ // shown as TeX or as text
		case c.Type == html.ElementNode && c.Data == "slot": // what is in it is shown only where nothing takes its place
		case c.Type == html.ElementNode && hasPart(c, numbers) && !hasLetters(c):
		case c.Type == html.ElementNode && (c.Data == "p" || headingLevel(c.Data) > 0) && isChromeText(allText(c)):
		case c.Type == html.ElementNode && !r.gone(c):
			if text := strings.TrimSpace(collapse(allText(c))); c.Data == "h1" && text != "" {
				if seen[text] {
					continue // an H1 that is said twice is kept once
				}
				seen[text] = true
			}
			r.shownLetters(c, into, seen)
		}
	}
}

func allText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// checkLetters looks for each letter of the page in the Markdown.
func checkLetters(t testing.TB, src []byte) {
	t.Helper()
	page, err := Convert(src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	chosen, _ := compile(Options{})
	tr := grow(toUTF8(src), false)
	theme, content, _ := choose(tr, chosen)
	r := newReader(tr, theme, Options{})
	for _, n := range content {
		for _, s := range theme.drop {
			for _, gone := range matches(n, s) {
				r.dropped[gone] = gone != n
			}
		}
	}
	want, got := map[rune]int{}, map[rune]int{}
	for _, n := range content {
		r.shownLetters(n, want, map[string]bool{})
	}
	if want[-1] > 0 {
		return
	}
	lettersOf(strings.NewReplacer("&#105;", "i", "&#101;", "e").Replace(page.Markdown), got) // see isModuleSyntax
	for c, n := range want {
		if got[c] < n {
			t.Fatalf("%q stands %d times on the page and %d times in the Markdown\nHTML %q\nMarkdown:\n%s", c, n, got[c], src, page.Markdown)
		}
	}
}
