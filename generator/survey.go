package generator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"skillgen/generator/facts"
	"skillgen/generator/source"
)

// Survey is what stands in a repository before it is a project: what `skillgen init` goes by, and asks about.
type Survey struct {
	Product  string       // display name that the documentation's site has; empty where none was found
	Homepage string       // of the product; empty where none is known
	Apps     []App        // example apps, by folder
	Docs     []DocsFolder // folders of documentation, the likeliest first
	Unread   []error      // what could not be looked into, each with its path

	tree     *source.Tree
	detector *facts.Detector
	siteCode []string // folders that hold the code of a site of documentation
	sites    []string // what is a site's of documentation and no app's: folders of its code, each with a final slash, and configurations
}

// App is an example app.
type App struct {
	Dir      string // from the project's folder
	Title    string // of its kind: "Next.js (App Router)"
	Evidence string // the file that shows it, from the project's folder; empty where the kind is not known

	stack stack
}

// DocsFolder is a folder that holds pages.
type DocsFolder struct {
	Dir   string   // from the project's folder
	Kind  string   // what makes a site of it: "Docusaurus"; empty where nothing says so
	URL   string   // under which the pages are published; empty where that is not known
	Pages []string // paths, in the order of the site's navigation, else by path

	home  string   // folder of the site's configuration
	alias []string // of imports, for home
}

// maxApps is how many example apps a new project takes without being told which.
const maxApps = 50

// NewSurvey looks at a folder. It reads manifests and configurations and runs nothing.
func NewSurvey(tree *source.Tree) (*Survey, error) {
	s := &Survey{tree: tree, detector: facts.NewDetector(tree)}
	e := explorer{Survey: s}
	if err := e.explore("."); err != nil {
		return nil, fmt.Errorf("looking for example apps and docs: %w", err)
	}
	s.Apps = e.apps()
	for _, dir := range s.siteCode {
		if dir != "." {
			s.sites = append(s.sites, dir+"/")
		}
	}
	for _, c := range e.sites {
		s.sites = append(s.sites, c.file)
	}
	if err := s.findDocs(e.sites); err != nil {
		return nil, fmt.Errorf("looking for docs: %w", err)
	}
	s.Homepage = s.homepage()
	return s, nil
}

// App returns what is known of the app in a folder, whether the survey found it or not.
func (s *Survey) App(dir string) App {
	stack, evidence := recognise(s.detector, dir, slices.Contains(s.siteCode, dir))
	a := App{Dir: dir, Title: stack.title, stack: stack}
	if evidence != "" {
		a.Evidence = path.Join(dir, evidence)
	}
	return a
}

// explorer walks a repository.
type explorer struct {
	*Survey
	found []candidate
	sites []siteConfig
}

// candidate is a folder that may be an example app.
type candidate struct {
	App
	sample    bool // it lies in a folder of examples, or is one
	top       bool // it is a folder of examples itself
	manifest  bool
	workspace bool // its manifest only holds other packages together
	docs      bool // it is the code of a site of documentation
}

// siteConfig is a configuration of a site and where it stands.
type siteConfig struct {
	facts.Site
	file, dir string
}

var (
	// sampleFolders are what folders of examples are called, in lower case; appFolders what those are called that hold apps of any kind, and which
	// Django and Phoenix use for parts of one app.
	sampleFolders = []string{"examples", "example", "samples", "sample", "demos", "demo"}
	appFolders    = []string{"apps"}
	// testFolders hold apps that only tests are for.
	testFolders = []string{"test", "tests", "__tests__", "spec", "specs", "e2e", "cypress", "fixtures", "__fixtures__", "fixture", "testdata", "test-fixtures", "__mocks__", "mocks", "snapshots",
		"benchmark", "benchmarks", "bench", "tmp", "temp", "templates"}
	// docsFolders hold sites of documentation.
	docsFolders = []string{"docs", "documentation", "website", "doc"}
	// libraryFolders hold packages that others use, which are no apps of their own.
	libraryFolders = []string{"packages", "libs", "lib", "crates", "modules", "internal", "pkg", "plugins", "tools", "tooling", "scripts", "config"}
)

// maxDown is how deep below the project's folder apps are looked for.
const maxDown = 5

// explore looks into a folder and those below it.
func (e *explorer) explore(dir string) error {
	entries, err := e.tree.ReadDir(dir)
	if err != nil {
		return err
	}
	holders := slices.Concat(sampleFolders, appFolders)
	c := candidate{App: App{Dir: dir}, sample: isBelow(dir, holders), top: isBelow(path.Base(dir), holders)}
	for _, entry := range entries {
		name := path.Base(entry.Path)
		c.manifest = c.manifest || isManifest(name)
		if name == ".vitepress" {
			c.docs = e.vitePress(entry.Path) || c.docs
		} else if entry.Type.IsRegular() && facts.IsSiteConfig(entry.Path) {
			c.docs = e.site(entry.Path, dir) || c.docs
		}
	}
	if c.docs {
		e.siteCode = append(e.siteCode, dir)
	}
	if c.manifest {
		c.App = e.App(dir)
		c.workspace = e.isWorkspace(dir)
		c.docs = c.docs && !isManifest(path.Base(c.Evidence)) // a Go module may have its site beside it
		e.found = append(e.found, c)
	} else if top, _, _ := strings.Cut(dir, "/"); isBelow(top, sampleFolders) && hasSource(entries) { // deeper, they are parts of something
		c.App = e.App(dir)
		e.found = append(e.found, c)
	}
	return e.below(c, entries)
}

// owns reports whether a folder of this name in the candidate is a part of it and no app of its own, as are the web and android of a mobile app. A
// package may have a folder of examples; and a manifest at the top of the examples may only say what they share.
func (c candidate) owns(name string) bool {
	switch {
	case !c.manifest || c.workspace || c.Dir == ".":
		return false
	case c.sample:
		return !c.top || !c.stack.plain()
	}
	return !isBelow(name, sampleFolders)
}

// below looks into the folders of a folder.
func (e *explorer) below(c candidate, entries []source.Entry) error {
	if strings.Count(c.Dir, "/") >= maxDown {
		return nil
	}
	for _, entry := range entries {
		name := path.Base(entry.Path)
		if !entry.Type.IsDir() || facts.Foreign(name) || slices.Contains(testFolders, strings.ToLower(name)) || strings.HasSuffix(name, ".xcodeproj") {
			continue
		}
		if c.owns(name) {
			continue
		}
		if ignored, err := e.tree.Ignored(entry.Path, true); err != nil || ignored != nil {
			continue
		}
		if err := e.explore(entry.Path); err != nil {
			e.Unread = append(e.Unread, err) // a folder of a database's, say; what is in it is nobody's example
		}
	}
	return nil
}

// isBelow reports whether a path leads into one of these folders, or is one.
func isBelow(dir string, folders []string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool { return slices.Contains(folders, strings.ToLower(part)) })
}

// hasSource reports whether code stands directly in a folder. Apps without a manifest are known by it.
func hasSource(entries []source.Entry) bool {
	return slices.ContainsFunc(entries, func(e source.Entry) bool {
		return e.Type.IsRegular() && slices.ContainsFunc(sources, func(s stack) bool {
			return slices.ContainsFunc(strings.Fields(s.files), func(glob string) bool {
				ok, _ := path.Match(glob, path.Base(e.Path))
				return ok
			})
		})
	})
}

// isWorkspace reports whether the manifests of a folder hold other packages together.
func (e *explorer) isWorkspace(dir string) bool {
	for _, name := range []string{"pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json", "go.work"} {
		if e.tree.Exists(path.Join(dir, name)) {
			return true
		}
	}
	for name, says := range map[string]string{"package.json": `"workspaces"`, "Cargo.toml": "[workspace]", "pom.xml": "<modules>"} {
		if f, err := e.tree.Read(path.Join(dir, name)); err == nil && strings.Contains(f.Text, says) {
			return true
		}
	}
	return false
}

// vitePress reads the configuration in a folder .vitepress.
func (e *explorer) vitePress(dir string) bool {
	entries, err := e.tree.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		if entry.Type.IsRegular() && facts.IsSiteConfig(entry.Path) && e.site(entry.Path, dir) {
			return true
		}
	}
	return false
}

// site notes a configuration, and reports whether it makes its folder the code of a site: MkDocs and Mintlify leave the folder to others.
func (e *explorer) site(name, dir string) bool {
	f, err := e.tree.Read(name)
	if err != nil {
		return false
	}
	site, ok := facts.ReadSite(f)
	if !ok {
		return false
	}
	e.sites = append(e.sites, siteConfig{site, name, dir})
	return site.Kind != "MkDocs" && site.Kind != "Mintlify"
}

// apps chooses among the candidates: what stands in folders of examples, else the repository itself, else apps in its folders.
func (e *explorer) apps() []App {
	pick := func(want func(c candidate) bool) []App {
		var all []App
		for _, c := range e.found {
			if want(c) {
				all = append(all, c.App)
			}
		}
		slices.SortFunc(all, func(a, b App) int { return cmp.Compare(a.Dir, b.Dir) })
		return all
	}
	libraries := slices.Concat(libraryFolders, docsFolders)
	for _, want := range []func(c candidate) bool{
		func(c candidate) bool {
			return c.sample && c.manifest && !c.docs && !c.workspace && !isBelow(c.Dir, docsFolders) && !e.around(c, true)
		},
		func(c candidate) bool { return c.Dir == "." && !c.docs && !c.stack.plain() },
		func(c candidate) bool {
			return c.sample && !c.manifest && !isBelow(c.Dir, docsFolders) && !e.around(c, false)
		},
		func(c candidate) bool { return c.Dir == "." && c.manifest && !c.docs && !c.workspace },
		func(c candidate) bool { return c.manifest && !c.docs && !c.stack.plain() && !isBelow(c.Dir, libraries) },
		func(c candidate) bool { return c.manifest && !c.docs && !c.workspace && !isBelow(c.Dir, libraries) },
		func(c candidate) bool { return c.manifest && !c.docs && !c.stack.plain() },
	} {
		if apps := pick(want); len(apps) > 0 {
			return apps
		}
	}
	return nil
}

// around reports whether a candidate gives way to others of its kind, with a manifest or without: a folder of examples to those in it, a folder in an
// example to the example.
func (e *explorer) around(c candidate, manifest bool) bool {
	return slices.ContainsFunc(e.found, func(o candidate) bool {
		return o.manifest == manifest && (c.top && strings.HasPrefix(o.Dir, c.Dir+"/") || !o.top && strings.HasPrefix(c.Dir, o.Dir+"/") && o.sample && !o.workspace)
	})
}

// homepage is the address of the product's website: of the repository's package.json, else of the site of its docs.
func (s *Survey) homepage() string {
	if f, err := s.tree.Read("package.json"); err == nil {
		var manifest struct {
			Homepage string `json:"homepage"`
		}
		if json.Unmarshal([]byte(f.Text), &manifest) == nil {
			if u := facts.PublicURL(manifest.Homepage); u != "" && !strings.Contains(u, "github.com") {
				return u
			}
		}
	}
	if len(s.Docs) > 0 {
		if u, err := url.Parse(s.Docs[0].URL); err == nil && u.Host != "" {
			return u.Scheme + "://" + u.Host
		}
	}
	return ""
}
