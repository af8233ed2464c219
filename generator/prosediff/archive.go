package prosediff

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// openArchive reads a .zip or .tar.gz from disk.
func openArchive(at, spec string) (Side, []string, error) {
	file, err := os.Open(at)
	if err != nil {
		return Side{}, nil, fmt.Errorf("opening %s: %w", spec, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Side{}, nil, fmt.Errorf("looking at %s: %w", spec, err)
	}
	c := collector{spec: spec}
	kind, base, err := c.readArchive(filepath.Base(at), file, info.Size())
	if err != nil {
		return Side{}, nil, err
	}
	return c.side(kind, base), c.left, nil
}

// readArchive reads a .zip or .tar.gz. Entries that could leave the archive, hide another, or be anything but a file are refused by name. It returns
// the kind of archive, and its name without endings.
func (c *collector) readArchive(name string, file io.ReaderAt, size int64) (kind, base string, err error) {
	base = strings.TrimSuffix(strings.TrimSuffix(name, path.Ext(name)), ".tar")
	if strings.EqualFold(path.Ext(name), ".zip") {
		return "zip", base, c.readZip(file, size)
	}
	return "tar", base, c.readTar(io.NewSectionReader(file, 0, size))
}

// Bundle gathers what was downloaded into one side.
type Bundle struct{ c collector }

// NewBundle returns an empty bundle. spec names it for people.
func NewBundle(spec string) *Bundle { return &Bundle{collector{spec: spec}} }

// Add adds a file.
func (b *Bundle) Add(path string, data []byte) error { return b.c.read(path, bytes.NewReader(data)) }

// AddArchive adds the files of a .zip or .tar.gz below a folder, which is empty for none. An error about the archive is an *OpenError.
func (b *Bundle) AddArchive(folder, name string, data []byte) error {
	c := collector{spec: name, folder: folder, files: b.c.files, total: b.c.total, left: b.c.left}
	_, _, err := c.readArchive(name, bytes.NewReader(data), int64(len(data)))
	b.c.files, b.c.total, b.c.left = c.files, c.total, c.left
	return err
}

// Side returns the side of this kind, and what was left out, for people. name is that of a skill which lies at the top and does not say its own.
func (b *Bundle) Side(kind, name string) (Side, []string) { return b.c.side(kind, name), b.c.left }

// entryNames checks the names of an archive's entries.
type entryNames struct {
	spec string
	seen map[string]string // folded name → name
}

// check returns the entry's path, or an error that names it.
func (e *entryNames) check(name string, mode fs.FileMode) (string, error) {
	shown := clip(name, 200)
	clean := strings.TrimSuffix(strings.TrimPrefix(name, "./"), "/")
	switch {
	case mode&fs.ModeSymlink != 0:
		return "", refuse(e.spec, "the entry %s is a link", shown)
	case !mode.IsRegular() && !mode.IsDir():
		return "", refuse(e.spec, "the entry %s is neither a file nor a folder", shown)
	case strings.ContainsAny(name, "\\\x00") || strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f }) || !utf8.ValidString(name):
		return "", refuse(e.spec, "the entry %s has a backslash, a control character or bytes that are no UTF-8 in its name", shown)
	case clean == "" || clean == ".":
		if mode.IsDir() {
			return ".", nil
		}
		return "", refuse(e.spec, "an entry has no name")
	case !filepath.IsLocal(clean) || path.Clean(clean) != clean:
		return "", refuse(e.spec, "the entry %s does not stay in the archive", shown)
	}
	if mode.IsDir() {
		return clean, nil
	}
	folded := strings.ToLower(clean)
	if other, ok := e.seen[folded]; ok {
		return "", refuse(e.spec, "the entries %s and %s are the same file to some systems", clip(other, 200), shown)
	}
	e.seen[folded] = clean
	return clean, nil
}

func (c *collector) readZip(file io.ReaderAt, size int64) error {
	r, err := zip.NewReader(file, size)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrAlgorithm) {
			return refuse(c.spec, "is no zip archive")
		}
		return fmt.Errorf("opening %s: %w", c.spec, err)
	}
	names := entryNames{c.spec, map[string]string{}}
	for _, f := range r.File {
		mode := f.Mode()
		if strings.HasSuffix(f.Name, "/") {
			mode = fs.ModeDir
		}
		name, err := names.check(f.Name, mode)
		if err != nil {
			return err
		}
		if mode.IsDir() {
			continue
		}
		if err := c.readEntry(name, f); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) readEntry(name string, f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("opening %s in %s: %w", clip(name, 200), c.spec, err)
	}
	defer r.Close()
	return c.read(name, r)
}

func (c *collector) readTar(file io.Reader) error {
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return refuse(c.spec, "is no gzip archive")
	}
	// Beside what files hold there are headers and padding; an archive of nothing but headers ends here too.
	r := tar.NewReader(io.LimitReader(unzipped, maxTotal+maxFiles*4096))
	names := entryNames{c.spec, map[string]string{}}
	for {
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", c.spec, err)
		}
		mode := h.FileInfo().Mode()
		if h.Typeflag == tar.TypeLink {
			mode = fs.ModeSymlink
		}
		name, err := names.check(h.Name, mode)
		if err != nil {
			return err
		}
		if mode.IsDir() {
			continue
		}
		if err := c.read(name, r); err != nil {
			return err
		}
	}
}
