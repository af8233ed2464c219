package prosediff

import (
	"fmt"
	"slices"
	"strings"

	"skillgen/generator/facts"
)

// sentence is a sentence that is gone or new: of a block that is gone or new, or of a pair.
type sentence struct {
	at       place
	r        *reading
	from, to int // tokens
	rule     facts.Rule
	bag      []uint32
	spot     *spot // nil where the whole block is gone or new
	passage  passage
	inside   *Change // the section or file that is gone or new with it
	paired   bool    // it is gone here and new there
}

func (s *sentence) text() string { return s.r.between(s.from, s.to) }

// strict reports whether a place is in a list of rules: each bullet there is one.
func strict(at place) bool {
	path := pathOf(at)
	if len(path) == 0 {
		return false
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(path[len(path)-1]), func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch word {
		case "rule", "rules", "constraints", "guardrails", "critical", "musts", "prohibitions", "invariants":
			return true
		}
	}
	return false
}

func (s *skillDiff) sentence(at place, from, to int) *sentence {
	r := at.text().Reading()
	x := &sentence{at: at, r: r, from: from, to: to, bag: bagOf(r.raw, r.toks[from:to])}
	if !r.onlyLink(from, to) {
		x.rule = s.w.lex.Rule(r.raw, r.toks[from:to], strict(at))
	}
	return x
}

// onlyLink reports whether tokens are one link and nothing else: an entry of a list of links asks for nothing.
func (r *reading) onlyLink(from, to int) bool {
	for to > from && r.toks[to-1].Kind == facts.Punct {
		to--
	}
	if to-from < 2 || r.toks[from].Of(r.raw) != "[" || r.toks[to-1].Kind != facts.Target {
		return false
	}
	return !slices.ContainsFunc(r.toks[from:to-1], func(t facts.Token) bool { return t.Kind == facts.Target })
}

// collect lists the sentences that are gone and new.
func (s *skillDiff) collect() {
	blocks := func(list []*leftover) (out []*sentence) {
		for _, l := range list {
			if !isProse(l.text().shape.kind) {
				continue
			}
			r := l.text().Reading()
			for i := range r.segs {
				from, to := r.seg(i)
				x := s.sentence(l.place, from, to)
				x.inside = l.inside
				out = append(out, x)
			}
		}
		return out
	}
	s.lost, s.fresh = blocks(s.gone), blocks(s.come)
	for _, sp := range s.spots {
		if sp.delta == nil || !isProse(sp.kind()) {
			continue
		}
		for _, p := range sp.delta.passages {
			switch {
			case p.b0 == p.b1:
				x := s.sentence(sp.a, p.a0, p.a1)
				x.spot, x.passage = sp, p
				s.lost = append(s.lost, x)
			case p.a0 == p.a1 && !s.claimedAll(sp, p):
				x := s.sentence(sp.b, p.b0, p.b1)
				x.spot, x.passage = sp, p
				s.fresh = append(s.fresh, x)
			}
		}
	}
}

// findRules looks at what sentences ask: pairs of sentences first, then those that are gone or new.
func (s *skillDiff) findRules() {
	s.collect()
	for _, sp := range s.spots {
		if sp.delta == nil || !isProse(sp.kind()) {
			continue
		}
		for _, p := range sp.delta.passages {
			if p.a0 < p.a1 && p.b0 < p.b1 {
				s.judge(sp, p)
			}
		}
	}
	pairs := s.partners()
	for _, x := range s.lost {
		if y := pairs[x]; y != nil {
			s.movedSentence(x, y)
		}
	}
	for _, list := range byBlock(s.lost) {
		s.lostRules(list)
	}
	for _, list := range joinItems(byBlock(s.fresh)) {
		s.freshRules(list)
	}
	s.lost, s.fresh, s.allProse = nil, nil, nil
}

// byBlock divides sentences, which stand in order, by the block or edit that they are part of; those that moved are left out.
func byBlock(list []*sentence) [][]*sentence {
	var out [][]*sentence
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && list[i].spot == nil && list[j].spot == nil && list[j].at == list[i].at {
			j++
		}
		if rest := slices.DeleteFunc(slices.Clone(list[i:j]), func(x *sentence) bool { return x.paired }); len(rest) == j-i {
			out = append(out, rest) // the block as a whole
		} else {
			for _, x := range rest {
				out = append(out, []*sentence{x})
			}
		}
		i = j
	}
	return out
}

// joinItems joins what is new in list items side by side: three new rules in a row are one change.
func joinItems(lists [][]*sentence) [][]*sentence {
	var out [][]*sentence
	for _, list := range lists {
		if n := len(out); n > 0 && out[n-1][len(out[n-1])-1].before(list[0]) {
			out[n-1] = append(out[n-1], list...)
		} else {
			out = append(out, list)
		}
	}
	return out
}

// before reports whether next begins the list item behind that of x, both new as a whole.
func (x *sentence) before(next *sentence) bool {
	return x.spot == nil && next.spot == nil && x.to == len(x.r.toks) && next.from == 0 && next.r.kind == item && x.r.kind == item &&
		next.at == place{x.at.file, x.at.block + 1} && next.at.section() == x.at.section()
}

// judge reports what happened to a sentence that has a partner.
func (s *skillDiff) judge(sp *spot, p passage) {
	v := weigh(s.w.lex, sp.delta, p, strict(sp.a), strict(sp.b), func() bool { return s.forbidsStill(sp, p) })
	if v.id == "" || s.claimedAll(sp, p) || onlyHidden(sp.a.text().Reading().between(p.a0, p.a1), sp.b.text().Reading().between(p.b0, p.b1)) {
		return
	}
	c := s.onSpot(s.add(v.id, v.message), sp, &p)
	c.Level = v.level
	c.Evidence = v.evidence
	sp.claim(p)
}

// claimedAll reports whether each edit of the passage has its explanation already.
func (s *skillDiff) claimedAll(sp *spot, p passage) bool {
	all := true
	sp.each(func(i int, q passage, e edit) {
		if q.a0 == p.a0 && q.b0 == p.b0 && !sp.claimed[i] {
			all = false
		}
	})
	return all
}

type verdict struct {
	finding
	evidence string
}

// weigh compares what two sentences ask. An empty id says that nothing of the kind changed. still says whether a new sentence nearby forbids what
// the old one forbade.
func weigh(lex *facts.Lexicon, d *delta, p passage, strictA, strictB bool, still func() bool) verdict {
	ra, rb := d.a.Reading(), d.b.Reading()
	w := scales{lex: lex, balance: map[string]int{}}
	for _, e := range p.edits {
		if e.a1-e.a0 > maxWeighed || e.b1-e.b0 > maxWeighed {
			return verdict{} // no sentence that anyone compares word by word
		}
		w.put(ra, e.a0, e.a1, -1)
		w.put(rb, e.b0, e.b1, +1)
	}
	w.settle()
	old := lex.Rule(ra.raw, ra.toks[p.a0:p.a1], strictA)
	new := lex.Rule(rb.raw, rb.toks[p.b0:p.b1], strictB)
	turned, bound := w.polarity(p.score), w.strength(old, new)
	if old.Forbids && !new.Forbids && !negates(lex, rb, p.b0, p.b1) && !still() {
		bound = w.permitted()
	} else if new.Forbids && !old.Forbids && bound.id == "" && !negates(lex, ra, p.a0, p.a1) {
		words := w.list(w.in, facts.Negates|facts.Binds)
		bound = verdict{found("rule-strengthened", "this is forbidden now: %s", words), words}
	}
	if turned.id == "" || bound.id != "" && bound.level > turned.level {
		return bound
	}
	return turned
}

// forbidsStill reports whether what the old sentence of p forbade stands next to its partner now, in a sentence of its own.
func (s *skillDiff) forbidsStill(sp *spot, p passage) bool {
	ra := sp.a.text().Reading()
	old := bagOf(ra.raw, ra.toks[p.a0:p.a1])
	says := func(at place, from, to int) bool {
		x := s.sentence(at, from, to)
		known := 0
		for _, w := range x.bag {
			if _, there := slices.BinarySearch(old, w); there {
				known++
			}
		}
		return x.rule.Forbids && 5*known >= 3*len(x.bag)
	}
	for _, q := range sp.delta.passages {
		if q.a0 == q.a1 && says(sp.b, q.b0, q.b1) {
			return true
		}
	}
	for block := sp.b.block - 2; block <= sp.b.block+2; block++ {
		l := s.comeAt[place{sp.b.file, block}]
		if l == nil || !isProse(l.text().shape.kind) {
			continue
		}
		r := l.text().Reading()
		for i := range r.segs {
			if from, to := r.seg(i); says(l.place, from, to) {
				return true
			}
		}
	}
	return false
}

// negates reports whether a sentence says no anywhere but in its exceptions: "unless there is none" forbids nothing.
func negates(lex *facts.Lexicon, r *reading, from, to int) bool {
	for _, t := range r.toks[from:to] {
		switch sense := lex.Sense(t.Of(r.raw)); {
		case sense&facts.Negates != 0:
			return true
		case sense&facts.Limits != 0:
			return false
		}
	}
	return false
}

// permitted is the verdict on a sentence that forbade something and has no negation any more, whatever else it says now.
func (w *scales) permitted() verdict {
	words := w.list(w.out, facts.Negates|facts.Binds)
	out := verdict{found("rule-weakened", "an agent may now do what was forbidden (“%s” is gone)", strings.ReplaceAll(words, ",", "")), words}
	if limits := w.list(w.in, facts.Limits); limits != "" {
		out.message += "; a condition came: " + limits
	}
	out.level = Error
	return out
}

// maxWeighed bounds the tokens of an edit whose words are weighed.
const maxWeighed = 400

// scales hold the words that a sentence lost and those that it gained, but those that only moved or changed their case.
type scales struct {
	lex     *facts.Lexicon
	balance map[string]int // plain word → how many more there are now
	order   []string       // words as they came
	out, in []string       // words that can turn a sentence around, once for each time
	others  bool           // other words came or went too, and not only little ones
}

func (w *scales) put(r *reading, from, to, weight int) {
	for _, t := range r.toks[from:to] {
		if t.Says() {
			word := facts.Plain(t.Of(r.raw))
			if _, known := w.balance[word]; !known {
				w.order = append(w.order, word)
			}
			w.balance[word] += weight
		}
	}
}

// settle sorts the words that came or went by what they do.
func (w *scales) settle() {
	for _, word := range w.order {
		n, sense := w.balance[word], w.lex.Sense(word)
		if n == 0 {
			continue
		}
		if !sense.Alters() {
			w.others = w.others || sense&facts.Auxiliary == 0
			continue
		}
		for ; n < 0; n++ {
			w.out = append(w.out, word)
		}
		for ; n > 0; n-- {
			w.in = append(w.in, word)
		}
	}
}

// count returns how many words of list have the sense.
func (w *scales) count(list []string, sense facts.Sense) int {
	n := 0
	for _, word := range list {
		if w.lex.Sense(word)&sense != 0 {
			n++
		}
	}
	return n
}

// polarity reports a negation that came or went, or a word that became its antonym.
func (w *scales) polarity(score similarity) verdict {
	message, evidence := "", ""
	for _, x := range w.out {
		for _, y := range w.in {
			if message == "" && w.lex.Opposed(x, y) {
				message, evidence = fmt.Sprintf("“%s” became “%s”", x, y), x+" → "+y
			}
		}
	}
	before, after := w.count(w.out, facts.Negates), w.count(w.in, facts.Negates)
	if message == "" && before != after && score >= similarWords {
		if after > before {
			message, evidence = "a negation came: "+w.list(w.in, facts.Negates), w.list(w.in, facts.Negates)
		} else {
			message, evidence = "a negation went: "+w.list(w.out, facts.Negates), w.list(w.out, facts.Negates)
		}
	}
	if message == "" {
		return verdict{}
	}
	v := verdict{found("rule-polarity", "%s", message), evidence}
	if w.others {
		v.level = Warning
		v.message += "; check whether the sentence still says the same"
	}
	return v
}

func (w *scales) list(words []string, sense facts.Sense) string {
	var out []string
	for _, word := range words {
		if w.lex.Sense(word)&sense != 0 {
			out = append(out, word)
		}
	}
	return strings.Join(out, ", ")
}

// strength reports a rule that binds less or more than before.
func (w *scales) strength(old, new facts.Rule) verdict {
	limitsOut, limitsIn := w.count(w.out, facts.Limits), w.count(w.in, facts.Limits)
	rules := old.Binds() || new.Binds()
	change := fmt.Sprintf("%s → %s", old.Strength, new.Strength)
	switch {
	case new.Strength < old.Strength && old.Strength >= facts.Should:
		v := verdict{found("rule-weakened", "binds less: %s", change), change}
		if old.Strength == facts.Strong && new.Strength <= facts.May {
			v.level = Error
		}
		return v
	case limitsIn > limitsOut && (rules || w.hasCondition(w.in)):
		words := w.list(w.in, facts.Limits)
		if words == "only" {
			return verdict{found("rule-weakened", "“only” came; check what it restricts"), words}
		}
		return verdict{found("rule-weakened", "an exception or condition came: %s", words), words}
	case new.Strength > old.Strength && new.Strength >= facts.Should && rules:
		return verdict{found("rule-strengthened", "binds more: %s", change), change}
	case limitsOut > limitsIn && (rules || w.hasCondition(w.out)):
		return verdict{found("rule-strengthened", "an exception or condition went: %s", w.list(w.out, facts.Limits)), w.list(w.out, facts.Limits)}
	}
	return verdict{}
}

// hasCondition reports whether a word is among list that limits any sentence, not only a rule.
func (w *scales) hasCondition(list []string) bool {
	return slices.Contains(list, "unless") || slices.Contains(list, "except") || slices.Contains(list, "only")
}

// partners pairs sentences that are gone with those that are new elsewhere: the most similar first. Short ones occur anywhere, and are not
// paired.
func (s *skillDiff) partners() map[*sentence]*sentence {
	pick := func(list []*sentence) (out []*sentence, bags [][]uint32) {
		for _, x := range list {
			if len(x.bag) >= leastTokens && len(x.text()) >= leastLetters {
				out, bags = append(out, x), append(bags, x.bag)
			}
		}
		return out, bags
	}
	lost, bagsA := pick(s.lost)
	fresh, bagsB := pick(s.fresh)
	found, _ := join(bagsA, bagsB, movedBlocks)
	slices.SortStableFunc(found, func(x, y candidate) int { return int(y.score - x.score) })
	pairs := map[*sentence]*sentence{}
	for _, c := range found {
		if a, b := lost[c.a], fresh[c.b]; !a.paired && !b.paired {
			pairs[a], a.paired, b.paired = b, true, true
		}
	}
	return pairs
}

// movedSentence reports a sentence that went to another block.
func (s *skillDiff) movedSentence(x, y *sentence) {
	d := s.w.compare(x.at.text(), y.at.text())
	p := passage{a0: x.from, a1: x.to, b0: y.from, b1: y.to, score: dice(x.bag, y.bag)}
	p = compareSentences(x.at.text(), y.at.text(), p, s.w.lex)
	sp := &spot{a: x.at, b: y.at, by: byMoved, delta: d}
	v := weigh(s.w.lex, d, p, strict(x.at), strict(y.at), func() bool { return s.forbidsStill(sp, p) })
	switch {
	case len(p.edits) == 0:
		v.finding = found("moved-only", "this sentence stands elsewhere")
	case v.id == "":
		v.finding = found("text-changed", "moved and reworded")
	}
	c := s.onSpot(s.add(v.id, v.message), sp, &p)
	c.Level, c.Evidence = v.level, v.evidence
	if len(p.edits) == 0 {
		c.Action = "moved"
	}
	s.explains(c, x)
	s.explains(c, y)
}

// lostRules reports the rules among sentences of one block that nothing in the revision is like, as one change of the block's text.
func (s *skillDiff) lostRules(list []*sentence) {
	strongest, closest := facts.Unbound, ""
	var worst *sentence
	for _, x := range list {
		if !x.rule.Binds() || x.rule.Strength <= strongest {
			continue
		}
		if near, words := s.closest(x); near < movedBlocks && !s.covered(x) { // else it stands there a second time, or in pieces
			worst, strongest, closest = x, x.rule.Strength, words
		}
	}
	if worst == nil {
		return
	}
	message := "an agent is not told this any more: nothing else in the skill says it"
	if closest != "" {
		message += fmt.Sprintf("; the closest is “%s”", clip(closest, 100))
	}
	c := s.onGone(s.add("rule-removed", message), worst.at, list[0].from, list[len(list)-1].to)
	c.Evidence = clip(worst.text(), 200)
	if strongest == facts.Strong {
		c.Level = Error
	}
	for _, x := range list {
		s.explains(c, x)
	}
	if in := worst.inside; in != nil {
		before, _, _ := strings.Cut(in.Message, "; ")
		in.rules++
		in.Message = fmt.Sprintf("%s; of what it asked, %s nowhere else", before, map[bool]string{true: "1 rule stands", false: fmt.Sprintf("%d rules stand", in.rules)}[in.rules == 1])
	}
}

// explains claims the raw edit that a sentence is, and says which section it is part of.
func (s *skillDiff) explains(c *Change, x *sentence) {
	if x.spot != nil {
		x.spot.claim(x.passage)
	} else if l := s.leftoverAt(x.at); l != nil {
		l.told = append(l.told, span{x.from, x.to})
	}
	if x.inside != nil && c.Level < Error {
		c.section = x.inside.wholeSection()
	}
}

// wholeSection names what a section or file that is gone or new held, for the changes that lie in it.
func (c *Change) wholeSection() string {
	if c.section == "" {
		c.section = c.ID + c.from + c.to
	}
	return c.section
}

func (s *skillDiff) leftoverAt(at place) *leftover {
	if l := s.goneAt[at]; l != nil {
		return l
	}
	return s.comeAt[at]
}

// freshRules reports sentences of one block that are new, where a rule is among them.
func (s *skillDiff) freshRules(list []*sentence) {
	strongest := list[0]
	for _, x := range list {
		if x.rule.Strength > strongest.rule.Strength {
			strongest = x
		}
	}
	if !strongest.rule.Binds() || strongest.inside != nil {
		return
	}
	first, last := list[0], list[len(list)-1]
	message := "a new " + ruleWord(strongest.rule)
	if n := last.at.block - first.at.block; n > 0 {
		message = fmt.Sprintf("%d items are new, among them a %s", n+1, ruleWord(strongest.rule))
	}
	c := s.add("rule-added", message)
	if last.at == first.at {
		s.onCome(c, first.at, first.from, last.to)
	} else {
		s.onCome(c, first.at, 0, len(first.r.toks))
		s.onRun(c, first.at, last.at)
	}
	c.Evidence = clip(strongest.text(), 200)
	for _, x := range list {
		s.explains(c, x)
	}
}

func ruleWord(r facts.Rule) string {
	switch {
	case r.Strength == facts.Strong:
		return "strong rule"
	case r.Strength == facts.Direct:
		return "instruction"
	}
	return "rule"
}

// closest returns how similar the most similar sentence of the revision is, and its words, where they are worth a look.
func (s *skillDiff) closest(x *sentence) (similarity, string) {
	best := similarity(0)
	var t *text
	segment := 0
	for _, l := range s.revisionProse() {
		for i, bag := range l.sentenceBags() {
			if score := diceAtLeast(x.bag, bag, best+1); score > best {
				best, t, segment = score, l, i
			}
		}
	}
	if best < similarBlocks {
		return best, ""
	}
	r := t.Reading()
	return best, r.between(r.seg(segment))
}

// revisionProse returns all prose of the revision.
func (s *skillDiff) revisionProse() []*text {
	if s.allProse == nil {
		s.allProse = []*text{}
		for _, f := range s.b.files {
			if f.content != prose {
				continue
			}
			for _, b := range f.document().blocks {
				if isProse(b.text.shape.kind) {
					s.allProse = append(s.allProse, b.text)
				}
			}
		}
	}
	return s.allProse
}

// covered reports whether what x says is said by new sentences near where it stood, taken together: it was split. Its words that can turn a
// sentence around must all be there.
func (s *skillDiff) covered(x *sentence) bool {
	path := pathKey(x.at)
	var words []uint32
	for _, l := range s.come {
		if isProse(l.text().shape.kind) && pathKey(l.place) == path {
			words = append(words, l.text().Reading().bag...)
		}
	}
	for _, sp := range s.spots {
		if sp.delta != nil && isProse(sp.kind()) && pathKey(sp.b) == path {
			words = append(words, sp.b.text().Reading().bag...)
		}
	}
	slices.Sort(words)
	missing, all := 0, 0
	for _, t := range x.r.toks[x.from:x.to] {
		if !t.Says() {
			continue
		}
		w := t.Of(x.r.raw)
		sense := s.w.lex.Sense(w)
		_, there := slices.BinarySearch(words, foldedHash(w))
		if sense.Alters() && !there {
			return false
		}
		if sense&facts.Auxiliary == 0 {
			all++
			if !there {
				missing++
			}
		}
	}
	return all > 0 && 100*missing <= 15*all
}
