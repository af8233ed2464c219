package project

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/diag"
	"skillgen/generator/source"
	"skillgen/templates"
)

// ErrNoProject says that the folder has no skillgen.yaml.
var ErrNoProject = errors.New("no " + configFile)

// Options are what Load must know beside the tree.
type Options struct {
	Skillgen string // skillgen's own version, without v, which `requires` speaks of; empty or 0.0.0-dev: a build that suits every project
}

// Load reads the project in tree. Where an error stands among the findings, what could be read is returned all the same, so that one run
// shows all faults; *Project is nil only where skillgen.yaml itself can't be used, or asks for another skillgen. The error is ErrNoProject,
// or what the machine reports.
func Load(tree *source.Tree, o Options) (*Project, []diag.Finding, error) {
	return load(tree, source.NewLabelled(templates.FS, builtinLabel), o)
}

// builtinLabel stands before the paths of built-in templates.
const builtinLabel = "builtin:templates/"

// load is Load with other built-in templates.
func load(tree, builtin *source.Tree, o Options) (*Project, []diag.Finding, error) {
	l := &loader{tree: tree, builtin: builtin, project: &Project{Tree: tree, Tags: map[string]*Tag{}}}
	ok, err := l.config(o)
	if !ok || err != nil {
		return nil, diag.Sort(l.findings), err
	}
	for _, phase := range []func() error{l.folders, l.lock, l.flights, l.frameworks, l.tags, l.partials, l.workflows} {
		if err := phase(); err != nil {
			return nil, nil, err
		}
	}
	l.link()
	return l.project, diag.Sort(l.findings), nil
}

// loader reads a project.
type loader struct {
	report
	tree     *source.Tree
	project  *Project
	builtin  *source.Tree // the templates of the binary
	partDirs []partialDir // in the order of lookup
	none     bool         // there is no file of a framework
}

// config reads skillgen.yaml. It returns false where nothing more can be said about the project.
func (l *loader) config(o Options) (bool, error) {
	f, err := l.read(l.tree, configFile)
	if errors.Is(err, fs.ErrNotExist) {
		return false, ErrNoProject
	}
	if f == nil || err != nil {
		return false, err
	}
	n := readYAML(f, 0, len(f.Text), &l.report)
	if n == nil {
		if len(l.findings) > 0 {
			return false, nil
		}
		n = &node{kind: mapNode, at: lineSpan(f, 1)} // an empty file
	}
	n.name = configFile
	before := l.findings
	c, ok := configShape.read(&l.report, n)
	if !ok {
		return false, nil
	}
	if want, err := parseRange(c.Requires.S); err == nil && !want.has(o.Skillgen) {
		// The keys of another version may be unknown here: the version is the only thing worth saying.
		l.findings = before
		l.add("requires", c.Requires.At, fmt.Sprintf("this is skillgen %s, and the project requires %s", o.Skillgen, c.Requires.S), "install a version that it requires")
		return false, nil
	}
	c.File = f
	c.Layout, c.Stages, c.Stamp = cmp.Or(c.Layout, Flat), cmp.Or(c.Stages, StageFiles), cmp.Or(c.Stamp, "content")
	c.Paths = l.paths(c.placed)
	l.project.Config = &c
	return true, nil
}

// read reads a file that a team wrote. It returns nil without an error where a finding says why the file can't be used, except that a
// missing file is an error that wraps fs.ErrNotExist.
func (l *loader) read(tree *source.Tree, name string) (*source.File, error) {
	f, err := tree.Read(name)
	if err != nil {
		var p *source.PathError
		if !errors.As(err, &p) || p.Trouble == source.Failed || p.Trouble == source.Missing {
			return nil, fmt.Errorf("read the project: %w", err)
		}
		l.addFile("project-file", name, p.Error(), "put a regular file in its place")
		return nil, nil
	}
	return f, nil
}

// text reads a file that must be text.
func (l *loader) text(tree *source.Tree, name string) (*source.File, error) {
	f, err := l.read(tree, name)
	if f == nil || err != nil {
		return nil, err
	}
	switch f.Kind {
	case source.Foreign:
		l.addFile("project-file", f.Path, fmt.Sprintf("this file is not UTF-8 (it looks like %s; byte %d)", f.Encoding, f.Bad), "save it as UTF-8")
		return nil, nil
	case source.Binary:
		l.addFile("project-file", f.Path, "this file is no text: it holds a NUL byte, or carriage returns without line feeds", "save it as UTF-8 with \\n as line end")
		return nil, nil
	}
	return f, nil
}

// addFile reports something about a file as a whole.
func (r *report) addFile(id, file, message, hint string) {
	r.findings = append(r.findings, diag.New(id, diag.Place{File: file}, message, hint))
}

// folders reports folders that skillgen.yaml names and that are not there.
func (l *loader) folders() error {
	for _, f := range l.project.Config.placed.folders() {
		if f.name.At.File != nil && f.key != "dist" && !l.tree.Exists(f.name.S) {
			l.add("config-value", f.name.At, fmt.Sprintf("there is no folder %s", f.name.S), "")
		}
	}
	return nil
}

// walk lists what stands below a folder of the project: regular files that are not hidden. What is no regular file is a finding. A folder
// that does not exist has no files.
func (l *loader) walk(tree *source.Tree, label, dir string) ([]string, error) {
	if !tree.Exists(dir) {
		return nil, nil
	}
	hidden := func(e source.Entry) bool { return strings.HasPrefix(path.Base(e.Path), ".") }
	entries, err := tree.Walk(dir, hidden)
	if err != nil {
		return nil, fmt.Errorf("list the project's files: %w", err)
	}
	var files []string
	for _, e := range entries {
		switch {
		case hidden(e) || e.Type.IsDir():
		case e.Type.IsRegular():
			files = append(files, e.Path)
		default:
			l.addFile("project-file", label+e.Path, fmt.Sprintf("%s is not read", source.TypeName(e.Type)), "put a regular file or folder in its place")
		}
	}
	return files, nil
}

// stray reports a file that is not read.
func (l *loader) stray(name, hint string) {
	l.addFile("stray-file", name, "skillgen does not read this file", hint)
}

// each runs f for every item at once, on as many goroutines as there are processors. Results and findings come in the order of items.
func each[T, R any](l *loader, items []T, f func(l *loader, item T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	parts := make([]loader, len(items))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, item := range items {
		g.Go(func() (err error) {
			parts[i].tree, parts[i].project, parts[i].builtin = l.tree, l.project, l.builtin
			results[i], err = f(&parts[i], item)
			return err
		})
	}
	err := g.Wait()
	for i := range parts {
		l.findings = append(l.findings, parts[i].findings...)
	}
	return results, err
}

// frameworks reads frameworks/**.
func (l *loader) frameworks() error {
	dir := l.project.Config.Paths.Frameworks
	files, err := l.walk(l.tree, "", dir)
	if err != nil {
		return err
	}
	var own []string
	for _, name := range files {
		sub := strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
		switch {
		case strings.HasPrefix(sub, "tags/") || strings.HasPrefix(sub, "partials/"):
		case path.Ext(name) == ".md":
			own = append(own, name)
		default:
			l.stray(name, "a framework is a file <id>.md")
		}
	}
	l.none = len(own) == 0
	list, err := each(l, own, (*loader).framework)
	if err != nil {
		return err
	}
	ids := map[string]*Framework{}
	for _, f := range list {
		if f == nil {
			continue
		}
		if before := ids[f.ID]; before != nil {
			l.clash("framework-clash", f.At, before.At, fmt.Sprintf("the framework %q is described twice", f.ID),
				fmt.Sprintf("the other file is %s; rename or remove one", before.File.Path))
			continue
		}
		ids[f.ID] = f
		l.project.Frameworks = append(l.project.Frameworks, f)
	}
	slices.SortFunc(l.project.Frameworks, func(a, b *Framework) int { return strings.Compare(a.ID, b.ID) })
	return nil
}

// framework reads one framework; nil where a finding says why it can't be used.
func (l *loader) framework(name string) (*Framework, error) {
	file, err := l.text(l.tree, name)
	if file == nil || err != nil {
		return nil, err
	}
	id := strings.TrimSuffix(path.Base(name), ".md")
	named := l.fileName("framework-name", name, id, frameworkRule)
	read, body, ok := readMatter(file, frameworkShape, named, &l.report) // a README has a wrong name, and that is all that is wrong with it
	if !ok || !named {
		return nil, nil
	}
	f := &read.Framework
	f.ID, f.File, f.At = id, file, lineSpan(file, 1)
	f.Body = source.Span{File: file, Start: body, End: len(file.Text)}
	if read.workflows != nil {
		f.Workflows, f.WorkflowsAt = map[string]*Override{}, map[string]source.Span{}
		for _, e := range read.workflows {
			f.Workflows[e.key.S], f.WorkflowsAt[e.key.S] = &e.value, e.key.At
		}
	}
	if f.Draft = read.draft.File != nil; f.Draft {
		l.add("framework-draft", read.draft, fmt.Sprintf("%s is a draft: it is left out", f.ID), "")
	}
	if f.Verify != nil && len(f.Example) == 0 {
		l.add("config-missing", f.Verify.At, `"verify" needs "example"`, "name the folder of the model airplane, which is what is flown")
	}
	if f.Main && f.Family.S == "" {
		l.add("config-missing", f.At, `"main" needs "family"`, "say which family of frameworks this one is the main one of")
	}
	return f, nil
}

// frameworkRule takes the id of a framework.
var frameworkRule = rule{pattern: namePattern, what: nameRule.what, fix: suggestName, max: 64, also: noVendor}

// fileName checks a name that comes from that of a file.
func (l *loader) fileName(id, file, name string, c rule) bool {
	message, hint := c.fault(name)
	if message == "" {
		return true
	}
	if c.fix != nil {
		if better := c.fix(name); better != "" && better != name {
			hint = "rename it: " + path.Join(path.Dir(file), strings.Replace(path.Base(file), name, better, 1))
		}
	}
	if strings.EqualFold(name, "readme") {
		hint = "everything in this folder belongs to a skill; put notes for people elsewhere"
	}
	l.addFile(id, file, fmt.Sprintf("the name %q %s", name, message), hint)
	return false
}

// tags reads frameworks/tags/*.md.
func (l *loader) tags() error {
	dir := path.Join(l.project.Config.Paths.Frameworks, "tags")
	files, err := l.walk(l.tree, "", dir)
	if err != nil {
		return err
	}
	var own []string
	for _, name := range files {
		if path.Dir(name) == dir && path.Ext(name) == ".md" {
			own = append(own, name)
		} else {
			l.stray(name, "a tag is a file <tag>.md in "+dir)
		}
	}
	list, err := each(l, own, (*loader).tag)
	for _, t := range list {
		if t != nil {
			l.project.Tags[t.Name] = t
		}
	}
	return err
}

func (l *loader) tag(name string) (*Tag, error) {
	file, err := l.text(l.tree, name)
	if file == nil || err != nil {
		return nil, err
	}
	tag := strings.TrimSuffix(path.Base(name), ".md")
	named := l.fileName("framework-name", name, tag, tagRule)
	t, body, ok := readMatter(file, tagShape, false, &l.report)
	if !ok || !named {
		return nil, nil
	}
	t.Name, t.File = tag, file
	t.Rules, t.Guidance = readRules(file, body, &l.report)
	return &t, nil
}
