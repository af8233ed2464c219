package source

import (
	"slices"
	"strings"
)

// Origin says where a line of output comes from.
type Origin struct {
	File      *File
	Line      int  // 1-based, in File
	Generated bool // skillgen made the line; File and Line name the input that caused it
}

// after returns the origin of the n-th line after a line of this origin.
func (o Origin) after(n int) Origin {
	if !o.Generated {
		o.Line += n
	}
	return o
}

// Run maps output lines from At (0-based, within its Prose) up to the next run. Line i of the run comes from line
// Origin.Line+i of the file; all lines of a generated run come from Origin.Line.
type Run struct {
	At int
	Origin
}

// RefKind says what a Slot points at.
type RefKind uint8

// What a slot can point at: a page (File, and Fragment for one of its headings), a heading of the same source (Fragment only, File is
// that source), the model airplane section, a stage (N).
const (
	RefPage RefKind = iota
	RefExample
	RefStage
)

// OriginAt returns where the 0-based line comes from, which lies in the run.
func (r Run) OriginAt(line int) Origin { return r.after(line - r.At) }

// Slot is a link destination that depends on the skill it ends up in: an anchor, a path or an absolute URL.
type Slot struct {
	Start, End int     // bytes of Prose.Body that hold the destination to use where the target is not part of the skill; they may be empty
	Kind       RefKind //
	Path       string  // RefPage: path of the target page's file in the project
	Fragment   string  // heading of the target by its GitHub slug within that page alone; empty for the page
	N          int     // RefStage: 1-based position
	Title      string  // {{ref …}} only: empty. Reserved for the text of the link
	At         Span    // where the reference is written
	Must       bool    // template or guidance names it: an unresolved target is an error, not a fallback
}

// Heading is an ATX heading of a Prose.
type Heading struct {
	Offset int    // byte offset in Prose.Body of the heading's first #
	Line   int    // 0-based line in Prose.Body
	Level  int    // 1–6, as it stands in Body
	Text   string // plain text, without markup
	Slug   string // GitHub's slug of it, not numbered
	Local  string // GitHub's slug of it within its own source file, numbered there: what a #fragment of the source means
}

// Prose is Markdown on its way into a skill. Body is what is emitted, except for its slots; it is empty or ends in a newline.
// Every line of Body has an origin. Sorted: Runs by At, Slots by Start, Headings by Offset.
type Prose struct {
	Body     string
	Runs     []Run
	Slots    []Slot
	Headings []Heading
}

// Lines returns how many lines Body has.
func (p *Prose) Lines() int { return strings.Count(p.Body, "\n") }

// Origin returns where the 0-based line comes from; the zero Origin for a line before the first run.
func (p *Prose) Origin(line int) Origin {
	i := p.runOf(line)
	if i < 0 {
		return Origin{}
	}
	return p.Runs[i].OriginAt(line)
}

// runOf returns the index of the run that holds the 0-based line, -1 where none does.
func (p *Prose) runOf(line int) int {
	i, found := slices.BinarySearchFunc(p.Runs, line, func(r Run, line int) int { return r.At - line })
	if !found {
		i--
	}
	return i
}

// Builder puts a Prose together from pieces, and keeps the origin of every line. A line whose bytes come from several pieces has the
// origin of its first byte. The zero Builder is ready to use; it must not be copied once it is in use.
type Builder struct {
	body     strings.Builder
	lines    int  // line ends written so far
	open     bool // the last line has no line end yet
	runs     []Run
	slots    []Slot
	headings []Heading
}

// Len returns how many bytes stand so far.
func (b *Builder) Len() int { return b.body.Len() }

// Grow makes room for n more bytes.
func (b *Builder) Grow(n int) { b.body.Grow(n) }

// Text appends s, whose first byte comes from o and each of whose lines comes from one line further on, unless o is generated.
func (b *Builder) Text(s string, o Origin) {
	from, open := b.write(s)
	b.run(from, b.end(), o, open)
}

// Slot appends the text that stands where slot can't be resolved, and slot for it.
func (b *Builder) Slot(slot Slot, text string, o Origin) {
	slot.Start, slot.End = b.Len(), b.Len()+len(text)
	b.Text(text, o)
	b.slots = append(b.slots, slot)
}

// Append appends p.
func (b *Builder) Append(p *Prose) { b.splice(p, 0, len(p.Body), 0) }

// AppendRange appends the bytes [from, to) of p, with the slots and headings that lie in them.
func (b *Builder) AppendRange(p *Prose, from, to int) {
	b.splice(p, from, to, strings.Count(p.Body[:from], "\n"))
}

// AppendFrom appends the bytes [from, to) of p as AppendRange does, for a caller who knows on which 0-based line of p from lies: many ranges of a
// long text are then no slower than one.
func (b *Builder) AppendFrom(p *Prose, line, from, to int) { b.splice(p, from, to, line) }

// AppendItem appends p as an item of a list: marker before its first line, as many blanks before each further line that is not empty.
func (b *Builder) AppendItem(marker string, p *Prose) {
	indent := strings.Repeat(" ", len(marker))
	from := 0
	for line := 0; from < len(p.Body); line++ {
		to := len(p.Body)
		if i := strings.IndexByte(p.Body[from:], '\n'); i >= 0 {
			to = from + i + 1
		}
		switch {
		case line == 0:
			b.Text(marker, p.Origin(0))
		case to-from > 1:
			b.Text(indent, p.Origin(line))
		}
		b.splice(p, from, to, line)
		from = to
	}
}

// Prose returns what was built; a last line without line end gets one. The builder must not be used any more.
func (b *Builder) Prose() *Prose {
	if b.open {
		b.write("\n")
	}
	return &Prose{Body: b.body.String(), Runs: b.runs, Slots: b.slots, Headings: b.headings}
}

// splice appends the bytes [from, to) of p, the first of which stands on the 0-based line of p.
func (b *Builder) splice(p *Prose, from, to, line int) {
	if from >= to {
		return
	}
	offset := b.Len() - from
	at, open := b.write(p.Body[from:to])
	shift := at - line
	end := b.end() - shift // 0-based line of p after the last one that was touched
	for i := max(p.runOf(line), 0); i < len(p.Runs) && p.Runs[i].At < end; i++ {
		start, stop := max(p.Runs[i].At, line), end
		if i+1 < len(p.Runs) {
			stop = min(stop, p.Runs[i+1].At)
		}
		b.run(start+shift, stop+shift, p.Runs[i].after(start-p.Runs[i].At), open && start == line)
	}
	for _, s := range inRange(p.Slots, from, func(s Slot) int { return s.Start }) {
		if s.End > to || s.Start == to && to < len(p.Body) {
			break
		}
		s.Start += offset
		s.End += offset
		b.slots = append(b.slots, s)
	}
	for _, h := range inRange(p.Headings, from, func(h Heading) int { return h.Offset }) {
		if h.Offset >= to {
			break
		}
		h.Offset += offset
		h.Line += shift
		b.headings = append(b.headings, h)
	}
}

// inRange returns the part of sorted whose keys are at least from.
func inRange[T any](sorted []T, from int, key func(T) int) []T {
	if from == 0 {
		return sorted
	}
	i, _ := slices.BinarySearchFunc(sorted, from, func(t T, from int) int { return key(t) - from })
	return sorted[i:]
}

// write appends s. It returns the 0-based line that its first byte lands on, and whether that line was begun by something else.
func (b *Builder) write(s string) (line int, open bool) {
	line, open = b.lines, b.open
	if s == "" {
		return line, open
	}
	b.body.WriteString(s)
	b.lines += strings.Count(s, "\n")
	b.open = s[len(s)-1] != '\n'
	return line, open
}

// end returns the 0-based line after the last one that holds a byte.
func (b *Builder) end() int {
	if b.open {
		return b.lines + 1
	}
	return b.lines
}

// run records that the lines [from, to) come from o on. Where from was begun by another piece, it keeps that origin.
func (b *Builder) run(from, to int, o Origin, open bool) {
	if open {
		from++
		o = o.after(1)
	}
	if from >= to {
		return
	}
	if n := len(b.runs); n > 0 && b.runs[n-1].after(from-b.runs[n-1].At) == o {
		return
	}
	b.runs = append(b.runs, Run{At: from, Origin: o})
}
