package prosediff

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"skillgen/generator/facts"
)

// Options are what a comparison needs beside its two sides. The zero value is a comparison that fails on errors.
type Options struct {
	FailOn      string         // error (also where empty), warning, any, never
	BaseVersion string         // SemVer of the base, for the hint; may be empty
	Hosts       []string       // hosts that may be named, in lower case
	Budget      int            // tokens that a skill may have; 0 for any number
	Words       *facts.Lexicon // word lists; nil for English
	NoGroup     bool           // each change is an entry of its own
	Accept      []Acceptance   // of the accept file
	Today       string         // 2026-11-20: when acceptances expire; empty for never
	Gates       [2]Gate        // the gate's settings of base and revision
	Notes       []string       // what the report says beside the changes: tool drift, errors of a side
}

// Compare finds what changed from base to revision. It never fails: whatever the bytes, each that differs lies in a change of the report.
// The result depends on nothing but its arguments.
func Compare(base, revision Side, o Options) *Report {
	w := &world{options: o, lex: o.Words, pool: newPool()}
	if w.lex == nil {
		w.lex = facts.English
	}
	a, b := open(base, w.pool), open(revision, w.pool)
	w.hosts = sync.OnceValue(func() map[string]bool { return hostsOf(a) })
	pairs := pairFolders(a, b)
	diffs := w.diffAll(pairs)
	w.terms = findAllTerms(diffs)
	inParallel(len(diffs), func(i int) { diffs[i].runRest() })

	r := &Report{Schema: 1, Base: base.identity(), Revision: revision.identity(), Changes: []*Change{}, Groups: []*Group{}, Notes: []string{}}
	r.Notes = append(r.Notes, o.Notes...)
	r.Notes = append(r.Notes, flatFiles(a, b)...)
	for _, d := range diffs {
		r.Changes = append(r.Changes, d.changes...)
	}
	r.Changes = append(r.Changes, looserGate(o.Gates)...)
	for i, c := range r.Changes {
		c.order = i
		c.Fingerprint = c.fingerprint()
	}
	r.group(o.NoGroup)
	r.drift(a, b)
	r.accept(o)
	r.sort()
	r.summarise(pairs, w)
	r.judge(o.FailOn)
	return r
}

func (s Side) identity() Identity { return Identity{Kind: s.Kind, Spec: s.Spec, Digest: s.Digest} }

// inParallel calls f for 0 to n-1, on as many processors as there are. Each call writes to its own place, so that the result does not depend on
// the order of calls.
func inParallel(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// diffAll compares all skills that differ.
func (w *world) diffAll(pairs []folderPair) []*skillDiff {
	diffs := make([]*skillDiff, len(pairs))
	inParallel(len(pairs), func(i int) {
		switch p := pairs[i]; {
		case p.a == nil:
			diffs[i] = w.added(p.b)
		case p.b == nil:
			diffs[i] = w.removed(p.a)
		default:
			if p.a.name == p.b.name && identical(p) {
				return
			}
			d := diffSkill(p, w)
			d.newName()
			for _, find := range families {
				find(d)
			}
			diffs[i] = d
		}
	})
	return slices.DeleteFunc(diffs, func(d *skillDiff) bool { return d == nil })
}

// runRest lets the families look that need to know all skills.
func (s *skillDiff) runRest() {
	if s.a == nil || s.b == nil {
		return
	}
	for _, find := range rest {
		find(s)
	}
}

// newName reports a skill that has another name.
func (s *skillDiff) newName() {
	if s.a.name == s.b.name {
		return
	}
	c := s.add("skill-renamed", fmt.Sprintf("%s is now %s", s.a.name, s.b.name))
	s.onSkill(c)
	c.Action, c.from, c.to = "renamed", s.a.name, s.b.name
}

// added reports a skill that is new, and what in it could hurt an agent.
func (w *world) added(f *folder) *skillDiff {
	s := &skillDiff{b: f, w: w, comeAt: map[place]*leftover{}, goneAt: map[place]*leftover{}}
	n := 0
	for _, file := range f.files {
		s.files = append(s.files, filePair{b: file})
		s.come = append(s.come, everything(file)...)
		n += len(file.data)
	}
	c := s.add("skill-added", fmt.Sprintf("%s, about %d tokens", amount(len(f.files), "file"), w.tokens(f)))
	s.onSkill(c)
	c.Action, c.to = "added", f.content()
	if f.name == "" {
		c.Message = "files outside all skills: " + c.Message
	}
	for _, l := range s.come {
		l.claimed, l.inside = true, c
		s.comeAt[l.place] = l
	}
	for _, find := range newborn {
		find(s)
	}
	return s
}

// removed reports a skill that is gone.
func (w *world) removed(f *folder) *skillDiff {
	s := &skillDiff{a: f, w: w}
	c := s.add("skill-removed", fmt.Sprintf("%s, about %d tokens", amount(len(f.files), "file"), w.tokens(f)))
	s.onSkill(c)
	c.Action, c.from = "removed", f.content()
	return s
}

// content is a hash over a skill's files.
func (f *folder) content() string {
	var parts []string
	for _, file := range f.files {
		parts = append(parts, file.path, string(file.data))
	}
	k := digest(parts...)
	return hex.EncodeToString(k[:])
}

// flatFiles names the files that were compared without a parser.
func flatFiles(sides ...[]*folder) []string {
	var out []string
	for _, folders := range sides {
		for _, f := range folders {
			for _, file := range f.files {
				if file.doc != nil && file.doc.flat {
					out = append(out, fmt.Sprintf("%s: nested deeper than %d lists and quotes, compared paragraph by paragraph", file.shown(), maxDepth))
				}
			}
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// harm orders areas of changes of one level by what an agent can do wrong after them; other areas come last.
var harm = map[string]int{"danger": -3, "rules": -2, "frontmatter": -1}

// sort puts the changes in their order: what loosens the gate, then by level, harm and the number of skills that an edit reaches, then by kind,
// skill and place.
func (r *Report) sort() {
	reach := map[string]int{"": 1}
	for _, g := range r.Groups {
		reach[g.ID] = len(g.Skills)
	}
	at := func(c *Change) (string, int) {
		if c.Revision != nil {
			return c.Revision.File, c.Revision.Line
		}
		if c.Base != nil {
			return c.Base.File, c.Base.Line
		}
		return "", 0
	}
	slices.SortStableFunc(r.Changes, func(x, y *Change) int {
		fx, lx := at(x)
		fy, ly := at(y)
		return cmp.Or(cmp.Compare(first(x), first(y)), cmp.Compare(y.Level, x.Level), cmp.Compare(harm[x.Area], harm[y.Area]),
			cmp.Compare(reach[y.Group], reach[x.Group]), strings.Compare(x.ID, y.ID), strings.Compare(x.Skill, y.Skill),
			strings.Compare(fx, fy), cmp.Compare(lx, ly), cmp.Compare(x.order, y.order))
	})
}

func first(c *Change) int {
	if c.ID == "gate-loosened" {
		return 0
	}
	return 1
}

// summarise counts.
func (r *Report) summarise(pairs []folderPair, w *world) {
	s := &r.Summary
	for _, p := range pairs {
		s.Tokens.Base += w.tokens(p.a)
		s.Tokens.Revision += w.tokens(p.b)
		for _, f := range []*folder{p.a, p.b} {
			s.Tokens.Estimated = s.Tokens.Estimated || f != nil && f.given.Tokens == 0
		}
		countFiles(&s.Files, p)
	}
	for _, e := range r.entries() {
		switch {
		case e.accepted():
			s.Accepted++
		case e.first.ID == "stamp-only":
			s.Stamps++
		default:
			*[]*int{&s.Mechanical, &s.Info, &s.Warning, &s.Error}[e.first.Level]++
		}
	}
	s.Semver = r.semver(w.options.BaseVersion)
}

func countFiles(n *Files, p folderPair) {
	switch {
	case p.a == nil:
		n.Added += len(p.b.files)
	case p.b == nil:
		n.Removed += len(p.a.files)
	default:
		for _, f := range pairFiles(p.a.files, p.b.files) {
			switch {
			case f.a == nil:
				n.Added++
			case f.b == nil:
				n.Removed++
			case f.changed():
				n.Changed++
			default:
				n.Same++
			}
		}
	}
}

// judge sets the gate's verdict. Groups count once, accepted entries not at all.
func (r *Report) judge(failOn string) {
	if failOn == "" {
		failOn = Error.String()
	}
	r.Gate = Verdict{FailOn: failOn, IDs: []string{}}
	level, ok := gateLevels[failOn]
	if !ok {
		return
	}
	for _, e := range r.entries() {
		if e.first.Level >= level && !e.accepted() {
			r.Gate.Hits++
			r.Gate.IDs = append(r.Gate.IDs, e.first.ID)
		}
	}
	slices.Sort(r.Gate.IDs)
	r.Gate.IDs = slices.Compact(r.Gate.IDs)
	r.Gate.Failed = r.Gate.Hits > 0
}
