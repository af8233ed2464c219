package release

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The files in dist are written by hand rather than by encoding/json: entries stand one a line, so that they can be compared as text, and a
// hundred thousand of them take milliseconds.

// jsonText is JSON under construction.
type jsonText struct{ b []byte }

func (j *jsonText) raw(s string) { j.b = append(j.b, s...) }

func (j *jsonText) number(n int64) { j.b = strconv.AppendInt(j.b, n, 10) }

func (j *jsonText) truth(v bool) { j.b = strconv.AppendBool(j.b, v) }

// text writes a string. Bytes that are no UTF-8 become U+FFFD; <, > and & stay as they are.
func (j *jsonText) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == 0x7f {
			j.escaped(s)
			return
		}
	}
	j.b = append(j.b, '"')
	j.b = append(j.b, s...)
	j.b = append(j.b, '"')
}

func (j *jsonText) escaped(s string) {
	var sb strings.Builder
	enc := json.NewEncoder(&sb)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(err) // a string always encodes
	}
	j.raw(strings.TrimSuffix(sb.String(), "\n"))
}

// texts writes a list of strings on one line; an empty one as [].
func (j *jsonText) texts(list []string) {
	j.raw("[")
	for i, s := range list {
		if i > 0 {
			j.raw(", ")
		}
		j.text(s)
	}
	j.raw("]")
}

// lines writes a list with each of its n entries on a line of its own; the list's own line is indented by indent.
func (j *jsonText) lines(indent string, n int, entry func(i int)) {
	j.raw("[")
	for i := range n {
		if i > 0 {
			j.raw(",")
		}
		j.raw("\n" + indent + "  ")
		entry(i)
	}
	if n > 0 {
		j.raw("\n" + indent)
	}
	j.raw("]")
}

// key begins a member on a line of its own.
func (j *jsonText) key(indent, name string) { j.raw(",\n" + indent + `"` + name + `": `) }
