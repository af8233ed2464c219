package project

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// convert turns the decoder's tree into nodes that know their places. What name says goes into messages. Depth is bounded by the limits that
// refuse checks.
func (y *yamlReader) convert(n ast.Node, name string) *node {
	switch n := n.(type) {
	case *ast.MappingNode:
		out := &node{kind: mapNode, name: name, at: y.nodeSpan(n.Start)}
		for i, v := range n.Values {
			out.pairs = append(out.pairs, y.pair(v))
			if i == 0 && !n.IsFlowStyle {
				out.at = out.pairs[0].key.at
			}
		}
		return out
	case *ast.MappingValueNode:
		p := y.pair(n)
		return &node{kind: mapNode, name: name, at: p.key.at, pairs: []pair{p}}
	case *ast.SequenceNode:
		out := &node{kind: listNode, name: name, at: y.nodeSpan(n.Start)}
		for i, v := range n.Values {
			item := y.item(v, n, name)
			if !n.IsFlowStyle && i < len(n.Entries) {
				y.below(y.nodeSpan(n.Entries[i].Start), item, 1)
			}
			out.items = append(out.items, item)
		}
		return out
	case *ast.LiteralNode:
		out := &node{name: name, at: y.nodeSpan(n.Start)}
		if n.Value != nil {
			out.text = n.Value.Value
			if e, ok := y.index[n.Value.Token]; ok && e.start < e.end {
				out.at = y.span(e.start, e.end)
			}
		}
		return out
	case *ast.NullNode:
		return &node{name: name, typ: nullScalar, at: y.nodeSpan(n.Token)}
	}
	return y.scalar(n, name)
}

// item converts an entry of a list. An empty one (`-` alone) stands where the list begins, for want of a place of its own.
func (y *yamlReader) item(v ast.Node, list *ast.SequenceNode, name string) *node {
	if v == nil {
		return &node{name: "an entry of " + name, typ: nullScalar, at: y.nodeSpan(list.Start)}
	}
	out := y.convert(v, "an entry of "+name)
	if out.at.File == nil {
		out.at = y.nodeSpan(list.Start)
	}
	return out
}

func (y *yamlReader) pair(v *ast.MappingValueNode) pair {
	key := y.scalar(v.Key, "a key")
	if e, ok := y.index[v.Start]; ok && strings.Contains(y.text[key.at.End-y.from:max(e.start, key.at.End-y.from)], "\n") {
		y.misplaced(key)
	}
	value := y.convert(v.Value, fmt.Sprintf("%q", key.text))
	if value.at.File == nil { // nothing after the colon
		value.at = key.at
	}
	deeper := 1
	if value.kind == listNode {
		deeper = 0
	}
	y.below(key.at, value, deeper)
	return pair{key: key, value: value}
}

// below checks that n, where it begins on a later line than what it belongs to, is indented by more. The decoder takes
//
//	docs:
//	-
//	title: x
//
// for a list that holds a map.
func (y *yamlReader) below(parent source.Span, n *node, deeper int) {
	if n.at.Line() > parent.Line() && y.column(n.at) < y.column(parent)+deeper {
		y.misplaced(n)
	}
}

func (y *yamlReader) misplaced(n *node) {
	y.add("yaml", n.at, "this line is indented as if it belonged to something else", "indent it by two more than the key or hyphen it belongs to; fill or remove an empty entry above it")
}

// column returns how many bytes stand before s on its line.
func (y *yamlReader) column(s source.Span) int { return s.Start - y.file.Offset(s.Line()) }

// nodeSpan returns the place of t; a span without file for a token that the decoder made up.
func (y *yamlReader) nodeSpan(t *token.Token) (s source.Span) {
	if e, ok := y.index[t]; ok {
		return y.span(e.start, e.end)
	}
	return s
}

func (y *yamlReader) scalar(n ast.Node, name string) *node {
	t := n.GetToken()
	out := &node{name: name, at: y.nodeSpan(t), text: t.Value}
	out.cut = y.index[t].cut
	switch t.Type {
	case token.StringType:
		out.typ = plainType(t.Value)
	case token.SingleQuoteType:
		out.cut = false
	case token.DoubleQuoteType:
		out.cut = false
		y.escapes(out)
	case token.BoolType:
		out.typ = boolScalar
	case token.NullType, token.ImplicitNullType:
		out.typ = nullScalar
	case token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType:
		out.typ = intScalar
	case token.FloatType, token.InfinityType, token.NanType:
		out.typ = floatScalar
	}
	return out
}

// escapes reports hidden characters that only an escape brings in: the file's own bytes don't show them. Control characters are left to the
// rules of each key.
func (y *yamlReader) escapes(n *node) {
	if n.at.File == nil || !strings.Contains(n.at.File.Text[n.at.Start:n.at.End], `\`) {
		return
	}
	written := n.at.File.Text[n.at.Start:n.at.End]
	for _, r := range diag.Hidden(n.text) {
		if !unicode.IsControl(r) && !strings.ContainsRune(written, r) {
			y.add("hidden-text", n.at, fmt.Sprintf("an escape in %s stands for ⟨U+%04X⟩", n.name, r), "leave it out: an agent reads what a reader does not see")
			return
		}
	}
}

// plainType tells what an unquoted scalar is that the decoder calls a string.
func plainType(s string) scalarType {
	switch strings.ToLower(s) {
	case "yes", "no", "on", "off":
		return wordScalar
	}
	if isDate(s) {
		return dateScalar
	}
	return stringScalar
}

// isDate reports whether s begins like a date of YAML 1.1: 2026-11-20, alone or with a time after it.
func isDate(s string) bool {
	if len(s) < len("2006-1-2") || s[4] != '-' {
		return false
	}
	day, clock, _ := strings.Cut(s, " ")
	day, _, _ = strings.Cut(day, "T")
	parts := strings.Split(day, "-")
	if len(parts) != 3 || len(parts[0]) != 4 {
		return false
	}
	for _, p := range parts {
		if p == "" || len(p) > 4 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return clock == "" || strings.Trim(clock, "0123456789:.+-Z ") == ""
}
