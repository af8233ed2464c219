package release

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Options say where a build writes.
type Options struct {
	Out     string        // the output folder; it need not exist
	Project string        // the project's folder
	Inputs  []string      // folders and files that builds read, from the project's folder; they need not exist
	Wait    time.Duration // for another skillgen that holds the output folder; 0: 10 seconds
	Strict  bool          // a warning keeps Pack from writing, as an error does
}

// Dist is an output folder that may be written to.
type Dist struct {
	options Options
	label   string   // stands before the paths of findings
	root    *os.Root // nil while the folder does not exist
}

// Open looks at an output folder, and makes nothing. The error says why a folder can't be one: it is no folder, a symbolic link, the
// project's own folder or one above it, an input or a folder with one inside, or it is, or lies in, a git repository's own.
func Open(o Options) (*Dist, error) {
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	d := &Dist{options: o, label: label(o)}
	info, err := os.Lstat(o.Out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("looking at the output folder: %w", err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("the output folder %s is a symbolic link; name the folder that it leads to", d.label)
	case !info.IsDir():
		return nil, fmt.Errorf("the output folder %s is a file; move it away or name another folder with --out", d.label)
	}
	if err := d.allowed(); err != nil {
		return nil, err
	}
	if info != nil {
		if err := d.openRoot(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// label names the output folder from the project's folder: no message holds a path of this machine.
func label(o Options) string {
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return filepath.ToSlash(o.Out)
	}
	base, err := filepath.Abs(o.Project)
	if err != nil {
		return filepath.ToSlash(o.Out)
	}
	rel, err := filepath.Rel(base, out)
	if err != nil {
		return filepath.ToSlash(o.Out)
	}
	return filepath.ToSlash(rel)
}

func (d *Dist) openRoot() error {
	root, err := os.OpenRoot(d.options.Out)
	if err != nil {
		return fmt.Errorf("opening the output folder: %w", err)
	}
	d.root = root
	return nil
}

// Close gives back what Open holds.
func (d *Dist) Close() error {
	if d.root == nil {
		return nil
	}
	return d.root.Close()
}

// allowed refuses folders where a build would do harm. Folders are compared as the file system knows them, so that links, case and detours
// don't matter.
func (d *Dist) allowed() error {
	out := d.options.Out
	above, err := lineage(out)
	if err != nil {
		return err
	}
	if isAmong(d.options.Project, out) {
		return fmt.Errorf("the output folder %s is the project's own folder, or holds it; name a folder inside, such as dist", d.label)
	}
	for _, name := range d.options.Inputs {
		input := filepath.Join(d.options.Project, name)
		info, err := os.Stat(input)
		if err == nil && containsFile(above, info) || isAmong(input, out) || within(input, out) || within(out, input) {
			return fmt.Errorf("the output folder %s is, holds or lies in %s, which builds read; name another with --out", d.label, filepath.ToSlash(name))
		}
	}
	if _, err := os.Lstat(filepath.Join(out, ".git")); err == nil {
		return fmt.Errorf("the output folder %s is a git repository; name a folder inside it", d.label)
	}
	if abs, err := filepath.Abs(out); err == nil {
		for part := range strings.SplitSeq(filepath.ToSlash(abs), "/") {
			if strings.EqualFold(part, ".git") {
				return fmt.Errorf("the output folder %s lies in a .git folder; name another with --out", d.label)
			}
		}
	}
	return nil
}

// lineage returns what there is of a path and the folders above it, links followed.
func lineage(path string) ([]fs.FileInfo, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("finding the folder %s: %w", path, err)
	}
	for { // what does not exist can't be a link: the folder above it decides
		real, err := filepath.EvalSymlinks(abs)
		if err == nil {
			abs = real
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(abs) == abs {
			return nil, fmt.Errorf("finding the folder %s: %w", path, err)
		}
		abs = filepath.Dir(abs)
	}
	var all []fs.FileInfo
	for {
		info, err := os.Stat(abs)
		if err != nil {
			return nil, fmt.Errorf("looking at the folders above %s: %w", path, err)
		}
		all = append(all, info)
		if filepath.Dir(abs) == abs {
			return all, nil
		}
		abs = filepath.Dir(abs)
	}
}

// isAmong reports whether the folder out is path, or one above it.
func isAmong(path, out string) bool {
	info, err := os.Stat(out)
	if err != nil {
		return false
	}
	above, err := lineage(path)
	return err == nil && containsFile(above, info)
}

// within reports whether a path is dir or lies in it, by its name alone: for folders that don't exist yet.
func within(path, dir string) bool {
	a, errA := filepath.Abs(path)
	b, errB := filepath.Abs(dir)
	if errA != nil || errB != nil {
		return false
	}
	rel, err := filepath.Rel(b, a)
	return err == nil && filepath.IsLocal(rel)
}

func containsFile(all []fs.FileInfo, one fs.FileInfo) bool {
	for _, info := range all {
		if os.SameFile(info, one) {
			return true
		}
	}
	return false
}

// Recover completes a build that was killed while it switched, and clears away one that was killed before. Every command that reads or writes
// the output folder calls it first. It writes nothing where there is nothing to do.
func (d *Dist) Recover() error {
	if d.root == nil {
		return nil
	}
	if _, err := d.root.Lstat(workFolder); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	l, err := acquire(d.root, d.options.Wait)
	if err != nil {
		return err
	}
	defer l.release()
	return recoverLocked(d.root)
}

// recoverLocked is Recover for the holder of the lock.
func recoverLocked(root *os.Root) error {
	j, err := readJournal(root)
	if err != nil {
		return err
	}
	if j != nil {
		return j.perform(root)
	}
	for _, left := range []string{stagingPath, draftPath} {
		if err := root.RemoveAll(left); err != nil {
			return fmt.Errorf("removing what a killed build left: %w", err)
		}
	}
	return nil
}
