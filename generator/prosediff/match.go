package prosediff

import (
	"cmp"
	"strings"
)

// method is the pass that matched two blocks.
type method uint8

const (
	byExact   method = iota // equal but for layout, in order
	byLabel                 // named alike: same heading, first cell, key, first line of code
	bySimilar               // alike enough, in order
	byMove                  // equal but for layout, elsewhere
	byMoved                 // alike enough, elsewhere
)

func (m method) String() string {
	return [...]string{"exact", "label", "similar", "move", "move-similar"}[m]
}

// pairing is a block of the base and the block of the revision that it became, as indices.
type pairing struct {
	a, b int32
	by   method
}

// alignment is what became of the blocks of a file. pairs rise on both sides; every block is in a pair, gone or new.
type alignment struct {
	pairs      []pairing
	gone, come []int32
}

// alignBlocks matches the blocks of two versions of a file: equal ones first, then in the gaps between them those that are named alike, then
// those that are similar. The order of blocks is kept throughout; what moved is found later, among what is gone and new in the whole skill.
func alignBlocks(a, b *document) alignment {
	m := matcher{a: a, b: b}
	n, k := len(a.blocks), len(b.blocks)
	head := 0
	for head < n && head < k && a.blocks[head].text == b.blocks[head].text {
		head++
	}
	tail := 0
	for tail < n-head && tail < k-head && a.blocks[n-1-tail].text == b.blocks[k-1-tail].text {
		tail++
	}
	m.flip = mirrored(a.blocks[head:n-tail], b.blocks[head:k-tail])
	m.pair(0, 0, head, byExact)
	m.exact(head, n-tail, head, k-tail)
	m.pair(n-tail, k-tail, tail, byExact)
	return m.out
}

// mirrored decides from the content alone from which side the passes look, so that exchanging the sides mirrors the result.
func mirrored(a, b []block) bool {
	for i := 0; i < len(a) && i < len(b); i++ {
		if c := cmp.Or(strings.Compare(a[i].text.raw, b[i].text.raw), cmp.Compare(a[i].text.shape.kind, b[i].text.shape.kind)); c != 0 {
			return c > 0
		}
	}
	return len(a) > len(b)
}

type matcher struct {
	a, b *document
	flip bool
	out  alignment

	nameless int32 // the last number that was given to a block without label
}

func (m *matcher) pair(a, b, n int, by method) {
	for i := range n {
		m.out.pairs = append(m.out.pairs, pairing{int32(a + i), int32(b + i), by})
	}
}

// exact aligns a[a0:a1] and b[b0:b1] by their keys, and gives the gaps to the next pass.
func (m *matcher) exact(a0, a1, b0, b1 int) {
	numbers := numbering[key]{}
	ids := func(blocks []block) []int32 {
		out := make([]int32, len(blocks))
		for i, b := range blocks {
			out[i] = numbers.of(b.text.Key())
		}
		return out
	}
	idsA, idsB := ids(m.a.blocks[a0:a1]), ids(m.b.blocks[b0:b1])
	runs, _ := align(idsA, idsB, m.flip)
	runs = m.slide(runs, idsA, idsB, a0, b0)
	fromA, fromB := a0, b0
	for _, r := range append(runs, common{a1 - a0, b1 - b0, 0}) {
		m.label(fromA, a0+r.a, fromB, b0+r.b)
		m.pair(a0+r.a, b0+r.b, r.n, byExact)
		fromA, fromB = a0+r.a+r.n, b0+r.b+r.n
	}
}

// slide moves gaps that are on one side only, and could as well be a few blocks higher, to where a section begins: a section that was put
// in between others is new as a whole, not from its second paragraph to the next section's heading.
func (m *matcher) slide(runs []common, idsA, idsB []int32, a0, b0 int) []common {
	for i := 0; i+1 < len(runs); i++ {
		up, down := &runs[i], &runs[i+1]
		onlyA, onlyB := up.b+up.n == down.b, up.a+up.n == down.a
		if onlyA == onlyB {
			continue
		}
		ids, blocks, start, end := idsB, m.b.blocks[b0:], up.b+up.n, down.b
		if onlyA {
			ids, blocks, start, end = idsA, m.a.blocks[a0:], up.a+up.n, down.a
		}
		best, bestLevel := 0, startLevel(blocks[start])
		for k := 1; k < up.n && start-k >= 0 && ids[start-k] == ids[end-k]; k++ {
			if l := startLevel(blocks[start-k]); l < bestLevel {
				best, bestLevel = k, l
			}
		}
		up.n -= best
		down.a, down.b, down.n = down.a-best, down.b-best, down.n+best
	}
	return runs
}

// startLevel orders blocks by how good they are to begin a gap with: headings first, the highest before the lower.
func startLevel(b block) uint8 {
	if b.text.shape.kind == heading {
		return b.text.shape.level
	}
	return 7
}

// label matches blocks of a gap that are named alike, once on each side.
func (m *matcher) label(a0, a1, b0, b1 int) {
	if a0 == a1 || b0 == b1 {
		m.rest(a0, a1, b0, b1)
		return
	}
	numbers := numbering[string]{}
	idsA, idsB := m.labels(m.a, a0, a1, numbers), m.labels(m.b, b0, b1, numbers)
	fromA, fromB := a0, b0
	for _, c := range uniqueCommon(idsA, idsB) {
		m.similar(fromA, a0+c.a, fromB, b0+c.b)
		m.pair(a0+c.a, b0+c.b, 1, byLabel)
		fromA, fromB = a0+c.a+1, b0+c.b+1
	}
	m.similar(fromA, a1, fromB, b1)
}

// labels numbers the labels of d.blocks[from:to]. A block without one gets a number of its own.
func (m *matcher) labels(d *document, from, to int, numbers numbering[string]) []int32 {
	out := make([]int32, to-from)
	for i := range out {
		if name := d.label(int32(from + i)); name != "" {
			out[i] = numbers.of(name)
		} else {
			m.nameless--
			out[i] = m.nameless
		}
	}
	return out
}

// label names a block by its kind and what says which one it is.
func (d *document) label(i int32) string {
	t := d.blocks[i].text
	switch t.shape.kind {
	case frontKey:
		return "key " + d.frontName(i)
	case heading, code, row:
		if l := t.Reading().label; l != "" {
			return string(rune('0'+t.shape.kind)) + l
		}
	}
	return ""
}

// frontName is the dotted name of a front matter key.
func (d *document) frontName(i int32) string {
	name := keyName(d.blocks[i].text.raw)
	if d.blocks[i].text.shape.depth > 0 {
		for k := i - 1; k >= 0; k-- {
			if s := d.blocks[k].text.shape; s.kind == frontKey && s.depth == 0 {
				return keyName(d.blocks[k].text.raw) + "." + name
			}
		}
	}
	return name
}

func keyName(raw string) string {
	name, _, _ := strings.Cut(raw, ":")
	return strings.Trim(name, " \t\"'")
}

// similar matches what is alike enough in a gap, in order, so that the sum of similarities is as high as can be.
func (m *matcher) similar(a0, a1, b0, b1 int) {
	if a0 == a1 || b0 == b1 {
		m.rest(a0, a1, b0, b1)
		return
	}
	bags := func(blocks []block) [][]uint32 {
		out := make([][]uint32, len(blocks))
		for i, b := range blocks {
			out[i] = b.text.Reading().bag
		}
		return out
	}
	blocksA, blocksB := m.a.blocks[a0:a1], m.b.blocks[b0:b1]
	fit := func(i, j int) bool {
		s, t := blocksA[i].text.shape, blocksB[j].text.shape
		return s.kind == t.kind && (s.kind != frontKey || m.a.frontName(int32(a0+i)) == m.b.frontName(int32(b0+j)))
	}
	fromA, fromB := a0, b0
	for _, c := range bestInOrder(bags(blocksA), bags(blocksB), similarBlocks, fit, m.flip) {
		m.rest(fromA, a0+c.a, fromB, b0+c.b)
		m.pair(a0+c.a, b0+c.b, 1, bySimilar)
		fromA, fromB = a0+c.a+1, b0+c.b+1
	}
	m.rest(fromA, a1, fromB, b1)
}

func (m *matcher) rest(a0, a1, b0, b1 int) {
	for i := a0; i < a1; i++ {
		m.out.gone = append(m.out.gone, int32(i))
	}
	for j := b0; j < b1; j++ {
		m.out.come = append(m.out.come, int32(j))
	}
}
