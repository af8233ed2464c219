package release

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// archives looks into both archives of every skill, and for those of none. Those that are missing or were changed have been reported.
func (a *auditor) archives(*auditedManifest) error {
	for p := range a.sums {
		if skill, _ := archiveOf(p); strings.HasPrefix(p, archiveFolder) && a.skill[skill] == nil {
			a.fault("release-archive", p, "", "this is the archive of no skill")
		}
	}
	names := slices.Sorted(maps.Keys(a.skill))
	faults := make([]string, 2*len(names))
	err := each(len(faults), func(i int) error {
		s, p := a.skill[names[i/2]], zipPath(names[i/2])
		look := s.unzip
		if i%2 == 1 {
			p, look = tarPath(names[i/2]), s.untar
		}
		if !a.good[p] {
			if _, listed := a.sums[p]; !listed {
				faults[i] = "there is no such archive"
			}
			return nil
		}
		f, err := a.root.Open(p)
		if err != nil {
			return fmt.Errorf("opening %s: %w", p, err)
		}
		defer f.Close()
		var bad badArchive
		if err := look(f, a.found[p]); errors.As(err, &bad) {
			faults[i] = bad.why
		} else if err != nil {
			return fmt.Errorf("reading %s: %w", p, err)
		}
		return nil
	})
	for i, fault := range faults {
		p := zipPath(names[i/2])
		if i%2 == 1 {
			p = tarPath(names[i/2])
		}
		if fault != "" {
			a.fault("release-archive", p, "", "%s", fault)
		}
	}
	return err
}

// badArchive says why an archive is not that of its skill.
type badArchive struct{ why string }

func (b badArchive) Error() string { return b.why }

func notAs(format string, args ...any) error { return badArchive{fmt.Sprintf(format, args...)} }

// room is how large an archive of the skill can be: what is in it, and headers. Whatever is larger is not opened.
func (s *auditedSkill) room() int64 {
	n := int64(64 << 10)
	for _, f := range s.files {
		n += f.Size + 2048
	}
	return n
}

// Sizes of the parts of a zip without extra fields and comments (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16).
const (
	zipLocalHeader   = 30
	zipCentralHeader = 46
	zipEnd           = 22
)

// unzip compares a zip with the skill: its entries in a folder of the skill's name, one after the other without a gap, and nothing else. So a reader
// that goes by the local headers sees what one sees that goes by the central directory.
func (s *auditedSkill) unzip(f io.ReaderAt, size int64) error {
	if size > s.room() {
		return notAs("it has %d bytes, more than an archive of this skill can have", size)
	}
	r, err := zip.NewReader(f, size)
	if err != nil {
		return notAs("it can't be read: %v", err)
	}
	if len(r.File) != len(s.files) || r.Comment != "" {
		return notAs("it has %d entries, and the skill %d files; or it has a comment", len(r.File), len(s.files))
	}
	at, directory := int64(0), int64(zipEnd)
	for i, entry := range r.File {
		name := s.name + "/" + s.files[i].Path
		if err := plainEntry(f, entry, name, at); err != nil {
			return err
		}
		data, err := entry.Open()
		if err != nil {
			return notAs("%s can't be read: %v", name, err)
		}
		if err := s.files[i].equals(data, entry.Mode().Perm() == 0o755); err != nil {
			return err
		}
		at += zipLocalHeader + int64(len(name)) + int64(entry.CompressedSize64)
		directory += zipCentralHeader + int64(len(name))
	}
	if at+directory != size {
		return notAs("it holds more than its entries")
	}
	return nil
}

// plainEntry looks at both headers of an entry, the local one at an offset.
func plainEntry(f io.ReaderAt, entry *zip.File, name string, at int64) error {
	offset, err := entry.DataOffset()
	switch {
	case err != nil:
		return notAs("%q can't be read: %v", entry.Name, err)
	case entry.Name != name:
		return notAs("it has the entry %q where %s belongs", entry.Name, name)
	case len(entry.Extra) > 0 || entry.Comment != "" || entry.Flags != 0 || !entry.Mode().IsRegular():
		return notAs("%s has an extra field, a comment or a flag, or is no regular file", name)
	case entry.Mode().Perm() != 0o644 && entry.Mode().Perm() != 0o755:
		return notAs("%s has the mode %o", name, entry.Mode().Perm())
	case offset != at+zipLocalHeader+int64(len(name)):
		return notAs("%s does not stand where it should", name)
	}
	local := make([]byte, zipLocalHeader+len(name))
	if _, err := f.ReadAt(local, at); err != nil {
		return notAs("%s can't be read: %v", name, err)
	}
	sizes := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, uint32(entry.CompressedSize64)), uint32(entry.UncompressedSize64))
	method := binary.LittleEndian.AppendUint16([]byte{0, 0}, entry.Method)
	if string(local[zipLocalHeader:]) != name || !bytes.Equal(local[18:26], sizes) || !bytes.Equal(local[6:10], method) {
		return notAs("the two headers of %s differ", name)
	}
	return nil
}

// untar compares a tar.gz with the skill: its entries with SKILL.md at the root, in USTAR, and nothing else.
func (s *auditedSkill) untar(f io.ReaderAt, size int64) error {
	if size > s.room() {
		return notAs("it has %d bytes, more than an archive of this skill can have", size)
	}
	packed := bufio.NewReader(io.NewSectionReader(f, 0, size))
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return notAs("it can't be read: %v", err)
	}
	unpacked.Multistream(false)
	if h := unpacked.Header; h.Name != "" || h.Comment != "" || len(h.Extra) > 0 || !h.ModTime.IsZero() {
		return notAs("its header has a name, a comment or a time")
	}
	r := tar.NewReader(unpacked)
	for _, want := range s.files {
		h, err := r.Next()
		if err != nil {
			return notAs("%s can't be read: %v", want.Path, err)
		}
		if h.Name != want.Path {
			return notAs("it has the entry %q where %s belongs", h.Name, want.Path)
		}
		if h.Typeflag != tar.TypeReg || h.Format != tar.FormatUSTAR || h.Size != want.Size || h.Mode != 0o644 && h.Mode != 0o755 {
			return notAs("%s is of another kind, size, mode or format than it should be", want.Path)
		}
		if err := want.equals(r, h.Mode == 0o755); err != nil {
			return err
		}
	}
	if h, err := r.Next(); err == nil {
		return notAs("it has the entry %q, which the skill has not", h.Name)
	} else if !errors.Is(err, io.EOF) {
		return notAs("it can't be read: %v", err)
	}
	if n, err := unpacked.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return notAs("it holds more than its entries")
	}
	if _, err := packed.ReadByte(); !errors.Is(err, io.EOF) {
		return notAs("it holds more than its entries")
	}
	return nil
}

// equals compares the data of an entry with the file, reading no further than that is long. run says that the entry may be run.
func (f *auditedFile) equals(data io.Reader, run bool) error {
	h := sha256.New()
	var start [2]byte
	r := io.LimitReader(data, f.Size+1)
	n, err := io.ReadFull(r, start[:])
	h.Write(start[:n])
	if err == nil {
		var more int64
		more, err = io.Copy(h, r)
		n += int(more)
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return notAs("%s can't be read: %v", f.Path, err)
	case int64(n) != f.Size || digest([32]byte(h.Sum(nil))) != f.Digest:
		return notAs("%s is not what it is in skills/", f.Path)
	case run != (string(start[:]) == "#!"):
		return notAs("%s has the wrong mode: what begins with #! may be run, and nothing else", f.Path)
	}
	return nil
}
