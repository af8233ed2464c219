package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"skillgen/generator/example"
	"skillgen/generator/source"
)

// scratch is a folder for one flight. Below work lie the files of the airplane by their paths in the project, so that several airplanes of one
// framework find each other.
type scratch struct {
	dir, work, home, tmp string
}

// newScratch makes the folder.
func newScratch(id string) (*scratch, error) {
	dir, err := os.MkdirTemp(os.TempDir(), "skillgen-"+id+"-")
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir) // programs that resolve links would see two paths for one file
	}
	if err != nil {
		return nil, fmt.Errorf("making a folder for the flight: %w", err)
	}
	s := &scratch{dir: dir, work: filepath.Join(dir, "work"), home: filepath.Join(dir, "home"), tmp: filepath.Join(dir, "tmp")}
	for _, d := range []string{s.work, s.home, s.tmp} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			s.remove()
			return nil, fmt.Errorf("making a folder for the flight: %w", err)
		}
	}
	return s, nil
}

// load copies the airplanes' files, as the tree has them: with the line ends that skills have, and nothing that a link leads to.
func (s *scratch) load(tree *source.Tree, cargo []*example.Cargo) error {
	root, err := os.OpenRoot(s.work)
	if err != nil {
		return fmt.Errorf("opening the folder for the flight: %w", err)
	}
	defer root.Close()
	for _, c := range cargo {
		for _, f := range c.Files {
			file, err := tree.Read(f.Path)
			if err != nil {
				return fmt.Errorf("copying the airplane: %w", err)
			}
			if err := write(root, f.Path, file.Text); err != nil {
				return fmt.Errorf("copying the airplane: %w", err)
			}
		}
	}
	return nil
}

func write(root *os.Root, name, text string) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if strings.HasPrefix(text, "#!") {
		mode = 0o755
	}
	return root.WriteFile(name, []byte(text), mode)
}

// folder is where the commands run: the first airplane's.
func (s *scratch) folder(cargo []*example.Cargo) string {
	return filepath.Join(s.work, filepath.FromSlash(cargo[0].Dir))
}

// remove removes all of it. Some package managers write-protect their folders.
func (s *scratch) remove() {
	if os.RemoveAll(s.dir) == nil {
		return
	}
	filepath.WalkDir(s.dir, func(name string, d fs.DirEntry, err error) error { //nolint:errcheck // what can't be changed can't be removed either
		if d != nil && d.IsDir() {
			if os.Chmod(name, 0o700) != nil || err != nil && errors.Is(err, fs.ErrPermission) {
				return nil
			}
		}
		return nil
	})
	os.RemoveAll(s.dir) //nolint:errcheck // it is scratch
}
