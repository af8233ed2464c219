package webpage

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// What a table of Markdown may grow to. Beyond that its rows are written as list items.
const (
	maxSpan    = 100    // columns or rows that one cell takes
	maxCells   = 50_000 // columns × rows
	maxColumns = 200
	maxRepeat  = 60 // bytes of a cell that is written again in each row that it spans
)

// table reads a table.
func (r *reader) table(n *html.Node, f *flow, st state) {
	f.flush()
	g := &grid{r: r, st: st, f: f}
	g.rows(n)
	f.flush()
	switch {
	case len(g.all) == 0:
	case n.Parent != nil && (hasClass(n.Parent, "colist") || hasClass(n.Parent, "calloutlist")):
		f.block(g.callouts())
	case isLayout(n, g):
		for _, row := range g.all {
			for _, c := range row.cells {
				f.blocks = append(f.blocks, c.blocks...)
			}
		}
	case g.tooMuch() || g.complex:
		f.blocks = append(f.blocks, g.records()...)
	default:
		f.block(g.table(r.tree.line(n)))
	}
}

// isLayout reports whether a table only puts things where they are: it says so, or has one column and no header.
func isLayout(n *html.Node, g *grid) bool {
	if role := attrOf(n, "role"); role == "presentation" || role == "none" {
		return true
	}
	for _, row := range g.all {
		if len(row.cells) != 1 || row.cells[0].header {
			return false
		}
	}
	return true
}

// grid gathers the cells of a table with their spans written out.
type grid struct {
	r       *reader
	st      state
	f       *flow // what stands in the table and in none of its cells goes before it
	all     []row
	aligns  []string
	open    map[int]span // cells of rows before that reach into the next
	cells   int          // so far; spans count as what they take
	wide    int
	heads   int  // rows of the header
	complex bool // some cell holds what no cell of Markdown can
}

// span is a cell that reaches into rows below.
type span struct {
	rows int
	cell cell
}

// rows reads all rows below an element.
func (g *grid) rows(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type != html.ElementNode:
			g.r.node(c, g.f, g.st)
		case c.Data == "tr":
			g.row(c, n.Data == "thead")
		case c.Data == "thead", c.Data == "tbody", c.Data == "tfoot":
			if c.Data == "tbody" || c.Data == "tfoot" {
				g.open = nil // no cell reaches beyond its group (HTML §4.9.11)
			}
			if !g.r.gone(c) {
				g.rows(c)
			}
		case c.Data == "caption":
			if !g.r.gone(c) {
				g.r.label(c, g.f, state{depth: g.st.depth})
			}
		case c.Data == "colgroup" || c.Data == "col":
		case c.Data == "form" || c.Data == "template" || strings.Contains(c.Data, "-"):
			g.rows(c)
		default:
			g.r.node(c, g.f, g.st)
		}
	}
}

// row reads a row.
func (g *grid) row(tr *html.Node, head bool) {
	if g.r.gone(tr) {
		return
	}
	out := row{line: g.r.tree.line(tr)}
	heads := true
	next := map[int]span{}
	fill := func() {
		for {
			s, ok := g.open[len(out.cells)]
			if !ok || g.cells > maxCells {
				return
			}
			g.cells++
			if s.rows > 1 {
				next[len(out.cells)] = span{s.rows - 1, s.cell}
			}
			out.cells = append(out.cells, s.cell)
		}
	}
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "td" && c.Data != "th" {
			g.r.node(c, g.f, g.st)
			continue
		}
		fill()
		this := g.cell(c)
		heads = heads && c.Data == "th"
		at := len(out.cells)
		out.cells = append(out.cells, this)
		for range g.spanOf(c, "colspan") - 1 {
			out.cells = append(out.cells, cell{header: this.header})
		}
		if rows := g.spanOf(c, "rowspan"); rows > 1 {
			for i := at; i < len(out.cells); i++ {
				below := out.cells[i]
				if bytesIn(below.lines) > maxRepeat {
					below = cell{}
				}
				below.blocks = nil
				next[i] = span{rows - 1, below}
			}
		}
		g.align(at, c)
	}
	fill()
	g.open = next
	if len(out.cells) == 0 || allEmpty(out.cells) && len(next) == 0 {
		return
	}
	g.wide = max(g.wide, len(out.cells))
	if len(g.all) == 0 && (head || heads) {
		g.heads = 1
	}
	g.all = append(g.all, out)
}

// spanOf returns how many columns or rows a cell takes. A page that asks for more cells than a table may have gets one each.
func (g *grid) spanOf(n *html.Node, key string) int {
	v, err := strconv.Atoi(strings.TrimSpace(attrOf(n, key)))
	if err != nil || v < 1 || g.cells > maxCells {
		return 1
	}
	v = min(v, maxSpan)
	g.cells += v
	return v
}

func allEmpty(cells []cell) bool {
	for _, c := range cells {
		if len(c.blocks) > 0 || len(c.lines) > 0 {
			return false
		}
	}
	return true
}

func bytesIn(lines [][]piece) (n int) {
	for _, ps := range lines {
		for _, p := range ps {
			n += len(p.text) + len(p.url)
		}
	}
	return n
}

// cell reads a cell.
func (g *grid) cell(n *html.Node) cell {
	if g.r.gone(n) {
		return cell{}
	}
	c := cell{header: n.Data == "th", blocks: g.r.flowOf(n, state{depth: g.st.depth + 1}).blocks}
	c.lines = g.lines(c.blocks)
	return c
}

// lines writes blocks as lines of running text, as far as a cell can hold them.
func (g *grid) lines(blocks []*block) (all [][]piece) {
	prefixed := func(prefix string, ps []piece) []piece {
		if prefix == "" {
			return ps
		}
		ps = append([]piece{{kind: cellMark, text: prefix, line: ps[0].line}}, ps...)
		ps[1].gap = false
		return ps
	}
	for _, b := range blocks {
		switch b.kind {
		case paragraph, heading:
			ps := b.pieces
			if b.kind == heading {
				ps = append([]piece(nil), ps...)
				embolden(ps)
			}
			for _, line := range splitLines(ps) {
				all = append(all, line)
			}
		case quote:
			all = append(all, g.lines(b.blocks)...)
		case list:
			for i, it := range b.blocks {
				mark := "- "
				if b.ordered {
					mark = strconv.Itoa(b.start+i) + ". "
				}
				for j, line := range g.lines(it.blocks) {
					if j == 0 && !(line[0].kind == cellMark) {
						line = prefixed(mark, line)
					}
					all = append(all, line)
				}
			}
		case code:
			if strings.Contains(b.text, "\n") || b.lang != "" {
				g.complex = true
				continue
			}
			all = append(all, []piece{{kind: codeSpan, text: strings.TrimSpace(b.text), line: b.line}})
		case rule:
		default:
			g.complex = true
		}
	}
	return all
}

// splitLines cuts running text at its line ends.
func splitLines(ps []piece) (all [][]piece) {
	from := 0
	for i := range ps {
		if ps[i].kind == lineEnd {
			if i > from {
				all = append(all, ps[from:i])
			}
			from = i + 1
		}
	}
	if from < len(ps) {
		all = append(all, ps[from:])
	}
	return all
}

// align notes how a column is set, as its first cell that says so has it.
func (g *grid) align(at int, n *html.Node) {
	if at >= maxColumns {
		return
	}
	for len(g.aligns) <= at {
		g.aligns = append(g.aligns, "")
	}
	if g.aligns[at] == "" {
		g.aligns[at] = alignOf(n)
	}
}

func alignOf(n *html.Node) string {
	style := strings.ToLower(strings.ReplaceAll(attrOf(n, "style"), " ", ""))
	how := strings.ToLower(attrOf(n, "align"))
	switch {
	case strings.Contains(style, "text-align:center") || how == "center" || hasClass(n, "text-center"):
		return ":-:"
	case strings.Contains(style, "text-align:right") || how == "right" || hasClass(n, "text-right"):
		return "--:"
	}
	return ""
}

func (g *grid) tooMuch() bool {
	return g.wide > maxColumns || g.wide*(len(g.all)+1) > maxCells
}

// table returns the table as Markdown has it: one row of header, which is empty where the page has none.
func (g *grid) table(line int32) *block {
	wide := 1
	for _, row := range g.all {
		for i, c := range row.cells {
			if len(c.lines) > 0 {
				wide = max(wide, i+1) // columns that only spans made go
			}
		}
	}
	b := &block{kind: table, line: line, rows: g.all, aligns: make([]string, wide)}
	copy(b.aligns, g.aligns)
	if g.heads == 0 {
		b.rows = append([]row{{line: line}}, g.all...)
	}
	return b
}

// records returns the rows as items of a list: in each the cells, with the name of their column before them.
func (g *grid) records() []*block {
	if g.st.depth >= maxContainers {
		var all []*block
		for _, row := range g.all {
			for _, c := range row.cells {
				all = append(all, c.content()...)
			}
		}
		return all
	}
	l := &block{kind: list}
	var names []cell
	for i, row := range g.all {
		if l.line == 0 {
			l.line = row.line
		}
		if i == 0 && g.heads == 1 && len(g.all) > 1 && len(row.cells) <= maxColumns {
			names = row.cells
			continue
		}
		it := &block{kind: item, line: row.line}
		for j, c := range row.cells {
			it.blocks = append(it.blocks, record(names, j, c)...)
		}
		if len(it.blocks) > 0 {
			l.blocks = append(l.blocks, it)
		}
	}
	if len(l.blocks) == 0 {
		return nil
	}
	return []*block{l}
}

// callouts returns the notes to a block of code as AsciiDoc and DocBook lay them out, a number and a text in each row, as a numbered list.
func (g *grid) callouts() *block {
	l := &block{kind: list, ordered: true, start: 1, line: g.all[0].line}
	for _, row := range g.all {
		it := &block{kind: item, line: row.line}
		for i, c := range row.cells {
			if i > 0 || len(row.cells) == 1 {
				it.blocks = append(it.blocks, c.content()...)
			}
		}
		if len(it.blocks) > 0 {
			l.blocks = append(l.blocks, it)
		}
	}
	return l
}

// content returns what a cell holds; of one that reaches down from a row above, its text.
func (c *cell) content() []*block {
	if c.blocks != nil {
		return c.blocks
	}
	var all []*block
	for _, ps := range c.lines {
		ps = append([]piece(nil), ps...)
		if ps[0].kind == cellMark && len(ps) > 1 {
			ps = ps[1:]
			ps[0].gap = false
		}
		all = append(all, &block{kind: paragraph, pieces: ps, line: ps[0].line})
	}
	return all
}

// record returns a cell with the name of its column before it.
func record(names []cell, column int, c cell) []*block {
	blocks := c.content()
	if len(blocks) == 0 || column >= len(names) || len(names[column].lines) == 0 {
		return blocks
	}
	var name []piece
	for _, line := range names[column].lines {
		line = append([]piece(nil), line...)
		line[0].gap = len(name) > 0
		name = append(name, line...)
	}
	embolden(name)
	name = append(name, piece{kind: words, style: bold, text: ":", line: name[0].line})
	if first := blocks[0]; first.kind == paragraph {
		ps := append([]piece(nil), first.pieces...)
		ps[0].gap = true
		merged := &block{kind: paragraph, pieces: append(name, ps...), line: first.line}
		return append([]*block{merged}, blocks[1:]...)
	}
	return append([]*block{{kind: paragraph, pieces: name, line: blocks[0].line}}, blocks...)
}
