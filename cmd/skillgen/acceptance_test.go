package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The project whose release `make acceptance` gives to real consumers: the nasty project, and as many frameworks more as make 100 skills, whose
// titles and descriptions are the odd values. Where skillgen refuses a value, the test says so, and what a person would write in its place stands
// in the project.

const acceptanceSkills = 100

// acceptanceRefused lists the odd values that can't be a title or a description of a framework.
var acceptanceRefused = map[string][]string{
	"title": {"ansi", "bidi", "blank", "bom", "c1", "del", "empty", "line separator", "link", "long", "newline", "noncharacter", "nul", "private use",
		"soft hyphen", "tab", "tag character", "too long", "zero width"},
	"description": {"ansi", "bidi", "blank", "bom", "c1", "del", "empty", "line separator", "newline", "noncharacter", "nul", "private use",
		"soft hyphen", "tab", "tag", "tag character", "too long", "zero width"},
}

// acceptanceNear is what a person writes after such a refusal.
var acceptanceNear = map[string]string{
	"ansi":           "[31mred",
	"bidi":           "right",
	"blank":          ".",
	"bom":            "bom inside",
	"c1":             "c1…",
	"del":            "del",
	"empty":          "x",
	"line separator": "two / lines",
	"link":           "[a] (b) ![c] (d) [e][f]", // the title stands in a heading, where the link would lead nowhere
	"long":           strings.Repeat("é", 200),
	"newline":        `two\nlines`,
	"noncharacter":   "non�character",
	"nul":            `nul\0`,
	"private use":    "private use",
	"soft hyphen":    "soft-hyphen",
	"tab":            `a\tb`,
	"tag":            "Vue script setup",
	"tag character":  "tag 🏴",
	"too long":       strings.Repeat("é", 200),
	"zero width":     "zero width",
}

// acceptanceLong are descriptions of the 1,024 characters that are allowed, which have more as UTF-16, in bytes or when they are quoted.
var acceptanceLong = []string{
	strings.Repeat("😀", 1024),
	strings.Repeat(`"`, 1024),
	strings.Repeat("- ", 511) + "--",
	"Use: it # " + strings.Repeat("a --- b ", 126) + "c: 'd'",
}

// acceptanceNames are names of frameworks that skillgen refuses, and near ones that it takes. The last two make names that are as long as consumers
// allow: 64 characters for a plugin's name, a colon and the skill's.
var acceptanceNames = []struct{ refused, near string }{
	{"Next.js", "next-js"},
	{"C#", "c-sharp"},
	{"claude-sdk", "sdk"},
	{"anthropic", "other-vendor"},
	{strings.Repeat("n", 57), strings.Repeat("n", 56)}, // n:nasty-…
	{strings.Repeat("m", 53), strings.Repeat("m", 52)}, // nasty:nasty-…
}

// acceptanceExpected is what consumers are to find.
type acceptanceExpected struct {
	Skills       []string            `json:"skills"`
	Descriptions map[string]string   `json:"descriptions"` // of most of them
	Plugins      map[string][]string `json:"plugins"`
}

// TestAcceptanceProject writes that project and holds its release to what a test can know without the consumers. With SKILLGEN_ACCEPTANCE set, the
// project stays in project/ of that folder, and expected.json beside it says what consumers are to find.
func TestAcceptanceProject(t *testing.T) {
	dir := os.Getenv("SKILLGEN_ACCEPTANCE")
	if dir == "" {
		dir = t.TempDir()
	}
	project := filepath.Join(dir, "project")
	if left, err := os.ReadDir(project); err == nil && len(left) > 0 {
		t.Fatalf("%s is not empty", project)
	}
	expected := writeAcceptance(t, project)
	data, err := json.MarshalIndent(expected, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "expected.json"), string(data)+"\n")

	longest := 0
	for plugin, skills := range expected.Plugins {
		for _, name := range skills {
			longest = max(longest, len(plugin+":"+name))
		}
	}
	if longest != 64 {
		t.Errorf("the longest name has %d characters, want 64", longest)
	}
	dist := filepath.Join(t.TempDir(), "dist")
	o := skillgen(t, project, "release", "--allow-missing-base", "--out", dist)
	if o.exit != 0 {
		t.Fatalf("exit %d\n%s%s", o.exit, o.stdout, o.stderr)
	}
	trees := skillTrees(t, dist)
	if got := slices.Sorted(maps.Keys(trees)); len(got) != acceptanceSkills || !slices.Equal(got, expected.Skills) {
		t.Errorf("%d skills: %q\nwant %d: %q", len(got), got, acceptanceSkills, expected.Skills)
	}
	for plugin, skills := range expected.Plugins {
		for _, name := range skills {
			for _, fault := range conformFaults(name, plugin, trees[name]) {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
	if o := skillgen(t, project, "release", "--check", dist); o.exit != 0 {
		t.Errorf("release --check: exit %d\n%s", o.exit, o.stderr)
	}
}

// TestAcceptanceRefusals: a value that the project of TestAcceptanceProject does not hold is refused, at its line.
func TestAcceptanceRefusals(t *testing.T) {
	for _, place := range []string{"title", "description"} {
		var refused []string
		for name, value := range oddValues {
			dir := t.TempDir()
			unpack(t, dir, strings.Replace(hostileBase, "# Acme\n", "# Acme for {{title}}\n", 1))
			writeFile(t, filepath.Join(dir, "frameworks/good.md"), strings.ReplaceAll(oddPlaces[place].text, "VALUE", escaped(value, 0x7f)))
			if acceptanceRefuses(t, dir, "build", "frameworks/good.md", "templates/integrate/skill.md") {
				refused = append(refused, name)
			}
		}
		slices.Sort(refused)
		if !slices.Equal(refused, acceptanceRefused[place]) {
			t.Errorf("%s: refused are %q, want %q", place, refused, acceptanceRefused[place])
		}
	}
	for i, name := range acceptanceNames {
		dir := t.TempDir()
		unpack(t, dir, hostileBase)
		plugin := []string{"n", "nasty"}[i%2]
		writeFile(t, filepath.Join(dir, "skillgen.yaml"), "product: Acme\nprefix: nasty\nplugins: {"+plugin+": {}}\n")
		file := "frameworks/" + name.refused + ".md"
		writeFile(t, filepath.Join(dir, file), "---\ntitle: T\nlanguages: [go]\n---\n")
		if !acceptanceRefuses(t, dir, "release", file) {
			t.Errorf("%s is not refused", name.refused)
		}
	}
}

// acceptanceRefuses reports whether a command ends with an error about one of the files.
func acceptanceRefuses(t *testing.T, dir, command string, files ...string) bool {
	t.Helper()
	args := []string{command, "--version", "1.0.0", "--format", "json"}
	if command == "release" {
		args = append(args, "--allow-missing-base")
	}
	o := skillgen(t, dir, args...)
	if o.exit == 0 {
		return false
	}
	for _, f := range readFindings(t, o.stdout) {
		if f.Severity == "error" && slices.Contains(files, f.File) {
			return o.exit == 1
		}
	}
	t.Errorf("%s: exit %d without an error about it\n%s%s", files, o.exit, o.stdout, o.stderr)
	return false
}

// writeAcceptance writes the project and returns what consumers are to find in its release.
func writeAcceptance(t *testing.T, dir string) acceptanceExpected {
	t.Helper()
	writeNasty(t, dir)
	ids := []string{"flat", "refs", "inline"} // of the nasty project
	for _, name := range acceptanceNames {
		ids = append(ids, name.near)
	}
	for i := len(ids); i < acceptanceSkills; i++ {
		ids = append(ids, fmt.Sprintf("odd-%02d", i))
	}
	expected := acceptanceExpected{Descriptions: map[string]string{}, Plugins: map[string][]string{}}
	values := slices.Sorted(maps.Keys(oddValues))
	for i, id := range ids[3:] {
		title, description := values[i%len(values)], acceptanceValue("description", values[(i*7+i/len(values))%len(values)])
		if i < len(acceptanceLong) {
			description = acceptanceLong[i]
		}
		expected.Descriptions["nasty-"+id] = description
		writeFile(t, filepath.Join(dir, "frameworks", id+".md"), acceptanceFramework(i, acceptanceValue("title", title), description))
	}
	plugins := map[string][]string{}
	for i, id := range ids {
		plugin := "n"
		if i%2 == 0 {
			plugin = "nasty"
		}
		plugins[plugin] = append(plugins[plugin], id)
		expected.Plugins[plugin] = append(expected.Plugins[plugin], "nasty-"+id)
		expected.Skills = append(expected.Skills, "nasty-"+id)
	}
	slices.Sort(expected.Skills)
	config := "plugins:\n"
	for _, name := range slices.Sorted(maps.Keys(plugins)) {
		slices.Sort(expected.Plugins[name])
		config += "  " + name + ": {frameworks: [" + strings.Join(plugins[name], ", ") + "]}\n"
	}
	file := filepath.Join(dir, "skillgen.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, string(text)+config)
	return expected
}

// acceptanceFramework is the i-th framework. Its odd values stand as they are, or escaped; its skill is one file or many.
func acceptanceFramework(i int, title, description string) string {
	last := rune(0x20)
	if i%2 == 1 {
		last = 0x7f
	}
	text := "---\ntitle: " + escaped(title, last) + "\n" +
		"description: " + escaped(description, last) + "\nlanguages: [javascript]\nexample: examples/odd\n"
	pages := []string{"front-matter", "fences", "lists", "html-table", "no-title", "same-headings", "ünïcödé"}
	text += "docs: [website/docs/" + pages[i%len(pages)] + ".md]\n"
	switch i % 5 {
	case 1:
		text += "layout: references\n"
	case 2:
		text += "stages: inline\n"
	}
	return text + "---\n"
}

func acceptanceValue(place, name string) string {
	if slices.Contains(acceptanceRefused[place], name) {
		return acceptanceNear[name]
	}
	return oddValues[name]
}
