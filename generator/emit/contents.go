package emit

import (
	"fmt"
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/source"
)

var contentsHeading = []source.Heading{{Level: 2, Text: "Contents", Slug: docs.Slug("Contents")}}

// contents makes the list that ends the head: each section below it with its lines. An agent that was shown only the head knows from it
// what to read from disk. slugs are the anchors of the headings in rest.
func (e *emitter) contents(top, rest *source.Prose, marks []mark, slugs []string) *source.Prose {
	const opening = 4 // heading, blank, sentence, blank
	first := top.Lines() + opening + len(marks) + 1
	total := first + rest.Lines() - 1 // the file's last line is no blank one: see trim
	var s strings.Builder
	fmt.Fprintf(&s, "## Contents\n\nThis file has %d lines; if you were shown fewer, read the rest from disk.\n\n", total)
	for i, m := range marks {
		end := total
		for _, next := range marks[i+1:] {
			if next.level <= m.level {
				end = first + next.line
				break
			}
		}
		indent := strings.Repeat("  ", max(0, m.level-2))
		fmt.Fprintf(&s, "%s- [%s](#%s): lines %d–%d\n", indent, m.title, slugs[m.heading], first+m.line+1, end)
	}
	s.WriteString("\n")
	list := generated(s.String(), e.plan.At)
	list.Headings = contentsHeading
	return list
}
