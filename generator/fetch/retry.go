package fetch

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	maxAttempts  = 4                // at one resource, its redirects included; one that timed out counts twice
	firstBackOff = time.Second      // before the second attempt; doubled before each further one
	maxWait      = 60 * time.Second // that a server may ask for with Retry-After
)

// attempts counts what failed on the way to one resource.
type attempts struct{ made, cost int }

// try makes a request until there is an answer, or nothing speaks for another attempt.
func (c *Client) try(ctx context.Context, u *url.URL, e errand, spent *attempts) (*answer, *Fault) {
	h := c.host(u.Host)
	if fault := h.mayAsk(u, c.options.AllowPrivate); fault != nil {
		return nil, fault
	}
	for {
		round, fault := c.enter(ctx, h)
		if fault != nil {
			return nil, fault
		}
		a, failed := c.exchange(ctx, u, e, h)
		c.leave(h)
		if failed == nil {
			return a, nil
		}
		spent.count(failed)
		wait := max(failed.after, backOff(u, spent.made))
		if failed.throttled {
			h.slowDown(c.now(), wait, round, failed.fault)
		}
		if fault := spent.decide(failed); fault != nil {
			return nil, fault
		}
		if c.sleep(ctx, wait) != nil {
			return nil, cancelled
		}
	}
}

func (s *attempts) count(f *failure) {
	s.made++
	s.cost++
	if f.slow {
		s.cost++
	}
}

// decide returns the fault where there is to be no further attempt.
func (s *attempts) decide(f *failure) *Fault {
	fault := f.fault
	switch {
	case f.again && f.after > maxWait:
		fault.Message += fmt.Sprintf(", and asks to come back in %s; skillgen waits %s at most", f.after, maxWait)
		fault.Hint = "fetch again after that time"
		return &fault
	case f.again && s.cost < maxAttempts:
		return nil
	case s.made > 1:
		fault.Message += fmt.Sprintf(" (%d attempts)", s.made)
	}
	return &fault
}

// cancelled stands for an outcome that nobody will see: Get returns the error of its context instead.
var cancelled = &Fault{Kind: FaultNetwork, Message: "cancelled"}

// backOff returns the time to wait after so many attempts. It doubles each time; up to half as much comes on top of it by the hash of the
// address, so that requests which failed together don't come back together. Nothing in it is random.
func backOff(u *url.URL, made int) time.Duration {
	base := firstBackOff << (made - 1)
	sum := fnv.New32a()
	sum.Write([]byte(u.String()))
	return base + base/2*time.Duration(sum.Sum32()%1000)/1000
}

// retryAfter reads a Retry-After header (RFC 9110, 10.2.3): seconds, or a date. What is neither, or in the past, asks for nothing; nobody is
// taken to ask for more than a year.
func retryAfter(value string, now time.Time) time.Duration {
	const year = 365 * 24 * time.Hour
	if value == "" {
		return 0
	}
	if digits(value) {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n > int64(year/time.Second) {
			return year
		}
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), year).Round(time.Second)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
