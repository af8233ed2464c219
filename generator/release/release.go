// Package release writes dist/: it compares what a build made with what is there, stages what differs, and switches by renames under a
// journal.
//
// It promises that a build is all or nothing, whenever it is killed; that only files which skillgen wrote, and nobody edited since, are ever
// replaced or removed; and that nothing outside the output folder is touched, whatever the files in it say. What is already as it should be
// is not written again.
package release

import (
	"crypto/sha256"
	"encoding/hex"
)

// Output is a file to be written.
type Output struct {
	Path   string // slash-separated, from the output folder
	Data   []byte
	Digest [32]byte // sha256 of Data; computed where it is zero
	Exec   bool     // may be run
}

// Input is a file that outputs were made from.
type Input struct {
	Path   string   // as findings name it: from the project's folder, or "builtin:…"
	Digest [32]byte // sha256 of its normalised text
	Skills []string // names of the skills that use it
}

// Left is a file or folder that was left out, and why.
type Left struct{ Path, Reason string }

// digest writes a digest as all of skillgen's files do.
func digest(sum [32]byte) string { return "sha256:" + hex.EncodeToString(sum[:]) }

// sumOf returns the digest of an output's data.
func sumOf(o *Output) [32]byte {
	if o.Digest == ([32]byte{}) {
		return sha256.Sum256(o.Data)
	}
	return o.Digest
}
