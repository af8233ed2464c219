package verify

import (
	"strings"
	"testing"
)

// server is an airplane with a server, and ready.
const server = env + "  start: $APP app serve\n  ready: http://127.0.0.1:$PORT/\n"

func TestFlown(t *testing.T) {
	t.Parallel()
	verify := "  level: ci\n  install: echo installed > note\n  build: test -f note && test -z \"$HOST$NOTHING\" || test -n \"$HOST\"\n" + server +
		"  visit: [/event/visited, /login, /enter, /known, /error]\n  run: $APP app get /event/driven\n" +
		"  expect: [visited, redirected, known_visitor, driven, $$exception, {method: POST, path: /batch, contains: '\"order\":\"o-1\"'}]"
	both(t, nil, verify, func(t *testing.T, r Result) {
		if r.Outcome != Flown || len(r.Findings) > 0 {
			t.Fatalf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
		}
		if got := list(r.Events, ""); got != "$exception, driven, known_visitor, redirected, visited" {
			t.Error(got)
		}
		if got := list(r.Requests, ""); got != "POST /batch/ (5)" {
			t.Error(got)
		}
		if got := strings.Join(r.Visits, "; "); got != "GET /event/visited: 200; GET /login: 200; GET /enter: 200; GET /known: 200; GET /error: 500" {
			t.Error(got)
		}
	})
}

// TestAway: a redirect that leaves the app is seen and not followed.
func TestAway(t *testing.T) {
	t.Parallel()
	r, _ := flyWith(t, nil, "  level: ci\n"+server+"  visit: [/away]\n  run: $APP app send a\n  expect: [a]", nil)
	if got := list(r.Requests, "") + strings.Join(r.Visits, ""); r.Outcome != Flown || got != "POST /batch/GET /away: 302" {
		t.Errorf("%s %s%s", r.Outcome, got, show(r.Findings))
	}
}

// TestFailed breaks an airplane in every way, one at a time. What is said names the step, and stands at its place.
func TestFailed(t *testing.T) {
	t.Parallel()
	const ci = "  level: ci\n"
	for _, c := range []struct {
		name, verify string
		at           string // text of the place
		want         string // message and hint
		output       string // a line that is shown
	}{
		{"capture call gone", ci + server + "  run: $APP app get /event/kit_viewd /event/other\n  expect: [kit_viewed, other]",
			"kit_viewed", "the event \"kit_viewed\" never arrived\n\thint: did you mean \"kit_viewd\", which arrived?", "listening"},
		{"event unlike all", ci + server + "  run: $APP app get /event/a /event/a /event/b\n  expect: [order_placed]",
			"order_placed", "the event \"order_placed\" never arrived\n\thint: what did arrive: a (2), b", ""},
		{"request to another path", ci + server + "  run: $APP app send a\n  expect: [{method: POST, path: /batches}]",
			"/batches", "no request POST /batches arrived\n\thint: did you mean \"POST /batch/\", which arrived?", ""},
		{"other contents", ci + server + "  run: $APP app send a\n  expect: [{method: POST, path: /batch, contains: zzz}]",
			"/batch", "no request POST /batch holds \"zzz\"\n\thint: POST /batch/ came once, with other contents", ""},
		{"other method", ci + server + "  run: $APP app send a\n  expect: [{method: PUT, path: /batch/}]",
			"/batch/", "no request PUT /batch/ arrived\n\thint: did you mean \"POST /batch/\", which arrived?", ""},
		{"only what an event carries along", ci + server + "  run: $APP app send a\n  expect: [inner]",
			"inner", "the event \"inner\" never arrived\n\thint: what did arrive: a", ""},
		{"nothing", ci + server + "  run: 'true'\n  expect: [a, b]",
			"a", "no request reached the capture server\n\thint: does the app read HOST? It was set to http://127.0.0.1:", ""},
		{"no variable", ci + "  env: {APP: SELF}\n  run: 'true'\n  expect: [a]",
			"a", "no request reached the capture server\n\thint: no variable of `env` holds $CAPTURE_URL: nothing tells the app where the capture server is", ""},
		{"another host", ci + "  env: {APP: SELF, HOST: 'http://127.0.0.1:9', OTHER: $CAPTURE_URL}\n  run: $APP app send a || true\n  expect: [a]",
			"a", "no request reached the capture server\n\thint: does the app read OTHER? It was set to http://127.0.0.1:", "connection refused"},
		{"install", ci + env + "  install: echo one; echo two >&2; exit 4\n  run: 'true'\n  expect: [a]",
			"echo one; echo two >&2; exit 4", "`echo one; echo two >&2; exit 4` failed: exit status 4", "two"},
		{"build", ci + env + "  build: echo no such thing; exit 1\n  run: 'true'\n  expect: [a]",
			"echo no such thing; exit 1", "`echo no such thing; exit 1` failed: exit status 1", "no such thing"},
		{"program missing", ci + env + "  build: nosuchprogram\n  run: 'true'\n  expect: [a]",
			"nosuchprogram", "`nosuchprogram` failed: exit status 127\n\thint: a program is not there; listed under `needs`, a machine without it says \"not flown\"", "not found"},
		{"build that wants the network", ci + env + "  build: echo getaddrinfo ENOTFOUND registry.example; exit 1\n  run: 'true'\n  expect: [a]",
			"echo getaddrinfo", "exit status 1\n\thint: `install` is the only step with a network: what others need must be there by then", "ENOTFOUND"},
		{"run", ci + server + "  run: $APP app get /event/a; exit 9\n  expect: [a]",
			"$APP app get /event/a; exit 9", "`$APP app get /event/a; exit 9` failed: exit status 9", ""},
		{"killed", ci + env + "  run: kill -9 $$\n  expect: [a]",
			"kill -9 $$", "`kill -9 $$` failed: signal: killed", ""},

		{"hang in install", ci + env + "  timeout: 1s\n  install: echo waiting; sleep 98765.1\n  run: 'true'\n  expect: [a]",
			"echo waiting", "`echo waiting; sleep 98765.1` did not end in time: the flight may take 1 s", "waiting"},
		{"hang in build", ci + env + "  timeout: 1s\n  build: echo waiting; sleep 98765.1\n  run: 'true'\n  expect: [a]",
			"echo waiting", "`echo waiting; sleep 98765.1` did not end in time: the flight may take 1 s", "waiting"},
		{"hang in start", ci + env + "  timeout: 1s\n  start: echo waiting; sleep 98765.1\n  ready: http://127.0.0.1:$PORT/\n  expect: [a]",
			"http://127.0.0.1:$PORT/", "the server did not answer at http://127.0.0.1:", "waiting"},
		{"never ready", ci + env + "  timeout: 2s\n  start: $APP app serve unready\n  ready: http://127.0.0.1:$PORT/up\n  expect: [a]",
			"http://127.0.0.1:$PORT/up", "in time: the flight may take 2 s (it answered 503)", ""},
		{"port ignored", ci + env + "  timeout: 2s\n  start: $APP app serve elsewhere\n  ready: http://127.0.0.1:$PORT/\n  expect: [a]",
			"http://127.0.0.1:$PORT/", ", and its output names 3000", "listening on http://localhost:3000"},
		{"port of its own", ci + "  env: {APP: SELF, PORT: '3999'}\n  timeout: 2s\n  start: $APP app serve\n  ready: http://127.0.0.1:$PORT/\n  expect: [a]",
			"http://127.0.0.1:$PORT/", "\n\thint: `env` sets PORT to 3999, and $PORT is ", "listening on http://localhost:3999"},
		{"path of the scratch folder", ci + "  env: {APP: SELF}\n  build: pwd; echo at $PWD/a.go:3; exit 1\n  run: 'true'\n  expect: [a]",
			"pwd", "exit status 1", "at examples/app/a.go:3"},
		{"hang in visit", ci + "  timeout: 2s\n" + server + "  visit: [/, /slow]\n  expect: [a]",
			"/", "/slow did not end in time: the flight may take 2 s", ""},
		{"hang in run", ci + "  timeout: 2s\n" + server + "  run: $APP app get /slow\n  expect: [a]",
			"$APP app get /slow", "`$APP app get /slow` did not end in time: the flight may take 2 s", ""},

		{"server dies before it is ready", ci + env + "  start: echo no config; exit 5\n  ready: http://127.0.0.1:$PORT/\n  expect: [a]",
			"echo no config; exit 5", "the server (`echo no config; exit 5`) ended, exit status 5, before it answered at http://127.0.0.1:", "no config"},
		{"server that goes to the background", ci + env + "  start: 'true'\n  ready: http://127.0.0.1:$PORT/\n  expect: [a]",
			"true", "the server (`true`) ended, without an error, before it answered", ""},
		{"server dies when visited", ci + server + "  visit: [/, /crash]\n  expect: [a]",
			"/", "exit status 7, while /crash was under way", "going down"},
		{"server dies in run", ci + server + "  run: $APP app get /crash || sleep 98765.1\n  expect: [a]",
			"$APP app get /crash", "exit status 7, while `$APP app get /crash || sleep 98765.1` was under way", "going down"},
		{"server dies at the end", ci + server + "  run: $APP app get /crash || true\n  expect: [a]",
			"", "ended, exit status 7, while ", "going down"},
		{"flood", ci + env + "  build: $APP app flood; exit 1\n  run: 'true'\n  expect: [a]",
			"$APP app flood; exit 1", "failed: exit status 1", "the last line"},
		{"compile", "  level: syntax\n" + env + "  build: echo line 3; exit 1",
			"echo line 3; exit 1", "`echo line 3; exit 1` failed: exit status 1", "line 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			both(t, nil, c.verify, func(t *testing.T, r Result) {
				if r.Outcome != Failed || len(r.Findings) != 1 {
					t.Fatalf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
				}
				f := r.Findings[0]
				text := f.Message
				if f.Hint != "" {
					text += "\n\thint: " + f.Hint
				}
				if f.ID != "airplane-failed" || f.Place.File != "frameworks/app.md" || !strings.Contains(text, marked(c.want)) {
					t.Errorf("want %s, got %s %s", c.want, f.ID, text)
				}
				if !strings.Contains(f.Place.Text[f.Place.Col-1:f.Place.End-1], c.at) {
					t.Errorf("it stands at %q", f.Place.Text[f.Place.Col-1:f.Place.End-1])
				}
				var shown []string
				for _, o := range r.Outputs {
					shown = append(shown, lastLines(o.Text, 20)...)
				}
				if strings.Contains(strings.Join(shown, "\n"), "skillgen-app-") {
					t.Errorf("a path of this machine is shown: %q", shown)
				}
				if !strings.Contains(strings.Join(shown, "\n"), c.output) {
					t.Errorf("no output holds %q: %q", c.output, shown)
				}
				if left := alive(t, "98765.1"); len(left) > 0 && !soon(t.Context(), func() bool { return len(alive(t, "98765.1")) == 0 }) {
					t.Errorf("left: %q", left)
				}
			})
		})
	}
}
