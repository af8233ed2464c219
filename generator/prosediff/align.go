package prosediff

import (
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// maxCall bounds what go-diff is given at once, in tokens of either side: its time grows with the square of the difference.
const maxCall = 4000

// common is a run of equal elements: a[a:a+n] = b[b:b+n].
type common struct{ a, b, n int }

// align finds a longest common subsequence of a and b as runs in order. Elements are equal where their numbers are.
//
// Up to maxCall elements on either side the result is exact. Beyond, elements that occur once on both sides divide the problem first; where
// none does, that stretch is left unaligned and complete is false. No clock is asked: the same input gives the same result on any machine.
//
// flip exchanges the sides while the result is computed. A caller that derives it from the content of both sides alone gets results that
// mirror each other when the sides are exchanged, which go-diff's tie-breaking does not give.
func align(a, b []int32, flip bool) (runs []common, complete bool) {
	al := aligner{}
	if flip {
		al.stretch(b, a, 0, 0, maxDivisions)
		for i, r := range al.runs {
			al.runs[i] = common{r.b, r.a, r.n}
		}
	} else {
		al.stretch(a, b, 0, 0, maxDivisions)
	}
	return al.runs, !al.incomplete
}

type aligner struct {
	runs       []common
	incomplete bool
}

func (al *aligner) add(a, b, n int) {
	if n == 0 {
		return
	}
	if k := len(al.runs) - 1; k >= 0 && al.runs[k].a+al.runs[k].n == a && al.runs[k].b+al.runs[k].n == b {
		al.runs[k].n += n
		return
	}
	al.runs = append(al.runs, common{a, b, n})
}

// maxDivisions bounds how often a stretch is divided again: with each division every element is looked at.
const maxDivisions = 16

// stretch aligns a and b, which begin at offA and offB of the whole.
func (al *aligner) stretch(a, b []int32, offA, offB, divisions int) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	al.add(offA, offB, head)
	midA, midB := a[head:len(a)-tail], b[head:len(b)-tail]
	switch {
	case len(midA) == 0 || len(midB) == 0:
	case len(midA) <= maxCall && len(midB) <= maxCall:
		al.call(midA, midB, offA+head, offB+head)
	default:
		al.divide(midA, midB, offA+head, offB+head, divisions)
	}
	al.add(offA+len(a)-tail, offB+len(b)-tail, tail)
}

// divide cuts a and b at elements that occur once on both sides.
func (al *aligner) divide(a, b []int32, offA, offB, divisions int) {
	anchors := uniqueCommon(a, b)
	if len(anchors) == 0 || divisions == 0 {
		al.incomplete = true
		return
	}
	fromA, fromB := 0, 0
	for _, at := range anchors {
		al.stretch(a[fromA:at.a], b[fromB:at.b], offA+fromA, offB+fromB, divisions-1)
		al.add(offA+at.a, offB+at.b, 1)
		fromA, fromB = at.a+1, at.b+1
	}
	al.stretch(a[fromA:], b[fromB:], offA+fromA, offB+fromB, divisions-1)
}

// uniqueCommon returns a longest series of elements, in order on both sides, that occur once in a and once in b.
func uniqueCommon(a, b []int32) []common {
	type count struct{ inA, inB, at int32 }
	counts := make(map[int32]count, len(a))
	for _, id := range a {
		c := counts[id]
		c.inA++
		counts[id] = c
	}
	for i, id := range b {
		if c, ok := counts[id]; ok {
			c.inB++
			c.at = int32(i)
			counts[id] = c
		}
	}
	var found []common
	for i, id := range a {
		if c := counts[id]; c.inA == 1 && c.inB == 1 {
			found = append(found, common{i, int(c.at), 1})
		}
	}
	return increasing(found)
}

// increasing returns a longest part of list, which is sorted by a, whose b rises too.
func increasing(list []common) []common {
	var piles []int // index of the last element of the best series of each length
	before := make([]int, len(list))
	for i, c := range list {
		lo, hi := 0, len(piles)
		for lo < hi {
			if mid := (lo + hi) / 2; list[piles[mid]].b < c.b {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		before[i] = -1
		if lo > 0 {
			before[i] = piles[lo-1]
		}
		if lo == len(piles) {
			piles = append(piles, i)
		} else {
			piles[lo] = i
		}
	}
	out := make([]common, len(piles))
	if len(piles) == 0 {
		return out
	}
	for k, i := len(piles)-1, piles[len(piles)-1]; k >= 0; k, i = k-1, before[i] {
		out[k] = list[i]
	}
	return out
}

// differ is safe for concurrent use: it is only read. DiffTimeout must be 0. With go-diff's default of one second the result depends on how
// fast the machine is.
var differ = func() *diffmatchpatch.DiffMatchPatch {
	d := diffmatchpatch.New()
	d.DiffTimeout = 0
	return d
}()

// call gives a and b to go-diff, each element as one rune.
func (al *aligner) call(a, b []int32, offA, offB int) {
	runesA, runesB := asRunes(a, b)
	for _, d := range differ.DiffMainRunes(runesA, runesB, false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffEqual:
			al.add(offA, offB, n)
			offA, offB = offA+n, offB+n
		case diffmatchpatch.DiffDelete:
			offA += n
		case diffmatchpatch.DiffInsert:
			offB += n
		}
	}
}

// asRunes numbers the elements anew, from 1, so that few runes are needed, and none of them a surrogate: go-diff turns runes into strings,
// where a surrogate is lost.
func asRunes(a, b []int32) (runesA, runesB []rune) {
	numbers := make(map[int32]rune, len(a)+len(b))
	convert := func(ids []int32) []rune {
		out := make([]rune, len(ids))
		for i, id := range ids {
			r, ok := numbers[id]
			if !ok {
				if r = rune(len(numbers) + 1); r >= 0xd800 {
					r += 0x800
				}
				numbers[id] = r
			}
			out[i] = r
		}
		return out
	}
	return convert(a), convert(b)
}

// numbering gives equal things equal numbers.
type numbering[T comparable] map[T]int32

func (n numbering[T]) of(x T) int32 {
	id, ok := n[x]
	if !ok {
		id = int32(len(n))
		n[x] = id
	}
	return id
}
