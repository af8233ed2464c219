package emit

import (
	"fmt"
	"strings"

	"skillgen/generator/source"
)

// layout is a file, or a half of SKILL.md, in the making.
type layout struct {
	rope
	listed  bool // its sections stand in the contents list
	marks   []mark
	open    []int // marks that have no end yet, each of a deeper level than the one before
	sources []section
	refs    map[target]int
}

// mark is a section that the contents list names.
type mark struct {
	level, heading int    // heading: index among the layout's
	from, to       int    // lines of the layout, 0-based: of its heading, after its last one that is not blank
	title          string // Markdown
}

func newLayout() *layout { return &layout{refs: map[target]int{}} }

// section starts a section. It ends those before it that it is no part of.
func (l *layout) section(level int, text, plain string, at source.Span) {
	l.mark(mark{level: level, heading: len(l.headings), from: l.lines, title: text}, l.lines-l.blanks())
	l.heading(level, text, plain, at)
}

// mark notes a section. Those before it that it is no part of end with the 0-based line before to.
func (l *layout) mark(m mark, to int) {
	l.end(m.level, to)
	if l.listed {
		l.open = append(l.open, len(l.marks))
		l.marks = append(l.marks, m)
	}
}

// end ends the open sections of this level and below it.
func (l *layout) end(level, to int) {
	for n := len(l.open); n > 0 && l.marks[l.open[n-1]].level >= level; n-- {
		l.marks[l.open[n-1]].to = to
		l.open = l.open[:n-1]
	}
}

// source appends a source's prose below the heading home, which stands for the source as a whole, and remembers that its headings can be
// linked to.
func (l *layout) source(path string, text *source.Prose, home int) {
	whole := target{kind: source.RefPage, path: path}
	if _, known := l.refs[whole]; !known {
		l.refs[whole] = home
	}
	if len(text.Headings) > 0 {
		l.sources = append(l.sources, section{path: path, from: len(l.headings), to: len(l.headings) + len(text.Headings)})
	}
	l.add(text)
}

// listedLevel is the deepest level of headings in skill.md itself that the contents list names; pages have it too.
const listedLevel = 3

// prose appends a piece of skill.md. It is no part of the section before it.
func (l *layout) prose(text *source.Prose) {
	if text.Body == "" {
		return
	}
	l.end(1, l.lines-l.blanks())
	for i, h := range text.Headings {
		if h.Level > listedLevel || !ownLine(text.Body, h.Offset) {
			continue
		}
		to := l.lines
		if said := strings.TrimRight(text.Body[:h.Offset], " \t\n"); said != "" {
			to += strings.Count(said, "\n") + 1
		}
		l.mark(mark{level: h.Level, heading: len(l.headings) + i, from: l.lines + h.Line, title: literal(h.Text)}, to)
	}
	l.add(text)
	l.endBlock()
}

func (l *layout) draft(path string) draft {
	d := draft{path: path, rope: l.rope, sources: l.sources, refs: l.refs}
	d.number()
	return d
}

// contents makes the list that ends the head: each section below it with its lines. An agent that was shown only the head knows from it
// what to read from disk. above is how many lines stand before the list, slugs are the anchors of the headings in l.
func (l *layout) contents(above int, slugs []string) string {
	var s strings.Builder
	l.end(1, l.lines-l.blanks())
	list := 3 // heading, blank, sentence
	if len(l.marks) > 0 {
		list += 1 + len(l.marks)
	}
	below := l.lines - l.blanks()
	if below > 0 {
		list++
	}
	first := above + list
	fmt.Fprintf(&s, "## Contents\n\nThis file has %d lines; if you were shown fewer, read the rest from disk.\n", first+below)
	if len(l.marks) > 0 {
		s.WriteByte('\n')
	}
	for _, m := range l.marks {
		indent := strings.Repeat("  ", max(0, m.level-2))
		fmt.Fprintf(&s, "%s- [%s](#%s): lines %d–%d\n", indent, m.title, slugs[m.heading], first+m.from+1, first+m.to)
	}
	if below > 0 {
		s.WriteByte('\n')
	}
	return s.String()
}
