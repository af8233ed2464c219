package generator_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// The rooms of the code in layers: a room may import any room of the layers before its own, and none of its own layer or after it. A new room
// needs a place here.
var layers = [][]string{
	{"templates"},
	{"generator/diag"},
	{"generator/source"},
	{"generator/webpage"},
	{"generator/project", "generator/docs", "generator/example"},
	{"generator/facts"},
	{"generator/plan"},
	{"generator/emit"},
	{"generator/check", "generator/release", "generator/prosediff"},
	{"generator/site"},
	{"generator"},
	{"cmd/skillgen"},
}

// Beyond the layers: what only some rooms may import, and rooms that stand aside.
var (
	onlyBy = map[string][]string{ // a room, and who alone imports it
		"templates":        {"generator/project"},
		"generator/fetch":  {"cmd/skillgen"},
		"generator/verify": {"cmd/skillgen"},
	}
	aside = map[string][]string{ // a room, and what alone it imports
		"generator/fetch":  {"generator/diag", "generator/source", "generator/webpage", "generator/project", "generator/docs"},
		"generator/verify": {"generator/diag", "generator/source", "generator/project", "generator/example"},
	}
)

// packages says which rooms may import a package from outside, by its path or the beginning of it. A module that is not here was not chosen.
// Tests are free to import the modules that are marked so.
var packages = map[string][]string{
	"github.com/adrg/frontmatter":           {"generator/project", "generator/docs"},
	"github.com/andybalholm/cascadia":       {"generator/webpage"},
	"github.com/bmatcuk/doublestar/v4":      {"generator/project", "generator/docs", "generator/example", "generator/facts"},
	"github.com/goccy/go-yaml":              {"generator/project", "generator/docs", "generator/prosediff", test},
	"github.com/google/go-cmp":              {test},
	"github.com/pelletier/go-toml/v2":       {"generator/project", "generator/facts"},
	"github.com/rhysd/actionlint":           {test},
	"github.com/rogpeppe/go-internal":       {test},
	"github.com/santhosh-tekuri/jsonschema": {test},
	"github.com/sergi/go-diff":              {"generator/prosediff"},
	"github.com/spf13/cobra":                {"cmd/skillgen"},
	"github.com/tiktoken-go/tokenizer":      {"generator/facts"},
	"github.com/yuin/goldmark":              {"generator/docs", "generator/example", "generator/prosediff", "generator/site", test},
	"golang.org/x/mod":                      {"generator/project", "generator/facts", "generator/prosediff"},
	"golang.org/x/net":                      {"generator/webpage"},
	"golang.org/x/sync":                     {"generator", "generator/project", "generator/docs", "generator/example", "generator/check", "generator/release", "generator/fetch", "generator/verify", "cmd/skillgen"}, // cmd: archives of a published release
	"golang.org/x/sys":                      {"generator/release", "generator/verify"},
	"golang.org/x/term":                     {"cmd/skillgen"},
	"golang.org/x/text":                     {"generator/prosediff"},
	"golang.org/x/tools":                    {test},
	"mvdan.cc/sh/v3":                        {test},

	// Of the standard library, what a build must not do: reach the network, run programs, depend on chance.
	"net":         {"generator/fetch", "generator/verify", "generator/prosediff", test}, // prosediff: takes addresses apart
	"net/http":    {"generator/fetch", "generator/verify", test},
	"net/rpc":     {},
	"net/smtp":    {},
	"crypto/tls":  {"generator/fetch"},
	"os/exec":     {"generator/verify", "generator/prosediff", test}, // prosediff: git, for the files of a revision
	"os/user":     {},
	"plugin":      {},
	"math/rand":   {test},
	"crypto/rand": {},
	"unsafe":      {"generator/prosediff", "generator/verify"}, // prosediff: blocks are strings in a file's bytes, which nobody changes: 600 pairs would else be held twice; verify: what Windows is told of job objects
}

// calls says which rooms may use a function that makes output depend on the machine or the moment. Tests are free.
var calls = map[string][]string{
	"time.Now":   {"generator/fetch", "generator/verify", "cmd/skillgen"}, // cmd: the day on which an accepted change expires
	"time.Since": {"generator/fetch", "generator/verify"}, "time.Until": {"generator/fetch", "generator/verify"},
	"time.Local": {}, "time.LoadLocation": {},
	"time.Sleep": {"generator/release", "generator/fetch", "generator/verify"}, "time.After": {"generator/fetch", "generator/verify"},
	"os.Getenv": {"cmd/skillgen"}, "os.LookupEnv": {"cmd/skillgen"}, "os.Environ": {"cmd/skillgen", "generator/verify", "generator/prosediff"}, "os.ExpandEnv": {},
	"os.Hostname": {}, "os.UserHomeDir": {}, "os.Getwd": {"cmd/skillgen"}, "os.TempDir": {"generator/verify"},
	"os.WriteFile": {"cmd/skillgen", "generator/verify"}, "os.Create": {"cmd/skillgen", "generator/verify"}, "os.RemoveAll": {"generator/verify"},
	"os.Mkdir": {"generator/release"}, "os.MkdirAll": {"cmd/skillgen", "generator/release", "generator/verify"}, "os.Remove": {"generator/release"},
	"os.Rename": {}, "os.Chdir": {}, "os.DirFS": {}, "os.Exit": {"cmd/skillgen"},
	"log.Print": {}, "log.Printf": {}, "log.Println": {}, "log.Fatal": {}, "log.Fatalf": {}, "fmt.Print": {}, "fmt.Printf": {}, "fmt.Println": {},
}

// test stands in the tables above for the tests of any room.
const test = "_test"

func TestImportDirection(t *testing.T) {
	rooms := map[string]bool{}
	walk(t, func(file, room string, tree *ast.File, set *token.FileSet) {
		rooms[room] = true
		for _, fault := range faults(room, strings.HasSuffix(file, "_test.go"), tree) {
			t.Errorf("%s: %s", set.Position(fault.at), fault.what)
		}
	})
	for _, layer := range layers {
		for _, room := range layer {
			if !rooms[room] {
				t.Errorf("%s has a place among the layers, and no code", room)
			}
		}
	}
}

// walk parses all Go files of the tool. What is content, not code of the tool, is left out: examples, and the scripts that templates bring along.
func walk(t *testing.T, do func(file, room string, tree *ast.File, set *token.FileSet)) {
	t.Helper()
	top := os.DirFS("..")
	err := fs.WalkDir(top, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			hidden := strings.HasPrefix(e.Name(), ".") && p != "."
			content := slices.Contains([]string{"examples", "website", "dist", "frameworks"}, p) || strings.HasPrefix(p, "templates/")
			if hidden || content || e.Name() == "testdata" || e.Name() == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		data, err := fs.ReadFile(top, p)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, p, data, parser.SkipObjectResolution)
		if err != nil {
			return nil // the compiler says it better
		}
		do(p, path.Dir(p), tree, set)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fault is something in a file that the tables don't allow.
type fault struct {
	at   token.Pos
	what string
}

func faults(room string, isTest bool, tree *ast.File) []fault {
	var all []fault
	if _, ok := layerOf(room); !ok && aside[room] == nil {
		all = append(all, fault{tree.Package, fmt.Sprintf("the room %s has no place among the layers", room)})
	}
	names := map[string]string{} // of imports, as the file calls them
	for _, spec := range tree.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
		if name == "." {
			all = append(all, fault{spec.Pos(), "a dot import hides where names come from"})
		}
		if why := refuse(room, isTest, imported); why != "" {
			all = append(all, fault{spec.Pos(), why})
		}
	}
	if isTest {
		return all
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && names[x.Name] != "" {
				name := names[x.Name] + "." + sel.Sel.Name
				if allowed, listed := calls[name]; listed && !slices.Contains(allowed, room) {
					all = append(all, fault{sel.Pos(), fmt.Sprintf("%s must not use %s", room, name)})
				}
			}
		}
		return true
	})
	return all
}

// refuse says why a room must not import a package; "" where it may.
func refuse(room string, isTest bool, imported string) string {
	target, inside := strings.CutPrefix(imported, "skillgen/")
	if inside {
		if !mayImport(room, target) {
			return fmt.Sprintf("%s must not import %s", room, target)
		}
		return ""
	}
	allowed, listed := packages[imported]
	for p := imported; !listed && p != "."; p = path.Dir(p) {
		if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") || p == "math/rand" {
			allowed, listed = packages[p]
		}
	}
	switch {
	case !listed && strings.Contains(strings.Split(imported, "/")[0], "."):
		return fmt.Sprintf("the module of %s was not chosen", imported)
	case listed && !slices.Contains(allowed, room) && !(isTest && slices.Contains(allowed, test)):
		return fmt.Sprintf("%s must not import %s", room, imported)
	}
	return ""
}

func mayImport(room, target string) bool {
	if room == target { // its external tests
		return true
	}
	if by, ok := onlyBy[target]; ok {
		return slices.Contains(by, room)
	}
	if what, ok := aside[room]; ok {
		return slices.Contains(what, target)
	}
	from, known := layerOf(room)
	to, there := layerOf(target)
	return known && there && to < from
}

func layerOf(room string) (int, bool) {
	i := slices.IndexFunc(layers, func(layer []string) bool { return slices.Contains(layer, room) })
	return i, i >= 0
}

// Each line of code here breaks one rule, and each is found; near misses pass.
func TestImportDirectionFindsFaults(t *testing.T) {
	for code, want := range map[string]string{
		`generator/diag: import "skillgen/generator/source"`:                                "generator/diag must not import generator/source",
		`generator/docs: import "skillgen/generator/project"`:                               "generator/docs must not import generator/project",
		`generator/project: import "skillgen/generator/docs"`:                               "generator/project must not import generator/docs",
		`generator/check: import "skillgen/generator/release"`:                              "generator/check must not import generator/release",
		`generator/emit: import "skillgen/generator"`:                                       "generator/emit must not import generator",
		`generator: import "skillgen/cmd/skillgen"`:                                         "generator must not import cmd/skillgen",
		`generator/docs: import "skillgen/templates"`:                                       "generator/docs must not import templates",
		`generator/verify: import "skillgen/generator/plan"`:                                "generator/verify must not import generator/plan",
		`generator/emit: import "skillgen/generator/fetch"`:                                 "generator/emit must not import generator/fetch",
		`generator/util: import "fmt"`:                                                      "the room generator/util has no place among the layers",
		`generator/emit: import "skillgen/generator/util"`:                                  "generator/emit must not import generator/util",
		`generator/plan: import "github.com/acme/nice"`:                                     "the module of github.com/acme/nice was not chosen",
		`generator/plan: import "github.com/yuin/goldmark/ast"`:                             "generator/plan must not import github.com/yuin/goldmark/ast",
		`generator/facts: import "github.com/google/go-cmp/cmp"`:                            "generator/facts must not import github.com/google/go-cmp/cmp",
		`generator/release: import "os/exec"`:                                               "generator/release must not import os/exec",
		`generator/docs: import "net/http"`:                                                 "generator/docs must not import net/http",
		`generator/plan: import "math/rand/v2"`:                                             "generator/plan must not import math/rand/v2",
		`generator/plan: import "unsafe"`:                                                   "generator/plan must not import unsafe",
		`generator/plan: import . "strings"`:                                                "a dot import hides where names come from",
		"generator/release: import \"time\"\nvar now = time.Now()":                          "generator/release must not use time.Now",
		"generator/emit: import clock \"time\"\nvar now = clock.Now":                        "generator/emit must not use time.Now",
		"generator/plan: import \"os\"\nfunc f() { os.Getenv(\"X\") }":                      "generator/plan must not use os.Getenv",
		"generator/facts: import \"fmt\"\nfunc f() { fmt.Println() }":                       "generator/facts must not use fmt.Println",
		`generator/source: import "skillgen/generator/diag"`:                                "",
		`cmd/skillgen: import "skillgen/generator/fetch"`:                                   "",
		`generator/project: import "skillgen/templates"`:                                    "",
		`generator/docs: import "net/url"`:                                                  "",
		`generator/facts: import "github.com/pelletier/go-toml/v2/unstable"`:                "",
		`generator/emit_test.go: import "skillgen/generator/emit"`:                          "",
		`generator/facts_test.go: import "github.com/google/go-cmp/cmp"`:                    "",
		`generator/plan_test.go: import "os/exec"`:                                          "",
		"generator/release: import \"time\"\nfunc f(t time.Time) { time.Sleep(1) }":         "",
		"generator/emit: type clock struct{ Now int }\nfunc f(time clock) { _ = time.Now }": "",
	} {
		room, body, _ := strings.Cut(code, ": ")
		room, isTest := strings.CutSuffix(room, "_test.go")
		tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+body, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range faults(room, isTest, tree) {
			got = append(got, f.what)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s\ngot  %q\nwant %q", code, got, want)
		}
	}
}

// The tables name each room and package once, so that nothing is allowed by accident.
func TestImportTables(t *testing.T) {
	seen := map[string]bool{}
	for _, room := range slices.Concat(slices.Concat(layers...), slices.Collect(maps.Keys(aside))) {
		if seen[room] {
			t.Errorf("%s stands twice", room)
		}
		seen[room] = true
	}
	for what, rooms := range packages {
		for _, room := range rooms {
			if room != test && !seen[room] {
				t.Errorf("%s is allowed to %s, which is no room", what, room)
			}
		}
	}
}
