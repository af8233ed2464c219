package prosediff

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestNotesLetNothingEscape(t *testing.T) {
	for name, n := range map[string]Notes{
		"first":   {Product: hostile, Version: "1.0.0", Skills: []NotedSkill{{Name: "s</code>@all", Title: hostile, Description: hostile, Tokens: 1}}},
		"changes": {Product: hostile, Version: hostile, Base: hostile, Forced: hostile, Report: hostileReport(), Skills: []NotedSkill{{Name: "s</code>@all", Title: hostile, Tokens: 1}}},
	} {
		out := string(n.Markdown())
		for _, bad := range []string{"\x1b", "\u202e", "\u200b", "@admin", "@all", " #12", "</code></del></details> <", "<script", "| a |", "](java", "https://evil", ":smile:", "``` <", "$x", "\n\n\n"} {
			if strings.Contains(out, bad) {
				t.Errorf("%s: the notes hold %q", name, bad)
			}
		}
		wellFormed(t, name, out)
		if !strings.HasSuffix(out, "\n") || strings.HasSuffix(out, "\n\n") {
			t.Errorf("%s: ends %q", name, out[len(out)-5:])
		}
	}
}

func notesOf(r *Report, skills ...string) string {
	n := Notes{Product: "Acme", Version: "1.1.0", Base: "1.0.0", Report: r}
	for _, s := range skills {
		n.Skills = append(n.Skills, NotedSkill{Name: s, Title: s, Tokens: 1234})
	}
	return string(n.Markdown())
}

// What the project accepted is still news to those who use the skills; what concerns its gate is not.
func TestNotesTellWhatWasAccepted(t *testing.T) {
	base := Side{Kind: "folder", Skills: []Skill{skill("a", "# A\n\n## Rules\n\n- NEVER log the key.\n"), skill("b", "# B\n"), skill("gone", "# Gone\n")}}
	revision := Side{Kind: "folder", Skills: []Skill{skill("a", "# A\n\n## Rules\n"), skill("b", "# B\n"), skill("new", "# New\n")}}
	plain := Compare(base, revision, Options{})
	o := Options{Gates: [2]Gate{{}, {Hosts: []string{"evil.dev"}}}}
	for _, c := range plain.Changes {
		o.Accept = append(o.Accept, Acceptance{Fingerprint: c.Fingerprint, ID: c.ID, Skills: []string{c.Skill}, Reason: "known"})
	}
	o.Accept = append(o.Accept, Acceptance{Fingerprint: "000000000000", ID: "rule-removed", Reason: "stale"})
	r := Compare(base, revision, o)
	if r.Summary.Accepted == 0 || r.Gate.Failed {
		t.Fatalf("%+v", r.Summary)
	}
	out := notesOf(r, "a", "b", "new")
	for _, want := range []string{"rule-removed", "NEVER log the key", "| `a` | changed | 1 | 0 | 1,234 |", "| `gone` | gone | 1 | 0 |  |", "| `new` | new | 0 | 1 | 1,234 |", "\n1 skill as before.\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("the notes lack %q:\n%s", want, out)
		}
	}
	for _, bad := range []string{"gate", "accept", "evil"} {
		if strings.Contains(out, bad) {
			t.Errorf("the notes hold %q:\n%s", bad, out)
		}
	}
	same := notesOf(Compare(base, base, Options{}), "a", "b", "gone")
	if !strings.Contains(same, "No change was found that could hurt.") || !strings.Contains(same, "Every skill is as it was.") || !strings.Contains(same, "0 files changed") {
		t.Error(same)
	}
}

// The notes of a fleet fit into a release of GitHub.
func TestLongNotesAreCut(t *testing.T) {
	var skills []NotedSkill
	base, revision := Side{Kind: "folder"}, Side{Kind: "folder"}
	for i := range 700 {
		name := fmt.Sprintf("s%03d", i)
		skills = append(skills, NotedSkill{Name: name, Title: name, Description: strings.Repeat("word ", 100)})
		base.Skills = append(base.Skills, skill(name, fmt.Sprintf("# %d\n\nA paragraph that is number %d of its kind, and says nothing else.\n", i, i)))
		revision.Skills = append(revision.Skills, skill(name, fmt.Sprintf("# %d\n\nQuite different words stand in this skill of %d, which nobody read before today.\n", i, i)))
	}
	for name, n := range map[string]Notes{
		"first":   {Product: "Acme", Version: "1.0.0", Skills: skills},
		"changes": {Product: "Acme", Version: "1.1.0", Base: "1.0.0", Skills: skills, Report: Compare(base, revision, Options{})},
	} {
		out := string(n.Markdown())
		if len([]rune(out)) > maxNotes || !strings.Contains(out, "… and 200 skills more") || !strings.Contains(out, "`s499`") || strings.Contains(out, "| `s500`") {
			t.Errorf("%s: %d characters", name, len([]rune(out)))
		}
		wellFormed(t, name, out)
	}
}

// Which change asks for the part of the version: the strongest, each with kind, place and skill.
func TestAsking(t *testing.T) {
	base := Side{Kind: "folder", Skills: []Skill{skill("a", "# A\n\n## Rules\n\n- NEVER log the key.\n- NEVER push to main.\n\nWords.\n"), skill("b", "# B\n")}}
	revision := Side{Kind: "folder", Skills: []Skill{skill("a", "# A\n\n## Rules\n\nOther words.\n"), skill("b", "# B\n\nMore.\n")}}
	r := Compare(base, revision, Options{BaseVersion: "1.0.0"})
	lines, more := r.Asking(1)
	if r.Summary.Semver.Bump != "major" || len(lines) != 1 || more == 0 || !strings.HasPrefix(lines[0], "rule-removed at a/SKILL.md:5 → gone (a › A › Rules): ") {
		t.Errorf("%+v, %q and %d more", r.Summary.Semver, lines, more)
	}
	all, more := r.Asking(100)
	for _, line := range all {
		if !strings.HasPrefix(line, "rule-removed ") {
			t.Errorf("%q does not ask for a major version", line)
		}
	}
	if len(all) < 2 || more != 0 {
		t.Errorf("%q and %d more", all, more)
	}
	if lines, more := Compare(base, base, Options{}).Asking(5); len(lines)+more > 0 {
		t.Errorf("nothing asks: %q", lines)
	}
}

// A tag that stands at HEAD is that of the release which is about to be made.
func TestPreviousToARelease(t *testing.T) {
	dir, git := repo(t)
	git("commit", "-q", "--allow-empty", "-m", "1")
	git("tag", "v1.0.0")
	git("commit", "-q", "--allow-empty", "-m", "2")
	git("tag", "-a", "-m", "x", "v1.1.0")
	git("tag", "1.1.0")
	for next, want := range map[string]string{"": "1.1.0", "1.1.0": "1.0.0", "1.2.0": "1.1.0", "1.0.0": "1.1.0"} {
		if tag, err := Previous(dir, next); err != nil || tag.Version != want {
			t.Errorf("before %q comes %+v, %v", next, tag, err)
		}
	}
	git("commit", "-q", "--allow-empty", "-m", "3")
	if tag, err := Previous(dir, "1.1.0"); err != nil || tag.Version != "1.1.0" {
		t.Errorf("a version that is released already: %+v, %v", tag, err)
	}
	var none *NoPrevious
	git("tag", "-d", "v1.0.0", "v1.1.0", "1.1.0")
	git("tag", "v3.0.0")
	if tag, err := Previous(dir, "3.0.0"); !errors.As(err, &none) {
		t.Errorf("%+v, %v", tag, err)
	}
}

// What was downloaded makes the side that it would make on disk.
func TestBundle(t *testing.T) {
	b := NewBundle("there")
	if err := b.Add("manifest.json", []byte(`{"version": "1.0.0", "generator": {"version": "0.1.0", "templates": "x"}, "skills": [{"name": "a", "tokens": {"total": 7}}]}`)); err != nil {
		t.Fatal(err)
	}
	if err := b.AddArchive("skills/a", "a.zip", zipped(t, "SKILL.md", "# A\n")); err != nil {
		t.Fatal(err)
	}
	var open *OpenError
	if err := b.AddArchive("skills/b", "b.zip", zipped(t, "../SKILL.md", "# B\n")); !errors.As(err, &open) {
		t.Errorf("%v", err)
	}
	if err := b.AddArchive("skills/b", "b.tar.gz", []byte("x")); !errors.As(err, &open) {
		t.Errorf("%v", err)
	}
	s, _ := b.Side("release", "")
	if s.Kind != "release" || s.Spec != "there" || s.Version != "1.0.0" || len(s.Skills) != 1 || s.Skills[0].Name != "a" || s.Skills[0].Tokens != 7 || s.Skills[0].Dir != "skills/a" || string(s.Skills[0].Files[0].Data) != "# A\n" {
		t.Errorf("%+v", s)
	}
}

// An archive that a forge makes of a branch with a release has a folder around it, and holds the copies for older clients too.
func TestWrappedRelease(t *testing.T) {
	manifest := `{"version": "1.0.0", "generator": {"version": "0.1.0", "templates": "x"}, "skills": []}`
	at := writeZip(t, []archived{
		{name: "acme-skills/manifest.json", text: manifest}, {name: "acme-skills/skills/a/SKILL.md", text: "# A\n"},
		{name: "acme-skills/.well-known/skills/a/SKILL.md", text: "# A\n"}, {name: "acme-skills/README.md", text: "x"},
	})
	s, _, err := Open(".", at)
	if err != nil || s.Version != "1.0.0" || len(s.Skills) != 1 || s.Skills[0].Name != "a" || s.Skills[0].Dir != "skills/a" {
		t.Errorf("%+v, %v", s, err)
	}
	// Without a manifest of skillgen's a folder stays what it is.
	at = writeZip(t, []archived{{name: "x/a/SKILL.md", text: "# A\n"}, {name: "x/manifest.json", text: "{}"}})
	if s, _, err = Open(".", at); err != nil || len(s.Skills) != 2 || s.Skills[1].Dir != "x/a" {
		t.Errorf("%+v, %v", s, err)
	}
}

// zipped returns a zip of one entry.
func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	data, err := os.ReadFile(writeZip(t, []archived{{name: name, text: text}}))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
