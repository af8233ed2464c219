package source

import (
	"errors"
	"path"
	"strings"
)

// Pattern is one pattern with the syntax and meaning of a line of a .gitignore file (gitignore(5)). Bytes are compared, case counts.
type Pattern struct {
	Text    string // as written, without trailing blanks
	Negated bool   // begins with "!": what it matches is not excluded
	At      Span   // zero where it is from no file

	base     string // folder that it is anchored to, with a final "/"; empty for the root
	dirOnly  bool   // ends in "/"
	anywhere bool   // holds no other "/": it is compared with the last element of a path
	prefix   string // what stands before the first special character: compared as it is
	rest     *glob  // nil where there is nothing else
}

// NewPattern parses a pattern that is anchored to the folder base, "" or "." for the root. Every text is a pattern; one that is malformed
// matches nothing, as in git.
func NewPattern(text, base string) *Pattern {
	p := &Pattern{Text: trimBlanks(text)}
	if base != "" && base != "." {
		p.base = base + "/"
	}
	s := p.Text
	if rest, ok := strings.CutPrefix(s, "!"); ok {
		p.Negated, s = true, rest
	}
	if rest, ok := strings.CutSuffix(s, "/"); ok {
		p.dirOnly, s = true, rest
	}
	p.anywhere = !strings.Contains(s, "/")
	s = strings.TrimPrefix(s, "/")
	special := strings.IndexAny(s, `*?[\`)
	if special < 0 {
		p.prefix = s
		return p
	}
	// The rest is compiled on its own, as git does it: stars after a prefix count as standing at a segment's start.
	p.prefix, p.rest = s[:special], compile(s[special:])
	return p
}

// trimBlanks takes off blanks at the end that no backslash quotes.
func trimBlanks(s string) string {
	end := len(s)
	for end > 0 && s[end-1] == ' ' {
		end--
	}
	if end == len(s) {
		return s
	}
	slashes := 0
	for end-slashes > 0 && s[end-slashes-1] == '\\' {
		slashes++
	}
	return s[:end+slashes%2] // an odd backslash quotes the first blank
}

// Match reports whether the pattern matches the path, or its last element. It looks at the path itself only: what lies in a folder that
// matches is not asked about.
func (p *Pattern) Match(name string, isDir bool) bool {
	if p.dirOnly && !isDir {
		return false
	}
	name, ok := strings.CutPrefix(name, p.base)
	if !ok {
		return false
	}
	if p.anywhere {
		name = path.Base(name)
	}
	if name, ok = strings.CutPrefix(name, p.prefix); !ok {
		return false
	}
	if p.rest == nil {
		return name == ""
	}
	return p.rest.match(name)
}

// Into reports whether the pattern is written for paths below the folder dir: it holds a "/", and its beginning matches dir, without the
// help of "**" where exact is set.
func (p *Pattern) Into(dir string, exact bool) bool {
	dir, ok := strings.CutPrefix(dir+"/", p.base)
	if !ok || p.anywhere {
		return false
	}
	if strings.HasPrefix(p.prefix, dir) {
		return len(p.prefix) > len(dir) || p.rest != nil
	}
	dir, ok = strings.CutPrefix(dir, p.prefix)
	return ok && p.rest != nil && p.rest.begins(dir, exact)
}

// ParseIgnore reads the patterns of a .gitignore file in the folder base. Its bytes count, whatever its encoding.
func ParseIgnore(f *File, base string) []*Pattern {
	var all []*Pattern
	offset := 0
	for line := range strings.Lines(f.Text) {
		start := offset
		offset += len(line)
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if start == 0 {
			trimmed := strings.TrimPrefix(line, byteOrderMark)
			start += len(line) - len(trimmed)
			line = trimmed
		}
		line, _, _ = strings.Cut(line, "\x00")
		if line == "" || line[0] == '#' {
			continue
		}
		p := NewPattern(line, base)
		p.At = Span{File: f, Start: start, End: start + len(p.Text)}
		all = append(all, p)
	}
	return all
}

// ignoring is what the .gitignore files say from the root down to one folder.
type ignoring struct {
	above    *ignoring
	patterns []*Pattern // of this folder's own file
	excluded *Pattern   // what excludes this folder, or one above it
	err      error      // this folder's file, or one above it, can't be read
}

// Ignored returns the pattern by which the .gitignore files of the tree ignore a path, nil where they do not: those of the root and of every
// folder on the way count, and nothing below an excluded folder is ever included again. The path need not exist. A *PathError says that a
// .gitignore file can't be read.
func (t *Tree) Ignored(name string, isDir bool) (*Pattern, error) {
	name = path.Clean(name)
	if name == "." || leaves(name) {
		return nil, nil
	}
	ig := t.ignoring(path.Dir(name))
	switch {
	case ig.excluded != nil:
		return ig.excluded, nil
	case ig.err != nil:
		return nil, ig.err
	}
	return ig.match(name, isDir), nil
}

func (t *Tree) ignoring(dir string) *ignoring {
	if v, ok := t.ignores.Load(dir); ok {
		return v.(*ignoring)
	}
	ig := &ignoring{}
	if dir != "." {
		ig.above = t.ignoring(path.Dir(dir))
		if ig.err = ig.above.err; ig.err == nil {
			ig.excluded = ig.above.excluded
		}
		if ig.err == nil && ig.excluded == nil {
			ig.excluded = ig.above.match(dir, true)
		}
	}
	if ig.err == nil && ig.excluded == nil {
		ig.patterns, ig.err = t.readIgnore(dir)
	}
	t.ignores.Store(dir, ig)
	return ig
}

// readIgnore reads a folder's .gitignore. One that is a link or no regular file counts for nothing, as in git.
func (t *Tree) readIgnore(dir string) ([]*Pattern, error) {
	f, err := t.Read(path.Join(dir, ".gitignore"))
	var p *PathError
	switch {
	case err == nil:
		return ParseIgnore(f, dir), nil
	case errors.As(err, &p) && (p.Trouble == Missing || p.Trouble == Link || p.Trouble == Irregular || p.Trouble == NotFolder):
		return nil, nil
	}
	return nil, err
}

// match finds the last pattern that matches, in the innermost file that has one.
func (ig *ignoring) match(name string, isDir bool) *Pattern {
	for ; ig != nil; ig = ig.above {
		for i := len(ig.patterns) - 1; i >= 0; i-- {
			if p := ig.patterns[i]; p.Match(name, isDir) {
				if p.Negated {
					return nil
				}
				return p
			}
		}
	}
	return nil
}
