package prosediff

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Notes are what people are told about a release of skills.
type Notes struct {
	Product, Version string
	Base             string       // what it was compared with, as people call it; empty for a first release
	Forced           string       // the reason for a lower version than the changes ask for; empty where there is none
	Skills           []NotedSkill // by name
	Report           *Report      // since Base; nil for a first release
}

// NotedSkill is a skill of the release.
type NotedSkill struct {
	Name, Title, Description string
	Tokens                   int
}

// maxNotes is how many characters the notes have at most: GitHub takes 125,000 for a release.
const maxNotes = 120_000

// Markdown writes RELEASE_NOTES.md: what could hurt first, then what changed, by skill. The project's acceptances don't hide a change from those
// who use the skills. Escaping and cuts are those of the comment that Markdown writes.
func (n Notes) Markdown() []byte {
	text := ""
	for cut := range len(cuts) + 1 {
		m := markdownWriter{report: n.Report, view: View{notes: true}, cut: cut}
		if text = n.write(&m); n.Report == nil || utf8.RuneCountInString(text) <= maxNotes {
			break
		}
	}
	return []byte(strings.TrimRight(text, "\n") + "\n")
}

func (n Notes) write(m *markdownWriter) string {
	m.printf("# %s skills %s\n\n", escapeMarkdown(n.Product), codeSpan(n.Version))
	if n.Report == nil {
		n.first(m)
		return m.b.String()
	}
	n.summary(m)
	m.printf("## What could hurt\n\n")
	before := m.b.Len()
	m.findings()
	if m.b.Len() == before {
		m.printf("No change was found that could hurt.\n\n")
	}
	n.skills(m)
	m.printf("## What else changed\n\n")
	before = m.b.Len()
	if !m.without(cutNotes) {
		m.notes()
	}
	if !m.without(cutMechanical) {
		m.mechanical()
	}
	if m.b.Len() == before {
		m.printf("Nothing that is listed here.\n")
	}
	return m.b.String()
}

// namelike is a name or version in which a code span needs no escapes.
var namelike = regexp.MustCompile(`^[0-9A-Za-z]+([.+-][0-9A-Za-z]+)*$`)

// codeSpan writes a name or version so that it can be read in the file itself, too: within a code span GitHub makes a link of nothing.
func codeSpan(s string) string {
	if namelike.MatchString(s) {
		return "`" + s + "`"
	}
	return inCode(s)
}

// first says what is in a first release.
func (n Notes) first(m *markdownWriter) {
	total := 0
	for _, s := range n.Skills {
		total += s.Tokens
	}
	m.printf("The first release: %s, %s tokens (o200k_base; other tokenizers differ).\n\n", amount(len(n.Skills), "skill"), thousands(total))
	if len(n.Skills) == 0 {
		return
	}
	m.printf("| skill | for | tokens | |\n|---|---|--:|---|\n")
	for _, s := range n.Skills[:min(len(n.Skills), mostRows)] {
		description := ""
		if len(n.Skills) <= mostDescribed {
			description = inCode(clip(s.Description, 300))
		}
		m.printf("| %s | %s | %s | %s |\n", codeSpan(s.Name), inCode(s.Title), thousands(s.Tokens), description)
	}
	n.more(m, len(n.Skills))
}

// Limits on the tables of skills, so that a fleet fits.
const (
	mostRows      = 500
	mostDescribed = 100
)

// more counts the rows that a table left out.
func (n Notes) more(m *markdownWriter, rows int) {
	if rows > mostRows {
		m.printf("\n… and %s more.\n", amount(rows-mostRows, "skill"))
	}
}

// summary says what the release was compared with, and on whose word its version is lower than the changes ask for.
func (n Notes) summary(m *markdownWriter) {
	r := n.Report
	f, s := r.Summary.Files, r.Summary.Semver
	m.printf("Since %s: %s, %s added, %d removed, %d as before; %s.\n\n", codeSpan(n.Base), amount(f.Changed, "file")+" changed", amount(f.Added, "file"), f.Removed, f.Same, tokenLine(r.Summary.Tokens))
	if n.Forced != "" {
		next := ""
		if s.Version != "" {
			next = ", " + s.Version
		}
		m.printf("**The changes ask for a %s version%s; it was released as %s all the same. Reason:** %s\n\n", s.Bump, next, codeSpan(n.Version), inCode(n.Forced))
	}
	for _, note := range r.Notes {
		m.printf("Note: %s\n\n", inCode(note))
	}
	if m.cut > 0 {
		m.printf("Cut to fit into the notes of a release: %s.\n\n", strings.Join(cuts[:m.cut], ", "))
	}
}

// skills lists the skills that are new, changed or gone, and counts the others.
func (n Notes) skills(m *markdownWriter) {
	counts, state := map[string][Error + 1]int{}, map[string]string{}
	for _, e := range n.Report.entries() {
		if !m.view.open(e) {
			continue
		}
		for _, name := range e.skills() {
			c := counts[name]
			c[e.first.Level]++
			counts[name] = c
			switch e.first.ID {
			case "skill-added":
				state[name] = "new"
			case "skill-removed":
				state[name] = "gone"
			}
		}
	}
	m.printf("## Skills\n\n")
	same := 0
	for _, s := range n.Skills {
		if counts[s.Name] == ([Error + 1]int{}) {
			same++
		}
	}
	if len(counts) > 0 {
		m.printf("| skill | | could hurt | else | tokens |\n|---|---|--:|--:|--:|\n")
	}
	names := sortedKeys(counts)
	for _, name := range names[:min(len(names), mostRows)] {
		shown, tokens := codeSpan(name), ""
		if name == "" {
			shown = "files outside all skills"
		}
		if i := slices.IndexFunc(n.Skills, func(s NotedSkill) bool { return s.Name == name }); i >= 0 {
			tokens = thousands(n.Skills[i].Tokens)
		}
		what, c := "changed", counts[name]
		if state[name] != "" {
			what = state[name]
		}
		m.printf("| %s | %s | %d | %d | %s |\n", shown, what, c[Error]+c[Warning], c[Info], tokens)
	}
	n.more(m, len(names))
	switch {
	case len(counts) == 0:
		m.printf("Every skill is as it was.\n\n")
	case same > 0:
		m.printf("\n%s as before.\n\n", amount(same, "skill"))
	default:
		m.printf("\n")
	}
}

// Asking returns a line for each change that asks for the part of the version which Summary.Semver names, the first of them at most: kind, place and
// what it says. more is how many there are beyond that.
func (r *Report) Asking(most int) (lines []string, more int) {
	strongest := 0
	for _, e := range r.entries() {
		strongest = max(strongest, asks(e.first))
	}
	for _, e := range r.entries() {
		if asks(e.first) < strongest || strongest == 0 {
			continue
		}
		if len(lines) == most {
			more++
			continue
		}
		line := e.first.ID
		if at := whereabouts(e); at != "" {
			line += " at " + at
		}
		if s := subject(e); s != "" {
			line += " (" + s + ")"
		}
		lines = append(lines, line+": "+e.first.Message)
	}
	return lines, more
}
