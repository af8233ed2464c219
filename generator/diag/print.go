package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// Print writes findings for people, as DESIGN §5 shows: place, severity, message and id; the source line with carets below what is meant;
// the other place, where there is one; the hint. colour adds ANSI colours.
func Print(w io.Writer, fs []Finding, colour bool) error {
	var b strings.Builder
	for _, f := range fs {
		writeText(&b, f, palettes[colour])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// palette holds the escape sequences around the parts of a finding.
type palette struct {
	severity   [3]string
	bold, hint string
	caret, end string
}

var palettes = map[bool]palette{
	true: {severity: [3]string{"\x1b[34m", "\x1b[33m", "\x1b[31m"}, bold: "\x1b[1m", hint: "\x1b[36m", caret: "\x1b[32m", end: "\x1b[0m"},
}

func writeText(b *strings.Builder, f Finding, p palette) {
	if at := f.Place.position(); at != "" {
		b.WriteString(p.bold + at + ":" + p.end + " ")
	}
	b.WriteString(p.severity[f.Severity] + f.Severity.String() + ":" + p.end + " ")
	b.WriteString(p.bold + Terminal(f.Message) + p.end + " [" + Terminal(f.ID) + "]\n")
	writeExcerpt(b, f.Place, p)
	if f.Also != (Place{}) {
		b.WriteString("    and here: " + f.Also.position() + "\n")
		writeExcerpt(b, f.Also, p)
	}
	if f.Hint != "" {
		b.WriteString("    " + p.hint + "hint:" + p.end + " " + Terminal(f.Hint) + "\n")
	}
}

// position writes file:line:col as far as they are known, safe for a terminal.
func (p Place) position() string {
	at := Terminal(p.File)
	if p.Line > 0 {
		at += fmt.Sprintf(":%d", p.Line)
		if p.Col > 0 {
			at += fmt.Sprintf(":%d", p.Col)
		}
	}
	return at
}

func writeExcerpt(b *strings.Builder, at Place, p palette) {
	line, carets := excerpt(at)
	if line == "" {
		return
	}
	b.WriteString("    " + line + "\n")
	if carets != "" {
		b.WriteString("    " + p.caret + carets + p.end + "\n")
	}
}

// JSON writes findings as one document: {"schema": 1, "findings": […]}. A finding has id, severity, file, line, col, end, text, message, hint
// and also (file, line, col, end, text); what is empty or zero is left out, and so is the text of a line of more than 1,000 bytes.
// Columns are 1-based and count code points; end is the column after the last one that is meant.
func JSON(w io.Writer, fs []Finding) error {
	if fs == nil {
		fs = []Finding{}
	}
	return WriteJSON(w, struct {
		Schema   int       `json:"schema"`
		Findings []Finding `json:"findings"`
	}{1, fs})
}

const maxJSONText = 1000

type jsonPlace struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	End  int    `json:"end,omitempty"`
	Text string `json:"text,omitempty"`
}

func (p Place) json() jsonPlace {
	j := jsonPlace{File: validUTF8(p.File), Line: p.Line, Col: p.Col, End: p.End}
	if len(p.Text) <= maxJSONText {
		j.Text = validUTF8(p.Text)
	}
	return j
}

// MarshalJSON writes the finding as JSON describes it.
func (f Finding) MarshalJSON() ([]byte, error) {
	j := struct {
		ID       string   `json:"id"`
		Severity Severity `json:"severity"`
		jsonPlace
		Message string     `json:"message"`
		Hint    string     `json:"hint,omitempty"`
		Also    *jsonPlace `json:"also,omitempty"`
	}{ID: f.ID, Severity: f.Severity, jsonPlace: f.Place.json(), Message: validUTF8(f.Message), Hint: validUTF8(f.Hint)}
	if f.Also != (Place{}) {
		also := f.Also.json()
		j.Also = &also
	}
	return json.Marshal(j)
}

// validUTF8 shows bytes that JSON can't hold; two file names that differ must stay different.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, "⟨0x%02X⟩", s[i])
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// GitHub writes findings as workflow commands, which GitHub shows beside the lines of a pull request. prefix is the way from the top of the
// git work tree to the project's folder, since GitHub resolves paths from there. endColumn is the last column that is meant. It escapes what
// others wrote itself: w must not be a WorkflowWriter, which would break up its commands.
func GitHub(w io.Writer, fs []Finding, prefix string) error {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString("::" + [...]string{"notice", "warning", "error"}[f.Severity] + " ")
		b.WriteString(githubProperties(f, prefix) + "::" + githubData(githubMessage(f)) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func githubProperties(f Finding, prefix string) string {
	var all []string
	add := func(key, value string) {
		value = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(value)
		all = append(all, key+"="+breakBrackets(value))
	}
	at := f.Place
	if at.File != "" && !builtin(at.File) {
		add("file", Terminal(path.Join(prefix, at.File)))
		if at.Line > 0 {
			add("line", fmt.Sprint(at.Line))
		}
		if at.Line > 0 && at.Col > 0 {
			add("col", fmt.Sprint(at.Col))
			add("endColumn", fmt.Sprint(max(at.End-1, at.Col)))
		}
	}
	add("title", Terminal(f.ID))
	return strings.Join(all, ",")
}

// githubMessage puts message, other place and hint on a line each.
func githubMessage(f Finding) string {
	s := Terminal(f.Message)
	if builtin(f.Place.File) {
		s = f.Place.position() + ": " + s
	}
	if f.Also != (Place{}) {
		s += "\nand here: " + f.Also.position()
	}
	if f.Hint != "" {
		s += "\nhint: " + Terminal(f.Hint)
	}
	return s
}

func githubData(s string) string {
	return breakBrackets(strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s))
}

// breakBrackets breaks up the older form of a command, which runners look for anywhere in a line.
func breakBrackets(s string) string { return strings.ReplaceAll(s, "##[", "## [") }

// builtin reports whether a place is in a template of skillgen's own, which no repository holds.
func builtin(file string) bool { return strings.HasPrefix(file, "builtin:") }
