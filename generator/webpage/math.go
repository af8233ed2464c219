package webpage

import (
	"strings"

	"golang.org/x/net/html"
)

// formula reads an element whose class says that it shows a formula: as its TeX source where the page has it. It reports whether it does.
func (r *reader) formula(n *html.Node, f *flow, st state) bool {
	tex, display := texOf(n)
	if tex == "" {
		return false
	}
	r.tex(n, f, tex, display)
	return true
}

// mathML reads <math>: as TeX where an annotation holds it, else as its text.
func (r *reader) mathML(n *html.Node, f *flow, st state) {
	tex, display := texOf(n)
	if tex == "" {
		tex = attrOf(n, "alttext")
	}
	if tex != "" {
		r.tex(n, f, tex, display || attrOf(n, "display") == "block")
		return
	}
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				r.text(c, f, st)
			case c.Type == html.ElementNode && c.Data != "annotation" && c.Data != "annotation-xml":
				f.joint = true
				visit(c)
				f.joint = true
			}
		}
	}
	visit(n)
}

func (r *reader) tex(n *html.Node, f *flow, tex string, display bool) {
	if display {
		b := &block{kind: code, lang: "math", text: strings.Trim(lineFeeds(tex), "\n"), line: r.tree.line(n)}
		b.at = r.linesOf(n, b.text)
		f.block(b)
		return
	}
	f.add(piece{kind: formulaSpan, text: tex, line: r.tree.line(n)})
}

// linesOf returns for each line of a text the line on which it stands below n; nil where that is not known.
func (r *reader) linesOf(n *html.Node, text string) (at []int32) {
	for c := range n.Descendants() {
		if c.Type != html.TextNode || r.tree.line(c) == 0 {
			continue
		}
		if i := strings.Index(c.Data, text); i >= 0 {
			from := r.tree.line(c) + int32(strings.Count(c.Data[:i], "\n"))
			for range strings.Count(text, "\n") + 1 {
				at = append(at, from)
				from++
			}
			return at
		}
	}
	return nil
}

// texOf returns the TeX source of a formula, and whether it stands by itself. Renderers keep it as an annotation of MathML (KaTeX, MathJax 3),
// as a script (MathJax 2), or leave it to the browser as text between \( \), \[ \] or $$.
func texOf(n *html.Node) (tex string, display bool) {
	display = hasClass(n, "katex-display") || hasClass(n, "MathJax_Display") || attrOf(n, "display") == "true"
	walk(n, func(c *html.Node) bool {
		switch {
		case c.Data == "annotation" && strings.EqualFold(attrOf(c, "encoding"), "application/x-tex"),
			c.Data == "script" && strings.HasPrefix(attrOf(c, "type"), "math/tex"):
			tex = rawTextOf(c)
			display = display || strings.Contains(attrOf(c, "type"), "mode=display")
		case c.Data == "math" && attrOf(c, "display") == "block":
			display = true
		}
		return tex == ""
	})
	if tex = strings.TrimSpace(tex); tex != "" {
		return tex, display
	}
	if firstElement(n) != nil {
		return "", false
	}
	s := strings.TrimSpace(rawTextOf(n))
	for _, d := range []struct {
		open, close string
		display     bool
	}{{`\[`, `\]`, true}, {`$$`, `$$`, true}, {`\(`, `\)`, false}, {`$`, `$`, false}} {
		if inner, ok := strings.CutPrefix(s, d.open); ok {
			if inner, ok = strings.CutSuffix(inner, d.close); ok && strings.TrimSpace(inner) != "" {
				return strings.TrimSpace(inner), d.display
			}
		}
	}
	return "", false
}

func rawTextOf(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
