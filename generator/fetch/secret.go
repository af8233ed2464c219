package fetch

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/diag"
)

const (
	minSecret = 8   // bytes of a value that is looked for …
	minWord   = 16  // … and of one that has only letters
	maxWords  = 400 // bytes of a message
)

// veil keeps the values of headers out of whatever is shown or stored: servers and libraries repeat them. A value that is short, or a word,
// can't be told from other text: to look for the password "docs" would make every address of /docs/ suspicious.
type veil struct {
	secrets []string // whole values, and what is secret in them
	hidden  *strings.Replacer
}

// newVeil returns the veil over the values of headers.
func newVeil(values []string) veil {
	var v veil
	for _, value := range values {
		for _, s := range secretsOf(strings.TrimSpace(value)) {
			if isTelling(s) {
				v.secrets = append(v.secrets, s)
			}
		}
	}
	var forms []string
	for _, s := range v.secrets {
		forms = append(forms, formsOf(s)...)
	}
	slices.SortFunc(forms, func(a, b string) int { // the longest first: a shorter one may be its beginning
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, "(secret)")
	}
	v.hidden = strings.NewReplacer(pairs...)
	return v
}

// isTelling reports whether s is no word that stands elsewhere too.
func isTelling(s string) bool {
	letters := strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz") == ""
	return len(s) >= minWord || len(s) >= minSecret && !letters
}

// secretsOf returns a header's value and what is secret in it: what follows the scheme of an Authorization, user and password of Basic.
func secretsOf(value string) []string {
	all := []string{value}
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok {
		return all
	}
	all = append(all, strings.TrimSpace(rest))
	if strings.EqualFold(scheme, "Basic") {
		if pair, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			all = append(all, string(pair), password)
		}
	}
	return all
}

// formsOf returns how a text may come back: as it is, in a URL, in quotes.
func formsOf(s string) []string {
	query, path := url.QueryEscape(s), url.PathEscape(s)
	quoted := strconv.Quote(s)
	return []string{s, query, path, lowerEscapes(query), lowerEscapes(path), quoted[1 : len(quoted)-1]}
}

// lowerEscapes returns s with %XX as %xx.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:i+3], bytes.ToLower(b[i:i+3]))
		}
	}
	return string(b)
}

// hide returns s without the values.
func (v veil) hide(s string) string { return v.hidden.Replace(s) }

// covers reports whether something in s is to be hidden, however an address may escape it.
func (v veil) covers(s string) bool {
	if v.hide(s) != s {
		return true
	}
	for range 3 { // escaped more than once
		plain, err := url.PathUnescape(s)
		if err != nil || plain == s {
			return false
		}
		if s = plain; v.hide(s) != s || v.hide(strings.ReplaceAll(s, "+", " ")) != strings.ReplaceAll(s, "+", " ") {
			return true
		}
	}
	return false
}

// drop returns s, or nothing where it holds a value.
func (v veil) drop(s string) string {
	if v.covers(s) {
		return ""
	}
	return s
}

// seenIn reports whether a body holds a value.
func (v veil) seenIn(body []byte) bool {
	for _, s := range v.secrets {
		if bytes.Contains(body, []byte(s)) {
			return true
		}
	}
	return false
}

// cover returns a fault about an address as others may see it: no values of headers, no password of the address, one line, cut short.
func (v veil) cover(address string, f *Fault) *Fault {
	shown := func(s string, most int) string { return cut(diag.Terminal(v.hide(s)), most) }
	return &Fault{
		Kind: f.Kind, Status: f.Status,
		URL:      shown(withoutUser(address), maxURL),
		Location: shown(f.Location, maxURL),
		Message:  shown(f.Message, maxWords),
		Hint:     shown(f.Hint, maxWords),
	}
}

// withoutUser takes user name and password out of an address that may be no valid one. Where it is none, whatever stands before an @ may be
// such.
func withoutUser(address string) string {
	if u, err := url.Parse(address); err == nil && u.User == nil && u.Opaque == "" {
		return address
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	start := 0
	if i := strings.Index(address, "//"); i >= 0 && i < at {
		start = i + 2
	}
	return address[:start] + "…" + address[at:]
}

// cut shortens s, which is UTF-8, to so many bytes, in its middle: beginning and end say most.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	half := (most - len("…")) / 2
	head, tail := s[:half], s[len(s)-half:]
	return strings.ToValidUTF8(head, "") + "…" + strings.ToValidUTF8(tail, "")
}
