package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skillgen/generator"
	"skillgen/generator/diag"
)

func newList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "Show which framework has which skill, with its tokens, or why there is none",
		Long:  "list prints the matrix: one line for each framework and workflow, with the skill's name and its tokens (o200k_base), or the reason why there is no skill.",
		Example: `  skillgen list
  skillgen list --format json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runList(a) },
	}
}

func runList(a *app) error {
	w, err := a.open()
	if err != nil {
		return err
	}
	defer w.tree.Close()
	c, err := a.compile(w, generator.Options{})
	if err != nil {
		return err
	}
	if c.Plan == nil {
		return a.verdict(w, c)
	}
	if a.format == "json" {
		err = printMatrixJSON(a, c)
	} else if err = a.show(w, c.Findings); err == nil {
		err = printMatrix(a, c)
	}
	if err != nil {
		return fmt.Errorf("printing the matrix: %w", err)
	}
	if c.Failed(a.strict) {
		return errContent
	}
	return nil
}

// cell is one line of the matrix.
type cell struct {
	Framework string `json:"framework,omitempty"`
	Workflow  string `json:"workflow"`
	Skill     string `json:"skill,omitempty"`
	Tokens    int    `json:"tokens,omitempty"` // o200k_base
	Note      string `json:"note,omitempty"`   // why there is no skill
}

// matrix lists all cells, by framework and workflow; standalone skills come first.
func matrix(c *generator.Compilation) []cell {
	cells := []cell{}
	for _, s := range c.Skills {
		cells = append(cells, cell{s.Plan.FrameworkID(), s.Plan.Workflow.Name, s.Plan.Name, s.Tokens.Total, ""})
	}
	for _, s := range c.Plan.Skipped {
		cells = append(cells, cell{Framework: s.Framework, Workflow: s.Workflow, Note: s.Why})
	}
	slices.SortStableFunc(cells, func(x, y cell) int {
		return cmp.Or(strings.Compare(x.Framework, y.Framework), strings.Compare(x.Workflow, y.Workflow))
	})
	return cells
}

func printMatrixJSON(a *app, c *generator.Compilation) error {
	findings := c.Findings
	if findings == nil {
		findings = []diag.Finding{}
	}
	return diag.WriteJSON(a.stdout, struct {
		Schema   int            `json:"schema"`
		Findings []diag.Finding `json:"findings"`
		Matrix   []cell         `json:"matrix"`
	}{1, findings, matrix(c)})
}

func printMatrix(a *app, c *generator.Compilation) error {
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "FRAMEWORK\tWORKFLOW\tSKILL\tTOKENS\tNOTE")
	for _, x := range matrix(c) {
		tokens := ""
		if x.Skill != "" {
			tokens = thousands(x.Tokens)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", cmp.Or(x.Framework, "–"), x.Workflow, cmp.Or(x.Skill, "–"), tokens, diag.Terminal(x.Note))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) { // most have no note
		if _, err := fmt.Fprintln(a.stdout, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// thousands writes n with commas between groups of three digits.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
