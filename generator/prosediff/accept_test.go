package prosediff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"skillgen/generator/source"
)

const acceptBase = "# A\n\n## Rules\n\n- You MUST call `shutdown()` when the process ends.\n\nOther text of some length stands here, and nobody cares.\n"

func acceptDraft(t *testing.T, r *Report) []Acceptance {
	t.Helper()
	r.Gate.FailOn = "warning"
	text, err := Draft(r, View{}).Append("accept.yaml", "")
	if err != nil || text == "" {
		t.Fatalf("nothing to accept: %v", err)
	}
	entries, fs := ReadAccept(source.NewFile("accept.yaml", []byte(fill(text))))
	if len(fs) > 0 {
		t.Fatalf("the draft is not read: %v\n%s", fs, text)
	}
	return entries
}

func ids(r *Report) []string {
	var out []string
	for _, c := range r.Changes {
		if !c.Accepted && c.Level > Mechanical {
			out = append(out, c.ID)
		}
	}
	return out
}

func TestAccepted(t *testing.T) {
	change := strings.Replace(acceptBase, "MUST", "should", 1)
	compare := func(new string, o Options) *Report {
		base, revision := one(acceptBase, new)
		o.FailOn = "warning"
		return Compare(base, revision, o)
	}
	accepted := Options{Accept: acceptDraft(t, compare(change, Options{}))}
	if r := compare(change, accepted); r.Gate.Failed || r.Summary.Accepted != 1 {
		t.Errorf("accepted: %v", ids(r))
	}
	rewrapped := strings.Replace(change, "when the process", "when\n  the process", 1)
	if r := compare(rewrapped, accepted); r.Gate.Failed {
		t.Errorf("wrapped anew: %v", ids(r))
	}
	elsewhere := strings.Replace(change, "nobody cares", "everybody cares", 1) + "\nMore text.\n"
	if r := compare(elsewhere, accepted); r.Gate.Failed {
		t.Errorf("other text changed: %v", ids(r))
	}
	oneMore := strings.Replace(change, "the process ends", "the whole process ends", 1)
	if r := compare(oneMore, accepted); !r.Gate.Failed || !slices.Contains(ids(r), "rule-weakened") || !slices.Contains(ids(r), "accept-stale") {
		t.Errorf("one more word: %v", ids(r))
	}
	if r := compare(acceptBase, accepted); !slices.Equal(ids(r), []string{"accept-stale"}) {
		t.Errorf("nothing changed: %v", ids(r))
	}
	accepted.Accept[0].Expires = "2026-11-20"
	accepted.Today = "2026-11-20"
	if r := compare(change, accepted); r.Gate.Failed {
		t.Errorf("on the last day: %v", ids(r))
	}
	accepted.Today = "2026-11-21"
	if r := compare(change, accepted); !slices.Contains(ids(r), "accept-expired") || !slices.Contains(ids(r), "rule-weakened") {
		t.Errorf("a day later: %v", ids(r))
	}
}

func TestAcceptedGroup(t *testing.T) {
	sidesOf := func(changed int) (base, revision Side) {
		for i := range 6 {
			old := fmt.Sprintf("# Skill %d\n\n", i) + acceptBase
			new := old
			if i < changed {
				new = strings.Replace(old, "MUST", "should", 1)
			}
			base.Skills = append(base.Skills, skill(fmt.Sprintf("s%d", i), old))
			revision.Skills = append(revision.Skills, skill(fmt.Sprintf("s%d", i), new))
		}
		return base, revision
	}
	compare := func(changed int, o Options) *Report {
		base, revision := sidesOf(changed)
		o.FailOn = "warning"
		return Compare(base, revision, o)
	}
	entries := slices.DeleteFunc(acceptDraft(t, compare(6, Options{})), func(a Acceptance) bool { return a.ID != "rule-weakened" })
	if len(entries) != 1 || len(entries[0].Skills) != 6 {
		t.Fatalf("entries %+v", entries)
	}
	if r := compare(6, Options{Accept: entries}); r.Gate.Failed {
		t.Errorf("accepted: %v", ids(r))
	}
	entries[0].Skills = entries[0].Skills[:5]
	r := compare(6, Options{Accept: entries})
	if !r.Gate.Failed || r.Summary.Accepted != 0 {
		t.Errorf("the list of skills grew: %v", ids(r))
	}
	var stale string
	for _, c := range r.Changes {
		if c.ID == "accept-stale" {
			stale = c.Message
		}
	}
	if !strings.Contains(stale, "s5") {
		t.Errorf("stale: %q", stale)
	}
}

func TestLooserGate(t *testing.T) {
	a := Gate{Severity: map[string]string{"x": "error"}, Budget: map[string]int{"skill": 100}, Hosts: []string{"a.dev"}, Base: "main"}
	b := Gate{
		Accept: []Acceptance{{Fingerprint: "0123456789ab", ID: "rule-removed", Reason: "r"}}, Severity: map[string]string{"x": "warning", "y": "off", "z": "error"},
		Budget: map[string]int{"skill": 200}, Hosts: []string{"a.dev", "b.dev"}, Base: "HEAD", Silencers: []string{"a.md:1 x"}, File: "skillgen.yaml",
	}
	r := Compare(Side{}, Side{}, Options{Gates: [2]Gate{a, b}, FailOn: "warning", Accept: []Acceptance{{Fingerprint: "0123456789ab", ID: "gate-loosened"}}})
	var got []string
	for _, c := range r.Changes {
		if c.ID == "gate-loosened" {
			got = append(got, c.Message)
			if c.Accepted {
				t.Errorf("%s is accepted", c.Message)
			}
		}
	}
	want := []string{
		"a new accept entry for rule-removed: r", "x is warning (was error)", "y is off (was the default)", "the budget skill is 200 (was 100)",
		"the host b.dev is allowed", "a new silencer: a.md:1 x", `diff.base is "HEAD" (was "main")`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if r.Changes[0].ID != "gate-loosened" || !r.Gate.Failed {
		t.Errorf("first is %s", r.Changes[0].ID)
	}
	if r := Compare(Side{}, Side{}, Options{Gates: [2]Gate{b, a}}); len(r.Changes) != 1 {
		t.Errorf("a stricter gate: %v", ids(r))
	}
}

func TestSemver(t *testing.T) {
	for _, c := range []struct {
		base  string
		level Level
		want  string
	}{
		{"1.2.3", Error, "2.0.0"}, {"v1.2.3", Warning, "1.3.0"}, {"1.2.3", Info, "1.2.4"}, {"1.2.3", Mechanical, "1.2.4"}, {"0.4.1", Error, "0.5.0"},
		{"0.4.1", Warning, "0.5.0"}, {"2.0.0-rc.1", Error, "2.0.0"}, {"1.2.3+b", Info, "1.2.4"}, {"", Error, ""}, {"x", Error, ""},
		{"0.0.0-dev", Error, "0.1.0"}, {"0.0.0-dev", Warning, "0.1.0"}, {"0.0.0-dev", Info, "0.0.1"},
	} {
		r := &Report{Changes: []*Change{{ID: "text-changed", Level: c.level}}}
		if got := r.semver(c.base).Version; got != c.want {
			t.Errorf("%s after %s: %q, want %q", c.level, c.base, got, c.want)
		}
	}
	if got := (&Report{Changes: []*Change{{ID: "skill-added", Level: Info}}}).semver("1.0.0"); got != (Semver{"minor", "1.1.0"}) {
		t.Errorf("a new skill: %+v", got)
	}
	if got := (&Report{}).semver("1.0.0"); got != (Semver{"none", "1.0.0"}) {
		t.Errorf("nothing: %+v", got)
	}
}
