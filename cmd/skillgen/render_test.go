package main

import (
	"bytes"
	"fmt"
	"html"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"
)

// rendered is what a reader of Markdown makes of a file.
type rendered struct {
	headings []heading
	anchors  map[string]bool // what a #fragment can name, by GitHub's rules
	links    []string        // destinations of links and images, in order
	fences   []fence
}

type heading struct {
	level int
	text  string
}

type fence struct {
	info, content string
	line          int // 1-based line of the first line of content, in the whole file
}

// render parses a Markdown file with or without front matter.
func render(text string) rendered {
	body, skipped := text, 0
	if rest, ok := strings.CutPrefix(text, "---\n"); ok {
		if block, after, ok := strings.Cut(rest, "\n---\n"); ok {
			body, skipped = after, strings.Count(block, "\n")+3
		}
	}
	r, src := rendered{anchors: map[string]bool{}}, []byte(body)
	md := goldmark.New()
	_ = ast.Walk(md.Parser().Parse(gmtext.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			r.headings = append(r.headings, heading{n.Level, plainText(md, n, src)})
		case *ast.Link:
			r.links = append(r.links, string(n.Destination))
		case *ast.Image:
			r.links = append(r.links, string(n.Destination))
		case *ast.FencedCodeBlock:
			r.fences = append(r.fences, readFence(n, src, skipped))
		}
		return ast.WalkContinue, nil
	})
	r.number()
	return r
}

func readFence(n *ast.FencedCodeBlock, src []byte, skipped int) fence {
	f := fence{content: string(n.Lines().Value(src))}
	if n.Info != nil {
		f.info = string(n.Info.Segment.Value(src))
	}
	if n.Lines().Len() > 0 {
		f.line = bytes.Count(src[:n.Lines().At(0).Start], []byte("\n")) + 1 + skipped
	}
	return f
}

var htmlTag = regexp.MustCompile(`<[^>]*>`)

// plainText is what a browser shows of a heading.
func plainText(md goldmark.Markdown, n ast.Node, src []byte) string {
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, src, n); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(html.UnescapeString(htmlTag.ReplaceAllString(b.String(), "")))
}

// number gives each heading its anchor: the slug, and -1, -2 … where it was taken.
func (r *rendered) number() {
	seen := map[string]int{}
	for _, h := range r.headings {
		slug := githubSlug(h.text)
		anchor := slug
		for {
			if _, taken := seen[anchor]; !taken {
				break
			}
			seen[slug]++
			anchor = fmt.Sprintf("%s-%d", slug, seen[slug])
		}
		seen[anchor] = 0
		r.anchors[anchor] = true
	}
}

// githubSlug lowers the text, drops what is no letter, mark, digit, connector, hyphen or blank, and turns blanks into hyphens.
func githubSlug(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc):
			return r
		}
		return -1
	}, strings.ToLower(text))
}

func TestGitHubSlug(t *testing.T) {
	r := render("# Héllo, *World*: `a_b` & c\n\n## Setup\n\n## Setup\n\n## Setup 1\n\n## 你好 ♥ x\n\n## [Link](y)\n\n## A &amp; B \\* 1\n")
	want := []string{"a--b--1", "héllo-world-a_b--c", "link", "setup", "setup-1", "setup-1-1", "你好--x"}
	if got := slices.Sorted(maps.Keys(r.anchors)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// linkFaults says which links of a skill's Markdown files lead nowhere: anchors that no heading has, files that the skill doesn't hold.
func linkFaults(files map[string]string) (faults []string) {
	pages := map[string]rendered{}
	for file, text := range files {
		if path.Ext(file) == ".md" {
			pages[file] = render(text)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(pages)) {
		for _, link := range pages[file].links {
			if what := linkFault(files, pages, file, link); what != "" {
				faults = append(faults, fmt.Sprintf("%s: link %q: %s", file, link, what))
			}
		}
	}
	return faults
}

var absolute = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*:|//)`)

func linkFault(files map[string]string, pages map[string]rendered, file, link string) string {
	if absolute.MatchString(link) {
		return ""
	}
	target, fragment, _ := strings.Cut(link, "#")
	for _, part := range []*string{&target, &fragment} {
		plain, err := url.PathUnescape(*part)
		if err != nil {
			return err.Error()
		}
		*part = plain
	}
	switch {
	case strings.HasPrefix(target, "/"), strings.Contains(target, ".."), strings.Contains(target, `\`):
		return "leaves the skill"
	case target == "":
		target = file
	default:
		target = path.Join(path.Dir(file), target)
	}
	if _, ok := files[target]; !ok {
		return "no such file"
	}
	if fragment != "" && !pages[target].anchors[fragment] {
		return "no such heading"
	}
	return ""
}

// nestingFaults says where a heading is more than one level below the one before it.
func nestingFaults(r rendered) (faults []string) {
	level := 0
	for _, h := range r.headings {
		if h.level > level+1 {
			faults = append(faults, fmt.Sprintf("heading %q of level %d follows level %d", h.text, h.level, level))
		}
		level = h.level
	}
	return faults
}

// TestRenderFaults shows that the checks above see each fault.
func TestRenderFaults(t *testing.T) {
	good := map[string]string{"SKILL.md": "---\nname: x\n---\n# A\n\n## B\n\n[b](#b) [p](references/p.md#c) [w](https://x.example/#z)\n", "references/p.md": "# C\n"}
	if faults := linkFaults(good); faults != nil {
		t.Fatalf("good links have faults: %q", faults)
	}
	for _, link := range []string{"#c", "references/q.md", "references/p.md#b", "/docs", "../x.md", `references\p.md`} {
		bad := maps.Clone(good)
		bad["SKILL.md"] += "[x](" + link + ")\n"
		if len(linkFaults(bad)) != 1 {
			t.Errorf("%s: no fault seen", link)
		}
	}
	if nestingFaults(render("# A\n\n## B\n\n# C\n\n## D\n")) != nil || nestingFaults(render("# A\n\n### B\n")) == nil || nestingFaults(render("## A\n")) == nil {
		t.Error("nesting")
	}
}

// buildRepository compiles this repository's own skills into a scratch folder, once.
func buildRepository(t *testing.T) string {
	t.Helper()
	dist := filepath.Join(t.TempDir(), "dist")
	mustBuild(t, "../..", "--out", dist)
	return dist
}

// TestRepositoryRenders reads this repository's skills as another program that knows Markdown would.
func TestRepositoryRenders(t *testing.T) {
	dist := buildRepository(t)
	if n := conform(t, dist, "posthog"); n < 3 {
		t.Fatalf("%d skills", n)
	}
	for name, files := range skillTrees(t, dist) {
		for _, fault := range linkFaults(files) {
			t.Errorf("%s: %s", name, fault)
		}
		for _, fault := range nestingFaults(render(files["SKILL.md"])) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	fencesMatch(t, "../..", dist)
}
