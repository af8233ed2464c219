package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
)

// Limits of the Agent Skills specification ("SKILL.md format"), and of its consumers where they are stricter.
const (
	maxName        = 64
	maxDescription = 1024 // code points
	maxFiles       = 512
	maxBytes       = 16 << 20
	maxPath        = 100 // bytes; tar (USTAR) has no room for more
)

var (
	namePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	keyPattern  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	pathPattern = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)
)

// names checks the shape of names, and that no two skills share one.
func names(s Subject) []diag.Finding {
	var all []diag.Finding
	report := func(skill *emit.Skill, message, hint string) {
		all = append(all, diag.New("skill-name", skill.Plan.At.Place(), fmt.Sprintf("skill name %q %s", skill.Plan.Name, message), hint))
	}
	first := map[string]*emit.Skill{}
	for _, skill := range s.Skills {
		name := skill.Plan.Name
		switch {
		case !namePattern.MatchString(name):
			report(skill, "is not made of lower-case letters, digits and single hyphens", "rename the framework's file, or change `prefix`")
		case len(name) > maxName:
			report(skill, fmt.Sprintf("has %d characters; %d are allowed", len(name), maxName), "shorten the framework's id, the workflow's name or `prefix`")
		case strings.Contains(name, "claude"), strings.Contains(name, "anthropic"):
			report(skill, "holds a reserved word", "\"claude\" and \"anthropic\" are refused by consumers: choose another id")
		}
		if other := first[name]; other != nil {
			f := diag.New("skill-name-clash", skill.Plan.At.Place(), fmt.Sprintf("two skills are named %q", name), "rename one, or give its workflow another `name`")
			f.Also = other.Plan.At.Place()
			all = append(all, f)
			continue
		}
		first[name] = skill
	}
	return all
}

// descriptions checks what consumers show in their lists of skills.
func descriptions(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		d := skill.Plan.Description
		at := d.At
		if at.File == nil {
			at = skill.Plan.At
		}
		report := func(message, hint string) {
			all = append(all, diag.New("skill-description", at.Place(), fmt.Sprintf("description of %s %s", skill.Plan.Name, message), hint))
		}
		switch n := utf8.RuneCountInString(d.S); {
		case strings.TrimSpace(d.S) == "":
			report("is empty", "say in one sentence what the skill does and when to use it")
		case n > maxDescription:
			report(fmt.Sprintf("has %d characters; %d are allowed", n, maxDescription), "aim at 200: the words that trigger the skill first")
		}
		if strings.ContainsAny(d.S, "<>") {
			report("holds < or >", "consumers refuse both: write the words without angle brackets")
		}
		if strings.ContainsFunc(d.S, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
			report("holds a line break or control character", "write it on one line")
		}
	}
	return all
}

// reservedKeys are the keys of `metadata` that skillgen writes.
var reservedKeys = []string{"content", "framework", "version", "workflow"}

// yamlWords are read as truth values or nothing by one YAML or another (1.1 and 1.2).
var yamlWords = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}

func metadata(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		for _, pair := range skill.Plan.Metadata {
			at := pair.At
			if at.File == nil {
				at = skill.Plan.At
			}
			report := func(message, hint string) {
				all = append(all, diag.New("skill-metadata", at.Place(), fmt.Sprintf("metadata key %q %s", pair.Key, message), hint))
			}
			switch {
			case !keyPattern.MatchString(pair.Key):
				report("does not begin with a letter, or is not made of letters, digits, dots, hyphens and underscores", "rename it")
			case slices.Contains(yamlWords, strings.ToLower(pair.Key)):
				report("is no text to every reader of YAML", "rename it")
			case pair.Key == "content" || pair.Key == "version":
				report("is one that skillgen writes", "choose a name other than "+strings.Join(reservedKeys, ", "))
			}
		}
	}
	return all
}

// files checks paths, their number and their size.
func files(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		total := 0
		for i := range skill.Files {
			f := &skill.Files[i]
			total += len(f.Data)
			if message := badPath(f.Path); message != "" {
				all = append(all, diag.New("skill-path", origin(skill, f), fmt.Sprintf("path %q %s", f.Path, message), "rename the file"))
			}
		}
		all = append(all, clashes(skill)...)
		if len(skill.Files) > maxFiles || total > maxBytes {
			all = append(all, diag.New("skill-size", skill.Plan.At.Place(), fmt.Sprintf("skill %s has %d files and %d bytes; %d and %d are allowed", skill.Plan.Name, len(skill.Files), total, maxFiles, maxBytes), "leave files out with `exclude`"))
		}
	}
	return all
}

// origin is the file that a file of a skill is made of; the skill itself where none is known.
func origin(skill *emit.Skill, f *emit.File) diag.Place {
	switch {
	case f.Source != nil:
		return diag.Place{File: f.Source.Path}
	case f.Path != "SKILL.md" && len(f.Runs) > 0 && f.Runs[0].File != nil:
		return diag.Place{File: f.Runs[0].File.Path}
	}
	return skill.Plan.At.Place()
}

// clashes finds files of a skill that one path would mean on a file system which ignores case.
func clashes(skill *emit.Skill) []diag.Finding {
	var all []diag.Finding
	first := map[string]*emit.File{}
	for i := range skill.Files {
		f := &skill.Files[i]
		other := first[strings.ToLower(f.Path)]
		if other == nil {
			first[strings.ToLower(f.Path)] = f
			continue
		}
		message := fmt.Sprintf("two files of a skill are named %q", f.Path)
		if f.Path != other.Path {
			message = fmt.Sprintf("files of a skill are named %q and %q, which differ only by case", other.Path, f.Path)
		}
		finding := diag.New("skill-path", origin(skill, f), message, "rename one; skillgen itself writes SKILL.md, stages/ and, with `layout: references`, pages and EXAMPLE.md to references/")
		finding.Also = origin(skill, other)
		all = append(all, finding)
	}
	return all
}

func badPath(path string) string {
	base := path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case !pathPattern.MatchString(path):
		return "holds characters other than ASCII letters, digits, dots, hyphens and underscores"
	case len(path) > maxPath:
		return fmt.Sprintf("has %d bytes; %d are allowed", len(path), maxPath)
	case base == "metadata.json":
		return "is reserved by a consumer"
	case strings.EqualFold(base, "SKILL.md") && path != "SKILL.md":
		return "would be a skill inside a skill"
	}
	return ""
}
