package docs

import (
	"fmt"
	"html"
	"path"
	"strings"
	"unicode"
)

// componentKind is what becomes of a component.
type componentKind uint8

const (
	unknownComponent componentKind = iota
	childrenOnly                   // what it holds
	dropped
	callout
	titled // its title in bold, then what it holds
	steps
	step
	card       // its title as a link, then what it holds
	linkText   // a link in running text
	inlineText // words in running text
	tooltip    // words, and their explanation in parentheses
	picture
	film
	field // a parameter: name, type, and what it holds
	folderTree
	folder
	fileName
	typeTable
	codeText
	codeGroup
	markdownText // Markdown in a text
	partialText  // an imported page
)

// componentRow is a row of the table of components that sites of docs use: those of Docusaurus, Starlight, Fumadocs, Nextra, Mintlify, VitePress
// and what people call their own after them.
type componentRow struct {
	kind  componentKind
	names string
}

var componentRows = []componentRow{
	{childrenOnly, `Tabs TabGroup CodeTabs TabList TabPanels TabsList TabsContent CardGroup CardGrid Cards CardList Columns Column Cols Col Row Grid GridItem Stack Flex Box Container
		Section Wrapper Layout AccordionGroup Accordions Fragment Frame Center Zoom Panel RequestExample ResponseExample Tiles View Visibility If BrowserOnly
		ClientOnly Suspense Highlight`},
	{dropped, `Icon Head Meta Script Style Spacer Divider Separator Toc TOC TOCInline InlineTOC DocCardList DocsCards Analytics Comments Giscus Search SearchBar`},
	{callout, `Admonition Callout Aside Alert Note Tip Info Warning Warn Caution Danger Error Check Success Important Question Example Todo Remark`},
	{titled, `TabItem Tab TabPanel TabsTab Accordion AccordionItem Expandable Collapse Collapsible Toggle Spoiler Dropdown Details Update`},
	{steps, `Steps Stepper`},
	{step, `Step`},
	{card, `Card LinkCard Tile DocCard`},
	{linkText, `Link NavLink LinkButton Button Anchor`},
	{inlineText, `Badge Tag Pill Chip Kbd Key Mark Text Span Small Strong Version Since Property Variable`},
	{tooltip, `Tooltip Term Abbr Glossary GlossaryTerm Definition`},
	{picture, `Image Img ThemedImage Figure Screenshot Picture`},
	{film, `Video YouTube Youtube YoutubeEmbed YouTubeEmbed Vimeo Loom ReactPlayer LiteYouTubeEmbed Embed`},
	{field, `ParamField ResponseField Param Parameter Field ApiParam`},
	{folderTree, `FileTree Files Tree`},
	{folder, `Folder`},
	{fileName, `File`},
	{typeTable, `TypeTable`},
	{codeText, `CodeBlock Code SyntaxHighlighter DynamicCodeBlock`},
	{codeGroup, `CodeGroup CodeBlockTabs`},
	{markdownText, `Markdown ReactMarkdown MDXRemote`},
}

var componentKinds = func() map[string]componentKind {
	kinds := map[string]componentKind{}
	for _, row := range componentRows {
		for _, name := range strings.Fields(row.names) {
			kinds[name] = row.kind
		}
	}
	return kinds
}()

// siteKinds are what a site may say about its own components.
var siteKinds = map[string]componentKind{"callout": callout, "drop": dropped, "children": childrenOnly}

// calloutNames are the kinds of callouts by the names and types that components and directives give them.
var calloutNames = map[string]string{
	"note": "Note", "default": "Note", "secondary": "Note", "notice": "Note", "seealso": "See also", "remark": "Remark",
	"info": "Info", "information": "Info", "abstract": "Abstract", "summary": "Summary", "tldr": "Summary", "todo": "Todo",
	"tip": "Tip", "hint": "Hint", "check": "Success", "success": "Success", "done": "Success", "idea": "Tip",
	"important": "Important", "question": "Question", "help": "Question", "faq": "Question", "example": "Example", "quote": "Quote", "cite": "Quote",
	"warning": "Warning", "warn": "Warning", "attention": "Attention", "caution": "Caution", "deprecated": "Deprecated",
	"danger": "Danger", "error": "Error", "failure": "Failure", "fail": "Failure", "bug": "Bug", "destructive": "Danger",
}

// tellingKinds say more than that something stands aside: they are shown also where a callout has a title of its own.
var tellingKinds = wordSet("Warning Caution Attention Danger Error Important Tip Deprecated Bug Failure")

// kindOf says what becomes of a component.
func (u *unit) kindOf(name string) componentKind {
	if one, ok := u.imports[name]; ok {
		if one.member == "default" && isPartial(one.from) {
			return partialText
		}
	} else if name == "Snippet" {
		return partialText
	}
	if u.site != nil {
		if kind, ok := siteKinds[u.site.components[name]]; ok {
			return kind
		}
	}
	if kind, ok := componentKinds[name]; ok {
		return kind
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if kind, ok := componentKinds[name[i+1:]]; ok {
			return kind
		}
		return componentKinds[strings.ReplaceAll(name, ".", "")]
	}
	if one, ok := u.exports[name]; ok && !one.isValue || ok && strings.Contains(u.s[one.start:one.end], "=>") {
		if strings.Contains(u.s[one.start:one.end], "children") {
			return childrenOnly
		}
	}
	return unknownComponent
}

// isKnown reports whether a name is that of a component for sure.
func (u *unit) isKnown(name string) bool {
	_, imported := u.imports[name]
	_, exported := u.exports[name]
	return imported || exported || u.kindOf(name) != unknownComponent
}

// Attributes in which components keep words, the likeliest first.
var (
	titleAttrs = []string{"title", "label", "heading", "header", "question", "tab", "name", "value"}
	proseAttrs = []string{"description", "desc", "summary", "subtitle", "caption", "text", "message", "answer", "tip"}
	linkAttrs  = []string{"href", "to", "url", "link", "src"}
)

// words returns what the first attribute says that has one of the names, and says anything. One whose words are not known is noted as lost.
func (r *renderer) words(one *mark, names ...string) (jsValue, bool) {
	for _, name := range names {
		a, ok := one.tag.attr(name)
		if !ok {
			continue
		}
		v, ok := attrValue(r.s, a, r.known)
		if v.kind == jsElement && ok {
			v = jsValue{kind: jsText, text: elementText(r.s, v.start, v.end)}
		}
		text, known := v.words()
		switch {
		case !ok || !known:
			r.lost = append(r.lost, mark{start: a.start, end: a.end})
		case strings.TrimSpace(text) != "":
			v.text = text
			return v, true
		}
	}
	return jsValue{}, false
}

// attribute returns the plain text of an attribute; empty where it has none or is not known.
func (r *renderer) attribute(one *mark, names ...string) string {
	for _, name := range names {
		if a, ok := one.tag.attr(name); ok {
			if v, ok := attrValue(r.s, a, r.known); ok {
				if text, ok := v.words(); ok && text != "" {
					return text
				}
			}
		}
	}
	return ""
}

// has reports whether an attribute is there and not false.
func (r *renderer) has(one *mark, name string) bool {
	a, ok := one.tag.attr(name)
	return ok && (a.kind != jsxBraces || strings.TrimSpace(r.s[a.from:a.to]) != "false")
}

// takesLines reports whether a component is written as a block. In a table, a heading or the middle of a line it is not.
func (r *renderer) takesLines(open, close *mark) bool {
	l := r.lines[open.line]
	return !r.inline && !l.table && l.kind != headingLine && (r.alone(open, close) || open.line != close.line)
}

// componentMark writes a component.
func (r *renderer) componentMark(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	if r.nested++; r.nested > maxNest*maxIncludes {
		r.drop(open)
		r.nested--
		return
	}
	defer func() { r.nested-- }()
	switch kind := r.kindOf(open.tag.name); kind {
	case dropped:
		r.dropAll(open, close)
	case partialText:
		r.partialMark(i)
	case linkText:
		r.link(i)
	case inlineText:
		r.inlineWords(i)
	case tooltip:
		r.tooltip(i)
	case picture, film:
		r.media(i, kind == film)
	case codeText:
		r.codeBlock(i)
	case markdownText:
		r.markdownBlock(i)
	case folder, fileName:
		r.treeItem(i, kind == folder)
	default:
		if !r.takesLines(open, close) {
			r.inlineBlock(i, kind)
			return
		}
		r.block(open, close, func() { r.blockOf(i, kind) })
	}
}

// blockOf writes a component that takes up lines.
func (r *renderer) blockOf(i int, kind componentKind) {
	open := &r.marks[i]
	switch kind {
	case callout:
		title, ok := r.words(open, "title", "label", "heading")
		kind := r.calloutKind(open)
		r.calloutOf(kind, title.text, r.saying(title, ok), func() { r.prose(open, "title", "label", "heading"); r.between(i) })
	case steps:
		saved := r.steps
		r.steps = 0
		r.prose(open)
		r.between(i)
		r.steps = saved
	case step:
		r.stepOf(i)
	case card:
		r.cardOf(i)
	case titled:
		title, ok := r.tabLabel(open)
		if ok {
			r.label("", r.saying(title, true))
			r.w.apart()
		}
		r.prose(open, titleAttrs...)
		r.between(i)
	case field:
		r.fieldOf(i)
	case typeTable:
		r.typesOf(open)
	case codeGroup:
		saved := r.group
		r.group = true
		r.prose(open)
		r.between(i)
		r.group = saved
	default:
		r.holder(i, kind)
	}
}

// holder writes a component that holds others: its words, what it holds, and the labels of its tabs in order.
func (r *renderer) holder(i int, kind componentKind) {
	open := &r.marks[i]
	if kind == unknownComponent {
		r.reportUnknown(open)
	}
	saved := r.labels
	r.labels = r.tabLabels(open)
	r.prose(open)
	r.between(i)
	r.labels = saved
}

// dropAll leaves out a component with all that it holds.
func (r *renderer) dropAll(open, close *mark) {
	if r.alone(open, close) {
		r.before(open)
		r.w.apart()
		r.after(close)
		return
	}
	r.copyTo(open.start)
	whole := *open
	whole.end = close.end
	r.skip(&whole)
}

// saying returns a function that writes words; nil where there are none.
func (r *renderer) saying(v jsValue, ok bool) func() {
	if !ok {
		return nil
	}
	return func() { r.say(v) }
}

// prose writes what attributes say that read as prose, but for those that were written already: a title in bold, other words as paragraphs.
func (r *renderer) prose(one *mark, written ...string) {
	done := map[string]bool{}
	for _, name := range written {
		done[name] = true
	}
	link := r.linkOf(one)
	for _, name := range []string{"title", "label", "heading", "header", "question"} {
		if done[name] {
			continue
		}
		if v, ok := r.words(one, name); ok {
			r.label("", func() { r.linked(r.saying(v, true), link) })
			r.w.apart()
			link = ""
			break
		}
	}
	for _, a := range one.tag.attrs {
		if done[a.name] || !r.readsAsProse(a) {
			continue
		}
		if v, ok := r.words(one, a.name); ok {
			r.say(v)
			r.w.apart()
		}
	}
}

// linkOf returns where a component that is no card leads; empty where it says no page.
func (r *renderer) linkOf(one *mark) string {
	if kind := r.kindOf(one.tag.name); kind != unknownComponent && kind != childrenOnly {
		return ""
	}
	return r.attribute(one, "href", "to")
}

// codeAttrs are attributes whose words are none to a reader, however many they are.
var codeAttrs = wordSet("title label heading header question class className style id key href to url link src d viewBox points transform values items groupId queryString code sx css points icon img image alt")

// readsAsProse reports whether an attribute holds words for readers: by its name, or because it holds several words.
func (r *renderer) readsAsProse(a jsxAttr) bool {
	for _, name := range proseAttrs {
		if a.name == name {
			return true
		}
	}
	if codeAttrs[a.name] || a.kind != jsxQuoted {
		return false
	}
	words := strings.Fields(r.s[a.from:a.to])
	letters := 0
	for _, w := range words {
		if strings.IndexFunc(w, unicode.IsLetter) >= 0 {
			letters++
		}
	}
	return letters >= 3
}

// calloutKind returns what a callout is called.
func (r *renderer) calloutKind(one *mark) string {
	for _, name := range []string{"type", "variant", "kind", "intent", "severity", "status"} {
		if word, ok := calloutNames[strings.ToLower(r.attribute(one, name))]; ok {
			return word
		}
	}
	name := one.tag.name[strings.LastIndexByte(one.tag.name, '.')+1:]
	if word, ok := calloutNames[strings.ToLower(name)]; ok {
		return word
	}
	if componentKinds[name] == callout {
		return "Note"
	}
	return spaced(name)
}

// spaced returns the words of a name: ProTip is Pro tip.
func spaced(name string) string {
	var b strings.Builder
	for i, c := range name {
		if i > 0 && unicode.IsUpper(c) {
			b.WriteByte(' ')
			c = unicode.ToLower(c)
		}
		b.WriteRune(c)
	}
	return b.String()
}

// calloutOf writes a block quote with a label: what it is called, its title, or both.
func (r *renderer) calloutOf(kind, text string, title, body func()) {
	saved := r.w.quote()
	switch {
	case strings.EqualFold(strings.TrimSpace(text), kind):
		title = nil
	case title != nil && (!tellingKinds[kind] || strings.Contains(strings.ToLower(text), strings.ToLower(kind))):
		kind = ""
	}
	r.label(kind, title)
	r.w.apart()
	body()
	r.w.pop(saved)
}

// tabLabel returns the label of a tab or the like: its own, or the one that its group has for its value or place.
func (r *renderer) tabLabel(one *mark) (jsValue, bool) {
	next := ""
	if len(r.labels) > 0 && r.labels[0] != "" && !strings.Contains(r.labels[0], "=") {
		next, r.labels = r.labels[0], r.labels[1:]
	}
	if v, ok := r.words(one, "title", "label", "heading", "header", "question"); ok {
		return v, true
	}
	value := r.attribute(one, "value", "tab", "name")
	for _, pair := range r.labels {
		if key, label, ok := strings.Cut(pair, "="); ok && key == value && value != "" {
			return jsValue{kind: jsText, text: label}, true
		}
	}
	if next != "" {
		return jsValue{kind: jsText, text: next}, true
	}
	if v, ok := r.words(one, "value", "tab", "name", "summary", "description"); ok {
		return v, true
	}
	return jsValue{}, false
}

// tabLabels reads the labels that a group gives its tabs: values={[{label, value}]} as value=label, items={['a', 'b']} in order.
func (r *renderer) tabLabels(one *mark) []string {
	for _, name := range []string{"values", "items", "tabs", "labels"} {
		a, ok := one.tag.attr(name)
		if !ok {
			continue
		}
		v, ok := attrValue(r.s, a, r.known)
		if !ok || v.kind != jsList {
			continue
		}
		var labels []string
		for _, item := range v.items {
			label, hasLabel := item.get("label")
			value, _ := item.get("value")
			switch {
			case hasLabel && label.kind == jsText:
				labels = append(labels, value.text+"="+label.text)
			case item.kind == jsText:
				labels = append(labels, item.text)
			}
		}
		return labels
	}
	return nil
}

// stepOf writes a step of a procedure. One that begins with a heading needs no other label.
func (r *renderer) stepOf(i int) {
	open := &r.marks[i]
	r.steps++
	title, ok := r.words(open, titleAttrs...)
	if ok || !r.beginsWithHeading(open) {
		r.label(fmt.Sprintf("Step %d", r.steps), r.saying(title, ok))
		r.w.apart()
	}
	r.prose(open, titleAttrs...)
	r.between(i)
}

func (r *renderer) beginsWithHeading(open *mark) bool {
	for i := open.line + 1; i < len(r.lines); i++ {
		if r.lines[i].kind != blankLine {
			return r.lines[i].kind == headingLine
		}
	}
	return false
}

// cardOf writes a card.
func (r *renderer) cardOf(i int) {
	open := &r.marks[i]
	title, ok := r.words(open, titleAttrs...)
	dest := r.attribute(open, linkAttrs...)
	if !ok && dest != "" {
		title, ok = jsValue{kind: jsText, text: dest}, true
	}
	if ok {
		r.label("", func() { r.linked(r.saying(title, true), dest) })
		r.w.apart()
	}
	r.prose(open, titleAttrs...)
	r.between(i)
}

// linked writes words as a link, where they lead anywhere.
func (r *renderer) linked(write func(), dest string) {
	if dest == "" {
		write()
		return
	}
	r.w.made("[")
	write()
	r.w.made("](" + escapeDestination(dest) + ")")
}

// fieldOf writes a parameter.
func (r *renderer) fieldOf(i int) {
	open := &r.marks[i]
	var about []string
	name := ""
	for _, where := range []string{"path", "query", "body", "header", "cookie", "name", "id"} {
		if name = r.attribute(open, where); name != "" {
			if where != "name" && where != "id" {
				about = append(about, where)
			}
			break
		}
	}
	if text := r.attribute(open, "type"); text != "" {
		about = append(about, text)
	}
	for _, word := range []string{"required", "optional", "deprecated"} {
		if r.has(open, word) {
			about = append(about, word)
		}
	}
	if text := r.attribute(open, "default", "defaultValue", "initialValue"); text != "" {
		about = append(about, "default: "+text)
	}
	if name != "" {
		r.label("", func() { r.code(name) })
		if len(about) > 0 {
			r.w.made(" ")
		}
	}
	if len(about) > 0 {
		r.w.made("(")
		r.say(jsValue{kind: jsText, text: strings.Join(about, ", ")})
		r.w.made(")")
	}
	r.w.apart()
	r.prose(open, "name", "id", "type", "default", "defaultValue", "initialValue")
	r.between(i)
}

// typesOf writes a table of properties as a list.
func (r *renderer) typesOf(open *mark) {
	a, ok := open.tag.attr("type")
	if !ok {
		return
	}
	v, ok := attrValue(r.s, a, r.known)
	if !ok || v.kind != jsObject {
		r.lost = append(r.lost, mark{start: a.start, end: a.end})
		return
	}
	for i, key := range v.keys {
		r.w.fresh()
		r.w.made("- ")
		r.code(key)
		var about []string
		for _, part := range []string{"type", "default"} {
			if text, ok := v.items[i].get(part); ok {
				if words, _ := text.words(); words != "" && part == "default" {
					about = append(about, "default: "+words)
				} else if words != "" {
					about = append(about, words)
				}
			}
		}
		if len(about) > 0 {
			r.w.made(" (")
			r.say(jsValue{kind: jsText, text: strings.Join(about, ", ")})
			r.w.made(")")
		}
		if text, ok := v.items[i].get("description"); ok {
			if words, _ := text.words(); words != "" {
				r.w.made(": ")
				r.say(jsValue{kind: jsText, text: words})
			}
		}
	}
}

// treeItem writes a folder or file of a tree as an item of a list.
func (r *renderer) treeItem(i int, isFolder bool) {
	open := &r.marks[i]
	close := r.closing(open)
	if !r.takesLines(open, close) {
		r.inlineBlock(i, fileName)
		return
	}
	r.before(open)
	saved := r.w.push(r.container(open))
	r.w.tight()
	r.w.made("- ")
	name := r.attribute(open, "name", "title", "label")
	if isFolder && !strings.HasSuffix(name, "/") {
		name += "/"
	}
	r.code(name)
	inner := r.w.push("  ")
	r.w.tight()
	r.between(i)
	r.w.pop(inner)
	r.w.tight()
	r.w.pop(saved)
	r.after(close)
}

// link writes a link in running text. One that holds blocks stands below them.
func (r *renderer) link(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	dest := r.attribute(open, linkAttrs...)
	if r.takesLines(open, close) && open.line != close.line {
		r.block(open, close, func() {
			r.between(i)
			if dest != "" {
				r.w.apart()
				r.linked(func() { r.say(jsValue{kind: jsText, text: dest}) }, dest)
			}
		})
		return
	}
	r.copyTo(open.start)
	r.at = open.end
	if dest == "" {
		r.inlineRest(i)
		return
	}
	r.w.made("[")
	if open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != "" {
		r.running(i)
	} else if v, ok := r.words(open, append(titleAttrs, "text", "children")...); ok {
		r.say(v)
	} else {
		r.say(jsValue{kind: jsText, text: dest})
	}
	r.w.made("](" + escapeDestination(dest) + ")")
	r.at = max(r.at, close.end)
}

// inlineRest writes the words of a component in running text, then what it holds.
func (r *renderer) inlineRest(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	v, ok := r.words(open, "text", "label", "title", "name", "value", "children")
	holds := open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != ""
	if ok {
		r.say(v)
		if holds {
			r.w.made(" ")
		}
	}
	r.at = open.end
	r.running(i)
	r.at = max(r.at, close.end)
}

func (r *renderer) inlineWords(i int) {
	r.copyTo(r.marks[i].start)
	r.inlineRest(i)
}

// tooltip writes words, and in parentheses what their tooltip says.
func (r *renderer) tooltip(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	r.copyTo(open.start)
	r.at = open.end
	r.running(i)
	var said []jsValue
	for _, names := range [][]string{{"headline"}, {"tip", "content", "text", "title", "definition", "description", "label"}} {
		if v, ok := r.words(open, names...); ok {
			said = append(said, v)
		}
	}
	if len(said) > 0 {
		if open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != "" {
			r.w.made(" ")
		}
		r.w.made("(")
		for n, v := range said {
			if n > 0 {
				r.w.made(": ")
			}
			r.say(v)
		}
		r.w.made(")")
	}
	r.at = max(r.at, close.end)
}

// media writes a picture as Markdown does, a film as a link.
func (r *renderer) media(i int, isFilm bool) {
	open := &r.marks[i]
	close := r.closing(open)
	src := r.source(open)
	if isFilm {
		if id := r.attribute(open, "videoId", "youTubeId", "id"); src == "" && id != "" {
			src = "https://www.youtube.com/watch?v=" + id
		}
	}
	write := func() {
		alt, ok := r.words(open, "alt", "title", "label", "caption", "name")
		if !ok && isFilm {
			alt, ok = jsValue{kind: jsText, text: "Video"}, true
		}
		switch {
		case src == "":
			if ok {
				r.say(alt)
			}
		default:
			if !isFilm {
				r.w.made("!")
			}
			r.w.made("[")
			if ok {
				r.say(alt)
			}
			r.w.made("](" + escapeDestination(src) + ")")
		}
	}
	if r.takesLines(open, close) {
		r.block(open, close, func() {
			write()
			r.w.apart()
			r.prose(open, "title", "label", "alt", "name", "text")
			r.between(i)
		})
		return
	}
	r.copyTo(open.start)
	write()
	r.at = open.end
	r.running(i)
	r.at = max(r.at, close.end)
}

// source returns the address of a picture or film: written out, or of an imported file.
func (r *renderer) source(one *mark) string {
	for _, name := range []string{"src", "url", "href", "image", "img", "source", "sources"} {
		a, ok := one.tag.attr(name)
		if !ok {
			continue
		}
		v, ok := attrValue(r.s, a, r.known)
		if light, has := v.get("light"); has {
			v = light
		}
		switch {
		case !ok:
			r.lost = append(r.lost, mark{start: a.start, end: a.end})
		case v.kind == jsFile:
			return r.address(v.file.from)
		case v.link:
			return r.address(v.text)
		case v.kind == jsText:
			return v.text
		}
	}
	return ""
}

// address returns the address of a file that code names: what lies in a folder of static files lies at the site's root.
func (r *renderer) address(from string) string {
	if i := strings.Index(from, "/static/"); i >= 0 && strings.HasPrefix(from, "@") {
		return from[i+len("/static"):]
	}
	return from
}

// inlineBlock writes in running text what is a block elsewhere.
func (r *renderer) inlineBlock(i int, kind componentKind) {
	open := &r.marks[i]
	close := r.closing(open)
	if kind == unknownComponent {
		r.reportUnknown(open)
	}
	r.copyTo(open.start)
	holds := open.pair >= 0 && strings.TrimSpace(r.s[open.end:close.start]) != ""
	name := ""
	if kind == callout {
		name = r.calloutKind(open)
	}
	title, ok := r.words(open, "title", "label", "heading", "header", "name")
	dest := r.attribute(open, "href", "to")
	if ok || name != "" {
		r.label(name, r.sayingLink(title, ok, dest))
	}
	wrote := ok || name != ""
	for _, a := range open.tag.attrs {
		if r.readsAsProse(a) && !(ok && a.name == "name") {
			if v, has := r.words(open, a.name); has {
				if wrote {
					r.w.made(": ")
				}
				r.say(v)
				wrote = true
			}
		}
	}
	if wrote && holds {
		r.w.made(": ")
	}
	r.at = open.end
	if !wrote && !holds {
		whole := *open
		whole.end = close.end
		r.skip(&whole)
		return
	}
	r.running(i)
	r.at = max(r.at, close.end)
}

func (r *renderer) sayingLink(v jsValue, ok bool, dest string) func() {
	if !ok {
		return nil
	}
	return func() { r.linked(func() { r.say(v) }, dest) }
}

// reportUnknown reports a component that skillgen does not know, once a file.
func (r *renderer) reportUnknown(one *mark) {
	name := one.tag.name
	if key := r.file.Path + "\x00" + name; !r.unknown[key] {
		r.unknown[key] = true
		r.report("page-component", one.start, min(one.start+1+len(name), one.end), fmt.Sprintf("the component <%s> is not known; what it holds is kept", name),
			fmt.Sprintf("say what becomes of it: sites: [{…, components: {%s: children}}], or callout, or drop", name))
	}
}

// codeBlock writes a component that shows code.
func (r *renderer) codeBlock(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	lang := strings.TrimPrefix(r.attribute(open, "language", "lang", "className"), "language-")
	title := r.attribute(open, "title", "filename", "fileName", "name")
	code, ok := r.codeOf(i)
	switch {
	case !ok:
		if !r.takesLines(open, close) {
			r.inlineBlock(i, childrenOnly)
			return
		}
		r.block(open, close, func() { r.prose(open); r.between(i) })
	case code.text == "":
		r.dropAll(open, close)
	case !r.takesLines(open, close):
		r.copyTo(open.start)
		r.code(code.text)
		r.at = max(r.at, close.end)
	default:
		r.block(open, close, func() { r.fenced(infoString(lang, title), code) })
		r.at = max(r.at, close.end)
	}
}

// markdownBlock writes Markdown that stands in a text. What it leaves open ends with it.
func (r *renderer) markdownBlock(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	var code shownText
	ok := open.pair < 0 || open.pair == i+2 && r.marks[i+1].kind == markExpr
	if ok {
		code, ok = r.codeOf(i)
	}
	if !ok || code.text == "" || !r.takesLines(open, close) {
		if !r.takesLines(open, close) {
			r.inlineBlock(i, childrenOnly)
			return
		}
		r.block(open, close, func() { r.prose(open); r.between(i) })
		return
	}
	t := &mdText{file: r.file, s: code.text + "\n", pieces: []piece{{file: r.file, src: r.body + open.start, made: true}}}
	if code.file != nil {
		t = newText(code.file.file, code.file.at, code.file.at+len(code.text))
	}
	doc := prepare(t, r.file.Path, nil, nil)
	r.findings = append(r.findings, doc.findings...)
	r.block(open, close, func() { r.w.text(doc.sealed(r.lib.key(r.file.Path))) })
	r.at = max(r.at, close.end)
}

// shownText is code with its place in a file; file is nil where it stands in none so.
type shownText struct {
	text string
	file *fileText
}

// infoString writes the info string of fenced code.
func infoString(lang, title string) string {
	clean := func(s string) string {
		return strings.Map(func(c rune) rune {
			if c == '`' || c == '\n' || c == '"' {
				return -1
			}
			return c
		}, s)
	}
	lang = clean(strings.Join(strings.Fields(lang), "-"))
	if title = clean(title); title == "" {
		return lang
	}
	return strings.TrimLeft(lang+` title="`+title+`"`, " ")
}

// codeOf returns the code that a component shows: of an attribute, of the only expression that it holds, or what stands between its tags; false
// where that is Markdown.
func (r *renderer) codeOf(i int) (shownText, bool) {
	open := &r.marks[i]
	for _, name := range []string{"code", "children", "source", "content"} {
		if a, ok := open.tag.attr(name); ok {
			v, ok := attrValue(r.s, a, r.known)
			if code, shown := r.codeValue(v, ok, open); shown {
				return code, true
			}
			r.lost = append(r.lost, mark{start: a.start, end: a.end})
			return shownText{}, false
		}
	}
	if open.pair < 0 {
		return shownText{}, false
	}
	close := &r.marks[open.pair]
	if open.pair == i+2 && r.marks[i+1].kind == markExpr {
		one := &r.marks[i+1]
		if strings.TrimSpace(r.s[open.end:one.start]+r.s[one.end:close.start]) == "" {
			v, ok := evaluate(r.s, one.start+1, one.end-1, r.known)
			if ok && v.kind == jsChildren {
				return shownText{}, false
			}
			return r.codeValue(v, ok, one)
		}
	}
	for j := i + 1; j < open.pair; j++ {
		if kind := r.marks[j].kind; !r.marks[j].text && (kind == markFence || kind == markOpen || kind == markWhole) {
			return shownText{}, false
		}
	}
	start, end := open.end, close.start
	start += strings.IndexByte(r.s[start:end]+"\n", '\n')
	if strings.TrimSpace(r.s[open.end:min(start, end)]) != "" {
		start = open.end
	}
	if start >= end {
		return shownText{text: strings.TrimSpace(r.s[open.end:end])}, true
	}
	return shownText{text: dedent(strings.TrimRight(strings.TrimPrefix(r.s[start:end], "\n"), " \t\n"))}, true
}

// codeValue returns the code that a value is.
func (r *renderer) codeValue(v jsValue, ok bool, at *mark) (shownText, bool) {
	switch {
	case !ok:
	case v.kind == jsFile:
		return r.codeFile(*v.file, at)
	case v.kind == jsText:
		text := v.text
		code := shownText{text: strings.Trim(text, "\n")}
		if v.start < v.end {
			from := v.start + len(text) - len(strings.TrimLeft(text, "\n"))
			code.file = &fileText{r.file, r.body + from}
		}
		return code, true
	}
	return shownText{}, false
}

// dedent takes from each line what blanks all of them begin with.
func dedent(s string) string {
	least := -1
	lines := strings.Split(s, "\n")
	for _, l := range lines {
		if text := strings.TrimLeft(l, " \t"); text != "" && (least < 0 || len(l)-len(text) < least) {
			least = len(l) - len(text)
		}
	}
	for i, l := range lines {
		lines[i] = l[min(len(l), max(least, 0)):]
	}
	return strings.Join(lines, "\n")
}

// fenced writes fenced code.
func (r *renderer) fenced(info string, code shownText) {
	marks := strings.Repeat("`", max(3, longestRun(code.text, '`')+1))
	r.w.made(marks + info)
	r.w.end()
	at := 0
	for line := range strings.Lines(code.text) {
		text := strings.TrimSuffix(line, "\n")
		switch {
		case code.file != nil:
			from := code.file.at + at
			r.w.copy(code.file.file, from, from+len(text))
			r.w.newline(code.file.file, from+len(text), from+len(text))
		case text == "":
			r.w.newline(r.file, r.w.cause, r.w.cause)
		default:
			r.w.made(text)
			r.w.end()
		}
		at += len(line)
	}
	r.w.made(marks)
}

// needsRewriting reports whether a tag of HTML has what only JSX has.
func (u *unit) needsRewriting(t *jsxTag) bool {
	for _, a := range t.attrs {
		if a.kind != jsxQuoted && a.kind != jsxBare || a.name == "className" || a.name == "htmlFor" {
			return true
		}
	}
	return false
}

// tagText writes a tag of HTML, with those of its attributes that HTML has too.
func (r *renderer) tagText(one *mark) {
	t := one.tag
	if !r.needsRewriting(t) && !strings.Contains(r.s[one.start:one.end], "\n") {
		r.w.copy(r.file, r.body+one.start, r.body+one.end)
		return
	}
	var b strings.Builder
	b.WriteString("<")
	if t.closing {
		b.WriteString("/")
	}
	b.WriteString(t.name)
	for _, a := range t.attrs {
		if text, ok := r.attrText(one, a); ok {
			b.WriteString(" " + strings.ToLower(a.name) + text)
		}
	}
	if t.empty {
		b.WriteString(" /")
	}
	r.w.made(b.String() + ">")
}

// attrText returns what stands after the name of an attribute in HTML; false where HTML has no such attribute.
func (r *renderer) attrText(one *mark, a jsxAttr) (string, bool) {
	if a.name == "" || a.name == "className" || a.name == "htmlFor" || strings.HasPrefix(a.name, "on") && a.kind == jsxBraces || a.kind == jsxNode || strings.ContainsAny(a.name, "@#") {
		return "", false
	}
	if a.kind == jsxBare || a.kind == jsxBraces && strings.TrimSpace(r.s[a.from:a.to]) == "true" {
		return "", true
	}
	v, ok := attrValue(r.s, a, r.known)
	switch {
	case ok && v.kind == jsFile:
		v = jsValue{kind: jsText, text: r.address(v.file.from)}
	case ok && v.link:
		v.text = r.address(v.text)
	case !ok && (a.name == "alt" || a.name == "title" || a.name == "href" || a.name == "src"):
		r.lost = append(r.lost, mark{start: a.start, end: a.end})
	}
	if !ok || v.kind != jsText && v.kind != jsNumber {
		return "", false
	}
	return `="` + html.EscapeString(strings.Join(strings.Fields(v.text), " ")) + `"`, true
}

// Elements of HTML whose content is HTML alone, and those that belong in a line.
var (
	plainElements = wordSet("table thead tbody tfoot tr colgroup ul ol dl svg g picture video audio select math iframe object")
	lineElements  = wordSet("a abbr b bdi bdo cite code data dfn em i kbd mark q s samp small span strong sub sup time u var label button")
)

// element writes an element of HTML. What stands between its tags on lines of its own is Markdown in MDX, so it is kept apart from them.
func (r *renderer) element(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	if name := open.tag.name; (name == "pre" || name == "code") && open.pair >= 0 {
		if r.shownElement(i) {
			return
		}
	}
	apart := open.pair >= 0 && open.line < close.line && r.alone(open, close) && r.endsLine(open) && close.flow && !lineElements[open.tag.name]
	if !apart {
		r.copyTo(open.start)
		r.tagText(open)
		r.at = open.end
		if open.pair >= 0 {
			r.span(close.start, i+1, open.pair)
			r.tagText(close)
			r.at = close.end
		}
		if open.tag.name == "summary" && r.alone(open, close) { // what follows it is Markdown
			r.w.apart()
			r.after(close)
		}
		return
	}
	outside := r.separator()
	saved := r.plain
	r.plain = plainElements[open.tag.name]
	first := r.separator()
	if open.tag.name == "details" && r.summaryNext(i) {
		first = r.w.fresh
	}
	r.onLines(open, close, outside, func() {
		r.tagText(open)
		first()
		r.between(i)
		r.separator()()
		r.tagText(close)
	})
	r.plain = saved
}

// separator is what stands between the elements around: nothing but a new line where HTML holds nothing but HTML.
func (r *renderer) separator() func() {
	if r.plain {
		return r.w.fresh
	}
	return r.w.apart
}

// endsLine reports whether nothing stands after a mark on its line.
func (r *renderer) endsLine(one *mark) bool {
	return strings.TrimSpace(r.s[one.end:lineEnd(r.s, one.end)]) == "" || one.tail
}

// summaryNext reports whether a <summary> comes right after an opening tag.
func (r *renderer) summaryNext(i int) bool {
	return i+1 < len(r.marks) && r.marks[i+1].tag != nil && r.marks[i+1].tag.name == "summary"
}

// shownElement writes a <pre> or <code> that holds nothing but a text in braces as Markdown does.
func (r *renderer) shownElement(i int) bool {
	open := &r.marks[i]
	lang := r.attribute(open, "className", "class", "lang", "language")
	j := i
	if open.tag.name == "pre" && open.pair == i+4 && r.marks[i+1].tag != nil && r.marks[i+1].tag.name == "code" && r.marks[i+1].pair == i+3 {
		j = i + 1
		if inner := r.attribute(&r.marks[j], "className", "class"); inner != "" {
			lang = inner
		}
	}
	if r.marks[j].pair != j+2 || r.marks[j+1].kind != markExpr {
		return false
	}
	one, close := &r.marks[j+1], &r.marks[open.pair]
	if strings.TrimSpace(r.s[r.marks[j].end:one.start]+r.s[one.end:r.marks[r.marks[j].pair].start]) != "" {
		return false
	}
	v, ok := evaluate(r.s, one.start+1, one.end-1, r.known)
	code, shown := r.codeValue(v, ok, one)
	if !shown {
		return false
	}
	if open.tag.name == "code" && !strings.Contains(code.text, "\n") || !r.takesLines(open, close) {
		r.copyTo(open.start)
		r.code(code.text)
		r.at = close.end
		return true
	}
	_, after, _ := strings.Cut(lang, "language-")
	lang, _, _ = strings.Cut(after, " ")
	r.block(open, close, func() { r.fenced(infoString(lang, ""), code) })
	r.at = max(r.at, close.end)
	return true
}

// fenceLine labels fenced code in a group with its title.
func (r *renderer) fenceLine(one *mark) {
	l := &r.lines[one.line]
	if !r.group || l.opened || r.at > l.start {
		return
	}
	from, to := fenceTitle(r.s, one.start, one.end)
	if from >= to {
		return
	}
	r.copyTo(l.start)
	saved := r.w.push(r.container(one))
	r.w.apart()
	r.label("", func() { r.say(jsValue{kind: jsText, text: r.s[from:to], start: from, end: to}) })
	r.w.apart()
	r.w.pop(saved)
}

// fenceTitle finds the title in the line that opens fenced code: [title], title="title", or what stands after the language.
func fenceTitle(s string, start, end int) (from, to int) {
	info := s[start:end]
	n := run(info, info[0])
	if i := strings.IndexByte(info, '['); i >= 0 {
		if k := strings.IndexByte(info[i:], ']'); k > 1 {
			return start + i + 1, start + i + k
		}
	}
	for _, key := range []string{" title=", " filename=", " tab=", " label=", " name="} {
		i := strings.Index(info, key)
		if at := i + len(key) + 1; i >= 0 && at < len(info) && (info[at-1] == '"' || info[at-1] == '\'') {
			if k := strings.IndexByte(info[at:], info[at-1]); k > 0 {
				return start + at, start + at + k
			}
		}
	}
	rest := strings.TrimLeft(info[n:], " ")
	lang := strings.IndexByte(rest, ' ')
	if lang < 0 {
		return 0, 0
	}
	at := end - len(rest) + lang + 1
	to = at
	for _, word := range strings.Fields(s[at:end]) {
		if strings.ContainsAny(word, "={}") {
			break
		}
		to = at + strings.Index(s[at:end], word) + len(word)
	}
	return at + len(s[at:to]) - len(strings.TrimLeft(s[at:to], " ")), to
}

// directiveMark writes a container of colons, or a block of MkDocs.
func (r *renderer) directiveMark(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	d := open.dir
	var title func()
	starred := strings.Contains(r.s[d.from:d.to], "**") || strings.HasPrefix(r.s[d.from:d.to], "*") || strings.HasSuffix(r.s[d.from:d.to], "*")
	text := r.s[d.from:d.to]
	if d.from < d.to {
		title = func() { r.titleOf(d) }
	}
	if name := r.directiveAttr(d, "title"); title == nil && name != "" {
		text, title = name, func() { r.say(jsValue{kind: jsText, text: name}) }
	}
	kind := calloutNames[d.name]
	write := func() { r.between(i) }
	switch {
	case kind != "":
		if starred { // bold in bold ends it
			inner := title
			title = nil
			write = func() {
				r.calloutOf(kind, "", nil, func() { inner(); r.w.apart(); r.between(i) })
			}
			break
		}
		write = func() { r.calloutOf(kind, text, title, func() { r.between(i) }) }
	case d.name == "code-group":
		write = func() {
			saved := r.group
			r.group = true
			r.between(i)
			r.group = saved
		}
	case d.name == "details" && title == nil:
		title = func() { r.w.made("Details") }
		fallthrough
	case title != nil:
		if d.name != "tab" && d.name != "details" {
			r.reportDirective(open)
		}
		write = func() {
			if starred {
				title()
			} else {
				r.label("", title)
			}
			r.w.apart()
			r.between(i)
		}
	default:
		r.reportDirective(open)
	}
	r.block(open, close, write)
}

// titleOf writes the title of a directive, which is Markdown. Names of icons (:octicons-gear-16:) say nothing.
func (r *renderer) titleOf(d *directive) {
	from := d.from
	for from < d.to {
		i := strings.IndexByte(r.s[from:d.to], ':')
		if i < 0 {
			break
		}
		k := strings.IndexByte(r.s[from+i+1:d.to], ':')
		if k <= 0 || strings.Trim(r.s[from+i+1:from+i+1+k], "abcdefghijklmnopqrstuvwxyz0123456789-_+") != "" || !strings.Contains(r.s[from+i+1:from+i+1+k], "-") {
			break
		}
		r.w.copy(r.file, r.body+from, r.body+from+i)
		if from += i + k + 2; from < d.to && r.s[from] == ' ' {
			from++
		}
	}
	r.w.copy(r.file, r.body+from, r.body+d.to)
}

// directiveAttr returns an attribute of a directive.
func (r *renderer) directiveAttr(d *directive, name string) string {
	_, rest, ok := strings.Cut(d.attributes, name+"=")
	if !ok || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	text, _, ok := strings.Cut(rest[1:], rest[:1])
	if !ok {
		return ""
	}
	return text
}

// quietDirectives are containers that say nothing by themselves.
var quietDirectives = wordSet("raw v-pre code-group tabs tab-set cards grid steps div section center columns column panels")

func (r *renderer) reportDirective(one *mark) {
	name := one.dir.name
	if key := r.file.Path + "\x00:" + name; !quietDirectives[name] && !r.unknown[key] {
		r.unknown[key] = true
		r.report("page-component", one.start, one.end, fmt.Sprintf("the container %q is not known; what it holds is kept", name), "is it misspelled? Containers are called note, tip, info, warning, danger, details")
	}
}

// isPartial reports whether a module is a page.
func isPartial(from string) bool {
	if strings.Contains(from, "!") || strings.Contains(from, "?") {
		return false
	}
	return isPage(path.Base(from))
}
