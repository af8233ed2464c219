package webpage

import "golang.org/x/net/html"

// assignSlots finds elements whose content a declarative shadow root lays out (HTML §4.12.3): their children stand where its slots are.
func (r *reader) assignSlots(content *html.Node) {
	walk(content, func(n *html.Node) bool {
		root := shadowRoot(n)
		if root == nil {
			return true
		}
		r.slotted[n] = nil
		slots := map[string]*html.Node{}
		for _, s := range inside(root, func(c *html.Node) bool { return c.Data == "slot" }, nil) {
			r.slots[n] = append(r.slots[n], s)
			if name := attrOf(s, "name"); slots[name] == nil {
				slots[name] = s
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c == root {
				continue
			}
			name := ""
			if c.Type == html.ElementNode {
				name = attrOf(c, "slot")
			}
			to := slots[name]
			if to == nil {
				to = n // no slot shows it; it stands after the rest, as words are not to be lost
			}
			r.slotted[to] = append(r.slotted[to], c)
		}
		return true
	})
}

func shadowRoot(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "template" && (hasAttr(c, "shadowrootmode") || hasAttr(c, "shadowroot")) {
			return c
		}
	}
	return nil
}

// host reads an element with a shadow root, or a slot that shows children of one.
func (r *reader) host(n *html.Node, f *flow, st state) {
	shown := r.slotted[n]
	delete(r.slotted, n)
	if root := shadowRoot(n); root != nil && n.Data != "slot" {
		if r.gone(n) {
			return
		}
		r.children(root, f, st)
		for _, s := range r.slots[n] { // those that stand in something that is gone
			for _, c := range r.slotted[s] {
				r.node(c, f, st)
			}
			delete(r.slotted, s)
		}
	}
	for _, c := range shown {
		r.node(c, f, st)
	}
}
