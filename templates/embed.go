// Package templates holds the workflows that are built into the binary, and the partials that they share. Their prose is product-neutral:
// a project's own words live in its frameworks folder.
package templates

import "embed"

// FS holds a folder for each workflow, and partials/.
//
//go:embed all:integrate all:partials
var FS embed.FS
