package fetch

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// write brings the project to what came: snapshots, then the sources that follow a page, then the lock, then what nobody needs goes. Whoever
// stops it in between has snapshots that the lock does not know, which build reports, and which the next fetch puts in order.
func (e *engine) write() error {
	for _, w := range e.wants {
		if w.got == nil || w.merged || e.readSnapshot(w.path) == w.got.text {
			continue
		}
		if err := e.writeFile(w.path, w.got.text); err != nil {
			return err
		}
	}
	if err := e.follow(); err != nil {
		return err
	}
	lock := e.newLock()
	if text := string(lock.Encode()); (e.lock.File != nil || len(lock.Pages)+len(lock.Indexes) > 0) && text != e.readSnapshot(project.LockFile) {
		if err := e.writeFile(project.LockFile, text); err != nil {
			return err
		}
	}
	if err := e.removeOld(lock); err != nil {
		return err
	}
	return e.remember()
}

// newLock is the lock after this run: what came, and of the old one what was not asked for or could not be had.
func (e *engine) newLock() *project.Lock {
	lock := &project.Lock{}
	gone := map[*project.LockedPage]bool{}
	for _, w := range e.pruned {
		gone[w.locked] = true
	}
	for _, w := range e.wants {
		if w.got == nil {
			continue
		}
		if w.locked != nil {
			gone[w.locked] = true
		}
		if w.merged {
			continue
		}
		p := project.LockedPage{URL: w.url, Path: w.path, SHA256: digest(w.got.text), Route: w.got.route, Converter: w.got.converter, From: w.got.from, Changed: e.options.Today}
		if w.got.final != w.url {
			p.Final = w.got.final
		}
		if w.locked != nil && w.locked.SHA256 == p.SHA256 {
			p.Changed = w.locked.Changed
		}
		lock.Pages = append(lock.Pages, p)
	}
	for i := range e.lock.Pages {
		if old := &e.lock.Pages[i]; !gone[old] {
			lock.Pages = append(lock.Pages, *old)
		}
	}
	e.lockIndexes(lock)
	return lock
}

// lockIndexes notes which pages each whole site has, of those that were fetched now or before.
func (e *engine) lockIndexes(lock *project.Lock) {
	held := map[string]bool{}
	for _, p := range lock.Pages {
		held[p.Path] = true
	}
	asked := map[string]bool{}
	for _, x := range e.indexes {
		asked[x.url] = true
		if !x.read {
			continue
		}
		l := project.LockedIndex{URL: x.url}
		for _, u := range x.pages {
			if p, why := snapshotPath(e.Project.Config.Paths.Website, u); why == "" && held[p] {
				l.Pages = append(l.Pages, u)
			}
		}
		lock.Indexes = append(lock.Indexes, l)
	}
	for _, old := range e.lock.Indexes {
		known := slices.ContainsFunc(e.indexes, func(x *index) bool { return x.url == old.URL && x.read })
		if !known && (asked[old.URL] || len(e.options.URLs) > 0) {
			lock.Indexes = append(lock.Indexes, old)
		}
	}
}

// removeOld removes the snapshots that the old lock lists and the new one does not, unless somebody edited them.
func (e *engine) removeOld(lock *project.Lock) error {
	held := map[string]bool{}
	for _, p := range lock.Pages {
		held[p.Path] = true
	}
	for _, old := range e.lock.Pages {
		if held[old.Path] {
			continue
		}
		text := e.readSnapshot(old.Path)
		if text == "" {
			continue
		}
		if digest(text) != old.SHA256 {
			e.add("snapshot-edited", diag.Place{File: old.Path}, "nobody needs this snapshot any more, and it was edited by hand: it stays", "delete it yourself")
			continue
		}
		if err := e.removeFile(old.Path); err != nil {
			return err
		}
	}
	return nil
}

// remember keeps what servers said, for the next run. What a page was asked for before and is not any more goes.
func (e *engine) remember() error {
	entries := map[string]validators{}
	if len(e.options.URLs) > 0 {
		entries = e.cache.Entries
	}
	for _, w := range e.wants {
		if w.got == nil { // what was known of it stays good
			for _, address := range []string{w.url, lockedFrom(w)} {
				if v, ok := e.cache.Entries[address]; ok {
					entries[address] = v
				}
			}
			continue
		}
		v := w.got.known
		if v.ETag != "" || v.LastModified != "" || w.got.converter != 0 {
			v.SHA256, v.Converter = digest(w.got.text), w.got.converter
			entries[askedOf(w)] = v
		}
	}
	if len(entries) == 0 && len(e.cache.Entries) == 0 {
		return nil
	}
	return (&cache{Schema: cacheSchema, Entries: entries}).save(e)
}

func lockedFrom(w *want) string {
	if w.locked == nil {
		return ""
	}
	return w.locked.From
}

// follow rewrites the addresses of pages that moved, wherever frameworks and templates write them: as sources, and in links and references.
func (e *engine) follow() error {
	moved := slices.DeleteFunc(slices.Clone(e.wants), func(w *want) bool { return w.moved == "" })
	if len(moved) == 0 {
		return nil
	}
	slices.SortFunc(moved, func(a, b *want) int { // the longest first: one address may begin with another
		return cmp.Or(len(b.moved)-len(a.moved), strings.Compare(a.moved, b.moved))
	})
	edits := map[string][]rewrite{} // by file
	for _, w := range moved {
		for _, at := range w.at {
			if to, ok := e.newSource(w, at); ok {
				edits[at.File.Path] = append(edits[at.File.Path], rewrite{at, to})
			} else {
				e.add("page-moved", at.Place(), fmt.Sprintf("%s has moved to %s, and this source does not write its address out", w.moved, w.url), "mend it by hand")
			}
		}
	}
	for _, dir := range []string{e.Project.Config.Paths.Frameworks, e.Project.Config.Paths.Templates} {
		entries, err := e.Project.Tree.Walk(dir, nil)
		if err != nil {
			continue // a project may have no templates of its own
		}
		for _, entry := range entries {
			if entry.Type != 0 || !strings.HasSuffix(entry.Path, ".md") {
				continue
			}
			if err := e.followIn(entry.Path, edits[entry.Path], moved); err != nil {
				return err
			}
		}
	}
	return nil
}

// rewrite puts a text in the place of another.
type rewrite struct {
	at source.Span
	to string
}

// newSource returns what a source that names a page which moved has to say now, in its own quotes; false where it does not write the address.
func (e *engine) newSource(w *want, at source.Span) (string, bool) {
	written := at.File.Text[at.Start:at.End]
	quote := ""
	if n := len(written); n > 1 && (written[0] == '"' || written[0] == '\'') && written[n-1] == written[0] {
		quote, written = written[:1], written[1:n-1]
	}
	switch {
	case written == w.moved:
		return quote + w.url + quote, true
	case strings.HasPrefix(written, "/") && slices.Equal(docs.SiteURLs(e.Sites, written), []string{w.moved}):
		to := w.url
		if u, err := url.Parse(w.url); err == nil && slices.Equal(docs.SiteURLs(e.Sites, u.RequestURI()), []string{w.url}) {
			to = u.RequestURI()
		}
		return quote + to + quote, true
	}
	return "", false
}

// followIn rewrites one file: the sources, then every other place that has an address of a page which moved.
func (e *engine) followIn(name string, edits []rewrite, moved []*want) error {
	f, err := e.Project.Tree.Read(name)
	if err != nil || f.Kind != source.Text {
		return nil // project.Load has read it, or has said why not
	}
	slices.SortFunc(edits, func(a, b rewrite) int { return b.at.Start - a.at.Start })
	text := f.Text
	for _, r := range slices.CompactFunc(edits, func(a, b rewrite) bool { return a.at == b.at }) {
		text = text[:r.at.Start] + r.to + text[r.at.End:]
	}
	for _, w := range moved {
		text = replaceAddress(text, w.moved, w.url)
	}
	if text == f.Text {
		return nil
	}
	e.rewrote = append(e.rewrote, name)
	return e.writeFile(name, text)
}

// replaceAddress replaces a URL where it stands whole: what goes on behind it would make it another one, unless that is a fragment or query's end.
func replaceAddress(text, from, to string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, from)
		if i < 0 {
			break
		}
		end := i + len(from)
		b.WriteString(text[:i])
		if goesOn(text[end:]) {
			b.WriteString(from)
		} else {
			b.WriteString(to)
		}
		text = text[end:]
	}
	b.WriteString(text)
	return b.String()
}

// goesOn reports whether a URL goes on in what follows it. A dot or comma at the end of a sentence is none of its.
func goesOn(rest string) bool {
	rest = strings.TrimLeft(rest, ".,;:!")
	return rest != "" && (isURLByte(rest[0]) && rest[0] != ')' && rest[0] != '\'')
}

func isURLByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_~/?%&=+@*$", c) >= 0
}
