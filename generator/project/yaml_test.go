package project

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml/lexer"

	"skillgen/generator/source"
)

// outline writes a tree of nodes on one line.
func outline(n *node) string {
	if n == nil {
		return "nothing"
	}
	var parts []string
	switch n.kind {
	case listNode:
		for _, i := range n.items {
			parts = append(parts, outline(i))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case mapNode:
		for _, p := range n.pairs {
			parts = append(parts, p.key.text+":"+outline(p.value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	if n.typ == nullScalar {
		return "null"
	}
	return fmt.Sprintf("%q", n.text)
}

func readText(text string) (*node, *report) {
	f := source.NewFile("f.yaml", []byte(text))
	r := &report{}
	return readYAML(f, 0, len(f.Text), r), r
}

// TestSurprises reads YAML on which readers differ, or which the decoder reads as something that is not written there. Each is read as it
// stands, or refused at a line.
func TestSurprises(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string // the outline, or "line N" of the finding
	}{
		{"docs:\n-\ntitle: x\n", "line 3"},
		{"docs:\n- \n\n# c\ntitle: x\nfamily: y\n", "line 5"},
		{"docs:\n-\n- x\n", `{docs:[null "x"]}`},
		{"docs:\n- a: 1\n  b: 2\n- c\n", `{docs:[{a:"1" b:"2"} "c"]}`},
		{"a:\nb\n", "line 2"},
		{"a: \nb\nc: d\n", "line 2"},
		{"a: b\n  - c\n", "line 2"},
		{"a: b\n\n  c\n", "line 3"},
		{"a: b\n  # c\n  d\n", "line 3"},
		{"a: b\n  c # d\n", `{a:"b c"}`},
		{"a: b\n  c #d\n  e\n", "line 3"},
		{"a: >\n  b\n  c", "{a:\"b c\\n\"}"},
		{"a: |\n b", "{a:\"b\\n\"}"},
		{"a: |\n\n\n\"r\": x\n", "line 4"},
		{"a: |--\n  x\n", "line 1"},
		{"a: '~\n  ''\n  b'\n", "line 1"},
		{"a: 'b\n  c'\n", `{a:"b c"}`},
		{"a: ?\n", "line 1"},
		{"a:\n- ?\n  b\n", "line 3"},
		{"~\n: x\n", "line 1"},
		{"a: !t", "line 1"},
		{"a: 'x' y\n", "line 1"},
		{"a: \"x\"y\n", "line 1"},
		{"a: [b, c\nd: e\n", "line 2"},
		{"a: {b: c, d}\n", `{a:{b:"c" d:null}}`},
		{"a: {b:c}\n", `{a:{b:"c"}}`},
		{"a: [b: c]\n", `{a:[{b:"c"}]}`},
		{"a: b: c\n", "line 1"},
		{"a:b\n", `"a:b"`},
		{"a : b\n", `{a:"b"}`},
		{" a: b\n c: d\n", `{a:"b" c:"d"}`},
		{" a: b\nc: d\n", "line 2"},
		{"a: b\n c: d\n", "line 1"},
		{"a:\n  b: c\n d: e\n", "line 3"},
		{"\"a\": b\n'c': d\n", `{a:"b" c:"d"}`},
		{"a: \"b\\\n   c\"\n", `{a:"bc"}`},
		{"---\na: b\n", `{a:"b"}`},
		{"# c\n---\na: b\n", `{a:"b"}`},
		{"a: b\n---\n", "line 2"},
		{"a: b\n--- c\n", "line 2"},
		{"%YAML 1.1\n---\na: b\n", "line 1"},
		{"a: b\t# c\n", "line 1"},
		{"- - - a\n", `[[["a"]]]`},
		{"a: &b\n", "line 1"},
		{"<<: {a: b}\n", "line 1"},
		{"a: {<<: b}\n", "line 1"},
		{"? a\n", "line 1"},
		{"a: [[[[[[[[b]]]]]]]]\n", `{a:[[[[[[[["b"]]]]]]]]}`},
		{"a: [[[[[[[[[b]]]]]]]]]\n", "line 1"},
		{strings.Repeat("- ", 16) + "a\n", strings.Repeat("[", 16) + `"a"` + strings.Repeat("]", 16)},
		{strings.Repeat("- ", 17) + "a\n", "line 1"},
		{"a: |\n  b\n" + strings.Repeat("\n", maxBlank) + "  c\n", "{a:\"b\\n" + strings.Repeat("\\n", maxBlank) + "c\\n\"}"},
		{"a: |\n  b\n" + strings.Repeat(" \n", maxBlank+1) + "  c\n", "line 3"},
		{"a: " + strings.Repeat("<", maxBlank) + "\n", `{a:"` + strings.Repeat("<", maxBlank) + `"}`},
		{"a: " + strings.Repeat("<", maxBlank+1) + "\n", "line 1"},
		{"", "nothing"},
		{"# c\n", "nothing"},
	} {
		n, r := readText(c.in)
		got := outline(n)
		if len(r.findings) > 0 {
			got = fmt.Sprintf("line %d", r.findings[0].Place.Line)
			if n != nil {
				t.Errorf("%q: findings and a tree", c.in)
			}
		}
		if got != c.want {
			t.Errorf("%q gave %s, not %s\n%s", c.in, got, c.want, show(r.findings))
		}
	}
}

// TestLostTokens: a token that the decoder drops, or changes, is noticed.
func TestLostTokens(t *testing.T) {
	text := "a: b\nc: [d, \"e\"]\n"
	all := lexer.Tokenize(text)
	for i := range all {
		y := &yamlReader{report: &report{}, file: source.NewFile("f.yaml", []byte(text)), text: text, tokens: slices.Delete(slices.Clone(all), i, i+1)}
		if y.locate() {
			t.Errorf("without %q nothing is missed", all[i].Value)
		}
	}
	all[2].Value = "x"
	y := &yamlReader{report: &report{}, file: source.NewFile("f.yaml", []byte(text)), text: text, tokens: all}
	if y.locate() {
		t.Error("another value is not noticed")
	}
}

// hostileYAML are documents that cost a naive reader its time, its stack or its memory.
func hostileYAML() map[string]string {
	const size = maxYAML - 100
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	return map[string]string{
		"flow":            "a: " + fill("["),
		"flow maps":       "a: " + fill("{a: "),
		"hyphens":         fill("- "),
		"keys":            fill("a: "),
		"questions":       fill("? "),
		"stairs":          stairs(size),
		"anchors":         fill("a: &a\n"),
		"tags":            fill("!a "),
		"quotes":          "a: \"" + fill("\\\""),
		"open quote":      "a: '" + fill("x\n "),
		"tabs":            "a: \"" + fill("\t"),
		"literal":         "a: |\n" + fill(" x\n"),
		"blank literal":   "a: |\n" + fill("\n"),
		"blanks literal":  "a: |\n" + fill(" \n"),
		"folded":          "a: >\n" + fill(" x\n\n"),
		"plain":           "a: " + fill("x\n "),
		"long plain":      "a: " + fill("x "),
		"long word":       "a: " + fill("x"),
		"spaces":          "a: " + fill(" ") + "x",
		"lines":           fill("\n") + "a: b",
		"comments":        fill("#\n") + "a: b",
		"long comment":    "a: b # " + fill("x"),
		"documents":       fill("---\n"),
		"list":            "a:\n" + fill("- b\n"),
		"map":             fill("a: b\n"),
		"many keys":       manyKeys(size),
		"flow list":       "a: [" + fill("b, ") + "]",
		"flow map":        "a: {" + fill("b: c, ") + "}",
		"colons":          "a: " + fill(":"),
		"hash":            "a: " + fill("#"),
		"backslash":       "a: " + fill("\\"),
		"merge":           fill("<<"),
		"merge blanks":    fill("<< "),
		"raw folded":      "a: b\n" + fill("  - c\n"),
		"dots":            fill("...\n"),
		"percent":         fill("%\n"),
		"deep flow lines": fill("[\n"),
	}
}

func stairs(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size-400; i++ {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func manyKeys(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size-40; i++ {
		fmt.Fprintf(&b, "k%d: v\n", i)
	}
	return b.String()
}

func TestHostileYAML(t *testing.T) {
	docs := hostileYAML()
	names := make([]string, 0, len(docs))
	for name := range docs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		start := time.Now()
		n, r := readText(docs[name])
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		} else if took > 100*time.Millisecond {
			t.Logf("%s took %v", name, took)
		}
		if len(r.findings) > maxRefusals+1 {
			t.Errorf("%s: %d findings", name, len(r.findings))
		}
		if n != nil {
			frameworkShape.read(r, n)
		}
		if name == "map" && len(r.findings) > 3 {
			t.Errorf("%d findings about one map", len(r.findings))
		}
	}
	if _, r := readText("a: " + strings.Repeat("x", maxYAML)); len(r.findings) != 1 || !strings.Contains(r.findings[0].Message, "65539 bytes of YAML") {
		t.Error(show(r.findings))
	}
}

// FuzzYAML: whatever the bytes are, reading them ends, places lie in the file, and an unquoted value on one line is what stands at its place.
func FuzzYAML(f *testing.F) {
	for _, doc := range hostileYAML() {
		f.Add(doc[:min(len(doc), 300)])
	}
	f.Add("title: \"é \\u00e9\"\nlanguages: ['ü', é]\nvars:\n  k: |\n   one\n\n    two\n")
	f.Add("---\ntitle: x\n---\nbody\n")
	f.Fuzz(func(t *testing.T, in string) {
		file := source.NewFile("f.md", []byte(in))
		if file.Kind != source.Text {
			return
		}
		r := &report{}
		if n := readYAML(file, 0, len(file.Text), r); n != nil {
			checkNode(t, file, n)
			configShape.read(r, n)
			frameworkShape.read(r, n)
			workflowShape.read(r, n)
		} else if len(r.findings) == 0 && strings.Trim(stripComments(file.Text), " \n-") != "" {
			t.Errorf("%q was read as nothing", in)
		}
		_, _, _ = readMatter(file, frameworkShape, true, r)
		for _, x := range r.findings {
			if x.Place.Line < 1 || x.Place.Col < 1 || x.Place.End < x.Place.Col || x.Message == "" {
				t.Errorf("%q: finding %+v", in, x)
			}
		}
	})
}

func stripComments(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line, _, _ = strings.Cut(line, "#")
		b.WriteString(line)
	}
	return b.String()
}

func checkNode(t *testing.T, f *source.File, n *node) {
	if n.at.File != f || n.at.Start < 0 || n.at.End < n.at.Start || n.at.End > len(f.Text) {
		t.Fatalf("%q: place %d to %d", f.Text, n.at.Start, n.at.End)
	}
	for _, p := range n.pairs {
		checkNode(t, f, p.key)
		checkNode(t, f, p.value)
	}
	for _, i := range n.items {
		checkNode(t, f, i)
	}
	written := f.Text[n.at.Start:n.at.End]
	if n.kind == scalarNode && n.typ != nullScalar && written != "" && !strings.ContainsAny(written, "\n\"'|>") && written != strings.Trim(n.text, "\n ") {
		t.Fatalf("%q: %q stands where %q was read", f.Text, written, n.text)
	}
}
