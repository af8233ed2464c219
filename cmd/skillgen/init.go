package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

func newInit(a *app) *cobra.Command {
	var o generator.ScaffoldOptions
	c := &cobra.Command{
		Use:   "init",
		Short: "Start a project in an existing repository",
		Long: `init writes skillgen.yaml, a framework file and a copy of the built-in templates around an example app that is there
already. What it is not told it finds out: the app by its package manifest, the framework by the app's dependencies,
docs in website/ or docs/. It never overwrites a file and never mixes its own with others: a folder that is in use stays
as it is, and skillgen's own goes below skillgen/. What it writes builds at once.`,
		Example: `  skillgen init
  skillgen init --product Acme --example examples/next-app --docs 'docs/**/*.md'
  skillgen init --framework go-nethttp --title "Go (net/http)" --language go`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runInit(a, o) },
	}
	f := c.Flags()
	f.StringVar(&o.Product, "product", "", "display name of what is integrated (default: the folder's name)")
	f.StringVar(&o.Prefix, "prefix", "", "start of every skill's name (default: from the product)")
	f.StringVar(&o.Framework, "framework", "", "id of the framework (default: recognised from the app)")
	f.StringVar(&o.Title, "title", "", "title of the framework (default: recognised from the app)")
	f.StringSliceVar(&o.Languages, "language", nil, "language of the framework; may be given several times")
	f.StringVar(&o.Example, "example", "", "folder of the example app (default: the only one found)")
	f.StringSliceVar(&o.Docs, "docs", nil, "page, glob or URL of docs; may be given several times")
	return c
}

func runInit(a *app, o generator.ScaffoldOptions) error {
	dir, err := a.start()
	if err != nil {
		return err
	}
	o.Folder = filepath.Base(dir)
	tree, err := source.Open(dir)
	if err != nil {
		return fmt.Errorf("opening the folder: %w", err)
	}
	defer tree.Close()
	if tree.Exists("skillgen.yaml") {
		return hinted{errors.New("there is a skillgen.yaml already"), "edit it, or add a framework under frameworks/"}
	}
	scaffold, err := generator.NewScaffold(tree, o)
	var bad *generator.OptionError
	switch {
	case errors.As(err, &bad):
		return hinted{err, bad.Hint}
	case errors.Is(err, generator.ErrNoExample), errors.Is(err, generator.ErrExamples):
		return hinted{err, "name the app's folder with --example"}
	case err != nil:
		return err
	}
	if !a.quiet {
		fmt.Fprintf(a.stdout, "product: %s\napp: %s (%s)\n", diag.Terminal(scaffold.Product), diag.Terminal(scaffold.App), diag.Terminal(scaffold.Stack))
		if scaffold.Docs != "" {
			fmt.Fprintf(a.stdout, "docs: %s\n", diag.Terminal(scaffold.Docs))
		}
	}
	if err := a.writeNew(dir, scaffold.Files); err != nil {
		return err
	}
	if !a.quiet {
		fmt.Fprintln(a.stdout, "next: skillgen build")
	}
	return nil
}

// writeNew writes files that are not there yet: all of them or none. One that is there with the same bytes is left as it is.
func (a *app) writeNew(dir string, files []generator.Scaffolded) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening the folder: %w", err)
	}
	defer root.Close()
	var missing []generator.Scaffolded
	for _, f := range files {
		old, err := root.ReadFile(filepath.FromSlash(f.Path))
		switch {
		case errors.Is(err, os.ErrNotExist):
			missing = append(missing, f)
		case err != nil:
			return fmt.Errorf("reading %s: %w", f.Path, err)
		case !bytes.Equal(old, []byte(f.Text)):
			return hinted{fmt.Errorf("%s is there already, with another content", f.Path), "move it away: init never overwrites a file"}
		}
	}
	for _, f := range missing {
		name := filepath.FromSlash(f.Path)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("making the folder of %s: %w", f.Path, err)
		}
		if err := root.WriteFile(name, []byte(f.Text), 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", f.Path, err)
		}
		if !a.quiet {
			fmt.Fprintf(a.stdout, "wrote %s\n", f.Path)
		}
	}
	return nil
}
