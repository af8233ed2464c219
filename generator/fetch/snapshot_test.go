package fetch

import (
	"io/fs"
	"net/url"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"skillgen/generator/docs"
	"skillgen/generator/source"
)

func TestSnapshotPath(t *testing.T) {
	for _, c := range []struct{ url, want, why string }{
		{url: "https://acme.example/docs/start", want: "website/acme.example/docs/start.md"},
		{url: "https://ACME.example/docs/start/", want: "website/acme.example/docs/start.md"},
		{url: "https://acme.example/docs/start.md", want: "website/acme.example/docs/start.md"},
		{url: "https://acme.example/docs/start.html", want: "website/acme.example/docs/start.md"},
		{url: "https://acme.example/docs/index.html", want: "website/acme.example/docs.md"},
		{url: "https://acme.example/docs/v1.2", want: "website/acme.example/docs/v1.2.md"},
		{url: "https://acme.example", want: "website/acme.example/index.md"},
		{url: "https://acme.example/index.html", want: "website/acme.example/index.md"},
		{url: "http://localhost:8080/a", want: "website/localhost_8080/a.md"},
		{url: "http://127.0.0.1:8080/a", want: "website/127.0.0.1_8080/a.md"},
		{url: "https://acme.example/a?lang=go", want: "website/acme.example/a-192f87c8.md"},
		{url: "https://acme.example/über uns", want: "website/acme.example/%C3%BCber%20uns.md"},
		{url: "https://acme.example/%C3%BCber", want: "website/acme.example/%C3%BCber.md"},
		{url: "https://acme.example/a%2Fb", want: "website/acme.example/a%2Fb.md"},
		{url: "https://acme.example/a%5Cb", want: "website/acme.example/a%5Cb.md"},
		{url: "https://acme.example/.well-known/x", want: "website/acme.example/%2Ewell-known/x.md"},
		{url: "https://acme.example/v1./x", want: "website/acme.example/v1%2E/x.md"},
		{url: "https://acme.example/a:b*c", want: "website/acme.example/a%3Ab%2Ac.md"},
		{url: "https://acme.example/" + strings.Repeat("long", 100), want: "website/acme.example/" + strings.Repeat("long", 42) + "lon-0184fa9c.md"},
		{url: "https://acme.example/a/../../b", why: `the part ".."`},
		{url: "https://acme.example/a/%2e%2e/b", why: `the part ".."`},
		{url: "https://acme.example/a//b", why: `the part ""`},
		{url: "https://acme.example/.git/config", why: "which no file may be called"},
		{url: "https://acme.example/.GIT/config", why: "which no file may be called"},
		{url: "https://acme.example/CON", why: "which no file may be called"},
		{url: "https://acme.example/nul.txt", why: "which no file may be called"},
		{url: "https://[::1]/x", why: "can't be the name of a folder"},
		{url: "https://acme.example/%zz", why: "it is no URL"},
	} {
		p, why := snapshotPath("website", c.url)
		if p != c.want && c.why == "" || !strings.Contains(why, c.why) || (why == "") != (c.why == "") {
			t.Errorf("%s: %q, %q; want %q, %q", c.url, p, why, c.want, c.why)
		}
	}
}

func FuzzSnapshotPath(f *testing.F) {
	for _, s := range []string{"https://acme.example/docs/a?b#c", "http://x/..%2f..%2fetc", "https://a.b/%00", "https://a/\\..\\x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, why := snapshotPath("website", s)
		if why != "" {
			return
		}
		if !fs.ValidPath(p) || !strings.HasPrefix(p, "website/") || path.Ext(p) != ".md" || strings.Contains(strings.ToLower(p), "/.git/") {
			t.Fatalf("%q gives %q", s, p)
		}
		for _, c := range []byte(p) {
			if c >= utf8.RuneSelf || c < ' ' || strings.IndexByte(`\:*?"<>|`, c) >= 0 {
				t.Fatalf("%q gives %q", s, p)
			}
		}
	})
}

func TestSnapshotText(t *testing.T) {
	for _, c := range []struct{ name, title, in, want, refused string }{
		{name: "front matter goes, its title stays", in: "---\ntitle: \"A: b\"\nextra: 1\n---\n\n# Other\n\nWords.\n\n\n", want: "---\ntitle: \"A: b\"\nurl: https://a.example/x\n---\n\n# Other\n\nWords.\n"},
		{name: "title from the first heading", in: "# A `b` \"c\"\n\nWords.", want: "---\ntitle: \"A b \\\"c\\\"\"\nurl: https://a.example/x\n---\n\n# A `b` \"c\"\n\nWords.\n"},
		{name: "no title", in: "Words.\n", want: "---\nurl: https://a.example/x\n---\n\nWords.\n"},
		{name: "line ends and byte order mark", in: "\ufeff# A\r\n\r\nWords.\r\n", want: "---\ntitle: \"A\"\nurl: https://a.example/x\n---\n\n# A\n\nWords.\n"},
		{name: "invisible", in: "# A\n\nWor\u00add\u200bs\ufeff.\n", want: "---\ntitle: \"A\"\nurl: https://a.example/x\n---\n\n# A\n\nWords.\n"},
		{name: "code at the beginning keeps its indent", in: "\n    code\n", want: "---\nurl: https://a.example/x\n---\n\n    code\n"},
		{name: "no words", in: "---\ntitle: A\n---\n\n***\n", refused: "0 words of content"},
		{name: "binary", in: "a\x00b", refused: "NUL bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := &copyOf{final: "https://a.example/x"}
			err := got.write(c.title, c.in)
			if c.refused != "" {
				if err == nil || !strings.Contains(err.Error(), c.refused) {
					t.Fatal(err)
				}
				return
			}
			if err != nil || got.text != c.want {
				t.Fatalf("%v\n%q\n%q", err, got.text, c.want)
			}
			if body(got.text) != strings.SplitN(c.want, "\n---\n", 2)[1] {
				t.Errorf("body %q", body(got.text))
			}
		})
	}
}

func FuzzSnapshotText(f *testing.F) {
	f.Add("---\ntitle: x\n---\nwords\n", "")
	f.Add("words \u200b", "a\"\\\u0085")
	f.Fuzz(func(t *testing.T, in, title string) {
		got := &copyOf{final: "https://a.example/x"}
		if got.write(title, in) != nil {
			return
		}
		// What was written is read as it was meant: the title, and every word.
		file := source.NewFile("x.md", []byte(got.text))
		lead, from := docs.Lead(file)
		if file.Text != got.text || from == 0 {
			t.Fatalf("%q", got.text)
		}
		if want := strings.Join(strings.Fields(mustVisible(title)), " "); want != "" && utf8.ValidString(title) && lead != want {
			t.Fatalf("title %q, want %q in %q", lead, want, got.text)
		}
		again := &copyOf{final: got.final}
		if err := again.write("", got.text); err != nil || again.text != got.text {
			t.Fatalf("written again: %v\n%q\n%q", err, again.text, got.text)
		}
	})
}

func mustVisible(s string) string { s, _ = visible(s); return s }

func TestWordChanges(t *testing.T) {
	if a, r := wordChanges("one two two three -", "two one four two"); a != 1 || r != 1 {
		t.Error(a, r)
	}
}

func TestTwins(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example":               "https://a.example/index.md",
		"https://a.example/":              "https://a.example/index.md",
		"https://a.example/docs/a":        "https://a.example/docs/a.md",
		"https://a.example/docs/v1.2":     "https://a.example/docs/v1.2.md",
		"https://a.example/docs/a/":       "https://a.example/docs/a.md https://a.example/docs/a/index.md",
		"https://a.example/docs/a.html":   "https://a.example/docs/a.md https://a.example/docs/a.html.md",
		"https://a.example/docs/a?lang=1": "https://a.example/docs/a.md?lang=1",
	} {
		if got := strings.Join(twins(in), " "); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestLooksHTML(t *testing.T) {
	for _, c := range []struct {
		kind, data string
		want       bool
	}{
		{"text/html; charset=utf-8", "# Markdown", true},
		{"text/markdown", "# Markdown", false},
		{"text/markdown", "\ufeff \n<!-- note -->\n<!DOCTYPE HTML>", true},
		{"text/plain", "<HTML lang=en>", true},
		{"", "<html>", true},
		{"", "<details>\n<summary>Markdown with tags</summary>", false},
		{"", "<!-- open comment <html>", false},
		{"application/xhtml+xml", "", true},
	} {
		if got := looksHTML(c.kind, []byte(c.data)); got != c.want {
			t.Errorf("%q %q: %v", c.kind, c.data, got)
		}
	}
}

func TestReplaceAddress(t *testing.T) {
	const from, to = "https://a.example/x", "https://a.example/y"
	for in, want := range map[string]string{
		"- https://a.example/x":                    "- https://a.example/y",
		"(https://a.example/x#part) and":           "(https://a.example/y#part) and",
		"See https://a.example/x.":                 "See https://a.example/y.",
		"{{ref page https://a.example/x}}":         "{{ref page https://a.example/y}}",
		"https://a.example/x, https://a.example/x": "https://a.example/y, https://a.example/y",
		"https://a.example/xy":                     "https://a.example/xy",
		"https://a.example/x/y":                    "https://a.example/x/y",
		"https://a.example/x.md":                   "https://a.example/x.md",
		"https://a.example/x?q":                    "https://a.example/x?q",
	} {
		if got := replaceAddress(in, from, to); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestSitemap(t *testing.T) {
	deep := strings.Repeat("<a>", 40)
	for _, c := range []struct{ name, in, pages, sitemaps, fault string }{
		{name: "pages", in: `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="x"><url><loc> https://a/1 </loc><image:image><image:loc>https://a/i.png</image:loc></image:image></url><url><loc><![CDATA[https://a/2?a&b]]></loc></url></urlset>`, pages: "https://a/1 https://a/2?a&b"},
		{name: "index", in: `<sitemapindex><sitemap><loc>https://a/s.xml</loc></sitemap></sitemapindex>`, sitemaps: "https://a/s.xml"},
		{name: "empty", in: `<urlset/>`},
		{name: "a web page", in: `<html><body>no</body></html>`, fault: "its root is <html>"},
		{name: "broken", in: `<urlset><url><loc>https://a/1`, fault: "it is no sitemap"},
		{name: "deep", in: "<urlset>" + deep, fault: "nested too deep"},
		{name: "many", in: "<urlset>" + strings.Repeat("<url><loc>https://a/1</loc></url>", maxEntries+1) + "</urlset>", fault: "more than 10000"},
		{name: "entities", in: `<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>`, fault: "it is no sitemap"},
		{name: "charset", in: `<?xml version="1.0" encoding="latin1"?><urlset/>`, fault: "a sitemap is UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pages, sitemaps, err := readSitemap([]byte(c.in))
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Fatal(err)
				}
				return
			}
			if err != nil || strings.Join(pages, " ") != c.pages || strings.Join(sitemaps, " ") != c.sitemaps {
				t.Fatalf("%v %v %v", pages, sitemaps, err)
			}
		})
	}
}

func FuzzLists(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://a/1</loc></url></urlset>"))
	f.Add([]byte("- [a](https://a/1.md)\n- [b](../c)\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		base, _ := url.Parse("https://a.example/llms.txt")
		links, _ := linksOf(data)
		pages, sitemaps, _ := readSitemap(data)
		for _, list := range [][]string{links, pages, sitemaps} {
			out, err := absolute(base, list)
			for _, s := range out {
				u, parsed := url.Parse(s)
				if err == nil && (parsed != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "http" && u.Scheme != "https") {
					t.Fatalf("%q", s)
				}
			}
		}
	})
}
