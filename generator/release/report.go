package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"skillgen/generator/source"
)

// reportPath is the file by which skillgen knows what it wrote.
const reportPath = "report.json"

// maxReport is the size in bytes beyond which an old report is not read.
const maxReport = source.MaxSize

// Report says what went into a build and what came out.
type Report struct {
	Inputs  []Input
	Outputs []Output // without the report itself
	Left    []Left   // never in dist: what lies about on one machine must not change its bytes
}

// Encode returns report.json: an entry a line, by path.
func (r *Report) Encode() []byte {
	inputs := slices.SortedFunc(slices.Values(r.Inputs), func(a, b Input) int { return strings.Compare(a.Path, b.Path) })
	outputs := sortedOutputs(r.Outputs)
	var j jsonText
	j.raw("{\n  \"schema\": 1")
	j.key("  ", "inputs")
	j.lines("  ", len(inputs), func(i int) {
		in := &inputs[i]
		j.raw(`{"path": `)
		j.text(in.Path)
		j.raw(`, "digest": "` + digest(in.Digest) + `", "skills": `)
		j.texts(slices.Sorted(slices.Values(in.Skills)))
		j.raw("}")
	})
	j.key("  ", "outputs")
	j.lines("  ", len(outputs), func(i int) {
		j.file(outputs[i].Path, sumOf(&outputs[i]), int64(len(outputs[i].Data)))
	})
	if r.Left != nil {
		left := slices.SortedFunc(slices.Values(r.Left), func(a, b Left) int { return strings.Compare(a.Path+"\x00"+a.Reason, b.Path+"\x00"+b.Reason) })
		j.key("  ", "left")
		j.lines("  ", len(left), func(i int) {
			j.raw(`{"path": `)
			j.text(left[i].Path)
			j.raw(`, "reason": `)
			j.text(left[i].Reason)
			j.raw("}")
		})
	}
	j.raw("\n}\n")
	return j.b
}

func sortedOutputs(outputs []Output) []Output {
	return slices.SortedFunc(slices.Values(outputs), func(a, b Output) int { return strings.Compare(a.Path, b.Path) })
}

// oldReport maps the paths that an earlier build wrote to their digests. It is nil where there was none.
type oldReport map[string][32]byte

// badReport says why a report.json or release.json is none of skillgen's, or not one to rely on.
type badReport struct{ path, why string }

func (b badReport) Error() string { return b.why }

// readReport reads the report of an earlier build; it is nil where there is none. A badReport is a fault of the file, other errors are the
// machine's.
func readReport(root *os.Root) (oldReport, error) {
	info, err := root.Lstat(reportPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for the report of the last build: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, badReport{reportPath, "is no regular file"}
	}
	if info.Size() > maxReport {
		return nil, badReport{reportPath, fmt.Sprintf("has %d bytes, more than a report can have", info.Size())}
	}
	data, err := root.ReadFile(reportPath)
	if err != nil {
		return nil, fmt.Errorf("reading the report of the last build: %w", err)
	}
	return parseReport(data)
}

func parseReport(data []byte) (oldReport, error) {
	var doc struct {
		Schema  int
		Outputs []struct{ Path, Digest string }
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, badReport{reportPath, "is no report of skillgen's: " + err.Error()}
	}
	if doc.Schema != 1 || doc.Outputs == nil {
		return nil, badReport{reportPath, "is no report of this skillgen's"}
	}
	old := make(oldReport, len(doc.Outputs))
	for _, o := range doc.Outputs {
		if !writable(o.Path) || o.Path == reportPath {
			return nil, badReport{reportPath, fmt.Sprintf("lists the path %q, which skillgen never writes", o.Path)}
		}
		sum, ok := parseDigest(o.Digest)
		if _, twice := old[o.Path]; !ok || twice {
			return nil, badReport{reportPath, fmt.Sprintf("lists %q twice, or without a digest", o.Path)}
		}
		old[o.Path] = sum
	}
	return old, nil
}

// writable reports whether a path is one that skillgen may write, rename or remove below its output folder: local, clean, with slashes, and
// not in the folder of its own that it works in.
func writable(path string) bool {
	if !fs.ValidPath(path) || path == "." || strings.ContainsAny(path, "\\\x00") || !filepath.IsLocal(filepath.FromSlash(path)) {
		return false
	}
	first, _, _ := strings.Cut(path, "/")
	return !strings.EqualFold(first, workFolder) && !strings.EqualFold(first, ".git")
}
