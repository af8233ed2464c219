package docs

import (
	"html"
	"strings"
)

// needsRewriting reports whether a tag of HTML has what only JSX has.
func (u *unit) needsRewriting(t *jsxTag) bool {
	for _, a := range t.attrs {
		if a.kind != jsxQuoted && a.kind != jsxBare || a.name == "className" || a.name == "htmlFor" {
			return true
		}
	}
	return false
}

// tagText writes a tag of HTML, with those of its attributes that HTML has too.
func (r *renderer) tagText(one *mark) {
	t := one.tag
	if !r.needsRewriting(t) && !strings.Contains(r.s[one.start:one.end], "\n") {
		r.w.copy(r.file, r.body+one.start, r.body+one.end)
		return
	}
	var b strings.Builder
	b.WriteString("<")
	if t.closing {
		b.WriteString("/")
	}
	b.WriteString(t.name)
	for _, a := range t.attrs {
		if text, ok := r.attrText(one, a); ok {
			b.WriteString(" " + strings.ToLower(a.name) + text)
		}
	}
	if t.empty {
		b.WriteString(" /")
	}
	r.w.made(b.String() + ">")
}

// attrText returns what stands after the name of an attribute in HTML; false where HTML has no such attribute.
func (r *renderer) attrText(one *mark, a jsxAttr) (string, bool) {
	if a.name == "" || a.name == "className" || a.name == "htmlFor" || strings.HasPrefix(a.name, "on") && a.kind == jsxBraces || a.kind == jsxNode || strings.ContainsAny(a.name, "@#") {
		return "", false
	}
	if a.kind == jsxBare || a.kind == jsxBraces && strings.TrimSpace(r.s[a.from:a.to]) == "true" {
		return "", true
	}
	v, ok := attrValue(r.s, a, r.known)
	switch {
	case ok && v.kind == jsFile:
		v = jsValue{kind: jsText, text: r.address(v.file.from)}
	case ok && v.link:
		v.text = r.address(v.text)
	case !ok && (a.name == "alt" || a.name == "title" || a.name == "href" || a.name == "src"):
		r.lost = append(r.lost, mark{start: a.start, end: a.end})
	}
	if !ok || v.kind != jsText && v.kind != jsNumber {
		return "", false
	}
	return `="` + html.EscapeString(strings.Join(strings.Fields(v.text), " ")) + `"`, true
}

// Elements of HTML whose content is HTML alone, and those that belong in a line.
var (
	plainElements = wordSet("table thead tbody tfoot tr colgroup ul ol dl svg g picture video audio select math iframe object")
	lineElements  = wordSet("a abbr b bdi bdo cite code data dfn em i kbd mark q s samp small span strong sub sup time u var label button")
)

// element writes an element of HTML. What stands between its tags on lines of its own is Markdown in MDX, so it is kept apart from them.
func (r *renderer) element(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	if name := open.tag.name; (name == "pre" || name == "code") && open.pair >= 0 {
		if r.shownElement(i) {
			return
		}
	}
	apart := open.pair >= 0 && open.line < close.line && r.alone(open, close) && r.endsLine(open) && close.flow && !lineElements[open.tag.name]
	if !apart {
		r.copyTo(open.start)
		r.tagText(open)
		r.at = open.end
		if open.pair >= 0 {
			r.span(close.start, i+1, open.pair)
			r.tagText(close)
			r.at = close.end
		}
		if open.tag.name == "summary" && r.alone(open, close) { // what follows it is Markdown
			r.w.apart()
			r.after(close)
		}
		return
	}
	outside := r.separator()
	saved := r.plain
	r.plain = plainElements[open.tag.name]
	first := r.separator()
	if open.tag.name == "details" && r.summaryNext(i) {
		first = r.w.fresh
	}
	r.onLines(open, close, outside, func() {
		r.tagText(open)
		first()
		r.between(i)
		r.separator()()
		r.tagText(close)
	})
	r.plain = saved
}

// separator is what stands between the elements around: nothing but a new line where HTML holds nothing but HTML.
func (r *renderer) separator() func() {
	if r.plain {
		return r.w.fresh
	}
	return r.w.apart
}

// endsLine reports whether nothing stands after a mark on its line.
func (r *renderer) endsLine(one *mark) bool {
	return strings.TrimSpace(r.s[one.end:lineEnd(r.s, one.end)]) == "" || one.tail
}

// summaryNext reports whether a <summary> comes right after an opening tag.
func (r *renderer) summaryNext(i int) bool {
	return i+1 < len(r.marks) && r.marks[i+1].tag != nil && r.marks[i+1].tag.name == "summary"
}
