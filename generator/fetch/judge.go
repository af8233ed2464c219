package fetch

import (
	"fmt"
	"net/url"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/webpage"
)

// judge compares what came with what stands.
func (e *engine) judge() {
	for _, w := range e.wants {
		if w.got == nil {
			continue
		}
		if !w.got.same && !e.options.AcceptShrink && w.old != "" {
			if before := countWords(body(w.old)); w.got.words*2 < before {
				e.fail(w, "fetch-refused", fmt.Sprintf("it had %d words and has %d now", before, w.got.words), "look at the page; `skillgen fetch --accept-shrink` takes it as it is")
				w.got = nil
				continue
			}
		}
		e.judgeMove(w)
		e.state(w)
		if w.got.invisible > 0 && w.page.State != Unchanged {
			f := diag.New("fetch-invisible", w.place(), fmt.Sprintf("%s: %d characters that nobody sees (soft hyphens, zero-width spaces) were taken out", w.url, w.got.invisible), "")
			e.findings = append(e.findings, f)
		}
		if e.options.Check {
			e.tell(w)
		}
	}
}

// judgeMove reports a page that answers from another address.
func (e *engine) judgeMove(w *want) {
	from, err1 := url.Parse(w.url)
	to, err2 := url.Parse(w.got.final)
	if err1 != nil || err2 != nil {
		return
	}
	if w.got.final != w.url {
		w.page.Final = w.got.final
	}
	if docs.AddressKey(from) == docs.AddressKey(to) {
		return // a slash, or https: the same page
	}
	w.page.Moved = w.got.final
	if e.options.Follow && !e.options.Check && !w.listed && len(w.at) > 0 {
		if e.followTo(w, w.got.final) {
			return
		}
	}
	hint := "`skillgen fetch --follow` rewrites the sources that name it"
	switch {
	case w.listed:
		hint = "the site's own list names the old address"
	case len(w.at) == 0:
		hint = "name it by its new address"
	}
	e.add("page-moved", w.place(), fmt.Sprintf("%s has moved to %s", w.url, w.got.final), hint)
}

// followTo gives a page its new address; false where that can't be its own.
func (e *engine) followTo(w *want, to string) bool {
	p, why := snapshotPath(e.Project.Config.Paths.Website, to)
	if why != "" {
		return false
	}
	for _, other := range e.wants {
		if other != w && other.path == p {
			// Somebody names the new address already: its page stays, this one goes.
			w.merged = true
		}
	}
	w.moved, w.url, w.path = w.url, to, p
	w.page.Path = p
	return true
}

// state says what became of a page that came.
func (e *engine) state(w *want) {
	w.page.Route = w.got.route
	sum := digest(w.got.text)
	switch {
	case w.locked == nil:
		w.page.State = New
		w.page.Added = w.got.words
		return
	case w.locked.SHA256 != sum:
		w.page.State = Changed
		w.page.Added, w.page.Removed = wordChanges(body(w.old), body(w.got.text))
		known := e.cache.Entries[askedOf(w)]
		w.page.Anew = w.locked.Converter != 0 && w.locked.Converter != webpage.Version && known.Raw != "" && known.Raw == w.got.known.Raw
	case digest(w.old) != sum || w.locked.Path != w.path && w.moved == "":
		w.page.State = Restored
	default:
		w.page.State = Unchanged
	}
}

// askedOf returns the address that was asked for a page: that of its Markdown, or its own.
func askedOf(w *want) string {
	if w.got.from != "" {
		return w.got.from
	}
	if w.moved != "" {
		return w.moved
	}
	return w.url
}

// tell reports a page that differs from what the project holds.
func (e *engine) tell(w *want) {
	at := diag.Place{File: w.path}
	switch w.page.State {
	case New:
		e.add("page-outdated", w.place(), fmt.Sprintf("%s is not in the project yet", w.url), "run `skillgen fetch`")
	case Changed:
		e.add("page-outdated", at, fmt.Sprintf("%s has changed since %s: +%d −%d words", w.url, w.locked.Changed, w.page.Added, w.page.Removed), "run `skillgen fetch`, and review what `skillgen diff` says")
	case Restored:
		e.add("page-outdated", at, fmt.Sprintf("this snapshot is not what %s was on %s: it was edited by hand, or is gone", w.url, w.locked.Changed), "run `skillgen fetch`")
	}
}
