package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"skillgen/generator"
)

// TestRequires holds the version of the command against what a project requires. A development build suits every project.
func TestRequires(t *testing.T) {
	defer func(old string) { version = old }(version)
	for _, c := range []struct {
		version, requires string
		exit              int
	}{
		{"1.4.2", ">=1.4", 0},
		{"1.4.2", ">=1.2 <2", 0},
		{"1.4.2", "^1.5", 1},
		{"2.0.0", "<2", 1},
		{"0.0.0-dev", ">=99.0", 0},
		{"1.4.2", "soon", 1},
	} {
		dir := t.TempDir()
		unpack(t, dir, hostileBase)
		writeFile(t, filepath.Join(dir, "skillgen.yaml"), "product: Acme\nprefix: acme\nrequires: \""+c.requires+"\"\n")
		version = c.version
		var stdout, stderr bytes.Buffer
		exit := run([]string{"build", "-C", dir}, &stdout, &stderr)
		if exit != c.exit {
			t.Errorf("version %s, requires %s: exit %d, want %d\n%s", c.version, c.requires, exit, c.exit, stderr.String())
		}
		if exit == 1 && !strings.Contains(stderr.String(), "skillgen.yaml:3:") {
			t.Errorf("version %s, requires %s: %s", c.version, c.requires, stderr.String())
		}
	}
}

// TestVersion: what the linker was told, and the digest that the manifest of a build names.
func TestVersion(t *testing.T) {
	defer func(v, c string) { version, commit = v, c }(version, commit)
	digest, err := generator.BuiltinDigest()
	if err != nil {
		t.Fatal(err)
	}
	hash := "0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct{ commit, first string }{
		{hash, "skillgen 1.4.2 (0123456789ab)"},
		{hash + "+dirty", "skillgen 1.4.2 (0123456789ab+dirty)"},
		{"abc", "skillgen 1.4.2 (abc)"},
	} {
		version, commit = "1.4.2", c.commit
		var stdout, stderr bytes.Buffer
		if exit := run([]string{"version"}, &stdout, &stderr); exit != 0 || stdout.String() != c.first+"\ntemplates "+digest+"\n" {
			t.Errorf("exit %d, %s%s", exit, stdout.String(), stderr.String())
		}
		stdout.Reset()
		var got struct{ Version, Commit, Templates string }
		exit := run([]string{"version", "--format", "json"}, &stdout, &stderr)
		if err := json.Unmarshal(stdout.Bytes(), &got); err != nil || exit != 0 || got.Version != "1.4.2" || got.Commit != c.commit || got.Templates != digest {
			t.Errorf("exit %d, %s: %v", exit, stdout.String(), err)
		}
	}
}
