package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// payload is what content does to a terminal or a log that believes it: it retitles the window, changes colours, hides and turns text
// around, and gives commands to GitHub Actions.
const payload = "\x1b]0;pwned\x07\x1b[35;7m\u202e\u2066\u200b\u009b31m\U000e0041::error file=pwned::pwned ##[error]pwned %0A::warning::pwned"

// spoken is the part of the payload that is plain text, and so may stand in a title.
const spoken = "::error file=pwned::pwned ##[error]pwned @everyone"

// payloadProjects have the payload wherever content can put it.
func payloadProjects(t *testing.T) map[string]string {
	t.Helper()
	config := "product: \"Acme " + spoken + "\"\nprefix: acme\nvars:\n  x: \"" + spoken + "\"\n"
	good := t.TempDir()
	unpack(t, good, strings.ReplaceAll(hostileBase, "title: Good", "title: '"+spoken+"'"))
	writeFile(t, filepath.Join(good, "skillgen.yaml"), config)
	writeFile(t, filepath.Join(good, "website", spoken+".md"), "# "+spoken+"\n\n"+spoken+"\n\n::error file=pwned::pwned\n  ##[error]pwned\n\n[x]("+"gone-%0A::error.md)\n")
	writeFile(t, filepath.Join(good, "website/unused", "::error file=pwned::.txt"), "")
	writeFile(t, filepath.Join(good, "examples/app", "x"+spoken+".py"), "::error file=pwned::pwned\n")

	content := t.TempDir()
	unpack(t, content, hostileBase)
	writeFile(t, filepath.Join(content, "website", "payload.md"), "# "+payload+"\n\n["+payload+"](gone.md)\n")
	writeFile(t, filepath.Join(content, "website", payload+".md"), "# A\n\n"+payload+"\n")
	writeFile(t, filepath.Join(content, "examples/app", "a\n::error file=pwned::pwned\n"+payload+".py"), payload+"\n")
	writeFile(t, filepath.Join(content, "examples/app", "marker.py"), "# skillgen:"+payload+"\n")

	own := t.TempDir()
	unpack(t, own, hostileBase)
	writeFile(t, filepath.Join(own, "frameworks", payload+".md"), "---\n"+payload+": x\n---\n")
	writeFile(t, filepath.Join(own, "frameworks", "key.md"), "---\ntitel"+spoken+": "+payload+"\nlanguages: ["+payload+"]\n---\n")
	writeFile(t, filepath.Join(own, "frameworks/tags", "tag.md"), "---\nvars: "+payload+"\n---\n- "+payload+"\n")
	writeFile(t, filepath.Join(own, "templates/integrate/20-"+payload+".md"), "{{"+payload+"}}\n{{partial "+spoken+"}}\n")

	broken := t.TempDir()
	unpack(t, broken, hostileBase)
	writeFile(t, filepath.Join(broken, "skillgen.yaml"), payload+"\n"+spoken+": x\n")
	return map[string]string{"good": good, "content": content, "own files": own, "config": broken}
}

// TestPayloadIsShownNotDone sends the payload through all commands and formats.
func TestPayloadIsShownNotDone(t *testing.T) {
	for name, dir := range payloadProjects(t) {
		for _, args := range [][]string{
			{"build"}, {"build", "--check"}, {"build", "--strict"}, {"build", "--report", filepath.Join(t.TempDir(), "report.json")}, {"list"},
			{"explain", spoken}, {"explain", payload}, {"explain", "website/payload.md:1"}, {"explain", "website/" + spoken + ".md:3"},
			{"release", "--version", "1.0.0", "--allow-missing-base", "--out", filepath.Join(t.TempDir(), "dist")}, {"release", "--check", payload}, {"release", "--base", payload, "--version", "1.0.0"},
			{"init"}, {"schema", payload}, {payload}, {"build", payload}, {"build", "--" + payload}, {"build", "--layout", payload}, {"build", "--version", payload},
		} {
			for _, format := range []string{"text", "json", "github", payload} {
				for _, color := range []string{"always", "never"} {
					o := job{dir: dir, args: append(slices.Clone(args), "--format", format, "--color", color), env: []string{"GITHUB_ACTIONS=true"}}.run(t)
					for _, fault := range slices.Concat(outputFaults(o.stdout, color), outputFaults(o.stderr, color)) {
						t.Errorf("%s: %.60q --format %.10q --color %s: %s", name, args, format, color, fault)
					}
				}
			}
		}
	}
}

var (
	ownColour  = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	logCommand = regexp.MustCompile(`(?m)^\s*::(error|warning|notice) file=pwned|^\s*::(error|warning)::pwned`)
)

// outputFaults says what in an output a terminal or a log would obey.
func outputFaults(out, color string) (faults []string) {
	if strings.Contains(out, "35;7m") && strings.Contains(out, "\x1b[35;7m") {
		faults = append(faults, "the content's colour")
	}
	if color == "always" {
		out = ownColour.ReplaceAllString(out, "")
	}
	for line := range strings.SplitSeq(out, "\n") {
		if i := strings.IndexFunc(line, obeyed); i >= 0 {
			faults = append(faults, "raw control or hidden character in "+line[max(0, i-40):min(len(line), i+20)])
			break
		}
	}
	if logCommand.MatchString(out) {
		faults = append(faults, "a command for the log: "+logCommand.FindString(out))
	}
	if strings.Contains(out, "##[") {
		i := strings.Index(out, "##[")
		faults = append(faults, "a command for the log: "+out[max(0, i-60):min(len(out), i+20)])
	}
	return faults
}

// obeyed reports whether a terminal acts on r, or a reader can't see it.
func obeyed(r rune) bool {
	return unicode.IsControl(r) && r != '\t' || unicode.In(r, unicode.Cf, unicode.Co)
}

// TestSecretsAreNeverShown puts a credential into each kind of input: an error in the right file, and no output in any format holds it.
func TestSecretsAreNeverShown(t *testing.T) {
	// In pieces, so that nobody's scanner takes this file for a leak.
	const body = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4"
	keys := map[string]string{
		"website/a.md":                     "ghp" + "_" + body,
		"website/b.md":                     "phx" + "_" + body + "cD5eF7gH9iJ",
		"frameworks/tags/go.md":            "AKIA" + "Q3EGRTZ7YHNBV2WX",
		"templates/integrate/scripts/x.sh": "glpat" + "-" + body[:20],
		"templates/integrate/20-key.md":    "npm" + "_" + body,
		"examples/app/a.py":                "sk_" + "live_" + body[:24],
		"examples/app/deep/config.json":    "AIza" + body[:35],
		"examples/app/.env.example":        "xoxb" + "-298374659102-5938271640593-" + body[:24],
		"examples/app/kept.sh":             "sk-" + "ant-api03-" + body + body + body[:21] + "AA",
		"templates/integrate/assets/a.py":  "pypi" + "-AgEIcHlwaS5vcmc" + body + body,
	}
	for file, key := range keys {
		dir := t.TempDir()
		unpack(t, dir, hostileBase)
		text := "The key is\n" + key + "\nhere.\n"
		if strings.Contains(file, "integrate/20") {
			text = "---\ntitle: Key\n---\n" + text
		}
		writeFile(t, filepath.Join(dir, file), text)
		if strings.Contains(file, "tags/") {
			writeFile(t, filepath.Join(dir, "frameworks/good.md"), "---\ntitle: Good\nlanguages: [go]\ntags: [go]\ndocs: [website/good.md]\nexample: examples/app\n---\n")
		}
		for _, args := range [][]string{{"build", "--format", "text"}, {"build", "--format", "json"}, {"build", "--format", "github"}, {"list"}, {"explain", key}, {"explain", file + ":2"}} {
			o := skillgen(t, dir, args...)
			out := o.stdout + o.stderr
			if strings.Contains(out, key[8:]) {
				t.Errorf("%s: skillgen %s shows the key", file, args[:2])
			}
			if args[0] == "build" && (o.exit != 1 || !strings.Contains(out, file)) {
				t.Errorf("%s: skillgen %s: exit %d, %.300s", file, args, o.exit, out)
			}
		}
		if _, err := os.Lstat(filepath.Join(dir, "dist", "skills")); err == nil {
			t.Errorf("%s: something was written", file)
		}
	}
}
