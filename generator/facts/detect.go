package facts

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"skillgen/generator/project"
	"skillgen/generator/source"
)

// Detector tells what stands in a folder by the two tables of a framework's `detect` (DESIGN §2.2). It reads each manifest once. It is not safe
// for concurrent use.
type Detector struct {
	tree    *source.Tree
	folders map[string][]named
}

// named is a dependency of a folder.
type named struct {
	Dependency
	name     string // in the form in which names are compared
	manifest string // path from the folder
}

// NewDetector looks at folders of a tree.
func NewDetector(tree *source.Tree) *Detector {
	return &Detector{tree: tree, folders: map[string][]named{}}
}

// Detect reports whether the project in a folder is one that these tables describe: of the globs one matches a file or folder, and of the
// dependencies all hold. A table that is empty asks for nothing; two of them describe no project. evidence is what showed it, from dir: the
// manifest of the first dependency that has to be there, else what the glob matched.
//
// A dependency holds where a manifest of the folder names the package, with a version that can lie in the range; one with an exclamation mark
// where none does. Names are compared as the package's registry does it, and a Go module without its /v2 means every major version. What lies
// in node_modules, vendor and the like is never looked at.
func (d *Detector) Detect(dir string, files, dependencies []string) (evidence string, ok bool) {
	if len(files)+len(dependencies) == 0 {
		return "", false
	}
	byName := ""
	for _, entry := range dependencies {
		name, versions, not := project.SplitDependency(entry)
		manifest := d.manifestOf(dir, name, versions)
		if (manifest != "") == not {
			return "", false
		}
		byName = cmp.Or(byName, manifest)
	}
	if len(files) == 0 {
		return byName, true
	}
	for _, pattern := range files {
		if found := d.find(dir, pattern); found != "" {
			return cmp.Or(byName, found), true
		}
	}
	return "", false
}

// manifestOf returns the manifest of a folder that names a package with a version in a range (empty: any); "" where none does.
func (d *Detector) manifestOf(dir, name, versions string) string {
	for _, n := range d.dependencies(dir) {
		if n.name == packageName(n.manifest, name) && (versions == "" || Admits(n.Dependency, versions)) {
			return n.manifest
		}
	}
	return ""
}

// dependencies reads all manifests of a folder: those directly in it, and where some tools keep more of them.
func (d *Detector) dependencies(dir string) []named {
	if found, ok := d.folders[dir]; ok {
		return found
	}
	var all []named
	for _, sub := range []string{"", "requirements", "gradle", "app"} {
		entries, err := d.tree.ReadDir(path.Join(dir, sub))
		if err != nil {
			continue
		}
		for _, e := range entries {
			name := path.Join(sub, path.Base(e.Path))
			if !e.Type.IsRegular() || readerOf(e.Path) == nil || sub == "app" && !strings.HasPrefix(name, "app/build.gradle") {
				continue
			}
			f, err := d.tree.Read(e.Path)
			if err != nil {
				continue
			}
			found, _, _ := Dependencies(f)
			for _, one := range found {
				all = append(all, named{one, packageName(name, one.Name), name})
			}
		}
	}
	d.folders[dir] = all
	return all
}

// packageName brings the name of a package into the form in which its registry compares names.
func packageName(manifest, name string) string {
	name = strings.ToLower(name)
	switch base := path.Base(manifest); {
	case base == "pyproject.toml" || base == "Pipfile" || strings.HasSuffix(base, ".txt"):
		name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }), "-")
	case base == "go.mod":
		if dir, last := path.Split(name); len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
			name = path.Clean(dir)
		}
	}
	return name
}

// Limits on globs: doublestar tries every way to match, one inside the other, and ** opens every folder.
const (
	maxStars  = 4
	maxBraces = 6
	maxDepth  = 12    // folders that ** goes down
	maxLooked = 20000 // files and folders that one glob is held against
)

// find returns the first path below dir, in byte order of folders, that a glob matches; "" where none does. What names a file is that file.
func (d *Detector) find(dir, pattern string) string {
	pattern = path.Clean(pattern)
	if leadsOut(pattern) {
		return ""
	}
	if d.tree.Exists(path.Join(dir, pattern)) {
		return pattern
	}
	if !doublestar.ValidatePattern(pattern) || strings.Count(pattern, "**") > maxStars || strings.Count(pattern, "{") > maxBraces {
		return ""
	}
	base, rest := doublestar.SplitPattern(pattern)
	depth := strings.Count(rest, "/") + 1
	if strings.Contains(rest, "**") {
		depth = maxDepth
	}
	s := search{d.tree, path.Join(dir, base), rest, maxLooked}
	if found := s.in(s.dir, depth); found != "" {
		return path.Join(base, found)
	}
	return ""
}

func leadsOut(p string) bool {
	return p == ".." || strings.HasPrefix(p, "../") || strings.HasPrefix(p, "/")
}

// search is a glob that is looked for.
type search struct {
	tree    *source.Tree
	dir     string // where the pattern begins
	pattern string
	left    int // how many more paths are looked at
}

func (s *search) in(dir string, depth int) string {
	entries, err := s.tree.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		if s.left--; s.left < 0 {
			return ""
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(e.Path, s.dir), "/")
		if (e.Type.IsRegular() || e.Type.IsDir()) && doublestar.MatchUnvalidated(s.pattern, rel) {
			return rel
		}
	}
	for _, e := range entries {
		if depth > 1 && e.Type.IsDir() && !Foreign(path.Base(e.Path)) {
			if found := s.in(e.Path, depth-1); found != "" {
				return found
			}
		}
	}
	return ""
}

// foreignFolders hold what others wrote, or a build did.
var foreignFolders = []string{"node_modules", "bower_components", "vendor", "third_party", "third-party", "site-packages", "venv", "Pods", "Carthage", "DerivedData", "dist", "build", "out",
	"target", "coverage", "obj", "deps", "_build"}

// Foreign reports whether a folder of this name holds nothing that says what a project is: dependencies, output of a build, hidden tools.
func Foreign(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains(foreignFolders, name)
}
