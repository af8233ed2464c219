package docs

import (
	"fmt"
	"strings"
)

// What a text may hold before it counts as hostile. The figures lie far above what people write (4,720 files of real docs: depth up to 5,
// 1,833 cells) and far below what takes a parser of Markdown a noticeable time; the budgets are in bytes or comparisons, about a nanosecond
// each.
const (
	maxPage      = 5 << 20  // bytes of a page
	maxDepth     = 32       // containers in one another
	maxInline    = 64 << 10 // bytes of a paragraph or heading
	maxCells     = 50_000   // of a table
	maxNesting   = 32       // elements in one another in an HTML block
	maxSteps     = 500_000  // lines × the containers they stand in
	maxLabel     = 999      // bytes of a label (CommonMark §6.3)
	linkBudget   = 32 << 20 // bytes looked at for the destinations and labels of links
	codeBudget   = 32 << 20 // bytes looked at for the ends of code spans that have none
	starBudget   = 32 << 20 // pairs of emphasis marks that are compared
	defineBudget = 32 << 20 // pairs of lines in paragraphs made of reference definitions
)

// hostile is a place in a text that no parser should be given, and what is wrong there.
type hostile struct {
	at   int // offset
	what string
}

// prescan looks for what makes parsers slow or overflows their stack, in one pass; nil where there is nothing. It returns also what the text
// leaves open.
func prescan(s string) (leaf, *hostile) {
	if len(s) > maxPage {
		return leaf{}, &hostile{0, fmt.Sprintf("the page is larger than %d MiB", maxPage>>20)}
	}
	var c census
	open := scan(s, func(l *scanLine) bool {
		c.count(s, l)
		return c.found == nil
	})
	return open, c.found
}

// census counts what prescan limits.
type census struct {
	found   *hostile
	steps   int
	inline  int // offset of the paragraph that is open
	last    int // offset of the line before
	columns int // of the table that is open; 0: none
	table   int // offset of its header
	cells   int
	nesting int // of HTML elements
}

func (c *census) fault(at int, format string, args ...any) {
	if c.found == nil {
		c.found = &hostile{at, fmt.Sprintf(format, args...)}
	}
}

func (c *census) count(s string, l *scanLine) {
	if c.steps += l.depth; c.steps > maxSteps {
		c.fault(l.start, "too many lines stand in nested block quotes and lists")
	}
	if l.depth > maxDepth {
		c.fault(l.start, "block quotes and lists are nested more than %d deep", maxDepth)
	}
	switch l.kind {
	case textLine:
		c.text(s, l)
	case headingLine:
		if l.end-l.start > maxInline {
			c.fault(l.start, "a heading has more than %d KiB", maxInline>>10)
		}
	case htmlLine:
		if l.html >= 6 {
			c.html(s, l)
		}
	}
	c.last = l.start
}

func (c *census) text(s string, l *scanLine) {
	if l.first {
		c.inline, c.columns = l.start, 0
	}
	if l.end-c.inline > maxInline {
		c.fault(c.inline, "a paragraph has more than %d KiB", maxInline>>10)
	}
	switch {
	case c.columns > 0:
		c.cells += c.columns
	case !l.first:
		if c.columns = delimiterCells(s[l.text:l.end]); c.columns > 0 {
			c.table, c.cells = c.last, c.columns
		}
	}
	if c.columns > 0 && c.cells > maxCells {
		c.fault(c.table, "a table has more than %d cells", maxCells)
	}
}

// delimiterCells counts the cells of the line that stands below the header of a table (GitHub Flavored Markdown §4.10); 0 where it is none.
func delimiterCells(line string) int {
	if strings.IndexByte(line, '|') < 0 || strings.IndexByte(line, '-') < 0 || strings.Trim(line, "|-: \t") != "" {
		return 0
	}
	return strings.Count(strings.Trim(line, "| \t"), "|") + 1
}

func (c *census) html(s string, l *scanLine) {
	if l.first {
		c.nesting = 0
	}
	line := s[l.text:l.end]
	for {
		i := strings.IndexByte(line, '<')
		if i < 0 {
			return
		}
		line = line[i+1:]
		step := 1
		if strings.HasPrefix(line, "/") {
			line, step = line[1:], -1
		}
		n := tagName(line)
		if n == 0 || flatTags[strings.ToLower(line[:n])] {
			continue
		}
		if c.nesting = max(0, c.nesting+step); c.nesting > maxNesting {
			c.fault(l.start, "HTML elements are nested more than %d deep", maxNesting)
			return
		}
	}
}
