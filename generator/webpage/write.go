package webpage

import (
	"strconv"
	"strings"
)

// tidy takes out what stands in a page only by accident: rules at its ends or in a row, the same H1 twice, texts of the site.
func tidy(blocks []*block) []*block {
	var out []*block
	first := ""
	for _, b := range blocks {
		switch {
		case b.kind == rule && (len(out) == 0 || out[len(out)-1].kind == rule):
			continue
		case (b.kind == paragraph || b.kind == heading) && isChromeText(textOf(b.pieces)):
			continue
		case b.kind == heading && b.level == 1:
			text := textOf(b.pieces)
			if text == first {
				continue
			}
			if first == "" {
				first = text
			}
		}
		out = append(out, b)
	}
	for len(out) > 0 && out[len(out)-1].kind == rule {
		out = out[:len(out)-1]
	}
	return out
}

// writer writes blocks as lines of Markdown.
type writer struct {
	b     strings.Builder
	links []string
	lines []int  // for each line where it comes from; nil unless wanted
	last  int32  // line of the input; 0 where lines are not wanted
	lead  string // what the next line begins with: marks of items and quotes that begin on it
	cont  string // what further lines begin with
	led   bool   // lead is to be written
	words int
}

// write returns a page with its Markdown, and what can be counted in it. last is the number of the last line of the input, or 0 where nobody
// asks for lines.
func write(blocks, notes []*block, links []string, last int32) *Page {
	w := &writer{links: links, last: last}
	w.blocks(append(blocks[:len(blocks):len(blocks)], notes...), false)
	p := &Page{Markdown: w.b.String(), Words: w.words, Lines: w.lines}
	if w.words == 0 && strings.TrimSpace(p.Markdown) == "" {
		p.Markdown = ""
	}
	return p
}

// line writes a line that comes from a line of the input.
func (w *writer) line(text string, from int32) {
	prefix := w.cont
	if w.led {
		prefix, w.led = w.lead, false
	}
	if text == "" {
		prefix = strings.TrimRight(prefix, " ")
	}
	w.b.WriteString(prefix)
	w.b.WriteString(text)
	w.b.WriteByte('\n')
	if w.last > 0 {
		w.lines = append(w.lines, int(min(max(from, 1), w.last))) // character references can make lines that the input does not have
	}
}

// blocks writes blocks with a blank line between each two, or none where they stand close: an item and the list in it.
func (w *writer) blocks(blocks []*block, close bool) {
	var before *block
	turned := false // the list before has the other mark
	for _, b := range blocks {
		if before != nil && !close {
			w.line("", b.line)
		}
		if b.kind == list {
			turned = before != nil && before.kind == list && before.ordered == b.ordered && !turned
		}
		w.block(b, turned, before == nil)
		before = b
	}
}

func (w *writer) block(b *block, turned, first bool) {
	switch b.kind {
	case paragraph:
		w.paragraph(b, inParagraph)
	case heading:
		w.count(b.pieces)
		w.line(strings.Repeat("#", b.level)+" "+inlineText(b.pieces, w.links, inTitle), b.line)
	case code:
		w.code(b)
	case quote:
		w.inside("> ", "> ", func() { w.blocks(b.blocks, false) })
	case list:
		w.list(b, turned)
	case table:
		w.table(b)
	case rule:
		if w.led && first {
			w.line("___", b.line) // "- ---" would be a rule itself
		} else {
			w.line("---", b.line)
		}
	case note:
		w.inside("[^"+b.label+"]: ", "    ", func() { w.blocks(b.blocks, false) })
	}
}

// inside writes what stands in a container: its first line begins with mark, further ones with cont.
func (w *writer) inside(mark, cont string, write func()) {
	outer := w.cont
	if w.led {
		w.lead += mark
	} else {
		w.lead, w.led = w.cont+mark, true
	}
	w.cont += cont
	write()
	w.cont = outer
	w.led = false
}

func (w *writer) count(ps []piece) {
	for _, p := range ps {
		if p.kind == words || p.kind == codeSpan || p.kind == formulaSpan {
			w.words += len(strings.Fields(p.text))
		}
	}
}

func (w *writer) paragraph(b *block, at place) {
	w.count(b.pieces)
	text := inlineText(b.pieces, w.links, at)
	from := b.line
	next := 0
	for {
		line, rest, more := strings.Cut(text, "\n")
		w.line(line, from)
		if !more {
			return
		}
		text = rest
		for next < len(b.pieces) && b.pieces[next].kind != lineEnd {
			next++
		}
		if next++; next < len(b.pieces) && b.pieces[next].line > 0 {
			from = b.pieces[next].line
		}
	}
}

func (w *writer) code(b *block) {
	fence := strings.Repeat("`", max(3, longestRun(b.text, '`')+1))
	w.line(fence+b.lang, b.line)
	from := b.line
	i := 0
	for line := range strings.SplitSeq(b.text, "\n") {
		if i < len(b.at) && b.at[i] > 0 {
			from = b.at[i]
		}
		w.words += len(strings.Fields(line))
		w.line(line, from)
		i++
	}
	w.line(fence, from)
}

// list writes a list: close, where each item is one paragraph with at most lists after it.
func (w *writer) list(b *block, turned bool) {
	close := true
	for _, it := range b.blocks {
		close = close && isClose(it)
	}
	for i, it := range b.blocks {
		if i > 0 && !close {
			w.line("", it.line)
		}
		mark := "- "
		switch {
		case b.ordered && turned:
			mark = strconv.Itoa(b.start+i) + ") "
		case b.ordered:
			mark = strconv.Itoa(b.start+i) + ". "
		case turned:
			mark = "* "
		}
		w.inside(mark, strings.Repeat(" ", len(mark)), func() {
			if first := it.blocks[0]; first.kind == paragraph {
				w.paragraph(first, inItem)
				if len(it.blocks) > 1 {
					if !close {
						w.line("", it.blocks[1].line)
					}
					w.blocks(it.blocks[1:], close)
				}
				return
			}
			w.blocks(it.blocks, close)
		})
	}
}

func isClose(it *block) bool {
	for i, b := range it.blocks {
		if b.kind != list && !(b.kind == paragraph && i == 0) {
			return false
		}
		if b.kind == list {
			if i > 0 && b.ordered && b.start != 1 {
				return false // such a list can't interrupt a paragraph (CommonMark §5.3)
			}
			for _, inner := range b.blocks {
				if !isClose(inner) {
					return false
				}
			}
		}
	}
	return true
}

// table writes a table (GitHub Flavored Markdown §4.10).
func (w *writer) table(b *block) {
	for i, row := range b.rows {
		w.line(w.row(row, len(b.aligns)), row.line)
		if i == 0 {
			marks := make([]string, len(b.aligns))
			for j, a := range b.aligns {
				if marks[j] = a; a == "" {
					marks[j] = "---"
				}
			}
			w.line("| "+strings.Join(marks, " | ")+" |", row.line)
		}
	}
}

func (w *writer) row(r row, wide int) string {
	var s strings.Builder
	s.WriteByte('|')
	for i := range wide {
		s.WriteByte(' ')
		if i < len(r.cells) {
			var all []piece
			for j, ps := range r.cells[i].lines {
				if j > 0 {
					all = append(all, piece{kind: lineEnd})
				}
				all = append(all, ps...)
			}
			w.count(all)
			s.WriteString(inlineText(all, w.links, inCell))
		}
		s.WriteString(" |")
	}
	return s.String()
}
