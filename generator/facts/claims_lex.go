package facts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds below keep the lexer linear: what is longer is cut into words instead of being one token.
const (
	maxTarget = 2048 // bytes of a link destination with its title
	maxTag    = 80   // bytes of an HTML tag
)

const (
	classLetter = 1 << iota
	classDigit
	classBlank // space, tab, line ends
	classJoin  // joins two letters or digits into one word
	classUpper
)

var class = func() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c >= 'a' && c <= 'z':
			t[c] = classLetter
		case c >= 'A' && c <= 'Z':
			t[c] = classLetter | classUpper
		case c >= '0' && c <= '9':
			t[c] = classDigit
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v':
			t[c] = classBlank
		}
	}
	for _, c := range "-'./:@_%,+=" {
		t[c] |= classJoin
	}
	return t
}()

// LexProse appends the tokens of s, the inline text of one Markdown block, to dst. With quoted, > at the start of a line is no token.
// Time is linear in len(s) for any bytes.
func LexProse(dst []Token, s string, quoted bool) []Token {
	l := lexer{s: s, out: dst, quoted: quoted}
	l.prose()
	return l.out
}

type lexer struct {
	s      string
	out    []Token
	quoted bool
	ticks  map[int]int // length of a backtick run → where the last run of that length begins; nil until the first backtick
}

func (l *lexer) emit(start, end int, kind TokenKind) int {
	l.out = append(l.out, Token{int32(start), int32(end), kind})
	return end
}

func (l *lexer) prose() {
	i := l.lineStart(0)
	for i < len(l.s) {
		c := l.s[i]
		switch {
		case c == '\n':
			i = l.lineStart(i + 1)
		case class[c]&classBlank != 0:
			i++
		case c == '\\' && i+1 < len(l.s) && (l.s[i+1] == '\n' || l.s[i+1] == '\r'):
			i++ // a hard line break is layout
		default:
			i = l.token(i, c)
		}
	}
}

// lineStart skips the quote markers of a line.
func (l *lexer) lineStart(i int) int {
	for l.quoted && i < len(l.s) && (l.s[i] == '>' || l.s[i] == ' ' || l.s[i] == '\t') {
		i++
	}
	return i
}

func (l *lexer) token(i int, c byte) int {
	switch {
	case class[c]&(classLetter|classDigit) != 0:
		return l.word(i, i)
	case c >= utf8.RuneSelf:
		return l.foreign(i)
	case c == '`':
		return l.code(i)
	case c == '*' || c == '_':
		return l.emphasis(i, c)
	case c == ']' && i+1 < len(l.s) && l.s[i+1] == '(':
		if end := l.target(i + 2); end > 0 {
			return l.emit(i, end, Target)
		}
	case c == '<':
		if end, kind := l.angle(i); end > 0 {
			return l.emit(i, end, kind)
		}
	case c == '\\' && i+1 < len(l.s) && l.s[i+1] < utf8.RuneSelf && class[l.s[i+1]]&^classJoin == 0:
		return l.emit(i, i+2, Punct)
	case strings.IndexByte("./$@-~^", c) >= 0:
		if n := signs(l.s[i:]); n > 0 && (i == 0 || class[l.s[i-1]]&(classLetter|classDigit) == 0) {
			return l.word(i, i+n)
		}
	}
	return l.emit(i, i+1, Punct)
}

// signs returns the length of what stands before a word and belongs to it: ./ ../ / . $ @ -- - ~ ^
func signs(s string) int {
	n := 0
	for n < len(s) && n < 4 && strings.IndexByte("./$@-~^", s[n]) >= 0 {
		n++
	}
	if n == 0 || n >= len(s) || class[s[n]]&(classLetter|classDigit) == 0 || strings.HasPrefix(s, "...") {
		return 0
	}
	return n
}

// word reads a word from start on; body is where its letters begin, after signs that belong to it.
func (l *lexer) word(start, body int) int {
	if end := l.bareURL(start, body); end > 0 {
		return l.emit(start, end, URL)
	}
	i, s := body, l.s
	for i < len(s) {
		c := s[i]
		if class[c]&(classLetter|classDigit) != 0 {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if n := joined(s[i:]); n > 0 {
				i += n
				continue
			}
			break
		}
		if class[c]&classJoin == 0 || !l.joins(i, c) {
			break
		}
		i++
	}
	if i < len(s) && s[i] == '%' && i > body && class[s[i-1]]&classDigit != 0 {
		i++
	}
	return l.emit(start, i, wordKind(s[start:i]))
}

// joins reports whether the sign c at i has a letter or digit on both sides, or is part of a path or an identifier.
func (l *lexer) joins(i int, c byte) bool {
	if i+1 >= len(l.s) {
		return false
	}
	next := l.s[i+1]
	switch c {
	case ',', '+', '=', '%':
		return c == ',' && class[next]&classDigit != 0 && class[l.s[i-1]]&classDigit != 0
	case '_':
		return class[next]&(classLetter|classDigit) != 0 || next == '_' && i+2 < len(l.s) && class[l.s[i+2]]&(classLetter|classDigit) != 0
	case '/':
		return class[next]&(classLetter|classDigit) != 0 || next == '.' && i+2 < len(l.s) && class[l.s[i+2]]&classLetter != 0
	default:
		return class[next]&(classLetter|classDigit) != 0
	}
}

// joined returns the length of the letter or mark that s begins with, if it is part of a word: not for scripts that write no blanks.
func joined(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && n == 1:
		return 0
	case r == '\u2019': // typographic apostrophe, inside a word only
		next, _ := utf8.DecodeRuneInString(s[n:])
		if unicode.IsLetter(next) {
			return n
		}
		return 0
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return 0
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return n
	}
	return 0
}

// foreign reads a token that begins outside ASCII.
func (l *lexer) foreign(i int) int {
	r, n := utf8.DecodeRuneInString(l.s[i:])
	switch {
	case r == utf8.RuneError && n <= 1:
		return l.emit(i, i+1, Punct)
	case unseen(r):
		return l.emit(i, i+n, Unseen)
	case unicode.IsSpace(r):
		return i + n // a no-break space is layout
	case joined(l.s[i:]) > 0:
		return l.word(i, i)
	case unicode.IsLetter(r):
		return l.emit(i, i+n, Word) // a script without blanks: each character is a word
	}
	return l.emit(i, i+n, Punct)
}

// unseen reports whether a reader does not see r though an agent does.
func unseen(r rune) bool {
	return r != '\ufe0f' && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r))
}

func (l *lexer) bareURL(start, body int) int {
	s := l.s[body:]
	if start != body || len(s) < 8 || s[0] != 'h' && s[0] != 'H' || !hasFold(s, "http") {
		return 0
	}
	n := 7
	if !hasFold(s, "http://") {
		if n = 8; !hasFold(s, "https://") {
			return 0
		}
	}
	return start + urlLength(s, n)
}

// urlLength returns where the URL that s begins with ends, as GitHub reads bare URLs: up to white space or <, without closing punctuation.
func urlLength(s string, n int) int {
	open := 0
	for n < len(s) && s[n] > ' ' && strings.IndexByte("<>\"`|\\", s[n]) < 0 && s[n] != 0x7f {
		if s[n] == '(' {
			open++
		} else if s[n] == ')' || s[n] == ']' {
			if open == 0 || s[n] == ']' {
				break
			}
			open--
		}
		n++
	}
	for n > 0 && strings.IndexByte(".,;:!?'*_~", s[n-1]) >= 0 {
		n--
	}
	return n
}

// code reads an inline code span, or the backticks alone where none closes it. Where the last run of each length begins is looked up once,
// so a search that fails costs nothing.
func (l *lexer) code(i int) int {
	if l.ticks == nil {
		l.ticks = map[int]int{}
		for at := i; at < len(l.s); {
			k := strings.IndexByte(l.s[at:], '`')
			if k < 0 {
				break
			}
			n := runLength(l.s[at+k:], '`')
			l.ticks[n] = at + k
			at += k + n
		}
	}
	n := runLength(l.s[i:], '`')
	if l.ticks[n] <= i {
		return l.emit(i, i+n, Punct)
	}
	for j := i + n; ; {
		j += strings.IndexByte(l.s[j:], '`')
		m := runLength(l.s[j:], '`')
		if j += m; m == n {
			return l.emit(i, j, Code)
		}
	}
}

func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

func (l *lexer) emphasis(i int, c byte) int {
	n := runLength(l.s[i:], c)
	spaced := (i == 0 || class[l.s[i-1]]&classBlank != 0) && (i+n >= len(l.s) || class[l.s[i+n]]&classBlank != 0)
	if spaced || n > 3 {
		return l.emit(i, i+n, Punct)
	}
	return l.emit(i, i+n, Emph)
}

// target returns where the ")" of a link's destination ends; i is the byte after "(". 0 where this is no destination.
func (l *lexer) target(i int) int {
	s := l.s[i:min(len(l.s), i+maxTarget)]
	if next := strings.Index(s, "]("); next >= 0 {
		s = s[:next] // so that no byte is read for two links
	}
	depth := 0
	for n := 0; n < len(s); n++ {
		switch c := s[n]; {
		case c == '\\':
			n++
		case c == '<' && n == 0:
			close := strings.IndexAny(s, ">\n")
			if close < 0 || s[close] == '\n' {
				return 0
			}
			n = close
		case c == '(':
			depth++
		case c == ')' && depth == 0:
			return i + n + 1
		case c == ')':
			depth--
		case class[c]&classBlank != 0:
			return l.title(i, s, n)
		}
	}
	return 0
}

// title returns where the ")" after a link's title ends; the destination ends at s[n].
func (l *lexer) title(i int, s string, n int) int {
	for n < len(s) && class[s[n]]&classBlank != 0 {
		n++
	}
	if n >= len(s) {
		return 0
	}
	quote := s[n]
	if quote == ')' {
		return i + n + 1
	}
	if quote != '"' && quote != '\'' {
		return 0
	}
	for n++; n < len(s); n++ {
		if s[n] == '\\' {
			n++
		} else if s[n] == quote && n+1 < len(s) && s[n+1] == ')' {
			return i + n + 2
		} else if s[n] == '\n' && n+1 < len(s) && s[n+1] == '\n' {
			return 0
		}
	}
	return 0
}

// angle reads <https://…> or <tag …> within a line.
func (l *lexer) angle(i int) (end int, kind TokenKind) {
	s := l.s[i:min(len(l.s), i+maxTag)]
	if len(s) < 3 || class[s[1]]&classLetter == 0 && s[1] != '/' {
		return 0, 0
	}
	n := strings.IndexAny(s[1:], "<>\n") + 1
	if n <= 0 || s[n] != '>' {
		return 0, 0
	}
	if hasFold(s[1:], "http://") || hasFold(s[1:], "https://") {
		return i + n + 1, URL
	}
	return i + n + 1, Tag
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// wordKind tells names, numbers, versions and paths from words.
func wordKind(w string) TokenKind {
	var letters, lowers, digits, dots, slashes, unders, other int
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case class[c]&classUpper != 0:
			letters++
		case class[c]&classLetter != 0:
			letters, lowers = letters+1, lowers+1
		case class[c]&classDigit != 0:
			digits++
		case c == '.':
			dots++
		case c == '/':
			slashes++
		case c == '_':
			unders++
		default:
			other++
		}
	}
	switch {
	case IsEnvName(w):
		return Env
	case digits > 0 && dots > 0 && isVersion(w):
		return Version
	case digits > 0 && slashes+unders == 0 && class[w[0]]&classDigit != 0 && letters <= 3:
		return Number
	case letters > 0 && (slashes > 0 || dots > 0) && isPath(w, slashes):
		return Path
	}
	return Word
}

// isVersion reports whether w is digits and dots, at least one of them, perhaps with a sign or v before and a pre-release behind.
func isVersion(w string) bool {
	w = strings.TrimLeft(w, "^~")
	w = strings.TrimPrefix(w, "v")
	n, dots := 0, 0
	for n < len(w) && (class[w[n]]&classDigit != 0 || w[n] == '.') {
		if w[n] == '.' {
			dots++
		}
		n++
	}
	if n == 0 || class[w[0]]&classDigit == 0 || dots == 0 {
		return false
	}
	return n == len(w) || w[n] == '-' && n+1 < len(w) || w[n] == '.' || (w[n] == 'x' && n+1 == len(w))
}

// isPath reports whether w names a file or folder: it has an extension that files have, or begins like a path.
func isPath(w string, slashes int) bool {
	if strings.HasPrefix(w, "./") || strings.HasPrefix(w, "../") || strings.HasPrefix(w, "/") {
		return true
	}
	if w[0] == '.' {
		return len(w) > 1 && class[w[1]]&classLetter != 0
	}
	dot := strings.LastIndexByte(w, '.')
	return dot > 0 && IsFileExtension(w[dot+1:]) || slashes > 1 && w[0] != '@'
}

// IsEnvName reports whether w is written like an environment variable: capitals, digits and at least one underscore.
func IsEnvName(w string) bool {
	if strings.HasPrefix(w, "$") {
		w = w[1:]
	}
	unders := 0
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case c == '_':
			unders++
		case class[c]&classUpper != 0:
		case class[c]&classDigit != 0 && i > 0:
		default:
			return false
		}
	}
	return unders > 0 && len(w) >= 4 && class[w[0]]&classUpper != 0 && w[len(w)-1] != '_'
}
