package project

import (
	"strings"
	"testing"

	"skillgen/generator/source"
)

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name, in string
		rules    []string
		guidance string
		faults   int
	}{
		{"bullets", "- a\n- b\n", []string{"a", "b"}, "", 0},
		{"other markers", "* a\n+ b\n-\tc\n", []string{"a", "b", "c"}, "", 0},
		{"continuation", "- a\n  b\n\n  c\n- d\n", []string{"a\n  b\n\n  c", "d"}, "", 0},
		{"lazy continuation", "- a\nb\n- c\n", []string{"a\nb", "c"}, "", 0},
		{"after a blank line it is none", "- a\n\nb\n- c\n", []string{"a", "c"}, "", 1},
		{"nested bullets", "- a\n  - b\n    - c\n- d\n", []string{"a\n  - b\n    - c", "d"}, "", 0},
		{"wide marker", "-   a\n    b\n- c\n", []string{"a\n    b", "c"}, "", 0},
		{"indented bullets", "  - a\n    b\n  - c\n", []string{"a\n    b", "c"}, "", 0},
		{"fence in a rule", "- a\n\n  ```sh\n  # no heading\n- no bullet?\n", []string{"a\n\n  ```sh\n  # no heading", "no bullet?"}, "", 0},
		{"fence in a rule, closed", "- a\n\n  ```sh\n  # no\n  - no\n  ```\n- b\n", []string{"a\n\n  ```sh\n  # no\n  - no\n  ```", "b"}, "", 0},
		{"guidance", "- a\n\n## Head\n\n- c\n", []string{"a"}, "## Head\n\n- c\n", 0},
		{"guidance alone", "# Head\ntext\n", nil, "# Head\ntext\n", 0},
		{"seven hashes are no heading", "####### x\n", nil, "", 1},
		{"hash without blank is no heading", "#x\n# y\n", nil, "# y\n", 1},
		{"setext", "Head\n====\ntext\n", nil, "Head\n====\ntext\n", 0},
		{"setext with hyphens", "- a\n\nHead\n---\ntext\n", []string{"a"}, "Head\n---\ntext\n", 0},
		{"heading in a rule", "- # a\n- b\n", []string{"# a", "b"}, "", 0},
		{"paragraph", "text\nmore\n\ntext\n- a\n", []string{"a"}, "", 2},
		{"fence", "```\n# x\n- y\n```\n- a\n# h\n", []string{"a"}, "# h\n", 1},
		{"numbers", "1. a\n2. b\n", nil, "", 1},
		{"quote", "> a\n", nil, "", 1},
		{"table", "| a |\n|---|\n", nil, "", 1},
		{"break", "- a\n\n* * *\n- b\n", []string{"a", "b"}, "", 1},
		{"comments", "<!-- a -->\n- b <!-- c -->\n<!-- d\n- e\n-->\n- f\n", []string{"b <!-- c -->", "f"}, "", 0},
		{"comment that never ends", "- a\n<!-- b\n- c\n", []string{"a"}, "", 1},
		{"empty rule", "-\n- a\n", []string{"a"}, "", 1},
		{"rule on the next line", "-\n  a\n", []string{"\n  a"}, "", 0},
		{"trailing blanks", "- a  \n\n\n- b\n", []string{"a", "b"}, "", 0},
		{"code in a rule", "-     code\n- b\n", []string{"    code", "b"}, "", 0},
		{"indented code", "    # x\n", nil, "", 1},
		{"nothing", "", nil, "", 0},
		{"blank lines", "\n\n", nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := source.NewFile("all.md", []byte("---\n"+c.in))
			r := &report{}
			spans, guidance := readRules(f, 4, r)
			var got []string
			for _, s := range spans {
				got = append(got, f.Text[s.Start:s.End])
			}
			if strings.Join(got, "\x00") != strings.Join(c.rules, "\x00") || len(r.findings) != c.faults {
				t.Errorf("rules %q\n%s", got, show(r.findings))
			}
			if got := f.Text[guidance.Start:guidance.End]; got != c.guidance {
				t.Errorf("guidance %q", got)
			}
		})
	}
}

// FuzzRules: whatever a tag file holds, each of its lines with text is part of a rule or of the guidance, a comment, or of a piece that was
// reported.
func FuzzRules(f *testing.F) {
	f.Add("- a\n  b\n\n1. c\n# d\n")
	f.Add("- a\n```\n- b\n<!-- c\n-->\n* * *\ntext\n---\n")
	f.Fuzz(func(t *testing.T, in string) {
		file := source.NewFile("all.md", []byte(in))
		if file.Kind != source.Text {
			return
		}
		r := &report{}
		rules, guidance := readRules(file, 0, r)
		at := 0
		for _, s := range rules {
			if s.Start < at || s.End <= s.Start || s.End > guidance.Start || strings.Trim(file.Text[s.Start:s.End], " \t\n") == "" {
				t.Fatalf("%q: rule from %d to %d", in, s.Start, s.End)
			}
			at = s.End
		}
		if guidance.End != len(file.Text) {
			t.Fatalf("%q: guidance ends at %d", in, guidance.End)
		}
		before := strings.TrimSpace(file.Text[:guidance.Start])
		if before != "" && len(rules) == 0 && len(r.findings) == 0 && !strings.HasPrefix(before, "<!--") {
			t.Fatalf("%q is lost", in)
		}
	})
}
