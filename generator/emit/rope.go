package emit

import (
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/source"
)

// rope is the text of a file in the making: pieces of whole lines, most of which other skills hold too. They are copied once, when it is known
// where all links lead.
type rope struct {
	pieces   []piece
	lines    int
	headings []anchor
	head     int // how many of the pieces are the head of SKILL.md
}

// piece is prose from elsewhere, or lines of skillgen's own.
type piece struct {
	prose *source.Prose // nil: lines of skillgen's own
	text  string        // what the piece says, but for slots
	from  source.Origin // of lines of skillgen's own
	slot  *source.Slot  // in them; its offsets are those of text
	lines int
}

// anchor is a heading, as far as links need to know it.
type anchor struct{ slug, local string }

// add appends prose.
func (r *rope) add(p *source.Prose) {
	if p.Body == "" {
		return
	}
	for i := range p.Headings {
		r.headings = append(r.headings, anchor{p.Headings[i].Slug, p.Headings[i].Local})
	}
	r.append(piece{prose: p, text: p.Body})
}

func (r *rope) append(p piece) {
	p.lines = strings.Count(p.text, "\n")
	r.lines += p.lines
	r.pieces = append(r.pieces, p)
}

// write appends lines of skillgen's own, caused by what stands at.
func (r *rope) write(text string, at source.Span) { r.append(piece{text: text, from: originOf(at)}) }

// size returns how many bytes stand so far, but for slots.
func (r *rope) size() int {
	n := 0
	for i := range r.pieces {
		n += len(r.pieces[i].text)
	}
	return n
}

// heading appends a heading and the blank line below it. Text is Markdown, plain is what it reads as.
func (r *rope) heading(level int, text, plain string, at source.Span) {
	r.headings = append(r.headings, anchor{slug: docs.Slug(oneLine(plain))})
	r.write(strings.Repeat("#", level)+" "+text+"\n\n", at)
}

// endBlock puts a blank line at the end, unless one stands there already. It is caused by what caused the line before.
func (r *rope) endBlock() {
	if len(r.pieces) == 0 || r.blanks() > 0 {
		return
	}
	last := &r.pieces[len(r.pieces)-1]
	from := last.from
	if last.prose != nil {
		from = last.prose.Origin(last.lines - 1)
	}
	from.Generated = true
	r.append(piece{text: "\n", from: from})
}

// blanks returns how many blank lines stand at the end.
func (r *rope) blanks() int {
	n := 0
	for i := len(r.pieces) - 1; i >= 0; i-- {
		s := r.pieces[i].text
		ends := len(s) - len(strings.TrimRight(s, "\n"))
		n += ends
		if ends < len(s) {
			return n - 1 // the end of the last line that says something
		}
	}
	return n
}

// originOf is the origin of lines that skillgen writes because of what stands at.
func originOf(at source.Span) source.Origin {
	o := source.Origin{File: at.File, Line: 1, Generated: true}
	if at.File != nil {
		o.Line = at.Line()
	}
	return o
}

// joined is a file put together.
type joined struct {
	data []byte
	runs []source.Run
	line int // lines so far
	head int // bytes of the head
}

// join puts the pieces together, without the blank lines at the end. resolve says what stands in place of a slot, whose own text is given.
func (r *rope) join(resolve func(slot *source.Slot, text string) string) *joined {
	runs, slots := 0, 0
	for i := range r.pieces {
		runs++
		if p := r.pieces[i].prose; p != nil {
			runs += len(p.Runs)
			slots += len(p.Slots)
		}
	}
	const slotSize = 48
	j := &joined{data: make([]byte, 0, r.size()+slotSize*(slots+1)), runs: make([]source.Run, 0, runs)}
	for i := range r.pieces {
		j.piece(&r.pieces[i], resolve)
		if i+1 == r.head {
			j.head = len(j.data)
		}
	}
	end := r.lines - r.blanks()
	j.data = j.data[:len(j.data)-r.blanks()]
	for len(j.runs) > 0 && j.runs[len(j.runs)-1].At >= end {
		j.runs = j.runs[:len(j.runs)-1]
	}
	return j
}

func (j *joined) piece(p *piece, resolve func(*source.Slot, string) string) {
	if p.prose == nil {
		j.run(j.line, p.from)
		from := 0
		if p.slot != nil {
			j.data = append(j.data, p.text[:p.slot.Start]...)
			j.data = append(j.data, resolve(p.slot, "")...)
			from = p.slot.Start
		}
		j.data = append(j.data, p.text[from:]...)
		j.line += p.lines
		return
	}
	for _, run := range p.prose.Runs {
		j.run(j.line+run.At, run.Origin)
	}
	from := 0
	for i := range p.prose.Slots {
		slot := &p.prose.Slots[i]
		j.data = append(j.data, p.text[from:slot.Start]...)
		j.data = append(j.data, resolve(slot, p.text[slot.Start:slot.End])...)
		from = slot.End
	}
	j.data = append(j.data, p.text[from:]...)
	j.line += p.lines
}

// run records where the lines from at on come from, unless the run before says it anyway.
func (j *joined) run(at int, o source.Origin) {
	if n := len(j.runs); n > 0 && j.runs[n-1].OriginAt(at) == o {
		return
	}
	j.runs = append(j.runs, source.Run{At: at, Origin: o})
}
