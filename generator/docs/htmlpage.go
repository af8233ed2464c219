package docs

import (
	"net/url"

	"skillgen/generator/source"
)

// htmlText makes Markdown of a page of HTML.
func (l *Library) htmlText(f *source.File, at *url.URL) *mdText {
	return newText(f, 0, len(f.Text))
}
