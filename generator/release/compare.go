package release

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/diag"
)

// state is how the output folder stands to one output.
type state uint8

const (
	same     state = iota // there, with these bytes
	missing               // not there, and free
	ours                  // there with other bytes, those that an earlier build wrote
	edited                // there with other bytes, though an earlier build wrote it
	foreign               // there with other bytes, and no build wrote it
	occupied              // something is there that is no file: a folder, a link, a device; or a file where a folder must be
)

// change is the difference between a build and the output folder.
type change struct {
	outputs []Output // with report.json, by path
	states  []state  // of outputs
	gone    []oldFile
	kept    []string // edited files of the last build that have no place any more
	folders map[string]bool
	known   oldReport
	bad     []badReport
}

// upToDate reports whether the output folder is as a build wants it, report and all; a report that lists the same files leaves none to remove.
// It stops at the first difference.
func upToDate(root *os.Root, outputs []Output) (bool, error) {
	if root == nil {
		return false, nil
	}
	differs := errors.New("a file differs")
	look := func(i int) error {
		o := &outputs[i]
		info, err := root.Lstat(o.Path)
		if absent(err) || err == nil && !info.Mode().IsRegular() {
			return differs
		}
		if err == nil {
			var equal bool
			if equal, err = equalFile(root, o, info); err == nil && !equal {
				return differs
			}
		}
		return err
	}
	report := slices.IndexFunc(outputs, func(o Output) bool { return o.Path == reportPath })
	err := look(report)
	if err == nil {
		err = each(len(outputs), look)
	}
	if errors.Is(err, differs) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("comparing the output folder with what the build made: %w", err)
	}
	return true, nil
}

// compare finds out what a build would change. It reads only.
func compare(root *os.Root, outputs []Output) (*change, error) {
	c := &change{outputs: outputs, states: make([]state, len(outputs)), folders: map[string]bool{}}
	if root == nil {
		for i := range c.states {
			c.states[i] = missing
		}
		return c, nil
	}
	if err := c.readRecords(root); err != nil {
		return nil, err
	}
	if err := c.findGone(root); err != nil {
		return nil, err
	}
	if err := c.findFolders(root); err != nil {
		return nil, err
	}
	return c, c.inspectAll(root)
}

// readRecords finds out which files are skillgen's: build knows its own by report.json, and a release, which writes both, also those of the last
// release by its release.json. Neither file can claim what is the other's.
func (c *change) readRecords(root *os.Root) error {
	known, err := readReport(root)
	c.known = oldReport{}
	for p, sum := range known {
		if !ownedByRelease(p) {
			c.known[p] = sum
		}
	}
	if err := c.note(err); err != nil || !slices.ContainsFunc(c.outputs, func(o Output) bool { return o.Path == recordPath }) {
		return err
	}
	return c.note(readRecord(root, c.known))
}

// note keeps a fault of a record for judge, and gives any other error back.
func (c *change) note(err error) error {
	var bad badReport
	if errors.As(err, &bad) {
		c.bad = append(c.bad, bad)
		return nil
	}
	return err
}

// findGone sorts out the files of the last build that this one has no place for.
func (c *change) findGone(root *os.Root) error {
	var old []string
	folded := map[string]string{}
	for _, o := range c.outputs {
		folded[fold(o.Path)] = o.Path
	}
	for p := range c.known {
		if now, ok := folded[fold(p)]; ok && (now == p || sameFile(root, now, p)) {
			continue // on a file system without case, the new file may be the old one
		}
		old = append(old, p)
	}
	slices.Sort(old)
	sums := make([][32]byte, len(old))
	errs := make([]error, len(old))
	each(len(old), func(i int) error {
		sums[i], errs[i] = digestOf(root, old[i])
		return nil
	}) //nolint:errcheck // the errors are looked at one by one
	for i, p := range old {
		switch {
		case errors.Is(errs[i], fs.ErrNotExist):
		case errors.Is(errs[i], errIrregular) || errs[i] == nil && sums[i] != c.known[p]:
			c.kept = append(c.kept, p)
		case errs[i] != nil:
			return fmt.Errorf("reading %s, a file of the last build: %w", p, errs[i])
		default:
			c.gone = append(c.gone, oldFile{p, digest(sums[i])})
		}
	}
	return nil
}

func sameFile(root *os.Root, a, b string) bool {
	x, errX := root.Lstat(a)
	y, errY := root.Lstat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// goes reports whether the file at a path will be removed.
func (c *change) goes(p string) bool {
	_, found := slices.BinarySearchFunc(c.gone, p, func(o oldFile, p string) int { return strings.Compare(o.Path, p) })
	return found
}

// findFolders looks at the folders of all outputs: true for one that is there, false for one in whose place something else is.
func (c *change) findFolders(root *os.Root) error {
	seen := map[string]bool{}
	for _, o := range c.outputs {
		for dir := path.Dir(o.Path); dir != "." && !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			info, err := root.Lstat(dir)
			switch {
			case err == nil && (info.IsDir() || !c.goes(dir)):
				c.folders[dir] = info.IsDir()
			case err != nil && !absent(err):
				return fmt.Errorf("looking at the folder %s: %w", dir, err)
			}
		}
	}
	return nil
}

// absent reports whether an error says that there is nothing at a path, not even a part of the way.
func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) || isNotDir(err) }

func (c *change) inspectAll(root *os.Root) error {
	return each(len(c.outputs), func(i int) (err error) {
		if c.states[i], err = c.inspect(root, &c.outputs[i]); err != nil {
			return fmt.Errorf("comparing %s with what the build made: %w", c.outputs[i].Path, err)
		}
		return nil
	})
}

func (c *change) inspect(root *os.Root, o *Output) (state, error) {
	for dir := path.Dir(o.Path); dir != "."; dir = path.Dir(dir) {
		if isFolder, known := c.folders[dir]; known && !isFolder {
			return occupied, nil
		}
	}
	if dir := path.Dir(o.Path); dir != "." && !c.folders[dir] {
		return missing, nil
	}
	info, err := root.Lstat(o.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missing, nil
	case err != nil:
		return 0, err
	case info.IsDir() && c.allGoes(root, o.Path):
		return missing, nil
	case !info.Mode().IsRegular():
		return occupied, nil
	}
	if equal, err := equalFile(root, o, info); err != nil || equal {
		return same, err
	}
	return c.other(root, o)
}

// other tells files with other bytes apart.
func (c *change) other(root *os.Root, o *Output) (state, error) {
	if o.Path == reportPath {
		if len(c.bad) > 0 {
			return foreign, nil
		}
		return ours, nil
	}
	old, listed := c.known[o.Path]
	if !listed {
		return foreign, nil
	}
	sum, err := digestOf(root, o.Path)
	if err == nil && sum != old {
		return edited, nil
	}
	return ours, err
}

// allGoes reports whether a folder holds nothing but files that will be removed.
func (c *change) allGoes(root *os.Root, dir string) bool {
	err := fs.WalkDir(root.FS(), dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !c.goes(p) {
			err = fs.ErrExist
		}
		return err
	})
	return err == nil
}

var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// equalFile compares the bytes of a file with those of an output. Modes don't count: some file systems have none.
func equalFile(root *os.Root, o *Output, info fs.FileInfo) (bool, error) {
	if info.Size() != int64(len(o.Data)) {
		return false, nil
	}
	f, err := root.Open(o.Path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	buffer := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buffer)
	for rest := o.Data; ; {
		n, err := f.Read(buffer[:])
		if n > len(rest) || !bytes.Equal(buffer[:n], rest[:n]) {
			return false, nil
		}
		rest = rest[n:]
		if errors.Is(err, io.EOF) {
			return len(rest) == 0, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// errIrregular says that there is no regular file at a path.
var errIrregular = errors.New("no regular file")

// digestOf hashes a regular file.
func digestOf(root *os.Root, p string) (sum [32]byte, err error) {
	info, err := root.Lstat(p)
	if absent(err) {
		return sum, fs.ErrNotExist
	}
	if err != nil {
		return sum, err
	}
	if !info.Mode().IsRegular() {
		return sum, errIrregular
	}
	f, err := root.Open(p)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	return [32]byte(h.Sum(nil)), nil
}

// each calls do for 0 to n-1, on all processors, and returns an error of the lowest number that has one.
func each(n int, do func(i int) error) error {
	errs := make([]error, n)
	workers := min(runtime.GOMAXPROCS(0), n)
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			for i := w; i < n; i += workers {
				if errs[i] = do(i); errs[i] != nil {
					return errs[i]
				}
			}
			return nil
		})
	}
	if g.Wait() == nil {
		return nil
	}
	return errs[slices.IndexFunc(errs, func(err error) bool { return err != nil })]
}

// fold makes paths equal that differ by case only.
func fold(p string) string { return strings.ToLower(strings.ToUpper(p)) }

// clashes finds outputs that can't stand beside each other on every file system.
func clashes(outputs []Output, place func(string) diag.Place) []diag.Finding {
	var findings []diag.Finding
	type owner struct {
		path string
		file bool
	}
	seen := map[string]owner{}
	for i, o := range outputs {
		if i > 0 && outputs[i-1].Path == o.Path {
			findings = append(findings, diag.New("dist-case", place(o.Path), "two outputs have this path", "rename what one of them is made from"))
			continue
		}
		for p, file := o.Path, true; p != "."; p, file = path.Dir(p), false {
			before, ok := seen[fold(p)]
			if !ok {
				seen[fold(p)] = owner{p, file}
				continue
			}
			if before.path != p || before.file != file {
				f := diag.New("dist-case", place(o.Path), fmt.Sprintf("%s and %s can't both be written on every system", before.path, p), "rename what one of them is made from")
				f.Also = place(before.path)
				findings = append(findings, f)
			}
			break
		}
	}
	return findings
}
