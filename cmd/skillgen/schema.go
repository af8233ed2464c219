package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/prosediff"
	"skillgen/generator/release"
)

// schemas lists the documents that have a JSON Schema: those that people write, and those that skillgen writes.
var schemas = []struct {
	name string
	make func(name string) ([]byte, error)
}{
	{"skillgen", project.Schema}, {"framework", project.Schema}, {"workflow", project.Schema}, {"stage", project.Schema}, {"tag", project.Schema}, {"accept", project.Schema},
	{"manifest", outputSchema}, {"report", outputSchema}, {"release", outputSchema}, {"diff", diffSchema},
}

func diffSchema(string) ([]byte, error) { return prosediff.Schema(), nil }

func outputSchema(name string) ([]byte, error) {
	text, ok := release.Schema(name)
	if !ok {
		return nil, fmt.Errorf("no schema of %s", name)
	}
	return text, nil
}

func newSchema(a *app) *cobra.Command {
	var names []string
	for _, s := range schemas {
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:   "schema NAME",
		Short: "Print the JSON Schema of a file",
		Long:  "schema prints a JSON Schema (draft 2020-12). NAME is one of " + strings.Join(names, ", ") + ".",
		Example: `  skillgen schema skillgen > skillgen.schema.json
  # then, as the first line of skillgen.yaml: # yaml-language-server: $schema=skillgen.schema.json`,
		Args:      oneArg,
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			i := slices.Index(names, strings.TrimSuffix(args[0], ".yaml"))
			if i < 0 {
				hint := "one of " + strings.Join(names, ", ")
				if near := diag.Suggest(args[0], names); near != "" {
					hint = fmt.Sprintf("did you mean %q?", near)
				}
				return hinted{fmt.Errorf("there is no schema %q", args[0]), hint}
			}
			text, err := schemas[i].make(names[i])
			if err != nil {
				return fmt.Errorf("making the schema: %w", err)
			}
			_, err = a.stdout.Write(text)
			return err
		},
	}
}
