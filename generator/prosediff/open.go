package prosediff

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Limits on what a side may hold.
const (
	maxFile  = 10 << 20 // bytes of one file
	maxFiles = 10_000
	maxTotal = 1 << 30 // bytes of all files, unpacked
)

// OpenError is a side that can't be read. Hint says what to do, and may be empty.
type OpenError struct {
	Spec, Message, Hint string
}

func (e *OpenError) Error() string { return e.Spec + ": " + e.Message }

func refuse(spec, format string, args ...any) error {
	return &OpenError{Spec: spec, Message: fmt.Sprintf(format, args...)}
}

// Open reads a side: a folder, a .zip, .tar.gz or .tgz, or <ref>:<path>, a folder in the git repository that holds dir. spec is relative to dir.
// Errors about the side are *OpenError. The second result is what was left out, for people.
func Open(dir, spec string) (Side, []string, error) {
	at := spec
	if !filepath.IsAbs(at) {
		at = filepath.Join(dir, spec)
	}
	info, err := os.Stat(at)
	switch {
	case err == nil && info.IsDir():
		return OpenFolder(at, spec)
	case err == nil && isArchive(spec):
		return openArchive(at, spec)
	case err == nil:
		return Side{}, nil, &OpenError{spec, "is neither a folder nor an archive", "name a folder, a .zip or .tar.gz, or <ref>:<path>"}
	}
	if ref, inside, ok := strings.Cut(spec, ":"); ok && ref != "" {
		return openRef(dir, spec, ref, inside)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return Side{}, nil, &OpenError{spec, "no such folder or archive", "a folder of skills in git is written <ref>:<path>, for example main:skills"}
	}
	return Side{}, nil, fmt.Errorf("looking at %s: %w", spec, err)
}

func isArchive(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".zip") || strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz")
}

// OpenFolder reads the folder dir, which the user called spec. Links are not followed, and .git is left out.
func OpenFolder(dir, spec string) (Side, []string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Side{}, nil, fmt.Errorf("opening %s: %w", spec, err)
	}
	defer root.Close()
	c := collector{spec: spec}
	if err := c.walk(root.FS()); err != nil {
		return Side{}, nil, err
	}
	return c.side("folder", filepath.Base(dir)), c.left, nil
}

// collector gathers the files of a side, within the limits.
type collector struct {
	spec   string
	folder string // stands before the paths of what is read; may be empty
	files  []File
	total  int64
	left   []string
}

// walk reads the regular files of a file system.
func (c *collector) walk(fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("reading %s in %s: %w", p, c.spec, err)
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		case d.Name() == ".git": // of a submodule or a second work tree
			return nil
		case !d.Type().IsRegular():
			c.left = append(c.left, fmt.Sprintf("%s: %s is not a regular file, left out", c.spec, p))
			return nil
		}
		f, err := fsys.Open(p)
		if err != nil {
			return fmt.Errorf("opening %s in %s: %w", p, c.spec, err)
		}
		defer f.Close()
		return c.read(p, f)
	})
}

// read takes a file's bytes, counting them as they come: what an archive says of sizes is not trusted.
func (c *collector) read(p string, r io.Reader) error {
	if len(c.files) == maxFiles {
		return refuse(c.spec, "holds more than %d files", maxFiles)
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return fmt.Errorf("reading %s in %s: %w", p, c.spec, err)
	}
	if len(data) > maxFile {
		return refuse(c.spec, "%s is larger than %d MiB", clip(p, 200), maxFile>>20)
	}
	if c.total += int64(len(data)); c.total > maxTotal {
		return refuse(c.spec, "holds more than %d MiB", maxTotal>>20)
	}
	c.files = append(c.files, File{Path: path.Join(c.folder, p), Data: data})
	return nil
}

// side divides the files into skills: each folder with a SKILL.md is one, the rest belongs to none. A side without any SKILL.md is compared as
// plain folder of prose. base names a side that is a skill itself and does not say its name.
func (c *collector) side(kind, base string) Side {
	slices.SortFunc(c.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	c.unwrap()
	s := Side{Kind: kind, Spec: c.spec, Digest: c.digest()}
	b := parseBuild(c.files)
	if b != nil {
		c.files = slices.DeleteFunc(c.files, func(f File) bool { return !strings.HasPrefix(f.Path, "skills/") })
		s.Version, s.Generator = b.Version, b.Generator.Version+" "+b.Generator.Templates
	}
	byDir := map[string]*Skill{}
	var dirs []string
	for _, f := range c.files {
		if path.Base(f.Path) == "SKILL.md" {
			dirs = append(dirs, path.Dir(f.Path))
		}
	}
	dirs = outermost(dirs)
	names := skillNames(dirs, base, c.files)
	loose := Skill{Dir: commonFolder(c.files, dirs)}
	for i, dir := range dirs {
		byDir[dir] = &Skill{Name: names[i], Dir: dir, Tokens: b.tokens(names[i])}
	}
	for _, f := range c.files {
		if dir := owner(f.Path, byDir); dir != "" {
			f.Path = strings.TrimPrefix(strings.TrimPrefix(f.Path, dir), "/")
			if dir == "." {
				f.Path = strings.TrimPrefix(f.Path, "./")
			}
			byDir[dir].Files = append(byDir[dir].Files, f)
		} else {
			f.Path = strings.TrimPrefix(f.Path, loose.Dir+"/")
			loose.Files = append(loose.Files, f)
		}
	}
	for _, dir := range dirs {
		s.Skills = append(s.Skills, *byDir[dir])
	}
	if len(loose.Files) > 0 {
		s.Skills = append(s.Skills, loose)
	}
	slices.SortFunc(s.Skills, func(a, b Skill) int { return strings.Compare(a.Name, b.Name) })
	return s
}

// unwrap takes off the folder that an archive of a whole release has around it, as those have that a forge makes of a branch. Files must be sorted.
func (c *collector) unwrap() {
	if len(c.files) == 0 {
		return
	}
	top, _, _ := strings.Cut(c.files[0].Path, "/")
	if slices.ContainsFunc(c.files, func(f File) bool { return !strings.HasPrefix(f.Path, top+"/") }) {
		return
	}
	bare := slices.Clone(c.files)
	for i := range bare {
		bare[i].Path = strings.TrimPrefix(bare[i].Path, top+"/")
	}
	if parseBuild(bare) != nil {
		c.files = bare
	}
}

// commonFolder returns the folder that all files lie in, above all skills; empty where there is none. An archive may have it or not: what lies
// outside all skills is named from there.
func commonFolder(files []File, skills []string) string {
	if len(files) == 0 {
		return ""
	}
	common := path.Dir(files[0].Path)
	for _, f := range files {
		for common != "." && !strings.HasPrefix(f.Path, common+"/") {
			common = path.Dir(common)
		}
	}
	for common != "." && slices.ContainsFunc(skills, func(d string) bool { return d == common }) {
		common = path.Dir(common)
	}
	if common == "." {
		return ""
	}
	return common
}

// outermost drops folders that lie in another of the list.
func outermost(dirs []string) []string {
	slices.Sort(dirs)
	var out []string
	for _, d := range dirs {
		inside := slices.ContainsFunc(out, func(o string) bool { return o == "." || strings.HasPrefix(d, o+"/") })
		if !inside {
			out = append(out, d)
		}
	}
	return out
}

// owner returns the folder of the skill that holds a file; empty for none.
func owner(p string, skills map[string]*Skill) string {
	for d := path.Dir(p); ; d = path.Dir(d) {
		if skills[d] != nil {
			return d
		}
		if d == "." {
			return ""
		}
	}
}

// skillNames names skills by their folders; by their paths where two folders have one name.
func skillNames(dirs []string, base string, files []File) []string {
	names := make([]string, len(dirs))
	count := map[string]int{}
	for _, d := range dirs {
		count[path.Base(d)]++
	}
	for i, d := range dirs {
		switch {
		case d == ".":
			names[i] = ownName(files, base)
		case count[path.Base(d)] > 1:
			names[i] = d
		default:
			names[i] = path.Base(d)
		}
	}
	return names
}

// ownName is what the SKILL.md at the root says its name is, else base.
func ownName(files []File, base string) string {
	for _, f := range files {
		if f.Path != "SKILL.md" {
			continue
		}
		d := parseMarkdown(f.Data, newPool())
		for i, b := range d.blocks {
			if b.text.shape.kind == frontKey && d.frontName(int32(i)) == "name" {
				if name := frontText(b.text); name != "" && !strings.ContainsAny(name, "/\\\n") {
					return name
				}
			}
		}
	}
	return base
}

// digest is a hash over all paths and bytes.
func (c *collector) digest() string {
	h := sha256.New()
	for _, f := range c.files {
		sum := sha256.Sum256(f.Data)
		fmt.Fprintf(h, "%d %s %x\n", len(f.Path), f.Path, sum)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// build is what the manifest of a folder that skillgen wrote says.
type build struct {
	Version   string `json:"version"`
	Generator struct {
		Version   string `json:"version"`
		Templates string `json:"templates"`
	} `json:"generator"`
	Skills []struct {
		Name   string `json:"name"`
		Tokens struct {
			Total int `json:"total"`
		} `json:"tokens"`
	} `json:"skills"`
}

// parseBuild returns nil where the files are no output of skillgen's. Of those only the skills are compared: the manifest, the report and the
// provenance say the same in other words.
func parseBuild(files []File) *build {
	for _, f := range files {
		if f.Path != "manifest.json" {
			continue
		}
		var b build
		if json.Unmarshal(f.Data, &b) == nil && b.Generator.Version != "" && slices.ContainsFunc(files, func(f File) bool { return strings.HasPrefix(f.Path, "skills/") }) {
			return &b
		}
	}
	return nil
}

func (b *build) tokens(name string) int {
	if b == nil {
		return 0
	}
	for _, s := range b.Skills {
		if s.Name == name {
			return s.Tokens.Total
		}
	}
	return 0
}
