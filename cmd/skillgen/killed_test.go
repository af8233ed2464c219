package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestKilledBuild is promise 6: killed at any moment, the output is wholly the old one, wholly the new one, or has a journal that the next
// command completes.
func TestKilledBuild(t *testing.T) {
	k := newKillTest(t, [2][]string{{"build", "--quiet"}, {"build", "--quiet"}})
	k.run(t, 60, []string{"build", "--check", "--quiet"})
}

// TestKilledRelease is the same for a release, which switches its own files together with those of its build. What completes it may be
// a command that only looks.
func TestKilledRelease(t *testing.T) {
	release := func(version string) []string {
		return []string{"release", "--version", version, "--allow-missing-base", "--quiet"}
	}
	k := newKillTest(t, [2][]string{release("1.0.0"), release("1.1.0")})
	k.run(t, 36, []string{"release", "--check"})
	if o := skillgen(t, k.dir, "release", "--check"); o.exit != 0 {
		t.Errorf("exit %d: %s", o.exit, o.stderr)
	}
}

// run kills the command again and again; look is a command that writes nothing but what it completes.
func (k *killTest) run(t *testing.T, kills int, look []string) {
	if testing.Short() {
		kills = 10
	}
	ends := map[string]int{}
	for i := range kills {
		k.set(t, i%2)
		ends[k.kill(t, i)]++
		// The next command completes a journal, whichever command it is.
		if i%3 == 0 {
			k.must(t, i%2)
		} else if o := skillgen(t, k.dir, look...); o.exit > 1 {
			t.Fatalf("after kill %d: exit %d\n%s", i, o.exit, o.stderr)
		}
		got := readTree(t, k.dist)
		switch toNew, toOld := diffTrees(got, k.want[i%2]), diffTrees(got, k.want[1-i%2]); {
		case toNew == "":
			ends["new"]++
		case toOld == "" && i%3 != 0:
			ends["old"]++
		default:
			t.Fatalf("after kill %d the output is neither old nor new:\n%.2000s", i, toNew)
		}
		k.must(t, i%2)
	}
	if t.Logf("%v", ends); ends["while writing"] < kills/4 {
		t.Errorf("only %d of %d kills hit the moment of writing", ends["while writing"], kills)
	}
}

type killTest struct {
	dir, dist string
	args      [2][]string          // the command that writes each version of the project
	want      [2]map[string]string // the output of the two versions of the project
	took      time.Duration        // a whole run
	moments   dice
}

func newKillTest(t *testing.T, args [2][]string) *killTest {
	k := &killTest{dir: t.TempDir(), args: args, moments: 1}
	k.dist = filepath.Join(k.dir, "dist")
	writeFleet(t, k.dir, 12)
	for v := range 2 {
		k.set(t, v)
		k.took = k.must(t, v).wall
		k.want[v] = readTree(t, k.dist)
	}
	return k
}

// must writes version v, undisturbed.
func (k *killTest) must(t *testing.T, v int) outcome {
	t.Helper()
	o := skillgen(t, k.dir, k.args[v]...)
	if o.exit != 0 {
		t.Fatalf("skillgen %q: exit %d\n%s%s", k.args[v], o.exit, o.stdout, o.stderr)
	}
	return o
}

// set turns the project into version v: every skill differs between the two, and each has a skill that the other lacks.
func (k *killTest) set(t *testing.T, v int) {
	t.Helper()
	names := [2]string{"only-one", "only-two"}
	writeFile(t, filepath.Join(k.dir, "frameworks/tags/all.md"), "- Version "+names[v]+".\n")
	writeFile(t, filepath.Join(k.dir, "frameworks", names[v]+".md"), "---\ntitle: "+names[v]+"\nlanguages: [go]\ndocs: [website/docs/**/*-0003.md]\nexample: examples/go-02\n---\n")
	if err := os.Remove(filepath.Join(k.dir, "frameworks", names[1-v]+".md")); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}

// kill starts a build and ends it with SIGKILL: at any moment of its life, or shortly after it has begun to write.
func (k *killTest) kill(t *testing.T, i int) string {
	t.Helper()
	cmd := job{dir: k.dir, args: k.args[i%2]}.command(t.Context(), t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if i%4 == 0 {
		time.Sleep(time.Duration(k.moments.roll(int(k.took))))
	} else {
		k.awaitStaging(done)
		time.Sleep(time.Duration(k.moments.roll(int(30 * time.Millisecond))))
	}
	killErr := cmd.Process.Kill()
	if errors.Is(killErr, os.ErrProcessDone) {
		return "too late"
	} else if killErr != nil {
		t.Fatal(killErr)
	}
	<-done
	if _, err := os.Lstat(filepath.Join(k.dist, ".skillgen")); err == nil {
		return "while writing"
	}
	return "before or after writing"
}

// awaitStaging waits until the build has made its staging folder, or has ended.
func (k *killTest) awaitStaging(done chan error) {
	for {
		if _, err := os.Lstat(filepath.Join(k.dist, ".skillgen", "new")); err == nil {
			return
		}
		select {
		case err := <-done:
			done <- err
			return
		case <-time.After(200 * time.Microsecond):
		}
	}
}

// TestFullDisk writes where files can't become large enough: exit 2, the message names the file, and the old output stands.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	writeFleet(t, dir, 12)
	mustBuild(t, dir)
	before := readTree(t, filepath.Join(dir, "dist"))
	writeFile(t, filepath.Join(dir, "frameworks/tags/all.md"), "- Another rule.\n")
	o := job{dir: dir, limit: "40", args: []string{"build"}}.run(t)
	if o.exit != 2 || o.stderr == "" {
		t.Errorf("exit %d, want 2\n%s%s", o.exit, o.stdout, o.stderr)
	}
	t.Logf("%s", o.stderr)
	after := readTree(t, filepath.Join(dir, "dist"))
	for path := range after {
		if filepath.Dir(path) == ".skillgen" || len(path) > 9 && path[:10] == ".skillgen/" {
			delete(after, path)
		}
	}
	if diff := diffTrees(before, after); diff != "" {
		t.Errorf("the output changed:\n%s", diff)
	}
	mustBuild(t, dir)
	if diff := diffTrees(before, readTree(t, filepath.Join(dir, "dist"))); diff == "" {
		t.Error("the next build changed nothing")
	}
}

// TestTwoBuildsAtOnce starts several builds of one project: all end well, and the output is what one of them writes.
func TestTwoBuildsAtOnce(t *testing.T) {
	dir := t.TempDir()
	writeFleet(t, dir, 12)
	mustBuild(t, dir)
	want := readTree(t, filepath.Join(dir, "dist"))
	for range 3 {
		if err := os.RemoveAll(filepath.Join(dir, "dist")); err != nil {
			t.Fatal(err)
		}
		var g sync.WaitGroup
		for range 4 {
			g.Go(func() {
				if o := skillgen(t, dir, "build"); o.exit != 0 {
					t.Errorf("exit %d: %s", o.exit, o.stderr)
				}
			})
		}
		g.Wait()
		if diff := diffTrees(want, readTree(t, filepath.Join(dir, "dist"))); diff != "" {
			t.Errorf("the output of builds at once differs:\n%s", diff)
		}
	}
}

// TestPoisonedReport plants a report.json that claims files outside of dist, and files that somebody else wrote: nothing of it is removed.
func TestPoisonedReport(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, hostileBase)
	mustBuild(t, dir)
	report := filepath.Join(dir, "dist", "report.json")
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	digestOfX := "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
	victims := []string{"victim", "website/victim", "dist/victim", "dist/skills/victim"}
	outputs, _ := doc["outputs"].([]any)
	for _, path := range []string{"../victim", "../website/victim", "skills/../../victim", "/etc/hostname", "skills//victim", "./victim", "..\\victim", "", ".", "skills"} {
		outputs = append(outputs, map[string]any{"path": path, "digest": digestOfX, "size": 1})
	}
	doc["outputs"] = outputs
	if data, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	writeFile(t, report, string(data))
	for _, v := range victims {
		writeFile(t, filepath.Join(dir, v), "x")
	}
	writeFile(t, filepath.Join(dir, "website/good.md"), "# Changed\n")
	o := skillgen(t, dir, "build")
	for _, v := range victims {
		if _, err := os.Lstat(filepath.Join(dir, v)); err != nil {
			t.Errorf("%s is gone: exit %d\n%s", v, o.exit, o.stderr)
		}
	}
	if o.exit == 2 && o.stderr == "" {
		t.Error("no word about it")
	}
}

// TestInterrupted sends the polite signal: the build ends without a mixed output.
func TestInterrupted(t *testing.T) {
	k := newKillTest(t, [2][]string{{"build"}, {"build"}})
	for i := range 6 {
		k.set(t, i%2)
		cmd := job{dir: k.dir, args: []string{"build"}}.command(t.Context(), t)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		k.awaitStaging(done)
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		if err := <-done; err != nil && !errors.As(err, new(*exec.ExitError)) {
			t.Fatal(err)
		}
		mustBuild(t, k.dir)
		if diff := diffTrees(readTree(t, k.dist), k.want[i%2]); diff != "" {
			t.Fatalf("after interrupt %d:\n%s", i, diff)
		}
	}
}
