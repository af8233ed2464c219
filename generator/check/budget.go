package check

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
	"skillgen/generator/project"
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

// excess is a limit that does not hold.
type excess struct {
	id       string
	n, limit int
	severity diag.Severity
}

// exceeded holds n against the limits; one under budget.error makes an error.
func (b budget) exceeded(n int) (excess, bool) {
	switch {
	case b.strict > 0 && n > b.strict:
		return excess{b.id, n, b.strict, diag.Error}, true
	case n > b.limit:
		return excess{b.id, n, b.limit, diag.Warning}, true
	}
	return excess{}, false
}

// worse reports whether e says more than f about the same part.
func (e excess) worse(f excess) bool {
	return cmp.Or(cmp.Compare(e.severity, f.severity), cmp.Compare(e.n, f.n), cmp.Compare(f.limit, e.limit)) > 0
}

// finding says what is too long, and what of it weighs most.
func (e excess) finding(at diag.Place, what, unit, largest, hint string) diag.Finding {
	message := fmt.Sprintf("%s has %d %s; the budget is %d", what, e.n, unit, e.limit)
	if largest != "" {
		message += "; largest: " + largest
	}
	f := diag.New(e.id, at, message, hint)
	f.Severity = max(f.Severity, e.severity)
	return f
}

// vocabulary is what counts of tokens are labelled with: an agent's own tokenizer counts up to twice as many.
const vocabulary = "tokens (o200k_base)"

// budgets names what is too long, with its largest parts. What several skills share is named once, at its worst.
func budgets(s Subject) []diag.Finding {
	var all []diag.Finding
	type shared struct {
		excess
		skill *emit.Skill
		part  int
	}
	worst := map[string]shared{}
	for _, skill := range s.Skills {
		all = append(all, skillBudgets(skill)...)
		for i, part := range skill.Parts {
			e, over := partBudget(part.Kind, skill.Plan.Budget).exceeded(part.Tokens)
			key := string(part.Kind) + "\x00" + part.At.File.Path
			if old, known := worst[key]; over && (!known || e.worse(old.excess)) {
				worst[key] = shared{e, skill, i}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(worst)) {
		w := worst[key]
		all = append(all, partFinding(w.excess, w.skill.Parts, w.part))
	}
	return all
}

// partBudget returns the limits of a kind of part; none of its own has a file of an airplane.
func partBudget(kind emit.PartKind, b project.Budget) budget {
	switch kind {
	case emit.PartPage:
		return limit("budget-page", b, func(b project.Budget) int { return b.Page }, defaultPage)
	case emit.PartExample:
		return limit("budget-example", b, func(b project.Budget) int { return b.Example }, defaultExample)
	case emit.PartStage:
		return limit("budget-stage", b, func(b project.Budget) int { return b.Stage }, defaultStage)
	}
	return budget{limit: math.MaxInt}
}

func partFinding(e excess, parts []emit.Part, i int) diag.Finding {
	part, heavy := parts[i], ""
	if part.Kind == emit.PartExample { // its files stand before it
		from := i
		for from > 0 && parts[from-1].Kind == emit.PartFile {
			from--
		}
		heavy = largest(parts[from:i], 3)
	}
	key := strings.TrimPrefix(e.id, "budget-")
	return e.finding(diag.Place{File: part.At.File.Path}, fmt.Sprintf("%s %s", part.Kind, part.Name), vocabulary, heavy, "shorten it, leave parts out, or raise `budget."+key+"`")
}

func skillBudgets(skill *emit.Skill) []diag.Finding {
	var all []diag.Finding
	p := skill.Plan
	head := limit("budget-head", p.Budget, func(b project.Budget) int { return b.Head }, defaultHead)
	if e, over := head.exceeded(skill.Head); over {
		all = append(all, e.finding(p.At.Place(), "the head of "+p.Name, "bytes", "", "some agents are shown no more: shorten rules, description or the text of skill.md"))
	}
	total := limit("budget-skill", p.Budget, func(b project.Budget) int { return b.Skill }, defaultSkill)
	if e, over := total.exceeded(skill.Tokens.Total); over {
		all = append(all, e.finding(p.At.Place(), "skill "+p.Name, vocabulary, largest(skill.Parts, 3), "leave parts out, or raise `budget.skill`"))
	}
	return all
}

// largest names the n parts that weigh most; an airplane is named by its files.
func largest(parts []emit.Part, n int) string {
	leaves := slices.DeleteFunc(slices.Clone(parts), func(p emit.Part) bool { return p.Kind == emit.PartExample })
	slices.SortStableFunc(leaves, func(a, b emit.Part) int { return cmp.Compare(b.Tokens, a.Tokens) })
	var out []string
	for _, p := range leaves[:min(n, len(leaves))] {
		out = append(out, fmt.Sprintf("%s %s (%d)", p.Kind, p.Name, p.Tokens))
	}
	return strings.Join(out, ", ")
}
