package prosediff

import (
	"fmt"
	"slices"
	"strings"

	"skillgen/generator/facts"
)

// findStamps looks at what a compiler makes anew: the list of contents with its line numbers, and the count of lines before it.
func (s *skillDiff) findStamps() {
	for _, sp := range s.spots {
		if sp.delta == nil || !sp.open() || !inContents(sp.b) {
			continue
		}
		ra, rb := sp.a.text().Reading(), sp.b.text().Reading()
		stamp := true
		sp.each(func(_ int, _ passage, e edit) {
			stamp = stamp && ra.onlyNumbers(e.a0, e.a1) && rb.onlyNumbers(e.b0, e.b1)
		})
		if stamp {
			s.onSpot(s.add("stamp-only", "line numbers of the list of contents"), sp, nil)
			sp.claimAll()
		}
	}
	for _, list := range [][]*leftover{s.gone, s.come} {
		for _, l := range list {
			if !l.claimed && l.text().shape.kind == item && inContents(l.place) && strings.Contains(l.text().raw, "](#") {
				l.claimed = true
				r := l.text().Reading()
				if c := s.add("stamp-only", "an entry of the list of contents"); s.goneAt[l.place] == l {
					s.onGone(c, l.place, 0, len(r.toks))
				} else {
					s.onCome(c, l.place, 0, len(r.toks))
				}
			}
		}
	}
}

// inContents reports whether a place is in the list of contents that ends a skill's head.
func inContents(at place) bool {
	p := pathOf(at)
	return len(p) > 0 && p[len(p)-1] == "Contents" && at.text().shape.kind != heading
}

// onlyNumbers reports whether tokens are numbers and signs between them.
func (r *reading) onlyNumbers(from, to int) bool {
	return !slices.ContainsFunc(r.toks[from:to], func(t facts.Token) bool {
		return t.Kind != facts.Number && t.Kind != facts.Version && t.Kind != facts.Punct
	})
}

func (r *reading) hasNumber(from, to int) bool {
	return slices.ContainsFunc(r.toks[from:to], func(t facts.Token) bool { return t.Kind == facts.Number || t.Kind == facts.Version })
}

// findNumbers looks at edits that exchange numbers and versions in prose. The number of a step that is referred to is mechanical.
func (s *skillDiff) findNumbers() {
	for _, sp := range s.spots {
		if sp.delta == nil || sp.kind() == code || !sp.open() {
			continue
		}
		ra, rb := sp.a.text().Reading(), sp.b.text().Reading()
		var steps, numbers []edit
		sp.each(func(i int, _ passage, e edit) {
			if sp.claimed[i] || !ra.onlyNumbers(e.a0, e.a1) || !rb.onlyNumbers(e.b0, e.b1) || !ra.hasNumber(e.a0, e.a1) || !rb.hasNumber(e.b0, e.b1) {
				return
			}
			if e.b0 > 0 && isStep(rb.word(e.b0-1)) {
				steps = append(steps, e)
			} else {
				numbers = append(numbers, e)
			}
		})
		s.numbers("number-only", sp, steps)
		s.numbers("number-changed", sp, numbers)
	}
}

func (s *skillDiff) numbers(id string, sp *spot, edits []edit) {
	if len(edits) == 0 {
		return
	}
	ra, rb := sp.a.text().Reading(), sp.b.text().Reading()
	var changes []string
	for _, e := range edits {
		changes = append(changes, ra.between(e.a0, e.a1)+" → "+rb.between(e.b0, e.b1))
		sp.claimEdit(e)
	}
	message := clip(strings.Join(changes, ", "), 120)
	if cell := cellName(sp); cell != "" {
		message = cell + ": " + message
	}
	c := s.onSpot(s.add(id, message), sp, nil)
	c.Evidence = clip(strings.Join(changes, ", "), 200)
	c.script = "numbers " + strings.Join(changes, ", ")
}

// findRest reports what no other family claimed, so that no edit is ever unreported.
func (s *skillDiff) findRest() {
	for _, sp := range s.spots {
		switch {
		case sp.delta == nil:
			s.movedText(sp)
		case len(sp.claimed) == 0:
			s.layout(sp)
			s.movedText(sp)
		case sp.open():
			s.textChanged(sp)
		}
	}
	s.restOfAll(s.gone, "removed")
	s.restOfAll(s.come, "added")
}

// restOfAll reports blocks that are gone or new, as far as nothing explains them. Those that stand side by side in one section are one change.
func (s *skillDiff) restOfAll(list []*leftover, action string) {
	open := func(l *leftover) bool {
		return !l.claimed && !l.toldAll(l.text().Reading()) && len(l.text().Reading().toks) > 0
	}
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && open(list[i]) && open(list[j]) && list[j].place == (place{list[i].file, list[j-1].block + 1}) && list[j].section() == list[i].section() {
			j++
		}
		s.restOf(list[i], action, list[j-1].place)
		for _, l := range list[i:j] {
			l.claimed = true
		}
		i = j
	}
}

func (s *skillDiff) movedText(sp *spot) {
	if !sp.moved() || sp.told {
		return
	}
	message := "stands in another place"
	if sp.a.file.path != sp.b.file.path {
		message = "stands in another file"
	}
	c := s.onSpot(s.add("moved-only", message), sp, nil)
	c.Action = "moved"
}

func (s *skillDiff) textChanged(sp *spot) {
	message := "other words"
	switch k := sp.kind(); {
	case sp.moved():
		message = "moved and reworded"
	case k == row || k == tableHead:
		if cell := cellName(sp); cell != "" {
			message = cell
		}
	case sp.delta.a.shape.depth != sp.delta.b.shape.depth:
		message = "other words, on another level of the list"
	}
	if sp.delta.coarse {
		message += fmt.Sprintf("; too different for a word diff, similarity %.2f", sp.delta.score.fraction())
	}
	c := s.onSpot(s.add("text-changed", message), sp, nil)
	c.script = sp.script()
	sp.claimAll()
}

// script spells the edits of a spot that nobody claimed, without what is equal around them: the same in each sentence in which the same was done.
func (sp *spot) script() string {
	ra, rb := sp.delta.a.Reading(), sp.delta.b.Reading()
	var parts []string
	sp.each(func(i int, _ passage, e edit) {
		if !sp.claimed[i] {
			parts = append(parts, ra.normal(e.a0, e.a1)+"\x01"+rb.normal(e.b0, e.b1))
		}
	})
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), "\x02")
}

// layout reports a pair whose words are the same.
func (s *skillDiff) layout(sp *spot) {
	id, what := layoutOf(sp.delta)
	if sp.told && (id == "renumbered-only" || strings.TrimRight(sp.a.text().raw, "\n") == strings.TrimRight(sp.b.text().raw, "\n")) {
		return // it moved, and its number says where to
	}
	s.onSpot(s.add(id, what), sp, nil)
}

// layoutOf says what differs between two texts that say the same.
func layoutOf(d *delta) (id, what string) {
	a, b := d.a.raw, d.b.raw
	switch {
	case strings.ReplaceAll(a, "\r\n", "\n") == strings.ReplaceAll(b, "\r\n", "\n"):
		return "formatting-only", "line ends"
	case strings.TrimPrefix(a, string(bom)) == strings.TrimPrefix(b, string(bom)):
		return "formatting-only", "byte order mark"
	case d.a.shape.depth != d.b.shape.depth:
		return "text-changed", "on another level of the list"
	case d.a.shape.kind != d.b.shape.kind, d.a.shape.flags&ordered != d.b.shape.flags&ordered:
		return "formatting-only", "another kind of block"
	case len(a) != len(b) && squeezed(a) == squeezed(b), squeezed(a) == squeezed(b):
		return "formatting-only", "wrapping and white space"
	}
	ra, rb := d.a.Reading(), d.b.Reading()
	for i := range min(len(ra.toks), len(rb.toks)) {
		x, y := ra.toks[i].Of(a), rb.toks[i].Of(b)
		if x != y && strings.Trim(x, "*_") != "" && !strings.ContainsAny(x, "`(\n\r") {
			return "formatting-only", "Unicode normalisation"
		}
	}
	switch d.a.shape.kind {
	case heading:
		if withoutDigits(a) == withoutDigits(b) {
			return "renumbered-only", "the number of a heading"
		}
		return "formatting-only", "the way the heading is marked"
	case item, paragraph, html:
		if withoutDigits(ra.gap(0)) == withoutDigits(rb.gap(0)) && ra.gap(0) != rb.gap(0) && squeezed(a[len(ra.gap(0)):]) == squeezed(b[len(rb.gap(0)):]) {
			return "renumbered-only", "the number of a list item"
		}
		return "formatting-only", "list markers, emphasis signs or wrapping"
	case row, tableHead:
		return "formatting-only", "padding and alignment of a table"
	case frontKey:
		return "formatting-only", "the way the value is quoted or folded"
	case code:
		return "formatting-only", "the fence or its indentation"
	}
	return "formatting-only", "layout"
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// restOf reports a block that is gone or new, and those behind it up to last.
func (s *skillDiff) restOf(l *leftover, action string, last place) {
	r := l.text().Reading()
	if l.claimed || l.toldAll(r) {
		return
	}
	id, message := "text-changed", blockName(l.text().shape.kind)+map[string]string{"removed": " is gone", "added": " is new"}[action]
	if len(r.toks) == 0 {
		id, message = "formatting-only", "a block without words"
	}
	if l.text().shape.kind == row {
		from, to := r.seg(0)
		message = fmt.Sprintf("row “%s”%s", clip(r.between(from, to), 60), strings.TrimPrefix(message, blockName(row)))
	}
	if n := last.block - l.block; n > 0 {
		message = fmt.Sprintf("%d blocks are %s", n+1, map[string]string{"removed": "gone", "added": "new"}[action])
	}
	c := s.add(id, message)
	if action == "removed" {
		s.onGone(c, l.place, 0, len(r.toks))
	} else {
		s.onCome(c, l.place, 0, len(r.toks))
	}
	if last != l.place {
		s.onRun(c, l.place, last)
	}
}

// toldAll reports whether each sentence of the block has its own change.
func (l *leftover) toldAll(r *reading) bool {
	if len(l.told) == 0 {
		return false
	}
	for i := range r.segs {
		if from, to := r.seg(i); r.says(from, to) && !slices.ContainsFunc(l.told, func(t span) bool { return t.start <= from && to <= t.end }) {
			return false
		}
	}
	return true
}

func blockName(k kind) string {
	switch k {
	case frontKey, frontFence:
		return "front matter"
	case heading:
		return "a heading"
	case item:
		return "a list item"
	case tableHead:
		return "a table's header"
	case row:
		return "a table row"
	case code:
		return "a code block"
	case html:
		return "an HTML block"
	}
	return "a paragraph"
}
