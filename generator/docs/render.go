package docs

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// renderer writes a unit as Markdown. It copies what is Markdown, and puts in place of each mark what that says.
type renderer struct {
	*unit
	w  *mdWriter
	at int // what stands before it is written

	region
	inline bool // in running text: what is a block elsewhere takes no line of its own
	steps  int  // of a procedure that were met
	tabs   []tabName
	group  bool // fences are labelled with their titles
	plain  bool // it stands in an element that holds nothing but elements
	nested int  // components in one another, across files
}

// region says how the lines of what is being written stand in the file.
type region struct {
	quotes int  // marks of block quotes that are taken off each line …
	strip  int  // … and columns of blanks after them
	depth  int  // containers that the region stands in
	inside bool // it stands in a component
}

// span writes up to an offset, where the marks [i, end) stand.
func (r *renderer) span(to, i, end int) {
	for i < end && !r.w.full() {
		one := &r.marks[i]
		next := i + 1
		if !one.text && !one.flat && one.kind == markOpen && one.pair >= 0 {
			next = one.pair + 1
		}
		if !one.text && one.start >= r.at {
			r.mark(i)
		}
		i = next
	}
	r.copyTo(to)
}

// mark writes what a mark says.
func (r *renderer) mark(i int) {
	one := &r.marks[i]
	r.w.cause = r.body + one.start
	switch {
	case one.kind == markExpr:
		r.expression(one)
	case one.kind == markFence:
		r.fenceLine(one)
	case one.kind == markInclude:
		r.includeMark(one)
	case one.flat || one.kind == markClose || one.kind == markModules || one.kind == markDrop:
		r.drop(one)
	case one.dir != nil:
		r.directiveMark(i)
	case one.tag.name == "":
		r.children(i)
	case !isComponent(one.tag.name):
		r.element(i)
	case one.kind == markOpen && one.pair < 0:
		r.drop(one)
	default:
		r.componentMark(i)
	}
}

// drop leaves a mark out, with its line where nothing else stands there.
func (r *renderer) drop(one *mark) {
	if r.alone(one, one) {
		r.before(one)
		r.w.apart()
		r.after(one)
		return
	}
	r.copyTo(one.start)
	r.skip(one)
}

// skip moves over a mark in running text. Of the blanks on both sides of it one goes; none stays before the end of a line.
func (r *renderer) skip(one *mark) {
	r.at = one.end
	line := strings.TrimLeft(r.s[r.at:lineEnd(r.s, r.at)], " \t")
	if line == "" || line[0] == '\n' || r.at < len(r.s) && r.s[r.at] == ' ' && (!r.w.begun || r.w.afterBlank()) {
		for r.at < len(r.s) && (r.s[r.at] == ' ' || r.s[r.at] == '\t') {
			r.at++
		}
	}
}

// alone reports whether what begins with one mark and ends with another takes up whole lines.
func (r *renderer) alone(open, close *mark) bool {
	return open.flow && close.tail && !r.inline && !r.lines[open.line].table && r.lines[open.line].kind != headingLine
}

// before writes up to a block, without the blanks before it. What stands before it in its line but the marker of a list is written anew by the
// block.
func (r *renderer) before(one *mark) {
	l := &r.lines[one.line]
	from := max(r.at, l.start)
	if l.opened {
		from = max(r.at, l.content)
	}
	if !one.flow || strings.Trim(r.s[from:one.start], "> \t") != "" {
		from = max(r.at, len(strings.TrimRight(r.s[:one.start], " \t")))
	}
	started := r.at
	r.copyTo(from)
	if one.flow && l.opened && started < l.content && r.w.begun {
		r.w.marked = true
	}
	r.at = one.start
}

// after moves past a block, and past the rest of its line where nothing is left there.
func (r *renderer) after(one *mark) {
	r.at = max(r.at, one.end)
	if one.start < one.end { // a block of MkDocs ends where another line begins
		r.skipBlanks()
	}
}

// skipBlanks moves past blanks, and a line end after them.
func (r *renderer) skipBlanks() {
	for r.at < len(r.s) && (r.s[r.at] == ' ' || r.s[r.at] == '\t') {
		r.at++
	}
	if r.at < len(r.s) && r.s[r.at] == '\n' && !r.w.marked {
		r.at++
	}
}

// lineAt returns the index of the line that holds an offset.
func (r *renderer) lineAt(at int) int {
	lo, hi := 0, len(r.lines)
	for lo+1 < hi {
		if mid := (lo + hi) / 2; r.lines[mid].start <= at {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// copyTo writes the text up to an offset, line by line.
func (r *renderer) copyTo(to int) {
	if r.at >= to {
		return
	}
	for i := r.lineAt(r.at); r.at < to; i++ {
		l := &r.lines[i]
		blank := false
		if r.at == l.start {
			blank = r.beginLine(i, to)
		}
		end := min(l.end, to)
		if !blank {
			r.w.copy(r.file, r.body+r.at, r.body+end)
		}
		if end < to {
			r.w.newline(r.file, r.body+min(r.at, end), r.body+l.end)
			end++
		}
		r.at = max(r.at, end)
	}
}

// beginLine takes off the start of a line what its region does, and reports whether nothing is left of it.
func (r *renderer) beginLine(i, to int) bool {
	l := &r.lines[i]
	at, column := afterQuotes(r.s, l.start, l.end, r.quotes)
	at, spare := skipColumns(r.s, at, l.end, column, r.strip)
	if extra := r.extra(l, at); extra > 0 {
		if l.depth > r.depth && l.fence < 0 {
			r.w.copy(r.file, r.body+at, r.body+min(l.content, to))
			at, spare = l.text, 0
		} else {
			at, spare = skipColumns(r.s, at, l.end, 0, extra)
		}
	}
	r.at = min(at, to)
	rest := r.s[r.at:min(l.end, to)]
	r.w.quoted = l.quotes > r.quotes
	switch {
	case strings.Trim(rest, " \t") == "" && (l.fence < 0 || rest == "") && to >= l.end:
		r.at = l.end
		return true
	case r.w.gap == blankBetween && rest != "" && strings.Trim(rest, "> \t") == "" && to >= l.end && l.fence < 0:
		r.at = l.end
		return true
	case spare > 0:
		r.w.made(strings.Repeat(" ", spare))
	}
	return false
}

// extra returns how many columns of blanks stand before a line that would make code of it, as they don't in MDX.
func (r *renderer) extra(l *mdxLine, at int) int {
	if l.inside || l.opened || r.as == asMarkdown || r.as == asLooseMDX && !r.inside {
		return 0
	}
	one := l
	switch {
	case l.fence >= 0:
		one = &r.lines[l.fence]
	case !l.first || l.kind == blankLine:
		return 0
	}
	if one.opened {
		return 0
	}
	from, column := afterQuotes(r.s, one.start, one.end, r.quotes)
	if one.depth > r.depth {
		from = one.content
	} else {
		from, _ = skipColumns(r.s, from, one.end, column, r.strip)
	}
	n := 0
	for i := from; i < one.text; i++ {
		n = advance(n, r.s[i])
	}
	if n < 4 {
		return 0
	}
	return n
}

// afterQuotes returns the offset after so many marks of block quotes at the start of a line, and its column.
func afterQuotes(s string, at, end, quotes int) (int, int) {
	column := 0
	for ; quotes > 0; quotes-- {
		i, c := at, column
		for i < end && (s[i] == ' ' || s[i] == '\t') {
			c = advance(c, s[i])
			i++
		}
		if i >= end || s[i] != '>' {
			break
		}
		at, column = i+1, c+1
		if at < end && s[at] == ' ' {
			at++
			column++
		}
	}
	return at, column
}

// skipColumns moves past so many columns of blanks from a column on. spare is what a tab reaches beyond.
func skipColumns(s string, at, end, column, columns int) (next, spare int) {
	target := column + columns
	for at < end && column < target && (s[at] == ' ' || s[at] == '\t') {
		column = advance(column, s[at])
		at++
	}
	return at, max(0, column-target)
}

// container returns what stands before each further line of the container that a block stands in.
func (r *renderer) container(one *mark) string {
	l := &r.lines[one.line]
	if l.depth <= r.depth { // the block around it has written that
		return ""
	}
	at, column := afterQuotes(r.s, l.start, l.end, r.quotes)
	at, _ = skipColumns(r.s, at, l.end, column, r.strip)
	var b strings.Builder
	for i := at; i < l.content; i++ {
		switch r.s[i] {
		case '>':
			b.WriteByte('>')
		case '\t':
			b.WriteString(strings.Repeat(" ", advance(b.Len(), '\t')-b.Len()))
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// block writes what takes up whole lines: write is called with the container of the mark in place.
func (r *renderer) block(open, close *mark, write func()) {
	plain := r.plain
	r.plain = false
	r.onLines(open, close, r.w.apart, write)
	r.plain = plain
}

// onLines writes what takes up whole lines, with what separates it from what stands around it.
func (r *renderer) onLines(open, close *mark, separate func(), write func()) {
	r.before(open)
	saved := r.w.push(r.container(open))
	separate()
	write()
	r.w.cause = r.body + close.start
	separate()
	r.w.pop(saved)
	r.after(close)
}

// between writes what stands between two marks of a block, its lines moved to where the block stands.
func (r *renderer) between(i int) {
	open := &r.marks[i]
	if open.pair < 0 {
		r.at = open.end
		return
	}
	close := &r.marks[open.pair]
	saved, inside := r.region, r.inline
	r.inline = false
	r.at = open.end
	r.skipBlanks()
	r.region = r.regionOf(open, close)
	to := close.start
	if l := &r.lines[min(close.line, len(r.lines)-1)]; close.flow && close.start >= l.start && strings.Trim(r.s[l.start:close.start], "> \t") == "" {
		to = max(r.at, l.start)
	} else {
		to = max(r.at, len(strings.TrimRight(r.s[:close.start], " \t")))
	}
	if r.at <= to {
		r.span(to, i+1, open.pair)
	}
	r.region, r.inline = saved, inside
	r.at = max(r.at, close.start)
}

// regionOf measures the lines between two marks: what they have in common before their text goes.
func (r *renderer) regionOf(open, close *mark) region {
	first := &r.lines[open.line]
	now := region{quotes: first.quotes, depth: first.depth, inside: true}
	if r.as == asMarkdown && (open.dir == nil || open.dir.colons > 0) {
		now.inside = r.inside
	}
	least := -1
	for i := r.lineAt(max(open.end-1, 0)) + 1; i < len(r.lines) && r.lines[i].start < close.start; i++ {
		l := &r.lines[i]
		if l.kind == blankLine || l.inside || l.fence >= 0 && l.fence != i || close.end > close.start && i == close.line {
			continue
		}
		at, _ := afterQuotes(r.s, l.start, l.end, now.quotes)
		text := l.end - len(strings.TrimLeft(r.s[at:l.end], " \t"))
		if n := r.indentation(l, text, now.quotes); text < l.end && (least < 0 || n < least) {
			least = n
		}
	}
	now.strip = max(0, least)
	switch {
	case open.dir == nil:
	case open.dir.colons == 0:
		now.strip = r.indentation(first, open.start, now.quotes) + 4
	case r.as == asMarkdown: // what is indented more than its container is code
		now.strip = min(now.strip, r.indentation(first, open.start, now.quotes))
	}
	return now
}

// indentation returns how many columns stand on a line between the marks of its block quotes and an offset.
func (r *renderer) indentation(l *mdxLine, to, quotes int) int {
	at, column := afterQuotes(r.s, l.start, l.end, quotes)
	from := column
	for ; at < to; at++ {
		column = advance(column, r.s[at])
	}
	return column - from
}

// children writes what stands between two tags, and the tags not.
func (r *renderer) children(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	if r.alone(open, close) && close.line > open.line {
		r.block(open, close, func() { r.between(i) })
		return
	}
	r.copyTo(open.start)
	r.skip(open)
	r.running(i)
}

// running writes what stands between two tags in running text.
func (r *renderer) running(i int) {
	open := &r.marks[i]
	r.at = max(r.at, open.end)
	if open.pair < 0 {
		return
	}
	close := &r.marks[open.pair]
	saved := r.inline
	r.inline = true
	if r.at <= close.start {
		r.span(close.start, i+1, open.pair)
	}
	r.inline = saved
	r.at = max(r.at, close.end)
}

// closing returns the mark that a component ends with: its own where it is empty.
func (r *renderer) closing(open *mark) *mark {
	if open.kind == markOpen && open.pair >= 0 {
		return &r.marks[open.pair]
	}
	return open
}

// expression writes what an expression stands for.
func (r *renderer) expression(one *mark) {
	inner := r.s[one.start+1 : one.end-1]
	if blankJS(inner) {
		if id := headingID(inner); id != "" && r.lines[one.line].kind == headingLine {
			r.copyTo(one.start)
			r.w.made("{#" + id + "}")
			r.at = one.end
			return
		}
		r.drop(one)
		return
	}
	v, ok := evaluate(r.s, one.start+1, one.end-1, r.known)
	if ok && v.kind == jsChildren {
		r.childrenOf(one)
		return
	}
	text, known := v.words()
	switch {
	case ok && v.kind == jsElement:
		text, known = elementText(r.s, v.start, v.end), true
		v = jsValue{kind: jsText, text: text}
	case !ok || !known:
		if !r.strict {
			r.copyTo(one.end)
			return
		}
		r.lost = append(r.lost, *one)
		r.drop(one)
		return
	}
	switch {
	case strings.TrimSpace(text) == "" && text != "" && !one.tail && !one.flow:
		r.copyTo(one.start)
		if before := one.start; before > 0 && !isSpace(r.s[before-1]) && one.end < len(r.s) && !isSpace(r.s[one.end]) {
			r.w.made(" ")
		}
		r.at = one.end
	case strings.TrimSpace(text) == "":
		r.drop(one)
	default:
		v.text = text
		r.copyTo(one.start)
		r.say(v)
		r.at = one.end
	}
}

// blankJS reports whether JavaScript holds nothing but comments.
func blankJS(s string) bool {
	e := evaluator{reader: reader{s: s}, limit: len(s)}
	e.blanks()
	return e.at >= len(s)
}

// headingID returns the id in the comment /* #id */ after a heading.
func headingID(s string) string {
	s = strings.TrimSpace(s)
	s, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, "/*"), "*/")), "#")
	if !ok || s == "" || strings.ContainsAny(s, " \t\n{}") {
		return ""
	}
	return s
}

// childrenOf writes what stands between the tags of the use of a partial.
func (r *renderer) childrenOf(one *mark) {
	if r.kids == nil || r.kids.s == "" {
		r.drop(one)
		return
	}
	r.insert(one, r.kids)
}

// insert writes another text in place of a mark.
func (r *renderer) insert(one *mark, t *mdText) {
	if r.alone(one, one) {
		r.block(one, one, func() { r.w.text(t) })
		return
	}
	from, to := len(t.s)-len(strings.TrimLeft(t.s, " \t\n")), len(strings.TrimRight(t.s, " \t\n"))
	if !r.inline && !r.lines[one.line].table && r.lines[one.line].kind != headingLine && strings.Contains(t.s[from:max(from, to)], "\n\n") {
		r.block(one, one, func() { r.w.text(t) })
		return
	}
	r.copyTo(one.start)
	for from < to {
		end := min(lineEnd(t.s, from), to)
		stop := from + len(strings.TrimRight(t.s[from:end], " \t\n"))
		if stop > from {
			r.w.open()
			r.w.pieces(t, from, stop)
			if end < to {
				r.w.made(" ")
			}
		}
		for from = end; from < to && isSpace(t.s[from]); {
			from++
		}
	}
	r.at = one.end
}

// say writes a value as plain text on the line that is open. Text that stands so in the page is copied from there.
func (r *renderer) say(v jsValue) {
	text := strings.Join(strings.Fields(v.text), " ")
	row := r.inline && strings.Contains(text, "|")
	switch {
	case text == "":
	case !plainEnough(text) || row:
		r.w.made(escapeText(text))
	case v.start < v.end && r.s[v.start:v.end] == text:
		r.w.copy(r.file, r.body+v.start, r.body+v.end)
	default:
		r.w.made(text)
	}
}

// plainEnough reports whether Markdown shows a text as it is, or with nothing but code in it.
func plainEnough(s string) bool {
	if !strings.ContainsAny(s, "\\`*_[]<>&!#|~:+-=0123456789") {
		return true
	}
	if strings.ContainsAny(s, "*[]|~") || len(s) > maxInline {
		return false
	}
	p := parse(s, nil)
	n, ok := p.root.FirstChild().(*ast.Paragraph)
	if !ok || p.fault != nil || !p.closed() {
		return false
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *ast.Text, *ast.CodeSpan:
		default:
			return false
		}
	}
	return strings.ReplaceAll(plainText(n, p.src, true), "`", "") == strings.ReplaceAll(s, "`", "")
}

// code writes a text as code on the line that is open.
func (r *renderer) code(text string) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return
	}
	marks := strings.Repeat("`", longestRun(text, '`')+1)
	pad := ""
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		pad = " "
	}
	r.w.made(marks + pad + text + pad + marks)
}

// longestRun returns the length of the longest run of c in s.
func longestRun(s string, c byte) int {
	longest := 0
	for i := 0; i < len(s); i++ {
		if n := run(s[i:], c); n > 0 {
			longest = max(longest, n)
			i += n
		}
	}
	return longest
}

// label writes words in bold, a line of their own in a block: a kind and a title, each of which may be empty.
func (r *renderer) label(kind string, write func()) {
	r.w.made("**")
	if kind != "" {
		r.w.made(kind)
		if write != nil {
			r.w.made(": ")
		}
	}
	if write != nil {
		write()
	}
	r.w.made("**")
}
