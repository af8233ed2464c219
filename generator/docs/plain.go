package docs

import (
	"html"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// decode resolves backslash escapes and character references (CommonMark §2.4, §2.5).
func decode(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
			b.WriteByte(s[i])
		case c == '&':
			text, n := entity(s[i:])
			b.WriteString(text)
			i += n - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// entity decodes the character reference that begins s, and returns its length: 1 where it is none.
func entity(s string) (string, int) {
	const longest = 33 // the longest name has 31 letters
	n := strings.IndexByte(s[:min(len(s), longest)], ';') + 1
	if n < 3 {
		return "&", 1
	}
	if s[1] != '#' {
		if _, ok := util.LookUpHTML5EntityByName(s[1 : n-1]); !ok {
			return "&", 1
		}
		return html.UnescapeString(s[:n]), n
	}
	digits := strings.TrimLeft(s[2:n-1], "xX")
	if text := html.UnescapeString(s[:n]); digits != "" && len(digits) < 8 && utf8.RuneCountInString(text) == 1 {
		return text, n
	}
	return "&", 1
}

// plainText returns what a reader sees of a node's inline content, whitespace collapsed. images says whether their alt text counts: it does
// not in GitHub's anchors, and does once images have become links.
func plainText(n ast.Node, src []byte, images bool) string {
	var b strings.Builder
	writePlain(&b, n, src, images)
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }), " ")
}

func writePlain(b *strings.Builder, n ast.Node, src []byte, images bool) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			if c.IsRaw() {
				b.Write(c.Segment.Value(src))
			} else {
				b.WriteString(decode(string(c.Segment.Value(src))))
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.AutoLink:
			b.Write(c.Label(src))
		case *ast.Image:
			if images {
				writePlain(b, c, src, images)
			}
		default:
			writePlain(b, c, src, images)
		}
	}
}

// escapeText writes plain text so that Markdown shows it as it is: inside the text of a link, and at the start of a line.
func escapeText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if rest := s[digits:]; rest != "" && (digits == 0 && strings.IndexByte("-+=", rest[0]) >= 0 || digits > 0 && strings.IndexByte(".)", rest[0]) >= 0) {
		return s[:digits] + `\` + rest[:1] + escapeText(rest[1:])
	}
	if !strings.ContainsAny(s, "\\`*_[]<>&!#|~") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		switch {
		case s[i] == '`': // an escape means nothing to a backtick before it
			b.WriteString("&#96;")
			continue
		case strings.IndexByte("\\*_[]<>&!#|~", s[i]) >= 0:
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
