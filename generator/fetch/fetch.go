package fetch

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// Options are what the command line says.
type Options struct {
	URLs         []string                        // these alone, as the command line names them: a URL or the /path of a site; empty: all that is named or locked
	AcceptShrink bool                            // a page may lose more than half of its words
	Reroute      bool                            // look again for the best way to each page
	Follow       bool                            // rewrite sources that name a page which has moved
	Prune        bool                            // remove snapshots that nobody names
	Check        bool                            // write nothing; what differs is a finding
	List         bool                            // say what would be fetched; only llms.txt and sitemaps are asked for
	Today        string                          // 2026-11-20
	Progress     func(done, all int, url string) // called after each page, one call at a time; may be nil
}

// Input is the project whose pages are fetched.
type Input struct {
	Dir     string // of the project, on disk
	Project *project.Project
	Library *docs.Library // its pages as they stand
	Sites   []docs.Site
	Client  *Client
}

// State says what became of a page.
type State string

// The states of a page.
const (
	New       State = "new"
	Changed   State = "changed"
	Unchanged State = "unchanged"
	Restored  State = "restored" // as it was fetched before; the file was edited or gone
	Stale     State = "stale"    // it could not be had, or was refused: the old snapshot stays
	Failed    State = "failed"   // likewise, and there is no old snapshot
	Absent    State = "absent"   // a page named by {{id}} that the website does not have
	Pruned    State = "pruned"   // its snapshot was removed
	Pending   State = "pending"  // it was only listed
)

// Page is what became of one page.
type Page struct {
	URL     string `json:"url"`
	Final   string `json:"final,omitempty"` // that answered, where that is another
	Path    string `json:"path,omitempty"`
	Route   string `json:"route,omitempty"`
	State   State  `json:"state"`
	Since   string `json:"since,omitempty"` // of a stale page: the day of its snapshot
	Added   int    `json:"words_added,omitempty"`
	Removed int    `json:"words_removed,omitempty"`
	Unnamed bool   `json:"unnamed,omitempty"`     // nobody names it: it is there by the lock alone
	Anew    bool   `json:"reconverted,omitempty"` // the website sent the same; skillgen converts it differently now
	Moved   string `json:"moved,omitempty"`       // the URL under which it stands now
	Why     string `json:"why,omitempty"`         // of a page that could not be had
}

// Report is what one run did.
type Report struct {
	Pages    []Page         // by URL
	Findings []diag.Finding // sorted
	Rewrote  []string       // files of the project in which sources were rewritten, by path
}

// Run fetches pages and writes what came: snapshots first, skillgen.lock last. What is wrong with a page is a finding, and leaves its snapshot
// and its entry in the lock as they were; the error is for what is wrong with the machine, and ctx's.
func Run(ctx context.Context, in Input, o Options) (*Report, error) {
	e := &engine{Input: in, options: o, lock: in.Project.Lock}
	if e.lock == nil {
		e.lock = &project.Lock{}
	}
	root, err := os.OpenRoot(in.Dir)
	if err != nil {
		return nil, fmt.Errorf("opening the project's folder: %w", err)
	}
	defer root.Close()
	e.root = root
	e.cache = readCache(root)

	// want: every URL that is named, and every entry of the lock.
	e.collect()
	// sites: the pages that llms.txt and sitemaps list.
	if err := e.readIndexes(ctx); err != nil {
		return nil, err
	}
	e.place()
	if o.List {
		return e.list(), nil
	}
	// fetch: each page by its route.
	if err := e.fetchAll(ctx); err != nil {
		return nil, err
	}
	// judge: what came beside what stands.
	e.judge()
	// write: snapshots, what follows a move, the lock.
	if !o.Check {
		if err := e.write(); err != nil {
			return nil, err
		}
	}
	return e.report(), nil
}

// engine is one run.
type engine struct {
	Input
	options   Options
	root      *os.Root
	lock      *project.Lock
	cache     *cache
	wants     []*want          // by URL, once placed
	byURL     map[string]*want // while they are collected
	indexes   []*index         // by URL
	snapshots map[string]bool  // paths that the lock lists
	pruned    []*want
	rewrote   []string
	mu        sync.Mutex       // of lists
	lists     map[string]*list // of sites, by the address of their llms.txt: for pages that are new
	findings  []diag.Finding
}

// want is one page that is wanted.
type want struct {
	url      string        // absolute, no fragment
	at       []source.Span // where it is named; none for one of the command line, or of the lock alone
	named    bool          // by a framework, a workflow or the command line
	listed   bool          // by a whole site: no source names the page itself
	optional bool          // a page named by {{id}}: not every framework needs to have it
	path     string        // of its snapshot
	locked   *project.LockedPage
	page     Page
	got      *copyOf // what came; nil where nothing did
	old      string  // the snapshot as it stands; empty where there is none
	moved    string  // the URL that its sources named, where they follow it to another
	merged   bool    // under its new address the project has the page already
	clash    bool
}

// place is where a finding about a page points: at its first source, else at its entry in the lock.
func (w *want) place() diag.Place {
	switch {
	case len(w.at) > 0:
		return w.at[0].Place()
	case w.locked != nil:
		return w.locked.At.Place()
	}
	return diag.Place{}
}

func (e *engine) add(id string, at diag.Place, message, hint string) {
	e.findings = append(e.findings, diag.New(id, at, message, hint))
}

// fail notes why a page could not be had or was refused.
func (e *engine) fail(w *want, id, message, hint string) {
	w.page.State, w.page.Why = Failed, message
	stands := ""
	if w.locked != nil {
		w.page.State, w.page.Since = Stale, w.locked.Changed
		stands = fmt.Sprintf("; the snapshot of %s stays", w.locked.Changed)
	}
	e.add(id, w.place(), fmt.Sprintf("%s: %s%s", w.url, message, stands), hint)
}

// list says what would be fetched.
func (e *engine) list() *Report {
	for _, w := range e.wants {
		if !w.clash {
			w.page.State = Pending
		}
		if w.locked != nil {
			w.page.Route, w.page.Since = w.locked.Route, w.locked.Changed
		}
	}
	return e.report()
}

func (e *engine) report() *Report {
	r := &Report{Findings: diag.Sort(e.findings), Rewrote: e.rewrote}
	for _, w := range e.wants {
		r.Pages = append(r.Pages, w.page)
	}
	for _, w := range e.pruned {
		w.page.State = Pruned
		r.Pages = append(r.Pages, w.page)
	}
	slices.SortFunc(r.Pages, func(a, b Page) int { return cmp.Or(strings.Compare(a.URL, b.URL), strings.Compare(a.Path, b.Path)) })
	slices.Sort(r.Rewrote)
	return r
}
