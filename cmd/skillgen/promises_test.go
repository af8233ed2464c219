package main

import (
	"crypto/sha256"
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

	"skillgen/generator/example"
)

// The promises of DESIGN §3.3, held on what the real command writes.

// reportFile is dist/report.json as its readers know it.
type reportFile struct {
	Inputs []struct {
		Path   string   `json:"path"`
		Skills []string `json:"skills"`
	} `json:"inputs"`
	Outputs []struct {
		Path   string `json:"path"`
		Digest string `json:"digest"`
		Size   int64  `json:"size"`
	} `json:"outputs"`
	Left []struct {
		Path   string `json:"path"`
		Reason string `json:"reason"`
	} `json:"left"`
}

func readReport(t *testing.T, path string) reportFile {
	t.Helper()
	var r reportFile
	readJSON(t, path, &r)
	if len(r.Inputs) == 0 || len(r.Outputs) == 0 {
		t.Fatalf("%s lists %d inputs, %d outputs", path, len(r.Inputs), len(r.Outputs))
	}
	return r
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// checkReport is promise 1: each file below dist is listed with its size and digest and nothing else is listed; and what isn't listed as an
// input has no say: without those files the same bytes come out.
func checkReport(t *testing.T, project string) {
	t.Helper()
	dist := filepath.Join(project, "dist")
	before := readTree(t, dist)
	r := readReport(t, filepath.Join(dist, "report.json"))
	checkOutputs(t, r, before)

	used := map[string]bool{}
	for _, in := range r.Inputs {
		used[in.Path] = true
		if _, err := os.Lstat(filepath.Join(project, in.Path)); err != nil && !strings.HasPrefix(in.Path, "builtin:") {
			t.Errorf("input %s: %v", in.Path, err)
		}
	}
	removed := 0
	for file := range readTree(t, project) {
		if !used[file] && !strings.HasPrefix(file, "dist/") {
			if err := os.Remove(filepath.Join(project, file)); err != nil {
				t.Fatal(err)
			}
			removed++
		}
	}
	if removed == 0 {
		t.Fatal("the project has no file without a say: the test shows nothing")
	}
	mustBuild(t, project)
	if diff := diffTrees(before, readTree(t, dist)); diff != "" {
		t.Errorf("files that the report doesn't list changed the output:\n%s", diff)
	}
}

func checkOutputs(t *testing.T, r reportFile, dist map[string]string) {
	t.Helper()
	listed := map[string]bool{"report.json": true}
	for _, out := range r.Outputs {
		data, ok := dist[out.Path]
		if !ok || listed[out.Path] {
			t.Errorf("output %s: listed twice, or not there", out.Path)
			continue
		}
		listed[out.Path] = true
		if sum := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(data))); out.Digest != sum || out.Size != int64(len(data)) {
			t.Errorf("output %s: %s of %d bytes, the file has %s of %d", out.Path, out.Digest, out.Size, sum, len(data))
		}
	}
	for path := range dist {
		if !listed[path] {
			t.Errorf("output %s is not listed", path)
		}
	}
}

// lineRange is a range of dist/provenance/<name>.json: lines From to To of File, 1-based and both inside, come from Source, the first of them
// from Line.
type lineRange struct {
	File      string `json:"file"`
	From      int    `json:"from"`
	To        int    `json:"to"`
	Source    string `json:"source"`
	Line      int    `json:"line"`
	Generated bool   `json:"generated"`
}

func readOrigins(t *testing.T, dist, skill string) map[string][]lineRange {
	t.Helper()
	var doc struct {
		Ranges []lineRange `json:"ranges"`
	}
	readJSON(t, filepath.Join(dist, "provenance", skill+".json"), &doc)
	byFile := map[string][]lineRange{}
	for _, o := range doc.Ranges {
		byFile[o.File] = append(byFile[o.File], o)
	}
	return byFile
}

// at returns where the 1-based line comes from.
func at(origins []lineRange, line int) (lineRange, int) {
	for _, o := range origins {
		if o.From <= line && line <= o.To {
			if o.Generated {
				return o, o.Line
			}
			return o, o.Line + line - o.From
		}
	}
	return lineRange{}, 0
}

// maybeChanged matches source lines that hold what skillgen may rewrite: links, headings, comments, template tags, footnotes, the bullets of
// rules.
var maybeChanged = regexp.MustCompile(`[\[\]<>{}!]|^\s*#|^\s*[*+] `)

// underlined matches the line below a heading of the older form.
var underlined = regexp.MustCompile(`^ {0,3}(=+|-+)\s*$`)

// checkProvenance is promise 4: ranges cover each line once; a line that isn't generated is its source line, but for what skillgen says it
// rewrites. It returns how many lines were held against their source word by word.
func checkProvenance(t *testing.T, project, dist string) (exact int) {
	t.Helper()
	sources := map[string][]string{}
	for skill, files := range skillTrees(t, dist) {
		origins := readOrigins(t, dist, skill)
		for file, data := range files {
			if _, ok := origins[file]; !ok && path.Ext(file) != ".md" {
				continue // a binary that came along
			}
			exact += checkFileProvenance(t, skill+"/"+file, strings.SplitAfter(data, "\n"), origins[file], func(source string) []string {
				if sources[source] == nil {
					sources[source] = sourceLines(t, project, source)
				}
				return sources[source]
			})
		}
	}
	return exact
}

// sourceLines reads a source file as skillgen does: without byte order mark, with LF.
func sourceLines(t *testing.T, project, source string) []string {
	t.Helper()
	file := filepath.Join(project, source)
	if rest, ok := strings.CutPrefix(source, "builtin:"); ok {
		file = filepath.Join("../..", rest)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(normalised(string(data)), "\n")
}

func normalised(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
}

func checkFileProvenance(t *testing.T, name string, lines []string, origins []lineRange, source func(string) []string) (exact int) {
	t.Helper()
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	next := 1
	for _, o := range origins {
		if o.From != next || o.To < o.From {
			t.Errorf("%s: range %d–%d where line %d is due", name, o.From, o.To, next)
			return exact
		}
		next = o.To + 1
		from := source(o.Source)
		if last := o.Line + o.To - o.From; o.Line < 1 || o.Line > len(from) || !o.Generated && last > len(from) {
			t.Errorf("%s:%d: %s has no lines %d–%d", name, o.From, o.Source, o.Line, last)
			continue
		}
		for i := o.From; !o.Generated && i <= min(o.To, len(lines)); i++ {
			at := o.Line - 1 + i - o.From
			want := from[at]
			isHeading := at+1 < len(from) && underlined.MatchString(strings.TrimSuffix(from[at+1], "\n"))
			if isCode := strings.HasPrefix(o.Source, "examples/"); !isCode && (isHeading || maybeChanged.MatchString(want)) {
				continue
			}
			exact++
			if strings.TrimSuffix(lines[i-1], "\n") != strings.TrimSuffix(want, "\n") {
				t.Errorf("%s:%d: %q, but %s:%d has %q", name, i, lines[i-1], o.Source, o.Line+i-o.From, want)
			}
		}
	}
	if next != len(lines)+1 {
		t.Errorf("%s: ranges end at line %d of %d", name, next-1, len(lines))
	}
	return exact
}

// fencesMatch holds the code blocks that another reader of Markdown finds in the skills against those of the sources: a model airplane's
// file is one block with the file's bytes, a page's blocks are the same as in the page.
func fencesMatch(t *testing.T, project, dist string) {
	t.Helper()
	blocks := 0
	for skill, files := range skillTrees(t, dist) {
		origins := readOrigins(t, dist, skill)
		bySource := map[string][]string{}
		for _, file := range slices.Sorted(maps.Keys(files)) {
			if path.Ext(file) != ".md" {
				continue
			}
			for _, f := range render(files[file]).fences {
				o, _ := at(origins[file], f.line)
				if f.content != "" && !o.Generated {
					bySource[o.Source] = append(bySource[o.Source], f.content)
				}
			}
		}
		for source, got := range bySource {
			blocks += len(got)
			if want := sourceBlocks(t, project, source); want != nil && !slices.Equal(got, want) {
				t.Errorf("%s: the code blocks of %s are %q, want %q", skill, source, got, want)
			}
		}
	}
	if t.Logf("%d code blocks", blocks); blocks == 0 {
		t.Error("no code blocks")
	}
}

// sourceBlocks returns the code blocks that a skill shows of a source; nil for a template, which may show a part of its own.
func sourceBlocks(t *testing.T, project, source string) (blocks []string) {
	t.Helper()
	switch {
	case strings.HasPrefix(source, "builtin:"), strings.HasPrefix(source, "templates/"), strings.HasPrefix(source, "frameworks/partials/"):
		return nil
	case strings.HasPrefix(source, "examples/"):
		text := withoutMarkers(strings.Join(sourceLines(t, project, source), ""))
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return []string{text}
	}
	for _, f := range render(strings.Join(sourceLines(t, project, source), "")).fences {
		if f.content != "" {
			blocks = append(blocks, f.content)
		}
	}
	return blocks
}

var marker = regexp.MustCompile(`^\s*(?://|#|/\*|<!--|--|;)\s*skillgen:ignore-(start|end|next|file)\b`)

// withoutMarkers drops marker lines, and the lines that they drop.
func withoutMarkers(text string) string {
	var b strings.Builder
	ignoring, next := false, false
	for line := range strings.SplitAfterSeq(text, "\n") {
		if m := marker.FindStringSubmatch(line); m != nil {
			ignoring, next = m[1] == "start" || ignoring && m[1] != "end", next || m[1] == "next"
			continue
		}
		if !ignoring && !next {
			b.WriteString(line)
		}
		next = false
	}
	return b.String()
}

// TestReportIsComplete is promise 1, on a fleet and on the project of odd inputs.
func TestReportIsComplete(t *testing.T) {
	for name, write := range map[string]func(*testing.T, string){
		"fleet": func(t *testing.T, dir string) { writeFleet(t, dir, 12) },
		"nasty": writeNasty,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir)
			mustBuild(t, dir)
			checkReport(t, dir)
		})
	}
}

// TestProvenance is promise 4, on a fleet in both layouts and on this repository's own content.
func TestProvenance(t *testing.T) {
	dir := t.TempDir()
	writeFleet(t, dir, 12)
	for _, args := range [][]string{{"--layout", "flat"}, {"--layout", "references", "--stages", "inline"}} {
		mustBuild(t, dir, args...)
		exact := checkProvenance(t, dir, filepath.Join(dir, "dist"))
		if t.Logf("%s: %d lines are word by word their source's", args, exact); exact < 15_000 {
			t.Error("too few lines were held against their source")
		}
	}
	exact := checkProvenance(t, "../..", buildRepository(t))
	if t.Logf("this repository: %d lines", exact); exact < 1000 {
		t.Error("too few lines were held against their source")
	}
}

// roundTrip is promise 3: reading a skill as Markdown gives back each file of its airplanes exactly, and all of them.
func roundTrip(t *testing.T, project, dist string, minFiles int) {
	t.Helper()
	back := map[string]map[string]bool{} // airplane files by skill
	files := 0
	for skill, tree := range skillTrees(t, dist) {
		back[skill] = map[string]bool{}
		file := "SKILL.md"
		if _, ok := tree["references/EXAMPLE.md"]; ok {
			file = "references/EXAMPLE.md"
		}
		extracted, err := example.Extract(tree[file])
		if err != nil {
			t.Errorf("%s: %v", skill, err)
		}
		for _, x := range extracted {
			source := airplaneOf(t, dist, skill, x.Airplane) + "/" + x.Path
			if want := withoutMarkers(strings.Join(sourceLines(t, project, source), "")); x.Content != want {
				t.Errorf("%s: %s comes back as %q, want %q", skill, source, x.Content, want)
			}
			back[skill][source] = true
			files++
		}
	}
	// Inputs that no skill shows: what they ignore is not there, and what they lock decides whether the airplane is the one that flew.
	unseen := []string{".gitignore", "package-lock.json", "go.sum"}
	for _, in := range readReport(t, filepath.Join(dist, "report.json")).Inputs {
		for _, skill := range in.Skills {
			if strings.HasPrefix(in.Path, "examples/") && !slices.Contains(unseen, path.Base(in.Path)) && !back[skill][in.Path] {
				t.Errorf("%s does not give back %s", skill, in.Path)
			}
		}
	}
	if t.Logf("%d files", files); files < minFiles {
		t.Errorf("%d files came back, want %d at least", files, minFiles)
	}
}

// airplaneOf is the folder of an airplane: what the heading says, else the only one whose files the skill's provenance names.
func airplaneOf(t *testing.T, dist, skill, dir string) string {
	t.Helper()
	if dir != "" {
		return dir
	}
	dirs := map[string]bool{}
	for _, origins := range readOrigins(t, dist, skill) {
		for _, o := range origins {
			if parts := strings.SplitN(o.Source, "/", 3); parts[0] == "examples" && len(parts) == 3 {
				dirs[parts[0]+"/"+parts[1]] = true
			}
		}
	}
	if len(dirs) != 1 {
		t.Fatalf("%s has airplanes %v", skill, dirs)
	}
	return slices.Collect(maps.Keys(dirs))[0]
}

// TestRoundTrip holds promise 3 on the project of odd inputs, on a fleet and on this repository.
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	writeNasty(t, dir)
	mustBuild(t, dir)
	roundTrip(t, dir, filepath.Join(dir, "dist"), 35)
	for _, layout := range []string{"flat", "references"} {
		dir := t.TempDir()
		writeFleet(t, dir, 8)
		mustBuild(t, dir, "--layout", layout)
		roundTrip(t, dir, filepath.Join(dir, "dist"), 8*13)
	}
	roundTrip(t, "../..", buildRepository(t), 30)
}
