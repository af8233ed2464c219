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
	Framework string   // id; of the only app
	Title     string   // of the framework; of the only app
	Languages []string // of the only app
	Examples  []string // folders of the example apps, from the project's folder
	Docs      []string // sources; or one folder
	NoDocs    bool     // none, although some were found
	Folder    string   // name of the project's folder: the product where nobody says another
}

// Scaffolded is a file of a new project.
type Scaffolded struct {
	Path string
	Text string
}

// ErrNoExample says that no example app was found; ErrExamples that there are more than a new project takes unasked.
var (
	ErrNoExample = errors.New("found no example app: no package manifest of an app stands here, below examples/ or in a folder")
	ErrExamples  = errors.New("too many example apps")
)

// OptionError says which of the options no project can have.
type OptionError struct {
	Option        string // "prefix"
	Message, Hint string
}

func (e *OptionError) Error() string { return "the " + e.Option + " " + e.Message }

// validate checks what becomes part of names, for a project with this many apps.
func (o *ScaffoldOptions) validate(apps int) error {
	if apps > 1 && (o.Framework != "" || o.Title != "" || len(o.Languages) > 0) {
		return &OptionError{"framework", fmt.Sprintf("is described by the flags, and there are %d example apps", apps), "name the one that is meant with --example, and describe the others in their files"}
	}
	for _, c := range []struct {
		option, value string
		fault         func(string) (message, hint string)
	}{{"product", o.Product, NameFault}, {"title", cmp.Or(o.Title, "x"), NameFault}, {"prefix", o.Prefix, project.PrefixFault}} {
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

// NameFault says why s can't be the name of a product or the title of a framework, and what to do; both are empty where it can. Descriptions of skills
// hold both.
func NameFault(s string) (message, hint string) {
	if strings.ContainsAny(s, "<>") {
		return "must not hold < or >", "say it without them: what loads skills takes them for markup"
	}
	return project.ProductFault(s)
}

// Scaffold is what init would write, and what that is made of. It writes nothing.
type Scaffold struct {
	Product    string
	Homepage   string // empty where none is known
	Frameworks []ScaffoldedFramework
	Docs       DocsFolder   // the folder that pages are taken from; Dir is empty where there is none, or sources were named
	Carried    int          // how many of its pages some skill carries
	Files      []Scaffolded // skillgen.yaml is the last: what is there without it is an earlier try
	Ignore     []string     // lines that .gitignore lacks

	sites   []string // what is a site's and no app's, as in Survey
	website websiteUse
}

// ScaffoldedFramework is a framework of a new project.
type ScaffoldedFramework struct {
	App
	ID   string
	Path string // of its file

	sources []string // of docs
	pages   []string // that the sources name
	exclude []string // patterns of what the airplane leaves out
}

// NewScaffold makes the files of a new project around the example apps that a survey found: skillgen.yaml, a framework for each app, a copy of the
// built-in templates, and schemas for editors. A folder that something else uses is left alone: another takes its place. The error is ErrNoExample,
// ErrExamples, an *OptionError, or what the machine reports.
func NewScaffold(s *Survey, o ScaffoldOptions) (*Scaffold, error) {
	apps, err := s.chosen(o.Examples)
	if err != nil {
		return nil, err
	}
	o.Product = cmp.Or(o.Product, s.Product, o.Folder, "product")
	o.Prefix = cmp.Or(o.Prefix, shortened(slug(o.Product), 30))
	if err := o.validate(len(apps)); err != nil {
		return nil, err
	}
	made := &Scaffold{Product: o.Product, Homepage: s.Homepage, sites: s.sites}
	if made.Frameworks, err = frameworksOf(apps, o); err != nil {
		return nil, err
	}
	if made.website, err = useOfWebsite(s.tree); err != nil {
		return nil, err
	}
	if err := made.chooseDocs(s, o); err != nil {
		return nil, err
	}
	if err := made.fill(s, o); err != nil {
		return nil, err
	}
	return made, made.write(s.tree, o)
}

// chosen returns the apps that are named, else all that were found.
func (s *Survey) chosen(named []string) ([]App, error) {
	var apps []App
	for _, dir := range named {
		dir = path.Clean(dir)
		if e, err := s.tree.Stat(dir); err != nil || !e.Type.IsDir() {
			return nil, &OptionError{"example", dir + " is not a folder of the project", "name a folder below the one in which init runs"}
		}
		if !slices.ContainsFunc(apps, func(a App) bool { return a.Dir == dir }) {
			apps = append(apps, s.App(dir))
		}
	}
	switch {
	case len(apps) > 0:
		return apps, nil
	case len(s.Apps) == 0:
		return nil, ErrNoExample
	case len(s.Apps) > maxApps:
		return nil, fmt.Errorf("%w: %d were found, the first ones in %s, %s and %s", ErrExamples, len(s.Apps), s.Apps[0].Dir, s.Apps[1].Dir, s.Apps[2].Dir)
	}
	return s.Apps, nil
}

// frameworksOf gives each app an id and a title of its own.
func frameworksOf(apps []App, o ScaffoldOptions) ([]ScaffoldedFramework, error) {
	if len(apps) == 1 {
		a := apps[0]
		a.Title = cmp.Or(o.Title, a.Title)
		if len(o.Languages) > 0 {
			a.stack.languages = strings.Join(o.Languages, " ")
		}
		id := cmp.Or(o.Framework, a.stack.id)
		if message, hint := project.IDFault(id); message != "" {
			return nil, &OptionError{"framework's id", message, hint}
		}
		if n := len(o.Prefix) + 1 + len(id); n > maxSkillName {
			return nil, &OptionError{"name " + o.Prefix + "-" + id, fmt.Sprintf("is too long for a skill: %d characters, at most %d are allowed", n, maxSkillName), "give a shorter --prefix or --framework"}
		}
		return []ScaffoldedFramework{{App: a, ID: id}}, nil
	}
	used, kinds := map[string]bool{}, map[string]int{}
	for _, a := range apps {
		kinds[a.stack.id]++
	}
	var all []ScaffoldedFramework
	for _, a := range apps {
		f := ScaffoldedFramework{App: a}
		names := []string{a.stack.id}
		if kinds[a.stack.id] > 1 {
			names = variantNames(a)
			if name := path.Base(a.Dir); name != "." {
				f.Title = variantTitle(a.Title, name)
			}
		}
		f.ID = freeID(names, a.stack.id, o.Prefix, used)
		used[f.ID] = true
		all = append(all, f)
	}
	return all, nil
}

// variantNames are the ids that one of several apps of a kind may have, the best first: that of its folder where it says the kind, else both.
func variantNames(a App) []string {
	name, above := slug(path.Base(a.Dir)), slug(path.Base(path.Dir(a.Dir)))
	kind, _, _ := strings.Cut(a.stack.id, "-")
	if strings.HasPrefix(name+"-", a.stack.id+"-") || strings.HasPrefix(name+"-", kind+"-") && name != kind {
		return []string{name, a.stack.id + "-" + name, a.stack.id + "-" + above + "-" + name}
	}
	return []string{a.stack.id + "-" + name, a.stack.id + "-" + above + "-" + name}
}

// variantTitle adds a name to a title: Next.js (App Router, shop).
func variantTitle(title, name string) string {
	if rest, ok := strings.CutSuffix(title, ")"); ok {
		return rest + ", " + name + ")"
	}
	return title + " (" + name + ")"
}

// maxSkillName is how long the name of a skill may be (Agent Skills specification).
const maxSkillName = 64

// freeID returns the first of names that no other framework has and that skills can be called by, else one with a number.
func freeID(names []string, kind, prefix string, used map[string]bool) string {
	ok := func(id string) bool {
		fault, _ := project.IDFault(id)
		return fault == "" && !used[id] && len(prefix)+1+len(id) <= maxSkillName
	}
	for _, name := range names {
		if ok(name) {
			return name
		}
	}
	if !ok(kind) && !used[kind] {
		kind = "app"
	}
	for n := 2; ; n++ {
		if id := fmt.Sprintf("%s-%d", kind, n); !used[id] {
			return id
		}
	}
}

// write makes the files.
func (m *Scaffold) write(tree *source.Tree, o ScaffoldOptions) error {
	builtin, err := builtinTemplates()
	if err != nil {
		return err
	}
	var frameworks []Scaffolded
	for _, f := range m.Frameworks {
		frameworks = append(frameworks, Scaffolded{f.ID + ".md", frameworkText(f, o.Product)})
	}
	paths, err := layPaths(tree, builtin, frameworks, m.website)
	if err != nil {
		return err
	}
	for i, f := range frameworks {
		m.Frameworks[i].Path = paths.frameworks + "/" + f.Path
		m.Files = append(m.Files, Scaffolded{m.Frameworks[i].Path, f.Text})
	}
	for _, f := range builtin {
		m.Files = append(m.Files, Scaffolded{paths.templates + "/" + f.Path, f.Text})
	}
	if paths.website != "website" {
		m.Files = append(m.Files, Scaffolded{paths.website + "/.gitkeep", ""}) // a folder that skillgen.yaml names has to be there
	}
	schemas, err := EditorSchemas()
	if err != nil {
		return err
	}
	m.Files = append(m.Files, schemas...)
	unused, err := m.leavesPages(tree, paths.website)
	if err != nil {
		return err
	}
	m.Files = append(m.Files, Scaffolded{"skillgen.yaml", m.configText(o, paths, unused)})
	if ignored, err := tree.Ignored(paths.dist, true); err == nil && ignored == nil {
		m.Ignore = []string{"/" + paths.dist + "/"}
	}
	return nil
}

// namedPages returns the pages that sources name; one that names none is an error.
func namedPages(tree *source.Tree, sources []string) ([]string, error) {
	library, _, err := docs.Open(tree, docs.Options{Roots: []string{"website"}})
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, s := range sources {
		pages, fs := library.Resolve(source.String{S: s})
		if len(fs) > 0 {
			return nil, &OptionError{"source", fs[0].Message, fs[0].Hint}
		}
		for _, p := range pages {
			paths = append(paths, p.File.Path)
		}
	}
	return paths, nil
}

// scaffoldPaths are the folders of a new project.
type scaffoldPaths struct{ frameworks, templates, website, dist string }

// layPaths finds folders that nobody else uses.
func layPaths(tree *source.Tree, templates, frameworks []Scaffolded, website websiteUse) (p scaffoldPaths, err error) {
	if p.templates, err = free(tree, "templates", templates); err != nil {
		return p, err
	}
	if p.frameworks, err = free(tree, "frameworks", frameworks); err != nil {
		return p, err
	}
	p.website = "website"
	if website == othersWebsite {
		p.website = "skillgen/website"
	}
	p.dist, err = freeOutput(tree)
	return p, err
}

// websiteUse is what a folder called website holds.
type websiteUse uint8

const (
	noWebsite     websiteUse = iota // there is none
	pagesWebsite                    // pages and what they show, as in a project of skillgen's
	othersWebsite                   // the code of a site, or something else altogether
)

// useOfWebsite says what the folder website is used for.
func useOfWebsite(tree *source.Tree) (websiteUse, error) {
	if !tree.Exists("website") {
		return noWebsite, nil
	}
	entries, err := tree.Walk("website", func(e source.Entry) bool { return path.Base(e.Path) == "node_modules" })
	if fault := new(source.PathError); errors.As(err, &fault) && fault.Trouble != source.Failed {
		return othersWebsite, nil // a file, or a link
	}
	if err != nil {
		return othersWebsite, fmt.Errorf("looking into website: %w", err)
	}
	for _, e := range entries {
		ext := strings.ToLower(path.Ext(e.Path))
		if e.Type.IsRegular() && path.Base(e.Path)[0] != '.' && !slices.Contains([]string{".md", ".mdx", ".html", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"}, ext) {
			return othersWebsite, nil
		}
	}
	return pagesWebsite, nil
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

// IgnoreComment stands above the lines that init adds to .gitignore.
const IgnoreComment = "# skills, written by skillgen build"

// freeOutput returns a folder for the output that nobody else writes to: what git ignores is where an app's own build goes, unless an earlier init
// had it ignored.
func freeOutput(tree *source.Tree) (string, error) {
	ignored, err := tree.Ignored("dist", true)
	if err != nil {
		return "", fmt.Errorf("reading .gitignore: %w", err)
	}
	if ignored != nil && !strings.HasSuffix(ignored.At.File.Text[:ignored.At.Start], IgnoreComment+"\n") {
		return "skillgen-dist", nil
	}
	if entries, err := tree.ReadDir("dist"); err == nil && len(entries) > 0 && !tree.Exists("dist/report.json") {
		return "skillgen-dist", nil
	}
	return "dist", nil
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

// shortened cuts a slug between two of its words so that it has at most so many bytes; a first word that is longer is cut itself.
func shortened(slug string, most int) string {
	if len(slug) <= most {
		return slug
	}
	cut := slug[:most]
	if i := strings.LastIndexByte(cut, '-'); i > 0 {
		cut = cut[:i]
	}
	return cut
}

// configText writes skillgen.yaml.
func (m *Scaffold) configText(o ScaffoldOptions, p scaffoldPaths, unused bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%sskillgen.json\n", schemaFolder)
	fmt.Fprintf(&b, "product: %s\n# Skill names start with it: %s-%s.\nprefix: %s\n", emit.Quote(o.Product), o.Prefix, m.Frameworks[0].ID, emit.Quote(o.Prefix))
	if m.Homepage != "" {
		fmt.Fprintf(&b, "homepage: %s\n", emit.Quote(m.Homepage))
	}
	if d := m.Docs; d.URL != "" {
		fmt.Fprintf(&b, "sites:\n  - path: %s\n    url: %s\n", emit.Quote(d.Dir), emit.Quote(d.URL))
		for i, name := range d.alias {
			if i == 0 {
				b.WriteString("    alias:\n")
			}
			fmt.Fprintf(&b, "      %s: %s\n", emit.Quote(name), emit.Quote(d.home))
		}
	}
	if unused {
		fmt.Fprintf(&b, "checks:\n  page-unused:\n    severity: \"off\"\n    why: %s\n", emit.Quote("the docs are written for a website; skills carry some of its pages"))
	}
	sep := "# The folders of these names are in use by something else.\npaths:\n"
	for _, f := range []struct{ key, dir string }{{"frameworks", p.frameworks}, {"templates", p.templates}, {"website", p.website}, {"dist", p.dist}} {
		if f.dir != f.key {
			fmt.Fprintf(&b, "%s  %s: %s\n", sep, f.key, f.dir)
			sep = ""
		}
	}
	return b.String()
}

// frameworkText writes the file of a framework.
func frameworkText(f ScaffoldedFramework, product string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\n# One file per framework. `skillgen schema framework` prints every key.\ntitle: %s\n", emit.Quote(f.Title))
	list := func(indent, key string, words []string, write func(string) string) {
		for i, w := range words {
			if i == 0 {
				fmt.Fprintf(&b, "%s%s:\n", indent, key)
			}
			fmt.Fprintf(&b, "%s  - %s\n", indent, write(w))
		}
	}
	plain := func(s string) string { return s }
	list("", "languages", strings.Fields(f.stack.languages), plain)
	list("", "tags", strings.Fields(f.stack.tags), plain)
	fmt.Fprintf(&b, "example: %s\n", emit.Quote(f.Dir))
	list("", "docs", f.sources, emit.Quote)
	list("", "exclude", f.exclude, emit.Quote)
	if files, dependencies := strings.Fields(f.stack.files), strings.Fields(f.stack.dependencies); len(files)+len(dependencies) > 0 {
		b.WriteString("detect:\n")
		list("  ", "files", files, emit.Quote)
		list("  ", "dependencies", dependencies, emit.Quote)
	}
	fmt.Fprintf(&b, "---\nThe model airplane shows %s in %s: where it is set up, and where it is called. Take over that shape, and keep the project's own names, layout and style. The airplane's "+
		"versions stand in its manifest; where the project has others, what is installed there decides.\n", inMarkdown(product), inMarkdown(f.Title))
	return b.String()
}

// inMarkdown escapes what Markdown would take for markup.
func inMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_[]<>#|~&!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

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
