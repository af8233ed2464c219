package release

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks file, and reports false where another process holds it. The lock goes when file is closed, or the process ends. It covers a
// byte far behind the file's content, which others can read meanwhile.
func tryLock(file *os.File) (bool, error) {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(file.Fd()), flags, 0, 1, 0, &windows.Overlapped{Offset: 1 << 20})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, err
}
