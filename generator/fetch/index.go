package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/project"
	"skillgen/generator/source"
	"skillgen/generator/webpage"
)

// Limits on the lists of whole sites: they are remote input.
const (
	maxEntries  = 10_000
	maxSitemaps = 100
	maxList     = 20 << 20 // bytes of one list, decoded
)

// index is a whole site: the llms.txt or sitemap that lists its pages.
type index struct {
	url   string
	asks  []project.Source // the sources that name it
	here  bool             // the command line names it
	pages []string         // of those wanted, in the order of the site; nil where it could not be had
	read  bool
}

func (x *index) ask(src project.Source) {
	if !slices.ContainsFunc(x.asks, func(a project.Source) bool { return a.Source == src.Source }) {
		x.asks = append(x.asks, src)
	}
}

// place is where a finding about the site points.
func (x *index) place() diag.Place {
	if len(x.asks) > 0 {
		return x.asks[0].Source.At.Place()
	}
	return diag.Place{}
}

// wants returns the sources that want a page; with none, it is not wanted. A site that only the command line names is wanted whole.
func (x *index) wants(u *url.URL) (asks []project.Source, wanted bool) {
	for _, a := range x.asks {
		if docs.Wanted(u, plain(a.Include), plain(a.Exclude)) {
			asks = append(asks, a)
		}
	}
	return asks, len(asks) > 0 || x.here && len(x.asks) == 0
}

func plain(list []source.String) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.S)
	}
	return out
}

// index returns the site with a URL among those that are wanted.
func (e *engine) index(u string) *index {
	for _, x := range e.indexes {
		if x.url == u {
			return x
		}
	}
	x := &index{url: u}
	e.indexes = append(e.indexes, x)
	return x
}

// readIndexes asks each whole site for its list, and wants the pages on it. Where a list can't be had, the pages that the lock knows are
// refreshed, and that is all.
func (e *engine) readIndexes(ctx context.Context) error {
	slices.SortFunc(e.indexes, func(a, b *index) int { return strings.Compare(a.url, b.url) })
	for _, x := range e.indexes {
		entries, err := e.entries(ctx, x.url, 0)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			message, hint := explain(err)
			e.add("fetch-failed", x.place(), fmt.Sprintf("%s: %s; what the lock knows of the site is refreshed", x.url, message), hint)
			e.keepIndex(x)
			continue
		}
		e.takeIndex(x, entries)
	}
	return nil
}

// keepIndex wants the pages that the lock knows of a site.
func (e *engine) keepIndex(x *index) {
	for _, l := range e.lock.Indexes {
		if l.URL == x.url {
			for _, u := range l.Pages {
				w := e.want(u)
				w.listed = w.listed || !w.named
				w.named = true
			}
		}
	}
}

// takeIndex wants those pages of a list that a source wants and that lie on the site itself, or where its host may lead.
func (e *engine) takeIndex(x *index, entries []string) {
	home, _ := url.Parse(x.url)
	allowed := e.allowed(home.Host)
	var elsewhere, noPages []string
	x.read = true
	for _, s := range entries {
		u, err := url.Parse(s)
		switch {
		case err != nil || !sameOrigin(u, home) && !(u.Scheme == "https" && slices.Contains(allowed, u.Host)):
			elsewhere = append(elsewhere, s)
			continue
		case !isPageURL(u):
			noPages = append(noPages, s)
			continue
		}
		asks, wanted := x.wants(u)
		if !wanted || slices.Contains(x.pages, s) {
			continue
		}
		x.pages = append(x.pages, s)
		w := e.want(s)
		w.listed = w.listed || !w.named
		w.named = true
		for _, a := range asks {
			w.at = append(w.at, a.Source.At)
		}
	}
	if len(elsewhere) > 0 {
		e.add("fetch-index", x.place(), fmt.Sprintf("%s lists %s on other hosts, not fetched: %s", x.url, count(len(elsewhere), "address", "addresses"), some(elsewhere)),
			fmt.Sprintf("if they are wanted: fetch: {hosts: {%q: {allow: [their hosts]}}}", home.Host))
	}
	if len(noPages) > 0 {
		f := diag.New("fetch-index", x.place(), fmt.Sprintf("%s lists %s: %s", x.url, count(len(noPages), "file that is no page", "files that are no pages"), some(noPages)), "")
		f.Severity = diag.Info
		e.findings = append(e.findings, f)
	}
	if len(x.pages) == 0 {
		e.add("fetch-refused", x.place(), fmt.Sprintf("%s lists no page that is wanted (of %d entries)", x.url, len(entries)), "globs of include and exclude are matched with the paths of URLs, such as /docs/**")
	}
}

func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// some shows the first of a list.
func some(list []string) string {
	const most = 3
	if len(list) > most {
		return strings.Join(list[:most], ", ") + ", …"
	}
	return strings.Join(list, ", ")
}

// allowed lists the hosts to which a host may lead.
func (e *engine) allowed(host string) []string {
	return plain(e.Project.Config.Fetch.Hosts[strings.ToLower(host)].Allow)
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host) }

// isPageURL reports whether a URL can be that of a page, by its extension.
func isPageURL(u *url.URL) bool {
	switch ext := strings.ToLower(path.Ext(u.Path)); ext {
	case "", ".md", ".markdown", ".mdx", ".html", ".htm", ".php", ".aspx", ".jsp", ".xhtml":
		return true
	default: // "/docs/v1.2" is a page, "/docs/manual.pdf" is none
		return strings.ContainsAny(ext, "0123456789")
	}
}

// entries reads a list: absolute URLs without fragment, in its order, each once.
func (e *engine) entries(ctx context.Context, address string, depth int) ([]string, error) {
	body, err := e.download(ctx, address)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if path.Base(base.Path) == "llms.txt" {
		links, err := linksOf(body)
		if err != nil {
			return nil, err
		}
		return absolute(base, links)
	}
	pages, sitemaps, err := readSitemap(body)
	if err != nil {
		return nil, err
	}
	if len(sitemaps) == 0 {
		return absolute(base, pages)
	}
	if depth > 0 {
		return nil, errors.New("a sitemap index lists another one (sitemaps.org allows one level)")
	}
	if len(sitemaps) > maxSitemaps {
		return nil, fmt.Errorf("it lists %d sitemaps, and %d are the limit", len(sitemaps), maxSitemaps)
	}
	if sitemaps, err = absolute(base, sitemaps); err != nil {
		return nil, err
	}
	for _, s := range sitemaps {
		if u, err := url.Parse(s); err != nil || !sameOrigin(u, base) {
			return nil, fmt.Errorf("it lists the sitemap %s, which lies elsewhere", s)
		}
		more, err := e.entries(ctx, s, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
		if pages = append(pages, more...); len(pages) > maxEntries {
			return nil, fmt.Errorf("it lists more than %d pages", maxEntries)
		}
	}
	return absolute(base, pages)
}

// download gets the text of a list, unpacked.
func (e *engine) download(ctx context.Context, address string) ([]byte, error) {
	home, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	resp, err := e.Client.Get(ctx, Request{URL: address, Accept: "text/plain, text/markdown, application/xml, text/xml, */*;q=0.1", MaxBytes: maxList, AllowHosts: e.allowed(home.Host)})
	if err != nil {
		return nil, err
	}
	body := resp.Body
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) { // sitemap.xml.gz
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err == nil {
			body, err = io.ReadAll(io.LimitReader(z, maxList+1))
		}
		if err != nil {
			return nil, fmt.Errorf("it can't be unpacked: %w", err)
		}
		if len(body) > maxList {
			return nil, fmt.Errorf("it is larger than %d MiB, unpacked", maxList>>20)
		}
	}
	return body, nil
}

// linksOf returns the targets of the links of an llms.txt (llmstxt.org: Markdown, with links in lists).
func linksOf(body []byte) ([]string, error) {
	if looksHTML("", body) {
		return nil, errors.New("it is an HTML page, no llms.txt")
	}
	text, err := webpage.Decode(body, "text/plain")
	if err != nil {
		return nil, err
	}
	links, fault, _ := docs.Links(source.NewFile("llms.txt", []byte(text)).Text)
	if fault != "" {
		return nil, errors.New(fault)
	}
	var out []string
	for _, l := range links {
		if l.Target != "" {
			out = append(out, l.Target)
		}
	}
	return out, nil
}

// readSitemap reads a sitemap or an index of sitemaps (sitemaps.org, protocol 0.9): the <loc> of each <url>, and of each <sitemap>.
func readSitemap(body []byte) (pages, sitemaps []string, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("it is written in %s, and a sitemap is UTF-8", charset)
	}
	var stack []string
	var loc strings.Builder
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("it is no sitemap: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(stack) == 0 && t.Name.Local != "urlset" && t.Name.Local != "sitemapindex" {
				return nil, nil, fmt.Errorf("it is no sitemap: its root is <%s>", t.Name.Local)
			}
			if stack = append(stack, t.Name.Local); len(stack) > 16 {
				return nil, nil, errors.New("it is no sitemap: its elements are nested too deep")
			}
			loc.Reset()
		case xml.CharData:
			if len(stack) == 3 && stack[2] == "loc" && loc.Len() < 4096 {
				loc.Write(t)
			}
		case xml.EndElement:
			if len(stack) == 3 && stack[2] == "loc" {
				switch s := strings.TrimSpace(loc.String()); stack[1] {
				case "url":
					pages = append(pages, s)
				case "sitemap":
					sitemaps = append(sitemaps, s)
				}
			}
			stack = stack[:len(stack)-1]
		}
		if len(pages)+len(sitemaps) > maxEntries {
			return nil, nil, fmt.Errorf("it lists more than %d pages", maxEntries)
		}
	}
	return pages, sitemaps, nil
}

// absolute resolves addresses, and keeps of those that are http or https each once, without fragment.
func absolute(base *url.URL, list []string) ([]string, error) {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		u, err := base.Parse(s)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			continue // mailto:, or nonsense: no page
		}
		u.Fragment, u.RawFragment = "", ""
		if s := u.String(); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	if len(out) > maxEntries {
		return nil, fmt.Errorf("it lists more than %d pages", maxEntries)
	}
	return out, nil
}

// explain puts an error into words.
func explain(err error) (message, hint string) {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault.Message, fault.Hint
	}
	return err.Error(), ""
}
