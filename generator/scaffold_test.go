package generator

import (
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// tree makes a project folder in memory of pairs of path and text.
func tree(files ...string) (fstest.MapFS, *source.Tree) {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1]), Mode: 0o644}
	}
	return fsys, source.New(fsys)
}

// TestScaffoldBuilds starts projects around small apps, and compiles what init would have written: one skill, no error.
func TestScaffoldBuilds(t *testing.T) {
	goMod := "module shop\n\ngo 1.24\n\nrequire github.com/go-chi/chi/v5 v5.2.0\n"
	for _, c := range []struct {
		name  string
		files []string
		o     ScaffoldOptions
		skill string
		title string
	}{
		{"go here", []string{"go.mod", goMod, "main.go", "package main\n"}, ScaffoldOptions{Folder: "Shop"}, "shop-go-chi", "Go (chi)"},
		{"plain go", []string{"go.mod", "module x\n\ngo 1.24\n", "main.go", "package main\n"}, ScaffoldOptions{Folder: "x"}, "x-go", "Go"},
		{"next below examples", []string{"examples/app/package.json", `{"dependencies": {"react": "19.0.0", "next": "16.0.0"}}`, "README.md", "# x\n"}, ScaffoldOptions{Product: "Acme Pay"}, "acme-pay-nextjs", "Next.js"},
		{"express one folder down", []string{"server/package.json", `{"dependencies": {"express": "^5"}}`}, ScaffoldOptions{Product: "Acme"}, "acme-node-express", "Node.js (Express)"},
		{"flask", []string{"requirements.txt", "Flask==3.1\n", "app.py", "x = 1\n"}, ScaffoldOptions{Product: "Acme"}, "acme-python-flask", "Flask"},
		{"with docs", []string{"go.mod", goMod, "docs/install.md", "# Install\n\nDo it.\n"}, ScaffoldOptions{Product: "Acme"}, "acme-go-chi", "Go (chi)"},
		{"told everything", []string{"app/main.zig", "x\n"}, ScaffoldOptions{Product: `Ac"me`, Prefix: "acme", Framework: "zig", Title: "Zig", Languages: []string{"c"}, Example: "app"}, "acme-zig", "Zig"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, before := tree(c.files...)
			files, err := Scaffold(before, c.o)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				fsys[f.Path] = &fstest.MapFile{Data: []byte(f.Text), Mode: 0o644}
			}
			got, err := Compile(source.New(fsys), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if worst, _ := diag.Worst(got.Findings); worst == diag.Error {
				t.Fatalf("findings: %v", got.Findings)
			}
			if len(got.Skills) != 1 || got.Skills[0].Plan.Name != c.skill || got.Skills[0].Plan.Title != c.title {
				t.Fatalf("got %d skills, want %s (%s)", len(got.Skills), c.skill, c.title)
			}
			for _, f := range got.Skills[0].Plan.Airplanes[0].Files {
				if strings.HasPrefix(f.Path, "templates/") || f.Path == "skillgen.yaml" {
					t.Errorf("the project's own %s is part of the airplane", f.Path)
				}
			}
		})
	}
}

func TestScaffoldRefuses(t *testing.T) {
	_, empty := tree("notes.txt", "x\n")
	if _, err := Scaffold(empty, ScaffoldOptions{Product: "x"}); err == nil || !strings.Contains(err.Error(), "no example app") {
		t.Errorf("no app: %v", err)
	}
	_, two := tree("examples/a/go.mod", "module a\n", "examples/b/go.mod", "module b\n")
	if _, err := Scaffold(two, ScaffoldOptions{Product: "x"}); err == nil || !strings.Contains(err.Error(), "examples/a, examples/b") {
		t.Errorf("two apps: %v", err)
	}
	if _, err := Scaffold(two, ScaffoldOptions{Product: "x", Example: "examples/c"}); err == nil {
		t.Error("a folder that is not there is taken")
	}
}

// TestScaffoldOutput keeps an app's own dist folder out of the way.
func TestScaffoldOutput(t *testing.T) {
	_, used := tree("package.json", "{}", "dist/bundle.js", "x\n")
	files, err := Scaffold(used, ScaffoldOptions{Product: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(files[0].Text, "dist: skillgen-dist") {
		t.Errorf("skillgen.yaml: %s", files[0].Text)
	}
}
