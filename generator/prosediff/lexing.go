package prosediff

import (
	"strings"

	"skillgen/generator/facts"
)

// lexing cuts one text into tokens and segments. Its slices are used again for the next text.
type lexing struct {
	toks []facts.Token
	segs []int
	buf  []byte
}

// read cuts raw, the bytes of a block of shape s. What is not part of a token afterwards is layout.
func (l *lexing) read(s shape, raw string) {
	l.toks, l.segs = l.toks[:0], l.segs[:0]
	switch s.kind {
	case blank, frontFence, ruler:
		return
	case code:
		l.code(s, raw)
		return
	}
	start := opening(raw, s)
	end := start + len(strings.TrimRight(raw[start:], " \t\r\n"))
	switch s.kind {
	case tableHead:
		if i := strings.IndexByte(raw[start:end], '\n'); i >= 0 {
			end = start + i // the delimiter row says nothing
		}
		l.cells(raw, start, end)
	case row:
		l.cells(raw, start, end)
	case heading:
		l.heading(s, raw, start, end)
	case frontKey:
		l.prose(raw, start, end, false)
		l.frontValue(raw)
	default:
		l.prose(raw, start, end, s.flags&quoted != 0)
	}
	if s.kind != row && s.kind != tableHead {
		l.segs = append(l.segs, facts.Sentences(raw, l.toks)...)
	}
}

// opening returns where the text of a block's first line begins: after a byte order mark, and after list and quote markers.
func opening(raw string, s shape) int {
	at := 0
	if s.flags&byteMark != 0 {
		at = len(bom)
	}
	for s.flags&(atMarker|quoted) != 0 {
		n := containerMarker(raw[at:])
		if n == 0 || s.flags&atMarker == 0 && raw[at+n-1] != '>' {
			break
		}
		at += n
	}
	return at
}

func (l *lexing) prose(raw string, start, end int, quoted bool) {
	from := len(l.toks)
	l.toks = facts.LexProse(l.toks, raw[start:end], quoted)
	l.shift(from, start)
}

// shift moves the tokens from index on by offset bytes.
func (l *lexing) shift(from, offset int) {
	for i := from; i < len(l.toks); i++ {
		l.toks[i].Start += int32(offset)
		l.toks[i].End += int32(offset)
	}
}

func (l *lexing) cells(raw string, start, end int) {
	for _, c := range cells(raw[start:end]).spans {
		l.segs = append(l.segs, len(l.toks))
		l.prose(raw, start+c.start, start+c.end, false)
	}
}

// heading cuts a heading. Its # signs, underline and number are layout: "## Step 2: Install" says "Step: Install".
func (l *lexing) heading(s shape, raw string, start, end int) {
	text := raw[start:end]
	blanks := len(text) - len(strings.TrimLeft(text, " \t"))
	if strings.HasPrefix(text[blanks:], "#") {
		start += blanks + len(text[blanks:]) - len(strings.TrimLeft(text[blanks:], "#"))
		if closed := strings.TrimRight(raw[start:end], "#"); closed == "" || closed != raw[start:end] && isBlank(closed[len(closed)-1]) {
			end = start + len(closed)
		}
	} else if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		end = start + i
	}
	l.prose(raw, start, end, s.flags&quoted != 0)
	if from, to := ordinal(raw, l.toks); to > from {
		l.toks = append(l.toks[:from], l.toks[to:]...)
	}
}

// ordinal returns the tokens of a heading that say only which one it is in order: [from, to).
func ordinal(raw string, toks []facts.Token) (from, to int) {
	if len(toks) > 1 && toks[0].Kind == facts.Word && toks[1].Kind == facts.Number && isStep(toks[0].Of(raw)) {
		return 1, 2
	}
	if len(toks) > 2 && toks[0].Kind == facts.Number && toks[1].Kind == facts.Punct && toks[1].Start == toks[0].End && strings.Contains(".):", toks[1].Of(raw)) {
		return 0, 2
	}
	return 0, 0
}

func isStep(word string) bool {
	switch strings.ToLower(word) {
	case "step", "stage", "phase", "part":
		return true
	}
	return false
}

// frontValue drops what is YAML's and not the value's: quotes around it, block indicators, the dashes of a list.
func (l *lexing) frontValue(raw string) {
	colon := 0
	for colon < len(l.toks) && l.toks[colon].Of(raw) != ":" {
		colon++
	}
	kept := l.toks[:min(colon+1, len(l.toks))]
	rest := l.toks[len(kept):]
	if len(rest) > 1 && isQuote(rest[0].Of(raw)) && rest[len(rest)-1].Of(raw) == rest[0].Of(raw) {
		rest = rest[1 : len(rest)-1]
	}
	for i, t := range rest {
		w := t.Of(raw)
		blockSign := i == 0 && (w == ">" || w == "|") || i == 1 && (w == "-" || w == "+") && strings.Contains(">|", rest[0].Of(raw))
		if dash := w == "-" && firstOnLine(raw, int(t.Start)); !blockSign && !dash {
			kept = append(kept, t)
		}
	}
	l.toks = kept
}

func isQuote(w string) bool { return w == `"` || w == "'" }

func firstOnLine(raw string, at int) bool {
	return strings.TrimLeft(raw[strings.LastIndexByte(raw[:at], '\n')+1:at], " \t") == ""
}

// code cuts a code block: its info string is the first segment, each line another. The fence itself, and the indentation that the block
// has from its container, are layout; white space within is not.
func (l *lexing) code(s shape, raw string) {
	at, end, strip := 0, len(raw), 0
	l.segs = append(l.segs, 0)
	switch s.level {
	case fenced:
		at, end, strip = l.fence(s, raw)
	case indented:
		end = len(strings.TrimRight(raw, " \t\r\n"))
		if i := strings.IndexByte(raw[end:], '\n'); i >= 0 {
			end += i + 1
		}
		strip = indentation(raw[:end])
	case plain:
		at = opening(raw, s)
	}
	for at < end {
		next := end
		if i := strings.IndexByte(raw[at:end], '\n'); i >= 0 {
			next = at + i + 1
		}
		l.segs = append(l.segs, len(l.toks))
		begin := at + stripped(raw[at:next], strip, s.flags&quoted != 0)
		from := len(l.toks)
		l.toks = facts.LexCode(l.toks, raw[begin:next])
		l.shift(from, begin)
		at = next
	}
}

// fence reads the opening fence of raw, and returns where the content begins and ends, and how wide its indentation is.
func (l *lexing) fence(s shape, raw string) (at, end, strip int) {
	open := opening(raw, s)
	open += len(raw[open:]) - len(strings.TrimLeft(raw[open:], " \t"))
	strip = open
	sign := byte('`')
	if open < len(raw) && raw[open] == '~' {
		sign = '~'
	}
	n := run(raw[open:], sign)
	at = len(raw)
	if i := strings.IndexByte(raw, '\n'); i >= 0 {
		at = i + 1
	}
	if open+n < at {
		l.prose(raw, open+n, at, false)
	}
	if raw[at-1] == '\n' {
		l.toks = append(l.toks, facts.Token{Start: int32(at - 1), End: int32(at), Kind: facts.Newline})
	}
	for pos := at; pos < len(raw); {
		next := len(raw)
		if i := strings.IndexByte(raw[pos:], '\n'); i >= 0 {
			next = pos + i + 1
		}
		if closesFence(raw[pos:next], sign, n) {
			return at, pos, strip
		}
		pos = next
	}
	end = len(strings.TrimRight(raw, " \t\r\n")) // never closed
	if i := strings.IndexByte(raw[end:], '\n'); i >= 0 {
		end += i + 1
	}
	return at, max(at, end), strip
}

func closesFence(line string, sign byte, n int) bool {
	line = strings.TrimLeft(line, " \t>")
	m := run(line, sign)
	return m >= n && strings.Trim(line[m:], " \t\r\n") == ""
}

func run(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

// stripped returns how many bytes at the start of a line are its container's: up to strip columns of blanks and quote markers.
func stripped(line string, strip int, quotes bool) int {
	n := 0
	for n < len(line) && n < strip && (line[n] == ' ' || line[n] == '\t' || quotes && line[n] == '>') {
		n++
	}
	return n
}

// indentation returns the smallest indentation of the lines that hold anything.
func indentation(s string) int {
	least := -1
	for line := range strings.Lines(s) {
		if text := strings.TrimLeft(line, " \t"); strings.TrimRight(text, "\r\n") != "" && (least < 0 || len(line)-len(text) < least) {
			least = len(line) - len(text)
		}
	}
	return max(least, 0)
}

// label names a block among its neighbours, so that a rewritten one is still compared with what it replaces: the first cell of a row, the
// info string and first line of a fence, a heading's words. Empty where nothing names it.
func label(s shape, raw string, l *lexing) string {
	from, to := 0, 0
	switch s.kind {
	case row:
		if to = len(l.toks); len(l.segs) > 1 {
			to = l.segs[1]
		}
	case heading:
		to = len(l.toks)
	case code:
		if to = len(l.toks); len(l.segs) > 2 {
			to = l.segs[2]
		}
	}
	var sb strings.Builder
	for ; from < to; from++ {
		sb.WriteString(strings.ToLower(canonical(s.kind, raw, l.toks[from])))
		sb.WriteByte(' ')
	}
	return sb.String()
}
