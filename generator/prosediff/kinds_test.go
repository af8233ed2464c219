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

// Each kind has a case that shows it; those that need settings have tests of their own.
func TestKindsAreAllShown(t *testing.T) {
	elsewhere := map[string]string{
		"accept-expired": "TestAccepted", "accept-stale": "TestAccepted", "gate-loosened": "TestLooserGate", "danger-secret": "TestSecrets", "token-budget-exceeded": "TestBudget",
	}
	seen := map[string]bool{}
	for _, r := range reports(t) {
		for _, c := range r.Changes {
			seen[c.ID] = true
		}
	}
	for _, k := range Kinds {
		if !seen[k.ID] && elsewhere[k.ID] == "" {
			t.Errorf("no case shows %s", k.ID)
		}
	}
}

func TestSecrets(t *testing.T) {
	key := "phx_" + strings.Repeat("aZ09bY18cX27dW36eV45f", 2) + "Q"
	base, revision := one("# A\n\nText.\n", "# A\n\nText with "+key+" in it.\n")
	r := Compare(base, revision, Options{})
	if !slices.ContainsFunc(r.Changes, func(c *Change) bool { return c.ID == "danger-secret" && c.Level == Error }) {
		t.Errorf("changes %v", ids(r))
	}
	if out := string(bytesOf(t, r)); strings.Contains(out, key[8:20]) {
		t.Error("a report holds the credential")
	}
	base, _ = one("# A\n\nText with "+key+".\n", "")
	if r := Compare(base, revision, Options{}); slices.Contains(ids(r), "danger-secret") {
		t.Error("a credential that was there before is new")
	}
}

func TestBudget(t *testing.T) {
	base, revision := one("# A\n", "# A\n")
	base.Skills[0].Tokens, revision.Skills[0].Tokens = 900, 1100
	revision.Skills[0].Files[0].Data = []byte("# A\n\nMore.\n")
	for budget, want := range map[int]bool{0: false, 800: false, 1000: true, 1100: false} {
		if got := slices.Contains(ids(Compare(base, revision, Options{Budget: budget})), "token-budget-exceeded"); got != want {
			t.Errorf("budget %d: %v", budget, got)
		}
	}
}
