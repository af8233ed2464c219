package generator

import (
	"crypto/sha256"
	"io"

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

// Gate collects what a project's settings let pass in a comparison.
func Gate(p *project.Project, accept []prosediff.Acceptance) prosediff.Gate {
	c := p.Config
	g := prosediff.Gate{Accept: accept, Severity: map[string]string{}, Budget: map[string]int{}, Base: c.Diff.Base.S, File: c.File.Path}
	for id, level := range c.Checks {
		g.Severity[id] = level.Severity
	}
	budget := func(name string, b project.Budget) {
		for key, n := range map[string]int{"head": b.Head, "skill": b.Skill, "stage": b.Stage, "page": b.Page, "example": b.Example} {
			if n > 0 {
				g.Budget[name+"."+key] = n
			}
		}
		if b.Error != nil {
			for key, n := range map[string]int{"head": b.Error.Head, "skill": b.Error.Skill, "stage": b.Error.Stage, "page": b.Error.Page, "example": b.Error.Example} {
				if n > 0 {
					g.Budget[name+".error."+key] = n
				}
			}
		}
	}
	budget("budget", c.Budget)
	for _, f := range p.Frameworks {
		budget(f.ID+" budget", f.Budget)
	}
	for _, host := range c.Diff.Hosts {
		g.Hosts = append(g.Hosts, host.S)
	}
	return g
}
