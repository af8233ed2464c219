package webpage

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// place is where running text stands: what begins a block, or ends a cell, depends on it.
type place uint8

const (
	inParagraph place = iota
	inItem            // the first paragraph of a list item: "[ ]" would be the box of a task
	inTitle           // a heading of any level
	inCell
)

// liner writes running text (CommonMark §6). It notes which bytes are text, so that what would be read as markup can be escaped when all of
// it stands there with its neighbours.
type liner struct {
	links  []string
	at     place
	b      []byte
	text   []bool   // for each byte of b: it is text of the page
	labels [][2]int // where the texts of links stand
	stars  bool     // there are marks of emphasis
	waves  bool     // there are marks of deleted text
	closed int      // length of b after the last mark of emphasis that closed
}

// inlineText returns running text as Markdown; lines end only in paragraphs.
func inlineText(ps []piece, links []string, at place) string {
	w := &liner{links: links, at: at}
	if at == inTitle {
		ps = oneLine(ps)
	}
	w.run(ps, 0, len(ps), 0, 0)
	if at != inCell && at != inTitle && len(ps) > 0 && ps[0].link != 0 && w.b[0] == '[' && w.defines() {
		// A link that begins a block, with "]:" in its text, would be read as a link reference definition: the text is worth more than the link.
		first := ps[0].link
		ps = slices.Clone(ps)
		for i := range ps {
			if ps[i].link == first {
				ps[i].link = 0
			}
		}
		w = &liner{links: links, at: at}
		w.run(ps, 0, len(ps), 0, 0)
	}
	return w.escaped()
}

// oneLine writes the ends of lines as white space.
func oneLine(ps []piece) []piece {
	out := ps[:0:0]
	gap := false
	for _, p := range ps {
		if p.kind == lineEnd {
			gap = true
			continue
		}
		p.gap = p.gap || gap
		gap = false
		out = append(out, p)
	}
	return out
}

func (w *liner) mark(s string) {
	w.b = append(w.b, s...)
	for range len(s) {
		w.text = append(w.text, false)
	}
}

func (w *liner) words(s string) {
	w.b = append(w.b, s...)
	for range len(s) {
		w.text = append(w.text, true)
	}
}

// spans are the styles from the outermost to the innermost, where two reach equally far.
var spans = []style{bold, italic, struck, sub, sup, key}

// run writes ps[from:to], inside of the styles and the link that are on. What reaches furthest is opened first, so that all is well nested.
func (w *liner) run(ps []piece, from, to int, on style, link int32) {
	for i := from; i < to; {
		p := ps[i]
		if p.gap && i > from {
			w.mark(" ")
		}
		if p.kind == lineEnd || p.kind == noteRef || p.kind == cellMark || p.kind == taskMark {
			w.single(p)
			i++
			continue
		}
		end, what, isLink := i, style(0), false
		if p.link != 0 && p.link != link {
			end, isLink = reach(ps, i, to, func(q piece) bool { return q.link == p.link }), true
		}
		for _, s := range spans {
			if p.style&s != 0 && on&s == 0 {
				if e := reach(ps, i, to, func(q piece) bool { return q.style&s != 0 }); e > end {
					end, what, isLink = e, s, false
				}
			}
		}
		switch {
		case isLink:
			w.linked(ps, i, end, on, p.link)
		case what != 0:
			w.styled(ps, i, end, to, on, link, what)
		default:
			end = w.piece(ps, i, to, on, link)
		}
		i = end
	}
}

// reach returns the end of the pieces from i on that have something in common. White space, line ends and notes between them don't matter.
func reach(ps []piece, i, to int, has func(piece) bool) int {
	end := i
	for j := i; j < to; j++ {
		switch {
		case ps[j].kind == lineEnd || ps[j].kind == noteRef || ps[j].kind == cellMark || ps[j].kind == taskMark:
			return end
		case !has(ps[j]):
			return end
		}
		end = j + 1
	}
	return end
}

// linked writes a link around pieces.
func (w *liner) linked(ps []piece, from, to int, on style, link int32) {
	w.mark("[")
	at := len(w.b)
	w.run(ps, from, to, on, link)
	w.labels = append(w.labels, [2]int{at, len(w.b)})
	w.mark("](" + w.links[link-1] + ")")
}

// marksOf are the marks of a style.
func marksOf(s style) (open, close string) {
	switch s {
	case bold:
		return "**", "**"
	case italic:
		return "*", "*"
	case struck:
		return "~~", "~~"
	case sub:
		return "<sub>", "</sub>"
	case sup:
		return "<sup>", "</sup>"
	}
	return "<kbd>", "</kbd>"
}

// styled writes pieces in a style, if its marks would be read as such where they stand.
func (w *liner) styled(ps []piece, from, to, limit int, on style, link int32, what style) {
	open, close := marksOf(what)
	emphasis := what == bold || what == italic || what == struck
	last := ps[to-1]
	tilde := what == struck && last.kind == words && strings.HasSuffix(last.text, "~") // goldmark takes no mark after a tilde, escaped or not
	if tilde || emphasis && !w.flanked(ps, from, to, limit, on, what, link) {
		w.run(ps, from, to, on|what, link)
		return
	}
	w.stars = w.stars || what == bold || what == italic
	w.waves = w.waves || what == struck
	w.mark(open)
	w.run(ps, from, to, on|what, link)
	w.mark(close)
	if emphasis {
		w.closed = len(w.b)
	}
}

// flanked reports whether marks of emphasis around ps[from:to] are read as such (CommonMark §6.2, left- and right-flanking delimiter runs).
func (w *liner) flanked(ps []piece, from, to, limit int, on, what style, link int32) bool {
	before := ' '
	if len(w.b) > 0 {
		if w.closed == len(w.b) {
			return false // it would grow together with the mark that closed just before
		}
		before, _ = utf8.DecodeLastRune(w.b)
		if w.text[len(w.b)-1] && (before == '*' || before == '~') {
			return false
		}
	}
	first, last := inner(ps[from], on|what, link, true), inner(ps[to-1], on|what, link, false)
	after := ' '
	switch {
	case to < limit && !ps[to].gap:
		after = outer(ps[to], on, link)
	case to == limit && limit < len(ps) && !ps[limit].gap:
		after = outer(ps[limit], 0, 0) // marks that close there may be left out
	}
	opens := !isSpaceRune(first) && (!isPunct(first) || isSpaceRune(before) || isSurePunct(before))
	closes := !isSpaceRune(last) && (!isPunct(last) || isSpaceRune(after) || isSurePunct(after))
	if on&(bold|italic) != 0 && !isSpaceRune(before) && (!isSurePunct(before) || isPunct(first)) {
		return false // it could be read as the end of what is open around
	}
	return opens && closes
}

// inner returns the first or last character of a piece as marks around it see it, where the styles and the link that are on are written already.
// Marks of emphasis that may stand between are taken to stand there, which is the harder case.
func inner(p piece, on style, link int32, first bool) rune {
	switch {
	case p.kind != words || p.link != link && p.link != 0 || p.style&^on != 0:
		return '*'
	case first:
		r, _ := utf8.DecodeRuneInString(p.text)
		return r
	}
	r, _ := utf8.DecodeLastRuneInString(p.text)
	return r
}

// outer returns the first character of the piece after marks that close. Here it is harder if other marks of emphasis are left out.
func outer(p piece, on style, link int32) rune {
	switch {
	case p.kind == lineEnd:
		return ' '
	case p.kind != words || p.link != link && p.link != 0 || p.style&^on&(sub|sup|key) != 0:
		return '['
	}
	r, _ := utf8.DecodeRuneInString(p.text)
	return r
}

func isSpaceRune(r rune) bool { return unicode.IsSpace(r) }

// isPunct reports whether any reader of Markdown takes a character for punctuation: older ones don't count symbols.
func isPunct(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// isSurePunct reports whether all readers of Markdown take a character for punctuation.
func isSurePunct(r rune) bool { return isASCIIPunct(r) || unicode.IsPunct(r) }

func isASCIIPunct(r rune) bool { return r < 0x80 && isPunct(r) }

// single writes a piece that stands for itself.
func (w *liner) single(p piece) {
	switch p.kind {
	case lineEnd:
		if w.at == inCell {
			w.mark("<br>")
			return
		}
		if n := len(w.b); n > 0 && w.b[n-1] == '\\' {
			w.mark("  \n") // goldmark does not read the third of three backslashes as the end of a line
			return
		}
		w.mark("\\\n")
	case noteRef:
		w.mark("[^" + p.text + "]")
	case cellMark, taskMark:
		w.mark(p.text)
	}
}

// piece writes the piece at i, with those after it that have to be written together; it returns the next.
func (w *liner) piece(ps []piece, i, to int, on style, link int32) int {
	p := ps[i]
	switch p.kind {
	case words:
		w.words(p.text)
	case image:
		w.mark("![")
		at := len(w.b)
		w.words(p.text)
		w.labels = append(w.labels, [2]int{at, len(w.b)})
		w.mark("](" + p.url + ")")
	case codeSpan, formulaSpan:
		text, next := p.text, i+1
		for next < to && p.kind == codeSpan && ps[next].kind == p.kind && !ps[next].gap && ps[next].link == p.link && ps[next].style == p.style {
			text += ps[next].text
			next++
		}
		w.code(text, p.kind == formulaSpan)
		return next
	}
	return i + 1
}

// code writes a span of code; a formula is one between dollar signs, as GitHub has it.
func (w *liner) code(text string, formula bool) {
	if w.at == inCell && strings.Contains(text, `\|`) || strings.TrimSpace(text) == "" {
		w.words(text) // readers differ on what \\| is in the code of a cell
		return
	}
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	if text[0] == '`' || text[len(text)-1] == '`' {
		text = " " + text + " "
	}
	if w.at == inCell {
		text = strings.ReplaceAll(text, "|", `\|`)
	}
	if formula {
		w.mark("$")
	}
	if len(w.b) > 0 && w.b[len(w.b)-1] == '`' && !w.text[len(w.b)-1] {
		w.mark(" ") // two spans would be one
	}
	w.mark(fence + text + fence)
	if formula {
		w.mark("$")
	}
}

// longestRun returns the length of the longest run of a byte.
func longestRun(s string, c byte) (longest int) {
	run := 0
	for i := 0; i < len(s); i++ {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
