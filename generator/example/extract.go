package example

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Extracted is a file of a model airplane, read back from a skill.
type Extracted struct {
	Airplane string // the airplane's folder, as the heading above says; empty where none does
	Path     string // from the airplane's folder
	Content  string
}

// sectionTitle is the heading of the section that holds the airplanes, of level 1 or 2. Where a text has no such heading all of it counts.
const sectionTitle = "Model airplane"

// Extract reads the files of the model airplanes back from an emitted SKILL.md or references/EXAMPLE.md, in their order. It is the proof of
// the promise that a skill gives back each example file exactly (DESIGN §3.3): it knows nothing of how the text came about and reads it as
// CommonMark, by goldmark. A file is a heading that is the path as inline code, with a fenced block or the note for empty files below it.
func Extract(markdown string) ([]Extracted, error) {
	src := []byte(markdown)
	doc := goldmark.DefaultParser().Parse(text.NewReader(src))
	var all []Extracted
	airplane, section := "", 0
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		if section > 0 && h.Level <= section {
			break
		}
		if h.Level <= 2 && plain(h, src) == sectionTitle {
			all, airplane, section = nil, "", h.Level
			continue
		}
		path, newline, ok := pathOf(h, src)
		if !ok {
			continue
		}
		content, ok := contentOf(h.NextSibling(), src)
		if !ok { // a heading with a path and no file below it is the airplane's own
			airplane = path
			continue
		}
		if !newline {
			content = strings.TrimSuffix(content, "\n")
		}
		for _, x := range all {
			if x.Airplane == airplane && x.Path == path {
				return nil, fmt.Errorf("%q stands there twice", path)
			}
		}
		all = append(all, Extracted{Airplane: airplane, Path: path, Content: content})
	}
	return all, nil
}

// pathOf reads what Heading wrote. newline is false where the heading says that the file does not end in one.
func pathOf(h *ast.Heading, src []byte) (path string, newline, ok bool) {
	code, ok := h.FirstChild().(*ast.CodeSpan)
	if !ok {
		return "", false, false
	}
	note := ""
	for n := code.NextSibling(); n != nil; n = n.NextSibling() {
		t, ok := n.(*ast.Text)
		if !ok {
			return "", false, false
		}
		note += string(t.Segment.Value(src))
	}
	if note != "" && note != noFinalNewline {
		return "", false, false
	}
	return plain(code, src), note == "", true
}

// contentOf returns what stands in a fence; ok is false where n is neither a fence nor the note for empty files.
func contentOf(n ast.Node, src []byte) (content string, ok bool) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		return string(n.Lines().Value(src)), true
	case *ast.Paragraph:
		return "", string(n.Lines().Value(src)) == strings.TrimSuffix(emptyNote, "\n") || string(n.Lines().Value(src)) == emptyNote
	}
	return "", false
}

// plain returns the text of a node's children.
func plain(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(src))
		}
	}
	return b.String()
}
