package release

import (
	"slices"
	"strings"

	"skillgen/generator/source"
)

// Range says where lines of a skill's file come from.
type Range struct {
	File      string // from the skill's folder
	From, To  int    // lines of File, 1-based, both inside
	Source    string // path of the input
	Line      int    // 1-based line of Source that From comes from; where Generated, the line that caused all of them
	Generated bool   // skillgen wrote the lines
}

// Ranges turns the runs of a file with so many lines into ranges. Runs must be sorted and begin at line 0.
func Ranges(file string, lines int, runs []source.Run) []Range {
	var out []Range
	for i, r := range runs {
		to := lines
		if i+1 < len(runs) {
			to = runs[i+1].At
		}
		if r.At < to && r.File != nil {
			out = append(out, Range{File: file, From: r.At + 1, To: to, Source: r.File.Path, Line: r.Line, Generated: r.Generated})
		}
	}
	return out
}

// EncodeProvenance returns provenance/<skill>.json: a range a line, by file and line.
func EncodeProvenance(skill string, ranges []Range) []byte {
	ranges = slices.SortedStableFunc(slices.Values(ranges), func(a, b Range) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.From - b.From
	})
	j := jsonText{b: make([]byte, 0, 64+128*len(ranges))}
	j.raw("{\n  \"schema\": 1")
	j.key("  ", "skill")
	j.text(skill)
	j.key("  ", "ranges")
	j.lines("  ", len(ranges), func(i int) {
		r := &ranges[i]
		j.raw(`{"file": `)
		j.text(r.File)
		j.raw(`, "from": `)
		j.number(int64(r.From))
		j.raw(`, "to": `)
		j.number(int64(r.To))
		j.raw(`, "source": `)
		j.text(r.Source)
		j.raw(`, "line": `)
		j.number(int64(r.Line))
		j.raw(`, "generated": `)
		j.truth(r.Generated)
		j.raw("}")
	})
	j.raw("\n}\n")
	return j.b
}
