package release

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Where a release puts what consumers look for. Whoever reads a path here for the first time finds the format in the function that makes it.
const (
	manifestPath      = "manifest.json"
	recordPath        = "release.json"
	sumsPath          = "SHA256SUMS"
	notesPath         = "RELEASE_NOTES.md"
	archiveFolder     = "archives/"
	indexPath         = ".well-known/agent-skills/index.json"
	legacyFolder      = ".well-known/skills/"
	legacyIndexPath   = legacyFolder + "index.json"
	marketplacePath   = ".claude-plugin/marketplace.json"
	extensionPath     = "gemini-extension.json"
	pluginPath        = "plugin.json"
	llmsPath          = "llms.txt"
	sitePath          = "index.html"
	skillsFolder      = "skills/"
	provenanceFolder  = "provenance/"
	discoverySchema   = "https://schemas.agentskills.io/discovery/0.2.0/schema.json"
	agentPluginSchema = "https://agent-plugins.org/schemas/1.0.0/plugin.schema.json"
)

// encode writes a document of a consumer: indented JSON. The values must be such that they always encode.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // strings and lists of strings
	}
	return b.Bytes()
}

// discovery is the well-known index of the discovery RFC, version 0.2.0.
type discovery struct {
	Schema string            `json:"$schema"`
	Skills []discoveredSkill `json:"skills"`
}

type discoveredSkill struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // "archive", with SKILL.md at its root; or "skill-md"
	Description string `json:"description"`
	URL         string `json:"url"` // may be relative to the index
	Digest      string `json:"digest"`
}

// maxListed is how long a description may be in an index: consumers that are written in JavaScript count UTF-16 units, and drop a skill that has
// more without a word.
const maxListed = 1024

// listed shortens a description to what every consumer takes in an index. One that is cut ends in "…".
func listed(description string) string {
	if len(utf16.Encode([]rune(description))) <= maxListed {
		return description
	}
	units := 0
	for i, r := range description {
		n := max(utf16.RuneLen(r), 1)
		if units+n > maxListed-1 {
			return strings.TrimRight(description[:i], " ") + "…"
		}
		units += n
	}
	return description
}

// index lists all skills: as a file where SKILL.md is all there is, else as an archive.
func (e *Edition) index(archives []Output) Output {
	digests := map[string]string{}
	for i := range archives {
		digests[archives[i].Path] = digest(sumOf(&archives[i]))
	}
	doc := discovery{Schema: discoverySchema, Skills: []discoveredSkill{}}
	for _, s := range e.Manifest.Skills {
		entry := discoveredSkill{Name: s.Name, Type: "archive", Description: listed(s.Description), URL: tarPath(s.Name)}
		entry.Digest = digests[entry.URL]
		if len(s.Files) == 1 {
			entry.Type, entry.URL, entry.Digest = "skill-md", skillsFolder+s.Name+"/"+s.Files[0].Path, digest(s.Files[0].Digest)
		}
		entry.URL = "../../" + entry.URL
		doc.Skills = append(doc.Skills, entry)
	}
	return Output{Path: indexPath, Data: encode(doc)}
}

// legacy is the index of version 0.1.0, for older clients.
type legacy struct {
	Skills []legacySkill `json:"skills"`
}

type legacySkill struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Files       []string `json:"files"`
}

// legacyIndex lists all skills for older clients, and copies their files to where those look: beside the index.
func (e *Edition) legacyIndex(skills []Output) []Output {
	doc := legacy{Skills: []legacySkill{}}
	for _, s := range e.Manifest.Skills {
		entry := legacySkill{Name: s.Name, Description: listed(s.Description)}
		for _, f := range s.Files {
			entry.Files = append(entry.Files, f.Path)
		}
		slices.Sort(entry.Files)
		doc.Skills = append(doc.Skills, entry)
	}
	out := []Output{{Path: legacyIndexPath, Data: encode(doc)}}
	for _, o := range skills {
		o.Path = legacyFolder + strings.TrimPrefix(o.Path, skillsFolder)
		out = append(out, o)
	}
	return out
}

// person is who publishes something.
type person struct {
	Name string `json:"name"`
}

// marketplace makes dist a marketplace of Claude Code. Its plugins share the source ./skills, so that nothing else is copied to users; with
// strict: false the entry itself is the plugin's manifest.
type marketplace struct {
	Name        string              `json:"name"`
	Owner       person              `json:"owner"`
	Description string              `json:"description"`
	Metadata    marketplaceMetadata `json:"metadata"`
	Plugins     []marketplacePlugin `json:"plugins"`
}

type marketplaceMetadata struct {
	Version string `json:"version"`
}

type marketplacePlugin struct {
	Name        string   `json:"name"`
	Source      string   `json:"source"`
	Strict      bool     `json:"strict"`
	Skills      []string `json:"skills"`
	Description string   `json:"description"`
	Version     string   `json:"version"`
	Author      *person  `json:"author,omitempty"`
	Homepage    string   `json:"homepage,omitempty"`
	License     string   `json:"license,omitempty"`
}

// pluginSource is the folder of every plugin, from the marketplace.
const pluginSource = "./skills"

func (e *Edition) marketplace() Output {
	doc := marketplace{Name: e.Marketplace, Owner: person{e.owner()}, Description: e.Description, Metadata: marketplaceMetadata{e.Manifest.Version}, Plugins: []marketplacePlugin{}}
	for _, p := range e.Plugins {
		entry := marketplacePlugin{
			Name: p.Name, Source: pluginSource, Description: p.Description, Version: e.Manifest.Version,
			Author: e.author(), Homepage: e.Homepage, License: e.License,
		}
		for _, name := range p.Skills {
			entry.Skills = append(entry.Skills, "./"+name)
		}
		doc.Plugins = append(doc.Plugins, entry)
	}
	return Output{Path: marketplacePath, Data: encode(doc)}
}

// owner is who publishes the release: the author, or where nobody says, the product.
func (e *Edition) owner() string {
	if e.Author != "" {
		return e.Author
	}
	return e.Manifest.Product
}

func (e *Edition) author() *person {
	if e.Author == "" {
		return nil
	}
	return &person{e.Author}
}

// extension makes dist an extension of Gemini CLI.
type extension struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

func (e *Edition) extension() Output {
	return Output{Path: extensionPath, Data: encode(extension{e.Name, e.Manifest.Version})}
}

// plugin makes dist a plugin of Agent Plugins 1.0.
type plugin struct {
	Schema      string  `json:"$schema"`
	Name        string  `json:"name"`
	Version     string  `json:"version"`
	Description string  `json:"description"`
	Author      *person `json:"author,omitempty"`
	License     string  `json:"license,omitempty"`
}

func (e *Edition) plugin() Output {
	return Output{Path: pluginPath, Data: encode(plugin{agentPluginSchema, e.Name, e.Manifest.Version, e.Description, e.author(), e.License})}
}

// llms is llms.txt after llmstxt.org: a heading, a summary, lists of links; what may be skipped stands under Optional.
func (e *Edition) llms() Output {
	var b strings.Builder
	b.WriteString("# " + plainLine(e.Manifest.Product) + " skills\n\n> " + plainLine(e.Description) + "\n\n")
	b.WriteString("Version " + e.Manifest.Version + ". A skill is a folder; its SKILL.md says how to begin.\n\n## Skills\n\n")
	for _, s := range e.Manifest.Skills {
		b.WriteString(llmsLine(s.Name, skillsFolder+s.Name+"/SKILL.md", s.Description))
	}
	if len(e.Pages) > 0 {
		b.WriteString("\n## Optional\n\n")
	}
	for _, p := range e.Pages {
		b.WriteString(llmsLine(p.Title, p.URL, ""))
	}
	return Output{Path: llmsPath, Data: []byte(b.String())}
}

func llmsLine(title, url, what string) string {
	line := "- [" + strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(plainLine(title)) + "](" + linkTarget(url) + ")"
	if what != "" {
		line += ": " + plainLine(what)
	}
	return line + "\n"
}

// linkTarget escapes what would end a destination of Markdown.
func linkTarget(url string) string {
	return strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\n", "%0A").Replace(url)
}

// plainLine makes text one line of valid UTF-8.
func plainLine(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, string(utf8.RuneError))), " ")
}
