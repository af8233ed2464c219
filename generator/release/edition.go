package release

import (
	"fmt"
	"slices"
	"strings"
)

// Edition is what a release is made of, beside the files of its build.
type Edition struct {
	Name                      string // of the plugin and extension that the whole release is
	Description               string // one line
	Manifest                  *Manifest
	License, Author, Homepage string // may be empty
	Marketplace               string // name of the marketplace
	Plugins                   []Plugin
	References                bool   // every skill has layout: references
	Pages                     []Page // that skills carry, by title
	Base                      *Base  // nil where there was nothing to compare with
	Asked                     string // the part of the version that the changes ask to raise: major, minor, patch, none; empty without a base
	Suggested                 string // the version that they ask for; empty where that is not known
	Forced                    string // the reason for a lower one; empty where there is none
	Notes                     []byte // RELEASE_NOTES.md
	Site                      []Output
}

// Plugin is a part of a release that users install.
type Plugin struct {
	Name, Description string
	Skills            []string // names, sorted
}

// Page is a page of docs.
type Page struct{ Title, URL string }

// Base is the release that this one was compared with.
type Base struct {
	Name    string // as people call it
	Kind    string // git, release, folder, zip, tar
	Version string // may be empty
	Digest  string // the commit, or "sha256:…" over all paths and bytes
}

func zipPath(skill string) string { return archiveFolder + skill + ".zip" }
func tarPath(skill string) string { return archiveFolder + skill + ".tar.gz" }

// artifacts makes the files of the release from those of its build: all but release.json and SHA256SUMS.
func (e *Edition) artifacts(build []Output) ([]Output, error) {
	var skills []Output
	for _, o := range build {
		if strings.HasPrefix(o.Path, skillsFolder) {
			skills = append(skills, o)
		}
	}
	archives, err := e.archives(skills)
	if err != nil {
		return nil, err
	}
	out := slices.Concat(archives, e.legacyIndex(skills), []Output{e.index(archives), e.marketplace(), e.extension(), e.llms(), {Path: notesPath, Data: e.Notes}}, e.Site)
	if e.References {
		out = append(out, e.plugin())
	}
	for _, o := range out {
		if !ownedByRelease(o.Path) {
			return nil, fmt.Errorf("%q can't be the path of a release's file", o.Path)
		}
	}
	return out, nil
}

// archives packs every skill twice.
func (e *Edition) archives(skills []Output) ([]Output, error) {
	names := make([]string, len(e.Manifest.Skills))
	files := map[string][]Output{}
	for i, s := range e.Manifest.Skills {
		names[i] = s.Name
	}
	for _, o := range skills {
		name, inside, _ := strings.Cut(strings.TrimPrefix(o.Path, skillsFolder), "/")
		o.Path = inside
		files[name] = append(files[name], o)
	}
	out := make([]Output, 2*len(names))
	err := each(len(names), func(i int) error {
		zipped, err := zipOf(names[i], files[names[i]])
		if err != nil {
			return err
		}
		tarred, err := tarOf(files[names[i]])
		if err != nil {
			return err
		}
		out[2*i], out[2*i+1] = Output{Path: zipPath(names[i]), Data: zipped}, Output{Path: tarPath(names[i]), Data: tarred}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("packing the archives: %w", err)
	}
	return out, nil
}

// releaseFolders and releaseFiles are where a release writes. Whatever an old release.json says, nothing else is ever taken for a file of
// a release.
var (
	releaseFolders = []string{archiveFolder, legacyFolder, ".well-known/agent-skills/", ".claude-plugin/"}
	releaseFiles   = []string{extensionPath, pluginPath, llmsPath, notesPath, recordPath, sumsPath}
	pageEndings    = []string{".html", ".css"} // of the site, at the top
)

// ownedByRelease reports whether a path is one that a release writes to, and build never.
func ownedByRelease(path string) bool {
	if !writable(path) {
		return false
	}
	if !strings.Contains(path, "/") {
		return slices.Contains(releaseFiles, path) || slices.ContainsFunc(pageEndings, func(end string) bool { return strings.HasSuffix(path, end) })
	}
	return slices.ContainsFunc(releaseFolders, func(folder string) bool { return strings.HasPrefix(path, folder) })
}
