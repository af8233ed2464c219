package project

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// LockFile is where fetched pages are pinned, from the project's folder.
const LockFile = "skillgen.lock"

// Lock is skillgen.lock: where each fetched page came from, and what it was. Only `skillgen fetch` writes it.
type Lock struct {
	File    *source.File  // nil for one that was not read
	Pages   []LockedPage  // by URL, then path
	Indexes []LockedIndex // by URL
}

// LockedPage is one fetched page. What changes with every deployment of a website, such as an ETag, does not stand here.
type LockedPage struct {
	URL       string // by which the project names it: absolute, without fragment
	Final     string // that answered, after redirects; empty where that is URL
	From      string // where its Markdown was read, with the routes twin and llms.txt; else empty
	Path      string // of its snapshot, from the project's folder
	SHA256    string // of the snapshot's bytes, hexadecimal
	Route     string // "markdown", "twin", "llms.txt" or "html:<theme>"
	Converter int    // version of the conversion from HTML; 0 for other routes
	Changed   string // the day on which the snapshot last changed, 2026-11-20
	At        source.Span
}

// LockedIndex is a whole site: an llms.txt or a sitemap.xml that the project names as a source.
type LockedIndex struct {
	URL   string
	Pages []string // URLs of its pages that were fetched, in the order of the site
	At    source.Span
}

// lockDocument is the file's form. Its keys are the format; see FORMAT in the README of the generator.
type lockDocument struct {
	Schema int         `toml:"schema"`
	Page   []lockPage  `toml:"page"`
	Index  []lockIndex `toml:"index"`
}

type lockPage struct {
	URL       string `toml:"url"`
	Final     string `toml:"final"`
	From      string `toml:"from"`
	Path      string `toml:"path"`
	SHA256    string `toml:"sha256"`
	Route     string `toml:"route"`
	Converter int    `toml:"converter"`
	Changed   string `toml:"changed"`
}

type lockIndex struct {
	URL   string   `toml:"url"`
	Pages []string `toml:"pages"`
}

// lockSchema is the version of the format that is read and written.
const lockSchema = 1

// maxLock is the size in bytes beyond which a lock is not read: ten thousand pages need a third of it.
const maxLock = 16 << 20

// lockHint says what to do about a lock that can't be used.
const lockHint = "take it from git again, or delete it and run `skillgen fetch`"

// ReadLock reads a lock strictly. It is nil where there is a finding.
func ReadLock(f *source.File) (*Lock, []diag.Finding) {
	at := diag.Place{File: f.Path}
	if f.Kind != source.Text || len(f.Text) > maxLock {
		return nil, []diag.Finding{diag.New("lock", at, "this file is no text in UTF-8, or larger than 16 MiB", lockHint)}
	}
	var doc lockDocument
	d := toml.NewDecoder(strings.NewReader(f.Text))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, []diag.Finding{tomlFinding("lock", f, err, lockHint)}
	}
	if doc.Schema != lockSchema {
		return nil, []diag.Finding{diag.New("lock", at, fmt.Sprintf("the schema of this file is %d, and this skillgen knows %d", doc.Schema, lockSchema), "use a newer skillgen, or delete the file and run `skillgen fetch`")}
	}
	l := &Lock{File: f}
	var fs []diag.Finding
	tables := tableSpans(f, "[[page]]")
	for i, p := range doc.Page {
		l.Pages = append(l.Pages, LockedPage{p.URL, p.Final, p.From, p.Path, p.SHA256, p.Route, p.Converter, p.Changed, spanOf(f, tables, i)})
		if why := p.fault(); why != "" {
			fs = append(fs, diag.New("lock", l.Pages[i].At.Place(), why, lockHint))
		}
	}
	tables = tableSpans(f, "[[index]]")
	for i, x := range doc.Index {
		l.Indexes = append(l.Indexes, LockedIndex{x.URL, x.Pages, spanOf(f, tables, i)})
		for _, u := range append([]string{x.URL}, x.Pages...) {
			if message, _ := webURL(u); message != "" {
				fs = append(fs, diag.New("lock", l.Indexes[i].At.Place(), fmt.Sprintf("%q %s", u, message), lockHint))
			}
		}
	}
	if fs = append(fs, l.doubled()...); len(fs) > 0 {
		return nil, diag.Sort(fs)
	}
	l.sort()
	return l, nil
}

var (
	sha256Pattern = regexp.MustCompile(`^[0-9a-f]{64}$`)
	routePattern  = regexp.MustCompile(`^(markdown|twin|llms\.txt|html:[a-z0-9-]+)$`)
)

// fault says what is wrong with an entry; empty where nothing is.
func (p lockPage) fault() string {
	for _, u := range []string{p.URL, cmp.Or(p.Final, p.URL), cmp.Or(p.From, p.URL)} {
		if message, _ := webURL(u); message != "" {
			return fmt.Sprintf("%q %s", u, message)
		}
		if parsed, err := url.Parse(u); err != nil || parsed.Fragment != "" {
			return fmt.Sprintf("%q is no URL of a page", u)
		}
	}
	_, err := time.Parse(time.DateOnly, p.Changed)
	switch message, _ := localPath(p.Path); {
	case message != "":
		return fmt.Sprintf("the path %q %s", p.Path, message)
	case path.Clean(p.Path) != p.Path || path.Ext(p.Path) != ".md" || strings.HasPrefix(p.Path, "."):
		return fmt.Sprintf("%q is no path of a snapshot", p.Path)
	case !sha256Pattern.MatchString(p.SHA256):
		return "sha256 must be 64 hexadecimal digits"
	case !routePattern.MatchString(p.Route):
		return fmt.Sprintf("the route %q is not known", p.Route)
	case (p.Route == "twin" || p.Route == "llms.txt") == (p.From == ""):
		return fmt.Sprintf("the route %s and the key from don't go together", p.Route)
	case err != nil:
		return fmt.Sprintf("changed must be a day such as 2026-11-20, not %q", p.Changed)
	}
	return ""
}

// doubled reports URLs and paths that stand twice: a merge kept both sides.
func (l *Lock) doubled() []diag.Finding {
	var fs []diag.Finding
	first := map[string]source.Span{}
	once := func(what, key string, at source.Span) {
		before, taken := first[what+key]
		if !taken {
			first[what+key] = at
			return
		}
		f := diag.New("lock", at.Place(), fmt.Sprintf("the %s %s stands twice", what, key), lockHint)
		f.Also = before.Place()
		fs = append(fs, f)
	}
	for _, p := range l.Pages {
		once("URL", p.URL, p.At)
		once("path", strings.ToLower(p.Path), p.At)
	}
	for _, x := range l.Indexes {
		once("index", x.URL, x.At)
	}
	return fs
}

func (l *Lock) sort() {
	slices.SortFunc(l.Pages, func(a, b LockedPage) int { return cmp.Or(cmp.Compare(a.URL, b.URL), cmp.Compare(a.Path, b.Path)) })
	slices.SortFunc(l.Indexes, func(a, b LockedIndex) int { return cmp.Compare(a.URL, b.URL) })
}

// Encode returns the file's bytes. Entries are sorted, and each stands apart, so that two branches which fetched other pages merge.
func (l *Lock) Encode() []byte {
	l.sort()
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Written by `skillgen fetch`, and pinned by it: commit this file.\nschema = %d\n", lockSchema)
	for _, p := range l.Pages {
		b.WriteString("\n[[page]]\n")
		line := func(key, value string) {
			if value != "" {
				fmt.Fprintf(&b, "%s = %s\n", key, tomlString(value))
			}
		}
		line("url", p.URL)
		line("final", p.Final)
		line("from", p.From)
		line("path", p.Path)
		line("sha256", p.SHA256)
		line("route", p.Route)
		if p.Converter != 0 {
			fmt.Fprintf(&b, "converter = %d\n", p.Converter)
		}
		line("changed", p.Changed)
	}
	for _, x := range l.Indexes {
		fmt.Fprintf(&b, "\n[[index]]\nurl = %s\npages = [\n", tomlString(x.URL))
		for _, u := range x.Pages {
			fmt.Fprintf(&b, "  %s,\n", tomlString(u))
		}
		b.WriteString("]\n")
	}
	return b.Bytes()
}

// tomlString writes a basic string of TOML (toml.io, v1.0.0, "String").
func tomlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// tomlFinding turns an error of the decoder into a finding at its place.
func tomlFinding(id string, f *source.File, err error, hint string) diag.Finding {
	var unknown *toml.StrictMissingError
	var broken *toml.DecodeError
	at, message := diag.Place{File: f.Path}, err.Error()
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		broken = &unknown.Errors[0]
		message = fmt.Sprintf("unknown key %q", strings.Join(broken.Key(), "."))
	} else if errors.As(err, &broken) {
		message = strings.TrimPrefix(broken.Error(), "toml: ")
	}
	if broken != nil {
		line, column := broken.Position()
		from := min(f.Offset(line)+max(column-1, 0), len(f.Text))
		at = source.Span{File: f, Start: from, End: from}.Place()
	}
	return diag.New(id, at, message, hint)
}

// tableSpans finds the lines that begin the tables of an array, in order.
func tableSpans(f *source.File, header string) []source.Span {
	var out []source.Span
	for at := 0; at < len(f.Text); {
		end := at + strings.IndexByte(f.Text[at:]+"\n", '\n')
		if strings.TrimSpace(f.Text[at:end]) == header {
			out = append(out, source.Span{File: f, Start: at, End: end})
		}
		at = end + 1
	}
	return out
}

// spanOf returns the i-th span; that of the file's beginning where there are fewer, as in a file that spells its tables in another way.
func spanOf(f *source.File, spans []source.Span, i int) source.Span {
	if i < len(spans) {
		return spans[i]
	}
	return source.Span{File: f}
}

// lock reads skillgen.lock, where there is one.
func (l *loader) lock() error {
	f, err := l.read(l.tree, LockFile)
	switch {
	case f == nil && err == nil:
		return nil
	case err != nil:
		if !l.tree.Exists(LockFile) {
			return nil
		}
		return err
	}
	lock, fs := ReadLock(f)
	l.findings = append(l.findings, fs...)
	if lock == nil {
		return nil
	}
	for _, p := range lock.Pages {
		if website := l.project.Config.Paths.Website; website != "." && !strings.HasPrefix(p.Path, website+"/") {
			l.add("lock", p.At, fmt.Sprintf("the snapshot %s lies outside %s", p.Path, website), lockHint)
		}
	}
	l.project.Lock = lock
	return nil
}
