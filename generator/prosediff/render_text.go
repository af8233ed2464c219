package prosediff

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"skillgen/generator/diag"
)

// View says which entries a renderer shows. It hides nothing from the gate. The zero value shows everything.
type View struct {
	Level Level                  // entries below are left out
	Skill func(name string) bool // nil for every skill
	Only  map[string]bool        // kinds; nil for every kind
	Stat  bool                   // counts only

	notes bool // for who uses the skills: what the project has accepted too, and nothing of its gate
}

func (v View) shows(e *entry) bool {
	if e.first.Level < v.Level || v.Only != nil && !v.Only[e.first.ID] || e.first.Area == "gate" && v.notes {
		return false
	}
	if v.Skill == nil {
		return true
	}
	for _, c := range e.changes {
		if v.Skill(c.Skill) {
			return true
		}
	}
	return false
}

// open reports whether a renderer lists e as something to see to.
func (v View) open(e *entry) bool { return v.shows(e) && (v.notes || !e.accepted()) }

// Text writes the report for a terminal of so many columns: errors and warnings first, each with its place and words; then what else changed,
// by skill; then what is folded. Markers [-old-]{+new+} stand with and without colour. What others wrote can't move the cursor.
func Text(w io.Writer, r *Report, v View, width int, colour bool) error {
	t := &textWriter{report: r, view: v, width: max(width, 60), colour: colour}
	t.header()
	if !v.Stat {
		t.findings()
		t.notes()
		t.folded()
	}
	t.verdict()
	t.legend()
	_, err := io.WriteString(w, t.b.String())
	return err
}

type textWriter struct {
	b      strings.Builder
	report *Report
	view   View
	width  int
	colour bool
}

// Colours of a terminal.
const (
	red, green, yellow, blue, dim, bold = "31", "32", "33", "34", "2", "1"
)

func (t *textWriter) paint(code, s string) string {
	if !t.colour || s == "" || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

var levelColour = map[Level]string{Error: "1;" + red, Warning: yellow, Info: blue, Mechanical: dim}

func (t *textWriter) header() {
	r := t.report
	left := "skillgen diff  " + diag.Terminal(sideName(r.Base)) + " → " + diag.Terminal(sideName(r.Revision))
	f := r.Summary.Files
	right := fmt.Sprintf("%s: %d added, %d removed, %d changed, %d same", amount(f.Added+f.Removed+f.Changed+f.Same, "file"), f.Added, f.Removed, f.Changed, f.Same)
	t.b.WriteString(t.spread(t.paint(bold, left), left, right) + "\n" + summaryLine(r) + "\n")
	if r.Gate.Failed {
		t.hanging(0, 2, gateLine(r, t.view), red)
	}
	for _, n := range r.Notes {
		t.b.WriteString("note: " + diag.Terminal(n) + "\n")
	}
}

func sideName(s Identity) string {
	if s.Spec == "" {
		return s.Kind
	}
	return s.Spec
}

// spread puts right at the end of the line, or below where it does not fit.
func (t *textWriter) spread(shown, left, right string) string {
	if gap := t.width - utf8.RuneCountInString(left) - utf8.RuneCountInString(right); gap >= 2 {
		return shown + strings.Repeat(" ", gap) + right
	}
	return shown + "\n" + right
}

// summaryLine counts entries: "2 errors  5 warnings  61 notes · 9 mechanical folded · tokens 182,410 → 196,022 (+7.5 %) · suggests 0.5.0".
func summaryLine(r *Report) string {
	s := r.Summary
	if len(r.Changes) == 0 {
		return "No changes"
	}
	line := fmt.Sprintf("%s  %s  %s", amount(s.Error, "error"), amount(s.Warning, "warning"), amount(s.Info, "note"))
	if s.Error+s.Warning+s.Info == 0 {
		line = "No changes to review"
	}
	if s.Mechanical > 0 {
		line += fmt.Sprintf(" · %d mechanical folded", s.Mechanical)
	}
	if s.Stamps > 0 {
		line += " · new stamps"
	}
	if s.Accepted > 0 {
		line += fmt.Sprintf(" · %d accepted", s.Accepted)
	}
	line += " · " + tokenLine(s.Tokens)
	if s.Semver.Version != "" && s.Semver.Bump != "none" {
		line += " · suggests " + s.Semver.Version
	} else if s.Semver.Bump != "none" {
		line += " · suggests a " + s.Semver.Bump + " version"
	}
	return line
}

func tokenLine(t Tokens) string {
	about := ""
	if t.Estimated {
		about = "about "
	}
	s := fmt.Sprintf("tokens %s%s → %s", about, thousands(t.Base), thousands(t.Revision))
	if t.Base > 0 && t.Base != t.Revision {
		s += fmt.Sprintf(" (%+.1f %%)", 100*float64(t.Revision-t.Base)/float64(t.Base))
	}
	return s
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// findings writes what is not folded and not plain information.
func (t *textWriter) findings() {
	for _, e := range t.report.entries() {
		if e.first.Level >= Warning && t.view.open(e) {
			t.b.WriteByte('\n')
			t.finding(e)
		}
	}
}

func (t *textWriter) finding(e *entry) {
	c := e.first
	level := fmt.Sprintf("%-8s", labels[c.Level])
	left := level + fmt.Sprintf("%-22s ", c.ID) + diag.Terminal(subject(e))
	shown := t.paint(levelColour[c.Level], level) + t.paint(bold, fmt.Sprintf("%-22s ", c.ID)) + diag.Terminal(subject(e))
	where := diag.Terminal(whereabouts(e))
	if gap := t.width - utf8.RuneCountInString(left) - utf8.RuneCountInString(where); gap >= 2 {
		t.b.WriteString(shown + strings.Repeat(" ", gap) + where + "\n")
	} else {
		t.b.WriteString(shown + "\n        " + where + "\n")
	}
	t.words(c, 8, 12)
	switch {
	case c.Level >= Warning:
		t.wrapped(10, diag.Terminal(c.Message), "["+e.fingerprint()+"]")
	case !uninformative(c):
		t.wrapped(10, diag.Terminal(c.Message), "")
	}
	if e.group != nil && len(e.group.Except) > 0 {
		t.wrapped(10, "not changed in: "+diag.Terminal(clip(strings.Join(e.group.Except, ", "), 400)), "")
	}
	if names := e.skillNames(); names != "" {
		t.wrapped(10, "in skills "+diag.Terminal(names), "")
	}
	if also := e.otherFiles(); len(also) > 0 && c.Level >= Warning {
		t.wrapped(10, "also at "+diag.Terminal(fileList(also, 8)), "")
	}
}

var labels = [...]string{"folded", "note", "warning", "error"}

// compiled reports whether the change is shown at its source.
func (c *Change) compiled() bool {
	return c.Revision != nil && c.Revision.Output != nil || c.Base != nil && c.Base.Output != nil
}

// skillNames names the first skills that an edit of sources reaches; empty where the files say it.
func (e *entry) skillNames() string {
	if e.group == nil || len(e.group.Skills) < 2 || !e.first.compiled() {
		return ""
	}
	list := e.group.Skills
	if most := 3; len(list) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
	}
	return strings.Join(list, ", ")
}

// otherFiles are the files of a group but that of its example.
func (e *entry) otherFiles() []string {
	if e.group == nil {
		return nil
	}
	return without(e.group.Files, []string{e.first.file()})
}

// fileList names the first few files.
func fileList(files []string, most int) string {
	if len(files) <= most {
		return strings.Join(files, ", ")
	}
	return strings.Join(files[:most], ", ") + fmt.Sprintf(" and %d more", len(files)-most)
}

// subject says what an entry is about: skill and headings, or how many places.
func subject(e *entry) string {
	if e.group != nil {
		s := fmt.Sprintf("×%d", e.group.Count)
		if n := len(e.group.Skills); n > 1 && e.first.compiled() {
			return amount(len(e.group.Files), "source") + " → " + amount(n, "skill")
		} else if n > 1 {
			return s + " in " + amount(n, "skill")
		}
		if e.first.Skill != "" {
			s += " in " + e.first.Skill
		}
		if e.group.Kind == "section" {
			s += " › " + strings.Join(e.first.Path, " › ")
		}
		return s
	}
	parts := e.first.Path
	if e.first.Skill != "" {
		parts = append([]string{e.first.Skill}, parts...)
	}
	if len(parts) > 4 {
		parts = append(append([]string{}, parts[:1]...), append([]string{"…"}, parts[len(parts)-2:]...)...)
	}
	return strings.Join(parts, " › ")
}

// whereabouts says where an entry stands: "tags/js.md:14 → gone", "e.g. a.md:3 → 5".
func whereabouts(e *entry) string {
	s := placeLine(e.first)
	if e.group != nil && e.group.Count > 1 && s != "" {
		return "e.g. " + s
	}
	return s
}

func placeLine(c *Change) string {
	switch a, b := c.Base, c.Revision; {
	case c.focus != nil:
		return c.focus.String()
	case a == nil && b == nil:
		return ""
	case a == nil && c.Action == "added":
		return "new → " + b.String()
	case a == nil:
		return b.String()
	case b == nil:
		return a.String() + " → gone"
	case a.File == b.File && a.Line != b.Line && c.Action == "moved":
		return a.String() + " → " + strconv.Itoa(b.Line)
	case a.File == b.File && len(c.Ops) > 0 && !has(c.Ops, "delete") && !has(c.Ops, "equal"):
		return "new → " + b.String()
	case a.File == b.File && len(c.Ops) > 0 && !has(c.Ops, "insert") && !has(c.Ops, "equal"):
		return a.String() + " → gone"
	case a.File == b.File:
		return b.String()
	default:
		return a.String() + " → " + b.String()
	}
}

// has reports whether a step of the kind is among ops.
func has(ops []Op, kind string) bool {
	return slices.ContainsFunc(ops, func(o Op) bool { return o.Op == kind })
}

// String writes file:line.
func (p *Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// words writes old and new text of a change, indented.
func (t *textWriter) words(c *Change, indent, mostLines int) {
	if len(c.Ops) == 0 || c.MatchedBy != "" && !hasEdit(c.Ops) {
		return
	}
	lines, left := c.lines(mostLines)
	for _, l := range lines {
		sign := signOf(c)
		if c.verbatim {
			sign = signOfLine(l)
		}
		t.line(indent, sign+" ", l)
	}
	if left > 0 {
		t.b.WriteString(strings.Repeat(" ", indent) + fmt.Sprintf("  … and %s more\n", amount(left, "line")))
	}
}

// lines returns what is shown of a change: the lines of code that hold an edit, up to most, and how many more there are; prose on one line; of
// a section its heading and first sentence.
func (c *Change) lines(most int) (lines [][]piece, left int) {
	switch {
	case len(c.lead) > 0:
		for _, s := range c.lead {
			lines = append(lines, []piece{{map[string]byte{"removed": '-', "added": '+'}[c.Action], s}})
		}
		return lines, 0
	case !c.verbatim:
		return [][]piece{inline(c.Ops)}, 0
	}
	return verbatimLines(c.Ops, most)
}

func hasEdit(ops []Op) bool {
	for _, o := range ops {
		if o.Op != "equal" {
			return true
		}
	}
	return false
}

// signOf is - for what is gone, + for what is new, ~ for what changed.
func signOf(c *Change) string {
	switch {
	case c.Base == nil && c.Action == "added":
		return "+"
	case c.Revision == nil:
		return "-"
	}
	return "~"
}

func signOfLine(l []piece) string {
	gone, come, same := false, false, false
	for _, p := range l {
		gone, come, same = gone || p.sign == '-', come || p.sign == '+', same || p.sign == '=' && strings.TrimSpace(p.text) != ""
	}
	switch {
	case gone && !come && !same:
		return "-"
	case come && !gone && !same:
		return "+"
	}
	return "~"
}

// line writes pieces with their markers, hang-indented to the width. Where the sign says it all, there are no markers.
func (t *textWriter) line(indent int, sign string, pieces []piece) {
	out := wrapper{indent: indent + 2, width: t.width, paint: t.paint}
	out.b.WriteString(strings.Repeat(" ", indent) + t.paint(signColour(sign), sign))
	out.column = indent + 2
	for _, p := range pieces {
		text := diag.Terminal(strings.ReplaceAll(p.text, "\t", "    "))
		switch {
		case p.sign == '=':
			out.write(text, "")
		case p.sign == '-' && sign == "- ":
			out.write(text, red)
		case p.sign == '+' && sign == "+ ":
			out.write(text, green)
		case p.sign == '-':
			out.write("[-"+text+"-]", red)
		default:
			out.write("{+"+text+"+}", green)
		}
	}
	out.flush()
	t.b.WriteString(out.b.String() + "\n")
}

func signColour(sign string) string {
	switch sign {
	case "- ":
		return red
	case "+ ":
		return green
	}
	return yellow
}

// wrapped writes words, hang-indented, and a tail at the end of the last line.
func (t *textWriter) wrapped(indent int, text, tail string) {
	out := wrapper{indent: indent, width: t.width, column: indent, paint: t.paint}
	out.b.WriteString(strings.Repeat(" ", indent))
	out.write(text, dim)
	out.flush()
	if tail != "" {
		n := utf8.RuneCountInString(tail)
		if gap := t.width - out.column - n; gap >= 2 {
			out.b.WriteString(strings.Repeat(" ", gap))
		} else {
			out.b.WriteString("\n" + strings.Repeat(" ", max(indent, t.width-n)))
		}
		out.b.WriteString(t.paint(dim, tail))
	}
	t.b.WriteString(out.b.String() + "\n")
}

// hanging writes a line whose further lines are indented more.
func (t *textWriter) hanging(first, indent int, text, colour string) {
	out := wrapper{indent: indent, width: t.width, column: first, paint: t.paint}
	out.b.WriteString(strings.Repeat(" ", first))
	out.write(diag.Terminal(text), colour)
	out.flush()
	t.b.WriteString(out.b.String() + "\n")
}

// wrapper breaks lines at blanks, wherever colours change.
type wrapper struct {
	b             strings.Builder
	indent, width int
	column        int
	paint         func(code, s string) string

	word []coloured // since the last blank
	size int        // of word, in runes
}

type coloured struct{ text, colour string }

func (w *wrapper) write(text, colour string) {
	for text != "" {
		n := strings.IndexByte(text[1:], ' ') + 1
		if n <= 0 {
			n = len(text)
		}
		if text[0] == ' ' {
			w.flush()
		}
		w.word = append(w.word, coloured{text[:n], colour})
		w.size += utf8.RuneCountInString(text[:n])
		text = text[n:]
	}
}

// flush writes the word that waits for its end, on a line of its own where it does not fit.
func (w *wrapper) flush() {
	if len(w.word) > 0 && w.column+w.size > w.width && w.column > w.indent {
		w.b.WriteString("\n" + strings.Repeat(" ", w.indent))
		w.column = w.indent
		if w.word[0].text[0] == ' ' {
			w.word[0].text = w.word[0].text[1:]
			w.size--
		}
	}
	for _, p := range w.word {
		w.b.WriteString(w.paint(p.colour, p.text))
	}
	w.column += w.size
	w.word, w.size = w.word[:0], 0
}

// notes writes what else changed in meaning: edits made in many places, then by file, and last what was added to many files alike.
func (t *textWriter) notes() {
	many, boilerplate, rest := t.report.notes(t.view)
	if len(many)+len(boilerplate)+len(rest) > 0 {
		t.b.WriteString("\n" + t.paint(bold, "notes: what else changed") + "\n")
	}
	for _, e := range many {
		t.b.WriteByte('\n')
		t.finding(e)
	}
	t.byFile(rest)
	for _, e := range boilerplate {
		t.b.WriteByte('\n')
		t.finding(e)
	}
}

// notes divides what is shown as a note: edits made in many places, those of the project's own prose first; what was added to many files alike;
// and single ones.
func (r *Report) notes(v View) (many, boilerplate, rest []*entry) {
	for _, e := range r.entries() {
		switch {
		case e.first.Level != Info || !v.open(e):
		case e.group == nil || e.group.Count <= 2:
			rest = append(rest, e)
		case e.first.Action == "added" && len(e.group.Files) > 2:
			boilerplate = append(boilerplate, e)
		default:
			many = append(many, e)
		}
	}
	slices.SortStableFunc(many, func(x, y *entry) int { return cmp.Compare(x.first.distance(), y.first.distance()) })
	return many, boilerplate, rest
}

// distance is 0 for what the project wrote for skills, 1 for what it wrote for other readers.
func (c *Change) distance() int {
	if folder, _, _ := strings.Cut(c.file(), "/"); c.compiled() && (folder == "frameworks" || folder == "templates") {
		return 0
	}
	return 1
}

func (t *textWriter) byFile(rest []*entry) {
	file := ""
	for _, e := range inFileOrder(rest) {
		if f := e.first.shownFile(); f != file {
			file = f
			t.b.WriteString("\n" + t.paint(bold, diag.Terminal(f)) + "\n")
		}
		t.note(e)
	}
}

func (t *textWriter) note(e *entry) {
	c := e.first
	at := ""
	if c.Revision != nil && c.Revision.Line > 0 {
		at = strconv.Itoa(c.Revision.Line)
	} else if c.Base != nil && c.Base.Line > 0 {
		at = strconv.Itoa(c.Base.Line) + " gone"
	}
	head := fmt.Sprintf("  %s %s", at, c.ID)
	if len(c.Path) > 0 {
		head += "  " + strings.Join(c.Path[max(0, len(c.Path)-2):], " › ")
	}
	if e.group != nil {
		head += fmt.Sprintf("  ×%d", e.group.Count)
	}
	if !uninformative(c) {
		head += "  " + c.Message
	}
	t.b.WriteString(t.paint(dim, diag.Terminal(clip(head[2:], t.width-2))) + "\n")
	t.words(c, 4, 6)
}

// uninformative reports whether the message says no more than the words do.
func uninformative(c *Change) bool {
	return c.Message == "other words" || c.Message == "code" || c.ID == "rule-added" || c.ID == "text-changed" && c.term
}

// folded says in a few lines what is mechanical.
func (t *textWriter) folded() {
	counts := map[string][]string{}
	var ids []string
	for _, e := range t.report.entries() {
		if e.first.Level != Mechanical || !t.view.open(e) {
			continue
		}
		if counts[e.first.ID] == nil {
			ids = append(ids, e.first.ID)
		}
		counts[e.first.ID] = append(counts[e.first.ID], t.report.foldedIn(e))
	}
	if len(ids) == 0 {
		return
	}
	t.b.WriteString("\n" + t.paint(bold, "folded") + "\n")
	for _, id := range ids {
		t.wrapped(2, fmt.Sprintf("%-18s %s", id, diag.Terminal(fileList(counts[id], 6))), "")
	}
}

// foldedIn says which files a folded entry is in: its file, or how many, and how many of those hold nothing else.
func (r *Report) foldedIn(e *entry) string {
	only := map[string]bool{}
	for _, c := range e.changes {
		only[c.outputFile()] = true
	}
	all := len(only)
	if all < 2 {
		return e.first.file()
	}
	for _, c := range r.Changes {
		if c.Level > Mechanical {
			delete(only, c.outputFile())
		}
	}
	switch s := amount(all, "file"); len(only) {
	case 0:
		return s + ", each with other changes too"
	case all:
		return s + ", which hold nothing else"
	default:
		return fmt.Sprintf("%s, of which %d hold nothing else", s, len(only))
	}
}

// outputFile is the file of the skill that the change is in.
func (c *Change) outputFile() string {
	for _, p := range []*Place{c.Revision, c.Base} {
		if p != nil && p.Output != nil {
			return p.Output.File
		}
	}
	return c.file()
}

// verdict ends the report: what the gate says, and what made it fail though the view does not show it.
func (t *textWriter) verdict() {
	if line := gateLine(t.report, t.view); line != "" {
		colour := green
		if t.report.Gate.Failed {
			colour = red
		}
		t.b.WriteByte('\n')
		t.hanging(0, 2, line, colour)
	}
}

// legend says what stands in brackets, and how a person agrees to a change that made the gate fail.
func (t *textWriter) legend() {
	if t.report.Gate.Failed && !t.view.Stat {
		t.b.WriteString(t.paint(dim, "[…] is a change's fingerprint; skillgen diff --write-accept drafts entries to accept it") + "\n")
	}
}

// gateLine says what the gate found, naming the kinds that made it fail.
func gateLine(r *Report, v View) string {
	g := r.Gate
	if !g.Failed {
		if g.FailOn == "never" || len(r.Changes) == 0 {
			return ""
		}
		return "gate passed: nothing at or above " + gateLevel(g.FailOn)
	}
	hits, hidden := map[string][]string{}, 0 // kind → skills
	var ids []string
	for _, e := range r.entries() {
		if e.accepted() || e.first.Level < gateLevels[g.FailOn] {
			continue
		}
		if id := e.first.ID; hits[id] == nil {
			ids = append(ids, id)
		}
		hits[e.first.ID] = append(hits[e.first.ID], e.skills()...)
		if !v.shows(e) {
			hidden++
		}
	}
	for i, id := range ids {
		slices.Sort(hits[id])
		if n := len(slices.Compact(hits[id])); n > 1 {
			ids[i] = fmt.Sprintf("%s (%s)", id, amount(n, "skill"))
		}
	}
	line := fmt.Sprintf("gate failed: %s at or above %s: %s", amount(g.Hits, "entry"), gateLevel(g.FailOn), strings.Join(ids, ", "))
	line = strings.Replace(line, "entrys", "entries", 1)
	if hidden > 0 {
		line += fmt.Sprintf(" (%d of them hidden by the display filter)", hidden)
	}
	return line
}

var gateLevels = map[string]Level{"error": Error, "warning": Warning, "any": Info}

func gateLevel(failOn string) string {
	if failOn == "any" {
		return "info"
	}
	return failOn
}
