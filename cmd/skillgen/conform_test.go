package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

// What follows reads emitted skills the way their consumers do, byte by byte, and shares nothing with the code that emits them: each rule is
// one line of CONFORMANCE.md.

// conform checks all skills below dist and returns how many there are.
func conform(t *testing.T, dist, prefix string) int {
	t.Helper()
	skills := skillTrees(t, dist)
	for _, name := range slices.Sorted(maps.Keys(skills)) {
		for _, fault := range conformFaults(name, prefix, skills[name]) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	noLinks(t, filepath.Join(dist, "skills"))
	return len(skills)
}

// skillTrees returns the files of each skill below dist by the skill's folder.
func skillTrees(t *testing.T, dist string) map[string]map[string]string {
	t.Helper()
	skills := map[string]map[string]string{}
	for file, data := range readTree(t, filepath.Join(dist, "skills")) {
		name, rest, ok := strings.Cut(file, "/")
		if !ok {
			t.Errorf("%s lies beside the skills", file)
			continue
		}
		if skills[name] == nil {
			skills[name] = map[string]string{}
		}
		skills[name][rest] = data
	}
	return skills
}

func noLinks(t *testing.T, dir string) {
	t.Helper()
	err := filepath.Walk(dir, func(p string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
			t.Errorf("%s is no regular file", p)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

var (
	skillName   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	skillPath   = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)
	topKey      = regexp.MustCompile(`^(name|description|license|compatibility|metadata|allowed-tools):(?: (.*))?$`)
	metadataKey = regexp.MustCompile(`^  ([A-Za-z0-9._-]+): (".*")$`)
	noText      = regexp.MustCompile(`(?i)^(y|yes|n|no|on|off|true|false|null|[0-9.-].*)$`)
	surrogate   = regexp.MustCompile(`\\u[dD][89a-fA-F]`)
	plainValue  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ./+()-]*$`)
)

// conformFaults says what breaks CONFORMANCE.md in one skill.
func conformFaults(name, prefix string, files map[string]string) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !skillName.MatchString(name) || len(name) > 64 || strings.Contains(name, "claude") || strings.Contains(name, "anthropic") {
		fault("no name that every consumer accepts")
	}
	if len(prefix+":"+name) > 64 {
		fault("plugin and skill name together have more than 64 characters")
	}
	size := 0
	for _, file := range slices.Sorted(maps.Keys(files)) {
		size += len(files[file])
		if !skillPath.MatchString(file) || len(file) > 100 || !filepath.IsLocal(file) {
			fault("path %q", file)
		}
		if base := strings.ToLower(path.Base(file)); base == "metadata.json" || base == "skill.md" && file != "SKILL.md" {
			fault("path %q is taken by consumers", file)
		}
		if path.Ext(file) == ".md" {
			faults = append(faults, textFaults(file, files[file])...)
		}
	}
	if len(files) > 512 || size > 16<<20 {
		fault("%d files, %d bytes", len(files), size)
	}
	main, ok := files["SKILL.md"]
	if !ok {
		return append(faults, "no SKILL.md")
	}
	return append(faults, frontMatterFaults(name, main)...)
}

// textFaults checks the bytes of a Markdown file.
func textFaults(file, text string) (faults []string) {
	for _, rule := range []struct {
		broken bool
		what   string
	}{
		{!utf8.ValidString(text), "is no UTF-8"},
		{strings.Contains(text, "\ufeff"), "holds a byte order mark"},
		{strings.Contains(text, "\r"), "holds a carriage return"},
		{strings.ContainsFunc(text, unseen), "holds characters that a reader does not see"},
		{!strings.HasSuffix(text, "\n"), "has no final newline"},
	} {
		if rule.broken {
			faults = append(faults, file+" "+rule.what)
		}
	}
	return faults
}

// unseen reports whether r acts on a terminal or hides, but for the joiners that emoji and some scripts need.
func unseen(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.In(r, unicode.Cf, unicode.Co) && r != 0x200c && r != 0x200d
}

// frontMatterFaults checks the block at the top of SKILL.md, first as bytes, then as YAML.
func frontMatterFaults(name, text string) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return []string{"no --- at byte 0"}
	}
	block, _, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		return []string{"front matter is not closed"}
	}
	if strings.Contains(block, "---") {
		fault("front matter holds ---, which cuts it short for the reference validator")
	}
	if i := strings.IndexFunc(block, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || r == 0xfeff) }); i >= 0 {
		fault("front matter holds a raw control character at byte %d", i)
	}
	if surrogate.MatchString(block) {
		fault("front matter holds an escaped surrogate")
	}
	read, lineFaults := readFrontMatter(block)
	faults = append(faults, lineFaults...)
	if read["name"] != name {
		fault("name is %q", read["name"])
	}
	faults = append(faults, descriptionFaults(read["description"])...)
	if utf8.RuneCountInString(read["compatibility"]) > 500 {
		fault("compatibility has more than 500 characters")
	}
	return append(faults, yamlFaults(block, read)...)
}

func descriptionFaults(d string) (faults []string) {
	if n := utf8.RuneCountInString(d); n < 1 || n > 1024 {
		faults = append(faults, fmt.Sprintf("description has %d characters", n))
	}
	bad := func(r rune) bool {
		return r == '<' || r == '>' || unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || r == 0xfeff
	}
	if strings.ContainsFunc(d, bad) {
		faults = append(faults, fmt.Sprintf("description %q holds what consumers refuse", d))
	}
	return faults
}

// readFrontMatter reads the only form that is allowed: one key a line, metadata one level below, strings in JSON's escapes. Values of
// metadata come back as "metadata.KEY".
func readFrontMatter(block string) (read map[string]string, faults []string) {
	read = map[string]string{}
	fault := func(line, what string) { faults = append(faults, fmt.Sprintf("front matter line %q: %s", line, what)) }
	inMetadata := false
	for line := range strings.SplitSeq(block, "\n") {
		key, raw := "", ""
		if m := metadataKey.FindStringSubmatch(line); m != nil && inMetadata {
			key, raw = "metadata."+m[1], m[2]
			if noText.MatchString(m[1]) {
				fault(line, "a key that some readers of YAML take for something else than text")
			}
		} else if m := topKey.FindStringSubmatch(line); m != nil {
			key, raw = m[1], m[2]
			inMetadata = key == "metadata"
		} else {
			fault(line, "not in the form that is allowed")
			continue
		}
		if _, twice := read[key]; twice {
			fault(line, "key stands twice")
		}
		value := raw
		switch {
		case strings.HasPrefix(raw, `"`):
			if err := json.Unmarshal([]byte(raw), &value); err != nil {
				fault(line, err.Error())
			}
		case key == "description":
			fault(line, "not in double quotes")
		case key != "name" && key != "metadata" && !plainValue.MatchString(raw):
			fault(line, "should be quoted")
		}
		read[key] = value
	}
	return read, faults
}

// yamlFaults holds what a YAML parser reads against what readFrontMatter read.
func yamlFaults(block string, read map[string]string) (faults []string) {
	var doc struct {
		Name, Description, License, Compatibility string
		AllowedTools                              string            `yaml:"allowed-tools"`
		Metadata                                  map[string]string `yaml:"metadata"`
	}
	if err := yaml.UnmarshalWithOptions([]byte(block), &doc, yaml.Strict()); err != nil {
		return []string{"YAML: " + err.Error()}
	}
	parsed := map[string]string{"name": doc.Name, "description": doc.Description, "license": doc.License, "compatibility": doc.Compatibility,
		"allowed-tools": doc.AllowedTools, "metadata": ""}
	for k, v := range doc.Metadata {
		parsed["metadata."+k] = v
	}
	for key, value := range parsed {
		if read[key] != value {
			faults = append(faults, fmt.Sprintf("a YAML parser reads %q in %s, the bytes say %q", value, key, read[key]))
		}
	}
	return faults
}

// TestConformFaults shows that the check above sees each fault.
func TestConformFaults(t *testing.T) {
	good := "---\nname: a-b\ndescription: \"One: two\"\nlicense: MIT\nmetadata:\n  version: \"1.10\"\n---\n\n# A\n"
	if faults := conformFaults("a-b", "p", map[string]string{"SKILL.md": good, "stages/1-x.md": "x\n"}); faults != nil {
		t.Fatalf("a good skill has faults: %q", faults)
	}
	replace := func(old, new string) map[string]string {
		return map[string]string{"SKILL.md": strings.Replace(good, old, new, 1)}
	}
	for _, c := range []struct {
		what, name, prefix string
		files              map[string]string
	}{
		{"name", "a--b", "p", replace("a-b", "a--b")},
		{"reserved name", "claude-b", "p", replace("a-b", "claude-b")},
		{"name and prefix", "a-b", strings.Repeat("p", 61), replace("", "")},
		{"other name", "a-c", "p", replace("", "")},
		{"nested SKILL.md", "a-b", "p", map[string]string{"SKILL.md": good, "references/skill.md": "x\n"}},
		{"metadata.json", "a-b", "p", map[string]string{"SKILL.md": good, "assets/metadata.json": "{}\n"}},
		{"path", "a-b", "p", map[string]string{"SKILL.md": good, "assets/[id].txt": "x\n"}},
		{"long path", "a-b", "p", map[string]string{"SKILL.md": good, strings.Repeat("x", 101): "x\n"}},
		{"no SKILL.md", "a-b", "p", map[string]string{"skill.txt": good}},
		{"carriage return", "a-b", "p", replace("# A\n", "# A\r\n")},
		{"escape", "a-b", "p", replace("# A", "# \x1b[1mA")},
		{"zero width", "a-b", "p", replace("# A", "# \u200bA")},
		{"byte order mark", "a-b", "p", replace("# A", "\ufeff# A")},
		{"final newline", "a-b", "p", replace("# A\n", "# A")},
		{"leading blank line", "a-b", "p", replace("---\n", "\n---\n")},
		{"blank after the fence", "a-b", "p", replace("---\nname", "--- \nname")},
		{"unknown key", "a-b", "p", replace("license: MIT", "version: \"1\"")},
		{"key twice", "a-b", "p", replace("license: MIT", "name: a-b")},
		{"plain description", "a-b", "p", replace("\"One: two\"", "One two")},
		{"dashes", "a-b", "p", replace("One: two", "One --- two")},
		{"angle brackets", "a-b", "p", replace("One: two", "One <two>")},
		{"long description", "a-b", "p", replace("One: two", strings.Repeat("é", 1025))},
		{"empty description", "a-b", "p", replace("One: two", "")},
		{"raw C1", "a-b", "p", replace("One: two", "One \u0085 two")},
		{"line separator", "a-b", "p", replace("One: two", `One \u2028 two`)},
		{"surrogates", "a-b", "p", replace("One: two", `\ud83d\ude00`)},
		{"flow map", "a-b", "p", replace("metadata:\n  version: \"1.10\"", "metadata: {version: \"1\"}")},
		{"plain metadata", "a-b", "p", replace("\"1.10\"", "1.10")},
		{"metadata key", "a-b", "p", replace("version", "yes")},
		{"deep metadata", "a-b", "p", replace("\"1.10\"", "\n    x: \"1\"")},
		{"tab", "a-b", "p", replace("license: MIT", "license:\tMIT")},
	} {
		if len(conformFaults(c.name, c.prefix, c.files)) == 0 {
			t.Errorf("%s: no fault seen", c.what)
		}
	}
}
