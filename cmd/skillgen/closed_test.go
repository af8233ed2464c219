package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// swallowers are pages that would take what follows them in the skill with them, or change what it means.
var swallowers = map[string]string{
	"fence":                "```js\nopen",
	"tildes":               "~~~~\nopen\n```\n~~~",
	"fence in a list":      "- a\n\n  ```\n  open",
	"fence in a quote":     "> ```\n> open",
	"script":               "<script>\nopen",
	"pre":                  "<pre>\n\nopen\n\n",
	"style":                "text\n<style>\nopen",
	"textarea":             "<textarea>\n\nopen",
	"comment":              "<!-- open",
	"instruction":          "<?php open",
	"declaration":          "<!DOCTYPE open",
	"cdata":                "<![CDATA[ open",
	"div":                  "<div>\nopen",
	"tag without end":      "<a href=\"open\n",
	"quote":                "> open",
	"list":                 "- open\n- - - deep",
	"code":                 "text\n\n    indented",
	"underline first":      "===\n\n---\n",
	"text for underline":   "text",
	"backslash":            "text\\",
	"hard break":           "text  ",
	"emphasis":             "**open *and _more",
	"code span":            "`open",
	"link":                 "[open](",
	"link text":            "[open",
	"definition":           "[ref]: https://hijacked.example/\n[keep one]: https://hijacked.example/\n[^1]: hijacked",
	"definition, no end":   "[ref]:",
	"footnote":             "[^1]\n\n[^1]: hijacked\n\n    more",
	"table":                "| a |\n|---|\n| open",
	"front matter":         "---\nopen: x",
	"thematic break":       "---",
	"heading":              "# Open\n## Other\n\n## Documentation\n",
	"heading without text": "#\n##\n",
	"braces":               "{{example}} {{end}} {{raw}}",
	"markers":              "<!-- skillgen:ignore-start -->",
	"html in a list":       "1. <details>\n\n   <pre>\n\n   open",
	"comment in a list":    "- <!--\n  open",
	"null":                 "&#0; &lt;script&gt; \\",
}

const closedBase = `-- skillgen.yaml --
product: Acme
prefix: acme
-- frameworks/good.md --
---
title: Good
languages: [go]
docs: [website/a.md, website/p.md, website/z.md]
example: examples/app
---
## Keep guidance
-- website/a.md --
# Keep first

## Keep one

[ref] and [keep one] and [^1] *keep* <b>.

[ref]: https://keep.example/a
-- website/z.md --
# Keep last

Keep
two
---

[ref] and [keep two][], [^1].

` + "```\nkeep code\n```" + `

[ref]: https://keep.example/z
[keep two]: https://keep.example/two
[^1]: Keep [a note](https://keep.example/note).
-- examples/app/keep.md --
# keep
` + "```\nkeep\n```" + `
-- templates/integrate/skill.md --
---
description: Integrates Acme.
default: true
---
# Keep Acme

{{guidance}}

{{docs}}

{{example}}

{{stages}}
-- templates/integrate/10-start.md --
---
title: Keep start
---
Start.
`

// TestPagesAreClosed is SECURITY's promise that one page can't change the meaning of the rest: whatever a page holds, the headings, links and
// code blocks of everything else are those of a skill in which that page is empty.
func TestPagesAreClosed(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, closedBase)
	kept := func(page, layout, stages string) []string {
		writeFile(t, filepath.Join(dir, "website/p.md"), page)
		var stdout, stderr bytes.Buffer
		if exit := run([]string{"build", "-C", dir, "--layout", layout, "--stages", stages}, &stdout, &stderr); exit != 0 {
			t.Fatalf("%q: exit %d: %s", page, exit, stderr.String())
		}
		return keptParts(skillTrees(t, filepath.Join(dir, "dist"))["acme-good"])
	}
	for _, form := range [][2]string{{"flat", "files"}, {"flat", "inline"}, {"references", "files"}} {
		want := kept("x\n", form[0], form[1])
		if len(want) < 12 {
			t.Fatalf("only %q is held", want)
		}
		for name, page := range swallowers {
			for _, ending := range []string{"", "\n"} {
				if got := kept(page+ending, form[0], form[1]); !slices.Equal(got, want) {
					t.Errorf("%s, %s: the rest of the skill reads\n%q, want\n%q", form, name, got, want)
				}
			}
		}
	}
}

// keptParts lists what a reader of Markdown finds in a skill of what is marked as to be kept.
func keptParts(files map[string]string) (parts []string) {
	for _, file := range []string{"SKILL.md", "references/a.md", "references/z.md", "references/EXAMPLE.md"} {
		r := render(files[file])
		for _, h := range r.headings {
			if strings.HasPrefix(h.text, "Keep") || strings.HasPrefix(h.text, "Model") || strings.HasPrefix(h.text, "keep.md") {
				parts = append(parts, strings.Repeat("#", h.level)+" "+h.text)
			}
		}
		for _, link := range r.links {
			if strings.HasPrefix(link, "https://keep") {
				parts = append(parts, link)
			}
		}
		for _, f := range r.fences {
			if strings.Contains(f.content, "keep") {
				parts = append(parts, f.content)
			}
		}
	}
	return parts
}
