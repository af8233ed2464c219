package facts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences returns for each sentence of s the index of its first token; toks are LexProse's tokens of s. A sentence ends at . ! ? or … before
// white space and something that can begin another, and at a colon or semicolon never.
func Sentences(s string, toks []Token) []int {
	if len(toks) == 0 {
		return nil
	}
	starts := []int{0}
	for i := 0; i+1 < len(toks); i++ {
		t := toks[i]
		if t.Kind != Punct || !endsSentence(t.Of(s)) || abbreviates(s, toks, i) {
			continue
		}
		last := i
		for last+1 < len(toks) && toks[last+1].Start == toks[last].End && closes(s, toks[last+1]) {
			last++
		}
		if last+1 < len(toks) && toks[last+1].Start > toks[last].End && canBegin(s, toks[last+1:]) {
			starts = append(starts, last+1)
		}
		i = last
	}
	return starts
}

func endsSentence(p string) bool { return p == "." || p == "!" || p == "?" || p == "…" || p == "。" }

// closes reports whether t belongs to the sentence before: a quote, bracket or emphasis mark right after the full stop.
func closes(s string, t Token) bool {
	switch t.Kind {
	case Emph, Target:
		return true
	case Punct:
		return strings.Contains(`"'”’)].!?`, t.Of(s))
	}
	return false
}

// abbreviates reports whether the full stop at i ends no sentence: e.g. i.e. etc. vs. 1.
func abbreviates(s string, toks []Token, i int) bool {
	if i == 0 || toks[i].Of(s) != "." || toks[i-1].End != toks[i].Start {
		return false
	}
	switch w := strings.ToLower(toks[i-1].Of(s)); w {
	case "e.g", "i.e", "vs", "cf", "approx", "incl", "resp", "no", "fig":
		return w != "no" || i+1 < len(toks) && toks[i+1].Kind == Number
	default:
		return len(w) == 1 && class[w[0]]&classLetter != 0 && w != "i"
	}
}

// canBegin reports whether toks can begin a sentence: a capital, a digit, code, a link, a quote, emphasis before one of these.
func canBegin(s string, toks []Token) bool {
	for _, t := range toks {
		switch t.Kind {
		case Emph:
			continue
		case Word, Path:
			r, _ := utf8.DecodeRuneInString(t.Of(s))
			return !unicode.IsLower(r)
		case Punct:
			return !strings.Contains(",;:)]–—-", t.Of(s))
		}
		return true
	}
	return false
}

// Rule is what one sentence asks of its reader.
type Rule struct {
	Strength   Strength
	Imperative bool // it begins with a verb, or forbids
	Forbids    bool // it prohibits something: never, do not, must not
	Negations  int  // words that negate
	Limits     int  // words that make exceptions: unless, except, only
}

// Binds reports whether the sentence asks for anything at all.
func (r Rule) Binds() bool { return r.Strength > May }

// Rule reads the sentence toks of s. strict says that it stands in a list of rules, where each binding word counts as emphatic.
func (x *Lexicon) Rule(s string, toks []Token, strict bool) Rule {
	var r Rule
	v := voice{x: x, s: s, strict: strict}
	v.words(toks)
	head := v.head()
	for i, w := range v.list {
		sense := x.Sense(w.text)
		if sense&Negates != 0 {
			r.Negations++
		}
		if sense&Limits != 0 {
			r.Limits++
		}
		r.Strength = max(r.Strength, v.strength(i, head))
		r.Forbids = r.Forbids || sense&Negates != 0 && v.forbids(i, head)
	}
	if r.Imperative = head >= 0; r.Imperative {
		r.Strength = max(r.Strength, Direct)
	}
	return r
}

// voice reads one sentence.
type voice struct {
	x      *Lexicon
	s      string
	strict bool
	list   []spoken
}

type spoken struct {
	text       string // lower case; empty for what is no word
	caps, bold bool
	comma      bool // a comma, colon or dash stands before it
}

func (v *voice) words(toks []Token) {
	bold, comma := false, false
	for i, t := range toks {
		w := t.Of(v.s)
		if i >= 2 && toks[i-1].Of(v.s) == "!" && toks[i-2].Of(v.s) == "[" {
			comma = true // [!IMPORTANT] names a box; what is in it says whether it is
			continue
		}
		switch t.Kind {
		case Emph:
			if len(w) >= 2 {
				bold = !bold
			}
		case Punct:
			comma = comma || strings.Contains(",:;–—-", w)
		case Word, Env, Path:
			v.list = append(v.list, spoken{Plain(w), len(w) > 1 && w == strings.ToUpper(w), bold, comma})
			comma = false
		default:
			v.list = append(v.list, spoken{comma: comma})
			comma = false
		}
	}
}

// head returns the index of the verb with which the sentence gives an instruction, or -1. "Never send", "Please use", "Do not log",
// "If it fails, retry": the verb is the first word after openers, or after the comma that ends a leading clause.
func (v *voice) head() int {
	if i := v.verbAt(0); i >= 0 {
		return i
	}
	if len(v.list) == 0 || !leads[v.list[0].text] {
		return -1
	}
	for i := 1; i < len(v.list); i++ {
		if v.list[i].comma {
			if at := v.verbAt(i); at >= 0 {
				return at
			}
		}
	}
	return -1
}

var leads = set(strings.Fields(`if when whenever for to before after once in on with where while unless as until by from instead otherwise rather
	important critical note warning caution tip`))

func (v *voice) verbAt(i int) int {
	for i < len(v.list) {
		w := v.list[i].text
		if w == "do" && i+1 < len(v.list) && v.list[i+1].text == "not" {
			i += 2
		} else if v.x.opener[w] {
			i++
		} else {
			break
		}
	}
	if i >= len(v.list) || !v.x.imperative[v.list[i].text] || v.isNoun(i) {
		return -1
	}
	return i
}

// isNoun reports whether the word that could be a verb is the subject instead: "Access tokens are …", "Use of …".
func (v *voice) isNoun(i int) bool {
	at := func(k int) string {
		if i+k < len(v.list) && !v.list[i+k].comma {
			return v.list[i+k].text
		}
		return ""
	}
	return finite[at(1)] || at(1) == "of" || !determiners[at(1)] && finite[at(2)]
}

var (
	finite      = set(strings.Fields("is are was were has have will can may should must does do"))
	determiners = set(strings.Fields("the a an this that these those all any each every your our its it them what which how if whether you"))
)

// strength returns how strongly the word i binds; head is the instruction's verb, or -1.
func (v *voice) strength(i, head int) Strength {
	w := v.list[i]
	if w.text == "" {
		return Unbound
	}
	heads := head >= 0 && i <= head || i > 0 && subjects[v.list[i-1].text]
	if w.caps && v.x.emphatic[w.text] {
		return Strong
	}
	bound := v.x.strength[w.text]
	switch w.text {
	case "always", "never":
		if !heads {
			return Unbound
		}
	case "not", "don't":
		if heads && (w.text == "don't" || i > 0 && v.list[i-1].text == "do") && !v.idle(i+1) {
			bound = Must
		}
	case "need", "needs", "have", "has":
		if i+1 < len(v.list) && v.list[i+1].text == "to" && i > 0 && subjects[v.list[i-1].text] {
			bound = Must
		}
	case "can", "could":
		if i > 0 && subjects[v.list[i-1].text] {
			bound = May
		}
	}
	if bound == Must && (w.bold || v.strict && head >= 0) {
		return Strong
	}
	return bound
}

// forbids reports whether the negation i prohibits: "never" in an instruction, "do not", "must not".
func (v *voice) forbids(i, head int) bool {
	switch w := v.list[i].text; {
	case v.x.strength[w] == Must:
		return head >= 0 || v.strength(i, head) >= Must
	case w == "not" && i > 0 && v.x.strength[v.list[i-1].text] == Must:
		return true
	}
	told := v.list[i].text == "don't" || i > 0 && v.list[i-1].text == "do"
	return told && head >= 0 && !v.idle(i+1) || v.strength(i, head) >= Must
}

// idle reports whether what follows "don't" is no prohibition: "don't worry", "you don't need to".
func (v *voice) idle(i int) bool {
	if i >= len(v.list) {
		return true
	}
	switch v.list[i].text {
	case "worry", "need", "have", "want", "know", "see", "get", "forget", "hesitate", "panic":
		return true
	}
	return false
}

var subjects = set(strings.Fields("you must should shall agents agent users developers one we"))
