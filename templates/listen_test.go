package templates

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listeners are the three forms of the listener: each in a runtime that the project of a skill already has. They must not differ in what they say.
var listeners = []struct {
	name    string
	command func(t *testing.T) []string
}{
	{"node", func(t *testing.T) []string { return []string{need(t, "node"), script("listen.mjs")} }},
	{"python", func(t *testing.T) []string { return []string{need(t, "python3"), script("listen.py")} }},
	{"go", func(t *testing.T) []string {
		binary, err := buildListener()
		if err != nil {
			t.Fatal(err)
		}
		return []string{binary}
	}},
}

// built is a folder for what tests build, made and removed by TestMain.
var built string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "listen")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	built = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// buildListener builds listen.go as the stage says, because `go run` passes neither signals nor exit codes on; in the language of an old
// go.mod, because it is that of the project in which it is built.
var buildListener = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(built, "listen")
	out, err := exec.Command("go", "build", "-gcflags=-lang=go1.18", "-o", binary, script("listen.go")).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the listener: %w\n%s", err, out)
	}
	return binary, nil
})

func script(name string) string { return filepath.Join("integrate", "scripts", name) }

// need finds a program. Where CI is set its absence is a failure, so that a run which looked at less can't look like a full one.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && os.Getenv("CI") != "" {
		t.Fatalf("%s is needed for this test: %v", program, err)
	} else if err != nil {
		t.Skipf("NOT TESTED: no %s here", program)
	}
	return path
}

// listening is a listener that runs.
type listening struct {
	cmd    *exec.Cmd
	url    string
	out    chan string // all of stdout after the first line, once it is closed
	stderr bytes.Buffer
}

func listen(t *testing.T, command []string, args ...string) *listening {
	t.Helper()
	l := &listening{cmd: exec.Command(command[0], append(command[1:], args...)...), out: make(chan string, 1)}
	l.cmd.Stderr = &l.stderr
	stdout, err := l.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.cmd.Process.Kill()
		l.cmd.Wait()
	})
	r := bufio.NewReader(stdout)
	first, err := r.ReadString('\n')
	if err != nil {
		l.cmd.Wait()
		t.Fatalf("no first line: %v; stderr: %s", err, l.stderr.String())
	}
	l.url = strings.Fields(strings.TrimPrefix(first, "listening on "))[0]
	if !strings.HasPrefix(l.url, "http://127.0.0.1:") {
		t.Fatalf("first line: %q", first)
	}
	go func() {
		rest, _ := io.ReadAll(r)
		l.out <- string(rest)
	}()
	return l
}

// end waits for the listener and returns what it printed, and its exit code.
func (l *listening) end(t *testing.T) (string, int) {
	t.Helper()
	select {
	case out := <-l.out:
		l.cmd.Wait()
		return out, l.cmd.ProcessState.ExitCode()
	case <-time.After(30 * time.Second):
		t.Fatal("the listener did not stop")
		return "", 0
	}
}

func (l *listening) interrupt(t *testing.T) (string, int) {
	t.Helper()
	if err := l.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	return l.end(t)
}

// send makes one request and returns the answer's status, headers and body.
func (l *listening) send(t *testing.T, method, path string, body io.Reader, headers ...string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequest(method, l.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableCompression: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(data)
}

func zip(text string) io.Reader {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return &b
}

const made = `{"key":"k_local","list":[{"name":"order_placed","by":{"name":"u1"},"n":2},{"name":"user_signed_up"}],"on":true,"empty":{},"none":null}`

var bodies = []struct {
	method, path string
	body         func() io.Reader
	headers      []string
}{
	{"GET", "/", nil, nil},
	{"HEAD", "/up", nil, nil},
	{"POST", "/json/", func() io.Reader { return strings.NewReader(made) }, []string{"Content-Type", "application/json; charset=utf-8", "Authorization", "Bearer s3cret-s3cret"}},
	{"POST", "/zip", func() io.Reader { return zip(made) }, []string{"Content-Type", "text/plain"}},
	{"PUT", "/zip", func() io.Reader { return zip(made) }, []string{"Content-Type", "application/json", "Content-Encoding", "gzip"}},
	{"POST", "/chunked", func() io.Reader { return io.MultiReader(strings.NewReader(made)) }, []string{"Content-Type", "application/json"}},
	{"POST", "/lines", func() io.Reader { return strings.NewReader("{\"name\":\"a\"}\r\n\n[{\"name\":\"b\"}]\n") }, nil},
	{"POST", "/form", func() io.Reader {
		return strings.NewReader("name=in+a%20form&data=" + url.QueryEscape(`{"name":"inside"}`) + "&b=" + base64.URLEncoding.EncodeToString([]byte(`[{"name":"??>>"}]`)) + "&last=")
	}, []string{"Content-Type", "application/x-www-form-urlencoded"}},
	{"POST", "/key/phc_0123456789012345678901234567890123456789/config?token=s3cret-s3cret&v=2&&x", func() io.Reader { return strings.NewReader("[]") }, nil},
	{"POST", "/odd", func() io.Reader {
		return strings.NewReader("\ufeff{\"name\":\"\\u001b[31mred \x7f\u009b é 😀\",\"\\u0007\":1}")
	}, []string{"Content-Type", "application/json"}},
	{"POST", "/broken", func() io.Reader { return strings.NewReader("{\"name\":") }, nil},
	{"POST", "/binary", func() io.Reader { return strings.NewReader("\xff\xfe\x00") }, nil},
	{"POST", "/cut", func() io.Reader { return io.LimitReader(zip(made), 30) }, nil},
	{"POST", "/deep", func() io.Reader {
		return strings.NewReader(strings.Repeat("[", 200) + `"x"` + strings.Repeat("]", 200))
	}, nil},
}

const wantKeys = `1 GET / (no body)
  headers: host user-agent
2 HEAD /up (no body)
  headers: host user-agent
3 POST /json/ (application/json, 134 bytes)
  headers: authorization content-length content-type host user-agent
  keys: key list[].name list[].by.name list[].n on none
4 POST /zip (text/plain, gzip, N bytes)
  headers: content-type host transfer-encoding user-agent
  keys: key list[].name list[].by.name list[].n on none
5 PUT /zip (application/json, gzip, N bytes)
  headers: content-encoding content-type host transfer-encoding user-agent
  keys: key list[].name list[].by.name list[].n on none
6 POST /chunked (application/json, 134 bytes)
  headers: content-type host transfer-encoding user-agent
  keys: key list[].name list[].by.name list[].n on none
7 POST /lines (no content type, 30 bytes)
  headers: content-length host user-agent
  keys: name [].name
8 POST /form (application/x-www-form-urlencoded, 86 bytes)
  headers: content-length content-type host user-agent
  keys: name [].name last
9 POST /key/phc_...(44)/config?token&v&x (no content type, 2 bytes)
  headers: content-length host user-agent
  keys: 
10 POST /odd (application/json, 50 bytes)
  headers: content-length content-type host user-agent
  keys: name \u0007
11 POST /broken (no content type, 8 bytes)
  headers: content-length host user-agent
  body: not JSON, not a form, not read
12 POST /binary (no content type, 3 bytes)
  headers: content-length host user-agent
  body: not text, not read
13 POST /cut (no content type, gzip, 30 bytes)
  headers: host transfer-encoding user-agent
  body: not text, not read
14 POST /deep (no content type, 403 bytes)
  headers: content-length host user-agent
  keys: 
stopped: 14 requests
`

const wantCounts = `stopped: 14 requests
4 x name: order_placed
4 x name: u1
4 x name: user_signed_up
4 x on: true
1 x name: a
1 x name: b
1 x name: in a form
1 x name: inside
1 x name: ??>>
1 x name: \u001b[31mred \u007f\u009b \u00e9 \ud83d\ude00
`

func TestListenerSaysWhatArrived(t *testing.T) {
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			command := l.command(t)
			keys, shown := listen(t, command, "--port", "0"), listen(t, command, "--port=0", "--seconds=60", "--show", "name, other,on,n", "--expect", "order_placed,never_sent,in a form")
			for _, b := range bodies {
				for _, to := range []*listening{keys, shown} {
					var body io.Reader
					if b.body != nil {
						body = b.body()
					}
					if _, isBuffer := body.(*bytes.Buffer); isBuffer { // not told its length: sent in chunks
						body = io.MultiReader(body)
					}
					status, _, answer := to.send(t, b.method, b.path, body, b.headers...)
					want := "{}"
					if b.method == "HEAD" {
						want = ""
					}
					if status != 200 || answer != want {
						t.Errorf("%s %s: %d %q", b.method, b.path, status, answer)
					}
				}
			}
			out, code := keys.interrupt(t)
			zipped := fmt.Sprintf("gzip, %d bytes", zip(made).(*bytes.Buffer).Len())
			if diff := cmp.Diff(wantKeys, strings.ReplaceAll(out, zipped, "gzip, N bytes")); diff != "" {
				t.Errorf("without --show (-want +got):\n%s", diff)
			}
			if code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			out, code = shown.interrupt(t)
			if want := wantCounts + "expected and not seen: never_sent\n"; !strings.HasSuffix(out, want) {
				t.Errorf("with --show (-want +got):\n%s", cmp.Diff(want, out[max(0, strings.Index(out, "stopped:")):]))
			}
			if !strings.Contains(out, "\n  name: order_placed\n  name: u1\n  name: user_signed_up\n  on: true\n") || strings.Contains(out, "keys:") || strings.Contains(out, "headers:") {
				t.Errorf("with --show:\n%s", out)
			}
			if code != 1 {
				t.Errorf("exit code %d, want 1: a value of --expect did not come", code)
			}
			if strings.Contains(out, "s3cret") {
				t.Errorf("a secret is shown:\n%s", out)
			}
		})
	}
}

func TestListenerAnswersBrowsers(t *testing.T) {
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			running := listen(t, l.command(t), "--port", "0")
			status, header, body := running.send(t, "OPTIONS", "/e/?ip=1", nil, "Origin", "http://localhost:3000",
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,x-made-up")
			want := map[string]string{
				"Access-Control-Allow-Origin": "http://localhost:3000", "Access-Control-Allow-Credentials": "true",
				"Access-Control-Allow-Headers": "content-type,x-made-up", "Vary": "Origin",
			}
			for name, value := range want {
				if header.Get(name) != value {
					t.Errorf("%s: %q, want %q", name, header.Get(name), value)
				}
			}
			if status != 204 || body != "" || !strings.Contains(header.Get("Access-Control-Allow-Methods"), "POST") {
				t.Errorf("preflight: %d %q %v", status, body, header)
			}
			_, header, _ = running.send(t, "POST", "/e/", strings.NewReader("{}"), "Origin", "null")
			if header.Get("Access-Control-Allow-Origin") != "null" || header.Get("Content-Type") != "application/json" {
				t.Errorf("headers of an answer: %v", header)
			}
			if out, _ := running.interrupt(t); !strings.HasPrefix(out, "1 OPTIONS /e/?ip (no body)\n") {
				t.Errorf("output:\n%s", out)
			}
		})
	}
}

func TestListenerStopsByItself(t *testing.T) {
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			command := l.command(t)
			start := time.Now()
			running := listen(t, command, "--port", "0", "--seconds", "1", "--show", "name", "--expect", "order_placed")
			idle, err := net.Dial("tcp", strings.TrimPrefix(running.url, "http://")) // a connection that stays open must not hold it
			if err != nil {
				t.Fatal(err)
			}
			defer idle.Close()
			running.send(t, "POST", "/", zip(made))
			if out, code := running.end(t); code != 0 || !strings.Contains(out, "stopped: 1 request\n") {
				t.Errorf("exit code %d:\n%s", code, out)
			}
			if took := time.Since(start); took < time.Second || took > 30*time.Second {
				t.Errorf("took %v, want about a second", took)
			}
		})
	}
}

func TestListenerIsForThisMachineOnly(t *testing.T) {
	other := otherAddress(t)
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			running := listen(t, l.command(t), "--port", "0")
			_, port, _ := net.SplitHostPort(strings.TrimPrefix(running.url, "http://"))
			if c, err := net.DialTimeout("tcp", net.JoinHostPort(other, port), time.Second); err == nil {
				c.Close()
				t.Errorf("it can be reached at %s", other)
			}
		})
	}
}

// otherAddress is a loopback address that a listener on 127.0.0.1 does not answer at, and one on all interfaces does.
func otherAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skipf("NOT TESTED: this system has no second loopback address: %v", err)
	}
	l.Close()
	return "127.0.0.2"
}

func TestListenerRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, l := range listeners {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			command := l.command(t)
			for _, c := range []struct{ args, says string }{
				{"--port " + port, "cannot listen on port " + port},
				{"--port x", "usage: listen"},
				{"--port 65536", "65535"},
				{"--seconds 0", "3600"},
				{"--delay 3601", "3600"},
				{"--expect a", "--expect needs --show"},
				{"--unknown", "usage: listen"},
				{"more", "usage: listen"},
			} {
				var stderr bytes.Buffer
				cmd := exec.Command(command[0], append(command[1:], strings.Fields(c.args)...)...)
				cmd.Stderr = &stderr
				out, _ := cmd.Output()
				if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(stderr.String(), c.says) || len(out) > 0 {
					t.Errorf("%s: exit code %d, stdout %q, stderr %q", c.args, code, out, stderr.String())
				}
			}
		})
	}
}
