package docs

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Tree is Markdown as goldmark's nodes, for whoever renders it. Beside those of CommonMark 0.31 it holds Footnote and FootnoteMark, and the tables
// of goldmark's extension (GitHub Flavored Markdown §4.10), whose rows have as many cells as are written.
type Tree struct {
	Root   ast.Node
	Source []byte // of which the nodes are segments
}

// The nodes that neither CommonMark nor goldmark has. A mark stands only where its footnote is defined.
type (
	Footnote     = footnote
	FootnoteMark = footnoteMark
)

// The kinds of these nodes.
var (
	KindFootnote     = kindFootnote
	KindFootnoteMark = kindFootnoteMark
)

// Label returns the label of a footnote, as written.
func (n *footnote) Label() string { return n.label }

// Label returns the label of the footnote that is meant, as written.
func (n *footnoteMark) Label() string { return n.label }

// SameFootnote returns what is equal for labels that mean the same footnote.
func SameFootnote(label string) string { return noteKey(label) }

// readable is the parser of pages, which takes tables apart as well.
var readable = newMarkdown(util.Prioritized(tables{}, 200))

// ParseTree parses Markdown as pages are parsed, within the same limits. A text that goes beyond one of them has no tree: fault says why.
func ParseTree(s string) (t *Tree, fault string) {
	if _, h := prescan(s); h != nil {
		return nil, h.what
	}
	p := &parsed{s: s, src: []byte(s), size: len(s), spans: map[ast.Node]linkSpan{}}
	if p.read(readable, nil); p.fault != nil {
		return nil, p.fault.what
	}
	return &Tree{p.root, p.src}, ""
}

// HeadingText returns what a reader sees of a heading: what its anchor is made of.
func (t *Tree) HeadingText(h *ast.Heading) string { return plainText(h, t.Source, true) }

// tables takes tables out of paragraphs. goldmark's own parser fills short rows up, so that a wide header over many of them takes the memory of
// the machine; here a row has the cells that it has.
type tables struct{}

func (tables) Transform(node *ast.Paragraph, reader text.Reader, _ parser.Context) {
	lines, src := node.Lines(), reader.Source()
	for i := 1; i < lines.Len(); i++ {
		delimiter := lines.At(i)
		n := delimiterCells(strings.TrimSpace(string(delimiter.Value(src))))
		if n == 0 {
			continue
		}
		align, ok := alignments(rowCells(delimiter, src), src)
		head := rowCells(lines.At(i-1), src)
		if !ok || len(head) != len(align) {
			continue
		}
		t := table.NewTable()
		t.Alignments = align
		t.SetPos(lines.At(i - 1).Start)
		t.AppendChild(t, table.NewTableHeader(tableRow(head, align, lines.At(i-1).Start)))
		for j := i + 1; j < lines.Len(); j++ {
			t.AppendChild(t, tableRow(rowCells(lines.At(j), src), align, lines.At(j).Start))
		}
		node.Parent().InsertAfter(node.Parent(), node, t)
		node.Lines().SetSliced(0, i-1)
		if i == 1 {
			node.Parent().RemoveChild(node.Parent(), node)
		}
		return
	}
}

func tableRow(cells []text.Segment, align []table.Alignment, at int) *table.TableRow {
	row := table.NewTableRow(align)
	row.SetPos(at)
	for i, c := range cells {
		cell := table.NewTableCell()
		cell.SetPos(c.Start)
		cell.Lines().Append(c)
		if cell.Alignment = table.AlignNone; i < len(align) {
			cell.Alignment = align[i]
		}
		row.AppendChild(row, cell)
	}
	return row
}

// rowCells divides a line of a table at its bars. A bar after a backslash is text, in code too.
func rowCells(line text.Segment, src []byte) []text.Segment {
	line = line.TrimLeftSpace(src)
	line = line.TrimRightSpace(src)
	at := line.Start
	if at < line.Stop && src[at] == '|' {
		at++
	}
	var cells []text.Segment
	for i := at; i <= line.Stop; i++ {
		switch {
		case i == line.Stop && i == at && len(cells) > 0: // after the bar that ends the row
		case i == line.Stop || src[i] == '|':
			cell := text.NewSegment(at, i)
			cell = cell.TrimLeftSpace(src)
			cells = append(cells, cell.TrimRightSpace(src))
			at = i + 1
		case src[i] == '\\' && i+1 < line.Stop && util.IsPunct(src[i+1]):
			i++
		}
	}
	return cells
}

// alignments reads the cells of the line below a table's header.
func alignments(cells []text.Segment, src []byte) ([]table.Alignment, bool) {
	var all []table.Alignment
	for _, c := range cells {
		s := string(c.Value(src))
		left, right := strings.HasPrefix(s, ":"), strings.HasSuffix(s, ":")
		switch dashes := strings.Trim(s, ":"); {
		case dashes == "" || strings.Trim(dashes, "-") != "" || len(s)-len(dashes) > 2 || len(s)-len(dashes) == 2 && !(left && right):
			return nil, false
		case left && right:
			all = append(all, table.AlignCenter)
		case left:
			all = append(all, table.AlignLeft)
		case right:
			all = append(all, table.AlignRight)
		default:
			all = append(all, table.AlignNone)
		}
	}
	return all, true
}
