package source

import "strings"

// glob is a compiled pattern with the meaning of git's wildmatch and its flag WM_PATHNAME: "*", "?" and classes never match a slash, "**"
// between slashes matches any number of folders. Matching takes time in line with len(pattern) × len(name), whatever the pattern.
type glob struct {
	tokens []token
}

type token struct {
	kind tokenKind
	char byte    // literal
	set  byteSet // class
}

type tokenKind uint8

const (
	literal  tokenKind = iota
	class              // one byte of a set; "?" too
	star               // any bytes but slashes
	starStar           // any bytes
	optional           // matches nothing; the two tokens behind it, starStar and a slash, may be left out
	never              // malformed: no match
)

type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]>>(c&63)&1 == 1 }

func compile(pattern string) *glob {
	g := &glob{}
	for i := 0; i < len(pattern); {
		switch c := pattern[i]; c {
		case '\\':
			if i+1 == len(pattern) {
				g.tokens = append(g.tokens, token{kind: never})
				return g
			}
			g.tokens = append(g.tokens, token{kind: literal, char: pattern[i+1]})
			i += 2
		case '?':
			t := token{kind: class, set: byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}}
			g.tokens = append(g.tokens, t)
			i++
		case '*':
			n := len(pattern[i:]) - len(strings.TrimLeft(pattern[i:], "*"))
			g.tokens = append(g.tokens, stars(pattern, i, n)...)
			i += n
		case '[':
			set, n := compileClass(pattern[i:])
			if n == 0 {
				g.tokens = append(g.tokens, token{kind: never})
				return g
			}
			g.tokens = append(g.tokens, token{kind: class, set: set})
			i += n
		default:
			g.tokens = append(g.tokens, token{kind: literal, char: c})
			i++
		}
	}
	return g
}

// stars says what n stars at offset i of a pattern mean.
func stars(pattern string, i, n int) []token {
	after := pattern[i+n:]
	switch {
	case n == 1 || i > 0 && pattern[i-1] != '/':
		return []token{{kind: star}}
	case strings.HasPrefix(after, "/"):
		return []token{{kind: optional}, {kind: starStar}}
	case after == "" || strings.HasPrefix(after, `\/`):
		return []token{{kind: starStar}}
	}
	return []token{{kind: star}}
}

// compileClass compiles the class at the start of s, and returns its length; 0 where it is malformed.
func compileClass(s string) (set byteSet, n int) {
	r := classReader{s: s, i: 1}
	negated := len(s) > 1 && (s[1] == '!' || s[1] == '^')
	if negated {
		r.i++
	}
	for first := true; first || r.i < len(s) && s[r.i] != ']'; first = false {
		if !r.member() {
			return set, 0
		}
	}
	if r.i >= len(s) {
		return set, 0
	}
	if negated {
		for j := range r.set {
			r.set[j] = ^r.set[j]
		}
	}
	return r.set, r.i + 1
}

// classReader reads the members of a class one by one.
type classReader struct {
	s    string
	i    int
	set  byteSet
	prev byte // what a range can begin with; 0 where none can
}

// member reads one member, and reports whether it is well-formed.
func (r *classReader) member() bool {
	if r.i >= len(r.s) {
		return false
	}
	rest := r.s[r.i:]
	switch {
	case rest[0] == '-' && r.prev != 0 && len(rest) > 1 && rest[1] != ']':
		return r.rangeEnd(rest[1:])
	case strings.HasPrefix(rest, "[:"):
		name, _, closed := strings.Cut(rest[2:], "]")
		if !closed {
			return false
		}
		if name, ok := strings.CutSuffix(name, ":"); ok {
			return r.named(name)
		}
	case rest[0] == '\\':
		if r.i++; len(rest) == 1 {
			return false
		}
	}
	r.prev = r.s[r.i]
	r.set.add(r.prev)
	r.i++
	return true
}

// rangeEnd reads what stands behind the dash of a range.
func (r *classReader) rangeEnd(rest string) bool {
	last := strings.TrimPrefix(rest, "\\")
	if last == "" {
		return false
	}
	for b := int(r.prev); b <= int(last[0]); b++ {
		r.set.add(byte(b))
	}
	r.prev = 0
	r.i += 1 + len(rest) - len(last) + 1
	return true
}

// named reads a POSIX class.
func (r *classReader) named(name string) bool {
	in := characterClass(name)
	if in == nil {
		return false
	}
	for b := range 128 {
		if in(byte(b)) {
			r.set.add(byte(b))
		}
	}
	r.prev = 0
	r.i += len("[:") + len(name) + len(":]")
	return true
}

// characterClass returns the members of a POSIX class as git has them, nil for an unknown one.
func characterClass(name string) func(byte) bool {
	lower := func(c byte) bool { return c >= 'a' && c <= 'z' }
	upper := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	graph := func(c byte) bool { return c > ' ' && c < 0x7f }
	alnum := func(c byte) bool { return lower(c) || upper(c) || digit(c) }
	return map[string]func(byte) bool{
		"lower": lower, "upper": upper, "digit": digit, "graph": graph, "alnum": alnum,
		"alpha":  func(c byte) bool { return lower(c) || upper(c) },
		"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
		"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
		"print":  func(c byte) bool { return c >= ' ' && c < 0x7f },
		"punct":  func(c byte) bool { return graph(c) && !alnum(c) },
		"space":  func(c byte) bool { return strings.IndexByte(" \t\n\r", c) >= 0 },
		"xdigit": func(c byte) bool { return digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' },
	}[name]
}

// states says which tokens can come next; the last one stands for the end of the pattern.
type states []bool

// match reports whether the whole name matches.
func (g *glob) match(name string) bool {
	now := g.run(name, false)
	return now != nil && now[len(g.tokens)]
}

// begins reports whether a longer name that begins with name, which ends in a slash, can match. exact leaves out what "**" alone brings.
func (g *glob) begins(name string, exact bool) bool {
	now := g.run(name, exact)
	for i := range now {
		if now[i] && i < len(g.tokens) {
			return true
		}
	}
	return false
}

// run walks all ways through the pattern at once. It returns nil where none is left.
func (g *glob) run(name string, exact bool) states {
	var room [2][64]bool
	now, next := states(room[0][:]), states(room[1][:])
	if n := len(g.tokens) + 1; n <= len(now) {
		now, next = now[:n], next[:n]
	} else {
		now, next = make(states, n), make(states, n)
	}
	g.enter(now, 0)
	for i := range len(name) {
		c := name[i]
		alive := false
		clear(next)
		for j, t := range g.tokens {
			if !now[j] {
				continue
			}
			switch {
			case t.kind == literal && c == t.char, t.kind == class && c != '/' && t.set.has(c):
				g.enter(next, j+1)
				alive = true
			case t.kind == star && c != '/', t.kind == starStar && !exact:
				g.enter(next, j)
				alive = true
			}
		}
		if !alive {
			return nil
		}
		now, next = next, now
	}
	return now
}

// enter marks a token as one that can come next, and those behind it where it can match nothing.
func (g *glob) enter(s states, i int) {
	for !s[i] {
		s[i] = true
		if i == len(g.tokens) {
			return
		}
		switch g.tokens[i].kind {
		case star, starStar:
		case optional:
			g.enter(s, i+3)
		default:
			return
		}
		i++
	}
}
