// Package plan decides what each skill holds: workflow × framework → skill. It reads nothing and writes nothing: typed input in, a new typed
// value out.
package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/example"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// Input is everything that was parsed.
type Input struct {
	Project  *project.Project
	Library  *docs.Library
	Airplane func(f *project.Framework, dir source.String) *example.Airplane // nil where it could not be read; the finding stands elsewhere
	Flight   func(f *project.Framework) *Flight                              // nil where nothing is known of one; may itself be nil
	Version  string                                                          // of the release; wins over skillgen.yaml's
	Layout   project.Layout                                                  // from the command line; wins over every other; may be empty
	Stages   project.StageMode                                               // likewise
}

// Plan is what will be emitted, and what will not.
type Plan struct {
	Version string    // of the release
	Skills  []*Skill  // by name
	Skipped []Skipped // by framework, then workflow
}

// Skipped is a cell of the matrix without a skill.
type Skipped struct {
	Framework, Workflow string
	Why                 string
}

// Skill is what one skill will hold.
type Skill struct {
	Name        string
	Title       string
	Description source.String
	At          source.Span // where the skill is declared: the framework's file, or the standalone workflow's
	Workflow    *project.Workflow
	Framework   *project.Framework // nil for a standalone skill
	Languages   []string
	Tags        []string // in order, without "all"
	Layout      project.Layout
	StageMode   project.StageMode
	Budget      project.Budget
	Metadata    []Pair // by key, without the stamp
	Stamp       string // "content", or the version to state
	License     source.String
	Library     *docs.Library // gives the text of Pages, as the layout wants it

	Body      []project.Part // the expanded skill.md
	Stages    []Stage
	Rules     []Rule
	Guidance  []*source.Prose
	Pages     []Page
	Airplanes []*example.Airplane
	Flight    *Flight // of the framework's own airplanes; nil where nothing is known of one
	Brought   []Brought

	Inputs   []*source.File // every file the skill is made from, by path
	Settings []string       // every setting that reaches the skill, one a line, sorted
}

// Flight says in which state a framework's airplanes are known to fly.
type Flight struct {
	Level string      // of verify
	Known bool        // it was flown, or compiled, in this state; always true with LevelHand, and with LevelCI
	Tools []string    // that it was flown or compiled with: "node 24.18"
	Date  string      // of LevelHand
	Dirs  []string    // the airplanes that took part
	At    source.Span // where verify is declared
}

// Pair is a key and its value.
type Pair struct {
	Key, Value string
	At         source.Span // where the value stands; zero where skillgen made it
}

// Stage is an expanded stage.
type Stage struct {
	*project.Stage
	Prose *source.Prose
}

// Path returns the stage's file, from the skill's folder.
func (s Stage) Path() string { return fmt.Sprintf("stages/%d-%s.md", s.N, s.Name) }

// Rule is one imperative sentence.
type Rule struct {
	Tag   *project.Tag
	Prose *source.Prose // as an item of a list
}

// Page is a page of docs as one skill carries it.
type Page struct {
	*docs.Page
	Title string // the page's, or the one that the source gives
}

// Brought is a file that the workflow brings along.
type Brought struct {
	Path  string // from the skill's folder
	File  *source.File
	Prose *source.Prose // the expanded text of a Markdown file; nil for any other
}

// FrameworkID returns the framework's id, or "" for a standalone skill.
func (s *Skill) FrameworkID() string {
	if s.Framework == nil {
		return ""
	}
	return s.Framework.ID
}

// Has reports whether the skill has anything to say in a section of skill.md.
func (s *Skill) Has(section string) bool {
	switch section {
	case "stages":
		return len(s.Stages) > 0
	case "rules":
		return len(s.Rules) > 0
	case "guidance":
		return len(s.Guidance) > 0
	case "docs":
		return len(s.Pages) > 0
	case "example":
		return len(s.Airplanes) > 0
	}
	return false
}

// Make decides on all skills of the project.
func Make(in Input) (*Plan, []diag.Finding) {
	p := planner{
		Input: in, pages: map[string]resolved{}, told: map[source.String]bool{}, guidance: map[source.Span]*source.Prose{}, items: map[source.Span]*source.Prose{},
		noDefault: !slices.ContainsFunc(in.Project.Workflows, func(w *project.Workflow) bool { return w.Default }),
	}
	plan := &Plan{Version: p.version()}
	for _, w := range in.Project.Workflows {
		if w.Standalone {
			if s := p.skill(w, nil, &project.Override{}); s != nil {
				plan.Skills = append(plan.Skills, s)
			}
			continue
		}
		for _, f := range in.Project.Frameworks {
			p.cell(plan, w, f)
		}
	}
	slices.SortStableFunc(plan.Skills, func(a, b *Skill) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(plan.Skipped, func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.Framework, b.Framework), strings.Compare(a.Workflow, b.Workflow))
	})
	return plan, p.findings
}

// planner carries the input and what has been looked up so far; each source is resolved once, however many skills name it.
type planner struct {
	Input
	pages     map[string]resolved
	told      map[source.String]bool // sources whose faults have been reported
	guidance  map[source.Span]*source.Prose
	items     map[source.Span]*source.Prose // rules, as items of a list
	noDefault bool                          // no workflow is the default one
	findings  []diag.Finding
}

// resolved is what a source of docs names.
type resolved struct {
	pages  []*docs.Page
	faulty bool
}

func (p *planner) report(fs ...diag.Finding) { p.findings = append(p.findings, fs...) }

// cell decides on one workflow of one framework.
func (p *planner) cell(plan *Plan, w *project.Workflow, f *project.Framework) {
	over, listed := f.Workflows[w.Name]
	skip := func(why string) {
		plan.Skipped = append(plan.Skipped, Skipped{Framework: f.ID, Workflow: w.Name, Why: why})
	}
	switch {
	case f.Draft:
		skip("draft")
		return
	case f.Workflows != nil && !listed:
		skip("not listed under workflows")
		return
	case over == nil:
		over = &project.Override{}
	}
	if need, hint := p.unmet(w, f, over); need != "" {
		if !listed && !w.Default {
			skip("needs " + need)
			return
		}
		at := f.Title.At
		if listed {
			at = f.WorkflowsAt[w.Name]
		}
		p.report(diag.New("workflow-needs", at.Place(), fmt.Sprintf("workflow %q needs %s, and %s has none", w.Name, need, f.ID),
			hint+", or list only other workflows under `workflows:`"))
		skip("needs " + need)
		return
	}
	if s := p.skill(w, f, over); s != nil {
		plan.Skills = append(plan.Skills, s)
	}
}

// unmet names what the workflow needs and the framework does not have, and what to do about it; empty where nothing is missing. Pages that
// the workflow gives to every framework meet no need of it; a page that it names by {{id}} is the framework's own.
func (p *planner) unmet(w *project.Workflow, f *project.Framework, over *project.Override) (need, hint string) {
	if w.NeedsExample && len(f.Example)+len(over.Example) == 0 {
		return "example", fmt.Sprintf("give %s `example:`", f.File.Path)
	}
	if !w.NeedsDocs {
		return "", ""
	}
	own := false
	for _, src := range w.Docs {
		name := strings.ReplaceAll(src.Source.S, "{{id}}", f.ID)
		if name == src.Source.S {
			continue
		}
		if !p.exists(source.String{S: name, At: src.Source.At}) {
			return name, "write that page"
		}
		own = true
	}
	if !own && len(f.Docs)+len(over.Docs) == 0 {
		return "docs", fmt.Sprintf("give %s `docs:`", f.File.Path)
	}
	return "", ""
}

// exists reports whether a source of docs names anything. A page that is there and can't be used is another matter: it is reported where it is
// taken into a skill.
func (p *planner) exists(src source.String) bool {
	pages, _ := p.Library.Resolve(src)
	_, err := p.Project.Tree.Stat(src.S)
	return len(pages) > 0 || err == nil
}

func (p *planner) skill(w *project.Workflow, f *project.Framework, over *project.Override) *Skill {
	c := p.Project.Config
	s := &Skill{Workflow: w, Framework: f, At: w.At, Title: c.Product.S, License: c.License, Library: p.Library, Stamp: "content"}
	if f != nil {
		s.At, s.Title = f.At, f.Title.S
		s.Languages = texts(f.Languages)
	}
	if over.Title.S != "" {
		s.Title = over.Title.S
	}
	s.Name = p.name(w, f)
	tags := p.tags(s, over)
	vars := p.vars(s, tags, over)
	env := p.env(s, vars)

	s.Description = p.description(s, env, over)
	s.Layout, s.StageMode, s.Budget = p.form(w, f)
	s.Metadata = p.metadata(s, over)
	if c.Stamp == "version" {
		s.Stamp = p.version()
	}

	s.Body = p.expand(w.Page, env)
	for _, st := range w.Steps {
		s.Stages = append(s.Stages, Stage{Stage: st, Prose: p.prose(st.Body, env)})
	}
	p.brought(s, env)
	p.rules(s, tags)
	p.docs(s, over)
	p.airplanes(s, over)
	p.inputs(s, tags, env.Used)
	p.settings(s, vars, env.Used)
	return s
}

// name applies the workflow's naming pattern.
func (p *planner) name(w *project.Workflow, f *project.Framework) string {
	prefix := p.Project.Config.Prefix.S
	id := ""
	if f != nil {
		id = f.ID
	}
	switch {
	case w.NamePattern.S != "":
		return strings.NewReplacer("{{prefix}}", prefix, "{{workflow}}", w.Name, "{{id}}", id).Replace(w.NamePattern.S)
	case w.Standalone:
		return prefix + "-" + w.Name
	case w.Default:
		return prefix + "-" + id
	}
	return prefix + "-" + w.Name + "-" + id
}

// tags sets the skill's tags and returns the tag files that apply, in order: all, the framework's, the workflow's, the override's.
func (p *planner) tags(s *Skill, over *project.Override) []*project.Tag {
	var names []string
	if s.Framework != nil {
		names = append(names, texts(s.Framework.Tags)...)
	}
	names = append(names, texts(s.Workflow.Tags)...)
	names = append(names, texts(over.Tags)...)
	var files []*project.Tag
	for _, name := range append([]string{"all"}, names...) {
		if name != "all" && !slices.Contains(s.Tags, name) {
			s.Tags = append(s.Tags, name)
		}
		if t := p.Project.Tags[name]; t != nil && !slices.Contains(files, t) {
			files = append(files, t)
		}
	}
	return files
}

// vars merges the layers: project < workflow < tag (in order) < framework < the framework's word on this workflow.
func (p *planner) vars(s *Skill, tags []*project.Tag, over *project.Override) map[string]source.String {
	vars := map[string]source.String{}
	maps.Copy(vars, p.Project.Config.Vars)
	maps.Copy(vars, s.Workflow.Vars)
	for _, t := range tags {
		maps.Copy(vars, t.Vars)
	}
	if s.Framework != nil {
		maps.Copy(vars, s.Framework.Vars)
	}
	maps.Copy(vars, over.Vars)
	return vars
}

func (p *planner) version() string {
	return cmp.Or(p.Version, p.Project.Config.Version.S, "0.0.0-dev")
}

func (p *planner) env(s *Skill, vars map[string]source.String) *project.Env {
	c := p.Project.Config
	title := source.String{S: s.Title}
	if s.Framework != nil {
		title.At = s.Framework.Title.At
	}
	env := &project.Env{
		Values: map[string]source.String{
			"product": c.Product, "prefix": c.Prefix, "title": title, "name": {S: s.Name}, "id": {S: s.FrameworkID()},
			"workflow": {S: s.Workflow.Name}, "version": {S: p.version()},
		},
		Vars: vars, Tags: s.Tags, Holds: map[string]bool{"all": true},
		Used: &project.Used{Files: map[*source.File]bool{}, Values: map[string]bool{}},
	}
	for _, n := range slices.Concat(s.Tags, s.Languages) {
		env.Holds[n] = true
	}
	if s.Framework != nil {
		env.Holds[s.Framework.ID] = true
	}
	return env
}

// description is the override's, else the framework's in the default workflow, else the workflow's own. What a framework says of itself does
// not tell its other skills apart; only where no workflow is the default one, it is said of all of them.
func (p *planner) description(s *Skill, env *project.Env, over *project.Override) source.String {
	if over.Description.S != "" {
		return over.Description
	}
	if s.Framework != nil && s.Framework.Description.S != "" && (s.Workflow.Default || p.noDefault) {
		return s.Framework.Description
	}
	line, fs := s.Workflow.Description.Line(env)
	p.report(fs...)
	return line
}

// form decides on layout, stages and budget: command line over framework over workflow over project.
func (p *planner) form(w *project.Workflow, f *project.Framework) (project.Layout, project.StageMode, project.Budget) {
	c := p.Project.Config
	layout := cmp.Or(w.Layout, c.Layout, project.Flat)
	stages := cmp.Or(w.Stages, c.Stages, project.StageFiles)
	budget := c.Budget
	if f != nil {
		layout = cmp.Or(f.Layout, layout)
		stages = cmp.Or(f.Stages, stages)
		budget = budget.With(f.Budget)
	}
	return cmp.Or(p.Layout, layout), cmp.Or(p.Stages, stages), budget
}

func (p *planner) metadata(s *Skill, over *project.Override) []Pair {
	c := p.Project.Config
	m := map[string]source.String{}
	if c.Author.S != "" {
		m["author"] = c.Author
	}
	if c.Homepage.S != "" {
		m["homepage"] = c.Homepage
	}
	maps.Copy(m, s.Workflow.Metadata)
	if s.Framework != nil {
		maps.Copy(m, s.Framework.Metadata)
	}
	maps.Copy(m, over.Metadata)
	m["workflow"] = source.String{S: s.Workflow.Name}
	if s.Framework != nil {
		m["framework"] = source.String{S: s.Framework.ID}
	}
	pairs := make([]Pair, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, Pair{k, m[k].S, m[k].At})
	}
	return pairs
}

func texts(list []source.String) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.S
	}
	return out
}
