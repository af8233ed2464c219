package generator

import (
	"encoding/hex"
	"encoding/json"
	"fmt"

	"skillgen/generator/emit"
)

// Drift says what another skillgen made of the same project.
type Drift struct {
	Generator string // the version of skillgen that made the release
	Files     int    // files of skills that this skillgen makes otherwise
}

// manifestDigests is what a comparison needs of a manifest.json.
type manifestDigests struct {
	Generator struct {
		Version   string `json:"version"`
		Templates string `json:"templates"`
	} `json:"generator"`
	Skills []struct {
		Name   string `json:"name"`
		Inputs string `json:"inputs_digest"`
		Files  []struct {
			Path   string `json:"path"`
			Digest string `json:"digest"`
		} `json:"files"`
	} `json:"skills"`
}

// DriftFrom compares the skills with the manifest of the release that was made from the same commit. A file counts where its skill has the
// same inputs, or where the built-in templates are others: there the difference is skillgen's. A manifest of this very skillgen shows none.
func (c *Compilation) DriftFrom(manifest []byte, skillgen string) (Drift, error) {
	var m manifestDigests
	if err := json.Unmarshal(manifest, &m); err != nil {
		return Drift{}, fmt.Errorf("reading the manifest: %w", err)
	}
	templates, err := BuiltinDigest()
	if err != nil {
		return Drift{}, err
	}
	d := Drift{Generator: m.Generator.Version}
	if m.Generator.Version == skillgen && m.Generator.Templates == templates {
		return d, nil
	}
	mine := map[string]*emit.Skill{}
	for _, s := range c.Skills {
		mine[s.Plan.Name] = s
	}
	for _, s := range m.Skills {
		skill := mine[s.Name]
		if skill == nil || s.Inputs != hexDigest(skill.Inputs) && m.Generator.Templates == templates {
			continue
		}
		theirs := map[string]string{}
		for _, f := range s.Files {
			theirs[f.Path] = f.Digest
		}
		for _, f := range skill.Files {
			if theirs[f.Path] != hexDigest(f.Digest) {
				d.Files++
			}
			delete(theirs, f.Path)
		}
		d.Files += len(theirs) // what only they made
	}
	return d, nil
}

func hexDigest(d [32]byte) string { return "sha256:" + hex.EncodeToString(d[:]) }
