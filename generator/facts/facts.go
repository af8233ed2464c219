// Package facts knows what can be said of a text without understanding it: how many tokens it has, which secrets and hidden characters it
// holds, which SDK versions a manifest names.
package facts

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Hidden finds characters in f that a reader does not see and an agent does.
func Hidden(f *source.File) []diag.Finding { panic("todo") }
