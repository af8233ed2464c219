package webpage

import (
	"strings"

	"golang.org/x/net/html"
)

// neverContent are the elements that hold nothing for a reader of Markdown.
var neverContent = set("script", "style", "noscript", "link", "meta", "head", "title", "base", "svg", "nav", "iframe", "dialog", "select", "datalist", "textarea", "canvas",
	"audio", "video", "embed", "input", "map", "area", "col", "colgroup", "param", "source", "track", "noembed", "noframes", "search")

// gone reports whether an element goes with all that is in it: it belongs to the site, or a reader never sees it.
func (r *reader) gone(n *html.Node) bool {
	if r.dropped[n] {
		return true
	}
	switch n.Data {
	case "math":
		return false
	case "button":
		return !isLabelButton(n)
	case "a":
		if isMark(n) || isChromeText(plainText(n, 40)) {
			return true
		}
	case "footer":
		if n.Parent == nil || n.Parent.Data != "blockquote" && n.Parent.Data != "figure" && n.Parent.Data != "figcaption" {
			return true
		}
	case "iframe":
		return attrOf(n, "title") == "" || !strings.HasPrefix(attrOf(n, "src"), "http")
	case "form":
		if isSearch(n) {
			return true
		}
	case "html", "body", "main", "article":
		return false // an element that holds the whole page may have any class
	}
	if neverContent[n.Data] || chromeRoles[attrOf(n, "role")] || chromeIDs[attrOf(n, "id")] {
		return true
	}
	if hasPart(n, chrome) {
		return true
	}
	return (hasPart(n, tocOfPage) || isTocID(attrOf(n, "id"))) && r.staysOnPage(n)
}

func isTocID(id string) bool {
	return id == "toc" || id == "TableOfContents" || id == "table-of-contents"
}

// isLabelButton reports whether a button names something that is content: a tab, or what it unfolds.
func isLabelButton(n *html.Node) bool {
	if attrOf(n, "role") == "tab" {
		return true
	}
	return (hasAttr(n, "aria-expanded") || hasAttr(n, "aria-controls")) && !hasAttr(n, "aria-haspopup") && !isChromeText(plainText(n, 40))
}

// isSearch reports whether a form searches, or asks how the page was.
func isSearch(n *html.Node) bool {
	about := strings.ToLower(attrOf(n, "role") + " " + attrOf(n, "class") + " " + attrOf(n, "id") + " " + attrOf(n, "action"))
	for _, word := range []string{"search", "feedback", "subscribe", "newsletter", "rating"} {
		if strings.Contains(about, word) {
			return true
		}
	}
	return false
}

// marks are the signs that a link to the place where it stands shows.
var marks = set("#", "¶", "§", "🔗", "⚓", "⚓︎", "\u200b", "link", "anchor", "permalink", "\uf0c1", "\ue9cb")

// markTitles begin the label of such a link.
var markTitles = []string{"direct link to", "permalink to", "permanent link", "section titled", "link to this", "copy link", "anchor link"}

// isMark reports whether a link only marks the place where it stands.
func isMark(n *html.Node) bool {
	if hasAttr(n, "data-footnote-backref") || hasClass(n, "footnote-backref") {
		return true
	}
	if (hasClass(n, "fn-backref") || attrOf(n, "role") == "doc-backlink") && strings.Trim(plainText(n, 20), "↩︎^↑ ") == "" {
		return true // in docutils it is the label of the note
	}
	if !strings.Contains(attrOf(n, "href"), "#") && hasAttr(n, "href") {
		return false
	}
	text := strings.ToLower(strings.TrimSpace(plainText(n, 80)))
	if text == "" {
		return false // nothing comes of it anyway
	}
	if marks[text] && strings.HasPrefix(attrOf(n, "href"), "#") {
		return text != "link" && text != "anchor" && text != "permalink" || inHeading(n)
	}
	for _, t := range markTitles {
		if strings.HasPrefix(text, t) && strings.HasPrefix(attrOf(n, "href"), "#") {
			return true
		}
	}
	return attrOf(n, "aria-hidden") == "true" && strings.HasPrefix(attrOf(n, "href"), "#") && len(text) < 4
}

func inHeading(n *html.Node) bool {
	for i := 0; n != nil && i < 4; n, i = n.Parent, i+1 {
		if headingLevel(n.Data) > 0 || n.Data == "dt" || n.Data == "summary" {
			return true
		}
	}
	return false
}

// chromeTexts are what links and buttons of a site say, in lower case.
var chromeTexts = map[string]bool{}

func init() {
	for _, line := range strings.Split(`edit this page
edit this page on github
edit on github
edit on gitlab
edit page
edit this doc
improve this page
improve this doc
suggest edits
suggest an edit
report an issue
report an issue with this page
view page source
show source
page source
copy page
copy to clipboard
copy code
copy as markdown
copy markdown
view as markdown
open in chatgpt
open in claude
ask ai
back to top
scroll back to top
return to top
skip to content
skip to main content
was this page helpful?
was this helpful?
is this page helpful?
did you find this page helpful?
last updated
on this page`, "\n") {
		chromeTexts[line] = true
	}
}

// isChromeText reports whether a text is what sites say around their pages.
func isChromeText(s string) bool {
	return len(s) < 40 && chromeTexts[strings.ToLower(strings.Join(strings.Fields(s), " "))]
}

// staysOnPage reports whether an element holds links, and all of them lead to the page it stands on: a table of contents that says again what
// the headings say. One that leads to other pages is content, often all that a page has.
func (r *reader) staysOnPage(n *html.Node) bool {
	links, leaves := 0, false
	walk(n, func(c *html.Node) bool {
		if c.Data == "a" && hasAttr(c, "href") {
			links++
			leaves = leaves || !r.onPage(attrOf(c, "href"))
		}
		return !leaves
	})
	return links > 0 && !leaves
}

// onPage reports whether a link leads to a place on its own page.
func (r *reader) onPage(href string) bool {
	path, _, found := strings.Cut(href, "#")
	if path == "" || !found {
		return found
	}
	if r.page == nil {
		return false
	}
	u, err := r.page.Parse(path)
	return err == nil && u.Host == r.page.Host && u.Path == r.page.Path && u.RawQuery == r.page.RawQuery
}

// walk visits the elements below n in order, until visit returns false.
func walk(n *html.Node, visit func(*html.Node) bool) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (!visit(c) || !walk(c, visit)) {
			return false
		}
	}
	return true
}

// plainText returns the text of an element with single spaces; of one that has more than about limit bytes the beginning. What never is content
// is left out.
func plainText(n *html.Node, limit int) string {
	text, _ := shortText(n, limit)
	return text
}

// shortText returns what plainText returns, and whether it is all.
func shortText(n *html.Node, limit int) (text string, all bool) {
	var b strings.Builder
	nodes := 0
	var add func(*html.Node) bool
	add = func(n *html.Node) bool {
		if nodes++; nodes > 200 {
			return false
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data[:min(len(n.Data), 4*limit)])
			return b.Len() < 4*limit
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && (neverContent[c.Data] || hasPart(c, chrome)) {
				continue
			}
			if !add(c) {
				return false
			}
		}
		return true
	}
	all = add(n)
	return strings.Join(strings.Fields(b.String()), " "), all
}
