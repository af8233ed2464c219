package project

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// shape says what a value may be. Each constructor makes both halves at once, so that decoder and JSON Schema can't drift apart.
type shape[T any] struct {
	spec *spec                              // what the JSON Schema says
	read func(r *report, n *node) (T, bool) // decodes n; false where a finding says why it could not
}

// field is one row of a table of keys.
type field[T any] struct {
	key      string
	required bool
	spec     *spec
	read     func(r *report, n *node, into *T)
}

// opt is a key that may be left out; into says where its value goes.
func opt[T, V any](key string, s shape[V], into func(*T) *V, purpose string) field[T] {
	return field[T]{key: key, spec: s.spec.saying(purpose), read: func(r *report, n *node, t *T) {
		if v, ok := s.read(r, n); ok {
			*into(t) = v
		}
	}}
}

// req is a key that must be there.
func req[T, V any](key string, s shape[V], into func(*T) *V, purpose string) field[T] {
	f := opt(key, s, into, purpose)
	f.required = true
	return f
}

// object is a map with a closed set of keys. What could be read is returned even where something could not.
func object[T any](fields ...field[T]) shape[T] {
	s := &spec{typ: "object"}
	byKey := make(map[string]*field[T], len(fields))
	for i := range fields {
		f := &fields[i]
		byKey[f.key] = f
		s.props = append(s.props, prop{f.key, f.spec})
		if f.required {
			s.required = append(s.required, f.key)
		}
	}
	return shape[T]{spec: s, read: func(r *report, n *node) (T, bool) {
		var out T
		if !r.want(n, mapNode, s) {
			return out, false
		}
		var have []string
		for _, p := range r.distinct(n) {
			if f := byKey[p.key.text]; f != nil {
				f.read(r, p.value, &out)
				have = append(have, p.key.text)
			} else {
				have = append(have, r.unknownKey(p.key, s)) // or a misspelt key would be a missing one too
			}
		}
		r.missing(n, s, have)
		return out, true
	}}
}

// maxKeys is how many keys a map may have.
const maxKeys = 1000

// distinct returns the entries of a map, a doubled key only once, and reports the others.
func (r *report) distinct(n *node) []pair {
	if len(n.pairs) > maxKeys {
		r.add("config-value", n.pairs[maxKeys].key.at, fmt.Sprintf("%s has more than %d keys", n.name, maxKeys), "")
		return nil
	}
	first := make(map[string]*node, len(n.pairs))
	out := make([]pair, 0, len(n.pairs))
	for _, p := range n.pairs {
		if before := first[p.key.text]; before != nil {
			r.clash("config-key", p.key.at, before.at, fmt.Sprintf("the key %q stands here twice", p.key.text),
				fmt.Sprintf("the first is on line %d; keep one", before.at.Line()))
			continue
		}
		first[p.key.text] = p.key
		out = append(out, p)
	}
	return out
}

// unknownKey reports a key and returns the one that was probably meant; empty where none is near.
func (r *report) unknownKey(key *node, s *spec) string {
	known := make([]string, len(s.props))
	for i, p := range s.props {
		known[i] = p.key
	}
	slices.Sort(known)
	r.add("config-key", key.at, fmt.Sprintf("unknown key %q", key.text), didYouMean(key.text, known, "the keys here are "+strings.Join(known, ", ")))
	return diag.Suggest(key.text, known)
}

// missing reports the keys that n must hold and that are not among those it has, or was meant to have.
func (r *report) missing(n *node, s *spec, have []string) {
	for _, key := range s.required {
		if !slices.Contains(have, key) {
			r.add("config-missing", n.at, fmt.Sprintf("%s has no key %q", n.name, key), "add it: "+s.prop(key).purpose)
		}
	}
	if len(s.exactlyOne) == 0 {
		return
	}
	var chosen []*node
	for _, p := range n.pairs {
		if slices.Contains(s.exactlyOne, p.key.text) {
			chosen = append(chosen, p.key)
		}
	}
	switch {
	case len(chosen) > 1:
		r.clash("config-value", chosen[1].at, chosen[0].at, fmt.Sprintf("%q and %q exclude each other", chosen[0].text, chosen[1].text), "write two entries")
	case !slices.ContainsFunc(s.exactlyOne, func(key string) bool { return slices.Contains(have, key) }):
		r.add("config-missing", n.at, n.name+" needs one of the keys "+strings.Join(s.exactlyOne, ", "), "")
	}
}

// want checks the kind of n. An empty value is reported as what is missing rather than as a wrong type.
func (r *report) want(n *node, kind nodeKind, s *spec) bool {
	if n.kind == kind {
		return true
	}
	r.wrongType(n, s)
	return false
}

func (r *report) wrongType(n *node, s *spec) {
	if n.kind == scalarNode && n.typ == nullScalar {
		hint := "give it a value, or leave the key out: it is " + s.called()
		if s.typ == "object" {
			hint = "give it a value; {} says nothing"
		}
		r.add("config-value", n.at, n.name+" is empty", hint)
		return
	}
	r.add("config-value", n.at, fmt.Sprintf("%s must be %s, not %s", n.name, s.called(), n.called()), n.example(s))
}

// example shows how the value would be written right, where that is plain to see.
func (n *node) example(s *spec) string {
	switch {
	case n.kind != scalarNode:
		return ""
	case len(s.enum) > 0:
		return "one of: " + strings.Join(s.enum, ", ")
	case s.typ == "string":
		return "write it in quotes: " + quoted(n.text)
	case s.typ == "array":
		return "write it as a list: [" + quoted(n.text) + "]"
	case s.typ == "integer" && n.text != "" && strings.Trim(n.text, "0123456789") == "":
		return "write it without quotes: " + strings.TrimLeft(n.text, "0")
	case s.typ == "integer":
		return "write digits only, such as 8000"
	}
	switch word := strings.ToLower(n.text); {
	case s.typ != "boolean":
	case word == "yes" || word == "on" || word == "true" || word == "1":
		return "write true"
	case word == "no" || word == "off" || word == "false" || word == "0":
		return "write false"
	}
	return ""
}

// quoted writes s as a double-quoted YAML scalar.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}

// list is a list of items, each read on its own.
func list[T any](item shape[T]) shape[[]T] {
	s := &spec{typ: "array", items: item.spec}
	return shape[[]T]{spec: s, read: func(r *report, n *node) ([]T, bool) {
		if !r.want(n, listNode, s) {
			return nil, false
		}
		out := make([]T, 0, len(n.items))
		for _, i := range n.items {
			if v, ok := item.read(r, i); ok {
				out = append(out, v)
			}
		}
		return out, true
	}}
}

// set is a list of strings without repetitions.
func set(item shape[source.String], atLeastOne bool) shape[[]source.String] {
	l := list(item)
	l.spec.unique = true
	if atLeastOne {
		l.spec.min = 1
	}
	return shape[[]source.String]{spec: l.spec, read: func(r *report, n *node) ([]source.String, bool) {
		items, ok := l.read(r, n)
		if ok && atLeastOne && len(n.items) == 0 {
			r.add("config-value", n.at, n.name+" is empty", "list at least one")
			return nil, false
		}
		for i, item := range items {
			if j := slices.IndexFunc(items[:i], func(s source.String) bool { return s.S == item.S }); j >= 0 {
				r.clash("config-value", item.At, items[j].At, fmt.Sprintf("%q stands in %s twice", item.S, n.name), "keep one")
			}
		}
		return items, ok
	}}
}

// oneOrMore is an item, or a list of such.
func oneOrMore[T any](item shape[T]) shape[[]T] {
	many := list(item)
	s := &spec{anyOf: []*spec{item.spec, many.spec}}
	return shape[[]T]{spec: s, read: func(r *report, n *node) ([]T, bool) {
		if n.kind == listNode {
			return many.read(r, n)
		}
		v, ok := item.read(r, n)
		if !ok {
			return nil, false
		}
		return []T{v}, true
	}}
}

// either reads a scalar by one shape and a map by another.
func either[T any](plain, detailed shape[T]) shape[T] {
	s := &spec{anyOf: []*spec{plain.spec, detailed.spec}}
	return shape[T]{spec: s, read: func(r *report, n *node) (T, bool) {
		if n.kind == mapNode {
			return detailed.read(r, n)
		}
		return plain.read(r, n)
	}}
}

// entry is one entry of a map whose keys are open.
type entry[T any] struct {
	key   source.String
	value T
}

// entries is a map whose keys fit a rule, in the order of the file.
func entries[T any](key rule, value shape[T]) shape[[]entry[T]] {
	s := &spec{typ: "object", keys: key.spec(), values: value.spec}
	return shape[[]entry[T]]{spec: s, read: func(r *report, n *node) ([]entry[T], bool) {
		if !r.want(n, mapNode, s) {
			return nil, false
		}
		out := make([]entry[T], 0, len(n.pairs))
		for _, p := range r.distinct(n) {
			p.key.name = fmt.Sprintf("the key %q", p.key.text)
			k := key.check(r, p.key)
			v, ok := value.read(r, p.value)
			if k && ok {
				out = append(out, entry[T]{p.key.string(), v})
			}
		}
		return out, true
	}}
}

// byKey is a map whose keys fit a rule.
func byKey[T any](key rule, value shape[T]) shape[map[string]T] {
	return then(entries(key, value), func(_ *report, _ *node, list []entry[T]) map[string]T {
		m := make(map[string]T, len(list))
		for _, e := range list {
			m[e.key.S] = e.value
		}
		return m
	})
}

// then makes another type of what s read, and may report what only the whole shows.
func then[T, U any](s shape[T], f func(r *report, n *node, v T) U) shape[U] {
	return shape[U]{spec: s.spec, read: func(r *report, n *node) (U, bool) {
		v, ok := s.read(r, n)
		if !ok {
			var zero U
			return zero, false
		}
		return f(r, n, v), true
	}}
}

// pointer reads *T in place of T: nil where the key is left out.
func pointer[T any](s shape[T]) shape[*T] {
	return then(s, func(_ *report, _ *node, v T) *T { return &v })
}

// placed notes where the value stands.
func placed[T any](s shape[T], at func(*T) *source.Span) shape[T] {
	return then(s, func(_ *report, n *node, v T) T {
		*at(&v) = n.at
		return v
	})
}

// didYouMean is a hint: the known word that was probably meant, else what else may be said.
func didYouMean(word string, known []string, otherwise string) string {
	if s := diag.Suggest(word, known); s != "" {
		return fmt.Sprintf("did you mean %q?", s)
	}
	return otherwise
}

// oneOf is a string from a closed set.
func oneOf[T ~string](values ...T) shape[T] {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return then(text(rule{enum: words}), func(_ *report, _ *node, s source.String) T { return T(s.S) })
}

// text is a string that fits a rule.
func text(c rule) shape[source.String] {
	s := c.spec()
	return shape[source.String]{spec: s, read: func(r *report, n *node) (source.String, bool) {
		if n.kind != scalarNode || n.typ != stringScalar && !(n.typ == wordScalar && slices.Contains(c.enum, n.text)) {
			r.wrongType(n, s)
			return source.String{}, false
		}
		if !c.lines { // a block ends in a line break by itself
			n.text = strings.TrimRight(n.text, "\n")
		}
		if n.cut && c.prose {
			r.add("config-value", n.at, n.name+` ends before " #": the rest of the line is a comment`, "put the value in double quotes, or the comment on a line of its own")
			return source.String{}, false
		}
		return n.string(), c.check(r, n)
	}}
}

// boolean is true or false.
func boolean() shape[bool] {
	s := &spec{typ: "boolean"}
	return shape[bool]{spec: s, read: func(r *report, n *node) (bool, bool) {
		if n.kind != scalarNode || n.typ != boolScalar {
			r.wrongType(n, s)
			return false, false
		}
		return strings.EqualFold(n.text, "true"), true
	}}
}

// only is true and nothing else: a switch that is left out where it is off.
func only() shape[bool] {
	b := boolean()
	b.spec.enumTrue = true
	return shape[bool]{spec: b.spec, read: func(r *report, n *node) (bool, bool) {
		v, ok := b.read(r, n)
		if ok && !v {
			r.add("config-value", n.at, n.name+" can only be true", "leave the key out")
		}
		return v, ok && v
	}}
}

// number is a whole number from 1 to limit.
func number(limit int) shape[int] {
	s := &spec{typ: "integer", min: 1, max: limit}
	return shape[int]{spec: s, read: func(r *report, n *node) (int, bool) {
		if n.kind != scalarNode || n.typ != intScalar {
			r.wrongType(n, s)
			return 0, false
		}
		v := 0
		for _, c := range n.text {
			if c < '0' || c > '9' || v > limit {
				v = 0
				break
			}
			v = v*10 + int(c-'0')
		}
		if v < 1 || v > limit || n.text[0] == '0' {
			r.add("config-value", n.at, fmt.Sprintf("%s must be a whole number from 1 to %d, not %s", n.name, limit, n.text), "write digits only")
			return 0, false
		}
		return v, true
	}}
}

// date is a day; it may stand with or without quotes.
func date() shape[source.String] {
	c := rule{pattern: regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`), what: "a day such as 2026-11-20"}
	s := c.spec()
	return shape[source.String]{spec: s, read: func(r *report, n *node) (source.String, bool) {
		if n.kind != scalarNode || n.typ != stringScalar && n.typ != dateScalar {
			r.wrongType(n, s)
			return source.String{}, false
		}
		return n.string(), c.check(r, n)
	}}
}
