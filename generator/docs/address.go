package docs

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"skillgen/generator/diag"
)

// site is a Site made ready.
type site struct {
	path       string // clean
	url        *url.URL
	alias      []alias           // the longest name first
	components map[string]string // what becomes of a component, by name
}

// alias is a folder by the name that imports use for it.
type alias struct{ name, path string }

// readSites reads the sites that have a usable URL: package project reports the others. The longest path comes first, since a page belongs
// to the innermost site that holds it.
func readSites(sites []Site) []site {
	var out []site
	for _, s := range sites {
		if u := parseAddress(s.URL); u != nil {
			u.RawQuery, u.Fragment = "", ""
			one := site{path: path.Clean(s.Path), url: u, components: s.Components}
			for name, folder := range s.Alias {
				one.alias = append(one.alias, alias{name, path.Clean(folder)})
			}
			slices.SortFunc(one.alias, func(a, b alias) int { return cmp.Or(len(b.name)-len(a.name), strings.Compare(a.name, b.name)) })
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b site) int { return len(b.path) - len(a.path) })
	return out
}

// parseAddress parses an absolute http or https URL; nil where s is none, or one that no page should have.
func parseAddress(s string) *url.URL {
	if strings.ContainsAny(s, " <>\"\\^`{|}\n\t") {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" {
		return nil
	}
	return u
}

// siteOf returns the site that holds a path; nil where none does.
func (l *Library) siteOf(name string) *site {
	for i := range l.sites {
		if within(name, l.sites[i].path) {
			return &l.sites[i]
		}
	}
	return nil
}

// fileURL returns the URL that a path below a site has; a page's without extension, index and README. nil where no site holds it.
func (l *Library) fileURL(name string) *url.URL {
	s := l.siteOf(name)
	if s == nil {
		return nil
	}
	rel := below(name, s.path)
	if isPage(rel) {
		rel = pagePath(rel)
	}
	return s.join(rel)
}

func (s *site) join(rel string) *url.URL {
	u := *s.url
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = ""
	if rel != "" {
		u.Path += "/" + rel
	}
	return &u
}

// pagePath takes from a path what a page's URL does not have: the extension, and index or README.
func pagePath(name string) string {
	if isPage(name) {
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	dir, base := path.Split(name)
	if strings.EqualFold(base, "index") || strings.EqualFold(base, "readme") {
		return strings.TrimSuffix(dir, "/")
	}
	return name
}

// pageURL returns a page's own URL, and whether its front matter says it: else its site does, or its path, where that begins with a host.
func (l *Library) pageURL(p *Page, name string) (*url.URL, bool) {
	if p.meta.url != "" {
		if u := parseAddress(p.meta.url); u != nil {
			u.Fragment, u.RawFragment = "", ""
			return u, true
		}
		p.findings = append(p.findings, diag.New("page-front-matter", diag.Place{File: p.File.Path}, fmt.Sprintf("%q is no absolute http or https URL", p.meta.url),
			"write the page's own address, like https://acme.example/docs/page"))
	}
	if u := l.fileURL(name); u != nil {
		return u, false
	}
	for _, root := range l.roots {
		host, rest, ok := strings.Cut(below(name, root), "/")
		if ok && within(name, root) && isHost(host) {
			s := site{url: &url.URL{Scheme: "https", Host: strings.Replace(host, "_", ":", 1)}}
			return s.join(pagePath(rest)), false
		}
	}
	return nil, false
}

// isHost reports whether the name of a folder is that of a host, as snapshots have it: "docs.acme.example", "localhost_8080".
func isHost(name string) bool {
	name, port, hasPort := strings.Cut(name, "_")
	if hasPort && (port == "" || strings.Trim(port, "0123456789") != "") {
		return false
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	last := labels[len(labels)-1]
	return hasPort || len(labels) > 1 && len(last) > 1 && strings.Trim(last, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// addressKey returns what two URLs have in common that mean the same page: host, path without extension, index and final slash, and query.
func addressKey(u *url.URL) string {
	key := hostOf(u) + sitePath(u.Path)
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	return key
}

// hostOf returns a URL's host in lower case, without the port that goes without saying.
func hostOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "http" {
		return strings.TrimSuffix(host, ":80")
	}
	return strings.TrimSuffix(host, ":443")
}

// sitePath makes equal the paths of a site that mean the same page. It begins with a slash, or is empty for the site's front page.
func sitePath(p string) string {
	p = path.Clean("/" + p)
	p = strings.TrimSuffix(pagePath(p), "/")
	return p
}

// snapshots returns the files that may hold the snapshot of a page, the likeliest first.
func (l *Library) snapshots(u *url.URL) []string {
	var out []string
	p := sitePath(u.Path)
	for _, s := range l.sites {
		if rest, ok := strings.CutPrefix(p+"/", sitePath(s.url.Path)+"/"); ok && strings.EqualFold(s.url.Host, u.Host) {
			out = append(out, pageFile(s.path, rest))
		}
	}
	host := strings.Replace(strings.ToLower(u.Host), ":", "_", 1)
	for _, root := range l.roots {
		if l.siteOf(root) == nil {
			out = append(out, pageFile(path.Join(root, host), p))
		}
	}
	return out
}

// pageFile returns the file of the page that a path below dir names.
func pageFile(dir, p string) string {
	if p = strings.Trim(p, "/"); p == "" {
		p = "index"
	}
	return path.Join(dir, p+".md")
}
