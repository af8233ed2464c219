package example

import (
	"path"
	"regexp"
	"strings"

	"skillgen/generator/source"
)

const (
	headLines     = 10
	minifiedSize  = 5000 // bytes
	minifiedWidth = 500  // bytes in a line, on average
)

// The note that Go tools put on top of what they write (go help generate), in any comment.
var doNotEdit = regexp.MustCompile(`^Code generated .*DO NOT EDIT\.?`)

// generated returns why the text of a file looks as if no person wrote it, "" where it does not.
func generated(f *source.File) string {
	n := 0
	for line := range strings.Lines(f.Text) {
		if n++; n > headLines {
			break
		}
		_, text, ok := commentOf(f.Path, line)
		if !ok || len(line) > 1000 {
			continue
		}
		if word, _, _ := strings.Cut(strings.TrimSpace(text), " "); word == "@generated" || doNotEdit.MatchString(text) {
			return "generated code"
		}
	}
	switch path.Ext(f.Path) {
	case ".js", ".mjs", ".cjs", ".css":
		if len(f.Text) >= minifiedSize && len(f.Text)/(strings.Count(f.Text, "\n")+1) > minifiedWidth {
			return "minified"
		}
	}
	return ""
}
