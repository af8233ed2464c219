package docs

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// bare is the comment that says nothing. It stays where a comment stood that keeps two blocks apart which would otherwise become one: two
// lists, a list and indented code (CommonMark §5.3 recommends it for that).
const bare = "<!-- -->"

// uncomment finds the edits that take comments out of a text, without bringing blocks together or splitting a paragraph. Places are those of
// comments that have no end: their content goes as well, or they are made visible.
func uncomment(p *parsed, o *outline) (edits []edit, cuts []cut, unclosed []int) {
	u := uncommenter{p: p, s: p.s[:p.size]}
	for _, c := range o.comments {
		c.end = min(c.end, p.size)
		switch {
		case c.block != nil:
			u.ownBlock(c)
		case c.inHTML && c.open:
			u.replace(c.start, c.end, "&lt;!--")
			u.unclosed = append(u.unclosed, c.start)
		default:
			u.among(c)
		}
	}
	return u.edits, u.cuts, u.unclosed
}

type uncommenter struct {
	p        *parsed
	s        string // the text
	edits    []edit
	cuts     []cut
	unclosed []int
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
	switch {
	case ends && len(before) <= from, ends && strings.Trim(s[from:c.start], "> \t") == "":
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
	case rest >= 0 && beginsBlock(s[rest:end]):
		u.replace(start, rest, bare+" ")
	case rest >= 0:
		u.paragraph(c, start, rest, end)
	case strings.Trim(prefix, "> \t") != "" || u.separates(c.block, prefix):
		u.replace(start, end, bare)
	case quoted:
		last := lineEnd(s, end-1)
		u.replace(line+len(strings.TrimRight(prefix, " \t")), len(strings.TrimRight(s[:last], "\n")), "")
	default:
		u.cuts = append(u.cuts, cut{start: line, end: lineEnd(s, max(end-1, start)), apart: true})
	}
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
	return kind != textLine || text[0] == '[' && strings.Contains(text, "]:")
}

// separates reports whether the blocks before and after n would become one without it.
func (u *uncommenter) separates(n ast.Node, prefix string) bool {
	before, after := n.PreviousSibling(), n.NextSibling()
	if before == nil {
		return n.Parent().Kind() == ast.KindListItem && after != nil
	}
	if after == nil || after.Pos() >= u.p.size {
		return false
	}
	_, code := after.(*ast.CodeBlock)
	switch b := before.(type) {
	case *ast.List:
		if a, ok := after.(*ast.List); ok {
			return a.Marker == b.Marker
		}
		return code || u.indent(after) > len(prefix)
	case *footnote:
		return code || u.indent(after) > len(prefix)
	case *ast.CodeBlock:
		return code
	}
	return false
}

// indent returns how far from the start of its line a block begins.
func (u *uncommenter) indent(n ast.Node) int {
	pos := n.Pos()
	if pos < 0 {
		return 0
	}
	return pos - lineStart(u.s, min(pos, len(u.s)))
}
