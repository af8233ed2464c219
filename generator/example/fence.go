package example

import (
	"strings"

	"skillgen/generator/source"
)

// emptyNote stands in place of a fence: a fence can't tell an empty file from one that holds an empty line.
const emptyNote = "Empty file.\n"

// noFinalNewline follows the path in the heading of a file whose last line has no line end.
const noFinalNewline = " (no final newline)"

// Heading returns the text, in Markdown, of the heading above the file's fence: its path as inline code, and a note where the last line has
// no line end. Extract reads it back.
func Heading(f *File) string {
	s := codeSpan(f.Path)
	if f.NoFinalNewline {
		s += noFinalNewline
	}
	return s
}

// codeSpan writes s as inline code (CommonMark 0.31, "Code spans"): in more backticks than any run inside has, and padded where blanks or
// backticks at its ends would be misread.
func codeSpan(s string) string {
	ticks := strings.Repeat("`", longestRun(s)+1)
	first, last := s[:1], s[len(s)-1:]
	if first == "`" || last == "`" || first == " " && last == " " && strings.Trim(s, " ") != "" {
		return ticks + " " + s + " " + ticks
	}
	return ticks + s + ticks
}

// longestRun returns the length of the longest run of backticks in s.
func longestRun(s string) int {
	longest := 0
	for {
		i := strings.IndexByte(s, '`')
		if i < 0 {
			return longest
		}
		rest := strings.TrimLeft(s[i:], "`")
		longest = max(longest, len(s)-i-len(rest))
		s = rest
	}
}

// fence puts the lines that stay into a fence. Its first and last line are generated; all others are the file's.
func fence(f *source.File, keep []stretch, language string) source.Prose {
	var b source.Builder
	last := max(f.Line(len(f.Text))-1, 1)
	if !strings.HasSuffix(f.Text, "\n") {
		last = f.Line(len(f.Text))
	}
	ticks := 3
	for _, k := range keep {
		ticks = max(ticks, longestRun(f.Text[k.start:k.end])+1)
	}
	bars := strings.Repeat("`", ticks)
	b.Grow(len(f.Text) + 2*ticks + len(language) + 3)
	b.Text(bars+language+"\n", source.Origin{File: f, Line: 1, Generated: true})
	for _, k := range keep {
		b.Text(f.Text[k.start:k.end], source.Origin{File: f, Line: f.Line(k.start)})
	}
	end := bars + "\n"
	if n := len(keep); n > 0 && f.Text[keep[n-1].end-1] != '\n' {
		end = "\n" + end
	}
	b.Text(end, source.Origin{File: f, Line: last, Generated: true})
	return *b.Prose()
}

// emptyFence says that the file is empty.
func emptyFence(f *source.File) source.Prose {
	var b source.Builder
	b.Text(emptyNote, source.Origin{File: f, Line: 1, Generated: true})
	return *b.Prose()
}

// content joins the lines that stay.
func content(f *source.File, keep []stretch) string {
	if len(keep) == 1 {
		return f.Text[keep[0].start:keep[0].end]
	}
	var b strings.Builder
	for _, k := range keep {
		b.WriteString(f.Text[k.start:k.end])
	}
	return b.String()
}
