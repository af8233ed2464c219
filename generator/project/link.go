package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// link looks up what the files of the project say about each other: tags, workflows, families, and every name in every branch of every
// template.
func (l *loader) link() {
	k := &linker{loader: l, faults: map[*Template][]fault{}, state: map[*Template]visit{}}
	k.collect()
	k.checkFrameworks()
	k.checkTags()
	k.linkTemplates()
	k.follow()
	k.tell()
}

// linker knows every name that a template can use.
type linker struct {
	*loader
	tags      []string // used or described anywhere, sorted
	holds     []string // tags, languages and ids: what {{if X}} may ask, sorted
	vars      []string // of any layer, sorted
	parts     []string // partials, sorted
	templates []*Template
	builtins  map[*Template]bool
	names     map[*Template]string // of partials
	faults    map[*Template][]fault
	state     map[*Template]visit
	reached   map[*Template]bool // by any workflow
}

// visit is how far following a template has come.
type visit struct {
	state uint8 // 0: not begun, 1: under way, 2: done
	depth int   // of the partials below it
}

// collect gathers names from everything that was read.
func (k *linker) collect() {
	tags, vars, ids := map[string]bool{}, map[string]bool{}, []string{}
	addTags := func(list []source.String) {
		for _, t := range list {
			tags[t.S] = true
		}
	}
	addVars := func(m map[string]source.String) {
		for key := range m {
			vars[key] = true
		}
	}
	p := k.project
	addVars(p.Config.Vars)
	for name, t := range p.Tags {
		tags[name] = true
		addVars(t.Vars)
	}
	for _, f := range p.Frameworks {
		ids = append(ids, f.ID)
		addTags(f.Tags)
		addVars(f.Vars)
		for _, o := range f.Workflows {
			addTags(o.Tags)
			addVars(o.Vars)
		}
	}
	for _, w := range p.Workflows {
		addTags(w.Tags)
		addVars(w.Vars)
	}
	k.tags, k.vars = slices.Sorted(maps.Keys(tags)), slices.Sorted(maps.Keys(vars))
	k.holds = slices.Compact(slices.Sorted(slices.Values(slices.Concat(k.tags, Languages, ids))))
	k.collectTemplates()
}

func (k *linker) collectTemplates() {
	k.builtins, k.names, k.reached = map[*Template]bool{}, map[*Template]string{}, map[*Template]bool{}
	for _, d := range k.partDirs {
		k.parts = append(k.parts, d.names...)
		for _, name := range d.names {
			for _, t := range d.byName[name].all() {
				k.templates = append(k.templates, t)
				k.names[t], k.builtins[t] = name, d.builtin
			}
		}
	}
	slices.Sort(k.parts)
	k.parts = slices.Compact(k.parts)
	for _, w := range k.project.Workflows {
		for _, t := range w.templates() {
			k.templates = append(k.templates, t)
			k.builtins[t] = strings.HasPrefix(w.Dir, builtinLabel)
		}
	}
}

// templates lists the templates that belong to the workflow itself.
func (w *Workflow) templates() []*Template {
	list := []*Template{w.Page}
	if w.Description != nil {
		list = append(list, w.Description)
	}
	for _, s := range w.Steps {
		list = append(list, s.Body)
	}
	for _, b := range w.Brought {
		if b.Template != nil {
			list = append(list, b.Template)
		}
	}
	return list
}

// checkFrameworks looks up the workflows that frameworks name, and the main one of each family.
func (k *linker) checkFrameworks() {
	standalone := map[string]bool{}
	var names []string
	for _, w := range k.project.Workflows {
		names = append(names, w.Name)
		standalone[w.Name] = w.Standalone
	}
	if c := k.project.Config; k.none && !slices.ContainsFunc(k.project.Workflows, func(w *Workflow) bool { return w.Standalone }) {
		k.addFile("framework-none", c.File.Path, "the project has no framework, so there is no skill to make", fmt.Sprintf("describe the first one in %s/<id>.md", c.Paths.Frameworks))
	}
	main := map[string]*Framework{}
	for _, f := range k.project.Frameworks {
		for _, name := range slices.Sorted(maps.Keys(f.Workflows)) {
			at := f.WorkflowsAt[name]
			if !slices.Contains(names, name) {
				k.add("config-value", at, fmt.Sprintf("there is no workflow %q", name), didYouMean(name, names, "the workflows are "+strings.Join(names, ", ")))
			} else if standalone[name] {
				k.add("config-value", at, fmt.Sprintf("the workflow %q is standalone: it has no frameworks", name), "take it out of the list")
			}
		}
		if !f.Main || f.Family.S == "" {
			continue
		}
		if before := main[f.Family.S]; before != nil {
			k.clash("config-value", f.At, before.At, fmt.Sprintf("the family %q has two main frameworks, %s and %s", f.Family.S, before.ID, f.ID), "keep main: true in one of them")
		}
		main[f.Family.S] = f
	}
}

// checkTags reports tags that look like a misspelt one, and tag files that apply to nothing.
func (k *linker) checkTags() {
	files := slices.Sorted(maps.Keys(k.project.Tags))
	used := map[string]bool{"all": true}
	look := func(list []source.String) {
		for _, t := range list {
			used[t.S] = true
			if k.project.Tags[t.S] != nil {
				continue
			}
			if near := diag.Suggest(t.S, files); near != "" {
				k.add("tag-unknown", t.At, fmt.Sprintf("the tag %q has no file", t.S), fmt.Sprintf("did you mean %q?", near))
			}
		}
	}
	for _, f := range k.project.Frameworks {
		look(f.Tags)
		for _, name := range slices.Sorted(maps.Keys(f.Workflows)) {
			look(f.Workflows[name].Tags)
		}
	}
	for _, w := range k.project.Workflows {
		look(w.Tags)
	}
	for _, name := range files {
		if !used[name] {
			k.addFile("tag-unused", k.project.Tags[name].File.Path, fmt.Sprintf("no framework has the tag %q", name), "")
		}
	}
}

// linkTemplates looks up every name in every template.
func (k *linker) linkTemplates() {
	for _, t := range k.templates {
		for i := range t.ops {
			k.linkOp(t, &t.ops[i])
		}
	}
}

// linkOp looks up the name in one tag. What a built-in template says about tags and words of a project is never wrong: it is written for
// projects that have them and for those that don't.
func (k *linker) linkOp(t *Template, o *op) {
	switch {
	case o.kind == partialOp:
		o.choices = k.lookup(o.name)
		if len(o.choices) == 0 {
			otherwise := fmt.Sprintf("add %s/partials/%s.md", k.project.Config.Paths.Frameworks, o.name)
			k.fault(t, o, fmt.Sprintf("there is no partial %q", o.name), didYouMean(o.name, k.parts, otherwise))
		}
	case k.builtins[t]:
	case o.kind == varOp, o.kind == ifOp && o.isVar:
		if !has(k.vars, o.name) {
			k.fault(t, o, fmt.Sprintf("nothing gives a value to vars.%s", o.name), didYouMean(o.name, k.vars, "define it under vars: in "+configFile+", a workflow, a tag or a framework"))
		}
	case o.kind == ifOp && o.name != "" && !has(k.holds, o.name):
		k.fault(t, o, fmt.Sprintf("nothing is tagged %q", o.name), didYouMean(o.name, k.holds, "what {{if}} asks is a tag of a framework, a language, or the id of a framework"))
	}
}

func has(sorted []string, s string) bool {
	_, ok := slices.BinarySearch(sorted, s)
	return ok
}

// lookup returns what the name of a partial may mean, in the order of lookup. The first folder that has it without a tag hides the others.
func (k *linker) lookup(name string) []*variants {
	var out []*variants
	for _, d := range k.partDirs {
		v := d.byName[name]
		if v == nil {
			continue
		}
		out = append(out, v)
		if v.plain != nil {
			break
		}
	}
	return out
}

func (k *linker) fault(t *Template, o *op, message, hint string) {
	k.faults[t] = append(k.faults[t], fault{"template-name", o.start, o.end, message, hint})
}

// follow goes from each workflow to the partials that it reaches, looking for circles, depth, and stages that the workflow does not have.
func (k *linker) follow() {
	for _, t := range k.templates {
		k.measure(t, nil)
	}
	for _, w := range k.project.Workflows {
		seen := map[*Template]bool{}
		todo := w.templates()
		for len(todo) > 0 {
			t := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if seen[t] {
				continue
			}
			seen[t], k.reached[t] = true, true
			for i := range t.ops {
				o := &t.ops[i]
				if o.kind == stageOp && o.number > len(w.Steps) {
					k.fault(t, o, fmt.Sprintf("the workflow %q has no stage %d", w.Name, o.number), fmt.Sprintf("its stages are 1 to %d", len(w.Steps)))
				}
				todo = append(todo, o.partials()...)
			}
		}
	}
}

// partials lists the templates that a tag may stand for.
func (o *op) partials() []*Template {
	var out []*Template
	for _, v := range o.choices {
		out = append(out, v.all()...)
	}
	return out
}

// measure finds out how deep the partials below t go, and reports circles. It goes into each template once; the depth of its recursion is that
// of the partials, and it goes no deeper than allowed.
func (k *linker) measure(t *Template, chain []*Template) int {
	switch v := k.state[t]; v.state {
	case 2:
		return v.depth
	case 1:
		return 0
	}
	k.state[t] = visit{state: 1}
	chain = append(chain, t)
	depth := 0
	for i := range t.ops {
		o := &t.ops[i]
		for _, p := range o.partials() {
			if k.state[p].state == 1 {
				k.cycle(t, o, p, chain)
				continue
			}
			if d := k.measure(p, chain) + 1; d > depth {
				depth = d
				if d == maxDepth+1 {
					k.faults[t] = append(k.faults[t], fault{"template-cycle", o.start, o.end, fmt.Sprintf("more than %d partials in one another", maxDepth), "flatten them"})
				}
			}
		}
	}
	k.state[t] = visit{state: 2, depth: depth}
	return depth
}

func (k *linker) cycle(t *Template, o *op, back *Template, chain []*Template) {
	from := slices.Index(chain, back)
	var names []string
	for _, c := range chain[from:] {
		names = append(names, k.names[c])
	}
	names = append(names, k.names[back])
	k.faults[t] = append(k.faults[t], fault{"template-cycle", o.start, o.end, fmt.Sprintf("the partial %q includes itself: %s", k.names[back], strings.Join(names, " → ")),
		"break the circle: move what both need into a third partial"})
}

// tell reports what was found: all of it in the project's own templates, and in the built-in ones what a workflow reaches. Then partials
// that nothing reaches.
func (k *linker) tell() {
	for _, t := range k.templates {
		if k.reached[t] || !k.builtins[t] {
			k.loader.report.faults(t, k.faults[t])
		}
	}
	for _, d := range k.partDirs {
		if d.builtin {
			continue
		}
		for _, name := range d.names {
			k.reportVariants(name, d.byName[name])
		}
	}
}

// asked reports whether some template asks for a partial of this name, whichever folder it is then taken from: a default that the product's
// own words replace is not unused.
func (k *linker) asked(name string) bool {
	for _, d := range k.partDirs {
		v := d.byName[name]
		if v != nil && slices.ContainsFunc(v.all(), func(t *Template) bool { return k.reached[t] }) {
			return true
		}
	}
	return false
}

func (k *linker) reportVariants(name string, v *variants) {
	for _, tag := range v.tags {
		if !has(k.tags, tag) {
			k.addFile("stray-file", v.byTag[tag].text.At.File.Path, fmt.Sprintf("nothing is tagged %q, so this variant of the partial %q is never used", tag, name), didYouMean(tag, k.tags, ""))
		}
	}
	if v.plain != nil && !k.asked(name) {
		k.addFile("partial-unused", v.plain.text.At.File.Path, fmt.Sprintf("no workflow uses this partial %q", name), "")
	}
}
