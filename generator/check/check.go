// Package check verifies what only shows once a skill stands: that every consumer accepts it (Agent Skills specification and the stricter
// readings of it), that it keeps its budgets, that nothing it was made from holds a secret or hidden text.
//
// Checks is a table; a check is a row. Findings point at the source, never at the output.
package check

import (
	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/emit"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// Subject is what is checked.
type Subject struct {
	Project *project.Project
	Library *docs.Library
	Skills  []*emit.Skill  // by name
	Inputs  []*source.File // every file that reached a skill, and the project's own, by path; each once
}

// Checks lists all checks of this package in the order in which they run; ids and levels stand in diag.Table.
//
// How to add one: a row in diag.Table, a function here, a pair of cases in the tests: one it finds, one near miss.
var Checks = []struct {
	Purpose string
	Run     func(Subject) []diag.Finding
}{
	{"names are valid and unique", names},
	{"descriptions are valid", descriptions},
	{"metadata is one level of text", metadata},
	{"every path and size is accepted by every consumer", files},
	{"every kind of content has its place in skill.md", sections},
	{"rules and stages stand in the head", order},
	{"references lead somewhere, and templates leave pages alone", references},
	{"stages require only what an earlier stage produces", stages},
	{"budgets hold", budgets},
	{"inputs hold no secret and no hidden text", inputs},
	{"manifests parse", manifests},
	{"pages are whole, their links lead somewhere, each is used, and clean rules match", website},
}

// Run runs all checks.
func Run(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, c := range Checks {
		all = append(all, c.Run(s)...)
	}
	return all
}
