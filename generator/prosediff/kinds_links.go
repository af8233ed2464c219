package prosediff

import (
	"bytes"
	"fmt"
	"net"
	"path"
	"slices"
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/facts"
)

// link is a URL or the destination of a link, at one of a text's tokens.
type link struct {
	token int
	dest  string
	facts.Address
}

// Links returns the links of the text; in code, its URLs.
func (r *reading) links() []link {
	var out []link
	for i, t := range r.toks {
		if t.Kind == facts.URL || t.Kind == facts.Target {
			if dest := facts.Destination(t.Of(r.raw)); dest != "" {
				out = append(out, link{i, dest, facts.SplitAddress(dest)})
			}
		}
	}
	return out
}

func mayLink(raw string) bool { return strings.Contains(raw, "](") || strings.Contains(raw, "://") }

// findLinks looks at addresses: hosts that are new, https that became http, destinations that changed, and those that lead nowhere.
func (s *skillDiff) findLinks() {
	for _, sp := range s.spots {
		if sp.delta != nil && mayLink(sp.a.text().raw) && mayLink(sp.b.text().raw) {
			s.changedLinks(sp)
		}
	}
	s.newHosts()
	s.brokenLinks()
}

// changedLinks looks at the edits that put one address in the place of another.
func (s *skillDiff) changedLinks(sp *spot) {
	ra, rb := sp.a.text().Reading(), sp.b.text().Reading()
	for _, p := range sp.delta.passages {
		for _, e := range p.edits {
			if e.a1-e.a0 != 1 || e.b1-e.b0 != 1 || !isAddress(ra.toks[e.a0]) || !isAddress(rb.toks[e.b0]) {
				continue
			}
			old, new := facts.Destination(ra.toks[e.a0].Of(ra.raw)), facts.Destination(rb.toks[e.b0].Of(rb.raw))
			f := linkKind(old, new)
			c := s.onSpot(s.add(f.id, f.message), sp, &p)
			c.from, c.to = ra.normal(e.a0, e.a1), rb.normal(e.b0, e.b1)
			c.Base, c.Revision = s.placesOf(sp, e)
			c.Evidence, c.script = clip(old+" → "+new, 200), "link "+old+" "+new
			sp.claimEdit(e)
		}
	}
}

func isAddress(t facts.Token) bool { return t.Kind == facts.URL || t.Kind == facts.Target }

func (sp *spot) claimEdit(e edit) {
	sp.each(func(i int, _ passage, other edit) {
		if other == e {
			sp.claimed[i] = true
		}
	})
}

func linkKind(old, new string) finding {
	a, b := facts.SplitAddress(old), facts.SplitAddress(new)
	switch {
	case a.Scheme == "https" && b.Scheme == "http" && !isLocal(b.Host):
		return found("url-scheme-downgraded", "%s is not encrypted any more", clip(new, 120))
	case a.Relative() && b.Relative():
		return found("link-only", "the link leads to another place")
	case a.Host == b.Host:
		return found("url-changed", "another address on %s", clip(b.Host, 80))
	}
	return found("link-only", "the link leads to %s", clip(new, 120))
}

// isLocal reports whether a host is this machine, or one that stands for any host.
func isLocal(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if ip := net.ParseIP(strings.Trim(name, "[]")); ip != nil {
		return ip.IsLoopback() || ip.IsUnspecified()
	}
	for _, end := range []string{"localhost", "example", "test", "invalid", "example.com", "example.org", "example.net"} {
		if name == end || strings.HasSuffix(name, "."+end) {
			return true
		}
	}
	return !strings.Contains(name, ".") || strings.ContainsAny(name, "<>{}$%")
}

// newHosts reports hosts that nothing in the base names, once for each skill.
func (s *skillDiff) newHosts() {
	told := map[string]bool{}
	look := func(at place, sp *spot) {
		if !mayLink(at.text().raw) {
			return
		}
		for _, l := range at.text().Reading().links() {
			if l.Host == "" || told[l.Host] || isLocal(l.Host) || slices.Contains(s.w.options.Hosts, l.Host) || s.w.hosts()[l.Host] {
				continue
			}
			if told[l.Host] = true; len(told) > maxNames {
				continue
			}
			c := s.add("url-host-added", fmt.Sprintf("%s is named nowhere in the base", clip(l.Host, 100)))
			if s.onCome(c, at, l.token, l.token+1); sp != nil {
				c.Action = "changed"
			}
			c.Ops, c.verbatim = publicOps([]op{{'+', l.dest}}), false
			c.Evidence, c.script, c.to = clip(l.dest, 200), "host "+l.Host, l.Host
		}
	}
	for _, sp := range s.spots {
		if sp.delta != nil {
			look(sp.b, sp)
		}
	}
	for _, l := range s.come {
		look(l.place, nil)
	}
}

// hostsOf returns the hosts that a side names, wherever: a host in a comment of a script is known too.
func hostsOf(folders []*folder) map[string]bool {
	var files []*file
	for _, f := range folders {
		files = append(files, f.files...)
	}
	found := make([][]string, len(files))
	inParallel(len(files), func(i int) { found[i] = hostsIn(files[i].data) })
	out := map[string]bool{}
	for _, hosts := range found {
		for _, h := range hosts {
			out[h] = true
		}
	}
	return out
}

// hostsIn returns what stands after each "://" up to a character that no host has.
func hostsIn(data []byte) []string {
	var out []string
	for {
		i := bytes.Index(data, []byte("://"))
		if i < 0 {
			return out
		}
		data = data[i+3:]
		end := bytes.IndexAny(data[:min(len(data), 256)], "/?#)>]}\"'` \t\r\n")
		if end < 0 {
			end = min(len(data), 256)
		}
		host := strings.ToLower(string(data[:end]))
		out = append(out, strings.TrimRight(host[strings.LastIndexByte(host, '@')+1:], ".,;:!*_"))
	}
}

// brokenLinks reports relative links that lead nowhere in the revision, but for those that led nowhere in the base already.
func (s *skillDiff) brokenLinks() {
	if s.b == nil {
		return
	}
	before := map[string]bool{}
	if s.a != nil {
		for _, l := range s.missing(s.a, s.linkTexts()) {
			before[l.dest] = true
		}
	}
	for _, l := range s.missing(s.b, s.linkTexts()) {
		if before[l.dest] {
			continue
		}
		before[l.dest] = true
		c := s.add("link-broken", fmt.Sprintf("%s leads nowhere in this skill", clip(l.dest, 120)))
		s.onCome(c, l.at, l.token, l.token+1)
		c.Action = "changed"
		r := l.at.text().Reading()
		from, to := r.tokensAt(int(r.toks[l.token].Start))
		c.Ops = publicOps([]op{{'=', r.between(from, to)}})
		c.Evidence, c.script, c.to = clip(l.dest, 200), "broken "+l.Path, l.dest
	}
}

// linkTexts returns the texts whose links may lead nowhere now: all of them where files or headings are gone, else those that changed.
func (s *skillDiff) linkTexts() func(at place) bool {
	for _, p := range s.files {
		if p.a != nil && (p.b == nil || p.b.path != p.a.path) {
			return func(place) bool { return true }
		}
	}
	headings := slices.ContainsFunc(s.gone, func(l *leftover) bool { return l.text().shape.kind == heading }) ||
		slices.ContainsFunc(s.spots, func(sp *spot) bool { return sp.delta != nil && sp.kind() == heading })
	if headings {
		return func(place) bool { return true }
	}
	changed := map[place]bool{}
	for _, sp := range s.spots {
		changed[sp.a], changed[sp.b] = true, true
	}
	for _, l := range s.come {
		changed[l.place] = true
	}
	return func(at place) bool { return changed[at] }
}

type placedLink struct {
	link
	at place
}

// missing returns the relative links of a side that lead nowhere, of the texts that wanted accepts, in order.
func (s *skillDiff) missing(side *folder, wanted func(place) bool) []placedLink {
	files := map[string]*file{}
	for _, f := range side.files {
		files[f.path] = f
	}
	anchors := map[*file]map[string]bool{}
	var out []placedLink
	for _, f := range side.files {
		if f.content != prose {
			continue
		}
		for i, b := range f.document().blocks {
			at := place{f, int32(i)}
			if b.text.shape.kind == code || !strings.Contains(b.text.raw, "](") || !wanted(at) {
				continue
			}
			for _, l := range b.text.Reading().links() {
				if l.Relative() && !reaches(f, l, files, anchors) {
					out = append(out, placedLink{l, at})
				}
			}
		}
	}
	return out
}

// reaches reports whether a relative link of f leads to a file of the skill, and to a heading of it where it names one.
func reaches(f *file, l link, files map[string]*file, anchors map[*file]map[string]bool) bool {
	target := f
	if l.Path != "" {
		if strings.HasPrefix(l.Path, "/") || !looksLikeFile(l.Path) {
			return true // a page of a website, which is not for us to follow
		}
		if target = files[path.Join(path.Dir(f.path), unescaped(l.Path))]; target == nil {
			return strings.HasPrefix(path.Join(path.Dir(f.path), l.Path), "../")
		}
	}
	if l.Fragment == "" || target.content != prose {
		return true
	}
	known, ok := anchors[target]
	if !ok {
		known = anchorsOf(target)
		anchors[target] = known
	}
	return known[strings.ToLower(unescaped(l.Fragment))]
}

func looksLikeFile(p string) bool {
	return facts.IsFileExtension(strings.TrimPrefix(path.Ext(p), "."))
}

func unescaped(s string) string { return strings.ReplaceAll(s, "%20", " ") }

// anchorsOf returns the anchors of a file's headings, and those that its HTML sets.
func anchorsOf(f *file) map[string]bool {
	out := map[string]bool{}
	var slugs docs.Slugger
	for _, b := range f.document().blocks {
		switch {
		case b.text.shape.kind == heading:
			out[slugs.Next(docs.Slug(headingText(b.text.raw)))] = true
		case b.text.shape.kind == html || strings.Contains(b.text.raw, "<a "):
			for _, mark := range []string{`id="`, `name="`} {
				for rest := b.text.raw; ; {
					_, after, ok := strings.Cut(rest, mark)
					if !ok {
						break
					}
					name, behind, _ := strings.Cut(after, `"`)
					out[strings.ToLower(name)] = true
					rest = behind
				}
			}
		}
	}
	return out
}

// headingText returns the words of a heading, its number too.
func headingText(raw string) string {
	t := &text{shape: shape{kind: paragraph}, raw: strings.Trim(strings.TrimSpace(raw), "#")}
	if first, under, two := strings.Cut(t.raw, "\n"); two && strings.Trim(under, "=- \n\r") == "" {
		t.raw = first
	}
	return t.Reading().plain()
}
