package prosediff

import (
	"fmt"
	"slices"
	"strings"

	"skillgen/generator/facts"
)

// Mentions returns the names in the text that are written like environment variables.
func (t *text) Mentions() []facts.EnvMention {
	if m := t.insight().mentions.Load(); m != nil {
		return *m
	}
	m := facts.EnvMentions(t.raw)
	t.insight().mentions.Store(&m)
	return m
}

// envNames are the names of one side of a skill, with how often each occurs and whether any place says that it is of the environment.
type envNames struct {
	count   map[string]int
	certain map[string]bool
}

func namesOf(f *folder) envNames {
	n := envNames{map[string]int{}, map[string]bool{}}
	for _, file := range f.files {
		for _, b := range file.document().blocks {
			for _, m := range b.text.Mentions() {
				n.count[m.Name]++
				if m.Certain || saysEnvironment(b.text.raw) {
					n.certain[m.Name] = true
				}
			}
		}
	}
	return n
}

// saysEnvironment reports whether prose around a name speaks of the environment.
func saysEnvironment(raw string) bool {
	if len(raw) > 2000 {
		return false
	}
	for _, words := range []string{"environment variable", "env var", "Environment variable", ".env"} {
		if strings.Contains(raw, words) {
			return true
		}
	}
	return false
}

// exchange is an edit that puts one name in the place of another.
type exchange struct {
	old, new string
	spot     *spot
	edits    []int // numbers of the spot's edits
	pure     bool  // the edits do nothing else
}

// findEnv looks for names of environment variables that are gone, new, or in the place of another.
func (s *skillDiff) findEnv() {
	if !s.namesMayDiffer() {
		return
	}
	before, after := namesOf(s.a), namesOf(s.b)
	certain := func(name string) bool { return before.certain[name] || after.certain[name] }
	renamed := map[string]bool{}
	for _, x := range s.exchanges() {
		if !certain(x.old) && !certain(x.new) || before.count[x.old] <= after.count[x.old] || after.count[x.new] <= before.count[x.new] {
			continue
		}
		renamed[x.old], renamed[x.new] = true, true
		message := fmt.Sprintf("%s is now %s", x.old, x.new)
		if left := after.count[x.old]; left > 0 {
			message += fmt.Sprintf("; the old name still stands %s in this skill", times(left))
		} else {
			message += ": who sets the old name sets nothing"
		}
		c := s.onSpot(s.add("env-renamed", message), x.spot, nil)
		c.Action, c.Evidence, c.script = "renamed", x.old+" → "+x.new, "env "+x.old+" "+x.new
		c.from, c.to = x.old, x.new
		for _, i := range x.edits {
			x.spot.claimed[i] = x.spot.claimed[i] || x.pure
		}
	}
	s.oneSidedNames("env-removed", before, after, renamed, certain)
	s.oneSidedNames("env-added", after, before, renamed, certain)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// namesMayDiffer is a cheap look at what changed: most changes hold no name.
func (s *skillDiff) namesMayDiffer() bool {
	for _, sp := range s.spots {
		if sp.delta != nil && len(sp.a.text().Mentions())+len(sp.b.text().Mentions()) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(s.gone, func(l *leftover) bool { return len(l.text().Mentions()) > 0 }) ||
		slices.ContainsFunc(s.come, func(l *leftover) bool { return len(l.text().Mentions()) > 0 })
}

// exchanges lists the edits of pairs in which one name stands for another, once for each pair of names and spot.
func (s *skillDiff) exchanges() []exchange {
	var out []exchange
	for _, sp := range s.spots {
		if sp.delta == nil || len(sp.a.text().Mentions()) == 0 || len(sp.b.text().Mentions()) == 0 {
			continue
		}
		first := len(out)
		ra, rb := sp.a.text().Reading(), sp.b.text().Reading()
		sp.each(func(i int, p passage, e edit) {
			x, y := ra.between(e.a0, e.a1), rb.between(e.b0, e.b1)
			old, new := onlyName(x, y), onlyName(y, x)
			if old == "" || new == "" {
				return
			}
			pure := replaceName(x, old, new) == y
			for k := first; k < len(out); k++ {
				if out[k].old == old && out[k].new == new {
					out[k].edits, out[k].pure = append(out[k].edits, i), out[k].pure && pure
					return
				}
			}
			out = append(out, exchange{old, new, sp, []int{i}, pure})
		})
	}
	return out
}

// onlyName returns the one name that x has and y has not; empty where there is none or several.
func onlyName(x, y string) string {
	if len(x)+len(y) > 4000 {
		return ""
	}
	name := ""
	has := facts.EnvMentions(y)
	for _, m := range facts.EnvMentions(x) {
		if slices.ContainsFunc(has, func(o facts.EnvMention) bool { return o.Name == m.Name }) {
			continue
		}
		if name != "" && name != m.Name {
			return ""
		}
		name = m.Name
	}
	return name
}

// replaceName puts new in the place of old where it stands as a whole name.
func replaceName(s, old, new string) string {
	var sb strings.Builder
	at := 0
	for _, m := range facts.EnvMentions(s) {
		if m.Name == old {
			sb.WriteString(s[at:m.Start] + new)
			at = m.End
		}
	}
	return sb.String() + s[at:]
}

// maxNames is how many names and hosts of one skill are reported one by one.
const maxNames = 100

// oneSidedNames reports the names of here that there has not.
func (s *skillDiff) oneSidedNames(id string, here, there envNames, renamed map[string]bool, certain func(string) bool) {
	var names []string
	for name := range here.count {
		if there.count[name] == 0 && !renamed[name] && certain(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, name := range names {
		if i == maxNames {
			s.changes[len(s.changes)-1].Message += fmt.Sprintf("; and %d more names", len(names)-maxNames)
			return
		}
		s.oneSidedName(id, name, here.count[name])
	}
}

func (s *skillDiff) oneSidedName(id, name string, n int) {
	message := fmt.Sprintf("%s is named nowhere any more (was named %s)", name, times(n))
	list, removed := s.gone, id == "env-removed"
	if !removed {
		message = fmt.Sprintf("%s is new (named %s)", name, times(n))
		list = s.come
	}
	c := s.add(id, message)
	c.Evidence = name
	defer func() {
		c.script = id + " " + name
		if c.from, c.to = name, ""; !removed {
			c.from, c.to = "", name
		}
	}()
	for _, l := range list {
		if r := l.text().Reading(); slices.ContainsFunc(l.text().Mentions(), func(m facts.EnvMention) bool { return m.Name == name }) {
			from, to := r.around(name)
			if removed {
				s.onGone(c, l.place, from, to)
			} else {
				s.onCome(c, l.place, from, to)
			}
			return
		}
	}
	for _, sp := range s.spots {
		if sp.delta == nil {
			continue
		}
		for _, p := range sp.delta.passages {
			side := sp.delta.a.Reading().between(p.a0, p.a1)
			if !removed {
				side = sp.delta.b.Reading().between(p.b0, p.b1)
			}
			if slices.ContainsFunc(facts.EnvMentions(side), func(m facts.EnvMention) bool { return m.Name == name }) {
				s.onSpot(c, sp, &p)
				if c.Action = "added"; removed {
					c.Action = "removed"
				}
				return
			}
		}
	}
}

// around returns the tokens of the segment that holds the word.
func (r *reading) around(word string) (from, to int) {
	for i := range r.segs {
		if from, to := r.seg(i); strings.Contains(r.between(from, to), word) {
			return from, to
		}
	}
	return 0, len(r.toks)
}
