package docs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// maxKey keeps references/<key>.md within the 100 bytes that a path of a skill may have.
const maxKey = 80

// takenKeys are the names that mean something else in a skill's folder, or nothing at all on some file systems.
var takenKeys = wordSet("skill example con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")

// key names a page after its path below its site, or else its root. It depends on nothing but that path, so that another page never renames it.
func (l *Library) key(name string) string {
	rel := name
	if s := l.siteOf(name); s != nil {
		rel = below(name, s.path)
	} else {
		for _, root := range l.roots {
			if within(name, root) {
				rel = below(name, root)
			}
		}
	}
	rel = strings.TrimSuffix(rel, path.Ext(rel))
	lossy := false
	var b strings.Builder
	for _, r := range strings.ToLower(rel) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '.', r == '_':
			b.WriteRune(r)
		default:
			lossy = lossy || r > 0x7f
			if !strings.HasSuffix(b.String(), "-") {
				b.WriteByte('-')
			}
		}
	}
	key := strings.TrimLeft(strings.TrimRight(b.String(), "-."), "-._")
	if stem, _, _ := strings.Cut(key, "."); takenKeys[key] || takenKeys[stem] && stem != "skill" && stem != "example" {
		key += "-page"
	}
	if lossy || key == "" || len(key) > maxKey {
		sum := sha256.Sum256([]byte(name))
		key = strings.Trim(key[:min(len(key), maxKey-9)]+"-"+hex.EncodeToString(sum[:4]), "-")
	}
	return key
}

// below returns a path as seen from dir, in which it lies.
func below(name, dir string) string {
	if dir == "." {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
}

// firstTitle returns the first H1 of a page; of MDX as its expressions and partials make it. One with a title of its own needs none.
func (l *Library) firstTitle(p *Page) string {
	switch {
	case p.meta.title != "":
		return ""
	case strings.ToLower(path.Ext(p.File.Path)) == ".mdx":
		return firstHeading(l.convert(p).text.s)
	}
	return firstHeading(p.File.Text[p.body:])
}

// firstHeading returns the text of the first heading of level 1 that stands in no container; empty where there is none. It looks no further.
func firstHeading(s string) string {
	title, start := "", 0
	scan(s, func(l *scanLine) bool {
		switch {
		case l.depth > 0:
			return true
		case l.kind == textLine && l.first:
			start = l.start
		case l.kind == headingLine && l.level == 1:
			title = headingText(s[l.start:l.end])
		case l.kind == underlineLine && l.level == 1:
			title = headingText(s[start:l.end])
		}
		return title == ""
	})
	return title
}

// headingText returns what a reader sees of the heading that s is.
func headingText(s string) string {
	if len(s) > maxInline {
		return ""
	}
	p := parse(s, nil)
	if p.fault != nil || p.root.FirstChild() == nil {
		return ""
	}
	return plainText(p.root.FirstChild(), p.src, true)
}

// hiddenTitle reports a title with characters that a reader does not see and the page's bytes don't show: an escape of YAML, an entity or
// the file's name brings them in. Those that stand in the page as they are, are found there.
func hiddenTitle(p *Page) []diag.Finding {
	for _, r := range diag.Hidden(p.Title) {
		if !strings.ContainsRune(p.File.Text, r) {
			return []diag.Finding{diag.New("hidden-text", source.Span{File: p.File}.Place(), fmt.Sprintf("the page's title holds ⟨U+%04X⟩, written as an escape", r),
				"leave it out: an agent reads what a reader does not see")}
		}
	}
	return nil
}
