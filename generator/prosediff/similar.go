package prosediff

import (
	"cmp"
	"math"
	"slices"
)

// similarity is a Dice coefficient in ten-thousandths: an integer, so that sums don't depend on their order.
type similarity int32

const (
	same similarity = 10000
	// The thresholds of the passes.
	similarBlocks    similarity = 4000
	movedBlocks      similarity = 7000
	similarSentences similarity = 5000
	similarWords     similarity = 6000
)

func (s similarity) fraction() float64 { return math.Round(float64(s)/100) / 100 }

// dice compares two bags: twice what they share over what they hold. Two empty bags are the same.
func dice(a, b []uint32) similarity {
	if len(a)+len(b) == 0 {
		return same
	}
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch x, y := a[i], b[j]; {
		case x == y:
			shared, i, j = shared+1, i+1, j+1
		case x < y:
			i++
		default:
			j++
		}
	}
	return similarity(2 * int64(shared) * int64(same) / int64(len(a)+len(b)))
}

// diceAtLeast is dice where the result reaches least, else 0; sizes alone refuse most pairs.
func diceAtLeast(a, b []uint32, least similarity) similarity {
	if most := int64(2*min(len(a), len(b))) * int64(same); most < int64(least)*int64(len(a)+len(b)) {
		return 0
	}
	if s := dice(a, b); s >= least {
		return s
	}
	return 0
}

// maxTable bounds the dynamic program, in cells.
const maxTable = 250_000

// candidate is a pair that could be matched.
type candidate struct {
	a, b  int
	score similarity
}

// bestInOrder matches bags of a with bags of b, keeping their order, so that the sum of similarities is as high as can be; pairs below
// least, and those that fit refuses, are never matched. Beyond maxTable cells it is greedy: the most similar first. flip as in align.
func bestInOrder(a, b [][]uint32, least similarity, fit func(i, j int) bool, flip bool) []candidate {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	if flip {
		out := bestInOrder(b, a, least, func(i, j int) bool { return fit(j, i) }, false)
		for i, c := range out {
			out[i] = candidate{c.b, c.a, c.score}
		}
		return out
	}
	if len(a)*len(b) > maxTable {
		pairs, _ := join(a, b, least)
		return greedyInOrder(slices.DeleteFunc(pairs, func(c candidate) bool { return !fit(c.a, c.b) }))
	}
	scores := make([]similarity, len(a)*len(b))
	for i := range a {
		for j := range b {
			if fit(i, j) {
				scores[i*len(b)+j] = diceAtLeast(a[i], b[j], least)
			}
		}
	}
	return program(scores, len(a), len(b))
}

// program finds the order-preserving matching with the highest sum of scores.
func program(scores []similarity, n, m int) []candidate {
	best := make([]int32, (n+1)*(m+1)) // best[i*(m+1)+j]: the highest sum for a[i:] and b[j:]
	at := func(i, j int) int { return i*(m+1) + j }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			sum := max(best[at(i+1, j)], best[at(i, j+1)])
			if s := scores[i*m+j]; s > 0 {
				sum = max(sum, best[at(i+1, j+1)]+int32(s))
			}
			best[at(i, j)] = sum
		}
	}
	var out []candidate
	for i, j := 0, 0; i < n && j < m; {
		switch s := scores[i*m+j]; {
		case s > 0 && best[at(i, j)] == best[at(i+1, j+1)]+int32(s):
			out = append(out, candidate{i, j, s})
			i, j = i+1, j+1
		case best[at(i, j)] == best[at(i+1, j)]:
			i++
		default:
			j++
		}
	}
	return out
}

// greedyInOrder takes the most similar pairs first, as long as they keep the order of those taken.
func greedyInOrder(pairs []candidate) []candidate {
	slices.SortFunc(pairs, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.a+x.b, y.a+y.b), cmp.Compare(x.a, y.a))
	})
	var taken []candidate
	for _, c := range pairs {
		k, used := slices.BinarySearchFunc(taken, c.a, func(t candidate, a int) int { return cmp.Compare(t.a, a) })
		if used || k > 0 && taken[k-1].b >= c.b || k < len(taken) && taken[k].b <= c.b {
			continue
		}
		taken = slices.Insert(taken, k, c)
	}
	return taken
}

// maxJoin bounds how many pairs join compares.
const maxJoin = 2_000_000

// join finds all pairs of bags with a similarity of at least least. Only pairs that share one of their rarest tokens are compared: two bags
// that don't can't reach it. complete is false where maxJoin ended the search.
func join(a, b [][]uint32, least similarity) (pairs []candidate, complete bool) {
	frequency := map[uint32]int32{}
	for _, side := range [][][]uint32{a, b} {
		for _, bag := range side {
			for _, h := range bag {
				frequency[h]++
			}
		}
	}
	index := map[uint32][]int32{}
	for j, bag := range b {
		for _, h := range rarest(bag, frequency, least) {
			index[h] = append(index[h], int32(j))
		}
	}
	seen := make([]int32, len(b)) // i+1 of the last bag of a that was compared with it
	work := 0
	for i, bag := range a {
		for _, h := range rarest(bag, frequency, least) {
			for _, j := range index[h] {
				if seen[j] == int32(i)+1 {
					continue
				}
				seen[j] = int32(i) + 1
				if work++; work > maxJoin {
					return pairs, false
				}
				if s := diceAtLeast(bag, b[j], least); s > 0 {
					pairs = append(pairs, candidate{i, int(j), s})
				}
			}
		}
	}
	return pairs, true
}

// rarest returns the rarest hashes of bag, so many that a bag that shares none of them can't be similar enough.
func rarest(bag []uint32, frequency map[uint32]int32, least similarity) []uint32 {
	if len(bag) == 0 {
		return nil
	}
	sorted := slices.Clone(bag)
	slices.SortFunc(sorted, func(x, y uint32) int {
		return cmp.Or(cmp.Compare(frequency[x], frequency[y]), cmp.Compare(x, y))
	})
	shared := (int(least)*len(bag) + 2*int(same) - int(least) - 1) / (2*int(same) - int(least)) // ⌈t·n/(2−t)⌉
	return slices.Compact(sorted[:len(bag)-shared+1])
}
