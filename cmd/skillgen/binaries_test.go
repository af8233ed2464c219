package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestBinaries: one commit and one version give the same bytes, wherever they are built: in another folder, from a clone without history, under
// another umask, locale, time zone and with other settings of go. The six targets are built by make binaries; one is enough here.
func TestBinaries(t *testing.T) {
	t.Parallel()
	one := filepath.Join(t.TempDir(), "one")
	copySources(t, one)
	must(t, one, "git", "init", "-q", "-b", "main")
	must(t, one, "git", "commit", "-q", "--allow-empty", "-m", "0")
	must(t, one, "git", "add", "-A")
	must(t, one, "git", "commit", "-q", "-m", "1")
	commit := must(t, one, "git", "rev-parse", "HEAD")
	two := clone(t, one, "--depth=1")
	must(t, one, "git", "tag", "v1.2.3") // go would stamp it, where it is known
	build := func(dir string, env ...string) string {
		t.Helper()
		target := runtime.GOOS + "/" + runtime.GOARCH
		cmd := exec.Command("sh", "-c", "umask "+map[bool]string{true: "077", false: "022"}[len(env) > 0]+"; exec make -s binaries VERSION=1.2.3 TARGETS="+target)
		cmd.Dir = dir
		cmd.Env = append(append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=0"), env...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("make binaries: %v\n%s", err, out)
		}
		sums, err := os.ReadFile(filepath.Join(dir, "build", "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		return string(sums)
	}
	sums := build(one)
	if again := build(two, "TZ=Asia/Tokyo", "LC_ALL=C", "GOFLAGS=-buildvcs=true", "CGO_ENABLED=1", "GOAMD64=v3"); again != sums {
		t.Errorf("%s\nand\n%s", sums, again)
	}
	name := "skillgen-" + runtime.GOOS + "-" + runtime.GOARCH
	data, err := os.ReadFile(filepath.Join(one, "build", name))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name); sums != want {
		t.Errorf("SHA256SUMS is %q, want %q", sums, want)
	}
	if strings.Contains(string(data), one) {
		t.Error("the binary holds the folder that it was built in")
	}
	version := func() (v struct{ Version, Commit, Templates string }) {
		t.Helper()
		if err := json.Unmarshal([]byte(must(t, one, filepath.Join(one, "build", name), "version", "--format", "json")), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := version(); v.Version != "1.2.3" || v.Commit != commit || !strings.HasPrefix(v.Templates, "sha256:") {
		t.Errorf("version says %+v, built from %s", v, commit)
	}
	if status := must(t, one, "git", "status", "--porcelain"); status != "" {
		t.Errorf("the binaries are not ignored: %s", status)
	}
	writeFile(t, filepath.Join(one, "README.md"), "changed\n")
	if build(one) == sums || version().Commit != commit+"+dirty" {
		t.Errorf("built from changed files, and says %+v", version())
	}
}

// copySources copies what a binary is made from.
func copySources(t *testing.T, to string) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum", "Makefile", ".gitignore", "README.md"} {
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(to, name), string(data))
	}
	for _, dir := range []string{"cmd", "generator", "templates"} {
		if err := os.CopyFS(filepath.Join(to, dir), os.DirFS(filepath.Join("..", "..", dir))); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTargets holds the targets of the Makefile against the platforms that the action knows.
func TestTargets(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^TARGETS +\?= (.*)$`).FindSubmatch(makefile)
	if m == nil {
		t.Fatal("the Makefile has no TARGETS")
	}
	install := step(t, actionFile, "", "Install skillgen").Run
	targets := strings.Fields(string(m[1]))
	for _, target := range targets {
		system, processor, _ := strings.Cut(target, "/")
		if !strings.Contains(install, ") os="+system+" ;;") || !strings.Contains(install, ") arch="+processor+" ;;") {
			t.Errorf("the action does not know %s", target)
		}
	}
	if want := strings.Count(install, " os=") * strings.Count(install, " arch="); len(targets) != want {
		t.Errorf("%d targets, and the action knows %d", len(targets), want)
	}
}
