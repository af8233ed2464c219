package diag

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HiddenRune reports whether a reader does not see r, or can't know what it is: control characters but newline and tab, format characters
// (Cf), variation selectors and the other default-ignorable code points, noncharacters, private use. Where a character may stand all the
// same, see Hidden.
func HiddenRune(r rune) bool {
	switch {
	case r < 0x20:
		return r >= 0 && r != '\n' && r != '\t'
	case r < 0xa0:
		return r >= 0x7f
	case r < 0x34f:
		return r == 0xad
	case r >= 0x3165 && r < 0xe000: // East Asian letters, and surrogates, which no UTF-8 holds
		return false
	case r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
		return r <= unicode.MaxRune
	}
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Hidden yields the byte offset and value of each character of s that HiddenRune names, but for those that writing needs where they stand:
// U+FE0F and U+200D in an emoji sequence, the tags in the flags of England, Scotland and Wales, U+200C and U+200D between letters of a
// script whose letters join. Bytes that are no UTF-8 are passed over. It takes time in line with the length of s.
func Hidden(s string) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		for i := 0; i < len(s); {
			if c := s[i]; c >= 0x20 && c < 0x7f {
				i++
				continue
			}
			r, n := utf8.DecodeRuneInString(s[i:])
			if hiddenAt(s, i, r, n) && !yield(i, r) {
				return
			}
			i += n
		}
	}
}

// hiddenAt reports whether r, of n bytes at offset i of s, is hidden there.
func hiddenAt(s string, i int, r rune, n int) bool {
	if !HiddenRune(r) {
		return false
	}
	before, after := s[:i], s[i+n:]
	switch {
	case r == variationSelector16:
		return !presentsEmoji(before, after)
	case r == zeroWidthJoiner:
		return !joinsEmoji(before, after) && !joinsLetters(before, after)
	case r == zeroWidthNonJoiner:
		return !joinsLetters(before, after)
	case r >= 0xe0020 && r <= 0xe007f:
		return !inFlag(s, i)
	}
	return true
}

const (
	zeroWidthNonJoiner  = 0x200c
	zeroWidthJoiner     = 0x200d
	enclosingKeycap     = 0x20e3
	variationSelector16 = 0xfe0f
)

// presentsEmoji reports whether a variation selector 16 makes an emoji of what stands before it (UTS #51, ED-9a and ED-14c).
func presentsEmoji(before, after string) bool {
	prev, _ := utf8.DecodeLastRuneInString(before)
	if prev >= '0' && prev <= '9' || prev == '#' || prev == '*' {
		next, _ := utf8.DecodeRuneInString(after)
		return next == enclosingKeycap
	}
	return isEmoji(prev)
}

// joinsEmoji reports whether a joiner stands between two emoji (UTS #51, ED-16); the first may have a skin tone or a selector.
func joinsEmoji(before, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	if !isEmoji(next) {
		return false
	}
	prev, n := utf8.DecodeLastRuneInString(before)
	if prev == variationSelector16 {
		prev, _ = utf8.DecodeLastRuneInString(before[:len(before)-n])
	}
	return isEmoji(prev)
}

// maxMarks is how many marks are looked through to find the letter that carries them.
const maxMarks = 8

// joinsLetters reports whether a joiner or non-joiner stands where scripts need one: after a virama, or between a letter and another letter
// or mark of the same joining script (RFC 5892, appendix A.1 and A.2, with scripts in place of joining types).
func joinsLetters(before, after string) bool {
	prev, n := utf8.DecodeLastRuneInString(before)
	if unicode.Is(viramas, prev) {
		return true
	}
	for range maxMarks {
		if !unicode.Is(unicode.Mn, prev) && !unicode.Is(unicode.Mc, prev) {
			break
		}
		before = before[:len(before)-n]
		prev, n = utf8.DecodeLastRuneInString(before)
	}
	next, _ := utf8.DecodeRuneInString(after)
	for _, script := range joiningScripts {
		if unicode.Is(script, prev) {
			return unicode.IsLetter(prev) && unicode.Is(script, next) && (unicode.IsLetter(next) || unicode.IsMark(next))
		}
	}
	return false
}

// joiningScripts are the scripts whose letters take another form beside each other.
var joiningScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mandaic, unicode.Mongolian, unicode.Phags_Pa, unicode.Adlam, unicode.Hanifi_Rohingya,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
	unicode.Malayalam, unicode.Sinhala, unicode.Tibetan, unicode.Myanmar, unicode.Khmer, unicode.Balinese, unicode.Javanese, unicode.Sundanese,
	unicode.Meetei_Mayek, unicode.Saurashtra, unicode.Grantha, unicode.Brahmi, unicode.Chakma, unicode.Sharada, unicode.Newa, unicode.Tirhuta,
}

// viramas are the signs of those scripts that take away a consonant's vowel (canonical combining class 9).
var viramas = &unicode.RangeTable{R16: []unicode.Range16{
	{0x094d, 0x094d, 1}, {0x09cd, 0x09cd, 1}, {0x0a4d, 0x0a4d, 1}, {0x0acd, 0x0acd, 1}, {0x0b4d, 0x0b4d, 1}, {0x0bcd, 0x0bcd, 1},
	{0x0c4d, 0x0c4d, 1}, {0x0ccd, 0x0ccd, 1}, {0x0d3b, 0x0d3c, 1}, {0x0d4d, 0x0d4d, 1}, {0x0dca, 0x0dca, 1}, {0x0f84, 0x0f84, 1},
	{0x1039, 0x103a, 1}, {0x17d2, 0x17d2, 1}, {0x1b44, 0x1b44, 1}, {0x1baa, 0x1bab, 1}, {0xa8c4, 0xa8c4, 1}, {0xa9c0, 0xa9c0, 1},
}}

// flags are the only tag sequences in use (UTS #51, annex C.1). Others could hold any text, unseen.
var flags = []string{tagFlag("gbeng"), tagFlag("gbsct"), tagFlag("gbwls")}

func tagFlag(region string) string {
	var b strings.Builder
	b.WriteRune(0x1f3f4)
	for _, c := range region {
		b.WriteRune(0xe0000 + c)
	}
	b.WriteRune(0xe007f)
	return b.String()
}

// inFlag reports whether the tag at offset i of s is part of a whole flag.
func inFlag(s string, i int) bool {
	for _, flag := range flags {
		for start := i - 4; start >= 0 && start > i-len(flag); start -= 4 { // each code point of a flag takes four bytes
			if strings.HasPrefix(s[start:], flag) {
				return true
			}
		}
	}
	return false
}

// isEmoji reports whether r can be part of an emoji sequence: property Emoji without digits, # and *, and all blocks of pictographs.
func isEmoji(r rune) bool {
	if r >= 0x1f000 && r <= 0x1faff {
		return true
	}
	return unicode.Is(emoji, r)
}

// emoji are the code points below U+10000 with the property Emoji (emoji-data.txt of Unicode 16), without digits, # and *.
var emoji = &unicode.RangeTable{LatinOffset: 2, R16: []unicode.Range16{
	{0x00a9, 0x00a9, 1}, {0x00ae, 0x00ae, 1}, {0x203c, 0x203c, 1}, {0x2049, 0x2049, 1}, {0x2122, 0x2122, 1}, {0x2139, 0x2139, 1},
	{0x2194, 0x2199, 1}, {0x21a9, 0x21aa, 1}, {0x231a, 0x231b, 1}, {0x2328, 0x2328, 1}, {0x23cf, 0x23cf, 1}, {0x23e9, 0x23f3, 1},
	{0x23f8, 0x23fa, 1}, {0x24c2, 0x24c2, 1}, {0x25aa, 0x25ab, 1}, {0x25b6, 0x25b6, 1}, {0x25c0, 0x25c0, 1}, {0x25fb, 0x25fe, 1},
	{0x2600, 0x2604, 1}, {0x260e, 0x260e, 1}, {0x2611, 0x2611, 1}, {0x2614, 0x2615, 1}, {0x2618, 0x2618, 1}, {0x261d, 0x261d, 1},
	{0x2620, 0x2620, 1}, {0x2622, 0x2623, 1}, {0x2626, 0x2626, 1}, {0x262a, 0x262a, 1}, {0x262e, 0x262f, 1}, {0x2638, 0x263a, 1},
	{0x2640, 0x2640, 1}, {0x2642, 0x2642, 1}, {0x2648, 0x2653, 1}, {0x265f, 0x2660, 1}, {0x2663, 0x2663, 1}, {0x2665, 0x2666, 1},
	{0x2668, 0x2668, 1}, {0x267b, 0x267b, 1}, {0x267e, 0x267f, 1}, {0x2692, 0x2697, 1}, {0x2699, 0x2699, 1}, {0x269b, 0x269c, 1},
	{0x26a0, 0x26a1, 1}, {0x26a7, 0x26a7, 1}, {0x26aa, 0x26ab, 1}, {0x26b0, 0x26b1, 1}, {0x26bd, 0x26be, 1}, {0x26c4, 0x26c5, 1},
	{0x26c8, 0x26c8, 1}, {0x26ce, 0x26cf, 1}, {0x26d1, 0x26d1, 1}, {0x26d3, 0x26d4, 1}, {0x26e9, 0x26ea, 1}, {0x26f0, 0x26f5, 1},
	{0x26f7, 0x26fa, 1}, {0x26fd, 0x26fd, 1}, {0x2702, 0x2702, 1}, {0x2705, 0x2705, 1}, {0x2708, 0x270d, 1}, {0x270f, 0x270f, 1},
	{0x2712, 0x2712, 1}, {0x2714, 0x2714, 1}, {0x2716, 0x2716, 1}, {0x271d, 0x271d, 1}, {0x2721, 0x2721, 1}, {0x2728, 0x2728, 1},
	{0x2733, 0x2734, 1}, {0x2744, 0x2744, 1}, {0x2747, 0x2747, 1}, {0x274c, 0x274c, 1}, {0x274e, 0x274e, 1}, {0x2753, 0x2755, 1},
	{0x2757, 0x2757, 1}, {0x2763, 0x2764, 1}, {0x2795, 0x2797, 1}, {0x27a1, 0x27a1, 1}, {0x27b0, 0x27b0, 1}, {0x27bf, 0x27bf, 1},
	{0x2934, 0x2935, 1}, {0x2b05, 0x2b07, 1}, {0x2b1b, 0x2b1c, 1}, {0x2b50, 0x2b50, 1}, {0x2b55, 0x2b55, 1}, {0x3030, 0x3030, 1},
	{0x303d, 0x303d, 1}, {0x3297, 0x3297, 1}, {0x3299, 0x3299, 1},
}}
