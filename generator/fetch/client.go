// Package fetch is the only room with the network: it brings pages of websites into the project, pinned and reviewable.
package fetch

import (
	"context"
	"errors"
	"time"
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
	Headers     map[string]string // sent to this host alone, never after a redirect elsewhere; no error holds a value
}

// Request is one resource that is wanted.
type Request struct {
	URL                string
	Accept             string   // the header; empty: none
	ETag, LastModified string   // validators of what is known already; empty: unconditional
	MaxBytes           int64    // of the decoded body; 0: 5 MiB
	AllowHosts         []string // hosts to which a redirect may lead, besides the URL's own
}

// Response is what came. Status is 200, or 304 with NotModified and no body: every other outcome is a *Fault.
type Response struct {
	URL                string // that was asked for
	Final              string // that answered, after redirects
	NotModified        bool
	ContentType        string
	Body               []byte // decoded from its transfer and content encodings, not from its charset
	ETag, LastModified string
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
)

// Fault says why a resource could not be had.
type Fault struct {
	URL           string
	Kind          FaultKind
	Status        int    // FaultStatus
	Location      string // FaultRedirect: where it led
	Message, Hint string // one line each; text of servers in them is cut short, never a secret
}

func (f *Fault) Error() string { return f.URL + ": " + f.Message }

// Client makes every request of every command (SECURITY.md, Network). It is safe for concurrent use.
type Client struct {
	options ClientOptions
}

// NewClient returns a client.
func NewClient(o ClientOptions) *Client { return &Client{options: o} }

// Get fetches a resource. The error is a *Fault, or ctx's.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	return nil, errors.New("not yet")
}
