package docs

import (
	"fmt"
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
	if u.showsChildren(name) {
		return childrenOnly
	}
	return unknownComponent
}

// showsChildren reports whether a component is written in the page itself, and shows what it holds.
func (u *unit) showsChildren(name string) bool {
	one, ok := u.exports[name]
	if !ok {
		return false
	}
	text := u.s[one.start:one.end]
	return (!one.isValue || strings.Contains(text, "=>")) && strings.Contains(text, "children")
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
			v.text, v.attr = text, name
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
		r.calloutOf(r.calloutKind(open), headline{text: title.text, write: r.saying(title, ok)}, func() { r.prose(open, title.attr); r.between(i) })
	case steps:
		saved := r.steps
		r.steps = 0
		r.prose(open, "")
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
		r.prose(open, title.attr)
		r.between(i)
	case field:
		r.fieldOf(i)
	case typeTable:
		r.typesOf(open)
	case codeGroup:
		r.prose(open, "")
		r.grouped(i)
	default:
		r.groupOf(i, kind)
	}
}

// groupOf writes a component that holds others, such as tabs, for which it may have the labels.
func (r *renderer) groupOf(i int, kind componentKind) {
	open := &r.marks[i]
	if kind == unknownComponent {
		r.reportUnknown(open)
	}
	saved := r.tabs
	r.tabs = r.tabsOf(open)
	r.prose(open, "")
	r.between(i)
	r.tabs = saved
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

// prose writes what attributes say that read as prose, but for one that was written already: titles in bold, other words as paragraphs.
func (r *renderer) prose(one *mark, written string) {
	link := r.linkOf(one)
	for _, name := range []string{"title", "label", "heading", "header", "question"} {
		if v, ok := r.words(one, name); ok && name != written {
			r.label("", func() { r.linked(r.saying(v, true), link) })
			r.w.apart()
			link = ""
		}
	}
	for _, a := range one.tag.attrs {
		if a.name == written || !r.readsAsProse(a) {
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

// reportUnknown reports a component that skillgen does not know, once a file.
func (r *renderer) reportUnknown(one *mark) {
	name := one.tag.name
	if key := r.file.Path + "\x00" + name; !r.unknown[key] {
		r.unknown[key] = true
		r.report("page-component", one.start, min(one.start+1+len(name), one.end), fmt.Sprintf("the component <%s> is not known; what it holds is kept", name),
			fmt.Sprintf("say what becomes of it: sites: [{…, components: {%s: children}}], or callout, or drop", name))
	}
}

// isPartial reports whether a module is a page.
func isPartial(from string) bool {
	if strings.Contains(from, "!") || strings.Contains(from, "?") {
		return false
	}
	return isPage(path.Base(from))
}
