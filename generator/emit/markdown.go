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

// ready finds the headings of a piece of an expanded template, and what it leaves open. Blank lines at its start go.
func ready(p *source.Prose) (*source.Prose, docs.Unclosed) {
	var b source.Builder
	b.AppendRange(p, len(p.Body)-len(strings.TrimLeft(p.Body, "\n")), len(p.Body))
	text := b.Prose()
	var open docs.Unclosed
	text.Headings, open = docs.Headings(text.Body)
	return text, open
}

// below makes a text that stands below a title of skillgen's: the heading of level 1 that repeats the title goes, the others move by one
// amount, so that the smallest has level top. Levels end at 6.
func below(text *source.Prose, title string, top int) *source.Prose {
	smallest, repeats := 7, -1
	for i, h := range text.Headings {
		if repeats < 0 && h.Level == 1 && sameTitle(h.Text, title) && ownLine(text.Body, h.Offset) {
			repeats = i
		} else {
			smallest = min(smallest, h.Level)
		}
	}
	if repeats < 0 && (smallest == 7 || smallest == top) {
		return text
	}
	m := mover{text: text}
	for i, h := range text.Headings {
		if i == repeats {
			m.copy(lineStart(text.Body, h.Offset))
			m.out.Text("\n", text.Origin(h.Line)) // what stands before and after it stays apart
			m.skip(headingEnd(text.Body, h.Offset))
			continue
		}
		m.copy(h.Offset)
		m.heading(h, min(h.Level+top-smallest, 6))
	}
	m.copy(len(text.Body))
	moved, _ := ready(m.out.Prose())
	return moved
}

// sameTitle reports whether a heading repeats a title. A title may be that of a file, which has no capitals and no blanks.
func sameTitle(text, title string) bool {
	words := strings.NewReplacer("-", " ")
	return strings.EqualFold(words.Replace(oneLine(text)), words.Replace(oneLine(title)))
}

func lineStart(s string, at int) int { return strings.LastIndexByte(s[:at], '\n') + 1 }

// ownLine reports whether nothing but blanks stands before an offset on its line: no marker of a list or quote.
func ownLine(s string, at int) bool { return strings.Trim(s[lineStart(s, at):at], " ") == "" }

// mover copies a text and changes its headings on the way.
type mover struct {
	text *source.Prose
	out  source.Builder
	at   int // offset of what comes next …
	line int // … and its 0-based line
}

// copy takes over the text up to an offset.
func (m *mover) copy(to int) {
	m.out.AppendFrom(m.text, m.line, m.at, to)
	m.skip(to)
}

func (m *mover) skip(to int) {
	m.line += strings.Count(m.text.Body[m.at:to], "\n")
	m.at = to
}

// heading writes a heading with another level. A setext heading becomes an ATX one.
func (m *mover) heading(h source.Heading, level int) {
	o := m.text.Origin(h.Line)
	m.out.Text(strings.Repeat("#", level), o)
	if isATX(m.text.Body[h.Offset:]) {
		m.skip(h.Offset + h.Level)
		return
	}
	end := headingEnd(m.text.Body, h.Offset)
	lines := strings.SplitAfter(strings.TrimSuffix(m.text.Body[h.Offset:end], "\n"), "\n")
	for i, line := range lines[:len(lines)-1] {
		next := m.at + len(line)
		said := strings.TrimRight(line, " \t\n")
		if slashes := len(said) - len(strings.TrimRight(said, `\`)); slashes%2 == 1 && i < len(lines)-2 { // a break of the line
			said = strings.TrimRight(said[:len(said)-1], " \t")
		}
		if i > 0 {
			said = strings.TrimLeft(said, " \t>") // the markers of the container that the heading stands in
		}
		m.skip(m.at + strings.Index(line, said))
		m.out.Text(" ", o)
		closing := len(strings.TrimRight(said, "#"))
		stop := m.at + len(said)
		m.copy(m.at + closing)
		if closing < len(said) && strings.TrimRight(said[:closing], " \t") != said[:closing] { // or the # would close the heading
			m.out.Text("\\", o)
		}
		m.copy(stop)
		m.skip(next)
	}
	m.out.Text("\n", o)
	m.skip(end)
}

// isATX tells a heading that begins a text from one of the older form, whose own text may begin with a #.
func isATX(s string) bool {
	rest := strings.TrimLeft(s, "#")
	n := len(s) - len(rest)
	return n >= 1 && n <= 6 && (rest == "" || strings.IndexByte(" \t\n", rest[0]) >= 0)
}

// headingEnd returns the offset after the last line of the heading that begins at an offset: of an ATX heading its only one, of a setext
// heading its underline.
func headingEnd(body string, at int) int {
	lineEnd := func(from int) int {
		if i := strings.IndexByte(body[from:], '\n'); i >= 0 {
			return from + i + 1
		}
		return len(body)
	}
	end := lineEnd(at)
	if isATX(body[at:]) {
		return end
	}
	for end < len(body) {
		from := end
		end = lineEnd(from)
		if line := strings.TrimLeft(strings.TrimRight(body[from:end], " \t\n"), " \t>"); line != "" && (strings.Trim(line, "=") == "" || strings.Trim(line, "-") == "") {
			break
		}
	}
	return end
}
