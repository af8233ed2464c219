package webpage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// theme is a row of the table: a generator of sites, or one of its looks, and where on its pages the content stands. What plugins and
// generators share (admonitions, tabs, code) is recognised whatever the theme, see parts.go, tabs.go and code.go.
type theme struct {
	name    string
	signs   []string // any of them on a page means this theme: "generator:Docusaurus" (what <meta> begins with), "#id", ".class", "body.class"
	content []string // selectors of the content; the first that matches something with words counts, with all that it matches
	drop    []string // selectors of what goes as well
}

// themes are tried from the first to the last. Shapes were taken from pages that the generators made.
var themes = []theme{
	{"docusaurus", []string{"generator:Docusaurus", "#__docusaurus"},
		[]string{".theme-doc-markdown", "article .markdown", "main article", "main"},
		[]string{".theme-doc-footer", ".theme-doc-breadcrumbs", ".pagination-nav", ".tocCollapsible"}},
	{"starlight", []string{"generator:Starlight", "starlight-theme-select"},
		[]string{"main[data-pagefind-body]", "main"},
		[]string{"mobile-starlight-toc", "starlight-toc", ".sl-banner"}},
	{"vitepress", []string{"generator:VitePress", ".VPDoc", "#VPContent"},
		[]string{".vp-doc", "main"},
		[]string{"div[class*=language-] > span.lang", "div[class*=language-] > button.copy"}},
	{"mkdocs-material", []string{"generator:mkdocs-material", ".md-typeset"},
		[]string{"article.md-content__inner", ".md-content", "main"},
		[]string{".md-content__button", ".md-source-file", ".md-tags", ".md-feedback"}},
	{"furo", []string{"#furo-main-content", ".content-icon-container"},
		[]string{"article[role=main]", "article"}, nil},
	{"readthedocs", []string{".wy-nav-content", ".rst-content"},
		[]string{"[itemprop=articleBody]", "[role=main]", ".rst-content"}, []string{".rst-footer-buttons"}},
	{"pydata", []string{".bd-main", ".bd-sidebar", "#bd-docs-nav"},
		[]string{"article.bd-article", ".bd-article", "main .bd-article-container", "main"},
		[]string{".header-article", ".prev-next-area"}},
	{"django", []string{"#yui-main", "#docs-content"},
		[]string{"#docs-content", "#yui-main .yui-g"}, nil},
	{"sphinx", []string{".sphinxsidebar", ".documentwrapper", ".bodywrapper", ".sphinxsidebarwrapper"},
		[]string{"div.body[role=main]", "[role=main]", ".bodywrapper .body", ".documentwrapper .body"}, nil},
	{"mkdocs", []string{"#mkdocs-search-query", "#mkdocs_search_modal", "#mkdocs_keyboard_modal"},
		[]string{"[role=main]"}, []string{".source-links"}},
	{"mdbook", []string{"#menu-bar-hover-placeholder", "#mdbook-help-container", "#mdbook-sidebar", "#theme-list"},
		[]string{"#content main", "#mdbook-content main", "main"}, []string{".fa", ".buttons"}},
	{"rustdoc", []string{"generator:rustdoc", "body.rustdoc"},
		[]string{"#main-content", "main"},
		[]string{".out-of-band .srclink", "#toggle-all-docs", "#copy-path", "#settings-menu", "#help-button", ".rustdoc-breadcrumbs", "rustdoc-toolbar", "button", ".test-arrow", ".tooltip"}},
	{"docbook", []string{"generator:DocBook", "#docContent", ".navheader"},
		[]string{"#docContent", ".refentry, .sect1, .chapter, .appendix, .preface, .part, .book, .article, .reference, .bibliography, .glossary, .index", "body"}, []string{".navheader", ".navfooter"}},
	{"asciidoctor", []string{"generator:Asciidoctor"},
		[]string{"article.doc", "body"}, []string{"#footer", ".toc", "nav", "header.header"}},
	{"asciidoc", []string{"generator:AsciiDoc"},
		[]string{"body"}, []string{"#footer", "#footnotes hr", "#toc"}},
	{"nodejs", []string{"#apicontent"},
		[]string{"#apicontent"}, []string{".js-flavor-toggle", ".copy-button", ".stability_ignore"}},
}

// anyTheme is for pages that no row fits: the parts of a page that HTML itself has names for.
var anyTheme = theme{"page", nil, []string{"main", "article", "[role=main]", "body"},
	[]string{"body > header nav", "body > aside", ".sidebar > nav"}}

// compiled are the selectors of a theme or of the caller, made ready.
type compiled struct {
	theme
	content []cascadia.Selector
	drop    []cascadia.Selector
	costly  bool // some selector looks at more than an element and those that it stands in
}

// ready has the rows of the table with their selectors.
var ready = func() map[string]*compiled {
	all := map[string]*compiled{}
	for _, t := range append(slices.Clone(themes), anyTheme) {
		c := &compiled{theme: t}
		for _, s := range t.content {
			c.content = append(c.content, cascadia.MustCompile(s))
		}
		for _, s := range t.drop {
			c.drop = append(c.drop, cascadia.MustCompile(s))
		}
		all[t.name] = c
	}
	return all
}()

// maxMatch bounds what a costly selector of the caller may look at: pairs of siblings, or of an element and what it holds.
const maxMatch = 20_000_000

// compile makes the caller's selectors ready.
func compile(o Options) (*compiled, error) {
	c := &compiled{theme: theme{name: "selector"}}
	add := func(to *[]cascadia.Selector, what, s string) error {
		group, err := cascadia.ParseGroup(s)
		if err != nil {
			return fmt.Errorf("%s selector %q: %w", what, s, err)
		}
		*to = append(*to, func(n *html.Node) bool { return group.Match(n) })
		for _, part := range []string{"~", ":nth", ":has", ":contains", ":matches", ":only", ":first", ":last", ":haschild", ":not(", ":is("} {
			c.costly = c.costly || strings.Contains(strings.ToLower(s), part)
		}
		return nil
	}
	if o.Content != "" {
		if err := add(&c.content, "content", o.Content); err != nil {
			return nil, err
		}
	}
	for _, s := range o.Drop {
		if err := add(&c.drop, "drop", s); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// errCostly says that a selector would take too long on a page.
var errCostly = errors.New("the page has too many elements beside or inside one another for selectors that compare siblings or search elements; use simpler ones")

// choose returns the theme of a page and the elements of its content.
func choose(t *tree, c *compiled) (*compiled, []*html.Node, error) {
	if c.costly && matchCost(t.html) > maxMatch {
		return nil, nil, errCostly
	}
	row := ready[anyTheme.name]
	if len(c.content) > 0 {
		return &compiled{theme: c.theme, drop: c.drop}, matches(t.html, c.content[0]), nil
	}
	if name := recognise(t); name != "" {
		row = ready[name]
	}
	for _, from := range []*compiled{row, ready[anyTheme.name]} {
		for _, s := range from.content {
			if found := matches(t.html, s); hasWords(found) {
				return &compiled{theme: row.theme, drop: slices.Concat(from.drop, c.drop)}, found, nil
			}
		}
	}
	return &compiled{theme: row.theme, drop: c.drop}, []*html.Node{t.body}, nil
}

// recognise returns the name of the first theme that has a sign on the page; "" where none has.
func recognise(t *tree) string {
	seen := map[string]bool{}
	generator := ""
	for class := range classes(t.body) {
		seen["body."+class] = true
	}
	walk(t.html, func(n *html.Node) bool {
		if n.Data == "meta" && strings.EqualFold(attrOf(n, "name"), "generator") && generator == "" {
			generator = attrOf(n, "content")
		}
		if id := attrOf(n, "id"); id != "" {
			seen["#"+id] = true
		}
		for class := range classes(n) {
			if !seen[class] {
				seen[class] = true
			}
		}
		if strings.Contains(n.Data, "-") {
			seen[n.Data] = true
		}
		return true
	})
	for _, row := range themes {
		for _, sign := range row.signs {
			want, ok := strings.CutPrefix(sign, "generator:")
			if ok && strings.HasPrefix(generator, want) || seen[sign] || sign[0] == '.' && seen[sign[1:]] {
				return row.name
			}
		}
	}
	return ""
}

// matches returns the outermost elements that a selector matches, in order.
func matches(root *html.Node, s cascadia.Selector) []*html.Node {
	var found []*html.Node
	var look func(*html.Node)
	look = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				continue
			}
			if s(c) {
				found = append(found, c)
			} else {
				look(c)
			}
		}
	}
	look(&html.Node{Type: html.DocumentNode, FirstChild: root})
	return found
}

// hasWords reports whether any of the elements holds text.
func hasWords(nodes []*html.Node) bool {
	for _, n := range nodes {
		if holdsText(n) {
			return true
		}
	}
	return false
}

func holdsText(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) != "":
			return true
		case c.Type == html.ElementNode && !neverContent[c.Data] && holdsText(c):
			return true
		}
	}
	return false
}

// matchCost bounds what comparing each element with those before it, and searching each element, would look at.
func matchCost(n *html.Node) (cost int) {
	var size func(*html.Node) int
	size = func(n *html.Node) int {
		total, before := len(n.Data), 0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			total += size(c)
			cost += before
			before++
		}
		if n.Type == html.ElementNode {
			cost += total / 16
		}
		return total
	}
	size(n)
	return cost
}
