package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// expand evaluates a template and settles which pages its references mean.
func (p *planner) expand(t *project.Template, env *project.Env) []project.Part {
	parts, fs := t.Expand(env)
	p.report(fs...)
	for i := range parts {
		p.settle(&parts[i].Prose)
	}
	return parts
}

// prose expands a template that has no sections: a stage, a file that is brought along.
func (p *planner) prose(t *project.Template, env *project.Env) *source.Prose {
	var b source.Builder
	for _, part := range p.expand(t, env) {
		b.Append(&part.Prose)
	}
	return b.Prose()
}

// settle turns the page that a {{ref page …}} names into the page's path, and its #fragment into the heading's Local.
func (p *planner) settle(text *source.Prose) {
	for i := range text.Slots {
		slot := &text.Slots[i]
		if slot.Kind != source.RefPage || !slot.Must {
			continue
		}
		name, fragment, _ := strings.Cut(slot.Path, "#")
		pages := p.resolve(source.String{S: name, At: slot.At})
		if len(pages) == 0 {
			slot.Must = false // reported: that no skill has the page would be an echo
			continue
		}
		if len(pages) > 1 {
			p.report(diag.New("link-target", slot.At.Place(), fmt.Sprintf("%q names %d pages", name, len(pages)), "name one page by its path or URL"))
		}
		local, ok := p.Library.Heading(pages[0], fragment)
		if !ok {
			p.report(diag.New("link-target", slot.At.Place(), fmt.Sprintf("%s has no heading #%s", pages[0].File.Path, fragment), "name a heading that exists, or leave the # part out"))
		}
		slot.Path, slot.Fragment = pages[0].File.Path, local
	}
}

// resolve looks a source up. What is wrong with it is reported at each place that names it.
func (p *planner) resolve(src source.String) []*docs.Page {
	if r, known := p.pages[src.S]; known && (!r.faulty || p.told[src]) {
		return r.pages
	}
	pages, fs := p.Library.Resolve(src)
	p.report(fs...)
	p.told[src] = true
	p.pages[src.S] = resolved{pages, len(fs) > 0}
	return pages
}

// whole looks the pages of a whole site up.
func (p *planner) whole(name source.String, src project.Source) []*docs.Page {
	pages, fs := p.Library.ResolveWhole(name, src.Include, src.Exclude)
	if !p.told[name] {
		p.report(fs...)
	}
	p.told[name] = true
	return pages
}

// rules collects the rules and the guidance of all tags that apply, then the framework's guidance. A rule that two tags say in the same words
// stands once.
func (p *planner) rules(s *Skill, tags []*project.Tag) {
	seen := map[string]bool{}
	for _, t := range tags {
		for _, span := range t.Rules {
			rule := Rule{Tag: t, Prose: p.item(span)}
			if says := saying(rule.Prose); says != "" && !seen[says] {
				seen[says] = true
				s.Rules = append(s.Rules, rule)
			}
		}
		s.guide(p.guide(t.Guidance, 2))
	}
	if s.Framework != nil {
		s.guide(p.guide(s.Framework.Body, 2))
	}
}

// item makes an item of a list of a rule, once.
func (p *planner) item(span source.Span) *source.Prose {
	item, ok := p.items[span]
	if ok {
		return item
	}
	item = &source.Prose{}
	if text := p.guide(span, 2); text != nil {
		var b source.Builder
		b.AppendItem("- ", text)
		item = b.Prose()
	}
	p.items[span] = item
	return item
}

// saying returns what a text says: its words, and where its links lead.
func saying(text *source.Prose) string {
	if len(text.Slots) == 0 {
		return text.Body
	}
	var b strings.Builder
	b.WriteString(text.Body)
	for _, slot := range text.Slots {
		b.WriteString("\x00" + slot.Path + "#" + slot.Fragment)
	}
	return b.String()
}

func (s *Skill) guide(text *source.Prose) {
	if text != nil && text.Body != "" {
		s.Guidance = append(s.Guidance, text)
	}
}

// guide treats a span of our own prose once, however many skills carry it.
func (p *planner) guide(span source.Span, top int) *source.Prose {
	if span.File == nil || span.Start == span.End {
		return nil
	}
	text, ok := p.guidance[span]
	if !ok {
		var fs []diag.Finding
		text, fs = p.Library.Guidance(span, top)
		p.report(fs...)
		p.guidance[span] = text
	}
	return text
}

// docs resolves the skill's pages in the order wanted: the framework's, its word on this workflow, the workflow's. A page that is named
// twice stands where it was named first, under the first title that it is given.
func (p *planner) docs(s *Skill, over *project.Override) {
	var lists [][]project.Source
	if s.Framework != nil {
		lists = append(lists, s.Framework.Docs)
	}
	at := map[*docs.Page]int{}
	titled := map[*docs.Page]bool{}
	for _, src := range slices.Concat(append(lists, over.Docs, s.Workflow.Docs)...) {
		for _, page := range p.sources(s, src) {
			if _, ok := at[page]; !ok {
				at[page] = len(s.Pages)
				s.Pages = append(s.Pages, Page{Page: page, Title: page.Title})
			}
			if src.Title.S != "" && !titled[page] {
				titled[page] = true
				s.Pages[at[page]].Title = src.Title.S
			}
		}
	}
}

// sources returns the pages that one entry of a list of docs names for a skill.
func (p *planner) sources(s *Skill, src project.Source) []*docs.Page {
	name := src.Source
	name.S = strings.ReplaceAll(name.S, "{{id}}", s.FrameworkID())
	var pages []*docs.Page
	if project.WholeSite(name.S) {
		pages = p.whole(name, src)
	} else {
		pages = p.resolve(name)
	}
	if len(pages) > 1 && src.Title.S != "" {
		p.report(diag.New("config-value", src.Title.At.Place(), fmt.Sprintf("one title for %d pages", len(pages)), "name the page that it is meant for, and the others without it"))
	}
	return pages
}

func (p *planner) airplanes(s *Skill, over *project.Override) {
	var dirs []source.String
	if s.Framework != nil {
		dirs = append(dirs, s.Framework.Example...)
	}
	for _, dir := range append(dirs, over.Example...) {
		if a := p.Airplane(s.Framework, dir); a != nil && !slices.Contains(s.Airplanes, a) {
			s.Airplanes = append(s.Airplanes, a)
		}
	}
	if p.Flight != nil && s.Framework != nil && len(s.Airplanes) > 0 {
		s.Flight = p.Flight(s.Framework)
	}
}

func (p *planner) brought(s *Skill, env *project.Env) {
	for _, b := range s.Workflow.Brought {
		out := Brought{Path: b.Path, File: b.File}
		if b.Template != nil {
			out.Prose = p.prose(b.Template, env)
		}
		s.Brought = append(s.Brought, out)
	}
}

// inputs lists every file that the skill is made from.
func (p *planner) inputs(s *Skill, tags []*project.Tag, used *project.Used) {
	files := used.Files
	files[s.Workflow.File] = true
	if s.Framework != nil {
		files[s.Framework.File] = true
	}
	for _, t := range tags {
		files[t.File] = true
	}
	for _, st := range s.Stages {
		files[st.File] = true
	}
	for _, page := range s.Pages {
		for _, f := range p.Library.Files(page.Page) { // with the partials that it imports
			files[f] = true
		}
	}
	for _, a := range s.Airplanes {
		for _, f := range a.Files {
			files[f.Source] = true
		}
	}
	for _, b := range s.Brought {
		files[b.File] = true
	}
	s.Inputs = slices.SortedFunc(maps.Keys(files), func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
}

// settings lists what reaches the skill without being a file of its own: skillgen.yaml is no input as a whole, since a change of, say, a
// budget leaves every skill as it was.
func (p *planner) settings(s *Skill, vars map[string]source.String, used *project.Used) {
	add := func(key, value string) {
		if value != "" {
			s.Settings = append(s.Settings, key+"="+strconv.Quote(value))
		}
	}
	c := p.Project.Config
	add("product", c.Product.S)
	add("prefix", c.Prefix.S)
	add("license", c.License.S)
	add("name", s.Name)
	add("stamp", s.Stamp)
	if used.Values["version"] {
		add("version", p.version())
	}
	add("layout", string(s.Layout))
	add("stages", string(s.StageMode))
	for _, pair := range s.Metadata {
		add("metadata."+pair.Key, pair.Value)
	}
	for k, v := range vars {
		add("vars."+k, v.S)
	}
	for _, site := range c.Sites {
		add("site."+site.Path.S, site.URL.S)
		for name, folder := range site.Alias {
			add("site."+site.Path.S+".alias."+name, folder.S)
		}
		for name, what := range site.Components {
			add("site."+site.Path.S+".components."+name, what.S)
		}
	}
	if fl := s.Flight; fl != nil {
		add("flight", fmt.Sprint(fl.Level, fl.Known, fl.Tools, fl.Date, fl.Dirs))
	}
	for i, rule := range c.Clean {
		add(fmt.Sprintf("clean.%d", i), strings.Join([]string{rule.DropLine.S, rule.DropSection.S, rule.Replace.S, rule.With.S, rule.Pages.S}, "\x00"))
	}
	slices.Sort(s.Settings)
}
