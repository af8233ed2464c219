package docs

import (
	"html"
	"strings"
)

// blockTags are the elements whose tags begin an HTML block of type 6 (CommonMark §4.6).
var blockTags = wordSet(`address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt
	fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu menuitem nav
	noframes ol optgroup option p param search section summary table tbody td tfoot th thead title tr track ul`)

// rawTags are the elements whose content is no markup: they begin an HTML block of type 1.
var rawTags = wordSet("pre script style textarea")

// flatTags are the elements that hold nothing, or whose end tag may be left out (HTML §13.1.2) or often is (<a name>): they say nothing about
// nesting.
var flatTags = wordSet(`a area base body br caption col colgroup dd dt embed head hr html img input li link meta optgroup option p param rp rt
	source tbody td tfoot th thead tr track wbr`)

// codeTags are the elements that show code.
var codeTags = wordSet("code kbd pre samp tt")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// htmlStart returns the type of the HTML block that begins with the line rest, 0 where none does, and the element of a block of type 1.
func htmlStart(rest string, d dialect) (typ int, tag string) {
	if len(rest) < 2 {
		return 0, ""
	}
	switch rest[1] {
	case '?':
		return 3, ""
	case '!':
		switch {
		case strings.HasPrefix(rest, "<!--"):
			return 2, ""
		case strings.HasPrefix(rest, "<![CDATA["):
			return 5, ""
		case len(rest) > 2 && isLetter(rest[2]) && (d&asVersion29 == 0 || rest[2] < 'a'):
			return 4, ""
		}
		return 0, ""
	}
	name := strings.TrimPrefix(rest[1:], "/")
	n := tagName(name)
	lower := strings.ToLower(name[:n])
	after := name[n:]
	ends := after == "" || after[0] == ' ' || after[0] == '\t' || after[0] == '>'
	switch {
	case rest[1] != '/' && ends && rawTags[lower] && (d&asVersion29 == 0 || lower != "textarea"):
		return 1, lower
	case (ends || strings.HasPrefix(after, "/>")) && isBlockTag(lower, d):
		return 6, ""
	}
	if t, ok := readTag(rest, 0); ok && strings.Trim(rest[t.end:], " \t") == "" && (t.closing || !rawTags[t.name]) {
		return 7, ""
	}
	return 0, ""
}

// dialect says what a reader of Markdown takes otherwise than CommonMark 0.31 with footnotes does, as far as block structure goes.
type dialect uint8

// As version 0.29 reads it, which GitHub's reader is based on; without footnotes; as MDX reads it, without HTML blocks and indented code; with
// the blocks of MkDocs.
const (
	asVersion29 dialect = 1 << iota
	withoutNotes
	asMDX
	withBlocks
)

func isBlockTag(name string, d dialect) bool {
	if d&asVersion29 != 0 {
		return name == "source" || blockTags[name] && name != "search"
	}
	return blockTags[name]
}

// htmlEnds reports whether the line ends an HTML block of the type.
func htmlEnds(typ int, line string) bool {
	switch typ {
	case 1:
		return endsRaw(line)
	case 2:
		return strings.Contains(line, "-->")
	case 3:
		return strings.Contains(line, "?>")
	case 4:
		return strings.Contains(line, ">")
	case 5:
		return strings.Contains(line, "]]>")
	}
	return false
}

// endsRaw reports whether the line holds the end tag of any raw element: each of them ends a block of type 1.
func endsRaw(line string) bool {
	for {
		i := strings.Index(line, "</")
		if i < 0 {
			return false
		}
		line = line[i+2:]
		if n := tagName(line); n < len(line) && line[n] == '>' && rawTags[strings.ToLower(line[:n])] {
			return true
		}
	}
}

// htmlCloser returns the line that closes what an open HTML block began; empty for a type that a blank line ends.
func htmlCloser(typ int, tag string) string {
	switch typ {
	case 1:
		return "</" + tag + ">"
	case 2:
		return "-->"
	case 3:
		return "?>"
	case 4:
		return ">"
	case 5:
		return "]]>"
	}
	return ""
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// tagName returns the length of the tag name that begins s.
func tagName(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || n > 0 && (isDigit(s[n]) || s[n] == '-')) {
		n++
	}
	return n
}

// tag is an open or closing tag of raw HTML.
type tag struct {
	name       string // in lower case
	start, end int
	closing    bool
	empty      bool // ends in />
	attrs      []attr
}

// attr is an attribute of a tag.
type attr struct {
	name       string // in lower case
	start, end int    // of the value with its quotes; both 0 where there is none
	value      string // decoded
}

// get returns the first attribute of a name.
func (t *tag) get(name string) (attr, bool) {
	for _, a := range t.attrs {
		if a.name == name {
			return a, true
		}
	}
	return attr{}, false
}

// readTag reads the tag that stands at s[at] (CommonMark §6.6); false where none does.
func readTag(s string, at int) (tag, bool) {
	t := tag{start: at}
	i := at + 1
	if i < len(s) && s[i] == '/' {
		t.closing = true
		i++
	}
	if i >= len(s) {
		return t, false
	}
	n := tagName(s[i:])
	if n == 0 {
		return t, false
	}
	t.name = strings.ToLower(s[i : i+n])
	i += n
	for {
		space := i
		i = skipSpace(s, i)
		switch {
		case i >= len(s):
			return t, false
		case s[i] == '>':
			t.end = i + 1
			return t, true
		case s[i] == '/' && !t.closing && i+1 < len(s) && s[i+1] == '>':
			t.empty = true
			t.end = i + 2
			return t, true
		case i == space || t.closing:
			return t, false
		}
		a, next, ok := readAttr(s, i)
		if !ok {
			return t, false
		}
		t.attrs = append(t.attrs, a)
		i = next
	}
}

func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// readAttr reads the attribute at s[i], and returns where the next byte after it stands.
func readAttr(s string, i int) (a attr, next int, ok bool) {
	start := i
	for i < len(s) && (isLetter(s[i]) || s[i] == '_' || s[i] == ':' || i > start && (isDigit(s[i]) || s[i] == '.' || s[i] == '-')) {
		i++
	}
	if i == start {
		return a, i, false
	}
	a.name = strings.ToLower(s[start:i])
	equals := skipSpace(s, i)
	if equals >= len(s) || s[equals] != '=' {
		return a, i, true
	}
	i = skipSpace(s, equals+1)
	if i >= len(s) {
		return a, i, false
	}
	a.start = i
	if q := s[i]; q == '"' || q == '\'' {
		n := strings.IndexByte(s[i+1:], q)
		if n < 0 {
			return a, i, false
		}
		a.end = i + n + 2
		a.value = html.UnescapeString(s[i+1 : a.end-1])
		return a, a.end, true
	}
	n := strings.IndexAny(s[i:], " \t\n\"'=<>`")
	if n <= 0 {
		return a, i, false
	}
	a.end = i + n
	a.value = html.UnescapeString(s[i:a.end])
	return a, a.end, true
}
