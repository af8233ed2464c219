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
	prose sync.Map // *source.Prose → func() int
	text  sync.Map // paragraph → int
	deps  sync.Map // *example.Airplane → func() versions
}

// Prose counts a block that skills share by pointer: a page, a file of an airplane.
func (m *Meter) Prose(p *source.Prose) int {
	return once(&m.prose, p, func() int { return facts.Tokens(p.Body) })
}

// Text counts text that was made for one skill. Most of its paragraphs are those of other skills.
func (m *Meter) Text(s string) int {
	total := 0
	for s != "" {
		end := len(s)
		if i := strings.Index(s, "\n\n"); i >= 0 {
			end = i + 2
		}
		n, known := m.text.Load(s[:end])
		if !known {
			n = facts.Tokens(s[:end])
			m.text.Store(strings.Clone(s[:end]), n)
		}
		total += n.(int)
		s = s[end:]
	}
	return total
}

// versions returns what the manifests of an airplane pin.
func (m *Meter) versions(a *example.Airplane) versions {
	return once(&m.deps, a, func() versions { return pinned(a) })
}

// once computes the value of a key, which other goroutines may want at the same time, a single time.
func once[T any](m *sync.Map, key any, compute func() T) T {
	value, known := m.Load(key)
	if !known {
		value, _ = m.LoadOrStore(key, sync.OnceValue(compute))
	}
	return value.(func() T)()
}
