package project

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// FlightsFile is where flights of model airplanes are noted, from the project's folder.
const FlightsFile = "airplanes.lock"

// Flights is airplanes.lock: which airplanes have flown, and in which state. Only `skillgen verify` writes it.
type Flights struct {
	File *source.File // nil for one that was not read
	All  []Flight     // by framework
}

// Flight is the last flight of a framework's model airplane that succeeded.
type Flight struct {
	Framework string        // its id
	Level     string        // "ci": it was run, "syntax": it was only compiled
	Digest    string        // of what was flown, "sha256:<hex>"; see example.Digest
	Tools     []ToolVersion // by name
	Events    []string      // names that reached the capture server, sorted
	Date      string        // the day, 2026-11-20
	At        source.Span
}

// ToolVersion is a program that an airplane was flown with: "node", "24.18.0".
type ToolVersion struct{ Name, Version string }

// String is the form of airplanes.lock: "node 24.18.0".
func (t ToolVersion) String() string { return t.Name + " " + t.Version }

// Short is the form for people: two numbers are enough, or one before a zero: "node 24.18", "chromium 156". A flight with the next patch of a tool
// changes nothing that is said so.
func (t ToolVersion) Short() string {
	parts := strings.SplitN(t.Version, ".", 3)
	return t.Name + " " + strings.TrimSuffix(strings.Join(parts[:min(len(parts), 2)], "."), ".0")
}

// Of returns the flight of a framework; nil where there is none.
func (fl *Flights) Of(framework string) *Flight {
	if fl == nil {
		return nil
	}
	i := slices.IndexFunc(fl.All, func(f Flight) bool { return f.Framework == framework })
	if i < 0 {
		return nil
	}
	return &fl.All[i]
}

// flightsDocument is the file's form. Its keys are the format.
type flightsDocument struct {
	Schema   int          `toml:"schema"`
	Airplane []flightForm `toml:"airplane"`
}

type flightForm struct {
	Framework string   `toml:"framework"`
	Level     string   `toml:"level"`
	Digest    string   `toml:"digest"`
	Tools     []string `toml:"tools"`
	Events    []string `toml:"events"`
	Date      string   `toml:"date"`
}

// flightsSchema is the version of the format that is read and written.
const flightsSchema = 1

const (
	maxFlights = 4 << 20 // bytes of airplanes.lock
	maxEvents  = 1000    // of one flight
	maxEvent   = 200     // code points of an event's name
)

// flightsHint says what to do about an airplanes.lock that can't be used.
const flightsHint = "take it from git again, or delete it and run `skillgen verify`"

// ReadFlights reads an airplanes.lock strictly. It is nil where there is a finding.
func ReadFlights(f *source.File) (*Flights, []diag.Finding) {
	at := diag.Place{File: f.Path}
	if f.Kind != source.Text || len(f.Text) > maxFlights {
		return nil, []diag.Finding{diag.New("lock", at, "this file is no text in UTF-8, or larger than 4 MiB", flightsHint)}
	}
	var doc flightsDocument
	d := toml.NewDecoder(strings.NewReader(f.Text))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, []diag.Finding{tomlFinding("lock", f, err, flightsHint)}
	}
	if doc.Schema != flightsSchema {
		message := fmt.Sprintf("the schema of this file is %d, and this skillgen knows %d", doc.Schema, flightsSchema)
		return nil, []diag.Finding{diag.New("lock", at, message, "use a newer skillgen, or delete the file and run `skillgen verify`")}
	}
	fl := &Flights{File: f}
	var fs []diag.Finding
	tables := tableSpans(f, "[[airplane]]")
	first := map[string]source.Span{}
	for i, form := range doc.Airplane {
		flight, why := form.flight()
		flight.At = spanOf(f, tables, i)
		if why != "" {
			fs = append(fs, diag.New("lock", flight.At.Place(), why, flightsHint))
		}
		if before, twice := first[flight.Framework]; twice {
			finding := diag.New("lock", flight.At.Place(), fmt.Sprintf("the airplane of %s stands twice", flight.Framework), flightsHint)
			finding.Also = before.Place()
			fs = append(fs, finding)
		}
		first[flight.Framework] = flight.At
		fl.All = append(fl.All, flight)
	}
	if len(fs) > 0 {
		return nil, diag.Sort(fs)
	}
	fl.sort()
	return fl, nil
}

// flight checks an entry, and says what is wrong with it; "" where nothing is.
func (form flightForm) flight() (f Flight, why string) {
	f = Flight{Framework: form.Framework, Level: form.Level, Digest: form.Digest, Events: form.Events, Date: form.Date}
	for _, t := range form.Tools {
		name, version, ok := strings.Cut(t, " ")
		if !ok || name == "" || version == "" {
			why = fmt.Sprintf("a tool is written as its name and version, not %q", t)
		}
		f.Tools = append(f.Tools, ToolVersion{name, version})
	}
	sum, hasSum := strings.CutPrefix(form.Digest, "sha256:")
	_, err := time.Parse(time.DateOnly, form.Date)
	switch {
	case why != "":
	case !namePattern.MatchString(form.Framework):
		why = fmt.Sprintf("%q is no id of a framework", form.Framework)
	case form.Level != LevelCI && form.Level != LevelSyntax:
		why = fmt.Sprintf("the level is %s or %s, not %q", LevelCI, LevelSyntax, form.Level)
	case !hasSum || !sha256Pattern.MatchString(sum):
		why = "digest must be sha256: and 64 hexadecimal digits"
	case err != nil:
		why = fmt.Sprintf("date must be a day such as 2026-11-20, not %q", form.Date)
	}
	return f, why
}

// sort brings entries and lists into the order of the file. Names of events come from whoever sent them: what is not seen in them is shown
// instead, and there is a limit to their number and length.
func (fl *Flights) sort() {
	slices.SortFunc(fl.All, func(a, b Flight) int { return cmp.Compare(a.Framework, b.Framework) })
	for i := range fl.All {
		f := &fl.All[i]
		f.Tools = slices.SortedFunc(slices.Values(f.Tools), func(a, b ToolVersion) int { return cmp.Compare(a.Name, b.Name) })
		events := make([]string, len(f.Events))
		for j, name := range f.Events {
			events[j] = shortened(diag.Terminal(name))
		}
		slices.Sort(events)
		events = slices.Compact(events)
		f.Events = events[:min(len(events), maxEvents)]
	}
}

// shortened cuts the name of an event.
func shortened(name string) string {
	n := 0
	for i := range name {
		if n++; n > maxEvent {
			return name[:i] + "…"
		}
	}
	return name
}

// Encode returns the file's bytes: entries by framework, each apart, an event a line, so that branches which flew other airplanes merge.
func (fl *Flights) Encode() []byte {
	fl.sort()
	var b bytes.Buffer
	b.WriteString("# Written by `skillgen verify`: commit this file. A skill says \"flown with\" only while its airplane is the one noted here.\n")
	fmt.Fprintf(&b, "schema = %d\n", flightsSchema)
	for _, f := range fl.All {
		fmt.Fprintf(&b, "\n[[airplane]]\nframework = %s\nlevel = %s\ndigest = %s\n", tomlString(f.Framework), tomlString(f.Level), tomlString(f.Digest))
		tools := make([]string, len(f.Tools))
		for i, t := range f.Tools {
			tools[i] = t.String()
		}
		writeList(&b, "tools", tools)
		writeList(&b, "events", f.Events)
		fmt.Fprintf(&b, "date = %s\n", tomlString(f.Date))
	}
	return b.Bytes()
}

// writeList writes an array of strings, an element a line.
func writeList(b *bytes.Buffer, key string, list []string) {
	if len(list) == 0 {
		fmt.Fprintf(b, "%s = []\n", key)
		return
	}
	fmt.Fprintf(b, "%s = [\n", key)
	for _, s := range list {
		fmt.Fprintf(b, "  %s,\n", tomlString(s))
	}
	b.WriteString("]\n")
}

// flights reads airplanes.lock, where there is one.
func (l *loader) flights() error {
	if !l.tree.Exists(FlightsFile) {
		return nil
	}
	f, err := l.read(l.tree, FlightsFile)
	if f == nil || err != nil {
		return err
	}
	fl, fs := ReadFlights(f)
	l.findings = append(l.findings, fs...)
	l.project.Flights = fl
	return nil
}
