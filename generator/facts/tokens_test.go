package facts

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

func TestTokens(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want int
	}{
		{"", 0},
		{"hello world", 2},
		{"\n", 1},
		{"posthog.capture('user_logged_in')\n", 8},
		{"\xff\xfe", 1},
	} {
		if got := Tokens(tt.in); got != tt.want {
			t.Errorf("Tokens(%q) = %d, want %d", tt.in, got, tt.want)
		}
	}
}

// prose makes ordinary text of n lines: headings, paragraphs, lists and indented code.
func prose(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the client captures an event when User.signedUp() returns 42 items, it's flushed; naïve café 東京 // a comment /api/v1")
	var sb strings.Builder
	for range n {
		sb.WriteString([]string{"", "## ", "- ", "    ", "\t", "\n", "// "}[r.IntN(7)])
		for range r.IntN(14) {
			sb.WriteString(words[r.IntN(len(words))] + " ")
		}
		sb.WriteString([]string{"\n", ".\n", "\n\n", ";\n  \n"}[r.IntN(4)])
	}
	return sb.String()
}

func TestTokensOfPiecesEqualTheWhole(t *testing.T) {
	for shift := range 40 { // so that the limit of a piece falls on all kinds of places
		text := strings.Repeat("x", shift) + prose(400)
		whole, err := vocabulary().Count(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := Tokens(text); got != whole {
			t.Errorf("Tokens of %d bytes = %d, in one piece %d", len(text), got, whole)
		}
	}
}

// Words are counted one by one; no cut between them may change a count, whatever stands on both sides of it.
func TestTokensOfWordsEqualTheWhole(t *testing.T) {
	signs := []string{" ", " ", "  ", "\n", "\n", "\r", "\t", "\u00a0", "\u2028", "a", "B", "ab", "é", "東", "\u0301", "1", "234", "'", "'s", "'LL", "/", "//", ".", "->", "=", "😀", "\x7f", "_"}
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		var sb strings.Builder
		for range 1 + r.IntN(9) {
			sb.WriteString(signs[r.IntN(len(signs))])
		}
		if got, want := Tokens(sb.String()), count(sb.String()); got != want {
			t.Fatalf("Tokens(%q) = %d, in one piece %d", sb.String(), got, want)
		}
	}
}

// Linear time follows from pieces of bounded size, with white space runs of bounded size, that make progress: what is asserted here is
// that, not a clock.
func TestPiecesAreBounded(t *testing.T) {
	for _, unit := range []string{" \n", " ", "\n", "\t\n", "a", "é", "東", "😀", "()", "x\n ", "  \n\n\t", "\u2003\n", "\xff", "\x80", "word ", "a\n/", "\r\n"} {
		s := strings.Repeat(unit, 200_000/len(unit))
		pieces := 0
		for rest := s; rest != ""; pieces++ {
			end := pieceEnd(rest)
			if end <= 0 || end > 4096 {
				t.Fatalf("%q: a piece of %d bytes", unit, end)
			}
			piece := rest[:end]
			if utf8.ValidString(s) && !utf8.ValidString(piece) {
				t.Fatalf("%q: a piece that cuts a code point", unit)
			}
			if run := longestBlank(piece); run >= 256+utf8.UTFMax {
				t.Fatalf("%q: %d bytes of white space in a row", unit, run)
			}
			rest = rest[end:]
		}
		if limit := 3 * len(s) / 256; pieces > limit {
			t.Errorf("%q: %d pieces for %d bytes, want at most %d", unit, pieces, len(s), limit)
		}
	}
}

func longestBlank(s string) int {
	longest := 0
	for _, field := range strings.FieldsFunc(s, func(r rune) bool { return !strings.ContainsRune(" \n\t\r\u2003", r) }) {
		longest = max(longest, len(field))
	}
	return longest
}

func TestTokensConcurrently(t *testing.T) {
	text := prose(300)
	want := Tokens(text)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := Tokens(text); got != want {
				t.Errorf("Tokens = %d, want %d", got, want)
			}
		})
	}
	wg.Wait()
}

func FuzzTokens(f *testing.F) {
	f.Add(" \n \n  x")
	f.Add("\xf0\x9f")
	for _, s := range []string{"a  b", "it's don'T x", "x =\n\ty", ".\n\n## A", "a\n b 12 345\n6", "!/\n/x \u00a0 y", "\r\na \rb", "é b", "\u2028 a", "a \n\nb"} {
		f.Add(s)
	}
	f.Add(strings.Repeat("é", 3000))
	f.Fuzz(func(t *testing.T, s string) {
		n := Tokens(s)
		if n < 0 || n > len(s) {
			t.Errorf("Tokens of %d bytes = %d", len(s), n)
		}
		if pieceEnd(s) < len(s) { // where a piece ends, a count may change
			return
		}
		if whole := count(s); n != whole {
			t.Errorf("Tokens(%q) = %d, in one piece %d", s, n, whole)
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	for name, text := range map[string]string{"prose": prose(20000), "blank": strings.Repeat(" \n", 200_000), "words": strings.Repeat("a", 400_000)} {
		b.Run(name, func(b *testing.B) {
			Tokens("x")
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Tokens(text)
			}
		})
	}
}
