package facts

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"skillgen/generator/source"
)

var updateSites = flag.Bool("update-sites", false, "write what is read into testdata/sites; read the difference before you keep it")

// Each archive of testdata/sites holds configurations, and in `want` what is read from each.
func TestReadSite(t *testing.T) {
	files, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d archives, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			last := len(archive.Files) - 1
			for _, f := range archive.Files[:last] {
				describeSite(&got, source.NewFile(f.Name, f.Data))
			}
			if *updateSites {
				archive.Files[last].Data = []byte(got.String())
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func describeSite(b *strings.Builder, f *source.File) {
	s, ok := ReadSite(f)
	if !ok {
		fmt.Fprintf(b, "%s: no site\n", f.Path)
		return
	}
	fmt.Fprintf(b, "%s: %s %q docs=%s url=%s", f.Path, s.Kind, s.Title, s.Docs, s.URL)
	if len(s.Alias) > 0 {
		fmt.Fprintf(b, " alias=%s", strings.Join(s.Alias, ","))
	}
	if len(s.Pages) > 0 {
		fmt.Fprintf(b, " pages=%s", strings.Join(s.Pages, ","))
	}
	b.WriteString("\n")
}

// What a file is, its path says before it is read; both must agree.
func TestIsSiteConfig(t *testing.T) {
	for p, want := range map[string]bool{
		"docusaurus.config.ts": true, "website/docusaurus.config.js": true, "astro.config.mjs": true, "docs/.vitepress/config.mts": true, "mkdocs.yml": true, "docs/docs.json": true,
		"mint.json": true, "vite.config.ts": false, "docs/vitepress/config.mts": false, "docusaurus.config.json": false, "config.js": false, "package.json": false, ".vitepress/theme/index.ts": false,
	} {
		if got := IsSiteConfig(p); got != want {
			t.Errorf("%s: %t", p, got)
		}
		if _, ok := ReadSite(source.NewFile(p, []byte("site_name: x"))); ok && !want {
			t.Errorf("%s is read as a site", p)
		}
	}
}

// Configurations are other people's files: reading any text ends, in time that grows with its length, and gives only what can stand in skillgen.yaml.
func FuzzReadSite(f *testing.F) {
	files, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	names := []string{"docusaurus.config.js", "astro.config.mjs", ".vitepress/config.ts", "mkdocs.yml", "docs.json", "mint.json"}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range archive.Files {
			for i, name := range names {
				if filepath.Base(name) == filepath.Base(c.Name) {
					f.Add(i, string(c.Data))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, i int, text string) {
		s, ok := ReadSite(source.NewFile(names[((i%len(names))+len(names))%len(names)], []byte(text)))
		if !ok {
			return
		}
		if s.URL != "" && (!strings.HasPrefix(s.URL, "http") || strings.ContainsAny(s.URL, "?#\n\" ") || strings.HasSuffix(s.URL, "/")) {
			t.Errorf("URL %q", s.URL)
		}
		if strings.ContainsAny(s.Title, "\n<>") || len(s.Title) > 60 || s.Docs == "" {
			t.Errorf("%+v", s)
		}
	})
}

func TestReadSiteHostile(t *testing.T) {
	start := time.Now()
	for _, text := range []string{
		strings.Repeat("{a:", 80000), strings.Repeat("[", 250000), strings.Repeat("`${", 80000), strings.Repeat("/", 250000), strings.Repeat("/[", 120000), strings.Repeat("'", 250000),
		strings.Repeat(`{"pages":[`, 20000), strings.Repeat(`{"a":`, 50000), `{"theme":"x","navigation":` + strings.Repeat(`{"a":`, 4000) + "1" + strings.Repeat("}", 4001),
		`{"theme":"x","navigation":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}", strings.Repeat("const a = `${a}${a}`\n", 12000), strings.Repeat("- a: b.md\n", 25000),
	} {
		for _, name := range []string{"docusaurus.config.js", "docs.json", "mkdocs.yml"} {
			ReadSite(source.NewFile(name, []byte(text)))
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}
