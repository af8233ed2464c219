package check

import (
	"slices"
	"strings"
	"testing"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// skill makes an emitted skill as far as the checks look at it.
func skill(name, description string, change ...func(*emit.Skill)) *emit.Skill {
	f := &source.File{Path: "frameworks/" + name + ".md", Text: "---\ntitle: x\n---\n"}
	s := &emit.Skill{Plan: &plan.Skill{
		Name: name, At: source.Span{File: f, Start: 4, End: 9}, Description: source.String{S: description},
		Workflow: &project.Workflow{Name: "integrate", File: &source.File{Path: "templates/integrate/skill.md"}},
	}}
	for _, c := range change {
		c(s)
	}
	return s
}

// found runs a check and returns id and message of each finding, a line each.
func found(run func(Subject) []diag.Finding, skills ...*emit.Skill) string {
	var out []string
	for _, f := range run(Subject{Project: &project.Project{}, Skills: skills}) {
		out = append(out, f.Severity.String()+" "+f.ID+" "+f.Message)
	}
	return strings.Join(out, "\n")
}

func expect(t *testing.T, got string, want ...string) {
	t.Helper()
	if len(want) == 0 && got != "" {
		t.Errorf("found %q, want nothing", got)
	}
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("found %q, want %q in it", got, w)
		}
	}
}

func TestNames(t *testing.T) {
	expect(t, found(names, skill("acme-go", "x"), skill("acme-2-go", "x"), skill(strings.Repeat("a", 64), "x")))
	expect(t, found(names, skill("acme--go", "x")), "error skill-name ", "lower-case letters")
	expect(t, found(names, skill("Acme", "x")), "lower-case letters")
	expect(t, found(names, skill(strings.Repeat("a", 65), "x")), "has 65 characters")
	expect(t, found(names, skill("acme-claude-sdk", "x")), "reserved word")
	expect(t, found(names, skill("acme-go", "x"), skill("acme-go", "y")), `skill-name-clash two skills are named "acme-go"`)
}

func TestDescriptions(t *testing.T) {
	expect(t, found(descriptions, skill("a", strings.Repeat("é", 1024)), skill("b", `quotes ", # and : and --- are fine`)))
	expect(t, found(descriptions, skill("a", strings.Repeat("é", 1025))), "has 1025 characters")
	expect(t, found(descriptions, skill("a", " ")), "is empty")
	expect(t, found(descriptions, skill("a", "use <Provider>")), "holds < or >")
	for _, s := range []string{"two\nlines", "nul \x00", "c1 \u0085", "sep \u2028"} {
		expect(t, found(descriptions, skill("a", s)), "line break or control")
	}
}

func TestMetadata(t *testing.T) {
	with := func(keys ...string) *emit.Skill {
		return skill("a", "x", func(s *emit.Skill) {
			for _, k := range keys {
				s.Plan.Metadata = append(s.Plan.Metadata, plan.Pair{Key: k, Value: "v"})
			}
		})
	}
	expect(t, found(metadata, with("framework", "workflow", "team", "x.y-z_1")))
	expect(t, found(metadata, with("team name")), "not made of")
	expect(t, found(metadata, with("1st")), "does not begin with a letter")
	expect(t, found(metadata, with("Yes")), "no text to every reader")
	expect(t, found(metadata, with("yesterday")))
	expect(t, found(metadata, with("content")), "that skillgen writes")
	expect(t, found(metadata, with("version")), "that skillgen writes")
}

func TestFiles(t *testing.T) {
	with := func(paths ...string) *emit.Skill {
		return skill("a", "x", func(s *emit.Skill) {
			for _, p := range paths {
				s.Files = append(s.Files, emit.File{Path: p})
			}
		})
	}
	expect(t, found(files, with("SKILL.md", "stages/1-a.md", "references/a.b_c-d.md", "scripts/"+strings.Repeat("x", 92))))
	expect(t, found(files, with("scripts/"+strings.Repeat("x", 93))), "has 101 bytes")
	expect(t, found(files, with("assets/metadata.json")), "reserved")
	expect(t, found(files, with("references/skill.md")), "skill inside a skill")
	expect(t, found(files, with("assets/a b.png")), "holds characters")
	expect(t, found(files, with("references/A.md", "references/a.md")), "which differ only by case")
	expect(t, found(files, skill("a", "x", func(s *emit.Skill) { s.Files = make([]emit.File, 513) })), "has 513 files")
	expect(t, found(files, skill("a", "x", func(s *emit.Skill) {
		s.Files = []emit.File{{Path: "SKILL.md", Data: make([]byte, 16<<20+1)}}
	})), "16777217 bytes")
}

func TestSections(t *testing.T) {
	with := func(sections ...string) *emit.Skill {
		return skill("a", "x", func(s *emit.Skill) {
			s.Plan.Rules = []plan.Rule{{}}
			s.Plan.Stages = []plan.Stage{{}}
			for _, name := range sections {
				s.Plan.Body = append(s.Plan.Body, project.Part{Section: name})
			}
		})
	}
	expect(t, found(sections, with("", "rules", "stages")))
	expect(t, found(sections, with("stages")), "error section-missing workflow integrate has rules")
}

func TestStages(t *testing.T) {
	step := func(name string, produces, requires string) *project.Stage {
		s := &project.Stage{Name: name}
		if produces != "" {
			s.Produces = []source.String{{S: produces}}
		}
		if requires != "" {
			s.Requires = []source.String{{S: requires}}
		}
		return s
	}
	run := func(steps ...*project.Stage) []diag.Finding {
		return stages(Subject{Project: &project.Project{Workflows: []*project.Workflow{{Steps: steps}}}})
	}
	if fs := run(step("discover", "notes.md", ""), step("plan", "plan.json", "notes.md")); len(fs) > 0 {
		t.Errorf("found %v, want nothing", fs)
	}
	fs := run(step("discover", "notes.md", ""), step("plan", "", "note.md"))
	if len(fs) != 1 || fs[0].ID != "stage-requires" || !strings.Contains(fs[0].Hint, `"notes.md"`) {
		t.Errorf("found %v, want one finding with the right name in its hint", fs)
	}
	if fs := run(step("plan", "plan.json", "plan.json")); len(fs) != 1 {
		t.Errorf("a stage that requires what it writes itself: found %v", fs)
	}
}

func TestBudgets(t *testing.T) {
	page := &source.File{Path: "website/long.md"}
	with := func(tokens int, b project.Budget) *emit.Skill {
		return skill("a", "x", func(s *emit.Skill) {
			s.Plan.Budget = b
			s.Head, s.Tokens.Total = 100, tokens
			s.Parts = []emit.Part{{Kind: emit.PartPage, Name: page.Path, Tokens: tokens, At: source.Span{File: page}}}
		})
	}
	expect(t, found(budgets, with(8000, project.Budget{})))
	expect(t, found(budgets, with(8001, project.Budget{})), "warning budget-page page website/long.md has 8001 tokens (o200k_base); the budget is 8000")
	expect(t, found(budgets, with(9000, project.Budget{Page: 9000})))
	expect(t, found(budgets, with(8500, project.Budget{Page: 9000, Error: &project.Budget{Page: 8400}})), "error budget-page")
	expect(t, found(budgets, with(30000, project.Budget{Page: 40000})), "budget-skill skill a has 30000", "")
	expect(t, found(budgets, skill("a", "x", func(s *emit.Skill) { s.Head = 8001 })), "warning budget-head the head of a has 8001 bytes")
	// One page in two skills is one finding.
	if got := found(budgets, with(8001, project.Budget{}), with(8001, project.Budget{})); strings.Count(got, "budget-page") != 1 {
		t.Errorf("found %q, want the page once", got)
	}
}

// TestTable holds the ids that this package uses against diag's table: diag.New panics on one that is not there.
func TestTable(t *testing.T) {
	if !slices.IsSortedFunc(diag.Table, func(a, b diag.Row) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("diag.Table is not sorted by id")
	}
}
