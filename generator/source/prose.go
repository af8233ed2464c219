package source

import "strings"

// Origin says where a line of output comes from.
type Origin struct {
	File      *File
	Line      int  // 1-based, in File
	Generated bool // skillgen made the line; File and Line name the input that caused it
}

// Run maps output lines from At (0-based, within its Prose) up to the next run. Line i of the run comes from line
// Origin.Line+i of the file; all lines of a generated run come from Origin.Line.
type Run struct {
	At int
	Origin
}

// RefKind says what a Slot points at.
type RefKind uint8

// What a slot can point at: a page (File, and Fragment for one of its headings), a heading of the same source (Fragment only, File is
// that source), the model airplane section, a stage (N).
const (
	RefPage RefKind = iota
	RefExample
	RefStage
)

// Slot is a link destination that depends on the skill it ends up in: an anchor, a path or an absolute URL.
type Slot struct {
	Start, End int     // bytes of Prose.Body that hold the destination to use where the target is not part of the skill; they may be empty
	Kind       RefKind //
	Path       string  // RefPage: path of the target page's file in the project
	Fragment   string  // heading of the target by its GitHub slug within that page alone; empty for the page
	N          int     // RefStage: 1-based position
	Title      string  // {{ref …}} only: empty. Reserved for the text of the link
	At         Span    // where the reference is written
	Must       bool    // template or guidance names it: an unresolved target is an error, not a fallback
}

// Heading is an ATX heading of a Prose.
type Heading struct {
	Offset int    // byte offset in Prose.Body of the heading's first #
	Line   int    // 0-based line in Prose.Body
	Level  int    // 1–6, as it stands in Body
	Text   string // plain text, without markup
	Slug   string // GitHub's slug of it, not numbered
	Local  string // GitHub's slug of it within its own source file, numbered there: what a #fragment of the source means
}

// Prose is Markdown on its way into a skill. Body is what is emitted, except for its slots; it is empty or ends in a newline.
// Every line of Body has an origin. Sorted: Runs by At, Slots by Start, Headings by Offset.
type Prose struct {
	Body     string
	Runs     []Run
	Slots    []Slot
	Headings []Heading
}

// Lines returns how many lines Body has.
func (p *Prose) Lines() int { return strings.Count(p.Body, "\n") }
