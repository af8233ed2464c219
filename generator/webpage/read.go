package webpage

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxContainers is how deep quotes and lists may stand in one another; what is nested deeper stands in the innermost of them. (Each line of
// Markdown repeats the marks of all containers around it.)
const maxContainers = 16

// reader reads the elements of the content into blocks.
type reader struct {
	tree    *tree
	theme   *compiled
	base    *url.URL
	page    *url.URL
	dropped map[*html.Node]bool
	panels  map[*html.Node]string // panels of tabs and their labels
	refs    map[*html.Node]string // links to footnotes and their labels
	defs    map[*html.Node]string // footnotes and their labels
	found   []*block              // footnotes that were read
	links   []string
	depth   int
	slotted map[*html.Node][]*html.Node // children of a shadow host, by the slot that shows them
	slots   map[*html.Node][]*html.Node // slots of a shadow host
}

func newReader(t *tree, theme *compiled, o Options) *reader {
	r := &reader{tree: t, theme: theme, base: o.URL, page: o.URL, dropped: map[*html.Node]bool{}, panels: map[*html.Node]string{},
		refs: map[*html.Node]string{}, defs: map[*html.Node]string{}, slotted: map[*html.Node][]*html.Node{}, slots: map[*html.Node][]*html.Node{}}
	walk(t.html, func(n *html.Node) bool {
		if n.Data == "base" && hasAttr(n, "href") {
			if u, err := url.Parse(strings.TrimSpace(attrOf(n, "href"))); err == nil {
				if r.base == nil {
					r.base = u
				} else {
					r.base = r.base.ResolveReference(u)
				}
			}
			return false
		}
		return n.Data != "body"
	})
	return r
}

// prepare looks at the content as a whole: what is dropped, which panel belongs to which tab, which link to which footnote.
func (r *reader) prepare(content []*html.Node) {
	for _, n := range content {
		for _, s := range r.theme.drop {
			for _, gone := range matches(n, s) {
				if gone != n {
					r.dropped[gone] = true
				}
			}
		}
	}
	for _, n := range content {
		r.matchTabs(n)
		r.assignSlots(n)
	}
	r.matchNotes(content)
}

// read returns the blocks of the content.
func (r *reader) read(content []*html.Node) []*block {
	f := &flow{}
	for _, n := range content {
		r.children(n, f, state{})
		f.flush()
	}
	return f.blocks
}

// state is what elements further out say about the text in them.
type state struct {
	style style
	link  int32
	depth int  // quotes and lists around
	files bool // in a tree of files
}

// flow gathers what stands in one container.
type flow struct {
	blocks []*block
	cur    []piece // of the paragraph that is open
	joint  bool
	cut    bool // something is gone from it
}

func (f *flow) add(p piece) {
	p.joint = p.joint || f.joint
	f.joint = false
	f.cur = append(f.cur, p)
}

func (f *flow) block(b *block) {
	f.flush()
	f.blocks = append(f.blocks, b)
}

// flush ends the paragraph that is open. Where lines end twice in a row, two paragraphs begin.
func (f *flow) flush() {
	for _, ps := range paragraphs(f.cur) {
		if f.cut {
			if ps = withoutSeparator(ps); ps == nil {
				continue
			}
		}
		f.blocks = append(f.blocks, &block{kind: paragraph, pieces: ps, line: ps[0].line})
	}
	f.cur, f.joint, f.cut = nil, false, false
}

// withoutSeparator takes off the sign that parted the text from what is gone.
func withoutSeparator(ps []piece) []piece {
	for len(ps) > 0 && ps[len(ps)-1].kind == words && strings.Trim(ps[len(ps)-1].text, "·|• ") == "" {
		ps = ps[:len(ps)-1]
	}
	if len(ps) == 0 {
		return nil
	}
	if last := &ps[len(ps)-1]; last.kind == words {
		if text := strings.TrimRight(last.text, "·|• "); text != "" && strings.HasPrefix(last.text[len(text):], " ") {
			last.text = text
		}
	}
	return ps
}

// children reads what stands in an element.
func (r *reader) children(n *html.Node, f *flow, st state) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c, f, st)
	}
}

func (r *reader) node(n *html.Node, f *flow, st state) {
	switch n.Type {
	case html.TextNode:
		r.text(n, f, st)
	case html.ElementNode:
		if _, ok := r.slotted[n]; ok {
			r.host(n, f, st)
			return
		}
		r.element(n, f, st)
	}
}

func (r *reader) text(n *html.Node, f *flow, st state) {
	if n.Data == "" {
		return
	}
	line := r.tree.line(n)
	if trimmed := strings.TrimLeft(n.Data, " \t\n\r\f"); line > 0 {
		line += int32(strings.Count(n.Data[:len(n.Data)-len(trimmed)], "\n"))
	}
	f.add(piece{kind: words, style: st.style, link: st.link, line: line, text: n.Data})
}

// element reads an element by what its classes say, else by its name.
func (r *reader) element(n *html.Node, f *flow, st state) {
	if isCheckbox(n) {
		r.checkbox(n, f, st)
		return
	}
	if label, ok := r.panels[n]; ok {
		r.panel(n, label, f, st)
		return
	}
	if r.gone(n) {
		f.joint = f.joint || !unseen[n.Data]
		f.cut = true
		return
	}
	if label, ok := r.refs[n]; ok {
		f.add(piece{kind: noteRef, text: label, line: r.tree.line(n), url: plainText(n, 40)})
		return
	}
	if label, ok := r.defs[n]; ok {
		r.note(n, label)
		return
	}
	if r.byPart(n, f, st) {
		return
	}
	r.byName(n, f, st)
}

// unseen are the elements that take no place on a page: words beside one are one word.
var unseen = set("script", "style", "noscript", "link", "meta", "base", "datalist", "param", "source", "track", "area", "map")

// byPart reads an element whose classes say what it is; it reports whether they do.
func (r *reader) byPart(n *html.Node, f *flow, st state) bool {
	if r.isQuoteBox(n) {
		r.quoteBox(n, f, st)
		return true
	}
	switch partOf(n) {
	case codeTitle:
		if r.isCodeTitle(n) {
			r.label(n, f, st)
			return true
		}
	case caption:
		r.label(n, f, st)
		return true
	case formula:
		return r.formula(n, f, st)
	case signature:
		if n.Data == "dt" {
			return false // read as a term, see term
		}
	case standApart:
		f.joint = true
		r.inline(n, f, st)
		f.joint = true
		return true
	}
	if n.Data == "div" && hasClass(n, "title") && isADocBlock(n.Parent) {
		r.label(n, f, st)
		return true
	}
	if !st.files && (hasPart(n, fileTree) || n.Data == "starlight-file-tree") {
		st.files = true
		r.byName(n, f, st)
		return true
	}
	if n.Data == "table" && isCodeTable(n) {
		r.code(n, f)
		return true
	}
	if hasAttr(n, "data-rehype-pretty-code-title") {
		r.label(n, f, st)
		return true
	}
	if hasClass(n, "line-block") {
		r.lineBlock(n, f, st)
		return true
	}
	return false
}

// isADocBlock reports whether an element is a block of AsciiDoc, or what such a block holds.
func isADocBlock(n *html.Node) bool {
	if n != nil && hasClass(n, "content") {
		n = n.Parent
	}
	return n != nil && strings.Contains(attrOf(n, "class"), "block")
}

// byName reads an element by its name (HTML §4).
func (r *reader) byName(n *html.Node, f *flow, st state) {
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		r.heading(n, f, st)
	case "ul", "ol", "menu", "dir":
		r.list(n, f, st)
	case "dl":
		r.terms(n, f, st)
	case "blockquote":
		r.contain(n, f, st)
	case "pre", "xmp", "listing", "plaintext":
		r.pre(n, f)
	case "table":
		r.table(n, f, st)
	case "details":
		r.details(n, f, st)
	case "figcaption":
		if holdsPre(n.Parent) {
			r.label(n, f, st) // the file name of a code block
			return
		}
		r.inlineOrBlock(n, f, st)
	case "hr":
		f.block(&block{kind: rule, line: r.tree.line(n)})
	case "br":
		f.add(piece{kind: lineEnd, line: r.tree.line(n)})
	case "iframe":
		f.add(piece{kind: words, link: r.link(attrOf(n, "src")), style: st.style, line: r.tree.line(n), text: attrOf(n, "title")})
	default:
		r.inlineOrBlock(n, f, st)
	}
}

func (r *reader) inlineOrBlock(n *html.Node, f *flow, st state) {
	switch {
	case inlineStyles[n.Data] != 0:
		st.style |= inlineStyles[n.Data]
		r.children(n, f, st)
	case n.Data == "a":
		r.anchor(n, f, st)
	case n.Data == "img":
		r.image(n, f, st)
	case n.Data == "code" || n.Data == "samp" || n.Data == "tt":
		r.codeElement(n, f, st)
	case n.Data == "math":
		r.mathML(n, f, st)
	case n.Data == "q":
		f.add(piece{style: st.style, link: st.link, line: r.tree.line(n), text: "\""})
		r.children(n, f, st)
		f.add(piece{style: st.style, link: st.link, line: r.tree.line(n), text: "\""})
	case isBlock(n.Data):
		f.flush()
		r.children(n, f, st)
		f.flush()
	case strings.Contains(n.Data, "-") || n.Data == "button" || n.Data == "label":
		f.joint = true
		r.children(n, f, st)
		f.joint = true
	default:
		r.children(n, f, st)
	}
}

// inline reads an element as running text, whatever its name.
func (r *reader) inline(n *html.Node, f *flow, st state) {
	if isBlock(n.Data) {
		f.flush()
		r.children(n, f, st)
		f.flush()
		return
	}
	r.byName(n, f, st)
}

var inlineStyles = map[string]style{"b": bold, "strong": bold, "em": italic, "i": italic, "cite": italic, "dfn": italic, "var": italic,
	"del": struck, "s": struck, "strike": struck, "sub": sub, "sup": sup, "kbd": key}

// heading reads a heading. What Markdown does not allow in one follows it.
func (r *reader) heading(n *html.Node, f *flow, st state) {
	f.flush()
	if hasPart(n, signature) {
		if text := r.signature(n); text != "" {
			p := piece{kind: codeSpan, text: text, line: r.tree.line(n)}
			f.block(&block{kind: heading, level: headingLevel(n.Data), pieces: []piece{p}, line: p.line})
			return
		}
	}
	inner := r.flowOf(n, state{link: st.link, depth: st.depth})
	ps, rest := joined(inner.blocks)
	if len(ps) > 0 {
		f.block(&block{kind: heading, level: headingLevel(n.Data), pieces: ps, line: r.lineOf(n, ps)})
	}
	f.blocks = append(f.blocks, rest...)
}

// lineOf is the line of what an element shows first.
func (r *reader) lineOf(n *html.Node, ps []piece) int32 {
	if len(ps) > 0 && ps[0].line > 0 {
		return ps[0].line
	}
	return r.tree.line(n)
}

// flowOf reads an element on its own.
func (r *reader) flowOf(n *html.Node, st state) *flow {
	f := &flow{}
	r.children(n, f, st)
	f.flush()
	return f
}

// joined returns the paragraphs and headings that blocks begin with as one run of text, and the blocks after them.
func joined(blocks []*block) (ps []piece, rest []*block) {
	for i, b := range blocks {
		if b.kind != paragraph && b.kind != heading {
			return ps, blocks[i:]
		}
		for j, p := range b.pieces {
			if p.kind == lineEnd {
				continue
			}
			after := j > 0 && b.pieces[j-1].kind == lineEnd
			p.gap = p.gap || (j == 0 && len(ps) > 0) || after
			ps = append(ps, p)
		}
	}
	return ps, nil
}

// contain reads an element as a block quote.
func (r *reader) contain(n *html.Node, f *flow, st state) {
	f.flush()
	if st.depth >= maxContainers {
		r.children(n, f, st)
		f.flush()
		return
	}
	st.depth++
	if inner := r.flowOf(n, st); len(inner.blocks) > 0 {
		f.block(&block{kind: quote, blocks: inner.blocks, line: r.tree.line(n)})
	}
}

// list reads a list. What stands in it beside its items belongs to the item before, or is one.
func (r *reader) list(n *html.Node, f *flow, st state) {
	f.flush()
	deep := st.depth >= maxContainers
	inner := st
	inner.depth++
	l := &block{kind: list, ordered: n.Data == "ol", start: startOf(n), line: r.tree.line(n)}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" || c.Type == html.CommentNode {
			continue
		}
		part := &flow{}
		isItem := c.Type == html.ElementNode && c.Data == "li" && !r.gone(c) && r.defs[c] == ""
		if isItem {
			r.children(c, part, inner)
		} else {
			r.node(c, part, inner)
		}
		part.flush()
		switch {
		case len(part.blocks) == 0:
		case deep:
			f.blocks = append(f.blocks, part.blocks...)
		case isItem || len(l.blocks) == 0:
			l.blocks = append(l.blocks, &block{kind: item, blocks: part.blocks, line: r.tree.line(c)})
		default:
			last := l.blocks[len(l.blocks)-1]
			last.blocks = append(last.blocks, part.blocks...)
		}
	}
	if len(l.blocks) > 0 {
		f.block(l)
	}
}

// startOf returns the number that a list begins with, as far as Markdown can say it (CommonMark §5.2: up to nine digits).
func startOf(n *html.Node) int {
	start, err := strconv.Atoi(strings.TrimSpace(attrOf(n, "start")))
	if err != nil || start < 0 || start > 999_999_999-100_000 {
		return 1
	}
	return start
}

// terms reads a definition list as a list whose items begin with their terms.
func (r *reader) terms(n *html.Node, f *flow, st state) {
	f.flush()
	deep := st.depth >= maxContainers
	inner := st
	inner.depth++
	l := &block{kind: list, line: r.tree.line(n)}
	var cur *block // the item that is open
	named := false // it has terms only so far
	into := func(bs []*block, line int32, isTerm bool) {
		switch {
		case len(bs) == 0:
			return
		case deep:
			f.blocks = append(f.blocks, bs...)
			return
		case cur == nil || isTerm && !named:
			cur = &block{kind: item, line: line}
			l.blocks = append(l.blocks, cur)
		}
		named = isTerm
		cur.blocks = append(cur.blocks, bs...)
	}
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.ElementNode && r.gone(c):
			case c.Type == html.ElementNode && r.defs[c] != "":
				r.node(c, &flow{}, inner)
			case c.Type == html.ElementNode && c.Data == "dt":
				into(r.term(c, inner), r.tree.line(c), true)
			case c.Type == html.ElementNode && c.Data == "dd":
				into(r.flowOf(c, inner).blocks, r.tree.line(c), false)
			case c.Type == html.ElementNode && c.Data == "div" && r.panels[c] == "" && partOf(c) == plain:
				visit(c) // HTML §4.4.9 allows <div> around groups
			default:
				part := &flow{}
				r.node(c, part, inner)
				part.flush()
				into(part.blocks, r.tree.line(c), false)
			}
		}
	}
	visit(n)
	if len(l.blocks) > 0 {
		f.block(l)
	}
}

// term reads the term of a definition list: bold, or code where it is a signature.
func (r *reader) term(n *html.Node, st state) []*block {
	if hasPart(n, signature) {
		if text := r.signature(n); text != "" {
			p := piece{kind: codeSpan, text: text, line: r.tree.line(n)}
			return []*block{{kind: paragraph, pieces: []piece{p}, line: p.line}}
		}
	}
	blocks := r.flowOf(n, st).blocks
	for _, b := range blocks {
		if b.kind == paragraph {
			embolden(b.pieces)
		}
	}
	return blocks
}

// embolden makes running text bold, but for code, which stands out by itself.
func embolden(ps []piece) {
	for i := range ps {
		if ps[i].kind == words && ps[i].style&key == 0 {
			ps[i].style |= bold
		}
	}
}

// details reads what can be unfolded: the summary as a label, then the rest.
func (r *reader) details(n *html.Node, f *flow, st state) {
	f.flush()
	folder := st.files && n.Parent != nil && n.Parent.Data == "li"
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "summary" && !r.gone(c) {
			if folder || holdsHeading(c) {
				r.children(c, f, st)
				f.flush()
			} else {
				r.label(c, f, st)
			}
			continue
		}
		r.node(c, f, st)
	}
	f.flush()
}

func holdsHeading(n *html.Node) bool {
	return holds(n, func(name string) bool { return headingLevel(name) > 0 })
}

// holds reports whether there is an element of a name among the first few hundred below n; further down it makes no difference to how a page
// reads, and looking everywhere in each of many nested elements takes long.
func holds(n *html.Node, want func(name string) bool) bool {
	seen, found := 0, false
	walk(n, func(c *html.Node) bool {
		seen++
		found = want(c.Data)
		return !found && seen < 500
	})
	return found
}

// holdsPre reports whether a figure shows code.
func holdsPre(n *html.Node) bool { return holds(n, func(name string) bool { return name == "pre" }) }

// label reads an element as a paragraph of its own in bold type.
func (r *reader) label(n *html.Node, f *flow, st state) {
	f.flush()
	ps, rest := joined(r.flowOf(n, state{link: st.link, depth: st.depth}).blocks)
	if len(ps) > 0 {
		embolden(ps)
		f.block(&block{kind: paragraph, pieces: asName(ps), line: r.lineOf(n, ps)})
	}
	f.blocks = append(f.blocks, rest...)
}

// asName sets a label that is one word with signs that Markdown would want escaped as code: the name of a file.
func asName(ps []piece) []piece {
	if len(ps) == 1 && ps[0].kind == words && !strings.Contains(ps[0].text, " ") && strings.ContainsAny(ps[0].text, "_*~<[") {
		ps[0].kind = codeSpan
	}
	return ps
}

// lineBlock reads lines of verse (docutils): each ends where the source's does.
func (r *reader) lineBlock(n *html.Node, f *flow, st state) {
	f.flush()
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && hasClass(c, "line-block") {
				visit(c)
			} else if c.Type == html.ElementNode {
				if len(f.cur) > 0 {
					f.add(piece{kind: lineEnd, line: r.tree.line(c)})
				}
				r.children(c, f, st)
			} else {
				r.node(c, f, st)
			}
		}
	}
	visit(n)
	f.flush()
}

func isCheckbox(n *html.Node) bool {
	return n.Data == "input" && strings.EqualFold(attrOf(n, "type"), "checkbox")
}

// checkbox reads the box of a task; other boxes are controls of the site.
func (r *reader) checkbox(n *html.Node, f *flow, st state) {
	item := n.Parent
	for i := 0; i < 3 && item != nil && item.Data != "li"; i++ {
		item = item.Parent
	}
	if item == nil || item.Data != "li" || len(f.cur) > 0 && !onlySpace(f.cur) {
		return
	}
	mark := "[ ]"
	if hasAttr(n, "checked") {
		mark = "[x]"
	}
	f.add(piece{kind: taskMark, text: mark, line: r.tree.line(n)})
	f.add(piece{kind: words, text: " "})
}

func onlySpace(ps []piece) bool {
	return !slices.ContainsFunc(ps, func(p piece) bool { return p.kind != words || strings.TrimSpace(p.text) != "" })
}

// anchor reads a link. Where it holds blocks (a card), the first of them is the link.
func (r *reader) anchor(n *html.Node, f *flow, st state) {
	if st.link == 0 {
		st.link = r.link(attrOf(n, "href"))
	}
	if attrOf(n, "role") == "doc-backlink" || hasClass(n, "fn-backref") {
		st.link = 0 // it leads back to where the reader comes from
	}
	if headed := n.Parent != nil && inHeading(n.Parent) && strings.HasPrefix(attrOf(n, "href"), "#"); headed {
		st.link = 0 // a heading that links to itself
	}
	if st.link == 0 || !holdsBlock(n) {
		r.children(n, f, st)
		return
	}
	f.flush()
	inner := r.flowOf(n, st)
	linked := false
	for _, b := range inner.blocks {
		unlink(b, st.link, &linked)
	}
	f.blocks = append(f.blocks, inner.blocks...)
}

func holdsBlock(n *html.Node) bool { return holds(n, isBlock) }

// unlink takes a link off all blocks but the first that has text.
func unlink(b *block, link int32, linked *bool) {
	has := false
	for i := range b.pieces {
		if b.pieces[i].link != link {
			continue
		}
		has = has || b.pieces[i].kind != lineEnd
		if *linked {
			b.pieces[i].link = 0
		}
	}
	*linked = *linked || has
	for _, c := range b.blocks {
		unlink(c, link, linked)
	}
}

// link returns the index of a destination; 0 where it leads nowhere that a reader of Markdown could go.
func (r *reader) link(href string) int32 {
	to := r.resolve(href)
	if to == "" {
		return 0
	}
	r.links = append(r.links, to)
	return int32(len(r.links))
}

// image reads a picture.
func (r *reader) image(n *html.Node, f *flow, st state) {
	alt := attrOf(n, "alt")
	line := r.tree.line(n)
	if hasPart(n, formula) || hasClass(n, "tex") {
		f.add(piece{kind: formulaSpan, text: alt, line: line})
		return
	}
	src := attrOf(n, "src")
	if src == "" || strings.HasPrefix(src, "data:") {
		src, _, _ = strings.Cut(strings.TrimSpace(attrOf(n, "data-src")+" "+attrOf(n, "srcset")), " ")
	}
	to := r.resolve(src)
	if to == "" || isEmoji(n) {
		f.add(piece{kind: words, style: st.style, link: st.link, line: line, text: alt})
		return
	}
	f.add(piece{kind: image, style: st.style, link: st.link, line: line, text: alt, url: to})
}

// isEmoji reports whether an image stands for a character.
func isEmoji(n *html.Node) bool {
	for class := range classes(n) {
		switch class {
		case "emoji", "gemoji", "twemoji", "emojione":
			return true
		}
	}
	return false
}

// paragraphs cuts running text where lines end twice, and sets its white space as a browser does (CSS Text §4.1): runs of it are one space,
// none stands at the ends.
func paragraphs(ps []piece) [][]piece {
	var all [][]piece
	var cur []piece
	gap, ends := false, 0
	for _, p := range ps {
		if p.kind == lineEnd {
			ends++
			continue
		}
		p, lead, trail := spaced(p)
		if p.text == "" && p.kind != image {
			gap = gap || lead
			continue
		}
		switch {
		case ends > 1 && len(cur) > 0:
			all = append(all, cur)
			cur = nil
		case ends == 1 && len(cur) > 0:
			cur = append(cur, piece{kind: lineEnd, line: p.line})
		}
		broken := ends > 0
		ends = 0
		p.gap = (gap || lead || p.joint && len(cur) > 0 && growTogether(cur[len(cur)-1], p)) && len(cur) > 0 && !broken
		cur = append(cur, p)
		gap = trail
	}
	if len(cur) > 0 {
		all = append(all, cur)
	}
	return all
}

// growTogether reports whether two pieces would read as one word.
func growTogether(a, b piece) bool {
	x, _ := utf8.DecodeLastRuneInString(a.text)
	y, _ := utf8.DecodeRuneInString(b.text)
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return a.kind != lineEnd && (inWord(x) || x == ')' || x == ']' || a.kind == image) && (inWord(y) || b.kind == image)
}

// spaced returns a piece without the white space at its ends, and whether there was some.
func spaced(p piece) (out piece, lead, trail bool) {
	if p.kind == image || p.kind == noteRef || p.kind == taskMark {
		p.text = collapse(p.text)
		p.text = strings.TrimSpace(p.text)
		return p, false, false
	}
	s := collapse(p.text)
	if s == " " {
		p.text = ""
		return p, true, true
	}
	lead, trail = strings.HasPrefix(s, " "), strings.HasSuffix(s, " ")
	p.text = strings.Trim(s, " ")
	return p, lead, trail
}

// collapse makes one space of each run of white space. What has no width and no meaning (soft hyphens, places where a word may be broken) goes.
func collapse(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		c := s[i]
		clean = c >= ' ' && c < 0x7f && (c != ' ' || i == 0 || s[i-1] != ' ')
	}
	if clean {
		return s
	}
	b := make([]byte, 0, len(s))
	for _, c := range s {
		switch {
		case c == '\u00ad' || c == '\u200b' || c == '\u2060' || c == '\ufeff':
		case unicode.IsSpace(c) || c < ' ' || c == 0x7f:
			if len(b) == 0 || b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
		default:
			b = utf8.AppendRune(b, c)
		}
	}
	return string(b)
}
