package prosediff

import (
	"fmt"
	"strings"

	"skillgen/generator/facts"
)

// term is a replacement of a few words by others, in lower case.
type term struct{ old, new string }

// A replacement is a renamed term if it has at most so many words, and was made in at least so many different blocks.
const (
	maxTermTokens = 4
	leastPlaces   = 3
)

// termOf returns the term that an edit renames, if it is one.
func termOf(sp *spot, e edit) (term, bool) {
	ra, rb := sp.delta.a.Reading(), sp.delta.b.Reading()
	if e.a0 == e.a1 || e.b0 == e.b1 || e.a1-e.a0 > maxTermTokens || e.b1-e.b0 > maxTermTokens || !ra.onlyWords(e.a0, e.a1) || !rb.onlyWords(e.b0, e.b1) {
		return term{}, false
	}
	t := term{strings.ToLower(squeezed(ra.between(e.a0, e.a1))), strings.ToLower(squeezed(rb.between(e.b0, e.b1)))}
	return t, t.old != t.new
}

func (r *reading) onlyWords(from, to int) bool {
	says := false
	for _, t := range r.toks[from:to] {
		switch t.Kind {
		case facts.Word, facts.Code, facts.Path, facts.Env:
			says = true
		case facts.Space:
		default:
			return false
		}
	}
	return says
}

// findAllTerms counts the replacements that nobody claimed, over all skills, and keeps those that were made often enough.
func findAllTerms(diffs []*skillDiff) map[term]bool {
	places := map[term]int{} // pairs of texts: one paragraph in many files counts once
	type counted struct {
		delta *delta
		term  term
	}
	seen := map[counted]bool{}
	for _, s := range diffs {
		for _, sp := range s.spots {
			sp.each(func(i int, _ passage, e edit) {
				if t, ok := termOf(sp, e); ok && !sp.claimed[i] && !seen[counted{sp.delta, t}] {
					seen[counted{sp.delta, t}] = true
					places[t]++
				}
			})
		}
	}
	out := map[term]bool{}
	for t, n := range places {
		if n >= leastPlaces {
			out[t] = true
		}
	}
	return out
}

// findTerms reports the places of renamed terms, one change for each term and block.
func (s *skillDiff) findTerms() {
	if len(s.w.terms) == 0 {
		return
	}
	for _, sp := range s.spots {
		var order []term
		edits := map[term][]edit{}
		sp.each(func(i int, _ passage, e edit) {
			if sp.claimed[i] {
				return
			}
			if t, ok := termOf(sp, e); ok && s.w.terms[t] {
				if edits[t] == nil {
					order = append(order, t)
				}
				edits[t] = append(edits[t], e)
			}
		})
		for _, t := range order {
			s.termChanged(sp, t, edits[t])
		}
	}
}

func (s *skillDiff) termChanged(sp *spot, t term, edits []edit) {
	id := "text-changed"
	if sp.kind() == code {
		id = "code-changed"
	}
	c := s.onSpot(s.add(id, fmt.Sprintf("“%s” is now “%s”", clip(t.old, 60), clip(t.new, 60))), sp, nil)
	c.Base, c.Revision = s.placesOf(sp, edit{edits[0].a0, edits[len(edits)-1].a1, edits[0].b0, edits[len(edits)-1].b1})
	c.from, c.to, c.script, c.term = t.old, t.new, "term "+t.old+"\x00"+t.new, true
	ra, rb := sp.delta.a.Reading(), sp.delta.b.Reading()
	c.Ops = publicOps([]op{{'-', ra.between(edits[0].a0, edits[0].a1)}, {'+', rb.between(edits[0].b0, edits[0].b1)}})
	c.verbatim = false
	for _, e := range edits {
		sp.claimEdit(e)
	}
}
