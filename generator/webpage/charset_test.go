package webpage

import (
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	latin := "<p>caf\xe9</p>"
	for _, c := range []struct{ name, body, header, want, fault string }{
		{"plain UTF-8", "<p>café</p>", "", "<p>café</p>", ""},
		{"header", latin, "text/html; charset=ISO-8859-1", "<p>café</p>", ""},
		{"header in quotes and odd case", latin, `text/html;charset="Windows-1252"`, "<p>café</p>", ""},
		{"header before <meta>", "<meta charset=utf-8>" + latin, "text/html; charset=latin1", "<meta charset=utf-8><p>café</p>", ""},
		{"mark before <meta>", "\ufeff<meta charset=latin1><p>café", "text/html", "<meta charset=latin1><p>café", ""},
		{"UTF-16 by its mark", "\xff\xfe<\x00p\x00>\x00\xe9\x00", "", "<p>é", ""},
		{"UTF-16 the other way round", "\xfe\xff\x00<\x00p\x00>\x00\xe9", "", "<p>é", ""},
		{"UTF-16 by the header", "\xff\xfe<\x00p\x00", "text/html; charset=utf-16", "<p", ""},
		{"<meta charset>", "<!doctype html><html><head><title>x</title><META CharSet = 'iso-8859-15'></head>" + latin, "text/html", "<!doctype html><html><head><title>x</title><META CharSet = 'iso-8859-15'></head><p>café</p>", ""},
		{"<meta http-equiv>", `<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>` + "\xcf\xf0\xe8", "", `<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>При`, ""},
		{"<meta> says UTF-16 and can't be", `<meta charset="utf-16le"><p>é`, "", `<meta charset="utf-16le"><p>é`, ""},
		{"Shift JIS", "<meta charset=shift_jis><p>\x93\xfa\x96{", "", "<meta charset=shift_jis><p>日本", ""},
		{"said to be UTF-8, with one bad byte", "<p>a\xffb", "text/html; charset=utf-8", "<p>a\ufffdb", ""},
		{"<meta> too far down", strings.Repeat(" ", metaWithin) + "<meta charset=latin1>" + latin, "", "", "not UTF-8 and no charset"},
		{"nothing said", latin, "text/html", "", "not UTF-8 and no charset"},
		{"unknown in the header", "a", "text/html; charset=klingon", "", `unknown charset "klingon" in the header`},
		{"unknown in <meta>", "<meta charset=x-nothing>a", "", "", `unknown charset "x-nothing" in <meta>`},
		{"NUL", "a\x00b", "text/html; charset=utf-8", "a\ufffdb", ""},
		{"text that shows HTML", "```\n<meta charset=latin1>\n```\né", "text/markdown", "```\n<meta charset=latin1>\n```\né", ""},
		{"XHTML", "<meta charset='latin1'/>" + latin, "application/xhtml+xml", "<meta charset='latin1'/><p>café</p>", ""},
		{"nothing", "", "", "", ""},
	} {
		got, err := Decode([]byte(c.body), c.header)
		switch {
		case c.fault != "" && (err == nil || err.Error() != c.fault):
			t.Errorf("%s: error %v, want %q", c.name, err, c.fault)
		case c.fault == "" && (err != nil || got != c.want):
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}
