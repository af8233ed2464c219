package templates

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// workflows are those of this repository, with the number of their stages. Only integrate is built into the binary (embed.go).
var workflows = []struct {
	name   string
	stages int
}{{"integrate", 5}, {"error-tracking", 3}, {"review", 4}}

// eachWorkflow runs a test for every workflow, with its stages.
func eachWorkflow(t *testing.T, test func(t *testing.T, workflow string, all []stage)) {
	for _, w := range workflows {
		t.Run(w.name, func(t *testing.T) {
			all := stages(t, w.name)
			if len(all) != w.stages {
				t.Fatalf("%d stages, want %d", len(all), w.stages)
			}
			test(t, w.name, all)
		})
	}
}

// A project without templates of its own gets integrate, and nothing that it didn't ask for.
func TestOnlyIntegrateIsBuiltIn(t *testing.T) {
	entries, err := FS.ReadDir(".")
	if err != nil || len(entries) != 2 || entries[0].Name() != "integrate" || entries[1].Name() != "partials" {
		t.Errorf("built in are %v (%v)", entries, err)
	}
}

func TestEveryWorkflowIsTested(t *testing.T) {
	pages, err := filepath.Glob("*/skill.md")
	if err != nil || len(pages) != len(workflows) {
		t.Errorf("workflows %v (%v): the table of this test knows %d", pages, err, len(workflows))
	}
}

// stage is a stage of a workflow, as its file says. Its body has the partials in it that all workflows share.
type stage struct {
	path, body         string
	produces, requires []string
}

var listKey = regexp.MustCompile(`(?m)^(produces|requires): \[(.*)\]$`)

func stages(t *testing.T, workflow string) []stage {
	t.Helper()
	paths, err := filepath.Glob(workflow + "/[0-9]*.md") // sorted
	if err != nil {
		t.Fatal(err)
	}
	question, err := os.ReadFile("partials/question.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []stage
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		front, body, ok := strings.Cut(strings.TrimPrefix(string(data), "---\n"), "\n---\n")
		if !ok {
			t.Fatalf("%s has no front matter", path)
		}
		s := stage{path: path, body: strings.Replace(body, "{{partial question}}", string(question), 1)}
		for _, m := range listKey.FindAllStringSubmatch(front, -1) {
			if m[1] == "produces" {
				s.produces = strings.Split(m[2], ", ")
			} else {
				s.requires = strings.Split(m[2], ", ")
			}
		}
		all = append(all, s)
	}
	return all
}

var noteFile = regexp.MustCompile("\\.\\{\\{prefix\\}\\}/([a-z.]+[a-z])")

// A stage speaks only of files that exist when it begins, or that it writes itself: anything else would tell of a later stage.
func TestStagesHandOnFiles(t *testing.T) {
	eachWorkflow(t, func(t *testing.T, _ string, all []stage) {
		written := []string{"listener.txt"}
		for _, s := range all {
			for _, name := range s.requires {
				if !slices.Contains(written, name) {
					t.Errorf("%s requires %s, which no earlier stage produces", s.path, name)
				}
			}
			written = append(written, s.produces...)
			for _, m := range noteFile.FindAllStringSubmatch(s.body, -1) {
				if !slices.Contains(written, m[1]) {
					t.Errorf("%s speaks of %s, which no stage up to it produces", s.path, m[1])
				}
			}
			for _, name := range append(s.produces, s.requires...) {
				if !strings.Contains(s.body, "`.{{prefix}}/"+name+"`") {
					t.Errorf("%s does not say what to do with %s", s.path, name)
				}
			}
		}
	})
}

// Each stage but the last says where to go when the work can't go on, and each fits a screen or two: what is longer gets skimmed. The last
// one asks its question.
func TestStagesAreShortAndHaveAWayOut(t *testing.T) {
	eachWorkflow(t, func(t *testing.T, _ string, all []stage) {
		for i, s := range all {
			last := i == len(all)-1
			if wayOut := strings.Contains(s.body, fmt.Sprintf("read `{{ref stage %d}}` before you stop", len(all))); wayOut == last {
				t.Errorf("%s: way out %v", s.path, wayOut)
			}
			if asks := strings.Contains(s.body, "## One question"); asks != last {
				t.Errorf("%s: asks %v", s.path, asks)
			}
			if len(s.body) > 5000 || !last && len(s.body) > 4000 {
				t.Errorf("%s has %d bytes, want 4,000 at most, or 5,000 with the question", s.path, len(s.body))
			}
			if strings.Contains(s.body, "\n# ") || strings.Contains(s.body, "Next stage") {
				t.Errorf("%s writes what skillgen writes: its title, or the line that names the next stage", s.path)
			}
		}
	})
}

// What stands in skill.md counts towards the first 8,000 bytes, which rules and contents need.
func TestHeadIsShort(t *testing.T) {
	for _, w := range workflows {
		data, err := os.ReadFile(w.name + "/skill.md")
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 1700 {
			t.Errorf("%s/skill.md has %d bytes, want 1,700 at most", w.name, len(data))
		}
		m := regexp.MustCompile(`(?m)^description: "(.*)"$`).FindSubmatch(data)
		if m == nil {
			t.Fatalf("%s/skill.md has no description", w.name)
		}
		if text := strings.NewReplacer("{{product}}", "PostHog", "{{title}}", "Next.js (App Router)").Replace(string(m[1])); len(text) > 250 {
			t.Errorf("the description of %s has %d characters, want about 200:\n%s", w.name, len(text), text)
		}
	}
}

var (
	jsonBlock = regexp.MustCompile("(?ms)^```json\n(.*?)^```$")
	branch    = regexp.MustCompile(`\{\{(if [\w.-]+|else|end)\}\}`)
)

// What an agent is to write after an example must be valid where the example is.
func TestJSONExamplesAreValid(t *testing.T) {
	texts := prose(t)
	data, err := os.ReadFile("../frameworks/partials/plan-entry.md")
	if err != nil {
		t.Fatal(err)
	}
	texts["frameworks/partials/plan-entry.md"] = string(data)
	found := map[string]int{}
	for path, text := range texts {
		for _, m := range jsonBlock.FindAllStringSubmatch(text, -1) {
			example := branch.ReplaceAllString(strings.ReplaceAll(m[1], "{{name}}", "acme-flask"), "")
			switch {
			case strings.HasSuffix(path, "/question.md"):
				found["remark"]++
				checkRemark(t, text, example)
			case strings.HasPrefix(path, "review/"):
				found["verdict"]++
				checkVerdicts(t, text, example)
			default:
				found["plan"]++
				checkPlan(t, path, example)
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"remark": 1, "plan": 2, "verdict": 1}, found); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
}

// The verdicts of a review: a name of the list, one of the verdicts that the stage explains, and every other field explained too.
func checkVerdicts(t *testing.T, text, example string) {
	t.Helper()
	var verdicts []struct{ Fault, Verdict, Where, Why, Run string }
	d := json.NewDecoder(strings.NewReader(example))
	d.DisallowUnknownFields()
	if err := d.Decode(&verdicts); err != nil {
		t.Fatal(err)
	}
	for _, v := range verdicts {
		if !slices.Contains(faultNames(t), v.Fault) {
			t.Errorf("the list has no fault %q", v.Fault)
		}
		if !strings.Contains(text, "\n- `"+v.Verdict+"`") {
			t.Errorf("the verdict %q is not explained", v.Verdict)
		}
	}
	for _, field := range []string{"where", "why", "run"} {
		if !strings.Contains(text, "\n| `"+field+"` |") {
			t.Errorf("the field %q is not explained", field)
		}
	}
}

var faultRow = regexp.MustCompile("(?m)^\\| ((?:`[a-z-]+`(?:, )?)+)")

// faultNames are the names in the first column of a list of faults.
func faultNames(t *testing.T, more ...string) []string {
	t.Helper()
	var names []string
	for _, path := range append([]string{"review/references/quiet-faults.md"}, more...) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range faultRow.FindAllStringSubmatch(string(data), -1) {
			for _, name := range strings.Split(m[1], ", ") {
				names = append(names, strings.Trim(name, "`"))
			}
		}
	}
	return names
}

// Each fault has one name. What the product's list says of a fault belongs to one of these, or is a fault that it explains itself.
func TestFaultsHaveOneName(t *testing.T) {
	names := faultNames(t)
	if len(names) < 30 {
		t.Fatalf("only %d faults: this test does not see the list", len(names))
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			t.Errorf("%s stands in the list twice", name)
		}
	}
	data, err := os.ReadFile("../frameworks/partials/quiet-faults.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range faultNames(t, "../frameworks/partials/quiet-faults.md")[len(names):] {
		if !slices.Contains(names, name) && !strings.Contains(string(data), "`"+name+"`: ") {
			t.Errorf("the list has no fault %q, and the product's list does not say what it is", name)
		}
	}
}

func checkRemark(t *testing.T, text, example string) {
	t.Helper()
	var remark struct{ Skill, Content, Stage, Quote, Happened, Missing *string }
	d := json.NewDecoder(strings.NewReader(example))
	d.DisallowUnknownFields()
	if err := d.Decode(&remark); err != nil {
		t.Fatalf("the remark: %v", err)
	}
	if strings.Count(example, "\n") != 1 {
		t.Errorf("the remark is not one line: %q", example)
	}
	for _, field := range []*string{remark.Skill, remark.Content, remark.Stage, remark.Quote, remark.Happened, remark.Missing} {
		if field == nil {
			t.Fatalf("the remark lacks a field: %s", example)
		}
	}
	for _, field := range []string{"skill", "content", "stage", "quote", "happened", "missing"} {
		if !strings.Contains(text, "\n| `"+field+"` |") {
			t.Errorf("the field %q is not explained", field)
		}
	}
}

func checkPlan(t *testing.T, path, example string) {
	t.Helper()
	var plan []struct{ Name, Description, File string }
	d := json.NewDecoder(strings.NewReader(example))
	d.DisallowUnknownFields()
	if err := d.Decode(&plan); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for _, entry := range plan {
		if entry.Name == "" || entry.Description == "" || entry.File == "" {
			t.Errorf("%s: an entry lacks a field: %+v", path, entry)
		}
	}
}

var named = regexp.MustCompile(`\bscripts/[\w.-]+`)

// Every script that a text names goes along, and every one that goes along is named.
func TestScriptsAreThere(t *testing.T) {
	used := map[string]bool{}
	for path, text := range prose(t) {
		for _, name := range named.FindAllString(text, -1) {
			used[name] = true
			if _, err := os.Stat(filepath.Join("integrate", name)); err != nil {
				t.Errorf("%s names %s: %v", path, name, err)
			}
			for _, w := range workflows[1:] {
				if page, err := os.ReadFile(w.name + "/skill.md"); err != nil || !strings.Contains(string(page), "integrate/"+name) {
					t.Errorf("%s does not bring %s along (%v)", w.name, name, err)
				}
			}
		}
	}
	files, err := os.ReadDir("integrate/scripts")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !used["scripts/"+f.Name()] {
			t.Errorf("no text names scripts/%s", f.Name())
		}
	}
}
