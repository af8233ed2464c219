package check

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/emit"
	"skillgen/generator/example"
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

// TestSectionsNear leaves alone what has no content.
func TestSectionsNear(t *testing.T) {
	expect(t, found(sections, skill("a", "x", func(s *emit.Skill) { s.Plan.Body = []project.Part{{Section: ""}} })))
	for section, fill := range map[string]func(*plan.Skill){
		"guidance": func(p *plan.Skill) { p.Guidance = []*source.Prose{{}} },
		"docs":     func(p *plan.Skill) { p.Pages = []plan.Page{{}} },
		"example":  func(p *plan.Skill) { p.Airplanes = []*example.Airplane{{}} },
		"stages":   func(p *plan.Skill) { p.Stages = []plan.Stage{{}} },
	} {
		s := skill("a", "x", func(s *emit.Skill) { fill(s.Plan) })
		expect(t, found(sections, s), "error section-missing workflow integrate has")
		s.Plan.Body = []project.Part{{Section: section}}
		expect(t, found(sections, s))
	}
}

func TestOrder(t *testing.T) {
	page := &source.File{Path: "templates/integrate/skill.md", Text: "{{rules}}\n"}
	with := func(rules int, names ...string) *emit.Skill {
		return skill("a", "x", func(s *emit.Skill) {
			s.Plan.Rules, s.Plan.Stages, s.Plan.Pages = make([]plan.Rule, rules), make([]plan.Stage, 1), make([]plan.Page, 1)
			for _, name := range names {
				s.Plan.Body = append(s.Plan.Body, project.Part{Section: name, At: source.Span{File: page, End: 9}})
			}
		})
	}
	expect(t, found(order, with(1, "", "stages", "rules", "guidance", "docs", "example")))
	expect(t, found(order, with(0, "stages", "docs", "rules")))
	expect(t, found(order, with(1, "stages", "docs", "rules")), "warning section-late {{rules}} stands below the long sections")
	expect(t, found(order, with(1, "docs", "stages", "rules")), "{{stages}} stands", "{{rules}} stands")
	expect(t, found(order, with(1, "guidance", "example", "stages", "rules"))) // neither has anything to say
}

// TestReferences names what several skills lack once, at its place.
func TestReferences(t *testing.T) {
	file := &source.File{Path: "templates/integrate/skill.md", Text: "see [x](none.md) or [y](none.md)\n"}
	broken := func(slots ...source.Slot) func(*emit.Skill) {
		return func(s *emit.Skill) { s.Broken = slots }
	}
	slot := source.Slot{Kind: source.RefPage, Path: "website/a.md", At: source.Span{File: file, Start: 4, End: 7}}
	expect(t, found(references, skill("a", "x")))
	expect(t, found(references, skill("a", "x", broken(slot, slot))), "error link-target the skill does not have the page website/a.md (skill a)")
	for _, c := range []struct {
		slot source.Slot
		want string
	}{
		{source.Slot{Kind: source.RefExample, At: slot.At}, "the skill has no model airplane (skill a)"},
		{source.Slot{Kind: source.RefStage, N: 7, At: slot.At}, "the skill has no stage 7 (skill a)"},
	} {
		expect(t, found(references, skill("a", "x", broken(c.slot))), c.want)
	}
	var all []*emit.Skill
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		all = append(all, skill(name, "x", broken(slot)))
	}
	if got := found(references, all...); got != "error link-target the skill does not have the page website/a.md (skills a, b, c and 2 more)" {
		t.Errorf("found %q", got)
	}
	if got := found(references, all[:3]...); !strings.HasSuffix(got, "(skills a, b, c)") {
		t.Errorf("found %q", got)
	}
	other := slot
	other.At.Start = 5
	if got := found(references, skill("a", "x", broken(slot, other))); strings.Count(got, "\n") != 1 {
		t.Errorf("found %q, want both places", got)
	}
}

func TestFlaws(t *testing.T) {
	file := &source.File{Path: "templates/integrate/skill.md", Text: "one\nsee [x](none.md) é [y](more.md)\n"}
	for _, c := range []struct {
		flaw emit.Flaw
		want string
	}{
		{emit.Flaw{Kind: emit.DeadLink, What: "more.md", File: "SKILL.md"}, `link-target 2:24-31 "more.md" leads nowhere in SKILL.md (skill a)`},
		{emit.Flaw{Kind: emit.DeadLink, What: "decoded differently", File: "SKILL.md"}, `link-target 2:1-32 "decoded differently" leads nowhere in SKILL.md (skill a)`},
		{emit.Flaw{Kind: emit.OpenBlock, What: "fence"}, "template-block 2:1-32 this fence has no end: it swallows what comes after it (skill a)"},
		{emit.Flaw{Kind: emit.SharedLabel, What: "x"}, "template-label 2:5-8 [x] would mean the same in every page of the skill (skill a)"},
		{emit.Flaw{Kind: emit.Unreadable, What: "a heading is long"}, "page-hostile 2:1-32 a heading is long (skill a)"},
	} {
		c.flaw.At = source.Origin{File: file, Line: 2}
		fs := references(Subject{Skills: []*emit.Skill{skill("a", "x", func(s *emit.Skill) { s.Flaws = []emit.Flaw{c.flaw} })}})
		if len(fs) != 1 {
			t.Fatalf("found %v", fs)
		}
		f := fs[0]
		if got := fmt.Sprintf("%s %d:%d-%d %s", f.ID, f.Place.Line, f.Place.Col, f.Place.End, f.Message); got != c.want || f.Severity != diag.Error || f.Hint == "" {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestClashes shows both files that one path would mean.
func TestClashes(t *testing.T) {
	file := func(path, from string) emit.File {
		f := &source.File{Path: from}
		return emit.File{Path: path, Runs: []source.Run{{Origin: source.Origin{File: f, Line: 1}}}}
	}
	fs := clashes(skill("a", "x", func(s *emit.Skill) {
		s.Files = []emit.File{file("references/EXAMPLE.md", "examples/a/README.md"), file("references/EXAMPLE.md", "templates/integrate/references/EXAMPLE.md"), file("references/b.md", "b")}
	}))
	if len(fs) != 1 || fs[0].Place.File != "templates/integrate/references/EXAMPLE.md" || fs[0].Also.File != "examples/a/README.md" || !strings.Contains(fs[0].Message, `two files of a skill are named "references/EXAMPLE.md"`) {
		t.Errorf("found %v", fs)
	}
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
	expect(t, found(budgets, with(26000, project.Budget{Page: 40000})), "the budget is 25000; largest: page website/long.md (26000)")
	expect(t, found(budgets, with(8500, project.Budget{Error: &project.Budget{Page: 9000}})), "warning budget-page")
	expect(t, found(budgets, skill("a", "x", func(s *emit.Skill) {
		s.Parts = []emit.Part{
			{Kind: emit.PartPage, Name: "p", Tokens: 7000, At: source.Span{File: page}}, {Kind: emit.PartFile, Name: "big.go", Tokens: 12000, At: source.Span{File: page}},
			{Kind: emit.PartFile, Name: "small.go", Tokens: 1, At: source.Span{File: page}}, {Kind: emit.PartExample, Name: "examples/a", Tokens: 12001, At: source.Span{File: page}},
		}
	})), "warning budget-example example examples/a has 12001 tokens (o200k_base); the budget is 12000; largest: example file big.go (12000), example file small.go (1)")
	expect(t, found(budgets, skill("a", "x", func(s *emit.Skill) {
		s.Parts = []emit.Part{{Kind: emit.PartFile, Name: "only.go", Tokens: 12001, At: source.Span{File: page}}, {Kind: emit.PartExample, Name: "examples/a", Tokens: 12001, At: source.Span{File: page}}}
	})), "largest: example file only.go (12001)")
	expect(t, found(budgets, with(8500, project.Budget{Page: 8400}), with(8500, project.Budget{})), "the budget is 8000")
	// A page that one framework may have at this length, and another may not.
	expect(t, found(budgets, with(8500, project.Budget{Page: 9000}), with(8500, project.Budget{})), "warning budget-page page website/long.md has 8500 tokens (o200k_base); the budget is 8000")
	expect(t, found(budgets, with(8500, project.Budget{}), with(8500, project.Budget{Error: &project.Budget{Page: 8200}})), "error budget-page page website/long.md has 8500 tokens (o200k_base); the budget is 8200")
	// One page in two skills is one finding.
	if got := found(budgets, with(8001, project.Budget{}), with(8001, project.Budget{})); strings.Count(got, "budget-page") != 1 {
		t.Errorf("found %q, want the page once", got)
	}
}

// TestInputs looks into text only, and reports each file in the order of the inputs.
func TestInputs(t *testing.T) {
	key := fmt.Sprintf("phx_%x", sha256.Sum256(nil))[:47]
	files := []*source.File{
		source.NewFile("a.md", []byte("fine\n")), source.NewFile("b.md", []byte("key = "+key+"\n")), source.NewFile("c.bin", []byte("\x00"+key)), source.NewFile("d.md", []byte("zero\u200bwidth\n")),
	}
	var got []string
	for _, f := range inputs(Subject{Inputs: files}) {
		got = append(got, f.Place.File+" "+f.ID)
		if strings.Contains(f.Message+f.Hint, key) {
			t.Errorf("the finding shows the key: %v", f)
		}
	}
	if strings.Join(got, ", ") != "b.md secret, d.md hidden-text" {
		t.Errorf("found %q", got)
	}
}

// TestManifests reports a broken manifest once, however many skills carry it.
func TestManifests(t *testing.T) {
	broken := &example.Airplane{Files: []*example.File{{Source: source.NewFile("examples/a/package.json", []byte(`{"dependencies": `))}, {Source: source.NewFile("examples/a/index.js", []byte("{"))}}}
	whole := &example.Airplane{Files: []*example.File{{Source: source.NewFile("examples/b/package.json", []byte(`{"dependencies": {"a": "1"}}`))}}}
	with := func(a ...*example.Airplane) *emit.Skill {
		return skill("a", "x", func(s *emit.Skill) { s.Plan.Airplanes = a })
	}
	expect(t, found(manifests, with(whole)))
	if fs := manifests(Subject{Skills: []*emit.Skill{with(broken, whole), with(broken)}}); len(fs) != 1 || fs[0].ID != "manifest" || fs[0].Place.File != "examples/a/package.json" {
		t.Errorf("found %v", fs)
	}
}

// TestWebsite names pages that no skill carries.
func TestWebsite(t *testing.T) {
	tree := source.New(fstest.MapFS{"website/used.md": {Data: []byte("# Used\n")}, "website/left.md": {Data: []byte("# Left\n")}})
	library, _, err := docs.Open(tree, docs.Options{Roots: []string{"website"}})
	if err != nil {
		t.Fatal(err)
	}
	pages := library.Pages()
	s := skill("a", "x", func(s *emit.Skill) { s.Plan.Pages = []plan.Page{{Page: pages[1]}} })
	fs := website(Subject{Library: library, Skills: []*emit.Skill{s}})
	if len(fs) != 1 || fs[0].ID != "page-unused" || fs[0].Place.File != "website/left.md" || fs[0].Severity != diag.Info {
		t.Errorf("found %v", fs)
	}
}

// TestTable holds the ids that this package uses against diag's table: diag.New panics on one that is not there.
func TestTable(t *testing.T) {
	if !slices.IsSortedFunc(diag.Table, func(a, b diag.Row) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("diag.Table is not sorted by id")
	}
}
