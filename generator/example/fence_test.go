package example

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// write emits airplanes as a skill does: each file a heading and its fence.
func write(airplanes ...*Airplane) *source.Prose {
	var b source.Builder
	o := source.Origin{Line: 1, Generated: true}
	b.Text("---\nname: x\n---\n\n# Skill\n\n## Guidance\n\n#### `not-a-file.ts`\n\n```ts\nx\n```\n\n## Model airplane\n\nWhat it is.\n\n", o)
	for _, a := range airplanes {
		b.Text("### `"+a.Dir+"`\n\n", o)
		for _, f := range a.Files {
			b.Text("- "+codeSpan(f.Path)+"\n", o)
		}
		b.Text("\n", o)
		for _, f := range a.Files {
			b.Text("#### "+Heading(f)+"\n\n", o)
			b.Append(&f.Fence)
			b.Text("\n", o)
		}
	}
	b.Text("## Stages\n\n### `stage.md`\n\n```\nx\n```\n", o)
	return b.Prose()
}

// roundTrip fails where reading a skill does not give back what went into it.
func roundTrip(t *testing.T, airplanes ...*Airplane) {
	t.Helper()
	text := write(airplanes...).Body
	got, err := Extract(text)
	if err != nil {
		t.Fatal(err)
	}
	var want []Extracted
	for _, a := range airplanes {
		for _, f := range a.Files {
			want = append(want, Extracted{a.Dir, f.Path, f.Content})
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s\nfrom\n%s", d, text)
	}
}

// nasty holds what breaks careless fences and headings: path → text.
func nasty() map[string]string {
	deep := strings.Repeat("a-rather-long-folder-name/", 6) + "file.ts"
	return map[string]string{
		"README.md":                      "# App\n\n```sh\nnpm start\n```\n\n~~~\n```\n~~~\n\nno final newline",
		"SKILL.md":                       "---\nname: own\n---\n\n# Own\n\n## Model airplane\n\n#### `x.ts`\n\n```ts\nx\n```\n",
		"my file.ts":                     "x\n",
		" lead.ts":                       "x\n",
		"trail ":                         "x\n",
		" both ":                         "x\n",
		" ":                              "x\n",
		"tick`.ts":                       "x\n",
		"tick`":                          "x\n",
		"`":                              "x\n",
		"``a`":                           "x\n",
		"a```b.ts":                       "x",
		"app/[id]/page.tsx":              "x\n",
		"app/(group)/layout.tsx":         "x\n",
		"app/@slot/page.tsx":             "x\n",
		"routes/$slug.tsx":               "x\n",
		"app/[[...rest]]/page.tsx":       "x\n",
		"<b>&amp;*_x_*</b>.html":         "<b>\n",
		"#.py":                           "# x #\n",
		"a#":                             "x\n",
		"a\\b.ts":                        "x\n",
		"größe/日本語👩‍👩‍👧.ts":              "größe\n",
		"x (no final newline)":           "x\n",
		"y (no final newline)":           "x",
		deep:                             "x\n",
		"three.ts":                       "const s = `\n```\n`\n",
		"five.ts":                        "`````\n```\n````` x\n",
		"inline.md":                      "a ```````` b\n",
		"tildes.md":                      "~~~\n~~~~~~~~\n",
		"indented.md":                    "    ```\n\t```\n   ```\n",
		"crlf.ts":                        "a\r\n\r\nb\r\n",
		"mark.ts":                        "\xef\xbb\xbfx\n",
		"no-newline.ts":                  "a\nb",
		"empty.ts":                       "",
		"blank.ts":                       "\n",
		"blanks.ts":                      "\n\n\n",
		"space.ts":                       " ",
		"spaces.ts":                      "  \n \t",
		"ends-blank.ts":                  "x\n\n\n",
		"starts-blank.ts":                "\n\n  x\n",
		"trailing.md":                    "two blanks  \ntab\t\n",
		"tabs.go":                        "\tx\n\t\ty\n",
		"heading.md":                     "# a\n## Model airplane\n#### `b`\nSetext\n===\n",
		"comment.html":                   "<!--\n-->\n<script>\n</pre>\n",
		"backslash.txt":                  "\\`\\`\\`\n\\\n",
		"form-feed.c":                    "a\fb\n",
		"emptyish.md":                    "Empty file.\n",
		"entities.html":                  "&lt;&#0;&nbsp;\n",
		"separators.txt":                 "a\u2028b\u2029c\u0085d\n",
		"long.json":                      strings.Repeat("x", 100_000) + "\n",
		"Dockerfile":                     "FROM x\n",
		"ticks-at-the-end-no-newline.md": "x\n````",
		"only-ticks":                     "```",
	}
}

func TestRoundTrip(t *testing.T) {
	files := map[string]string{"examples/b/README.md": "# B\n", "examples/b/three.ts": "other\n"}
	for name, text := range nasty() {
		files["examples/a/"+name] = text
	}
	a, fs := load(t, tree(files), "examples/a", Options{})
	if len(fs) > 0 {
		t.Fatal(say(fs))
	}
	if len(a.Files) != len(nasty()) || len(a.Left) > 0 {
		t.Fatalf("%d of %d files are taken in:\n%s", len(a.Files), len(nasty()), list(a))
	}
	for _, f := range a.Files {
		want := strings.ReplaceAll(strings.TrimPrefix(nasty()[f.Path], "\xef\xbb\xbf"), "\r\n", "\n")
		if f.Content != want {
			t.Errorf("%q holds %.100q, want %.100q", f.Path, f.Content, want)
		}
		if f.NoFinalNewline != (want != "" && !strings.HasSuffix(want, "\n")) {
			t.Errorf("%q: NoFinalNewline = %v", f.Path, f.NoFinalNewline)
		}
	}
	b, _ := load(t, tree(files), "examples/b", Options{})
	roundTrip(t, a, b)

	// In a file of its own the section is the file.
	text := write(a).Body
	own := "# Model airplane\n" + text[strings.Index(text, "\n## Model airplane\n")+len("\n## Model airplane\n"):strings.Index(text, "\n## Stages\n")]
	got, err := Extract(strings.ReplaceAll(own, "\n### `examples/a`", "\n## `examples/a`"))
	if err != nil || len(got) != len(a.Files) {
		t.Errorf("references/EXAMPLE.md gives back %d of %d files: %v", len(got), len(a.Files), err)
	}
}

func TestExtractTwice(t *testing.T) {
	if _, err := Extract("## `a`\n\n```\nx\n```\n\n## `a`\n\n```\ny\n```\n"); err == nil || err.Error() != `"a" stands there twice` {
		t.Errorf("err = %v", err)
	}
	if got, err := Extract("# Nothing\n\n## `a` b\n\n```\nx\n```\n\n## `c` *d*\n\n```\n```\n\n## e\n\n```\n```\n"); len(got) > 0 || err != nil {
		t.Errorf("Extract = %v, %v", got, err)
	}
}

func FuzzRoundTrip(f *testing.F) {
	for name, text := range nasty() {
		f.Add(name, text)
	}
	f.Add("a.ts", "a\n// skillgen:ignore-next\nb\n```")
	f.Fuzz(func(t *testing.T, name, text string) {
		file := source.NewFile("x/"+name, []byte(text))
		if name == "" || file.Kind != source.Text || !utf8.ValidString(name) || strings.ContainsAny(name, "\n\r\t\x00/") {
			return
		}
		for range diag.Hidden(name) {
			return
		}
		l := newLoader(nil, source.String{S: "x"}, Options{})
		l.add(file)
		for _, f := range l.airplane.Files {
			checkOrigins(t, f)
		}
		l.airplane.Dir = "x"
		roundTrip(t, &l.airplane)
	})
}

// checkOrigins fails unless each line of a fence is the line of the file that it says it comes from.
func checkOrigins(t *testing.T, f *File) {
	t.Helper()
	lines := strings.SplitAfter(strings.TrimSuffix(f.Fence.Body, "\n"), "\n")
	for i, line := range lines {
		o := f.Fence.Origin(i)
		switch {
		case o.File != f.Source:
			t.Errorf("%q: line %d comes from %v", f.Path, i, o.File)
		case o.Generated != (i == 0 || i == len(lines)-1):
			t.Errorf("%q: line %d (%q) generated: %v", f.Path, i, line, o.Generated)
		case !o.Generated && f.Source.LineText(o.Line) != strings.TrimSuffix(line, "\n"):
			t.Errorf("%q: line %d is %q, and line %d of the file is %q", f.Path, i, line, o.Line, f.Source.LineText(o.Line))
		case o.Line < 1 || o.Line > 1 && f.Source.Offset(o.Line) >= len(f.Source.Text):
			t.Errorf("%q: line %d comes from line %d, which the file does not have", f.Path, i, o.Line)
		}
	}
}

func TestFence(t *testing.T) {
	for _, tt := range []struct{ name, text, body, origins string }{
		{"a.ts", "a\nb\n", "```typescript\na\nb\n```\n", "1* 1 2 2*"},
		{"a.ts", "a\nb", "```typescript\na\nb\n```\n", "1* 1 2 2*"},
		{"a.ts", "a\n\n\n", "```typescript\na\n\n\n```\n", "1* 1 2 3 3*"},
		{"a.ts", "a\n// skillgen:ignore-next\nb\nc\n// skillgen:ignore-start\nd\n// skillgen:ignore-end\ne\n", "```typescript\na\nc\ne\n```\n", "1* 1 4 8 8*"},
		{"a.ts", "a\n// skillgen:ignore-next\nb", "```typescript\na\n```\n", "1* 1 3*"},
		{"a.unknown", "````\n", "`````\n````\n`````\n", "1* 1 1*"},
		{"a.ts", "// skillgen:ignore-next\n````\nb\n", "```typescript\nb\n```\n", "1* 3 3*"},
		{"a.ts", "", "Empty file.\n", "1*"},
		{"a.ts", "\n", "```typescript\n\n```\n", "1* 1 1*"},
	} {
		a, _ := load(t, tree(map[string]string{"x/" + tt.name: tt.text}), "x", Options{})
		p := a.Files[0].Fence
		var origins []string
		for i := range p.Lines() {
			o := p.Origin(i)
			s := fmt.Sprint(o.Line)
			if o.Generated {
				s += "*"
			}
			origins = append(origins, s)
		}
		if got := strings.Join(origins, " "); p.Body != tt.body || got != tt.origins {
			t.Errorf("%q: %q from %s, want %q from %s", tt.text, p.Body, got, tt.body, tt.origins)
		}
		if tt.text != "" {
			checkOrigins(t, a.Files[0])
		}
	}
}

func TestHeading(t *testing.T) {
	for _, tt := range []struct {
		path    string
		newline bool
		want    string
	}{
		{"a.ts", true, "`a.ts`"}, {"a.ts", false, "`a.ts` (no final newline)"}, {"a b.ts", true, "`a b.ts`"}, {" a ", true, "`  a  `"}, {" a", true, "` a`"}, {" ", true, "` `"},
		{"a`b", true, "``a`b``"}, {"`a", true, "`` `a ``"}, {"a`", true, "`` a` ``"}, {"a``b`c", true, "```a``b`c```"},
	} {
		if got := Heading(&File{Path: tt.path, NoFinalNewline: !tt.newline}); got != tt.want {
			t.Errorf("Heading(%q) = %q, want %q", tt.path, got, tt.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for name, want := range map[string]string{
		"a.ts": "typescript", "a.tsx": "tsx", "a.mts": "typescript", "a.cts": "typescript", "a.d.ts": "typescript", "a.js": "javascript", "a.mjs": "javascript", "a.jsx": "jsx", "A.TS": "typescript",
		"src/a.vue": "vue", "a.svelte": "svelte", "a.astro": "astro", "build.gradle": "groovy", "build.gradle.kts": "kotlin", "a.ipynb": "json", "go.mod": "go.mod", "a.go": "go",
		"Dockerfile": "dockerfile", "sub/Dockerfile": "dockerfile", "Dockerfile.dev": "dockerfile", "dev.Dockerfile": "dockerfile", "Makefile": "makefile", ".env.example": "dotenv", "a/.env.sample": "dotenv",
		"Gemfile": "ruby", "Rakefile": "ruby", "config.ru": "ruby", "a.gemspec": "ruby", "package.json": "json", "tsconfig.json": "json", "a.yml": "yaml", "README.md": "markdown", "a.mdx": "mdx", "index.html": "html",
		"view.blade.php": "blade", "index.php": "php", "a.html.erb": "erb", "a.html.heex": "heex", "App.csproj": "xml", "requirements.txt": "text", "LICENSE": "text", ".gitignore": "gitignore", "a.py": "python",
		"a.unknown": "", "README": "", ".nvmrc": "", "Procfile": "", "a.": "", "a.ts.template": "",
	} {
		if got := language(name); got != want {
			t.Errorf("language(%q) = %q, want %q", name, got, want)
		}
	}
	for name, l := range languages {
		if strings.ContainsAny(l, "` \t") || l == "" {
			t.Errorf("%q: %q is no info string of one word", name, l)
		}
		if lower := strings.ToLower(name); strings.HasPrefix(name, "*") && name != lower {
			t.Errorf("endings are compared in lower case: %q", name)
		}
	}
}
