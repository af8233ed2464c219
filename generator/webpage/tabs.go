package webpage

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// tabSet is a row of the table of tabs that do not use the roles of ARIA: the class of the element that holds a set, and which elements in it
// are the labels and the panels, in the same order.
type tabSet struct {
	set      string
	label    string // name of the element
	panel    string // class of the element; "" with no panelTag: what the last element of the set holds
	panelTag string
}

var tabSets = []tabSet{
	{"vp-code-group", "label", "", ""},            // VitePress: div.tabs > label, div.blocks > div
	{"tabbed-set", "label", "tabbed-block", ""},   // Material, alternate style
	{"tabbed-set", "label", "tabbed-content", ""}, // Material, older style
	{"tab-set", "label", "tab-content", ""},       // sphinx-inline-tabs
	{"sd-tab-set", "label", "sd-tab-content", ""}, // sphinx-design
	{"console-block", "label", "", "section"},     // Django
}

// maxLabel is how long the label of a tab may be; a longer one is none.
const maxLabel = 400

// tabParts are the elements of the content that have to do with tabs, in order.
type tabParts struct {
	ids    map[string]*html.Node
	lists  []*html.Node
	panels []*html.Node
	before []int // for each list: how many panels stand before it
	sets   []*html.Node
}

func tabPartsOf(content *html.Node) *tabParts {
	p := &tabParts{ids: map[string]*html.Node{}}
	walk(content, func(n *html.Node) bool {
		if id := attrOf(n, "id"); id != "" && p.ids[id] == nil {
			p.ids[id] = n
		}
		switch attrOf(n, "role") {
		case "tablist":
			p.lists = append(p.lists, n)
			p.before = append(p.before, len(p.panels))
		case "tabpanel":
			p.panels = append(p.panels, n)
		}
		for class := range classes(n) {
			if slices.ContainsFunc(tabSets, func(row tabSet) bool { return row.set == class }) {
				p.sets = append(p.sets, n)
			}
		}
		return true
	})
	return p
}

// matchTabs finds the tabs of the content: their labels go, and stand before their panels instead, hidden or not.
func (r *reader) matchTabs(content *html.Node) {
	p := tabPartsOf(content)
	for i, n := range p.lists {
		r.matchRoles(n, p, p.panels[p.before[i]:])
	}
	for _, n := range p.sets {
		r.matchSet(n)
	}
}

// matchRoles gives panels their labels by the roles of ARIA: by id where ids are there, else by order.
func (r *reader) matchRoles(list *html.Node, p *tabParts, after []*html.Node) {
	isList := func(n *html.Node) bool { return attrOf(n, "role") == "tablist" }
	tabs := inside(list, func(n *html.Node) bool { return attrOf(n, "role") == "tab" }, isList)
	if len(tabs) == 0 {
		return
	}
	named := 0
	for _, tab := range tabs {
		if _, all := shortText(tab, maxLabel); !all {
			return
		}
	}
	for _, tab := range tabs {
		id := attrOf(tab, "aria-controls")
		if id == "" {
			id, _ = strings.CutPrefix(attrOf(tab, "href"), "#")
		}
		if panel := p.ids[id]; id != "" && panel != nil && r.panels[panel] == "" && !within(tab, panel) && !within(panel, list) {
			r.name(panel, tab)
			named++
		}
	}
	if named > 0 {
		return // labels of panels that are not on the page stay where they are
	}
	for i, panel := range nextPanels(list, after, len(tabs)) {
		if r.panels[panel] == "" {
			r.name(panel, tabs[i])
		}
	}
}

// nextPanels returns the panels that follow a list of tabs in the element around both, if there are as many as tabs.
func nextPanels(list *html.Node, after []*html.Node, want int) []*html.Node {
	var around *html.Node
	var found []*html.Node
	for _, panel := range after {
		if len(found) > 0 && within(panel, found[len(found)-1]) || within(panel, list) {
			continue
		}
		if around == nil {
			for at, i := list.Parent, 0; at != nil && i < 3 && around == nil; at, i = at.Parent, i+1 {
				if within(panel, at) {
					around = at
				}
			}
		}
		if around == nil || !within(panel, around) {
			break
		}
		if found = append(found, panel); len(found) > want {
			return nil
		}
	}
	if len(found) != want {
		return nil
	}
	return found
}

// name makes a tab the label of a panel.
func (r *reader) name(panel, tab *html.Node) {
	label := plainText(tab, maxLabel)
	for _, key := range []string{"aria-label", "title"} {
		if !strings.ContainsFunc(label, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) && attrOf(tab, key) != "" {
			label = collapse(attrOf(tab, key)) // the label is an icon
		}
	}
	r.panels[panel] = label
	r.dropped[tab] = true
}

// matchSet gives panels their labels by a row of the table.
func (r *reader) matchSet(set *html.Node) {
	for _, row := range tabSets {
		if !hasClass(set, row.set) {
			continue
		}
		isSet := func(n *html.Node) bool { return n != set && hasClass(n, row.set) }
		labels := inside(set, func(n *html.Node) bool { return n.Data == row.label }, isSet)
		isPanel := func(n *html.Node) bool { return n.Data == row.panelTag || row.panel != "" && hasClass(n, row.panel) }
		panels := inside(set, isPanel, isPanel)
		if row.panel+row.panelTag == "" {
			panels = elementsOf(lastElement(set))
		}
		if len(labels) > len(panels) {
			labels = outsideOf(labels, panels)
		}
		long := slices.ContainsFunc(labels, func(n *html.Node) bool {
			_, all := shortText(n, maxLabel)
			return !all
		})
		if len(labels) == 0 || len(labels) != len(panels) || long {
			continue
		}
		for i, panel := range panels {
			r.name(panel, labels[i])
		}
		return
	}
}

// inside returns the elements below n that are wanted, in order, without looking into those at which it shall stop.
func inside(n *html.Node, want, stop func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	var look func(*html.Node)
	look = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				continue
			}
			if want(c) {
				found = append(found, c)
			}
			if stop == nil || !stop(c) {
				look(c)
			}
		}
	}
	look(n)
	return found
}

// outsideOf returns the nodes that stand in none of the panels: labels of tasks and of sets inside of them are not labels of this set.
func outsideOf(nodes, panels []*html.Node) []*html.Node {
	in := map[*html.Node]bool{}
	for _, p := range panels {
		in[p] = true
	}
	var out []*html.Node
	for _, n := range nodes {
		at := n
		for at != nil && !in[at] {
			at = at.Parent
		}
		if at == nil {
			out = append(out, n)
		}
	}
	return out
}

func within(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

func lastElement(n *html.Node) *html.Node {
	c := n.LastChild
	for c != nil && c.Type != html.ElementNode {
		c = c.PrevSibling
	}
	return c
}

func elementsOf(n *html.Node) []*html.Node {
	if n == nil {
		return nil
	}
	var all []*html.Node
	for c := firstElement(n); c != nil; c = nextElement(c) {
		all = append(all, c)
	}
	return all
}

// panel reads the panel of a tab: its label, then what is in it. A file name that says the same as the label is not said twice.
func (r *reader) panel(n *html.Node, label string, f *flow, st state) {
	f.flush()
	delete(r.panels, n)
	inner := &flow{}
	r.element(n, inner, st)
	inner.flush()
	blocks := inner.blocks
	titled := len(blocks) > 1 && blocks[0].kind == paragraph && blocks[1].kind == code && textOf(blocks[0].pieces) == label
	if label != "" && !titled {
		f.block(&block{kind: paragraph, pieces: asName([]piece{{kind: words, style: bold, text: label, line: r.tree.line(n)}}), line: r.tree.line(n)})
	}
	f.blocks = append(f.blocks, blocks...)
}
