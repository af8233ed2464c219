package generator

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestOutputs(t *testing.T) {
	c := compileArchive(t, small)
	outputs, err := c.Outputs("1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string][]byte{}
	for _, o := range outputs {
		if _, twice := byPath[o.Path]; twice {
			t.Errorf("%s is written twice", o.Path)
		}
		byPath[o.Path] = o.Data
		if o.Digest != [32]byte{} && o.Digest != sha256.Sum256(o.Data) {
			t.Errorf("%s has another digest", o.Path)
		}
		if o.Exec != strings.HasSuffix(o.Path, "run.sh") {
			t.Errorf("%s may be run: %t", o.Path, o.Exec)
		}
	}
	for _, name := range []string{"acme-flask", "acme-other"} {
		for _, path := range []string{"skills/" + name + "/SKILL.md", "skills/" + name + "/stages/1-go.md", "skills/" + name + "/scripts/run.sh", "provenance/" + name + ".json"} {
			if byPath[path] == nil {
				t.Errorf("no %s", path)
			}
		}
	}
	var manifest struct {
		Generator struct{ Version, Templates string }
		Skills    []struct {
			Name, Framework, Workflow, Title, Description string
			Languages                                     []string
			Tokens                                        map[string]int
			InputsDigest                                  string `json:"inputs_digest"`
			Files                                         []struct {
				Path, Digest string
				Size         int
			}
		}
	}
	if err := json.Unmarshal(byPath["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	digest, err := BuiltinDigest()
	if err != nil || manifest.Generator.Version != "1.2.3" || manifest.Generator.Templates != digest {
		t.Errorf("generator %+v, templates %s, %v", manifest.Generator, digest, err)
	}
	for i, s := range manifest.Skills {
		if got, want := fmt.Sprint(s.Name, s.Framework, s.Workflow, s.Title, s.Description, s.Languages), []string{
			"acme-flaskflaskintegrateFlaskAdds Acme to Flask.[python]", "acme-otherotherintegrateOtherAdds Acme to Other.[python]",
		}[i]; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if s.Tokens["total"] != c.Skills[i].Tokens.Total || s.InputsDigest != fmt.Sprintf("sha256:%x", c.Skills[i].Inputs) {
			t.Errorf("%s: tokens %v, inputs %s", s.Name, s.Tokens, s.InputsDigest)
		}
		for _, f := range s.Files {
			data := byPath["skills/"+s.Name+"/"+f.Path]
			if f.Digest != fmt.Sprintf("sha256:%x", sha256.Sum256(data)) || f.Size != len(data) {
				t.Errorf("%s/%s: %s, %d bytes", s.Name, f.Path, f.Digest, f.Size)
			}
		}
	}
}

func TestReportInputs(t *testing.T) {
	var got []string
	for _, in := range compileArchive(t, small).ReportInputs() {
		got = append(got, in.Path+" "+strings.Join(in.Skills, " "))
	}
	want := []string{
		"examples/flask/app.py acme-flask", "frameworks/flask.md acme-flask", "frameworks/other.md acme-other", "frameworks/tags/all.md acme-flask acme-other", "skillgen.yaml ",
		"templates/integrate/10-go.md acme-flask acme-other", "templates/integrate/scripts/run.sh acme-flask acme-other", "templates/integrate/skill.md acme-flask acme-other",
		"website/start.md acme-flask acme-other", "website/twice.md acme-flask",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestLeftOut(t *testing.T) {
	var got []string
	for _, l := range compileArchive(t, small+"-- templates/migrate/skill.md --\n---\ndescription: x\nneeds: [example]\n---\n{{rules}}\n{{guidance}}\n{{docs}}\n{{example}}\n").LeftOut() {
		got = append(got, l.Path+": "+l.Reason)
	}
	want := []string{"examples/flask/left.py: exclude left.py (skillgen.yaml:5)", "website/unused.md: no skill carries this page", "frameworks/other.md: no skill for workflow migrate: needs example"}
	if len(got) != 3 || !strings.HasPrefix(got[0], "examples/flask/left.py: ") || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
