package diag

import "fmt"

// Cap keeps the first findings that one file has of one check and severity, most of them, and puts one that counts the rest at the place of
// the first that it leaves out: a generated file with a fault on every line is one thing to mend, not ten thousand. fs must be sorted.
func Cap(fs []Finding, most int) []Finding {
	type kind struct {
		file, id string
		severity Severity
	}
	total := map[kind]int{}
	for _, f := range fs {
		total[kind{f.Place.File, f.ID, f.Severity}]++
	}
	seen := map[kind]int{}
	out := fs[:0:0]
	for _, f := range fs {
		k := kind{f.Place.File, f.ID, f.Severity}
		seen[k]++
		switch n := seen[k]; {
		case n <= most || total[k] == most+1:
			out = append(out, f)
		case n == most+1:
			f.Message = fmt.Sprintf("%d more findings of this check in this file, from here on", total[k]-most)
			f.Hint, f.Also = "", Place{}
			out = append(out, f)
		}
	}
	return out
}
