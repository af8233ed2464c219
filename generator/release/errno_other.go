//go:build windows || plan9

package release

// isNotDir reports whether an error says that a part of a path is no folder. Here it is told as one that does not exist.
func isNotDir(error) bool { return false }
