package release

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

// Published is what the release.json of a release that lies elsewhere says.
type Published struct {
	Version  string
	Archives []PublishedFile // one of each skill, as tar.gz, by skill
	files    map[string]PublishedFile
}

// PublishedFile is a file of it.
type PublishedFile struct {
	Path   string // from the folder of release.json
	Skill  string // of an archive
	Digest string // "sha256:…"
	Size   int64  // bytes
}

// ParsePublished reads a release.json. The error says why it is none.
func ParsePublished(data []byte) (*Published, error) {
	if _, err := parseRecord(data); err != nil {
		return nil, fmt.Errorf("it %w", err)
	}
	var doc struct {
		Version string
		Files   []PublishedFile
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("it is no release.json of skillgen's: %w", err)
	}
	p := &Published{Version: doc.Version, files: map[string]PublishedFile{}}
	for _, f := range doc.Files {
		skill, format := archiveOf(f.Path)
		f.Skill = skill
		p.files[f.Path] = f
		if format == "tar.gz" {
			p.Archives = append(p.Archives, f)
		}
	}
	return p, nil
}

// File returns the file at a path.
func (p *Published) File(path string) (PublishedFile, bool) {
	f, ok := p.files[path]
	return f, ok
}

// Archive returns the archive of this name, wherever it was put: those who publish a release may have no folders.
func (p *Published) Archive(name string) (PublishedFile, bool) {
	return p.File(archiveFolder + path.Base(name))
}

// Folder is where the skill of an archive lies in a release.
func (f PublishedFile) Folder() string { return skillsFolder + f.Skill }

// Flat is the file's path where all files lie beside release.json.
func (f PublishedFile) Flat() string { return f.Path[strings.LastIndexByte(f.Path, '/')+1:] }

// Is reports whether data are the bytes of the file.
func (f PublishedFile) Is(data []byte) bool { return digest(sha256.Sum256(data)) == f.Digest }
