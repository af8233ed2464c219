package project

import (
	"path"
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"skillgen/generator/source"
)

// frameworkFile is a framework as its table reads it.
type frameworkFile struct {
	Framework
	workflows []entry[Override]
	draft     source.Span
}

// frameworkShape is the table of frameworks/<id>.md (DESIGN §2.2).
var frameworkShape = object(
	req("title", text(rule{prose: true, max: 200}), func(f *frameworkFile) *source.String { return &f.Title }, "Display name, such as Next.js (App Router)."),
	req("languages", set(text(languageRule), true), func(f *frameworkFile) *[]source.String { return &f.Languages }, "What guidance and code may be in."),
	opt("tags", set(text(tagRule), false), func(f *frameworkFile) *[]source.String { return &f.Tags }, "Which files of frameworks/tags apply, in this order after all.md."),
	opt("description", text(descriptionRule), func(f *frameworkFile) *source.String { return &f.Description }, "What the skill does and when to use it; without it, the workflow's."),
	opt("example", oneOrMore(projectPath()), func(f *frameworkFile) *[]source.String { return &f.Example }, "Folder of the model airplane, or several."),
	opt("docs", docsShape(noTemplate), func(f *frameworkFile) *[]Source { return &f.Docs }, "Pages for every workflow, in the order wanted."),
	opt("workflows", workflowsShape, func(f *frameworkFile) *[]entry[Override] { return &f.workflows }, "Which workflows the framework gets, and what is particular about them; without it, all whose needs it meets."),
	opt("vars", byKey(varRule, text(rule{empty: true, lines: true})), func(f *frameworkFile) *map[string]source.String { return &f.Vars }, "Words for templates, as {{vars.KEY}}."),
	opt("metadata", metadataShape, func(f *frameworkFile) *map[string]source.String { return &f.Metadata }, "More metadata for the front matter of SKILL.md."),
	opt("family", text(nameRule), func(f *frameworkFile) *source.String { return &f.Family }, "Name that the variants of one framework share."),
	opt("main", boolean(), func(f *frameworkFile) *bool { return &f.Main }, "The variant that is meant when nobody says which."),
	opt("detect", detectShape, func(f *frameworkFile) *Detect { return &f.Detect }, "How a project of this framework is recognised."),
	opt("include", list(text(patternRule)), func(f *frameworkFile) *[]source.String { return &f.Include }, "Gitignore-style patterns of files that the airplane carries although a default leaves them out."),
	opt("exclude", list(text(patternRule)), func(f *frameworkFile) *[]source.String { return &f.Exclude }, "Gitignore-style patterns of files that the airplane leaves out."),
	opt("draft", then(only(), func(_ *report, n *node, _ bool) source.Span { return n.at }), func(f *frameworkFile) *source.Span { return &f.draft }, "Leaves the framework out, with a note."),
	opt("layout", oneOf(Flat, References), func(f *frameworkFile) *Layout { return &f.Layout }, "One file per skill (flat), or pages and example as files of their own (references)."),
	opt("stages", oneOf(StageFiles, StageInline), func(f *frameworkFile) *StageMode { return &f.Stages }, "Stages as files of their own (files), or at the end of SKILL.md (inline)."),
	opt("budget", budgetShape, func(f *frameworkFile) *Budget { return &f.Budget }, "Limits on size, in place of the project's."),
	opt("verify", pointer(verifyShape), func(f *frameworkFile) **Verify { return &f.Verify }, "How the model airplane is flown."),
)

var languageRule = rule{enum: Languages, aliases: languageAliases}

// descriptionRule is what every consumer of skills accepts as a description.
var descriptionRule = rule{prose: true, max: 1024, angle: true}

// noTemplate refuses templates where nothing expands them.
func noTemplate(s string) (message, hint string) {
	if strings.Contains(s, "{{") {
		return "is not expanded, so it must not hold {{", "only a workflow's docs may hold {{id}}"
	}
	return "", ""
}

// docsShape is a list of sources. What else is asked of a source depends on where it stands.
func docsShape(also func(string) (string, string)) shape[[]Source] {
	name := rule{max: 2048, also: func(s string) (string, string) {
		if message, hint := also(s); message != "" {
			return message, hint
		}
		return sourceName(s)
	}}
	plain := then(text(name), func(_ *report, _ *node, s source.String) Source { return Source{Source: s} })
	detailed := then(object(
		req("source", text(name), func(s *Source) *source.String { return &s.Source }, "A file, a glob, a URL, or the /path of a site."),
		opt("title", text(rule{prose: true, max: 300}), func(s *Source) *source.String { return &s.Title }, "Title of the page; without it, its own."),
		opt("include", list(text(globRule)), func(s *Source) *[]source.String { return &s.Include }, "Of a whole site: globs over the paths of the pages that are wanted, such as /docs/**."),
		opt("exclude", list(text(globRule)), func(s *Source) *[]source.String { return &s.Exclude }, "Of a whole site: globs over the paths of the pages that are not wanted."),
	), func(r *report, n *node, s Source) Source {
		if len(s.Include)+len(s.Exclude) > 0 && !s.Whole() {
			r.add("config-value", n.at, `"include" and "exclude" belong to a whole site`, "name its llms.txt or sitemap.xml, or leave them out")
		}
		if s.Title.S != "" && s.Whole() {
			r.add("config-value", s.Title.At, "a whole site has no title: each of its pages has its own", "leave it out")
		}
		return s
	})
	return list(either(plain, detailed))
}

// Whole reports whether the source names a whole site: an llms.txt, or a sitemap (sitemap.xml, sitemap-0.xml, sitemap_index.xml).
func (s Source) Whole() bool { return WholeSite(s.Source.S) }

// WholeSite reports whether a source names a whole site by its llms.txt or sitemap.
func WholeSite(name string) bool {
	if !strings.Contains(name, "://") && !strings.HasPrefix(name, "/") {
		return false
	}
	name, _, _ = strings.Cut(name, "?")
	base := path.Base(name)
	return base == "llms.txt" || strings.HasPrefix(base, "sitemap") && (strings.HasSuffix(base, ".xml") || strings.HasSuffix(base, ".xml.gz"))
}

// globRule takes a glob over the paths of a site's pages.
var globRule = rule{max: 1000, also: func(s string) (string, string) {
	switch {
	case !strings.HasPrefix(s, "/"):
		return "must begin with /", "it is matched with the path of a page's URL: /docs/**"
	case strings.Count(s, "**") > 4 || strings.Count(s, "{") > 6 || !doublestar.ValidatePattern(s):
		return "is no glob that can be used", "* stays within a folder, ** does not"
	}
	return "", ""
}}

// sourceName takes a file, a doublestar glob, a URL or the /path of a site.
func sourceName(s string) (message, hint string) {
	if strings.Contains(s, "://") {
		return webURL(s)
	}
	return localPath(strings.TrimLeft(s, "/"))
}

var metadataShape = byKey(rule{pattern: regexp.MustCompile(`^[A-Za-z0-9._-]+$`), what: "letters, digits, dots, hyphens and underscores", max: 64, also: ownMetadata},
	text(rule{prose: true, max: 1024}))

// ownMetadata refuses the keys that skillgen writes.
func ownMetadata(s string) (message, hint string) {
	switch s {
	case "framework", "workflow", "content", "version":
		return "is written by skillgen itself", "choose another name"
	}
	return "", ""
}

// workflowsShape is a list of workflows, or a map from workflows to overrides. A list comes out as overrides that say nothing.
var workflowsShape = workflowsOf(set(text(nameRule), false), entries(nameRule, overrideShape))

func workflowsOf(names shape[[]source.String], overrides shape[[]entry[Override]]) shape[[]entry[Override]] {
	s := &spec{anyOf: []*spec{names.spec, overrides.spec}}
	return shape[[]entry[Override]]{spec: s, read: func(r *report, n *node) ([]entry[Override], bool) {
		if n.kind == mapNode {
			return overrides.read(r, n)
		}
		if n.kind != listNode {
			r.wrongType(n, s)
			return nil, false
		}
		list, ok := names.read(r, n)
		out := make([]entry[Override], len(list))
		for i, name := range list {
			out[i].key = name
		}
		return out, ok
	}}
}

var overrideShape = object(
	opt("title", text(rule{prose: true, max: 200}), func(o *Override) *source.String { return &o.Title }, "Display name, in place of the framework's."),
	opt("description", text(descriptionRule), func(o *Override) *source.String { return &o.Description }, "What the skill does and when to use it."),
	opt("docs", docsShape(noTemplate), func(o *Override) *[]Source { return &o.Docs }, "Pages after the framework's."),
	opt("example", oneOrMore(projectPath()), func(o *Override) *[]source.String { return &o.Example }, "Model airplanes after the framework's."),
	opt("tags", set(text(tagRule), false), func(o *Override) *[]source.String { return &o.Tags }, "Tags after the framework's."),
	opt("vars", byKey(varRule, text(rule{empty: true, lines: true})), func(o *Override) *map[string]source.String { return &o.Vars }, "Words for templates, over the framework's."),
	opt("metadata", metadataShape, func(o *Override) *map[string]source.String { return &o.Metadata }, "Metadata, over the framework's."),
)

var detectShape = object(
	opt("files", list(text(patternRule)), func(d *Detect) *[]source.String { return &d.Files }, "Globs; one of them matches a file."),
	opt("dependencies", list(text(dependencyRule)), func(d *Detect) *[]source.String { return &d.Dependencies }, "Names of packages, with a range after @ or an exclamation mark before: next, nuxt@<4, !remix."),
)

// dependencyRule takes name, name@range and !name.
var dependencyRule = rule{max: 200, also: func(s string) (string, string) {
	name, versions, _ := SplitDependency(s)
	if name+versions != strings.TrimPrefix(s, "!") {
		if _, err := parseRange(versions); err != nil {
			return "has no version range after @: " + err.Error(), `a range is written like ">=0.2 <1", "^1.4" or "~1.4.2"`
		}
	}
	if name == "" || strings.ContainsAny(name, " !") {
		return "must be the name of a package", `"next", "nuxt@<4" or "!remix"`
	}
	return "", ""
}}

// SplitDependency takes an entry of a detect's dependencies apart: the name of a package, the range of its versions (empty where none is said), and
// whether it must not be there.
func SplitDependency(s string) (name, versions string, not bool) {
	name, not = strings.CutPrefix(s, "!")
	if at := strings.LastIndexByte(name, '@'); at > 0 {
		name, versions = name[:at], name[at+1:]
	}
	return name, versions, not
}
