package generator

import (
	"errors"
	"fmt"
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
			scaffold, err := NewScaffold(before, c.o)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range scaffold.Files {
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
	if _, err := NewScaffold(empty, ScaffoldOptions{Product: "x"}); err == nil || !strings.Contains(err.Error(), "no example app") {
		t.Errorf("no app: %v", err)
	}
	_, two := tree("examples/a/go.mod", "module a\n", "examples/b/go.mod", "module b\n")
	if _, err := NewScaffold(two, ScaffoldOptions{Product: "x"}); err == nil || !strings.Contains(err.Error(), "examples/a, examples/b") {
		t.Errorf("two apps: %v", err)
	}
	if _, err := NewScaffold(two, ScaffoldOptions{Product: "x", Example: "examples/c"}); err == nil {
		t.Error("a folder that is not there is taken")
	}
}

// TestScaffoldKeepsOut starts projects in repositories that use the folders of a project for something else: nothing is overwritten or mixed, and
// what init writes builds without a word.
func TestScaffoldKeepsOut(t *testing.T) {
	goMod := "module shop\n\ngo 1.24\n"
	for _, c := range []struct {
		name   string
		files  []string
		config string // what skillgen.yaml says about paths
	}{
		{"nothing in use", []string{"go.mod", goMod}, ""},
		{"templates of an app", []string{"package.json", "{}", "templates/index.ejs", "<h1>\n"}, "templates: skillgen/templates"},
		{"a file in place of templates", []string{"package.json", "{}", "templates", "x\n"}, "templates: skillgen/templates"},
		{"frameworks of an app", []string{"go.mod", goMod, "frameworks/base.go", "package base\n"}, "frameworks: skillgen/frameworks"},
		{"output of an app", []string{"package.json", "{}", "dist/bundle.js", "x\n"}, "dist: skillgen-dist"},
		{"output to come", []string{"package.json", "{}", ".gitignore", "node_modules\n/dist\n"}, "dist: skillgen-dist"},
		{"a website and docs", []string{"requirements.txt", "Django\n", "website/settings.py", "x\n", "docs/start.md", "# Start\n\nWords.\n"}, "website: docs"},
		{"docs in the app", []string{"go.mod", goMod, "docs/start.md", "# Start\n\nWords.\n"}, ""},
		{"docs in a website", []string{"go.mod", goMod, "website/docs/start.md", "# Start\n\nWords.\n", "website/package.json", "{}"}, "website: website/docs"},
		{"an earlier try", []string{"go.mod", goMod, "templates/partials/purpose.md", ""}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "an earlier try" { // a file of ours, as it is
				c.files[3] = textOf(t, "templates/partials/purpose.md")
			}
			fsys, before := tree(c.files...)
			s, err := NewScaffold(before, ScaffoldOptions{Product: "Acme"})
			if err != nil {
				t.Fatal(err)
			}
			_, paths, _ := strings.Cut(s.Files[0].Text, "paths:\n")
			if got := strings.Join(strings.Fields(paths), " "); got != c.config {
				t.Errorf("paths: %q, want %q", got, c.config)
			}
			for _, f := range s.Files {
				if old := fsys[f.Path]; old != nil && string(old.Data) != f.Text {
					t.Errorf("%s would be overwritten", f.Path)
				}
				fsys[f.Path] = &fstest.MapFile{Data: []byte(f.Text), Mode: 0o644}
			}
			got, err := Compile(source.New(fsys), Options{})
			if err != nil || len(got.Findings) > 0 || len(got.Skills) != 1 {
				t.Fatalf("%v, %d skills, findings %v", err, len(got.Skills), got.Findings)
			}
			for _, f := range got.Skills[0].Plan.Airplanes[0].Files {
				if strings.HasPrefix(f.Path, "docs/") || strings.HasPrefix(f.Path, "skillgen/") {
					t.Errorf("%s is part of the airplane", f.Path)
				}
			}
		})
	}
}

// textOf returns a file that init writes.
func textOf(t *testing.T, path string) string {
	t.Helper()
	_, app := tree("go.mod", "module x\n")
	s, err := NewScaffold(app, ScaffoldOptions{Product: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Files {
		if f.Path == path {
			return f.Text
		}
	}
	t.Fatalf("init writes no %s", path)
	return ""
}

// TestScaffoldRecognises holds what init takes an app for, and which app it takes.
func TestScaffoldRecognises(t *testing.T) {
	for _, c := range []struct{ name, app, title, files string }{
		{"assets of a Rails app", ".", "Ruby on Rails", `Gemfile|gem "rails", "8.0"|package.json|{"devDependencies": {"vite": "6"}}`},
		{"assets of a Go app", ".", "Go", `go.mod|module x|package.json|{"devDependencies": {"tailwindcss": "4"}}`},
		{"development dependencies count", ".", "SvelteKit", `package.json|{"devDependencies": {"@sveltejs/kit": "2", "vite": "6"}}`},
		{"poetry", ".", "FastAPI", "pyproject.toml|[tool.poetry.dependencies]\nfastapi = \"^0.1\"\n"},
		{"plain Node", ".", "Node.js", `package.json|{}`},
		{"a broken manifest", ".", "Node.js", `package.json|{`},
		{"examples before the repository itself", "examples/web", "Next.js", `package.json|{}|examples/web/package.json|{"dependencies": {"next": "16"}}`},
		{"one folder down", "web", "Vue", `README.md|x|web/package.json|{"dependencies": {"vue": "3"}}`},
		{"not what git ignores or npm brought", "web", "Go", ".gitignore|tmp\n|tmp/go.mod|module x|node_modules/package.json|{}|.cache/go.mod|module x|web/go.mod|module x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, repository := tree(strings.Split(c.files, "|")...)
			s, err := NewScaffold(repository, ScaffoldOptions{Product: "x"})
			if err != nil {
				t.Fatal(err)
			}
			if title, _, _ := strings.Cut(s.Stack, ", "); s.App != c.app || title != c.title {
				t.Errorf("app %s, %s; want %s, %s", s.App, title, c.app, c.title)
			}
		})
	}
}

// TestScaffoldManyDocs does not take a whole library unasked.
func TestScaffoldManyDocs(t *testing.T) {
	files := []string{"go.mod", "module x\n"}
	for i := range maxDocs + 1 {
		files = append(files, fmt.Sprintf("docs/p%d.md", i), "# P\n")
	}
	_, repository := tree(files...)
	s, err := NewScaffold(repository, ScaffoldOptions{Product: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if text := s.Files[1].Text; strings.Contains(text, "\ndocs:") || !strings.Contains(text, "# docs/ holds 21 pages") {
		t.Errorf("framework:\n%s", text)
	}
}

// TestScaffoldDocs takes pages that are named for docs and for nothing else.
func TestScaffoldDocs(t *testing.T) {
	for _, c := range []struct {
		docs    []string
		example string
		want    string
	}{
		{[]string{"docs/**/*.md", "guide.md"}, ".", `exclude: - "/docs/" - "/guide.md"`},
		{[]string{"docs/a.md", "docs/a.md"}, ".", `exclude: - "/docs/a.md"`},
		{[]string{"app/docs/*.md", "docs/a.md"}, "app", `exclude: - "/docs/"`},
		{[]string{"website/*.md"}, ".", ""},
	} {
		fsys, repository := tree("go.mod", "module x\n", "app/go.mod", "module x\n", "docs/a.md", "# A\n\nWords.\n", "guide.md", "# Guide\n\nWords.\n", "website/b.md", "# B\n\nWords.\n", "app/docs/c.md", "# C\n\nWords.\n")
		s, err := NewScaffold(repository, ScaffoldOptions{Product: "x", Example: c.example, Docs: c.docs})
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(s.Files[1].Text, "# The docs are no part of the app.\n")
		text, _, _ = strings.Cut(text, "#")
		if got := strings.Join(strings.Fields(text), " "); got != c.want {
			t.Errorf("%q in %s: %s, want %s", c.docs, c.example, got, c.want)
		}
		for _, f := range s.Files {
			fsys[f.Path] = &fstest.MapFile{Data: []byte(f.Text), Mode: 0o644}
		}
		got, err := Compile(source.New(fsys), Options{})
		if worst, _ := diag.Worst(got.Findings); err != nil || worst > diag.Info {
			t.Errorf("%q in %s: %v, findings %v", c.docs, c.example, err, got.Findings)
		}
	}
	_, repository := tree("go.mod", "module x\n", "docs/start.md", "# A\n")
	var bad *OptionError
	if _, err := NewScaffold(repository, ScaffoldOptions{Product: "x", Docs: []string{"docs/strat.md"}}); !errors.As(err, &bad) || err.Error() != `the source "docs/strat.md" does not exist` || bad.Hint == "" {
		t.Errorf("a page that is not there: %v", err)
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"Acme Pay": "acme-pay", "C# app": "c-app", "--x--": "x", "東京": "app", "": "app", "a__b": "a-b"} {
		if got := slug(in); got != want {
			t.Errorf("slug(%q) = %q, want %q", in, got, want)
		}
	}
}
