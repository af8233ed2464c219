package project

import (
	"fmt"
	"strings"

	"github.com/adrg/frontmatter"

	"skillgen/generator/source"
)

const fence = "---"

// matter is a file with its front matter taken apart.
type matter struct {
	from, to int // the YAML between the fences; to is 0 where the file has no front matter
	body     int // offset of the first byte after the front matter; 0 where there is none
}

// has reports whether there is front matter.
func (m matter) has() bool { return m.to > 0 }

// splitMatter finds the front matter of f: it starts at byte 0 with a line of exactly three dashes and ends with the next such line. A first
// block without any `key:` is a thematic break and what follows it. What only looks like front matter is a finding, and false comes back.
func splitMatter(f *source.File, r *report) (matter, bool) {
	if !r.looksFine(f) {
		return matter{}, false
	}
	if !strings.HasPrefix(f.Text, fence+"\n") {
		return matter{}, true
	}
	to, ok := closing(f, r)
	if !ok {
		return matter{}, false
	}
	if to == 0 || !hasKey(f.Text[len(fence)+1:to]) {
		return matter{}, true
	}
	var yaml []byte
	capture := func(data []byte, _ any) error {
		yaml = data
		return nil
	}
	var nothing struct{}
	end := min(to+len(fence)+1, len(f.Text)) // what comes after is none of the package's business
	rest, err := frontmatter.Parse(strings.NewReader(f.Text[:end]), &nothing, frontmatter.NewFormat(fence, fence, capture))
	if err != nil || len(fence)+1+len(yaml) != to || len(rest) > 0 { // closing looks at lines the way the package does: a fault of skillgen's
		r.add("front-matter", lineSpan(f, 1), "this front matter can't be read with certainty", "write each fence as --- alone on its line")
		return matter{}, false
	}
	return matter{from: len(fence) + 1, to: to, body: end}, true
}

// looksFine refuses first lines that a person takes for the start of front matter and a parser does not.
func (r *report) looksFine(f *source.File) bool {
	first := strings.TrimLeft(f.Text, " \t\n")
	line, _, _ := strings.Cut(first, "\n")
	at := len(f.Text) - len(first)
	trimmed := strings.TrimRight(line, " \t")
	switch {
	case (trimmed == fence && (at > 0 || line != fence)) && hasKey(upToFence(first[len(line):])):
		r.add("front-matter", source.Span{File: f, Start: at, End: at + len(line)}, "front matter must begin in the first line, with --- and nothing else",
			"take out what stands before the dashes, and blanks after them")
	case at == 0 && (line == "+++" || line == ";;;" || strings.HasPrefix(line, "---yaml") || strings.HasPrefix(line, "---toml") || strings.HasPrefix(line, "---json")):
		r.add("front-matter", lineSpan(f, 1), "front matter must be YAML between two lines of ---", "")
	default:
		return true
	}
	return false
}

// upToFence cuts s at its first line of dashes.
func upToFence(s string) string {
	for at := 0; at < len(s); {
		line, _, _ := strings.Cut(s[at:], "\n")
		if strings.TrimSpace(line) == fence {
			return s[:at]
		}
		at += len(line) + 1
	}
	return s
}

// closing returns the offset of the line that ends the block which the first line of f begins; 0 where none does and the block is no front
// matter. Package frontmatter takes an indented line of dashes for the end, and says nothing about a block that never ends.
func closing(f *source.File, r *report) (int, bool) {
	for at := len(fence) + 1; at < len(f.Text); {
		line, _, _ := strings.Cut(f.Text[at:], "\n")
		span := source.Span{File: f, Start: at, End: at + len(line)}
		switch {
		case line == fence:
			return at, true
		case strings.TrimSpace(line) != fence:
		case !hasKey(f.Text[len(fence)+1 : at]):
			return 0, true
		case strings.HasPrefix(line, fence):
			r.add("front-matter", span, "blanks after the --- that ends the front matter", "the line must be --- and nothing else")
			return 0, false
		default:
			r.add("front-matter", span, "an indented line of three dashes inside front matter", "some readers end the front matter here; write the text without that line")
			return 0, false
		}
		at += len(line) + 1
	}
	if opening, _, _ := strings.Cut(strings.TrimLeft(f.Text[len(fence)+1:], "\n"), "\n\n"); hasKey(opening) {
		r.add("front-matter", lineSpan(f, 1), "front matter that never ends", "close it with a line of --- below the last key")
		return 0, false
	}
	return 0, true
}

// hasKey reports whether a line of s looks like `key:`.
func hasKey(s string) bool {
	for line := range strings.Lines(s) {
		name, _, found := strings.Cut(line, ":")
		if found && strings.Trim(name, ` "'`) != "" && !strings.HasPrefix(line, "#") && strings.IndexFunc(strings.Trim(name, ` "'`), notKey) < 0 {
			return true
		}
	}
	return false
}

func notKey(c rune) bool {
	return c != '_' && c != '-' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
}

// lineSpan is the 1-based line of f.
func lineSpan(f *source.File, line int) source.Span {
	at := f.Offset(line)
	return source.Span{File: f, Start: at, End: at + len(f.LineText(line))}
}

// readMatter reads the front matter of f by shape s, and returns the offset of the body. required says that a file without front matter is a
// finding. The last result is false where there is nothing to go on with; single keys that are wrong are not such a case.
func readMatter[T any](f *source.File, s shape[T], required bool, r *report) (v T, body int, ok bool) {
	m, ok := splitMatter(f, r)
	if !ok {
		return v, 0, false
	}
	if !m.has() {
		if required {
			r.add("front-matter", lineSpan(f, 1), "a file without front matter", fmt.Sprintf("begin it with ---, then %s: …, then ---", s.spec.required[0]))
		}
		return v, 0, !required
	}
	n := readYAML(f, m.from, m.to, r)
	if n == nil {
		return v, m.body, false
	}
	n.name, n.at = "the front matter", lineSpan(f, 1)
	v, ok = s.read(r, n)
	return v, m.body, ok
}
