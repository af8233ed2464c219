package prosediff

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

// author writes plausible Markdown, the same for the same seed.
type author struct {
	r     *rand.Rand
	words []string
}

func newAuthor(seed uint64) *author {
	a := &author{r: rand.New(rand.NewPCG(seed, 7))}
	syllables := strings.Fields("ba co du fe gi ha jo ku la me ni po ra so tu ve wi xa yo ze")
	for i := range 3000 {
		w := syllables[i%20] + syllables[i/20%20]
		if i >= 400 {
			w += syllables[i/400]
		}
		a.words = append(a.words, w)
	}
	return a
}

// word prefers common words, as prose does.
func (a *author) word() string {
	n := a.r.IntN(len(a.words))
	return a.words[n*a.r.IntN(n+1)/len(a.words)]
}

func (a *author) sentence() string {
	n := 6 + a.r.IntN(14)
	words := make([]string, n)
	for i := range words {
		words[i] = a.word()
	}
	switch a.r.IntN(12) {
	case 0:
		words[0] = "never"
	case 1:
		words[n/2] = "`" + words[n/2] + "()`"
	case 2:
		words[n/2] = "[" + words[n/2] + "](https://docs.acme.dev/" + words[0] + ")"
	case 3:
		words[n/2] = "must"
	}
	words[0] = strings.ToUpper(words[0][:1]) + words[0][1:]
	return strings.Join(words, " ") + "."
}

func (a *author) block() string {
	switch k := a.r.IntN(10); {
	case k < 2:
		return "## " + strings.TrimSuffix(a.sentence(), ".") + "\n\n"
	case k < 5:
		var sb strings.Builder
		for range 1 + a.r.IntN(4) {
			sb.WriteString(a.sentence() + " ")
		}
		return sb.String() + "\n\n"
	case k < 8:
		var sb strings.Builder
		for range 2 + a.r.IntN(5) {
			sb.WriteString("- " + a.sentence() + "\n")
		}
		return sb.String() + "\n"
	case k < 9:
		var sb strings.Builder
		sb.WriteString("```js\n")
		for range 3 + a.r.IntN(10) {
			fmt.Fprintf(&sb, "const %s = client.%s('%s', %d)\n", a.word(), a.word(), a.word(), a.r.IntN(100))
		}
		return sb.String() + "```\n\n"
	}
	var sb strings.Builder
	sb.WriteString("| Name | Value |\n|---|---|\n")
	for range 2 + a.r.IntN(6) {
		fmt.Fprintf(&sb, "| `%s` | %s %d |\n", a.word(), a.word(), a.r.IntN(100))
	}
	return sb.String() + "\n"
}

// page writes about so many tokens, of four bytes each.
func (a *author) page(tokens int) string {
	var sb strings.Builder
	fmt.Fprintf(&sb, "# %s\n\n", a.sentence())
	for sb.Len() < 4*tokens {
		sb.WriteString(a.block())
	}
	return sb.String()
}

// edit makes n changes: words, sentences, blocks, order.
func (a *author) edit(s string, n int) string {
	blocks := strings.SplitAfter(s, "\n\n")
	for range n {
		i := a.r.IntN(len(blocks))
		switch a.r.IntN(6) {
		case 0:
			blocks[i] = ""
		case 1:
			blocks[i] += a.block()
		case 2:
			j := a.r.IntN(len(blocks))
			blocks[i], blocks[j] = blocks[j], blocks[i]
		default:
			words := strings.Split(blocks[i], " ")
			words[a.r.IntN(len(words))] = a.word()
			blocks[i] = strings.Join(words, " ")
		}
	}
	return strings.Join(blocks, "")
}

func skill(name, text string) Skill {
	return Skill{Name: name, Files: []File{{Path: "SKILL.md", Data: []byte(text)}}}
}

// pairs600 is 600 skills of 10,000 tokens, each with 20 changes.
func pairs600() (base, revision Side) {
	for i := range 600 {
		a := newAuthor(uint64(i))
		old := a.page(10_000)
		base.Skills = append(base.Skills, skill(fmt.Sprintf("s%03d", i), old))
		revision.Skills = append(revision.Skills, skill(fmt.Sprintf("s%03d", i), a.edit(old, 20)))
	}
	return base, revision
}

// fleet430 is 430 skills of 25,000 tokens, made of ten out of 200 pages each; one page changed.
func fleet430() (base, revision Side) {
	a := newAuthor(1)
	pages := make([]string, 200)
	for i := range pages {
		pages[i] = a.page(2_500)
	}
	changed := a.edit(pages[0], 20)
	for i := range 430 {
		var old, new strings.Builder
		fmt.Fprintf(&old, "# Skill %d\n\n", i)
		fmt.Fprintf(&new, "# Skill %d\n\n", i)
		for k := range 10 {
			n := (i*7 + k*k*13) % 200
			if k == 5 {
				n = 0
			}
			old.WriteString(pages[n])
			if n == 0 {
				new.WriteString(changed)
			} else {
				new.WriteString(pages[n])
			}
		}
		base.Skills = append(base.Skills, skill(fmt.Sprintf("s%03d", i), old.String()))
		revision.Skills = append(revision.Skills, skill(fmt.Sprintf("s%03d", i), new.String()))
	}
	return base, revision
}

// benchmark reports the time on one processor too, which other work on the machine does not change, and on Linux the most memory that was in use,
// both sides included, while the garbage collector is as eager as a command sets it that knows its memory to be mostly in use.
func benchmark(b *testing.B, base, revision Side) {
	b.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	runtime.GC()
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) //nolint:errcheck // resets VmHWM; where that can't be done, no memory is reported
	start := processorTime()
	for b.Loop() {
		Compare(base, revision, Options{})
	}
	b.ReportMetric(float64((processorTime()-start).Milliseconds())/float64(b.N), "cpu-ms/op")
	status, _ := os.ReadFile("/proc/self/status")
	if _, peak, ok := strings.Cut(string(status), "VmHWM:"); ok {
		var kb float64
		fmt.Sscan(peak, &kb) //nolint:errcheck // as above
		b.ReportMetric(kb/1024, "MB-peak")
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) //nolint:errcheck // can't fail
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkPairs600(b *testing.B) {
	base, revision := pairs600()
	benchmark(b, base, revision)
}

func BenchmarkFleet430(b *testing.B) {
	base, revision := fleet430()
	benchmark(b, base, revision)
}

func one(old, new string) (base, revision Side) {
	return Side{Skills: []Skill{skill("s", old)}}, Side{Skills: []Skill{skill("s", new)}}
}

// BenchmarkFile40k is one file of 40,000 tokens, a third of whose blocks changed.
func BenchmarkFile40k(b *testing.B) {
	a := newAuthor(3)
	old := a.page(40_000)
	benchmark2(b, old, a.edit(old, 600))
}

// BenchmarkRewritten40k is one file of 40,000 tokens that has nothing in common with the next.
func BenchmarkRewritten40k(b *testing.B) {
	benchmark2(b, newAuthor(3).page(40_000), newAuthor(4).page(40_000))
}

func benchmark2(b *testing.B, old, new string) {
	b.Helper()
	base, revision := one(old, new)
	benchmark(b, base, revision)
}

func random(seed uint64, n, vocabulary int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var sb strings.Builder
	for i := range n {
		fmt.Fprintf(&sb, "w%d ", r.IntN(vocabulary))
		if i%20 == 19 {
			sb.WriteByte('\n')
		}
	}
	return sb.String()
}

// BenchmarkRandom30k is one paragraph of 30,000 random words against another.
func BenchmarkRandom30k(b *testing.B) {
	for _, vocabulary := range []int{300, 3000, 100_000} {
		b.Run(fmt.Sprint(vocabulary), func(b *testing.B) { benchmark2(b, random(1, 30_000, vocabulary), random(2, 30_000, vocabulary)) })
	}
}
