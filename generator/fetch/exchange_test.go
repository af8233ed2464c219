package fetch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// zip returns s as one gzip member.
func zip(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, s) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func TestEncodings(t *testing.T) {
	text := strings.Repeat("words ", 1000)
	half := zip(text[:3000])
	bodies := map[string]struct {
		encoding string
		body     []byte
		want     string
	}{
		"/plain":    {"", []byte(text), text},
		"/identity": {"identity", []byte(text), text},
		"/gzip":     {"gzip", zip(text), text},
		"/x-gzip":   {"X-GZIP", zip(text), text},
		"/members":  {"gzip", append(half, zip(text[3000:])...), text},
		"/empty":    {"gzip", nil, ""},
		"/archive":  {"", half, string(half)},
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b := bodies[r.URL.Path]
		if b.encoding != "" {
			w.Header().Set("Content-Encoding", b.encoding)
		}
		_, _ = w.Write(b.body)
	})
	c, _ := newTestClient(t, ClientOptions{})
	for path, b := range bodies {
		if res := get(t, c, Request{URL: s.URL + path}); string(res.Body) != b.want {
			t.Errorf("%s: got %d bytes, want %d", path, len(res.Body), len(b.want))
		}
	}
}

func TestBrokenBodies(t *testing.T) {
	whole := zip(strings.Repeat("words ", 1000))
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-6] ^= 1 // the checksum
	answer := func(headers string, body []byte) http.HandlerFunc {
		return raw(t, "HTTP/1.1 200 OK\r\n"+headers+"\r\n"+string(body))
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		words   string
		tries   int
	}{
		"shorter than Content-Length": {answer("Content-Length: 100\r\n", []byte("short")), "breaks off before its end", 4},
		"chunks without an end":       {answer("Transfer-Encoding: chunked\r\n", []byte("5\r\nshort\r\n")), "breaks off before its end", 4},
		"half a chunk":                {answer("Transfer-Encoding: chunked\r\n", []byte("50\r\nshort")), "breaks off before its end", 4},
		"no chunks":                   {answer("Transfer-Encoding: chunked\r\n", []byte("hello\r\n")), "no usable answer", 4},
		"gzip cut off":                {answer("Content-Encoding: gzip\r\n", whole[:len(whole)/2]), "breaks off before its end", 4},
		"gzip without its trailer":    {answer("Content-Encoding: gzip\r\n", whole[:len(whole)-4]), "breaks off before its end", 4},
		"gzip with a wrong checksum":  {answer("Content-Encoding: gzip\r\n", damaged), "no valid gzip", 4},
		"no gzip":                     {answer("Content-Encoding: gzip\r\n", []byte("plain text, after all")), "no valid gzip", 4},
		"garbage after gzip":          {answer("Content-Encoding: gzip\r\n", append(bytes.Clone(whole), "garbage after it"...)), "no valid gzip", 4},
		"gzip shorter than declared":  {answer(fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d\r\n", len(whole)+9), whole), "breaks off before its end", 4},
		"brotli":                      {answer("Content-Encoding: br\r\n", []byte("x")), "only gzip was", 1},
		"deflate":                     {answer("Content-Encoding: deflate\r\n", []byte("x")), "only gzip was", 1},
		"gzip twice":                  {answer("Content-Encoding: gzip, gzip\r\n", zip(string(whole))), "only gzip was", 1},
		"gzip twice, in two headers":  {answer("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", zip(string(whole))), "only gzip was", 1},
		"no answer":                   {raw(t, ""), "breaks off before its end", 5}, // the connection was that of robots.txt: the standard library opens another one
		"half a header":               {raw(t, "HTTP/1.1 200 OK\r\nContent-Ty"), "no usable answer", 4},
		"no HTTP":                     {raw(t, "SSH-2.0-OpenSSH_9.6\r\n"), "no usable answer", 4},
		"two lengths":                 {answer("Content-Length: 5\r\nContent-Length: 7\r\n", []byte("short")), "no usable answer", 4},
	} {
		handler, n := answers(test.handler)
		s := serve(t, handler)
		c, _ := newTestClient(t, ClientOptions{})
		t.Run(name, func(t *testing.T) {
			fails(t, c, Request{URL: s.URL + "/"}, FaultNetwork, test.words)
			if n.get() != test.tries {
				t.Errorf("%d requests, want %d", n.get(), test.tries)
			}
		})
	}
}

// A body that came whole the second time is fine.
func TestBrokenBodyOnce(t *testing.T) {
	handler, n := answers(raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), status(200))
	s := serve(t, handler)
	c, k := newTestClient(t, ClientOptions{})
	if res := get(t, c, Request{URL: s.URL + "/"}); string(res.Body) != "body of OK" || n.get() != 2 || len(k.slept) != 1 {
		t.Errorf("%s after %d requests, slept %v", res.Body, n.get(), k.slept)
	}
}

func TestResetAndRefused(t *testing.T) {
	n := &counter{}
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n.add()
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		write(buf, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
		time.Sleep(20 * time.Millisecond) // the reset must not overtake what was written
		reset(conn)
	})
	c, k := newTestClient(t, ClientOptions{})
	fails(t, c, Request{URL: s.URL + "/"}, FaultNetwork, "broke the connection off", "(4 attempts)")
	if n.get() != 4 || len(k.slept) != 3 {
		t.Errorf("%d requests, slept %v", n.get(), k.slept)
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	f := fails(t, c, Request{URL: "http://" + l.Addr().String() + "/"}, FaultNetwork, "robots.txt of this website can't be had: the connection is refused (4 attempts)")
	if !strings.Contains(f.Hint, "without a proxy") {
		t.Errorf("hint %q", f.Hint)
	}
}

func TestTLSFaults(t *testing.T) {
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	plain := serve(t, status(200))
	c, k := newTestClient(t, ClientOptions{})
	fails(t, c, Request{URL: secure.URL + "/"}, FaultNetwork, "the certificate is not accepted")
	fails(t, c, Request{URL: "https://" + plain.Listener.Addr().String() + "/"}, FaultNetwork, "speaks no TLS")
	trust(c, secure)
	c.dialer.Resolver = startDNS(t, func(string, int) string { return "127.0.0.1" }).resolver
	_, port, _ := strings.Cut(secure.Listener.Addr().String(), ":")
	fails(t, c, Request{URL: "https://wrong.example.org:" + port + "/"}, FaultNetwork, "certificate is not accepted", "wrong.example.org")
	if len(k.slept) > 0 {
		t.Errorf("slept %v: certificates don't get better", k.slept)
	}
}

func TestSize(t *testing.T) {
	var sent counter
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		chunk := bytes.Repeat([]byte{'x'}, 1<<10)
		switch r.URL.Path {
		case "/exact":
			_, _ = w.Write(bytes.Repeat(chunk, 10))
		case "/declared":
			w.Header().Set("Content-Length", "10241")
			_, _ = w.Write(append(bytes.Repeat(chunk, 10), 'x'))
		case "/promised": // much, and nothing of it comes: no need to wait
			w.Header().Set("Content-Length", "1073741824")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/chunked":
			for range 100 << 10 { // 100 MiB, if somebody takes them
				if _, err := w.Write(chunk); err != nil {
					return
				}
				sent.add()
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 1 << 20 { // 1 GiB
				if _, err := z.Write(chunk); err != nil {
					return
				}
				sent.add()
			}
			_ = z.Close()
		case "/members": // they unpack to nothing, for ever
			w.Header().Set("Content-Encoding", "gzip")
			empty := bytes.Repeat(zip(""), 100)
			for range 1 << 20 {
				if _, err := w.Write(empty); err != nil {
					return
				}
				sent.add()
			}
		}
	})
	c, k := newTestClient(t, ClientOptions{})
	if res := get(t, c, Request{URL: s.URL + "/exact", MaxBytes: 10 << 10}); len(res.Body) != 10<<10 {
		t.Errorf("%d bytes", len(res.Body))
	}
	fails(t, c, Request{URL: s.URL + "/exact", MaxBytes: 10<<10 - 1}, FaultSize, "larger than 10239 bytes")
	fails(t, c, Request{URL: s.URL + "/declared", MaxBytes: 10 << 10}, FaultSize, "larger than 10 KiB")
	fails(t, c, Request{URL: s.URL + "/promised"}, FaultSize, "larger than 5 MiB")
	for path, most := range map[string]int{"/chunked": 60 << 10, "/bomb": 200 << 10, "/members": 50000} {
		before := sent.get()
		fails(t, c, Request{URL: s.URL + path}, FaultSize, "larger than 5 MiB")
		if n := sent.get() - before; n > most {
			t.Errorf("%s: the server could write %d pieces, want at most %d", path, n, most)
		}
	}
	if len(k.slept) > 0 {
		t.Errorf("slept %v: it stays too large", k.slept)
	}
}

// The default limit is 5 MiB, and an answer as large as can be asked for doesn't overflow it.
func TestSizeLimits(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zip(strings.Repeat("x", 5<<20)))
	})
	c, _ := newTestClient(t, ClientOptions{})
	for _, max := range []int64{0, -1, 5 << 20, 1<<63 - 1} {
		if res := get(t, c, Request{URL: s.URL, MaxBytes: max}); len(res.Body) != 5<<20 {
			t.Errorf("%d: %d bytes", max, len(res.Body))
		}
	}
}

func TestHeaderSize(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		n := &counter{}
		s := httptest.NewUnstartedServer(withoutRobots(func(w http.ResponseWriter, r *http.Request) {
			n.add()
			var each int
			_, _ = fmt.Sscanf(r.URL.Path, "/%d", &each)
			for i := range 100 {
				w.Header().Set(fmt.Sprintf("X-Long-%d", i), strings.Repeat("x", each))
			}
		}))
		s.EnableHTTP2 = h2
		s.StartTLS()
		defer s.Close()
		c, _ := newTestClient(t, ClientOptions{})
		trust(c, s)
		get(t, c, Request{URL: s.URL + "/500"})
		fails(t, c, Request{URL: s.URL + "/660"}, FaultSize, "header of the answer is larger than 64 KiB")
		if n.get() != 2 {
			t.Errorf("HTTP/2 %v: %d requests", h2, n.get())
		}
		kind := FaultSize
		if h2 { // a header that is far too large ends the connection, and the reason is lost
			kind = FaultNetwork
		}
		fails(t, c, Request{URL: s.URL + "/9000"}, kind)
	}
}

// A server that is slow with its header or its body is cut off; such an answer is tried once more only.
func TestSlow(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	n := &counter{}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n.add()
		w.Header().Set("Content-Length", "1000")
		if r.URL.Path == "/body" {
			w.WriteHeader(http.StatusOK)
		}
		for range 1000 {
			select {
			case <-stop:
				return
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
			if r.URL.Path == "/body" {
				_, _ = io.WriteString(w, "x")
				w.(http.Flusher).Flush()
			}
		}
	})
	for _, path := range []string{"/header", "/body"} {
		c, k := newTestClient(t, ClientOptions{})
		get := time.Now()
		c.timeout = 300 * time.Millisecond
		before := n.get()
		fails(t, c, Request{URL: s.URL + path}, FaultNetwork, "no whole answer within 300ms (2 attempts)")
		if n.get()-before != 2 || len(k.slept) != 1 {
			t.Errorf("%s: %d requests, slept %v", path, n.get()-before, k.slept)
		}
		if took := time.Since(get); took > 5*time.Second {
			t.Errorf("%s took %s", path, took)
		}
	}
}

// The time for an answer begins when the request is sent, not when it begins to wait for its turn.
func TestWaitingIsNotSlow(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { time.Sleep(100 * time.Millisecond) })
	c, k := newTestClient(t, ClientOptions{Concurrency: 1})
	c.timeout = 400 * time.Millisecond
	done := make(chan error, 6)
	for range cap(done) {
		go func() { _, err := c.Get(t.Context(), Request{URL: s.URL}); done <- err }()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(k.slept) > 0 {
		t.Errorf("slept %v", k.slept)
	}
}

func TestDefaultTimeouts(t *testing.T) {
	c := NewClient(ClientOptions{})
	defer c.Close()
	if c.timeout != 60*time.Second || c.dialer.Timeout <= 0 || c.dialer.Timeout > c.timeout || c.transport.TLSHandshakeTimeout <= 0 {
		t.Errorf("%s, %s, %s", c.timeout, c.dialer.Timeout, c.transport.TLSHandshakeTimeout)
	}
}
