package webpage

// kind is what a block is.
type kind uint8

const (
	paragraph kind = iota
	heading        // level, pieces
	code           // text, lang, at
	quote          // blocks
	list           // blocks are items; ordered, start
	item           // blocks
	table          // head, rows
	rule
	note // a footnote: label, blocks
)

// block is a part of a page as Markdown has it.
type block struct {
	kind    kind
	level   int      // of a heading
	pieces  []piece  // of a paragraph or heading
	blocks  []*block // of a quote, list, item or note
	ordered bool     // list
	start   int      // number of the first item
	text    string   // code, without final newline
	at      []int32  // line of each line of code
	lang    string   // of code: the info string
	label   string   // of a note
	rows    []row    // of a table; the first is its header
	aligns  []string // of its columns, as in the delimiter row
	line    int32    // where it begins
}

// row is a row of a table.
type row struct {
	cells []cell
	line  int32
}

// cell is a cell of a table: lines of running text, which <br> parts.
type cell struct {
	lines  [][]piece
	blocks []*block // the same unabridged; used where a table can't hold it
	header bool
}

// style is how running text is set.
type style uint8

const (
	bold style = 1 << iota
	italic
	struck
	sub
	sup
	key
)

// pieceKind is what a piece of running text is.
type pieceKind uint8

const (
	words pieceKind = iota
	codeSpan
	formulaSpan
	image    // text is the alternative text
	lineEnd  // <br>
	noteRef  // text is the label
	cellMark // the mark of a list item in a cell of a table
	taskMark // the box of a task: text is [ ] or [x]
)

// piece is a run of text in one style. After spaced there is no white space at its ends: gap says that some stands before it.
type piece struct {
	kind  pieceKind
	style style
	gap   bool
	joint bool  // white space stands before it if it would else grow together with the word before
	link  int32 // 1-based index into the reader's links; 0: no link
	line  int32
	text  string
	url   string // of an image
}
