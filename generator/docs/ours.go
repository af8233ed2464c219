package docs

import (
	"cmp"
	"slices"
	"strings"

	"skillgen/generator/source"
)

// Link is a link of a text, or the definition of a link or footnote.
type Link struct {
	At, End int    // bytes of the text: of the destination, of a definition as a whole, of a footnote's label
	Line    int    // 0-based line of At
	Target  string // the destination, decoded; empty for a footnote
	Label   string // of a definition, of a footnote with its ^; else empty
}

// Links finds the links of Markdown that was expanded from templates, in the order of the text: those that name their destination, and the
// definitions of the others. fault says why a text can't be read, and on which 0-based line.
func Links(body string) (links []Link, fault string, line int) {
	if !strings.Contains(body, "](") && !strings.Contains(body, "]:") && !strings.Contains(body, "<a") && !strings.Contains(body, "<A") {
		return nil, "", 0
	}
	_, h := prescan(body)
	var tree *parsed
	if h == nil {
		tree = parse(body, nil)
		h = tree.fault
	}
	if h != nil {
		return nil, h.what, strings.Count(body[:min(h.at, len(body))], "\n")
	}
	return linksOf(outlineOf(tree), body), "", 0
}

func linksOf(o *outline, body string) []Link {
	var all []Link
	for _, l := range o.links {
		if !l.ref {
			all = append(all, Link{At: l.dest, End: l.destEnd, Target: strings.TrimSpace(decode(l.target))})
		}
	}
	for _, d := range o.defs {
		label := body[d.start+1 : d.end]
		all = append(all, Link{At: d.start, End: d.end, Target: strings.TrimSpace(decode(d.target)), Label: label[:max(labelEnd("["+label)-1, 0)]})
	}
	for _, n := range o.notes {
		if n.defined && strings.HasPrefix(body[n.end:], "]:") {
			all = append(all, Link{At: n.start, End: n.end, Label: "^" + n.label})
		}
	}
	for _, r := range o.tags {
		if r.name == "a" && r.hasTarget {
			all = append(all, Link{At: r.value, End: r.valueEnd, Target: r.target})
		}
	}
	slices.SortFunc(all, func(a, b Link) int { return cmp.Compare(a.At, b.At) })
	line, from := 0, 0
	for i := range all {
		line += strings.Count(body[from:all[i].At], "\n")
		from = all[i].At
		all[i].Line = line
	}
	return all
}

// Unclosed is a block of Markdown that would swallow whatever follows its text.
type Unclosed struct {
	What string // "fence", "<pre>"; empty where nothing is open
	Line int    // 0-based line on which it begins
}

// Headings finds the headings of Markdown text that skillgen wrote or expanded, setext ones too, and what the text leaves open.
func Headings(body string) ([]source.Heading, Unclosed) {
	var all []source.Heading
	var locals Slugger
	line, start := 0, 0
	var said [][2]int // the lines of the paragraph, without what stands before them
	open := scan(body, func(l *scanLine) bool {
		line++
		var text string
		switch {
		case l.kind == textLine:
			if l.first {
				start, said = l.text, said[:0]
			}
			said = append(said, [2]int{l.text, l.end})
			return true
		case l.kind == headingLine:
			start = l.text
			text = atxText(body[l.text:l.end], l.level)
		case l.kind == underlineLine:
			text = setextText(body, said)
		default:
			return true
		}
		slug := Slug(text)
		above := strings.Count(body[min(start, l.start):l.start], "\n")
		all = append(all, source.Heading{Offset: start, Line: line - 1 - above, Level: l.level, Text: text, Slug: slug, Local: locals.Next(slug)})
		return true
	})
	return all, openAfter(body, open)
}

// setextText returns what a reader sees of a setext heading whose lines these are.
func setextText(body string, lines [][2]int) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(body[l[0]:l[1]] + "\n")
	}
	return headingText(b.String() + "===\n")
}

func openAfter(body string, open leaf) Unclosed {
	what := ""
	switch {
	case open.depth > 0: // ends with its list item or quote
		return Unclosed{}
	case open.kind == fence:
		what = "fence"
	case open.kind == htmlBlock && open.html < 6:
		what = htmlName(open)
	default:
		return Unclosed{}
	}
	return Unclosed{what, strings.Count(body[:open.start], "\n")}
}

// Heading finds the heading that a #fragment of a page means, by its Local; empty for the page as a whole. ok is false where there is none.
func (l *Library) Heading(p *Page, fragment string) (local string, ok bool) {
	doc := l.document(p)
	if doc.refused {
		return "", true
	}
	return doc.fragment(fragment)
}

// unhung takes off the indentation that the further lines of a list item have because its first one stands behind a marker: what is a paragraph
// there is none otherwise. A text that begins a line of its file has none.
func (t *mdText) unhung() *mdText {
	before := t.file.Text[:t.origin(0)]
	column := 0
	for _, c := range before[strings.LastIndexByte(before, '\n')+1:] {
		column = advance(column, byte(c))
	}
	if column == 0 {
		return t
	}
	var edits []edit
	for from := lineEnd(t.s, 0); from < len(t.s); from = lineEnd(t.s, from) {
		at, to := 0, from
		for at < column && to < len(t.s) && (t.s[to] == ' ' || t.s[to] == '\t') {
			at = advance(at, t.s[to])
			to++
		}
		edits = append(edits, edit{start: from, end: to, with: strings.Repeat(" ", max(0, at-column))})
	}
	out, _ := t.apply(edits)
	return out
}

// advance returns the column after a byte at a column; a tab goes on to the next multiple of four.
func advance(column int, c byte) int {
	if c == '\t' {
		return column + 4 - column%4
	}
	return column + 1
}
