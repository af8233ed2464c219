package source

import "io/fs"

// Tree reads the files below one folder, each once, and can't be left: regular files only, symbolic links are never followed.
// It is safe for concurrent use.
type Tree struct {
	fsys fs.FS
}

// Entry is a file or folder met by Walk.
type Entry struct {
	Path string      // slash-separated, from the tree's root
	Type fs.FileMode // type bits: 0 for a regular file, fs.ModeDir, fs.ModeSymlink, fs.ModeNamedPipe …
	Size int64       // bytes; regular files only
}

var _ = Tree{}.fsys
