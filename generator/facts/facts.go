// Package facts knows what can be said of a text without understanding it: how many tokens it has, which secrets and hidden characters it
// holds, which SDK versions a manifest names.
package facts

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Hidden finds characters in f that a reader does not see and an agent does.
func Hidden(f *source.File) []diag.Finding { panic("todo") }

// Dependency is a direct dependency that a manifest names.
type Dependency struct {
	Name    string // "posthog-node"
	Version string // as written there: "5.70.0", "^5.70.0"; empty where the manifest gives none
	At      source.Span
	Dev     bool // needed to build or test only
}

// Dependencies reads the direct dependencies from a manifest, in its order. The second result is false where f is no manifest that it
// knows. A manifest that does not parse is a finding.
func Dependencies(f *source.File) ([]Dependency, bool, []diag.Finding) { panic("todo") }
