package fetch

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A server that repeats the header wherever it can. No fault, of whatever kind, shows the value or the password in it.
func TestSecretsStayHidden(t *testing.T) {
	const canary = "canary-7f/3a+b \"9c\"=ü"
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("joe:"+canary))
	for _, value := range []string{canary, "Bearer " + canary, basic} {
		t.Run(value, func(t *testing.T) { hidden(t, value, []string{canary, value, strings.TrimPrefix(value, "Basic ")}) })
	}
}

func hidden(t *testing.T, value string, secrets []string) {
	secret := secrets[0]
	var s, other *httptest.Server
	other = serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			if strings.Contains(strings.Join(values, " "), "canary") {
				t.Errorf("%s was sent to another host", name)
			}
		}
	})
	echoes := map[string]struct {
		kind    FaultKind
		handler http.HandlerFunc
	}{
		"/status":         {FaultStatus, raw(t, "HTTP/1.1 403 "+value+"\r\nContent-Length: 40\r\n\r\n"+value)},
		"/500":            {FaultStatus, raw(t, "HTTP/1.1 500 "+value+"\r\nRetry-After: "+value+"\r\n\r\n"+value)},
		"/no-http":        {FaultNetwork, raw(t, value+"\r\n\r\n")},
		"/no-status":      {FaultNetwork, raw(t, "HTTP/1.1 "+value+"\r\n\r\n")},
		"/header-line":    {FaultNetwork, raw(t, "HTTP/1.1 200 OK\r\n"+strings.ReplaceAll(value, ":", "")+"\r\n\r\n")},
		"/length":         {FaultNetwork, raw(t, "HTTP/1.1 200 OK\r\nContent-Length: "+value+"\r\n\r\n")},
		"/transfer":       {FaultNetwork, raw(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: "+value+"\r\n\r\n")},
		"/encoding":       {FaultNetwork, raw(t, "HTTP/1.1 200 OK\r\nContent-Encoding: "+value+"\r\n\r\n")},
		"/breaks-off":     {FaultNetwork, raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"+value)},
		"/chunk":          {FaultNetwork, raw(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+value+"\r\n")},
		"/slow":           {FaultNetwork, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		"/large":          {FaultSize, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, strings.Repeat(value, 1<<20)) }},
		"/large-header":   {FaultSize, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X", strings.Repeat(value, 1<<13)) }},
		"/body":           {FaultSecret, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "your token: "+secret) }},
		"/location":       {FaultSecret, raw(t, "HTTP/1.1 302 "+value+"\r\nLocation: /x?t="+secret+"\r\n\r\n")},
		"/location-query": {FaultSecret, raw(t, "HTTP/1.1 302 Found\r\nLocation: /x?t="+url.QueryEscape(secret)+"\r\n\r\n")},
		"/location-path":  {FaultSecret, raw(t, "HTTP/1.1 302 Found\r\nLocation: /"+url.PathEscape(secret)+"/x\r\n\r\n")},
		"/location-twice": {FaultSecret, raw(t, "HTTP/1.1 302 Found\r\nLocation: /x?t="+url.QueryEscape(url.QueryEscape(secret))+"\r\n\r\n")},
		"/location-lower": {FaultSecret, raw(t, "HTTP/1.1 302 Found\r\nLocation: /x?t="+strings.ToLower(url.PathEscape(secret))+"\r\n\r\n")},
		"/location-host": {FaultSecret, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", other.URL+"/"+url.PathEscape(secret))
			w.WriteHeader(302)
		}},
		"/elsewhere": {FaultRedirect, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://evil.example/", 302) }},
		"/no-scheme": {FaultRedirect, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "ftp://evil.example/", 302) }},
		"/private":   {FaultRobots, nil},
	}
	s = bare(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Token") != value {
			t.Errorf("%s came without the header: %q", r.URL, r.Header.Get("X-Token"))
		}
		if r.URL.Path == "/robots.txt" {
			fmt.Fprintf(w, "User-agent: *\nDisallow: /private\nDisallow: /q/*%s\nDisallow: /r/#%s\n", url.PathEscape(value), value)
			return
		}
		if e, ok := echoes[r.URL.Path]; ok {
			e.handler(w, r)
		}
	})
	o := ClientOptions{Hosts: map[string]HostOptions{s.Listener.Addr().String(): {Headers: map[string]string{"X-Token": value}}}}
	for path, e := range echoes {
		c, _ := newTestClient(t, o)
		if path == "/slow" {
			c.timeout = 50 * time.Millisecond
		}
		fault := fails(t, c, Request{URL: s.URL + path}, e.kind)
		checkHidden(t, path, secrets, fault)
	}
	// A rule of robots.txt that holds the value, and that excludes the page.
	c, _ := newTestClient(t, o)
	checkHidden(t, "robots", secrets, fails(t, c, Request{URL: s.URL + "/q/" + url.PathEscape(value)}, FaultRobots, "the rule in line 3"))
	// An address that holds the value.
	checkHidden(t, "url", secrets, fails(t, c, Request{URL: "ftp://x/" + value}, FaultURL))
	checkHidden(t, "user", secrets, fails(t, c, Request{URL: "http://" + url.PathEscape(value) + "@x/"}, FaultURL))
	// The rest of the kinds.
	strict := NewClient(ClientOptions{Hosts: map[string]HostOptions{s.Listener.Addr().String(): {Headers: map[string]string{"X-Token": value}}}})
	defer strict.Close()
	f := fails(t, strict, Request{URL: s.URL + "/"}, FaultURL, "http would send them")
	checkHidden(t, "http", secrets, f)
	https := "https://" + s.Listener.Addr().String()
	checkHidden(t, "address", secrets, fails(t, strict, Request{URL: https + "/"}, FaultAddress))
	checkHidden(t, "tls", secrets, fails(t, c, Request{URL: https + "/"}, FaultNetwork))
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", c, c, c), fmt.Sprintf("%v %+v %#v", o, o, o)} {
		checkHidden(t, "dump", secrets, errors.New(text))
	}
}

func checkHidden(t *testing.T, what string, secrets []string, err error) {
	t.Helper()
	text := err.Error()
	var f *Fault
	if errors.As(err, &f) {
		text = strings.Join([]string{text, f.URL, f.Location, f.Message, f.Hint, fmt.Sprintf("%+v %#v", *f, *f)}, "\n")
	}
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strconv.Quote(secret), fmt.Sprintf("%x", secret)} {
			if strings.Contains(text, form) || strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
				t.Errorf("%s: %q is shown in\n%s", what, form, text)
			}
		}
	}
	if strings.Contains(text, "canary") {
		t.Errorf("%s: a part is shown in\n%s", what, text)
	}
}

func TestVeil(t *testing.T) {
	v := newVeil([]string{"abcd-123", "abcd-123-efgh", "documentation", "docs", "abcdefghijklmnop", "Bearer tok/en \"1\"", "no", "padded-value\n", "Basic " + base64.StdEncoding.EncodeToString([]byte("joe:pass-word"))})
	for text, want := range map[string]string{
		"a word, no value":                  "a word, no value",
		"abcd-123-efgh abcd-123 abcd-1234":  "(secret) (secret) (secret)4",
		"docs documentation abcd":           "docs documentation abcd",
		"abcdefghijklmnop":                  "(secret)",
		"Bearer tok/en \"1\", tok/en \"1\"": "(secret), (secret)",
		"Bearer other":                      "Bearer other",
		"x=tok%2Fen+%221%22&y":              "x=(secret)&y",
		"x=tok%2Fen%20%221%22&y":            "x=(secret)&y",
		"x=tok%2fen+%221%22&y":              "x=(secret)&y",
		`got "tok/en \"1\""`:                `got "(secret)"`,
		"padded-value":                      "(secret)",
		"joe:pass-word or pass-word":        "(secret) or (secret)",
	} {
		if got := v.hide(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	for address, want := range map[string]bool{
		"/no": false, "/x%zz": false, "/docs/documentation": false, "/abcd-123": true, "/%61%62%63%64%2d123": true, "/%2561%2562cd-123": true, "/%252561bcd-123": true, "/?t=tok/en%20%221%22": true, "/?t=%74ok/en+\"1\"": true,
	} {
		if got := v.covers(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// The standard log, to which net/http writes what servers send without being asked, is silent.
func TestNothingIsLogged(t *testing.T) {
	var logged strings.Builder
	log.SetOutput(&logged)
	s := serve(t, raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok canary"))
	c, _ := newTestClient(t, ClientOptions{})
	for range 3 {
		get(t, c, Request{URL: s.URL + "/"})
		time.Sleep(10 * time.Millisecond)
	}
	if logged.Len() > 0 {
		t.Errorf("logged: %s", &logged)
	}
}

// What goes into lock and cache has no value either.
func TestSecretsInValidators(t *testing.T) {
	const canary = "canary-7f3a"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"`+canary+`"`)
		w.Header().Set("Last-Modified", canary)
		w.Header().Set("Content-Type", "text/"+canary)
	})
	c, _ := newTestClient(t, ClientOptions{Hosts: map[string]HostOptions{s.Listener.Addr().String(): {Headers: map[string]string{"X-Token": canary}}}})
	if res := get(t, c, Request{URL: s.URL + "/"}); res.ETag != "" || res.LastModified != "" || res.ContentType != "text/(secret)" {
		t.Errorf("%+v", res)
	}
}

// Short values, and words, are what any page and address may hold.
func TestShortValues(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/docs/documentation", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "version 2 of the documentation, yes")
	})
	c, _ := newTestClient(t, ClientOptions{Hosts: map[string]HostOptions{s.Listener.Addr().String(): {Headers: map[string]string{
		"X-Version": "2", "X-Yes": "yes", "X-Word": "documentation", "Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("docs:docs")),
	}}}})
	if res := get(t, c, Request{URL: s.URL + "/"}); res.Final != s.URL+"/docs/documentation" {
		t.Errorf("%+v", res)
	}
	if f := fails(t, c, Request{URL: s.URL + "/2/%zz"}, FaultURL); !strings.Contains(f.URL, "/2/") {
		t.Errorf("%s", f.URL)
	}
}

// Text of servers in a fault is one line, cut short, with nothing that a terminal would act on.
func TestServerText(t *testing.T) {
	long := strings.Repeat("long ", 200)
	s := serve(t, raw(t, "HTTP/1.1 200 OK\r\nno colon \x1b[31m\u202e\u200b "+long+"\r\n\r\n"))
	c, _ := newTestClient(t, ClientOptions{})
	f := fails(t, c, Request{URL: s.URL + "/"}, FaultNetwork, "no usable answer", "…")
	if strings.ContainsAny(f.Message, "\u202e\u200b") {
		t.Errorf("%q", f.Message)
	}
	s = serve(t, raw(t, "HTTP/1.1 302 Found\r\nLocation: ftp://x/\u202e"+long+"\r\n\r\n"))
	f = fails(t, c, Request{URL: s.URL + "/"}, FaultRedirect, "⟨U+202E⟩", "…")
	if strings.Contains(f.Location, "\u202e") {
		t.Errorf("%q", f.Location)
	}
}

func TestWithoutUser(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example/@scope/x":    "https://a.example/@scope/x",
		"https://joe:pw@a.example/":     "https://…@a.example/",
		"https://joe:p/w@a.example/":    "https://…@a.example/",
		"https://joe:p@w@a.example/@x":  "https://…@x",
		"joe:pw@a.example":              "…@a.example",
		"https:\\\\joe:pw@a.example":    "…@a.example",
		"//joe@a.example/":              "//…@a.example/",
		"https://a.example/%zz":         "https://a.example/%zz",
		"https://joe:p w@a.example//x/": "https://…@a.example//x/",
		"":                              "",
	} {
		if got := withoutUser(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, s := range []string{"", "short", strings.Repeat("x", 50), strings.Repeat("ü", 50), strings.Repeat("€", 40)} {
		for most := 10; most < 120; most++ {
			got := cut(s, most)
			if len(got) > most || len(s) <= most && got != s || strings.ToValidUTF8(got, "?") != got || got != s && !strings.Contains(got, "…") {
				t.Errorf("%d of %q: %q", most, s, got)
			}
		}
	}
}

// Nothing listens there any more.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestRefusedHidden(t *testing.T) {
	const canary = "canary-7f3a"
	at := closedPort(t)
	c, _ := newTestClient(t, ClientOptions{Hosts: map[string]HostOptions{at: {Headers: map[string]string{"X-Token": canary}}}})
	checkHidden(t, "refused", []string{canary}, fails(t, c, Request{URL: "http://" + at + "/"}, FaultNetwork, "the connection is refused"))
}
