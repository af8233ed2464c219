package project

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

var update = flag.Bool("update", false, "rewrite the expected findings of testdata")

// standard is what a test project has unless it says otherwise.
var standard = map[string]string{
	"skillgen.yaml": "product: Acme\nprefix: acme\n",
	"templates/integrate/skill.md": `---
description: Integrate {{product}} into {{title}}.
default: true
---
# {{product}}
`,
}

// tree makes a project of files. It gets a standard skillgen.yaml, and standard templates, where files has none.
func tree(files map[string]string) *source.Tree {
	fsys := fstest.MapFS{}
	templates := false
	for name, data := range files {
		templates = templates || strings.HasPrefix(name, "templates/")
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	for name, data := range standard {
		if _, ok := files[name]; !ok && !(templates && strings.HasPrefix(name, "templates/")) {
			fsys[name] = &fstest.MapFile{Data: []byte(data)}
		}
	}
	return source.New(fsys)
}

// read reads a project of files.
func read(t testing.TB, files map[string]string) (*Project, []diag.Finding) {
	t.Helper()
	p, findings, err := Load(tree(files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, findings
}

// show writes findings one below the other.
func show(findings []diag.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		b.WriteString(f.Place.File)
		if f.Place.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d-%d", f.Place.Line, f.Place.Col, f.Place.End)
		}
		fmt.Fprintf(&b, ": %s: %s [%s]\n", f.Severity, f.Message, f.ID)
		if f.Hint != "" {
			fmt.Fprintf(&b, "    hint: %s\n", f.Hint)
		}
		if f.Also.File != "" {
			fmt.Fprintf(&b, "    also: %s:%d:%d\n", f.Also.File, f.Also.Line, f.Also.Col)
		}
	}
	return b.String()
}

// TestFindings loads each project of testdata/findings and compares all findings with the file `want` of its archive.
func TestFindings(t *testing.T) {
	names, err := filepath.Glob("testdata/findings/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no test projects", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, want := map[string]string{}, ""
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					files[f.Name] = string(f.Data)
				}
			}
			version := files["version"]
			delete(files, "version")
			_, findings, err := Load(tree(files), Options{Skillgen: strings.TrimSpace(version)})
			if err != nil {
				t.Fatal(err)
			}
			got := show(findings)
			if *update {
				rewrite(t, name, a, got)
			} else if d := cmp.Diff(want, got); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
		})
	}
}

func rewrite(t *testing.T, name string, a *txtar.Archive, got string) {
	files := a.Files[:0]
	for _, f := range a.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
	}
	a.Files = append(files, txtar.File{Name: "want", Data: []byte(got)})
	if data := txtar.Format(a); !bytes.Equal(data, nil) {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
