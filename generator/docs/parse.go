package docs

import (
	"bytes"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is goldmark's CommonMark parser with footnotes, each part of it that can be slow held to a budget. Tables are not parsed: to it
// they are paragraphs, whose cells are inline text all the same. Order and priorities are goldmark's own.
var markdown = newMarkdown()

// newMarkdown makes the parser, with more transformers of paragraphs where they are given.
func newMarkdown(more ...util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(htmlBlocks{}, 900),
			util.Prioritized(footnoteBlocks{}, 950),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(codeSpans{parser.NewCodeSpanParser()}, 100),
			util.Prioritized(footnoteMarks{}, 150),
			util.Prioritized(links{parser.NewLinkParser()}, 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(stars{parser.NewEmphasisParser()}, 500),
		),
		parser.WithParagraphTransformers(append(more, util.Prioritized(definitions{parser.LinkReferenceParagraphTransformer}, 100))...),
	)
}

// parsed is a text and what goldmark makes of it.
type parsed struct {
	s     string // the text and sentinel
	src   []byte // the same
	size  int    // bytes of the text
	root  ast.Node
	spans map[ast.Node]linkSpan
	fault *hostile // the parser gave up some part: the tree is not to be used
}

// linkSpan is where the parts of a link stand that its node does not say.
type linkSpan struct {
	bracket int // the ] that ends its text
	end     int // after its last byte
}

// sentinel follows every text that is parsed. Where it is no heading of the document, something of the text is still open.
const sentinel = "\n\n#\n"

// parse parses s, which prescan has passed. References that are defined elsewhere in the same source may be given.
func parse(s string, refs []parser.Reference) *parsed {
	p := &parsed{s: s + sentinel, size: len(s), spans: map[ast.Node]linkSpan{}}
	p.src = []byte(p.s)
	p.read(markdown, refs)
	return p
}

// read makes the tree.
func (p *parsed) read(markdown parser.Parser, refs []parser.Reference) {
	pc := parser.NewContext()
	w := &watch{parsed: p, notes: map[string]bool{}, links: linkBudget, code: codeBudget, stars: starBudget, defs: defineBudget}
	pc.Set(watchKey, w)
	for _, r := range refs {
		pc.AddReference(r)
	}
	p.root = markdown.Parse(text.NewReader(p.src), parser.WithContext(pc))
}

// closed reports whether everything that the text opened ends with it.
func (p *parsed) closed() bool {
	h, ok := p.root.LastChild().(*ast.Heading)
	return ok && h.Pos() >= p.size
}

// watch keeps account of what parsing costs, and of what nodes don't say about themselves.
type watch struct {
	*parsed
	notes map[string]bool // footnotes that are defined, normalised

	// What is left of each budget.
	links, code, stars, defs int

	// Of the block whose inline text is being parsed.
	open   []int // offsets of brackets
	delims int
	closes int
}

var watchKey = parser.NewContextKey()

func watchOf(pc parser.Context) *watch { return pc.Get(watchKey).(*watch) }

// spend takes the cost of something in a block off a budget; false where it is used up.
func (w *watch) spend(budget *int, cost int, block ast.Node, what string) bool {
	*budget -= cost
	if *budget >= 0 {
		return true
	}
	if w.fault == nil {
		w.fault = &hostile{block.Lines().At(0).Start, what}
	}
	return false
}

// links is goldmark's parser of links and images. It notes where they end, and what they cost: goldmark looks through the rest of a line for
// each destination and through a whole label for each closing bracket.
type links struct{ parser.InlineParser }

func (l links) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	w := watchOf(pc)
	line, at := block.PeekLine()
	if w.fault != nil {
		return nil
	}
	if n := len(w.open); line[0] == ']' && n > 0 {
		cost := at.Start - w.open[n-1] + destinationCost(line)
		w.open = w.open[:n-1]
		if !w.spend(&w.links, cost, parent, "too many brackets that look like links") {
			return nil
		}
	} else if line[0] == '[' || len(line) > 1 && line[1] == '[' {
		w.open = append(w.open, at.Start)
	}
	n := l.InlineParser.Parse(parent, block, pc)
	switch n.(type) {
	case *ast.Link, *ast.Image:
		_, end := block.Position()
		w.spans[n] = linkSpan{at.Start, end.Start}
	}
	return n
}

// destinationCost counts the bytes that goldmark looks at for the destination of the link that line may end with: it begins with a ].
func destinationCost(line []byte) int {
	if len(line) < 3 || line[1] != '(' {
		return 0
	}
	depth := 0
	for i := 2; i < len(line); i++ {
		switch c := line[i]; {
		case line[2] == '<':
			if c == '>' {
				return i
			}
		case util.IsSpace(c):
			return i
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return len(line)
}

// CloseBlock ends the account of a block. goldmark calls it on inline parsers that have it.
func (l links) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	w := watchOf(pc)
	w.open, w.delims, w.closes = w.open[:0], 0, 0
	l.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// stars is goldmark's parser of emphasis. goldmark compares each closing mark with all marks before it.
type stars struct{ parser.InlineParser }

func (s stars) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	w := watchOf(pc)
	if w.fault != nil {
		return nil
	}
	n := s.InlineParser.Parse(parent, block, pc)
	if d, ok := n.(*parser.Delimiter); ok {
		w.delims++
		if d.CanClose {
			w.spend(&w.stars, w.delims, parent, "too many marks of emphasis")
		}
	}
	return n
}

// codeSpans is goldmark's parser of code spans. goldmark looks through the rest of a block for the end of each.
type codeSpans struct{ parser.InlineParser }

func (c codeSpans) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	w := watchOf(pc)
	_, at := block.PeekLine()
	if w.fault != nil {
		return nil
	}
	n := c.InlineParser.Parse(parent, block, pc)
	if _, ok := n.(*ast.CodeSpan); ok {
		_, end := block.Position()
		w.spans[n] = linkSpan{end: end.Start}
	} else {
		w.spend(&w.code, searchCost(parent.Lines(), at.Start), parent, "too many backticks without their match")
	}
	return n
}

// searchCost counts the bytes from an offset to the end of a block; that goldmark keeps a node per line while it looks costs as much as many
// bytes.
func searchCost(lines *text.Segments, at int) int {
	const line = 100
	n := lines.Len()
	if n == 0 {
		return 0
	}
	i := sort.Search(n, func(i int) bool { return lines.At(i).Start > at })
	return lines.At(n-1).Stop - at + (n-i)*line
}

// definitions is goldmark's parser of reference definitions. goldmark copies the lines of a paragraph for each of them.
type definitions struct{ parser.ParagraphTransformer }

func (d definitions) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	src := reader.Source()
	n := 0
	for i := range lines.Len() {
		l := lines.At(i)
		if line := bytes.TrimLeft(src[l.Start:l.Stop], " \t"); len(line) > 0 && line[0] == '[' {
			n++
		}
	}
	if n > 0 && !watchOf(pc).spend(&watchOf(pc).defs, n*lines.Len(), node, "too many reference definitions in one paragraph") {
		return
	}
	d.ParagraphTransformer.Transform(node, reader, pc)
}

// htmlBlocks parses HTML blocks as the scanner sees them. goldmark's own parser knows no declaration in lower case and no tag before a tab
// (CommonMark §4.6), so that what it takes for closed, other readers may not.
type htmlBlocks struct{}

func (htmlBlocks) Trigger() []byte { return []byte{'<'} }

func (htmlBlocks) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, at := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	typ, _ := htmlStart(strings.TrimSuffix(string(line[pos:]), "\n"), 0)
	if typ == 0 || typ == 7 && ast.IsParagraph(pc.LastOpenedBlock().Node) {
		return nil, parser.NoChildren
	}
	node := ast.NewHTMLBlock(ast.HTMLBlockType(typ))
	node.Lines().Append(at)
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

func (htmlBlocks) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*ast.HTMLBlock)
	typ := int(n.HTMLBlockType)
	line, at := reader.PeekLine()
	if typ >= 6 && util.IsBlank(line) {
		return parser.Close
	}
	if n.Lines().Len() == 1 {
		first := n.Lines().At(0)
		if htmlEnds(typ, string(first.Value(reader.Source()))) {
			return parser.Close
		}
	}
	if htmlEnds(typ, string(line)) {
		n.ClosureLine = at
		reader.AdvanceToEOL()
		return parser.Close
	}
	n.Lines().Append(at)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (htmlBlocks) Close(ast.Node, text.Reader, parser.Context) {}
func (htmlBlocks) CanInterruptParagraph() bool                 { return true }
func (htmlBlocks) CanAcceptIndentedLine() bool                 { return false }

// footnote is the definition of a footnote.
type footnote struct {
	ast.BaseBlock
	label      string
	start, end int // of the label
}

// footnoteMark is a reference to a footnote in running text.
type footnoteMark struct {
	ast.BaseInline
	label      string
	start, end int // of the label
}

var (
	kindFootnote     = ast.NewNodeKind("Footnote")
	kindFootnoteMark = ast.NewNodeKind("FootnoteMark")
)

func (n *footnote) Kind() ast.NodeKind         { return kindFootnote }
func (n *footnote) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

func (n *footnoteMark) Kind() ast.NodeKind         { return kindFootnoteMark }
func (n *footnoteMark) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// footnoteBlocks parses the definitions of footnotes, which are containers: further blocks of them are indented by four.
type footnoteBlocks struct{}

func (footnoteBlocks) Trigger() []byte { return []byte{'['} }

func (footnoteBlocks) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, at := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	label, n := footnoteLabel(head(line[pos:]))
	if n == 0 || pos+n >= len(line) || line[pos+n] != ':' {
		return nil, parser.NoChildren
	}
	start := at.Start + pos - at.Padding + 2
	node := &footnote{label: label, start: start, end: start + len(label)}
	watchOf(pc).notes[noteKey(label)] = true
	n += pos + 1
	for n < len(line) && (line[n] == ' ' || line[n] == '\t') { // or the label's length would decide on what a tab means
		n++
	}
	reader.Advance(n)
	if util.IsBlank(line[n:]) {
		return node, parser.NoChildren
	}
	return node, parser.HasChildren
}

func (footnoteBlocks) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	pos, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if pos < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

func (footnoteBlocks) Close(ast.Node, text.Reader, parser.Context) {}
func (footnoteBlocks) CanInterruptParagraph() bool                 { return true }
func (footnoteBlocks) CanAcceptIndentedLine() bool                 { return false }

// head returns as much of a line as a label can take.
func head(line []byte) string { return string(line[:min(len(line), maxLabel+4)]) }

// noteSeparator stands between a page's key and a footnote's label, where several sources share a file. No encoded label holds it.
const noteSeparator = "-"

// noteKey makes labels equal that mean the same footnote.
func noteKey(label string) string { return strings.ToLower(label) }

// footnoteMarks parses references to footnotes that the source defines.
type footnoteMarks struct{}

func (footnoteMarks) Trigger() []byte { return []byte{'[', '!'} }

func (footnoteMarks) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, at := block.PeekLine()
	mark := line
	if line[0] == '!' {
		mark = line[1:]
	}
	if len(mark) < 2 || mark[1] != '^' {
		return nil
	}
	label, n := footnoteLabel(head(mark))
	if n == 0 || !watchOf(pc).notes[noteKey(label)] {
		return nil
	}
	if line[0] == '!' { // no image: a mark of exclamation before a footnote
		block.Advance(1)
		return ast.NewTextSegment(at.WithStop(at.Start + 1))
	}
	block.Advance(n)
	return &footnoteMark{label: label, start: at.Start + 2, end: at.Start + 2 + len(label)}
}
