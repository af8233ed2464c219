package docs

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// jsKind is what a value is.
type jsKind uint8

const (
	jsUnknown jsKind = iota
	jsNothing        // undefined, null, true and false: shown as nothing
	jsText
	jsNumber
	jsList
	jsObject
	jsElement  // an element of JSX, not looked into
	jsChildren // what stands between the tags of the component that a partial is used as
	jsFile     // a file that was imported
)

// jsValue is what an expression stands for, where that can be told without running anything.
type jsValue struct {
	kind       jsKind
	text       string // of a text, decoded; of a number, as written
	start, end int    // where exactly that text stands in the page, or an element; both 0 where nothing of the page reads so
	items      []jsValue
	keys       []string // of an object, with items
	file       *imported
	attr       string // name of the attribute that says it
	link       bool   // the text is the address of a file: require('./x.png')
}

// get returns what an object has under a key.
func (v jsValue) get(key string) (jsValue, bool) {
	if v.kind == jsObject {
		for i, k := range v.keys {
			if k == key {
				return v.items[i], true
			}
		}
	}
	return jsValue{}, false
}

// words returns what a reader sees of a value; false where that is not known.
func (v jsValue) words() (string, bool) {
	switch v.kind {
	case jsNothing:
		return "", true
	case jsText, jsNumber:
		return v.text, true
	case jsList:
		var b strings.Builder
		for _, item := range v.items {
			text, ok := item.words()
			if !ok {
				return "", false
			}
			if b.WriteString(text); b.Len() > maxJSText {
				return "", false
			}
		}
		return b.String(), true
	}
	return "", false
}

// Limits on values: how deep they may stand in one another, and how long a text may be that was put together.
const (
	maxValue  = 12
	maxJSText = 64 << 10
)

// evaluator reads values: literals, names that are known, and joins of these.
type evaluator struct {
	reader
	limit int
	depth int
	known func(path string) (jsValue, bool) // what a name stands for, such as "props.name"
}

// evaluate returns the value of the expression s[from:to]; false where it would have to be run.
func evaluate(s string, from, to int, known func(string) (jsValue, bool)) (jsValue, bool) {
	e := evaluator{reader: reader{s: s[:to], at: from}, limit: to, known: known}
	v, ok := e.expression()
	if !ok {
		return v, false
	}
	e.blanks()
	if e.peek() == ';' {
		e.at++
		e.blanks()
	}
	return v, e.at >= to
}

// blanks moves past blanks and comments.
func (e *evaluator) blanks() {
	for {
		e.space()
		rest := e.s[e.at:]
		switch {
		case strings.HasPrefix(rest, "//"):
			e.at = lineEnd(e.s, e.at)
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				e.at = len(e.s)
				return
			}
			e.at += n + 4
		default:
			return
		}
	}
}

// expression reads values that are joined: a + b, a || b, a ?? b.
func (e *evaluator) expression() (jsValue, bool) {
	if e.depth++; e.depth > maxValue {
		return jsValue{}, false
	}
	defer func() { e.depth-- }()
	v, ok := e.value()
	for ok {
		e.blanks()
		rest := e.s[e.at:]
		var op string
		for _, o := range []string{"||", "??", "+"} {
			if strings.HasPrefix(rest, o) {
				op = o
				break
			}
		}
		if op == "" {
			return v, true
		}
		e.at += len(op)
		var right jsValue
		if right, ok = e.value(); !ok {
			break
		}
		v, ok = combine(v, right, op)
	}
	return v, ok
}

// combine is what an operator makes of two values.
func combine(a, b jsValue, op string) (jsValue, bool) {
	if op != "+" {
		if a.kind == jsNothing || op == "||" && a.kind == jsText && a.text == "" {
			return b, true
		}
		return a, true
	}
	plain := func(v jsValue) bool { return v.kind == jsText || v.kind == jsNumber }
	if !plain(a) || !plain(b) || a.kind == jsNumber && b.kind == jsNumber {
		return jsValue{}, false
	}
	return jsValue{kind: jsText, text: a.text + b.text}, len(a.text)+len(b.text) <= maxJSText
}

// value reads one value.
func (e *evaluator) value() (jsValue, bool) {
	e.blanks()
	switch c := e.peek(); {
	case c == '"' || c == '\'':
		return e.stringValue(c)
	case c == '`':
		return e.template()
	case c == '[':
		return e.list()
	case c == '{':
		return e.object()
	case c == '(':
		e.at++
		v, ok := e.expression()
		e.blanks()
		if !ok || e.peek() != ')' {
			return v, false
		}
		e.at++
		return v, true
	case c == '<':
		end, ok := jsElementEnd(e.s, e.at, e.limit)
		v := jsValue{kind: jsElement, start: e.at, end: end}
		e.at = end
		return v, ok
	case isDigit(c) || c == '-' || c == '.':
		return e.number()
	}
	return e.named()
}

// stringValue reads a string. Where it says what it reads, its place is noted.
func (e *evaluator) stringValue(q byte) (jsValue, bool) {
	start := e.at + 1
	for i := start; i < len(e.s) && e.s[i] != '\n'; i++ {
		switch e.s[i] {
		case '\\':
			i++
		case q:
			e.at = i + 1
			return textValue(e.s, start, i)
		}
	}
	return jsValue{}, false
}

// textValue is the text that s[start:end] writes.
func textValue(s string, start, end int) (jsValue, bool) {
	raw := s[start:end]
	v := jsValue{kind: jsText, text: raw, start: start, end: end}
	if strings.IndexByte(raw, '\\') < 0 {
		return v, true
	}
	text, ok := unescapeJS(raw)
	return jsValue{kind: jsText, text: text}, ok
}

// template reads a template string. What it holds in ${} has to be known.
func (e *evaluator) template() (jsValue, bool) {
	e.at++
	from := e.at
	var b strings.Builder
	plain := true
	for e.at < len(e.s) {
		switch c := e.s[e.at]; {
		case c == '\\':
			e.at += 2
		case c == '`':
			last, ok := textValue(e.s, from, e.at)
			e.at++
			if plain {
				return last, ok
			}
			return jsValue{kind: jsText, text: b.String() + last.text}, ok
		case c == '$' && e.at+1 < len(e.s) && e.s[e.at+1] == '{':
			before, ok := textValue(e.s, from, e.at)
			b.WriteString(before.text)
			e.at += 2
			v, ok2 := e.expression()
			e.blanks()
			text, ok3 := v.words()
			if !ok || !ok2 || !ok3 || e.peek() != '}' {
				return jsValue{}, false
			}
			if b.WriteString(text); b.Len() > maxJSText {
				return jsValue{}, false
			}
			e.at++
			from, plain = e.at, false
		default:
			e.at++
		}
	}
	return jsValue{}, false
}

func (e *evaluator) number() (jsValue, bool) {
	start := e.at
	for e.at < len(e.s) && (isNameByte(e.s[e.at]) || e.s[e.at] == '.' || e.s[e.at] == '-' && e.at == start) {
		e.at++
	}
	v := jsValue{kind: jsNumber, text: e.s[start:e.at], start: start, end: e.at}
	_, err := strconv.ParseFloat(v.text, 64)
	return v, err == nil
}

func (e *evaluator) list() (jsValue, bool) {
	v := jsValue{kind: jsList}
	for e.at++; ; {
		e.blanks()
		if e.peek() == ']' {
			e.at++
			return v, true
		}
		item, ok := e.expression()
		if !ok {
			return v, false
		}
		v.items = append(v.items, item)
		e.blanks()
		if !e.comma(']') {
			return v, false
		}
	}
}

// comma moves past a comma; false where neither one nor the end follows.
func (e *evaluator) comma(end byte) bool {
	switch e.peek() {
	case ',':
		e.at++
		return true
	case end:
		return true
	}
	return false
}

func (e *evaluator) object() (jsValue, bool) {
	v := jsValue{kind: jsObject}
	for e.at++; ; {
		e.blanks()
		key := ""
		switch c := e.peek(); c {
		case '}':
			e.at++
			return v, true
		case '"', '\'':
			k, ok := e.stringValue(c)
			if !ok {
				return v, false
			}
			key = k.text
		default:
			if key = e.name(); key == "" {
				return v, false
			}
		}
		e.blanks()
		if e.peek() != ':' {
			return v, false
		}
		e.at++
		item, ok := e.expression()
		if !ok {
			return v, false
		}
		v.keys, v.items = append(v.keys, key), append(v.items, item)
		e.blanks()
		if !e.comma('}') {
			return v, false
		}
	}
}

// jsAddresses are the functions that make the address of a file of their argument.
var jsAddresses = wordSet("require useBaseUrl withBase")

// named reads a word, a path of words, or a call that makes an address.
func (e *evaluator) named() (jsValue, bool) {
	name := e.name()
	switch name {
	case "":
		return jsValue{}, false
	case "true", "false", "null", "undefined":
		return jsValue{kind: jsNothing}, true
	}
	if jsAddresses[name] && e.peek() == '(' {
		e.at++
		v, ok := e.expression()
		e.blanks()
		if !ok || v.kind != jsText || e.peek() != ')' {
			return v, false
		}
		e.at++
		if rest := e.s[e.at:]; strings.HasPrefix(rest, ".default") {
			e.at += len(".default")
		}
		v.link = true
		return v, true
	}
	for e.peek() == '.' || e.peek() == '?' && strings.HasPrefix(e.s[e.at:], "?.") {
		e.at += 1 + strings.Count(e.s[e.at:e.at+1], "?")
		name += "." + e.name()
	}
	if e.known == nil {
		return jsValue{}, false
	}
	return e.known(name)
}

// unescapeJS decodes the escapes of a string (ECMAScript §12.9.4).
func unescapeJS(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i >= len(s) {
			return "", false
		}
		switch c := s[i]; c {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r', 'b', 'f', 'v', '0':
		case '\n':
		case 'x', 'u':
			r, size := escapedRune(s[i:])
			if size == 0 {
				return "", false
			}
			b.WriteRune(r)
			i += size - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// escapedRune decodes the x41, u0041 or u{41} that begins s, and returns its length; 0 where it is none. Halves of a pair are none.
func escapedRune(s string) (rune, int) {
	from, to := 1, 5
	switch {
	case s[0] == 'x':
		to = 3
	case strings.HasPrefix(s[1:], "{"):
		from, to = 2, strings.IndexByte(s, '}')
	}
	if to <= from || to > len(s) {
		return 0, 0
	}
	n, err := strconv.ParseUint(s[from:to], 16, 31)
	if err != nil || n == 0 || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	if from == 2 {
		to++
	}
	return rune(n), to
}
