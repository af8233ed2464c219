package check

import (
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/diag"
	"skillgen/generator/facts"
	"skillgen/generator/source"
)

// sections finds content for which skill.md has no place: it would be lost.
func sections(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		p := skill.Plan
		has := map[string]bool{}
		for _, part := range p.Body {
			has[part.Section] = true
		}
		content := []struct {
			section string
			n       int
			what    string
		}{
			{"stages", len(p.Stages), "stages"}, {"rules", len(p.Rules), "rules"}, {"guidance", len(p.Guidance), "guidance"},
			{"docs", len(p.Pages), "pages"}, {"example", len(p.Airplanes), "a model airplane"},
		}
		for _, c := range content {
			if c.n > 0 && !has[c.section] {
				all = append(all, diag.New("section-missing", diag.Place{File: p.Workflow.File.Path},
					fmt.Sprintf("workflow %s has %s, and its skill.md has no place for them", p.Workflow.Name, c.what), fmt.Sprintf("put {{%s}} on a line of its own", c.section)))
			}
		}
	}
	return all
}

// references finds what templates and guidance point at and a skill does not have.
func references(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		for _, slot := range skill.Broken {
			what := map[source.RefKind]string{source.RefPage: "the page " + slot.Path, source.RefExample: "a model airplane", source.RefStage: fmt.Sprintf("a stage %d", slot.N)}[slot.Kind]
			if slot.Fragment != "" {
				what = fmt.Sprintf("the heading #%s of %s", slot.Fragment, slot.Path)
			}
			all = append(all, diag.New("link-target", slot.At.Place(), fmt.Sprintf("skill %s does not have %s", skill.Plan.Name, what),
				"name it under `docs` or `example`, or put the reference into {{if …}}"))
		}
	}
	return all
}

// stages finds files that a stage requires and no earlier one produces.
func stages(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, w := range s.Project.Workflows {
		var produced []string
		for _, st := range w.Steps {
			for _, name := range st.Requires {
				if !slices.Contains(produced, name.S) {
					hint := "add it to `produces` of the stage that writes it"
					if near := diag.Suggest(name.S, produced); near != "" {
						hint = fmt.Sprintf("did you mean %q?", near)
					}
					all = append(all, diag.New("stage-requires", name.At.Place(), fmt.Sprintf("stage %s requires %q, and no earlier stage produces it", st.Name, name.S), hint))
				}
			}
			for _, name := range st.Produces {
				produced = append(produced, name.S)
			}
		}
	}
	return all
}

// inputs looks for secrets and for text that people do not see.
func inputs(s Subject) []diag.Finding {
	return eachInput(s.Inputs, func(f *source.File) []diag.Finding {
		if f.Kind != source.Text {
			return nil
		}
		return append(facts.Secrets(f), facts.Hidden(f)...)
	})
}

func manifests(s Subject) []diag.Finding {
	var all []diag.Finding
	seen := map[*source.File]bool{}
	for _, skill := range s.Skills {
		for _, a := range skill.Plan.Airplanes {
			for _, f := range a.Files {
				if !seen[f.Source] {
					seen[f.Source] = true
					_, _, fs := facts.Dependencies(f.Source)
					all = append(all, fs...)
				}
			}
		}
	}
	return all
}

// website says what is wrong with the pages in use, and names the pages that no skill carries and the clean rules that match nothing.
func website(s Subject) []diag.Finding {
	used := map[string]bool{}
	for _, skill := range s.Skills {
		for _, page := range skill.Plan.Pages {
			used[page.File.Path] = true
		}
	}
	all := append(s.Library.Findings(), s.Library.Unused()...)
	for _, page := range s.Library.Pages() {
		if !used[page.File.Path] {
			all = append(all, diag.New("page-unused", diag.Place{File: page.File.Path}, "no skill carries this page", "name it under `docs` of a framework or workflow, or delete it"))
		}
	}
	return all
}

// eachInput runs a check over all inputs, in parallel; findings come in the order of the inputs.
func eachInput(files []*source.File, run func(*source.File) []diag.Finding) []diag.Finding {
	found := make([][]diag.Finding, len(files))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		g.Go(func() error {
			found[i] = run(f)
			return nil
		})
	}
	g.Wait() //nolint:errcheck // no check returns an error
	return slices.Concat(found...)
}
