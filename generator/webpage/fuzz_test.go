package webpage

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzConvert takes any bytes for a page.
func FuzzConvert(f *testing.F) {
	for _, s := range nastyPages() {
		f.Add([]byte(s))
	}
	base, _ := url.Parse("https://docs.acme.example/guide/page.html")
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 20_000 {
			return
		}
		page, err := Convert(src, Options{URL: base, Lines: true})
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, src, page)
	})
}

// checkPage looks at what holds for every page.
func checkPage(t testing.TB, src []byte, page *Page) {
	t.Helper()
	md := page.Markdown
	switch {
	case !utf8.ValidString(md):
		t.Fatalf("no UTF-8: %q", md)
	case md != "" && (!strings.HasSuffix(md, "\n") || strings.HasSuffix(md, "\n\n")):
		t.Fatalf("not one final newline: %q", md)
	case strings.ContainsAny(page.Title, "\n\r"):
		t.Fatalf("the title has lines: %q", page.Title)
	case len(page.Lines) != strings.Count(md, "\n"):
		t.Fatalf("%d lines of Markdown, %d of them known", strings.Count(md, "\n"), len(page.Lines))
	}
	last := strings.Count(string(src), "\n") + 1
	if i := slices.IndexFunc(page.Lines, func(n int) bool { return n < 1 || n > last }); i >= 0 {
		t.Fatalf("line %d comes from line %d of %d", i+1, page.Lines[i], last)
	}
	checkLetters(t, src)
	checkRoundTrip(t, src, Options{})
}

// nastyPages are small pages that hold what is easily got wrong.
func nastyPages() []string {
	return []string{
		"<p>a *b* _c_ `d` [e](f) ![g](h) <i>i</i> &lt;j> &amp;amp; \\ ~~k~~ <b>l</b>m",
		"<ul><li>[ ] x<li>[x] y<li>1. z<li># a<li>> b<li>- c<li>+ d</ul>",
		"<p>1. a<br>2) b<br># c<br>- d<br>---<br>===<br>> e<br>```<br>~~~<br>| a |<br>--|--<br>[x]: y<br>:::note",
		"<p>x<b> y </b>z<i>\"q\"</i>w<b>v:</b>u<b><i>t</i></b>s<i><b>r</b>q</i>p",
		"<p><b>a</b><i>b</i><b>c</b><del>d</del>e<a href='x y(z'>f]g</a>!<a href=#h>i</a>[j](k)",
		"<table><tr><th>a|b<th>c<tr><td>d<br>e<td><ul><li>f<li>g</ul><tr><td colspan=2><code>h|i\\|j</code><tr><td rowspan=2>k<td>l<tr><td>m</table>",
		"<table><tr><td><pre>a\nb</pre><td>c<tr><td>d<td>e</table>",
		"<ol start=7><li>a<pre class=language-js>b\n\n  ```c\n</pre><li><blockquote>d<ul><li>e</ul></blockquote></ol><ol><li>f</ol>",
		"<dl><dt>a<dt>b<dd>c<p>d<dd>e<dt>f</dl>",
		"<details><summary>a</summary>b<details><summary>c</summary><pre>d</pre></details></details>",
		"<h1>a #</h1><h2><a href=#x>b</a> ##</h2><h3>c<br>d<p>e</h3><h1>a #</h1>",
		"<div class='admonition warning'><p class=admonition-title>Own</p>a<div class='admonition note'>b</div></div>",
		"<p>a<sup><a href=#fn1 class=footnote-ref>1</a></sup> b<sup><a href=#fn1 class=footnote-ref>1</a></sup>: c</p><ol class=footnotes><li id=fn1>d<p>e</ol>[^1] [^1]: f",
		"<div role=tablist><a role=tab>a</a><a role=tab>b</a></div><div role=tabpanel>c</div><div role=tabpanel hidden>d</div>",
		"<p>snake_case __init__ *args, **kwargs 2*3*4 a*b* * c",
		"<pre>\n\n  a\n\tb\n\n</pre><pre><code class='language-c++'>x</code></pre><pre><span class=line>a</span><span class=line></span><span class=line>b</span></pre>",
		"<span class=katex><math><annotation encoding='application/x-tex'>a_1`b</annotation></math></span> <span class=math>\\(x\\)</span>",
		"<x-host><template shadowrootmode=open><p>a<slot name=s></slot>b<slot></slot></template><i slot=s>c</i>d</x-host>",
		"<a href=x><h3>a</h3><p>b</p></a><a href=y>c<div>d</div></a>",
		"<p>a\u00a0b\u200bc\u00add &#13; &#0; \x00 \xff",
		"<b><p>a</b>b</p>c<a href=x><p>d</a>e</p>f<table>g<tr>h<td>i</table>",
		"<p>`` a ` b<code>c`d</code><code>e</code><kbd>f</kbd>`g`<p>$x$ <code>`</code> <code>``a`` </code>",
		"<li>a</li><td>b</td><dt>c</dt><li>d",
		"<p>&#38;lt; &amp;#42; &copy &amp;copy; &amp;x; http://a.b/_c_d_ <www.x>",
		"<hr><p>a<hr><hr><p>b<ul><li><hr>c</ul><hr>",
		"<ul><li>a<ul><li>b<ul><li>c</ul></ul><ul><li>d</ul><li><p>e<p>f</ul>",
		"<p><img src=a.png alt='b [c] *d*'><a href=e><img src='f g.png' alt=></a><img src=data:x alt=h>",
		"<p>a\\<br>b\\<b>\\*c</b>\\",
		"<p>" + strings.Repeat("[a", 700) + "<a href=b>c</a>",
		"<div class='admonition note'><summary><ul><li>word</ul></summary>x</div>",
		"<p>a<sup><a href=#fn1 class=footnote-ref>1</a></sup></p><pre><ol class=footnotes><li id=fn1>x</ol></pre>",
		"<pre><a class=footnote-ref href=#f>1</a></pre><ol class=footnotes><li id=f>d</ol>",
		"<p><a href=#fn1 class=footref>1</a> <a href=#fn1 class=footref>x</a></p><ol class=footnotes><li id=fn1>n</ol>",
		"<pre>a\n  \n \n</pre><ul><li><pre> \na\n \nb</pre></ul>",
		"<p>&#10;&#10;a&#10;b",
	}
}

// FuzzMarkup makes a page out of bytes, each of which chooses an element or a text: in order as the pages of generators are, and full of
// characters that mean something in Markdown.
func FuzzMarkup(f *testing.F) {
	f.Add([]byte("\x01\x02\x03\x04\x05\x06\x07\x08"))
	f.Add([]byte{0, 40, 1, 41, 2, 42, 3, 43, 4, 44, 5, 45, 6, 46, 7, 47, 8, 48, 255, 255, 9, 49, 10, 50, 11, 51})
	f.Add([]byte("The quick brown fox jumps over the lazy dog, and 0123456789 *_`[]()#+-.!|<>&~\\"))
	f.Fuzz(func(t *testing.T, choices []byte) {
		if len(choices) > 300 {
			return
		}
		src := []byte(markup(choices))
		page, err := Convert(src, Options{Lines: true})
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, src, page)
	})
}

var markupTexts = []string{"a", "word", "*", "_", "**", "__", "`", "``", "[", "]", "](", "(x)", "#", "# ", "1.", "1. ", "2) ", "-", "- ", "+ ", "> ", "|", "\\", "\\\\", "&lt;", "&amp;lt;", "!", "![",
	"~", "~~", "~~~", "---", "===", ":", "[x]: y", "[^1]: z", "[ ] ", "$", " ", "  ", "\n", "\u00a0", "é", "漢字", "“q”", "…", "snake_case", "http://a.b/c_d_e", "<br>", "<br><br>", "&#42;", "0", "9", ".", ")", "'",
	"\"", "%", "@", "{{x}}", "import a from 'b'", "export default x", ":::", "!!! ", "=== \"", "<wbr>", "+", "="}

var markupTags = []string{"b", "i", "strong", "em", "del", "code", "kbd", "sub", "sup", "span", "a href=x", "a href='y_(z)*'", "p", "div", "ul", "ol", "li", "blockquote", "pre", "pre class=language-js",
	"h1", "h2", "h3", "table", "tr", "td", "th", "td rowspan=2", "td colspan=3", "dl", "dt", "dd", "details", "summary", "div class='admonition note'", "section", "q", "x-y", "figure", "figcaption", "caption",
	"ol start=3", "img src=i.png alt='*a* [b'", "hr", "samp", "var", "article", "label", "center"}

func markup(choices []byte) string {
	var b strings.Builder
	var open []string
	for _, c := range choices {
		switch {
		case c == 255 || c >= 230 && len(open) > 0:
			if len(open) > 0 {
				b.WriteString("</" + open[len(open)-1] + ">")
				open = open[:len(open)-1]
			}
		case c < 120:
			b.WriteString(markupTexts[int(c)%len(markupTexts)])
		default:
			tag := markupTags[int(c-120)%len(markupTags)]
			name, _, _ := strings.Cut(tag, " ")
			b.WriteString("<" + tag + ">")
			if !void[name] {
				open = append(open, name)
			}
		}
	}
	return b.String()
}
