package example

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/source"
)

// Cargo is what an airplane takes along when it is flown: more than a skill shows. An app is not complete without the pictures that it
// imports, the tests that a framework's patterns leave out of the skill, or its lock file. What .gitignore ignores, dependencies, build
// output, and files of editors and the desktop stay at home, and so does whatever is shaped like a credential.
type Cargo struct {
	Dir   string      // from the project's folder
	Files []CargoFile // by path
	Home  []Left      // environment files and those shaped like a credential, by path: an app may miss them
}

// CargoFile is one file of it.
type CargoFile struct {
	Path string // from the project's folder

	counts bool // a change of it makes another airplane
	always bool // also if it is binary
}

// homeReasons are those of groups of files that no app needs.
var homeReasons = []string{versionControl, desktopReason, scratchReason}

// LoadCargo lists what the airplane a takes along. own are paths of the project itself, as in Options. It reads no files.
func LoadCargo(tree *source.Tree, a *Airplane, own []string) (*Cargo, error) {
	l := newLoader(tree, source.String{S: a.Dir}, Options{Own: own})
	c := &Cargo{Dir: a.Dir}
	shown := map[string]bool{} // by the skill
	for _, f := range a.Files {
		shown[f.Source.Path] = true
		c.Files = append(c.Files, CargoFile{Path: f.Source.Path, counts: true, always: true})
	}
	var failed error
	left := func(e source.Entry) string {
		reason, err := l.never(e)
		if failed == nil {
			failed = err
		}
		return reason
	}
	entries, err := tree.Walk(l.dir, func(e source.Entry) bool { return failed != nil || left(e) != "" || defaultFolder(tree, e.Path) != "" })
	for _, e := range entries {
		if reason := left(e); reason == environmentReason || reason == credentialReason {
			c.Home = append(c.Home, Left{Path: e.Path, Reason: reason})
		} else if reason == "" && !e.Type.IsDir() && !shown[e.Path] {
			c.add(e)
		}
	}
	if err = errors.Join(err, failed); err != nil {
		return nil, fmt.Errorf("reading the example %s: %w", a.Dir, err)
	}
	slices.SortFunc(c.Files, func(x, y CargoFile) int { return strings.Compare(x.Path, y.Path) })
	return c, nil
}

// add takes a file along that the skill does not show.
func (c *Cargo) add(e source.Entry) {
	reason := defaultFile(e.Path)
	if slices.Contains(homeReasons, reason) {
		return
	}
	lock := reason == lockReason
	c.Files = append(c.Files, CargoFile{Path: e.Path, counts: lock || reason == "" && e.Size <= MaxFile, always: lock})
}

// Counting reads the files that count, by path: those that a change of makes another airplane.
func (c *Cargo) Counting(tree *source.Tree) ([]*source.File, error) {
	var files []*source.File
	for _, f := range c.Files {
		if !f.counts {
			continue
		}
		file, err := tree.Read(f.Path)
		if err != nil {
			return nil, fmt.Errorf("reading the example %s: %w", c.Dir, err)
		}
		if f.always || file.Kind != source.Binary {
			files = append(files, file)
		}
	}
	return files, nil
}

// Digest identifies what is flown: the text of the files that count, where they lie, and what is asked of the flight. Pictures, other binary
// files and generated code do not count, so that what default excludes leave out of a skill can't change what it says either; lock files do.
// It returns "sha256:<hex>".
func Digest(tree *source.Tree, cargo []*Cargo, asks []string) (string, error) {
	h := sha256.New()
	line := func(key, value string) { h.Write([]byte(key + " " + strconv.Quote(value) + "\n")) }
	for _, ask := range asks {
		line("ask", ask)
	}
	for _, c := range cargo {
		line("dir", c.Dir)
		files, err := c.Counting(tree)
		if err != nil {
			return "", err
		}
		for _, f := range files {
			line(hex.EncodeToString(f.Digest[:]), f.Path)
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}
