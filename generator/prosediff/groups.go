package prosediff

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
)

// entry is what a reviewer counts as one: a change, or a group of them.
type entry struct {
	first   *Change // the example
	changes []*Change
	group   *Group // nil for a change alone
}

// accepted reports whether all changes of the entry are accepted.
func (e *entry) accepted() bool {
	return !slices.ContainsFunc(e.changes, func(c *Change) bool { return !c.Accepted })
}

// entries returns the changes as entries, in their order.
func (r *Report) entries() []*entry {
	var out []*entry
	groups := map[string]*Group{}
	for _, g := range r.Groups {
		groups[g.ID] = g
	}
	byGroup := map[string]*entry{}
	for _, c := range r.Changes {
		e := byGroup[c.Group]
		if c.Group == "" || e == nil {
			e = &entry{first: c, group: groups[c.Group]}
			out = append(out, e)
			if c.Group != "" {
				byGroup[c.Group] = e
			}
		}
		e.changes = append(e.changes, c)
		if e.group != nil && e.group.Kind == "section" && c.rules > e.first.rules {
			e.first = c // the section, not a rule in it
		}
	}
	return out
}

// group makes groups of changes that are one edit: those in one section that is gone or new; those with equal old and new text; those in which
// the same few words were exchanged in different text. Mechanical ones are grouped by file.
func (r *Report) group(never bool) {
	if never {
		return
	}
	keyOf := func(kind string, key func(c *Change) string, least int) {
		members := map[string][]*Change{}
		var order []string
		for _, c := range r.Changes {
			if c.Group != "" || c.ID == "gate-loosened" {
				continue
			}
			if k := key(c); k != "" {
				if members[k] == nil {
					order = append(order, k)
				}
				members[k] = append(members[k], c)
			}
		}
		for _, k := range order {
			if list := members[k]; len(list) >= least {
				r.addGroup(kind, k, list)
			}
		}
	}
	keyOf("file", mechanicalKey, 2)
	keyOf("section", func(c *Change) string { return c.section }, 2)
	keyOf("term", func(c *Change) string {
		if !c.term {
			return ""
		}
		return "term\x00" + c.from + "\x00" + c.to
	}, 2)
	keyOf("same-edit", func(c *Change) string {
		if c.Level == Mechanical {
			return ""
		}
		return c.ID + "\x00" + c.Level.String() + "\x00" + c.from + "\x00" + c.to
	}, 2)
	keyOf("same-words", func(c *Change) string {
		if c.script == "" || c.Level == Mechanical {
			return ""
		}
		return c.ID + "\x00" + c.Level.String() + "\x00" + c.script
	}, leastPlaces)
}

// mechanicalKey puts mechanical changes of one kind in one file together; stamps of all files.
func mechanicalKey(c *Change) string {
	switch {
	case c.Level != Mechanical:
		return ""
	case c.ID == "stamp-only":
		return "stamps"
	}
	return c.ID + "\x00" + c.file()
}

// file is the file that the change is shown at.
func (c *Change) file() string {
	if c.Revision != nil {
		return c.Revision.File
	}
	if c.Base != nil {
		return c.Base.File
	}
	return ""
}

func (r *Report) addGroup(kind, key string, list []*Change) {
	k := digest(kind, key)
	g := &Group{ID: hex.EncodeToString(k[:6]), Kind: kind, Count: len(list), Files: []string{}, Except: []string{}, Skills: []string{}}
	for _, c := range list {
		c.Group = g.ID
		if f := c.file(); f != "" {
			g.Files = append(g.Files, f)
		}
		g.Skills = append(g.Skills, c.Skill)
	}
	slices.Sort(g.Files)
	slices.Sort(g.Skills)
	g.Files, g.Skills = slices.Compact(g.Files), slices.Compact(g.Skills)
	r.Groups = append(r.Groups, g)
	slices.SortFunc(r.Groups, func(x, y *Group) int { return strings.Compare(x.ID, y.ID) })
}

// shownFile is the file that a note is listed below.
func (c *Change) shownFile() string {
	if f := c.file(); f != "" {
		return f
	}
	return c.Skill
}

// inFileOrder sorts entries by file and line.
func inFileOrder(list []*entry) []*entry {
	line := func(c *Change) int {
		if c.Revision != nil {
			return c.Revision.Line
		}
		if c.Base != nil {
			return c.Base.Line
		}
		return 0
	}
	slices.SortStableFunc(list, func(x, y *entry) int {
		return cmp.Or(strings.Compare(x.first.shownFile(), y.first.shownFile()), cmp.Compare(line(x.first), line(y.first)), cmp.Compare(x.first.order, y.first.order))
	})
	return list
}
