// Package webpage turns a page of a website, which is HTML, into Markdown: its main content, with nothing of the site around it.
//
// Whatever a reader learns from the page is kept: words, code with its language, tables, lists, tabs, also hidden ones. What a site puts around
// its pages goes. Every input is somebody else's: a page costs time and memory in line with its size, whatever is in it.
//
// The way of a page: bytes → tree (tree.go) → the elements of its content (theme.go, chrome.go) → blocks and pieces of text (read.go and what
// it calls) → Markdown (write.go, inline.go, escape.go).
package webpage

import "net/url"

// Version is that of the conversion. It goes up with every change of what comes out of a page that a website did not change: skillgen.lock keeps it,
// and a page that an older one converted is asked for anew.
const Version = 1

// Options say how one page is to be read.
type Options struct {
	URL     *url.URL // where the page stands: its relative links become absolute. nil: links stay as they are
	Content string   // CSS selector of the main content; empty: the theme's
	Drop    []string // CSS selectors of what is dropped as well
	Lines   bool     // say where each line comes from
}

// Page is what was made of a page.
type Page struct {
	Title    string // of the content: its H1, else the document's title without the name of the site; one line of plain text
	Markdown string // the content: CommonMark with GitHub's tables; LF, one final newline; empty where the page has no words
	Theme    string // the row of the table of themes that fitted: "docusaurus", "sphinx", …; "selector" for Options.Content, "page" for none
	Words    int    // of the content
	Lines    []int  // with Options.Lines: for each line of Markdown the 1-based line of the input it comes from, or which caused it
}

// Convert reads a page of UTF-8 (see Decode) and returns its content. Bytes that are no UTF-8 become U+FFFD.
//
// What Markdown has no form for is written so: tabs and <details> as a bold line with the label before each panel; the file name of a code
// block as a bold line before it; admonitions as block quotes that begin with a bold label; definition lists as bullet lists; rows of tables
// that hold code blocks as list items; code that shows removed lines as a diff; <sub>, <sup> and <kbd> as such; formulas as their TeX source.
//
// An error says that a selector can't be parsed, or costs too much on this page.
func Convert(html []byte, o Options) (*Page, error) {
	chosen, err := compile(o)
	if err != nil {
		return nil, err
	}
	t := grow(toUTF8(html), o.Lines)
	theme, content, err := choose(t, chosen)
	if err != nil {
		return nil, err
	}
	r := newReader(t, theme, o)
	r.prepare(content)
	blocks, notes := r.settle(tidy(r.read(content)))
	last := int32(0)
	if o.Lines {
		last = t.last
	}
	page := write(blocks, notes, r.links, last)
	page.Title = title(t, blocks)
	page.Theme = theme.name
	return page, nil
}
