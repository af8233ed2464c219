package prosediff

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"skillgen/generator/diag"
)

// CommentMarker is the first line of what Markdown writes: by it a comment is found again and updated.
const CommentMarker = "<!-- skillgen diff -->"

// maxComment is how many characters a comment has at most: GitHub takes 65,536.
const maxComment = 60_000

// Markdown writes the report as one pull request comment. Text from skills stands in code and pre elements only, every sign of Markdown and HTML
// in it escaped, so that it can't mention people, close an element or begin a fence. A comment that would be too long loses, in this order, what
// is mechanical, notes, lists of files and the words of warnings, and says so; errors are never cut.
func Markdown(w io.Writer, r *Report, v View) error {
	var text string
	for cut := range len(cuts) + 1 {
		m := markdownWriter{report: r, view: v, cut: cut}
		if text = m.comment(); utf8.RuneCountInString(text) <= maxComment {
			break
		}
	}
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("writing the comment: %w", err)
	}
	return nil
}

// What a comment that is too long loses, one after the other.
const (
	cutMechanical = iota
	cutNotes
	cutFiles
	cutWarnings
)

var cuts = []string{"what is mechanical", "notes", "lists of files", "the words of warnings"}

type markdownWriter struct {
	b      strings.Builder
	report *Report
	view   View
	cut    int // how many of cuts are made
}

func (m *markdownWriter) without(what int) bool { return what < m.cut }

func (m *markdownWriter) comment() string {
	r := m.report
	m.printf("%s\n### Skills: %s → %s\n\n", CommentMarker, inCode(sideName(r.Base)), inCode(sideName(r.Revision)))
	m.printf("%s\n\n", summaryLine(r))
	if line := gateLine(r, m.view); line != "" {
		m.printf("%s\n\n", strings.ReplaceAll(line, "_", `\_`))
	}
	for _, n := range r.Notes {
		m.printf("Note: %s\n\n", inCode(n))
	}
	if m.cut > 0 {
		m.printf("Cut to fit into a comment: %s. The other formats have everything.\n\n", strings.Join(cuts[:m.cut], ", "))
	}
	m.findings()
	if !m.without(cutNotes) {
		m.notes()
	}
	if !m.without(cutMechanical) {
		m.mechanical()
	}
	m.acceptances()
	return m.b.String()
}

func (m *markdownWriter) printf(format string, args ...any) { fmt.Fprintf(&m.b, format, args...) }

// findings writes the table of errors and warnings.
func (m *markdownWriter) findings() {
	head := false
	for _, e := range m.report.entries() {
		if e.first.Level < Warning || !m.view.open(e) {
			continue
		}
		if !head {
			m.printf("| | kind | where | what |\n|---|---|---|---|\n")
			head = true
		}
		m.finding(e)
	}
	if head {
		m.printf("\n")
	}
}

var levelSigns = map[Level]string{Error: "🛑 error", Warning: "⚠️ warning", Info: "note", Mechanical: "mechanical"}

func (m *markdownWriter) finding(e *entry) {
	c := e.first
	where := inCode(subject(e))
	if at := whereabouts(e); at != "" {
		where += "<br>" + inCode(at)
	}
	what := inCode(c.Message)
	if c.Level == Error || !m.without(cutWarnings) {
		if words := m.words(c); words != "" {
			what = words + "<br>" + what
		}
	}
	if e.group != nil && len(e.group.Except) > 0 {
		what += "<br>not changed in " + inCode(clip(strings.Join(e.group.Except, ", "), 300))
	}
	if names := e.skillNames(); names != "" {
		what += "<br>in skills " + inCode(names)
	}
	if also := e.otherFiles(); len(also) > 0 && !m.without(cutFiles) {
		what += "<br>also at " + inCode(fileList(also, 12))
	}
	if !m.view.notes {
		what += "<br><sub>" + e.fingerprint() + "</sub>"
	}
	m.printf("| %s | `%s` | %s | %s |\n", levelSigns[c.Level], c.ID, where, what)
}

// words writes old and new text within one line of Markdown.
func (m *markdownWriter) words(c *Change) string {
	if len(c.Ops) == 0 || c.MatchedBy != "" && !hasEdit(c.Ops) {
		return ""
	}
	var parts []string
	lines, left := c.lines(8)
	for _, l := range lines {
		parts = append(parts, htmlPieces(l))
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("… and %s more", amount(left, "line")))
	}
	return strings.Join(parts, "<br>")
}

// htmlPieces writes pieces as one code element, in which what is gone is struck through and what is new underlined.
func htmlPieces(pieces []piece) string {
	var sb strings.Builder
	sb.WriteString("<code>")
	for _, p := range pieces {
		text := escapeMarkdown(p.text)
		switch p.sign {
		case '=':
			sb.WriteString(text)
		case '-':
			sb.WriteString("<del>" + text + "</del>")
		case '+':
			sb.WriteString("<ins>" + text + "</ins>")
		}
	}
	return sb.String() + "</code>"
}

// inCode writes text that may come from a skill. In a code element GitHub looks neither for mentions nor for issue numbers.
func inCode(s string) string { return "<code>" + escapeMarkdown(s) + "</code>" }

// escapeMarkdown makes s safe within a line of Markdown and HTML: whatever has a meaning in either becomes a character reference, hidden and
// control characters are shown.
func escapeMarkdown(s string) string {
	s = diag.Terminal(s)
	var sb strings.Builder
	for _, r := range s {
		if r < 0x80 && strings.ContainsRune("\\`*_{}[]()<>#+-.!|~&\"'@:/=$^", r) {
			fmt.Fprintf(&sb, "&#%d;", r)
		} else {
			sb.WriteRune(r)
		}
	}
	return sb.String()
}

// notes writes what else changed: edits made in many places, then by skill.
func (m *markdownWriter) notes() {
	many, boilerplate, rest := m.report.notes(m.view)
	bySkill := map[string][]*entry{}
	for _, e := range rest {
		bySkill[e.first.Skill] = append(bySkill[e.first.Skill], e)
	}
	if many = append(many, boilerplate...); len(many) > 0 {
		m.printf("<details><summary>Notes: what else changed in many places (%d)</summary>\n\n", len(many))
		for _, e := range many {
			m.printf("- %s: %s\n", inCode(subject(e)), m.noteText(e))
		}
		m.printf("\n</details>\n\n")
	}
	for _, name := range sortedKeys(bySkill) {
		title := name
		if title == "" {
			title = "files outside all skills"
		}
		m.printf("<details><summary>%s: %s</summary>\n\n", inCode(title), amount(len(bySkill[name]), "note"))
		for _, e := range inFileOrder(bySkill[name]) {
			m.printf("- %s\n", m.noteText(e))
		}
		m.printf("\n</details>\n\n")
	}
}

func (m *markdownWriter) noteText(e *entry) string {
	s := "`" + e.first.ID + "` " + inCode(whereabouts(e))
	if !uninformative(e.first) {
		s += " " + inCode(e.first.Message)
	}
	if words := m.words(e.first); words != "" {
		s += "<br>" + words
	}
	return s
}

// mechanical counts what is folded.
func (m *markdownWriter) mechanical() {
	counts := map[string]int{}
	total := 0
	for _, e := range m.report.entries() {
		if e.first.Level == Mechanical && m.view.open(e) {
			counts[e.first.ID] += len(e.changes)
			total++
		}
	}
	if total == 0 {
		return
	}
	m.printf("<details><summary>Mechanical (%d)</summary>\n\n", total)
	for _, id := range sortedKeys(counts) {
		m.printf("- `%s`: %s\n", id, amount(counts[id], "place"))
	}
	m.printf("\n</details>\n\n")
}

// acceptances writes an entry of the accept file for each error and warning, ready to paste.
func (m *markdownWriter) acceptances() {
	var drafts strings.Builder
	for _, e := range m.report.entries() {
		if e.first.Level >= Warning && e.first.Area != "gate" && !e.accepted() && m.view.shows(e) && !slices.ContainsFunc(e.skills(), func(s string) bool { return !writable(s) }) {
			e.draft(&drafts)
		}
	}
	if drafts.Len() == 0 || m.without(cutFiles) {
		return
	}
	m.printf("<details><summary>Accept</summary>\n\nWith a reason each, in the accept file:\n\n~~~yaml\n%s~~~\n\n</details>\n", drafts.String())
}
