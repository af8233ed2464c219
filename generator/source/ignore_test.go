package source

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// git runs git in dir, with no settings of the user's or the machine's.
func git(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "HOME="+dir, "XDG_CONFIG_HOME="+dir, "LC_ALL=C")
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	if e, ok := err.(*exec.ExitError); ok && e.ExitCode() == 1 && args[0] == "check-ignore" {
		err = nil // nothing is ignored
	}
	if err != nil {
		t.Fatalf("this test holds the matcher against git, and git fails: git %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return out.String()
}

// againstGit compares what the tree at dir ignores with what git ignores there, path by path and with the line that decides.
func againstGit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "", "init", "-q", "--template=")
	tree := open(t, dir)
	notGit := func(e Entry) bool { return e.Path == ".git" }
	all, err := tree.Walk(".", notGit)
	must(t, err)
	all = slices.DeleteFunc(all, notGit)

	var names strings.Builder
	for _, e := range all {
		names.WriteString("./" + e.Path + "\x00") // a bare ":" at the start would be magic
	}
	fields := strings.Split(git(t, dir, names.String(), "check-ignore", "-v", "-n", "-z", "--no-index", "--stdin"), "\x00")
	if len(fields) != 4*len(all)+1 {
		t.Fatalf("git says %d fields about %d paths", len(fields), len(all))
	}
	wrong := 0
	for i, e := range all {
		file, line, pattern := fields[4*i], fields[4*i+1], fields[4*i+2]
		want := ""
		if pattern != "" && !strings.HasPrefix(pattern, "!") {
			want = fmt.Sprintf("%s:%s", file, line)
		}
		got := ""
		p, err := tree.Ignored(e.Path, e.Type.IsDir())
		must(t, err)
		if p != nil {
			got = fmt.Sprintf("%s:%d", p.At.File.Path, p.At.Line())
		}
		if got != want {
			if wrong++; wrong > 20 {
				t.Fatal("and more")
			}
			t.Errorf("%q: ignored by %q (%+v), git says %q (%s)", e.Path, got, p, want, pattern)
		}
	}

	var want []string
	for _, e := range all {
		p, err := tree.Ignored(e.Path, e.Type.IsDir())
		must(t, err)
		if p == nil && !e.Type.IsDir() {
			want = append(want, e.Path)
		}
	}
	got := strings.Split(strings.TrimSuffix(git(t, dir, "", "ls-files", "-o", "-z", "--exclude-standard"), "\x00"), "\x00")
	slices.Sort(got)
	if d := cmp.Diff(got, want); d != "" && wrong == 0 {
		t.Errorf("not the files that git lists (-git +ours):\n%s", d)
	}
}

// Each case is a folder of a repository, with the patterns of its .gitignore, more such files below, and paths to judge.
var ignoreCases = []struct {
	patterns string
	files    []string // "path" or "path/.gitignore=patterns"
}{
	{"*.log\n!keep.log\n", []string{"a.log", "keep.log", "sub/a.log", "sub/keep.log"}},
	{"build/\n", []string{"build/a", "sub/build/a", "x/build"}},
	{"/build\n", []string{"build/a", "sub/build/a"}},
	{"sub/build\n", []string{"sub/build/a", "x/sub/build/a", "build/a"}},
	{"out/\n!out/keep\n", []string{"out/keep", "out/x"}},
	{"out/*\n!out/keep\n", []string{"out/keep", "out/x", "out/deep/keep"}},
	{"/*\n!/src\n/src/*\n!/src/a\n", []string{"x", "src/a/b", "src/b/a"}},
	{"**/foo\n", []string{"foo", "a/foo", "a/b/foo/c"}},
	{"foo/**\n", []string{"foo/a", "foo/b/c", "a/foo/b"}},
	{"a/**/b\n", []string{"a/b", "a/x/b", "a/x/y/b", "z/a/b", "a/xb"}},
	{"**\n!a/\n", []string{"a/b", "c"}},
	{"a/**b\nfoo**/x\n", []string{"a/xb", "a/x/b", "foo/x", "foobar/x", "foo/y/x", "foobar/y/x"}},
	{"a/foo**/bar\n", []string{"a/foo/bar", "a/foox/bar", "a/foo/x/bar", "a/foox/y/bar"}},
	{"a/x**y/z\n", []string{"a/xy/z", "a/xay/z", "a/x/y/z"}},
	{"***\n!*.txt\n", []string{"a", "b.txt", "c/d.txt"}},
	{"a/***/b\n", []string{"a/b", "a/x/b", "a/x/y/b"}},
	{"foo/*/bar\n", []string{"foo/a/bar", "foo/bar", "foo/a/b/bar"}},
	{"*/foo\n", []string{"foo", "a/foo", "a/b/foo"}},
	{"a?c\n", []string{"abc", "ac", "a/c", "abbc"}},
	{"a/?/c\n", []string{"a/b/c", "a/bb/c"}},
	{"[ab]x\n[!ab]y\n[^ab]z\n", []string{"ax", "cx", "ay", "cy", "az", "cz"}},
	{"[]a]1\n[!]a]2\n[]-]3\n[a-]4\n[-a]5\n", []string{"]1", "a1", "b1", "]2", "b2", "-3", "]3", "-4", "a4", "b4", "-5", "a5"}},
	{"[a-c]1\n[c-a]2\n[a-\\c]3\n[\\a-c]4\n[a-c-e]5\n", []string{"b1", "d1", "b2", "b3", "b4", "b5", "-5", "d5", "e5"}},
	{"[[:alpha:]]1\n[[:digit:]x]2\n[![:space:]]3\n[[:nope:]]4\n[[:alpha]5\n[[:]6\n[[::]]7\n", []string{"a1", "11", "12", "x2", "y2", "a3", " 3", "a4", "a5", "[5", ":5", "a]5", ":6", "[6", "a7"}},
	{"[[:punct:]]p\n[[:xdigit:]]x\n[[:blank:]]b\n[[:cntrl:]]c\n[[:upper:][:lower:]]u\n[[:graph:]]g\n[[:print:]]r\n[[:alnum:]]n\n", []string{"_p", "ap", "fx", "gx", " b", "b", "\x01c", "Au", "1u", "ag", " g", " r", "~r", "1n", "_n"}},
	{"[a\nb\\\n[\n[!\n[a-\n[\\\n", []string{"[a", "a", "b", "b\\", "[", "[!", "[a-", "[\\"}},
	{"a[/]b\na[!x]b\na/[^x]/b\n", []string{"a/b", "acb", "a/c/b"}},
	{"\\#a\n\\!b\n#c\n\\a\n\\*d\n\\[e\n", []string{"#a", "!b", "#c", "c", "a", "*d", "xd", "[e"}},
	{"trail  \nesc\\ \ndouble\\\\ \nmany\\  \n\ttab\ntab\t\n  lead\n", []string{"trail", "trail  ", "esc", "esc ", "double\\", "many ", "tab", "\ttab", "tab\t", "lead", "  lead"}},
	{"\n   \n\n!\n/\n//\n!/\n", []string{"a", "b/c"}},
	{"a//b\na/./b2\n./c\n../d\n", []string{"a/b", "a/b2", "c", "d"}},
	{"dir/\nfile/\n", []string{"dir/a", "file", "x/dir", "x/file/a"}},
	{"dir//\n/x/dir/\n", []string{"dir/a", "x/dir/a"}},
	{"*.o\n", []string{"a.o", "sub/.gitignore=!keep.o\n", "sub/keep.o", "sub/b.o", "sub/deep/keep.o"}},
	{"!a\n", []string{"sub/.gitignore=a\n", "sub/a", "a"}},
	{"sub/\n", []string{"sub/.gitignore=!a\n", "sub/a"}},
	{"sub/a\n", []string{"sub/.gitignore=/b\nc/d\n/e/\n", "sub/a", "sub/b", "sub/x/b", "sub/c/d", "c/d", "sub/e/f", "sub/e.txt"}},
	{"x\n", []string{"a/b/.gitignore=!x\n", "a/b/x", "a/b/c/x", "a/x"}},
	{"a/b\n!a/b\na/\n", []string{"a/b", "a/c"}},
	{"/a/b/\n", []string{"a/b/c", "x/a/b/c"}},
	{"ä\n*ö\n[é]\n?\n", []string{"ä", "xö", "é", "ü", "u"}},
	{"Foo\nBAR/\n", []string{"foo", "Foo", "bar/a", "BAR/a"}},
	{"*\n!*/\n!*.go\n", []string{"a.go", "a.txt", "x/b.go", "x/b.txt"}},
	{"*a*a*a\n*a**\n", []string{"aaa", "xaxaxa", "bab", "b"}},
	{"\xef\xbb\xbfbom\n", []string{"bom", "\ufeffbom"}},
	{"cr\r\nlf\nend", []string{"cr", "cr\r", "lf", "end"}},
	{"a\\/b\n**\\/c\nd\\\n", []string{"a/b", "c", "x/c", "x/y/c", "d", "d\\"}},
	{"[a[:digit:]-z]8\n[a-c-z]9\n", []string{"x8", "-8", "18", "x9", "-9", "z9"}},
	{"{a,b}\na{1,2}\n", []string{"a", "b", "{a,b}", "a1", "a{1,2}"}},
	{".*\n!.env.example\n", []string{".env", ".env.example", "sub/.x", "sub/.env.example"}},
	{"**/\n", []string{"a", "b/c"}},
	{"**/*.x\n/**/y\n", []string{"a.x", "b/a.x", "y", "b/y", "b/c/y"}},
	{"a/**/**/b\n**/**/c\n", []string{"a/b", "a/x/y/b", "c", "x/y/c"}},
	{"a*/**\n", []string{"ab/c", "ab.txt", "x/ab/c"}},
	{"[*]\n[?]\n[\\]]\n[\\\\]\n", []string{"*", "a", "?", "]", "\\"}},
}

func TestIgnoredAgainstGit(t *testing.T) {
	files := map[string]string{}
	for i, c := range ignoreCases {
		base := fmt.Sprintf("case%02d/", i)
		files[base+".gitignore"] = c.patterns
		addFiles(files, base, c.files)
	}
	againstGit(t, write(t, files))
}

// The same at the root of the repository, where patterns have no base.
func TestIgnoredAtTheRootAgainstGit(t *testing.T) {
	patterns, paths := "", map[string]string{}
	for _, c := range ignoreCases[:24] {
		patterns += c.patterns
		addFiles(paths, "", c.files)
	}
	paths[".gitignore"] = strings.ReplaceAll(patterns, "**\n", "") + "/*x\n!/sub\n"
	againstGit(t, write(t, paths))
}

// addFiles adds the files of a case; of two that can't both exist the first stays.
func addFiles(files map[string]string, base string, names []string) {
	for _, name := range names {
		name, text, _ := strings.Cut(name, "=")
		name = base + name
		clash := false
		for other := range files {
			clash = clash || strings.HasPrefix(other, name+"/") || strings.HasPrefix(name, other+"/")
		}
		if !clash {
			files[name] = text
		}
	}
}

func TestIgnoredOnRandomPatternsAgainstGit(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 11))
	pick := func(from []string) string { return from[rnd.IntN(len(from))] }
	atoms := []string{"a", "b", "ab", "foo", "*", "*", "**", "**/", "/**", "/", "/", "?", "[ab]", "[!a]", "[a-c]", "\\", "\\*", "\\ ", " ", ".", "-", "]", "[", "!", "#", "[[:alpha:]]", "x"}
	names := []string{"a", "b", "ab", "foo", "foo.x", "bar", "x", "a b", "a-b", "[a]", "*", "#a", "!b", "abc", "é", "a*", "-", "a.b"}
	pattern := func() string {
		var b strings.Builder
		if rnd.IntN(5) == 0 {
			b.WriteByte('!')
		}
		for range 1 + rnd.IntN(5) {
			b.WriteString(pick(atoms))
		}
		return b.String()
	}
	files := map[string]string{}
	for i := range 60 {
		base := fmt.Sprintf("r%03d/", i)
		list := func(n int) string {
			var lines []string
			for range 1 + rnd.IntN(n) {
				lines = append(lines, pattern())
			}
			return strings.Join(lines, "\n")
		}
		files[base+".gitignore"] = list(4)
		var paths []string
		for range 12 {
			name := pick(names)
			for range rnd.IntN(4) {
				name += "/" + pick(names)
			}
			paths = append(paths, name)
		}
		if rnd.IntN(2) == 0 {
			paths = append([]string{pick(names) + "/.gitignore=" + list(3)}, paths...)
		}
		addFilesFast(files, base, paths)
	}
	againstGit(t, write(t, files))
}

// addFilesFast is addFiles for a base that is new.
func addFilesFast(files map[string]string, base string, names []string) {
	mine := map[string]string{}
	addFiles(mine, "", names)
	for name, text := range mine {
		files[base+name] = text
	}
}

func TestIgnoredOddFiles(t *testing.T) {
	dir := write(t, map[string]string{"real": "x\n", "link/x": "", "folder/.gitignore/a": "", "folder/x": "", "nul/.gitignore": "a\x00b\nx\n", "nul/a": "", "latin/.gitignore": "\xef\xbb\xbfx\n\xfc\n"})
	must(t, os.Symlink("../real", filepath.Join(dir, "link/.gitignore")))
	tree := open(t, dir)
	for name, want := range map[string]string{"link/x": "", "folder/x": "", "nul/x": "x", "nul/a": "a", "latin/x": "x", "latin/\xfc": "\xfc", ".": "", "../x": ""} {
		p, err := tree.Ignored(name, false)
		got := ""
		if p != nil {
			got = p.Text
		}
		if err != nil || got != want {
			t.Errorf("Ignored(%q) = %q, %v; want %q", name, got, err, want)
		}
	}
	denied := New(deniedFS{fstest.MapFS{".gitignore": {}, "a": {}}})
	if _, err := denied.Ignored("a", false); err == nil || err.Error() != ".gitignore: permission denied" {
		t.Errorf("an unreadable .gitignore: %v", err)
	}
}

func TestPatternInto(t *testing.T) {
	for _, tt := range []struct {
		pattern, dir string
		exact, wider bool
	}{
		{"dist/keep.js", "dist", true, true}, {"/dist/keep.js", "dist", true, true}, {"dist/*", "dist", true, true}, {"dist/**", "dist", true, true},
		{"dist/a/b.js", "dist/a", true, true}, {"dist/a/b.js", "dist/b", false, false}, {"dist/**/b.js", "dist/a", false, true}, {"dist/*/b.js", "dist/a", true, true},
		{"*/b.js", "dist", true, true}, {"d?st/b.js", "dist", true, true}, {"**/b.js", "dist", false, true}, {"**/dist/b.js", "dist", true, true},
		{"b.js", "dist", false, false}, {"dist", "dist", false, false}, {"dist/", "dist", false, false}, {"/dist/", "dist", false, false},
		{"dist/keep.js", "distance", false, false}, {"dist/keep.js", "dis", false, false}, {"a/b", "a/b", false, false},
	} {
		p := NewPattern(tt.pattern, "")
		if got := p.Into(tt.dir, true); got != tt.exact {
			t.Errorf("%q goes into %q: %v", tt.pattern, tt.dir, got)
		}
		if got := p.Into(tt.dir, false); got != tt.wider {
			t.Errorf("%q goes into %q with the help of **: %v", tt.pattern, tt.dir, got)
		}
	}
	if p := NewPattern("dist/a", "examples/x"); !p.Into("examples/x/dist", true) || p.Into("dist", true) || !p.Match("examples/x/dist/a", false) || p.Match("dist/a", false) {
		t.Error("the base does not count")
	}
}

// A pattern that makes backtracking matchers try for years.
func TestHostilePatternIsLinear(t *testing.T) {
	for _, pattern := range []string{strings.Repeat("*a", 500) + "b", strings.Repeat("**/", 500) + "b", "x/" + strings.Repeat("**/a", 400) + "/b", strings.Repeat("[*a]*", 400) + "b"} {
		p := NewPattern(pattern, "")
		name := "x/" + strings.Repeat("a/", 400) + strings.Repeat("a", 1000)
		start := time.Now()
		if p.Match(name, false) {
			t.Errorf("%.20s… matches", pattern)
		}
		p.Into(name, false)
		if took := time.Since(start); took > 5*time.Second { // backtracking takes years
			t.Errorf("%.20s… takes %v", pattern, took)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, c := range ignoreCases {
		for line := range strings.Lines(c.patterns) {
			f.Add(strings.TrimSuffix(line, "\n"), c.files[0])
		}
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 1000 || len(name) > 1000 {
			return
		}
		p := NewPattern(pattern, "")
		got := p.Match(name, true)
		if !strings.ContainsAny(pattern, "*?[\\! /") && pattern != "" {
			if want := path.Base(name) == pattern; got != want {
				t.Errorf("%q is plain, and matches %q: %v", pattern, name, got)
			}
		}
		if p.Match(name, false) && !got {
			t.Errorf("%q matches the file %q and not the folder", pattern, name)
		}
		if dir, last, ok := strings.Cut(name, "/"); ok && last != "" && !p.anywhere && got && !p.Into(dir, false) {
			t.Errorf("%q matches %q, but does not go into %q", pattern, name, dir)
		}
	})
}
