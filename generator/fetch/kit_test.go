package fetch

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that moves only while somebody sleeps by it.
type clock struct {
	mu    sync.Mutex
	t     time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)} }

func (k *clock) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.t
}

func (k *clock) sleep(ctx context.Context, d time.Duration) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.slept = append(k.slept, d)
	k.t = k.t.Add(d)
	return ctx.Err()
}

// total returns how long everybody slept.
func (k *clock) total() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	var sum time.Duration
	for _, d := range k.slept {
		sum += d
	}
	return sum
}

// newTestClient returns a client for servers on 127.0.0.1 that sleeps by a clock of its own.
func newTestClient(t testing.TB, o ClientOptions) (*Client, *clock) {
	t.Helper()
	o.AllowPrivate = true
	c := NewClient(o)
	k := newClock()
	c.now, c.sleep, c.timeout = k.now, k.sleep, 10*time.Second
	t.Cleanup(c.Close)
	return c, k
}

// trust makes a client accept the certificate of a TLS server, for whatever name it is asked by.
func trust(c *Client, servers ...*httptest.Server) {
	pool := x509.NewCertPool()
	for _, s := range servers {
		pool.AddCert(s.Certificate())
	}
	c.transport.TLSClientConfig.RootCAs = pool
}

// serve starts a server without a robots.txt.
func serve(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(withoutRobots(handler))
	t.Cleanup(s.Close)
	return s
}

func withoutRobots(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		handler(w, r)
	}
}

// answers returns a handler that gives one answer after the other, and the last one for ever.
func answers(each ...http.HandlerFunc) (http.HandlerFunc, *counter) {
	n := &counter{}
	return func(w http.ResponseWriter, r *http.Request) { each[min(n.add(), len(each))-1](w, r) }, n
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (c *counter) get() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// status returns a handler that answers with a status and headers "Name: value".
func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(code)
		if code != http.StatusNotModified && code != http.StatusNoContent {
			_, _ = w.Write([]byte("body of " + http.StatusText(code)))
		}
	}
}

// raw returns a handler that writes bytes to the connection, and then closes it.
func raw(t testing.TB, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		write(buf, text)
	}
}

func write(buf *bufio.ReadWriter, text string) {
	_, _ = buf.WriteString(text)
	_ = buf.Flush()
}

// reset ends a connection with a TCP reset.
func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// get fetches what there must be.
func get(t testing.TB, c *Client, r Request) *Response {
	t.Helper()
	res, err := c.Get(t.Context(), r)
	if err != nil {
		t.Fatalf("%s: %v", r.URL, err)
	}
	return res
}

// fails fetches what can't be had, and checks the kind of fault and words of its message.
func fails(t testing.TB, c *Client, r Request, kind FaultKind, words ...string) *Fault {
	t.Helper()
	res, err := c.Get(t.Context(), r)
	var f *Fault
	if !errors.As(err, &f) {
		t.Fatalf("%s: got %v, %v; want a fault of kind %s", r.URL, res, err, kind)
	}
	if f.Kind != kind {
		t.Errorf("%s: kind %s, want %s (%s)", r.URL, f.Kind, kind, f.Message)
	}
	for _, w := range words {
		if !strings.Contains(f.Message, w) {
			t.Errorf("%s: message %q lacks %q", r.URL, f.Message, w)
		}
	}
	checkFault(t, f)
	return f
}

// checkFault checks what holds for all faults.
func checkFault(t testing.TB, f *Fault) {
	t.Helper()
	for _, s := range []string{f.URL, f.Location, f.Message, f.Hint, f.Error()} {
		if strings.ContainsAny(s, "\n\r\x1b\x00") {
			t.Errorf("%q is not one line of plain text", s)
		}
	}
	if f.Message == "" || f.Hint == "" {
		t.Errorf("a fault without message or hint: %+v", f)
	}
	if len(f.Message) > maxWords || len(f.Hint) > maxWords {
		t.Errorf("a fault of %d and %d bytes", len(f.Message), len(f.Hint))
	}
}
