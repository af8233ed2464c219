package project

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

// versionRange is a range of versions: one of its alternatives must hold, and each alternative is a list of comparisons that all must hold.
type versionRange [][]comparison

// comparison holds a version against a bound.
type comparison struct {
	op    string // >=, >, <=, < or =
	bound string // canonical, with the v that package semver wants
}

// parseRange reads ranges such as ">=0.2 <1", "^1.4", "~1.4.2", "1.x" is not one of them, and "1.4" means 1.4.0 and nothing else.
// Alternatives stand between ||.
func parseRange(s string) (versionRange, error) {
	var out versionRange
	for _, alternative := range strings.Split(s, "||") {
		fields := strings.Fields(alternative)
		if len(fields) == 0 {
			return nil, fmt.Errorf("it is empty on one side of ||")
		}
		var all []comparison
		for i := 0; i < len(fields); i++ {
			word := fields[i]
			if strings.Trim(word, "<>=^~") == "" && i+1 < len(fields) { // ">= 1" with a blank
				i++
				word += fields[i]
			}
			cs, err := parseComparison(word)
			if err != nil {
				return nil, err
			}
			all = append(all, cs...)
		}
		out = append(out, all)
	}
	return out, nil
}

func parseComparison(word string) ([]comparison, error) {
	number := strings.TrimLeft(word, "<>=^~")
	op := word[:len(word)-len(number)]
	version := "v" + number
	if !semver.IsValid(version) {
		return nil, fmt.Errorf("%q holds no version", word)
	}
	bound := semver.Canonical(version)
	switch op {
	case "":
		op = "="
	case "^", "~":
		return []comparison{{">=", bound}, {"<", ceiling(op, number)}}, nil
	case ">=", ">", "<=", "<", "=":
	default:
		return nil, fmt.Errorf("%q is no comparison", op)
	}
	return []comparison{{op, bound}}, nil
}

// ceiling returns the first version that ^number or ~number leaves out: ^ keeps the first number that is not 0, ~ the first two. Without an
// operator it is the version after number.
func ceiling(op, number string) string {
	core, _, _ := strings.Cut(strings.ReplaceAll(number, "+", "-"), "-")
	var n [3]int
	parts := strings.Split(core, ".")
	for i, p := range parts {
		n[i], _ = strconv.Atoi(p) // checked by semver.IsValid; a number too large for int stays at its largest
	}
	keep := 0
	switch {
	case op == "":
		keep = 2
	case op == "~" && len(parts) > 1:
		keep = 1
	case op == "^" && n[0] == 0 && len(parts) > 1:
		keep = 1
		if n[1] == 0 && len(parts) > 2 {
			keep = 2
		}
	}
	n[keep]++
	for i := keep + 1; i < len(n); i++ {
		n[i] = 0
	}
	return fmt.Sprintf("v%d.%d.%d", n[0], n[1], n[2])
}

// has reports whether the version, written without v, lies in the range. A build without a version of its own, 0.0.0-dev, lies in every one.
func (r versionRange) has(version string) bool {
	if version == "" || strings.HasPrefix(version, "0.0.0-dev") {
		return true
	}
	for _, all := range r {
		ok := true
		for _, c := range all {
			ok = ok && c.holds("v"+version)
		}
		if ok {
			return true
		}
	}
	return false
}

// InRange reports whether a version, such as 24.18.0, lies in a range that the reader of the project has taken.
func InRange(version, versions string) bool {
	r, err := parseRange(versions)
	return err == nil && r.has(version)
}

// RangeMeets reports whether a range that the reader of the project has taken holds any version from `from` up to, but not including, `below`.
// Both are written like 13.4.0; an empty one is no bound. Pre-releases don't count: nothing lies between 1.0.0 and 1.0.1. A range that can't be
// read meets nothing.
func RangeMeets(versions, from, below string) bool {
	r, err := parseRange(versions)
	if err != nil {
		return false
	}
	for _, all := range r {
		all = slices.Clone(all)
		for i, c := range all {
			if c.op == ">" {
				all[i] = comparison{">=", ceiling("", c.bound[1:])}
			}
		}
		if from != "" {
			all = append(all, comparison{">=", "v" + from})
		}
		if below != "" {
			all = append(all, comparison{"<", "v" + below})
		}
		if satisfiable(all) {
			return true
		}
	}
	return false
}

// satisfiable reports whether a version can pass all comparisons, of which none is >: whether the highest lower bound lies below the lowest upper
// one, or on it where that belongs to the range.
func satisfiable(all []comparison) bool {
	var low, high comparison // no bound: empty
	for _, c := range all {
		if strings.Contains(c.op, ">") || c.op == "=" {
			if low.bound == "" || semver.Compare(c.bound, low.bound) > 0 {
				low = c
			}
		}
		if strings.Contains(c.op, "<") || c.op == "=" {
			if d := semver.Compare(c.bound, high.bound); high.bound == "" || d < 0 || d == 0 && c.op == "<" {
				high = c
			}
		}
	}
	if low.bound == "" || high.bound == "" {
		return true
	}
	d := semver.Compare(low.bound, high.bound)
	return d < 0 || d == 0 && high.op != "<"
}

func (c comparison) holds(version string) bool {
	d := semver.Compare(version, c.bound)
	switch c.op {
	case ">=":
		return d >= 0
	case ">":
		return d > 0
	case "<=":
		return d <= 0
	case "<":
		return d < 0
	}
	return d == 0
}
