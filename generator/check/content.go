package check

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/diag"
	"skillgen/generator/emit"
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
		for _, c := range []struct{ section, what string }{
			{"stages", "stages"}, {"rules", "rules"}, {"guidance", "guidance"}, {"docs", "pages"}, {"example", "a model airplane"},
		} {
			if p.Has(c.section) && !has[c.section] {
				all = append(all, diag.New("section-missing", diag.Place{File: p.Workflow.File.Path},
					fmt.Sprintf("workflow %s has %s, and its skill.md has no place for them", p.Workflow.Name, c.what), fmt.Sprintf("put {{%s}} on a line of its own", c.section)))
			}
		}
	}
	return all
}

// order finds rules and stages that do not stand in the head.
func order(s Subject) []diag.Finding {
	var all []diag.Finding
	for _, skill := range s.Skills {
		p := skill.Plan
		late := false
		for _, part := range p.Body {
			switch part.Section {
			case "guidance", "docs", "example":
				late = late || p.Has(part.Section)
			case "rules", "stages":
				if late && p.Has(part.Section) {
					all = append(all, diag.New("section-late", part.At.Place(), fmt.Sprintf("{{%s}} stands below the long sections", part.Section),
						"some agents are shown only what stands above them: move it up"))
				}
			}
		}
	}
	return all
}

// references finds what templates and guidance point at and a skill does not have, and what else in them does not hold. What several skills
// lack is named once.
func references(s Subject) []diag.Finding {
	var found []lack
	for _, skill := range s.Skills {
		for _, slot := range skill.Broken {
			found = append(found, lack{skill.Plan.Name, slotFinding(slot)})
		}
		for _, flaw := range skill.Flaws {
			found = append(found, lack{skill.Plan.Name, flawFinding(flaw)})
		}
	}
	return together(found)
}

// lack is a finding about one skill. Its message follows the skill's name.
type lack struct {
	skill   string
	finding diag.Finding
}

// together makes one finding of those that differ in the skill only.
func together(found []lack) []diag.Finding {
	var all []diag.Finding
	at := map[diag.Finding]int{}
	var skills [][]string
	for _, l := range found {
		i, ok := at[l.finding]
		if !ok {
			i = len(all)
			at[l.finding] = i
			all = append(all, l.finding)
			skills = append(skills, nil)
		}
		if n := len(skills[i]); n == 0 || skills[i][n-1] != l.skill { // findings of one skill stand together
			skills[i] = append(skills[i], l.skill)
		}
	}
	const enough = 3
	for i, names := range skills {
		who := "skill " + names[0]
		if n := len(names); n > enough {
			who = fmt.Sprintf("skills %s and %d more", strings.Join(names[:enough], ", "), n-enough)
		} else if n > 1 {
			who = "skills " + strings.Join(names, ", ")
		}
		all[i].Message += " (" + who + ")"
	}
	return all
}

func slotFinding(slot source.Slot) diag.Finding {
	what := ""
	switch slot.Kind {
	case source.RefPage:
		what = "the skill does not have the page " + slot.Path
	case source.RefExample:
		what = "the skill has no model airplane"
	case source.RefStage:
		what = fmt.Sprintf("the skill has no stage %d", slot.N)
	}
	return diag.New("link-target", slot.At.Place(), what, "name it under `docs` or `example`, or put the reference into {{if …}}")
}

func flawFinding(f emit.Flaw) diag.Finding {
	switch f.Kind {
	case emit.OpenBlock:
		return diag.New("template-block", place(f.At, ""), fmt.Sprintf("this %s has no end: it swallows what comes after it", f.What), "close it where it should end")
	case emit.SharedLabel:
		return diag.New("template-label", place(f.At, "["+f.What+"]"), fmt.Sprintf("[%s] would mean the same in every page of the skill", f.What), "write the link inline: [text](destination); a note as a sentence")
	case emit.Unreadable:
		return diag.New("page-hostile", place(f.At, ""), f.What, "no reader of Markdown copes with that")
	}
	hint := "a link of a template leads to a heading of its file (#anchor) or a file that the skill brings along; {{ref …}} finds pages, stages and the example"
	return diag.New("link-target", place(f.At, f.What), fmt.Sprintf("%q leads nowhere in %s", f.What, f.File), hint)
}

// place is where a text stands on a line that a template made; the line as a whole where it does not.
func place(o source.Origin, text string) diag.Place {
	start := o.File.Offset(o.Line)
	line := o.File.LineText(o.Line)
	from, to := 0, len(line)
	if i := strings.Index(line, text); text != "" && i >= 0 {
		from, to = i, i+len(text)
	}
	return source.Span{File: o.File, Start: start + from, End: start + to}.Place()
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
			for _, f := range s.Library.Files(page.Page) {
				used[f.Path] = true
			}
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
