package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// oddValues are what people and machines put into titles and descriptions.
var oddValues = map[string]string{
	"colon":          "Use: it",
	"comment":        "C # D",
	"dashes":         "a --- b",
	"only dashes":    "---",
	"tag":            "Vue <script setup>",
	"double quotes":  `"quoted"`,
	"single quotes":  "it's 'quoted'",
	"ticks":          "`code` and ``more``",
	"emoji":          "😀 👨‍👩‍👧 ☕️ 🏳️‍🌈",
	"smart quotes":   "“smart” ‘quotes’ – dashes —",
	"nbsp":           "non\u00a0breaking",
	"persian":        "سلام نمی\u200cخواهم",
	"hindi":          "क्\u200dष हिन्दी",
	"combining":      "e\u0301e\u0301",
	"null":           "null",
	"yes":            "yes",
	"number":         "1.10",
	"list":           "[a, b]",
	"map":            "{a: b}",
	"stars":          "*a* _b_ **c**",
	"pipe":           "| pipe |",
	"backslash":      `C:\new\table \u0041`,
	"braces":         "{{title}} {{raw}}",
	"link":           "[a](b) ![c](d) [e][f]",
	"heading":        "# heading #",
	"anchor":         "&a *b !!c %d @e",
	"entity":         "&lt;b&gt; &amp;",
	"long":           strings.Repeat("é", 1024),
	"too long":       strings.Repeat("é", 1025),
	"padded":         "  padded  ",
	"empty":          "",
	"blank":          "   ",
	"newline":        "two\nlines",
	"tab":            "a\tb",
	"line separator": "two\u2028lines",
	"zero width":     "zero\u200bwidth",
	"bom":            "bom\ufeffinside",
	"del":            "del\u007f",
	"c1":             "c1\u0085",
	"ansi":           "\x1b[31mred",
	"bidi":           "\u202eright",
	"soft hyphen":    "soft\u00adhyphen",
	"tag character":  "tag\U000e0041",
	"noncharacter":   "non\ufffecharacter",
	"private use":    "private\ue000use",
	"nul":            "nul\x00",
}

// oddPlaces are where such a value can stand. The value is put in for VALUE, in YAML's double quotes.
var oddPlaces = map[string]struct{ file, text string }{
	"product":     {"skillgen.yaml", "product: VALUE\nprefix: acme\n"},
	"license":     {"skillgen.yaml", "product: Acme\nprefix: acme\nlicense: VALUE\n"},
	"author":      {"skillgen.yaml", "product: Acme\nprefix: acme\nauthor: VALUE\n"},
	"variable":    {"skillgen.yaml", "product: Acme\nprefix: acme\nvars:\n  x: VALUE\n"},
	"title":       {"frameworks/good.md", "---\ntitle: VALUE\nlanguages: [go]\ndocs: [website/good.md]\nexample: examples/app\n---\n"},
	"description": {"frameworks/good.md", "---\ntitle: Good\ndescription: VALUE\nlanguages: [go]\ndocs: [website/good.md]\nexample: examples/app\n---\n"},
	"metadata":    {"frameworks/good.md", "---\ntitle: Good\nmetadata:\n  x: VALUE\nlanguages: [go]\ndocs: [website/good.md]\nexample: examples/app\n---\n"},
	"page title":  {"website/good.md", "---\ntitle: VALUE\n---\nText.\n"},
	"given title": {"frameworks/good.md", "---\ntitle: Good\nlanguages: [go]\ndocs:\n  - source: website/good.md\n    title: VALUE\nexample: examples/app\n---\n"},
	"stage title": {"templates/integrate/10-start.md", "---\ntitle: VALUE\n---\nStart {{vars.x}}.\n"},
}

// TestOddValues puts each value into each place: either the skill is valid for the strictest consumer, or there is an error in that file.
func TestOddValues(t *testing.T) {
	for place, p := range oddPlaces {
		t.Run(place, func(t *testing.T) {
			for name, value := range oddValues {
				raw, all := escaped(value, 0x20), escaped(value, 0x7f)
				tryOddValue(t, name, p.file, strings.ReplaceAll(p.text, "VALUE", raw))
				if all != raw {
					tryOddValue(t, name, p.file, strings.ReplaceAll(p.text, "VALUE", all))
				}
			}
		})
	}
}

func tryOddValue(t *testing.T, name, file, text string) {
	t.Helper()
	dir := t.TempDir()
	unpack(t, dir, strings.Replace(hostileBase, "prefix: acme\n", "prefix: acme\nvars: {x: y}\n", 1))
	if file == "skillgen.yaml" && !strings.Contains(text, "vars:") {
		text += "vars: {x: y}\n"
	}
	writeFile(t, filepath.Join(dir, file), text)
	var stdout, stderr bytes.Buffer
	exit := run([]string{"build", "-C", dir, "--format", "json"}, &stdout, &stderr)
	if fault := oddFault(t, dir, file, exit, stdout.String()); fault != "" {
		t.Errorf("%s: exit %d: %s%s", name, exit, fault, stderr.String())
	}
	t.Logf("%s: exit %d", name, exit)
}

// escaped writes s in YAML's double quotes, everything up to or beyond the printable part of ASCII escaped: what a value holds need not stand
// in the file's bytes. With last 0x20 only what YAML can't hold otherwise is escaped.
func escaped(s string, last rune) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < 0x20 || last == 0x7f && r >= 0x7f:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

// oddFault says what is wrong with how a build ended.
func oddFault(t *testing.T, dir, file string, exit int, out string) string {
	t.Helper()
	switch exit {
	case 0:
		for name, files := range skillTrees(t, filepath.Join(dir, "dist")) {
			if faults := append(conformFaults(name, "acme", files), linkFaults(files)...); faults != nil {
				return fmt.Sprint(faults)
			}
		}
		return ""
	case 1:
		for _, f := range readFindings(t, out) {
			if f.Severity == "error" && f.File == file && f.Line > 0 {
				return ""
			}
		}
		return "no error at a line of " + file
	}
	return "not a matter of content"
}
