package webpage

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// realPage makes a page of about n bytes as a generator of sites makes it: sections with prose, links, code in many spans, lists, tables,
// admonitions and tabs, and the site around them.
func realPage(n int) []byte {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta name="generator" content="Docusaurus v3.8.1"><title>Long page | Acme</title></head><body><div id="__docusaurus"><nav class="navbar">`)
	for i := range 60 {
		fmt.Fprintf(&b, `<a class="menu__link" href="/docs/page-%d">Page number %d</a>`, i, i)
	}
	b.WriteString(`</nav><main><article><div class="theme-doc-markdown markdown"><header><h1>Long page</h1></header>`)
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, `<h2 class="anchor anchorWithStickyNavbar_LWe7" id="part-%d">Part %d<a href="#part-%d" class="hash-link" aria-label="Direct link to Part %d">​</a></h2>`, i, i, i, i)
		fmt.Fprintf(&b, "<p>Events are sent with <code>client.capture()</code>, which takes an <em>event name</em> and <strong>properties</strong>; see <a href=\"/docs/part-%d#options\">the options</a> of snake_case_names, and\nwhat is sent &amp; stored.</p>\n", i)
		b.WriteString(`<div class="language-js codeBlockContainer_Ckt0 theme-code-block"><div class="codeBlockTitle_OeMC">src/app.js</div><div class="codeBlockContent_QJqH"><pre class="prism-code language-js"><code class="codeBlockLines_e6Vv">`)
		for j := range 12 {
			fmt.Fprintf(&b, `<span class="token-line" style="color:#bfc7d5"><span class="token keyword">const</span><span class="token plain"> value%d </span><span class="token operator">=</span><span class="token plain"> </span><span class="token string">'a_b*c'</span><span class="token punctuation">;</span><br></span>`, j)
		}
		b.WriteString(`</code></pre></div></div><table><thead><tr><th>Option</th><th>Type</th></tr></thead><tbody>`)
		for j := range 6 {
			fmt.Fprintf(&b, "<tr><td><code>option_%d</code></td><td>string | number<br>or nothing</td></tr>\n", j)
		}
		b.WriteString(`</tbody></table><ul><li>one</li><li>two<ul><li>three</li></ul></li></ul><div class="theme-admonition theme-admonition-note alert"><div class="admonitionHeading_Gvgb">note</div><div class="admonitionContent_BuS1"><p>Mind this.</p></div></div>`)
		b.WriteString(`<div class="tabs-container"><ul role="tablist" class="tabs"><li role="tab">npm</li><li role="tab">Yarn</li></ul><div><div role="tabpanel"><p>a</p></div><div role="tabpanel" hidden><p>b</p></div></div></div>`)
	}
	b.WriteString(`</div></article></main></div></body></html>`)
	return []byte(b.String())
}

func BenchmarkConvert(b *testing.B) {
	base, _ := url.Parse("https://docs.acme.example/guide/page.html")
	src := realPage(60 << 10)
	for _, lines := range []bool{false, true} {
		b.Run(fmt.Sprintf("60KiB/lines=%v", lines), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Convert(src, Options{URL: base, Lines: lines}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkThousandPages is a whole site on all processors.
func BenchmarkThousandPages(b *testing.B) {
	base, _ := url.Parse("https://docs.acme.example/guide/page.html")
	src := realPage(60 << 10)
	for b.Loop() {
		var wait sync.WaitGroup
		for range 2 {
			wait.Go(func() {
				for range 500 {
					if _, err := Convert(src, Options{URL: base}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wait.Wait()
	}
}

// The page of the benchmarks comes out as a page should.
func TestRealPage(t *testing.T) {
	src := realPage(20 << 10)
	page, err := Convert(src, Options{Lines: true})
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, src, page)
	for what, s := range map[string]string{"heading": "\n## Part 1\n", "code": "\n**src/app.js**\n\n```js\nconst value0 = 'a_b*c';\n", "row": "\n| `option_5` | string \\| number<br>or nothing |\n", "tab": "\n**Yarn**\n\nb\n", "list": "\n- two\n  - three\n",
		"note": "\n> **Note**\n>\n> Mind this.\n"} {
		if !strings.Contains(page.Markdown, s) {
			t.Errorf("no %s", what)
		}
	}
}
