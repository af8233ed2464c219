package prosediff

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"skillgen/generator/diag"
)

//go:embed report.css
var styleSheet string

//go:embed report.html.tmpl
var pageTemplate string

var page = template.Must(template.New("report").Parse(pageTemplate))

// The types below are what the template sees.
type (
	htmlPage struct {
		Style     template.CSS
		StyleHash string

		Base, Revision, Summary, Files, Gate string
		Failed                               bool
		Notes                                []string
		Findings, Many, Accepted             []htmlEntry
		Skills                               []htmlSkill
		Folded                               []htmlFold
	}
	htmlSkill struct {
		Name    string
		Entries []htmlEntry
	}
	htmlEntry struct {
		N                                                               int
		Level, ID, Subject, Place, Message, Except, Skills, Fingerprint string
		HasWords                                                        bool
		Old, New                                                        []htmlPiece
		FileList                                                        []string
	}
	htmlPiece struct{ Sign, Text string }
	htmlFold  struct {
		ID     string
		Count  string
		Places []htmlEntry
	}
)

// HTML writes the report as one file that needs nothing else: no script, no address, a content security policy that lets in its own style sheet by
// its hash alone. Old and new text stand side by side. All text goes through html/template.
func HTML(w io.Writer, r *Report, v View) error {
	h := htmlWriter{report: r}
	hash := sha256.Sum256([]byte(styleSheet))
	f := r.Summary.Files
	p := htmlPage{
		Style: template.CSS(styleSheet), StyleHash: base64.StdEncoding.EncodeToString(hash[:]),
		Base: diag.Terminal(sideName(r.Base)), Revision: diag.Terminal(sideName(r.Revision)), Summary: summaryLine(r),
		Files:  fmt.Sprintf("%s: %d added, %d removed, %d changed, %d same", amount(f.Added+f.Removed+f.Changed+f.Same, "file"), f.Added, f.Removed, f.Changed, f.Same),
		Gate:   gateLine(r, v),
		Failed: r.Gate.Failed,
	}
	for _, n := range r.Notes {
		p.Notes = append(p.Notes, diag.Terminal(n))
	}
	h.fill(&p, v)
	if err := page.Execute(w, p); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

type htmlWriter struct {
	report *Report
	n      int
}

// fill sorts the entries into the parts of the page.
func (h *htmlWriter) fill(p *htmlPage, v View) {
	bySkill := map[string][]*entry{}
	folded := map[string][]*entry{}
	for _, e := range h.report.entries() {
		switch {
		case !v.shows(e):
		case e.accepted():
			p.Accepted = append(p.Accepted, h.entry(e))
		case e.first.Level >= Warning:
			p.Findings = append(p.Findings, h.entry(e))
		case e.first.Level == Mechanical:
			folded[e.first.ID] = append(folded[e.first.ID], e)
		}
	}
	many, boilerplate, rest := h.report.notes(v)
	for _, e := range append(many, boilerplate...) {
		p.Many = append(p.Many, h.entry(e))
	}
	for _, e := range rest {
		bySkill[e.first.Skill] = append(bySkill[e.first.Skill], e)
	}
	for _, name := range sortedKeys(bySkill) {
		s := htmlSkill{Name: diag.Terminal(name)}
		if name == "" {
			s.Name = "Files outside all skills"
		}
		for _, e := range inFileOrder(bySkill[name]) {
			s.Entries = append(s.Entries, h.entry(e))
		}
		p.Skills = append(p.Skills, s)
	}
	for _, id := range sortedKeys(folded) {
		fold := htmlFold{ID: id}
		n := 0
		for _, e := range folded[id] {
			for _, c := range e.changes {
				n++
				fold.Places = append(fold.Places, htmlEntry{Place: diag.Terminal(placeLine(c)), Message: diag.Terminal(c.Message)})
			}
		}
		fold.Count = amount(n, "place")
		p.Folded = append(p.Folded, fold)
	}
}

func (h *htmlWriter) entry(e *entry) htmlEntry {
	h.n++
	c := e.first
	out := htmlEntry{
		N: h.n, Level: c.Level.String(), ID: c.ID, Subject: diag.Terminal(subject(e)), Place: diag.Terminal(whereabouts(e)),
		Message: diag.Terminal(c.Message), Fingerprint: e.fingerprint(), Skills: diag.Terminal(e.skillNames()),
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
func sidesOf(c *Change) (old, new []htmlPiece) {
	add := func(sign byte, text string) {
		p := htmlPiece{string(sign), text}
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
func endLine(side *[]htmlPiece) {
	if n := len(*side); n > 0 && !strings.HasSuffix((*side)[n-1].Text, "\n") {
		*side = append(*side, htmlPiece{"=", "\n"})
	}
}
