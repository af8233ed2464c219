package site

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/prosediff"
)

// news is what changed since the last release, each entry rendered once.
type news struct {
	digest  prosediff.Digest
	entries map[int]template.HTML // by N
	of      map[string]*skillNews // by skill
}

// skillNews are the entries of one skill: what could hurt first, then what else changed in meaning.
type skillNews struct {
	findings, notes []int // N of the entries
	folded          int   // places
}

// newsOf takes the report apart; nil where there is none.
func newsOf(in *Input) *news {
	if in.Changes == nil {
		return nil
	}
	n := &news{digest: in.Changes.Digest(prosediff.View{}), entries: map[int]template.HTML{}, of: map[string]*skillNews{}}
	for _, s := range in.Skills {
		n.of[s.Name] = &skillNews{}
	}
	for i := range n.digest.Findings {
		e := &n.digest.Findings[i]
		n.add(e, func(s *skillNews) { s.findings = append(s.findings, e.N) })
	}
	for _, list := range append([]prosediff.SkillNotes{{Entries: n.digest.Many}}, n.digest.Skills...) {
		for i := range list.Entries {
			e := &list.Entries[i]
			n.add(e, func(s *skillNews) { s.notes = append(s.notes, e.N) })
		}
	}
	for _, f := range n.digest.Folded {
		for _, e := range f.Places {
			n.reach(&e, func(s *skillNews) { s.folded++ })
		}
	}
	return n
}

// add renders an entry, and gives it to each skill that it reaches.
func (n *news) add(e *prosediff.Entry, to func(*skillNews)) {
	var b bytes.Buffer
	render(&b, "entry", e)
	n.entries[e.N] = template.HTML(b.String())
	n.reach(e, to)
}

func (n *news) reach(e *prosediff.Entry, to func(*skillNews)) {
	for _, name := range e.In {
		if s := n.of[name]; s != nil {
			to(s)
		}
	}
}

// How many entries a page shows of the findings, and of the notes, and how many notes without being asked.
const (
	maxEntries = 100
	openNotes  = 6
)

// changes is the section of a page that says what changed.
type changes struct {
	Base            string // what was compared with; may be empty
	Compared        bool
	Summary, Files  string // of the whole release
	Remarks         []string
	Findings, Notes []template.HTML
	Others          *others
	More            string // how many entries are not shown, in words
	Folded          string // how many places are, in words
	Skills          []skillChanges
}

// others are the notes that a reader has to ask for.
type others struct {
	Text    string
	Entries []template.HTML
}

// skillChanges is how much changed in a skill, for the index.
type skillChanges struct {
	place
	Counts string
}

// show picks the entries that a page shows.
func (c *changes) show(n *news, findings, notes []int) {
	take := func(list []int) (out []template.HTML) {
		for _, i := range list[:min(len(list), maxEntries)] {
			out = append(out, n.entries[i])
		}
		return out
	}
	c.Findings, c.Notes = take(findings), take(notes)
	if n := len(c.Notes) - openNotes; n > 1 {
		c.Others = &others{counted(n, "more note"), c.Notes[openNotes:]}
		c.Notes = c.Notes[:openNotes]
	}
	if left := max(0, len(findings)-maxEntries) + max(0, len(notes)-maxEntries); left > 0 {
		c.More = counted(left, "more change")
	}
}

// changesOf is the section of one skill's page.
func changesOf(in *Input, n *news, skill string) changes {
	c := changes{Base: diag.Terminal(in.Base), Compared: n != nil}
	if n == nil {
		return c
	}
	own := n.of[skill]
	c.show(n, own.findings, own.notes)
	if own.folded > 0 {
		c.Folded = counted(own.folded, "mechanical change")
	}
	return c
}

// changesOfAll is the section of the index. Notes that concern one skill or two stand on their pages.
func changesOfAll(in *Input, n *news) changes {
	c := changes{Base: diag.Terminal(in.Base), Compared: n != nil}
	if n == nil {
		return c
	}
	c.Summary, c.Files, c.Remarks = strings.ReplaceAll(n.digest.Summary, "  ", ", "), n.digest.Files, n.digest.Notes
	numbers := func(list []prosediff.Entry) (out []int) {
		for i := range list {
			out = append(out, list[i].N)
		}
		return out
	}
	c.show(n, numbers(n.digest.Findings), numbers(n.digest.Many))
	for _, s := range in.Skills {
		own := n.of[s.Name]
		if len(own.findings)+len(own.notes) == 0 {
			continue
		}
		counts := counted(len(own.notes), "note")
		if len(own.findings) > 0 {
			counts = counted(len(own.findings), "finding") + ", " + counts
		}
		c.Skills = append(c.Skills, skillChanges{place{s.Name, template.URL(PagePath(s.Name) + "#Changes")}, counts})
	}
	return c
}

// counted writes an amount: "1 skill", "1,204 skills".
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return thousands(n) + " " + what
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// bytesText writes a size for people: "812 B", "64.3 KB".
func bytesText(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f KB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1_000_000)
}
