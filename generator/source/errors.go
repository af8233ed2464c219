package source

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Trouble says why a path can't be used. All but Failed are faults of the project, not of the machine.
type Trouble uint8

// What can be wrong with a path.
const (
	Missing   Trouble = iota // nothing stands there
	Outside                  // it is absolute or leads out by ".."
	Malformed                // no path at all: it holds a NUL or the like
	Link                     // it is a symbolic link, or one is on the way to it
	Irregular                // a regular file is wanted, and it is a folder, a named pipe, a device or a socket
	NotFolder                // a folder is wanted, or is needed on the way, and it is something else
	TooLarge                 // larger than MaxSize
	Denied                   // permission denied
	Failed                   // whatever else the system reports
)

// PathError says what is wrong with one path of a tree. It never names a path outside the tree, except what a link says.
type PathError struct {
	Path    string // as asked for
	Trouble Trouble
	At      string      // the link, or the folder that is none; Path itself or something on the way to it
	Target  string      // Link: where it points, as written in it
	Leaves  bool        // Link: Target lies outside the tree
	Type    fs.FileMode // Irregular and NotFolder: what it is instead
	Err     error       // Denied and Failed: the system's error
}

// Error says what is wrong in one sentence that begins with the path.
func (e *PathError) Error() string {
	if e.At != "" && e.At != e.Path {
		return e.Path + ": " + e.at(e.At)
	}
	return e.at(e.Path)
}

func (e *PathError) at(name string) string {
	switch e.Trouble {
	case Missing:
		return name + " does not exist"
	case Outside:
		return name + " lies outside the project"
	case Malformed:
		return fmt.Sprintf("%q is not a path", name)
	case Link:
		if e.Leaves {
			return fmt.Sprintf("%s is a symbolic link that leaves the project (to %s)", name, e.Target)
		}
		return fmt.Sprintf("%s is a symbolic link (to %s), and links are not followed", name, e.Target)
	case Irregular, NotFolder:
		wanted := "a regular file"
		if e.Trouble == NotFolder {
			wanted = "a folder"
		}
		return fmt.Sprintf("%s is %s, not %s", name, TypeName(e.Type), wanted)
	case TooLarge:
		return fmt.Sprintf("%s is larger than %d MiB", name, MaxSize>>20)
	case Denied:
		return name + ": permission denied"
	}
	return fmt.Sprintf("%s: %v", name, e.Err)
}

// Unwrap lets errors.Is find fs.ErrNotExist, fs.ErrPermission and errors of the system.
func (e *PathError) Unwrap() error {
	switch e.Trouble {
	case Missing:
		return fs.ErrNotExist
	case Denied:
		return fs.ErrPermission
	}
	return e.Err
}

// on says that the fault stands on the way to name.
func (e *PathError) on(name string) *PathError {
	c := *e
	c.Path = name
	if c.At == "" {
		c.At = e.Path
	}
	return &c
}

// TypeName names the type bits of a mode: "a folder", "a named pipe".
func TypeName(t fs.FileMode) string {
	switch t.Type() {
	case 0:
		return "a regular file"
	case fs.ModeDir:
		return "a folder"
	case fs.ModeSymlink:
		return "a symbolic link"
	case fs.ModeNamedPipe:
		return "a named pipe"
	case fs.ModeSocket:
		return "a socket"
	case fs.ModeDevice, fs.ModeDevice | fs.ModeCharDevice, fs.ModeCharDevice:
		return "a device"
	}
	return "a special file"
}

// pathError turns what the system reports about a path into a PathError.
func pathError(name string, err error) *PathError {
	var sys *fs.PathError
	if errors.As(err, &sys) {
		err = sys.Err // its path is repeated, or is that of the machine
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.ENOTDIR):
		return &PathError{Path: name, Trouble: Missing}
	case errors.Is(err, fs.ErrPermission):
		return &PathError{Path: name, Trouble: Denied, Err: err}
	case errors.Is(err, fs.ErrInvalid), errors.Is(err, syscall.EINVAL):
		return &PathError{Path: name, Trouble: Malformed}
	}
	return &PathError{Path: name, Trouble: Failed, Err: err}
}
