//go:build !windows && !plan9

package release

import (
	"errors"
	"syscall"
)

// isNotDir reports whether an error says that a part of a path is no folder.
func isNotDir(err error) bool { return errors.Is(err, syscall.ENOTDIR) }
