package emit

import (
	"strings"
	"sync"

	"skillgen/generator/example"
	"skillgen/generator/facts"
	"skillgen/generator/source"
)

// Meter counts tokens, each block once, however many skills hold it. Its zero value is ready; it is safe for concurrent use.
type Meter struct {
	prose sync.Map // *source.Prose → int
	text  sync.Map // paragraph → int
	deps  sync.Map // *example.Airplane → string
}

// Prose counts a block that skills share by pointer: a page, a rule, a file of an airplane.
func (m *Meter) Prose(p *source.Prose) int {
	if n, ok := m.prose.Load(p); ok {
		return n.(int)
	}
	n := facts.Tokens(p.Body)
	m.prose.Store(p, n)
	return n
}

// Text counts text that was made for one skill. Most of its paragraphs are those of other skills.
func (m *Meter) Text(s string) int {
	total := 0
	for s != "" {
		end := strings.Index(s, "\n\n")
		if end < 0 {
			end = len(s)
		} else {
			end += 2
		}
		paragraph := s[:end]
		s = s[end:]
		n, ok := m.text.Load(paragraph)
		if !ok {
			n = facts.Tokens(paragraph)
			m.text.Store(strings.Clone(paragraph), n)
		}
		total += n.(int)
	}
	return total
}

// versions returns what the manifests at the top of an airplane pin, as a sentence's part; empty where none does.
func (m *Meter) versions(a *example.Airplane) string {
	if s, ok := m.deps.Load(a); ok {
		return s.(string)
	}
	s := pinned(a)
	m.deps.Store(a, s)
	return s
}
