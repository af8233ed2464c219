// Package webpage turns a page of a website, which is HTML, into Markdown: its main content, with nothing of the site around it.
//
// Whatever a reader learns from the page is kept: words, code with its language, tables, lists, tabs, also hidden ones. What a site puts around
// its pages goes. Every input is somebody else's: a page costs time and memory in line with its size, whatever is in it.
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
