package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"skillgen/generator/diag"
	"skillgen/generator/prosediff"
)

// offered is what a shell is offered for a command line whose last word is still being written, and whether it offers files itself.
func offered(t *testing.T, args ...string) (words []string, files bool) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(append([]string{"__complete"}, args...), &stdout, &stderr); code != exitOK {
		t.Fatalf("%q: exit %d: %s", args, code, stderr.String())
	}
	lines := strings.Split(strings.TrimSuffix(stdout.String(), "\n"), "\n")
	directive := lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		word, _, _ := strings.Cut(line, "\t")
		words = append(words, word)
	}
	return words, directive == ":0" || directive == ":2"
}

func TestCompletionOffers(t *testing.T) {
	dir := t.TempDir()
	unpack(t, dir, `
-- skillgen.yaml --
product: Acme
prefix: acme
-- frameworks/go.md --
---
title: Go
languages: [go]
example: app
---
-- frameworks/ruby.md --
---
title: Ruby
languages: [ruby]
example: app
---
-- frameworks/broken.md --
---
title: Broken
-- app/main.go --
package main
-- dist/skills/acme-go/SKILL.md --
x
-- dist/skills/acme-ruby/SKILL.md --
x
-- dist/skills/Not One/SKILL.md --
x
-- sub/x --
x
`)
	var kinds []string
	for _, k := range prosediff.Kinds {
		kinds = append(kinds, k.ID)
	}
	empty := t.TempDir()
	for _, c := range []struct {
		line  []string
		want  []string
		files bool
	}{
		{[]string{"verify", "-C", dir, ""}, []string{"go", "ruby"}, false},
		{[]string{"verify", "-C", dir, "go", ""}, []string{"ruby"}, false},
		{[]string{"verify", "-C", filepath.Join(dir, "sub"), ""}, []string{"go", "ruby"}, false},
		{[]string{"verify", "-C", empty, ""}, nil, false},
		{[]string{"verify", "-C", filepath.Join(empty, "no"), ""}, nil, false},
		{[]string{"explain", "-C", dir, ""}, []string{"dist/skills/acme-go/SKILL.md:", "dist/skills/acme-ruby/SKILL.md:"}, true},
		{[]string{"explain", "-C", filepath.Join(dir, "sub"), ""}, []string{"../dist/skills/acme-go/SKILL.md:", "../dist/skills/acme-ruby/SKILL.md:"}, true},
		{[]string{"explain", "-C", dir, "dist/skills/acme-r"}, []string{"dist/skills/acme-ruby/SKILL.md:"}, true},
		{[]string{"explain", "-C", dir, "frameworks/"}, nil, true},
		{[]string{"explain", "-C", dir, "x", ""}, nil, false},
		{[]string{"explain", "-C", empty, ""}, nil, true},
		{[]string{"schema", ""}, schemaNames(), false},
		{[]string{"schema", "stage", ""}, nil, false},
		{[]string{"completion", ""}, shells, false},
		{[]string{"build", ""}, nil, false},
		{[]string{"init", ""}, nil, false},
		{[]string{"build", "--layout", ""}, []string{"flat", "references"}, false},
		{[]string{"build", "--stages", ""}, []string{"files", "inline"}, false},
		{[]string{"build", "--report", ""}, nil, true},
		{[]string{"list", "--format", ""}, []string{"text", "json", "github"}, false},
		{[]string{"diff", "-f", ""}, []string{"text", "markdown", "html", "json", "github"}, false},
		{[]string{"diff", "-o", ""}, []string{"text=", "markdown=", "html=", "json=", "github="}, false},
		{[]string{"diff", "--explain", ""}, kinds, false},
		{[]string{"diff", "-C", dir, "--skill", ""}, []string{"acme-go", "acme-ruby"}, false},
		{[]string{"diff", "prev"}, []string{"previous"}, false},
		{[]string{"diff", ""}, nil, true},
		{[]string{"release", "--base", "p"}, []string{"previous"}, false},
		{[]string{"--color", ""}, []string{"auto", "always", "never"}, false},
		{[]string{"init", "--language", "ty"}, nil, false},
	} {
		words, files := offered(t, c.line...)
		if c.line[len(c.line)-1] == "ty" { // the shell picks those that begin so
			if !slices.Contains(words, "typescript") || files {
				t.Errorf("%q: %q", c.line, words)
			}
			continue
		}
		if !slices.Equal(words, c.want) || files != c.files {
			t.Errorf("%q: %q, files %t; want %q, %t", c.line, words, files, c.want, c.files)
		}
	}
	words, _ := offered(t, "diff", "--only", "rule-added,")
	if len(words) != len(kinds) || words[0] != "rule-added,"+kinds[0] {
		t.Errorf("behind a comma: %q", words)
	}
	if ids := checkIDs(); len(ids) != len(diag.Table) || !strings.HasPrefix(ids[0], diag.Table[0].ID+"\t") {
		t.Errorf("checks: %q", ids)
	}
}

// TestCompletionEverywhere asks of every flag and command what a shell offers: something of its own, files where a file is meant, or nothing; and what is
// offered for a flag is taken.
func TestCompletionEverywhere(t *testing.T) {
	files := []string{"report", "accept", "docs"}
	root := newRoot(&app{})
	seen := 0
	for _, c := range root.Commands() {
		if c.ValidArgsFunction == nil && c.Name() != "help" && c.Name() != "release" {
			t.Errorf("%s: a shell would offer files as its arguments", c.Name())
		}
		for _, m := range regexp.MustCompile(`(?m)^ +(?:-\S, )? *--([a-z-]+)( \S+)? `).FindAllStringSubmatch(c.Flags().FlagUsages(), -1) {
			flag, takesValue := m[1], m[2] != ""
			complete, ok := c.GetFlagCompletionFunc(flag)
			switch {
			case !takesValue:
			case slices.Contains(files, flag):
				if ok {
					t.Errorf("%s --%s is a file", c.Name(), flag)
				}
			case !ok:
				t.Errorf("%s --%s: a shell would offer files", c.Name(), flag)
			case flagValues[flag] != nil || flag == "format":
				values, _ := complete(c, nil, "")
				takesOnly(t, c, flag, values)
				seen++
			}
		}
	}
	if seen < 10 {
		t.Errorf("%d flags with values", seen)
	}
}

// takesOnly runs a command with each of the values, and with one that is none of them: only that one is refused as such.
func takesOnly(t *testing.T, c *cobra.Command, flag string, values []cobra.Completion) {
	dir := t.TempDir()
	if c.Name() == "init" {
		writeFile(t, filepath.Join(dir, "go.mod"), "module x\n")
	}
	refused := func(value string) bool {
		if err := os.RemoveAll(filepath.Join(dir, "skillgen.yaml")); err != nil {
			t.Fatal(err)
		}
		args := []string{c.Name(), "-C", dir, "--" + flag, value}
		switch c.Name() {
		case "diff":
			args = append(args, dir, dir)
		case "schema":
			args = append(args, "stage")
		case "completion":
			args = append(args, "fish")
		case "explain":
			args = append(args, "a sentence")
		case "release":
			args = append(args, "--version", "1.0.0")
		}
		var stdout, stderr bytes.Buffer
		run(args, &stdout, &stderr)
		return strings.Contains(stderr.String(), "unknown ") || strings.Contains(stderr.String(), "the language ")
	}
	if len(values) < 2 {
		t.Errorf("%s --%s: %q", c.Name(), flag, values)
	}
	for _, v := range values {
		if refused(v) {
			t.Errorf("%s --%s %s is refused", c.Name(), flag, v)
		}
	}
	if !refused("nonsense") {
		t.Errorf("%s --%s nonsense is taken", c.Name(), flag)
	}
}

// TestCompletionScripts lets each shell that is here read its script, and asks bash what it completes.
func TestCompletionScripts(t *testing.T) {
	dir := t.TempDir()
	for _, shell := range shells {
		var stdout, stderr bytes.Buffer
		if code := run([]string{"completion", shell}, &stdout, &stderr); code != exitOK || !strings.Contains(stdout.String(), "__complete") {
			t.Fatalf("%s: exit %d, %d bytes, %s", shell, code, stdout.Len(), stderr.String())
		}
		script := filepath.Join(dir, shell)
		writeFile(t, script, stdout.String())
		check := map[string][]string{"bash": {"bash", "-n", script}, "zsh": {"zsh", "-n", script}, "fish": {"fish", "-n", script}}[shell]
		if check == nil {
			continue
		}
		if _, err := exec.LookPath(check[0]); err != nil {
			t.Logf("%s is not here: its script was not read", shell)
			continue
		}
		if out, err := exec.Command(check[0], check[1:]...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", shell, err, out)
		}
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not here")
	}
	ask := `PATH="` + filepath.Dir(binary(t)) + `:$PATH"; skillgen() { skillgen-real "$@"; }; source ` + filepath.Join(dir, "bash") + `
_get_comp_words_by_ref() { cur="${COMP_WORDS[COMP_CWORD]}"; prev="${COMP_WORDS[COMP_CWORD-1]}"; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
COMP_WORDS=(skillgen diff --fail-on w); COMP_CWORD=3; COMP_LINE="skillgen diff --fail-on w"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
__start_skillgen; echo "${COMPREPLY[@]}"`
	out, err := exec.Command("bash", "-c", ask).Output()
	if err != nil || strings.TrimSpace(string(out)) != "warning" {
		t.Errorf("bash completes %q, %v", out, err)
	}
}
