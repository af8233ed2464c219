package docs

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// outline is what a parsed text holds that skillgen may have to change, each list in order of the text. Offsets are those of the text.
type outline struct {
	headings []heading
	links    []link
	defs     []definition
	notes    []note
	tags     []rawTag
	ids      []anchor
	comments []comment
	code     [][2]int // code spans, and what <code> holds
	dangling []int    // of <!-- that begins no comment

	// Titles, with their destination, that goldmark gives to definitions although they are text of the paragraph below.
	untitled map[[2]string]bool
}

// heading is an ATX or setext heading.
type heading struct {
	at     int      // of its first #; setext: of its text
	end    int      // of its last line, without line end
	level  int      //
	lines  [][2]int // setext: where the text of each line stands; nil for ATX
	top    bool     // it stands in no container
	text   string   // what a reader sees once images are links
	local  string   // anchor in the source file, numbered there
	custom string   // the id that a trailing {#id} gives it
}

// link is a link or an image.
type link struct {
	start   int // of [ or !
	open    int // after the [
	bracket int // of the ] that ends its text
	end     int // after its last byte
	dest    int // of the destination with its angle brackets; inline links only
	destEnd int //
	image   bool
	inside  bool   // it is an image in the text of a link
	nested  bool   // it is an image with links or images in its alt text
	ref     bool   // its destination is that of a definition
	target  string // the destination as written
	title   string // of a reference: as written, without quotes
	text    string // what a reader sees
}

// definition is a link reference definition.
type definition struct {
	start, end    int // from its [ to after its last byte
	dest, destEnd int
	target, title string // as written
	rest          int    // offset of the text that goes on in the line below it; -1 where none does
	restHeading   bool
	separates     bool // the blocks before and after it would become one without it
}

// note is the label of a footnote, where it is defined or referred to.
type note struct {
	start, end int
	label      string
	defined    bool // by this source
}

// comment is an HTML comment.
type comment struct {
	start, end int            // from <!-- to after -->
	content    int            // where its line begins, after the markers of containers and the indentation …
	text       int            // … and where its paragraph; -1: it stands in none
	block      *ast.HTMLBlock // that begins with it; nil for one in running text or among other HTML
	inHTML     bool           // it stands among other HTML in a block
	open       bool           // it has no end
}

// rawTag is an <a> with href or an <img> in raw HTML.
type rawTag struct {
	name             string
	start, end       int
	value, valueEnd  int    // of href or src, with quotes
	target, alt      string // decoded
	inside           bool   // in a link, where no other link may stand
	block            bool   // in an HTML block …
	first, last      bool   // … whose first bytes it is; whose last
	hasTarget, isGap bool   // isGap: a blank line or the end follows the block
}

// anchor is an id of raw HTML: a place that a #fragment can name.
type anchor struct {
	at int
	id string
}

// joined is text of several lines without what stands before each of them.
type joined struct {
	s    string
	segs []segment
}

// segment is a run of joined text: from at on, the bytes are those from src on.
type segment struct{ at, src int }

// source returns the offset of the byte that stands at i.
func (j *joined) source(i int) int {
	n, found := slices.BinarySearchFunc(j.segs, i, func(s segment, i int) int { return s.at - i })
	if !found {
		n = max(n-1, 0)
	}
	return j.segs[n].src + i - j.segs[n].at
}

// end returns the offset after the byte before i: where i begins a line, that is not the offset of i.
func (j *joined) end(i int) int {
	if i == 0 {
		return j.source(0)
	}
	return j.source(i-1) + 1
}

// join joins the parts of lines that lie in [from, to).
func join(src []byte, lines []text.Segment, from, to int) *joined {
	j := &joined{}
	var b strings.Builder
	for _, l := range lines {
		start, stop := max(l.Start, from), min(l.Stop, to)
		if start < stop {
			j.segs = append(j.segs, segment{b.Len(), start})
			b.Write(src[start:stop])
		}
	}
	if len(j.segs) == 0 {
		j.segs = []segment{{0, from}}
	}
	j.s = b.String()
	return j
}

// outliner walks a parsed text.
type outliner struct {
	*outline
	p       *parsed
	block   ast.Node // the leaf block that inline content stands in
	inLink  bool
	inImage bool
	anchors int // <a> that are open in the block
	code    int // where the <code> that is open began; -1: none
}

// outlineOf finds what p holds.
func outlineOf(p *parsed) *outline {
	o := &outliner{outline: &outline{}, p: p}
	o.blocks(p.root)
	return o.outline
}

func (o *outliner) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Type() != ast.TypeBlock || n.Pos() >= o.p.size {
			continue
		}
		o.block, o.anchors, o.code = n, 0, -1
		switch n := n.(type) {
		case *ast.Heading:
			o.heading(n)
			o.inline(n)
		case *ast.Paragraph, *ast.TextBlock:
			o.inline(n)
		case *ast.LinkReferenceDefinition:
			o.definition(n)
		case *ast.HTMLBlock:
			o.html(n)
		case *footnote:
			o.notes = append(o.notes, note{n.start, n.end, n.label, true})
			o.blocks(n)
		default:
			o.blocks(n)
		}
	}
}

func linesOf(n ast.Node) []text.Segment {
	lines := n.Lines()
	all := lines.Sliced(0, lines.Len())
	if h, ok := n.(*ast.HTMLBlock); ok && h.HasClosure() {
		all = append(all[:len(all):len(all)], h.ClosureLine)
	}
	return all
}

func (o *outliner) heading(n *ast.Heading) {
	s := o.p.s
	h := heading{level: n.Level, top: n.Parent() == o.p.root, text: plainText(n, o.p.src, true)}
	h.local = Slug(plainText(n, o.p.src, false))
	if i := strings.LastIndex(h.text, "{#"); i >= 0 && strings.HasSuffix(h.text, "}") && !strings.Contains(h.text[i:], " ") {
		h.custom = h.text[i+2 : len(h.text)-1]
	}
	lines := linesOf(n)
	if len(lines) == 0 {
		h.at = emptyHeading(s, n.Pos())
		h.end = lineEnd(s, h.at) - 1
		o.headings = append(o.headings, h)
		return
	}
	at := lines[0].Start
	for at > 0 && (s[at-1] == ' ' || s[at-1] == '\t') {
		at--
	}
	if at > 0 && s[at-1] == '#' {
		h.at = at - n.Level
		h.end = lineEnd(s, h.at) - 1
		o.headings = append(o.headings, h)
		return
	}
	h.at = lines[0].Start
	for _, l := range lines {
		h.lines = append(h.lines, [2]int{l.Start, l.Start + len(strings.TrimRight(s[l.Start:l.Stop], " \t\n"))})
	}
	h.end = lineEnd(s, lineEnd(s, h.lines[len(h.lines)-1][1])) - 1
	o.headings = append(o.headings, h)
}

// emptyHeading finds the first # of a heading without text. goldmark counts the columns of tabs before it as bytes, so that pos may lie
// behind it.
func emptyHeading(s string, pos int) int {
	at := min(pos, len(s)-1)
	for at > 0 && s[at] != '#' {
		at--
	}
	start := len(strings.TrimRight(s[:at], "# \t"))
	return start + max(strings.IndexByte(s[start:], '#'), 0)
}

func (o *outliner) definition(n *ast.LinkReferenceDefinition) {
	lines := linesOf(n)
	last := lines[len(lines)-1]
	d := definition{start: lines[0].Start, end: last.Stop, rest: -1, target: string(n.Destination), title: string(n.Title)}
	j := join(o.p.src, lines, 0, len(o.p.src))
	i := labelEnd(j.s)
	if i < 0 {
		return // unreachable as long as goldmark and labelEnd agree; the definition then stays as it is
	}
	from, to := destination(j.s, i+2)
	d.dest, d.destEnd = j.source(from), j.end(to)
	if d.title != "" && strings.TrimSpace(j.s[to:]) == "" {
		if o.untitled == nil {
			o.untitled = map[[2]string]bool{}
		}
		o.untitled[[2]string{d.target, d.title}] = true
		d.title = ""
	}
	d.rest, d.restHeading = o.restOf(n.NextSibling(), lineEnd(o.p.s, d.end))
	if next := n.NextSibling(); next == nil || next.Kind() != ast.KindLinkReferenceDefinition {
		d.separates = separates(n, d.start-lineStart(o.p.s, d.start), o.p)
	}
	o.defs = append(o.defs, d)
}

// restOf returns where the text of the block begins that goes on in the line at an offset, if it is the rest of a paragraph, and whether a
// setext heading is what it has become; -1 where it is something else.
func (o *outliner) restOf(n ast.Node, line int) (int, bool) {
	if n == nil || n.Lines().Len() == 0 {
		return -1, false
	}
	start := n.Lines().At(0).Start
	if lineStart(o.p.s, start) != line {
		return -1, false
	}
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return start, false
	case *ast.Heading:
		if !strings.HasSuffix(strings.TrimRight(o.p.s[line:start], " \t"), "#") {
			return start, true
		}
	}
	return -1, false
}

// labelEnd returns the offset of the ] of the label that begins s; -1 where there is none.
func labelEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			return -1
		case ']':
			return i
		}
	}
	return -1
}

// destination finds the link destination after the blanks at s[i], as goldmark reads it.
func destination(s string, i int) (from, to int) {
	for from = i; from < len(s) && util.IsSpace(s[from]); {
		from++
	}
	if from < len(s) && s[from] == '<' {
		for to = from + 1; to < len(s) && s[to] != '>'; to++ {
			if s[to] == '\\' {
				to++
			}
		}
		return from, min(to+1, len(s))
	}
	depth := 0
	for to = from; to < len(s); to++ {
		switch c := s[to]; {
		case c == '\\' && to+1 < len(s) && util.IsPunct(s[to+1]):
			to++
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return from, to
			}
		case util.IsSpace(c):
			return from, to
		}
	}
	return from, min(to, len(s))
}

func (o *outliner) inline(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Link:
			o.link(n, n.Reference, string(n.Destination), string(n.Title), false)
		case *ast.Image:
			o.link(n, n.Reference, string(n.Destination), string(n.Title), true)
		case *ast.RawHTML:
			o.rawInline(n)
		case *ast.CodeSpan:
			o.outline.code = append(o.outline.code, [2]int{n.Pos(), o.p.spans[n].end})
		case *ast.Text:
			o.text(n.Segment.Start, n.Segment.Stop)
		case *footnoteMark:
			o.notes = append(o.notes, note{n.start, n.end, n.label, true})
		default:
			o.inline(n)
		}
	}
}

// text notes what looks like something else in text: a comment, a footnote of another source.
func (o *outliner) text(start, end int) {
	s := o.p.s
	if i := strings.Index(s[start:end], "<!--"); i >= 0 {
		o.dangling = append(o.dangling, start+i)
	}
	for i := start; ; i++ {
		n := strings.IndexByte(s[i:end], '[')
		if n < 0 {
			return
		}
		i += n
		label, size := footnoteLabel(s[i:min(len(s), i+maxLabel+4)])
		if size > 0 && strings.Contains(label, noteSeparator) && !escaped(s, i) {
			o.notes = append(o.notes, note{start: i + 2, end: i + size - 1, label: label})
		}
	}
}

// link notes a link or image, and what its text holds. The alt text of an image is text: links in it are none.
func (o *outliner) link(n ast.Node, ref *ast.ReferenceLink, target, title string, image bool) {
	if o.inImage {
		o.inline(n)
		return
	}
	span := o.p.spans[n]
	l := link{
		start: n.Pos(), open: n.Pos() + 1, bracket: span.bracket, end: span.end, target: target, title: title,
		image: image, inside: o.inLink, ref: ref != nil, text: plainText(n, o.p.src, true),
	}
	if image {
		l.open++
		l.nested = holdsLink(n)
	}
	if !l.ref {
		j := join(o.p.src, linesOf(o.block), l.bracket+1, l.end)
		from, to := destination(j.s, 1)
		l.dest, l.destEnd = j.source(from), j.end(to)
		if text := j.s[from:to]; text != target && text != "<"+target+">" {
			return // unreachable as long as goldmark and destination agree; the link then stays as it is
		}
	}
	o.links = append(o.links, l)
	inLink := o.inLink
	o.inLink, o.inImage = o.inLink || !image, image
	o.inline(n)
	o.inLink, o.inImage = inLink, false
}

// holdsLink reports whether an image's alt text holds links or images.
func holdsLink(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *ast.Link, *ast.Image, *ast.AutoLink:
			return true
		}
		if holdsLink(c) {
			return true
		}
	}
	return false
}
