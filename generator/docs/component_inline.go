package docs

import (
	"strings"
)

// link writes a link in running text. One that holds blocks stands below them.
func (r *renderer) link(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	dest := r.attribute(open, linkAttrs...)
	if r.takesLines(open, close) && open.line != close.line {
		r.block(open, close, func() {
			r.between(i)
			if dest != "" {
				r.w.apart()
				r.linked(func() { r.say(jsValue{kind: jsText, text: dest}) }, dest)
			}
		})
		return
	}
	r.copyTo(open.start)
	r.at = open.end
	if dest == "" {
		r.inlineRest(i)
		return
	}
	r.w.made("[")
	if open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != "" {
		r.running(i)
	} else if v, ok := r.words(open, append(titleAttrs, "text", "children")...); ok {
		r.say(v)
	} else {
		r.say(jsValue{kind: jsText, text: dest})
	}
	r.w.made("](" + escapeDestination(dest) + ")")
	r.at = max(r.at, close.end)
}

// inlineRest writes the words of a component in running text, then what it holds.
func (r *renderer) inlineRest(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	v, ok := r.words(open, "text", "label", "title", "name", "value", "children")
	holds := open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != ""
	if ok {
		r.say(v)
		if holds {
			r.w.made(" ")
		}
	}
	r.at = open.end
	r.running(i)
	r.at = max(r.at, close.end)
}

func (r *renderer) inlineWords(i int) {
	r.copyTo(r.marks[i].start)
	r.inlineRest(i)
}

// tooltip writes words, and in parentheses what their tooltip says.
func (r *renderer) tooltip(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	r.copyTo(open.start)
	r.at = open.end
	r.running(i)
	var said []jsValue
	for _, names := range [][]string{{"headline"}, {"tip", "content", "text", "title", "definition", "description", "label"}} {
		if v, ok := r.words(open, names...); ok {
			said = append(said, v)
		}
	}
	if len(said) > 0 {
		if open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != "" {
			r.w.made(" ")
		}
		r.w.made("(")
		for n, v := range said {
			if n > 0 {
				r.w.made(": ")
			}
			r.say(v)
		}
		r.w.made(")")
	}
	r.at = max(r.at, close.end)
}

// media writes a picture as Markdown does, a film as a link.
func (r *renderer) media(i int, isFilm bool) {
	open := &r.marks[i]
	close := r.closing(open)
	src := r.source(open)
	if isFilm {
		if id := r.attribute(open, "videoId", "youTubeId", "id"); src == "" && id != "" {
			src = "https://www.youtube.com/watch?v=" + id
		}
	}
	written := ""
	write := func() {
		alt, ok := r.words(open, "alt", "title", "label", "caption", "name")
		written = alt.attr
		if !ok && isFilm {
			alt, ok = jsValue{kind: jsText, text: "Video"}, true
		}
		switch {
		case src == "":
			if ok {
				r.say(alt)
			}
		default:
			if !isFilm {
				r.w.made("!")
			}
			r.w.made("[")
			if ok {
				r.say(alt)
			}
			r.w.made("](" + escapeDestination(src) + ")")
		}
	}
	if r.takesLines(open, close) {
		r.block(open, close, func() {
			write()
			r.w.apart()
			r.prose(open, written)
			r.between(i)
		})
		return
	}
	r.copyTo(open.start)
	write()
	r.at = open.end
	r.running(i)
	r.at = max(r.at, close.end)
}

// source returns the address of a picture or film: written out, or of an imported file.
func (r *renderer) source(one *mark) string {
	for _, name := range []string{"src", "url", "href", "image", "img", "source", "sources"} {
		a, ok := one.tag.attr(name)
		if !ok {
			continue
		}
		v, ok := attrValue(r.s, a, r.known)
		if light, has := v.get("light"); has {
			v = light
		}
		switch {
		case !ok:
			r.lost = append(r.lost, mark{start: a.start, end: a.end})
		case v.kind == jsFile:
			return r.address(v.file.from)
		case v.link:
			return r.address(v.text)
		case v.kind == jsText:
			return v.text
		}
	}
	return ""
}

// address returns the address of a file that code names: what lies in a folder of static files lies at the site's root.
func (r *renderer) address(from string) string {
	if i := strings.Index(from, "/static/"); i >= 0 && strings.HasPrefix(from, "@") {
		return from[i+len("/static"):]
	}
	return from
}

// inlineBlock writes in running text what is a block elsewhere.
func (r *renderer) inlineBlock(i int, kind componentKind) {
	open := &r.marks[i]
	close := r.closing(open)
	if kind == unknownComponent {
		r.reportUnknown(open)
	}
	r.copyTo(open.start)
	holds := open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != ""
	name := ""
	if kind == callout {
		name = r.calloutKind(open)
	}
	title, ok := r.words(open, "title", "label", "heading", "header", "name")
	dest := r.attribute(open, "href", "to")
	if ok || name != "" {
		r.label(name, r.sayingLink(title, ok, dest))
	}
	wrote := ok || name != ""
	for _, a := range open.tag.attrs {
		if r.readsAsProse(a) && !(ok && a.name == "name") {
			if v, has := r.words(open, a.name); has {
				if wrote {
					r.w.made(": ")
				}
				r.say(v)
				wrote = true
			}
		}
	}
	if wrote && holds {
		r.w.made(": ")
	}
	r.at = open.end
	if !wrote && !holds {
		whole := *open
		whole.end = close.end
		r.skip(&whole)
		return
	}
	r.running(i)
	r.at = max(r.at, close.end)
}

func (r *renderer) sayingLink(v jsValue, ok bool, dest string) func() {
	if !ok {
		return nil
	}
	return func() { r.linked(func() { r.say(v) }, dest) }
}
