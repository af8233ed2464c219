package project

import (
	"strings"

	"skillgen/generator/source"
)

// verifyShape is the table of `verify` (DESIGN §6).
var verifyShape = then(placed(object(
	req("level", oneOf("ci", "syntax", "hand"), func(v *Verify) *string { return &v.Level }, "Flown by skillgen verify (ci), only compiled (syntax), or flown by hand (hand)."),
	opt("date", date(), func(v *Verify) *source.String { return &v.Date }, "Day of the flight by hand."),
	opt("needs", needsShape, func(v *Verify) *Needs { return &v.Needs }, "Tools with their version ranges; browser: true asks for a headless browser."),
	opt("install", text(commandRule), func(v *Verify) *source.String { return &v.Install }, "Command that installs what the airplane needs."),
	opt("build", text(commandRule), func(v *Verify) *source.String { return &v.Build }, "Command that builds or compiles it."),
	opt("start", text(commandRule), func(v *Verify) *source.String { return &v.Start }, "Command that starts its server."),
	opt("ready", text(rule{max: 500}), func(v *Verify) *source.String { return &v.Ready }, "URL that answers when the server is up."),
	opt("visit", list(text(visitRule)), func(v *Verify) *[]source.String { return &v.Visit }, "Paths that are visited."),
	opt("run", text(commandRule), func(v *Verify) *source.String { return &v.Run }, "Command that exercises the app."),
	opt("env", byKey(envRule, text(rule{empty: true, max: 4096})), func(v *Verify) *map[string]source.String { return &v.Env }, "Environment of all commands."),
	opt("expect", list(expectShape), func(v *Verify) *[]Expect { return &v.Expect }, "What must reach the capture server; more may come."),
	opt("timeout", text(durationRule), func(v *Verify) *source.String { return &v.Timeout }, "Longest time for all of it."),
), func(v *Verify) *source.Span { return &v.At }), checkVerify)

var commandRule = rule{max: 1000}

var visitRule = rule{max: 2048, also: func(s string) (string, string) {
	if !strings.HasPrefix(s, "/") {
		return "must be a path that begins with /", ""
	}
	return "", ""
}}

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
	then(text(rule{max: 200}), func(_ *report, _ *node, s source.String) Expect { return Expect{Event: s} }),
	object(
		req("method", oneOf("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"), func(e *Expect) *string { return &e.Method }, "Method of the request."),
		req("path", text(visitRule), func(e *Expect) *source.String { return &e.Path }, "Path of the request."),
		opt("contains", text(rule{max: 1000}), func(e *Expect) *source.String { return &e.Contains }, "What the body holds, unpacked."),
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
	if v.Level == "hand" && keys["date"].File == nil {
		r.add("config-missing", keys["level"], `level: hand needs "date"`, "add the day on which it was flown, such as date: 2026-11-20")
	}
	if at, ok := keys["date"]; ok && v.Level != "" && v.Level != "hand" {
		r.add("config-value", at, `"date" belongs to level: hand`, "leave it out; skillgen notes its own flights in airplanes.lock")
	}
	return v
}
