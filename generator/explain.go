package generator

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/emit"
	"skillgen/generator/facts"
	"skillgen/generator/source"
)

// Spot is a line of an emitted file and the line that it comes from.
type Spot struct {
	Skill     string
	File      string // from the skill's folder
	Line      int    // 1-based
	Text      string // the line
	Source    string // path from the project's folder
	SourceAt  int    // 1-based line there; 0 for a binary file
	Generated bool   // skillgen wrote the line; the source caused it
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

// OutputLine explains a line of an output. File is a path from the output folder ("skills/<name>/SKILL.md"), or from the folder of skills.
func (c *Compilation) OutputLine(file string, line int) (Spot, error) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(path.Clean(file), "skills/"), "/")
	i, ok := slices.BinarySearchFunc(c.Skills, name, func(s *emit.Skill, name string) int { return strings.Compare(s.Plan.Name, name) })
	if !ok {
		return Spot{}, fmt.Errorf("no skill is named %q", name)
	}
	for _, f := range c.Skills[i].Files {
		if f.Path != rest {
			continue
		}
		lines := bytes.Split(bytes.TrimSuffix(f.Data, []byte("\n")), []byte("\n"))
		if line > len(lines) {
			return Spot{}, fmt.Errorf("%s has %d lines", file, len(lines))
		}
		return spot(name, f, line, string(lines[line-1])), nil
	}
	return Spot{}, fmt.Errorf("skill %s has no file %q", name, rest)
}

// SourceLine lists every place that a line of a source reaches, by skill, file and line; lines that skillgen wrote because of it come after the line itself.
func (c *Compilation) SourceLine(file string, line int) []Spot {
	var spots []Spot
	for _, s := range c.Skills {
		for _, f := range s.Files {
			spots = append(spots, reached(s.Plan.Name, f, file, line)...)
		}
	}
	slices.SortStableFunc(spots, func(a, b Spot) int { return cmp.Compare(btoi(a.Generated), btoi(b.Generated)) })
	return spots
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// reached finds the lines of one emitted file that come from a source line.
func reached(skill string, f emit.File, file string, line int) []Spot {
	var spots []Spot
	var lines []string
	for i, run := range f.Runs {
		if run.File == nil || run.File.Path != file {
			continue
		}
		if lines == nil {
			lines = strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
		}
		end := len(lines)
		if i+1 < len(f.Runs) {
			end = min(f.Runs[i+1].At, end)
		}
		for at := run.At; at < end; at++ {
			if o := originAt(run, at); o.Line == line {
				spots = append(spots, spot(skill, f, at+1, lines[at]))
			}
		}
	}
	return spots
}

func originAt(run source.Run, line0 int) source.Origin {
	o := run.Origin
	if !o.Generated {
		o.Line += line0 - run.At
	}
	return o
}

func spot(skill string, f emit.File, line int, text string) Spot {
	s := Spot{Skill: skill, File: f.Path, Line: line, Text: facts.Mask(text)}
	if f.Source != nil && f.Runs == nil {
		s.Source = f.Source.Path
		return s
	}
	i, found := slices.BinarySearchFunc(f.Runs, line-1, func(r source.Run, at int) int { return cmp.Compare(r.At, at) })
	if !found {
		i--
	}
	if i >= 0 && f.Runs[i].File != nil {
		o := originAt(f.Runs[i], line-1)
		s.Source, s.SourceAt, s.Generated = o.File.Path, o.Line, o.Generated
	}
	return s
}

// Sentence finds a text in all skills. White space counts as one blank, line breaks too; emphasis and code marks don't count.
func (c *Compilation) Sentence(text string) []Spot {
	want := plainText([]byte(text), nil)
	want = bytes.TrimSpace(want)
	if len(want) == 0 {
		return nil
	}
	var spots []Spot
	var at []int
	for _, s := range c.Skills {
		for _, f := range s.Files {
			if f.Runs == nil {
				continue
			}
			at = at[:0]
			plain := plainText(f.Data, &at)
			for from := 0; ; {
				i := bytes.Index(plain[from:], want)
				if i < 0 {
					break
				}
				offset := at[from+i]
				line := bytes.Count(f.Data[:offset], []byte("\n")) + 1
				start := bytes.LastIndexByte(f.Data[:offset], '\n') + 1
				end := len(f.Data)
				if n := bytes.IndexByte(f.Data[offset:], '\n'); n >= 0 {
					end = offset + n
				}
				spots = append(spots, spot(s.Plan.Name, f, line, string(f.Data[start:end])))
				from += i + len(want)
			}
		}
	}
	return spots
}

// plainText drops emphasis and code marks and folds white space; at, where given, receives the offset of each byte that stays.
func plainText(data []byte, at *[]int) []byte {
	out := make([]byte, 0, len(data))
	for i, b := range data {
		switch b {
		case '*', '_', '`':
			continue
		case ' ', '\t', '\n', '\r':
			if len(out) > 0 && out[len(out)-1] == ' ' {
				continue
			}
			b = ' '
		}
		out = append(out, b)
		if at != nil {
			*at = append(*at, i)
		}
	}
	return out
}
