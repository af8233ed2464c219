package docs

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Slug returns the anchor that GitHub gives a heading with this plain text, not numbered: in lower case, without anything but letters, marks,
// digits, connectors, hyphens and blanks, blanks as hyphens.
func Slug(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i, r := range text {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '_':
			b.WriteByte(byte(r))
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r == ' ':
			b.WriteByte('-')
		case r > unicode.MaxASCII:
			writeSlugRune(&b, text, i, r)
		}
	}
	return b.String()
}

// writeSlugRune writes the lower case of a letter beyond ASCII, by Unicode's full mapping.
func writeSlugRune(b *strings.Builder, text string, i int, r rune) {
	switch {
	case r == 'İ':
		b.WriteString("i\u0307")
	case r == 'Σ' && endsWord(text, i):
		b.WriteRune('ς')
	case unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic):
		b.WriteRune(unicode.ToLower(r))
	}
}

// endsWord reports whether the Σ at an offset ends a word of several letters (Unicode §3.13, Final_Sigma).
func endsWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(text[:i], unicode.IsMark))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text[i+len("Σ"):], unicode.IsMark))
	return unicode.IsLetter(before) && !unicode.IsLetter(after)
}

// Slugger numbers the anchors of one file as GitHub does: one that is taken gets -1, -2 …, also where the file has a heading that reads so.
// The zero Slugger is ready to use.
type Slugger struct{ taken map[string]int }

// Next returns the anchor of the next heading with this slug.
func (s *Slugger) Next(slug string) string {
	if s.taken == nil {
		s.taken = map[string]int{}
	}
	anchor := slug
	for {
		if _, ok := s.taken[anchor]; !ok {
			break
		}
		s.taken[slug]++
		anchor = slug + "-" + strconv.Itoa(s.taken[slug])
	}
	s.taken[anchor] = 0
	return anchor
}
