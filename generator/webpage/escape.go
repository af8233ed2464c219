package webpage

import (
	"bytes"
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// maxBracket is how far from a bracket that is still open goldmark reads links: it takes the limit for labels (CommonMark §6.3: 999) for all
// that is open.
const maxBracket = 900

// escaped returns what was written, with a backslash before each character of text that would be read as markup there, and before no other
// where that can be told without reading as a parser does (CommonMark §2.4).
func (w *liner) escaped() string {
	if len(w.b) == 0 {
		return ""
	}
	mask := make([]bool, len(w.b))
	w.escapeRuns(mask)
	w.escapeLabels(mask)
	ticks := bytes.Count(w.b, []byte{'`'})
	far := len(w.labels) > 0 && len(w.b) > maxBracket
	for i, c := range w.b {
		if !w.text[i] {
			continue
		}
		switch c {
		case '\\':
			mask[i] = i+1 < len(w.b) && isASCIIPunct(rune(w.b[i+1])) || w.is(i+1, ' ') && w.is(i+2, ' ') // two spaces: the end of a line
		case '`':
			mask[i] = ticks > 1
		case '[':
			mask[i] = mask[i] || far || w.is(i+1, '^')
		case ']':
			mask[i] = mask[i] || w.is(i+1, '(')
		case '!':
			mask[i] = w.is(i+1, '[') && !w.text[i+1]
		case '<':
			mask[i] = beginsTag(w.b[i+1:])
		case '&':
			mask[i] = isReference(w.b[i:])
		case '|':
			mask[i] = w.at == inCell
		}
	}
	if w.at != inCell {
		w.escapeStarts(mask)
	}
	out := make([]byte, 0, len(w.b)+16)
	if w.at == inParagraph && w.text[0] && isModuleSyntax(w.b) {
		out = append(out, "&#"+strconv.Itoa(int(w.b[0]))+";"...)
		w.b, mask = w.b[1:], mask[1:]
	}
	for i, c := range w.b {
		if mask[i] {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return string(out)
}

// moduleSyntax matches what a reader of MDX takes for an import or export of a module, not for text.
var moduleSyntax = regexp.MustCompile(`^(import\s.*\sfrom\s*['"]|import\s*['"{*]|export\s+(const|let|var|function|default|class|async|type|interface|enum|\{|\*))`)

func isModuleSyntax(b []byte) bool {
	return (b[0] == 'i' || b[0] == 'e') && moduleSyntax.Match(b[:min(len(b), 1000)])
}

// is reports whether a byte stands at i.
func (w *liner) is(i int, c byte) bool { return i < len(w.b) && w.b[i] == c }

// beginsTag reports whether what follows "<" makes a tag, a comment or the like, or an address (CommonMark §6.5, §6.6).
func beginsTag(s []byte) bool {
	if len(s) == 0 {
		return false
	}
	if c := s[0]; c == '/' || c == '!' || c == '?' || isAlnum(c) && c > '9' {
		return true
	}
	end := bytes.IndexAny(s[:min(len(s), 400)], " <>")
	return end > 0 && s[end] == '>' && bytes.IndexByte(s[:end], '@') > 0
}

// isReference reports whether s begins with what may be a character reference.
func isReference(s []byte) bool {
	i := 1
	if i < len(s) && s[i] == '#' {
		i++
	}
	from := i
	for i < len(s) && i < 40 && isAlnum(s[i]) {
		i++
	}
	return i > from && i < len(s) && s[i] == ';'
}

// escapeRuns finds the runs of *, _ and ~ that would be read as emphasis: one that can open before one that can close. Beside marks of our own
// all that can do either are escaped.
func (w *liner) escapeRuns(mask []bool) {
	for _, c := range []byte("*_~") {
		if bytes.IndexByte(w.b, c) < 0 {
			continue
		}
		var runs [][2]int
		opened, paired := false, c == '*' && w.stars || c == '~' && w.waves
		for i := 0; i < len(w.b); i++ {
			if w.b[i] != c || !w.text[i] {
				continue
			}
			end := i
			for end < len(w.b) && w.b[end] == c && w.text[end] {
				end++
			}
			opens, closes := w.delimits(i, end)
			if opens || closes {
				runs = append(runs, [2]int{i, end})
			}
			paired = paired || opened && closes
			opened = opened || opens
			i = end - 1
		}
		if !paired {
			continue
		}
		for _, r := range runs {
			for i := r[0]; i < r[1]; i++ {
				mask[i] = true
			}
		}
	}
}

// delimits reports whether the run b[from:to] can open or close emphasis (CommonMark §6.2). Where readers differ on what punctuation is, both
// answers count.
func (w *liner) delimits(from, to int) (opens, closes bool) {
	before, after := ' ', ' '
	if from > 0 {
		before, _ = utf8.DecodeLastRune(w.b[:from])
	}
	if to < len(w.b) {
		after, _ = utf8.DecodeRune(w.b[to:])
	}
	left := !unicode.IsSpace(after) && (!isASCIIPunct(after) || unicode.IsSpace(before) || isPunct(before))
	right := !unicode.IsSpace(before) && (!isASCIIPunct(before) || unicode.IsSpace(after) || isPunct(after))
	if w.b[from] == '_' {
		return left && (!right || isPunct(before)), right && (!left || isPunct(after))
	}
	return left, right
}

// escapeLabels escapes, from the inner to the outer, the brackets in the text of a link or image where they don't pair, or would be read as a link themselves.
func (w *liner) escapeLabels(mask []bool) {
	for _, l := range w.labels {
		depth, odd, any := 0, false, false
		for i := l[0]; i < l[1]; i++ {
			if !w.text[i] || mask[i] {
				continue
			}
			switch w.b[i] {
			case '[':
				depth++
				any = true
				odd = odd || w.is(i+1, '^') || len(w.b) > maxBracket
			case ']':
				depth--
				any = true
				odd = odd || depth < 0 || w.is(i+1, '(') || w.is(i+1, '[')
			case '\\':
				odd = odd || w.is(i+1, '[') || w.is(i+1, ']')
			}
		}
		if any && (odd || depth != 0) {
			for i := l[0]; i < l[1]; i++ {
				if w.text[i] && (w.b[i] == '[' || w.b[i] == ']') {
					mask[i] = true
				}
			}
		}
	}
}

// escapeStarts escapes what would begin a block at the beginning of a line (CommonMark §4, §5), and the end of a heading.
func (w *liner) escapeStarts(mask []bool) {
	if w.at == inTitle {
		mask[0] = mask[0] || w.text[0] && w.b[0] == '[' && w.is(2, ']') // goldmark looks for tasks in headings of items, too
		end := len(w.b)
		for end > 0 && w.b[end-1] == '#' {
			end--
		}
		if end < len(w.b) && w.text[len(w.b)-1] && (end == 0 || w.b[end-1] == ' ') {
			mask[len(w.b)-1] = true
		}
		return
	}
	for from := 0; from < len(w.b); {
		end := len(w.b)
		if i := bytes.IndexByte(w.b[from:], '\n'); i >= 0 {
			end = from + i
		}
		if at := w.startsBlock(from, end, from > 0); at >= 0 {
			mask[at] = true
			for c := w.b[at]; (c == '*' || c == '_' || c == '~') && w.is(at+1, c) && w.text[at+1]; at++ {
				mask[at+1] = true // the rest of a run that was harmless beside white space
			}
		}
		from = end + 1
	}
}

// directives begin blocks in the Markdown of generators of sites: a text that shows one is to stay text there, too.
var directives = [][]byte{[]byte(":::"), []byte("!!! "), []byte("??? "), []byte("???+ "), []byte("=== \""), []byte("===! \""), []byte("===+ \""), []byte("--8<--"), []byte("<<< "), []byte("@include:")}

// startsBlock returns which byte of a line is to be escaped so that it begins no block; -1 where none is.
func (w *liner) startsBlock(from, end int, later bool) int {
	line := w.b[from:end]
	if len(line) == 0 {
		return -1
	}
	if line[0] == '[' && !w.text[from] { // a reference to a footnote before a colon would be the note
		if i := bytes.IndexByte(line, ']'); i > 0 && line[1] == '^' && w.is(from+i+1, ':') {
			return from + i + 1
		}
	}
	if !w.text[from] {
		return -1
	}
	for _, mark := range directives {
		if bytes.HasPrefix(line, mark) {
			return from
		}
	}
	run := 1
	for run < len(line) && line[run] == line[0] {
		run++
	}
	ends := func(i int) bool {
		return i == len(line) || line[i] == ' ' || line[i] == '\\' && from+i+1 == end && !w.text[from+i]
	}
	whole := bytes.TrimRight(line, " \\")
	switch c := line[0]; c {
	case '#':
		if run <= 6 && ends(run) {
			return from
		}
	case '>':
		return from
	case '+', '-', '*':
		if ends(1) || c != '+' && only(whole, c) || c == '-' && only(whole, '|') {
			return from
		}
	case '_':
		if only(whole, c) && run >= 1 {
			return from
		}
	case '=':
		if later && only(whole, c) {
			return from
		}
	case '~':
		if run >= 3 {
			return from
		}
	case ':':
		if only(whole, '-') {
			return from
		}
	case '|':
		if later {
			return from
		}
	case '[':
		if w.at == inItem && len(line) >= 3 && line[2] == ']' || !later && w.defines() {
			return from
		}
	}
	return w.startsNumber(from, line, ends)
}

// startsNumber returns the sign after a number that would begin an item of a numbered list (CommonMark §5.2); -1 where none would.
func (w *liner) startsNumber(from int, line []byte, ends func(int) bool) int {
	digits := 0
	for digits < len(line) && digits < 10 && '0' <= line[digits] && line[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits > 9 || digits == len(line) || line[digits] != '.' && line[digits] != ')' {
		return -1
	}
	if !ends(digits+1) || !w.text[from+digits] {
		return -1
	}
	return from + digits
}

// only reports whether a line holds nothing but c, white space, and the signs that delimiter rows of tables are made of.
func only(line []byte, c byte) bool {
	for _, x := range line {
		if x != c && x != ' ' && x != '|' && x != ':' && x != '-' {
			return false
		}
	}
	return true
}

// defines reports whether a block may begin with a link reference definition, whose label may go on over lines (CommonMark §4.7).
func (w *liner) defines() bool {
	return bytes.Contains(w.b[:min(len(w.b), 1100)], []byte("]:"))
}
