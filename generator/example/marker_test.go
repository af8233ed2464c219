package example

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

func TestMarkers(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want, findings string }{
		{"none", "a.ts", "a\nb\n", "a\nb\n", ""},
		{"start and end", "a.ts", "a\n// skillgen:ignore-start\nb\nc\n// skillgen:ignore-end\nd\n", "a\nd\n", ""},
		{"two stretches", "a.ts", "// skillgen:ignore-start\nb\n// skillgen:ignore-end\nc\n// skillgen:ignore-start\nd\n// skillgen:ignore-end\n", "c\n", ""},
		{"an empty stretch", "a.ts", "a\n// skillgen:ignore-start\n// skillgen:ignore-end\nb", "a\nb", ""},
		{"next", "a.ts", "a\n  // skillgen:ignore-next\n  b\nc\n", "a\nc\n", ""},
		{"next drops a blank line", "a.ts", "// skillgen:ignore-next\n\nc\n", "c\n", ""},
		{"next drops the last line", "a.ts", "a\n// skillgen:ignore-next\nb", "a\n", ""},
		{"crlf", "a.ts", "a\r\n// skillgen:ignore-next\r\nb\r\nc\r\n", "a\nc\n", ""},
		{"a reason behind it", "a.ts", "// skillgen:ignore-next: only here for our own tests\nb\nc\n", "c\n", ""},
		{"in the middle of a string or prose", "a.ts", "const s = \"// skillgen:ignore-start\"\n\"skillgen:ignore-start\"\nx() // skillgen:ignore-next\n// see skillgen:ignore-start\nskillgen:ignore-end\n",
			"const s = \"// skillgen:ignore-start\"\n\"skillgen:ignore-start\"\nx() // skillgen:ignore-next\n// see skillgen:ignore-start\nskillgen:ignore-end\n", ""},
		{"prose about skillgen", "a.ts", "// skillgen: makes skills\n// skillgen:\n", "// skillgen: makes skills\n// skillgen:\n", ""},
		{"a silencer stays", "a.ts", "// skillgen:allow secret it is a test key\n", "// skillgen:allow secret it is a test key\n", ""},
		{"markdown knows its own comments only", "README.md", "# skillgen:ignore-start\n* skillgen:ignore-next\n// skillgen:ignore-end\n<!-- skillgen:ignore-next -->\nb\n[//]: # (skillgen:ignore-next)\nc\n",
			"# skillgen:ignore-start\n* skillgen:ignore-next\n// skillgen:ignore-end\n", ""},

		{"no end", "a.ts", "a\n// skillgen:ignore-start\nb\n", "a\n", "2:4: skillgen:ignore-start is never ended\n  add skillgen:ignore-end in a comment on a line of its own\n"},
		{"no start", "a.ts", "a\n// skillgen:ignore-end\nb\n", "a\nb\n", "2:4: skillgen:ignore-end ends nothing\n  remove it, or add skillgen:ignore-start above\n"},
		{"nested", "a.ts", "// skillgen:ignore-start\na\n# skillgen:ignore-start\n// skillgen:ignore-end\nb\n", "b\n",
			"3:3: skillgen:ignore-start stands between another one and its end (and x/a.ts:1)\n  end the first one before; they do not nest\n"},
		{"next inside", "a.ts", "// skillgen:ignore-start\n// skillgen:ignore-next\na\n// skillgen:ignore-end\nb\n", "b\n",
			"2:4: skillgen:ignore-next stands between skillgen:ignore-start and its end (and x/a.ts:1)\n  remove it: the line is dropped anyway\n"},
		{"next twice", "a.ts", "// skillgen:ignore-next\n// skillgen:ignore-next\na\nb\n", "b\n",
			"2:4: skillgen:ignore-next stands where skillgen:ignore-next expects the line to drop\n  use skillgen:ignore-start and skillgen:ignore-end for several lines\n"},
		{"next before start", "a.ts", "// skillgen:ignore-next\n// skillgen:ignore-start\na\n// skillgen:ignore-end\nb\n", "b\n",
			"2:4: skillgen:ignore-start stands where skillgen:ignore-next expects the line to drop\n  use skillgen:ignore-start and skillgen:ignore-end for several lines\n"},
		{"next at the end", "a.ts", "a\n// skillgen:ignore-next\n", "a\n", "2:4: skillgen:ignore-next stands before no line\n  remove it\n"},
		{"misspelt", "a.ts", "// skillgen:ignore-strat\na\n", "a\n", "1:4: unknown marker \"skillgen:ignore-strat\"\n  did you mean \"skillgen:ignore-start\"?\n"},
		{"in capitals", "a.ts", "// skillgen:Ignore-Next\na\n", "a\n", "1:4: unknown marker \"skillgen:Ignore-Next\"\n  did you mean \"skillgen:ignore-next\"?\n"},
		{"unknown", "a.ts", "// skillgen:hide\na\n", "a\n",
			"1:4: unknown marker \"skillgen:hide\"\n  the markers are skillgen:ignore-end, skillgen:ignore-file, skillgen:ignore-next, skillgen:ignore-start\n"},
		{"file too late", "a.ts", strings.Repeat("a\n", 10) + "// skillgen:ignore-file\n", strings.Repeat("a\n", 10),
			"11:4: skillgen:ignore-file stands on line 11\n  it counts in the first 10 lines only; move it up\n"},
		{"code behind it", "a.ts", "/* skillgen:ignore-next */ secret()\na\nb\n", "b\n",
			"1:4: there is code behind a marker, which would go with it\n  put the marker into a comment on a line of its own: the whole line goes\n"},
		{"a comment that goes on", "a.ts", "/* skillgen:ignore-next\n*/\nb\n", "b\n",
			"1:4: the comment of a marker does not end on its line: \"*/\" is missing\n  put the marker into a comment on a line of its own: the whole line goes\n"},
		{"the end of a block comment", "a.ts", "/*\n * skillgen:ignore-next */\nb\nc\n", "/*\nc\n",
			"2:4: the block comment ends on the line of a marker, so its end would go\n  put the marker into a comment on a line of its own: the whole line goes\n"},
		{"columns are code points", "a.ts", "\t//  skillgen:ignore-end größe\n", "", "1:6: skillgen:ignore-end ends nothing\n  remove it, or add skillgen:ignore-start above\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := source.NewFile("x/"+tt.file, []byte(tt.text))
			c, fs := cut(f)
			if got := content(f, c.keep); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			got := strings.ReplaceAll(say(fs), "example-marker \"x/"+tt.file+"\":", "")
			if d := cmp.Diff(tt.findings, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// A marker can stand in a comment of any syntax.
func TestMarkersInAllSyntaxes(t *testing.T) {
	for _, tt := range []struct{ file, line string }{
		{"a.ts", "// skillgen:ignore-next"}, {"a.ts", "//skillgen:ignore-next"}, {"a.ts", "\t/// skillgen:ignore-next"}, {"a.rs", "//! skillgen:ignore-next"}, {"a.ts", "/* skillgen:ignore-next */"},
		{"a.ts", "/** skillgen:ignore-next */"}, {"a.ts", "/*skillgen:ignore-next*/"}, {"a.ts", " * skillgen:ignore-next"}, {"a.tsx", "{/* skillgen:ignore-next */}"},
		{"a.py", "# skillgen:ignore-next"}, {"a.py", "    ## skillgen:ignore-next because"}, {"Makefile", "#skillgen:ignore-next"}, {"a.sql", "-- skillgen:ignore-next"}, {"a.lua", "--[[ skillgen:ignore-next ]]"},
		{"a.clj", ";; skillgen:ignore-next"}, {"a.ini", "; skillgen:ignore-next"}, {"a.erl", "%% skillgen:ignore-next"}, {"a.html", "<!-- skillgen:ignore-next -->"}, {"a.html", "<!--skillgen:ignore-next-->"},
		{"a.vue", "<!-- skillgen:ignore-next why not -->"}, {"a.md", "  <!-- skillgen:ignore-next -->"}, {"a.mdx", "{/* skillgen:ignore-next */}"}, {"a.jinja", "{# skillgen:ignore-next #}"},
		{"a.erb", "<%# skillgen:ignore-next %>"}, {"a.jsp", "<%-- skillgen:ignore-next --%>"}, {"a.blade.php", "{{-- skillgen:ignore-next --}}"}, {"a.hbs", "{{!-- skillgen:ignore-next --}}"},
		{"a.hbs", "{{! skillgen:ignore-next }}"}, {"a.tmpl", "{{/* skillgen:ignore-next */}}"}, {"a.razor", "@* skillgen:ignore-next *@"}, {"a.ml", "(* skillgen:ignore-next *)"},
		{"a.hs", "{- skillgen:ignore-next -}"}, {"a.hs", "-- skillgen:ignore-next"}, {"a.vb", "' skillgen:ignore-next"}, {"a.rst", ".. skillgen:ignore-next"}, {"a.bat", ":: skillgen:ignore-next"},
		{"a.bat", "REM skillgen:ignore-next"}, {"a.pug", "//- skillgen:ignore-next"}, {"a.haml", "-# skillgen:ignore-next"}, {"a.jl", "#= skillgen:ignore-next =#"}, {"a.rkt", "#| skillgen:ignore-next |#"},
		{"README.md", "[//]: # (skillgen:ignore-next)"},
	} {
		f := source.NewFile("x/"+tt.file, []byte("before\n"+tt.line+"\ndropped\nafter\n"))
		c, fs := cut(f)
		if got := content(f, c.keep); got != "before\nafter\n" || len(fs) > 0 {
			t.Errorf("%s: %q: %q %s", tt.file, tt.line, got, say(fs))
		}
	}
	for _, tt := range []struct{ file, line string }{
		{"a.ts", "' skillgen:ignore-next"}, {"a.ts", ".. skillgen:ignore-next"}, {"a.cpp", "::skillgen:ignore-next"}, {"a.ts", "rem skillgen:ignore-next"}, {"a.ts", "\"\"\" skillgen:ignore-next"},
		{"a.md", "# skillgen:ignore-next"}, {"a.md", "- skillgen:ignore-next"}, {"a.md", "> <!-- skillgen:ignore-next -->"}, {"a", "' skillgen:ignore-next"}, {"a.ts", "` skillgen:ignore-next"},
		{"a.ts", "// \"skillgen:ignore-next\""}, {"a.py", "#! /usr/bin/env skillgen:ignore-next"},
	} {
		f := source.NewFile("x/"+tt.file, []byte(tt.line+"\nx\n"))
		c, fs := cut(f)
		if got := content(f, c.keep); got != f.Text || len(fs) > 0 {
			t.Errorf("%s: %q is taken for a marker: %q %s", tt.file, tt.line, got, say(fs))
		}
	}
}

func TestIgnoreFile(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int
	}{
		{"# skillgen:ignore-file\na\n", 1}, {strings.Repeat("a\n", 9) + "# skillgen:ignore-file", 10}, {"a\n", 0},
		{"# skillgen:ignore-end\n# skillgen:ignore-file\n# skillgen:ignore-strat\n", 2},
	} {
		c, fs := cut(source.NewFile("a.py", []byte(tt.text)))
		if c.file != tt.want || len(fs) > 0 {
			t.Errorf("%q: line %d, %s", tt.text, c.file, say(fs))
		}
	}
}

func FuzzMarkers(f *testing.F) {
	for _, s := range []string{"a\n// skillgen:ignore-start\nb\n// skillgen:ignore-end\n", "# skillgen:ignore-next\nx", "<!-- skillgen:ignore-file -->", "/* skillgen:ignore-end */ x", "{{! skillgen:ignore-next-->"} {
		f.Add("a.ts", s)
		f.Add("README.md", s)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		file := source.NewFile(name, []byte(text))
		if file.Kind != source.Text {
			return
		}
		c, fs := cut(file)
		at := 0
		for _, k := range c.keep {
			if k.start < at || k.end < k.start || k.end > len(file.Text) || k.start > 0 && file.Text[k.start-1] != '\n' || k.end < len(file.Text) && file.Text[k.end-1] != '\n' {
				t.Fatalf("%+v are no whole lines in their order", c.keep)
			}
			at = k.end
		}
		// Without findings, what is left holds no marker any more: cutting again changes nothing.
		if worst, any := diag.Worst(fs); !any && c.file == 0 && worst != diag.Error {
			left := source.NewFile(name, []byte(content(file, c.keep)))
			again, fs := cut(left)
			if got := content(left, again.keep); got != left.Text || len(fs) > 0 {
				t.Fatalf("%q is cut twice: %q, %q %v", file.Text, left.Text, got, fs)
			}
		}
		if !strings.Contains(file.Text, markerPrefix) && content(file, c.keep) != file.Text {
			t.Fatal("text without a marker is cut")
		}
	})
}
