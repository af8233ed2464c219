package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"skillgen/generator/diag"
	"skillgen/generator/prosediff"
)

// diffOptions are the flags of `skillgen diff`.
type diffOptions struct {
	outputs                       []string // FORMAT=FILE
	failOn, level, skill, explain string
	accept, gateConfig            string
	only                          []string
	writeAccept, stat, noGroup    bool
	allowMissingBase              bool
	allowPrivate                  bool
}

func newDiff(a *app) *cobra.Command {
	var o diffOptions
	c := &cobra.Command{
		Use:   "diff [BASE] [REVISION]",
		Short: "Review what changed in skills: what could hurt an agent first",
		Long: `diff says what changed in meaning between two releases of skills: weakened rules, renamed variables, removed stages, new hosts and
commands; then what else changed; and it folds what nobody needs to read (wrapping, moved text, stamps).

BASE and REVISION are each
  a folder of skills, whoever wrote them, or a .zip or .tar.gz of one;
  REF:PATH, a folder of skills in git (main:skills; with ./ before the path it counts from here, else from the top of the repository);
  REF, a commit of this project (HEAD, v1.4.0), compiled in memory by this skillgen, so that only content differs;
  previous, the highest release tag that HEAD can reach;
  the URL of a published release: of its release.json, or of an archive. Digests are those that release.json lists, or it is refused.
BASE is by default diff.base of skillgen.yaml (in a pull request: as its target has it), else previous; REVISION is the work tree.
No project is needed to compare folders. What is both a file and a ref is refused: write ./NAME or refs/heads/NAME.

Changes that a person has agreed to stand in .skillgen/accept.yaml, each with a reason; --write-accept drafts the entries.

Exit: 0 nothing at or above the gate, 1 the gate was hit, 2 usage or a side that can't be read.`,
		Example: `  skillgen diff main:skills skills        two folders of skills, no project needed
  skillgen diff                           the work tree against the previous release
  skillgen diff https://acme.example/skills/release.json   against what is published
  skillgen diff HEAD -f markdown          as one pull-request comment
  skillgen diff HEAD -o html=diff.html -o json=diff.json
  skillgen diff --explain rule-weakened`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return hinted{fmt.Errorf("diff compares two sides, and got %d", len(args)), "usage: skillgen diff [BASE] [REVISION]"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if a.strict && !c.Flags().Changed("fail-on") {
				o.failOn = "warning"
			}
			return runDiff(a, o, args)
		},
	}
	f := c.Flags()
	f.StringVarP(&a.format, "format", "f", "text", "text, markdown (one comment), html (one file), json or github (annotations)")
	f.StringArrayVarP(&o.outputs, "output", "o", nil, "also write `FORMAT=FILE`; may be given several times")
	f.StringVar(&o.failOn, "fail-on", "error", "the gate: error, warning, any or never; it counts everything, shown or not")
	f.StringVar(&o.level, "level", "all", "show only error, warning and above, info and above, or all")
	f.StringVar(&o.skill, "skill", "", "show only skills that match `GLOB`")
	f.StringSliceVar(&o.only, "only", nil, "show only these `KINDS` of change, with commas between them")
	f.BoolVar(&o.stat, "stat", false, "show counts only")
	f.BoolVar(&o.noGroup, "no-group", false, "list equal edits one by one")
	f.StringVar(&o.accept, "accept", "", "`FILE` of accepted changes (default .skillgen/accept.yaml of the project)")
	f.BoolVar(&o.writeAccept, "write-accept", false, "draft entries for what the gate hits; each needs a reason")
	f.StringVar(&o.gateConfig, "gate-config", "revision", "whose gate settings count: base or revision")
	f.StringVar(&o.explain, "explain", "", "say what a kind of change (`ID`) means, and stop")
	f.BoolVar(&o.allowMissingBase, "allow-missing-base", false, "where there is no base yet, everything is new")
	f.BoolVar(&o.allowPrivate, "allow-private", false, "also download from private and loopback addresses")
	return c
}

// diffFormat is a format of a comparison. prefix is the way from the top of the git work tree to what the places of the revision count from.
type diffFormat struct {
	name  string
	write func(w io.Writer, r *prosediff.Report, v prosediff.View, prefix string) error
}

// diffFormats are the formats beside text, which asks the terminal.
var diffFormats = []diffFormat{
	{"markdown", func(w io.Writer, r *prosediff.Report, v prosediff.View, _ string) error {
		return prosediff.Markdown(w, r, v)
	}},
	{"html", func(w io.Writer, r *prosediff.Report, v prosediff.View, _ string) error {
		return prosediff.HTML(w, r, v)
	}},
	{"json", func(w io.Writer, r *prosediff.Report, _ prosediff.View, _ string) error { return prosediff.JSON(w, r) }},
	{"github", prosediff.GitHub},
}

// formatsOf lists the formats that a command takes.
func formatsOf(c *cobra.Command) []string {
	if c.Name() != "diff" {
		return []string{"text", "json", "github"}
	}
	names := []string{"text"}
	for _, f := range diffFormats {
		names = append(names, f.name)
	}
	return names
}

func runDiff(a *app, o diffOptions, args []string) error {
	if o.explain != "" {
		return explainKind(a, o.explain)
	}
	view, err := o.view()
	if err != nil {
		return err
	}
	outputs, err := o.parseOutputs()
	if err != nil {
		return err
	}
	thrifty()
	d := differ{app: a, options: o}
	defer d.close()
	report, err := d.compare(args)
	if err != nil {
		return err
	}
	if o.writeAccept {
		return d.writeAccept(report, view)
	}
	for _, out := range outputs {
		if err := d.writeFile(out, report, view); err != nil {
			return err
		}
	}
	if err := d.print(report, view); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if report.Gate.Failed {
		return errContent
	}
	return nil
}

// thrifty is for commands that hold much at once, such as both sides of a comparison: a fifth more processor time for a quarter less memory.
func thrifty() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}

// view checks the flags that say what is shown and judged.
func (o *diffOptions) view() (prosediff.View, error) {
	v := prosediff.View{Stat: o.stat}
	if !slices.Contains([]string{"error", "warning", "any", "never"}, o.failOn) {
		return v, hinted{fmt.Errorf("unknown gate %q", o.failOn), "--fail-on takes error, warning, any or never"}
	}
	if !slices.Contains([]string{"base", "revision"}, o.gateConfig) {
		return v, hinted{fmt.Errorf("unknown side %q", o.gateConfig), "--gate-config takes base or revision"}
	}
	if o.level != "all" {
		level, err := prosediff.ParseLevel(o.level)
		if err != nil {
			return v, hinted{fmt.Errorf("unknown level %q", o.level), "--level takes error, warning, info or all"}
		}
		v.Level = level
	}
	if o.skill != "" {
		if _, err := path.Match(o.skill, ""); err != nil {
			return v, hinted{fmt.Errorf("%q is no pattern", o.skill), "such as 'acme-python-*'"}
		}
		v.Skill = func(name string) bool {
			ok, _ := path.Match(o.skill, name)
			return ok
		}
	}
	for _, id := range o.only {
		if _, ok := prosediff.Lookup(id); !ok {
			return v, unknownKind(id)
		}
		if v.Only == nil {
			v.Only = map[string]bool{}
		}
		v.Only[id] = true
	}
	return v, nil
}

func unknownKind(id string) error {
	return hinted{fmt.Errorf("there is no kind of change %q", id), prosediff.SuggestKind(id)}
}

// output is one more report to write.
type output struct{ format, file string }

func (o *diffOptions) parseOutputs() ([]output, error) {
	var outputs []output
	for _, s := range o.outputs {
		format, file, ok := strings.Cut(s, "=")
		known := format == "text" || slices.ContainsFunc(diffFormats, func(f diffFormat) bool { return f.name == format })
		if !ok || file == "" || !known {
			return nil, hinted{fmt.Errorf("-o %q is not FORMAT=FILE", s), "such as -o html=diff.html; the formats are those of -f"}
		}
		if slices.ContainsFunc(outputs, func(other output) bool { return other.file == file }) {
			return nil, hinted{fmt.Errorf("two reports would be written to %s", file), "give each -o a file of its own"}
		}
		outputs = append(outputs, output{format, file})
	}
	return outputs, nil
}

// print writes the report in the format of -f to stdout.
func (d *differ) print(r *prosediff.Report, v prosediff.View) error {
	out := d.app.stdout
	switch d.app.format {
	case "text":
		return prosediff.Text(out, r, v, width(out), d.app.colours(out))
	case "github":
		out = d.app.annotations
	}
	return d.write(out, d.app.format, r, v)
}

// plainWidth is how wide text is where there is no terminal.
const plainWidth = 100

// width is the width of the terminal.
func width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return plainWidth
}

// write writes the report in a format, as for a file.
func (d *differ) write(w io.Writer, format string, r *prosediff.Report, v prosediff.View) error {
	for _, f := range diffFormats {
		if f.name == format {
			return f.write(w, r, v, d.prefix)
		}
	}
	return prosediff.Text(w, r, v, plainWidth, false)
}

func (d *differ) writeFile(out output, r *prosediff.Report, v prosediff.View) error {
	var b bytes.Buffer
	if err := d.write(&b, out.format, r, v); err != nil {
		return err
	}
	name, err := d.app.path(out.file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// explainKind says what a kind of change means.
func explainKind(a *app, id string) error {
	k, ok := prosediff.Lookup(id)
	if !ok {
		return unknownKind(id)
	}
	text := fmt.Sprintf("%s (%s, about %s)\n  %s\n", k.ID, k.Level, k.Area, k.Purpose)
	if k.Mirror != "" && k.Mirror != k.ID {
		text += fmt.Sprintf("  The other way round it is %s.\n", k.Mirror)
	}
	_, err := io.WriteString(a.stdout, text)
	return err
}

// today is when acceptances expire: the only clock that a comparison knows.
func today() string { return time.Now().UTC().Format(time.DateOnly) }

// fault is an error of a side in one line.
type fault struct{ text, hint string }

func (f fault) String() string { return f.text }

// errorsIn counts the errors among findings, and returns the first.
func errorsIn(findings []diag.Finding) (n int, first fault) {
	for _, f := range findings {
		if f.Severity != diag.Error {
			continue
		}
		if n++; n == 1 {
			first = fault{where(f.Place) + f.Message, f.Hint}
		}
	}
	return n, first
}

// where writes a place before what is said of it.
func where(p diag.Place) string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File + ": "
	}
	return fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, max(p.Col, 1))
}
