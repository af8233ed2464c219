package project

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Accepted is an entry of the accept file: a change of a skill that a person has seen and agreed to (DIFF.md). What its fingerprint and id
// stand for is not known here.
type Accepted struct {
	Fingerprint source.String   // 12 hexadecimal digits
	ID          source.String   // kind of change
	Skills      []source.String // one for a change, all of them for a group; an empty name for files outside all skills
	Reason      source.String
	By          source.String // may be empty
	Expires     source.String // the last day on which it holds, 2026-11-20; empty for ever
	At          source.Span   // of the entry
}

// acceptShape is the table of .skillgen/accept.yaml.
var acceptShape = list(placed(object(
	req("fingerprint", text(fingerprintRule), func(a *Accepted) *source.String { return &a.Fingerprint }, "Which change or group of changes, as reports show it in brackets."),
	req("id", text(rule{max: 100}), func(a *Accepted) *source.String { return &a.ID }, "Kind of the change."),
	req("skill", oneOrMore(text(rule{empty: true, max: 1024})), func(a *Accepted) *[]source.String { return &a.Skills },
		"Skill, or list of all skills, in which the change was accepted; in another one it counts again."),
	req("reason", reason(), func(a *Accepted) *source.String { return &a.Reason }, "Why the change is right."),
	opt("by", text(rule{prose: true, max: 200}), func(a *Accepted) *source.String { return &a.By }, "Who accepted it."),
	opt("expires", day(), func(a *Accepted) *source.String { return &a.Expires }, "The last day on which the entry holds."),
), func(a *Accepted) *source.Span { return &a.At }))

var fingerprintRule = rule{pattern: regexp.MustCompile(`^[0-9a-f]{12}$`), what: "a fingerprint: twelve digits and letters from a to f"}

// reason is a text that a person has to write: drafts come with an empty one, and are refused as long as it is.
func reason() shape[source.String] {
	t := text(rule{prose: true, max: 1000})
	return shape[source.String]{spec: t.spec, read: func(r *report, n *node) (source.String, bool) {
		if n.kind == scalarNode && (n.typ == nullScalar || n.typ == stringScalar && strings.TrimSpace(n.text) == "") {
			r.add("config-value", n.at, n.name+" is empty", "say why the change is right, or take the entry out")
			return source.String{}, false
		}
		return t.read(r, n)
	}}
}

// day is a date that is in the calendar.
func day() shape[source.String] {
	return then(date(), func(r *report, n *node, s source.String) source.String {
		if _, err := time.Parse(time.DateOnly, s.S); err != nil {
			r.add("config-value", n.at, fmt.Sprintf("%s is no day of the calendar: %s", n.name, s.S), "")
		}
		return s
	})
}

// ReadAccept reads an accept file strictly. The entries are of use only where there is no finding. A file without entries is fine.
func ReadAccept(f *source.File) ([]Accepted, []diag.Finding) {
	r := &report{}
	if f.Kind != source.Text {
		return nil, []diag.Finding{diag.New("project-file", diag.Place{File: f.Path}, "this file is no text in UTF-8", "save it as UTF-8")}
	}
	n := readYAML(f, 0, len(f.Text), r)
	if n == nil {
		return nil, diag.Sort(r.findings)
	}
	n.name = "the accept file"
	for _, item := range n.items {
		item.name = "the entry"
	}
	entries, _ := acceptShape.read(r, n)
	r.distinctFingerprints(entries)
	return entries, diag.Sort(r.findings)
}

// distinctFingerprints reports changes that are accepted twice: of two reasons only one would be read.
func (r *report) distinctFingerprints(entries []Accepted) {
	first := map[string]source.String{}
	for _, e := range entries {
		if e.Fingerprint.S == "" {
			continue
		}
		if before, ok := first[e.Fingerprint.S]; ok {
			r.clash("config-value", e.Fingerprint.At, before.At, fmt.Sprintf("the change %s is accepted twice", e.Fingerprint.S),
				fmt.Sprintf("the first entry is on line %d; keep one", before.At.Line()))
			continue
		}
		first[e.Fingerprint.S] = e.Fingerprint
	}
}
