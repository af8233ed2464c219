package release

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/diag"
)

// sampleEdition is a release of two skills, one of which is a single file, and the files of its build.
func sampleEdition() (*Edition, []Output) {
	skills := map[string]tree{
		"acme-go":    {"SKILL.md": "# Go\n", "stages/1-go.md": "Go on.\n", "scripts/run.sh": "#!/bin/sh\n"},
		"acme-flask": {"SKILL.md": "# Flask\n"},
	}
	m := &Manifest{Product: "Acme", Version: "1.2.0", Generator: "0.3.0", Templates: digest([32]byte{1})}
	var build []Output
	for _, name := range []string{"acme-flask", "acme-go"} {
		s := Skill{Name: name, Framework: strings.TrimPrefix(name, "acme-"), Workflow: "integrate", Title: name, Description: "Adds Acme with " + name + "."}
		for _, o := range sortedOutputs(skills[name].outputs()) {
			s.Files = append(s.Files, SkillFile{o.Path, sha256.Sum256(o.Data), int64(len(o.Data))})
			o.Path = skillsFolder + name + "/" + o.Path
			build = append(build, o)
		}
		build = append(build, Output{Path: provenanceFolder + name + ".json", Data: EncodeProvenance(name, nil)})
		m.Skills = append(m.Skills, s)
	}
	build = append(build, Output{Path: manifestPath, Data: m.Encode()})
	return &Edition{
		Name: "acme", Description: "Acme for coding agents: 2 skills.", Manifest: m, License: "MIT", Author: "Ada", Homepage: "https://acme.example",
		Marketplace: "acme-skills", Plugins: []Plugin{{"acme", "Acme for coding agents: 2 skills.", []string{"acme-flask", "acme-go"}}},
		Pages: []Page{{"Start [here]", "https://acme.example/a (b)"}, {"Two\nlines", "skills/acme-go/SKILL.md"}},
		Base:  &Base{Name: "1.1.0", Kind: "git", Version: "1.1.0", Digest: "0123456789abcdef0123456789abcdef01234567"},
		Asked: "minor", Suggested: "1.2.0", Notes: []byte("# Acme skills 1.2.0\n"),
		Site: []Output{{Path: "index.html", Data: []byte("<p>Acme\n")}, {Path: "acme-go.html", Data: []byte("<p>Go\n")}, {Path: "acme-flask.html", Data: []byte("<p>Flask\n")}, {Path: "style.css", Data: []byte("p{}\n")}},
	}, build
}

// sampleRelease is everything that lies in dist after it.
func sampleRelease(t testing.TB) tree {
	t.Helper()
	e, build := sampleEdition()
	all, err := withReport(build, []Input{{Path: "skillgen.yaml"}})
	if err == nil {
		all, err = e.sealed(all)
	}
	if err != nil {
		t.Fatal(err)
	}
	files := tree{}
	for _, o := range all {
		files[o.Path] = string(o.Data)
	}
	return files
}

// What consumers read, whole; each was run against the real ones (CONFORMANCE, C1 to C6).
func TestConsumers(t *testing.T) {
	got := sampleRelease(t)
	var b strings.Builder
	for _, p := range slices.Sorted(func(yield func(string) bool) {
		for p := range got {
			if !yield(p) {
				return
			}
		}
	}) {
		b.WriteString("-- " + p + " --\n")
		if !strings.HasPrefix(p, archiveFolder) && p != reportPath && p != manifestPath {
			b.WriteString(got[p])
		}
	}
	want, err := os.ReadFile("testdata/release.txtar")
	if os.Getenv("UPDATE_RELEASE") != "" {
		want, err = []byte(b.String()), os.WriteFile("testdata/release.txtar", []byte(b.String()), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-want +got; read it, then UPDATE_RELEASE=1 go test)\n%s", diff)
	}
}

func TestRecordFollowsItsSchema(t *testing.T) {
	schema := compileSchema(t, "release")
	e, build := sampleEdition()
	all, err := e.sealed(build)
	if err != nil {
		t.Fatal(err)
	}
	first := *e
	first.Base, first.Asked, first.Suggested = nil, "", ""
	for _, doc := range [][]byte{e.record(all), first.record(nil)} {
		if err := validate(t, schema, doc); err != nil {
			t.Error(err)
		}
		assertClosed(t, schema, doc)
	}
}

// Only where every skill keeps SKILL.md short is the release a plugin of Agent Plugins.
func TestPluginNeedsReferences(t *testing.T) {
	e, build := sampleEdition()
	if all, err := e.sealed(build); err != nil || slices.ContainsFunc(all, func(o Output) bool { return o.Path == pluginPath }) {
		t.Errorf("plugin.json with layout flat, %v", err)
	}
	e.References = true
	all, err := e.sealed(build)
	i := slices.IndexFunc(all, func(o Output) bool { return o.Path == pluginPath })
	if err != nil || i < 0 {
		t.Fatalf("no plugin.json, %v", err)
	}
	var keys map[string]any
	if err := json.Unmarshal(all[i].Data, &keys); err != nil {
		t.Fatal(err)
	}
	for key := range keys {
		if !slices.Contains([]string{"$schema", "name", "version", "description", "author", "license", "keywords"}, key) {
			t.Errorf("plugin.json has %q", key)
		}
	}
}

// No index may list a description that a consumer counts as too long.
func TestListed(t *testing.T) {
	for in, want := range map[string]string{
		"short":                        "short",
		strings.Repeat("a", 1024):      strings.Repeat("a", 1024),
		strings.Repeat("é", 1024):      strings.Repeat("é", 1024),
		strings.Repeat("a", 1025):      strings.Repeat("a", 1023) + "…",
		strings.Repeat("😀", 512):       strings.Repeat("😀", 512),
		strings.Repeat("😀", 1024):      strings.Repeat("😀", 511) + "…",
		"a" + strings.Repeat("😀", 512): "a" + strings.Repeat("😀", 511) + "…",
		strings.Repeat("a", 1000) + " " + strings.Repeat(" ", 100): strings.Repeat("a", 1000) + "…",
	} {
		got := listed(in)
		if got != want {
			t.Errorf("%.10s… gives %d units", in, len(utf16.Encode([]rune(got))))
		}
		if n := len(utf16.Encode([]rune(got))); n > 1024 {
			t.Errorf("%.10s… has %d units", in, n)
		}
	}
}

// What a record claims is a release's own only where a release writes.
func TestOwnedByRelease(t *testing.T) {
	for p, want := range map[string]bool{
		"archives/a.zip": true, ".well-known/skills/a/SKILL.md": true, ".well-known/agent-skills/index.json": true, ".claude-plugin/marketplace.json": true,
		"llms.txt": true, "index.html": true, "acme-go.html": true, "style.css": true, "release.json": true, "SHA256SUMS": true, "RELEASE_NOTES.md": true,
		"README.md": false, "notes.txt": false, "skills/a/SKILL.md": false, "skills/a/index.html": false, "provenance/a.json": false, "manifest.json": false,
		"report.json": false, "archives": false, "../archives/a.zip": false, "/archives/a.zip": false, "archives/../x": false, ".skillgen/journal": false,
		".git/config": false, ".well-known/security.txt": false, "site/index.html": false, "": false, "archives//a": false, `archives\a.html`: false,
	} {
		if got := ownedByRelease(p); got != want {
			t.Errorf("%q: %t", p, got)
		}
	}
}

// A release in place of another: what both have not changed stays, what only the old one has goes, with what build made.
func TestPackRelease(t *testing.T) {
	p := newProject(t)
	e, build := sampleEdition()
	p.mustPack(tree{"manifest.json": "{}\n", "skills/old/SKILL.md": "old\n"})
	r, findings, err := p.open().PackRelease(build, nil, e)
	if err != nil || len(findings) > 0 {
		t.Fatal(brief(findings), err)
	}
	want := readTree(t, p.dist)
	if want["skills/old/SKILL.md"] != "" || want[sumsPath] == "" || r.Sums != digest(sha256.Sum256([]byte(want[sumsPath]))) {
		t.Errorf("%v", r)
	}
	if again, _, err := p.open().PackRelease(build, nil, e); err != nil || len(again.Written)+len(again.Removed) > 0 || again.Sums != r.Sums {
		t.Errorf("the same release once more: %+v, %v", again, err)
	}

	// A build leaves what is the release's, and the next release takes what is no longer wanted.
	p.mustPack(tree{"manifest.json": "{2}\n", "skills/acme-go/SKILL.md": "# Go\n"})
	got := readTree(t, p.dist)
	for path, data := range want {
		if ownedByRelease(path) && got[path] != data {
			t.Errorf("build changed %s", path)
		}
	}
	e.Manifest.Skills = e.Manifest.Skills[1:]
	e.Site = e.Site[:2]
	build = slices.DeleteFunc(build, func(o Output) bool { return strings.Contains(o.Path, "acme-flask") })
	r, findings, err = p.open().PackRelease(build, nil, e)
	if err != nil || len(findings) > 0 {
		t.Fatal(brief(findings), err)
	}
	gone := []string{".well-known/skills/acme-flask/SKILL.md", "acme-flask.html", "archives/acme-flask.tar.gz", "archives/acme-flask.zip", "style.css"}
	if diff := cmp.Diff(gone, r.Removed); diff != "" {
		t.Error(diff)
	}
	for path := range readTree(t, p.dist) {
		if strings.Contains(path, "flask") {
			t.Errorf("%s is left", path)
		}
	}
}

// A record is data from disk: one that is none, or lists what no release has, keeps a release from touching anything.
func TestBadRecords(t *testing.T) {
	sum := digest(sha256.Sum256([]byte("x")))
	for name, c := range map[string]struct{ path, data string }{
		"none":       {recordPath, "x"},
		"empty":      {recordPath, ""},
		"schema":     {recordPath, `{"schema": 2, "files": []}`},
		"no files":   {recordPath, `{"schema": 1}`},
		"outside":    {recordPath, `{"schema": 1, "files": [{"path": "../x", "digest": "` + sum + `"}]}`},
		"absolute":   {recordPath, `{"schema": 1, "files": [{"path": "/x", "digest": "` + sum + `"}]}`},
		"itself":     {recordPath, `{"schema": 1, "files": [{"path": "release.json", "digest": "` + sum + `"}]}`},
		"sums":       {recordPath, `{"schema": 1, "files": [{"path": "SHA256SUMS", "digest": "` + sum + `"}]}`},
		"no digest":  {recordPath, `{"schema": 1, "files": [{"path": "x"}]}`},
		"other case": {recordPath, `{"schema": 1, "files": [{"path": "x", "digest": "` + strings.ToUpper(sum) + `"}]}`},
		"twice":      {recordPath, `{"schema": 1, "files": [{"path": "x", "digest": "` + sum + `"}, {"path": "x", "digest": "` + sum + `"}]}`},
		"its own":    {recordPath, `{"schema": 1, "files": [{"path": ".skillgen/journal", "digest": "` + sum + `"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.mustPack(first)
			before := readTree(t, p.dist).with(c.path, c.data)
			if err := os.WriteFile(p.dist+"/"+c.path, []byte(c.data), 0o644); err != nil {
				t.Fatal(err)
			}
			e, build := sampleEdition()
			_, findings, err := p.open().PackRelease(build, nil, e)
			if err != nil || len(findings) != 1 || findings[0].ID != "dist-report" || findings[0].Place.File != "dist/"+c.path {
				t.Errorf("%v, %v", brief(findings), err)
			}
			if diff := cmp.Diff(before, readTree(t, p.dist)); diff != "" {
				t.Error(diff)
			}
			p.mustPack(tree{"x": "y"}) // a build does not read it
		})
	}
}

// A record of a release that claims files of a build, or of nobody, takes nothing away.
func TestRecordClaims(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	mine := tree{"README.md": "mine", "skills/mine.md": "mine", "notes/index.html": "mine", "archives/mine.zip": "mine"}
	var files []string
	for path, data := range mine {
		if err := os.MkdirAll(p.dist+"/"+path[:max(strings.LastIndexByte(path, '/'), 0)], 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.dist+"/"+path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, fmt.Sprintf(`{"path": %q, "digest": %q, "size": 4}`, path, digest(sha256.Sum256([]byte(data)))))
	}
	if err := os.WriteFile(p.dist+"/"+recordPath, []byte(`{"schema": 1, "files": [`+strings.Join(files, ",")+`]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	e, build := sampleEdition()
	r, findings, err := p.open().PackRelease(build, nil, e)
	if worst, _ := diag.Worst(findings); err != nil || worst == diag.Error {
		t.Fatal(brief(findings), err)
	}
	got := readTree(t, p.dist)
	for _, path := range []string{"README.md", "skills/mine.md", "notes/index.html"} {
		if got[path] != "mine" {
			t.Errorf("%s is gone: %v", path, r.Removed)
		}
	}
}

// A report of a build that claims files of a release takes none of them away.
func TestReportClaimsNoRelease(t *testing.T) {
	p := newProject(t)
	e, build := sampleEdition()
	if _, findings, err := p.open().PackRelease(build, nil, e); err != nil || len(findings) > 0 {
		t.Fatal(brief(findings), err)
	}
	before := readTree(t, p.dist)
	claim := fmt.Sprintf(`{"path": "llms.txt", "digest": %q, "size": 1}, {"path": "archives/acme-go.zip", "digest": %q, "size": 1}, {"path"`,
		digest(sha256.Sum256([]byte(before[llmsPath]))), digest(sha256.Sum256([]byte(before["archives/acme-go.zip"]))))
	at := strings.Index(before[reportPath], `"outputs": [`)
	poisoned := before[reportPath][:at] + strings.Replace(before[reportPath][at:], `{"path"`, claim, 1)
	if err := os.WriteFile(p.dist+"/"+reportPath, []byte(poisoned), 0o644); err != nil {
		t.Fatal(err)
	}
	r := p.mustPack(tree{"manifest.json": "{}\n"})
	if len(r.Removed) == 0 || slices.ContainsFunc(r.Removed, ownedByRelease) {
		t.Errorf("removed %v", r.Removed)
	}
}
