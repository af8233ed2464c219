package docs

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/yuin/goldmark/parser"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// pageText is what is made of a page once its prose is asked for.
type pageText struct {
	convert   sync.Once
	converted *converted

	prepare sync.Once
	doc     *document

	link sync.Once
	aims *aims

	asked atomic.Bool // its prose is part of a skill

	mu   sync.Mutex
	made map[form]*source.Prose
}

// document makes a page ready, once.
func (l *Library) document(p *Page) *document {
	t := &p.text
	t.prepare.Do(func() {
		doc := &document{outline: &outline{}, title: -1, refused: true}
		if why := unreadable(p.File); why != nil {
			doc.findings = append(doc.findings, *why)
		} else {
			c := l.convert(p)
			doc = prepare(c.text, p.File.Path, l.rules, nil)
			if isHTML(p.File.Path) && !doc.refused {
				doc.ids = htmlIDs(p.File, doc)
			}
			doc.findings = slices.Concat(c.findings, doc.findings, look(p, doc))
		}
		if doc.text == nil {
			doc.text = &mdText{file: p.File, pieces: []piece{{file: p.File, made: true}}}
		}
		t.doc = doc
	})
	return t.doc
}

// unreadable says why a file can't be a page.
func unreadable(f *source.File) *diag.Finding {
	var fault diag.Finding
	switch {
	case f.Kind == source.Binary:
		fault = diag.New("page-encoding", diag.Place{File: f.Path}, "the page is no text: it holds NUL bytes or lone carriage returns", "is this the right file?")
	case f.Kind == source.Foreign:
		fault = diag.New("page-encoding", diag.Place{File: f.Path}, "the page is not UTF-8", "save it as UTF-8")
	case len(f.Text) > maxPage:
		fault = diag.New("page-hostile", diag.Place{File: f.Path}, fmt.Sprintf("the page is larger than %d MiB", maxPage>>20), "split it, or name another page")
	default:
		return nil
	}
	return &fault
}

// look says what is odd about a page as a whole.
func look(p *Page, doc *document) []diag.Finding {
	if doc.refused {
		return nil
	}
	var fs []diag.Finding
	start := strings.ToLower(strings.TrimSpace(p.File.Text[p.body:min(len(p.File.Text), p.body+200)]))
	if !isHTML(p.File.Path) && (strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")) {
		fs = append(fs, diag.New("page-html", diag.Place{File: p.File.Path}, "this looks like an HTML page, not like Markdown", "was an error page saved in place of the page?"))
	}
	if !hasWords(doc.text.s) {
		fs = append(fs, diag.New("page-empty", diag.Place{File: p.File.Path}, "the page has no words", "is it rendered by JavaScript, or made of components? Name another page, or write it out"))
	}
	return append(fs, doc.dataImages()...)
}

// links resolves the links of a page, once.
func (l *Library) links(p *Page) *aims {
	t := &p.text
	t.link.Do(func() {
		a := aimer{lib: l, doc: l.document(p), page: p, path: p.File.Path, url: p.url}
		t.aims = a.aim()
	})
	return t.aims
}

// Prose returns the page's body for a skill: without front matter, comments and the H1 that repeats title (empty: the page's own title); its
// headings shifted by one amount so that the smallest has level top+1 (top is the level of the page's title in the file it lands in: 3 in a
// flat skill, 1 in a file of its own). shared says that other pages stand in the same file: reference links become inline links, footnote
// labels get the page's key. The body of a page that is refused is empty. Results are memoised; Findings says what is wrong with the page.
func (l *Library) Prose(p *Page, title string, top int, shared bool) *source.Prose {
	if title == "" {
		title = p.Title
	}
	f := form{title: title, top: top, shared: shared, key: p.Key}
	doc, aims := l.document(p), l.links(p)
	p.text.asked.Store(true)
	p.text.mu.Lock()
	defer p.text.mu.Unlock()
	if made, ok := p.text.made[f]; ok {
		return made
	}
	if p.text.made == nil {
		p.text.made = map[form]*source.Prose{}
	}
	made := doc.prose(aims, f)
	p.text.made[f] = made
	return made
}

// Findings says what is wrong with the pages whose prose was asked for, by path; and which of them have the same key, so that they can't
// both have a file of their own in one skill.
func (l *Library) Findings() []diag.Finding {
	l.mu.Lock()
	pages := make([]*Page, 0, len(l.pages))
	for _, p := range l.pages {
		if p != nil && p.text.asked.Load() {
			pages = append(pages, p)
		}
	}
	l.mu.Unlock()
	slices.SortFunc(pages, func(a, b *Page) int { return strings.Compare(a.File.Path, b.File.Path) })
	var fs []diag.Finding
	keys := map[string]*Page{}
	for _, p := range pages {
		fs = append(fs, p.findings...)
		fs = append(fs, l.document(p).findings...)
		fs = append(fs, l.links(p).findings...)
		first, taken := keys[p.Key]
		if !taken {
			keys[p.Key] = p
			continue
		}
		f := diag.New("page-key", diag.Place{File: p.File.Path}, fmt.Sprintf("%s and %s would both be references/%s.md", p.File.Path, first.File.Path, p.Key), "rename one")
		f.Also = diag.Place{File: first.File.Path}
		fs = append(fs, f)
	}
	return fs
}

// ownFile is what the parts of one of our own files share.
type ownFile struct {
	once  sync.Once
	whole *document
	refs  []parser.Reference
}

// wholeFile reads a file of our own as one text: for the definitions and headings that any part of it may name.
func (l *Library) wholeFile(f *source.File) *ownFile {
	l.mu.Lock()
	o := l.own[f]
	if o == nil {
		o = &ownFile{}
		l.own[f] = o
	}
	l.mu.Unlock()
	o.once.Do(func() {
		_, body, _ := splitFrontMatter(f.Text)
		o.whole = prepare(newText(f, body, len(f.Text)), f.Path, nil, nil)
		for _, d := range o.whole.defs {
			label := o.whole.text.s[d.start+1:]
			label = label[:labelEnd("["+label)-1]
			o.refs = append(o.refs, parser.NewReference([]byte(label), []byte(d.target), []byte(d.title)))
		}
	})
	return o
}

// Guidance treats a part of one of our own files (a framework's body, a tag's guidance, a rule) like a page without title. What a link there
// names and the project does not have is an error; comments go without a word.
func (l *Library) Guidance(s source.Span, top int) (*source.Prose, []diag.Finding) {
	own := l.wholeFile(s.File)
	doc := prepare(newText(s.File, s.Start, s.End).unhung(), s.File.Path, nil, own.refs)
	a := aimer{lib: l, doc: doc, path: s.File.Path, own: true, wide: own.whole}
	targets := a.aim()
	text := doc.prose(targets, form{top: top, shared: true, key: ownKey(s.File.Path)})
	return text, slices.Concat(doc.findings, targets.findings)
}

// ownKey is what stands before the labels of footnotes of our own files. It holds a slash, as no page's key does.
func ownKey(name string) string {
	return strings.TrimSuffix(path.Base(path.Dir(name))+"/"+path.Base(name), path.Ext(name))
}

// atxText returns what a reader sees of an ATX heading. Only one that holds markup needs a parser.
func atxText(s string, level int) string {
	text := strings.Trim(s[level:], " \t")
	if strings.ContainsAny(text, "#\\`*_[<&") {
		return headingText(s)
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' }), " ")
}
