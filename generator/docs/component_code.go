package docs

import (
	"path"
	"strings"
)

// codeBlock writes a component that shows code.
func (r *renderer) codeBlock(i int) {
	open := &r.marks[i]
	close := r.closing(open)
	lang := strings.TrimPrefix(r.attribute(open, "language", "lang", "className"), "language-")
	title := r.attribute(open, "title", "filename", "fileName", "name")
	code, ok := r.codeOf(i)
	if code.file != nil && code.file.file != r.file && lang == "" {
		lang = strings.TrimPrefix(path.Ext(code.file.file.Path), ".")
	}
	switch {
	case !ok:
		if !r.takesLines(open, close) {
			r.inlineBlock(i, childrenOnly)
			return
		}
		r.block(open, close, func() { r.prose(open, ""); r.between(i) })
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
		r.block(open, close, func() { r.prose(open, ""); r.between(i) })
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
