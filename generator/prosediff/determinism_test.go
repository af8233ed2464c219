package prosediff

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"skillgen/generator/facts"
)

func bytesOf(t testing.TB, r *Report) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, f := range []func() error{
		func() error { return JSON(&b, r) },
		func() error { return Text(&b, r, View{}, 120, true) },
		func() error { return Markdown(&b, r, View{}) },
		func() error { return HTML(&b, r, View{}) },
		func() error { return GitHub(&b, r, View{}, "x") },
	} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// Case 42: a large file, whatever the number of processors and however busy they are: the same bytes each time.
func TestSameBytesEachTime(t *testing.T) {
	a := newAuthor(11)
	old := a.page(40_000)
	base, revision := one(old, a.edit(old, 300))
	for i := range 12 {
		name := fmt.Sprintf("s%02d", i)
		page := a.page(500)
		base.Skills = append(base.Skills, skill(name, page))
		revision.Skills = append(revision.Skills, skill(name, a.edit(page, 10)))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	stop := make(chan bool)
	defer close(stop)
	go func() { // something else that wants the processors
		for {
			select {
			case <-stop:
				return
			default:
				runtime.Gosched()
			}
		}
	}()
	runs := 10
	if os.Getenv("SKILLGEN_RUNS") != "" { // 100 in the fuzzing of a release
		fmt.Sscan(os.Getenv("SKILLGEN_RUNS"), &runs) //nolint:errcheck // the default stays
	}
	var want, all []byte // as JSON, in all formats
	for i := range runs {
		runtime.GOMAXPROCS([]int{1, 8, 2, 3}[i%4])
		r := Compare(base, revision, Options{})
		var got bytes.Buffer
		if err := JSON(&got, r); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want, all = got.Bytes(), bytesOf(t, r)
		}
		if !bytes.Equal(got.Bytes(), want) || i == 1 && !bytes.Equal(bytesOf(t, r), all) {
			t.Fatalf("run %d gives other bytes", i)
		}
	}
}

// Case 43: go-diff turns runes into strings, where a surrogate is lost: token numbers must skip them.
func TestManyUniqueTokens(t *testing.T) {
	var old, new strings.Builder
	for i := range 70_000 {
		fmt.Fprintf(&old, "w%d ", i)
		if i != 100 && i != 60_000 {
			fmt.Fprintf(&new, "w%d ", i)
		}
	}
	p := newPool()
	a, b := p.intern(shape{kind: paragraph}, []byte(old.String())), p.intern(shape{kind: paragraph}, []byte(new.String()))
	d := compareTexts(a, b, facts.English)
	if d.coarse || d.count() != 2 {
		t.Fatalf("%d edits, coarse %v", d.count(), d.coarse)
	}
	for _, p := range d.passages {
		for _, e := range p.edits {
			if w := a.Reading().between(e.a0, e.a1); w != "w100" && w != "w60000" || e.b0 != e.b1 {
				t.Errorf("edit %q", w)
			}
		}
	}
}

func TestRunesAreNoSurrogates(t *testing.T) {
	ids := make([]int32, 70_000)
	for i := range ids {
		ids[i] = int32(i)
	}
	runes, _ := asRunes(ids, nil)
	if back := []rune(string(runes)); !slices.Equal(back, runes) {
		t.Error("runes are lost in a string")
	}
}

// Case 44: random words are not worth a word diff; the report says so, soon.
func TestRandomTokens(t *testing.T) {
	begin := time.Now()
	base, revision := one(random(1, 30_000, 3000), random(2, 30_000, 3000))
	r := Compare(base, revision, Options{})
	if d := time.Since(begin); d > 5*time.Second { // a second on an idle machine: see BenchmarkRandom30k
		t.Errorf("took %v", d)
	}
	if len(r.Changes) != 1 || !strings.Contains(r.Changes[0].Message, "too different for a word diff, similarity 0.") {
		t.Errorf("%d changes: %s", len(r.Changes), r.Changes[0].Message)
	}
}

// Files that make parsers and comparisons slow cost little.
func TestHostileFiles(t *testing.T) {
	const size = 1 << 15
	times := func(s string) string { return strings.Repeat(s, size/len(s)) }
	unique := func(format string) string {
		var sb strings.Builder
		for i := 0; sb.Len() < size; i++ {
			fmt.Fprintf(&sb, format, i)
		}
		return sb.String()
	}
	for name, pair := range map[string][2]string{
		"quotes":      {times(">") + "a\n", times(">") + "b\n"},
		"nested":      {times("- ") + "a\n", times("* ") + "b\n"},
		"links":       {times("[a](") + "\n", times("[b](") + "\n"},
		"backticks":   {unique("`%0*d"), times("` ")},
		"table":       {times("| a ") + "|\n" + times("|-") + "|\n| b |\n", times("| c ") + "|\n" + times("|-") + "|\n| b |\n"},
		"rows":        {"| a |\n|-|\n" + unique("| x %d |\n"), "| a |\n|-|\n" + unique("| y %d |\n")},
		"same rows":   {"| a |\n|-|\n" + times("| x |\n"), "| a |\n|-|\n" + times("| y |\n")},
		"headings":    {unique("# a %d\n"), unique("# b %d\n")},
		"items":       {unique("- never do a thing %d\n"), unique("- always do the thing %d\n")},
		"comments":    {times("<!-- a"), times("<!-- must b")},
		"braces":      {times("{{"), times("{{x}} ")},
		"code":        {"```\n" + unique("a %d\n"), "```\n" + unique("b %d\n")},
		"same code":   {"```\n" + times("a\n") + "b\n" + times("c\n"), "```\n" + times("c\n") + "d\n" + times("a\n")},
		"front":       {"---\n" + unique("k%d: [\n") + "---\n", "---\n" + unique("k%d: {\n") + "---\n"},
		"indentation": {unique("%0*d\n\t"), unique("%0*d\n    ")},
		"env":         {unique("A_B%d "), unique("A_C%d ")},
		"hosts":       {unique("https://a%d.dev/ "), unique("https://b%d.dev/ ")},
		"shuffled":    {times("a b c d "), times("d c a b ")},
	} {
		begin := time.Now()
		base, revision := one(pair[0], pair[1])
		r := Compare(base, revision, Options{})
		if d := time.Since(begin); d > 3*time.Second {
			t.Errorf("%s: %v", name, d)
		}
		if len(r.Changes) == 0 {
			t.Errorf("%s: no changes", name)
		}
	}
}

// FuzzCompare: whatever the bytes, no panic, and each line that differs lies in a change.
func FuzzCompare(f *testing.F) {
	for _, s := range []string{"# a\n\nNever do b. Do c.\n", "---\nname: x\nallowed-tools: A, B(c)\n---\n- x\n1. y\n", "| a | b |\n|-|-|\n| c | 1 |\n", "```sh\ncurl a | sh\n```\n", "[a](b.md) https://x.dev A_KEY=1 {{x}}", "# Step 1: a\n\nb\n\n# Step 2: c\n", "\xff\u200b\r\n"} {
		f.Add(s, "x"+s, true)
		f.Add(s+s, s, false)
	}
	f.Fuzz(func(t *testing.T, a, b string, md bool) {
		name := "SKILL.md"
		if !md {
			name = "run.sh"
		}
		base := Side{Skills: []Skill{{Name: "s", Files: []File{{Path: name, Data: []byte(a)}}}}}
		revision := Side{Skills: []Skill{{Name: "s", Files: []File{{Path: name, Data: []byte(b)}}}}}
		r := Compare(base, revision, Options{})
		if (len(r.Changes) == 0) != (a == b) {
			t.Fatalf("%d changes between %q and %q", len(r.Changes), a, b)
		}
		covers(t, base, revision, r)
		bytesOf(t, r)
	})
}

func TestReportsOnMutations(t *testing.T) {
	data, err := os.ReadFile("testdata/prose/skill.md")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		next := mutate(r, string(data))
		base, revision := one(string(data), next)
		covers(t, base, revision, Compare(base, revision, Options{}))
		if t.Failed() {
			t.Fatalf("with\n%s", next)
		}
	}
}
