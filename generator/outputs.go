package generator

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/emit"
	"skillgen/generator/project"
	"skillgen/generator/release"
)

// Outputs lists every file of a build but its report, which package release adds: the skills, their provenance, the manifest.
func (c *Compilation) Outputs(skillgen string) ([]release.Output, error) {
	provenance := make([][]byte, len(c.Skills))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range c.Skills {
		g.Go(func() error {
			provenance[i] = provenanceOf(s)
			return nil
		})
	}
	g.Wait() //nolint:errcheck // encoding can't fail
	var out []release.Output
	for i, s := range c.Skills {
		for _, f := range s.Files {
			out = append(out, release.Output{Path: "skills/" + s.Plan.Name + "/" + f.Path, Data: f.Data, Digest: f.Digest, Exec: f.Exec})
		}
		out = append(out, release.Output{Path: "provenance/" + s.Plan.Name + ".json", Data: provenance[i]})
	}
	manifest, err := c.manifest(skillgen)
	if err != nil {
		return nil, err
	}
	return append(out, release.Output{Path: "manifest.json", Data: manifest.Encode()}), nil
}

func provenanceOf(s *emit.Skill) []byte {
	var ranges []release.Range
	for _, f := range s.Files {
		ranges = append(ranges, rangesOf(f)...)
	}
	return release.EncodeProvenance(s.Plan.Name, ranges)
}

// rangesOf says where the lines of a file come from.
func rangesOf(f emit.File) []release.Range {
	return release.Ranges(f.Path, bytes.Count(f.Data, []byte("\n")), f.Runs)
}

// ReportInputs lists every input with the skills that hold it.
func (c *Compilation) ReportInputs() []release.Input {
	skills := map[string][]string{}
	for _, s := range c.Skills {
		for _, f := range s.Plan.Inputs {
			skills[f.Path] = append(skills[f.Path], s.Plan.Name)
		}
	}
	in := make([]release.Input, 0, len(c.Inputs))
	for _, f := range c.Inputs {
		in = append(in, release.Input{Path: f.Path, Digest: f.Digest, Skills: skills[f.Path]})
	}
	return c.flights.addTo(in, c.Skills)
}

// LeftOut lists what was not taken, and why: files of airplanes, pages that no skill carries, cells of the matrix without a skill.
func (c *Compilation) LeftOut() []release.Left {
	left := make([]release.Left, 0, len(c.Left))
	for _, l := range c.Left {
		left = append(left, release.Left{Path: l.Path, Reason: l.Reason})
	}
	used := map[string]bool{}
	for _, f := range c.Inputs {
		used[f.Path] = true
	}
	for _, page := range c.Library.Pages() {
		if !used[page.File.Path] {
			left = append(left, release.Left{Path: page.File.Path, Reason: "no skill carries this page"})
		}
	}
	for _, s := range c.Plan.Skipped {
		i := slices.IndexFunc(c.Project.Frameworks, func(f *project.Framework) bool { return f.ID == s.Framework })
		left = append(left, release.Left{Path: c.Project.Frameworks[i].File.Path, Reason: fmt.Sprintf("no skill for workflow %s: %s", s.Workflow, s.Why)})
	}
	return left
}

func (c *Compilation) manifest(skillgen string) (*release.Manifest, error) {
	templates, err := BuiltinDigest()
	if err != nil {
		return nil, err
	}
	m := &release.Manifest{Product: c.Project.Config.Product.S, Version: c.Plan.Version, Generator: skillgen, Templates: templates}
	for _, s := range c.Skills {
		m.Skills = append(m.Skills, manifestSkill(s))
	}
	return m, nil
}

func manifestSkill(s *emit.Skill) release.Skill {
	p := s.Plan
	out := release.Skill{
		Name: p.Name, Framework: p.FrameworkID(), Workflow: p.Workflow.Name, Title: p.Title, Description: p.Description.S,
		Languages: p.Languages, Tags: p.Tags, Tokens: release.Tokens(s.Tokens), Inputs: s.Inputs,
	}
	for _, pair := range p.Metadata {
		out.Metadata = append(out.Metadata, release.Pair{Key: pair.Key, Value: pair.Value})
	}
	if f := p.Framework; f != nil {
		out.Family, out.Main = f.Family.S, f.Main
		for _, g := range f.Detect.Files {
			out.DetectFiles = append(out.DetectFiles, g.S)
		}
		for _, d := range f.Detect.Dependencies {
			out.DetectDependencies = append(out.DetectDependencies, d.S)
		}
	}
	for _, f := range s.Files {
		out.Files = append(out.Files, release.SkillFile{Path: f.Path, Digest: f.Digest, Size: int64(len(f.Data))})
	}
	return out
}

// BuiltinDigest is a digest over the workflows in the binary: "sha256:<hex>".
func BuiltinDigest() (string, error) {
	h := sha256.New()
	builtin := project.Builtin()
	err := fs.WalkDir(builtin, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(builtin, path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		fmt.Fprintf(h, "sha256:%s %s\n", hex.EncodeToString(sum[:]), path)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("reading the built-in templates: %w", err)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}
