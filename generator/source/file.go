// Package source reads the files of a project, each once, and knows where every byte of them stands.
//
// All reading goes through one fs.FS that can't be left (an os.Root for a folder on disk, an embed.FS for the built-in
// templates, later a git tree or an archive). Text is normalised once, at load: a byte order mark goes, CRLF becomes LF.
// Offsets, lines and promises speak of that text.
package source

import (
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"skillgen/generator/diag"
)

// Kind says what a file's bytes are.
type Kind uint8

// Text is UTF-8. Binary holds a NUL or a lone CR. Foreign is text in an encoding other than UTF-8 (UTF-16 by its byte order
// mark, or bytes that are no UTF-8).
const (
	Text Kind = iota
	Binary
	Foreign
)

// File is a file of the project, read and normalised. It is immutable.
type File struct {
	Path     string   // slash-separated, from the project's folder
	Kind     Kind     //
	Text     string   // normalised text; for Binary and Foreign the raw bytes
	Digest   [32]byte // sha256 of Text
	Encoding string   // Foreign: what it looks like, for people ("UTF-16LE", "Latin-1"); else empty
	Bad      int      // Foreign: offset of the first byte that is no UTF-8

	once  sync.Once
	lines []int // byte offset of each line's start
}

// NewFile makes a file of raw bytes, as Tree.Read does: a byte order mark goes, CRLF becomes LF, and what is no text stays as it is.
func NewFile(path string, data []byte) *File {
	f := &File{Path: path}
	f.Kind, f.Text = normalise(data)
	if f.Kind == Foreign {
		f.Encoding, f.Bad = guessEncoding(f.Text)
	}
	f.Digest = sha256.Sum256([]byte(f.Text))
	return f
}

func (f *File) starts() []int {
	f.once.Do(func() {
		f.lines = make([]int, 1, 1+strings.Count(f.Text, "\n"))
		for i := 0; ; {
			n := strings.IndexByte(f.Text[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			f.lines = append(f.lines, i)
		}
	})
	return f.lines
}

// Line returns the 1-based line that holds the byte at offset. A line holds its line end; the offset behind the last line end stands on an
// empty line of its own.
func (f *File) Line(offset int) int {
	i, found := slices.BinarySearch(f.starts(), offset)
	if found {
		return i + 1
	}
	return i
}

// Offset returns the byte offset at which the 1-based line starts; len(Text) for a line after the last one.
func (f *File) Offset(line int) int {
	if line > len(f.starts()) {
		return len(f.Text)
	}
	return f.starts()[max(line, 1)-1]
}

// LineText returns the 1-based line without its line end.
func (f *File) LineText(line int) string {
	s := f.Text[f.Offset(line):]
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		s = s[:i]
	}
	return s
}

// Span is a run of bytes of a file: [Start, End).
type Span struct {
	File       *File
	Start, End int
}

// Place turns the span into a position to show. A span over several lines is shown on its first.
func (s Span) Place() diag.Place {
	if s.File == nil {
		return diag.Place{}
	}
	line := s.File.Line(s.Start)
	from := s.File.Offset(line)
	text := s.File.LineText(line)
	start := min(max(s.Start-from, 0), len(text))
	end := min(max(s.End-from, start), len(text))
	col := utf8.RuneCountInString(text[:start]) + 1
	return diag.Place{File: s.File.Path, Line: line, Col: col, End: col + utf8.RuneCountInString(text[start:end]), Text: text}
}

// Line returns the 1-based line on which the span starts.
func (s Span) Line() int { return s.File.Line(s.Start) }

// String is a text and the place it was written at.
type String struct {
	S  string // the value, decoded
	At Span   // where it stands; zero where it is a default of skillgen's
}
