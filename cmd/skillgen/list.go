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
  skillgen list -C path/to/project --quiet`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			w, err := a.open()
			if err != nil {
				return err
			}
			c, err := a.compile(w, generator.Options{})
			if err != nil {
				return err
			}
			if c.Plan == nil {
				return a.verdict(w, c)
			}
			if err := a.verdict(w, c); err != nil {
				return err
			}
			return printMatrix(a, c)
		},
	}
}

// cell is one line of the matrix.
type cell struct{ framework, workflow, skill, tokens, note string }

func printMatrix(a *app, c *generator.Compilation) error {
	var cells []cell
	for _, s := range c.Skills {
		cells = append(cells, cell{s.Plan.FrameworkID(), s.Plan.Workflow.Name, s.Plan.Name, thousands(s.Tokens.Total), ""})
	}
	for _, s := range c.Plan.Skipped {
		cells = append(cells, cell{s.Framework, s.Workflow, "–", "", s.Why})
	}
	slices.SortStableFunc(cells, func(x, y cell) int {
		return cmp.Or(strings.Compare(x.framework, y.framework), strings.Compare(x.workflow, y.workflow))
	})
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "FRAMEWORK\tWORKFLOW\tSKILL\tTOKENS\tNOTE")
	for _, x := range cells {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", cmp.Or(x.framework, "–"), x.workflow, x.skill, x.tokens, diag.Terminal(x.note))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("printing the matrix: %w", err)
	}
	for line := range strings.Lines(table.String()) { // most have no note
		if _, err := fmt.Fprintln(a.stdout, strings.TrimRight(line, " \n")); err != nil {
			return fmt.Errorf("printing the matrix: %w", err)
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
