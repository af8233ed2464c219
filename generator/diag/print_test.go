package diag

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// findings are what testdata/*.txtar shows in each format. Every id is one of Table.
var findings = map[string][]Finding{
	"plain": {
		{ID: "config-key", Severity: Error, Message: `unknown key "exampel"`, Hint: `did you mean "example"?`,
			Place: Place{File: "frameworks/flask.md", Line: 6, Col: 1, End: 8, Text: "exampel: examples/flask"}},
		{ID: "page-unused", Severity: Info, Message: "no skill carries this page", Place: Place{File: "website/a.md"}},
		{ID: "config-key", Severity: Warning, Message: "the whole line", Place: Place{File: "a.md", Line: 3, Text: "\t some line "}},
		{ID: "config-key", Severity: Error, Message: "about the project as a whole", Hint: "add one"},
		{ID: "skill-name-clash", Severity: Error, Message: "two skills are named \"x\"", Hint: "rename one",
			Place: Place{File: "frameworks/a.md", Line: 2, Col: 5, End: 5, Text: "id: x"}, Also: Place{File: "builtin:integrate/skill.md", Line: 12, Col: 1, End: 3, Text: "id: x"}},
		{ID: "config-key", Severity: Error, Message: "in a template of skillgen's own", Place: Place{File: "builtin:integrate/skill.md", Line: 1, Col: 2}},
		{ID: "config-key", Severity: Error, Message: "an empty line", Place: Place{File: "a.md", Line: 4, Col: 1, End: 1}},
	},
	"hostile": {
		{ID: "secret", Severity: Error, Message: "red \x1b[31m, 100%, a\nb, ::error::x ##[error]y", Hint: "see\r\n::warning::z, \u202ethere",
			Place: Place{File: "exa,mples/a:b\n\xff\u200b.md", Line: 1, Col: 3, End: 5, Text: "\x1b\u200bab ##[group]"}},
		{ID: "secret", Severity: Error, Message: "::error::x", Place: Place{File: "x", Line: 1, Col: 5, End: 6, Text: "  ::set-output name=x::y"}},
		{ID: "secret", Severity: Warning, Message: "x", Place: Place{File: "::error::100%", Line: 1, Text: "\u00a0\u3000::add-mask::y"}},
	},
	"columns": {
		{ID: "secret", Severity: Error, Message: "tabs", Place: Place{File: "f", Line: 1, Col: 4, End: 7, Text: "\ta\tbcd\te"}},
		{ID: "secret", Severity: Error, Message: "a tab that is meant", Place: Place{File: "f", Line: 1, Col: 3, End: 4, Text: "ab\tcd"}},
		{ID: "secret", Severity: Error, Message: "wide", Place: Place{File: "f", Line: 1, Col: 3, End: 5, Text: "日本語テスト ok"}},
		{ID: "secret", Severity: Error, Message: "behind wide ones and marks", Place: Place{File: "f", Line: 1, Col: 6, End: 8, Text: "日e\u0301👍 ok"}},
		{ID: "secret", Severity: Error, Message: "behind a family", Place: Place{File: "f", Line: 1, Col: 7, End: 9, Text: "👩‍👩‍👧 ok"}},
		{ID: "secret", Severity: Error, Message: "behind a selector and a skin tone", Place: Place{File: "f", Line: 1, Col: 6, End: 8, Text: "❤️👍🏽 ok"}},
		{ID: "secret", Severity: Error, Message: "hidden", Place: Place{File: "f", Line: 1, Col: 2, End: 3, Text: "a\u200bb"}},
		{ID: "secret", Severity: Error, Message: "a mark alone", Place: Place{File: "f", Line: 1, Col: 3, End: 4, Text: "xe\u0301y"}},
		{ID: "secret", Severity: Error, Message: "the end", Place: Place{File: "f", Line: 1, Col: 4, End: 4, Text: "abc"}},
		{ID: "secret", Severity: Error, Message: "blanks at the end", Place: Place{File: "f", Line: 1, Col: 4, End: 6, Text: "abc  "}},
		{ID: "secret", Severity: Error, Message: "no end", Place: Place{File: "f", Line: 1, Col: 2, Text: "abc"}},
	},
	"long": {
		{ID: "secret", Severity: Error, Message: "just fits", Place: Place{File: "f", Line: 1, Col: 76, End: 77, Text: strings.Repeat("abcd", 19)}},
		{ID: "secret", Severity: Error, Message: "just fits, but for the caret", Place: Place{File: "f", Line: 1, Col: 77, End: 77, Text: strings.Repeat("abcd", 19)}},
		{ID: "secret", Severity: Error, Message: "marks without width", Place: Place{File: "f", Line: 1, Col: 90, End: 91, Text: "a" + strings.Repeat("\u0301", 1000) + "b"}},
		{ID: "secret", Severity: Error, Message: "at the start", Place: Place{File: "f", Line: 1, Col: 2, End: 5, Text: strings.Repeat("abcd", 200)}},
		{ID: "secret", Severity: Error, Message: "in the middle", Place: Place{File: "f", Line: 1, Col: 401, End: 404, Text: strings.Repeat("abcd", 200)}},
		{ID: "secret", Severity: Error, Message: "at the end", Place: Place{File: "f", Line: 1, Col: 798, End: 801, Text: strings.Repeat("abcd", 200)}},
		{ID: "secret", Severity: Error, Message: "behind the end", Place: Place{File: "f", Line: 1, Col: 801, End: 801, Text: strings.Repeat("abcd", 200)}},
		{ID: "secret", Severity: Error, Message: "all of it", Place: Place{File: "f", Line: 1, Col: 1, End: 801, Text: strings.Repeat("abcd", 200)}},
		{ID: "secret", Severity: Error, Message: "wide", Place: Place{File: "f", Line: 1, Col: 101, End: 103, Text: strings.Repeat("日本", 100)}},
		{ID: "secret", Severity: Error, Message: "no column", Place: Place{File: "f", Line: 1, Text: strings.Repeat("abcd", 400)}},
	},
}

var update = os.Getenv("UPDATE") != "" // writes the files anew; read what changed

func TestPrint(t *testing.T) {
	for name, fs := range findings {
		t.Run(name, func(t *testing.T) {
			var text, js, gh bytes.Buffer
			for _, err := range []error{Print(&text, fs, false), JSON(&js, fs), GitHub(&gh, fs, "sub/project")} {
				if err != nil {
					t.Fatal(err)
				}
			}
			got := &txtar.Archive{Files: []txtar.File{{Name: "text", Data: text.Bytes()}, {Name: "json", Data: js.Bytes()}, {Name: "github", Data: gh.Bytes()}}}
			file := filepath.Join("testdata", name+".txtar")
			if update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(txtar.Format(got))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			harmless(t, text.String())
			harmless(t, js.String())
			for _, line := range strings.Split(strings.TrimSuffix(gh.String(), "\n"), "\n") {
				harmless(t, strings.TrimPrefix(line, "::"))
			}
			for _, line := range strings.Split(text.String(), "\n") {
				if strings.HasPrefix(line, "    ") && utf8.RuneCountInString(strings.ReplaceAll(line, "\u0301", "")) > 80 {
					t.Errorf("more than 80 columns: %q", line)
				}
			}
		})
	}
}

// harmless fails where a terminal or a runner would act on s; Workflow stands before a runner.
func harmless(t *testing.T, s string) {
	t.Helper()
	for i, r := range s {
		if r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 {
			t.Errorf("control character %U in %q", r, s[i:])
		}
	}
	for i, r := range Hidden(s) {
		t.Errorf("hidden character %U in %q", r, s[i:])
	}
	s = workflow(s)
	if m := regexp.MustCompile(`(?m)^[\s\p{Z}]*::.*|.*##\[.*`).FindString(s); m != "" {
		t.Errorf("a runner's command in %q", m)
	}
}

func TestPrintColour(t *testing.T) {
	var b bytes.Buffer
	if err := Print(&b, findings["plain"][:1], true); err != nil {
		t.Fatal(err)
	}
	want := "\x1b[1mframeworks/flask.md:6:1:\x1b[0m \x1b[31merror:\x1b[0m \x1b[1munknown key \"exampel\"\x1b[0m [config-key]\n" +
		"    exampel: examples/flask\n    \x1b[32m^^^^^^^\x1b[0m\n    \x1b[36mhint:\x1b[0m did you mean \"example\"?\n"
	if b.String() != want {
		t.Errorf("got\n%q\nwant\n%q", b.String(), want)
	}
	var plain bytes.Buffer
	Print(&plain, findings["plain"], false) //nolint:errcheck // a buffer takes everything
	b.Reset()
	Print(&b, findings["plain"], true) //nolint:errcheck // a buffer takes everything
	if got := regexp.MustCompile("\x1b\\[[0-9]+m").ReplaceAllString(b.String(), ""); got != plain.String() {
		t.Errorf("without its colours it is\n%s", got)
	}
}

func TestJSONKeepsEveryValue(t *testing.T) {
	fs := append(findings["hostile"], findings["columns"]...)
	fs[0].Place.File = strings.ToValidUTF8(fs[0].Place.File, "?")
	fs = append(fs, Finding{ID: "secret", Message: "\u2028\u2029\x7f\u0085\ufffe\U000e0041<&>\U0010ffff"})
	var b bytes.Buffer
	if err := JSON(&b, fs); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema   int
		Findings []struct{ ID, Severity, File, Text, Message, Hint string }
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != 1 || len(got.Findings) != len(fs) {
		t.Fatalf("schema %d with %d findings", got.Schema, len(got.Findings))
	}
	for i, f := range fs {
		g := got.Findings[i]
		if g.ID != f.ID || g.Severity != f.Severity.String() || g.File != f.Place.File || g.Text != f.Place.Text || g.Message != f.Message || g.Hint != f.Hint {
			t.Errorf("got %+v\nwant %+v", g, f)
		}
	}
	b.Reset()
	if err := JSON(&b, nil); err != nil || b.String() != "{\n  \"schema\": 1,\n  \"findings\": []\n}\n" {
		t.Errorf("no findings: %q, %v", b.String(), err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left on device")

func TestPrintersReportWriteErrors(t *testing.T) {
	fs := findings["plain"]
	for name, err := range map[string]error{"Print": Print(fullDisk{}, fs, false), "JSON": JSON(fullDisk{}, fs), "GitHub": GitHub(fullDisk{}, fs, "")} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := WorkflowWriter(fullDisk{}).Write([]byte("x")); !errors.Is(err, errFull) {
		t.Errorf("WorkflowWriter: %v", err)
	}
}

func TestTerminal(t *testing.T) {
	for _, tt := range []struct{ s, want string }{
		{"", ""}, {"plain [text] 日本 👩‍👩‍👧 می‌خ", "plain [text] 日本 👩‍👩‍👧 می‌خ"},
		{"\x1b]0;title\a", "⟨U+001B⟩]0;title⟨U+0007⟩"}, {"a\nb\tc\rd", "a⟨U+000A⟩b⟨U+0009⟩c⟨U+000D⟩d"}, {"\x7f\u009b31m", "⟨U+007F⟩⟨U+009B⟩31m"},
		{"\xff\xe2\x82x", "⟨0xFF⟩⟨0xE2⟩⟨0x82⟩x"}, {"\u200b\U000e0041", "⟨U+200B⟩⟨U+E0041⟩"}, {"\u2028", "⟨U+2028⟩"}, {"\u202e", "⟨U+202E⟩"}, {"\ufffd", "\ufffd"},
	} {
		if got := Terminal(tt.s); got != tt.want {
			t.Errorf("Terminal(%q) = %q, want %q", tt.s, got, tt.want)
		}
	}
}

func TestVisible(t *testing.T) {
	for s, want := range map[string]string{"a\n\tb <i> & é": "a\n\tb <i> & é", "\r\n\u200b\x00\xff": "⟨U+000D⟩\n⟨U+200B⟩⟨U+0000⟩⟨0xFF⟩", "👩‍👩‍👧\u2028": "👩‍👩‍👧⟨U+2028⟩"} {
		if got := Visible(s); got != want {
			t.Errorf("Visible(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestWorkflow(t *testing.T) {
	for _, tt := range []struct{ s, want string }{
		{"", ""}, {"a::b std::string", "a::b std::string"}, {"::error::x", ": :error::x"}, {" \t::x", " \t: :x"}, {"a\n::x\r::y\r\n  ::z", "a\n: :x\r: :y\r\n  : :z"},
		{"\u00a0\u3000\u2028::x", "\u00a0\u3000\u2028: :x"}, {":::x", ": ::x"}, {": :x", ": :x"}, {":a:", ":a:"}, {"::", ": :"}, {"\n\n::", "\n\n: :"},
		{"a ##[error]b", "a ## [error]b"}, {"###[", "### ["}, {"#[ ## [ # #[", "#[ ## [ # #["}, {"##\n[", "##\n["}, {"##[##[", "## [## ["},
	} {
		if got := workflow(tt.s); got != tt.want {
			t.Errorf("workflow(%q) = %q, want %q", tt.s, got, tt.want)
		}
		var b strings.Builder
		w := WorkflowWriter(&b)
		for i := range len(tt.s) {
			if n, err := w.Write([]byte(tt.s[i : i+1])); n != 1 || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
		}
		if b.String() != tt.want {
			t.Errorf("%q byte by byte is %q, want %q", tt.s, b.String(), tt.want)
		}
		if again := workflow(tt.want); again != tt.want {
			t.Errorf("%q is broken up twice: %q", tt.want, again)
		}
	}
}

// A line of megabytes with many findings must not cost its length in layout each time.
func BenchmarkPrintLongLine(b *testing.B) {
	text := strings.Repeat("x", 1<<20)
	fs := make([]Finding, 100)
	for i := range fs {
		fs[i] = Finding{ID: "secret", Place: Place{File: "f", Line: 1, Col: i*10_000 + 1, End: i*10_000 + 5, Text: text}}
	}
	for b.Loop() {
		if err := Print(&bytes.Buffer{}, fs, false); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLongMessages: a message that quotes a key of 60 KB stays readable.
func TestLongMessages(t *testing.T) {
	f := New("config-key", Place{}, "unknown key "+strings.Repeat("é", 60_000), strings.Repeat("x", 600))
	if n := utf8.RuneCountInString(f.Message); n != 601 || !utf8.ValidString(f.Message) {
		t.Errorf("the message has %d code points", n)
	}
	if len(f.Hint) != 600 {
		t.Errorf("a hint of 600 has %d", len(f.Hint))
	}
}

// workflow is what WorkflowWriter makes of one text.
func workflow(s string) string {
	var b strings.Builder
	io.WriteString(WorkflowWriter(&b), s) //nolint:errcheck // a strings.Builder takes everything
	return b.String()
}
