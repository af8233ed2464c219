package prosediff

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxYAML bounds what is given to the YAML parser, in bytes of one key.
const maxYAML = 64 << 10

// frontValue returns key and value of a front matter key in a form that no longer shows how they were quoted, folded or indented.
func frontValue(raw string) string {
	name, _, values := yamlKey(raw)
	return name + "\x00" + strings.Join(values, "\x00")
}

// yamlKey reads one key of a front matter: its name, whether its value is a list, and its values, one for a scalar. Scalars are taken as
// they are written, numbers and dates too. What the parser refuses is one value, its text with white space collapsed.
func yamlKey(raw string) (name string, list bool, values []string) {
	name, rest, _ := strings.Cut(strings.TrimLeft(raw, " \t"), ":")
	name = strings.Trim(name, `"'`)
	if values, list, ok := yamlValue(raw); ok {
		return name, list, values
	}
	return name, false, []string{strings.Join(strings.Fields(rest), " ")}
}

func yamlValue(raw string) (values []string, list, ok bool) {
	if len(raw) > maxYAML || strings.ContainsAny(raw, "&!\t{") || strings.Contains(raw, "*") || strings.Contains(raw, "<<") {
		return nil, false, false // anchors, aliases, tags, merges: not for a parser of untrusted text
	}
	defer func() {
		if recover() != nil { // a fault of the parser is no fault of the reader's
			values, list, ok = nil, false, false
		}
	}()
	file, err := parser.ParseBytes([]byte(dedent(raw)), 0)
	if err != nil || len(file.Docs) != 1 {
		return nil, false, false
	}
	var pair *ast.MappingValueNode
	switch n := file.Docs[0].Body.(type) {
	case *ast.MappingValueNode:
		pair = n
	case *ast.MappingNode:
		if len(n.Values) == 1 {
			pair = n.Values[0]
		}
	}
	if pair == nil {
		return nil, false, false
	}
	if seq, is := pair.Value.(*ast.SequenceNode); is {
		for _, v := range seq.Values {
			s, ok := scalar(v)
			if !ok {
				return nil, false, false
			}
			values = append(values, s)
		}
		return values, true, true
	}
	s, ok := scalar(pair.Value)
	return []string{s}, false, ok
}

func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// dedent takes the first line's indentation off all lines.
func dedent(s string) string {
	indent := len(s) - len(strings.TrimLeft(s, " "))
	if indent == 0 {
		return s
	}
	var sb strings.Builder
	for line := range strings.Lines(s) {
		n := 0
		for n < indent && n < len(line) && line[n] == ' ' {
			n++
		}
		sb.WriteString(line[n:])
	}
	return sb.String()
}
