// Package generator is skillgen's compiler: a folder with frameworks, tags, pages, example apps and stage prompts in, skills out.
//
// Compile is the order of its phases; each takes typed values and returns new ones. README.md beside this file is the architecture.
package generator

import (
	"cmp"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/check"
	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/emit"
	"skillgen/generator/example"
	"skillgen/generator/facts"
	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// Options are what the command line says.
type Options struct {
	Version  string            // of the release; wins over skillgen.yaml's
	Layout   project.Layout    // wins over every other; may be empty
	Stages   project.StageMode // likewise
	Out      string            // the output folder from the project's folder, where it lies inside; never an input
	Skillgen string            // skillgen's own version, which `requires` of skillgen.yaml speaks of
}

// Compilation is everything that one run knows.
type Compilation struct {
	Project  *project.Project
	Library  *docs.Library
	Plan     *plan.Plan
	Skills   []*emit.Skill  // by name
	Inputs   []*source.File // every file that was read for the project or reached a skill, by path
	Left     []example.Left // what airplanes leave out, by path
	Findings []diag.Finding // sorted; severities as skillgen.yaml wants them

	flights *flights
}

// Failed reports whether the findings stand against writing the skills: an error does, and with strict a warning too.
func (c *Compilation) Failed(strict bool) bool {
	worst, any := diag.Worst(c.Findings)
	return any && (worst == diag.Error || strict && worst == diag.Warning)
}

// Compile turns the project in tree into skills. It writes nothing, runs nothing and never touches the network. What is wrong with the
// content is in Findings; the error is for what is wrong with the machine, and project.ErrNoProject.
func Compile(tree *source.Tree, o Options) (*Compilation, error) {
	c := &Compilation{}
	// load: what the team wrote, strictly.
	p, findings, err := project.Load(tree, project.Options{Skillgen: o.Skillgen})
	if err != nil {
		return nil, err
	}
	c.Project = p
	if worst, _ := diag.Worst(findings); p == nil || worst == diag.Error {
		c.settle(tree, findings)
		return c, nil // a plan made from half a project would only add echoes
	}

	// parse: pages and model airplanes.
	library, fs, err := docs.Open(tree, docsOptions(p, o))
	findings = append(findings, fs...)
	if err != nil {
		return nil, err
	}
	c.Library = library
	airplanes, fs, err := loadAirplanes(tree, p, o)
	findings = append(findings, fs...)
	if err != nil {
		return nil, err
	}
	findings = append(findings, airplanes.unused(p)...)
	c.Left = airplanes.left()
	if c.flights, err = readFlights(tree, p, airplanes, o); err != nil {
		return nil, err
	}
	findings = append(findings, c.flights.findings...)

	// plan: workflow × framework → skill.
	c.Plan, fs = plan.Make(plan.Input{
		Project: p, Library: library, Airplane: airplanes.get, Flight: c.flights.get, Version: o.Version, Layout: o.Layout, Stages: o.Stages,
	})
	findings = append(findings, fs...)

	// emit: skill → bytes, and where each line comes from.
	c.Skills = emitAll(c.Plan.Skills)

	// check: what only shows once everything stands.
	c.Inputs = inputs(p, c.Skills)
	if fs, err = staleSchemas(tree); err != nil {
		return nil, err
	}
	findings = append(findings, fs...)
	findings = append(findings, check.Run(check.Subject{Project: p, Library: library, Skills: c.Skills, Inputs: c.Inputs})...)
	c.settle(tree, findings)
	return c, nil
}

// Sources is a project and its pages as they stand, and nothing made of them: what fetch begins with.
type Sources struct {
	Project *project.Project
	Library *docs.Library
	Sites   []docs.Site
}

// ReadSources loads the project in tree and its pages. Where an error stands among the findings, there are no Sources: half a project would name
// half of its pages. The error is for what is wrong with the machine, and project.ErrNoProject.
func ReadSources(tree *source.Tree, o Options) (*Sources, []diag.Finding, error) {
	c := &Compilation{}
	p, findings, err := project.Load(tree, project.Options{Skillgen: o.Skillgen})
	if err != nil {
		return nil, nil, err
	}
	c.Project = p
	c.settle(tree, findings)
	if worst, _ := diag.Worst(c.Findings); p == nil || worst == diag.Error {
		return nil, c.Findings, nil
	}
	pages := docsOptions(p, o)
	library, _, err := docs.Open(tree, pages) // what is wrong with pages, build says
	if err != nil {
		return nil, nil, err
	}
	return &Sources{p, library, pages.Sites}, c.Findings, nil
}

// maxFindings is how many findings of one check are shown of one file.
const maxFindings = 100

// settle applies what skillgen.yaml says about severities, and hides credentials in the lines that findings would show.
func (c *Compilation) settle(tree *source.Tree, findings []diag.Finding) {
	findings = diag.Override(findings, c.levels())
	c.Findings = diag.Cap(diag.Sort(findings), maxFindings)
	facts.Conceal(c.Findings, func(path string) *source.File {
		f, _ := tree.Read(path) // read before, or not a file of the tree: then its lines can't be shown either
		return f
	})
}

// levels are the severities that skillgen.yaml asks for, by check.
func (c *Compilation) levels() map[string]string {
	levels := map[string]string{}
	if c.Project != nil && c.Project.Config != nil {
		for id, level := range c.Project.Config.Checks {
			levels[id] = level.Severity
		}
	}
	return levels
}

// inputs collects what was read for the project and what reached a skill.
func inputs(p *project.Project, skills []*emit.Skill) []*source.File {
	all := map[*source.File]bool{p.Config.File: true}
	for _, f := range p.Frameworks {
		all[f.File] = true
	}
	for _, t := range p.Tags {
		all[t.File] = true
	}
	for _, s := range skills {
		for _, f := range s.Plan.Inputs {
			all[f] = true
		}
	}
	if p.Lock != nil {
		all[p.Lock.File] = true // it says which URLs a page has, and which pages a site
	}
	delete(all, nil)
	return slices.SortedFunc(maps.Keys(all), func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
}

func docsOptions(p *project.Project, options Options) docs.Options {
	paths := p.Config.Paths
	o := docs.Options{Roots: []string{paths.Website}, Skip: []string{".skillgen", paths.Frameworks, paths.Templates, paths.Dist}}
	if options.Out != "" {
		o.Skip = append(o.Skip, options.Out)
	}
	for _, s := range p.Config.Sites {
		o.Sites = append(o.Sites, docs.Site{Path: s.Path.S, URL: s.URL.S, Alias: texts(s.Alias), Components: texts(s.Components)})
	}
	if p.Lock != nil {
		o.Indexes = map[string][]string{}
		for _, page := range p.Lock.Pages {
			o.Snapshots = append(o.Snapshots, docs.Snapshot{URL: page.URL, Final: page.Final, Path: page.Path, SHA256: page.SHA256, At: page.At})
		}
		for _, index := range p.Lock.Indexes {
			o.Indexes[index.URL] = index.Pages
		}
	}
	for _, c := range p.Config.Clean {
		rule := docs.Rule{With: c.With.S, Pages: c.Pages.S, At: c.At}
		switch {
		case c.DropLine.S != "":
			rule.Kind, rule.Pattern = docs.DropLine, c.DropLine.S
		case c.DropSection.S != "":
			rule.Kind, rule.Pattern = docs.DropSection, c.DropSection.S
		default:
			rule.Kind, rule.Pattern = docs.Replace, c.Replace.S
		}
		o.Clean = append(o.Clean, rule)
	}
	return o
}

// texts are the values of a map without their places.
func texts(m map[string]source.String) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v.S
	}
	return out
}

// emitAll emits all skills; each block is counted once, whichever skill comes to it first.
func emitAll(skills []*plan.Skill) []*emit.Skill {
	out := make([]*emit.Skill, len(skills))
	var meter emit.Meter
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range skills {
		g.Go(func() error {
			out[i] = emit.Emit(s, &meter)
			return nil
		})
	}
	g.Wait() //nolint:errcheck // emitting can't fail
	return out
}

// fleet is the model airplanes of a project, each read once.
type fleet struct {
	mu   sync.Mutex
	all  map[string]*example.Airplane
	keys []string
}

// key tells airplanes apart: one folder under other patterns is another airplane.
func key(f *project.Framework, dir string) string {
	parts := []string{path.Clean(dir)}
	if f != nil {
		for _, list := range [][]source.String{f.Include, f.Exclude} {
			parts = append(parts, "")
			for _, pattern := range list {
				parts = append(parts, pattern.S)
			}
		}
	}
	return strings.Join(parts, "\x00")
}

func (fl *fleet) get(f *project.Framework, dir source.String) *example.Airplane {
	return fl.all[key(f, dir.S)]
}

// unused reports patterns that match nothing: the project's in no airplane, a framework's in none of its own.
func (fl *fleet) unused(p *project.Project) []diag.Finding {
	var all []*example.Airplane
	var found []diag.Finding
	for _, k := range fl.keys {
		all = append(all, fl.all[k])
	}
	for _, f := range p.Frameworks {
		if f.Draft || len(f.Include)+len(f.Exclude) == 0 {
			continue
		}
		var own []*example.Airplane
		for _, dir := range exampleDirs(f) {
			own = append(own, fl.get(f, dir))
		}
		found = append(found, example.Unused(f.Exclude, f.Include, own)...)
	}
	return append(found, example.Unused(p.Config.Exclude, p.Config.Include, all)...)
}

// left lists what the airplanes leave out, each path once.
func (fl *fleet) left() []example.Left {
	var all []example.Left
	for _, k := range fl.keys {
		if a := fl.all[k]; a != nil {
			all = append(all, a.Left...)
		}
	}
	slices.SortFunc(all, func(a, b example.Left) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(all)
}

func loadAirplanes(tree *source.Tree, p *project.Project, o Options) (*fleet, []diag.Finding, error) {
	fl := &fleet{all: map[string]*example.Airplane{}}
	seen := map[string]bool{}
	var findings []diag.Finding
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range p.Frameworks {
		if f.Draft {
			continue
		}
		for _, dir := range exampleDirs(f) {
			k := key(f, dir.S)
			if seen[k] {
				continue
			}
			seen[k] = true
			fl.keys = append(fl.keys, k)
			g.Go(func() error {
				a, fs, err := example.Load(tree, dir, exampleOptions(p, f, o))
				fl.mu.Lock()
				defer fl.mu.Unlock()
				fl.all[k] = a
				findings = append(findings, fs...)
				return err
			})
		}
	}
	err := g.Wait()
	slices.Sort(fl.keys)
	return fl, findings, err
}

// exampleDirs lists the airplanes of a framework, those of single workflows too.
func exampleDirs(f *project.Framework) []source.String {
	dirs := slices.Clone(f.Example)
	for _, w := range slices.Sorted(maps.Keys(f.Workflows)) {
		dirs = append(dirs, f.Workflows[w].Example...)
	}
	return dirs
}

func exampleOptions(p *project.Project, f *project.Framework, o Options) example.Options {
	c := p.Config
	own := []string{"skillgen.yaml", "skillgen.lock", "airplanes.lock", ".skillgen", c.Paths.Frameworks, c.Paths.Templates, c.Paths.Website, c.Paths.Dist}
	if o.Out != "" {
		own = append(own, o.Out)
	}
	return example.Options{Exclude: c.Exclude, Include: c.Include, FrameworkExclude: f.Exclude, FrameworkInclude: f.Include, Own: own}
}
