package docs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

var update = flag.Bool("update", false, "write what came out into the archives of testdata")

// TestProse runs the archives of testdata/prose and testdata/mdx. The comment of an archive says in its first line what it shows; the lines after it are
// settings, then what to do:
//
//	site PATH URL [alias=NAME:FOLDER] [component=NAME:WHAT]
//	fetched PATH
//	clean line|section|replace PATTERN [with=TEXT] [pages=GLOB]
//	prose PATH [title=TEXT] [top=N] [alone]
//	guidance PATH [top=N]
//
// Files below the project's folder have a dot or a slash in their names; the others are what is expected: body, slots, headings, lines and
// findings. Findings have to be given; the rest is compared where it is there.
func TestProse(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) < 25 {
		t.Fatal("too few archives", names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := runArchive(t, a)
			for i, f := range a.Files {
				want, ok := got[f.Name]
				if !ok {
					continue
				}
				delete(got, f.Name)
				if *update {
					a.Files[i].Data = []byte(want)
				} else if string(f.Data) != want {
					t.Errorf("%s: got\n%s\nwant\n%s", f.Name, want, f.Data)
				}
			}
			if got["findings"] != "" {
				t.Errorf("unexpected findings:\n%s", got["findings"])
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// testTree makes a project of the files of an archive.
func testTree(a *txtar.Archive) *source.Tree {
	fsys := fstest.MapFS{}
	for _, f := range a.Files {
		if strings.ContainsAny(f.Name, "./") {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return source.New(fsys)
}

func runArchive(t *testing.T, a *txtar.Archive) map[string]string {
	t.Helper()
	tree := testTree(a)
	o := Options{Roots: []string{"website"}}
	var todo [][]string
	for i, line := range strings.Split(string(a.Comment), "\n")[1:] {
		words := fields(t, line)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "site":
			o.Sites = append(o.Sites, testSite(t, words[1:]))
		case "fetched":
			o.Snapshots = append(o.Snapshots, testSnapshot(t, tree, words[1]))
		case "clean":
			o.Clean = append(o.Clean, testRule(t, words[1:], i))
		case "prose", "guidance":
			todo = append(todo, words)
		default:
			t.Fatalf("unknown setting %q", line)
		}
	}
	l, fs, err := Open(tree, o)
	if err != nil {
		t.Fatal(err)
	}
	var out outcome
	for _, words := range todo {
		fs = append(fs, out.run(t, l, tree, words)...)
	}
	fs = append(fs, l.Findings()...)
	fs = append(fs, l.Unused()...)
	return map[string]string{
		"body": out.body.String(), "slots": out.slots.String(), "headings": out.headings.String(), "lines": out.lines.String(),
		"findings": showFindings(diag.Sort(fs)),
	}
}

// fields splits a line at blanks, outside of double quotes.
func fields(t *testing.T, line string) []string {
	t.Helper()
	var out []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		word, rest, _ := strings.Cut(line, " ")
		if i := strings.IndexByte(word, '"'); i >= 0 {
			quoted, err := strconv.QuotedPrefix(line[i:])
			if err != nil {
				t.Fatal(line, err)
			}
			value, err := strconv.Unquote(quoted)
			if err != nil {
				t.Fatal(line, err)
			}
			word, rest = word[:i]+value, line[i+len(quoted):]
		}
		out = append(out, word)
		line = rest
	}
	return out
}

func testSite(t *testing.T, words []string) Site {
	t.Helper()
	s := Site{Path: words[0], URL: words[1], Alias: map[string]string{}, Components: map[string]string{}}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		name, what, _ := strings.Cut(value, ":")
		switch key {
		case "alias":
			s.Alias[name] = what
		case "component":
			s.Components[name] = what
		default:
			t.Fatal(words)
		}
	}
	return s
}

func testSnapshot(t *testing.T, tree *source.Tree, name string) Snapshot {
	t.Helper()
	f, err := tree.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return Snapshot{URL: "https://fetched.example/" + name, Path: name, SHA256: fmt.Sprintf("%x", f.Digest)}
}

func testRule(t *testing.T, words []string, line int) Rule {
	t.Helper()
	f := source.NewFile("skillgen.yaml", []byte(strings.Repeat("-\n", line)+"- rule\n"))
	start := len(f.Text) - len("rule\n")
	r := Rule{Pattern: words[1], At: source.Span{File: f, Start: start, End: start + 4}}
	switch words[0] {
	case "line":
		r.Kind = DropLine
	case "section":
		r.Kind = DropSection
	case "replace":
		r.Kind = Replace
	default:
		t.Fatal(words)
	}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "with":
			r.With = value
		case "pages":
			r.Pages = value
		default:
			t.Fatal(words)
		}
	}
	return r
}

// outcome is what an archive makes.
type outcome struct{ body, slots, headings, lines strings.Builder }

func (out *outcome) run(t *testing.T, l *Library, tree *source.Tree, words []string) []diag.Finding {
	t.Helper()
	title, top, shared := "", 3, true
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "title":
			title = value
		case "top":
			top, _ = strconv.Atoi(value)
		case "alone":
			shared = false
		default:
			t.Fatal(words)
		}
	}
	if words[0] == "guidance" {
		f, err := tree.Read(words[1])
		if err != nil {
			t.Fatal(err)
		}
		p, fs := l.Guidance(source.Span{File: f, End: len(f.Text)}, top)
		out.show(t, p)
		return fs
	}
	pages, fs := l.Resolve(source.String{S: words[1], At: source.Span{File: source.NewFile("frameworks/x.md", []byte("x\n"))}})
	for _, page := range pages {
		p := l.Prose(page, title, top, shared)
		if again := l.Prose(page, title, top, shared); again != p {
			t.Error("made twice")
		}
		out.show(t, p)
	}
	return fs
}

func (out *outcome) show(t *testing.T, p *source.Prose) {
	t.Helper()
	checkProse(t, p)
	out.body.WriteString(p.Body)
	for _, s := range p.Slots {
		must := ""
		if s.Must {
			must = " must"
		}
		fmt.Fprintf(&out.slots, "%s -> %s#%s%s (line %d)\n", p.Body[s.Start:s.End], s.Path, s.Fragment, must, s.At.Line())
	}
	for _, h := range p.Headings {
		fmt.Fprintf(&out.headings, "%d %s %q #%s was #%s\n", h.Line+1, strings.Repeat("#", h.Level), h.Text, h.Slug, h.Local)
	}
	for i, line := range strings.Split(strings.TrimSuffix(p.Body, "\n"), "\n") {
		if p.Body == "" {
			break
		}
		o := p.Origin(i)
		mark := " "
		if o.Generated {
			mark = "+"
		}
		fmt.Fprintf(&out.lines, "%3d%s|%s\n", o.Line, mark, line)
	}
}

// checkProse holds a prose to what source.Prose promises.
func checkProse(t testing.TB, p *source.Prose) {
	t.Helper()
	if p.Body != "" && !strings.HasSuffix(p.Body, "\n") {
		t.Errorf("no final newline: %q", p.Body)
	}
	if p.Body != "" && (len(p.Runs) == 0 || p.Runs[0].At != 0) {
		t.Error("the first line has no origin")
	}
	for i, r := range p.Runs {
		if i > 0 && r.At <= p.Runs[i-1].At || r.At >= p.Lines() || r.File == nil || r.Line < 1 {
			t.Errorf("run %d: %+v", i, r)
		}
		if i > 0 && follows(p.Runs[i-1], r.At, r.Origin) {
			t.Errorf("run %d says what the one before says: %+v", i, r)
		}
	}
	end := 0
	for _, s := range p.Slots {
		if s.Start < end || s.End < s.Start || s.End > len(p.Body) {
			t.Errorf("slot %+v after %d in %d bytes", s, end, len(p.Body))
		}
		end = s.End
	}
	last := -1
	for _, h := range p.Headings {
		if h.Offset <= last || h.Offset >= len(p.Body) || !strings.HasPrefix(p.Body[h.Offset:], strings.Repeat("#", h.Level)) {
			t.Fatalf("heading %+v after %d in %q", h, last, p.Body)
		}
		if h.Line != strings.Count(p.Body[:h.Offset], "\n") {
			t.Errorf("heading %+v is on line %d", h, strings.Count(p.Body[:h.Offset], "\n"))
		}
		last = h.Offset
	}
}

func showFindings(fs []diag.Finding) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintf(&b, "%s:%d:%d: %s: %s [%s]\n", f.Place.File, f.Place.Line, f.Place.Col, f.Severity, f.Message, f.ID)
		if f.Hint != "" {
			fmt.Fprintf(&b, "\thint: %s\n", f.Hint)
		}
		if f.Also.File != "" {
			fmt.Fprintf(&b, "\talso: %s:%d\n", f.Also.File, f.Also.Line)
		}
	}
	return b.String()
}
