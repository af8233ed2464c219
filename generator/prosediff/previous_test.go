package prosediff

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// repo makes a repository and returns its folder and a function that runs git in it.
func repo(t *testing.T) (string, func(args ...string)) {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Ada", "-c", "user.email=ada@acme.example"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	run("init", "-q")
	return dir, run
}

func TestPrevious(t *testing.T) {
	dir, git := repo(t)
	var none *NoPrevious
	if _, err := Previous(dir, ""); !errors.As(err, &none) {
		t.Errorf("without a commit: %v", err)
	}
	git("commit", "-q", "--allow-empty", "-m", "1")
	for _, tag := range []string{"1.2", "v1", "nightly", "skills/v3.0.0", "v9.0.0-rc.1", "v01.0.0"} {
		git("tag", tag)
	}
	if tag, err := Previous(dir, ""); !errors.As(err, &none) {
		t.Errorf("without a version: %v, %v", tag, err)
	}
	git("tag", "1.9.0")
	git("tag", "-a", "-m", "x", "v1.10.0")
	git("commit", "-q", "--allow-empty", "-m", "2")
	git("checkout", "-q", "-b", "other")
	git("commit", "-q", "--allow-empty", "-m", "3")
	git("tag", "v2.0.0+build.1")
	git("checkout", "-q", "-")
	git("config", "column.ui", "always")
	git("config", "tag.sort", "refname")
	if tag, err := Previous(dir, ""); err != nil || tag != (Tag{"v1.10.0", "refs/tags/v1.10.0", "1.10.0"}) {
		t.Errorf("%+v, %v", tag, err)
	}
	git("checkout", "-q", "other")
	if tag, err := Previous(dir, ""); err != nil || tag.Version != "2.0.0+build.1" {
		t.Errorf("%+v, %v", tag, err)
	}
	for ref, want := range map[string]string{"HEAD": "2.0.0+build.1", "HEAD~1": "", "HEAD~2": "9.0.0-rc.1", "1.9.0": "1.9.0", "refs/tags/v1.10.0": "1.10.0", "nightly": "9.0.0-rc.1"} {
		c, err := Resolve(dir, ref)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := c.Version(ref); v != want || err != nil {
			t.Errorf("version of %s: %q, %v", ref, v, err)
		}
	}
}

// TestPreviousIsNotGuessed: where git can't say, there is an error that --allow-missing-base does not take for a first release.
func TestPreviousIsNotGuessed(t *testing.T) {
	var none *NoPrevious
	t.Setenv("GIT_CEILING_DIRECTORIES", os.TempDir())
	if _, err := Previous(t.TempDir(), ""); !errors.As(err, &none) {
		t.Errorf("without a repository: %v", err)
	}

	dir, git := repo(t)
	git("commit", "-q", "--allow-empty", "-m", "1")
	git("tag", "v1.0.0")
	git("commit", "-q", "--allow-empty", "-m", "2")
	shallow := filepath.Join(t.TempDir(), "shallow")
	git("clone", "-q", "--depth=1", "--no-local", dir, shallow)
	var open *OpenError
	if tag, err := Previous(shallow, ""); !errors.As(err, &open) || open.Hint != "git fetch --unshallow --tags" {
		t.Errorf("shallow: %v, %v", tag, err)
	}

	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
	if tag, err := Previous(dir, ""); err == nil || errors.As(err, &none) {
		t.Errorf("another user's folder: %v, %v", tag, err)
	}
	t.Setenv("PATH", "")
	if tag, err := Previous(dir, ""); err == nil || errors.As(err, &none) {
		t.Errorf("no git: %v, %v", tag, err)
	}
}
