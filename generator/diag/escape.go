package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Text that others wrote (content, file names, output of programs) goes through the escaper of the place that it is printed to.

// Terminal makes s safe to print within one line of a terminal: control characters, newline and tab too, and what Hidden yields are shown
// as ⟨U+200B⟩, bytes that are no UTF-8 as ⟨0xFF⟩.
func Terminal(s string) string { return shown(s, "") }

// Visible makes s safe to show as text of a page: as Terminal does, but newline and tab stay. It escapes nothing that HTML knows.
func Visible(s string) string { return shown(s, "\n\t") }

// shown puts what is visible in place of each character that can't be printed, but for those in stay.
func shown(s, stay string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= 0x20 && c < 0x7f || strings.IndexByte(stay, c) >= 0 {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if text, ok := visible(s, i, r, n); ok {
			b.WriteString(s[from:i])
			b.WriteString(text)
			from = i + n
		}
		i += n
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// visible returns what stands for r, of n bytes at offset i of s, where it can't be printed as it is.
func visible(s string, i int, r rune, n int) (string, bool) {
	switch {
	case r == utf8.RuneError && n == 1:
		return fmt.Sprintf("⟨0x%02X⟩", s[i]), true
	case r == '\n', r == '\t', r == '\u2028', r == '\u2029', hiddenAt(s, i, r, n):
		return fmt.Sprintf("⟨U+%04X⟩", r), true
	}
	return "", false
}

// WorkflowWriter returns a writer that breaks up what a GitHub Actions runner takes for a command in the log, however the text is cut into
// writes: "::" at the start of a line, blanks before it count, and "##[" anywhere.
func WorkflowWriter(w io.Writer) io.Writer { return &workflowWriter{w: w, start: true} }

type workflowWriter struct {
	w      io.Writer
	start  bool // only blanks since the line began
	colon  bool // the last byte was a colon, with only blanks before it
	hashes int  // how many # stand directly before
}

func (w *workflowWriter) Write(p []byte) (int, error) {
	out := make([]byte, 0, len(p)+8)
	for _, c := range p {
		if w.colon && c == ':' || w.hashes >= 2 && c == '[' {
			out = append(out, ' ')
		}
		out = append(out, c)
		w.colon = w.start && c == ':'
		if c == '#' {
			w.hashes++
		} else {
			w.hashes = 0
		}
		// The runner trims all blanks of Unicode; any byte of a character beyond ASCII may belong to one.
		w.start = c == '\n' || c == '\r' || w.start && (c <= ' ' || c >= 0x80)
	}
	if _, err := w.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// WriteJSON writes v as indented JSON that is safe on a terminal and in a workflow's log: what HiddenRune names is escaped as \u0000, which
// changes no value.
func WriteJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("encoding as JSON: %w", err)
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

// escapeJSON escapes what is not seen, and the "[" of "##[". Both can only stand within strings.
func escapeJSON(in []byte) []byte {
	in = bytes.ReplaceAll(in, []byte("##["), []byte(`##\u005b`))
	out := make([]byte, 0, len(in))
	for i := 0; i < len(in); {
		r, n := utf8.DecodeRune(in[i:])
		switch {
		case r < 0x7f || !HiddenRune(r): // the encoder escapes C0 itself
			out = append(out, in[i:i+n]...)
		case r > 0xffff:
			hi, lo := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}
