package verify

import (
	"strings"
	"sync"
)

// maxTail is how many bytes of a program's output are kept: its last ones.
const maxTail = 64 << 10

// tail is the end of what a program writes, however much that is. It is safe for concurrent use.
type tail struct {
	mu   sync.Mutex
	ring []byte
	next int  // where the next byte goes, once the ring is full
	cut  bool // bytes were dropped
}

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	written := len(p)
	if len(p) > maxTail {
		p, t.cut = p[len(p)-maxTail:], true
	}
	if room := maxTail - len(t.ring); room > 0 {
		n := min(room, len(p))
		t.ring, p = append(t.ring, p[:n]...), p[n:]
	}
	for len(p) > 0 {
		t.cut = true
		n := copy(t.ring[t.next:], p)
		t.next, p = (t.next+n)%maxTail, p[n:]
	}
	return written, nil
}

// text returns what is kept. Where bytes were dropped it begins with a whole line, if it holds one.
func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := string(t.ring[t.next:]) + string(t.ring[:t.next])
	if _, rest, ok := strings.Cut(s, "\n"); t.cut && ok {
		return rest
	}
	return s
}

// lastLines returns the last lines of a text, n at most, without blank ones at its end. A carriage return begins a line anew, as on a terminal:
// of a progress bar only the last state is shown.
func lastLines(s string, n int) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(s, "\r\n\t "), "\n") {
		line = strings.TrimRight(line, "\r")
		lines = append(lines, line[strings.LastIndexByte(line, '\r')+1:])
	}
	if len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return lines[max(len(lines)-n, 0):]
}
