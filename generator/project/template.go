package project

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Template is a parsed text of the template language (DESIGN §2.3), all branches checked. It is immutable once its project is loaded, and
// safe for concurrent use.
type Template struct {
	text source.String // what was parsed; S is the text, At the place it has in its file
	base int           // offset of S in the file; -1 where they differ, as in a quoted YAML value with escapes
	line int           // 1-based, of the first line of S
	ops  []op
}

// Env is what a template sees while it is expanded for one skill.
type Env struct {
	Values map[string]source.String // product, prefix, title, name, id, workflow, version
	Vars   map[string]source.String // all layers merged
	Tags   []string                 // the framework's tags in their order: decide which variant of a partial is taken
	Holds  map[string]bool          // tags, languages and id: what {{if X}} asks
	Used   *Used                    // where given, learns what is taken
}

// Used is what expansions take beyond what the lines that come out tell: a template may make no line of its own, and a value is no file.
type Used struct {
	Files  map[*source.File]bool // of the templates that ran
	Values map[string]bool       // names in Env.Values
}

// Part is a piece of an expanded template: prose, or one of the sections of skill.md.
type Part struct {
	Section string      // stages, rules, guidance, docs, example; empty for prose
	At      source.Span // where the section is asked for
	Prose   source.Prose
}

// op is one step of a template's program.
type op struct {
	kind       opKind
	start, end int // bytes of the text: what textOp writes, else the tag
	line       int // 1-based, in the file
	name       string
	number     int
	not        bool        // ifOp: the condition is turned round
	isVar      bool        // ifOp: name is that of a variable
	to         int         // ifOp, jumpOp: the op to go on with
	alone      bool        // the tag has its line for itself
	indent     string      // what stands before a tag that has
	choices    []*variants // partialOp: what may be meant, in the order of lookup
}

type opKind uint8

const (
	textOp    opKind = iota
	valueOp          // {{product}} and the like
	varOp            // {{vars.KEY}}
	partialOp        // {{partial NAME}}
	exampleOp        // {{ref example}}
	stageOp          // {{ref stage N}}
	pageOp           // {{ref page NAME}}
	ifOp             // goes on with the next op, or with to where the condition does not hold
	jumpOp
	sectionOp
)

// place is where bytes of the text stand.
func (t *Template) place(start, end int) source.Span {
	if t.base < 0 {
		return t.text.At
	}
	return source.Span{File: t.text.At.File, Start: t.base + start, End: t.base + end}
}

// newTemplate prepares the text f.Text[from:] for parsing.
func newTemplate(f *source.File, from int) *Template {
	at := source.Span{File: f, Start: from, End: len(f.Text)}
	return &Template{text: source.String{S: f.Text[from:], At: at}, base: from, line: f.Line(from)}
}

// newInline prepares a value of YAML for parsing. Where value and file differ (escapes, folded lines), places are those of the whole value.
func newInline(s source.String) *Template {
	t := &Template{text: s, base: -1, line: s.At.Line()}
	written := s.At.File.Text[s.At.Start:s.At.End]
	for quotes := 0; quotes < 2 && 2*quotes+len(s.S) <= len(written); quotes++ {
		if written[quotes:len(written)-quotes] == s.S {
			t.base = s.At.Start + quotes
		}
	}
	return t
}

// Expand evaluates the template for one skill. Prose parts have origins and slots, no headings. Sections stand between lines. What the skill
// lacks for the branches that are taken is a finding, and left out. A reference to a page keeps its name as it was written, with its
// fragment, in Slot.Path. A nil template expands to nothing.
func (t *Template) Expand(env *Env) ([]Part, []diag.Finding) {
	if t == nil {
		return nil, nil
	}
	x := expander{env: env}
	x.out.builder = &source.Builder{}
	x.out.builder.Grow(len(t.text.S) + len(t.text.S)/4)
	x.run(t)
	x.endProse()
	return x.parts, x.findings
}
