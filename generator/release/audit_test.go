package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"skillgen/generator/diag"
)

// write puts files into a fresh folder.
func (files tree) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for p, data := range files {
		files.writeOne(t, dir, p, data)
	}
	return dir
}

func (files tree) writeOne(t testing.TB, dir, p, data string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(p))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func audit(t testing.TB, dir string) *Audited {
	t.Helper()
	a, err := Audit(dir, "rel")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// told renders findings for messages: place and text.
func told(findings []diag.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d: %s [%s]\n", f.Place.File, f.Place.Line, f.Message, f.ID)
	}
	return b.String()
}

func TestAuditOfARelease(t *testing.T) {
	files := sampleRelease(t)
	a := audit(t, files.write(t))
	if len(a.Findings) > 0 || a.Skills != 2 || a.Files != len(files) || a.Version != "1.2.0" || a.Product != "Acme" || a.Sums != digest(sha256.Sum256([]byte(files[sumsPath]))) {
		t.Errorf("%+v", a)
	}
	// A checkout of the branch that it lies on, and the file by which git keeps a folder.
	files[".git/config"], files[".gitkeep"] = "x", ""
	if a := audit(t, files.write(t)); len(a.Findings) > 0 {
		t.Error(told(a.Findings))
	}
	files[".gitkeep"] = "x"
	if a := audit(t, files.write(t)); !strings.HasPrefix(told(a.Findings), "rel/.gitkeep:0: SHA256SUMS does not list") {
		t.Error(told(a.Findings))
	}
}

// One byte that is flipped anywhere is found, and its file named.
func TestAuditFindsAFlippedByte(t *testing.T) {
	const positions = 16
	files := sampleRelease(t)
	dir := files.write(t)
	for _, p := range slices.Sorted(maps.Keys(files)) {
		data := []byte(files[p])
		for n := range positions {
			i := n * (len(data) - 1) / (positions - 1)
			if n > 0 && i == (n-1)*(len(data)-1)/(positions-1) {
				continue
			}
			bit := []byte{1, 0x20, 0x80}[n%3]
			data[i] ^= bit
			files.writeOne(t, dir, p, string(data))
			data[i] ^= bit
			a := audit(t, dir)
			named := slices.ContainsFunc(a.Findings, func(f diag.Finding) bool {
				return f.Place.File == "rel/"+p || p == sumsPath && strings.Contains(f.Message, sumsPath)
			})
			if !named {
				t.Errorf("%s, byte %d: %s", p, i, told(a.Findings))
			}
		}
		files.writeOne(t, dir, p, files[p])
	}
	if a := audit(t, dir); len(a.Findings) > 0 {
		t.Errorf("the test leaves something behind: %s", told(a.Findings))
	}
}

// A missing file, an empty one and a longer one are named too.
func TestAuditFindsAFileThatIsGone(t *testing.T) {
	files := sampleRelease(t)
	dir := files.write(t)
	for p := range files {
		for _, data := range []string{"gone", "", files[p] + "\n"} {
			files.writeOne(t, dir, p, data)
			if data == "gone" {
				if err := os.Remove(filepath.Join(dir, p)); err != nil {
					t.Fatal(err)
				}
			}
			a := audit(t, dir)
			if !slices.ContainsFunc(a.Findings, func(f diag.Finding) bool { return f.Place.File == "rel/"+p }) {
				t.Errorf("%s as %.10q: %s", p, data, told(a.Findings))
			}
		}
		files.writeOne(t, dir, p, files[p])
	}
}

// resigned makes release.json and SHA256SUMS those of the files: what somebody can do who may write all of them.
func (files tree) resigned(t testing.TB) tree {
	t.Helper()
	var doc map[string]json.RawMessage
	if err := json.Unmarshal([]byte(files[recordPath]), &doc); err != nil {
		t.Fatal(err)
	}
	var list, archives []string
	digests := map[string][32]byte{}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if p == recordPath || p == sumsPath {
			continue
		}
		digests[p] = sha256.Sum256([]byte(files[p]))
		entry := fmt.Sprintf(`"path": %q, "digest": %q, "size": %d}`, p, digest(digests[p]), len(files[p]))
		list = append(list, "{"+entry)
		if skill, format := archiveOf(p); skill != "" {
			archives = append(archives, fmt.Sprintf(`{"skill": %q, "format": %q, %s`, skill, format, entry))
		}
	}
	doc["files"] = json.RawMessage("[" + strings.Join(list, ",") + "]")
	doc["archives"] = json.RawMessage("[" + strings.Join(archives, ",") + "]")
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	out := files.with(recordPath, string(data))
	digests[recordPath] = sha256.Sum256(data)
	out[sumsPath] = string(sums(digests))
	return out
}

// zipWith packs entries as they are given, the way archive/zip does it, then lets change edit the bytes.
func zipWith(t testing.TB, entries []zip.FileHeader, data map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, h := range entries {
		f, err := w.CreateHeader(&h)
		if err == nil {
			_, err = f.Write([]byte(data[h.Name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// tarWith packs headers with data of their sizes.
func tarWith(t testing.TB, entries []tar.Header, data map[string]string, after string) string {
	t.Helper()
	var raw, b bytes.Buffer
	w := tar.NewWriter(&raw)
	for _, h := range entries {
		h.Size = int64(len(data[h.Name]))
		if h.Typeflag != tar.TypeReg {
			h.Size = 0
		}
		err := w.WriteHeader(&h)
		if err == nil && h.Size > 0 {
			_, err = w.Write([]byte(data[h.Name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	raw.WriteString(after)
	z := gzip.NewWriter(&b)
	z.Write(raw.Bytes()) //nolint:errcheck // into memory
	z.Close()            //nolint:errcheck // likewise
	return b.String()
}

// What contradicts something else in the release is found though everything is listed with its digest.
func TestAuditFindsContradictions(t *testing.T) {
	plain := sampleRelease(t)
	if a := audit(t, plain.resigned(t).write(t)); len(a.Findings) > 0 {
		t.Fatalf("signing again is no contradiction: %s", told(a.Findings))
	}
	zipPath, tarPath := "archives/acme-flask.zip", "archives/acme-flask.tar.gz"
	goZip := plain["archives/acme-go.zip"]
	replace := func(p, old, new string) func(tree) {
		return func(files tree) {
			if !strings.Contains(files[p], old) {
				t.Fatalf("%s has no %q", p, old)
			}
			files[p] = strings.Replace(files[p], old, new, 1)
		}
	}
	put := func(p, data string) func(tree) { return func(files tree) { files[p] = data } }
	remove := func(p string) func(tree) { return func(files tree) { delete(files, p) } }
	md := map[string]string{"SKILL.md": "# Flask\n", "acme-flask/SKILL.md": "# Flask\n", "x": "x", "../x": "x"}
	regular := tar.Header{Name: "SKILL.md", Typeflag: tar.TypeReg, Mode: 0o644, ModTime: epoch, Format: tar.FormatUSTAR}
	other := func(change func(h *tar.Header)) []tar.Header {
		h := regular
		change(&h)
		return []tar.Header{h}
	}
	for name, c := range map[string]struct {
		do    func(tree)
		file  string // that is named
		words string // in the message
	}{
		"archive of another skill":      {put(zipPath, goZip), zipPath, "entries"},
		"tar of another skill":          {put(tarPath, plain["archives/acme-go.tar.gz"]), tarPath, "size"},
		"no archive":                    {remove(tarPath), tarPath, "no such archive"},
		"archive of no skill":           {put("archives/more.zip", goZip), "archives/more.zip", "no skill"},
		"no zip":                        {put(zipPath, "PK"), zipPath, "can't be read"},
		"something before the zip":      {put(zipPath, "x"+plain[zipPath]), zipPath, ""},
		"something behind the zip":      {put(zipPath, plain[zipPath]+"x"), zipPath, ""},
		"a comment":                     {func(files tree) { b := []byte(files[zipPath]); b[len(b)-2]++; files[zipPath] = string(b) + "x" }, zipPath, "comment"},
		"zip by another":                {put(zipPath, zipWith(t, []zip.FileHeader{{Name: "acme-flask/SKILL.md", Method: zip.Deflate}}, md)), zipPath, "flag"},
		"another name in the zip":       {put(zipPath, strings.ReplaceAll(plain[zipPath], "acme-flask/", "acme-flusk/")), zipPath, `"acme-flusk/SKILL.md"`},
		"two headers":                   {put(zipPath, strings.Replace(plain[zipPath], "acme-flask/", "acme-flusk/", 1)), zipPath, "headers"},
		"another size in one header":    {func(files tree) { b := []byte(files[zipPath]); b[22]++; files[zipPath] = string(b) }, zipPath, "headers"},
		"not packed, one entry":         {put(zipPath, zipWith(t, []zip.FileHeader{{Name: "../x"}}, md)), zipPath, `"../x"`},
		"other bytes in the zip":        {put(zipPath, strings.Replace(plain[zipPath], "# Flask", "# Flusk", 1)), zipPath, "can't be read"},
		"no gzip":                       {put(tarPath, "x"), tarPath, "can't be read"},
		"something behind the gzip":     {put(tarPath, plain[tarPath]+"x"), tarPath, "more than its entries"},
		"two gzips":                     {put(tarPath, plain[tarPath]+plain[tarPath]), tarPath, "more than its entries"},
		"an empty gzip behind it":       {put(tarPath, plain[tarPath]+emptyGzip()), tarPath, "more than its entries"},
		"something behind the tar":      {put(tarPath, tarWith(t, []tar.Header{regular}, md, "x")), tarPath, "more than its entries"},
		"one more entry":                {put(tarPath, tarWith(t, append(other(func(*tar.Header) {}), tar.Header{Name: "x", Typeflag: tar.TypeReg, Mode: 0o644}), md, "")), tarPath, `"x"`},
		"a link":                        {put(tarPath, tarWith(t, other(func(h *tar.Header) { h.Typeflag, h.Linkname = tar.TypeSymlink, "/etc/passwd" }), md, "")), tarPath, "another kind"},
		"a leading ./":                  {put(tarPath, tarWith(t, other(func(h *tar.Header) { h.Name = "./SKILL.md" }), map[string]string{"./SKILL.md": "# Flask\n"}, "")), tarPath, `"./SKILL.md"`},
		"PAX":                           {put(tarPath, tarWith(t, other(func(h *tar.Header) { h.Format, h.PAXRecords = tar.FormatPAX, map[string]string{"X.y": "z"} }), md, "")), tarPath, "another kind"},
		"a mode":                        {put(tarPath, tarWith(t, other(func(h *tar.Header) { h.Mode = 0o4755 }), md, "")), tarPath, "mode"},
		"run":                           {put(tarPath, tarWith(t, other(func(h *tar.Header) { h.Mode = 0o755 }), md, "")), tarPath, "wrong mode"},
		"an empty tar":                  {put(tarPath, tarWith(t, nil, md, "")), tarPath, "can't be read"},
		"other bytes in the tar":        {put(tarPath, tarWith(t, []tar.Header{regular}, map[string]string{"SKILL.md": "# Flusk\n"}, "")), tarPath, "not what it is in skills/"},
		"skill":                         {put("skills/acme-flask/SKILL.md", "# Flusk\n"), manifestPath, "digest of skills/acme-flask/SKILL.md"},
		"one more file of a skill":      {put("skills/acme-flask/x", "x"), manifestPath, "skills/acme-flask/x"},
		"provenance":                    {remove("provenance/acme-go.json"), manifestPath, "provenance/acme-go.json"},
		"skill not in the manifest":     {replace(manifestPath, `"name": "acme-flask"`, `"name": "acme-flusk"`), manifestPath, "acme-flusk"},
		"skill twice":                   {replace(manifestPath, `"name": "acme-flask"`, `"name": "acme-go"`), manifestPath, "twice"},
		"skill with a path":             {replace(manifestPath, `"name": "acme-flask"`, `"name": "../skills"`), manifestPath, "name of a skill"},
		"version of the manifest":       {replace(manifestPath, `"version": "1.2.0"`, `"version": "1.2.1"`), recordPath, "version"},
		"product":                       {replace(recordPath, `"product": "Acme"`, `"product": "Acne"`), recordPath, "product"},
		"report":                        {replace(reportPath, `provenance/acme-go.json`, `provenance/acme-no.json`), reportPath, "provenance/acme-go.json"},
		"report with a file of release": {replace(reportPath, `manifest.json`, `llms.txt`), reportPath, "llms.txt"},
		"report with one more": {func(files tree) {
			entry := fmt.Sprintf(`{"path": "llms.txt", "digest": %q, "size": %d}, {"path": "manifest.json"`, digest(sha256.Sum256([]byte(files[llmsPath]))), len(files[llmsPath]))
			replace(reportPath, `{"path": "manifest.json"`, entry)(files)
		}, reportPath, "should not be"},
		"index without a skill":     {replace(indexPath, `"acme-flask"`, `"acme-go"`), indexPath, "acme-flask is not listed"},
		"index with another digest": {replace(indexPath, "sha256:fb", "sha256:fc"), indexPath, "digest of skills/acme-flask/SKILL.md"},
		"index with another url":    {replace(indexPath, "../../archives/acme-go.tar.gz", "https://acme.example/acme-go.tar.gz"), indexPath, "at archives/acme-go.tar.gz"},
		"index with another type":   {replace(indexPath, `"skill-md"`, `"archive"`), indexPath, "type skill-md"},
		"index with other words":    {replace(indexPath, "Adds Acme with acme-go.", "Adds."), indexPath, "description of acme-go"},
		"index of another schema":   {replace(indexPath, "0.2.0", "0.3.0"), indexPath, "$schema"},
		"index that is none":        {put(indexPath, "["), indexPath, "not the document"},
		"old index without a file":  {replace(legacyIndexPath, "\"SKILL.md\",\n        \"scripts", "\"scripts"), legacyIndexPath, "acme-go"},
		"copy":                      {put(".well-known/skills/acme-go/SKILL.md", "# No\n"), legacyIndexPath, "digest of .well-known/skills/acme-go/SKILL.md"},
		"one more copy":             {put(".well-known/skills/x/SKILL.md", "# No\n"), legacyIndexPath, "x/SKILL.md"},
		"marketplace":               {replace(marketplacePath, "./acme-go", "./acme-no"), marketplacePath, "./acme-no"},
		"marketplace twice":         {replace(marketplacePath, "./acme-go", "./acme-flask"), marketplacePath, "twice"},
		"marketplace of elsewhere":  {replace(marketplacePath, "./skills", "./"), marketplacePath, "not made of ./skills"},
		"marketplace version":       {replace(marketplacePath, "1.2.0", "1.2.1"), marketplacePath, "version"},
		"extension version":         {replace(extensionPath, "1.2.0", "1.2.1"), extensionPath, "1.2.1"},
		"no page":                   {remove("acme-go.html"), "index.html", "acme-go has no page"},
		"no site":                   {remove(sitePath), sitePath, "every release has"},
		"no notes":                  {remove(notesPath), notesPath, "every release has"},
		"no index":                  {remove(indexPath), indexPath, "every release has"},
	} {
		t.Run(name, func(t *testing.T) {
			files := plain.without()
			c.do(files)
			a := audit(t, files.resigned(t).write(t))
			found := slices.ContainsFunc(a.Findings, func(f diag.Finding) bool {
				return (c.file == "" || f.Place.File == "rel/"+c.file) && strings.Contains(f.Message, c.words)
			})
			if !found {
				t.Errorf("not found: %s", told(a.Findings))
			}
		})
	}
}

// Hostile folders cost a finding: no link is followed, nothing is read that is longer than it can be, no bomb is unpacked.
func TestAuditOfAHostileFolder(t *testing.T) {
	plain := sampleRelease(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		do   func(dir string) error
		file string
	}{
		"a link instead of a file": {func(dir string) error {
			return cmpErr(os.Remove(filepath.Join(dir, llmsPath)), os.Symlink(secret, filepath.Join(dir, llmsPath)))
		}, llmsPath},
		"SHA256SUMS as a link": {func(dir string) error {
			return cmpErr(os.Remove(filepath.Join(dir, sumsPath)), os.Symlink(secret, filepath.Join(dir, sumsPath)))
		}, sumsPath},
		"a folder as a link": {func(dir string) error { return os.Symlink(filepath.Dir(secret), filepath.Join(dir, "more")) }, "more"},
		"a link to the top":  {func(dir string) error { return os.Symlink(".", filepath.Join(dir, "skills", "loop")) }, "skills/loop"},
		"a pipe":             {func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644) }, "pipe"},
		"a pipe instead of one": {func(dir string) error {
			return cmpErr(os.Remove(filepath.Join(dir, recordPath)), syscall.Mkfifo(filepath.Join(dir, recordPath), 0o644))
		}, recordPath},
		"a huge file":         {func(dir string) error { return os.Truncate(filepath.Join(dir, notesPath), 1<<40) }, notesPath},
		"a huge SHA256SUMS":   {func(dir string) error { return os.Truncate(filepath.Join(dir, sumsPath), 1<<40) }, sumsPath},
		"a huge release.json": {func(dir string) error { return os.Truncate(filepath.Join(dir, recordPath), 1<<40) }, recordPath},
		"a repository below": {func(dir string) error {
			return cmpErr(os.MkdirAll(filepath.Join(dir, "skills", ".git"), 0o755), os.WriteFile(filepath.Join(dir, "skills", ".git", "config"), nil, 0o644))
		}, "skills/.git/config"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := plain.write(t)
			if err := c.do(dir); err != nil {
				t.Fatal(err)
			}
			a := audit(t, dir)
			if c.file != "" && !slices.ContainsFunc(a.Findings, func(f diag.Finding) bool { return f.Place.File == "rel/"+c.file }) {
				t.Error(told(a.Findings))
			}
		})
	}
	t.Run("paths", func(t *testing.T) {
		line := strings.Repeat("0", 64) + "  "
		for _, p := range []string{llmsPath, "LLMS.txt", "../out", "/etc/passwd", "a//b", "./a", "a/", "", ".", `a\b`, ".git/config", ".skillgen/journal", "a\x00"} {
			a := audit(t, plain.with(sumsPath, plain[sumsPath]+line+p+"\n").write(t))
			if n := strings.Count(plain[sumsPath], "\n") + 1; !strings.Contains(told(a.Findings), fmt.Sprintf("rel/SHA256SUMS:%d: ", n)) {
				t.Errorf("%q: %s", p, told(a.Findings))
			}
		}
	})
}

// emptyGzip is a gzip of nothing.
func emptyGzip() string {
	var b bytes.Buffer
	gzip.NewWriter(&b).Close() //nolint:errcheck // into memory
	return b.String()
}

// cmpErr returns the first error.
func cmpErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Archives that grow without end are given up where their skill ends.
func TestAuditOfBombs(t *testing.T) {
	plain := sampleRelease(t)
	zeros := strings.Repeat("\x00", 64<<20)
	md := map[string]string{"SKILL.md": zeros, "acme-flask/SKILL.md": zeros}
	flat := plain.without()
	flat["archives/acme-flask.tar.gz"] = tarWith(t, []tar.Header{{Name: "SKILL.md", Typeflag: tar.TypeReg, Mode: 0o644, Format: tar.FormatUSTAR}}, md, "")
	flat["archives/acme-flask.zip"] = zipWith(t, []zip.FileHeader{{Name: "acme-flask/SKILL.md", Method: zip.Deflate}}, md)
	behind := plain.without()
	behind["archives/acme-flask.tar.gz"] = tarWith(t, []tar.Header{{Name: "SKILL.md", Typeflag: tar.TypeReg, Mode: 0o644, ModTime: epoch, Format: tar.FormatUSTAR}}, map[string]string{"SKILL.md": "# Flask\n"}, zeros)
	var many []zip.FileHeader
	for i := range 60_000 {
		many = append(many, zip.FileHeader{Name: fmt.Sprintf("acme-flask/%d", i)})
	}
	crowd := plain.without()
	crowd["archives/acme-flask.tar.gz"] = "x"
	crowd["archives/acme-flask.zip"] = zipWith(t, many, nil)
	for name, files := range map[string]tree{"entries": flat, "behind them": behind, "a crowd of them": crowd} {
		dir := files.resigned(t).write(t)
		before := allocated(t)
		a := audit(t, dir)
		if grown := allocated(t) - before; grown > 16<<20 {
			t.Errorf("%s: %d bytes of memory", name, grown)
		}
		if !strings.Contains(told(a.Findings), "archives/acme-flask.tar.gz") {
			t.Errorf("%s: %s", name, told(a.Findings))
		}
	}
}

// FuzzAuditArchive: no archive, whatever it is, breaks the check, and one that passes holds the skill to every reader.
func FuzzAuditArchive(f *testing.F) {
	plain := sampleRelease(f)
	files := []auditedFile{{"SKILL.md", digest(sha256.Sum256([]byte("# Flask\n"))), 8}}
	s := &auditedSkill{name: "acme-flask", files: files}
	for _, p := range []string{"archives/acme-flask.zip", "archives/acme-flask.tar.gz", "archives/acme-go.zip", "archives/acme-go.tar.gz"} {
		f.Add([]byte(plain[p]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := s.unzip(bytes.NewReader(data), int64(len(data))); err == nil {
			// To a reader that goes from the front, by the local headers.
			if !bytes.HasPrefix(data, []byte("PK\x03\x04")) || string(data[30:49]) != "acme-flask/SKILL.md" {
				t.Errorf("%q passes", data)
			}
		} else if !errors.As(err, new(badArchive)) {
			t.Error(err)
		}
		if err := s.untar(bytes.NewReader(data), int64(len(data))); err == nil {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(z)
			if err != nil || len(raw) != 2048 || string(raw[512:520]) != "# Flask\n" {
				t.Errorf("%q, %v passes", raw, err)
			}
		} else if !errors.As(err, new(badArchive)) {
			t.Error(err)
		}
	})
}

// FuzzRecord: of no release.json a path is taken that leaves the folder.
func FuzzRecord(f *testing.F) {
	f.Add([]byte(sampleRelease(f)[recordPath]))
	f.Add([]byte(`{"schema": 1, "files": [{"path": "../x", "digest": "sha256:0"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePublished(data)
		if err != nil {
			return
		}
		for _, a := range p.Archives {
			if !filepath.IsLocal(a.Path) || !filepath.IsLocal(a.Folder()) || strings.Contains(a.Flat(), "/") {
				t.Errorf("%+v", a)
			}
		}
	})
}

// allocated is how many bytes were ever allocated.
func allocated(t testing.TB) uint64 {
	t.Helper()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
