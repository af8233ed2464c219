package release

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// auditedManifest is a manifest.json, or what release.json says in the same words.
type auditedManifest struct {
	Schema    int    `json:"schema"`
	Product   string `json:"product"`
	Version   string `json:"version"`
	Generator struct {
		Version   string `json:"version"`
		Templates string `json:"templates"`
	} `json:"generator"`
	Skills []struct {
		Name        string        `json:"name"`
		Description string        `json:"description"`
		Files       []auditedFile `json:"files"`
	} `json:"skills"`
}

// manifest reads manifest.json and holds it against the files of skills and their provenance.
func (a *auditor) manifest() (*auditedManifest, error) {
	m := &auditedManifest{}
	if ok, err := a.document(manifestPath, m); err != nil || !ok {
		return nil, err
	}
	a.out.Product, a.out.Version, a.out.Skills = m.Product, m.Version, len(m.Skills)
	a.skill = map[string]*auditedSkill{}
	listed := map[string]bool{}
	for _, s := range m.Skills {
		if a.skill[s.Name] != nil || !writable(s.Name) || strings.Contains(s.Name, "/") {
			a.says(manifestPath, "%q is listed twice, or can't be the name of a skill", s.Name)
			continue
		}
		slices.SortFunc(s.Files, func(x, y auditedFile) int { return strings.Compare(x.Path, y.Path) })
		a.skill[s.Name] = &auditedSkill{s.Name, s.Description, s.Files}
		for _, f := range s.Files {
			a.claims(manifestPath, skillsFolder+s.Name+"/"+f.Path, f.Digest, f.Size)
			listed[skillsFolder+s.Name+"/"+f.Path] = true
		}
		a.claims(manifestPath, provenanceFolder+s.Name+".json", "", -1)
		listed[provenanceFolder+s.Name+".json"] = true
	}
	for p := range a.sums {
		if (strings.HasPrefix(p, skillsFolder) || strings.HasPrefix(p, provenanceFolder)) && !listed[p] {
			a.says(manifestPath, "no skill is listed that %s belongs to", p)
		}
	}
	return m, nil
}

// claims holds what the document at p says of a file against SHA256SUMS and the file's size. An empty digest or a negative size says nothing.
func (a *auditor) claims(p, file, digestText string, size int64) {
	sum, listed := a.sums[file]
	switch have, there := a.found[file]; {
	case !listed:
		a.says(p, "%q is listed here, and not in SHA256SUMS", file)
	case digestText != "" && digestText != digest(sum):
		a.says(p, "the digest of %s is another one in SHA256SUMS", file)
	case there && size >= 0 && size != have && a.good[file]: // what was changed has been reported
		a.says(p, "%s has %d bytes, not %d", file, have, size)
	}
}

// sameFiles holds a list of files in the document at p against those of SHA256SUMS that it should list.
func (a *auditor) sameFiles(p string, list []auditedFile, should func(file string) bool) {
	seen := map[string]bool{}
	for _, f := range list {
		if seen[f.Path] {
			a.says(p, "%q is listed twice", f.Path)
		} else if !should(f.Path) {
			a.says(p, "%q is listed here, and should not be", f.Path)
		} else {
			a.claims(p, f.Path, f.Digest, f.Size)
		}
		seen[f.Path] = true
	}
	for file := range a.sums {
		if should(file) && !seen[file] {
			a.says(p, "%s is not listed", file)
		}
	}
}

// record holds release.json against SHA256SUMS and the manifest.
func (a *auditor) record(m *auditedManifest) error {
	var doc struct {
		auditedManifest
		Notes    string        `json:"notes"`
		Files    []auditedFile `json:"files"`
		Archives []struct {
			auditedFile
			Skill  string `json:"skill"`
			Format string `json:"format"`
		} `json:"archives"`
	}
	if ok, err := a.document(recordPath, &doc); err != nil || !ok {
		return err
	}
	if doc.Schema != 1 || doc.Product != m.Product || doc.Version != m.Version || doc.Generator != m.Generator || doc.Notes != notesPath {
		a.says(recordPath, "product, version, generator or notes are not those of the manifest")
	}
	a.sameFiles(recordPath, doc.Files, func(file string) bool { return file != recordPath })
	var archives []auditedFile
	for _, f := range doc.Archives {
		if skill, format := archiveOf(f.Path); skill != f.Skill || format != f.Format {
			a.says(recordPath, "the archive %q is none of the skill %q as %s", f.Path, f.Skill, f.Format)
		}
		archives = append(archives, f.auditedFile)
	}
	a.sameFiles(recordPath, archives, func(file string) bool { return strings.HasPrefix(file, archiveFolder) })
	return nil
}

// report holds report.json against the files of a build.
func (a *auditor) report(*auditedManifest) error {
	var doc struct {
		Outputs []auditedFile `json:"outputs"`
	}
	if ok, err := a.document(reportPath, &doc); err != nil || !ok {
		return err
	}
	a.sameFiles(reportPath, doc.Outputs, func(file string) bool { return file != reportPath && !ownedByRelease(file) })
	return nil
}

// names holds the skills of an index against those of the manifest.
func (a *auditor) names(p string, names []string) {
	seen := map[string]bool{}
	for _, name := range names {
		if a.skill[name] == nil || seen[name] {
			a.says(p, "%q is listed twice, or is no skill of the manifest", name)
		}
		seen[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(a.skill)) {
		if !seen[name] {
			a.says(p, "the skill %s is not listed", name)
		}
	}
}

// index holds the well-known index against the manifest and the files that it names.
func (a *auditor) index(*auditedManifest) error {
	var doc discovery
	if ok, err := a.document(indexPath, &doc); err != nil || !ok {
		return err
	}
	if doc.Schema != discoverySchema {
		a.says(indexPath, "$schema is not %s", discoverySchema)
	}
	var names []string
	for _, entry := range doc.Skills {
		names = append(names, entry.Name)
		s := a.skill[entry.Name]
		if s == nil {
			continue
		}
		if entry.Description != listed(s.description) {
			a.says(indexPath, "the description of %s is not that of the manifest", s.name)
		}
		want, file := "archive", tarPath(s.name)
		if len(s.files) == 1 {
			want, file = "skill-md", skillsFolder+s.name+"/"+s.files[0].Path
		}
		if entry.Type != want || path.Join(path.Dir(indexPath), entry.URL) != file {
			a.says(indexPath, "%s should be of type %s, at %s", s.name, want, file)
		}
		a.claims(indexPath, file, entry.Digest, -1)
	}
	a.names(indexPath, names)
	return nil
}

// legacyIndex holds the index for older clients, and the copies beside it, against the manifest.
func (a *auditor) legacyIndex(*auditedManifest) error {
	var doc legacy
	if ok, err := a.document(legacyIndexPath, &doc); err != nil || !ok {
		return err
	}
	var names []string
	copies := map[string]bool{legacyIndexPath: true}
	for _, entry := range doc.Skills {
		names = append(names, entry.Name)
		s := a.skill[entry.Name]
		if s == nil {
			continue
		}
		var files []string
		for _, f := range s.files {
			files = append(files, f.Path)
			copies[legacyFolder+s.name+"/"+f.Path] = true
			a.claims(legacyIndexPath, legacyFolder+s.name+"/"+f.Path, f.Digest, f.Size)
		}
		if entry.Description != listed(s.description) || !slices.Equal(slices.Sorted(slices.Values(entry.Files)), files) {
			a.says(legacyIndexPath, "description or files of %s are not those of the manifest", s.name)
		}
	}
	for file := range a.sums {
		if strings.HasPrefix(file, legacyFolder) && !copies[file] {
			a.says(legacyIndexPath, "no skill is listed that %s belongs to", file)
		}
	}
	a.names(legacyIndexPath, names)
	return nil
}

// marketplace holds the plugins against the manifest.
func (a *auditor) marketplace(m *auditedManifest) error {
	var doc marketplace
	if ok, err := a.document(marketplacePath, &doc); err != nil || !ok {
		return err
	}
	if doc.Metadata.Version != m.Version {
		a.says(marketplacePath, "the version is %q, and that of the manifest %q", doc.Metadata.Version, m.Version)
	}
	seen := map[string]bool{}
	for _, p := range doc.Plugins {
		if seen[p.Name] || p.Source != pluginSource || p.Strict || p.Version != m.Version {
			a.says(marketplacePath, "the plugin %q stands twice, has another version than the manifest, or is not made of %s", p.Name, pluginSource)
		}
		seen[p.Name] = true
		in := map[string]bool{}
		for _, s := range p.Skills {
			name, ok := strings.CutPrefix(s, "./")
			if !ok || a.skill[name] == nil || in[name] {
				a.says(marketplacePath, "%q in the plugin %s stands twice, or is no skill of the manifest", s, p.Name)
			}
			in[name] = true
		}
	}
	return nil
}

// versions holds the manifests for single consumers against that of the release.
func (a *auditor) versions(m *auditedManifest) error {
	for _, p := range []string{extensionPath, pluginPath} {
		var doc struct{ Name, Version string }
		ok, err := a.document(p, &doc)
		if err != nil {
			return err
		}
		if ok && (doc.Version != m.Version || doc.Name == "") {
			a.says(p, "name and version are %q and %q; the manifest has the version %q", doc.Name, doc.Version, m.Version)
		}
	}
	return nil
}

// site looks for a page of each skill. That of a skill called index has another name.
func (a *auditor) site(*auditedManifest) error {
	for _, name := range slices.Sorted(maps.Keys(a.skill)) {
		page := name + ".html"
		if page == sitePath {
			page = name + "_.html"
		}
		if _, listed := a.sums[page]; !listed {
			a.says(sitePath, "the skill %s has no page", name)
		}
	}
	return nil
}
