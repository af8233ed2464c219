package docs

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// bare is the comment that says nothing. It stays where a comment stood that keeps two blocks apart which would otherwise become one: two
// lists, a list and indented code (CommonMark §5.3 recommends it for that).
const bare = "<!-- -->"

// uncommented is what takes the comments out of a text.
type uncommented struct {
	edits    []edit
	cuts     []cut
	unclosed []int        // offsets of comments that have no end: their content goes as well, or they are made visible
	text     map[int]bool // offsets of lines with which a comment begins, and after it a paragraph
}

// uncomment finds the edits that take comments out of a text, without bringing blocks together or splitting a paragraph. Where empty
// is set comments are only emptied.
func uncomment(p *parsed, o *outline, empty bool) *uncommented {
	u := &uncommenter{uncommented: &uncommented{text: map[int]bool{}}, p: p, s: p.s[:p.size], empty: empty}
	for _, c := range o.comments {
		c.end = min(c.end, p.size)
		switch {
		case c.inHTML && c.open:
			u.replace(c.start, c.end, "&lt;!--")
			u.unclosed = append(u.unclosed, c.start)
		case c.block != nil:
			u.ownBlock(c)
		default:
			u.among(c)
		}
	}
	return u.uncommented
}

// sameBlocks reports whether the text after has the blocks of the text before, comments aside.
func (u *uncommented) sameBlocks(before, after string) bool {
	return slices.Equal(blocksOf(before, u.text), blocksOf(after, nil))
}

// blocksOf lists the leaf blocks of a text: kind, depth and level of each. A block that is a comment does not count; one that begins on a line
// of text counts as the paragraph that it will be.
func blocksOf(s string, text map[int]bool) [][3]int {
	var out [][3]int
	scan(s, func(l *scanLine) bool {
		switch {
		case l.kind == htmlLine && l.html == 2:
			if l.first && text[l.start] {
				out = append(out, [3]int{int(textLine), l.depth})
			}
		case l.first || l.kind == underlineLine:
			out = append(out, [3]int{int(l.kind), l.depth, l.level})
		}
		return true
	})
	return out
}

type uncommenter struct {
	*uncommented
	p     *parsed
	s     string // the text
	empty bool
	block int // 1 + offset of the block that was escaped last
}

// replace records an edit, unless the text stands there already.
func (u *uncommenter) replace(start, end int, with string) {
	if u.s[start:end] != with {
		u.edits = append(u.edits, edit{start: start, end: end, with: with})
	}
}

// insert records text to put in, once per place.
func (u *uncommenter) insert(at int, text string) {
	if n := len(u.edits); n > 0 && u.edits[n-1].start == at && u.edits[n-1].with == text {
		return
	}
	u.edits = append(u.edits, edit{start: at, end: at, with: text})
}

// among takes a comment out of running text, or from among other HTML. Lines on which nothing else stands go whole: a blank line would end
// the block.
func (u *uncommenter) among(c comment) {
	s := u.s
	before := strings.TrimRight(s[:c.start], " \t")
	after := len(s) - len(strings.TrimLeft(s[c.end:], " \t"))
	ends := after == len(s) || s[after] == '\n'
	from := lineStart(s, c.start)
	if c.text >= 0 && !u.empty && labelled(s[c.text:c.start]) && u.block != c.text+1 { // or it may become a reference definition
		u.insert(c.text, `\`)
		u.block = c.text + 1
	}
	switch {
	case u.empty, ends && strings.HasSuffix(before, "#"), ends && escaped(s, len(before)): // or a heading or line would end otherwise
		u.replace(c.start, c.end, bare)
	case ends && len(before) <= c.content:
		u.cuts = append(u.cuts, cut{start: from, end: lineEnd(s, c.end)})
	case ends: // blanks before a line end could make a hard break
		u.replace(len(before), after, "")
	case c.start > len(before):
		u.replace(c.start, after, "")
	default:
		u.replace(c.start, c.end, "")
	}
}

// ownBlock takes out an HTML block that begins with a comment. What else stands on the comment's last line becomes a paragraph of its own.
func (u *uncommenter) ownBlock(c comment) {
	s := u.s
	start := c.start + len(s[c.start:c.end]) - len(strings.TrimLeft(s[c.start:c.end], " \t"))
	end := len(strings.TrimRight(s[:c.end], " \t\n"))
	rest, closed := u.rest(c, start, end)
	if !closed {
		u.unclosed = append(u.unclosed, start)
	}
	line := lineStart(s, start)
	prefix := s[line:start]
	quoted := strings.Trim(prefix, " \t") != ""
	switch {
	case u.empty && rest >= 0:
		u.replace(start, rest, bare+" ")
	case u.empty:
		u.replace(start, end, bare)
	case rest >= 0 && (beginsBlock(s[rest:end]) || labelled(s[rest:end])):
		u.replace(start, rest, bare+" ")
	case rest >= 0:
		u.paragraph(c, start, rest, end)
	case strings.Trim(prefix, "> \t") != "":
		u.firstInItem(c.block, start, end)
	case separates(c.block, len(prefix), u.p):
		u.replace(start, end, bare)
	case quoted:
		last := lineEnd(s, end-1)
		u.replace(line+len(strings.TrimRight(prefix, " \t")), len(strings.TrimRight(s[:last], "\n")), "")
	default:
		u.cuts = append(u.cuts, cut{start: line, end: lineEnd(s, max(end-1, start)), apart: true})
	}
}

// firstInItem takes out a comment that is the first thing in a list item: what follows it there moves up to the marker, which could not begin
// an item alone.
func (u *uncommenter) firstInItem(n ast.Node, start, end int) {
	item, next := n.Parent(), n.NextSibling()
	switch next.(type) {
	case nil:
		if item.PreviousSibling() != nil && item.Kind() == ast.KindListItem {
			u.replace(len(strings.TrimRight(u.s[:start], " \t")), end, "")
			return
		}
	case *ast.Paragraph, *ast.TextBlock, *ast.FencedCodeBlock:
		at := end + len(u.s[end:]) - len(strings.TrimLeft(u.s[end:], "> \t\n"))
		if at < len(u.s) {
			u.replace(start, at, "")
			return
		}
	}
	u.replace(start, end, bare)
}

// rest returns where the text begins that follows the comments of a block, -1 where there is none; false where the last comment has no end.
func (u *uncommenter) rest(c comment, start, end int) (int, bool) {
	lines := linesOf(c.block)
	j := join(u.p.src, lines, start, end)
	for i := 0; ; {
		i += len(j.s[i:]) - len(strings.TrimLeft(j.s[i:], " \t\n"))
		if i >= len(j.s) {
			return -1, true
		}
		if !strings.HasPrefix(j.s[i:], "<!--") {
			return j.source(i), true
		}
		n := commentLength(j.s[i:])
		if n == 0 {
			return -1, false
		}
		i += n
	}
}

// paragraph makes a paragraph of what follows a comment, apart from what stands before and after.
func (u *uncommenter) paragraph(c comment, start, rest, end int) {
	s := u.s
	line := lineStart(s, start)
	u.text[line] = true
	prefix := s[line:start]
	if c.block.PreviousSibling() != nil && line > 0 && !blankQuoted(s, lineStart(s, line-1)) && strings.Trim(prefix, "> \t") == "" {
		u.insert(line, strings.TrimRight(prefix, " \t")+"\n")
	}
	u.replace(start, rest, "")
	next := lineEnd(s, end-1)
	if next < len(s) && !blankQuoted(s, next) && joins(s[next:lineEnd(s, next)]) {
		u.insert(next, quotePrefix(s[next:])+"\n")
	}
}

// quotePrefix returns the markers of block quotes that begin a line.
func quotePrefix(line string) string {
	return strings.TrimRight(line[:len(line)-len(strings.TrimLeft(line, "> \t"))], " \t")
}

// blankQuoted reports whether nothing but markers of block quotes stands on the line that begins at an offset.
func blankQuoted(s string, at int) bool {
	return strings.Trim(s[at:lineEnd(s, at)], "> \t\n") == ""
}

// joins reports whether a line would become part of a paragraph that ends right before it.
func joins(line string) bool {
	line = strings.TrimLeft(strings.TrimRight(line, "\n"), "> \t")
	return line != "" && (underline(line) > 0 || listMarker(line, false) == 0 && !beginsBlock(line))
}

// beginsBlock reports whether a line of text, put at the start of a block, is anything else than a paragraph.
func beginsBlock(text string) bool {
	first := true
	kind := textLine
	scan(text, func(l *scanLine) bool {
		if first {
			kind = l.kind
			if l.depth > 0 {
				kind = blankLine
			}
		}
		first = false
		return false
	})
	return kind != textLine
}

// labelled reports whether a text begins as a reference definition does.
func labelled(text string) bool {
	i := labelEnd(text)
	return i > 0 && text[0] == '[' && i+1 < len(text) && text[i+1] == ':'
}

// separates reports whether the blocks before and after n, which begins so far from the start of its line, would become one without it.
// Definitions don't count as blocks.
func separates(n ast.Node, prefix int, p *parsed) bool {
	before, after := n.PreviousSibling(), n.NextSibling()
	for before != nil && before.Kind() == ast.KindLinkReferenceDefinition {
		before = before.PreviousSibling()
	}
	for after != nil && after.Kind() == ast.KindLinkReferenceDefinition {
		after = after.NextSibling()
	}
	if before == nil {
		return n.Parent().Kind() == ast.KindListItem && after != nil
	}
	if after == nil || after.Pos() >= p.size {
		return false
	}
	_, code := after.(*ast.CodeBlock)
	indented := code || after.Pos()-lineStart(p.s, max(after.Pos(), 0)) > prefix
	switch b := before.(type) {
	case *ast.List:
		if a, ok := after.(*ast.List); ok {
			return a.Marker == b.Marker
		}
		return indented
	case *footnote:
		return indented
	case *ast.CodeBlock:
		return code
	}
	return false
}
