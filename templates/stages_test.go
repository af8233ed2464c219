package templates

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// stage is a stage of the workflow integrate, as its file says.
type stage struct {
	path, body         string
	produces, requires []string
}

var listKey = regexp.MustCompile(`(?m)^(produces|requires): \[(.*)\]$`)

func stages(t *testing.T) []stage {
	t.Helper()
	paths, err := filepath.Glob("integrate/[0-9]*.md") // sorted
	if err != nil || len(paths) != 5 {
		t.Fatalf("stages: %v (%v), want five", paths, err)
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
		s := stage{path: path, body: body}
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
	var written []string
	for _, s := range stages(t) {
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
}

// Each stage but the last says where to go when the work can't go on, and each fits a screen or two: what is longer gets skimmed.
func TestStagesAreShortAndHaveAWayOut(t *testing.T) {
	all := stages(t)
	for i, s := range all {
		if wayOut := strings.Contains(s.body, "read `{{ref stage 5}}`"); wayOut != (i < len(all)-1) {
			t.Errorf("%s: way out %v", s.path, wayOut)
		}
		if len(s.body) > 4000 {
			t.Errorf("%s has %d bytes, want 4,000 at most", s.path, len(s.body))
		}
		if strings.Contains(s.body, "\n# ") || strings.Contains(s.body, "Next stage") {
			t.Errorf("%s writes what skillgen writes: its title, or the line that names the next stage", s.path)
		}
	}
}

// What stands in skill.md counts towards the first 8,000 bytes, which rules and contents need.
func TestHeadIsShort(t *testing.T) {
	data, err := os.ReadFile("integrate/skill.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 1500 {
		t.Errorf("skill.md has %d bytes, want 1,500 at most", len(data))
	}
	m := regexp.MustCompile(`(?m)^description: "(.*)"$`).FindSubmatch(data)
	if m == nil {
		t.Fatal("skill.md has no description")
	}
	if text := strings.NewReplacer("{{product}}", "PostHog", "{{title}}", "Next.js (App Router)").Replace(string(m[1])); len(text) > 220 {
		t.Errorf("the description has %d characters, want about 200:\n%s", len(text), text)
	}
}

var (
	jsonBlock = regexp.MustCompile("(?ms)^```json\n(.*?)^```$")
	branch    = regexp.MustCompile(`\{\{(if \w+|else|end)\}\}`)
)

// What an agent is to write after an example must be valid where the example is.
func TestJSONExamplesAreValid(t *testing.T) {
	texts := prose(t)
	data, err := os.ReadFile("../frameworks/partials/plan-entry.md")
	if err != nil {
		t.Fatal(err)
	}
	texts["frameworks/partials/plan-entry.md"] = string(data)
	found := 0
	for path, text := range texts {
		for _, m := range jsonBlock.FindAllStringSubmatch(text, -1) {
			found++
			example := branch.ReplaceAllString(strings.ReplaceAll(m[1], "{{name}}", "acme-flask"), "")
			if strings.Contains(path, "conclude") {
				checkRemark(t, text, example)
			} else {
				checkPlan(t, path, example)
			}
		}
	}
	if found != 3 {
		t.Errorf("%d examples, want the remark and two plans", found)
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
