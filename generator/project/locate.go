package project

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// locator finds the tokens of a YAML text again in that text, one after the other. Between two tokens there is nothing but blanks and line
// ends, so the place of each follows from the end of the one before. It never goes back: linear in the text.
type locator struct {
	text  string
	pos   int
	block bool // the text of a block scalar comes next
}

// at returns the place where the next token begins, one character wide.
func (l *locator) at() extent {
	l.skipBlank()
	end := l.pos
	for end < len(l.text) && (end == l.pos || l.text[end]&0xC0 == 0x80) {
		end++
	}
	return extent{start: l.pos, end: end}
}

func (l *locator) skipBlank() {
	for l.pos < len(l.text) && (l.text[l.pos] == ' ' || l.text[l.pos] == '\n') {
		l.pos++
	}
}

// next returns where t stands, and false where the text holds something else there.
func (l *locator) next(t *token.Token) (extent, bool) {
	if t.Type == token.StringType && t.Value == "" { // an empty block scalar: no text of its own
		l.block = false
		return extent{start: l.pos, end: l.pos}, true
	}
	l.skipBlank()
	start, ok := l.pos, false
	switch t.Type {
	case token.CommentType:
		ok = l.literal("#")
		l.skipLine()
	case token.DoubleQuoteType:
		ok = l.doubleQuoted()
	case token.SingleQuoteType:
		ok = l.singleQuoted()
	case token.LiteralType, token.FoldedType:
		ok = l.plain(t.Value) && strings.Count(t.Value, "-")+strings.Count(t.Value, "+") < 2
	default:
		ok = l.plain(t.Value) && (l.block || t.Type != token.StringType || clear(l.text[start:l.pos]))
	}
	if t.Type != token.CommentType {
		l.block = t.Type == token.LiteralType || t.Type == token.FoldedType
	}
	return extent{start: start, end: l.pos}, ok
}

// clear reports whether an unquoted text means the same to every reader: it must not begin with a character that begins something else, and
// where it has several lines, none but the first may be empty, begin like something else, or hold a comment.
func clear(s string) bool {
	line, rest, several := strings.Cut(s, "\n")
	if line == "?" || strings.HasPrefix(line, "? ") || line != "" && strings.IndexByte("\"'`,[]{}#&*!|>%@", line[0]) >= 0 {
		return false
	}
	for several {
		line, rest, several = strings.Cut(rest, "\n")
		line = strings.TrimLeft(line, " ")
		if line == "" || strings.IndexByte("-#?:", line[0]) >= 0 || strings.Contains(line, " #") {
			return false
		}
	}
	return true
}

// stop returns the place at which a token that begins at start can't be followed: its beginning, or of an unquoted text the second line.
func (l *locator) stop(start int) extent {
	seen := l.text[start:l.pos]
	l.pos = start
	if i := strings.IndexByte(seen, '\n'); i >= 0 && strings.IndexByte("\"'", seen[0]) < 0 {
		l.pos += i
	}
	return l.at()
}

func (l *locator) literal(s string) bool {
	if !strings.HasPrefix(l.text[l.pos:], s) {
		return false
	}
	l.pos += len(s)
	return true
}

func (l *locator) skipLine() {
	if i := strings.IndexByte(l.text[l.pos:], '\n'); i >= 0 {
		l.pos += i
		return
	}
	l.pos = len(l.text)
}

// plain matches a value whose line breaks and indentation were folded: all of its characters but blanks stand in the text in this order.
func (l *locator) plain(value string) bool {
	for i := 0; i < len(value); i++ {
		if value[i] == ' ' || value[i] == '\n' {
			continue
		}
		l.skipBlank()
		if l.pos == len(l.text) || l.text[l.pos] != value[i] {
			return false
		}
		l.pos++
	}
	return true
}

// singleQuoted refuses doubled quotes in a text of several lines, whose line ends the decoder folds wrong.
func (l *locator) singleQuoted() bool {
	if !l.literal("'") {
		return false
	}
	start, doubled := l.pos, false
	for l.pos < len(l.text) {
		switch {
		case l.text[l.pos] != '\'':
			l.pos++
		case l.literal("''"):
			doubled = true
		default:
			l.pos++
			return !doubled || !strings.Contains(l.text[start:l.pos], "\n")
		}
	}
	return false
}

// doubleQuoted also checks hexadecimal escapes, which the decoder takes whatever their digits are.
func (l *locator) doubleQuoted() bool {
	if !l.literal(`"`) {
		return false
	}
	for l.pos < len(l.text) {
		switch l.text[l.pos] {
		case '"':
			l.pos++
			return true
		case '\\':
			if !l.escape() {
				return false
			}
		default:
			l.pos++
		}
	}
	return false
}

func (l *locator) escape() bool {
	rest := l.text[l.pos+1:]
	if rest == "" {
		return false
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[rest[0]]
	if len(rest) <= digits || strings.Trim(rest[1:1+digits], "0123456789abcdefABCDEF") != "" {
		return false
	}
	l.pos += 2 + digits
	return true
}
