//go:build unix

package release

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// These tests need processes that can be killed, starved and kept waiting: the test binary starts itself with a role.

const roleVariable = "SKILLGEN_TEST_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := play(role, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// play does what a helper process is for.
func play(role string, args []string) error {
	project := args[0]
	d, err := Open(Options{Out: filepath.Join(project, "dist"), Project: project, Wait: 150 * time.Millisecond})
	if err != nil {
		return err
	}
	switch role {
	case "loop": // pack one version after the other until killed, or left alone
		go func() {
			io.Copy(io.Discard, os.Stdin) //nolint:errcheck // it ends with the test
			os.Exit(1)
		}()
		for i := 0; ; i++ {
			if _, _, err := d.Pack(versions[i%2].outputs(), nil); err != nil {
				return err
			}
			if i == 0 {
				fmt.Println("ready")
			}
		}
	case "pack":
		version, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		_, _, err = d.Pack(versions[version].outputs(), nil)
		return err
	case "hold": // take the lock and keep it
		l, err := acquire(d.root, time.Second)
		if err != nil {
			return err
		}
		defer l.release()
		fmt.Println("ready")
		_, err = io.Copy(io.Discard, os.Stdin)
		return err
	case "starved": // no file may grow beyond 64 KiB
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}); err != nil {
			return err
		}
		_, _, err := d.Pack(tree{"manifest.json": "{3}\n", "skills/a/SKILL.md": "A3\n", "skills/new/big.md": strings.Repeat("x", 100<<10)}.outputs(), nil)
		return err
	case "umask":
		syscall.Umask(0o077)
		_, _, err := d.Pack(first.outputs(), nil)
		return err
	}
	return errors.New("no such role")
}

// versions are two builds that differ in every way: files changed, added, removed, folders that become files.
var versions = func() (v [2]tree) {
	for i := range v {
		v[i] = tree{"manifest.json": fmt.Sprintf("{%d}\n", i), "same.md": "same\n"}
		for k := range 3 {
			v[i][fmt.Sprintf("skills/s%02d/SKILL.md", k)] = fmt.Sprintf("version %d of %d\n%s", i, k, strings.Repeat("text\n", 500))
			v[i][fmt.Sprintf("skills/s%02d/only-%d.md", k, i)] = "x\n"
			v[i][fmt.Sprintf("skills/only-%d-%02d/SKILL.md", i, k)] = "x\n"
		}
	}
	v[0]["place"], v[1]["place/file"] = "a file\n", "a folder\n"
	return v
}()

func helper(t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	return cmd
}

// start starts a helper and waits for it to say that it is ready.
func start(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the helper said %q, %v", line, err)
	}
}

// TestKilled kills builds at random moments. What is left, completed by the next command, is wholly one version or wholly the other.
func TestKilled(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 20
	}
	ends := map[string]int{}
	var mu sync.Mutex
	for worker := range 2 {
		t.Run(strconv.Itoa(worker), func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			moments := rand.New(rand.NewPCG(uint64(worker), 1))
			for i := range kills / 2 {
				end := p.kill(t, i, moments)
				mu.Lock()
				ends[end]++
				mu.Unlock()
				if i%3 != 0 || i%2 == 0 { // else the next helper finds what this one left, and may be killed while it completes that
					p.settle(moments.IntN(2) == 0)
				}
			}
		})
	}
	t.Cleanup(func() {
		t.Logf("killed %v", ends)
		if ends["while staging"] == 0 || ends["while switching"] < kills/20 {
			t.Errorf("the kills did not reach every moment: %v", ends)
		}
	})
}

// kill starts a helper that packs and packs, and kills it: when its journal stands, when it has begun to stage, or at any time.
func (p *project) kill(t *testing.T, i int, moments *rand.Rand) string {
	cmd := helper(t, "loop", p.dir)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	switch i % 3 {
	case 0:
		start(t, cmd)
		p.await(journalPath)
		time.Sleep(time.Duration(moments.Int64N(int64(500 * time.Microsecond))))
	case 1:
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(moments.Int64N(int64(20 * time.Millisecond))))
	case 2:
		start(t, cmd)
		p.await(stagingPath)
		time.Sleep(time.Duration(moments.Int64N(int64(time.Millisecond))))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() //nolint:errcheck // it was killed
	return p.stage()
}

// await waits until there is something at a path of the output folder, at most for a moment.
func (p *project) await(path string) {
	for range 5_000 {
		if _, err := os.Lstat(filepath.Join(p.dist, path)); err == nil {
			return
		}
		time.Sleep(20 * time.Microsecond)
	}
}

// stage says where a killed build was.
func (p *project) stage() string {
	if _, err := os.Lstat(filepath.Join(p.dist, journalPath)); err == nil {
		return "while switching"
	}
	if _, err := os.Lstat(filepath.Join(p.dist, stagingPath)); err == nil {
		return "while staging"
	}
	return "elsewhere"
}

// settle has the next command complete or clear what a kill left, and looks at the result.
func (p *project) settle(byPack bool) {
	p.t.Helper()
	if byPack {
		p.mustPack(versions[1])
		p.holds(versions[1])
		return
	}
	if err := p.open().Recover(); err != nil {
		p.t.Fatal(err)
	}
	got := readTree(p.t, p.dist)
	whole := []string{cmp.Diff(versions[0].withReport(), got), cmp.Diff(versions[1].withReport(), got)}
	if whole[0] != "" && whole[1] != "" {
		p.t.Fatalf("the output is neither version:\n%.1500s\n%.1500s", whole[0], whole[1])
	}
}

func (files tree) withReport() tree {
	return files.with(reportPath, string((&Report{Outputs: files.outputs()}).Encode()))
}

// TestFullDisk packs where a file can't become as large as it must: the output stays as it was.
func TestFullDisk(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	out, err := helper(t, "starved", p.dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "writing skills/new/big.md") {
		t.Errorf("%v: %s", err, out)
	}
	p.holds(first)

	fresh := newProject(t)
	if out, err := helper(t, "starved", fresh.dir).CombinedOutput(); err == nil {
		t.Errorf("no error: %s", out)
	}
	if _, err := os.Lstat(fresh.dist); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a failed first build left an output folder: %v", readTree(t, fresh.dist))
	}
}

func TestUmask(t *testing.T) {
	usual, strict := newProject(t), newProject(t)
	usual.mustPack(first)
	if out, err := helper(t, "umask", strict.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if diff := cmp.Diff(modes(t, usual.dist), modes(t, strict.dist)); diff != "" {
		t.Errorf("modes depend on the umask:\n%s", diff)
	}
	strict.holds(first)
}

func modes(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for p := range readTree(t, dir) {
		for {
			info, err := os.Stat(filepath.Join(dir, p))
			if err != nil {
				t.Fatal(err)
			}
			all[p] = info.Mode().String()
			if p == "." {
				break
			}
			p = filepath.Dir(p)
		}
	}
	return all
}

// TestTwoAtOnce packs different builds from several processes: each ends well, and what is left is one of them.
func TestTwoAtOnce(t *testing.T) {
	p := newProject(t)
	for range 4 {
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				if out, err := helper(t, "pack", p.dir, strconv.Itoa(i%2)).CombinedOutput(); err != nil && !strings.Contains(string(out), "in use") {
					t.Errorf("%v: %s", err, out)
				}
			})
		}
		wg.Wait()
		p.settle(false)
		p.remove("")
	}
}

func TestLockIsWaitedFor(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	cmd := helper(t, "hold", p.dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, cmd)
	holderName := fmt.Sprintf("process %d", cmd.Process.Pid)

	d, err := Open(Options{Out: p.dist, Project: p.dir, Wait: 60 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	before, begun := readTree(t, p.dist), time.Now()
	if _, _, err := d.Pack(versions[0].outputs(), nil); err == nil || !strings.Contains(err.Error(), holderName) {
		t.Errorf("%v, want the name of %s", err, holderName)
	}
	if err := d.Recover(); err == nil {
		t.Error("Recover does not wait for the lock")
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("waited %s instead of 60 ms", took)
	}
	if diff := cmp.Diff(before, readTree(t, p.dist)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}

	patient := make(chan error, 1)
	go func() {
		_, _, err := p.open().Pack(versions[0].outputs(), nil)
		patient <- err
	}()
	time.Sleep(40 * time.Millisecond)
	stdin.Close() //nolint:errcheck // tells the helper to end
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := <-patient; err != nil {
		t.Errorf("the one that waited: %v", err)
	}
	got := readTree(t, p.dist)
	if got["manifest.json"] != versions[0]["manifest.json"] || got[workFolder+"/"] != "" || got[lockPath] != "" {
		t.Errorf("left %v", got)
	}
}

// Who waited for a lock file that its holder removed has locked nothing that counts.
func TestLockOnARemovedFile(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	root := p.open().root
	held, err := acquire(root, 0)
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := openLock(root)
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	if !stands(root, waiting) {
		t.Error("the lock file is not the one at its path")
	}
	held.release()
	if locked, err := tryLock(waiting); !locked || err != nil {
		t.Fatalf("%v, %v", locked, err)
	}
	if stands(root, waiting) {
		t.Error("a removed lock file counts")
	}
	if next, err := acquire(root, 0); err != nil {
		t.Error(err)
	} else {
		if stands(root, waiting) {
			t.Error("an old lock file counts beside a new one")
		}
		next.release()
	}
}

func TestLockWaitsTenSeconds(t *testing.T) {
	d, err := Open(Options{Out: filepath.Join(t.TempDir(), "dist"), Project: t.TempDir()})
	if err != nil || d.options.Wait != 10*time.Second {
		t.Errorf("%v, %v", d, err)
	}
}

// A lock whose holder was killed is free.
func TestLockOfAKilledProcess(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	cmd := helper(t, "hold", p.dir)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	start(t, cmd)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() //nolint:errcheck // it was killed
	p.mustPack(tree{"x": "x"})
	p.holds(tree{"x": "x"})
}
