package release

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// lockStep is how long to wait between two attempts at the lock.
const lockStep = 20 * time.Millisecond

// lock is held by whoever changes the output folder. The lock file stands in the work folder, holds the number of the process, and goes with
// it; that a locked file may be one that was just removed is what acquire looks out for.
type lock struct {
	root *os.Root
	file *os.File
}

// acquire takes the lock, waiting for at most wait.
func acquire(root *os.Root, wait time.Duration) (*lock, error) {
	for waited := time.Duration(0); ; waited += lockStep {
		file, err := openLock(root)
		if err != nil {
			return nil, fmt.Errorf("opening the lock of the output folder: %w", err)
		}
		if file != nil {
			locked, err := tryLock(file)
			if err != nil {
				file.Close() //nolint:errcheck // it was only opened
				return nil, fmt.Errorf("locking the output folder: %w", err)
			}
			if locked && stands(root, file) {
				return newLock(root, file)
			}
			if waited >= wait {
				defer file.Close()
				return nil, fmt.Errorf("the output folder is in use by %s; waited %s", holder(file), wait)
			}
			file.Close() //nolint:errcheck // gives the lock back, if it was one
		}
		time.Sleep(lockStep)
	}
}

// openLock opens the lock file and makes it where it is missing. It returns nil where the last holder removes the work folder
// meanwhile.
func openLock(root *os.Root) (*os.File, error) {
	if err := makeFolders(root, workFolder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if info, err := root.Lstat(workFolder); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder", workFolder)
	}
	file, err := root.OpenFile(lockPath, os.O_RDWR|os.O_CREATE, 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return file, err
}

// stands reports whether file is what is found at the lock's path: its last holder may have removed it while we waited.
func stands(root *os.Root, file *os.File) bool {
	mine, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := root.Lstat(lockPath)
	return err == nil && os.SameFile(mine, there)
}

func newLock(root *os.Root, file *os.File) (*lock, error) {
	l := &lock{root, file}
	err := file.Truncate(0)
	if err == nil {
		_, err = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		l.release()
		return nil, fmt.Errorf("writing the lock of the output folder: %w", err)
	}
	return l, nil
}

// holder names who wrote the lock file.
func holder(file *os.File) string {
	data, err := io.ReadAll(io.NewSectionReader(file, 0, 32))
	if pid, convErr := strconv.Atoi(strings.TrimSpace(string(data))); err == nil && convErr == nil {
		return fmt.Sprintf("another skillgen (process %d)", pid)
	}
	return "another skillgen"
}

// release removes the lock file, the work folder if it is empty, and gives the lock back. The file goes while it is still locked: removed
// later, it could be somebody else's already. Where open files can't be removed (Windows), nobody else can remove it either.
func (l *lock) release() {
	err := l.root.Remove(lockPath)
	l.file.Close() //nolint:errcheck // nothing is lost with it
	if err != nil {
		l.root.Remove(lockPath) //nolint:errcheck // the next build takes it as it is
	}
	l.root.Remove(workFolder) //nolint:errcheck // not empty: another one waits
}
