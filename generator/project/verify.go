package project

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// verifyShape is the table of `verify` (DESIGN §6).
var verifyShape = then(placed(object(
	req("level", oneOf(LevelCI, LevelSyntax, LevelHand), func(v *Verify) *string { return &v.Level }, "Flown by skillgen verify (ci), only compiled (syntax), or flown by hand (hand)."),
	opt("date", date(), func(v *Verify) *source.String { return &v.Date }, "Day of the flight by hand."),
	opt("needs", needsShape, func(v *Verify) *Needs { return &v.Needs }, "Tools with their version ranges; browser: true asks for a headless browser."),
	opt("install", text(commandRule), func(v *Verify) *source.String { return &v.Install }, "Command that installs what the airplane needs."),
	opt("build", text(commandRule), func(v *Verify) *source.String { return &v.Build }, "Command that builds or compiles it."),
	opt("start", text(commandRule), func(v *Verify) *source.String { return &v.Start }, "Command that starts its server."),
	opt("ready", text(readyRule), func(v *Verify) *source.String { return &v.Ready }, "URL that answers when the server is up."),
	opt("visit", list(text(visitRule)), func(v *Verify) *[]source.String { return &v.Visit }, "Paths that are visited."),
	opt("run", text(commandRule), func(v *Verify) *source.String { return &v.Run }, "Command that exercises the app."),
	opt("env", byKey(envRule, text(rule{empty: true, max: 4096, also: placeholders})), func(v *Verify) *map[string]source.String { return &v.Env }, "Environment of all commands."),
	opt("expect", list(expectShape), func(v *Verify) *[]Expect { return &v.Expect }, "What must reach the capture server; more may come."),
	opt("timeout", text(durationRule), func(v *Verify) *source.String { return &v.Timeout }, "Longest time for all of it."),
), func(v *Verify) *source.Span { return &v.At }), checkVerify)

var commandRule = rule{max: 1000}

var visitRule = rule{max: 2048, also: func(s string) (string, string) {
	if !strings.HasPrefix(s, "/") {
		return "must be a path that begins with /", ""
	}
	return placeholders(s)
}}

// readyRule takes a URL of this machine: whether a server is up is asked nowhere else.
var readyRule = rule{max: 500, also: func(s string) (string, string) {
	if message, hint := placeholders(s); message != "" {
		return message, hint
	}
	const hint = "http://127.0.0.1:$PORT/ is one"
	u, err := url.Parse(Fill(s, map[string]string{PlacePort: "1", PlaceCapture: "x"}))
	switch {
	case err != nil || u.Scheme != "http" || u.User != nil:
		return "must be a URL that begins with http://", hint
	case !ofThisMachine(u.Hostname()):
		return "must be a URL of this machine", hint
	}
	return "", ""
}}

func ofThisMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Levels of verify (DESIGN §6).
const (
	LevelCI     = "ci"     // flown by skillgen verify
	LevelSyntax = "syntax" // only compiled
	LevelHand   = "hand"   // flown by hand
)

// What stands for a value that only the flight knows, after a $, in env, ready, visit and expect.
const (
	PlacePort    = "PORT"        // a free port
	PlaceCapture = "CAPTURE_URL" // where the capture server listens
)

var placePattern = regexp.MustCompile(`\$(\$|[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}|)`)

// placeholders refuses a $ that stands neither for $PORT or $CAPTURE_URL nor, doubled, for itself.
func placeholders(s string) (message, hint string) {
	for _, m := range placePattern.FindAllStringSubmatch(s, -1) {
		name := strings.Trim(m[1], "{}")
		if name == "$" || name == PlacePort || name == PlaceCapture {
			continue
		}
		hint = fmt.Sprintf("a literal $ is written $$; $%s and $%s are filled in", PlacePort, PlaceCapture)
		if near := diag.Suggest(name, []string{PlacePort, PlaceCapture}); near != "" {
			hint = fmt.Sprintf("did you mean $%s?", near)
		}
		return fmt.Sprintf("holds %s, which stands for nothing", m[0]), hint
	}
	return "", ""
}

// Fill puts values in the place of $NAME and ${NAME}, and $ in that of $$. What has no value stays as it is.
func Fill(s string, values map[string]string) string {
	return placePattern.ReplaceAllStringFunc(s, func(place string) string {
		name := strings.Trim(place[1:], "{}")
		if name == "$" {
			return "$"
		}
		if v, ok := values[name]; ok {
			return v
		}
		return place
	})
}

// Asks lists what decides whether a flight proves anything, one a line and sorted: a flight of an airplane that was asked for something else is
// no flight of this one. Versions that are needed and the time that it may take are not among it.
func (v *Verify) Asks() []string {
	asks := []string{"level=" + strconv.Quote(v.Level), "browser=" + strconv.FormatBool(v.Needs.Browser)}
	add := func(key, value string) {
		if value != "" {
			asks = append(asks, key+"="+strconv.Quote(value))
		}
	}
	add("install", v.Install.S)
	add("build", v.Build.S)
	add("start", v.Start.S)
	add("ready", v.Ready.S)
	add("run", v.Run.S)
	for i, path := range v.Visit {
		add(fmt.Sprintf("visit.%03d", i), path.S)
	}
	for name, value := range v.Env {
		asks = append(asks, "env."+name+"="+strconv.Quote(value.S))
	}
	for _, e := range v.Expect {
		add("expect", e.String())
	}
	slices.Sort(asks)
	return asks
}

// String is the expectation in words, as messages name it and before anything is filled in.
func (e Expect) String() string {
	if e.Event.S != "" {
		return e.Event.S
	}
	s := e.Method + " " + e.Path.S
	if e.Contains.S != "" {
		s += " with " + strconv.Quote(e.Contains.S)
	}
	return s
}

// Place is where the expectation is written.
func (e Expect) Place() source.Span {
	if e.Event.S != "" {
		return e.Event.At
	}
	return e.Path.At
}

// needsShape is a map from tools to version ranges, in which the key browser is a switch.
var needsShape = needsOf(boolean(), entries(varRule, text(rangeRule)))

func needsOf(browser shape[bool], tools shape[[]entry[source.String]]) shape[Needs] {
	s := *tools.spec
	s.props = []prop{{"browser", browser.spec.saying("Asks for a headless browser.")}}
	return shape[Needs]{spec: &s, read: func(r *report, n *node) (Needs, bool) {
		out := Needs{Tools: map[string]source.String{}}
		if !r.want(n, mapNode, &s) {
			return out, false
		}
		rest := *n
		rest.pairs = nil
		for _, p := range n.pairs {
			if p.key.text == "browser" {
				out.Browser, _ = browser.read(r, p.value)
			} else {
				rest.pairs = append(rest.pairs, p)
			}
		}
		list, ok := tools.read(r, &rest)
		for _, e := range list {
			out.Tools[e.key.S] = e.value
		}
		return out, ok
	}}
}

var expectShape = either(
	then(text(rule{max: 200, also: placeholders}), func(_ *report, _ *node, s source.String) Expect { return Expect{Event: s} }),
	object(
		req("method", oneOf("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"), func(e *Expect) *string { return &e.Method }, "Method of the request."),
		req("path", text(visitRule), func(e *Expect) *source.String { return &e.Path }, "Path of the request."),
		opt("contains", text(rule{max: 1000, also: placeholders}), func(e *Expect) *source.String { return &e.Contains }, "What the body holds, unpacked."),
	),
)

// checkVerify reports keys that make no sense without each other.
func checkVerify(r *report, n *node, v Verify) Verify {
	keys := map[string]source.Span{}
	for _, p := range n.pairs {
		keys[p.key.text] = p.key.at
	}
	needs := func(key, other string) {
		if at, ok := keys[key]; ok && keys[other].File == nil {
			r.add("config-missing", at, `"`+key+`" needs "`+other+`"`, "add it, or leave both out")
		}
	}
	needs("start", "ready")
	needs("ready", "start")
	needs("visit", "start")
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return keys[name].File != nil })
	}
	switch {
	case v.Level == LevelHand && !has("date"):
		r.add("config-missing", keys["level"], `level: hand needs "date"`, "add the day on which it was flown, such as date: 2026-11-20")
	case v.Level == LevelSyntax && !has("build"):
		r.add("config-missing", keys["level"], `level: syntax needs "build"`, "add the command that compiles the airplane, such as build: python3 -m compileall -q .")
	case v.Level == LevelCI && !has("start", "run"):
		r.add("config-missing", keys["level"], `level: ci needs "start" or "run"`, "add the command that starts the app, or one that exercises it; an airplane that is only compiled has level: syntax")
	case v.Level == LevelCI && !has("expect"):
		r.add("config-missing", keys["level"], `level: ci needs "expect"`, "list the events and requests that must reach the capture server: without them a flight proves nothing")
	}
	if at, ok := keys["date"]; ok && v.Level != "" && v.Level != LevelHand {
		r.add("config-value", at, `"date" belongs to level: hand`, "leave it out; skillgen notes its own flights in airplanes.lock")
	}
	return v
}
