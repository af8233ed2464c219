// Package project reads what a team writes itself: skillgen.yaml, frameworks, tags, partials and templates.
// Reading is strict: whatever is not understood is a finding at its place, with what was probably meant.
package project

import (
	"cmp"

	"skillgen/generator/source"
)

// Layout says whether a skill is one file or several.
type Layout string

// See DESIGN §4.
const (
	Flat       Layout = "flat"
	References Layout = "references"
)

// StageMode says whether stages are files of their own or the end of SKILL.md.
type StageMode string

// See DESIGN §4.
const (
	StageFiles  StageMode = "files"
	StageInline StageMode = "inline"
)

// Project is everything a team wrote, typed. It is immutable.
type Project struct {
	Tree       *source.Tree
	Config     *Config
	Frameworks []*Framework    // by id; drafts too
	Tags       map[string]*Tag // by name; "all" too
	Workflows  []*Workflow     // the default one first, then by name
	Lock       *Lock           // skillgen.lock; nil where there is none
	Flights    *Flights        // airplanes.lock; nil where there is none
}

// Config is skillgen.yaml.
type Config struct {
	File                                         *source.File
	Product, Prefix                              source.String
	Version, License, Author, Homepage, Requires source.String
	Sites                                        []Site
	Layout                                       Layout    // Flat where the file says nothing
	Stages                                       StageMode // StageFiles where the file says nothing
	Stamp                                        string    // "content" or "version"
	Vars                                         map[string]source.String
	Clean                                        []Clean
	Exclude, Include                             []source.String
	Budget                                       Budget
	Checks                                       map[string]CheckLevel
	Paths                                        Paths // clean; what the file does not rename has its default name
	Fetch                                        Fetch
	Diff                                         Diff
	Release                                      Release
	Plugins                                      map[string]Plugin // by name; nil: one plugin of all skills

	placed placedPaths
}

// Fetch is what `fetch` says.
type Fetch struct {
	Hosts    map[string]FetchHost // by host, with its port where it has one
	Language source.String        // Accept-Language; S empty: "en"
}

// FetchHost is what is particular about one host.
type FetchHost struct {
	Content     source.String   // CSS selector of the main content; S empty: the theme's
	Drop        []source.String // CSS selectors
	Concurrency int             // 0: the default
	Allow       []source.String // other hosts to which redirects, and entries of its llms.txt and sitemaps, may lead
	HeaderEnv   map[string]source.String
}

// Diff is what `diff` says.
type Diff struct {
	Base  source.String
	Hosts []source.String
}

// Release is what `release` says.
type Release struct{ Semver string } // "enforce", "hint" or ""

// Plugin says which skills a plugin of the marketplace holds. An empty list: all.
type Plugin struct {
	Workflows, Frameworks []source.String
	At                    source.Span
}

// Site maps a folder of pages to a URL.
type Site struct {
	Path, URL  source.String
	Alias      map[string]source.String
	Components map[string]source.String
}

// Clean is one entry of `clean`. Exactly one of DropLine, DropSection and Replace is set.
type Clean struct {
	DropLine, DropSection, Replace, With source.String
	Pages                                source.String // doublestar glob over page paths; empty S: all pages
	Why                                  source.String
	At                                   source.Span
}

// Budget holds limits; 0 means that this level says nothing.
type Budget struct {
	Head                        int // bytes
	Skill, Stage, Page, Example int // tokens
	Error                       *Budget
	At                          source.Span
}

// With returns the budget with every limit that o sets in place of b's.
func (b Budget) With(o Budget) Budget {
	b.Head, b.Skill, b.Stage = cmp.Or(o.Head, b.Head), cmp.Or(o.Skill, b.Skill), cmp.Or(o.Stage, b.Stage)
	b.Page, b.Example = cmp.Or(o.Page, b.Page), cmp.Or(o.Example, b.Example)
	switch {
	case b.Error == nil:
		b.Error = o.Error
	case o.Error != nil:
		limits := b.Error.With(*o.Error)
		b.Error = &limits
	}
	return b
}

// CheckLevel is what `checks:` says about one check.
type CheckLevel struct {
	Severity string // error, warning, info or off
	Why      source.String
	At       source.Span
}

// Paths are the project's folders, slash-separated, from the project's folder.
type Paths struct{ Frameworks, Templates, Examples, Website, Dist string }

// Source is one entry of a `docs` list as written: a file, a doublestar glob, a URL, or the /path of a site.
type Source struct {
	Source           source.String   // may hold {{id}} in a workflow; the plan expands it
	Title            source.String   // S empty: the page's own
	Include, Exclude []source.String // of a whole site (llms.txt, sitemap.xml): globs over the paths of its pages
}

// Override is what a framework says about one workflow, or a workflow about itself: lists append.
type Override struct {
	Title, Description source.String
	Docs               []Source
	Example            []source.String
	Tags               []source.String
	Vars, Metadata     map[string]source.String
}

// Framework is frameworks/<id>.md.
type Framework struct {
	ID             string
	File           *source.File
	At             source.Span // the front matter's first line
	Title          source.String
	Description    source.String
	Languages      []source.String
	Tags           []source.String
	Example        []source.String
	Docs           []Source
	Workflows      map[string]*Override // nil: every workflow whose needs it meets; a listed one without overrides has an empty Override
	WorkflowsAt    map[string]source.Span
	Vars, Metadata map[string]source.String
	Family         source.String
	Main, Draft    bool
	Detect         Detect
	Include        []source.String
	Exclude        []source.String
	Layout         Layout    // "" where the file says nothing
	Stages         StageMode // "" where the file says nothing
	Budget         Budget
	Verify         *Verify
	Body           source.Span // guidance: everything after the front matter
}

// Detect says how a project of this framework is recognised.
type Detect struct{ Files, Dependencies []source.String }

// Verify is how an airplane is flown (DESIGN §6).
type Verify struct {
	At                                source.Span
	Level                             string        // LevelCI, LevelSyntax or LevelHand
	Date                              source.String // 2026-11-20; of hand only
	Needs                             Needs
	Install, Build, Start, Ready, Run source.String
	Visit                             []source.String // paths below Ready's URL
	Env                               map[string]source.String
	Expect                            []Expect
	Timeout                           source.String // "300s", "5m"; S empty: the default
}

// Needs is what must be there to fly an airplane.
type Needs struct {
	Tools   map[string]source.String // version range by tool: "node" → ">=22"
	Browser bool                     // a headless browser
}

// Expect is something that must reach the capture server: an event by its name, or a request.
type Expect struct {
	Event          source.String // S empty: a request
	Method         string        // "POST"
	Path, Contains source.String
}

// Tag is frameworks/tags/<tag>.md.
type Tag struct {
	Name     string
	File     *source.File
	Vars     map[string]source.String
	Rules    []source.Span // one per top-level bullet before the first heading: the item's bytes without marker, trailing blank lines left off
	Guidance source.Span   // from the first heading to the end; empty span where there is none
}

// Workflow is templates/<name>/.
type Workflow struct {
	Name           string
	File           *source.File // skill.md
	At             source.Span
	Page           *Template
	Description    *Template // one line
	NamePattern    source.String
	Docs           []Source
	NeedsExample   bool
	NeedsDocs      bool
	Default        bool
	Standalone     bool
	Tags           []source.String
	Vars, Metadata map[string]source.String
	Layout         Layout
	Stages         StageMode
	Steps          []*Stage // in order
	Brought        []Brought
	Dir            string          // folder of the workflow; "builtin:templates/integrate" for a built-in one
	brings         []source.String // files of other workflows, as skill.md names them; Brought holds them too
}

// Brought is a file of references/, scripts/ or assets/ of a workflow, or of another one that it brings, which goes along with every skill.
type Brought struct {
	Path     string       // from the skill's folder
	File     *source.File // Path is the project's
	Template *Template    // of a Markdown file, which is expanded; nil for any other
}

// Stage is one stage template.
type Stage struct {
	N                  int    // dense, 1-based
	Name               string // "discover"
	File               *source.File
	Title, Description source.String // of the title: Name where the file says nothing
	Produces, Requires []source.String
	Body               *Template
}
