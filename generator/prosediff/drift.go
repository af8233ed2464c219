package prosediff

import (
	"fmt"
	"slices"
	"strings"
)

// leastVariants is how many skills must have had an edit for its absence in another to be worth a word.
const leastVariants = 3

// drift finds the skills that still hold text which an edit replaced in most skills that held it, names them in the edit's group, and reports
// them. It knows what to look for from the group: a block as a whole, the name of an environment variable, a term.
func (r *Report) drift(base, revision []*folder) {
	hunts := r.hunts()
	if len(hunts) == 0 {
		return
	}
	both := map[string]bool{}
	for _, f := range base {
		both[f.name] = true
	}
	for _, f := range revision {
		if !both[f.name] || f.name == "" {
			continue
		}
		for _, h := range hunts {
			if !slices.Contains(h.group.Skills, f.name) && h.heldBy(f) {
				h.group.Except = append(h.group.Except, f.name)
			}
		}
	}
	for _, h := range hunts {
		g := h.group
		if n := len(g.Except); n == 0 || 2*n > len(g.Skills) {
			g.Except = []string{}
			continue
		}
		c := &Change{ID: "variant-drift", Level: Warning, Area: "variants", Action: "changed", Skill: g.Except[0], Path: []string{}, Ops: h.example.Ops}
		c.Message = fmt.Sprintf("%s in %s, not in %s", h.what, amount(len(g.Skills), "skill"), clip(strings.Join(g.Except, ", "), 300))
		c.Evidence = strings.Join(g.Except, ", ")
		c.Revision = h.found
		c.from, c.to = h.example.from, h.example.to
		c.order = len(r.Changes)
		c.pathKey = c.Evidence
		c.Fingerprint = c.fingerprint()
		r.Changes = append(r.Changes, c)
	}
}

// hunt is a search for what a group replaced.
type hunt struct {
	group   *Group
	example *Change
	what    string
	holds   func(t *text) bool
	found   *Place
}

func (h *hunt) heldBy(f *folder) bool {
	for _, file := range f.files {
		for i, b := range file.document().blocks {
			if h.holds(b.text) {
				if h.found == nil {
					h.found = (&skillDiff{b: f}).whole(place{file, int32(i)})
				}
				return true
			}
		}
	}
	return false
}

// hunts returns what to look for.
func (r *Report) hunts() []*hunt {
	var out []*hunt
	for _, e := range r.entries() {
		if e.group == nil || e.first.Level == Mechanical || len(e.group.Skills) < leastVariants || e.group.Kind == "section" {
			continue
		}
		if h := newHunt(e); h != nil {
			out = append(out, h)
		}
	}
	return out
}

func newHunt(e *entry) *hunt {
	c := e.first
	h := &hunt{group: e.group, example: c, what: "the same edit was made"}
	switch {
	case c.ID == "env-renamed":
		name := c.from
		h.what = fmt.Sprintf("%s became %s", c.from, c.to)
		h.holds = func(t *text) bool {
			for _, m := range t.Mentions() {
				if m.Name == name {
					return true
				}
			}
			return false
		}
	case c.term:
		old := c.from
		h.what = fmt.Sprintf("“%s” became “%s”", c.from, c.to)
		h.holds = func(t *text) bool { return containsFold(t.raw, old) }
	case c.old != nil:
		k := c.old.Key()
		h.holds = func(t *text) bool { return t.shape.kind == c.old.shape.kind && t.Key() == k }
	default:
		return nil
	}
	return h
}

// containsFold reports whether s contains what, which is in lower case, as whole words.
func containsFold(s, what string) bool {
	lower := strings.ToLower(s)
	for at := 0; ; {
		i := strings.Index(lower[at:], what)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(what)
		if (start == 0 || !isWordByte(lower[start-1])) && (end == len(lower) || !isWordByte(lower[end])) {
			return true
		}
		at = end
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 0x80
}
