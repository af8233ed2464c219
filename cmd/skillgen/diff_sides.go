package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"skillgen/generator"
	"skillgen/generator/project"
	"skillgen/generator/prosediff"
	"skillgen/generator/source"
)

// differ is one run of `skillgen diff`.
type differ struct {
	app     *app
	options diffOptions
	dir     string     // absolute: where the paths of sides count from
	home    *workspace // the project; where there is none, dir
	project bool       // whether there is one
	prefix  string     // way from the top of the git work tree to what the places of the revision count from
	accept  acceptPlace
	next    string // the version that is to be released; empty where there is none
	trees   []io.Closer
}

func (d *differ) close() {
	for _, t := range d.trees {
		t.Close() //nolint:errcheck // only read from
	}
}

// edition is one of the two sides.
type edition struct {
	prosediff.Side
	settings *settings // what its project says of the gate; nil for a folder or an archive, which have no project
	prefix   string    // way from the top of the git work tree to what its places count from
	notes    []string

	versionFrom string // where its version stands, for people
}

// absent says that a side, which may well be there at another time, is not there. A base that is absent can be let pass.
type absent struct{ message, hint string }

func (e *absent) Error() string { return e.message }

// openError gives the error of a side its hint, unless it has one.
func openError(err error) error {
	var has hinted
	var open *prosediff.OpenError
	var gone *absent
	switch {
	case errors.As(err, &has):
	case errors.As(err, &open) && open.Hint != "":
		return hinted{err, open.Hint}
	case errors.As(err, &gone) && gone.hint != "":
		return hinted{err, gone.hint}
	}
	return err
}

// compare reads both sides and compares them. args are those of the command.
func (d *differ) compare(args []string) (*prosediff.Report, error) {
	if err := d.enter(len(args)); err != nil {
		return nil, err
	}
	revision, err := d.revision(args)
	if err != nil {
		return nil, openError(err)
	}
	d.prefix = revision.prefix
	base, err := d.base(args, revision)
	if err != nil {
		return nil, openError(err)
	}
	return d.judge(base, revision)
}

// enter finds out where the command runs. Two named sides need no project.
func (d *differ) enter(named int) error {
	dir, err := d.app.path(".")
	if err != nil {
		return err
	}
	d.dir = dir
	d.home, err = d.app.open()
	switch {
	case err == nil:
		d.project = true
	case !errors.Is(err, errNoProject):
		return err
	case named < 2:
		return hinted{fmt.Errorf("%w, so both sides must be named", errNoProject), "for example: skillgen diff main:skills skills"}
	default:
		tree, err := source.Open(dir)
		if err != nil {
			return fmt.Errorf("opening the folder: %w", err)
		}
		d.home = &workspace{dir: dir, tree: tree}
	}
	d.trees = append(d.trees, d.home.tree)
	d.accept, err = d.acceptPlace()
	return err
}

// enterProject is enter for a command that has opened its project, and closes it.
func (d *differ) enterProject(w *workspace) (err error) {
	if d.dir, err = d.app.path("."); err != nil {
		return err
	}
	d.home, d.project = w, true
	d.accept, err = d.acceptPlace()
	return err
}

func (d *differ) revision(args []string) (*edition, error) {
	if len(args) < 2 {
		return d.compiled(d.home.tree, "project", "work tree", "")
	}
	r, err := d.side(args[1])
	if err == nil && r.settings == nil { // what lies on disk is judged by what lies on disk
		r.settings, err = d.loadSettings(d.home.tree)
	}
	return r, err
}

func (d *differ) base(args []string, revision *edition) (*edition, error) {
	spec := ""
	if len(args) > 0 {
		spec = args[0]
	} else {
		var err error
		if spec, err = d.defaultBase(revision); err != nil {
			return nil, err
		}
	}
	r, err := d.side(spec)
	var gone *absent
	if errors.As(err, &gone) {
		if d.options.allowMissingBase {
			return &edition{Side: prosediff.Side{Kind: "none", Spec: "nothing"}, notes: []string{gone.message + "; everything is new"}}, nil
		}
		hint := "name another base; or give --allow-missing-base where there can't be one yet"
		if gone.hint != "" {
			hint = gone.hint + "; or give --allow-missing-base where there can't be a base yet"
		}
		return nil, hinted{err, hint}
	}
	if err == nil && r.settings == nil {
		if target, targetErr := d.target(); targetErr == nil {
			r.settings = target
		}
	}
	return r, err
}

// defaultBase is diff.base of skillgen.yaml, else the previous release. A pull request must not choose what it is compared with: there the
// branch that it goes to says so.
func (d *differ) defaultBase(revision *edition) (string, error) {
	target, err := d.target()
	if err != nil {
		return "", err
	}
	if target == nil {
		target = revision.settings
	}
	return cmp.Or(target.gate.Base, "previous"), nil
}

// side reads what a user named.
func (d *differ) side(spec string) (*edition, error) {
	if isURL(spec) {
		return d.remote(spec)
	}
	at, err := d.app.path(filepath.FromSlash(spec))
	if err != nil {
		return nil, err
	}
	ref, folder, nested := strings.Cut(spec, ":")
	_, err = os.Lstat(at)
	switch {
	case spec == "previous":
		return d.previous()
	case err == nil && !isPath(spec) && d.isRef(ref):
		// Who proposes a change may add a folder of any name, which must not stand in for a commit.
		return nil, hinted{fmt.Errorf("%s is both a file here and a commit in git", spec), fmt.Sprintf("write ./%s for the file, refs/heads/%s for a branch, refs/tags/%s for a tag", spec, spec, spec)}
	case err == nil:
		return d.disk(spec, at)
	case isPath(spec) || isArchive(spec):
		return nil, &absent{spec + ": no such folder or archive", ""}
	case nested && ref != "":
		return d.inGit(spec, ref, folder)
	case d.project:
		return d.commit(spec, spec)
	case d.isRef(spec):
		return nil, hinted{fmt.Errorf("%s is a commit, and there is no project here to compile it", spec), fmt.Sprintf("name the folder of skills in it, for example %s:skills", spec)}
	}
	return nil, &absent{spec + ": no such folder, archive or commit", "a folder of skills in git is written REF:PATH, for example main:skills"}
}

// isPath reports whether spec can't be a ref.
func isPath(spec string) bool { return filepath.IsAbs(spec) || strings.HasPrefix(spec, ".") }

func isArchive(spec string) bool {
	ext := strings.ToLower(path.Ext(spec))
	return ext == ".zip" || ext == ".tgz" || ext == ".gz"
}

func (d *differ) isRef(ref string) bool {
	_, err := prosediff.Resolve(d.dir, ref)
	return err == nil
}

// disk reads a folder or an archive.
func (d *differ) disk(spec, at string) (*edition, error) {
	s, left, err := prosediff.Open(d.dir, spec)
	if err != nil {
		return nil, err
	}
	r := &edition{Side: s, notes: few(left), versionFrom: "its manifest.json"}
	if s.Kind == "folder" {
		r.prefix = gitPrefix(at)
		if _, err := os.Lstat(filepath.Join(at, "skillgen.yaml")); err == nil {
			r.notes = append(r.notes, spec+" is a project: its files were compared as they are, not compiled; -C compiles the work tree of a project")
		}
	}
	return r, nil
}

// few shortens what was left out to some lines.
func few(left []string) []string {
	const most = 3
	if len(left) <= most {
		return left
	}
	return append(left[:most:most], fmt.Sprintf("… and %s more left out", count(len(left)-most, "file")))
}

// inGit reads a folder of a commit.
func (d *differ) inGit(spec, ref, folder string) (*edition, error) {
	commit, err := prosediff.Resolve(d.dir, ref)
	if err != nil {
		return nil, err
	}
	if folder == "." || strings.HasPrefix(folder, "./") {
		prefix, err := prosediff.Prefix(d.dir)
		if err != nil {
			return nil, err
		}
		folder = path.Join(prefix, folder)
	}
	tree, err := d.tree(commit, folder)
	if err != nil {
		return nil, err
	}
	if entries, err := tree.ReadDir("."); err == nil && len(entries) == 0 {
		return nil, &absent{spec + ": the commit has no such folder", "the path counts from the top of the repository; with ./ before it, from here"}
	}
	s, left, err := prosediff.Open(d.dir, spec)
	if err != nil {
		return nil, err
	}
	r := &edition{Side: s, notes: few(left), versionFrom: "its manifest.json"}
	if folder = strings.Trim(path.Clean("/"+folder), "/"); folder != "" {
		r.prefix = folder + "/"
	}
	if r.Version == "" {
		if r.Version, err = commit.Version(ref); err != nil {
			return nil, err
		}
		r.versionFrom = "its tag"
	}
	if r.settings, err = d.settingsAt(commit); err != nil {
		r.notes = append(r.notes, fmt.Sprintf("the settings of the gate at %s do not count: %v", ref, err))
	}
	return r, nil
}

// tree opens a folder of a commit.
func (d *differ) tree(commit prosediff.Commit, folder string) (*source.Tree, error) {
	t, err := commit.Tree(folder)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", commit.Hex, err)
	}
	d.trees = append(d.trees, t)
	return source.New(t), nil
}

// previous compiles the last release.
func (d *differ) previous() (*edition, error) {
	tag, err := prosediff.Previous(d.home.dir, d.next)
	var none *prosediff.NoPrevious
	switch {
	case errors.As(err, &none):
		return nil, &absent{none.Error(), ""}
	case err != nil:
		return nil, err
	case !d.project:
		return nil, hinted{fmt.Errorf("the previous release is %s, and there is no project here to compile it", tag.Name), fmt.Sprintf("name the folder of skills in it, for example %s:skills", tag.Name)}
	}
	return d.commit(tag.Name, tag.Ref)
}

// commit compiles the project as it was at a commit. spec names it for people.
func (d *differ) commit(spec, ref string) (*edition, error) {
	commit, err := prosediff.Resolve(d.home.dir, ref)
	if err != nil {
		return nil, err
	}
	prefix, err := prosediff.Prefix(d.home.dir)
	if err != nil {
		return nil, err
	}
	tree, err := d.tree(commit, prefix)
	if err != nil {
		return nil, err
	}
	r, err := d.compiled(tree, "git", spec, commit.Hex)
	if err != nil {
		return nil, err
	}
	if v, err := commit.Version(ref); err != nil {
		return nil, err
	} else if v != "" {
		r.Version, r.versionFrom = v, "its tag"
	}
	return r, nil
}

// compiled compiles a project in memory. Only errors that leave nothing to compare stop it; others are counted.
func (d *differ) compiled(tree *source.Tree, kind, spec, digest string) (*edition, error) {
	o := generator.Options{}
	if digest == "" {
		o.Skillgen = version // a commit may ask for another skillgen: it is compiled by the one there is, so that only content differs
	}
	c, err := generator.Compile(tree, o)
	if errors.Is(err, project.ErrNoProject) {
		return nil, &absent{spec + " holds no skillgen.yaml", "a folder of skills in git is written REF:PATH, for example main:skills"}
	}
	if err != nil {
		return nil, fmt.Errorf("compiling %s: %w", spec, err)
	}
	return d.edition(c, tree, kind, spec, digest)
}

// edition makes a side of what was compiled.
func (d *differ) edition(c *generator.Compilation, tree *source.Tree, kind, spec, digest string) (*edition, error) {
	errs, first := errorsIn(c.Findings)
	if c.Plan == nil || errs > 0 && len(c.Skills) == 0 {
		return nil, hinted{fmt.Errorf("%s does not compile: %s", spec, first), first.hint}
	}
	side, err := c.Side(kind, spec, digest, version)
	if err != nil {
		return nil, err
	}
	r := &edition{Side: side, prefix: d.home.gitPrefix(), settings: d.settings(tree, c.Project), versionFrom: "its skillgen.yaml"}
	if errs > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s has %s, the first: %s", spec, count(errs, "error"), first))
	}
	for _, s := range c.Skills {
		if e := s.Plan.Budget.Error; e != nil {
			r.settings.budget = max(r.settings.budget, e.Skill)
		}
	}
	if kind == "git" {
		r.notes = append(d.drift(spec, c, tree), r.notes...)
	}
	return r, nil
}

// driftNote begins the note of drift.
const driftNote = "tool-drift: "

// drift notes what another skillgen made of the same commit, where the commit carries its output.
func (d *differ) drift(spec string, c *generator.Compilation, tree *source.Tree) []string {
	dist := c.Project.Config.Paths.Dist
	f, err := tree.Read(dist + "/manifest.json")
	if err != nil {
		return nil // it is no input: there need not be one
	}
	drift, err := c.DriftFrom([]byte(f.Text), version)
	if err != nil || drift.Files == 0 {
		return nil
	}
	return []string{fmt.Sprintf(driftNote+"%s changed by skillgen itself: %s was published by skillgen %s, and is compiled here by %s. To compare with what was published: skillgen diff %s:%s",
		count(drift.Files, "file"), spec, drift.Generator, version, spec, d.home.gitPrefix()+dist)}
}
