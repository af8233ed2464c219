package facts

import (
	"path"
	"strings"

	"golang.org/x/mod/modfile"
)

// readGoMod reads the language version and the modules that the main module imports itself.
func readGoMod(m *manifest) {
	file, err := modfile.ParseLax(m.file.Path, []byte(m.file.Text), nil)
	if err != nil {
		m.goModFaults(err)
		return
	}
	if file.Go != nil {
		m.add("go", file.Go.Version, file.Go.Syntax.Start.Byte, file.Go.Syntax.End.Byte, false)
	}
	for _, r := range file.Require {
		if !r.Indirect {
			m.add(r.Mod.Path, r.Mod.Version, r.Syntax.Start.Byte, r.Syntax.End.Byte, false)
		}
	}
}

func (m *manifest) goModFaults(err error) {
	list, ok := err.(modfile.ErrorList)
	if !ok {
		m.fault(0, 0, "not a valid go.mod: "+err.Error(), "")
		return
	}
	for _, e := range list {
		start := min(m.file.Offset(e.Pos.Line)+max(e.Pos.LineRune-1, 0), len(m.file.Text))
		m.fault(start, start+len(m.file.LineText(e.Pos.Line)), "not a valid go.mod: "+e.Err.Error(), "")
	}
}

// readRequirements reads pip's format: a requirement a line, comments, options, and lines that go on after a backslash. Files that it
// includes are manifests of their own. A URL or a path without a name is left out.
func readRequirements(m *manifest) {
	dev := isDevName(path.Base(m.file.Path))
	var whole strings.Builder // of lines joined by a backslash
	start, open := 0, false
	eachLine(m.file.Text, func(l line) {
		if !open {
			start = l.start
		}
		text := uncomment(l.text)
		rest, goesOn := strings.CutSuffix(text, `\`)
		whole.WriteString(rest)
		open = goesOn
		if !open {
			m.requirementLine(start, whole.String(), dev)
			whole.Reset()
		}
	})
	m.requirementLine(start, whole.String(), dev)
}

func (m *manifest) requirementLine(start int, text string, dev bool) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || trimmed[0] == '-' {
		return
	}
	if i := strings.Index(trimmed, " --"); i >= 0 { // --hash, --config-settings
		trimmed = strings.TrimSpace(trimmed[:i])
	}
	start += strings.Index(text, trimmed)
	end := start + len(trimmed)
	name, version, ok := requirement(trimmed)
	switch {
	case ok:
		m.add(name, version, start, end, dev)
	case !strings.ContainsAny(trimmed, "/$") && trimmed[0] != '.' && !strings.HasSuffix(trimmed, ".whl"):
		m.fault(start, end, "not a requirement that pip would read", "write name==version")
	}
}

// uncomment cuts a comment from a line of a requirements file: a # at its start or after a blank.
func uncomment(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') {
			return s[:i]
		}
	}
	return s
}

// isDevName reports whether a requirements file is for building and testing, by its name: requirements-dev.txt, tests/requirements.txt is not.
func isDevName(name string) bool {
	for _, w := range strings.FieldsFunc(strings.TrimSuffix(name, ".txt"), func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch w {
		case "dev", "develop", "development", "test", "tests", "testing", "lint", "docs", "ci", "build":
			return true
		}
	}
	return false
}

// requirement splits a dependency specifier (PEP 508): `posthog[sentry] >=6,<7 ; python_version > "3.9"` is posthog and ">=6,<7".
func requirement(s string) (name, version string, ok bool) {
	s, _, _ = strings.Cut(s, ";")
	s = strings.TrimSpace(s)
	n := 0
	for n < len(s) && (alnum[s[n]] || strings.IndexByte("-_.", s[n]) >= 0) {
		n++
	}
	name, s = s[:n], strings.TrimSpace(s[n:])
	if name == "" || !alnum[name[0]] || !alnum[name[n-1]] {
		return "", "", false
	}
	if strings.HasPrefix(s, "[") {
		_, after, closed := strings.Cut(s, "]")
		if !closed {
			return "", "", false
		}
		s = strings.TrimSpace(after)
	}
	if strings.HasPrefix(s, "@") {
		return name, "", true
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	if s != "" && strings.IndexByte("=<>!~", s[0]) < 0 {
		return "", "", false
	}
	return name, s, true
}

// readGemfile reads lines like `gem "posthog-ruby", "~> 3.0", require: false`, and which groups they stand in. A Gemfile is a Ruby program;
// what it computes is left out.
func readGemfile(m *manifest) {
	var blocks []bool // of the open blocks: whether it is a group for development or tests
	eachLine(m.file.Text, func(l line) {
		text := strings.TrimSpace(l.text)
		first, rest, _ := strings.Cut(text, " ")
		switch {
		case strings.HasPrefix(text, "#"):
		case first == "end":
			blocks = blocks[:max(len(blocks)-1, 0)]
		case first == "gem" || strings.HasPrefix(text, "gem("):
			dev := len(blocks) > 0 && blocks[len(blocks)-1]
			m.gem(l, "gem", dev || isDevGroup(rest))
		case opensBlock(first, text):
			dev := len(blocks) > 0 && blocks[len(blocks)-1]
			blocks = append(blocks, dev || first == "group" && isDevGroup(rest))
		}
	})
}

// opensBlock reports whether a line of Ruby opens a block that an `end` closes.
func opensBlock(first, text string) bool {
	switch first {
	case "if", "unless", "case", "begin", "def", "while":
		return true
	}
	code, _, _ := strings.Cut(text, " #")
	code = strings.TrimSpace(code)
	return strings.HasSuffix(code, " do") || strings.HasSuffix(code, "|") && strings.Contains(code, " do |")
}

// isDevGroup reports whether text names the group development or test and no other.
func isDevGroup(text string) bool {
	return (strings.Contains(text, ":development") || strings.Contains(text, ":test")) &&
		!strings.Contains(text, ":production") && !strings.Contains(text, ":default")
}

// gem reads the strings that follow the word call on a line: the name of a package, and versions.
func (m *manifest) gem(l line, call string, dev bool) {
	at := strings.Index(l.text, call) + len(call)
	var texts []string
	end := at
	for {
		at += len(l.text[at:]) - len(strings.TrimLeft(l.text[at:], " \t(,"))
		if at >= len(l.text) || l.text[at] != '"' && l.text[at] != '\'' {
			break
		}
		n := strings.IndexByte(l.text[at+1:], l.text[at])
		if n < 0 {
			m.fault(l.start+at, l.start+len(l.text), "a string that is not closed on its line", "")
			return
		}
		if after := strings.TrimLeft(l.text[at+n+2:], " "); strings.HasPrefix(after, "=>") || strings.HasPrefix(after, ":") {
			break // a key of the options
		}
		texts = append(texts, l.text[at+1:at+1+n])
		at += n + 2
		end = at
	}
	if len(texts) == 0 || strings.Contains(texts[0], "#{") {
		return
	}
	version := strings.Join(texts[1:], ", ")
	if strings.Contains(version, "#{") {
		version = ""
	}
	start := l.start + strings.Index(l.text, call)
	m.add(texts[0], version, start, l.start+end, dev)
}

// readPubspec reads the two sections of Dart's manifest that name packages. They are plain block maps; of YAML's other notations only a
// comment and quotes are understood in them, and anything else is a finding.
func readPubspec(m *manifest) {
	section, indent := "", -1
	eachLine(m.file.Text, func(l line) {
		text := strings.TrimLeft(l.text, " ")
		depth := len(l.text) - len(text)
		if text == "" || text[0] == '#' {
			return
		}
		key, value, ok := yamlEntry(text)
		at, end := l.start+depth, l.start+len(l.text)
		dev := section == "dev_dependencies"
		switch {
		case depth == 0:
			section, indent = key, -1
			if value != "" && (key == "dependencies" || key == "dev_dependencies") && value != "{}" {
				m.fault(at, end, key+" must be a block: a package a line, indented", "")
			}
		case section != "dependencies" && !dev:
		case indent < 0 || depth == indent:
			indent = depth
			if !ok {
				m.fault(at, end, "not a package and its version", "write name: ^1.0.0")
				return
			}
			if strings.HasPrefix(value, "{") {
				value = ""
			}
			m.add(key, value, at, end, dev)
		case depth < indent:
			m.fault(at, end, "indented less than the line above it, and more than its section", "indent all packages alike")
		case key == "version" && len(m.found) > 0 && m.found[len(m.found)-1].Version == "":
			m.found[len(m.found)-1].Version = value
		}
	})
}

// yamlEntry splits `key: value # comment` and takes quotes off.
func yamlEntry(text string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(text, ":")
	if !ok || value != "" && value[0] != ' ' {
		return "", "", false
	}
	value = strings.TrimSpace(value)
	if value != "" && (value[0] == '"' || value[0] == '\'') {
		if n := strings.IndexByte(value[1:], value[0]); n >= 0 {
			value = value[1 : 1+n]
		}
	} else if strings.HasPrefix(value, "#") {
		value = ""
	} else {
		value, _, _ = strings.Cut(value, " #")
	}
	key = strings.Trim(strings.TrimSpace(key), `"'`)
	return key, strings.TrimSpace(value), key != ""
}
