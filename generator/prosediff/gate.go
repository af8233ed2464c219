package prosediff

import (
	"fmt"
	"slices"
	"sort"
)

// Gate is what a project's settings let pass. Whoever judges a pull request by it must see when the pull request loosens it.
type Gate struct {
	Accept    []Acceptance
	Severity  map[string]string // check or kind → off, info, warning, error
	Budget    map[string]int    // name of a limit → its value; 0 or absent for none
	Hosts     []string          // allowed hosts
	Base      string            // diff.base
	Words     string            // digest of the word lists; empty for the built-in ones
	Silencers []string          // file:line and what it silences
	File      string            // where the settings stand, for messages
}

// looserGate reports every setting of the revision's gate that is new or looser than in the base.
func looserGate(gates [2]Gate) []*Change {
	g := gateDiff{file: gates[1].File}
	a, b := gates[0], gates[1]
	known := map[string]bool{}
	for _, x := range a.Accept {
		known[x.Fingerprint+x.ID] = true
	}
	for _, x := range b.Accept {
		if !known[x.Fingerprint+x.ID] {
			g.at(x.File, x.Line, "a new accept entry for %s: %s", x.ID, clip(x.Reason, 120))
		}
	}
	for _, id := range sortedKeys(b.Severity) {
		before, known := a.Severity[id]
		if now := b.Severity[id]; !known || severityRank(now) < severityRank(before) {
			if known || now != "error" {
				g.add("%s is %s (was %s)", id, now, orDefault(before))
			}
		}
	}
	for _, name := range sortedKeys(a.Budget) {
		if now := b.Budget[name]; a.Budget[name] > 0 && (now == 0 || now > a.Budget[name]) {
			g.add("the budget %s is %d (was %d)", name, now, a.Budget[name])
		}
	}
	for _, host := range without(b.Hosts, a.Hosts) {
		g.add("the host %s is allowed", clip(host, 80))
	}
	for _, s := range without(b.Silencers, a.Silencers) {
		g.add("a new silencer: %s", clip(s, 120))
	}
	if a.Base != b.Base {
		g.add("diff.base is %q (was %q)", b.Base, a.Base)
	}
	if a.Words != b.Words {
		g.add("the word lists that rules are judged by changed")
	}
	return g.out
}

type gateDiff struct {
	file string
	out  []*Change
}

// add reports a setting of the project's settings file.
func (g *gateDiff) add(format string, args ...any) { g.at(g.file, 0, format, args...) }

func (g *gateDiff) at(file string, line int, format string, args ...any) {
	k, _ := Lookup("gate-loosened")
	c := &Change{ID: k.ID, Level: k.Level, Area: k.Area, Action: "changed", Path: []string{}, Ops: []Op{}, Message: fmt.Sprintf(format, args...)}
	if file != "" {
		c.Revision = &Place{File: file, Line: line, EndLine: line}
	}
	c.to = c.Message
	g.out = append(g.out, c)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func severityRank(s string) int { return slices.Index([]string{"off", "info", "warning", "error"}, s) }

func orDefault(s string) string {
	if s == "" {
		return "the default"
	}
	return s
}
