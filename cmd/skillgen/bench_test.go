package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFleet keeps the fleet what the benchmarks say it is: deterministic, of the stated sizes, free of errors and warnings.
func TestFleet(t *testing.T) {
	const n = 40
	dir, again := t.TempDir(), t.TempDir()
	writeFleet(t, dir, n)
	writeFleet(t, again, n)
	in := readTree(t, dir)
	if diff := diffTrees(in, readTree(t, again)); diff != "" {
		t.Errorf("the fleet is not the same twice: %s", diff)
	}
	within(t, "page", average(in, "website/", ".md"), 7_000, 9_000)
	within(t, "airplane", total(in, "examples/")/max(n/10, len(fleetStacks)), 27_000, 33_000)

	o := mustBuild(t, dir, "--strict", "--format", "json")
	out := readTree(t, filepath.Join(dir, "dist", "skills"))
	within(t, "skill", total(out, "")/n, 100_000, 140_000)
	if o.exit != 0 {
		t.Errorf("exit %d: %s", o.exit, o.stderr)
	}
}

func within(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if t.Logf("%s: %d bytes", what, got); got < low || got > high {
		t.Errorf("%s: %d bytes, want %d to %d", what, got, low, high)
	}
}

// total counts the bytes of the files below prefix.
func total(tree map[string]string, prefix string) int {
	n := 0
	for path, data := range tree {
		if strings.HasPrefix(path, prefix) {
			n += len(data)
		}
	}
	return n
}

// average is the mean size of the files below prefix that end in suffix.
func average(tree map[string]string, prefix, suffix string) int {
	n, files := 0, 0
	for path, data := range tree {
		if strings.HasPrefix(path, prefix) && strings.HasSuffix(path, suffix) {
			n, files = n+len(data), files+1
		}
	}
	return n / max(files, 1)
}

// The benchmarks run the real command on a fleet and report, beside the time of a run, its peak memory and the size of what it wrote.
// Nothing asserts a time: figures depend on the machine.

func BenchmarkCold40(b *testing.B)   { benchmarkCold(b, 40) }
func BenchmarkCold400(b *testing.B)  { benchmarkCold(b, 400) }
func BenchmarkCold4000(b *testing.B) { benchmarkCold(b, 4000) }

// benchmarkCold writes into a folder of its own each time: some file systems are slow to make files right after others were deleted.
func benchmarkCold(b *testing.B, n int) {
	dir := b.TempDir()
	writeFleet(b, dir, n)
	measure(b, dir, func(i int) []string { return []string{"build", "--out", fmt.Sprintf("dist%d", i)} })
}

func BenchmarkUnchanged400(b *testing.B) {
	dir := b.TempDir()
	writeFleet(b, dir, 400)
	mustBuild(b, dir, "--out", "dist0")
	measure(b, dir, func(int) []string { return []string{"build", "--out", "dist0"} })
}

func BenchmarkOnePageChanged400(b *testing.B) {
	dir := b.TempDir()
	writeFleet(b, dir, 400)
	mustBuild(b, dir, "--out", "dist0")
	f := fleet{tb: b, dir: dir, pages: 200, airplanes: 40}
	measure(b, dir, func(i int) []string {
		f.write(f.page(7), f.pageText(7)+"\nChanged "+strings.Repeat("again ", i+1)+".\n")
		return []string{"build", "--out", "dist0"}
	})
}

func BenchmarkVersion(b *testing.B) {
	measure(b, b.TempDir(), func(int) []string { return []string{"version"} })
}

// measure runs the command b.N times; prepare, which is not timed, says how.
func measure(b *testing.B, dir string, prepare func(i int) (args []string)) {
	var peak int64
	var cpu time.Duration
	binary(b)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		args := prepare(i)
		b.StartTimer()
		o := skillgen(b, dir, args...)
		if o.exit != 0 {
			b.Fatalf("exit %d\n%s%s", o.exit, o.stdout, o.stderr)
		}
		peak = max(peak, o.rss)
		cpu += o.cpu
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/run")
	b.ReportMetric(float64(cpu.Milliseconds())/float64(b.N), "cpu-ms/run")
	b.ReportMetric(float64(peak)/(1<<20), "MB-peak")
	b.ReportMetric(float64(folderSize(b, filepath.Join(dir, "dist0")))/(1<<20), "MB-out")
}

// folderSize counts the bytes of the files below dir without reading them: memory that this process takes would count as the command's.
func folderSize(tb testing.TB, dir string) int64 {
	var n int64
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			n += info.Size()
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		tb.Fatal(err)
	}
	return n
}
