package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// docsSite is a website of n pages that answers each request after a while: the even pages have a Markdown twin, the odd ones are HTML alone.
func docsSite(tb testing.TB, n int, wait time.Duration) *httptest.Server {
	prose := strings.Repeat("<p>Send each event <em>once</em>, with the <code>id</code> of the thing it tells of.</p>\n", 60)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(wait)
		var page int
		if _, err := fmt.Sscanf(r.URL.Path, "/docs/p%d", &page); err != nil || page >= n {
			http.NotFound(w, r)
			return
		}
		tag := fmt.Sprintf(`"%d"`, page)
		w.Header().Set("ETag", tag)
		switch twin := strings.HasSuffix(r.URL.Path, ".md"); {
		case r.Header.Get("If-None-Match") == tag:
			w.WriteHeader(http.StatusNotModified)
		case twin && page%2 == 1:
			http.NotFound(w, r)
		case twin:
			w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
			fmt.Fprintf(w, "# Page %d\n\n%s", page, strings.Repeat("Send each event *once*, with the `id` of the thing it tells of.\n\n", 60))
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, "<!DOCTYPE html><title>Page %d</title><body><nav>Home</nav><main><h1>Page %d</h1>%s</main>", page, page, prose)
		}
	}))
	tb.Cleanup(server.Close)
	return server
}

// docsProject writes a project that names every page of a site.
func docsProject(tb testing.TB, dir, site string, n int, ext string) {
	var docs strings.Builder
	for i := range n {
		fmt.Fprintf(&docs, "  - %s/docs/p%d%s\n", site, i, ext)
	}
	for name, text := range map[string]string{
		"skillgen.yaml":                "product: Acme\nprefix: acme\n",
		"frameworks/go.md":             "---\ntitle: Go\nlanguages: [go]\ndocs:\n" + docs.String() + "---\nGuidance.\n",
		"templates/integrate/skill.md": "---\ndescription: Adds Acme.\ndefault: true\n---\n# Acme\n\n{{guidance}}\n\n{{docs}}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			tb.Fatal(err)
		}
	}
}

// TestFetchSite fetches a whole site twice: the first time finds the routes, the second is one request a page, and changes nothing.
func TestFetchSite(t *testing.T) {
	const n = 40
	site := docsSite(t, n, 0)
	dir := t.TempDir()
	docsProject(t, dir, site.URL, n, "")
	if o := skillgen(t, dir, "fetch", "--allow-private"); o.exit != 0 || !strings.Contains(o.stdout, "40 pages: 40 new") {
		t.Fatalf("%+v", o)
	}
	before := readTree(t, dir)
	if o := skillgen(t, dir, "fetch", "--allow-private"); o.exit != 0 || !strings.Contains(o.stdout, "40 pages: 40 unchanged") {
		t.Fatalf("%+v", o)
	}
	if diff := diffTrees(before, readTree(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestFetchClean lets a site put a line of its own into fifty pages: an entry of clean takes it out of the skill, and is reported once the site
// has dropped the line.
func TestFetchClean(t *testing.T) {
	const n, chrome = 50, "Was this page useful?"
	var dropped atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var page int
		if _, err := fmt.Sscanf(r.URL.Path, "/docs/p%d.md", &page); err != nil {
			http.NotFound(w, r)
			return
		}
		line := chrome + "\n\n"
		if dropped.Load() {
			line = ""
		}
		w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
		fmt.Fprintf(w, "# Page %d\n\nWords of page %d.\n\n%sMore words.\n\n```text\n%s\n```\n", page, page, line, chrome)
	}))
	defer site.Close()
	dir := t.TempDir()
	docsProject(t, dir, site.URL, n, ".md")
	config := "product: Acme\nprefix: acme\nclean:\n  - {drop_line: \"" + chrome + "\", why: the site asks it below each page}\n"
	if err := os.WriteFile(filepath.Join(dir, "skillgen.yaml"), []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ fetched, unused string }{
		{"50 pages: 50 new", ""},
		{"50 pages: 50 changed", "warning: "},
	} {
		if o := skillgen(t, dir, "fetch", "--allow-private"); o.exit != 0 || !strings.Contains(o.stdout, c.fetched) {
			t.Fatalf("%+v", o)
		}
		o := skillgen(t, dir, "build")
		if o.exit != 0 || strings.Contains(o.stderr, "[clean-unused]") != (c.unused != "") {
			t.Fatalf("%+v", o)
		}
		skill := readTree(t, filepath.Join(dir, "dist"))["skills/acme-go/SKILL.md"]
		if got := strings.Count(skill, chrome); got != n || strings.Count(skill, "More words.") != n {
			t.Errorf("%d times in the skill, want %d: in code alone", got, n)
		}
		dropped.Store(true)
	}
}

// The first fetch of 224 pages that take 50 ms each, and the refresh, which is one conditional request a page.

func BenchmarkFetchFirst224(b *testing.B) {
	site := docsSite(b, 224, 50*time.Millisecond)
	dir := b.TempDir()
	measure(b, dir, func(int) []string {
		for _, name := range []string{"website", "skillgen.lock", ".skillgen"} {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				b.Fatal(err)
			}
		}
		docsProject(b, dir, site.URL, 224, "")
		return []string{"fetch", "--allow-private"}
	})
}

func BenchmarkFetchRefresh224(b *testing.B) {
	site := docsSite(b, 224, 50*time.Millisecond)
	dir := b.TempDir()
	docsProject(b, dir, site.URL, 224, "")
	if o := skillgen(b, dir, "fetch", "--allow-private"); o.exit != 0 {
		b.Fatalf("%+v", o)
	}
	measure(b, dir, func(int) []string { return []string{"fetch", "--allow-private"} })
}
