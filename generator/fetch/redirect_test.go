package fetch

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
)

func TestRedirects(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/chain/%d", &n); err == nil && n > 0 {
			http.Redirect(w, r, fmt.Sprintf("%d#part", n-1), []int{301, 302, 303, 307, 308}[n%5])
			return
		}
		switch r.URL.Path {
		case "/loop/a":
			http.Redirect(w, r, "/loop/b", http.StatusFound)
		case "/loop/b":
			http.Redirect(w, r, "/loop/c", http.StatusFound)
		case "/loop/c":
			http.Redirect(w, r, "/loop/b#again", http.StatusFound)
		case "/self":
			http.Redirect(w, r, "/self", http.StatusMovedPermanently)
		case "/gone":
			http.Redirect(w, r, "/missing", http.StatusFound)
		case "/missing":
			http.NotFound(w, r)
		case "/utf8":
			w.Header()["Location"] = []string{"/ünï code"}
			w.WriteHeader(http.StatusFound)
		case "/to":
			w.Header()["Location"] = r.URL.Query()["l"]
			w.WriteHeader(http.StatusFound)
		default:
			_, _ = io.WriteString(w, r.Method+" "+r.RequestURI)
		}
	})
	c, k := newTestClient(t, ClientOptions{})
	if res := get(t, c, Request{URL: s.URL + "/chain/5#x"}); string(res.Body) != "GET /chain/0" || res.Final != s.URL+"/chain/0" || res.URL != s.URL+"/chain/5#x" {
		t.Errorf("five redirects: %+v %s", res, res.Body)
	}
	if res := get(t, c, Request{URL: s.URL + "/utf8"}); string(res.Body) != "GET /%C3%BCn%C3%AF%20code" {
		t.Errorf("a Location that is not ASCII: %s", res.Body)
	}
	if f := fails(t, c, Request{URL: s.URL + "/chain/6"}, FaultRedirect, "more than 5 times", "/chain/0"); f.Location != s.URL+"/chain/0" {
		t.Errorf("Location %s", f.Location)
	}
	fails(t, c, Request{URL: s.URL + "/loop/a"}, FaultRedirect, "in a circle: "+s.URL+"/loop/b comes up again")
	fails(t, c, Request{URL: s.URL + "/self"}, FaultRedirect, "in a circle")
	if f := fails(t, c, Request{URL: s.URL + "/gone"}, FaultStatus, "redirects to "+s.URL+"/missing, which fails: answers 404"); f.Status != 404 || f.Location != s.URL+"/missing" || f.URL != s.URL+"/gone" {
		t.Errorf("%+v", f)
	}
	for location, words := range map[string]string{
		"":                     "without saying where to",
		"ftp://127.0.0.1/":     "neither http nor https",
		"javascript:alert(1)":  "neither http nor https",
		"http://127.1/":        "is a number",
		"http://%zz/":          "is no address",
		"//user:pw@127.0.0.1/": "user name or password",
		"//evil.example/":      "redirects to another host: http://evil.example/",
		"http://127.0.0.1:1/":  "redirects to another host",
		"//" + s.Listener.Addr().String() + ".evil.example/": "is no address",
	} {
		f := fails(t, c, Request{URL: s.URL + "/to?l=" + url.QueryEscape(location)}, FaultRedirect, words)
		if location != "" && f.Location == "" {
			t.Errorf("%s: no Location", location)
		}
	}
	if len(k.slept) > 0 {
		t.Errorf("slept %v: nothing here gets better", k.slept)
	}
}

// A redirect to another host is followed only where that is allowed, and the host's headers go to it alone.
func TestRedirectToAnotherHost(t *testing.T) {
	got := map[string]http.Header{}
	var other *httptest.Server
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got["s"+r.URL.Path] = r.Header
		if r.URL.Path == "/back" {
			_, _ = io.WriteString(w, "home")
			return
		}
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusFound)
	})
	other = serve(t, func(w http.ResponseWriter, r *http.Request) {
		got["other"+r.URL.Path] = r.Header
		if r.URL.Path == "/round" {
			http.Redirect(w, r, s.URL+"/back", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "elsewhere")
	})
	host, otherHost := s.Listener.Addr().String(), other.Listener.Addr().String()
	c, _ := newTestClient(t, ClientOptions{Hosts: map[string]HostOptions{
		host:      {Headers: map[string]string{"Authorization": "Bearer mine-only", "Accept-Language": "fr", "accept-encoding": "br"}},
		otherHost: {Headers: map[string]string{"X-Other": "theirs-only"}},
	}})
	fails(t, c, Request{URL: s.URL + "/a"}, FaultURL, "\"accept-encoding\" is no header that a host can be given")
	c, _ = newTestClient(t, ClientOptions{Hosts: map[string]HostOptions{
		host:      {Headers: map[string]string{"Authorization": " Bearer mine-only\n", "Accept-Language": "fr"}},
		otherHost: {Headers: map[string]string{"X-Other": "theirs-only"}},
	}})
	f := fails(t, c, Request{URL: s.URL + "/a"}, FaultRedirect, "redirects to another host: "+other.URL+"/a")
	if f.Location != other.URL+"/a" || !strings.Contains(f.Hint, "fetch.hosts."+host+".allow") {
		t.Errorf("%+v", f)
	}
	if got["other/a"] != nil {
		t.Error("the other host was asked")
	}
	if res := get(t, c, Request{URL: s.URL + "/a", AllowHosts: []string{otherHost}}); string(res.Body) != "elsewhere" || res.Final != other.URL+"/a" {
		t.Errorf("%+v", res)
	}
	if h := got["s/a"]; h.Get("Authorization") != "Bearer mine-only" || h.Get("Accept-Language") != "fr" || h.Get("X-Other") != "" {
		t.Errorf("the host got %v", h)
	}
	if h := got["other/a"]; h.Get("Authorization") != "" || h.Get("Accept-Language") != "en" || h.Get("X-Other") != "theirs-only" || h.Get("Referer") != "" {
		t.Errorf("the other host got %v", h)
	}
	if res := get(t, c, Request{URL: s.URL + "/round", AllowHosts: []string{otherHost}}); string(res.Body) != "home" || got["s/back"].Get("Authorization") == "" || got["other/round"].Get("Authorization") != "" {
		t.Errorf("there and back: %s", res.Body)
	}
}

// TLS stays TLS.
func TestRedirectScheme(t *testing.T) {
	plain := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "plain") })
	var secure *httptest.Server
	secure = httptest.NewTLSServer(withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/up" {
			_, _ = io.WriteString(w, "secure")
			return
		}
		http.Redirect(w, r, plain.URL+"/", http.StatusFound)
	}))
	defer secure.Close()
	up := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, secure.URL+"/up", http.StatusFound) })
	hosts := []string{plain.Listener.Addr().String(), secure.Listener.Addr().String()}
	c, _ := newTestClient(t, ClientOptions{})
	trust(c, secure)
	fails(t, c, Request{URL: secure.URL + "/down", AllowHosts: hosts}, FaultRedirect, "from https to http: "+plain.URL)
	if res := get(t, c, Request{URL: up.URL + "/", AllowHosts: hosts}); string(res.Body) != "secure" {
		t.Errorf("%s", res.Body)
	}
}

// Each step of a chain is under the robots.txt of its own host.
func TestRedirectRobots(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			_, _ = io.WriteString(w, "User-agent: *\nDisallow: /private\n")
			return
		}
		t.Errorf("%s was asked for", r.URL)
	}))
	defer other.Close()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/private/x", http.StatusFound)
	})
	c, _ := newTestClient(t, ClientOptions{})
	fails(t, c, Request{URL: s.URL + "/a", AllowHosts: []string{other.Listener.Addr().String()}}, FaultRobots, "redirects to "+other.URL+"/private/x", "Disallow: /private")
}

// A redirect into a private network is refused like a request there.
func TestRedirectToPrivateAddress(t *testing.T) {
	c, _ := newTestClient(t, ClientOptions{})
	target := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") })
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target.URL+"/", http.StatusFound) })
	open := s.Listener.Addr().String()
	// Of all private addresses only that of the first server is open.
	c.dialer.Control = func(network, address string, raw syscall.RawConn) error {
		if address == open {
			return nil
		}
		return checkDialled(network, address, raw)
	}
	fails(t, c, Request{URL: s.URL + "/", AllowHosts: []string{target.Listener.Addr().String()}}, FaultAddress, "redirects to "+target.URL, "127.0.0.0/8 (loopback)")
}
