package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"skillgen/generator"
	"skillgen/generator/diag"
	"skillgen/generator/fetch"
	"skillgen/generator/project"
)

// homepage tells who runs a website who asks for its pages.
const homepage = "https://skillgen.example"

// fetchOptions are the flags of `skillgen fetch`.
type fetchOptions struct {
	fetch.Options
	allowPrivate bool
}

func newFetch(a *app) *cobra.Command {
	var o fetchOptions
	c := &cobra.Command{
		Use:   "fetch [URL…]",
		Short: "Refresh the pages of websites that the project names, and pin them in skillgen.lock",
		Long: `fetch brings every page that a framework or workflow names by its URL, or by the /path of a site, into website/ as
Markdown, and refreshes every page that skillgen.lock lists. It prefers the Markdown that a site offers to its HTML.
A source may be a whole site: its llms.txt or sitemap.xml. No other command touches the network; build compiles what
lies there. A page that can't be had, or looks wrong, keeps its snapshot, and the command exits 1.`,
		Example: `  skillgen fetch                             refresh everything that is named
  skillgen fetch https://acme.example/docs   this page alone
  skillgen fetch --check                     has a website moved on? writes nothing
  skillgen fetch --list                      what would be fetched, and where it goes`,
		RunE: func(_ *cobra.Command, args []string) error {
			o.URLs = args
			return runFetch(a, o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.Check, "check", false, "write nothing, exit 1 if a website has moved on")
	f.BoolVar(&o.List, "list", false, "show what would be fetched")
	f.BoolVar(&o.Follow, "follow", false, "rewrite sources that name a page which has moved")
	f.BoolVar(&o.Prune, "prune", false, "remove snapshots that nobody names")
	f.BoolVar(&o.Reroute, "reroute", false, "look for the best way to each page again")
	f.BoolVar(&o.AcceptShrink, "accept-shrink", false, "take pages that lost more than half of their words")
	f.BoolVar(&o.allowPrivate, "allow-private", false, "also fetch from private and loopback addresses")
	return c
}

func (o *fetchOptions) validate() error {
	writes := o.Follow || o.Prune
	switch {
	case o.Check && o.List:
		return hinted{errors.New("--check and --list don't go together"), "--list asks for no page"}
	case (o.Check || o.List) && writes:
		return hinted{errors.New("--check and --list write nothing, so --follow and --prune don't go with them"), "leave them out"}
	case o.Prune && len(o.URLs) > 0:
		return hinted{errors.New("--prune looks at all pages, not at single ones"), "leave the URLs out"}
	}
	return nil
}

func runFetch(a *app, o fetchOptions) error {
	if err := o.validate(); err != nil {
		return err
	}
	w, err := a.open()
	if err != nil {
		return err
	}
	defer w.tree.Close()
	sources, findings, err := generator.ReadSources(w.tree, generator.Options{Skillgen: version})
	if err != nil {
		return err
	}
	if sources == nil {
		if err := a.show(w, findings); err != nil {
			return fmt.Errorf("printing findings: %w", err)
		}
		return errContent
	}
	config := sources.Project.Config.Fetch
	hosts, missing := fetchHosts(config)
	client := fetch.NewClient(fetch.ClientOptions{
		Version: version, Homepage: homepage, Language: config.Language.S, AllowPrivate: o.allowPrivate, Concurrency: a.jobs, Hosts: hosts,
	})
	defer client.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o.Today = time.Now().UTC().Format(time.DateOnly)
	o.Progress = a.progress()
	report, err := fetch.Run(ctx, fetch.Input{Dir: w.dir, Project: sources.Project, Library: sources.Library, Sites: sources.Sites, Client: client}, o.Options)
	if ctx.Err() != nil {
		return errors.New("interrupted; no snapshot was written")
	}
	if err != nil {
		return err
	}
	report.Findings = diag.Sort(append(append(missing, findings...), report.Findings...))
	return a.showFetch(w, report, o)
}

// fetchHosts makes the settings of hosts ready: the values of headers come from the environment.
func fetchHosts(config project.Fetch) (map[string]fetch.HostOptions, []diag.Finding) {
	hosts := map[string]fetch.HostOptions{}
	var missing []diag.Finding
	for name, h := range config.Hosts {
		headers := map[string]string{}
		for header, env := range h.HeaderEnv {
			if value := os.Getenv(env.S); value != "" {
				headers[header] = value
			} else {
				missing = append(missing, diag.New("fetch-header", env.At.Place(), fmt.Sprintf("%s is not set, so %s gets no %s", env.S, name, header), "set it where fetch runs"))
			}
		}
		hosts[name] = fetch.HostOptions{Concurrency: h.Concurrency, Headers: headers}
	}
	return hosts, missing
}

// progress prints a line a page on a terminal, once the command takes longer than a second.
func (a *app) progress() func(done, all int, url string) {
	f, ok := a.stderr.(*os.File)
	if !ok || a.quiet || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	begin := time.Now()
	return func(done, all int, url string) {
		if time.Now().Sub(begin) > time.Second {
			fmt.Fprintf(a.stderr, "[%d/%d] %s\n", done, all, diag.Terminal(url))
		}
	}
}

// showFetch prints the report and turns it into the command's error.
func (a *app) showFetch(w *workspace, r *fetch.Report, o fetchOptions) error {
	var err error
	switch {
	case a.format == "json":
		findings := r.Findings
		if findings == nil {
			findings = []diag.Finding{}
		}
		pages := r.Pages
		if pages == nil {
			pages = []fetch.Page{}
		}
		err = diag.WriteJSON(a.stdout, struct {
			Pages    []fetch.Page   `json:"pages"`
			Rewrote  []string       `json:"rewrote,omitempty"`
			Findings []diag.Finding `json:"findings"`
		}{pages, r.Rewrote, findings})
	default:
		if err = a.show(w, r.Findings); err == nil && !a.quiet && a.format == "text" {
			err = printFetch(a.stdout, r, o)
		}
	}
	if err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	if worst, any := diag.Worst(r.Findings); any && (worst == diag.Error || a.strict && worst == diag.Warning) {
		return errContent
	}
	return nil
}

// printFetch prints what became of pages, but for those that did not change, and the sums.
func printFetch(out io.Writer, r *fetch.Report, o fetchOptions) error {
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	sums := map[fetch.State]int{}
	unnamed := 0
	for _, p := range r.Pages {
		sums[p.State]++
		if p.Unnamed && p.State != fetch.Pruned {
			unnamed++
		}
		if p.State == fetch.Unchanged || p.State == fetch.Absent {
			continue
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", p.State, diag.Terminal(shownPath(p)), fetchNote(p))
	}
	for _, f := range r.Rewrote {
		fmt.Fprintf(t, "rewrote\t%s\t\n", diag.Terminal(f))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) {
		if _, err := fmt.Fprintln(out, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	var parts []string
	for _, s := range []fetch.State{fetch.New, fetch.Changed, fetch.Restored, fetch.Unchanged, fetch.Stale, fetch.Failed, fetch.Absent, fetch.Pruned} {
		if sums[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", sums[s], s))
		}
	}
	if len(r.Pages)+len(r.Findings) == 0 {
		_, err := fmt.Fprintln(out, "nothing to fetch: no source of docs names a URL or the /path of a site")
		return err
	}
	line := plural(len(r.Pages), "page")
	if len(parts) > 0 {
		line += ": " + strings.Join(parts, ", ")
	}
	if o.Check {
		line += "; nothing was written"
	}
	if unnamed > 0 && !o.List && len(o.URLs) == 0 {
		line += fmt.Sprintf("\n%s named by nobody: `skillgen fetch --prune` removes them", isAre(unnamed))
	}
	_, err := fmt.Fprintln(out, line)
	return err
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func isAre(n int) string {
	if n == 1 {
		return "1 page is"
	}
	return fmt.Sprintf("%d pages are", n)
}

// shownPath is where a page stands; one that has no place is shown by its URL.
func shownPath(p fetch.Page) string {
	if p.Path == "" || p.State == fetch.Failed {
		return p.URL
	}
	return p.Path
}

// fetchNote says more about a page.
func fetchNote(p fetch.Page) string {
	switch p.State {
	case fetch.New:
		return fmt.Sprintf("%d words, %s", p.Added, p.Route)
	case fetch.Changed:
		note := fmt.Sprintf("+%d −%d words", p.Added, p.Removed)
		if p.Added+p.Removed == 0 {
			note = "the same words"
		}
		if p.Anew {
			note += ", only because this skillgen converts HTML differently"
		}
		return note
	case fetch.Stale:
		return "since " + p.Since
	case fetch.Pending:
		return diag.Terminal(strings.Join(slices.DeleteFunc([]string{p.URL, p.Route}, func(s string) bool { return s == "" }), "  "))
	}
	return ""
}
