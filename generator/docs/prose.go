package docs

import (
	"fmt"
	"html"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// form is how a document is wanted.
type form struct {
	title  string // the heading that stands above it already; one that repeats it goes
	top    int    // level of that heading
	shared bool   // other sources stand in the same file
	key    string // of its footnotes there
}

// splicer turns a document into prose, by edits alone.
type splicer struct {
	*document
	form
	aims  *aims
	s     string // the text
	edits []edit
	cuts  []cut

	defined int    // offset of the line after the last definition …
	prefix  string // … and what stands before the first one of its paragraph

	brackets map[int]bool // offsets of the ] that end the text of links
}

// prose returns the document in the form that is wanted.
func (d *document) prose(a *aims, f form) *source.Prose {
	w := &splicer{document: d, form: f, aims: a, s: d.text.s, defined: -1}
	w.shiftHeadings()
	for i := range d.defs { // before links: what goes before a line stands before what goes into it
		w.definition(&d.defs[i], a.defs[i])
	}
	for i := range d.links {
		w.link(&d.links[i], a.links[i])
	}
	for i := range d.tags {
		w.tag(&d.tags[i], a.tags[i])
	}
	if f.shared {
		w.footnotes()
	}
	if w.text.origin(0) > 0 {
		w.cuts = append(w.cuts, cut{}) // the blank lines below front matter go with it
	}
	return w.build()
}

// build applies the edits.
func (w *splicer) build() *source.Prose {
	edits := merge(w.s, w.edits, w.cuts)
	t, at := w.text.apply(edits)
	if strings.Trim(t.s, " \t\n") == "" {
		return &source.Prose{}
	}
	if !strings.HasSuffix(t.s, "\n") {
		t = t.add("\n", len(t.s)-1)
	}
	t = w.undefine(t, at)
	p := &source.Prose{Body: t.s, Runs: t.runs()}
	line, from := 0, 0
	for i, e := range edits {
		if e.slot != nil {
			slot := *e.slot
			slot.Start, slot.End = at[i], at[i]+len(e.with)
			p.Slots = append(p.Slots, slot)
		}
		if e.head != nil {
			line += strings.Count(t.s[from:at[i]], "\n")
			from = at[i]
			h := *e.head
			h.Offset, h.Line = from, line
			p.Headings = append(p.Headings, h)
		}
	}
	return p
}

// undefine escapes what has become a reference definition only now, since an image that stood there became a link. at are offsets of the
// text, which move along.
func (w *splicer) undefine(t *mdText, at []int) *mdText {
	if len(w.links)+len(w.tags) == 0 || !mayDefine(t.s) {
		return t
	}
	known := map[source.Span]bool{} // definitions that stay
	for _, d := range w.defs {
		known[w.text.span(d.start, d.start)] = !w.shared
	}
	var edits []edit
	for _, d := range outlineOf(parse(t.s, nil)).defs {
		if !known[t.span(d.start, d.start)] {
			edits = append(edits, edit{start: d.start, end: d.start, with: `\`})
		}
	}
	for i := range at {
		n, _ := slices.BinarySearchFunc(edits, at[i], func(e edit, at int) int { return e.start - at })
		at[i] += n
	}
	t, _ = t.apply(edits)
	return t
}

// mayDefine reports whether a line could be a reference definition.
func mayDefine(s string) bool {
	found := false
	if !strings.Contains(s, "]:") {
		return false
	}
	scan(s, func(l *scanLine) bool {
		found = l.kind == textLine && labelled(s[l.text:min(len(s), l.text+maxLabel+2)])
		return !found
	})
	return found
}

func (w *splicer) replace(start, end int, with string) {
	w.edits = append(w.edits, edit{start: start, end: end, with: with})
}

// shiftHeadings takes out the heading that repeats the title, and moves the others by one amount so that the smallest comes right below it.
func (w *splicer) shiftHeadings() {
	gone := -1
	if i := w.document.title; i >= 0 && w.form.title != "" && sameTitle(&w.headings[i], w.form.title) {
		gone = i
		h := w.headings[i]
		w.cuts = append(w.cuts, cut{start: lineStart(w.s, h.at), end: lineEnd(w.s, h.end), apart: true})
	}
	least := 7
	for i, h := range w.headings {
		if i != gone {
			least = min(least, h.level)
		}
	}
	for i := range w.headings {
		if h := &w.headings[i]; i != gone {
			w.heading(h, min(max(h.level+w.top+1-least, 1), 6))
		}
	}
}

// sameTitle reports whether a heading reads as title does.
func sameTitle(h *heading, title string) bool {
	text := h.text
	if h.custom != "" {
		text = strings.TrimSuffix(text, "{#"+h.custom+"}")
	}
	return strings.Join(strings.Fields(text), " ") == strings.Join(strings.Fields(title), " ")
}

// heading gives a heading its level. A setext heading becomes an ATX one.
func (w *splicer) heading(h *heading, level int) {
	marks := strings.Repeat("#", level)
	head := &source.Heading{Level: level, Text: h.text, Slug: Slug(h.text), Local: h.local}
	if h.lines == nil {
		w.edits = append(w.edits, edit{start: h.at, end: h.at + h.level, with: marks, head: head})
		return
	}
	first, last := h.lines[0], h.lines[len(h.lines)-1]
	start := first[0]
	if h.top {
		start = lineStart(w.s, start)
	}
	w.edits = append(w.edits, edit{start: start, end: first[0], with: marks + " ", head: head})
	for i, l := range h.lines[1:] {
		before := h.lines[i]
		end := before[1]
		if w.s[end] == '\n' && escaped(w.s, end) && !w.inCode(end) { // a backslash before a line end is a hard break
			end = max(len(strings.TrimRight(w.s[:end-1], " \t")), before[0])
		}
		w.replace(end, l[0], " ")
	}
	text := w.s[last[0]:last[1]]
	if rest := strings.TrimRight(text, "#"); rest != text && (rest == "" || strings.HasSuffix(rest, " ") || strings.HasSuffix(rest, "\t")) {
		at := last[0] + len(rest)
		w.replace(at, at, `\`) // or the # would close the heading
	}
	w.replace(last[1], h.end, "")
}

// inCode reports whether a byte lies in a code span.
func (d *document) inCode(at int) bool {
	return slices.ContainsFunc(d.code, func(c [2]int) bool { return c[0] < at && at < c[1] })
}

// escaped reports whether a backslash stands before the byte at an offset that escapes it.
func escaped(s string, at int) bool {
	return len(strings.TrimRight(s[:at], `\`))%2 != at%2
}

// slot writes the destination of a link, which may turn out to be part of the skill.
func (w *splicer) slot(start, end int, dest string, a aim, from, to int) {
	e := edit{start: start, end: end, with: dest}
	if a.must {
		e.with = ""
	}
	if a.path != "" {
		e.slot = &source.Slot{Kind: source.RefPage, Path: a.path, Fragment: a.fragment, Must: a.must, At: w.text.span(from, to)}
	}
	w.edits = append(w.edits, e)
}

// link writes where a link leads, and makes a link of an image.
func (w *splicer) link(l *link, a aim) {
	switch {
	case l.image && l.inside:
		w.altText(l)
		return
	case l.image && isData(l.target):
		w.replace(l.start, l.end, `\[`+escapeText(altOf(l.text, l.target))+`\]`)
		return
	}
	if l.image {
		w.unmark(l.start)
		apart := ""
		if !w.shared && l.start > 0 && w.s[l.start-1] == ']' { // what stands before must not become a reference by the link
			apart = " "
		}
		w.replace(l.start, l.start+1, apart)
		if l.nested || l.text == "" {
			w.replace(l.open, l.bracket, escapeText(altOf(l.text, l.target)))
		}
	}
	if w.shared && w.s[l.open] == '^' { // no footnote, which it might become
		w.replace(l.open, l.open, `\`)
	}
	switch {
	case !l.ref && l.target != "":
		dest := w.s[l.dest:l.destEnd]
		if a.dest != "" {
			dest = escapeDestination(a.dest)
		}
		w.slot(l.dest, l.destEnd, dest, a, l.start, l.end)
	case l.ref && (w.shared || l.image):
		w.inlineLink(l, a)
	}
}

// inlineLink writes the destination of a reference link into it.
func (w *splicer) inlineLink(l *link, a aim) {
	w.noDestination(l.start)
	dest := escapeDestination(a.dest)
	if a.dest == "" {
		dest = writtenDestination(l.target)
	}
	w.replace(l.bracket+1, l.end, "(")
	w.slot(l.end, l.end, dest, a, l.start, l.end)
	title := l.title
	if w.untitled[[2]string{l.target, title}] {
		title = ""
	}
	w.replace(l.end, l.end, quoteTitle(title)+")")
}

// noDestination escapes the parenthesis in [a]([b], which as [a]([b](c "d") could become a link whose destination is a link.
func (w *splicer) noDestination(at int) {
	before := strings.TrimRight(w.s[:at], " \t\n")
	word := strings.LastIndexAny(before, " \t\n") + 1
	i := strings.LastIndex(before[word:], "](")
	if i < 0 || len(before) < at && word+i+2 < len(before) {
		return
	}
	if w.brackets == nil {
		w.brackets = map[int]bool{}
		for _, l := range w.links {
			w.brackets[l.bracket] = true
		}
	}
	if !w.brackets[word+i] {
		w.replace(word+i+1, word+i+1, `\`)
	}
}

// isData reports whether an address is the bytes themselves.
func isData(target string) bool { return strings.HasPrefix(strings.ToLower(target), "data:") }

// altText leaves of an image in the text of a link what it says.
func (w *splicer) altText(l *link) {
	if first := strings.Trim(w.s[lineStart(w.s, l.start):l.start], "> \t") == ""; first || l.nested || l.text == "" {
		w.replace(l.start, l.end, escapeText(altOf(l.text, l.target)))
		return
	}
	w.unmark(l.start)
	w.replace(l.start, l.open, "")
	w.replace(l.bracket, l.end, "")
}

// unmark escapes a mark of exclamation right before an image, which would make the link that it becomes an image again.
func (w *splicer) unmark(at int) {
	if at > 0 && w.s[at-1] == '!' && !escaped(w.s, at-1) {
		w.replace(at-1, at-1, `\`)
	}
}

// altOf returns what stands for an image: its alt text, else its file's name.
func altOf(alt, target string) string {
	if alt != "" {
		return alt
	}
	name, _, _ := strings.Cut(decode(target), "#")
	name, _, _ = strings.Cut(name, "?")
	name = path.Base(unescapePath(name))
	if name == "." || name == "/" || isData(target) {
		return "image"
	}
	return name
}

// escapeDestination writes a URL as the destination of a link, also in the cell of a table.
func escapeDestination(s string) string {
	const unsafe = "<>\\^`{|}\"\x7f"
	escapeParens := !balanced(s)
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ' || strings.IndexByte(unsafe, c) >= 0 || escapeParens && (c == '(' || c == ')'):
			fmt.Fprintf(&b, "%%%02X", c)
		case c == '&':
			if _, n := entity(s[i:]); n > 1 {
				b.WriteString("&amp;")
				continue
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// balanced reports whether parentheses match, which those of a destination must.
func balanced(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// writtenDestination writes a destination that was read from Markdown, escapes and all.
func writtenDestination(s string) string {
	if s != "" && s[0] != '<' && balanced(s) && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return s
	}
	if s == "" {
		return "<>"
	}
	return escapeDestination(decode(s))
}

// quoteTitle writes the title of a link, with a blank before it; title is as written between quotes of whatever kind.
func quoteTitle(title string) string {
	if title == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(` "`)
	for i, word := range strings.FieldsFunc(title, func(r rune) bool { return r == '\n' }) {
		if i > 0 {
			b.WriteByte(' ')
			word = strings.TrimLeft(word, " \t")
		}
		for i := range len(word) {
			if word[i] == '"' && !escaped(word, i) {
				b.WriteByte('\\')
			}
			b.WriteByte(word[i])
		}
	}
	return b.String() + `"`
}

// definition rewrites a definition, or takes it out where other sources stand in the same file: its label must bind nothing of theirs.
func (w *splicer) definition(d *definition, a aim) {
	if !w.shared {
		dest := w.s[d.dest:d.destEnd]
		if a.dest != "" {
			dest = escapeDestination(a.dest)
		}
		w.slot(d.dest, d.destEnd, dest, a, d.start, d.end)
		return
	}
	line := lineStart(w.s, d.start)
	prefix := w.s[line:d.start]
	switch {
	case strings.Trim(prefix, " \t") == "" && d.separates && d.rest < 0:
		w.replace(d.start, d.end, bare)
	case strings.Trim(prefix, " \t") == "":
		w.cuts = append(w.cuts, cut{start: line, end: lineEnd(w.s, d.end), apart: d.rest < 0})
	case strings.Trim(prefix, " \t>") == "":
		w.replace(line+len(strings.TrimRight(prefix, " \t")), len(strings.TrimRight(w.s[:lineEnd(w.s, d.end)], "\n")), "")
	default: // the first thing in a list item, which would end without it
		w.replace(d.start, d.start, `\`)
		return
	}
	if w.defined == line && strings.Count(prefix, ">") < strings.Count(w.prefix, ">") { // a lazy continuation line has nothing before it
		prefix = w.prefix
	}
	w.defined, w.prefix = lineEnd(w.s, d.end), prefix
	if d.rest >= 0 {
		w.rest(d, prefix)
	}
}

// rest keeps a paragraph a paragraph whose first lines were definitions.
func (w *splicer) rest(d *definition, prefix string) {
	line := lineStart(w.s, d.rest)
	own := w.s[line:d.rest]
	if own != prefix && !(d.restHeading && strings.Trim(own, " \t") == "") {
		w.replace(line, d.rest, prefix)
	}
	text := strings.TrimRight(w.s[d.rest:lineEnd(w.s, d.rest)], "\n")
	if d.restHeading || !beginsBlock(text) {
		return
	}
	if text[0] == '<' { // an escape would make text of a tag
		w.replace(d.rest, d.rest, "&#32;")
		return
	}
	at := d.rest
	for at < len(w.s) && isDigit(w.s[at]) {
		at++
	}
	w.replace(at, at, `\`)
}

// footnotes puts the key into labels. An undefined one that could mean another source's footnote is text, and is written so.
func (w *splicer) footnotes() {
	for _, n := range w.notes {
		if n.defined {
			w.replace(n.start, n.end, w.key+noteSeparator+encodeLabel(n.label))
		} else {
			w.replace(n.start-2, n.start-2, `\`)
		}
	}
}

// encodeLabel writes a label so that labels which mean the same become equal, and none holds noteSeparator: where the key ends stays clear.
func encodeLabel(label string) string {
	var b strings.Builder
	for _, r := range noteKey(label) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		} else {
			b.WriteString("_" + strconv.FormatInt(int64(r), 16))
		}
	}
	return b.String()
}

// tag writes where a link of raw HTML leads, and makes a link of an image.
func (w *splicer) tag(r *rawTag, a aim) {
	if r.name == "img" {
		if r.hasTarget && r.target != "" {
			w.image(r, a)
		}
		return
	}
	if a.dest == "" && a.path == "" {
		return
	}
	dest := a.dest
	if dest == "" {
		dest = r.target
	}
	w.replace(r.value, r.valueEnd, `"`)
	w.slot(r.valueEnd, r.valueEnd, html.EscapeString(dest), a, r.start, r.end)
	w.replace(r.valueEnd, r.valueEnd, `"`)
}

// escapeHTML writes text among tags.
var escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// image makes a link of an <img>: Markdown in running text, and where the tag is a block of its own; HTML among HTML.
func (w *splicer) image(r *rawTag, a aim) {
	alt := altOf(r.alt, r.target)
	dest := a.dest
	if dest == "" {
		dest = r.target
	}
	plain := r.inside || isData(r.target)
	alone := r.first && r.last && r.isGap
	switch {
	case r.block && !alone:
		text := escapeHTML.Replace(alt)
		if !plain {
			text = `<a href="` + html.EscapeString(dest) + `">` + text + `</a>`
		}
		if r.first { // or the block would be none any more
			text = "<p>" + text + "</p>"
		}
		w.replace(r.start, r.end, text)
	case isData(r.target) && !r.inside:
		w.replace(r.start, r.end, `\[`+escapeText(alt)+`\]`)
	case plain:
		w.replace(r.start, r.end, escapeText(alt))
	default:
		w.unmark(r.start)
		w.replace(r.start, r.end, "["+escapeText(alt)+"]("+escapeDestination(dest)+")")
	}
}

// dataImages reports images whose bytes stand in the page: only their alt text is kept.
func (d *document) dataImages() []diag.Finding {
	var fs []diag.Finding
	report := func(start, end int) {
		fs = append(fs, diag.New("page-image", d.text.span(start, end).Place(), "an image whose bytes stand in the page; its alt text stays", ""))
	}
	for _, l := range d.links {
		if l.image && isData(l.target) {
			report(l.start, l.bracket)
		}
	}
	for _, r := range d.tags {
		if r.name == "img" && isData(r.target) {
			report(r.start, r.start+len("<img"))
		}
	}
	return fs
}
