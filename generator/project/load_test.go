package project

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"skillgen/generator/source"
)

func TestNoProject(t *testing.T) {
	p, findings, err := Load(source.New(fstest.MapFS{}), Options{})
	if !errors.Is(err, ErrNoProject) || p != nil || findings != nil {
		t.Error(p, findings, err)
	}
}

// TestLoad reads one of everything and looks at what came out.
func TestLoad(t *testing.T) {
	p, findings := read(t, map[string]string{
		"skillgen.yaml": "product: Acme\nprefix: acme\nversion: 1.2.3\nbudget: {head: 9000, error: {skill: 7}}\nchecks: {page-unused: {severity: warning}}\n" +
			"sites:\n- {path: ./website/docs/, url: https://acme.example/docs}\nclean:\n- {replace: a, with: \"\", why: b}\n",
		"frameworks/js/next.md": "---\ntitle: Next\nlanguages: [typescript]\ntags: [react]\nexample: examples/next/\nworkflows:\n  integrate:\n    docs: [a.md, {source: b.md, title: B}]\n  audit: {}\n" +
			"detect: {files: [next.config.*], dependencies: [next]}\nverify: {level: ci, needs: {node: \">=22\", browser: true}, run: node drive.mjs, expect: [a, {method: POST, path: /b, contains: c}]}\n---\n\nGuidance.\n",
		"frameworks/draft.md":                "---\ntitle: Draft\nlanguages: [go]\ndraft: true\nlayout: references\n---\n",
		"frameworks/tags/react.md":           "---\nvars: {a: b}\n---\n- Rule.\n\n# More\n",
		"templates/integrate/skill.md":       "---\ndescription: Do {{product}}\ndefault: true\nneeds: [docs]\ndocs: [\"website/{{id}}.md\"]\n---\nHello.\n",
		"templates/integrate/20-plan.md":     "---\ntitle: Plan it\nproduces: [plan.json]\n---\nBody.\n",
		"templates/integrate/3-find.md":      "Find.\n",
		"templates/integrate/scripts/x.sh":   "#!/bin/sh\n",
		"templates/integrate/assets/a/b.png": "\x89PNG\x00",
		"templates/audit/skill.md":           "---\ndescription: Audit\n---\n",
	})
	if len(findings) != 1 || findings[0].ID != "framework-draft" {
		t.Fatal(show(findings))
	}
	c := p.Config
	if c.Layout != Flat || c.Stages != StageFiles || c.Stamp != "content" || c.Paths != defaultFolders() || c.Budget.Head != 9000 || c.Budget.Error.Skill != 7 || c.Sites[0].Path.S != "website/docs" {
		t.Errorf("config %+v", c)
	}
	if got := c.Clean[0]; got.At.Line() != 9 || got.Replace.S != "a" || got.With.At.File == nil {
		t.Errorf("clean %+v", got)
	}
	var names []string
	for _, f := range p.Frameworks {
		names = append(names, f.ID)
	}
	for _, w := range p.Workflows {
		names = append(names, w.Name)
	}
	if got := strings.Join(names, " "); got != "draft next integrate audit" {
		t.Error(got)
	}
	next := p.Frameworks[1]
	if next.File.Text[next.Body.Start:next.Body.End] != "\nGuidance.\n" || next.At.Line() != 1 || next.Example[0].S != "examples/next" || !p.Frameworks[0].Draft {
		t.Errorf("framework %+v", next)
	}
	if o := next.Workflows["integrate"]; len(next.Workflows) != 2 || o.Docs[1].Title.S != "B" || next.WorkflowsAt["audit"].Line() != 9 || next.Workflows["audit"] == nil {
		t.Errorf("workflows %+v", next.Workflows)
	}
	if v := next.Verify; !v.Needs.Browser || v.Needs.Tools["node"].S != ">=22" || v.Expect[0].Event.S != "a" || v.Expect[1].Method != "POST" || v.At.Line() != 11 {
		t.Errorf("verify %+v", v)
	}
	if tag := p.Tags["react"]; len(tag.Rules) != 1 || tag.Vars["a"].S != "b" || tag.Guidance.Line() != 6 {
		t.Errorf("tag %+v", tag)
	}
	w := p.Workflows[0]
	if !w.NeedsDocs || w.NeedsExample || w.Dir != "templates/integrate" || w.At.File != w.File || len(w.Steps) != 2 || len(w.Brought) != 2 {
		t.Errorf("workflow %+v", w)
	}
	if a, b := w.Steps[0], w.Steps[1]; a.N != 1 || a.Name != "find" || a.Title.S != "find" || b.N != 2 || b.Title.S != "Plan it" || b.Produces[0].S != "plan.json" {
		t.Errorf("stages %+v %+v", a, b)
	}
}

func defaultFolders() Paths { return (&report{}).paths(placedPaths{}) }

// TestBuiltin: a project without templates gets the built-in workflows, in which nothing is wrong whatever the project has.
func TestBuiltin(t *testing.T) {
	fsys := fstest.MapFS{
		"skillgen.yaml":           {Data: []byte("product: Acme\nprefix: acme\n")},
		"frameworks/flask.md":     {Data: []byte("---\ntitle: Flask\nlanguages: [python]\n---\n")},
		"templates/partials/x.md": {Data: []byte("A folder of partials alone is no workflow.\n")},
	}
	p, findings, err := Load(source.New(fsys), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := show(findings); got != "templates/partials/x.md: info: no workflow uses this partial \"x\" [partial-unused]\n" {
		t.Error(got)
	}
	w := p.Workflows[0]
	if w.Name != "integrate" || w.File.Path != "builtin:templates/integrate/skill.md" || w.Dir != "builtin:templates/integrate" || !w.Default || len(w.Steps) != 5 {
		t.Fatalf("%+v", w)
	}
	for _, b := range w.Brought {
		if !strings.HasPrefix(b.File.Path, w.Dir+"/scripts/") {
			t.Error(b.File.Path)
		}
	}
	for _, tpl := range w.templates() {
		if _, findings := tpl.Expand(testEnv()); len(findings) > 0 {
			t.Error(show(findings))
		}
	}
	fsys["frameworks/partials/purpose.md"] = &fstest.MapFile{Data: []byte("Our purpose.\n")}
	p, _, _ = Load(source.New(fsys), Options{})
	parts, _ := p.Workflows[0].Page.Expand(testEnv())
	if !strings.Contains(parts[0].Prose.Body, "Our purpose.\n") {
		t.Error("a partial of the project does not replace the built-in one")
	}
}

// TestBuiltinIsLenient: a built-in template may speak of tags and words that a project does not have. What is wrong with it otherwise counts
// where a workflow reaches it.
func TestBuiltinIsLenient(t *testing.T) {
	builtin := source.NewLabelled(fstest.MapFS{
		"integrate/skill.md": {Data: []byte("---\ndescription: x\ndefault: true\n---\n{{if some-tag}}{{vars.word}}{{end}}{{if vars.other}}x{{end}}\n{{partial words}}\n")},
		"partials/spare.md":  {Data: []byte("{{partial nowhere}}\n")},
		"partials/words.md":  {Data: []byte("{{partial product-words}}\n")},
	}, builtinLabel)
	fsys := fstest.MapFS{
		"skillgen.yaml":       {Data: []byte("product: Acme\nprefix: acme\n")},
		"frameworks/flask.md": {Data: []byte("---\ntitle: Flask\nlanguages: [python]\n---\n")},
	}
	_, findings, err := load(source.New(fsys), builtin, Options{})
	want := `builtin:templates/partials/words.md:1:1-26: error: there is no partial "product-words" [template-name]
    hint: add frameworks/partials/product-words.md
`
	if got := show(findings); got != want || err != nil {
		t.Errorf("got\n%s", got)
	}
	fsys["frameworks/partials/words.md"] = &fstest.MapFile{Data: []byte("Words.\n")}
	if _, findings, _ := load(source.New(fsys), builtin, Options{}); len(findings) > 0 {
		t.Error(show(findings))
	}
}

// TestDisk reads what only a disk can hold: links, pipes, hidden files.
func TestDisk(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range standard {
		write(name, data)
	}
	write("frameworks/flask.md", "---\ntitle: Flask\nlanguages: [python]\n---\n")
	write("frameworks/.flask.md.swp", "x")
	write("templates/integrate/.DS_Store", "x")
	for link, target := range map[string]string{"frameworks/out.md": "/etc/passwd", "frameworks/tags": "../templates", "templates/loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "frameworks", "pipe.md"), 0o644); err != nil {
		t.Skip(err)
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	p, findings, err := Load(tree, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `frameworks/out.md: error: a symbolic link is not read [project-file]
    hint: put a regular file or folder in its place
frameworks/pipe.md: error: a named pipe is not read [project-file]
    hint: put a regular file or folder in its place
frameworks/tags: error: a symbolic link is not read [project-file]
    hint: put a regular file or folder in its place
templates/loop: error: a symbolic link is not read [project-file]
    hint: a workflow is a folder
`
	if got := show(findings); got != want || len(p.Frameworks) != 1 {
		t.Errorf("got\n%s", got)
	}
	if err := os.Remove(filepath.Join(dir, "skillgen.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "skillgen.yaml")); err != nil {
		t.Fatal(err)
	}
	again, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	p, findings, err = Load(again, Options{})
	if p != nil || err != nil || len(findings) != 1 || findings[0].ID != "project-file" {
		t.Error(p, show(findings), err)
	}
}

// TestSameTwice: the findings of a project with many faults are the same, in the same order, however its files are read.
func TestSameTwice(t *testing.T) {
	files := map[string]string{}
	for _, id := range strings.Split("a b c d e f g h i j k l m n o p", " ") {
		files["frameworks/"+id+".md"] = "---\ntitel: x\nlanguages: [pyton]\ntags: [web]\n---\n"
		files["frameworks/tags/"+id+".md"] = "text\n"
	}
	_, first := read(t, files)
	for range 20 {
		if _, findings := read(t, files); !reflect.DeepEqual(findings, first) {
			t.Fatal("findings differ")
		}
	}
}
