package release

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"skillgen/generator/diag"
)

// Audited is what a look at a release in a folder shows.
type Audited struct {
	Product, Version string
	Skills, Files    int
	Sums             string         // digest of SHA256SUMS, "sha256:…"; empty where it can't be read
	Findings         []diag.Finding // empty: the release is consistent
}

// Limits on what is looked at. A release that skillgen made stays far below.
const (
	maxAuditFiles = 200_000
	maxAuditFile  = 1 << 30 // bytes of a file whose size nothing tells
)

// Audit looks at the release in a folder: whether SHA256SUMS lists every file, once, with its digest; whether release.json, the manifest, the report
// and all indexes say the same; and whether each archive holds its skill, and nothing else. It writes nothing and trusts nothing: links are
// reported and never followed, no file is read that is larger than it should be, no archive is unpacked further than its skill is long. Places
// of findings begin with label. The error is the machine's.
func Audit(dir, label string) (*Audited, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the release: %w", err)
	}
	defer root.Close()
	a := &auditor{root: root, label: label, found: map[string]int64{}, sums: map[string][32]byte{}, good: map[string]bool{}}
	if err := a.run(); err != nil {
		return nil, err
	}
	a.out.Findings = diag.Cap(diag.Sort(a.out.Findings), maxAuditFindings)
	return &a.out, nil
}

// maxAuditFindings is how many findings of one check are shown of one file.
const maxAuditFindings = 100

type auditor struct {
	root  *os.Root
	label string
	out   Audited
	found map[string]int64    // size of every regular file
	sums  map[string][32]byte // SHA256SUMS
	good  map[string]bool     // files that have the digest which SHA256SUMS lists
	skill map[string]*auditedSkill
}

// auditedSkill is a skill as the manifest lists it.
type auditedSkill struct {
	name, description string
	files             []auditedFile // by path
}

// auditedFile is a file that a document lists.
type auditedFile struct {
	Path   string `json:"path"`
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
}

// run is the order in which a release is looked at: what lies there, then what is said of it, then what is in the archives.
func (a *auditor) run() error {
	if err := a.walk(); err != nil {
		return err
	}
	if err := a.readSums(); err != nil || a.out.Sums == "" {
		return err
	}
	if err := a.digests(); err != nil {
		return err
	}
	m, err := a.manifest()
	if err != nil || m == nil {
		return err
	}
	for _, look := range []func(*auditedManifest) error{a.record, a.report, a.index, a.legacyIndex, a.marketplace, a.versions, a.site, a.archives} {
		if err := look(m); err != nil {
			return err
		}
	}
	return nil
}

func (a *auditor) place(p string) diag.Place { return diag.Place{File: path.Join(a.label, p)} }

// report a fault of the check id at a file of the release.
func (a *auditor) fault(id, p, hint, format string, args ...any) {
	a.out.Findings = append(a.out.Findings, diag.New(id, a.place(p), fmt.Sprintf(format, args...), hint))
}

// file reports what is wrong with a file as such; says, what a document says.
func (a *auditor) file(p, format string, args ...any) {
	a.fault("release-file", p, "", format, args...)
}
func (a *auditor) says(p, format string, args ...any) {
	a.fault("release-record", p, "", format, args...)
}

// walk lists the regular files of the release. A repository that holds the release at its top has .git; .gitkeep is how git keeps a folder.
func (a *auditor) walk() error {
	full := errors.New("too many files")
	n := 0
	err := fs.WalkDir(a.root.FS(), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("reading %s: %w", p, err)
		}
		if n++; n > maxAuditFiles {
			return full
		}
		switch {
		case p == ".git" && e.IsDir():
			return fs.SkipDir
		case e.IsDir() || p == ".git" && e.Type().IsRegular():
			return nil
		case !e.Type().IsRegular():
			a.file(p, "this is no regular file, and no release has others")
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return fmt.Errorf("looking at %s: %w", p, err)
		}
		if p != ".gitkeep" || info.Size() > 0 {
			a.found[p] = info.Size()
		}
		return nil
	})
	if errors.Is(err, full) {
		a.file("", "the folder holds more than %d files", maxAuditFiles)
		a.found = nil
		return nil
	}
	a.out.Files = len(a.found)
	return err
}

// readSums reads SHA256SUMS. Where that can't be done, nothing can be checked.
func (a *auditor) readSums() error {
	if a.found == nil {
		return nil
	}
	data, err := a.read(sumsPath, maxRecord)
	if err != nil {
		return err
	}
	if data == nil {
		a.fault("release-file", sumsPath, "this is no release of skillgen's, or not all of it", "there is no such file, and without it nothing can be checked")
		return nil
	}
	a.out.Sums = digest(sha256.Sum256(data))
	folded := map[string]bool{}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		hexed, p, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		sum, valid := parseDigest("sha256:" + hexed)
		switch {
		case !ok || !valid || !strings.HasSuffix(line, "\n"):
			a.line(n, "this line is no digest, two blanks and a path")
		case !fs.ValidPath(p) || p == "." || !writable(p):
			a.line(n, "the path %q does not stay in the release", p)
		case folded[fold(p)]:
			a.line(n, "%q is listed twice", p)
		default:
			folded[fold(p)] = true
			a.sums[p] = sum
		}
	}
	if len(a.sums) == 0 {
		a.file(sumsPath, "it lists no file")
		a.out.Sums = ""
	}
	return nil
}

// line reports a fault of a line of SHA256SUMS.
func (a *auditor) line(n int, format string, args ...any) {
	at := a.place(sumsPath)
	at.Line = n
	a.out.Findings = append(a.out.Findings, diag.New("release-record", at, fmt.Sprintf(format, args...), ""))
}

// read returns a file of the release, nil where there is none. One that is larger than most bytes is a finding, and nil too.
func (a *auditor) read(p string, most int64) ([]byte, error) {
	size, ok := a.found[p]
	if !ok {
		return nil, nil
	}
	if size > most {
		a.file(p, "this file has %d bytes, more than it can have", size)
		return nil, nil
	}
	f, err := a.root.Open(p)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", p, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", p, err)
	}
	return data, nil
}

// required are the files that every release has.
var required = []string{manifestPath, reportPath, recordPath, indexPath, legacyIndexPath, marketplacePath, extensionPath, llmsPath, notesPath, sitePath}

// digests holds every file against SHA256SUMS. Where release.json tells another size, a file is not even read.
func (a *auditor) digests() error {
	for _, p := range required {
		if _, listed := a.sums[p]; !listed {
			a.fault("release-file", p, "this is no release of skillgen's, or not all of it", "SHA256SUMS does not list this file, which every release has")
		}
	}
	recorded, err := a.recorded()
	if err != nil {
		return err
	}
	var listed []string
	for p := range a.found {
		if _, ok := a.sums[p]; ok {
			listed = append(listed, p)
		} else if p != sumsPath {
			a.file(p, "SHA256SUMS does not list this file")
		}
	}
	for p := range a.sums {
		if _, ok := a.found[p]; !ok {
			a.file(p, "SHA256SUMS lists this file, and it is not there")
		}
	}
	slices.Sort(listed)
	return a.hash(listed, recorded)
}

// recorded are the files that release.json lists, by path; none where it can't be read.
func (a *auditor) recorded() (map[string]auditedFile, error) {
	data, err := a.read(recordPath, maxRecord)
	if err != nil {
		return nil, err
	}
	var doc struct{ Files []auditedFile }
	files := map[string]auditedFile{}
	if json.Unmarshal(data, &doc) == nil {
		for _, f := range doc.Files {
			files[f.Path] = f
		}
	}
	return files, nil
}

// hash holds files against SHA256SUMS. Where one has the digest that release.json lists, it is SHA256SUMS that was changed.
func (a *auditor) hash(paths []string, recorded map[string]auditedFile) error {
	faults, wrongSums := make([]string, len(paths)), make([]bool, len(paths))
	err := each(len(paths), func(i int) error {
		p := paths[i]
		size := a.found[p]
		other, known := recorded[p]
		if known && size != other.Size {
			faults[i] = fmt.Sprintf("this file was changed: it has %d bytes, and release.json says %d", size, other.Size)
			return nil
		} else if !known && size > maxAuditFile {
			faults[i] = fmt.Sprintf("this file has %d bytes, more than it can have", size)
			return nil
		}
		sum, err := digestOf(a.root, p)
		if err != nil {
			return fmt.Errorf("reading %s: %w", p, err)
		}
		if sum != a.sums[p] {
			faults[i] = "this file was changed, or its line in SHA256SUMS: the digests differ"
			wrongSums[i] = known && other.Digest == digest(sum)
		}
		return nil
	})
	for i, p := range paths {
		switch {
		case faults[i] == "":
			a.good[p] = true
		case wrongSums[i]:
			a.file(sumsPath, "this file was changed: the digest of %s is not that of the file, which is as release.json lists it", p)
		default:
			a.file(p, "%s", faults[i])
		}
	}
	return err
}

// document decodes a file of the release into v, and reports whether it could. One that is missing or was changed has been reported.
func (a *auditor) document(p string, v any) (bool, error) {
	if !a.good[p] {
		return false, nil
	}
	data, err := a.read(p, maxRecord)
	if err != nil || data == nil {
		return false, err
	}
	if err := json.Unmarshal(data, v); err != nil {
		a.says(p, "this is not the document that it should be: %v", err)
		return false, nil
	}
	return true, nil
}
