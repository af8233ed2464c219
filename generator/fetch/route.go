package fetch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/docs"
	"skillgen/generator/webpage"
)

// The routes by which a page is had, as skillgen.lock names them. Those from HTML go on with the theme: "html:sphinx".
const (
	routeMarkdown = "markdown" // the page itself answers with Markdown
	routeTwin     = "twin"     // beside it stands the same page with .md
	routeList     = "llms.txt" // its site's llms.txt lists Markdown for it
	routeHTML     = "html:"
)

// What is asked for by each route.
const (
	acceptMarkdown = "text/markdown, text/x-markdown;q=0.9, text/plain;q=0.8"
	acceptAny      = "text/markdown, text/html;q=0.9, application/xhtml+xml;q=0.8, text/plain;q=0.7"
	acceptHTML     = "text/html, application/xhtml+xml;q=0.9"
)

// copyOf is a page as it came.
type copyOf struct {
	final     string // that answered, of the page itself
	from      string // where Markdown was read, with the routes twin and llms.txt
	route     string
	converter int
	text      string // the snapshot's bytes
	words     int
	invisible int  // characters that nobody sees, which were taken out
	same      bool // the website says that nothing changed: text is the snapshot as it stands
	known     validators
}

// refusal is why a page that came is not taken.
type refusal struct{ message, hint string }

func (r *refusal) Error() string { return r.message }

const rerouteHint = "`skillgen fetch --reroute` looks for another way to the page"

// fetchAll fetches all pages, as many at once as the client lets.
func (e *engine) fetchAll(ctx context.Context) error {
	var mu sync.Mutex // of findings, and of what each page becomes
	done := 0
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(64) // those that wait cost little; the client decides how many requests run
	for _, w := range e.wants {
		if w.clash {
			continue
		}
		w.old = e.readSnapshot(w.path)
		if w.locked != nil && w.locked.Path != w.path {
			w.old = e.readSnapshot(w.locked.Path)
		}
		g.Go(func() error {
			got, err := e.page(ctx, w)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			mu.Lock()
			defer mu.Unlock()
			if done++; e.options.Progress != nil {
				e.options.Progress(done, len(e.wants), w.url)
			}
			if err == nil {
				w.got = got
				return nil
			}
			var fault *Fault
			switch {
			case errors.As(err, &fault) && fault.Kind == FaultStatus && (fault.Status == 404 || fault.Status == 410) && w.optional && w.locked == nil:
				w.page.State, w.page.Why = Absent, fault.Message
			case errors.As(err, &fault) && (fault.Kind == FaultStatus || fault.Kind == FaultNetwork):
				e.fail(w, "fetch-failed", fault.Message, fault.Hint)
			default:
				e.fail(w, "fetch-refused", messageOf(err), hintOf(err))
			}
			return nil
		})
	}
	return g.Wait()
}

func messageOf(err error) string { m, _ := explain(err); return m }

func hintOf(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.hint
	}
	_, h := explain(err)
	return h
}

// page gets a page by the route of the lock, which is tried alone; a page that the lock does not know by the best route there is.
func (e *engine) page(ctx context.Context, w *want) (*copyOf, error) {
	if w.locked == nil || e.options.Reroute {
		return e.discover(ctx, w)
	}
	switch l := w.locked; {
	case l.Route == routeMarkdown:
		return e.markdown(ctx, w, w.url, routeMarkdown)
	case l.Route == routeTwin || l.Route == routeList:
		return e.markdown(ctx, w, l.From, l.Route)
	default:
		return e.html(ctx, w)
	}
}

// markdown gets Markdown that is promised: its URL says so, or the lock.
func (e *engine) markdown(ctx context.Context, w *want, from, route string) (*copyOf, error) {
	resp, err := e.get(ctx, w, from, acceptMarkdown)
	if err != nil {
		return nil, err
	}
	if resp.NotModified {
		return e.unmodified(w, resp), nil
	}
	if looksHTML(resp.ContentType, resp.Body) {
		why := "the lock knows it as Markdown"
		if isMarkdownURL(w.url) {
			why = "its address ends in " + path.Ext(pathOf(w.url))
		}
		return nil, &refusal{fmt.Sprintf("an HTML page came where Markdown was promised: %s", why), "is it an error page? Else " + rerouteHint}
	}
	if route == routeMarkdown {
		return e.fromMarkdown(resp, "", resp.Final, route)
	}
	final := cmp.Or(w.locked.Final, w.url)
	if resp.Final != from { // what led to the Markdown of another page leads to that page
		final = withoutMarkdown(resp.Final)
	}
	return e.fromMarkdown(resp, from, final, route)
}

// html gets a page that is HTML.
func (e *engine) html(ctx context.Context, w *want) (*copyOf, error) {
	resp, err := e.get(ctx, w, w.url, acceptHTML)
	if err != nil {
		return nil, err
	}
	if resp.NotModified {
		return e.unmodified(w, resp), nil
	}
	if !looksHTML(resp.ContentType, resp.Body) {
		return nil, &refusal{fmt.Sprintf("%s came, and the lock knows the page as HTML", kindOf(resp.ContentType)), rerouteHint}
	}
	return e.fromHTML(w, resp)
}

// discover finds the best route to a page: it answers with Markdown, it has a twin, its site's llms.txt lists Markdown for it, else its HTML.
func (e *engine) discover(ctx context.Context, w *want) (*copyOf, error) {
	if isMarkdownURL(w.url) {
		return e.markdown(ctx, w, w.url, routeMarkdown)
	}
	page, err := e.get(ctx, w, w.url, acceptAny)
	if err != nil {
		return nil, err
	}
	if page.NotModified {
		return e.unmodified(w, page), nil
	}
	if !looksHTML(page.ContentType, page.Body) {
		if !isMarkdownType(page.ContentType) {
			return nil, &refusal{fmt.Sprintf("%s came, which is no page", kindOf(page.ContentType)), "name a page of Markdown or HTML"}
		}
		return e.fromMarkdown(page, "", page.Final, routeMarkdown)
	}
	tried := map[string]bool{}
	for _, t := range twins(page.Final) {
		tried[t] = true
		if got, err := e.twin(ctx, w, page, t, routeTwin); got != nil || err != nil {
			return got, err
		}
	}
	listed, err := e.listed(ctx, page.Final)
	if err != nil {
		return nil, err
	}
	if listed != "" && !tried[listed] {
		if got, err := e.twin(ctx, w, page, listed, routeList); got != nil || err != nil {
			return got, err
		}
	}
	return e.fromHTML(w, page)
}

// twin looks for Markdown beside a page; nil where there is none. A fault that may pass is an error: what the route is must not depend on it.
func (e *engine) twin(ctx context.Context, w *want, page *Response, address, route string) (*copyOf, error) {
	resp, err := e.Client.Get(ctx, e.request(w, address, acceptMarkdown))
	if err != nil {
		var fault *Fault
		passing := !errors.As(err, &fault) || fault.Kind == FaultNetwork || fault.Kind == FaultStatus && (fault.Status == 429 || fault.Status >= 500)
		if passing {
			return nil, err
		}
		return nil, nil
	}
	if resp.NotModified || looksHTML(resp.ContentType, resp.Body) || !isMarkdownType(resp.ContentType) {
		return nil, nil
	}
	got, err := e.fromMarkdown(resp, address, page.Final, route)
	if err != nil {
		return nil, nil // an empty file, or no text: the page itself is better
	}
	return got, nil
}

// twins lists the addresses at which sites keep the Markdown of a page.
func twins(page string) []string {
	u, err := url.Parse(page)
	if err != nil {
		return nil
	}
	at := func(p string) string {
		t := *u
		t.Path, t.RawPath = p, ""
		return t.String()
	}
	p := u.Path
	switch dir, ext := strings.TrimSuffix(p, "/"), path.Ext(p); {
	case dir == "":
		return []string{at("/index.md")}
	case dir != p:
		return []string{at(dir + ".md"), at(dir + "/index.md")}
	case ext == ".html" || ext == ".htm":
		return []string{at(strings.TrimSuffix(p, ext) + ".md"), at(p + ".md")}
	default:
		return []string{at(p + ".md")}
	}
}

// listed returns the address that the llms.txt of a page's site has for its Markdown; empty where there is none.
func (e *engine) listed(ctx context.Context, page string) (string, error) {
	u, err := url.Parse(page)
	if err != nil {
		return "", err
	}
	home := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/llms.txt"}
	e.mu.Lock()
	if e.lists == nil {
		e.lists = map[string]*list{}
	}
	l := e.lists[home.String()]
	if l == nil {
		l = &list{}
		e.lists[home.String()] = l
	}
	e.mu.Unlock()
	l.once.Do(func() { l.read(ctx, e, &home) })
	return l.byKey[docs.AddressKey(u)], l.err
}

// list is what the llms.txt of a site lists as Markdown.
type list struct {
	once  sync.Once
	byKey map[string]string // addresses by what they have in common with their pages
	err   error             // a fault that may pass
}

func (l *list) read(ctx context.Context, e *engine, home *url.URL) {
	entries, err := e.entries(ctx, home.String(), 0)
	var fault *Fault
	if errors.As(err, &fault) && (fault.Kind == FaultNetwork || fault.Kind == FaultStatus && (fault.Status == 429 || fault.Status >= 500)) {
		l.err = err
	}
	l.byKey = map[string]string{}
	for _, s := range entries {
		u, err := url.Parse(s)
		if err != nil || !sameOrigin(u, home) || !isMarkdownURL(s) {
			continue
		}
		if key := docs.AddressKey(u); l.byKey[key] == "" {
			l.byKey[key] = s
		}
	}
}

// get asks for a page, conditionally where the snapshot is what was fetched by this converter.
func (e *engine) get(ctx context.Context, w *want, address, accept string) (*Response, error) {
	r := e.request(w, address, accept)
	if v, ok := e.validators(w, address); ok {
		r.ETag, r.LastModified = v.ETag, v.LastModified
	}
	resp, err := e.Client.Get(ctx, r)
	if err != nil || !resp.NotModified || resp.Final == answered(w, address) {
		return resp, err
	}
	r.ETag, r.LastModified = "", "" // the same bytes at another address: that stands in the snapshot, too
	return e.Client.Get(ctx, r)
}

// answered returns what answered for an address when the page was fetched the last time.
func answered(w *want, address string) string {
	if address == w.locked.From {
		return address
	}
	return cmp.Or(w.locked.Final, w.url)
}

func (e *engine) request(w *want, address, accept string) Request {
	r := Request{URL: address, Accept: accept}
	if u, err := url.Parse(w.url); err == nil {
		r.AllowHosts = e.allowed(u.Host)
	}
	return r
}

// unmodified is the page as it stands.
func (e *engine) unmodified(w *want, resp *Response) *copyOf {
	v, _ := e.validators(w, resp.URL)
	l := w.locked
	return &copyOf{final: cmp.Or(l.Final, w.url), from: l.From, route: l.Route, converter: l.Converter, text: w.old, words: countWords(body(w.old)), same: true, known: v}
}

// fromMarkdown makes a copy of Markdown that came. from is where it was read, if that is not the page itself; final is the page's own address.
func (e *engine) fromMarkdown(resp *Response, from, final, route string) (*copyOf, error) {
	text, err := decode(resp)
	if err != nil {
		return nil, err
	}
	got := &copyOf{final: final, from: from, route: route, known: validatorsOf(resp)}
	return got, got.write("", text)
}

func (e *engine) fromHTML(w *want, resp *Response) (*copyOf, error) {
	text, err := decode(resp)
	if err != nil {
		return nil, err
	}
	final, err := url.Parse(resp.Final)
	if err != nil {
		return nil, err
	}
	o := webpage.Options{URL: final}
	if u, err := url.Parse(w.url); err == nil {
		host := e.Project.Config.Fetch.Hosts[strings.ToLower(u.Host)]
		o.Content, o.Drop = host.Content.S, plain(host.Drop)
	}
	page, err := webpage.Convert([]byte(text), o)
	if err != nil {
		return nil, &refusal{err.Error(), "see `fetch.hosts` in skillgen.yaml, which can name the content by a CSS selector"}
	}
	got := &copyOf{final: resp.Final, route: routeHTML + page.Theme, converter: webpage.Version, known: validatorsOf(resp)}
	return got, got.write(page.Title, page.Markdown)
}

// decode returns the text of an answer. Bytes that are no text in its charset would be lost: then it is refused.
func decode(resp *Response) (string, error) {
	text, err := webpage.Decode(resp.Body, resp.ContentType)
	if err != nil {
		return "", &refusal{err.Error(), "ask the site to say its charset"}
	}
	const lost = "\ufffd"
	if n := strings.Count(text, lost) - bytes.Count(resp.Body, []byte(lost)); n > 0 {
		return "", &refusal{fmt.Sprintf("%s not text in the charset that it says it has", count(n, "place is", "places are")), "is it a file of another kind, or does the site name the wrong charset?"}
	}
	return text, nil
}

// pathOf returns the path of a URL.
func pathOf(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return u.Path
}

// isMarkdownURL reports whether a URL promises Markdown.
func isMarkdownURL(s string) bool {
	return slices.Contains([]string{".md", ".mdx", ".markdown"}, strings.ToLower(path.Ext(pathOf(s))))
}

// withoutMarkdown turns the address of a page's Markdown into that of the page.
func withoutMarkdown(s string) string {
	u, err := url.Parse(s)
	if err != nil || !isMarkdownURL(s) {
		return s
	}
	u.Path, u.RawPath = strings.TrimSuffix(u.Path, path.Ext(u.Path)), ""
	return u.String()
}

// isMarkdownType reports whether something of a content type can be Markdown: servers that don't know the type call it plain text or bytes.
func isMarkdownType(contentType string) bool {
	t, _, _ := mime.ParseMediaType(contentType)
	return slices.Contains([]string{"", "text/markdown", "text/x-markdown", "text/plain", "application/octet-stream", "application/markdown"}, t)
}

// kindOf names a content type in a message.
func kindOf(contentType string) string {
	t, _, _ := mime.ParseMediaType(contentType)
	return cmp.Or(t, "something of no type")
}

// looksHTML reports whether something is an HTML page, by its type or by how it begins: error pages come under any type.
func looksHTML(contentType string, data []byte) bool {
	switch t, _, _ := mime.ParseMediaType(contentType); t {
	case "text/html", "application/xhtml+xml":
		return true
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for {
		data = bytes.TrimLeft(data, " \t\r\n")
		rest, ok := bytes.CutPrefix(data, []byte("<!--"))
		if !ok {
			break
		}
		_, after, closed := bytes.Cut(rest, []byte("-->"))
		if !closed {
			break
		}
		data = after
	}
	start := bytes.ToLower(data[:min(len(data), 16)])
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return true
		}
	}
	return false
}
