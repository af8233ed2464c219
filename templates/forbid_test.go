package templates

import (
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// forbidden is sent in every place where it could hide. Its text has letters of both cases, and a sign that URLs encode.
var forbiddenRequests = []struct {
	name    string
	path    string
	body    func() io.Reader
	headers []string
}{
	{"nothing of it", "/", func() io.Reader { return strings.NewReader(`{"list":[{"email":"max@acme.example"}],"n":424}`) }, nil},
	{"URL", "/p?email=ada%40acme.example", nil, nil},
	{"header", "/", nil, []string{"Cookie", "a=b; sid=S3cret-sid"}},
	{"value, letter case", "/", func() io.Reader {
		return zip(`{"list":[{"a":1},{"who":"<ADA@acme.example>"},{"who":"ada@acme.example"}]}`)
	}, nil},
	{"value, encoded in a URL", "/", func() io.Reader {
		return strings.NewReader(`{"url":"http://x/?e=ada%40acme.example","s":"\u0073%33cret-sid"}`)
	}, nil},
	{"name of a key", "/", func() io.Reader { return strings.NewReader(`{"set":{"ada@acme.example":true}}`) }, nil},
	{"JSON in a string", "/", func() io.Reader {
		return strings.NewReader("data=" + url.QueryEscape(`{"inner":"{\"to\":\"ada@acme.example\"}"}`))
	}, nil},
	{"number", "/", func() io.Reader { return strings.NewReader(`{"card":4242424242424242}`) }, nil},
	{"text of no known form", "/", func() io.Reader { return strings.NewReader("hello ada@acme.example") }, nil},
	{"no text", "/", func() io.Reader { return strings.NewReader("\xff\xfe\x00") }, nil},
}

const wantForbidden = `1 POST / (no content type, 47 bytes)
2 POST /p?email (no body)
  forbidden text 1 in the URL
3 POST / (no body)
  forbidden text 2 in header cookie
4 POST / (no content type, gzip, N bytes)
  forbidden text 1 in key list[].who
5 POST / (no content type, 64 bytes)
  forbidden text 1 in key url
  forbidden text 2 in key s
6 POST / (no content type, 33 bytes)
  forbidden text 1 in key set.*
7 POST / (no content type, 84 bytes)
  forbidden text 1 in key inner
8 POST / (no content type, 25 bytes)
  forbidden text 3 in the body
9 POST / (no content type, 22 bytes)
  body: not JSON, not a form, not read
  forbidden text 1 in the body
10 POST / (no content type, 3 bytes)
  body: not text, not read
stopped: 10 requests
forbidden and seen: text 1 in 6 requests
forbidden and seen: text 2 in 2 requests
forbidden and seen: text 3 in 1 request
not searched: 1 body
`

func TestListenerFindsWhatMustNotBeSent(t *testing.T) {
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			running := listen(t, l.command(t), "--port", "0", "--show", "no_such_key", "--forbid", "ada@acme.example, s3cret-SID,4242424242424242,never")
			for _, r := range forbiddenRequests {
				var body io.Reader
				if r.body != nil {
					body = r.body()
				}
				running.send(t, "POST", r.path, body, r.headers...)
			}
			out, code := running.interrupt(t)
			lines := strings.Split(out, "\n")
			for i, line := range lines {
				if before, _, ok := strings.Cut(line, "gzip, "); ok {
					lines[i] = before + "gzip, N bytes)"
				}
			}
			if diff := cmp.Diff(wantForbidden, strings.Join(lines, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if code != 1 {
				t.Errorf("exit code %d, want 1: forbidden texts came", code)
			}
			if strings.Contains(strings.ToLower(out), "s3cret") || strings.Contains(out, "4242") || strings.Contains(strings.ToLower(out), "ada@") {
				t.Errorf("a forbidden text is printed:\n%s", out)
			}
		})
	}
}

// The exit code speaks for itself: 0 only where nothing forbidden came and every body could be searched, or where nothing is forbidden.
func TestListenerExitsWith1ForWhatIsForbidden(t *testing.T) {
	const plain, binary = `{"a":"b1"}`, "\xff\xfe\x00"
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []struct {
				forbid, body string
				code         int
			}{{"never", plain, 0}, {"b1", plain, 1}, {"never", binary, 1}, {"", plain, 0}, {"", binary, 0}} {
				running := listen(t, l.command(t), "--port", "0", "--forbid="+c.forbid)
				running.send(t, "POST", "/", strings.NewReader(c.body))
				if out, code := running.interrupt(t); code != c.code {
					t.Errorf("--forbid=%s, body %q: exit code %d, want %d:\n%s", c.forbid, c.body, code, c.code, out)
				}
			}
		})
	}
}

// A listener that answers late has said what came before it answers, and a request that waits does not hold its end.
func TestListenerAnswersLate(t *testing.T) {
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			running := listen(t, l.command(t), "--port", "0", "--delay", "1")
			start := time.Now()
			running.send(t, "POST", "/", strings.NewReader(`{"a":"b"}`))
			if took := time.Since(start); took < time.Second {
				t.Errorf("answered after %v, want a second", took)
			}
			waiting := listen(t, l.command(t), "--port", "0", "--delay", "60")
			conn, err := net.Dial("tcp", strings.TrimPrefix(waiting.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			io.WriteString(conn, "POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
			time.Sleep(500 * time.Millisecond)
			if out, code := waiting.interrupt(t); code != 0 || !strings.HasPrefix(out, "1 POST /late ") {
				t.Errorf("exit code %d:\n%s", code, out)
			}
		})
	}
}
