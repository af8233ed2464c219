package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"skillgen/generator/docs"
	"skillgen/generator/source"
)

// maxSegment is how long a part of a snapshot's path may be, in bytes: file systems end at 255, and others add to it.
const maxSegment = 180

// devices are names that mean a device on Windows, with any extension.
var devices = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

// snapshotPath returns where the snapshot of a page stands: the host and the path of its URL, without .md, .html, /index and final slash. What is
// no letter, digit or one of ._- in ASCII is written as %XX; a query becomes eight digits of its SHA-256. why says why there is no such path.
func snapshotPath(website, address string) (p, why string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "it is no URL"
	}
	host := strings.Replace(strings.ToLower(u.Host), ":", "_", 1)
	if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" || strings.HasPrefix(host, ".") || host == "" {
		return "", fmt.Sprintf("the host %q can't be the name of a folder", u.Host)
	}
	way := strings.Trim(u.EscapedPath(), "/")
	for _, ext := range []string{".md", ".html", ".htm"} {
		if cut, ok := strings.CutSuffix(way, ext); ok {
			way = cut
			break
		}
	}
	if way = strings.TrimSuffix(strings.TrimSuffix("/"+way, "/index"), "/"); way == "" {
		way = "/index"
	}
	parts := []string{website, host}
	for _, segment := range strings.Split(way[1:], "/") {
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			return "", "its path has a broken %XX"
		}
		switch stem, _, _ := strings.Cut(strings.ToLower(decoded), "."); {
		case decoded == "" || decoded == "." || decoded == "..":
			return "", fmt.Sprintf("its path has the part %q", decoded)
		case strings.EqualFold(decoded, ".git") || slices.Contains(devices, strings.TrimRight(stem, " ")):
			return "", fmt.Sprintf("its path has the part %q, which no file may be called", decoded)
		}
		parts = append(parts, escapeSegment(decoded))
	}
	p = path.Join(parts...)
	if u.RawQuery != "" {
		sum := sha256.Sum256([]byte(u.RawQuery))
		p += "-" + hex.EncodeToString(sum[:4])
	}
	return p + ".md", ""
}

// escapeSegment writes a part of a path in characters that every file system takes; a dot at either end would hide the file, or get lost.
func escapeSegment(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		safe := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' && i > 0 && i < len(s)-1
		if safe {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	out := b.String()
	if len(out) > maxSegment {
		sum := sha256.Sum256([]byte(s))
		out = out[:maxSegment-9] + "-" + hex.EncodeToString(sum[:4])
	}
	return out
}

// write makes the snapshot's bytes: front matter with title and URL, then the text. An empty title is looked for in the text, whose own front
// matter goes. It refuses a text without words.
func (c *copyOf) write(title, text string) error {
	f := source.NewFile("page.md", []byte(text))
	if f.Kind != source.Text {
		return &refusal{"it holds NUL bytes or lone carriage returns: that is no text", "name another page"}
	}
	lead, from := docs.Lead(f)
	if c.converter != 0 {
		from = 0 // what was HTML has no front matter, even if it begins with a rule
	}
	if title == "" {
		title = lead
	}
	text = f.Text[from:]
	text, c.invisible = visible(text)
	title, _ = visible(title)
	text = strings.TrimRight(strings.TrimLeft(text, "\n"), " \t\n")
	if c.words = countWords(text); c.words == 0 {
		return &refusal{"0 words of content: is the page rendered by JavaScript?", "name its Markdown, or describe its content in `fetch.hosts` of skillgen.yaml"}
	}
	var b strings.Builder
	b.WriteString("---\n")
	if title = strings.Join(strings.Fields(title), " "); title != "" {
		b.WriteString("title: " + quoteYAML(title) + "\n")
	}
	b.WriteString("url: " + c.final + "\n---\n\n" + text + "\n")
	c.text = b.String()
	return nil
}

// quoteYAML writes a double-quoted scalar of YAML (1.2.2, section 7.3.1).
func quoteYAML(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// visible takes out what only tells a browser where to break a word: soft hyphens, zero-width spaces, word joiners, marks of byte order. Other
// characters that nobody sees stay, so that build reports them.
func visible(s string) (string, int) {
	const marks = "\u00ad\u200b\u2060\ufeff"
	if !strings.ContainsAny(s, marks) {
		return s, 0
	}
	n := 0
	out := strings.Map(func(r rune) rune {
		if strings.ContainsRune(marks, r) {
			n++
			return -1
		}
		return r
	}, s)
	return out, n
}

// body returns a snapshot without its front matter.
func body(snapshot string) string {
	_, from := docs.Lead(source.NewFile("page.md", []byte(snapshot)))
	return snapshot[min(from, len(snapshot)):]
}

// countWords counts runs of letters and digits between blanks.
func countWords(s string) int { return len(wordsOf(s)) }

// wordsOf returns the words of a text: what stands between blanks and has a letter or digit.
func wordsOf(s string) []string {
	return slices.DeleteFunc(strings.Fields(s), func(w string) bool {
		return !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	})
}

// wordChanges counts the words that b has and a has not, and those of a that b has not; their order does not matter.
func wordChanges(a, b string) (added, removed int) {
	left := map[string]int{}
	for _, w := range wordsOf(a) {
		left[w]++
		removed++
	}
	for _, w := range wordsOf(b) {
		if left[w] > 0 {
			left[w]--
			removed--
		} else {
			added++
		}
	}
	return added, removed
}

// digest returns the SHA-256 of a text, hexadecimal.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// readSnapshot returns the file at a path; empty where there is none that can be a snapshot.
func (e *engine) readSnapshot(name string) string {
	info, err := e.root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > source.MaxSize {
		return ""
	}
	data, err := e.root.ReadFile(name)
	if err != nil || !utf8.Valid(data) {
		return ""
	}
	return string(data)
}

// writeFile replaces a file of the project as a whole: whoever reads it sees the old bytes or the new ones.
func (e *engine) writeFile(name, text string) error {
	if err := e.root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return fmt.Errorf("making the folder of %s: %w", name, err)
	}
	if info, err := e.root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file: it is not replaced", name)
	}
	scratch := path.Join(path.Dir(name), "."+path.Base(name)[:min(len(path.Base(name)), 100)]+".new")
	if err := e.root.WriteFile(scratch, []byte(text), 0o666); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := e.root.Rename(scratch, name); err != nil {
		e.root.Remove(scratch) //nolint:errcheck // the error above says what matters
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// removeFile removes a file, and the folders that are empty without it, up to the folder of pages.
func (e *engine) removeFile(name string) error {
	if err := e.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing %s: %w", name, err)
	}
	for dir := path.Dir(name); strings.HasPrefix(dir, e.Project.Config.Paths.Website+"/"); dir = path.Dir(dir) {
		if e.root.Remove(dir) != nil {
			break // not empty
		}
	}
	return nil
}
