package docs

import (
	"fmt"
	"slices"
	"strings"
)

// reading is how a page is read.
type reading uint8

const (
	asMarkdown reading = iota // directives and includes count, tags and braces are text
	asLooseMDX                // Markdown with components: what has no counterpart and no known value is text
	asStrictMDX
)

// markKind is what a mark is.
type markKind uint8

const (
	markOpen markKind = iota // a tag or directive that opens
	markClose
	markWhole // an empty tag
	markExpr
	markModules
	markFence   // the line that opens fenced code
	markInclude // a line that includes a file
	markDrop    // what says nothing: a script
)

// mark is a place in a page that is no Markdown.
type mark struct {
	kind       markKind
	start, end int
	line       int  // index of the line that it begins on
	flow       bool // only marks of containers and other marks stand before it on its line
	tail       bool // only blanks and other marks stand after it on its last line
	tag        *jsxTag
	dir        *directive
	modules    *modules
	include    *include
	pair       int  // index of its counterpart; -1: none
	text       bool // it is text after all
	flat       bool // it stands too deep: its tag goes, its content stays
	depth      int  // containers that it stands in
}

// mdxLine is a line of a page.
type mdxLine struct {
	start, end    int // end without the line end
	content, text int // as in scanLine
	kind          lineKind
	opened        bool // it has the marker of a list or footnote
	inside        bool // it goes on with a mark that began above
	table         bool
	first         bool // it begins a block
	depth         int
	quotes        int // block quotes among its containers
	fence         int // index of the line that opens its fence; -1: none
}

// fault is something wrong in the MDX of a page.
type fault struct {
	start, end    int
	message, hint string
}

// A page is given up as MDX when so much was read in vain, in search of ends that are not there: bytes, and as many again per byte of the page.
const (
	vainBudget = 4 << 20
	vainFactor = 16
)

// markScanner finds the marks of a page, line by line, in linear time.
type markScanner struct {
	s      string
	as     reading
	sc     scanner
	lines  []mdxLine
	marks  []mark
	faults []fault

	vain      int // what is left of the budget
	spent     int // offset that was reached with it
	fence     int // index of the line that opens the fence; -1: none
	table     bool
	opened    []int           // marks of directives and blocks that are open
	component int             // components that are open, about
	shown     bool            // the line before is indented code
	closers   map[string]bool // names in closing tags

	paragraphEnd int          // of the paragraph that was looked at last
	noRun        map[int]bool // lengths of runs of backticks of which its rest has none
}

// scanMarks finds the marks of s.
func scanMarks(s string, as reading) *markScanner {
	m := &markScanner{s: s, as: as, vain: vainBudget + vainFactor*len(s), fence: -1}
	m.sc = scanner{s: s, as: withBlocks}
	if as != asMarkdown {
		m.sc.as = asMDX
		if as == asLooseMDX {
			m.sc.as |= withBlocks
		}
	}
	if as == asLooseMDX {
		m.closers = closingNames(s)
	}
	for at := 0; at < len(s); {
		at = m.nextLine(at)
		if len(m.sc.open) > maxDepth {
			break // what is nested so deep is refused
		}
	}
	if len(m.lines) > 0 {
		m.goOnTo(len(s))
	}
	m.closeBlocks(0, len(s))
	if m.vain < 0 {
		m.faults = append(m.faults, fault{m.spent, m.spent, "too many tags and braces without an end: what follows is read as text", "is this the right page?"})
	}
	m.pairUp()
	return m
}

// closingNames returns the names after </ in a text.
func closingNames(s string) map[string]bool {
	names := map[string]bool{}
	for {
		i := strings.Index(s, "</")
		if i < 0 {
			return names
		}
		s = s[i+2:]
		if n := jsxName(s); n > 0 {
			names[s[:n]] = true
		}
	}
}

// nextLine reads the line that begins at an offset, and what goes on from it, and returns where the next one begins.
func (m *markScanner) nextLine(at int) int {
	end := len(m.s)
	if i := strings.IndexByte(m.s[at:], '\n'); i >= 0 {
		end = at + i
	}
	m.sc.step(at, end)
	l := &m.sc.line
	alive := l.stayed
	if l.kind == textLine && !l.first {
		alive = len(m.sc.open)
	}
	if l.kind != blankLine || l.opened {
		m.closeBlocks(alive, at)
	}
	line := mdxLine{start: at, end: end, content: l.content, text: l.text, kind: l.kind, opened: l.opened, first: l.first, depth: l.depth, fence: -1}
	line.opened = false
	for i, c := range m.sc.open {
		if c.kind == '>' {
			line.quotes++
		} else if i >= l.stayed && l.opened {
			line.opened = true
		}
	}
	m.inTable(l)
	line.table = m.table
	m.lines = append(m.lines, line)
	switch {
	case l.kind == fenceLine || l.kind == codeLine:
		m.code(l)
	case l.opened && m.sc.open[len(m.sc.open)-1].kind == '!' && l.kind == blankLine:
		m.block(l)
	case l.kind == blankLine, l.kind == htmlLine && !m.htmlMark(l):
	default:
		return m.textLine(l)
	}
	return end + 1
}

// inTable notes whether a line is a row of a table.
func (m *markScanner) inTable(l *scanLine) {
	switch {
	case l.kind != textLine || l.first:
		m.table = false
	case !m.table && delimiterCells(m.s[l.text:l.end]) > 0:
		m.table = true
		if n := len(m.lines); n > 0 {
			m.lines[n-1].table = true
		}
	}
}

// code notes a line of fenced code.
func (m *markScanner) code(l *scanLine) {
	i := len(m.lines) - 1
	switch {
	case l.kind == fenceLine && l.first:
		m.fence = i
		m.add(mark{kind: markFence, start: l.text, end: l.end, flow: true, tail: true})
	case l.kind == codeLine && m.sc.leaf.kind != fence:
		return
	default:
		if in := snippetLine(m.s, l.text, l.end); in != nil && m.fence >= 0 {
			m.add(mark{kind: markInclude, start: l.text, end: l.end, flow: true, tail: true, include: in})
		}
	}
	m.lines[i].fence = m.fence
}

// add appends a mark of the last line.
func (m *markScanner) add(one mark) *mark {
	one.line, one.pair, one.depth = len(m.lines)-1, -1, len(m.sc.open)
	m.marks = append(m.marks, one)
	return &m.marks[len(m.marks)-1]
}

// block notes the marker of a block of MkDocs.
func (m *markScanner) block(l *scanLine) {
	start := l.start
	for start < l.end && (isSpace(m.s[start]) || m.s[start] == '>') {
		start++
	}
	for i := start; i < l.end; i++ { // it may stand behind the marker of a list
		if d, ok := readBlock(m.s, i, l.end); ok {
			line := &m.lines[len(m.lines)-1]
			line.text, line.content, line.kind = i, i, textLine
			line.opened = strings.Trim(m.s[l.start:i], "> \t") != ""
			line.depth--
			m.opened = append(m.opened, len(m.marks))
			m.add(mark{kind: markOpen, start: i, end: l.end, flow: true, tail: true, dir: &d})
			return
		}
	}
}

// closeBlocks ends the blocks and directives whose containers end before an offset; so many containers go on.
func (m *markScanner) closeBlocks(alive, at int) {
	for n := len(m.opened); n > 0; n = len(m.opened) {
		open := &m.marks[m.opened[n-1]]
		if open.dir.colons > 0 && open.depth <= alive && at < len(m.s) || open.dir.colons == 0 && open.depth <= alive {
			return
		}
		m.opened = m.opened[:n-1]
		if open.dir.colons > 0 {
			m.faults = append(m.faults, fault{open.start, open.end, "this container has no end", "close it with a line " + strings.Repeat(":", open.dir.colons)})
		}
		line := len(m.lines) // the one that is about to be read
		if at == len(m.s) {
			line--
		}
		m.marks = append(m.marks, mark{kind: markClose, start: at, end: at, line: line, flow: true, tail: true, dir: open.dir, pair: -1})
	}
}

// htmlMark notes what a line of HTML includes. A page of Markdown has HTML blocks.
func (m *markScanner) htmlMark(l *scanLine) bool {
	if !l.first {
		return false
	}
	if in := commentInclude(m.s, l.text, l.end); in != nil {
		m.add(mark{kind: markInclude, start: l.text, end: l.end, flow: true, tail: true, include: in})
	}
	if t, ok := readTag(m.s[:l.end], l.text); ok && t.name == "script" && l.html == 1 {
		if _, setup := t.get("setup"); setup { // what VitePress has in place of imports
			if end := skipRaw(m.s, t.end, "script"); end < len(m.s) {
				m.add(mark{kind: markDrop, start: l.text, end: min(lineEnd(m.s, end), len(m.s)), flow: true, tail: true})
			}
		}
	}
	return false
}

// textLine reads a line that is no code, and what goes on from it in further lines. It returns where the next line begins.
func (m *markScanner) textLine(l *scanLine) int {
	first := len(m.marks)
	begins := len(m.lines) - 1
	switch {
	case m.shownCode(l):
		return l.end + 1
	case m.directive(l), m.included(l):
		m.sc.leaf = leaf{}
		return m.lines[len(m.lines)-1].end + 1
	case m.as == asMarkdown:
		return l.end + 1
	}
	if l.depth == 0 && l.text == l.start && l.first {
		if found, ok, stop := m.modules(l.start); ok {
			m.add(mark{kind: markModules, start: l.start, end: found.end, flow: true, tail: true, modules: &found})
			m.goOnTo(found.end - 1)
			m.sc.leaf = leaf{}
			return found.end
		} else if stop > l.end {
			m.vain -= stop - l.end
		}
	}
	at, end, flow := l.text, l.end, true
	for at < end {
		next := m.inline(at, end, l, flow)
		flow = flow && (next == at || len(m.marks) > first && m.marks[len(m.marks)-1].end == next || strings.Trim(m.s[at:next], " \t") == "")
		at = next
		if at > end {
			m.goOnTo(at)
			end = m.lines[len(m.lines)-1].end
		}
	}
	m.tails(first, end)
	if flow && len(m.marks) > 0 && m.marks[len(m.marks)-1].line >= begins {
		m.sc.leaf = leaf{} // tags alone are no paragraph
	}
	return end + 1
}

// goOnTo notes the lines after the last one, up to the one that holds an offset.
func (m *markScanner) goOnTo(at int) {
	last := m.lines[len(m.lines)-1]
	for last.end < at && last.end < len(m.s) {
		start := last.end + 1
		end := len(m.s)
		if i := strings.IndexByte(m.s[start:], '\n'); i >= 0 {
			end = start + i
		}
		last = mdxLine{start: start, end: end, content: start, text: start, kind: textLine, inside: true, depth: last.depth, quotes: last.quotes, fence: -1}
		m.lines = append(m.lines, last)
	}
}

// tails notes which marks have nothing after them on their last line but other marks.
func (m *markScanner) tails(first, end int) {
	at := end
	for i := len(m.marks) - 1; i >= first; i-- {
		one := &m.marks[i]
		if one.end > at || strings.Trim(m.s[one.end:at], " \t") != "" {
			return
		}
		one.tail = true
		at = one.start
	}
}

// shownCode reports whether a line is indented code: a page that may be plain Markdown has such, outside of components.
func (m *markScanner) shownCode(l *scanLine) bool {
	if m.as != asLooseMDX || m.component > 0 || !l.first && !m.shown || l.opened {
		m.shown = false
		return false
	}
	column := 0
	for i := l.content; i < l.text; i++ {
		column = advance(column, m.s[i])
	}
	m.shown = column >= 4
	return m.shown
}

// modules reads import and export statements.
func (m *markScanner) modules(at int) (modules, bool, int) {
	if !startsWith(m.s[at:], "import") && !startsWith(m.s[at:], "export") || m.vain < 0 {
		return modules{}, false, at
	}
	return readModules(m.s, at)
}

// directive notes the line of a container of colons.
func (m *markScanner) directive(l *scanLine) bool {
	if m.s[l.text] != ':' {
		return false
	}
	d, opens, ok := readDirective(m.s, l.text, l.end)
	switch {
	case !ok:
		return false
	case opens:
		m.opened = append(m.opened, len(m.marks))
		m.add(mark{kind: markOpen, start: l.text, end: l.end, flow: true, tail: true, dir: &d})
		return true
	}
	for n := len(m.opened); n > 0; n = len(m.opened) {
		open := &m.marks[m.opened[n-1]]
		if open.dir.colons == 0 {
			return false
		}
		m.opened = m.opened[:n-1]
		if open.dir.colons <= d.colons {
			m.add(mark{kind: markClose, start: l.text, end: l.end, flow: true, tail: true, dir: open.dir})
			return true
		}
		m.faults = append(m.faults, fault{open.start, open.end, "this container has no end", "close it with a line " + strings.Repeat(":", open.dir.colons)})
		m.add(mark{kind: markClose, start: l.text, end: l.text, flow: true, tail: true, dir: open.dir})
	}
	return false
}

// included notes a line that includes a file.
func (m *markScanner) included(l *scanLine) bool {
	in := commentInclude(m.s, l.text, l.end)
	if in == nil {
		in = snippetLine(m.s, l.text, l.end)
	}
	if in == nil {
		in = codeInclude(m.s, l.text, l.end)
	}
	if in == nil {
		return false
	}
	m.add(mark{kind: markInclude, start: l.text, end: in.end, flow: true, tail: true, include: in})
	m.goOnTo(in.end)
	return true
}

// inline reads from at up to the next mark, and over it; a mark may end on a later line than at end.
func (m *markScanner) inline(at, end int, l *scanLine, flow bool) int {
	if m.vain < 0 {
		return end
	}
	m.spent = at
	i := strings.IndexAny(m.s[at:end], "\\`<{]")
	if i < 0 {
		return end
	}
	if i > 0 {
		return at + i
	}
	limit := m.limit(end, l, flow)
	switch m.s[at] {
	case '\\':
		return min(at+2, end)
	case '`':
		return m.codeSpan(at, end, l)
	case ']':
		return m.linkTarget(at, end)
	case '{':
		return m.expression(at, end, limit, flow, l.kind == headingLine)
	}
	return m.angle(at, limit, flow)
}

// limit is how far a mark may reach: in running text to the end of the paragraph, in a heading or table of the line.
func (m *markScanner) limit(end int, l *scanLine, flow bool) int {
	switch {
	case l.kind == headingLine || m.table:
		return end
	case flow:
		return len(m.s)
	}
	return m.endOfParagraph(end)
}

// endOfParagraph returns where the paragraph ends of which a line ends at an offset, about: at a line that is blank or begins another block.
func (m *markScanner) endOfParagraph(end int) int {
	if end < m.paragraphEnd {
		return m.paragraphEnd
	}
	at := end
	for at < len(m.s) {
		start := at + 1
		next := lineEnd(m.s, min(start, len(m.s)))
		rest := strings.TrimLeft(strings.TrimRight(m.s[min(start, len(m.s)):next], "\n"), "> \t")
		if rest == "" || atxLevel(rest) > 0 || listMarker(rest, true) > 0 || isBreak(rest) || strings.HasPrefix(rest, ":::") || strings.HasPrefix(rest, "```") || strings.HasPrefix(rest, "~~~") {
			break
		}
		at = start + len(strings.TrimRight(m.s[start:next], "\n"))
	}
	m.paragraphEnd, m.noRun = at, nil
	return at
}

// codeSpan moves over the code span that begins at an offset, or over backticks that begin none.
func (m *markScanner) codeSpan(at, end int, l *scanLine) int {
	n := run(m.s[at:], '`')
	limit := end
	if l.kind != headingLine && !m.table {
		limit = m.endOfParagraph(end)
	}
	if m.noRun[n] && limit == m.paragraphEnd {
		return at + n
	}
	for i := at + n; i < limit; {
		k := strings.IndexByte(m.s[i:limit], '`')
		if k < 0 {
			break
		}
		i += k
		size := run(m.s[i:limit], '`')
		if i += size; size == n {
			return i
		}
	}
	m.vain -= limit - at
	if limit == m.paragraphEnd {
		if m.noRun == nil {
			m.noRun = map[int]bool{}
		}
		m.noRun[n] = true
	}
	return at + n
}

// linkTarget moves over a ] and the destination after it.
func (m *markScanner) linkTarget(at, end int) int {
	if at+1 >= end || m.s[at+1] != '(' {
		return at + 1
	}
	from, to := destination(m.s[:end], at+2)
	if from == to || to > end {
		m.vain -= to - at
		return at + 1
	}
	i := to
	for i < end && isSpace(m.s[i]) {
		i++
	}
	if i < end && (m.s[i] == '"' || m.s[i] == '\'') {
		if n := strings.IndexByte(m.s[i+1:end], m.s[i]); n >= 0 {
			i += n + 2
		}
	}
	for i < end && isSpace(m.s[i]) {
		i++
	}
	if i < end && m.s[i] == ')' {
		return i + 1
	}
	m.vain -= i - at
	return at + 1
}

// expression moves over what stands in braces. The id of a heading is none, nor are attributes as kramdown has them.
func (m *markScanner) expression(at, end, limit int, flow, heading bool) int {
	if at+1 < len(m.s) && strings.IndexByte("#.:%", m.s[at+1]) >= 0 {
		return at + 1
	}
	if m.as == asLooseMDX && strings.HasPrefix(m.s[at:], "{{") { // a placeholder of a template, as Vue has them
		if n := strings.Index(m.s[at:end], "}}"); n > 0 {
			return at + n + 2
		}
	}
	to, ok, stop := jsEnd(m.s, at, limit)
	if !ok {
		m.vain -= stop - at
		if m.as == asStrictMDX {
			m.faults = append(m.faults, fault{at, at + 1, "this brace has no counterpart, so it is text", `write \{, or close the expression`})
		}
		return at + 1
	}
	m.add(mark{kind: markExpr, start: at, end: to, flow: flow})
	return to
}

// angle moves over a comment or tag, or over a < that begins none.
func (m *markScanner) angle(at, limit int, flow bool) int {
	rest := m.s[at:limit]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		if n := commentLength(rest); n > 0 {
			return at + n
		}
		m.vain -= len(rest)
		return at + 4
	case len(rest) < 2:
		return at + 1
	case strings.IndexByte("?!", rest[1]) >= 0:
		return at + 2
	}
	if end := m.rawElement(at, limit); end > 0 {
		return end
	}
	t, ok, stop := readJSX(m.s, at, limit, m.lines[len(m.lines)-1].quotes)
	if !ok {
		m.vain -= stop - at
		if m.as == asStrictMDX && isComponent(t.name) && !isLoud(t.name) && (flow || componentKinds[t.name] != unknownComponent) && !m.follows(at) {
			m.faults = append(m.faults, fault{at, at + 1 + len(t.name), fmt.Sprintf("the tag <%s is not closed, so it is text", t.name), "close its quotes and braces, and end it with > or />"})
		}
		return at + 1
	}
	one := mark{kind: markOpen, start: at, end: t.end, tag: &t, flow: flow}
	switch {
	case t.closing:
		one.kind = markClose
		if isComponent(t.name) {
			m.component = max(0, m.component-1)
		}
	case t.empty:
		one.kind = markWhole
	case isComponent(t.name) && m.closers[t.name]:
		m.component++
	}
	m.add(one)
	return t.end
}

// follows reports whether a word ends right before an offset, as in Promise<Result>.
func (m *markScanner) follows(at int) bool { return at > 0 && isNameByte(m.s[at-1]) }

// rawElement notes a script or style sheet, and returns where it ends; 0 where none begins. A page that may be plain Markdown shows what stands
// in <pre>.
func (m *markScanner) rawElement(at, limit int) int {
	n := tagName(m.s[at+1 : limit])
	name := strings.ToLower(m.s[at+1 : at+1+n])
	if !rawTags[name] || name == "pre" && m.as == asStrictMDX {
		return 0
	}
	after := m.s[at+1+n : limit]
	if after != "" && strings.IndexByte(" \t\n>", after[0]) < 0 {
		return 0
	}
	i := skipRaw(m.s[:limit], at+1+n, name)
	if i >= limit {
		m.vain -= limit - at
		return 0
	}
	end := i + n
	if k := strings.IndexByte(m.s[end:limit], '>'); k >= 0 {
		end += k + 1
	}
	if name != "pre" && name != "textarea" {
		m.add(mark{kind: markDrop, start: at, end: end, flow: m.s[at-min(1, at)] == '\n' || at == 0})
	}
	return end
}

// maxNest is how deep components may stand in one another.
const maxNest = 32

// pairUp finds the counterpart of each tag.
func (m *markScanner) pairUp() {
	slices.SortStableFunc(m.marks, func(a, b mark) int { return a.start - b.start })
	var open []int
	count := map[opener]int{} // of what is open
	for i := range m.marks {
		one := &m.marks[i]
		switch {
		case one.kind == markOpen:
			open = append(open, i)
			count[one.opener()]++
		case one.kind == markClose && count[one.opener()] > 0:
			for one.pair < 0 {
				j := open[len(open)-1]
				open = open[:len(open)-1]
				other := &m.marks[j]
				count[other.opener()]--
				if other.opener() == one.opener() {
					one.pair, other.pair = j, i
				}
			}
		}
	}
	m.flatten()
}

// opener is what an end is the end of.
type opener struct {
	name string
	dir  *directive
}

func (m *mark) opener() opener {
	if m.dir != nil {
		return opener{dir: m.dir}
	}
	return opener{name: m.tag.name}
}

// flatten notes which components stand too deep.
func (m *markScanner) flatten() {
	deep := false
	depth := 0
	for i := range m.marks {
		one := &m.marks[i]
		if one.pair < 0 {
			continue
		}
		if one.kind == markClose {
			one.flat = m.marks[one.pair].flat
			depth--
			continue
		}
		depth++
		if one.flat = depth > maxNest; one.flat && !deep {
			deep = true
			m.faults = append(m.faults, fault{one.start, one.end, "components are nested more than 32 deep; the tags of those within go, their content stays", "nest less"})
		}
	}
}
