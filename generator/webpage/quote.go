package webpage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// kinds are the classes that say what an admonition is about, and the label that says so in words.
var kinds = map[string]string{
	"note": "Note", "info": "Info", "information": "Info", "tip": "Tip", "hint": "Hint", "success": "Success", "check": "Success", "done": "Success",
	"warning": "Warning", "warn": "Warning", "caution": "Caution", "attention": "Attention", "danger": "Danger", "error": "Error", "important": "Important",
	"seealso": "See also", "question": "Question", "help": "Question", "faq": "Question", "failure": "Failure", "fail": "Failure", "missing": "Failure",
	"bug": "Bug", "example": "Example", "abstract": "Abstract", "summary": "Summary", "tldr": "Summary", "todo": "Todo", "deprecated": "Deprecated",
	"quote": "Quote", "cite": "Quote", "secondary": "Note", "default": "Note", "details": "",
}

// kindPrefixes stand before a kind in a class.
var kindPrefixes = []string{"theme-admonition-", "starlight-aside--", "markdown-alert-", "blockquote-tag-", "bd-callout-", "admonish-", "admonition-", "alert--", "alert-",
	"callout-", "hint-", "custom-block-", "callout--"}

// telling are the labels that say more than that something stands aside: they are shown also where an admonition has a title of its own.
var telling = set("Warning", "Caution", "Attention", "Danger", "Error", "Important", "Tip", "Deprecated", "Bug", "Failure")

// kindOf returns what an admonition is about as its classes say it.
func kindOf(n *html.Node) string {
	for class := range classes(n) {
		class = strings.ToLower(class)
		for _, p := range kindPrefixes {
			if after, ok := strings.CutPrefix(class, p); ok {
				class = after
				break
			}
		}
		if k := kinds[class]; k != "" {
			return k
		}
	}
	return ""
}

// isQuoteBox reports whether an element is an admonition.
func (r *reader) isQuoteBox(n *html.Node) bool {
	switch n.Data {
	case "div", "aside", "section", "blockquote", "p":
	case "details":
		return kindOf(n) != "" && !hasClass(n, "alert")
	default:
		return hasPart(n, quoteBox)
	}
	if hasPart(n, quoteBox) {
		return true
	}
	class := attrOf(n, "class")
	switch {
	case class == "":
		return false
	case hasClass(n, "alert"):
		return kindOf(n) != "" || attrOf(n, "role") == "alert"
	case hasClass(n, "topic") || hasClass(n, "sidebar"):
		first := firstElement(n)
		return first != nil && hasPart(first, quoteTitle)
	case n.Data == "p":
		return class == "tip" || class == "warn" // docsify
	}
	switch strings.ToLower(class) {
	case "note", "tip", "important", "warning", "caution": // DocBook, mdBook
		return true
	}
	return false
}

func firstElement(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

// quoteBox reads an admonition as a block quote that begins with a label in bold type.
func (r *reader) quoteBox(n *html.Node, f *flow, st state) {
	f.flush()
	kind := kindOf(n)
	title := r.quoteTitle(n)
	inner := state{depth: st.depth + 1, link: st.link}
	var head []piece
	body := &flow{}
	if title != nil {
		head, body.blocks = joined(r.flowOf(title, inner).blocks)
		r.dropped[title] = true
	}
	head = withKind(head, kind, r.lineOf(n, head))
	if cell := adocBody(n); cell != nil {
		r.children(cell, body, inner)
	} else {
		r.children(n, body, inner)
	}
	body.flush()
	blocks := body.blocks
	if len(head) > 0 {
		embolden(head)
		blocks = append([]*block{{kind: paragraph, pieces: head, line: head[0].line}}, blocks...)
	}
	switch {
	case len(body.blocks) == 0 && title == nil || len(blocks) == 0:
	case st.depth >= maxContainers:
		f.blocks = append(f.blocks, blocks...)
	default:
		f.block(&block{kind: quote, blocks: blocks, line: r.tree.line(n)})
	}
}

// withKind returns the label of an admonition: its title, and what it is about where the title does not say so.
func withKind(title []piece, kind string, line int32) []piece {
	if len(title) == 0 {
		if kind == "" {
			return nil
		}
		return []piece{{kind: words, text: kind, line: line}}
	}
	text := textOf(title)
	if strings.EqualFold(text, kind) || kinds[strings.ToLower(text)] != "" && !telling[kind] {
		if len(title) == 1 {
			title[0].text = capitalised(text)
		}
		return title
	}
	if telling[kind] && !strings.Contains(strings.ToLower(text), strings.ToLower(kind)) {
		title[0].gap = true
		return append([]piece{{kind: words, text: kind + ":", line: line}}, title...)
	}
	return title
}

// capitalised writes "note" and "NOTE" as "Note".
func capitalised(s string) string {
	if s != strings.ToLower(s) && s != strings.ToUpper(s) {
		return s
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + strings.ToLower(s[n:])
}

// textOf returns running text without its styles.
func textOf(ps []piece) string {
	var b strings.Builder
	for _, p := range ps {
		if p.gap || p.kind == lineEnd {
			b.WriteByte(' ')
		}
		if p.kind == words || p.kind == codeSpan || p.kind == formulaSpan {
			b.WriteString(p.text)
		}
	}
	return strings.TrimSpace(b.String())
}

// quoteTitle returns the element that holds an admonition's title; nil where there is none.
func (r *reader) quoteTitle(n *html.Node) *html.Node {
	at := n
	if body := adocBody(n); body != nil {
		if first := firstElement(body); first != nil && hasClass(first, "title") {
			return first
		}
	}
	for range 7 {
		first := firstElement(at)
		for first != nil && r.gone(first) {
			first = nextElement(first)
		}
		if first == nil {
			return nil
		}
		for c := first; c != nil; c = nextElement(c) {
			if hasPart(c, quoteTitle) || c.Data == "summary" || hasClass(c, "title") && c.Data != "p" || c == first && headingLevel(c.Data) > 2 {
				return c
			}
		}
		at = first
	}
	return nil
}

func nextElement(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil && n.Type != html.ElementNode; n = n.NextSibling {
	}
	return n
}

// adocBody returns the cell that holds the text of an AsciiDoc admonition, which is laid out as a table of an icon and a text.
func adocBody(n *html.Node) *html.Node {
	if !hasClass(n, "admonitionblock") {
		return nil
	}
	var body *html.Node
	walk(n, func(c *html.Node) bool {
		if c.Data == "td" && hasClass(c, "content") {
			body = c
		}
		return body == nil
	})
	return body
}
