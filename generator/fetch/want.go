package fetch

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// collect finds what is wanted: the sources of all frameworks and workflows, the command line's URLs, and the entries of the lock. A source
// that a page of the project answers is not fetched: it stands there by hand.
func (e *engine) collect() {
	if len(e.options.URLs) == 0 {
		e.sources()
		for i := range e.lock.Pages {
			e.want(e.lock.Pages[i].URL)
		}
		return
	}
	// What the command line names is fetched alone; who names it is known all the same, for findings and --follow.
	asked := map[string]bool{}
	for _, s := range e.options.URLs {
		if u, ok := e.address(source.String{S: s}); ok {
			asked[u] = true
			if project.WholeSite(u) {
				e.index(u).here = true
			} else {
				e.want(u).named = true
			}
		}
	}
	before := len(e.findings)
	e.sources()
	e.findings = e.findings[:before] // of sources that nobody asked for
	e.wants = slices.DeleteFunc(e.wants, func(w *want) bool { return !asked[w.url] })
	e.indexes = slices.DeleteFunc(e.indexes, func(x *index) bool { return !asked[x.url] })
}

// sources collects what frameworks and workflows name.
func (e *engine) sources() {
	p := e.Project
	for _, f := range p.Frameworks {
		e.collectFrom(f.Docs, "", false)
		for _, w := range p.Workflows {
			if over := f.Workflows[w.Name]; over != nil {
				e.collectFrom(over.Docs, "", false)
			}
		}
	}
	for _, w := range p.Workflows {
		e.collectFrom(w.Docs, "", false)
		for _, f := range p.Frameworks {
			over, listed := f.Workflows[w.Name]
			if w.Standalone || f.Workflows != nil && !listed || w.NeedsExample && len(f.Example) == 0 && (over == nil || len(over.Example) == 0) {
				continue
			}
			e.collectFrom(w.Docs, f.ID, !listed && !w.Default)
		}
	}
}

// collectFrom collects a list of sources: for the framework id those that hold {{id}}, for none those that don't.
func (e *engine) collectFrom(list []project.Source, id string, optional bool) {
	for _, src := range list {
		name := src.Source
		if holds := strings.Contains(name.S, "{{id}}"); holds != (id != "") {
			continue
		}
		name.S = strings.ReplaceAll(name.S, "{{id}}", id)
		if !strings.Contains(name.S, "://") && !strings.HasPrefix(name.S, "/") {
			continue
		}
		if project.WholeSite(name.S) {
			if u, ok := e.address(name); ok {
				e.index(u).ask(src)
			}
			continue
		}
		if pages, _ := e.Library.Resolve(name); len(pages) > 0 && !e.isSnapshot(pages[0].File.Path) {
			continue
		}
		if u, ok := e.address(name); ok {
			w := e.want(u)
			w.optional = optional && (!w.named || w.optional)
			w.named = true
			if !slices.Contains(w.at, name.At) {
				w.at = append(w.at, name.At)
			}
		}
	}
}

// isSnapshot reports whether the file at a path was fetched.
func (e *engine) isSnapshot(name string) bool {
	if e.snapshots == nil {
		e.snapshots = map[string]bool{}
		for _, p := range e.lock.Pages {
			e.snapshots[p.Path] = true
		}
	}
	return e.snapshots[name]
}

// address turns what a source or the command line names into a URL; false where a finding says why it can't.
func (e *engine) address(src source.String) (string, bool) {
	s := src.S
	if strings.HasPrefix(s, "/") {
		switch found := docs.SiteURLs(e.Sites, s); len(found) {
		case 0:
			e.add("docs-source", src.At.Place(), fmt.Sprintf("%q is the path of a site, and the project has none", s), "write the whole URL, or describe the site under `sites` in skillgen.yaml")
			return "", false
		case 1:
			s = found[0]
		default:
			e.add("docs-source", src.At.Place(), fmt.Sprintf("%q can mean %s and %s", s, found[0], found[1]), "write the whole URL")
			return "", false
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		e.add("docs-source", src.At.Place(), fmt.Sprintf("%q is no URL of a page", s), "write it like https://acme.example/docs/page")
		return "", false
	}
	if u.Fragment != "" || strings.HasSuffix(s, "#") {
		s, _, _ = strings.Cut(s, "#")
		if src.At.File != nil { // of the command line it is clear what is meant
			e.add("docs-source", src.At.Place(), fmt.Sprintf("%q names a part of a page", src.S), fmt.Sprintf("a source is a whole page: write %q", s))
			return "", false
		}
	}
	return s, true
}

// want returns the page with a URL among those that are wanted.
func (e *engine) want(u string) *want {
	if e.byURL == nil {
		e.byURL = map[string]*want{}
	}
	w := e.byURL[u]
	if w == nil {
		w = &want{url: u, page: Page{URL: u}}
		e.byURL[u] = w
		e.wants = append(e.wants, w)
	}
	return w
}

// place gives each page its snapshot's path and its entry in the lock. Two URLs that mean one page are one; what has no path, or the path of
// another page but for the case of its letters, is refused.
func (e *engine) place() {
	slices.SortFunc(e.wants, func(a, b *want) int { return strings.Compare(a.url, b.url) })
	locked := map[string]*project.LockedPage{} // by path in lower case
	byURL := map[string]*project.LockedPage{}
	for i := range e.lock.Pages {
		byURL[e.lock.Pages[i].URL] = &e.lock.Pages[i]
		locked[strings.ToLower(e.lock.Pages[i].Path)] = &e.lock.Pages[i]
	}
	first := map[string]*want{} // by path in lower case
	kept := e.wants[:0]
	for _, w := range e.wants {
		p, why := snapshotPath(e.Project.Config.Paths.Website, w.url)
		if why != "" {
			w.clash = true
			kept = append(kept, w)
			e.fail(w, "fetch-refused", why, "name another page, or keep a copy of this one by hand")
			continue
		}
		low := strings.ToLower(p)
		if other := first[low]; other != nil {
			if other.path != p {
				w.clash = true
				kept = append(kept, w)
				e.fail(w, "fetch-refused", fmt.Sprintf("its snapshot %s would differ from that of %s only by case", p, other.url), "name only one of them: many file systems can't tell them apart")
				continue
			}
			if other.locked != nil && other.locked.URL == w.url { // the address by which it was fetched goes on
				other.url, other.page.URL = w.url, w.url
			}
			other.at = append(other.at, w.at...)
			other.named = other.named || w.named
			other.optional = other.optional && w.optional
			other.listed = other.listed && w.listed
			continue
		}
		first[low] = w
		w.path, w.page.Path = p, p
		if l := locked[low]; l != nil && l.Path == p {
			w.locked = l
		} else {
			w.locked = byURL[w.url] // under another path: its snapshot goes where it belongs
		}
		if w.page.Unnamed = !w.named; w.page.Unnamed && e.options.Prune && w.locked != nil {
			e.prune(w)
			continue
		}
		kept = append(kept, w)
	}
	e.wants = kept
}

// prune lets go of a page that nobody names, unless its snapshot was edited.
func (e *engine) prune(w *want) {
	if old := e.readSnapshot(w.locked.Path); old != "" && digest(old) != w.locked.SHA256 {
		e.add("snapshot-edited", diag.Place{File: w.locked.Path}, "nobody names this snapshot, and it was edited by hand: it stays", "delete it yourself, or name it")
		return
	}
	e.pruned = append(e.pruned, w)
}
