package docs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"

	"skillgen/generator/diag"
)

// document is a text made ready: without chrome and comments, closed at its end, and what it holds. It depends on nothing but the text, so
// that the headings of a page can be asked for while another one's links are resolved.
type document struct {
	*outline
	text     *mdText
	title    int // index of the heading of level 1 that may repeat the title; -1: none
	findings []diag.Finding
	refused  bool // it holds nothing because no parser should be given it

	once    sync.Once
	anchors map[string]string // what a #fragment can say → the Local of the heading that it means; "" for the document itself
}

// maxRounds is how often a text is parsed again because a comment that went away has brought another one to light.
const maxRounds = 4

// preparer makes a document.
type preparer struct {
	doc   *document
	t     *mdText
	refs  []parser.Reference
	rules []*cleaner
	path  string
}

// prepare makes a text ready. References that are defined elsewhere in its source may be given.
func prepare(t *mdText, path string, rules []*cleaner, refs []parser.Reference) *document {
	p := &preparer{doc: &document{outline: &outline{}, title: -1}, t: t, refs: refs, rules: rules, path: path}
	p.run()
	p.doc.text = p.t
	p.doc.number()
	return p.doc
}

func (p *preparer) report(id string, start, end int, message, hint string) {
	p.doc.findings = append(p.doc.findings, diag.New(id, p.t.span(start, end).Place(), message, hint))
}

func (p *preparer) refuse(h *hostile) {
	p.report("page-hostile", h.at, h.at, h.what, "no reader of Markdown copes with that; mend it where it comes from, or name another page")
	p.doc.refused = true
	p.doc.outline = &outline{}
	p.t = &mdText{file: p.t.file, pieces: p.t.pieces[:1]}
}

func (p *preparer) run() {
	cleaned := false
	for round := 0; ; round++ {
		tree := p.parse()
		if tree == nil {
			return
		}
		o := outlineOf(tree)
		edits, cuts := []edit(nil), []cut(nil)
		if !cleaned {
			edits, cuts = clean(p.rules, p.path, tree, o)
			cleaned = true
		}
		if len(edits)+len(cuts) == 0 {
			edits, cuts = p.uncomment(tree, o)
		}
		switch {
		case len(edits)+len(cuts) == 0:
			p.finish(o)
			return
		case round == maxRounds:
			p.refuse(&hostile{o.comments[0].start, "comments are made of comments"})
			return
		}
		p.t, _ = p.t.apply(merge(p.t.s, edits, cuts))
	}
}

// uncomment finds what takes comments out of the text. Where blocks would come out otherwise, they are only emptied.
func (p *preparer) uncomment(tree *parsed, o *outline) ([]edit, []cut) {
	if len(o.comments) == 0 {
		return nil, nil
	}
	u := uncomment(tree, o, false)
	if len(u.edits)+len(u.cuts) > 0 {
		if t, _ := p.t.apply(merge(p.t.s, u.edits, u.cuts)); !u.sameBlocks(p.t.s, t.s) {
			u = uncomment(tree, o, true)
		}
	}
	for _, at := range u.unclosed {
		p.report("page-unclosed", at, at+len("<!--"), "this comment has no end", "close it with -->")
	}
	return u.edits, u.cuts
}

// parse closes what the text leaves open, and parses it; nil where it is refused. Readers differ in what begins an HTML block: all of them
// have to see the end.
func (p *preparer) parse() *parsed {
	open, h := prescan(p.t.s)
	if h != nil {
		p.refuse(h)
		return nil
	}
	if strings.IndexByte(p.t.s, '<') >= 0 {
		for range maxRounds {
			if !p.edit(plainStarts(p.t.s)) {
				break
			}
			open = scan(p.t.s, everyLine)
		}
	}
	text, findings := p.t, p.doc.findings
	tree := p.closeAll(open)
	if tree == nil && !p.doc.refused {
		p.t, p.doc.findings = text, findings
		p.edit(hideStarts(p.t.s))
		tree = p.closeAll(scan(p.t.s, everyLine))
	}
	if tree == nil && !p.doc.refused {
		p.refuse(&hostile{len(p.t.s), "readers of Markdown disagree about where this page ends"})
	}
	return tree
}

// edit applies edits; false where there are none.
func (p *preparer) edit(edits []edit) bool {
	if len(edits) == 0 {
		return false
	}
	p.t, _ = p.t.apply(edits)
	return true
}

func everyLine(*scanLine) bool { return true }

// closeAll closes what any reader sees open; nil where they don't agree. open is what the scanner sees.
func (p *preparer) closeAll(open leaf) *parsed {
	const enough = 6
	for range enough {
		closed := open.depth == 0 && p.close(open)
		for _, d := range dialects(p.t.s) {
			if closed {
				break
			}
			open := scanAs(d, p.t.s, everyLine)
			closed = open.depth == 0 && p.close(open)
		}
		if closed {
			open = scan(p.t.s, everyLine)
			continue
		}
		tree := parse(p.t.s, p.refs)
		if tree.fault != nil {
			p.refuse(tree.fault)
			return nil
		}
		if tree.closed() {
			return tree
		}
		if !p.close(openOf(tree)) {
			break
		}
		open = scan(p.t.s, everyLine)
	}
	return nil
}

// dialects returns those that may read a text otherwise than the scanner does.
func dialects(s string) []dialect {
	var all []dialect
	if hasNewTags(s) {
		all = append(all, asVersion29)
	}
	if strings.Contains(s, "[^") {
		all = append(all, withoutNotes)
		if len(all) == 2 {
			all = append(all, asVersion29|withoutNotes)
		}
	}
	return all
}

// hasNewTags reports whether a text has tags that begin another type of HTML block, or none, in versions before CommonMark 0.31.
func hasNewTags(s string) bool {
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return false
		}
		i += n
		name := strings.TrimPrefix(s[i+1:], "/")
		switch strings.ToLower(name[:tagName(name)]) {
		case "textarea", "search", "source":
			return true
		}
	}
}

// plainStarts finds the edits that make tags at the start of a line read the same to every reader, without a change of what they mean: a
// declaration in upper case, blanks for tabs in a tag, a blank before the slash of <pre/>, a blank line after </pre>.
func plainStarts(s string) []edit {
	var edits []edit
	stray := false // the HTML block began with </pre> or the like
	scan(s, func(l *scanLine) bool {
		rest := s[l.text:l.end]
		if l.first {
			stray = l.html == 7 && isStray(rest)
		}
		if len(rest) < 3 || rest[0] != '<' || l.kind != textLine && !(l.kind == htmlLine && (l.first || stray)) {
			return true
		}
		put := func(at, size int, with string) {
			edits = append(edits, edit{start: l.text + at, end: l.text + at + size, with: with})
		}
		n := 1 + tagName(rest[1:])
		switch {
		case l.kind == htmlLine && rest[1] == '!' && 'a' <= rest[2] && rest[2] <= 'z':
			put(2, 1, strings.ToUpper(rest[2:3]))
		case rest[1] == '/' && rest[2] == ' ': // no tag to the specification
			put(0, 1, "&lt;")
		case stray && isStray(rest) && l.end < len(s) && !blankAt(s, l.end+1):
			put(len(rest)+1, 0, quotePrefix(s[l.start:l.text])+"\n") // a block of its own to some
		case rawTags[strings.ToLower(rest[1:n])] && strings.HasPrefix(rest[n:], "/>"):
			put(n, 0, " ")
		case l.kind == htmlLine && strings.IndexByte(rest, '\t') >= 0 && (n > 1 || rest[1] == '/'):
			tabs(rest, put)
		}
		return true
	})
	return edits
}

// isStray reports whether a line begins with the end tag of a raw element.
func isStray(line string) bool {
	t, ok := readTag(line, 0)
	return ok && t.closing && rawTags[t.name]
}

// tabs replaces the tabs of the tag that begins a line, and takes away those at the line's end.
func tabs(rest string, put func(at, size int, with string)) {
	t, ok := readTag(rest, 0)
	if !ok {
		if i := strings.IndexAny(rest, "> \t"); i >= 0 && rest[i] == '\t' {
			put(i, 1, " ")
		}
		return
	}
	end := 0
	for i := 0; i < t.end; i++ {
		for len(t.attrs) > end && t.attrs[end].end <= i {
			end++
		}
		if rest[i] == '\t' && (end == len(t.attrs) || t.attrs[end].end == 0 || i < t.attrs[end].start) {
			put(i, 1, " ")
		}
	}
	if tail := rest[t.end:]; tail != "" && strings.Trim(tail, " \t") == "" {
		put(t.end, len(tail), "")
	}
}

// hideStarts finds the edits that make text of tags which begin an HTML block to one reader and none to the other.
func hideStarts(s string) []edit {
	var edits []edit
	scan(s, func(l *scanLine) bool {
		rest := s[l.text:l.end]
		if rest == "" || rest[0] != '<' || l.kind == fenceLine || l.kind == codeLine {
			return true
		}
		now, _ := htmlStart(rest, 0)
		then, _ := htmlStart(rest, asVersion29)
		if now != then {
			edits = append(edits, edit{start: l.text, end: l.text + 1, with: "&lt;"})
		}
		return true
	})
	return edits
}

// close closes a leaf block; false where it needs no closing.
func (p *preparer) close(open leaf) bool {
	closer, what := "", ""
	switch {
	case open.kind == fence:
		closer, what = strings.Repeat(string(rune(open.char)), open.size), "fence"
	case open.kind == htmlBlock && open.html < 6:
		closer, what = htmlCloser(open.html, open.tag), htmlName(open)
	default:
		return false
	}
	if !strings.HasSuffix(p.t.s, "\n") {
		closer = "\n" + closer
	}
	end := min(lineEnd(p.t.s, open.start), len(p.t.s))
	p.report("page-unclosed", open.start, len(strings.TrimRight(p.t.s[:end], "\n")), fmt.Sprintf("this %s has no end; it ends with the page", what), "close it where it should end")
	p.t = p.t.add(closer+"\n", open.start)
	return true
}

func htmlName(open leaf) string {
	switch open.html {
	case 1:
		return "<" + open.tag + ">"
	case 2:
		return "comment"
	case 3:
		return "processing instruction"
	case 4:
		return "declaration"
	}
	return "CDATA section"
}

// openOf finds the leaf block that goldmark sees open at the end.
func openOf(tree *parsed) leaf {
	switch n := tree.root.LastChild().(type) {
	case *ast.FencedCodeBlock:
		at := n.Pos()
		return leaf{kind: fence, start: at, char: tree.s[at], size: max(run(tree.s[at:], tree.s[at]), 3)}
	case *ast.HTMLBlock:
		start := n.Lines().At(0).Start
		line := strings.TrimLeft(tree.s[start:lineEnd(tree.s, start)], " ")
		return leaf{kind: htmlBlock, start: start, html: int(n.HTMLBlockType), tag: strings.ToLower(line[1 : 1+tagName(line[1:])])}
	}
	return leaf{}
}

// finish notes what only the final text shows.
func (p *preparer) finish(o *outline) {
	p.doc.outline = o
	for _, at := range o.dangling {
		p.report("page-unclosed", at, at+len("<!--"), "this comment has no end in its paragraph, so it stands in the page as text", "close it with -->, or write &lt;!--")
	}
	for i, h := range o.headings {
		if h.top && h.level == 1 && h.text != "" {
			p.doc.title = i
			break
		}
	}
}

// number gives each heading its anchor within the document.
func (d *document) number() {
	var s Slugger
	for i := range d.headings {
		d.headings[i].local = s.Next(d.headings[i].local)
	}
}

// hasWords reports whether a text says anything but tags.
func hasWords(s string) bool {
	end := 0 // of the tag before
	for i, r := range s {
		if i < end {
			continue
		}
		if r == '<' {
			if t, ok := readTag(s, i); ok {
				end = t.end
			}
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return true
		}
	}
	return false
}

// fragment returns the Local of the heading that a #fragment means: by its anchor, by an id that the page gives it, by an anchor after which
// it stands. The first heading of level 1 is the page itself. Sites make anchors in ways of their own, so near enough is good enough: case
// and the number of hyphens don't count where nothing fits exactly.
func (d *document) fragment(name string) (local string, ok bool) {
	if name == "" || name == "top" {
		return "", true
	}
	d.once.Do(d.index)
	name = unescapePath(name)
	for _, key := range []string{name, loose(name)} {
		if local, ok := d.anchors[key]; ok {
			return local, true
		}
	}
	return "", false
}

// loose returns what is left of an anchor if only its words count. It begins with a blank, as no anchor does.
func loose(anchor string) string {
	words := strings.FieldsFunc(strings.ToLower(anchor), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	return " " + strings.Join(words, "-")
}

func (d *document) index() {
	d.anchors = map[string]string{}
	add := func(key, local string) {
		if _, taken := d.anchors[key]; !taken && key != "" && key != " " {
			d.anchors[key] = local
		}
	}
	locals := make([]string, len(d.headings))
	for i, h := range d.headings {
		if i != d.title {
			locals[i] = h.local
		}
		add(h.local, locals[i])
	}
	for i, h := range d.headings {
		add(h.custom, locals[i])
	}
	for _, a := range d.ids {
		i, _ := slices.BinarySearchFunc(d.headings, a.at, func(h heading, at int) int { return cmp.Compare(h.at, at) })
		local := ""
		if i > 0 {
			local = locals[i-1]
		}
		if i < len(d.headings) && blankAnchors(d.text.s, a.at, d.headings[i].at) {
			local = locals[i]
		}
		add(a.id, local)
	}
	for i, h := range d.headings {
		add(loose(h.local), locals[i])
		add(loose(h.custom), locals[i])
	}
	for _, a := range d.ids {
		add(loose(a.id), d.anchors[a.id])
	}
}

// blankAnchors reports whether nothing but tags stands between two places: an anchor before a heading is the heading's.
func blankAnchors(s string, from, to int) bool {
	const enough = 200
	if to-from > enough {
		return false
	}
	for i := from; i < to; {
		if isSpace(s[i]) || s[i] == '#' {
			i++
			continue
		}
		if s[i] != '<' {
			return false
		}
		t, ok := readTag(s, i)
		if !ok {
			return false
		}
		i = t.end
	}
	return true
}
