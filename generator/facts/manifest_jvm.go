package facts

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// readPOM reads the dependencies of a Maven project itself, not those of its plugins or of dependencyManagement. A version may be a property
// of the same file; one that is set elsewhere stays empty.
func readPOM(m *manifest) {
	p := pomReader{manifest: m, properties: map[string]string{}}
	dec := xml.NewDecoder(strings.NewReader(m.file.Text))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it was read as UTF-8, whatever it says
	for {
		start := int(dec.InputOffset())
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			at := min(int(dec.InputOffset()), len(m.file.Text))
			m.fault(at, at, "not valid XML: "+err.Error(), unread)
			break
		}
		p.token(token, start, int(dec.InputOffset()))
	}
	for i := range m.found {
		m.found[i].Version = p.resolve(m.found[i].Version)
	}
}

type pomReader struct {
	*manifest
	path       []string // names of the open elements
	text       strings.Builder
	start, end int               // of the text
	properties map[string]string // of the project
	current    map[string]string // children of the open dependency
	from, to   int               // of what the open dependency says about itself
}

func (p *pomReader) token(token xml.Token, start, end int) {
	switch t := token.(type) {
	case xml.StartElement:
		p.path = append(p.path, t.Name.Local)
		p.text.Reset()
		if p.at("project/dependencies/dependency") {
			p.current, p.from, p.to = map[string]string{}, -1, end
		}
	case xml.CharData:
		p.text.Write(t)
		p.start, p.end = start, end
	case xml.EndElement:
		p.close()
		p.path = p.path[:max(len(p.path)-1, 0)]
		p.text.Reset()
	}
}

// close is called at the end of the innermost element.
func (p *pomReader) close() {
	name, text := p.path[len(p.path)-1], strings.TrimSpace(p.text.String())
	switch {
	case p.at("project/properties/" + name):
		p.properties[name] = text
	case p.at("project/version"):
		p.properties["project.version"] = text
	case p.at("project/dependencies/dependency/" + name):
		p.current[name] = text
		if name == "groupId" || name == "artifactId" || name == "version" {
			if p.from < 0 {
				p.from = p.start
			}
			p.to = p.end
		}
	case p.at("project/dependencies/dependency"):
		if group, artifact := p.current["groupId"], p.current["artifactId"]; group != "" && artifact != "" {
			p.add(group+":"+artifact, p.current["version"], p.from, p.to, p.current["scope"] == "test")
		} else {
			p.fault(max(p.from, 0), max(p.from, 0), "a dependency without groupId or artifactId", "")
		}
	}
}

func (p *pomReader) at(path string) bool {
	return len(p.path) == strings.Count(path, "/")+1 && strings.Join(p.path, "/") == path
}

// resolve replaces ${name} by the property; a version with an unknown one is unknown.
func (p *pomReader) resolve(version string) string {
	name, ok := strings.CutPrefix(version, "${")
	if !ok {
		return version
	}
	value := p.properties[strings.TrimSuffix(name, "}")]
	if strings.Contains(value, "${") {
		return ""
	}
	return value
}

// readGradle reads `implementation("group:name:version")` within dependencies { }, in Groovy and Kotlin. Both are programs: a coordinate that
// is no plain string is left out, and a version with a variable in it stays empty.
func readGradle(m *manifest) {
	g := gradleLexer{text: m.file.Text}
	var blocks, words []string // names of the open blocks; words since the last string, brace or line end
	for {
		token, start, end := g.next()
		switch {
		case start == end:
			return
		case token == "{":
			name := ""
			if len(words) > 0 {
				name = words[len(words)-1]
			}
			blocks, words = append(blocks, name), nil
		case token == "}":
			blocks, words = blocks[:max(len(blocks)-1, 0)], nil
		case token == "\n":
			words = nil
		case token == `"` || token == "'":
			if len(words) > 0 && len(blocks) > 0 && blocks[len(blocks)-1] == "dependencies" {
				m.coordinate(words[0], start, end)
			}
			words = nil
		default:
			words = append(words, token)
		}
	}
}

// coordinate adds the dependency that the string literal at [start, end) names for a configuration.
func (m *manifest) coordinate(configuration string, start, end int) {
	quoted := m.file.Text[start:end]
	parts := strings.Split(strings.Trim(quoted, `"'`), ":")
	if len(parts) < 2 || len(parts) > 4 || parts[0] == "" || parts[1] == "" || strings.ContainsAny(parts[0]+parts[1], "$ \\/{}") {
		return // a file, a project(":app"), a computed name
	}
	version := ""
	if len(parts) > 2 && (quoted[0] == '\'' || !strings.Contains(parts[2], "$")) {
		version, _, _ = strings.Cut(parts[2], "@")
	}
	low := strings.ToLower(configuration)
	dev := strings.Contains(low, "test") || low == "classpath" || low == "kapt" || low == "ksp" || low == "annotationprocessor"
	m.add(parts[0]+":"+parts[1], version, start, end, dev)
}

// gradleLexer cuts Groovy and Kotlin into words, braces, strings and line ends. Comments and all other signs fall away.
type gradleLexer struct {
	text string
	at   int
}

// next returns the next token and its place: a word as it stands, { or }, a quote for a string, "\n". At the end the place is empty.
func (g *gradleLexer) next() (token string, start, end int) {
	for g.at < len(g.text) {
		start, rest := g.at, g.text[g.at:]
		switch c := rest[0]; {
		case strings.HasPrefix(rest, "//"):
			g.to(rest, "\n", 0)
		case strings.HasPrefix(rest, "/*"):
			g.to(rest[2:], "*/", 2)
			g.at = min(g.at+2, len(g.text))
		case strings.HasPrefix(rest, `"""`), strings.HasPrefix(rest, "'''"):
			g.to(rest[3:], rest[:3], 3)
			g.at = min(g.at+3, len(g.text))
		case c == '"' || c == '\'':
			g.literal(c)
			return string(c), start, g.at
		case c == '{' || c == '}' || c == '\n':
			g.at++
			return rest[:1], start, g.at
		case word[c]:
			g.at += word.span(rest)
			return rest[:g.at-start], start, g.at
		default:
			g.at++
		}
	}
	return "", g.at, g.at
}

// to moves over rest up to and past the next mark of n bytes (0: up to it), or to the end.
func (g *gradleLexer) to(rest, mark string, n int) {
	i := strings.Index(rest, mark)
	if i < 0 {
		g.at = len(g.text)
		return
	}
	g.at += i + n
}

// literal moves over a string literal, which ends on its line.
func (g *gradleLexer) literal(quote byte) {
	for g.at++; g.at < len(g.text); g.at++ {
		switch g.text[g.at] {
		case '\\':
			g.at++
		case '\n':
			return
		case quote:
			g.at++
			return
		}
	}
	g.at = min(g.at, len(g.text))
}
