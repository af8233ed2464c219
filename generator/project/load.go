package project

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Load reads the project in tree. Where an error stands among the findings, what could be read is returned all the same, so that one run shows all faults;
// *Project is nil only where skillgen.yaml itself can't be used.
func Load(tree *source.Tree) (*Project, []diag.Finding, error) { panic("todo") }
