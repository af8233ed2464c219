package prosediff

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// Acceptance is an entry of the accept file: a change that a person has seen and agreed to.
type Acceptance struct {
	Fingerprint string
	ID          string
	Skills      []string // one for a change; for a group all it had when it was accepted
	Reason      string
	By          string
	Expires     string // 2026-11-20: the last day on which it holds; empty for ever
	File        string // the accept file, for messages
	Line        int    // 1-based
}

// accept marks the changes that entries of the accept file fit, and reports entries that fit none or have expired. What loosens the gate can't
// be accepted.
func (r *Report) accept(o Options) {
	for _, a := range o.Accept {
		if a.Expires != "" && o.Today != "" && o.Today > a.Expires {
			r.about("accept-expired", a, fmt.Sprintf("accepted until %s: %s", a.Expires, clip(a.Reason, 100)))
			continue
		}
		if problem := r.apply(a); problem != "" {
			r.about("accept-stale", a, problem)
		}
	}
}

// apply accepts what a fits. It returns why it fits nothing.
func (r *Report) apply(a Acceptance) string {
	n := 0
	for _, c := range r.Changes {
		if c.Fingerprint == a.Fingerprint && c.ID == a.ID && c.Area != "gate" && (len(a.Skills) == 0 || slices.Contains(a.Skills, c.Skill)) {
			c.Accepted = true
			n++
		}
	}
	for _, e := range r.entries() {
		if n > 0 || e.first.Area == "gate" || e.first.ID != a.ID || e.fingerprint() != a.Fingerprint {
			continue
		}
		if grown := without(e.skills(), a.Skills); len(grown) > 0 {
			return fmt.Sprintf("%s is now in more skills than were accepted: %s", a.ID, clip(strings.Join(grown, ", "), 200))
		}
		for _, c := range e.changes {
			c.Accepted = true
			n++
		}
	}
	if n == 0 {
		return fmt.Sprintf("no %s in %s fits it any more; if the base has the change now, drop it", a.ID, clip(strings.Join(a.Skills, ", "), 200))
	}
	return ""
}

// fingerprint of an entry is that of its change; that of a group has no skill and no headings, so that one edit in 400 skills is one entry.
func (e *entry) fingerprint() string {
	if e.group == nil {
		return e.first.Fingerprint
	}
	return e.group.ID
}

func (e *entry) skills() []string {
	if e.group != nil {
		return e.group.Skills
	}
	return []string{e.first.Skill}
}

func (r *Report) about(id string, a Acceptance, message string) {
	k, _ := Lookup(id)
	c := &Change{ID: id, Level: k.Level, Area: k.Area, Action: "changed", Path: []string{}, Ops: []Op{}, Message: message, Evidence: a.Fingerprint}
	if len(a.Skills) == 1 {
		c.Skill = a.Skills[0]
	}
	if a.File != "" {
		c.Revision = &Place{File: a.File, Line: a.Line, EndLine: a.Line}
	}
	c.from, c.order = a.Fingerprint, len(r.Changes)
	c.Fingerprint = c.fingerprint()
	r.Changes = append(r.Changes, c)
}

// bumps are the parts of a version that a change can ask to raise, weakest first.
var bumps = [...]string{"none", "patch", "minor", "major"}

// asks is the place in bumps of what a change asks for.
func asks(c *Change) int {
	switch {
	case c.Area == "gate":
		return 0
	case c.Level == Error:
		return 3
	case c.Level == Warning, c.ID == "skill-added":
		return 2
	}
	return 1
}

// semver says which part of the version the changes ask to raise.
func (r *Report) semver(base string) Semver {
	strongest := 0
	for _, c := range r.Changes {
		strongest = max(strongest, asks(c))
	}
	bump := bumps[strongest]
	v := "v" + strings.TrimPrefix(base, "v")
	if !semver.IsValid(v) || base == "" {
		return Semver{Bump: bump}
	}
	if semver.Major(v) == "v0" && bump == "major" {
		bump = "minor"
	}
	if bump != "none" && strings.HasPrefix(v, "v0.0.0-") {
		v = "v0.0.0" // of what was never released there is no version to wait for
	}
	return Semver{Bump: bump, Version: raise(semver.Canonical(v), bump)}
}

// raise returns the version after v, without pre-release.
func raise(v, bump string) string {
	var major, minor, patch int
	release := strings.TrimSuffix(strings.TrimPrefix(v, "v"), semver.Prerelease(v))
	if n, err := fmt.Sscanf(release, "%d.%d.%d", &major, &minor, &patch); n != 3 || err != nil {
		return ""
	}
	switch {
	case semver.Prerelease(v) != "" && bump != "none":
		// the release that the pre-release was for
	case bump == "major":
		major, minor, patch = major+1, 0, 0
	case bump == "minor":
		minor, patch = minor+1, 0
	case bump == "patch":
		patch++
	}
	return fmt.Sprintf("%d.%d.%d", major, minor, patch)
}
