package prosediff

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"

	"skillgen/generator/diag"
)

//go:embed report.schema.json
var schema []byte

// Schema returns the JSON Schema (2020-12) of what JSON writes.
func Schema() []byte { return schema }

// JSON writes the whole report as one document of schema 1. Text from skills is valid UTF-8, characters that nobody sees are escaped.
func JSON(w io.Writer, r *Report) error {
	if err := diag.WriteJSON(w, r); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// GitHub writes what the view shows as workflow commands, which GitHub shows beside the lines of a pull request: one for each entry, at its example.
// prefix is the way from the top of the git work tree to what the places are relative to. A failed gate is an error of its own.
func GitHub(w io.Writer, r *Report, v View, prefix string) error {
	var fs []diag.Finding
	for _, e := range r.entries() {
		if e.first.Level == Mechanical || e.accepted() || !v.shows(e) {
			continue
		}
		fs = append(fs, e.finding())
	}
	if r.Gate.Failed {
		fs = append(fs, diag.Finding{ID: "skillgen diff", Severity: diag.Error, Message: gateLine(r, v)})
	}
	if err := diag.GitHub(w, fs, prefix); err != nil {
		return fmt.Errorf("writing annotations: %w", err)
	}
	return nil
}

// finding is the entry as an annotation.
func (e *entry) finding() diag.Finding {
	c := e.first
	f := diag.Finding{ID: c.ID, Severity: map[Level]diag.Severity{Info: diag.Info, Warning: diag.Warning, Error: diag.Error}[c.Level]}
	at := cmp.Or(c.focus, c.Revision, c.Base)
	if at != nil {
		f.Place = diag.Place{File: at.File, Line: max(at.Line, 1)}
	}
	f.Message = diag.Terminal(subject(e) + ": " + c.Message)
	if c.Revision == nil && c.Base != nil {
		f.Message += " (was at " + diag.Terminal(c.Base.String()) + ")"
	}
	if text := marked(c); text != "" {
		f.Hint = diag.Terminal(text)
	}
	return f
}

// marked returns old and new text on one line with the markers of the terminal.
func marked(c *Change) string {
	s := ""
	lines, left := c.lines(6)
	for i, l := range lines {
		if i > 0 {
			s += " ⏎ "
		}
		s += markedLine(l)
	}
	if left > 0 {
		s += fmt.Sprintf(" … %s more", amount(left, "line"))
	}
	return s
}

func markedLine(pieces []piece) string {
	s := ""
	for _, p := range pieces {
		switch p.sign {
		case '=':
			s += p.text
		case '-':
			s += "[-" + p.text + "-]"
		case '+':
			s += "{+" + p.text + "+}"
		}
	}
	return s
}
