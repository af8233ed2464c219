package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// release.json is to a release what report.json is to a build: it lists every file of dist, but itself and SHA256SUMS, which covers it. With
// both, an edit of either shows.

// record returns release.json, for the files of build and release.
func (e *Edition) record(files []Output) []byte {
	files = sortedOutputs(files)
	var j jsonText
	j.raw("{\n  \"schema\": 1")
	for _, member := range []struct{ key, value string }{{"product", e.Manifest.Product}, {"version", e.Manifest.Version}} {
		j.key("  ", member.key)
		j.text(member.value)
	}
	j.key("  ", "generator")
	j.raw(`{"version": `)
	j.text(e.Manifest.Generator)
	j.raw(`, "templates": `)
	j.text(e.Manifest.Templates)
	j.raw("}")
	j.key("  ", "base")
	j.base(e.Base)
	j.key("  ", "semver")
	j.raw(`{"asked": `)
	j.text(e.Asked)
	j.raw(`, "suggested": `)
	j.text(e.Suggested)
	j.raw(`, "forced": `)
	j.text(e.Forced)
	j.raw("}")
	j.key("  ", "notes")
	j.text(notesPath)
	j.key("  ", "archives")
	archives := slices.DeleteFunc(slices.Clone(files), func(o Output) bool { return !strings.HasPrefix(o.Path, archiveFolder) })
	j.lines("  ", len(archives), func(i int) { j.archive(&archives[i]) })
	j.key("  ", "files")
	j.lines("  ", len(files), func(i int) { j.file(files[i].Path, sumOf(&files[i]), int64(len(files[i].Data))) })
	j.raw("\n}\n")
	return j.b
}

func (j *jsonText) base(b *Base) {
	if b == nil {
		j.raw("null")
		return
	}
	for i, member := range []struct{ key, value string }{{"name", b.Name}, {"kind", b.Kind}, {"version", b.Version}, {"digest", b.Digest}} {
		j.raw(map[bool]string{true: "{", false: ", "}[i == 0])
		j.text(member.key)
		j.raw(": ")
		j.text(member.value)
	}
	j.raw("}")
}

func (j *jsonText) archive(o *Output) {
	skill, format := archiveOf(o.Path)
	j.raw(`{"skill": `)
	j.text(skill)
	j.raw(`, "format": `)
	j.text(format)
	j.raw(`, "path": `)
	j.text(o.Path)
	j.raw(`, "digest": "` + digest(sumOf(o)) + `", "size": `)
	j.number(int64(len(o.Data)))
	j.raw("}")
}

// archiveOf says which skill an archive holds, and in which format; empty where the path is that of no archive.
func archiveOf(path string) (skill, format string) {
	name, ok := strings.CutPrefix(path, archiveFolder)
	if !ok || strings.Contains(name, "/") {
		return "", ""
	}
	for _, format := range []string{"zip", "tar.gz"} {
		if skill, ok := strings.CutSuffix(name, "."+format); ok {
			return skill, format
		}
	}
	return "", ""
}

// sums returns SHA256SUMS, as sha256sum -c reads it, by path.
func sums(files map[string][32]byte) []byte {
	paths := make([]string, 0, len(files))
	for p := range files {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	var b []byte
	for _, p := range paths {
		sum := files[p]
		b = hex.AppendEncode(b, sum[:])
		b = append(b, "  "+p+"\n"...)
	}
	return b
}

// sealed returns all files of a release: those of its build, report.json among them, its own, release.json and SHA256SUMS.
func (e *Edition) sealed(build []Output) ([]Output, error) {
	artifacts, err := e.artifacts(build)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(build, artifacts)
	each(len(all), func(i int) error { //nolint:errcheck // no errors
		all[i].Digest = sumOf(&all[i])
		return nil
	})
	record := Output{Path: recordPath, Data: e.record(all)}
	record.Digest = sumOf(&record)
	all = append(all, record)
	digests := map[string][32]byte{}
	for _, o := range all {
		digests[o.Path] = o.Digest
	}
	list := Output{Path: sumsPath, Data: sums(digests)}
	list.Digest = sumOf(&list)
	return sortedOutputs(append(all, list)), nil
}

// maxRecord is the size in bytes beyond which a release.json or a SHA256SUMS is not read.
const maxRecord = 64 << 20

// readRecord adds what an earlier release wrote to what is known of the output folder. A badReport is a fault of release.json; other errors are
// the machine's.
func readRecord(root *os.Root, known oldReport) error {
	data, err := readSmall(root, recordPath)
	if err != nil || data == nil {
		return err
	}
	files, err := parseRecord(data)
	if err != nil {
		return err
	}
	for p, sum := range files {
		if ownedByRelease(p) {
			known[p] = sum
		}
	}
	list, err := readSmall(root, sumsPath)
	if err != nil {
		return err
	}
	// Each of the two is unedited where it is what the other makes it.
	files[recordPath] = sha256.Sum256(data)
	known[recordPath] = files[recordPath]
	if sum, listed := listedSum(string(list), recordPath); listed {
		files[recordPath], known[recordPath] = sum, sum
	}
	known[sumsPath] = sha256.Sum256(sums(files))
	return nil
}

// readSmall reads a file of bounded size; nil where there is none. What is no such file is a badReport.
func readSmall(root *os.Root, path string) ([]byte, error) {
	info, err := root.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("looking for %s of the last release: %w", path, err)
	case !info.Mode().IsRegular():
		return nil, badReport{path, "is no regular file"}
	case info.Size() > maxRecord:
		return nil, badReport{path, fmt.Sprintf("has %d bytes, more than it can have", info.Size())}
	}
	data, err := root.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s of the last release: %w", path, err)
	}
	return data, nil
}

// parseRecord returns the files that a release.json lists.
func parseRecord(data []byte) (map[string][32]byte, error) {
	var doc struct {
		Schema int
		Files  []struct{ Path, Digest string }
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, badReport{recordPath, "is no release.json of skillgen's: " + err.Error()}
	}
	if doc.Schema != 1 || doc.Files == nil {
		return nil, badReport{recordPath, "is no release.json of this skillgen's"}
	}
	files := make(map[string][32]byte, len(doc.Files))
	for _, f := range doc.Files {
		if !writable(f.Path) || f.Path == recordPath || f.Path == sumsPath {
			return nil, badReport{recordPath, fmt.Sprintf("lists the path %q, which it never does", f.Path)}
		}
		sum, ok := parseDigest(f.Digest)
		if _, twice := files[f.Path]; !ok || twice {
			return nil, badReport{recordPath, fmt.Sprintf("lists %q twice, or without a digest", f.Path)}
		}
		files[f.Path] = sum
	}
	return files, nil
}

// parseDigest reads "sha256:<hex>".
func parseDigest(s string) ([32]byte, bool) {
	hexed, ok := strings.CutPrefix(s, "sha256:")
	sum, err := hex.DecodeString(hexed)
	if !ok || err != nil || len(sum) != 32 || hexed != strings.ToLower(hexed) {
		return [32]byte{}, false
	}
	return [32]byte(sum), true
}

// listedSum returns the digest that a SHA256SUMS has for a path.
func listedSum(list, path string) ([32]byte, bool) {
	for line := range strings.Lines(list) {
		hexed, p, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if ok && p == path {
			return parseDigest("sha256:" + hexed)
		}
	}
	return [32]byte{}, false
}
