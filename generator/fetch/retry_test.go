package fetch

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRetries(t *testing.T) {
	date := newClock().t.Add(90 * time.Second).Format(http.TimeFormat)
	soon := newClock().t.Add(7 * time.Second).Format(http.TimeFormat)
	past := newClock().t.Add(-7 * time.Second).Format(http.TimeFormat)
	for name, test := range map[string]struct {
		each  []http.HandlerFunc
		tries int
		slept []time.Duration // at least, and less than twice as long
		words string          // of the fault; empty: none
	}{
		"500, then 200":             {[]http.HandlerFunc{status(500), status(200)}, 2, seconds(1), ""},
		"502, 503, 504, then 200":   {[]http.HandlerFunc{status(502), status(503), status(504), status(200)}, 4, seconds(1, 2, 4), ""},
		"500 always":                {[]http.HandlerFunc{status(500)}, 4, seconds(1, 2, 4), "answers 500 Internal Server Error (4 attempts)"},
		"599 always":                {[]http.HandlerFunc{status(599)}, 4, seconds(1, 2, 4), "answers 599 (4 attempts)"},
		"500, then 404":             {[]http.HandlerFunc{status(500), status(404)}, 2, seconds(1), "answers 404 Not Found (2 attempts)"},
		"429 with seconds":          {[]http.HandlerFunc{status(429, "Retry-After: 7"), status(200)}, 2, seconds(7), ""},
		"429 with a date":           {[]http.HandlerFunc{status(429, "Retry-After: "+soon), status(200)}, 2, seconds(7), ""},
		"429 with a past date":      {[]http.HandlerFunc{status(429, "Retry-After: "+past), status(200)}, 2, seconds(1), ""},
		"429 with nonsense":         {[]http.HandlerFunc{status(429, "Retry-After: soon"), status(200)}, 2, seconds(1), ""},
		"429 without":               {[]http.HandlerFunc{status(429), status(200)}, 2, seconds(1), ""},
		"429 with nothing to wait":  {[]http.HandlerFunc{status(429, "Retry-After: 0")}, 4, seconds(1, 2, 4), "answers 429 Too Many Requests (4 attempts)"},
		"503 with seconds":          {[]http.HandlerFunc{status(503, "Retry-After: 60"), status(200)}, 2, seconds(60), ""},
		"500 with seconds":          {[]http.HandlerFunc{status(500, "Retry-After: 9"), status(200)}, 2, seconds(9), ""},
		"429 for too long":          {[]http.HandlerFunc{status(429, "Retry-After: 61"), status(200)}, 1, nil, "answers 429 Too Many Requests, and asks to come back in 1m1s; skillgen waits 1m0s at most"},
		"503 for too long, by date": {[]http.HandlerFunc{status(503, "Retry-After: "+date), status(200)}, 1, nil, "asks to come back in 1m30s"},
		"404 with seconds":          {[]http.HandlerFunc{status(404, "Retry-After: 5"), status(200)}, 1, nil, "answers 404"},
		"over a redirect":           {[]http.HandlerFunc{status(500), status(302, "Location: /next"), status(500), status(500), status(500), status(500)}, 5, seconds(1, 2, 4), "(4 attempts)"},
	} {
		t.Run(name, func(t *testing.T) {
			handler, n := answers(test.each...)
			s := serve(t, handler)
			c, k := newTestClient(t, ClientOptions{})
			r := Request{URL: s.URL + "/page"}
			if test.words == "" {
				get(t, c, r)
			} else {
				fails(t, c, r, FaultStatus, test.words)
			}
			if n.get() != test.tries {
				t.Errorf("%d requests, want %d", n.get(), test.tries)
			}
			if !slices.EqualFunc(k.slept, test.slept, func(got, want time.Duration) bool { return got >= want && got < 2*want }) {
				t.Errorf("slept %v, want about %v", k.slept, test.slept)
			}
		})
	}
}

func seconds(each ...int) []time.Duration {
	var all []time.Duration
	for _, s := range each {
		all = append(all, time.Duration(s)*time.Second)
	}
	return all
}

// After one request was told to come back much later, others to that host don't even ask; those to other hosts do.
func TestClosedHost(t *testing.T) {
	handler, n := answers(status(429, "Retry-After: 3600"), status(200))
	s, other := serve(t, handler), serve(t, status(200))
	c, k := newTestClient(t, ClientOptions{})
	fails(t, c, Request{URL: s.URL + "/a"}, FaultStatus, "asks to come back in 1h0m0s")
	k.sleep(t.Context(), 10*time.Minute)
	f := fails(t, c, Request{URL: s.URL + "/b"}, FaultStatus, "answers 429 Too Many Requests to an earlier request, and asks to come back in 50m0s")
	if f.Status != 429 || n.get() != 1 {
		t.Errorf("status %d, %d requests", f.Status, n.get())
	}
	get(t, c, Request{URL: other.URL + "/"})
	for range 2 * defaultConcurrency { // who does not even ask keeps no slot
		fails(t, c, Request{URL: s.URL + "/c"}, FaultStatus)
	}
	k.sleep(t.Context(), 49*time.Minute+30*time.Second)
	get(t, c, Request{URL: s.URL + "/b"})
	if want := k.t.Sub(newClock().t); want != time.Hour {
		t.Errorf("it was asked after %s", want)
	}
}

// Which answers slow the whole host down, and not only the request.
func TestThrottling(t *testing.T) {
	for name, test := range map[string]struct {
		first http.HandlerFunc
		gap   time.Duration
	}{
		"429":              {status(429), firstGap},
		"503":              {status(503), firstGap},
		"500 with a time":  {status(500, "Retry-After: 3"), firstGap},
		"500":              {status(500), 0},
		"404 with a time":  {status(404, "Retry-After: 3"), 0},
		"a body that ends": {raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), 0},
	} {
		handler, _ := answers(test.first, status(200))
		s := serve(t, handler)
		c, _ := newTestClient(t, ClientOptions{})
		_, _ = c.Get(t.Context(), Request{URL: s.URL + "/"})
		if got := c.host(s.Listener.Addr().String()).gap; got != test.gap {
			t.Errorf("%s: the gap is %s, want %s", name, got, test.gap)
		}
	}
}

func TestBackOff(t *testing.T) {
	distinct := map[time.Duration]bool{}
	for i := range 100 {
		u, err := url.Parse(fmt.Sprintf("https://example.com/%d", i))
		if err != nil {
			t.Fatal(err)
		}
		for made, base := range []time.Duration{1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second} {
			if made == 0 {
				continue
			}
			d := backOff(u, made)
			if d < base || d >= base*3/2 || d != backOff(u, made) {
				t.Errorf("%s after %d: %s", u, made, d)
			}
			distinct[d] = true
		}
	}
	if len(distinct) < 200 {
		t.Errorf("%d distinct times of 300", len(distinct))
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	const year = 365 * 24 * time.Hour
	for value, want := range map[string]time.Duration{
		"":                                0,
		"0":                               0,
		"5":                               5 * time.Second,
		"007":                             7 * time.Second,
		"-5":                              0,
		"+5":                              0,
		"5.5":                             0,
		"5s":                              0,
		" 5":                              0,
		"1e3":                             0,
		"٣":                               0,
		"99999999999999999999999":         year,
		"9223372036":                      year,
		"31536000":                        year,
		"31536001":                        year,
		"Fri, 20 Nov 2026 12:01:00 GMT":   time.Minute,
		"Friday, 20-Nov-26 12:01:00 GMT":  time.Minute, // RFC 850
		"Fri Nov 20 12:01:00 2026":        time.Minute, // asctime
		"Fri, 20 Nov 2026 11:59:00 GMT":   0,
		"Fri, 20 Nov 9999 12:00:00 GMT":   year,
		"Fri, 20 Nov 2026 12:01:00 +0100": 0,
		"tomorrow":                        0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}

// Whatever a server writes, the time is between nothing and a year, and in whole seconds.
func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "5", "-5", "99999999999999999999", "Fri, 20 Nov 2026 12:01:00 GMT", "Fri Nov 20 12:01:00 2026", "Mon, 01 Jan 0001 00:00:00 GMT"} {
		f.Add(s, int64(1795176000))
	}
	f.Fuzz(func(t *testing.T, value string, now int64) {
		d := retryAfter(value, time.Unix(now%(1<<40), 0))
		if d < 0 || d > 365*24*time.Hour || d%time.Second != 0 {
			t.Errorf("%q at %d: %s", value, now, d)
		}
		if d > 0 && !digits(value) && !strings.Contains(value, ":") {
			t.Errorf("%q is neither seconds nor a date: %s", value, d)
		}
	})
}
