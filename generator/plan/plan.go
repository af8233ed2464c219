// Package plan decides what each skill holds: workflow × framework → skill. It is pure.
package plan

// Skill is what one skill will hold.
type Skill struct {
	Name        string
	Framework   string // id; empty for a standalone skill
	Workflow    string
	Title       string
	Description string
}
