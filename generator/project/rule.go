package project

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/semver"
)

// rule says which strings a key takes. The zero rule takes one line of any text that is not empty.
type rule struct {
	enum    []string                              // nothing but these …
	aliases map[string]string                     // … and what people write in their place
	pattern *regexp.Regexp                        //
	what    string                                // the pattern in words: "must be …"
	fix     func(s string) string                 // proposes a string that fits the pattern; may return ""
	max     int                                   // code points; 0: any number
	empty   bool                                  // may be empty
	lines   bool                                  // may have several lines
	prose   bool                                  // words for a reader: a comment must not cut them short
	angle   bool                                  // must not hold < or >
	quiet   bool                                  // a wrong value may be a secret: messages do not show it
	also    func(s string) (message, hint string) // what no pattern can say; a message is "must …"
}

// Patterns of names. They are part of the JSON Schemas: no syntax beyond what RE2 and ECMAScript share.
var (
	namePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	tagPattern  = regexp.MustCompile(`^[a-z0-9._-]+$`)
	keyPattern  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
)

// control lists the characters that no one-line text holds: C0, DEL, C1, and the separators of lines and paragraphs. They stand here as
// themselves, because regular expressions of Go and of JSON Schema have no escape for them in common.
const control = "\x00-\x1f\x7f-\u009f\u2028\u2029"

var (
	oneLine      = regexp.MustCompile("^[^" + control + "]*$")
	oneLineAngle = regexp.MustCompile("^[^<>" + control + "]*$")
)

// spec describes the rule for the JSON Schema.
func (c rule) spec() *spec {
	s := &spec{typ: "string", enum: c.enum, max: c.max, what: c.what}
	if !c.empty && len(c.enum) == 0 {
		s.min = 1
	}
	switch {
	case c.pattern != nil:
		s.pattern = c.pattern.String()
	case len(c.enum) > 0 || c.lines:
	case c.angle:
		s.pattern = "^[^<>" + control + "]*\n*$"
	default:
		s.pattern = "^[^" + control + "]*\n*$"
	}
	return s
}

// check reports where the scalar n breaks the rule.
func (c rule) check(r *report, n *node) bool {
	message, hint := c.fault(n.text)
	if message == "" {
		return true
	}
	r.add("config-value", n.at, n.name+" "+message, hint)
	return false
}

// fault says what is wrong with s: what follows the name of the value in a message. It is empty where nothing is wrong.
func (c rule) fault(s string) (message, hint string) {
	length := utf8.RuneCountInString(s)
	switch {
	case len(c.enum) > 0:
		return c.outside(s)
	case strings.TrimSpace(s) == "" && !c.empty:
		return "is empty", "give it a value, or leave the key out"
	case !c.lines && strings.Contains(s, "\n"):
		return "has several lines", "write it on one line"
	case !c.lines && !oneLine.MatchString(s):
		return "holds a control character or line separator", "take it out; pasted text brings such characters along"
	case c.angle && !oneLineAngle.MatchString(s):
		return "must not hold < or >", "say it without them: what loads skills takes them for markup and refuses the skill"
	case c.max > 0 && length > c.max:
		return fmt.Sprintf("has %d characters; at most %d are allowed", length, c.max), "shorten it"
	case c.pattern != nil && !c.pattern.MatchString(s):
		if c.fix != nil {
			if better := c.fix(s); better != "" && better != s {
				hint = fmt.Sprintf("did you mean %q?", better)
			}
		}
		if c.quiet {
			return "must be " + c.what, ""
		}
		return fmt.Sprintf("must be %s, not %q", c.what, s), hint
	case c.also != nil:
		return c.also(s)
	}
	return "", ""
}

func (c rule) outside(s string) (message, hint string) {
	if slices.Contains(c.enum, s) {
		return "", ""
	}
	hint = "one of: " + strings.Join(c.enum, ", ")
	if better, ok := c.aliases[strings.ToLower(s)]; ok {
		hint = fmt.Sprintf("did you mean %q?", better)
	} else {
		hint = didYouMean(s, c.enum, hint)
	}
	return fmt.Sprintf("does not take %q", s), hint
}

// nameRule is the rule for ids, workflows, stages and partials.
var nameRule = rule{pattern: namePattern, what: "lower-case letters, digits and single hyphens between them", fix: suggestName, max: 64}

// prefixRule is the rule for the first part of every skill's name.
var prefixRule = rule{pattern: namePattern, what: nameRule.what, fix: suggestName, max: 40, also: noVendor}

var tagRule = rule{pattern: tagPattern, what: "lower-case letters, digits, dots, hyphens and underscores", fix: suggestTag, max: 64, also: func(s string) (string, string) {
	if s == "not" || strings.HasPrefix(s, "vars.") {
		return "must not be a word of the template language", "choose another name"
	}
	return "", ""
}}

var varRule = rule{pattern: keyPattern, what: "letters, digits, hyphens and underscores, not beginning with a digit", max: 64}

// pathRule takes a path inside the project.
var pathRule = rule{also: localPath}

// versionRule takes a version after semver.org.
var versionRule = rule{max: 64, also: func(s string) (string, string) {
	if semver.IsValid("v"+s) && strings.Count(strings.FieldsFunc(s, func(c rune) bool { return c == '-' || c == '+' })[0], ".") == 2 {
		return "", ""
	}
	return fmt.Sprintf("must be a version such as 1.4.0, not %q", s), "three numbers with dots; -rc.1 may follow"
}}

var rangeRule = rule{max: 200, also: func(s string) (string, string) {
	if _, err := parseRange(s); err != nil {
		return fmt.Sprintf("is no version range: %v", err), `a range is written like ">=0.2 <1", "^1.4" or "~1.4.2"`
	}
	return "", ""
}}

var urlRule = rule{max: 2048, also: webURL}

// patternRule takes a gitignore-style pattern or a glob.
var patternRule = rule{max: 1024}

var durationRule = rule{pattern: regexp.MustCompile(`^[1-9][0-9]{0,4}(s|m)$`), what: "a time such as 300s or 5m", also: func(s string) (string, string) {
	if d, err := time.ParseDuration(s); err != nil || d > time.Hour {
		return "must be an hour at most", ""
	}
	return "", ""
}}

// localPath refuses a path that leaves the project.
func localPath(s string) (message, hint string) {
	switch clean := cleanPath(s); {
	case strings.Contains(s, `\`):
		return "must be written with /", fmt.Sprintf("write %q", strings.ReplaceAll(s, `\`, "/"))
	case path.IsAbs(s):
		return "must be a path inside the project, not an absolute one", "paths begin at the folder of skillgen.yaml"
	case clean == ".." || strings.HasPrefix(clean, "../"):
		return "leads out of the project", "paths begin at the folder of skillgen.yaml and stay below it"
	case slices.Contains(strings.Split(clean, "/"), ".git"):
		return "leads into .git", "nothing is read from there"
	}
	return "", ""
}

// cleanPath brings a path into the form in which the tree knows it.
func cleanPath(s string) string { return path.Clean(strings.TrimSuffix(s, "/")) }

// webURL takes absolute http and https URLs without user information.
func webURL(s string) (message, hint string) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Sprintf("must be a URL such as https://acme.example/docs, not %q", s), ""
	case u.User != nil:
		return "must not hold a user or password", "take the part before @ out"
	}
	return "", ""
}

// noVendor refuses names that consumers of skills reserve.
func noVendor(s string) (message, hint string) {
	for _, word := range []string{"claude", "anthropic"} {
		if strings.Contains(s, word) {
			return fmt.Sprintf("must not hold %q: the names of skills are made from it, and that word is reserved", word), "choose a name without it"
		}
	}
	return "", ""
}

// suggestTag makes a valid tag of s; it returns "" where nothing is left.
func suggestTag(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !tagPattern.MatchString(string(c)) })
	return strings.Join(words, "-")
}

// suggestName makes a valid name of s; it returns "" where nothing is left.
func suggestName(s string) string {
	s = strings.ToLower(s)
	s = strings.NewReplacer("c#", "csharp", "f#", "fsharp", "c++", "cpp", ".net", "dotnet", ".", "", "'", "", "claude", "", "anthropic", "").Replace(s)
	words := strings.FieldsFunc(s, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	return strings.Join(words, "-")
}
