package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestActionInstall: a binary comes by version and checksum, from a server with TLS, and nothing else does.
func TestActionInstall(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	sums := ""
	for _, name := range []string{"skillgen-darwin-arm64", "skillgen-linux-amd64", "skillgen-linux-arm64", "skillgen-windows-amd64.exe"} {
		text := "#!/bin/sh\necho " + name + "\n"
		files["/v1.4.0/"+name] = text
		sums += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), name)
	}
	files["/v1.4.0/SHA256SUMS"] = sums
	files["/v1.5.0/SHA256SUMS"] = sums
	files["/v1.5.0/skillgen-linux-amd64"] = "evil\n"
	files["/v1.6.0/SHA256SUMS"] = ""
	files["/v1.6.0/skillgen-linux-amd64"] = "evil\n"
	serve := func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, text)
	}
	plain := httptest.NewServer(http.HandlerFunc(serve))
	defer plain.Close()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ok := strings.CutPrefix(r.URL.Path, "/v1.7.0/"); ok { // all is there, without TLS
			http.Redirect(w, r, plain.URL+"/v1.4.0/"+rest, http.StatusFound)
			return
		}
		if rest, ok := strings.CutPrefix(r.URL.Path, "/v1.8.0/"); ok { // releases of GitHub redirect
			http.Redirect(w, r, "/v1.4.0/"+rest, http.StatusFound)
			return
		}
		serve(w, r)
	}))
	defer server.Close()
	trusted := filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, trusted, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	checksum := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(sums)))
	none := fmt.Sprintf("sha256:%x", sha256.Sum256(nil))

	install := step(t, actionFile, "", "Install skillgen")
	for _, c := range []struct {
		version, checksum, system, processor string
		want                                 string // what the binary says; or with exit≠0 a part of the error
		ok                                   bool
	}{
		{"1.4.0", checksum, "Linux", "X64", "skillgen-linux-amd64", true},
		{"1.4.0", checksum, "Linux", "ARM64", "skillgen-linux-arm64", true},
		{"1.4.0", checksum, "macOS", "ARM64", "skillgen-darwin-arm64", true},
		{"1.4.0", checksum, "Windows", "X64", "skillgen-windows-amd64.exe", true},
		{"1.8.0", checksum, "Linux", "X64", "skillgen-linux-amd64", true},
		{"1.4.0", checksum, "macOS", "X64", "404", false}, // the release has none
		{"1.4.0", checksum, "Linux", "ARM", "no binary for this processor", false},
		{"1.4.0", checksum, "Plan9", "X64", "no binary for this system", false},
		{"1.4.0", "", "Linux", "X64", "checksum must be", false},
		{"1.4.0", "sha256:", "Linux", "X64", "checksum must be", false},
		{"1.4.0", strings.TrimPrefix(checksum, "sha256:"), "Linux", "X64", "checksum must be", false},
		{"1.4.0", strings.ToUpper(checksum), "Linux", "X64", "checksum must be", false},
		{"1.4.0", none, "Linux", "X64", "not the checksum that was asked for", false},
		{"1.5.0", checksum, "Linux", "X64", "not the file that SHA256SUMS names", false},
		{"1.6.0", none, "Linux", "X64", "not the file that SHA256SUMS names", false},
		{"1.7.0", checksum, "Linux", "X64", "", false},
		{"1.9.9", checksum, "Linux", "X64", "404", false},
		{"", checksum, "Linux", "X64", "version must be", false},
		{"latest", checksum, "Linux", "X64", "version must be", false},
		{"v1.4.0", checksum, "Linux", "X64", "version must be", false},
		{"1.4.0/../../evil", checksum, "Linux", "X64", "version must be", false},
	} {
		s := newStage(t)
		s.env = map[string]string{
			"VERSION": c.version, "CHECKSUM": c.checksum, "BINARY": "", "RELEASES": server.URL, "RUNNER_OS": c.system, "RUNNER_ARCH": c.processor, "CURL_CA_BUNDLE": trusted,
		}
		exit := s.run(install)
		what := fmt.Sprintf("%s %.12s %s %s", c.version, c.checksum, c.system, c.processor)
		if !c.ok {
			if exit == 0 || s.out != "" || s.path != "" || !strings.Contains(s.transcript, c.want) {
				t.Errorf("%s: exit %d, %q: %s", what, exit, s.out, s.transcript)
			}
			continue
		}
		path, ok := strings.CutPrefix(strings.TrimSuffix(s.out, "\n"), "skillgen=")
		if exit != 0 || !ok || strings.TrimSuffix(s.path, "\n") != filepath.Dir(path) {
			t.Errorf("%s: exit %d, %q, %q: %s", what, exit, s.out, s.path, s.transcript)
			continue
		}
		if got := must(t, t.TempDir(), path); got != c.want {
			t.Errorf("%s: %s", what, got)
		}
		if program := map[bool]string{false: "skillgen", true: "skillgen.exe"}[c.system == "Windows"]; filepath.Base(path) != program {
			t.Errorf("%s: %s", what, path)
		}
	}

	// A binary that is already there is taken as it is.
	s := newStage(t)
	writeFile(t, filepath.Join(s.dir, "tools", "skillgen"), "")
	s.env = map[string]string{"VERSION": "", "CHECKSUM": "", "BINARY": "./tools/skillgen", "RELEASES": server.URL}
	if exit := s.run(install); exit != 0 || s.out != "skillgen="+s.dir+"/./tools/skillgen\n" || s.path != "" {
		t.Errorf("exit %d, %q: %s", exit, s.out, s.transcript)
	}
	s.env["BINARY"] = "nowhere"
	if exit := s.run(install); exit != 2 || s.out != "" {
		t.Errorf("exit %d, %q: %s", exit, s.out, s.transcript)
	}
}

// pull is a pull request as a runner has it: a shallow clone at the merge commit that GitHub made.
type pull struct {
	dir                       string
	old, base, head, merge    string // old: what the event says the base was
	ownMerge, ownMergesParent string // a merge commit by the author, and its first parent
}

func newPull(t *testing.T) pull {
	t.Helper()
	origin := pagesRepository(t)
	git := func(args ...string) string { t.Helper(); return must(t, origin, "git", args...) }
	p := pull{old: git("rev-parse", "main")}
	git("checkout", "-q", "-b", "change")
	writeFile(t, filepath.Join(origin, "website", "new.md"), "# New\n")
	git("add", "-A")
	git("commit", "-q", "-m", "change")
	p.head = git("rev-parse", "HEAD")
	git("checkout", "-q", "main")
	writeFile(t, filepath.Join(origin, "README.md"), "# Somebody else's\n")
	git("commit", "-q", "-am", "meanwhile")
	p.base = git("rev-parse", "main")
	git("merge", "-q", "--no-ff", "-m", "merge", "change")
	p.merge = git("rev-parse", "HEAD")
	git("update-ref", "refs/pull/7/merge", p.merge)
	git("reset", "-q", "--hard", p.base)
	git("checkout", "-q", "change")
	git("merge", "-q", "--no-ff", "-m", "main into my change", "main")
	p.ownMerge, p.ownMergesParent = git("rev-parse", "HEAD"), p.head
	git("checkout", "-q", "main")

	p.dir = filepath.Join(t.TempDir(), "work")
	must(t, ".", "git", "init", "-q", p.dir)
	must(t, p.dir, "git", "remote", "add", "origin", "file://"+origin)
	return p
}

// checkout is what actions/checkout leaves.
func (p pull) checkout(t *testing.T, commit string) {
	t.Helper()
	must(t, p.dir, "git", "fetch", "-q", "--depth=1", "origin", commit)
	must(t, p.dir, "git", "checkout", "-q", "--detach", commit)
}

// TestActionBase: what a change is compared with, which its author has no say in, and that it is there afterwards.
func TestActionBase(t *testing.T) {
	t.Parallel()
	base := step(t, actionFile, "", "Find the base commit")
	for _, c := range []struct {
		what string
		do   func(t *testing.T, p pull, env map[string]string) (want string)
		exit int
	}{
		{"GitHub's merge commit: its first parent, though the event is older", func(t *testing.T, p pull, env map[string]string) string {
			return p.base
		}, 0},
		{"the head was checked out: what the event says", func(t *testing.T, p pull, env map[string]string) string {
			p.checkout(t, p.head)
			return p.old
		}, 0},
		{"a merge commit of the author's is not asked", func(t *testing.T, p pull, env map[string]string) string {
			p.checkout(t, p.ownMerge)
			return p.old
		}, 0},
		{"a merge commit of the author's on a branch is not asked", func(t *testing.T, p pull, env map[string]string) string {
			p.checkout(t, p.ownMerge)
			env["GITHUB_SHA"], env["GITHUB_REF"] = p.ownMerge, "refs/heads/change"
			return p.old
		}, 0},
		{"the workflow names it", func(t *testing.T, p pull, env map[string]string) string {
			env["BASE"] = p.head
			return p.head
		}, 0},
		{"no pull request", func(t *testing.T, p pull, env map[string]string) string {
			env["PULL_BASE"] = ""
			return ""
		}, 0},
		{"a branch", func(t *testing.T, p pull, env map[string]string) string {
			env["BASE"] = "main"
			return ""
		}, 2},
		{"an option", func(t *testing.T, p pull, env map[string]string) string {
			env["BASE"] = "--upload-pack=touch evil"
			return ""
		}, 2},
		{"nowhere", func(t *testing.T, p pull, env map[string]string) string {
			env["BASE"] = strings.Repeat("1", 40)
			return ""
		}, 128},
		{"a whole clone stays whole, also where something must be fetched", func(t *testing.T, p pull, env map[string]string) string {
			must(t, p.dir, "git", "fetch", "-q", "--unshallow", "origin", p.merge)
			env["BASE"] = p.ownMerge
			return p.ownMerge
		}, 0},
		{"a whole clone stays whole", func(t *testing.T, p pull, env map[string]string) string {
			must(t, p.dir, "git", "fetch", "-q", "--unshallow", "origin")
			return p.base
		}, 0},
	} {
		p := newPull(t)
		p.checkout(t, p.merge)
		s := newStage(t)
		s.dir = p.dir
		s.env = map[string]string{
			"DIRECTORY": ".", "BASE": "", "PULL_BASE": p.old, "TOKEN": "secret", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": p.merge, "GITHUB_SERVER_URL": "https://ci.example",
		}
		want := c.do(t, p, s.env)
		shallow := must(t, p.dir, "git", "rev-parse", "--is-shallow-repository")
		exit := s.run(base)
		out := ""
		if want != "" {
			out = "commit=" + want + "\n"
			must(t, p.dir, "git", "cat-file", "-e", want+"^{tree}")
		}
		if exit != c.exit || s.out != out {
			t.Errorf("%s: exit %d, %q, want %q: %s", c.what, exit, s.out, out, s.transcript)
		}
		if now := must(t, p.dir, "git", "rev-parse", "--is-shallow-repository"); now != shallow {
			t.Errorf("%s: shallow was %s, is %s", c.what, shallow, now)
		}
		if config := must(t, p.dir, "git", "config", "--list"); strings.Contains(config, "extraheader") || strings.Contains(s.transcript, "secret") {
			t.Errorf("%s: the token was left behind: %s", c.what, s.transcript)
		}
	}
}

// TestActionToken: the token goes to the server as a header, once: not where the checkout has left its own.
func TestActionToken(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		p := newPull(t)
		p.checkout(t, p.merge)
		if kept {
			must(t, p.dir, "git", "config", "http.https://ci.example/.extraheader", "AUTHORIZATION: basic kept")
		}
		s := newStage(t)
		s.dir = p.dir
		real := must(t, ".", "sh", "-c", "command -v git")
		s.program("git", "#!/bin/bash\nfor word; do if [ \"$word\" = fetch ]; then env >>\"$RUNNER_TEMP/env\"; printf '%s\\n' \"$*\" >>\"$RUNNER_TEMP/args\"; fi; done\nexec "+real+" \"$@\"\n")
		s.env = map[string]string{
			"DIRECTORY": ".", "BASE": "", "PULL_BASE": p.old, "TOKEN": "secret", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": p.merge, "GITHUB_SERVER_URL": "https://ci.example",
		}
		if exit := s.run(step(t, actionFile, "", "Find the base commit")); exit != 0 {
			t.Fatalf("exit %d: %s", exit, s.transcript)
		}
		env := must(t, s.temp, "cat", "env")
		given := strings.Contains(env, "GIT_CONFIG_KEY_0=http.https://ci.example/.extraheader\n") && strings.Contains(env, "GIT_CONFIG_VALUE_0=AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0\n")
		if given == kept {
			t.Errorf("the checkout kept its credentials: %t; the token is given: %t", kept, given)
		}
		if args := must(t, s.temp, "cat", "args"); strings.Contains(args, "eC1h") || strings.Contains(args, "secret") || !strings.Contains(args, "--depth=1") {
			t.Errorf("git %s", args)
		}
	}
}

const actionProject = `
-- skillgen.yaml --
product: Acme
prefix: acme
-- frameworks/flask.md --
---
title: Flask
languages: [python]
docs: [website/start.md]
---
-- website/start.md --
# Start

NEVER send a password in an event.

Set ` + "`ACME_KEY`" + ` first.
-- templates/integrate/skill.md --
---
description: Adds Acme to {{title}}.
default: true
---
# Acme for {{title}}

{{stages}}

{{docs}}
-- templates/integrate/10-go.md --
---
title: Go
---
Go.
`

// TestActionReview: the report, the annotations and the exit code, by the real skillgen on a project in a repository.
func TestActionReview(t *testing.T) {
	t.Parallel()
	review := step(t, actionFile, "", "Build, check and compare")
	start := func() (*stage, string) {
		s := newStage(t)
		must(t, s.dir, "git", "init", "-q", "-b", "change")
		unpack(t, s.dir, actionProject)
		must(t, s.dir, "git", "add", "-A")
		must(t, s.dir, "git", "commit", "-q", "-m", "1")
		s.env = map[string]string{"SKILLGEN": must(t, ".", "sh", "-c", "command -v skillgen"), "BASE": "", "DIRECTORY": ".", "FAIL_ON": "error", "STRICT": "false", "CHECK_DIST": "false",
			"GITHUB_BASE_REF": "main", "GITHUB_EVENT_NAME": "pull_request"} // as in a pull request; the branch itself is not there
		return s, must(t, s.dir, "git", "rev-parse", "HEAD")
	}
	hostile := "# Start\n\nEmail @acme/everyone about #12 </pre></details> <img src=x onerror=alert(1)> ``` ` <!--\n\n::error::pwned\n##[error]pwned\n\nSet `ACME_TOKEN` first.\n"
	for _, c := range []struct {
		what   string
		change func(s *stage, base string)
		exit   int
		report []string // what the report holds, in this order
		stdout []string // what the log holds
		files  string   // the artifact
	}{
		{"without a base", func(s *stage, _ string) {}, 0,
			[]string{"<details><summary>skillgen build: exit 0</summary>\n\n<pre>\n", "1 skill,", "</pre>\n\n</details>\n"}, []string{"1 skill,"}, "build.txt report.md"},
		{"nothing changed", func(s *stage, base string) { s.env["BASE"] = base }, 0,
			[]string{"<!-- skillgen diff -->\n### Skills: ", "No changes", "<details><summary>skillgen build: exit 0"}, nil, "build.txt diff.html diff.json report.md"},
		{"the gate is hit", func(s *stage, base string) {
			s.env["BASE"] = base
			writeFile(s.t, filepath.Join(s.dir, "website", "start.md"), "# Start\n\nSet `ACME_KEY` first.\n")
		}, 1, []string{"gate failed", "rule-removed", "skillgen build: exit 0"}, []string{"::error file=website/start.md,"}, "build.txt diff.html diff.json report.md"},
		{"the gate is open", func(s *stage, base string) {
			s.env["BASE"], s.env["FAIL_ON"] = base, "never"
			writeFile(s.t, filepath.Join(s.dir, "website", "start.md"), "# Start\n\nSet `ACME_KEY` first.\n")
		}, 0, []string{"rule-removed"}, nil, "build.txt diff.html diff.json report.md"},
		{"the build fails", func(s *stage, base string) {
			s.env["BASE"] = base
			writeFile(s.t, filepath.Join(s.dir, "frameworks", "flask.md"), "---\ntitle: Flask\nlanguages: [python]\nexampel: x\n---\n")
		}, 2, []string{"<details open><summary>skillgen build: exit 1", "unknown key", "did you mean", "<details open><summary>skillgen diff: exit 2</summary>", "work tree does not compile"}, []string{"::error file=frameworks/flask.md,line=4,"}, "build.txt diff.txt report.md"},
		{"a warning", func(s *stage, base string) {
			writeFile(s.t, filepath.Join(s.dir, "website", "start.md"), "# Start\n\n[More](more.md)\n")
		}, 0, []string{"<details><summary>skillgen build: exit 0", "website/start.md:3:1: warning"}, []string{"::warning file=website/start.md,line=3,"}, "build.txt report.md"},
		{"a warning, strictly", func(s *stage, base string) {
			s.env["STRICT"] = "true"
			writeFile(s.t, filepath.Join(s.dir, "website", "start.md"), "# Start\n\n[More](more.md)\n")
		}, 1, []string{"<details open><summary>skillgen build: exit 1", "website/start.md:3:1: warning"}, []string{"::warning file=website/start.md,line=3,"}, "build.txt report.md"},
		{"dist is committed and stale", func(s *stage, base string) { s.env["CHECK_DIST"] = "true" }, 1,
			[]string{"skillgen build --check: exit 1", "missing  manifest.json"}, nil, "build.txt report.md"},
		{"no project", func(s *stage, base string) { s.env["DIRECTORY"] = s.t.TempDir() }, 2,
			[]string{"skillgen build: exit 2", "there is no skillgen.yaml here or above"}, nil, "build.txt report.md"},
		{"a project that is new", func(s *stage, _ string) {
			must(s.t, s.dir, "git", "checkout", "-q", "--orphan", "empty")
			must(s.t, s.dir, "git", "rm", "-rq", "--cached", ".")
			must(s.t, s.dir, "git", "commit", "-q", "--allow-empty", "-m", "0")
			s.env["BASE"] = must(s.t, s.dir, "git", "rev-parse", "HEAD")
		}, 0, []string{"everything is new", "skillgen build: exit 0"}, nil, "build.txt diff.html diff.json report.md"},
		{"a hostile page", func(s *stage, base string) {
			s.env["BASE"] = base
			writeFile(s.t, filepath.Join(s.dir, "website", "start.md"), hostile)
			writeFile(s.t, filepath.Join(s.dir, "website", "</pre><b>@acme &.md"), "# Unused\n")
		}, 1, []string{"env-renamed", "website/&lt;/pre&gt;&lt;b&gt;&#64;acme &amp;.md", "</pre>\n\n</details>\n"}, nil, "build.txt diff.html diff.json report.md"},
		{"a thousand findings", func(s *stage, base string) {
			for i := range 1000 {
				writeFile(s.t, filepath.Join(s.dir, "website", fmt.Sprintf("unused-%04d-@acme.md", i)), "# Unused\n")
			}
		}, 0, []string{"website/unused-0000-&#64;acme.md", "(cut here; the artifact has all of it)\n</pre>"}, []string{"unused-0999"}, "build.txt report.md"},
	} {
		s, base := start()
		c.change(s, base)
		exit := s.run(review)
		if exit != c.exit {
			t.Errorf("%s: exit %d, want %d\n%s", c.what, exit, c.exit, s.transcript)
		}
		data, err := os.ReadFile(filepath.Join(s.temp, "skillgen-report", "report.md"))
		if err != nil {
			t.Errorf("%s: %v\n%s", c.what, err, s.transcript)
			continue
		}
		report := string(data)
		if s.summary != report {
			t.Errorf("%s: the summary is not the report: %q", c.what, s.summary)
		}
		rest := report
		for _, want := range c.report {
			_, after, ok := strings.Cut(rest, want)
			if !ok {
				t.Errorf("%s: %q is not in the report, or too early:\n%s", c.what, want, report)
			}
			rest = after
		}
		for _, want := range c.stdout {
			if !strings.Contains(s.transcript, want) {
				t.Errorf("%s: %q is not in the log:\n%s", c.what, want, s.transcript)
			}
		}
		if got := strings.Join(strings.Fields(must(t, s.temp, "ls", "skillgen-report")), " "); got != c.files {
			t.Errorf("%s: the artifact holds %s", c.what, got)
		}
		if n := utf8.RuneCountInString(report); n > 65_000 || strings.Contains(report, "@acme") || strings.Count(report, "<pre>") != strings.Count(report, "</pre>") || strings.Count(report, "<details") != strings.Count(report, "</details>") {
			t.Errorf("%s: %d characters, or a mention, or elements that don't close:\n%s", c.what, n, report)
		}
		if m := regexp.MustCompile(`(?m)^\s*::error::pwned|##\[error\]`).FindString(s.transcript); m != "" {
			t.Errorf("%s: the log holds the command %q", c.what, m)
		}
		if strings.TrimSpace(must(t, s.dir, "git", "status", "--porcelain", "--", "website", "templates", "skillgen.yaml")) != "" && c.what == "nothing changed" {
			t.Errorf("%s: inputs changed", c.what)
		}
	}
}

// TestReadmeCI holds the README's five lines against the action: they are steps of a workflow that actionlint accepts, they say what the action
// takes, and pin what the workflows pin.
func TestReadmeCI(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)\n## In CI\n.*?```yaml\n(.*?)```\n").FindSubmatch(readme)
	if m == nil {
		t.Fatal("README.md has no section In CI with YAML")
	}
	if n := strings.Count(string(m[1]), "\n"); n != 5 {
		t.Errorf("five lines are promised, and there are %d", n)
	}
	dir := t.TempDir()
	text := readCI(t)
	text[workflowFolder+"readme.yml"] = "on: pull_request\njobs:\n  skills:\n    runs-on: ubuntu-24.04\n    " + strings.ReplaceAll(string(m[1]), "\n", "\n    ")
	for name, data := range text {
		writeFile(t, filepath.Join(dir, name), data)
	}
	if got := lint(t, dir); got != "" {
		t.Error(got)
	}
	ci, err := parseCI(text)
	if err != nil {
		t.Fatal(err)
	}
	var pin faultsOf
	checkPinned(ci, &pin) // one version of each action, here and in the workflows
	if len(pin.all) > 0 {
		t.Error(pin.all)
	}
	steps := ci.workflows["readme.yml"].Jobs["skills"].Steps
	if len(steps) != 2 || !strings.HasPrefix(steps[0].Uses, "actions/checkout@") || steps[0].With["persist-credentials"] != false {
		t.Fatalf("no checkout without credentials, and then the action:\n%s", m[1])
	}
	action, _, _ := strings.Cut(steps[1].Uses, "@")
	if action != "OWNER/skillgen" || !strings.Contains(ci.action.Inputs["releases"].Default, "/"+action+"/") {
		t.Errorf("uses %s; the action downloads from %s", steps[1].Uses, ci.action.Inputs["releases"].Default)
	}
	for name := range steps[1].With {
		if _, ok := ci.action.Inputs[name]; !ok {
			t.Errorf("the action has no input %s", name)
		}
	}
	for _, name := range []string{"version", "checksum"} {
		if steps[1].With[name] == nil {
			t.Errorf("no %s", name)
		}
	}
	// The table of inputs: every one, and no other.
	var named, have []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*)$").FindAllSubmatch(regexp.MustCompile(`(?s)\n## In CI\n.*?\n## `).Find(readme), -1) {
		for _, name := range regexp.MustCompile("`([a-z-]+)`").FindAllSubmatch(row[1], -1) {
			if _, ok := ci.action.Inputs[string(name[1])]; ok || bytes.HasPrefix(row[1], name[0]) {
				named = append(named, string(name[1]))
			}
		}
	}
	for name := range ci.action.Inputs {
		have = append(have, name)
	}
	slices.Sort(named)
	slices.Sort(have)
	if !slices.Equal(named, have) {
		t.Errorf("README.md names %v, the action has %v", named, have)
	}
}
