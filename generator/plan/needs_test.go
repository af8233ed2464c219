package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A workflow that needs docs and names a page by {{id}} goes to the frameworks that have this page, whatever other docs they have. A page
// that is there and can't be read is reported, not skipped.
func TestNeedsAPageOfItsOwn(t *testing.T) {
	plan, findings := makePlan(t, `
-- frameworks/go.md --
---
title: Go
languages: [go]
docs: [website/shared.md]
---
-- frameworks/flask.md --
---
title: Flask
languages: [python]
---
-- frameworks/broken.md --
---
title: Broken
languages: [python]
---
-- templates/errors/skill.md --
---
description: Errors of {{title}}.
needs: [docs]
docs: ["website/errors/{{id}}.md"]
---
# {{title}}

{{docs}}
-- website/shared.md --
# Shared
-- website/errors/flask.md --
# Errors in Flask
-- website/errors/broken.md/folder.txt --
A folder, where a page should be.
`)
	var b strings.Builder
	for _, s := range plan.Skills {
		fmt.Fprintf(&b, "%s\n", s.Name)
	}
	for _, s := range plan.Skipped {
		fmt.Fprintf(&b, "%s × %s: %s\n", s.Framework, s.Workflow, s.Why)
	}
	want := `acme-broken
acme-errors-broken
acme-errors-flask
acme-flask
acme-go
go × errors: needs website/errors/go.md
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff("templates/errors/skill.md:4: error: \"website/errors/broken.md\" is a folder [docs-source]\n", show(findings)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}
