package prosediff

import (
	"fmt"
	"strings"

	"skillgen/generator/diag"
)

// Digest is a report in words, for whoever lays it out as a page: what could hurt first. All texts can be shown as they are, once they are
// escaped as HTML: what is hidden in them is visible, credentials are cut.
type Digest struct {
	Base, Revision string
	Summary        string // counts, tokens, and the version that the changes ask for
	Files          string // how many came, went and changed
	Gate           string // what the gate says; may be empty
	Failed         bool   // the gate did
	Notes          []string

	Findings []Entry // errors and warnings
	Many     []Entry // what else changed in meaning, in many places
	Skills   []SkillNotes
	Accepted []Entry
	Folded   []Fold
}

// SkillNotes are what else changed in meaning in one skill. Name says so where the files lie outside all skills.
type SkillNotes struct {
	Name    string
	Entries []Entry
}

// Entry is a change, or several that are one edit.
type Entry struct {
	N                  int    // 1, 2 … through the digest
	Level, ID, Subject string // ID: row of Kinds; Subject: skill and headings, or how many places
	Place              string // file and line of what stands for the entry
	Message            string // one sentence
	Except             string // skills that still hold the old text
	Skills             string // the first skills that an edit of sources reaches
	Fingerprint        string
	HasWords           bool    // Old and New are worth to be shown
	Code               bool    // they are code: their lines are lines
	Old, New           []Piece // what stood there, what stands there; nil where nothing did
	FileList           []string
	In                 []string // every skill that it reaches, by name; "" for files outside all skills
}

// Piece is a run of text: Sign is "=" where it stands on both sides, "-" where it is gone, "+" where it is new.
type Piece struct{ Sign, Text string }

// Fold is all changes of one mechanical kind.
type Fold struct {
	ID     string
	Count  string  // how many places, in words
	Places []Entry // with Place, Message and In alone
}

// Digest returns the entries that v shows, as pages lay them out.
func (r *Report) Digest(v View) Digest {
	f := r.Summary.Files
	d := Digest{
		Base: diag.Terminal(sideName(r.Base)), Revision: diag.Terminal(sideName(r.Revision)), Summary: summaryLine(r),
		Files:  fmt.Sprintf("%s: %d added, %d removed, %d changed, %d same", amount(f.Added+f.Removed+f.Changed+f.Same, "file"), f.Added, f.Removed, f.Changed, f.Same),
		Gate:   gateLine(r, v),
		Failed: r.Gate.Failed,
	}
	for _, n := range r.Notes {
		d.Notes = append(d.Notes, diag.Terminal(n))
	}
	w := digester{report: r}
	w.fill(&d, v)
	return d
}

type digester struct {
	report *Report
	n      int
}

// fill sorts the entries into the parts of the digest.
func (w *digester) fill(d *Digest, v View) {
	bySkill := map[string][]*entry{}
	folded := map[string][]*entry{}
	for _, e := range w.report.entries() {
		switch {
		case !v.shows(e):
		case e.accepted():
			d.Accepted = append(d.Accepted, w.entry(e))
		case e.first.Level >= Warning:
			d.Findings = append(d.Findings, w.entry(e))
		case e.first.Level == Mechanical:
			folded[e.first.ID] = append(folded[e.first.ID], e)
		}
	}
	many, boilerplate, rest := w.report.notes(v)
	for _, e := range append(many, boilerplate...) {
		d.Many = append(d.Many, w.entry(e))
	}
	for _, e := range rest {
		bySkill[e.first.Skill] = append(bySkill[e.first.Skill], e)
	}
	for _, name := range sortedKeys(bySkill) {
		s := SkillNotes{Name: diag.Terminal(name)}
		if name == "" {
			s.Name = "Files outside all skills"
		}
		for _, e := range inFileOrder(bySkill[name]) {
			s.Entries = append(s.Entries, w.entry(e))
		}
		d.Skills = append(d.Skills, s)
	}
	for _, id := range sortedKeys(folded) {
		fold := Fold{ID: id}
		n := 0
		for _, e := range folded[id] {
			for _, c := range e.changes {
				n++
				fold.Places = append(fold.Places, Entry{Place: diag.Terminal(placeLine(c)), Message: diag.Terminal(c.Message), In: []string{c.Skill}})
			}
		}
		fold.Count = amount(n, "place")
		d.Folded = append(d.Folded, fold)
	}
}

func (w *digester) entry(e *entry) Entry {
	w.n++
	c := e.first
	out := Entry{
		N: w.n, Level: c.Level.String(), ID: c.ID, Subject: diag.Terminal(subject(e)), Place: diag.Terminal(whereabouts(e)),
		Message: diag.Terminal(c.Message), Fingerprint: e.fingerprint(), Skills: diag.Terminal(e.skillNames()),
		In: e.skills(), Code: c.verbatim,
	}
	if e.group != nil {
		out.Except = diag.Terminal(strings.Join(e.group.Except, ", "))
		if len(e.group.Files) > 1 {
			for _, f := range e.group.Files {
				out.FileList = append(out.FileList, diag.Terminal(f))
			}
		}
	}
	if out.HasWords = len(c.Ops) > 0 && (c.MatchedBy == "" || hasEdit(c.Ops)); out.HasWords {
		out.Old, out.New = sidesOf(c)
	}
	return out
}

// sidesOf divides the steps of a change into what stood there and what stands there.
func sidesOf(c *Change) (old, new []Piece) {
	add := func(sign byte, text string) {
		p := Piece{string(sign), text}
		if sign != '+' {
			old = append(old, p)
		}
		if sign != '-' {
			new = append(new, p)
		}
	}
	if !c.verbatim && len(c.lead) == 0 {
		for _, p := range inline(c.Ops) {
			add(p.sign, diag.Terminal(p.text))
		}
	} else {
		lines, left := c.lines(200)
		for _, l := range lines {
			for _, p := range l {
				add(p.sign, diag.Terminal(strings.ReplaceAll(p.text, "\t", "    ")))
			}
			endLine(&old)
			endLine(&new)
		}
		if left > 0 {
			add('=', "… and "+amount(left, "line")+" more")
		}
	}
	if c.Revision == nil {
		new = nil
	}
	if c.Base == nil && c.Action == "added" {
		old = nil
	}
	return old, new
}

// endLine ends a line of code, unless nothing stands on it.
func endLine(side *[]Piece) {
	if n := len(*side); n > 0 && !strings.HasSuffix((*side)[n-1].Text, "\n") {
		*side = append(*side, Piece{"=", "\n"})
	}
}
