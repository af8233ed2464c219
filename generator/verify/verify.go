// Package verify flies model airplanes: it installs, builds and runs the example app of a framework, and looks at what reaches a server that
// stands in for the product.
//
// It promises that nothing is written into the project, that an airplane gets no more of the environment than environment.go lists, that every
// process which was started is ended, also when skillgen itself is killed, and that what could not be flown never counts as flown. It runs the
// airplane's code as whoever runs skillgen: it is no sandbox. Where Linux allows it, everything after the install has no network but its own.
//
// What an airplane is flown for stands under `verify` of its framework (DESIGN §6). The capture server knows no product; see capture.
package verify

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/diag"
	"skillgen/generator/example"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// Airplane is the example app of one framework.
type Airplane struct {
	Framework *project.Framework
	Cargo     []*example.Cargo // of each of its folders; commands run in the first. Empty where Framework.Verify is nil
	Digest    string           // of what is flown; see example.Digest
}

// Options say how to fly.
type Options struct {
	Tree     *source.Tree                      // of the project, which Cargo speaks of
	Dir      string                            // the project's folder, absolute
	Environ  []string                          // of skillgen's own process
	Jobs     int                               // flights at once; 0: 2
	Keep     bool                              // keep the folders of flights that failed
	Progress func(framework string, step Step) // a step begins; "" where the flight is over. Never called twice at once

	grace      time.Duration // 0: the default
	unisolated bool          // don't try
}

// Outcome is what became of an airplane.
type Outcome string

// The outcomes. An airplane whose flight was interrupted has none of them.
const (
	Flown     Outcome = "flown"
	Compiled  Outcome = "compiled"    // level: syntax
	ByHand    Outcome = "by hand"     // level: hand; nothing was done
	Failed    Outcome = "failed"      //
	NotFlown  Outcome = "not flown"   // a tool is missing
	Unchecked Outcome = "not checked" // the framework does not say how
)

// Result is what became of an airplane.
type Result struct {
	Airplane *Airplane
	Outcome  Outcome
	Tools    []project.ToolVersion // by name
	Events   []Seen                // that reached the capture server, by name
	Requests []Seen                // "POST /batch/", by name
	Visits   []string              // what each page answered
	Notes    []string              // worth knowing
	Outputs  []Output              // of a flight that failed
	Kept     string                // folder that was kept
	Time     time.Duration
	Isolated bool
	Findings []diag.Finding
}

// Log is what Fly returns.
type Log struct {
	Results     []Result // in the order of the airplanes
	NotIsolated string   // why flights are not isolated; empty where they are
	Interrupted bool
}

// budget is how long a flight may take where its framework does not say.
const budget = 5 * time.Minute

// grace is how long what is expected may take to arrive after the last step: SDKs that send in batches wait for up to ten seconds.
const grace = 12 * time.Second

// Fly flies the airplanes. When ctx ends, flights that are under way are ended, and the log says so. The error is for what is wrong with the
// machine.
func Fly(ctx context.Context, airplanes []Airplane, o Options) (*Log, error) {
	h := &hangar{options: o, environment: newEnvironment(o.Environ)}
	log := &Log{Results: make([]Result, len(airplanes))}
	var node, goo, any bool
	for i := range airplanes {
		log.Results[i].Airplane = &airplanes[i]
		if v := airplanes[i].Framework.Verify; v != nil && v.Level != project.LevelHand {
			any = true
			node = node || slices.ContainsFunc([]string{"node", "npm"}, func(name string) bool { return v.Needs.Tools[name].S != "" })
			goo = goo || v.Needs.Tools["go"].S != ""
		}
	}
	if any {
		h.environment.readSettings(ctx, o.Dir, node, goo)
		if log.NotIsolated = h.probe(ctx); log.NotIsolated == "" {
			h.isolated = true
		}
	}
	jobs := o.Jobs
	if jobs == 0 {
		jobs = 2
	}
	var g errgroup.Group
	g.SetLimit(jobs)
	for i := range log.Results {
		g.Go(func() error { return h.serve(ctx, &log.Results[i]) })
	}
	err := g.Wait()
	log.Interrupted = ctx.Err() != nil
	return log, err
}

// hangar is what all flights share.
type hangar struct {
	options     Options
	environment *environment
	isolated    bool
	mu          sync.Mutex // of Progress
}

func (h *hangar) progress(framework string, step Step) {
	if h.options.Progress == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.options.Progress(framework, step)
}

// serve does what a framework asks for.
func (h *hangar) serve(ctx context.Context, r *Result) error {
	v := r.Airplane.Framework.Verify
	switch {
	case v == nil:
		r.Outcome = Unchecked
		return nil
	case v.Level == project.LevelHand:
		r.Outcome = ByHand
		return nil
	case ctx.Err() != nil:
		return nil
	}
	s, err := newScratch(r.Airplane.Framework.ID)
	if err != nil {
		return err
	}
	start := time.Now()
	defer h.progress(r.Airplane.Framework.ID, "")
	err = h.fly(ctx, r, s)
	r.Time = time.Since(start)
	if h.options.Keep && r.Outcome == Failed {
		r.Kept = s.dir
		return err
	}
	s.remove()
	return err
}

// fly flies one airplane in a folder of its own.
func (h *hangar) fly(ctx context.Context, r *Result, s *scratch) error {
	a, v := r.Airplane, r.Airplane.Framework.Verify
	if err := s.load(h.options.Tree, a.Cargo); err != nil {
		var p *source.PathError
		if !errors.As(err, &p) {
			return err
		}
		r.fail(v.At, err.Error(), "")
		return nil
	}
	dir := s.folder(a.Cargo)
	k := h.environment.gather(ctx, v.Needs, dir, h.environment.of(s, false))
	r.Tools = k.tools
	if ctx.Err() != nil {
		return nil
	}
	if len(k.missing) > 0 {
		r.notFlown(v, k.missing)
		return nil
	}
	f := flightPlan{hangar: h, result: r, verify: v, scratch: s, dir: dir, browser: k.browser, end: time.Now().Add(timeoutOf(v))}
	return f.carryOut(ctx)
}

func timeoutOf(v *project.Verify) time.Duration {
	if d, err := time.ParseDuration(v.Timeout.S); err == nil {
		return d
	}
	return budget
}

// flightPlan is one flight, seen from the ground.
type flightPlan struct {
	*hangar
	result  *Result
	verify  *project.Verify
	scratch *scratch
	dir     string
	browser *browser
	end     time.Time // it must be over
}

// carryOut installs, then flies.
func (f *flightPlan) carryOut(ctx context.Context) error {
	v, r := f.verify, f.result
	r.Isolated = f.isolated
	if v.Level == project.LevelCI && v.Install.S != "" {
		j := f.job(installJob)
		j.Command = v.Install.S
		done, err := f.do(ctx, j)
		if done == nil || err != nil {
			return err
		}
		if r.take(v, done); r.Outcome == Failed {
			return nil
		}
	}
	j := f.job(flyJob)
	j.Build = v.Build.S
	if v.Level == project.LevelCI {
		f.plan(&j)
	}
	done, err := f.do(ctx, j)
	if done == nil || err != nil {
		return err
	}
	if r.take(v, done); r.Outcome == Failed {
		return nil
	}
	r.Outcome = Flown
	if v.Level == project.LevelSyntax {
		r.Outcome = Compiled
	}
	return nil
}

func (f *flightPlan) job(kind jobKind) job {
	network := kind == installJob
	j := job{Kind: kind, Isolated: f.isolated, Dir: f.dir, Env: f.environment.of(f.scratch, network), Budget: max(time.Until(f.end), time.Millisecond), Limit: timeoutOf(f.verify)}
	for _, name := range sortedNames(f.verify.Env) {
		j.Declared = append(j.Declared, pair{name, f.verify.Env[name].S})
	}
	return j
}

// plan adds what goes beyond compiling.
func (f *flightPlan) plan(j *job) {
	v := f.verify
	j.Start, j.Ready, j.Run, j.Grace = v.Start.S, v.Ready.S, v.Run.S, grace
	if f.options.grace > 0 {
		j.Grace = f.options.grace
	}
	for _, path := range v.Visit {
		j.Visit = append(j.Visit, path.S)
	}
	for _, e := range v.Expect {
		j.Expect = append(j.Expect, expectation{e.Event.S, e.Method, e.Path.S, e.Contains.S})
	}
	if f.browser != nil {
		b := *f.browser
		b.Profile = f.scratch.home + "/browser"
		j.Browser = &b
	}
}

// do has a job done. It returns nil where ctx ended before.
func (f *flightPlan) do(ctx context.Context, j job) (*report, error) {
	r, err := call(ctx, j, func(s Step) { f.progress(f.result.Airplane.Framework.ID, s) })
	switch {
	case ctx.Err() != nil:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("flying %s: %w", f.result.Airplane.Framework.ID, err)
	case r.Machine != "":
		return nil, fmt.Errorf("flying %s: %s", f.result.Airplane.Framework.ID, r.Machine)
	}
	for i := range r.Outputs { // paths from the project's folder, as readers know them
		r.Outputs[i].Text = strings.ReplaceAll(r.Outputs[i].Text, f.scratch.work+string(filepath.Separator), "")
	}
	return r, nil
}

// probe says why flights can't be isolated; "" where they can.
func (h *hangar) probe(ctx context.Context) string {
	if h.options.unisolated {
		return "it was not tried"
	}
	if !canIsolate {
		return "only Linux has what it takes"
	}
	r, err := call(ctx, job{Kind: probeJob, Isolated: true, Budget: 10 * time.Second}, nil)
	switch {
	case err != nil:
		return "namespaces are refused: " + err.Error()
	case r.Machine != "":
		return "namespaces are refused: " + r.Machine
	}
	return ""
}
