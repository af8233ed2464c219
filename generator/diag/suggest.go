package diag

import (
	"slices"
	"strings"
)

// Suggest returns the one of known that word was probably meant to be, and "" where none is close. Case does not count, nor does the order
// of known: of those equally close it is the first in byte order.
func Suggest(word string, known []string) string {
	w := []rune(strings.ToLower(word))
	if len(w) == 0 || len(w) > 100 {
		return ""
	}
	best, least := "", min((len(w)+1)/3, 3)+1
	for _, k := range known {
		if k == word {
			continue
		}
		if d := distance(w, []rune(strings.ToLower(k)), least); d < least || d == least && best != "" && k < best {
			best, least = k, d
		}
	}
	if best == "" {
		return completion(strings.ToLower(word), known)
	}
	return best
}

// completion returns the only one of known that begins with word.
func completion(word string, known []string) string {
	found := ""
	for _, k := range known {
		if lower := strings.ToLower(k); len(word) < 3 || lower == word || !strings.HasPrefix(lower, word) || k == found {
			continue
		}
		if found != "" {
			return ""
		}
		found = k
	}
	return found
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that turn a into b (optimal string alignment). Beyond
// limit it may return any number larger than limit.
func distance(a, b []rune, limit int) int {
	if len(b)-len(a) > limit || len(a)-len(b) > limit {
		return limit + 1
	}
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, prev[j+1]+1, prev[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		if slices.Min(row) > limit {
			return limit + 1
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}
