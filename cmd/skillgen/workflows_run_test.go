package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The shell of the workflows and of the action runs here as it stands in the files: under bash, with real git, jq, unzip and tar, and with a gh
// that answers from a table.

// stage is where one step runs: a work tree, the folders and files that a runner gives it, and a GitHub made of answers.
type stage struct {
	t          *testing.T
	dir        string // working folder
	temp       string // RUNNER_TEMP
	bin        string // first in PATH
	env        map[string]string
	answers    [][2]string // what a call of gh holds, and what it is answered; the first that fits
	out        string      // GITHUB_OUTPUT after the last run
	summary    string      // GITHUB_STEP_SUMMARY after the last run
	path       string      // GITHUB_PATH after the last run
	calls      []string    // of gh
	sent       string      // what the last call with --input sent
	transcript string      // stdout and stderr of the last run
}

func newStage(t *testing.T) *stage {
	s := &stage{t: t, dir: t.TempDir(), temp: t.TempDir(), bin: t.TempDir(), env: map[string]string{}}
	s.program("gh", `#!/bin/bash
printf '%s\n' "$*" >>"$GH/calls"
previous=
for word in "$@"; do
  if [ "$previous" = --input ]; then cat -- "${word/#-//dev/stdin}" >"$GH/sent"; fi
  previous=$word
done
for match in "$GH"/*.match; do
  if [[ "$*" == *"$(<"$match")"* ]]; then cat "${match%.match}.answer"; exit 0; fi
done
echo "gh: no answer to $*" >&2
exit 1
`)
	return s
}

// program puts a command first in PATH.
func (s *stage) program(name, text string) {
	writeFile(s.t, filepath.Join(s.bin, name), text)
	if err := os.Chmod(filepath.Join(s.bin, name), 0o755); err != nil {
		s.t.Fatal(err)
	}
}

// step finds a step by its name, in a job of a workflow, or in the action where file is action.yml.
func step(t *testing.T, file, job, name string) workflowStep {
	t.Helper()
	ci, err := parseCI(readCI(t))
	if err != nil {
		t.Fatal(err)
	}
	steps := ci.action.Runs.Steps
	if file != actionFile {
		steps = ci.workflows[file].Jobs[job].Steps
	}
	i := slices.IndexFunc(steps, func(s workflowStep) bool { return s.Name == name })
	if i < 0 || steps[i].Run == "" {
		t.Fatalf("%s %s has no step %q", file, job, name)
	}
	return steps[i]
}

// run runs a step and returns its exit code. Each variable of its env that holds an expression must have a value in s.env.
func (s *stage) run(step workflowStep) int {
	s.t.Helper()
	runner := s.t.TempDir() // files that are the runner's
	env := []string{
		"PATH=" + s.bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + runner, "LANG=C.UTF-8", "GH=" + runner, "RUNNER_TEMP=" + s.temp,
		"GITHUB_ACTIONS=true", "GITHUB_OUTPUT=" + filepath.Join(runner, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(runner, "summary"),
		"GITHUB_PATH=" + filepath.Join(runner, "path"), "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
	}
	for name, value := range step.Env {
		if v := fmt.Sprint(value); !strings.Contains(v, "${{") {
			env = append(env, name+"="+v)
		} else if _, ok := s.env[name]; !ok {
			s.t.Fatalf("the step needs %s", name)
		}
	}
	for name, value := range s.env {
		env = append(env, name+"="+value)
	}
	for i, a := range s.answers {
		writeFile(s.t, filepath.Join(runner, fmt.Sprintf("%02d.match", i)), a[0])
		writeFile(s.t, filepath.Join(runner, fmt.Sprintf("%02d.answer", i)), a[1])
	}
	script := filepath.Join(runner, "script.sh")
	writeFile(s.t, script, step.Run)
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
	cmd.Dir, cmd.Env = s.dir, env
	out, err := cmd.CombinedOutput()
	s.transcript = string(out)
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(runner, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			s.t.Fatal(err)
		}
		return string(data)
	}
	s.out, s.summary, s.path, s.sent = read("output"), read("summary"), read("path"), read("sent")
	s.calls = strings.Split(strings.TrimSuffix(read("calls"), "\n"), "\n")
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// must runs a program in a folder and returns what it prints.
func must(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@acme.example",
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@acme.example", "GIT_AUTHOR_DATE=2026-11-20T12:00:00Z", "GIT_COMMITTER_DATE=2026-11-20T12:00:00Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// report is an artifact as GitHub hands it out.
func artifact(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if strings.HasPrefix(files[name], "link:") {
			h.SetMode(os.ModeSymlink | 0o777)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(strings.TrimPrefix(files[name], "link:"))); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// noise is text that no archive makes smaller.
func noise(size int) string {
	data := make([]byte, size)
	rand.NewChaCha8([32]byte{1}).Read(data) //nolint:errcheck // never fails
	return string(data)
}

// commentStage is a run of pull request 7, from a fork, whose report is in the artifact.
func commentStage(t *testing.T, zipped string) *stage {
	s := newStage(t)
	s.env = map[string]string{
		"GH_TOKEN": "secret", "REPO": "acme/skills", "RUN_ID": "99", "RUN_URL": "https://ci.example/99", "HEAD_SHA": "c0ffee",
		"HEAD_REPO": "fork/skills", "HEAD_OWNER": "fork", "HEAD_BRANCH": "a b&head=x:y",
	}
	s.answers = [][2]string{
		{"pulls -f state=open -f head=fork:a b&head=x:y", `[{"number": 6, "head": {"sha": "0ff", "repo": {"full_name": "fork/skills"}}}, {"number": 7, "head": {"sha": "c0ffee", "repo": {"full_name": "fork/skills"}}}]`},
		{"runs/99/artifacts", `{"artifacts": [
			{"id": 1, "name": "skillgen-report", "size_in_bytes": 10, "expired": true, "created_at": "2026-11-20T12:00:02Z"},
			{"id": 3, "name": "skillgen-report", "size_in_bytes": 10, "expired": false, "created_at": "2026-11-20T12:00:01Z"},
			{"id": 2, "name": "skillgen-report", "size_in_bytes": 10, "expired": false, "created_at": "2026-11-20T12:00:00Z"},
			{"id": 4, "name": "other", "size_in_bytes": 10, "expired": false, "created_at": "2026-11-20T12:00:03Z"}]}`},
		{"artifacts/3/zip", zipped},
		{"--method POST", ""},
		{"--method PATCH", ""},
		{"issues/7/comments", `[]`},
	}
	return s
}

// answer replaces an answer.
func (s *stage) answer(match, text string) {
	for i := range s.answers {
		if s.answers[i][0] == match {
			s.answers[i][1] = text
			return
		}
	}
	s.t.Fatalf("no answer to %s", match)
}

// posted is the body that was sent, and how; "" where none was.
func (s *stage) posted() (how, body string) {
	s.t.Helper()
	i := slices.IndexFunc(s.calls, func(c string) bool { return strings.Contains(c, "--input") })
	if i < 0 {
		return "", ""
	}
	var comment struct{ Body string }
	if err := json.Unmarshal([]byte(s.sent), &comment); err != nil {
		s.t.Fatalf("%v: %s", err, s.sent)
	}
	words := strings.Fields(s.calls[i])
	return words[2] + " " + words[3], comment.Body
}

const commentHead = "<!-- skillgen report -->\nMade by [this run](https://ci.example/99) from c0ffee, with the code of the pull request.\n\n"

func TestCommentPosted(t *testing.T) {
	t.Parallel()
	post := step(t, "comment.yml", "comment", "Post the report")
	s := commentStage(t, artifact(t, map[string]string{"report.md": "<!-- skillgen diff -->\n### Skills ✓\n\nhello @everyone\n", "diff.json": "{}"}))
	if exit := s.run(post); exit != 0 {
		t.Fatalf("exit %d: %s", exit, s.transcript)
	}
	want := commentHead + "<!-- skillgen diff -->\n### Skills ✓\n\nhello &#64;everyone\n\n"
	if how, body := s.posted(); how != "POST repos/acme/skills/issues/7/comments" || body != want {
		t.Errorf("%s\n%q\nwant\n%q", how, body, want)
	}

	// Ours is found by author and first line, on any page of the answer; strangers that write the marker and other robots are left alone.
	s.answer("issues/7/comments", `[
		{"id": 10, "user": {"login": "mallory", "type": "User"}, "body": "<!-- skillgen report -->\nours"},
		{"id": 11, "user": {"login": "github-actions[bot]", "type": "Bot"}, "body": "tests passed <!-- skillgen report -->"},
		{"id": 12, "user": {"login": "other[bot]", "type": "Bot"}, "body": "<!-- skillgen report -->"},
		{"id": 13, "user": {"login": "github-actions[bot]", "type": "User"}, "body": "<!-- skillgen report -->"}][
		{"id": 14, "user": {"login": "github-actions[bot]", "type": "Bot"}, "body": "<!-- skillgen report -->\nold"},
		{"id": 15, "user": {"login": "github-actions[bot]", "type": "Bot"}, "body": "<!-- skillgen report -->\nolder"}]`)
	s.run(post)
	if how, body := s.posted(); how != "PATCH repos/acme/skills/issues/comments/14" || body != want {
		t.Errorf("%s\n%q", how, body)
	}
	s.answer("issues/7/comments", `[{"id": 10, "user": {"login": "mallory", "type": "User"}, "body": "<!-- skillgen report -->\nours"}]`)
	s.run(post)
	if how, _ := s.posted(); how != "POST repos/acme/skills/issues/7/comments" {
		t.Errorf("with only a stranger's: %s", how)
	}
	for _, c := range s.calls {
		if strings.Contains(c, "secret") {
			t.Errorf("the token is an argument: %s", c)
		}
	}
}

// TestCommentHostile: whatever the artifact is, there is at most one comment of at most 65,536 characters, and no file but the script's own.
func TestCommentHostile(t *testing.T) {
	t.Parallel()
	post := step(t, "comment.yml", "comment", "Post the report")
	long := strings.Repeat("n", 60_000)
	odd := map[string]string{
		"../../evil.md": "evil", "/tmp/evil.md": "evil", "x/report.md": "evil", "REPORT.MD": "evil", "report.md\n": "evil", "report.md ": "evil", "-p": "evil",
		"$(touch evil)": "evil", "*": "evil", long: "evil", "a\x1b[2J.md": "evil", `..\evil.md`: "evil", "body.json": "evil", "gh": "evil",
	}
	withReport := maps.Clone(odd)
	withReport["report.md"] = "true"
	for _, c := range []struct {
		what, zip string
		body      string // what follows our own words; "-" for no comment
	}{
		{"odd names and no report", artifact(t, odd), "-"},
		{"odd names and a report", artifact(t, withReport), "true\n"},
		{"no zip", "not a zip", "-"},
		{"nothing", "", "-"},
		{"half a zip", artifact(t, map[string]string{"report.md": long})[:100], "-"},
		{"an empty report", artifact(t, map[string]string{"report.md": ""}), "-"},
		{"a folder", artifact(t, map[string]string{"report.md/": "", "report.md/x": "evil"}), "-"},
		{"a link is the text of its target", artifact(t, map[string]string{"report.md": "link:/etc/passwd"}), "/etc/passwd\n"},
		{"a bomb", artifact(t, map[string]string{"report.md": strings.Repeat("b", 20<<20)}), strings.Repeat("b", 64_000) + "\n"},
		{"mentions only", artifact(t, map[string]string{"report.md": strings.Repeat("@", 100_000)}), strings.Repeat("&#64;", 12_800) + "\n"},
		{"emoji count as characters", artifact(t, map[string]string{"report.md": strings.Repeat("🛩", 70_000)}), strings.Repeat("🛩", 64_000) + "\n"},
		{"what hides", artifact(t, map[string]string{"report.md": "a\x00\x1b[31mb\u202ec\u200bd\ufeff\u2066e\U000e0041f\u0085g\rh\ti\n"}), "a[31mbcdefgh\ti\n\n"},
		{"no UTF-8", artifact(t, map[string]string{"report.md": "a\xff\xfeb"}), "a\ufffd\ufffdb\n"},
		{"what is left open", artifact(t, map[string]string{"report.md": "<!-- \n```\n<details>"}), "<!-- \n```\n<details>\n"},
		{"JSON", artifact(t, map[string]string{"report.md": `", "x": "\(1)`}), `", "x": "\(1)` + "\n"},
		{"11 MiB that call themselves 10 bytes", artifact(t, map[string]string{"report.md": "x", "pad": noise(11 << 20)}), "-"},
	} {
		s := commentStage(t, c.zip)
		if exit := s.run(post); exit != 0 {
			t.Errorf("%s: exit %d: %s", c.what, exit, s.transcript)
		}
		how, body := s.posted()
		if c.body == "-" {
			if how != "" {
				t.Errorf("%s: posted %q", c.what, body)
			}
		} else if body != commentHead+c.body {
			t.Errorf("%s: posted %.300q", c.what, body)
		}
		if n := utf8.RuneCountInString(body); n > 65_536 {
			t.Errorf("%s: %d characters", c.what, n)
		}
		if len(s.transcript) > 500 || strings.Contains(s.transcript, "evil") {
			t.Errorf("%s: prints %.500s", c.what, s.transcript)
		}
		for _, dir := range []string{s.temp, s.dir} {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if dir == s.dir || !slices.Contains([]string{"artifact.zip", "text.md", "body.json"}, e.Name()) {
					t.Errorf("%s: left %.100q", c.what, e.Name())
				}
			}
		}
	}
}

// TestCommentNowhere: nothing is posted where the pull request, or the artifact, is not the one that GitHub names.
func TestCommentNowhere(t *testing.T) {
	t.Parallel()
	post := step(t, "comment.yml", "comment", "Post the report")
	zipped := artifact(t, map[string]string{"report.md": "text"})
	pulls := "pulls -f state=open -f head=fork:a b&head=x:y"
	for what, c := range map[string][2]string{
		"no pull request":        {pulls, `[]`},
		"a newer head":           {pulls, `[{"number": 7, "head": {"sha": "decaf", "repo": {"full_name": "fork/skills"}}}]`},
		"another fork":           {pulls, `[{"number": 7, "head": {"sha": "c0ffee", "repo": {"full_name": "other/skills"}}}]`},
		"a fork that is gone":    {pulls, `[{"number": 7, "head": {"sha": "c0ffee", "repo": null}}]`},
		"two pull requests":      {pulls, `[{"number": 7, "head": {"sha": "c0ffee", "repo": {"full_name": "fork/skills"}}}, {"number": 8, "head": {"sha": "c0ffee", "repo": {"full_name": "fork/skills"}}}]`},
		"no artifact":            {"runs/99/artifacts", `{"artifacts": []}`},
		"an artifact of 11 MB":   {"runs/99/artifacts", `{"artifacts": [{"id": 3, "name": "skillgen-report", "size_in_bytes": 11000000, "expired": false, "created_at": "2026"}]}`},
		"an artifact of no size": {"runs/99/artifacts", `{"artifacts": [{"id": 3, "name": "skillgen-report", "expired": false, "created_at": "2026"}]}`},
		"an artifact of 10^20 B": {"runs/99/artifacts", `{"artifacts": [{"id": 3, "name": "skillgen-report", "size_in_bytes": "100000000000000000000", "expired": false, "created_at": "2026"}]}`},
	} {
		s := commentStage(t, zipped)
		s.answer(c[0], c[1])
		exit := s.run(post)
		if how, _ := s.posted(); how != "" || exit != 0 || !strings.Contains(s.transcript, "::notice ") {
			t.Errorf("%s: exit %d, %q: %s", what, exit, how, s.transcript)
		}
		if c[0] != pulls && slices.ContainsFunc(s.calls, func(call string) bool { return strings.Contains(call, "/zip") }) {
			t.Errorf("%s: downloaded", what)
		}
	}
	// GitHub does not answer: that is an error, not a report less.
	s := commentStage(t, zipped)
	s.answers = s.answers[:1]
	if exit := s.run(post); exit == 0 {
		t.Errorf("without an answer: %s", s.transcript)
	}
}

// pagesRepository is a repository with a page, a lock and a workflow, at one commit.
func pagesRepository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"website/acme.example/start.md": "# Start\n\nold\n", "website/acme.example/gone.md": "# Gone\n", "skillgen.lock": "[]\n",
		".github/workflows/ci.yml": "on: push\n", "README.md": "# Acme\n", ".gitignore": "/skillgen\n", "skillgen.yaml": "product: Acme\nprefix: acme\n",
	} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	must(t, dir, "git", "init", "-q", "-b", "main")
	must(t, dir, "git", "add", "-A")
	must(t, dir, "git", "commit", "-q", "-m", "1")
	return dir
}

// clone returns a copy of a repository, with the original as its origin.
func clone(t *testing.T, dir string, flags ...string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "clone")
	must(t, ".", "git", append(append([]string{"clone", "-q"}, flags...), "file://"+dir, to)...)
	return to
}

// TestFetchPages: what the reading job hands on, and when it does not.
func TestFetchPages(t *testing.T) {
	t.Parallel()
	fetch := step(t, "fetch.yml", "fetch", "Fetch the pages")
	for _, c := range []struct {
		what, program string
		exit          int
		out           string
		patch         []string // what the patch must hold; nil for no patch
	}{
		{"pages changed", `echo new >website/acme.example/start.md; mkdir -p website/new.example; printf '\0\377' >website/new.example/page.md; rm website/acme.example/gone.md; echo "[1]" >skillgen.lock; echo "2 pages"`,
			0, "changed=true\ncode=0\n", []string{"a/website/acme.example/start.md", "website/new.example/page.md", "GIT binary patch", "deleted file", "a/skillgen.lock"}},
		{"nothing changed", `mkdir -p .skillgen/cache; echo x >.skillgen/cache/y`, 0, "changed=false\ncode=0\n", nil},
		{"one page could not be had", `echo new >website/acme.example/start.md; echo "https://acme.example/x: error: 404" >&2; exit 1`, 0, "changed=true\ncode=1\n", []string{"+new"}},
		{"fetch broke down", `echo new >website/acme.example/start.md; exit 2`, 2, "", nil},
		{"a workflow changed", `echo evil >>.github/workflows/ci.yml; echo new >website/acme.example/start.md`, 1, "", nil},
		{"new files at the top", `echo evil >0; echo evil >'::error::b'; echo evil >'a
::error::b'`, 1, "", nil},
	} {
		s := newStage(t)
		s.dir = pagesRepository(t)
		writeFile(t, filepath.Join(s.dir, "skillgen"), "#!/bin/bash\n[ \"$*\" = 'fetch --color never' ] || exit 9\n"+c.program+"\n")
		if err := os.Chmod(filepath.Join(s.dir, "skillgen"), 0o755); err != nil {
			t.Fatal(err)
		}
		if exit := s.run(fetch); exit != c.exit || s.out != c.out {
			t.Errorf("%s: exit %d, %q\n%s", c.what, exit, s.out, s.transcript)
		}
		if strings.Contains(s.transcript, "\n::error::b") {
			t.Errorf("%s: a file's name is a command: %s", c.what, s.transcript)
		}
		patch, _ := os.ReadFile(filepath.Join(s.temp, "refresh", "refresh.patch"))
		if len(patch) > 0 != (c.patch != nil) {
			t.Errorf("%s: patch %q", c.what, patch)
		}
		for _, want := range c.patch {
			if !strings.Contains(string(patch), want) {
				t.Errorf("%s: %q is not in\n%s", c.what, want, patch)
			}
		}
		if c.patch == nil {
			continue
		}
		// The writing job takes it, and gets the same files.
		w := newStage(t)
		w.dir, w.temp = clone(t, s.dir), s.temp
		if exit := w.run(step(t, "fetch.yml", "propose", takePatch)); exit != 0 {
			t.Errorf("%s: refused: %s", c.what, w.transcript)
		}
		if one, two := must(t, s.dir, "git", "write-tree"), must(t, w.dir, "git", "write-tree"); one != two {
			t.Errorf("%s: %s was fetched, %s taken", c.what, one, two)
		}
	}
}

const takePatch = "Take the patch, if it holds nothing but pages"

// TestPatchRefused: a patch that touches anything but pages and the lock, or makes anything but plain files, changes nothing.
func TestPatchRefused(t *testing.T) {
	t.Parallel()
	take := step(t, "fetch.yml", "propose", takePatch)
	newFile := func(path, mode string) string {
		return "diff --git a/" + path + " b/" + path + "\nnew file mode " + mode + "\n--- /dev/null\n+++ b/" + path + "\n@@ -0,0 +1 @@\n+evil\n"
	}
	page := "diff --git a/website/acme.example/start.md b/website/acme.example/start.md\n--- a/website/acme.example/start.md\n+++ b/website/acme.example/start.md\n@@ -1,3 +1,3 @@\n # Start\n \n-old\n+new\n"
	for _, c := range []struct {
		what, patch string
		taken       bool
	}{
		{"a page", page, true},
		{"a new page and the lock", newFile("website/x/y.md", "100644") + "--- a/skillgen.lock\n+++ b/skillgen.lock\n@@ -1 +1 @@\n-[]\n+[1]\n", true},
		{"a workflow beside a page", page + newFile(".github/workflows/evil.yml", "100644"), false},
		{"a workflow that is there", page + "--- a/.github/workflows/ci.yml\n+++ b/.github/workflows/ci.yml\n@@ -1 +1 @@\n-on: push\n+on: pull_request_target\n", false},
		{"a workflow removed", page + "diff --git a/.github/workflows/ci.yml b/.github/workflows/ci.yml\ndeleted file mode 100644\n--- a/.github/workflows/ci.yml\n+++ /dev/null\n@@ -1 +0,0 @@\n-on: push\n", false},
		{"a workflow renamed to a page", "diff --git a/.github/workflows/ci.yml b/website/x.md\nsimilarity index 100%\nrename from .github/workflows/ci.yml\nrename to website/x.md\n", false},
		{"a page renamed to a workflow", "diff --git a/website/acme.example/gone.md b/.github/workflows/x.md\nsimilarity index 100%\nrename from website/acme.example/gone.md\nrename to .github/workflows/x.md\n", false},
		{"a page copied to a workflow", "diff --git a/website/acme.example/gone.md b/.github/workflows/x.yml\nsimilarity index 100%\ncopy from website/acme.example/gone.md\ncopy to .github/workflows/x.yml\n", false},
		{"a path with dots", newFile("website/../.github/workflows/x.md", "100644"), false},
		{"a path above", newFile("../x.md", "100644"), false},
		{"an absolute path", newFile("/tmp/x.md", "100644"), false},
		{"git's own folder", newFile(".git/hooks/post-checkout", "100755"), false},
		{"git's own folder below pages", newFile("website/.git/config.md", "100644"), false},
		{"attributes that hide changes", newFile("website/.gitattributes", "100644"), false},
		{"a script among pages", newFile("website/x.sh", "100644"), false},
		{"a page that runs", newFile("website/x.md", "100755"), false},
		{"a link", strings.TrimSuffix(newFile("website/x.md", "120000"), "\n") + "\n\\ No newline at end of file\n", false},
		{"a page that becomes a link", page + "diff --git a/website/acme.example/gone.md b/website/acme.example/gone.md\nold mode 100644\nnew mode 100755\n", false},
		{"a repository in this one", "diff --git a/website/x.md b/website/x.md\nnew file mode 160000\nindex 0000000..1111111\n--- /dev/null\n+++ b/website/x.md\n@@ -0,0 +1 @@\n+Subproject commit 1111111111111111111111111111111111111111\n", false},
		{"another lock", newFile("skillgen.lock.md", "100644"), false},
		{"a file called website", newFile("websites.md", "100644"), false},
		{"a path that is a command", newFile("\"a\\n::error::b\"", "100644"), false},
		{"a name in bytes", "diff --git \"a/.github/\\167x.md\" \"b/.github/\\167x.md\"\nnew file mode 100644\n--- /dev/null\n+++ \"b/.github/\\167x.md\"\n@@ -0,0 +1 @@\n+evil\n", false},
		{"a page that is not as it was", strings.Replace(page, "-old", "-other", 1), false},
		{"nothing", "", false},
		{"no patch", "evil\n", false},
	} {
		s := newStage(t)
		s.dir = clone(t, pagesRepository(t))
		writeFile(t, filepath.Join(s.temp, "refresh", "refresh.patch"), c.patch)
		before, err := treeOf(s.dir)
		if err != nil {
			t.Fatal(err)
		}
		if exit := s.run(take); (exit == 0) != c.taken {
			t.Errorf("%s: exit %d: %s", c.what, exit, s.transcript)
		}
		if strings.Contains(s.transcript, "\n::error::b") {
			t.Errorf("%s: a path is a command: %s", c.what, s.transcript)
		}
		after, err := treeOf(s.dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, tree := range []map[string]string{before, after} {
			maps.DeleteFunc(tree, func(path, _ string) bool { return strings.HasPrefix(path, ".git/") })
		}
		if d := diffTrees(before, after); d != "" {
			t.Errorf("%s: the disk changed: %s", c.what, d)
		}
	}
	s := newStage(t)
	s.dir = clone(t, pagesRepository(t))
	writeFile(t, filepath.Join(s.temp, "refresh", "refresh.patch"), page)
	if err := os.Truncate(filepath.Join(s.temp, "refresh", "refresh.patch"), 53<<20); err != nil {
		t.Fatal(err)
	}
	if exit := s.run(take); exit == 0 || !strings.Contains(s.transcript, "too large") {
		t.Errorf("53 MiB: exit %d: %s", exit, s.transcript)
	}
}

// TestPropose: the branch, and the pull request with the report as its body.
func TestPropose(t *testing.T) {
	t.Parallel()
	open := step(t, "fetch.yml", "propose", "Open the pull request")
	origin := pagesRepository(t)
	propose := func(page, gate string, answers ...[2]string) (*stage, int) {
		s := newStage(t)
		s.dir = clone(t, origin, "--depth=1")
		s.env = map[string]string{
			"GH_TOKEN": "secret", "REPO": "acme/skills", "OWNER": "acme", "INTO": "main", "GATE": gate, "RUN_URL": "https://ci.example/99", "GITHUB_SERVER_URL": "https://ci.example",
		}
		s.answers = append(answers, [2]string{"--input", ""}, [2]string{"state=open", "[]"})
		writeFile(t, filepath.Join(s.temp, "report", "report.md"), "### Skills\n\n"+strings.Repeat("✓", 70_000))
		writeFile(t, filepath.Join(s.temp, "refresh", "fetch.txt"), "changed </pre> @team <b>&\n"+strings.Repeat("x", 10_000))
		writeFile(t, filepath.Join(s.dir, "website", "acme.example", "start.md"), page)
		must(t, s.dir, "git", "add", "-A")
		return s, s.run(open)
	}
	type pull struct{ Title, Head, Base, Body string }
	sent := func(s *stage) (p pull) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.sent), &p); err != nil {
			t.Fatalf("%v: %s", err, s.transcript)
		}
		return p
	}

	s, exit := propose("one\n", "success")
	p := sent(s)
	if exit != 0 || p.Title != "Refresh the pages of websites" || p.Head != "skillgen/fetch" || p.Base != "main" {
		t.Errorf("exit %d, %s into %s: %s\n%s", exit, p.Head, p.Base, p.Title, s.transcript)
	}
	if n := utf8.RuneCountInString(p.Body); n > 65_536 || !strings.Contains(p.Body, "</details>\n\n### Skills\n\n✓✓") || !strings.Contains(p.Body, "\nchanged &lt;/pre&gt; &#64;team &lt;b&gt;&amp;\n") {
		t.Errorf("%d characters: %.1000s", n, p.Body)
	}
	if call := s.calls[len(s.calls)-1]; !strings.HasPrefix(call, "api --method POST repos/acme/skills/pulls ") {
		t.Error(call)
	}
	first := must(t, origin, "git", "rev-parse", "skillgen/fetch")
	if got := must(t, origin, "git", "show", "--format=%an %s", "--name-only", first); got != "github-actions[bot] Refresh the pages of websites\n\nwebsite/acme.example/start.md" {
		t.Errorf("pushed %s", got)
	}
	if one, two := must(t, origin, "git", "rev-parse", first+"^"), must(t, origin, "git", "rev-parse", "main"); one != two {
		t.Errorf("on top of %s, not of main", one)
	}
	for _, text := range append(s.calls, strings.ReplaceAll(s.transcript, "::add-mask::eC1hY2Nlc3MtdG9rZW46c2VjcmV0", "")) {
		if strings.Contains(text, "secret") || strings.Contains(text, "eC1hY2Nlc3MtdG9rZW46c2VjcmV0") {
			t.Errorf("the token shows in %s", text)
		}
	}

	// The next week: the same branch and the same pull request.
	s, exit = propose("two\n", "failure", [2]string{"head=acme:skillgen/fetch -f base=main", `[{"number": 12}]`})
	second := must(t, origin, "git", "rev-parse", "skillgen/fetch")
	if call := s.calls[len(s.calls)-1]; exit != 0 || !strings.HasPrefix(call, "api --method PATCH repos/acme/skills/pulls/12 ") || second == first {
		t.Errorf("exit %d, %s\n%s", exit, call, s.transcript)
	}
	if p := sent(s); p.Title != "Refresh the pages of websites: the gate was hit" || p.Head != "" || p.Base != "" {
		t.Errorf("%s, %s into %s", p.Title, p.Head, p.Base)
	}
	if one, two := must(t, origin, "git", "rev-parse", second+"^"), must(t, origin, "git", "rev-parse", "main"); one != two {
		t.Errorf("on top of %s, not of main", one)
	}

	// A person has added what they accept: nothing of theirs is lost.
	work := clone(t, origin, "--branch=skillgen/fetch")
	writeFile(t, filepath.Join(work, ".skillgen", "accept.yaml"), "[]\n")
	must(t, work, "git", "add", "-A")
	must(t, work, "git", "commit", "-q", "-m", "accept")
	must(t, work, "git", "push", "-q", "origin", "HEAD:skillgen/fetch")
	theirs := must(t, origin, "git", "rev-parse", "skillgen/fetch")
	s, exit = propose("three\n", "success")
	if now := must(t, origin, "git", "rev-parse", "skillgen/fetch"); exit == 0 || now != theirs || s.sent != "" || !strings.Contains(s.transcript, "somebody has worked on skillgen/fetch") {
		t.Errorf("exit %d, %s instead of %s\n%s", exit, now, theirs, s.transcript)
	}
}

// TestReleaseVersion: which tags are versions.
func TestReleaseVersion(t *testing.T) {
	t.Parallel()
	read := step(t, "release.yml", "build", "Read the version")
	for tag, want := range map[string]string{
		"v1.4.0": "1.4.0", "v0.2.0": "0.2.0", "v1.4.0-rc.1": "1.4.0-rc.1", "v1.4": "", "v01.4.0": "", "vite": "", "v1.4.0+x": "", "v1.4.0 x": "", "v1.4.0\nx=y": "", "v1.4.0;ls": "",
	} {
		s := newStage(t)
		s.env = map[string]string{"GITHUB_REF_NAME": tag}
		exit := s.run(read)
		if want == "" && (exit == 0 || s.out != "") || want != "" && (exit != 0 || s.out != "version="+want+"\n") {
			t.Errorf("%q: exit %d, %q", tag, exit, s.out)
		}
	}
}

// released is a folder as the build job hands it on: two binaries, a release of two skills, and dist.tar.
func released(t *testing.T, dir, text string) {
	t.Helper()
	dist := filepath.Join(t.TempDir(), "dist")
	writeFile(t, filepath.Join(dist, "skills", "acme-go", "SKILL.md"), text)
	writeFile(t, filepath.Join(dist, "skills", "acme-go", "scripts", "check.sh"), "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(dist, "skills", "acme-go", "scripts", "check.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dist, ".well-known", "agent-skills", "index.json"), "{}\n")
	writeFile(t, filepath.Join(dist, ".gitignore"), "*\n") // never obeyed
	must(t, dist, "sh", "-c", "find . -type f ! -name SHA256SUMS | sed 's,^./,,' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS")
	writeFile(t, filepath.Join(dir, "skillgen-linux-amd64"), "binary\n")
	writeFile(t, filepath.Join(dir, "skillgen-windows-amd64.exe"), "binary too\n")
	must(t, dir, "sh", "-c", "sha256sum skillgen-* >SHA256SUMS")
	writeFile(t, filepath.Join(dir, "acme-go.zip"), "zip\n")
	writeFile(t, filepath.Join(dir, "RELEASE_NOTES.md"), "# Acme 1.4.0\n")
	must(t, dist, "tar", "-cf", filepath.Join(dir, "dist.tar"), ".gitignore", ".well-known", "skills", "SHA256SUMS")
}

// TestReleaseSteps goes through the steps of a release with the real skillgen: what the build job hands on is published, and the branch is a release
// that `release --check` calls consistent.
func TestReleaseSteps(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	must(t, s.dir, "git", "init", "-q", "-b", "main")
	unpack(t, s.dir, actionProject)
	writeFile(t, filepath.Join(s.dir, "templates", "integrate", "scripts", "check.sh"), "#!/bin/sh\n")
	writeFile(t, filepath.Join(s.dir, ".gitignore"), "/build/\n/dist/*\n!/dist/.gitkeep\n")
	writeFile(t, filepath.Join(s.dir, "dist", ".gitkeep"), "")
	must(t, s.dir, "git", "add", "-A")
	must(t, s.dir, "git", "commit", "-q", "-m", "1")
	must(t, s.dir, "git", "tag", "v1.3.0")
	writeFile(t, filepath.Join(s.dir, "website", "start.md"), "# Start\n\nSet `ACME_KEY` first, then go.\n")
	must(t, s.dir, "git", "commit", "-q", "-am", "2")
	must(t, s.dir, "git", "tag", "v1.4.0")
	real := must(t, ".", "sh", "-c", "command -v skillgen")
	writeFile(t, filepath.Join(s.dir, "build", "skillgen-linux-amd64"), "#!/bin/sh\nexec "+real+" \"$@\"\n")
	must(t, filepath.Join(s.dir, "build"), "sh", "-c", "chmod +x skillgen-*; sha256sum skillgen-* >SHA256SUMS")
	s.env = map[string]string{"VERSION": "1.4.0", "GITHUB_REF_NAME": "v1.4.0"}
	if exit := s.run(step(t, "release.yml", "build", "Make the release")); exit != 0 {
		t.Fatalf("exit %d: %s", exit, s.transcript)
	}
	if !strings.Contains(s.transcript, "Acme 1.4.0: ") || !strings.Contains(s.transcript, "since 1.3.0") || !strings.Contains(s.transcript, "\nconsistent: ") {
		t.Errorf("not a release since the tag before:\n%s", s.transcript)
	}
	out := filepath.Join(s.temp, "release")
	if got := must(t, out, "ls"); got != "RELEASE_NOTES.md\nSHA256SUMS\nSHA256SUMS.skills\nacme-flask.tar.gz\nacme-flask.zip\ndist.tar\nrelease.json\nskillgen-linux-amd64" {
		t.Errorf("handed on:\n%s", got)
	}
	if got := must(t, out, "sh", "-c", "tar -tf dist.tar | LC_ALL=C sort | head -3; tar -tf dist.tar | grep -c 'gitkeep\\|[.]skillgen' || true"); got != ".claude-plugin/marketplace.json\n.well-known/agent-skills/index.json\n.well-known/skills/acme-flask/SKILL.md\n0" {
		t.Errorf("dist.tar holds\n%s", got)
	}

	s.env = map[string]string{"GH_TOKEN": "secret", "REPO": "acme/skills", "GITHUB_REF_NAME": "v1.4.0"}
	s.answers = [][2]string{{"release create", ""}, {"matching-refs/tags/v", `[{"ref": "refs/tags/v1.3.0"}, {"ref": "refs/tags/v1.4.0"}]`}}
	if exit := s.run(step(t, "release.yml", "publish", "Publish the release")); exit != 0 {
		t.Fatalf("exit %d: %s", exit, s.transcript)
	}
	if notes := must(t, s.temp, "cat", "notes.md"); !strings.HasPrefix(notes, "# Acme skills `1.4.0`\n") {
		t.Errorf("notes:\n%s", notes)
	}
	server := t.TempDir()
	must(t, server, "git", "init", "-q", "--bare", "acme/skills")
	s.env["GITHUB_SERVER_URL"] = "file://" + server
	if exit := s.run(step(t, "release.yml", "publish", "Push dist/ to the branch of skills")); exit != 0 {
		t.Fatalf("exit %d: %s", exit, s.transcript)
	}
	consumer := t.TempDir()
	must(t, server, "sh", "-c", "git -C acme/skills archive skills | tar -x -C "+consumer)
	sums, _, _ := strings.Cut(must(t, out, "sha256sum", "SHA256SUMS.skills"), " ")
	if got := must(t, consumer, real, "release", "--check", ".", "--expect", "sha256:"+sums); !strings.HasPrefix(got, "authentic: Acme 1.4.0") && !strings.Contains(got, "\nauthentic") {
		t.Errorf("the branch is no release: %s", got)
	}
	if got := must(t, consumer, "sh", "-c", "find . -name check.sh -perm -100"); got == "" {
		t.Error("the script can't be run")
	}
}

// TestPublish: the GitHub release, with notes that say how to use it in CI.
func TestPublish(t *testing.T) {
	t.Parallel()
	publish := step(t, "release.yml", "publish", "Publish the release")
	for tag, kind := range map[string]string{"v1.4.0": "", "v1.4.0-rc.1": "--prerelease "} {
		s := newStage(t)
		s.env = map[string]string{"GH_TOKEN": "secret", "REPO": "acme/skillgen", "GITHUB_REF_NAME": tag}
		s.answers = [][2]string{{"release create", ""}}
		dir := filepath.Join(s.temp, "release")
		writeFile(t, filepath.Join(dir, "SHA256SUMS.skills"), "")
		released(t, dir, "skill\n")
		if exit := s.run(publish); exit != 0 {
			t.Fatalf("%s: exit %d: %s", tag, exit, s.transcript)
		}
		want := "release create " + tag + " --repo acme/skillgen --verify-tag --title " + tag + " --notes-file ../notes.md " + kind + "-- SHA256SUMS SHA256SUMS.skills acme-go.zip skillgen-linux-amd64 skillgen-windows-amd64.exe"
		if len(s.calls) != 1 || s.calls[0] != want {
			t.Errorf("gh %q\nwant %q", s.calls, want)
		}
		sum, _, _ := strings.Cut(must(t, dir, "sha256sum", "SHA256SUMS"), " ")
		if got := must(t, s.temp, "cat", "notes.md"); got != "# Acme 1.4.0\n\n## In CI\n\n    with: {version: "+tag[1:]+", checksum: \"sha256:"+sum+"\"}" {
			t.Errorf("notes:\n%s", got)
		}
	}
	s := newStage(t)
	s.env = map[string]string{"GH_TOKEN": "secret", "REPO": "acme/skillgen", "GITHUB_REF_NAME": "v1.4.0"}
	s.answers = [][2]string{{"release create", ""}}
	dir := filepath.Join(s.temp, "release")
	released(t, dir, "skill\n")
	writeFile(t, filepath.Join(dir, "RELEASE_NOTES.md"), strings.Repeat("- a change ✓\n", 20_000))
	if exit := s.run(publish); exit != 0 {
		t.Fatalf("exit %d: %s", exit, s.transcript)
	}
	if notes := must(t, s.temp, "cat", "notes.md"); len(notes) > 125_000 || !strings.Contains(notes, "✓\n\n(Cut here. ") || !strings.Contains(notes, "checksum: \"sha256:") {
		t.Errorf("%d bytes of notes: … %s", len(notes), notes[max(0, len(notes)-500):])
	}
	s = newStage(t)
	s.env = map[string]string{"GH_TOKEN": "secret", "REPO": "acme/skillgen", "GITHUB_REF_NAME": "v1.4.0"}
	s.answers = [][2]string{{"release create", ""}}
	dir = filepath.Join(s.temp, "release")
	released(t, dir, "skill\n")
	writeFile(t, filepath.Join(dir, "skillgen-linux-amd64"), "another\n")
	if exit := s.run(publish); exit == 0 || s.calls[0] != "" {
		t.Errorf("a binary that was changed is published: %s", s.transcript)
	}
}

// TestPushSkills: the branch that consumers are pointed at holds the content of dist/, and only ever gets newer.
func TestPushSkills(t *testing.T) {
	t.Parallel()
	push := step(t, "release.yml", "publish", "Push dist/ to the branch of skills")
	server := t.TempDir()
	origin := filepath.Join(server, "acme", "skills")
	must(t, server, "git", "init", "-q", "--bare", origin)
	tags := `[{"ref": "refs/tags/v1.9.0"}, {"ref": "refs/tags/v1.10.0"}, {"ref": "refs/tags/v2.0.0-rc.1"}, {"ref": "refs/tags/vite"}]`
	pushed := func(tag, text string) (*stage, int) {
		s := newStage(t)
		s.env = map[string]string{"GH_TOKEN": "secret", "REPO": "acme/skills", "GITHUB_REF_NAME": tag, "GITHUB_SERVER_URL": "file://" + server}
		s.answers = [][2]string{{"matching-refs/tags/v", tags}}
		dir := filepath.Join(s.temp, "release")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		released(t, dir, text)
		must(t, dir, "mv", "dist.tar", "..")
		return s, s.run(push)
	}
	if s, exit := pushed("v1.10.0", "one\n"); exit != 0 {
		t.Fatalf("exit %d: %s", exit, s.transcript)
	}
	first := must(t, origin, "git", "rev-parse", "skills")
	want := "100644 .gitignore\n100644 .well-known/agent-skills/index.json\n100644 SHA256SUMS\n100644 skills/acme-go/SKILL.md\n100755 skills/acme-go/scripts/check.sh"
	if got := must(t, origin, "sh", "-c", "git ls-tree -r skills | awk '{ print $1, $4 }'"); got != want {
		t.Errorf("the branch holds\n%s", got)
	}
	if got := must(t, origin, "git", "log", "--format=%an %s", "skills"); got != "github-actions[bot] Skills v1.10.0" {
		t.Errorf("log:\n%s", got)
	}
	// An older line and a pre-release leave it alone.
	for _, tag := range []string{"v1.9.0", "v2.0.0-rc.1"} {
		s, exit := pushed(tag, "two\n")
		if now := must(t, origin, "git", "rev-parse", "skills"); exit != 0 || now != first || !strings.Contains(s.transcript, "stays as it is") {
			t.Errorf("%s: exit %d, %s instead of %s: %s", tag, exit, now, first, s.transcript)
		}
	}
	tags = `[{"ref": "refs/tags/v1.10.0"}][{"ref": "refs/tags/v1.11.0"}]`
	if s, exit := pushed("v1.11.0", "three\n"); exit != 0 {
		t.Fatalf("exit %d: %s", exit, s.transcript)
	}
	if got := must(t, origin, "git", "log", "--format=%s", "skills"); got != "Skills v1.11.0\nSkills v1.10.0" {
		t.Errorf("log:\n%s", got)
	}
	if got := must(t, origin, "git", "show", "skills:skills/acme-go/SKILL.md"); got != "three" {
		t.Errorf("the branch holds %s", got)
	}
}
