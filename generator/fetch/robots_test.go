package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// Each case: a robots.txt, and paths with + where they may be fetched and - where not.
func TestRobotsRules(t *testing.T) {
	for name, test := range map[string]struct{ text, paths string }{
		"nothing":                       {"", "+/ +/a"},
		"a page of HTML":                {"<!doctype html><title>Not found: it is gone</title>\n<p>User-agents: all", "+/ +/a"},
		"everybody":                     {"User-agent: *\nDisallow: /private", "+/ -/private -/private/x -/privateer -/private?q +/Private +/a/private"},
		"everything":                    {"User-agent: *\nDisallow: /", "-/ -/a +/robots.txt"},
		"an empty Disallow":             {"User-agent: *\nDisallow:", "+/ +/a"},
		"a group of our own":            {"User-agent: *\nDisallow: /\n\nUser-agent: Skillgen\nDisallow: /x", "+/ +/a -/x"},
		"with a version":                {"User-agent: skillgen/2.0 (docs)\nDisallow: /x", "-/x"},
		"an empty group of our own":     {"User-agent: *\nDisallow: /\n\nUser-agent: skillgen", "+/ +/a"},
		"names that begin like ours":    {"User-agent: skill\nDisallow: /\nUser-agent: skillgenerator\nDisallow: /\nUser-agent: skillgen-x\nDisallow: /", "+/a"},
		"a group of several":            {"User-agent: a\nUser-agent: skillgen\nUser-agent: b\nDisallow: /x", "-/x +/y"},
		"groups are joined":             {"User-agent: skillgen\nDisallow: /x\nUser-agent: z\nDisallow: /z\nUser-agent: skillgen\nDisallow: /y", "-/x -/y +/z"},
		"groups for all are joined":     {"User-agent: *\nDisallow: /x\n\nUser-agent: z\nDisallow: /z\n\nUser-agent: *\nDisallow: /y", "-/x -/y +/z"},
		"other lines don't end a group": {"User-agent: skillgen\nSitemap: https://a.example/sitemap.xml\nUser-agent: b\nDisallow: /x", "-/x"},
		"a delay is a rule":             {"User-agent: skillgen\nCrawl-delay: 1\nUser-agent: b\nDisallow: /x", "+/x"},
		"rules before any agent":        {"Disallow: /x\nUser-agent: *\nDisallow: /y", "+/x -/y"},
		"the longest rule":              {"User-agent: *\nAllow: /p\nDisallow: /", "+/p +/page -/ -/q"},
		"the longest, the other way":    {"User-agent: *\nDisallow: /p\nAllow: /", "-/p +/"},
		"of two as long, Allow":         {"User-agent: *\nDisallow: /page\nAllow: /page", "+/page"},
		"Allow first":                   {"User-agent: *\nAllow: /page\nDisallow: /page", "+/page"},
		"an asterisk":                   {"User-agent: *\nDisallow: /*/edit\nDisallow: /*.pdf$", "-/a/edit -/a/b/edit/x +/edit -/x.pdf +/x.pdf?q=1 +/x.pdfs -/a/x.pdf"},
		"asterisks":                     {"User-agent: *\nDisallow: /a*b*c", "-/abc -/a/b/c/d -/axxbyyczz +/acb +/xabc"},
		"it is anchored":                {"User-agent: *\nDisallow: /x*y", "+/a/xy -/xy"},
		"an end":                        {"User-agent: *\nDisallow: /a$", "-/a +/ab +/a/"},
		"a dollar within":               {"User-agent: *\nDisallow: /a$b", "-/a$b -/a%24b +/a"},
		"an asterisk with an end":       {"User-agent: *\nDisallow: /a*a$", "+/a -/aa -/aba +/abab"},
		"an asterisk at the end":        {"User-agent: *\nDisallow: /a*\nDisallow: *.php", "-/a -/ab -/x.php +/b"},
		"asterisk and end":              {"User-agent: *\nDisallow: /a*$", "-/a -/abc"},
		"escapes":                       {"User-agent: *\nDisallow: /%7ejoe/\nDisallow: /a%3cd\nDisallow: /b/ü\nDisallow: /c%2fd\nDisallow: /e%2Af", "-/~joe/x -/%7Ejoe/x -/a%3Cd -/b/%C3%BC -/b/%c3%bc +/c/d -/c%2Fd -/e*f -/e%2af +/eXf"},
		"the query counts":              {"User-agent: *\nDisallow: /*?q=\nDisallow: /s?", "-/a?q=1 +/a?p=1 -/s? +/s"},
		"no slash":                      {"User-agent: *\nDisallow: private", "-/private +/x"},
		"case of keys, blanks":          {"  USER-AGENT :  *  \n\tdisALLOW\t:\t/x  # why", "-/x +/y"},
		"comments":                      {"# robots\nUser-agent: * # all\n# between\nDisallow: /x#y", "-/x -/xz"},
		"line ends":                     {"User-agent: *\r\nDisallow: /x\rDisallow: /y\nDisallow: /z\r\n", "-/x -/y -/z"},
		"a byte order mark":             {"\ufeffUser-agent: *\nDisallow: /x", "-/x"},
		"broken lines":                  {"User-agent: *\nDisallow /x\nCrawl-delay: soon\n:::\n\x00\xff\nDisallow: /y", "+/x -/y"},
		"useragent":                     {"Useragent: *\nDisallow: /x", "-/x"},
	} {
		rules := parseRobots([]byte(test.text))
		for _, p := range strings.Fields(test.paths) {
			u, err := checkURL("https://acme.example" + p[1:])
			if err != nil {
				t.Fatal(err)
			}
			if got := rules.verdict(u, true); (got == nil) != (p[0] == '+') {
				t.Errorf("%s: %s: got %v\n%s", name, p, got, test.text)
			}
		}
	}
}

func TestRobotsVerdict(t *testing.T) {
	text := "User-agent: *\nDisallow: /\n\nUser-agent: Skillgen\nAllow: /docs\nDisallow: /docs/private # not yet\n"
	u, err := checkURL("https://acme.example/docs/private/x")
	if err != nil {
		t.Fatal(err)
	}
	f := parseRobots([]byte(text)).verdict(u, true)
	if f == nil || f.Kind != FaultRobots || f.Message != `robots.txt excludes it: "Disallow: /docs/private" (line 6, for Skillgen)` {
		t.Errorf("%+v", f)
	}
}

func TestCrawlDelay(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"User-agent: *\nCrawl-delay: 2":                                       2 * time.Second,
		"User-agent: *\ncrawl-delay: 0.5":                                     500 * time.Millisecond,
		"User-agent: *\nCrawl-delay: 86400":                                   10 * time.Second,
		"User-agent: *\nCrawl-delay: 1e300":                                   10 * time.Second,
		"User-agent: *\nCrawl-delay: Inf":                                     10 * time.Second,
		"User-agent: *\nCrawl-delay: NaN":                                     0,
		"User-agent: *\nCrawl-delay: -1":                                      0,
		"User-agent: *\nCrawl-delay: 1s":                                      0,
		"User-agent: other\nCrawl-delay: 5":                                   0,
		"User-agent: *\nCrawl-delay: 5\nUser-agent: skillgen\nDisallow: /x":   0,
		"User-agent: skillgen\nCrawl-delay: 3\nUser-agent: *\nCrawl-delay: 7": 3 * time.Second,
	} {
		if got := parseRobots([]byte(text)).delay; got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	n := &counter{}
	s := bare(t, func(w http.ResponseWriter, r *http.Request) {
		n.add()
		_, _ = io.WriteString(w, "User-agent: *\nCrawl-delay: 3\n")
	})
	c, k := newTestClient(t, ClientOptions{})
	if err := getAll(t.Context(), c, pages(s.URL, 10)...); err != nil {
		t.Fatal(err)
	}
	if took := k.now().Sub(newClock().t); took < 27*time.Second || n.get() != 11 {
		t.Errorf("ten pages with 3 s between them took %s, %d requests", took, n.get())
	}
}

// By the real clock: of several that wait for their turn one gets it, and the others give back what they took.
func TestCrawlDelayByTheClock(t *testing.T) {
	const delay = 40 * time.Millisecond
	var mu sync.Mutex
	var starts []time.Time
	s := bare(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		starts = append(starts, time.Now())
		mu.Unlock()
		_, _ = io.WriteString(w, "User-agent: *\nCrawl-delay: 0.04\n")
	})
	c := NewClient(ClientOptions{AllowPrivate: true, Concurrency: 4})
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := getAll(ctx, c, pages(s.URL, 12)...); err != nil {
		t.Fatal(err)
	}
	if took := starts[12].Sub(starts[1]); took < 11*delay-delay/2 || took > 5*time.Second {
		t.Errorf("twelve pages with %s between them took %s", delay, took)
	}
}

// What becomes of a page by what robots.txt answers.
func TestRobotsAnswers(t *testing.T) {
	rules := "User-agent: *\nDisallow: /private\n"
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	padding := strings.Repeat("# long\n", 64<<10/7)
	for name, test := range map[string]struct {
		robots http.HandlerFunc
		asked  int // for robots.txt
		kind   FaultKind
		words  string
	}{
		"allows":               {text(rules), 1, "", ""},
		"excludes":             {text("User-agent: *\nDisallow: /\n"), 1, FaultRobots, `robots.txt excludes it: "Disallow: /" (line 2, for *)`},
		"is missing":           {status(404), 1, "", ""},
		"is gone":              {status(410), 1, "", ""},
		"is forbidden":         {status(403), 1, "", ""},
		"wants a login":        {status(401), 1, "", ""},
		"has no content":       {status(204), 1, "", ""},
		"is not modified":      {status(304), 1, FaultRobots, "it answers 304"},
		"fails":                {status(500), 4, FaultRobots, "nothing of this website may be fetched while its robots.txt can't be had (RFC 9309): it answers 500 Internal Server Error (4 attempts)"},
		"asks for less":        {status(429), 4, FaultRobots, "it answers 429"},
		"asks for much less":   {status(503, "Retry-After: 7200"), 1, FaultRobots, "asks to come back in 2h0m0s"},
		"is as long as can be": {text(padding + strings.Repeat("#", 64<<10-len(padding))), 1, "", ""},
		"is too long":          {text(padding + "#" + strings.Repeat("#", 64<<10-len(padding))), 1, FaultRobots, "can't be read whole: the answer is larger than 64 KiB"},
		"is a bomb":            {zipped(bytes.Repeat([]byte("#"), 64<<20)), 1, FaultRobots, "larger than 64 KiB"},
		"is zipped":            {zipped([]byte("User-agent: *\nDisallow: /\n")), 1, FaultRobots, "excludes it"},
		"breaks off":           {raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), 4, FaultNetwork, "the robots.txt of this website can't be had: the answer breaks off"},
		"leads in a circle":    {status(302, "Location: /robots.txt"), 1, "", ""},
		"leads to no address":  {status(302, "Location: ftp://x/"), 1, "", ""},
		"leads to rules":       {status(301, "Location: /rules/robots.txt"), 1, FaultRobots, "Disallow: /page"},
		"leads to a missing":   {status(301, "Location: /rules/missing"), 1, "", ""},
		"leads to a failing":   {status(301, "Location: /rules/fails"), 1, FaultRobots, "/rules/fails, which fails: answers 502"},
		"is slow":              {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 2, FaultNetwork, "can't be had: no whole answer within 200ms (2 attempts)"},
	} {
		t.Run(name, func(t *testing.T) {
			asked, got := &counter{}, &counter{}
			s := bare(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/robots.txt":
					asked.add()
					test.robots(w, r)
				case "/rules/robots.txt":
					_, _ = io.WriteString(w, "User-agent: *\nDisallow: /page\n")
				case "/rules/missing":
					http.NotFound(w, r)
				case "/rules/fails":
					w.WriteHeader(502)
				default:
					got.add()
				}
			})
			c, _ := newTestClient(t, ClientOptions{})
			c.timeout = 200 * time.Millisecond
			if name == "is a bomb" {
				c.timeout = 10 * time.Second
			}
			for i := range 3 { // whatever the answer: robots.txt is asked for once
				r := Request{URL: fmt.Sprintf("%s/page/%d", s.URL, i)}
				if test.kind == "" {
					get(t, c, r)
				} else {
					fails(t, c, r, test.kind, test.words)
				}
			}
			if asked.get() != test.asked {
				t.Errorf("robots.txt was asked for %d times, want %d", asked.get(), test.asked)
			}
			if (got.get() > 0) != (test.kind == "") {
				t.Errorf("%d pages were asked for", got.get())
			}
		})
	}
}

func zipped(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zip(string(body)))
	}
}

// robots.txt is that of the origin: scheme, host and port; pages that come at once ask for it once.
func TestRobotsOrigin(t *testing.T) {
	asked := [2]counter{}
	start := func(i int, rules string) *httptest.Server {
		return bare(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				asked[i].add()
				time.Sleep(20 * time.Millisecond)
				_, _ = io.WriteString(w, rules)
			}
		})
	}
	a, b := start(0, "User-agent: *\nDisallow: /\n"), start(1, "")
	c, _ := newTestClient(t, ClientOptions{})
	if err := getAll(t.Context(), c, pages(b.URL, 30)...); err != nil {
		t.Error(err)
	}
	fails(t, c, Request{URL: a.URL + "/x"}, FaultRobots)
	if asked[0].get() != 1 || asked[1].get() != 1 {
		t.Errorf("asked %d and %d times", asked[0].get(), asked[1].get())
	}
	if res := get(t, c, Request{URL: a.URL + "/robots.txt"}); !strings.Contains(string(res.Body), "Disallow") {
		t.Errorf("robots.txt itself: %s", res.Body)
	}
}

// A robots.txt that nobody waited for is asked for again by the next.
func TestRobotsCancelled(t *testing.T) {
	handler, n := answers(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, status(404))
	s := bare(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			handler(w, r)
		}
	})
	c, _ := newTestClient(t, ClientOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, Request{URL: s.URL + "/a"}); err != ctx.Err() || err == nil {
		t.Errorf("got %v", err)
	}
	get(t, c, Request{URL: s.URL + "/a"})
	if n.get() != 2 {
		t.Errorf("asked %d times", n.get())
	}
}

// No text makes the parser fail; what follows for other agents changes nothing; lines may end in any way.
func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%61", "/a/b?c")
	f.Add("user-agent: skillgen\nuser-agent: *\ncrawl-delay: 1e9\ndisallow: *$*", "/%zz%2")
	f.Add("\ufeffallow:/\ruser-agent:skillgen\r\ndisallow:%", "/%25")
	f.Fuzz(func(t *testing.T, text, path string) {
		if len(text) > maxRobotsBytes {
			return
		}
		u, err := checkURL("https://acme.example/" + strings.TrimPrefix(path, "/"))
		if err != nil {
			return
		}
		rules := parseRobots([]byte(text))
		got := rules.verdict(u, true)
		if more := parseRobots([]byte(text+"\n\nUser-agent: other\nDisallow: /\n")).verdict(u, true); !rulesPending(text) && (more == nil) != (got == nil) {
			t.Errorf("a group for another agent changes %v to %v", got, more)
		}
		if crlf := parseRobots([]byte(strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", "\r\n"))).verdict(u, true); !strings.Contains(text, "\r") && (crlf == nil) != (got == nil) {
			t.Errorf("line ends change %v to %v", got, crlf)
		}
		if rules.delay < 0 || rules.delay > maxCrawlDelay {
			t.Errorf("delay %s", rules.delay)
		}
		target := canonicalPath(u.EscapedPath(), "")
		for _, r := range rules.rules {
			if want := asRegexp(r).MatchString(target); r.matches(target) != want {
				t.Errorf("%q and %q: got %v", r.text, target, !want)
			}
		}
	})
}

// rulesPending reports whether a text ends with agents that have no rule yet: a group that follows joins them.
func rulesPending(text string) bool {
	lines := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := len(lines) - 1; i >= 0; i-- {
		line, _, _ := strings.Cut(strings.TrimPrefix(lines[i], "\ufeff"), "#")
		key, _, ok := strings.Cut(line, ":")
		switch key = strings.TrimSpace(key); {
		case !ok:
		case key == "user-agent" || key == "useragent":
			return true
		case key == "allow" || key == "disallow" || key == "crawl-delay" || key == "crawldelay":
			return false
		}
	}
	return false
}

// asRegexp says the same as a rule's path in another way.
func asRegexp(r robotsRule) *regexp.Regexp {
	var quoted []string
	for _, part := range r.parts {
		quoted = append(quoted, regexp.QuoteMeta(part))
	}
	end := ""
	if r.whole {
		end = `\z`
	}
	return regexp.MustCompile(`(?s)\A` + strings.Join(quoted, ".*") + end)
}

// The largest robots.txt of the worst rules against the longest address takes milliseconds.
func TestRobotsHostile(t *testing.T) {
	u, err := url.Parse("https://acme.example/" + strings.Repeat("a", maxURL-30))
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []string{"Disallow: /" + strings.Repeat("a*", 100) + "b\n", "Disallow: *" + strings.Repeat("a", 50) + "b\n", "Disallow: *b\n", "Disallow: /" + strings.Repeat("*", 60000) + "$\n"} {
		text := "User-agent: *\n" + strings.Repeat(rule, (maxRobotsBytes-14)/len(rule))
		start := time.Now()
		_ = parseRobots([]byte(text)).verdict(u, true)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%.20s… took %s", rule, took)
		}
	}
}
