package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"skillgen/generator/source"
)

var sampleManifest = Manifest{
	Product: "Acme & Söhne <x>", Version: "1.2.0", Generator: "0.3.0", Templates: digest([32]byte{1}),
	Skills: []Skill{
		{
			Name: "acme-go", Framework: "go", Workflow: "integrate", Title: `Go "net/http"`, Description: "Adds Acme to Go.\u2028\x1b",
			Languages: []string{"go"}, Tags: []string{"server", "all"}, Family: "go", Main: true,
			DetectFiles: []string{"go.mod"}, DetectDependencies: []string{"!gin", "chi@<6"}, Metadata: []Pair{{"team", "sdk"}, {"tier", "1"}},
			Tokens: Tokens{Total: 21, Head: 1, Guidance: 2, Docs: 3, Example: 4, Stages: 11}, Inputs: [32]byte{2},
			Files: []SkillFile{{"stages/1-go.md", [32]byte{4}, 12}, {"SKILL.md", [32]byte{3}, 1 << 33}},
		},
		{Name: "acme-audit", Workflow: "audit", Title: "Audit", Description: "Looks."},
	},
}

var sampleReport = Report{
	Inputs:  []Input{{"website/b.md", [32]byte{5}, []string{"acme-go", "acme-audit"}}, {"builtin:templates/integrate/skill.md", [32]byte{6}, nil}},
	Outputs: []Output{{Path: "skills/acme-go/SKILL.md", Data: []byte("x\n")}, {Path: "manifest.json", Data: []byte("{}\n")}},
}

var sampleRanges = []Range{
	{"stages/1-go.md", 1, 4, "templates/integrate/10-go.md", 5, false},
	{"SKILL.md", 3, 3, "website/ü \"b\".md", 9, false},
	{"SKILL.md", 1, 2, "frameworks/go.md", 1, true},
}

func TestEncoded(t *testing.T) {
	left := sampleReport
	left.Left = []Left{{"examples/go/vendor/", "default exclude"}, {"examples/go/.env", "never part of a skill"}}
	for name, got := range map[string][]byte{
		"manifest.json":   sampleManifest.Encode(),
		"report.json":     sampleReport.Encode(),
		"left.json":       left.Encode(),
		"provenance.json": EncodeProvenance("acme-go", sampleRanges),
		"empty.json":      (&Report{Left: []Left{}}).Encode(),
		"none.json":       (&Manifest{}).Encode(),
	} {
		want, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if !json.Valid(got) {
			t.Errorf("%s is no JSON", name)
		}
	}
}

func TestEncodedFollowsItsSchema(t *testing.T) {
	left := sampleReport
	left.Left = []Left{{"a", "b"}}
	for name, docs := range map[string][][]byte{"manifest": {sampleManifest.Encode()}, "report": {sampleReport.Encode(), left.Encode(), (&Report{}).Encode()}} {
		schema := compileSchema(t, name)
		for _, doc := range docs {
			if err := validate(t, schema, doc); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			assertClosed(t, schema, doc)
		}
	}
}

func compileSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	data, ok := Schema(name)
	if !ok {
		t.Fatalf("no schema of %s", name)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name+".json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, doc []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

// assertClosed puts an unknown key into the objects of a document, and renames a key of theirs: the schema must refuse both.
func assertClosed(t *testing.T, schema *jsonschema.Schema, doc []byte) {
	t.Helper()
	for _, key := range []string{`"schema": 1`, `"name": "acme-go"`, `"digest": `, `"total": `, `"path": `} {
		i := strings.Index(string(doc), key)
		if i < 0 {
			continue
		}
		before, after := string(doc[:i]), string(doc[i:])
		if validate(t, schema, []byte(before+`"unknown": 1, `+after)) == nil {
			t.Errorf("an unknown key before %s passes", key)
		}
		if validate(t, schema, []byte(before+`"x`+after[1:])) == nil {
			t.Errorf("without %s it passes", key)
		}
	}
}

func TestNoSchema(t *testing.T) {
	if _, ok := Schema("nothing"); ok {
		t.Error("a schema of nothing")
	}
	if _, ok := Schema("../schema"); ok {
		t.Error("a schema outside of schemas")
	}
}

func FuzzText(f *testing.F) {
	f.Add("plain")
	f.Add("a\"\\\n\x00\x7f<&>\u2028ü\U0001F600\xff")
	f.Fuzz(func(t *testing.T, s string) {
		var j jsonText
		j.text(s)
		var back string
		if err := json.Unmarshal(j.b, &back); err != nil || back != strings.ToValidUTF8(s, "\ufffd") && back != string([]rune(s)) {
			t.Errorf("%q → %s → %q, %v", s, j.b, back, err)
		}
	})
}

func TestRanges(t *testing.T) {
	f, g := &source.File{Path: "a.md"}, &source.File{Path: "b.md"}
	runs := []source.Run{
		{At: 0, Origin: source.Origin{File: f, Line: 1, Generated: true}},
		{At: 2, Origin: source.Origin{File: g, Line: 7}},
		{At: 2, Origin: source.Origin{File: g, Line: 8}},
		{At: 5, Origin: source.Origin{File: f, Line: 3}},
	}
	got := Ranges("SKILL.md", 6, runs)
	want := []Range{{"SKILL.md", 1, 2, "a.md", 1, true}, {"SKILL.md", 3, 5, "b.md", 8, false}, {"SKILL.md", 6, 6, "a.md", 3, false}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := Ranges("x", 0, nil); got != nil {
		t.Errorf("got %+v of nothing", got)
	}
}

func BenchmarkProvenance(b *testing.B) {
	ranges := make([]Range, 300)
	for i := range ranges {
		ranges[i] = Range{"SKILL.md", i*10 + 1, i*10 + 10, fmt.Sprintf("website/docs/page-%03d.md", i), 1, i%3 == 0}
	}
	for b.Loop() { // 400 skills
		for range 400 {
			EncodeProvenance("acme-go", ranges)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	var r Report
	for i := range 400 {
		var skills []string
		for k := range 100 {
			skills = append(skills, fmt.Sprintf("posthog-framework-%03d", k))
		}
		r.Inputs = append(r.Inputs, Input{Path: fmt.Sprintf("website/docs/page-%03d.md", i), Skills: skills})
	}
	for i := range 2500 {
		r.Outputs = append(r.Outputs, Output{Path: fmt.Sprintf("skills/posthog-framework-%03d/SKILL.md", i), Digest: [32]byte{1}})
	}
	var data []byte
	for b.Loop() {
		data = r.Encode()
	}
	b.SetBytes(int64(len(data)))
}

func BenchmarkParseReport(b *testing.B) {
	var r Report
	for i := range 400 {
		r.Inputs = append(r.Inputs, Input{Path: fmt.Sprintf("website/docs/page-%03d.md", i), Skills: make([]string, 300)})
	}
	for i := range 2500 {
		r.Outputs = append(r.Outputs, Output{Path: fmt.Sprintf("skills/posthog-framework-%03d/SKILL.md", i), Digest: [32]byte{1}})
	}
	data := r.Encode()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := parseReport(data); err != nil {
			b.Fatal(err)
		}
	}
}
