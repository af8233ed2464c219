package fetch

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestGet(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
		w.Header().Set("ETag", `"a1"`)
		w.Header().Set("Last-Modified", "Fri, 20 Nov 2026 11:00:00 GMT")
		w.Header().Set("Set-Cookie", "session=1")
		_, _ = io.WriteString(w, "# Title\n")
	})
	c, k := newTestClient(t, ClientOptions{})
	res := get(t, c, Request{URL: s.URL + "/docs#part"})
	if got, want := fmt.Sprintf("%+v", *res), fmt.Sprintf("%+v", Response{
		URL: s.URL + "/docs#part", Final: s.URL + "/docs#part", ContentType: "text/markdown; charset=utf-8", Body: []byte("# Title\n"),
		ETag: `"a1"`, LastModified: "Fri, 20 Nov 2026 11:00:00 GMT", Date: k.t,
	}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRequestHeaders(t *testing.T) {
	var got http.Header
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.Header().Set("Set-Cookie", "session=1")
	})
	show := func() string {
		var b strings.Builder
		_ = got.Write(&b)
		return strings.ReplaceAll(b.String(), "\r\n", "\n")
	}
	c, _ := newTestClient(t, ClientOptions{Version: "1.2.3", Homepage: "https://acme.example/skillgen"})
	get(t, c, Request{URL: s.URL + "/a"})
	if want := "Accept-Encoding: gzip\nAccept-Language: en\nUser-Agent: skillgen/1.2.3 (+https://acme.example/skillgen)\n"; show() != want {
		t.Errorf("got\n%swant\n%s", show(), want)
	}
	get(t, c, Request{URL: s.URL + "/b", Accept: "text/markdown", ETag: `W/"x"`, LastModified: "Fri, 20 Nov 2026 11:00:00 GMT"})
	for _, want := range []string{"Accept: text/markdown\n", "If-None-Match: W/\"x\"\n", "If-Modified-Since: Fri, 20 Nov 2026 11:00:00 GMT\n"} {
		if !strings.Contains(show(), want) {
			t.Errorf("%q is not in\n%s", want, show())
		}
	}
	for _, no := range []string{"Cookie", "Referer"} {
		if strings.Contains(show(), no) {
			t.Errorf("%s was sent:\n%s", no, show())
		}
	}
	c, _ = newTestClient(t, ClientOptions{Language: "de"})
	get(t, c, Request{URL: s.URL + "/a", ETag: "a\r\nX-Bad: 1"}) // a validator that no header can hold is none
	if want := "Accept-Encoding: gzip\nAccept-Language: de\nUser-Agent: skillgen\n"; show() != want {
		t.Errorf("got\n%swant\n%s", show(), want)
	}
}

func TestConditional(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("If-None-Match") == `"a1"`, r.Header.Get("If-Modified-Since") == "Fri, 20 Nov 2026 11:00:00 GMT":
			if r.URL.Path == "/new" {
				w.Header().Set("ETag", `"a2"`)
			}
			w.WriteHeader(http.StatusNotModified)
		case r.URL.Path == "/always":
			w.WriteHeader(http.StatusNotModified)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/page", http.StatusFound)
		default:
			_, _ = io.WriteString(w, "text")
		}
	})
	c, _ := newTestClient(t, ClientOptions{})
	for _, r := range []Request{
		{URL: s.URL + "/page", ETag: `"a1"`},
		{URL: s.URL + "/page", LastModified: "Fri, 20 Nov 2026 11:00:00 GMT"},
	} {
		res := get(t, c, r)
		if !res.NotModified || len(res.Body) != 0 || res.ETag != r.ETag || res.LastModified != r.LastModified {
			t.Errorf("%+v: got %+v", r, res)
		}
	}
	if res := get(t, c, Request{URL: s.URL + "/new", ETag: `"a1"`}); !res.NotModified || res.ETag != `"a2"` {
		t.Errorf("the new ETag of a 304 is lost: %+v", res)
	}
	if res := get(t, c, Request{URL: s.URL + "/page", ETag: `"old"`}); res.NotModified || string(res.Body) != "text" {
		t.Errorf("an ETag that is not the page's: %+v", res)
	}
	if f := fails(t, c, Request{URL: s.URL + "/always"}, FaultStatus, "304 Not Modified to a request without a condition"); f.Status != 304 {
		t.Errorf("status %d", f.Status)
	}
}

func TestStatus(t *testing.T) {
	for code, words := range map[int]string{
		201: "answers 201 Created", 204: "answers 204 No Content", 206: "answers 206 Partial Content", 300: "answers 300 Multiple Choices",
		400: "answers 400 Bad Request", 401: "answers 401 Unauthorized", 403: "answers 403 Forbidden", 404: "answers 404 Not Found",
		410: "answers 410 Gone", 451: "answers 451", 499: "answers 499",
	} {
		handler, n := answers(status(code))
		s := serve(t, handler)
		c, k := newTestClient(t, ClientOptions{})
		f := fails(t, c, Request{URL: s.URL + "/page"}, FaultStatus, words)
		if f.Status != code || f.URL != s.URL+"/page" || strings.Contains(f.Message, "body") || strings.Contains(f.Message, "attempts") {
			t.Errorf("%d: %+v", code, f)
		}
		if n.get() != 1 || k.total() != 0 {
			t.Errorf("%d: %d requests, slept %s", code, n.get(), k.total())
		}
	}
}

// Connections are kept, and HTTP/2 is spoken where the server does.
func TestConnections(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		connections := map[string]bool{}
		proto := ""
		s := httptest.NewUnstartedServer(withoutRobots(func(w http.ResponseWriter, r *http.Request) {
			connections[r.RemoteAddr], proto = true, r.Proto
			_, _ = io.WriteString(w, "text")
		}))
		s.EnableHTTP2 = h2
		s.StartTLS()
		defer s.Close()
		c, _ := newTestClient(t, ClientOptions{})
		trust(c, s)
		for range 5 {
			get(t, c, Request{URL: s.URL + "/"})
		}
		if len(connections) != 1 || (proto == "HTTP/2.0") != h2 {
			t.Errorf("HTTP/2 %v: %d connections, %s", h2, len(connections), proto)
		}
	}
}

// A proxy in the environment is not asked: behind it no address could be checked.
func TestNoProxy(t *testing.T) {
	proxied := &counter{}
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied.add() }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	c := NewClient(ClientOptions{})
	defer c.Close()
	if c.transport.Proxy != nil { // the standard library reads the environment only once, so that a request alone shows little
		t.Error("there is a proxy function")
	}
	fails(t, c, Request{URL: "http://127.0.0.1:1/"}, FaultAddress)
	if proxied.get() > 0 {
		t.Error("the proxy was asked")
	}
}

func TestFormat(t *testing.T) {
	const canary = "canary-6f1d0a"
	o := ClientOptions{Hosts: map[string]HostOptions{"acme.example": {Headers: map[string]string{"X-Token": canary}}}}
	c := NewClient(o)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{c, o, &o, o.Hosts, o.Hosts["acme.example"]} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, canary) || strings.Contains(got, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T: %s", verb, v, got)
			}
		}
	}
	if data, err := json.Marshal(o); err == nil && strings.Contains(string(data), canary) {
		t.Errorf("JSON: %s", data)
	}
}

// Sleeping by the real clock ends with the context.
func TestSleep(t *testing.T) {
	start := time.Now()
	if err := sleep(t.Context(), 5*time.Millisecond); err != nil || time.Since(start) < 5*time.Millisecond {
		t.Errorf("slept %s: %v", time.Since(start), err)
	}
}
