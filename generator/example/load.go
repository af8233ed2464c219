package example

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// loader reads one airplane.
type loader struct {
	tree     *source.Tree
	dir      string // clean
	at       source.Span
	own      map[string]bool
	rules    []*rule
	folders  map[string]state // of each folder that was entered
	airplane Airplane
	findings []diag.Finding
}

func newLoader(tree *source.Tree, dir source.String, o Options) *loader {
	l := &loader{tree: tree, dir: path.Clean(dir.S), at: dir.At, own: map[string]bool{}, folders: map[string]state{}}
	l.airplane.Dir = l.dir
	for _, name := range o.Own {
		if name = path.Clean(name); l.dir == "." || strings.HasPrefix(name, l.dir+"/") {
			l.own[name] = true
		}
	}
	l.rules, l.findings = rules(l.dir, o)
	return l
}

func (l *loader) report(id string, at diag.Place, message, hint string) {
	l.findings = append(l.findings, diag.New(id, at, message, hint))
}

func (l *loader) leave(name string, isDir bool, reason string) {
	if isDir {
		name += "/"
	}
	l.airplane.Left = append(l.airplane.Left, Left{Path: name, Reason: reason})
}

// folder checks that the airplane is a folder which counts.
func (l *loader) folder() (bool, error) {
	e, err := l.tree.Stat(l.dir)
	var p *source.PathError
	switch {
	case errors.As(err, &p) && p.Trouble != source.Denied && p.Trouble != source.Failed:
		hint := "an example is a folder of the project, by its path from there"
		if near := nearest(l.tree, l.dir); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		l.report("example-missing", l.at.Place(), "the example "+p.Error(), hint)
		return false, nil
	case err != nil:
		return false, fmt.Errorf("reading the example: %w", err)
	case !e.Type.IsDir():
		hint := fmt.Sprintf("name the folder: %q", path.Dir(l.dir))
		if e.Type == fs.ModeSymlink {
			hint = "links are not followed; name the folder itself"
		}
		l.report("example-missing", l.at.Place(), fmt.Sprintf("the example %s is %s, not a folder", l.dir, source.TypeName(e.Type)), hint)
		return false, nil
	}
	ignored, err := l.tree.Ignored(l.dir, true)
	if err != nil {
		return false, fmt.Errorf("reading the example: %w", err)
	}
	if ignored != nil {
		l.report("example-missing", l.at.Place(), fmt.Sprintf("the example %s is %s", l.dir, ignoredBy(ignored)), "what .gitignore ignores is no input; change the pattern, or move the example")
		return false, nil
	}
	return true, nil
}

func ignoredBy(p *source.Pattern) string {
	return fmt.Sprintf("ignored by %s:%d (%s)", p.At.File.Path, p.At.Line(), p.Text)
}

// walk lists everything in the airplane that is not in a folder which is left out.
func (l *loader) walk() ([]source.Entry, error) {
	var failed error
	l.folders[l.dir] = state{by: -1}
	entries, err := l.tree.Walk(l.dir, func(e source.Entry) bool {
		enter, err := l.enter(e)
		failed = cmp.Or(failed, err)
		return !enter || failed != nil
	})
	if err = cmp.Or(failed, err); err != nil {
		return nil, fmt.Errorf("reading the example %s: %w", l.dir, err)
	}
	return entries, nil
}

// enter decides about a folder.
func (l *loader) enter(e source.Entry) (bool, error) {
	reason, err := l.never(e)
	if err != nil || reason != "" {
		if reason != "" {
			l.leave(e.Path, true, reason)
		}
		return false, err
	}
	above := l.folders[path.Dir(e.Path)]
	s := l.judge(e.Path, true, above, defaultFolder(l.tree, e.Path))
	l.folders[e.Path] = s
	if !s.out {
		return true, nil
	}
	open := l.opened(e.Path, s, above)
	switch {
	case above.out: // the outer folder is listed
	case open:
		l.leave(e.Path, true, s.reason+", but for what include names")
	default:
		l.leave(e.Path, true, s.reason)
	}
	return open, nil
}

// never returns why an entry is out whatever the patterns say, "" where it is not.
func (l *loader) never(e source.Entry) (string, error) {
	if e.Type == fs.ModeSymlink {
		return "symbolic link, not followed", nil
	}
	ignored, err := l.tree.Ignored(e.Path, e.Type.IsDir())
	switch {
	case err != nil:
		return "", err
	case ignored != nil:
		return ignoredBy(ignored), nil
	case l.own[e.Path]:
		return "part of the skillgen project, not of the example", nil
	}
	if reason := secretReason(e.Path, e.Type.IsDir()); reason != "" {
		return reason, nil
	}
	if !e.Type.IsDir() && !e.Type.IsRegular() {
		return source.TypeName(e.Type) + ", not a regular file", nil
	}
	return "", nil
}

// entry decides about what was met in a folder that was entered, and reads it if it belongs to the airplane.
func (l *loader) entry(e source.Entry) error {
	if e.Type.IsDir() {
		return nil
	}
	reason, err := l.never(e)
	if err != nil {
		return fmt.Errorf("reading the example %s: %w", l.dir, err)
	}
	above := l.folders[path.Dir(e.Path)]
	if reason != "" {
		l.leave(e.Path, false, reason)
		return nil
	}
	s := l.judge(e.Path, false, above, defaultFile(e.Path))
	switch {
	case s.out && above.out: // the folder is listed
	case s.out:
		l.leave(e.Path, false, s.reason)
	case !l.readablePath(e.Path):
	case e.Size > MaxFile:
		l.leave(e.Path, false, fmt.Sprintf("larger than %d MiB", MaxFile>>20))
		l.report("example-size", diag.Place{File: e.Path}, fmt.Sprintf("the file has %d bytes and is left out: an airplane's file may have %d", e.Size, MaxFile),
			"exclude it, or replace it by a small sample")
	default:
		return l.read(e.Path, s.by >= 0)
	}
	return nil
}

// readablePath reports a path that can't be shown.
func (l *loader) readablePath(name string) bool {
	fault := ""
	switch {
	case !utf8.ValidString(name):
		fault = "bytes that are no UTF-8"
	case strings.ContainsAny(name, "\n\t"):
		fault = "a control character"
	}
	for range diag.Hidden(name) {
		fault = cmp.Or(fault, "a character that is not seen")
	}
	if fault == "" {
		return true
	}
	l.leave(name, false, "its path holds "+fault)
	l.report("example-path", diag.Place{File: name}, "the path holds "+fault, "rename it, or exclude it")
	return false
}

// read takes a file in, if it is text. rescued says that an include names it: then what it looks like does not count.
func (l *loader) read(name string, rescued bool) error {
	f, err := l.tree.Read(name)
	if err != nil {
		return fmt.Errorf("reading the example %s: %w", l.dir, err)
	}
	switch f.Kind {
	case source.Binary:
		l.leave(name, false, "binary")
		l.report("example-binary", diag.Place{File: name}, "the file is binary and is left out", "exclude it to say that this is meant")
		return nil
	case source.Foreign:
		l.leave(name, false, "not UTF-8")
		l.report("example-encoding", source.Span{File: f, Start: f.Bad, End: f.Bad + 1}.Place(), "the file is not UTF-8; it looks like "+f.Encoding,
			"convert it to UTF-8, or exclude it")
		return nil
	}
	if reason := generated(f); reason != "" && !rescued {
		l.leave(name, false, reason)
		return nil
	}
	l.add(f)
	return nil
}

// add cuts the file by its markers and puts it into its fence.
func (l *loader) add(f *source.File) {
	c, findings := cut(f)
	l.findings = append(l.findings, findings...)
	file := &File{Path: strings.TrimPrefix(f.Path, l.dir+"/"), Source: f, Content: content(f, c.keep)}
	switch {
	case c.file > 0:
		l.leave(f.Path, false, fmt.Sprintf("skillgen:ignore-file on line %d", c.file))
		return
	case f.Text == "":
		file.Fence = emptyFence(f)
	case file.Content == "":
		l.leave(f.Path, false, "its markers leave nothing of it")
		return
	default:
		file.Language = language(file.Path)
		file.Fence = fence(f, c.keep, file.Language)
		file.NoFinalNewline = !strings.HasSuffix(file.Content, "\n")
	}
	l.airplane.Files = append(l.airplane.Files, file)
}

// finish sorts what was found.
func (l *loader) finish() *Airplane {
	a := &l.airplane
	slices.SortFunc(a.Files, func(x, y *File) int {
		if rx, ry := isReadme(x.Path), isReadme(y.Path); rx != ry {
			if rx {
				return -1
			}
			return 1
		}
		return strings.Compare(x.Path, y.Path)
	})
	slices.SortFunc(a.Left, func(x, y Left) int { return strings.Compare(x.Path, y.Path) })
	for _, r := range l.rules {
		if r.hit {
			a.matched = append(a.matched, r.text)
		}
	}
	if len(a.Files) == 0 {
		l.report("example-missing", l.at.Place(), fmt.Sprintf("nothing of the example %s is left for a skill", l.dir), emptyHint(a.Left))
		return nil
	}
	return a
}

func emptyHint(left []Left) string {
	if len(left) == 0 {
		return "the folder is empty"
	}
	return fmt.Sprintf("%s is left out (%s); `include` brings back what is left out by default", left[0].Path, left[0].Reason)
}

// isReadme reports whether a path is the airplane's own README.
func isReadme(name string) bool {
	switch strings.ToLower(name) {
	case "readme", "readme.md", "readme.markdown", "readme.rst", "readme.txt":
		return true
	}
	return false
}

// nearest returns the existing folder that name was probably meant to be, "" where none is close.
func nearest(tree *source.Tree, name string) string {
	at := "."
	for _, part := range strings.Split(name, "/") {
		next := path.Join(at, part)
		if e, err := tree.Stat(next); err == nil && e.Type.IsDir() {
			at = next
			continue
		}
		near := diag.Suggest(part, foldersIn(tree, at))
		if near == "" {
			return elsewhere(tree, name)
		}
		at = path.Join(at, near)
	}
	if at == "." || at == name {
		return ""
	}
	return at
}

// elsewhere looks for name in each folder of the project: "flask" for "examples/flask".
func elsewhere(tree *source.Tree, name string) string {
	for _, folder := range foldersIn(tree, ".") {
		if e, err := tree.Stat(path.Join(folder, name)); err == nil && e.Type.IsDir() {
			return e.Path
		}
	}
	return ""
}

func foldersIn(tree *source.Tree, dir string) []string {
	entries, err := tree.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if name := path.Base(e.Path); e.Type.IsDir() && !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	return names
}
