package emit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/example"
	"skillgen/generator/facts"
	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

func (e *emitter) inReferences() bool { return e.plan.Layout == project.References }
func (e *emitter) stagesInline() bool { return e.plan.StageMode == project.StageInline }

// skillFile lays out SKILL.md: the front matter and the head, the contents list, then the long sections. The head ends where the first of
// them begins; what skill.md puts below that stands in the contents list too.
func (e *emitter) skillFile() draft {
	head, tail := newLayout(), newLayout()
	tail.listed = true
	e.frontmatter(&head.rope)
	l := head
	versions := false
	for i := range e.plan.Body {
		part := &e.plan.Body[i]
		if part.Section != "" && !versions {
			versions = true
			e.versions(l)
			e.flight(l)
		}
		if isLong(part.Section) && e.plan.Has(part.Section) {
			l = tail
		}
		e.part(l, part)
	}
	if e.stagesInline() {
		e.inlineStages(tail)
	}
	return e.join(head, tail)
}

func isLong(section string) bool {
	return section == "guidance" || section == "docs" || section == "example"
}

func (e *emitter) part(l *layout, part *project.Part) {
	switch part.Section {
	case "":
		l.prose(e.ours(skillFile, &part.Prose))
	case "stages":
		e.workflow(l, part.At)
	case "rules":
		e.rules(l, part.At)
	case "guidance":
		e.guidance(l, part.At)
	case "docs":
		e.docs(l, part.At)
	case "example":
		e.example(l, part.At)
	}
}

// join puts head, contents list and tail into one file.
func (e *emitter) join(head, tail *layout) draft {
	list := anchor{slug: docs.Slug("Contents")}
	d := draft{path: skillFile, refs: head.refs}
	d.headings = slices.Concat(head.headings, []anchor{list}, tail.headings)
	d.number()
	above := len(head.headings) + 1
	head.write(tail.contents(head.lines, d.slugs[above:]), e.plan.At)
	d.pieces = slices.Concat(head.pieces, tail.pieces)
	d.lines, d.head = head.lines+tail.lines, len(head.pieces)
	for i := range head.pieces {
		e.skill.Tokens.Head += e.meter.Text(head.pieces[i].text)
	}
	d.sources = head.sources
	for _, s := range tail.sources {
		s.from += above
		s.to += above
		d.sources = append(d.sources, s)
	}
	for t, i := range tail.refs {
		if _, taken := d.refs[t]; !taken {
			d.refs[t] = i + above
		}
	}
	return d
}

// versions says what the airplanes pin: the versions that the skill was written for.
func (e *emitter) versions(l *layout) {
	for _, a := range e.plan.Airplanes {
		whose := "the model airplane"
		if len(e.plan.Airplanes) > 1 {
			whose = codeSpan(a.Dir)
		}
		if v := e.meter.versions(a); v.pins != "" {
			l.write(fmt.Sprintf("Versions, from %s of %s: %s.\n\n", v.from, whose, v.pins), v.at)
		}
	}
}

// maxPinned keeps the head short.
const maxPinned = 12

// versions are what an airplane pins, in words.
type versions struct {
	from, pins string      // manifests, dependencies; empty where nothing is pinned
	at         source.Span // of the first
}

// pinned reads the manifests of an airplane: those at its top, or where there are none the ones that are nearest to it.
func pinned(a *example.Airplane) versions {
	var v versions
	var all, from []string
	depth := -1
	files := slices.SortedStableFunc(slices.Values(a.Files), func(x, y *example.File) int { return strings.Count(x.Path, "/") - strings.Count(y.Path, "/") })
	for _, f := range files {
		n := strings.Count(f.Path, "/")
		if len(all) > 0 && n > depth {
			break
		}
		depth = n
		deps, _, _ := facts.Dependencies(f.Source)
		deps = slices.DeleteFunc(deps, func(d facts.Dependency) bool { return d.Dev })
		if len(deps) == 0 {
			continue
		}
		if len(all) == 0 {
			v.at = deps[0].At
		}
		from = append(from, codeSpan(f.Path))
		for _, d := range deps {
			all = append(all, codeSpan(strings.TrimSpace(d.Name+" "+d.Version)))
		}
	}
	v.from, v.pins = strings.Join(from, " and "), strings.Join(all[:min(len(all), maxPinned)], ", ")
	if more := len(all) - maxPinned; more > 0 {
		v.pins += fmt.Sprintf(" and %d more", more)
	}
	return v
}

// workflow says how to begin. It names the first stage only: a stage that is read ahead is a stage that is skipped.
func (e *emitter) workflow(l *layout, at source.Span) {
	n := len(e.plan.Stages)
	if n == 0 {
		return
	}
	l.section(2, "Workflow", "Workflow", at)
	first := "`" + e.plan.Stages[0].Path() + "`"
	if e.stagesInline() {
		first = "Stage 1, at the end of this file"
	}
	before := fmt.Sprintf("The work is done in %d stages. Read [%s](", n, first)
	after := ") first and do what it says; each stage ends by naming the next. Don't read ahead.\n\n"
	if n == 1 {
		before, after = fmt.Sprintf("The work is one stage. Read [%s](", first), ") and do what it says.\n\n"
	}
	slot := &source.Slot{Start: len(before), End: len(before), Kind: source.RefStage, N: e.plan.Stages[0].N}
	l.append(piece{text: before + after, from: originOf(at), slot: slot})
}

func (e *emitter) rules(l *layout, at source.Span) {
	if len(e.plan.Rules) == 0 {
		return
	}
	home := len(l.headings)
	l.section(2, "Rules", "Rules", at)
	for _, rule := range e.plan.Rules {
		l.source(rule.Tag.File.Path, rule.Prose, home)
	}
	l.endBlock()
}

func (e *emitter) guidance(l *layout, at source.Span) {
	if len(e.plan.Guidance) == 0 {
		return
	}
	home := len(l.headings)
	l.section(2, "Guidance", "Guidance", at)
	for i, text := range e.plan.Guidance {
		e.skill.Tokens.Guidance += e.meter.Prose(text)
		if i > 0 && (len(text.Headings) == 0 || text.Headings[0].Line > 0) { // else it would belong to what stands above
			l.heading(3, literal(e.plan.Title), e.plan.Title, e.plan.At)
		}
		l.source(text.Runs[0].File.Path, text, home)
		l.endBlock()
	}
}

func (e *emitter) docs(l *layout, at source.Span) {
	if len(e.plan.Pages) == 0 {
		return
	}
	l.section(2, "Documentation", "Documentation", at)
	if !e.inReferences() {
		for _, page := range e.plan.Pages {
			e.page(l, page, 3, true)
		}
		return
	}
	for _, page := range e.plan.Pages {
		l.write(fmt.Sprintf("- [%s](%s)%s\n", literal(page.Title), pagePath(page), sourceNote(page, ": ")), source.Span{File: page.File})
	}
	l.endBlock()
}

// page writes a page below its title and its address.
func (e *emitter) page(l *layout, page plan.Page, level int, shared bool) {
	at, home := source.Span{File: page.File}, len(l.headings)
	l.section(level, literal(page.Title), page.Title, at)
	if note := sourceNote(page, "Source: "); note != "" {
		l.write(note+"\n\n", at)
	}
	text := e.plan.Library.Prose(page.Page, page.Title, level, shared)
	tokens := e.meter.Prose(text)
	e.skill.Tokens.Docs += tokens
	e.skill.Parts = append(e.skill.Parts, Part{Kind: PartPage, Name: page.File.Path, Tokens: tokens, At: at})
	l.source(page.File.Path, text, home)
	l.endBlock()
}

func sourceNote(page plan.Page, before string) string {
	if page.URL == "" {
		return ""
	}
	return before + "<" + page.URL + ">"
}

func pagePath(page plan.Page) string { return "references/" + page.Key + ".md" }

// airplaneNote says what a model airplane is for. It holds whatever the product and whoever wrote the app.
const airplaneNote = "A model airplane has the right shape of a real app and none of the weight. Learn from it where things belong and how they are " +
	"written, and match that shape in the project at hand. Do not ship it: what it fakes (log-in, data, payment) proves nothing about the real thing.\n\n"

// exampleFile holds the airplanes with layout: references.
const exampleFile = "references/EXAMPLE.md"

func (e *emitter) example(l *layout, at source.Span) {
	if len(e.plan.Airplanes) == 0 {
		return
	}
	if !e.inReferences() {
		l.refs[target{kind: source.RefExample}] = len(l.headings)
	}
	l.section(2, "Model airplane", "Model airplane", at)
	if e.inReferences() {
		l.write("[`"+exampleFile+"`]("+exampleFile+") holds every file of it. Read it before you write code.\n\n", at)
		return
	}
	l.write(airplaneNote, at)
	for _, a := range e.plan.Airplanes {
		e.airplane(l, a, 3)
	}
}

// airplane writes the file list of an example app, then its files.
func (e *emitter) airplane(l *layout, a *example.Airplane, level int) {
	at := source.Span{File: a.Files[0].Source}
	if a.Dir == "." { // the project is the app; "." would have no anchor
		l.section(level, "The app", "The app", at)
	} else {
		l.section(level, codeSpan(a.Dir), a.Dir, at)
	}
	before := e.skill.Tokens.Example
	for _, f := range a.Files {
		l.write("- "+codeSpan(f.Path)+"\n", source.Span{File: f.Source})
	}
	l.endBlock()
	for _, f := range a.Files {
		tokens := e.meter.Prose(&f.Fence)
		e.skill.Tokens.Example += tokens
		e.skill.Parts = append(e.skill.Parts, Part{Kind: PartFile, Name: f.Path, Tokens: tokens, At: source.Span{File: f.Source}})
		l.heading(level+1, example.Heading(f), headingText(f), source.Span{File: f.Source})
		l.add(&f.Fence)
		l.endBlock()
	}
	e.skill.Parts = append(e.skill.Parts, Part{Kind: PartExample, Name: a.Dir, Tokens: e.skill.Tokens.Example - before, At: at})
}

func headingText(f *example.File) string {
	if f.NoFinalNewline {
		return f.Path + " (no final newline)"
	}
	return f.Path
}

// references makes the files that layout: references moves out of SKILL.md.
func (e *emitter) references() []draft {
	var files []draft
	for _, page := range e.plan.Pages {
		l := newLayout()
		e.page(l, page, 1, false)
		files = append(files, l.draft(pagePath(page)))
	}
	if len(e.plan.Airplanes) == 0 {
		return files
	}
	l := newLayout()
	at := source.Span{File: e.plan.Airplanes[0].Files[0].Source}
	l.refs[target{kind: source.RefExample}] = 0
	l.section(1, "Model airplane", "Model airplane", at)
	l.write(airplaneNote, at)
	for _, a := range e.plan.Airplanes {
		e.airplane(l, a, 2)
	}
	return append(files, l.draft(exampleFile))
}

// stageFiles makes a file of each stage.
func (e *emitter) stageFiles() []draft {
	var files []draft
	for i, st := range e.plan.Stages {
		tokens := e.meter.Text(st.Prose.Body)
		e.skill.Tokens.Stages += tokens
		e.skill.Parts = append(e.skill.Parts, Part{Kind: PartStage, Name: st.Title.S, Tokens: tokens, At: source.Span{File: st.File}})
		if e.stagesInline() {
			continue
		}
		l := newLayout()
		e.stage(l, st.Path(), i, fmt.Sprintf("Stage %d of %d: %s", st.N, len(e.plan.Stages), st.Title.S), 1)
		files = append(files, l.draft(st.Path()))
	}
	return files
}

// inlineStages puts the stages at the end of SKILL.md.
func (e *emitter) inlineStages(l *layout) {
	if len(e.plan.Stages) == 0 {
		return
	}
	l.section(2, "Stages", "Stages", e.plan.Workflow.At)
	for i, st := range e.plan.Stages {
		e.stage(l, skillFile, i, fmt.Sprintf("Stage %d: %s", st.N, st.Title.S), 3)
	}
}

// stage writes a stage under its title into the file at path, and how it goes on.
func (e *emitter) stage(l *layout, path string, i int, title string, level int) {
	st := e.plan.Stages[i]
	at := st.Title.At
	if at.File == nil { // the file's name is its title
		at = source.Span{File: st.File}
	}
	l.refs[target{kind: source.RefStage, n: st.N}] = len(l.headings)
	l.heading(level, literal(title), title, at)
	l.add(below(e.ours(path, st.Prose), st.Title.S, level+1))
	l.endBlock()
	l.write(e.next(i)+"\n\n", at)
}

// next is the sentence that ends a stage.
func (e *emitter) next(i int) string {
	switch {
	case i+1 == len(e.plan.Stages):
		return "This was the last stage."
	case e.stagesInline():
		return "Next: stage " + strconv.Itoa(e.plan.Stages[i+1].N) + ", below."
	}
	return "Next stage: `" + e.plan.Stages[i+1].Path() + "` (path from this skill's folder)."
}
