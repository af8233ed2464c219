package facts

import "unicode/utf8"

// LexCode appends the tokens of program text s to dst: identifiers, numbers, URLs, blanks, line ends, and every other character by itself.
// The tokens lie side by side and cover s: in code white space has a meaning. Time is linear in len(s).
func LexCode(dst []Token, s string) []Token {
	l := lexer{s: s, out: dst}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '\n' || c == '\r':
			i = l.emit(i, l.while(i, isLineEnd), Newline)
		case class[c]&classBlank != 0:
			i = l.emit(i, l.while(i, isBlank), Space)
		case class[c]&classDigit != 0:
			i = l.number(i)
		case isNameByte(c) || c == '$' && i+1 < len(s) && isNameByte(s[i+1]):
			i = l.identifier(i)
		case c >= utf8.RuneSelf:
			i = l.letter(i)
		default:
			i = l.emit(i, i+1, Punct)
		}
	}
	return l.out
}

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

func isBlank(c byte) bool { return class[c]&classBlank != 0 && !isLineEnd(c) }

func (l *lexer) while(i int, is func(byte) bool) int {
	for i < len(l.s) && is(l.s[i]) {
		i++
	}
	return i
}

func (l *lexer) identifier(i int) int {
	if end := l.bareURL(i, i); end > 0 {
		return l.emit(i, end, URL)
	}
	end := i + 1
	for end < len(l.s) && isNameByte(l.s[end]) {
		end++
	}
	if IsEnvName(l.s[i:end]) {
		return l.emit(i, end, Env)
	}
	return l.emit(i, end, Word)
}

// number reads 20, 0x1f, 1_000, 1.5e3, 1.2.3.
func (l *lexer) number(i int) int {
	end := i + 1
	for end < len(l.s) && (isNameByte(l.s[end]) || l.s[end] == '.' && end+1 < len(l.s) && class[l.s[end+1]]&classDigit != 0) {
		end++
	}
	if isVersion(l.s[i:end]) {
		return l.emit(i, end, Version)
	}
	return l.emit(i, end, Number)
}

func (l *lexer) letter(i int) int {
	r, n := utf8.DecodeRuneInString(l.s[i:])
	switch {
	case r == utf8.RuneError && n <= 1:
		return l.emit(i, i+1, Punct)
	case unseen(r):
		return l.emit(i, i+n, Unseen)
	case joined(l.s[i:]) == 0:
		return l.emit(i, i+n, Punct)
	}
	end := i + n
	for end < len(l.s) {
		if m := joined(l.s[end:]); l.s[end] >= utf8.RuneSelf && m > 0 {
			end += m
		} else if isNameByte(l.s[end]) {
			end++
		} else {
			break
		}
	}
	return l.emit(i, end, Word)
}
