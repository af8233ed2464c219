package verify

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// TestEnvironment plants secrets in the environment and looks at what an airplane sees.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, ".pyenv"), 0o755); err != nil {
		t.Fatal(err)
	}
	planted := []string{
		"AWS_SECRET_ACCESS_KEY=planted", "GITHUB_TOKEN=planted", "NPM_TOKEN=planted", "npm_config__authToken=planted", "NODE_OPTIONS=--planted",
		"npm_config_//registry.example/:_authToken=planted", "NPM_CONFIG_USERCONFIG=/planted", "GOFLAGS=-planted", "SSH_AUTH_SOCK=/planted", "HOST=planted",
		"HTTPS_PROXY=http://max:planted@proxy.example:3128", "http_proxy=max:planted@proxy.example:3128", "NO_PROXY=a.example, b.example",
		"PIP_INDEX_URL=https://max:planted@pypi.example/simple", "npm_config_registry=https://planted@npm.example/", "ALL_PROXY=http://planted@%zz",
		"SSL_CERT_FILE=/etc/ca.pem", "NODE_EXTRA_CA_CERTS=/etc/ca.pem", "VOLTA_HOME=/opt/volta", "HOME=" + home, "PATH=" + os.Getenv("PATH"),
		"CHROMIUM=/planted", "GIT_CONFIG_GLOBAL=/planted", "LC_ALL=de_DE", "=C:=C:\\planted",
	}
	verify := "  level: ci\n  env: {APP: SELF, HOST: $CAPTURE_URL, DECLARED: '$$x $PORT'}\n" +
		"  install: $APP app env; exit 1\n  run: $APP app env; exit 1\n  expect: [a]"
	names := func(r Result) (string, map[string]string) {
		vars := map[string]string{}
		if len(r.Outputs) != 1 {
			t.Fatalf("%s: %s%+v", r.Outcome, show(r.Findings), r.Outputs)
		}
		for line := range strings.Lines(r.Outputs[0].Text) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			if name != "PWD" && name != "SHLVL" && name != "_" && name != "OLDPWD" { // of the shell
				vars[name] = value
			}
		}
		return strings.Join(sortedNames(vars), " "), vars
	}
	set := func(o *Options) { o.Environ = planted }

	r, _ := flyWith(t, nil, strings.Replace(verify, "env; exit 1\n  run", "env; exit 1\n  start: 'true'\n  ready: http://localhost:$PORT/\n  run", 1), set)
	got, vars := names(r)
	want := "APP CI DECLARED HOME HTTPS_PROXY LANG NODE_EXTRA_CA_CERTS NO_PROXY PATH PIP_INDEX_URL PYENV_ROOT SSL_CERT_FILE TMPDIR VOLTA_HOME http_proxy npm_config_registry"
	if diff := cmp.Diff(strings.Fields(strings.Replace(want, "DECLARED ", "", 1)), strings.Fields(got)); diff != "" {
		t.Errorf("in install: %s", diff)
	}
	for name, value := range map[string]string{
		"HTTPS_PROXY": "http://proxy.example:3128", "http_proxy": "http://proxy.example:3128", "PIP_INDEX_URL": "https://pypi.example/simple", "CI": "1",
		"npm_config_registry": "https://npm.example/", "PYENV_ROOT": filepath.Join(home, ".pyenv"), "NO_PROXY": "a.example, b.example", "LANG": "C.UTF-8",
	} {
		if vars[name] != value {
			t.Errorf("in install: %s=%s", name, vars[name])
		}
	}

	r, _ = flyWith(t, nil, strings.Replace(verify, "  install: $APP app env; exit 1\n", "", 1), set)
	got, vars = names(r)
	want = "APP CAPTURE_URL CI DECLARED HOME HOST LANG NODE_EXTRA_CA_CERTS PATH PORT PYENV_ROOT SSL_CERT_FILE TMPDIR VOLTA_HOME"
	if diff := cmp.Diff(strings.Fields(want), strings.Fields(got)); diff != "" {
		t.Errorf("in run: %s", diff)
	}
	if vars["HOST"] != vars["CAPTURE_URL"] || vars["DECLARED"] != "$x "+vars["PORT"] || vars["HOME"] == home || !strings.HasPrefix(vars["HOST"], "http://127.0.0.1:") {
		t.Errorf("in run: %v", vars)
	}
	for _, o := range r.Outputs {
		if strings.Contains(o.Text, "planted") {
			t.Errorf("in run: %s", o.Text)
		}
	}
}

// TestSettings: what package managers have in files of the home folder reaches an install, and credentials in it reach nobody.
func TestSettings(t *testing.T) {
	t.Parallel()
	cache := t.TempDir()
	if err := os.MkdirAll(filepath.Join(cache, "cache/download"), 0o755); err != nil {
		t.Fatal(err)
	}
	dir := tools(t, map[string]string{
		"npm": `test "$SECRET" = x && test "$*" = "config get registry cafile cache" && printf 'registry=https://u:planted@npm.example/\ncafile=null\ncache=/home/max/.npm\n'`,
		"go":  `echo '{"GOPROXY": "https://u:planted@proxy.example,direct", "GOSUMDB": "sum.example", "GOTOOLCHAIN": "local", "GOCACHE": "/cache/go", "GOMODCACHE": "` + cache + `"}'`,
	})
	e := newEnvironment([]string{"PATH=" + dir + ":/usr/bin:/bin", "SECRET=x"})
	e.readSettings(t.Context(), dir, true, true)
	for network, want := range map[bool]string{
		true:  "GOPROXY=file://" + cache + "/cache/download,https://proxy.example,direct npm_config_registry=https://npm.example/",
		false: "GOPROXY=off npm_config_offline=true",
	} {
		got := e.of(&scratch{home: "/scratch/home", tmp: "/scratch/tmp"}, network)
		const both = "CI=1 GOCACHE=/cache/go GOFLAGS=-modcacherw GOPATH=/scratch/home/go GOSUMDB=sum.example GOTOOLCHAIN=local HOME=/scratch/home LANG=C.UTF-8 " +
			"TMPDIR=/scratch/tmp npm_config_audit=false npm_config_cache=/home/max/.npm npm_config_fund=false npm_config_update_notifier=false"
		all := append(strings.Fields(want), strings.Fields(both)...)
		all = append(all, "PATH="+dir+":/usr/bin:/bin")
		slices.Sort(all)
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("network %t: %s", network, diff)
		}
	}
	e = newEnvironment([]string{"PATH=/nowhere"})
	e.readSettings(t.Context(), dir, true, true)
	if got := strings.Join(e.of(&scratch{}, true), " "); strings.Contains(got, "GO") {
		t.Error(got)
	}
}

func TestWithoutUser(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"https://x.example/a":       "https://x.example/a",
		"https://u:p@x.example/a":   "https://x.example/a",
		"u:p@x.example:80":          "http://x.example:80",
		"http://u:p@%zz":            "",
		"https://u:p@a,direct":      "https://a,direct",
		"https://u:p@a|https://q@b": "https://a|https://b",
		"a.example,.b.example":      "a.example,.b.example",
		"file:///a@b":               "file:///a@b",
	} {
		if got := withoutUser(in); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
}

// tools makes a folder of programs: each writes what its text says.
func tools(t *testing.T, programs map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	syscall.ForkLock.RLock() // a process that another test starts meanwhile would hold a file open, and what is open for writing can't be run
	defer syscall.ForkLock.RUnlock()
	for name, script := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestNeeds: what is missing is named, with what to do, and nothing is run.
func TestNeeds(t *testing.T) {
	t.Parallel()
	dir := tools(t, map[string]string{
		"node": "echo v24.21.0", "old": "echo old 1.2", "silent": "true", "broken": "echo 9.9.9; exit 3", "go": `test "$1" = version && echo go version go1.27rc1 linux/amd64`,
		"java": `test "$1" = -version && echo 'openjdk version "21.0.4" 2024-07-16' >&2`, "here": `cat .version-of-this`, "home": `echo "$HOME" >/dev/null; test -z "$SECRET" && echo 1.0.0`,
		"chromium": "echo Chromium 156.0.8078.79 built on Debian",
	})
	files := map[string]string{"examples/app/.version-of-this": "3.1.4\n"}
	for _, c := range []struct {
		needs, environ string
		outcome        Outcome
		want           string // tools, or findings
	}{
		{"{node: '>=22', go: '>=1.24', java: ^21, here: ~3.1, home: '>=1'}", "", Failed, "go 1.27, here 3.1.4, home 1.0.0, java 21.0.4, node 24.21.0"},
		{"{browser: true}", "", Failed, "chromium 156.0.8078.79"},
		{"{node: '>=22 <24'}", "", NotFlown, "app was not flown: node >=22 <24 is needed, and 24.21.0 is here / install node >=22 <24, and let PATH find it first"},
		{"{rust: '>=1'}", "", NotFlown, "app was not flown: rust is not here / install rust >=1"},
		{"{old: '>=1.3'}", "", NotFlown, "app was not flown: old >=1.3 is needed, and 1.2 is here / install old >=1.3, and let PATH find it first"},
		{"{silent: '>=1'}", "", NotFlown, "app was not flown: silent does not say its version: `silent --version` writes none / install silent >=1"},
		{"{broken: '>=1'}", "", NotFlown, "app was not flown: broken does not say its version: `broken --version` failed: exit status 3 / install broken >=1"},
		{"{browser: true}", "CHROMIUM=/nowhere", NotFlown, "app was not flown: CHROMIUM names /nowhere, and no program is there / install Chromium or Chrome, or name its program in the environment variable CHROMIUM"},
		{"{browser: true, rust: '>=1'}", "PATH=/nowhere", NotFlown,
			"app was not flown: rust is not here / install rust >=1; app was not flown: no Chromium is here / install Chromium or Chrome, or name its program in the environment variable CHROMIUM"},
	} {
		r, _ := flyWith(t, files, "  level: ci\n  needs: "+c.needs+"\n  install: touch "+filepath.Join(dir, "ran")+"\n  run: exit 1\n  expect: [a]", func(o *Options) {
			o.Environ = []string{"PATH=" + dir + ":/usr/bin:/bin", "SECRET=x", c.environ}
			if strings.HasPrefix(c.environ, "PATH=") {
				o.Environ = []string{c.environ}
			}
		})
		var got []string
		for _, f := range r.Findings {
			if c.outcome == NotFlown {
				got = append(got, f.Message+" / "+f.Hint)
				if f.ID != "airplane-not-flown" || f.Severity != diag.Warning || f.Place.Line != 7 && !strings.Contains(f.Message, "Chromium") && !strings.Contains(f.Message, "CHROMIUM") {
					t.Errorf("%+v", f)
				}
			}
		}
		text := strings.Join(got, "; ")
		if c.outcome != NotFlown {
			var names []string
			for _, x := range r.Tools {
				names = append(names, x.String())
			}
			text = strings.Join(names, ", ")
		}
		if r.Outcome != c.outcome || text != c.want {
			t.Errorf("%s: %s, %s", c.needs, r.Outcome, text)
		}
		ran := filepath.Join(dir, "ran")
		if _, err := os.Stat(ran); (err == nil) == (c.outcome == NotFlown) {
			t.Errorf("%s: it ran: %t", c.needs, err == nil)
		}
		os.Remove(ran)
	}
}

// TestLevels: what is not to be flown is not touched.
func TestLevels(t *testing.T) {
	t.Parallel()
	touch := "touch " + filepath.Join(t.TempDir(), "ran")
	for level, want := range map[string]Outcome{
		"  level: hand\n  date: 2026-11-20\n  build: " + touch: ByHand,
		"": Unchecked,
		"  level: syntax\n  install: exit 1\n  run: exit 1\n  build: test -f README.md": Compiled,
	} {
		r, _ := flyWith(t, nil, level, nil)
		if r.Outcome != want || len(r.Findings) > 0 {
			t.Errorf("%q: %s %s", level, r.Outcome, show(r.Findings))
		}
	}
	if _, err := os.Stat(strings.TrimPrefix(touch, "touch ")); err == nil {
		t.Error("a command of level: hand was run")
	}
}

// TestScratch: the airplane is copied, links lead nowhere, what it writes stays in the copy, and the copy is removed whatever was done to it.
func TestScratch(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"skillgen.yaml": "product: Acme\nprefix: acme\n", "examples/app/run.sh": "#!/bin/sh\nexec ../lib/tool.sh\n", "examples/app/crlf.txt": "a\r\nb\r\n",
		"examples/app/logo.png": "\x89PNG\x00", "examples/lib/tool.sh": "#!/bin/sh\necho tool ran\n", "examples/app/.env": "x", "outside.txt": "outside",
		"frameworks/app.md": "---\ntitle: App\nlanguages: [go]\nexample: [examples/app, examples/lib]\nverify:\n  level: syntax\n  build: " +
			"'./run.sh; ls -A . ..; cat crlf.txt | od -c; echo changed > run.sh; mkdir -p deep/er; touch deep/er/x; chmod -R a-w deep; rm ../lib/tool.sh; exit 1'\n---\n",
	} {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, link := range []string{"link.txt", "deeper"} {
		if err := os.Symlink("../../outside.txt", filepath.Join(dir, "examples/app", link)); err != nil {
			t.Fatal(err)
		}
	}
	before := snapshot(t, dir)
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	all := fromTree(t, tree)
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	o := options(t, tree)
	log, err := Fly(t.Context(), all, o)
	if err != nil {
		t.Fatal(err)
	}
	r := log.Results[0]
	if r.Outcome != Failed || len(r.Outputs) != 1 {
		t.Fatalf("%+v", r)
	}
	text := r.Outputs[0].Text
	if !strings.Contains(text, "tool ran") || !strings.Contains(text, ".:\ncrlf.txt\nlogo.png\nrun.sh\n\n..:\napp\nlib\n") || strings.Contains(text, `\r`) {
		t.Error(text)
	}
	if hint := r.Findings[0].Hint; !strings.Contains(hint, "are not taken along: examples/app/.env") {
		t.Error(hint)
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Errorf("the project was changed: %s", diff)
	}
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("left: %v", left)
	}

	o.Keep = true
	if log, err = Fly(t.Context(), all, o); err != nil {
		t.Fatal(err)
	}
	kept := log.Results[0].Kept
	if data, err := os.ReadFile(filepath.Join(kept, "work/examples/app/run.sh")); err != nil || string(data) != "changed\n" {
		t.Errorf("%q: %q, %v", kept, data, err)
	}
	(&scratch{dir: kept}).remove()
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// snapshot is every file below a folder with its mode.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all[name] = info.Mode().String()
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(name)
			all[name] += " " + string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// flights makes a log of outcomes.
func flights(outcomes map[string]Outcome) (*project.Project, *Log) {
	p, log := &project.Project{}, &Log{}
	for _, id := range sortedNames(outcomes) {
		f := &project.Framework{ID: id, Verify: &project.Verify{Level: project.LevelCI}}
		if outcomes[id] == ByHand {
			f.Verify.Level = project.LevelHand
		}
		if outcomes[id] == Unchecked {
			f.Verify = nil
		}
		p.Frameworks = append(p.Frameworks, f)
		log.Results = append(log.Results, Result{
			Airplane: &Airplane{Framework: f, Digest: "sha256:" + strings.Repeat("1", 64)}, Outcome: outcomes[id],
			Tools: []project.ToolVersion{{Name: "node", Version: "24.1.0"}}, Events: []Seen{{"b", 2}, {"a", 1}},
		})
	}
	return p, log
}

func TestRecord(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, project.FlightsFile)
	record := func(outcomes map[string]Outcome, day string) string {
		t.Helper()
		p, log := flights(outcomes)
		before, _ := os.ReadFile(file)
		changed, err := Record(dir, p, log, day)
		if err != nil {
			t.Fatal(err)
		}
		after, _ := os.ReadFile(file)
		if changed != (string(before) != string(after)) {
			t.Errorf("changed: %t\n%s\n%s", changed, before, after)
		}
		if left, _ := filepath.Glob(file + ".*"); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
		var parts []string
		if after != nil {
			fl, findings := project.ReadFlights(source.NewFile("x", after))
			if fl == nil {
				t.Fatal(show(findings))
			}
			for _, f := range fl.All {
				parts = append(parts, f.Framework+" "+f.Date+fmt.Sprint(f.Tools, f.Events))
			}
		}
		return strings.Join(parts, "; ")
	}
	if got := record(map[string]Outcome{"a": Failed, "b": NotFlown, "c": ByHand, "d": Unchecked, "e": ""}, "2026-11-01"); got != "" {
		t.Error(got)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file without flights was written")
	}
	const same = "[node 24.1.0] [a b]"
	for _, step := range []struct {
		outcomes map[string]Outcome
		day      string
		want     string
	}{
		{map[string]Outcome{"a": Flown, "b": Compiled, "c": Failed}, "2026-11-02", "a 2026-11-02" + same + "; b 2026-11-02" + same},
		{map[string]Outcome{"a": Failed, "b": NotFlown, "c": Flown}, "2026-11-03", "a 2026-11-02" + same + "; b 2026-11-02" + same + "; c 2026-11-03" + same},
		{map[string]Outcome{"a": "", "b": Flown, "c": ByHand}, "2026-11-04", "a 2026-11-02" + same + "; b 2026-11-04" + same},
		{map[string]Outcome{"b": Failed}, "2026-11-05", "b 2026-11-04" + same},
		{map[string]Outcome{"b": Unchecked}, "2026-11-06", ""},
	} {
		if got := record(step.outcomes, step.day); got != step.want {
			t.Errorf("%s: %s", step.day, got)
		}
	}

	p, log := flights(map[string]Outcome{"a": Flown})
	os.WriteFile(file, []byte("<<<<<<< HEAD\n"), 0o644)
	if _, err := Record(dir, p, log, "2026-11-07"); err == nil || !strings.Contains(err.Error(), "reading airplanes.lock: ") {
		t.Error(err)
	}
	if data, _ := os.ReadFile(file); string(data) != "<<<<<<< HEAD\n" {
		t.Errorf("%q", data)
	}
}

// TestRecordAtOnce: no flight gets lost when several processes note theirs at the same time.
func TestRecordAtOnce(t *testing.T) {
	dir := t.TempDir()
	all := map[string]Outcome{}
	for i := range 20 {
		all[fmt.Sprintf("f%d", i)] = Failed
	}
	var wg sync.WaitGroup
	for id := range all {
		outcomes := map[string]Outcome{}
		for other, o := range all {
			outcomes[other] = o
		}
		outcomes[id] = Flown
		wg.Go(func() {
			p, log := flights(outcomes)
			if _, err := Record(dir, p, log, "2026-11-20"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	data, err := os.ReadFile(filepath.Join(dir, project.FlightsFile))
	if n := strings.Count(string(data), "[[airplane]]"); n != len(all) || err != nil {
		t.Errorf("%d flights, %v", n, err)
	}
}

// TestRecordStale: what a killed process left is named, with what to do.
func TestRecordStale(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits ten seconds")
	}
	t.Parallel()
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, draftFile), nil, 0o644)
	p, log := flights(map[string]Outcome{"a": Flown})
	if _, err := Record(dir, p, log, "2026-11-20"); err == nil || !strings.Contains(err.Error(), "if none is, remove airplanes.lock.new") {
		t.Error(err)
	}
}

// TestSeveralMissed: each thing that did not arrive is a finding.
func TestSeveralMissed(t *testing.T) {
	t.Parallel()
	r, _ := flyWith(t, nil, "  level: ci\n"+env+"  run: $APP app send a c\n  expect: [a, b, c, {method: GET, path: /x}]", nil)
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Message)
	}
	if want := []string{`the event "b" never arrived`, "no request GET /x arrived"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
