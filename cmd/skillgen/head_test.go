package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	contentsLine = regexp.MustCompile(`^( *)- \[(.*)\]\(#(.*)\): lines (\d+)–(\d+)$`)
	linesLine    = regexp.MustCompile(`(?m)^This file has (\d+) lines; `)
)

// headFaults says what in the head of a SKILL.md is not so: the number of lines, and for each section of the contents the lines that it is on.
// An agent that was shown only the first 8,000 bytes goes by them.
func headFaults(text string) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if m := linesLine.FindStringSubmatch(text); m == nil || m[1] != strconv.Itoa(len(lines)) {
		fault("the file has %d lines, and says %q", len(lines), m)
	}
	sections, end := 0, 0
	for i, line := range lines {
		m := contentsLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		sections++
		end = len(strings.Join(lines[:i+1], "\n"))
		from, _ := strconv.Atoi(m[4])
		to, _ := strconv.Atoi(m[5])
		level := 2 + len(m[1])/2
		prefix := strings.Repeat("#", level) + " "
		if from < 1 || from > to || to > len(lines) || !strings.HasPrefix(lines[from-1], prefix) {
			fault("%q: line %d is no heading of level %d", line, from, level)
			continue
		}
		next := to // the blank line between two sections belongs to neither
		if next < len(lines) && lines[next] == "" {
			next++
		}
		if next < len(lines) && !isHeadingUpTo(lines[next], level) {
			fault("%q: the section does not end at line %d: %q", line, to, lines[next])
		}
	}
	if sections == 0 {
		fault("no contents")
	}
	if end > 8000 {
		fault("the contents end at byte %d, beyond the 8,000 that some agents are shown", end)
	}
	return faults
}

// isHeadingUpTo reports whether a line is a heading of this level or a higher one.
func isHeadingUpTo(line string, level int) bool {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	return n > 0 && n <= level && strings.HasPrefix(line[n:], " ")
}

// TestHeadStandsAlone holds the heads of this repository's skills and of a fleet's to what they say.
func TestHeadStandsAlone(t *testing.T) {
	dir := t.TempDir()
	writeFleet(t, dir, 8)
	mustBuild(t, dir)
	for _, dist := range []string{filepath.Join(dir, "dist"), buildRepository(t)} {
		for name, files := range skillTrees(t, dist) {
			for _, fault := range headFaults(files["SKILL.md"]) {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
	good := "# A\n\n## Contents\n\nThis file has 9 lines; x\n\n- [B](#b): lines 8–9\n## B\nb\n"
	if faults := headFaults(good); faults != nil {
		t.Errorf("a good head has faults: %q", faults)
	}
	for _, bad := range []string{"9 lines", "8–9", "lines 8", "- [B]"} {
		if headFaults(strings.Replace(good, bad, "- x7", 1)) == nil {
			t.Errorf("without %q: no fault seen", bad)
		}
	}
}

// TestExplainAgreesWithProvenance asks explain both ways about lines of this repository's Go skill: the answers are what provenance says.
func TestExplainAgreesWithProvenance(t *testing.T) {
	dist := buildRepository(t)
	const skill = "posthog-go-nethttp"
	asked := map[string]int{}
	for _, o := range readOrigins(t, dist, skill)["SKILL.md"] {
		folder, _, _ := strings.Cut(o.Source, "/")
		if o.Generated || asked[folder] >= 3 || o.To-o.From < 2 {
			continue
		}
		asked[folder]++
		place := fmt.Sprintf("skills/%s/SKILL.md:%d", skill, o.From+1)
		source := fmt.Sprintf("%s:%d", o.Source, o.Line+1)
		if got := skillgen(t, "../..", "explain", "--out", dist, filepath.Join(dist, place)).stdout; !strings.HasPrefix(got, source+"\n") {
			t.Errorf("explain %s: %q, want %s", place, got, source)
		}
		if got := skillgen(t, "../..", "explain", "--quiet", source).stdout; !strings.Contains(got, place+"\t") {
			t.Errorf("explain %s: %q, want %s", source, got, place)
		}
	}
	for _, folder := range []string{"website", "examples", "frameworks"} {
		if asked[folder] == 0 {
			t.Errorf("no line of %s was asked about", folder)
		}
	}
}
