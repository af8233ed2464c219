package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/diag"
	"skillgen/generator/facts"
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

// listed makes one of "path|text|path|text".
func listed(files string) (fstest.MapFS, *source.Tree) { return tree(strings.Split(files, "|")...) }

// scaffoldOf surveys a repository and makes the files of its project.
func scaffoldOf(tree *source.Tree, o ScaffoldOptions) (*Scaffold, error) {
	s, err := NewSurvey(tree)
	if err != nil {
		return nil, err
	}
	return NewScaffold(s, o)
}

// file returns the text of one of the files.
func (m *Scaffold) file(path string) string {
	for _, f := range m.Files {
		if f.Path == path {
			return f.Text
		}
	}
	return ""
}

// built compiles a repository with the files of a scaffold. Nothing of the repository may be overwritten, and nothing may be found.
func built(t *testing.T, fsys fstest.MapFS, s *Scaffold) *Compilation {
	t.Helper()
	for _, f := range s.Files {
		if old := fsys[f.Path]; old != nil && string(old.Data) != f.Text {
			t.Errorf("%s would be overwritten", f.Path)
		}
		fsys[f.Path] = &fstest.MapFile{Data: []byte(f.Text), Mode: 0o644}
	}
	got, err := Compile(source.New(fsys), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range got.Findings {
		t.Errorf("%s:%d: %s: %s [%s]", f.Place.File, f.Place.Line, f.Severity, f.Message, f.ID)
	}
	if len(got.Skills) != len(s.Frameworks) {
		t.Fatalf("%d skills of %d frameworks", len(got.Skills), len(s.Frameworks))
	}
	for _, skill := range got.Skills {
		for _, f := range skill.Plan.Airplanes[0].Files {
			for _, own := range []string{"templates/integrate/", "templates/partials/", "frameworks/", "skillgen", ".skillgen/"} {
				if strings.HasPrefix(f.Path, own) && fsys[f.Path] != nil && s.file(f.Path) != "" {
					t.Errorf("the project's own %s is part of the airplane", f.Path)
				}
			}
		}
	}
	return got
}

// TestScaffoldBuilds starts projects around small apps, and compiles what init would have written: a skill each, no finding.
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
		{"flask", []string{"requirements.txt", "Flask==3.1\n", "app.py", "x = 1\n"}, ScaffoldOptions{Product: "Acme"}, "acme-python-flask", "Python (Flask)"},
		{"with docs", []string{"go.mod", goMod, "docs/install.md", "# Install\n\nDo it.\n"}, ScaffoldOptions{Product: "Acme"}, "acme-go-chi", "Go (chi)"},
		{"told everything", []string{"app/main.zig", "x\n"}, ScaffoldOptions{Product: `Ac"me *x* [y] _z_`, Prefix: "acme", Framework: "zig", Title: "Zig", Languages: []string{"c"}, Examples: []string{"app"}}, "acme-zig", "Zig"},
		{"not recognised", []string{"app/main.zig", "x\n"}, ScaffoldOptions{Product: `Acme`, Examples: []string{"./app/"}}, "acme-app", "app"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, before := tree(c.files...)
			scaffold, err := scaffoldOf(before, c.o)
			if err != nil {
				t.Fatal(err)
			}
			got := built(t, fsys, scaffold)
			if len(got.Skills) != 1 || got.Skills[0].Plan.Name != c.skill || got.Skills[0].Plan.Title != c.title {
				t.Fatalf("got %s (%s), want %s (%s)", got.Skills[0].Plan.Name, got.Skills[0].Plan.Title, c.skill, c.title)
			}
		})
	}
}

func TestScaffoldRefuses(t *testing.T) {
	one, two := "go.mod|module x", "examples/a/go.mod|module a|examples/b/go.mod|module b"
	many := "README.md|x"
	for i := range maxApps + 1 {
		many += fmt.Sprintf("|examples/a%d/go.mod|module x", i)
	}
	for _, c := range []struct {
		name, files, want string
		o                 ScaffoldOptions
	}{
		{"no app", "notes.txt|x", "found no example app", ScaffoldOptions{}},
		{"a folder that is not there", two, "the example examples/c is not a folder of the project", ScaffoldOptions{Examples: []string{"examples/a", "examples/c"}}},
		{"a file", two, "the example examples/a/go.mod is not a folder", ScaffoldOptions{Examples: []string{"examples/a/go.mod"}}},
		{"a way out", one, "the example .. is not a folder", ScaffoldOptions{Examples: []string{".."}}},
		{"very many apps", many, "too many example apps: 51 were found, the first ones in examples/a0, examples/a1 and examples/a10", ScaffoldOptions{}},
		{"one id for two apps", two, "the framework is described by the flags, and there are 2 example apps", ScaffoldOptions{Framework: "go"}},
		{"one title for two apps", two, "and there are 2 example apps", ScaffoldOptions{Title: "Go"}},
		{"one language for two apps", two, "and there are 2 example apps", ScaffoldOptions{Languages: []string{"go"}}},
		{"an id", one, `the framework's id must be lower-case letters, digits and single hyphens between them, not "Go!"`, ScaffoldOptions{Framework: "Go!"}},
		{"a prefix", one, "the prefix must be", ScaffoldOptions{Prefix: "A b"}},
		{"a language", one, "the language", ScaffoldOptions{Languages: []string{"basic"}}},
		{"a product of two lines", one, "the product has several lines", ScaffoldOptions{Product: "a\nb"}},
		{"a product with a tag", one, "the product must not hold < or >", ScaffoldOptions{Product: "<b>"}},
		{"a title with a tag", one, "the title must not hold < or >", ScaffoldOptions{Title: "<b>"}},
		{"a long name", one, "is too long for a skill", ScaffoldOptions{Prefix: strings.Repeat("a", 30), Framework: strings.Repeat("b", 34)}},
		{"docs without pages", one + "|notes/x.txt|x", "the folder notes holds no pages", ScaffoldOptions{Docs: []string{"notes"}}},
		{"docs that are not there", one, `the source "notes" does not exist`, ScaffoldOptions{Docs: []string{"notes"}}},
	} {
		_, repository := listed(c.files)
		if c.o.Product == "" {
			c.o.Product = "x"
		}
		if _, err := scaffoldOf(repository, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// TestScaffoldKeepsOut starts projects in repositories that use the folders of a project for something else: nothing is overwritten or mixed, and
// what init writes builds without a word.
func TestScaffoldKeepsOut(t *testing.T) {
	goMod := "module shop\n\ngo 1.24\n"
	const docusaurus = "module.exports = {url: 'https://acme.dev', baseUrl: '/'};\n"
	for _, c := range []struct {
		name   string
		files  []string
		config string // what skillgen.yaml says about paths
		not    string // path that must not be part of the airplane
	}{
		{"nothing in use", []string{"go.mod", goMod}, "", "-"},
		{"templates of an app", []string{"package.json", "{}", "templates/index.ejs", "<h1>\n"}, "templates: skillgen/templates", "skillgen/"},
		{"a file in place of templates", []string{"package.json", "{}", "templates", "x\n"}, "templates: skillgen/templates", "skillgen/"},
		{"frameworks of an app", []string{"go.mod", goMod, "frameworks/base.go", "package base\n"}, "frameworks: skillgen/frameworks", "skillgen/"},
		{"output of an app", []string{"package.json", "{}", "dist/bundle.js", "x\n"}, "dist: skillgen-dist", "dist/"},
		{"output to come", []string{"package.json", "{}", ".gitignore", "node_modules\n/dist\n"}, "dist: skillgen-dist", "-"},
		{"an earlier init had it ignored", []string{"package.json", "{}", ".gitignore", "node_modules\n" + IgnoreComment + "\n/dist/\n"}, "", "-"},
		{"a website that is an app, and docs", []string{"requirements.txt", "Django\n", "website/settings.py", "x\n", "docs/start.md", "# Start\n\nWords.\n"}, "website: skillgen/website", "docs/"},
		{"docs in the app", []string{"go.mod", goMod, "docs/start.md", "# Start\n\nWords.\n"}, "", "docs/"},
		{"a site in website", []string{"go.mod", goMod, "website/docs/start.md", "# Start\n\nWords.\n", "website/package.json", "{}", "website/docusaurus.config.js", docusaurus, "website/src/x.js", "x\n"},
			"website: skillgen/website", "website/"},
		{"a site in website for docs beside it", []string{"go.mod", goMod, "docs/start.md", "# Start\n\nWords.\n", "website/package.json", "{}", "website/docusaurus.config.js",
			"module.exports = {url: 'https://acme.dev', presets: [['classic', {docs: {path: '../docs'}}]]};\n", "website/src/x.js", "x\n"}, "website: skillgen/website", "docs/"},
		{"code deep in website", []string{"go.mod", goMod, "website/docs/start.md", "# Start\n\nWords.\n", "website/src/a/x.js", "x\n"}, "website: skillgen/website", "website/docs/"},
		{"a file called website", []string{"go.mod", goMod, "website", "x\n"}, "website: skillgen/website", "skillgen/"},
		{"pages in website", []string{"go.mod", goMod, "website/docs/start.md", "# Start\n\nWords.\n", "website/docs/x.png", "x"}, "", "website/"},
		{"an earlier try", []string{"go.mod", goMod, "templates/partials/purpose.md", ""}, "", "-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "an earlier try" { // a file of ours, as it is
				c.files[3] = textOf(t, "templates/partials/purpose.md")
			}
			fsys, before := tree(c.files...)
			s, err := scaffoldOf(before, ScaffoldOptions{Product: "Acme"})
			if err != nil {
				t.Fatal(err)
			}
			_, paths, _ := strings.Cut(s.file("skillgen.yaml"), "paths:\n")
			if got := strings.Join(strings.Fields(paths), " "); got != c.config {
				t.Errorf("paths: %q, want %q", got, c.config)
			}
			for _, f := range built(t, fsys, s).Skills[0].Plan.Airplanes[0].Files {
				if strings.HasPrefix(f.Path, c.not) {
					t.Errorf("%s is part of the airplane", f.Path)
				}
			}
		})
	}
	_, full := tree("go.mod", goMod, "frameworks/x.go", "x", "skillgen/frameworks/x.go", "x")
	if _, err := scaffoldOf(full, ScaffoldOptions{Product: "x"}); err == nil || err.Error() != "the folder frameworks is in use, and so is skillgen/frameworks" {
		t.Errorf("no free folder: %v", err)
	}
}

// textOf returns a file that init writes.
func textOf(t *testing.T, path string) string {
	t.Helper()
	_, app := tree("go.mod", "module x\n")
	s, err := scaffoldOf(app, ScaffoldOptions{Product: "x"})
	if err != nil {
		t.Fatal(err)
	}
	text := s.file(path)
	if text == "" {
		t.Fatalf("init writes no %s", path)
	}
	return text
}

// TestScaffoldIgnores adds the output to .gitignore where nothing ignores it.
func TestScaffoldIgnores(t *testing.T) {
	for _, c := range []struct{ files, want string }{
		{"go.mod|module x", "/dist/"},
		{"go.mod|module x|.gitignore|node_modules\n", "/dist/"},
		{"go.mod|module x|.gitignore|dist\n", "/skillgen-dist/"},
		{"go.mod|module x|.gitignore|*dist\n", ""},
		{"go.mod|module x|.gitignore|" + IgnoreComment + "\n/dist/\n", ""},
	} {
		_, repository := listed(c.files)
		s, err := scaffoldOf(repository, ScaffoldOptions{Product: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.Ignore, " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.files, got, c.want)
		}
	}
}

// TestSurveyApps holds which folders of a repository are example apps, and of what kind.
func TestSurveyApps(t *testing.T) {
	const next, vue, react, express = `{"dependencies": {"next": "16"}}`, `{"dependencies": {"vue": "3"}}`, `{"dependencies": {"react": "19"}}`, `{"dependencies": {"express": "5"}}`
	for _, c := range []struct{ name, want, files string }{
		{"the repository itself", ".: Node.js (Express)", "package.json|" + express},
		{"assets of a Rails app", ".: Ruby on Rails", `Gemfile|gem "rails", "8.0"|package.json|{"devDependencies": {"vite": "6", "react": "19"}}|vite.config.ts|x`},
		{"assets of a Laravel app", ".: PHP (Laravel)", `composer.json|{"require": {"laravel/framework": "^12"}}|package.json|{"devDependencies": {"vite": "6", "vue": "3"}}|vite.config.js|x`},
		{"assets of a Go app", ".: Go", `go.mod|module x|package.json|{"devDependencies": {"tailwindcss": "4"}}`},
		{"development dependencies count", ".: SvelteKit", `package.json|{"devDependencies": {"@sveltejs/kit": "2", "vite": "6"}}`},
		{"poetry", ".: Python (FastAPI)", "pyproject.toml|[tool.poetry.dependencies]\nfastapi = \"^0.1\"\n"},
		{"plain Node", ".: Node.js", `package.json|{}`},
		{"a broken manifest", ".: Node.js", `package.json|{`},
		{"examples before the repository itself", "examples/web: Next.js", "package.json|{}|examples/web/package.json|" + next},
		{"several examples", "examples/a: Vue; examples/b: Next.js", "package.json|{}|examples/b/package.json|" + next + "|examples/a/package.json|" + vue},
		{"samples, in capitals", "Samples/Shop: .NET", "Acme.sln|x|Samples/Shop/Shop.csproj|<Project Sdk=\"Microsoft.NET.Sdk\"/>|src/Acme/Acme.csproj|<Project/>"},
		{"examples in groups", "examples/js/next: Next.js; examples/python/flask: Python (Flask)", "go.mod|module x|examples/js/next/package.json|" + next + "|examples/python/flask/requirements.txt|flask"},
		{"examples of a package", "packages/sdk/examples/web: Vue", `package.json|{"workspaces": ["packages/*"]}|packages/sdk/package.json|{}|packages/sdk/examples/web/package.json|` + vue},
		{"a monorepo", "apps/api: Node.js (Express); apps/web: Next.js", `package.json|{"private": true}|pnpm-workspace.yaml|x|apps/web/package.json|` + next + "|apps/api/package.json|" + express + "|packages/ui/package.json|" + react},
		{"a monorepo with docs", "apps/web: Next.js", `package.json|{"workspaces": ["apps/*"]}|apps/web/package.json|` + next + "|apps/docs/package.json|" + next},
		{"a workspace of folders", "backend: Python (Django); frontend: React", `README.md|x|frontend/package.json|` + react + "|backend/requirements.txt|django\n|backend/manage.py|x"},
		{"not libraries", "server: Go", `go.work|go 1.24|packages/a/go.mod|module a|libs/b/go.mod|module b|server/go.mod|module c`},
		{"but apps among them", "packages/web: Next.js", `package.json|{"workspaces": ["packages/*"]}|packages/web/package.json|` + next + "|packages/ui/package.json|{}"},
		{"one folder down", "web: Vue", "README.md|x|web/package.json|" + vue},
		{"parts of an app are none", "example: React Native", `package.json|{}|example/package.json|{"dependencies": {"react-native": "0.80"}}|example/android/build.gradle|x|example/ios/Podfile|x|example/ios/App.xcodeproj/project.pbxproj|x`},
		{"of a Flutter package", "example: Flutter", "pubspec.yaml|name: acme\ndependencies:\n  flutter:\n    sdk: flutter\n|example/pubspec.yaml|dependencies:\n  flutter:\n    sdk: flutter\n|example/android/build.gradle|x"},
		{"what examples share is none", "examples/a: Vue", `package.json|{}|examples/package.json|{"devDependencies": {"prettier": "3"}}|examples/a/package.json|` + vue},
		{"an iOS app", "Demo: iOS", "Package.swift|x|Demo/Demo.xcodeproj/project.pbxproj|x|Demo/App.swift|x"},
		{"an Android app", ".: Android", "settings.gradle.kts|x|build.gradle.kts|x|app/build.gradle.kts|x|app/src/main/AndroidManifest.xml|x"},
		{"a library beside its sample", "sample: Android", "build.gradle.kts|x|lib/build.gradle.kts|x|sample/build.gradle.kts|x|sample/src/main/AndroidManifest.xml|x"},
		{"not what git ignores or npm brought", "web: Go", ".gitignore|tmp2\n|tmp2/go.mod|module x|node_modules/package.json|{}|.cache/go.mod|module x|web/go.mod|module x"},
		{"not tests", "web: Go", "test/fixtures/a/package.json|" + next + "|e2e/package.json|" + next + "|src/__fixtures__/b/package.json|" + next + "|web/go.mod|module x"},
		{"not tests of examples", "examples/a: Vue", "examples/a/package.json|" + vue + "|examples/fixtures/package.json|" + vue},
		{"not dependencies", ".: PHP", "composer.json|{}|vendor/acme/examples/a/composer.json|{}"},
		{"not a site of docs", ".: Go", "go.mod|module x|website/package.json|" + react + "|website/docusaurus.config.js|module.exports = {}|docs/.vitepress/config.ts|export default {}|docs/package.json|{}"},
		{"an app with its site beside it", ".: Go", `go.mod|module x|package.json|{"dependencies": {"react": "19", "@docusaurus/core": "3"}}|docusaurus.config.ts|export default {}|sidebars.ts|x`},
		{"nothing but a site of docs", "", `package.json|{"devDependencies": {"vitepress": "1"}}|.vitepress/config.ts|export default {}|index.md|# x`},
		{"an app with MkDocs beside it", ".: Python", "pyproject.toml|[project]\n|mkdocs.yml|site_name: x|docs/index.md|# x"},
		{"examples without manifests", "examples/basic: Go; examples/web: Go", "go.mod|module x|examples/basic/main.go|package main|examples/web/main.go|package main|examples/web/handlers/h.go|package handlers"},
		{"scripts as examples", "examples: Python", "pyproject.toml|[project]\n|examples/one.py|x|examples/two.py|x"},
		{"an app with a package called demo", ".: Python (Django)", "requirements.txt|django|manage.py|x|demo/settings.py|x"},
		{"examples deep in a package", ".: Go", "go.mod|module x|internal/mcp/examples/hello/main.go|package main"},
		{"parts of a Django project", ".: Python", "requirements.txt|x|apps/users/models.py|x"},
		{"two variants", "examples/app: Next.js (App Router); examples/pages: Next.js (Pages Router)",
			"examples/app/package.json|" + next + "|examples/app/src/app/layout.tsx|x|examples/pages/package.json|" + next + "|examples/pages/pages/index.tsx|x"},
		{"nothing", "", "README.md|x"},
		{"nothing but libraries", "", `package.json|{"workspaces": ["packages/*"]}|packages/a/package.json|{}|packages/b/package.json|{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, repository := listed(c.files)
			s, err := NewSurvey(repository)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range s.Apps {
				got = append(got, a.Dir+": "+a.Title)
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// locked is a file system with a folder that can't be listed.
type locked struct{ fstest.MapFS }

func (l locked) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "data" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.MapFS.ReadDir(name)
}

// TestSurveyUnread looks past what it may not look into, and says so.
func TestSurveyUnread(t *testing.T) {
	fsys, _ := listed("web/go.mod|module x|data/x|x")
	s, err := NewSurvey(source.New(locked{fsys}))
	if err != nil || len(s.Apps) != 1 || len(s.Unread) != 1 || !strings.Contains(s.Unread[0].Error(), "data") {
		t.Errorf("%v, %+v", err, s)
	}
}

// TestStacks recognises one app of each kind that has a row.
func TestStacks(t *testing.T) {
	js := func(deps string) string { return `package.json|{"dependencies": {` + deps + `}}` }
	apps := map[string]string{
		"nextjs-app-router": js(`"next": "^15"`) + "|app/layout.jsx|x", "nextjs-pages-router": js(`"next": "12.1.0"`) + "|pages/index.js|x", "nextjs": js(`"next": "15"`),
		"nuxt": js(`"nuxt": "^3"`), "sveltekit": js(`"@sveltejs/kit": "2"`), "astro": js(`"astro": "5"`), "react-router": js(`"@react-router/dev": "7", "react": "19", "vite": "6"`) + "|vite.config.ts|x",
		"remix": js(`"@remix-run/react": "2", "react": "18"`), "tanstack-start": js(`"@tanstack/react-start": "1", "react": "19"`), "gatsby": js(`"gatsby": "5", "react": "18"`),
		"angular": js(`"@angular/core": "20"`), "react-native-expo": js(`"expo": "53", "react-native": "0.79", "react": "19"`), "react-native": js(`"react-native": "0.80", "react": "19"`),
		"electron": js(`"electron": "36"`), "nestjs": js(`"@nestjs/core": "11", "@nestjs/platform-express": "11"`),
		"python-django": "requirements.txt|Django==5.2|manage.py|x", "python-flask": "pyproject.toml|[project]\ndependencies = [\"Flask>=3\"]", "python-fastapi": "Pipfile|[packages]\nfastapi = \"*\"",
		"ruby-rails": `Gemfile|gem "rails", "~> 8.0"`, "ruby-sinatra": `Gemfile|gem "sinatra"`, "php-laravel": `composer.json|{"require": {"php": "^8.2", "laravel/framework": "^12.0"}}`,
		"php-symfony": `composer.json|{"require": {"symfony/framework-bundle": "7.3.*"}}`, "elixir-phoenix": `mix.exs|{:phoenix, "~> 1.8"}`,
		"go-gin": "go.mod|module x\nrequire github.com/gin-gonic/gin v1.10.0", "go-echo": "go.mod|module x\nrequire github.com/labstack/echo/v4 v4.13.0",
		"go-chi": "go.mod|module x\nrequire github.com/go-chi/chi/v5 v5.2.0", "go-fiber": "go.mod|module x\nrequire github.com/gofiber/fiber/v3 v3.0.0",
		"rust-axum": "Cargo.toml|[dependencies]\naxum = \"0.8\"", "rust-actix": "Cargo.toml|[dependencies]\nactix-web = \"4\"", "rust-rocket": "Cargo.toml|[dependencies]\nrocket = { version = \"0.5\" }",
		"java-spring-boot": "pom.xml|<project><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
		"kotlin-ktor":      `build.gradle.kts|dependencies { implementation("io.ktor:ktor-server-core:3.1.0") }`, "dotnet-aspnetcore": `Shop.csproj|<Project Sdk="Microsoft.NET.Sdk.Web"/>`,
		"flutter": "pubspec.yaml|dependencies:\n  flutter:\n    sdk: flutter\n", "android": "build.gradle|x|app/src/main/AndroidManifest.xml|x", "ios": "Shop.xcodeproj/project.pbxproj|x",
		"node-hono": js(`"hono": "4"`), "deno-hono": `deno.json|{"imports": {"hono": "jsr:@hono/hono@^4"}}`, "node-fastify": js(`"fastify": "5"`), "node-express": js(`"express": "5"`), "node-koa": js(`"koa": "3"`),
		"react-vite": js(`"react": "19", "vite": "7"`) + "|vite.config.ts|x", "vue-vite": js(`"vue": "3", "vite": "7"`) + "|vite.config.js|x", "svelte-vite": js(`"svelte": "5", "vite": "7"`) + "|vite.config.js|x",
		"solid-vite": js(`"solid-js": "1", "vite": "7"`) + "|vite.config.js|x", "preact-vite": js(`"preact": "10", "vite": "7"`) + "|vite.config.js|x",
		"react": js(`"react": "19"`), "vue": js(`"vue": "3"`), "svelte": js(`"svelte": "5"`), "javascript-vite": js(`"vite": "7"`),
		"go": "go.mod|module x", "python": "setup.py|x", "ruby": "Gemfile|x", "php": "composer.json|{}", "rust": "Cargo.toml|[package]", "elixir": "mix.exs|x", "dotnet": "A.csproj|<Project/>", "dotnet-fsharp": "A.fsproj|<Project/>",
		"dart": "pubspec.yaml|name: x", "kotlin": "build.gradle.kts|x", "java": "pom.xml|<project/>", "swift": "Package.swift|x", "deno": "deno.json|{}", "node": "package.json|{}", "shell": "run.sh|x",
	}
	for _, s := range slices.Concat(stacks, sources) {
		files, ok := apps[s.id]
		if !ok {
			t.Errorf("no app shows %s", s.id)
			continue
		}
		_, repository := listed(files)
		got := (&Survey{tree: repository, detector: facts.NewDetector(repository)}).App(".")
		if got.stack.id != s.id || got.Evidence == "" {
			t.Errorf("an app of %s is taken for %s, from %q", s.id, got.stack.id, got.Evidence)
		}
	}
}

// TestStacksOfThisRepository holds the built-in rows, and the frameworks of this repository, against its model airplanes: each recognises its own, and
// no other.
func TestStacksOfThisRepository(t *testing.T) {
	repository, err := source.Open("..")
	if err != nil {
		t.Fatal(err)
	}
	defer repository.Close()
	sources, _, err := ReadSources(repository, Options{})
	if err != nil || len(sources.Project.Frameworks) < 9 {
		t.Fatalf("%v, frameworks %d", err, len(sources.Project.Frameworks))
	}
	survey := &Survey{tree: repository, detector: facts.NewDetector(repository)}
	for _, airplane := range sources.Project.Frameworks {
		dir := airplane.Example[0].S
		got := survey.App(dir)
		if got.stack.id == "go" { // nothing but its code tells a server with net/http from another program
			got.stack.id, got.Title = "go-nethttp", "Go (net/http)"
		}
		if got.stack.id != airplane.ID || got.Title != airplane.Title.S {
			t.Errorf("%s is taken for %s (%s)", dir, got.stack.id, got.Title)
		}
		for _, f := range sources.Project.Frameworks {
			_, ok := survey.detector.Detect(dir, stringsOf(f.Detect.Files), stringsOf(f.Detect.Dependencies))
			if ok != (f == airplane) {
				t.Errorf("detect of %s says %t of %s", f.ID, ok, dir)
			}
		}
	}
}

func stringsOf(list []source.String) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.S)
	}
	return out
}

// TestScaffoldSeveral gives each of several apps a framework with an id and a title of its own.
func TestScaffoldSeveral(t *testing.T) {
	const next, vue = `{"dependencies": {"next": "16"}}`, `{"dependencies": {"vue": "3"}}`
	for _, c := range []struct{ name, want, files string }{
		{"two kinds", "acme-nextjs: Next.js; acme-vue: Vue", "examples/a/package.json|" + next + "|examples/b/package.json|" + vue},
		{"two of a kind", "acme-vue-blog: Vue (blog); acme-vue-shop: Vue (shop)", "examples/shop/package.json|" + vue + "|examples/blog/package.json|" + vue},
		{"folders that say the kind", "acme-nextjs-blog: Next.js (nextjs-blog); acme-nextjs-shop: Next.js (nextjs-shop)", "examples/nextjs-shop/package.json|" + next + "|examples/nextjs-blog/package.json|" + next},
		{"folders of one name", "acme-vue-web: Vue (web); acme-vue-b-web: Vue (web)", "examples/a/web/package.json|" + vue + "|examples/b/web/package.json|" + vue},
		{"names no skill may have", "acme-go-3: Go (claude); acme-go-2: Go (anthropic)", "examples/anthropic/go.mod|module x|examples/claude/go.mod|module x"},
		{"very long names", "acme-go-2: Go (" + strings.Repeat("long", 20) + "); acme-go-b: Go (b)", "examples/" + strings.Repeat("long", 20) + "/go.mod|module x|examples/b/go.mod|module x"},
		{"a title with brackets", "acme-go-chi-a: Go (chi, a); acme-go-chi-b: Go (chi, b)", "examples/a/go.mod|module x\nrequire github.com/go-chi/chi v1.0.0|examples/b/go.mod|module x\nrequire github.com/go-chi/chi v1.0.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, repository := listed(c.files)
			s, err := scaffoldOf(repository, ScaffoldOptions{Product: "Acme"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, skill := range built(t, fsys, s).Skills {
				got = append(got, skill.Plan.Name+": "+skill.Plan.Title)
			}
			want := strings.Split(c.want, "; ")
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// TestScaffoldPages holds which pages a new framework carries.
func TestScaffoldPages(t *testing.T) {
	page := "# Page\n\nWords.\n"
	long := "# Page\n\n" + strings.Repeat("Many words stand here. ", 900)
	huge := "# Page\n\n" + strings.Repeat("Many words stand here. ", 2000)
	many := func(n int, text string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "|docs/p%02d.md|%s", i, text)
		}
		return b.String()
	}
	for _, c := range []struct {
		name, files string
		o           ScaffoldOptions
		want        string // sources of each framework
		off         bool   // pages stay out, and the project says so
	}{
		{"a few", "go.mod|module x" + many(3, page), ScaffoldOptions{}, "docs/**/*.md", false},
		{"MDX", "go.mod|module x|docs/a.mdx|" + page, ScaffoldOptions{}, "docs/**/*.mdx", false},
		{"both", "go.mod|module x|docs/a.mdx|" + page + "|docs/b.md|" + page, ScaffoldOptions{}, "docs/**/*.{md,mdx}", false},
		{"partials are no pages", "go.mod|module x|docs/a.md|" + page + "|docs/_part.md|" + page + "|docs/_parts/b.md|" + page, ScaffoldOptions{}, "docs/**/*.md", true},
		{"not other languages", "go.mod|module x|docs/a.md|" + page + "|docs/i18n/de/a.md|" + page, ScaffoldOptions{}, "docs/a.md", false},
		{"not what git ignores", "go.mod|module x|.gitignore|docs/api\n|docs/a.md|" + page + "|docs/api/b.md|" + page, ScaffoldOptions{}, "docs/a.md", false},
		{"none", "go.mod|module x", ScaffoldOptions{}, "", false},
		{"none wanted", "go.mod|module x" + many(3, page), ScaffoldOptions{NoDocs: true}, "", false},
		{"another folder", "go.mod|module x|notes/a.md|" + page + many(3, page), ScaffoldOptions{Docs: []string{"notes/"}}, "notes/**/*.md", false},
		{"sources", "go.mod|module x" + many(3, page), ScaffoldOptions{Docs: []string{"docs/p01.md", "docs/p0*.md"}}, "docs/p01.md docs/p0*.md", false},
		{"very many", "go.mod|module x|docs/sub/install.md|" + page + "|docs/quickstart.md|" + page + "|docs/go.md|" + page + many(maxPages+1, page), ScaffoldOptions{},
			"docs/go.md docs/quickstart.md docs/sub/install.md", false},
		{"very many, and nothing to begin with", "go.mod|module x" + many(maxPages+1, page), ScaffoldOptions{}, "docs/p00.md", false},
		{"very long ones", "go.mod|module x|docs/setup.md|" + long + "|docs/usage.md|" + long + "|docs/guide.md|" + long + "|docs/intro.md|" + page, ScaffoldOptions{}, "docs/intro.md docs/setup.md docs/usage.md", false},
		{"one that is too long", "go.mod|module x|docs/install.md|" + huge + "|docs/a.md|" + page, ScaffoldOptions{}, "docs/a.md", false},
		{"pages for others", "go.mod|module x|docs/a.md|" + page + "|docs/sdk/python.md|" + page + "|docs/sdk/go.md|" + page + "|docs/frameworks/next-js/setup.md|" + page, ScaffoldOptions{}, "docs/a.md docs/sdk/go.md", false},
		{"each its own", "examples/a/go.mod|module x|examples/b/requirements.txt|flask|docs/a.md|" + page + "|docs/python.md|" + page + "|docs/flask.md|" + page + "|docs/go.md|" + page, ScaffoldOptions{},
			"docs/a.md docs/go.md; docs/a.md docs/flask.md docs/python.md", false},
		{"in the order of a site", "go.mod|module x|mkdocs.yml|nav:\n- b.md\n- a.md\n|docs/a.md|" + page + "|docs/b.md|" + page + "|docs/c.md|" + page, ScaffoldOptions{}, "docs/b.md docs/a.md", false},
		{"of a site with an address", "go.mod|module x|mkdocs.yml|site_url: https://acme.dev\nnav:\n- b.md\n|docs/a.md|" + page + "|docs/b.md|" + page, ScaffoldOptions{}, "docs/b.md", true},
		{"a site at the top", `examples/a/go.mod|module x|docs.json|{"theme": "mint", "navigation": {"pages": ["quickstart", "api/one"]}}|quickstart.mdx|` + page + "|api/one.mdx|" + page + "|README.md|" + page, ScaffoldOptions{},
			"quickstart.mdx api/one.mdx", false},
		{"nothing but a site at the top", `examples/a/go.mod|module x|docs.json|{"theme": "mint", "navigation": {"pages": ["quickstart"]}}|quickstart.mdx|` + page, ScaffoldOptions{}, "quickstart.mdx", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, repository := listed(c.files)
			c.o.Product = "Acme"
			s, err := scaffoldOf(repository, c.o)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range s.Frameworks {
				got = append(got, strings.Join(f.sources, " "))
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if off := strings.Contains(s.file("skillgen.yaml"), "page-unused"); off != c.off {
				t.Errorf("page-unused is off: %t", off)
			}
			for _, skill := range built(t, fsys, s).Skills {
				for _, f := range skill.Plan.Airplanes[0].Files {
					if strings.HasPrefix(f.Path, "docs/") && strings.Contains(c.want, "docs/") {
						t.Errorf("%s is part of the airplane", f.Path)
					}
				}
			}
		})
	}
}

// TestSurveyDocs lists folders of pages, the likeliest first, and none within another.
func TestSurveyDocs(t *testing.T) {
	page := "# Page\n"
	for _, c := range []struct{ name, files, want string }{
		{"by name", "docs/a.md|" + page + "|website/docs/a.md|" + page + "|content/a.md|" + page, "website/docs docs content"},
		{"sites first", "docs/a.md|" + page + "|handbook/mkdocs.yml|x|handbook/docs/a.md|" + page, "handbook/docs docs"},
		{"the upper site first", "a/b/mkdocs.yml|x|a/b/docs/a.md|" + page + "|z/mkdocs.yml|x|z/docs/a.md|" + page, "z/docs a/b/docs"},
		{"one in another", "website/docusaurus.config.js|module.exports = {}|website/docs/a.md|" + page + "|website/blog/a.md|" + page, "website/docs"},
		{"a site that holds another", "docs/.vitepress/config.ts|export default {}|docs/a.md|" + page + "|docs/api/mkdocs.yml|x|docs/api/docs/a.md|" + page, "docs"},
		{"without pages", "docs/a.txt|x|mkdocs.yml|docs_dir: manual|manual/_part.md|" + page, ""},
		{"outside", "mkdocs.yml|docs_dir: ../manual", ""},
		{"content of Starlight and of pages", "src/content/docs/a.mdx|" + page + "|src/pages/docs/b.md|" + page, "src/content/docs src/pages/docs"},
	} {
		_, repository := listed(c.files)
		s, err := NewSurvey(repository)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range s.Docs {
			got = append(got, d.Dir)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %s", c.name, got, c.want)
		}
	}
}

// TestScaffoldSites writes down where a site publishes its pages, so that their links lead somewhere.
func TestScaffoldSites(t *testing.T) {
	for _, c := range []struct{ name, files, product, want string }{
		{"Docusaurus", "go.mod|module x|site/docusaurus.config.js|module.exports = {title: 'Acme Docs', url: 'https://acme.dev', baseUrl: '/'}|site/docs/a.mdx|import P from '@site/parts/_p.mdx'\n\n# A\n\n<P/> [b](./b.mdx) [c](/docs/c)\n|site/docs/b.mdx|# B\n\nWords.\n|site/parts/_p.mdx|Part.\n",
			"Acme", `homepage: "https://acme.dev" sites: - path: "site/docs" url: "https://acme.dev/docs" alias: "@site": "site"`},
		{"MkDocs", "go.mod|module x|mkdocs.yml|site_name: Acme Documentation\nsite_url: https://docs.acme.dev/v2/\n|docs/index.md|# Acme\n\nSee [a](a.md).\n|docs/a.md|# A\n\nWords.\n",
			"Acme", `homepage: "https://docs.acme.dev" sites: - path: "docs" url: "https://docs.acme.dev/v2"`},
		{"Starlight", "go.mod|module x|docs/astro.config.mjs|import s from '@astrojs/starlight'; export default {site: 'https://acme.dev', base: '/help', integrations: [s({title: 'Acme'})]}|docs/src/content/docs/a.md|---\ntitle: A\n---\nWords.\n",
			"Acme", `homepage: "https://acme.dev" sites: - path: "docs/src/content/docs" url: "https://acme.dev/help"`},
		{"VitePress", "go.mod|module x|docs/.vitepress/config.mts|export default {title: 'Acme', base: '/docs/', sitemap: {hostname: 'https://acme.dev'}}|docs/a.md|# A\n\nWords.\n",
			"Acme", `homepage: "https://acme.dev" sites: - path: "docs" url: "https://acme.dev/docs"`},
		{"a placeholder", "go.mod|module x|docusaurus.config.js|module.exports = {title: 'My Site', url: 'https://your-docusaurus-site.example.com', baseUrl: '/'}|docs/a.md|# A\n\nWords.\n", "Folder", ""},
		{"the homepage of a package", `package.json|{"homepage": "https://acme.dev/#readme"}|docs/a.md|# A` + "\n\nWords.\n", "Folder", `homepage: "https://acme.dev"`},
		{"the homepage of a repository", `package.json|{"homepage": "https://github.com/acme/acme#readme"}`, "Folder", ""},
		{"sites of examples don't count", "go.mod|module x|examples/docs-site/mkdocs.yml|site_name: Wrong\nsite_url: https://wrong.dev|examples/docs-site/docs/a.md|# A|mkdocs.yml|site_name: Acme|docs/a.md|# A\n\nWords.\n", "Acme", ""},
		{"a folder outside", "go.mod|module x|docusaurus.config.js|module.exports = {url: 'https://acme.dev', presets: [['classic', {docs: {path: '../../etc'}}]]}|docs/a.md|# A\n\nWords.\n", "Folder", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, repository := listed(c.files)
			s, err := scaffoldOf(repository, ScaffoldOptions{Folder: "Folder"})
			if err != nil {
				t.Fatal(err)
			}
			config := s.file("skillgen.yaml")
			_, rest, _ := strings.Cut(config, "prefix: ")
			_, rest, _ = strings.Cut(rest, "\n")
			rest, _, _ = strings.Cut(rest, "checks:")
			rest, _, _ = strings.Cut(rest, "# The folders")
			if got := strings.Join(strings.Fields(rest), " "); s.Product != c.product || got != c.want {
				t.Errorf("%s: got  %s\nwant %s: %s", s.Product, got, c.product, c.want)
			}
			built(t, fsys, s)
		})
	}
}

// TestScaffoldDocs takes pages that are named for docs and for nothing else.
func TestScaffoldDocs(t *testing.T) {
	for _, c := range []struct {
		docs    []string
		example string
		want    string
	}{
		{[]string{"docs/**/*.md", "guide.md"}, ".", `- "/docs/" - "/guide.md"`},
		{[]string{"docs/a.md", "docs/a.md"}, ".", `- "/docs/a.md"`},
		{[]string{"app/docs/*.md", "docs/a.md"}, "app", `- "/docs/"`},
		{[]string{"website/*.md"}, ".", ""},
	} {
		fsys, repository := tree("go.mod", "module x\n", "app/go.mod", "module x\n", "docs/a.md", "# A\n\nWords.\n", "guide.md", "# Guide\n\nWords.\n", "website/b.md", "# B\n\nWords.\n", "app/docs/c.md", "# C\n\nWords.\n")
		s, err := scaffoldOf(repository, ScaffoldOptions{Product: "x", Examples: []string{c.example}, Docs: c.docs})
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(s.Files[0].Text, "exclude:\n")
		text, _, _ = strings.Cut(text, "detect:")
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
	if _, err := scaffoldOf(repository, ScaffoldOptions{Product: "x", Docs: []string{"docs/strat.md"}}); !errors.As(err, &bad) || err.Error() != `the source "docs/strat.md" does not exist` || bad.Hint == "" {
		t.Errorf("a page that is not there: %v", err)
	}
}

// TestScaffoldLeavesOut keeps from an airplane what teaches nothing, and names only what is there.
func TestScaffoldLeavesOut(t *testing.T) {
	for _, c := range []struct{ name, files, example, want string }{
		{"nothing", "go.mod|module x", "", ""},
		{"fixtures", "go.mod|module x|testdata/a.txt|x|sub/testdata/b.txt|x|sub/fixtures/c.txt|x|.github/workflows/x.yml|x", "", `- "testdata/" - "fixtures/" - "/.github/"`},
		{"not what is no part of the app", "app/go.mod|module x|testdata/a.txt|x|.github/x.yml|x|app/sub/.github/x.yml|x", "app", ""},
		{"not what git ignores", "go.mod|module x|.gitignore|testdata/\n|testdata/a.txt|x", "", ""},
		{"not what is left out anyway", "package.json|{}|node_modules/a/fixtures/a.txt|x|dist/fixtures/a.txt|x", "", ""},
		{"not within docs", "go.mod|module x|docs/a.md|# A\n\nWords.\n|docs/fixtures/x.txt|x", "", `- "/docs/"`},
		{"not a file", "go.mod|module x|fixtures|x", "", ""},
		{"a folder of an app", "app/go.mod|module x|app/fixtures/a.txt|x", "app", `- "fixtures/"`},
		{"not within one another", "go.mod|module x|testdata/fixtures/a.txt|x|.github/testdata/a.txt|x", "", `- "testdata/" - "/.github/"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, repository := listed(strings.ReplaceAll(c.files, `\n`, "\n"))
			o := ScaffoldOptions{Product: "Acme"}
			if c.example != "" {
				o.Examples = []string{c.example}
			}
			s, err := scaffoldOf(repository, o)
			if err != nil {
				t.Fatal(err)
			}
			_, text, _ := strings.Cut(s.Files[0].Text, "exclude:\n")
			text, _, _ = strings.Cut(text, "detect:")
			if got := strings.Join(strings.Fields(text), " "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			built(t, fsys, s)
		})
	}
}

// TestScaffoldPrefix makes a prefix that leaves room for a skill's name.
func TestScaffoldPrefix(t *testing.T) {
	for product, want := range map[string]string{
		"Acme Pay": "acme-pay", "telemetry@v0.0.0-20251008203120-078029d740a8": "telemetry-v0-0-0", strings.Repeat("a", 50): strings.Repeat("a", 30),
		"aaaaaaaaa bbbbbbbbb ccccccccc ddd": "aaaaaaaaa-bbbbbbbbb-ccccccccc", "東京": "app",
	} {
		_, repository := listed("go.mod|module x")
		s, err := scaffoldOf(repository, ScaffoldOptions{Folder: product})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(s.file("skillgen.yaml"), "prefix: \""+want+"\"\n") {
			t.Errorf("%s:\n%s", product, s.file("skillgen.yaml"))
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"Acme Pay": "acme-pay", "C# app": "c-app", "--x--": "x", "東京": "app", "": "app", "a__b": "a-b"} {
		if got := slug(in); got != want {
			t.Errorf("slug(%q) = %q, want %q", in, got, want)
		}
	}
}
