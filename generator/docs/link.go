package docs

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"skillgen/generator/diag"
)

// aim is where a link leads.
type aim struct {
	dest     string // what to write where the link's page is not part of the skill; empty: what stands there
	path     string // of the page or file of our own that it means; empty: none
	fragment string // Local of a heading there
	must     bool   // nothing can be written in its place
}

// aims are the aims of all that a document holds, by index.
type aims struct {
	links, defs, tags []aim
	findings          []diag.Finding
}

// aimer finds where the links of one document lead.
type aimer struct {
	lib      *Library
	doc      *document
	page     *Page     // nil for our own prose
	path     string    // of the file
	url      *url.URL  // of the page; nil where none is known
	own      bool      // our own prose: what leads nowhere is an error
	wide     *document // the whole file, where the document is a part of one
	findings []diag.Finding

	suggested int
}

// aim resolves all links of the document. Reference links take the aim of their definition, which is reported once.
func (a *aimer) aim() *aims {
	out := &aims{}
	byTarget := map[string]aim{}
	for _, d := range a.doc.defs {
		t := a.resolve(d.target, d.start, d.end)
		byTarget[d.target] = t
		out.defs = append(out.defs, t)
	}
	for _, l := range a.doc.links {
		t, known := byTarget[l.target]
		if !l.ref || !known {
			t = a.resolve(l.target, l.start, l.end)
		}
		out.links = append(out.links, t)
	}
	for _, r := range a.doc.tags {
		out.tags = append(out.tags, a.resolveText(r.target, r.start, r.end))
	}
	out.findings = a.findings
	return out
}

// resolve finds where the destination leads that stands as Markdown in the text's bytes [start, end).
func (a *aimer) resolve(target string, start, end int) aim {
	return a.resolveText(strings.TrimSpace(decode(target)), start, end)
}

func (a *aimer) resolveText(target string, start, end int) aim {
	l := reference{aimer: a, target: target, start: start, end: end}
	return l.resolve()
}

// reference is one link that is being resolved.
type reference struct {
	*aimer
	target     string
	start, end int // of the link, for findings
	absolute   bool
}

func (r *reference) report(f diag.Finding) { r.findings = append(r.findings, f) }

// dir is the folder of the file in which the link is written: the page's, or that of a partial.
func (r *reference) dir() string { return path.Dir(r.doc.text.fileAt(r.start).Path) }

func (r *reference) place() diag.Place { return r.doc.text.span(r.start, r.end).Place() }

func (r *reference) resolve() aim {
	switch scheme := schemeOf(r.target); {
	case r.target == "":
		return aim{}
	case r.target[0] == '#':
		return r.within(r.target[1:])
	case scheme == "http" || scheme == "https":
		return r.web(r.target)
	case scheme != "":
		return aim{}
	case strings.HasPrefix(r.target, "//"):
		proto := "https:"
		if r.url != nil {
			proto = r.url.Scheme + ":"
		}
		t := r.web(proto + r.target)
		if t.dest == "" {
			t.dest = proto + r.target
		}
		return t
	}
	return r.relative()
}

// schemeOf returns the scheme of a URL, in lower case; empty where it has none.
func schemeOf(s string) string {
	i := 0
	for i < len(s) && (isLetter(s[i]) || i > 0 && (isDigit(s[i]) || strings.IndexByte("+-.", s[i]) >= 0)) {
		i++
	}
	if i < 2 || i == len(s) || s[i] != ':' { // a single letter is a drive
		return ""
	}
	return strings.ToLower(s[:i])
}

// within resolves a link to a heading of the same source.
func (r *reference) within(fragment string) aim {
	local, ok := r.doc.fragment(fragment)
	if !ok && r.wide != nil {
		local, ok = r.wide.fragment(fragment)
	}
	if !ok {
		r.missing(fragment, r.path)
	}
	t := aim{path: r.path, fragment: local}
	if r.url != nil {
		u := *r.url
		u.Fragment = unescapePath(fragment)
		t.dest = u.String()
	}
	return t
}

// missing reports a heading that does not exist.
func (r *reference) missing(fragment, name string) {
	message := fmt.Sprintf("%s has no heading #%s", name, fragment)
	hint := "headings are named as GitHub does; the link leads to the page itself"
	switch {
	case r.own && !r.absolute:
		r.report(diag.New("link-target", r.place(), message, "name a heading that exists, or leave the # part out"))
	default:
		f := diag.New("page-anchor", r.place(), message, hint)
		if r.absolute {
			f.Severity = diag.Info
		}
		r.report(f)
	}
}

// web resolves an absolute URL. One of no page of the project stays as it is.
func (r *reference) web(target string) aim {
	u, err := url.Parse(target)
	if err != nil || u.User != nil {
		return aim{}
	}
	p := r.lib.pageAt(u)
	if p == nil {
		return aim{}
	}
	r.absolute = true
	return aim{path: p.File.Path, fragment: r.heading(p, u.Fragment)}
}

// pageAt returns the page of a URL; a query that no page has of its own does not count. nil where there is none.
func (l *Library) pageAt(u *url.URL) *Page {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.byURL[addressKey(u)]; p != nil {
		return p
	}
	bare := *u
	bare.RawQuery = ""
	return l.byURL[addressKey(&bare)]
}

// heading returns the Local of a heading of another page; empty where it does not exist, which is reported.
func (r *reference) heading(p *Page, fragment string) string {
	if p == r.page {
		if local, ok := r.doc.fragment(fragment); ok {
			return local
		}
		r.missing(fragment, r.path)
		return ""
	}
	if fragment == "" {
		return ""
	}
	doc := r.lib.document(p)
	local, ok := doc.fragment(fragment)
	if !ok && !doc.refused {
		r.missing(fragment, p.File.Path)
	}
	return local
}

// relative resolves a link that says only where it leads from here: by files where pages are files of the project, by URLs where their front
// matter says that they come from a website.
func (r *reference) relative() aim {
	rest, fragment, _ := strings.Cut(r.target, "#")
	rest, query, _ := strings.Cut(rest, "?")
	name := unescapePath(rest)
	if strings.ContainsAny(name, "\x00\n") {
		return r.nowhere()
	}
	var absolute *url.URL
	if ref, err := url.Parse(escapeSpaces(r.target)); err == nil && r.url != nil {
		absolute = r.url.ResolveReference(ref)
	}
	p := r.find(name, absolute)
	if p != nil {
		return r.toPage(p, query, fragment)
	}
	dest := r.elsewhere(name, query, fragment, absolute)
	switch {
	case r.own && (isPage(name) || path.Ext(name) == "" || dest == ""):
		r.report(diag.New("link-target", r.place(), fmt.Sprintf("%q is no page of the project", r.target), r.near(name, "name a page by its file from here, by the /path of a site, or by its whole URL")))
	case dest == "":
		return r.nowhere()
	case isPage(name) && !strings.HasPrefix(name, "/") && !r.fromWeb():
		r.report(diag.New("page-link", r.place(), fmt.Sprintf("%q does not exist", path.Join(r.dir(), name)), r.near(name, fmt.Sprintf("the link becomes %s", dest))))
	}
	return aim{dest: dest}
}

// maxSuggestions is how many broken links of a document get a "did you mean": each is held against every page.
const maxSuggestions = 20

// near suggests a page that may have been meant.
func (r *reference) near(name, otherwise string) string {
	var known []string
	if r.suggested++; r.suggested > maxSuggestions {
		return otherwise
	}
	for _, p := range r.lib.Pages() {
		known = append(known, p.File.Path)
	}
	if s := closest(path.Join(r.dir(), name), known); s != "" {
		return fmt.Sprintf("did you mean %s?", s)
	}
	return otherwise
}

// nowhere reports a link that can't be resolved. It stays as it is.
func (r *reference) nowhere() aim {
	if r.own {
		r.report(diag.New("link-target", r.place(), fmt.Sprintf("%q leads nowhere", r.target), "name a page by its file from here, by the /path of a site, or by its whole URL"))
		return aim{}
	}
	r.report(diag.New("page-link", r.place(), fmt.Sprintf("%q can't be resolved: the page has no URL of its own, and the project no such page", r.target),
		"give the page a `url:` in its front matter, or its folder one under `sites`; the link stays as it is"))
	return aim{}
}

// fromWeb reports whether the page's links are those of a website.
func (r *reference) fromWeb() bool { return r.page != nil && r.page.fromMeta }

// find returns the page that a relative link means; nil where there is none.
func (r *reference) find(name string, absolute *url.URL) *Page {
	if strings.HasPrefix(name, "/") {
		host := ""
		if r.url != nil {
			host = hostOf(r.url)
		}
		if found := r.lib.onSites(name, host); len(found) == 1 {
			return found[0]
		}
		return nil
	}
	if name == "" {
		return r.page
	}
	byFile := func() *Page { return r.lib.fileAt(path.Join(r.dir(), name)) }
	byURL := func() *Page {
		if absolute == nil {
			return nil
		}
		return r.lib.pageAt(absolute)
	}
	if r.fromWeb() {
		byFile, byURL = byURL, byFile
	}
	if p := byFile(); p != nil {
		return p
	}
	return byURL()
}

// fileAt returns the page that a path means: with or without its extension, or the index of a folder.
func (l *Library) fileAt(name string) *Page {
	name = path.Clean(name)
	if name == ".." || strings.HasPrefix(name, "../") {
		return nil
	}
	stems := []string{name, path.Join(name, "index"), path.Join(name, "README")}
	var try []string
	if isPage(name) {
		try, stems = []string{name}, []string{strings.TrimSuffix(name, path.Ext(name))}
	}
	for _, ext := range pageKinds {
		for _, stem := range stems {
			try = append(try, stem+ext)
		}
	}
	for _, t := range try {
		if p := l.existing(t); p != nil {
			return p
		}
	}
	return nil
}

// existing returns the page at a path; nil where there is none.
func (l *Library) existing(name string) *Page {
	l.mu.Lock()
	p, known := l.pages[name]
	l.mu.Unlock()
	if known || l.hidden(name) || slices.ContainsFunc(l.roots, func(root string) bool { return within(name, root) }) {
		return p
	}
	if e, err := l.tree.Stat(name); err != nil || !e.Type.IsRegular() {
		return nil
	}
	p, _, err := l.load(name, false)
	if err != nil {
		return nil // a fault of the machine with a file that nobody names: the link leads nowhere
	}
	return p
}

// hidden reports whether a path leads below a folder in which no page is looked for.
func (l *Library) hidden(name string) bool {
	return unread(name) || slices.ContainsFunc(l.skip, func(dir string) bool { return within(name, dir) })
}

// unread reports whether a path leads below a folder that holds no pages, whoever names them.
func unread(name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if skipped(path.Base(dir)) {
			return true
		}
	}
	return false
}

// skipped reports whether a folder of this name holds no pages: version control, dependencies.
func skipped(base string) bool { return base == ".git" || base == "node_modules" }

// toPage is the aim of a link to a page of the project.
func (r *reference) toPage(p *Page, query, fragment string) aim {
	t := aim{path: p.File.Path, fragment: r.heading(p, fragment)}
	switch {
	case p.url != nil:
		u := *p.url
		if query != "" {
			u.RawQuery = query
		}
		u.Fragment = unescapePath(fragment)
		t.dest = u.String()
	case r.own:
		t.must = true
	}
	return t
}

// elsewhere returns the absolute URL of what is no page of the project; empty where none is known.
func (r *reference) elsewhere(name, query, fragment string, absolute *url.URL) string {
	if strings.HasPrefix(name, "/") {
		return r.onOrigin(name, query, fragment)
	}
	if !r.fromWeb() && name != "" {
		if u := r.lib.fileURL(path.Join(r.dir(), name)); u != nil {
			u.RawQuery, u.Fragment = query, unescapePath(fragment)
			return u.String()
		}
	}
	if absolute == nil {
		return ""
	}
	return absolute.String()
}

// onOrigin returns the URL of a path on the page's own site, or on the only one that there is.
func (r *reference) onOrigin(name, query, fragment string) string {
	origin := r.url
	for _, s := range r.lib.sites {
		switch {
		case r.url != nil:
		case origin == nil:
			origin = s.url
		case hostOf(origin) != hostOf(s.url):
			return ""
		}
	}
	if origin == nil {
		return ""
	}
	u := url.URL{Scheme: origin.Scheme, Host: origin.Host, Path: name, RawQuery: query, Fragment: unescapePath(fragment)}
	return u.String()
}

// escapeSpaces makes a URL of what people write for one.
func escapeSpaces(s string) string { return strings.ReplaceAll(s, " ", "%20") }
