package project

import (
	"strings"

	"skillgen/generator/source"
)

// readRules takes a tag file apart, from the offset body on: rules are the bullets before the first heading, guidance is everything from
// there. Text before the heading that is no rule would be lost, so it is a finding.
func readRules(f *source.File, body int, r *report) (rules []source.Span, guidance source.Span) {
	s := ruleReader{file: f, report: r, pos: body}
	for s.pos < len(f.Text) && !s.heading() {
		s.step()
	}
	s.endRule()
	return s.rules, source.Span{File: f, Start: s.pos, End: len(f.Text)}
}

// ruleReader goes through the lines before the first heading.
type ruleReader struct {
	*report
	file  *source.File
	pos   int // start of the line that comes next
	rules []source.Span

	inRule     bool
	start, end int  // of the rule so far; end is after its last line with text
	indent     int  // columns that a line of the rule is indented at least
	lazy       bool // the line before ends in text of a paragraph, which a line without indentation goes on with
	fence      fenceMark
	strayUntil int // lines before this offset belong to a piece that was reported
}

func (s *ruleReader) line() string {
	line, _, _ := strings.Cut(s.file.Text[s.pos:], "\n")
	return line
}

// next goes to the next line.
func (s *ruleReader) next(line string) { s.pos = min(s.pos+len(line)+1, len(s.file.Text)) }

// heading reports whether the next line begins the guidance: an ATX heading, or text with a line of = or - below.
func (s *ruleReader) heading() bool {
	line := s.line()
	indent, text := columns(line), strings.TrimLeft(line, " \t")
	if indent > 3 || s.inRule && indent >= s.indent || !s.inRule && s.fence.count > 0 {
		return false
	}
	if n := countRun(text, '#'); n >= 1 && n <= 6 && (len(text) == n || text[n] == ' ' || text[n] == '\t') {
		return true
	}
	return !(s.inRule && s.lazy) && isPlain(text) && s.underlined(line)
}

// isPlain reports whether text begins a paragraph, rather than something that can't be the text of a heading.
func isPlain(text string) bool {
	return text != "" && text[0] != '>' && !isBullet(text) && !isOrdered(text) && !isBreak(text) && !strings.HasPrefix(text, "<!--") && opensFence(text).count == 0
}

// underlined reports whether the line after line is one of = or -, which makes a heading of line.
func (s *ruleReader) underlined(line string) bool {
	below, _, _ := strings.Cut(s.file.Text[min(s.pos+len(line)+1, len(s.file.Text)):], "\n")
	mark := strings.Trim(below, " \t")
	return mark != "" && columns(below) < 4 && (strings.Trim(mark, "=") == "" || strings.Trim(mark, "-") == "")
}

// columns counts how far a line is indented; a tab goes on to the next multiple of four.
func columns(line string) int {
	n := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			n++
		case '\t':
			n += 4 - n%4
		default:
			return n
		}
	}
	return n
}

// blanks counts the bytes before the first that is no blank.
func blanks(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// isBullet reports whether text begins with the marker of a bullet.
func isBullet(text string) bool {
	return text != "" && strings.IndexByte("-*+", text[0]) >= 0 && (len(text) == 1 || text[1] == ' ' || text[1] == '\t') && !isBreak(text)
}

// isBreak reports whether text is a thematic break.
func isBreak(text string) bool {
	marks := strings.NewReplacer(" ", "", "\t", "").Replace(text)
	return len(marks) >= 3 && strings.IndexByte("-*_", marks[0]) >= 0 && strings.Trim(marks, marks[:1]) == ""
}

// step reads one line, or one comment.
func (s *ruleReader) step() {
	line := s.line()
	indent := columns(line)
	text := strings.Trim(line, " \t")
	if s.inRule {
		if text == "" {
			s.lazy = false
			s.next(line)
			return
		}
		if indent >= s.indent || s.lazy && isPlain(text) {
			s.continueRule(line, text)
			return
		}
		s.endRule()
	}
	switch {
	case s.fence.count > 0:
		s.stray(line)
	case indent < 4 && isBullet(text):
		s.beginRule(line, indent)
	case text == "":
		s.next(line)
	case strings.HasPrefix(text, "<!--"):
		s.comment(line)
	default:
		s.stray(line)
	}
}

// isOrdered reports whether text begins like an entry of a numbered list.
func isOrdered(text string) bool {
	digits := countDigits(text)
	return digits > 0 && digits < 10 && len(text) > digits && (text[digits] == '.' || text[digits] == ')') && (len(text) == digits+1 || text[digits+1] == ' ')
}

func countDigits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

func (s *ruleReader) beginRule(line string, indent int) {
	marker := blanks(line) + 1
	gap := blanks(line[marker:])
	if gap > 4 { // code in the rule's first line: the content begins one blank after the marker
		gap = 1
	}
	s.inRule, s.start, s.indent = true, s.pos+marker+gap, indent+1+max(gap, 1)
	s.end = s.start
	s.continueRule(line, line[marker+gap:])
}

// continueRule takes a line into the rule; text is what it adds.
func (s *ruleReader) continueRule(line, text string) {
	if s.fence.count > 0 {
		if s.fence.closedBy(line) {
			s.fence = fenceMark{}
		}
		s.lazy = false
	} else {
		s.fence = opensFence(line)
		s.lazy = s.fence.count == 0 && strings.Trim(text, " \t") != "" && !strings.HasPrefix(text, "#")
	}
	if end := s.pos + len(strings.TrimRight(line, " \t")); end > s.end {
		s.end = end
	}
	s.next(line)
}

// endRule closes the rule that is open.
func (s *ruleReader) endRule() {
	if !s.inRule {
		return
	}
	s.inRule, s.fence = false, fenceMark{}
	span := source.Span{File: s.file, Start: s.start, End: s.end}
	if s.start == s.end {
		s.add("tag-rules", lineSpan(s.file, s.file.Line(s.start)), "a rule without words", "write the rule after the bullet, or take the bullet away")
		return
	}
	s.rules = append(s.rules, span)
}

// comment skips a comment that stands between rules.
func (s *ruleReader) comment(line string) {
	indent := blanks(line)
	n := commentEnd(s.file.Text[s.pos+indent:])
	if n < 0 {
		s.add("tag-rules", source.Span{File: s.file, Start: s.pos + indent, End: s.pos + len(line)}, "a comment that never ends", "close it with -->")
		s.pos = len(s.file.Text)
		return
	}
	s.pos += indent + n
	if rest := s.line(); strings.Trim(rest, " \t") == "" {
		s.next(rest)
	}
}

// stray reports text that is no rule, once for each piece without a blank line in it.
func (s *ruleReader) stray(line string) {
	indent := blanks(line)
	inFence := s.fence.count > 0
	if s.fence.count > 0 {
		if s.fence.closedBy(line) {
			s.fence = fenceMark{}
		}
	} else {
		s.fence = opensFence(line)
	}
	if s.pos >= s.strayUntil && !inFence {
		hint := "make it a bullet, or put it under a heading: then it is guidance"
		if isOrdered(strings.Trim(line, " \t")) {
			hint = "write - in place of the number: rules have no order"
		}
		s.add("tag-rules", source.Span{File: s.file, Start: s.pos + indent, End: s.pos + len(line)}, "before the first heading of a tag file, only bullets are read: one rule each", hint)
	}
	s.next(line)
	if rest := s.line(); strings.Trim(rest, " \t") != "" {
		s.strayUntil = s.pos + 1
	}
}
