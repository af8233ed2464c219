package prosediff

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/semver"

	"skillgen/generator/source"
)

// git runs git in dir with everything off by which a repository could run a program or reach the network.
func git(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "core.fsmonitor=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	return cmd
}

func gitOutput(dir string, args ...string) (string, error) {
	var stderr bytes.Buffer
	cmd := git(dir, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return "", fmt.Errorf("git %s: %s", args[0], text)
		}
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return string(out), nil
}

// Commit is a commit of a repository, by its full hash.
type Commit struct {
	Dir string // any folder of the repository
	Hex string
}

// Resolve finds the commit that a ref names in the repository that holds dir. What a user wrote is given to git once, here; everything later is
// done by the hash. The error is an *OpenError where git does not know the ref.
func Resolve(dir, ref string) (Commit, error) {
	out, err := gitOutput(dir, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if hex := strings.TrimSpace(out); err == nil && isHash(hex) {
		return Commit{dir, hex}, nil
	}
	if errors.Is(err, exec.ErrNotFound) {
		return Commit{}, &OpenError{ref, "git is not installed", "refs are read with git"}
	}
	if _, err := gitOutput(dir, "rev-parse", "--git-dir"); err != nil {
		return Commit{}, &OpenError{ref, "is no folder or archive, and there is no git repository here to look for a ref", ""}
	}
	e := &OpenError{ref, "git knows no such commit here", "see the branches and tags with: git branch -a; git tag"}
	if shallow, err := gitOutput(dir, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(shallow) == "true" {
		e.Message = "this clone is shallow and does not have it"
		e.Hint = "git fetch --depth=1 origin " + refspec(ref)
	}
	return Commit{}, e
}

// refspec is what git fetch must be told so that a shallow clone knows ref afterwards.
func refspec(ref string) string {
	if branch, ok := strings.CutPrefix(ref, "origin/"); ok {
		return shellWord("+refs/heads/" + branch + ":refs/remotes/origin/" + branch)
	}
	switch {
	case isHash(ref):
		return ref
	case semver.IsValid("v" + strings.TrimPrefix(ref, "v")):
		return "tag " + shellWord(ref)
	}
	return shellWord(ref + ":" + ref)
}

func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// shellWord quotes a word so that a hint can be pasted.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-:+") == "" && s[0] != '-' {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// openRef reads the folder inside of a ref.
func openRef(dir, spec, ref, inside string) (Side, []string, error) {
	commit, err := Resolve(dir, ref)
	if err != nil {
		return Side{}, nil, err
	}
	if rest, ok := strings.CutPrefix(inside, "./"); ok || inside == "." {
		prefix, err := gitOutput(dir, "rev-parse", "--show-prefix")
		if err != nil {
			return Side{}, nil, fmt.Errorf("reading %s: %w", spec, err)
		}
		inside = path.Join(strings.TrimSpace(prefix), strings.TrimPrefix(rest, "."))
	}
	tree, err := commit.Tree(inside)
	if err != nil {
		return Side{}, nil, fmt.Errorf("reading %s: %w", spec, err)
	}
	defer tree.Close()
	if tree.empty() {
		return Side{}, nil, &OpenError{spec, "the commit has no such folder", "the path is from the top of the repository: git ls-tree " + commit.Hex[:12]}
	}
	c := collector{spec: spec}
	if err := c.walk(tree); err != nil {
		return Side{}, nil, err
	}
	base := path.Base(path.Clean("/" + inside))
	if base == "/" {
		base = "skill"
	}
	s := c.side("git", base)
	s.Digest = commit.Hex
	return s, c.left, nil
}

// Tree is the files of a commit as a file system: an fs.FS that also says of links what they are. Contents are read from git when they are
// opened, through one process. It is safe for concurrent use. Close it after use.
type Tree struct {
	entries map[string]*gitEntry // by path below the root, folders too; "." is the root

	mu   sync.Mutex
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	dead error // why the process is of no use any more
}

type gitEntry struct {
	name     string
	mode     fs.FileMode
	hash     string
	size     int64
	children []*gitEntry // sorted by name
}

// Tree returns the files below a folder of the commit, "" for all of them.
func (c Commit) Tree(folder string) (*Tree, error) {
	list, err := gitOutput(c.Dir, "ls-tree", "-r", "-z", "-l", "--full-tree", c.Hex)
	if err != nil {
		return nil, err
	}
	t := &Tree{entries: map[string]*gitEntry{".": {name: ".", mode: fs.ModeDir | 0o755}}}
	prefix := strings.Trim(path.Clean("/"+folder), "/")
	for line := range strings.SplitSeq(list, "\x00") {
		if err := t.add(line, prefix); err != nil {
			return nil, err
		}
	}
	for _, e := range t.entries {
		slices.SortFunc(e.children, func(a, b *gitEntry) int { return strings.Compare(a.name, b.name) })
	}
	t.cmd = git(c.Dir, "cat-file", "--batch")
	if t.in, err = t.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting git cat-file: %w", err)
	}
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting git cat-file: %w", err)
	}
	t.out = bufio.NewReaderSize(out, 64<<10)
	if err := t.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting git cat-file: %w", err)
	}
	return t, nil
}

// add takes a line of ls-tree: "100644 blob <hash> <size>\t<path>".
func (t *Tree) add(line, prefix string) error {
	if line == "" {
		return nil
	}
	meta, name, ok := strings.Cut(line, "\t")
	fields := strings.Fields(meta)
	if !ok || len(fields) != 4 || !isHash(fields[2]) {
		return fmt.Errorf("git ls-tree: a line that is not understood: %q", clip(line, 100))
	}
	if prefix != "" {
		if name, ok = strings.CutPrefix(name, prefix+"/"); !ok {
			return nil
		}
	}
	if !fs.ValidPath(name) {
		return fmt.Errorf("git ls-tree: a path that leaves its folder: %q", clip(name, 100))
	}
	e := &gitEntry{name: path.Base(name), hash: fields[2], mode: 0o644}
	switch fields[0] {
	case "100755":
		e.mode = 0o755
	case "120000":
		e.mode = fs.ModeSymlink | 0o777
	case "160000":
		e.mode = fs.ModeIrregular // a submodule
	}
	if size, err := strconv.ParseInt(fields[3], 10, 64); err == nil {
		e.size = size
	}
	t.entries[name] = e
	for child := e; ; {
		name = path.Dir(name)
		dir, known := t.entries[name]
		if !known {
			dir = &gitEntry{name: path.Base(name), mode: fs.ModeDir | 0o755}
			t.entries[name] = dir
		}
		if dir.children = append(dir.children, child); known {
			return nil
		}
		child = dir
	}
}

func (t *Tree) empty() bool { return len(t.entries) == 1 }

// Close ends the git process.
func (t *Tree) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dead == nil {
		t.dead = fs.ErrClosed
	}
	t.in.Close()
	if err := t.cmd.Wait(); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	return nil
}

func (t *Tree) entry(op, name string) (*gitEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	e, ok := t.entries[name]
	if !ok {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return e, nil
}

// Open implements fs.FS. A link or submodule can't be opened.
func (t *Tree) Open(name string) (fs.File, error) {
	e, err := t.entry("open", name)
	if err != nil {
		return nil, err
	}
	switch {
	case e.mode.IsDir():
		return &gitDir{e: e}, nil
	case !e.mode.IsRegular():
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	data, err := t.blob(e)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &gitFile{Reader: bytes.NewReader(data), e: e}, nil
}

// ReadDir implements fs.ReadDirFS.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := t.entry("readdir", name)
	if err != nil {
		return nil, err
	}
	if !e.mode.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a directory")}
	}
	return e.list(), nil
}

// Lstat implements fs.ReadLinkFS.
func (t *Tree) Lstat(name string) (fs.FileInfo, error) {
	e, err := t.entry("lstat", name)
	if err != nil {
		return nil, err
	}
	return gitInfo{e}, nil
}

// Stat implements fs.StatFS. Links are not followed.
func (t *Tree) Stat(name string) (fs.FileInfo, error) { return t.Lstat(name) }

// ReadLink implements fs.ReadLinkFS.
func (t *Tree) ReadLink(name string) (string, error) {
	e, err := t.entry("readlink", name)
	if err != nil {
		return "", err
	}
	if e.mode.Type() != fs.ModeSymlink {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	data, err := t.blob(e)
	return string(data), err
}

// blob asks the process for the bytes of one object.
func (t *Tree) blob(e *gitEntry) ([]byte, error) {
	if e.size > source.MaxSize {
		return nil, fmt.Errorf("larger than %d MiB", source.MaxSize>>20)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dead != nil {
		return nil, t.dead
	}
	data, err := t.ask(e.hash)
	if err != nil {
		t.dead = err // what comes next can't be told from the rest of this answer
		return nil, err
	}
	return data, nil
}

func (t *Tree) ask(hash string) ([]byte, error) {
	if _, err := io.WriteString(t.in, hash+"\n"); err != nil {
		return nil, fmt.Errorf("asking git for %s: %w", hash, err)
	}
	head, err := t.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("reading git's answer: %w", err)
	}
	fields := strings.Fields(head)
	if len(fields) != 3 || fields[1] != "blob" {
		return nil, fmt.Errorf("git does not have the object %s; a partial clone fetches it with: git fetch --refetch", hash)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || size < 0 || size > source.MaxSize {
		return nil, fmt.Errorf("git says that %s has %s bytes", hash, fields[2])
	}
	data := make([]byte, size+1)
	if _, err := io.ReadFull(t.out, data); err != nil {
		return nil, fmt.Errorf("reading %s from git: %w", hash, err)
	}
	return data[:size], nil
}

func (e *gitEntry) list() []fs.DirEntry {
	out := make([]fs.DirEntry, len(e.children))
	for i, child := range e.children {
		out[i] = fs.FileInfoToDirEntry(gitInfo{child})
	}
	return out
}

// gitInfo is what git knows of a file. It knows no times.
type gitInfo struct{ e *gitEntry }

func (i gitInfo) Name() string       { return i.e.name }
func (i gitInfo) Size() int64        { return i.e.size }
func (i gitInfo) Mode() fs.FileMode  { return i.e.mode }
func (i gitInfo) ModTime() time.Time { return time.Time{} }
func (i gitInfo) IsDir() bool        { return i.e.mode.IsDir() }
func (i gitInfo) Sys() any           { return nil }

type gitFile struct {
	*bytes.Reader
	e *gitEntry
}

func (f *gitFile) Stat() (fs.FileInfo, error) { return gitInfo{f.e}, nil }
func (f *gitFile) Close() error               { return nil }

type gitDir struct {
	e    *gitEntry
	read int
}

func (d *gitDir) Stat() (fs.FileInfo, error) { return gitInfo{d.e}, nil }
func (d *gitDir) Close() error               { return nil }

func (d *gitDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.e.name, Err: errors.New("is a directory")}
}

// ReadDir implements fs.ReadDirFile.
func (d *gitDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.e.list()[d.read:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(rest) {
		rest = rest[:n]
	}
	d.read += len(rest)
	return rest, nil
}
