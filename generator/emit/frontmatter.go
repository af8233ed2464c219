package emit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"skillgen/generator/plan"
	"skillgen/generator/source"
)

// frontmatter writes the block that every consumer reads (Agent Skills specification, "Frontmatter"): block style, nothing but the
// specification's keys, every value that a person wrote in double quotes.
func (e *emitter) frontmatter(r *rope) {
	p := e.plan
	line := func(at source.Span, format string, args ...any) {
		if at.File == nil {
			at = p.At
		}
		r.write(fmt.Sprintf(format, args...), at)
	}
	line(p.At, "---\nname: %s\n", p.Name)
	line(p.Description.At, "description: %s\n", Quote(p.Description.S))
	if p.License.S != "" {
		line(p.License.At, "license: %s\n", Quote(p.License.S))
	}
	line(p.At, "metadata:\n")
	stamp := plan.Pair{Key: "content", Value: stampHole}
	if p.Stamp != stamp.Key {
		stamp = plan.Pair{Key: "version", Value: p.Stamp}
	}
	at, _ := slices.BinarySearchFunc(p.Metadata, stamp, func(a, b plan.Pair) int { return strings.Compare(a.Key, b.Key) })
	for i, pair := range slices.Insert(slices.Clone(p.Metadata), at, stamp) {
		if i == at {
			e.stampAt = r.size() + len("  content: \"")
		}
		line(pair.At, "  %s: %s\n", pair.Key, Quote(pair.Value))
	}
	line(p.At, "---\n\n")
}

// Quote writes s as a YAML double-quoted scalar that every consumer reads as s: JSON escapes, and \u for what some reader takes for a line
// end, a byte order mark or a control. Runs of three dashes are escaped too, since a literal --- inside front matter truncates it in the
// specification's own validator. Code points beyond U+FFFF stay as they are: surrogate pairs break readers that decode YAML escapes.
func Quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], "---") {
			for ; i < len(s) && s[i] == '-'; i++ {
				b.WriteString(`\u002d`)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		quoteRune(&b, r)
		i += n
	}
	b.WriteByte('"')
	return b.String()
}

func quoteRune(b *strings.Builder, r rune) {
	switch {
	case r == '"' || r == '\\':
		b.WriteByte('\\')
		b.WriteRune(r)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\r':
		b.WriteString(`\r`)
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == 0x2028, r == 0x2029, r == 0xfeff:
		fmt.Fprintf(b, `\u%04x`, r)
	default:
		b.WriteRune(r)
	}
}
