// Package templates holds the workflows of this repository, and the partials that they share. Their prose is product-neutral: a project's
// own words live in its frameworks folder.
package templates

import "embed"

// FS holds what is built into the binary: the workflow integrate, and partials/. The others are left out on purpose: a project without
// templates of its own would get a second and a third skill that it didn't ask for, with words that only its own partials and pages can give.
// Who wants one copies its folder.
//
//go:embed all:integrate all:partials
var FS embed.FS
