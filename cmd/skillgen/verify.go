package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/facts"
	"skillgen/generator/project"
	"skillgen/generator/source"
	"skillgen/generator/verify"
)

// verifyOptions are the flags of `skillgen verify`.
type verifyOptions struct {
	keep       bool
	frameworks []string
}

func newVerify(a *app) *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use:   "verify [framework…]",
		Short: "Fly the model airplanes: install, build and run each, and see its events arrive",
		Long: `verify copies the model airplane of each framework to a scratch folder, installs, builds and starts it, visits its pages
or runs what drives it, and looks at what reaches a capture server on this machine: what stands under expect has to
arrive. airplanes.lock notes what flew, in which state and with which tools; commit it. A skill says "flown with" only
while that state is the one on disk.

verify runs the example's code as you; it is no sandbox. An airplane gets PATH, LANG, a scratch HOME, the registry,
certificate and proxy settings of package managers without credentials, CI=1, PORT, CAPTURE_URL and what its env
declares. Only install may use the network. On Linux everything else runs in namespaces of its own, without a way out;
where that is refused, the table says that it was not isolated.

The capture server answers every request with 200 and {}, and *.js with an empty script. It finds the names of events in
JSON bodies, packed or not, under event, event_name or event_type; a request can be expected by method, path and what
its body holds, so it serves any product.

A tool that is missing under needs is "not flown": it fails only with --strict. -j says how many fly at once (default 2).`,
		Example: `  skillgen verify                     fly all of them
  skillgen verify flask rails         fly these
  skillgen verify --strict            for CI: an airplane that could not be flown fails, too
  skillgen verify flask --keep        keep the scratch folder if it fails
  CHROMIUM=/opt/chrome skillgen verify   use this browser`,
		RunE: func(_ *cobra.Command, args []string) error {
			o.frameworks = args
			return runVerify(a, o)
		},
	}
	c.Flags().BoolVar(&o.keep, "keep", false, "keep the scratch folders of flights that fail")
	return c
}

func runVerify(a *app, o verifyOptions) error {
	w, err := a.open()
	if err != nil {
		return err
	}
	defer w.tree.Close()
	_, inside, err := a.earlyOutput(w)
	if err != nil {
		return err
	}
	p, airplanes, findings, err := generator.ReadAirplanes(w.tree, generator.Options{Out: inside, Skillgen: version}, func(f *project.Framework) bool {
		return len(o.frameworks) == 0 || slices.Contains(o.frameworks, f.ID)
	})
	if err != nil {
		return err
	}
	if len(findings) > 0 {
		if err := a.show(w, findings); err != nil {
			return fmt.Errorf("printing findings: %w", err)
		}
		return errContent
	}
	if err := known(p, o.frameworks); err != nil {
		return err
	}
	log, err := a.fly(w, airplanes, o)
	if err != nil {
		return err
	}
	changed, err := verify.Record(w.dir, p, log, time.Now().UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	return a.showFlights(w, log, changed)
}

// known refuses names that are no framework's, or one's that can't be flown.
func known(p *project.Project, names []string) error {
	var ids []string
	for _, f := range p.Frameworks {
		ids = append(ids, f.ID)
	}
	for _, name := range names {
		i := slices.Index(ids, name)
		if i < 0 {
			hint := "the frameworks are " + strings.Join(ids, ", ")
			if near := diag.Suggest(name, ids); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return hinted{fmt.Errorf("there is no framework %q", name), hint}
		}
		switch f := p.Frameworks[i]; {
		case f.Draft:
			return hinted{fmt.Errorf("the framework %q is a draft", name), "take `draft: true` out of " + f.File.Path + " to fly it"}
		case len(f.Example) == 0:
			return hinted{fmt.Errorf("the framework %q has no model airplane", name), "name one under `example` of " + f.File.Path}
		}
	}
	return nil
}

// fly flies the airplanes. The first Ctrl-C ends all flights in peace, the second one skillgen itself; nothing survives either.
func (a *app) fly(w *workspace, airplanes []generator.Airplane, o verifyOptions) (*verify.Log, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	all := make([]verify.Airplane, len(airplanes))
	for i, x := range airplanes {
		all[i] = verify.Airplane(x)
	}
	board := newBoard(a, len(all))
	log, err := verify.Fly(ctx, all, verify.Options{Tree: w.tree, Dir: w.dir, Environ: os.Environ(), Jobs: a.jobs, Keep: o.keep, Progress: board.step})
	board.clear()
	return log, err
}

// board shows on a terminal what is under way, once it takes longer than a second.
type board struct {
	app   *app
	all   int
	width int // of the terminal; 0: there is none
	mu    sync.Mutex
	begin time.Time
	steps map[string]verify.Step // by framework
	shown bool
	quit  chan struct{}
}

func newBoard(a *app, all int) *board {
	b := &board{app: a, all: all, begin: time.Now(), steps: map[string]verify.Step{}, quit: make(chan struct{})}
	f, ok := a.stderr.(*os.File)
	if !ok || a.quiet || a.format != "text" || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return b
	}
	b.width = 80
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 20 {
		b.width = width
	}
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-b.quit:
				return
			case <-t.C:
				b.draw()
			}
		}
	}()
	return b
}

func (b *board) step(framework string, step verify.Step) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.steps[framework] = step
	if step == "" {
		delete(b.steps, framework)
	}
}

func (b *board) draw() {
	b.mu.Lock()
	defer b.mu.Unlock()
	var parts []string
	for id, step := range b.steps {
		parts = append(parts, id+": "+string(step))
	}
	slices.Sort(parts)
	line := fmt.Sprintf("flying %d s  %s", int(time.Now().Sub(b.begin).Seconds()), strings.Join(parts, "  "))
	fmt.Fprint(b.app.stderr, "\r\x1b[K"+shorten(diag.Terminal(line), b.width-1))
	b.shown = true
}

func (b *board) clear() {
	close(b.quit)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown {
		fmt.Fprint(b.app.stderr, "\r\x1b[K")
	}
}

// showFlights prints what became of the airplanes, and turns it into the command's error.
func (a *app) showFlights(w *workspace, log *verify.Log, changed bool) error {
	var findings []diag.Finding
	for _, r := range log.Results {
		findings = append(findings, r.Findings...)
	}
	findings = diag.Sort(findings)
	facts.Conceal(findings, func(path string) *source.File {
		f, _ := w.tree.Read(path) // read before
		return f
	})
	var err error
	switch {
	case a.format == "json":
		err = a.flightsJSON(log, findings)
	default:
		if err = a.show(w, findings); err == nil && a.format == "text" {
			a.printOutputs(log)
			a.printFlights(log, changed)
		}
	}
	if err != nil {
		return fmt.Errorf("printing the flights: %w", err)
	}
	if log.Interrupted {
		return errors.New("interrupted; every process that was started has been ended")
	}
	if worst, any := diag.Worst(findings); any && (worst == diag.Error || a.strict && worst == diag.Warning) {
		return errContent
	}
	return nil
}

// shownLines is how many lines of a command's output are shown.
const shownLines = 20

// printOutputs shows, for each flight that failed, the last lines of its commands, and what arrived.
func (a *app) printOutputs(log *verify.Log) {
	for _, r := range log.Results {
		if r.Outcome != verify.Failed {
			continue
		}
		id := r.Airplane.Framework.ID
		for _, o := range r.Outputs {
			fmt.Fprintf(a.stderr, "\n%s, %s: %s\n", id, o.Step, diag.Terminal(facts.Mask(o.Command)))
			for _, line := range outputLines(o) {
				fmt.Fprintf(a.stderr, "  | %s\n", diag.Terminal(line))
			}
		}
		if len(r.Requests)+len(r.Visits) > 0 {
			fmt.Fprintf(a.stderr, "\n%s, what arrived\n", id)
			a.printSeen("event", r.Events)
			a.printSeen("request", r.Requests)
			for _, v := range r.Visits {
				fmt.Fprintf(a.stderr, "  visit    %s\n", diag.Terminal(facts.Mask(v)))
			}
		}
		if r.Kept != "" {
			fmt.Fprintf(a.stderr, "\n%s, kept: %s\n", id, diag.Terminal(r.Kept))
		}
	}
}

// outputLines returns the last lines of an output without credentials, of which one may span several.
func outputLines(o verify.Output) []string {
	o.Text = facts.Mask(o.Text)
	return o.Lines(shownLines)
}

// maxSeen keeps the list of what arrived readable.
const maxSeen = 20

func (a *app) printSeen(what string, all []verify.Seen) {
	for _, s := range all[:min(len(all), maxSeen)] {
		fmt.Fprintf(a.stderr, "  %-8s %s\n", what, diag.Terminal(facts.Mask(s.String())))
	}
	if more := len(all) - maxSeen; more > 0 {
		fmt.Fprintf(a.stderr, "  %-8s … and %d more\n", what, more)
	}
}

// tableWidth is what a table of flights keeps to.
const tableWidth = 80

// printFlights prints a line for each airplane, and the sums.
func (a *app) printFlights(log *verify.Log, changed bool) {
	if a.quiet {
		return
	}
	rows := [][]string{{"AIRPLANE", "RESULT", "TIME", "EVENTS", "ISOLATED", "TOOLS"}}
	sums := map[verify.Outcome]int{}
	for i := range log.Results {
		r := &log.Results[i]
		sums[r.Outcome]++
		rows = append(rows, row(r))
	}
	for _, line := range fit(rows) {
		fmt.Fprintln(a.stdout, line)
	}
	var parts []string
	for _, o := range []verify.Outcome{verify.Flown, verify.Compiled, verify.ByHand, verify.Failed, verify.NotFlown, verify.Unchecked, ""} {
		if sums[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", sums[o], cmp.Or(string(o), "interrupted")))
		}
	}
	line := count(len(log.Results), "airplane")
	if len(parts) > 0 {
		line += ": " + strings.Join(parts, ", ")
	}
	if changed {
		line += "; noted in " + project.FlightsFile
	}
	fmt.Fprintf(a.stdout, "\n%s\n", line)
	if log.NotIsolated != "" {
		fmt.Fprintf(a.stdout, "not isolated: %s\n", diag.Terminal(log.NotIsolated))
	}
	for _, r := range log.Results {
		for _, note := range r.Notes {
			fmt.Fprintf(a.stdout, "%s: %s\n", r.Airplane.Framework.ID, diag.Terminal(note))
		}
	}
}

// row is an airplane's line of the table.
func row(r *verify.Result) []string {
	const none = "–"
	out := []string{r.Airplane.Framework.ID, cmp.Or(string(r.Outcome), "interrupted"), none, none, none, ""}
	if r.Outcome == verify.Flown || r.Outcome == verify.Compiled || r.Outcome == verify.Failed {
		out[2] = fmt.Sprintf("%.1f s", r.Time.Seconds())
		if r.Time >= 10*time.Second {
			out[2] = fmt.Sprintf("%.0f s", r.Time.Seconds())
		}
		out[4] = map[bool]string{true: "yes", false: "no"}[r.Isolated]
		if r.Airplane.Framework.Verify.Level == project.LevelCI {
			out[3] = fmt.Sprint(len(r.Events))
		}
	}
	var tools []string
	for _, t := range r.Tools {
		tools = append(tools, t.Short())
	}
	out[5] = strings.Join(tools, ", ")
	switch r.Outcome {
	case verify.ByHand:
		out[5] = "on " + r.Airplane.Framework.Verify.Date.S
	case verify.Unchecked:
		out[5] = "its framework has no `verify`"
	}
	return out
}

// fit lays out a table. Where it is too wide, the first and the last column give way.
func fit(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	last := len(widths) - 1
	if over := total - tableWidth; over > 0 {
		for _, give := range []struct{ column, least int }{{last, 24}, {0, 20}, {last, 10}} {
			cut := min(over, max(widths[give.column]-give.least, 0))
			widths[give.column] -= cut
			over -= cut
		}
	}
	lines := make([]string, len(rows))
	for n, r := range rows {
		var b strings.Builder
		for i, cell := range r {
			cell = shorten(cell, widths[i])
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 2 || i == 3 { // numbers
				b.WriteString(pad + cell + "  ")
			} else {
				b.WriteString(cell + pad + "  ")
			}
		}
		lines[n] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// shorten cuts s to a number of code points.
func shorten(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:max(width-1, 0)]) + "…"
}

// jsonFlight is an airplane in JSON.
type jsonFlight struct {
	Framework string        `json:"framework"`
	Outcome   string        `json:"outcome"`
	Digest    string        `json:"digest,omitempty"`
	Tools     []jsonTool    `json:"tools"`
	Events    []verify.Seen `json:"events"`
	Requests  []verify.Seen `json:"requests"`
	Seconds   float64       `json:"seconds"`
	Isolated  bool          `json:"isolated"`
	Notes     []string      `json:"notes,omitempty"`
	Outputs   []jsonOutput  `json:"outputs,omitempty"`
	Kept      string        `json:"kept,omitempty"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonOutput struct {
	Step    verify.Step `json:"step"`
	Command string      `json:"command"`
	Lines   []string    `json:"lines"`
}

func (a *app) flightsJSON(log *verify.Log, findings []diag.Finding) error {
	flights := []jsonFlight{}
	for _, r := range log.Results {
		f := jsonFlight{
			Framework: r.Airplane.Framework.ID, Outcome: cmp.Or(string(r.Outcome), "interrupted"), Digest: r.Airplane.Digest, Tools: []jsonTool{},
			Events: masked(r.Events), Requests: masked(r.Requests), Seconds: r.Time.Round(100 * time.Millisecond).Seconds(), Isolated: r.Isolated, Notes: r.Notes, Kept: r.Kept,
		}
		for _, t := range r.Tools {
			f.Tools = append(f.Tools, jsonTool(t))
		}
		for _, o := range r.Outputs {
			f.Outputs = append(f.Outputs, jsonOutput{o.Step, facts.Mask(o.Command), outputLines(o)})
		}
		flights = append(flights, f)
	}
	if findings == nil {
		findings = []diag.Finding{}
	}
	return diag.WriteJSON(a.stdout, struct {
		Schema      int            `json:"schema"`
		NotIsolated string         `json:"not_isolated,omitempty"`
		Airplanes   []jsonFlight   `json:"airplanes"`
		Findings    []diag.Finding `json:"findings"`
	}{1, log.NotIsolated, flights, findings})
}

func masked(all []verify.Seen) []verify.Seen {
	out := make([]verify.Seen, len(all))
	for i, s := range all {
		out[i] = verify.Seen{Name: facts.Mask(s.Name), Count: s.Count}
	}
	return out
}
