package emit

import (
	"fmt"
	"strings"

	"skillgen/generator/docs"
	"skillgen/generator/plan"
	"skillgen/generator/source"
)

// draft is a file in the making: its references are still open.
type draft struct {
	path  string
	text  *source.Prose
	slugs []string       // of each heading of text, numbered
	spans []span         // which headings come from which source
	marks map[target]int // the headings that references can mean
}

// span is the headings of one source: [from, to) of a draft's.
type span struct {
	path     string
	from, to int
	titled   bool // the heading before from is the source's title
}

// target is what a reference means.
type target struct {
	kind     source.RefKind
	path     string
	fragment string
	n        int
}

func newDraft(path string) *draft {
	return &draft{path: path, marks: map[target]int{}}
}

// number gives each heading its anchor, as GitHub does: over the whole file, repeated ones numbered in file order.
func (d *draft) number() {
	var s docs.Slugger
	d.slugs = make([]string, len(d.text.Headings))
	for i, h := range d.text.Headings {
		d.slugs[i] = s.Next(h.Slug)
	}
}

// indexDraft records where each heading of a file can be reached.
func (e *emitter) indexDraft(d *draft) {
	if d.slugs == nil {
		d.number()
	}
	for t, i := range d.marks {
		e.index[t] = d.address(i)
	}
	for _, sp := range d.spans {
		if sp.titled {
			e.index[target{kind: source.RefPage, path: sp.path}] = d.address(sp.from - 1)
		}
		for i := sp.from; i < sp.to; i++ {
			e.index[target{kind: source.RefPage, path: sp.path, fragment: d.text.Headings[i].Local}] = d.address(i)
		}
	}
}

// address returns where heading i stands, from the skill's folder. A file's first heading is the file.
func (d *draft) address(i int) string {
	if i == 0 {
		return d.path
	}
	return d.path + "#" + d.slugs[i]
}

// finish resolves the references and makes the file.
func (e *emitter) finish(d *draft) File {
	text := d.text
	if len(text.Slots) == 0 {
		return newFile(d.path, []byte(text.Body), text.Runs)
	}
	out := make([]byte, 0, len(text.Body)+64*len(text.Slots))
	from := 0
	for _, slot := range text.Slots {
		out = append(out, text.Body[from:slot.Start]...)
		out = append(out, e.destination(d, slot)...)
		from = slot.End
	}
	out = append(out, text.Body[from:]...)
	return newFile(d.path, out, text.Runs)
}

// destination is what stands in place of a slot in the file of d.
func (e *emitter) destination(d *draft, slot source.Slot) string {
	t := target{kind: slot.Kind, path: slot.Path, fragment: slot.Fragment, n: slot.N}
	address, ok := e.index[t]
	if !ok && t.fragment != "" { // the title itself, which is a heading of skillgen's here
		t.fragment = ""
		address, ok = e.index[t]
	}
	if !ok {
		fallback := d.text.Body[slot.Start:slot.End]
		if slot.Must && fallback == "" {
			e.skill.Broken = append(e.skill.Broken, slot)
		}
		return fallback
	}
	return relative(d.path, address)
}

// relative turns an address into what a link in file from says. Links never climb (CONFORMANCE: never ../), so a stage, which lies in a folder,
// names other files by their path from the skill's folder, as its own text does.
func relative(from, address string) string {
	if rest, ok := strings.CutPrefix(address, from); ok && strings.HasPrefix(rest, "#") {
		return rest
	}
	if dir, _, ok := strings.Cut(from, "/"); ok && dir == "references" {
		return strings.TrimPrefix(address, "references/")
	}
	return address
}

// generated is prose of skillgen's own, caused by what stands at.
func generated(body string, at source.Span) *source.Prose {
	p := &source.Prose{Body: body}
	p.Runs = []source.Run{{Origin: originOf(at)}}
	return p
}

func originOf(at source.Span) source.Origin {
	o := source.Origin{File: at.File, Line: 1, Generated: true}
	if at.File != nil {
		o.Line = at.Line()
	}
	return o
}

// heading writes a heading and the blank line below it. Text is Markdown, plain is what it reads as.
func heading(level int, text, plain string, at source.Span) *source.Prose {
	plain = oneLine(plain)
	p := generated(strings.Repeat("#", level)+" "+text+"\n\n", at)
	p.Headings = []source.Heading{{Level: level, Text: plain, Slug: docs.Slug(plain)}}
	return p
}

// stageFiles makes a file of each stage.
func (e *emitter) stageFiles() []draft {
	var files []draft
	inline := e.stagesInline()
	for i, st := range e.plan.Stages {
		tokens := e.meter.Text(st.Prose.Body)
		e.skill.Tokens.Stages += tokens
		e.skill.Parts = append(e.skill.Parts, Part{Kind: PartStage, Name: st.Title.S, Tokens: tokens, At: source.Span{File: st.File}})
		if inline {
			continue
		}
		d := newDraft(st.Path())
		var b source.Builder
		at := st.Title.At
		title := fmt.Sprintf("Stage %d of %d: %s", st.N, len(e.plan.Stages), st.Title.S)
		b.Append(heading(1, literal(title), title, at))
		b.Append(stageBody(st, 2))
		b.Append(generated(e.nextStage(i), at))
		d.text = b.Prose()
		d.marks[target{kind: source.RefStage, n: st.N}] = 0
		files = append(files, *d)
	}
	return files
}

// nextStage is the sentence that ends a stage.
func (e *emitter) nextStage(i int) string {
	switch {
	case i+1 == len(e.plan.Stages):
		return "\nThis was the last stage.\n"
	case e.stagesInline():
		return "\nNext: stage " + itoa(e.plan.Stages[i+1].N) + ", below.\n"
	}
	return "\nNext stage: `" + e.plan.Stages[i+1].Path() + "` (path from this skill's folder).\n"
}

// stageBody is a stage's text below a title that skillgen writes: its headings start at level top.
func stageBody(st plan.Stage, top int) *source.Prose {
	text := *st.Prose
	text.Headings = docs.Headings(text.Body)
	return shift(&text, top)
}
