package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// capture is the server that stands in for the product: it answers whatever an SDK asks, and keeps the names of what arrives. It knows no
// product. Every request gets 200 and an empty JSON object, one for a script (*.js) an empty script, and every origin may ask (CORS). Which
// events a request holds is told by the keys that SDKs name them with; see eventNames.
type capture struct {
	server http.Server
	url    string

	mu       sync.Mutex
	expect   []expectation
	met      []bool
	left     int // how many are not met
	events   counts
	requests counts
	done     chan struct{} // closed when the last one is met
}

// expectation is an event by its name, or a request by method, path and what its texts hold.
type expectation struct {
	Event                  string
	Method, Path, Contains string
}

// Seen is something that arrived, and how often.
type Seen struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// String shows how often, where it was more than once: "kit_viewed (3)".
func (s Seen) String() string {
	if s.Count == 1 {
		return s.Name
	}
	return fmt.Sprintf("%s (%d)", s.Name, s.Count)
}

// counts counts names. How many different ones it keeps, and how much of each, is limited: whoever can send requests chooses them.
type counts map[string]int

const (
	maxNames = 1000
	maxName  = 200 // bytes
)

func (c counts) add(name string, n int) {
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "") + "…"
	}
	if _, known := c[name]; known || len(c) < maxNames {
		c[name] += n
	}
}

// list returns what was counted, by name.
func (c counts) list() []Seen {
	all := make([]Seen, 0, len(c))
	for _, name := range slices.Sorted(maps.Keys(c)) {
		all = append(all, Seen{name, c[name]})
	}
	return all
}

// newCapture starts a capture server on a free port of this machine.
func newCapture(expect []expectation) (*capture, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the capture server: %w", err)
	}
	c := &capture{
		url: "http://" + l.Addr().String(), expect: expect, met: make([]bool, len(expect)), left: len(expect),
		events: counts{}, requests: counts{}, done: make(chan struct{}),
	}
	if c.left == 0 {
		close(c.done)
	}
	c.server = http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 1 << 20}
	go c.server.Serve(l) //nolint:errcheck // it ends when close is called
	return c, nil
}

// close waits a moment for requests that are under way.
func (c *capture) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := c.server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		c.server.Close() //nolint:errcheck // it is over
	}
}

func (c *capture) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if _, rest := io.Copy(io.Discard, r.Body); err != nil || rest != nil {
		return // a connection that broke off is no request
	}
	c.record(r, body) // first: what was answered has been counted
	answer(w, r)
}

// answer says yes to everything.
func answer(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", cmp.Or(origin, "*"))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Vary", "Origin")
	if origin != "" {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
		h.Set("Access-Control-Allow-Headers", cmp.Or(r.Header.Get("Access-Control-Request-Headers"), "*"))
		h.Set("Access-Control-Allow-Private-Network", "true")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	text := "{}"
	h.Set("Content-Type", "application/json")
	if path.Ext(r.URL.Path) == ".js" { // JSON in the place of a script would be blocked by browsers
		h.Set("Content-Type", "text/javascript")
		text = "// Nothing here.\n"
	}
	if r.Method != http.MethodHead {
		io.WriteString(w, text) //nolint:errcheck // whoever asked is gone
	}
}

// record notes what a request brought.
func (c *capture) record(r *http.Request, body []byte) {
	texts := unpack(r, body)
	events := map[string]int{}
	for _, text := range texts {
		eventNames(text, func(name string) { events[name]++ })
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests.add(r.Method+" "+r.URL.Path, 1)
	for name, n := range events {
		c.events.add(name, n)
	}
	for i, e := range c.expect {
		if !c.met[i] && e.isMet(r, texts, events) {
			c.met[i] = true
			if c.left--; c.left == 0 {
				close(c.done)
			}
		}
	}
}

// isMet reports whether a request is, or brings, what is expected. A slash at the end of the path does not count: proxies drop it.
func (e expectation) isMet(r *http.Request, texts []string, events map[string]int) bool {
	if e.Event != "" {
		return events[e.Event] > 0
	}
	path := r.URL.Path
	if strings.Contains(e.Path, "?") {
		path = r.URL.RequestURI()
	}
	if e.Method != r.Method || strings.TrimSuffix(e.Path, "/") != strings.TrimSuffix(path, "/") {
		return false
	}
	return e.Contains == "" || slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, e.Contains) })
}

// unmet returns the positions of what has not arrived.
func (c *capture) unmet() []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []int
	for i, met := range c.met {
		if !met {
			all = append(all, i)
		}
	}
	return all
}

// arrived returns what has.
func (c *capture) arrived() (events, requests []Seen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.events.list(), c.requests.list()
}
