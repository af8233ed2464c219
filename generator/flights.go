package generator

import (
	"fmt"
	"slices"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/example"
	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/release"
	"skillgen/generator/source"
)

// Airplane is the example app of one framework with all that it takes along, ready to be flown.
type Airplane struct {
	Framework *project.Framework
	Cargo     []*example.Cargo // of each of the framework's own folders, in their order
	Digest    string           // of what is flown, as airplanes.lock notes it
}

// ReadAirplanes reads the project in tree, and the airplanes of the frameworks that want takes; drafts never fly. A framework without `verify` has
// nothing but its name here. Where an error stands among the findings there are no airplanes, and the project may be nil. The error is for what
// is wrong with the machine, and project.ErrNoProject.
func ReadAirplanes(tree *source.Tree, o Options, want func(*project.Framework) bool) (*project.Project, []Airplane, []diag.Finding, error) {
	c := &Compilation{}
	p, findings, err := project.Load(tree, project.Options{Skillgen: o.Skillgen})
	if err != nil {
		return nil, nil, nil, err
	}
	c.Project = p
	if worst, _ := diag.Worst(findings); p == nil || worst == diag.Error {
		c.settle(tree, findings)
		return p, nil, c.Findings, nil
	}
	findings = nil // what else is to be said of the project, build says
	var all []Airplane
	for _, f := range p.Frameworks {
		if f.Draft || len(f.Example) == 0 || !want(f) {
			continue
		}
		a, fs, err := readAirplane(tree, p, f, o)
		if err != nil {
			return nil, nil, nil, err
		}
		findings = append(findings, fs...)
		all = append(all, a)
	}
	c.settle(tree, findings)
	if worst, _ := diag.Worst(c.Findings); worst == diag.Error {
		return p, nil, c.Findings, nil
	}
	return p, all, nil, nil
}

// readAirplane reads what one framework flies.
func readAirplane(tree *source.Tree, p *project.Project, f *project.Framework, o Options) (Airplane, []diag.Finding, error) {
	out := Airplane{Framework: f}
	if f.Verify == nil || f.Verify.Level == project.LevelHand {
		return out, nil, nil
	}
	var findings []diag.Finding
	for _, dir := range f.Example {
		a, fs, err := example.Load(tree, dir, exampleOptions(p, f, o))
		findings = append(findings, fs...)
		if a == nil || err != nil {
			return out, findings, err
		}
		c, err := example.LoadCargo(tree, a, exampleOptions(p, f, o).Own)
		if err != nil {
			return out, findings, err
		}
		out.Cargo = append(out.Cargo, c)
	}
	var err error
	out.Digest, err = example.Digest(tree, out.Cargo, f.Verify.Asks())
	return out, findings, err
}

// flights is what is known of the flights of a project's airplanes.
type flights struct {
	of       map[*project.Framework]*plan.Flight
	files    map[*project.Framework][]*source.File // that were looked at to know it
	findings []diag.Finding
}

// get is the flight that skills of a framework may speak of; nil where there is none.
func (fl *flights) get(f *project.Framework) *plan.Flight { return fl.of[f] }

// readFlights holds the airplanes against airplanes.lock. Only where that has an entry are files read which no skill carries.
func readFlights(tree *source.Tree, p *project.Project, airplanes *fleet, o Options) (*flights, error) {
	fl := &flights{of: map[*project.Framework]*plan.Flight{}, files: map[*project.Framework][]*source.File{}}
	for _, f := range p.Frameworks {
		if f.Draft || f.Verify == nil || len(f.Example) == 0 {
			continue
		}
		var own []*example.Airplane
		for _, dir := range f.Example {
			if a := airplanes.get(f, dir); a != nil {
				own = append(own, a)
			}
		}
		if len(own) < len(f.Example) {
			continue // one of them can't be read: a finding says so
		}
		if err := fl.settle(tree, p, f, own, o); err != nil {
			return nil, err
		}
	}
	return fl, nil
}

// settle decides what is known of one framework's flight.
func (fl *flights) settle(tree *source.Tree, p *project.Project, f *project.Framework, own []*example.Airplane, o Options) error {
	v := f.Verify
	known := &plan.Flight{Level: v.Level, Known: true, Date: v.Date.S, At: v.At}
	for _, a := range own {
		known.Dirs = append(known.Dirs, a.Dir)
	}
	if v.Level == project.LevelHand {
		fl.of[f] = known
		return nil
	}
	noted := p.Flights.Of(f.ID)
	if noted != nil {
		digest, err := fl.digest(tree, p, f, own, o)
		if err != nil {
			return err
		}
		if digest == noted.Digest {
			for _, t := range noted.Tools {
				known.Tools = append(known.Tools, t.Short())
			}
			fl.of[f] = known
			return nil
		}
	}
	fl.unknown(f, noted)
	if v.Level == project.LevelSyntax {
		known.Known = false
		fl.of[f] = known
	}
	return nil
}

// digest computes what airplanes.lock would say now.
func (fl *flights) digest(tree *source.Tree, p *project.Project, f *project.Framework, own []*example.Airplane, o Options) (string, error) {
	var cargo []*example.Cargo
	for _, a := range own {
		c, err := example.LoadCargo(tree, a, exampleOptions(p, f, o).Own)
		if err != nil {
			return "", err
		}
		files, err := c.Counting(tree)
		if err != nil {
			return "", err
		}
		cargo = append(cargo, c)
		fl.files[f] = append(fl.files[f], files...)
	}
	fl.files[f] = append(fl.files[f], p.Flights.File)
	return example.Digest(tree, cargo, f.Verify.Asks())
}

// unknown reports an airplane that has not flown as it is now.
func (fl *flights) unknown(f *project.Framework, noted *project.Flight) {
	did := map[string]string{project.LevelCI: "flown", project.LevelSyntax: "compiled"}[f.Verify.Level]
	hint := "skillgen verify " + f.ID
	if noted == nil {
		fl.findings = append(fl.findings, diag.New("airplane-unflown", f.Verify.At.Place(), fmt.Sprintf("the airplane of %s was never %s", f.ID, did), hint))
		return
	}
	message := fmt.Sprintf("the airplane of %s, or what verify asks of it, has changed since it was %s on %s: its skills don't say so any more", f.ID, did, noted.Date)
	fl.findings = append(fl.findings, diag.New("airplane-stale", f.Verify.At.Place(), message, hint))
}

// addTo adds the files that were looked at to the inputs of a report: a change of them can change what a skill says of its airplane.
func (fl *flights) addTo(in []release.Input, skills []*emit.Skill) []release.Input {
	at := map[string]int{}
	for i := range in {
		at[in[i].Path] = i
	}
	for _, s := range skills {
		if len(s.Plan.Airplanes) == 0 {
			continue
		}
		for _, f := range fl.files[s.Plan.Framework] {
			i, known := at[f.Path]
			if !known {
				i = len(in)
				at[f.Path] = i
				in = append(in, release.Input{Path: f.Path, Digest: f.Digest})
			}
			if !slices.Contains(in[i].Skills, s.Plan.Name) {
				in[i].Skills = append(slices.Clip(in[i].Skills), s.Plan.Name)
			}
		}
	}
	return in
}
