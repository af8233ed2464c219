package prosediff

import (
	"strings"
	"unicode/utf8"

	"skillgen/generator/facts"
)

// edit is a place where two texts differ: tokens [a0, a1) of the old one became tokens [b0, b1) of the new one.
type edit struct{ a0, a1, b0, b1 int }

// passage is a run of sentences, cells or lines of the old text and what it became, as tokens. One side is empty where it is gone or new.
type passage struct {
	a0, a1, b0, b1 int
	score          similarity
	edits          []edit // the edits inside, in order
}

// delta is what differs between two texts. It is computed once for each pair of texts, however many files hold them.
type delta struct {
	a, b     *text
	passages []passage // those that differ, in order
	score    similarity
	coarse   bool // a passage was too different, or too long, for a comparison of words
}

// compareTexts finds what differs between two texts of one kind: first sentences (cells, lines of code) are matched, then words within those
// that are alike enough. An old sentence without a partner is gone as a whole, and a new one is new as a whole.
func compareTexts(a, b *text, lex *facts.Lexicon) *delta {
	c := comparison{ra: a.Reading(), rb: b.Reading(), flip: a.raw > b.raw, lex: lex}
	d := &delta{a: a, b: b, score: dice(c.ra.bag, c.rb.bag)}
	c.words = numbering[string]{}
	c.idsA, c.idsB = c.number(c.ra), c.number(c.rb)
	if a.shape.kind == row || a.shape.kind == tableHead {
		c.cells()
	} else {
		c.segments()
	}
	d.passages, d.coarse = c.out, c.coarse
	return d
}

type comparison struct {
	ra, rb     *reading
	words      numbering[string]
	idsA, idsB []int32
	flip       bool
	lex        *facts.Lexicon
	out        []passage
	coarse     bool
}

func (c *comparison) number(r *reading) []int32 {
	ids := make([]int32, len(r.toks))
	for i := range ids {
		ids[i] = c.words.of(r.word(i))
	}
	return ids
}

// segments matches the sentences of both sides: equal ones, then similar ones in the gaps.
func (c *comparison) segments() {
	numbers := numbering[string]{}
	runs, complete := align(segmentIDs(c.ra, c.idsA, numbers), segmentIDs(c.rb, c.idsB, numbers), c.flip)
	c.coarse = c.coarse || !complete
	fromA, fromB := 0, 0
	for _, r := range append(runs, common{len(c.ra.segs), len(c.rb.segs), 0}) {
		c.gap(fromA, r.a, fromB, r.b)
		fromA, fromB = r.a+r.n, r.b+r.n
	}
}

func segmentIDs(r *reading, ids []int32, numbers numbering[string]) []int32 {
	out := make([]int32, len(r.segs))
	var key []byte
	for i := range r.segs {
		from, to := r.seg(i)
		key = key[:0]
		for _, id := range ids[from:to] {
			key = append(key, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
		}
		out[i] = numbers.of(string(key))
	}
	return out
}

// gap matches segments a0 to a1 with b0 to b1, between two that are equal.
func (c *comparison) gap(a0, a1, b0, b1 int) {
	bagsA, bagsB := segmentBags(c.ra, a0, a1), segmentBags(c.rb, b0, b1)
	found := bestInOrder(bagsA, bagsB, similarSentences, func(int, int) bool { return true }, c.flip)
	if len(found) < max(a1-a0, b1-b0) && a1 > a0 && b1 > b0 && c.ra.kind != code && c.joined(a0, a1, b0, b1) {
		return
	}
	fromA, fromB := a0, b0
	for _, f := range found {
		c.unmatched(fromA, a0+f.a, fromB, b0+f.b)
		c.matched(a0+f.a, b0+f.b, f.score)
		fromA, fromB = a0+f.a+1, b0+f.b+1
	}
	c.unmatched(fromA, a1, fromB, b1)
}

func segmentBags(r *reading, from, to int) [][]uint32 {
	out := make([][]uint32, to-from)
	for i := range out {
		first, last := r.seg(from + i)
		out[i] = bagOf(r.raw, r.toks[first:last])
	}
	return out
}

// joined compares all of a gap as one passage: a sentence that was split in two, or two that were joined. It reports whether it did.
func (c *comparison) joined(a0, a1, b0, b1 int) bool {
	p := passage{}
	p.a0, p.a1 = c.tokens(c.ra, a0, a1)
	p.b0, p.b1 = c.tokens(c.rb, b0, b1)
	p.score = dice(bagOf(c.ra.raw, c.ra.toks[p.a0:p.a1]), bagOf(c.rb.raw, c.rb.toks[p.b0:p.b1]))
	if p.score < similarWords+1000 {
		return false
	}
	c.passage(p)
	return true
}

// tokens returns the tokens of segments [from, to).
func (c *comparison) tokens(r *reading, from, to int) (first, last int) {
	if from == to {
		at := len(r.toks)
		if from < len(r.segs) {
			at = r.segs[from]
		}
		return at, at
	}
	first, _ = r.seg(from)
	_, last = r.seg(to - 1)
	return first, last
}

// unmatched reports segments without a partner. Where both sides have some, they stand for each other only as far as a reader compares them.
func (c *comparison) unmatched(a0, a1, b0, b1 int) {
	if (c.ra.kind == code || c.ra.kind == heading) && a1-a0 == b1-b0 {
		for k := range a1 - a0 {
			c.replacedLine(a0+k, b0+k)
		}
		return
	}
	for i := a0; i < a1; i++ {
		first, last := c.ra.seg(i)
		_, at := c.tokens(c.rb, b0, b0)
		c.whole(passage{a0: first, a1: last, b0: at, b1: at})
	}
	for j := b0; j < b1; j++ {
		first, last := c.rb.seg(j)
		_, at := c.tokens(c.ra, a1, a1)
		c.whole(passage{a0: at, a1: at, b0: first, b1: last})
	}
}

// replacedLine compares two lines of code, or headings, that stand in the same place though they have few words in common: KEY_A= and KEY_B=.
func (c *comparison) replacedLine(i, j int) {
	p := passage{}
	p.a0, p.a1 = c.ra.seg(i)
	p.b0, p.b1 = c.rb.seg(j)
	count := map[int32]int{}
	for _, id := range c.idsA[p.a0:p.a1] {
		count[id]++
	}
	shared := 0
	for _, id := range c.idsB[p.b0:p.b1] {
		if count[id] > 0 {
			count[id]--
			shared++
		}
	}
	if 4*shared >= p.a1-p.a0+p.b1-p.b0 { // half of the tokens, signs and the line's end too
		p.score = similarSentences
		c.passage(p)
		return
	}
	c.whole(p)
}

// matched compares two segments that belong together.
func (c *comparison) matched(i, j int, score similarity) {
	p := passage{score: score}
	p.a0, p.a1 = c.ra.seg(i)
	p.b0, p.b1 = c.rb.seg(j)
	c.passage(p)
}

// maxShort is how many tokens two sentences have together at most for one word to be half of what they say.
const maxShort = 16

// passage compares the words of p where they are alike enough, else it is replaced as a whole.
func (c *comparison) passage(p passage) {
	enough := similarWords
	if c.ra.kind == code || p.a1-p.a0+p.b1-p.b0 <= maxShort {
		enough = similarSentences // half of a line or of a few words
	}
	if p.score < enough {
		c.whole(p)
		return
	}
	if !c.compareWords(&p) {
		c.coarse = true
		c.whole(p)
	} else if len(p.edits) > 0 {
		c.out = append(c.out, p)
	}
}

// compareWords finds the edits between the tokens of p. False where there are too many tokens for that.
func (c *comparison) compareWords(p *passage) bool {
	idsA, idsB := c.idsA[p.a0:p.a1], c.idsB[p.b0:p.b1]
	runs, complete := align(idsA, idsB, c.flip)
	at := edit{p.a0, p.a0, p.b0, p.b0}
	for _, r := range append(runs, common{len(idsA), len(idsB), 0}) {
		at.a1, at.b1 = p.a0+r.a, p.b0+r.b
		if at.a1 > at.a0 || at.b1 > at.b0 {
			p.edits = append(p.edits, at)
		}
		at = edit{p.a0 + r.a + r.n, 0, p.b0 + r.b + r.n, 0}
	}
	p.edits = tidy(c.ra, c.rb, *p, c.lex)
	return complete
}

// compareSentences finds the edits between two sentences of different blocks: tokens [a0, a1) of a and [b0, b1) of b.
func compareSentences(a, b *text, p passage, lex *facts.Lexicon) passage {
	c := comparison{ra: a.Reading(), rb: b.Reading(), flip: a.raw > b.raw, lex: lex, words: numbering[string]{}}
	c.idsA, c.idsB = c.number(c.ra), c.number(c.rb)
	c.compareWords(&p)
	return p
}

func (c *comparison) whole(p passage) {
	if p.a0 == p.a1 && p.b0 == p.b1 {
		return
	}
	e := edit{p.a0, p.a1, p.b0, p.b1}
	if c.ra.kind == frontKey { // the key stays outside
		for e.a0 < e.a1 && e.b0 < e.b1 && c.idsA[e.a0] == c.idsB[e.b0] {
			e.a0, e.b0 = e.a0+1, e.b0+1
		}
	}
	p.edits = []edit{e}
	if p.a1-p.a0 > 200 && p.b1-p.b0 > 200 {
		c.coarse = true
	}
	c.out = append(c.out, p)
}

// cells compares two rows cell by cell where they have as many; else cells are matched like sentences.
func (c *comparison) cells() {
	if len(c.ra.segs) != len(c.rb.segs) {
		c.segments()
		return
	}
	for i := range c.ra.segs {
		from, to := c.ra.seg(i)
		fromB, toB := c.rb.seg(i)
		score := dice(bagOf(c.ra.raw, c.ra.toks[from:to]), bagOf(c.rb.raw, c.rb.toks[fromB:toB]))
		c.matched(i, i, score)
	}
}

// op is a step from the old text to the new one.
type op struct {
	sign byte // '=' equal, '-' delete, '+' insert
	text string
}

// ops spells out d byte for byte: what is equal and deleted is the old text, what is equal and inserted the new one.
func (d *delta) ops() []op {
	s := speller{ra: d.a.Reading(), rb: d.b.Reading()}
	var edits []edit
	for _, p := range d.passages {
		edits = append(edits, p.edits...)
	}
	s.edits(edits)
	s.equal(len(s.ra.toks), len(s.rb.toks))
	s.layout(s.ra.raw[s.pa:], s.rb.raw[s.pb:])
	return s.out
}

// passageOps spells out one passage, without the layout around it.
func (d *delta) passageOps(p passage) []op {
	s := speller{ra: d.a.Reading(), rb: d.b.Reading(), a: p.a0, b: p.b0}
	s.pa, s.pb = s.ra.begin(p.a0), s.rb.begin(p.b0)
	s.edits(p.edits)
	s.equal(p.a1, p.b1)
	return s.out
}

// begin returns the byte at which token i begins; for the one after the last, where the text ends.
func (r *reading) begin(i int) int {
	if i < len(r.toks) {
		return int(r.toks[i].Start)
	}
	return len(r.raw)
}

type speller struct {
	ra, rb *reading
	a, b   int // tokens spelled so far
	pa, pb int // bytes spelled so far
	out    []op
}

// edits spells edits with what is equal before each. Edits side by side are one: an old sentence and the new one in its place.
func (s *speller) edits(list []edit) {
	for i := 0; i < len(list); {
		e := list[i]
		for i++; i < len(list) && list[i].a0 == e.a1 && list[i].b0 == e.b1; i++ {
			e.a1, e.b1 = list[i].a1, list[i].b1
		}
		s.equal(e.a0, e.b0)
		s.replace(e)
	}
}

// add spells n bytes. Steps of one sign in a row are one: their bytes lie side by side.
func (s *speller) add(sign byte, n int) {
	if n == 0 {
		return
	}
	raw, at := s.ra.raw, &s.pa
	if sign == '+' {
		raw, at = s.rb.raw, &s.pb
	}
	start := *at
	if k := len(s.out) - 1; k >= 0 && s.out[k].sign == sign {
		start -= len(s.out[k].text)
		s.out = s.out[:k]
	}
	*at += n
	s.out = append(s.out, op{sign, raw[start:*at]})
	if sign == '=' {
		s.pb += n
	}
}

// layout spells bytes that may differ where what they say does not. What both begin and end with is equal.
func (s *speller) layout(a, b string) {
	if a == b {
		s.add('=', len(a))
		return
	}
	head, tail := 0, 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	for head > 0 && (inRune(a, head) || inRune(b, head)) {
		head--
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	for tail > 0 && (inRune(a, len(a)-tail) || inRune(b, len(b)-tail)) {
		tail--
	}
	s.add('=', head)
	s.add('-', len(a)-tail-head)
	s.add('+', len(b)-tail-head)
	s.add('=', tail)
}

// inRune reports whether s can't be cut at i.
func inRune(s string, i int) bool { return i < len(s) && !utf8.RuneStart(s[i]) }

// gaps returns the bytes between what is spelled and the next tokens on both sides.
func (s *speller) gaps(a, b int) (string, string) {
	return s.ra.raw[s.pa:s.ra.begin(a)], s.rb.raw[s.pb:s.rb.begin(b)]
}

// equal spells tokens that are the same on both sides, up to a of the old text and b of the new one.
func (s *speller) equal(a, b int) {
	for s.a < a && s.b < b {
		s.layout(s.gaps(s.a, s.b))
		s.layout(s.ra.toks[s.a].Of(s.ra.raw), s.rb.toks[s.b].Of(s.rb.raw))
		s.a, s.b = s.a+1, s.b+1
	}
}

// replace spells an edit. The layout before it stays outside where both sides have the same.
func (s *speller) replace(e edit) {
	if e.a1 > e.a0 && e.b1 > e.b0 {
		if x, y := s.gaps(e.a0, e.b0); x == y {
			s.add('=', len(x))
		}
	}
	gone, come := 0, 0
	if e.a1 > e.a0 {
		gone = int(s.ra.toks[e.a1-1].End) - s.pa
	}
	if e.b1 > e.b0 {
		come = int(s.rb.toks[e.b1-1].End) - s.pb
	}
	head, tail := 0, 0
	if e.a1-e.a0 == 1 && e.b1-e.b0 == 1 && isAddress(s.ra.toks[e.a0]) && isAddress(s.rb.toks[e.b0]) {
		head, tail = commonParts(s.ra.raw[s.pa:s.pa+gone], s.rb.raw[s.pb:s.pb+come])
	}
	s.add('=', head)
	s.add('-', gone-head-tail)
	s.add('+', come-head-tail)
	s.add('=', tail)
	s.a, s.b = e.a1, e.b1
}

// commonParts returns how many bytes two addresses have in common at either end, cut where a part of a URL begins or ends.
func commonParts(a, b string) (head, tail int) {
	const signs = "/?#&=()"
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if strings.IndexByte(signs, a[i]) >= 0 {
			head = i + 1
		}
	}
	for i := 1; i <= len(a)-head && i <= len(b)-head && a[len(a)-i] == b[len(b)-i]; i++ {
		if strings.IndexByte(signs, a[len(a)-i]) >= 0 {
			tail = i
		}
	}
	return head, tail
}

// says reports whether the tokens [from, to) of r say anything: not only punctuation and markup.
func (r *reading) says(from, to int) bool {
	for _, t := range r.toks[from:to] {
		if t.Says() {
			return true
		}
	}
	return false
}

// between returns the bytes from token from to token to, without the layout around them.
func (r *reading) between(from, to int) string {
	if from >= to {
		return ""
	}
	return r.raw[r.toks[from].Start:r.toks[to-1].End]
}
