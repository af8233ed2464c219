package docs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
)

// outlineOfTree writes tables, footnotes and paragraphs of a tree, one a line.
func outlineOfTree(t *Tree) string {
	var b strings.Builder
	lines := func(n ast.Node) string { return strings.TrimSuffix(string(n.Lines().Value(t.Source)), "\n") }
	ast.Walk(t.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { //nolint:errcheck // the function never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *table.Table:
			fmt.Fprintf(&b, "table at %d:", n.Pos())
			for _, a := range n.Alignments {
				b.WriteString(" " + a.String())
			}
			b.WriteString("\n")
		case *table.TableHeader, *table.TableRow:
			b.WriteString("row")
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				fmt.Fprintf(&b, " %q", lines(c))
			}
			b.WriteString("\n")
		case *ast.Paragraph, *ast.TextBlock:
			fmt.Fprintf(&b, "text %q\n", lines(n))
		case *Footnote:
			b.WriteString("note " + n.Label() + "\n")
		case *FootnoteMark:
			b.WriteString("mark " + n.Label() + "\n")
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func TestParseTree(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a table", "| a | b |\n|---|:-:|\n| 1 | 2 |\n", "table at 0: none center\nrow \"a\" \"b\"\nrow \"1\" \"2\"\n"},
		{"without bars at the sides", "a|b\n-:|:-\n1|2\n", "table at 0: right left\nrow \"a\" \"b\"\nrow \"1\" \"2\"\n"},
		{"rows keep what is written", "|a|b|\n|-|-|\n|1|\n|1|2|3|\n||2|\n", "table at 0: none none\nrow \"a\" \"b\"\nrow \"1\"\nrow \"1\" \"2\" \"3\"\nrow \"\" \"2\"\n"},
		{"bars in code and after backslashes", "|a|b|\n|-|-|\n|`x\\|y`|\\||\n|\\\\|2|\n", "table at 0: none none\nrow \"a\" \"b\"\nrow \"`x\\\\|y`\" \"\\\\|\"\nrow \"\\\\\\\\\" \"2\"\n"},
		{"after a paragraph", "text\n| a |\n| - |\n| 1 |\n\nmore\n", "text \"text\"\ntable at 5: none\nrow \"a\"\nrow \"1\"\ntext \"more\"\n"},
		{"in a list", "- | a | b |\n  |---|---|\n  | 1 | 2 |\n", "table at 2: none none\nrow \"a\" \"b\"\nrow \"1\" \"2\"\n"},
		{"other columns than the line below", "| a | b |\n|---|\n", "text \"| a | b |\\n|---|\"\n"},
		{"no line of dashes", "| a | b |\n|---|x--|\n|--:-|-|\n", "text \"| a | b |\\n|---|x--|\\n|--:-|-|\"\n"},
		{"footnotes", "a[^X] b[^none]\n\n[^x]: said\n", "text \"a[^X] b[^none]\"\nmark X\nnote x\ntext \"said\"\n"},
	} {
		tree, fault := ParseTree(tt.text)
		if fault != "" {
			t.Errorf("%s: %s", tt.name, fault)
			continue
		}
		if got := outlineOfTree(tree); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// What pages may not hold has no tree; what is left takes time in line with its size, a wide header over short rows too.
func TestParseTreeOfHostileText(t *testing.T) {
	if tree, fault := ParseTree(strings.Repeat(">", 1000) + " deep\n"); tree != nil || !strings.Contains(fault, "nested") {
		t.Errorf("tree %v, fault %q", tree, fault)
	}
	wide := strings.Repeat("|a", 1000) + "|\n" + strings.Repeat("|-", 1000) + "|\n" + strings.Repeat("|x\n", 45) + "\n"
	start := time.Now()
	tree, fault := ParseTree(strings.Repeat(wide, 50))
	if fault != "" {
		t.Fatal(fault)
	}
	cells := 0
	ast.Walk(tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { //nolint:errcheck // the function never fails
		if _, ok := n.(*table.TableCell); ok && entering {
			cells++
		}
		return ast.WalkContinue, nil
	})
	if want := 50 * 1045; cells != want {
		t.Errorf("%d cells, want %d", cells, want)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Headings of a tree read as the compiler's do, so that their anchors are equal.
func TestTreeHeadings(t *testing.T) {
	const text = "# A `b` *c* [d](e) ![f](g) &amp; \\*\n\nSet\next\n===\n\n- ## in a list\n"
	tree, fault := ParseTree(text)
	if fault != "" {
		t.Fatal(fault)
	}
	var got []string
	ast.Walk(tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { //nolint:errcheck // the function never fails
		if h, ok := n.(*ast.Heading); ok && entering {
			got = append(got, tree.HeadingText(h))
		}
		return ast.WalkContinue, nil
	})
	headings, _ := Headings(text)
	for i, h := range headings {
		if i >= len(got) || got[i] != h.Text {
			t.Fatalf("headings %q, the compiler reads %q", got, h.Text)
		}
	}
	if len(got) != 3 || len(headings) != 3 {
		t.Errorf("%d headings and %d, want 3", len(got), len(headings))
	}
}
