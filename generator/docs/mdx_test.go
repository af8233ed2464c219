package docs

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// mdxPage makes a library of one page of MDX that holds s, and of partials that it may import.
func mdxPage(t testing.TB, name, s string) (*Library, *Page) {
	t.Helper()
	tree := source.New(fstest.MapFS{
		name:                &fstest.MapFile{Data: []byte(s)},
		"website/_part.mdx": &fstest.MapFile{Data: []byte("partial1 {props.word}\n\n{props.children}\n")},
		"website/_twice.md": &fstest.MapFile{Data: []byte("{props.children}\n\n{props.children}\n")},
		"website/other.md":  &fstest.MapFile{Data: []byte("# Other\n\n## Setup\n")},
		"website/code.ts":   &fstest.MapFile{Data: []byte("code1\n")},
	})
	l, _, err := Open(tree, Options{Roots: []string{"website"}, Sites: []Site{{Path: "website", URL: "https://acme.example/docs"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range l.Pages() {
		if p.File.Path == name {
			return l, p
		}
	}
	t.Fatal("no page")
	return nil, nil
}

// checkMDX holds what comes out for a page of MDX to what is promised of all pages, and to its time.
func checkMDX(t testing.TB, name, s string) *source.Prose {
	t.Helper()
	l, page := mdxPage(t, name, s)
	start := time.Now()
	p := l.Prose(page, "no such title", 3, true)
	if cost := time.Since(start); cost > 5*time.Second {
		t.Errorf("%d bytes took %v", len(s), cost)
	}
	checkProse(t, p)
	checkProse(t, l.Prose(page, "no such title", 1, false))
	for _, f := range l.Findings() {
		if f.Place.File == "" {
			t.Errorf("a finding without a place: %+v", f)
		}
	}
	if len(s) < 4<<10 {
		checkContained(t, p.Body)
	}
	for i, r := range p.Runs { // each line comes from a line that is there
		if r.Line > strings.Count(r.File.Text, "\n")+1 {
			t.Errorf("run %d: line %d of %s", i, r.Line, r.File.Path)
		}
	}
	return p
}

// story makes MDX at random, of words of which it knows whether they come out.
type story struct {
	rng  *rand.Rand
	b    strings.Builder
	n    int
	keep []string // words that a reader sees, in order
	gone []string // words that only code sees
	deep int
}

func (s *story) word() string {
	s.n++
	return fmt.Sprintf("w%dx", s.n)
}

// said is a word that comes out.
func (s *story) said() string {
	w := s.word()
	s.keep = append(s.keep, w)
	return w
}

// unsaid is a word that does not.
func (s *story) unsaid() string {
	w := s.word()
	s.gone = append(s.gone, w)
	return w
}

func (s *story) line(indent, text string) { s.b.WriteString(indent + text + "\n") }

func (s *story) blank() { s.b.WriteString("\n") }

// blocks writes blocks of Markdown and MDX, each line indented.
func (s *story) blocks(indent string) {
	s.deep++
	defer func() { s.deep-- }()
	for range 1 + s.rng.Intn(3) {
		if s.deep > 5 {
			s.line(indent, s.said())
			s.blank()
			continue
		}
		s.block(indent)
	}
}

func (s *story) block(indent string) {
	more := indent + strings.Repeat(" ", s.rng.Intn(5))
	switch s.rng.Intn(16) {
	case 0:
		s.line(indent, s.said()+" "+s.inline())
		s.line(indent, s.inline()+" "+s.said())
		s.blank()
	case 1:
		s.line(indent, "```js title=\""+s.said()+"\"")
		s.line(indent, s.said()+" <Tabs> { import x from 'y'")
		s.blank()
		s.line(indent, "  "+s.said())
		s.line(indent, "```")
		s.blank()
	case 2:
		s.line(indent, "<Note>")
		s.blocks(more)
		s.line(indent, "</Note>")
		s.blank()
	case 3:
		s.line(indent, `<Tabs values={[{label: "`+s.unsaidLabel()+`", value: 'v'}]}>`)
		s.line(more, `<TabItem label="`+s.said()+`" value="`+s.unsaid()+`">`)
		s.blank()
		s.blocks(more + "  ")
		s.line(more, "</TabItem>")
		s.line(indent, "</Tabs>")
		s.blank()
	case 4:
		s.line(indent, ":::note "+s.said())
		s.blank()
		s.blocks(indent)
		s.line(indent, ":::")
		s.blank()
	case 5:
		s.line(indent, "- "+s.said())
		s.blank()
		s.blocks(indent + "  ")
	case 6:
		s.line(indent, "## "+s.said()+" "+s.inline())
		s.blank()
	case 7:
		s.line(indent, "{/* "+s.unsaid()+" */}")
		s.blank()
	case 8:
		s.line(indent, "{compute(`"+s.unsaid()+"`, '}', /[}]/, (x) => <b>"+s.unsaid()+"</b>)}")
		s.blank()
	case 9:
		s.line(indent, `<Own title="`+s.said()+`" onClick={() => { `+s.unsaid()+` }}>`)
		s.blocks(more)
		s.line(indent, `</Own>`)
		s.blank()
	case 10:
		s.line(indent, `<Part word="`+s.passed()+`">`)
		s.blank()
		s.blocks(more)
		s.line(indent, `</Part>`)
		s.blank()
	case 11:
		if indent != "" {
			s.line(indent, s.said())
			s.blank()
			return
		}
		s.line("", "export const "+s.unsaid()+" = {")
		s.blank()
		s.line("", "  a: `"+s.unsaid()+"`, b: \"}\", // "+s.unsaid())
		s.line("", "}")
		s.blank()
	case 12:
		s.line(indent, `<div className="`+s.unsaid()+`" style={{color: '`+s.unsaid()+`'}}>`)
		s.blocks(more)
		s.line(indent, "</div>")
		s.blank()
	case 13:
		s.line(indent, "<CodeBlock language=\"ts\">{`"+s.said()+" <T> {")
		s.line("", s.said()+"`}</CodeBlock>")
		s.blank()
	case 14:
		s.line(indent, `<Card title="`+s.said()+`"`)
		s.line(indent, `  href="https://x.example/`+s.said()+`" />`)
		s.blank()
	case 15:
		s.line(indent, "| "+s.said()+" | "+s.inline()+" |")
		s.line(indent, "|---|---|")
		s.line(indent, "| "+s.inline()+" | "+s.said()+" |")
		s.blank()
	}
}

// passed is a word that a partial says where it is used, before what stands between the tags.
func (s *story) passed() string {
	w := s.said()
	s.keep = slices.Insert(s.keep, len(s.keep)-1, "partial1")
	return w
}

// unsaidLabel is the label of a tab that has another one of its own.
func (s *story) unsaidLabel() string { return s.unsaid() }

func (s *story) inline() string {
	switch s.rng.Intn(10) {
	case 0:
		return "`" + s.said() + " <Tabs> {x`"
	case 1:
		return "<Badge>" + s.said() + "</Badge>"
	case 2:
		return "{'" + s.said() + "'}"
	case 3:
		return "{" + s.unsaid() + "}"
	case 4:
		return "[" + s.said() + "](https://x.example/" + s.said() + ")"
	case 5:
		return "**" + s.said() + "** \\{" + s.said() + "} \\<" + s.said()
	case 6:
		return "Promise<" + s.said() + "> a < b"
	case 7:
		return `<Tooltip>` + s.said() + `</Tooltip>`
	case 8:
		return "<span style={{a: '" + s.unsaid() + "'}}>" + s.said() + "</span>"
	}
	return s.said()
}

// TestMDXWords makes many pages of which it is known what they say: each word that a reader sees comes out, once and in order, and none that only
// code sees. The pages are the same on every run.
func TestMDXWords(t *testing.T) {
	rng := rand.New(rand.NewSource(7))
	words := 0
	for range 1500 {
		s := story{rng: rng}
		s.line("", "import Part from './_part.mdx'")
		s.line("", "import {"+s.unsaid()+"} from '"+s.unsaid()+"'")
		s.blank()
		s.blocks("")
		text := s.b.String()
		p := checkMDX(t, "website/p.mdx", text)
		words += len(s.keep)
		if why := s.check(p.Body); why != "" || t.Failed() {
			t.Fatalf("%s\npage\n%s\nbody\n%s", why, text, p.Body)
		}
	}
	if words < 10_000 {
		t.Errorf("only %d words were looked for", words)
	}
}

func (s *story) check(body string) string {
	at := 0
	for _, w := range s.keep {
		i := strings.Index(body[at:], w)
		if i < 0 {
			if strings.Contains(body, w) {
				return w + " is out of order"
			}
			return w + " is lost"
		}
		at += i + len(w)
		if w != "partial1" && strings.Count(body, w) != 1 {
			return w + " comes out more than once"
		}
	}
	for _, w := range s.gone {
		if strings.Contains(body, w) {
			return w + " is no word for readers"
		}
	}
	return ""
}

// TestMDXIndentation shows that text in components is never code by its indentation, and code keeps its own.
func TestMDXIndentation(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	for range 300 {
		indent := strings.Repeat(" ", rng.Intn(9))
		inner := indent + strings.Repeat(" ", rng.Intn(9))
		s := "<Tabs>\n" + indent + "<TabItem value=\"a\">\n\n" + inner + "text\n\n" + inner + "```js\n" + inner + "  code\n\n" + inner + "```\n\n" + inner + "- item\n\n" + indent + "</TabItem>\n</Tabs>\n"
		p := checkMDX(t, "website/p.mdx", s)
		if want := "**a**\n\ntext\n\n```js\n  code\n\n```\n\n- item\n"; p.Body != want {
			t.Fatalf("%q\nbecomes %q\nwant %q", s, p.Body, want)
		}
	}
}

// TestHostileMDX shows that what never ends costs no more than its size warrants.
func TestHostileMDX(t *testing.T) {
	const size = 100 << 10
	units := []string{
		"<A", "<A ", "<A a=", "<A a=\"", "<A a={", "<A a=<", "{", "{`", "{`${", "{\"", "{/", "{/*", "{[", "{<a>", "{<A b={", "`", "`{", "](", "](<", "[](", "<", "</", "</A>", "<>", "</>",
		"<A>", "<A>\n", "<div>\n", "<A>{", "<Tabs>\n<TabItem>\n", "<Note>\n\n", ":::", ":::a\n", ":::a\n:::\n", "::::a\n", ":::note\n- ", "> :::a\n", "- :::a\n", "- <A>\n", "!!! a\n    ", "=== \"a\"\n    ",
		"import ", "import a from 'a'\n", "import {\n", "import {a,", "export const a = ", "export const a = {\n", "export const a = 1\n", "export default ", "export {", "<!--", "<script>", "<style>{`", "<pre>",
		"{a}", "{a}\n", "{'a'}", "{a ? <b>{", "\\{", "<a b c d ", "<a\n", "<A\n\n", "--8<--\n", "--8<-- \"a\"\n", "<<< ./a\n", "<!--@include: ./a.md-->\n", "```\n{\n", "    <A>\n", "|<A>|\n|-|\n", "# {a\n",
		"<Part/>", "<Part>", "<Steps>\n", "<Folder>\n", "<CodeBlock>{`", "<Tabs values={[", "a\n{", "\t<A>\n", "<é", "{#", "<A.b", "<A:b=", "'", "<A {...", "<pre><code>{", "<Card title={<>",
	}
	for _, name := range []string{"website/p.mdx", "website/p.md"} {
		for _, unit := range units {
			head := "import Part from './_part.mdx'\n\n"
			checkMDX(t, name, head+strings.Repeat(unit, size/len(unit)))
			if t.Failed() {
				t.Fatalf("%s: %q", name, unit)
			}
		}
	}
}

// TestDeepMDX shows that components nested without end are flattened, with one finding, and lose no word.
func TestDeepMDX(t *testing.T) {
	for _, n := range []int{30, 33, 10_000} {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "<Note>\n\nin%dx\n\n", i)
		}
		for i := range n {
			fmt.Fprintf(&b, "out%dx\n\n</Note>\n\n", i)
		}
		l, page := mdxPage(t, "website/p.mdx", b.String())
		p := l.Prose(page, "", 3, true)
		flattened := slices.ContainsFunc(l.Findings(), func(f diag.Finding) bool {
			return f.ID == "page-mdx" && strings.Contains(f.Message, "nested more than")
		})
		if flattened != (n > maxNest) {
			t.Errorf("%d: %v", n, first(l.Findings()))
		}
		if n > maxDepth {
			continue // block quotes in one another are refused beyond that
		}
		for _, word := range []string{"in0x", fmt.Sprintf("in%dx", n-1), "out0x", fmt.Sprintf("out%dx", n-1)} {
			if !strings.Contains(p.Body, word) {
				t.Errorf("%d: %s is lost", n, word)
			}
		}
	}
	deep := strings.Repeat("<Cards>\n", 10_000) + "word\n" + strings.Repeat("</Cards>\n", 10_000)
	if p := checkMDX(t, "website/p.mdx", deep); p.Body != "word\n" {
		t.Errorf("%.60q", p.Body)
	}
}

// TestSwollenMDX shows that a page that says the same again and again in few words is refused before it fills the memory.
func TestSwollenMDX(t *testing.T) {
	long := "export const a = '" + strings.Repeat("x", 60_000) + "'\n\n"
	for name, s := range map[string]string{
		"constant":  long + strings.Repeat("{a} ", 20_000),
		"code":      long + strings.Repeat("<CodeBlock>{a}</CodeBlock>\n", 20_000),
		"link":      long + strings.Repeat("<Link to={a}>x</Link>\n", 20_000),
		"attribute": long + strings.Repeat("<b id={a}>x</b>\n", 20_000),
		"prop":      long + "import Part from './_part.mdx'\n\n" + strings.Repeat("<Part word={a}/>\n\n", 20_000),
		"children":  "import Part from './_twice.md'\n\n" + strings.Repeat("<Part>\n", 30) + strings.Repeat("word ", 10_000) + strings.Repeat("\n</Part>", 30),
		"joined":    long + "export const b = a + a\nexport const c = `${b}${b}`\n\n{c}" + strings.Repeat("{b}", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			checkMDX(t, "website/p.mdx", s)
			l, page := mdxPage(t, "website/p.mdx", s)
			p := l.Prose(page, "", 3, true)
			refused := slices.ContainsFunc(l.Findings(), func(f diag.Finding) bool {
				return f.ID == "page-hostile" || f.ID == "page-include" || f.ID == "page-expression"
			})
			if len(p.Body) > maxPage || !refused {
				t.Errorf("%d bytes, %v", len(p.Body), first(l.Findings()))
			}
		})
	}
}

// mdxPieces is what odd pages of MDX are made of.
var mdxPieces = []string{
	"<", ">", "</", "/>", "<A", "<A>", "</A>", "<A/>", "<Tabs>", "</Tabs>", "<Note>", "</Note>", "<Part/>", "<Part>", "</Part>", "<b>", "</b>", "<div>\n", "</div>\n", "<>", "</>",
	"{", "}", "{a}", "{'a'}", "{/* c */}", "{`a`}", "`", "```\n", "~~~\n", "'", "\"", "\\", "a", "b c", "\n", "\n\n", "  ", "    ", "\t", "- ", "> ", "1. ", "# ", "=", " x=", "x={", "x=\"y\" ",
	":::note\n", ":::\n", "::: tip T\n", "::::a\n", "!!! note\n    ", "=== \"a\"\n\n    ", "import Part from './_part.mdx'\n", "import a\n", "export const a = 'b'\n", "export ", "<!-- ", "-->", "|", "|-|\n", "[x](", ")",
	"<CodeBlock>", "</CodeBlock>", "<CodeGroup>\n", "</CodeGroup>\n", "<!--@include: ./other.md-->\n", "<<< ./code.ts\n", "--8<-- \"other.md\"\n", "{props.x}", "[^1]", "[^1]: ", "[a]: b\n", "<Card title=\"t\" href=\"/x\">",
	"</Card>", "<details>\n", "<summary>", "</summary>", "</details>\n", "<pre>", "</pre>", "<style>", "</style>", "<Steps>\n", "<Step>", "</Step>", "</Steps>\n", "é", "\u200b", "<img src={x} alt=\"i\"/>", "{#id}", "---\n",
}

// outsideWords returns the words of a page that no reading can take for anything but text: those before the first and after the last character
// that could begin or end a tag, an expression, a statement or code.
func outsideWords(s string) (before, after []string) {
	const marks = "<>{}`~\"'*:!=@#-|&\\\t[]()/_"
	if strings.Contains(s, "import") || strings.Contains(s, "export") {
		return nil, nil
	}
	i := strings.IndexAny(s, marks)
	if i < 0 {
		i = len(s)
	}
	j := strings.LastIndexAny(s, marks) + 1
	head, tail := s[:i], s[max(j, i):]
	if strings.HasPrefix(head, "    ") || strings.Contains(head, "\n    ") {
		head = ""
	}
	if i < len(s) { // the last word may be part of what follows
		head = head[:strings.LastIndexAny(" "+head, " \n")]
	}
	if k := strings.IndexAny(tail, "\n"); k >= 0 {
		tail = tail[k:]
	} else {
		tail = ""
	}
	return strings.Fields(head), strings.Fields(tail)
}

func checkOutside(t testing.TB, s, body string) {
	t.Helper()
	before, after := outsideWords(s)
	have := map[string]int{}
	for _, w := range strings.Fields(strings.NewReplacer("[", " ", "]", " ", "(", " ", ">", " ").Replace(body)) {
		have[w]++
	}
	for _, w := range append(before, after...) {
		if have[w]--; have[w] < 0 {
			t.Errorf("%q is lost from\n%q\nin\n%q", w, s, body)
			return
		}
	}
}

// TestOddMDX holds many odd pages to everything that is promised of pages. The pages are the same on every run.
func TestOddMDX(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for i := range 3000 {
		var b strings.Builder
		for range 1 + rng.Intn(20) {
			b.WriteString(mdxPieces[rng.Intn(len(mdxPieces))])
		}
		name := "website/p.md"
		if i%3 > 0 {
			name += "x"
		}
		p := checkMDX(t, name, b.String())
		if t.Failed() {
			t.Fatalf("page %q\nbody %q", b.String(), p.Body)
		}
	}
}

func FuzzMDX(f *testing.F) {
	for _, s := range mdxSeeds {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, strict bool) {
		if len(s) > 16<<10 || strings.ContainsAny(s, "\x00\r") {
			return
		}
		name := "website/p.md"
		if strict {
			name += "x"
		}
		p := checkMDX(t, name, s)
		if l, page := mdxPage(t, name, s); !l.document(page).refused {
			checkOutside(t, s[page.body:], p.Body)
		}
	})
}

// mdxSeeds are pages that show what there is, and some that once came out wrong.
var mdxSeeds = []string{
	"import A from './a'\n\n<Tabs><TabItem label=\"a\">\n\n    ```js\n    x\n    ```\n\n</TabItem></Tabs>\n",
	"a {b} <C d={`e ${f({})}`} {...g}>h</C> i\n", "- <Note title='x'>\n  y\n  </Note>\n- z\n", ":::note\n> a\n:::\n", "!!! a\n    b\n\nc\n",
	"{/* a */}\n\n# b {/* #c */}\n", "export const a = () => {\n\n}\n\nb\n", "| <A/> | {b} |\n|-|-|\n", "> <A>\n> b\n> </A>\nc\n",
}

// FuzzHTML reads whatever may stand in a page of HTML.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<h1 id=a>T</h1><p>x <a href='#a'>y</a>", "<table><tr><td colspan=9>a<td>b", "<pre><code class=language-js>a\n\nb", "<main><h2><h3 id=x><section id=y><h2>", "<!-- x --><ul><li><ol><li>a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 16<<10 && !strings.ContainsAny(s, "\x00\r") {
			checkMDX(t, "website/p.html", s)
		}
	})
}
