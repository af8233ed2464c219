// Package example reads model airplanes: which files of an example app belong into a skill, and how they stand there.
//
// It promises that nothing is lost silently (what is left out is listed with its reason), that no .env file and nothing shaped like a
// credential gets through, and that Extract gives back each file exactly. It never changes, trims or formats what a file says.
package example

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// MaxFile is the size in bytes beyond which a file is left out.
const MaxFile = 1 << 20

// Options are what project and framework say about an airplane. Include and Exclude are gitignore-style patterns, matched from the
// airplane's folder. Of all that match a path the last one counts, in the order of the fields: Exclude, Include, FrameworkExclude,
// FrameworkInclude. An include rescues what is excluded by a pattern or by default, also in a folder that is left out as a whole if it names
// the folder ("dist/config.js"); but nothing that .gitignore ignores, no .env file, and nothing shaped like a credential.
type Options struct {
	Exclude, Include []source.String // the project's
	FrameworkExclude []source.String // the framework's, after the project's
	FrameworkInclude []source.String
	Own              []string // paths of the project itself (dist, templates, skillgen.yaml …), never part of an airplane that contains them
}

// Airplane is an example app as a skill carries it. It is immutable.
type Airplane struct {
	Dir   string  // from the project's folder
	Files []*File // README first, then by path in byte order; never empty
	Left  []Left  // what was left out, by path

	matched []source.String // patterns that matched something
}

// File is one file of an airplane.
type File struct {
	Path           string // from the airplane's folder
	Source         *source.File
	Content        string       // normalised text without marker lines and what they drop: what the round trip gives back
	Fence          source.Prose // the fenced block, or the sentence for an empty file; every line has its origin
	NoFinalNewline bool
	Language       string // info string of the fence
}

// Left is a file or folder that is not part of the skill, and why.
type Left struct {
	Path   string // from the project's folder; a folder ends in "/"
	Reason string
}

// Load reads the airplane at dir. The airplane is nil where there is none, or where nothing of it is left; a finding says so at the place of
// dir. Findings: example-missing, example-marker, example-encoding, example-path, example-size, example-binary, example-pattern. The error is
// for what can't be read.
func Load(tree *source.Tree, dir source.String, o Options) (*Airplane, []diag.Finding, error) {
	l := newLoader(tree, dir, o)
	ok, err := l.folder()
	if !ok || err != nil {
		return nil, l.findings, err
	}
	entries, err := l.walk()
	if err != nil {
		return nil, l.findings, err
	}
	for _, e := range entries {
		if err := l.entry(e); err != nil {
			return nil, l.findings, err
		}
	}
	return l.finish(), l.findings, nil
}
