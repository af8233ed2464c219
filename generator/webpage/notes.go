package webpage

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// matchNotes finds footnotes: a link that is marked as a reference, and the element that it leads to, which is marked as a note. Where only
// one of the two is there, both stay what they are.
func (r *reader) matchNotes(content []*html.Node) {
	targets := map[string]*html.Node{}
	var links []*html.Node
	var look func(*html.Node, bool)
	look = func(n *html.Node, inNote bool) {
		for c := firstElement(n); c != nil; c = nextElement(c) {
			if id := attrOf(c, "id"); id != "" && targets[id] == nil {
				targets[id] = c
			}
			if c.Data == "a" && !inNote && isNoteLink(c) {
				links = append(links, c)
			}
			look(c, inNote || isNote(c)) // a note that only notes refer to would not be shown
		}
	}
	for _, n := range content {
		look(n, false)
	}
	used, texts := map[string]int{}, map[*html.Node]string{}
	for _, a := range links {
		id, _ := strings.CutPrefix(attrOf(a, "href"), "#")
		def := noteOf(targets[id])
		text, all := shortText(a, 40)
		if def == nil || inHeading(a.Parent) || holdsBlock(a) || !all || len(text) > 20 {
			continue
		}
		if said, ok := texts[def]; ok && said != text || text == "" || strings.ContainsFunc(text, isForeignLetter) {
			continue // a label would not say what the link says
		}
		label := r.defs[def]
		if label == "" {
			label = noteLabel(text, used)
			r.defs[def], texts[def] = label, text
		}
		r.refs[outerRef(a)] = label
	}
}

func isForeignLetter(c rune) bool { return c >= 0x80 && (unicode.IsLetter(c) || unicode.IsDigit(c)) }

// isNoteLink reports whether a link is marked as a reference to a footnote.
func isNoteLink(a *html.Node) bool {
	if !strings.HasPrefix(attrOf(a, "href"), "#") {
		return false
	}
	if hasAttr(a, "data-footnote-ref") || attrOf(a, "role") == "doc-noteref" {
		return true
	}
	for class := range classes(a) {
		if class == "footnote-ref" || class == "footnote-reference" || class == "footnote" || class == "footref" {
			return true
		}
	}
	p := a.Parent
	return p != nil && p.Data == "sup" && (hasClass(p, "footnote-ref") || hasClass(p, "footnote") || hasClass(p, "footnote-reference"))
}

// noteOf returns the element that is the footnote to which an id belongs.
func noteOf(n *html.Node) *html.Node {
	for i := 0; n != nil && i < 3; n, i = n.Parent, i+1 {
		switch {
		case n.Data == "li" && marksNotes(n.Parent):
			return n
		case (n.Data == "aside" || n.Data == "div") && hasClass(n, "footnote") && (attrOf(n, "role") == "note" || n.Data == "aside" || hasAttr(n, "id")):
			return n
		case n.Data == "div" && hasClass(n, "footnote-definition"):
			return n // mdBook
		case attrOf(n, "role") == "doc-footnote" || attrOf(n, "role") == "doc-endnote":
			return n
		case n.Data == "dt" && n.Parent != nil && n.Parent.Data == "dl" && hasClass(n.Parent, "footnote"):
			return n // docutils before version 0.18
		}
	}
	return nil
}

// marksNotes reports whether a list, or what it stands in, is marked as footnotes.
func marksNotes(n *html.Node) bool {
	for i := 0; n != nil && i < 3; n, i = n.Parent, i+1 {
		if hasAttr(n, "data-footnotes") || attrOf(n, "role") == "doc-endnotes" {
			return true
		}
		for class := range classes(n) {
			if class == "footnotes" || class == "footnote" || class == "footnotes-list" || class == "footnote-definition" {
				return true
			}
		}
	}
	return false
}

// outerRef returns the <sup> that holds nothing but the link, and brackets around it; else the link.
func outerRef(a *html.Node) *html.Node {
	p := a.Parent
	if p == nil || p.Data != "sup" {
		return a
	}
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		if c != a && (c.Type == html.ElementNode || strings.Trim(c.Data, "[] \n") != "") {
			return a
		}
	}
	return p
}

// isNote reports whether an element is marked as a footnote.
func isNote(n *html.Node) bool {
	return n.Data == "li" && marksNotes(n.Parent) || n.Data != "a" && n.Data != "sup" && (hasClass(n, "footnote") || hasClass(n, "footnote-definition"))
}

// noteLabel makes a label of letters, digits and hyphens that no other note has.
func noteLabel(text string, used map[string]int) string {
	label := strings.Map(func(c rune) rune {
		if c < 0x80 && (isAlnum(byte(c)) || c == '-') {
			return c
		}
		return -1
	}, text)
	if label == "" || len(label) > 20 {
		label = "note"
	}
	used[label]++
	if n := used[label]; n > 1 {
		label += "-note" + strconv.Itoa(n) // no label ends so by itself: digits stand alone, or the text is cut to them
	}
	return label
}

// note reads a footnote; it is written at the end of the page.
func (r *reader) note(n *html.Node, label string) {
	delete(r.defs, n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (hasClass(c, "label") || hasClass(c, "footnote-definition-label")) {
			r.dropped[c] = true // its number, in docutils and mdBook
		}
	}
	b := &block{kind: note, label: label, line: r.tree.line(n)}
	if n.Data == "dt" {
		for dd := nextElement(n); dd != nil && dd.Data == "dd"; dd = nextElement(dd) {
			b.blocks = append(b.blocks, r.flowOf(dd, state{depth: 1}).blocks...)
			r.dropped[dd] = true
		}
	} else {
		numbered := r.dropNumber(n, label)
		b.blocks = r.flowOf(n, state{depth: 1}).blocks
		if numbered && len(b.blocks) > 0 && len(b.blocks[0].pieces) > 0 && b.blocks[0].pieces[0].text != "." {
			first := &b.blocks[0].pieces[0]
			first.text = strings.TrimLeft(first.text, ". ")
		}
	}
	if len(b.blocks) == 0 {
		b.blocks = []*block{{kind: paragraph, pieces: []piece{{kind: words, text: label, line: b.line}}, line: b.line}}
	}
	r.found = append(r.found, b)
}

// dropNumber drops the number that a note begins with, a link back to the text (Asciidoctor, DocBook); it reports whether there is one.
func (r *reader) dropNumber(n *html.Node, label string) bool {
	for range 3 {
		first := firstElement(n)
		if first == nil {
			return false
		}
		for c := n.FirstChild; c != first; c = c.NextSibling {
			if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
				return false
			}
		}
		if first.Data == "a" && strings.HasPrefix(attrOf(first, "href"), "#") && strings.Trim(plainText(first, 40), "[] ") == label {
			r.dropped[first] = true
			return true
		}
		n = first
	}
	return false
}

// settle sees to it that each reference has its note, and each note a reference: one of the two may stand where it could not be read as such,
// in code. A reference alone becomes text, a note alone a part of the page.
func (r *reader) settle(blocks []*block) (page, notes []*block) {
	have, used := map[string]bool{}, map[string]bool{}
	for _, n := range r.found {
		have[n.label] = true
	}
	eachPiece(blocks, func(p *piece) {
		if p.kind == noteRef && !have[p.text] {
			p.kind, p.text = words, p.url
		} else if p.kind == noteRef {
			used[p.text] = true
		}
	})
	for _, n := range r.found {
		eachPiece(n.blocks, func(p *piece) {
			if p.kind == noteRef {
				p.kind, p.text = words, p.url // a note that only notes refer to is not shown
			}
		})
		if used[n.label] {
			notes = append(notes, n)
		} else {
			blocks = append(blocks, n.blocks...)
		}
	}
	return blocks, notes
}

// eachPiece visits all running text of blocks.
func eachPiece(blocks []*block, visit func(*piece)) {
	for _, b := range blocks {
		for i := range b.pieces {
			visit(&b.pieces[i])
		}
		for _, row := range b.rows {
			for _, c := range row.cells {
				for _, line := range c.lines {
					for i := range line {
						visit(&line[i])
					}
				}
			}
		}
		eachPiece(b.blocks, visit)
	}
}
