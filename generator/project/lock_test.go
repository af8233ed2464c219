package project

import (
	"strings"
	"testing"
	"testing/fstest"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

const goodLock = "# Written by `skillgen fetch`, and pinned by it: commit this file.\nschema = 1\n" + `
[[page]]
url = "https://acme.example/docs/a"
final = "https://acme.example/docs/a/"
path = "website/acme.example/docs/a.md"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
route = "html:sphinx"
converter = 1
changed = "2026-11-20"

[[page]]
url = "https://acme.example/docs/b"
from = "https://acme.example/docs/b.md"
path = "website/acme.example/docs/b.md"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde0"
route = "twin"
changed = "2026-11-19"

[[index]]
url = "https://acme.example/llms.txt"
pages = [
  "https://acme.example/docs/b",
  "https://acme.example/docs/a",
]
`

func TestLockRoundTrip(t *testing.T) {
	l, fs := ReadLock(source.NewFile("skillgen.lock", []byte(goodLock)))
	if len(fs) > 0 {
		t.Fatal(fs)
	}
	if got := string(l.Encode()); got != goodLock {
		t.Errorf("encoded again:\n%s", got)
	}
	if l.Pages[0].Final != "https://acme.example/docs/a/" || l.Pages[0].At.Line() != 4 || l.Indexes[0].Pages[0] != "https://acme.example/docs/b" {
		t.Errorf("read: %+v", l)
	}
	// Entries that a merge has left in another order are sorted again.
	pages := strings.SplitAfter(goodLock, "changed = \"2026-11-20\"\n")
	head, first, _ := strings.Cut(pages[0], "\n[[page]]\n")
	second, index, _ := strings.Cut(pages[1], "\n[[index]]\n")
	turned := head + second + "\n[[page]]\n" + first + "\n[[index]]\n" + index
	l, fs = ReadLock(source.NewFile("skillgen.lock", []byte(turned)))
	if len(fs) > 0 || string(l.Encode()) != goodLock {
		t.Errorf("not sorted: %v\n%s", fs, l.Encode())
	}
}

func TestLockStrings(t *testing.T) {
	l := &Lock{Indexes: []LockedIndex{{URL: "https://acme.example/a\"b\\c\u00e4\x01/llms.txt"}}}
	if got := string(l.Encode()); !strings.Contains(got, `url = "https://acme.example/a\"b\\c`+"\u00e4"+`\u0001/llms.txt"`) {
		t.Error(got)
	}
}

func TestLockFaults(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "route = \"twin\"", "rout = \"twin\"", `skillgen.lock:18:1: error: unknown key "page.rout"`},
		{"not TOML", "route = \"twin\"", "route = twin", "skillgen.lock:18:9: error:"},
		{"merge conflict", "schema = 1\n", "schema = 1\n<<<<<<< HEAD\n", "skillgen.lock:3:"},
		{"schema", "schema = 1", "schema = 2", "the schema of this file is 2"},
		{"digest", "abcde0\"", "abcde\"", "skillgen.lock:13:1: error: sha256 must be 64"},
		{"route", "route = \"twin\"", "route = \"guess\"", `the route "guess" is not known`},
		{"route without its file", "from = \"https://acme.example/docs/b.md\"\n", "", "the route twin and the key from don't go together"},
		{"day", "2026-11-19", "2026-11-31", "changed must be a day"},
		{"path leaves", "website/acme.example/docs/b.md", "website/../../b.md", "leads out of the project"},
		{"path of another kind", "website/acme.example/docs/b.md", "website/acme.example/docs/b.go", "is no path of a snapshot"},
		{"path outside the pages", "website/acme.example/docs/b.md", "frameworks/b.md", "lies outside website"},
		{"URL", "url = \"https://acme.example/docs/b\"", "url = \"file:///etc/passwd\"", "must be a URL"},
		{"URL with a user", "url = \"https://acme.example/docs/b\"", "url = \"https://a:b@acme.example/docs/b\"", "must not hold a user"},
		{"URL of an index", "  \"https://acme.example/docs/b\",", "  \"javascript:1\",", "must be a URL"},
		{"URL twice", "docs/b\"\nfrom", "docs/a\"\nfrom", "the URL https://acme.example/docs/a stands twice"},
		{"path twice", "website/acme.example/docs/b.md", "website/acme.example/docs/A.md", "the path website/acme.example/docs/a.md stands twice"},
		{"no text", "schema", "\x00schema", "no text in UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(goodLock, c.old, c.new, 1)
			if text == goodLock {
				t.Fatal("the case changes nothing")
			}
			tree := source.New(fstest.MapFS{
				"skillgen.yaml": {Data: []byte("product: Acme\nprefix: acme\n")},
				"skillgen.lock": {Data: []byte(text)},
			})
			_, fs, err := Load(tree, Options{})
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := diag.Print(&out, fs, false); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), c.want) || !strings.Contains(out.String(), "[lock]") {
				t.Errorf("want %q in:\n%s", c.want, out.String())
			}
		})
	}
}

func FuzzLock(f *testing.F) {
	f.Add([]byte(goodLock))
	f.Add([]byte("schema = 1\n[[page]]\nurl = 3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, fs := ReadLock(source.NewFile("skillgen.lock", data))
		if (l == nil) == (len(fs) == 0) {
			t.Fatalf("%v %v", l, fs)
		}
		if l == nil {
			return
		}
		again, fs := ReadLock(source.NewFile("skillgen.lock", l.Encode()))
		if len(fs) > 0 || string(again.Encode()) != string(l.Encode()) {
			t.Fatalf("no round trip: %v\n%s", fs, l.Encode())
		}
	})
}
