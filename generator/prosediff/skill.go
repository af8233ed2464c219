package prosediff

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"skillgen/generator/facts"
)

// world is what all skills of a comparison share.
type world struct {
	options Options
	lex     *facts.Lexicon
	pool    *pool
	deltas  sync.Map // [2]*text → *delta
	hosts   func() map[string]bool
	terms   map[term]bool // words that other words replaced in several places
}

// compare returns what differs between two texts, computed once for each pair.
func (w *world) compare(a, b *text) *delta {
	if d, ok := w.deltas.Load([2]*text{a, b}); ok {
		return d.(*delta)
	}
	d, _ := w.deltas.LoadOrStore([2]*text{a, b}, compareTexts(a, b, w.lex))
	return d.(*delta)
}

// skillDiff is the comparison of two versions of one skill, and the changes found in it so far.
type skillDiff struct {
	a, b  *folder // one is nil where the skill is gone or new
	w     *world
	files []filePair
	twins []*twin

	spots      []*spot     // pairs that differ or moved, in the revision's order
	gone, come []*leftover // in order
	changes    []*Change

	goneAt, comeAt map[place]*leftover
	lost, fresh    []*sentence
	allProse       []*text         // of the revision; nil until asked for
	swallowed      map[string]bool // headings among the lines of new code; nil until asked for
}

// diffSkill matches the blocks of two versions of a skill.
func diffSkill(p folderPair, w *world) *skillDiff {
	s := &skillDiff{a: p.a, b: p.b, w: w, goneAt: map[place]*leftover{}, comeAt: map[place]*leftover{}}
	s.files = pairFiles(p.a.files, p.b.files)
	m := &mover{}
	for _, f := range s.files {
		switch {
		case !f.changed():
		case f.b == nil:
			m.gone = append(m.gone, everything(f.a)...)
		case f.a == nil:
			m.come = append(m.come, everything(f.b)...)
		default:
			s.align(f, m)
		}
	}
	m.findMoves()
	s.spots, s.gone, s.come, s.twins = m.spots, m.gone, m.come, m.twins
	s.finish()
	return s
}

// align matches the blocks of two versions of a file.
func (s *skillDiff) align(f filePair, m *mover) {
	a, b := f.a.document(), f.b.document()
	al := alignBlocks(a, b)
	t := &twin{a: f.a, b: f.b, to: filled(len(a.blocks)), from: filled(len(b.blocks))}
	m.twins = append(m.twins, t)
	for _, p := range al.pairs {
		t.to[p.a], t.from[p.b] = p.b, p.a
		if a.blocks[p.a].text != b.blocks[p.b].text {
			m.spots = append(m.spots, &spot{a: place{f.a, p.a}, b: place{f.b, p.b}, by: p.by})
		}
	}
	for _, i := range al.gone {
		m.gone = append(m.gone, &leftover{place: place{f.a, i}})
	}
	for _, j := range al.come {
		m.come = append(m.come, &leftover{place: place{f.b, j}})
	}
}

func filled(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = -1
	}
	return list
}

func everything(f *file) []*leftover {
	blocks := f.document().blocks
	out := make([]*leftover, len(blocks))
	for i := range blocks {
		out[i] = &leftover{place: place{f, int32(i)}}
	}
	return out
}

// dropTails drops pairs that differ in nothing but the blank lines behind them, where another block comes next: those lines came or went with it.
func (s *skillDiff) dropTails() {
	twins := map[*file]*twin{}
	for _, t := range s.twins {
		twins[t.a] = t
	}
	s.spots = slices.DeleteFunc(s.spots, func(sp *spot) bool {
		t := twins[sp.a.file]
		if t == nil || t.b != sp.b.file || sp.moved() || strings.TrimRight(sp.a.text().raw, "\n") != strings.TrimRight(sp.b.text().raw, "\n") {
			return false
		}
		i, j := int(sp.a.block)+1, int(sp.b.block)+1
		lastA, lastB := i == len(t.to), j == len(t.from)
		return lastA != lastB || !lastA && int(t.to[i]) != j
	})
}

// finish compares the words of the pairs that were found, and puts everything in order.
func (s *skillDiff) finish() {
	s.dropTails()
	for _, sp := range s.spots {
		if sp.a.text() != sp.b.text() {
			sp.delta = s.w.compare(sp.a.text(), sp.b.text())
			sp.claimed = make([]bool, sp.delta.count())
		}
	}
	order := map[*file]int{}
	for i, f := range s.files {
		order[f.a], order[f.b] = i, i
	}
	slices.SortStableFunc(s.spots, func(x, y *spot) int {
		if c := order[x.b.file] - order[y.b.file]; c != 0 {
			return c
		}
		return int(x.b.block - y.b.block)
	})
	for _, l := range s.gone {
		s.goneAt[l.place] = l
	}
	for _, l := range s.come {
		s.comeAt[l.place] = l
	}
}

// count returns how many edits d has.
func (d *delta) count() int {
	n := 0
	for _, p := range d.passages {
		n += len(p.edits)
	}
	return n
}

// each calls f for each edit of a spot, with its number and passage.
func (sp *spot) each(f func(i int, p passage, e edit)) {
	if sp.delta == nil {
		return
	}
	i := 0
	for _, p := range sp.delta.passages {
		for _, e := range p.edits {
			f(i, p, e)
			i++
		}
	}
}

// open reports whether the spot has an edit that nobody claimed.
func (sp *spot) open() bool { return slices.Contains(sp.claimed, false) }

// claim marks all edits of the passage as explained.
func (sp *spot) claim(p passage) {
	sp.each(func(i int, q passage, e edit) {
		if q.a0 == p.a0 && q.b0 == p.b0 && q.a1 == p.a1 && q.b1 == p.b1 {
			sp.claimed[i] = true
		}
	})
}

func (sp *spot) claimAll() {
	for i := range sp.claimed {
		sp.claimed[i] = true
	}
}

// moved reports whether the pair was found elsewhere.
func (sp *spot) moved() bool { return sp.by == byMove || sp.by == byMoved }

func (sp *spot) kind() kind { return sp.b.text().shape.kind }

// isProse reports whether sentences of k are meant for a reader.
func isProse(k kind) bool { return k == paragraph || k == item || k == row || k == html }

// identical reports whether two skills hold the same files.
func identical(p folderPair) bool {
	if len(p.a.files) != len(p.b.files) {
		return false
	}
	for i, f := range p.a.files {
		if g := p.b.files[i]; f.path != g.path || !bytes.Equal(f.data, g.data) {
			return false
		}
	}
	return true
}

// name is the skill's name in the revision, or in the base where it is gone.
func (s *skillDiff) name() string {
	if s.b != nil {
		return s.b.name
	}
	return s.a.name
}

// plain returns the words of r without markup, for people: headings in a path, quotes in a message.
func (r *reading) plain() string {
	var sb strings.Builder
	for i, t := range r.toks {
		w := t.Of(r.raw)
		switch t.Kind {
		case facts.Emph, facts.Target, facts.Tag:
			continue
		case facts.Code:
			w = strings.Trim(w, "` ")
		case facts.Punct:
			if w == "[" || w == "!" && i+1 < len(r.toks) && r.toks[i+1].Of(r.raw) == "[" {
				if i > 0 && t.Start > r.toks[i-1].End {
					sb.WriteByte(' ')
				}
				continue
			}
		}
		if i > 0 && t.Start > r.toks[i-1].End && !strings.HasSuffix(sb.String(), " ") {
			sb.WriteByte(' ')
		}
		sb.WriteString(w)
	}
	return strings.TrimSpace(sb.String())
}
