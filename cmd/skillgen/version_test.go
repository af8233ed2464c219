package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
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
