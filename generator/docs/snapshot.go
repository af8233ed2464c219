package docs

import (
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Snapshot is a page that was fetched: an entry of skillgen.lock.
type Snapshot struct {
	URL    string // by which the project names it
	Final  string // that answered; empty where that is URL
	Path   string // of the file
	SHA256 string // of its text, hexadecimal
	At     source.Span
}

// pin notes what the snapshots are found by, and reports those that are gone or were edited since. All pages are walked already.
func (l *Library) pin(snapshots []Snapshot) []diag.Finding {
	var fs []diag.Finding
	for _, s := range snapshots {
		p := l.listed[s.Path]
		if p == nil {
			if _, left := l.left[s.Path]; !left {
				fs = append(fs, diag.New("snapshot-missing", s.At.Place(), fmt.Sprintf("the snapshot %s is gone", s.Path),
					fmt.Sprintf("`skillgen fetch %s` brings it back; `skillgen fetch --prune` forgets what nobody names", s.URL)))
			}
			continue
		}
		if hex.EncodeToString(p.File.Digest[:]) != s.SHA256 {
			f := diag.New("snapshot-edited", diag.Place{File: s.Path}, "this snapshot was edited by hand: it is not what was fetched",
				fmt.Sprintf("put what should go into `clean` of skillgen.yaml, and run `skillgen fetch %s`", s.URL))
			f.Also = s.At.Place()
			fs = append(fs, f)
		}
		for _, address := range []string{s.URL, s.Final} {
			if u := parseAddress(address); u != nil && l.byURL[addressKey(u)] == nil {
				l.byURL[addressKey(u)] = p
				l.hosts[hostOf(u)] = true
			}
		}
	}
	return fs
}

// ResolveWhole returns the pages of a whole site, in the order of the site. The globs of include and exclude are matched with the path of a
// page's URL; no include means every page.
func (l *Library) ResolveWhole(src source.String, include, exclude []source.String) ([]*Page, []diag.Finding) {
	r := resolver{Library: l, src: src}
	urls := r.index(src.S)
	if urls == nil {
		return nil, r.findings
	}
	var pages []*Page
	for _, s := range urls {
		u := parseAddress(s)
		if u == nil || !Wanted(u, texts(include), texts(exclude)) {
			continue
		}
		l.mu.Lock()
		p := l.byURL[addressKey(u)]
		l.mu.Unlock()
		switch {
		case p == nil:
			r.fail(fmt.Sprintf("%s has no snapshot", s), "run `skillgen fetch`")
		case !slices.Contains(pages, p):
			pages = append(pages, p)
		}
	}
	if len(pages) == 0 && len(r.findings) == 0 {
		r.fail(fmt.Sprintf("no page of %s is wanted by include and exclude", src.S), "globs are matched with the paths of URLs, such as /docs/**; `skillgen fetch --list` shows what there is")
	}
	return pages, r.findings
}

// index returns the URLs of a whole site's pages; nil, and a finding, where it was not fetched.
func (r *resolver) index(s string) []string {
	if urls, ok := r.indexes[s]; ok {
		return urls
	}
	if strings.HasPrefix(s, "/") {
		for _, u := range SiteURLs(r.options.Sites, s) {
			if urls, ok := r.indexes[u]; ok {
				return urls
			}
		}
	}
	r.fail(fmt.Sprintf("the site %s was not fetched yet", s), "run `skillgen fetch`")
	return nil
}

// Wanted reports whether the path of a page's URL is one that the globs want; no include means every page.
func Wanted(u *url.URL, include, exclude []string) bool {
	p := path.Clean("/" + u.Path)
	matches := func(pattern string) bool { return doublestar.MatchUnvalidated(pattern, p) }
	return (len(include) == 0 || slices.ContainsFunc(include, matches)) && !slices.ContainsFunc(exclude, matches)
}

func texts(list []source.String) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.S)
	}
	return out
}

// SiteURLs returns the URLs that a /path can mean on the project's sites: on those whose own path it lies below, else on all of them; each
// once, in the order of the sites.
func SiteURLs(sites []Site, p string) []string {
	p, query, hasQuery := strings.Cut(p, "?")
	var below, all []string
	for _, s := range readSites(sites) {
		u := *s.url
		u.Path, u.RawPath = unescapePath(p), p
		if hasQuery {
			u.RawQuery = query
		}
		if !slices.Contains(all, u.String()) {
			all = append(all, u.String())
		}
		if home := strings.TrimSuffix(s.url.Path, "/"); (p == home || strings.HasPrefix(p, home+"/")) && !slices.Contains(below, u.String()) {
			below = append(below, u.String())
		}
	}
	if len(below) > 0 {
		return below
	}
	return all
}

// Lead returns the title of a page of Markdown, as its front matter or else its first H1 gives it (empty: neither does), and the offset of what
// follows the front matter.
func Lead(f *source.File) (title string, body int) {
	m, body, _ := readFrontMatter(f)
	if m.title == "" && f.Kind == source.Text && len(f.Text) <= maxPage {
		m.title = firstHeading(f.Text[body:])
	}
	return m.title, body
}

// AddressKey returns what two URLs have in common that mean the same page: host, path without extension, index and final slash, and query.
func AddressKey(u *url.URL) string { return addressKey(u) }
