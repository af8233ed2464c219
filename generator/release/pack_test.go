package release

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/diag"
)

// tree is files by path; the value of a folder that must exist ends the path with a slash.
type tree map[string]string

func (files tree) outputs() []Output {
	var all []Output
	for p, data := range files {
		all = append(all, Output{Path: p, Data: []byte(data), Exec: strings.HasPrefix(data, "#!")})
	}
	return all
}

// readTree returns all files and empty folders below a folder.
func readTree(t testing.TB, dir string) tree {
	t.Helper()
	got := tree{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case e.IsDir():
			entries, err := os.ReadDir(p)
			if err == nil && len(entries) == 0 && rel != "." {
				got[rel+"/"] = ""
			}
			return err
		case e.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(p)
			got[rel] = "-> " + target
			return err
		}
		data, err := os.ReadFile(p)
		got[rel] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return got
}

func (files tree) without(paths ...string) tree {
	rest := tree{}
	for p, data := range files {
		if !slices.Contains(paths, p) {
			rest[p] = data
		}
	}
	return rest
}

func (files tree) with(p, data string) tree {
	all := files.without()
	all[p] = data
	return all
}

// project is a project's folder with an output folder.
type project struct {
	t      testing.TB
	dir    string
	dist   string
	strict bool
}

func newProject(t testing.TB) *project {
	dir := t.TempDir()
	return &project{t: t, dir: dir, dist: filepath.Join(dir, "dist")}
}

func (p *project) open() *Dist {
	p.t.Helper()
	d, err := Open(Options{Out: p.dist, Project: p.dir, Strict: p.strict})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { d.Close() }) //nolint:errcheck // only opened
	return d
}

func (p *project) pack(files tree) (Result, []diag.Finding) {
	p.t.Helper()
	r, findings, err := p.open().Pack(files.outputs(), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return r, findings
}

func (p *project) mustPack(files tree) Result {
	p.t.Helper()
	r, findings := p.pack(files)
	if len(findings) > 0 {
		p.t.Fatalf("findings: %v", brief(findings))
	}
	return r
}

// holds fails unless the output folder holds exactly these files, a report aside.
func (p *project) holds(want tree) {
	p.t.Helper()
	if diff := cmp.Diff(want, readTree(p.t, p.dist).without(reportPath)); diff != "" {
		p.t.Errorf("output folder (-want +got)\n%s", diff)
	}
}

func (p *project) write(path, data string) {
	p.t.Helper()
	full := filepath.Join(p.dist, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(data), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) remove(path string) {
	p.t.Helper()
	if err := os.RemoveAll(filepath.Join(p.dist, path)); err != nil {
		p.t.Fatal(err)
	}
}

// brief lists findings as "id file".
func brief(findings []diag.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.ID+" "+f.Place.File)
	}
	return all
}

var first = tree{
	"manifest.json":               "{}\n",
	"skills/a/SKILL.md":           "A\n",
	"skills/a/stages/1-go.md":     "go\n",
	"skills/a/scripts/run.sh":     "#!/bin/sh\n",
	"skills/b/SKILL.md":           "B\n",
	"provenance/a.json":           "{}\n",
	"skills/c/references/deep.md": "deep\n",
}

func TestPackFirst(t *testing.T) {
	p := newProject(t)
	r := p.mustPack(first)
	p.holds(first)
	if len(r.Written) != len(first)+1 || len(r.Removed) != 0 || r.Kept != 0 || !slices.IsSorted(r.Written) {
		t.Errorf("result %+v", r)
	}
}

func TestPackAgainWritesNothing(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	before := stamps(t, p.dist)
	r := p.mustPack(first)
	if len(r.Written)+len(r.Removed) != 0 || r.Kept != len(first)+1 {
		t.Errorf("result %+v", r)
	}
	if diff := cmp.Diff(before, stamps(t, p.dist)); diff != "" {
		t.Errorf("files were touched:\n%s", diff)
	}
}

// stamps returns what shows that a file was written: its identity, and its folder's time.
func stamps(t *testing.T, dir string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		all[p] = fmt.Sprint(info.ModTime().UnixNano(), info.Mode())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPackChanges(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	untouched := stamps(t, filepath.Join(p.dist, "skills/b"))
	second := first.without("skills/c/references/deep.md", "skills/a/stages/1-go.md").with("skills/a/SKILL.md", "A2\n").with("skills/d/SKILL.md", "D\n").with("skills/b/more.md", "")
	delete(second, "skills/b/more.md")
	r := p.mustPack(second)
	p.holds(second)
	if want := []string{"report.json", "skills/a/SKILL.md", "skills/d/SKILL.md"}; !slices.Equal(r.Written, want) {
		t.Errorf("written %q, want %q", r.Written, want)
	}
	if want := []string{"skills/a/stages/1-go.md", "skills/c/references/deep.md"}; !slices.Equal(r.Removed, want) {
		t.Errorf("removed %q, want %q", r.Removed, want)
	}
	if diff := cmp.Diff(untouched, stamps(t, filepath.Join(p.dist, "skills/b"))); diff != "" {
		t.Errorf("another skill was touched:\n%s", diff)
	}
	p.mustPack(first)
	p.holds(first)
	p.mustPack(tree{})
	p.holds(tree{})
}

func TestPackFolderAndFileChangePlaces(t *testing.T) {
	p := newProject(t)
	a := tree{"x": "file", "y/a": "1", "y/b/c": "2", "z/only": "3", "z/more": "4"}
	b := tree{"x/a": "1", "x/b/c": "2", "y": "file", "z/other": "5"}
	for i := range 5 {
		files := []tree{a, b}[i%2]
		p.mustPack(files)
		p.holds(files)
	}
	p.write("y/foreign", "mine") // y is a folder again, and holds what no build wrote
	if _, findings := p.pack(b); !slices.Equal(brief(findings), []string{"dist-blocked dist/y"}) {
		t.Errorf("findings %q", brief(findings))
	}
	p.holds(a.with("y/foreign", "mine"))
}

func TestPackEmptyFolderInTheWay(t *testing.T) {
	p := newProject(t)
	p.mustPack(tree{"x": "1"})
	p.remove("x")
	if err := os.MkdirAll(filepath.Join(p.dist, "x/y/z"), 0o755); err != nil {
		t.Fatal(err)
	}
	p.mustPack(tree{"x": "1"})
	p.holds(tree{"x": "1"})
}

func TestPackRestoresWhatIsMissing(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	p.remove("skills/a")
	p.remove("report.json")
	r := p.mustPack(first)
	p.holds(first)
	if len(r.Written) != 4 {
		t.Errorf("written %q", r.Written)
	}
}

func TestPackKeepsWhatOthersWrote(t *testing.T) {
	p := newProject(t)
	p.write(".gitkeep", "")
	p.write("skills/a/mine.md", "mine")
	p.write("skills/a/stages/1-go.md", "go\n") // as the output: fine
	p.mustPack(first)
	want := first.with(".gitkeep", "").with("skills/a/mine.md", "mine")
	p.holds(want)
	p.mustPack(tree{})
	p.holds(tree{".gitkeep": "", "skills/a/mine.md": "mine"})
}

func TestPackRefusesToReplace(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*project)
		want  []string
	}{
		"edited":         {func(p *project) { p.write("skills/a/SKILL.md", "mine") }, []string{"dist-blocked dist/skills/a/SKILL.md"}},
		"foreign":        {func(p *project) { p.write("skills/new/SKILL.md", "mine") }, []string{"dist-blocked dist/skills/new/SKILL.md"}},
		"folder":         {func(p *project) { p.write("skills/new/SKILL.md/x", "mine") }, []string{"dist-blocked dist/skills/new/SKILL.md"}},
		"file as folder": {func(p *project) { p.write("skills/new", "mine") }, []string{"dist-blocked dist/skills/new/SKILL.md"}},
		"link":           {func(p *project) { p.link("SKILL.md", "skills/a/SKILL.md") }, []string{"dist-blocked dist/skills/a/SKILL.md"}},
		"linked folder":  {func(p *project) { p.link("../elsewhere", "skills/new") }, []string{"dist-blocked dist/skills/new/SKILL.md"}},
		"link out":       {func(p *project) { p.link("/etc", "skills/new") }, []string{"dist-blocked dist/skills/new/SKILL.md"}},
		"report folder":  {func(p *project) { p.remove("report.json"); p.write("report.json/x", "mine") }, []string{"dist-report dist/report.json"}},
		"report link":    {func(p *project) { p.link("manifest.json", "report.json") }, []string{"dist-report dist/report.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.mustPack(first)
			p.write("elsewhere/x", "")
			tt.spoil(p)
			before := readTree(t, p.dist)
			_, findings := p.pack(first.with("skills/a/SKILL.md", "A2\n").with("skills/new/SKILL.md", "N\n"))
			if !slices.Equal(brief(findings), tt.want) {
				t.Errorf("findings %q, want %q", brief(findings), tt.want)
			}
			if worst, _ := diag.Worst(findings); worst != diag.Error {
				t.Errorf("severity %v", worst)
			}
			if diff := cmp.Diff(before, readTree(t, p.dist)); diff != "" {
				t.Errorf("something was written:\n%s", diff)
			}
		})
	}
}

func (p *project) link(target, path string) {
	p.t.Helper()
	p.remove(path)
	if err := os.Symlink(target, filepath.Join(p.dist, path)); err != nil {
		p.t.Skip(err)
	}
}

func TestPackKeepsEdited(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	p.write("skills/b/SKILL.md", "mine")
	p.write("skills/a/SKILL.md", "mine too")

	// The output is what it was: it stays as it is, with a warning.
	r, findings := p.pack(first.with("manifest.json", "{2}\n"))
	if want := []string{"dist-edited dist/skills/a/SKILL.md", "dist-edited dist/skills/b/SKILL.md"}; !slices.Equal(brief(findings), want) {
		t.Errorf("findings %q, want %q", brief(findings), want)
	}
	if want := []string{"manifest.json", "report.json"}; !slices.Equal(r.Written, want) {
		t.Errorf("written %q", r.Written)
	}
	p.holds(first.with("manifest.json", "{2}\n").with("skills/b/SKILL.md", "mine").with("skills/a/SKILL.md", "mine too"))

	// It has no place any more: likewise.
	_, findings = p.pack(tree{"skills/a/SKILL.md": "A\n"})
	if want := []string{"dist-edited dist/skills/a/SKILL.md", "dist-edited dist/skills/b/SKILL.md"}; !slices.Equal(brief(findings), want) {
		t.Errorf("findings %q, want %q", brief(findings), want)
	}
	if worst, _ := diag.Worst(findings); worst != diag.Warning {
		t.Errorf("severity %v", worst)
	}
	p.holds(tree{"skills/a/SKILL.md": "mine too", "skills/b/SKILL.md": "mine"})
}

func TestPackStrict(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	p.write("skills/b/SKILL.md", "mine")
	p.strict = true
	before := readTree(t, p.dist)
	r, findings := p.pack(first.without("skills/b/SKILL.md"))
	if len(findings) != 1 || len(r.Written) != 0 {
		t.Errorf("findings %q, written %q", brief(findings), r.Written)
	}
	if diff := cmp.Diff(before, readTree(t, p.dist)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
}

func TestPackCountsManyBlocked(t *testing.T) {
	p := newProject(t)
	files := tree{}
	for i := range 300 {
		files[fmt.Sprintf("f%03d", i)] = "x"
		p.write(fmt.Sprintf("f%03d", i), "mine")
	}
	_, findings := p.pack(files)
	if len(findings) != maxNamed+1 || findings[0].Message != "290 more files like those that are named" {
		t.Errorf("%d findings: %q %q", len(findings), brief(findings), findings[0].Message)
	}
}

func TestPackClashes(t *testing.T) {
	for name, files := range map[string][]string{
		"case":              {"skills/a/X.md", "skills/a/x.md"},
		"case of a folder":  {"skills/A/1", "skills/a/2"},
		"file and folder":   {"skills/a", "skills/a/b"},
		"folder and file":   {"skills/a/b/c", "skills/A"},
		"case beyond ASCII": {"É", "é"},
		"twice":             {"x", "x"},
	} {
		var outputs []Output
		for _, f := range files {
			outputs = append(outputs, Output{Path: f, Data: []byte(f)})
		}
		p := newProject(t)
		_, findings, err := p.open().Pack(outputs, nil)
		if err != nil || len(findings) != 1 || findings[0].ID != "dist-case" {
			t.Errorf("%s: %q, %v", name, brief(findings), err)
		}
		if _, err := os.Lstat(p.dist); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: something was written", name)
		}
		if _, findings, err := p.open().Check(outputs, nil); err != nil || len(findings) != 1 {
			t.Errorf("%s: Check says %q, %v", name, brief(findings), err)
		}
	}
	if got := clashes(sortedOutputs(first.outputs()), newProject(t).open().place); len(got) != 0 {
		t.Errorf("no clash, but %q", brief(got))
	}
}

func TestPackImpossiblePaths(t *testing.T) {
	for _, path := range []string{"", ".", "/x", "../x", "a/../b", "a//b", "a/", `a\b`, "a\x00b", ".skillgen/new", ".SkillGen", ".git/config", "report.json", "./a"} {
		if _, _, err := newProject(t).open().Pack([]Output{{Path: path}}, nil); err == nil {
			t.Errorf("%q is taken for a path", path)
		}
	}
}

func TestPackReport(t *testing.T) {
	p := newProject(t)
	inputs := []Input{{Path: "website/a.md", Skills: []string{"a"}}}
	if _, _, err := p.open().Pack(first.outputs(), inputs); err != nil {
		t.Fatal(err)
	}
	want := string((&Report{Inputs: inputs, Outputs: first.outputs()}).Encode())
	if diff := cmp.Diff(want, readTree(t, p.dist)[reportPath]); diff != "" {
		t.Errorf("report.json (-want +got)\n%s", diff)
	}
}

// badReports are reports that skillgen did not write, or that somebody changed. SUM stands for the digest of "x".
var badReports = map[string]string{
	"empty":        "",
	"cut":          `{"schema": 1, "outputs": [{"path": "victim"`,
	"other JSON":   `{"numTotalTests": 3}`,
	"list":         `[]`,
	"schema":       `{"schema": 2, "outputs": []}`,
	"no outputs":   `{"schema": 1}`,
	"type":         `{"schema": 1, "outputs": [{"path": 1, "digest": "SUM"}]}`,
	"above":        `{"schema": 1, "outputs": [{"path": "victim", "digest": "SUM"}, {"path": "../victim", "digest": "SUM"}]}`,
	"dots":         `{"schema": 1, "outputs": [{"path": "a/../../victim", "digest": "SUM"}]}`,
	"absolute":     `{"schema": 1, "outputs": [{"path": "/victim", "digest": "SUM"}]}`,
	"backslash":    `{"schema": 1, "outputs": [{"path": "..\\victim", "digest": "SUM"}]}`,
	"not clean":    `{"schema": 1, "outputs": [{"path": "./victim", "digest": "SUM"}]}`,
	"work folder":  `{"schema": 1, "outputs": [{"path": ".skillgen/victim", "digest": "SUM"}]}`,
	"git":          `{"schema": 1, "outputs": [{"path": ".git/victim", "digest": "SUM"}]}`,
	"itself":       `{"schema": 1, "outputs": [{"path": "report.json", "digest": "SUM"}]}`,
	"no digest":    `{"schema": 1, "outputs": [{"path": "victim", "digest": "sha256:"}]}`,
	"twice":        `{"schema": 1, "outputs": [{"path": "victim", "digest": "SUM"}, {"path": "victim", "digest": "SUM"}]}`,
	"deep":         strings.Repeat("[", 20_000),
	"binary":       "\x00\xff",
	"conflict":     "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n",
	"number":       `{"schema": 1e999, "outputs": []}`,
	"null outputs": `{"schema": 1, "outputs": null}`,
}

func TestPackBadReport(t *testing.T) {
	sum := sumOf(&Output{Data: []byte("x")})
	for name, report := range badReports {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.mustPack(first)
			for _, victim := range []string{"../victim", "victim", "a/victim", ".git/victim"} {
				p.write(victim, "x")
			}
			p.remove(".git")
			p.write("report.json", strings.ReplaceAll(report, "SUM", digest(sum)))
			before := readTree(t, p.dir)
			_, findings := p.pack(first.without("skills/b/SKILL.md").with("manifest.json", "2"))
			if !slices.Equal(brief(findings), []string{"dist-report dist/report.json"}) {
				t.Errorf("findings %q", brief(findings))
			}
			if diff := cmp.Diff(before, readTree(t, p.dir)); diff != "" {
				t.Errorf("something was touched:\n%s", diff)
			}
		})
	}
}

func TestPackHugeReport(t *testing.T) {
	p := newProject(t)
	p.mustPack(tree{"x": "x"})
	if err := os.Truncate(filepath.Join(p.dist, reportPath), maxReport+1); err != nil {
		t.Fatal(err)
	}
	if _, findings := p.pack(tree{"x": "y"}); len(findings) != 1 || findings[0].Message != "this file has 67108865 bytes, more than a report can have" {
		t.Errorf("findings %v", findings)
	}
}

// A report that lists a file which somebody else wrote, with its true digest, is believed: there is no telling. But it must lie inside.
func TestPackReportWithForeignFile(t *testing.T) {
	p := newProject(t)
	p.mustPack(tree{"x": "x"})
	p.write("victim", "x")
	sum := sumOf(&Output{Data: []byte("other")})
	p.write("report.json", `{"schema": 1, "outputs": [{"path": "victim", "digest": "`+digest(sum)+`"}, {"path": "gone/away", "digest": "`+digest(sum)+`"}]}`)
	_, findings := p.pack(tree{"x": "x"})
	if !slices.Equal(brief(findings), []string{"dist-edited dist/victim"}) {
		t.Errorf("findings %q", brief(findings))
	}
	p.holds(tree{"x": "x", "victim": "x"})
}

func TestPackModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	p := newProject(t)
	p.mustPack(first)
	for path, want := range map[string]fs.FileMode{
		"": 0o755, "skills": 0o755, "skills/a/stages": 0o755, "skills/a/SKILL.md": 0o644, "skills/a/scripts/run.sh": 0o755, "report.json": 0o644,
	} {
		info, err := os.Stat(filepath.Join(p.dist, path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
	}
}

func TestCheck(t *testing.T) {
	p := newProject(t)
	check := func(files tree) Difference {
		t.Helper()
		before := readTree(t, p.dir)
		x, _, err := p.open().Check(files.outputs(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, readTree(t, p.dir)); diff != "" {
			t.Errorf("Check wrote something:\n%s", diff)
		}
		return x
	}
	if x := check(tree{"a": "1"}); x.Empty() || !slices.Equal(x.Missing, []string{"a", "report.json"}) {
		t.Errorf("of nothing: %+v", x)
	}
	p.mustPack(first)
	p.write("foreign", "mine")
	if x := check(first); !x.Empty() {
		t.Errorf("of the same: %+v", x)
	}
	p.remove("skills/b")
	p.write("manifest.json", "edited")
	want := Difference{
		Missing: []string{"new", "skills/b/SKILL.md"}, Changed: []string{"manifest.json", "report.json", "skills/a/SKILL.md"}, Extra: []string{"skills/c/references/deep.md"},
	}
	if diff := cmp.Diff(want, check(first.without("skills/c/references/deep.md").with("skills/a/SKILL.md", "2").with("new", ""))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A file that shrinks while it is compared is no equal one.
func TestEqualFileShrinks(t *testing.T) {
	p := newProject(t)
	p.write("long", "abcdef")
	p.write("x", "abc")
	info, err := os.Stat(filepath.Join(p.dist, "long"))
	if err != nil {
		t.Fatal(err)
	}
	if equal, err := equalFile(p.open().root, &Output{Path: "x", Data: []byte("abcdef")}, info); equal || err != nil {
		t.Errorf("%v, %v", equal, err)
	}
}

// fleet is the output of a large project: 400 skills, 2,500 files, 40 MB.
func fleet(version string) []Output {
	body := []byte(strings.Repeat("A line of a skill, as long as lines are.\n", 95_000/42))
	var all []Output
	for i := range 400 {
		skill := fmt.Sprintf("skills/posthog-framework-%03d/", i)
		all = append(all, Output{Path: skill + "SKILL.md", Data: append([]byte(version+skill+"\n"), body...)})
		for k := range 5 {
			all = append(all, Output{Path: fmt.Sprintf("%sstages/%d-do.md", skill, k), Data: []byte(version + skill + strings.Repeat("word ", 300))})
		}
	}
	return all
}

func BenchmarkPack(b *testing.B) {
	one, two := fleet("1"), fleet("2")
	for i := range one {
		one[i].Digest, two[i].Digest = sumOf(&one[i]), sumOf(&two[i])
	}
	pack := func(b *testing.B, p *project, outputs []Output) {
		r, findings, err := p.open().Pack(outputs, nil)
		if err != nil || len(findings) > 0 {
			b.Fatal(r, findings, err)
		}
	}
	b.Run("cold", func(b *testing.B) { // each time into a new folder: some file systems are slow to reuse what was just deleted
		for b.Loop() {
			b.StopTimer()
			p := newProject(b)
			b.StartTimer()
			pack(b, p, one)
		}
	})
	b.Run("same", func(b *testing.B) {
		p := newProject(b)
		pack(b, p, one)
		for b.Loop() {
			pack(b, p, one)
		}
	})
	b.Run("all-changed", func(b *testing.B) {
		p := newProject(b)
		for i := 0; b.Loop(); i++ {
			pack(b, p, [][]Output{one, two}[i%2])
		}
	})
}
