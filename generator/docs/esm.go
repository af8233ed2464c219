package docs

import "strings"

// modules is a run of import and export statements at the margin of a page.
type modules struct {
	end     int // the offset of the line after it
	imports []imported
	exports []exported
	checked bool // one of them is `import … from`
}

// imported is one name that a statement imports.
type imported struct {
	name       string // as the page calls it
	member     string // of the module: "default", "*", or a name
	from       string // the module
	start, end int    // of the statement
	base       string // path of the file that imports it, where another one uses it
}

// exported is one name that a statement declares.
type exported struct {
	name       string
	start, end int // of its value; of the statement where it is a function or class
	isValue    bool
}

// readModules reads the import and export statements that begin at s[at], at the margin: up to a blank line outside of brackets, or a line that
// is none of JavaScript (MDX lets a parser of JavaScript decide; here brackets, strings and the words of statements do). false where there is
// none: "import this" in a sentence is none. stop is how far was read.
func readModules(s string, at int) (m modules, ok bool, stop int) {
	m.end = at
	for m.end < len(s) && !blankAt(s, m.end) {
		first := m.end == at
		end, ok, read := m.statement(s, m.end, first)
		stop = max(stop, read)
		if !ok {
			return m, !first, stop
		}
		m.end = end
	}
	return m, m.end > at, stop
}

// statement reads one statement, which begins a line, and returns where the line after it begins.
func (m *modules) statement(s string, at int, first bool) (end int, ok bool, stop int) {
	switch {
	case startsWith(s[at:], "import"):
		return m.importing(s, at)
	case startsWith(s[at:], "export"):
		return m.exporting(s, at)
	case first || !continues(s[at:lineEnd(s, at)]):
		return 0, false, at
	}
	return plainStatement(s, at)
}

// startsWith reports whether s begins with the keyword.
func startsWith(s, word string) bool {
	return strings.HasPrefix(s, word) && len(s) > len(word) && strings.IndexByte(" \t\n{*'\"", s[len(word)]) >= 0
}

// continues reports whether a line right below a statement is JavaScript too.
func continues(line string) bool {
	line = strings.TrimRight(line, "\n")
	text := strings.TrimLeft(line, " \t")
	for _, mark := range []string{"//", "/*", "}", ")", "]", "?.", "&&", "||", "??", "=>"} {
		if strings.HasPrefix(text, mark) {
			return true
		}
	}
	n := 0
	for n < len(text) && (isNameByte(text[n]) || text[n] == '.') {
		n++
	}
	switch text[:n] {
	case "const", "let", "var", "function", "class", "async", "return", "if", "for":
		return n < len(text) && text[n] == ' '
	}
	rest := strings.TrimLeft(text[n:], " ")
	return n > 0 && (strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") || strings.HasPrefix(text[n:], "("))
}

// plainStatement reads a statement of any kind: to the end of the line on which nothing is open and a value ends.
func plainStatement(s string, at int) (end int, ok bool, stop int) {
	p := js{s: s, at: at, limit: len(s)}
	for {
		if len(p.frames) == 0 && p.atLineEnd() && p.at > at && (p.operand || p.last == ';' || p.last == '}') && !p.goesOn() {
			return min(p.at+1, len(s)), !p.bare, p.at
		}
		if !p.step() {
			return 0, false, p.at
		}
	}
}

func (p *js) atLineEnd() bool { return p.at >= len(p.s) || p.s[p.at] == '\n' }

// goesOn reports whether the next line goes on with an expression.
func (p *js) goesOn() bool {
	next := strings.TrimLeft(p.s[min(p.at+1, len(p.s)):], " \t")
	if next == "" || p.last == ';' {
		return false
	}
	switch next[0] {
	case '.', '?', ':', '=', '&', '|':
		return true
	}
	return false
}

// importing reads an import statement (ECMAScript §16.2.2).
func (m *modules) importing(s string, at int) (end int, ok bool, stop int) {
	r := reader{s: s, at: at + len("import")}
	r.space()
	if q := r.peek(); q == '"' || q == '\'' {
		_, ok = r.quoted()
		return r.endOfStatement(ok)
	}
	var found []imported
	if name := r.name(); name != "" {
		if name == "type" && r.space() && r.peek() != ',' && !strings.HasPrefix(s[r.at:], "from") {
			name = r.name()
		}
		if name != "" {
			found = append(found, imported{name: name, member: "default"})
		}
		r.space()
		if r.peek() == ',' {
			r.at++
			r.space()
		}
	}
	switch r.peek() {
	case '*':
		r.at++
		if !r.space() || r.name() != "as" || !r.space() {
			return 0, false, r.at
		}
		found = append(found, imported{name: r.name(), member: "*"})
	case '{':
		named, ok := r.names()
		if !ok {
			return 0, false, r.at
		}
		found = append(found, named...)
	}
	r.space()
	if len(found) == 0 && s[r.at-1] != '}' && strings.TrimSpace(s[at+len("import"):r.at]) != "{}" || r.name() != "from" {
		return 0, false, r.at
	}
	r.space()
	from, ok := r.quoted()
	if end, ok, stop = r.endOfStatement(ok); !ok {
		return 0, false, stop
	}
	for _, f := range found {
		f.from, f.start, f.end = from, at, end
		m.imports = append(m.imports, f)
	}
	m.checked = true
	return end, true, stop
}

// exporting reads an export statement (ECMAScript §16.2.3).
func (m *modules) exporting(s string, at int) (end int, ok bool, stop int) {
	r := reader{s: s, at: at + len("export")}
	r.space()
	var e exported
	e.start = at
	switch c := r.peek(); {
	case c == '{' || c == '*':
	default:
		word := r.name()
		if word == "async" && r.space() {
			word = r.name()
		}
		r.space()
		switch word {
		case "const", "let", "var":
			e.name = r.name()
			r.space()
			if c := r.peek(); e.name != "" && c != '=' || e.name == "" && c != '{' && c != '[' {
				return 0, false, r.at
			}
			e.start, e.isValue = r.at+1, true
		case "function", "class":
			if r.peek() == '*' {
				r.at++
				r.space()
			}
			if e.name = r.name(); e.name == "" {
				return 0, false, r.at
			}
		case "default":
		default:
			return 0, false, r.at
		}
	}
	end, ok, stop = plainStatement(s, at)
	if !ok {
		return 0, false, stop
	}
	if e.end = end; e.name != "" {
		m.exports = append(m.exports, e)
	}
	return end, true, stop
}

// reader reads the parts of a statement.
type reader struct {
	s  string
	at int
}

func (r *reader) peek() byte {
	if r.at < len(r.s) {
		return r.s[r.at]
	}
	return 0
}

// space moves past blanks and line ends; false where there are none.
func (r *reader) space() bool {
	start := r.at
	r.at = skipSpace(r.s, r.at)
	return r.at > start
}

func (r *reader) name() string {
	start := r.at
	for r.at < len(r.s) && isNameByte(r.s[r.at]) {
		r.at++
	}
	return r.s[start:r.at]
}

// quoted reads a string without escapes, as modules have it.
func (r *reader) quoted() (string, bool) {
	q := r.peek()
	if q != '"' && q != '\'' {
		return "", false
	}
	i := strings.IndexAny(r.s[r.at+1:], string(rune(q))+"\n\\")
	if i < 0 || r.s[r.at+1+i] != q {
		return "", false
	}
	text := r.s[r.at+1 : r.at+1+i]
	r.at += i + 2
	return text, true
}

// names reads { a, b as c }.
func (r *reader) names() ([]imported, bool) {
	var found []imported
	for r.at++; ; {
		r.space()
		if r.peek() == '}' {
			r.at++
			return found, true
		}
		name := r.name()
		if name == "" {
			return nil, false
		}
		one := imported{name: name, member: name}
		r.space()
		if rest := r.s[r.at:]; startsWith(rest, "as") {
			r.at += len("as")
			r.space()
			if one.name = r.name(); one.name == "" {
				return nil, false
			}
			r.space()
		}
		found = append(found, one)
		switch r.peek() {
		case ',':
			r.at++
		case '}':
		default:
			return nil, false
		}
	}
}

// endOfStatement moves past what may follow a module's name: attributes, a semicolon, a comment, the line end.
func (r *reader) endOfStatement(ok bool) (end int, _ bool, stop int) {
	if !ok {
		return 0, false, r.at
	}
	rest := strings.TrimLeft(r.s[r.at:lineEnd(r.s, r.at)], " \t")
	if strings.HasPrefix(rest, "with") || strings.HasPrefix(rest, "assert") {
		if i := strings.IndexByte(rest, '{'); i >= 0 {
			at := r.at + strings.IndexByte(r.s[r.at:], '{')
			after, ok, stop := jsEnd(r.s, at, len(r.s))
			if !ok {
				return 0, false, stop
			}
			r.at = after
			rest = strings.TrimLeft(r.s[r.at:lineEnd(r.s, r.at)], " \t")
		}
	}
	rest = strings.TrimLeft(strings.TrimPrefix(rest, ";"), " \t")
	end = lineEnd(r.s, r.at)
	if startsWith(rest, "import") {
		return end - len(rest), true, end
	}
	return end, strings.TrimSpace(rest) == "" || strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*"), end
}
