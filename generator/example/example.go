// Package example reads model airplanes: which files of an example app belong into a skill, and how they stand there.
package example

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Options are what project and framework say about an airplane. Include and Exclude are gitignore-style patterns.
type Options struct {
	Exclude, Include []source.String // the project's
	FrameworkExclude []source.String // the framework's, after the project's
	FrameworkInclude []source.String
	Own              []string // paths of the project itself (dist, templates, skillgen.yaml …), never part of an airplane that contains them
}

// Airplane is an example app as a skill carries it. It is immutable.
type Airplane struct {
	Dir   string  // from the project's folder
	Files []*File // README first, then by path in byte order
	Left  []Left  // what was left out, by path
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

// Load reads the airplane at dir.
func Load(tree *source.Tree, dir source.String, o Options) (*Airplane, []diag.Finding, error) {
	panic("todo")
}
