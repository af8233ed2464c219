package prosediff

import (
	"slices"
	"strings"

	"skillgen/generator/facts"
)

// findCode looks at fences: at commands an agent may run, and at any other code.
func (s *skillDiff) findCode() {
	for _, sp := range s.spots {
		if sp.delta != nil && sp.kind() == code && sp.open() {
			s.changedCode(sp)
		}
	}
	for _, l := range s.gone {
		if l.text().shape.kind == code && !l.claimed {
			s.oneSidedCode(l, "is gone")
		}
	}
	for _, l := range s.come {
		if l.text().shape.kind == code && !l.claimed {
			s.oneSidedCode(l, "is new")
		}
	}
}

func (s *skillDiff) changedCode(sp *spot) {
	lang, lines := false, false
	sp.each(func(i int, p passage, e edit) {
		if sp.claimed[i] {
			return
		}
		if inInfo(sp.a.text().Reading(), e.a1) && inInfo(sp.b.text().Reading(), e.b1) {
			lang = true
		} else {
			lines = true
		}
	})
	shell := sp.a.text().isShell() || sp.b.text().isShell()
	before, after := commandsOf(sp.a.text(), shell), commandsOf(sp.b.text(), shell)
	switch {
	case !lines && lang:
		s.onSpot(s.add("code-lang-changed", "the language that the fence names"), sp, nil)
	case !slices.Equal(before, after):
		c := s.onSpot(s.add("command-changed", "commands that an agent may run"), sp, nil)
		c.Evidence = clip(strings.Join(without(after, before), "; "), 200)
		c.script = sp.script()
	default:
		c := s.onSpot(s.add("code-changed", "code"), sp, nil)
		if sp.delta.coarse {
			c.Message = "code, too different for a comparison line by line"
		}
		c.script = sp.script()
	}
	sp.claimAll()
}

// inInfo reports whether the tokens up to end are a fence's info string.
func inInfo(r *reading, end int) bool {
	last := len(r.toks)
	if len(r.segs) > 1 {
		last = r.segs[1]
	}
	return end <= last
}

// info returns the first word of a fence's info string, in lower case; for a file its extension is not known here.
func (t *text) info() string {
	r := t.Reading()
	if t.shape.level != fenced || len(r.segs) == 0 {
		return ""
	}
	from, to := r.seg(0)
	return strings.ToLower(r.between(from, min(to, from+1)))
}

// body returns the content of a code block, without fence and info string.
func (r *reading) body() string {
	if len(r.segs) < 2 {
		return ""
	}
	var sb strings.Builder
	for _, t := range r.toks[r.segs[1]:] {
		sb.WriteString(t.Of(r.raw))
	}
	return sb.String()
}

// isShell reports whether a fence holds commands by its language, or one without language by its prompts.
func (t *text) isShell() bool {
	switch t.info() {
	case "sh", "bash", "shell", "zsh", "console", "terminal", "shell-session", "powershell", "ps1", "cmd", "bat", "fish":
		return true
	case "":
		return t.shape.level != plain && strings.Contains(t.raw, "\n$ ")
	}
	return false
}

// commandsOf returns the commands of a fence as words. Where there are prompts, what stands without one is output.
func commandsOf(t *text, shell bool) []string {
	if !shell {
		return nil
	}
	body := t.Reading().body()
	if prompts := promptLines(body); prompts != "" {
		body = prompts
	} else if info := t.info(); info == "console" || info == "terminal" || info == "shell-session" {
		return nil
	}
	var out []string
	for _, c := range facts.Commands(body) {
		out = append(out, strings.Join(c.Words, " "))
	}
	return out
}

// promptLines returns the lines that begin with a prompt: "$ ", "bash-5.1$ ", "> ".
func promptLines(body string) string {
	var sb strings.Builder
	for line := range strings.Lines(body) {
		i := strings.Index(line, "$ ")
		if i >= 0 && i < 24 && !strings.ContainsAny(line[:i], " \"'=`|;&(") {
			sb.WriteString(line[i:])
		}
	}
	return sb.String()
}

// without returns the elements of list that known does not have.
func without(list, known []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(known, s) })
}

func (s *skillDiff) oneSidedCode(l *leftover, verb string) {
	id, message, evidence := "code-changed", "a code block "+verb, ""
	if cmds := commandsOf(l.text(), l.text().isShell()); len(cmds) > 0 {
		id, message, evidence = "command-changed", "a block of commands "+verb, clip(strings.Join(cmds, "; "), 200)
	}
	c := s.add(id, message)
	c.Evidence = evidence
	r, from := l.text().Reading(), 0
	if len(r.segs) > 1 && r.segs[1] < len(r.toks) {
		from = r.segs[1] // without the info string
	}
	if verb == "is gone" {
		s.onGone(c, l.place, from, len(r.toks)).Base = s.whole(l.place)
	} else {
		s.onCome(c, l.place, from, len(r.toks)).Revision = s.whole(l.place)
	}
	l.claimed = true
}
