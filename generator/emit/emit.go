// Package emit turns a planned skill into the bytes of its files, and keeps for each line where it came from.
package emit

import (
	"skillgen/generator/plan"
	"skillgen/generator/source"
)

// Skill is an emitted skill.
type Skill struct {
	Plan   *plan.Skill
	Files  []File // by path
	Tokens Tokens
	Inputs [32]byte // digest over everything the skill was made from
}

// File is one file of a skill.
type File struct {
	Path   string // from the skill's folder
	Data   []byte
	Digest [32]byte     // sha256 of Data
	Exec   bool         // starts with #!
	Runs   []source.Run // origin of each line; nil for a binary file
}

// Tokens are counted per source block in the o200k_base vocabulary and summed.
type Tokens struct{ Total, Head, Guidance, Docs, Example, Stages int }
