package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// Where skillgen works inside the output folder. Nothing of it is left after a build.
const (
	workFolder  = ".skillgen"
	stagingPath = workFolder + "/new"     // new files and folders, named by the number of the step that moves them
	journalPath = workFolder + "/journal" // what is to be done with them
	draftPath   = workFolder + "/journal.draft"
	lockPath    = workFolder + "/lock"
)

// journal is what a build has decided to do, once everything is staged. Each step can be done again: a killed build is completed by doing
// the whole journal once more.
type journal struct {
	Schema  int       `json:"schema"`
	Removed []oldFile `json:"removed"` // files of earlier builds that have no place any more
	Moved   []string  `json:"moved"`   // where the new files and folders go: number 0 of the staging folder first, report.json last
}

// oldFile is a file that goes, if its bytes are still these.
type oldFile struct {
	Path   string `json:"path"`
	Digest string `json:"digest"`
}

// write puts the journal where it counts, whole: from the rename on, the build will be completed.
func (j *journal) write(root *os.Root) error {
	data, err := json.MarshalIndent(j, "", " ")
	if err != nil {
		return fmt.Errorf("encoding the journal: %w", err)
	}
	sum := sha256.Sum256(data)
	data = append(data, "\n"+hex.EncodeToString(sum[:])+"\n"...)
	if err := root.WriteFile(draftPath, data, 0o644); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	if err := root.Rename(draftPath, journalPath); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	return nil
}

// readJournal returns the journal of a build that was killed, nil where there is none. A journal is data from disk: whatever skillgen would
// not write is an error.
func readJournal(root *os.Root) (*journal, error) {
	data, err := root.ReadFile(journalPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the journal of an interrupted build: %w", err)
	}
	body, ok := checked(string(data))
	var j journal
	if !ok || json.Unmarshal([]byte(body), &j) != nil || j.Schema != 1 {
		return nil, errors.New("the journal of an interrupted build is damaged: delete the output folder and build again")
	}
	for _, r := range j.Removed {
		if !writable(r.Path) || r.Path == reportPath {
			return nil, fmt.Errorf("the journal of an interrupted build would remove %q: delete the output folder and build again", r.Path)
		}
	}
	for _, p := range j.Moved {
		if !writable(p) {
			return nil, fmt.Errorf("the journal of an interrupted build would write %q: delete the output folder and build again", p)
		}
	}
	return &j, nil
}

// checked takes the checksum off.
func checked(data string) (string, bool) {
	data, ok := strings.CutSuffix(data, "\n")
	i := strings.LastIndexByte(data, '\n')
	if !ok || i < 0 {
		return "", false
	}
	sum := sha256.Sum256([]byte(data[:i]))
	return data[:i], data[i+1:] == hex.EncodeToString(sum[:])
}

// perform does what the journal says, and removes it. After an error it can be done again.
func (j *journal) perform(root *os.Root) error {
	for _, old := range j.Removed {
		if err := old.remove(root); err != nil {
			return err
		}
	}
	j.removeEmptied(root)
	for i, to := range j.Moved {
		if err := move(root, stagingPath+"/"+strconv.Itoa(i), to); err != nil {
			return err
		}
	}
	if err := root.RemoveAll(stagingPath); err != nil {
		return fmt.Errorf("removing what a build staged: %w", err)
	}
	if err := root.Remove(journalPath); err != nil {
		return fmt.Errorf("closing the journal: %w", err)
	}
	return nil
}

func (old oldFile) remove(root *os.Root) error {
	sum, err := digestOf(root, old.Path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errIrregular) || err == nil && digest(sum) != old.Digest {
		return nil
	}
	if err == nil {
		err = root.Remove(old.Path)
	}
	if err != nil {
		return fmt.Errorf("removing %s: %w", old.Path, err)
	}
	return nil
}

// removeEmptied removes the folders above removed files that hold nothing any more.
func (j *journal) removeEmptied(root *os.Root) {
	for _, old := range j.Removed {
		for dir := path.Dir(old.Path); dir != "."; dir = path.Dir(dir) {
			// Where the journal is done a second time, a new file may stand here already.
			if info, err := root.Lstat(dir); err != nil || !info.IsDir() || root.Remove(dir) != nil {
				break // it holds something, or is gone already
			}
		}
	}
}

// move moves what is staged to where it belongs. What is not staged was moved before.
func move(root *os.Root, from, to string) error {
	err := root.Rename(from, to)
	if err == nil {
		return nil
	}
	if _, missing := root.Lstat(from); errors.Is(missing, fs.ErrNotExist) {
		return nil
	}
	// Two things may be in the way: empty folders at its place, or its folder went with the removed files that it held.
	removeEmptyTree(root, to)
	if err := makeFolders(root, path.Dir(to)); err != nil {
		return err
	}
	if err = root.Rename(from, to); err != nil {
		return fmt.Errorf("moving %s to its place: %w", to, err)
	}
	return nil
}

// removeEmptyTree removes a folder that holds nothing but empty folders. It fails silently: the rename after it says what is wrong.
func removeEmptyTree(root *os.Root, dir string) {
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() {
			return
		}
		removeEmptyTree(root, dir+"/"+e.Name())
	}
	root.Remove(dir) //nolint:errcheck // see above
}

// makeFolders makes a folder and those above it, with modes that don't depend on the umask.
func makeFolders(root *os.Root, dir string) error {
	if dir == "." {
		return nil
	}
	err := root.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeFolders(root, path.Dir(dir)); err != nil {
			return err
		}
		err = root.Mkdir(dir, 0o755)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = root.Chmod(dir, 0o755)
	}
	if err != nil {
		return fmt.Errorf("making the folder %s: %w", dir, err)
	}
	return nil
}
