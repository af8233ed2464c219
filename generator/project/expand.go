package project

import (
	"fmt"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Limits on one expansion. Partials of partials can multiply; an honest skill stays a thousand times below.
const (
	maxOutput = 4 << 20 // bytes
	maxSteps  = 1 << 18 // tags
)

// expander runs programs for one skill.
type expander struct {
	env      *Env
	out      sink
	parts    []Part
	findings []diag.Finding
	depth    int // of partials
	steps    int
	stopped  bool
}

// run runs the program of t.
func (x *expander) run(t *Template) {
	if x.env.Used != nil {
		x.env.Used.Files[t.text.At.File] = true
	}
	for pc := 0; pc < len(t.ops) && !x.stopped; pc++ {
		o := &t.ops[pc]
		switch o.kind {
		case textOp:
			x.out.text(t.text.S[o.start:o.end], x.origin(t, o))
		case ifOp:
			if x.holds(o) == o.not {
				pc = o.to - 1
			}
		case jumpOp:
			pc = o.to - 1
		case valueOp:
			x.value(t, o, x.env.Values[o.name].S)
		case varOp:
			x.variable(t, o)
		case partialOp:
			x.partial(t, o)
		case sectionOp:
			x.endProse()
			x.parts = append(x.parts, Part{Section: o.name, At: t.place(o.start, o.end)})
		default:
			x.ref(t, o)
		}
		x.limit(t, o)
	}
}

func (x *expander) origin(t *Template, o *op) source.Origin {
	return source.Origin{File: t.text.At.File, Line: o.line}
}

// limit stops an expansion that grows beyond all measure.
func (x *expander) limit(t *Template, o *op) {
	x.steps++
	if (x.steps > maxSteps || x.out.builder.Len() > maxOutput) && !x.stopped {
		x.stopped = true
		x.fault("template", t, o, fmt.Sprintf("the template of %s grows beyond %d MiB or %d tags here", x.skill(), maxOutput>>20, maxSteps),
			"do partials ask for each other many times over?")
	}
}

func (x *expander) fault(id string, t *Template, o *op, message, hint string) {
	x.findings = append(x.findings, diag.New(id, t.place(o.start, o.end).Place(), message, hint))
}

func (x *expander) skill() string { return fmt.Sprintf("skill %q", x.env.Values["name"].S) }

func (x *expander) holds(o *op) bool {
	if o.isVar {
		return x.env.Vars[o.name].S != ""
	}
	return x.env.Holds[o.name]
}

// value writes a value that every skill has; only a standalone skill has no id.
func (x *expander) value(t *Template, o *op, s string) {
	if s == "" {
		x.fault("template-value", t, o, fmt.Sprintf("%s has no {{%s}}", x.skill(), o.name), "put it into an {{if …}} that this skill does not meet")
		return
	}
	if x.env.Used != nil {
		x.env.Used.Values[o.name] = true
	}
	x.write(t, o, s)
}

func (x *expander) variable(t *Template, o *op) {
	v, ok := x.env.Vars[o.name]
	if !ok {
		x.fault("template-value", t, o, fmt.Sprintf("%s has no variable %q", x.skill(), o.name),
			fmt.Sprintf("give it one under vars: in its framework, one of its tags, the workflow or %s; or ask {{if vars.%s}} first", configFile, o.name))
		return
	}
	x.write(t, o, v.S)
}

// write writes a value; all of its lines come from the line of the tag. A tag that has its line for itself takes the line with it when
// nothing comes out.
func (x *expander) write(t *Template, o *op, s string) {
	origin := x.origin(t, o)
	if !o.alone {
		x.out.value(s, origin)
		return
	}
	if s == "" {
		return
	}
	x.out.text(o.indent, origin)
	x.out.value(strings.TrimSuffix(s, "\n"), origin)
	x.out.text("\n", origin)
}

// partial runs the partial that the skill's tags choose. Alone on its line it is replaced by its lines, indented like the tag; within a line
// it leaves its last line end behind.
func (x *expander) partial(t *Template, o *op) {
	p := choose(o.choices, x.env.Tags)
	if p == nil {
		if len(o.choices) > 0 {
			x.fault("template-value", t, o, fmt.Sprintf("no variant of the partial %q fits %s, whose tags are %s", o.name, x.skill(), strings.Join(x.env.Tags, ", ")),
				fmt.Sprintf("add %s.md for all that have no variant of their own; it may be empty", o.name))
		}
		return
	}
	if x.depth == maxDepth { // the linker has reported it
		return
	}
	x.depth++
	if o.alone {
		x.out.indented(o.indent, func() {
			x.run(p)
			x.out.breakLine(x.origin(t, o))
		})
	} else {
		x.out.inline(func() { x.run(p) })
	}
	x.depth--
}

// ref leaves a hole for an address that depends on the skill.
func (x *expander) ref(t *Template, o *op) {
	slot := source.Slot{At: t.place(o.start, o.end), Must: true}
	switch o.kind {
	case exampleOp:
		slot.Kind = source.RefExample
	case stageOp:
		slot.Kind, slot.N = source.RefStage, o.number
	case pageOp:
		slot.Kind, slot.Path = source.RefPage, o.name
	}
	x.out.slot(slot, slot.Path, x.origin(t, o))
}

// endProse closes the prose before a section, or at the end.
func (x *expander) endProse() {
	x.out.flush()
	if b := x.out.builder; b.Len() > 0 {
		x.parts = append(x.parts, Part{Prose: *b.Prose()})
		x.out.builder = &source.Builder{}
	}
}

// Line evaluates a template that makes one line, such as a description. Where it makes several, that is a finding, and the lines come back
// joined by blanks.
func (t *Template) Line(env *Env) (source.String, []diag.Finding) {
	if t == nil {
		return source.String{}, nil
	}
	parts, findings := t.Expand(env)
	var s string
	for i := range parts {
		s += parts[i].Prose.Body
	}
	s = strings.TrimSpace(s)
	if strings.Contains(s, "\n") {
		findings = append(findings, diag.New("template-value", t.text.At.Place(), fmt.Sprintf("this makes several lines for skill %q", env.Values["name"].S),
			"one of its variables has several lines; it must come out as one"))
		s = strings.Join(strings.Fields(s), " ")
	}
	return source.String{S: s, At: t.text.At}, findings
}

// choose returns the partial for a skill with these tags: in the first place of lookup that has one, the variant of the first tag that has
// one, else the partial without a tag.
func choose(choices []*variants, tags []string) *Template {
	for _, v := range choices {
		for _, tag := range tags {
			if t := v.byTag[tag]; t != nil {
				return t
			}
		}
		if v.plain != nil {
			return v.plain
		}
	}
	return nil
}
