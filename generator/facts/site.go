package facts

import (
	"cmp"
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"

	"skillgen/generator/source"
)

// Site is what the configuration of a documentation site says about it, as far as that can be read without running anything.
type Site struct {
	Kind  string   // of generator: "Docusaurus"
	Title string   // empty where the configuration gives none, or only its generator's own
	Docs  string   // folder of the pages, from the folder of the configuration; may lead out of it
	URL   string   // under which that folder's pages are published, absolute, without a final slash; empty where it is not known
	Alias []string // names that imports use for the configuration's folder
	Pages []string // in the order of its navigation, as paths from Docs, with or without extension; empty where it has none that can be read
}

// ReadSite reads the configuration of a site: Docusaurus, Starlight, VitePress, MkDocs or Mintlify. The second result is false where f is none, by
// its name and by what it says.
func ReadSite(f *source.File) (Site, bool) {
	if f.Kind != source.Text || len(f.Text) > maxConfig {
		return Site{}, false
	}
	base := path.Base(f.Path)
	stem, _, _ := strings.Cut(base, ".config.")
	var s Site
	var ok bool
	switch {
	case base == "mkdocs.yml" || base == "mkdocs.yaml":
		s, ok = mkDocs(f.Text), true
	case base == "docs.json" || base == "mint.json":
		s, ok = mintlify(f.Text)
	case !isScript(base):
	case stem == "docusaurus":
		s, ok = docusaurus(properties(f.Text))
	case stem == "astro" && strings.Contains(f.Text, "@astrojs/starlight"):
		s, ok = starlight(properties(f.Text)), true
	case strings.HasPrefix(base, "config.") && path.Base(path.Dir(f.Path)) == ".vitepress":
		s, ok = vitePress(properties(f.Text)), true
	}
	s.Title = siteTitle(s.Title)
	return s, ok
}

// IsSiteConfig reports whether a file may be the configuration of a site, by its path alone.
func IsSiteConfig(p string) bool {
	base := path.Base(p)
	stem, _, configures := strings.Cut(base, ".config.")
	switch base {
	case "mkdocs.yml", "mkdocs.yaml", "docs.json", "mint.json":
		return true
	}
	return isScript(base) && (configures && (stem == "docusaurus" || stem == "astro") || strings.HasPrefix(base, "config.") && path.Base(path.Dir(p)) == ".vitepress")
}

// isScript reports whether a file holds JavaScript or TypeScript, by its name.
func isScript(name string) bool {
	return slices.Contains([]string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"}, path.Ext(name))
}

// docusaurus reads the classic preset; a site without docs is none.
func docusaurus(found []property) (Site, bool) {
	if lookup(found, "presets", "docs").value == "false" {
		return Site{}, false
	}
	route := lookup(found, "presets", "docs", "routeBasePath")
	if route.path == nil {
		route.value = "docs"
	}
	dir := lookup(found, "presets", "docs", "path").value
	return Site{
		Kind: "Docusaurus", Title: lookup(found, "title").value, Docs: path.Clean(cmp.Or(dir, "docs")), Alias: []string{"@site"},
		URL: configuredURL(lookup(found, "url"), lookup(found, "baseUrl"), route),
	}, true
}

func starlight(found []property) Site {
	return Site{
		Kind: "Starlight", Title: lookup(found, "integrations", "title").value, Docs: "src/content/docs",
		URL: configuredURL(lookup(found, "site"), lookup(found, "base")),
	}
}

// vitePress reads a configuration in .vitepress, which is a folder of the site's.
func vitePress(found []property) Site {
	return Site{
		Kind: "VitePress", Title: lookup(found, "title").value, Docs: path.Join("..", lookup(found, "srcDir").value),
		URL: configuredURL(lookup(found, "sitemap", "hostname"), lookup(found, "base")),
	}
}

// configuredURL is siteURL of what a configuration says; empty where one of the parts is computed.
func configuredURL(origin property, parts ...property) string {
	var paths []string
	for _, p := range parts {
		if !p.known {
			return ""
		}
		paths = append(paths, p.value)
	}
	return siteURL(origin.value, paths...)
}

// mkDocs reads the top of mkdocs.yml line by line: its YAML holds tags that only MkDocs understands.
func mkDocs(text string) Site {
	s := Site{Kind: "MkDocs", Docs: "docs"}
	nav := false
	eachLine(text, func(l line) {
		indented := strings.TrimLeft(l.text, " ") != l.text || strings.HasPrefix(l.text, "-")
		key, value, ok := yamlEntry(l.text)
		switch {
		case nav && indented:
			if name := navPage(l.text); name != "" && len(s.Pages) < maxProperties {
				s.Pages = append(s.Pages, name)
			}
		case strings.TrimSpace(l.text) == "" || strings.HasPrefix(l.text, "#"):
		case indented || !ok:
			nav = nav && indented
		default:
			nav = key == "nav"
			switch key {
			case "site_name":
				s.Title = value
			case "site_url":
				s.URL = siteURL(value)
			case "docs_dir":
				s.Docs = path.Clean(value)
			}
		}
	})
	return s
}

// navPage returns the page that a line of nav names: `- Start: start.md`, `- start.md`; "" where it names none.
func navPage(text string) string {
	text = strings.TrimSpace(text)
	rest, ok := strings.CutPrefix(text, "- ")
	if !ok {
		return ""
	}
	if _, value, ok := yamlEntry(strings.TrimSpace(rest)); ok {
		rest = value
	} else {
		rest, _, _ = strings.Cut(rest, " #")
		rest = strings.Trim(strings.TrimSpace(rest), `"'`)
	}
	if ext := path.Ext(rest); ext != ".md" || strings.Contains(rest, "://") {
		return ""
	}
	return rest
}

// mintlify reads docs.json and the older mint.json. Other tools have files of these names: it is one that has a navigation and a colour or scheme of
// Mintlify's.
func mintlify(text string) (Site, bool) {
	var config struct {
		Schema     string          `json:"$schema"`
		Name       string          `json:"name"`
		Theme      json.RawMessage `json:"theme"`
		Colors     json.RawMessage `json:"colors"`
		Navigation json.RawMessage `json:"navigation"`
	}
	if json.Unmarshal([]byte(text), &config) != nil || len(config.Navigation) == 0 {
		return Site{}, false
	}
	if !strings.Contains(config.Schema, "mintlify.com") && len(config.Theme) == 0 && len(config.Colors) == 0 {
		return Site{}, false
	}
	s := Site{Kind: "Mintlify", Title: config.Name, Docs: "."}
	navigated(config.Navigation, &s.Pages, 0)
	return s, true
}

// navigated collects the pages of a navigation: the strings in lists called pages, at any depth, in order.
func navigated(raw json.RawMessage, pages *[]string, depth int) {
	if depth > maxNested || len(*pages) >= maxProperties {
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		for _, group := range groups(raw) {
			navigated(group, pages, depth+1)
		}
		return
	}
	for _, item := range list {
		var page string
		if json.Unmarshal(item, &page) != nil {
			navigated(item, pages, depth+1)
		} else if page != "" && !strings.Contains(page, "://") {
			*pages = append(*pages, strings.TrimPrefix(page, "/"))
		}
	}
}

// groups returns the lists and objects that an object holds, in its order; of their contents only what is called pages may hold strings.
func groups(raw json.RawMessage) []json.RawMessage {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	var out []json.RawMessage
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			break
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
		switch trimmed := strings.TrimSpace(string(value)); {
		case trimmed == "" || trimmed[0] != '[' && trimmed[0] != '{':
		case key == "pages", trimmed[0] == '{', strings.HasPrefix(strings.TrimSpace(trimmed[1:]), "{"):
			out = append(out, value)
		}
	}
	return out
}

// siteURL puts the address of a folder of pages together; empty where the first part is no address that pages can have, or a generator's placeholder.
func siteURL(origin string, parts ...string) string {
	u, err := url.Parse(strings.TrimSpace(origin))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" || !isPublic(u.Hostname()) {
		return ""
	}
	u.RawQuery, u.Fragment, u.RawPath = "", "", ""
	u.Path = strings.TrimSuffix(path.Join(append([]string{"/", u.Path}, parts...)...), "/")
	if strings.Trim(u.Path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~") != "" {
		return ""
	}
	return u.String()
}

// isPublic reports whether a host can be somebody's website: not this machine, not what documentation and generators write in its place.
func isPublic(host string) bool {
	host = strings.ToLower(host)
	labels := strings.Split(host, ".")
	if len(labels) < 2 || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || strings.Trim(labels[len(labels)-1], "0123456789") == "" || slices.Contains(labels, "") {
		return false
	}
	return !slices.Contains([]string{"example.com", "example.org", "example.net"}, strings.Join(labels[len(labels)-2:], ".")) && labels[len(labels)-1] != "localhost"
}

// templateTitles are what generators call a site that nobody has named yet.
var templateTitles = []string{"my site", "my docs", "my project", "my awesome project", "my awesome docs", "vitepress", "starlight", "mint starter kit", "docs", "documentation", "test site"}

// siteTitle is the name of the product that a site is about: its title, without what says that it is documentation.
func siteTitle(title string) string {
	title = strings.TrimSpace(title)
	for _, suffix := range []string{" developer documentation", " documentation", " developer docs", " docs", " developers"} {
		if len(title) > len(suffix) && strings.EqualFold(title[len(title)-len(suffix):], suffix) && !slices.Contains(templateTitles, strings.ToLower(title)) {
			title = strings.TrimRight(title[:len(title)-len(suffix)], " -–—|:")
			break
		}
	}
	if slices.Contains(templateTitles, strings.ToLower(title)) || len(title) > 60 || strings.ContainsFunc(title, func(r rune) bool { return r < ' ' || strings.ContainsRune("<>{}[]`$\\\x7f", r) }) {
		return ""
	}
	return title
}

// PublicURL returns an address of a website in a plain form: http or https, no query, no fragment, no final slash; empty where s is none, or one that
// nobody else can open.
func PublicURL(s string) string { return siteURL(s) }
