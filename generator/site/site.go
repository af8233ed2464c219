// Package site renders a release for people: an index of all skills, and a page per skill. Plain HTML and one style sheet; no script, no request
// to another host, and nothing that a skill says can run.
//
// A page promises that every link within the release leads somewhere, that no id stands twice, that text of a skill is text: its HTML is shown as
// it is written, its images are links, its links lead to the web, to a mail address or into the skill and nowhere else, and what is hidden in it
// is visible. The same input gives the same bytes. Markdown that no parser should be given is shown as plain text.
package site

import (
	"cmp"
	_ "embed"
	"runtime"
	"slices"
	"strings"
	"sync"

	"skillgen/generator/plan"
	"skillgen/generator/prosediff"
	"skillgen/generator/release"
)

// Input is what a release shows. Pages are a function of it alone.
type Input struct {
	Product, Version          string
	License, Author, Homepage string            // may be empty
	URL                       string            // where the folder of the release is served, without a slash at its end; empty: not known
	Base                      string            // what the release was compared with, as people call it; empty: nothing
	Skills                    []Skill           // by name
	Changes                   *prosediff.Report // since Base; nil where there is none
	Marketplace               string            // name of the Claude Code marketplace
}

// Skill is one skill.
type Skill struct {
	release.Skill
	Plugin string       // that holds it
	Flight *plan.Flight // what is known of its model airplane; nil where nothing is
	Stages []Stage
	Files  []File // by path; SKILL.md among them
}

// Stage is one stage prompt.
type Stage struct{ Title, Path string } // Path is empty where the stages stand in SKILL.md

// File is a file of a skill, with where its lines come from.
type File struct {
	Path   string // from the skill's folder
	Data   []byte
	Ranges []release.Range // of this file, by line
}

//go:embed site.css
var styleSheet []byte

// styleFile is the path of the style sheet of all pages.
const styleFile = "site.css"

// Pages renders index.html, a page per skill and the style sheet, by path. The page of a skill is PagePath of its name.
func Pages(in Input) []release.Output {
	in.Skills = slices.SortedStableFunc(slices.Values(in.Skills), func(a, b Skill) int { return cmp.Compare(a.Name, b.Name) })
	for i := range in.Skills {
		in.Skills[i].Title = titleOf(&in.Skills[i])
	}
	news := newsOf(&in)
	out := make([]release.Output, len(in.Skills)+2)
	each(len(in.Skills), func(i int) {
		out[i] = release.Output{Path: PagePath(in.Skills[i].Name), Data: skillPage(&in, &in.Skills[i], news)}
	})
	out[len(in.Skills)] = release.Output{Path: indexFile, Data: indexPage(&in, news)}
	out[len(in.Skills)+1] = release.Output{Path: styleFile, Data: styleSheet}
	slices.SortStableFunc(out, func(a, b release.Output) int { return strings.Compare(a.Path, b.Path) })
	return out
}

const indexFile = "index.html"

// PagePath returns the file of a skill's page. No name of a skill holds an underscore.
func PagePath(name string) string {
	if name == "index" {
		return "index_.html"
	}
	return name + ".html"
}

// each calls do for 0 … n-1, on all processors.
func each(n int, do func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
