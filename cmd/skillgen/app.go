package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/term"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// app is what all commands share: the streams and the common flags.
type app struct {
	stdout, stderr io.Writer
	annotations    io.Writer // stdout as it is: annotations are commands on purpose, and escape what they hold
	dir, out       string
	format, color  string
	strict, quiet  bool
	jobs           int
}

// validate checks the common flags; formats are those that the command knows.
func (a *app) validate(formats []string) error {
	if !slices.Contains(formats, a.format) {
		last := len(formats) - 1
		return hinted{fmt.Errorf("unknown format %q", a.format), strings.Join(formats[:last], ", ") + " and " + formats[last] + " are known"}
	}
	switch a.color {
	case "auto", "always", "never":
	default:
		return hinted{fmt.Errorf("unknown colour setting %q", a.color), "auto, always and never are known"}
	}
	if a.jobs < 0 {
		return hinted{fmt.Errorf("-j %d is not a number of things to do at once", a.jobs), "give 1 or more, or leave it out"}
	}
	if a.jobs > 0 {
		runtime.GOMAXPROCS(a.jobs)
	}
	return nil
}

// errNoProject says that the command does not run in a project.
var errNoProject = errors.New("there is no skillgen.yaml here or above")

// workspace is an opened project folder.
type workspace struct {
	dir  string // absolute
	tree *source.Tree
}

// start is the folder in which the command works, absolute.
func (a *app) start() (string, error) {
	dir, err := filepath.Abs(a.dir)
	if err != nil {
		return "", fmt.Errorf("finding the folder: %w", err)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", hinted{fmt.Errorf("%s is not a folder", a.dir), "give -C an existing folder"}
	}
	return dir, nil
}

// open finds the folder of skillgen.yaml, in -C or above it, and opens it.
func (a *app) open() (*workspace, error) {
	start, err := a.start()
	if err != nil {
		return nil, err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, "skillgen.yaml")); err == nil {
			tree, err := source.Open(dir)
			if err != nil {
				return nil, fmt.Errorf("opening the project: %w", err)
			}
			return &workspace{dir: dir, tree: tree}, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("finding the project: %w", err)
		}
		if dir == filepath.Dir(dir) {
			return nil, hinted{errNoProject, "`skillgen init` starts a project"}
		}
	}
}

// compile runs all phases but the last.
func (a *app) compile(w *workspace, o generator.Options) (*generator.Compilation, error) {
	o.Skillgen = version
	c, err := generator.Compile(w.tree, o)
	if errors.Is(err, project.ErrNoProject) {
		return nil, hinted{err, "`skillgen init` starts a project"}
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// show prints findings: to stderr as text, to stdout in the formats that machines read.
func (a *app) show(w *workspace, findings []diag.Finding) error {
	switch a.format {
	case "json":
		return diag.JSON(a.stdout, findings)
	case "github":
		return diag.GitHub(a.annotations, findings, w.gitPrefix())
	}
	return diag.Print(a.stderr, findings, a.colours(a.stderr))
}

// verdict prints the findings and turns them into the command's error.
func (a *app) verdict(w *workspace, c *generator.Compilation) error {
	if err := a.show(w, c.Findings); err != nil {
		return fmt.Errorf("printing findings: %w", err)
	}
	if c.Failed(a.strict) {
		return errContent
	}
	return nil
}

// colours reports whether out takes ANSI colours.
func (a *app) colours(out io.Writer) bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	f, ok := out.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// gitPrefix is the way from the top of the git work tree to the project.
func (w *workspace) gitPrefix() string { return gitPrefix(w.dir) }

// gitPrefix is the way from the top of the git work tree to a folder, with a final slash; empty where they are one, or there is no git.
// GitHub resolves annotations from the top.
func gitPrefix(folder string) string {
	for dir := folder; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			rel, err := filepath.Rel(dir, folder)
			if err != nil || rel == "." {
				return ""
			}
			return filepath.ToSlash(rel) + "/"
		}
	}
	return ""
}

// path makes a path of the command line absolute. Like everything else there it counts from -C.
func (a *app) path(name string) (string, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(a.dir, name)
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", name, err)
	}
	return abs, nil
}

// outputDir is the absolute output folder, and its path from the project's folder where it lies inside.
func (a *app) outputDir(w *workspace, fallback string) (abs, rel string, err error) {
	abs = filepath.Join(w.dir, filepath.FromSlash(fallback))
	if a.out != "" {
		if abs, err = a.path(a.out); err != nil {
			return "", "", err
		}
	}
	rel, _ = inside(w.dir, abs)
	return abs, rel, nil
}
