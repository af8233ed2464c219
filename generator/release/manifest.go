package release

import (
	"fmt"
	"slices"
	"strings"
)

// Manifest says what a release holds: dist/manifest.json.
type Manifest struct {
	Product   string
	Version   string // of the release
	Generator string // version of skillgen
	Templates string // digest of the workflows that are built in, "sha256:…"
	Skills    []Skill
}

// Skill is an entry of the manifest.
type Skill struct {
	Name, Framework, Workflow, Title, Description string
	Languages, Tags                               []string
	Family                                        string
	Main                                          bool
	DetectFiles, DetectDependencies               []string
	Metadata                                      []Pair // what the framework and the workflow say beyond that, by key
	Tokens                                        Tokens
	Inputs                                        [32]byte // digest over everything it was made from
	Files                                         []SkillFile
}

// Pair is a key and its value.
type Pair struct{ Key, Value string }

// Tokens of a skill, in the o200k_base vocabulary.
type Tokens struct{ Total, Head, Guidance, Docs, Example, Stages int }

// SkillFile is a file of a skill.
type SkillFile struct {
	Path   string // from the skill's folder
	Digest [32]byte
	Size   int64 // bytes
}

// Encode returns manifest.json. Skills stand by name, their files by path.
func (m *Manifest) Encode() []byte {
	skills := slices.SortedFunc(slices.Values(m.Skills), func(a, b Skill) int { return strings.Compare(a.Name, b.Name) })
	var j jsonText
	j.raw("{\n  \"schema\": 1")
	j.key("  ", "product")
	j.text(m.Product)
	j.key("  ", "version")
	j.text(m.Version)
	j.key("  ", "generator")
	j.raw(`{"version": `)
	j.text(m.Generator)
	j.raw(`, "templates": `)
	j.text(m.Templates)
	j.raw("}")
	j.key("  ", "skills")
	j.lines("  ", len(skills), func(i int) { j.skill(&skills[i]) })
	j.raw("\n}\n")
	return j.b
}

func (j *jsonText) skill(s *Skill) {
	const indent = "      "
	j.raw("{\n" + indent + `"name": `)
	j.text(s.Name)
	for _, member := range []struct{ key, value string }{
		{"framework", s.Framework}, {"workflow", s.Workflow}, {"title", s.Title}, {"description", s.Description},
	} {
		j.key(indent, member.key)
		j.text(member.value)
	}
	j.key(indent, "languages")
	j.texts(s.Languages)
	j.key(indent, "tags")
	j.texts(s.Tags)
	j.key(indent, "family")
	j.text(s.Family)
	j.key(indent, "main")
	j.truth(s.Main)
	j.key(indent, "detect")
	j.raw(`{"files": `)
	j.texts(s.DetectFiles)
	j.raw(`, "dependencies": `)
	j.texts(s.DetectDependencies)
	j.raw("}")
	j.metadata(indent, s.Metadata)
	j.key(indent, "tokens")
	j.tokens(s.Tokens)
	j.key(indent, "inputs_digest")
	j.text(digest(s.Inputs))
	j.key(indent, "files")
	files := slices.SortedFunc(slices.Values(s.Files), func(a, b SkillFile) int { return strings.Compare(a.Path, b.Path) })
	j.lines(indent, len(files), func(i int) { j.file(files[i].Path, files[i].Digest, files[i].Size) })
	j.raw("\n    }")
}

// metadata writes the member of this name, and nothing where there is none.
func (j *jsonText) metadata(indent string, pairs []Pair) {
	if len(pairs) == 0 {
		return
	}
	j.key(indent, "metadata")
	j.raw("{")
	for i, p := range pairs {
		if i > 0 {
			j.raw(", ")
		}
		j.text(p.Key)
		j.raw(": ")
		j.text(p.Value)
	}
	j.raw("}")
}

func (j *jsonText) tokens(t Tokens) {
	j.raw(fmt.Sprintf(`{"total": %d, "head": %d, "guidance": %d, "docs": %d, "example": %d, "stages": %d}`, t.Total, t.Head, t.Guidance, t.Docs, t.Example, t.Stages))
}

func (j *jsonText) file(path string, sum [32]byte, size int64) {
	j.raw(`{"path": `)
	j.text(path)
	j.raw(`, "digest": "`)
	j.raw(digest(sum))
	j.raw(`", "size": `)
	j.number(size)
	j.raw("}")
}
