package webpage

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What a tree may grow to. Real pages nest their elements up to 60 deep; html.Parse refuses more than 512, and takes time and memory out of
// all proportion on formatting elements that nobody closes.
const (
	maxTree   = 256  // elements in one another; a start tag below that is read over, its content stands where it stood
	maxAttrs  = 64   // attributes kept of one tag
	maxClass  = 4096 // bytes kept of its classes, which are looked at again and again
	maxReopen = 4    // blocks, and elements that set text, that are cut in two where the end tag of <b> or <a> stands inside them
)

// tree is a page as elements and text. Unlike html.Parse, which follows HTML §13.2.6 to the letter, reading is linear whatever the page holds,
// and text that stands at odd places (straight in a table) stays in its place. On pages whose tags are in order both give the same tree.
type tree struct {
	html, head, body *html.Node
	lines            map[*html.Node]int32 // the line on which a text begins or a start tag ends; nil unless wanted
	last             int32                // the number of the last line
}

// line returns the 1-based line of a node in the input; 0 where lines are not wanted.
func (t *tree) line(n *html.Node) int32 { return t.lines[n] }

// grower makes a tree out of tokens.
type grower struct {
	tree
	stack   []*html.Node // open elements, the outermost first; html and body are the first two once there is a body
	skipped map[string]int
	inHead  bool
	at      int32 // the line on which the next token begins
	trim    bool  // a line feed right after <pre> is no content
}

// grow reads a page of UTF-8.
func grow(src []byte, lines bool) *tree {
	g := &grower{inHead: true, at: 1, skipped: map[string]int{}}
	g.html, g.head, g.body = element("html"), element("head"), element("body")
	doc := &html.Node{Type: html.DocumentNode}
	doc.AppendChild(g.html)
	g.html.AppendChild(g.head)
	g.html.AppendChild(g.body)
	g.stack = []*html.Node{g.html, g.head}
	if lines {
		g.lines = map[*html.Node]int32{}
	}
	g.read(src)
	g.last = g.at
	return &g.tree
}

func element(name string) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
}

// read takes all tokens.
func (g *grower) read(src []byte) {
	z := html.NewTokenizer(bytes.NewReader(src))
	for {
		kind := z.Next()
		from := g.at
		g.at += int32(bytes.Count(z.Raw(), []byte{'\n'}))
		switch kind {
		case html.ErrorToken:
			return
		case html.TextToken:
			g.text(z.Text(), from)
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			t.Attr = clamp(t.Attr)
			if g.start(&t, kind == html.SelfClosingTagToken) {
				z.NextIsNotRawText()
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			g.end(string(name))
		}
	}
}

// clamp keeps as much of a tag's attributes as a tag of a real page has.
func clamp(attrs []html.Attribute) []html.Attribute {
	if len(attrs) > maxAttrs {
		attrs = slices.Clone(attrs[:maxAttrs])
	}
	for i := range attrs {
		if a := &attrs[i]; a.Key == "class" && len(a.Val) > maxClass {
			a.Val = strings.ToValidUTF8(a.Val[:maxClass], "")
		}
	}
	return attrs
}

// text appends a text.
func (g *grower) text(data []byte, line int32) {
	if g.trim {
		g.trim = false
		if len(data) > 0 && data[0] == '\n' {
			data = data[1:]
			line++
		}
	}
	if len(data) == 0 {
		return
	}
	if g.inHead && !g.inTemplate() && !headOnly[g.top().Data] && len(bytes.TrimSpace(data)) > 0 {
		g.enterBody()
	}
	n := &html.Node{Type: html.TextNode, Data: string(data)}
	g.append(n, line)
}

func (g *grower) top() *html.Node { return g.stack[len(g.stack)-1] }

func (g *grower) append(n *html.Node, line int32) {
	g.top().AppendChild(n)
	if g.lines != nil {
		g.lines[n] = line
	}
}

// enterBody ends the head, wherever it was left open.
func (g *grower) enterBody() {
	g.inHead = false
	g.stack = append(g.stack[:0], g.html, g.body)
}

// start opens an element. It reports whether the tag stands in SVG or MathML, where nothing is raw text.
func (g *grower) start(t *html.Token, closed bool) (foreign bool) {
	g.trim = false
	switch t.Data {
	case "html":
		merge(g.html, t.Attr)
		return false
	case "head":
		merge(g.head, t.Attr)
		return false
	case "body":
		if g.inHead {
			g.enterBody()
		}
		merge(g.body, t.Attr)
		return false
	}
	if g.inHead && !headOnly[t.Data] && !g.inTemplate() {
		g.enterBody()
	}
	if foreign = g.foreign(); foreign && breakout[t.Data] {
		g.leaveForeign()
		foreign = false
	}
	if !foreign {
		g.imply(t.Data)
	}
	n := &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
	if len(g.stack) >= maxTree && !void[n.Data] && !rawText[n.Data] {
		if !(foreign && closed) {
			g.skipped[n.Data]++
		}
		return foreign
	}
	g.append(n, g.at)
	if !void[n.Data] && !(closed && (foreign || n.Data == "svg" || n.Data == "math")) {
		g.stack = append(g.stack, n)
	}
	g.trim = n.Data == "pre" || n.Data == "textarea" || n.Data == "listing"
	return foreign
}

func (g *grower) inTemplate() bool { return len(g.stack) > 2 && g.stack[2].Data == "template" }

// merge adds attributes that an element does not have.
func merge(n *html.Node, attrs []html.Attribute) {
	for _, a := range attrs {
		if len(n.Attr) < maxAttrs && !hasAttr(n, a.Key) {
			n.Attr = append(n.Attr, a)
		}
	}
}

// foreign reports whether what comes next belongs to SVG or MathML.
func (g *grower) foreign() bool {
	for i := len(g.stack) - 1; i > 0; i-- {
		switch g.stack[i].Data {
		case "svg", "math":
			return true
		case "foreignobject", "desc", "title", "annotation-xml", "body", "td", "th":
			return false
		}
	}
	return false
}

func (g *grower) leaveForeign() {
	for g.foreign() {
		g.stack = g.stack[:len(g.stack)-1]
	}
}

// imply closes what a start tag closes without saying so, and opens what it stands in (HTML §13.1.2.4, §13.2.6.4).
func (g *grower) imply(name string) {
	switch {
	case name == "li":
		g.closeUntil(name, name, isListEdge)
	case name == "dd", name == "dt":
		g.closeUntil("dd", "dt", isListEdge)
	case name == "option" || name == "optgroup":
		if top := g.top().Data; top == "option" {
			g.pop()
		}
	case name == "a":
		g.closeUntil("a", "a", isBlock)
	case name == "button":
		g.closeUntil("button", "button", isScope)
	case name == "table":
		if tableParts[g.top().Data] || g.top().Data == "table" {
			g.closeUntil("table", "table", isScope)
		}
	case tableParts[name]:
		g.implyTable(name)
		return
	}
	if closesParagraph[name] {
		g.closeUntil("p", "p", isButtonScope)
	}
	if level := headingLevel(name); level > 0 && headingLevel(g.top().Data) > 0 {
		g.pop()
	}
}

// implyTable closes cells and rows, and opens a row group and a row where they were left out.
func (g *grower) implyTable(name string) {
	at := g.find(isTable, isTableEdge)
	if at < 0 {
		return // a row without a table stays an element of its own: its words have a place
	}
	if name == "col" && g.top().Data == "colgroup" {
		return
	}
	keep := at + 1
	rank := max(1, tableRank[name])
	for keep < len(g.stack) {
		if r := tableRank[g.stack[keep].Data]; r == 0 || r >= rank {
			break
		}
		keep++
	}
	g.stack = g.stack[:keep]
	if rank >= 2 && tableRank[g.top().Data] == 0 {
		g.open("tbody")
	}
	if rank >= 3 && tableRank[g.top().Data] == 1 {
		g.open("tr")
	}
}

func (g *grower) open(name string) {
	n := element(name)
	g.append(n, g.at)
	g.stack = append(g.stack, n)
}

func (g *grower) pop() { g.stack = g.stack[:len(g.stack)-1] }

// closeUntil closes the innermost element of either name, unless an element of an edge stands before it.
func (g *grower) closeUntil(name, other string, edge func(string) bool) {
	if at := g.find(func(s string) bool { return s == name || s == other }, edge); at > 0 {
		g.stack = g.stack[:at]
	}
}

// find returns the place of the innermost open element that is wanted; -1 where there is none or an edge comes first.
func (g *grower) find(want, edge func(string) bool) int {
	for i := len(g.stack) - 1; i > 1; i-- {
		switch name := g.stack[i].Data; {
		case want(name):
			return i
		case edge(name):
			return -1
		}
	}
	return -1
}

// end closes an element.
func (g *grower) end(name string) {
	g.trim = false
	if g.skipped[name] > 0 {
		g.skipped[name]--
		return
	}
	switch {
	case name == "html" || name == "body":
		return
	case name == "head":
		if g.inHead {
			g.enterBody()
		}
		return
	case name == "br":
		g.append(element("br"), g.at)
		return
	case headingLevel(name) > 0:
		if at := g.find(func(s string) bool { return headingLevel(s) > 0 }, isScope); at > 0 {
			g.stack = g.stack[:at]
		}
		return
	}
	edge := isScope
	switch {
	case name == "li":
		edge = func(s string) bool { return isScope(s) || s == "ul" || s == "ol" }
	case name == "p":
		edge = isButtonScope
	case name == "table":
		edge = isTableEdge
	case tableParts[name]:
		edge = isTable
	case g.inHead:
		edge = func(string) bool { return false }
	case !isBlock(name) && !apart[name]:
		g.endInline(name)
		return
	}
	at := g.find(func(s string) bool { return s == name }, edge)
	if at < 0 {
		return
	}
	g.stack = g.stack[:at]
}

// endInline closes an element of running text. Where it was opened outside of blocks or links that are still open, they are cut in two, as the
// end of a link or of bold text is where its tag stands.
func (g *grower) endInline(name string) {
	blocks := 0
	for i := len(g.stack) - 1; i > 1; i-- {
		switch s := g.stack[i].Data; {
		case s == name:
			inner := g.stack[i+1:]
			g.stack = g.stack[:i]
			g.reopen(inner)
			return
		case isScope(s) || isBlock(s) && (blocks == maxReopen || !reopened[name]):
			return
		case isBlock(s):
			blocks++
		}
	}
}

// reopen opens elements again that were closed with one around them: blocks, and a few of those that set text.
func (g *grower) reopen(inner []*html.Node) {
	styles := 0
	for _, n := range inner {
		if !isBlock(n.Data) {
			if styles++; !reopened[n.Data] || styles > maxReopen {
				continue
			}
		}
		again := &html.Node{Type: html.ElementNode, Data: n.Data, DataAtom: n.DataAtom, Attr: n.Attr}
		g.append(again, g.at)
		g.stack = append(g.stack, again)
	}
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// Kinds of elements (HTML §13.1.2, §13.2.4.2).
var (
	void     = set("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param", "source", "track", "wbr")
	rawText  = set("iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp")
	headOnly = set("base", "link", "meta", "noscript", "script", "style", "template", "title")

	blocks = set("address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt",
		"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "legend", "li", "listing",
		"main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre", "search", "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th",
		"thead", "tr", "ul", "xmp")
	closesParagraph = set("address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
		"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre", "search", "section",
		"summary", "table", "ul", "xmp")
	scopes     = set("applet", "caption", "html", "marquee", "object", "table", "td", "template", "th")
	apart      = set("applet", "button", "iframe", "marquee", "math", "object", "svg", "template", "video", "audio", "canvas", "noscript", "script", "style", "title")
	reopened   = set("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
	tableParts = set("caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr")
	tableRank  = map[string]int{"tbody": 1, "tfoot": 1, "thead": 1, "tr": 2, "td": 3, "th": 3}
	breakout   = set("b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr",
		"i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var")
)

func isBlock(name string) bool       { return blocks[name] }
func isScope(name string) bool       { return scopes[name] }
func isButtonScope(name string) bool { return scopes[name] || name == "button" }
func isTable(name string) bool       { return name == "table" }
func isTableEdge(name string) bool   { return name == "template" || name == "html" }

// isListEdge says at which elements the search for an open item ends (HTML §13.2.6.4.7, "li").
func isListEdge(name string) bool {
	return (blocks[name] || apart[name]) && name != "address" && name != "div" && name != "p"
}

// headingLevel returns 1 to 6 for h1 to h6, else 0.
func headingLevel(name string) int {
	if len(name) == 2 && name[0] == 'h' && '1' <= name[1] && name[1] <= '6' {
		return int(name[1] - '0')
	}
	return 0
}

func hasAttr(n *html.Node, key string) bool {
	_, ok := attr(n, key)
	return ok
}

// attr returns the value of an attribute.
func attr(n *html.Node, key string) (string, bool) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val, true
		}
	}
	return "", false
}

func attrOf(n *html.Node, key string) string {
	v, _ := attr(n, key)
	return v
}
