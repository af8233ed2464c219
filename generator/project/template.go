package project

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Template is a parsed text of the template language (DESIGN §2.3), all branches checked.
type Template struct{}

// Env is what a template sees while it is expanded for one skill.
type Env struct {
	Values map[string]source.String // product, prefix, title, name, id, workflow, version
	Vars   map[string]source.String // all layers merged
	Tags   []string                 // the framework's tags in their order: decide which variant of a partial is taken
	Holds  map[string]bool          // tags, languages and id: what {{if X}} asks
}

// Part is a piece of an expanded template: prose, or one of the sections of skill.md.
type Part struct {
	Section string      // stages, rules, guidance, docs, example; empty for prose
	At      source.Span // where the section is asked for
	Prose   source.Prose
}

// Expand evaluates the template. Prose parts have origins and slots, no headings. Sections stand between lines.
func (t *Template) Expand(env *Env) ([]Part, []diag.Finding) { panic("todo") }
