package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// fail notes a finding that says why a flight failed.
func (r *Result) fail(at source.Span, message, hint string) {
	r.Outcome = Failed
	r.Findings = append(r.Findings, diag.New("airplane-failed", at.Place(), message, hint))
}

// notFlown notes what is missing.
func (r *Result) notFlown(v *project.Verify, all []missing) {
	r.Outcome = NotFlown
	for _, m := range all {
		at := v.At
		if tool, ok := v.Needs.Tools[m.tool]; ok {
			at = tool.At
		}
		message := fmt.Sprintf("%s was not flown: %s", r.Airplane.Framework.ID, m.message)
		r.Findings = append(r.Findings, diag.New("airplane-not-flown", at.Place(), message, m.hint))
	}
}

// take takes over what the second process reports.
func (r *Result) take(v *project.Verify, done *report) {
	r.Events, r.Requests, r.Visits, r.Notes = done.Events, done.Requests, done.Visits, append(r.Notes, done.Notes...)
	r.Outputs = done.Outputs
	if f := done.Failure; f != nil {
		hint := f.Hint
		if home := r.leftHome(); home != "" && (f.Step == Install || f.Step == Build) && hint == "" {
			hint = home
		}
		r.fail(placeOf(v, f.Step), f.Message, hint)
		return
	}
	switch {
	case len(done.Unmet) == 0:
	case len(done.Requests) == 0:
		r.fail(v.Expect[done.Unmet[0]].Place(), "no request reached the capture server", r.trafficHint(v, done.Capture))
	default:
		for _, i := range done.Unmet {
			r.missed(v.Expect[i])
		}
	}
}

// placeOf is where the step is declared.
func placeOf(v *project.Verify, step Step) source.Span {
	at := map[Step]source.Span{Install: v.Install.At, Build: v.Build.At, Start: v.Start.At, Ready: v.Ready.At, Run: v.Run.At}[step]
	if step == Visit && len(v.Visit) > 0 {
		at = v.Visit[0].At
	}
	if at.File == nil {
		return v.At
	}
	return at
}

// leftHome names the files that were not taken along although an app may want them.
func (r *Result) leftHome() string {
	var names []string
	for _, c := range r.Airplane.Cargo {
		for _, l := range c.Home {
			names = append(names, l.Path)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "environment files and what is shaped like a credential are not taken along: " + strings.Join(names[:min(len(names), 5)], ", ")
}

// trafficHint says where the app's requests may have gone.
func (r *Result) trafficHint(v *project.Verify, capture string) string {
	var names []string
	for _, name := range sortedNames(v.Env) {
		if project.Fill(v.Env[name].S, map[string]string{project.PlaceCapture: ""}) != project.Fill(v.Env[name].S, nil) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "no variable of `env` holds $" + project.PlaceCapture + ": nothing tells the app where the capture server is"
	}
	pronoun := "It was"
	if len(names) > 1 {
		pronoun = "They were"
	}
	return fmt.Sprintf("does the app read %s? %s set to %s", strings.Join(names, " and "), pronoun, capture)
}

// missed says that something which was expected did not arrive, and what came near.
func (r *Result) missed(e project.Expect) {
	values := map[string]string{} // for the one dollar of an event's name
	if e.Event.S != "" {
		name := project.Fill(e.Event.S, values)
		hint := "what did arrive: " + list(r.Events, "no event")
		if near := diag.Suggest(name, names(r.Events)); near != "" {
			hint = fmt.Sprintf("did you mean %q, which arrived?", near)
		}
		r.fail(e.Place(), fmt.Sprintf("the event %q never arrived", name), hint)
		return
	}
	request := e.Method + " " + project.Fill(e.Path.S, values)
	same := slices.IndexFunc(r.Requests, func(s Seen) bool { return strings.TrimSuffix(s.Name, "/") == strings.TrimSuffix(request, "/") })
	switch {
	case same >= 0 && e.Contains.S != "":
		r.fail(e.Place(), fmt.Sprintf("no request %s holds %q", request, project.Fill(e.Contains.S, values)),
			fmt.Sprintf("%s came %s, with other contents", r.Requests[same].Name, times(r.Requests[same].Count)))
		return
	}
	hint := "what did arrive: " + list(r.Requests, "no request")
	if near := diag.Suggest(request, names(r.Requests)); near != "" {
		hint = fmt.Sprintf("did you mean %q, which arrived?", near)
	}
	r.fail(e.Place(), fmt.Sprintf("no request %s arrived", request), hint)
}

func names(all []Seen) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.Name
	}
	return out
}

// list names what was seen, the first ones of it.
func list(all []Seen, none string) string {
	if len(all) == 0 {
		return none
	}
	const most = 12
	var parts []string
	for _, s := range all[:min(len(all), most)] {
		parts = append(parts, s.String())
	}
	if more := len(all) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
