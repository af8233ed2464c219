package project

import "skillgen/generator/source"

// tagShape is the table of frameworks/tags/<tag>.md.
var tagShape = object(
	opt("vars", byKey(varRule, text(rule{empty: true, lines: true})), func(t *Tag) *map[string]source.String { return &t.Vars }, "Words for templates, as {{vars.KEY}}."),
)
