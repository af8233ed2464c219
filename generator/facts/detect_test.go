package facts

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"skillgen/generator/source"
)

// folder makes a tree of lines "path text".
func folder(lines string) *source.Tree {
	fsys := fstest.MapFS{}
	for line := range strings.Lines(lines) {
		name, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if name != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, `\n`, "\n"))}
		}
	}
	return source.New(fsys)
}

func TestDetect(t *testing.T) {
	const next = "app/package.json {\"dependencies\": {\"next\": \"^15.1.0\", \"react\": \"19.0.0\"}, \"devDependencies\": {\"typescript\": \"5\"}}\napp/src/app/layout.tsx x\n"
	for _, c := range []struct {
		name, tree, files, dependencies string
		want                            string // the evidence; "-" where it is no such project
	}{
		{"nothing is asked", next, "", "", "-"},
		{"a dependency", next, "", "next", "package.json"},
		{"a development dependency", next, "", "typescript", "package.json"},
		{"one that is missing", next, "", "next vue", "-"},
		{"one that must not be there", next, "", "next !react", "-"},
		{"one that is not there", next, "", "next !vue", "package.json"},
		{"only what must not be there", next, "", "!vue", ""},
		{"a range", next, "", "next@>=13.4", "package.json"},
		{"another range", next, "", "next@<15", "-"},
		{"a forbidden range", next, "", "!next@<14", ""},
		{"a forbidden range that holds", next, "", "!next@>=15", "-"},
		{"a file", next, "src/app/layout.*", "", "src/app/layout.tsx"},
		{"one of the globs", next, "app/layout.* src/app/layout.*", "next", "package.json"},
		{"none of the globs", next, "app/layout.* pages/_app.*", "next", "-"},
		{"alternatives", next, "src/{pages,app}/layout.{js,tsx}", "", "src/app/layout.tsx"},
		{"any depth", next, "**/layout.tsx", "", "src/app/layout.tsx"},
		{"a folder", next, "src/app", "", "src/app"},
		{"a star stays in its folder", next, "src/*.tsx", "", "-"},
		{"a scope", "app/package.json {\"dependencies\": {\"@sveltejs/kit\": \"2\"}}", "", "@sveltejs/kit", "package.json"},
		{"a scope and a range", "app/package.json {\"dependencies\": {\"@sveltejs/kit\": \"2\"}}", "", "@sveltejs/kit@<2", "-"},
		{"names of Python", "app/requirements.txt Flask_SQLAlchemy==3.1", "", "flask-sqlalchemy", "requirements.txt"},
		{"names of Python, the other way round", "app/pyproject.toml [project]\\ndependencies = [\"flask-sqlalchemy>=3\"]", "", "Flask.SQLAlchemy@>=3", "pyproject.toml"},
		{"requirements in a folder", "app/requirements/base.txt Django>=5", "", "django", "requirements/base.txt"},
		{"any major version of a Go module", "app/go.mod module x\\nrequire github.com/go-chi/chi/v5 v5.1.0", "", "github.com/go-chi/chi", "go.mod"},
		{"one major version of a Go module", "app/go.mod module x\\nrequire github.com/go-chi/chi/v5 v5.1.0", "", "github.com/go-chi/chi@>=6", "-"},
		{"not another module", "app/go.mod module x\\nrequire github.com/go-chi/chi/v5 v5.1.0", "", "github.com/go-chi", "-"},
		{"two manifests", "app/package.json {}\napp/composer.json {\"require\": {\"laravel/framework\": \"^11.0\"}}", "", "laravel/framework@>=10", "composer.json"},
		{"Gradle's app module", "app/app/build.gradle.kts dependencies { implementation(\"io.ktor:ktor-server-core:3.0.0\") }", "", "io.ktor:ktor-server-core", "app/build.gradle.kts"},
		{"the SDK of a .NET project", "app/Shop.csproj <Project Sdk=\"Microsoft.NET.Sdk.Web\"/>", "*.csproj", "Microsoft.NET.Sdk.Web", "Shop.csproj"},
		{"not what npm brought", "app/package.json {}\napp/node_modules/x/layout.tsx x", "**/layout.tsx", "", "-"},
		{"not a manifest below", "app/package.json {}\napp/web/package.json {\"dependencies\": {\"next\": \"15\"}}", "", "next", "-"},
		{"a name with brackets", "app/app/[id]/page.tsx x", "app/[id]/page.tsx", "", "app/[id]/page.tsx"},
		{"a way out", "package.json {}\napp/x y", "../package.json /package.json", "", "-"},
		{"four stars", next, "**/**/**/**/layout.tsx", "", "src/app/layout.tsx"},
		{"too many stars", next, "**/**/**/**/**/layout.tsx", "", "-"},
		{"six braces", next, "{s}{r}{c}/{a}{p}{p}/layout.tsx", "", "src/app/layout.tsx"},
		{"too many braces", next, "{s}{r}{c}/{a}{p}{p}/{l}ayout.tsx", "", "-"},
		{"a folder in place of a manifest", "app/package.json/x y\napp/composer.json {\"require\": {\"a/b\": \"1\"}}", "", "a/b", "composer.json"},
		{"a broken glob", next, "src/[", "", "-"},
		{"a broken manifest", "app/package.json {", "", "next", "-"},
		{"a folder that is not there", "x y", "*", "", "-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := NewDetector(folder(c.tree))
			got, ok := d.Detect("app", strings.Fields(c.files), strings.Fields(c.dependencies))
			if !ok {
				got = "-"
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A glob that some team wrote ends in good time, in a folder with very many files too.
func TestDetectHostileGlobs(t *testing.T) {
	var files strings.Builder
	for i := range 300 {
		fmt.Fprintf(&files, "app/%s/f%d.txt x\n", strings.Repeat("a/", i%30), i)
	}
	d := NewDetector(folder(files.String()))
	start := time.Now()
	for _, glob := range []string{"**/**/**/**/x", "**/**/**/**/**/x", strings.Repeat("{a,b}", 30) + "/x", "**/" + strings.Repeat("*a", 40) + "/x", strings.Repeat("*/", 200) + "x"} {
		if found, ok := d.Detect("app", []string{glob}, nil); ok {
			t.Errorf("%s matches %s", glob, found)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}
