package docs

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/adrg/frontmatter"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// Limits on the front matter of a page, which others wrote; they are checked before anything recurses.
const (
	maxFrontMatter = 64 << 10 // bytes
	maxFlow        = 8        // brackets and braces in one another
	maxIndent      = 16       // lists and maps in one another
)

// meta is what skillgen reads from the front matter of a page. Reading is lenient: whatever else it holds is no business of skillgen's.
type meta struct {
	title, url string
	position   float64           // among its neighbours; +Inf where it says nothing
	texts      map[string]string // all scalars, where somebody asks for them
}

// splitFrontMatter finds the front matter of a page: the block between a first line --- and the next, if it holds a key. It returns where
// the YAML and where the body begins; both are 0 where there is none, and unclosed is true where only the end is missing.
func splitFrontMatter(s string) (yaml, body int, unclosed bool) {
	first := lineEnd(s, 0)
	if strings.TrimRight(s[:first], " \t\n") != "---" {
		return 0, 0, false
	}
	keys, empty := false, true
	for at := first; at < len(s); {
		end := lineEnd(s, at)
		line := strings.TrimRight(s[at:end], " \t\n")
		if line == "---" {
			if !keys && !empty {
				return 0, 0, false
			}
			return first, end, false
		}
		keys = keys || isKey(line)
		empty = empty && (line == "" || line[0] == '#')
		at = end
		if at-first > maxFrontMatter && !keys {
			break
		}
	}
	return 0, 0, isKey(strings.TrimRight(s[first:lineEnd(s, min(first, len(s)-1))], " \t\n"))
}

// isKey reports whether a line reads `key:`, as prose between two thematic breaks hardly does.
func isKey(line string) bool {
	key, rest, ok := strings.Cut(line, ":")
	return ok && key != "" && !strings.ContainsAny(key, " \t") && key[0] != '#' && key[0] != '-' && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// readFrontMatter reads the front matter of a page. Whatever is wrong with it is a warning, and the page goes on without it.
func readFrontMatter(f *source.File) (m meta, body int, fs []diag.Finding) {
	m.position = math.Inf(1)
	yaml, body, unclosed := splitFrontMatter(f.Text)
	warn := func(line int, message, hint string) {
		span := source.Span{File: f, Start: f.Offset(line), End: f.Offset(line) + len(f.LineText(line))}
		fs = append(fs, diag.New("page-front-matter", span.Place(), message, hint))
	}
	if unclosed {
		warn(1, "the front matter has no end, so it stands in the page as text", "close it with a line ---")
	}
	if body == 0 {
		return m, body, fs
	}
	if n := body - yaml; n > maxFrontMatter {
		warn(2, fmt.Sprintf("%d bytes of front matter are more than the %d that skillgen reads; the page goes without it", n, maxFrontMatter), "prose belongs below the front matter")
		return m, body, fs
	}
	var found meta
	found.position = m.position
	if err := decodeFrontMatter(f.Text[:body], &found); err != nil {
		line, message := 1, err.Error()
		var fault *yamlFault
		if errors.As(err, &fault) {
			line, message = fault.line, fault.message
		}
		last := f.Line(max(body-1, 0))
		warn(min(max(line+1, 2), last), "the front matter can't be read: "+message+"; the page goes without it", "write it more simply: one key a line, odd values in double quotes")
		return m, body, fs
	}
	return found, body, fs
}

// frontMatterTexts returns the scalars at the top of a page's front matter, as they are written; empty where it can't be read.
func frontMatterTexts(f *source.File) map[string]string {
	found := meta{texts: map[string]string{}}
	if yaml, body, _ := splitFrontMatter(f.Text); body > 0 && body-yaml <= maxFrontMatter {
		if err := decodeFrontMatter(f.Text[:body], &found); err != nil {
			return map[string]string{}
		}
	}
	return found.texts
}

// yamlFault is what is wrong with YAML, at a 1-based line of it.
type yamlFault struct {
	line    int
	message string
}

func (e *yamlFault) Error() string { return e.message }

// decodeFrontMatter decodes block, which begins and ends with ---.
func decodeFrontMatter(block string, m *meta) error {
	decode := func(data []byte, _ any) error { return decodeMeta(string(data), m) }
	inner := block[lineEnd(block, 0):]
	inner = inner[:strings.LastIndex(strings.TrimRight(inner, " \t\n"), "---")]
	for line := range strings.Lines(inner) {
		if strings.TrimSpace(line) == "---" { // an indented one, which the package takes for the end
			return decode([]byte(inner), nil)
		}
	}
	_, err := frontmatter.Parse(strings.NewReader(block), m, frontmatter.NewFormat("---", "---", decode))
	return err
}

// decodeMeta reads YAML that somebody else wrote. A panic of the decoder is a fault of the YAML.
func decodeMeta(text string, m *meta) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &yamlFault{1, "the YAML decoder gave up"}
		}
	}()
	tokens := lexer.Tokenize(text)
	if err := admit(text, tokens); err != nil {
		return err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return yamlError(err)
	}
	for _, doc := range file.Docs {
		if pairs, ok := doc.Body.(ast.MapNode); ok {
			for it := pairs.MapRange(); it.Next(); {
				m.set(it.Key().GetToken().Value, it.Value())
			}
		}
	}
	return nil
}

// admit refuses YAML that costs more than it says.
func admit(text string, tokens token.Tokens) error {
	flow := 0
	for _, t := range tokens {
		switch t.Type {
		case token.InvalidType:
			return &yamlFault{t.Position.Line, "it is not valid YAML"}
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType:
			return &yamlFault{t.Position.Line, "anchors, aliases, tags and merge keys are not read"}
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		}
		if flow > maxFlow {
			return &yamlFault{t.Position.Line, fmt.Sprintf("brackets are nested more than %d deep", maxFlow)}
		}
	}
	return admitIndent(text)
}

// admitIndent refuses lists and maps that are nested too deep: by indentation, or by dashes on one line.
func admitIndent(text string) error {
	n := 0
	var open []int // columns
	for line := range strings.Lines(text) {
		n++
		rest := strings.TrimLeft(line, " ")
		if rest == "" || rest[0] == '\n' || rest[0] == '#' {
			continue
		}
		col := len(line) - len(rest)
		for len(open) > 0 && open[len(open)-1] >= col {
			open = open[:len(open)-1]
		}
		open = append(open, col)
		for ; strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "? "); rest = strings.TrimLeft(rest[2:], " ") {
			open = append(open, len(line)-len(rest)+1)
		}
		if len(open) > maxIndent {
			return &yamlFault{n, fmt.Sprintf("lists and maps are nested more than %d deep", maxIndent)}
		}
	}
	return nil
}

// yamlError takes the line and the message from an error of the decoder.
func yamlError(err error) error {
	fault := &yamlFault{1, strings.SplitN(err.Error(), "\n", 2)[0]}
	var known interface {
		error
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &known) {
		fault.message = known.GetMessage()
		if t := known.GetToken(); t != nil && t.Position != nil {
			fault.line = t.Position.Line
		}
	}
	return fault
}

// set takes one key.
func (m *meta) set(key string, value ast.Node) {
	text, ok := scalar(value)
	if !ok {
		m.setSidebar(key, value)
		return
	}
	if m.texts != nil {
		m.texts[key] = text
	}
	switch key {
	case "title":
		m.title = strings.Join(strings.Fields(text), " ")
	case "url":
		m.url = strings.TrimSpace(text)
	case "sidebar_position", "weight", "order":
		m.place(text, key == "sidebar_position")
	}
}

// place takes a page's position. One that is sure wins over others.
func (m *meta) place(text string, sure bool) {
	if n, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(n) && (math.IsInf(m.position, 1) || sure) {
		m.position = n
	}
}

// setSidebar takes the position from a map `sidebar: {order: 2}`, as Starlight has it.
func (m *meta) setSidebar(key string, value ast.Node) {
	pairs, ok := value.(ast.MapNode)
	if key != "sidebar" || !ok {
		return
	}
	for it := pairs.MapRange(); it.Next(); {
		if text, ok := scalar(it.Value()); ok && it.Key().GetToken().Value == "order" {
			m.place(text, false)
		}
	}
}

// scalar returns the text of a scalar as it is written, so that 1.10 stays 1.10.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.LiteralNode:
		return n.Value.GetToken().Value, true
	case *ast.NullNode:
		return "", false
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	return "", false
}
