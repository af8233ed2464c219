package prosediff

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestKindsAreSortedAndMirrored(t *testing.T) {
	if !slices.IsSortedFunc(Kinds, func(a, b Kind) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("not sorted")
	}
	for _, k := range Kinds {
		switch mirror, ok := Lookup(k.Mirror); {
		case k.Mirror == "" && k.Waived == "":
			t.Errorf("%s has neither a mirror nor a reason for having none", k.ID)
		case k.Mirror != "" && !ok:
			t.Errorf("%s: the mirror %s does not exist", k.ID, k.Mirror)
		case k.Mirror != "" && mirror.Mirror != k.ID:
			t.Errorf("%s has the mirror %s, which has the mirror %q", k.ID, k.Mirror, mirror.Mirror)
		}
		if !strings.HasSuffix(k.Purpose, ".") || k.Area == "" {
			t.Errorf("%s: purpose %q, area %q", k.ID, k.Purpose, k.Area)
		}
		if strings.HasSuffix(k.ID, "-added") && !strings.HasSuffix(k.Mirror, "-removed") && k.Waived == "" {
			t.Errorf("%s has no removed mirror", k.ID)
		}
	}
}

// Every kind that the code reports is a row, and every row is reported: unknown ids would end the program.
func TestKindsAreAllUsed(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") && f.Name() != "kinds.go" {
			data, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			code.Write(data)
		}
	}
	text := code.String()
	for _, m := range regexp.MustCompile(`(?:add|found)\("([a-z-]+)"`).FindAllStringSubmatch(text, -1) {
		if _, ok := Lookup(m[1]); !ok {
			t.Errorf("%s is reported, and no row", m[1])
		}
	}
	for _, k := range Kinds {
		prefix, rest, _ := strings.Cut(k.ID, "-")
		put := strings.Contains(text, `"`+prefix+`-" +`) || strings.Contains(text, `, "`+rest+`"`) // section-added is put together
		if !strings.Contains(text, `"`+k.ID+`"`) && !put {
			t.Errorf("%s is a row, and never reported", k.ID)
		}
	}
}
