package prosediff

import (
	"strings"
	"testing"
	"unicode/utf8"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// judged is a report of one change that hits the gate.
func judged(c Change) *Report {
	c.ID, c.Level, c.Area = "rule-removed", Error, "rules"
	if c.Fingerprint == "" {
		c.Fingerprint = "0123456789ab"
	}
	return &Report{Changes: []*Change{&c}, Gate: Verdict{FailOn: "error", Failed: true, Hits: 1}}
}

// fill gives each draft a reason, as a person would.
func fill(s string) string { return strings.ReplaceAll(s, `reason: ""`, "reason: seen") }

func TestDraft(t *testing.T) {
	r := judged(Change{Skill: "acme-go", Message: "it's gone: # nothing\nlike it", Evidence: "\x1b[31m“never”\u200b"})
	group := &Group{ID: "aaaaaaaaaaaa", Skills: []string{"a", `b: "c" \ <`}}
	r.Groups = []*Group{group}
	r.Changes = append(r.Changes,
		&Change{ID: "env-renamed", Level: Error, Area: "env", Skill: "a", Group: group.ID, Message: "A is now B"},
		&Change{ID: "env-renamed", Level: Error, Area: "env", Skill: group.Skills[1], Group: group.ID},
		&Change{ID: "rule-weakened", Level: Warning, Area: "rules", Skill: "a", Fingerprint: "bbbbbbbbbbbb"},
		&Change{ID: "skill-removed", Level: Error, Area: "skills", Skill: "x\u200by", Fingerprint: "cccccccccccc"},
		&Change{ID: "gate-loosened", Level: Error, Area: "gate", Fingerprint: "dddddddddddd"},
		&Change{ID: "rule-removed", Level: Error, Area: "rules", Skill: "a", Fingerprint: "eeeeeeeeeeee", Accepted: true})
	d := Draft(r, View{})
	if d.Entries != 2 || d.Left != 2 {
		t.Errorf("%d entries, %d left", d.Entries, d.Left)
	}
	text, err := d.Append("accept.yaml", "# ours")
	want := `# ours
# error: it's gone: # nothing like it
# ⟨U+001B⟩[31m“never”⟨U+200B⟩
- fingerprint: "0123456789ab"
  id: rule-removed
  skill: "acme-go"
  reason: ""
# error: A is now B
- fingerprint: "aaaaaaaaaaaa"
  id: env-renamed
  skill:
    - "a"
    - "b: \"c\" \\ \x3c"
  reason: ""
`
	if err != nil || text != want {
		t.Errorf("%v, got\n%s", err, text)
	}
	if _, findings := ReadAccept(source.NewFile("accept.yaml", []byte(text))); len(findings) != 2 || !strings.Contains(findings[0].Message, "is empty") {
		t.Errorf("drafts without a reason are read: %v", findings)
	}
	got, findings := ReadAccept(source.NewFile("accept.yaml", []byte(fill(text))))
	if len(findings) > 0 || len(got) != 2 || got[1].Skills[1] != group.Skills[1] || got[1].Line != 9 || got[1].Fingerprint != group.ID {
		t.Errorf("%+v %v", got, findings)
	}
	if d := Draft(r, View{Only: map[string]bool{"env-renamed": true}}); d.Entries != 1 {
		t.Errorf("%d entries where one is shown", d.Entries)
	}
	for gate, want := range map[string]int{"warning": 3, "any": 3, "never": 0} {
		r.Gate.FailOn = gate
		if d := Draft(r, View{}); d.Entries != want {
			t.Errorf("--fail-on %s: %d entries", gate, d.Entries)
		}
	}
}

func TestDraftsKeepWhatIsThere(t *testing.T) {
	d := Draft(judged(Change{Skill: "a"}), View{})
	for _, old := range []string{"", "# nothing\n", "- {fingerprint: aaaaaaaaaaaa, id: text-changed, skill: a, reason: b} # x"} {
		text, err := d.Append("accept.yaml", old)
		if err != nil || !strings.HasPrefix(text, old) {
			t.Errorf("%q: %v", old, err)
		}
	}
	for _, old := range []string{"[]\n", "  - {fingerprint: aaaaaaaaaaaa, id: text-changed, skill: a, reason: b}\n", "a: b\n", strings.Repeat("# comment\n", 6553)} {
		if text, err := d.Append("accept.yaml", old); err == nil {
			t.Errorf("%.40q becomes %.200q", old, text)
		}
	}
}

func TestReadAcceptKinds(t *testing.T) {
	for id, want := range map[string]string{
		"rule-remved":   `there is no kind of change "rule-remved"/did you mean "rule-removed"?`,
		"gate-loosened": "gate-loosened can't be accepted: it is about the gate itself/take the entry out",
		"accept-stale":  "accept-stale can't be accepted: it is about the gate itself/take the entry out",
	} {
		_, findings := ReadAccept(source.NewFile("x", []byte("- {fingerprint: aaaaaaaaaaaa, id: "+id+", skill: a, reason: b}\n")))
		if len(findings) != 1 || findings[0].Message+"/"+findings[0].Hint != want || findings[0].Place.Col != 35 {
			t.Errorf("%s: %+v", id, findings)
		}
	}
}

// FuzzDraft: whatever a report holds, its draft can be read, and says of which skill it is.
func FuzzDraft(f *testing.F) {
	f.Add("acme-go", "message", "evidence")
	f.Add("a\"b\\c: #<<", "---", "...")
	f.Add("\u00e9\u2028\x85", "\n- a: b\n", "\t%&*!|>'\"`@")
	f.Add(strings.Repeat("<", 200), strings.Repeat("<", 200), strings.Repeat(" ", 200))
	f.Add("yes", "\\x41 \\u200b \xff", "\u202e\x00\x7f\r")
	f.Fuzz(func(t *testing.T, skill, message, evidence string) {
		d := Draft(judged(Change{Skill: skill, Message: message, Evidence: evidence}), View{})
		if d.Entries+d.Left != 1 || d.Left == 1 && utf8.ValidString(skill) && diag.Terminal(skill) == skill && utf8.RuneCountInString(skill) <= 1024 {
			t.Fatalf("%d entries, %d left", d.Entries, d.Left)
		}
		text, err := d.Append("accept.yaml", "")
		if err != nil {
			t.Fatal(err)
		}
		got, findings := ReadAccept(source.NewFile("accept.yaml", []byte(fill(text))))
		if len(findings) > 0 || len(got) != d.Entries || len(got) == 1 && got[0].Skills[0] != skill {
			t.Fatalf("%q is read as %+v %+v", text, got, findings)
		}
	})
}
