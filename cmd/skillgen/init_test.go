package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"skillgen/generator"
	"skillgen/generator/source"
)

const threeApps = `
-- examples/one/package.json --
{"dependencies": {"express": "5"}}
-- examples/two/package.json --
{"dependencies": {"vue": "3"}}
-- examples/three/requirements.txt --
flask
-- other/x.txt --
x
-- docs/start.md --
# Start
-- notes/a.md --
# A
`

// TestAsk answers questions, and holds what is asked and what comes of it.
func TestAsk(t *testing.T) {
	const one = "\n-- app/go.mod --\nmodule x\n"
	for _, c := range []struct {
		name, files, answers string
		o                    generator.ScaffoldOptions
		want                 string // product; examples; docs
		asked                string // what stands in the questions; words that must, those with ! that must not
	}{
		{"Enter takes what was found", threeApps, "\n\n\n", generator.ScaffoldOptions{Folder: "shop"}, "shop; examples/one,examples/three,examples/two; docs", "Product, as people write its name [shop]: |3 example apps:| 1  examples/one  Node.js (Express)|or all [all]: |Folder of the docs (docs (1 page)), or none [docs]: "},
		{"answers", threeApps, "Acme Pay\n1,3\nnotes\n", generator.ScaffoldOptions{Folder: "shop"}, "Acme Pay; examples/one,examples/two; notes", ""},
		{"a range", threeApps, "\n2-3\nnone\n", generator.ScaffoldOptions{Folder: "shop"}, "shop; examples/three,examples/two; none", ""},
		{"folders", threeApps, "\nexamples/two, other/\n\n", generator.ScaffoldOptions{Folder: "shop"}, "shop; examples/two,other; docs", ""},
		{"wrong answers", threeApps, strings.Repeat("x", 200) + "\nA<b>\nAcme\n7\n0\n3-1\nnowhere\n,\n1\nnowhere\nother\ndocs/\n", generator.ScaffoldOptions{Folder: "shop"}, "Acme; examples/one; docs",
			"  the name has 200 characters; at most 100 are allowed\n  hint: shorten it|  the name must not hold < or >|  7 is none of the numbers\n  hint: they go from 1 to 3|  0 is none|  3-1 is none|  nowhere is not a folder here|  that names no app|  nowhere holds no pages\n  hint: pages|  other holds no pages"},
		{"a very long answer", threeApps, strings.Repeat("x", 100000) + "\nAcme\n\n\n", generator.ScaffoldOptions{Folder: "shop"}, "Acme; examples/one,examples/three,examples/two; docs", "  that is too long"},
		{"blanks", threeApps, "  Acme \t\r\n all \n docs \n", generator.ScaffoldOptions{Folder: "shop"}, "Acme; examples/one,examples/three,examples/two; docs", ""},
		{"flags are not asked about", threeApps, "", generator.ScaffoldOptions{Folder: "shop", Product: "Acme", Examples: []string{"other"}, NoDocs: true}, "Acme; other; none", "!["},
		{"but everything else is", threeApps, "\n", generator.ScaffoldOptions{Folder: "shop", Product: "Acme", Docs: []string{"docs/*.md"}}, "Acme; examples/one,examples/three,examples/two; docs/*.md", "!Product|!docs|example apps"},
		{"one app, no docs", one, "\n\n\n", generator.ScaffoldOptions{Folder: "shop"}, "shop; app; none", "Example app (Go) [app]: |Folder of the docs, or none [none]: "},
		{"no app", "\n-- src/x.zig --\nx\n", "\nnowhere\nsrc\n\n", generator.ScaffoldOptions{Folder: "shop"}, "shop; src; none", "Folder of the example app (none was found) [.]: |nowhere is not a folder here"},
		{"the end of the answers", threeApps, "", generator.ScaffoldOptions{Folder: "shop"}, "stopped", "[shop]: \n"},
		{"the end in the middle of one", threeApps, "Acme\n1", generator.ScaffoldOptions{Folder: "shop"}, "stopped", ""},
		{"the end after wrong answers", threeApps, "Acme\n7\n", generator.ScaffoldOptions{Folder: "shop"}, "stopped", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			unpack(t, dir, c.files)
			tree, err := source.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer tree.Close()
			survey, err := generator.NewSurvey(tree)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			err = newAsker(strings.NewReader(c.answers), &out).ask(survey, &c.o)
			docs := strings.Join(c.o.Docs, ",")
			if c.o.NoDocs {
				docs = "none"
			}
			got := c.o.Product + "; " + strings.Join(c.o.Examples, ",") + "; " + docs
			if errors.Is(err, errNoAnswer) {
				got = "stopped"
			} else if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for _, word := range strings.Split(c.asked, "|") {
				if word, not := strings.CutPrefix(word, "!"); strings.Contains(out.String(), word) == not {
					t.Errorf("%q in the questions: %t\n%s", word, !not, out.String())
				}
			}
		})
	}
}

// What a repository calls its files reaches the terminal shown, not executed.
func TestAskEscapes(t *testing.T) {
	survey := &generator.Survey{Product: "a\x1b[31mb", Apps: []generator.App{{Dir: "x\x1b[0m", Title: "t"}, {Dir: "y", Title: "\x9bt"}}, Docs: []generator.DocsFolder{{Dir: "d\x07"}}}
	var out bytes.Buffer
	_ = newAsker(strings.NewReader("A\n"), &out).ask(survey, &generator.ScaffoldOptions{})
	_ = newAsker(strings.NewReader(""), &out).docs(survey, &generator.ScaffoldOptions{})
	if strings.ContainsAny(out.String(), "\x1b\x07\u009b\x9b") {
		t.Errorf("%q", out.String())
	}
}

// onTerminal is a Python program that runs a command with a terminal as its stdin and stderr, types answers, and prints what the command's stderr showed.
const onTerminal = `
import os, pty, select, subprocess, sys, time
answers = sys.argv[1].encode().decode("unicode_escape").encode("latin-1")
master, slave = pty.openpty()
stdout = open("stdout", "wb")
def session():
    os.setsid()
    import fcntl, termios
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
p = subprocess.Popen(sys.argv[2:], stdin=slave, stdout=stdout, stderr=slave, preexec_fn=session)
os.close(slave)
seen = b""
deadline = time.time() + 60
def read(until):
    global seen
    start = len(seen)
    while time.time() < deadline:
        ready, _, _ = select.select([master], [], [], 0.2)
        if ready:
            try:
                seen += os.read(master, 4096)
            except OSError:
                return
        if until and seen[start:].rstrip(b" ").endswith(until) or p.poll() is not None and not ready:
            return
for i in range(0, len(answers)):
    if i == 0 or answers[i-1:i] == b"\n":
        read(b"]:")
    if p.poll() is not None:
        break
    os.write(master, answers[i:i+1])
read(None)
sys.stdout.buffer.write(seen)
sys.exit(p.wait() if p.returncode is None or p.returncode >= 0 else 128 - p.returncode)
`

// TestInitOnTerminal answers the questions of the real command on a real terminal.
func TestInitOnTerminal(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3, which makes the terminal, is not here")
	}
	start := func(t *testing.T, answers string, args ...string) (dir, stderr string, exit int) {
		dir = t.TempDir()
		unpack(t, dir, threeApps)
		writeFile(t, filepath.Join(dir, "..", "terminal.py"), onTerminal)
		cmd := exec.CommandContext(t.Context(), "python3", append([]string{filepath.Join("..", "terminal.py"), answers, binary(t), "init"}, args...)...)
		cmd.Dir, cmd.WaitDelay = dir, time.Second
		out, err := cmd.Output()
		if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
			exit = failed.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		return dir, string(out), exit
	}
	written := func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "skillgen.yaml"))
		return err == nil
	}
	t.Run("answers", func(t *testing.T) {
		dir, stderr, exit := start(t, `Acme\n2\nnone\n`)
		config, err := os.ReadFile(filepath.Join(dir, "skillgen.yaml"))
		if exit != 0 || err != nil || !strings.Contains(string(config), `product: "Acme"`) || !strings.Contains(stderr, "3 example apps:") {
			t.Errorf("exit %d, %v\n%s%s", exit, err, stderr, config)
		}
		stdout, err := os.ReadFile(filepath.Join(dir, "stdout"))
		if err != nil || !strings.Contains(string(stdout), "wrote frameworks/python-flask.md\n") || strings.Contains(string(stdout), "]:") {
			t.Errorf("%v, stdout:\n%s", err, stdout)
		}
	})
	t.Run("Ctrl-D", func(t *testing.T) {
		dir, stderr, exit := start(t, `Acme\n\x04`)
		if exit != exitUsage || written(dir) || !strings.Contains(stderr, "stopped: nothing was written") {
			t.Errorf("exit %d, written %t\n%s", exit, written(dir), stderr)
		}
	})
	t.Run("Ctrl-C", func(t *testing.T) {
		dir, stderr, exit := start(t, `Acme\n\x03`)
		if exit == 0 || written(dir) {
			t.Errorf("exit %d, written %t\n%s", exit, written(dir), stderr)
		}
	})
	for _, flag := range []string{"--yes", "-y", "--quiet"} {
		t.Run(flag, func(t *testing.T) {
			dir, stderr, exit := start(t, "", flag)
			if exit != 0 || !written(dir) || stderr != "" {
				t.Errorf("exit %d, written %t\n%s", exit, written(dir), stderr)
			}
		})
	}
}

// TestIgnoreLines appends to a .gitignore what keeps its line ends and its end.
func TestIgnoreLines(t *testing.T) {
	const c = generator.IgnoreComment
	for _, x := range []struct{ old, want string }{
		{"", c + "\n/dist/\n"},
		{"a\n", "a\n" + c + "\n/dist/\n"},
		{"a", "a\n" + c + "\n/dist/"},
		{"a\r\nb\r\n", "a\r\nb\r\n" + c + "\r\n/dist/\r\n"},
		{"a\r\nb", "a\r\nb\r\n" + c + "\r\n/dist/"},
		{"\n", "\n" + c + "\n/dist/\n"},
		{"a\xff\n", "a\xff\n" + c + "\n/dist/\n"},
	} {
		if got := x.old + string(ignoreLines([]byte(x.old), []string{"/dist/"})); got != x.want {
			t.Errorf("%q: %q, want %q", x.old, got, x.want)
		}
	}
}
