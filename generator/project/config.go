package project

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// configFile is where a project begins.
const configFile = "skillgen.yaml"

// configShape is the table of skillgen.yaml (DESIGN §2.1).
var configShape = object(
	req("product", text(productRule), func(c *Config) *source.String { return &c.Product }, "Display name of what is being integrated."),
	req("prefix", text(prefixRule), func(c *Config) *source.String { return &c.Prefix }, "Skill names start with it."),
	opt("version", text(versionRule), func(c *Config) *source.String { return &c.Version }, "Version of the release (semver.org); the flag --version wins."),
	opt("requires", text(rangeRule), func(c *Config) *source.String { return &c.Requires }, "Range of versions of skillgen that may build this project, such as \">=0.2 <1\"."),
	opt("license", text(rule{prose: true, max: 200}), func(c *Config) *source.String { return &c.License }, "License of the skills, as their front matter states it."),
	opt("author", text(rule{prose: true, max: 200}), func(c *Config) *source.String { return &c.Author }, "Who publishes the skills."),
	opt("homepage", text(urlRule), func(c *Config) *source.String { return &c.Homepage }, "Where to read more about the product."),
	opt("sites", list(siteShape), func(c *Config) *[]Site { return &c.Sites }, "Which URL a folder of pages has."),
	opt("layout", oneOf(Flat, References), func(c *Config) *Layout { return &c.Layout }, "One file per skill (flat, the default), or pages and example as files of their own (references)."),
	opt("stages", oneOf(StageFiles, StageInline), func(c *Config) *StageMode { return &c.Stages }, "Stages as files of their own (files, the default), or at the end of SKILL.md (inline)."),
	opt("stamp", oneOf("content", "version"), func(c *Config) *string { return &c.Stamp }, "What metadata says: a digest of the skill's content (the default), or the version of the release."),
	opt("vars", byKey(varRule, text(rule{empty: true, lines: true})), func(c *Config) *map[string]source.String { return &c.Vars }, "Words for templates, as {{vars.KEY}}; the weakest layer."),
	opt("clean", list(cleanShape), func(c *Config) *[]Clean { return &c.Clean }, "What to take out of pages of docs, and why."),
	opt("exclude", list(text(patternRule)), func(c *Config) *[]source.String { return &c.Exclude }, "Gitignore-style patterns of files that no model airplane carries."),
	opt("include", list(text(patternRule)), func(c *Config) *[]source.String { return &c.Include }, "Gitignore-style patterns of files that model airplanes carry although a default leaves them out."),
	opt("budget", budgetShape, func(c *Config) *Budget { return &c.Budget }, "Limits on size; going over one is a warning."),
	opt("checks", checksShape, func(c *Config) *map[string]CheckLevel { return &c.Checks }, "Severity of single checks, by id."),
	opt("fetch", fetchShape, func(c *Config) *Fetch { return &c.Fetch }, "How pages are fetched."),
	opt("diff", diffShape, func(c *Config) *Diff { return &c.Diff }, "What skillgen diff compares with."),
	opt("release", releaseShape, func(c *Config) *Release { return &c.Release }, "How releases are made."),
	opt("plugins", byKey(pluginRule, pluginShape), func(c *Config) *map[string]Plugin { return &c.Plugins }, "Plugins of the marketplace, by name; without it there is one."),
	opt("paths", pathsShape, func(c *Config) *placedPaths { return &c.placed }, "Other names for the project's folders."),
)

var productRule = rule{prose: true, max: 100}

var siteShape = object(
	req("path", projectPath(), func(s *Site) *source.String { return &s.Path }, "Folder of the pages."),
	req("url", text(siteURLRule), func(s *Site) *source.String { return &s.URL }, "URL under which the folder's pages are published."),
	opt("alias", byKey(rule{max: 100}, projectPath()), func(s *Site) *map[string]source.String { return &s.Alias }, "Folders by the alias that MDX imports use for them, such as \"@site\": ."),
	opt("components", byKey(componentRule, text(rule{enum: []string{"callout", "drop", "children"}})), func(s *Site) *map[string]source.String { return &s.Components },
		"What becomes of custom MDX components: a callout, nothing, or their children."),
)

// siteURLRule takes the URL that a folder of pages has.
var siteURLRule = rule{max: 2048, also: func(s string) (string, string) {
	if message, hint := webURL(s); message != "" {
		return message, hint
	}
	if strings.ContainsAny(s, "?#") {
		return "must be a URL without query and fragment", "the paths of pages are appended to it"
	}
	return "", ""
}}

var componentRule = rule{pattern: regexp.MustCompile(`^[A-Z][A-Za-z0-9_.]*$`), what: "the name of a component, which begins with a capital", max: 100}

var cleanShape = then(placed(cleanObject, func(c *Clean) *source.Span { return &c.At }), func(r *report, n *node, c Clean) Clean {
	keys := map[string]source.Span{}
	for _, p := range n.pairs {
		keys[p.key.text] = p.key.at
	}
	at, with := keys["with"]
	if _, replaces := keys["replace"]; with && !replaces {
		r.add("config-value", at, `"with" stands without "replace"`, "lines and sections are dropped; only a literal is replaced")
	} else if replaces && !with {
		r.add("config-missing", keys["replace"], `"replace" needs "with"`, `add with: "" to take the text out`)
	}
	return c
})

var cleanObject = oneKeyOf(object(
	opt("drop_line", text(cleanRule), func(c *Clean) *source.String { return &c.DropLine }, "A whole line, trimmed, that is dropped; /…/ is a regular expression."),
	opt("drop_section", text(cleanRule), func(c *Clean) *source.String { return &c.DropSection }, "The heading of a section that is dropped; /…/ is a regular expression."),
	opt("replace", text(cleanRule), func(c *Clean) *source.String { return &c.Replace }, "A literal that is replaced; /…/ is a regular expression."),
	opt("with", text(rule{empty: true, lines: true}), func(c *Clean) *source.String { return &c.With }, "What stands in place of the replaced text."),
	opt("pages", text(patternRule), func(c *Clean) *source.String { return &c.Pages }, "Glob over the paths of pages; without it, all of them."),
	req("why", text(rule{prose: true, max: 500}), func(c *Clean) *source.String { return &c.Why }, "Why this is no content."),
), "drop_line", "drop_section", "replace")

// oneKeyOf asks for exactly one of keys.
func oneKeyOf[T any](s shape[T], keys ...string) shape[T] {
	s.spec.exactlyOne = keys
	return s
}

// cleanRule takes a literal, or a regular expression between slashes.
var cleanRule = rule{max: 1000, also: func(s string) (string, string) {
	if len(s) < 2 || s[0] != '/' || s[len(s)-1] != '/' {
		return "", ""
	}
	if _, err := regexp.Compile(s[1 : len(s)-1]); err != nil {
		return fmt.Sprintf("is no regular expression: %v", err), "the syntax is that of Go (RE2); without the slashes it is a literal"
	}
	return "", ""
}}

// The most that a limit may be; above it, it is no limit.
const maxLimit = 100_000_000

func limits() []field[Budget] {
	return []field[Budget]{
		opt("head", number(maxLimit), func(b *Budget) *int { return &b.Head }, "Bytes of the head of SKILL.md."),
		opt("skill", number(maxLimit), func(b *Budget) *int { return &b.Skill }, "Tokens of a whole skill."),
		opt("stage", number(maxLimit), func(b *Budget) *int { return &b.Stage }, "Tokens of one stage."),
		opt("page", number(maxLimit), func(b *Budget) *int { return &b.Page }, "Tokens of one page of docs."),
		opt("example", number(maxLimit), func(b *Budget) *int { return &b.Example }, "Tokens of one model airplane."),
	}
}

var hardLimits = placed(object(limits()...), func(b *Budget) *source.Span { return &b.At })

var budgetShape = placed(object(append(limits(),
	opt("error", pointer(hardLimits), func(b *Budget) **Budget { return &b.Error }, "Limits beyond which the build fails."))...),
	func(b *Budget) *source.Span { return &b.At })

var checkShape = placed(object(
	req("severity", oneOf("error", "warning", "info", "off"), func(c *CheckLevel) *string { return &c.Severity }, "Level of the check."),
	opt("why", text(rule{prose: true, max: 500}), func(c *CheckLevel) *source.String { return &c.Why }, "Why; needed where the level is lower than the default."),
), func(c *CheckLevel) *source.Span { return &c.At })

// checksShape is a map of checks. Which ids there are, and which may be changed, is not part of the schema: it grows.
var checksShape = then(entries(rule{max: 100}, checkShape), func(r *report, _ *node, list []entry[CheckLevel]) map[string]CheckLevel {
	m := make(map[string]CheckLevel, len(list))
	for _, e := range list {
		if r.checkLevel(e.key, e.value) {
			m[e.key.S] = e.value
		}
	}
	return m
})

func (r *report) checkLevel(id source.String, level CheckLevel) bool {
	row, ok := diag.Lookup(id.S)
	if !ok {
		known := make([]string, len(diag.Table))
		for i, row := range diag.Table {
			known[i] = row.ID
		}
		r.add("config-value", id.At, fmt.Sprintf("no check is called %q", id.S), didYouMean(id.S, known, "a finding shows its check's id in brackets"))
		return false
	}
	if row.Fixed {
		r.add("config-value", id.At, fmt.Sprintf("the level of the check %q can't be changed", id.S), "mend what it finds: "+row.Purpose)
		return false
	}
	if level.Severity != "" && level.Why.S == "" && rank(level.Severity) < rank(row.Severity.String()) {
		r.add("config-missing", id.At, fmt.Sprintf("the check %q is %s by default; to lower it needs a reason", id.S, row.Severity), "add why: …")
		return false
	}
	return true
}

// rank orders the words for severities.
func rank(severity string) int {
	return slices.Index([]string{"off", "info", "warning", "error"}, severity)
}

var hostRule = rule{pattern: regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`), what: "a host such as docs.acme.example, in lower case", max: 253}

var fetchShape = object(
	opt("hosts", byKey(hostRule, hostShape), func(f *Fetch) *map[string]FetchHost { return &f.Hosts }, "What is particular about a host."),
	opt("language", text(languageHeaderRule), func(f *Fetch) *source.String { return &f.Language }, "Accept-Language of all requests; without it, en."),
)

var hostShape = object(
	opt("content", text(rule{max: 500}), func(h *FetchHost) *source.String { return &h.Content }, "CSS selector of the main content of a page."),
	opt("drop", list(text(rule{max: 500})), func(h *FetchHost) *[]source.String { return &h.Drop }, "CSS selectors of what is dropped from a page."),
	opt("concurrency", number(64), func(h *FetchHost) *int { return &h.Concurrency }, "How many requests run at once."),
	opt("allow", set(text(hostRule), false), func(h *FetchHost) *[]source.String { return &h.Allow }, "Other hosts to which its redirects, its llms.txt and its sitemaps may lead."),
	opt("header_env", byKey(headerRule, text(envNameRule)), func(h *FetchHost) *map[string]source.String { return &h.HeaderEnv },
		"Headers whose value comes from an environment variable; sent to this host alone."),
)

var (
	languageHeaderRule = rule{pattern: regexp.MustCompile(`^[A-Za-z0-9*][A-Za-z0-9*;=., -]*$`), what: "languages such as en or de, en;q=0.5", max: 200}

	headerRule = rule{pattern: regexp.MustCompile(`^[A-Za-z0-9-]+$`), what: "the name of an HTTP header", max: 100}
	envRule    = rule{pattern: regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`), what: "the name of an environment variable", max: 100}

	// envNameRule stands where people write the token itself.
	envNameRule = rule{pattern: envRule.pattern, what: "the name of an environment variable, which holds the value", max: 100, quiet: true}
)

var diffShape = object(
	opt("base", text(rule{max: 1024, also: noOption}), func(d *Diff) *source.String { return &d.Base }, "What skillgen diff compares with when nothing is said: a git ref, a folder, an archive, the URL of a published release, or `previous`."),
	opt("hosts", set(text(hostRule), false), func(d *Diff) *[]source.String { return &d.Hosts }, "Hosts to which links may be added."),
)

// noOption refuses what a command would take for an option.
func noOption(s string) (message, hint string) {
	if strings.HasPrefix(s, "-") {
		return "must not begin with a hyphen", ""
	}
	return "", ""
}

var releaseShape = object(
	opt("semver", oneOf("hint", "enforce"), func(c *Release) *string { return &c.Semver }, "Whether a version that is too low for what changed is a hint (the default) or refused."),
)

// pluginRule takes names that the marketplaces of agents accept.
var pluginRule = rule{pattern: namePattern, what: nameRule.what, fix: suggestName, max: 60, also: func(s string) (string, string) {
	if message, hint := noVendor(s); message != "" {
		return message, hint
	}
	if s == "agent-skills" {
		return "is a reserved name", "choose another, such as the prefix"
	}
	return "", ""
}}

var pluginShape = placed(object(
	opt("workflows", set(text(nameRule), true), func(p *Plugin) *[]source.String { return &p.Workflows }, "Workflows whose skills belong to the plugin; without it, all."),
	opt("frameworks", set(text(nameRule), true), func(p *Plugin) *[]source.String { return &p.Frameworks }, "Frameworks whose skills belong to the plugin; without it, all."),
), func(p *Plugin) *source.Span { return &p.At })

// placedPaths are the project's folders with the places where they are named.
type placedPaths struct{ frameworks, templates, examples, website, dist source.String }

var pathsShape = object(
	opt("frameworks", projectPath(), func(p *placedPaths) *source.String { return &p.frameworks }, "Folder of the frameworks, tags and partials."),
	opt("templates", projectPath(), func(p *placedPaths) *source.String { return &p.templates }, "Folder of the workflows."),
	opt("examples", projectPath(), func(p *placedPaths) *source.String { return &p.examples }, "Folder of the model airplanes."),
	opt("website", projectPath(), func(p *placedPaths) *source.String { return &p.website }, "Folder of the pages of docs."),
	opt("dist", projectPath(), func(p *placedPaths) *source.String { return &p.dist }, "Folder of the output."),
)

// folder is one of the project's folders.
type folder struct {
	key  string // in paths
	name source.String
}

// folders lists the project's folders; what the file does not rename has its default name, and no place.
func (p placedPaths) folders() []folder {
	all := []folder{{"frameworks", p.frameworks}, {"templates", p.templates}, {"examples", p.examples}, {"website", p.website}, {"dist", p.dist}}
	for i := range all {
		all[i].name.S = cmp.Or(all[i].name.S, all[i].key)
	}
	return all
}

// paths makes sense of the project's folders. The output must not overlap an input, nor prose other prose.
func (r *report) paths(p placedPaths) Paths {
	all := p.folders()
	for i, a := range all {
		for _, b := range all[i+1:] {
			prose := a.key == "frameworks" && b.key == "templates"
			if (prose || b.key == "dist") && overlap(a.name.S, b.name.S) {
				at := a.name.At
				if b.name.At.File != nil {
					at = b.name.At
				}
				r.add("config-value", at, fmt.Sprintf("the folders for %s (%s) and %s (%s) overlap", a.key, a.name.S, b.key, b.name.S), "give each a folder of its own")
			}
		}
	}
	return Paths{Frameworks: all[0].name.S, Templates: all[1].name.S, Examples: all[2].name.S, Website: all[3].name.S, Dist: all[4].name.S}
}

// overlap reports whether two clean paths are the same folder or one lies in the other.
func overlap(a, b string) bool {
	return a == "." || b == "." || a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

// projectPath is a path inside the project, in the form in which the tree knows it.
func projectPath() shape[source.String] {
	return then(text(pathRule), func(_ *report, _ *node, s source.String) source.String {
		s.S = cleanPath(s.S)
		return s
	})
}
