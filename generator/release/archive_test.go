package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// packed are files that archives must hold as they are: a script, an empty file, text that packs well and some that does not.
var packed = []Output{
	{Path: "stages/1-go.md", Data: []byte(strings.Repeat("Go on, and then go on.\n", 500))},
	{Path: "scripts/run.sh", Data: []byte("#!/bin/sh\nexit 0\n"), Exec: true},
	{Path: "SKILL.md", Data: []byte("---\nname: acme-go\n---\n\nWörter, 言葉.\n")},
	{Path: "references/empty.md"},
	{Path: "references/" + strings.Repeat("long-", 17) + ".md", Data: noise(5000)},
}

// noise is data that nothing makes smaller, always the same.
func noise(n int) []byte {
	data, x := make([]byte, n), uint32(1)
	for i := range data {
		x = x*1664525 + 1013904223
		data[i] = byte(x >> 24)
	}
	return data
}

// Another version of Go may pack otherwise: go.mod names the toolchain, and this says when its output changed (SECURITY.md, Writing). A new digest
// here means that a release of the same skills has other archives than before.
func TestArchivesAreTheSameBytes(t *testing.T) {
	zipped, err := zipOf("acme-go", packed)
	if err != nil {
		t.Fatal(err)
	}
	tarred, err := tarOf(packed)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"zip":    {zipped, "sha256:20212f9667347acb590d16a300f07e7a8c05d573500ef04de3c42ff504e94771"},
		"tar.gz": {tarred, "sha256:953c9478210993fd9c63afc9b4715ad0b3c9e8d144acd75a8992df4a525889e1"},
	} {
		if got := digest(sumOf(&Output{Data: c.data})); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Whatever order the files come in, the archive is the same.
func TestArchivesDoNotDependOnOrder(t *testing.T) {
	turned := slices.Clone(packed)
	slices.Reverse(turned)
	a, errA := zipOf("acme-go", packed)
	b, errB := zipOf("acme-go", turned)
	c, errC := tarOf(packed)
	d, errD := tarOf(turned)
	if errA != nil || errB != nil || errC != nil || errD != nil || !bytes.Equal(a, b) || !bytes.Equal(c, d) {
		t.Error("archives differ")
	}
}

// A zip has one folder of the skill's name at its top, and nothing but its files: CONFORMANCE, Archives.
func TestZip(t *testing.T) {
	data, err := zipOf("acme-go", packed)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	want := sortedOutputs(packed)
	for i, f := range r.File {
		body, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		o := want[i]
		if f.Name != "acme-go/"+o.Path || !bytes.Equal(got, o.Data) || f.Mode() != modeOf(o.Exec) {
			t.Errorf("entry %d is %s, mode %v, %d bytes; want %s", i, f.Name, f.Mode(), len(got), o.Path)
		}
		if len(f.Extra) > 0 || f.Comment != "" || f.Flags != 0 || f.Method != zip.Deflate && f.Method != zip.Store || !f.Modified.Equal(epoch) {
			t.Errorf("%s: extra %x, flags %x, method %d, time %s", f.Name, f.Extra, f.Flags, f.Method, f.Modified)
		}
	}
	if len(r.File) != len(packed) {
		t.Errorf("%d entries", len(r.File))
	}
	// What packs well is packed, what does not is stored.
	if long, stage := r.File[2], r.File[4]; long.Method != zip.Store || stage.Method != zip.Deflate {
		t.Errorf("%s has method %d, %s %d", long.Name, long.Method, stage.Name, stage.Method)
	}
}

// A tar.gz has SKILL.md at its root, in USTAR.
func TestTar(t *testing.T) {
	data, err := tarOf(packed)
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if h := unzipped.Header; h.Name != "" || h.Comment != "" || h.Extra != nil || !h.ModTime.IsZero() || h.OS != 255 {
		t.Errorf("header %+v", h)
	}
	raw, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	if name := string(raw[:8]); name != "SKILL.md" || string(raw[257:263]) != "ustar\x00" {
		t.Errorf("begins %q %q", name, raw[257:263])
	}
	r := tar.NewReader(bytes.NewReader(raw))
	for _, o := range sortedOutputs(packed) {
		h, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if h.Name != o.Path || !bytes.Equal(got, o.Data) || h.Mode != int64(modeOf(o.Exec)) || h.Typeflag != tar.TypeReg || h.Format != tar.FormatUSTAR {
			t.Errorf("%s: %+v", o.Path, h)
		}
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.Gname != "" || !h.ModTime.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v", o.Path, h)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("more than the files: %v", err)
	}
}

// A path that the format can't hold is an error, not a longer header that some readers don't know.
func TestTarTakesNoLongPaths(t *testing.T) {
	long := strings.Repeat("a", 101)
	if _, err := tarOf([]Output{{Path: long}}); err == nil || !strings.Contains(err.Error(), long) {
		t.Errorf("%v", err)
	}
	if _, err := tarOf([]Output{{Path: "wörter.md"}}); err == nil {
		t.Error("a path beyond ASCII")
	}
}
