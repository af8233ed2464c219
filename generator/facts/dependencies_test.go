package facts

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"skillgen/generator/source"
)

// Each archive of testdata/dependencies holds manifests, and in `want` what is read from each: a dependency a line with its place, name,
// version or -, and the text at its place; then the findings.
func TestDependencies(t *testing.T) {
	files, err := filepath.Glob("testdata/dependencies/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d archives, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			manifests, want := archive.Files[:len(archive.Files)-1], string(archive.Files[len(archive.Files)-1].Data)
			var got strings.Builder
			for _, m := range manifests {
				f := &source.File{Path: m.Name, Text: string(m.Data)}
				if len(manifests) > 1 {
					got.WriteString(m.Name)
				}
				describe(&got, f, len(manifests) > 1)
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func describe(sb *strings.Builder, f *source.File, titled bool) {
	found, ok, findings := Dependencies(f)
	if !ok {
		sb.WriteString(": no manifest\n")
		return
	}
	if titled {
		sb.WriteString("\n")
	}
	for _, d := range found {
		version, dev := d.Version, ""
		if version == "" {
			version = "-"
		}
		if d.Dev {
			dev = " dev"
		}
		p := d.At.Place()
		fmt.Fprintf(sb, "%d:%d %s %s%s | %s\n", p.Line, p.Col, d.Name, version, dev, string([]rune(p.Text)[p.Col-1:p.End-1]))
	}
	for _, x := range findings {
		fmt.Fprintf(sb, "%d:%d: %s\n", x.Place.Line, x.Place.Col, x.Message)
	}
}

func TestDependenciesOfWhatIsNoText(t *testing.T) {
	if found, ok, findings := Dependencies(&source.File{Path: "package.json", Kind: source.Foreign, Text: "\xff\xfe{"}); ok || found != nil || findings != nil {
		t.Errorf("got %v %v %v", found, ok, findings)
	}
}

func TestHugeManifest(t *testing.T) {
	found, ok, findings := Dependencies(&source.File{Path: "package.json", Text: `{"dependencies":{"a":"1"}}` + strings.Repeat(" ", maxManifest)})
	if !ok || found != nil || len(findings) != 1 {
		t.Errorf("got %v %v %v", found, ok, findings)
	}
}

func TestManyFaultsAreCut(t *testing.T) {
	_, _, findings := Dependencies(&source.File{Path: "requirements.txt", Text: strings.Repeat("not one\n", 5000)})
	if len(findings) != flood {
		t.Errorf("%d findings", len(findings))
	}
}

func TestPanicOfAParserIsAFinding(t *testing.T) {
	m := &manifest{file: &source.File{Path: "package.json", Text: "{}"}}
	m.read(func(*manifest) { panic("index out of range") })
	if len(m.findings) != 1 || m.findings[0].Message != "the parser gave up: index out of range" {
		t.Errorf("got %v", m.findings)
	}
}

func FuzzDependencies(f *testing.F) {
	files, err := filepath.Glob("testdata/dependencies/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, m := range archive.Files {
			f.Add(m.Name, string(m.Data))
		}
	}
	names := []string{"package.json", "composer.json", "go.mod", "requirements.txt", "pyproject.toml", "Cargo.toml", "libs.versions.toml", "Gemfile", "pubspec.yaml", "build.gradle", "pom.xml",
		"Pipfile", "deno.json", "mix.exs", "Package.swift", "Podfile", "App.csproj"}
	f.Fuzz(func(t *testing.T, name, text string) {
		if readerOf(name) == nil {
			name = names[len(text)%len(names)]
		}
		file := source.NewFile(name, []byte(text))
		found, _, findings := Dependencies(file)
		for _, d := range found {
			if d.At.Start < 0 || d.At.Start > d.At.End || d.At.End > len(file.Text) || d.Name == "" {
				t.Errorf("%s: %+v of %d bytes", name, d, len(file.Text))
			}
			d.At.Place()
		}
		for _, x := range findings {
			if strings.HasPrefix(x.Message, "the parser gave up") {
				t.Errorf("%s: %s", name, x.Message)
			}
		}
	})
}
