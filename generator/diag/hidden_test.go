package diag

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestHiddenRuneIsTheWholeSet(t *testing.T) {
	for r := rune(-2); r <= unicode.MaxRune+0x20000; r++ {
		want := r >= 0 && r <= unicode.MaxRune && r != '\n' && r != '\t' &&
			(unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) ||
				unicode.Is(unicode.Noncharacter_Code_Point, r))
		if got := HiddenRune(r); got != want {
			t.Errorf("HiddenRune(%U) = %v", r, got)
		}
	}
}

func hidden(s string) string {
	var all []string
	for i, r := range Hidden(s) {
		all = append(all, fmt.Sprintf("%d:%04X", i, r))
	}
	return strings.Join(all, " ")
}

func TestHiddenNearMisses(t *testing.T) {
	for name, s := range map[string]string{
		"plain":                       "a\tb\n",
		"accents, composed and not":   "é e\u0301 ŝ",
		"chinese, japanese, korean":   "中文 日本語 ｶﾅ 한국어",
		"thai, hebrew, greek, cyril":  "ภาษาไทย עִבְרִית ελληνικά кириллица",
		"emoji":                       "🎉👍",
		"emoji with selector":         "❤️ ☺️ ™️ ↔️ 〰️ ㊗️ 🅰️ 🌶️",
		"family":                      "👨‍👩‍👧‍👦 👩‍👩‍👧",
		"professions and skin tones":  "👩‍⚕️ 🧑🏽‍💻 👨🏿‍🚒 🤦🏻‍♂️",
		"couple with heart":           "👩‍❤️‍💋‍👨",
		"eye in speech bubble":        "👁️‍🗨️",
		"heart on fire, broken chain": "❤️‍🔥 ⛓️‍💥",
		"head shaking, arrows":        "🙂‍↔️ 🏃‍➡️",
		"black cat and bird, lime":    "🐈‍⬛ 🐦‍⬛ 🍋‍🟩",
		"keycaps":                     "1️⃣ 0️⃣ #️⃣ *️⃣ 1⃣",
		"flags":                       "🇩🇪 🇯🇵🇺🇦",
		"rainbow, trans, pirate flag": "🏳️‍🌈 🏳️‍⚧️ 🏴‍☠️",
		"england, scotland, wales":    "🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿",
		"persian":                     "می‌خواهم کتاب‌ها را",
		"persian with vowel signs":    "مِی‌خواهم نامهٔ‌من",
		"hindi":                       "क्‍ष क्‌ष श्री",
		"marathi":                     "दर्‍या",
		"bengali":                     "র‍্যাব কর্‌ম",
		"kannada":                     "ರ‍್ಕ",
		"malayalam, also at the end":  "നന്‍മ അവന്‍ അവര്‍.",
		"sinhala":                     "ශ්‍රී ලංකාව ක්‍රියා",
		"tamil, telugu, gujarati":     "க்‌ஷ ర్‌క ક્‍ષ",
		"khmer subscript":             "ស្រ្តី",
		"mongolian":                   "ᠮᠣᠩ‍ᠭᠣᠯ",
		"syriac, n'ko":                "ܡ‌ܢ ߒ‌ߞ",
		"replacement character":       "\ufffd",
		"symbols":                     "→ ⟨⟩ ∀ ░ ﷽ ①",
	} {
		if got := hidden(s); got != "" {
			t.Errorf("%s: %q is reported: %s", name, s, got)
		}
	}
}

func TestHidden(t *testing.T) {
	for _, tt := range []struct{ name, s, want string }{
		{"zero width space", "a\u200bb", "1:200B"},
		{"byte order mark inside", "a\ufeff", "1:FEFF"},
		{"direction", "a\u202eb\u2066c\u200f", "1:202E 5:2066 9:200F"},
		{"soft hyphen, word joiner, invisible plus", "\u00ad\u2060\u2064", "0:00AD 2:2060 5:2064"},
		{"control characters", "\x00\x07\x1b[31m\x7f\u0085\u009b\r", "0:0000 1:0007 2:001B 7:007F 8:0085 10:009B 12:000D"},
		{"private use", "\ue000\U000f0000\U0010fffd", "0:E000 3:F0000 7:10FFFD"},
		{"noncharacters", "\ufdd0\ufffe\U0001ffff", "0:FDD0 3:FFFE 6:1FFFF"},
		{"fillers", "\u115f\u3164\uffa0\u034f\u17b4", "0:115F 3:3164 6:FFA0 9:034F 11:17B4"},
		{"tags", "a\U000e0001\U000e0068\U000e0069", "1:E0001 5:E0068 9:E0069"},
		{"tags after a flag that is none", "🏴\U000e0075\U000e0073\U000e007f", "4:E0075 8:E0073 12:E007F"},
		{"a flag that is cut short", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067", "4:E0067 8:E0062 12:E0065 16:E006E 20:E0067"},
		{"tags behind a whole flag", tagFlag("gbeng") + "\U000e0061\U000e007f", "28:E0061 32:E007F"},
		{"tags of a flag without it", tagFlag("gbwls")[4:], "0:E0067 4:E0062 8:E0077 12:E006C 16:E0073 20:E007F"},
		{"selector after a letter", "a\ufe0f", "1:FE0F"},
		{"selector at the start", "\ufe0fa", "0:FE0F"},
		{"selector after a digit", "1\ufe0f", "1:FE0F"},
		{"two selectors", "❤\ufe0f\ufe0f", "6:FE0F"},
		{"text selector", "❤\ufe0e", "3:FE0E"},
		{"other selectors", "a\ufe00\U000e0100", "1:FE00 4:E0100"},
		{"joiner at the start", "\u200da", "0:200D"},
		{"joiner between latin letters", "a\u200db\u200cc", "1:200D 5:200C"},
		{"joiner after an emoji", "👩\u200d", "4:200D"},
		{"joiner between emoji and letter", "👩\u200da", "4:200D"},
		{"joiner between digits and emoji", "1\u200d👩", "1:200D"},
		{"two joiners in an emoji", "👩\u200d\u200d👩", "4:200D 7:200D"},
		{"non-joiner in an emoji", "👩\u200c👩", "4:200C"},
		{"two non-joiners in persian", "می\u200c\u200cخ", "4:200C 7:200C"},
		{"non-joiner at the end of a persian word", "می\u200c ", "4:200C"},
		{"non-joiner between scripts", "می\u200cक", "4:200C"},
		{"non-joiner between arabic digits", "١\u200c٢", "2:200C"},
		{"non-joiner between and before hindi digits", "१\u200c२ क\u200c२", "3:200C 13:200C"},
		{"joiner in thai", "ก\u200dข", "3:200D"},
		{"bytes that are no UTF-8", "\xff\x80a\u200b\xe2\x80", "3:200B"},
	} {
		if got := hidden(tt.s); got != tt.want {
			t.Errorf("%s: %q: got %s, want %s", tt.name, tt.s, got, tt.want)
		}
	}
}

func TestHiddenStops(t *testing.T) {
	n := 0
	for range Hidden("\u200b\u200b\u200b") {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("the loop ran %d times", n)
	}
}

func FuzzTerminal(f *testing.F) {
	for _, s := range []string{"", "a\u200bb\xff\n", "👨‍👩‍👧", "می‌خواهم", tagFlag("gbeng")[:20]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := Terminal(s)
		if !utf8.ValidString(out) {
			t.Fatalf("%q is no UTF-8", out)
		}
		for i, r := range out {
			if r < 0x20 || r >= 0x7f && r < 0xa0 {
				t.Fatalf("%q holds the control character %U at %d", out, r, i)
			}
		}
		if Terminal(out) != out {
			t.Fatalf("%q is escaped twice", out)
		}
		for range Hidden(s) {
			if out == s {
				t.Fatalf("%q is printed as it is", s)
			}
		}
	})
}

func BenchmarkHidden(b *testing.B) {
	for name, s := range map[string]string{
		"ascii": strings.Repeat("Some documentation, in plain words.\n", 30_000), "chinese": strings.Repeat("一些文档，用简单的话。\n", 30_000),
		"hostile": strings.Repeat("a\u0301\u200d", 200_000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				for range Hidden(s) {
				}
			}
		})
	}
}
