package main

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"skillgen/generator"
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
	write := false
	c := &cobra.Command{
		Use:   "schema NAME",
		Short: "Print the JSON Schema of a file",
		Long: "schema prints a JSON Schema (draft 2020-12). NAME is one of " + strings.Join(schemaNames(), ", ") + `.

With --write it writes those of the YAML files that a team edits, skillgen.yaml and .skillgen/accept.yaml, into
.skillgen/schema/ of the project, where the first line of skillgen.yaml tells editors to look. Commit them; write them
anew after an update of skillgen.`,
		Example: `  skillgen schema framework
  skillgen schema --write     # then, as the first line of skillgen.yaml:
                              # yaml-language-server: $schema=.skillgen/schema/skillgen.json`,
		Args: func(c *cobra.Command, args []string) error {
			if write {
				return noArgs(c, args)
			}
			return oneArg(c, args)
		},
		ValidArgs: schemaNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			if write {
				return runSchemaWrite(a)
			}
			return runSchema(a, args[0])
		},
	}
	c.Flags().BoolVar(&write, "write", false, "write the schemas that editors read into the project")
	return c
}

func schemaNames() []string {
	var names []string
	for _, s := range schemas {
		names = append(names, s.name)
	}
	return names
}

func runSchema(a *app, name string) error {
	names := schemaNames()
	i := slices.Index(names, strings.TrimSuffix(name, ".yaml"))
	if i < 0 {
		return unknownValue("schema", name, names)
	}
	text, err := schemas[i].make(names[i])
	if err != nil {
		return fmt.Errorf("making the schema: %w", err)
	}
	_, err = a.stdout.Write(text)
	return err
}

func runSchemaWrite(a *app) error {
	w, err := a.open()
	if err != nil {
		return err
	}
	defer w.tree.Close()
	files, err := generator.EditorSchemas()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return fmt.Errorf("opening the project: %w", err)
	}
	defer root.Close()
	for _, f := range files {
		if old, err := root.ReadFile(f.Path); err == nil && string(old) == f.Text {
			continue
		}
		if err := root.MkdirAll(path.Dir(f.Path), 0o755); err != nil {
			return fmt.Errorf("making the folder of %s: %w", f.Path, err)
		}
		if err := root.WriteFile(f.Path, []byte(f.Text), 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", f.Path, err)
		}
		if !a.quiet {
			fmt.Fprintf(a.stdout, "wrote %s\n", f.Path)
		}
	}
	return nil
}
