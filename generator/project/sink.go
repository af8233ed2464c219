package project

import (
	"strings"

	"skillgen/generator/source"
)

// sink puts the output of templates together. It adds to source.Builder what partials need: their lines are indented like the tag that asks
// for them, or joined into the tag's line.
type sink struct {
	builder *source.Builder
	indent  string // before every line that is not empty
	begun   bool   // the current line holds something already

	joined int           // partials in one another that stand within a line
	held   bool          // a line end waits for what comes after it
	from   source.Origin // of the line end that waits
	writes int
}

// text writes s, whose lines follow each other in the source.
func (w *sink) text(s string, o source.Origin) {
	if s == "" {
		return
	}
	w.flush()
	w.writes++
	if w.joined > 0 && strings.HasSuffix(s, "\n") {
		s = s[:len(s)-1]
		w.held, w.from = true, o
		w.from.Line += strings.Count(s, "\n")
	}
	w.put(s, o)
}

func (w *sink) put(s string, o source.Origin) {
	if w.indent == "" {
		w.builder.Text(s, o)
		if s != "" {
			w.begun = s[len(s)-1] != '\n'
		}
		return
	}
	for line := range strings.Lines(s) {
		if !w.begun && line != "\n" {
			w.builder.Text(w.indent, o)
		}
		w.builder.Text(line, o)
		w.begun = line[len(line)-1] != '\n'
		o.Line++
	}
}

// value writes s, all of whose lines come from one line of the source.
func (w *sink) value(s string, o source.Origin) {
	for line := range strings.Lines(s) {
		w.text(line, o)
	}
}

func (w *sink) slot(slot source.Slot, text string, o source.Origin) {
	w.flush()
	w.writes++
	if !w.begun && w.indent != "" {
		w.builder.Text(w.indent, o)
	}
	w.begun = true
	w.builder.Slot(slot, text, o)
}

// flush writes the line end that waits.
func (w *sink) flush() {
	if w.held {
		w.held = false
		w.put("\n", w.from)
	}
}

// breakLine ends the line if one is begun.
func (w *sink) breakLine(o source.Origin) {
	if w.begun && !w.held {
		w.text("\n", o)
	}
}

// indented runs f with more indentation.
func (w *sink) indented(indent string, f func()) {
	before := w.indent
	w.indent += indent
	f()
	w.indent = before
}

// inline runs f and leaves out the line end that f ends with.
func (w *sink) inline(f func()) {
	writes := w.writes
	w.joined++
	f()
	w.joined--
	if w.writes > writes {
		w.held = false
	}
}
