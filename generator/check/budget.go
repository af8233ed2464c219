package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// Default budgets: bytes for the head, else tokens of the o200k_base vocabulary.
const (
	defaultHead    = 8000
	defaultSkill   = 25000
	defaultStage   = 2000
	defaultPage    = 8000
	defaultExample = 12000
)

// budget is one limit and what may be wrong with it.
type budget struct {
	id     string
	limit  int
	strict int // under budget.error; 0: none
}

func limit(id string, b project.Budget, pick func(project.Budget) int, fallback int) budget {
	out := budget{id: id, limit: cmp.Or(pick(b), fallback)}
	if b.Error != nil {
		out.strict = pick(*b.Error)
	}
	return out
}

// exceeded makes the finding, or none. A limit under budget.error makes it an error.
func (b budget) exceeded(n int, at diag.Place, what, unit, hint string) []diag.Finding {
	over := func(limit int) diag.Finding {
		return diag.New(b.id, at, fmt.Sprintf("%s has %d %s; the budget is %d", what, n, unit, limit), hint)
	}
	switch {
	case b.strict > 0 && n > b.strict:
		f := over(b.strict)
		f.Severity = diag.Error
		return []diag.Finding{f}
	case n > b.limit:
		return []diag.Finding{over(b.limit)}
	}
	return nil
}

// budgets names what is too long, with its largest parts. What several skills share is named once, at its longest.
func budgets(s Subject) []diag.Finding {
	var all []diag.Finding
	longest := map[string]emit.Part{}
	limits := map[string]budget{}
	var order []string
	for _, skill := range s.Skills {
		b := skill.Plan.Budget
		all = append(all, skillBudgets(skill, b)...)
		for _, part := range skill.Parts {
			lim, ok := partLimit(part.Kind, b)
			if !ok {
				continue
			}
			key := string(part.Kind) + "\x00" + part.At.File.Path
			if old, seen := longest[key]; !seen {
				order = append(order, key)
			} else if old.Tokens >= part.Tokens {
				continue
			}
			longest[key], limits[key] = part, lim
		}
	}
	slices.Sort(order)
	for _, key := range order {
		part := longest[key]
		all = append(all, limits[key].exceeded(part.Tokens, at(part.At), fmt.Sprintf("%s %s", part.Kind, part.Name), "tokens (o200k)",
			"shorten it, leave parts out, or raise `budget."+strings.TrimPrefix(limits[key].id, "budget-")+"` of the framework")...)
	}
	return all
}

func at(s source.Span) diag.Place {
	if s.Start == s.End {
		return diag.Place{File: s.File.Path}
	}
	return s.Place()
}

func partLimit(kind emit.PartKind, b project.Budget) (budget, bool) {
	switch kind {
	case emit.PartPage:
		return limit("budget-page", b, func(b project.Budget) int { return b.Page }, defaultPage), true
	case emit.PartExample:
		return limit("budget-example", b, func(b project.Budget) int { return b.Example }, defaultExample), true
	case emit.PartStage:
		return limit("budget-stage", b, func(b project.Budget) int { return b.Stage }, defaultStage), true
	}
	return budget{}, false
}

func skillBudgets(skill *emit.Skill, b project.Budget) []diag.Finding {
	place := skill.Plan.At.Place()
	head := limit("budget-head", b, func(b project.Budget) int { return b.Head }, defaultHead)
	all := head.exceeded(skill.Head, place, "the head of "+skill.Plan.Name, "bytes", "some agents are shown no more: shorten rules, description or the text of skill.md")
	total := limit("budget-skill", b, func(b project.Budget) int { return b.Skill }, defaultSkill)
	return append(all, total.exceeded(skill.Tokens.Total, place, "skill "+skill.Plan.Name, "tokens (o200k)", "largest: "+largest(skill.Parts, 3))...)
}

// largest names the n parts that weigh most.
func largest(parts []emit.Part, n int) string {
	leaves := slices.DeleteFunc(slices.Clone(parts), func(p emit.Part) bool { return p.Kind == emit.PartExample })
	slices.SortStableFunc(leaves, func(a, b emit.Part) int { return cmp.Compare(b.Tokens, a.Tokens) })
	var out []string
	for _, p := range leaves[:min(n, len(leaves))] {
		out = append(out, fmt.Sprintf("%s %s (%d)", p.Kind, p.Name, p.Tokens))
	}
	return strings.Join(out, ", ")
}
