// Package fetch is the only room with the network: it brings pages of websites into the project, pinned and reviewable.
package fetch

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// What a client allows itself and others, where a request says nothing else.
const (
	defaultConcurrency = 8
	defaultMaxBytes    = 5 << 20
	maxRedirects       = 5
	answerTimeout      = 60 * time.Second // for one answer: connection, TLS, header and body
	connectTimeout     = 20 * time.Second // of these, for the connection, and for TLS
)

// ClientOptions say how a client behaves.
type ClientOptions struct {
	Version      string                 // of skillgen, for the User-Agent
	Homepage     string                 // of skillgen, likewise
	Language     string                 // Accept-Language; empty: "en"
	AllowPrivate bool                   // addresses in private and loopback ranges are fine
	Concurrency  int                    // requests at once, on one host too; 0: 8
	Hosts        map[string]HostOptions // by host as in a URL, lower case, with its port where it is not the scheme's
}

// HostOptions are what is particular about one host.
type HostOptions struct {
	Concurrency int               // 0: that of the client
	Headers     map[string]string `json:"-"` // sent to this host alone, never after a redirect elsewhere; no error holds a value
}

// Format prints no header, whatever the verb: values are secrets.
func (o HostOptions) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "{Concurrency:%d Headers:%d}", o.Concurrency, len(o.Headers))
}

// Request is one resource that is wanted.
type Request struct {
	URL                string
	Accept             string   // the header; empty: none
	ETag, LastModified string   // validators of what is known already; empty: unconditional
	MaxBytes           int64    // of the decoded body; 0: 5 MiB
	AllowHosts         []string // hosts to which a redirect may lead, besides the URL's own
	Named              bool     // a person named this very file, as for curl: robots.txt, which speaks to crawlers, is not asked
}

// Response is what came. Status is 200, or 304 with NotModified and no body: every other outcome is a *Fault.
type Response struct {
	URL                string // that was asked for
	Final              string // that answered, after redirects; without any it is URL
	NotModified        bool
	ContentType        string
	Body               []byte    // decoded from its transfer and content encodings, not from its charset
	ETag, LastModified string    // with NotModified those of the request where the answer repeats none
	Date               time.Time // when it came
}

// FaultKind says what kind of thing went wrong.
type FaultKind string

// Kinds of faults.
const (
	FaultURL      FaultKind = "url"      // not http or https, userinfo, a host outside DNS syntax …
	FaultAddress  FaultKind = "address"  // a private, loopback or otherwise special address
	FaultRobots   FaultKind = "robots"   // robots.txt excludes the page
	FaultRedirect FaultKind = "redirect" // to another host, to http, too many, a loop
	FaultStatus   FaultKind = "status"   // an answer other than 200 and 304
	FaultSize     FaultKind = "size"     // more bytes than allowed
	FaultNetwork  FaultKind = "network"  // no connection, no answer in time, a body that breaks off
	FaultSecret   FaultKind = "secret"   // the answer repeats the value of a header that was sent for it
)

// Fault says why a resource could not be had.
type Fault struct {
	URL           string
	Kind          FaultKind
	Status        int    // FaultStatus, and FaultRobots where robots.txt answered so
	Location      string // FaultRedirect: where it led
	Message, Hint string // one line each; text of servers in them is cut short, never a secret
}

func (f *Fault) Error() string { return f.URL + ": " + f.Message }

// Client makes every request of every command (SECURITY.md, Network). It is safe for concurrent use.
//
// It connects directly: proxies of the environment are not used, because behind one the address of a website can't be checked. It keeps no
// cookies, sends no Referer and follows redirects by its own rules.
type Client struct {
	options   ClientOptions
	dialer    *net.Dialer
	transport *http.Transport
	slots     *semaphore.Weighted // requests at once
	veil      veil

	mu      sync.Mutex // guards the maps
	hosts   map[string]*host
	origins map[string]*origin

	// What tests replace.
	timeout time.Duration
	now     func() time.Time
	sleep   func(ctx context.Context, d time.Duration) error
}

// NewClient returns a client. Close ends its connections. The standard log of the process falls silent: net/http writes to it what servers
// send at the wrong moment, and nothing else in skillgen uses it.
func NewClient(o ClientOptions) *Client {
	log.SetOutput(io.Discard)
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Language == "" {
		o.Language = "en"
	}
	c := &Client{
		options: o,
		slots:   semaphore.NewWeighted(int64(o.Concurrency)),
		hosts:   map[string]*host{},
		origins: map[string]*origin{},
		timeout: answerTimeout,
		now:     time.Now,
		sleep:   sleep,
	}
	var values []string
	for name, particular := range o.Hosts {
		c.hosts[strings.ToLower(name)] = newHost(o, particular)
		for _, value := range particular.Headers {
			values = append(values, value)
		}
	}
	c.veil = newVeil(values)
	c.dialer = newDialer(o)
	c.transport = newTransport(o, c.dialer)
	return c
}

// Format prints nothing of what a client holds, whatever the verb: headers of hosts are secrets.
func (c *Client) Format(s fmt.State, _ rune) { fmt.Fprint(s, "fetch.Client") }

// Close ends the connections that are kept for further requests. Requests under way are not disturbed.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Get fetches a resource. The error is a *Fault, or ctx's.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	res, fault := c.get(ctx, r)
	switch {
	case fault == nil:
		return res, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, c.veil.cover(r.URL, fault)
}

func (c *Client) get(ctx context.Context, r Request) (*Response, *Fault) {
	u, err := checkURL(r.URL)
	if err != nil {
		return nil, &Fault{Kind: FaultURL, Message: err.Error(), Hint: "write the address as a browser shows it: https://host/path"}
	}
	e := errand{
		accept: r.Accept, etag: headerValue(r.ETag), modified: headerValue(r.LastModified), max: r.MaxBytes,
		mayLead: func(host string) bool { return host == u.Host || slices.Contains(r.AllowHosts, host) },
		robots:  !r.Named,
	}
	if e.max <= 0 {
		e.max = defaultMaxBytes
	}
	e.max = min(e.max, 1<<40) // far from where sums of it overflow
	a, fault := c.run(ctx, u, e)
	if fault != nil {
		return nil, fault
	}
	return c.respond(r, e, a)
}

// respond turns the last answer into what the caller gets.
func (c *Client) respond(r Request, e errand, a *answer) (*Response, *Fault) {
	res := &Response{
		URL: r.URL, Final: r.URL, NotModified: a.status == http.StatusNotModified, Body: a.body, Date: c.now().UTC(),
		ContentType:  c.veil.hide(a.header.Get("Content-Type")),
		ETag:         c.veil.drop(headerValue(a.header.Get("ETag"))),
		LastModified: c.veil.drop(headerValue(a.header.Get("Last-Modified"))),
	}
	if a.hops > 0 {
		res.Final = a.url.String()
	}
	if c.veil.seenIn(a.body) {
		return nil, &Fault{Kind: FaultSecret, Message: "the answer holds the value of a header that was sent for it",
			Hint: "nothing of it is kept; if the value is a secret, tell those who run the website"}
	}
	if res.NotModified && res.ETag == "" && res.LastModified == "" {
		res.ETag, res.LastModified = e.etag, e.modified
	}
	return res, nil
}

// errand is what stays the same over the redirects and retries on the way to one resource.
type errand struct {
	accept, etag, modified string
	max                    int64                  // bytes of the decoded body
	mayLead                func(host string) bool // whether a redirect may lead to that host
	robots                 bool                   // robots.txt is asked before each step
}

// run makes the requests that lead from u to the resource: redirects are followed by hand, each step under the same checks as the first.
func (c *Client) run(ctx context.Context, u *url.URL, e errand) (*answer, *Fault) {
	t := trail{mayLead: e.mayLead}
	var spent attempts
	for {
		t.seen = append(t.seen, u)
		if e.robots {
			if fault := c.askRobots(ctx, u); fault != nil {
				return nil, t.explain(fault)
			}
		}
		a, fault := c.try(ctx, u, e, &spent)
		if fault != nil {
			return nil, t.explain(fault)
		}
		if !redirects(a.status) {
			a.url, a.hops = u, len(t.seen)-1
			return a, nil
		}
		location := a.header.Get("Location")
		if c.veil.covers(location) {
			return nil, &Fault{Kind: FaultSecret, Message: "redirects to an address that holds the value of a header that was sent for it",
				Hint: "it is not followed; if the value is a secret, tell those who run the website"}
		}
		if u, fault = t.follow(u, a.status, location); fault != nil {
			return nil, fault
		}
	}
}
