package facts

import (
	"fmt"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// flood is how many places of one kind are reported for one file before the rest is only counted.
const flood = 10

// Secrets finds credentials in f, a file of any kind. No finding holds a credential's value: the message has its prefix and length, and
// the line that is shown has asterisks in its place. Of a file with very many, the first ten are reported and the rest is counted.
//
// Credentials are known by precise prefixes and shapes (see shapes); what is plainly a placeholder passes. One pass over the text.
func Secrets(f *source.File) []diag.Finding {
	found := secrets(f.Text)
	var out []diag.Finding
	for i, s := range found {
		if i == flood {
			more := fmt.Sprintf("%d more credentials in this file", len(found)-flood)
			return append(out, diag.New("secret", diag.Place{File: f.Path}, more, "take all of them out, and revoke those that were ever published"))
		}
		out = append(out, diag.New("secret", secretPlace(f, s, found), s.shape.name+" "+s.shown(f.Text),
			"take it out and revoke it: whoever can read the project has it. An example needs no more than a placeholder"))
	}
	return out
}

// secretPlace is where s stands; all are the secrets of f, none of which the line may show.
func secretPlace(f *source.File, s secret, all []secret) diag.Place {
	if f.Kind != source.Text {
		return diag.Place{File: f.Path}
	}
	place := source.Span{File: f, Start: s.start, End: s.end}.Place()
	place.Text = maskLine(f, place.Line, all)
	return place
}

// Mask returns s with every credential in it cut to its prefix and length: "phx_…(47)". It is for text that stands alone; for a line of a
// file, of which a credential may span several, there is MaskLine.
func Mask(s string) string {
	found := secrets(s)
	if len(found) == 0 {
		return s
	}
	var sb strings.Builder
	at := 0
	for _, x := range found {
		sb.WriteString(s[at:x.start])
		sb.WriteString(x.shown(s))
		at = x.end
	}
	sb.WriteString(s[at:])
	return sb.String()
}

// MaskLine returns the 1-based line of f without its line end, with asterisks for what is part of a credential, also of one that begins
// on another line. Columns stay true.
func MaskLine(f *source.File, line int) string { return maskLine(f, line, secrets(f.Text)) }

func maskLine(f *source.File, line int, found []secret) string {
	from, text := f.Offset(line), f.LineText(line)
	var masked []byte
	for _, s := range found {
		start, end := max(s.start+len(s.shape.prefix)-from, 0), min(s.end-from, len(text))
		if start >= end {
			continue
		}
		if masked == nil {
			masked = []byte(text)
		}
		for i := start; i < end; i++ {
			masked[i] = '*' // credentials are ASCII: a byte is a column
		}
	}
	if masked == nil {
		return text
	}
	return string(masked)
}

// Conceal hides credentials in whatever the findings would show: source lines, messages and hints. file returns the file of a path, nil
// for one that it does not know. It changes fs in place.
func Conceal(fs []diag.Finding, file func(path string) *source.File) {
	type scanned struct {
		file    *source.File
		secrets []secret
	}
	known := map[string]scanned{}
	conceal := func(p *diag.Place) {
		if p.Text == "" {
			return
		}
		s, ok := known[p.File]
		if !ok {
			if s.file = file(p.File); s.file != nil {
				s.secrets = secrets(s.file.Text)
			}
			known[p.File] = s
		}
		if s.file != nil && s.file.LineText(p.Line) == p.Text {
			p.Text = maskLine(s.file, p.Line, s.secrets)
		} else {
			p.Text = Mask(p.Text)
		}
	}
	for i := range fs {
		conceal(&fs[i].Place)
		conceal(&fs[i].Also)
		fs[i].Message, fs[i].Hint = Mask(fs[i].Message), Mask(fs[i].Hint)
	}
}

// secret is a credential in a text: bytes [start, end).
type secret struct {
	start, end int
	shape      *shape
}

func (s secret) shown(text string) string {
	return fmt.Sprintf("%s…(%d)", text[s.start:s.start+len(s.shape.prefix)], s.end-s.start)
}

// secrets finds the credentials in text, in order.
//
// The loop costs a look-up per byte, in a table of the two bytes that prefixes begin with. A shape reads on only from a word boundary and
// only over letters, digits, "_" and "-" between its few separators, so no byte is read more than a few times: the cost is linear for any text.
func secrets(text string) []secret {
	var out []secret
	for i := 0; i+1 < len(text); i++ {
		pair := uint(text[i])<<8 | uint(text[i+1])
		if begins[pair>>6]&(1<<(pair&63)) == 0 || !atBoundary(text, i) {
			continue
		}
		for _, sh := range shapesByPair[uint16(pair)] {
			if !strings.HasPrefix(text[i:], sh.prefix) {
				continue
			}
			if n := sh.body(text[i+len(sh.prefix):]); n > 0 {
				end := i + len(sh.prefix) + n
				out = append(out, secret{i, end, sh})
				i = end - 1
				break
			}
		}
	}
	return out
}

// atBoundary reports whether a word may begin at text[i]: after anything that is no letter, digit, "_" or "-", and after an escape sequence.
func atBoundary(text string, i int) bool {
	if i == 0 || !dashed[text[i-1]] {
		return true
	}
	switch before := text[max(0, i-6):i]; {
	case len(before) >= 2 && before[len(before)-2] == '\\':
		return strings.IndexByte("nrt", before[len(before)-1]) >= 0
	case len(before) >= 3 && before[len(before)-3] == '%':
		return hex[before[len(before)-1]|0x20] && hex[before[len(before)-2]|0x20]
	default:
		return len(before) == 6 && before[0] == '\\' && before[1] == 'u'
	}
}

// begins is a set of byte pairs: those that a shape's prefix begins with.
var begins, shapesByPair = func() (set [1 << 16 / 64]uint64, byPair map[uint16][]*shape) {
	byPair = map[uint16][]*shape{}
	for i := range shapes {
		pair := uint16(shapes[i].prefix[0])<<8 | uint16(shapes[i].prefix[1])
		set[pair>>6] |= 1 << (pair & 63)
		byPair[pair] = append(byPair[pair], &shapes[i])
	}
	return set, byPair
}()
