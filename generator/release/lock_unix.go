//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package release

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks file, and reports false where another process holds it. The lock goes when file is closed, or the process ends.
func tryLock(file *os.File) (bool, error) {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return false, nil
		}
		return err == nil, err
	}
}
