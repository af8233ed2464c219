package verify

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"skillgen/generator/project"
)

// needBrowser ends a test where no browser is.
func needBrowser(t *testing.T) {
	t.Helper()
	e := newEnvironment(os.Environ())
	if _, why := e.findBrowser(context.Background(), t.TempDir(), e.of(&scratch{home: t.TempDir(), tmp: t.TempDir()}, false)); why != "" {
		untested(t, why)
	}
}

// page is a page that sends events as a browser's SDK does: across origins, also when it is left. What looks automated stays silent.
const page = `<!doctype html>
<title>App</title>
<script src="CAPTURE/array/key/config.js" onload="loaded = true"></script>
<script>
const send = (event) => fetch("CAPTURE/e/?v=1", {method: "POST", credentials: "include", headers: {"content-type": "application/json", "x-acme": "1"}, body: JSON.stringify({event})});
const human = !navigator.webdriver && !/headless/i.test(navigator.userAgent);
const known = localStorage.getItem("known") || document.cookie;
localStorage.setItem("known", "yes");
document.cookie = "known=yes";
setTimeout(() => send(human && window.loaded ? "viewed " + location.pathname + location.search + (known ? " again" : "") : "robot"), 3000);
addEventListener("pagehide", () => navigator.sendBeacon("CAPTURE/e/", JSON.stringify({event: "left " + location.pathname})));
console.log("hello from " + location.pathname);
</script>
`

// pageServer is the command of a server with that page.
const pageServer = "  start: $APP app page\n  ready: http://127.0.0.1:$PORT/\n"

func TestBrowser(t *testing.T) {
	t.Parallel()
	needBrowser(t)
	const verify = "  level: ci\n  needs: {browser: true}\n" + env + pageServer +
		"  visit: [/one, '/two?x=$$1', /one]\n  expect: [viewed /one, 'viewed /two?x=$$1', left /one, {method: POST, path: /e, contains: viewed}, {method: GET, path: /array/key/config.js}]"
	both(t, nil, verify, func(t *testing.T, r Result) {
		if r.Outcome != Flown {
			t.Fatalf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
		}
		if got := list(r.Events, ""); got != "left /one (2), left /two, viewed /one (2), viewed /two?x=$1" {
			t.Error(got)
		}
		if len(r.Tools) != 1 || r.Tools[0].Version == "" || len(r.Visits) != 3 {
			t.Errorf("%v %v", r.Tools, r.Visits)
		}
	})
}

// TestBrowserInDeepFolder: the browser starts wherever the folder for temporary files is.
func TestBrowserInDeepFolder(t *testing.T) {
	needBrowser(t)
	tmp := filepath.Join(t.TempDir(), strings.Repeat("deep/", 20))
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", tmp)
	r, _ := flyWith(t, nil, "  level: ci\n  needs: {browser: true}\n"+env+pageServer+"  visit: [/one]\n  expect: [viewed /one]", nil)
	if r.Outcome != Flown {
		t.Errorf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
	}
}

// TestBrowserFails: what a page says in the console is shown, and a browser that can't start is a failure.
func TestBrowserFails(t *testing.T) {
	t.Parallel()
	needBrowser(t)
	r, _ := flyWith(t, nil, "  level: ci\n  needs: {browser: true}\n"+env+pageServer+"  visit: [/one]\n  expect: [viewed /two]", nil)
	shown := ""
	for _, o := range r.Outputs {
		shown += string(o.Step) + ": " + o.Text
	}
	if r.Outcome != Failed || !strings.Contains(shown, "visit: console") || !strings.Contains(shown, "hello from /one") {
		t.Errorf("%s %s", r.Outcome, shown)
	}

	dir := tools(t, map[string]string{"chromium": `test "$1" = --version && echo Chromium 156.0 || { echo no display >&2; exit 9; }`})
	r, _ = flyWith(t, nil, "  level: ci\n  needs: {browser: true}\n"+server+"  visit: [/event/a]\n  expect: [a]", func(o *Options) {
		o.Environ = []string{"PATH=" + dir + ":/usr/bin:/bin"}
	})
	if r.Outcome != Failed || len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, "the browser failed at /event/a: exit status 9") || r.Findings[0].Hint != "no display" {
		t.Errorf("%s %s", r.Outcome, show(r.Findings))
	}
}

// TestBrowserNames: what browsers call themselves is told apart.
func TestBrowserNames(t *testing.T) {
	for says, want := range map[string]string{
		"Chromium 156.0.8078.79 built on Debian": "chromium 156.0.8078.79", "Google Chrome 141.0.7390.54 ": "chrome 141.0.7390.54", "Microsoft Edge 120.0.2210.91": "edge 120.0.2210.91",
	} {
		dir := tools(t, map[string]string{"browser": "echo '" + says + "'"})
		e := newEnvironment([]string{"CHROME=" + dir + "/browser", "PATH=/usr/bin:/bin"})
		b, why := e.findBrowser(t.Context(), dir, nil)
		if why != "" || (project.ToolVersion{Name: b.Name, Version: b.Version}).String() != want {
			t.Errorf("%s: %+v %s", says, b, why)
		}
	}
}
