package project

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/diag"
)

// scope says which tags a template may hold.
type scope uint8

const (
	pageScope  scope = iota // skill.md: everything
	proseScope              // stages, partials, files that are brought along: no sections
	lineScope               // a description: values and conditions
)

// Limits on templates.
const (
	maxDepth  = 32  // ifs in one another; partials in one another
	maxFaults = 100 // findings about one template before the rest is left alone
)

// braces is the hint for whoever did not mean a template at all.
const braces = `the braces themselves are written \{{`

var (
	valueNames   = []string{"product", "prefix", "title", "name", "id", "workflow", "version"}
	sectionNames = []string{"stages", "rules", "guidance", "docs", "example"}
	tagWords     = slices.Concat(valueNames, sectionNames, []string{"partial", "ref", "if", "else", "end", "raw"})
)

// compile parses the text of t into its program and reports what the language does not know. What a name means is left to the linker.
func (t *Template) compile(s scope, r *report) {
	items, faults := lex(t.text.S)
	c := compiler{template: t, scope: s, faults: faults}
	for _, it := range items {
		c.line = append(c.line, it)
		if it.kind == textItem && t.text.S[it.end-1] == '\n' {
			c.endLine()
		}
	}
	c.endLine()
	c.finish()
	t.ops = c.ops
	r.faults(t, c.faults)
}

// faults reports what is wrong in t.
func (r *report) faults(t *Template, faults []fault) {
	slices.SortStableFunc(faults, func(a, b fault) int { return a.start - b.start })
	for i, f := range faults {
		if i == maxFaults {
			r.add("template", t.place(f.start, f.end), fmt.Sprintf("%d more faults in this file, from here on", len(faults)-i), "mend the first ones and look again")
			return
		}
		r.add(f.id, t.place(f.start, f.end), f.message, f.hint)
	}
}

// compiler makes a program of items, line by line: whether a tag stands alone shows only when its line is complete.
type compiler struct {
	template *Template
	scope    scope
	line     []item
	ops      []op
	open     []block // ifs that have no end yet
	raw      *item   // {{raw}} that has no end yet
	seen     map[string]bool
	faults   []fault
}

// block is an if that has no end yet.
type block struct {
	item   item
	branch int // index of the op that must learn where to go on: the if's, or after else, the jump's before it
	isElse bool
}

func (c *compiler) text(it item) string { return c.template.text.S[it.start:it.end] }

func (c *compiler) fault(it item, message, hint string) {
	c.faults = append(c.faults, fault{"template", it.start, it.end, message, hint})
}

// endLine compiles the line that is complete.
func (c *compiler) endLine() {
	tags, comments, ink := 0, 0, false
	for _, it := range c.line {
		switch it.kind {
		case tagItem:
			tags++
		case commentItem:
			comments++
		case escapeItem:
			ink = true
		default:
			ink = ink || strings.TrimLeft(c.text(it), " \t\n") != ""
		}
	}
	switch {
	case !ink && tags == 1:
		c.lone()
	case !ink && tags == 0 && comments > 0:
	default:
		c.mixed(comments > 0)
	}
	c.line = c.line[:0]
}

// lone compiles a line that holds one tag and nothing else.
func (c *compiler) lone() {
	indent := ""
	if c.line[0].kind == textItem {
		indent = c.text(c.line[0])
	}
	tag := c.line[slices.IndexFunc(c.line, func(it item) bool { return it.kind == tagItem })]
	if c.raw == nil && isRef(c.text(tag)) { // an address is part of a line
		c.mixed(true)
		return
	}
	c.tag(tag, &indent)
}

func isRef(tag string) bool { return strings.HasPrefix(tag, "{{ref ") }

// mixed compiles a line of which something comes out.
func (c *compiler) mixed(comments bool) {
	if comments {
		c.tidy()
	}
	for _, it := range c.line {
		switch it.kind {
		case textItem:
			c.write(it)
		case escapeItem:
			it.start++
			c.write(it)
		case tagItem:
			c.tag(it, nil)
		}
	}
}

// tidy takes the blanks along that a comment would leave behind where it is the first or the last thing in its line: two of them at the end
// would break the line.
func (c *compiler) tidy() {
	for i, cut := 0, false; i < len(c.line) && c.blank(i); i++ {
		it := &c.line[i]
		if cut && it.kind == textItem {
			it.start = it.end - len(strings.TrimLeft(c.text(*it), " \t"))
		}
		cut = cut || it.kind == commentItem
		if i+1 < len(c.line) && cut && c.line[i+1].kind == textItem && !c.blank(i+1) {
			next := &c.line[i+1]
			next.start = next.end - len(strings.TrimLeft(c.text(*next), " \t"))
		}
	}
	for i, cut := len(c.line)-1, false; i >= 0; i-- {
		it := &c.line[i]
		if it.kind == textItem {
			s := c.text(*it)
			switch {
			case strings.HasSuffix(s, "\n"):
				if strings.Trim(s, " \t\n") != "" {
					return
				}
				it.start = it.end - 1
			case cut:
				it.end -= len(s) - len(strings.TrimRight(s, " \t"))
			}
		}
		if !c.blank(i) {
			return
		}
		cut = cut || it.kind == commentItem
	}
}

// blank reports whether item i of the line puts out nothing but blanks.
func (c *compiler) blank(i int) bool {
	it := c.line[i]
	return it.kind == commentItem || it.kind == textItem && strings.Trim(c.text(it), " \t\n") == ""
}

// write makes text come out. Texts that follow each other in the file are one op.
func (c *compiler) write(it item) {
	if it.start == it.end {
		return
	}
	if n := len(c.ops); n > 0 && c.ops[n-1].kind == textOp && c.ops[n-1].end == it.start {
		c.ops[n-1].end = it.end
		return
	}
	c.op(op{kind: textOp}, it)
}

func (c *compiler) op(o op, it item) {
	o.start, o.end, o.line = it.start, it.end, c.template.line+it.line
	if c.template.base < 0 {
		o.line = c.template.line
	}
	c.ops = append(c.ops, o)
}

// on notes the indentation of a tag that has its line for itself; nil for any other.
func (o op) on(indent *string) op {
	if indent != nil {
		o.alone, o.indent = true, *indent
	}
	return o
}

// tag compiles one tag; indent is what stands before it where it has its line for itself, else nil.
func (c *compiler) tag(it item, indent *string) {
	body := strings.TrimSuffix(strings.TrimPrefix(c.text(it), "{{"), "}}")
	if c.raw != nil { // the lexer lets nothing through but the {{end}} of it
		c.raw = nil
		return
	}
	word, rest, _ := strings.Cut(body, " ")
	switch {
	case word == "if":
		c.ifTag(it, rest)
	case body == "else":
		c.elseTag(it)
	case body == "end":
		c.endTag(it)
	case body == "raw":
		c.raw = &it
	case word == "partial":
		c.partial(it, rest, indent)
	case word == "ref":
		c.ref(it, rest)
	case slices.Contains(valueNames, body):
		c.op(op{kind: valueOp, name: body}.on(indent), it)
	case isVariable(body):
		c.op(op{kind: varOp, name: strings.TrimPrefix(body, "vars.")}.on(indent), it)
	case slices.Contains(sectionNames, body):
		c.section(it, body, indent)
	default:
		c.unknown(it, body)
	}
}

func isVariable(s string) bool {
	key, ok := strings.CutPrefix(s, "vars.")
	return ok && keyPattern.MatchString(key)
}

// unknown reports a tag that the language does not have.
func (c *compiler) unknown(it item, body string) {
	hint := braces
	if meant := meant(strings.TrimSpace(body)); meant != "" {
		hint = "did you mean " + meant + "? If not: " + hint
	}
	c.fault(it, fmt.Sprintf("%s is not part of the template language", shorten(c.text(it))), hint)
}

// meant guesses what an unknown tag was to be; "" where nothing comes near.
func meant(body string) string {
	word, rest, _ := strings.Cut(strings.TrimLeft(body, "#>.~-@$ "), " ")
	switch {
	case strings.HasPrefix(word, "/"):
		return "{{end}}"
	case strings.HasPrefix(body, ">"):
		return "{{partial NAME}}"
	case foreign[word] != "":
		return foreign[word]
	case word == "if" || word == "ref" || word == "partial":
		return "{{" + strings.TrimRight(word+" "+rest, " ") + "}}"
	case rest != "":
		return ""
	case slices.Contains(tagWords, word) || isVariable(word):
		return "{{" + word + "}}"
	}
	if near := diag.Suggest(word, tagWords); near != "" {
		return "{{" + near + "}}"
	}
	return ""
}

// foreign are words of other template languages.
var foreign = map[string]string{
	"endif": "{{end}}", "fi": "{{end}}", "elif": "{{else}} with an {{if …}} in it", "elseif": "{{else}} with an {{if …}} in it", "include": "{{partial NAME}}",
	"unless": "{{if not …}}", "link": "{{ref …}}", "verbatim": "{{raw}}", "endraw": "{{end}}", "var": "{{vars.KEY}}", "vars": "{{vars.KEY}}",
}

// shorten cuts a tag for a message.
func shorten(s string) string {
	const limit = 60
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit]) + "…"
}

func (c *compiler) ifTag(it item, rest string) {
	o := op{kind: ifOp}
	words := strings.Split(rest, " ")
	if words[0] == "not" {
		o.not = true
		words = words[1:]
	}
	switch {
	case len(words) != 1 || words[0] == "" || words[0] == "not":
		c.fault(it, "{{if}} asks for one thing", "{{if TAG}}, {{if not TAG}} or {{if vars.KEY}}; for both of two, put one {{if}} in the other")
	case isVariable(words[0]):
		o.isVar, o.name = true, strings.TrimPrefix(words[0], "vars.")
	case !tagPattern.MatchString(words[0]):
		c.fault(it, fmt.Sprintf("%q can't be a tag", words[0]), "a tag has lower-case letters, digits, dots, hyphens and underscores")
	default:
		o.name = words[0]
	}
	if len(c.open) == maxDepth {
		c.fault(it, fmt.Sprintf("more than %d {{if}}s in one another", maxDepth), "")
	}
	c.open = append(c.open, block{item: it, branch: len(c.ops)})
	c.op(o, it)
}

func (c *compiler) elseTag(it item) {
	if len(c.open) == 0 {
		c.fault(it, "{{else}} without {{if}}", braces)
		return
	}
	b := &c.open[len(c.open)-1]
	if b.isElse {
		c.fault(it, "a second {{else}} for one {{if}}", "put an {{if}} with its own {{end}} into the first")
		return
	}
	c.op(op{kind: jumpOp}, it)
	c.ops[b.branch].to = len(c.ops)
	b.branch, b.isElse = len(c.ops)-1, true
}

func (c *compiler) endTag(it item) {
	if len(c.open) == 0 {
		c.fault(it, "{{end}} without {{if}} or {{raw}}", braces)
		return
	}
	c.ops[c.open[len(c.open)-1].branch].to = len(c.ops)
	c.open = c.open[:len(c.open)-1]
}

func (c *compiler) partial(it item, name string, indent *string) {
	switch {
	case c.scope == lineScope:
		c.fault(it, "a partial can't stand in a single line of text", "write it out, or take a variable: {{vars.KEY}}")
	case !namePattern.MatchString(name):
		c.fault(it, fmt.Sprintf("{{partial}} needs the name of one partial, not %q", shorten(name)), "{{partial NAME}} takes partials/NAME.md")
	default:
		c.op(op{kind: partialOp, name: name}.on(indent), it)
	}
}

func (c *compiler) ref(it item, rest string) {
	kind, target, _ := strings.Cut(rest, " ")
	o := op{name: target}
	switch {
	case c.scope == lineScope:
		c.fault(it, "a reference can't stand in a single line of text", "")
		return
	case rest == "example":
		o.kind = exampleOp
	case kind == "stage":
		n, err := strconv.Atoi(target)
		if err != nil || n < 1 || strconv.Itoa(n) != target {
			c.fault(it, fmt.Sprintf("{{ref stage}} needs the number of a stage, not %q", shorten(target)), "stages are numbered 1, 2, 3 …, whatever the numbers of their files")
			return
		}
		o.kind, o.number = stageOp, n
	case kind == "page" && pageName(target) != "" && !strings.Contains(target, " "):
		if message, hint := sourceName(pageName(target)); message != "" {
			c.fault(it, fmt.Sprintf("the page %q %s", shorten(target), message), hint)
			return
		}
		o.kind = pageOp
	default:
		c.fault(it, fmt.Sprintf("{{ref}} does not lead to %q", shorten(rest)), "{{ref example}}, {{ref stage 2}} or {{ref page URL-or-path}}")
		return
	}
	c.op(o, it)
}

// pageName cuts the fragment off a reference to a page.
func pageName(target string) string {
	name, _, _ := strings.Cut(target, "#")
	return name
}

func (c *compiler) section(it item, name string, indent *string) {
	switch {
	case c.scope != pageScope:
		c.fault(it, fmt.Sprintf("the section {{%s}} belongs into skill.md", name), braces)
	case indent == nil || *indent != "":
		c.fault(it, fmt.Sprintf("{{%s}} must stand alone on its line, at the margin", name), "it is replaced by a whole section of the skill")
	case it.fenced:
		c.fault(it, fmt.Sprintf("{{%s}} stands in a code fence", name), "close the fence before it; "+braces)
	case c.seen[name]:
		c.fault(it, fmt.Sprintf("{{%s}} stands here a second time", name), "a skill has each section once")
	default:
		if c.seen == nil {
			c.seen = map[string]bool{}
		}
		c.seen[name] = true
		c.op(op{kind: sectionOp, name: name}, it)
	}
}

// finish reports what never ended.
func (c *compiler) finish() {
	if c.raw != nil {
		c.fault(*c.raw, "{{raw}} without {{end}}", "end it with {{end}}")
	}
	for _, b := range c.open {
		c.fault(b.item, "{{if}} without {{end}}", "end it with {{end}}")
		c.ops[b.branch].to = len(c.ops)
	}
}
