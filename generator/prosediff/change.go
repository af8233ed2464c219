package prosediff

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"skillgen/generator/facts"
)

// add starts a change of the kind id. It has the kind's usual level.
func (s *skillDiff) add(id, message string) *Change {
	k, ok := Lookup(id)
	if !ok {
		panic("prosediff: unknown kind " + id) // a fault of skillgen's: a test adds every kind
	}
	c := &Change{ID: id, Level: k.Level, Area: k.Area, Action: "changed", Skill: s.name(), Path: []string{}, Ops: []Op{}, Message: message}
	s.changes = append(s.changes, c)
	return c
}

// onSpot says that c happened to a pair. Lines are those of the first edit that one of the tokens in p covers; whole for the whole block.
func (s *skillDiff) onSpot(c *Change, sp *spot, p *passage) *Change {
	c.MatchedBy, c.old = sp.by.String(), sp.a.text()
	c.verbatim = sp.kind() == code
	score := same
	a, b := sp.a.text().Reading(), sp.b.text().Reading()
	if sp.delta != nil {
		score = sp.delta.score
	}
	f := score.fraction()
	c.Similarity = &f
	c.Path, c.pathKey = pathOf(sp.b), pathKey(sp.b)
	if p == nil {
		c.Base, c.Revision = s.whole(sp.a), s.whole(sp.b)
		c.from, c.to = a.normal(0, len(a.toks)), b.normal(0, len(b.toks))
		if sp.delta != nil {
			c.Ops = publicOps(sp.delta.ops())
			if n := len(sp.delta.passages); n > 0 && !s.rewrapped(sp) {
				e, f := sp.delta.ends()
				c.Base, c.Revision = s.lines(sp.a, e.a0, f.a1), s.lines(sp.b, e.b0, f.b1)
			}
		}
		return c
	}
	c.Base, c.Revision = s.placesOf(sp, edit{p.a0, p.a1, p.b0, p.b1})
	c.from, c.to = a.normal(p.a0, p.a1), b.normal(p.b0, p.b1)
	c.Ops = publicOps(sp.delta.passageOps(*p))
	return c
}

// ends returns the first and the last edit.
func (d *delta) ends() (first, last edit) {
	p, q := d.passages[0], d.passages[len(d.passages)-1]
	return p.edits[0], q.edits[len(q.edits)-1]
}

// rewrapped reports whether a pair differs on other lines than those of its edits: it moved, or was wrapped anew too. Then the place of each of its
// changes is the whole block.
func (s *skillDiff) rewrapped(sp *spot) bool {
	if sp.moved() || len(sp.delta.passages) == 0 {
		return true
	}
	e, f := sp.delta.ends()
	beforeA, afterA := sp.a.text().Reading().linesAround(e.a0, f.a1)
	beforeB, afterB := sp.b.text().Reading().linesAround(e.b0, f.b1)
	return beforeA != beforeB || afterA != afterB
}

// placesOf returns the lines of an edit.
func (s *skillDiff) placesOf(sp *spot, e edit) (a, b *Place) {
	if s.rewrapped(sp) {
		return s.whole(sp.a), s.whole(sp.b)
	}
	return s.lines(sp.a, e.a0, e.a1), s.lines(sp.b, e.b0, e.b1)
}

// linesAround returns the lines before and behind those of the tokens [from, to), without blanks at the block's end.
func (r *reading) linesAround(from, to int) (before, after string) {
	if len(r.toks) == 0 {
		return "", ""
	}
	start := int(r.toks[min(from, len(r.toks)-1)].Start)
	end := start
	if to > from {
		end = max(start, int(r.toks[to-1].End)-1) // which may be a line end itself
	}
	before = r.raw[:strings.LastIndexByte(r.raw[:start], '\n')+1]
	if i := strings.IndexByte(r.raw[end:], '\n'); i >= 0 {
		after = strings.TrimRight(r.raw[end+i:], " \t\r\n")
	}
	return before, after
}

// onGone says that c happened to a block of the base that has no partner, or to tokens of it.
func (s *skillDiff) onGone(c *Change, at place, from, to int) *Change {
	r := at.text().Reading()
	c.Action = "removed"
	c.Path, c.pathKey = pathOf(at), pathKey(at)
	c.Base, c.old = s.quoted(at, from, to), at.text()
	c.verbatim = at.text().shape.kind == code
	c.from = r.normal(from, to)
	c.Ops = publicOps([]op{{'-', r.between(from, to)}})
	return c
}

// onCome says that c happened to a block of the revision that has no partner, or to tokens of it.
func (s *skillDiff) onCome(c *Change, at place, from, to int) *Change {
	r := at.text().Reading()
	c.Action = "added"
	c.Path, c.pathKey = pathOf(at), pathKey(at)
	c.Revision = s.quoted(at, from, to)
	c.verbatim = at.text().shape.kind == code
	c.to = r.normal(from, to)
	c.Ops = publicOps([]op{{'+', r.between(from, to)}})
	return c
}

// onRun widens c, which is about a block that is gone or new, to all blocks from there to last.
func (s *skillDiff) onRun(c *Change, first, last place) {
	d := first.doc()
	end := len(first.file.data)
	if int(last.block)+1 < len(d.blocks) {
		end = int(d.blocks[last.block+1].start)
	}
	at := s.span(first.file, int(d.blocks[first.block].line), int(d.end(last.block))-1)
	var all strings.Builder
	for i := first.block; i <= last.block; i++ {
		r := d.blocks[i].text.Reading()
		all.WriteString(r.normal(0, len(r.toks)) + "\x00")
	}
	text := strings.TrimSpace(string(first.file.data[d.blocks[first.block].start:end]))
	if c.Revision == nil {
		c.Base, c.from, c.Ops = at, all.String(), publicOps([]op{{'-', text}})
	} else {
		c.Revision, c.to, c.Ops = at, all.String(), publicOps([]op{{'+', text}})
	}
}

// onFile says that c happened to a file as a whole.
func (s *skillDiff) onFile(c *Change, p filePair) *Change {
	if p.a != nil {
		c.Base = s.filePlace(p.a)
		c.from = p.a.path + "\x00" + string(p.a.data)
	}
	if p.b != nil {
		c.Revision = s.filePlace(p.b)
		c.to = p.b.path + "\x00" + string(p.b.data)
	}
	switch {
	case p.a == nil:
		c.Action = "added"
	case p.b == nil:
		c.Action = "removed"
	case p.a.path != p.b.path:
		c.Action = "renamed"
	}
	return c
}

// filePlace names a file by its source where all of it has one.
func (s *skillDiff) filePlace(f *file) *Place {
	at := &Place{File: f.shown()}
	if f.origin != nil && f.content != prose {
		if source, _, ok := f.origin(1); ok {
			at.Output = &Output{File: at.File}
			at.File = source
		}
	}
	return at
}

// shown is the file's path with its skill's folder.
func (f *file) shown() string {
	if f.folder.dir == "" || f.folder.dir == "." {
		return f.path
	}
	return f.folder.dir + "/" + f.path
}

// whole returns the lines of a block.
func (s *skillDiff) whole(at place) *Place {
	d := at.doc()
	return s.span(at.file, int(d.blocks[at.block].line), int(d.end(at.block))-1)
}

// quoted returns the lines of tokens, of the whole block where all of them are meant.
func (s *skillDiff) quoted(at place, from, to int) *Place {
	if from == 0 && to == len(at.text().Reading().toks) {
		return s.whole(at)
	}
	return s.lines(at, from, to)
}

// lines returns the lines of some tokens of a block; of the line where they would stand, when there are none.
func (s *skillDiff) lines(at place, from, to int) *Place {
	r, line := at.text().Reading(), int(at.doc().blocks[at.block].line)
	if len(r.toks) == 0 {
		return s.whole(at)
	}
	first := r.toks[min(from, len(r.toks)-1)].Start
	last := first
	if to > from {
		last = max(first, r.toks[to-1].End-1)
	}
	return s.span(at.file, line+strings.Count(r.raw[:first], "\n"), line+strings.Count(r.raw[:last], "\n"))
}

// span turns lines of a file into a place: their source's, where there is one.
func (s *skillDiff) span(f *file, line, end int) *Place {
	at := &Place{File: f.shown(), Line: line, EndLine: max(line, end)}
	if f.origin == nil {
		return at
	}
	source, from, ok := f.origin(line)
	if !ok {
		return at
	}
	at.Output = &Output{File: at.File, Line: line}
	at.File, at.EndLine = source, from
	if last, to, ok := f.origin(max(line, end)); ok && last == source && to >= from {
		at.EndLine = to
	}
	at.Line = from
	return at
}

// pathOf returns the headings above a block, outermost first; for a heading its own comes last. The result must not change.
func pathOf(at place) []string {
	t := at.doc().trailOf(at.section())
	if at.text().shape.kind == frontKey {
		return append(slices.Clip(t.titles), at.doc().frontName(at.block))
	}
	return t.titles
}

// pathKey is the path without the numbers of steps, which change when others come and go.
func pathKey(at place) string {
	t := at.doc().trailOf(at.section())
	if at.text().shape.kind == frontKey {
		return t.key + at.doc().frontName(at.block)
	}
	return t.key
}

// trail is a section's headings, outermost first.
type trail struct {
	titles []string
	key    string // without the numbers of steps
}

// trailOf returns the trail of a section; -1 is what stands before the first heading.
func (d *document) trailOf(section int32) trail {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lockedTrail(section)
}

func (d *document) lockedTrail(section int32) trail {
	if section < 0 {
		return trail{titles: []string{}}
	}
	if d.trails == nil {
		d.trails = make([]trail, len(d.sections))
	}
	t := &d.trails[section]
	if t.titles == nil {
		up := d.lockedTrail(d.sections[section].parent)
		r := d.blocks[d.sections[section].block].text.Reading()
		*t = trail{append(slices.Clip(up.titles), clip(r.title, 80)), up.key + r.normal(0, len(r.toks)) + "\x00"}
	}
	return *t
}

// normal returns tokens in the form that does not show layout, for fingerprints and groups.
func (r *reading) normal(from, to int) string {
	if from >= to {
		return ""
	}
	var sb strings.Builder
	for i := from; i < to; i++ {
		sb.WriteString(r.word(i))
		sb.WriteByte(' ')
	}
	return sb.String()
}

// Long equal text of an op is cut to this many bytes at either end.
const keepEqual = 240

// publicOps turns steps into what a report shows.
func publicOps(ops []op) []Op {
	out := make([]Op, 0, len(ops))
	for _, o := range ops {
		p := Op{Text: harmless(o.text)}
		switch o.sign {
		case '=':
			p.Op = "equal"
			if s := p.Text; len(s) > 3*keepEqual {
				head, tail := cutAfter(s, keepEqual), cutBefore(s, len(s)-keepEqual)
				p.Text, p.Elided = s[:head]+" … "+s[tail:], tail-head
			}
		case '-':
			p.Op = "delete"
		case '+':
			p.Op = "insert"
		}
		out = append(out, p)
	}
	return out
}

// cutAfter returns a place at or before n where s can be cut: behind a blank if there is one near, between two characters anyway.
func cutAfter(s string, n int) int {
	if i := strings.LastIndexAny(s[:n], " \n"); i > n/2 {
		return i
	}
	for n > 0 && inRune(s, n) {
		n--
	}
	return n
}

func cutBefore(s string, n int) int {
	if i := strings.IndexAny(s[n:], " \n"); i >= 0 && i < keepEqual/2 {
		return n + i + 1
	}
	for n < len(s) && inRune(s, n) {
		n++
	}
	return n
}

// harmless masks credentials, and shows bytes that are no UTF-8, of which different ones must stay different.
func harmless(s string) string {
	s = facts.Mask(s)
	if utf8.ValidString(s) {
		return s
	}
	var sb strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&sb, "⟨0x%02X⟩", s[i])
		} else {
			sb.WriteString(s[i : i+n])
		}
		i += n
	}
	return sb.String()
}

// clip cuts s to at most n runes on one line.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(harmless(s)), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)[:n-1]
	return strings.TrimRight(string(runes), " ") + "…"
}

// fingerprint is what the accept file knows a change by: kind, skill, headings and text, but neither lines nor layout nor words of skillgen's.
func (c *Change) fingerprint() string {
	k := digest(c.ID, c.Skill, c.pathKey, c.from, c.to)
	return hex.EncodeToString(k[:6])
}
