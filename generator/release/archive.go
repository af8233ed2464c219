package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io/fs"
	"time"
)

// Archives of one skill come in two layouts, because no consumer takes both: in a zip everything lies in a folder of the skill's name (upload to
// claude.ai), in a tar.gz SKILL.md lies at the root (well-known index). Both hold regular files only, by path, with one time and two modes, and
// nothing else: no folders, no owners, no comments, no extra fields.

// epoch is the time of every entry: the first that a zip can state.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// epochDOS is the date of epoch as a zip has it: years since 1980, month and day.
const epochDOS = 0<<9 | 1<<5 | 1

// zipVersion is the version of the format that folders and deflate need: 2.0.
const zipVersion = 20

// modeOf is the mode that an output gets, in dist and in archives.
func modeOf(exec bool) fs.FileMode {
	if exec {
		return 0o755
	}
	return 0o644
}

// zipOf packs files, whose paths count from the skill's folder, below a folder.
func zipOf(folder string, files []Output) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range sortedOutputs(files) {
		if err := zipEntry(w, folder+"/"+f.Path, &f); err != nil {
			return nil, fmt.Errorf("packing %s: %w", f.Path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("packing %s: %w", folder, err)
	}
	return b.Bytes(), nil
}

// zipEntry writes an entry with its sizes before its data, where every reader looks for them; zip.Writer left to itself writes them behind it.
func zipEntry(w *zip.Writer, name string, f *Output) error {
	packed, err := deflated(f.Data)
	if err != nil {
		return err
	}
	h := &zip.FileHeader{
		Name: name, Method: zip.Deflate, CreatorVersion: zipVersion, ReaderVersion: zipVersion,
		ModifiedDate: epochDOS, //nolint:staticcheck // Modified would add an extra field
		CRC32:        crc32.ChecksumIEEE(f.Data), CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(len(f.Data)),
	}
	if len(packed) >= len(f.Data) {
		h.Method, h.CompressedSize64, packed = zip.Store, h.UncompressedSize64, f.Data
	}
	h.SetMode(modeOf(f.Exec))
	entry, err := w.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = entry.Write(packed)
	return err
}

func deflated(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// tarOf packs files, whose paths count from the skill's folder, with SKILL.md at the root. A path that USTAR can't hold is an error.
func tarOf(files []Output) ([]byte, error) {
	var b bytes.Buffer
	packed := gzip.NewWriter(&b) // its header has no name and no time
	w := tar.NewWriter(packed)
	for _, f := range sortedOutputs(files) {
		h := &tar.Header{Format: tar.FormatUSTAR, Typeflag: tar.TypeReg, Name: f.Path, Size: int64(len(f.Data)), Mode: int64(modeOf(f.Exec)), ModTime: epoch}
		if err := w.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("packing %s: %w", f.Path, err)
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, fmt.Errorf("packing %s: %w", f.Path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("closing an archive: %w", err)
	}
	if err := packed.Close(); err != nil {
		return nil, fmt.Errorf("closing an archive: %w", err)
	}
	return b.Bytes(), nil
}
