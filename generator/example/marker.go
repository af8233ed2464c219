package example

import (
	"fmt"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Markers take lines out of a file: comments of any syntax, first thing on their line, whose first word is one of these (DESIGN §3.2).
const (
	markerPrefix = "skillgen:"
	ignoreFile   = "ignore-file"
	ignoreStart  = "ignore-start"
	ignoreEnd    = "ignore-end"
	ignoreNext   = "ignore-next"
)

var markerNames = []string{ignoreEnd, ignoreFile, ignoreNext, ignoreStart}

// foreignMarker silences a check; it is not about what belongs into a skill, and stays.
const foreignMarker = "allow"

// ignoreFileLines is how many lines at the top may hold ignore-file.
const ignoreFileLines = 10

// stretch is a run of whole lines that stay: bytes [start, end) of the file's text.
type stretch struct{ start, end int }

// cutting is what the markers of one file say.
type cutting struct {
	keep []stretch
	file int // 1-based line of an ignore-file; 0 where there is none
}

// markerScan reads the markers of one file, line by line.
type markerScan struct {
	file     *source.File
	cut      cutting
	findings []diag.Finding
	start    source.Span // of the open ignore-start; zero where none is open
	next     source.Span // of an ignore-next whose line is still to come
}

// cut finds the markers in f and says which lines stay. A file whose markers are faulty is cut as far as they are understood.
func cut(f *source.File) (cutting, []diag.Finding) {
	if !strings.Contains(f.Text, markerPrefix) {
		return cutting{keep: []stretch{{0, len(f.Text)}}}, nil
	}
	s := &markerScan{file: f}
	offset := 0
	for line := range strings.Lines(f.Text) {
		s.line(offset, line)
		offset += len(line)
	}
	if s.start.File != nil {
		s.report(s.start, "skillgen:ignore-start is never ended", "add skillgen:ignore-end in a comment on a line of its own")
	}
	if s.next.File != nil {
		s.report(s.next, "skillgen:ignore-next stands before no line", "remove it")
	}
	if s.cut.file > 0 {
		return s.cut, nil // nothing of the file is used, so nothing else in it matters
	}
	return s.cut, s.findings
}

func (s *markerScan) report(at source.Span, message, hint string) {
	s.findings = append(s.findings, diag.New("example-marker", at.Place(), message, hint))
}

func (s *markerScan) line(offset int, line string) {
	word, at := s.marker(offset, line)
	switch {
	case word != "":
		s.mark(word, at)
	case s.start.File != nil:
	case s.next.File != nil:
		s.next = source.Span{}
	default:
		s.keep(offset, offset+len(line))
	}
}

func (s *markerScan) keep(start, end int) {
	if n := len(s.cut.keep); n > 0 && s.cut.keep[n-1].end == start {
		s.cut.keep[n-1].end = end
		return
	}
	s.cut.keep = append(s.cut.keep, stretch{start, end})
}

// marker returns the word behind "skillgen:" where the line is a marker, and its place. A line that is more than its marker is a finding,
// since the line goes.
func (s *markerScan) marker(offset int, line string) (word string, at source.Span) {
	i := strings.Index(line, markerPrefix)
	if i < 0 {
		return "", source.Span{}
	}
	sign, text, ok := commentOf(s.file.Path, line)
	if !ok || !strings.HasPrefix(text, markerPrefix) {
		return "", source.Span{}
	}
	rest := strings.TrimLeft(text[len(markerPrefix):], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
	word = strings.TrimRight(text[len(markerPrefix):len(text)-len(rest)], "-") // dashes behind it begin the comment's end
	rest = text[len(markerPrefix)+len(word):]
	if word == "" || word == foreignMarker {
		return "", source.Span{}
	}
	at = source.Span{File: s.file, Start: offset + i, End: offset + i + len(markerPrefix) + len(word)}
	s.alone(sign, rest, at)
	return word, at
}

// alone reports what a marker's line holds besides the marker's comment.
func (s *markerScan) alone(sign sign, rest string, at source.Span) {
	hint := "put the marker into a comment on a line of its own: the whole line goes"
	switch {
	case sign.open == "*" && strings.Contains(rest, "*/"):
		s.report(at, "the block comment ends on the line of a marker, so its end would go", hint)
	case sign.close == "":
	default:
		_, after, closed := strings.Cut(rest, sign.close)
		if !closed {
			s.report(at, fmt.Sprintf("the comment of a marker does not end on its line: %q is missing", sign.close), hint)
		} else if strings.TrimSpace(after) != "" {
			s.report(at, "there is code behind a marker, which would go with it", hint)
		}
	}
}

func (s *markerScan) mark(word string, at source.Span) {
	name := markerPrefix + word
	if s.next.File != nil {
		s.report(at, name+" stands where skillgen:ignore-next expects the line to drop", "use skillgen:ignore-start and skillgen:ignore-end for several lines")
		s.next = source.Span{}
	}
	inside := s.start.File != nil
	switch word {
	case ignoreFile:
		if line := at.Line(); line <= ignoreFileLines {
			s.cut.file = line
		} else {
			s.report(at, fmt.Sprintf("%s stands on line %d", name, line), fmt.Sprintf("it counts in the first %d lines only; move it up", ignoreFileLines))
		}
	case ignoreStart:
		if inside {
			s.reportBoth(at, name+" stands between another one and its end", "end the first one before; they do not nest")
			return
		}
		s.start = at
	case ignoreEnd:
		if !inside {
			s.report(at, name+" ends nothing", "remove it, or add skillgen:ignore-start above")
		}
		s.start = source.Span{}
	case ignoreNext:
		if inside {
			s.reportBoth(at, name+" stands between skillgen:ignore-start and its end", "remove it: the line is dropped anyway")
			return
		}
		s.next = at
	default:
		s.unknown(word, at)
	}
}

// reportBoth reports a marker that clashes with the open ignore-start.
func (s *markerScan) reportBoth(at source.Span, message, hint string) {
	s.report(at, message, hint)
	s.findings[len(s.findings)-1].Also = s.start.Place()
}

func (s *markerScan) unknown(word string, at source.Span) {
	hint := "the markers are skillgen:" + strings.Join(markerNames, ", skillgen:")
	if near := diag.Suggest(word, markerNames); near != "" {
		hint = fmt.Sprintf("did you mean %q?", markerPrefix+near)
	}
	s.report(at, fmt.Sprintf("unknown marker %q", markerPrefix+word), hint)
}
