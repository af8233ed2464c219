package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// writeNasty writes the project in which everything is odd and nothing is wrong: testdata/nasty/project.txtar, and what a text archive
// can't hold.
func writeNasty(t *testing.T, dir string) {
	t.Helper()
	archive, err := os.ReadFile("testdata/nasty/project.txtar")
	if err != nil {
		t.Fatal(err)
	}
	unpack(t, dir, string(archive))
	for file, text := range nastyBytes {
		writeFile(t, filepath.Join(dir, file), text)
	}
	for link, target := range map[string]string{
		"examples/odd/broken":       "nowhere",
		"examples/odd/loop":         "loop",
		"examples/odd/outward":      "/etc/hostname",
		"examples/odd/folder":       "../web",
		"website/docs/outward-link": "../../../..",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
}

var nastyBytes = map[string]string{
	"website/docs/crlf.md":                                     "\ufeff# CRLF\r\n\r\n```sh\r\nrun\r\n```\r\n\r\n[x](setext.md)\r\n",
	"website/docs/tabs.md":                                     "# Tabs\n\n-\tone\n\n\t\tcode\n\n1.\ttwo\n",
	"website/docs/nbsp.md":                                     "# A\u00a0title\u00a0with NBSP\n\nText\u00a0text\u2028separated.\n",
	"examples/web/src/crlf.ts":                                 "\ufeffconst a = 1\r\nconst b = 2\r\n",
	"examples/web/src/no-newline.ts":                           "const last = 1",
	"examples/web/src/blank-lines.ts":                          "\n\n  trailing blanks  \n\t\n\n",
	"examples/web/src/logo.png":                                "\x89PNG\r\n\x1a\n\x00\x00",
	"examples/web/src/nul.dat":                                 "a\x00b",
	"examples/web/src/lone-cr.txt":                             "a\rb",
	"examples/web/src/with `ticks` here.ts":                    "const ticks = 1\n",
	"examples/web/src/with space.ts":                           "const space = 1\n",
	"examples/web/src/*star* _under_.ts":                       "const star = 1\n",
	"examples/web/src/#hash [x](y) <b>.ts":                     "const hash = 1\n",
	"examples/odd/README":                                      "a README without extension or final newline",
	"examples/odd/keys/server.pem":                             "left out\n",
	"examples/odd/app.keystore":                                "\xfe\xed\xfe\xed\x00",
	"examples/odd/" + strings.Repeat("long/", 25) + "file.txt": "a path over 100 bytes\n",
}

// TestNastyProjectBuilds holds a project of odd inputs to what every consumer accepts.
func TestNastyProjectBuilds(t *testing.T) {
	dir := t.TempDir()
	writeNasty(t, dir)
	o := skillgen(t, dir, "build", "--format", "json")
	if o.exit != 0 {
		t.Fatalf("exit %d\n%s%s", o.exit, o.stdout, o.stderr)
	}
	dist := filepath.Join(dir, "dist")
	if n := conform(t, dist, "nasty"); n != 3 {
		t.Errorf("%d skills, want 3", n)
	}
	for name, files := range skillTrees(t, dist) {
		for _, fault := range linkFaults(files) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	fencesMatch(t, dir, dist)
	if exact := checkProvenance(t, dir, dist); exact < 150 {
		t.Errorf("only %d lines were held against their source", exact)
	}
	for _, f := range readFindings(t, o.stdout) {
		if f.Severity == "error" {
			t.Errorf("%s:%d: %s", f.File, f.Line, f.Message)
		}
	}
}

// findingJSON is a finding in --format json.
type findingJSON struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Col      int    `json:"col"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
}

// TestSameBytesEverywhere is promise 2: machine, locale, time zone, processors, order of creation, times, modes, umask and place change
// nothing.
func TestSameBytesEverywhere(t *testing.T) {
	here := t.TempDir()
	writeNasty(t, here)
	mustBuild(t, here)
	want := readTree(t, filepath.Join(here, "dist"))

	there := filepath.Join(t.TempDir(), "another place", "ünïcode", "checkout")
	copyBackwards(t, here, there)
	o := job{dir: there, umask: "077", args: []string{"build", "-j", "1"}, env: []string{
		"TZ=Asia/Tokyo", "LC_ALL=C", "LANG=tr_TR.UTF-8", "GOMAXPROCS=1", "USER=somebody", "NO_COLOR=1", "GITHUB_ACTIONS=true", "SOURCE_DATE_EPOCH=1",
	}}.run(t)
	if o.exit != 0 {
		t.Fatalf("exit %d\n%s%s", o.exit, o.stdout, o.stderr)
	}
	if diff := diffTrees(want, readTree(t, filepath.Join(there, "dist"))); diff != "" {
		t.Errorf("the bytes depend on the machine:\n%s", diff)
	}
	for file, data := range want {
		if strings.Contains(data, here) {
			t.Errorf("%s holds the path of the project's folder", file)
		}
	}
}

// copyBackwards copies a project so that everything but its bytes differs: files come in the opposite order, with other modes and times, and
// with litter that .gitignore and the default excludes leave out.
func copyBackwards(t *testing.T, from, to string) {
	t.Helper()
	tree := readTree(t, from)
	paths := slices.Sorted(maps.Keys(tree))
	for i := len(paths) - 1; i >= 0; i-- {
		if strings.HasPrefix(paths[i], "dist/") {
			continue
		}
		file := filepath.Join(to, paths[i])
		writeFile(t, file, tree[paths[i]])
		if err := os.Chmod(file, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Unix(1, 0), time.Unix(int64(i)*86400, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for _, litter := range []string{"examples/web/.DS_Store", "examples/web/deep/.env.local", "examples/odd/node_modules/y/z.js", "examples/odd/.idea/x.xml"} {
		writeFile(t, filepath.Join(to, litter), "litter\n")
	}
}

func readFindings(t *testing.T, out string) []findingJSON {
	t.Helper()
	var doc struct {
		Findings []findingJSON `json:"findings"`
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("findings: %v\n%.500s", err, out)
	}
	return doc.Findings
}
