package main

import (
	"fmt"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/project"
	"skillgen/generator/release"
)

// buildOptions are the flags of `skillgen build`.
type buildOptions struct {
	layout, stages, version, report string
	check                           bool
}

func newBuild(a *app) *cobra.Command {
	var o buildOptions
	c := &cobra.Command{
		Use:   "build",
		Short: "Compile every skill into the output folder",
		Long: `build compiles every framework into a skill and writes dist/: skills/<name>/, manifest.json, report.json and provenance/.
It writes all or nothing, and only where no error stands. Files in dist that skillgen did not write, or that were edited
since, are never touched. The same input gives the same bytes on every machine.`,
		Example: `  skillgen build
  skillgen build --check             does dist hold what a build would make? writes nothing
  skillgen build --report left.json  also list everything that was left out, and why`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runBuild(a, o) },
	}
	f := c.Flags()
	f.StringVar(&o.layout, "layout", "", "flat or references, for all skills")
	f.StringVar(&o.stages, "stages", "", "files or inline, for all skills")
	f.StringVar(&o.version, "version", "", "version of the release (SemVer)")
	f.StringVar(&o.report, "report", "", "write what went in, came out and was left out to `FILE`")
	f.BoolVar(&o.check, "check", false, "compare with the output folder, write nothing, exit 1 if it differs")
	return c
}

func runBuild(a *app, o buildOptions) error {
	if err := o.validate(); err != nil {
		return err
	}
	w, err := a.open()
	if err != nil {
		return err
	}
	defer w.tree.Close()
	out, inside, err := a.earlyOutput(w)
	if err != nil {
		return err
	}
	c, err := a.compile(w, generator.Options{Version: o.version, Layout: project.Layout(o.layout), Stages: project.StageMode(o.stages), Out: inside})
	if err != nil {
		return err
	}
	if c.Failed(a.strict) {
		return a.verdict(w, c)
	}
	if a.out == "" {
		if out, _, err = a.outputDir(w, c.Project.Config.Paths.Dist); err != nil {
			return err
		}
	}
	return a.write(w, c, o, out)
}

func (o *buildOptions) validate() error {
	if o.layout != "" && o.layout != string(project.Flat) && o.layout != string(project.References) {
		return hinted{fmt.Errorf("unknown layout %q", o.layout), "flat and references are known"}
	}
	if o.stages != "" && o.stages != string(project.StageFiles) && o.stages != string(project.StageInline) {
		return hinted{fmt.Errorf("unknown form of stages %q", o.stages), "files and inline are known"}
	}
	if o.version != "" && !project.ValidVersion(o.version) {
		return hinted{fmt.Errorf("%q is not a version", o.version), "give a SemVer such as 1.4.0, without v"}
	}
	return nil
}

// earlyOutput is where --out says; paths.dist of skillgen.yaml is always inside and known only later.
func (a *app) earlyOutput(w *workspace) (abs, inside string, err error) {
	if a.out == "" {
		return "", "", nil
	}
	return a.outputDir(w, "")
}

// write puts the skills into the output folder, or compares them with it.
func (a *app) write(w *workspace, c *generator.Compilation, o buildOptions, out string) error {
	dist, err := a.openDist(w, c, out)
	if err != nil {
		return err
	}
	defer dist.Close()
	outputs, err := c.Outputs(version)
	if err != nil {
		return err
	}
	inputs := c.ReportInputs()
	if o.check {
		return a.compare(w, c, dist, outputs, inputs)
	}
	result, findings, err := dist.Pack(outputs, inputs)
	if err != nil {
		return err
	}
	c.Findings = diag.Sort(append(c.Findings, findings...))
	if err := a.verdict(w, c); err != nil {
		return err
	}
	if err := a.writeReport(o.report, c, outputs, inputs); err != nil {
		return err
	}
	if !a.quiet && a.format == "text" {
		return printBuilt(a, c, result)
	}
	return nil
}

// openDist opens the output folder for what was compiled.
func (a *app) openDist(w *workspace, c *generator.Compilation, out string) (*release.Dist, error) {
	paths := c.Project.Config.Paths
	dist, err := release.Open(release.Options{
		Out: out, Project: w.dir, Strict: a.strict,
		Inputs: append([]string{paths.Frameworks, paths.Templates, paths.Website, paths.Examples}, exampleInputs(c)...),
	})
	if err != nil {
		return nil, hinted{err, "nothing was written"}
	}
	return dist, nil
}

// exampleInputs lists the airplanes; one at "." is the project itself, and its own files are never part of it.
func exampleInputs(c *generator.Compilation) []string {
	var dirs []string
	for _, s := range c.Skills {
		for _, p := range s.Plan.Airplanes {
			if p.Dir != "." && !slices.Contains(dirs, p.Dir) {
				dirs = append(dirs, p.Dir)
			}
		}
	}
	return dirs
}

// compare is `build --check`.
func (a *app) compare(w *workspace, c *generator.Compilation, dist *release.Dist, outputs []release.Output, inputs []release.Input) error {
	diff, findings, err := dist.Check(outputs, inputs)
	if err != nil {
		return err
	}
	c.Findings = diag.Sort(append(c.Findings, findings...))
	if err := a.verdict(w, c); err != nil {
		return err
	}
	if diff.Empty() {
		if !a.quiet && a.format == "text" {
			fmt.Fprintln(a.stdout, "up to date")
		}
		return nil
	}
	if a.format == "text" {
		for _, d := range []struct {
			what  string
			paths []string
		}{{"missing", diff.Missing}, {"changed", diff.Changed}, {"extra", diff.Extra}} {
			for _, p := range d.paths {
				fmt.Fprintf(a.stdout, "%s  %s\n", d.what, diag.Terminal(p))
			}
		}
	}
	return errContent
}

func (a *app) writeReport(file string, c *generator.Compilation, outputs []release.Output, inputs []release.Input) error {
	if file == "" {
		return nil
	}
	name, err := a.path(file)
	if err != nil {
		return err
	}
	r := release.Report{Inputs: inputs, Outputs: outputs, Left: c.LeftOut()}
	if err := os.WriteFile(name, r.Encode(), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// maxRows keeps the table of a fleet readable; `skillgen list` shows all.
const maxRows = 30

// printBuilt prints a table of skills and what happened to the files.
func printBuilt(a *app, c *generator.Compilation, r release.Result) error {
	t := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "TOKENS\thead\tguidance\tdocs\texample\tstages\t  SKILL")
	var sum emit.Tokens
	for i, s := range c.Skills {
		k := s.Tokens
		sum.Total += k.Total
		if i < maxRows {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t  %s\n", thousands(k.Total), thousands(k.Head), thousands(k.Guidance), thousands(k.Docs), thousands(k.Example), thousands(k.Stages), s.Plan.Name)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	if more := len(c.Skills) - maxRows; more > 0 {
		fmt.Fprintf(a.stdout, "… and %d more: skillgen list\n", more)
	}
	fmt.Fprintf(a.stdout, "\n%s, %s tokens (o200k_base; other tokenizers differ)\n", count(len(c.Skills), "skill"), thousands(sum.Total))
	fmt.Fprintf(a.stdout, "%s written, %d unchanged, %d removed%s\n", count(len(r.Written), "file"), r.Kept, len(r.Removed), leftOut(c))
	return nil
}

func leftOut(c *generator.Compilation) string {
	if len(c.Left) == 0 {
		return ""
	}
	return fmt.Sprintf("; %s left out of airplanes (--report FILE says why)", count(len(c.Left), "file"))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}
