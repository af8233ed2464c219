package prosediff

import (
	"slices"

	"skillgen/generator/facts"
)

// tidy makes edits easier to read without changing what they say: edits that only a blank, a sign or one ordinary word divides become one, and an
// insertion or deletion that could stand in several places begins where a sentence or a word group does.
//
// It never joins across a word that can turn a sentence around, nor an edit that holds one: the most dangerous edit is one word, and it is
// shown alone.
func tidy(ra, rb *reading, p passage, lex *facts.Lexicon) []edit {
	t := tidier{ra, rb, lex}
	out := p.edits[:0]
	for _, e := range p.edits {
		if n := len(out); n > 0 && t.joins(out[n-1], e) {
			out[n-1].a1, out[n-1].b1 = e.a1, e.b1
			continue
		}
		out = append(out, e)
	}
	for i := range out {
		from, to := p.a0, p.a1 // what is equal before and behind the edit
		if i > 0 {
			from = out[i-1].a1
		}
		if i+1 < len(out) {
			to = out[i+1].a0
		}
		out[i] = t.slide(out[i], out[i].a0-from, to-out[i].a1)
	}
	return out
}

type tidier struct {
	ra, rb *reading
	lex    *facts.Lexicon
}

// joins reports whether what stands between two edits is too little to be worth reading by itself.
func (t tidier) joins(left, right edit) bool {
	words := 0
	for _, tok := range t.ra.toks[left.a1:right.a0] {
		switch tok.Kind {
		case facts.Punct, facts.Emph, facts.Space:
		case facts.Word:
			if words++; words > 1 || t.ra.kind == code || t.lex.Sense(tok.Of(t.ra.raw)).Alters() {
				return false
			}
		default:
			return false
		}
	}
	if t.ra.kind == code {
		sign := right.a0-left.a1 == 1 && t.ra.toks[left.a1].Kind == facts.Punct // main.go that became . is one edit
		oneWay := left.b0 == left.b1 && right.b0 == right.b1 || left.a0 == left.a1 && right.a0 == right.a1
		return sign && oneWay || t.onlyBlanks(left.a1, right.a0) && !t.exchanges(left) && !t.exchanges(right)
	}
	return !t.alters(left) && !t.alters(right) && !(t.exchanges(left) && t.exchanges(right))
}

func (t tidier) onlyBlanks(from, to int) bool {
	return !slices.ContainsFunc(t.ra.toks[from:to], func(tok facts.Token) bool { return tok.Kind != facts.Space })
}

// alters reports whether the edit takes or gives a word that can turn a sentence around.
func (t tidier) alters(e edit) bool {
	alters := func(r *reading, from, to int) bool {
		return slices.ContainsFunc(r.toks[from:to], func(tok facts.Token) bool {
			return tok.Kind == facts.Word && t.lex.Sense(tok.Of(r.raw)).Alters()
		})
	}
	return alters(t.ra, e.a0, e.a1) || alters(t.rb, e.b0, e.b1)
}

// exchanges reports whether the edit puts one name, number, address or code span in the place of another.
func (t tidier) exchanges(e edit) bool {
	return e.a1-e.a0 == 1 && e.b1-e.b0 == 1 && t.ra.toks[e.a0].Kind == t.rb.toks[e.b0].Kind && t.ra.toks[e.a0].Kind != facts.Punct
}

// slide moves an edit that only deletes or only inserts, by up to left tokens back or right tokens on, to where it begins best.
func (t tidier) slide(e edit, left, right int) edit {
	r, from, to := t.rb, e.b0, e.b1
	if e.b0 == e.b1 {
		r, from, to = t.ra, e.a0, e.a1
	} else if e.a0 != e.a1 {
		return e
	}
	best, bestScore := 0, t.start(r, from, to)
	try := func(k int) {
		if s := t.start(r, from+k, to+k); s > bestScore {
			best, bestScore = k, s
		}
	}
	for k := 1; k <= left && r.word(from-k) == r.word(to-k); k++ {
		try(-k)
	}
	for k := 1; k <= right && r.word(from+k-1) == r.word(to+k-1); k++ {
		try(k)
	}
	return edit{e.a0 + best, e.a1 + best, e.b0 + best, e.b1 + best}
}

// start says how well tokens [from, to) read as what was put in or taken out: a whole sentence best, then what stands between two signs.
func (t tidier) start(r *reading, from, to int) int {
	_, begins := slices.BinarySearch(r.segs, from)
	_, ends := slices.BinarySearch(r.segs, to)
	score := 0
	if begins {
		score += 4
	}
	if ends || to == len(r.toks) {
		score += 4
	}
	if from > 0 && r.toks[from-1].Kind == facts.Punct {
		score++
	}
	if r.toks[to-1].Kind == facts.Punct {
		score++
	}
	if r.toks[from].Kind == facts.Emph && r.toks[to-1].Kind != facts.Emph || r.toks[from].Kind != facts.Emph && r.toks[to-1].Kind == facts.Emph {
		score--
	}
	return score
}
