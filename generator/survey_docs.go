package generator

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"skillgen/generator/source"
)

// docsPlaces are where pages usually stand, the likeliest first.
var docsPlaces = []string{"website/docs", "docs", "documentation", "doc", "website", "src/content/docs", "src/pages/docs", "content/docs", "content"}

// findDocs lists the folders of pages: those of sites first, then what is called like one.
func (s *Survey) findDocs(sites []siteConfig) error {
	sites = slices.DeleteFunc(sites, func(c siteConfig) bool { return isBelow(c.dir, sampleFolders) })
	slices.SortStableFunc(sites, func(a, b siteConfig) int {
		return cmp.Or(strings.Count(a.dir, "/")-strings.Count(b.dir, "/"), cmp.Compare(a.dir, b.dir))
	})
	for _, c := range sites {
		if err := s.addDocs(c.folder()); err != nil {
			return err
		}
		if s.Product == "" && len(s.Docs) > 0 && s.Docs[len(s.Docs)-1].home == c.home() {
			s.Product = c.Title
		}
	}
	for _, dir := range docsPlaces {
		if err := s.addDocs(DocsFolder{Dir: dir}); err != nil {
			return err
		}
	}
	return nil
}

// home is the folder of the site itself.
func (c siteConfig) home() string {
	if path.Base(c.dir) == ".vitepress" {
		return path.Dir(c.dir)
	}
	return c.dir
}

func (c siteConfig) folder() DocsFolder {
	dir := path.Join(c.dir, c.Docs)
	d := DocsFolder{Dir: dir, Kind: c.Kind, URL: c.URL, home: c.home(), alias: c.Alias}
	for _, page := range c.Pages {
		d.Pages = append(d.Pages, path.Join(dir, page))
	}
	return d
}

// addDocs adds a folder if it holds pages and no folder that is there already is the same one, holds it or lies in it.
func (s *Survey) addDocs(d DocsFolder) error {
	if slices.ContainsFunc(s.Docs, func(o DocsFolder) bool { return overlap(o.Dir, d.Dir) }) {
		return nil
	}
	pages, err := s.pages(d.Dir)
	if err != nil || len(pages) == 0 {
		return err
	}
	if d.Pages = inOrder(d.Pages, pages); d.Dir == "." && len(d.Pages) == 0 {
		return nil // a site at the top that says nothing about its pages: every README would be one
	}
	if len(d.Pages) == 0 {
		d.Pages = pages
	}
	s.Docs = append(s.Docs, d)
	return nil
}

// overlap reports whether two folders are one, or one lies in the other.
func overlap(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

// HasFolder reports whether a folder of the repository has this path.
func (s *Survey) HasFolder(dir string) bool { return isFolder(s.tree, dir) }

// Folder returns what is known of a folder that somebody names as that of the docs; one without pages has none.
func (s *Survey) Folder(dir string) (DocsFolder, error) {
	dir = path.Clean(dir)
	for _, d := range s.Docs {
		if d.Dir == dir {
			return d, nil
		}
	}
	pages, err := s.pages(dir)
	return DocsFolder{Dir: dir, Pages: pages}, err
}

// pages lists the pages below a folder, by path. Partials, what git ignores, and what belongs to other languages or versions is none. A folder that
// is not there has none.
func (s *Survey) pages(dir string) ([]string, error) {
	entries, err := s.tree.Walk(dir, func(e source.Entry) bool {
		name := path.Base(e.Path)
		ignored, err := s.tree.Ignored(e.Path, true)
		return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || slices.Contains([]string{"node_modules", "i18n", "versioned_docs"}, name) || err != nil || ignored != nil
	})
	if fault := new(source.PathError); errors.As(err, &fault) && fault.Trouble != source.Failed {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var pages []string
	for _, e := range entries {
		if ignored, err := s.tree.Ignored(e.Path, false); isPagePath(e.Path) && e.Type.IsRegular() && err == nil && ignored == nil {
			pages = append(pages, e.Path)
		}
	}
	return pages, nil
}

// isPagePath reports whether a file is a page by its name: Markdown or MDX, and no partial.
func isPagePath(p string) bool {
	name := path.Base(p)
	stem, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	return (ext == ".md" || ext == ".mdx") && (!strings.HasPrefix(name, "_") || stem == "_index")
}

// inOrder returns the pages that a navigation names and that are there, each once; a name may lack its extension.
func inOrder(named, pages []string) []string {
	var out []string
	for _, n := range named {
		for _, p := range []string{n, n + ".mdx", n + ".md"} {
			if _, found := slices.BinarySearch(pages, p); found && !slices.Contains(out, p) {
				out = append(out, p)
				break
			}
		}
	}
	return out
}
