package project

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"skillgen/generator/source"
)

// Limits on YAML. They are checked before anything recurses or decodes.
const (
	maxYAML     = 64 << 10 // bytes of one document
	maxFlow     = 8        // brackets and braces in one another
	maxIndent   = 16       // lists and maps in one another
	maxBlank    = 100      // blank lines on end, and < on end: for these the decoder's time grows with the square of the number
	maxRefusals = 10       // findings about one document before the rest is left alone
)

// readYAML reads one YAML document of f, f.Text[from:to], as a tree of nodes. It returns nil where the document is empty or can't be read;
// the findings say why. Nothing of YAML that can surprise is let in: no anchors, aliases, tags, merge keys, directives, tabs, complex keys
// or further documents.
func readYAML(f *source.File, from, to int, r *report) *node {
	y := &yamlReader{file: f, from: from, text: f.Text[from:to], report: r}
	if !y.admit() {
		return nil
	}
	if !y.tokenize() || !y.locate() || !y.refuse() {
		return nil
	}
	body := y.parse()
	if body == nil {
		return nil
	}
	before := len(r.findings)
	n := y.convert(body, "the document")
	if len(r.findings) > before {
		return nil
	}
	return n
}

// yamlReader reads one document. The decoder's own positions are not used: they are off after multi-line scalars, escapes and wide
// characters. Instead every token is found again in the text, in order; whatever does not turn up is a finding, so that a token which the
// decoder drops or mangles is never lost silently.
type yamlReader struct {
	*report
	file *source.File
	from int    // offset of text in file
	text string // the document

	tokens token.Tokens
	spans  []extent                // of tokens, by index
	index  map[*token.Token]extent // of tokens
}

// extent is a run of bytes of the document.
type extent struct {
	start, end int
	cut        bool // a comment follows on the same line
}

func (y *yamlReader) span(start, end int) source.Span {
	return source.Span{File: y.file, Start: y.from + start, End: y.from + end}
}

func (y *yamlReader) fault(e extent, message, hint string) {
	y.add("yaml", y.span(e.start, e.end), message, hint)
}

// admit refuses what must not even reach the tokenizer.
func (y *yamlReader) admit() bool {
	if len(y.text) > maxYAML {
		y.fault(extent{start: 0, end: 0}, fmt.Sprintf("%d bytes of YAML are more than the %d that skillgen reads", len(y.text), maxYAML),
			"is this the right file? Prose belongs below the front matter")
		return false
	}
	if at := y.longRun(); at >= 0 {
		y.fault(extent{start: at, end: at}, fmt.Sprintf("more than %d blank lines, or <, on end", maxBlank), "shorten them")
		return false
	}
	fine := true
	for at, left := 0, maxRefusals; left > 0; left-- {
		i := strings.IndexByte(y.text[at:], '\t')
		if i < 0 {
			break
		}
		at += i
		end := at + len(y.text[at:]) - len(strings.TrimLeft(y.text[at:], "\t"))
		y.fault(extent{start: at, end: end}, "a tab in YAML", `indent with spaces; inside double quotes a tab is written \t`)
		fine, at = false, end
	}
	return fine
}

// longRun returns where more than maxBlank blank lines or < begin, -1 where nowhere.
func (y *yamlReader) longRun() int {
	at, angles, lines, start := 0, 0, 0, 0
	for line := range strings.Lines(y.text) {
		if strings.Trim(line, " \n") != "" {
			lines = 0
		} else if lines++; lines == 1 {
			start = at
		}
		if lines > maxBlank {
			return start
		}
		for i := range len(line) {
			if line[i] != '<' {
				angles = 0
			} else if angles++; angles > maxBlank {
				return at + i - maxBlank
			}
		}
		at += len(line)
	}
	return -1
}

// guard turns a panic of the decoder into a finding.
func (y *yamlReader) guard(ok *bool) {
	if p := recover(); p != nil {
		y.fault(extent{}, fmt.Sprintf("the YAML decoder gave up: %v", p), "write it more simply: one key a line, odd values in double quotes")
		*ok = false
	}
}

func (y *yamlReader) tokenize() (ok bool) {
	defer y.guard(&ok)
	y.tokens = lexer.Tokenize(y.text + "\n") // without a line end, a folded block loses its last fold
	return true
}

// locate finds each token in the text.
func (y *yamlReader) locate() bool {
	l := locator{text: y.text}
	y.index = make(map[*token.Token]extent, len(y.tokens))
	for _, t := range y.tokens {
		if t.Type == token.InvalidType {
			e := l.at()
			message, hint := explainYAML(t.Error, y.text[e.start:])
			y.fault(e, message, hint)
			return false
		}
		e, ok := l.next(t)
		if !ok {
			y.fault(l.stop(e.start), "this YAML can't be read with certainty from here on", "put the value in double quotes, or start a block with |")
			return false
		}
		if t.Type == token.CommentType && len(y.spans) > 0 {
			y.markCut(e)
		}
		y.spans = append(y.spans, e)
		y.index[t] = e
	}
	if e := l.at(); e.start < len(y.text) {
		y.fault(e, "this YAML can't be read with certainty from here on", "put the value in double quotes, or start a block with |")
		return false
	}
	return true
}

// markCut notes on the token before a comment that the comment ends its line.
func (y *yamlReader) markCut(comment extent) {
	last := len(y.spans) - 1
	if before := y.spans[last]; !strings.Contains(y.text[before.end:comment.start], "\n") {
		y.spans[last].cut = true
		y.index[y.tokens[last]] = y.spans[last]
	}
}

// refused names the parts of YAML that skillgen does not take.
var refused = map[token.Type][2]string{
	token.AnchorType:         {"an anchor (&)", "write the value out where it is needed; a text that begins with & needs double quotes"},
	token.AliasType:          {"an alias (*)", "write the value out; a text that begins with * needs double quotes"},
	token.TagType:            {"a YAML tag (!)", "leave it out; a text that begins with ! needs double quotes"},
	token.MergeKeyType:       {"a merge key (<<)", "write the keys out"},
	token.DirectiveType:      {"a YAML directive (%)", "leave it out; a text that begins with % needs double quotes"},
	token.MappingKeyType:     {"a complex key (?)", "write key: value; a text that begins with ? needs double quotes"},
	token.DocumentHeaderType: {"a second document (---)", "one file holds one document; leave the line of dashes out"},
	token.DocumentEndType:    {"an end of document (...)", "leave the line out"},
}

// refuse reports tokens that are not let in, and nesting beyond the limits.
func (y *yamlReader) refuse() bool {
	before := len(y.findings)
	d := depth{reader: y}
	for i, t := range y.tokens {
		if len(y.findings)-before == maxRefusals {
			break
		}
		if t.Type == token.DocumentHeaderType && y.leads(i) {
			continue
		}
		if why, ok := refused[t.Type]; ok {
			y.fault(y.spans[i], why[0]+" is not read", why[1])
		}
		if !d.see(i) {
			return false
		}
	}
	return len(y.findings) == before
}

// leads reports whether only comments stand before token i: a first line of dashes opens the one document that there is.
func (y *yamlReader) leads(i int) bool {
	return !slices.ContainsFunc(y.tokens[:i], func(t *token.Token) bool { return t.Type != token.CommentType })
}

// depth watches how deeply lists and maps stand in one another.
type depth struct {
	reader  *yamlReader
	flow    int
	columns []int // of the open block lists and maps
	line    int   // offset of the start of the line that was measured last
}

func (d *depth) see(i int) bool {
	y := d.reader
	switch y.tokens[i].Type {
	case token.MappingStartType, token.SequenceStartType:
		if d.flow++; d.flow > maxFlow {
			y.fault(y.spans[i], fmt.Sprintf("more than %d brackets in one another", maxFlow), "write it as a block")
			return false
		}
	case token.MappingEndType, token.SequenceEndType:
		d.flow--
	case token.SequenceEntryType:
		return d.open(y.spans[i])
	case token.MappingValueType:
		if i > 0 {
			return d.open(y.spans[i-1])
		}
	}
	return true
}

// open notes a block list or map at the column of e.
func (d *depth) open(e extent) bool {
	if d.flow > 0 {
		return true
	}
	y := d.reader
	if n := strings.LastIndexByte(y.text[d.line:e.start], '\n'); n >= 0 {
		d.line += n + 1
	}
	column := e.start - d.line
	for len(d.columns) > 0 && d.columns[len(d.columns)-1] >= column {
		d.columns = d.columns[:len(d.columns)-1]
	}
	d.columns = append(d.columns, column)
	if len(d.columns) > maxIndent {
		y.fault(e, fmt.Sprintf("more than %d lists and maps in one another", maxIndent), "no key of skillgen needs that")
		return false
	}
	return true
}

// parse runs the decoder's parser over the tokens. It returns nil for an empty document.
func (y *yamlReader) parse() (body ast.Node) {
	ok := true
	defer func() {
		if !ok {
			body = nil
		}
	}()
	defer y.guard(&ok)
	tree, err := parser.Parse(y.tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		y.syntax(err)
		return nil
	}
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			if body != nil {
				y.fault(y.index[doc.Body.GetToken()], "a second document is not read", "one file holds one document")
				return nil
			}
			body = doc.Body
		}
	}
	return body
}

func (y *yamlReader) syntax(err error) {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) {
		y.fault(extent{}, "not valid YAML: "+err.Error(), "")
		return
	}
	e := y.index[syntax.Token]
	message, hint := explainYAML(syntax.Message, y.text[e.start:])
	y.fault(e, message, hint)
}

// explainYAML puts a message of the decoder into words of a user's. rest is the text from the fault on.
func explainYAML(message, rest string) (string, string) {
	const quote = `put the value in double quotes: "…"`
	switch {
	case strings.Contains(message, "mapping value is not allowed in this context"):
		return `a value that holds ": " must be quoted`, quote
	case strings.Contains(message, "is a reserved character"):
		return fmt.Sprintf("a value must not begin with %q unless it is quoted", firstRune(rest)), quote
	case strings.Contains(message, "could not find end character of"):
		return "a quote that is never closed", `close it; inside double quotes a quote is written \"`
	case strings.Contains(message, "unknown escape character"):
		return `a \ that begins no escape, inside double quotes`, `write \\ for a backslash, or use single quotes`
	case strings.Contains(message, "found unexpected document separator"):
		return "a line of three dashes or dots inside a quoted value", `write the value on one line, with \n for a line break`
	case strings.Contains(message, "' or '"), strings.Contains(message, "end token"):
		return "a bracket or brace that is not closed here, or a comma too few", "inside brackets and braces, a value that holds one of [ ] { } , must be quoted"
	case strings.Contains(message, "implicit line break"):
		return "a key without a colon, or a value over several lines without quotes", `write key: value, and several lines as a block: key: |`
	case strings.Contains(message, "unexpected key name"), strings.Contains(message, "non-map value is specified"):
		return "this line is not part of the list or map above it: neither `key: value` nor `- entry`", "check its indentation, and the colon after the key"
	}
	return "not valid YAML: " + message, "check indentation and quotes; an odd value goes in double quotes"
}

func firstRune(s string) string {
	for _, c := range s {
		return string(c)
	}
	return ""
}
