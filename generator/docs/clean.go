package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/bmatcuk/doublestar/v4"

	"skillgen/generator/diag"
)

// cleaner is a Rule made ready.
type cleaner struct {
	Rule
	re      *regexp.Regexp // nil for a literal
	matched atomic.Bool
}

// compileRules makes the rules ready. One that can't be used is left out, with a finding.
func compileRules(rules []Rule) ([]*cleaner, []diag.Finding) {
	var out []*cleaner
	var fs []diag.Finding
	for _, r := range rules {
		c := &cleaner{Rule: r}
		if why := badPattern(r.Pages); r.Pages != "" && why != "" {
			fs = append(fs, diag.New("clean-pattern", r.At.Place(), fmt.Sprintf("the pattern %q of pages %s", r.Pages, why), globHint))
			continue
		}
		if expr, ok := asRegexp(r.Pattern); ok {
			re, err := regexp.Compile(r.expression(expr))
			if err != nil {
				fs = append(fs, diag.New("clean-pattern", r.At.Place(), "the regular expression does not compile: "+regexpFault(err),
					"skillgen reads RE2 syntax, without backreferences and lookaround; a text that only looks like an expression is written with a blank less or more"))
				continue
			}
			c.re = re
		}
		out = append(out, c)
	}
	return out, fs
}

// asRegexp returns the expression between slashes.
func asRegexp(pattern string) (string, bool) {
	if len(pattern) > 2 && pattern[0] == '/' && pattern[len(pattern)-1] == '/' {
		return pattern[1 : len(pattern)-1], true
	}
	return "", false
}

// expression is what is compiled: lines and headings are matched whole, and ^ and $ mean lines.
func (r Rule) expression(expr string) string {
	if r.Kind == Replace {
		return "(?m)" + expr
	}
	return "^(?:" + expr + ")$"
}

func regexpFault(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

func (c *cleaner) applies(path string) bool {
	return c.Pages == "" || doublestar.MatchUnvalidated(c.Pages, path)
}

// matches reports whether a whole trimmed line or heading is what the rule means.
func (c *cleaner) matches(s string) bool {
	if c.re != nil {
		return c.re.MatchString(s)
	}
	return s == strings.TrimSpace(c.Pattern)
}

// unused returns a finding for each rule that has not matched anything.
func unused(rules []*cleaner) []diag.Finding {
	var fs []diag.Finding
	for _, c := range rules {
		if !c.matched.Load() {
			what := [...]string{DropLine: "no line", DropSection: "no heading", Replace: "nothing"}[c.Kind]
			fs = append(fs, diag.New("clean-unused", c.At.Place(), fmt.Sprintf("%s of the pages in use is %q outside code", what, c.Pattern),
				"the site has changed, or the rule never fitted: mend it, or delete it"))
		}
	}
	return fs
}

// clean finds what the rules take out of a page.
func clean(rules []*cleaner, path string, p *parsed, o *outline) (edits []edit, cuts []cut) {
	var mine []*cleaner
	for _, c := range rules {
		if c.applies(path) {
			mine = append(mine, c)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	w := newSweep(p, o)
	for _, c := range mine {
		switch c.Kind {
		case DropLine:
			w.dropLines(c)
		case DropSection:
			w.dropSections(c)
		case Replace:
			w.replace(c)
		}
	}
	return w.result()
}

// sweep collects what rules take out of one page.
type sweep struct {
	s     string
	o     *outline
	lines []sweptLine
	code  [][2]int // bytes that no rule may touch, sorted
	edits []edit
	cuts  []cut
}

// sweptLine is a line outside of code blocks.
type sweptLine struct {
	start, end int
	trimmed    string
	paragraph  bool
}

func newSweep(p *parsed, o *outline) *sweep {
	w := &sweep{s: p.s[:p.size], o: o, code: slices.Clone(o.code)}
	scan(w.s, func(l *scanLine) bool {
		end := min(l.end+1, len(w.s))
		if l.kind == fenceLine || l.kind == codeLine || l.html == 1 {
			w.code = append(w.code, [2]int{l.start, end})
		} else if l.kind != blankLine {
			w.lines = append(w.lines, sweptLine{l.start, end, strings.TrimSpace(w.s[l.start:l.end]), l.kind == textLine})
		}
		return true
	})
	slices.SortFunc(w.code, func(a, b [2]int) int { return a[0] - b[0] })
	return w
}

func (w *sweep) dropLines(c *cleaner) {
	for _, l := range w.lines {
		if !c.matches(l.trimmed) || w.inCode(l.start, l.end) {
			continue
		}
		c.matched.Store(true)
		w.cuts = append(w.cuts, cut{start: l.start, end: w.underline(l), apart: !l.paragraph})
	}
}

// underline returns the end of a line, and of the setext underline that would be left without its heading.
func (w *sweep) underline(l sweptLine) int {
	i, _ := slices.BinarySearchFunc(w.o.headings, l.start, func(h heading, start int) int { return h.at - start })
	if i < len(w.o.headings) && w.o.headings[i].at < l.end && len(w.o.headings[i].lines) == 1 {
		return min(w.o.headings[i].end+1, len(w.s))
	}
	return l.end
}

// inCode reports whether code stands in the bytes [start, end), or they in it.
func (w *sweep) inCode(start, end int) bool {
	i, _ := slices.BinarySearchFunc(w.code, end, func(c [2]int, end int) int { return c[0] - end })
	return i > 0 && w.code[i-1][1] > start
}

func (w *sweep) dropSections(c *cleaner) {
	for i, h := range w.o.headings {
		if !h.top || !c.matches(h.text) {
			continue
		}
		c.matched.Store(true)
		end := len(w.s)
		for _, next := range w.o.headings[i+1:] {
			if next.top && next.level <= h.level {
				end = lineStart(w.s, next.at)
				break
			}
		}
		w.cuts = append(w.cuts, cut{start: lineStart(w.s, h.at), end: end, apart: true})
	}
}

// replace replaces outside code. A line of which nothing is left goes whole.
func (w *sweep) replace(c *cleaner) {
	from := 0
	for _, code := range append(w.code[:len(w.code):len(w.code)], [2]int{len(w.s), len(w.s)}) {
		if from < code[0] {
			w.replaceIn(c, from, code[0])
		}
		from = max(from, code[1])
	}
}

func (w *sweep) replaceIn(c *cleaner, from, to int) {
	part := w.s[from:to]
	if c.re == nil {
		for at := 0; ; {
			i := strings.Index(part[at:], c.Pattern)
			if i < 0 {
				return
			}
			at += i
			w.swap(c, from+at, from+at+len(c.Pattern), c.With)
			at += len(c.Pattern)
		}
	}
	for _, m := range c.re.FindAllStringSubmatchIndex(part, -1) {
		if m[0] < m[1] {
			w.swap(c, from+m[0], from+m[1], string(c.re.ExpandString(nil, c.With, part, m)))
		}
	}
}

func (w *sweep) swap(c *cleaner, start, end int, with string) {
	c.matched.Store(true)
	from, to := lineStart(w.s, start), lineEnd(w.s, max(end-1, start))
	if with == "" && strings.TrimSpace(w.s[from:start]+w.s[end:to]) == "" && w.s[end-1] != '\n' {
		w.cuts = append(w.cuts, cut{start: from, end: to, apart: true})
		return
	}
	w.edits = append(w.edits, edit{start: start, end: end, with: with})
}

// result puts together what several rules found. What lies in a part that goes as a whole needs no edit of its own, and of two edits that
// overlap the first counts.
func (w *sweep) result() ([]edit, []cut) {
	edits, cuts := w.edits, w.cuts
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	slices.SortFunc(cuts, func(a, b cut) int { return a.start - b.start })
	kept, end, gone, next := edits[:0], 0, 0, 0
	for _, e := range edits {
		for next < len(cuts) && cuts[next].start < e.end {
			gone = max(gone, cuts[next].end)
			next++
		}
		if e.start >= end && e.start >= gone {
			kept = append(kept, e)
			end = e.end
		}
	}
	return kept, cuts
}
