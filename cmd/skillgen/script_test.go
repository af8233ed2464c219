package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"skillgen/generator/verify"
)

var update = flag.Bool("update", false, "write what the scripts' cmp lines see into the scripts; read the difference before you keep it")

// scratch is a folder for what the tests of a run share.
var scratch string

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == verify.HelperArg { // a test flies airplanes, and this is the process in which it does
		os.Exit(verify.Helper(os.Stdin, os.Stdout))
	}
	// The test binary is the tool: a script that runs skillgen runs this.
	testscript.Main(withScratch{m}, map[string]func(){"skillgen": main, "postman": postman})
}

// withScratch gives the tests a folder and removes it after them.
type withScratch struct{ m *testing.M }

func (w withScratch) Run() int {
	dir, err := os.MkdirTemp("", "skillgen-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	return w.m.Run()
}

// TestScripts runs testdata/*.txtar: one behaviour each, named in its first line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			// One machine's habits must not reach a golden text.
			for _, name := range []string{"GITHUB_ACTIONS", "GITHUB_WORKSPACE", "NO_COLOR", "CI", "TERM"} {
				env.Setenv(name, "")
			}
			env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			for _, who := range []string{"AUTHOR", "COMMITTER"} {
				env.Setenv("GIT_"+who+"_NAME", "Ada")
				env.Setenv("GIT_"+who+"_EMAIL", "ada@acme.example")
				env.Setenv("GIT_"+who+"_DATE", "2026-11-20T12:00:00Z")
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    cmdExits,
			"bytes":    cmdBytes,
			"fifo":     cmdFifo,
			"empty":    cmdEmpty,
			"same":     cmdSame,
			"absent":   cmdAbsent,
			"pack":     cmdPack,
			"serve":    cmdServe,
			"requests": cmdRequests,
			"fill":     cmdFill,
		},
	})
}

// exits CODE program args…: the program must end with this exit code. stdout and stderr are left for cmp, as exec leaves them.
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [args…]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("%s: exit code %d, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// bytes FILE TEXT: writes TEXT with Go's backslash escapes decoded, for what a txtar file can't hold.
func cmdBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o777))
	ts.Check(os.WriteFile(path, []byte(text), 0o666))
}

// fifo FILE: makes a named pipe, which blocks whoever opens it.
func cmdFifo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fifo FILE")
	}
	ts.Check(syscall.Mkfifo(ts.MkAbs(args[0]), 0o666))
}

// empty FILE: the file has no bytes.
func cmdEmpty(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: empty FILE")
	}
	if text := ts.ReadFile(args[0]); (text == "") == neg {
		ts.Fatalf("%s holds %q", args[0], text)
	}
}

// same DIR1 DIR2: the two folders hold the same files with the same bytes.
func cmdSame(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same DIR1 DIR2")
	}
	one, err := treeOf(ts.MkAbs(args[0]))
	ts.Check(err)
	two, err := treeOf(ts.MkAbs(args[1]))
	ts.Check(err)
	if diff := diffTrees(one, two); (diff == "") == neg {
		ts.Fatalf("%s and %s: %s", args[0], args[1], diff)
	}
}

// pack ARCHIVE DIR: writes the files of a folder into a .zip or .tar.gz.
func cmdPack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack ARCHIVE DIR")
	}
	ts.Check(packTree(ts.MkAbs(args[0]), ts.MkAbs(args[1])))
}

// absent REGEXP DIR: no file below DIR matches, whatever the case of letters.
func cmdAbsent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: absent REGEXP DIR")
	}
	re, err := regexp.Compile("(?i)" + args[0])
	ts.Check(err)
	tree, err := treeOf(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(tree) == 0 {
		ts.Fatalf("%s holds no files", args[1])
	}
	for path, data := range tree {
		if found := re.FindString(data); found != "" {
			ts.Fatalf("%s holds %q", path, found)
		}
	}
}
