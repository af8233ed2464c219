// Package site renders a release for people: an index of all skills, and a page per skill. Plain HTML and one style sheet; no script, no request
// to another host, and nothing that a skill says can run.
package site

import (
	"skillgen/generator/prosediff"
	"skillgen/generator/release"
)

// Input is what a release shows. Pages are a function of it alone.
type Input struct {
	Product, Version          string
	License, Author, Homepage string            // may be empty
	Base                      string            // what the release was compared with, as people call it; empty: nothing
	Skills                    []Skill           // by name
	Changes                   *prosediff.Report // since Base; nil where there is none
	Marketplace               string            // name of the Claude Code marketplace
}

// Skill is one skill.
type Skill struct {
	release.Skill
	Plugin string // that holds it
	Flown  string // how its model airplane was flown, in words of the head; empty: not at all
	Stages []Stage
	Files  []File // by path; SKILL.md among them
}

// Stage is one stage prompt.
type Stage struct{ Title, Path string } // Path is empty where the stages stand in SKILL.md

// File is a file of a skill, with where its lines come from.
type File struct {
	Path   string // from the skill's folder
	Data   []byte
	Ranges []release.Range
}

// Pages renders index.html, <name>.html per skill and the style sheet.
func Pages(in Input) []release.Output { return nil }
