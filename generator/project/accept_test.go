package project

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

func TestReadAccept(t *testing.T) {
	entries, findings := ReadAccept(source.NewFile("accept.yaml", []byte(`# seen in the review of 0.4.0
- fingerprint: a3f8c21b9d04
  id: rule-removed
  skill: acme-go
  reason: "The SDK refuses the call: no rule is needed."
  by: Ada
  expires: 2026-11-20
- fingerprint: "123456789012"
  id: text-changed
  skill:
    - acme-go
    - "acme: \u00e9"
    - ""
  reason: >
    Renamed,
    everywhere.
`)))
	if len(findings) > 0 {
		t.Fatal(show(findings))
	}
	var got [][]string
	for _, e := range entries {
		row := []string{e.Fingerprint.S, e.ID.S, e.Reason.S, e.By.S, e.Expires.S}
		for _, s := range e.Skills {
			row = append(row, s.S)
		}
		got = append(got, row)
	}
	want := [][]string{
		{"a3f8c21b9d04", "rule-removed", "The SDK refuses the call: no rule is needed.", "Ada", "2026-11-20", "acme-go"},
		{"123456789012", "text-changed", "Renamed, everywhere.", "", "", "acme-go", "acme: é", ""},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if a, b := entries[0].At.Line(), entries[1].Fingerprint.At.Line(); a != 2 || b != 8 {
		t.Errorf("the entries stand on lines %d and %d", a, b)
	}
}

func TestReadAcceptFindings(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"draft": {`- fingerprint: "a3f8c21b9d04"
  id: "rule-removed"
  skill: "acme-go"
  reason: ""
`, `accept.yaml:4:11: error: "reason" is empty [config-value]
      reason: ""
              ^^
    hint: say why the change is right, or take the entry out
`},
		"key": {"- {fingerprint: a3f8c21b9d04, id: text-changed, skill: a, resaon: b}\n", `accept.yaml:1:59: error: unknown key "resaon" [config-key]
    - {fingerprint: a3f8c21b9d04, id: text-changed, skill: a, resaon: b}
                                                              ^^^^^^
    hint: did you mean "reason"?
`},
		"twice": {`- {fingerprint: a3f8c21b9d04, id: text-changed, skill: a, reason: b}
- {fingerprint: a3f8c21b9d04, id: text-changed, skill: b, reason: b}
`, `accept.yaml:2:17: error: the change a3f8c21b9d04 is accepted twice [config-value]
    - {fingerprint: a3f8c21b9d04, id: text-changed, skill: b, reason: b}
                    ^^^^^^^^^^^^
    and here: accept.yaml:1:17
    - {fingerprint: a3f8c21b9d04, id: text-changed, skill: a, reason: b}
                    ^^^^^^^^^^^^
    hint: the first entry is on line 1; keep one
`},
		"large":  {"- a" + strings.Repeat(" ", 64<<10), "accept.yaml:1:1: error: 65539 bytes of YAML are more than the 65536 that skillgen reads [yaml]\n"},
		"binary": {"- a\x00", "accept.yaml: error: this file is no text in UTF-8 [project-file]\n    hint: save it as UTF-8\n"},
		"anchor": {"- &a b\n", "accept.yaml:1:3: error: an anchor (&) is not read [yaml]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, findings := ReadAccept(source.NewFile("accept.yaml", []byte(c.text)))
			var b strings.Builder
			if err := diag.Print(&b, findings, false); err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != c.want && !(strings.Count(c.want, "\n") == 1 && strings.HasPrefix(got, c.want)) {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
