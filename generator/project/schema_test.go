package project

import (
	"bytes"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// parseAs reads a YAML text by the table of the schema's name, as its file would be.
func parseAs(t *testing.T, name, text string) []diag.Finding {
	f := source.NewFile(name, []byte(text))
	r := &report{}
	n := readYAML(f, 0, len(f.Text), r)
	if n == nil {
		return r.findings
	}
	switch name {
	case "skillgen":
		c, _ := configShape.read(r, n)
		r.paths(c.placed)
	case "framework":
		frameworkShape.read(r, n)
	case "workflow":
		workflowShape.read(r, n)
	case "stage":
		stageShape.read(r, n)
	case "tag":
		tagShape.read(r, n)
	case "accept":
		_, findings := ReadAccept(f)
		return findings
	default:
		t.Fatal("no table for the schema " + name)
	}
	return r.findings
}

func compileSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	data, err := Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("urn:skillgen:schema:"+name+":1", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:skillgen:schema:" + name + ":1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance turns YAML into what a schema validates.
func instance(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.UnmarshalWithOptions([]byte(text), &v, yaml.AllowDuplicateMapKey()); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestSamples holds the parser against the schema: what one takes the other takes, but for the faults that no schema can see.
func TestSamples(t *testing.T) {
	for _, s := range schemas {
		name := s.name
		schema := compileSchema(t, name)
		a, err := txtar.ParseFile(filepath.Join("testdata", "samples", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				text := strings.ReplaceAll(string(f.Data), "LONG", strings.Repeat("x", 1025))
				findings := parseAs(t, name, text)
				invalid := schema.Validate(instance(t, text))
				kind, _, _ := strings.Cut(f.Name, "-")
				if parserTakes := len(findings) == 0; parserTakes != (kind == "good") {
					t.Errorf("the parser says:\n%s", show(findings))
				}
				if schemaTakes := invalid == nil; schemaTakes != (kind == "good" || kind == "blind") {
					t.Errorf("the schema says: %v", invalid)
				}
			})
		}
	}
}

// TestSchemaKeys feeds the parser a key that it can't know at every place where the schema has an object, and compares the keys that the
// parser then says it knows with those of the schema.
func TestSchemaKeys(t *testing.T) {
	for _, s := range schemas {
		name := s.name
		data, err := Schema(name)
		if err != nil {
			t.Fatal(err)
		}
		var root map[string]any
		if err := json.Unmarshal(data, &root); err != nil {
			t.Fatal(err)
		}
		objects := 0
		walkSchema(root, "%s", func(shape string, keys []string) {
			objects++
			text := strings.ReplaceAll(shape, "%s", `{zzzzzzzz: 1}`) + "\n"
			findings := parseAs(t, name, text)
			i := slices.IndexFunc(findings, func(f diag.Finding) bool { return f.Message == `unknown key "zzzzzzzz"` })
			if i < 0 {
				t.Errorf("%s: %s is read without a finding about the key:\n%s", name, text, show(findings))
				return
			}
			known := strings.Split(strings.TrimPrefix(findings[i].Hint, "the keys here are "), ", ")
			if !slices.Equal(known, keys) {
				t.Errorf("%s: at %s the parser knows %v and the schema %v", name, shape, known, keys)
			}
			for _, key := range keys {
				for _, f := range parseAs(t, name, strings.ReplaceAll(shape, "%s", "{"+key+": 1}")+"\n") {
					if strings.HasPrefix(f.Message, "unknown key") {
						t.Errorf("%s: the parser refuses the key %s of the schema at %s", name, key, shape)
					}
				}
			}
		})
		if objects == 0 {
			t.Errorf("%s has no object", name)
		}
	}
}

// walkSchema calls f for each object with closed keys: shape is a YAML text that leads there, with %s in its place.
func walkSchema(s map[string]any, shape string, f func(shape string, keys []string)) {
	props, _ := s["properties"].(map[string]any)
	keys := slices.Sorted(maps.Keys(props))
	if s["additionalProperties"] == false {
		f(shape, keys)
	}
	into := func(v any, shape string) {
		if m, ok := v.(map[string]any); ok {
			walkSchema(m, shape, f)
		}
	}
	for _, key := range keys {
		into(props[key], strings.ReplaceAll(shape, "%s", "{"+key+": %s}"))
	}
	into(s["items"], strings.ReplaceAll(shape, "%s", "[%s]"))
	into(s["additionalProperties"], strings.ReplaceAll(shape, "%s", "{X-a: %s}"))
	for _, a := range alternatives(s) {
		into(a, shape)
	}
}

func alternatives(s map[string]any) []any {
	list, _ := s["anyOf"].([]any)
	return list
}

func TestSchemaOrderIsStable(t *testing.T) {
	data, err := Schema("stage")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:skillgen:schema:stage:1",
  "title": "front matter of templates/<workflow>/<n>-<name>.md",
  "type": "object",
  "properties": {
    "title": {
      "description": "Display name of the stage; without it, the file's.",
      "type": "string",`
	if !bytes.HasPrefix(data, []byte(want)) {
		t.Errorf("got\n%s", data)
	}
	if _, err := Schema("nonsense"); err == nil {
		t.Error("a schema of that name")
	}
}
