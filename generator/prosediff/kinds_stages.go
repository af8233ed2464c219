package prosediff

import (
	"fmt"
	"path"
	"strings"

	"skillgen/generator/facts"
)

// findStageText looks at the two things that stages say to each other: which one is next, and which files they hand on.
func (s *skillDiff) findStageText() {
	for _, sp := range s.spots {
		if sp.delta == nil || !isProse(sp.kind()) || !sp.open() {
			continue
		}
		ra, rb := sp.a.text().Reading(), sp.b.text().Reading()
		if len(ra.segs) == 1 && len(rb.segs) == 1 && isNextStep(ra, 0) && isNextStep(rb, 0) {
			s.nextStep(sp)
			continue
		}
		for _, p := range sp.delta.passages {
			if p.a0 == p.a1 || p.b0 == p.b1 {
				continue
			}
			s.artifact(sp, p)
		}
	}
}

// isNextStep reports whether a sentence says which stage follows: "Next stage: …", "This was the last stage."
func isNextStep(r *reading, at int) bool {
	s := strings.ToLower(r.raw[r.toks[at].Start:])
	for _, opening := range []string{"next stage", "next step:", "next: ", "this was the last stage", "then continue with stage"} {
		if strings.HasPrefix(s, opening) {
			return true
		}
	}
	return false
}

// nextStep compares two sentences, each a paragraph of its own, that say which stage follows.
func (s *skillDiff) nextStep(sp *spot) {
	old, new := squeezed(sp.a.text().raw), squeezed(sp.b.text().raw)
	id, message := "next-step-changed", "the stage that follows is another one"
	if withoutDigits(old) == withoutDigits(new) {
		id, message = "renumbered-only", "the stage that follows has another number"
	}
	c := s.onSpot(s.add(id, message), sp, nil)
	c.Evidence = clip(new, 120)
	sp.claimAll()
}

func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// artifact reports a file that a stage writes or reads under another name.
func (s *skillDiff) artifact(sp *spot, p passage) {
	if !inStage(sp.a) && !inStage(sp.b) {
		return
	}
	ra, rb := sp.a.text().Reading(), sp.b.text().Reading()
	for _, e := range p.edits {
		old, new := artifactName(ra, e.a0, e.a1), artifactName(rb, e.b0, e.b1)
		if old == "" || new == "" || old == new || !handsOn(ra.between(p.a0, p.a1), old) && !handsOn(rb.between(p.b0, p.b1), new) {
			continue
		}
		message := fmt.Sprintf("%s is now %s", clip(old, 80), clip(new, 80))
		if left := s.stillNamed(old); left > 0 {
			message += fmt.Sprintf("; the old name still stands %s in this skill", times(left))
		}
		c := s.onSpot(s.add("artifact-changed", message), sp, &p)
		c.Action, c.Evidence, c.script = "renamed", old+" → "+new, "artifact "+old+" "+new
		sp.claim(p)
		return
	}
}

// inStage reports whether a place is in a stage: in its file, or below a heading that announces it.
func inStage(at place) bool {
	if isStage(at.file.path) {
		return true
	}
	d := at.doc()
	for i := at.section(); i >= 0; i = d.sections[i].parent {
		if d.blocks[d.sections[i].block].text.isStep() {
			return true
		}
	}
	return false
}

// artifactName returns the file that tokens [from, to) name, if that is all they do.
func artifactName(r *reading, from, to int) string {
	if to-from != 1 {
		return ""
	}
	t := r.toks[from]
	name := strings.Trim(t.Of(r.raw), "`")
	if t.Kind != facts.Code && t.Kind != facts.Path || strings.ContainsAny(name, " \n(") {
		return ""
	}
	if !facts.IsFileExtension(strings.TrimPrefix(path.Ext(name), ".")) {
		return ""
	}
	return name
}

// handsOn reports whether a sentence writes or reads the file: it is in a folder for that, or a verb says so.
func handsOn(sentence, name string) bool {
	if strings.HasPrefix(name, ".") && strings.Contains(name, "/") {
		return true
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(sentence), func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch w {
		case "write", "writes", "save", "saves", "create", "creates", "append", "record", "store", "produce", "produces", "output", "read", "reads", "load", "requires", "require":
			return true
		}
	}
	return false
}

// stillNamed counts the blocks of the revision that hold the name.
func (s *skillDiff) stillNamed(name string) int {
	n := 0
	for _, f := range s.b.files {
		for _, b := range f.document().blocks {
			if strings.Contains(b.text.raw, name) {
				n++
			}
		}
	}
	return n
}
