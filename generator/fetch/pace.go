package fetch

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	maxCrawlDelay = 10 * time.Second       // a longer Crawl-delay counts as this
	firstGap      = 250 * time.Millisecond // between the requests to a host that asked for less; doubled each time that it asks again
	maxGap        = 4 * time.Second
)

// host is what a client knows of one host.
type host struct {
	slots   *semaphore.Weighted // requests at once
	headers []header            // sent to this host alone
	unsound string              // what is wrong with them

	mu     sync.Mutex
	next   time.Time     // no request starts before
	gap    time.Duration // between the starts of two requests
	delay  time.Duration // the least gap, from robots.txt
	round  int           // how often the host asked for less
	closed Fault         // why next is so far away that nobody waits for it
}

type header struct{ name, value string }

// newHost returns a host with what the options say of it.
func newHost(o ClientOptions, particular HostOptions) *host {
	n := o.Concurrency
	if particular.Concurrency > 0 {
		n = particular.Concurrency
	}
	h := &host{slots: semaphore.NewWeighted(int64(n))}
	for name, value := range particular.Headers {
		value = strings.TrimSpace(value) // a value from a file often ends with a newline
		switch {
		case !headerName(name):
			h.unsound = fmt.Sprintf("%q is no header that a host can be given", name)
		case value == "" || headerValue(value) == "":
			h.unsound = fmt.Sprintf("the value of its header %s is empty, or holds a control character", name)
		}
		h.headers = append(h.headers, header{name, value})
	}
	slices.SortFunc(h.headers, func(a, b header) int { return strings.Compare(a.name, b.name) })
	return h
}

// headerName reports whether s is the name of a header (RFC 9110, 5.1) that may be given to a host: not one by which the connection works.
func headerName(s string) bool {
	switch strings.ToLower(s) {
	case "", "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "accept-encoding", "range", "expect":
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return true
}

// headerValue returns s where a header can hold it, else nothing.
func headerValue(s string) string {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return ""
		}
	}
	return s
}

// host returns what is known of the host of an address.
func (c *Client) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = newHost(c.options, HostOptions{})
		c.hosts[name] = h
	}
	return h
}

// mayAsk refuses to send the headers of a host where others can read them, and those that can't be sent.
func (h *host) mayAsk(u *url.URL, allowPrivate bool) *Fault {
	switch {
	case h.unsound != "":
		return &Fault{Kind: FaultURL, Message: "the host can't be asked: " + h.unsound, Hint: "look at fetch.hosts." + u.Host + " in skillgen.yaml, and at the environment"}
	case len(h.headers) > 0 && u.Scheme == "http" && !allowPrivate:
		return &Fault{Kind: FaultURL, Message: "the host has headers of its own, and http would send them for all to read", Hint: "name the https address"}
	}
	return nil
}

// enter waits for the turn of a request: for a slot of its host, then until the host may be asked, then for one of the client's slots, so
// that who waits for a slow host keeps nobody else waiting. Slots are given in the order in which they were asked for. The number tells a
// request that was sent before the host asked for less from one that was sent after it.
func (c *Client) enter(ctx context.Context, h *host) (round int, _ *Fault) {
	if h.slots.Acquire(ctx, 1) != nil {
		return 0, cancelled
	}
	for {
		wait, fault := h.wait(c.now())
		if fault == nil && wait > 0 && c.sleep(ctx, wait) != nil {
			fault = cancelled
		}
		if fault == nil && c.slots.Acquire(ctx, 1) != nil {
			fault = cancelled
		}
		if fault != nil {
			h.slots.Release(1)
			return 0, fault
		}
		if round, ok := h.start(c.now()); ok {
			return round, nil
		}
		c.slots.Release(1)
	}
}

// leave gives the slots back.
func (c *Client) leave(h *host) {
	c.slots.Release(1)
	h.slots.Release(1)
}

// wait returns how long the host is still to be left alone, or why it is not worth waiting.
func (h *host) wait(now time.Time) (time.Duration, *Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	wait := h.next.Sub(now)
	if wait > maxWait {
		fault := h.closed
		fault.Message += fmt.Sprintf(" to an earlier request, and asks to come back in %s; skillgen waits %s at most", wait.Round(time.Second), maxWait)
		fault.Hint = "fetch again after that time"
		return 0, &fault
	}
	return wait, nil
}

// start takes the turn, if it is still there to take.
func (h *host) start(now time.Time) (round int, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.next.After(now) {
		return 0, false
	}
	if gap := max(h.gap, h.delay); gap > 0 {
		h.next = now.Add(gap)
	}
	return h.round, true
}

// slowDown makes all requests to a host wait, and come one after the other from then on. Requests that were under way together are told the
// same thing together: their answers lengthen the gap once.
func (h *host) slowDown(now time.Time, wait time.Duration, round int, why Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if next := now.Add(wait); next.After(h.next) {
		h.next, h.closed = next, why
	}
	if round == h.round {
		h.round++
		h.gap = min(max(2*h.gap, firstGap), maxGap)
	}
}

// crawlDelay makes requests to a host keep a distance that robots.txt asks for.
func (h *host) crawlDelay(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delay = max(h.delay, min(d, maxCrawlDelay))
}
