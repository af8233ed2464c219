package generator

import (
	"fmt"
	"strings"
	"testing"

	"skillgen/generator/prosediff"
	"skillgen/generator/release"
)

func edition(t *testing.T, c *Compilation, with Comparison) *release.Edition {
	t.Helper()
	e, err := c.Edition("0.3.0", with)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEdition(t *testing.T) {
	c := compileArchive(t, small)
	e := edition(t, c, Comparison{})
	if got := fmt.Sprint(e.Name, e.Marketplace, e.License, e.References, e.Base, e.Plugins, e.Manifest.Generator); got != "acmeacme-skillsMITfalse <nil> [{acme Acme for coding agents: 2 skills. [acme-flask acme-other]}]0.3.0" {
		t.Error(got)
	}
	// Each page once, though two skills carry it; unused ones not at all.
	if got := fmt.Sprint(e.Pages); got != "[{Start skills/acme-flask/SKILL.md} {Twice skills/acme-flask/SKILL.md}]" {
		t.Error(got)
	}
	if notes := string(e.Notes); !strings.Contains(notes, "The first release: 2 skills") || !strings.Contains(notes, "| `acme-flask` | <code>Flask</code> |") {
		t.Error(notes)
	}

	side, err := c.Side("project", "1.1.0", "", "0.3.0")
	if err != nil {
		t.Fatal(err)
	}
	old := side
	old.Skills = side.Skills[:1]
	report := prosediff.Compare(old, side, prosediff.Options{BaseVersion: "1.0.0"})
	e = edition(t, c, Comparison{Base: &release.Base{Name: "1.0.0"}, Report: report, Forced: "because"})
	if e.Asked != "minor" || e.Suggested != "1.1.0" || e.Forced != "because" || !strings.Contains(string(e.Notes), "Since `1.0.0`") || !strings.Contains(string(e.Notes), "<code>because</code>") {
		t.Errorf("%s %s %s\n%s", e.Asked, e.Suggested, e.Forced, e.Notes)
	}
}

func TestEditionWithReferences(t *testing.T) {
	c := compileArchive(t, strings.Replace(small, "license: MIT\n", "license: MIT\nlayout: references\n", 1))
	e := edition(t, c, Comparison{})
	if got := fmt.Sprint(e.Pages); got != "[{Start skills/acme-flask/references/start.md} {Twice skills/acme-flask/references/twice.md}]" || !e.References {
		t.Error(got, e.References)
	}
	// One skill that is flat is enough for dist to be no plugin.
	c = compileArchive(t, strings.Replace(strings.Replace(small, "license: MIT\n", "license: MIT\nlayout: references\n", 1), "title: Other\n", "title: Other\nlayout: flat\n", 1))
	if e := edition(t, c, Comparison{}); e.References {
		t.Error("a flat skill counts as one with references")
	}
}

// What the site is told is what the release holds.
func TestSiteInput(t *testing.T) {
	c := compileArchive(t, strings.Replace(small, "license: MIT\n", "license: MIT\nplugins:\n  one: {frameworks: [flask]}\n  two: {frameworks: [flask]}\n", 1))
	e := edition(t, c, Comparison{Base: &release.Base{Name: "1.0.0"}})
	in := c.siteInput(e, nil)
	if in.Base != "1.0.0" || in.Marketplace != "acme-skills" || len(in.Skills) != 2 || in.Skills[0].Plugin != "one" || in.Skills[1].Plugin != "" {
		t.Errorf("%+v", in)
	}
	flask := in.Skills[0]
	if flask.Name != "acme-flask" || len(flask.Stages) != 1 || flask.Stages[0].Path != "stages/1-go.md" || flask.Tokens.Total == 0 {
		t.Errorf("%+v", flask)
	}
	for i, f := range flask.Files {
		if f.Path != flask.Skill.Files[i].Path || int64(len(f.Data)) != flask.Skill.Files[i].Size || len(f.Ranges) == 0 {
			t.Errorf("%s: %d bytes, %d ranges", f.Path, len(f.Data), len(f.Ranges))
		}
	}
	inline := compileArchive(t, strings.Replace(small, "license: MIT\n", "license: MIT\nstages: inline\n", 1))
	if in := inline.siteInput(edition(t, inline, Comparison{}), nil); in.Skills[0].Stages[0].Path != "" {
		t.Errorf("a stage in SKILL.md has the path %s", in.Skills[0].Stages[0].Path)
	}
}

func TestMarketplaceName(t *testing.T) {
	for prefix, want := range map[string]string{"acme": "acme-skills", "agent": "agent-skills-marketplace", "agents": "agents-skills"} {
		if got := marketplaceName(prefix); got != want {
			t.Errorf("%s: %s", prefix, got)
		}
	}
}
