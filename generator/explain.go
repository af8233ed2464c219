package generator

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/facts"
	"skillgen/generator/source"
)

// Spot is a line of an emitted file and the line that it comes from.
type Spot struct {
	Skill     string `json:"skill"`
	File      string `json:"file"`                  // from the skill's folder
	Line      int    `json:"line"`                  // 1-based
	Text      string `json:"text"`                  // the line
	Source    string `json:"source"`                // path from the project's folder
	SourceAt  int    `json:"source_line,omitempty"` // 1-based line there; 0 for a binary file
	Generated bool   `json:"generated"`             // skillgen wrote the line; the source caused it
}

// NoSpot is the error that nothing was found: why, and what to do.
type NoSpot struct{ Why, Hint string }

func (e *NoSpot) Error() string { return e.Why }

func noSpot(hint, format string, args ...any) error {
	return &NoSpot{fmt.Sprintf(format, args...), hint}
}

// Place splits "FILE:LINE" or "FILE:LINE:COL"; ok is false for anything else.
func Place(s string) (file string, line int, ok bool) {
	parts := strings.Split(s, ":")
	for len(parts) > 1 {
		n, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil || n < 1 {
			break
		}
		line = n
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, ":"), line, line > 0
}

// OutputLine explains a line of an output. File is a path from the output folder ("skills/<name>/SKILL.md"). The error is a *NoSpot.
func (c *Compilation) OutputLine(file string, line int) (Spot, error) {
	f, name, err := c.output(file)
	if err != nil {
		return Spot{}, err
	}
	lines := bytes.SplitAfter(f.Data, []byte("\n"))
	if n := len(lines); len(lines[n-1]) == 0 {
		lines = lines[:n-1]
	}
	if line > len(lines) {
		return Spot{}, noSpot("was it built from other sources? `skillgen build --check` tells", "%s has %s", file, countLines(len(lines)))
	}
	return spot(name, *f, line, strings.TrimSuffix(string(lines[line-1]), "\n")), nil
}

func countLines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}

// output finds an emitted file.
func (c *Compilation) output(file string) (*emit.File, string, error) {
	rest, ok := strings.CutPrefix(path.Clean(file), "skills/")
	if !ok {
		return nil, "", noSpot("the lines of skills have sources: skills/<name>/…", "%s is made of all skills", file)
	}
	name, rest, _ := strings.Cut(rest, "/")
	i, ok := slices.BinarySearchFunc(c.Skills, name, func(s *emit.Skill, name string) int { return strings.Compare(s.Plan.Name, name) })
	if !ok {
		return nil, "", noSpot(didYouMean(name, len(c.Skills), func(i int) string { return c.Skills[i].Plan.Name }, "`skillgen list` shows all skills"), "no skill is named %q", name)
	}
	files := c.Skills[i].Files
	for i := range files {
		if files[i].Path == rest {
			return &files[i], name, nil
		}
	}
	return nil, "", noSpot(didYouMean(rest, len(files), func(i int) string { return files[i].Path }, "was it built with other flags, or from other sources?"), "skill %s has no file %q", name, rest)
}

// Output returns the bytes that a build would write to a path from the output folder; nil where it is no file of a skill.
func (c *Compilation) Output(file string) []byte {
	f, _, err := c.output(file)
	if err != nil {
		return nil
	}
	return f.Data
}

func didYouMean(word string, n int, name func(int) string, otherwise string) string {
	known := make([]string, n)
	for i := range known {
		known[i] = name(i)
	}
	if near := diag.Suggest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}

// SourceLine lists every place that a line of a source reaches, by skill, file and line; lines that skillgen wrote because of it come after
// the line itself. The error is a *NoSpot.
func (c *Compilation) SourceLine(file string, line int) ([]Spot, error) {
	var spots []Spot
	for _, s := range c.Skills {
		for _, f := range s.Files {
			var lines []string
			eachLine(f, file, func(at int, o source.Origin) {
				if o.Line != line {
					return
				}
				if lines == nil {
					lines = strings.Split(string(f.Data), "\n")
				}
				spots = append(spots, spot(s.Plan.Name, f, at, lines[at-1]))
			})
		}
	}
	if len(spots) == 0 {
		return nil, c.unreached(file, line)
	}
	slices.SortStableFunc(spots, func(a, b Spot) int {
		switch {
		case a.Generated == b.Generated:
			return 0
		case a.Generated:
			return 1
		}
		return -1
	})
	return spots, nil
}

// eachLine visits the lines of an emitted file, 1-based, that come from a source.
func eachLine(f emit.File, file string, visit func(line int, o source.Origin)) {
	lines := -1
	for i, run := range f.Runs {
		if run.File == nil || run.File.Path != file {
			continue
		}
		if lines < 0 {
			lines = bytes.Count(f.Data, []byte("\n"))
		}
		end := lines
		if i+1 < len(f.Runs) {
			end = f.Runs[i+1].At
		}
		for at := run.At; at < end; at++ {
			visit(at+1, run.OriginAt(at))
		}
	}
}

// unreached says why no skill holds anything of a line of a source.
func (c *Compilation) unreached(file string, line int) error {
	i := slices.IndexFunc(c.Inputs, func(f *source.File) bool { return f.Path == file })
	if i < 0 {
		for _, left := range c.LeftOut() {
			if left.Path == file || strings.HasSuffix(left.Path, "/") && strings.HasPrefix(file, left.Path) {
				return noSpot("", "no skill holds anything of %s: %s: %s", file, left.Path, left.Reason)
			}
		}
		if c.Project.Tree.Exists(file) {
			return noSpot("name it in a framework or workflow; `skillgen build --report FILE` lists what goes in and what is left out", "no skill is made from %s", file)
		}
		return noSpot(didYouMean(file, len(c.Inputs), func(i int) string { return c.Inputs[i].Path }, "give FILE:LINE of an output or a source, or quote a sentence of a skill"), "there is no file %s", file)
	}
	f := c.Inputs[i]
	lines := strings.Count(f.Text, "\n")
	if !strings.HasSuffix(f.Text, "\n") {
		lines++
	}
	if line > lines {
		return noSpot("", "%s has %s", file, countLines(lines))
	}
	hint := "front matter, comments, markers and what `clean` takes out have no line in a skill"
	if f == c.Project.Config.File {
		hint = "a setting reaches skills through the templates that ask for it: quote a sentence that it stands in"
	}
	if near := c.nearest(file, line); near != "" {
		hint += "; " + near
	}
	return noSpot(hint, "no skill holds anything of %s:%d", file, line)
}

// nearest says which lines of a source, before and after a line, some skill holds.
func (c *Compilation) nearest(file string, line int) string {
	before, after := 0, 0
	for _, s := range c.Skills {
		for _, f := range s.Files {
			eachLine(f, file, func(_ int, o source.Origin) {
				switch {
				case o.Generated:
				case o.Line < line:
					before = max(before, o.Line)
				case after == 0 || o.Line < after:
					after = o.Line
				}
			})
		}
	}
	switch {
	case before == 0 && after == 0:
		return ""
	case before == 0 || after == 0:
		return fmt.Sprintf("line %d has one", before+after)
	}
	return fmt.Sprintf("lines %d and %d have one", before, after)
}

// spot explains a line of an emitted file. A credential in its text is not shown.
func spot(skill string, f emit.File, line int, text string) Spot {
	s := Spot{Skill: skill, File: f.Path, Line: line, Text: text}
	if text != "" { // a credential may have begun on a line above
		s.Text = facts.MaskLine(&source.File{Text: string(f.Data)}, line)
	}
	if f.Source != nil && f.Runs == nil {
		s.Source = f.Source.Path
		return s
	}
	i, found := slices.BinarySearchFunc(f.Runs, line-1, func(r source.Run, at int) int { return cmp.Compare(r.At, at) })
	if !found {
		i--
	}
	if i >= 0 && f.Runs[i].File != nil {
		o := f.Runs[i].OriginAt(line - 1)
		s.Source, s.SourceAt, s.Generated = o.File.Path, o.Line, o.Generated
	}
	return s
}

// Sentence finds a text in all skills, as a reader of it would quote it: white space counts as one blank, line breaks too; marks of emphasis,
// code, links and quotes don't count. Places of one source stand together. The error is a *NoSpot.
func (c *Compilation) Sentence(text string) ([]Spot, error) {
	want := bytes.TrimSpace(quotable([]byte(text), nil))
	if len(want) == 0 {
		return nil, noSpot("quote a sentence of a skill, or give FILE:LINE of an output or a source", "there is nothing to look for")
	}
	var spots []Spot
	var at []int
	for _, s := range c.Skills {
		for _, f := range s.Files {
			if f.Runs == nil {
				continue
			}
			at = at[:0]
			plain := quotable(f.Data, &at)
			for from := 0; ; {
				i := bytes.Index(plain[from:], want)
				if i < 0 {
					break
				}
				line, text := lineAt(f.Data, at[from+i])
				spots = append(spots, spot(s.Plan.Name, f, line, text))
				from += i + len(want)
			}
		}
	}
	if len(spots) == 0 {
		return nil, noSpot("quote a sentence of a skill, or give FILE:LINE of an output or a source", "no skill holds %q", text)
	}
	slices.SortStableFunc(spots, func(a, b Spot) int {
		return cmp.Or(strings.Compare(a.Source, b.Source), cmp.Compare(a.SourceAt, b.SourceAt))
	})
	return spots, nil
}

// lineAt returns the 1-based line that holds the byte at an offset, and its text.
func lineAt(data []byte, offset int) (int, string) {
	start := bytes.LastIndexByte(data[:offset], '\n') + 1
	end := len(data)
	if n := bytes.IndexByte(data[offset:], '\n'); n >= 0 {
		end = offset + n
	}
	return bytes.Count(data[:offset], []byte("\n")) + 1, string(data[start:end])
}

// quotable drops the marks of Markdown that a reader does not see, wherever they stand, and folds white space; at, where given, receives the
// offset of each byte that stays.
func quotable(data []byte, at *[]int) []byte {
	out := make([]byte, 0, len(data))
	start := true // of a line
	for i := 0; i < len(data); i++ {
		b := data[i]
		switch b {
		case '*', '_', '`', '[', '\\':
			start = false
			continue
		case ']':
			i += destination(data[i+1:])
			continue
		case ' ', '\t', '\n', '\r':
			start = start || b == '\n'
			if len(out) > 0 && out[len(out)-1] == ' ' {
				continue
			}
			b = ' '
		case '>':
			if start { // a quote
				continue
			}
		default:
			start = false
		}
		out = append(out, b)
		if at != nil {
			*at = append(*at, i)
		}
	}
	return out
}

// destination returns the length of the (destination) of a link that data begins with; 0 where it begins with none.
func destination(data []byte) int {
	const longest = 2000
	if len(data) == 0 || data[0] != '(' {
		return 0
	}
	depth := 0
	for i, b := range data[:min(len(data), longest)] {
		switch b {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\n':
			return 0
		}
	}
	return 0
}
