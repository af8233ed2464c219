package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/andybalholm/cascadia"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	rendered "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
)

// everywhere selects what is of the site on any theme's pages, and what nobody sees.
const everywhere = `script, style, noscript, template, svg, nav, select, dialog, button:not([role=tab]), .headerlink, .header-anchor, .hash-link, .sl-anchor-link, a.mark, a.anchor, .footnote-backref, .footnote-reference, .footnote-ref, sup.footnote, sup.footnote-reference, sup.footnote-definition-label, [data-footnote-ref], .viewcode-back, aside.footnote > .label, dl.footnote > dt,
	[data-footnote-backref], .viewcode-link, .copybtn, .linenos, .lineno, .linenodiv, .line-numbers-wrapper, .sr-only, .visually-hidden, .prev-next-area, .rst-footer-buttons, iframe, canvas, video, audio,
	.katex-html, input`

// block is a block of code.
type code struct{ lang, text string }

// parts are what is counted in a page, or in the Markdown made of it.
type parts struct {
	words map[string]int
	total int
	codes []code
	spans map[string]bool // one-line code in cells of tables
	rows  [][]string      // of tables: the letters of each cell
	items []string        // of lists: the letters of each
	file  string          // the page's own name, as its links have it
}

// count walks over the tree below the nodes.
func count(nodes []*html.Node, skip cascadia.Selector, file string) *parts {
	p := &parts{words: map[string]int{}, spans: map[string]bool{}, file: file}
	for _, n := range nodes {
		var b strings.Builder
		p.walk(n, skip, &b, false)
		for _, w := range strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			p.words[strings.ToLower(w)]++
			p.total++
		}
	}
	return p
}

// apart are the elements whose text does not grow together with what stands beside them.
var apart = strings.Fields(`address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr
	html label legend li main menu ol option p pre section summary table tbody td tfoot th thead tr ul img button sub sup`)

func (p *parts) walk(n *html.Node, skip cascadia.Selector, b *strings.Builder, inTable bool) {
	switch n.Type {
	case html.TextNode:
		b.WriteString(strings.NewReplacer("\u00ad", "", "\u200b", "").Replace(n.Data))
		return
	case html.ElementNode:
		if skip(n) || p.tocOfPage(n) {
			b.WriteByte(' ')
			return
		}
	}
	if math := tex(n); math != "" {
		b.WriteString(" " + math + " ")
		return
	}
	edge := slices.Contains(apart, n.Data) || strings.Contains(n.Data, "-") || class(n, "classifier", "badge", "sl-badge", "VPBadge", "since", "stab", "desc", "description", "subtitle")
	if edge {
		b.WriteByte(' ')
		defer b.WriteByte(' ')
	}
	switch n.Data {
	case "pre":
		if cascadia.Query(n, inner) != nil {
			break
		}
		if c := (code{languageOf(n), codeText(n, skip)}); c.text != "" {
			p.codes = append(p.codes, c)
		}
	case "code":
		if inTable {
			p.spans[codeText(n, skip)] = true
		}
	case "tr":
		if row := cellsOf(n, skip); len(row) > 1 && !codeTable(n) {
			p.rows = append(p.rows, row)
		}
	case "li":
		if l := letters(n, skip); l != "" && !inTable && attr(n, "role") != "tab" && cascadia.Query(n, tab) == nil && !inNotes(n) {
			p.items = append(p.items, l)
		}
	case "table":
		inTable = true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(c, skip, b, inTable)
	}
}

func class(n *html.Node, names ...string) bool {
	for _, c := range strings.Fields(attr(n, "class")) {
		if slices.Contains(names, c) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// tocOfPage reports whether an element repeats the headings of its page.
func (p *parts) tocOfPage(n *html.Node) bool {
	if !class(n, "toc", "contents", "table-of-contents") && attr(n, "id") != "toc" {
		return false
	}
	links := cascadia.QueryAll(n, anchors)
	own := 0
	for _, a := range links {
		if h := attr(a, "href"); strings.HasPrefix(h, "#") || p.file != "" && strings.HasPrefix(h, p.file+"#") {
			own++
		}
	}
	return len(links) > 0 && own == len(links)
}

var tab = cascadia.MustCompile("[role=tab]")

// inNotes reports whether an item is a footnote.
func inNotes(n *html.Node) bool {
	for n = n.Parent; n != nil; n = n.Parent {
		if class(n, "footnotes", "footnote") || attr(n, "data-footnotes") != "" {
			return true
		}
	}
	return false
}

var inner = cascadia.MustCompile("pre")

var anchors = cascadia.MustCompile("a[href]")

// tex returns the TeX source of a formula that KaTeX or MathML shows.
func tex(n *html.Node) string {
	if n.Data != "math" && !class(n, "katex") {
		return ""
	}
	if a := cascadia.Query(n, annotation); a != nil && a.FirstChild != nil {
		return a.FirstChild.Data
	}
	return ""
}

var annotation = cascadia.MustCompile(`annotation[encoding="application/x-tex"]`)

// letters returns the letters and digits below a node: what stays the same however a text is set.
func letters(n *html.Node, skip cascadia.Selector) string {
	var b strings.Builder
	var add func(*html.Node)
	add = func(n *html.Node) {
		if n.Type == html.TextNode {
			for _, r := range n.Data {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					b.WriteRune(r)
				}
			}
			return
		}
		if n.Type == html.ElementNode && skip(n) {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			add(c)
		}
	}
	add(n)
	return b.String()
}

func cellsOf(tr *html.Node, skip cascadia.Selector) (cells []string) {
	any := false
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "td" || c.Data == "th" {
			l := letters(c, skip)
			any = any || l != ""
			cells = append(cells, l)
		}
	}
	if !any {
		return nil
	}
	return cells
}

// codeTable reports whether a row lays out code beside its line numbers, or an admonition beside its icon.
func codeTable(tr *html.Node) bool {
	for n := tr; n != nil; n = n.Parent {
		if class(n, "highlighttable", "rouge-table", "lntable", "admonitionblock") {
			return true
		}
		if n.Data == "table" && n != tr {
			return class(n.Parent, "admonitionblock", "colist", "calloutlist")
		}
	}
	return false
}

// codeText returns the text of a block of code without line numbers and without empty lines at its ends.
func codeText(pre *html.Node, skip cascadia.Selector) string {
	if td := pre.Parent; class(td, "linenodiv") || class(td, "linenos") {
		return ""
	}
	var b strings.Builder
	ended := false // a line that an element holds: what comes next begins a new one
	var add func(*html.Node)
	add = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			if ended && n.Data[0] != '\n' && !strings.HasSuffix(b.String(), "\n") {
				b.WriteByte('\n')
			}
			ended = false
			b.WriteString(n.Data)
			return
		case n.Type == html.ElementNode && skip(n):
			return
		case n.Data == "br":
			b.WriteByte('\n')
			return
		case n.Data == "div" && b.Len() > 0 && !strings.HasSuffix(b.String(), "\n"):
			b.WriteByte('\n')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			add(c)
		}
		ended = ended || class(n, "ec-line") || n.Data == "div"
	}
	add(pre)
	if len(cascadia.QueryAll(pre, removed)) > 0 {
		return diffText(pre)
	}
	lines := strings.Split(strings.NewReplacer("\u00a0", " ", "\u200b", "", "\u00ad", "").Replace(b.String()), "\n")
	for i, l := range lines {
		if strings.TrimSpace(l) == "" {
			lines[i] = ""
		}
	}
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

var (
	removed = cascadia.MustCompile(".ec-line.del, .line.diff.remove")
	codeRow = cascadia.MustCompile(".ec-line, .line")
)

// diffText returns code of which some lines are shown as removed: each line with its sign.
func diffText(pre *html.Node) string {
	var lines []string
	for _, n := range cascadia.QueryAll(pre, codeRow) {
		sign := " "
		switch {
		case class(n, "del", "remove"):
			sign = "-"
		case class(n, "ins", "add"):
			sign = "+"
		}
		var b strings.Builder
		for c := range n.Descendants() {
			if c.Type == html.TextNode {
				b.WriteString(c.Data)
			}
		}
		lines = append(lines, sign+strings.Trim(b.String(), "\n"))
	}
	return strings.Join(lines, "\n")
}

var languageClass = regexp.MustCompile(`(?:^|\s)(?:language-|lang-|highlight-source-|highlight-|brush:\s*|sourceCode\s+|src\s+src-)([A-Za-z0-9+#._-]+)`)

// languageOf returns the language that the classes of a block of code, or of what is around it, name.
func languageOf(pre *html.Node) string {
	if len(cascadia.QueryAll(pre, removed)) > 0 {
		return "diff"
	}
	look := []*html.Node{pre}
	for c := pre.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "code" {
			look = append(look, c)
		}
	}
	for n, i := pre.Parent, 0; n != nil && i < 6 && (n.Data == "div" || n.Data == "figure" || n.Data == "td" || n.Data == "tr" || n.Data == "tbody" || n.Data == "table"); n, i = n.Parent, i+1 {
		look = append(look, n)
	}
	for _, n := range look {
		for _, key := range []string{"data-language", "data-lang"} {
			if v := attr(n, key); v != "" {
				return v
			}
		}
		for _, m := range languageClass.FindAllStringSubmatch(attr(n, "class"), -1) {
			switch m[1] {
			case "none", "default", "lines", "notranslate", "plain", "nohighlight":
			default:
				return m[1]
			}
		}
		if n.Data == "pre" && class(n, "rust") {
			return "rust"
		}
	}
	return ""
}

var reader = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote), goldmark.WithRendererOptions(rendered.WithUnsafe()))

// render returns Markdown as a tree of HTML.
func render(md string) (*html.Node, error) {
	var b bytes.Buffer
	if err := reader.Convert([]byte(md), &b); err != nil {
		return nil, fmt.Errorf("goldmark: %w", err)
	}
	return html.Parse(&b)
}
