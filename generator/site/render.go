package site

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
)

// HTML renders the article: its front matter, then its blocks, each after the margin note that says where it comes from.
func (a *article) HTML() template.HTML {
	w := &writer{article: a}
	w.Grow(2 * len(a.file.Data))
	if a.front > 0 {
		w.WriteString(w.origins.note(1, w.lines.at(a.front-1)))
		w.WriteString(`<pre class="front"><code>` + escape(string(a.file.Data[:a.front])) + "</code></pre>\n")
	}
	if a.tree == nil {
		w.plain()
	} else {
		w.blocks()
	}
	return template.HTML(w.String())
}

// memory is a buffer as goldmark wants it.
type memory struct{ bytes.Buffer }

func (*memory) Buffered() int { return 0 }
func (*memory) Flush() error  { return nil }

// writer writes one article. It is goldmark's renderer without its unsafe mode, but for the kinds of nodes that it renders itself.
type writer struct {
	*article
	memory
	marked    *ast.List // whose items have notes of their own …
	markedEnd int       // … and where it ends
	closing   []string  // of the links and images that are open
	inLink    bool
	cells     int // of the table's header; 0 outside tables
	wide      int // tables so far that are scrolled
}

// plain writes a text that has no tree as it is, in pieces of one source.
func (w *writer) plain() {
	line, last := w.lines.at(w.front), len(w.lines.starts)
	for _, r := range w.origins.ranges {
		if r.To >= line && line <= last {
			w.piece(line, min(r.To, last))
			line = r.To + 1
		}
	}
	if line <= last {
		w.piece(line, last)
	}
}

func (w *writer) piece(from, to int) {
	end := len(w.file.Data)
	if to < len(w.lines.starts) {
		end = w.lines.starts[to]
	}
	w.WriteString(w.origins.note(from, to))
	w.WriteString("<pre><code>" + escape(string(w.file.Data[w.lines.starts[from-1]:end])) + "</code></pre>\n")
}

func (w *writer) blocks() {
	r := renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(html.WithWriter(textWriter{})), 1000), util.Prioritized(w, 100)))
	for n := w.tree.Root.FirstChild(); n != nil; n = n.NextSibling() {
		end := endOf(n, len(w.tree.Source))
		from, to := w.extent(n, end)
		if list, ok := n.(*ast.List); ok && w.origins.several(from, to) {
			w.marked, w.markedEnd = list, end
		} else {
			w.WriteString(w.origins.note(from, to))
		}
		r.Render(&w.memory, w.tree.Source, n) //nolint:errcheck // memory takes everything
	}
}

// endOf returns where what follows a node begins: its next sibling, or else the offset end.
func endOf(n ast.Node, end int) int {
	if next := n.NextSibling(); next != nil && next.Pos() >= 0 {
		return next.Pos()
	}
	return end
}

// extent returns the lines of the file that hold a node which ends before an offset of the tree's source.
func (w *writer) extent(n ast.Node, end int) (from, to int) {
	from = w.lines.at(w.front + max(0, n.Pos()))
	return from, w.lines.last(from, w.front+end)
}

// RegisterFuncs registers what the writer renders itself.
func (w *writer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	for kind, render := range map[ast.NodeKind]func(n ast.Node, entering bool) ast.WalkStatus{
		ast.KindHeading: w.heading, ast.KindListItem: w.listItem, ast.KindCodeBlock: w.code, ast.KindFencedCodeBlock: w.code,
		ast.KindHTMLBlock: w.htmlBlock, ast.KindRawHTML: w.rawHTML, ast.KindCodeSpan: w.codeSpan,
		ast.KindLink: w.link, ast.KindImage: w.image, ast.KindAutoLink: w.autoLink,
		docs.KindFootnote: w.footnote, docs.KindFootnoteMark: w.footnoteMark,
		table.KindTable: w.table, table.KindTableHeader: w.tableHeader, table.KindTableRow: w.tableRow, table.KindTableCell: w.tableCell,
	} {
		reg.Register(kind, func(_ util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
			return render(n, entering), nil
		})
	}
}

func (w *writer) heading(n ast.Node, entering bool) ast.WalkStatus {
	h := w.ids[n.(*ast.Heading)]
	switch {
	case !entering:
		fmt.Fprintf(w, "</h%d>\n", h.level)
	case h.id == "":
		fmt.Fprintf(w, "<h%d>", h.level)
	default:
		fmt.Fprintf(w, `<h%d id="%s">`, h.level, escape(h.id))
	}
	return ast.WalkContinue
}

func (w *writer) listItem(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		w.WriteString("</li>\n")
		return ast.WalkContinue
	}
	w.WriteString("<li>")
	if w.marked != nil && n.Parent() == ast.Node(w.marked) {
		w.WriteString(w.origins.note(w.extent(n, endOf(n, w.markedEnd))))
	}
	return ast.WalkContinue
}

// longLine is how many bytes of code fit in a line of a page, about. What is longer is scrolled, so it must be reachable by keyboard.
const longLine = 84

func (w *writer) code(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	w.WriteString("<pre")
	if f, ok := n.(*ast.FencedCodeBlock); ok {
		if language := f.Language(w.tree.Source); len(language) > 0 {
			w.WriteString(` data-language="` + escape(string(language)) + `"`)
		}
	}
	lines := n.Lines()
	for i := range lines.Len() {
		if s := lines.At(i); s.Len() > longLine {
			w.WriteString(` tabindex="0"`)
			break
		}
	}
	w.WriteString("><code>")
	for i := range lines.Len() {
		s := lines.At(i)
		textWriter{}.RawWrite(&w.memory, s.Value(w.tree.Source))
	}
	w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren
}

// htmlBlock shows HTML as it is written.
func (w *writer) htmlBlock(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	text := string(n.Lines().Value(w.tree.Source))
	if h := n.(*ast.HTMLBlock); h.HasClosure() {
		text += string(h.ClosureLine.Value(w.tree.Source))
	}
	w.WriteString(`<pre class="html"><code>` + escape(text) + "</code></pre>\n")
	return ast.WalkSkipChildren
}

// rawHTML shows a tag as it is written, but for a line break, which is one.
func (w *writer) rawHTML(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	tag := string(n.(*ast.RawHTML).Segments.Value(w.tree.Source))
	switch strings.ToLower(strings.ReplaceAll(tag, " ", "")) {
	case "<br>", "<br/>":
		w.WriteString("<br>")
	default:
		w.WriteString(`<code class="html">` + escape(tag) + "</code>")
	}
	return ast.WalkSkipChildren
}

func (w *writer) codeSpan(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	var text []byte
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			text = append(text, t.Segment.Value(w.tree.Source)...)
		}
	}
	text = bytes.ReplaceAll(text, []byte("\n"), []byte(" "))
	if w.cells > 0 {
		text = bytes.ReplaceAll(text, []byte(`\|`), []byte("|"))
	}
	w.WriteString("<code>")
	textWriter{}.RawWrite(&w.memory, text)
	w.WriteString("</code>")
	return ast.WalkSkipChildren
}

func (w *writer) link(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return w.closeLink()
	}
	target := string(n.(*ast.Link).Destination)
	w.openLink("", target)
	if !w.shows(n) {
		w.WriteString(escape(target))
	}
	return ast.WalkContinue
}

// image shows the text that stands for an image, as a link to it.
func (w *writer) image(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return w.closeLink()
	}
	w.openLink("image", string(n.(*ast.Image).Destination))
	if !w.shows(n) {
		w.WriteString("image")
	}
	return ast.WalkContinue
}

func (w *writer) autoLink(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	a := n.(*ast.AutoLink)
	target := string(a.URL(w.tree.Source))
	if a.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(target), "mailto:") {
		target = "mailto:" + target
	}
	w.openLink("", target)
	w.WriteString(escape(string(a.Label(w.tree.Source))))
	w.closeLink()
	return ast.WalkSkipChildren
}

// openLink begins a link. Within another link, and where the target is none that a page may send a reader to, its text stands alone.
func (w *writer) openLink(class, target string) {
	l, ok := w.follow(target)
	if w.inLink || !ok {
		w.closing = append(w.closing, "</span>")
		if class = "nowhere"; w.inLink {
			class = "inner"
		}
		w.WriteString(`<span class="` + class + `" title="` + escape(target) + `">`)
		return
	}
	w.closing, w.inLink = append(w.closing, "</a>"), true
	w.WriteString("<a")
	if class != "" {
		w.WriteString(` class="` + class + `"`)
	}
	w.WriteString(` href="` + escape(l.href) + `"`)
	if l.outside {
		w.WriteString(` rel="nofollow noreferrer"`)
	}
	w.WriteString(">")
}

func (w *writer) closeLink() ast.WalkStatus {
	last := len(w.closing) - 1
	if w.closing[last] == "</a>" {
		w.inLink = false
	}
	w.WriteString(w.closing[last])
	w.closing = w.closing[:last]
	return ast.WalkContinue
}

// shows reports whether a reader sees anything of what a node holds.
func (w *writer) shows(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			if !util.IsBlank(c.Segment.Value(w.tree.Source)) {
				return true
			}
		case *ast.Emphasis:
			if w.shows(c) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// footnote shows a definition where it stands.
func (w *writer) footnote(n ast.Node, entering bool) ast.WalkStatus {
	f := n.(*docs.Footnote)
	known := w.notes[docs.SameFootnote(f.Label())]
	counts := known != nil && known.shown == f && known.n > 0
	switch {
	case entering && counts:
		fmt.Fprintf(w, "<div class=\"footnote\" id=\"%s\"><sup>%d</sup>\n", escape(w.noteID(known.n, false)), known.n)
	case entering:
		w.WriteString(`<div class="footnote"><sup>` + escape(f.Label()) + "</sup>\n")
	case counts:
		fmt.Fprintf(w, "<a href=\"%s\" aria-label=\"Back to the text\">↩</a></div>\n", escape(fragment(w.noteID(known.n, true))))
	default:
		w.WriteString("</div>\n")
	}
	return ast.WalkContinue
}

func (w *writer) footnoteMark(n ast.Node, entering bool) ast.WalkStatus {
	m := n.(*docs.FootnoteMark)
	known := w.notes[docs.SameFootnote(m.Label())]
	switch {
	case !entering:
	case known == nil:
		w.WriteString("<sup>" + escape(m.Label()) + "</sup>")
	case w.inLink && w.marks[m] > 0:
		fmt.Fprintf(w, `<sup id="%s">%d</sup>`, escape(w.noteID(known.n, true)), known.n)
	case w.inLink:
		fmt.Fprintf(w, `<sup>%d</sup>`, known.n)
	case w.marks[m] > 0:
		fmt.Fprintf(w, `<sup id="%s"><a href="%s">%d</a></sup>`, escape(w.noteID(known.n, true)), escape(fragment(w.noteID(known.n, false))), known.n)
	default:
		fmt.Fprintf(w, `<sup><a href="%s">%d</a></sup>`, escape(fragment(w.noteID(known.n, false))), known.n)
	}
	return ast.WalkContinue
}

// manyColumns is how many columns fit beside one another on a phone, about. A wider table is scrolled, so it must be reachable by keyboard.
const manyColumns = 4

func (w *writer) table(n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		if n.ChildCount() > 1 {
			w.WriteString("</tbody>\n")
		}
		if w.cells > manyColumns {
			w.WriteString("</table></section>\n")
		} else {
			w.WriteString("</table></div>\n")
		}
		w.cells = 0
		return ast.WalkContinue
	}
	if w.cells = max(1, len(n.(*table.Table).Alignments)); w.cells > manyColumns {
		w.wide++
		fmt.Fprintf(w, "<section class=\"wide\" tabindex=\"0\" aria-label=\"%s, wide table %d\"><table>\n", escape(w.file.Path), w.wide)
	} else {
		w.WriteString("<div class=\"wide\"><table>\n")
	}
	return ast.WalkContinue
}

func (w *writer) tableHeader(n ast.Node, entering bool) ast.WalkStatus {
	switch {
	case entering:
		w.WriteString("<thead>\n<tr>")
	case n.NextSibling() != nil:
		w.WriteString("</tr>\n</thead>\n<tbody>\n")
	default:
		w.WriteString("</tr>\n</thead>\n")
	}
	return ast.WalkContinue
}

func (w *writer) tableRow(_ ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.WriteString("<tr>")
	} else {
		w.WriteString("</tr>\n")
	}
	return ast.WalkContinue
}

func (w *writer) tableCell(n ast.Node, entering bool) ast.WalkStatus {
	tag, attributes := "td", ""
	if n.Parent().Kind() == table.KindTableHeader && n.HasChildren() {
		tag, attributes = "th", ` scope="col"`
	}
	if !entering {
		w.WriteString("</" + tag + ">")
		return ast.WalkContinue
	}
	switch n.(*table.TableCell).Alignment {
	case table.AlignRight:
		attributes += ` class="right"`
	case table.AlignCenter:
		attributes += ` class="center"`
	}
	w.WriteString("<" + tag + attributes + ">")
	return ast.WalkContinue
}

// textWriter is goldmark's writer of text, and shows what is hidden in it: also what only character references bring in.
type textWriter struct{}

// Write writes text in which backslashes and character references have their meaning.
func (textWriter) Write(to util.BufWriter, text []byte) {
	if ordinary(text) && bytes.IndexByte(text, '&') < 0 {
		html.DefaultWriter.Write(to, text)
		return
	}
	var m memory
	html.DefaultWriter.Write(&m, text)
	to.WriteString(diag.Visible(m.String())) //nolint:errcheck // memory takes everything
}

// RawWrite writes text that means itself.
func (textWriter) RawWrite(to util.BufWriter, text []byte) {
	if !ordinary(text) {
		text = []byte(diag.Visible(string(text)))
	}
	html.DefaultWriter.RawWrite(to, text)
}

// SecureWrite is what goldmark would write HTML with, were it let.
func (t textWriter) SecureWrite(to util.BufWriter, text []byte) { t.RawWrite(to, text) }

// ordinary reports whether text holds nothing but characters of ASCII that are seen.
func ordinary(text []byte) bool {
	for _, c := range text {
		if c >= 0x7f || c < 0x20 && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}
