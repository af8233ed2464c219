package project

import (
	"slices"
	"strings"
)

// itemKind is what a piece of a template's text is.
type itemKind uint8

const (
	textItem    itemKind = iota // comes out as it is; never longer than to the end of its line
	tagItem                     // {{…}}
	escapeItem                  // \{{, which comes out without the backslash
	commentItem                 // <!-- … -->, which is for authors
)

// item is a piece of a template's text. The items of a text follow each other without gaps, except that what is wrong is only text.
type item struct {
	kind       itemKind
	start, end int  // bytes of the text
	line       int  // 0-based
	fenced     bool // stands in a code fence
}

// fault is something wrong in a text, before it is known which file the text is from.
type fault struct {
	id            string
	start, end    int
	message, hint string
}

// templateLexer cuts a template into items. It goes forward only: linear in the text, whatever the text is.
type templateLexer struct {
	text   string
	pos    int
	from   int // start of the text that belongs to no item yet
	line   int
	items  []item
	faults []fault

	lineEnd int  // of the current line, without its line end
	inFence bool // the current line is part of a code fence
	fence   fenceMark
	code    codeSpans
}

// fenceMark is the opening of a code fence; count is 0 outside of fences.
type fenceMark struct {
	char  byte
	count int
}

func lex(text string) ([]item, []fault) {
	l := &templateLexer{text: text}
	l.startLine()
	for l.pos < len(l.text) {
		l.step()
	}
	l.flush()
	return l.items, l.faults
}

// startLine finds out whether the line that begins at pos belongs to a code fence.
func (l *templateLexer) startLine() {
	l.setLineEnd()
	if l.pos < l.code.end {
		l.inFence = false
		return
	}
	line := l.text[l.pos:l.lineEnd]
	if l.fence.count > 0 {
		l.inFence = true
		if l.fence.closedBy(line) {
			l.fence = fenceMark{}
		}
		return
	}
	l.fence = opensFence(line)
	l.inFence = l.fence.count > 0
}

func (l *templateLexer) setLineEnd() {
	l.lineEnd = len(l.text)
	if i := strings.IndexByte(l.text[l.pos:], '\n'); i >= 0 {
		l.lineEnd = l.pos + i
	}
}

// step reads up to the next place where something may begin, and what begins there.
func (l *templateLexer) step() {
	for l.pos < l.lineEnd && !special[l.text[l.pos]] {
		l.pos++
	}
	if l.pos == l.lineEnd {
		l.endLine()
		return
	}
	rest := l.text[l.pos:]
	switch {
	case strings.HasPrefix(rest, `\{{`):
		l.emit(escapeItem, l.pos+len(`\{{`))
	case strings.HasPrefix(rest, `\\`) && !strings.HasPrefix(rest, `\\{{`), strings.HasPrefix(rest, "\\`"):
		l.pos += 2
	case strings.HasPrefix(rest, "{{"):
		l.tag()
	case rest[0] == '`' && !l.inFence && l.pos >= l.code.end:
		l.backticks()
	case strings.HasPrefix(rest, "<!--") && !l.inFence && l.pos >= l.code.end:
		l.comment()
	default:
		l.pos++
	}
}

var special = [256]bool{'\\': true, '{': true, '`': true, '<': true}

// flush makes an item of the text that belongs to none.
func (l *templateLexer) flush() {
	if l.from < l.pos {
		l.items = append(l.items, item{textItem, l.from, l.pos, l.line, l.inFence})
		l.from = l.pos
	}
}

// emit makes an item from pos to end.
func (l *templateLexer) emit(kind itemKind, end int) {
	l.flush()
	l.items = append(l.items, item{kind, l.pos, end, l.line, l.inFence})
	l.line += strings.Count(l.text[l.pos:end], "\n")
	l.pos, l.from = end, end
}

// endLine takes the line end into the text.
func (l *templateLexer) endLine() {
	if l.pos < len(l.text) {
		l.pos++
	}
	l.flush()
	l.line++
	l.startLine()
}

func (l *templateLexer) fault(end int, message, hint string) {
	l.faults = append(l.faults, fault{"template", l.pos, end, message, hint})
}

func (l *templateLexer) tag() {
	inside := l.pos + len("{{")
	length := strings.Index(l.text[inside:l.lineEnd], "}}")
	if length < 0 {
		l.fault(l.lineEnd, "{{ without }} on the same line", braces)
		l.pos = l.lineEnd
		return
	}
	end := inside + length
	raw := l.text[inside:end] == "raw"
	l.emit(tagItem, end+len("}}"))
	if raw {
		l.raw()
	}
}

// raw takes everything up to the next {{end}} as text. The lines in between count for code fences.
func (l *templateLexer) raw() {
	const closing = "{{end}}"
	end := len(l.text) // then the parser reports that {{raw}} has no {{end}}
	if i := strings.Index(l.text[l.pos:], closing); i >= 0 {
		end = l.pos + i
	}
	for l.lineEnd < end {
		l.pos = l.lineEnd
		l.endLine()
	}
	l.pos = end
	if end < len(l.text) {
		l.emit(tagItem, end+len(closing))
	}
}

func (l *templateLexer) comment() {
	end := commentEnd(l.text[l.pos:])
	if end < 0 {
		l.fault(l.lineEnd, "a comment that never ends", "close it with -->")
		l.emit(commentItem, len(l.text))
		return
	}
	l.emit(commentItem, l.pos+end)
	if l.pos > l.lineEnd {
		l.setLineEnd()
	}
}

// commentEnd returns the length of the HTML comment that s begins with, -1 where it never ends. <!--> and <!---> are whole comments
// (CommonMark 0.31, section 6.6).
func commentEnd(s string) int {
	for _, short := range []string{"<!-->", "<!--->"} {
		if strings.HasPrefix(s, short) {
			return len(short)
		}
	}
	if i := strings.Index(s, "-->"); i >= 0 {
		return i + len("-->")
	}
	return -1
}

// backticks reads a run of backticks outside of code, which may begin a code span.
func (l *templateLexer) backticks() {
	count := countRun(l.text[l.pos:], '`')
	if l.pos >= l.code.paragraph {
		l.code = readParagraph(l.text, l.pos)
	}
	if end, ok := l.code.closer(l.pos+count, count); ok {
		l.code.end = end
	}
	l.pos += count
}

// codeSpans knows the runs of backticks of a paragraph.
type codeSpans struct {
	paragraph int           // where the paragraph ends
	runs      map[int][]int // by length: the offsets after the runs that are left, in order
	end       int           // where the current code span ends
}

// readParagraph collects the runs of backticks from pos, which stands inside a line, to the end of the paragraph: a blank line, a code
// fence, or the end of the text.
func readParagraph(text string, pos int) codeSpans {
	c := codeSpans{paragraph: pos, runs: map[int][]int{}}
	for first := true; c.paragraph < len(text); first = false {
		line := text[c.paragraph:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		if !first && (strings.TrimSpace(line) == "" || opensFence(line).count > 0) {
			break
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '`' {
				n := countRun(line[i:], '`')
				i += n - 1
				c.runs[n] = append(c.runs[n], c.paragraph+i+1)
			}
		}
		c.paragraph += len(line)
	}
	return c
}

// closer returns where the code span ends that begins with a run of count backticks before the offset after.
func (c *codeSpans) closer(after, count int) (int, bool) {
	ends := c.runs[count]
	for len(ends) > 0 && ends[0] <= after {
		ends = ends[1:]
	}
	c.runs[count] = ends
	if len(ends) == 0 {
		return 0, false
	}
	return ends[0], true
}

func countRun(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

// opensFence tells whether a line opens a code fence. List markers, block quotes and tags may stand before it.
func opensFence(line string) fenceMark {
	s := skipContainers(line)
	if s == "" || s[0] != '`' && s[0] != '~' {
		return fenceMark{}
	}
	n := countRun(s, s[0])
	if n < 3 || s[0] == '`' && strings.IndexByte(s[n:], '`') >= 0 {
		return fenceMark{}
	}
	return fenceMark{s[0], n}
}

// closedBy tells whether a line closes the fence. Tags may stand around it.
func (f fenceMark) closedBy(line string) bool {
	s := skipContainers(line)
	n := countRun(s, f.char)
	return n >= f.count && strings.TrimSpace(skipTags(s[n:])) == ""
}

// skipContainers drops blanks, tags, block quote marks and list markers from the start of a line.
func skipContainers(s string) string {
	for {
		t := strings.TrimLeft(skipTags(s), " \t")
		switch {
		case strings.HasPrefix(t, ">"):
			t = t[1:]
		case len(t) > 1 && slices.Contains([]byte("-*+"), t[0]) && t[1] == ' ':
			t = t[2:]
		default:
			digits := len(t) - len(strings.TrimLeft(t, "0123456789"))
			if digits > 0 && digits < 10 && len(t) > digits+1 && (t[digits] == '.' || t[digits] == ')') && t[digits+1] == ' ' {
				t = t[digits+2:]
			}
		}
		if t == s {
			return s
		}
		s = t
	}
}

// skipTags drops blanks and tags from the start of a line.
func skipTags(s string) string {
	for {
		t := strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(t, "{{") {
			return s
		}
		i := strings.Index(t, "}}")
		if i < 0 {
			return s
		}
		s = t[i+2:]
	}
}
