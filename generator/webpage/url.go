package webpage

import (
	"net/url"
	"strings"
)

// resolve returns where a link leads, absolute if the page's own address is known, in a form that can stand as a link destination (CommonMark
// §6.3). It is empty for what is no link to a document: scripts, data.
func (r *reader) resolve(href string) string {
	href = strings.Map(func(c rune) rune {
		if c == '\t' || c == '\n' || c == '\r' { // URL Standard §4.4: these are taken out
			return -1
		}
		return c
	}, strings.Trim(href, " \t\n\r\f"))
	if href == "" {
		return ""
	}
	if colon := strings.IndexByte(href, ':'); colon > 0 && strings.IndexAny(href, "/?#") != 0 {
		switch scheme := strings.ToLower(strings.TrimSpace(href[:colon])); scheme {
		case "javascript", "vbscript", "data", "blob", "about":
			return ""
		}
	}
	if r.base != nil {
		u, err := url.Parse(href)
		if err != nil {
			u, err = url.Parse(encode(href))
		}
		if err == nil {
			base := r.base
			if strings.HasPrefix(href, "#") && r.page != nil {
				base = r.page
			}
			href = base.ResolveReference(u).String()
		}
	}
	return encode(href)
}

// encode writes the characters that would end a link destination as %XX. Parentheses that pair stay.
func encode(s string) string {
	paired := parensPair(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c <= ' ' || c == 0x7f || strings.IndexByte("<>\\`|\"", c) >= 0 || !paired && (c == '(' || c == ')'):
			b.WriteByte('%')
			b.WriteByte("0123456789ABCDEF"[c>>4])
			b.WriteByte("0123456789ABCDEF"[c&15])
		case c == '&' && isReference([]byte(s[i:min(len(s), i+48)])):
			b.WriteString("&amp;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// parensPair reports whether parentheses pair, and are nested no deeper than readers of Markdown follow.
func parensPair(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 || depth > 3 {
			return false
		}
	}
	return depth == 0
}
