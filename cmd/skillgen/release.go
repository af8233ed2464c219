package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/release"
)

// releaseOptions are the flags of `skillgen release`.
type releaseOptions struct {
	version, base, force, gateConfig string
	allowMissingBase, allowPrivate   bool
	forced                           bool // --force was given, perhaps empty
	check                            bool
	expect                           string
}

func newRelease(a *app) *cobra.Command {
	var o releaseOptions
	c := &cobra.Command{
		Use:   "release --version VERSION | --check [DIR]",
		Short: "Build, and pack a release that every consumer takes",
		Long: `release builds, checks and packs: beside what build writes, dist/ then holds archives, indexes and manifests for every consumer, a
site, RELEASE_NOTES.md from a comparison with the release before, release.json and SHA256SUMS. It writes files only: tagging and
uploading are up to you, or your CI. The same input gives the same bytes on every machine.

It is refused where an error stands, or where VERSION is not above that of the release before. What that is compared with is --base,
else diff.base of skillgen.yaml, else the highest release tag that HEAD can reach; see skillgen diff. A first release has none:
--allow-missing-base. With release: {semver: enforce} in skillgen.yaml it is also refused where the changes ask for a higher version;
--force REASON makes it all the same, and the notes carry the reason.

release --check looks at a release, an extracted one or dist/, and writes nothing: every file must be listed in SHA256SUMS with its
digest, manifests and indexes must agree, archives must hold their skills. It prints "consistent"; and "authentic" where SHA256SUMS
has the digest that --expect names, which must come from somewhere else than the release itself.

Exit: 0 done, 1 refused or not consistent, 2 usage or a base that can't be read.`,
		Example: `  skillgen release --version 1.0.0 --allow-missing-base   the first one
  skillgen release --version 1.4.0
  skillgen release --version 1.4.1 --base https://acme.example/skills/release.json
  skillgen release --version 1.4.1 --force "the rule was never right"
  skillgen release --check dist
  skillgen release --check skills-1.4.0 --expect sha256:4b1c…`,
		Args: func(c *cobra.Command, args []string) error {
			if o.check && len(args) <= 1 {
				return nil
			}
			return noArgs(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.forced = c.Flags().Changed("force")
			if err := o.validate(c); err != nil {
				return err
			}
			if o.check {
				return runReleaseCheck(a, o, args)
			}
			return runRelease(a, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.version, "version", "", "version of the release (SemVer; default: that of skillgen.yaml)")
	f.StringVar(&o.base, "base", "", "what to compare with, as skillgen diff takes it")
	f.StringVar(&o.force, "force", "", "release although the changes ask for a higher version; the `REASON` stands in the notes")
	f.StringVar(&o.gateConfig, "gate-config", "revision", "whose allowed hosts and budgets count: base or revision")
	f.BoolVar(&o.allowMissingBase, "allow-missing-base", false, "where there is no base yet, this is the first release")
	f.BoolVar(&o.allowPrivate, "allow-private", false, "also download the base from private and loopback addresses")
	f.BoolVar(&o.check, "check", false, "look at the release in DIR (default: the output folder), write nothing")
	f.StringVar(&o.expect, "expect", "", "with --check: the `DIGEST` that SHA256SUMS must have, sha256:<hex>")
	return c
}

func (o *releaseOptions) validate(c *cobra.Command) error {
	switch {
	case o.check:
		for _, name := range []string{"version", "base", "force", "gate-config", "allow-missing-base", "allow-private"} {
			if c.Flags().Changed(name) {
				return hinted{fmt.Errorf("--check only looks, so --%s does not go with it", name), "leave it out"}
			}
		}
		if _, ok := strings.CutPrefix(o.expect, "sha256:"); o.expect != "" && (!ok || len(o.expect) != len("sha256:")+64) {
			return hinted{fmt.Errorf("%q is no digest", o.expect), "such as sha256:, then 64 hexadecimal digits"}
		}
	case o.expect != "":
		return hinted{errors.New("--expect goes with --check only"), "`skillgen release --check DIR --expect sha256:…`"}
	case o.version != "" && !project.ValidVersion(o.version):
		return hinted{fmt.Errorf("%q is not a version", o.version), "give a SemVer such as 1.4.0, without v"}
	case o.forced && strings.TrimSpace(o.force) == "":
		return hinted{errors.New("--force needs a reason"), "it stands in the notes of the release, for those who use the skills"}
	case o.gateConfig != "base" && o.gateConfig != "revision":
		return hinted{fmt.Errorf("unknown side %q", o.gateConfig), "--gate-config takes base or revision"}
	}
	return nil
}

// releaser is one run of `skillgen release`.
type releaser struct {
	app     *app
	options releaseOptions
	w       *workspace
	c       *generator.Compilation
	version string
	base    *edition
	with    generator.Comparison
	notes   []string // for who runs the command
}

func runRelease(a *app, o releaseOptions) error {
	thrifty()
	w, err := a.open()
	if err != nil {
		return err
	}
	defer w.tree.Close()
	out, inside, err := a.earlyOutput(w)
	if err != nil {
		return err
	}
	c, err := a.compile(w, generator.Options{Version: o.version, Out: inside})
	if err != nil {
		return err
	}
	r := &releaser{app: a, options: o, w: w, c: c, version: o.version}
	if c.Failed(a.strict) {
		return r.show(release.Result{})
	}
	if a.out == "" {
		if out, _, err = a.outputDir(w, c.Project.Config.Paths.Dist); err != nil {
			return err
		}
	}
	if r.version = c.Plan.Version; o.version == "" && c.Project.Config.Version.S == "" {
		return hinted{errors.New("a release needs a version"), "give --version, or set `version` in skillgen.yaml"}
	}
	if err := r.compare(); err != nil {
		return err
	}
	c.Findings = diag.Sort(append(append(c.Findings, c.CheckRelease()...), r.judge()...))
	if c.Failed(a.strict) {
		return r.show(release.Result{})
	}
	return r.write(out)
}

// compare reads the base and compares the skills with it.
func (r *releaser) compare() error {
	o := r.options
	d := &differ{app: r.app, next: r.version, options: diffOptions{
		gateConfig: o.gateConfig, allowMissingBase: o.allowMissingBase, allowPrivate: o.allowPrivate,
	}}
	defer d.close()
	if err := d.enterProject(r.w); err != nil {
		return err
	}
	revision, err := d.edition(r.c, r.w.tree, "project", r.version, "")
	if err != nil {
		return err
	}
	revision.Version = r.version
	var args []string
	if o.base != "" {
		args = []string{o.base}
	}
	base, err := d.base(args, revision)
	if err != nil {
		return openError(err)
	}
	r.notes = slices.Concat(base.notes, revision.notes)
	if base.Kind == "none" {
		return nil
	}
	r.base = base
	r.with.Base = &release.Base{Name: baseName(base), Kind: base.Kind, Version: base.Version, Digest: base.Digest}
	// What a user typed may be a path of this machine: in the release the base is called by what it is.
	base.Spec = r.with.Base.Name
	r.with.Report = d.measure(base, revision)
	return nil
}

// baseName is what people call a base: its version, else its commit or digest, cut short.
func baseName(e *edition) string {
	if e.Version != "" && e.Version != defaultVersion {
		return e.Version
	}
	algorithm, hexed, ok := strings.Cut(e.Digest, ":")
	if !ok {
		return "commit " + e.Digest[:min(len(e.Digest), 12)]
	}
	return algorithm + ":" + hexed[:min(len(hexed), 12)]
}

// defaultVersion is that of a project which states none: it was never released.
const defaultVersion = "0.0.0-dev"

// judge reports what is wrong with the version, as findings about skillgen.yaml, and notes what the changes ask for.
func (r *releaser) judge() []diag.Finding {
	if r.base == nil {
		r.forcedInVain()
		return nil
	}
	at := diag.Place{File: r.c.Project.Config.File.Path}
	if r.options.version == "" {
		at = r.c.Project.Config.Version.At.Place()
	}
	if v := r.base.Version; v == "" {
		r.notes = append(r.notes, "the version of the base is not known, so this one was not compared with it")
	} else if project.CompareVersions(r.version, v) <= 0 {
		return []diag.Finding{diag.New("release-version", at, fmt.Sprintf("the version %s is not above %s, that of the base (from %s)", r.version, v, r.base.versionFrom),
			"give a higher --version; or name the release before this one with --base")}
	}
	return r.judgeChanges(at)
}

// judgeChanges holds the version against what the changes ask for.
func (r *releaser) judgeChanges(at diag.Place) []diag.Finding {
	asked := r.with.Report.Summary.Semver
	known := asked.Version != ""
	low := asked.Bump != "none" && (!known || project.CompareVersions(core(r.version), asked.Version) < 0)
	if !low {
		r.forcedInVain()
		return nil
	}
	if r.options.forced {
		r.with.Forced = strings.TrimSpace(r.options.force)
		return nil
	}
	const most = 5
	lines, more := r.with.Report.Asking(most)
	if more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	next := ""
	if known {
		next = ", " + asked.Version
	}
	what := fmt.Sprintf("the changes ask for a %s version%s: %s", asked.Bump, next, strings.Join(lines, "; "))
	if r.c.Project.Config.Release.Semver != "enforce" {
		if known {
			r.notes = append(r.notes, what)
		}
		return nil
	}
	if !known {
		what += fmt.Sprintf(". Whether %s is one can't be told: the version of the base is not known", r.version)
	}
	return []diag.Finding{diag.New("release-semver", at, what, `raise the version; or release it all the same with --force "reason", which the notes carry`)}
}

func (r *releaser) forcedInVain() {
	if r.options.forced {
		r.notes = append(r.notes, "--force was not needed, and the notes of the release don't speak of it")
	}
}

// core is a version without pre-release and build.
func core(v string) string {
	v, _, _ = strings.Cut(v, "+")
	v, _, _ = strings.Cut(v, "-")
	return v
}

func (r *releaser) sayNotes() {
	if r.app.quiet {
		return
	}
	for _, n := range r.notes {
		fmt.Fprintf(r.app.stderr, "note: %s\n", diag.Terminal(n))
	}
}

// write packs the release.
func (r *releaser) write(out string) error {
	a, c := r.app, r.c
	dist, err := a.openDist(r.w, c, out)
	if err != nil {
		return err
	}
	defer dist.Close()
	edition, err := c.Edition(version, r.with)
	if err != nil {
		return err
	}
	outputs, err := c.Outputs(version)
	if err != nil {
		return err
	}
	result, findings, err := dist.PackRelease(outputs, c.ReportInputs(), edition)
	if err != nil {
		return err
	}
	c.Findings = diag.Sort(append(c.Findings, findings...))
	return r.show(result)
}

// show prints what was made, or why it was not.
func (r *releaser) show(made release.Result) error {
	a := r.app
	if a.format == "json" {
		if err := diag.WriteJSON(a.stdout, r.summary(made)); err != nil {
			return fmt.Errorf("printing what was released: %w", err)
		}
		if r.c.Failed(a.strict) {
			return errContent
		}
		return nil
	}
	r.sayNotes()
	if err := a.verdict(r.w, r.c); err != nil || a.format != "text" || a.quiet {
		return err
	}
	if err := r.print(made); err != nil {
		return fmt.Errorf("printing what was released: %w", err)
	}
	return nil
}

// releaseSummary is what `release --format json` prints, whatever came of it: where nothing was written, the findings say why.
type releaseSummary struct {
	Version  string         `json:"version"`
	Base     string         `json:"base"`
	Asked    string         `json:"asked"`
	Suggests string         `json:"suggests"`
	Forced   string         `json:"forced"`
	Skills   int            `json:"skills"`
	Written  int            `json:"written"`
	Kept     int            `json:"kept"`
	Removed  int            `json:"removed"`
	Sums     string         `json:"sums"`
	Notes    []string       `json:"notes"`
	Findings []diag.Finding `json:"findings"`
}

func (r *releaser) summary(made release.Result) releaseSummary {
	s := releaseSummary{
		Version: r.version, Forced: r.with.Forced, Skills: len(r.c.Skills),
		Written: len(made.Written), Kept: made.Kept, Removed: len(made.Removed), Sums: made.Sums, Notes: r.notes, Findings: r.c.Findings,
	}
	if r.with.Report != nil {
		s.Base, s.Asked, s.Suggests = r.with.Base.Name, r.with.Report.Summary.Semver.Bump, r.with.Report.Summary.Semver.Version
	}
	if s.Notes == nil {
		s.Notes = []string{}
	}
	if s.Findings == nil {
		s.Findings = []diag.Finding{}
	}
	return s
}

func (r *releaser) print(made release.Result) error {
	since := "the first release"
	if r.base != nil {
		since = "since " + r.with.Base.Name
		if r.base.Version != "" && r.base.Version != defaultVersion {
			since += " (from " + r.base.versionFrom + ")"
		}
		s := r.with.Report.Summary
		since += fmt.Sprintf(": %s, %s, %s", count(s.Error, "error"), count(s.Warning, "warning"), count(s.Info, "note"))
	}
	tokens := 0
	for _, s := range r.c.Skills {
		tokens += s.Tokens.Total
	}
	out := r.app.stdout
	fmt.Fprintf(out, "%s %s: %s, %s tokens; %s\n", diag.Terminal(r.c.Project.Config.Product.S), r.version, count(len(r.c.Skills), "skill"), thousands(tokens), diag.Terminal(since))
	fmt.Fprintf(out, "%s written, %d unchanged, %d removed\n", count(len(made.Written), "file"), made.Kept, len(made.Removed))
	_, err := fmt.Fprintf(out, "SHA256SUMS has the digest %s\n", made.Sums)
	return err
}
