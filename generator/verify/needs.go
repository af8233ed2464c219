package verify

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"skillgen/generator/project"
)

// missing is a tool that an airplane needs and that is not there, or not in the version that is needed.
type missing struct {
	message, hint string
	tool          string // key under needs
}

// kit is what an airplane is flown with.
type kit struct {
	tools   []project.ToolVersion // by name, the browser too
	browser *browser
	missing []missing
}

// gather looks for the tools that an airplane needs, in the environment and the folder in which its commands will run: shims of version managers
// go by these.
func (e *environment) gather(ctx context.Context, needs project.Needs, dir string, env []string) kit {
	var k kit
	for _, name := range slices.Sorted(maps.Keys(needs.Tools)) {
		want := needs.Tools[name].S
		version, why := e.versionOf(ctx, name, dir, env)
		switch {
		case why != "":
			k.missing = append(k.missing, missing{why, fmt.Sprintf("install %s %s", name, want), name})
		case !project.InRange(comparable(version), want):
			message := fmt.Sprintf("%s %s is needed, and %s is here", name, want, version)
			k.missing = append(k.missing, missing{message, fmt.Sprintf("install %s %s, and let PATH find it first", name, want), name})
		default:
			k.tools = append(k.tools, project.ToolVersion{Name: name, Version: version})
		}
	}
	if needs.Browser {
		var why string
		if k.browser, why = e.findBrowser(ctx, dir, env); why != "" {
			k.missing = append(k.missing, missing{why, "install Chromium or Chrome, or name its program in the environment variable CHROMIUM", "browser"})
		} else {
			k.tools = append(k.tools, project.ToolVersion{Name: k.browser.Name, Version: k.browser.Version})
		}
	}
	slices.SortFunc(k.tools, func(a, b project.ToolVersion) int { return cmp.Compare(a.Name, b.Name) })
	return k
}

// versionArguments are those of tools that don't know --version.
var versionArguments = map[string]string{"go": "version", "java": "-version", "javac": "-version"}

// versionPattern is the first thing in a text that looks like a version.
var versionPattern = regexp.MustCompile(`\d+(\.\d+)+`)

// versionOf returns the version of a tool, or why there is none.
func (e *environment) versionOf(ctx context.Context, name, dir string, env []string) (version, why string) {
	path := e.look(name)
	if path == "" {
		return "", name + " is not here"
	}
	argument := cmp.Or(versionArguments[name], "--version")
	out, err := e.run(ctx, dir, env, path, argument)
	if version = versionPattern.FindString(out); version != "" && err == nil {
		return version, ""
	}
	if err != nil {
		return "", fmt.Sprintf("%s does not say its version: `%s %s` failed: %s", name, name, argument, ending(err))
	}
	return "", fmt.Sprintf("%s does not say its version: `%s %s` writes none", name, name, argument)
}

// run runs a tool in an airplane's environment and returns what it writes.
func (e *environment) run(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	ctx, stop := context.WithTimeout(ctx, toolTimeout)
	defer stop()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = dir, env, &out, &errs, drain
	err := cmd.Run()
	return out.String() + "\n" + errs.String(), err
}

// comparable cuts a version to the three numbers that ranges speak of.
func comparable(version string) string {
	parts := strings.Split(version, ".")
	return strings.Join(parts[:min(len(parts), 3)], ".")
}

// look finds a program in PATH; "" where there is none.
func (e *environment) look(name string) string {
	for _, dir := range filepath.SplitList(e.vars["PATH"]) {
		if dir == "" || !filepath.IsAbs(dir) { // a program of the folder that we happen to be in is not meant
			continue
		}
		for _, ext := range e.extensions() {
			path := filepath.Join(dir, name+ext)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
				return path
			}
		}
	}
	return ""
}

func (e *environment) extensions() []string {
	if runtime.GOOS != "windows" {
		return []string{""}
	}
	return strings.Split(strings.ToLower(cmp.Or(e.vars["PATHEXT"], ".com;.exe;.bat;.cmd")), ";")
}

// browserNames are those under which PATH may have a Chromium.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell", "chrome-headless-shell", "msedge", "microsoft-edge"}

// browserPlaces are where installers put one that PATH does not have. Those that begin with a percent sign are below a folder that the environment
// names.
var browserPlaces = map[string][]string{
	"darwin": {
		"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
	},
	"windows": {
		`%PROGRAMFILES%\Google\Chrome\Application\chrome.exe`, `%PROGRAMFILES(X86)%\Google\Chrome\Application\chrome.exe`,
		`%LOCALAPPDATA%\Google\Chrome\Application\chrome.exe`, `%LOCALAPPDATA%\Chromium\Application\chrome.exe`,
		`%PROGRAMFILES(X86)%\Microsoft\Edge\Application\msedge.exe`, `%PROGRAMFILES%\Microsoft\Edge\Application\msedge.exe`,
	},
}

// findBrowser returns a Chromium, or why there is none.
func (e *environment) findBrowser(ctx context.Context, dir string, env []string) (*browser, string) {
	path, why := e.browserPath()
	if path == "" {
		return nil, why
	}
	b := &browser{Path: path}
	if runtime.GOOS == "windows" { // there --version opens a window
		b.Name, b.Version = "chrome", versionBeside(path)
		return b, ""
	}
	out, err := e.run(ctx, dir, env, path, "--version")
	if b.Version = versionPattern.FindString(out); b.Version == "" || err != nil {
		return nil, fmt.Sprintf("the browser %s does not say its version", path)
	}
	b.Name = "chrome"
	for _, name := range []string{"chromium", "edge"} {
		if strings.Contains(strings.ToLower(out), name) {
			b.Name = name
		}
	}
	return b, ""
}

func (e *environment) browserPath() (path, why string) {
	for _, name := range []string{"CHROMIUM", "CHROME"} {
		value := e.vars[name]
		if value == "" {
			continue
		}
		if info, err := os.Stat(value); err != nil || info.IsDir() {
			return "", fmt.Sprintf("%s names %s, and no program is there", name, value)
		}
		return value, ""
	}
	for _, name := range browserNames {
		if path := e.look(name); path != "" {
			return path, ""
		}
	}
	for _, place := range browserPlaces[runtime.GOOS] {
		if name, rest, ok := strings.Cut(strings.TrimPrefix(place, "%"), "%"); ok {
			if e.vars[name] == "" {
				continue
			}
			place = e.vars[name] + rest
		}
		if info, err := os.Stat(place); err == nil && info.Mode().IsRegular() {
			return place, ""
		}
	}
	return "", "no Chromium is here"
}

// versionBeside finds the version of a Chrome on Windows, which has a folder of that name beside it.
func versionBeside(path string) string {
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, entry := range slices.Backward(entries) {
		if versionPattern.FindString(entry.Name()) == entry.Name() {
			return entry.Name()
		}
	}
	return "0.0"
}
