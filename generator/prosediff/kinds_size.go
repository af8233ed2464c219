package prosediff

import (
	"fmt"
	"strconv"
)

// leastGrowth is how many tokens a skill must grow by before its growth is worth a word.
const leastGrowth = 500

// tokens returns the size of a skill.
func (w *world) tokens(f *folder) int {
	if f == nil {
		return 0
	}
	if f.given.Tokens > 0 {
		return f.given.Tokens
	}
	n := 0
	for _, file := range f.files {
		if file.content == prose {
			n += estimate(file.data)
		}
	}
	return n
}

// estimate guesses the number of tokens of English prose and code: close to one for four bytes, in a pass that costs nothing.
func estimate(data []byte) int { return (len(data) + 3) / 4 }

// findGrowth reports a skill that grew by more than a fifth, or beyond its budget.
func (s *skillDiff) findGrowth() {
	before, after := s.w.tokens(s.a), s.w.tokens(s.b)
	if s.a == nil || s.b == nil {
		return
	}
	if after-before >= leastGrowth && 5*(after-before) > before {
		percent := 100 * (after - before) / max(before, 1)
		c := s.add("token-growth", fmt.Sprintf("%d → %d tokens (+%d %%)", before, after, percent))
		s.onSkill(c)
		c.from, c.to = "", strconv.Itoa(percent/10)
	}
	if budget := s.w.options.Budget; budget > 0 && after > budget && before <= budget {
		c := s.add("token-budget-exceeded", fmt.Sprintf("%d tokens, the budget is %d", after, budget))
		s.onSkill(c)
		c.to = strconv.Itoa(budget)
	}
}

// onSkill says that c happened to the skill as a whole.
func (s *skillDiff) onSkill(c *Change) {
	head := func(f *folder) *Place {
		if f == nil || len(f.files) == 0 {
			return nil
		}
		for _, file := range f.files {
			if file.path == "SKILL.md" {
				return s.span(file, 1, 1)
			}
		}
		return s.filePlace(f.files[0])
	}
	c.Base, c.Revision = head(s.a), head(s.b)
}
