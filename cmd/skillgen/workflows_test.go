package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rhysd/actionlint"
	"github.com/spf13/cobra"
	"mvdan.cc/sh/v3/syntax"
)

// What SECURITY.md says of workflows is asserted here clause by clause, on those of this repository and on its action, which are the ones that
// others copy. Each clause is shown to bite by files that break it.

const (
	actionFile     = "action.yml"
	workflowFolder = ".github/workflows/"
)

// workflow is what the clauses look at in a workflow.
type workflow struct {
	Name        string
	On          any
	Permissions any
	Concurrency any
	Defaults    struct{ Run struct{ Shell string } }
	Env         map[string]any
	Jobs        map[string]workflowJob
}

type workflowJob struct {
	Needs       any
	If          any
	RunsOn      string `yaml:"runs-on"`
	Timeout     int    `yaml:"timeout-minutes"`
	Permissions any
	Environment any
	Env         map[string]any
	Outputs     map[string]string
	Uses        string
	Secrets     any
	Steps       []workflowStep
}

type workflowStep struct {
	Name, ID, If, Uses, Run, Shell string
	Env, With                      map[string]any
	WorkingDirectory               string `yaml:"working-directory"`
	ContinueOnError                any    `yaml:"continue-on-error"`
}

// composite is action.yml.
type composite struct {
	Inputs map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []workflowStep
	}
}

// ciFiles are the workflows of a repository, by name, and its action.
type ciFiles struct {
	text      map[string]string // by path from the top
	workflows map[string]*workflow
	action    composite
}

// readCI reads those of this repository.
func readCI(tb testing.TB) map[string]string {
	tb.Helper()
	paths, err := filepath.Glob("../../" + workflowFolder + "*")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no workflows: %v", err)
	}
	text := map[string]string{}
	for _, p := range append(paths, "../../"+actionFile) {
		data, err := os.ReadFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		text[strings.TrimPrefix(filepath.ToSlash(p), "../../")] = string(data)
	}
	return text
}

func parseCI(text map[string]string) (*ciFiles, error) {
	ci := &ciFiles{text: text, workflows: map[string]*workflow{}}
	for path, t := range text {
		into := any(&ci.action)
		if name, ok := strings.CutPrefix(path, workflowFolder); ok {
			w := &workflow{}
			ci.workflows[name], into = w, w
		}
		if err := yaml.Unmarshal([]byte(t), into); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return ci, nil
}

// triggers are the events that start a workflow.
func (w *workflow) triggers() []string {
	switch on := w.On.(type) {
	case string:
		return []string{on}
	case []any:
		var names []string
		for _, e := range on {
			names = append(names, fmt.Sprint(e))
		}
		return names
	case map[string]any:
		return slices.Sorted(maps.Keys(on))
	}
	return nil
}

// event is what a workflow says of one of its triggers.
func (w *workflow) event(name string) map[string]any {
	on, _ := w.On.(map[string]any)
	event, _ := on[name].(map[string]any)
	return event
}

// permissionsOf are those that a map names; ok is false for anything else than a map, such as write-all.
func permissionsOf(v any) (map[string]string, bool) {
	m, ok := v.(map[string]any)
	all := map[string]string{}
	for k, v := range m {
		all[k] = fmt.Sprint(v)
	}
	return all, ok
}

// writes lists the permissions of a job to write.
func (j workflowJob) writes() []string {
	var all []string
	permissions, ok := permissionsOf(j.Permissions)
	if !ok {
		return []string{fmt.Sprint(j.Permissions)}
	}
	for name, level := range permissions {
		if level != "read" && level != "none" {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// faultsOf collects what a clause finds.
type faultsOf struct{ all []string }

func (f *faultsOf) add(where, format string, args ...any) {
	f.all = append(f.all, where+": "+fmt.Sprintf(format, args...))
}

// eachJob calls do for every job, in a fixed order.
func (ci *ciFiles) eachJob(do func(where string, w *workflow, j workflowJob)) {
	for _, name := range slices.Sorted(maps.Keys(ci.workflows)) {
		w := ci.workflows[name]
		for _, id := range slices.Sorted(maps.Keys(w.Jobs)) {
			do(name+": "+id, w, w.Jobs[id])
		}
	}
}

// eachStep calls do for every step, those of the action with an empty job.
func (ci *ciFiles) eachStep(do func(where string, j workflowJob, s workflowStep)) {
	ci.eachJob(func(where string, _ *workflow, j workflowJob) {
		for i, s := range j.Steps {
			do(fmt.Sprintf("%s: step %d", where, i+1), j, s)
		}
	})
	for i, s := range ci.action.Runs.Steps {
		do(fmt.Sprintf("%s: step %d", actionFile, i+1), workflowJob{}, s)
	}
}

// A clause is one thing that SECURITY.md, Workflows, asks for.
type ciClause struct {
	id    string
	check func(*ciFiles, *faultsOf)
}

var ciClauses = []ciClause{
	{"no-target", checkNoTarget},
	{"permissions", checkPermissions},
	{"pull-request", checkPullRequest},
	{"report", checkReported},
	{"comment", checkComment},
	{"pinned", checkPinned},
	{"credentials", checkCredentials},
	{"no-expression", checkNoExpression},
	{"weekly", checkWeekly},
	{"writers", checkWriters},
	{"attest", checkAttest},
	{"secrets", checkSecrets},
	{"bounds", checkBounds},
}

func checkNoTarget(ci *ciFiles, f *faultsOf) {
	for name, w := range ci.workflows {
		if slices.Contains(w.triggers(), "pull_request_target") {
			f.add(name, "pull_request_target runs a stranger's change with this repository's rights")
		}
	}
}

// checkPermissions: nothing by default, and every job says what it needs.
func checkPermissions(ci *ciFiles, f *faultsOf) {
	for name, w := range ci.workflows {
		if p, ok := permissionsOf(w.Permissions); !ok || len(p) > 0 {
			f.add(name, "permissions must be {}")
		}
	}
	ci.eachJob(func(where string, _ *workflow, j workflowJob) {
		if p, ok := permissionsOf(j.Permissions); !ok || len(p) == 0 {
			f.add(where, "the job names no permissions")
		}
	})
}

// checkPullRequest: pull_request: `contents: read`, no secrets.
func checkPullRequest(ci *ciFiles, f *faultsOf) {
	ci.eachJob(func(where string, w *workflow, j workflowJob) {
		if !slices.Contains(w.triggers(), "pull_request") {
			return
		}
		if p, ok := permissionsOf(j.Permissions); !ok || len(p) != 1 || p["contents"] != "read" {
			f.add(where, "a pull request may read the contents, and no more; it has %v", j.Permissions)
		}
		if j.Environment != nil {
			f.add(where, "an environment can hold secrets")
		}
	})
	if !slices.ContainsFunc(slices.Collect(maps.Values(ci.workflows)), func(w *workflow) bool { return slices.Contains(w.triggers(), "pull_request") }) {
		f.add("workflows", "none is for pull requests")
	}
}

// checkReported: the report is an artifact and the job's summary, also where the gate was hit.
func checkReported(ci *ciFiles, f *faultsOf) {
	upload := slices.IndexFunc(ci.action.Runs.Steps, func(s workflowStep) bool { return strings.HasPrefix(s.Uses, "actions/upload-artifact@") })
	diff := slices.IndexFunc(ci.action.Runs.Steps, func(s workflowStep) bool { return strings.Contains(s.Run, " diff ") })
	switch {
	case upload < 0 || !strings.Contains(ci.action.Runs.Steps[upload].If, "always()"):
		f.add(actionFile, "the report is not always kept as an artifact")
	case diff < 0 || diff > upload || !strings.Contains(ci.action.Runs.Steps[diff].Run, `>>"$GITHUB_STEP_SUMMARY"`):
		f.add(actionFile, "the report is no summary")
	case !strings.Contains(ci.action.Runs.Steps[diff].Run, "--format github"):
		f.add(actionFile, "there are no annotations")
	}
	reviews := 0
	ci.eachJob(func(_ string, w *workflow, j workflowJob) {
		for _, s := range j.Steps {
			if slices.Contains(w.triggers(), "pull_request") && s.Uses == "./" && s.ContinueOnError == nil {
				reviews++
			}
		}
	})
	if reviews != 1 {
		f.add("workflows", "%d steps review a pull request", reviews)
	}
}

// calls lists the commands that a script runs, wherever they stand in it: their words, as far as those are written out. A word that only the
// shell knows is empty. What the script defines as a function is left out.
func calls(script string) ([][]string, error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		return nil, err
	}
	functions := map[string]bool{}
	var all [][]string
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FuncDecl:
			functions[n.Name.Value] = true
		case *syntax.CallExpr:
			var words []string
			for _, w := range n.Args {
				words = append(words, w.Lit())
			}
			if len(words) > 0 {
				all = append(all, words)
			}
		}
		return true
	})
	return slices.DeleteFunc(all, func(words []string) bool { return functions[words[0]] }), nil
}

// plain are commands that run no file: what jobs may use that have rights. Of git and gh the subcommand counts, too.
var plain = strings.Fields(`[ awk base64 cat cd cut echo exit grep head jq mkdir mv printf read set sha256sum sort tail tar tr true unzip wc
	gh:api gh:release git:add git:apply git:commit-tree git:diff-index git:fetch git:init git:ls-remote git:push git:remote git:show git:write-tree`)

// checkCalls: the script runs nothing but the commands allowed.
func checkCalls(f *faultsOf, where, script string, allowed []string) {
	all, err := calls(script)
	if err != nil {
		f.add(where, "%v", err)
	}
	for _, words := range all {
		name := words[0]
		if (name == "git" || name == "gh") && len(words) > 1 {
			name += ":" + words[1]
		}
		if !slices.Contains(allowed, name) {
			f.add(where, "has rights, and runs %q", words)
		}
	}
}

// runs reports whether a script runs a command that begins with these words.
func runs(script string, words ...string) bool {
	all, _ := calls(script)
	return slices.ContainsFunc(all, func(call []string) bool { return len(call) >= len(words) && slices.Equal(call[:len(words)], words) })
}

// checkComment: a second workflow on workflow_run posts the report: no checkout, no repository code, pull request by head SHA, own comment by
// author and marker. How the script does the last two is shown by running it.
func checkComment(ci *ciFiles, f *faultsOf) {
	found := 0
	ci.eachJob(func(where string, w *workflow, j workflowJob) {
		if !slices.Contains(w.triggers(), "workflow_run") {
			return
		}
		found++
		if len(w.triggers()) != 1 {
			f.add(where, "starts on more than workflow_run")
		}
		named, _ := w.event("workflow_run")["workflows"].([]any)
		for _, n := range named {
			if !slices.ContainsFunc(slices.Collect(maps.Values(ci.workflows)), func(o *workflow) bool { return o.Name == n && slices.Contains(o.triggers(), "pull_request") }) {
				f.add(where, "there is no workflow %v for pull requests", n)
			}
		}
		if len(named) == 0 || !strings.Contains(fmt.Sprint(j.If), "github.event.workflow_run.event == 'pull_request'") {
			f.add(where, "posts for more than pull requests")
		}
		if p, _ := permissionsOf(j.Permissions); !maps.Equal(p, map[string]string{"actions": "read", "pull-requests": "write"}) {
			f.add(where, "may do more than read an artifact and write a comment: %v", j.Permissions)
		}
		for _, s := range j.Steps {
			if s.Uses != "" {
				f.add(where, "uses %s", s.Uses)
			}
			checkCalls(f, where, s.Run, slices.DeleteFunc(slices.Clone(plain), func(name string) bool { return strings.HasPrefix(name, "git:") || name == "gh:release" }))
			if s.Env["HEAD_SHA"] != "${{ github.event.workflow_run.head_sha }}" || !strings.Contains(s.Run, ".head.sha == env.HEAD_SHA") {
				f.add(where, "the pull request is not found by the head commit that GitHub names")
			}
		}
	})
	if found != 1 {
		f.add("workflows", "%d jobs post a comment", found)
	}
}

var (
	usesLine = regexp.MustCompile(`(?m)^\s*-?\s*uses:\s*(.*)$`)
	pinned   = regexp.MustCompile(`^([\w.-]+/[\w./-]+)@([0-9a-f]{40}) # v(\d+\.\d+\.\d+)$`)
)

// checkPinned: every `uses:` is a full commit SHA, with the version for people; one version of each. `./` is the commit that was checked out.
func checkPinned(ci *ciFiles, f *faultsOf) {
	versions := map[string]string{}
	lines, parsed := 0, 0
	for _, path := range slices.Sorted(maps.Keys(ci.text)) {
		for _, m := range usesLine.FindAllStringSubmatch(ci.text[path], -1) {
			lines++
			if m[1] == "./" {
				continue
			}
			p := pinned.FindStringSubmatch(m[1])
			if p == nil {
				f.add(path, "%s is no full hash with its version", m[1])
				continue
			}
			if old := cmp.Or(versions[p[1]], p[2]+p[3]); old != p[2]+p[3] {
				f.add(path, "%s has two versions", p[1])
			}
			versions[p[1]] = p[2] + p[3]
		}
	}
	ci.eachStep(func(_ string, _ workflowJob, s workflowStep) {
		if s.Uses != "" {
			parsed++
		}
	})
	ci.eachJob(func(where string, _ *workflow, j workflowJob) {
		if j.Uses != "" {
			f.add(where, "calls another workflow")
		}
	})
	if lines != parsed {
		f.add("workflows", "%d lines with uses, and %d steps", lines, parsed)
	}
}

// checkCredentials: persist-credentials: false.
func checkCredentials(ci *ciFiles, f *faultsOf) {
	checkouts := 0
	ci.eachStep(func(where string, _ workflowJob, s workflowStep) {
		if strings.HasPrefix(s.Uses, "actions/checkout@") {
			checkouts++
			if s.With["persist-credentials"] != false {
				f.add(where, "the checkout keeps the token on disk")
			}
			if s.With["ref"] != nil || s.With["repository"] != nil {
				f.add(where, "checks out something else than the commit of the event")
			}
		}
	})
	if checkouts == 0 {
		f.add("workflows", "nothing is checked out")
	}
}

// checkNoExpression: no `${{ }}` inside `run:`, whose values would be read as shell.
func checkNoExpression(ci *ciFiles, f *faultsOf) {
	ci.eachStep(func(where string, _ workflowJob, s workflowStep) {
		for what, text := range map[string]string{"run": s.Run, "shell": s.Shell, "working-directory": s.WorkingDirectory} {
			if strings.Contains(text, "${{") {
				f.add(where, "an expression inside %s", what)
			}
		}
		if _, ok := s.With["script"]; ok {
			f.add(where, "a script outside run")
		}
	})
}

// checkWeekly: a read-only job fetches, builds, checks, compares and fails on its gate; a write job applies the patch.
func checkWeekly(ci *ciFiles, f *faultsOf) {
	found := 0
	ci.eachJob(func(where string, w *workflow, j workflowJob) {
		if !slices.Contains(w.triggers(), "schedule") {
			return
		}
		fetch := slices.IndexFunc(j.Steps, func(s workflowStep) bool { return runs(s.Run, "./skillgen", "fetch") })
		review := slices.IndexFunc(j.Steps, func(s workflowStep) bool { return s.Uses == "./" })
		if len(j.writes()) == 0 {
			found++
			if fetch < 0 || review < fetch || j.Steps[review].ContinueOnError != nil || j.Steps[review].With["base"] != "${{ github.sha }}" {
				f.add(where, "does not fetch and then fail on its gate")
			}
			return
		}
		if fetch >= 0 || review >= 0 {
			f.add(where, "what may write fetches or builds")
		}
		var apply, push int
		for i, s := range j.Steps {
			if runs(s.Run, "git", "apply") {
				apply = i
				if !runs(s.Run, "git", "apply", "--cached") || !regexp.MustCompile(`\bcase \$path in\s+website/\*\.md \| skillgen\.lock\) ;;\s+\*\) refuse `).MatchString(s.Run) {
					f.add(where, "the patch is not limited to pages and the lock")
				}
			}
			if runs(s.Run, "git", "push") {
				push = i
			}
		}
		if fmt.Sprint(j.Needs) != "fetch" || apply == 0 || push <= apply || strings.Contains(fmt.Sprint(j.If), "always()") {
			f.add(where, "does not check the patch of the job that reads before it pushes")
		}
	})
	if found != 1 {
		f.add("workflows", "%d jobs fetch every week", found)
	}
}

// checkWriters: a job that may write runs nothing that the repository holds, and uses no action but those that bring files.
func checkWriters(ci *ciFiles, f *faultsOf) {
	ci.eachJob(func(where string, w *workflow, j workflowJob) {
		if len(j.writes()) == 0 {
			return
		}
		for _, s := range j.Steps {
			action, _, _ := strings.Cut(s.Uses, "@")
			if !slices.Contains([]string{"", "actions/checkout", "actions/download-artifact", "actions/attest-build-provenance"}, action) {
				f.add(where, "may write, and uses %s", s.Uses)
			}
			checkCalls(f, where, s.Run, plain)
		}
	})
}

// checkAttest: the tag job alone may attest SHA256SUMS, and does nothing else.
func checkAttest(ci *ciFiles, f *faultsOf) {
	found := 0
	ci.eachJob(func(where string, w *workflow, j workflowJob) {
		attests := slices.Contains(j.writes(), "id-token") || slices.Contains(j.writes(), "attestations")
		for _, s := range j.Steps {
			attests = attests || strings.Contains(s.Uses, "attest")
		}
		if !attests {
			return
		}
		found++
		push := w.event("push")
		if !slices.Equal(w.triggers(), []string{"push"}) || len(push) != 1 || push["tags"] == nil {
			f.add(where, "signs without a tag")
		}
		if !slices.Equal(j.writes(), []string{"attestations", "id-token"}) {
			f.add(where, "may do more than sign: %v", j.writes())
		}
		for _, s := range j.Steps {
			if action, _, _ := strings.Cut(s.Uses, "@"); s.Run != "" || action != "actions/download-artifact" && action != "actions/attest-build-provenance" {
				f.add(where, "does more than sign: %s%s", s.Uses, s.Run)
			}
			subject := strings.Fields(fmt.Sprint(cmp.Or(s.With["subject-path"], any(""))))
			if strings.Contains(s.Uses, "attest") && !slices.Equal(subject, []string{"release/SHA256SUMS", "release/SHA256SUMS.skills"}) {
				f.add(where, "signs something else than checksums: %v", subject)
			}
		}
	})
	if found != 1 {
		f.add("workflows", "%d jobs sign", found)
	}
}

// checkSecrets: the token of the run is enough; no file names another secret, or hands on those of its caller.
func checkSecrets(ci *ciFiles, f *faultsOf) {
	for path, text := range ci.text {
		if m := regexp.MustCompile(`\bsecrets\s*(\.|\[|:)`).FindString(text); m != "" {
			f.add(path, "names a secret: %q", m)
		}
	}
}

// checkBounds: no job runs for ever, twice at once, or on whatever image is newest; a failed command in a pipe fails its step.
func checkBounds(ci *ciFiles, f *faultsOf) {
	for name, w := range ci.workflows {
		if m, ok := w.Concurrency.(map[string]any); !ok || m["group"] == nil || m["cancel-in-progress"] == nil {
			f.add(name, "no concurrency group")
		}
		if w.Defaults.Run.Shell != "bash" {
			f.add(name, "without `shell: bash` a failure in a pipe passes")
		}
	}
	ci.eachJob(func(where string, _ *workflow, j workflowJob) {
		if j.Timeout == 0 || j.Timeout > 60 {
			f.add(where, "no timeout, or a long one: %d minutes", j.Timeout)
		}
		if !regexp.MustCompile(`^[a-z]+-\d+(\.\d+)?$`).MatchString(j.RunsOn) {
			f.add(where, "runs on %s, which changes", j.RunsOn)
		}
	})
	ci.eachStep(func(where string, j workflowJob, s workflowStep) {
		if s.Run != "" && (j.Timeout == 0 && s.Shell != "bash" || j.Timeout > 0 && s.Shell != "") {
			f.add(where, "has a shell of its own: %q", s.Shell)
		}
	})
}

// broken returns the clauses that files break, and what they say.
func broken(t *testing.T, text map[string]string) (ids, faults []string) {
	t.Helper()
	ci, err := parseCI(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range ciClauses {
		var f faultsOf
		c.check(ci, &f)
		slices.Sort(f.all)
		for _, fault := range f.all {
			faults = append(faults, c.id+": "+fault)
		}
		if len(f.all) > 0 {
			ids = append(ids, c.id)
		}
	}
	return ids, faults
}

func TestWorkflows(t *testing.T) {
	if _, faults := broken(t, readCI(t)); len(faults) > 0 {
		t.Error(strings.Join(faults, "\n"))
	}
}

// TestWorkflowsBroken breaks the files, one clause at a time: old becomes new in one of them, and exactly the clauses named must say so.
func TestWorkflowsBroken(t *testing.T) {
	checkout := "      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2\n        with:\n          persist-credentials: false\n"
	shown := map[string]bool{}
	for _, c := range []struct{ what, file, old, new, clauses string }{
		{"a pull request with rights", "pull-request.yml", "  pull_request:\n", "  pull_request_target:\n", "no-target report comment"},
		{"a pull request with rights, as a list", "ci.yml", "  pull_request:\n", "  pull_request:\n  pull_request_target:\n", "no-target"},
		{"a pull request that may write", "pull-request.yml", "contents: read", "contents: write", "pull-request writers"},
		{"a pull request that may comment", "pull-request.yml", "contents: read", "contents: read\n      pull-requests: write", "pull-request writers"},
		{"a pull request with a secret", "pull-request.yml", "binary: ./skillgen", "binary: ./skillgen\n          token: ${{ secrets.DOCS_TOKEN }}", "secrets"},
		{"a pull request in an environment", "pull-request.yml", "    runs-on:", "    environment: docs\n    runs-on:", "pull-request"},
		{"a pull request that nobody reviews", "pull-request.yml", "uses: ./", "uses: " + strings.TrimPrefix(strings.SplitN(checkout, "\n", 2)[0], "      - uses: ") + "\n        env: {A: b}", "report credentials"},
		{"a gate that does not fail", "pull-request.yml", "        uses: ./", "        continue-on-error: true\n        uses: ./", "report"},
		{"rights by default", "comment.yml", "permissions: {}", "permissions: read-all", "permissions"},
		{"no rights named at the top", "fetch.yml", "permissions: {}\n", "", "permissions"},
		{"all rights", "release.yml", "    permissions:\n      contents: read\n", "    permissions: write-all\n", "permissions writers"},
		{"a tag", "ci.yml", "actions/setup-go@7a3fe6cf4cb3a834922a1244abfce67bcef6a0c5 # v6.2.0", "actions/setup-go@v6", "pinned"},
		{"a short hash", "action.yml", "upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f", "upload-artifact@b7c566a", "pinned"},
		{"a hash without its version", "fetch.yml", " # v7.0.0", "", "pinned"},
		{"two versions", "ci.yml", "7a3fe6cf4cb3a834922a1244abfce67bcef6a0c5 # v6.2.0", "924ae3a1cded613372ab5595356fb5720e22ba16 # v6.5.0", "pinned"},
		{"an action from a branch of this repository", "pull-request.yml", "uses: ./", "uses: OWNER/skillgen@main", "report pinned"},
		{"a token left on disk", "pull-request.yml", "          persist-credentials: false\n", "          fetch-depth: 1\n", "credentials"},
		{"a token kept on purpose", "fetch.yml", "persist-credentials: false", "persist-credentials: true", "credentials"},
		{"the author's commit instead of the merge", "pull-request.yml", "persist-credentials: false", "persist-credentials: false\n          ref: ${{ github.head_ref }}", "credentials"},
		{"a title as shell", "pull-request.yml", "run: make binary", `run: 'make binary # ${{ github.event.pull_request.title }}'`, "no-expression"},
		{"an input as shell", "action.yml", `refuse "binary names no file"`, `refuse "${{ inputs.binary }} is no file"`, "no-expression"},
		{"a checkout beside the token", "comment.yml", "    steps:\n", "    steps:\n" + checkout, "comment"},
		{"code of the repository beside the token", "comment.yml", `          cd "$RUNNER_TEMP"`, "          .ci/comment", "comment writers"},
		{"a clone beside the token", "comment.yml", `          cd "$RUNNER_TEMP"`, `          gh repo clone "$REPO" .`, "comment writers"},
		{"a comment after any run", "comment.yml", "github.event.workflow_run.event == 'pull_request' && ", "", "comment"},
		{"a comment after another workflow", "comment.yml", "workflows: [Skills]", "workflows: [Fetch]", "comment"},
		{"a comment that may push", "comment.yml", "actions: read", "contents: write", "comment"},
		{"a pull request that the artifact names", "comment.yml", "${{ github.event.workflow_run.head_sha }}", "${{ github.sha }}", "comment"},
		{"what fetches may write", "fetch.yml", "    timeout-minutes: 60\n    permissions:\n      contents: read\n", "    timeout-minutes: 60\n    permissions:\n      contents: write\n", "weekly writers"},
		{"what may write builds", "fetch.yml", "      # Into the index alone", "      - uses: ./\n      # Into the index alone", "weekly writers"},
		{"a gate without a base", "fetch.yml", "base: ${{ github.sha }}", "base: HEAD", "weekly"},
		{"a weekly gate that does not fail", "fetch.yml", "        id: review\n", "        id: review\n        continue-on-error: true\n", "weekly"},
		{"a patch of anything", "fetch.yml", "website/*.md | skillgen.lock) ;;", "*) ;;", "weekly"},
		{"a patch of workflows", "fetch.yml", "website/*.md | skillgen.lock) ;;", "website/*.md | .github/* | skillgen.lock) ;;", "weekly"},
		{"a patch on disk", "fetch.yml", "git apply --cached", "git apply --index", "weekly"},
		{"a publisher that builds", "release.yml", `          sha256sum --check --quiet SHA256SUMS
          {`, `          make dist
          {`, "writers"},
		{"a publisher that signs", "release.yml", "    permissions:\n      contents: write\n", "    permissions:\n      contents: write\n      id-token: write\n", "attest"},
		{"a builder that signs", "release.yml", "    permissions:\n      contents: read\n", "    permissions:\n      contents: read\n      id-token: write\n", "writers attest"},
		{"signing on a branch", "release.yml", `tags: ["v*"]`, `branches: [main]`, "attest"},
		{"signing on a tag or a branch", "release.yml", `tags: ["v*"]`, "tags: [\"v*\"]\n    branches: [main]", "attest"},
		{"signing by hand", "release.yml", "on:\n", "on:\n  workflow_dispatch:\n", "attest"},
		{"signing more", "release.yml", "            release/SHA256SUMS\n", "            release/*\n", "attest"},
		{"signing what was built here", "release.yml", "      attestations: write\n    steps:\n", "      attestations: write\n    steps:\n      - run: echo >release/SHA256SUMS\n", "attest"},
		{"nothing signed", "release.yml", "    permissions:\n      id-token: write\n      attestations: write\n    steps:", "    permissions:\n      contents: read\n    if: false\n    steps: []\n    was:", "pinned attest"},
		{"an inherited secret", "ci.yml", "      - run: .ci/run", "      - run: .ci/run\n        env: {A: \"${{ secrets['A'] }}\"}", "secrets"},
		{"no timeout", "comment.yml", "    timeout-minutes: 5\n", "", "bounds"},
		{"whatever image is newest", "fetch.yml", "ubuntu-24.04", "ubuntu-latest", "bounds"},
		{"a runner of one's own", "pull-request.yml", "ubuntu-24.04", "self-hosted", "bounds"},
		{"two at once", "release.yml", "concurrency:\n  group: release\n  cancel-in-progress: false\n", "", "bounds"},
		{"pipes that hide failures", "release.yml", "defaults:\n  run:\n    shell: bash\n", "", "bounds"},
		{"a report that a red gate loses", "action.yml", "if: always() && ", "if: ", "report"},
		{"no summary", "action.yml", `cat "$report/report.md" >>"$GITHUB_STEP_SUMMARY"`, "true", "report"},
	} {
		text := readCI(t)
		path := workflowFolder + c.file
		if c.file == actionFile {
			path = actionFile
		}
		changed := strings.Replace(text[path], c.old, c.new, 1)
		if changed == text[path] {
			t.Errorf("%s: %s does not hold %q", c.what, c.file, c.old)
			continue
		}
		text[path] = changed
		ids, faults := broken(t, text)
		if got := strings.Join(ids, " "); got != c.clauses {
			t.Errorf("%s: breaks %q, want %q\n%s", c.what, got, c.clauses, strings.Join(faults, "\n"))
		}
		for _, id := range ids {
			shown[id] = true
		}
	}
	for _, c := range ciClauses {
		if !shown[c.id] {
			t.Errorf("nothing shows that clause %s bites", c.id)
		}
	}
}

// lint is what actionlint says of the workflows below dir.
func lint(t *testing.T, dir string) string {
	t.Helper()
	var out bytes.Buffer
	linter, err := actionlint.NewLinter(&out, &actionlint.LinterOptions{Shellcheck: "shellcheck", LogWriter: io.Discard, WorkingDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	project, err := actionlint.NewProject(dir)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, workflowFolder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	faults, err := linter.LintFiles(paths, project)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d workflows: %v", len(paths), err)
	}
	if (len(faults) > 0) != (out.Len() > 0) {
		t.Fatalf("%d faults, and actionlint says %q", len(faults), out.String())
	}
	return out.String()
}

// TestActionlint runs actionlint on all workflows, with shellcheck where it is installed.
func TestActionlint(t *testing.T) {
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if got := lint(t, top); got != "" {
		t.Error(got)
	}
	// actionlint leaves out the scripts of actions: those of ours, as if they stood in a workflow.
	ci, err := parseCI(readCI(t))
	if err != nil {
		t.Fatal(err)
	}
	scripts := "on: push\njobs:\n  action:\n    runs-on: ubuntu-24.04\n    steps:\n"
	for _, s := range ci.action.Runs.Steps {
		if s.Run != "" {
			scripts += "      - shell: bash\n        run: |\n          " + strings.ReplaceAll(s.Run, "\n", "\n          ") + "\n"
		}
	}
	alone := t.TempDir()
	writeFile(t, filepath.Join(alone, workflowFolder, "action.yml"), scripts)
	if got := lint(t, alone); got != "" {
		t.Error(got)
	}
	// It sees these files at all, and what the action takes.
	for old, want := range map[string]string{
		"binary: ./skillgen":  `input "binari" is not defined`,
		"runs-on: ubuntu-":    "undefined variable",
		"uses: ./":            "",
		"github.ref }}":       `property "reff" is not defined`,
		"timeout-minutes: 15": "",
	} {
		dir := t.TempDir()
		text := readCI(t)
		path := workflowFolder + "pull-request.yml"
		switch {
		case strings.HasPrefix(want, "input"):
			text[path] = strings.Replace(text[path], old, "binari: ./skillgen", 1)
		case strings.HasPrefix(want, "undefined"):
			text[path] = strings.Replace(text[path], old, "runs-on: ${{ image }}", 1)
		case strings.HasPrefix(want, "property"):
			text[path] = strings.Replace(text[path], old, "github.reff }}", 1)
		}
		for name, data := range text {
			writeFile(t, filepath.Join(dir, name), data)
		}
		if got := lint(t, dir); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", old, got, want)
		}
	}
}

// TestWorkflowCommands holds every command of skillgen that the files run against the command line: subcommands and flags.
func TestWorkflowCommands(t *testing.T) {
	ci, err := parseCI(readCI(t))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	ci.eachStep(func(where string, _ workflowJob, s workflowStep) {
		for _, args := range skillgenCalls(t, s.Run) {
			for _, fault := range commandFaults(newRoot(&app{}), args, seen) {
				t.Errorf("%s: %s", where, fault)
			}
		}
	})
	if got := strings.Join(slices.Sorted(maps.Keys(seen)), " "); got != "build diff fetch release" {
		t.Errorf("the workflows run %q", got)
	}
	for args, want := range map[string]string{
		"-C dir build --check":  "",
		"biuld":                 `no command in ["biuld"]`,
		"build --chek":          "build has no flag --chek",
		"diff HEAD -o x -f y":   "",
		"build -f github":       "build has no flag -f",
		"diff --fail-on=never ": "",
	} {
		if got := strings.Join(commandFaults(newRoot(&app{}), strings.Fields(args), seen), "; "); got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}

// skillgenCalls lists the arguments with which a script runs skillgen. An array stands for all that is ever put into it.
func skillgenCalls(t *testing.T, script string) [][]string {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		t.Fatal(err)
	}
	printed := func(n syntax.Node) string {
		var b strings.Builder
		if err := syntax.NewPrinter().Print(&b, n); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	arrays := map[string][]string{}
	var all [][]string
	syntax.Walk(file, func(n syntax.Node) bool {
		if a, ok := n.(*syntax.Assign); ok && a.Array != nil {
			for _, e := range a.Array.Elems {
				arrays[a.Name.Value] = append(arrays[a.Name.Value], printed(e.Value))
			}
		}
		call, ok := n.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 || !slices.Contains([]string{"./skillgen", `"$skillgen"`, `"$SKILLGEN"`}, printed(call.Args[0])) {
			return true
		}
		var args []string
		for _, w := range call.Args[1:] {
			if name, ok := strings.CutPrefix(printed(w), `"${`); ok {
				args = append(args, arrays[strings.TrimSuffix(name, `[@]}"`)]...)
				continue
			}
			args = append(args, printed(w))
		}
		all = append(all, args)
		return true
	})
	return all
}

// commandFaults finds a subcommand and flags in args that the command line does not have.
func commandFaults(root *cobra.Command, args []string, seen map[string]bool) []string {
	command := root
	for _, a := range args {
		for _, c := range root.Commands() {
			if command == root && c.Name() == a {
				command = c
				seen[a] = true
			}
		}
	}
	if command == root {
		return []string{fmt.Sprintf("no command in %q", args)}
	}
	var faults []string
	for _, a := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
		long := strings.HasPrefix(a, "--")
		switch {
		case !strings.HasPrefix(a, "-"):
		case long && command.Flag(name) == nil,
			!long && command.Flags().ShorthandLookup(name) == nil && command.InheritedFlags().ShorthandLookup(name) == nil:
			faults = append(faults, fmt.Sprintf("%s has no flag %s", command.Name(), a))
		}
	}
	return faults
}
