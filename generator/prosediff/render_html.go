package prosediff

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.css
var styleSheet string

//go:embed report.html.tmpl
var pageTemplate string

var page = template.Must(template.New("report").Parse(pageTemplate))

// htmlPage is what the template sees.
type htmlPage struct {
	Style     template.CSS
	StyleHash string
	Digest
}

// HTML writes the report as one file that needs nothing else: no script, no address, a content security policy that lets in its own style sheet by
// its hash alone. Old and new text stand side by side. All text goes through html/template.
func HTML(w io.Writer, r *Report, v View) error {
	hash := sha256.Sum256([]byte(styleSheet))
	p := htmlPage{Style: template.CSS(styleSheet), StyleHash: base64.StdEncoding.EncodeToString(hash[:]), Digest: r.Digest(v)}
	if err := page.Execute(w, p); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}
