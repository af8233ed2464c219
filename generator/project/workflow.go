package project

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// workflowFile is a workflow as the table of its skill.md reads it.
type workflowFile struct {
	Workflow
	description source.String
	needs       []source.String
}

// workflowShape is the table of templates/<workflow>/skill.md (DESIGN §2.3).
var workflowShape = object(
	req("description", text(rule{prose: true, max: 1024}), func(w *workflowFile) *source.String { return &w.description }, "What a skill does and when to use it; templates in it are expanded."),
	opt("docs", docsShape(onlyID), func(w *workflowFile) *[]Source { return &w.Docs }, "Pages that every framework gets after its own; {{id}} may stand in them."),
	opt("needs", set(text(rule{enum: []string{"example", "docs"}}), false), func(w *workflowFile) *[]source.String { return &w.needs }, "What a framework must have to get the workflow; of docs with {{id}} its own page."),
	opt("brings", set(text(broughtRule), false), func(w *workflowFile) *[]source.String { return &w.brings }, "Files of other workflows that go along too: integrate/scripts/listen.py becomes scripts/listen.py."),
	opt("default", boolean(), func(w *workflowFile) *bool { return &w.Default }, "The workflow whose skills are named without it."),
	opt("standalone", boolean(), func(w *workflowFile) *bool { return &w.Standalone }, "One skill, without frameworks."),
	opt("name", text(patternOfNames), func(w *workflowFile) *source.String { return &w.NamePattern }, "Pattern of the skills' names, of {{prefix}}, {{workflow}} and {{id}}."),
	opt("tags", set(text(tagRule), false), func(w *workflowFile) *[]source.String { return &w.Tags }, "Tags after the framework's."),
	opt("vars", byKey(varRule, text(rule{empty: true, lines: true})), func(w *workflowFile) *map[string]source.String { return &w.Vars }, "Words for templates, as {{vars.KEY}}."),
	opt("metadata", metadataShape, func(w *workflowFile) *map[string]source.String { return &w.Metadata }, "More metadata for the front matter of SKILL.md."),
	opt("layout", oneOf(Flat, References), func(w *workflowFile) *Layout { return &w.Layout }, "One file per skill (flat), or pages and example as files of their own (references)."),
	opt("stages", oneOf(StageFiles, StageInline), func(w *workflowFile) *StageMode { return &w.Stages }, "Stages as files of their own (files), or at the end of SKILL.md (inline)."),
)

// onlyID refuses every template in a source but {{id}}.
func onlyID(s string) (message, hint string) {
	if strings.Contains(strings.ReplaceAll(s, "{{id}}", ""), "{{") {
		return "may hold {{id}} and no other template", ""
	}
	return "", ""
}

// patternOfNames takes what makes a valid name once its placeholders are filled in.
var patternOfNames = rule{max: 200, also: func(s string) (string, string) {
	filled := strings.NewReplacer("{{prefix}}", "a", "{{workflow}}", "a", "{{id}}", "a").Replace(s)
	if strings.Contains(filled, "{{") {
		return "may hold {{prefix}}, {{workflow}} and {{id}} and no other template", ""
	}
	if !namePattern.MatchString(filled) {
		return fmt.Sprintf("must be %s, around {{prefix}}, {{workflow}} and {{id}}, not %q", nameRule.what, s), ""
	}
	return noVendor(filled)
}}

// broughtRule takes the path of a file that another workflow brings along.
var broughtRule = rule{pattern: regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*/(references|scripts|assets)(/[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?)+$`),
	what: "the path of a file in references/, scripts/ or assets/ of another workflow, from the folder of templates", max: 200}

// stageShape is the table of a stage.
var stageShape = object(
	opt("title", text(rule{prose: true, max: 200}), func(s *Stage) *source.String { return &s.Title }, "Display name of the stage; without it, the file's."),
	opt("description", text(rule{prose: true, max: 1024}), func(s *Stage) *source.String { return &s.Description }, "What the stage is for."),
	opt("produces", set(text(artifactRule), false), func(s *Stage) *[]source.String { return &s.Produces }, "Files in .<prefix>/ that the stage has the agent write."),
	opt("requires", set(text(artifactRule), false), func(s *Stage) *[]source.String { return &s.Requires }, "Files in .<prefix>/ that an earlier stage wrote."),
)

// artifactRule takes the name of a file that stages hand on.
var artifactRule = rule{pattern: regexp.MustCompile(`^[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?(/[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?)*$`),
	what: "the path of a file of letters, digits, dots, hyphens and underscores, from .<prefix>/", max: 100, fix: func(s string) string {
		if i := strings.Index(s, "/"); strings.HasPrefix(s, ".") && i > 0 {
			return s[i+1:]
		}
		return ""
	}}

// workflows reads templates/<workflow>/, or the built-in workflows where the project has none of its own.
func (l *loader) workflows() error {
	dir := l.project.Config.Paths.Templates
	own, err := l.workflowsIn(l.tree, dir)
	if err == nil && own == 0 {
		_, err = l.workflowsIn(l.builtin, ".")
	}
	if err != nil {
		return err
	}
	slices.SortFunc(l.project.Workflows, func(a, b *Workflow) int {
		if a.Default != b.Default {
			if a.Default {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	for i, w := range l.project.Workflows {
		if first := l.project.Workflows[0]; i > 0 && w.Default {
			l.clash("workflow-file", w.At, first.At, fmt.Sprintf("both %q and %q are the default workflow", first.Name, w.Name), "keep default: true in one of them")
		}
	}
	return nil
}

// workflowsIn reads the workflows in a folder and returns how many folders there are, even if they hold no good workflow.
func (l *loader) workflowsIn(tree *source.Tree, dir string) (int, error) {
	if !tree.Exists(dir) {
		return 0, nil
	}
	entries, err := tree.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("list the workflows: %w", err)
	}
	count := 0
	for _, e := range entries {
		base := path.Base(e.Path)
		switch {
		case strings.HasPrefix(base, ".") || base == "partials":
		case e.Type.IsDir():
			count++
			if err := l.workflow(tree, e.Path); err != nil {
				return count, err
			}
		case !e.Type.IsRegular():
			l.addFile("project-file", l.label(tree)+e.Path, source.TypeName(e.Type)+" is not read", "a workflow is a folder")
		case path.Ext(base) == ".md" && base != "README.md":
			l.stray(e.Path, "a workflow is a folder; shared prose belongs into "+path.Join(dir, "partials"))
		}
	}
	return count, nil
}

// workflow reads one workflow.
func (l *loader) workflow(tree *source.Tree, dir string) error {
	name := path.Base(dir)
	named := l.fileName("workflow-file", dir, name, nameRule)
	files, err := l.walk(tree, l.label(tree), dir)
	if err != nil {
		return err
	}
	page := path.Join(dir, "skill.md")
	if !slices.Contains(files, page) {
		l.addFile("workflow-file", l.label(tree)+page, fmt.Sprintf("the workflow %q has no skill.md", name), "add it, or move the folder out of the folder of templates")
	}
	w, err := l.page(tree, dir, files)
	if err != nil {
		return err
	}
	if err := l.rest(tree, w, files); err != nil {
		return err
	}
	if w.File != nil && named {
		l.project.Workflows = append(l.project.Workflows, w)
	}
	return nil
}

// page reads skill.md. Without a good one the workflow has no File.
func (l *loader) page(tree *source.Tree, dir string, files []string) (*Workflow, error) {
	w := &Workflow{Name: path.Base(dir), Dir: l.label(tree) + dir}
	page := path.Join(dir, "skill.md")
	if !slices.Contains(files, page) {
		return w, nil
	}
	file, err := l.text(tree, page)
	if file == nil || err != nil {
		return w, err
	}
	read, body, ok := readMatter(file, workflowShape, true, &l.report)
	if !ok {
		return w, nil
	}
	name, at := w.Name, w.Dir
	*w = read.Workflow
	w.Name, w.Dir, w.File, w.At = name, at, file, lineSpan(file, 1)
	for _, need := range read.needs {
		w.NeedsExample = w.NeedsExample || need.S == "example"
		w.NeedsDocs = w.NeedsDocs || need.S == "docs"
	}
	if read.description.S != "" {
		w.Description = newInline(read.description)
		w.Description.compile(lineScope, &l.report)
	}
	w.Page = newTemplate(file, body)
	w.Page.compile(pageScope, &l.report)
	l.checkWorkflow(w, read.needs)
	return w, nil
}

// checkWorkflow reports keys that make no sense together.
func (l *loader) checkWorkflow(w *Workflow, needs []source.String) {
	if w.Standalone {
		if w.Default {
			l.add("config-value", w.At, "a standalone workflow can't be the default one", "the default workflow is the one whose skills are named after frameworks alone")
		}
		if len(needs) > 0 {
			l.add("config-value", needs[0].At, "a standalone workflow has no framework that could have an example or docs", "leave needs out")
		}
		for _, d := range w.Docs {
			if strings.Contains(d.Source.S, "{{id}}") {
				l.add("config-value", d.Source.At, "a standalone workflow has no framework, so it has no {{id}}", "name the page itself")
			}
		}
	}
	if p := w.NamePattern; p.S != "" && strings.Contains(p.S, "{{id}}") == w.Standalone {
		if w.Standalone {
			l.add("config-value", p.At, "a standalone workflow has no framework, so it has no {{id}}", "leave {{id}} out")
		} else {
			l.add("config-value", p.At, `"name" must hold {{id}}: else all skills of the workflow have one name`, "")
		}
	}
}

// rest reads the other files of a workflow.
func (l *loader) rest(tree *source.Tree, w *Workflow, files []string) error {
	dir := strings.TrimPrefix(w.Dir, l.label(tree))
	var stages []numbered
	for _, name := range files {
		sub := strings.TrimPrefix(name, dir+"/")
		top, _, below := strings.Cut(sub, "/")
		number, title, isStage := stageName(sub)
		var err error
		switch {
		case sub == "skill.md":
		case below && slices.Contains([]string{"references", "scripts", "assets"}, top):
			err = l.bring(tree, w, name, sub)
		case isStage:
			stages = append(stages, numbered{number, title, name})
		case path.Ext(name) == ".md":
			l.addFile("workflow-file", l.label(tree)+name, "this file has no place in the workflow",
				"stages are called <number>-<name>.md and stand beside skill.md; what goes along with a skill stands in references/")
		default:
			l.stray(l.label(tree)+name, "what goes along with a skill stands in references/, scripts/ or assets/")
		}
		if err != nil {
			return err
		}
	}
	if err := l.borrow(tree, w, path.Dir(dir)); err != nil {
		return err
	}
	return l.stages(tree, w, stages)
}

// numbered is the file of a stage.
type numbered struct {
	number int
	name   string
	file   string
}

// stageName takes the name of a stage's file apart.
func stageName(s string) (number int, name string, ok bool) {
	digits := countDigits(s)
	base, isPage := strings.CutSuffix(s, ".md")
	if !isPage || digits == 0 || digits > 6 || len(base) <= digits+1 || base[digits] != '-' || strings.Contains(base, "/") {
		return 0, "", false
	}
	for _, c := range base[:digits] {
		number = number*10 + int(c-'0')
	}
	return number, base[digits+1:], true
}

// borrow notes the files of other workflows that go along with every skill of this one. templates is the folder of all workflows.
func (l *loader) borrow(tree *source.Tree, w *Workflow, templates string) error {
	for _, from := range w.brings {
		name := path.Join(templates, from.S)
		_, inSkill, _ := strings.Cut(from.S, "/")
		e, err := tree.Stat(name)
		same := slices.IndexFunc(w.Brought, func(b Brought) bool { return strings.EqualFold(b.Path, inSkill) })
		switch {
		case err != nil || e.Type.IsDir():
			l.add("config-value", from.At, fmt.Sprintf("there is no file %s", l.label(tree)+name), "name each file by its path from the folder of templates")
		case same >= 0:
			l.add("config-value", from.At, fmt.Sprintf("the workflow has a %s already", w.Brought[same].Path), "leave one of them out")
		default:
			if err := l.bring(tree, w, name, inSkill); err != nil {
				return err
			}
		}
	}
	return nil
}

// bring notes a file that goes along with every skill, and its path there.
func (l *loader) bring(tree *source.Tree, w *Workflow, name, inSkill string) error {
	b := Brought{Path: inSkill}
	var err error
	if path.Ext(name) != ".md" {
		b.File, err = l.read(tree, name)
	} else if b.File, err = l.text(tree, name); b.File != nil {
		b.Template = newTemplate(b.File, 0)
		b.Template.compile(proseScope, &l.report)
	}
	if b.File != nil {
		w.Brought = append(w.Brought, b)
	}
	return err
}

// stages reads the stages in the order of their numbers.
func (l *loader) stages(tree *source.Tree, w *Workflow, list []numbered) error {
	slices.SortFunc(list, func(a, b numbered) int { return cmp.Or(a.number-b.number, strings.Compare(a.file, b.file)) })
	for i, s := range list {
		file, err := l.text(tree, s.file)
		if err != nil {
			return err
		}
		if file == nil {
			continue
		}
		named := l.fileName("workflow-file", file.Path, s.name, nameRule)
		if i > 0 && list[i-1].number == s.number {
			other := l.label(tree) + list[i-1].file
			l.addFile("workflow-file", file.Path, fmt.Sprintf("two stages have the number %d", s.number),
				fmt.Sprintf("the other one is %s; numbers only order the stages, so 10, 20, 30 leave room", other))
			l.findings[len(l.findings)-1].Also = diag.Place{File: other}
		}
		if stage := l.stage(file); stage != nil && named {
			stage.Name = s.name
			stage.Title.S = cmp.Or(stage.Title.S, s.name)
			w.Steps = append(w.Steps, stage)
			stage.N = len(w.Steps)
		}
	}
	return nil
}

func (l *loader) stage(file *source.File) *Stage {
	s, body, ok := readMatter(file, stageShape, false, &l.report)
	if !ok {
		return nil
	}
	s.File, s.Body = file, newTemplate(file, body)
	s.Body.compile(proseScope, &l.report)
	return &s
}
