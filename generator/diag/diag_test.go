package diag

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTableIsSorted(t *testing.T) {
	for i, row := range Table {
		if i > 0 && Table[i-1].ID >= row.ID {
			t.Errorf("%q stands after %q", row.ID, Table[i-1].ID)
		}
		if got, ok := Lookup(row.ID); !ok || got != row {
			t.Errorf("Lookup(%q) = %+v, %v", row.ID, got, ok)
		}
		if !strings.HasSuffix(row.Purpose, ".") || strings.ToLower(row.ID) != row.ID || strings.ContainsAny(row.ID, " _") {
			t.Errorf("row %+v: an id is lower-case words with hyphens, a purpose one sentence", row)
		}
	}
	if _, ok := Lookup("no-such-check"); ok {
		t.Error("Lookup finds what is not there")
	}
}

func TestSort(t *testing.T) {
	at := func(file string, line, col int) Place { return Place{File: file, Line: line, Col: col} }
	want := []Finding{
		{ID: "z", Severity: Info, Place: Place{}},
		{ID: "a", Severity: Error, Place: at("a", 1, 2)},
		{ID: "a", Severity: Info, Place: at("a", 1, 2)},
		{ID: "b", Severity: Info, Place: at("a", 1, 2), Message: "m"},
		{ID: "b", Severity: Info, Place: at("a", 1, 2), Message: "n"},
		{ID: "b", Severity: Info, Place: at("a", 1, 2), Message: "n", Also: at("b", 1, 1)},
		{ID: "a", Severity: Info, Place: at("a", 1, 10)},
		{ID: "a", Severity: Info, Place: at("a", 2, 1)},
		{ID: "a", Severity: Info, Place: at("b", 1, 1)},
	}
	got := append(slices.Clone(want), want...)
	slices.Reverse(got)
	if d := cmp.Diff(want, Sort(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWorst(t *testing.T) {
	if _, ok := Worst(nil); ok {
		t.Error("no findings have a worst one")
	}
	if s, ok := Worst([]Finding{{Severity: Info}, {Severity: Warning}, {Severity: Info}}); s != Warning || !ok {
		t.Errorf("Worst = %v, %v", s, ok)
	}
}

func TestNewTakesTheTablesLevel(t *testing.T) {
	if f := New("page-unused", Place{File: "f"}, "m", "h"); f.Severity != Info || f.Place.File != "f" || f.Message != "m" || f.Hint != "h" {
		t.Errorf("New = %+v", f)
	}
	defer func() {
		if recover() == nil {
			t.Error("an id that the table does not have goes through")
		}
	}()
	New("no-such-check", Place{}, "m", "")
}

func TestOverride(t *testing.T) {
	in := []Finding{{ID: "page-unused", Severity: Info}, {ID: "secret", Severity: Error}, {ID: "manifest", Severity: Warning}, {ID: "unknown", Severity: Warning}}
	for _, tt := range []struct {
		levels map[string]string
		want   []Finding
	}{
		{nil, in},
		{map[string]string{"page-unused": "error", "secret": "off", "manifest": "off", "unknown": "off"}, []Finding{{ID: "page-unused", Severity: Error}, in[1], in[3]}},
		{map[string]string{"page-unused": "warning", "secret": "info", "manifest": "info"}, []Finding{{ID: "page-unused", Severity: Warning}, in[1], {ID: "manifest", Severity: Info}, in[3]}},
		{map[string]string{"page-unused": "fatal", "manifest": ""}, in},
	} {
		before := slices.Clone(in)
		if d := cmp.Diff(tt.want, Override(in, tt.levels)); d != "" {
			t.Errorf("%v (-want +got):\n%s", tt.levels, d)
		}
		if !slices.Equal(in, before) {
			t.Fatal("Override changed what it was given")
		}
	}
}

func TestSuggest(t *testing.T) {
	keys := []string{"title", "languages", "tags", "description", "example", "docs", "workflows", "vars", "metadata", "family", "main", "detect", "include", "exclude", "draft"}
	for _, tt := range []struct{ word, want string }{
		{"exampel", "example"}, {"exampl", "example"}, {"examples", "example"}, {"Example", "example"}, {"titel", "title"}, {"tag", "tags"}, {"doc", "docs"},
		{"lang", "languages"}, {"language", "languages"}, {"desc", "description"}, {"descripton", "description"}, {"inlcude", "include"}, {"exlude", "exclude"},
		{"clude", "exclude"}, {"colour", ""}, {"x", ""}, {"", ""}, {"de", ""}, {"DRAFT", "draft"}, {"wrokflow", "workflows"}, {"mian", "main"},
		{strings.Repeat("x", 5000), ""}, {"данные", ""},
	} {
		for range 3 {
			if got := Suggest(tt.word, keys); got != tt.want {
				t.Errorf("Suggest(%q) = %q, want %q", tt.word, got, tt.want)
			}
			slices.Reverse(keys)
		}
	}
	if got := Suggest("нэкст", []string{"некст"}); got != "некст" {
		t.Errorf("letters count, not bytes: %q", got)
	}
	if got := Suggest("title", []string{"title"}); got != "" {
		t.Errorf("a known word is no mistake: %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"ab", "abc", 1}, {"abc", "xbc", 1}, {"ca", "abc", 3}, {"kitten", "sitting", 3}, {"abcd", "badc", 2}} {
		if got := distance([]rune(tt.a), []rune(tt.b), 10); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
