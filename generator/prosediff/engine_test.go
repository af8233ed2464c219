package prosediff

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"skillgen/generator/facts"
)

// blocksOf checks what every cut must hold: blocks cover the data, in order, each with its line.
func blocksOf(t testing.TB, data string, p *pool) *document {
	t.Helper()
	d := parseMarkdown([]byte(data), p)
	var sb strings.Builder
	for i, b := range d.blocks {
		if int(b.start) != sb.Len() || int(b.line) != strings.Count(data[:b.start], "\n")+1 {
			t.Fatalf("block %d at %d, line %d, of %q", i, b.start, b.line, data)
		}
		if b.section >= int32(len(d.sections)) {
			t.Fatalf("block %d in section %d of %d", i, b.section, len(d.sections))
		}
		sb.WriteString(b.text.raw)
	}
	if sb.String() != data {
		t.Fatalf("blocks of %q make %q", data, sb.String())
	}
	return d
}

func TestBlocks(t *testing.T) {
	names := map[kind]string{blank: "blank", frontFence: "---", frontKey: "key", heading: "h", paragraph: "p", item: "item", tableHead: "thead", row: "row", code: "code", html: "html", ruler: "hr"}
	const in = `---
name: x
# comment
metadata:
  version: "1"
  content: >
    folded
description: y
---

# Title

One
two.

- a
  - b

  more of a
1. c
   ` + "```sh\n   # no heading\n   ```" + `

> quoted
> # H

| A | B |
|---|---|
| 1 | 2 |
| 3 | 4 |

` + "~~~\ncode\n\n# not\n~~~" + `

    indented

<div>
html
</div>

Setext
------

***
-
`
	d := blocksOf(t, in, newPool())
	var got []string
	for _, b := range d.blocks {
		first, _, _ := strings.Cut(strings.TrimSpace(b.text.raw), "\n")
		got = append(got, names[b.text.shape.kind]+" "+first)
	}
	want := `--- ---
key name: x
key metadata:
key version: "1"
key content: >
key description: y
--- ---
h # Title
p One
item - a
item - b
p more of a
item 1. c
code ` + "```sh" + `
p > quoted
h > # H
thead | A | B |
row | 1 | 2 |
row | 3 | 4 |
code ~~~
code indented
html <div>
h Setext
hr ***
item -`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
}

func keyOf(s string) key {
	d := parseMarkdown([]byte(s), newPool())
	var parts []string
	for _, b := range d.blocks {
		k := b.text.Key()
		parts = append(parts, string(k[:]))
	}
	return digest(parts...)
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"One two\nthree.", "One\ntwo   three.\n\n", true},
		{"- a\n- b", "* a\n\n* b\n", true},
		{"1. a\n2. b", "1) a\n2) b", true},
		{"1. a", "7. a", true},
		{"1. a", "- a", false},
		{"*a* and **b**", "_a_ and __b__", true},
		{"**a**", "*a*", false},
		{"a b", "ab", false},
		{"Never `a  b`", "Never `a b`", true},
		{"| A | B |\n|--|--|\n| 1 | 2 |", "|A|B|\n|:---|---:|\n|1|2|", true},
		{"| A | B |\n|--|--|\n| 1 | |", "| A | B |\n|--|--|\n| | 1 |", false},
		{"```go\nx\n```", "~~~~go\nx\n~~~~", true},
		{"```py\nif x:\n  y\n```", "```py\nif x:\n    y\n```", false},
		{"```py\na\n\nb\n```", "```py\na\nb\n```", false},
		{"- x\n\n  ```\n  a\n  ```", "- x\n\n    ```\n    a\n    ```", true},
		{"## Step 2: Go", "## Step 3: Go", true},
		{"## 2. Go", "## 3. Go", true},
		{"## 1.2.0", "## 1.3.0", false},
		{"## 3 ways", "## 4 ways", false},
		{"## A", "### A", false},
		{"## A ##", "A\n---", true},
		{"a\r\nb\r\n", "a\nb\n", true},
		{"\ufeffa", "a", true},
		{"caf\u00e9", "cafe\u0301", true},
		{"caf\u00e9", "cafe", false},
		{"---\nname: x\n---\n", "---\nname: \"x\"\n---\n", true},
		{"---\nd: a b\n---\n", "---\nd: >\n  a\n  b\n---\n", true},
		{"---\nd: 'it''s'\n---\n", "---\nd: \"it's\"\n---\n", true},
		{"---\nversion: 1.10\n---\n", "---\nversion: \"1.10\"\n---\n", true},
		{"---\nversion: 1.10\n---\n", "---\nversion: 1.1\n---\n", false},
		{"---\nm:\n  a: x\n---\n", "---\nm:\n    a: \"x\"\n---\n", true},
		{"a \xff b", "a \xfe b", false},
		{"a\u200bb", "ab", false},
		{"[a](b.md)", "[a](c.md)", false},
		{"> a\n> b", "> a b", true},
		{"Do x", "Do not x", false},
		{"| a \\| b | c |\n|-|-|\n", "| a | b | c |\n|-|-|\n", false},
		{"| a \\| b | c |\n|-|-|\n", "|a \\| b|c|\n|--|--|\n", true},
	} {
		if got := keyOf(c.a) == keyOf(c.b); got != c.same {
			t.Errorf("%q and %q: same key %v", c.a, c.b, got)
		}
	}
}

// rebuild checks that an alignment and its deltas give back both sides, and that every byte that differs lies in something that is reported.
func rebuild(t testing.TB, a, b *document) {
	t.Helper()
	al := alignBlocks(a, b)
	sideA, sideB := make([]string, len(a.blocks)), make([]string, len(b.blocks))
	for _, i := range al.gone {
		sideA[i] = a.blocks[i].text.raw
	}
	for _, j := range al.come {
		sideB[j] = b.blocks[j].text.raw
	}
	lastA, lastB := int32(-1), int32(-1)
	for _, p := range al.pairs {
		if p.a <= lastA || p.b <= lastB {
			t.Fatalf("pairs out of order")
		}
		lastA, lastB = p.a, p.b
		x, y := a.blocks[p.a].text, b.blocks[p.b].text
		if p.by == byExact && x.Key() != y.Key() {
			t.Fatalf("exact pair with two keys: %q %q", x.raw, y.raw)
		}
		if x == y {
			sideA[p.a], sideB[p.b] = x.raw, y.raw
			continue
		}
		d := compareTexts(x, y, facts.English)
		if p.by == byExact && len(d.passages) > 0 && x.shape.kind != frontKey {
			t.Fatalf("equal keys, but edits: %q %q", x.raw, y.raw)
		}
		for _, o := range d.ops() {
			switch o.sign {
			case '=':
				sideA[p.a], sideB[p.b] = sideA[p.a]+o.text, sideB[p.b]+o.text
			case '-':
				sideA[p.a] += o.text
			case '+':
				sideB[p.b] += o.text
			}
		}
	}
	for i, s := range sideA {
		if s != a.blocks[i].text.raw {
			t.Fatalf("old block %d is %q, rebuilt %q", i, a.blocks[i].text.raw, s)
		}
	}
	for j, s := range sideB {
		if s != b.blocks[j].text.raw {
			t.Fatalf("new block %d is %q, rebuilt %q", j, b.blocks[j].text.raw, s)
		}
	}
}

// mirrors checks that exchanging the sides mirrors the alignment and every delta.
func mirrors(t testing.TB, a, b *document) {
	t.Helper()
	forth, back := alignBlocks(a, b), alignBlocks(b, a)
	if len(forth.pairs) != len(back.pairs) {
		t.Fatalf("%d pairs forth, %d back", len(forth.pairs), len(back.pairs))
	}
	for i, p := range forth.pairs {
		if q := back.pairs[i]; p.a != q.b || p.b != q.a || p.by != q.by {
			t.Fatalf("pair %d: %+v forth, %+v back", i, p, q)
		}
		x, y := a.blocks[p.a].text, b.blocks[p.b].text
		d, e := compareTexts(x, y, facts.English), compareTexts(y, x, facts.English)
		if len(d.passages) != len(e.passages) {
			t.Fatalf("%q %q: %d passages forth, %d back", x.raw, y.raw, len(d.passages), len(e.passages))
		}
		count := func(d *delta) (n, del, ins int) {
			for _, p := range d.passages {
				for _, e := range p.edits {
					n, del, ins = n+1, del+e.a1-e.a0, ins+e.b1-e.b0
				}
			}
			return
		}
		n, del, ins := count(d)
		m, ins2, del2 := count(e)
		if n != m || del != del2 || ins != ins2 {
			t.Fatalf("%q %q: %d edits -%d +%d forth, %d +%d -%d back", x.raw, y.raw, n, del, ins, m, ins2, del2)
		}
	}
}

func check(t testing.TB, old, new string) {
	t.Helper()
	p := newPool()
	a, b := blocksOf(t, old, p), blocksOf(t, new, p)
	rebuild(t, a, b)
	mirrors(t, a, b)
	if al := alignBlocks(a, a); len(al.gone)+len(al.come) > 0 || len(al.pairs) != len(a.blocks) {
		t.Fatalf("a text differs from itself: %q", old)
	}
}

// mutate makes a plausible next version of a text: lines and words dropped, doubled, exchanged, wrapped.
func mutate(r *rand.Rand, s string) string {
	lines := strings.SplitAfter(s, "\n")
	for range 1 + r.IntN(8) {
		i, j := r.IntN(len(lines)), r.IntN(len(lines))
		switch r.IntN(7) {
		case 0:
			lines[i] = ""
		case 1:
			lines[i] += lines[j]
		case 2:
			lines[i], lines[j] = lines[j], lines[i]
		case 3:
			words := strings.Split(lines[i], " ")
			words[r.IntN(len(words))] = []string{"not", "never", "https://x.y/z", "`code`", "A_KEY", "", "**must**", "\xff", "|", "e\u0301"}[r.IntN(10)]
			lines[i] = strings.Join(words, " ")
		case 4:
			lines[i] = strings.Replace(lines[i], " ", "\n", 1)
		case 5:
			lines[i] = strings.ReplaceAll(lines[i], "*", "_")
		case 6:
			lines[i] = strings.ReplaceAll(lines[i], "\n", "\r\n")
		}
	}
	return strings.Join(lines, "")
}

func TestInvariantsOnMutations(t *testing.T) {
	files, err := filepath.Glob("testdata/prose/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no prose to mutate: %v", err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			check(t, string(data), mutate(r, string(data)))
		}
	}
}

func TestFrontMatterOrNot(t *testing.T) {
	for text, want := range map[string]kind{"---\na: b\n---\n": frontFence, "---\n\ntext\n\n---\n": ruler, "---\na: b\n": ruler, " ---\na: b\n---\n": ruler, "---\na: b\n...\n": frontFence} {
		if got := blocksOf(t, text, newPool()).blocks[0].text.shape.kind; got != want {
			t.Errorf("%q begins with kind %d", text, got)
		}
	}
}

// What is nested deeper than a parser should go is compared by paragraphs, and the report says so.
func TestDeepNesting(t *testing.T) {
	deep := strings.Repeat(">", 1000) + " a\n\n" + strings.Repeat("- ", 40) + "b\n"
	if d := blocksOf(t, deep, newPool()); !d.flat || len(d.blocks) != 2 {
		t.Errorf("flat %v, %d blocks", d.flat, len(d.blocks))
	}
	for _, shallow := range []string{strings.Repeat("- ", 400) + "\n", strings.Repeat("> ", 20) + "a\n", strings.Repeat("---- ", 40) + "\n", "1. 2. 3. a\n"} {
		if blocksOf(t, shallow, newPool()).flat {
			t.Errorf("%.20q is too deep", shallow)
		}
	}
	base, revision := one(deep, deep+"c\n")
	if r := Compare(base, revision, Options{}); len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "s/SKILL.md: nested deeper than 32") {
		t.Errorf("notes %q", r.Notes)
	}
}

// A character is never cut in two, though its two forms share their first or last bytes.
func TestOpsKeepCharactersWhole(t *testing.T) {
	for _, forms := range [][2]string{{"\u00c1", "A\u0301"}, {"\u1ead", "\u1ea1\u0302"}} {
		p := newPool()
		a, b := p.intern(shape{kind: paragraph}, []byte("x "+forms[0]+" y")), p.intern(shape{kind: paragraph}, []byte("x "+forms[1]+" y"))
		d := compareTexts(a, b, facts.English)
		if d.count() != 0 {
			t.Errorf("%q and %q are %d edits", forms[0], forms[1], d.count())
		}
		for _, o := range d.ops() {
			if !utf8.ValidString(o.text) {
				t.Errorf("%c %q", o.sign, o.text)
			}
		}
	}
}

func FuzzInvariants(f *testing.F) {
	for _, s := range []string{"", "# a\n\nb c. D e.\n", "---\na: b\n---\n# x\n- y\n", "| a | b |\n|-|-|\n| c | d |\n", "```\nx\n", "> > a\n>\tb", "\xff\xfe", "\ufeff---\r\nname: x\r\n---\r\n", "- - - a\n1. `b\n", "a\n=\n<!-- b\n\n# c", "\t\tx\n\n    y\n", "#\n##\n-\n", "[a]: b\n---\n", "***\n* a\n*\n"} {
		f.Add(s, "x "+s)
		f.Add(s+s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) { check(t, a, b) })
}
