package emit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"skillgen/generator/plan"
	"skillgen/generator/source"
)

const contentKey = `content: "`

// frontmatter writes the block that every consumer reads (Agent Skills specification, "Frontmatter"): block style, nothing but the
// specification's keys, every value that a person wrote in double quotes.
func frontmatter(p *plan.Skill, license string) *source.Prose {
	var s strings.Builder
	fmt.Fprintf(&s, "---\nname: %s\ndescription: %s\n", p.Name, Quote(p.Description.S))
	if license != "" {
		fmt.Fprintf(&s, "license: %s\n", Quote(license))
	}
	s.WriteString("metadata:\n")
	stamp := plan.Pair{Key: "content", Value: stampHole}
	if p.Stamp != "content" {
		stamp = plan.Pair{Key: "version", Value: p.Stamp}
	}
	written := false
	for _, pair := range p.Metadata {
		if !written && pair.Key > stamp.Key {
			fmt.Fprintf(&s, "  %s: %s\n", stamp.Key, Quote(stamp.Value))
			written = true
		}
		fmt.Fprintf(&s, "  %s: %s\n", pair.Key, Quote(pair.Value))
	}
	if !written {
		fmt.Fprintf(&s, "  %s: %s\n", stamp.Key, Quote(stamp.Value))
	}
	s.WriteString("---\n\n")
	return generated(s.String(), p.At)
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
