package prosediff

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// ReadAccept reads an accept file. Where there is a finding the file must not be used: half of it would let something else pass than a person
// has agreed to.
func ReadAccept(f *source.File) ([]Acceptance, []diag.Finding) {
	entries, findings := project.ReadAccept(f)
	var out []Acceptance
	for _, e := range entries {
		if message, hint := acceptable(e.ID.S); message != "" && e.ID.At.File != nil {
			findings = append(findings, diag.New("config-value", e.ID.At.Place(), message, hint))
		}
		a := Acceptance{Fingerprint: e.Fingerprint.S, ID: e.ID.S, Reason: e.Reason.S, By: e.By.S, Expires: e.Expires.S, File: f.Path, Line: e.At.Line()}
		for _, s := range e.Skills {
			a.Skills = append(a.Skills, s.S)
		}
		out = append(out, a)
	}
	return out, diag.Sort(findings)
}

// acceptable says why changes of a kind can't be accepted.
func acceptable(id string) (message, hint string) {
	k, ok := Lookup(id)
	switch {
	case !ok:
		return fmt.Sprintf("there is no kind of change %q", id), SuggestKind(id)
	case k.Area == "gate":
		return fmt.Sprintf("%s can't be accepted: it is about the gate itself", id), "take the entry out"
	}
	return "", ""
}

// SuggestKind is a hint for an id that no kind of change has.
func SuggestKind(id string) string {
	known := make([]string, len(Kinds))
	for i, k := range Kinds {
		known[i] = k.ID
	}
	if near := diag.Suggest(id, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "the kinds: " + strings.Join(known, ", ")
}

// Drafts are entries for an accept file that wait for a reason.
type Drafts struct {
	Entries int // how many entries there are
	Left    int // how many changes that the gate hits can't be accepted
	text    string
}

// Draft makes an entry for each change or group that hits the gate and that the view shows.
func Draft(r *Report, v View) Drafts {
	var d Drafts
	level, gated := gateLevels[r.Gate.FailOn]
	if !gated {
		return d
	}
	var b strings.Builder
	seen := map[string]bool{}
	for _, e := range r.entries() {
		switch key := e.fingerprint(); {
		case e.first.Level < level || e.accepted() || !v.shows(e) || seen[key]:
		case e.first.Area == "gate" || slices.ContainsFunc(e.skills(), func(s string) bool { return !writable(s) }):
			d.Left++
		default:
			seen[key] = true
			d.Entries++
			e.draft(&b)
		}
	}
	d.text = b.String()
	return d
}

// writable reports whether a skill's name can stand in an accept file.
func writable(name string) bool {
	return utf8.ValidString(name) && utf8.RuneCountInString(name) <= 1024 && diag.Terminal(name) == name
}

// draft writes the entry as YAML, ready but for its reason.
func (e *entry) draft(b *strings.Builder) {
	c := e.first
	fmt.Fprintf(b, "# %s: %s\n", c.Level, comment(c.Message))
	if words := comment(c.Evidence); words != "" {
		fmt.Fprintf(b, "# %s\n", words)
	}
	fmt.Fprintf(b, "- fingerprint: %s\n  id: %s\n", quoteYAML(e.fingerprint()), c.ID)
	if skills := e.skills(); len(skills) == 1 {
		fmt.Fprintf(b, "  skill: %s\n", quoteYAML(skills[0]))
	} else {
		b.WriteString("  skill:\n")
		for _, s := range skills {
			fmt.Fprintf(b, "    - %s\n", quoteYAML(s))
		}
	}
	b.WriteString("  reason: \"\"\n")
}

// comment makes one line of s that is safe behind a #.
func comment(s string) string { return diag.Terminal(clip(s, 100)) }

// quoteYAML writes a line of text as a scalar that every reader of YAML takes for a string.
func quoteYAML(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `<`, `\x3c`).Replace(s) + `"`
}

// Append returns the text of an accept file with the drafts at its end; what is there stays as it is. An error says why that can't be.
func (d Drafts) Append(file, text string) (string, error) {
	before, _ := project.ReadAccept(source.NewFile(file, []byte(text)))
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	text += d.text
	after, _ := project.ReadAccept(source.NewFile(file, []byte(text)))
	if len(after) != len(before)+d.Entries {
		return "", &OpenError{file, "entries can't be put at its end", "write the file as a list whose hyphens stand at the start of the line, in at most 64 KiB"}
	}
	return text, nil
}
