package prosediff

import (
	"archive/tar"
	"archive/zip"
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

// openArchive reads a .zip or .tar.gz. Entries that could leave the archive, hide another, or be anything but a file are refused by name.
func openArchive(at, spec string) (Side, []string, error) {
	c := collector{spec: spec}
	base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(at), filepath.Ext(at)), ".tar")
	kind := "tar"
	var err error
	if strings.EqualFold(filepath.Ext(at), ".zip") {
		kind = "zip"
		err = c.readZip(at)
	} else {
		err = c.readTar(at)
	}
	if err != nil {
		return Side{}, nil, err
	}
	return c.side(kind, base), c.left, nil
}

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

func (c *collector) readZip(at string) error {
	r, err := zip.OpenReader(at)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrAlgorithm) {
			return refuse(c.spec, "is no zip archive")
		}
		return fmt.Errorf("opening %s: %w", c.spec, err)
	}
	defer r.Close()
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

func (c *collector) readTar(at string) error {
	file, err := os.Open(at)
	if err != nil {
		return fmt.Errorf("opening %s: %w", c.spec, err)
	}
	defer file.Close()
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
