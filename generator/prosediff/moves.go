package prosediff

import (
	"cmp"
	"slices"
)

// spot is a block of the base and the block of the revision that it became.
type spot struct {
	a, b    place
	by      method
	delta   *delta // what differs; nil where the bytes are the same
	claimed []bool // edits of delta that a change explains
	told    bool   // that it moved is part of a change
}

// leftover is a block that exists on one side only.
type leftover struct {
	place
	claimed bool    // a change explains that it is gone or new
	inside  *Change // the section or file that is gone or new with it
	told    []span  // sentences, as tokens, that a change of their own explains
}

// twin is a file of the base and the file of the revision that it became.
type twin struct {
	a, b     *file
	to, from []int32 // for each block of a the one of b that it became, and back; -1 for none in this file
}

// mover looks for moves in one skill.
type mover struct {
	twins      []*twin
	gone, come []*leftover // in order
	spots      []*spot
}

// A block that is worth following says this much at least: shorter ones ("Example:", "npm install") occur anywhere.
const (
	leastTokens  = 4
	leastLetters = 20
)

func worthFollowing(t *text) bool {
	r := t.Reading()
	if len(r.bag) < leastTokens {
		return false
	}
	letters := 0
	for _, tok := range r.toks {
		if tok.Says() {
			letters += int(tok.End - tok.Start)
		}
	}
	return letters >= leastLetters
}

// findMoves matches what is gone with what is new in the whole skill: equal blocks first, then headings whose sections they stand in, then
// similar ones. It returns what is still left over.
func (m *mover) findMoves() {
	m.equal()
	m.sections()
	m.similar()
	m.opposite()
}

// match moves a pair out of the leftovers; compact drops them.
func (m *mover) match(a, b *leftover, by method) {
	m.spots = append(m.spots, &spot{a: a.place, b: b.place, by: by})
	a.claimed, b.claimed = true, true
}

func (m *mover) compact() {
	matched := func(l *leftover) bool { return l.claimed }
	m.gone, m.come = slices.DeleteFunc(m.gone, matched), slices.DeleteFunc(m.come, matched)
}

// equal matches blocks with one key, those of one file before others, in order.
func (m *mover) equal() {
	type bucket struct {
		key  key
		file string
	}
	for _, sameFile := range []bool{true, false} {
		bucketOf := func(l *leftover) bucket {
			if sameFile {
				return bucket{l.text().Key(), l.file.path}
			}
			return bucket{l.text().Key(), ""}
		}
		waiting := map[bucket][]*leftover{}
		for _, l := range m.come {
			if worthFollowing(l.text()) {
				waiting[bucketOf(l)] = append(waiting[bucketOf(l)], l)
			}
		}
		for _, a := range m.gone {
			if list := waiting[bucketOf(a)]; len(list) > 0 {
				m.match(a, list[0], byMove)
				waiting[bucketOf(a)] = list[1:]
			}
		}
		m.compact()
	}
}

// home is a section of a file, without those below it.
type home struct {
	file    *file
	section int32
}

func (p place) home() home { return home{p.file, p.section()} }

// sections matches headings with one key where text moved from below the one to below the other, or where there is no other such heading,
// and then what else stands in both sections, however short.
func (m *mover) sections() {
	moved := map[[2]home]bool{}
	for _, s := range m.spots {
		moved[[2]home{s.a.home(), s.b.home()}] = true
	}
	goneIn, comeIn := byHome(m.gone), byHome(m.come)
	gone, come := headingsByKey(m.gone), headingsByKey(m.come)
	for _, a := range m.gone {
		if a.text().shape.kind != heading || a.claimed {
			continue
		}
		k := a.text().Key()
		for _, b := range come[k] {
			if together := moved[[2]home{a.home(), b.home()}]; !b.claimed && (together || len(gone[k]) == 1 && len(come[k]) == 1) {
				m.match(a, b, byMove)
				m.follow(goneIn[a.home()], comeIn[b.home()])
				break
			}
		}
	}
	m.compact()
}

func byHome(list []*leftover) map[home][]*leftover {
	out := map[home][]*leftover{}
	for _, l := range list {
		out[l.home()] = append(out[l.home()], l)
	}
	return out
}

func headingsByKey(list []*leftover) map[key][]*leftover {
	out := map[key][]*leftover{}
	for _, l := range list {
		if l.text().shape.kind == heading {
			out[l.text().Key()] = append(out[l.text().Key()], l)
		}
	}
	return out
}

// follow matches what is left over in two sections that moved together.
func (m *mover) follow(gone, come []*leftover) {
	waiting := map[key][]*leftover{}
	for _, b := range come {
		if !b.claimed {
			waiting[b.text().Key()] = append(waiting[b.text().Key()], b)
		}
	}
	for _, a := range gone {
		if list := waiting[a.text().Key()]; !a.claimed && len(list) > 0 {
			m.match(a, list[0], byMove)
			waiting[a.text().Key()] = list[1:]
		}
	}
}

// similar matches blocks that moved and were reworded.
func (m *mover) similar() {
	pick := func(list []*leftover) (out []*leftover, bags [][]uint32) {
		for _, l := range list {
			if worthFollowing(l.text()) {
				out, bags = append(out, l), append(bags, l.text().Reading().bag)
			}
		}
		return out, bags
	}
	gone, bagsA := pick(m.gone)
	come, bagsB := pick(m.come)
	if len(gone) == 0 || len(come) == 0 {
		return
	}
	pairs, _ := join(bagsA, bagsB, movedBlocks)
	elsewhere := func(c candidate) int {
		if gone[c.a].file.path == come[c.b].file.path {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(pairs, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(elsewhere(x), elsewhere(y)), cmp.Compare(x.a+x.b, y.a+y.b), cmp.Compare(x.a, y.a))
	})
	for _, c := range pairs {
		if a, b := gone[c.a], come[c.b]; !a.claimed && !b.claimed && sameGenre(a.text(), b.text()) {
			m.match(a, b, byMoved)
		}
	}
	m.compact()
}

// sameGenre reports whether a block can become the other: a paragraph can become a list item.
func sameGenre(a, b *text) bool {
	genre := func(k kind) kind {
		if k == item {
			return paragraph
		}
		return k
	}
	return genre(a.shape.kind) == genre(b.shape.kind)
}

// opposite matches two blocks of one kind, however different, that stand in the same place: what is before them is a pair, and what is
// behind them. A sentence below a heading that was written anew is then shown beside the old one.
func (m *mover) opposite() {
	come := map[place]*leftover{}
	for _, l := range m.come {
		come[l.place] = l
	}
	twins := map[*file]*twin{}
	for _, t := range m.twins {
		twins[t.a] = t
	}
	for _, a := range m.gone {
		t := twins[a.file]
		if t == nil {
			continue
		}
		i, j := a.block, int32(0)
		if i > 0 {
			j = t.to[i-1] + 1
		}
		b := come[place{t.b, j}]
		if b == nil || i > 0 && j == 0 || b.text().shape.kind != a.text().shape.kind || !replaceable(a.text().shape.kind) {
			continue
		}
		lastA, lastB := int(i)+1 == len(t.to), int(j)+1 == len(t.from)
		if lastA && lastB || !lastA && !lastB && t.to[i+1] == j+1 {
			m.match(a, b, byLabel)
			t.to[i], t.from[j] = j, i
		}
	}
	m.compact()
}

func replaceable(k kind) bool {
	return k == heading || k == paragraph || k == item || k == html || k == code || k == blank || k == ruler || k == frontFence
}
