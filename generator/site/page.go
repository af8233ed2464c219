package site

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/docs"
	"skillgen/generator/project"
	"skillgen/generator/release"
	"skillgen/generator/source"
)

//go:embed pages.html.tmpl
var pageTemplates string

var pages = template.Must(template.New("pages").Parse(pageTemplates))

// render writes a template of pages.html.tmpl. It can fail only by a fault of the template, which every test of a page would show.
func render(w io.Writer, name string, data any) {
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		panic(fmt.Sprintf("site: template %s: %v", name, err))
	}
}

// frame is what every page has.
type frame struct {
	Title            string
	Product, Version string
	License, Author  string
	Homepage         string
	Index            template.URL
	Style            template.URL
	Contents         []entry
}

// entry is a line of a page's contents.
type entry struct {
	place
	Level int // 1 is outermost
}

func (in *Input) frame(title string) frame {
	return frame{
		Title: short(diag.Terminal(title)), Product: diag.Terminal(in.Product), Version: diag.Terminal(in.Version), License: diag.Terminal(in.License),
		Author: diag.Terminal(in.Author), Homepage: webAddress(in.Homepage), Index: indexFile, Style: styleFile,
	}
}

// maxTitle is how many characters of a page's title browsers and search engines show.
const maxTitle = 70

func short(s string) string {
	if runes := []rune(s); len(runes) > maxTitle {
		return strings.TrimSpace(string(runes[:maxTitle-1])) + "…"
	}
	return s
}

// webAddress returns an address that a page may link to, or "".
func webAddress(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}

// contents is the entry for a section of the page that is not a skill's text.
func contents(id, text string) entry { return entry{place{text, template.URL(fragment(id))}, 1} }

// part is one part of a skill, with its share of the size.
type part struct {
	Name, Class string
	Tokens      string
	Share       string // "42 %"
	X, Width    int    // of its bar
}

// bar is a bar of parts.
type bar struct {
	Width int // of the whole, in its own units
	Parts []part
}

// barOf divides a width among the parts of a skill. gap is left free between two.
func barOf(t release.Tokens, width, gap int) bar {
	b := bar{Width: width}
	parts := []struct {
		name, class string
		n           int
	}{{"head", "head", t.Head}, {"guidance", "guidance", t.Guidance}, {"docs", "docs", t.Docs}, {"airplane", "airplane", t.Example}, {"stages", "stages", t.Stages}}
	total, n := 0, 0
	for _, p := range parts {
		if p.n > 0 {
			total += p.n
			n++
		}
	}
	free := max(0, width-n-gap*(n-1)) // beside a sliver for each part, and the gaps
	before, x := 0, 0
	for _, p := range parts {
		if p.n <= 0 {
			continue
		}
		own := 1 + free*(before+p.n)/total - free*before/total
		before += p.n
		b.Parts = append(b.Parts, part{p.name, p.class, thousands(p.n), percent(p.n, total), x, own})
		x += own + gap
	}
	return b
}

func percent(n, of int) string {
	if p := (100*n + of/2) / of; p > 0 {
		return strconv.Itoa(p) + " %"
	}
	return "under 1 %"
}

// Widths of bars, in pixels about.
const (
	wideBar, wideGap = 720, 2
	rowBar, rowGap   = 160, 1
)

// skillView is the page of a skill.
type skillView struct {
	frame
	Name, Heading, Workflow, Description string
	Facts                                []fact
	Tokens                               string
	Bar                                  bar
	Install                              []way
	Changes                              changes
	Stages                               []place
	Files                                []fileView
	Archives                             []place
	Articles                             []articleView
}

type fact struct{ Name, Value string }

type fileView struct {
	place
	Size  string
	Shown template.URL // where the page shows it; may be empty
}

type articleView struct {
	ID, Path, Size, Lines string
	Raw                   template.URL
	HTML                  template.HTML
}

// skillPage renders the page of one skill.
func skillPage(in *Input, s *Skill, n *news) []byte {
	r := read(s)
	v := skillView{
		frame: in.frame(s.Title + " · " + s.Workflow + " · " + in.Product), Name: s.Name, Heading: s.Title, Workflow: diag.Terminal(s.Workflow),
		Description: diag.Terminal(s.Description), Facts: facts(in, s), Tokens: thousands(s.Tokens.Total), Bar: barOf(s.Tokens, wideBar, wideGap),
		Install: waysTo(in, s), Changes: changesOf(in, n, s.Name),
		Archives: []place{
			{"archives/" + s.Name + ".zip", template.URL("archives/" + s.Name + ".zip")},
			{"archives/" + s.Name + ".tar.gz", template.URL("archives/" + s.Name + ".tar.gz")},
			{"provenance/" + s.Name + ".json", template.URL("provenance/" + s.Name + ".json")},
		},
	}
	for i, st := range s.Stages {
		at, _ := r.stage(i, st)
		v.Stages = append(v.Stages, place{diag.Terminal(st.Title), at})
	}
	for i := range s.Files {
		f := &s.Files[i]
		row := fileView{place: place{diag.Terminal(f.Path), template.URL(filePath(s.Name, f.Path))}, Size: bytesText(len(f.Data))}
		if a := r.byPath[f.Path]; a != nil {
			row.Shown = template.URL(fragment(a.id))
		}
		v.Files = append(v.Files, row)
	}
	for _, a := range r.articles {
		v.Articles = append(v.Articles, a.view())
	}
	v.Contents = v.contents(r)
	var b bytes.Buffer
	render(&b, "skill", &v)
	return b.Bytes()
}

// titleOf is what a skill is called on pages: a skill without a framework by its own heading, since its title is no more than the product.
func titleOf(s *Skill) string {
	own := ""
	for _, f := range s.Files {
		if s.Framework == "" && f.Path == skillFile {
			headings, _ := docs.Headings(string(f.Data[frontMatter(f.Data):]))
			if i := slices.IndexFunc(headings, func(h source.Heading) bool { return h.Level == 1 }); i >= 0 {
				own = headings[i].Text
			}
		}
	}
	return diag.Terminal(cmp.Or(own, strings.TrimSpace(s.Title), s.Name))
}

// facts are what is known of a skill beside its size.
func facts(in *Input, s *Skill) []fact {
	all := []fact{{"Version", in.Version}, {"Languages", strings.Join(s.Languages, ", ")}, {"Model airplane", flown(s, true)}, {"License", in.License}}
	all = slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
	for i := range all {
		all[i].Value = diag.Terminal(all[i].Value)
	}
	return all
}

// flown says in which state a model airplane is known to fly, and for long also with what.
func flown(s *Skill, long bool) string {
	f := s.Flight
	switch {
	case f == nil && s.Tokens.Example == 0:
		return "none"
	case f == nil:
		return "not flown"
	case !long && f.Level == project.LevelHand:
		return "flown by hand"
	case f.Level == project.LevelHand:
		return "flown by hand on " + f.Date
	case !f.Known:
		return "never run"
	}
	state := "compiled"
	if f.Level == project.LevelCI {
		state = "flown"
	}
	if long && len(f.Tools) > 0 {
		state += " with " + strings.Join(f.Tools, ", ")
	}
	return state
}

// stage returns where the page shows a stage: its own section, or its heading in SKILL.md.
func (r *reader) stage(i int, st Stage) (template.URL, bool) {
	if a := r.byPath[st.Path]; a != nil {
		return template.URL(fragment(a.id)), true
	}
	a := r.byPath[skillFile]
	if st.Path != "" || a == nil {
		return "", false
	}
	title := fmt.Sprintf("Stage %d: %s", i+1, st.Title)
	for _, h := range a.headings {
		if h.id != "" && h.text == title {
			return template.URL(fragment(h.id)), true
		}
	}
	return "", false
}

func (a *article) view() articleView {
	return articleView{
		ID: a.id, Path: diag.Terminal(a.file.Path), Size: bytesText(len(a.file.Data)), Lines: counted(bytes.Count(a.file.Data, []byte("\n")), "line"),
		Raw: template.URL(filePath(a.skill.name, a.file.Path)), HTML: a.HTML(),
	}
}

// The deepest level of headings that the contents of a page list, and how many they list at most.
const (
	listedLevel       = 4
	maxListedHeadings = 100
)

// contents lists the sections of the page, and the headings of SKILL.md.
func (v *skillView) contents(r *reader) []entry {
	list := []entry{contents("Size", "Size"), contents("Install", "Install"), contents("Changes", "What changed")}
	staged := map[template.URL]bool{}
	if len(v.Stages) > 0 {
		list = append(list, contents("Stages", "Stages"))
	}
	for _, st := range v.Stages {
		if staged[st.Href] = true; st.Href != "" {
			list = append(list, entry{st, 2})
		}
	}
	list = append(list, contents("Files", "Files"))
	for _, a := range r.articles {
		if at := contents(a.id, diag.Terminal(a.file.Path)); !staged[at.Href] {
			list = append(list, at)
		}
		if a.file.Path == skillFile {
			list = append(list, a.contents()...)
		}
	}
	return list
}

// contents lists the headings of the article below its title.
func (a *article) contents() []entry {
	var list []entry
	for _, h := range a.headings {
		if h.level > 2 && h.level <= listedLevel && h.id != "" && len(list) < maxListedHeadings {
			list = append(list, entry{place{h.text, template.URL(fragment(h.id))}, h.level - 1})
		}
	}
	return list
}

// indexView is the index of all skills.
type indexView struct {
	frame
	Lead    string
	Legend  []part
	Groups  []group
	Install []way
	Changes changes
	Files   []place
}

// group is the skills of one workflow.
type group struct {
	Workflow, Count string
	Rows            []row
}

type row struct {
	place
	Name, Description, Flown, Tokens string
	Bar                              bar
}

// indexPage renders the index.
func indexPage(in *Input, n *news) []byte {
	total, largest := 0, 1
	for _, s := range in.Skills {
		total += s.Tokens.Total
		largest = max(largest, s.Tokens.Total)
	}
	v := indexView{
		frame: in.frame(in.Product + " skills"), Install: waysToAll(in), Changes: changesOfAll(in, n),
		Lead:   counted(len(in.Skills), "skill") + " for agents, " + thousands(total) + " tokens in all.",
		Legend: barOf(release.Tokens{Head: 1, Guidance: 1, Docs: 1, Example: 1, Stages: 1}, 5, 0).Parts,
	}
	v.Contents = []entry{contents("Skills", "Skills"), contents("Install", "Install"), contents("Changes", "What changed"), contents("Files", "Files")}
	for _, name := range []string{"RELEASE_NOTES.md", "SHA256SUMS", "manifest.json", "release.json", "llms.txt", ".well-known/agent-skills/index.json", ".claude-plugin/marketplace.json"} {
		v.Files = append(v.Files, place{name, template.URL(name)})
	}
	for _, s := range byWorkflow(in.Skills) {
		if last := len(v.Groups) - 1; last < 0 || v.Groups[last].Workflow != diag.Terminal(s.Workflow) {
			v.Groups = append(v.Groups, group{Workflow: diag.Terminal(s.Workflow)})
		}
		g := &v.Groups[len(v.Groups)-1]
		line := row{
			place: place{s.Title, template.URL(PagePath(s.Name))}, Name: s.Name, Description: diag.Terminal(s.Description), Flown: diag.Terminal(flown(&s, false)),
			Tokens: thousands(s.Tokens.Total), Bar: barOf(s.Tokens, rowBar*s.Tokens.Total/largest, rowGap),
		}
		line.Bar.Width = rowBar // so that bars can be compared
		g.Rows = append(g.Rows, line)
		g.Count = counted(len(g.Rows), "skill")
	}
	var b bytes.Buffer
	render(&b, "index", &v)
	return b.Bytes()
}

func byWorkflow(skills []Skill) []Skill {
	return slices.SortedStableFunc(slices.Values(skills), func(a, b Skill) int {
		return cmp.Or(cmp.Compare(a.Workflow, b.Workflow), cmp.Compare(docs.Slug(a.Title), docs.Slug(b.Title)), cmp.Compare(a.Name, b.Name))
	})
}
