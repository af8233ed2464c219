package source

import (
	"strings"
	"testing"

	"skillgen/generator/diag"
)

func TestLines(t *testing.T) {
	huge := strings.Repeat("x", 1<<20)
	tests := []struct {
		name, text   string
		offset       int
		line, starts int
		lineText     string
	}{
		{"empty file", "", 0, 1, 0, ""},
		{"first byte", "ab\ncd\n", 0, 1, 0, "ab"},
		{"line end belongs to its line", "ab\ncd\n", 2, 1, 0, "ab"},
		{"next line", "ab\ncd\n", 3, 2, 3, "cd"},
		{"end after a line end", "ab\ncd\n", 6, 3, 6, ""},
		{"end without line end", "ab\ncd", 5, 2, 3, "cd"},
		{"beyond the end", "ab\ncd", 99, 2, 3, "cd"},
		{"blank lines", "\n\n\n", 2, 3, 2, ""},
		{"huge lines", huge + "\n" + huge, len(huge) + 1 + 77, 2, len(huge) + 1, huge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := NewFile("f", []byte(tt.text))
			if got := f.Line(tt.offset); got != tt.line {
				t.Errorf("Line(%d) = %d, want %d", tt.offset, got, tt.line)
			}
			if got := f.Offset(tt.line); got != tt.starts {
				t.Errorf("Offset(%d) = %d, want %d", tt.line, got, tt.starts)
			}
			if got := f.LineText(tt.line); got != tt.lineText {
				t.Errorf("LineText(%d) = %.20q, want %.20q", tt.line, got, tt.lineText)
			}
		})
	}
	f := NewFile("f", []byte("a\nb"))
	if f.Offset(0) != 0 || f.Offset(-3) != 0 || f.Offset(3) != 3 || f.Offset(99) != 3 || f.LineText(99) != "" {
		t.Error("lines outside the file do not end at its edges")
	}
}

func TestPlace(t *testing.T) {
	f := NewFile("f.md", []byte("\xef\xbb\xbfone\r\nzwei über 日本語 👩‍👩‍👧 end\r\n\r\nlast"))
	second := "zwei über 日本語 👩‍👩‍👧 end"
	at := func(s string) int { return strings.Index(f.Text, s) }
	tests := []struct {
		name       string
		start, end int
		want       diag.Place
	}{
		{"first", 0, 3, diag.Place{Line: 1, Col: 1, End: 4, Text: "one"}},
		{"point", 1, 1, diag.Place{Line: 1, Col: 2, End: 2, Text: "one"}},
		{"columns are code points", at("日本"), at("日本") + len("日本"), diag.Place{Line: 2, Col: 11, End: 13, Text: second}},
		{"behind an emoji of five code points", at("end"), at("end") + 3, diag.Place{Line: 2, Col: 21, End: 24, Text: second}},
		{"over several lines: on the first", 1, at("last"), diag.Place{Line: 1, Col: 2, End: 4, Text: "one"}},
		{"line end", 3, 4, diag.Place{Line: 1, Col: 4, End: 4, Text: "one"}},
		{"blank line", at("\n\nlast") + 1, at("\n\nlast") + 1, diag.Place{Line: 3, Col: 1, End: 1}},
		{"end of file", len(f.Text), len(f.Text), diag.Place{Line: 4, Col: 5, End: 5, Text: "last"}},
		{"end before start", 2, 1, diag.Place{Line: 1, Col: 3, End: 3, Text: "one"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.File = "f.md"
			if got := (Span{f, tt.start, tt.end}).Place(); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
	if got := (Span{}).Place(); got != (diag.Place{}) {
		t.Errorf("place of no file: %+v", got)
	}
	latin := NewFile("l", []byte("a\xe4\xf6b"))
	if got, want := (Span{latin, 2, 3}).Place(), (diag.Place{File: "l", Line: 1, Col: 3, End: 4, Text: "a\xe4\xf6b"}); got != want {
		t.Errorf("bytes that are no UTF-8 count one each: %+v", got)
	}
}
