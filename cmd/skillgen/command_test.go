package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// binary builds the real command once and returns its path. Tests that measure, kill or fill disks run it instead of the test binary, which
// links the testing packages and so weighs more.
func binary(tb testing.TB) string {
	tb.Helper()
	path, err := buildBinary()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

var buildBinary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "skillgen-real")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", errors.New("go build: " + err.Error() + "\n" + string(out))
	}
	return path, nil
})

// outcome is what one run of the command did.
type outcome struct {
	stdout, stderr string
	exit           int           // -1 where a signal ended it
	wall, cpu      time.Duration // cpu: of all its threads; unlike wall it does not depend on what else the machine does
	rss            int64         // peak resident set in bytes
}

// job is a run of the command to be.
type job struct {
	dir   string   // working folder
	env   []string // added to a plain environment
	umask string   // "077"; empty for the test's own
	limit string   // argument of ulimit -f, in blocks of 512 bytes; empty for none
	args  []string
}

// skillgen runs the real command in dir.
func skillgen(tb testing.TB, dir string, args ...string) outcome {
	tb.Helper()
	return job{dir: dir, args: args}.run(tb)
}

func (j job) run(tb testing.TB) outcome {
	tb.Helper()
	// A hang is a fault to report, not one to wait for.
	ctx, cancel := context.WithTimeout(tb.Context(), 2*time.Minute)
	defer cancel()
	cmd := j.command(ctx, tb)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	o := outcome{stdout: stdout.String(), stderr: stderr.String(), wall: time.Since(start)}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		tb.Fatalf("running skillgen %q: %v", j.args, err)
	}
	if ctx.Err() != nil {
		tb.Fatalf("skillgen %q did not end", j.args)
	}
	o.exit = cmd.ProcessState.ExitCode()
	o.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	// Linux counts in KiB. A child starts with its parent's peak, so tests that look at this keep their own memory small.
	o.rss = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss * 1024
	return o
}

// command prepares the process, through a shell where a limit or a file mask is wanted.
func (j job) command(ctx context.Context, tb testing.TB) *exec.Cmd {
	argv := append([]string{binary(tb)}, j.args...)
	var script string
	if j.umask != "" {
		script += "umask " + j.umask + "; "
	}
	if j.limit != "" {
		script += "trap '' XFSZ; ulimit -f " + j.limit + "; "
	}
	if script != "" {
		argv = append([]string{"sh", "-c", script + `exec "$@"`, "sh"}, argv...)
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = j.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + scratch, "TMPDIR=" + os.TempDir()}, j.env...)
	return cmd
}

// mustBuild runs a command that has to exit 0.
func mustBuild(tb testing.TB, dir string, args ...string) outcome {
	tb.Helper()
	o := skillgen(tb, dir, append([]string{"build"}, args...)...)
	if o.exit != 0 {
		tb.Fatalf("skillgen build %q in %s: exit %d\n%s%s", args, filepath.Base(dir), o.exit, o.stdout, o.stderr)
	}
	return o
}

// unpack writes the files of a txtar text into dir.
func unpack(tb testing.TB, dir, archive string) {
	tb.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		writeFile(tb, filepath.Join(dir, filepath.FromSlash(f.Name)), string(f.Data))
	}
}

// readTree is treeOf for tests.
func readTree(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	tree, err := treeOf(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return tree
}

// treeOf returns the bytes of each regular file below dir by its slash-separated path. A folder that is missing is an empty tree.
func treeOf(dir string) (map[string]string, error) {
	tree := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		tree[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return tree, err
}

// diffTrees says in which files two trees differ; empty where they don't.
func diffTrees(got, want map[string]string) string {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(got)) {
		switch w, ok := want[path]; {
		case !ok:
			b.WriteString("only the first has " + path + "\n")
		case w != got[path]:
			b.WriteString(path + " differs\n")
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[path]; !ok {
			b.WriteString("only the second has " + path + "\n")
		}
	}
	return b.String()
}
