package facts

import (
	"strings"
	"testing"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

func TestHiddenNamesWhatItIs(t *testing.T) {
	for text, want := range map[string]string{
		"a\u200bb":                      "zero width space ⟨U+200B⟩",
		"a\u00adb":                      "soft hyphen ⟨U+00AD⟩",
		"a\x1b[31mb":                    "escape character (of terminals) ⟨U+001B⟩",
		"a\x00":                         "control character ⟨U+0000⟩",
		"a\u0085b":                      "control character ⟨U+0085⟩",
		"a\u202eb":                      "direction mark ⟨U+202E⟩",
		"a\ufe01b":                      "variation selector ⟨U+FE01⟩",
		"a\U000e0041b":                  "tag character ⟨U+E0041⟩",
		"a\ue000b":                      "private use character ⟨U+E000⟩",
		"a\U0010ffffb":                  "noncharacter ⟨U+10FFFF⟩",
		"a\u2061b":                      "format character ⟨U+2061⟩",
		"a\u034fb":                      "invisible character ⟨U+034F⟩",
		"a\u200b\u200b\U000e0041b":      "3 hidden characters in a row, the first a zero width space ⟨U+200B⟩",
		"plain, naïve, 東京, \t\n":        "",
		"\U0001F468\u200d\U0001F469 ✔️": "",
		"":                              "",
	} {
		got := Hidden(&source.File{Path: "a.md", Text: text})
		if want == "" {
			if len(got) != 0 {
				t.Errorf("%q: %+v", text, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Message != want || got[0].ID != "hidden-text" || got[0].Severity != diag.Error {
			t.Errorf("%q: %+v, want %q", text, got, want)
		}
	}
}

func TestHiddenPlaces(t *testing.T) {
	got := Hidden(&source.File{Path: "a.md", Text: "fine\né\u200b\u200bx\u2060\n"})
	want := []diag.Place{
		{File: "a.md", Line: 2, Col: 2, End: 4, Text: "é\u200b\u200bx\u2060"},
		{File: "a.md", Line: 2, Col: 5, End: 6, Text: "é\u200b\u200bx\u2060"},
	}
	if len(got) != 2 || got[0].Place != want[0] || got[1].Place != want[1] {
		t.Errorf("got %+v", got)
	}
}

func TestHiddenFloodIsCounted(t *testing.T) {
	got := Hidden(&source.File{Path: "a.md", Text: strings.Repeat("a\u200b\u200b ", 5000)})
	if len(got) != flood+1 || got[flood].Message != "9980 more hidden characters in this file" || got[flood].Place != (diag.Place{File: "a.md"}) {
		t.Errorf("%d findings, the last %+v", len(got), got[len(got)-1])
	}
}

func TestHiddenOnlyInText(t *testing.T) {
	if got := Hidden(&source.File{Path: "a.png", Kind: source.Binary, Text: "\x00\x01"}); got != nil {
		t.Errorf("got %+v", got)
	}
}
