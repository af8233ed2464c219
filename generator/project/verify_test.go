package project

import (
	"slices"
	"strings"
	"testing"
)

// verifyOf reads a framework whose verify is this.
func verifyOf(t *testing.T, verify string) (*Verify, string) {
	t.Helper()
	p, findings := read(t, map[string]string{
		"frameworks/flask.md": "---\ntitle: Flask\nlanguages: [python]\nexample: examples/flask\nverify:\n" + verify + "\n---\n",
	})
	if len(p.Frameworks) == 0 || p.Frameworks[0].Verify == nil {
		return nil, show(findings)
	}
	return p.Frameworks[0].Verify, show(findings)
}

func TestVerify(t *testing.T) {
	const ci = "  level: ci\n  run: ./drive\n"
	for _, c := range []struct{ name, verify, want string }{
		{"ci", ci + "  expect: [a]", ""},
		{"ci that starts", "  level: ci\n  start: ./app\n  ready: http://localhost:$PORT/up\n  expect: [$$a]", ""},
		{"ready on ::1", "  level: ci\n  start: ./app\n  ready: http://[::1]:${PORT}/\n  expect: [a]", ""},
		{"all places", ci + "  env: {A: $PORT, B: $CAPTURE_URL/x, C: $$PATH, D: a}\n  expect: [{method: GET, path: /$PORT, contains: $$x}]", ""},
		{"syntax", "  level: syntax\n  build: make", ""},

		{"nothing to run", "  level: ci\n  build: make\n  expect: [a]", `level: ci needs "start" or "run"`},
		{"nothing expected", ci, `level: ci needs "expect"`},
		{"nothing to compile", "  level: syntax\n  install: make", `level: syntax needs "build"`},
		{"no day", "  level: hand", `level: hand needs "date"`},
		{"elsewhere", "  level: ci\n  start: ./app\n  ready: http://acme.example/\n  expect: [a]", `"ready" must be a URL of this machine`},
		{"tls", "  level: ci\n  start: ./app\n  ready: https://127.0.0.1:$PORT/\n  expect: [a]", `"ready" must be a URL that begins with http://`},
		{"userinfo", "  level: ci\n  start: ./app\n  ready: http://a@127.0.0.1:$PORT/\n  expect: [a]", `"ready" must be a URL that begins with http://`},
		{"unknown place", ci + "  env: {A: $PROT}\n  expect: [a]", "holds $PROT, which stands for nothing"},
		{"dollar alone", ci + "  expect: [a$]", "holds $, which stands for nothing"},
		{"event with one dollar", ci + "  expect: [$pageview]", "holds $pageview, which stands for nothing"},
		{"brace that stays open", ci + "  env: {A: \"${PORT\"}\n  expect: [a]", "holds $, which stands for nothing"},
		{"in a visit", "  level: ci\n  start: ./app\n  ready: http://127.0.0.1:$PORT/\n  visit: [/$x]\n  expect: [a]", "holds $x, which stands for nothing"},
	} {
		_, got := verifyOf(t, c.verify)
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q, got\n%s", c.name, c.want, got)
		}
		if c.want != "" && strings.Count(got, ": error: ") != 1 {
			t.Errorf("%s: not one finding:\n%s", c.name, got)
		}
	}
}

func TestVerifyNeedsExample(t *testing.T) {
	_, findings := read(t, map[string]string{"frameworks/flask.md": "---\ntitle: Flask\nlanguages: [python]\nverify: {level: hand, date: 2026-11-20}\n---\n"})
	if got := show(findings); !strings.Contains(got, `"verify" needs "example"`) {
		t.Error(got)
	}
}

func TestFill(t *testing.T) {
	values := map[string]string{"PORT": "80", "CAPTURE_URL": "http://x"}
	for in, want := range map[string]string{
		"$PORT": "80", "a${PORT}b": "a80b", "$$PORT": "$PORT", "$$$PORT": "$80", "$PORTX": "$PORTX", "$CAPTURE_URL/$PORT": "http://x/80", "$": "$", "": "", "$$": "$",
	} {
		if got := Fill(in, values); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}

// TestAsks: what decides over a flight is in the list, and what doesn't is not.
func TestAsks(t *testing.T) {
	const base = "  level: ci\n  needs: {node: \">=20\"}\n  install: a\n  start: c\n  ready: http://127.0.0.1:$PORT/\n  visit: [/]\n  run: d\n  env: {A: b}\n  expect: [e, {method: GET, path: /f}]\n  timeout: 5s"
	asks := func(verify string) []string {
		v, findings := verifyOf(t, verify)
		if findings != "" {
			t.Fatal(findings)
		}
		return v.Asks()
	}
	first := asks(base)
	for from, to := range map[string]string{
		"install: a": "install: b", "start: c": "start: x", "$PORT/\n": "$PORT/x\n", "[/]": "[/x]", "run: d": "run: x", "{A: b}": "{A: c}", "[e,": "[f,",
		"path: /f": "path: /g", "method: GET": "method: PUT", "path: /f}": "path: /f, contains: x}", "needs: {": "needs: {browser: true, ", "[/]\n": "[/, /x]\n",
	} {
		if changed := strings.Replace(base, from, to, 1); changed == base || slices.Equal(asks(changed), first) {
			t.Errorf("%s → %s changes nothing", from, to)
		}
	}
	for from, to := range map[string]string{">=20": ">=22", "5s": "6s"} {
		if changed := strings.Replace(base, from, to, 1); changed == base || !slices.Equal(asks(changed), first) {
			t.Errorf("%s → %s changes something", from, to)
		}
	}
}
