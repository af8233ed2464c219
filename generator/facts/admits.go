package facts

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/project"
)

// Admits reports whether a version that a manifest asks for can lie in a range of `detect`: ^13.0.0 and >=13.4 have versions in common. A version
// that can't be told (latest, workspace:*, a computed one) can lie in any range. Pre-releases count as the version that they lead to.
//
// What is written means what the manifest's own tool takes it for: a bare version is one version, for Cargo and Swift all that are compatible
// with it; ~1.2 leaves out 1.3 for npm and Cargo, and 2.0 for Composer; ~> and ~= leave their last number free.
func Admits(d Dependency, versions string) bool {
	notation := notations[path.Base(d.At.File.Path)]
	known := false
	for _, alternative := range splitAny(d.Version, "||", "|", " or ") {
		set, ok := notation.all(alternative)
		if !ok {
			return true
		}
		known = true
		if project.RangeMeets(versions, set.from.String(), set.below.String()) {
			return true
		}
	}
	return !known
}

// notation is what manifests of a kind mean by what they all write.
type notation struct {
	bare  string // operator of a version without one
	tilde string // operator that ~ stands for
}

// notations are those that differ from npm's, by the name of the manifest.
var notations = map[string]notation{
	"Cargo.toml":    {bare: "^"},
	"Package.swift": {bare: "^"},
	"composer.json": {tilde: "~>"},
}

// number is a version without what makes it a pre-release or build; nil: no bound.
type number []int

// String writes a number with three places, for a comparison; "" where it is no bound.
func (n number) String() string {
	if n == nil {
		return ""
	}
	full := [3]int{}
	copy(full[:], n)
	return strconv.Itoa(full[0]) + "." + strconv.Itoa(full[1]) + "." + strconv.Itoa(full[2])
}

// next is the number that follows all versions which begin with the first keep places of n.
func (n number) next(keep int) number {
	out := append(number{}, n[:min(keep, len(n))]...)
	out[len(out)-1]++
	return out
}

// interval is all versions from one up to, but not including, another.
type interval struct{ from, below number }

// and narrows the interval. Which of two bounds is narrower is decided by their order.
func (v *interval) and(o interval) {
	if o.from != nil && (v.from == nil || compareNumbers(o.from, v.from) > 0) {
		v.from = o.from
	}
	if o.below != nil && (v.below == nil || compareNumbers(o.below, v.below) < 0) {
		v.below = o.below
	}
}

func compareNumbers(a, b number) int {
	for i := range 3 {
		x, y := 0, 0
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x - y
		}
	}
	return 0
}

// all reads comparisons that all must hold: ">=1.2, <2", ">= 1.2 and < 2", "1.2 - 1.4", "[1.2,2)". false where one of them can't be read.
func (n notation) all(s string) (interval, bool) {
	s = strings.TrimSpace(s)
	if from, to, ok := strings.Cut(s, " - "); ok {
		s = ">=" + strings.TrimSpace(from) + " <=" + strings.TrimSpace(to)
	}
	if len(s) > 1 && strings.ContainsAny(s[:1], "[(") {
		s = bracketed(s)
	}
	var whole interval
	read := false
	for _, part := range splitAny(s, ",", " and ", " ") {
		one, ok := n.comparison(part)
		if !ok {
			return interval{}, false
		}
		whole.and(one)
		read = true
	}
	return whole, read
}

// bracketed writes Maven's and NuGet's intervals as comparisons. A lone [1.2] is that version.
func bracketed(s string) string {
	from, to, two := strings.Cut(strings.Trim(s, "[]() "), ",")
	if !two {
		return "=" + from
	}
	var out []string
	if from = strings.TrimSpace(from); from != "" {
		out = append(out, ">="+from)
	}
	if to = strings.TrimSpace(to); to != "" {
		out = append(out, "<"+to)
	}
	return strings.Join(out, " ")
}

// splitAny splits s at each of the separators, tolerates blanks after an operator, and leaves out what is empty.
func splitAny(s string, separators ...string) []string {
	parts := []string{s}
	for _, sep := range separators {
		var next []string
		for _, p := range parts {
			next = append(next, strings.Split(p, sep)...)
		}
		parts = next
	}
	var out []string
	for _, p := range parts {
		switch p = strings.TrimSpace(p); {
		case p == "":
		case len(out) > 0 && strings.Trim(out[len(out)-1], "<>=~^!") == "":
			out[len(out)-1] += p // ">= 1.2"
		default:
			out = append(out, p)
		}
	}
	return out
}

// comparison reads one comparison, or a version alone.
func (n notation) comparison(s string) (interval, bool) {
	text := strings.TrimLeft(s, "<>=~^!")
	op := s[:len(s)-len(text)]
	if text == "*" || text == "x" || text == "any" || op == "!=" {
		return interval{}, true
	}
	v, ok := readNumber(text)
	if !ok {
		return interval{}, false
	}
	switch op {
	case "":
		op = n.bare
	case "~":
		op += strings.TrimPrefix(n.tilde, "~")
	}
	last := len(v)
	switch op {
	case "", "=", "==", "===": // the places that are not written are free: what npm calls 1.2 is 1.2.x
		return interval{v, v.next(last)}, true
	case ">=":
		return interval{from: v}, true
	case ">":
		return interval{from: append(slices.Clone(v), 0, 0)[:3].next(3)}, true
	case "<":
		return interval{below: v}, true
	case "<=":
		return interval{below: v.next(last)}, true
	case "~>", "~=":
		return interval{v, v.next(max(last-1, 1))}, true
	case "~":
		return interval{v, v.next(min(last, 2))}, true
	case "^":
		return interval{v, v.next(caret(v))}, true
	}
	return interval{}, false
}

// caret is how many places of a version ^ keeps: up to the first that is not 0.
func caret(v number) int {
	for i, n := range v {
		if n != 0 {
			return i + 1
		}
	}
	return len(v)
}

// readNumber reads the one to three numbers that a version begins with: one of 1.x, 1.+ and 1.*.
func readNumber(s string) (v number, ok bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "v"), "V")
	for len(v) < 3 {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if digits == 0 || digits > 9 {
			return v, false
		}
		n, err := strconv.Atoi(s[:digits])
		if err != nil {
			return v, false
		}
		v, s = append(v, n), s[digits:]
		rest, more := strings.CutPrefix(s, ".")
		if !more {
			break
		}
		if rest == "" || strings.ContainsAny(rest[:1], "*xX+") {
			return v, len(rest) < 2 || rest[1] == '.'
		}
		if rest[0] < '0' || rest[0] > '9' {
			break // 1.2.RELEASE
		}
		s = rest
	}
	// What follows is a pre-release, a build, or a fourth number: 1.2.3-rc.1, 5.0rc1, 4.2.1.post1, 2024.1.3.4
	return v, s == "" || strings.IndexByte("-+.abcrpdABCRPD", s[0]) >= 0
}
