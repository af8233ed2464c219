package facts

import (
	"slices"
	"strings"
)

// Command is one simple command of a shell script: the words of one stage of a pipeline, without redirections and variable settings before it.
type Command struct {
	Words []string // at least one; quotes taken off
	Line  int      // 0-based, in the script
	Piped bool     // reads the output of the command before it
	Inner bool     // stands in "$(…)" or "<(…)" of the command before it
	Root  bool     // run through sudo or doas
}

// Name returns the program's name without its folder.
func (c Command) Name() string { return c.Words[0][strings.LastIndexByte(c.Words[0], '/')+1:] }

// Commands reads a POSIX shell or PowerShell script as far as a reviewer needs it: commands, pipes, lists, quotes, comments, prompts,
// continued lines. What is inside "$(…)" or backquotes is read as commands of its own. Linear in len(script).
func Commands(script string) []Command {
	p := shell{s: script}
	p.run()
	return p.out
}

type shell struct {
	s    string
	out  []Command
	cur  Command
	word strings.Builder
	open bool // a word has begun, though it may be empty
	line int
	subs int // "$(" inside double quotes that are still open
}

func (p *shell) run() {
	start := true
	for i := 0; i < len(p.s); {
		if start {
			i += prompt(p.s[i:])
			start = false
		}
		if i >= len(p.s) {
			break
		}
		i, start = p.step(i)
	}
	p.endCommand(false)
}

// step reads what stands at i; the second result says that a new line begins.
func (p *shell) step(i int) (next int, newline bool) {
	switch c := p.s[i]; c {
	case '\n':
		p.endCommand(false)
		p.line++
		return i + 1, true
	case ' ', '\t', '\r':
		p.endWord()
	case '\\', '`', '\'', '"':
		return p.quoted(i, c), false
	case '#':
		if !p.open {
			return i + indexOr(p.s[i:], "\n"), false
		}
		p.add(c)
	case ';', '&':
		p.endCommand(false)
	case '|':
		double := strings.HasPrefix(p.s[i:], "||")
		p.endCommand(!double)
		if double {
			i++
		}
	case '(':
		p.endCommand(false)
		p.cur.Inner = i > 0 && (p.s[i-1] == '$' || p.s[i-1] == '<')
	case ')':
		p.endCommand(false)
		if p.subs > 0 { // the rest of the string
			p.subs--
			return p.string(i+1, '"'), false
		}
	case '<', '>':
		p.endWord()
	default:
		p.add(c)
	}
	return i + 1, false
}

// quoted reads a quoted part of a word, or an escape; a continued line goes on.
func (p *shell) quoted(i int, c byte) int {
	switch {
	case (c == '\\' || c == '`') && strings.HasPrefix(p.s[i+1:], "\n"):
		p.line++
		return i + 2
	case c == '\\':
		if i+1 < len(p.s) {
			p.add(p.s[i+1])
		}
		return i + 2
	case c == '`':
		p.endCommand(false)
		return i + 1
	}
	p.open = true
	return p.string(i+1, c)
}

// string reads up to the closing quote, or to a command inside the string.
func (p *shell) string(i int, quote byte) int {
	for ; i < len(p.s) && p.s[i] != quote; i++ {
		if p.s[i] == '\n' {
			p.line++
		}
		if quote == '"' && strings.HasPrefix(p.s[i:], "$(") {
			p.open = p.word.Len() > 0
			p.endCommand(false)
			p.cur.Inner = true
			p.subs++
			return i + 2
		}
		p.word.WriteByte(p.s[i])
	}
	return i + 1
}

func (p *shell) add(c byte) {
	p.open = true
	p.word.WriteByte(c)
}

func (p *shell) endWord() {
	if !p.open {
		return
	}
	w := p.word.String()
	p.word.Reset()
	p.open = false
	switch name, _, sets := strings.Cut(w, "="); {
	case len(p.cur.Words) == 0 && sets && isIdentifier(name):
	case len(p.cur.Words) == 0 && (w == "sudo" || w == "doas"):
		p.cur.Root = true
	case len(p.cur.Words) == 0 && (wrappers[w] || p.cur.Root && strings.HasPrefix(w, "-")):
	default:
		if len(p.cur.Words) == 0 {
			p.cur.Line = p.line
		}
		p.cur.Words = append(p.cur.Words, w)
	}
}

var wrappers = set([]string{"$", "env", "nohup", "time", "exec", "then", "do", "if", "else", "while", "!", "{", "command"})

func (p *shell) endCommand(pipes bool) {
	p.endWord()
	if len(p.cur.Words) > 0 {
		p.out = append(p.out, p.cur)
	}
	p.cur = Command{Piped: pipes, Inner: p.cur.Inner && pipes}
}

// prompt returns the length of a shell prompt at a line's start.
func prompt(line string) int {
	n := len(line) - len(strings.TrimLeft(line, " \t"))
	for _, sign := range []string{"$ ", "> ", "% ", "PS> "} {
		if strings.HasPrefix(line[n:], sign) {
			return n + len(sign)
		}
	}
	return n
}

func isIdentifier(s string) bool {
	for i := 0; i < len(s); i++ {
		if class[s[i]]&(classLetter|classDigit) == 0 && s[i] != '_' {
			return false
		}
	}
	return s != "" && class[s[0]]&classDigit == 0
}

func indexOr(s, sub string) int {
	if i := strings.Index(s, sub); i >= 0 {
		return i
	}
	return len(s)
}

// DangerKind says what a command does that a reviewer must see.
type DangerKind uint8

// A download that is run unseen; the loss of data or history; code hidden in an encoding.
const (
	ShellPipe DangerKind = iota
	Destructive
	Obfuscated
)

// Danger is a command, or several in a pipeline, that can hurt whoever runs it.
type Danger struct {
	Kind DangerKind
	Line int    // 0-based
	What string // the commands as words with single blanks, the same for each writing of the same commands
}

// Dangers finds dangerous commands in a script.
func Dangers(script string) []Danger {
	if !mayHarm(script) {
		return nil
	}
	cmds := Commands(script)
	var out []Danger
	for i, c := range cmds {
		if kind, ok := harms(cmds, i); ok {
			out = append(out, Danger{Kind: kind, Line: c.Line, What: pipeline(cmds, i)})
		}
	}
	return out
}

// mayHarm is a cheap test that few texts pass.
func mayHarm(s string) bool {
	for _, hint := range []string{"rm", "base64", "curl", "wget", "iwr", "Invoke-", "irm", "mkfs", "dd ", "chmod", "git ", "Remove-Item", "drop", "DROP", "truncate", "TRUNCATE", "shred"} {
		if strings.Contains(s, hint) {
			return true
		}
	}
	return false
}

var (
	fetchers     = set(strings.Fields("curl wget iwr irm fetch Invoke-WebRequest Invoke-RestMethod"))
	interpreters = set(strings.Fields("sh bash zsh dash ksh fish python python3 node perl ruby php iex Invoke-Expression pwsh powershell source eval ."))
)

func harms(cmds []Command, i int) (DangerKind, bool) {
	c := cmds[i]
	switch name := c.Name(); {
	case interpreters[name] && c.Piped && upstream(cmds, i, fetchers):
		return ShellPipe, true
	case fetchers[name] && c.Inner && i > 0 && interpreters[cmds[i-1].Name()]:
		return ShellPipe, true
	case name == "base64" && hasFlag(c, 'd', "--decode", "-D"):
		return Obfuscated, true
	default:
		return Destructive, destroys(c, name)
	}
}

// upstream reports whether a command that feeds cmds[i] is one of names.
func upstream(cmds []Command, i int, names map[string]bool) bool {
	for ; i > 0 && cmds[i].Piped; i-- {
		if names[cmds[i-1].Name()] {
			return true
		}
	}
	return false
}

func destroys(c Command, name string) bool {
	has := func(words ...string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(c.Words, w) })
	}
	switch name {
	case "rm":
		return hasFlag(c, 'r', "--recursive", "-R") && hasFlag(c, 'f', "--force", "")
	case "Remove-Item", "ri":
		return has("-Recurse", "-Force")
	case "git":
		return has("push") && (has("--force") || has("-f") || has("--mirror")) || has("reset", "--hard") || has("clean") && hasFlag(c, 'f', "--force", "") || has("filter-branch")
	case "mkfs", "shred", "truncate":
		return true
	case "dd":
		return slices.ContainsFunc(c.Words, func(w string) bool { return strings.HasPrefix(w, "of=/dev/") })
	case "chmod", "chown":
		return hasFlag(c, 'R', "--recursive", "") && (has("777") || name == "chown" && has("/"))
	case "DROP", "drop", "TRUNCATE":
		return len(c.Words) > 1 && slices.Contains([]string{"table", "database", "schema"}, strings.ToLower(c.Words[1]))
	}
	return strings.HasPrefix(name, "mkfs.")
}

// hasFlag reports whether c has a short flag, alone or among others (-rf), or one of the two written-out forms.
func hasFlag(c Command, short byte, long, other string) bool {
	for _, w := range c.Words[1:] {
		if w == long || other != "" && w == other {
			return true
		}
		if len(w) > 1 && w[0] == '-' && w[1] != '-' && strings.IndexByte(w, short) > 0 {
			return true
		}
	}
	return false
}

// pipeline writes the commands of the pipeline that ends at i, and the one that a substitution began before it.
func pipeline(cmds []Command, i int) string {
	first := i
	for first > 0 && cmds[first].Piped {
		first--
	}
	if first > 0 && cmds[first].Inner {
		first--
	}
	var sb strings.Builder
	for k := first; k <= i; k++ {
		if k > first {
			sb.WriteString(" | ")
		}
		sb.WriteString(strings.Join(cmds[k].Words, " "))
	}
	return sb.String()
}
