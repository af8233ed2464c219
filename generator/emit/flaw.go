package emit

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/plan"
	"skillgen/generator/source"
)

// Flaw is something in the text of a template that does not hold in a skill.
type Flaw struct {
	Kind FlawKind
	What string // the link's destination, the block that is open, the label, why a text can't be read
	File string // of the skill, in which it stands
	At   source.Origin
}

// FlawKind says what is wrong.
type FlawKind uint8

// A link to a file or heading that the skill does not have; a block that is open where the text ends and swallows what follows; a label of
// links or footnotes that other sources in the same file would mean too; a text that can't be read.
const (
	DeadLink FlawKind = iota
	OpenBlock
	SharedLabel
	Unreadable
)

// ownLink is a link that a template writes without {{ref …}}.
type ownLink struct {
	file, target string
	at           source.Origin
}

// ours makes a text of a template ready for a file of the skill.
func (e *emitter) ours(file string, p *source.Prose) *source.Prose {
	text, open := ready(p)
	flaw := func(kind FlawKind, what string, line int) {
		e.skill.Flaws = append(e.skill.Flaws, Flaw{Kind: kind, What: what, File: file, At: text.Origin(line)})
	}
	if open.What != "" {
		flaw(OpenBlock, open.What, open.Line)
	}
	links, fault, line := docs.Links(text.Body)
	if fault != "" {
		flaw(Unreadable, fault, line)
	}
	for _, l := range links {
		if l.Label != "" && file == skillFile {
			flaw(SharedLabel, l.Label, l.Line)
		}
		i, _ := slices.BinarySearchFunc(text.Slots, l.At, func(s source.Slot, at int) int { return s.Start - at })
		if isRef := i < len(text.Slots) && text.Slots[i].End <= l.End; !isRef {
			e.links = append(e.links, ownLink{file, l.Target, text.Origin(l.Line)})
		}
	}
	return text
}

// follow looks where the templates' own links lead. All files must be laid out.
func (e *emitter) follow() {
	for _, l := range e.links {
		if !e.leads(l) {
			e.skill.Flaws = append(e.skill.Flaws, Flaw{Kind: DeadLink, What: l.target, File: l.file, At: l.at})
		}
	}
}

// leads reports whether a link means something outside the skill, or a file and heading that the skill has. A path counts from the file's
// folder or from the skill's.
func (e *emitter) leads(l ownLink) bool {
	u, err := url.Parse(l.target)
	switch {
	case err != nil:
		return false
	case u.Scheme != "" || u.Host != "" || l.target == "":
		return true
	case u.Path == "":
		return e.has(l.file, u.Fragment)
	}
	return e.has(path.Join(path.Dir(l.file), u.Path), u.Fragment) || e.has(path.Clean(u.Path), u.Fragment)
}

func (e *emitter) has(file, fragment string) bool {
	for i := range e.drafts {
		if d := &e.drafts[i]; d.path == file {
			return fragment == "" || slices.Contains(d.slugs, strings.ToLower(fragment))
		}
	}
	return slices.ContainsFunc(e.plan.Brought, func(b plan.Brought) bool { return b.Path == file })
}
