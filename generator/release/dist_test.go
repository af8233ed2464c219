package release

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestOpenRefuses(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "project")
	for _, folder := range []string{"website/docs", "real/sub", "repository/.git/hooks", "worktree", "fine", "content/frameworks", "examples/app"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for file, data := range map[string]string{"file": "x", "worktree/.git": "gitdir: elsewhere"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"link": "fine", "dangling": "nowhere", "toinput": "website", "tofine": "fine", "self": "."} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	inputs := []string{"website", "content/frameworks", "examples", "templates", "skillgen.yaml"}
	for out, want := range map[string]string{
		"file":                 "is a file",
		"link":                 "is a symbolic link",
		"dangling":             "is a symbolic link",
		".":                    "is the project's own folder",
		"..":                   "is the project's own folder",
		"fine/..":              "is the project's own folder",
		"self":                 "is a symbolic link",
		"self/self/website":    "which builds read",
		"website":              "which builds read",
		"website/docs/out":     "which builds read",
		"website/new/deep/out": "which builds read",
		"toinput/out":          "which builds read",
		"content":              "which builds read",
		"examples/app/dist":    "which builds read",
		"templates":            "which builds read",
		"templates/out":        "which builds read",
		"repository":           "is a git repository",
		"worktree":             "is a git repository",
		"repository/.git":      "lies in a .git folder",
		"repository/.git/x":    "lies in a .git folder",
		"file/x":               "not a directory",
	} {
		d, err := Open(Options{Out: filepath.Join(dir, out), Project: dir, Inputs: inputs})
		if err == nil {
			t.Errorf("%s is taken as output folder", out)
			d.Close() //nolint:errcheck // only opened
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "output folder "+top) {
			t.Errorf("%s: %v, want %q", out, err, want)
		}
	}
	for _, out := range []string{"dist", "fine", "fine/new/deep", "tofine/new", "real/sub", "website-out", "../sibling", "contents"} {
		d, err := Open(Options{Out: filepath.Join(dir, out), Project: dir, Inputs: inputs})
		if err != nil {
			t.Errorf("%s: %v", out, err)
			continue
		}
		if r, findings, err := d.Pack(tree{"x": "x"}.outputs(), nil); err != nil || len(findings) > 0 || len(r.Written) != 2 {
			t.Errorf("%s: %v %v %v", out, r, findings, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenMakesNothing(t *testing.T) {
	p := newProject(t)
	if err := p.open().Recover(); err != nil {
		t.Fatal(err)
	}
	if got := readTree(t, p.dir); len(got) != 0 {
		t.Errorf("made %v", got)
	}
}

func TestPackRelativeAndTrailingSlash(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	d, err := Open(Options{Out: "out/deep/", Project: "."})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, _, err := d.Pack(tree{"x": "x"}.outputs(), nil); err != nil {
		t.Fatal(err)
	}
	if got := readTree(t, dir); got["out/deep/x"] != "x" {
		t.Errorf("wrote %v", got)
	}
}

func TestPlacesAreFromTheProject(t *testing.T) {
	top := t.TempDir()
	for out, want := range map[string]string{"project/dist": "dist/x", "other": "../other/x", "project/a/b": "a/b/x"} {
		p := &project{t: t, dir: filepath.Join(top, "project"), dist: filepath.Join(top, out)}
		if err := os.MkdirAll(p.dir, 0o755); err != nil {
			t.Fatal(err)
		}
		p.write("x", "mine")
		if _, findings := p.pack(tree{"x": "x"}); !slices.Equal(brief(findings), []string{"dist-blocked " + want}) {
			t.Errorf("%s: %q, want %s", out, brief(findings), want)
		}
	}
}
