package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// interrupt brings an output folder to where a build is that was killed right after its journal counted, and done of its steps were made.
func (p *project) interrupt(files tree, done int) *journal {
	p.t.Helper()
	d := p.open()
	all, err := withReport(files.outputs(), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	c, err := compare(d.root, all)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := d.make(); err != nil {
		p.t.Fatal(err)
	}
	j, staged := c.steps()
	if err := c.stage(d.root, staged); err != nil {
		p.t.Fatal(err)
	}
	if err := j.write(d.root); err != nil {
		p.t.Fatal(err)
	}
	for i := range done {
		if i < len(j.Removed) {
			err = j.Removed[i].remove(d.root)
		} else {
			k := i - len(j.Removed)
			err = move(d.root, stagingPath+"/"+strconv.Itoa(k), j.Moved[k])
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	return j
}

// At whichever step a build is interrupted, Recover completes it.
func TestRecoverCompletes(t *testing.T) {
	old := first.with("place/file", "1").with("place/deep/file", "2").with("other", "3")
	second := tree{"place": "a file now\n", "other/file": "a folder now\n", "manifest.json": "{2}\n", "skills/a/SKILL.md": "A2\n", "skills/d/SKILL.md": "D\n", "skills/d/x/y.md": "", "skills/c": "a file now\n"}
	for done := 0; ; done++ {
		p := newProject(t)
		p.mustPack(old)
		j := p.interrupt(second, done)
		if err := p.open().Recover(); err != nil {
			t.Fatalf("after %d steps: %v", done, err)
		}
		p.holds(second)
		if x, _, err := p.open().Check(second.outputs(), nil); err != nil || !x.Empty() {
			t.Errorf("after %d steps: %+v, %v", done, x, err)
		}
		if done == len(j.Removed)+len(j.Moved) {
			if done < 8 {
				t.Errorf("only %d steps", done)
			}
			return
		}
	}
}

// Before the journal counts, nothing has happened: Recover clears away what was staged, and so does the next build.
func TestRecoverClears(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	leave := func() {
		p.write(".skillgen/new/0", "half")
		p.write(".skillgen/new/1/deep/x", "half")
		p.write(".skillgen/journal.draft", `{"schema": 1,`)
		p.write(".skillgen/lock", "99999999\n")
	}
	leave()
	if err := p.open().Recover(); err != nil {
		t.Fatal(err)
	}
	p.holds(first)
	leave()
	p.mustPack(first)
	p.holds(first)
	leave()
	if x, _, err := p.open().Check(first.outputs(), nil); err != nil || !x.Empty() {
		t.Errorf("%+v, %v", x, err)
	}
	p.holds(first)
}

// What was edited between the kill and the recovery is not removed.
func TestRecoverKeepsEdited(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	p.interrupt(first.without("skills/b/SKILL.md"), 0)
	p.write("skills/b/SKILL.md", "mine")
	if err := p.open().Recover(); err != nil {
		t.Fatal(err)
	}
	p.holds(first.with("skills/b/SKILL.md", "mine"))
}

func sealed(body string) string {
	sum := sha256.Sum256([]byte(body))
	return body + "\n" + hex.EncodeToString(sum[:]) + "\n"
}

func TestRecoverRefusesBadJournals(t *testing.T) {
	sum := digest(sumOf(&Output{Data: []byte("x")}))
	for name, text := range map[string]string{
		"empty":          "",
		"no checksum":    `{"schema": 1}`,
		"cut":            sealed(`{"schema": 1}`)[:40],
		"changed":        strings.Replace(sealed(`{"schema": 1, "moved": ["a"]}`), `"a"`, `"b"`, 1),
		"schema":         sealed(`{"schema": 2}`),
		"no JSON":        sealed(`nothing`),
		"removes above":  sealed(`{"schema": 1, "removed": [{"path": "inside", "digest": "` + sum + `"}, {"path": "../victim", "digest": "` + sum + `"}]}`),
		"removes /":      sealed(`{"schema": 1, "removed": [{"path": "/victim", "digest": "` + sum + `"}]}`),
		"removes itself": sealed(`{"schema": 1, "removed": [{"path": "report.json", "digest": "` + sum + `"}]}`),
		"writes above":   sealed(`{"schema": 1, "moved": ["../victim"]}`),
		"writes dots":    sealed(`{"schema": 1, "moved": ["a/../../victim"]}`),
		"writes git":     sealed(`{"schema": 1, "moved": [".git/hooks/pre-commit"]}`),
		"writes work":    sealed(`{"schema": 1, "moved": [".skillgen/journal"]}`),
	} {
		p := newProject(t)
		p.mustPack(first)
		p.write("../victim", "x")
		p.write("inside", "x")
		p.write(".skillgen/new/0", "evil")
		p.write(".skillgen/journal", text)
		before := readTree(t, p.dir)
		if err := p.open().Recover(); err == nil {
			t.Errorf("%s: performed", name)
		}
		if _, _, err := p.open().Pack(first.outputs(), nil); err == nil {
			t.Errorf("%s: performed by Pack", name)
		}
		if diff := cmp.Diff(before, readTree(t, p.dir)); diff != "" {
			t.Errorf("%s: something was touched:\n%s", name, diff)
		}
	}
}

// A journal can name a link that leads out of the folder: the folder is a root that can't be left.
func TestRecoverStaysInside(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	p.write("../outside/victim", "x")
	p.link("../outside", "way")
	sum := digest(sumOf(&Output{Data: []byte("x")}))
	p.write(".skillgen/new/0", "evil")
	p.write(".skillgen/journal", sealed(`{"schema": 1, "removed": [{"path": "way/victim", "digest": "`+sum+`"}], "moved": ["way/victim"]}`))
	if err := p.open().Recover(); err == nil {
		t.Error("no error")
	}
	if got := readTree(t, filepath.Join(p.dir, "outside")); got["victim"] != "x" || len(got) != 1 {
		t.Errorf("outside is %v", got)
	}
}

func TestWorkFolderIsALink(t *testing.T) {
	p := newProject(t)
	p.mustPack(first)
	p.write("elsewhere/new/x", "mine")
	p.link("elsewhere", ".skillgen")
	if _, _, err := p.open().Pack(tree{}.outputs(), nil); err == nil || !strings.Contains(err.Error(), "no folder") {
		t.Errorf("%v", err)
	}
	p.holds(first.with("elsewhere/new/x", "mine").with(".skillgen", "-> elsewhere"))
}

func TestJournalRoundTrip(t *testing.T) {
	p := newProject(t)
	want := p.interrupt(first, 0)
	root, err := os.OpenRoot(p.dist)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	got, err := readJournal(root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if last := got.Moved[len(got.Moved)-1]; last != reportPath {
		t.Errorf("%s comes last", last)
	}
}

func FuzzJournal(f *testing.F) {
	f.Add(sealed(`{"schema": 1, "removed": [{"path": "a", "digest": ""}], "moved": ["b/c", "report.json"]}`), true)
	f.Add(`{"schema": 1, "removed": [{"path": "../a"}], "moved": ["/b"]}`, false)
	f.Fuzz(func(t *testing.T, text string, whole bool) {
		dir := t.TempDir()
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		if !whole {
			text = sealed(text)
		}
		if err := os.MkdirAll(filepath.Join(dir, workFolder), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, journalPath), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		j, err := readJournal(root)
		if err != nil {
			return
		}
		for _, p := range j.Moved {
			if !writable(p) {
				t.Errorf("moves to %q", p)
			}
		}
	})
}

func FuzzReport(f *testing.F) {
	for _, r := range badReports {
		f.Add([]byte(r))
	}
	f.Add((&Report{Outputs: first.outputs()}).Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		old, err := parseReport(data)
		if err != nil {
			return
		}
		if !json.Valid(data) {
			t.Error("not JSON, and read")
		}
		for p := range old {
			if !filepath.IsLocal(p) || strings.Contains(p, `\`) || strings.HasPrefix(p, ".skillgen") {
				t.Errorf("lists %q", p)
			}
		}
	})
}
