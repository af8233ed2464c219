package docs

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/source"
)

// samplePage is a page of docs of about 8 KB, as sites have them.
func samplePage(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Page %d\nsidebar_position: %d\n---\n\n# Page %d\n\n", n, n, n)
	for i := 0; b.Len() < 8<<10; i++ {
		fmt.Fprintf(&b, "## Section %d of it\n\nSome *words* on what to do, with `code`, a [link](./page-%d.md#section-1-of-it), another [link](https://x.example/%d \"Title\")\nand more text in the second line of the paragraph. ![Image](img/%d.png)\n\n", i, (n+i)%200, i, i)
		b.WriteString("```js\nimport { init } from 'acme'\n\n// # no heading\ninit({ key: process.env.ACME_KEY, host: 'https://acme.example' })\n```\n\n")
		b.WriteString("- first item with **bold** text\n- second item\n  - nested item with [a reference][ref]\n\n1. step one\n2. step two, `npm install acme`\n\n| Option | Meaning |\n|---|---|\n| `a` | the first one |\n| `b` | the second one |\n\n> A note about something.\n\n")
	}
	b.WriteString("[ref]: https://x.example/ref 'Reference'\n")
	return b.String()
}

func sampleLibrary(tb testing.TB, pages int) *Library {
	tb.Helper()
	fsys := fstest.MapFS{}
	for i := range pages {
		fsys[fmt.Sprintf("website/docs/page-%d.md", i)] = &fstest.MapFile{Data: []byte(samplePage(i))}
	}
	l, fs, err := Open(source.New(fsys), Options{Roots: []string{"website"}, Sites: []Site{{Path: "website/docs", URL: "https://acme.example/docs"}}})
	if err != nil || len(fs) > 0 {
		tb.Fatal(err, fs)
	}
	return l
}

// BenchmarkOpen reads 200 pages of 8 KB, as much of them as resolving needs.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		sampleLibrary(b, 200)
	}
}

// BenchmarkProse makes the prose of 200 pages of 8 KB on one processor.
func BenchmarkProse(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		l := sampleLibrary(b, 200)
		b.StartTimer()
		for _, p := range l.Pages() {
			l.Prose(p, "", 3, true)
		}
	}
}

// BenchmarkHeadings finds the headings of 8 KB of Markdown.
func BenchmarkHeadings(b *testing.B) {
	s := samplePage(1)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Headings(s)
	}
}
