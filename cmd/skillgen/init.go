package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// initOptions are the flags of `skillgen init`.
type initOptions struct {
	generator.ScaffoldOptions
	yes bool
}

func newInit(a *app) *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init",
		Short: "Start a project in an existing repository",
		Long: `init writes skillgen.yaml, a framework file for each example app, a copy of the built-in templates and a line in
.gitignore around what is there already. What it is not told it finds out: apps by their package manifests below
examples/, samples/, demos/ or apps/, else the repository itself; their frameworks by their dependencies; pages in
the docs folder of Docusaurus, Starlight, VitePress, MkDocs or Mintlify, else in website/docs, docs and the like, with
the address that the site's configuration gives. It reads files only: nothing is run, nothing is fetched.

On a terminal it asks for the product's name, the apps and the docs, each with what it found as the default; not with
--yes or --quiet, and not for what a flag says. Ctrl-D ends it, and nothing is written.

It never overwrites a file and never mixes its own with others: a folder that is in use stays as it is, and skillgen's
own goes below skillgen/. What it writes builds at once.`,
		Example: `  skillgen init
  skillgen init --yes --product Acme
  skillgen init --product Acme --example examples/next-app --docs 'docs/**/*.md'
  skillgen init --framework go-nethttp --title "Go (net/http)" --language go --docs none`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runInit(a, o) },
	}
	f := c.Flags()
	f.StringVar(&o.Product, "product", "", "display name of what is integrated (default: the title of the docs' site, else the folder's name)")
	f.StringVar(&o.Prefix, "prefix", "", "start of every skill's name (default: from the product)")
	f.StringVar(&o.Framework, "framework", "", "id of the framework, where there is one app (default: recognised from the app)")
	f.StringVar(&o.Title, "title", "", "title of the framework, where there is one app (default: recognised from the app)")
	f.StringSliceVar(&o.Languages, "language", nil, "language of the framework, where there is one app; may be given several times")
	f.StringSliceVar(&o.Examples, "example", nil, "`FOLDER` of an example app; may be given several times (default: all that are found)")
	f.StringSliceVar(&o.Docs, "docs", nil, "folder of docs, page, glob or URL; may be given several times; none: no docs (default: the folder found)")
	f.BoolVarP(&o.yes, "yes", "y", false, "ask nothing, take what was found")
	return c
}

func runInit(a *app, o initOptions) error {
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
	if _, err := tree.Stat("skillgen.yaml"); !errors.Is(err, fs.ErrNotExist) {
		return hinted{errors.New("there is a skillgen.yaml already"), "edit it, or add a framework under frameworks/"}
	}
	if o.NoDocs = len(o.Docs) == 1 && o.Docs[0] == "none"; o.NoDocs {
		o.Docs = nil
	}
	survey, err := generator.NewSurvey(tree)
	if err != nil {
		return err
	}
	for _, fault := range survey.Unread {
		fmt.Fprintf(a.stderr, "skillgen: not looked into: %s\n", diag.Terminal(fault.Error()))
	}
	if a.asks(o) {
		if err := newAsker(os.Stdin, a.stderr).ask(survey, &o.ScaffoldOptions); err != nil {
			return err
		}
	}
	scaffold, err := generator.NewScaffold(survey, o.ScaffoldOptions)
	if err != nil {
		return hintedInit(err)
	}
	if !a.quiet {
		if err := a.showScaffold(scaffold); err != nil {
			return fmt.Errorf("printing what was found: %w", err)
		}
	}
	if err := a.writeNew(dir, scaffold.Files, scaffold.Ignore); err != nil {
		return err
	}
	if !a.quiet {
		fmt.Fprintln(a.stdout, "next: skillgen build")
	}
	return nil
}

// hintedInit says what to do about what NewScaffold refuses.
func hintedInit(err error) error {
	var bad *generator.OptionError
	switch {
	case errors.As(err, &bad):
		return hinted{err, bad.Hint}
	case errors.Is(err, generator.ErrNoExample):
		return hinted{err, "name the app's folder with --example"}
	case errors.Is(err, generator.ErrExamples):
		return hinted{err, "name those that get a skill with --example; one framework each is a file in frameworks/, so more can follow"}
	}
	return err
}

// asks reports whether somebody is there to answer.
func (a *app) asks(o initOptions) bool {
	return !o.yes && !a.quiet && term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stderr.Fd()))
}

// showScaffold prints what a project is made of.
func (a *app) showScaffold(s *generator.Scaffold) error {
	fmt.Fprintf(a.stdout, "product: %s\n", diag.Terminal(s.Product))
	t := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	for _, f := range s.Frameworks {
		fmt.Fprintf(t, "app: %s\t%s\t%s\n", diag.Terminal(f.Dir), diag.Terminal(f.Title), seen(f.App))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if d := s.Docs; d.Dir != "" {
		fmt.Fprintf(a.stdout, "docs: %s\n", diag.Terminal(describeDocs(d, s.Carried)))
	}
	if s.Homepage != "" {
		fmt.Fprintf(a.stdout, "site: %s; if it has an llms.txt, `docs: [%s/llms.txt]` and `skillgen fetch` bring its pages\n", diag.Terminal(s.Homepage), diag.Terminal(s.Homepage))
	}
	return nil
}

// seen says what shows of which kind an app is.
func seen(a generator.App) string {
	if a.Evidence == "" {
		return "kind not recognised: see its framework file"
	}
	return "from " + diag.Terminal(a.Evidence)
}

// describeDocs says what is known of a folder of docs, of which so many pages are carried; all where that is negative.
func describeDocs(d generator.DocsFolder, carried int) string {
	var notes []string
	if d.Kind != "" {
		notes = append(notes, d.Kind)
	}
	pages := count(len(d.Pages), "page")
	if carried >= 0 && carried < len(d.Pages) {
		pages = fmt.Sprintf("%d of %s", carried, pages)
	}
	notes = append(notes, pages)
	if d.URL != "" {
		notes = append(notes, d.URL)
	}
	return d.Dir + " (" + strings.Join(notes, ", ") + ")"
}

// writeNew writes files that are not there yet, and lines that .gitignore lacks: it begins with nothing if something stands in the way. A file that is
// there with the same bytes is left as it is.
func (a *app) writeNew(dir string, files []generator.Scaffolded, ignore []string) error {
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
	wrote := written{app: a}
	for _, f := range missing {
		name := filepath.FromSlash(f.Path)
		if f.Path == "skillgen.yaml" {
			wrote.flush()
			if err := a.ignore(root, ignore); err != nil {
				return err
			}
		}
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("making the folder of %s: %w", f.Path, err)
		}
		if err := root.WriteFile(name, []byte(f.Text), 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", f.Path, err)
		}
		wrote.add(f.Path)
	}
	wrote.flush()
	return nil
}

// written prints what was written: a folder of more than a few files is one line.
type written struct {
	app   *app
	dir   string
	files []string
}

// foldFrom is how many files of one folder are shown as one line.
const foldFrom = 4

func (w *written) add(path string) {
	dir, _, ok := strings.Cut(path, "/")
	if rest, inSkillgen := strings.CutPrefix(path, "skillgen/"); inSkillgen {
		sub, _, _ := strings.Cut(rest, "/")
		dir = "skillgen/" + sub
	}
	if !ok {
		dir = ""
	}
	if dir != w.dir {
		w.flush()
	}
	w.dir, w.files = dir, append(w.files, path)
}

func (w *written) flush() {
	if !w.app.quiet {
		if n := len(w.files); n >= foldFrom && w.dir != "" && w.dir != "frameworks" && w.dir != "skillgen/frameworks" {
			fmt.Fprintf(w.app.stdout, "wrote %s/ (%s)\n", w.dir, count(n, "file"))
		} else {
			for _, f := range w.files {
				fmt.Fprintf(w.app.stdout, "wrote %s\n", f)
			}
		}
	}
	w.files = nil
}

// ignore adds lines to .gitignore, or makes one. What is there stays byte for byte, and the new lines end like the old ones.
func (a *app) ignore(root *os.Root, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	if info, err := root.Lstat(".gitignore"); err == nil && !info.Mode().IsRegular() {
		fmt.Fprintf(a.stderr, "skillgen: .gitignore is no regular file and stays as it is: add %s yourself\n", strings.Join(lines, ", "))
		return nil
	}
	old, err := root.ReadFile(".gitignore")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("reading .gitignore: %w", err)
	}
	f, err := root.OpenFile(".gitignore", os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("opening .gitignore: %w", err)
	}
	_, err = f.Write(ignoreLines(old, lines))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing .gitignore: %w", err)
	}
	if !a.quiet {
		verb := "wrote .gitignore"
		if len(old) > 0 {
			verb = "added to .gitignore"
		}
		fmt.Fprintf(a.stdout, "%s: %s\n", verb, strings.Join(lines, ", "))
	}
	return nil
}

// ignoreLines is what is appended to a .gitignore so that it holds lines too. It ends as the old text does: with a line end, or without.
func ignoreLines(old []byte, lines []string) []byte {
	end := "\n"
	if bytes.Contains(old, []byte("\r\n")) {
		end = "\r\n"
	}
	var b bytes.Buffer
	closed := len(old) == 0 || old[len(old)-1] == '\n'
	if !closed {
		b.WriteString(end)
	}
	b.WriteString(strings.Join(slices.Concat([]string{generator.IgnoreComment}, lines), end))
	if closed {
		b.WriteString(end)
	}
	return b.Bytes()
}
