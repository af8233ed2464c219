// Package prosediff says what changed between two releases of skills, for a person who reviews prose like code: what could hurt an agent
// first, then what else changed in meaning, then a promise that nothing else did.
//
// A file is cut into blocks (document.go). The blocks of two versions are matched: equal ones, those named alike, similar ones (match.go), then
// what moved within the skill (moves.go). Inside a matched pair sentences are compared, then words (words.go, tidy.go). From pairs and what is
// left over each kind of change (kinds.go) reads what it knows to be worth a look, and claims the raw edits that it explains; what nobody
// claims is reported as plain text. Equal changes become groups (groups.go), and the report (report.go) is written in one of five formats.
//
// The package promises: what is equal and deleted makes the old bytes, what is equal and inserted the new ones; each byte that differs lies in
// a change that is reported or folded; the same input gives the same bytes on any machine; exchanging the sides mirrors the result. It never
// asks a clock or a model, and never writes what it read without the escaping that its sink needs.
package prosediff

import (
	"bytes"
	"path"
	"strings"
	"sync"
)

// Side is one of the two releases.
type Side struct {
	Kind   string // folder, zip, tar, git, project
	Spec   string // as the user named it
	Digest string // of all paths and bytes, or the commit; empty where nothing was read
	Skills []Skill

	Version   string // of the release, as its manifest says; may be empty
	Generator string // skillgen's version and built-in templates, as the manifest says; may be empty
}

// Skill is a folder of files. The one with an empty Name holds what lies outside all skills.
type Skill struct {
	Name   string
	Dir    string // its folder, from the side's; where empty, its name is
	Files  []File
	Tokens int // as skillgen counted them; 0 where nobody did
}

// File is one file of a skill.
type File struct {
	Path   string // slash-separated, from the skill's folder
	Data   []byte // must not change any more
	Origin Origin // nil where the file was not compiled
}

// Origin returns where a line of a compiled file comes from: a file of the project and its 1-based line. ok is false for a line that has
// no source.
type Origin func(line int) (file string, source int, ok bool)

// content says how a file is compared.
type content uint8

const (
	prose  content = iota // cut into Markdown blocks
	plainC                // line by line
	blob                  // by its bytes alone
)

func contentOf(f File) content {
	if bytes.IndexByte(f.Data, 0) >= 0 {
		return blob
	}
	switch strings.ToLower(path.Ext(f.Path)) {
	case ".md", ".mdx", ".markdown":
		return prose
	}
	return plainC
}

// folder is a skill of one side.
type folder struct {
	name  string
	dir   string // shown before the paths of its files
	files []*file
	given Skill
}

// file is a file of one side. Its document is cut when it is first asked for.
type file struct {
	folder  *folder
	path    string
	data    []byte
	origin  Origin
	content content

	once sync.Once
	doc  *document
	pool *pool
}

func (f *file) document() *document {
	f.once.Do(func() {
		switch f.content {
		case prose:
			f.doc = parseMarkdown(f.data, f.pool)
		case plainC:
			f.doc = parsePlain(f.data, f.pool)
		default:
			f.doc = &document{}
		}
	})
	return f.doc
}

func open(s Side, p *pool) []*folder {
	var out []*folder
	for _, skill := range s.Skills {
		d := &folder{name: skill.Name, dir: skill.Dir, given: skill}
		if d.dir == "" {
			d.dir = skill.Name
		}
		for _, f := range skill.Files {
			d.files = append(d.files, &file{folder: d, path: f.Path, data: f.Data, origin: f.Origin, content: contentOf(f), pool: p})
		}
		out = append(out, d)
	}
	return out
}

// place is a block of a file.
type place struct {
	file  *file
	block int32
}

func (p place) text() *text { return p.file.document().blocks[p.block].text }

func (p place) doc() *document { return p.file.document() }

func (p place) section() int32 { return p.file.document().blocks[p.block].section }
