package source

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const byteOrderMark = "\xef\xbb\xbf"

// normalise tells what kind of file data is, and returns its text; the bytes as they are where it is no text.
func normalise(data []byte) (Kind, string) {
	if _, ok := wideEncoding(string(data[:min(len(data), 4)]), len(data)); ok {
		return Foreign, string(data)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return Binary, string(data)
	}
	text := strings.TrimPrefix(string(data), byteOrderMark)
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		if strings.IndexByte(text, '\r') >= 0 {
			return Binary, string(data)
		}
	}
	if !utf8.ValidString(text) {
		return Foreign, string(data)
	}
	return Text, text
}

// wideEncoding recognises UTF-16 and UTF-32 by their byte order marks. A size that is no multiple of the unit's speaks against them.
func wideEncoding(head string, size int) (string, bool) {
	switch {
	case strings.HasPrefix(head, "\xff\xfe\x00\x00") && size%4 == 0:
		return "UTF-32LE", true
	case strings.HasPrefix(head, "\x00\x00\xfe\xff") && size%4 == 0:
		return "UTF-32BE", true
	case strings.HasPrefix(head, "\xff\xfe") && size%2 == 0:
		return "UTF-16LE", true
	case strings.HasPrefix(head, "\xfe\xff") && size%2 == 0:
		return "UTF-16BE", true
	}
	return "", false
}

// guessEncoding says what text that is no UTF-8 looks like, and where its first byte stands that shows it.
func guessEncoding(text string) (name string, bad int) {
	if name, ok := wideEncoding(text, len(text)); ok {
		return name, 0
	}
	bad = -1
	valid, windows := 0, false
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			if bad < 0 {
				bad = i
			}
			windows = windows || text[i] < 0xa0
		case n > 1:
			valid++
		}
		i += n
	}
	switch {
	case valid > 0:
		return "damaged UTF-8", bad
	case windows: // 0x80 to 0x9F are control characters in Latin-1, and quotes and dashes in Windows-1252
		return "Windows-1252", bad
	}
	return "Latin-1", bad
}
