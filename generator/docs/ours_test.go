package docs

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/source"
)

func TestLinks(t *testing.T) {
	for in, want := range map[string]string{
		"no links here, [not one] either\n":                    "",
		"see [a](b.md#c) and\n![i](<pic one.png> \"t\")\n":     "0 b.md#c 8-14; 1 pic one.png 25-38",
		"[a]() `[b](c)`\n\n```\n[d](e)\n```\n":                 "0  4-4",
		"use [docs]\n\n[docs]: https://acme.example/a&amp;b\n": "2 https://acme.example/a&b 12-48 docs",
		"one\n<a href=\"x.md\">x</a> [y](z)\n":                 `1 x.md 12-18; 1 z 29-30`,
		"text[^1] [^2]\n\n[^1]: note\n":                        "2  17-18 ^1",
		"[a](b\\_c)\n":                                         "0 b_c 4-8",
	} {
		links, fault, _ := Links(in)
		var got []string
		for _, l := range links {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%d %s %d-%d %s", l.Line, l.Target, l.At, l.End, l.Label)))
		}
		if s := strings.Join(got, "; "); s != want || fault != "" {
			t.Errorf("Links(%q) = %q, fault %q, want %q", in, s, fault, want)
		}
	}
	if _, fault, line := Links("[x](y)\n\n" + strings.Repeat("> ", 40) + "deep\n"); fault == "" || line != 2 {
		t.Errorf("nesting: fault %q on line %d", fault, line)
	}
}

func TestHeadingsOpen(t *testing.T) {
	for in, want := range map[string]string{
		"text\n":                          "",
		"```\ncode\n```\n":                "",
		"text\n\n```sh\ncode\n":           "fence 2",
		"~~~\n```\n":                      "fence 0",
		"- item\n\n  ```\n  code\n":       "",
		"<details>\n\ntext\n":             "",
		"<pre>\ntext\n":                   "<pre> 0",
		"a\n\n<!-- note\n\ntext\n":        "comment 2",
		"<!-- note -->\n\n    <script>\n": "",
	} {
		got := ""
		if _, open := Headings(in); open.What != "" {
			got = fmt.Sprint(open.What, " ", open.Line)
		}
		if got != want {
			t.Errorf("Headings(%q) leave open = %q, want %q", in, got, want)
		}
	}
}

func TestLibraryHeading(t *testing.T) {
	tree := source.New(fstest.MapFS{"website/a.md": &fstest.MapFile{Data: []byte("# The page\n\n## Setup\n\n## Setup\n\n## Other {#own}\n")}})
	l, _, err := Open(tree, Options{Roots: []string{"website"}})
	if err != nil {
		t.Fatal(err)
	}
	for fragment, want := range map[string]string{"": "", "the-page": "", "setup": "setup", "setup-1": "setup-1", "own": "other-own", "Setup": "setup"} {
		if got, ok := l.Heading(l.Pages()[0], fragment); !ok || got != want {
			t.Errorf("#%s is %q, %t, want %q", fragment, got, ok, want)
		}
	}
	if _, ok := l.Heading(l.Pages()[0], "setup-2"); ok {
		t.Error("#setup-2 is found")
	}
}
