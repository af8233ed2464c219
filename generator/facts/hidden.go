package facts

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Hidden finds characters in f that a reader does not see and an agent does (diag.Hidden says which). Characters side by side are one
// finding; of a file with very many, the first ten are reported and the rest is counted.
func Hidden(f *source.File) []diag.Finding {
	if f.Kind != source.Text {
		return nil
	}
	var out []diag.Finding
	var run hiddenRun
	left := 0 // characters beyond the flood
	report := func() {
		switch {
		case run.count == 0:
		case len(out) < flood:
			out = append(out, run.finding(f))
		default:
			left += run.count
		}
	}
	for offset, r := range diag.Hidden(f.Text) {
		if offset != run.end || run.count == 0 {
			report()
			run = hiddenRun{start: offset, first: r}
		}
		run.count++
		run.end = offset + utf8.RuneLen(r)
	}
	report()
	if left > 0 {
		out = append(out, diag.New("hidden-text", diag.Place{File: f.Path}, fmt.Sprintf("%d more hidden characters in this file", left),
			"is the whole file meant to be text? Then delete them all"))
	}
	return out
}

// hiddenRun is count hidden characters side by side, in bytes [start, end).
type hiddenRun struct {
	start, end, count int
	first             rune
}

func (h hiddenRun) finding(f *source.File) diag.Finding {
	message := fmt.Sprintf("%s ⟨U+%04X⟩", hiddenName(h.first), h.first)
	what := "it"
	if h.count > 1 {
		message = fmt.Sprintf("%d hidden characters in a row, the first a %s", h.count, message)
		what = "them"
	}
	return diag.New("hidden-text", source.Span{File: f, Start: h.start, End: h.end}.Place(), message,
		fmt.Sprintf("delete %s: an agent reads what a reader does not see. Code that needs such a character can write an escape", what))
}

// hiddenNames are what people call the hidden characters that they meet most.
var hiddenNames = map[rune]string{
	0x1b: "escape character (of terminals)", 0xad: "soft hyphen", 0x200b: "zero width space", 0x200c: "zero width non-joiner",
	0x200d: "zero width joiner", 0x2060: "word joiner", 0xfeff: "byte order mark", 0x3164: "Hangul filler",
}

// bidi are the characters that change the direction in which text is shown (UAX #9).
var bidi = &unicode.RangeTable{R16: []unicode.Range16{{0x061c, 0x061c, 1}, {0x200e, 0x200f, 1}, {0x202a, 0x202e, 1}, {0x2066, 0x2069, 1}}}

// hiddenName names a hidden character, or the class that it is of.
func hiddenName(r rune) string {
	if name, ok := hiddenNames[r]; ok {
		return name
	}
	switch {
	case unicode.Is(unicode.Cc, r):
		return "control character"
	case unicode.Is(bidi, r):
		return "direction mark"
	case unicode.Is(unicode.Variation_Selector, r):
		return "variation selector"
	case r >= 0xe0000 && r <= 0xe007f:
		return "tag character"
	case unicode.Is(unicode.Co, r):
		return "private use character"
	case unicode.Is(unicode.Cf, r):
		return "format character"
	case unicode.Is(unicode.Noncharacter_Code_Point, r):
		return "noncharacter"
	}
	return "invisible character"
}
