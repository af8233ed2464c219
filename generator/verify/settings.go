package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// settings are those of package managers that lie in files below the home folder, which an airplane does not see: where packages come from, and
// where they were put when they came before. Packages are checked by the airplane's own lock file, wherever they come from.
type settings struct {
	npm map[string]string // registry, cafile, cache
	goo map[string]string // names as in `go env`
}

// toolTimeout is how long a program may take to say something about itself.
const toolTimeout = 30 * time.Second

// readSettings asks npm and Go. What is not there has no settings. dir is the project's folder, whose own settings count.
func (e *environment) readSettings(ctx context.Context, dir string, npm, goo bool) {
	if npm {
		e.settings.npm = map[string]string{}
		for line := range strings.Lines(e.ask(ctx, dir, "npm", "config", "get", "registry", "cafile", "cache")) {
			key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
			if ok && value != "" && value != "null" && value != "undefined" {
				e.settings.npm[key] = value
			}
		}
	}
	if goo {
		names := []string{"GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOTOOLCHAIN", "GOCACHE", "GOMODCACHE"}
		text := e.ask(ctx, dir, "go", append([]string{"env", "-json"}, names...)...)
		json.Unmarshal([]byte(text), &e.settings.goo) //nolint:errcheck // then there are no settings
	}
}

// ask runs one of the user's own programs in the user's own environment.
func (e *environment) ask(ctx context.Context, dir, name string, args ...string) string {
	path := e.look(name)
	if path == "" {
		return ""
	}
	ctx, stop := context.WithTimeout(ctx, toolTimeout)
	defer stop()
	cmd := exec.CommandContext(ctx, path, args...)
	var out bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.WaitDelay = dir, sorted(e.vars), &out, drain
	if cmd.Run() != nil {
		return ""
	}
	return out.String()
}

// apply adds the settings to an environment. Only an install may ask for packages.
func (s settings) apply(env map[string]string, sc *scratch, network bool) {
	set := func(name, value string) {
		if value != "" {
			env[name] = value
		}
	}
	if s.npm != nil {
		set("npm_config_cafile", s.npm["cafile"])
		set("npm_config_cache", s.npm["cache"])
		env["npm_config_update_notifier"], env["npm_config_fund"], env["npm_config_audit"] = "false", "false", "false"
		if network {
			set("npm_config_registry", withoutUser(s.npm["registry"]))
		} else {
			env["npm_config_offline"] = "true"
		}
	}
	if s.goo == nil {
		return
	}
	for _, name := range []string{"GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOTOOLCHAIN", "GOCACHE"} {
		set(name, withoutUser(s.goo[name]))
	}
	// Modules go to a cache of the flight's own, or a build would find what no install has brought.
	env["GOPATH"] = filepath.Join(sc.home, "go")
	env["GOFLAGS"] = "-modcacherw"
	env["GOPROXY"] = "off"
	if network {
		env["GOPROXY"] = joined(localProxy(s.goo["GOMODCACHE"]), withoutUser(s.goo["GOPROXY"]))
	}
}

// localProxy returns what the user's own cache of modules is as a proxy (go.dev/ref/mod, "Module cache"), "" where there is none.
func localProxy(cache string) string {
	dir := filepath.Join(cache, "cache", "download")
	if info, err := os.Stat(dir); cache == "" || err != nil || !info.IsDir() {
		return ""
	}
	return "file://" + strings.TrimSuffix("/"+strings.TrimPrefix(filepath.ToSlash(dir), "/"), "/")
}

func joined(first, rest string) string {
	if first == "" || rest == "" || rest == "off" {
		return first + rest
	}
	return first + "," + rest
}
