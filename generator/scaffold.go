package generator

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"skillgen/generator/emit"
	"skillgen/generator/facts"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// ScaffoldOptions are what `skillgen init` is told; everything that is empty is found out or filled in.
type ScaffoldOptions struct {
	Product   string
	Prefix    string
	Framework string   // id
	Title     string   // of the framework
	Languages []string //
	Example   string   // folder of the example app, from the project's folder
	Docs      []string // sources
	Folder    string   // name of the project's folder: the product where nobody says another
}

// Scaffolded is a file of a new project.
type Scaffolded struct {
	Path string
	Text string
}

// ErrNoExample says that no example app was found; ErrExamples that there are several.
var (
	ErrNoExample = errors.New("found no example app: no package manifest stands here, below examples/ or one folder down")
	ErrExamples  = errors.New("found several example apps")
)

// OptionError says which of the options no project can have.
type OptionError struct {
	Option        string // "prefix"
	Message, Hint string
}

func (e *OptionError) Error() string { return "the " + e.Option + " " + e.Message }

// validate checks what becomes part of names.
func (o *ScaffoldOptions) validate() error {
	for _, c := range []struct {
		option, value string
		fault         func(string) (message, hint string)
	}{{"prefix", o.Prefix, project.PrefixFault}, {"framework's id", o.Framework, project.IDFault}} {
		if message, hint := c.fault(c.value); message != "" {
			return &OptionError{c.option, message, hint}
		}
	}
	for _, l := range o.Languages {
		if message, hint := project.LanguageFault(l); message != "" {
			return &OptionError{"language", message, hint}
		}
	}
	return nil
}

// Scaffold makes the files of a new project around an example app that is there already: skillgen.yaml, a framework, and a copy of the
// built-in templates. It writes nothing. The error is ErrNoExample, ErrExamples, an *OptionError, or what the machine reports.
func Scaffold(tree *source.Tree, o ScaffoldOptions) ([]Scaffolded, error) {
	app, err := findApp(tree, o.Example)
	if err != nil {
		return nil, err
	}
	stack := recognise(tree, app)
	o.Product = cmp.Or(o.Product, o.Folder, "product")
	o.Prefix = cmp.Or(o.Prefix, slug(o.Product))
	o.Framework = cmp.Or(o.Framework, stack.id)
	o.Title = cmp.Or(o.Title, stack.title)
	if len(o.Languages) == 0 {
		o.Languages = stack.languages
	}
	if len(o.Docs) == 0 {
		o.Docs = findDocs(tree)
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	files := []Scaffolded{
		{"skillgen.yaml", configText(o, freeOutput(tree))},
		{"frameworks/" + o.Framework + ".md", frameworkText(o, app, stack)},
	}
	builtin, err := builtinTemplates()
	return append(files, builtin...), err
}

// findApp returns the folder of the example app: the one that is named, else the only one that holds a manifest.
func findApp(tree *source.Tree, named string) (string, error) {
	if named != "" {
		named = path.Clean(named)
		if e, err := tree.Stat(named); err != nil || !e.Type.IsDir() {
			return "", fmt.Errorf("example %s is not a folder of the project", named)
		}
		return named, nil
	}
	if hasManifest(tree, ".") {
		return ".", nil
	}
	var apps []string
	for _, parent := range []string{"examples", "example", "."} {
		entries, err := tree.ReadDir(parent)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if e.Type.IsDir() && hasManifest(tree, e.Path) {
				apps = append(apps, e.Path)
			}
		}
	}
	switch len(apps) {
	case 0:
		return "", ErrNoExample
	case 1:
		return apps[0], nil
	}
	return "", fmt.Errorf("%w: %s", ErrExamples, strings.Join(apps, ", "))
}

func hasManifest(tree *source.Tree, dir string) bool {
	return slices.ContainsFunc(stacks, func(s stack) bool { return tree.Exists(path.Join(dir, s.manifest)) })
}

// stack is a kind of app, recognised by its manifest and a dependency.
type stack struct {
	manifest, dependency string // dependency: empty where the manifest is enough
	id, title            string
	languages            []string
}

// stacks is asked in order: what is more particular stands first.
var stacks = []stack{
	{"package.json", "next", "nextjs", "Next.js", []string{"typescript", "javascript"}},
	{"package.json", "nuxt", "nuxt", "Nuxt", []string{"typescript", "javascript"}},
	{"package.json", "@sveltejs/kit", "sveltekit", "SvelteKit", []string{"typescript", "javascript"}},
	{"package.json", "astro", "astro", "Astro", []string{"typescript", "javascript"}},
	{"package.json", "@angular/core", "angular", "Angular", []string{"typescript"}},
	{"package.json", "expo", "expo", "Expo", []string{"typescript", "javascript"}},
	{"package.json", "react-native", "react-native", "React Native", []string{"typescript", "javascript"}},
	{"package.json", "@nestjs/core", "nestjs", "NestJS", []string{"typescript"}},
	{"package.json", "express", "node-express", "Node.js (Express)", []string{"javascript", "typescript"}},
	{"package.json", "fastify", "node-fastify", "Node.js (Fastify)", []string{"javascript", "typescript"}},
	{"package.json", "hono", "hono", "Hono", []string{"typescript", "javascript"}},
	{"package.json", "react", "react", "React", []string{"javascript", "typescript"}},
	{"package.json", "vue", "vue", "Vue", []string{"javascript", "typescript"}},
	{"package.json", "svelte", "svelte", "Svelte", []string{"javascript", "typescript"}},
	{"package.json", "", "node", "Node.js", []string{"javascript", "typescript"}},
	{"go.mod", "github.com/gin-gonic/gin", "go-gin", "Go (Gin)", []string{"go"}},
	{"go.mod", "github.com/labstack/echo/v4", "go-echo", "Go (Echo)", []string{"go"}},
	{"go.mod", "github.com/go-chi/chi/v5", "go-chi", "Go (chi)", []string{"go"}},
	{"go.mod", "", "go", "Go", []string{"go"}},
	{"pyproject.toml", "django", "python-django", "Django", []string{"python"}},
	{"pyproject.toml", "flask", "python-flask", "Flask", []string{"python"}},
	{"pyproject.toml", "fastapi", "python-fastapi", "FastAPI", []string{"python"}},
	{"pyproject.toml", "", "python", "Python", []string{"python"}},
	{"requirements.txt", "django", "python-django", "Django", []string{"python"}},
	{"requirements.txt", "flask", "python-flask", "Flask", []string{"python"}},
	{"requirements.txt", "fastapi", "python-fastapi", "FastAPI", []string{"python"}},
	{"requirements.txt", "", "python", "Python", []string{"python"}},
	{"Gemfile", "rails", "ruby-rails", "Ruby on Rails", []string{"ruby"}},
	{"Gemfile", "", "ruby", "Ruby", []string{"ruby"}},
	{"composer.json", "laravel/framework", "php-laravel", "Laravel", []string{"php"}},
	{"composer.json", "", "php", "PHP", []string{"php"}},
	{"Cargo.toml", "", "rust", "Rust", []string{"rust"}},
	{"pubspec.yaml", "flutter", "flutter", "Flutter", []string{"dart"}},
	{"pubspec.yaml", "", "dart", "Dart", []string{"dart"}},
}

// recognise finds what kind of app stands in a folder.
func recognise(tree *source.Tree, app string) stack {
	names := map[string][]string{}
	for _, s := range stacks {
		f, err := tree.Read(path.Join(app, s.manifest))
		if err != nil {
			continue
		}
		if _, read := names[s.manifest]; !read {
			deps, _, _ := facts.Dependencies(f)
			names[s.manifest] = []string{}
			for _, d := range deps {
				names[s.manifest] = append(names[s.manifest], strings.ToLower(d.Name))
			}
		}
		if s.dependency == "" || slices.Contains(names[s.manifest], s.dependency) {
			return s
		}
	}
	name := path.Base(app)
	if name == "." {
		name = "app"
	}
	return stack{id: slug(name), title: name, languages: []string{"shell"}}
}

// findDocs returns a source for the folders where docs usually stand.
func findDocs(tree *source.Tree) []string {
	for _, dir := range []string{"website", "docs"} {
		entries, err := tree.Walk(dir, nil)
		if err == nil && slices.ContainsFunc(entries, func(e source.Entry) bool { return strings.HasSuffix(e.Path, ".md") }) {
			return []string{dir + "/**/*.md"}
		}
	}
	return nil
}

// freeOutput returns a folder for the output that nobody else writes to.
func freeOutput(tree *source.Tree) string {
	if entries, err := tree.ReadDir("dist"); err != nil || len(entries) == 0 {
		return "dist"
	}
	return "skillgen-dist"
}

// slug turns a name into one that skills may have: lower-case letters, digits and single hyphens.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return cmp.Or(strings.Trim(b.String(), "-"), "app")
}

func configText(o ScaffoldOptions, out string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# What is being integrated, and defaults. `skillgen schema skillgen` prints every key.\nproduct: %s\n# Skill names start with it: %s-%s.\nprefix: %s\n",
		emit.Quote(o.Product), o.Prefix, o.Framework, emit.Quote(o.Prefix))
	if out != "dist" {
		fmt.Fprintf(&b, "# dist/ is in use by something else.\npaths:\n  dist: %s\n", out)
	}
	return b.String()
}

// frameworkText writes the framework file with a comment on every key that a team is likely to want.
func frameworkText(o ScaffoldOptions, app string, s stack) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\n# One file per framework. `skillgen schema framework` prints every key.\ntitle: %s\n", emit.Quote(o.Title))
	b.WriteString("# What guidance and code may be written in.\nlanguages:\n")
	for _, l := range o.Languages {
		fmt.Fprintf(&b, "  - %s\n", l)
	}
	b.WriteString("# Rules and guidance that several frameworks share stand in frameworks/tags/<tag>.md.\n# tags:\n#   - server\n")
	fmt.Fprintf(&b, "# The model airplane: a small app that shows the integration.\nexample: %s\n", emit.Quote(app))
	b.WriteString("# Pages of docs, in the order wanted: files, globs, URLs.\n")
	if len(o.Docs) == 0 {
		b.WriteString("# docs:\n#   - website/docs/install.md\n")
	} else {
		b.WriteString("docs:\n")
		for _, d := range o.Docs {
			fmt.Fprintf(&b, "  - %s\n", emit.Quote(d))
		}
	}
	if s.manifest != "" {
		fmt.Fprintf(&b, "# How a project of this framework is recognised.\ndetect:\n  files:\n    - %s\n", emit.Quote(s.manifest))
		if s.dependency != "" {
			fmt.Fprintf(&b, "  dependencies:\n    - %s\n", emit.Quote(s.dependency))
		}
	}
	fmt.Fprintf(&b, "---\n<!-- Guidance for the agent, in prose: where initialisation of %s goes in %s, what to watch out for. Comments like this one never reach a skill. -->\n",
		commentText(o.Product), commentText(o.Title))
	return b.String()
}

// commentText keeps a name from ending the comment that it stands in.
func commentText(s string) string { return strings.ReplaceAll(s, "--", "- -") }

func builtinTemplates() ([]Scaffolded, error) {
	var files []Scaffolded
	builtin := project.Builtin()
	err := fs.WalkDir(builtin, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(builtin, p)
		if err != nil {
			return err
		}
		files = append(files, Scaffolded{Path: path.Join("templates", p), Text: string(text)})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the built-in templates: %w", err)
	}
	return files, nil
}
