package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
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
	defer w.tree.Close()
	c, err := a.compile(w, generator.Options{})
	if err != nil {
		return err
	}
	if c.Skills == nil {
		return a.verdict(w, c)
	}
	q := &question{app: a, w: w, c: c}
	if q.out, _, err = a.outputDir(w, c.Project.Config.Paths.Dist); err != nil {
		return err
	}
	spots, err := q.answer(what)
	var none *generator.NoSpot
	switch {
	case errors.As(err, &none):
		return hinted{err, none.Hint}
	case err != nil:
		return err
	case a.format == "json":
		return q.json(spots)
	}
	return q.print(spots)
}

// question is what explain is asked, and about which skills.
type question struct {
	app *app
	w   *workspace
	c   *generator.Compilation
	out string // absolute output folder
}

// answer decides which of the three questions is asked. A text that only looks like FILE:LINE is looked for as a sentence too.
func (q *question) answer(what string) ([]generator.Spot, error) {
	file, line, ok := generator.Place(what)
	if !ok {
		return q.c.Sentence(what)
	}
	spots, err := q.place(file, line)
	if err != nil && strings.ContainsAny(file, " \t\n") {
		if found, e := q.c.Sentence(what); e == nil {
			return found, nil
		}
	}
	return spots, err
}

// place answers for a line of an output or a source. A path counts from where the command runs, as paths in a shell do, else from the project's
// folder, as those in skillgen's own messages do.
func (q *question) place(file string, line int) ([]generator.Spot, error) {
	if strings.HasPrefix(file, "builtin:") {
		return q.c.SourceLine(file, line)
	}
	here, err := q.app.path(file)
	if err != nil {
		return nil, err
	}
	paths := []string{here}
	if !filepath.IsAbs(file) {
		paths = append(paths, filepath.Join(q.w.dir, filepath.FromSlash(file)))
	}
	for _, abs := range paths {
		rel, ok := inside(q.out, abs)
		switch {
		case ok && (exists(abs) || q.c.Output(rel) != nil):
			return q.output(abs, rel, line)
		case !ok && exists(abs):
			return q.source(file, abs, line)
		}
	}
	for _, abs := range paths {
		if rel, ok := inside(q.out, abs); ok {
			return q.output(abs, rel, line)
		}
	}
	return q.source(file, paths[len(paths)-1], line)
}

func (q *question) output(abs, rel string, line int) ([]generator.Spot, error) {
	if now := q.c.Output(rel); now != nil {
		if old, err := os.ReadFile(abs); err == nil && !bytes.Equal(old, now) {
			fmt.Fprintf(q.app.stderr, "skillgen: %s is not what a build would make now: its lines may have moved\n", diag.Terminal(rel))
		}
	}
	spot, err := q.c.OutputLine(rel, line)
	return []generator.Spot{spot}, err
}

func (q *question) source(file, abs string, line int) ([]generator.Spot, error) {
	if rel, ok := inside(q.w.dir, abs); ok {
		file = rel
	}
	return q.c.SourceLine(filepath.ToSlash(file), line)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// inside returns the slash-separated path of file below dir.
func inside(dir, file string) (string, bool) {
	rel, err := filepath.Rel(dir, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

func (q *question) json(spots []generator.Spot) error {
	findings := q.c.Findings
	if findings == nil {
		findings = []diag.Finding{}
	}
	return diag.WriteJSON(q.app.stdout, struct {
		Schema   int              `json:"schema"`
		Findings []diag.Finding   `json:"findings"`
		Places   []generator.Spot `json:"places"`
	}{1, findings, spots})
}

// maxShown keeps an answer about a fleet readable; --quiet prints every place, one a line.
const maxShown = 40

func (q *question) print(spots []generator.Spot) error {
	out := q.app.out
	if out == "" {
		out = q.c.Project.Config.Paths.Dist
	}
	stdout, last := q.app.stdout, ""
	for i, s := range spots {
		place := fmt.Sprintf("%s/skills/%s/%s:%d", filepath.ToSlash(out), s.Skill, s.File, s.Line)
		if q.app.quiet {
			fmt.Fprintf(stdout, "%s\t%s\n", diag.Terminal(place), diag.Terminal(origin(s)))
			continue
		}
		if i == maxShown {
			fmt.Fprintf(stdout, "… and %s (--quiet lists all)\n", count(len(spots)-i, "more place"))
			break
		}
		if from := origin(s); from != last {
			fmt.Fprintln(stdout, diag.Terminal(from))
			fmt.Fprintf(stdout, "  | %s\n", diag.Terminal(s.Text))
			last = from
		}
		fmt.Fprintf(stdout, "  → %s\n", diag.Terminal(place))
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
