package docs

import "strings"

// lineKind says what a line is in the block structure of CommonMark.
type lineKind uint8

const (
	blankLine     lineKind = iota
	textLine               // of a paragraph, or of a setext heading before its underline
	headingLine            // an ATX heading
	underlineLine          // what makes the paragraph before it a setext heading
	breakLine              // a thematic break
	fenceLine              // opens or closes fenced code
	codeLine               // inside a fence, or indented code
	htmlLine
)

// scanLine is what the scanner says about one line.
type scanLine struct {
	kind       lineKind
	start, end int  // bytes of the line, without its line end
	content    int  // offset of what follows the markers of containers; of the next byte that is no blank where a tab reaches over it
	text       int  // offset of what follows the indentation as well; end for a blank line
	stayed     int  // of the containers that were open before, how many it stands in
	opened     bool // containers begin on it
	depth      int  // block quotes, list items and footnotes that the line stands in
	first      bool // it begins its leaf block
	level      int  // of a heading or underline
	html       int  // type of HTML block, 1 to 7 (CommonMark §4.6)
}

// leafKind is the kind of a leaf block that is open.
type leafKind uint8

const (
	noLeaf leafKind = iota
	paragraph
	fence
	indented
	htmlBlock
)

// leaf is the leaf block that may go on in the next line.
type leaf struct {
	kind  leafKind
	start int // offset of its first byte
	depth int
	char  byte // fence: of what it is made …
	size  int  // … and how much of it
	html  int
	tag   string // HTML type 1: the element, in lower case
}

// container is an open block quote, list item, footnote or block of MkDocs.
type container struct {
	kind   byte // '>', '-', '^' or '!'
	indent int  // columns that a line must be indented by to stay in it; not for block quotes
	empty  bool // a list item whose first line is blank
}

// scanner finds the block structure of Markdown, line by line, in linear time and without recursion: CommonMark 0.31 §4–§5, and footnotes
// as GitHub reads them. It knows no inline structure and no reference definitions: a definition is a line of a paragraph to it. Nothing
// recovers from a parser that runs out of memory, so this runs before every other parser; and where that one reads a text otherwise, it is
// the second opinion on what is still open at a page's end.
type scanner struct {
	s     string
	line  scanLine
	pos   int // of the next byte of the line
	col   int // its column; tabs reach to multiples of four
	next  int // of the next byte that is no blank …
	width int // … and the columns up to it
	open  []container
	as    dialect
	stay  int // of the open containers, how many the line stands in so far
	leaf  leaf
}

// scan visits each line of s, until visit returns false or containers are nested deeper than maxDepth: that line is the last. It returns
// what is left open.
func scan(s string, visit func(*scanLine) bool) leaf { return scanAs(0, s, visit) }

func scanAs(d dialect, s string, visit func(*scanLine) bool) leaf {
	p := scanner{s: s, as: d}
	for at := 0; at < len(s); {
		end := len(s)
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			end = at + i
		}
		p.step(at, end)
		if !visit(&p.line) || len(p.open) > maxDepth {
			break
		}
		at = end + 1
	}
	return p.leaf
}

// step reads the line s[at:end].
func (p *scanner) step(at, end int) {
	p.line = scanLine{start: at, end: end}
	p.pos, p.col = at, 0
	p.process()
	p.line.depth = len(p.open)
	p.line.content = min(p.pos, p.next)
}

// look finds the next byte of the line that is no blank.
func (p *scanner) look() {
	col := p.col
	i := p.pos
	for ; i < p.line.end; i++ {
		switch p.s[i] {
		case ' ':
			col++
			continue
		case '\t':
			col += 4 - col%4
			continue
		}
		break
	}
	p.next, p.width = i, col-p.col
}

func (p *scanner) blank() bool { return p.next >= p.line.end }

// skip moves past n columns of blanks. A tab may be passed in part.
func (p *scanner) skip(n int) {
	for n > 0 && p.pos < p.line.end {
		if p.s[p.pos] != '\t' {
			p.pos++
			p.col++
			n--
			continue
		}
		w := 4 - p.col%4
		if n < w {
			p.col += n
			return
		}
		p.pos++
		p.col += w
		n -= w
	}
}

// jump moves to the next byte that is no blank.
func (p *scanner) jump() {
	p.col += p.width
	p.pos = p.next
}

func (p *scanner) take(n int) { p.pos += n; p.col += n }

func (p *scanner) process() {
	p.stay = p.match()
	p.look()
	p.line.stayed = p.stay
	if p.stay < len(p.open) && p.open[p.stay].kind == '!' { // what is indented less ends it, also in a paragraph
		p.close()
	}
	all := p.stay == len(p.open)
	if all && p.leaf.kind != noLeaf && p.leaf.kind != paragraph && p.goOn() {
		return
	}
	para := p.leaf.kind == paragraph
	if !para {
		p.leaf = leaf{}
	}
	if p.starts(para, para && all) {
		return
	}
	p.line.text = p.next
	switch {
	case p.blank():
		p.close()
		p.line.kind = blankLine
	case p.leaf.kind == paragraph: // goes on, perhaps lazily
		p.line.kind = textLine
	default:
		p.close()
		p.begin(textLine, leaf{kind: paragraph})
	}
}

// match counts the open containers that the line stays in, and moves past their markers.
func (p *scanner) match() int {
	for i := range p.open {
		c := &p.open[i]
		p.look()
		switch {
		case c.kind == '>':
			if p.deep() || p.blank() || p.s[p.next] != '>' {
				return i
			}
			p.quote()
		case p.blank():
			if c.empty {
				return i
			}
			p.jump()
		case p.width >= c.indent:
			p.skip(c.indent)
		default:
			return i
		}
	}
	return len(p.open)
}

// quote moves past the marker of a block quote and the blank that belongs to it.
func (p *scanner) quote() {
	p.jump()
	p.take(1)
	if p.pos < p.line.end && (p.s[p.pos] == ' ' || p.s[p.pos] == '\t') {
		p.skip(1)
	}
}

// goOn continues a leaf that is no paragraph; false where the line is none of it.
func (p *scanner) goOn() bool {
	p.line.text = p.next
	switch p.leaf.kind {
	case fence:
		p.line.kind = codeLine
		if p.closesFence() {
			p.line.kind = fenceLine
			p.leaf = leaf{}
		}
		return true
	case indented:
		if p.width < 4 && !p.blank() {
			return false
		}
		p.line.kind = codeLine
		return true
	}
	if p.blank() && p.leaf.html >= 6 {
		return false
	}
	p.line.kind, p.line.html = htmlLine, p.leaf.html
	if htmlEnds(p.leaf.html, p.s[p.pos:p.line.end]) {
		p.leaf = leaf{}
	}
	return true
}

// deep reports whether the indentation makes code of a line. In MDX nothing does.
func (p *scanner) deep() bool { return p.width > 3 && p.as&asMDX == 0 }

func (p *scanner) closesFence() bool {
	if p.deep() {
		return false
	}
	n := run(p.s[p.next:p.line.end], p.leaf.char)
	return n >= p.leaf.size && strings.Trim(p.s[p.next+n:p.line.end], " \t") == ""
}

// run counts how often c stands at the start of s.
func run(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

// close leaves the containers that the line does not stand in, and the leaf that was open.
func (p *scanner) close() {
	p.open = p.open[:p.stay]
	p.leaf = leaf{}
}

// begin starts a leaf at the next byte that is no blank.
func (p *scanner) begin(kind lineKind, l leaf) {
	p.line.kind, p.line.first, p.line.text = kind, true, p.next
	l.start, l.depth = p.next, len(p.open)
	p.leaf = l
	if n := len(p.open); n > 0 {
		p.open[n-1].empty = false
	}
}

// starts opens containers, and the leaf block that begins on the line, if it is no paragraph. para says that a paragraph is open, here that
// the line is inside it and not only a lazy continuation.
func (p *scanner) starts(para, here bool) bool {
	for {
		p.look()
		if p.blank() {
			return false
		}
		if p.deep() {
			if para {
				return false
			}
			p.close()
			p.begin(codeLine, leaf{kind: indented})
			return true
		}
		if p.startLeaf(para, here) {
			return true
		}
		if !p.startContainer(here) {
			return false
		}
		para, here = false, false
		if len(p.open) > maxDepth {
			p.line.kind, p.line.text = textLine, p.next
			return true
		}
	}
}

// startLeaf begins a leaf block that is no paragraph and no indented code.
func (p *scanner) startLeaf(para, here bool) bool {
	rest := p.s[p.next:p.line.end]
	if here {
		if level := underline(rest); level > 0 {
			p.line.kind, p.line.level, p.line.text = underlineLine, level, p.next
			p.leaf = leaf{}
			return true
		}
	}
	switch rest[0] {
	case '#':
		level := atxLevel(rest)
		if level == 0 {
			return false
		}
		p.close()
		p.begin(headingLine, leaf{})
		p.line.level = level
		return true
	case '`', '~':
		n := run(rest, rest[0])
		if n < 3 || rest[0] == '`' && strings.IndexByte(rest[n:], '`') >= 0 {
			return false
		}
		p.close()
		p.begin(fenceLine, leaf{kind: fence, char: rest[0], size: n})
		return true
	case '<':
		typ, tag := htmlStart(rest, p.as)
		if typ == 0 || typ == 7 && para || p.as&asMDX != 0 {
			return false
		}
		p.close()
		p.begin(htmlLine, leaf{kind: htmlBlock, html: typ, tag: tag})
		p.line.html = typ
		if htmlEnds(typ, rest) {
			p.leaf = leaf{}
		}
		return true
	case '*', '-', '_':
		if !isBreak(rest) {
			return false
		}
		p.close()
		p.begin(breakLine, leaf{})
		return true
	}
	return false
}

// startContainer opens a block quote, list item, footnote or block of MkDocs.
func (p *scanner) startContainer(here bool) bool {
	rest := p.s[p.next:p.line.end]
	switch {
	case p.as&withBlocks != 0 && blockMarker(rest) && p.indentedBelow():
		p.enter(container{kind: '!', indent: p.width + 4})
		p.jump()
		p.take(len(rest))
		return true
	case rest[0] == '>':
		p.enter(container{kind: '>'})
		p.quote()
		return true
	case rest[0] == '[':
		if _, n := footnoteLabel(rest); n > 0 && p.as&withoutNotes == 0 && strings.HasPrefix(rest[n:], ":") {
			p.enter(container{kind: '^', indent: 4})
			p.jump()
			p.take(n + 1)
			p.look()
			p.jump()
			return true
		}
		return false
	}
	n := listMarker(rest, here)
	if n == 0 {
		return false
	}
	c := container{kind: '-', indent: p.width + n + 1}
	p.jump()
	p.take(n)
	p.look()
	switch {
	case p.blank():
		c.empty = true
	case p.width > 4 && p.as&asMDX == 0:
		p.skip(1)
	default:
		c.indent += p.width - 1
		p.skip(p.width)
	}
	p.enter(c)
	return true
}

func (p *scanner) enter(c container) {
	p.line.opened = true
	p.close()
	if p.stay > 0 {
		p.open[p.stay-1].empty = false
	}
	p.open = append(p.open, c)
	p.stay++
}

// atxLevel returns the level of the ATX heading that rest is, 0 where it is none (CommonMark §4.2).
func atxLevel(rest string) int {
	n := run(rest, '#')
	if n > 6 || n < len(rest) && rest[n] != ' ' && rest[n] != '\t' {
		return 0
	}
	return n
}

// underline returns the level that rest, without its indentation, makes of the paragraph before it; 0 where it is no underline (CommonMark §4.3).
func underline(rest string) int {
	if rest[0] != '=' && rest[0] != '-' || strings.TrimRight(rest[run(rest, rest[0]):], " \t") != "" {
		return 0
	}
	if rest[0] == '=' {
		return 1
	}
	return 2
}

// isBreak reports whether rest is a thematic break (CommonMark §4.1).
func isBreak(rest string) bool {
	n := 0
	for i := range len(rest) {
		switch rest[i] {
		case rest[0]:
			n++
		case ' ', '\t':
		default:
			return false
		}
	}
	return n >= 3
}

// listMarker returns the length of the list marker that begins rest, 0 where none does (CommonMark §5.2). Only some may interrupt a paragraph.
func listMarker(rest string, interrupts bool) int {
	n := 1
	switch c := rest[0]; {
	case c == '-' || c == '+' || c == '*':
	case '0' <= c && c <= '9':
		for n < len(rest) && n < 10 && '0' <= rest[n] && rest[n] <= '9' {
			n++
		}
		if n > 9 || n == len(rest) || rest[n] != '.' && rest[n] != ')' || interrupts && strings.TrimLeft(rest[:n-1], "0") != "" || interrupts && rest[n-1] != '1' {
			return 0
		}
		n++
	default:
		return 0
	}
	if n < len(rest) && rest[n] != ' ' && rest[n] != '\t' {
		return 0
	}
	if interrupts && strings.Trim(rest[n:], " \t") == "" {
		return 0
	}
	return n
}

// footnoteLabel reads the [^label] that begins s: the label, and the length of the whole; 0 where there is none.
func footnoteLabel(s string) (label string, n int) {
	if !strings.HasPrefix(s, "[^") {
		return "", 0
	}
	i := strings.IndexAny(s[2:], "[] \t\n")
	if i <= 0 || s[2+i] != ']' || i > maxLabel {
		return "", 0
	}
	return s[2 : 2+i], i + 3
}
