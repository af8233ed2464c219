package emit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/example"
	"skillgen/generator/facts"
	"skillgen/generator/plan"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

func itoa(n int) string { return strconv.Itoa(n) }

func (e *emitter) inReferences() bool { return e.plan.Layout == project.References }
func (e *emitter) stagesInline() bool { return e.plan.StageMode == project.StageInline }

// skillFile lays out SKILL.md: the front matter and the head, the contents list, then the long sections.
func (e *emitter) skillFile() draft {
	head, tail := newLayout(), newLayout()
	head.b.Append(frontmatter(e.plan, e.plan.License))
	l := head
	versions := false
	for i := range e.plan.Body {
		part := &e.plan.Body[i]
		if part.Section != "" && !versions {
			versions = true
			e.versions(l, part.At)
		}
		if isLong(part.Section) {
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

// layout is a half of SKILL.md in the making.
type layout struct {
	b     source.Builder
	marks []mark
	spans []span
	refs  map[target]int
}

// mark is a section that the contents list names.
type mark struct {
	level, heading int // heading: index among the layout's
	line           int // 0-based, in the layout
	title          string
}

func newLayout() *layout { return &layout{refs: map[target]int{}} }

// open starts a section that the contents list names.
func (l *layout) open(level int, text, plain string, at source.Span) {
	l.marks = append(l.marks, mark{level: level, heading: l.b.Headings(), line: l.b.Lines(), title: text})
	l.b.Append(heading(level, text, plain, at))
}

// source appends a source's prose, and remembers that its headings can be linked to.
func (l *layout) source(path string, text *source.Prose, titled bool) {
	from := l.b.Headings()
	l.b.Append(text)
	l.spans = append(l.spans, span{path: path, from: from, to: l.b.Headings(), titled: titled})
	l.b.EndBlock()
}

// prose appends a piece of skill.md. The blank lines that stand around sections there would double those that end the sections.
func (l *layout) prose(text *source.Prose) {
	from := len(text.Body) - len(strings.TrimLeft(text.Body, "\n"))
	l.b.AppendRange(text, from, len(text.Body))
	l.b.EndBlock()
}

func (e *emitter) part(l *layout, part *project.Part) {
	switch part.Section {
	case "":
		l.prose(withHeadings(&part.Prose))
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

// versions says what the airplanes pin: the versions that the skill was written for.
func (e *emitter) versions(l *layout, at source.Span) {
	for _, a := range e.plan.Airplanes {
		if s := e.meter.versions(a); s != "" {
			l.b.Append(generated(s+"\n\n", at))
		}
	}
}

// maxPinned keeps the head short.
const maxPinned = 12

// pinned reads the manifests at the top of an airplane.
func pinned(a *example.Airplane) string {
	var all []string
	var from []string
	for _, f := range a.Files {
		if strings.Contains(f.Path, "/") {
			continue
		}
		deps, ok, _ := facts.Dependencies(f.Source)
		if !ok {
			continue
		}
		before := len(all)
		for _, d := range deps {
			if !d.Dev {
				all = append(all, strings.TrimSpace(literal(d.Name)+" "+literal(d.Version)))
			}
		}
		if len(all) > before {
			from = append(from, codeSpan(f.Path))
		}
	}
	if len(all) == 0 {
		return ""
	}
	more := ""
	if len(all) > maxPinned {
		more = fmt.Sprintf(" and %d more", len(all)-maxPinned)
		all = all[:maxPinned]
	}
	return fmt.Sprintf("Versions, from %s of the model airplane: %s%s.", strings.Join(from, " and "), strings.Join(all, ", "), more)
}

// workflow says how to begin. It names the first stage only: a stage that is read ahead is a stage that is skipped.
func (e *emitter) workflow(l *layout, at source.Span) {
	n := len(e.plan.Stages)
	if n == 0 {
		return
	}
	l.b.Append(heading(2, "Workflow", "Workflow", at))
	first := "`" + e.plan.Stages[0].Path() + "`"
	if e.stagesInline() {
		first = "Stage 1, at the end of this file"
	}
	before := fmt.Sprintf("The work is done in %d stages. Read [%s](", n, first)
	after := ") first and do what it says; each stage ends by naming the next. Don't read ahead.\n\n"
	if n == 1 {
		before, after = fmt.Sprintf("The work is one stage. Read [%s](", first), ") and do what it says.\n\n"
	}
	text := generated(before+after, at)
	text.Slots = []source.Slot{{Start: len(before), End: len(before), Kind: source.RefStage, N: e.plan.Stages[0].N}}
	l.b.Append(text)
}

func (e *emitter) rules(l *layout, at source.Span) {
	if len(e.plan.Rules) == 0 {
		return
	}
	l.b.Append(heading(2, "Rules", "Rules", at))
	for _, rule := range e.plan.Rules {
		l.b.Text("- ", rule.Prose.Origin(0))
		l.b.Append(rule.Prose) // its further lines keep the indentation that they have in the tag file
	}
	l.b.EndBlock()
}

func (e *emitter) guidance(l *layout, at source.Span) {
	if len(e.plan.Guidance) == 0 {
		return
	}
	l.open(2, "Guidance", "Guidance", at)
	for _, text := range e.plan.Guidance {
		e.skill.Tokens.Guidance += e.meter.Prose(text)
		l.source(text.Runs[0].File.Path, text, false)
	}
}

func (e *emitter) docs(l *layout, at source.Span) {
	if len(e.plan.Pages) == 0 {
		return
	}
	l.open(2, "Documentation", "Documentation", at)
	if e.inReferences() {
		for _, page := range e.plan.Pages {
			path := pagePath(page)
			l.b.Append(generated(fmt.Sprintf("- [%s](%s)%s\n", literal(page.Title), path, sourceNote(page, ": ")), source.Span{File: page.File}))
		}
		l.b.EndBlock()
		return
	}
	for _, page := range e.plan.Pages {
		e.page(l, page, 3, true)
	}
}

// page writes a page below its title and its address.
func (e *emitter) page(l *layout, page plan.Page, level int, shared bool) {
	at := source.Span{File: page.File}
	l.open(level, literal(page.Title), page.Title, at)
	if note := sourceNote(page, "Source: "); note != "" {
		l.b.Append(generated(note+"\n\n", at))
	}
	text := e.plan.Library.Prose(page.Page, page.Title, level, shared)
	tokens := e.meter.Prose(text)
	e.skill.Tokens.Docs += tokens
	e.skill.Parts = append(e.skill.Parts, Part{Kind: PartPage, Name: page.File.Path, Tokens: tokens, At: at})
	l.source(page.File.Path, text, true)
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

func (e *emitter) example(l *layout, at source.Span) {
	if len(e.plan.Airplanes) == 0 {
		return
	}
	l.refs[target{kind: source.RefExample}] = l.b.Headings()
	l.open(2, "Model airplane", "Model airplane", at)
	if e.inReferences() {
		l.b.Append(generated("[`references/EXAMPLE.md`](references/EXAMPLE.md) holds every file of it. Read it before you write code.\n\n", at))
		return
	}
	l.b.Append(generated(airplaneNote, at))
	for _, a := range e.plan.Airplanes {
		e.airplane(l, a, 3)
	}
}

// airplane writes the file list of an example app, then its files.
func (e *emitter) airplane(l *layout, a *example.Airplane, level int) {
	at := source.Span{File: a.Files[0].Source}
	l.open(level, codeSpan(a.Dir), a.Dir, at)
	before := e.skill.Tokens.Example
	for _, f := range a.Files {
		l.b.Append(generated("- "+codeSpan(f.Path)+"\n", source.Span{File: f.Source}))
	}
	l.b.EndBlock()
	for _, f := range a.Files {
		tokens := e.meter.Prose(&f.Fence)
		e.skill.Tokens.Example += tokens
		e.skill.Parts = append(e.skill.Parts, Part{Kind: PartFile, Name: f.Path, Tokens: tokens, At: source.Span{File: f.Source}})
		l.b.Append(heading(level+1, example.Heading(f), headingText(f), source.Span{File: f.Source}))
		l.b.Append(&f.Fence)
		l.b.EndBlock()
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
	if len(e.plan.Airplanes) > 0 {
		l := newLayout()
		at := source.Span{File: e.plan.Airplanes[0].Files[0].Source}
		l.open(1, "Model airplane", "Model airplane", at)
		l.b.Append(generated(airplaneNote, at))
		for _, a := range e.plan.Airplanes {
			e.airplane(l, a, 2)
		}
		l.refs[target{kind: source.RefExample}] = 0
		files = append(files, l.draft("references/EXAMPLE.md"))
	}
	return files
}

func (l *layout) draft(path string) draft {
	d := newDraft(path)
	d.text, d.spans, d.marks = l.b.Prose(), l.spans, l.refs
	return *d
}

// inlineStages puts the stages at the end of SKILL.md.
func (e *emitter) inlineStages(l *layout) {
	if len(e.plan.Stages) == 0 {
		return
	}
	l.open(2, "Stages", "Stages", e.plan.At)
	for i, st := range e.plan.Stages {
		at := st.Title.At
		title := fmt.Sprintf("Stage %d: %s", st.N, st.Title.S)
		l.refs[target{kind: source.RefStage, n: st.N}] = l.b.Headings()
		l.b.Append(heading(3, literal(title), title, at))
		l.b.Append(stageBody(st, 4))
		l.b.Append(generated(e.nextStage(i)+"\n", at))
	}
}

// join puts head, contents list and tail into one file.
func (e *emitter) join(head, tail *layout) draft {
	top, rest := head.b.Prose(), tail.b.Prose()
	d := newDraft("SKILL.md")
	d.text = &source.Prose{Headings: slices.Concat(top.Headings, contentsHeading, rest.Headings)}
	d.number()
	shiftHeadings := len(top.Headings) + 1
	list := e.contents(top, rest, tail.marks, d.slugs[shiftHeadings:])

	var b source.Builder
	b.Append(top)
	b.Append(list)
	e.skill.Head = b.Len()
	e.skill.Tokens.Head += e.meter.Text(top.Body) + e.meter.Text(list.Body)
	b.Append(rest)
	d.text = b.Prose()
	d.spans = head.spans
	for _, sp := range tail.spans {
		sp.from += shiftHeadings
		sp.to += shiftHeadings
		d.spans = append(d.spans, sp)
	}
	for t, i := range tail.refs {
		d.marks[t] = i + shiftHeadings
	}
	return *d
}
