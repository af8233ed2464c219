// Package emit turns a planned skill into the bytes of its files, and keeps for each line where it came from.
//
// It promises that the same plan gives the same bytes, that the bytes are valid for every consumer (Agent Skills specification, and the
// stricter readings of it), and that text which skillgen did not mean to change comes out as it stands in its source. It never reads a file
// and never reports on content: package check does.
package emit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"skillgen/generator/plan"
	"skillgen/generator/source"
)

// Skill is an emitted skill.
type Skill struct {
	Plan    *plan.Skill
	Files   []File // by path
	Head    int    // bytes of SKILL.md up to the end of its contents list
	Tokens  Tokens
	Parts   []Part        // what the tokens go to, in order of appearance
	Inputs  [32]byte      // digest over everything the skill was made from, one input a line
	Content string        // digest over everything the skill says, the stamp itself left out: 16 hex digits
	Broken  []source.Slot // references that template or guidance name and this skill does not have
	Flaws   []Flaw        // what else templates say that does not hold in this skill
}

// File is one file of a skill.
type File struct {
	Path   string // from the skill's folder
	Data   []byte
	Digest [32]byte     // sha256 of Data
	Exec   bool         // starts with #!
	Runs   []source.Run // origin of each line; nil for a binary file, whose only origin is Source
	Source *source.File // of a file that goes along as it is; else nil
}

// Tokens are counted per source block in the o200k_base vocabulary and summed.
type Tokens struct{ Total, Head, Guidance, Docs, Example, Stages int }

// PartKind is what a part of a skill is.
type PartKind string

// The parts that budgets speak of.
const (
	PartPage    PartKind = "page"
	PartExample PartKind = "example"
	PartFile    PartKind = "example file"
	PartStage   PartKind = "stage"
)

// Part is a page, an airplane, a file of one, or a stage, with its tokens.
type Part struct {
	Kind   PartKind
	Name   string
	Tokens int
	At     source.Span
}

// skillFile is the path of a skill's page.
const skillFile = "SKILL.md"

// Emit makes the files of one skill. The meter may be shared by all skills, also concurrently.
func Emit(p *plan.Skill, m *Meter) *Skill {
	e := &emitter{plan: p, meter: m, skill: &Skill{Plan: p}, outside: map[string]bool{}}
	e.lay()
	e.follow()
	for i := range e.drafts {
		e.skill.Files = append(e.skill.Files, e.finish(&e.drafts[i]))
	}
	for _, b := range p.Brought {
		if b.Prose == nil {
			e.skill.Files = append(e.skill.Files, asItIs(b))
		}
	}
	slices.SortFunc(e.skill.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	e.seal()
	t := &e.skill.Tokens
	t.Total = t.Head + t.Guidance + t.Docs + t.Example + t.Stages
	return e.skill
}

// emitter makes one skill.
type emitter struct {
	plan    *plan.Skill
	meter   *Meter
	skill   *Skill
	drafts  []draft
	stampAt int             // offset of the stamp in SKILL.md
	outside map[string]bool // where links to pages lead that the skill does not have
	links   []ownLink
}

// lay lays out all files. Anchors are known once every file's headings stand; only then are references resolved.
func (e *emitter) lay() {
	e.drafts = append(e.drafts, e.skillFile())
	if e.inReferences() {
		e.drafts = append(e.drafts, e.references()...)
	}
	e.drafts = append(e.drafts, e.stageFiles()...)
	for _, b := range e.plan.Brought {
		if b.Prose != nil {
			l := newLayout()
			l.add(e.ours(b.Path, b.Prose))
			e.drafts = append(e.drafts, l.draft(b.Path))
		}
	}
}

// asItIs is a file that is brought along unread.
func asItIs(b plan.Brought) File {
	f := newFile(b.Path, []byte(b.File.Text), nil)
	f.Source = b.File
	if b.File.Kind == source.Text {
		f.Runs = []source.Run{{Origin: source.Origin{File: b.File, Line: 1}}}
	}
	return f
}

func newFile(path string, data []byte, runs []source.Run) File {
	return File{Path: path, Data: data, Exec: bytes.HasPrefix(data, []byte("#!")), Runs: runs}
}

// stampHole is what stands for the stamp until the content is known; it has the stamp's width.
const stampHole = "0000000000000000"

// seal computes the digests and writes the stamp. The stamp is a digest over what the skill says rather than over its inputs, so that a
// change which reaches no byte (a comment for authors, a budget) leaves the skill as it is, and one that does never goes unstamped.
func (e *emitter) seal() {
	h := sha256.New()
	for i := range e.skill.Files {
		f := &e.skill.Files[i]
		f.Digest = sha256.Sum256(f.Data)
		h.Write([]byte(f.Path))
		h.Write([]byte{0})
		h.Write(f.Digest[:])
	}
	e.skill.Content = hex.EncodeToString(h.Sum(nil))[:len(stampHole)]
	if e.plan.Stamp == "content" {
		for i := range e.skill.Files {
			if f := &e.skill.Files[i]; f.Path == skillFile {
				copy(f.Data[e.stampAt:], e.skill.Content)
				f.Digest = sha256.Sum256(f.Data)
			}
		}
	}
	e.skill.Inputs = e.inputsDigest()
}

// inputsDigest hashes one input a line: the files by path, then the settings, then where links to pages lead that the skill does not have.
func (e *emitter) inputsDigest() [32]byte {
	h := sha256.New()
	line := make([]byte, 0, 256)
	for _, f := range e.plan.Inputs {
		line = append(line[:0], "sha256:"...)
		line = hex.AppendEncode(line, f.Digest[:])
		line = append(line, ' ')
		line = append(line, f.Path...)
		h.Write(append(line, '\n'))
	}
	for _, s := range slices.Concat(e.plan.Settings, slices.Sorted(maps.Keys(e.outside))) {
		h.Write(append(append(line[:0], s...), '\n'))
	}
	return [32]byte(h.Sum(nil))
}
