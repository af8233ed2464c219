package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// MaxSize is the size in bytes beyond which a file is not read.
const MaxSize = 64 << 20

// Tree reads the files below one folder, each once, and can't be left: regular files only, symbolic links are never followed.
// Its paths are slash-separated, from the tree's root, and cleaned first: "./a/" is "a". All its errors are *PathError.
// It is safe for concurrent use.
type Tree struct {
	fsys  fs.FS
	root  *os.Root // nil where fsys is not a folder on disk
	label string   // stands before the path in File.Path

	files   sync.Map // path → *reading
	folders sync.Map // path → *PathError, nil where the path is a folder that is reached without a link
	ignores sync.Map // path of a folder → *ignoring
}

// reading is the one time that a file is read.
type reading struct {
	once sync.Once
	file *File
	err  *PathError
}

// Entry is a file or folder met by Walk.
type Entry struct {
	Path string      // slash-separated, from the tree's root
	Type fs.FileMode // type bits: 0 for a regular file, fs.ModeDir, fs.ModeSymlink, fs.ModeNamedPipe …
	Size int64       // bytes; regular files only
}

// Open opens the folder dir. The tree stays inside even if links or folders change while it is read. Close it after use.
func Open(dir string) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the project's folder: %w", err)
	}
	return &Tree{fsys: root.FS(), root: root}, nil
}

// New makes a tree of a file system: embedded files, a git tree, a test's.
func New(fsys fs.FS) *Tree { return &Tree{fsys: fsys} }

// NewLabelled is New with a label ("builtin:") that stands before the path of every file that is read, so that places say where it is.
// The paths that go into the tree's methods, and those of entries, have no label.
func NewLabelled(fsys fs.FS, label string) *Tree { return &Tree{fsys: fsys, label: label} }

// Close gives back what Open holds. Files that were read stay good.
func (t *Tree) Close() error {
	if t.root == nil {
		return nil
	}
	return t.root.Close()
}

// Read returns the file at a path. Each file is read once, however often it is asked for; an error is kept likewise.
func (t *Tree) Read(name string) (*File, error) {
	name = path.Clean(name)
	v, ok := t.files.Load(name)
	if !ok {
		v, _ = t.files.LoadOrStore(name, &reading{})
	}
	r := v.(*reading)
	r.once.Do(func() {
		var data []byte
		if data, r.err = t.readFile(name); r.err == nil {
			r.file = NewFile(t.label+name, data)
		}
	})
	if r.err != nil {
		return nil, r.err
	}
	return r.file, nil
}

func (t *Tree) readFile(name string) ([]byte, *PathError) {
	info, perr := t.lstat(name)
	switch {
	case perr != nil:
		return nil, perr
	case info.Mode().Type() == fs.ModeSymlink:
		return nil, t.link(name)
	case !info.Mode().IsRegular():
		return nil, &PathError{Path: name, Trouble: Irregular, Type: info.Mode().Type()}
	case info.Size() > MaxSize:
		return nil, &PathError{Path: name, Trouble: TooLarge}
	}
	f, err := t.open(name)
	if err != nil {
		return nil, pathError(name, err)
	}
	defer f.Close()
	return readAll(f, name)
}

// open opens a file; should it have become a named pipe meanwhile, that does not wait for the other end.
func (t *Tree) open(name string) (fs.File, error) {
	if t.root != nil {
		return t.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	return t.fsys.Open(name)
}

// readAll reads what was opened, after a second look at what it is: it may have changed since the first.
func readAll(f fs.File, name string) ([]byte, *PathError) {
	info, err := f.Stat()
	if err != nil {
		return nil, pathError(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &PathError{Path: name, Trouble: Irregular, Type: info.Mode().Type()}
	}
	data := make([]byte, 0, min(max(info.Size(), 0), MaxSize)+1) // the one more byte meets the end without growing
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case len(data) > MaxSize:
			return nil, &PathError{Path: name, Trouble: TooLarge}
		case err == io.EOF:
			return data, nil
		case err != nil:
			return nil, pathError(name, err)
		case len(data) == cap(data):
			data = slices.Grow(data, len(data))
		}
	}
}

// Stat says what stands at a path. A symbolic link there is not followed.
func (t *Tree) Stat(name string) (Entry, error) {
	name = path.Clean(name)
	info, err := t.lstat(name)
	if err != nil {
		return Entry{}, err
	}
	return entry(name, info), nil
}

// Exists reports whether a regular file or a folder stands at a path.
func (t *Tree) Exists(name string) bool {
	e, err := t.Stat(name)
	return err == nil && (e.Type.IsRegular() || e.Type.IsDir())
}

func entry(name string, info fs.FileInfo) Entry {
	e := Entry{Path: name, Type: info.Mode().Type()}
	if e.Type.IsRegular() {
		e.Size = info.Size()
	}
	return e
}

func (t *Tree) lstat(name string) (fs.FileInfo, *PathError) {
	if leaves(name) {
		return nil, &PathError{Path: name, Trouble: Outside}
	}
	if dir := path.Dir(name); dir != "." {
		if err := t.folder(dir); err != nil {
			return nil, err.on(name)
		}
	}
	info, err := fs.Lstat(t.fsys, name)
	if err != nil {
		return nil, pathError(name, err)
	}
	return info, nil
}

// leaves reports whether a clean path leads out of the tree.
func leaves(clean string) bool {
	return clean == ".." || strings.HasPrefix(clean, "../") || path.IsAbs(clean)
}

// folder checks that name is a folder, reached without a link; each is looked at once.
func (t *Tree) folder(name string) *PathError {
	if v, ok := t.folders.Load(name); ok {
		return v.(*PathError)
	}
	info, err := t.lstat(name)
	switch {
	case err != nil:
	case info.Mode().Type() == fs.ModeSymlink:
		err = t.link(name)
	case !info.IsDir():
		err = &PathError{Path: name, Trouble: NotFolder, Type: info.Mode().Type()}
	}
	t.folders.Store(name, err)
	return err
}

// link describes the symbolic link at name.
func (t *Tree) link(name string) *PathError {
	e := &PathError{Path: name, Trouble: Link}
	if target, err := fs.ReadLink(t.fsys, name); err == nil {
		e.Target = target
		e.Leaves = path.IsAbs(target) || leaves(path.Join(path.Dir(name), target))
	}
	return e
}

// ReadDir lists what stands directly in a folder, in byte order of names.
func (t *Tree) ReadDir(dir string) ([]Entry, error) {
	dir = path.Clean(dir)
	if err := t.folder(dir); err != nil {
		return nil, err
	}
	list, err := t.list(dir)
	if err != nil {
		return nil, pathError(dir, err)
	}
	entries := make([]Entry, 0, len(list))
	for _, d := range list {
		name := path.Join(dir, d.Name())
		if !d.Type().IsRegular() {
			entries = append(entries, Entry{Path: name, Type: d.Type()})
			continue
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went between the two looks, as an editor's scratch files do
		}
		if err != nil {
			return nil, pathError(name, err)
		}
		entries = append(entries, entry(name, info))
	}
	return entries, nil
}

func (t *Tree) list(dir string) ([]fs.DirEntry, error) {
	if t.root == nil {
		return fs.ReadDir(t.fsys, dir)
	}
	f, err := t.root.OpenFile(dir, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := f.ReadDir(-1)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return list, err
}

// Walk lists everything below a folder, the folder itself not, in byte order of paths. Folders are listed too; links are listed and not
// followed. It asks prune about each folder before it enters it, about an outer one before an inner one, and does not enter it where prune
// returns true; prune may be nil. A folder that can't be listed is an error that names it.
func (t *Tree) Walk(dir string, prune func(Entry) bool) ([]Entry, error) {
	var all []Entry
	todo := []string{path.Clean(dir)}
	for len(todo) > 0 {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		entries, err := t.ReadDir(next)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
		for _, e := range entries {
			if e.Type.IsDir() && (prune == nil || !prune(e)) {
				todo = append(todo, e.Path)
			}
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) })
	return all, nil
}
