package facts

import (
	"fmt"
	"path"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Dependency is a direct dependency that a manifest names.
type Dependency struct {
	Name    string      // as the manifest's packages are called: "posthog-node", "github.com/posthog/posthog-go", "com.posthog:posthog-android"
	Version string      // as written there: "5.70.0", "^5.70.0", "==6.7.0"; empty where the manifest gives none
	At      source.Span // the entry, from its name to its version
	Dev     bool        // needed to build or test only
}

// maxManifest is the size in bytes beyond which a manifest is not read. Manifests are written by hand.
const maxManifest = 1 << 20

// Dependencies reads the direct dependencies from a manifest, in its order. A runtime that the manifest asks for among them ("php") is one
// too, and so is the "go" of a go.mod. The second result is false where f is no manifest that skillgen knows, by its name.
//
// What can't be read is left out: with a finding (a warning) where the manifest breaks the rules of its format, without one where it says
// something that only its own tool could work out, such as a version that is computed.
func Dependencies(f *source.File) ([]Dependency, bool, []diag.Finding) {
	read := readerOf(f.Path)
	if read == nil || f.Kind != source.Text {
		return nil, false, nil
	}
	m := &manifest{file: f}
	if len(f.Text) > maxManifest {
		m.fault(0, 0, fmt.Sprintf("a manifest of %d bytes is not read", len(f.Text)), "is it generated? Then exclude it")
	} else {
		m.read(read)
	}
	return m.found, true, m.findings
}

// read calls a reader. The parsers are other people's: where one panics, that is a fault of the manifest's that skillgen survives.
func (m *manifest) read(read func(*manifest)) {
	defer func() {
		if p := recover(); p != nil {
			m.fault(0, 0, fmt.Sprintf("the parser gave up: %v", p), unread)
		}
	}()
	read(m)
}

// readerOf returns the function that reads a manifest of the name that p ends in.
func readerOf(p string) func(*manifest) {
	name := path.Base(p)
	switch name {
	case "package.json":
		return readPackageJSON
	case "composer.json":
		return readComposer
	case "go.mod":
		return readGoMod
	case "pyproject.toml":
		return readPyproject
	case "Cargo.toml":
		return readCargo
	case "libs.versions.toml":
		return readVersionCatalog
	case "Pipfile":
		return readPipfile
	case "deno.json":
		return readDeno
	case "Gemfile", "gems.rb":
		return readGemfile
	case "mix.exs":
		return readMix
	case "Package.swift":
		return readSwift
	case "Podfile":
		return readPodfile
	case "pubspec.yaml":
		return readPubspec
	case "build.gradle", "build.gradle.kts":
		return readGradle
	case "pom.xml":
		return readPOM
	}
	switch path.Ext(name) {
	case ".csproj", ".fsproj", ".vbproj":
		return readDotnet
	}
	if strings.HasSuffix(name, ".txt") && (strings.Contains(name, "requirements") || path.Base(path.Dir(p)) == "requirements") {
		return readRequirements
	}
	return nil
}

// unread is the hint where a format's rules are broken.
const unread = "no version can be read from here on"

// manifest is a manifest while it is read.
type manifest struct {
	file     *source.File
	found    []Dependency
	findings []diag.Finding
}

// add notes a dependency, or the fault that it has no name.
func (m *manifest) add(name, version string, start, end int, dev bool) {
	if name == "" {
		m.fault(start, end, "a dependency without a name", "")
		return
	}
	m.found = append(m.found, Dependency{Name: name, Version: version, At: source.Span{File: m.file, Start: start, End: end}, Dev: dev})
}

// fault reports what is wrong at bytes [start, end); of a manifest with very many faults, only the first ones.
func (m *manifest) fault(start, end int, message, hint string) {
	if len(m.findings) < flood {
		m.findings = append(m.findings, diag.New("manifest", source.Span{File: m.file, Start: start, End: end}.Place(), message, hint))
	}
}

// line is a line of a text with the offset at which it begins.
type line struct {
	start int
	text  string // without its line end
}

// eachLine calls do for the lines of s.
func eachLine(s string, do func(line)) {
	for start := 0; start < len(s); {
		text, _, _ := strings.Cut(s[start:], "\n")
		do(line{start, text})
		start += len(text) + 1
	}
}
