package verify

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Bytes of one request, as received and unpacked. What is longer is cut.
const (
	maxBody     = 16 << 20
	maxUnpacked = 32 << 20
)

// unpack returns the texts that a request holds: the body as sent, unzipped where it is packed, whatever its headers say of it (some SDKs send
// gzip as text/plain); its parts or fields where it is a form, the fields of the query, and what of these is Base64, decoded.
func unpack(r *http.Request, body []byte) []string {
	body = unzip(body, r.Header.Get("Content-Encoding"))
	var texts []string
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch text := string(body); {
	case text == "":
	case kind == "multipart/form-data":
		texts = parts(body, params["boundary"])
	case isForm(text):
		texts = append(fields(text), text)
	default:
		texts = []string{text}
	}
	return append(texts, fields(r.URL.RawQuery)...)
}

// unzip unpacks gzip, which is known by its first bytes, and what the header calls deflate. What can't be unpacked stays as it is.
func unzip(body []byte, encoding string) []byte {
	switch {
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		if r, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			return readUnpacked(r, body)
		}
	case strings.EqualFold(encoding, "deflate"):
		if r, err := zlib.NewReader(bytes.NewReader(body)); err == nil { // RFC 9110, section 8.4.1.2
			return readUnpacked(r, body)
		}
		return readUnpacked(flate.NewReader(bytes.NewReader(body)), body) // what some send under this name
	}
	return body
}

func readUnpacked(r io.Reader, packed []byte) []byte {
	out, err := io.ReadAll(io.LimitReader(r, maxUnpacked))
	if err != nil && len(out) == 0 {
		return packed
	}
	return out
}

// isForm reports whether a text is application/x-www-form-urlencoded, whatever it is sent as.
func isForm(s string) bool {
	name, _, ok := strings.Cut(s, "=")
	return ok && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-[]%$") == ""
}

// fields returns the values of a form, and of each that is Base64 of a text what it holds.
func fields(form string) []string {
	var texts []string
	for pair := range strings.SplitSeq(form, "&") {
		_, value, ok := strings.Cut(pair, "=")
		if !ok || value == "" {
			continue
		}
		plain, err := url.QueryUnescape(value)
		if err != nil {
			plain = value
		}
		texts = append(texts, plain)
		if inner, ok := unbase(plain); ok {
			texts = append(texts, inner)
		}
	}
	return texts
}

// unbase decodes Base64 of a JSON text, also of a packed one.
func unbase(s string) (string, bool) {
	bare := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", " ", "+").Replace(s), "=")
	data, err := base64.RawStdEncoding.DecodeString(bare)
	if err != nil || len(data) == 0 {
		return "", false
	}
	text := string(unzip(data, ""))
	return text, utf8.ValidString(text) && json.Valid([]byte(text))
}

// parts returns the parts of a multipart form.
func parts(body []byte, boundary string) []string {
	var texts []string
	if boundary == "" {
		return nil
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := r.NextPart()
		if err != nil {
			return texts
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return texts
		}
		texts = append(texts, string(unzip(data, part.Header.Get("Content-Encoding"))))
	}
}

// eventKeys are the keys under which analytics SDKs name an event.
var eventKeys = []string{"event", "event_name", "eventName", "event_type", "eventType"}

// eventNames calls do for each event in a text that is JSON, or one JSON value a line: the string under one of eventKeys, or the name of a member
// of a list of events. The outermost one counts: what an event carries along is not looked at.
func eventNames(text string, do func(name string)) {
	if v, ok := parseJSON(text); ok {
		namesIn(v, false, do)
		return
	}
	for line := range strings.Lines(text) {
		if v, ok := parseJSON(line); ok {
			namesIn(v, false, do)
		}
	}
}

func parseJSON(text string) (v any, ok bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "\ufeff")
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return nil, false
	}
	return v, json.Unmarshal([]byte(text), &v) == nil
}

func namesIn(v any, listed bool, do func(string)) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			namesIn(x, listed, do)
		}
	case map[string]any:
		for _, key := range eventKeys {
			if name, ok := v[key].(string); ok && name != "" {
				do(name)
				return
			}
		}
		if name, ok := v["name"].(string); ok && listed && name != "" {
			do(name)
			return
		}
		for key, x := range v { // the order of counting does not show
			namesIn(x, key == "events", do)
		}
	}
}
