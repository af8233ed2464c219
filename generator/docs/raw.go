package docs

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// rawInline notes a tag or comment in running text.
func (o *outliner) rawInline(n *ast.RawHTML) {
	lines := n.Segments.Sliced(0, n.Segments.Len())
	start, end := lines[0].Start, lines[len(lines)-1].Stop
	if strings.HasPrefix(o.p.s[start:], "<!--") {
		all := linesOf(o.block)
		c := comment{start: start, end: end, content: o.contentAt(all, start), text: all[0].Start}
		if o.block.Kind() == ast.KindHeading {
			c.text = -1
		}
		o.comments = append(o.comments, c)
		return
	}
	j := join(o.p.src, lines, start, end)
	t, ok := readTag(j.s, 0)
	if !ok {
		return
	}
	if codeTags[t.name] {
		o.showsCode(&t, start, end)
	}
	o.tag(j, &t, false)
}

// contentAt returns where the content of the line begins that holds the byte at an offset. It is one of lines.
func (o *outliner) contentAt(lines []text.Segment, at int) int {
	i, found := slices.BinarySearchFunc(lines, at, func(l text.Segment, at int) int { return l.Start - at })
	if !found {
		i = max(i-1, 0)
	}
	start := lines[i].Start
	return start + len(o.p.s[start:at]) - len(strings.TrimLeft(o.p.s[start:at], " \t"))
}

// showsCode notes what stands between <code> and </code>.
func (o *outliner) showsCode(t *tag, start, end int) {
	switch {
	case t.empty:
	case !t.closing && o.code < 0:
		o.code = start
	case t.closing && o.code >= 0:
		o.outline.code = append(o.outline.code, [2]int{o.code, end})
		o.code = -1
	}
}

// tag notes what skillgen may have to change in a tag.
func (o *outliner) tag(j *joined, t *tag, block bool) {
	if !t.closing {
		for _, a := range t.attrs {
			if a.value != "" && (a.name == "id" || a.name == "name" && t.name == "a") {
				o.ids = append(o.ids, anchor{j.source(t.start), a.value})
			}
		}
	}
	inside := o.inLink || o.inImage || o.anchors > 0
	key := "href"
	switch {
	case t.name == "a" && t.closing:
		o.anchors = max(0, o.anchors-1)
		return
	case t.name == "a":
		o.anchors++
	case t.name == "img" && !t.closing:
		key = "src"
	default:
		return
	}
	a, ok := t.get(key)
	if t.name == "a" && (!ok || a.end == 0) {
		return
	}
	raw := rawTag{name: t.name, start: j.source(t.start), end: j.end(t.end), inside: inside, block: block}
	raw.first, raw.last = t.start == 0, strings.TrimSpace(j.s[t.end:]) == ""
	if a.end > 0 {
		raw.value, raw.valueEnd, raw.target, raw.hasTarget = j.source(a.start), j.end(a.end), strings.TrimSpace(a.value), true
	}
	alt, _ := t.get("alt")
	raw.alt = strings.Join(strings.Fields(alt.value), " ")
	o.tags = append(o.tags, raw)
}

// html notes what an HTML block holds. The content of <pre> and the like is no markup to anybody, and stays as it is.
func (o *outliner) html(n *ast.HTMLBlock) {
	lines := linesOf(n)
	end := lines[len(lines)-1].Stop
	switch n.HTMLBlockType {
	case ast.HTMLBlockType2:
		o.comments = append(o.comments, comment{start: lines[0].Start, end: end, block: n})
		return
	case ast.HTMLBlockType6, ast.HTMLBlockType7:
	default:
		return
	}
	o.markup(lines, end)
}

// markup notes the tags and comments of an HTML block.
func (o *outliner) markup(lines []text.Segment, end int) {
	j := join(o.p.src, lines, 0, min(end, o.p.size))
	trimmed := len(j.s) - len(strings.TrimLeft(j.s, " "))
	ends := true // a comment can still end
	for i := trimmed; i < len(j.s); {
		n := strings.IndexByte(j.s[i:], '<')
		if n < 0 {
			return
		}
		i += n
		if strings.HasPrefix(j.s[i:], "<!--") {
			c := comment{start: j.source(i), inHTML: true, text: -1}
			c.content = o.contentAt(lines, c.start)
			n := 0
			if ends {
				n = commentLength(j.s[i:])
			}
			if c.open = n == 0; c.open {
				n, ends = len("<!--"), false
			}
			c.end = j.end(i + n)
			o.comments = append(o.comments, c)
			i += n
			continue
		}
		t, ok := readTag(j.s, i)
		if !ok {
			i++
			continue
		}
		first := len(o.tags)
		o.tag(j, &t, true)
		if len(o.tags) > first {
			raw := &o.tags[first]
			raw.first = t.start == trimmed
			raw.isGap = blankAt(o.p.s, min(lineEnd(o.p.s, max(end-1, 0)), o.p.size))
		}
		i = t.end
		if rawTags[t.name] && !t.closing {
			i = skipRaw(j.s, i, t.name)
		}
	}
}

// skipRaw returns where the content of a raw element, which begins at i, ends.
func skipRaw(s string, i int, name string) int {
	for {
		n := strings.Index(s[i:], "</")
		if n < 0 {
			return len(s)
		}
		i += n + 2
		if k := tagName(s[i:]); strings.EqualFold(s[i:i+k], name) {
			return i
		}
	}
}

// commentLength returns the length of the comment that begins s (CommonMark §6.6); 0 where it has no end.
func commentLength(s string) int {
	for _, whole := range []string{"<!-->", "<!--->"} {
		if strings.HasPrefix(s, whole) {
			return len(whole)
		}
	}
	if i := strings.Index(s[4:], "-->"); i >= 0 {
		return i + 7
	}
	return 0
}
