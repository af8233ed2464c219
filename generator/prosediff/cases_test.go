package prosediff

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// sides reads the files base/… and revision/… of an archive. A text with \x, \u, \r or \0 in a file whose name ends in .quoted is unquoted.
func sides(t testing.TB, ar *txtar.Archive) (base, revision Side) {
	t.Helper()
	var a, b collector
	for _, f := range ar.Files {
		name, data := strings.TrimSuffix(f.Name, ".quoted"), f.Data
		if name != f.Name {
			data = []byte(strings.NewReplacer(`\xff`, "\xff", `\xfe`, "\xfe", `\u200b`, "\u200b", `\u202e`, "\u202e", `\e`, "\x1b", `\r`, "\r", `\0`, "\x00", `\ufeff`, "\ufeff", `\u00e9`, "\u00e9", `\u0301`, "\u0301").Replace(string(data)))
		}
		if rest, ok := strings.CutPrefix(name, "base/"); ok {
			a.files = append(a.files, File{Path: rest, Data: data})
		} else if rest, ok := strings.CutPrefix(name, "revision/"); ok {
			b.files = append(b.files, File{Path: rest, Data: data})
		}
	}
	a.spec, b.spec = "base", "revision"
	return a.side("folder", "x"), b.side("folder", "x")
}

// option returns the value of a "key: value" line of the archive's comment.
func option(ar *txtar.Archive, key string) string {
	for line := range strings.Lines(string(ar.Comment)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), key+":"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// dump writes a report as one short line an entry.
func dump(r *Report) string {
	var sb strings.Builder
	for _, e := range r.entries() {
		c := e.first
		fmt.Fprintf(&sb, "%s %s", c.Level, c.ID)
		if e.group != nil {
			fmt.Fprintf(&sb, " ×%d", e.group.Count)
		}
		if c.Accepted {
			sb.WriteString(" accepted")
		}
		if c.Skill != "" {
			sb.WriteString(" " + c.Skill)
		}
		if len(c.Path) > 0 {
			sb.WriteString(" › " + strings.Join(c.Path, " › "))
		}
		fmt.Fprintf(&sb, " | %s | %s", bothPlaces(c), c.Message)
		if c.MatchedBy != "" && c.MatchedBy != "exact" {
			sb.WriteString(" | " + c.MatchedBy)
		}
		sb.WriteByte('\n')
		lines := [][]piece{inline(c.Ops)}
		if c.verbatim {
			lines, _ = verbatimLines(c.Ops, 10)
		}
		for _, line := range lines {
			if hasEdit(c.Ops) {
				sb.WriteString("    " + spell(line) + "\n")
			}
		}
	}
	exit := 0
	if r.Gate.Failed {
		exit = 1
	}
	fmt.Fprintf(&sb, "exit %d, %d folded, next %s\n", exit, r.Summary.Mechanical+r.Summary.Stamps, r.Summary.Semver.Bump)
	return sb.String()
}

// bothPlaces spells where a change stood and stands.
func bothPlaces(c *Change) string {
	a, b := c.Base, c.Revision
	if c.focus != nil || a == nil || b == nil || a.File != b.File || a.Line == b.Line {
		return placeLine(c)
	}
	return fmt.Sprintf("%s → %d", a, b.Line)
}

func spell(pieces []piece) string {
	var sb strings.Builder
	for _, p := range pieces {
		switch p.sign {
		case '=':
			sb.WriteString(p.text)
		case '-':
			sb.WriteString("[-" + p.text + "-]")
		case '+':
			sb.WriteString("{+" + p.text + "+}")
		}
	}
	return sb.String()
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			base, revision := sides(t, ar)
			r := Compare(base, revision, Options{FailOn: option(ar, "fail-on")})
			got := diagText(dump(r))
			last := &ar.Files[len(ar.Files)-1]
			if last.Name != "want" {
				ar.Files = append(ar.Files, txtar.File{Name: "want"})
				last = &ar.Files[len(ar.Files)-1]
			}
			if *update {
				last.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(ar), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(last.Data) {
				t.Errorf("got\n%s\nwant\n%s", got, last.Data)
			}
			covers(t, base, revision, r)
		})
	}
}

// diagText shows control and hidden characters.
func diagText(s string) string {
	var sb strings.Builder
	for line := range strings.Lines(s) {
		sb.WriteString(terminal(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return sb.String()
}
