package emit

import (
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/source"
)

// oneLine makes one blank of each run of ASCII blanks. Others, such as a no-break space, are part of the text.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r >= '\t' && r <= '\r' }), " ")
}

// literal writes plain text as Markdown that reads as that text on one line (CommonMark 0.31, "Backslash escapes").
func literal(s string) string {
	s = oneLine(s)
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '\\', '`', '*', '[', ']', '<', '>', '&', '~', '|':
			b.WriteByte('\\')
		case '_':
			if i == 0 || i == len(s)-1 || !wordByte(s[i-1]) || !wordByte(s[i+1]) {
				b.WriteByte('\\')
			}
		case '#':
			if i == len(s)-1 {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// codeSpan writes s as inline code (CommonMark 0.31, "Code spans").
func codeSpan(s string) string {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	if longest == 0 {
		return "`" + s + "`"
	}
	ticks := strings.Repeat("`", longest+1)
	return ticks + " " + s + " " + ticks
}

// withHeadings finds the headings of a piece of an expanded template.
func withHeadings(p *source.Prose) *source.Prose {
	text := *p
	text.Headings = docs.Headings(p.Body)
	return &text
}

// shift moves all headings by one amount, so that the smallest has level top. Levels end at 6.
func shift(p *source.Prose, top int) *source.Prose {
	smallest := 7
	for _, h := range p.Headings {
		smallest = min(smallest, h.Level)
	}
	by := top - smallest
	if smallest == 7 || by == 0 {
		return p
	}
	var b source.Builder
	from := 0
	for _, h := range p.Headings {
		b.AppendRange(p, from, h.Offset)
		level := min(h.Level+by, 6)
		b.Text(strings.Repeat("#", level), p.Origin(h.Line))
		from = h.Offset + h.Level
	}
	b.AppendRange(p, from, len(p.Body))
	text := b.Prose()
	text.Headings = docs.Headings(text.Body)
	return text
}
