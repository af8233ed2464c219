package webpage

import (
	"strings"

	"golang.org/x/net/html"
)

// separators stand between the title of a page and the name of its site.
var separators = []string{" | ", " — ", " – ", " - ", " · ", " • ", " :: ", " » ", " / "}

// title returns the title of a page: its first H1, else that of the document without the name of the site.
func title(t *tree, blocks []*block) string {
	first := firstHeading(blocks)
	if first != nil && first.level == 1 {
		return textOf(oneLine(first.pieces))
	}
	whole := documentTitle(t)
	parts := []string{whole}
	for _, s := range separators {
		if cut := strings.Split(whole, s); len(cut) > 1 {
			parts = cut
			break
		}
	}
	if len(parts) == 1 {
		return whole
	}
	site := strings.TrimSpace(metaContent(t, "og:site_name"))
	heading := ""
	if first != nil {
		heading = textOf(oneLine(first.pieces))
	}
	for _, p := range parts {
		if strings.EqualFold(strings.TrimSpace(p), heading) {
			return heading
		}
	}
	if site != "" && strings.EqualFold(strings.TrimSpace(parts[0]), site) {
		parts = parts[1:]
	} else {
		parts = parts[:len(parts)-1]
	}
	return strings.TrimSpace(strings.Join(parts, " - "))
}

// firstHeading returns the first heading of the highest level that is there.
func firstHeading(blocks []*block) *block {
	var best *block
	var look func([]*block)
	look = func(blocks []*block) {
		for _, b := range blocks {
			if b.kind == heading && (best == nil || b.level < best.level) {
				best = b
			}
			look(b.blocks)
		}
	}
	look(blocks)
	return best
}

func documentTitle(t *tree) string {
	text := ""
	walk(t.html, func(n *html.Node) bool {
		if n.Data == "title" && text == "" && n.Parent == t.head {
			text = strings.TrimSpace(collapse(rawTextOf(n)))
		}
		return text == ""
	})
	return text
}

func metaContent(t *tree, name string) string {
	value := ""
	walk(t.head, func(n *html.Node) bool {
		if n.Data == "meta" && (attrOf(n, "property") == name || attrOf(n, "name") == name) {
			value = attrOf(n, "content")
		}
		return value == ""
	})
	return value
}
