package docs

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/source"
)

// include is a line that names files whose text belongs in its place: <!--@include: ./part.md{1,5}--> and <<< ./code.ts#region of VitePress,
// --8<-- "part.md" of PyMdown Extensions.
type include struct {
	paths    []string
	region   string // of the file
	from, to int    // 1-based lines; 0: all, to the end
	code     bool   // it is shown as code
	lang     string
	title    string
	end      int // offset after it
}

// commentInclude reads <!--@include: path-->.
func commentInclude(s string, at, end int) *include {
	rest, ok := strings.CutPrefix(s[at:end], "<!--")
	if !ok {
		return nil
	}
	if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), "@include:"); !ok {
		return nil
	}
	rest, ok = strings.CutSuffix(strings.TrimRight(rest, " \t"), "-->")
	if !ok {
		return nil
	}
	in := &include{end: end}
	rest = strings.TrimSpace(rest)
	if i := strings.IndexByte(rest, '{'); i > 0 && strings.HasSuffix(rest, "}") {
		first, last, hasLast := strings.Cut(rest[i+1:len(rest)-1], ",")
		in.from, _ = strconv.Atoi(strings.TrimSpace(first))
		in.to, _ = strconv.Atoi(strings.TrimSpace(last))
		if !hasLast {
			in.to = in.from
		}
		rest = rest[:i]
	}
	rest, in.region, _ = strings.Cut(strings.TrimSpace(rest), "#")
	if rest == "" || strings.ContainsAny(rest, "<>") {
		return nil
	}
	in.paths = []string{rest}
	return in
}

// codeInclude reads <<< path#region{lines lang} [title]. The lines are marked on the site, all of them are shown.
func codeInclude(s string, at, end int) *include {
	rest, ok := strings.CutPrefix(s[at:end], "<<< ")
	if !ok {
		return nil
	}
	in := &include{code: true, end: end}
	rest = strings.TrimSpace(rest)
	if i := strings.LastIndexByte(rest, '['); i > 0 && strings.HasSuffix(rest, "]") {
		in.title = rest[i+1 : len(rest)-1]
		rest = strings.TrimSpace(rest[:i])
	}
	if i := strings.IndexByte(rest, '{'); i > 0 && strings.HasSuffix(rest, "}") {
		for _, word := range strings.Fields(rest[i+1 : len(rest)-1]) {
			if word, _, _ := strings.Cut(word, ":"); strings.Trim(word, "0123456789,-") != "" {
				in.lang = word
			}
		}
		rest = strings.TrimSpace(rest[:i])
	}
	rest, in.region, _ = strings.Cut(rest, "#")
	if rest == "" || path.Ext(rest) == "" && strings.IndexByte("./@~", rest[0]) < 0 || strings.ContainsAny(rest, " <>\"'") {
		return nil
	}
	in.paths = []string{rest}
	return in
}

// snippetMark is what PyMdown Extensions begin the inclusion of a snippet with.
const snippetMark = "--8<--"

// snippetLine reads --8<-- "path:1:5", or the block of paths between two such marks.
func snippetLine(s string, at, end int) *include {
	rest, ok := strings.CutPrefix(s[at:end], snippetMark)
	if !ok {
		return nil
	}
	if rest = strings.TrimSpace(rest); rest == "" {
		return snippetBlock(s, end)
	}
	if len(rest) < 3 || rest[0] != '"' && rest[0] != '\'' || rest[len(rest)-1] != rest[0] {
		return nil
	}
	in := &include{end: end}
	name, part, _ := strings.Cut(rest[1:len(rest)-1], ":")
	if first, last, hasLast := strings.Cut(part, ":"); strings.Trim(part, "0123456789:") == "" {
		in.from, _ = strconv.Atoi(first)
		in.to, _ = strconv.Atoi(last)
		if in.to == 0 && !hasLast {
			in.to = in.from
		}
	} else {
		in.region = part
	}
	in.paths = []string{name}
	return in
}

// maxSnippets is how many lines a block of snippets may have.
const maxSnippets = 100

// snippetBlock reads the lines after a mark, each of which names a file, up to the next mark.
func snippetBlock(s string, end int) *include {
	in := &include{}
	at := end + 1
	for n := 0; n < maxSnippets && at < len(s); n++ {
		next := lineEnd(s, at)
		line := strings.TrimSpace(s[at:next])
		switch {
		case line == snippetMark && len(in.paths) > 0:
			in.end = len(strings.TrimRight(s[:next], "\n"))
			return in
		case line == snippetMark:
			return nil
		case line != "":
			in.paths = append(in.paths, strings.Trim(line, `"'`))
		}
		at = next
	}
	return nil
}

// fileText is a place in a file.
type fileText struct {
	file *source.File
	at   int
}

// codeNames are the endings of files whose text a page may show.
var codeNames = wordSet(`.astro .bash .bat .bzl .c .cc .clj .cljs .cmake .cpp .cs .csproj .css .cts .cxx .dart .diff .ejs .elm .erl .ex .exs .fs .fsx .gleam .go .gql
	.gradle .graphql .groovy .h .haml .hbs .hcl .hh .hpp .hrl .hs .html .http .hx .ini .ipynb .java .jl .js .json .json5 .jsonc .jsx .kt .kts .less .liquid .lua .m .md
	.mdx .mjs .ml .mm .mod .mts .nim .nix .nu .patch .php .pl .pm .prisma .proto .ps1 .pug .py .pyi .r .rb .re .rkt .rs .sass .scala .scm .scss .sh .sol .sql .svelte
	.swift .tf .toml .ts .tsx .twig .txt .v .vb .vue .wat .wgsl .xml .yaml .yml .zig .zsh`)

// secretNames are the beginnings of names that files with credentials have.
var secretNames = []string{"credentials", "service-account", "serviceaccount", "secrets", "id_"}

// mayShow reports whether the text of a file may stand in a page as code.
func mayShow(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, prefix := range secretNames {
		if strings.HasPrefix(base, prefix) {
			return false
		}
	}
	return codeNames[path.Ext(base)] && base[0] != '.' || base == "dockerfile" || base == "makefile" || base == ".env.example"
}

// remote reports whether a file was fetched: what others wrote includes nothing of ours.
func (l *Library) remote(name string) bool {
	if slices.ContainsFunc(l.options.Snapshots, func(s Snapshot) bool { return s.Path == name }) {
		return true
	}
	for _, root := range l.roots {
		if host, _, ok := strings.Cut(below(name, root), "/"); ok && within(name, root) && isHost(host) && l.siteOf(name) == nil {
			return true
		}
	}
	return false
}

// request asks for a file that a page names.
type request struct {
	spec string // as the page writes it
	base string // path of the file that names it
	code bool   // it is shown as code
	any  bool   // a bare name is a path; in a module it is a package
	at   *mark  // where a fault is reported
}

// locate returns the files that a request may mean, the likeliest first.
func (u *unit) locate(q request) []string {
	spec := q.spec
	if i := strings.LastIndexByte(spec, '!'); i >= 0 {
		spec = spec[i+1:]
	}
	spec, _, _ = strings.Cut(spec, "?")
	root := ""
	if u.site != nil {
		root = u.site.path
		for _, a := range u.site.alias {
			if rest, ok := strings.CutPrefix(spec, a.name); ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(a.name, "/")) {
				return []string{path.Join(a.path, rest)}
			}
		}
	}
	dir := path.Dir(q.base)
	switch {
	case strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../"):
		return []string{path.Join(dir, spec)}
	case strings.HasPrefix(spec, "@/"), strings.HasPrefix(spec, "/"):
		rest := spec[strings.IndexByte(spec, '/')+1:]
		return []string{path.Join(root, rest), path.Clean(rest)}
	case !q.any || strings.HasPrefix(spec, "@"):
		return nil
	}
	names := []string{path.Join(dir, spec), path.Clean(spec)}
	for up := root; up != "" && up != "."; up = path.Dir(up) {
		names = append(names, path.Join(up, spec))
	}
	return names
}

// find returns the file that a page includes. Why one can't be included is reported where it is named.
func (u *unit) find(q request) *source.File {
	f, message, hint := u.request(q)
	if f == nil {
		u.report("page-include", q.at.start, q.at.end, fmt.Sprintf("%q is not included: %s", q.spec, message), hint)
	}
	return f
}

func (u *unit) request(q request) (f *source.File, message, hint string) {
	if u.lib.remote(u.file.Path) {
		return nil, "this page was fetched, and what others wrote includes no file of the project", "keep what it includes as a page of its own"
	}
	names := u.locate(q)
	if len(names) == 0 {
		return nil, "no folder is known for it", fmt.Sprintf("say where it is: sites: [{…, alias: {%q: FOLDER}}]", strings.SplitN(q.spec, "/", 2)[0])
	}
	for _, name := range names {
		if e, err := u.lib.tree.Stat(name); err == nil && !e.Type.IsDir() {
			return u.open(q, name)
		}
	}
	if strings.HasPrefix(names[0], "../") || names[0] == ".." {
		return nil, "it lies outside the project", "copy it into the project"
	}
	return nil, "there is no " + names[0], "check the path: it begins at the folder of this file"
}

// open reads a file that is to be included.
func (u *unit) open(q request, name string) (f *source.File, message, hint string) {
	switch {
	case unread(name):
		return nil, "it lies where no pages are read", "copy it out of .git or node_modules"
	case !q.code && !isPage(name):
		return nil, name + " is no page", "pages end in .md, .mdx or .html"
	case q.code && !mayShow(name):
		return nil, name + " does not look like code that may be shown", "show a file with the ending of a programming language, which holds no credentials"
	}
	f, err := u.lib.tree.Read(name)
	switch {
	case err != nil:
		return nil, err.Error(), "put the file itself there"
	case f.Kind != source.Text:
		return nil, name + " is not text in UTF-8", "save it as UTF-8"
	}
	u.uses++
	u.size += len(f.Text)
	switch {
	case u.uses > maxUses:
		return nil, fmt.Sprintf("the page includes more than %d files", maxUses), "is it included in a circle of many files?"
	case u.size > maxPage:
		return nil, fmt.Sprintf("what the page includes is larger than %d MiB", maxPage>>20), "split the page"
	case len(u.stack) >= maxIncludes:
		return nil, fmt.Sprintf("files include each other more than %d deep", maxIncludes), "include less deep"
	case !q.code && (f == u.file || slices.Contains(u.stack, f)):
		return nil, "it includes itself", "take it out where the circle closes"
	}
	if !slices.Contains(u.files, f) {
		u.files = append(u.files, f)
	}
	return f, "", ""
}

// part returns the bytes of a file that an include wants: all but front matter, its lines, or a region. false where there is no such region.
func (in *include) part(f *source.File) (from, to int, ok bool) {
	_, from, _ = splitFrontMatter(f.Text)
	if in.code {
		from = 0
	}
	to = len(f.Text)
	switch {
	case in.region != "":
		return regionOf(f.Text, in.region)
	case in.from > 0 || in.to > 0:
		if in.from > 0 {
			from = f.Offset(in.from)
		}
		if in.to > 0 {
			to = f.Offset(in.to + 1)
		}
	}
	return from, max(from, to), true
}

// regionOf finds the lines between the marks of a region: #region name and #endregion of editors, [start:name] and [end:name] of PyMdown.
func regionOf(s, name string) (from, to int, ok bool) {
	from = -1
	for at := 0; at < len(s); {
		end := lineEnd(s, at)
		line := strings.TrimRight(s[at:end], " \t\n")
		line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(line, "-->"), "*/"))
		switch {
		case from < 0 && (strings.HasSuffix(line, "region "+name) && !strings.Contains(line, "endregion") || strings.Contains(line, "[start:"+name+"]")):
			from = end
		case from >= 0 && (strings.HasSuffix(line, "endregion") || strings.HasSuffix(line, "endregion "+name) || strings.Contains(line, "[end:"+name+"]")):
			return from, at, true
		}
		at = end
	}
	return 0, 0, false
}

// includeMark writes what an include brings in.
func (r *renderer) includeMark(one *mark) {
	in := one.include
	inCode := r.lines[one.line].fence >= 0
	var texts []*mdText
	for _, name := range in.paths {
		code := in.code || inCode
		f := r.find(request{spec: name, base: r.file.Path, code: code, any: true, at: one})
		if f == nil {
			continue
		}
		from, to, ok := (&include{region: in.region, from: in.from, to: in.to, code: code}).part(f)
		if !ok {
			r.report("page-include", one.start, one.end, fmt.Sprintf("%q is not included: %s has no region %q", name, f.Path, in.region), "check the name of the region")
			continue
		}
		switch {
		case inCode:
			r.includeInCode(one, f, from, to)
			return
		case in.code:
			r.includeCode(one, f, from, to)
			return
		}
		texts = append(texts, r.bring(&unit{file: f, body: from, s: f.Text[from:to]}))
	}
	if len(texts) == 0 || inCode {
		r.drop(one)
		return
	}
	r.block(one, one, func() {
		for _, t := range texts {
			r.w.apart()
			r.w.text(t)
		}
	})
}

// includeCode writes a part of a file as fenced code.
func (r *renderer) includeCode(one *mark, f *source.File, from, to int) {
	in := one.include
	text := f.Text[from:to]
	skip := len(text) - len(strings.TrimLeft(text, "\n"))
	code := shownText{text: strings.Trim(text, "\n"), file: &fileText{f, from + skip}}
	lang := in.lang
	if lang == "" {
		lang = strings.TrimPrefix(path.Ext(f.Path), ".")
	}
	title := in.title
	if title == "" && r.group {
		title = path.Base(f.Path)
	}
	r.block(one, one, func() {
		if title != "" {
			r.label("", func() { r.say(jsValue{kind: jsText, text: title}) })
			r.w.apart()
		}
		r.fenced(infoString(lang, ""), code)
	})
}

// includeInCode writes a part of a file among other code. One that would end the fence is left out.
func (r *renderer) includeInCode(one *mark, f *source.File, from, to int) {
	l := &r.lines[one.line]
	opens := strings.TrimLeft(r.s[r.lines[l.fence].text:r.lines[l.fence].end], " \t")
	size := run(opens, opens[0])
	for line := range strings.Lines(f.Text[from:to]) {
		if trimmed := strings.TrimSpace(line); run(trimmed, opens[0]) >= size && strings.Trim(trimmed, opens[:1]) == "" {
			r.report("page-include", one.start, one.end, fmt.Sprintf("%s is not included: it holds a line that would end the code around it", f.Path), "open that code with more backticks")
			r.drop(one)
			return
		}
	}
	r.copyTo(l.start)
	at, column := afterQuotes(r.s, l.start, l.end, r.quotes)
	at, _ = skipColumns(r.s, at, l.end, column, r.strip)
	indent := r.s[at:max(at, one.start)]
	for at := from; at < to; {
		end := lineEnd(f.Text[:to], at)
		stop := end
		if f.Text[stop-1] == '\n' {
			stop--
		}
		if stop > at {
			r.w.made(indent)
			r.w.copy(f, at, stop)
		}
		r.w.newline(f, stop, stop)
		at = end
	}
	r.at = min(l.end+1, len(r.s))
}

// partialMark writes a partial that is used as a component.
func (r *renderer) partialMark(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	f := r.find(request{spec: r.partialPath(open), base: r.file.Path, at: open})
	if f == nil {
		if open.pair >= 0 { // what it holds is kept
			r.children(i)
			return
		}
		r.drop(open)
		return
	}
	whole := *open
	whole.end, whole.tail = close.end, close.tail
	props := map[string]jsValue{}
	for _, a := range open.tag.attrs {
		if v, ok := attrValue(r.s, a, r.known); ok && a.name != "" {
			props[a.name] = r.passed(v)
		} else if a.kind != jsxSpread && a.name != "" {
			r.lost = append(r.lost, mark{start: a.start, end: a.end})
		}
	}
	var kids *mdText
	if open.pair >= 0 {
		inner := &renderer{unit: r.unit, w: &mdWriter{file: r.file, cause: r.body + open.start}, nested: r.nested}
		inner.between(i)
		kids = inner.w.done()
	}
	_, from, _ := splitFrontMatter(f.Text)
	u := &unit{file: f, body: from, s: f.Text[from:], partial: true, props: props, kids: kids}
	r.insert(&whole, r.bring(u))
	r.at = max(r.at, close.end)
}

// partialPath returns the path of the partial that a component is: imported, or named by <Snippet file="x.mdx"> of Mintlify.
func (r *renderer) partialPath(one *mark) string {
	if imp, ok := r.imports[one.tag.name]; ok {
		return imp.from
	}
	return "/snippets/" + r.attribute(one, "file")
}

// passed is a value as another file sees it: its place in this one means nothing there.
func (r *renderer) passed(v jsValue) jsValue {
	if v.kind == jsElement {
		return jsValue{kind: jsText, text: elementText(r.s, v.start, v.end)}
	}
	if v.kind == jsFile && v.file.base == "" {
		one := *v.file
		one.base = r.file.Path
		v.file = &one
	}
	v.start, v.end = 0, 0
	items := make([]jsValue, len(v.items))
	for i, item := range v.items {
		items[i] = r.passed(item)
	}
	v.items = items
	return v
}

// bring converts a part of another file. What it leaves open ends with it, and its labels mean nothing outside.
func (r *renderer) bring(u *unit) *mdText {
	f := u.file
	var text *mdText
	if isHTML(f.Path) {
		var err error
		if _, text, err = htmlText(f); err != nil {
			at := r.w.cause - r.body
			r.report("page-include", at, at, fmt.Sprintf("%s can't be read as HTML: %v", f.Path, err), "keep a Markdown copy of it (.md)")
			return newText(f, 0, 0)
		}
	} else {
		u.conversion, u.stack = r.conversion, append(slices.Clone(r.stack), r.file)
		text = u.markdown()
	}
	r.size += len(text.s)
	doc := prepare(text, f.Path, nil, nil)
	r.findings = append(r.findings, doc.findings...)
	return doc.sealed(r.lib.key(f.Path))
}

// codeFile returns the text of a file that was imported as code.
func (r *renderer) codeFile(imp imported, at *mark) (shownText, bool) {
	base := imp.base
	if base == "" {
		base = r.file.Path
	}
	f := r.find(request{spec: imp.from, base: base, code: true, at: at})
	if f == nil {
		return shownText{}, true
	}
	text := strings.TrimLeft(f.Text, "\n")
	return shownText{text: strings.TrimRight(text, "\n"), file: &fileText{f, len(f.Text) - len(text)}}, true
}

// sealed returns the document with its labels of links and footnotes bound to it, so that it may stand among others.
func (d *document) sealed(key string) *mdText {
	if len(d.defs)+len(d.notes) == 0 {
		return d.text
	}
	w := &splicer{document: d, form: form{shared: true, key: key}, aims: &aims{}, s: d.text.s, defined: -1}
	for i := range d.defs {
		w.definition(&d.defs[i], aim{})
	}
	for i := range d.links {
		if d.links[i].ref {
			w.inlineLink(&d.links[i], aim{})
		}
	}
	w.footnotes()
	t, _ := d.text.apply(merge(w.s, w.edits, w.cuts))
	return t
}
