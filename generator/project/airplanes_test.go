package project

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"skillgen/generator/source"
)

const zeros = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

// flightsText is an airplanes.lock as Encode writes it.
const flightsText = `# Written by ` + "`skillgen verify`" + `: commit this file. A skill says "flown with" only while its airplane is the one noted here.
schema = 1

[[airplane]]
framework = "flask"
level = "syntax"
digest = "` + zeros + `"
tools = []
events = []
date = "2026-11-19"

[[airplane]]
framework = "next"
level = "ci"
digest = "` + zeros + `"
tools = [
  "chromium 156.0.8078.79",
  "node 24.18.0",
]
events = [
  "$pageview",
  "say \"hi\" \\ ⟨U+001B⟩",
]
date = "2026-11-20"
`

func TestFlights(t *testing.T) {
	fl := &Flights{All: []Flight{
		{Framework: "next", Level: LevelCI, Digest: zeros, Tools: []ToolVersion{{"node", "24.18.0"}, {"chromium", "156.0.8078.79"}},
			Events: []string{"say \"hi\" \\ \x1b", "$pageview", "$pageview"}, Date: "2026-11-20"},
		{Framework: "flask", Level: LevelSyntax, Digest: zeros, Date: "2026-11-19"},
	}}
	text := string(fl.Encode())
	if diff := cmp.Diff(flightsText, text); diff != "" {
		t.Fatal(diff)
	}
	back, findings := ReadFlights(source.NewFile(FlightsFile, []byte(text)))
	if len(findings) > 0 {
		t.Fatal(show(findings))
	}
	if diff := cmp.Diff(fl.All, back.All, cmpopts.IgnoreFields(Flight{}, "At"), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if back.Of("next").At.Line() != 12 || back.Of("rails") != nil || (*Flights)(nil).Of("next") != nil {
		t.Errorf("%+v", back.All)
	}
	if again := string(back.Encode()); again != text {
		t.Errorf("read and written again:\n%s", again)
	}
}

// TestFlightsLimits: whoever can send events can't make the file grow without end.
func TestFlightsLimits(t *testing.T) {
	f := Flight{Framework: "next", Level: LevelCI, Digest: zeros, Date: "2026-11-20"}
	for i := range 5000 {
		f.Events = append(f.Events, strings.Repeat("é", i%3000))
	}
	text := string((&Flights{All: []Flight{f}}).Encode())
	if len(text) > maxEvents*(2*maxEvent+20) {
		t.Errorf("%d bytes", len(text))
	}
	if _, findings := ReadFlights(source.NewFile(FlightsFile, []byte(text))); len(findings) > 0 {
		t.Error(show(findings))
	}
}

func TestFlightsFaults(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{`schema = 1`, `schema = 2`, "airplanes.lock: error: the schema of this file is 2, and this skillgen knows 1"},
		{`schema = 1`, ``, "airplanes.lock: error: the schema of this file is 0, and this skillgen knows 1"},
		{`level = "ci"`, `levle = "ci"`, `airplanes.lock:14:1-1: error: unknown key "airplane.levle"`},
		{`level = "ci"`, `level = "hand"`, `airplanes.lock:12:1-13: error: the level is ci or syntax, not "hand"`},
		{`level = "ci"`, `level = 1`, "airplanes.lock:14:9-9: error: "},
		{`level = "ci"`, "<<<<<<< HEAD\nlevel = \"ci\"", "airplanes.lock:14:1-1: error: "},
		{`"next"`, `"flask"`, "airplanes.lock:12:1-13: error: the airplane of flask stands twice"},
		{`"next"`, `"../x"`, `airplanes.lock:12:1-13: error: "../x" is no id of a framework`},
		{`"2026-11-20"`, `"2026-02-30"`, `airplanes.lock:12:1-13: error: date must be a day such as 2026-11-20, not "2026-02-30"`},
		{`"node 24.18.0"`, `"node"`, `airplanes.lock:12:1-13: error: a tool is written as its name and version, not "node"`},
		{"digest = \"sha256:0", "digest = \"sha256:G", "airplanes.lock:4:1-13: error: digest must be sha256: and 64 hexadecimal digits"},
		{"digest = \"sha256:0", "digest = \"0", "airplanes.lock:4:1-13: error: digest must be sha256: and 64 hexadecimal digits"},
		{"schema = 1", "schema = 1\x00", "airplanes.lock: error: this file is no text in UTF-8, or larger than 4 MiB"},
	} {
		text := strings.Replace(flightsText, c.from, c.to, 1)
		if text == flightsText {
			t.Fatalf("%q does not stand there", c.from)
		}
		fl, findings := ReadFlights(source.NewFile(FlightsFile, []byte(text)))
		if got := show(findings); fl != nil || !strings.HasPrefix(got, c.want) || !strings.Contains(got, "hint: ") {
			t.Errorf("%q: want %q, got\n%s", c.to, c.want, got)
		}
	}
}

// TestFlightsOfProject: the file is read with the project, and one that can't be used is an error of it.
func TestFlightsOfProject(t *testing.T) {
	p, findings := read(t, map[string]string{FlightsFile: flightsText, "frameworks/flask.md": "---\ntitle: Flask\nlanguages: [python]\n---\n"})
	if len(findings) > 0 || len(p.Flights.All) != 2 {
		t.Error(p.Flights, show(findings))
	}
	p, findings = read(t, map[string]string{FlightsFile: "schema = 1\n="})
	if p.Flights != nil || !strings.Contains(show(findings), "airplanes.lock:2:1-1: error: ") {
		t.Error(p.Flights, show(findings))
	}
	if p, _ = read(t, nil); p.Flights != nil {
		t.Error("flights without a file")
	}
}

func FuzzFlights(f *testing.F) {
	f.Add(flightsText)
	f.Add("schema = 1\n[[airplane]]\n")
	f.Fuzz(func(t *testing.T, text string) {
		fl, findings := ReadFlights(source.NewFile(FlightsFile, []byte(text)))
		if (fl == nil) != (len(findings) > 0) {
			t.Fatal(fl, show(findings))
		}
		if fl == nil {
			return
		}
		again, findings := ReadFlights(source.NewFile(FlightsFile, fl.Encode()))
		if len(findings) > 0 || len(again.All) != len(fl.All) {
			t.Fatalf("%s\n%s", show(findings), fl.Encode())
		}
	})
}
