package templates

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	hasValue = "has a value"
	isEmpty  = "there, but empty"
	notThere = "not there"
)

// envFiles are env files as projects have them. The key in question is SHOP_KEY; every value is "s3cret…", so that a value that is printed shows.
var envFiles = []struct {
	name, content string
	state         string
	added         string // what adding SHOP_KEY=v1 appends
}{
	{"no file", "<none>", notThere, "SHOP_KEY=v1\n"},
	{"empty file", "", notThere, "SHOP_KEY=v1\n"},
	{"other keys only", "A=s3cret\nSHOP_KEY_2=s3cret\nMY_SHOP_KEY=s3cret\n", notThere, "SHOP_KEY=v1\n"},
	{"no final newline", "A=s3cret", notThere, "\nSHOP_KEY=v1\n"},
	{"CRLF", "A=s3cret\r\nB=s3cret\r\n", notThere, "SHOP_KEY=v1\r\n"},
	{"CRLF, no final newline", "A=s3cret\r\nB=s3cret", notThere, "\r\nSHOP_KEY=v1\r\n"},
	{"commented out", "#SHOP_KEY=s3cret\n # SHOP_KEY=s3cret\n# export SHOP_KEY=s3cret\n", notThere, "SHOP_KEY=v1\n"},
	{"in a value", "A=SHOP_KEY=s3cret\nB='SHOP_KEY=s3cret'\n", notThere, "SHOP_KEY=v1\n"},
	{"other case", "shop_key=s3cret\n", notThere, "SHOP_KEY=v1\n"},
	{"not UTF-8", "A=s3cret\xff\xfe\n", notThere, "SHOP_KEY=v1\n"},
	{"name without equals sign", "SHOP_KEY\n= x\n", notThere, "SHOP_KEY=v1\n"},

	{"plain", "SHOP_KEY=s3cret\n", hasValue, ""},
	{"last line, no newline", "A=b\nSHOP_KEY=s3cret", hasValue, ""},
	{"CRLF with it", "A=b\r\nSHOP_KEY=s3cret\r\n", hasValue, ""},
	{"export", "export SHOP_KEY=s3cret\n", hasValue, ""},
	{"indented export", "\t export \t SHOP_KEY=s3cret\n", hasValue, ""},
	{"indented", "  SHOP_KEY=s3cret\n", hasValue, ""},
	{"blanks around the equals sign", "SHOP_KEY = s3cret\n", hasValue, ""},
	{"double quotes", "SHOP_KEY=\"s3cret # x\"\n", hasValue, ""},
	{"single quotes", "SHOP_KEY='s3cret'\r\n", hasValue, ""},
	{"byte order mark", "\ufeffSHOP_KEY=s3cret\n", hasValue, ""},
	{"commented out, then set", "# SHOP_KEY=\nSHOP_KEY=s3cret\n", hasValue, ""},
	{"empty, then set", "SHOP_KEY=\nSHOP_KEY=s3cret\n", hasValue, ""},
	{"bytes that are not UTF-8 in it", "SHOP_KEY=\xffs3cret\n", hasValue, ""},

	{"without value", "SHOP_KEY=\n", isEmpty, ""},
	{"without value, CRLF", "SHOP_KEY=\r\nA=s3cret\r\n", isEmpty, ""},
	{"without value, end of file", "A=s3cret\nSHOP_KEY=", isEmpty, ""},
	{"without value, next line set", "SHOP_KEY=\nA=s3cret\n", isEmpty, ""},
	{"empty double quotes", "SHOP_KEY=\"\"\r\n", isEmpty, ""},
	{"empty single quotes", "export SHOP_KEY = ''\n", isEmpty, ""},
	{"comment in place of a value", "SHOP_KEY= # s3cret\n", isEmpty, ""},
}

// envValues are values to be written, and how they then stand in the file; where that is empty the command refuses.
var envValues = []struct{ value, written string }{
	{"v1", "v1"},
	{"pk_live-0.9_AZ", "pk_live-0.9_AZ"},
	{"https://eu.api.example.com:8443/a,b@c+d%20=x", "https://eu.api.example.com:8443/a,b@c+d%20=x"},
	{"", ""},
	{"-n", "-n"},
	{"%s%d", "%s%d"},
	{" blanks at both ends ", "' blanks at both ends '"},
	{"tab\there", "'tab\there'"},
	{`p#ss&w;rd"<>|*?~!^()[]{}`, `'p#ss&w;rd"<>|*?~!^()[]{}'`},
	{"grün", "'grün'"},
	{"it's", "<refused>"},
	{`back\slash`, "<refused>"},
	{"$HOME", "<refused>"},
	{"`id`", "<refused>"},
	{"two\nlines", "<refused>"},
}

// fence returns the n-th fenced block of a language in the partial.
func fence(t *testing.T, language string, n int) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("partials", "env.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(string(data), -1)
	if len(blocks) != 2 {
		t.Fatalf("env.md has %d %s blocks, want one that looks and one that adds", len(blocks), language)
	}
	return blocks[n][1]
}

// replace puts new in the place of old, which must stand there once: the way an agent fills in a command.
func replace(t *testing.T, text, old, new string) string {
	t.Helper()
	if n := strings.Count(text, old); n != 1 {
		t.Fatalf("%q stands %d times in the command, want once:\n%s", old, n, text)
	}
	return strings.Replace(text, old, new, 1)
}

// shell is a program that runs the commands of one language.
type shell struct {
	name     string
	args     []string // before the script
	language string
}

var shells = []shell{
	{"sh", []string{"sh", "-c"}, "sh"}, // dash on Debian, bash on Fedora, zsh or bash on macOS
	{"bash", []string{"bash", "-c"}, "sh"},
	{"bash-strict", []string{"bash", "-euo", "pipefail", "-c"}, "sh"},
	{"zsh", []string{"zsh", "-c"}, "sh"},
	{"busybox", []string{"busybox", "sh", "-c"}, "sh"},
	{"pwsh", []string{"pwsh", "-NoProfile", "-NonInteractive", "-Command"}, "powershell"},
}

// eachShell runs a test in each shell that is here. sh and bash must be; TestPowerShellCommands holds what can be held without PowerShell.
func eachShell(t *testing.T, test func(t *testing.T, s shell)) {
	for _, s := range shells {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if s.args[0] == "sh" || s.args[0] == "bash" {
				need(t, s.args[0])
			} else if _, err := exec.LookPath(s.args[0]); err != nil {
				t.Skipf("NOT TESTED: no %s here", s.args[0])
			}
			test(t, s)
		})
	}
}

func (s shell) run(t *testing.T, dir, script string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.args[0], append(s.args[1:], script)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "HOME="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("%v\n%s\n%s", err, script, out.String())
	}
	return strings.ReplaceAll(out.String(), "\r\n", "\n")
}

// look and add are the two commands, filled in.
func (s shell) look(t *testing.T, file string) string {
	text := replace(t, fence(t, s.language, 0), ".env.local", file)
	if s.language == "powershell" {
		return replace(t, text, "'KEY_ONE', 'KEY_TWO'", "'SHOP_KEY', 'NO_SUCH_KEY'")
	}
	return replace(t, text, "KEY_ONE KEY_TWO", "SHOP_KEY NO_SUCH_KEY")
}

func (s shell) add(t *testing.T, file, value string) string {
	text := replace(t, replace(t, fence(t, s.language, 1), ".env.local", file), "KEY_ONE", "SHOP_KEY")
	if s.language == "powershell" {
		return replace(t, text, "@'\n\n'@", "@'\n"+value+"\n'@")
	}
	return replace(t, text, "'VALUE'\n\nVALUE\n", "'VALUE'\n"+value+"\nVALUE\n")
}

func TestEnvCommandsOnFiles(t *testing.T) {
	const file = ".env.test"
	eachShell(t, func(t *testing.T, s shell) {
		look, add := s.look(t, file), s.add(t, file, "v1")
		for _, c := range envFiles {
			t.Run(c.name, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, file)
				before := ""
				if c.content != "<none>" {
					before = c.content
					write(t, path, before)
				}
				out := s.run(t, dir, look+add+add+look)
				did := "SHOP_KEY: was there, nothing written\n"
				after, end := did, c.state
				if c.state == notThere {
					after, end = "SHOP_KEY: written to "+file+"\n", hasValue
				}
				tail := "NO_SUCH_KEY: not there\n" + file + ": not ignored by git\n"
				want := "SHOP_KEY: " + c.state + "\n" + tail + after + did + "SHOP_KEY: " + end + "\n" + tail
				if diff := cmp.Diff(want, out); diff != "" {
					t.Errorf("look, add, add, look (-want +got):\n%s", diff)
				}
				got, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if want := before + c.added; string(got) != want {
					t.Errorf("file is %q, want %q", got, want)
				}
			})
		}
	})
}

func TestEnvCommandsOnValues(t *testing.T) {
	const file = "config/.env"
	eachShell(t, func(t *testing.T, s shell) {
		for _, c := range envValues {
			t.Run(fmt.Sprintf("%q", c.value), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, file)
				write(t, path, "A=b\n")
				out := s.run(t, dir, s.add(t, file, c.value))
				wantFile, wantOut := "A=b\nSHOP_KEY="+c.written+"\n", "SHOP_KEY: written to "+file+"\n"
				if c.written == "<refused>" {
					wantFile, wantOut = "A=b\n", "SHOP_KEY: not written, the person has to: loaders read such a value in different ways\n"
				}
				got, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != wantFile || out != wantOut {
					t.Errorf("file is %q, want %q; output %q, want %q", got, wantFile, out, wantOut)
				}
			})
		}
	})
}

// A value that was written must mean itself to what loads env files: a shell that sources them, and a loader as Node has it.
func TestEnvValuesAreReadBack(t *testing.T) {
	node := need(t, "node")
	for _, c := range envValues {
		if c.written == "<refused>" {
			continue
		}
		path := filepath.Join(t.TempDir(), ".env")
		write(t, path, "SHOP_KEY="+c.written+"\n")
		out, err := exec.Command("sh", "-c", `. "$0"; printf %s "$SHOP_KEY"`, path).CombinedOutput()
		if err != nil || string(out) != c.value {
			t.Errorf("%q: a shell reads %q (%v)", c.value, out, err)
		}
		out, err = exec.Command(node, "--env-file="+path, "-e", "process.stdout.write(process.env.SHOP_KEY)").CombinedOutput()
		if err != nil || string(out) != c.value {
			t.Errorf("%q: Node reads %q (%v)", c.value, out, err)
		}
	}
}

func TestEnvCommandsKnowWhatGitIgnores(t *testing.T) {
	git := need(t, "git")
	eachShell(t, func(t *testing.T, s shell) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, ".gitignore"), ".env*\n!.env.example\n")
		if out, err := exec.Command(git, "init", "-q", dir).CombinedOutput(); err != nil {
			t.Fatalf("git init: %v\n%s", err, out)
		}
		for file, want := range map[string]string{".env.local": "ignored by git", ".env.example": "not ignored by git", "sub/.env": "ignored by git"} {
			out := s.run(t, dir, replace(t, fence(t, s.language, 0), ".env.local", file))
			if !strings.HasSuffix(out, "\n"+file+": "+want+"\n") {
				t.Errorf("%s: output %q, want %q", file, out, want)
			}
		}
	})
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Where there is no PowerShell to run them in, the PowerShell commands are held to what can be known without one: their patterns decide
// like the ones of the POSIX shell on every file and value (Go's regular expressions read these as .NET's do), they say the same, and
// they keep clear of what PowerShell is known to trip over.
func TestPowerShellCommands(t *testing.T) {
	look, add := fence(t, "powershell", 0), fence(t, "powershell", 1)
	there := pattern(t, look, `$p = `)
	value := pattern(t, look, `if ($text -cmatch (`)
	thereToo := pattern(t, add, `if ($text -cmatch (`)
	if there.String() != thereToo.String() {
		t.Errorf("the two commands look for different things:\n%s\n%s", there, thereToo)
	}
	for _, c := range envFiles {
		text := strings.TrimPrefix(strings.TrimPrefix(c.content, "<none>"), "\ufeff") // .NET takes the mark off
		state := notThere
		if value.MatchString(text) {
			state = hasValue
		} else if there.MatchString(text) {
			state = isEmpty
		}
		if state != c.state {
			t.Errorf("%s: %s, want %s", c.name, state, c.state)
		}
	}
	refuse, quote := pattern(t, add, `elseif ($v -match `), pattern(t, add, `$q = if ($v -match `)
	for _, c := range envValues {
		written := c.value
		if refuse.MatchString(c.value) {
			written = "<refused>"
		} else if quote.MatchString(c.value) {
			written = "'" + c.value + "'"
		}
		if written != c.written {
			t.Errorf("%q: written as %s, want %s", c.value, written, c.written)
		}
	}
	for _, message := range []string{hasValue, isEmpty, notThere, "ignored by git", "not ignored by git", "was there, nothing written", "not written, the person has to: loaders read such a value in different ways", "written to $f"} {
		for _, text := range []string{fence(t, "sh", 0) + fence(t, "sh", 1), look + add} {
			if !strings.Contains(text, ": "+message+`"`) {
				t.Errorf("no command says %q in:\n%s", message, text)
			}
		}
	}
	for _, trap := range []struct{ pattern, why string }{
		{`"[^"\n]*\$\w+:`, "$name: in a string is read as a drive"},
		{`(EndsWith|StartsWith|IndexOf)\(`, "compares by culture, which misses a line feed"},
		{`(?i)\b(Set-Content|Add-Content|Out-File|Get-Content|cat|type|gc)\b|[^2]>`, "another encoding in Windows PowerShell, or prints"},
		{`&&|\|\||\?\?|\? .* :`, "not in Windows PowerShell 5.1"},
		{`-match \(|-match '\(\?m\)`, "keys are told apart by case: -cmatch"},
		{`\$text *$|\$v *$|\$path *$`, "a variable alone on its line is printed"},
	} {
		if found := regexp.MustCompile("(?m)" + trap.pattern).FindString(look + add); found != "" {
			t.Errorf("%q: %s", found, trap.why)
		}
	}
}

// pattern finds a regular expression of a PowerShell command by the code before it: strings in single quotes and variables, joined by +.
func pattern(t *testing.T, script, before string) *regexp.Regexp {
	t.Helper()
	_, rest, ok := strings.Cut(script, before)
	if !ok {
		t.Fatalf("no %q in:\n%s", before, script)
	}
	var text strings.Builder
	for _, piece := range regexp.MustCompile(`^(?:'(?:[^'\n]|'')*'|\$\w+|[ +])+`).FindAllString(rest, 1) {
		for _, term := range regexp.MustCompile(`'(?:[^'\n]|'')*'|\$\w+`).FindAllString(piece, -1) {
			switch term {
			case "$k":
				text.WriteString("SHOP_KEY")
			case "$p":
				text.WriteString(pattern(t, script, "$p = ").String())
			default:
				text.WriteString(strings.ReplaceAll(strings.Trim(term, "'"), "''", "'"))
			}
		}
	}
	return regexp.MustCompile(text.String())
}
