package site

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"skillgen/generator/release"
)

// spot is where lines of a skill come from.
type spot struct {
	path      string
	line      int
	generated bool // skillgen wrote the lines; path and line are their cause
}

func (s spot) String() string { return s.path + ":" + strconv.Itoa(s.line) }

// lineIndex knows the lines of a text.
type lineIndex struct {
	text   []byte
	starts []int // offset of each line
}

func newLineIndex(text []byte) lineIndex {
	x := lineIndex{text: text, starts: []int{0}}
	for i := 0; ; {
		n := bytes.IndexByte(text[i:], '\n')
		if n < 0 || i+n+1 >= len(text) {
			return x
		}
		i += n + 1
		x.starts = append(x.starts, i)
	}
}

// at returns the 1-based line that holds an offset.
func (x *lineIndex) at(offset int) int {
	return sort.Search(len(x.starts), func(i int) bool { return x.starts[i] > offset })
}

// last returns the 1-based line of the last byte before an offset that is not blank, and not one before the line from.
func (x *lineIndex) last(from, offset int) int {
	for offset > x.starts[from-1] && strings.IndexByte(" \t\n", x.text[offset-1]) >= 0 {
		offset--
	}
	return max(from, x.at(max(0, offset-1)))
}

// origins says where the lines of one file come from.
type origins struct {
	ranges  []release.Range // by From
	written spot            // what the last note that was written said
}

// spots returns where the lines from … to come from, each source once. What skillgen wrote counts only where it wrote all of them.
func (o *origins) spots(from, to int) []spot {
	var own, generated []spot
	seen := map[spot]bool{} // by path, and who wrote it
	first := sort.Search(len(o.ranges), func(i int) bool { return o.ranges[i].To >= from })
	for _, r := range o.ranges[first:] {
		if r.From > to {
			break
		}
		s := spot{r.Source, r.Line, r.Generated}
		source := spot{path: r.Source, generated: r.Generated}
		if seen[source] {
			continue
		}
		seen[source] = true
		if r.Generated {
			generated = append(generated, s)
		} else {
			s.line += max(0, from-r.From)
			own = append(own, s)
		}
	}
	if len(own) > 0 {
		return own
	}
	return generated
}

// note returns the margin note of a block of lines. It names its source where that is another than the one of the note before it, else the line
// alone; it is empty where there is nothing new to say.
func (o *origins) note(from, to int) string {
	spots := o.spots(from, to)
	if len(spots) == 0 {
		return ""
	}
	s, before := spots[0], o.written
	o.written = s
	if len(spots) > 1 {
		o.written = spot{}
	}
	class := "src"
	switch alone := len(spots) == 1; {
	case alone && s.path == before.path && s.line == before.line:
		return ""
	case alone && s.path == before.path:
		if class = "src n"; s.generated {
			class = "src n made"
		}
		return fmt.Sprintf(`<small class="%s" title="%s" aria-hidden="true">:%d</small>`, class, escape(listed(spots)), s.line)
	case s.generated:
		class = "src made"
	}
	return fmt.Sprintf(`<small class="%s" title="%s">%s%s</small>`, class, escape(listed(spots)), breakable(s.String()), more(len(spots)-1))
}

// several reports whether the lines come from several files, skillgen's own left aside.
func (o *origins) several(from, to int) bool {
	spots := o.spots(from, to)
	return len(spots) > 1 && !spots[0].generated
}

// maxListed is how many sources the title of a note names.
const maxListed = 8

func listed(spots []spot) string {
	var names []string
	for _, s := range spots[:min(len(spots), maxListed)] {
		names = append(names, s.String())
	}
	text := strings.Join(names, ", ")
	if spots[0].generated {
		text = "written by skillgen, from " + text
	}
	return text + more(len(spots)-maxListed)
}

func more(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// breakable lets a path be broken after its slashes.
func breakable(path string) string { return strings.ReplaceAll(escape(path), "/", "/<wbr>") }

// ofFile returns the ranges of one file, by line.
func ofFile(f *File) []release.Range {
	ranges := slices.DeleteFunc(slices.Clone(f.Ranges), func(r release.Range) bool { return r.File != f.Path })
	slices.SortStableFunc(ranges, func(a, b release.Range) int { return a.From - b.From })
	return ranges
}
