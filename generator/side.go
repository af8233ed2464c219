package generator

import (
	"crypto/sha256"
	"io"
	"maps"
	"strings"

	"skillgen/generator/check"
	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/project"
	"skillgen/generator/prosediff"
)

// Side turns the skills into one side of a comparison. Changes are then shown at their source. kind and spec name it for people; digest is
// the commit that it was compiled from, or empty for a digest over the skills' bytes.
func (c *Compilation) Side(kind, spec, digest, skillgen string) (prosediff.Side, error) {
	templates, err := BuiltinDigest()
	if err != nil {
		return prosediff.Side{}, err
	}
	s := prosediff.Side{Kind: kind, Spec: spec, Digest: digest, Version: c.Plan.Version, Generator: skillgen + " " + templates}
	h := sha256.New()
	for _, skill := range c.Skills {
		out := prosediff.Skill{Name: skill.Plan.Name, Dir: "skills/" + skill.Plan.Name, Tokens: skill.Tokens.Total}
		for _, f := range skill.Files {
			io.WriteString(h, hexDigest(f.Digest)+" "+skill.Plan.Name+"/"+f.Path+"\n") //nolint:errcheck // a hash takes everything
			out.Files = append(out.Files, prosediff.File{Path: f.Path, Data: f.Data, Origin: originOf(f)})
		}
		s.Skills = append(s.Skills, out)
	}
	if s.Digest == "" {
		s.Digest = hexDigest([32]byte(h.Sum(nil)))
	}
	return s, nil
}

// originOf says where the lines of an emitted file come from. A line that skillgen wrote has a source too: what caused it.
func originOf(f emit.File) prosediff.Origin {
	return func(line int) (string, int, bool) {
		s := spot("", f, line, "")
		return s.Source, max(s.SourceAt, 1), s.Source != ""
	}
}

// Gate collects what a project's settings let pass in a comparison. Defaults are among them, so that to lift one's own limit shows.
func Gate(p *project.Project, accept []prosediff.Acceptance) prosediff.Gate {
	c := p.Config
	g := prosediff.Gate{Accept: accept, Severity: map[string]string{}, Budget: map[string]int{}, Base: c.Diff.Base.S, File: c.File.Path}
	for _, row := range diag.Table {
		g.Severity[row.ID] = row.Severity.String()
	}
	for id, level := range c.Checks {
		g.Severity[id] = level.Severity
	}
	addLimits(g.Budget, "", check.DefaultBudget().With(c.Budget))
	for _, f := range p.Frameworks {
		addLimits(g.Budget, ofFramework+f.ID, f.Budget)
	}
	for _, host := range c.Diff.Hosts {
		g.Hosts = append(g.Hosts, host.S)
	}
	return g
}

// ofFramework stands in the name of a limit between what it limits and the framework that sets it.
const ofFramework = " of "

// addLimits names every limit that b sets.
func addLimits(limits map[string]int, of string, b project.Budget) {
	add := func(prefix string, b project.Budget) {
		for key, n := range map[string]int{"head": b.Head, "skill": b.Skill, "stage": b.Stage, "page": b.Page, "example": b.Example} {
			if n > 0 {
				limits[prefix+key+of] = n
			}
		}
	}
	add("", b)
	if b.Error != nil {
		add("error.", *b.Error)
	}
}

// Gates pairs the gates of base and revision. Where a framework sets a limit on one side only, that of the project stands on the other.
func Gates(base, revision prosediff.Gate) [2]prosediff.Gate {
	base.Budget, revision.Budget = withProjectLimits(base.Budget, revision.Budget), withProjectLimits(revision.Budget, base.Budget)
	return [2]prosediff.Gate{base, revision}
}

// withProjectLimits returns limits with those of frameworks that only other has.
func withProjectLimits(limits, other map[string]int) map[string]int {
	out := maps.Clone(limits)
	for name := range other {
		key, _, found := strings.Cut(name, ofFramework)
		if _, own := limits[name]; found && !own && limits[key] > 0 {
			out[name] = limits[key]
		}
	}
	return out
}
