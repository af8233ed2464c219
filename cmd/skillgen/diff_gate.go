package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/prosediff"
	"skillgen/generator/source"
)

// settings are what a project says of the gate.
type settings struct {
	gate   prosediff.Gate
	budget int   // tokens that a skill may have; 0 for any number
	broken error // why the accept file can't be used
}

// judge compares under the settings of the side that --gate-config names.
func (d *differ) judge(base, revision *edition) (*prosediff.Report, error) {
	before, now := base.settings, revision.settings
	if before == nil { // a folder or an archive: what could let a change pass counts as new
		before = &settings{gate: now.gate}
		if base.Kind != "none" {
			before.gate.Accept, before.gate.Hosts = nil, nil
		}
	}
	judge := now
	if d.options.gateConfig == "base" {
		judge = before
	}
	if judge.broken != nil {
		return nil, d.showBroken(judge.broken)
	}
	notes := slices.Concat(base.notes, revision.notes, generatorNote(base, revision))
	if before.broken != nil {
		notes = append(notes, fmt.Sprintf("nothing is accepted in %s: %v", base.Spec, before.broken))
	}
	o := prosediff.Options{
		FailOn: d.options.failOn, NoGroup: d.options.noGroup, Today: today(), BaseVersion: base.Version,
		Accept: judge.gate.Accept, Hosts: judge.gate.Hosts, Budget: judge.budget,
		Gates: generator.Gates(before.without(now.gate.Accept).gate, now.gate),
		Notes: notes,
	}
	r := prosediff.Compare(base.Side, revision.Side, o)
	if left := d.living(r, o.Accept, before.gate.Accept); len(left) < len(o.Accept) {
		o.Accept = left
		r = prosediff.Compare(base.Side, revision.Side, o)
	}
	return r, nil
}

// measure compares for the notes of a release: what the project accepted is news to others, its gate is not theirs, and no clock decides. Which hosts
// and sizes are usual is up to the side that --gate-config names.
func (d *differ) measure(base, revision *edition) *prosediff.Report {
	usual := revision.settings
	if d.options.gateConfig == "base" && base.settings != nil {
		usual = base.settings
	}
	notes := generatorNote(base, revision)
	for _, n := range base.notes {
		if strings.HasPrefix(n, driftNote) {
			notes = append(notes, n)
		}
	}
	return prosediff.Compare(base.Side, revision.Side, prosediff.Options{
		FailOn: "never", BaseVersion: base.Version, Hosts: usual.gate.Hosts, Budget: usual.budget, Notes: notes,
	})
}

// without returns the settings without the entries that accept less than those of the same change in list, which so count as new.
func (s *settings) without(list []prosediff.Acceptance) *settings {
	out := *s
	out.gate.Accept = slices.DeleteFunc(slices.Clone(s.gate.Accept), func(old prosediff.Acceptance) bool {
		return slices.ContainsFunc(list, func(a prosediff.Acceptance) bool {
			longer := old.Expires != "" && (a.Expires == "" || a.Expires > old.Expires)
			wider := slices.ContainsFunc(a.Skills, func(name string) bool { return !slices.Contains(old.Skills, name) })
			return a.Fingerprint == old.Fingerprint && (longer || wider)
		})
	})
	return &out
}

// living returns the entries of list that have not ended. One ends by itself when the change that it was for is in the base: the base has the
// entry too, and nothing in the report is what it speaks of. Nobody needs to hear of it.
func (d *differ) living(r *prosediff.Report, list, before []prosediff.Acceptance) []prosediff.Acceptance {
	if !d.accept.own {
		return list // the file is none of the base's
	}
	open := map[string]bool{}
	for _, c := range r.Changes {
		open[c.Fingerprint] = true
	}
	for _, g := range r.Groups {
		open[g.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(a prosediff.Acceptance) bool {
		known := slices.ContainsFunc(before, func(b prosediff.Acceptance) bool { return a.Fingerprint == b.Fingerprint })
		return known && !open[a.Fingerprint]
	})
}

// showBroken says what is wrong with an accept file.
func (d *differ) showBroken(err error) error {
	var bad *badAccept
	if !errors.As(err, &bad) {
		return err
	}
	if err := d.app.show(d.home, bad.findings); err != nil {
		return fmt.Errorf("printing findings: %w", err)
	}
	return hinted{err, "mend it, or name another file with --accept"}
}

// generatorNote says that not only people made the difference.
func generatorNote(base, revision *edition) []string {
	if base.Generator == "" || revision.Generator == "" || base.Generator == revision.Generator {
		return nil
	}
	a, _, _ := strings.Cut(base.Generator, " ")
	b, _, _ := strings.Cut(revision.Generator, " ")
	what := fmt.Sprintf("%s was made by skillgen %s, %s by %s", base.Spec, a, revision.Spec, b)
	if a == b {
		what = fmt.Sprintf("%s and %s were made with different built-in templates", base.Spec, revision.Spec)
	}
	return []string{what + ": some changes may be skillgen's own. With a git ref as base both sides are compiled by one skillgen"}
}

// settingsAt are those of the project at a commit.
func (d *differ) settingsAt(commit prosediff.Commit) (*settings, error) {
	prefix, err := prosediff.Prefix(d.home.dir)
	if err != nil {
		return nil, err
	}
	tree, err := d.tree(commit, prefix)
	if err != nil {
		return nil, err
	}
	return d.loadSettings(tree)
}

// loadSettings reads those of the project in tree. Without a project there is an accept file at most.
func (d *differ) loadSettings(tree *source.Tree) (*settings, error) {
	p, findings, err := project.Load(tree, project.Options{})
	if errors.Is(err, project.ErrNoProject) {
		return d.settings(tree, nil), nil
	}
	if err != nil {
		return nil, err
	}
	if p == nil || p.Config == nil {
		_, first := errorsIn(findings)
		return nil, fmt.Errorf("reading the settings of the gate: %s", first)
	}
	return d.settings(tree, p), nil
}

// settings collects those of the project in tree; p may be nil.
func (d *differ) settings(tree *source.Tree, p *project.Project) *settings {
	s := &settings{}
	accept, err := d.accepted(tree)
	s.broken = err
	s.gate = prosediff.Gate{Accept: accept}
	if p != nil {
		s.gate = generator.Gate(p, accept)
		if e := p.Config.Budget.Error; e != nil {
			s.budget = e.Skill
		}
	}
	return s
}

// targets are the variables in which CI systems name the branch that a pull request goes to.
var targets = []string{"GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH"}

// target returns the settings of the branch that a pull request goes to; nil where this is none.
func (d *differ) target() (*settings, error) {
	i := slices.IndexFunc(targets, func(name string) bool { return os.Getenv(name) != "" })
	if i < 0 {
		return nil, nil
	}
	branch := os.Getenv(targets[i])
	commit, err := prosediff.Resolve(d.home.dir, "refs/remotes/origin/"+branch)
	if err != nil {
		hint := fmt.Sprintf("git fetch --depth=1 origin '+refs/heads/%s:refs/remotes/origin/%s'; or name the base", branch, branch)
		return nil, hinted{fmt.Errorf("what a pull request is compared with stands in its target, and that is not here: %w", err), hint}
	}
	return d.settingsAt(commit)
}

// acceptFile is where accepted changes stand by default, from the project's folder.
const acceptFile = ".skillgen/accept.yaml"

// acceptPlace is where the accept file stands.
type acceptPlace struct {
	name string // from the project's folder where it lies inside, else absolute
	own  bool   // it lies inside, and so is part of each side
}

func (d *differ) acceptPlace() (acceptPlace, error) {
	if d.options.accept == "" {
		return acceptPlace{acceptFile, true}, nil
	}
	at, err := d.app.path(d.options.accept)
	if err != nil {
		return acceptPlace{}, err
	}
	if name, ok := inside(d.home.dir, at); ok {
		return acceptPlace{name, true}, nil
	}
	return acceptPlace{at, false}, nil
}

// badAccept says that an accept file must not be used.
type badAccept struct {
	name     string
	findings []diag.Finding
}

func (e *badAccept) Error() string { return e.name + " can't be used" }

// accepted reads the accept file of a tree. The default one need not be there; one outside the project belongs to no side, and is read where
// it is.
func (d *differ) accepted(tree *source.Tree) ([]prosediff.Acceptance, error) {
	var f *source.File
	if d.accept.own {
		var err error
		f, err = tree.Read(d.accept.name)
		var trouble *source.PathError
		if errors.As(err, &trouble) && trouble.Trouble == source.Missing && (d.options.accept == "" || tree != d.home.tree || d.options.writeAccept) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the accept file: %w", err)
		}
	} else {
		data, err := os.ReadFile(d.accept.name)
		if errors.Is(err, os.ErrNotExist) && d.options.writeAccept {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the accept file: %w", err)
		}
		f = source.NewFile(d.options.accept, data)
	}
	accept, findings := prosediff.ReadAccept(f)
	if len(findings) > 0 {
		return nil, &badAccept{f.Path, findings}
	}
	return accept, nil
}

// writeAccept adds drafts to the accept file for what the gate hits.
func (d *differ) writeAccept(r *prosediff.Report, v prosediff.View) error {
	drafts := prosediff.Draft(r, v)
	if drafts.Left > 0 {
		fmt.Fprintf(d.app.stderr, "%s can't be accepted: those about the gate itself, and those of skills whose names can't be written\n", count(drafts.Left, "change"))
	}
	if drafts.Entries == 0 {
		fmt.Fprintln(d.app.stdout, "nothing to accept")
		return nil
	}
	dir, name, shown := d.home.dir, d.accept.name, d.accept.name
	if !d.accept.own {
		dir, name, shown = filepath.Dir(name), filepath.Base(name), d.options.accept
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("making the folder of the accept file: %w", err)
		}
	}
	if err := appendDrafts(dir, filepath.FromSlash(name), drafts); err != nil {
		return openError(err)
	}
	entries := "entries"
	if drafts.Entries == 1 {
		entries = "entry"
	}
	fmt.Fprintf(d.app.stdout, "%d %s drafted in %s: each needs a reason\n", drafts.Entries, entries, diag.Terminal(shown))
	return nil
}

// appendDrafts writes the drafts behind what the file holds. It can't leave the folder, whatever links lie in it, and a full disk leaves the
// file as it was.
func appendDrafts(dir, name string, drafts prosediff.Drafts) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening the folder of the accept file: %w", err)
	}
	defer root.Close()
	old, err := root.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("reading the accept file: %w", err)
	}
	text, err := drafts.Append(filepath.ToSlash(name), string(old))
	if err != nil {
		return err
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("making the folder of the accept file: %w", err)
	}
	err = root.WriteFile(name+".new", []byte(text), 0o644)
	if err == nil {
		err = root.Rename(name+".new", name)
	}
	if err != nil {
		root.Remove(name + ".new") //nolint:errcheck // the first error says it
		return fmt.Errorf("writing the accept file: %w", err)
	}
	return nil
}
