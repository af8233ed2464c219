package verify

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func gzipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func zlibbed(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func deflated(s string) string {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, 9)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func base(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// TestEvents holds what SDKs send against the events that are in it.
func TestEvents(t *testing.T) {
	const one = `{"event":"a","properties":{"event":"inner","event_name":"inner","events":[{"name":"inner"}]}}`
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	field, _ := w.CreateFormField("data")
	io.WriteString(field, one)
	w.Close()
	for _, c := range []struct{ name, target, kind, encoding, body, want string }{
		{"one", "/e/", "application/json", "", one, "a"},
		{"a list", "/e/", "application/json", "", "[" + one + `,{"event":"b"},{"event":"b"}]`, "a b b"},
		{"a batch", "/batch/", "application/json", "", `{"api_key":"k","batch":[` + one + `,{"event":"$b"}]}`, "$b a"},
		{"packed, said so", "/batch/", "application/json", "gzip", gzipped(one), "a"},
		{"packed, not said so", "/e/", "text/plain", "", gzipped(one), "a"},
		{"said to be packed, and not", "/e/", "text/plain", "gzip", one, "a"},
		{"zlib", "/e/", "text/plain", "deflate", zlibbed(one), "a"},
		{"deflate", "/e/", "text/plain", "deflate", deflated(one), "a"},
		{"form with JSON", "/e/", "application/x-www-form-urlencoded", "", "data=" + url.QueryEscape(one), "a"},
		{"form with base64", "/e/", "application/x-www-form-urlencoded", "", "data=" + url.QueryEscape(base(one)), "a"},
		{"base64 whose plus signs are bare", "/e/", "application/x-www-form-urlencoded", "", "data=" + base(`{"event":"`+"\u00fb\u00ff\u00be"+`~~>>>???"}`), "\u00fb\u00ff\u00be~~>>>???"},
		{"form with packed base64", "/e/", "", "", "v=1&data=" + url.QueryEscape(base(gzipped(one))), "a"},
		{"query", "/pixel.gif?data=" + url.QueryEscape(base(one)), "", "", "", "a"},
		{"multipart", "/e/", w.FormDataContentType(), "", form.String(), "a"},
		{"lines", "/e/", "application/x-ndjson", "", one + "\n" + `{"event":"b"}` + "\n", "a b"},
		{"other keys", "/v2/track", "", "", `[{"event_type":"x"},{"eventName":"y"},{"event_name":"z"}]`, "x y z"},
		{"a list of events with names", "/collect", "", "", `{"client_id":"1","events":[{"name":"x","params":{"name":"no"}},{"name":"y"}]}`, "x y"},
		{"byte order mark", "/e/", "", "", "\ufeff" + one, "a"},

		{"names that are none", "/e/", "", "", `{"event":"","name":"no","user":{"name":"no"},"event_type":7}`, ""},
		{"text", "/e/", "", "", "event: a", ""},
		{"half of a JSON", "/e/", "", "", one[:20], ""},
		{"half of a packed one", "/e/", "", "gzip", gzipped(one)[:12], ""},
		{"nothing", "/e/", "", "", "", ""},
		{"deep", "/e/", "", "", strings.Repeat("[", 20000) + one + strings.Repeat("]", 20000), ""},
	} {
		r := httptest.NewRequest("POST", "http://x"+c.target, nil)
		r.Header.Set("Content-Type", c.kind)
		r.Header.Set("Content-Encoding", c.encoding)
		var got []string
		for _, text := range unpack(r, []byte(c.body)) {
			eventNames(text, func(name string) { got = append(got, name) })
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

// TestBombs: a small request can't fill the memory.
func TestBombs(t *testing.T) {
	bomb := gzipped(strings.Repeat("0", 48<<20))
	for _, encoding := range []string{"", "gzip"} {
		if n := len(unzip([]byte(bomb), encoding)); n > maxUnpacked {
			t.Errorf("%d bytes", n)
		}
	}
	if n := len(unzip([]byte(deflated(strings.Repeat("0", 48<<20))), "deflate")); n > maxUnpacked {
		t.Errorf("%d bytes", n)
	}
	c := counts{}
	for i := range 5000 {
		c.add(fmt.Sprintf("%d %s", i, strings.Repeat("é", 5000)), 1)
	}
	if all := c.list(); len(all) != maxNames || len(all[0].Name) > maxName+10 {
		t.Errorf("%d names of %d bytes", len(all), len(all[0].Name))
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add("application/json", "", []byte(`{"event":"a"}`), "x=1")
	f.Add("multipart/form-data; boundary=x", "deflate", []byte("--x\r\n\r\n{}\r\n--x--"), "data=e30=")
	f.Add("", "gzip", []byte(gzipped("data=e30=")), "")
	f.Fuzz(func(t *testing.T, kind, encoding string, body []byte, query string) {
		r := &http.Request{Header: http.Header{"Content-Type": {kind}, "Content-Encoding": {encoding}}, URL: &url.URL{Path: "/", RawQuery: query}}
		for _, text := range unpack(r, body) {
			eventNames(text, func(string) {})
		}
	})
}

func post(t *testing.T, address, body string) *http.Response {
	t.Helper()
	answer, err := http.Post(address, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func TestExpectations(t *testing.T) {
	expect := []expectation{
		{Event: "a"}, {Method: "POST", Path: "/e/"}, {Method: "POST", Path: "/e", Contains: `"order":1`}, {Method: "GET", Path: "/flags?v=2"}, {Method: "GET", Path: "/"},
	}
	c, err := newCapture(expect)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		do   func()
		want string // what is not met yet
	}{
		{func() { post(t, c.url+"/other", `{"event":"b"}`) }, "[0 1 2 3 4]"},
		{func() { post(t, c.url+"/e", `{"event":"aa"}`) }, "[0 2 3 4]"},
		{func() { post(t, c.url+"/e/?ip=0", `{"order":1}`) }, "[0 3 4]"},
		{func() { http.Get(c.url + "/flags?v=1") }, "[0 3 4]"},
		{func() { http.Get(c.url + "/flags?v=2") }, "[0 4]"},
		{func() { post(t, c.url+"/", "") }, "[0 4]"},
		{func() { http.Get(c.url) }, "[0]"},
		{func() { post(t, c.url+"/x", gzipped(`[{"event":"a"}]`)) }, "[]"},
	} {
		step.do()
		if got := fmt.Sprint(c.unmet()); got != step.want {
			t.Errorf("not met: %s, not %s", got, step.want)
		}
	}
	select {
	case <-c.done:
	default:
		t.Error("all is met, and nobody knows")
	}
	c.close()
	if _, err := http.Get(c.url); err == nil {
		t.Error("it still answers")
	}
}

// TestAnswer: browsers take what the server says.
func TestAnswer(t *testing.T) {
	c, err := newCapture(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, x := range []struct{ method, path, want string }{
		{"POST", "/e/", `200 application/json "{}"`}, {"POST", "/flags/?v=2", `200 application/json "{}"`}, {"GET", "/array/key/config", `200 application/json "{}"`},
		{"GET", "/array/key/config.js", `200 text/javascript "// Nothing here.\n"`}, {"GET", "/static/recorder.js?v=1", `200 text/javascript "// Nothing here.\n"`},
		{"HEAD", "/", `200 application/json ""`}, {"OPTIONS", "/e/", `204  ""`}, {"PUT", "/anything", `200 application/json "{}"`},
	} {
		r, err := http.NewRequest(x.method, c.url+x.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", "http://127.0.0.1:3000")
		r.Header.Set("Access-Control-Request-Headers", "content-type, x-acme")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if got := fmt.Sprintf("%d %s %q", answer.StatusCode, answer.Header.Get("Content-Type"), body); got != x.want {
			t.Errorf("%s %s: %s", x.method, x.path, got)
		}
		if h := answer.Header; h.Get("Access-Control-Allow-Origin") != "http://127.0.0.1:3000" || h.Get("Access-Control-Allow-Credentials") != "true" {
			t.Errorf("%s %s: %v", x.method, x.path, h)
		}
		if x.method == "OPTIONS" && answer.Header.Get("Access-Control-Allow-Headers") != "content-type, x-acme" {
			t.Errorf("%v", answer.Header)
		}
	}
}

func TestTail(t *testing.T) {
	var x tail
	want := ""
	for i := range 20000 {
		line := fmt.Sprintf("line %d %s\n", i, strings.Repeat("x", i%50))
		fmt.Fprint(&x, line)
		want += line
		if i == 3 && x.text() != want {
			t.Errorf("%q", x.text())
		}
	}
	got := x.text()
	if !strings.HasSuffix(want, got) || len(got) > maxTail || len(got) < maxTail-100 || !strings.HasPrefix(got, "line ") {
		t.Errorf("%d bytes, %.20q", len(got), got)
	}
	x.Write(bytes.Repeat([]byte("y"), 3*maxTail))
	x.Write([]byte("\nend"))
	if got := x.text(); got != "end" {
		t.Errorf("%.20q", got)
	}
	for in, want := range map[string]string{
		"": "", "\n\n": "", "a": "a", "a\nb\nc\n\n": "b|c", "10 %\r20 %\r100 %\ndone\r\n": "100 %|done", "a\n\nb": "|b",
	} {
		if got := strings.Join(lastLines(in, 2), "|"); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
