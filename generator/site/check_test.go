package site

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"skillgen/generator/diag"
	"skillgen/generator/release"
)

// What elements pages are made of, each with the kinds of children that it may have (HTML, "content model"), as far as pages use them.
const (
	phrasing = "a b br code del em i ins small span strong sup svg wbr"
	flow     = phrasing + " blockquote details div dl footer h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul"
)

var children = map[string]string{
	"html": "head body", "head": "meta title link", "body": flow, "title": "", "meta": "", "link": "", "br": "", "wbr": "", "hr": "",
	"header": flow, "footer": flow, "nav": flow, "main": flow, "section": flow, "div": flow + " dt dd", "blockquote": flow, "li": flow, "dd": flow, "td": flow,
	"details": flow + " summary", "summary": phrasing, "p": phrasing, "pre": phrasing, "h1": phrasing, "h2": phrasing, "h3": phrasing, "h4": phrasing, "h5": phrasing,
	"h6": phrasing, "th": phrasing, "dt": phrasing, "a": phrasing, "b": phrasing, "code": phrasing, "del": phrasing, "em": phrasing, "i": phrasing, "ins": phrasing,
	"small": phrasing, "span": phrasing, "strong": phrasing, "sup": phrasing, "svg": "rect", "rect": "",
	"ul": "li", "ol": "li", "dl": "div", "table": "thead tbody", "thead": "tr", "tbody": "tr", "tr": "th td",
}

var voids = []string{"meta", "link", "br", "wbr", "hr"}

// Attributes that pages use. None of them runs anything or asks for a file, but href of <a> and of the one <link>.
var attributes = map[string]string{
	"": "id class title", "html": "lang", "meta": "charset http-equiv content name", "link": "rel href", "a": "href rel aria-label aria-current", "nav": "aria-label",
	"section": "aria-labelledby aria-label tabindex", "pre": "data-language tabindex", "small": "aria-hidden", "ol": "start",
	"th": "scope colspan", "svg": "viewBox width height preserveAspectRatio aria-hidden focusable", "rect": "x width height",
}

const policy = "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"

// readPage is what a test knows of a page.
type readPage struct {
	ids    map[string]bool
	labels []string // ids that aria-labelledby names
	links  []string
	levels []int // of headings
	policy string
	lang   string
	text   strings.Builder
}

// parsePage parses a page strictly: each element closed where it must be, in a parent that may hold it.
func parsePage(data []byte) (*readPage, error) {
	p := &readPage{ids: map[string]bool{}}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Entity = xml.HTMLEntity
	var open []string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		at, _ := d.InputPos()
		switch token := token.(type) {
		case xml.StartElement:
			if err := p.start(token, open); err != nil {
				return nil, fmt.Errorf("line %d: %w", at, err)
			}
			if !slices.Contains(voids, token.Name.Local) {
				open = append(open, token.Name.Local)
			}
		case xml.EndElement:
			if slices.Contains(voids, token.Name.Local) {
				continue
			}
			if n := len(open); n == 0 || open[n-1] != token.Name.Local {
				return nil, fmt.Errorf("line %d: </%s> closes %q", at, token.Name.Local, open)
			}
			open = open[:len(open)-1]
		case xml.CharData:
			p.text.Write(token)
		case xml.Directive:
			if string(token) != "DOCTYPE html" {
				return nil, fmt.Errorf("line %d: <!%s>", at, token)
			}
		default:
			return nil, fmt.Errorf("line %d: %T", at, token)
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("%q are not closed", open)
	}
	return p, nil
}

func (p *readPage) start(e xml.StartElement, open []string) error {
	name := e.Name.Local
	if len(open) > 0 && !slices.Contains(strings.Fields(children[open[len(open)-1]]), name) {
		return fmt.Errorf("<%s> in %q", name, open)
	}
	if _, known := children[name]; !known {
		return fmt.Errorf("<%s>", name)
	}
	if name == "a" && slices.Contains(open, "a") {
		return fmt.Errorf("a link in a link: %q", open)
	}
	if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' {
		p.levels = append(p.levels, int(name[1]-'0'))
	}
	values := map[string]string{}
	for _, a := range e.Attr {
		key := a.Name.Local
		if a.Name.Space != "" {
			key = a.Name.Space + ":" + key
		}
		if _, twice := values[key]; twice || !slices.Contains(strings.Fields(attributes[""]+" "+attributes[name]), key) {
			return fmt.Errorf("<%s %s=%q>", name, key, a.Value)
		}
		values[key] = a.Value
	}
	if id, ok := values["id"]; ok {
		if id == "" || strings.ContainsAny(id, " \t\n") || p.ids[id] {
			return fmt.Errorf("<%s> has the id %q, which is empty, broken or taken", name, id)
		}
		p.ids[id] = true
	}
	if href, ok := values["href"]; name == "a" || ok {
		p.links = append(p.links, href)
		if name == "link" && (href != styleFile || values["rel"] != "stylesheet") {
			return fmt.Errorf("the style sheet is %q", href)
		}
	}
	if label := values["aria-labelledby"]; label != "" {
		p.labels = append(p.labels, label)
	}
	if strings.EqualFold(values["http-equiv"], "Content-Security-Policy") {
		p.policy = values["content"]
	}
	if name == "html" {
		p.lang = values["lang"]
	}
	return nil
}

// releaseFiles are the files of a release that pages may link to, beside themselves.
func releaseFiles(in Input) map[string]bool {
	files := map[string]bool{}
	for _, f := range []string{"RELEASE_NOTES.md", "SHA256SUMS", "manifest.json", "release.json", "llms.txt", ".well-known/agent-skills/index.json", ".claude-plugin/marketplace.json"} {
		files[f] = true
	}
	for _, s := range in.Skills {
		files["archives/"+s.Name+".zip"], files["archives/"+s.Name+".tar.gz"], files["provenance/"+s.Name+".json"] = true, true, true
		for _, f := range s.Files {
			files["skills/"+s.Name+"/"+f.Path] = true
		}
	}
	return files
}

// checkPages asserts what every page promises.
func checkPages(t *testing.T, in Input, outs []release.Output) {
	t.Helper()
	files := releaseFiles(in)
	read := map[string]*readPage{}
	for _, o := range outs {
		files[o.Path] = true
		if !strings.HasSuffix(o.Path, ".html") {
			continue
		}
		p, err := parsePage(o.Data)
		if err != nil {
			t.Errorf("%s: %v", o.Path, err)
			return
		}
		read[o.Path] = p
	}
	for path, p := range read {
		if p.policy != policy {
			t.Errorf("%s: its policy is %q", path, p.policy)
		}
		if p.lang != "en" {
			t.Errorf("%s: its language is %q", path, p.lang)
		}
		checkHeadings(t, path, p.levels)
		for _, label := range p.labels {
			if !p.ids[label] {
				t.Errorf("%s: no element has the id %q that labels a section", path, label)
			}
		}
		for _, link := range p.links {
			checkLink(t, path, link, files, read)
		}
		for at, r := range diag.Hidden(p.text.String()) {
			t.Errorf("%s: %U is hidden at %d", path, r, at)
		}
	}
}

func checkHeadings(t *testing.T, path string, levels []int) {
	t.Helper()
	before, titles := 0, 0
	for _, level := range levels {
		if level > before+1 {
			t.Errorf("%s: <h%d> follows <h%d>", path, level, before)
		}
		if before = level; level == 1 {
			titles++
		}
	}
	if titles != 1 || levels[0] != 1 {
		t.Errorf("%s: headings %v", path, levels)
	}
}

func checkLink(t *testing.T, path, link string, files map[string]bool, read map[string]*readPage) {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || link == "" {
		t.Errorf("%s: link %q: %v", path, link, err)
		return
	}
	switch u.Scheme {
	case "https", "http", "mailto":
		if u.Host == "" && u.Opaque == "" {
			t.Errorf("%s: link %q has no host", path, link)
		}
		return
	case "":
	default:
		t.Errorf("%s: link %q", path, link)
		return
	}
	target := u.Path
	if target == "" {
		target = path
	}
	if u.Host != "" || u.RawQuery != "" || !files[target] {
		t.Errorf("%s: link %q leads to no file of the release", path, link)
	}
	if page := read[target]; u.Fragment != "" && (page == nil || !page.ids[u.Fragment]) {
		t.Errorf("%s: link %q leads to no element", path, link)
	}
}

// The checks above find what they are for.
func TestCheckFindsFaults(t *testing.T) {
	for page, want := range map[string]string{
		`<html><body><script></script></body></html>`:                          "<script>",
		`<html><body><p onclick="x">a</p></body></html>`:                       "onclick",
		`<html><body><p style="x">a</p></body></html>`:                         "style",
		`<html><body><img src="x"></body></html>`:                              "<img>",
		`<html><body><p><div>a</div></p></body></html>`:                        "<div> in",
		`<html><body><a href="#a"><b><a href="#b">a</a></b></a></body></html>`: "a link in a link",
		`<html><body><p>a</body></html>`:                                       "</body> closes",
		`<html><body><p id="a">a</p><p id="a">b</p></body></html>`:             "taken",
		`<html><body><p id="">a</p></body></html>`:                             "empty",
		`<html><body><p title=a>a</p></body></html>`:                           "unquoted",
		"<html><body><p>\x01</p></body></html>":                                "illegal character",
		`<html><body><!-- a --></body></html>`:                                 "Comment",
		`<html><head><link rel="stylesheet" href="//cdn/x.css"></head></html>`: "style sheet",
		`<html><body><p>a</p>`:                                                 "not closed",
	} {
		if _, err := parsePage([]byte(page)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", page, err, want)
		}
	}
	if p, err := parsePage([]byte(`<html lang="en"><body><h1>a &amp; b</h1><ul><li>c<br>d</li></ul></body></html>`)); err != nil || p.text.String() != "a & bcd" {
		t.Errorf("a good page: %v", err)
	}
}
