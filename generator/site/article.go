package site

import (
	"bytes"
	"html"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
)

// article is a file of a skill that its page shows in full.
type article struct {
	file     *File
	skill    *reader
	id       string // of the section that shows it
	prefix   string // of all other ids in it
	front    int    // bytes of the front matter
	tree     *docs.Tree
	lines    lineIndex // of the file
	origins  origins
	headings []heading
	anchors  map[string]bool // of the file, as GitHub gives them
	ids      map[*ast.Heading]*heading
	notes    map[string]*footnote
	marks    map[*docs.FootnoteMark]int // footnotes of which this is the first mark
}

// heading is one heading of an article.
type heading struct {
	level int    // on the page, 2 to 6
	id    string // may be empty
	text  string // what a reader sees
}

// footnote is a footnote that is defined.
type footnote struct {
	n     int            // in the order of their first marks; 0 where nothing refers to it
	shown *docs.Footnote // the first of this label
}

// reader is the files of a skill that a page shows, in their order.
type reader struct {
	name     string
	articles []*article
	byPath   map[string]*article
	files    map[string]bool // all files of the skill
}

const skillFile = "SKILL.md"

// read parses the Markdown files of a skill: SKILL.md, the stages in their order, then the others by path.
func read(s *Skill) *reader {
	r := &reader{name: s.Name, byPath: map[string]*article{}, files: map[string]bool{}}
	for _, f := range s.Files {
		r.files[f.Path] = true
	}
	r.add(s, skillFile)
	for _, st := range s.Stages {
		r.add(s, st.Path)
	}
	for _, f := range s.Files {
		if strings.HasSuffix(f.Path, ".md") {
			r.add(s, f.Path)
		}
	}
	return r
}

func (r *reader) add(s *Skill, path string) {
	if path == "" || r.byPath[path] != nil || !r.files[path] {
		return
	}
	for i := range s.Files {
		if f := &s.Files[i]; f.Path == path && bytes.IndexByte(f.Data, 0) < 0 {
			a := newArticle(r, f)
			r.articles, r.byPath[path] = append(r.articles, a), a
			return
		}
	}
}

func newArticle(r *reader, f *File) *article {
	a := &article{file: f, skill: r, id: f.Path, lines: newLineIndex(f.Data), origins: origins{ranges: ofFile(f)}, front: frontMatter(f.Data)}
	if f.Path != skillFile {
		a.prefix = f.Path + ":"
	}
	if tree, fault := docs.ParseTree(string(f.Data[a.front:])); fault == "" {
		a.tree = tree
		a.index()
	}
	return a
}

// frontMatter returns the length of the front matter that begins a text, its fences included.
func frontMatter(text []byte) int {
	if !bytes.HasPrefix(text, []byte("---\n")) {
		return 0
	}
	if bytes.HasPrefix(text[4:], []byte("---\n")) {
		return 8
	}
	n := bytes.Index(text[3:], []byte("\n---\n"))
	if n < 0 || bytes.IndexByte(text[4:3+n], ':') < 0 {
		return 0
	}
	return 3 + n + len("\n---\n")
}

// index finds what can be linked to. Headings nest on the page without gaps, whatever their levels in the text, below the title of the page.
func (a *article) index() {
	a.anchors, a.ids = map[string]bool{}, map[*ast.Heading]*heading{}
	a.notes, a.marks = map[string]*footnote{}, map[*docs.FootnoteMark]int{}
	var slugs docs.Slugger
	var above []ast.Heading
	var marks []*docs.FootnoteMark
	var headings []*ast.Heading
	ast.Walk(a.tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { //nolint:errcheck // the function never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			for len(above) > 0 && above[len(above)-1].Level >= n.Level {
				above = above[:len(above)-1]
			}
			above = append(above, ast.Heading{Level: n.Level})
			h := heading{level: min(1+len(above), 6), text: diag.Terminal(a.tree.HeadingText(n))}
			if slug := slugs.Next(docs.Slug(a.tree.HeadingText(n))); slug != "" {
				a.anchors[slug] = true
				h.id = a.prefix + slug
			}
			a.headings, headings = append(a.headings, h), append(headings, n)
		case *docs.Footnote:
			if key := docs.SameFootnote(n.Label()); a.notes[key] == nil {
				a.notes[key] = &footnote{shown: n}
			}
		case *docs.FootnoteMark:
			marks = append(marks, n)
		}
		return ast.WalkContinue, nil
	})
	for i, n := range headings {
		a.ids[n] = &a.headings[i]
	}
	count := 0
	for _, m := range marks {
		if f := a.notes[docs.SameFootnote(m.Label())]; f != nil && f.n == 0 {
			count++
			f.n = count
			a.marks[m] = count
		}
	}
}

// noteID returns the id of a footnote, or with ref that of its first mark. No anchor of a heading holds a colon.
func (a *article) noteID(n int, ref bool) string {
	if ref {
		return a.prefix + "fnref:" + strconv.Itoa(n)
	}
	return a.prefix + "fn:" + strconv.Itoa(n)
}

// link is where a link of a skill leads on the page.
type link struct {
	href    string // escaped as a URL, not as HTML
	outside bool   // to another site
}

// follow returns where a link of the article leads; false where it leads nowhere that a page may send a reader.
func (a *article) follow(target string) (link, bool) {
	target = strings.Trim(target, " \t\n")
	u, err := url.Parse(target)
	if err != nil || target == "" {
		return link{}, false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return outside(u, u.Host)
	case "mailto":
		return outside(u, u.Opaque)
	case "":
	default:
		return link{}, false
	}
	if u.Host != "" {
		u.Scheme = "https"
		return outside(u, u.Host)
	}
	if u.Path == "" {
		return a.anchor(u.Fragment)
	}
	// A file in references/ names its neighbours, one in stages/ counts from the skill's folder.
	for _, p := range []string{path.Join(path.Dir(a.file.Path), u.Path), path.Clean(u.Path)} {
		if other := a.skill.byPath[p]; other != nil && u.Fragment != "" {
			return other.anchor(u.Fragment)
		} else if other != nil {
			return link{href: fragment(other.id)}, true
		}
		if a.skill.files[p] {
			return link{href: filePath(a.skill.name, p)}, true
		}
	}
	return link{}, false
}

// outside makes a link to another site, without characters that no URL has, such as quotes in a query. whom is the host or address that it needs.
func outside(u *url.URL, whom string) (link, bool) {
	href := string(util.URLEscape([]byte(u.String()), false))
	_, err := url.Parse(href) // a host may have held such a character
	return link{href, true}, whom != "" && err == nil
}

// anchor returns where a heading of the article is.
func (a *article) anchor(slug string) (link, bool) {
	if !a.anchors[slug] {
		return link{}, false
	}
	return link{href: fragment(a.prefix + slug)}, true
}

// fragment returns the URL of an id on the same page.
func fragment(id string) string { return (&url.URL{Fragment: id}).String() }

// filePath returns the URL of a file of a skill, from the page of the skill.
func filePath(skill, file string) string {
	return (&url.URL{Path: "skills/" + skill + "/" + file}).String()
}

// escape makes text safe within HTML, also within a quoted attribute. What is hidden in it becomes visible.
func escape(s string) string { return html.EscapeString(diag.Visible(s)) }
