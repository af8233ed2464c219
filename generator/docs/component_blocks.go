package docs

import (
	"fmt"
	"strings"
	"unicode"
)

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
func (r *renderer) calloutOf(kind string, title headline, body func()) {
	saved := r.w.quote()
	switch {
	case strings.EqualFold(strings.TrimSpace(title.text), kind):
		title.write = nil
	case title.write != nil && !title.starred && (!tellingKinds[kind] || strings.Contains(strings.ToLower(title.text), strings.ToLower(kind))):
		kind = ""
	}
	if title.starred {
		r.label(kind, nil)
		r.w.apart()
		title.write()
	} else {
		r.label(kind, title.write)
	}
	r.w.apart()
	body()
	r.w.pop(saved)
}

// grouped writes a group of fenced code, each labelled with its title.
func (r *renderer) grouped(i int) {
	saved := r.group
	r.group = true
	r.between(i)
	r.group = saved
}

// tabName is the label that a group gives one of its tabs: the one with a value, or the next where it names none.
type tabName struct{ value, label string }

// tabLabel returns the label of a tab or the like: its own, or the one that its group has for its value or place.
func (r *renderer) tabLabel(one *mark) (jsValue, bool) {
	next := ""
	if len(r.tabs) > 0 && r.tabs[0].value == "" {
		next, r.tabs = r.tabs[0].label, r.tabs[1:]
	}
	if v, ok := r.words(one, "title", "label", "heading", "header", "question"); ok {
		return v, true
	}
	value := r.attribute(one, "value", "tab", "name")
	for _, tab := range r.tabs {
		if tab.value == value && value != "" {
			next = tab.label
		}
	}
	if next != "" {
		return jsValue{kind: jsText, text: next}, true
	}
	return r.words(one, "value", "tab", "name", "summary", "description")
}

// tabsOf reads the labels that a group gives its tabs: values={[{label, value}]}, or items={['a', 'b']} in order.
func (r *renderer) tabsOf(one *mark) []tabName {
	for _, name := range []string{"values", "items", "tabs", "labels"} {
		a, ok := one.tag.attr(name)
		if !ok {
			continue
		}
		v, ok := attrValue(r.s, a, r.known)
		if !ok || v.kind != jsList {
			continue
		}
		var tabs []tabName
		for _, item := range v.items {
			label, _ := item.get("label")
			value, _ := item.get("value")
			switch {
			case label.kind == jsText:
				tabs = append(tabs, tabName{value.text, label.text})
			case item.kind == jsText:
				tabs = append(tabs, tabName{label: item.text})
			}
		}
		return tabs
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
	r.prose(open, title.attr)
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
	r.prose(open, title.attr)
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
	r.prose(open, "")
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
