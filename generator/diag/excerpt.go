package diag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxColumns = 80 - len("    ") // of a source line that is shown
	leftOf     = 24               // columns before the place in a line that is too long
	tabStop    = 4
)

// shownLine is a source line, or as much of it as can be shown, in cells.
type shownLine struct {
	cells         []cell
	mark          int  // index of the first cell that is meant; len(cells) where the place is the end of the line; -1 where no column is known
	before, after bool // the line has more than cells at this end
}

// cell is one code point as it is shown.
type cell struct {
	text  string
	width int // columns
	meant bool
}

// excerpt returns the line of a place as it is shown, and the carets for the line below it, both empty where there is nothing to show.
// A long line is cut to a window around the place, with … at the cut ends; both are at most maxColumns wide.
func excerpt(at Place) (line, carets string) {
	l := layOut(at)
	from, to := l.window()
	var text, below strings.Builder
	if l.before || from > 0 {
		text.WriteString("…")
		below.WriteByte(' ')
	}
	for i, c := range l.cells[from:to] {
		text.WriteString(c.text)
		switch {
		case !c.meant:
			below.WriteString(strings.Repeat(" ", c.width))
		case from+i == l.mark: // one caret at least, for a character without a width of its own too
			below.WriteString(strings.Repeat("^", max(c.width, 1)))
		default:
			below.WriteString(strings.Repeat("^", c.width))
		}
	}
	if l.after || to < len(l.cells) {
		text.WriteString("…")
	}
	if l.mark == len(l.cells) {
		below.WriteByte('^')
	}
	line = strings.TrimRight(text.String(), " ")
	if line == "" || l.mark < 0 {
		return line, ""
	}
	return line, strings.TrimRight(below.String(), " ")
}

// layOut makes cells of the line, from a good way before the place to a good way after it: lines can be megabytes long.
func layOut(at Place) shownLine {
	l := shownLine{mark: -1}
	first := max(at.Col-1-maxColumns, 0) // 0-based column of the first cell
	col, i := 0, 0
	for ; i < len(at.Text) && col < first; col++ {
		_, n := utf8.DecodeRuneInString(at.Text[i:])
		i += n
	}
	l.before = i > 0
	width, prev := 0, cell{}
	var prevRune rune
	for ; i < len(at.Text); col++ {
		if len(l.cells) > 3*maxColumns {
			l.after = true
			break
		}
		r, n := utf8.DecodeRuneInString(at.Text[i:])
		c := cellOf(at.Text, i, r, n, width)
		c.width = joined(c.width, r, prev.width, prevRune)
		if at.Col > 0 && col >= at.Col-1 && (col < at.End-1 || col == at.Col-1) {
			c.meant = true
			if l.mark < 0 {
				l.mark = len(l.cells)
			}
		}
		l.cells = append(l.cells, c)
		width += c.width
		i += n
		prev, prevRune = c, r
	}
	if at.Col > 0 && l.mark < 0 {
		l.mark = len(l.cells)
	}
	return l
}

// cellOf shows r, of n bytes at offset i of the line, in the given column.
func cellOf(line string, i int, r rune, n, column int) cell {
	if r == '\t' {
		n := tabStop - column%tabStop
		return cell{text: strings.Repeat(" ", n), width: n}
	}
	if shown, ok := visible(line, i, r, n); ok {
		return cell{text: shown, width: utf8.RuneCountInString(shown)}
	}
	return cell{text: line[i : i+n], width: runeWidth(r)}
}

// joined corrects the width of r where it makes one emoji with what stands before it.
func joined(width int, r rune, prevWidth int, prev rune) int {
	switch {
	case prev == zeroWidthJoiner && isEmoji(r), r >= 0x1f3fb && r <= 0x1f3ff && isEmoji(prev):
		return 0
	case r == variationSelector16 && prevWidth == 1 && isEmoji(prev):
		return 1
	}
	return width
}

// window chooses the cells to show: all, or some before the mark and as many after it as there is room for.
func (l *shownLine) window() (from, to int) {
	room := maxColumns
	for _, c := range l.cells {
		room -= c.width
	}
	if l.mark == len(l.cells) {
		room-- // for the caret behind the end
	}
	if room >= 0 && !l.before && !l.after {
		return 0, len(l.cells)
	}
	room = maxColumns - 3 // two ellipses and the caret behind the end
	mark := max(l.mark, 0)
	from, to = mark, mark
	for left := leftOf; from > 0 && l.cells[from-1].width <= left; from-- {
		left -= l.cells[from-1].width
		room -= l.cells[from-1].width
	}
	for ; to < len(l.cells) && l.cells[to].width <= room; to++ {
		room -= l.cells[to].width
	}
	for ; from > 0 && to == len(l.cells) && l.cells[from-1].width <= room; from-- {
		room -= l.cells[from-1].width
	}
	return from, to
}

// runeWidth returns how many columns a terminal gives to r: 2 for wide ones (East Asian Width W and F, emoji), 0 for combining marks.
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if unicode.Is(wide, r) {
		return 2
	}
	return 1
}

// wide are the blocks of wide characters (EastAsianWidth.txt of Unicode 16), rounded to what is assigned or reserved for such.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, {0x231a, 0x231b, 1}, {0x23e9, 0x23ec, 1}, {0x25fd, 0x25fe, 1}, {0x2614, 0x2615, 1}, {0x26a1, 0x26a1, 1},
		{0x2705, 0x2705, 1}, {0x270a, 0x270b, 1}, {0x2728, 0x2728, 1}, {0x274c, 0x274c, 1}, {0x2753, 0x2755, 1}, {0x2757, 0x2757, 1},
		{0x2795, 0x2797, 1}, {0x2b1b, 0x2b1c, 1}, {0x2b50, 0x2b50, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0x4dbf, 1}, {0x4e00, 0xa4cf, 1},
		{0xa960, 0xa97f, 1}, {0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1}, {0xfe30, 0xfe6f, 1}, {0xff01, 0xff60, 1}, {0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{
		{0x17000, 0x18cff, 1}, {0x1b000, 0x1b2ff, 1}, {0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f900, 0x1faff, 1}, {0x20000, 0x3fffd, 1},
	},
}
