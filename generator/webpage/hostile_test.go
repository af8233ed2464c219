package webpage

import (
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hostile are pages that cost parsers or converters far more than their size, or may: each function makes one of about n bytes.
var hostile = map[string]func(n int) string{}

func init() {
	repeat := func(name, s string) {
		hostile[name] = func(n int) string { return strings.Repeat(s, n/len(s)) }
	}
	pair := func(name, before, middle, after string) {
		hostile[name] = func(n int) string {
			k := n / (len(before) + len(after))
			return strings.Repeat(before, k) + middle + strings.Repeat(after, k)
		}
	}
	for _, s := range []string{"<div>", "<p>", "<b>", "<i>a", "<a href=x>", "<a href=#>", "<blockquote>", "<ul><li>", "<li>", "<dl><dd>", "<table>", "<table><tr><td>", "<td>", "<pre>", "<code>", "<details><summary>",
		"<h1>", "<sup>", "<x-y>", "<svg>", "<math>", "<template shadowrootmode=open><slot>", "<form>", "<select>", "<button>", "<dt>", "<q>", "<del>", "<br>", "<hr>", "<img src=a alt=[>",
		"</p>", "</b>", "</x>a", "a</td>", "<!---->", "<!", "<", "&", "&#", "&amp", "<input type=checkbox>", "<p>a</p>", "<span>a</span>", "<a href=x>a</a>", "<code>a</code>", "<code>a<br>b</code> </x> ",
		"<b>a</b><i>b</i>", "<table><td>a</table>", "<div class=admonition>", "<div class='tabbed-set'><label>a</label>", "<div role=tablist><i role=tab>a</i></div>", "<div role=tabpanel>a</div>",
		"<div role=tablist><i role=tab>a</i><i role=tab>b</i></div><div role=tabpanel></div>", "<div class=toc><a href=#x>a</a>", "<div class=toc>", "<a class=footnote-ref href=#f>1</a>",
		"<b><p>", "<b><p></b>", "<a href=x><div>", "<a href=x><div></a>", "<b x><i x><p>", "<p><font a><font b>", "<span class=katex>", "<div class=math>", "<figure><figcaption>",
		"<details class=note>", "<span class=line>a</span>", "<pre><span class=line>a</span><span class=line></span>", "<th>", "<caption>", "<tr>", "<base href=x>", "<title>", "<slot>", "<dd><dl><dt>",
		"<table class=highlighttable><tr><td class=linenos><pre>1", "<div class='admonitionblock'><table><td class=icon>", "<p>a<br>", "<p>a<br><br>"} {
		repeat(s, s)
		repeat("body of "+s, "x"+s+"y ")
	}
	for _, s := range []string{"[", "]", "](", "[a](", "![", "*", "**a", "*a ", "a*", "_a", "a_ ", "~~a", "`", "``a", "\\", "<b>*</b>", "&lt;", "&lt;a", "&amp;lt;", "# ", "- ", "1. ", "> ", "|", "a|b ", "---\n",
		"&lt;@", "[^1]", "[x]: ", "a ", "  ", "&nbsp;", "é", "\u200b", "$", "]:", "[a]:"} {
		repeat("text "+s, s)
		hostile["paragraph "+s] = func(n int) string { return "<p>" + strings.Repeat(s, n/len(s)) }
		hostile["code "+s] = func(n int) string { return "<p><code>" + strings.Repeat(s, n/len(s)) + "</code>" }
		hostile["cell "+s] = func(n int) string { return "<table><tr><th>a<td>" + strings.Repeat(s, n/len(s)) }
		hostile["link "+s] = func(n int) string { return "<a href=x>" + strings.Repeat(s, n/len(s)) + "</a>" }
		hostile["styles "+s] = func(n int) string { return strings.Repeat("<b>"+s+"<i>"+s+"</i></b>", n/(16+2*len(s))) }
	}
	pair("deep div", "<div>", "a", "</div>")
	pair("deep span", "<span>", "a", "</span>")
	pair("deep quote", "<blockquote>a", "b", "c</blockquote>")
	pair("deep list", "<ul><li>a", "b", "c</li></ul>")
	pair("deep table", "<table><tr><td>a", "b", "c</td></tr></table>")
	pair("deep admonition", "<div class='admonition note'><p class=admonition-title>a</p>", "b", "c</div>")
	pair("deep details", "<details><summary>a</summary>", "b", "c</details>")
	pair("deep link", "<a href=x><div>a", "b", "c</div></a>")
	pair("deep pre", "<pre><div>a", "b", "c</div></pre>")
	hostile["colspan"] = func(n int) string {
		return "<table>" + strings.Repeat("<tr><td colspan=2000000000 rowspan=2000000000>a", n/47)
	}
	hostile["colspan in one row"] = func(n int) string { return "<table><tr>" + strings.Repeat("<td colspan=99>a", n/16) }
	hostile["rowspan in one row"] = func(n int) string {
		return "<table><tr>" + strings.Repeat("<td rowspan=99>a", n/32) + strings.Repeat("<tr><td>", n/16)
	}
	hostile["wide and long"] = func(n int) string {
		return "<table><tr>" + strings.Repeat("<td>a", n/10) + strings.Repeat("<tr><td>b", n/18)
	}
	hostile["attributes"] = func(n int) string {
		var b strings.Builder
		b.WriteString("<p")
		for i := 0; b.Len() < n/2; i++ {
			fmt.Fprintf(&b, " a%d", i)
		}
		return b.String() + ">" + strings.Repeat("<b a>", n/10)
	}
	hostile["attributes of script"] = func(n int) string {
		var b strings.Builder
		b.WriteString("<script")
		for i := 0; b.Len() < n/2; i++ {
			fmt.Fprintf(&b, " a%d", i)
		}
		return b.String() + "></script>" + strings.Repeat("<b a>", n/10)
	}
	hostile["classes"] = func(n int) string {
		return "<div class='" + strings.Repeat("a ", n/4) + "'>" + strings.Repeat("<details><li>", n/26)
	}
	hostile["classes everywhere"] = func(n int) string {
		return strings.Repeat("<div class='"+strings.Repeat("a ", 2000)+"'><li><details>", n/4030)
	}
	hostile["fonts before blocks"] = func(n int) string {
		var b strings.Builder
		b.WriteString("<div>")
		for i := range n / 20 {
			fmt.Fprintf(&b, "<font a=%d>", i)
		}
		b.WriteString("</div>" + strings.Repeat("<div>x</div>", n/24))
		return b.String()
	}
	hostile["long lines of code"] = func(n int) string {
		return strings.Repeat("<blockquote>", 40) + "<pre>" + strings.Repeat("a\n", n/2)
	}
	hostile["notes"] = func(n int) string {
		var b strings.Builder
		for i := range n / 80 {
			fmt.Fprintf(&b, "<a class=footnote-ref href=#f%d>1</a>", i)
		}
		b.WriteString("<ol class=footnotes>")
		for i := range n / 80 {
			fmt.Fprintf(&b, "<li id=f%d>a", i)
		}
		return b.String()
	}
	hostile["blank before code"] = func(n int) string {
		return "<p>" + strings.Repeat(" </x>", n/10) + strings.Repeat("<code>a<br>b</code>", n/40)
	}
	hostile["unclosed script"] = func(n int) string { return "a<script>" + strings.Repeat("</scrip", n/7) }
	hostile["unclosed comment"] = func(n int) string { return strings.Repeat("a<!--b--!", n/9) }
	hostile["unclosed tag"] = func(n int) string { return "a<p " + strings.Repeat("b='", n/3) }
	hostile["one word"] = func(n int) string { return "<p>" + strings.Repeat("a", n) }
	hostile["slots"] = func(n int) string {
		return strings.Repeat("<x-a><template shadowrootmode=open><slot name=b></slot></template><i slot=b>c</i></x-a>", n/88)
	}
	hostile["one host"] = func(n int) string {
		return "<x-a><template shadowrootmode=open>" + strings.Repeat("<slot></slot>", n/26) + "</template>" + strings.Repeat("<i>c</i>", n/16)
	}
}

// Time grows in line with size, whatever is in a page: what takes long is measured again, beside a page of a quarter of the size.
func TestHostile(t *testing.T) {
	const suspect = 500 * time.Millisecond
	for name, page := range hostile {
		size := 160 << 10
		if strings.HasPrefix(name, "attributes") {
			size = 1 << 20 // the tokenizer clears its table of names at each tag: slow only where the table is large
		}
		if strings.HasPrefix(name, "body of") {
			size = 64 << 10
		}
		t.Run(name, func(t *testing.T) {
			src := []byte(page(size))
			took, out := convertTime(t, src, 1)
			if out > 40*len(src) {
				t.Errorf("%d bytes of Markdown", out)
			}
			if took < suspect {
				return
			}
			small, _ := convertTime(t, []byte(page(size/4)), 3)
			large, _ := convertTime(t, src, 3)
			if large > suspect && large > 8*small || large > 20*suspect {
				t.Errorf("%d KiB take %v, a quarter of it %v", size>>10, large, small)
			}
		})
	}
}

// convertTime returns the shortest time of several, and the size of what comes out.
func convertTime(t *testing.T, src []byte, times int) (best time.Duration, out int) {
	base, _ := url.Parse("https://docs.acme.example/guide/page.html")
	best = time.Hour
	for range times {
		start := time.Now()
		p, err := Convert(src, Options{URL: base, Lines: true})
		if err != nil {
			t.Fatal(err)
		}
		best, out = min(best, time.Since(start)), len(p.Markdown)
	}
	return best, out
}

// BenchmarkHostile shows that time grows in line with size: ns/byte stays what it is.
func BenchmarkHostile(b *testing.B) {
	for _, name := range []string{"<b><p></b>", "deep quote", "colspan", "text [", "styles *", "attributes", "fonts before blocks", "deep table", "notes", "cell |"} {
		for _, size := range []int{64 << 10, 256 << 10, 1 << 20} {
			src := []byte(hostile[name](size))
			b.Run(fmt.Sprintf("%s/%dKiB", strings.ReplaceAll(name, " ", "_"), size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Convert(src, Options{}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(src)), "ns/byte")
			})
		}
	}
	runtime.GC()
}
