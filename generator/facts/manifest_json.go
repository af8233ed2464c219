package facts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// section is an object of a manifest that maps names of dependencies to versions.
type section struct {
	key string
	dev bool
}

// readPackageJSON reads npm's manifest: what the app needs, then what it expects beside it, then what it is built and tested with.
func readPackageJSON(m *manifest) {
	m.readSections(section{"dependencies", false}, section{"optionalDependencies", false}, section{"peerDependencies", false}, section{"devDependencies", true})
}

func readComposer(m *manifest) {
	m.readSections(section{"require", false}, section{"require-dev", true})
}

// readDeno reads the imports of deno.json that name a package of a registry: "npm:hono@4", "jsr:@std/http@^1". What leads to files or addresses is
// left out.
func readDeno(m *manifest) {
	m.readSections(section{"imports", false})
	m.found = slices.DeleteFunc(m.found, func(d Dependency) bool {
		return !strings.HasPrefix(d.Version, "npm:") && !strings.HasPrefix(d.Version, "jsr:")
	})
	for i := range m.found {
		d := &m.found[i]
		_, spec, _ := strings.Cut(d.Version, ":")
		d.Name, d.Version = strings.TrimPrefix(spec, "/"), ""
		if at := strings.LastIndexByte(d.Name, '@'); at > 0 {
			d.Name, d.Version = d.Name[:at], d.Name[at+1:]
		}
	}
	m.found = slices.DeleteFunc(m.found, func(d Dependency) bool { return d.Name == "" })
}

// readSections reads sections of a JSON object, and returns them in the order of the arguments.
func (m *manifest) readSections(sections ...section) {
	found := make([][]Dependency, len(sections))
	err := m.walkObject(func(j *jsonReader, key jsonToken) error {
		for i, s := range sections {
			if key.value == s.key {
				entries, err := j.entries(s)
				found[i] = entries // of a key that stands there twice, the last one counts, as for npm and Composer
				return err
			}
		}
		return j.skip()
	})
	if err != nil {
		m.jsonFault(err)
	}
	for _, entries := range found {
		m.found = append(m.found, entries...)
	}
}

// jsonFault reports why the file is no JSON. The place is that of a second look at the whole: the token reader counts its offsets in two ways.
func (m *manifest) jsonFault(err error) {
	at, why := len(m.file.Text), err.Error()
	var raw json.RawMessage
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal([]byte(m.file.Text), &raw), &syntax) {
		at, why = max(int(syntax.Offset)-1, 0), syntax.Error()
	}
	m.fault(at, at+1, "not valid JSON: "+why, unread)
}

// jsonReader reads JSON token by token and knows where each stands.
type jsonReader struct {
	*manifest
	dec *json.Decoder
}

// jsonToken is a token and the bytes it stands at.
type jsonToken struct {
	value      json.Token
	start, end int
}

func (j *jsonReader) next() (jsonToken, error) {
	from := int(j.dec.InputOffset())
	value, err := j.dec.Token()
	if err != nil {
		return jsonToken{}, err
	}
	end := int(j.dec.InputOffset())
	between := j.file.Text[from:end]
	start := end - len(strings.TrimLeft(between, " \t\r\n,:"))
	return jsonToken{value, start, end}, nil
}

// walkObject calls do for each key of the one object that the file holds; do reads the key's value.
func (m *manifest) walkObject(do func(*jsonReader, jsonToken) error) error {
	j := &jsonReader{m, json.NewDecoder(strings.NewReader(m.file.Text))}
	j.dec.UseNumber()
	open, err := j.next()
	if err != nil {
		return err
	}
	if open.value != json.Delim('{') {
		m.fault(open.start, open.end, "a manifest is a JSON object, this is something else", "no version can be read from it")
		return nil
	}
	for {
		key, err := j.next()
		if err != nil {
			return err
		}
		if key.value == json.Delim('}') {
			return j.atEnd()
		}
		if err := do(j, key); err != nil {
			return err
		}
	}
}

// atEnd reports what follows the object.
func (j *jsonReader) atEnd() error {
	more, err := j.next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		j.fault(more.start, more.end, "something follows the end of the JSON object", "")
	}
	return err
}

// entries reads the value of a section.
func (j *jsonReader) entries(s section) ([]Dependency, error) {
	open, err := j.next()
	if err != nil {
		return nil, err
	}
	if open.value != json.Delim('{') {
		// PHP writes an empty object as an empty array.
		if open.value != json.Delim('[') || j.dec.More() {
			j.fault(open.start, open.end, fmt.Sprintf("%q is no object of names and versions", s.key), "write {\"name\": \"version\"}")
		}
		return nil, j.finish(open)
	}
	outside := j.found
	defer func() { j.found = outside }()
	j.found = nil
	for {
		key, err := j.next()
		if err != nil || key.value == json.Delim('}') {
			return j.found, err
		}
		value, err := j.next()
		if err != nil {
			return j.found, err
		}
		j.entry(key, value, s.dev)
		if err := j.finish(value); err != nil {
			return j.found, err
		}
	}
}

func (j *jsonReader) entry(key, value jsonToken, dev bool) {
	name, _ := key.value.(string)
	version, ok := value.value.(string)
	if !ok && name != "" {
		j.fault(value.start, value.end, fmt.Sprintf("the version of %q is no string", name), "write it in double quotes")
	}
	j.add(name, version, key.start, value.end, dev)
}

// skip reads over the next value.
func (j *jsonReader) skip() error {
	value, err := j.next()
	if err != nil {
		return err
	}
	return j.finish(value)
}

// finish reads what is left of a value that begins with the token open.
func (j *jsonReader) finish(open jsonToken) error {
	depth := 0
	for token := open; ; {
		switch token.value {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if token, err = j.next(); err != nil {
			return err
		}
	}
}
