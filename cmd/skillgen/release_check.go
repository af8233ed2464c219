package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/release"
)

// runReleaseCheck is `release --check`.
func runReleaseCheck(a *app, o releaseOptions, args []string) error {
	dir, label, err := a.releaseFolder(args)
	if err != nil {
		return err
	}
	audited, err := release.Audit(dir, label)
	if err != nil {
		return err
	}
	if o.expect != "" && audited.Sums != "" && audited.Sums != strings.ToLower(o.expect) {
		audited.Findings = diag.Sort(append(audited.Findings, diag.New("release-record", diag.Place{File: filepath.ToSlash(filepath.Join(label, "SHA256SUMS"))},
			fmt.Sprintf("this is another release than the expected one: SHA256SUMS has the digest %s", audited.Sums), "")))
	}
	return a.showAudit(o, audited)
}

// releaseFolder is the folder of a release, and what it is called: the argument, or the output folder of the project. A build that was killed in that
// is completed first, as by any command.
func (a *app) releaseFolder(args []string) (dir, label string, err error) {
	w, projectErr := a.open()
	if projectErr != nil && (len(args) == 0 || !errors.Is(projectErr, errNoProject)) {
		return "", "", projectErr
	}
	out := ""
	if projectErr == nil {
		defer w.tree.Close()
		if out, err = a.projectOutput(w); err != nil {
			return "", "", err
		}
	}
	label = "."
	if len(args) == 0 {
		dir = out
		if rel, ok := inside(w.dir, out); ok {
			label = rel
		}
	} else if dir, err = a.path(args[0]); err != nil {
		return "", "", err
	} else {
		label = filepath.ToSlash(args[0])
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return "", "", hinted{fmt.Errorf("%s is not a folder", cmp.Or(strings.Join(args, ""), label)), "name the folder of a release: an extracted one, or dist after `skillgen release`"}
	}
	if mine, err := os.Stat(out); out != "" && err == nil && os.SameFile(mine, info) {
		dist, err := release.Open(release.Options{Out: out, Project: w.dir})
		if err != nil {
			return "", "", err
		}
		defer dist.Close()
		if err := dist.Recover(); err != nil {
			return "", "", err
		}
	}
	return dir, label, nil
}

// projectOutput is the output folder of a project, as --out or skillgen.yaml says.
func (a *app) projectOutput(w *workspace) (string, error) {
	dist := "dist"
	p, _, err := project.Load(w.tree, project.Options{})
	if err != nil {
		return "", err
	}
	if p != nil && p.Config != nil {
		dist = p.Config.Paths.Dist
	}
	abs, _, err := a.outputDir(w, dist)
	return abs, err
}

// showAudit prints what a look at a release has shown.
func (a *app) showAudit(o releaseOptions, audited *release.Audited) error {
	fine := len(audited.Findings) == 0
	authentic := fine && o.expect != ""
	var err error
	switch a.format {
	case "json":
		err = diag.WriteJSON(a.stdout, struct {
			Consistent bool           `json:"consistent"`
			Authentic  bool           `json:"authentic"`
			Version    string         `json:"version"`
			Skills     int            `json:"skills"`
			Files      int            `json:"files"`
			Sums       string         `json:"sums"`
			Findings   []diag.Finding `json:"findings"`
		}{fine, authentic, audited.Version, audited.Skills, audited.Files, audited.Sums, append([]diag.Finding{}, audited.Findings...)})
	case "github":
		err = diag.GitHub(a.annotations, audited.Findings, "")
	default:
		err = diag.Print(a.stderr, audited.Findings, a.colours(a.stderr))
		if fine && err == nil {
			_, err = fmt.Fprintf(a.stdout, "consistent: %s %s, %s in %s\n", diag.Terminal(audited.Product), diag.Terminal(audited.Version), count(audited.Skills, "skill"), count(audited.Files, "file"))
		}
		if authentic && err == nil {
			_, err = fmt.Fprintf(a.stdout, "authentic: SHA256SUMS has the digest %s\n", audited.Sums)
		}
	}
	if err != nil {
		return fmt.Errorf("printing what was found: %w", err)
	}
	if !fine {
		return errContent
	}
	return nil
}
