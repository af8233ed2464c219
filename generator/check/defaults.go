package check

import "skillgen/generator/project"

// DefaultBudget returns the limits that hold where a project sets none.
func DefaultBudget() project.Budget {
	return project.Budget{Head: defaultHead, Skill: defaultSkill, Stage: defaultStage, Page: defaultPage, Example: defaultExample}
}
