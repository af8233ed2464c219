package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// gauge measures how many are inside at once.
type gauge struct {
	mu        sync.Mutex
	now, most int
	total     int
}

func (g *gauge) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now++
	g.total++
	g.most = max(g.most, g.now)
}

func (g *gauge) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now--
}

func (g *gauge) serve(t testing.TB, d time.Duration, also ...*gauge) string {
	return serve(t, func(http.ResponseWriter, *http.Request) {
		for _, each := range append(also, g) {
			each.enter()
			defer each.leave()
		}
		time.Sleep(d)
	}).URL
}

// getAll fetches addresses at once, and returns the first error.
func getAll(ctx context.Context, c *Client, urls ...string) error {
	errs := make(chan error, len(urls))
	for _, u := range urls {
		go func() { _, err := c.Get(ctx, Request{URL: u}); errs <- err }()
	}
	var first error
	for range urls {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func pages(base string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s/page/%d", base, i))
	}
	return all
}

func TestConcurrency(t *testing.T) {
	for name, test := range map[string]struct {
		options    ClientOptions
		host       int // the first host's own limit
		first, all int
	}{
		"by default":              {ClientOptions{}, 0, 8, 8},
		"three":                   {ClientOptions{Concurrency: 3}, 0, 3, 3},
		"one host has two":        {ClientOptions{}, 2, 2, 8},
		"one host has more":       {ClientOptions{Concurrency: 4}, 64, 4, 4},
		"a limit below zero is 8": {ClientOptions{Concurrency: -1}, -1, 8, 8},
	} {
		t.Run(name, func(t *testing.T) {
			var all, first, second gauge
			a, b := first.serve(t, 10*time.Millisecond, &all), second.serve(t, 10*time.Millisecond, &all)
			o := test.options
			o.Hosts = map[string]HostOptions{strings.TrimPrefix(a, "http://"): {Concurrency: test.host}}
			c, _ := newTestClient(t, o)
			if err := getAll(t.Context(), c, append(pages(a, 40), pages(b, 40)...)...); err != nil {
				t.Fatal(err)
			}
			if first.most > test.first || all.most > test.all {
				t.Errorf("at most %d on one host, %d in all", first.most, all.most)
			}
			if all.most < test.all || first.total != 40 || second.total != 40 {
				t.Errorf("never more than %d at once; %d and %d requests", all.most, first.total, second.total)
			}
		})
	}
}

// 224 pages of one host take about 224/8 times as long as one.
func TestThroughput(t *testing.T) {
	const each = 50 * time.Millisecond
	var g gauge
	base := g.serve(t, each)
	c, _ := newTestClient(t, ClientOptions{})
	start := time.Now()
	if err := getAll(t.Context(), c, pages(base, 224)...); err != nil {
		t.Fatal(err)
	}
	if took, ideal := time.Since(start), 224/8*each; took < ideal || took > ideal*19/10 {
		t.Errorf("took %s, ideal is %s", took, ideal)
	}
}

// Who waits for a slow host keeps nobody else waiting, even when more wait for it than there are slots.
func TestSlowHostAlone(t *testing.T) {
	stop := make(chan struct{})
	slow := serve(t, func(http.ResponseWriter, *http.Request) { <-stop })
	quick := serve(t, status(200))
	c, _ := newTestClient(t, ClientOptions{Concurrency: 4, Hosts: map[string]HostOptions{slow.Listener.Addr().String(): {Concurrency: 2}}})
	waiting := make(chan error, 1)
	go func() { waiting <- getAll(t.Context(), c, pages(slow.URL, 20)...) }()
	time.Sleep(30 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := getAll(ctx, c, pages(quick.URL, 40)...); err != nil {
		t.Error(err)
	}
	close(stop)
	if err := <-waiting; err != nil {
		t.Error(err)
	}
}

// Slots are given in the order in which they were asked for.
func TestFair(t *testing.T) {
	var mu sync.Mutex
	var order []string
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		order = append(order, r.URL.Path)
		mu.Unlock()
		time.Sleep(20 * time.Millisecond)
	})
	c, _ := newTestClient(t, ClientOptions{Concurrency: 1})
	get(t, c, Request{URL: s.URL + "/first"})
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() { _, _ = c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", s.URL, i)}) })
		time.Sleep(8 * time.Millisecond)
	}
	wg.Wait()
	if got := strings.Join(order, ""); got != "/first/0/1/2/3/4/5/6/7/8/9" {
		t.Errorf("order %s", got)
	}
}

// A host that says 429 to requests of one moment is left alone by all, and asked one after the other from then on.
func TestThrottledHost(t *testing.T) {
	k := newClock()
	var together sync.WaitGroup
	together.Add(4)
	n := &counter{}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n.add() <= 4 {
			together.Done()
			together.Wait()
			w.Header().Set("Retry-After", "10")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		if since := k.now().Sub(newClock().t); since < 10*time.Second {
			t.Errorf("a request came %s after the first 429", since)
		}
	})
	c, _ := newTestClient(t, ClientOptions{Concurrency: 4})
	c.now, c.sleep = k.now, k.sleep
	if err := getAll(t.Context(), c, pages(s.URL, 12)...); err != nil {
		t.Fatal(err)
	}
	if n.get() != 16 {
		t.Errorf("%d requests", n.get())
	}
	if took, least := k.now().Sub(newClock().t), 10*time.Second+11*firstGap; took < least {
		t.Errorf("took %s, less than %s", took, least)
	}
	if gap := c.host(s.Listener.Addr().String()).gap; gap != firstGap {
		t.Errorf("four answers to requests of one moment made the gap %s", gap)
	}
}

func TestGapGrows(t *testing.T) {
	h := newHost(ClientOptions{Concurrency: 8}, HostOptions{})
	k := newClock()
	var gaps []time.Duration
	for range 7 {
		round, ok := h.start(k.now())
		if !ok {
			t.Fatal("no start")
		}
		h.slowDown(k.now(), time.Second, round, Fault{})
		h.slowDown(k.now(), time.Second, round, Fault{}) // of one that was under way with it
		gaps = append(gaps, h.gap)
		if _, ok := h.start(k.now()); ok {
			t.Error("a start in the pause")
		}
		_ = k.sleep(t.Context(), time.Minute)
	}
	if got := fmt.Sprint(gaps); got != "[250ms 500ms 1s 2s 4s 4s 4s]" {
		t.Error(got)
	}
}

// A cancelled request returns at once, wherever it waits, and leaves nothing running.
func TestCancel(t *testing.T) {
	stop := make(chan struct{})
	hang := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}
	body := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		hang(w, r)
	}
	robots := func(w http.ResponseWriter, r *http.Request) { hang(w, r) }
	t.Cleanup(func() { close(stop) })
	for name, url := range map[string]string{
		"in the header":      serve(t, hang).URL,
		"in the body":        serve(t, body).URL,
		"before a retry":     serve(t, status(500)).URL,
		"in a host's pause":  serve(t, status(429, "Retry-After: 50")).URL,
		"in robots.txt":      bare(t, robots).URL,
		"between two robots": bare(t, status(503, "Retry-After: 50")).URL,
	} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			c := NewClient(ClientOptions{AllowPrivate: true, Concurrency: 2}) // by the real clock
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := getAll(ctx, c, pages(url, 20)...)
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Second {
				t.Errorf("%v after %s", err, time.Since(start))
			}
			if _, err := c.Get(ctx, Request{URL: url}); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a request that begins cancelled: %v", err)
			}
			c.Close()
			settles(t, before)
		})
	}
}

// bare starts a server that answers for robots.txt too.
func bare(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// settles waits until no more goroutines run than before; those of connections need a moment.
func settles(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before+2 { // the server's own side of a connection or two
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	buf := make([]byte, 1<<16)
	t.Errorf("%d goroutines before, %d now\n%s", before, runtime.NumGoroutine(), buf[:runtime.Stack(buf, true)])
}

// All slots are given back, whatever became of the requests that had them.
func TestSlotsComeBack(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "1"):
			w.WriteHeader(500)
		case strings.HasSuffix(r.URL.Path, "2"):
			http.Redirect(w, r, "/page/1", http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "3"):
			panic(http.ErrAbortHandler)
		case strings.HasSuffix(r.URL.Path, "4"):
			w.WriteHeader(429)
		}
	})
	c, _ := newTestClient(t, ClientOptions{Concurrency: 3})
	_ = getAll(t.Context(), c, pages(s.URL, 50)...)
	h := c.host(s.Listener.Addr().String())
	if !c.slots.TryAcquire(3) || !h.slots.TryAcquire(3) {
		t.Error("a slot is missing")
	}
}

func TestHeaderNames(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "x-api-key": true, "Cookie": true, "X_Token": true,
		"": false, "Host": false, "content-length": false, "Transfer-Encoding": false, "Accept-Encoding": false, "Range": false, "X Y": false, "X:": false, "Ü": false, "X\n": false, "[": false, "@": false,
	} {
		if got := headerName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	c := NewClient(ClientOptions{Hosts: map[string]HostOptions{
		"a.example": {Headers: map[string]string{"X-Token": "one\r\nX-Other: two"}},
		"B.example": {Headers: map[string]string{"X-Token": " \n"}},
		"c.example": {Headers: map[string]string{"X-Token": "secret-value"}},
	}})
	defer c.Close()
	fails(t, c, Request{URL: "https://a.example/"}, FaultURL, "the value of its header X-Token is empty, or holds a control character")
	fails(t, c, Request{URL: "https://b.example/"}, FaultURL, "the value of its header X-Token is empty")
	fails(t, c, Request{URL: "http://c.example/"}, FaultURL, "http would send them for all to read")
}
