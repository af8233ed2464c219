// Package docs turns pages of website docs into prose for skills. Markdown is spliced, never rendered again: what skillgen did not mean
// to change comes out byte for byte.
package docs

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Site says which URL a folder of pages has.
type Site struct{ Path, URL string }

// CleanKind is what a Rule takes out.
type CleanKind uint8

// A whole trimmed line; a section by the text of its heading; a literal.
const (
	DropLine CleanKind = iota
	DropSection
	Replace
)

// Rule is one entry of `clean`: site chrome to take out of pages, never inside code.
type Rule struct {
	Kind    CleanKind
	Pattern string // a literal, or a regular expression between slashes
	With    string // Replace only
	Pages   string // doublestar glob over page paths; empty: all pages
	At      source.Span
}

// Options are what the project says about its pages.
type Options struct {
	Roots []string // folders that hold pages: the project's website folder; the sites' folders are added
	Sites []Site
	Clean []Rule
}

// Library is all pages of a project. It is safe for concurrent use after Open.
type Library struct{}

// Page is one page of docs.
type Page struct {
	File  *source.File
	Title string // front matter `title`, else the first H1 outside code, else the file's name
	URL   string // its own absolute URL without fragment; empty where none is known
	Key   string // unique in the project and stable: path below its site, "/" → "-", lower case, no extension; for footnote labels and references/<key>.md
}

// Open finds all pages below the roots and reads as much of them as resolving needs.
func Open(tree *source.Tree, o Options) (*Library, []diag.Finding, error) { panic("todo") }

// Pages returns every page of the library, by path.
func (l *Library) Pages() []*Page { panic("todo") }

// Resolve returns the pages that a source names, in the order wanted: a file, a doublestar glob, a URL, or the /path of a site.
func (l *Library) Resolve(src source.String) ([]*Page, []diag.Finding) { panic("todo") }

// Prose returns the page's body for a skill: without front matter, comments and the H1 that repeats title; its headings shifted by one
// amount so that the smallest has level top+1 (top is the level of the page's title in the file it lands in: 3 in a flat skill, 1 in a file
// of its own). shared says that other pages stand in the same file: reference links become inline links, footnote labels get the page's key.
// Results are memoised; findings come with the first call for a page, whatever the arguments.
func (l *Library) Prose(p *Page, title string, top int, shared bool) *source.Prose { panic("todo") }

// Guidance treats a part of one of our own files (a framework's body, a tag's guidance, a rule) like a page without title.
func (l *Library) Guidance(s source.Span, top int) (*source.Prose, []diag.Finding) { panic("todo") }

// Headings finds the headings of Markdown text that skillgen wrote or expanded.
func Headings(body string) []source.Heading { panic("todo") }
