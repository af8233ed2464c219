package prosediff

import (
	"fmt"
	"strings"
)

// findSections looks at headings and what stands below them.
func (s *skillDiff) findSections() {
	s.replacedHeadings()
	s.movedSections()
	for _, l := range s.gone {
		s.oneSidedSection(l, "removed")
	}
	for _, l := range s.come {
		s.oneSidedSection(l, "added")
	}
	s.movedSteps()
}

// isStep reports whether a heading announces a step or stage by its number.
func (t *text) isStep() bool {
	if t.shape.kind != heading {
		return false
	}
	r := t.Reading()
	return len(r.toks) > 0 && isStep(r.word(0)) && r.gapHasDigit(1)
}

// gapHasDigit reports whether the layout before token i holds a number: that of a step is layout.
func (r *reading) gapHasDigit(i int) bool { return strings.ContainsAny(r.gap(i), "0123456789") }

// extent returns the blocks of the section that the heading at begins, without the heading.
func (p place) extent() (from, to int32) {
	d := p.doc()
	if i := p.section(); i >= 0 && d.sections[i].block == p.block {
		return p.block + 1, d.last(i)
	}
	return p.block + 1, p.block + 1
}

// oneSidedSection reports a section whose heading is gone or new, and most of its text with it.
func (s *skillDiff) oneSidedSection(l *leftover, action string) {
	if l.claimed || l.text().shape.kind != heading {
		return
	}
	side := s.goneAt
	if action == "added" {
		side = s.comeAt
	}
	from, to := l.extent()
	all, left, rules := 0, 0, 0
	for i := from; i < to; i++ {
		at := place{l.file, i}
		weight := 1 + len(at.text().Reading().bag)
		all += weight
		if side[at] != nil {
			left += weight
			rules++
		}
	}
	if 2*left < all {
		return
	}
	id := "section-" + action
	if l.text().isStep() {
		id = "stage-" + action
	}
	name := l.text().Reading().title
	message := fmt.Sprintf("the section “%s” is %s: %s", clip(name, 80), map[string]string{"removed": "gone", "added": "new"}[action], amount(rules, "block"))
	c := s.add(id, message)
	r := l.text().Reading()
	if action == "removed" {
		s.onGone(c, l.place, 0, len(r.toks))
	} else {
		s.onCome(c, l.place, 0, len(r.toks))
	}
	c.from, c.to = s.sectionText(l.place, side, c.from), s.sectionText(l.place, side, c.to)
	c.Ops = publicOps(s.sectionOps(l.place, side, action))
	c.lead = s.sectionLead(l.place, side)
	if action == "removed" && s.headingInCode(l.text().Reading()) {
		c.Message += ", and its heading is a line of a code block now"
	}
	if action == "removed" {
		c.Base = s.extentPlace(l.place)
	} else {
		c.Revision = s.extentPlace(l.place)
	}
	s.claimIn(l.file, l.block, to, c)
}

// sectionText adds to a heading's text what is gone or new below it, for the fingerprint.
func (s *skillDiff) sectionText(at place, side map[place]*leftover, name string) string {
	if name == "" {
		return ""
	}
	var sb strings.Builder
	sb.WriteString(name)
	from, to := at.extent()
	for i := from; i < to; i++ {
		if side[place{at.file, i}] != nil {
			k := (place{at.file, i}).text().Key()
			sb.Write(k[:])
		}
	}
	return sb.String()
}

// maxSection bounds how much of a section that is gone or new a report quotes, in bytes.
const maxSection = 4000

// sectionOps quotes what is gone or new below a heading, the heading first.
func (s *skillDiff) sectionOps(at place, side map[place]*leftover, action string) []op {
	var sb strings.Builder
	_, to := at.extent()
	for i := at.block; i < to && sb.Len() < maxSection; i++ {
		if side[place{at.file, i}] != nil {
			sb.WriteString((place{at.file, i}).text().raw)
		}
	}
	quote := strings.TrimSpace(sb.String())
	if len(quote) > maxSection {
		quote = quote[:cutAfter(quote, maxSection)] + " …"
	}
	return []op{{map[string]byte{"removed": '-', "added": '+'}[action], quote}}
}

// sectionLead returns the heading, and the first sentence below it that is gone or new too.
func (s *skillDiff) sectionLead(at place, side map[place]*leftover) []string {
	lead := []string{clip(at.text().Reading().title, 120)}
	from, to := at.extent()
	for i := from; i < to; i++ {
		if r := (place{at.file, i}).text().Reading(); side[place{at.file, i}] != nil && isProse(r.kind) && len(r.segs) > 0 {
			from, to := r.seg(0)
			return append(lead, clip(r.between(from, to), 300))
		}
	}
	return lead
}

// headingInCode reports whether new code has the heading as a line: a fence that was opened or closed swallowed it.
func (s *skillDiff) headingInCode(r *reading) bool {
	if s.swallowed == nil {
		s.swallowed = map[string]bool{}
		look := func(t *text) {
			if t.shape.kind != code {
				return
			}
			for line := range strings.Lines(t.raw) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "##") {
					s.swallowed[strings.Trim(line, "# ")] = true
				}
			}
		}
		for _, l := range s.come {
			look(l.text())
		}
		for _, sp := range s.spots {
			look(sp.b.text())
		}
	}
	return s.swallowed[strings.Trim(strings.TrimSpace(r.raw), "# ")]
}

func amount(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// findHeadings reports headings that were reworded.
func (s *skillDiff) findHeadings() {
	for _, sp := range s.spots {
		if sp.kind() != heading || !sp.open() {
			continue
		}
		a, b := sp.a.text(), sp.b.text()
		message := fmt.Sprintf("“%s” is now “%s”", clip(a.Reading().title, 80), clip(b.Reading().title, 80))
		c := s.onSpot(s.add(sectionID(a, b, "renamed"), message), sp, nil)
		c.Action = "renamed"
		sp.claimAll()
	}
}

// replacedHeadings reports headings that have quite another one in their place, above the same text.
func (s *skillDiff) replacedHeadings() {
	for _, l := range s.gone {
		if l.claimed || l.text().shape.kind != heading {
			continue
		}
		if b := s.newHeading(l); b != nil {
			s.renamed(l, b)
		}
	}
}

func sectionID(a, b *text, what string) string {
	if a.isStep() && b.isStep() {
		return "stage-" + what
	}
	return "section-" + what
}

// newHeading returns the new heading above text that stood below one that is gone, or nil.
func (s *skillDiff) newHeading(l *leftover) *leftover {
	t := s.twinOf(l.file)
	if t == nil {
		return nil
	}
	from, to := l.extent()
	kept := 0
	var above *leftover
	for i := from; i < to; i++ {
		j := t.to[i]
		if j < 0 {
			continue
		}
		kept++
		section := t.b.document().blocks[j].section
		if kept == 1 && section >= 0 {
			above = s.comeAt[place{t.b, t.b.document().sections[section].block}]
		}
	}
	if above == nil || above.claimed || 2*kept < int(to-from) {
		return nil
	}
	return above
}

func (s *skillDiff) twinOf(a *file) *twin {
	for _, t := range s.twins {
		if t.a == a {
			return t
		}
	}
	return nil
}

func (s *skillDiff) renamed(a, b *leftover) {
	ra, rb := a.text().Reading(), b.text().Reading()
	c := s.add(sectionID(a.text(), b.text(), "renamed"), fmt.Sprintf("“%s” is now “%s”", clip(ra.title, 80), clip(rb.title, 80)))
	s.onGone(c, a.place, 0, len(ra.toks))
	ops := c.Ops
	s.onCome(c, b.place, 0, len(rb.toks))
	c.Ops = append(ops, c.Ops...)
	c.Action, c.MatchedBy = "renamed", byLabel.String()
	a.claimed, b.claimed = true, true
}

// movedSections reports sections that moved with their text. Those that stood side by side, and still do, are one change.
func (s *skillDiff) movedSections() {
	var last *spot
	var told *Change
	for _, sp := range s.spots {
		if sp.kind() != heading || !sp.moved() || sp.told {
			continue
		}
		s.tellMoved(sp)
		if last != nil && last.follows(sp) && sectionID(last.a.text(), last.b.text(), "") == sectionID(sp.a.text(), sp.b.text(), "") {
			told.Message = fmt.Sprintf("“%s” and what follows it, up to “%s”, %s", clip(told.Path[len(told.Path)-1], 60), clip(sp.b.text().Reading().title, 60), whereTo(sp))
			told.Base, told.Revision = s.joinPlaces(told.Base, s.extentPlace(sp.a)), s.joinPlaces(told.Revision, s.extentPlace(sp.b))
			told.from, told.to = told.from+"\x00"+sp.a.text().raw, told.to+"\x00"+sp.b.text().raw
		} else {
			told = s.movedSection(sp)
		}
		last = sp
	}
}

// tellMoved marks what moved with a section.
func (s *skillDiff) tellMoved(sp *spot) {
	from, to := sp.a.extent()
	first, last := sp.b.extent()
	for _, x := range s.spots {
		inside := x.a.file == sp.a.file && x.a.block >= from && x.a.block < to && x.b.file == sp.b.file && x.b.block >= first && x.b.block < last
		if x == sp || x.moved() && inside {
			x.told = true
		}
	}
}

// follows reports whether the section of next begins where that of sp ends, on both sides.
func (sp *spot) follows(next *spot) bool {
	_, endA := sp.a.extent()
	_, endB := sp.b.extent()
	return next.a == place{sp.a.file, endA} && next.b == place{sp.b.file, endB}
}

// joinPlaces returns the lines from the first place to the end of the second, which is in the same file.
func (s *skillDiff) joinPlaces(a, b *Place) *Place {
	if a.File == b.File {
		a.EndLine = max(a.EndLine, b.EndLine)
	}
	return a
}

func whereTo(sp *spot) string {
	switch {
	case sp.a.file.path != sp.b.file.path:
		return "moved to another file"
	case parentPath(sp.a) != parentPath(sp.b):
		return "moved below another heading"
	}
	return "moved"
}

func (s *skillDiff) movedSection(sp *spot) *Change {
	id, level := sectionID(sp.a.text(), sp.b.text(), "moved"), Info
	switch {
	case id == "stage-moved":
		id, level = "stage-reordered", Warning
	case whereTo(sp) == "moved":
		level = Mechanical
	}
	c := s.onSpot(s.add(id, fmt.Sprintf("“%s” %s", clip(sp.b.text().Reading().title, 80), whereTo(sp))), sp, nil)
	c.Level, c.Action = level, "moved"
	c.Base, c.Revision = s.extentPlace(sp.a), s.extentPlace(sp.b)
	return c
}

// extentPlace returns the lines of a whole section.
func (s *skillDiff) extentPlace(at place) *Place {
	_, to := at.extent()
	d := at.doc()
	return s.span(at.file, int(d.blocks[at.block].line), int(d.end(to-1))-1)
}

func parentPath(at place) string {
	p := pathOf(at)
	return strings.Join(p[:max(0, len(p)-1)], "\x00")
}

// movedSteps reports items of a numbered list that changed places: their order says what to do first.
func (s *skillDiff) movedSteps() {
	for _, sp := range s.spots {
		t := sp.b.text()
		if !sp.moved() || sp.told || t.shape.kind != item || t.shape.flags&ordered == 0 || sp.a.file.path != sp.b.file.path || strings.Join(pathOf(sp.a), "\x00") != strings.Join(pathOf(sp.b), "\x00") {
			continue
		}
		sp.told = true
		c := s.onSpot(s.add("stage-reordered", "this step comes at another point of its list"), sp, nil)
		c.Action = "moved"
	}
}
