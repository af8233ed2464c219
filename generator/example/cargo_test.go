package example

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/source"
)

// hangar is an airplane with one of everything.
var hangar = map[string]string{
	".gitignore":                     "ignored.txt\n/examples/app/tmp/\n",
	"examples/app/README.md":         "# App\n",
	"examples/app/main.ts":           "import './logo.svg'\n// skillgen:ignore-next\nhidden()\n",
	"examples/app/package.json":      "{}\n",
	"examples/app/package-lock.json": "{\"lock\": 1}\n",
	"examples/app/bun.lockb":         "\x00\x01",
	"examples/app/logo.svg":          "<svg/>\n",
	"examples/app/photo.png":         "\x89PNG\x00",
	"examples/app/blob":              "\x00\x01",
	"examples/app/api.pb.go":         "package api\n",
	"examples/app/test/smoke.ts":     "smoke()\n",
	"examples/app/whole.ts":          "// skillgen:ignore-file\nx()\n",
	"examples/app/.env.example":      "KEY=\n",
	"examples/app/dist/config.js":    "config()\n",
	"examples/app/dist/other.js":     "other()\n",

	"examples/app/.env":                   "KEY=1\n",
	"examples/app/.npmrc":                 "x=y\n",
	"examples/app/server.pem":             "x\n",
	"examples/app/.aws/config":            "x\n",
	"examples/app/ignored.txt":            "x\n",
	"examples/app/tmp/x.ts":               "x\n",
	"examples/app/node_modules/x/main.js": "x\n",
	"examples/app/.git":                   "gitdir: x\n",
	"examples/app/.DS_Store":              "x\x00",
	"examples/app/debug.log":              "x\n",
	"examples/app/main.ts.swp":            "x\n",
	"examples/app/.vscode/x.json":         "x\n",
	"examples/other/x.ts":                 "x\n",
}

// loadCargo loads the airplane examples/app, and what it takes along.
func loadCargo(t *testing.T, files map[string]string) (*source.Tree, *Cargo) {
	t.Helper()
	tr := tree(files)
	o := Options{FrameworkExclude: []source.String{{S: "test/"}}, FrameworkInclude: []source.String{{S: "dist/config.js"}}}
	a, findings, err := Load(tr, source.String{S: "examples/app"}, o)
	if a == nil || err != nil {
		t.Fatal(say(findings), err)
	}
	c, err := LoadCargo(tr, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr, c
}

func digest(t *testing.T, files map[string]string, asks ...string) string {
	t.Helper()
	tr, c := loadCargo(t, files)
	d, err := Digest(tr, []*Cargo{c}, asks)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCargo(t *testing.T) {
	_, c := loadCargo(t, hangar)
	var b strings.Builder
	for _, f := range c.Files {
		b.WriteString(f.Path + "\n")
	}
	for _, l := range c.Home {
		b.WriteString("- " + l.Path + "\n")
	}
	want := `examples/app/.env.example
examples/app/README.md
examples/app/api.pb.go
examples/app/blob
examples/app/bun.lockb
examples/app/dist/config.js
examples/app/logo.svg
examples/app/main.ts
examples/app/package-lock.json
examples/app/package.json
examples/app/photo.png
examples/app/test/smoke.ts
examples/app/whole.ts
- examples/app/.aws
- examples/app/.env
- examples/app/.npmrc
- examples/app/server.pem
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// TestDigest changes each file, and takes each away: only what counts changes the digest.
func TestDigest(t *testing.T) {
	counts := map[string]bool{}
	for _, name := range strings.Fields("README.md main.ts package.json package-lock.json bun.lockb test/smoke.ts whole.ts .env.example dist/config.js") {
		counts["examples/app/"+name] = true
	}
	base := digest(t, hangar)
	if !strings.HasPrefix(base, "sha256:") || len(base) != 71 {
		t.Errorf("digest %q", base)
	}
	for name := range hangar {
		if name == ".gitignore" {
			continue
		}
		changed := maps.Clone(hangar)
		changed[name] += "more\n"
		gone := maps.Clone(hangar)
		delete(gone, name)
		for what, files := range map[string]map[string]string{"changed": changed, "gone": gone} {
			if got := digest(t, files) != base; got != counts[name] {
				t.Errorf("%s %s: another digest: %t", name, what, got)
			}
		}
	}
	crlf := maps.Clone(hangar)
	crlf["examples/app/main.ts"] = strings.ReplaceAll(hangar["examples/app/main.ts"], "\n", "\r\n")
	if digest(t, crlf) != base {
		t.Error("line ends of a checkout change the digest")
	}
	if digest(t, hangar, "run=x") == base || digest(t, hangar, "a", "b") == digest(t, hangar, "b", "a") {
		t.Error("what is asked does not count")
	}
}

// TestDigestIsUnambiguous: names can't be made to look like other files.
func TestDigestIsUnambiguous(t *testing.T) {
	one := map[string]string{"examples/app/README.md": "x", "examples/app/a": "1", "examples/app/b": "2"}
	two := map[string]string{"examples/app/README.md": "x", "examples/app/a": "2", "examples/app/b": "1"}
	if digest(t, one) == digest(t, two) {
		t.Error("two airplanes have one digest")
	}
}

// TestCargoOwn: of a project that is the app itself, what belongs to skillgen stays at home.
func TestCargoOwn(t *testing.T) {
	tr := tree(map[string]string{"main.go": "package main\n", "skillgen.yaml": "x", "website/a.md": "x"})
	own := []string{"skillgen.yaml", "website"}
	a, _, err := Load(tr, source.String{S: "."}, Options{Own: own})
	if a == nil || err != nil {
		t.Fatal(err)
	}
	c, err := LoadCargo(tr, a, own)
	if err != nil || len(c.Files) != 1 || c.Files[0].Path != "main.go" {
		t.Errorf("%+v, %v", c, err)
	}
}
