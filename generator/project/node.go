package project

import (
	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// nodeKind is the shape of a piece of YAML.
type nodeKind uint8

const (
	scalarNode nodeKind = iota
	listNode
	mapNode
)

// scalarType is what a YAML reader takes a scalar for.
type scalarType uint8

const (
	stringScalar scalarType = iota
	nullScalar
	boolScalar
	intScalar
	floatScalar
	dateScalar // also times; YAML 1.1 readers turn them into dates
	wordScalar // yes, no, on, off: booleans to readers of YAML 1.1, strings to others
)

// called returns the type with its article, for messages.
func (t scalarType) called() string {
	return [...]string{"a string", "empty", "a boolean", "a number", "a number", "a date", "a word that YAML readers disagree on"}[t]
}

// node is a piece of YAML with the place it stands at.
type node struct {
	kind nodeKind
	at   source.Span // a scalar with its quotes; of a list or map its first line
	name string      // what messages call it: "title", "an entry of \"tags\""

	text string     // of a scalar: the decoded value
	typ  scalarType // of a scalar
	cut  bool       // a plain scalar that a comment on the same line ends

	items []*node // of a list
	pairs []pair  // of a map, in order; a doubled key stands here twice
}

// pair is one entry of a map.
type pair struct {
	key   *node
	value *node
}

// string returns the scalar with its place.
func (n *node) string() source.String { return source.String{S: n.text, At: n.at} }

// called returns what the node is, with its article, for messages.
func (n *node) called() string {
	switch n.kind {
	case listNode:
		return "a list"
	case mapNode:
		return "a map"
	}
	return n.typ.called()
}

// report collects findings.
type report struct{ findings []diag.Finding }

func (r *report) add(id string, at source.Span, message, hint string) {
	r.findings = append(r.findings, diag.New(id, at.Place(), message, hint))
}

// clash reports a fault that two places share.
func (r *report) clash(id string, at, also source.Span, message, hint string) {
	f := diag.New(id, at.Place(), message, hint)
	f.Also = also.Place()
	r.findings = append(r.findings, f)
}
