package webpage

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what comes out into testdata; read the difference before it is committed")

// testdata/<theme>_<what>.txtar: a page in the shape that the theme's generator makes, and its Markdown. The comment of the archive names the
// theme that is recognised and the title.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	base, _ := url.Parse("https://docs.acme.example/guide/page.html")
	pages := map[string]int{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			src := a.Files[0].Data
			page, err := Convert(src, Options{URL: base, Lines: true})
			if err != nil {
				t.Fatal(err)
			}
			comment := fmt.Sprintf("theme %s, title %q\n", page.Theme, page.Title)
			if *update {
				a.Comment, a.Files[1].Data = []byte(comment), []byte(page.Markdown)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(a.Comment), comment); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(strings.Split(string(a.Files[1].Data), "\n"), strings.Split(page.Markdown, "\n")); diff != "" {
				t.Error(diff)
			}
			theme, _, _ := strings.Cut(name, "_")
			if page.Theme != theme {
				t.Errorf("recognised as %s", page.Theme)
			}
			pages[theme]++
			checkPage(t, src, page)
			checkLines(t, src, page)
		})
	}
	for name := range ready {
		if pages[name] < 3 {
			t.Errorf("%s has %d pages", name, pages[name])
		}
	}
}

// checkLines looks for the words of each line of code in the line that it is said to come from.
func checkLines(t *testing.T, src []byte, page *Page) {
	t.Helper()
	lines := strings.Split(string(src), "\n")
	fenced := false
	for i, line := range strings.Split(strings.TrimSuffix(page.Markdown, "\n"), "\n") {
		if trimmed := strings.TrimLeft(line, "> -0123456789."); strings.HasPrefix(trimmed, "```") {
			fenced = !fenced
			continue
		}
		if !fenced {
			continue
		}
		from := html.UnescapeString(lines[page.Lines[i]-1])
		for _, word := range strings.FieldsFunc(line, func(c rune) bool { return !unicode.IsLetter(c) }) {
			if !strings.Contains(from, word) {
				t.Errorf("line %d %q is said to come from line %d, which does not have %q", i+1, line, page.Lines[i], word)
			}
		}
	}
}
