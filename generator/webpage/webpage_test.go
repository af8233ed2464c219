package webpage

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// convert returns the Markdown of a page, without its final newline.
func convert(t *testing.T, src string, o Options) string {
	t.Helper()
	page, err := Convert([]byte(src), o)
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, []byte(src), mustConvert(t, src, Options{Lines: true}))
	return strings.TrimSuffix(page.Markdown, "\n")
}

func mustConvert(t *testing.T, src string, o Options) *Page {
	t.Helper()
	page, err := Convert([]byte(src), o)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// What running text needs to stay what it is, and no backslash more.
func TestEscapes(t *testing.T) {
	for src, want := range map[string]string{
		"snake_case and a_b_c, 2 * 3, a*b":   "snake_case and a_b_c, 2 * 3, a*b",
		"*args, **kwargs":                    "*args, **kwargs",
		"*a* and _b_":                        `\*a\* and \_b\_`,
		"__init__":                           `\_\_init\_\_`,
		"~a~ and a~b":                        `\~a\~ and a\~b`,
		"a ~ b ~ c":                          "a ~ b ~ c",
		"one ` tick":                         "one ` tick",
		"`two` ticks":                        "\\`two\\` ticks",
		"[a] and [b](c) and a[0](x)":         `[a] and [b\](c) and a[0\](x)`,
		"[^1] [x]: y":                        `\[^1] [x]: y`,
		"[x]: y":                             `\[x]: y`,
		"a &lt; b, a &lt;b, &lt;/x, 3 &lt;4": `a < b, a \<b, \</x, 3 <4`,
		"&lt;me@x.example>":                  `\<me@x.example>`,
		"AT&amp;T &amp;amp; &amp;copy; &amp;#65; &amp;": `AT&T \&amp; \&copy; \&#65; &`,
		`C:\dir \* \\ a\`:       `C:\dir \\* \\\ a\`,
		"# a":                   `\# a`,
		"#a #":                  "#a #",
		"1. a":                  `1\. a`,
		"1986. A":               `1986\. A`,
		"1.5 a":                 "1.5 a",
		"- a":                   `\- a`,
		"-a":                    "-a",
		"+ a":                   `\+ a`,
		"> a":                   `\> a`,
		"---":                   `\---`,
		"***":                   `\*\*\*`,
		"===":                   "===",
		"a<br>===":              "a\\\n\\===",
		"a | b<br>--|--":        "a | b\\\n\\--|--",
		"~~~":                   `\~\~\~`,
		"```":                   "\\`\\`\\`",
		":::note":               `\:::note`,
		"!!! note":              `\!!! note`,
		"!important ![x]":       "!important ![x]",
		"$x$":                   "$x$",
		"import a from 'b'":     "&#105;mport a from 'b'",
		"import a from b":       "import a from b",
		"| a":                   "| a",
		"a\u00a0b&shy;c\u200bd": "a bcd",
	} {
		if got := convert(t, "<p>"+src, Options{}); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", src, got, want)
		}
	}
}

// Styles and links in each other, and where they can't be written.
func TestRunningText(t *testing.T) {
	for src, want := range map[string]string{
		"<b>a</b> <i>b</i> <del>c</del>":               "**a** *b* ~~c~~",
		"<b> a </b>b":                                  "**a** b",
		"a<b>b</b>c":                                   "a**b**c",
		"<b>a:</b>b":                                   "a:b",
		"<b>a:</b> b":                                  "**a:** b",
		"<b>a</b><i>b</i>":                             "**a**b",
		"<b>a <i>b</i> c</b>":                          "**a *b* c**",
		"<b><i>a</i></b>":                              "***a***",
		"<i>a</i><i>b</i>":                             "*ab*",
		"<b>a</b> <b>b</b>":                            "**a b**",
		"<a href=x>a <b>b</b></a>":                     "[a **b**](x)",
		"<b>a <a href=x>b</a> c</b>":                   "**a [b](x) c**",
		"<b>a <a href=x>b</b> c</a>":                   "**a [b](x)** [c](x)",
		"<a href=x>a</a><a href=y>b</a>":               "[a](x)[b](y)",
		"!<a href=x>a</a>":                             `\![a](x)`,
		"<a href=x>a]b</a> <a href=x>[c]</a>":          `[a\]b](x) [[c]](x)`,
		"<a href=x><img src=y alt=z></a>":              "[![z](y)](x)",
		"<a href=x></a>a<a href=x> </a>":               "a",
		"<a href='x'><code>a</code></a>":               "[`a`](x)",
		"<code><a href='x'>a</a></code>":               "[`a`](x)",
		"<code>a</code><code>b</code>":                 "`ab`",
		"<code>a`b</code> <code>`c</code>":             "``a`b`` `` `c ``",
		"<code> a\n b </code>":                         "`a b`",
		"<b><code>a</code></b>x":                       "`a`x",
		"H<sub>2</sub>O <kbd>Ctrl</kbd>":               "H<sub>2</sub>O <kbd>Ctrl</kbd>",
		"a<br>b<br><br>c<br>":                          "a\\\nb\n\nc",
		"<q>a</q> <var>b</var> <cite>c</cite>":         `"a" *b c*`,
		"<img src=a.png> <img alt=b>":                  "![](a.png) b",
		"<ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby>": "a(b)",
		"<x-a>a</x-a><x-b>b</x-b>, <x-c>c</x-c>.":      "a b, c.",
	} {
		if got := convert(t, "<p>"+src, Options{}); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", src, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	page := mustURL(t, "https://docs.acme.example/guide/page.html?v=2")
	for href, want := range map[string]string{
		"b.html":                   "https://docs.acme.example/guide/b.html",
		"/b#c":                     "https://docs.acme.example/b#c",
		"#c":                       "https://docs.acme.example/guide/page.html?v=2#c",
		"?q=1":                     "https://docs.acme.example/guide/page.html?q=1",
		"//x.example/a":            "https://x.example/a",
		"https://x.example/a_(b)":  "https://x.example/a_(b)",
		"https://x.example/a_(b":   "https://x.example/a_%28b",
		"https://x.example/a b":    "https://x.example/a%20b",
		"https://x.example/?a&lt":  "https://x.example/?a&lt",
		" b\n.html ":               "https://docs.acme.example/guide/b.html",
		"mailto:a@x.example":       "mailto:a@x.example",
		"https://x.example/%zz":    "https://x.example/%zz",
		"https://x.example/<a>|`b": "https://x.example/%3Ca%3E%7C%60b",
		"javascript:alert(1)":      "",
		"JavaScript:x":             "",
		"data:text/html,x":         "",
		"":                         "",
	} {
		attr := strings.NewReplacer("&", "&amp;", `"`, "&quot;").Replace(href)
		got := convert(t, `<p><a href="`+attr+`">t</a>`, Options{URL: page})
		if want == "" {
			want = "t"
		} else {
			want = "[t](" + want + ")"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", href, got, want)
		}
	}
	if got := convert(t, `<head><base href="/base/"></head><p><a href="b">t</a> <a href="#c">u</a>`, Options{URL: page}); got != "[t](https://docs.acme.example/base/b) [u](https://docs.acme.example/guide/page.html?v=2#c)" {
		t.Error("base:", got)
	}
	if got := convert(t, `<p><a href="../b c.html#d">t</a><img src="e.png" alt=f>`, Options{}); got != "[t](../b%20c.html#d)![f](e.png)" {
		t.Error("without address:", got)
	}
}

// The caller's selectors.
func TestSelectors(t *testing.T) {
	src := `<main><h1>Main</h1></main><div id=docs><p>one</p><div class=ad>two</div><div id=in class=part>three</div></div><div class=part>four</div>`
	for _, c := range []struct {
		o     Options
		want  string
		theme string
	}{
		{Options{}, "# Main", "page"},
		{Options{Content: "#docs"}, "one\n\ntwo\n\nthree", "selector"},
		{Options{Content: "#docs", Drop: []string{".ad", "#in"}}, "one", "selector"},
		{Options{Content: "#docs, .part"}, "one\n\ntwo\n\nthree\n\nfour", "selector"},
		{Options{Content: ".none"}, "", "selector"},
		{Options{Drop: []string{"h1"}}, "", "page"},
		{Options{Content: "div:not(.part) > p"}, "one", "selector"},
	} {
		page := mustConvert(t, src, c.o)
		if got := strings.TrimSpace(page.Markdown); got != c.want || page.Theme != c.theme {
			t.Errorf("%+v: %q, %s", c.o, got, page.Theme)
		}
	}
	for _, o := range []Options{{Content: "div["}, {Drop: []string{"a", ":nonsense("}}, {Content: "::before"}} {
		if _, err := Convert([]byte("<p>a"), o); err == nil || !strings.Contains(err.Error(), "selector") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// A selector that compares siblings is refused on a page where that would take long, and only there.
func TestCostlySelectors(t *testing.T) {
	wide := []byte("<div>" + strings.Repeat("<b>", 3) + strings.Repeat("<p>a</p>", 20_000))
	for _, s := range []string{"p ~ p", "p:nth-child(3)", "div:has(i)", "p:contains('x')"} {
		if _, err := Convert(wide, Options{Drop: []string{s}}); err != errCostly {
			t.Errorf("%s: %v", s, err)
		}
		if _, err := Convert([]byte("<p>a<p>b"), Options{Drop: []string{s}}); err != nil {
			t.Errorf("%s on a small page: %v", s, err)
		}
	}
	for _, s := range []string{"div p", "p + p", ".a.b#c[d=e]", "div > p"} {
		if _, err := Convert(wide, Options{Drop: []string{s}}); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestTitle(t *testing.T) {
	for src, want := range map[string]string{
		"<title>Page | Acme</title><main><h1>The <code>real</code>\none</h1>":                            "The real one",
		"<title>Page | Acme</title><p>a":                                                                 "Page",
		"<title>Page — Part — Acme docs</title><p>a":                                                     "Page - Part",
		"<title>Acme - Page</title><main><h2>Page</h2>a":                                                 "Page",
		"<title>Acme - Page</title><meta property=og:site_name content=Acme><p>a":                        "Page",
		"<title>Just one</title><p>a":                                                                    "Just one",
		"<p>a":                                                                                           "",
		"<title>A\n  B</title><svg><title>no</title></svg>":                                              "A B",
		"<main><blockquote><h1>Quoted</h1></blockquote><h2>First</h2>":                                   "Quoted",
		"<main><h3>Low</h3><h2>High</h2></main><title>Late":                                              "",
		"<head><title>Low :: Acme</title></head><main><h3>Low</h3><h2>High</h2><ul><li><h2>In</h2></ul>": "Low",
	} {
		if got := mustConvert(t, src, Options{}).Title; got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

// What belongs to the site goes; what only looks like it stays.
func TestChrome(t *testing.T) {
	for src, want := range map[string]string{
		"<h2>a<a href=#a>#</a></h2>":                                                  "## a",
		"<h2>a <a href=#a class=x>¶</a></h2>":                                         "## a",
		"<h2>a<a href=#a aria-label='Link to a'><svg></svg></a></h2>":                 "## a",
		"<h2><a href=#a>a</a></h2>":                                                   "## a",
		"<h2><a href=/b>a</a></h2>":                                                   "## [a](/b)",
		"<h2>C#</h2>":                                                                 "## C#",
		"<p>See <a href=#b>b</a> and <a href=/c#d>#</a>":                              "See [b](#b) and [#](/c#d)",
		"<h2>a<a href=#a>Direct link to a</a></h2>":                                   "## a",
		"<p><a href=/e>Edit this page</a></p>b":                                       "b",
		"<p>Edit this page to change it</p>":                                          "Edit this page to change it",
		"<h3>On this page</h3><ul><li>a</ul>":                                         "- a",
		"<div class=toc><a href=#a>a</a><a href=#b>b</a></div>c":                      "c",
		"<div class=toc><a href=#a>a</a><a href=/b>b</a></div>c":                      "[a](#a)[b](/b)\n\nc",
		"<nav><a href=/b>b</a></nav>c<footer>d</footer>":                              "c",
		"<blockquote>a<footer>b</footer></blockquote>":                                "> a\n>\n> b",
		"<button>Copy</button><button aria-expanded=true>Section</button>a":           "Section a",
		"<form role=search>a</form><form><p>b</form>":                                 "b",
		"<section id=feedback><h2>Feedback</h2>a</section>":                           "## Feedback\n\na",
		"<div class=feedback>Was this helpful?</div>b":                                "b",
		"a <span class=sr-only>b</span> c":                                            "a c",
		"<p aria-hidden=true>a":                                                       "a",
		"<dialog>a</dialog><div role=dialog>b</div>c":                                 "c",
		"<p>a · <a class=srclink href=x>source</a></p>":                               "a",
		"<p><a href=#x class=footnote-backref>b</a> a":                                "a",
		"<select><option>1.0</select><textarea>a</textarea><input value=b>c":          "c",
		"<ul class=breadcrumb><li>a</ul><p class=last-updated>b</p>c":                 "c",
		"<p>a<script>b</script><style>c</style><noscript>d</noscript><!-- e -->f</p>": "af",
	} {
		if got := convert(t, "<main>"+src, Options{}); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", src, got, want)
		}
	}
}

// Containers in one another are flattened where they stand too deep; no word is lost.
func TestDepth(t *testing.T) {
	for _, open := range []string{"<blockquote>a%", "<ul><li>a%", "<ol><li>a%", "<dl><dt>a%<dd>", "<div class='admonition note'>a%", "<table><tr><th>a%<td><pre>x\ny</pre>", "<details><summary>a%</summary>"} {
		src := ""
		for i := range 200 {
			src += strings.ReplaceAll(open, "%", " w"+strings.Repeat("i", i))
		}
		md := convert(t, src, Options{})
		for i := range 120 { // each of these opens up to two elements: further down none are opened
			if !strings.Contains(md, " w"+strings.Repeat("i", i)) {
				t.Errorf("%s: level %d is lost", open, i)
				break
			}
		}
		for line := range strings.SplitSeq(md, "\n") {
			if n := strings.Count(line, ">"); n > 16 {
				t.Errorf("%s: %d quotes in one another", open, n)
			}
			if n := len(line) - len(strings.TrimLeft(line, " >*-0123456789.)")); n > 4*18 {
				t.Errorf("%s: %d bytes before the text", open, n)
			}
		}
	}
}

// Markup that is out of order, and elements that are shown in the place of others.
func TestOdd(t *testing.T) {
	for src, want := range map[string]string{
		"<ul><li>a</li><ul><li>b</li></ul><li>c</li>d</ul>": "- a\n\n  - b\n\n- c\n\n  d",
		"<ul><ul><li>a</ul></ul>":                           "- - a",
		"<ol start=5><li>a<li value=9>b</ol>":               "5. a\n6. b",
		"<ol start=-3><li>a</ol><ol start=x><li>b</ol>":     "1. a\n\n1) b",
		"<dl>a<dt>b<dd>c</dl>":                              "- a\n\n- **b**\n\n  c",
		"<pre>\n \n  a\n  \n \n</pre>":                      "```\n  a\n```",
		"<li>a</li>b":                                       "a\n\nb",
		"<x-a><template shadowrootmode=open><b>t</b></template><p>light</p></x-a>":                                       "**t**\n\nlight",
		"<x-a><template shadowrootmode=open><slot name=s></slot>: <slot></slot></template><i>a</i><b slot=s>c</b></x-a>": "**c**: *a*",
		"<template><p>a</template>":                                                     "a",
		"<div hidden>a</div><p style='display:none'>b":                                  "a\n\nb",
		"<h2></h2><h3> </h3><p></p><ul><li></ul><blockquote></blockquote><pre> </pre>a": "a",
		"<h2>a<ul><li>b</ul></h2>":                                                      "## a\n\n- b",
		"<table><tr><th>x<td><code>a\\|b</code></table>":                                "|  |  |\n| --- | --- |\n| x | a\\\\\\|b |",
		"<table><caption>C</caption>stray<tr><td>a<td>b</table>":                        "**C**\n\nstray\n\n|  |  |\n| --- | --- |\n| a | b |",
		"<table><tr><td>a</td></tr><tr><td><p>b<p>c</td></tr></table>":                  "a\n\nb\n\nc",
		"<table><tr><th>a</table>":                                                      "| a |\n| --- |",
		"<span class=katex><span class=katex-mathml><math><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></math></span><span class=katex-html aria-hidden=true>x2</span></span>": "$`x^2`$",
		"<span class='katex-display'><span class=katex><math display=block><annotation encoding='application/x-tex'>a\nb</annotation></math></span></span>":                                          "```math\na\nb\n```",
		"<mjx-container><math alttext='y_1'><mi>y</mi></math></mjx-container>":                                                                                                                       "$`y_1`$",
		"<script type='math/tex'>q</script><span class=MathJax><script type='math/tex'>z</script></span>":                                                                                            "$`z`$",
		"<math><mi>a</mi><mo>+</mo><mi>b</mi></math>": "a+b",
		"<p class=math>$5 and $6</p>":                 "$5 and $6",
		"<a href=x><h3>a</h3><p>b</p></a>":            "### [a](x)\n\nb",
		"<p>a<svg><text>b</text></svg>c":              "a c",
		"<div><code class=language-js>a\n  b</code></div><p><code class=language-js>c</code> d":           "```js\na\n  b\n```\n\n`c` d",
		"<ul><li> <input type=checkbox checked> a<li>b <input type=checkbox> c</ul><input type=checkbox>": "- [x] a\n- b c",
		"<p><a href=x><code>a]: b</code></a> <a href=y>c]: d</a>":                                         "`a]: b` [c\\]: d](y)",
		"<table><tr><td rowspan=2>a<br>A<td><pre>x\ny</pre><tr><td><ul><li>b</ul></table>":                "- a\\\n  A\n\n  ```\n  x\n  y\n  ```\n\n- a\n\n  A\n\n  - b",
		"<p>a<a role=doc-noteref href=#n>1</a></p><aside id=n role=doc-footnote>n</aside>":                "a[^1]\n\n[^1]: n",
		"<p>a<a role=doc-noteref href=#n>1</a></p><p id=n>n</p>":                                          "a[1](#n)\n\nn",
		"<details>a<summary>b</summary></details>":                                                        "a\n\n**b**",
	} {
		if got := convert(t, "<main>"+src, Options{}); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", src, got, want)
		}
	}
}

// The theme's content counts where it has words; else what HTML has names for.
func TestContent(t *testing.T) {
	for src, want := range map[string]string{
		"<div id=__docusaurus><main><div class=theme-doc-markdown> </div><article>a</article>b": "docusaurus a",
		"<div id=__docusaurus><p>a":                                                 "docusaurus a",
		"<main></main><article>a</article>b":                                        "page a",
		"<div role=main>a</div>b":                                                   "page a",
		"<article>a</article><article>b</article>c":                                 "page a\n\nb",
		"<main><article>a</article>b</main>c":                                       "page a\n\nb",
		"<body class='rustdoc x'><section id=main-content>a</section>b":             "rustdoc a",
		"<meta name=generator content='Sphinx 5'><div class=body role=main>a</div>": "page a",
		"a": "page a",
	} {
		page := mustConvert(t, src, Options{})
		if got := page.Theme + " " + strings.TrimSpace(page.Markdown); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", src, got, want)
		}
	}
}

// A table may ask for two billion columns; it gets what it fills.
func TestSpans(t *testing.T) {
	got := convert(t, "<table><tr><td colspan=2000000000 rowspan=2000000000>a<tr><td>b</table>", Options{})
	if len(got) > 2000 || !strings.Contains(got, "| a |") || !strings.Contains(got, "b") {
		t.Errorf("%d bytes: %.300s", len(got), got)
	}
	got = convert(t, "<table><tr><th colspan=2>a<th>b<tr><td rowspan=2>c<td>d<td>e<tr><td colspan=2>f<tr><td>g</table>", Options{})
	if want := "| a |  | b |\n| --- | --- | --- |\n| c | d | e |\n| c | f |  |\n| g |  |  |"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	long := strings.Repeat("word ", 20)
	got = convert(t, "<table><tr><td rowspan=3>"+long+"<td>d<tr><td>e<tr><td>f</table>", Options{})
	if strings.Count(got, "word") != 20 {
		t.Error("a long cell is written again in the rows that it spans")
	}
	wide := convert(t, "<table><tr>"+strings.Repeat("<td>a", maxColumns+1)+"</table>", Options{})
	if strings.Contains(wide, "|") {
		t.Error("a table of too many columns")
	}
}

// The same page gives the same bytes, and conversions don't meet.
func TestDeterminism(t *testing.T) {
	src := string(realPage(20<<10)) + strings.Join(nastyPages(), "\n")
	want := mustConvert(t, src, Options{Lines: true})
	results := make(chan *Page, 8)
	for range 8 {
		go func() {
			p, _ := Convert([]byte(src), Options{Lines: true})
			results <- p
		}()
	}
	for range 8 {
		if got := <-results; !reflect.DeepEqual(got, want) {
			t.Fatal("two conversions of one page differ")
		}
	}
}

func TestLines(t *testing.T) {
	src := "<main>\n<h1>Title</h1>\n<p>one\ntwo</p>\n<ul>\n<li>three\n<li>four<br>\nfive</ul>\n<pre>\nsix\n\nseven</pre>\n<table>\n<tr><th>a\n<tr><td>b</table>\n<blockquote>\n\n<p>eight</blockquote>"
	page := mustConvert(t, src, Options{Lines: true})
	var got strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(page.Markdown, "\n"), "\n") {
		if line != "" {
			got.WriteString(strings.TrimSpace(line) + "@" + string(rune('0'+page.Lines[i]/10)) + string(rune('0'+page.Lines[i]%10)) + " ")
		}
	}
	want := "# Title@02 one two@03 - three@06 - four\\@07 five@08 ```@09 six@10 seven@12 ```@12 | a |@14 | --- |@14 | b |@15 > eight@18 "
	if got.String() != want {
		t.Errorf("got  %s\nwant %s", got.String(), want)
	}
	if mustConvert(t, src, Options{}).Lines != nil {
		t.Error("lines that nobody asked for")
	}
}

func TestWords(t *testing.T) {
	for src, want := range map[string]int{
		"":                                       0,
		"<main></main>":                          0,
		"<div id=app></div><script>x()":          0,
		"<p>one two <b>three</b>":                3,
		"<pre>a b\nc</pre>":                      3,
		"<table><tr><td>a b<td>c</table>":        3,
		"<p><img src=a alt='not counted'>":       0,
		"<h1>a</h1><nav>b c</nav>":               1,
		"<ul><li>a<li>b</ul>":                    2,
		"<noscript>Enable JavaScript</noscript>": 0,
	} {
		if got := mustConvert(t, src, Options{}).Words; got != want {
			t.Errorf("%s: %d words, want %d", src, got, want)
		}
	}
}

// Every selector of the table of themes finds something on a page of testdata, and every sign is on one.
func TestThemesTable(t *testing.T) {
	for _, row := range themes {
		if len(row.signs) == 0 || len(row.content) == 0 {
			t.Errorf("%s has no signs or no content", row.name)
		}
	}
	for _, id := range chromeTextsOf(t) {
		if id != strings.ToLower(id) {
			t.Errorf("%q is compared with text in lower case", id)
		}
	}
	n := &html.Node{Type: html.ElementNode, Data: "div", Attr: []html.Attribute{{Key: "class", Val: "a_b codeBlockTitle_OeMC x"}}}
	if partOf(n) != codeTitle {
		t.Error("a hashed class is not recognised")
	}
	n.Attr[0].Val = "snake_case copyright_line"
	if p := partOf(n); p != plain {
		t.Errorf("names that only look hashed: %d", p)
	}
}

func chromeTextsOf(t *testing.T) (all []string) {
	t.Helper()
	for text := range chromeTexts {
		all = append(all, text)
	}
	return all
}
