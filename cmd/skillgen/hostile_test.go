package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostileFile is an input that costs whoever is not prepared for it time, memory or trust.
type hostileFile struct {
	path              string
	head, unit, tail  string // the file is head, then unit as often as times says, then tail
	times             int
	severity          string // of the finding that must name the file; empty where the file is harmless and ships, or is left out
	firstLine, endsAt int    // the finding is on one of these lines; endsAt 0: on firstLine
}

// hostileInputs is the corpus of SECURITY.md for what a project is fed: pages and airplanes.
var hostileInputs = []hostileFile{
	{path: "website/h/quotes.md", head: "# A\n\n", unit: ">", times: 80_000, tail: " x\n", severity: "error", firstLine: 3},
	{path: "website/h/links.md", head: "# A\n\n", unit: "[a](", times: 20_000, tail: "\n", severity: "error", firstLine: 3},
	{path: "website/h/wide.md", head: "# A\n\n" + strings.Repeat("|a", 7_500) + "|\n" + strings.Repeat("|-", 7_500) + "|\n", unit: "|x|\n", times: 2_000, severity: "error", firstLine: 3},
	{path: "website/h/bullets.md", head: "# A\n\n", unit: "- ", times: 5_000, tail: "x\n", severity: "error", firstLine: 3},
	{path: "website/h/numbers.md", head: "# A\n\n", unit: "1. > ", times: 2_000, tail: "x\n", severity: "error", firstLine: 3},
	{path: "website/h/html.md", head: "# A\n\n", unit: "<div>\n", times: 5_000, severity: "error", firstLine: 3, endsAt: 40},
	{path: "website/h/html-line.md", head: "# A\n\n", unit: "<div>", times: 5_000, tail: "\n", severity: "error", firstLine: 3},
	{path: "website/h/colspan.md", head: "# A\n\n<table><tr><td colspan=\"2000000000\" rowspan=\"2000000000\">x</td></tr></table>\n"},
	{path: "website/h/megabyte.md", head: "# A\n\n", unit: "word ", times: 200_000, tail: "\n", severity: "error", firstLine: 3},
	{path: "website/h/headings.md", unit: "# h\n", times: 100_000},
	{path: "website/h/blanks.md", head: "# A\n\nx\n", unit: " \n", times: 200_000, tail: "y\n"},
	{path: "website/h/definitions.md", head: "# A\n\n[a]\n\n", unit: "[a]: b\n\n", times: 20_000},
	{path: "website/h/footnotes.md", head: "# A\n\n", unit: "[^a]: b[^a]\n\n", times: 10_000},
	{path: "website/h/backticks.md", head: "# A\n\n", unit: "`` ` ``` ", times: 6_000, tail: "\n"},
	{path: "website/h/stars.md", head: "# A\n\n", unit: "*a **b _c ", times: 6_000, tail: "\n"},
	{path: "website/h/brackets.md", head: "# A\n\n", unit: "[", times: 60_000, tail: "\n"},
	{path: "website/h/closers.md", head: "# A\n\n", unit: "![[]() ]", times: 8_000, tail: "\n"},
	{path: "website/h/angles.md", head: "# A\n\n", unit: "<a href=\"", times: 6_000, tail: "\n"},
	{path: "website/h/comments.md", head: "# A\n\n", unit: "a <!-- b ", times: 6_000, tail: "\n"},
	{path: "website/h/entities.md", head: "# A\n\n", unit: "&a\\", times: 20_000, tail: "\n"},
	{path: "website/h/fences.md", head: "# A\n\n", unit: "```\n~~~~\n", times: 20_000, severity: "warning", firstLine: 3, endsAt: 50_000},
	{path: "website/h/unclosed.md", head: "# A\n\n[a](<b \"c **d `e <f g=\"h ![i](\n\n<script>\n<!--\n<pre>\n```js\n~~~\n", severity: "warning", firstLine: 5, endsAt: 9},
	{path: "website/h/anchors.md", head: "---\na: &a [1]\nb: *a\n---\n# A\n", severity: "warning", firstLine: 2, endsAt: 3},
	{path: "website/h/flow.md", head: "---\na: ", unit: "[", times: 20_000, tail: "\n---\n# A\n", severity: "warning", firstLine: 2},
	{path: "website/h/nul.md", head: "# A\n\nx\x00y\n", severity: "error"},
	{path: "website/h/utf16.md", head: "\xff\xfe#\x00 \x00A\x00\n\x00", severity: "error"},
	{path: "website/h/latin1.md", head: "# A\n\ncaf\xe9\n", severity: "error"},
	{path: "website/h/zero-width.md", head: "# A\n\nZero\u200bwidth.\n", severity: "error", firstLine: 3},
	{path: "website/h/bidi.md", head: "# A\n\nRight \u202eto left.\n", severity: "error", firstLine: 3},
	{path: "website/h/tags.md", head: "# A\n\nTag characters: \U000e0041\U000e0042.\n", severity: "error", firstLine: 3},
	{path: "website/h/variations.md", head: "# A\n\nSelectors: a\ufe00\U000e0101.\n", severity: "error", firstLine: 3},
	{path: "website/h/escape.md", head: "# A\n\nAn \x1b[31mescape\x1b[0m.\n", severity: "error", firstLine: 3},
	{path: "website/h/c1.md", head: "# A\n\nA \u009b31m control.\n", severity: "error", firstLine: 3},
	{path: "website/h/private.md", head: "# A\n\nPrivate \ue000 use.\n", severity: "error", firstLine: 3},
	{path: "website/h/flood.md", head: "# A\n\n", unit: "\u200b\n", times: 100_000, severity: "error", firstLine: 3},
	{path: "examples/app/blanks.txt", unit: " \n", times: 200_000},
	{path: "examples/app/line.json", head: `{"a": "`, unit: "word ", times: 200_000, tail: "\"}\n"},
	{path: "examples/app/fence.md", unit: "`", times: 200_000, tail: "\n"},
	{path: "examples/app/big.bin", unit: strings.Repeat("\x00\x01", 512), times: 50_000},
	{path: "examples/app/big.txt", unit: strings.Repeat("fifty megabytes\n", 64), times: 50_000, severity: "warning"},
	{path: "examples/app/markers.py", unit: "# skillgen:ignore-start\n", times: 20_000, severity: "error", firstLine: 1, endsAt: 20_000},
	{path: "examples/app/latin1.py", head: "# caf\xe9\n", severity: "error", firstLine: 1},
	{path: "examples/app/utf16.cs", head: "\xff\xfe/\x00/\x00", severity: "error", firstLine: 1},
	{path: "examples/app/bidi.js", head: "let a = 1\nlet b = '\u2066'\n", severity: "error", firstLine: 2},
	{path: "examples/app/package.json", unit: "[", times: 200_000, tail: "\n", severity: "warning", firstLine: 1},
	{path: "examples/app/pyproject.toml", head: "x = ", unit: "[", times: 200_000, tail: "\n", severity: "warning", firstLine: 1},
	{path: "examples/app/.gitignore", unit: "**/a*a*a*a*a*a*a*a*a*b/**/[a-z]*[!x]\n", times: 20},
	{path: "examples/app/" + strings.Repeat("d/", 400) + "deep.txt", head: "deep\n"},
	{path: "examples/app/" + strings.Repeat("a", 200) + ".txt", head: "long name\n"},
}

// hostileOwn is the corpus for what a team writes itself.
var hostileOwn = []hostileFile{
	{path: "frameworks/laughs.md", head: "---\ntitle: x\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n---\n", severity: "error", firstLine: 3},
	{path: "frameworks/alias.md", head: "---\ntitle: &t x\ndescription: *t\n---\n", severity: "error", firstLine: 2},
	{path: "frameworks/merge.md", head: "---\ntitle: x\n<<: {title: y}\n---\n", severity: "error", firstLine: 3},
	{path: "frameworks/tag.md", head: "---\ntitle: !!binary eA==\n---\n", severity: "error", firstLine: 2},
	{path: "frameworks/flow.md", head: "---\ntitle: x\ntags: ", unit: "[", times: 20_000, tail: "\n---\n", severity: "error", firstLine: 3},
	{path: "frameworks/maps.md", head: "---\ntitle: x\ntags: ", unit: "{a: ", times: 5_000, tail: "\n---\n", severity: "error", firstLine: 3},
	{path: "frameworks/indent.md", head: "---\ntitle: x\nvars:\n" + deepYAML(200) + "---\n", severity: "error", firstLine: 3, endsAt: 40},
	{path: "frameworks/dashes.md", head: "---\ntitle: x\ntags:\n  ", unit: "- ", times: 5_000, tail: "x\n---\n", severity: "error", firstLine: 4},
	{path: "frameworks/large.md", head: "---\ntitle: x\n# ", unit: "large ", times: 20_000, tail: "\n---\n", severity: "error", firstLine: 1, endsAt: 3},
	{path: "frameworks/key.md", head: "---\ntitle: x\n", unit: "k", times: 60_000, tail: ": x\n---\n", severity: "error", firstLine: 3},
	{path: "frameworks/keys.md", head: "---\ntitle: x\n", unit: "titel: x\n", times: 6_000, tail: "---\n", severity: "error", firstLine: 1_000, endsAt: 1_010},
	{path: "frameworks/documents.md", head: "---\ntitle: x\n...\ntitle: y\n---\n", severity: "error", firstLine: 3, endsAt: 4},
	{path: "frameworks/unclosed.md", head: "---\ntitle: x\n", severity: "error", firstLine: 1, endsAt: 2},
	{path: "templates/integrate/20-nested.md", head: "---\ntitle: x\n---\n", unit: "{{if go}}", times: 100_000, tail: "\n", severity: "error", firstLine: 4},
	{path: "templates/integrate/30-tags.md", head: "---\ntitle: x\n---\n", unit: "{{", times: 100_000, tail: "\n", severity: "error", firstLine: 4},
	{path: "templates/partials/p07.md", head: "{{partial p08}}{{partial p08}}\n", severity: "error", firstLine: 1}, // the 33rd level of 40
	{path: "frameworks/pipe.md", severity: "error"},
	{path: "templates/partials/cycle.md", head: "a\n{{partial cycle}}\n", severity: "error", firstLine: 2},
}

// hostileLater is what only shows once the files of the team can be read.
var hostileLater = []hostileFile{
	{path: "frameworks/quotes.md", head: "---\ntitle: x\nlanguages: [go]\n---\n", unit: ">", times: 80_000, tail: " x\n", severity: "error", firstLine: 5},
	{path: "frameworks/zero.md", head: "---\ntitle: \"x\u200by\"\nlanguages: [go]\n---\n", severity: "error", firstLine: 2},
	{path: "frameworks/braces.md", head: "---\ntitle: x\nlanguages: [go]\ndocs:\n  - website/", unit: "{a,aa}", times: 60, tail: "b.md\n---\n", severity: "error", firstLine: 5},
	{path: "frameworks/stars.md", head: "---\ntitle: x\nlanguages: [go]\ndocs:\n  - website/", unit: "**/*a*/", times: 60, tail: "x.md\n---\n", severity: "error", firstLine: 5},
}

// deepYAML nests n maps.
func deepYAML(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("  ", i+1) + "k:\n")
	}
	return b.String()
}

func (h hostileFile) write(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(h.path))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if h.path == "frameworks/pipe.md" {
		if err := syscall.Mkfifo(path, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	// The file is written in pieces: memory that this process takes counts as the command's.
	w := bufio.NewWriter(f)
	w.WriteString(h.head)
	for range h.times {
		w.WriteString(h.unit)
	}
	w.WriteString(h.tail)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// hostileBase is a project in which every page below website/ and the airplane are used.
const hostileBase = `-- skillgen.yaml --
product: Acme
prefix: acme
-- frameworks/good.md --
---
title: Good
languages: [go]
docs: ["website/**/*.md"]
example: examples/app
---
-- website/good.md --
# Good
-- examples/app/README.md --
# App
-- templates/integrate/skill.md --
---
description: Integrates Acme.
default: true
---
# Acme

{{stages}}

{{rules}}

{{guidance}}

{{docs}}

{{example}}
-- templates/integrate/10-start.md --
---
title: Start
---
Start.
`

// TestHostileInputs feeds the whole corpus to one command: each file costs a finding that names it and its line, and none of them the process.
func TestHostileInputs(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, hostileBase)
	for _, h := range hostileInputs {
		h.write(t, dir)
	}
	for _, pipe := range []string{"website/h/pipe.md", "examples/app/pipe"} {
		if err := syscall.Mkfifo(filepath.Join(dir, pipe), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"website/h/env.md": "/etc/hostname", "website/h/loop.md": "loop.md", "examples/app/loop": ".", "examples/app/out": "/etc"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	expectFindings(t, dir, hostileInputs)
}

// TestHostileOwnFiles does the same for the files that a team writes itself, where everything is read strictly.
func TestHostileOwnFiles(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, hostileBase)
	for i := range 40 {
		writeFile(t, filepath.Join(dir, fmt.Sprintf("templates/partials/p%02d.md", i)), fmt.Sprintf("{{partial p%02d}}{{partial p%02d}}\n", i+1, i+1))
	}
	writeFile(t, filepath.Join(dir, "templates/partials/p40.md"), "ha ")
	writeFile(t, filepath.Join(dir, "templates/integrate/40-laughs.md"), "---\ntitle: x\n---\n{{partial p00}}\n")
	for _, h := range hostileOwn {
		h.write(t, dir)
	}
	expectFindings(t, dir, hostileOwn)

	dir = t.TempDir()
	unpack(t, dir, hostileBase)
	writeFile(t, filepath.Join(dir, "website", strings.Repeat("a", 150)+".md"), "# A\n")
	for _, h := range hostileLater {
		h.write(t, dir)
	}
	expectFindings(t, dir, hostileLater)
}

// TestHostileConfig breaks skillgen.yaml itself, one way at a time.
func TestHostileConfig(t *testing.T) {
	good := "product: Acme\nprefix: acme\n"
	for _, h := range []hostileFile{
		{head: good + "vars: {a: &a x, b: *a}\n", firstLine: 3},
		{head: good + "vars: ", unit: "{a: ", times: 5_000, tail: "\n", firstLine: 3},
		{head: good, unit: "# large\n", times: 20_000, firstLine: 1, endsAt: 20_000},
		{head: good + "clean:\n  - replace: /(((a{1000}){1000}){1000})/\n    with: x\n    why: y\n", firstLine: 4},
		{head: good + "clean:\n  - replace: /(/\n    with: x\n    why: y\n", firstLine: 4},
		{head: good + "exclude:\n  - '", unit: "{a,b}", times: 1_000, tail: "['\n", firstLine: 4},
		{head: good + "\x00\n", firstLine: 3},
		{head: "\xff\xfep\x00", firstLine: 1},
	} {
		h.path, h.severity = "skillgen.yaml", "error"
		dir := t.TempDir()
		unpack(t, dir, hostileBase)
		h.write(t, dir)
		expectFindings(t, dir, []hostileFile{h})
	}
}

// TestSlowPatterns gives patterns that cost a backtracking matcher for ever, and that are right all the same.
func TestSlowPatterns(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, hostileBase)
	writeFile(t, filepath.Join(dir, "skillgen.yaml"), `product: Acme
prefix: acme
clean:
  - replace: /(a+)+(a|aa)*(a?){50}b/
    with: x
    why: slow where an engine goes back
exclude:
  - '**/a*a*a*a*a*a*a*a*a*a*a*a*b'
  - '**/**/**/**/**/**/**/**/**/c'
`)
	writeFile(t, filepath.Join(dir, "website/slow.md"), "# Slow\n\n"+strings.Repeat(strings.Repeat("a", 500)+"\n", 100))
	writeFile(t, filepath.Join(dir, "examples/app", strings.Repeat("a/", 60)+strings.Repeat("a", 150)+".txt"), "a\n")
	bounded(t, mustBuild(t, dir))
}

// bounded logs what a run cost. The bounds are generous: what they catch is a cost that grows faster than the input.
func bounded(t *testing.T, o outcome) {
	t.Helper()
	t.Logf("%d ms, %d ms of processor, %d MB, %d KB of output", o.wall.Milliseconds(), o.cpu.Milliseconds(), o.rss>>20, (len(o.stdout)+len(o.stderr))>>10)
	if o.cpu > 30*time.Second || o.rss > 300<<20 {
		t.Errorf("too dear: %v of processor, %d MB", o.cpu, o.rss>>20)
	}
}

// expectFindings builds the project: exit 1, dist untouched, each file's finding at its place, and errors in no other file.
func expectFindings(t *testing.T, dir string, files []hostileFile) {
	t.Helper()
	o := skillgen(t, dir, "build", "--format", "json")
	bounded(t, o)
	if o.exit != 1 {
		t.Fatalf("exit %d, want 1\n%.2000s%.2000s", o.exit, o.stdout, o.stderr)
	}
	if _, err := os.Lstat(filepath.Join(dir, "dist", "skills")); err == nil {
		t.Error("something was written, although there are errors")
	}
	findings := readFindings(t, o.stdout)
	expected := map[string]bool{}
	for _, h := range files {
		expected[h.path] = h.severity == "error"
		found, seen := false, ""
		for _, f := range findings {
			if f.File == h.path {
				found = found || f.Severity == h.severity && h.firstLine <= f.Line && f.Line <= max(h.firstLine, h.endsAt)
				if len(seen) < 600 {
					seen += fmt.Sprintf("; %s at line %d: %.100s", f.Severity, f.Line, f.Message)
				}
			}
		}
		if !found && h.severity != "" {
			t.Errorf("%s: no %s at line %d–%d%s", h.path, h.severity, h.firstLine, max(h.firstLine, h.endsAt), seen)
		}
	}
	for _, f := range findings {
		if f.Severity == "error" && !expected[f.File] {
			t.Errorf("%s:%d: %s", f.File, f.Line, f.Message)
		}
	}
}
