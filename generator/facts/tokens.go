package facts

import (
	"hash/maphash"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/tiktoken-go/tokenizer/codec"
)

// maxPiece bounds what the tokenizer sees at once, in bytes, and maxBlank how much white space in one run: its pattern takes quadratic
// time on long runs. In pieces the cost of a text grows in line with its length, whatever it holds.
const (
	maxPiece = 4 << 10
	maxBlank = 256
)

// vocabulary is read on first use: it takes 15 ms, which a command that counts nothing should not pay. It is safe for concurrent use.
// codec is used directly, because the package above it links every other vocabulary as well.
var vocabulary = sync.OnceValue(codec.NewO200kBase)

// Tokens counts the tokens of s in the o200k_base vocabulary. It is safe for concurrent use.
//
// Long texts are counted in pieces that end where a line does and the next begins with a word or a sign, where a cut changes no count.
// Only a text without such a place for 4 KiB, or with a run of white space over 256 bytes, may count a few more than in one piece.
func Tokens(s string) int {
	n := 0
	for s != "" {
		end := pieceEnd(s)
		n += countPiece(s[:end])
		s = s[end:]
	}
	return n
}

// countPiece counts word by word: a word that was counted before, in whatever text, is not counted again.
func countPiece(piece string) int {
	n := 0
	for from, i := 0, 1; from < len(piece); i++ {
		if i == len(piece) || betweenWords(piece[i-1], piece[i]) {
			n += countWord(piece[from:i])
			from = i
		}
	}
	return n
}

// betweenWords reports whether a cut between two bytes changes no count. Every alternative of the tokenizer's pattern that matches something
// else than white space ends before a blank, those that end in letters or digits before a newline too; and what matches a newline ends before
// a letter.
func betweenWords(a, b byte) bool {
	switch {
	case b == ' ':
		return a > ' ' && a < 0x7f
	case b == '\n':
		return isLetter(a) || '0' <= a && a <= '9'
	case a == '\n':
		return isLetter(b)
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// Limits on what is remembered: words that no other text is likely to hold, and more of them than a language has, are not.
const (
	maxWord  = 40      // bytes
	maxWords = 1 << 13 // in each of the drawers
)

// words are the counts of words, in drawers, so that goroutines seldom wait for each other.
var words [64]struct {
	sync.RWMutex
	counts map[string]int
}

var wordSeed = maphash.MakeSeed()

func countWord(word string) int {
	if len(word) > maxWord {
		return count(word)
	}
	drawer := &words[maphash.String(wordSeed, word)%uint64(len(words))]
	drawer.RLock()
	n, ok := drawer.counts[word]
	drawer.RUnlock()
	if ok {
		return n
	}
	n = count(word)
	drawer.Lock()
	defer drawer.Unlock()
	if drawer.counts == nil {
		drawer.counts = map[string]int{}
	}
	if len(drawer.counts) < maxWords {
		drawer.counts[strings.Clone(word)] = n
	}
	return n
}

func count(s string) int {
	n, err := vocabulary().Count(s)
	if err != nil {
		return len(s) // can't happen without a time limit on the pattern; no text has more tokens than bytes
	}
	return n
}

// pieceEnd returns how many bytes of s to count at once; at least one where s is not empty.
func pieceEnd(s string) int {
	window := s[:min(len(s), maxPiece)]
	if i := longBlank(window); i > 0 {
		return i
	}
	if len(s) <= maxPiece {
		return len(s)
	}
	if i := cleanLineEnd(window); i > 0 {
		return i
	}
	if i := strings.LastIndexByte(window, '\n'); i >= 0 {
		return i + 1
	}
	if i := strings.LastIndexByte(window, ' '); i > 0 {
		return i // the space belongs to the word after it
	}
	end := len(window)
	for i := end; i > end-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return i
		}
	}
	return end // no UTF-8
}

// cleanLineEnd returns the offset after the last newline of window at which a cut changes no count, 0 where there is none: the tokenizer
// joins a newline with white space and slashes after it, and with nothing else.
func cleanLineEnd(window string) int {
	for i := len(window) - 1; i > 0; {
		i = strings.LastIndexByte(window[:i], '\n')
		if i < 0 {
			return 0
		}
		if next, _ := utf8.DecodeRuneInString(window[i+1:]); next != '/' && !unicode.IsSpace(next) && next != utf8.RuneError {
			return i + 1
		}
	}
	return 0
}

// longBlank returns the offset in window at which a run of white space reaches maxBlank bytes, 0 where none does.
func longBlank(window string) int {
	run := 0
	for i, r := range window {
		if !unicode.IsSpace(r) {
			run = 0
			continue
		}
		run += utf8.RuneLen(r)
		if run >= maxBlank {
			return i + utf8.RuneLen(r)
		}
	}
	return 0
}
