package emit

import (
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/source"
)

// draft is a file in the making: its references are still open.
type draft struct {
	path string
	rope
	slugs   []string                  // of each heading, numbered
	sources []section                 // which headings come from which source
	refs    map[target]int            // the headings that references can mean
	locals  map[string]map[string]int // by source: its headings by their Local; made when one is asked for
}

// section is the headings of one source: [from, to) of a draft's.
type section struct {
	path     string
	from, to int
}

// target is what a reference means: a source as a whole, the model airplane, a stage.
type target struct {
	kind source.RefKind
	path string
	n    int
}

// number gives each heading its anchor, as GitHub does: over the whole file, repeated ones numbered in file order.
func (d *draft) number() {
	var s docs.Slugger
	d.slugs = make([]string, len(d.headings))
	for i, h := range d.headings {
		d.slugs[i] = s.Next(h.slug)
	}
}

// address returns where heading i stands, from the skill's folder. A file's first heading is the file.
func (d *draft) address(i int) string {
	if i == 0 {
		return d.path
	}
	return d.path + "#" + d.slugs[i]
}

// find returns where the heading of a source with this local anchor stands; false where there is none.
func (d *draft) find(path, local string) (string, bool) {
	locals, made := d.locals[path]
	if !made {
		locals = map[string]int{}
		for _, s := range d.sources {
			for i := s.from; i < s.to && s.path == path; i++ {
				if _, taken := locals[d.headings[i].local]; !taken {
					locals[d.headings[i].local] = i
				}
			}
		}
		if d.locals == nil {
			d.locals = map[string]map[string]int{}
		}
		d.locals[path] = locals
	}
	i, ok := locals[local]
	if !ok {
		return "", false
	}
	return d.address(i), true
}

// find returns what a slot means, from the skill's folder; false where the skill does not have it. A heading that the page no longer has is
// its title, which is skillgen's here.
func (e *emitter) find(slot *source.Slot) (string, bool) {
	if slot.Kind == source.RefPage && slot.Fragment != "" {
		for i := range e.drafts {
			if address, ok := e.drafts[i].find(slot.Path, slot.Fragment); ok {
				return address, true
			}
		}
	}
	for i := range e.drafts {
		d := &e.drafts[i]
		if heading, ok := d.refs[target{slot.Kind, slot.Path, slot.N}]; ok {
			return d.address(heading), true
		}
	}
	return "", false
}

// finish resolves the references and makes the file.
func (e *emitter) finish(d *draft) File {
	j := d.join(func(slot *source.Slot, text string) string {
		address, ok := e.find(slot)
		switch {
		case ok:
			return relative(d.path, address)
		case slot.Must:
			e.skill.Broken = append(e.skill.Broken, *slot)
		default:
			e.outside[slot.Path+"#"+slot.Fragment+" "+text] = true
		}
		return text
	})
	if d.path == skillFile {
		e.skill.Head = j.head
	}
	return newFile(d.path, j.data, j.runs)
}

// relative turns an address into what a link in file from says. Links never climb (CONFORMANCE: never ../), so a file in another folder, such as
// a stage, names others by their path from the skill's folder, as its own text does.
func relative(from, address string) string {
	if rest, ok := strings.CutPrefix(address, from); ok && strings.HasPrefix(rest, "#") {
		return rest
	}
	if dir, _, ok := strings.Cut(from, "/"); ok && dir == "references" {
		return strings.TrimPrefix(address, "references/")
	}
	return address
}
