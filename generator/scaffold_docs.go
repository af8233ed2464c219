package generator

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"skillgen/generator/example"
	"skillgen/generator/facts"
	"skillgen/generator/source"
)

// What pages of docs a new framework carries unasked: so many that its skill stays within the default budget (DESIGN §2.1), beside its stages, head
// and airplane.
const (
	maxPages      = 20
	maxPageTokens = 7500
	maxDocsTokens = 12000
	minDocsTokens = 3000
	restTokens    = 7000 // of a skill: everything but docs and airplane
	skillTokens   = 25000
)

// chooseDocs decides where pages come from: the sources that are named, a folder that is, or the likeliest one.
func (m *Scaffold) chooseDocs(s *Survey, o ScaffoldOptions) (err error) {
	switch {
	case o.NoDocs:
	case len(o.Docs) == 1 && s.HasFolder(o.Docs[0]):
		if m.Docs, err = s.Folder(o.Docs[0]); err != nil {
			return fmt.Errorf("looking for pages: %w", err)
		}
		if len(m.Docs.Pages) == 0 {
			return &OptionError{"folder " + m.Docs.Dir, "holds no pages", "pages are Markdown or MDX files (.md, .mdx)"}
		}
	case len(o.Docs) > 0:
		pages, err := namedPages(s.tree, o.Docs)
		for i := range m.Frameworks {
			m.Frameworks[i].sources, m.Frameworks[i].pages = o.Docs, pages
		}
		return err
	case len(s.Docs) > 0:
		m.Docs = s.Docs[0]
	}
	return nil
}

// fill decides what each framework carries of its app and of the folder of docs.
func (m *Scaffold) fill(s *Survey, o ScaffoldOptions) error {
	shelf, err := newPageShelf(s, m.Docs)
	if err != nil {
		return fmt.Errorf("reading the docs: %w", err)
	}
	carried := map[string]bool{}
	for i := range m.Frameworks {
		f := &m.Frameworks[i]
		if err := m.leaveOut(f, s.tree, o); err != nil {
			return fmt.Errorf("looking into %s: %w", f.Dir, err)
		}
		if len(m.Docs.Pages) == 0 {
			continue
		}
		f.pages = shelf.take(f.stack, budgetBeside(s.tree, f.Dir, f.exclude))
		f.sources = shelf.sources(f.pages)
		for _, p := range f.pages {
			carried[p] = true
		}
		if m.Docs.Dir == "." {
			f.exclude = append(f.exclude, m.docsInApp(*f, o)...)
		}
	}
	m.Carried = len(carried)
	return nil
}

func isFolder(tree *source.Tree, name string) bool {
	e, err := tree.Stat(path.Clean(name))
	return err == nil && e.Type.IsDir()
}

// budgetBeside returns how many tokens of docs fit into a skill with this airplane.
func budgetBeside(tree *source.Tree, dir string, exclude []string) int {
	o := example.Options{Own: []string{"website", "templates", "frameworks", "skillgen", "dist"}}
	for _, pattern := range exclude {
		o.FrameworkExclude = append(o.FrameworkExclude, source.String{S: pattern})
	}
	a, _, err := example.Load(tree, source.String{S: dir}, o)
	if err != nil || a == nil {
		return maxDocsTokens // build will say it
	}
	n := 0
	for _, f := range a.Files {
		n += facts.Tokens(f.Content)
	}
	return min(max(skillTokens-restTokens-n, minDocsTokens), maxDocsTokens)
}

// pageShelf is the pages of a folder, with what decides about them.
type pageShelf struct {
	folder DocsFolder
	tokens map[string]int
	glob   string // that names exactly the folder's pages; empty where none does
}

func newPageShelf(s *Survey, folder DocsFolder) (*pageShelf, error) {
	l := &pageShelf{folder: folder, tokens: map[string]int{}}
	if len(folder.Pages) == 0 {
		return l, nil
	}
	kinds := map[string]bool{}
	for _, p := range folder.Pages {
		f, err := s.tree.Read(p)
		if err != nil {
			continue
		}
		l.tokens[p] = facts.Tokens(f.Text)
		kinds[path.Ext(p)] = true
	}
	entries, err := s.tree.Walk(folder.Dir, func(e source.Entry) bool { return path.Base(e.Path) == "node_modules" || path.Base(e.Path) == ".git" })
	if err != nil {
		return nil, err
	}
	met := 0
	for _, e := range entries {
		if e.Type.IsRegular() && isPagePath(e.Path) && !strings.Contains(strings.TrimPrefix(e.Path, folder.Dir), "/_") {
			met++
		}
	}
	if met == len(folder.Pages) && folder.Dir != "." && met == len(l.tokens) {
		l.glob = folder.Dir + "/**/*" + map[bool]string{true: ".{md,mdx}", false: path.Ext(folder.Pages[0])}[len(kinds) == 2]
	}
	return l, nil
}

// take returns the pages for a stack, in the order of the folder: all that are not about another stack if they fit, else those that lead an agent
// in, as many as fit.
func (l *pageShelf) take(s stack, budget int) []string {
	var fit []string
	sum := 0
	for _, p := range l.folder.Pages {
		if n, ok := l.tokens[p]; ok && l.about(p, s) != othersPage && n <= maxPageTokens {
			fit = append(fit, p)
			sum += n
		}
	}
	if len(fit) <= maxPages && sum <= budget {
		return fit
	}
	ranked := slices.Clone(fit)
	slices.SortStableFunc(ranked, func(a, b string) int { return cmp.Compare(l.rank(a, s), l.rank(b, s)) })
	taken := map[string]bool{}
	for _, p := range ranked {
		if len(taken) == maxPages || l.rank(p, s) == noRank && len(taken) > 0 {
			break
		}
		if n := l.tokens[p]; n <= budget {
			taken[p] = true
			budget -= n
		}
	}
	return slices.DeleteFunc(fit, func(p string) bool { return !taken[p] })
}

// sources names pages: by a pattern where that means them all.
func (l *pageShelf) sources(pages []string) []string {
	if l.glob != "" && len(pages) == len(l.folder.Pages) {
		return []string{l.glob}
	}
	return pages
}

// subject is whom a page is for.
type subject uint8

const (
	anyPage    subject = iota
	ownPage            // of the stack in question
	othersPage         // of another one
)

// about says whom a page is for, by its name and those of its folders: docs/frameworks/django.md is for Django.
func (l *pageShelf) about(p string, s stack) subject {
	rel := strings.TrimPrefix(strings.TrimSuffix(p, path.Ext(p)), l.folder.Dir)
	found := anyPage
	for _, part := range strings.Split(rel, "/") {
		switch name := slug(part); {
		case slices.Contains(s.names(), name):
			return ownPage
		case stackNames[name]:
			found = othersPage
		}
	}
	return found
}

// names are what pages about a stack are called.
func (s stack) names() []string {
	return slices.Concat([]string{s.id, slug(s.title)}, strings.Fields(s.tags), strings.Fields(s.languages), strings.Fields(s.words))
}

// stackNames are the names of all stacks, but for words that pages have for other reasons.
var stackNames = func() map[string]bool {
	all := map[string]bool{}
	for _, s := range stacks {
		for _, name := range s.names() {
			all[name] = true
		}
	}
	for _, common := range []string{"server", "browser", "mobile", "desktop", "node", "remix", "react-router", "net", "shell"} {
		delete(all, common)
	}
	return all
}()

// leadIn are what pages are called that an agent needs first.
var leadIn = []string{"quickstart", "quick-start", "getting-started", "get-started", "start", "start-here", "installation", "install", "setup", "introduction", "intro", "overview", "index", "usage",
	"configuration", "tutorial", "guide"}

// noRank is the rank of a page that nothing speaks for.
const noRank = 100

// rank orders pages by how much an agent needs them: those about its stack first.
func (l *pageShelf) rank(p string, s stack) int {
	if l.about(p, s) == ownPage {
		return -1
	}
	if i := slices.Index(leadIn, slug(strings.TrimSuffix(path.Base(p), path.Ext(p)))); i >= 0 {
		return i
	}
	return noRank
}

// leavesPages reports whether pages that the project will know are in no skill: those in its website folder, in its site, and where a pattern looks.
func (m *Scaffold) leavesPages(tree *source.Tree, website string) (bool, error) {
	carried := map[string]bool{}
	roots := []string{website}
	if m.Docs.URL != "" {
		roots = append(roots, m.Docs.Dir)
	}
	for _, f := range m.Frameworks {
		for _, p := range f.pages {
			carried[p] = true
		}
		for _, source := range f.sources {
			if base := globBase(source); base != source {
				roots = append(roots, path.Clean(base))
			}
		}
	}
	for _, root := range roots {
		if !isFolder(tree, root) {
			continue
		}
		entries, err := tree.Walk(root, func(e source.Entry) bool { return path.Base(e.Path) == "node_modules" || path.Base(e.Path) == ".git" })
		if err != nil {
			return false, fmt.Errorf("looking for pages: %w", err)
		}
		for _, e := range entries {
			if e.Type.IsRegular() && slices.Contains([]string{".md", ".mdx", ".html"}, path.Ext(e.Path)) && !carried[e.Path] {
				return true, nil
			}
		}
	}
	return false, nil
}

// globBase returns the folder in which a glob looks, with a final slash and empty where that is the project's; of another source the source itself.
func globBase(source string) string {
	if glob := strings.IndexAny(source, "*?[{"); glob >= 0 {
		return source[:strings.LastIndexByte(source[:glob], '/')+1]
	}
	return source
}

// noLesson are folders that belong to an app and show nobody how it is written, as patterns; those with a slash in front stand at its top.
var noLesson = []string{"testdata/", "fixtures/", "__fixtures__/", "__snapshots__/", "/.github/"}

// leaveOut decides what the airplane does not carry: docs, and what teaches nothing. Only what is there is named.
func (m *Scaffold) leaveOut(f *ScaffoldedFramework, tree *source.Tree, o ScaffoldOptions) error {
	docs := m.docsInApp(*f, o)
	met := map[string]bool{}
	err := eachFolder(tree, f.Dir, func(dir string) bool {
		name, top := path.Base(dir)+"/", path.Join(f.Dir, path.Base(dir)) == dir
		for _, pattern := range noLesson {
			if pattern == name || top && pattern == "/"+name {
				met[pattern] = true
				return false
			}
		}
		return !slices.Contains(docs, "/"+strings.TrimPrefix(dir, f.Dir+"/")+"/")
	})
	f.exclude = docs
	for _, pattern := range noLesson {
		if met[pattern] {
			f.exclude = append(f.exclude, pattern)
		}
	}
	return err
}

// eachFolder calls do for the folders below one that git does not ignore and that no tool made, and goes into those for which it returns true.
func eachFolder(tree *source.Tree, dir string, do func(string) bool) error {
	_, err := tree.Walk(dir, func(e source.Entry) bool {
		ignored, err := tree.Ignored(e.Path, true)
		tool := facts.Foreign(path.Base(e.Path)) && path.Base(e.Path) != ".github"
		return tool || err != nil || ignored != nil || !do(e.Path)
	})
	if fault := new(source.PathError); errors.As(err, &fault) {
		return nil // build says it, of an airplane that it reads
	}
	return err
}

// docsInApp returns patterns for the docs that lie in an app's folder, and for the code of their sites. What lies in the project's own website folder is
// none of the app's anyway.
func (m *Scaffold) docsInApp(f ScaffoldedFramework, o ScaffoldOptions) []string {
	paths := slices.Clone(m.sites)
	switch {
	case m.Docs.Dir == ".": // once they are chosen
		paths = append(paths, f.pages...)
	case m.Docs.Dir != "":
		paths = append(paths, m.Docs.Dir+"/")
	default:
		for _, s := range o.Docs {
			paths = append(paths, globBase(s))
		}
	}
	var patterns []string
	for _, p := range paths {
		inside, ok := strings.CutPrefix(p, f.Dir+"/")
		if f.Dir == "." {
			inside = p
			ok = p != "" && !strings.Contains(p, "://") && !strings.HasPrefix(p, "/")
		}
		if own := m.website != othersWebsite && strings.HasPrefix(p, "website/"); ok && inside != "" && !own {
			patterns = append(patterns, "/"+inside)
		}
	}
	slices.Sort(patterns)
	var outer []string // a pattern within another would match nothing
	for _, p := range patterns {
		if !slices.ContainsFunc(outer, func(o string) bool { return p == o || strings.HasSuffix(o, "/") && strings.HasPrefix(p, o) }) {
			outer = append(outer, p)
		}
	}
	return outer
}
