package docs

import (
	"html"
	"path"
	"slices"
	"strings"

	"skillgen/generator/source"
	"skillgen/generator/webpage"
)

// isHTML reports whether a file name is that of a page of HTML.
func isHTML(name string) bool { return strings.ToLower(path.Ext(name)) == ".html" }

// htmlText makes Markdown of a page of HTML that lies in the project: its main content. Each line comes from the line that says it; links stay
// as they are, and are resolved like those of other pages.
func htmlText(f *source.File) (title string, text *mdText, err error) {
	p, err := webpage.Convert([]byte(f.Text), webpage.Options{Lines: true})
	if err != nil {
		return "", nil, err
	}
	text = &mdText{file: f, s: p.Markdown}
	at := 0
	for _, line := range p.Lines {
		if at >= len(text.s) {
			break
		}
		text.note(piece{at: at, file: f, src: f.Offset(line), fixed: true, made: blankAt(text.s, at)})
		at = lineEnd(text.s, at)
	}
	if len(text.pieces) == 0 {
		text.pieces = []piece{{file: f, fixed: true}}
	}
	return p.Title, text, nil
}

// htmlIDs finds the ids of a page of HTML: where in its Markdown stands what a #fragment names. The ids of a heading, and those right before it, are
// the heading's, which is found by its words; others are found by their line.
func htmlIDs(f *source.File, d *document) []anchor {
	var all []anchor
	var open []string // ids since the last text
	headings := map[string][]int{}
	for i, h := range d.headings {
		headings[loose(h.text)] = append(headings[loose(h.text)], i)
	}
	s := f.Text
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], '<')
		if i < 0 {
			break
		}
		if strings.TrimSpace(s[at:at+i]) != "" {
			all, open = append(all, byLine(f, d, at, open)...), nil
		}
		at += i
		t, ok := readTag(s, at)
		if !ok {
			at++
			continue
		}
		at = t.end
		if id, ok := t.get("id"); ok && id.value != "" && !t.closing {
			open = append(open, id.value)
		}
		if len(t.name) == 2 && t.name[0] == 'h' && '1' <= t.name[1] && t.name[1] <= '6' && !t.closing {
			text, inner, end := htmlHeading(s, at, t.name)
			open, at = append(open, inner...), end
			if same := headings[loose(text)]; len(same) > 0 {
				for _, id := range open {
					all = append(all, anchor{d.headings[same[0]].at, id})
				}
				headings[loose(text)], open = same[1:], nil
			}
		}
	}
	slices.SortStableFunc(all, func(a, b anchor) int { return a.at - b.at })
	return all
}

// byLine places ids where the Markdown of their line begins.
func byLine(f *source.File, d *document, at int, ids []string) []anchor {
	if len(ids) == 0 {
		return nil
	}
	line := f.Line(at)
	i, _ := slices.BinarySearchFunc(d.text.pieces, line, func(p piece, line int) int { return f.Line(p.src) - line })
	if i == len(d.text.pieces) {
		return nil
	}
	var all []anchor
	for _, id := range ids {
		all = append(all, anchor{d.text.pieces[i].at, id})
	}
	return all
}

// maxHeading is how far the end of a heading is looked for.
const maxHeading = 4 << 10

// htmlHeading reads a heading from the end of its opening tag on: its text, the ids in it, and where it ends.
func htmlHeading(s string, at int, name string) (text string, ids []string, end int) {
	var b strings.Builder
	limit := min(len(s), at+maxHeading)
	for i := at; i < limit; {
		if s[i] != '<' {
			b.WriteByte(s[i])
			i++
			continue
		}
		t, ok := readTag(s[:limit], i)
		if !ok {
			i++
			continue
		}
		if t.closing && t.name == name {
			return html.UnescapeString(b.String()), ids, t.end
		}
		if id, ok := t.get("id"); ok && id.value != "" {
			ids = append(ids, id.value)
		}
		i = t.end
	}
	return "", nil, at
}
