package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"skillgen/generator"
	"skillgen/generator/diag"
)

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "explain WHAT",
		Short: "Say where a line of a skill comes from, or where a line of a source goes",
		Long: `explain answers both ways. WHAT is
  a line of an output (dist/skills/acme-go/SKILL.md:120): its source file and line;
  a sentence, in quotes: every place where it stands, and the source of each;
  a line of a source (website/docs/identify.md:12): every skill and line that it reaches.
The project is compiled in memory; nothing is written.`,
		Example: `  skillgen explain dist/skills/acme-go/SKILL.md:120
  skillgen explain "Call identify after log-in"
  skillgen explain frameworks/tags/go.md:3`,
		Args: oneArg,
		RunE: func(_ *cobra.Command, args []string) error { return runExplain(a, args[0]) },
	}
}

func runExplain(a *app, what string) error {
	w, err := a.open()
	if err != nil {
		return err
	}
	c, err := a.compile(w, generator.Options{})
	if err != nil {
		return err
	}
	if c.Skills == nil {
		if err := a.verdict(w, c); err != nil {
			return err
		}
	}
	spots, err := a.answer(w, c, what)
	if err != nil {
		return err
	}
	return printSpots(a, c, spots)
}

// answer decides which of the three questions is asked.
func (a *app) answer(w *workspace, c *generator.Compilation, what string) ([]generator.Spot, error) {
	file, line, ok := generator.Place(what)
	if !ok {
		spots := c.Sentence(what)
		if len(spots) == 0 {
			return nil, hinted{fmt.Errorf("no skill holds %q", what), "quote a sentence of a skill, or give FILE:LINE of an output or a source"}
		}
		return spots, nil
	}
	file = a.fromProject(w, file)
	out, _, err := a.outputDir(w, c.Project.Config.Paths.Dist)
	if err != nil {
		return nil, err
	}
	if rel, err := filepath.Rel(out, filepath.Join(w.dir, filepath.FromSlash(file))); err == nil && !strings.HasPrefix(rel, "..") {
		spot, err := c.OutputLine(filepath.ToSlash(rel), line)
		return []generator.Spot{spot}, err
	}
	spots := c.SourceLine(file, line)
	if len(spots) == 0 {
		return nil, hinted{fmt.Errorf("no skill holds anything of %s:%d", file, line), "paths count from the project's folder; a line that is left out of every skill has no place"}
	}
	return spots, nil
}

// fromProject turns a path as the user sees it into one from the project's folder.
func (a *app) fromProject(w *workspace, file string) string {
	if strings.HasPrefix(file, "builtin:") {
		return file
	}
	start, err := filepath.Abs(a.dir)
	if err != nil {
		return filepath.ToSlash(file)
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(start, file)
	}
	rel, err := filepath.Rel(w.dir, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// maxShown keeps an answer about a fleet readable; --quiet prints every place, one a line.
const maxShown = 40

func printSpots(a *app, c *generator.Compilation, spots []generator.Spot) error {
	dist := c.Project.Config.Paths.Dist
	last := ""
	for i, s := range spots {
		out := fmt.Sprintf("%s/skills/%s/%s:%d", dist, s.Skill, s.File, s.Line)
		if a.quiet {
			fmt.Fprintf(a.stdout, "%s\t%s\n", diag.Terminal(out), diag.Terminal(origin(s)))
			continue
		}
		if i == maxShown {
			fmt.Fprintf(a.stdout, "… and %d more places (--quiet lists all)\n", len(spots)-i)
			break
		}
		if from := origin(s); from != last {
			fmt.Fprintln(a.stdout, diag.Terminal(from))
			fmt.Fprintf(a.stdout, "  | %s\n", diag.Terminal(s.Text))
			last = from
		}
		fmt.Fprintf(a.stdout, "  → %s\n", diag.Terminal(out))
	}
	return nil
}

func origin(s generator.Spot) string {
	from := s.Source
	if s.SourceAt > 0 {
		from = fmt.Sprintf("%s:%d", s.Source, s.SourceAt)
	}
	if s.Generated {
		from += " (written by skillgen because of it)"
	}
	return from
}
