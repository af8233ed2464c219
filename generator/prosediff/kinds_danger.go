package prosediff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/facts"
)

// threat is something in a text that can hurt whoever follows it.
type threat struct {
	id      string
	what    string // the same for each writing of the same; never a credential's value
	message string // what it does
	words   string // the words that do it, where the message does not have them
	at      int    // byte offset in the text
}

var dangerIDs = map[facts.DangerKind]string{facts.ShellPipe: "danger-shell-pipe", facts.Destructive: "danger-destructive", facts.Obfuscated: "danger-obfuscated"}

var dangerEffects = map[facts.DangerKind]string{
	facts.ShellPipe:   "what is downloaded is run unseen, with all the rights of whoever runs it",
	facts.Destructive: "it deletes what can't be brought back",
	facts.Obfuscated:  "nobody sees what is run before it runs",
}

// threats returns what is dangerous in a text.
func (t *text) threats() []threat {
	if found := t.insight().danger.Load(); found != nil {
		return *found
	}
	out := commandThreats(t)
	for at, r := range diag.Hidden(t.visible()) {
		out = append(out, threat{"danger-obfuscated", fmt.Sprintf("hidden U+%04X", r), fmt.Sprintf("a hidden character: ⟨U+%04X⟩", r), "", at})
	}
	for _, s := range facts.SecretSpans(t.raw) {
		k := digest(t.raw[s[0]:s[1]])
		out = append(out, threat{"danger-secret", "secret " + string(k[:]), "a credential: " + facts.Mask(t.raw[s[0]:s[1]]), "", s[0]})
	}
	out = append(out, hiddenInstructions(t)...)
	out = limited(out)
	t.insight().danger.Store(&out)
	return out
}

// maxFlood is how many findings of one family a block is quoted for; a text with more is a flood, and the first ones say so.
const maxFlood = 20

// limited keeps the first threats of a flood, one for each thing.
func limited(list []threat) []threat {
	seen := map[string]bool{}
	list = slices.DeleteFunc(list, func(t threat) bool {
		known := seen[t.what]
		seen[t.what] = true
		return known
	})
	if n := len(list); n > maxFlood {
		list = list[:maxFlood]
		list[maxFlood-1].message += fmt.Sprintf(" (and %d more in this block)", n-maxFlood)
	}
	return list
}

// visible is the text with blanks for what is hidden and no danger: the byte order mark of a file, and carriage returns at line ends.
func (t *text) visible() string {
	s := t.raw
	if t.shape.flags&byteMark != 0 {
		s = "   " + s[len(bom):]
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", " \n")
	}
	return s
}

// commandThreats looks at commands in code, and in code spans of prose.
func commandThreats(t *text) []threat {
	var out []threat
	look := func(script string, at int) {
		for _, d := range facts.Dangers(script) {
			offset := at
			for line := d.Line; line > 0; line-- {
				offset += strings.IndexByte(t.raw[min(offset, len(t.raw)):], '\n') + 1
			}
			out = append(out, threat{dangerIDs[d.Kind], "command " + d.What, dangerEffects[d.Kind], clip(d.What, 200), offset})
		}
	}
	r := t.Reading()
	if t.shape.kind == code {
		if len(r.segs) > 1 && r.segs[1] < len(r.toks) {
			look(r.body(), int(r.toks[r.segs[1]].Start))
		}
		return out
	}
	for _, tok := range r.toks {
		if tok.Kind == facts.Code {
			look(strings.Trim(tok.Of(t.raw), "`"), int(tok.Start))
		}
	}
	return out
}

// hiddenInstructions finds comments that ask something of an agent: no reader of the rendered page sees them.
func hiddenInstructions(t *text) []threat {
	var out []threat
	if t.shape.kind == code {
		return nil
	}
	for at := 0; ; {
		i := strings.Index(t.raw[at:], "<!--")
		if i < 0 {
			break
		}
		at += i
		comment, _, _ := strings.Cut(t.raw[at+4:], "-->")
		if toks := facts.LexProse(nil, comment, false); facts.English.Rule(comment, toks, false).Strength >= facts.Must || instructs(comment) {
			out = append(out, threat{"danger-obfuscated", "comment " + squeezed(comment), "a hidden comment that gives instructions: " + clip(comment, 120), "", at})
		}
		at += 4 + len(comment)
	}
	if instructs(t.raw) {
		out = append(out, threat{"danger-obfuscated", "override " + squeezed(t.raw), "text that tells an agent to disregard its instructions", "", 0})
	}
	return out
}

// instructs reports whether a text tries to take an agent over.
func instructs(s string) bool {
	s = strings.ToLower(squeezed(s))
	for _, verb := range []string{"ignore", "disregard", "forget", "override"} {
		for _, what := range []string{" all previous instructions", " previous instructions", " all prior instructions", " prior instructions", " your instructions", " the above instructions", " any previous instructions"} {
			if strings.Contains(s, verb+what) {
				return true
			}
		}
	}
	return false
}

// findDangers reports what is dangerous and new: nothing in the base's skill is the same.
func (s *skillDiff) findDangers() {
	type found struct {
		threat
		at place
		sp *spot
	}
	var list []found
	for _, sp := range s.spots {
		if sp.delta == nil {
			continue
		}
		for _, t := range sp.b.text().threats() {
			list = append(list, found{t, sp.b, sp})
		}
	}
	for _, l := range s.come {
		for _, t := range l.text().threats() {
			list = append(list, found{t, l.place, nil})
		}
	}
	if len(list) == 0 {
		return
	}
	known := s.knownThreats()
	for _, f := range list {
		if known[f.what] {
			continue
		}
		known[f.what] = true
		s.danger(f.threat, f.at, f.sp)
	}
}

// knownThreats returns what is dangerous in the base.
func (s *skillDiff) knownThreats() map[string]bool {
	known := map[string]bool{}
	if s.a == nil {
		return known
	}
	for _, f := range s.a.files {
		for _, b := range f.document().blocks {
			for _, t := range b.text.threats() {
				known[t.what] = true
			}
		}
	}
	return known
}

// danger reports a threat: in code with the whole hunk, which it claims; else with its sentence.
func (s *skillDiff) danger(t threat, at place, sp *spot) {
	r := at.text().Reading()
	from, to := r.tokensAt(t.at)
	c := s.add(t.id, t.message)
	c.focus = s.quoted(at, from, to)
	switch l := s.comeAt[at]; {
	case sp != nil && sp.kind() == code && sp.open() && sp.isShort():
		s.onSpot(c, sp, nil)
		sp.claimAll()
	case sp == nil && l != nil && at.text().shape.kind == code && !l.claimed && strings.Count(at.text().raw, "\n") <= maxHunk:
		if len(r.segs) > 1 && r.segs[1] < len(r.toks) {
			from = r.segs[1] // without the info string
		}
		s.onCome(c, at, from, len(r.toks)).Revision = s.whole(at)
		l.claimed = true
	default:
		s.onCome(c, at, from, to)
		if sp != nil && onlyHidden(sp.a.text().raw, sp.b.text().raw) {
			c.Base = s.whole(sp.a)
			sp.claimAll()
		}
	}
	if sp != nil {
		c.Action = "changed"
	}
	c.from, c.to = "", t.what
	c.Evidence, c.script = cmp.Or(t.words, clip(t.message, 200)), "danger "+t.what
}

// maxHunk is how many lines of code are quoted for what is dangerous in one of them.
const maxHunk = 6

// isShort reports whether all that differs in the pair can be quoted.
func (sp *spot) isShort() bool {
	_, left := verbatimLines(publicOps(sp.delta.ops()), maxHunk)
	return left == 0
}

// onlyHidden reports whether two texts differ by characters that no reader sees.
func onlyHidden(a, b string) bool {
	without := func(s string) string {
		return strings.Map(func(r rune) rune {
			if diag.HiddenRune(r) {
				return -1
			}
			return r
		}, s)
	}
	return len(a) != len(b) && without(a) == without(b)
}

// tokensAt returns the tokens of the segment that holds a byte.
func (r *reading) tokensAt(at int) (from, to int) {
	for i := range r.segs {
		if from, to := r.seg(i); from < to && int(r.toks[to-1].End) > at {
			return from, to
		}
	}
	return 0, len(r.toks)
}

// findPlaceholders reports placeholders in prose that the base does not have in the same block.
func (s *skillDiff) findPlaceholders() {
	look := func(at place, old string) {
		t := at.text()
		if t.shape.kind == code {
			return
		}
		r, told := t.Reading(), map[string]bool{}
		for _, p := range placeholders(r) {
			word := t.raw[p.start:p.end]
			if told[word] || len(told) == maxFlood || strings.Contains(old, word) {
				continue
			}
			told[word] = true
			from, to := r.tokensAt(p.start)
			c := s.onCome(s.add("placeholder-left", fmt.Sprintf("%s was left in the text", clip(word, 60))), at, from, to)
			c.Evidence, c.to = clip(word, 60), word
		}
	}
	for _, sp := range s.spots {
		if sp.delta != nil {
			look(sp.b, sp.a.text().raw)
		}
	}
	for _, l := range s.come {
		look(l.place, "")
	}
}

// placeholders finds {{x}}, <no value> and TODO, but not inside code spans.
func placeholders(r *reading) []span {
	var out []span
	for i, t := range r.toks {
		w := t.Of(r.raw)
		switch {
		case w == "{" && strings.HasPrefix(r.raw[t.Start:], "{{") && (i == 0 || r.toks[i-1].Of(r.raw) != "{"):
			if end := strings.Index(r.raw[t.Start:], "}}"); end > 0 && end < 80 {
				out = append(out, span{int(t.Start), int(t.Start) + end + 2})
			}
		case w == "<no value>":
			out = append(out, span{int(t.Start), int(t.End)})
		case (w == "TODO" || w == "FIXME" || w == "TBD") && r.isNote(i):
			out = append(out, span{int(t.Start), int(t.End)})
		}
	}
	return out
}

// isNote reports whether the word at i is a note to the writer, not part of a sentence: "TODO: …", "[TODO]", TODO alone.
func (r *reading) isNote(i int) bool {
	if len(r.toks) == 1 || i+1 < len(r.toks) && strings.Contains(":](", r.toks[i+1].Of(r.raw)) {
		return true
	}
	return i == 0
}
