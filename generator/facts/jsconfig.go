package facts

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// property is a key of an object literal in a JavaScript or TypeScript file, with the keys that lead to it: presets: [["classic", {docs:
// {routeBasePath: "/"}}]] has presets, docs, routeBasePath.
type property struct {
	path  []string
	value string // of a string; true and false as these words
	known bool   // value is what it has; else it is computed, or no string
}

// Limits on what is read of a configuration: its files are written by hand.
const (
	maxConfig     = 256 << 10 // bytes
	maxNested     = 64        // brackets in one another
	maxProperties = 2000
)

// properties reads the properties of all object literals in a file, in its order, and runs nothing. A name stands for the string that a const gives
// it, and of `process.env.X || "y"` the last one counts. Lists, calls and parentheses add nothing to a path. Any text can be read; only
// what follows JavaScript's rules gives something.
func properties(text string) []property {
	if len(text) > maxConfig {
		return nil
	}
	p := propertyReader{lexer: jsLexer{text: text}, names: map[string]string{}}
	for len(p.found) < maxProperties {
		t, ok := p.lexer.next()
		if !ok {
			break
		}
		p.take(t)
	}
	return p.found
}

// lookup returns the first property whose path begins and ends like this; a single key is all of a path. Where there is none it is known to be
// empty.
func lookup(found []property, keys ...string) property {
	for _, p := range found {
		rest := len(p.path) - len(keys) + 1
		switch {
		case rest < 1 || p.path[0] != keys[0]:
		case len(keys) == 1 && len(p.path) == 1, len(keys) > 1 && slices.Equal(p.path[rest:], keys[1:]):
			return p
		}
	}
	return property{known: true}
}

// jsKind is what a token is.
type jsKind uint8

const (
	jsSign   jsKind = iota // one character, or || and ??
	jsWord                 // a name, keyword or number
	jsString               // its text is decoded
	jsFormat               // a template string, with ${name} as written
)

// jsToken is a token.
type jsToken struct {
	kind jsKind
	text string
}

// jsLexer cuts JavaScript into tokens. Comments and regular expressions fall away.
type jsLexer struct {
	text string
	at   int
	last jsToken
	open bool // a template string is not closed: those behind it aren't either
}

// Limits on tokens, so that what is not closed costs no second look at everything behind it.
const (
	maxJSString = 2048
	maxJSRegexp = 512
)

func (l *jsLexer) next() (jsToken, bool) {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch c := rest[0]; {
		case c <= ' ':
			l.at++
			continue
		case strings.HasPrefix(rest, "//"):
			l.skipTo("\n")
			continue
		case strings.HasPrefix(rest, "/*"):
			l.at += 2
			l.skipTo("*/")
			continue
		case c == '/' && l.beginsExpression():
			l.regexp()
			continue
		}
		l.last = l.token(rest)
		return l.last, true
	}
	return jsToken{}, false
}

func (l *jsLexer) token(rest string) jsToken {
	switch c := rest[0]; {
	case c == '"' || c == '\'':
		if text, n := jsQuoted(rest); n > 0 {
			l.at += n
			return jsToken{jsString, text}
		}
	case c == '`' && !l.open:
		if n := jsTemplate(rest); n == 0 {
			l.open = true
		} else {
			l.at += n
			return jsToken{jsFormat, rest[1 : n-1]}
		}
	case c == '_' || c == '$' || alnum[c] || c >= utf8.RuneSelf:
		n := 0
		for n < len(rest) && (alnum[rest[n]] || rest[n] == '_' || rest[n] == '$' || rest[n] >= utf8.RuneSelf) {
			n++
		}
		l.at += n
		return jsToken{jsWord, rest[:n]}
	case strings.HasPrefix(rest, "||") || strings.HasPrefix(rest, "??"):
		l.at += 2
		return jsToken{jsSign, rest[:2]}
	}
	l.at++
	return jsToken{jsSign, rest[:1]}
}

// skipTo moves past the next mark, or to the end.
func (l *jsLexer) skipTo(mark string) {
	if i := strings.Index(l.text[l.at:], mark); i >= 0 {
		l.at += i + len(mark)
	} else {
		l.at = len(l.text)
	}
}

// beginsExpression reports whether a slash after the last token begins a regular expression and does not divide.
func (l *jsLexer) beginsExpression() bool {
	switch l.last.kind {
	case jsWord:
		return l.last.text == "return" || l.last.text == "typeof"
	case jsSign:
		return l.last.text != ")" && l.last.text != "]" && l.last.text != "}"
	}
	return false
}

// regexp moves past a regular expression; past the slash where its line does not end one.
func (l *jsLexer) regexp() {
	class := false
	for i := l.at + 1; i < min(len(l.text), l.at+maxJSRegexp) && l.text[i] != '\n'; i++ {
		switch c := l.text[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			l.at = i + 1
			return
		}
	}
	l.at++
}

// jsQuoted reads the string that s begins with. n is 0 where its line does not end it, as with an apostrophe in running text.
func jsQuoted(s string) (text string, n int) {
	var b strings.Builder
	for i := 1; i < min(len(s), maxJSString) && s[i] != '\n'; i++ {
		switch c := s[i]; {
		case c == s[0]:
			return b.String(), i + 1
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(s) && strings.IndexByte(`"'\/`+"`", s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte('\\') // another escape is kept as written: nothing that is looked for has one
		}
	}
	return "", 0
}

// jsTemplate returns the length of the template string that s begins with, 0 where it is not closed. What stands in ${} may hold braces, no other
// template string.
func jsTemplate(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '`':
			return i + 1
		}
	}
	return 0
}

// propertyReader finds properties in tokens.
type propertyReader struct {
	lexer  jsLexer
	names  map[string]string // strings that a const, let or var gives a name
	frames []jsFrame
	deep   int // how many brackets are open beyond those in frames
	found  []property

	declaring jsDeclaration
	declared  string // the name that is declared
}

// jsFrame is an open bracket.
type jsFrame struct {
	open  byte
	key   string    // of the property whose value it is part of
	state jsState   // of an object
	name  string    // of the open property
	value []jsToken // of the open property
	mixed bool      // its value holds brackets, or is long
}

// jsState is what an object is about to hold.
type jsState uint8

const (
	atKey   jsState = iota // a key follows
	pastKey                // one token that may be a key was read
	inValue                // a key and a colon were read
	inCode                 // something else than a key stands where one could
)

func (p *propertyReader) take(t jsToken) {
	p.declare(t)
	if t.kind == jsSign {
		switch c := t.text[0]; c {
		case '{', '[', '(':
			p.open(c)
			return
		case '}', ']', ')':
			p.close()
			return
		}
	}
	if len(p.frames) == 0 || p.deep > 0 {
		return
	}
	f := &p.frames[len(p.frames)-1]
	if f.open != '{' {
		return
	}
	switch comma := t.kind == jsSign && (t.text == "," || t.text == ";"); {
	case comma:
		p.finish(f)
		f.state = atKey
		if t.text == ";" {
			f.state = inCode
		}
	case f.state == atKey && (t.kind == jsWord || t.kind == jsString):
		f.state, f.name = pastKey, t.text
		f.value = append(f.value[:0], t)
	case f.state == pastKey && t.text == ":" && t.kind == jsSign:
		f.state, f.value, f.mixed = inValue, f.value[:0], false
	case f.state == inValue:
		if f.mixed = f.mixed || len(f.value) >= 16; !f.mixed {
			f.value = append(f.value, t)
		}
	default:
		f.state = inCode
	}
}

func (p *propertyReader) open(c byte) {
	if len(p.frames) >= maxNested || p.deep > 0 {
		p.deep++
		return
	}
	key := ""
	if n := len(p.frames); n > 0 && p.frames[n-1].open == '{' {
		f := &p.frames[n-1]
		f.mixed = true
		if f.state == inValue {
			key = f.name
		} else {
			f.state = inCode
		}
	}
	p.frames = append(p.frames, jsFrame{open: c, key: key})
}

func (p *propertyReader) close() {
	if p.deep > 0 {
		p.deep--
		return
	}
	if n := len(p.frames); n > 0 {
		p.finish(&p.frames[n-1])
		p.frames = p.frames[:n-1]
	}
}

// finish notes the open property of an object. {url} is {url: url}.
func (p *propertyReader) finish(f *jsFrame) {
	shorthand := f.state == pastKey && len(f.value) == 1 && f.value[0].kind == jsWord
	if f.open == '{' && (f.state == inValue || shorthand) {
		one := property{}
		if !f.mixed {
			one.value, one.known = p.value(f.value)
		}
		for _, above := range p.frames {
			if above.key != "" {
				one.path = append(one.path, above.key)
			}
		}
		one.path = append(one.path, f.name)
		p.found = append(p.found, one)
	}
	f.state, f.name, f.value, f.mixed = atKey, "", f.value[:0], false
}

// value is what the tokens of a value stand for.
func (p *propertyReader) value(tokens []jsToken) (string, bool) {
	for i, t := range tokens {
		if t.kind == jsWord && i > 0 && (t.text == "as" || t.text == "satisfies") {
			tokens = tokens[:i]
			break
		}
	}
	if n := len(tokens); n > 2 && tokens[n-2].kind == jsSign && (tokens[n-2].text == "||" || tokens[n-2].text == "??") {
		tokens = tokens[n-1:]
	}
	if len(tokens) != 1 {
		return "", false
	}
	switch t := tokens[0]; t.kind {
	case jsString:
		return t.text, true
	case jsFormat:
		return p.format(t.text)
	case jsWord:
		if t.text == "true" || t.text == "false" {
			return t.text, true
		}
		value, ok := p.names[t.text]
		return value, ok
	}
	return "", false
}

// format puts the strings that names stand for into a template string.
func (p *propertyReader) format(s string) (string, bool) {
	var b strings.Builder
	for {
		before, rest, more := strings.Cut(s, "${")
		b.WriteString(before)
		if !more {
			return b.String(), b.Len() <= maxName && !strings.Contains(b.String(), `\`)
		}
		name, after, closed := strings.Cut(rest, "}")
		value, ok := p.names[strings.TrimSpace(name)]
		if !closed || !ok {
			return "", false
		}
		b.WriteString(value)
		s = after
	}
}

// declare notes the string that a declaration gives a name: const site: string = "https://acme.example". One that is part of a longer expression is
// none.
func (p *propertyReader) declare(t jsToken) {
	sign := ""
	if t.kind == jsSign {
		sign = t.text
	}
	switch {
	case t.kind == jsWord && (t.text == "const" || t.text == "let" || t.text == "var"):
		p.declaring = atName
	case p.declaring == atName && t.kind == jsWord:
		p.declared, p.declaring = t.text, atType
	case p.declaring == atType && (sign == ":" || t.kind == jsWord):
	case p.declaring == atType && sign == "=":
		p.declaring = atString
	case p.declaring == atString && (t.kind == jsString || t.kind == jsFormat) && len(p.names) < maxProperties:
		if value, ok := p.value([]jsToken{t}); ok {
			p.names[p.declared] = value
		}
		p.declaring = pastString
	default:
		if p.declaring == pastString && strings.Contains("+.?[|&", cmp.Or(sign, " ")) {
			delete(p.names, p.declared)
		}
		p.declaring = nowhere
	}
}

// jsDeclaration is how far a declaration was read.
type jsDeclaration uint8

const (
	nowhere jsDeclaration = iota
	atName
	atType
	atString
	pastString
)
