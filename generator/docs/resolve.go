package docs

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Limits on patterns: doublestar tries every way to match, one inside the other.
const (
	maxPattern = 1000 // bytes
	maxStars   = 4    // **
	maxBraces  = 6    // {a,b}
	globHint   = "name the pages one by one, or by their folder: website/docs/**/*.md"
)

// badPattern says what is wrong with a doublestar pattern; empty where it can be used.
func badPattern(p string) string {
	switch {
	case len(p) > maxPattern:
		return fmt.Sprintf("is longer than %d bytes", maxPattern)
	case strings.Count(p, "**") > maxStars:
		return fmt.Sprintf("has more than %d **", maxStars)
	case strings.Count(p, "{") > maxBraces || strings.Count(p, ",") > 100:
		return fmt.Sprintf("has more than %d {…}, or too many alternatives", maxBraces)
	case !doublestar.ValidatePattern(p):
		return "is malformed"
	}
	return ""
}

// Resolve returns the pages that a source names, in the order wanted: a file, a doublestar glob, a URL, or the /path of a site. What names
// nothing is a finding.
func (l *Library) Resolve(src source.String) ([]*Page, []diag.Finding) {
	r := resolver{Library: l, src: src}
	pages := r.resolve(src.S)
	return pages, r.findings
}

// resolver resolves one source.
type resolver struct {
	*Library
	src      source.String
	findings []diag.Finding
}

func (r *resolver) fail(message, hint string) []*Page {
	r.findings = append(r.findings, diag.New("docs-source", r.src.At.Place(), message, hint))
	return nil
}

func (r *resolver) resolve(s string) []*Page {
	switch {
	case s == "":
		return r.fail("a source of docs is empty", "name a file, a pattern, a URL or the /path of a site")
	case strings.Contains(s, "://"):
		return r.url(s)
	case strings.HasPrefix(s, "/"):
		return r.sitePath(s)
	}
	name := path.Clean(s)
	if name == ".." || strings.HasPrefix(name, "../") {
		return r.fail(fmt.Sprintf("%q lies outside the project", s), "copy the page into the project")
	}
	if e, err := r.tree.Stat(name); err == nil && !e.Type.IsDir() {
		return r.file(name)
	} else if err == nil {
		return r.fail(fmt.Sprintf("%q is a folder", s), fmt.Sprintf("did you mean %q?", path.Join(name, "**/*.md")))
	} else if fault := new(source.PathError); errors.As(err, &fault) && fault.Trouble != source.Missing && fault.Trouble != source.Malformed {
		return r.fail(err.Error(), "put the page itself there")
	}
	if strings.ContainsAny(s, "*?[{") {
		return r.glob(s)
	}
	if file, _, ok := strings.Cut(s, "#"); ok && r.tree.Exists(path.Clean(file)) {
		return r.fail(fmt.Sprintf("%q names a part of a page", s), fmt.Sprintf("a source is a whole page: write %q", file))
	}
	return r.fail(fmt.Sprintf("%q does not exist", s), r.didYouMean(s, "check the path: it begins at the project's folder"))
}

// file returns the page that is a file.
func (r *resolver) file(name string) []*Page {
	if !isPage(name) {
		return r.fail(fmt.Sprintf("%q is no page", name), "pages are Markdown, MDX or HTML files (.md, .mdx, .html)")
	}
	if unread(name) {
		return r.fail(fmt.Sprintf("%q lies where no pages are read", name), "copy it out of .git or node_modules")
	}
	p := r.page(name)
	if p == nil {
		r.mu.Lock()
		why, ok := r.left[name]
		r.mu.Unlock()
		if ok {
			r.fail(why.why, why.hint)
		}
		return nil
	}
	return []*Page{p}
}

// page loads a page. A fault of the machine is a finding too: it concerns this one file, which the project names.
func (r *resolver) page(name string) *Page {
	p, fs, err := r.load(name, true)
	r.findings = append(r.findings, fs...)
	if err != nil {
		r.fail(err.Error(), "")
	}
	return p
}

// glob returns the pages that a pattern matches, by their position, then by path.
func (r *resolver) glob(pattern string) []*Page {
	pattern = path.Clean(pattern)
	if why := badPattern(pattern); why != "" {
		return r.fail(fmt.Sprintf("the pattern %q %s", pattern, why), globHint)
	}
	base, _ := doublestar.SplitPattern(pattern)
	if !slices.ContainsFunc(r.roots, func(root string) bool { return within(base, root) }) {
		fs, err := r.walk(base)
		r.findings = append(r.findings, fs...)
		if err != nil {
			return r.fail(err.Error(), "")
		}
	}
	var pages []*Page
	for _, p := range r.Pages() {
		if doublestar.MatchUnvalidated(pattern, p.File.Path) && !isPart(pattern, base, p.File.Path) {
			pages = append(pages, p)
		}
	}
	if len(pages) == 0 {
		return r.fail(fmt.Sprintf("no page matches %q", pattern), r.nothingMatches(pattern))
	}
	slices.SortFunc(pages, func(a, b *Page) int {
		return cmp.Or(cmp.Compare(a.meta.position, b.meta.position), cmp.Compare(a.File.Path, b.File.Path))
	})
	return pages
}

// isPart reports whether a file that a pattern matches is a partial, which is no page by itself: its name, or that of a folder on the way to it,
// begins with an underscore that the pattern does not ask for. Hugo's _index.md is a page.
func isPart(pattern, base, name string) bool {
	rest := strings.TrimPrefix(below(name, base), "/")
	if strings.Contains(strings.TrimPrefix(pattern, base), "/_") || strings.HasPrefix(pattern, "_") {
		return false
	}
	for _, part := range strings.Split(rest, "/") {
		if stem, _, _ := strings.Cut(part, "."); strings.HasPrefix(part, "_") && stem != "_index" {
			return true
		}
	}
	return false
}

// nothingMatches says what to do about a pattern that matches no page.
func (r *resolver) nothingMatches(pattern string) string {
	var dirs []string
	for _, p := range r.Pages() {
		for dir := path.Dir(p.File.Path); dir != "."; dir = path.Dir(dir) {
			dirs = append(dirs, dir)
		}
	}
	base, rest := doublestar.SplitPattern(pattern)
	if near := diag.Suggest(base, dirs); near != "" && !slices.Contains(dirs, base) {
		return fmt.Sprintf("did you mean %q?", path.Join(near, rest))
	}
	return "check the pattern: it begins at the project's folder, * stays within a folder and ** does not"
}

// didYouMean suggests the page whose path, URL or path on its site is closest.
func (r *resolver) didYouMean(s, otherwise string) string {
	if near := r.near(s); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}

// near returns the path, URL or path on its site of the page that was probably meant; empty where there is none.
func (r *resolver) near(s string) string {
	var known []string
	for _, p := range r.Pages() {
		known = append(known, p.File.Path)
		if p.url != nil {
			known = append(known, p.URL, p.url.Path)
		}
	}
	return closest(s, known)
}

// closest returns the one of known paths or URLs that was probably meant: of the same name in another folder, of nearly the same name in the
// same folder, of the same name in a folder of nearly the same name. Empty where there is none.
func closest(name string, known []string) string {
	dir, base := path.Split(name)
	var moved, siblings, dirs []string
	for _, k := range known {
		d, b := path.Split(k)
		dirs = append(dirs, d)
		if strings.EqualFold(b, base) && !slices.Contains(moved, k) {
			moved = append(moved, k)
		}
		if d == dir {
			siblings = append(siblings, b)
		}
	}
	if near := diag.Suggest(base, siblings); near != "" {
		return dir + near
	}
	if len(moved) == 1 {
		return moved[0]
	}
	if near := diag.Suggest(dir, dirs) + base; slices.Contains(known, near) {
		return near
	}
	return ""
}

func (r *resolver) url(s string) []*Page {
	u := parseAddress(s)
	switch {
	case u == nil:
		return r.fail(fmt.Sprintf("%q is no URL of a page", s), "write it like https://acme.example/docs/page; percent-encode what is no ASCII letter, digit or one of -._~")
	case u.Fragment != "" || strings.HasSuffix(s, "#"):
		whole, _, _ := strings.Cut(s, "#")
		return r.fail(fmt.Sprintf("%q names a part of a page", s), fmt.Sprintf("a source is a whole page: write %q", whole))
	}
	r.mu.Lock()
	p := r.byURL[addressKey(u)]
	for _, file := range r.snapshots(u) {
		if p == nil {
			p = r.listed[file]
		}
	}
	r.mu.Unlock()
	if p != nil {
		return []*Page{p}
	}
	hint := "run `skillgen fetch`, which brings the page into the project"
	if near := r.near(s); near != "" {
		hint += fmt.Sprintf("; or did you mean %q?", near)
	}
	return r.fail(fmt.Sprintf("no page of the project has the URL %s", s), hint)
}

// sitePath returns the page that a path names on the project's sites.
func (r *resolver) sitePath(s string) []*Page {
	if whole, _, ok := strings.Cut(s, "#"); ok {
		return r.fail(fmt.Sprintf("%q names a part of a page", s), fmt.Sprintf("a source is a whole page: write %q", whole))
	}
	found := r.onSites(s, "")
	switch len(found) {
	case 0:
		return r.fail(fmt.Sprintf("no page has the path %q on its site", s), r.didYouMean(s, r.siteHint(s)))
	case 1:
		return found
	}
	r.fail(fmt.Sprintf("%q means %s and %s", s, found[0].URL, found[1].URL), "write the whole URL")
	r.findings[len(r.findings)-1].Also = diag.Place{File: found[1].File.Path}
	return nil
}

// siteHint says what to do about a /path that no page has.
func (r *resolver) siteHint(s string) string {
	if len(SiteURLs(r.options.Sites, s)) > 0 {
		return "run `skillgen fetch`, which brings the page into the project; a path that begins with / is one of a site, see `sites` in skillgen.yaml"
	}
	return "a path that begins with / is one of a site: check `sites` in skillgen.yaml, or name the page's file"
}

// onSites returns the pages that a path names: on a host, or on all of them, sorted.
func (l *Library) onSites(p, host string) []*Page {
	p = unescapePath(p)
	l.mu.Lock()
	defer l.mu.Unlock()
	if host != "" {
		if page := l.byURL[host+sitePath(p)]; page != nil {
			return []*Page{page}
		}
		return nil
	}
	var out []*Page
	for h := range l.hosts {
		if page := l.byURL[h+sitePath(p)]; page != nil {
			out = append(out, page)
		}
	}
	slices.SortFunc(out, func(a, b *Page) int { return cmp.Compare(a.URL, b.URL) })
	return out
}

// unescapePath decodes %XX; a path with broken ones stays as it is.
func unescapePath(p string) string {
	if s, err := url.PathUnescape(p); err == nil {
		return s
	}
	return p
}
