package webpage

import (
	"strings"

	"golang.org/x/net/html"
)

// part is what a class says an element is, whatever the theme: themes share these names, and plugins bring theirs into every theme.
type part uint8

const (
	plain      part = iota
	chrome          // of the site, not of the page
	tocOfPage       // a table of contents: it goes if all its links stay on the page
	numbers         // line numbers of code
	codeTitle       // file name or caption of a code block
	quoteBox        // admonition
	quoteTitle      // its title
	codeTable       // a table that lays out code beside its line numbers
	codeLine        // one line of code
	formula         // TeX
	signature       // of a function or class
	standApart      // a run of text that no space parts from its neighbour in the source, and that stands apart on the page
	caption         // of what follows
	fileTree        // a tree of files: its folders are <details>
)

// parts is keyed by class. A name that ends in "_" stands for the hashed names of CSS modules, "codeBlockTitle_OeMC".
var parts = map[string]part{}

func init() {
	for what, words := range map[part]string{
		chrome: `copybtn copybutton copy-button copy-btn btn-clipboard btn-copy clipboard-button zeroclipboard-container md-clipboard md-code__button md-code__nav
			headerlink header-anchor hash-link anchorjs-link sl-anchor-link heading-anchor headeranchor-link header-link viewcode-link viewcode-back srclink
			theme-edit-this-page theme-last-updated edit-page-link edit-link edit-info edit-this-page edit-page last-updated md-source-file md-source-date md-content__button
			feedback page-feedback feedback-container was-this-helpful page-rating md-feedback helpful
			pagination-nav pagination pager prev-next prev-next-area prev-next-footer prev-next-bottom pagination-links related-pages rst-footer-buttons page-nav
			page-navigation docs-prevnext prevnext nav-wrapper nav-wide-wrapper mobile-nav-chapters nav-chapters nav-links navheader navfooter theme-doc-footer theme-doc-footer-edit-meta-row
			theme-doc-toc-mobile theme-doc-toc-desktop tocCollapsible_ toc-mobile on-this-page page-toc toc-drawer md-nav bd-toc td-toc sidetoc localtoc minitoc VPDocAsideOutline
			breadcrumb breadcrumbs wy-breadcrumbs theme-doc-breadcrumbs bd-breadcrumbs td-breadcrumbs breadcrumb-nav
			theme-doc-version-banner theme-doc-version-badge md-version version-switcher version-selector rst-versions
			search-box searchbox DocSearch DocSearch-Button search-form md-search VPNavBarSearch
			skip-link skiplink skip-to-content skip-nav sl-skip-link VPSkipLink md-skip skipToContent_ visually-hidden-focusable
			ethical-ad ethical-sidebar ea-placement carbonads carbon-ads adsbygoogle ad-container advertisement bsa-native
			cookie-banner cookie-consent cookies-banner cc-banner cookieconsent
			social-share share-buttons back-to-top md-top backToTopButton_ theme-back-to-top-button
			material-icons material-icons-outlined material-symbols-outlined material-symbols-rounded octicon-link
			sr-only visually-hidden screen-reader-text screen-reader-only only-dark dark-only hideme
			line-numbers-wrapper`,
		tocOfPage:  `toc table-of-contents tableofcontents contents toctitle`,
		numbers:    `linenos lineno line-number line-numbers line-numbers-rows linenodiv gutter ln lnt rouge-gutter blob-num hljs-ln-numbers line-num code-line-number codeLineNumber_`,
		codeTitle:  `codeBlockTitle_ code-block-caption code-block-title code-title filename snippet-filename remark-code-title gatsby-code-title rehype-code-title`,
		quoteBox:   `admonition theme-admonition custom-block hint-container starlight-aside markdown-alert admonitionblock blockquote-tag bd-callout callout nextra-callout`,
		quoteTitle: `admonition-title admonitionHeading_ admonition-heading starlight-aside__title custom-block-title hint-container-title markdown-alert-title blockquote-tag-title topic-title sidebar-title alert-heading callout-title alert-title`,
		codeTable:  `highlighttable lntable rouge-table hljs-ln code-table highlight-table`,
		codeLine:   `line ec-line token-line code-line view-line cl codeLine_`,
		formula:    `math arithmatex katex katex-display MathJax MathJax_Display`,
		signature:  `sig sig-object descname descclassname code-header`,
		standApart: `classifier badge sl-badge VPBadge md-tag tag since portability stab desc description subtitle chip`,
		caption:    `rubric`,
		fileTree:   `file-tree filetree`,
	} {
		for _, class := range strings.Fields(words) {
			parts[class] = what
		}
	}
}

// chromeIDs are the elements that go by their id. (Headings give their sections ids too: only names that no heading makes are here.)
var chromeIDs = set("onetrust-consent-sdk", "onetrust-banner-sdk", "disqus_thread", "carbonads")

// chromeRoles are the roles of ARIA that no content has.
var chromeRoles = set("navigation", "search", "banner", "contentinfo", "menu", "menubar", "toolbar", "tooltip", "dialog", "alertdialog", "scrollbar")

// partOf returns what the classes of an element say; the first that says something counts.
func partOf(n *html.Node) part {
	for class := range classes(n) {
		if p := parts[class]; p != plain {
			return p
		}
		if p := parts[unhashed(class)]; p != plain {
			return p
		}
	}
	return plain
}

// hasPart reports whether any class of an element says it is p.
func hasPart(n *html.Node, p part) bool {
	if n.Type != html.ElementNode {
		return false
	}
	for class := range classes(n) {
		if parts[class] == p || parts[unhashed(class)] == p {
			return true
		}
	}
	return false
}

// unhashed returns the name of a class of CSS modules, "codeBlockTitle_" for "codeBlockTitle_OeMC"; "" for another class.
func unhashed(class string) string {
	i := strings.LastIndexByte(class, '_')
	if i < 1 || len(class)-i < 4 || len(class)-i > 9 || class[i-1] == '_' {
		return ""
	}
	return class[:i+1]
}

// classes are the classes of an element in order.
func classes(n *html.Node) func(func(string) bool) {
	return strings.FieldsSeq(attrOf(n, "class"))
}

func hasClass(n *html.Node, class string) bool {
	for c := range classes(n) {
		if c == class {
			return true
		}
	}
	return false
}
