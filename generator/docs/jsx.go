package docs

import (
	"html"
	"strings"
	"unicode/utf8"
)

// jsxTag is an opening, closing or empty tag of JSX. A fragment has no name.
type jsxTag struct {
	name           string
	start, end     int
	closing, empty bool
	attrs          []jsxAttr
}

// jsxKind is how an attribute is written.
type jsxKind uint8

const (
	jsxBare   jsxKind = iota // without a value
	jsxQuoted                // in quotes
	jsxBraces                // in braces
	jsxNode                  // an element
	jsxSpread                // {...props}, or a comment
)

// jsxAttr is an attribute.
type jsxAttr struct {
	name       string
	kind       jsxKind
	start, end int // of all of it
	from, to   int // of what stands in the quotes or braces
}

// attr returns the first attribute of a name.
func (t *jsxTag) attr(name string) (jsxAttr, bool) {
	for _, a := range t.attrs {
		if a.name == name {
			return a, true
		}
	}
	return jsxAttr{}, false
}

// isComponent reports whether a tag names a component: its name has a capital, or is a member of something.
func isComponent(name string) bool {
	return name != "" && ('A' <= name[0] && name[0] <= 'Z' || strings.IndexByte(name, '.') > 0)
}

// readJSX reads the tag that begins at s[at], which is a <. Lines that it goes on in may begin with the markers of so many block quotes. stop is
// how far was read.
func readJSX(s string, at, limit, quotes int) (t jsxTag, ok bool, stop int) {
	t.start = at
	i := at + 1
	if i < limit && s[i] == '/' {
		t.closing = true
		i++
	}
	n := jsxName(s[i:limit])
	t.name = s[i : i+n]
	i += n
	if t.name == "" && (i >= limit || s[i] != '>') {
		return t, false, i
	}
	for {
		space := i
		i = skipQuoted(s, i, limit, quotes)
		switch {
		case i >= limit:
			return t, false, i
		case s[i] == '>':
			t.end = i + 1
			return t, true, t.end
		case s[i] == '/' && !t.closing && i+1 < limit && s[i+1] == '>':
			t.empty, t.end = true, i+2
			return t, true, t.end
		case s[i] == '/' && i+1 < limit && s[i+1] == '*' && t.name != "":
			n := strings.Index(s[i+2:limit], "*/")
			if n < 0 {
				return t, false, limit
			}
			i += n + 4
			continue
		case t.closing || t.name == "", i == space && len(t.attrs) == 0:
			return t, false, i
		}
		a, next, ok := readJSXAttr(s, i, limit)
		if !ok {
			return t, false, max(i, next)
		}
		t.attrs = append(t.attrs, a)
		i = next
	}
}

// jsxName returns the length of the name that begins s: letters, digits, _ $ -, parts joined by dots, or one colon with more of it.
func jsxName(s string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		switch {
		case isLetter(c) || c == '_' || c == '$' || c >= 0x80:
		case n > 0 && (isDigit(c) || c == '-'):
		case n > 0 && (c == '.' || c == ':') && n+1 < len(s) && (isLetter(s[n+1]) || s[n+1] == '_'):
		default:
			return n
		}
		n++
	}
	return n
}

// skipQuoted moves past blanks, line ends, and the markers of block quotes after these.
func skipQuoted(s string, i, limit, quotes int) int {
	for i < limit && isSpace(s[i]) {
		newLine := s[i] == '\n'
		i++
		for q := 0; newLine && q < quotes; q++ {
			j := i
			for j < limit && (s[j] == ' ' || s[j] == '\t') {
				j++
			}
			if j >= limit || s[j] != '>' {
				break
			}
			i = j + 1
		}
	}
	return i
}

// readJSXAttr reads the attribute at s[i], and returns where the next byte after it stands.
func readJSXAttr(s string, i, limit int) (a jsxAttr, next int, ok bool) {
	a.start = i
	if s[i] == '{' {
		end, ok, stop := jsEnd(s, i, limit)
		a.kind, a.end, a.from, a.to = jsxSpread, end, i+1, end-1
		return a, max(end, stop), ok
	}
	for i < limit && (isNameByte(s[i]) || s[i] == '-' || strings.IndexByte(":@#.", s[i]) >= 0) {
		i++
	}
	if i == a.start {
		return a, i, false
	}
	a.name, a.end = s[a.start:i], i
	equals := skipSpace(s[:limit], i)
	if equals >= limit || s[equals] != '=' {
		return a, i, true
	}
	i = skipSpace(s[:limit], equals+1)
	if i >= limit {
		return a, i, false
	}
	switch c := s[i]; {
	case c == '"' || c == '\'':
		n := strings.IndexByte(s[i+1:limit], c)
		if n < 0 {
			return a, limit, false
		}
		a.kind, a.from, a.to, a.end = jsxQuoted, i+1, i+1+n, i+n+2
	case c == '{':
		end, ok, stop := jsEnd(s, i, limit)
		if !ok {
			return a, stop, false
		}
		a.kind, a.from, a.to, a.end = jsxBraces, i+1, end-1, end
	case c == '<':
		end, ok := jsElementEnd(s, i, limit)
		if !ok {
			return a, limit, false
		}
		a.kind, a.from, a.to, a.end = jsxNode, i, end, end
	default: // HTML's: without quotes
		for i < limit && !isSpace(s[i]) && strings.IndexByte("\"'=<>`{}", s[i]) < 0 {
			i++
		}
		if i == skipSpace(s[:limit], equals+1) {
			return a, i, false
		}
		a.kind, a.from, a.to, a.end = jsxQuoted, skipSpace(s[:limit], equals+1), i, i
	}
	return a, a.end, true
}

// attrValue returns what an attribute says; false where it would have to be run.
func attrValue(s string, a jsxAttr, known func(string) (jsValue, bool)) (jsValue, bool) {
	switch a.kind {
	case jsxQuoted:
		v := jsValue{kind: jsText, text: s[a.from:a.to], start: a.from, end: a.to}
		if text := html.UnescapeString(v.text); text != v.text {
			v = jsValue{kind: jsText, text: text}
		}
		return v, true
	case jsxBraces:
		return evaluate(s, a.from, a.to, known)
	case jsxNode:
		return jsValue{kind: jsElement, start: a.from, end: a.to}, true
	}
	return jsValue{kind: jsNothing}, a.kind == jsxBare
}

// elementText returns the words of the JSX in s[from:to], without its tags and expressions.
func elementText(s string, from, to int) string {
	var b strings.Builder
	for i := from; i < to; {
		switch c := s[i]; c {
		case '<':
			if _, ok, _ := readJSX(s, i, to, 0); ok {
				t, _, _ := readJSX(s, i, to, 0)
				i = t.end
				continue
			}
		case '{':
			if end, ok, _ := jsEnd(s, i, to); ok {
				if v, ok := evaluate(s, i+1, end-1, nil); ok && v.kind == jsText {
					b.WriteString(v.text)
				}
				i = end
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(s[i:to])
		b.WriteRune(r)
		i += size
	}
	return html.UnescapeString(strings.Join(strings.Fields(b.String()), " "))
}
