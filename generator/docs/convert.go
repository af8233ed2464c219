package docs

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// converted is a page as Markdown, before it is parsed.
type converted struct {
	text     *mdText
	files    []*source.File // that went into it beside the page's own, by path
	findings []diag.Finding
}

// convert makes Markdown of a page, once: components, directives, includes and imported partials become what they say. A page of plain
// Markdown stays as it is.
func (l *Library) convert(p *Page) *converted {
	t := &p.text
	t.convert.Do(func() {
		c := &conversion{lib: l, site: l.siteOf(p.File.Path), unknown: map[string]bool{}, reports: map[string]int{}}
		u := &unit{conversion: c, file: p.File, body: p.body, s: p.File.Text[p.body:]}
		c.text = u.markdown()
		c.findings = append(c.findings, hiddenMade(c.text)...)
		slices.SortFunc(c.files, func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
		t.converted = &c.converted
	})
	return t.converted
}

// hiddenMade reports characters that a reader does not see and that stand in no file: an escape or an entity has brought them in. Those that
// stand in a file are found there.
func hiddenMade(t *mdText) []diag.Finding {
	var fs []diag.Finding
	for at, r := range diag.Hidden(t.s) {
		p := t.pieces[t.pieceAt(at)]
		if (p.made || p.fixed) && !strings.ContainsRune(p.file.Text, r) {
			fs = append(fs, diag.New("hidden-text", t.span(at, at).Place(), fmt.Sprintf("the page holds ⟨U+%04X⟩, written as an escape", r),
				"leave it out: an agent reads what a reader does not see"))
			if len(fs) == maxReports {
				break
			}
		}
	}
	return fs
}

// Files returns the files that a page is made of, by path: its own, the partials that it imports, and the code that it includes.
func (l *Library) Files(p *Page) []*source.File {
	all := []*source.File{p.File}
	if unreadable(p.File) == nil {
		all = append(all, l.convert(p).files...)
	}
	slices.SortFunc(all, func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
	return slices.Compact(all)
}

// conversion is what the files that make up a page share.
type conversion struct {
	converted
	lib     *Library
	site    *site           // nil where none holds the page
	unknown map[string]bool // components that were reported, by file and name
	reports map[string]int  // findings, by file and check
	uses    int             // of partials and includes
	size    int             // bytes that these brought in
}

// Limits on what a page brings in.
const (
	maxUses     = 500
	maxIncludes = 10 // files that include one another
)

// unit is a file, or a part of one, in one use: as a page, or as a partial with its props.
type unit struct {
	*conversion
	*markScanner
	file    *source.File
	body    int    // offset of s in the file
	s       string // what is converted
	as      reading
	partial bool // it was imported as a component, or included

	props     map[string]jsValue
	kids      *mdText // what stands between the tags of its use
	stack     []*source.File
	imports   map[string]imported
	exports   map[string]exported
	front     map[string]string  // front matter; nil as long as nobody asked
	constants map[string]jsValue // what names stand for that were looked up

	lost   []mark // expressions whose words are not known
	strict bool   // what is not known goes; else it stays as text
}

// markdown converts the unit.
func (u *unit) markdown() *mdText {
	if !u.read() {
		return newText(u.file, u.body, u.body+len(u.s))
	}
	u.declare()
	u.judge()
	for _, f := range u.faults {
		u.report("page-mdx", f.start, f.end, f.message, f.hint)
	}
	r := &renderer{unit: u, w: &mdWriter{file: u.file, cause: u.body}}
	r.span(len(u.s), 0, len(u.marks))
	u.reportLost()
	return r.w.done()
}

// maxReports is how many findings of one check a file gets: each costs as much as its line is long.
const maxReports = 101

func (u *unit) report(id string, start, end int, message, hint string) {
	key := u.file.Path + "\x00" + id
	switch u.reports[key]++; {
	case u.reports[key] > maxReports:
		return
	case u.reports[key] == maxReports:
		message, hint = "further findings of this check in this file are not listed", ""
	}
	span := source.Span{File: u.file, Start: u.body + start, End: u.body + end}
	u.findings = append(u.findings, diag.New(id, span.Place(), message, hint))
}

// read decides how the unit is to be read, and finds its marks; false where nothing in it is more than Markdown.
func (u *unit) read() bool {
	if strings.ToLower(path.Ext(u.file.Path)) == ".mdx" {
		u.as, u.strict = asStrictMDX, true
		u.markScanner = scanMarks(u.s, u.as)
		return true
	}
	if u.partial || mayBeMDX(u.s) {
		u.as = asLooseMDX
		u.markScanner = scanMarks(u.s, u.as)
		imports, components := u.evidence()
		u.strict = imports || u.partial
		if imports || components || u.partial {
			return true
		}
	}
	if !mayHaveDirectives(u.s) {
		return false
	}
	u.as = asMarkdown
	u.markScanner = scanMarks(u.s, u.as)
	return len(u.marks) > 0
}

// mayBeMDX reports whether a text holds what a page of MDX has to hold.
func mayBeMDX(s string) bool {
	if strings.HasPrefix(s, "import") || strings.Contains(s, "\nimport") {
		return true
	}
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return false
		}
		i += n
		if i+1 < len(s) && 'A' <= s[i+1] && s[i+1] <= 'Z' {
			return true
		}
	}
}

// mayHaveDirectives reports whether a text holds a mark of a directive, block or include.
func mayHaveDirectives(s string) bool {
	for _, mark := range []string{":::", "!!! ", "??? ", "???+ ", "=== \"", "===! \"", "===+ \"", "--8<--", "<<< ", "@include:", "<script setup"} {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return false
}

// evidence says what makes MDX of a page that is not called so: an import at the margin, a component.
func (u *unit) evidence() (imports, components bool) {
	for i := range u.marks {
		one := &u.marks[i]
		switch {
		case one.modules != nil && one.modules.checked:
			imports = true
		case one.tag != nil && isComponent(one.tag.name) && (one.kind == markWhole || one.kind == markOpen && one.pair >= 0):
			components = components || !isLoud(one.tag.name) && !u.follows(one.start)
		}
	}
	return imports, components
}

// isLoud reports whether a name has no small letter, as the elements of old HTML and placeholders have none.
func isLoud(name string) bool { return strings.ToUpper(name) == name }

// declare notes what the unit imports and exports.
func (u *unit) declare() {
	u.imports, u.exports = map[string]imported{}, map[string]exported{}
	for i := range u.marks {
		if found := u.marks[i].modules; found != nil {
			for _, one := range found.imports {
				if _, taken := u.imports[one.name]; !taken {
					u.imports[one.name] = one
				}
			}
			for _, one := range found.exports {
				if _, taken := u.exports[one.name]; !taken {
					u.exports[one.name] = one
				}
			}
		}
	}
}

// judge decides which tags are text after all: those without a counterpart. Known ones are none: their tag goes, and a finding says so.
func (u *unit) judge() {
	for i := range u.marks {
		one := &u.marks[i]
		if one.tag == nil {
			continue
		}
		name := one.tag.name
		alone := one.pair < 0 && one.kind != markWhole
		switch {
		case name == "" || !isComponent(name):
			one.text = alone && (one.kind == markClose || name == "" || !u.needsRewriting(one.tag))
		case isLoud(name) && !u.isKnown(name):
			one.text = alone || u.as == asLooseMDX
		case !alone:
			one.text = one.kind == markWhole && u.as == asLooseMDX && u.follows(one.start) && !u.isKnown(name)
		case one.kind == markClose:
			u.unpaired(one, "this tag closes nothing", "take it out, or open the component before it")
		case u.follows(one.start):
			one.text = true
		default:
			u.unpaired(one, fmt.Sprintf("<%s> has no end", name), fmt.Sprintf("close it with </%s>, or write <%s /> or \\<%s>", name, name, name))
		}
	}
}

// unpaired reports a tag of a component without counterpart.
func (u *unit) unpaired(one *mark, message, hint string) {
	known := u.isKnown(one.tag.name)
	one.text = !known
	if !known {
		message += ", so it stays as text"
	}
	if known || u.strict {
		u.faults = append(u.faults, fault{one.start, one.end, message, hint})
	}
}

// maxListed is how many expressions a finding lists, and how much of each.
const (
	maxListed   = 5
	maxListedIn = 40
)

// reportLost reports expressions whose words are not known.
func (u *unit) reportLost() {
	if len(u.lost) == 0 {
		return
	}
	slices.SortStableFunc(u.lost, func(a, b mark) int { return a.start - b.start })
	u.lost = slices.CompactFunc(u.lost, func(a, b mark) bool { return a.start == b.start })
	var list []string
	for _, one := range u.lost[:min(len(u.lost), maxListed)] {
		text := strings.Join(strings.Fields(u.s[one.start:one.end]), " ")
		if len(text) > maxListedIn {
			text = strings.ToValidUTF8(text[:maxListedIn], "") + "…"
		}
		list = append(list, text)
	}
	what := "an expression whose words are known only once the page is rendered was left out: "
	if len(u.lost) > 1 {
		what = fmt.Sprintf("%d expressions whose words are known only once the page is rendered were left out: ", len(u.lost))
	}
	more := ""
	if n := len(u.lost) - len(list); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	u.report("page-expression", u.lost[0].start, u.lost[0].end, what+strings.Join(list, ", ")+more, "write the words into the page, or export them there as a constant")
}

// known returns what a name in an expression stands for.
func (u *unit) known(name string) (jsValue, bool) {
	first, rest, _ := strings.Cut(name, ".")
	switch first {
	case "props":
		return u.prop(rest)
	case "children":
		if _, taken := u.exports[first]; !taken && u.partial {
			return u.prop(first)
		}
	case "frontMatter", "frontmatter", "metadata":
		if v, ok := u.frontMatter(rest); ok {
			return v, true
		}
	}
	v, ok := u.constant(first)
	for ok && rest != "" {
		var key string
		key, rest, _ = strings.Cut(rest, ".")
		v, ok = v.get(key)
	}
	return v, ok
}

func (u *unit) prop(name string) (jsValue, bool) {
	if name == "children" {
		return jsValue{kind: jsChildren}, u.partial
	}
	first, rest, _ := strings.Cut(name, ".")
	v, ok := u.props[first]
	if !ok {
		return jsValue{kind: jsNothing}, u.partial && rest == "" && first != "" // one that is not passed is shown as nothing
	}
	for ok && rest != "" {
		first, rest, _ = strings.Cut(rest, ".")
		v, ok = v.get(first)
	}
	return v, ok
}

// frontMatter returns a value of the front matter of the unit's file.
func (u *unit) frontMatter(key string) (jsValue, bool) {
	if u.front == nil {
		u.front = frontMatterTexts(u.file)
	}
	text, ok := u.front[key]
	return jsValue{kind: jsText, text: text}, ok
}

// constant returns what is exported or imported under a name. Each is looked at once.
func (u *unit) constant(name string) (jsValue, bool) {
	if v, ok := u.constants[name]; ok {
		return v, v.kind != jsUnknown
	}
	v := jsValue{kind: jsUnknown}
	if u.constants == nil {
		u.constants = map[string]jsValue{}
	}
	u.constants[name] = v // so that one that names itself is not known
	if one, ok := u.imports[name]; ok {
		v = jsValue{kind: jsFile, file: &one}
	} else if one, ok := u.exports[name]; ok && one.isValue {
		end := one.start + len(strings.TrimRight(u.s[one.start:one.end], " \t\n;"))
		if found, ok := evaluate(u.s, one.start, end, u.known); ok {
			v = found
		}
	}
	u.constants[name] = v
	return v, v.kind != jsUnknown
}
