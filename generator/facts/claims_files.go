package facts

import "strings"

// extensions are the file name extensions by which a word in prose is known to name a file.
var extensions = set(strings.Fields(`astro bash bat c cc cfg conf cpp cs css csv dart env erb ex exs fish gemspec go gradle graphql h heex hpp hs html ini
	ipynb java jl js json jsonc jsonl jsx kt kts less lock lua m md mdx mjs cjs mm mod ndjson php plist pl prisma properties proto ps1 py pyi r rb rs
	sass scala scss sh sol sql sum svelte svg swift tf toml ts tsx txt vue xml yaml yml zig zip zsh`))

// IsFileExtension reports whether e, without its dot and in any case, is an extension by which prose names files.
func IsFileExtension(e string) bool { return len(e) <= 10 && extensions[strings.ToLower(e)] }

// Address is a URL or link destination in its parts, none of them decoded.
type Address struct {
	Scheme   string // lower case, without ":"; empty for a relative destination
	Host     string // lower case, with port, without user; empty where there is none
	Path     string
	Query    string // without "?"
	Fragment string // without "#"
}

// Relative reports whether the destination names a place by its path: a file of the same skill, or a heading.
func (a Address) Relative() bool { return a.Scheme == "" && a.Host == "" }

// SplitAddress takes a destination apart. It never fails: what is no URL is all path.
func SplitAddress(s string) Address {
	var a Address
	s, a.Fragment, _ = strings.Cut(s, "#")
	s, a.Query, _ = strings.Cut(s, "?")
	if i := strings.IndexByte(s, ':'); i > 0 && isScheme(s[:i]) {
		a.Scheme, s = strings.ToLower(s[:i]), s[i+1:]
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		host, path, found := strings.Cut(rest, "/")
		if s = path; found {
			s = "/" + path
		}
		a.Host = strings.ToLower(host[strings.LastIndexByte(host, '@')+1:])
	}
	a.Path = s
	return a
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; class[c]&classLetter == 0 && (i == 0 || class[c]&classDigit == 0 && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return len(s) > 1 // "C:" is a drive
}

// Destination returns the address that a URL or Target token names, without angle brackets and title; "" for any other token.
func Destination(token string) string {
	if rest, ok := strings.CutPrefix(token, "]("); ok {
		rest = strings.TrimSpace(strings.TrimSuffix(rest, ")"))
		if close := strings.IndexByte(rest, '>'); strings.HasPrefix(rest, "<") && close > 0 {
			return rest[1:close]
		}
		if i := strings.IndexAny(rest, " \t\n"); i >= 0 {
			rest = rest[:i]
		}
		return rest
	}
	if len(token) > 7 && (token[0] == '<' || token[0] == 'h' || token[0] == 'H') {
		return strings.Trim(token, "<>")
	}
	return ""
}
