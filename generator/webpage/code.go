package webpage

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// codeText gathers the text of a code block.
type codeText struct {
	r     *reader
	b     []byte
	at    []int32 // line in the input of each line of the code
	marks []byte  // '+', '-' or ' ' for each line that an element of its own holds
	ended bool    // the next text begins a new line
}

// write adds text that begins on a line of the input (0: not known).
func (t *codeText) write(s string, line int32) {
	if s == "" {
		return
	}
	if t.ended && s[0] != '\n' {
		t.newLine()
	}
	t.ended = false
	for {
		i := strings.IndexByte(s, '\n')
		t.place(line)
		if i < 0 {
			t.b = append(t.b, s...)
			return
		}
		t.b = append(t.b, s[:i+1]...)
		s = s[i+1:]
		if line > 0 {
			line++
		}
		if s == "" {
			return
		}
	}
}

// place notes where the line of code that is being written comes from.
func (t *codeText) place(line int32) {
	if t.fresh() {
		t.at = append(t.at, line)
	}
}

// fresh reports whether the line that is being written is empty so far.
func (t *codeText) fresh() bool { return len(t.b) == 0 || t.b[len(t.b)-1] == '\n' }

func (t *codeText) newLine() {
	t.ended = false
	if !t.fresh() {
		t.b = append(t.b, '\n')
	}
}

// add takes the text of an element.
func (t *codeText) add(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			if !laidOut[n.Data] || strings.TrimSpace(c.Data) != "" {
				t.write(lineFeeds(c.Data), t.r.tree.line(c))
			}
		case c.Type != html.ElementNode || t.r.dropped[c] || notCode(c):
		case c.Data == "br":
			t.write("\n", t.r.tree.line(c))
		case isLine(c):
			t.line(c)
		default:
			from := t.current()
			t.add(c)
			t.mark(c, from)
		}
	}
}

// current is the index of the line of code that is being written.
func (t *codeText) current() int {
	if t.fresh() || t.ended {
		return len(t.at)
	}
	return len(t.at) - 1
}

// mark notes that the lines from one on are shown as added or removed, if the element that holds them says so.
func (t *codeText) mark(n *html.Node, from int) {
	m := diffMark(n)
	if m == 0 {
		return
	}
	for len(t.marks) < len(t.at) {
		t.marks = append(t.marks, ' ')
	}
	for i := from; i < len(t.at); i++ {
		t.marks[i] = m
	}
}

// laidOut are the elements in which white space shows nothing, even in preformatted text.
var laidOut = set("table", "thead", "tbody", "tfoot", "tr", "ol", "ul")

// line takes an element that holds one line of code or several.
func (t *codeText) line(n *html.Node) {
	t.newLine()
	before, from := len(t.b), len(t.at)
	t.add(n)
	if len(t.b) == before {
		t.write("\n", t.r.tree.line(n))
	}
	t.ended = true
	t.mark(n, from)
}

// diffMark returns the sign that a line of code shows as added or removed.
func diffMark(n *html.Node) byte {
	diff := hasClass(n, "diff")
	switch {
	case diff && hasClass(n, "remove") || hasClass(n, "ec-line") && hasClass(n, "del"):
		return '-'
	case diff && hasClass(n, "add") || hasClass(n, "ec-line") && hasClass(n, "ins"):
		return '+'
	}
	return 0
}

// notCode reports whether an element inside of code is not part of it.
func notCode(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "button", "svg", "template", "select", "input", "link":
		return true
	}
	return hasPart(n, chrome) || hasPart(n, numbers) && !hasLetters(n) || n.Data == "th" && hasPart(n, codeTitle)
}

// hasLetters reports whether there is a letter below a node: then it is no line number.
func hasLetters(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.ContainsFunc(c.Data, unicode.IsLetter) || c.Type == html.ElementNode && hasLetters(c) {
			return true
		}
	}
	return false
}

// isLine reports whether an element begins and ends a line of code.
func isLine(n *html.Node) bool {
	switch n.Data {
	case "div", "p", "li", "tr", "figure", "table":
		return true
	case "span", "code":
		return hasPart(n, codeLine) && (beside(n.NextSibling) || beside(n.PrevSibling))
	}
	return false
}

// beside reports whether a neighbour is another line, with no line feed between.
func beside(n *html.Node) bool {
	return n != nil && hasPart(n, codeLine)
}

// lineFeeds writes the ends of lines that character references can make (&#13;) as line feeds, and what tells a browser where it may break a
// line as spaces or not at all: nothing runs with such signs in it.
func lineFeeds(s string) string {
	if !strings.ContainsAny(s, "\r\u00a0\u200b\u00ad\ufeff") {
		return s
	}
	return unbreaking.Replace(s)
}

var unbreaking = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u200b", "", "\u00ad", "", "\ufeff", "")

// pre reads preformatted text: one block of code, or one for each <code> where it holds several.
func (r *reader) pre(n *html.Node, f *flow) {
	var codes []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && c.Data == "code" && !isLine(c):
			codes = append(codes, c)
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case c.Type == html.ElementNode && (notCode(c) || neverContent[c.Data]):
		default:
			codes = append(codes, nil, nil) // something else: the whole is one block
		}
	}
	if len(codes) < 2 || slices.Contains(codes, nil) {
		r.code(n, f)
		return
	}
	for _, c := range codes {
		r.code(c, f)
	}
}

// code reads an element as a block of code.
func (r *reader) code(n *html.Node, f *flow) {
	if title := r.titleInside(n); title != nil {
		r.label(title, f, state{})
	}
	t := &codeText{r: r}
	cell := codeCell(n)
	t.add(cell)
	b := &block{kind: code, line: r.tree.line(n), lang: language(cell)}
	b.text, b.at = t.trimmed()
	if b.text == "" {
		return
	}
	if slices.Contains(t.marks, '-') {
		b.lang = "diff"
	}
	f.block(b)
}

// trimmed returns the code without empty lines at its beginning and end. Where lines are shown as removed, each line gets its sign: code that
// holds what was and what is would mislead.
func (t *codeText) trimmed() (string, []int32) {
	lines := strings.Split(strings.TrimRight(string(t.b), "\n"), "\n")
	at := t.at
	for len(at) < len(lines) {
		at = append(at, 0)
	}
	from, to := 0, len(lines)
	for from < to && strings.TrimSpace(lines[from]) == "" {
		from++
	}
	for to > from && strings.TrimSpace(lines[to-1]) == "" {
		to--
	}
	for i := range lines {
		if strings.TrimSpace(lines[i]) == "" {
			lines[i] = "" // not all readers keep spaces on a line of their own in a list
		}
	}
	if slices.Contains(t.marks, '-') {
		for i := range lines {
			mark := " "
			if i < len(t.marks) {
				mark = string(t.marks[i])
			}
			if mark != " " || lines[i] != "" {
				lines[i] = mark + lines[i]
			}
		}
	}
	return strings.Join(lines[from:to], "\n"), at[from:to]
}

// isCodeTable reports whether a table lays out code beside its line numbers: by its class, or by that of its first cell.
func isCodeTable(n *html.Node) bool {
	if hasPart(n, codeTable) {
		return true
	}
	var cell *html.Node
	walk(n, func(c *html.Node) bool {
		if c.Data == "td" || c.Data == "th" {
			cell = c
		}
		return cell == nil
	})
	return cell != nil && (hasPart(cell, numbers) || hasClass(cell, "lntd")) && !hasLetters(cell)
}

// codeCell returns the part of a table of line numbers and code that holds the code; any other element as it is.
func codeCell(n *html.Node) *html.Node {
	if n.Data != "table" {
		return n
	}
	var cells []*html.Node
	walk(n, func(c *html.Node) bool {
		if c.Data == "td" && !notCode(c) && !hasClass(c, "linenos") && holdsCode(c) {
			cells = append(cells, c)
		}
		return true
	})
	if len(cells) == 0 || hasClass(n, "hljs-ln") {
		return n
	}
	return cells[len(cells)-1]
}

// holdsCode reports whether a cell shows code, not the numbers of its lines.
func holdsCode(n *html.Node) bool {
	only := true
	has := false
	walk(n, func(c *html.Node) bool {
		has = has || c.Data == "pre" || c.Data == "code"
		only = only && !hasPart(c, numbers)
		return true
	})
	return has && (only || hasClass(n, "code") || hasClass(n, "rouge-code"))
}

// titleInside returns the element with the file name inside of a table of code.
func (r *reader) titleInside(n *html.Node) *html.Node {
	if n.Data != "table" {
		return nil
	}
	var found *html.Node
	walk(n, func(c *html.Node) bool {
		if found == nil && (c.Data == "th" || c.Data == "caption") && holdsText(c) {
			found = c
		}
		return found == nil
	})
	return found
}

// isCodeTitle reports whether an element that is named like the title of a code block is one: its block stands beside it.
func (r *reader) isCodeTitle(n *html.Node) bool {
	switch n.Data {
	case "div", "p", "figcaption", "header", "caption":
		return true
	case "span":
		if p := n.Parent; p.Data == "p" && firstElement(p) == n && nextElement(n) == nil && strings.TrimSpace(rawTextOf(p)) == "" {
			return true // mdBook
		}
		for c := n.NextSibling; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				return c.Data == "pre" || c.Data == "table"
			}
		}
	}
	return false
}

// codeElement reads <code>: a span, or a block where it is laid out as one.
func (r *reader) codeElement(n *html.Node, f *flow, st state) {
	if n.Data == "code" && isCodeBlock(n) {
		r.code(n, f)
		return
	}
	link := st.link
	if only := onlyLink(n); only != nil && link == 0 && !isMark(only) {
		link = r.link(attrOf(only, "href"))
	}
	t := &codeText{r: r}
	t.add(n)
	text := collapse(string(t.b))
	line := r.tree.line(n)
	if strings.TrimSpace(text) == "" {
		f.add(piece{kind: words, text: text, line: line})
		return
	}
	lead, trail := text[0] == ' ', text[len(text)-1] == ' '
	if lead {
		f.add(piece{kind: words, text: " "})
	}
	f.add(piece{kind: codeSpan, style: st.style, link: link, line: line, text: strings.TrimSpace(text)})
	if trail {
		f.add(piece{kind: words, text: " "})
	}
}

// isCodeBlock reports whether <code> without <pre> is a block: it has lines, and a language or nothing beside it.
func isCodeBlock(n *html.Node) bool {
	lines := false
	for c := n.FirstChild; c != nil && !lines; c = c.NextSibling {
		lines = c.Data == "br" && c.NextSibling != nil || c.Type == html.ElementNode && c.Data == "div"
	}
	if !lines && !(strings.Contains(attrOf(n, "class"), "language-") && textHas(n, '\n')) {
		return false
	}
	return alone(n.PrevSibling, prev) && alone(n.NextSibling, next)
}

func prev(n *html.Node) *html.Node { return n.PrevSibling }
func next(n *html.Node) *html.Node { return n.NextSibling }

// alone reports whether nothing but white space and buttons stands on one side of an element.
func alone(n *html.Node, step func(*html.Node) *html.Node) bool {
	for i := 0; n != nil; n, i = step(n), i+1 {
		if n.Type == html.ElementNode && isBlock(n.Data) {
			return true
		}
		if i > 8 || n.Type == html.ElementNode && !notCode(n) || n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
			return false
		}
	}
	return true
}

func textHas(n *html.Node, b byte) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.IndexByte(strings.TrimSpace(c.Data), b) >= 0 || c.Type == html.ElementNode && textHas(c, b) {
			return true
		}
	}
	return false
}

// onlyLink returns the link that is all that an element holds.
func onlyLink(n *html.Node) *html.Node {
	for n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.ElementNode {
		n = n.FirstChild
		if n.Data == "a" {
			return n
		}
	}
	return nil
}

// signature returns the text of a term that is the signature of a function or class; "" where it holds more than text.
func (r *reader) signature(n *html.Node) string {
	var b strings.Builder
	var add func(*html.Node)
	add = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type != html.ElementNode || r.gone(c):
			case c.Data == "br" || c.Data == "dl" || c.Data == "dd" || isBlock(c.Data):
				b.WriteByte(' ')
				add(c)
			default:
				add(c)
			}
		}
	}
	add(n)
	return strings.TrimSpace(collapse(b.String()))
}

// languagePrefixes stand before the language in a class.
var languagePrefixes = []string{"language-", "lang-", "highlight-source-", "highlight-text-", "highlight-", "src-", "brush:"}

// noLanguage are names that say that a block of code has no language.
var noLanguage = set("", "none", "default", "nohighlight", "no-highlight", "plain", "guess", "lines", "line", "toolbar", "switcher", "selector", "tabs", "label", "notranslate", "source")

// language returns the language of a block of code as the page names it; "" where it does not.
func language(n *html.Node) string {
	if l := languageOf(n, true); l != "" {
		return l
	}
	if inner := onlyCode(n); inner != nil {
		if l := languageOf(inner, true); l != "" {
			return l
		}
	}
	outer := n.Parent
	for range 6 {
		if outer == nil || !codeBox[outer.Data] {
			return ""
		}
		if l := languageOf(outer, outer.Data == "figure" || outer.Data == "code" || outer.Data == "pre"); l != "" {
			return l
		}
		outer = outer.Parent
	}
	return ""
}

// codeBox are the elements that themes put around a block of code.
var codeBox = set("div", "figure", "pre", "code", "td", "tr", "tbody", "table", "span", "code-block")

// onlyCode returns the <code> or <pre> inside of an element of code.
func onlyCode(n *html.Node) *html.Node {
	var found *html.Node
	walk(n, func(c *html.Node) bool {
		if c.Data == "code" || c.Data == "pre" {
			found = c
		}
		return found == nil || languageOf(found, true) == "" && found.Data == "pre"
	})
	return found
}

// languageOf returns the language that the attributes of one element name. Bare names of languages count where the element is code itself.
func languageOf(n *html.Node, bare bool) string {
	for _, key := range []string{"data-language", "data-lang"} {
		if l := cleanLanguage(attrOf(n, key)); l != "" {
			return l
		}
	}
	if n.Data == "pre" {
		if l := cleanLanguage(attrOf(n, "lang")); l != "" && knownLanguages[l] {
			return l
		}
	}
	for _, flavour := range []string{"mjs", "cjs"} {
		if hasClass(n, flavour) {
			return flavour // Node.js says "language-js" beside it
		}
	}
	after := ""
	for class := range classes(n) {
		lower := strings.ToLower(class)
		switch {
		case after == "brush:":
			return cleanLanguage(strings.TrimSuffix(class, ";"))
		case lower == "brush:":
			after = lower
			continue
		}
		for _, p := range languagePrefixes {
			if strings.HasPrefix(lower, p) {
				if l := cleanLanguage(class[len(p):]); l != "" {
					return l
				}
				break
			}
		}
		if bare && knownLanguages[lower] {
			return lower
		}
		if bare && (after == "sourcecode" || after == "hljs") && !strings.Contains(lower, "-") && len(lower) < 20 && lower != "numberlines" && lower != "copy" {
			if l := cleanLanguage(class); l != "" {
				return l
			}
		}
		after = lower
	}
	return ""
}

// cleanLanguage returns what can stand as the language of an info string (CommonMark §4.5); "" for what names none.
func cleanLanguage(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, ",:;{ \t\n"); i >= 0 {
		s = s[:i]
	}
	if noLanguage[strings.ToLower(s)] || len(s) > 40 {
		return ""
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(isAlnum(c) || strings.IndexByte("+#._-/*", c) >= 0) {
			return ""
		}
	}
	return s
}

func isAlnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// knownLanguages are the names that count also where they stand alone as a class of <pre>, <code> or <figure>.
var knownLanguages = set("bash", "c", "clojure", "cpp", "csharp", "css", "dart", "diff", "dockerfile", "elixir", "erlang", "go", "golang", "graphql", "groovy", "haskell", "html", "http",
	"ini", "java", "javascript", "js", "json", "jsx", "kotlin", "lua", "makefile", "markdown", "nginx", "objectivec", "perl", "php", "powershell", "properties", "python", "r",
	"ruby", "rust", "scala", "scss", "sh", "shell", "sql", "swift", "toml", "ts", "tsx", "typescript", "vue", "xml", "yaml", "yml", "zsh")
