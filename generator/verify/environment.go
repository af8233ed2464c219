package verify

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// An airplane does not get the environment of whoever runs skillgen, which may hold anything. It gets what is listed here.
var (
	// plainNames pass as they are: where programs are, the language, and what Windows can't do without.
	plainNames = []string{"PATH", "LANG", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "WINDIR", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"}

	// certificateNames say whom to trust.
	certificateNames = []string{"NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PIP_CERT"}

	// networkNames say how to reach registries. They are URLs or lists of such, and pass without user names and passwords, only to an install.
	networkNames = []string{
		"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
		"npm_config_registry", "npm_config_https_proxy", "npm_config_proxy", "npm_config_noproxy",
		"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "BUNDLE_MIRROR__ALL",
	}

	// managers find the versions of languages below the home folder, which is another one here. PATH leads to their shims.
	managers = []struct{ name, folder string }{
		{"PYENV_ROOT", ".pyenv"}, {"RBENV_ROOT", ".rbenv"}, {"NODENV_ROOT", ".nodenv"}, {"GOENV_ROOT", ".goenv"}, {"PHPENV_ROOT", ".phpenv"},
		{"VOLTA_HOME", ".volta"}, {"NVM_DIR", ".nvm"}, {"ASDF_DATA_DIR", ".asdf"}, {"MISE_DATA_DIR", ".local/share/mise"},
		{"RUSTUP_HOME", ".rustup"}, {"JAVA_HOME", ""}, {"DOTNET_ROOT", ""}, {"GOROOT", ""},
	}
)

// environment builds environments from that of skillgen itself.
type environment struct {
	vars     map[string]string
	settings settings
}

func newEnvironment(environ []string) *environment {
	e := &environment{vars: map[string]string{}}
	for _, entry := range environ {
		name, value, ok := strings.Cut(entry, "=")
		if !ok || name == "" {
			continue
		}
		if runtime.GOOS == "windows" {
			name = strings.ToUpper(name)
		}
		e.vars[name] = value
	}
	return e
}

// of returns the environment of an airplane's commands, sorted; with network, what an install needs too.
func (e *environment) of(s *scratch, network bool) []string {
	env := map[string]string{"LANG": "C.UTF-8", "CI": "1"}
	for _, name := range slices.Concat(plainNames, certificateNames) {
		if value, ok := e.vars[name]; ok {
			env[name] = value
		}
	}
	for _, m := range managers {
		if folder := e.manager(m.name, m.folder); folder != "" {
			env[m.name] = folder
		}
	}
	if network {
		for _, name := range networkNames {
			if value := withoutUser(e.vars[name]); value != "" {
				env[name] = value
			}
		}
	}
	e.settings.apply(env, s, network)
	for name, value := range map[string]string{"HOME": s.home, "TMPDIR": s.tmp} {
		env[name] = value
	}
	if runtime.GOOS == "windows" {
		for name, value := range map[string]string{"USERPROFILE": s.home, "APPDATA": s.home, "LOCALAPPDATA": s.home, "TEMP": s.tmp, "TMP": s.tmp} {
			env[name] = value
		}
	}
	return sorted(env)
}

func sorted(env map[string]string) []string {
	list := make([]string, 0, len(env))
	for name, value := range env {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return list
}

// manager returns the folder of a version manager, "" where there is none.
func (e *environment) manager(name, folder string) string {
	if value := e.vars[name]; value != "" || folder == "" || e.vars["HOME"] == "" {
		return value
	}
	path := filepath.Join(e.vars["HOME"], filepath.FromSlash(folder))
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return ""
	}
	return path
}

// withoutUser takes user names and passwords out of a URL, or a list of such between blanks, commas or bars. Of what looks like a URL and can't be
// read nothing is left.
func withoutUser(list string) string {
	const separators = " ,|"
	var b strings.Builder
	for list != "" {
		n := strings.IndexAny(list, separators)
		if n < 0 {
			n = len(list)
		}
		b.WriteString(bare(list[:n]))
		if list = list[n:]; list != "" {
			b.WriteByte(list[0])
			list = list[1:]
		}
	}
	return strings.Trim(b.String(), separators)
}

func bare(address string) string {
	if !strings.Contains(address, "@") {
		return address
	}
	u, err := url.Parse(address)
	if (err != nil || u.Host == "") && !strings.Contains(address, "://") { // a proxy may be written without it
		u, err = url.Parse("http://" + address)
	}
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}
