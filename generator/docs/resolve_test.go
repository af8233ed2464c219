package docs

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

var resolveFiles = map[string]string{
	"website/docs/intro.md":                     "---\nsidebar_position: 2\n---\n# Intro\n",
	"website/docs/first.md":                     "---\nweight: 1\n---\n# First\n",
	"website/docs/zebra.md":                     "# Zebra\n",
	"website/docs/apple.md":                     "# Apple\n",
	"website/docs/guide/index.md":               "# Guide\n",
	"website/docs/guide/README.md":              "# Readme\n",
	"website/docs/app/[id]/page.md":             "# Dynamic\n",
	"website/docs/component.mdx":                "# MDX\n",
	"website/docs/page.html":                    "<p>x</p>\n",
	"website/docs/notes.txt":                    "no page\n",
	"website/docs/.git/x.md":                    "no page\n",
	"website/other.example/a/b.md":              "# Snapshot\n",
	"website/other.example/index.md":            "# Front\n",
	"website/localhost_8080/x.md":               "# Local\n",
	"website/moved.example/old.md":              "---\nurl: https://moved.example/new?tab=1\n---\n# Moved\n",
	"guides/own.md":                             "# Own\n",
	"guides/node_modules/x.md":                  "# Dependency\n",
	"guides/two.md":                             "# Two\n",
	"skillgen.yaml":                             "product: x\n",
	"website/docs/un\u00efcode \u65e5\u672c.md": "# Non-ASCII\n",
}

func resolveLibrary(t *testing.T) *Library {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range resolveFiles {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	l, _, err := Open(source.New(fsys), Options{Roots: []string{"website"}, Sites: []Site{{Path: "website/docs", URL: "https://acme.example/docs"}}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestResolve names pages in every way there is.
func TestResolve(t *testing.T) {
	for _, c := range []struct {
		src   string
		want  string // paths, or the message
		hint  string
		notes int // findings beside the pages
	}{
		{src: "website/docs/intro.md", want: "website/docs/intro.md"},
		{src: "./website//docs/intro.md", want: "website/docs/intro.md"},
		{src: "website/docs/*.md", want: "website/docs/first.md website/docs/intro.md website/docs/apple.md website/docs/un\u00efcode \u65e5\u672c.md website/docs/zebra.md"},
		{src: "website/**/{b,x}.md", want: "website/localhost_8080/x.md website/other.example/a/b.md"},
		{src: "website/docs/app/[id]/page.md", want: "website/docs/app/[id]/page.md"},
		{src: "https://acme.example/docs/intro", want: "website/docs/intro.md"},
		{src: "https://ACME.example:443/docs/intro.md", want: "website/docs/intro.md"},
		{src: "http://acme.example/docs/intro/", want: "website/docs/intro.md"},
		{src: "https://acme.example/docs/intro.html", want: "website/docs/intro.md"},
		{src: "https://acme.example/docs/guide", want: "website/docs/guide/README.md"},
		{src: "https://other.example/a/b", want: "website/other.example/a/b.md"},
		{src: "https://other.example", want: "website/other.example/index.md"},
		{src: "https://localhost:8080/x", want: "website/localhost_8080/x.md"},
		{src: "https://moved.example/new?tab=1", want: "website/moved.example/old.md"},
		{src: "https://moved.example/old", want: "website/moved.example/old.md"},
		{src: "/docs/intro", want: "website/docs/intro.md"},
		{src: "/docs/guide/", want: "website/docs/guide/README.md"},
		{src: "/docs/un%C3%AFcode%20%E6%97%A5%E6%9C%AC", want: "website/docs/un\u00efcode \u65e5\u672c.md"},
		{src: "/a/b", want: "website/other.example/a/b.md"},
		{src: "guides/own.md", want: "guides/own.md"},
		{src: "guides/**/*.md", want: "guides/own.md guides/two.md"},

		{src: "", want: "a source of docs is empty"},
		{src: "website/docs/intor.md", want: `"website/docs/intor.md" does not exist`, hint: `did you mean "website/docs/intro.md"?`},
		{src: "website/docs", want: `"website/docs" is a folder`, hint: `did you mean "website/docs/**/*.md"?`},
		{src: "website/dosc/*.md", want: `no page matches "website/dosc/*.md"`, hint: `did you mean "website/docs/*.md"?`},
		{src: "website/docs/*.html", want: "website/docs/page.html"},
		{src: "website/docs/*.mdx", want: "website/docs/component.mdx"},
		{src: "website/docs/[z-a", want: `the pattern "website/docs/[z-a" is malformed`},
		{src: "website/" + strings.Repeat("{a,b}", 60) + ".md", want: "the pattern"},
		{src: "website/" + strings.Repeat("**/*a*/", 60) + "x.md", want: "the pattern"},
		{src: "website/docs/component.mdx", want: "website/docs/component.mdx"},
		{src: "website/docs/page.html", want: "website/docs/page.html"},
		{src: "website/docs/notes.txt", want: `"website/docs/notes.txt" is no page`},
		{src: "website/docs/.git/x.md", want: `"website/docs/.git/x.md" lies where no pages are read`},
		{src: "../x.md", want: `"../x.md" lies outside the project`},
		{src: "website/docs/intro.md#x", want: `"website/docs/intro.md#x" names a part of a page`, hint: `write "website/docs/intro.md"`},
		{src: "https://acme.example/docs/intro#x", want: `"https://acme.example/docs/intro#x" names a part of a page`, hint: `write "https://acme.example/docs/intro"`},
		{src: "/docs/intro#x", want: `"/docs/intro#x" names a part of a page`},
		{src: "https://acme.example/docs/intr", want: "no page of the project has the URL https://acme.example/docs/intr", hint: "did you mean"},
		{src: "https://acme.example/docs/nowhere/at/all", want: "no page of the project has the URL", hint: "run `skillgen fetch`"},
		{src: "https://third.example:81/a/b/?q", want: "no page of the project has the URL", hint: "run `skillgen fetch`"},
		{src: "https://third.example/", want: "no page of the project has the URL", hint: "run `skillgen fetch`"},
		{src: "https://user:pass@acme.example/x", want: "is no URL of a page"},
		{src: "ftp://acme.example/x", want: "is no URL of a page"},
		{src: "https://acme.example/a b", want: "is no URL of a page"},
		{src: "/docs/intr", want: `no page has the path "/docs/intr" on its site`, hint: `did you mean "/docs/intro"?`},
	} {
		l := resolveLibrary(t)
		f := source.NewFile("frameworks/x.md", []byte("docs: ["+c.src+"]\n"))
		pages, fs := l.Resolve(source.String{S: c.src, At: source.Span{File: f, Start: 7, End: 7 + len(c.src)}})
		var got []string
		for _, p := range pages {
			got = append(got, p.File.Path)
		}
		message, hint := strings.Join(got, " "), ""
		if len(fs) > 0 {
			message, hint = fs[0].Message, fs[0].Hint
			if fs[0].ID != "docs-source" || fs[0].Place.Col != 8 || len(pages) > 0 {
				t.Errorf("%s: %+v, %v", c.src, fs[0], got)
			}
		}
		if message != c.want && !(len(fs) > 0 && strings.Contains(message, c.want)) || !strings.Contains(hint, c.hint) {
			t.Errorf("%s: got %q (%s), want %q (%s)", c.src, message, hint, c.want, c.hint)
		}
	}
}

// TestPaths shows the key and URL of pages.
func TestPaths(t *testing.T) {
	l := resolveLibrary(t)
	for name, want := range map[string]string{
		"website/docs/intro.md":         "intro https://acme.example/docs/intro",
		"website/docs/guide/index.md":   "guide-index https://acme.example/docs/guide",
		"website/docs/app/[id]/page.md": "app-id-page https://acme.example/docs/app/%5Bid%5D/page",
		"website/other.example/a/b.md":  "other.example-a-b https://other.example/a/b",
		"website/localhost_8080/x.md":   "localhost_8080-x https://localhost:8080/x",
		"website/moved.example/old.md":  "moved.example-old https://moved.example/new?tab=1",
	} {
		p, _, err := l.load(name, true)
		if err != nil || p.Key+" "+p.URL != want {
			t.Errorf("%s: %s %s, %v", name, p.Key, p.URL, err)
		}
	}
	for name, want := range map[string]string{
		"website/docs/SKILL.md":              "skill-page",
		"website/docs/example.md":            "example-page",
		"website/docs/con.md":                "con-page",
		"website/docs/con.extra.md":          "con.extra-page",
		"website/docs/metadata.json.md":      "metadata.json",
		"website/docs/A b/C_d.MD":            "a-b-c_d",
		"website/docs/(group)/@slot/$x.md":   "group-slot-x",
		"website/docs/.hidden.md":            "hidden",
		"outside.md":                         "outside",
		"deep/outside.md":                    "deep-outside",
		"website/docs/---.md":                "",
		"website/docs/\u65e5\u672c.md":       "",
		"website/docs/caf\u00e9.md":          "caf-",
		strings.Repeat("long/", 40) + "x.md": "long-long-",
	} {
		key := l.key(name)
		exact := want != "" && !strings.HasSuffix(want, "-")
		if exact && key != want || !strings.HasPrefix(key, want) || key == "" || len(key) > maxKey || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
			t.Errorf("%s: %q, want %q", name, key, want)
		}
		if again := l.key(name); again != key {
			t.Errorf("%s: %q and %q", name, key, again)
		}
	}
	if l.key("website/docs/caf\u00e9.md") == l.key("website/docs/caf\u00e8.md") {
		t.Error("names that differ only beyond ASCII have one key")
	}
}

// TestOpen shows what Open says of what it meets, and what Pages lists.
func TestOpen(t *testing.T) {
	l := resolveLibrary(t)
	var got []string
	for _, p := range l.Pages() {
		got = append(got, path.Base(path.Dir(p.File.Path))+"/"+path.Base(p.File.Path))
	}
	want := "[id]/page.md docs/apple.md docs/component.mdx docs/first.md guide/README.md guide/index.md docs/intro.md docs/page.html docs/un\u00efcode \u65e5\u672c.md docs/zebra.md localhost_8080/x.md moved.example/old.md a/b.md other.example/index.md"
	if strings.Join(got, " ") != want {
		t.Errorf("got %s\nwant %s", strings.Join(got, " "), want)
	}
	fsys := fstest.MapFS{}
	for name, text := range resolveFiles {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	_, fs, _ := Open(source.New(fsys), Options{Roots: []string{"website", "website/docs", "nowhere"}, Sites: []Site{{Path: "website/docs", URL: "https://acme.example/docs"}, {Path: "gone", URL: "https://gone.example"}, {Path: "website", URL: "not a URL"}}})
	for i, f := range diag.Sort(fs) {
		fs[i] = f
	}
	if got := showFindings(fs); got != `website/docs/guide/index.md:0:0: warning: two pages have the URL https://acme.example/docs/guide; links to it mean website/docs/guide/README.md [page-url]
	hint: delete one, or give it its own `+"`url:`"+` in its front matter
	also: website/docs/guide/README.md:0
` {
		t.Error(got)
	}
}

// TestLinksToUnlistedPages shows that a link can mean a page outside of the roots, which does not become one of the library's by that.
func TestLinksToUnlistedPages(t *testing.T) {
	tree := source.New(fstest.MapFS{
		"website/a.md":      {Data: []byte("[b](../guides/b.md#x) [c](../guides/c.md) [d](../node_modules/d.md)\n")},
		"guides/b.md":       {Data: []byte("# B\n\n## X\n")},
		"node_modules/d.md": {Data: []byte("# D\n")},
	})
	l, _, err := Open(tree, Options{Roots: []string{"website"}})
	if err != nil {
		t.Fatal(err)
	}
	text := l.Prose(l.Pages()[0], "", 3, true)
	if len(text.Slots) != 1 || text.Slots[0].Path != "guides/b.md" || text.Slots[0].Fragment != "x" || len(l.Pages()) != 1 || len(l.Findings()) != 2 {
		t.Errorf("%+v, %d pages, %v", text.Slots, len(l.Pages()), l.Findings())
	}
}

// TestSkip shows that outputs are no pages, even where a pattern or a link reaches them.
func TestSkip(t *testing.T) {
	tree := source.New(fstest.MapFS{
		"a.md": {Data: []byte("[x](dist/x.md)\n")}, "dist/x.md": {Data: []byte("x\n")}, "sub/dist/y.md": {Data: []byte("y\n")}, "frameworks/f.md": {Data: []byte("f\n")},
	})
	l, _, err := Open(tree, Options{Roots: []string{"website"}, Sites: []Site{{Path: ".", URL: "https://acme.example"}}, Skip: []string{"dist", "frameworks/"}})
	if err != nil {
		t.Fatal(err)
	}
	pages, _ := l.Resolve(source.String{S: "**/*.md"})
	if len(pages) != 2 || pages[0].File.Path != "a.md" || pages[1].File.Path != "sub/dist/y.md" {
		t.Errorf("%d pages", len(pages))
	}
	if text := l.Prose(pages[0], "", 3, true); len(text.Slots) > 0 {
		t.Errorf("%+v", text.Slots)
	}
	if named, fs := l.Resolve(source.String{S: "frameworks/f.md"}); len(named) != 1 || len(fs) > 0 {
		t.Errorf("%v %v", named, fs)
	}
}

// TestAmbiguousPath shows that a path which two sites have is an error.
func TestAmbiguousPath(t *testing.T) {
	tree := source.New(fstest.MapFS{"website/a.example/x.md": {Data: []byte("x\n")}, "website/b.example/x.md": {Data: []byte("x\n")}})
	l, _, err := Open(tree, Options{Roots: []string{"website"}})
	if err != nil {
		t.Fatal(err)
	}
	pages, fs := l.Resolve(source.String{S: "/x"})
	if len(pages) > 0 || len(fs) != 1 || fs[0].Message != `"/x" means https://a.example/x and https://b.example/x` || fs[0].Also.File != "website/b.example/x.md" {
		t.Errorf("%v %+v", pages, fs)
	}
}

// TestSameURL shows that of two pages with one URL the first by path counts, whichever was read first.
func TestSameURL(t *testing.T) {
	text := []byte("---\nurl: https://acme.example/x\n---\nx\n")
	l, _, err := Open(source.New(fstest.MapFS{"website/x.md": {Data: text}, "guides/x.md": {Data: text}}), Options{Roots: []string{"website"}})
	if err != nil {
		t.Fatal(err)
	}
	_, fs := l.Resolve(source.String{S: "guides/x.md"})
	if len(fs) != 1 || fs[0].Place.File != "website/x.md" || fs[0].Also.File != "guides/x.md" {
		t.Errorf("%+v", fs)
	}
	if pages, _ := l.Resolve(source.String{S: "https://acme.example/x"}); len(pages) != 1 || pages[0].File.Path != "guides/x.md" {
		t.Errorf("%v", pages)
	}
}

// TestFrontMatter shows what is read from the front matter of a page, and what is said of one that can't be read: line and message.
func TestFrontMatter(t *testing.T) {
	for s, want := range map[string]string{
		"---\ntitle: A\n---\nx\n":                               "A 17",
		"---\ntitle: 'it''s'\nurl: https://x.example\n---\nx\n": "it's https://x.example 46",
		"---\ntitle: 1.10\nsidebar_position: 2.5\n---\n":        "1.10 @2.5 42",
		"---\ntitle: true\nweight: 3\norder: 1\n---\n":          "true @3 39",
		"---\norder: 1\nsidebar_position: 2\n---\n":             "@2 37",
		"---\ntitle: |\n  a\n  ---\n  b\n---\nx\n":              "a --- b 31",
		"---\ntitle: >-\n  a\n  b\n---\n":                       "a b 26",
		"---\ntitle: [a]\nurl: {b: c}\n---\n":                   "31",
		"---\ntitle: null\n---\n":                               "20",
		"---\n# a comment\n\n---\nx\n":                          "21",
		"---\n---\nx\n":                                         "8",
		"---\nnested:\n  title: no\n---\n":                      "28",
		"---\r\ntitle: A\r\n---\r\nx\n":                         "A 17",
		"\ufeff---\ntitle: A\n---\nx\n":                         "A 17",
		"---\ntitle: A":                                         "0 1: the front matter has no end, so it stands in the page as text",
		"---\nno key\n---\n":                                    "0",
		"---\nNote that: this is prose\n---\n":                  "0",
		" ---\ntitle: A\n---\n":                                 "0",
		"----\ntitle: A\n----\n":                                "0",
		"---\ntitle: A\n ---\nb: c\n---\n":                      "A --- 27",
		"---\na: b\ntitle: C: d\n---\n":                         "25 3: the front matter can't be read:",
		"---\na: b\nc: *x\n---\n":                               "19 3: the front matter can't be read: anchors, aliases, tags and merge keys are not read; the page goes without it",
		"---\na: !!binary x\n---\n":                             "22 2: the front matter can't be read: anchors, aliases, tags and merge keys are not read; the page goes without it",
		"---\na: " + strings.Repeat("[", 9) + "\n---\n":         "21 2: the front matter can't be read: brackets are nested more than 8 deep; the page goes without it",
		"---\na:\n" + deepMap(17) + "---\n":                     " 18: the front matter can't be read: lists and maps are nested more than 16 deep; the page goes without it",
		"---\na: " + strings.Repeat("- ", 17) + "x\n---\n":      "47 2: the front matter can't be read:",
		"---\na:\n  " + strings.Repeat("- ", 17) + "x\n---\n":   " 3: the front matter can't be read: lists and maps are nested more than 16 deep; the page goes without it",
		"---\na: " + strings.Repeat("x", 70_000) + "\n---\n":    " 2: 70008 bytes of front matter are more than the 65536 that skillgen reads; the page goes without it",
	} {
		m, body, fs := readFrontMatter(source.NewFile("website/a.md", []byte(s)))
		got := strings.TrimSpace(m.title + " " + m.url)
		if !math.IsInf(m.position, 1) {
			got += fmt.Sprint(" @", m.position)
		}
		got = strings.TrimSpace(fmt.Sprint(got, " ", body))
		for _, f := range fs {
			got += fmt.Sprintf(" %d: %s", f.Place.Line, f.Message)
		}
		if got != want && !(len(fs) > 0 && strings.HasSuffix(want, ":") && strings.HasPrefix(got, want)) && !(want[0] == ' ' && strings.HasSuffix(got, want)) {
			t.Errorf("%.60q: got %q, want %q", s, got, want)
		}
	}
}

// deepMap nests n maps in one.
func deepMap(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sk:\n", strings.Repeat(" ", i+1))
	}
	return b.String()
}

// TestFindings shows that only pages in use are spoken of, and that not every broken link is held against every page.
func TestFindings(t *testing.T) {
	links := strings.Repeat("[b](bb.md)\n", maxSuggestions+10)
	l, _, err := Open(source.New(fstest.MapFS{"website/a.md": {Data: []byte(links)}, "website/b.md": {Data: []byte("[x](y.md)\n")}}),
		Options{Roots: []string{"website"}, Sites: []Site{{Path: "website", URL: "https://acme.example"}}})
	if err != nil {
		t.Fatal(err)
	}
	l.Prose(l.Pages()[0], "", 3, true)
	near := 0
	for _, f := range l.Findings() {
		if f.Place.File != "website/a.md" {
			t.Errorf("%+v", f)
		}
		if strings.HasPrefix(f.Hint, "did you mean") {
			near++
		}
	}
	if near != maxSuggestions {
		t.Errorf("%d suggestions", near)
	}
}

func TestSlug(t *testing.T) {
	for text, want := range map[string]string{
		"Hello, World!":             "hello-world",
		"a_b-c  d":                  "a_b-c--d",
		"Tab\there":                 "tabhere",
		"\u00c4\u00d6\u00dc \u00df": "\u00e4\u00f6\u00fc-\u00df",
		"\u0130stanbul":             "i\u0307stanbul",
		"\u039f\u0394\u039f\u03a3":  "\u03bf\u03b4\u03bf\u03c2",
		"\u03a3\u0391\u03a3 \u03a3": "\u03c3\u03b1\u03c2-\u03c3",
		"\u4f60\u597d":              "\u4f60\u597d",
		"e\u0301 \U0001f600 x":      "e\u0301--x",
		"1\u00b2 \u2167 \u24b6":     "1-\u2177-\u24d0",
		"a\u203fb":                  "a\u203fb",
		"\u0e04\u0e33":              "\u0e04\u0e33",
		"":                          "",
	} {
		if got := Slug(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	var s Slugger
	var got []string
	for _, slug := range []string{"a", "a", "a-1", "a", "a-1", "", "", "b-1", "b", "b"} {
		got = append(got, s.Next(slug))
	}
	if want := []string{"a", "a-1", "a-1-1", "a-2", "a-1-2", "", "-1", "b-1", "b", "b-2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHeadings(t *testing.T) {
	body := "# One `x` *y*\n\n```\n# no\n```\n\n> ## Two #\n\nThree\nand more\n---\n\n- # One x y\n\n<pre>\n# no\n</pre>\n\n###### [Link](#x) &amp; <b>b</b>\n#\n"
	var got []string
	headings, _ := Headings(body)
	for _, h := range headings {
		got = append(got, fmt.Sprintf("%d %d %q %s %s", h.Line, h.Level, h.Text, h.Slug, h.Local))
		if line := strings.Count(body[:h.Offset], "\n"); line != h.Line {
			t.Errorf("%q is on line %d, not %d", h.Text, line, h.Line)
		}
	}
	want := []string{
		`0 1 "One x y" one-x-y one-x-y`, `6 2 "Two" two two`, `8 2 "Three and more" three-and-more three-and-more`, `12 1 "One x y" one-x-y one-x-y-1`,
		`18 6 "Link & b" link--b link--b`, `19 1 ""  `,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReadTag(t *testing.T) {
	for s, want := range map[string]string{
		`<a>`:                               "a",
		`<A href="x" id=y z>`:               `a href="x" id="y" z=""`,
		`<a href='&amp;"'/>`:                `a href="&\"" /`,
		"<a\n  b\n =\n 'c\nd'\n>x":          `a b="c\nd"`,
		`</a >`:                             "/a",
		`<a-1:x>`:                           "",
		`<a b=">">`:                         `a b=">"`,
		`<a b="c>`:                          "",
		`<a b=c"d>`:                         "",
		`<a b="c"d="e">`:                    "",
		`< a>`:                              "",
		`<1a>`:                              "",
		`<a /x>`:                            "",
		`<a`:                                "",
		`<`:                                 "",
		`</a b>`:                            "",
		`<img src=a/b.png?x&amp;y alt = z>`: `img src="a/b.png?x&y" alt="z"`,
	} {
		tag, ok := readTag(s, 0)
		got := ""
		if ok {
			if tag.closing {
				got = "/"
			}
			got += tag.name
			for _, a := range tag.attrs {
				got += fmt.Sprintf(" %s=%q", a.name, a.value)
			}
			if tag.empty {
				got += " /"
			}
			got = strings.ReplaceAll(got, `z=""`, `z=""`)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", s, got, want)
		}
	}
}

func TestDestinations(t *testing.T) {
	for s, want := range map[string]string{
		"https://x.example/a_(b)":  "https://x.example/a_(b)",
		"https://x.example/a_(b":   "https://x.example/a_%28b",
		"a b\n<c>|`d`\\":           "a%20b%0A%3Cc%3E%7C%60d%60%5C",
		"?a=1&copy;=2&amp=3&#59;x": "?a=1&amp;copy;=2&amp=3&amp;#59;x",
		"é":                        "é",
	} {
		if got := escapeDestination(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{
		`a\*b`: "a*b", `a\b`: `a\b`, "&amp;&#38;&#x26;&copy": "&&&&copy", "&nope;&;&#;&#x;": "&nope;&;&#;&#x;", `\&amp;`: "&amp;", "&#59;": ";", "&#0;": "\ufffd", `\`: `\`,
	} {
		if got := decode(s); got != want {
			t.Errorf("decode %q: got %q, want %q", s, got, want)
		}
	}
}

func TestClosest(t *testing.T) {
	known := []string{"docs/intro.md", "docs/setup.md", "guide/setup.md", "guide/old/deploy.md", "https://acme.example/docs/intro", "/docs/intro"}
	for name, want := range map[string]string{
		"docs/intor.md":                 "docs/intro.md",
		"docs/deploy.md":                "guide/old/deploy.md",
		"dosc/intro.md":                 "docs/intro.md",
		"guide/intro.md":                "docs/intro.md",
		"other/setup.md":                "",
		"docs/gone.md":                  "",
		"https://acme.example/docs/int": "https://acme.example/docs/intro",
		"/docs/Intro":                   "/docs/intro",
		"x":                             "",
	} {
		if got := closest(name, known); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
