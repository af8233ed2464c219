package docs

import (
	"strings"

	"skillgen/generator/source"
)

// mdWriter puts a text together from parts of files, line by line: it writes what stands before each line in the block that is open, and
// keeps blocks apart.
type mdWriter struct {
	b      strings.Builder
	out    mdText
	file   *source.File // of made text
	cause  int          // offset in file of what causes it
	prefix string       // of each line
	begun  bool         // the line has more than its prefix
	spaced bool         // a blank was written last
	marked bool         // the line has a list's marker, and nothing after it yet
	blanks []emptyLine  // lines read since the last that has something; they are written before the next that has
	gap    gap          // what must stand before the next line that has something
	at     string       // the prefix of the blank line that gap asks for
	why    int          // offset in file of what asked for it
	quoted bool         // what comes next brings the marks of its block quote along
}

// gap is how far apart lines stand.
type gap uint8

const (
	noGap gap = iota
	newLine
	blankBetween
)

// emptyLine is a blank line of a file: what is left of it.
type emptyLine struct {
	file       *source.File
	start, end int
	prefix     string
}

// push adds to what stands before each line, and returns what pop takes.
func (w *mdWriter) push(prefix string) string {
	before := w.prefix
	w.prefix += prefix
	return before
}

// quote pushes the marks of a block quote, which begins right after the marker of a list where one was just written.
func (w *mdWriter) quote() string {
	if w.marked {
		w.made("> ")
		w.marked = true
	}
	return w.push("> ")
}

func (w *mdWriter) pop(before string) { w.prefix = before }

// apart asks for a blank line before what comes next. Right after a list's marker there is none.
func (w *mdWriter) apart() { w.part(blankBetween) }

// fresh asks for a new line.
func (w *mdWriter) fresh() { w.part(newLine) }

// tight asks for a new line, without blank lines before it.
func (w *mdWriter) tight() {
	w.fresh()
	if w.gap == newLine {
		w.blanks = w.blanks[:0]
	}
}

func (w *mdWriter) part(g gap) {
	if w.marked {
		return
	}
	if w.begun {
		w.end()
	}
	if w.gap == noGap || len(w.prefix) < len(w.at) {
		w.at = w.prefix
	}
	if w.gap == noGap {
		w.why = w.cause
	}
	w.gap = max(w.gap, g)
}

// end ends the line.
func (w *mdWriter) end() {
	w.made("\n")
	w.begun, w.marked = false, false
}

// made writes text of skillgen's, without line ends but its own.
func (w *mdWriter) made(s string) {
	if s == "" {
		return
	}
	w.open()
	w.raw(s, piece{file: w.file, src: w.cause, made: true})
}

// afterBlank reports whether a blank was written last.
func (w *mdWriter) afterBlank() bool { return w.spaced }

// full reports whether more was written than a page may have: such a page is refused, so nothing more is written.
func (w *mdWriter) full() bool { return w.b.Len() > maxPage }

func (w *mdWriter) raw(s string, p piece) {
	if w.full() {
		return
	}
	p.at = w.b.Len()
	w.spaced = s[len(s)-1] == ' ' || s[len(s)-1] == '\t'
	w.out.note(p)
	w.b.WriteString(s)
}

// open begins a line, unless one is.
func (w *mdWriter) open() {
	if w.begun {
		w.marked = false
		return
	}
	w.begun = true
	w.settle()
	if w.prefix != "" {
		w.raw(w.prefix, piece{file: w.file, src: w.cause, made: true})
	}
}

// settle writes the blank lines that stand before a line. Those that open the text go.
func (w *mdWriter) settle() {
	blanks, g := w.blanks, w.gap
	w.blanks, w.gap = w.blanks[:0], noGap
	if w.b.Len() == 0 {
		return
	}
	if g != blankBetween {
		for _, b := range blanks {
			w.blank(b, b.prefix)
		}
		return
	}
	prefix := w.at
	if len(w.prefix) < len(prefix) && !(w.quoted && len(blanks) == 0) {
		prefix = w.prefix
	}
	if len(blanks) > 0 {
		b := blanks[0]
		if b.start = b.end; len(b.prefix) < len(prefix) {
			prefix = b.prefix
		}
		w.blank(b, prefix)
		return
	}
	w.raw(strings.TrimRight(prefix, " ")+"\n", piece{file: w.file, src: w.why, made: true})
}

// blank writes a blank line of a file.
func (w *mdWriter) blank(b emptyLine, prefix string) {
	if prefix = strings.TrimRight(prefix, " "); prefix != "" {
		w.raw(prefix, piece{file: b.file, src: b.start, made: true})
	}
	w.raw(b.file.Text[b.start:b.end]+"\n", piece{file: b.file, src: b.start})
}

// copy writes f.Text[start:end], which holds no line end.
func (w *mdWriter) copy(f *source.File, start, end int) {
	if start < end {
		w.open()
		w.raw(f.Text[start:end], piece{file: f, src: start})
	}
}

// newline ends a line of a file at the offset of its line end; blank says where what is left of a line without content begins.
func (w *mdWriter) newline(f *source.File, blank, at int) {
	if !w.begun {
		if w.gap == noGap || len(w.blanks) == 0 {
			w.blanks = append(w.blanks, emptyLine{f, blank, at, w.prefix})
		}
		return
	}
	w.raw("\n", piece{file: f, src: at})
	w.begun, w.marked = false, false
}

// text writes a text that was made of another file.
func (w *mdWriter) text(t *mdText) {
	for at := 0; at < len(t.s); {
		end := lineEnd(t.s, at)
		stop := end
		if stop > at && t.s[stop-1] == '\n' {
			stop--
		}
		switch {
		case stop > at:
			w.open()
			w.pieces(t, at, end)
			w.begun = stop == end
		case !w.begun:
			i := t.pieceAt(at)
			w.blanks = append(w.blanks, emptyLine{t.pieces[i].file, t.origin(at), t.origin(at), w.prefix})
		}
		at = end
	}
}

// pieces writes the bytes [from, to) of a text.
func (w *mdWriter) pieces(t *mdText, from, to int) {
	if w.full() {
		return
	}
	w.spaced = to > from && (t.s[to-1] == ' ' || t.s[to-1] == '\t')
	w.out.copy(&w.b, t, from, to)
}

// done returns what was written.
func (w *mdWriter) done() *mdText {
	if w.begun {
		w.end()
	}
	if w.gap == noGap && w.b.Len() > 0 {
		for _, b := range w.blanks {
			w.blank(b, "")
		}
	}
	w.out.file, w.out.s = w.file, w.b.String()
	if len(w.out.pieces) == 0 {
		w.out.pieces = []piece{{file: w.file, src: w.cause, made: true}}
	}
	return &w.out
}
