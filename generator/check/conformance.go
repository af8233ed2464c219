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

func metadata(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		seen := map[string]bool{}
		for _, pair := range skill.Plan.Metadata {
			if !keyPattern.MatchString(pair.Key) {
				all = append(all, diag.New("skill-metadata", skill.Plan.At.Place(), fmt.Sprintf("metadata key %q is not made of letters, digits, dots, hyphens and underscores", pair.Key), "rename it"))
			}
			if pair.Key == "content" || pair.Key == "version" || seen[pair.Key] {
				all = append(all, diag.New("skill-metadata", skill.Plan.At.Place(), fmt.Sprintf("metadata key %q is one that skillgen writes", pair.Key),
					"choose a name other than "+strings.Join(reservedKeys, ", ")))
			}
			seen[pair.Key] = true
		}
	}
	return all
}

// files checks paths, their number and their size.
func files(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		total := 0
		paths := make([]string, 0, len(skill.Files))
		for _, f := range skill.Files {
			total += len(f.Data)
			paths = append(paths, f.Path)
			if message := badPath(f.Path); message != "" {
				at := skill.Plan.At.Place()
				if f.Source != nil {
					at = diag.Place{File: f.Source.Path}
				}
				all = append(all, diag.New("skill-path", at, fmt.Sprintf("path %q %s", f.Path, message), "rename the file"))
			}
		}
		if twice := sameButForCase(paths); twice != "" {
			all = append(all, diag.New("skill-path", skill.Plan.At.Place(), fmt.Sprintf("skill %s has two files named %q, or names that differ only by case", skill.Plan.Name, twice), "rename one"))
		}
		if len(skill.Files) > maxFiles || total > maxBytes {
			all = append(all, diag.New("skill-size", skill.Plan.At.Place(), fmt.Sprintf("skill %s has %d files and %d bytes; %d and %d are allowed", skill.Plan.Name, len(skill.Files), total, maxFiles, maxBytes), "leave files out with `exclude`"))
		}
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

// sameButForCase returns a path that occurs twice on a file system that ignores case.
func sameButForCase(paths []string) string {
	lower := make([]string, len(paths))
	for i, p := range paths {
		lower[i] = strings.ToLower(p)
	}
	slices.Sort(lower)
	for i := 1; i < len(lower); i++ {
		if lower[i] == lower[i-1] {
			return lower[i]
		}
	}
	return ""
}
