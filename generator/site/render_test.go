package site

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"skillgen/generator/release"
)

// shown renders one Markdown file as the SKILL.md of a skill that also has stages/1-a.md.
func shown(text []byte, ranges []release.Range) string {
	s := Skill{Skill: release.Skill{Name: "acme"}, Files: []File{{Path: "SKILL.md", Data: text, Ranges: ranges}, {Path: "stages/1-a.md", Data: []byte("# A\n\n## B c\n")}}}
	return string(read(&s).byPath[skillFile].HTML())
}

// Each archive of testdata holds pairs NAME.md and NAME.html. A line `FROM-TO SOURCE:LINE` in its comment, with `made` behind it where skillgen
// wrote the lines, says where the lines of the files come from.
func TestRender(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives: ", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ranges := rangesIn(t, string(archive.Comment))
		for i := 0; i+1 < len(archive.Files); i += 2 {
			in, want := &archive.Files[i], &archive.Files[i+1]
			name := strings.TrimSuffix(in.Name, ".md")
			if want.Name != name+".html" {
				t.Fatalf("%s: %s is followed by %s", file, in.Name, want.Name)
			}
			got := shown(in.Data, ranges)
			if *update {
				want.Data = []byte(got)
			}
			if got != string(want.Data) {
				t.Errorf("%s: %s:\n%s\nwant\n%s", file, name, got, want.Data)
			}
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func rangesIn(t *testing.T, comment string) []release.Range {
	var ranges []release.Range
	for _, m := range regexp.MustCompile(`(?m)^(\d+)-(\d+) (\S+):(\d+)( made)?$`).FindAllStringSubmatch(comment, -1) {
		number := func(s string) int {
			n, err := strconv.Atoi(s)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		ranges = append(ranges, release.Range{File: skillFile, From: number(m[1]), To: number(m[2]), Source: m[3], Line: number(m[4]), Generated: m[5] != ""})
	}
	return ranges
}

// checkText asserts the promises of pages for a skill whose texts are these.
func checkText(t *testing.T, text []byte) {
	t.Helper()
	in := Input{Product: "Acme", Marketplace: "acme", Skills: []Skill{{
		Skill: release.Skill{Name: "acme"}, Plugin: "acme", Stages: []Stage{{Title: "A", Path: "stages/1-a.md"}},
		Files: []File{
			{Path: "SKILL.md", Data: text, Ranges: []release.Range{{File: "SKILL.md", From: 1, To: 3, Source: "a.md", Line: 1}, {File: "SKILL.md", From: 5, To: 6, Source: "b.md", Line: 7, Generated: true}}},
			{Path: "references/a.md", Data: text},
			{Path: "stages/1-a.md", Data: append([]byte("# Stage\n\n"), text...)},
		},
	}}}
	checkPages(t, in, Pages(in))
}

var oddTexts = []string{
	"", "\n", "---\n---\n", "---\na: b\n---\n", "---\na: b\n", "# \n\n# \n\n## !\n\n# ١\n", "#### d\n\n## b\n\n# a\n\n###### f\n", "a\n===\nb\n---\n",
	"- # in a list\n  - > ## deeper\n", "> # a\n> ***\n", "[a](b \"t\") ![](c) [](d) [ ](e) [*](f)\n", "[![![a](b)](c)](d) [a <http://x.example> b](y) [a[^1]](#a)\n\n[^1]: b\n",
	"a[^x] b[^x] [^y]\n\n[^x]: c[^x]\n[^y]:\n[^x]: twice\n[^z]: nobody\n", "|a|b|\n|-|-|\n|[^1]|`\\|`|c|\n||\n\n[^1]: |\n", "||\n|-|\n", "|a\n|-\n",
	"<script>alert(1)</script>\n", "<!-- a -->b<!-- c\n\n-->\n", "a <b onclick=x>c</b> <br/> <BR> <img src=x onerror=y>\n", "<style>*{}</style>\n</div></section></main>\n",
	"```\na\n", "```\"><script>\n</code></pre>\n```\n", "    code\n\ttab\n", "~~~ x y=\"z\"\n~~~\n", "&#0; &#1; &#x200b; &nbsp; &lt;b&gt; &quot; &bogus; \\& \\<\n",
	"[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) [d](vbscript:x) [e](file:///etc/passwd) [f](java&#115;cript:x) [g](&#x01;javascript:x)\n",
	"[a](//evil.example/x) [b](/etc) [c](../x) [d](stages/1-a.md) [e](stages/1-a.md#stage) [f](SKILL.md#no) [g](http://) [h](http:///x) [i](mailto:) [j](?q) [k](#%zz)\n",
	"<javascript:alert(1)> <http://a.example/\"onclick=x> <a@b.example> <data:x> <http://\"> <http://a%zz> <http://a:b/>\n", "[a]: javascript:x\n[b]: <http://x.example/ \"t\">\n\n[a] [b] ![a]\n",
	"a\x00b\x01\x7f\u0085\u200b\ufeff\u2028\xff\xc3\n", "\u202e# a\n", "# A\n\n# a\n\n# a-1\n\n# A\n\n# Main\n\n# Install\n\n# fn:1\n\n# SKILL.md\n",
	strings.Repeat("> ", 40) + "deep\n", strings.Repeat("- ", 40) + "deep\n\nmore\n", strings.Repeat("*a **b ", 200) + "\n", "<http://" + strings.Repeat("a", 5000) + ".example>\n",
	strings.Repeat("x", 5000) + "\n\n`" + strings.Repeat("y", 500) + "`\n", "* * *\n+ a\n\n  b\n1) c\n7. d\n", "a  \nb\\\nc\n", "[x]: y\n", "- [ ] a\n- [x] b\n",
}

func TestOddTexts(t *testing.T) {
	for _, text := range oddTexts {
		checkText(t, []byte(text))
		if t.Failed() {
			t.Fatalf("with %q", text)
		}
	}
}

func FuzzPages(f *testing.F) {
	for _, text := range oddTexts {
		f.Add([]byte(text))
	}
	sample, err := os.ReadFile("testdata/acme-flask.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Fuzz(func(t *testing.T, text []byte) { checkText(t, text) })
}

// Whatever a skill holds, its page takes time in line with its size: what no parser should be given is shown as it is.
func TestHostileTexts(t *testing.T) {
	for name, text := range map[string]string{
		"quotes": strings.Repeat(">", 80_000) + "\n", "brackets": strings.Repeat("[a](", 20_000) + "\n", "ticks": strings.Repeat("`a``", 30_000) + "\n", "stars": strings.Repeat("*a _b ", 30_000) + "\n",
		"lists":      strings.Repeat(strings.Repeat("- ", 30)+"a\n", 3000),
		"footnotes":  strings.Repeat("[^a]: b\n\n[^a] ", 10_000) + "\n",
		"references": strings.Repeat("[a]: b\n", 20_000) + strings.Repeat("[a] ", 10_000) + "\n",
		"headings":   strings.Repeat("# a\n", 50_000),
		"wide table": strings.Repeat("|a", 10_000) + "|\n" + strings.Repeat("|-", 10_000) + "|\n" + strings.Repeat("|x\n", 1500),
		"tables":     strings.Repeat(strings.Repeat("|a", 500)+"|\n"+strings.Repeat("|-", 500)+"|\n"+strings.Repeat("|x\n", 90)+"\n", 80),
		"html":       strings.Repeat("<div>", 40_000) + "\n", "tags": strings.Repeat("a <b> ", 10_000) + "\n", "lines": strings.Repeat("\n", 300_000), "blanks": strings.Repeat(" \n", 200_000),
		"hidden": strings.Repeat("\u200b", 100_000) + "\n", "references to nothing": strings.Repeat("![a][b]", 20_000) + "\n", "entities": strings.Repeat("&amp;", 60_000) + "\n",
	} {
		start := time.Now()
		checkText(t, []byte(text))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// A file with many sources costs no more than their number.
func TestManyRanges(t *testing.T) {
	var ranges []release.Range
	const n = 50_000
	for i := range n {
		ranges = append(ranges, release.Range{File: skillFile, From: i + 1, To: i + 1, Source: fmt.Sprintf("f%d.md", i), Line: 1})
	}
	start := time.Now()
	html := shown(bytes.Repeat([]byte("- a\n"), n), ranges)
	if notes := strings.Count(html, "<small"); notes != n {
		t.Errorf("%d notes", notes)
	}
	if html := shown(bytes.Repeat([]byte("a\n\n"), n/2), ranges); strings.Count(html, "<small") != n/2 {
		t.Errorf("%d notes", strings.Count(html, "<small"))
	}
	plain := shown([]byte(strings.Repeat(">", 200)+strings.Repeat("a\n", n)), ranges)
	if notes := strings.Count(plain, "<small"); notes != n {
		t.Errorf("%d notes of plain text", notes)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Text that has no tree comes out as it is.
func TestPlain(t *testing.T) {
	text := strings.Repeat(">", 200) + " deep\n# no heading & <b>\nlast"
	html := shown([]byte(text), []release.Range{{File: skillFile, From: 1, To: 1, Source: "a.md", Line: 1}, {File: skillFile, From: 3, To: 9, Source: "b.md", Line: 4}})
	const want = `<small class="src" title="a.md:1">a.md:1</small><pre><code>` + "%s deep\n</code></pre>\n" +
		`<small class="src" title="b.md:4">b.md:4</small><pre><code>` + "# no heading &amp; &lt;b&gt;\nlast</code></pre>\n"
	if html != fmt.Sprintf(want, strings.Repeat("&gt;", 200)) {
		t.Errorf("%s", html)
	}
}

// Text on paper has a contrast of 4.5 and more, the parts of bars 3 and more, in both colour schemes (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	light, dark, ok := strings.Cut(string(styleSheet), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("there is no dark scheme")
	}
	colour := regexp.MustCompile(`--([a-z]+): #([0-9a-f]{6})`)
	for name, css := range map[string]string{"light": light, "dark": dark[:strings.Index(dark, "* {")]} {
		l := map[string]float64{}
		for _, m := range colour.FindAllStringSubmatch(css, -1) {
			l[m[1]] = luminance(t, m[2])
		}
		for _, tt := range []struct {
			text, on string
			least    float64
		}{
			{"ink", "paper", 7}, {"dim", "paper", 4.5}, {"link", "paper", 4.5}, {"error", "paper", 4.5}, {"warning", "paper", 4.5}, {"info", "paper", 4.5},
			{"ink", "soft", 7}, {"dim", "soft", 4.5}, {"link", "soft", 4.5}, {"ink", "gone", 4.5}, {"ink", "come", 4.5}, {"focus", "paper", 3},
			{"head", "paper", 3}, {"guidance", "paper", 3}, {"docs", "paper", 3}, {"airplane", "paper", 3}, {"stages", "paper", 3},
		} {
			a, b := l[tt.text], l[tt.on]
			if ratio := (math.Max(a, b) + .05) / (math.Min(a, b) + .05); ratio < tt.least || a == 0 || b == 0 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", name, tt.text, tt.on, ratio)
			}
		}
	}
}

// luminance of a colour by its six digits (WCAG 2.2, "relative luminance").
func luminance(t *testing.T, hex string) float64 {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	channel := func(c uint64) float64 {
		v := float64(c&0xff) / 255
		if v <= .04045 {
			return v / 12.92
		}
		return math.Pow((v+.055)/1.055, 2.4)
	}
	return .2126*channel(n>>16) + .7152*channel(n>>8) + .0722*channel(n)
}

// BenchmarkPages renders 400 skills of about 25,000 tokens each.
func BenchmarkPages(b *testing.B) {
	page, err := os.ReadFile("testdata/acme-flask.md")
	if err != nil {
		b.Fatal(err)
	}
	in := many(b, 400)
	body := page[frontMatter(page):]
	for i := range in.Skills {
		s := &in.Skills[i]
		s.Files = append([]File(nil), s.Files...)
		s.Files[0].Data = append(append([]byte(nil), page...), bytes.Repeat(body, 100_000/len(body))...)
	}
	b.SetBytes(int64(len(in.Skills) * len(in.Skills[0].Files[0].Data)))
	for b.Loop() {
		Pages(in)
	}
}
