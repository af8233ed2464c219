package release

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"skillgen/generator/diag"
)

// Result says what Pack did, by path from the output folder.
type Result struct {
	Written []string // new, or with new bytes
	Removed []string
	Kept    int    // outputs that were left alone
	Sums    string // digest of SHA256SUMS, "sha256:…"; empty for a build
}

// Pack makes the output folder hold outputs, and report.json about them and inputs, and removes what earlier builds wrote and this one has
// no place for. Files that skillgen did not write stay, and so do files that were edited since; where an output must go in place of such a
// file, that is an error finding, and nothing at all is written. Nothing is written either where Strict is set and a warning stands.
//
// An error is the machine's: the folder can't be written, is full, or another process holds it. Up to the moment of the switch the folder is
// then as it was; after it, the next call of Pack or Recover completes what was begun.
func (d *Dist) Pack(outputs []Output, inputs []Input) (Result, []diag.Finding, error) {
	all, err := withReport(outputs, inputs)
	if err != nil {
		return Result{}, nil, err
	}
	return d.pack(all)
}

// PackRelease does for a release what Pack does for a build, with the outputs of its build: both are switched together. What the last release
// wrote and this one has no place for goes too. A later Pack leaves the files of the release as they are.
func (d *Dist) PackRelease(outputs []Output, inputs []Input, e *Edition) (Result, []diag.Finding, error) {
	all, err := withReport(outputs, inputs)
	if err != nil {
		return Result{}, nil, err
	}
	if all, err = e.sealed(all); err != nil {
		return Result{}, nil, err
	}
	r, findings, err := d.pack(all)
	r.Sums = digest(all[slices.IndexFunc(all, func(o Output) bool { return o.Path == sumsPath })].Digest)
	return r, findings, err
}

// pack is Pack for all files, report.json among them.
func (d *Dist) pack(all []Output) (Result, []diag.Finding, error) {
	if findings := clashes(all, d.place); len(findings) > 0 {
		return Result{}, findings, nil
	}
	if err := d.Recover(); err != nil {
		return Result{}, nil, err
	}
	if fine, err := upToDate(d.root, all); err != nil {
		return Result{}, nil, err
	} else if fine {
		return Result{Kept: len(all)}, nil, nil
	}
	made, err := d.make()
	if err != nil {
		return Result{}, nil, err
	}
	result, findings, err := d.commit(all)
	if made && err != nil {
		os.Remove(d.options.Out) //nolint:errcheck // it stays if it holds anything
	}
	return result, findings, err
}

// withReport sorts outputs, completes their digests, and adds the report.
func withReport(outputs []Output, inputs []Input) ([]Output, error) {
	all := sortedOutputs(outputs)
	for _, o := range all {
		if !writable(o.Path) || o.Path == reportPath {
			return nil, fmt.Errorf("%q can't be the path of an output", o.Path)
		}
	}
	each(len(all), func(i int) error { //nolint:errcheck // no errors
		all[i].Digest = sumOf(&all[i])
		return nil
	})
	data := (&Report{Inputs: inputs, Outputs: all}).Encode()
	return sortedOutputs(append(all, Output{Path: reportPath, Data: data, Digest: sha256.Sum256(data)})), nil
}

// make makes the output folder, and reports whether it had to.
func (d *Dist) make() (bool, error) {
	if d.root != nil {
		return false, nil
	}
	out := filepath.Clean(d.options.Out)
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return false, fmt.Errorf("making the folder above the output folder: %w", err)
	}
	err := os.Mkdir(out, 0o755)
	made := err == nil
	if made {
		err = os.Chmod(out, 0o755)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return made, fmt.Errorf("making the output folder: %w", err)
	}
	return made, d.openRoot()
}

// commit makes the output folder hold all, under the lock.
func (d *Dist) commit(all []Output) (Result, []diag.Finding, error) {
	l, err := acquire(d.root, d.options.Wait)
	if err != nil {
		return Result{}, nil, err
	}
	defer l.release()
	if err := recoverLocked(d.root); err != nil {
		return Result{}, nil, err
	}
	c, err := compare(d.root, all)
	if err != nil {
		return Result{}, nil, err
	}
	findings := d.judge(c)
	if d.refused(findings) {
		return Result{}, findings, nil
	}
	if c.nothing() {
		return c.result(), findings, nil
	}
	j, staged := c.steps()
	if err = c.stage(d.root, staged); err == nil {
		err = j.write(d.root)
	}
	if err != nil {
		d.root.RemoveAll(stagingPath) //nolint:errcheck // the next build tries again
		d.root.Remove(draftPath)      //nolint:errcheck // likewise
		return Result{}, nil, err
	}
	return c.result(), findings, j.perform(d.root)
}

func (d *Dist) place(p string) diag.Place { return diag.Place{File: path.Join(d.label, p)} }

// refused reports whether findings keep Pack from writing.
func (d *Dist) refused(findings []diag.Finding) bool {
	worst, found := diag.Worst(findings)
	return found && (worst == diag.Error || d.options.Strict && worst == diag.Warning)
}

// maxNamed is how many files of one kind are named before the rest is counted.
const maxNamed = 10

const generatedHint = "what is in it is generated: put the change into its source, and delete the file or move it out of the output folder"

// judge turns what stands in the way into findings.
func (d *Dist) judge(c *change) []diag.Finding {
	if len(c.bad) > 0 {
		var all []diag.Finding
		for _, bad := range c.bad {
			all = append(all, diag.New("dist-report", d.place(bad.path), "this file "+bad.why,
				"without it skillgen does not know which files are its own. If the folder holds nothing else, delete it; else name another with --out"))
		}
		return all
	}
	var blocked, kept []diag.Finding
	for i, o := range c.outputs {
		switch c.states[i] {
		case edited:
			if c.known[o.Path] == o.Digest {
				kept = append(kept, diag.New("dist-edited", d.place(o.Path), "this file was edited since skillgen wrote it, and is kept as it is", generatedHint))
			} else {
				blocked = append(blocked, diag.New("dist-blocked", d.place(o.Path), "this file was edited since skillgen wrote it, and another must take its place", generatedHint))
			}
		case foreign:
			blocked = append(blocked, diag.New("dist-blocked", d.place(o.Path), "this file was not written by skillgen, and stands where an output must go",
				"move it, or name another folder with --out. If skillgen did write it, delete it"))
		case occupied:
			blocked = append(blocked, diag.New("dist-blocked", d.place(o.Path), "an output must go here, but something else is there: a folder, a link, or a file instead of a folder",
				"move it, or name another folder with --out"))
		}
	}
	for _, p := range c.kept {
		kept = append(kept, diag.New("dist-edited", d.place(p), "this file was edited since skillgen wrote it; it has no place in this build, and stays", generatedHint))
	}
	return diag.Sort(append(d.summed(blocked), d.summed(kept)...))
}

// summed names the first findings of a kind and counts the others.
func (d *Dist) summed(findings []diag.Finding) []diag.Finding {
	if len(findings) <= maxNamed {
		return findings
	}
	more := findings[0]
	more.Place = diag.Place{File: d.label}
	more.Message = fmt.Sprintf("%d more files like those that are named", len(findings)-maxNamed)
	return append(findings[:maxNamed:maxNamed], more)
}

// written reports whether output i will be written.
func (c *change) written(i int) bool { return c.states[i] == missing || c.states[i] == ours }

func (c *change) nothing() bool {
	for i := range c.outputs {
		if c.written(i) {
			return false
		}
	}
	return len(c.gone) == 0
}

func (c *change) result() Result {
	var r Result
	for i, o := range c.outputs {
		if c.written(i) {
			r.Written = append(r.Written, o.Path)
		} else {
			r.Kept++
		}
	}
	for _, o := range c.gone {
		r.Removed = append(r.Removed, o.Path)
	}
	return r
}

// steps lists the steps of the switch, and says for each output that is written where it is staged: below the number of its step, because a
// folder that is all new is staged and moved as one. What says what is there comes last.
func (c *change) steps() (j *journal, staged []string) {
	j = &journal{Schema: 1, Removed: c.gone}
	staged = make([]string, len(c.outputs))
	var last []int
	for i, o := range c.outputs {
		switch {
		case !c.written(i):
		case o.Path == reportPath || o.Path == recordPath || o.Path == sumsPath:
			last = append(last, i)
		default:
			unit := c.unit(o.Path)
			if n := len(j.Moved); n == 0 || j.Moved[n-1] != unit {
				j.Moved = append(j.Moved, unit)
			}
			staged[i] = strconv.Itoa(len(j.Moved)-1) + o.Path[len(unit):]
		}
	}
	for _, i := range last {
		staged[i] = strconv.Itoa(len(j.Moved))
		j.Moved = append(j.Moved, c.outputs[i].Path)
	}
	return j, staged
}

// unit returns the path's topmost folder that is not there yet, or the path itself.
func (c *change) unit(p string) string {
	for unit, dir := p, path.Dir(p); ; unit, dir = dir, path.Dir(dir) {
		if dir == "." || c.folders[dir] {
			return unit
		}
	}
}

// stage writes the new files to where staged says, below the staging folder.
func (c *change) stage(root *os.Root, staged []string) error {
	if err := makeFolders(root, stagingPath); err != nil {
		return err
	}
	staging, err := root.OpenRoot(stagingPath)
	if err != nil {
		return fmt.Errorf("opening the staging folder: %w", err)
	}
	defer staging.Close()
	made := "."
	for _, p := range staged {
		if dir := path.Dir(p); p != "" && dir != made {
			if err := makeFolders(staging, dir); err != nil {
				return err
			}
			made = dir
		}
	}
	return each(len(c.outputs), func(i int) error {
		if staged[i] == "" {
			return nil
		}
		if err := writeFile(staging, staged[i], &c.outputs[i]); err != nil {
			return fmt.Errorf("writing %s: %w", c.outputs[i].Path, err)
		}
		return nil
	})
}

// writeFile writes a new file, with a mode that does not depend on the umask.
func writeFile(root *os.Root, p string, o *Output) error {
	mode := modeOf(o.Exec)
	f, err := root.OpenFile(p, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(o.Data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Difference says how the output folder differs from a build, by path from the output folder.
type Difference struct {
	Missing []string // not there
	Changed []string // there with other bytes
	Extra   []string // written by an earlier build, and no longer wanted
}

// Empty reports whether there is no difference.
func (x Difference) Empty() bool { return len(x.Missing)+len(x.Changed)+len(x.Extra) == 0 }

// Check compares the output folder with what Pack would make of it, and writes nothing. Files that skillgen did not write, where no output
// must go, are no difference.
func (d *Dist) Check(outputs []Output, inputs []Input) (Difference, []diag.Finding, error) {
	all, err := withReport(outputs, inputs)
	if err != nil {
		return Difference{}, nil, err
	}
	if findings := clashes(all, d.place); len(findings) > 0 {
		return Difference{}, findings, nil
	}
	if err := d.Recover(); err != nil {
		return Difference{}, nil, err
	}
	c, err := compare(d.root, all)
	if err != nil {
		return Difference{}, nil, err
	}
	var x Difference
	for i, o := range c.outputs {
		switch c.states[i] {
		case same:
		case missing:
			x.Missing = append(x.Missing, o.Path)
		default:
			x.Changed = append(x.Changed, o.Path)
		}
	}
	for _, o := range c.gone {
		x.Extra = append(x.Extra, o.Path)
	}
	return x, d.judge(c), nil
}
