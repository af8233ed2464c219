package project

import (
	"io/fs"

	"skillgen/templates"
)

// Builtin returns the workflows and partials that are built into the binary, as a project's templates folder holds them.
func Builtin() fs.FS { return templates.FS }

// ValidVersion reports whether s is a version as Semantic Versioning 2.0.0 has it, in full and without a v.
func ValidVersion(s string) bool {
	message, _ := versionRule.also(s)
	return message == ""
}
