package example

import (
	"path"
	"strings"
)

// sign is how a comment begins.
type sign struct {
	open, close string // close is empty for a comment that ends with its line
	more        string // bytes that may follow open any number of times: "///", "##"
	only        string // endings of the files that have it; empty: all
}

// signs are compared in this order: a longer one stands before one that it begins with.
var signs = []sign{
	{open: "{/*", close: "*/}"},
	{open: "<!--", close: "-->"},
	{open: "[//]: # (", close: ")", only: ".md .mdx .markdown"},
	{open: "<%--", close: "--%>"},
	{open: "<%#", close: "%>"},
	{open: "{{!--", close: "--}}"},
	{open: "{{--", close: "--}}"},
	{open: "{{!", close: "}}"},
	{open: "{{/*", close: "*/}}"},
	{open: "{#", close: "#}"},
	{open: "{-", close: "-}"},
	{open: "@*", close: "*@"},
	{open: "/*", close: "*/", more: "*!"},
	{open: "(*", close: "*)", more: "*"},
	{open: "#|", close: "|#"},
	{open: "#=", close: "=#"},
	{open: "--[[", close: "]]"},
	{open: "//", more: "/!-"},
	{open: "#", more: "#!"},
	{open: "--", more: "-"},
	{open: "-#"},
	{open: ";", more: ";"},
	{open: "%", more: "%"},
	{open: "*"}, // a further line of a block comment
	{open: "'", only: ".vb .vbs .bas"},
	{open: "..", only: ".rst"},
	{open: "::", only: ".bat .cmd"},
	{open: "rem ", only: ".bat .cmd"},
	{open: "REM ", only: ".bat .cmd"},
}

// commentOf returns the comment that is the first thing on a line of the file: its sign and what follows the sign, without the blanks
// before it. In Markdown only the comments of HTML, MDX and links are comments; there # is a heading and * an item.
func commentOf(name, line string) (s sign, text string, ok bool) {
	ext := strings.ToLower(path.Ext(name))
	markdown := ext == ".md" || ext == ".mdx" || ext == ".markdown"
	line = strings.TrimLeft(line, " \t")
	for _, s := range signs {
		if !strings.HasPrefix(line, s.open) {
			continue
		}
		if s.only != "" && (ext == "" || !strings.Contains(s.only+" ", ext+" ")) {
			continue
		}
		if markdown && s.open != "<!--" && s.open != "{/*" && s.only == "" {
			continue
		}
		return s, strings.TrimLeft(strings.TrimLeft(line[len(s.open):], s.more), " \t"), true
	}
	return sign{}, "", false
}
