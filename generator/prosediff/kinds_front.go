package prosediff

import (
	"fmt"
	"slices"
	"strings"
)

// findFrontMatter looks at each key of the front matter.
func (s *skillDiff) findFrontMatter() {
	for _, sp := range s.spots {
		if sp.kind() != frontKey || !sp.open() {
			continue
		}
		name := sp.b.doc().frontName(sp.b.block)
		if name == "name" && s.a.name != s.b.name {
			sp.claimAll() // it follows the folder
			continue
		}
		old, new := frontText(sp.a.text()), frontText(sp.b.text())
		for _, id := range keyKinds(name, &old, &new) {
			s.onSpot(s.add(id.id, id.message), sp, nil).Level = id.level
		}
		sp.claimAll()
	}
	for _, l := range s.gone {
		if l.text().shape.kind == frontKey && !l.claimed {
			s.frontGone(l)
		}
	}
	for _, l := range s.come {
		if l.text().shape.kind == frontKey && !l.claimed {
			s.frontCome(l)
		}
	}
}

func (s *skillDiff) frontGone(l *leftover) {
	name, old := l.doc().frontName(l.block), frontText(l.text())
	for _, k := range keyKinds(name, &old, nil) {
		c := s.onGone(s.add(k.id, k.message), l.place, 0, len(l.text().Reading().toks))
		c.Level = k.level
	}
	l.claimed = true
}

func (s *skillDiff) frontCome(l *leftover) {
	name, new := l.doc().frontName(l.block), frontText(l.text())
	for _, k := range keyKinds(name, nil, &new) {
		c := s.onCome(s.add(k.id, k.message), l.place, 0, len(l.text().Reading().toks))
		c.Level = k.level
	}
	l.claimed = true
}

// frontText returns the value of a front matter key as plain text, the items of a list divided by blanks.
func frontText(t *text) string {
	_, _, values := yamlKey(t.raw)
	return strings.Join(values, " ")
}

// finding is a kind of change with its level and message, before it has a place.
type finding struct {
	id      string
	level   Level
	message string
}

func found(id, format string, args ...any) finding {
	k, _ := Lookup(id)
	return finding{id, k.Level, fmt.Sprintf(format, args...)}
}

// keyKinds says what the change of a key means; old or new is nil where the key is new or gone.
func keyKinds(name string, old, new *string) []finding {
	switch name {
	case "allowed-tools":
		return toolKinds(old, new)
	case "name":
		return []finding{found("skill-renamed", "the name %s", became(old, new))}
	case "license":
		return []finding{found("license-changed", "the license %s", became(old, new))}
	case "description":
		return descriptionKinds(old, new)
	case "metadata.version", "metadata.content", "version":
		if old != nil && new != nil {
			return []finding{found("stamp-only", "%s is made anew with each release", name)}
		}
	}
	switch {
	case new == nil:
		return []finding{found("frontmatter-removed", "the key %s is gone", name)}
	case old == nil:
		return []finding{found("frontmatter-added", "the key %s is new", name)}
	}
	return []finding{found("frontmatter-changed", "%s %s", name, became(old, new))}
}

func became(old, new *string) string {
	switch {
	case old == nil:
		return fmt.Sprintf("is new: “%s”", clip(*new, 60))
	case new == nil:
		return fmt.Sprintf("is gone: “%s”", clip(*old, 60))
	}
	return fmt.Sprintf("was “%s”, is “%s”", clip(*old, 60), clip(*new, 60))
}

func descriptionKinds(old, new *string) []finding {
	out := []finding{found("description-changed", "agents decide by the description whether to load the skill")}
	if old == nil {
		return out
	}
	after := ""
	if new != nil {
		after = *new
	}
	for _, t := range triggers(*old) {
		if !strings.Contains(folded(after), folded(t)) {
			out = append(out, found("description-trigger-removed", "“%s” no longer loads the skill", clip(t, 80)))
		}
	}
	return out
}

func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// triggers returns what a description names as reasons to load the skill: quoted phrases, else what follows "use when" up to the sentence's end.
func triggers(s string) []string {
	var out []string
	for _, quotes := range [][2]string{{"\"", "\""}, {"“", "”"}, {"'", "'"}, {"`", "`"}} {
		rest := s
		for {
			_, after, ok := strings.Cut(rest, quotes[0])
			if !ok {
				break
			}
			phrase, behind, ok := strings.Cut(after, quotes[1])
			if !ok {
				break
			}
			if words := len(strings.Fields(phrase)); words > 0 && words <= 8 && quotes[0] != "'" || words > 1 && words <= 8 {
				out = append(out, phrase)
			}
			rest = behind
		}
	}
	if len(out) > 0 {
		return out
	}
	lower := strings.ToLower(s)
	for _, opener := range []string{"use this skill when", "use this when", "use it when", "use when", "use for", "triggers on", "triggered by"} {
		i := strings.Index(lower, opener)
		if i < 0 || len(lower) != len(s) {
			continue
		}
		clause, _, _ := strings.Cut(s[i:], ". ")
		return append(out, strings.TrimRight(clause, ". "))
	}
	return out
}

func toolKinds(old, new *string) []finding {
	if new == nil {
		return []finding{found("tools-broadened", "allowed-tools is gone: all tools are allowed")}
	}
	if old == nil {
		return []finding{found("tools-narrowed", "allowed-tools is new: only %s", clip(*new, 100))}
	}
	before, after := tools(*old), tools(*new)
	var out []finding
	if more := outside(after, before); len(more) > 0 {
		out = append(out, found("tools-broadened", "also allowed now: %s", clip(strings.Join(more, ", "), 100)))
	}
	if less := outside(before, after); len(less) > 0 {
		out = append(out, found("tools-narrowed", "no longer allowed: %s", clip(strings.Join(less, ", "), 100)))
	}
	if len(out) == 0 {
		out = append(out, found("formatting-only", "the same tools, written in another way"))
	}
	return out
}

// tools cuts a list of tools at blanks and commas outside parentheses.
func tools(s string) []string {
	var out []string
	depth, start := 0, 0
	flush := func(end int) {
		if t := strings.Trim(s[start:end], " \t\n,\"'-[]"); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case depth == 0 && (c == ' ' || c == ',' || c == '\n'):
			flush(i)
			start = i + 1
		}
	}
	flush(len(s))
	return out
}

// outside returns the tools of list that no tool of allowed contains.
func outside(list, allowed []string) []string {
	var out []string
	for _, t := range list {
		if !slices.ContainsFunc(allowed, func(a string) bool { return containsTool(a, t) }) {
			out = append(out, t)
		}
	}
	return out
}

// containsTool reports whether allowing a allows t: "Bash" contains "Bash(x)", and "Bash(x:*)" contains "Bash(x y)".
func containsTool(a, t string) bool {
	if a == t || a == "*" {
		return true
	}
	nameA, argA, restricted := strings.Cut(strings.TrimSuffix(a, ")"), "(")
	nameT, argT, narrower := strings.Cut(strings.TrimSuffix(t, ")"), "(")
	if nameA != nameT {
		return false
	}
	if !restricted || argA == "*" {
		return true
	}
	prefix, open := strings.CutSuffix(argA, "*")
	if !narrower || !open {
		return false
	}
	prefix = strings.TrimRight(prefix, ": ")
	argT = strings.TrimRight(argT, "*")
	return strings.TrimRight(argT, ": ") == prefix || strings.HasPrefix(argT, prefix+" ") || strings.HasPrefix(argT, prefix+":")
}
