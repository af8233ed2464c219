package docs

import (
	"cmp"
	"slices"
	"strings"

	"skillgen/generator/source"
)

// mdText is Markdown on its way from files into a skill. Every byte knows the byte of a file that it is, or that caused it.
type mdText struct {
	file   *source.File // of the page; parts may come from others
	s      string
	pieces []piece // by at; the first is at 0
}

// piece is where a run of bytes comes from; it reaches to the next one.
type piece struct {
	at    int // offset in the text
	file  *source.File
	src   int  // offset in the file: of the first byte, or of what caused the piece where it is made or fixed
	made  bool // skillgen wrote the bytes
	fixed bool // the bytes say what stands at src, and are not those of the file
}

// edit replaces the bytes [start, end) by with. Where with is what stands there already, the bytes keep their origin.
type edit struct {
	start, end int
	with       string
	slot       *source.Slot    // with is its text
	head       *source.Heading // with begins with its first #
}

// newText makes a text of f.Text[from:to].
func newText(f *source.File, from, to int) *mdText {
	return &mdText{file: f, s: f.Text[from:to], pieces: []piece{{file: f, src: from}}}
}

// pieceAt returns the index of the piece that holds the byte at an offset.
func (t *mdText) pieceAt(at int) int {
	i, found := slices.BinarySearchFunc(t.pieces, at, func(p piece, at int) int { return p.at - at })
	if !found {
		i--
	}
	return max(i, 0)
}

// origin returns the offset in its file of the byte at an offset, or of what caused it.
func (t *mdText) origin(at int) int {
	p := t.pieces[t.pieceAt(at)]
	return p.origin(at)
}

func (p piece) origin(at int) int {
	if p.made || p.fixed {
		return p.src
	}
	return min(p.src+at-p.at, len(p.file.Text))
}

// fileAt returns the file that the byte at an offset comes from.
func (t *mdText) fileAt(at int) *source.File { return t.pieces[t.pieceAt(at)].file }

// span is where the bytes [start, end) stand in the file of the first of them.
func (t *mdText) span(start, end int) source.Span {
	f, from := t.fileAt(start), t.origin(start)
	to := from
	if last := max(start, end-1); t.fileAt(last) == f {
		to = t.origin(last) + min(1, end-start)
	}
	return source.Span{File: f, Start: from, End: max(from, to)}
}

// beside returns the piece of text that is made because of what stands at an offset.
func (t *mdText) beside(cause, at int) piece {
	return piece{at: at, file: t.fileAt(cause), src: t.origin(cause), made: true}
}

// apply makes the text that edits make of t, and says where the result of each begins in it. The edits are sorted by start and don't
// overlap; those at one place are applied in their order.
func (t *mdText) apply(edits []edit) (*mdText, []int) {
	out := &mdText{file: t.file}
	size := len(t.s)
	for _, e := range edits {
		size += len(e.with)
	}
	var b strings.Builder
	b.Grow(size)
	at := make([]int, len(edits))
	from := 0
	for i, e := range edits {
		out.copy(&b, t, from, e.start)
		at[i] = b.Len()
		if t.s[e.start:e.end] == e.with {
			out.copy(&b, t, e.start, e.end)
		} else if e.with != "" {
			out.note(t.beside(e.start, b.Len()))
			b.WriteString(e.with)
		}
		from = e.end
	}
	out.copy(&b, t, from, len(t.s))
	out.s = b.String()
	if len(out.pieces) == 0 {
		out.pieces = []piece{t.beside(0, 0)}
	}
	return out, at
}

// add makes the text that is t and s after it, caused by what stands at an offset.
func (t *mdText) add(s string, cause int) *mdText {
	out := &mdText{file: t.file, s: t.s + s, pieces: slices.Clone(t.pieces)}
	out.note(t.beside(cause, len(t.s)))
	return out
}

// copy appends the bytes [from, to) of t.
func (out *mdText) copy(b *strings.Builder, t *mdText, from, to int) {
	if from >= to {
		return
	}
	for i := t.pieceAt(from); i < len(t.pieces) && t.pieces[i].at < to; i++ {
		p := t.pieces[i]
		start := max(p.at, from)
		if !p.made && !p.fixed {
			p.src += start - p.at
		}
		p.at = b.Len() + start - from
		out.note(p)
	}
	b.WriteString(t.s[from:to])
}

// note records a piece, unless the one before goes on in it.
func (out *mdText) note(p piece) {
	if n := len(out.pieces); n > 0 {
		last := out.pieces[n-1]
		stays := p.made || p.fixed
		if last.file == p.file && last.made == p.made && last.fixed == p.fixed && (stays && last.src == p.src || !stays && last.src+p.at-last.at == p.src) {
			return
		}
	}
	out.pieces = append(out.pieces, p)
}

// runs says for each line of the text which line of the file it comes from. A line is generated where none of its bytes is the file's.
func (t *mdText) runs() []source.Run {
	var runs []source.Run
	n, i := 0, 0
	for at := 0; at < len(t.s); n++ {
		end := lineEnd(t.s, at)
		for i+1 < len(t.pieces) && t.pieces[i+1].at <= at {
			i++
		}
		o := t.pieces[i].line(at)
		for j := i; o.Generated && j < len(t.pieces) && t.pieces[j].at < end; j++ {
			if !t.pieces[j].made {
				o = t.pieces[j].line(t.pieces[j].at)
			}
		}
		if len(runs) == 0 || !follows(runs[len(runs)-1], n, o) {
			runs = append(runs, source.Run{At: n, Origin: o})
		}
		at = end
	}
	return runs
}

// line is where the line comes from whose first byte is the piece's at an offset.
func (p piece) line(at int) source.Origin {
	return source.Origin{File: p.file, Line: p.file.Line(p.origin(at)), Generated: p.made}
}

// follows reports whether the 0-based line n of origin o is what r says anyway.
func follows(r source.Run, n int, o source.Origin) bool {
	want := r.Origin
	if !want.Generated {
		want.Line += n - r.At
	}
	return want == o
}

// lineStart returns the offset at which the line that holds the byte at an offset begins.
func lineStart(s string, at int) int { return strings.LastIndexByte(s[:at], '\n') + 1 }

// lineEnd returns the offset after the line end of the line that holds the byte at an offset.
func lineEnd(s string, at int) int {
	if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(s)
}

// blankAt reports whether the line that begins at an offset is blank; the end of the text counts as one.
func blankAt(s string, at int) bool {
	return strings.Trim(s[at:lineEnd(s, at)], " \t\n") == ""
}

// cut is a run of whole lines to take out.
type cut struct {
	start, end int  // of the first line; after the line end of the last
	apart      bool // what stands before and after must not come together
}

// cutEdits turns cuts into edits. Of the blank lines around a cut those before it stay, those after it go; where there are none, and the
// blocks on both sides must stay apart, the cut leaves one.
func cutEdits(s string, cuts []cut) []edit {
	slices.SortFunc(cuts, func(a, b cut) int { return a.start - b.start })
	var edits []edit
	for i := 0; i < len(cuts); {
		c := cuts[i]
		end := skipBlank(s, c.end)
		for i++; i < len(cuts) && cuts[i].start <= end; i++ {
			c.apart = c.apart || cuts[i].apart || cuts[i].start > c.end
			c.end = max(c.end, cuts[i].end)
			end = skipBlank(s, c.end)
		}
		before := c.start == 0 || blankAt(s, lineStart(s, c.start-1))
		switch {
		case end == len(s): // nothing comes after it that blank lines would keep apart
			c.end = end
			for c.start > 0 && blankAt(s, lineStart(s, c.start-1)) {
				c.start = lineStart(s, c.start-1)
			}
		case before:
			c.end = end
		case end > c.end: // the blank lines after it stay
		case c.apart && c.end < len(s) && s[c.end-1] == '\n':
			c.end--
		}
		edits = append(edits, edit{start: c.start, end: c.end})
	}
	return edits
}

// merge puts edits and cuts in order. What lies in a cut goes with it. At one place what is put in comes before what is replaced.
func merge(s string, edits []edit, cuts []cut) []edit {
	all := append(cutEdits(s, cuts), edits...)
	slices.SortStableFunc(all, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(min(1, a.end-a.start), min(1, b.end-b.start)))
	})
	end := 0
	return slices.DeleteFunc(all, func(e edit) bool {
		if e.start < end {
			return true
		}
		end = max(end, e.end)
		return false
	})
}

// skipBlank returns the offset of the first line at or after an offset, which begins a line, that is not blank.
func skipBlank(s string, at int) int {
	for at < len(s) && blankAt(s, at) {
		at = lineEnd(s, at)
	}
	return at
}
