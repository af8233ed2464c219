package emit

import (
	"strings"
	"testing"

	"skillgen/generator/plan"
	"skillgen/generator/project"
)

// TestFlight: what is known of a flight stands in the head, below the versions.
func TestFlight(t *testing.T) {
	both := []string{"examples/a", "examples/b"}
	for _, c := range []struct {
		flight *plan.Flight
		want   string
	}{
		{nil, ""},
		{&plan.Flight{Level: project.LevelCI, Known: true, Tools: []string{"chromium 156", "go 1.26", "node 24.18"}, Dirs: both},
			"Flown with `chromium 156`, `go 1.26` and `node 24.18`: the model airplanes were built and run, and their events arrived."},
		{&plan.Flight{Level: project.LevelCI, Known: true, Dirs: both[:1]}, "Flown: `examples/a` was built and run, and its events arrived."},
		{&plan.Flight{Level: project.LevelSyntax, Known: true, Tools: []string{"go 1.26"}, Dirs: both}, "Compiled with `go 1.26`, never run: so much is known of the model airplanes."},
		{&plan.Flight{Level: project.LevelSyntax, Known: true, Dirs: both[:1]}, "Compiled, never run: so much is known of `examples/a`."},
		{&plan.Flight{Level: project.LevelSyntax, Dirs: both}, "Never run: of the model airplanes at most the syntax was checked."},
		{&plan.Flight{Level: project.LevelHand, Known: true, Date: "2026-11-20", Dirs: both}, "Flown by hand on 2026-11-20: the model airplanes were built and run."},
	} {
		s := emitOne(t, "", func(in *plan.Input) { in.Flight = func(*project.Framework) *plan.Flight { return c.flight } })
		text := s.text(t, skillFile)
		const versions = "Versions, from `go.mod` of `examples/a`: `go 1.24`, `acme.example/go v1.2.0`.\n\n"
		if c.want != "" && !strings.Contains(text[:s.Head], versions+c.want+"\n\n") {
			t.Errorf("no %q in\n%s", c.want, text[:s.Head])
		}
		if c.want == "" && (strings.Contains(text, "Flown") || strings.Contains(text, "ever run")) {
			t.Errorf("something is said:\n%s", text[:s.Head])
		}
		if strings.Contains(strings.Join(s.Plan.Settings, "\n"), "flight=") != (c.flight != nil) {
			t.Errorf("settings: %q", s.Plan.Settings)
		}
	}
}
