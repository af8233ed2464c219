package prosediff

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/source"
)

var tree = map[string]string{
	"skills/acme-go/SKILL.md":          "---\nname: acme-go\ndescription: x\n---\n\n# Go\n\n- **NEVER** log the key of the project.\n- Use one client.\n",
	"skills/acme-go/stages/1-plan.md":  "# Plan\n\nWrite `.acme/plan.json`.\n",
	"skills/acme-go/scripts/listen.sh": "#!/bin/sh\necho listening\n",
	"skills/acme-vue/SKILL.md":         "---\nname: acme-vue\ndescription: y\n---\n\n# Vue\n\nSet `VITE_ACME_KEY`.\n",
	"skills/README.md":                 "# All skills\n",
}

func writeFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

type archived struct {
	name, text string
	mode       fs.FileMode
	link       string
}

func writeZip(t *testing.T, entries []archived) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode | 0o644)
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.text)); err != nil && !strings.HasSuffix(e.name, "/") {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "a.zip", b.Bytes())
}

func writeTar(t *testing.T, entries []archived) string {
	t.Helper()
	var b bytes.Buffer
	g := gzip.NewWriter(&b)
	w := tar.NewWriter(g)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.text)), Typeflag: tar.TypeReg, Linkname: e.link}
		switch {
		case e.mode&fs.ModeSymlink != 0:
			h.Typeflag, h.Size = tar.TypeSymlink, 0
		case e.mode&fs.ModeDevice != 0:
			h.Typeflag, h.Size = tar.TypeChar, 0
		case e.link != "":
			h.Typeflag, h.Size = tar.TypeLink, 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write([]byte(e.text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(w.Close(), g.Close()); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "a.tar.gz", b.Bytes())
}

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(at, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return at
}

func inOrder(files map[string]string) []archived {
	var out []archived
	for _, name := range sortedKeys(files) {
		out = append(out, archived{name: name, text: files[name]})
	}
	return out
}

// committed commits the files and returns its folder.
func committed(t *testing.T, files map[string]string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := writeFolder(t, files)
	gitDo(t, dir, "init", "-q", "-b", "main")
	gitDo(t, dir, "add", "-A")
	gitDo(t, dir, "commit", "-q", "-m", "x")
	return dir
}

func gitDo(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// Case 48: the same sides from a folder, a zip, a tar and a ref give the same report, but for what names the base.
func TestSameReportFromEverySource(t *testing.T) {
	next := map[string]string{}
	for name, text := range tree {
		next[name] = strings.NewReplacer("**NEVER** log", "You may log", "VITE_ACME_KEY", "VITE_ACME_TOKEN", "echo", "echo now", "Write", "Read").Replace(text)
	}
	revision := writeFolder(t, next)
	repo := committed(t, tree)
	bases := map[string]string{
		"folder": filepath.Join(writeFolder(t, tree), "skills"), "zip": writeZip(t, inOrder(tree)), "tar": writeTar(t, inOrder(tree)), "ref": "main:skills", "top of a ref": "HEAD:",
	}
	var want []byte
	for _, kind := range sortedKeys(bases) {
		base, left, err := Open(repo, bases[kind])
		if err != nil || len(left) > 0 {
			t.Fatalf("%s: %v %v", kind, err, left)
		}
		rev, _, err := Open(repo, revision)
		if err != nil {
			t.Fatal(err)
		}
		r := Compare(base, rev, Options{})
		r.Base = Identity{}
		for _, c := range r.Changes {
			for _, at := range []*Place{c.Base, c.Revision} {
				if at != nil {
					at.File = strings.TrimPrefix(at.File, "skills/")
				}
			}
		}
		for _, g := range r.Groups {
			for i, f := range g.Files {
				g.Files[i] = strings.TrimPrefix(f, "skills/")
			}
		}
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if len(r.Changes) < 4 || !bytes.Equal(got, want) {
			t.Errorf("%s:\n%.3000s\nwant\n%.3000s", kind, got, want)
		}
	}
}

func TestSkillsOfASide(t *testing.T) {
	names := func(files map[string]string) string {
		c := collector{spec: "x"}
		for _, e := range inOrder(files) {
			c.files = append(c.files, File{Path: e.name, Data: []byte(e.text)})
		}
		var out []string
		for _, s := range c.side("folder", "base").Skills {
			var paths []string
			for _, f := range s.Files {
				paths = append(paths, f.Path)
			}
			out = append(out, s.Name+": "+strings.Join(paths, " "))
		}
		return strings.Join(out, "; ")
	}
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{tree, ": README.md; acme-go: SKILL.md scripts/listen.sh stages/1-plan.md; acme-vue: SKILL.md"},
		{map[string]string{"SKILL.md": "---\nname: \"own\"\n---\n", "a/b.md": ""}, "own: SKILL.md a/b.md"},
		{map[string]string{"SKILL.md": "# x\n"}, "base: SKILL.md"},
		{map[string]string{"a/s/SKILL.md": "", "b/s/SKILL.md": "", "a/s/examples/SKILL.md": ""}, "a/s: SKILL.md examples/SKILL.md; b/s: SKILL.md"},
		{map[string]string{"docs/a.md": "", "b.md": ""}, ": b.md docs/a.md"},
		{map[string]string{"manifest.json": `{"generator": {"version": "1"}, "skills": []}`, "skills/a/SKILL.md": "", "report.json": "{}"}, "a: SKILL.md"},
	} {
		if got := names(c.files); got != c.want {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
}

func TestHostileArchives(t *testing.T) {
	for want, e := range map[string][]archived{
		"the entry ../x does not stay in the archive":                   {{name: "../x"}},
		"the entry /etc/x does not stay in the archive":                 {{name: "/etc/x"}},
		"the entry a/../../x does not stay in the archive":              {{name: "a/../../x"}},
		"the entry a//x does not stay in the archive":                   {{name: "a//x"}},
		"the entry a\\b has a backslash":                                {{name: "a\\b"}},
		"the entry l is a link":                                         {{name: "l", mode: fs.ModeSymlink, link: "/etc/passwd", text: "/etc/passwd"}},
		"the entries A.md and a.md are the same file to some systems":   {{name: "A.md"}, {name: "a.md"}},
		"the entries a.md and ./a.md are the same file to some systems": {{name: "a.md"}, {name: "./a.md"}},
		"the entry a b.md has a backslash, a control character":         {{name: "a\nb.md"}},
		"big.md is larger than 10 MiB":                                  {{name: "big.md", text: strings.Repeat("a", maxFile+1)}},
		"the entry a" + strings.Repeat("x", 198) + "… does not stay":    {{name: "a" + strings.Repeat("x", 300) + "/../.."}},
	} {
		for _, at := range []string{writeZip(t, e), writeTar(t, e)} {
			_, _, err := Open("/", at)
			var refused *OpenError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", filepath.Ext(at), err, want)
			}
		}
	}
	for name, at := range map[string]string{
		"hard link": writeTar(t, []archived{{name: "h", link: "a"}}), "device": writeTar(t, []archived{{name: "d", mode: fs.ModeDevice}}),
		"no zip": writeFile(t, "x.zip", []byte("no")), "no gzip": writeFile(t, "x.tar.gz", []byte("no")), "a file": writeFile(t, "x.txt", nil), "nothing": "/nowhere/at/all",
	} {
		var refused *OpenError
		if _, _, err := Open("/", at); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	cut := writeZip(t, []archived{{name: "a.md", text: strings.Repeat("abc", 1000)}})
	data, err := os.ReadFile(cut)
	if err != nil {
		t.Fatal(err)
	}
	data[40] ^= 0xff // inside the compressed bytes
	if _, _, err := Open("/", writeFile(t, "cut.zip", data)); err == nil {
		t.Error("a damaged archive is read")
	}
}

func TestTooManyFiles(t *testing.T) {
	entries := make([]archived, maxFiles+1)
	for i := range entries {
		entries[i].name = "f" + strings.Repeat("0", i%7) + string(rune('a'+i%26)) + "/" + string(rune(0x4e00+i))
	}
	if _, _, err := Open("/", writeZip(t, entries)); err == nil || !strings.Contains(err.Error(), "more than 10000 files") {
		t.Errorf("got %v", err)
	}
}

func TestLinksInFoldersAreLeftOut(t *testing.T) {
	dir := writeFolder(t, map[string]string{"s/SKILL.md": "# a\n", ".git/config": "x", "s/.git": "gitdir: x"})
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "s", "env.md")); err != nil {
		t.Skip(err)
	}
	side, left, err := Open("/", dir)
	if err != nil || len(side.Skills) != 1 || len(side.Skills[0].Files) != 1 || len(left) != 1 || !strings.Contains(left[0], "s/env.md is not a regular file") {
		t.Errorf("%+v %v %v", side, left, err)
	}
}

func TestRefs(t *testing.T) {
	dir := committed(t, tree)
	if err := os.Symlink("SKILL.md", filepath.Join(dir, "skills/acme-go/link.md")); err != nil {
		t.Skip(err)
	}
	gitDo(t, dir, "add", "-A")
	gitDo(t, dir, "commit", "-q", "-m", "link")
	gitDo(t, dir, "tag", "v1")
	side, left, err := Open(filepath.Join(dir, "skills"), "v1:./acme-go")
	if err != nil || len(side.Skills) != 1 || side.Skills[0].Name != "acme-go" || len(side.Skills[0].Files) != 3 || len(left) != 1 || side.Kind != "git" {
		t.Errorf("%+v %v %v", side, left, err)
	}
	for _, c := range []struct{ spec, want string }{
		{"nothing:skills", "git knows no such commit here"},
		{"--output=f:skills", "git knows no such commit here"},
		{"-h:skills", "git knows no such commit here"},
		{"v1:skills/none", "the commit has no such folder"},
		{"v1:../..", ""},
		{"skills", ""},
		{"none", "no such folder or archive"},
	} {
		_, _, err := Open(dir, c.spec)
		if got := ""; err != nil {
			got = err.Error()
			if c.want == "" || !strings.Contains(got, c.want) {
				t.Errorf("%s: %v", c.spec, err)
			}
		} else if c.want != "" {
			t.Errorf("%s is read", c.spec)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "f")); err == nil {
		t.Error("a ref wrote a file")
	}
	var refused *OpenError
	if _, _, err := Open(t.TempDir(), "main:skills"); !errors.As(err, &refused) || !strings.Contains(err.Error(), "no git repository") {
		t.Errorf("outside of a repository: %v", err)
	}
}

func TestShallowClone(t *testing.T) {
	dir := committed(t, tree)
	gitDo(t, dir, "tag", "v1")
	gitDo(t, dir, "commit", "-q", "--allow-empty", "-m", "y")
	clone := t.TempDir()
	gitDo(t, clone, "clone", "-q", "--depth=1", "--no-tags", "file://"+dir, "c")
	_, err := Resolve(filepath.Join(clone, "c"), "v1")
	var refused *OpenError
	if !errors.As(err, &refused) || refused.Hint != "git fetch --depth=1 origin tag v1" {
		t.Fatalf("%+v", err)
	}
	// What the hint says helps, for a tag and for a branch.
	gitDo(t, dir, "branch", "old", "v1")
	for ref, args := range map[string]string{"v1": refspec("v1"), "old": refspec("old"), "origin/old": refspec("origin/old")} {
		gitDo(t, filepath.Join(clone, "c"), append([]string{"fetch", "-q", "--depth=1", "origin"}, strings.Fields(args)...)...)
		if _, err := Resolve(filepath.Join(clone, "c"), ref); err != nil {
			t.Errorf("after git fetch --depth=1 origin %s: %v", args, err)
		}
	}
}

// The tree of a commit is a file system as good as any: also for the reader of projects.
func TestTreeIsAFileSystem(t *testing.T) {
	dir := committed(t, tree)
	commit, err := Resolve(dir, "main")
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := commit.Tree("skills")
	if err != nil {
		t.Fatal(err)
	}
	defer fsys.Close()
	if err := fstest.TestFS(fsys, "acme-go/SKILL.md", "acme-go/stages/1-plan.md", "README.md"); err != nil {
		t.Error(err)
	}
	f, err := source.New(fsys).Read("acme-go/SKILL.md")
	if err != nil || f.Text != tree["skills/acme-go/SKILL.md"] {
		t.Errorf("%v %v", f, err)
	}
	if entries, err := fsys.ReadDir("acme-go"); err != nil || !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "stages" && e.IsDir() }) {
		t.Errorf("%v %v", entries, err)
	}
}

// FuzzArchive: whatever the bytes, no panic, and no path that leaves the archive.
func FuzzArchive(f *testing.F) {
	f.Add([]byte("PK\x03\x04"), true)
	f.Add([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}, false)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, zipped bool) {
		at := filepath.Join(dir, map[bool]string{true: "a.zip", false: "a.tgz"}[zipped])
		if err := os.WriteFile(at, data, 0o666); err != nil {
			t.Fatal(err)
		}
		side, _, err := Open("/", at)
		if err != nil {
			return
		}
		for _, s := range side.Skills {
			for _, f := range s.Files {
				if !filepath.IsLocal(filepath.Join(s.Dir, f.Path)) {
					t.Errorf("%q in %q", f.Path, s.Dir)
				}
			}
		}
	})
}
