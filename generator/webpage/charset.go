package webpage

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// metaWithin is how far into a page its <meta> counts (HTML §13.2.3.2).
const metaWithin = 1024

// Decode returns a page as UTF-8. What the header says counts first, then a byte order mark, then <meta> (of a body that is HTML, or whose
// header does not say what it is); one that says nothing has to be UTF-8. (HTML §13.2.3.2 puts the mark before the header; both say the same
// where a server is in order.)
//
// An error says that the encoding is not known, or that the page is not UTF-8 and does not say what it is.
func Decode(body []byte, contentType string) (string, error) {
	label, source := labelOf(body, contentType)
	if label == "" {
		if !utf8.Valid(body) {
			return "", errors.New("not UTF-8 and no charset")
		}
		return string(body), nil
	}
	encoding, name := charset.Lookup(label)
	if encoding == nil {
		return "", fmt.Errorf("unknown charset %q in %s", label, source)
	}
	if name != "utf-8" {
		out, err := encoding.NewDecoder().Bytes(body)
		if err != nil {
			return "", fmt.Errorf("charset %s in %s: %w", name, source, err)
		}
		body = out
	}
	return string(toUTF8(body)), nil
}

// labelOf returns the name of the encoding as the page or its header gives it, and who gives it.
func labelOf(body []byte, contentType string) (label, source string) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err == nil && params["charset"] != "" {
		return params["charset"], "the header"
	}
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return "utf-8", "the byte order mark"
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return "utf-16be", "the byte order mark"
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return "utf-16le", "the byte order mark"
	}
	if err == nil && kind != "text/html" && kind != "application/xhtml+xml" {
		return "", "" // what looks like <meta> in a text is text
	}
	label = metaLabel(body[:min(len(body), metaWithin)])
	if l := strings.ToLower(label); strings.HasPrefix(l, "utf-16") {
		label = "utf-8" // a page in UTF-16 could not have been read so far (HTML §13.2.3.2)
	}
	return label, "<meta>"
}

// metaLabel returns what the <meta> elements of a head say about the encoding.
func metaLabel(head []byte) string {
	z := html.NewTokenizer(bytes.NewReader(head))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "meta" {
				continue
			}
			n := &html.Node{Attr: t.Attr}
			if label := strings.TrimSpace(attrOf(n, "charset")); label != "" {
				return label
			}
			if strings.EqualFold(attrOf(n, "http-equiv"), "content-type") {
				if label := contentLabel(attrOf(n, "content")); label != "" {
					return label
				}
			}
		}
	}
}

// contentLabel reads "text/html; charset=x" the lenient way of browsers.
func contentLabel(s string) string {
	_, after, found := strings.Cut(strings.ToLower(s), "charset")
	if !found {
		return ""
	}
	after, found = strings.CutPrefix(strings.TrimSpace(after), "=")
	if !found {
		return ""
	}
	after = strings.Trim(strings.TrimSpace(after), `"'`)
	if i := strings.IndexAny(after, "; \t\n\"'"); i >= 0 {
		after = after[:i]
	}
	return after
}

// toUTF8 replaces what is no UTF-8, and NUL, which no text of Markdown may hold (CommonMark §2.3). A byte order mark goes.
func toUTF8(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	if bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, []byte("\ufffd"))
	}
	return b
}
