package docs

import (
	"fmt"
	"strings"
)

// directive is a container that text markers begin: `:::note Title` of Docusaurus, VitePress and others, `!!! note "Title"` and `=== "Tab"` of
// MkDocs.
type directive struct {
	name       string // in lower case: "note", "details", "tab"
	from, to   int    // of its title, which is Markdown; equal where it has none
	colons     int    // of which it is made; 0: a block of MkDocs
	attributes string // what stands in its braces
}

// readDirective reads the line of colons s[at:end]. opens is false for one that ends a container; ok is false for a line of text.
func readDirective(s string, at, end int) (d directive, opens, ok bool) {
	line := strings.TrimRight(s[at:end], " \t")
	n := run(line, ':')
	if n < 3 {
		return d, false, false
	}
	d.colons = n
	rest := strings.TrimLeft(line[n:], " \t")
	if rest == "" {
		return d, false, true
	}
	pos := at + len(line) - len(rest)
	if k := directiveName(rest); k > 0 {
		d.name = strings.ToLower(rest[:k])
		rest, pos = rest[k:], pos+k
		if rest != "" && strings.IndexByte(" \t[{", rest[0]) < 0 {
			return d, false, false
		}
	} else if rest[0] != '{' {
		return d, false, false
	}
	if strings.HasPrefix(rest, "[") {
		close := closingBracket(rest)
		if close < 0 {
			return d, false, false
		}
		d.from, d.to = pos+1, pos+close
		rest, pos = rest[close+1:], pos+close+1
	}
	if trimmed := strings.TrimLeft(rest, " \t"); strings.HasPrefix(trimmed, "{") && strings.HasSuffix(trimmed, "}") {
		d.attributes = trimmed[1 : len(trimmed)-1]
		rest = ""
	}
	if i := strings.LastIndex(rest, " {"); i >= 0 && strings.HasSuffix(rest, "}") {
		d.attributes, rest = rest[i+2:len(rest)-1], strings.TrimRight(rest[:i], " \t")
	}
	if title := strings.TrimLeft(rest, " \t"); title != "" && d.from == d.to {
		d.from, d.to = pos+len(rest)-len(title), pos+len(rest)
	}
	d.fromAttributes()
	return d, true, d.name != ""
}

// fromAttributes takes the name from the first class: ::: {.callout-note}.
func (d *directive) fromAttributes() {
	if d.name != "" {
		return
	}
	for _, word := range strings.Fields(d.attributes) {
		if name, ok := strings.CutPrefix(word, "."); ok && name != "" {
			d.name = strings.ToLower(strings.TrimPrefix(name, "callout-"))
			return
		}
	}
}

func directiveName(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || n > 0 && (isDigit(s[n]) || s[n] == '-' || s[n] == '_')) {
		n++
	}
	return n
}

// closingBracket returns the offset of the ] that closes the [ that begins s; -1 where there is none.
func closingBracket(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// readBlock reads the marker of a block of MkDocs that s[at:end] is: !!! type "title", ??? type "title", === "title" (Admonition of
// Python-Markdown; Details and Tabbed of PyMdown Extensions).
func readBlock(s string, at, end int) (d directive, ok bool) {
	line := strings.TrimRight(s[at:end], " \t")
	rest := ""
	switch {
	case strings.HasPrefix(line, "!!! "):
		rest = line[4:]
	case strings.HasPrefix(line, "??? "):
		rest = line[4:]
	case strings.HasPrefix(line, "???+ "):
		rest = line[5:]
	case strings.HasPrefix(line, "=== "), strings.HasPrefix(line, "===! "), strings.HasPrefix(line, "===+ "):
		d.name = "tab"
		rest = line[strings.IndexByte(line, ' ')+1:]
	default:
		return d, false
	}
	rest = strings.TrimLeft(rest, " ")
	if d.name == "" {
		n := directiveName(rest)
		d.name = strings.ToLower(rest[:n])
		for rest = strings.TrimLeft(rest[n:], " "); directiveName(rest) > 0; { // further classes
			rest = strings.TrimLeft(rest[directiveName(rest):], " ")
		}
	}
	switch {
	case d.name == "" || d.name == "tab" && rest == "":
		return d, false
	case rest == "":
		return d, true
	case len(rest) < 2 || rest[0] != '"' || rest[len(rest)-1] != '"':
		return d, false
	}
	d.from, d.to = at+len(line)-len(rest)+1, at+len(line)-1
	return d, true
}

// blockMarker reports whether a line is the marker of a block of MkDocs.
func blockMarker(rest string) bool {
	if rest[0] != '!' && rest[0] != '?' && rest[0] != '=' {
		return false
	}
	_, ok := readBlock(rest, 0, len(rest))
	return ok
}

// indentedBelow reports whether the next line that is not blank is indented by four more than this one.
func (p *scanner) indentedBelow() bool {
	at := skipBlank(p.s, min(p.line.end+1, len(p.s)))
	column := 0
	for ; at < len(p.s) && (p.s[at] == ' ' || p.s[at] == '\t'); at++ {
		column = advance(column, p.s[at])
	}
	return at < len(p.s) && column >= p.col+p.width+4
}

// headline is the title of a block.
type headline struct {
	text    string
	write   func() // nil where there is none
	starred bool   // marks of emphasis would end the bold type around it
}

// directiveMark writes a container of colons, or a block of MkDocs.
func (r *renderer) directiveMark(i int) {
	open := &r.marks[i]
	d := open.dir
	kind, title := calloutNames[d.name], r.headlineOf(d)
	if kind == "" {
		r.reportDirective(open)
	}
	if d.name == "details" && title.write == nil {
		title.write = func() { r.w.made("Details") }
	}
	r.block(open, r.closing(open), func() {
		switch {
		case kind != "":
			r.calloutOf(kind, title, func() { r.between(i) })
		case d.name == "code-group":
			r.grouped(i)
		default:
			r.labelled(title)
			r.between(i)
		}
	})
}

// headlineOf returns the title of a directive: what stands behind its name, else an attribute.
func (r *renderer) headlineOf(d *directive) headline {
	if d.from < d.to {
		text := r.s[d.from:d.to]
		starred := strings.Contains(text, "**") || strings.HasPrefix(text, "*") || strings.HasSuffix(text, "*")
		return headline{text, func() { r.titleOf(d) }, starred}
	}
	if text := r.directiveAttr(d, "title"); text != "" {
		return headline{text: text, write: func() { r.say(jsValue{kind: jsText, text: text}) }}
	}
	return headline{}
}

// labelled writes a title as a paragraph in bold type.
func (r *renderer) labelled(title headline) {
	switch {
	case title.write == nil:
		return
	case title.starred:
		title.write()
	default:
		r.label("", title.write)
	}
	r.w.apart()
}

// titleOf writes the title of a directive, which is Markdown. Names of icons (:octicons-gear-16:) say nothing.
func (r *renderer) titleOf(d *directive) {
	from := d.from
	for from < d.to {
		i := strings.IndexByte(r.s[from:d.to], ':')
		if i < 0 {
			break
		}
		k := strings.IndexByte(r.s[from+i+1:d.to], ':')
		if k <= 0 || strings.Trim(r.s[from+i+1:from+i+1+k], "abcdefghijklmnopqrstuvwxyz0123456789-_+") != "" || !strings.Contains(r.s[from+i+1:from+i+1+k], "-") {
			break
		}
		r.w.copy(r.file, r.body+from, r.body+from+i)
		if from += i + k + 2; from < d.to && r.s[from] == ' ' {
			from++
		}
	}
	r.w.copy(r.file, r.body+from, r.body+d.to)
}

// directiveAttr returns an attribute of a directive.
func (r *renderer) directiveAttr(d *directive, name string) string {
	_, rest, ok := strings.Cut(d.attributes, name+"=")
	if !ok || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	text, _, ok := strings.Cut(rest[1:], rest[:1])
	if !ok {
		return ""
	}
	return text
}

// quietDirectives are containers whose name says nothing, or what is done anyway.
var quietDirectives = wordSet("tab details raw v-pre code-group tabs tab-set cards grid steps div section center columns column panels")

func (r *renderer) reportDirective(one *mark) {
	name := one.dir.name
	if key := r.file.Path + "\x00:" + name; !quietDirectives[name] && !r.unknown[key] {
		r.unknown[key] = true
		r.report("page-component", one.start, one.end, fmt.Sprintf("the container %q is not known; what it holds is kept", name), "is it misspelled? Containers are called note, tip, info, warning, danger, details")
	}
}
