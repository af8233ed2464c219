package generator

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/emit"
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

// Scaffold is what init would write, and what it has found out. It writes nothing.
type Scaffold struct {
	Product string
	App     string // folder of the example app
	Stack   string // what kind of app it is: "Next.js, from package.json"
	Docs    string // folder of the docs that were found; empty where none were, or where they were named
	Files   []Scaffolded
}

// NewScaffold makes the files of a new project around an example app that is there already: skillgen.yaml, a framework, and a copy of the
// built-in templates. A folder that something else uses is left alone: another takes its place. The error is ErrNoExample, ErrExamples, an
// *OptionError, or what the machine reports.
func NewScaffold(tree *source.Tree, o ScaffoldOptions) (*Scaffold, error) {
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
	if err := cmp.Or(o.validate(), checkDocs(tree, o.Docs)); err != nil {
		return nil, err
	}
	s := &Scaffold{Product: o.Product, App: app, Stack: stack.title}
	if stack.manifest != "" {
		s.Stack += ", from " + path.Join(app, stack.manifest)
	}
	found := docsFound{}
	if len(o.Docs) == 0 {
		found = findDocs(tree)
		s.Docs = found.dir
	}
	builtin, err := builtinTemplates()
	if err != nil {
		return nil, err
	}
	if found.dir != "website" && tree.Exists("website") {
		found.website = found.dir
	}
	framework := Scaffolded{o.Framework + ".md", frameworkText(o, app, stack, found)}
	paths, err := layPaths(tree, builtin, framework)
	if err != nil {
		return nil, err
	}
	paths.website = found.website
	framework.Path = paths.frameworks + "/" + framework.Path
	s.Files = append(s.Files, Scaffolded{"skillgen.yaml", configText(o, paths)}, framework)
	for _, f := range builtin {
		s.Files = append(s.Files, Scaffolded{paths.templates + "/" + f.Path, f.Text})
	}
	return s, nil
}

// checkDocs looks whether each source names a page.
func checkDocs(tree *source.Tree, sources []string) error {
	library, _, err := docs.Open(tree, docs.Options{Roots: []string{"website"}})
	if err != nil {
		return err
	}
	for _, s := range sources {
		if _, fs := library.Resolve(source.String{S: s}); len(fs) > 0 {
			return &OptionError{"source", fs[0].Message, fs[0].Hint}
		}
	}
	return nil
}

// scaffoldPaths are the folders of a new project; website is empty where the default will do.
type scaffoldPaths struct{ frameworks, templates, website, dist string }

// layPaths finds folders that nobody else uses.
func layPaths(tree *source.Tree, templates []Scaffolded, framework Scaffolded) (p scaffoldPaths, err error) {
	if p.templates, err = free(tree, "templates", templates); err != nil {
		return p, err
	}
	if p.frameworks, err = free(tree, "frameworks", []Scaffolded{framework}); err != nil {
		return p, err
	}
	p.dist, err = freeOutput(tree)
	return p, err
}

// free returns the folder of this name, or one below skillgen/ where it holds anything but our files.
func free(tree *source.Tree, name string, ours []Scaffolded) (string, error) {
	for _, dir := range []string{name, "skillgen/" + name} {
		used, err := inUse(tree, dir, ours)
		if err != nil || !used {
			return dir, err
		}
	}
	return "", &OptionError{"folder " + name, fmt.Sprintf("is in use, and so is skillgen/%s", name), "move what stands in skillgen/" + name + " away: init never mixes its files with others"}
}

// inUse reports whether a folder holds a file that is not one of ours with the same bytes.
func inUse(tree *source.Tree, dir string, ours []Scaffolded) (bool, error) {
	e, err := tree.Stat(dir)
	if err != nil {
		return false, nil // nothing is there, or nothing that can be looked at; writing will tell
	}
	if !e.Type.IsDir() {
		return true, nil
	}
	entries, err := tree.Walk(dir, nil)
	if err != nil {
		return false, fmt.Errorf("looking into %s: %w", dir, err)
	}
	for _, e := range entries {
		if e.Type.IsDir() {
			continue
		}
		i := slices.IndexFunc(ours, func(f Scaffolded) bool { return path.Join(dir, f.Path) == e.Path })
		if i < 0 {
			return true, nil
		}
		if f, err := tree.Read(e.Path); err != nil || f.Text != ours[i].Text {
			return true, nil
		}
	}
	return false, nil
}

// freeOutput returns a folder for the output that nobody else writes to: what git ignores is where an app's own build goes.
func freeOutput(tree *source.Tree) (string, error) {
	ignored, err := tree.Ignored("dist", true)
	if err != nil {
		return "", fmt.Errorf("reading .gitignore: %w", err)
	}
	entries, err := tree.ReadDir("dist")
	if ignored == nil && (err != nil || len(entries) == 0) {
		return "dist", nil
	}
	return "skillgen-dist", nil
}

// findApp returns the folder of the example app: the one that is named, else the only one below examples/, else the repository itself, else
// the only one a folder down.
func findApp(tree *source.Tree, named string) (string, error) {
	if named != "" {
		named = path.Clean(named)
		if e, err := tree.Stat(named); err != nil || !e.Type.IsDir() {
			return "", fmt.Errorf("example %s is not a folder of the project", named)
		}
		return named, nil
	}
	apps := append(appsIn(tree, "examples"), appsIn(tree, "example")...)
	if hasManifest(tree, "example") {
		apps = append(apps, "example")
	}
	switch {
	case len(apps) > 0:
	case hasManifest(tree, "."):
		return ".", nil
	default:
		apps = appsIn(tree, ".")
	}
	switch len(apps) {
	case 0:
		return "", ErrNoExample
	case 1:
		return apps[0], nil
	}
	const enough = 8
	if n := len(apps); n > enough {
		apps = append(apps[:enough], fmt.Sprintf("and %d more", n-enough))
	}
	return "", fmt.Errorf("%w: %s", ErrExamples, strings.Join(apps, ", "))
}

// appsIn lists the folders in dir that hold a manifest. What git ignores, hides or another project brought along is none.
func appsIn(tree *source.Tree, dir string) []string {
	entries, err := tree.ReadDir(dir)
	if err != nil {
		return nil
	}
	var apps []string
	for _, e := range entries {
		base := path.Base(e.Path)
		if !e.Type.IsDir() || strings.HasPrefix(base, ".") || base == "node_modules" || base == "vendor" || !hasManifest(tree, e.Path) {
			continue
		}
		if ignored, err := tree.Ignored(e.Path, true); err == nil && ignored == nil {
			apps = append(apps, e.Path)
		}
	}
	return apps
}

// docsFound is a folder of docs.
type docsFound struct {
	dir     string // empty where there is none
	pages   int
	website string // dir, where it takes the place of a folder website/ that is something else
}

// maxDocs is how many pages a new project takes without being asked.
const maxDocs = 20

// findDocs looks for Markdown where docs usually stand.
func findDocs(tree *source.Tree) docsFound {
	for _, dir := range []string{"website/docs", "docs", "website", "doc"} {
		entries, err := tree.Walk(dir, func(e source.Entry) bool { return path.Base(e.Path) == "node_modules" })
		if err != nil {
			continue
		}
		pages := 0
		for _, e := range entries {
			if e.Type.IsRegular() && strings.HasSuffix(e.Path, ".md") {
				pages++
			}
		}
		if pages > 0 {
			return docsFound{dir: dir, pages: pages}
		}
	}
	return docsFound{}
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

func configText(o ScaffoldOptions, p scaffoldPaths) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# What is being integrated, and defaults. `skillgen schema skillgen` prints every key.\nproduct: %s\n# Skill names start with it: %s-%s.\nprefix: %s\n",
		emit.Quote(o.Product), o.Prefix, o.Framework, emit.Quote(o.Prefix))
	sep := "# The folders of these names are in use by something else.\npaths:\n"
	for _, f := range []struct{ key, dir string }{{"frameworks", p.frameworks}, {"templates", p.templates}, {"website", p.website}, {"dist", p.dist}} {
		if f.dir != "" && f.dir != f.key {
			fmt.Fprintf(&b, "%s  %s: %s\n", sep, f.key, f.dir)
			sep = ""
		}
	}
	return b.String()
}

// frameworkText writes the framework file with a comment on every key that a team is likely to want.
func frameworkText(o ScaffoldOptions, app string, s stack, found docsFound) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\n# One file per framework. `skillgen schema framework` prints every key.\ntitle: %s\n", emit.Quote(o.Title))
	b.WriteString("# What guidance and code may be written in.\nlanguages:\n")
	for _, l := range o.Languages {
		fmt.Fprintf(&b, "  - %s\n", l)
	}
	b.WriteString("# Rules and guidance that several frameworks share stand in tags/<tag>.md beside this file.\n# tags:\n#   - server\n")
	fmt.Fprintf(&b, "# The model airplane: a small app that shows the integration.\nexample: %s\n", emit.Quote(app))
	docsText(&b, o, found)
	if inApp := docsInApp(o, app, found); len(inApp) > 0 {
		b.WriteString("# The docs are no part of the app.\nexclude:\n")
		for _, pattern := range inApp {
			fmt.Fprintf(&b, "  - %s\n", emit.Quote(pattern))
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

// docsInApp returns patterns for the docs that lie in the app's folder. What lies in the folder of the website is none of the app's anyway.
func docsInApp(o ScaffoldOptions, app string, found docsFound) []string {
	folders := []string{found.dir + "/"}
	if found.dir == "" {
		folders = nil
	}
	for _, s := range o.Docs {
		if glob := strings.IndexAny(s, "*?[{"); glob >= 0 {
			s = s[:strings.LastIndexByte(s[:glob], '/')+1]
		}
		folders = append(folders, s)
	}
	website := cmp.Or(found.website, "website")
	var patterns []string
	for _, f := range folders {
		inside, ok := strings.CutPrefix(f, app+"/")
		if app == "." {
			inside, ok = f, f != ""
		}
		if pattern := "/" + inside; ok && inside != "" && !strings.Contains(f, "://") && !strings.HasPrefix(f, "/") && !strings.HasPrefix(f, website+"/") && !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}

func docsText(b *strings.Builder, o ScaffoldOptions, found docsFound) {
	b.WriteString("# Pages of docs, in the order wanted: files, globs, URLs.\n")
	switch {
	case len(o.Docs) > 0:
		b.WriteString("docs:\n")
		for _, d := range o.Docs {
			fmt.Fprintf(b, "  - %s\n", emit.Quote(d))
		}
	case found.pages > maxDocs:
		fmt.Fprintf(b, "# %s/ holds %d pages: name those that an agent needs.\n# docs:\n#   - %s/install.md\n", found.dir, found.pages, found.dir)
	case found.pages > 0:
		fmt.Fprintf(b, "docs:\n  - %s\n", emit.Quote(found.dir+"/**/*.md"))
	default:
		b.WriteString("# docs:\n#   - website/docs/install.md\n")
	}
}

// commentText keeps a name from ending the comment that it stands in.
func commentText(s string) string { return strings.ReplaceAll(s, "--", "- -") }

// builtinTemplates lists the files of the built-in templates, by their paths there.
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
		files = append(files, Scaffolded{Path: p, Text: string(text)})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the built-in templates: %w", err)
	}
	return files, nil
}
