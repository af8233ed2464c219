// Package diag holds findings: what is wrong in the content of a project, where, and what to do about it.
//
// A finding is data. Phases return findings beside their result and never print; the command line prints them,
// in one of the formats of print.go. What is wrong with the machine, or with skillgen itself, is an error instead.
// Whatever was written by others is escaped where it is printed, by the escaper of escape.go for that place, and nowhere before.
package diag

import (
	"cmp"
	"slices"
)

// Severity orders findings; see Table for the level of each check.
type Severity uint8

// Info is a note, Warning is worth a look, Error means that the content may not ship.
const (
	Info Severity = iota
	Warning
	Error
)

func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// MarshalText writes the severity's name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Place is a position in a file of the project.
type Place struct {
	File string // slash-separated path from the project's folder; "builtin:…" for a built-in template; empty for the project as a whole
	Line int    // 1-based; 0 where a finding is about a whole file
	Col  int    // 1-based, in code points of the line; 0 where a finding is about a whole line
	End  int    // column after the last code point that is meant, on the same line; 0 or Col where only a point is meant
	Text string // the source line itself, without its line end; empty where Line is 0
}

// Finding is something wrong in the content.
type Finding struct {
	ID       string // row of Table
	Severity Severity
	Place    Place
	Message  string // one sentence without a final full stop; never holds a secret's value
	Hint     string // what to do; may be empty
	Also     Place  // the other place, where two things clash; zero where there is none
}

// New makes a finding of the check id, at the check's default severity.
// It panics on an id that Table does not have: that is a fault of skillgen's, not of the content's.
func New(id string, at Place, message, hint string) Finding {
	row, ok := Lookup(id)
	if !ok {
		panic("diag: unknown check id " + id)
	}
	return Finding{ID: id, Severity: row.Severity, Place: at, Message: brief(message), Hint: brief(hint)}
}

// maxText bounds what a finding says, in code points: messages quote what others wrote, which may be of any length.
const maxText = 600

func brief(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// Sort orders findings by file, line, column, id and message, so that output never depends on which phase or
// goroutine was first, and drops exact repetitions.
func Sort(fs []Finding) []Finding {
	slices.SortFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Col, b.Place.Col),
			cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Also.File, b.Also.File),
			cmp.Compare(a.Also.Line, b.Also.Line),
		)
	})
	return slices.Compact(fs)
}

// Override gives findings the level that levels has for their check: "error", "warning", "info", or "off", which drops them. Checks whose
// row is Fixed keep their level, and so does one for which levels says anything else. It returns a new slice.
func Override(fs []Finding, levels map[string]string) []Finding {
	out := make([]Finding, 0, len(fs))
	for _, f := range fs {
		if row, ok := Lookup(f.ID); ok && !row.Fixed {
			switch levels[f.ID] {
			case "off":
				continue
			case "info":
				f.Severity = Info
			case "warning":
				f.Severity = Warning
			case "error":
				f.Severity = Error
			}
		}
		out = append(out, f)
	}
	return out
}

// Worst returns the highest severity among fs, and false where fs is empty.
func Worst(fs []Finding) (Severity, bool) {
	worst := Info
	for _, f := range fs {
		worst = max(worst, f.Severity)
	}
	return worst, len(fs) > 0
}
