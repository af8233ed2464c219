// Package docs turns pages of website docs into prose for skills.
//
// Markdown is spliced, never rendered again: goldmark says where headings, links, images and comments stand, and those bytes are replaced;
// what skillgen did not mean to change comes out byte for byte. Every line knows its source line.
//
// MDX, containers of text marks, included files and HTML become Markdown before goldmark sees them. Tags, imports, exports, comments and
// expressions go, and what they say stays: labels of tabs, titles of callouts, the text of partials, which keep their own file and line. No
// other word is lost: what is not known is kept, with a finding. What a page includes lies in the project, and a page that was fetched
// includes nothing.
//
// One page can't change the meaning of the rest of a skill: what it leaves open is closed where it ends, and its labels bind nothing outside.
// Text that would cost a parser more than its size warrants is refused before a parser sees it; nothing that a page holds makes skillgen
// panic. A fault inside a page is a warning, and the page ships; only a page that can't be read or is hostile is left out, as an error.
package docs

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Site says which URL a folder of pages has, and how its pages are written.
type Site struct {
	Path, URL  string
	Alias      map[string]string // folders, by the alias that imports use for them
	Components map[string]string // what becomes of a component: "callout", "drop" or "children"
}

// CleanKind is what a Rule takes out.
type CleanKind uint8

// A whole trimmed line; a section by the text of its heading; any text.
const (
	DropLine CleanKind = iota
	DropSection
	Replace
)

// Rule is one entry of `clean`: site chrome to take out of pages, never inside code. An expression for a line or heading has to match the
// whole of it; in one that replaces, ^ and $ mean lines, and With may name groups ($1).
type Rule struct {
	Kind    CleanKind
	Pattern string // a literal, or a regular expression (RE2) between slashes
	With    string // Replace only
	Pages   string // doublestar glob over page paths; empty: all pages
	At      source.Span
}

// Options are what the project says about its pages.
type Options struct {
	Roots     []string // folders that hold pages: the project's website folder; the sites' folders are added
	Sites     []Site
	Clean     []Rule
	Snapshots []Snapshot
	Indexes   map[string][]string // of whole sites: URLs of pages, in the order of the site, by the URL of the llms.txt or sitemap
	Skip      []string            // folders whose files are pages only where a source names one by its path: outputs, what the team writes itself
}

// Library is all pages of a project. It is safe for concurrent use after Open.
type Library struct {
	tree    *source.Tree
	roots   []string // clean, without those that lie in another; may name folders that don't exist
	sites   []site   // the longest path first
	rules   []*cleaner
	skip    []string // clean
	options Options
	indexes map[string][]string // Options.Indexes

	walking sync.Mutex
	walked  map[string]bool // folders

	mu     sync.Mutex       // of all below
	pages  map[string]*Page // by path: walked, named as a source, or the target of a link
	listed map[string]*Page // by path: walked or named
	byURL  map[string]*Page // by addressKey
	hosts  map[string]bool  // of the keys of byURL
	left   map[string]left  // by path: what was met and is no page
	own    map[*source.File]*ownFile
}

// left is a file that has the name of a page and can't be one.
type left struct {
	why, hint string
	severity  diag.Severity // where no source names it
}

// Page is one page of docs. It is immutable.
type Page struct {
	File  *source.File
	Title string // front matter `title`, else the first H1 outside code, else the file's name
	URL   string // its own absolute URL without fragment; empty where none is known
	Key   string // stable: path below its site, "/" → "-", lower case, no extension; for footnote labels and references/<key>.md

	meta     meta
	url      *url.URL       // URL, parsed; nil where there is none
	fromMeta bool           // URL stands in the front matter
	body     int            // offset of what follows the front matter
	findings []diag.Finding // of the front matter
	text     pageText
}

// Open finds all pages below the roots and reads as much of them as resolving needs. Folders that don't exist hold no pages.
func Open(tree *source.Tree, o Options) (*Library, []diag.Finding, error) {
	l := &Library{
		tree: tree, pages: map[string]*Page{}, listed: map[string]*Page{}, byURL: map[string]*Page{}, hosts: map[string]bool{}, left: map[string]left{},
		options: o, indexes: o.Indexes, walked: map[string]bool{}, own: map[*source.File]*ownFile{},
	}
	var fs []diag.Finding
	l.rules, fs = compileRules(o.Clean)
	l.sites = readSites(o.Sites)
	for _, r := range o.Roots {
		l.roots = append(l.roots, path.Clean(r))
	}
	for _, s := range o.Skip {
		l.skip = append(l.skip, path.Clean(s))
	}
	for _, s := range l.sites {
		l.roots = append(l.roots, s.path)
	}
	l.roots = outermost(l.roots)
	for _, root := range l.roots {
		found, err := l.walk(root)
		fs = append(fs, found...)
		if err != nil {
			return nil, nil, err
		}
	}
	return l, append(fs, l.pin(o.Snapshots)...), nil
}

// outermost sorts folders and drops those that lie in another.
func outermost(dirs []string) []string {
	slices.Sort(dirs)
	var out []string
	for _, d := range dirs {
		if !slices.ContainsFunc(out, func(o string) bool { return within(d, o) }) {
			out = append(out, d)
		}
	}
	return out
}

// within reports whether a path is dir or lies below it.
func within(p, dir string) bool {
	return dir == "." || p == dir || strings.HasPrefix(p, dir) && p[len(dir)] == '/'
}

// walk loads every page below a folder, once.
func (l *Library) walk(dir string) ([]diag.Finding, error) {
	l.walking.Lock()
	defer l.walking.Unlock()
	if l.walked[dir] {
		return nil, nil
	}
	l.walked[dir] = true
	prune := func(e source.Entry) bool { return skipped(path.Base(e.Path)) || slices.Contains(l.skip, e.Path) }
	entries, err := l.tree.Walk(dir, prune)
	if err != nil {
		var fault *source.PathError
		if errors.As(err, &fault) && (fault.Trouble == source.Missing || fault.Trouble == source.Link || fault.Trouble == source.NotFolder || fault.Trouble == source.Outside) {
			return nil, nil // nothing of the project lies there; a source that names it says so
		}
		return nil, fmt.Errorf("looking for pages: %w", err)
	}
	var fs []diag.Finding
	for _, e := range entries {
		if !isPage(e.Path) || e.Type.IsDir() {
			continue
		}
		_, found, err := l.load(e.Path, true)
		fs = append(fs, found...)
		if err != nil {
			return nil, err
		}
	}
	return fs, nil
}

// pageKinds are the endings of pages, the likeliest first.
var pageKinds = []string{".md", ".mdx", ".html"}

// isPage reports whether a file name is that of a page, of whatever kind.
func isPage(name string) bool { return slices.Contains(pageKinds, strings.ToLower(path.Ext(name))) }

// load reads the page at a path, once. It returns nil where the file can't be a page: left says why. Where list is false the page is only
// the target of a link so far: it stays out of what Pages and addresses know, so that these don't depend on which page was read first.
func (l *Library) load(name string, list bool) (*Page, []diag.Finding, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, known := l.pages[name]
	var fs []diag.Finding
	if !known {
		var err error
		if p, err = l.read(name); err != nil {
			return nil, nil, err
		}
		l.pages[name] = p
		if p == nil && list {
			f := diag.New("page-left-out", diag.Place{File: name}, l.left[name].why, l.left[name].hint)
			f.Severity = l.left[name].severity
			fs = append(fs, f)
		}
	}
	if p == nil || !list || l.listed[name] != nil {
		return p, fs, nil
	}
	l.listed[name] = p
	return p, append(fs, l.address(p)...), nil
}

// read reads a page: its front matter and title, nothing else.
func (l *Library) read(name string) (*Page, error) {
	f, err := l.tree.Read(name)
	if err != nil {
		var fault *source.PathError
		if !errors.As(err, &fault) || fault.Trouble == source.Failed {
			return nil, fmt.Errorf("reading a page: %w", err)
		}
		l.left[name] = left{err.Error() + "; it is left out", "put the page itself there", diag.Warning}
		return nil, nil
	}
	p := &Page{File: f}
	title := ""
	switch {
	case f.Kind != source.Text || len(f.Text) > maxPage: // its text is refused where it is asked for
	case isHTML(name):
		var text *mdText
		if title, text, err = htmlText(f); err != nil {
			l.left[name] = left{fmt.Sprintf("%s can't be read as HTML: %v; it is left out", name, err), "keep a Markdown copy of it (.md)", diag.Warning}
			return nil, nil
		}
		p.meta.position = math.Inf(1)
		p.text.convert.Do(func() { p.text.converted = &converted{text: text, findings: hiddenMade(text)} })
	default:
		p.meta, p.body, p.findings = readFrontMatter(f)
		title = l.firstTitle(p)
	}
	p.Key = l.key(name)
	if p.url, p.fromMeta = l.pageURL(p, name); p.url != nil {
		p.URL = p.url.String()
	}
	p.Title = cmp.Or(p.meta.title, title, strings.TrimSuffix(path.Base(name), path.Ext(name)))
	p.findings = append(p.findings, hiddenTitle(p)...)
	return p, nil
}

// address notes what a page is found by.
func (l *Library) address(p *Page) []diag.Finding {
	if p.url == nil {
		return nil
	}
	key := addressKey(p.url)
	l.hosts[hostOf(p.url)] = true
	first, taken := l.byURL[key]
	if !taken {
		l.byURL[key] = p
		return nil
	}
	if first.File.Path > p.File.Path { // the first by path is found, whichever was read first
		l.byURL[key] = p
		first, p = p, first
	}
	f := diag.New("page-url", diag.Place{File: p.File.Path}, fmt.Sprintf("two pages have the URL %s; links to it mean %s", p.URL, first.File.Path), "delete one, or give it its own `url:` in its front matter")
	f.Also = diag.Place{File: first.File.Path}
	return []diag.Finding{f}
}

// Pages returns every page below the roots and every one that a source named, by path.
func (l *Library) Pages() []*Page {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sorted()
}

func (l *Library) sorted() []*Page {
	all := make([]*Page, 0, len(l.listed))
	for _, p := range l.listed {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *Page) int { return cmp.Compare(a.File.Path, b.File.Path) })
	return all
}

// Unused returns a finding for each clean rule that matched nothing in the pages whose prose was asked for.
func (l *Library) Unused() []diag.Finding { return unused(l.rules) }
