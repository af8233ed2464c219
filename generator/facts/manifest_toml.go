package facts

import (
	"errors"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// What is longer is nothing that skillgen looks for; cut off, it can't make every line below it cost as much.
const (
	maxKeys = 16  // keys in one another
	maxName = 255 // bytes of a dependency's name
)

// leaf is a scalar, or an element of an array, with the keys that lead to it: {"tool", "poetry", "dependencies", "posthog", "version"}.
type leaf struct {
	path       []string
	value      string // decoded, of a string; else as written
	text       bool   // value is a string
	array      bool   // the value is an element of an array
	start, end int    // from the last key, or from the element of an array, to the end of the value
}

// below reports whether keys are the first ones that lead to l.
func (l leaf) below(keys ...string) bool {
	return len(l.path) >= len(keys) && slices.Equal(l.path[:len(keys)], keys)
}

// readLeaves calls do for every leaf of a TOML file in its order, up to the first fault of its syntax. The parser is the one below
// go-toml's decoder: it keeps positions, which decoders lose.
func (m *manifest) readLeaves(do func(leaf)) {
	w := tomlWalker{do: do}
	w.parser.Reset([]byte(m.file.Text))
	var table []string
	for w.parser.NextExpression() {
		node := w.parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table, _ = w.keys(node, nil)
		case unstable.KeyValue:
			w.entry(node, table)
		}
	}
	if err := w.parser.Error(); err != nil {
		at := len(m.file.Text)
		var fault *unstable.ParserError
		if errors.As(err, &fault) && len(fault.Highlight) > 0 {
			at = int(w.parser.Range(fault.Highlight).Offset)
		}
		m.fault(at, at+1, "not valid TOML: "+err.Error(), unread)
	}
}

type tomlWalker struct {
	parser unstable.Parser
	do     func(leaf)
}

// keys appends the parts of a node's key to path. The second result is the offset of the last of them.
func (w *tomlWalker) keys(node *unstable.Node, path []string) ([]string, int) {
	path = slices.Clip(path)
	start := 0
	for it := node.Key(); it.Next(); {
		if len(path) < maxKeys {
			path = append(path, string(it.Node().Data))
		}
		start = int(it.Node().Raw.Offset)
	}
	return path, start
}

func (w *tomlWalker) entry(node *unstable.Node, above []string) {
	path, start := w.keys(node, above)
	w.value(node.Value(), leaf{path: path, start: start})
}

// value reports the leaves of a value. at has the keys and the start of what it belongs to.
func (w *tomlWalker) value(node *unstable.Node, at leaf) {
	switch node.Kind {
	case unstable.InlineTable:
		for it := node.Children(); it.Next(); {
			w.entry(it.Node(), at.path)
		}
	case unstable.Array:
		for it := node.Children(); it.Next(); {
			w.value(it.Node(), leaf{path: at.path, array: true, start: -1})
		}
	default:
		if at.start < 0 {
			at.start = int(node.Raw.Offset)
		}
		at.end = int(node.Raw.Offset + node.Raw.Length)
		at.value, at.text = string(node.Data), node.Kind == unstable.String
		w.do(at)
	}
}

// collector gathers dependencies that are spread over several leaves: name = "1", name.version = "1", or a table of their own.
type collector struct {
	*manifest
	index map[[2]string]int // section and name of a dependency → position in found
}

// take adds a leaf of a dependency: rest is what leads from its section to the leaf, the name first.
func (c *collector) take(l leaf, section string, rest []string, dev bool) {
	if rest[0] == "" || len(rest[0]) > maxName {
		c.fault(l.start, l.end, "no name of a dependency", "")
		return
	}
	key := [2]string{section, rest[0]}
	i, ok := c.index[key]
	if !ok {
		if c.index == nil {
			c.index = map[[2]string]int{}
		}
		i = len(c.found)
		c.index[key] = i
		c.add(rest[0], "", l.start, l.end, dev)
	}
	switch {
	case !l.text || l.array:
	case len(rest) == 1:
		c.found[i].Version = l.value
	case rest[1] == "version" && len(rest) == 2 && c.found[i].Version == "":
		c.found[i].Version, c.found[i].At.Start, c.found[i].At.End = l.value, l.start, l.end
	case rest[1] == "package" && len(rest) == 2 && l.value != "": // Cargo: the crate is called otherwise here
		c.found[i].Name = l.value
	}
}

// readCargo reads dependencies, dev-dependencies and build-dependencies, also those below target.'cfg(…)'.
func readCargo(m *manifest) {
	c := collector{manifest: m}
	m.readLeaves(func(l leaf) {
		path := l.path
		if len(path) > 2 && path[0] == "target" {
			path = path[2:]
		}
		if len(path) < 2 {
			return
		}
		switch path[0] {
		case "dependencies":
			c.take(l, path[0], path[1:], false)
		case "dev-dependencies", "build-dependencies":
			c.take(l, path[0], path[1:], true)
		}
	})
}

// readPyproject reads [project] and [dependency-groups] (PEP 621, PEP 735) and Poetry's tables.
func readPyproject(m *manifest) {
	c := collector{manifest: m}
	m.readLeaves(func(l leaf) {
		switch n := len(l.path); {
		case n == 2 && l.below("project", "dependencies"):
			m.pythonLeaf(l, false)
		case n == 2 && l.below("dependency-groups") && l.text: // another group is included by a table
			m.pythonLeaf(l, true)
		case n > 3 && l.below("tool", "poetry", "dependencies"):
			c.take(l, "", l.path[3:], false)
		case n > 3 && l.below("tool", "poetry", "dev-dependencies"):
			c.take(l, "dev", l.path[3:], true)
		case n > 5 && l.below("tool", "poetry", "group") && l.path[4] == "dependencies":
			c.take(l, "group "+l.path[3], l.path[5:], true)
		}
	})
}

// readPipfile reads Pipenv's [packages] and [dev-packages]; * is no version.
func readPipfile(m *manifest) {
	c := collector{manifest: m}
	m.readLeaves(func(l leaf) {
		if l.value == "*" {
			l.value = ""
		}
		switch {
		case len(l.path) > 1 && l.path[0] == "packages":
			c.take(l, l.path[0], l.path[1:], false)
		case len(l.path) > 1 && l.path[0] == "dev-packages":
			c.take(l, l.path[0], l.path[1:], true)
		}
	})
}

// pythonLeaf reads one requirement of an array.
func (m *manifest) pythonLeaf(l leaf, dev bool) {
	name, version, ok := requirement(l.value)
	if !ok || !l.text || !l.array {
		m.fault(l.start, l.end, "not a requirement: "+strings.Join(l.path, ".")+" is a list of strings like \"posthog>=6\"", "")
		return
	}
	m.add(name, version, l.start, l.end, dev)
}

// catalog is a Gradle version catalog while it is read.
type catalog struct {
	versions  map[string]string
	libraries map[string]*library
	order     []string // keys of libraries
}

type library struct {
	module, group, name, version, ref string
	at                                leaf
}

// readVersionCatalog reads the libraries of gradle/libs.versions.toml.
func readVersionCatalog(m *manifest) {
	c := catalog{versions: map[string]string{}, libraries: map[string]*library{}}
	m.readLeaves(func(l leaf) {
		if !l.text || l.array || len(l.path) < 2 || len(l.path[1]) > maxName {
			return
		}
		switch l.path[0] {
		case "versions":
			if len(l.path) == 2 || l.path[2] != "reject" {
				c.versions[l.path[1]] = l.value
			}
		case "libraries":
			c.library(l)
		}
	})
	for _, alias := range c.order {
		lib := c.libraries[alias]
		if lib.module == "" && lib.group != "" && lib.name != "" {
			lib.module = lib.group + ":" + lib.name
		}
		if lib.ref != "" {
			lib.version = c.versions[lib.ref]
		}
		if lib.module != "" {
			m.add(lib.module, lib.version, lib.at.start, lib.at.end, false)
		}
	}
}

func (c *catalog) library(l leaf) {
	alias := l.path[1]
	lib := c.libraries[alias]
	if lib == nil {
		lib = &library{at: l}
		c.libraries[alias] = lib
		c.order = append(c.order, alias)
	}
	switch strings.Join(l.path[2:], ".") {
	case "":
		if i := strings.LastIndexByte(l.value, ':'); i > 0 {
			lib.module, lib.version = l.value[:i], l.value[i+1:]
		}
	case "module":
		lib.module = l.value
	case "group":
		lib.group = l.value
	case "name":
		lib.name = l.value
	case "version", "version.strictly", "version.require", "version.prefer":
		lib.version = l.value
	case "version.ref":
		lib.ref = l.value
	}
}
