package project

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// spec describes a value for the JSON Schema and for messages.
type spec struct {
	typ     string // string, integer, boolean, array or object; empty where anyOf says it
	purpose string // one sentence
	what    string // the pattern in words

	enum     []string
	enumTrue bool // nothing but true
	pattern  string
	min, max int // of a number itself, of a string's code points, of a list's length; 0: no limit
	unique   bool

	items *spec // of a list

	props      []prop // of an object
	required   []string
	exactlyOne []string // of these keys
	keys       *spec    // of an object: which further keys there may be; nil: none
	values     *spec    // what these further keys hold

	anyOf []*spec
}

// prop is a key of an object.
type prop struct {
	key string
	*spec
}

// saying returns the spec with its purpose.
func (s *spec) saying(purpose string) *spec {
	out := *s
	out.purpose = purpose
	return &out
}

// prop returns the spec of a key that the object has.
func (s *spec) prop(key string) *spec {
	i := slices.IndexFunc(s.props, func(p prop) bool { return p.key == key })
	return s.props[i].spec
}

// called returns what the value is, with its article, for messages.
func (s *spec) called() string {
	switch s.typ {
	case "string":
		return "a string"
	case "integer":
		return "a whole number"
	case "boolean":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "a map"
	}
	var words []string
	for _, a := range s.anyOf {
		words = append(words, a.called())
	}
	return strings.Join(words, " or ")
}

// schemas lists the documents that have a schema.
var schemas = []struct {
	name, title string
	spec        *spec
}{
	{"skillgen", "skillgen.yaml", configShape.spec},
	{"framework", "front matter of frameworks/<id>.md", frameworkShape.spec},
	{"workflow", "front matter of templates/<workflow>/skill.md", workflowShape.spec},
	{"stage", "front matter of templates/<workflow>/<n>-<name>.md", stageShape.spec},
	{"tag", "front matter of frameworks/tags/<tag>.md", tagShape.spec},
	{"accept", ".skillgen/accept.yaml", acceptShape.spec},
}

// Schema returns the JSON Schema (draft 2020-12) of one kind of file that a team writes: skillgen, framework, workflow, stage, tag or accept. It is
// made from the same tables that the files are read by. Names that it does not know are an error.
func Schema(name string) ([]byte, error) {
	for _, s := range schemas {
		if s.name != name {
			continue
		}
		w := schemaWriter{}
		w.root(s.name, s.title, s.spec)
		var out bytes.Buffer
		if err := json.Indent(&out, w.Bytes(), "", "  "); err != nil {
			return nil, fmt.Errorf("write the schema of %s: %w", name, err)
		}
		out.WriteByte('\n')
		return out.Bytes(), nil
	}
	return nil, fmt.Errorf("no schema is called %q", name)
}

// schemaWriter writes JSON with its keys in the order of the calls.
type schemaWriter struct {
	bytes.Buffer
	fresh bool // the last thing written opens an object or array
}

func (w *schemaWriter) root(name, title string, s *spec) {
	w.open('{')
	w.str("$schema", "https://json-schema.org/draft/2020-12/schema")
	w.str("$id", "urn:skillgen:schema:"+name+":1")
	w.str("title", title)
	w.body(s)
	w.close('}')
}

func (w *schemaWriter) comma() {
	if !w.fresh {
		w.WriteByte(',')
	}
	w.fresh = false
}

func (w *schemaWriter) open(c byte)  { w.WriteByte(c); w.fresh = true }
func (w *schemaWriter) close(c byte) { w.WriteByte(c); w.fresh = false }

func (w *schemaWriter) key(key string) {
	w.comma()
	w.quote(key)
	w.WriteByte(':')
}

// quote writes a JSON string. Characters that an editor would not show are escaped.
func (w *schemaWriter) quote(s string) {
	w.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			w.WriteByte('\\')
			w.WriteRune(c)
		case c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029:
			fmt.Fprintf(w, `\u%04x`, c)
		default:
			w.WriteRune(c)
		}
	}
	w.WriteByte('"')
}

func (w *schemaWriter) str(key, value string) {
	if value != "" {
		w.key(key)
		w.quote(value)
	}
}

func (w *schemaWriter) num(key string, n int) {
	if n > 0 {
		w.key(key)
		w.WriteString(strconv.Itoa(n))
	}
}

func (w *schemaWriter) raw(key, value string) {
	w.key(key)
	w.WriteString(value)
}

func (w *schemaWriter) strs(key string, list []string) {
	if len(list) == 0 {
		return
	}
	w.key(key)
	w.open('[')
	for _, s := range list {
		w.comma()
		w.quote(s)
	}
	w.close(']')
}

func (w *schemaWriter) sub(key string, s *spec) {
	w.key(key)
	w.value(s)
}

func (w *schemaWriter) value(s *spec) {
	w.open('{')
	w.body(s)
	w.close('}')
}

// body writes the keywords of s.
func (w *schemaWriter) body(s *spec) {
	w.str("description", s.describe())
	w.str("type", s.typ)
	w.strs("enum", s.enum)
	if s.enumTrue {
		w.raw("const", "true")
	}
	w.str("pattern", s.pattern)
	switch s.typ {
	case "string":
		w.num("minLength", s.min)
		w.num("maxLength", s.max)
	case "integer":
		w.num("minimum", s.min)
		w.num("maximum", s.max)
	case "array":
		w.num("minItems", s.min)
		w.sub("items", s.items)
		if s.unique {
			w.raw("uniqueItems", "true")
		}
	case "object":
		w.object(s)
	}
	w.alternatives("anyOf", s.anyOf)
}

func (s *spec) describe() string {
	if s.what == "" {
		return s.purpose
	}
	if s.purpose == "" {
		return "Must be " + s.what + "."
	}
	return strings.TrimSuffix(s.purpose, ".") + ": " + s.what + "."
}

func (w *schemaWriter) object(s *spec) {
	if len(s.props) > 0 {
		w.key("properties")
		w.open('{')
		for _, p := range s.props {
			w.sub(p.key, p.spec)
		}
		w.close('}')
		w.strs("required", s.required)
	}
	if s.keys != nil {
		w.sub("propertyNames", s.keys)
		w.sub("additionalProperties", s.values)
	} else {
		w.raw("additionalProperties", "false")
	}
	var one []*spec
	for _, key := range s.exactlyOne {
		one = append(one, &spec{required: []string{key}})
	}
	w.alternatives("oneOf", one)
}

// alternatives writes a list of schemas; one that only asks for keys has no type.
func (w *schemaWriter) alternatives(key string, list []*spec) {
	if len(list) == 0 {
		return
	}
	w.key(key)
	w.open('[')
	for _, s := range list {
		w.comma()
		w.open('{')
		w.body(s)
		if s.typ == "" {
			w.strs("required", s.required)
		}
		w.close('}')
	}
	w.close(']')
}
