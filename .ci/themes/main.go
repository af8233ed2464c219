// Themes converts the pages of real sites and says per theme what was kept: words, code blocks with their language, rows of tables, list items.
//
// What a page holds is counted without the converter: by a walk over html.Parse's tree of the page. What the Markdown holds is counted the same
// way after goldmark has rendered it. See run for where the sites come from.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"

	"skillgen/generator/webpage"
)

// site is a row of the table of sites: the theme that its pages must be recognised as, where they lie below the cache, and where on its pages
// the content and the things around it stand.
type site struct {
	theme, name string
	files       []string // globs
	every       int      // of the files one in so many
	content     string   // selector
	chrome      string   // selector of what must go, beside what must go everywhere
}

var sites = []site{
	{"sphinx", "Python", []string{"usr/share/doc/python3.11/html/*/*.html"}, 1, "div.body[role=main]", ""},
	{"sphinx", "Flask", []string{"usr/share/doc/python-flask-doc/html/*.html", "usr/share/doc/python-flask-doc/html/*/*.html"}, 1, "div.body[role=main]", ""},
	{"sphinx", "Celery", []string{"usr/share/doc/python-celery-doc/html/*/*.html"}, 1, "div.body[role=main]", ""},
	{"sphinx", "CMake", []string{"usr/share/doc/cmake-data/html/manual/*.html", "usr/share/doc/cmake-data/html/command/*.html", "usr/share/doc/cmake-data/html/guide/*/*.html"}, 1, "div.body[role=main]", ""},
	{"django", "Django", []string{"usr/share/doc/python-django-doc/html/*/*.html", "usr/share/doc/python-django-doc/html/*/*/*.html"}, 1, ".yui-b > .yui-g", ""},
	{"readthedocs", "pytest, mypy, cryptography, GHC", []string{"usr/share/doc/python-pytest-doc/html/*/*.html", "usr/share/doc/mypy/html/*.html", "usr/share/doc/python-cryptography-doc/html/*.html",
		"usr/share/doc/python-cryptography-doc/html/*/*.html", "usr/share/doc/ghc-doc/html/users_guide/*.html", "usr/share/doc/ghc-doc/html/users_guide/*/*.html"}, 1, "[itemprop=articleBody]", ""},
	{"pydata", "pandas", []string{"usr/share/doc/python-pandas-doc/html/user_guide/*.html", "usr/share/doc/python-pandas-doc/html/getting_started/*.html",
		"usr/share/doc/python-pandas-doc/html/whatsnew/*.html", "usr/share/doc/python-pandas-doc/html/development/*.html"}, 1, "main > div, article.bd-article", ""},
	{"mdbook", "Rust books", []string{"usr/share/doc/rust-doc/html/book/*.html", "usr/share/doc/rust-doc/html/reference/*.html", "usr/share/doc/rust-doc/html/reference/*/*.html",
		"usr/share/doc/rust-doc/html/rust-by-example/*/*.html", "usr/share/doc/rust-doc/html/nomicon/*.html", "usr/share/doc/rust-doc/html/cargo/*/*.html"}, 1, "#content main", ".fa"},
	{"rustdoc", "Rust's library", []string{"usr/share/doc/rust-doc/html/std/*/*.html", "usr/share/doc/rust-doc/html/std/*.html"}, 8, "#main-content", ".srclink, button, #toggle-all-docs, .tooltip, .test-arrow, summary.hideme"},
	{"docbook", "PostgreSQL", []string{"usr/share/doc/postgresql-doc-15/html/*.html"}, 1, "body", ".navheader, .navfooter"},
	{"asciidoc", "git", []string{"usr/share/doc/git-doc/[Mg]*.html", "usr/share/doc/git-doc/*/*.html"}, 1, "body", "#footer"},
	{"nodejs", "Node.js", []string{"usr/share/doc/nodejs/api/*.html"}, 1, "#apicontent", ""},
	{"mkdocs", "MkDocs", []string{"usr/share/doc/mkdocs/html/*/*.html", "usr/share/doc/mkdocs/html/*.html"}, 1, "[role=main]", ""},
	{"mkdocs-material", "Material", []string{"sites/material/*.html", "sites/material/*/*.html", "sites/material/*/*/*.html"}, 1, "article.md-content__inner", ".md-content__button, .md-source-file"},
	{"furo", "Furo", []string{"sites/furo/*.html"}, 1, "article[role=main]", ""},
	{"docusaurus", "Docusaurus", []string{"sites/docusaurus/*.html", "sites/docusaurus/*/*.html", "sites/docusaurus/*/*/*.html"}, 1, ".theme-doc-markdown", ""},
	{"vitepress", "VitePress", []string{"sites/vitepress/*.html", "sites/vitepress/*/*.html"}, 1, ".vp-doc", "span.lang, .line-numbers-wrapper"},
	{"starlight", "Starlight", []string{"sites/starlight/*.html", "sites/starlight/*/*.html", "sites/starlight/*/*/*.html"}, 1, "main", "footer, .sr-only"},
}

func main() {
	cache := flag.String("cache", "", "folder that holds the sites")
	only := flag.String("only", "", "themes to convert, comma-separated")
	verbose := flag.Bool("v", false, "print what was lost, page by page")
	flag.Parse()
	if *cache == "" {
		fmt.Fprintln(os.Stderr, "themes: -cache is needed; see .ci/themes/run")
		os.Exit(2)
	}
	fmt.Printf("%-16s %-32s %6s %7s  %-18s %-18s %-18s %-10s %-8s %s\n", "theme", "site", "pages", "theme=", "code+language", "table rows", "list items", "words", "chrome", "added")
	failed := false
	for _, s := range sites {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), s.theme) {
			continue
		}
		t := s.measure(*cache, *verbose)
		if t.pages == 0 {
			fmt.Printf("%-16s %-32s not there\n", s.theme, s.name)
			continue
		}
		failed = t.print(s) || failed
	}
	if failed {
		os.Exit(1)
	}
}

// measure converts the pages of a site, on all processors.
func (s site) measure(cache string, verbose bool) total {
	content := cascadia.MustCompile(s.content)
	chrome := cascadia.MustCompile(everywhere)
	if s.chrome != "" {
		chrome = cascadia.MustCompile(everywhere + ", " + s.chrome)
	}
	files := s.list(cache)
	scores := make([]score, len(files))
	var wait sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				scores[i] = scorePage(files[i], s.theme, content, chrome)
			}
		}()
	}
	for i := range files {
		next <- i
	}
	close(next)
	wait.Wait()
	var t total
	for _, sc := range scores {
		t.add(sc)
		if verbose {
			sc.print()
		}
	}
	return t
}

func (s site) list(cache string) []string {
	var files []string
	for _, glob := range s.files {
		found, err := filepath.Glob(filepath.Join(cache, glob))
		if err != nil {
			panic(err)
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	var some []string
	for i := 0; i < len(files); i += s.every {
		some = append(some, files[i])
	}
	return some
}

// pageURL is where a file would stand on the web.
func pageURL(file string) *url.URL {
	return &url.URL{Scheme: "https", Host: "docs.example", Path: "/" + filepath.ToSlash(filepath.Base(filepath.Dir(file))) + "/" + filepath.Base(file)}
}

func convert(file string) ([]byte, *webpage.Page, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	text, err := webpage.Decode(data, "")
	if err != nil {
		text, err = webpage.Decode(data, "text/html; charset=windows-1252")
	}
	if err != nil {
		return nil, nil, err
	}
	page, err := webpage.Convert([]byte(text), webpage.Options{URL: pageURL(file)})
	return []byte(text), page, err
}
