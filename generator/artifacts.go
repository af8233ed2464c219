package generator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/prosediff"
	"skillgen/generator/release"
	"skillgen/generator/site"
	"skillgen/generator/source"
)

// Comparison is what a release was compared with, and what came of it. The zero value is that of a first release.
type Comparison struct {
	Base   *release.Base
	Report *prosediff.Report
	Forced string // the reason for a lower version than the changes ask for; empty where there is none
}

// Edition collects what a release holds beside the files of the build.
func (c *Compilation) Edition(skillgen string, with Comparison) (*release.Edition, error) {
	manifest, err := c.manifest(skillgen)
	if err != nil {
		return nil, err
	}
	config := c.Project.Config
	e := &release.Edition{
		Name: config.Prefix.S, Description: c.about(len(c.Skills)), Manifest: manifest,
		License: config.License.S, Author: config.Author.S, Homepage: config.Homepage.S,
		Marketplace: marketplaceName(config.Prefix.S), Plugins: c.plugins(), Pages: c.pages(),
		References: !slices.ContainsFunc(c.Skills, func(s *emit.Skill) bool { return s.Plan.Layout != project.References }),
		Base:       with.Base, Forced: with.Forced,
	}
	notes := prosediff.Notes{Product: manifest.Product, Version: manifest.Version, Forced: with.Forced, Report: with.Report}
	if with.Base != nil {
		notes.Base = with.Base.Name
	}
	if with.Report != nil {
		e.Asked, e.Suggested = with.Report.Summary.Semver.Bump, with.Report.Summary.Semver.Version
	}
	for _, s := range manifest.Skills {
		notes.Skills = append(notes.Skills, prosediff.NotedSkill{Name: s.Name, Title: s.Title, Description: s.Description, Tokens: s.Tokens.Total})
	}
	e.Notes = notes.Markdown()
	e.Site = site.Pages(c.siteInput(e, with.Report))
	return e, nil
}

// about says in one line what so many skills are.
func (c *Compilation) about(n int) string {
	noun := "skills"
	if n == 1 {
		noun = "skill"
	}
	return fmt.Sprintf("%s for coding agents: %d %s.", c.Project.Config.Product.S, n, noun)
}

// reservedMarketplaces are names that Claude Code keeps for its makers and that a prefix can lead to. Those with a vendor's name in them are
// refused as prefixes already.
var reservedMarketplaces = []string{"agent-skills"}

// marketplaceName makes a name that Claude Code takes for a marketplace.
func marketplaceName(prefix string) string {
	if name := prefix + "-skills"; !slices.Contains(reservedMarketplaces, name) {
		return name
	}
	return prefix + "-skills-marketplace"
}

// plugins are those of skillgen.yaml that hold a skill; where it names none, one holds all. Both they and their skills stand by name.
func (c *Compilation) plugins() []release.Plugin {
	var out []release.Plugin
	for _, p := range c.wantedPlugins() {
		plugin := release.Plugin{Name: p.name}
		for _, s := range c.Skills {
			if p.holds(s.Plan) {
				plugin.Skills = append(plugin.Skills, s.Plan.Name)
			}
		}
		if plugin.Description = c.about(len(plugin.Skills)); len(plugin.Skills) > 0 {
			out = append(out, plugin)
		}
	}
	return out
}

// wantedPlugin is a plugin as the project describes it.
type wantedPlugin struct {
	project.Plugin
	name string
}

func (c *Compilation) wantedPlugins() []wantedPlugin {
	config := c.Project.Config
	if config.Plugins == nil {
		return []wantedPlugin{{project.Plugin{At: config.Prefix.At}, config.Prefix.S}}
	}
	var out []wantedPlugin
	for name, p := range config.Plugins {
		out = append(out, wantedPlugin{p, name})
	}
	slices.SortFunc(out, func(a, b wantedPlugin) int { return strings.Compare(a.name, b.name) }) // it was a map
	return out
}

func (p *wantedPlugin) holds(s *plan.Skill) bool {
	among := func(list []source.String, name string) bool {
		return len(list) == 0 || slices.ContainsFunc(list, func(x source.String) bool { return x.S == name })
	}
	return among(p.Workflows, s.Workflow.Name) && among(p.Frameworks, s.FrameworkID())
}

// pages lists every page that a skill carries, by title; one without an address of its own by the file of the first skill that has it.
func (c *Compilation) pages() []release.Page {
	var out []release.Page
	seen := map[*source.File]bool{}
	for _, s := range c.Skills {
		for _, p := range s.Plan.Pages {
			if seen[p.File] {
				continue
			}
			seen[p.File] = true
			url := p.URL
			if url == "" && s.Plan.Layout == project.References {
				url = "skills/" + s.Plan.Name + "/references/" + p.Key + ".md"
			} else if url == "" {
				url = "skills/" + s.Plan.Name + "/SKILL.md"
			}
			out = append(out, release.Page{Title: p.Title, URL: url})
		}
	}
	slices.SortFunc(out, func(a, b release.Page) int {
		return cmp.Or(strings.Compare(a.Title, b.Title), strings.Compare(a.URL, b.URL))
	})
	return slices.Compact(out)
}

// siteInput collects what the site shows.
func (c *Compilation) siteInput(e *release.Edition, report *prosediff.Report) site.Input {
	in := site.Input{
		Product: e.Manifest.Product, Version: e.Manifest.Version, License: e.License, Author: e.Author, Homepage: e.Homepage,
		Changes: report, Marketplace: e.Marketplace,
	}
	if e.Base != nil {
		in.Base = e.Base.Name
	}
	for i, s := range c.Skills {
		shown := site.Skill{Skill: e.Manifest.Skills[i], Flight: s.Plan.Flight}
		for _, p := range e.Plugins {
			if shown.Plugin == "" && slices.Contains(p.Skills, s.Plan.Name) {
				shown.Plugin = p.Name
			}
		}
		for _, st := range s.Plan.Stages {
			stage := site.Stage{Title: st.Title.S, Path: st.Path()}
			if s.Plan.StageMode == project.StageInline {
				stage.Path = ""
			}
			shown.Stages = append(shown.Stages, stage)
		}
		for _, f := range s.Files {
			shown.Files = append(shown.Files, site.File{Path: f.Path, Data: f.Data, Ranges: rangesOf(f)})
		}
		in.Skills = append(in.Skills, shown)
	}
	return in
}

// Limits of consumers on what a plugin holds.
const (
	maxPluginSkill = 64    // characters of a plugin's name, a colon and a skill's name
	maxListing     = 8_000 // characters of all names and descriptions, about: what agents show of a plugin's skills
)

// CheckRelease reports what consumers of a release would refuse or lose, beyond what Compile finds. Severities are as skillgen.yaml wants them.
func (c *Compilation) CheckRelease() []diag.Finding {
	var all []diag.Finding
	in := map[string]bool{}
	for _, p := range c.wantedPlugins() {
		all = append(all, c.unknownNames(&p)...)
		n, size := 0, 0
		for _, s := range c.Skills {
			if !p.holds(s.Plan) {
				continue
			}
			in[s.Plan.Name] = true
			n++
			size += utf8.RuneCountInString(s.Plan.Name) + utf8.RuneCountInString(s.Plan.Description.S)
			if full := p.name + ":" + s.Plan.Name; len(full) > maxPluginSkill {
				f := diag.New("release-name", s.Plan.At.Place(), fmt.Sprintf("in its plugin this skill is called %s, which has %d characters; %d are allowed", full, len(full), maxPluginSkill),
					"shorten the framework's id or the workflow's name, or give the plugin a shorter one under `plugins`")
				f.Also = p.At.Place()
				all = append(all, f)
			}
		}
		switch {
		case n == 0:
			all = append(all, diag.New("release-plugin", p.At.Place(), fmt.Sprintf("no skill belongs to the plugin %s, so it is left out", p.name), "name other workflows or frameworks, or remove it"))
		case size > maxListing:
			all = append(all, diag.New("release-listing", p.At.Place(), fmt.Sprintf("names and descriptions of the %d skills in the plugin %s have %d characters; agents show about %d of them", n, p.name, size, maxListing),
				"shorten descriptions, the words that trigger a skill first, or divide the skills with `plugins`"))
		}
	}
	var left []string
	for _, s := range c.Skills {
		if !in[s.Plan.Name] {
			left = append(left, s.Plan.Name)
		}
	}
	if len(left) > 0 {
		all = append(all, diag.New("release-plugin", diag.Place{File: c.Project.Config.File.Path},
			fmt.Sprintf("%d of %d skills belong to no plugin, so the marketplace does not have them: %s", len(left), len(c.Skills), strings.Join(left, ", ")), "add their workflows and frameworks under `plugins`"))
	}
	return diag.Sort(diag.Override(all, c.levels()))
}

// unknownNames reports workflows and frameworks of a plugin that do not exist.
func (c *Compilation) unknownNames(p *wantedPlugin) []diag.Finding {
	var workflows, frameworks []string
	for _, w := range c.Project.Workflows {
		workflows = append(workflows, w.Name)
	}
	for _, f := range c.Project.Frameworks {
		frameworks = append(frameworks, f.ID)
	}
	var all []diag.Finding
	for _, list := range []struct {
		what  string
		names []source.String
		known []string
	}{{"workflow", p.Workflows, workflows}, {"framework", p.Frameworks, frameworks}} {
		for _, name := range list.names {
			if slices.Contains(list.known, name.S) {
				continue
			}
			hint := "one of " + strings.Join(list.known, ", ")
			if near := diag.Suggest(name.S, list.known); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			all = append(all, diag.New("release-plugin", name.At.Place(), fmt.Sprintf("there is no %s %q", list.what, name.S), hint))
		}
	}
	return all
}
