package docs

import "strings"

// maxJS is how deep brackets, templates and elements may stand in one another in JavaScript.
const maxJS = 500

// js reads as much of JavaScript as it takes to see where an expression or statement ends: strings, templates, comments, regular expressions,
// brackets, and elements of JSX with their text. It builds nothing, never recurses, and looks at each byte once.
type js struct {
	s       string
	at      int // of the next byte
	limit   int // no byte at or after it is read
	frames  []jsFrame
	operand bool // what stands before is a value: a slash divides, a < compares
	word    string
	bare    bool // two words stood side by side, as they do in prose
	last    byte // the last byte that is no blank and no comment
}

// jsFrame is what is open.
type jsFrame uint8

const (
	jsBrace  jsFrame = iota // {
	jsParen                 // (
	jsSquare                // [
	jsQuote                 // a template
	jsOpenTag
	jsCloseTag
	jsKids // between the tags of an element
)

// jsEnd returns the offset after the bracket that closes the one at s[at]; false where there is none before limit. stop is how far was read.
func jsEnd(s string, at, limit int) (end int, ok bool, stop int) {
	p := js{s: s, at: at, limit: limit}
	for p.step() {
		if len(p.frames) == 0 {
			return p.at, true, p.at
		}
	}
	return 0, false, p.at
}

// jsElementEnd returns the offset after the element of JSX that begins at s[at].
func jsElementEnd(s string, at, limit int) (end int, ok bool) {
	p := js{s: s, at: at, limit: limit}
	for p.step() {
		if len(p.frames) == 0 {
			return p.at, true
		}
	}
	return 0, false
}

func (p *js) top() (jsFrame, bool) {
	if len(p.frames) == 0 {
		return 0, false
	}
	return p.frames[len(p.frames)-1], true
}

func (p *js) push(f jsFrame) bool {
	p.frames = append(p.frames, f)
	return len(p.frames) <= maxJS
}

func (p *js) pop() { p.frames = p.frames[:len(p.frames)-1] }

// step reads one token; false where the text ends or is no JavaScript.
func (p *js) step() bool {
	if p.at >= p.limit {
		return false
	}
	switch f, _ := p.top(); {
	case len(p.frames) == 0:
		return p.code()
	case f == jsQuote:
		return p.template()
	case f == jsOpenTag || f == jsCloseTag:
		return p.tag(f)
	case f == jsKids:
		return p.kids()
	}
	return p.code()
}

func (p *js) peek(n int) byte {
	if p.at+n < p.limit {
		return p.s[p.at+n]
	}
	return 0
}

// code reads a token of plain JavaScript.
func (p *js) code() bool {
	c := p.s[p.at]
	switch {
	case isSpace(c) || c == '\f' || c == '\v':
		p.at++
		return true
	case c == '/' && p.peek(1) == '/':
		p.at = min(lineEnd(p.s, p.at), p.limit)
		return true
	case c == '/' && p.peek(1) == '*':
		return p.skipTo("*/", 2)
	}
	adjacent := p.operand && p.word != "" && p.wordBefore()
	word := p.word
	p.word, p.last = "", c
	switch {
	case isNameByte(c):
		p.name(adjacent && word != "")
		return true
	case c == '"' || c == '\'':
		p.operand = true
		return p.quoted(c)
	case c == '`':
		p.at++
		return p.push(jsQuote)
	case c == '{':
		return p.enter(jsBrace)
	case c == '(':
		return p.enter(jsParen)
	case c == '[':
		return p.enter(jsSquare)
	case c == '}':
		return p.leave(jsBrace)
	case c == ')':
		return p.leave(jsParen)
	case c == ']':
		return p.leave(jsSquare)
	case c == '/' && !p.operand:
		p.operand = true
		return p.regexp()
	case c == '<' && !p.operand && startsElement(p.peek(1)):
		return p.openTag()
	case (c == '+' || c == '-') && p.peek(1) == c:
		p.at += 2
		return true
	}
	p.at++
	p.operand = false
	return true
}

// wordBefore reports whether nothing but blanks without a line end stands between the word before and this byte.
func (p *js) wordBefore() bool {
	i := p.at
	for i > 0 && (p.s[i-1] == ' ' || p.s[i-1] == '\t') {
		i--
	}
	return i > 0 && i < p.at && isNameByte(p.s[i-1])
}

func isNameByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '$' || c >= 0x80 }

func startsElement(c byte) bool { return isLetter(c) || c == '_' || c == '$' || c == '>' }

// jsWords are the words after which a value is expected.
var jsWords = wordSet("return typeof case in of delete void throw new do else yield await default extends instanceof as from import export const let var function class async get set static if while for switch")

func (p *js) name(adjacent bool) {
	start := p.at
	for p.at < p.limit && isNameByte(p.s[p.at]) {
		p.at++
	}
	p.word = p.s[start:p.at]
	p.last = p.s[p.at-1]
	p.operand = !jsWords[p.word]
	if adjacent && !jsWords[p.word] {
		p.bare = true
	}
}

func (p *js) enter(f jsFrame) bool {
	p.at++
	p.operand = false
	return p.push(f)
}

func (p *js) leave(f jsFrame) bool {
	if open, ok := p.top(); !ok || open != f {
		return false
	}
	p.at++
	p.pop()
	p.operand = true
	return true
}

// skipTo moves after the next end, which stands at least so many bytes on.
func (p *js) skipTo(end string, from int) bool {
	if p.at+from > p.limit {
		return false
	}
	i := strings.Index(p.s[p.at+from:p.limit], end)
	if i < 0 {
		p.at = p.limit
		return false
	}
	p.at += from + i + len(end)
	return true
}

// quoted reads a string, which ends on its line.
func (p *js) quoted(q byte) bool {
	for p.at++; p.at < p.limit; p.at++ {
		switch p.s[p.at] {
		case '\\':
			p.at++
		case '\n':
			return false
		case q:
			p.at++
			return true
		}
	}
	return false
}

// regexp reads a regular expression, or takes its first slash for a division where it has no end on its line.
func (p *js) regexp() bool {
	class := false
	for i := p.at + 1; i < p.limit && p.s[i] != '\n'; i++ {
		switch c := p.s[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			p.at = i + 1
			return true
		}
	}
	p.at++
	return true
}

// template reads on in a template string.
func (p *js) template() bool {
	for ; p.at < p.limit; p.at++ {
		switch c := p.s[p.at]; {
		case c == '\\':
			p.at++
		case c == '`':
			p.at++
			p.pop()
			p.operand, p.last = true, '`'
			return true
		case c == '$' && p.peek(1) == '{':
			p.at += 2
			p.operand = false
			return p.push(jsBrace)
		}
	}
	return false
}

func (p *js) openTag() bool {
	p.at++
	p.nameOfTag()
	return p.push(jsOpenTag)
}

// nameOfTag moves past the name of an element; a fragment has none.
func (p *js) nameOfTag() {
	for p.at < p.limit && (isNameByte(p.s[p.at]) || strings.IndexByte(".:-", p.s[p.at]) >= 0) {
		p.at++
	}
}

// tag reads on in a tag.
func (p *js) tag(f jsFrame) bool {
	switch c := p.s[p.at]; {
	case isSpace(c):
		p.at++
	case c == '>':
		p.at++
		p.pop()
		if f == jsOpenTag {
			return p.push(jsKids)
		}
		p.ended()
	case f == jsCloseTag:
		return false
	case c == '/' && p.peek(1) == '>':
		p.at += 2
		p.pop()
		p.ended()
	case c == '/' && p.peek(1) == '*':
		return p.skipTo("*/", 2)
	case c == '/' && p.peek(1) == '/':
		p.at = min(lineEnd(p.s, p.at), p.limit)
	case c == '{':
		return p.enter(jsBrace)
	case c == '"' || c == '\'':
		return p.skipTo(string(rune(c)), 1)
	case c == '<' && startsElement(p.peek(1)):
		return p.openTag()
	case isNameByte(c) || strings.IndexByte("=-:.@#", c) >= 0:
		p.at++
	default:
		return false
	}
	return true
}

// ended notes that an element has ended.
func (p *js) ended() { p.operand, p.last = true, '>' }

// kids reads on in the text of an element.
func (p *js) kids() bool {
	i := strings.IndexAny(p.s[p.at:p.limit], "<{")
	if i < 0 {
		p.at = p.limit
		return false
	}
	p.at += i
	switch {
	case p.s[p.at] == '{':
		return p.enter(jsBrace)
	case p.peek(1) == '/':
		p.at += 2
		p.pop()
		for p.at < p.limit && isSpace(p.s[p.at]) {
			p.at++
		}
		p.nameOfTag()
		return p.push(jsCloseTag)
	case startsElement(p.peek(1)):
		return p.openTag()
	}
	p.at++
	return true
}
