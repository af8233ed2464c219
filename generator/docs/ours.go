package docs

import (
	"cmp"
	"slices"
	"strings"
)

// Link is a link of a text, or the definition of one.
type Link struct {
	At, End int    // bytes of the text: of the destination, or of the whole definition
	Line    int    // 0-based line of At
	Target  string // the destination, decoded
	Label   string // of a definition; else empty
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

// Unclosed says which block of Markdown would swallow whatever follows the text, "" where none would, and on which 0-based line it begins.
func Unclosed(body string) (what string, line int) {
	open := scan(body, func(*scanLine) bool { return true })
	switch {
	case open.depth > 0: // ends with its list item or quote
		return "", 0
	case open.kind == fence:
		what = "fence"
	case open.kind == htmlBlock && open.html < 6:
		what = htmlName(open)
	default:
		return "", 0
	}
	return what, strings.Count(body[:open.start], "\n")
}

// Heading finds the heading that a #fragment of a page means, by its Local; empty for the page as a whole. ok is false where there is none.
func (l *Library) Heading(p *Page, fragment string) (local string, ok bool) {
	doc := l.document(p)
	if doc.refused {
		return "", true
	}
	return doc.fragment(fragment)
}
