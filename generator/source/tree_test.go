package source

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// write makes files below a scratch folder; a name that ends in "/" makes a folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			must(t, os.MkdirAll(full, 0o755))
			continue
		}
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		must(t, os.WriteFile(full, []byte(text), 0o644))
	}
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *Tree {
	t.Helper()
	tree, err := Open(dir)
	must(t, err)
	t.Cleanup(func() { tree.Close() })
	return tree
}

// within fails the test when f takes long: a read that waits for ever must not hang the whole run.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { f(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("still waiting after 10 s")
	}
}

func TestReadSaysWhatIsWrongWithAPath(t *testing.T) {
	outside := write(t, map[string]string{"secret.md": "secret", "folder/a.md": "a"})
	dir := write(t, map[string]string{"a.md": "a", "sub/b.md": "b"})
	links := map[string]string{
		"out.md": filepath.Join(outside, "secret.md"), "up.md": "../elsewhere.md", "in.md": "a.md", "sub/in": "../sub", "folder": filepath.Join(outside, "folder"),
		"loop": "loop", "ping": "pong", "pong": "ping", "dangling": "nothing", "sub/up": "../../x",
	}
	for name, target := range links {
		must(t, os.Symlink(target, filepath.Join(dir, name)))
	}
	must(t, syscall.Mkfifo(filepath.Join(dir, "pipe.md"), 0o644))
	l, err := net.Listen("unix", filepath.Join(dir, "sock"))
	must(t, err)
	defer l.Close()
	large, err := os.Create(filepath.Join(dir, "large"))
	must(t, err)
	must(t, large.Truncate(MaxSize+1))
	must(t, large.Close())
	tree := open(t, dir)

	tests := []struct {
		path    string
		trouble Trouble
		want    string
	}{
		{"none.md", Missing, "none.md does not exist"},
		{"none/none.md", Missing, "none/none.md: none does not exist"},
		{"", Irregular, ". is a folder, not a regular file"},
		{"sub", Irregular, "sub is a folder, not a regular file"},
		{"sub/", Irregular, "sub is a folder, not a regular file"},
		{"a.md/x", NotFolder, "a.md/x: a.md is a regular file, not a folder"},
		{"../a.md", Outside, "../a.md lies outside the project"},
		{"sub/../../a.md", Outside, "../a.md lies outside the project"},
		{"/etc/hostname", Outside, "/etc/hostname lies outside the project"},
		{"a\x00b", Malformed, `"a\x00b" is not a path`},
		{strings.Repeat("x", 5000), Missing, strings.Repeat("x", 5000) + " does not exist"},
		{"out.md", Link, "out.md is a symbolic link that leaves the project (to " + filepath.Join(outside, "secret.md") + ")"},
		{"up.md", Link, "up.md is a symbolic link that leaves the project (to ../elsewhere.md)"},
		{"in.md", Link, "in.md is a symbolic link (to a.md), and links are not followed"},
		{"folder/a.md", Link, "folder/a.md: folder is a symbolic link that leaves the project (to " + filepath.Join(outside, "folder") + ")"},
		{"sub/in/b.md", Link, "sub/in/b.md: sub/in is a symbolic link (to ../sub), and links are not followed"},
		{"sub/up", Link, "sub/up is a symbolic link that leaves the project (to ../../x)"},
		{"loop", Link, "loop is a symbolic link (to loop), and links are not followed"},
		{"loop/x", Link, "loop/x: loop is a symbolic link (to loop), and links are not followed"},
		{"ping", Link, "ping is a symbolic link (to pong), and links are not followed"},
		{"dangling", Link, "dangling is a symbolic link (to nothing), and links are not followed"},
		{"pipe.md", Irregular, "pipe.md is a named pipe, not a regular file"},
		{"sock", Irregular, "sock is a socket, not a regular file"},
		{"large", TooLarge, "large is larger than 64 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.path[:min(len(tt.path), 20)], func(t *testing.T) {
			within(t, func() {
				f, err := tree.Read(tt.path)
				var p *PathError
				if !errors.As(err, &p) {
					t.Errorf("Read(%q) = %v, %v; want a PathError", tt.path, f, err)
					return
				}
				if p.Trouble != tt.trouble || err.Error() != tt.want {
					t.Errorf("Read(%q):\n got %d %q\nwant %d %q", tt.path, p.Trouble, err, tt.trouble, tt.want)
				}
				if got := errors.Is(err, fs.ErrNotExist); got != (tt.trouble == Missing) {
					t.Errorf("errors.Is(err, fs.ErrNotExist) = %v", got)
				}
			})
		})
	}
}

// A named pipe that takes a file's place between the look and the open must not be waited for.
func TestReadDoesNotWaitForAPipe(t *testing.T) {
	dir := t.TempDir()
	must(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644))
	tree := open(t, dir)
	within(t, func() {
		f, err := tree.open("pipe")
		if err != nil {
			t.Errorf("open: %v", err)
			return
		}
		defer f.Close()
		if _, perr := readAll(f, "pipe"); perr == nil || perr.Trouble != Irregular {
			t.Errorf("readAll = %v, want Irregular", perr)
		}
	})
}

func TestDenied(t *testing.T) {
	tree := New(deniedFS{fstest.MapFS{"a.md": {}, "sub/b.md": {}}})
	if _, err := tree.Read("a.md"); !errors.Is(err, fs.ErrPermission) || err.Error() != "a.md: permission denied" {
		t.Errorf("Read = %v", err)
	}
	if _, err := tree.Walk(".", nil); !errors.Is(err, fs.ErrPermission) || err.Error() != "sub: permission denied" {
		t.Errorf("Walk = %v", err)
	}
}

// deniedFS opens nothing but its root. The tests may run as the superuser, to whom no real file system refuses anything.
type deniedFS struct{ fstest.MapFS }

func (d deniedFS) Open(name string) (fs.File, error) {
	if name == "." {
		return d.MapFS.Open(name)
	}
	return nil, &fs.PathError{Op: "open", Path: "/somewhere/" + name, Err: fs.ErrPermission}
}

func (d deniedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "." {
		return d.MapFS.ReadDir(name)
	}
	return nil, &fs.PathError{Op: "open", Path: "/somewhere/" + name, Err: fs.ErrPermission}
}

// countingFS counts how often a file is opened.
type countingFS struct {
	fstest.MapFS
	opened *atomic.Int32
}

func (c countingFS) Open(name string) (fs.File, error) {
	c.opened.Add(1)
	return c.MapFS.Open(name)
}

func TestReadOnce(t *testing.T) {
	var opened atomic.Int32
	tree := NewLabelled(countingFS{fstest.MapFS{"a/b.md": {Data: []byte("text")}}, &opened}, "builtin:")
	files := make([]*File, 32)
	var wg sync.WaitGroup
	for i := range files {
		name := []string{"a/b.md", "./a//b.md", "a/x/../b.md"}[i%3]
		wg.Go(func() { files[i], _ = tree.Read(name) })
	}
	wg.Wait()
	for _, f := range files {
		if f == nil || f != files[0] {
			t.Fatalf("two reads gave two files: %p and %p", f, files[0])
		}
	}
	if files[0].Path != "builtin:a/b.md" {
		t.Errorf("Path = %q", files[0].Path)
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("opened %d times", n)
	}
	_, err1 := tree.Read("none")
	_, err2 := tree.Read("none")
	if err1 == nil || err1 != err2 {
		t.Errorf("errors are not kept: %v, %v", err1, err2)
	}
}

func TestNormalise(t *testing.T) {
	tests := []struct {
		name, data string
		kind       Kind
		text       string
		encoding   string
		bad        int
	}{
		{"empty", "", Text, "", "", 0},
		{"plain", "a\nb", Text, "a\nb", "", 0},
		{"mark", "\xef\xbb\xbfa\n", Text, "a\n", "", 0},
		{"only a mark", "\xef\xbb\xbf", Text, "", "", 0},
		{"two marks", "\xef\xbb\xbf\xef\xbb\xbfa", Text, "\ufeffa", "", 0},
		{"crlf", "a\r\nb\r\n\r\n", Text, "a\nb\n\n", "", 0},
		{"crlf and lf", "a\r\nb\nc", Text, "a\nb\nc", "", 0},
		{"lone cr", "a\rb\n", Binary, "a\rb\n", "", 0},
		{"cr at the end", "a\r", Binary, "a\r", "", 0},
		{"cr cr lf", "a\r\r\n", Binary, "a\r\r\n", "", 0},
		{"nul", "a\x00b", Binary, "a\x00b", "", 0},
		{"nul in latin-1", "\xe4\x00", Binary, "\xe4\x00", "", 0},
		{"latin-1", "Gr\xfc\xdfe\r\n", Foreign, "Gr\xfc\xdfe\r\n", "Latin-1", 2},
		{"windows", "\x93Hi\x94 caf\xe9", Foreign, "\x93Hi\x94 caf\xe9", "Windows-1252", 0},
		{"damaged", "Größe \xe2\x82 x", Foreign, "Größe \xe2\x82 x", "damaged UTF-8", 8},
		{"surrogate", "\xed\xa0\x80", Foreign, "\xed\xa0\x80", "Windows-1252", 0},
		{"utf-16le", "\xff\xfeh\x00i\x00\r\x00\n\x00", Foreign, "\xff\xfeh\x00i\x00\r\x00\n\x00", "UTF-16LE", 0},
		{"utf-16be", "\xfe\xff\x00h\x00i", Foreign, "\xfe\xff\x00h\x00i", "UTF-16BE", 0},
		{"utf-32le", "\xff\xfe\x00\x00h\x00\x00\x00", Foreign, "\xff\xfe\x00\x00h\x00\x00\x00", "UTF-32LE", 0},
		{"utf-32be", "\x00\x00\xfe\xff\x00\x00\x00h", Foreign, "\x00\x00\xfe\xff\x00\x00\x00h", "UTF-32BE", 0},
		{"odd size is no utf-16", "\xff\xfe\x00", Binary, "\xff\xfe\x00", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := NewFile("f", []byte(tt.data))
			if f.Kind != tt.kind || f.Text != tt.text || f.Encoding != tt.encoding || f.Bad != tt.bad {
				t.Errorf("got kind %d, %q, %q at %d; want %d, %q, %q at %d", f.Kind, f.Text, f.Encoding, f.Bad, tt.kind, tt.text, tt.encoding, tt.bad)
			}
			if f.Digest != sha256.Sum256([]byte(tt.text)) {
				t.Error("the digest is not that of the text")
			}
		})
	}
}

func TestWalk(t *testing.T) {
	dir := write(t, map[string]string{
		"ex/a/z.md": "z", "ex/a-b": "-", "ex/a.md": "12345", "ex/[id]/(group)/@slot/$x.ts": "", "ex/skip/deep/x": "x", "ex/empty/": "", "other/x": "",
	})
	must(t, os.Symlink("..", filepath.Join(dir, "ex/a/loop")))
	must(t, os.Symlink("gone", filepath.Join(dir, "ex/broken")))
	must(t, syscall.Mkfifo(filepath.Join(dir, "ex/pipe"), 0o644))
	tree := open(t, dir)
	var asked []string
	var got []Entry
	within(t, func() {
		var err error
		got, err = tree.Walk("ex/", func(e Entry) bool {
			asked = append(asked, e.Path)
			return e.Path == "ex/skip"
		})
		if err != nil {
			t.Error(err)
		}
	})
	want := []Entry{
		{"ex/[id]", fs.ModeDir, 0}, {"ex/[id]/(group)", fs.ModeDir, 0}, {"ex/[id]/(group)/@slot", fs.ModeDir, 0}, {"ex/[id]/(group)/@slot/$x.ts", 0, 0},
		{"ex/a", fs.ModeDir, 0}, {"ex/a-b", 0, 1}, {"ex/a.md", 0, 5}, {"ex/a/loop", fs.ModeSymlink, 0}, {"ex/a/z.md", 0, 1},
		{"ex/broken", fs.ModeSymlink, 0}, {"ex/empty", fs.ModeDir, 0}, {"ex/pipe", fs.ModeNamedPipe, 0}, {"ex/skip", fs.ModeDir, 0},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Walk (-want +got):\n%s", d)
	}
	if len(asked) != 6 {
		t.Errorf("asked about %q, want the six folders once each", asked)
	}
	for _, bad := range []struct{ path, want string }{
		{"none", "none does not exist"}, {"ex/a.md", "ex/a.md is a regular file, not a folder"}, {"..", ".. lies outside the project"},
		{"ex/a/loop", "ex/a/loop is a symbolic link (to ..), and links are not followed"},
	} {
		if _, err := tree.Walk(bad.path, nil); err == nil || err.Error() != bad.want {
			t.Errorf("Walk(%q) = %v, want %s", bad.path, err, bad.want)
		}
	}
}

func TestStat(t *testing.T) {
	dir := write(t, map[string]string{"a/b.md": "abc"})
	must(t, os.Symlink("a", filepath.Join(dir, "l")))
	tree := open(t, dir)
	tests := []struct {
		path   string
		want   Entry
		exists bool
	}{
		{".", Entry{Path: ".", Type: fs.ModeDir}, true},
		{"a/", Entry{Path: "a", Type: fs.ModeDir}, true},
		{"a/b.md", Entry{Path: "a/b.md", Size: 3}, true},
		{"l", Entry{Path: "l", Type: fs.ModeSymlink}, false},
		{"l/b.md", Entry{}, false},
		{"x", Entry{}, false},
	}
	for _, tt := range tests {
		got, err := tree.Stat(tt.path)
		if got != tt.want || (err != nil) != (tt.want.Path == "") {
			t.Errorf("Stat(%q) = %+v, %v; want %+v", tt.path, got, err, tt.want)
		}
		if tree.Exists(tt.path) != tt.exists {
			t.Errorf("Exists(%q) = %v", tt.path, !tt.exists)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	text := []byte(strings.Repeat("const client = new Client(process.env.KEY)\r\n", 250))
	for i := range 200 {
		d := filepath.Join(dir, fmt.Sprintf("examples/app%d/src/app", i%20))
		os.MkdirAll(d, 0o755)
		if err := os.WriteFile(filepath.Join(d, fmt.Sprintf("f%d.ts", i)), text, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		tree, err := Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		entries, err := tree.Walk(".", nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range entries {
			if e.Type.IsRegular() {
				if _, err := tree.Read(e.Path); err != nil {
					b.Fatal(err)
				}
			}
		}
		tree.Close()
	}
}
