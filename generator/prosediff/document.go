package prosediff

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// kind says what a block is. Only blocks of one kind are compared for similarity.
type kind uint8

const (
	blank      kind = iota // a file that holds nothing else
	frontFence             // --- before and after front matter
	frontKey               // one key of the front matter, or of a map one level below
	heading
	paragraph
	item      // the text of a list item; its children are blocks of their own
	tableHead // a table's header and delimiter row
	row
	code // a fence, an indented block, or a file that is no prose
	html
	ruler // a thematic break
)

// shape is what is known of a block besides its bytes.
type shape struct {
	kind  kind
	level uint8 // heading: 1–6; code: see fenced, indented, plain
	depth uint8 // lists around it
	flags uint8
}

const (
	ordered  uint8 = 1 << iota // in a numbered list
	atMarker                   // its first line begins with list markers
	quoted                     // inside a block quote
	byteMark                   // the file's first block, with a byte order mark before it
)

// What a code block is bounded by (shape.level): a fence, its indentation, or its file.
const (
	fenced uint8 = iota
	indented
	plain
)

// block is a run of whole lines of a document: from its first line to the next block. Blocks cover a document without gaps.
type block struct {
	text    *text
	start   int32 // byte offset
	line    int32 // 1-based
	section int32 // index into document.sections; -1 before the first heading
	head    int32 // row: index of its table's head; else -1
}

// section is a heading with all that stands below it, up to the next heading of its level.
type section struct {
	block  int32 // its heading
	parent int32 // enclosing section, or -1
	level  uint8
}

// document is a file cut into blocks.
type document struct {
	blocks   []block
	sections []section
	lines    int32
	flat     bool // nested too deeply for a parser: cut at blank lines only

	mu     sync.Mutex
	trails []trail // of each section, as far as somebody asked
}

// maxDepth bounds containers on one line: Markdown that people write stays below six, and a parser's time grows with the square.
const maxDepth = 32

var markdown = parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))

var bom = []byte("\xef\xbb\xbf")

// parseMarkdown cuts a Markdown file into blocks. It never fails: for any bytes the blocks cover the file.
func parseMarkdown(data []byte, pool *pool) *document {
	c := cutter{data: data, doc: &document{}, pool: pool}
	body := len(data) - len(bytes.TrimPrefix(data, bom))
	body = c.frontMatter(body)
	text := data[body:]
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte(" \n")) // same offsets
	}
	if c.doc.flat = tooDeep(text); c.doc.flat {
		c.paragraphs(text, body)
	} else {
		c.offset = body
		root := markdown.Parse(gmtext.NewReader(text))
		c.source = text
		for n := root.FirstChild(); n != nil; n = n.NextSibling() {
			c.node(n, shape{}, false)
		}
	}
	return c.finish()
}

// parsePlain makes one code block of a file that is no prose.
func parsePlain(data []byte, pool *pool) *document {
	c := cutter{data: data, doc: &document{}, pool: pool}
	c.begin(0, shape{kind: code, level: plain})
	return c.finish()
}

// tooDeep reports whether a line begins with more container markers than a parser should be given.
func tooDeep(text []byte) bool {
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = nil
		}
		depth := 0
		for rest := line; ; depth++ {
			n := containerMarker(rest)
			if n == 0 {
				break
			}
			rest = rest[n:]
		}
		if depth > maxDepth && !isRuler(line) {
			return true
		}
	}
	return false
}

// containerMarker returns the length of the block quote or list marker that line begins with, with the blanks before it; 0 for none.
func containerMarker[T string | []byte](line T) int {
	i := 0
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	if i < len(line) && line[i] == '>' {
		return i + 1
	}
	return listMarker(line, i)
}

// listMarker returns where the list marker at line[i:] ends, without the blanks behind it; 0 where there is none.
func listMarker[T string | []byte](line T, i int) int {
	digits := i
	for digits < len(line) && digits < i+9 && line[digits] >= '0' && line[digits] <= '9' {
		digits++
	}
	switch {
	case digits >= len(line):
		return 0
	case digits > i && (line[digits] == '.' || line[digits] == ')'):
	case digits == i && (line[i] == '-' || line[i] == '*' || line[i] == '+'):
	default:
		return 0
	}
	if end := digits + 1; end == len(line) || line[end] == ' ' || line[end] == '\t' || line[end] == '\n' || line[end] == '\r' {
		return end
	}
	return 0
}

// isRuler reports whether the line is a thematic break, however long.
func isRuler(line []byte) bool {
	line = bytes.TrimSpace(line)
	for _, c := range line {
		if c != line[0] && c != ' ' && c != '\t' {
			return false
		}
	}
	return len(line) > 0 && (line[0] == '-' || line[0] == '*' || line[0] == '_')
}

// cutter collects the blocks of one file in order.
type cutter struct {
	data   []byte
	source []byte // what the parser saw: data from offset on, with blanks for carriage returns
	offset int
	doc    *document
	pool   *pool
	shapes []shape
	head   int32
}

// begin starts a block at the line that holds the byte at. Two blocks can't start on one line: the second is part of the first.
func (c *cutter) begin(at int, s shape) bool {
	start := int32(bytes.LastIndexByte(c.data[:at], '\n') + 1)
	n := len(c.doc.blocks)
	if n == 0 {
		start = 0
		if bytes.HasPrefix(c.data, bom) {
			s.flags |= byteMark
		}
	} else if start <= c.doc.blocks[n-1].start {
		return false
	}
	head := int32(-1)
	switch s.kind {
	case tableHead:
		c.head = int32(n)
	case row:
		head = c.head
	}
	c.doc.blocks = append(c.doc.blocks, block{start: start, section: int32(len(c.doc.sections)) - 1, head: head})
	c.shapes = append(c.shapes, s)
	return true
}

// node cuts one node of the tree. marks says that it begins on the line of its list item's marker.
func (c *cutter) node(n ast.Node, s shape, marks bool) {
	if marks {
		s.flags |= atMarker
	}
	switch n := n.(type) {
	case *ast.Blockquote:
		s.flags = s.flags&^atMarker | quoted
		c.children(n, s, marks)
	case *ast.List:
		s.depth, s.flags = s.depth+1, s.flags&^ordered
		if n.IsOrdered() {
			s.flags |= ordered
		}
		c.children(n, s, marks)
	case *ast.ListItem:
		if !n.HasChildren() {
			c.leaf(n, n.Pos(), shape{kind: item, depth: s.depth, flags: s.flags | atMarker})
			return
		}
		c.children(n, s, true)
	case *ast.Heading:
		c.heading(n, s)
	case *ast.Paragraph, *ast.TextBlock:
		s.kind = paragraph
		if s.flags&atMarker != 0 {
			s.kind = item
		}
		c.prose(n, s)
	case *ast.FencedCodeBlock:
		s.kind, s.level = code, fenced
		c.leaf(n, n.Pos(), s)
	case *ast.CodeBlock:
		s.kind, s.level = code, indented
		c.leaf(n, -1, s)
	case *ast.HTMLBlock:
		s.kind = html
		c.leaf(n, -1, s)
	case *ast.ThematicBreak:
		s.kind = ruler
		c.leaf(n, n.Pos(), s)
	default:
		s.kind = paragraph
		c.leaf(n, n.Pos(), s)
	}
}

func (c *cutter) children(n ast.Node, s shape, marks bool) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		c.node(child, s, marks)
		if _, item := child.(*ast.ListItem); !item {
			marks = false // only the first child stands on the marker's line
			s.flags &^= atMarker
		}
	}
}

// leaf begins a block at pos, an offset into source, or where that is unknown at the node's first line.
func (c *cutter) leaf(n ast.Node, pos int, s shape) bool {
	if pos < 0 {
		if n.Lines().Len() == 0 {
			return false
		}
		pos = n.Lines().At(0).Start
	}
	return c.begin(c.offset+min(pos, len(c.source)), s)
}

func (c *cutter) heading(n *ast.Heading, s shape) {
	s.kind, s.level = heading, uint8(n.Level)
	if !c.leaf(n, n.Pos(), s) {
		return
	}
	if _, top := n.Parent().(*ast.Document); top {
		c.openSection(s.level)
	}
}

func (c *cutter) openSection(level uint8) {
	parent := int32(len(c.doc.sections)) - 1
	for parent >= 0 && c.doc.sections[parent].level >= level {
		parent = c.doc.sections[parent].parent
	}
	last := &c.doc.blocks[len(c.doc.blocks)-1]
	last.section = int32(len(c.doc.sections))
	c.doc.sections = append(c.doc.sections, section{block: int32(len(c.doc.blocks)) - 1, parent: parent, level: level})
}

// prose begins a paragraph or item; the table that may be its end is cut into rows.
func (c *cutter) prose(n ast.Node, s shape) {
	lines := n.Lines()
	top := findTable(c.source, lines)
	if top != 0 {
		c.leaf(n, -1, s)
	}
	if top < 0 {
		return
	}
	for i := top; i < lines.Len(); i++ {
		switch r := s; {
		case i == top:
			r.kind = tableHead
			c.begin(c.offset+lines.At(i).Start, r)
		case i > top+1:
			r.kind, r.flags = row, s.flags&^atMarker
			c.begin(c.offset+lines.At(i).Start, r)
		}
	}
}

// paragraphs cuts text at blank lines: for what is nested too deeply to be parsed.
func (c *cutter) paragraphs(text []byte, offset int) {
	empty := true
	for at := 0; at < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if isBlank := len(bytes.TrimSpace(text[at:end])) == 0; isBlank {
			empty = true
		} else if empty {
			c.begin(offset+at, shape{kind: paragraph})
			empty = false
		}
		at = end
	}
}

// finish gives each block its bytes and its line.
func (c *cutter) finish() *document {
	if len(c.doc.blocks) == 0 {
		if len(c.data) == 0 {
			return c.doc
		}
		c.begin(0, shape{kind: blank})
	}
	c.doc.blocks = slices.Clip(append([]block(nil), c.doc.blocks...))
	line := int32(1)
	for i := range c.doc.blocks {
		b := &c.doc.blocks[i]
		end := int32(len(c.data))
		if i+1 < len(c.doc.blocks) {
			end = c.doc.blocks[i+1].start
		}
		raw := c.data[b.start:end]
		b.line = line
		b.text = c.pool.intern(c.shapes[i], raw)
		line += int32(bytes.Count(raw, []byte{'\n'}))
	}
	c.doc.lines = line - 1
	if n := len(c.data); n > 0 && c.data[n-1] != '\n' {
		c.doc.lines++
	}
	return c.doc
}

// end returns the line after the last one that block i fills; blank lines behind it don't count.
func (d *document) end(i int32) int32 {
	b := d.blocks[i]
	return b.line + int32(strings.Count(strings.TrimRight(b.text.raw, " \t\r\n"), "\n")) + 1
}

// last returns the block after the section's last one.
func (d *document) last(s int32) int32 {
	for next := s + 1; next < int32(len(d.sections)); next++ {
		if d.sections[next].level <= d.sections[s].level {
			return d.sections[next].block
		}
	}
	return int32(len(d.blocks))
}
