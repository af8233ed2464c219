package prosediff

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"path"
	"slices"
	"strings"
)

// filePair is a file of the base and what it became. One side is nil where it is gone or new.
type filePair struct{ a, b *file }

// pairFiles matches the files of two versions of a skill: by path; by path without the numbers that only order stages; by equal bytes; by
// what they say. The pairs are sorted by path, the revision's where there is one.
func pairFiles(a, b []*file) []filePair {
	p := filePairing{restA: a, restB: b}
	p.take(func(f *file) string { return f.path })
	if len(p.restA) > 0 && len(p.restB) > 0 {
		p.take(func(f *file) string { return unnumbered(f.path) })
		p.take(func(f *file) string { return string(f.data) })
		p.similar()
	}
	for _, f := range p.restA {
		p.out = append(p.out, filePair{a: f})
	}
	for _, f := range p.restB {
		p.out = append(p.out, filePair{b: f})
	}
	slices.SortFunc(p.out, func(x, y filePair) int {
		return cmp.Or(strings.Compare(x.path(), y.path()), cmp.Compare(x.side(), y.side()))
	})
	return p.out
}

type filePairing struct {
	restA, restB []*file
	out          []filePair
}

// take pairs files with the same name, as the function gives it; those without one wait.
func (p *filePairing) take(name func(*file) string) {
	waiting := map[string]*file{}
	for _, f := range p.restB {
		if n := name(f); n != "" && waiting[n] == nil {
			waiting[n] = f
		}
	}
	used := map[*file]bool{}
	for _, f := range p.restA {
		n := name(f)
		if other := waiting[n]; n != "" && other != nil && (other.content == f.content || f.path == other.path) {
			delete(waiting, n)
			used[f], used[other] = true, true
			p.out = append(p.out, filePair{f, other})
		}
	}
	p.drop(used)
}

func (p *filePairing) drop(used map[*file]bool) {
	without := func(list []*file) []*file {
		return slices.DeleteFunc(slices.Clone(list), func(f *file) bool { return used[f] })
	}
	p.restA, p.restB = without(p.restA), without(p.restB)
}

func (p filePair) path() string {
	if p.b != nil {
		return p.b.path
	}
	return p.a.path
}

func (p filePair) side() int {
	if p.b == nil {
		return 0
	}
	return 1
}

// changed reports whether the bytes or the path differ.
func (p filePair) changed() bool {
	return p.a == nil || p.b == nil || p.a.path != p.b.path || !bytes.Equal(p.a.data, p.b.data)
}

// unnumbered returns the path of a stage without the number that its name begins with: stages/2-plan.md → stages/-plan.md. Empty for other files.
func unnumbered(p string) string {
	dir, name := path.Split(p)
	digits := len(name) - len(strings.TrimLeft(name, "0123456789"))
	if digits == 0 || digits == len(name) || !strings.ContainsRune("-_. ", rune(name[digits])) {
		return ""
	}
	return dir + name[digits:]
}

// leastFile is how alike two files must be, by their blocks, for one to be the other under a new name.
const leastFile similarity = 5000

// similar pairs prose files that share most of their blocks.
func (p *filePairing) similar() {
	bags := func(files []*file) [][]uint32 {
		out := make([][]uint32, len(files))
		for i, f := range files {
			if f.content == prose {
				out[i] = blockBag(f.document())
			}
		}
		return out
	}
	found, _ := join(bags(p.restA), bags(p.restB), leastFile)
	slices.SortStableFunc(found, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.score, x.score), strings.Compare(p.restA[x.a].path, p.restA[y.a].path), strings.Compare(p.restB[x.b].path, p.restB[y.b].path))
	})
	used := map[*file]bool{}
	for _, c := range found {
		if f, g := p.restA[c.a], p.restB[c.b]; !used[f] && !used[g] {
			used[f], used[g] = true, true
			p.out = append(p.out, filePair{f, g})
		}
	}
	p.drop(used)
}

// blockBag is a bag with a hash for each block of a document that says something.
func blockBag(d *document) []uint32 {
	var bag []uint32
	for _, b := range d.blocks {
		switch b.text.shape.kind {
		case blank, ruler, frontFence:
		default:
			k := b.text.Key()
			bag = append(bag, binary.LittleEndian.Uint32(k[:]))
		}
	}
	slices.Sort(bag)
	return bag
}

// folderPair is a skill of the base and what it became. One side is nil where it is gone or new.
type folderPair struct{ a, b *folder }

// pairFolders matches skills by name, and those without a namesake by the files they have to themselves.
func pairFolders(a, b []*folder) []folderPair {
	byName := map[string]*folder{}
	for _, f := range b {
		byName[f.name] = f
	}
	var out []folderPair
	var gone, come []*folder
	for _, f := range a {
		if other := byName[f.name]; other != nil {
			out = append(out, folderPair{f, other})
			delete(byName, f.name)
		} else {
			gone = append(gone, f)
		}
	}
	for _, f := range b {
		if byName[f.name] == f {
			come = append(come, f)
		}
	}
	if len(gone) > 0 && len(come) > 0 {
		out = append(out, renamedFolders(gone, come, out)...)
	}
	paired := map[*folder]bool{}
	for _, p := range out {
		paired[p.a], paired[p.b] = true, true
	}
	for _, f := range gone {
		if !paired[f] {
			out = append(out, folderPair{a: f})
		}
	}
	for _, f := range come {
		if !paired[f] {
			out = append(out, folderPair{b: f})
		}
	}
	slices.SortFunc(out, func(x, y folderPair) int { return strings.Compare(x.name(), y.name()) })
	return out
}

func (p folderPair) name() string {
	if p.b != nil {
		return p.b.name
	}
	return p.a.name
}

// renamedFolders matches skills whose names differ by the blocks that no other skill has: pages and rules that all skills share prove nothing.
func renamedFolders(gone, come []*folder, others []folderPair) []folderPair {
	shared := map[uint32]bool{}
	for _, p := range others {
		for _, side := range []*folder{p.a, p.b} {
			for _, h := range folderBag(side) {
				shared[h] = true
			}
		}
	}
	bags := func(list []*folder) [][]uint32 {
		out := make([][]uint32, len(list))
		for i, f := range list {
			all := folderBag(f)
			if own := slices.DeleteFunc(slices.Clone(all), func(h uint32) bool { return shared[h] }); len(own) > 0 {
				all = own
			}
			out[i] = all
		}
		return out
	}
	found, _ := join(bags(gone), bags(come), leastFile)
	slices.SortStableFunc(found, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.score, x.score), strings.Compare(gone[x.a].name, gone[y.a].name), strings.Compare(come[x.b].name, come[y.b].name))
	})
	var out []folderPair
	used := map[*folder]bool{}
	for _, c := range found {
		if x, y := gone[c.a], come[c.b]; !used[x] && !used[y] {
			used[x], used[y] = true, true
			out = append(out, folderPair{x, y})
		}
	}
	return out
}

func folderBag(f *folder) []uint32 {
	var bag []uint32
	for _, file := range f.files {
		bag = append(bag, blockBag(file.document())...)
	}
	slices.Sort(bag)
	return bag
}
