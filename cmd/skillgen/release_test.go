package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// mustRelease makes a release in a project that has none before it.
func mustRelease(tb testing.TB, j job) outcome {
	tb.Helper()
	j.args = append([]string{"release", "--version", "0.2.0", "--allow-missing-base"}, j.args...)
	o := j.run(tb)
	if o.exit != 0 {
		tb.Fatalf("skillgen %q: exit %d\n%s%s", j.args, o.exit, o.stdout, o.stderr)
	}
	return o
}

// A release is the same bytes in another folder, with another clock, file mask, language and number of processors.
func TestReleaseIsReproducible(t *testing.T) {
	var sums [2]string
	for i, j := range []job{
		{env: []string{"TZ=America/St_Johns", "LC_ALL=C", "GOMAXPROCS=1"}, umask: "022"},
		{env: []string{"TZ=Asia/Kathmandu", "LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8", "GOMAXPROCS=4"}, umask: "077"},
	} {
		j.dir = filepath.Join(t.TempDir(), strings.Repeat("deeper/", i*3), "project")
		writeFleet(t, j.dir, 12)
		mustRelease(t, j)
		data, err := os.ReadFile(filepath.Join(j.dir, "dist", "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums[i] = string(data)
		cmd := exec.Command("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS")
		cmd.Dir = filepath.Join(j.dir, "dist")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("sha256sum: %v\n%s", err, out)
		}
		if bytes.Contains(data, []byte(j.dir)) {
			t.Error("SHA256SUMS holds a path of this machine")
		}
	}
	if sums[0] != sums[1] || sums[0] == "" {
		t.Errorf("%s", diffLines(sums[0], sums[1]))
	}
}

// diffLines lists the lines that only one of two texts has.
func diffLines(a, b string) string {
	var out strings.Builder
	for line := range strings.Lines(a) {
		if !strings.Contains(b, line) {
			out.WriteString("- " + line)
		}
	}
	for line := range strings.Lines(b) {
		if !strings.Contains(a, line) {
			out.WriteString("+ " + line)
		}
	}
	return out.String()
}

// One byte that is flipped in any file of a release of this repository is found by the command, which names the file.
func TestReleaseCheckNamesEveryFile(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, hostileBase)
	mustRelease(t, job{dir: dir})
	dist := filepath.Join(dir, "dist")
	files := readTree(t, dist)
	if o := skillgen(t, dir, "release", "--check", "dist"); o.exit != 0 || !strings.HasPrefix(o.stdout, "consistent: ") {
		t.Fatalf("exit %d: %s%s", o.exit, o.stdout, o.stderr)
	}
	var moments dice = 1
	for _, p := range slices.Sorted(maps.Keys(files)) {
		data := []byte(files[p])
		i := moments.roll(len(data))
		data[i] ^= 1 << moments.roll(8)
		writeFile(t, filepath.Join(dist, p), string(data))
		o := skillgen(t, dir, "release", "--check", "dist")
		if o.exit != 1 || !strings.Contains(o.stderr, p) || strings.Contains(o.stdout, "consistent") {
			t.Errorf("%s, byte %d: exit %d\n%s%s", p, i, o.exit, o.stdout, o.stderr)
		}
		writeFile(t, filepath.Join(dist, p), files[p])
	}
}

// TestReleaseOnAFullDisk: the release before stands as it was, and what is in the way is named.
func TestReleaseOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	writeFleet(t, dir, 12)
	mustRelease(t, job{dir: dir})
	before := readTree(t, filepath.Join(dir, "dist"))
	writeFile(t, filepath.Join(dir, "frameworks/tags/all.md"), "- Another rule.\n")
	o := job{dir: dir, limit: "40", args: []string{"release", "--version", "0.2.1", "--allow-missing-base"}}.run(t)
	if o.exit != 2 || !strings.Contains(o.stderr, "writing ") {
		t.Errorf("exit %d, want 2\n%s%s", o.exit, o.stdout, o.stderr)
	}
	after := readTree(t, filepath.Join(dir, "dist"))
	maps.DeleteFunc(after, func(path, _ string) bool { return strings.HasPrefix(path, ".skillgen/") })
	if diff := diffTrees(before, after); diff != "" {
		t.Errorf("the output changed:\n%s", diff)
	}
}

// Builds and releases at once: each ends well, and what is left is whole.
func TestBuildsAndReleasesAtOnce(t *testing.T) {
	dir := t.TempDir()
	writeFleet(t, dir, 12)
	mustRelease(t, job{dir: dir})
	want := readTree(t, filepath.Join(dir, "dist"))
	for range 3 {
		if err := os.RemoveAll(filepath.Join(dir, "dist")); err != nil {
			t.Fatal(err)
		}
		var g sync.WaitGroup
		for i := range 4 {
			g.Go(func() {
				args := []string{"release", "--version", "0.2.0", "--allow-missing-base"}
				if i%2 == 1 {
					args = []string{"build", "--version", "0.2.0"}
				}
				if o := skillgen(t, dir, args...); o.exit != 0 {
					t.Errorf("%q: exit %d: %s", args, o.exit, o.stderr)
				}
			})
		}
		g.Wait()
		if diff := diffTrees(want, readTree(t, filepath.Join(dir, "dist"))); diff != "" {
			t.Errorf("the output differs:\n%s", diff)
		}
	}
}

// TestPoisonedRecord is TestPoisonedReport for release.json.
func TestPoisonedRecord(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, hostileBase)
	mustRelease(t, job{dir: dir})
	record := filepath.Join(dir, "dist", "release.json")
	var doc map[string]any
	readJSON(t, record, &doc)
	files, _ := doc["files"].([]any)
	digestOfX := "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
	victims := []string{"victim", "website/victim", "dist/victim", "dist/skills/victim"}
	bad := []string{"../victim", "../website/victim", "skills/../../victim", "/etc/hostname", "skills//victim", "./victim", "..\\victim", "", "."}
	for i, paths := range [][]string{{"victim", "skills/victim"}, bad} {
		all := slices.Clone(files)
		for _, path := range paths {
			all = append(all, map[string]any{"path": path, "digest": digestOfX, "size": 1})
		}
		doc["files"] = all
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, record, string(data))
		os.Remove(filepath.Join(dir, "dist", "SHA256SUMS")) //nolint:errcheck // gone the second time
		for _, v := range victims {
			writeFile(t, filepath.Join(dir, v), "x")
		}
		o := skillgen(t, dir, "release", "--version", fmt.Sprintf("0.%d.0", i+3), "--allow-missing-base")
		for _, v := range victims {
			if _, err := os.Lstat(filepath.Join(dir, v)); err != nil {
				t.Errorf("%s is gone: exit %d\n%s", v, o.exit, o.stderr)
			}
		}
		if i == 1 && (o.exit != 1 || !strings.Contains(o.stderr, "[dist-report]")) {
			t.Errorf("exit %d: %s", o.exit, o.stderr)
		}
	}
}
