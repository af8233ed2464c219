package project

import (
	"path"
	"slices"
	"strings"

	"skillgen/generator/source"
)

// variants are the partials of one name in one folder.
type variants struct {
	plain *Template            // <name>.md
	byTag map[string]*Template // <name>.<tag>.md
	tags  []string             // of byTag, sorted
}

// all lists the variants, the plain one last.
func (v *variants) all() []*Template {
	list := make([]*Template, 0, len(v.tags)+1)
	for _, tag := range v.tags {
		list = append(list, v.byTag[tag])
	}
	if v.plain != nil {
		list = append(list, v.plain)
	}
	return list
}

// partialDir is a folder of partials.
type partialDir struct {
	builtin bool
	byName  map[string]*variants
	names   []string // of byName, sorted
}

// partials reads the folders of partials in the order of lookup.
func (l *loader) partials() error {
	p := l.project.Config.Paths
	for _, dir := range []struct {
		tree *source.Tree
		name string
	}{{l.tree, path.Join(p.Frameworks, "partials")}, {l.tree, path.Join(p.Templates, "partials")}, {l.builtin, "partials"}} {
		d, err := l.partialDir(dir.tree, dir.name)
		if err != nil {
			return err
		}
		l.partDirs = append(l.partDirs, d)
	}
	return nil
}

func (l *loader) partialDir(tree *source.Tree, dir string) (partialDir, error) {
	d := partialDir{builtin: tree == l.builtin, byName: map[string]*variants{}}
	files, err := l.walk(tree, l.label(tree), dir)
	if err != nil {
		return d, err
	}
	for _, name := range files {
		if path.Dir(name) != dir || path.Ext(name) != ".md" {
			l.stray(name, "a partial is a file <name>.md or <name>.<tag>.md in "+dir)
			continue
		}
		if err := l.partial(tree, name, &d); err != nil {
			return d, err
		}
	}
	for name, v := range d.byName {
		d.names = append(d.names, name)
		slices.Sort(v.tags)
	}
	slices.Sort(d.names)
	return d, nil
}

func (l *loader) partial(tree *source.Tree, file string, d *partialDir) error {
	f, err := l.text(tree, file)
	if f == nil || err != nil {
		return err
	}
	name, tag, tagged := strings.Cut(strings.TrimSuffix(path.Base(file), ".md"), ".")
	if !l.fileName("framework-name", file, name, nameRule) || tagged && !l.fileName("framework-name", file, tag, tagRule) {
		return nil
	}
	t := newTemplate(f, 0)
	t.compile(proseScope, &l.report)
	v := d.byName[name]
	if v == nil {
		v = &variants{byTag: map[string]*Template{}}
		d.byName[name] = v
	}
	if tagged {
		v.byTag[tag] = t
		v.tags = append(v.tags, tag)
	} else {
		v.plain = t
	}
	return nil
}

// label stands before the paths of a tree's files in findings.
func (l *loader) label(tree *source.Tree) string {
	if tree == l.builtin {
		return builtinLabel
	}
	return ""
}
