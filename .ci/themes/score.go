package main

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// ratio is how much of something was kept.
type ratio struct{ kept, all int }

func (r ratio) String() string {
	if r.all == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f%% of %d", 100*float64(r.kept)/float64(r.all), r.all)
}

func (r *ratio) add(o ratio) { r.kept, r.all = r.kept+o.kept, r.all+o.all }

func (r ratio) below(percent float64) bool { return float64(r.kept) < percent/100*float64(r.all) }

// score is what was found on one page.
type score struct {
	file                      string
	err                       error
	known                     bool // the theme was recognised
	codes, rows, items, words ratio
	chrome                    []string
	added                     int // words that the page does not have
	lost                      []string
}

type total struct {
	pages, known, chrome, added int
	codes, rows, items, words   ratio
	errs, lost                  []string
}

func (t *total) add(s score) {
	if s.err != nil {
		t.errs = append(t.errs, fmt.Sprintf("%s: %v", s.file, s.err))
		return
	}
	if s.words.all == 0 {
		return
	}
	t.pages++
	if s.known {
		t.known++
	}
	t.chrome += len(s.chrome)
	for _, l := range s.lost {
		t.lost = append(t.lost, fmt.Sprintf("%s: %.90s", s.file, l))
	}
	t.added += s.added
	t.codes.add(s.codes)
	t.rows.add(s.rows)
	t.items.add(s.items)
	t.words.add(s.words)
}

// print writes a line of the table, and reports whether it falls short of the goal.
func (t *total) print(s site) bool {
	fmt.Printf("%-16s %-32s %6d %7d  %-18v %-18v %-18v %-10s %-8d %.2f%%\n", s.theme, s.name, t.pages, t.known, t.codes, t.rows, t.items,
		fmt.Sprintf("%.3f%%", 100*float64(t.words.kept)/float64(max(1, t.words.all))), t.chrome, 100*float64(t.added)/float64(max(1, t.words.all)))
	for _, e := range t.errs {
		fmt.Println("   ", e)
	}
	if n := len(t.lost); n > 0 {
		fmt.Printf("    %d differences; the first: %s\n", n, strings.Join(t.lost[:min(n, 3)], "; "))
	}
	return len(t.errs) > 0 || t.known < t.pages || t.codes.below(100) || t.rows.below(99) || t.items.below(99) || t.words.below(99) || t.chrome > 0
}

func (s *score) print() {
	for _, l := range s.lost {
		fmt.Printf("    %s: %s\n", s.file, l)
	}
	for _, c := range s.chrome {
		fmt.Printf("    %s: chrome: %s\n", s.file, c)
	}
}

// scorePage converts one page and compares.
func scorePage(file, theme string, content, skip cascadia.Selector) score {
	s := score{file: filepath.Join(filepath.Base(filepath.Dir(file)), filepath.Base(file))}
	data, page, err := convert(file)
	if err != nil {
		s.err = err
		return s
	}
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		s.err = err
		return s
	}
	from := cascadia.QueryAll(doc, content)
	if len(from) == 0 {
		return s
	}
	want := count(from[:1], skip, filepath.Base(file))
	out, err := render(page.Markdown)
	if err != nil {
		s.err = err
		return s
	}
	got := count([]*html.Node{out}, func(n *html.Node) bool { return n.Data == "head" || class(n, "footnote-backref", "footnote-ref") }, "")
	s.known = page.Theme == theme
	s.compare(want, got)
	s.chrome = chromeLines(page.Markdown)
	return s
}

func (s *score) compare(want, got *parts) {
	have := maps.Clone(got.words)
	for _, w := range slices.Sorted(maps.Keys(want.words)) {
		n := want.words[w]
		s.words.all += n
		s.words.kept += min(n, have[w])
		if n > have[w] {
			s.lost = append(s.lost, fmt.Sprintf("word %q ×%d", w, n-have[w]))
		}
	}
	s.added = max(0, got.total-s.words.kept)
	s.compareCodes(want, got)
	s.compareRows(want, got)
	items := map[string]int{}
	for _, i := range got.items {
		items[i]++
	}
	for _, i := range want.items {
		s.items.all++
		if items[i] > 0 {
			items[i]--
			s.items.kept++
		} else {
			s.lost = append(s.lost, "item "+i[:min(len(i), 1000)])
		}
	}
}

// compareCodes looks for each block of code of the page, with its language, in order.
func (s *score) compareCodes(want, got *parts) {
	have := map[string][]string{}
	for _, c := range got.codes {
		have[c.text] = append(have[c.text], c.lang)
	}
	for _, c := range want.codes {
		s.codes.all++
		langs := have[c.text]
		at := slices.IndexFunc(langs, func(l string) bool { return strings.EqualFold(l, c.lang) })
		if at < 0 && c.lang == "" && got.spans[c.text] {
			s.codes.kept++ // one line in a cell of a table
			continue
		}
		if at < 0 {
			s.lost = append(s.lost, fmt.Sprintf("code %s %q (there as %q)", c.lang, c.text[:min(len(c.text), 120)], langs))
			continue
		}
		have[c.text] = slices.Delete(langs, at, at+1)
		s.codes.kept++
	}
}

// compareRows looks for each row in order: among the rows of the Markdown, or among its list items, where a table holds what no table of
// Markdown can.
func (s *score) compareRows(want, got *parts) {
	next := 0
	for _, row := range want.rows {
		s.rows.all++
		found := false
		for i := next; i < len(got.rows); i++ {
			if covers(got.rows[i], row) {
				found, next = true, i+1
				break
			}
		}
		if !found {
			found = slices.ContainsFunc(got.items, func(item string) bool {
				return !slices.ContainsFunc(row, func(cell string) bool { return !strings.Contains(item, cell) })
			})
		}
		if found {
			s.rows.kept++
		} else {
			s.lost = append(s.lost, fmt.Sprintf("row %.200q", row))
		}
	}
}

// covers reports whether a row has all cells of another.
func covers(row, cells []string) bool {
	left := slices.Clone(row)
	for _, c := range cells {
		if c == "" {
			continue
		}
		i := slices.Index(left, c)
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// siteLine matches lines that only sites write.
var siteLine = regexp.MustCompile(`(?i)^[-*> ]*\[?(copy|copied!?|copy code|copy page|edit (this )?page.*|edit on git.*|view page source|show source|on this page|table of contents|skip to (main )?content|was this (page )?helpful.*|last updated.*|previous|next|previous page|next page|back to top|¶|#|🔗|\[source\]|improve this (page|doc).*|toggle .* (menu|sidebar)|permalink.*|direct link to.*|section titled.*)\]?(\(\S*\))?$`)

func chromeLines(md string) (found []string) {
	fenced := ""
	for _, line := range strings.Split(md, "\n") {
		trimmed := strings.TrimLeft(line, "> ")
		if run := len(trimmed) - len(strings.TrimLeft(trimmed, "`")); run >= 3 && (fenced == "" || strings.TrimSpace(trimmed) == fenced) {
			if fenced == "" {
				fenced = trimmed[:run]
			} else {
				fenced = ""
			}
			continue
		}
		if fenced == "" && (siteLine.MatchString(strings.TrimSpace(line)) || strings.HasPrefix(line, "#") && strings.HasSuffix(line, "¶")) {
			found = append(found, line)
		}
	}
	return found
}
