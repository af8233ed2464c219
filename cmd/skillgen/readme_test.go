package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// transcript is the block of the README that shows what `make` prints at its end.
var transcript = regexp.MustCompile("(?s)(<!-- transcript: [^\n]*-->\n```text\n)(.*?)(```\n)")

// TestReadmeTranscript holds the README's transcript against a build of this repository.
func TestReadmeTranscript(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"build", "-C", "../..", "--out", filepath.Join(t.TempDir(), "dist")}, &stdout, &stderr); code != exitOK {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	path := filepath.Join("..", "..", "README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block := transcript.FindSubmatch(text)
	if block == nil {
		t.Fatal("README.md has no transcript")
	}
	if bytes.Equal(block[2], stdout.Bytes()) {
		return
	}
	if !*update {
		t.Fatalf("README.md shows\n%s\nand a build prints\n%s\n(go test ./cmd/skillgen -run Readme -update)", block[2], stdout.String())
	}
	text = transcript.ReplaceAll(text, slices.Concat([]byte("${1}"), stdout.Bytes(), []byte("${3}")))
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeCommands holds the README's table of commands against the command line.
func TestReadmeCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range regexp.MustCompile("(?m)^\\| `skillgen ([a-z]+)").FindAllStringSubmatch(string(text), -1) {
		named = append(named, m[1])
	}
	var have []string
	for _, c := range newRoot(&app{}).Commands() {
		if c.Name() == "help" {
			continue
		}
		have = append(have, c.Name())
		if c.Short == "" || c.Long == "" || !strings.Contains(c.Example, "skillgen "+c.Name()) {
			t.Errorf("%s --help lacks a description or an example", c.Name())
		}
	}
	slices.Sort(named)
	slices.Sort(have)
	if !slices.Equal(named, have) {
		t.Errorf("README names %v, the command line has %v", named, have)
	}
}

// TestReadmeExample holds the example of `skillgen diff` against the script that runs it.
func TestReadmeExample(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join("testdata", "diff_readme.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)<!-- example: [^\n]*-->\n```text\n(.*?)```\n").FindSubmatch(text)
	_, want, ok := bytes.Cut(script, []byte("-- want/stdout --\n"))
	if block == nil || !ok {
		t.Fatal("no example")
	}
	if !bytes.Equal(block[1], want) {
		t.Errorf("README.md shows\n%s\nand skillgen diff prints\n%s", block[1], want)
	}
}
