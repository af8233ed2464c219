//go:build unix

package verify

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNothingSurvives: whatever an airplane leaves behind, in whichever step, is gone when its flight is over.
func TestNothingSurvives(t *testing.T) {
	t.Parallel()
	const sleep = "sleep 98765.2"
	leave := map[string]string{
		"background":         sleep + " &",
		"session of its own": "setsid " + sleep + " & " + sleep + " &",
		"double fork":        "(setsid sh -c '" + sleep + " & " + sleep + " & exit 0' >/dev/null 2>&1 &);",
		"deaf to signals":    "(trap '' TERM INT HUP; setsid " + sleep + " >/dev/null 2>&1 & " + sleep + " >/dev/null 2>&1) &",
		"nohup in a shell":   "nohup sh -c 'while true; do " + sleep + "; done' >/dev/null 2>&1 &",
	}
	for name, command := range leave {
		t.Run(name, func(t *testing.T) {
			both(t, nil, "  level: ci\n"+env+"  install: \""+command+"\"\n  build: \""+command+"\"\n  start: \""+command+" $APP app serve\"\n"+
				"  ready: http://127.0.0.1:$PORT/\n  run: \""+command+" $APP app send a\"\n  expect: [a]", func(t *testing.T, r Result) {
				if r.Outcome != Flown {
					t.Fatalf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
				}
			})
			if left := alive(t, "98765.2"); len(left) > 0 {
				t.Errorf("left: %q", left)
			}
		})
	}
}

// TestKilled kills the process that waits for a flight, which can't end anything then.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"isolated", "unisolated"} {
		t.Run(mode, func(t *testing.T) {
			cmd := exec.Command(self(t), "pilot", mode, marked("setsid sleep 98765.3 & sleep 98765.3"))
			cmd.Args[0] = marked("pilot-98765-" + mode) // its second process is called so, too
			cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if !soon(t.Context(), func() bool { return len(alive(t, "98765.3")) == 4 }) { // the pilot, a shell, two of sleep
				t.Errorf("it does not fly: %q", alive(t, "98765.3"))
			}
			cmd.Process.Kill()
			cmd.Wait()
			if !soon(t.Context(), func() bool { return len(alive(t, "98765.3"))+len(alive(t, cmd.Args[0])) == 0 }) {
				t.Errorf("left: %q %q", alive(t, "98765.3"), alive(t, cmd.Args[0]))
			}
		})
	}
}

// TestInterrupted: when the context ends, so does everything, and no airplane has an outcome that it did not earn.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"install", "build", "start", "run"} {
		t.Run(step, func(t *testing.T) {
			verify := map[string]string{
				"install": "  install: sleep 98765.4\n  run: 'true'\n", "build": "  build: sleep 98765.4\n  run: 'true'\n",
				"start": "  start: sleep 98765.4\n  ready: http://127.0.0.1:$PORT/\n", "run": "  run: sleep 98765.4\n",
			}[step]
			all, tree := airplanes(t, nil, map[string]string{"a": "  level: ci\n" + verify + "  expect: [a]", "b": "  level: ci\n" + verify + "  expect: [a]", "c": ""})
			o := options(t, tree)
			ctx, cancel := context.WithCancel(t.Context())
			o.Progress = func(_ string, s Step) {
				if s == Step(step) || step == "start" && s == Ready {
					time.AfterFunc(200*time.Millisecond, cancel)
				}
			}
			start := time.Now()
			log, err := Fly(ctx, all, o)
			if err != nil || !log.Interrupted {
				t.Errorf("%v, interrupted: %t", err, log.Interrupted)
			}
			for _, r := range log.Results {
				if id := r.Airplane.Framework.ID; r.Outcome != "" && id != "c" || id == "c" && r.Outcome != Unchecked {
					t.Errorf("%s: %q %s", id, r.Outcome, show(r.Findings))
				}
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("it took %s", d)
			}
			if left := alive(t, "98765.4"); len(left) > 0 {
				t.Errorf("left: %q", left)
			}
		})
	}
}

// TestFinish: a job that does not come to its end holds nothing up.
func TestFinish(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	if r := finish(ctx, time.Hour, func() *report { return &report{Capture: "x"} }); r.Capture != "x" {
		t.Errorf("%+v", r)
	}
	cancel()
	if r := finish(ctx, time.Hour, func() *report { time.Sleep(50 * time.Millisecond); return &report{Capture: "late"} }); r.Capture != "late" {
		t.Errorf("%+v", r)
	}
	if r := finish(ctx, 50*time.Millisecond, func() *report { select {} }); r.Machine == "" {
		t.Errorf("%+v", r)
	}
}

// TestNetwork: only an install reaches what is outside.
func TestNetwork(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	reach := "$APP app reach " + l.Addr().String()
	verify := "  level: ci\n" + env + "  install: " + reach + "\n  run: " + reach + " && $APP app send outside; $APP app send inside\n  expect: [inside]"
	both(t, nil, verify, func(t *testing.T, r Result) {
		want := map[bool]string{true: "inside", false: "inside, outside"}[r.Isolated]
		if got := list(r.Events, ""); r.Outcome != Flown || got != want {
			t.Errorf("%s, events %s: %s%+v", r.Outcome, got, show(r.Findings), r.Outputs)
		}
	})
}

// TestUnprivileged: isolation does not take a superuser.
func TestUnprivileged(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("this is no superuser: all tests are this one")
	}
	dir, err := os.MkdirTemp("/tmp", "skillgen-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o777)
	binary := filepath.Join(dir, "verify.test")
	if out, err := exec.Command("cp", self(t), binary).CombinedOutput(); err != nil { // not by ourselves: what we fork meanwhile would hold it open
		t.Fatalf("%v: %s", err, out)
	}
	os.Chmod(binary, 0o755)
	cmd := exec.Command(binary, "-test.run=^(TestFlown|TestNetwork|TestScratch|TestNothingSurvives)$/^(isolated|unisolated|double_fork)$", "-test.v")
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + dir, "HOME=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := strings.Count(string(out), "--- PASS"); n < 10 || strings.Contains(string(out), "--- SKIP") {
		untested(t, fmt.Sprintf("no isolation without a superuser here: %d tests passed", n))
	}
}

// TestFlush: what a server sends when it is stopped counts, and one that does not stop is noted.
func TestFlush(t *testing.T) {
	t.Parallel()
	both(t, nil, "  level: ci\n"+env+"  start: $APP app serve flush\n  ready: http://127.0.0.1:$PORT/\n  expect: [flushed]", func(t *testing.T, r Result) {
		if r.Outcome != Flown {
			t.Errorf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
		}
	})
	both(t, nil, "  level: ci\n"+env+"  start: $APP app serve flush; true\n  ready: http://127.0.0.1:$PORT/\n  expect: [flushed]", func(t *testing.T, r Result) {
		if r.Outcome != Flown { // the shell ends first
			t.Errorf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
		}
	})
	if testing.Short() {
		return
	}
	both(t, nil, "  level: ci\n"+env+"  start: $APP app serve deaf\n  ready: http://127.0.0.1:$PORT/\n  visit: [/event/a]\n  expect: [a]", func(t *testing.T, r Result) {
		if r.Outcome != Flown || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "did not end within 10 s") {
			t.Errorf("%s: %s%q", r.Outcome, show(r.Findings), r.Notes)
		}
	})
}
