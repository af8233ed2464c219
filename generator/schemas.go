package generator

import (
	"fmt"

	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// schemaFolder holds the schemas that editors read, from the project's folder.
const schemaFolder = ".skillgen/schema/"

// EditorSchemas are the schemas of the YAML files that a team writes, as files of the project: an editor reads them offline, and they say what this
// skillgen takes.
func EditorSchemas() ([]Scaffolded, error) {
	var all []Scaffolded
	for _, name := range []string{"accept", "skillgen"} {
		text, err := project.Schema(name)
		if err != nil {
			return nil, fmt.Errorf("making the schema: %w", err)
		}
		all = append(all, Scaffolded{schemaFolder + name + ".json", string(text)})
	}
	return all, nil
}

// staleSchemas reports schemas of the project that are not those of this skillgen. One that is not there is not missed.
func staleSchemas(tree *source.Tree) ([]diag.Finding, error) {
	schemas, err := EditorSchemas()
	if err != nil {
		return nil, err
	}
	var all []diag.Finding
	for _, s := range schemas {
		if f, err := tree.Read(s.Path); err == nil && f.Text != s.Text {
			all = append(all, diag.New("schema-stale", diag.Place{File: s.Path}, "editors are told what another skillgen takes", "`skillgen schema --write` writes the schemas of this one"))
		}
	}
	return all, nil
}
