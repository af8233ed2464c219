package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"skillgen/generator/verify"
)

// postman is what the airplanes of scripts send with: postman EVENT… posts each to $HOST, as a browser's SDK would.
func postman() {
	for _, event := range os.Args[1:] {
		body, err := json.Marshal(map[string]string{"event": event})
		if err == nil {
			var answer *http.Response
			if answer, err = http.Post(os.Getenv("HOST")+"/e/", "text/plain", bytes.NewReader(body)); err == nil {
				err = answer.Body.Close()
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// hanging is a project whose only airplane never lands.
const hanging = `-- skillgen.yaml --
product: Acme
prefix: acme
-- frameworks/app.md --
---
title: App
languages: [go]
example: examples/app
verify:
  level: ci
  STEP: echo started > STARTED; setsid sleep MARK & sleep MARK
  run: sleep MARK
  expect: [a]
---
-- examples/app/README.md --
# App
`

// TestVerifyInterrupted sends Ctrl-C to the real command, as a terminal does: to its process group. Nothing is left, of processes and of files.
func TestVerifyInterrupted(t *testing.T) {
	for _, step := range []string{"install", "build"} {
		for name, signal := range map[string]syscall.Signal{"interrupt": syscall.SIGINT, "terminate": syscall.SIGTERM, "kill": syscall.SIGKILL} {
			t.Run(step+"/"+name, func(t *testing.T) {
				t.Parallel()
				dir, tmp := t.TempDir(), t.TempDir()
				mark := fmt.Sprintf("%d.%d%d", 2_000_000+os.Getpid(), len(step), signal)
				started := filepath.Join(dir, "started")
				unpack(t, dir, strings.NewReplacer("STEP", step, "MARK", mark, "STARTED", started).Replace(hanging))
				cmd := exec.Command(binary(t), "verify", "-C", dir)
				cmd.Args[0] = "skillgen-" + mark // its second process is called so, too
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
				cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				if !eventually(20*time.Second, func() bool { _, err := os.Stat(started); return err == nil }) {
					t.Errorf("it does not fly: %s", stderr.String())
				}
				if err := syscall.Kill(-cmd.Process.Pid, signal); err != nil {
					t.Fatal(err)
				}
				err := cmd.Wait()
				gone := func() bool { return len(running(mark))+len(running(cmd.Args[0])) == 0 }
				if signal == syscall.SIGKILL {
					if !eventually(10*time.Second, gone) {
						t.Errorf("left: %q", running(mark))
					}
					return // its files are left
				}
				var exit *exec.ExitError
				if !errors.As(err, &exit) || exit.ExitCode() != exitUsage || !strings.Contains(stderr.String(), "skillgen: interrupted") {
					t.Errorf("%v: %s", err, stderr.String())
				}
				if !gone() {
					t.Errorf("left: %q", running(mark))
				}
				if left, _ := os.ReadDir(tmp); len(left) > 0 {
					t.Errorf("left: %v", left)
				}
				if _, err := os.Stat(filepath.Join(dir, "airplanes.lock")); err == nil {
					t.Error("a flight that was interrupted was noted")
				}
			})
		}
	}
}

// TestVerifyPayload has an airplane write and send what a terminal or a log would obey: it is shown, not done, and a credential is not even shown.
func TestVerifyPayload(t *testing.T) {
	t.Parallel()
	dir, bin := t.TempDir(), t.TempDir()
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "postman"))
	}
	if err != nil {
		t.Fatal(err)
	}
	key := "ghp" + "_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4"
	unpack(t, dir, strings.NewReplacer("STEP", "build", "echo started > STARTED; setsid sleep MARK & sleep MARK", "'true'",
		"run: sleep MARK", "env: {HOST: $CAPTURE_URL}\n  run: sh drive.sh").Replace(hanging))
	writeFile(t, filepath.Join(dir, "examples/app/drive.sh"), "cat noise\npostman \"$(cat noise)\"\nexit 1\n")
	writeFile(t, filepath.Join(dir, "examples/app/noise"), "::error file=pwned::pwned\n##[error]pwned\n"+payload+"\r\n"+key+"\n")
	for _, format := range []string{"text", "json", "github"} {
		for _, color := range []string{"always", "never"} {
			o := job{dir: dir, args: []string{"verify", "--format", format, "--color", color}, env: []string{"GITHUB_ACTIONS=true", "PATH=" + bin + ":" + os.Getenv("PATH")}}.run(t)
			if o.exit != exitContent || !strings.Contains(o.stdout+o.stderr, "airplane-failed") {
				t.Fatalf("--format %s: exit %d: %s%s", format, o.exit, o.stdout, o.stderr)
			}
			if format != "github" && strings.Count(o.stdout+o.stderr, "pwned") < 4 {
				t.Errorf("--format %s: what it wrote and sent is not shown: %s%s", format, o.stdout, o.stderr)
			}
			for _, fault := range slices.Concat(outputFaults(o.stdout, color), outputFaults(o.stderr, color)) {
				t.Errorf("--format %s --color %s: %s", format, color, fault)
			}
			if strings.Contains(o.stdout+o.stderr, key[8:]) {
				t.Errorf("--format %s shows the key: %s%s", format, o.stdout, o.stderr)
			}
		}
	}
}

// eventually waits for something that takes a moment.
func eventually(d time.Duration, ok func() bool) bool {
	for deadline := time.Now().Add(d); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return true
		}
	}
	return ok()
}

// running lists the processes whose command line holds a text.
func running(text string) []string {
	var all []string
	out, err := exec.Command("ps", "-axo", "args").Output()
	if err != nil {
		return []string{"ps: " + err.Error()}
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, text) {
			all = append(all, line)
		}
	}
	return all
}

// TestVerifyBoard: on a terminal, the line that says what is under way goes when all is over.
func TestVerifyBoard(t *testing.T) {
	var stderr bytes.Buffer
	b := newBoard(&app{stderr: &stderr, format: "text"}, 2)
	b.step("flask", verify.Build)
	b.clear()
	if stderr.Len() > 0 {
		t.Errorf("no terminal, and yet %q", stderr.String())
	}
	b = newBoard(&app{stderr: &stderr, format: "text"}, 2)
	b.width = 40
	b.step("flask", verify.Build)
	b.step("rails\x1b[31m", verify.Run)
	b.step("gone", verify.Run)
	b.step("gone", "")
	b.draw()
	b.clear()
	if got := stderr.String(); got != "\r\x1b[Kflying 0 s  flask: build  rails⟨U+001B…\r\x1b[K" {
		t.Errorf("%q", got)
	}
}

// TestFit: a table of flights is no wider than a terminal, whatever frameworks are called.
func TestFit(t *testing.T) {
	rows := [][]string{
		{"AIRPLANE", "RESULT", "TIME", "EVENTS", "ISOLATED", "TOOLS"},
		{strings.Repeat("long-", 12), "not checked", "1234.5 s", "1000", "yes", strings.Repeat("tool 1.2, ", 20)},
		{"é", "flown", "1 s", "1", "no", ""},
	}
	for _, line := range fit(rows) {
		if n := len([]rune(line)); n > tableWidth || strings.HasSuffix(line, " ") {
			t.Errorf("%d: %q", n, line)
		}
	}
	small := fit([][]string{{"A", "B", "1", "2", "C", "D"}, {"aa", "b", "10", "20", "c", "d"}})
	if got := strings.Join(small, "|"); got != "A   B   1   2  C  D|aa  b  10  20  c  d" {
		t.Error(got)
	}
}
