package example

import (
	"fmt"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// rule is one pattern of project or framework. Of all that match a path the last one counts.
type rule struct {
	pattern *source.Pattern
	text    source.String
	include bool
	hit     bool // it matched something that a pattern may decide about
}

// rules compiles the patterns in the order in which they count.
func rules(dir string, o Options) ([]*rule, []diag.Finding) {
	var all []*rule
	var findings []diag.Finding
	for _, list := range []struct {
		patterns []source.String
		include  bool
	}{{o.Exclude, false}, {o.Include, true}, {o.FrameworkExclude, false}, {o.FrameworkInclude, true}} {
		for _, text := range list.patterns {
			if message, hint := badPattern(text.S, list.include); message != "" {
				findings = append(findings, diag.New("example-pattern", text.At.Place(), message, hint))
				continue
			}
			written := text.S
			if rest, ok := strings.CutPrefix(written, "./"); ok {
				written = "/" + rest // the airplane's folder is meant; .gitignore knows no such form
			}
			all = append(all, &rule{pattern: source.NewPattern(written, dir), text: text, include: list.include})
		}
	}
	return all, findings
}

// badPattern says what is wrong with a pattern, "" where nothing is.
func badPattern(s string, include bool) (message, hint string) {
	switch {
	case strings.Trim(s, " /") == "":
		return fmt.Sprintf("the pattern %q names nothing", s), "write a pattern as in .gitignore, or remove it"
	case strings.HasPrefix(s, "!") && include:
		return fmt.Sprintf("a pattern of include begins with \"!\": %q", s), "to leave files out, list the pattern under exclude, without \"!\""
	case strings.HasPrefix(s, "!"):
		return fmt.Sprintf("a pattern of exclude begins with \"!\": %q", s), "to keep files, list the pattern under include, without \"!\""
	case strings.HasPrefix(s, "../"), strings.Contains(s, "/../"):
		return fmt.Sprintf("the pattern %q leads out of the airplane", s), "patterns are matched against paths from the airplane's folder"
	}
	return "", ""
}

// reason says why a file is left out by this rule.
func (r *rule) reason() string {
	at := r.text.At.Place()
	if at.File == "" {
		return fmt.Sprintf("exclude %q", r.text.S)
	}
	return fmt.Sprintf("exclude %q (%s:%d)", r.text.S, at.File, at.Line)
}

// state says whether a file or folder belongs into the skill, and what decided it.
type state struct {
	out    bool
	reason string // of being out
	by     int    // index of the rule that decided; -1 where none did
}

// judge decides about a path: what is left out by default, or lies in a folder that is out, is out; then the rules count, in a folder that a
// rule put out only those behind it.
func (l *loader) judge(name string, isDir bool, above state, byDefault string) state {
	s := state{by: -1}
	if above.out {
		s = above
	} else if byDefault != "" {
		s = state{out: true, reason: byDefault, by: -1}
	}
	for i, r := range l.rules {
		if !r.pattern.Match(name, isDir) {
			continue
		}
		r.hit = true
		if above.out && i <= above.by {
			continue
		}
		s = state{out: !r.include, by: i}
		if s.out {
			s.reason = r.reason()
		}
	}
	return s
}

// opened reports whether a folder that is out must be looked into all the same: an include is written for paths below it.
func (l *loader) opened(folder string, s, above state) bool {
	for i, r := range l.rules {
		if r.include && i > s.by && r.pattern.Into(folder, !above.out) {
			return true
		}
	}
	return false
}

// Unused reports the patterns that matched nothing in any of the airplanes they are meant for: a project's patterns are meant for all
// airplanes, a framework's for its own. An airplane that is nil could not be read: then nothing is known, and nothing is reported.
func Unused(exclude, include []source.String, airplanes []*Airplane) []diag.Finding {
	used := map[source.String]bool{}
	for _, a := range airplanes {
		if a == nil {
			return nil
		}
		for _, text := range a.matched {
			used[text] = true
		}
	}
	var findings []diag.Finding
	report := func(list []source.String, message, hint string) {
		for _, text := range list {
			if bad, _ := badPattern(text.S, false); bad == "" && !used[text] && len(airplanes) > 0 {
				findings = append(findings, diag.New("pattern-unused", text.At.Place(), fmt.Sprintf(message, text.S), hint))
			}
		}
	}
	report(exclude, "exclude %q matches nothing", "remove it, or correct it: patterns are matched as in .gitignore, from the airplane's folder")
	report(include, "include %q matches nothing that may be part of a skill",
		"remove it, or correct it; what .gitignore ignores, .env files and files shaped like credentials stay out in any case")
	return findings
}
