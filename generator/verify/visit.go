package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"skillgen/generator/project"
)

const (
	poll      = 100 * time.Millisecond // between two looks whether the server is up
	oneLook   = 5 * time.Second        // for one of them
	onePage   = 60 * time.Second       // for the browser to end; it is told to give up sooner
	maxAnswer = 16 << 20               // bytes that are read of a page
)

// get asks for a page as a new visitor would, who keeps cookies and follows redirects on the app's own origin and nowhere else. It uses no proxy.
// It returns the status of the last answer.
func get(ctx context.Context, address string, timeout time.Duration) (int, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return 0, err
	}
	client := &http.Client{
		Jar: jar, Timeout: timeout, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) >= 10 || r.URL.Host != via[0].URL.Host {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("User-Agent", "skillgen-verify")
	r.Header.Set("Accept", "text/html,application/json;q=0.9,*/*;q=0.8")
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	return answer.StatusCode, err
}

// ready waits until the server answers, with any status but one that says it is not ready (5xx).
func (f *flight) ready(ctx context.Context) *failure {
	if f.server == nil {
		return nil
	}
	f.send(message{Step: Ready})
	address := f.fill(f.job.Ready)
	last := ""
	for {
		status, err := get(ctx, address, oneLook)
		switch {
		case err == nil && status < 500:
			return nil
		case err == nil:
			last = fmt.Sprintf("it answered %d", status)
		case ctx.Err() == nil:
			last = reason(err)
		}
		select {
		case <-ctx.Done():
			return f.notReady(ctx, address, last)
		case <-time.After(poll):
		}
	}
}

// reason is what went wrong, without the address that the message names anyway.
func reason(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

func (f *flight) notReady(ctx context.Context, address, last string) *failure {
	if errors.Is(context.Cause(ctx), errServerEnded) {
		return &failure{Step: Start, Message: f.serverEnded() + " before it answered at " + address}
	}
	why := f.cut(ctx, Ready, "waiting for the server")
	if !errors.Is(context.Cause(ctx), errTimeout) {
		return why
	}
	why.Message = fmt.Sprintf("the server did not answer at %s in time: the flight may take %s", address, inSeconds(f.job.Limit))
	if last != "" {
		why.Message += " (" + last + ")"
	}
	why.Hint = fmt.Sprintf("does the app read PORT? It was set to %d", f.port)
	if own := f.declared(project.PlacePort); own != "" && own != strconv.Itoa(f.port) {
		why.Hint = fmt.Sprintf("`env` sets PORT to %s, and $PORT is %d: that is where the server is looked for", own, f.port)
	} else if port := f.otherPort(); port != 0 {
		why.Hint += fmt.Sprintf(", and its output names %d", port)
	}
	return why
}

// declared returns the value that env gives a variable; "" where it gives none.
func (f *flight) declared(name string) string {
	for _, p := range f.job.Declared {
		if p.Name == name {
			return f.fill(p.Value)
		}
	}
	return ""
}

// named finds the ports of this machine that a server says it listens on.
var named = regexp.MustCompile(`(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|[Pp]ort):? ?(\d{2,5})\b`)

// otherPort returns the port that the server names in its output, if it is not the one it was given; 0 where it names none.
func (f *flight) otherPort() int {
	for _, m := range named.FindAllStringSubmatch(f.server.out.text(), -1) {
		if port, _ := strconv.Atoi(m[1]); port != 0 && port != f.port && port < 1<<16 {
			return port
		}
	}
	return 0
}

// visit looks at each page, one after the other. Each is visited by somebody new: a way through several pages is what run is for.
func (f *flight) visit(ctx context.Context) *failure {
	if f.server == nil || len(f.job.Visit) == 0 {
		return nil
	}
	f.send(message{Step: Visit})
	origin, err := url.Parse(f.fill(f.job.Ready))
	if err != nil {
		return &failure{Step: Visit, Message: err.Error()}
	}
	for _, path := range f.job.Visit {
		path = f.fill(path)
		address := origin.Scheme + "://" + origin.Host + path
		look := f.look
		if f.job.Browser != nil {
			look = f.browse
		}
		if why := look(ctx, path, address); why != nil {
			return why
		}
	}
	return nil
}

// look visits a page by plain HTTP. Whatever status it answers, it was visited: airplanes show errors, too.
func (f *flight) look(ctx context.Context, path, address string) *failure {
	status, err := get(ctx, address, 0)
	if err != nil {
		f.settle(ctx)
		if why := f.cut(ctx, Visit, path); why != nil {
			return why
		}
		return &failure{Step: Visit, Message: fmt.Sprintf("%s can't be visited: %s", path, reason(err))}
	}
	f.report.Visits = append(f.report.Visits, fmt.Sprintf("GET %s: %d", path, status))
	return nil
}

// browser is a headless Chromium.
type browser struct {
	Path    string // of the program
	Name    string // "chromium"
	Version string // "156.0.8078.79"
	Profile string // folder for its own files; each page gets one that is new
}

// args are the arguments that make Chromium visit one page: without a window, without a word to its maker, and as a visitor whom analytics SDKs
// take for one (they drop what headless browsers and automated ones send).
func (b *browser) args(profile, address string) []string {
	major, _, _ := strings.Cut(b.Version, ".")
	return []string{
		b.Path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--no-default-browser-check",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync",
		"--disable-breakpad", "--metrics-recording-only", "--mute-audio", "--no-proxy-server", "--window-size=1280,900",
		"--disable-blink-features=AutomationControlled",
		"--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + major + ".0.0.0 Safari/537.36",
		"--user-data-dir=" + profile, "--enable-logging=stderr",
		"--virtual-time-budget=20000", "--timeout=15000", "--dump-dom", address,
	}
}

// browse visits a page with the browser, which runs its scripts.
func (f *flight) browse(ctx context.Context, path, address string) *failure {
	// A profile of its own for each page: the browser's clock runs ahead while it waits (virtual time), and what an SDK has stored would come from
	// the future.
	profile := filepath.Join(f.job.Browser.Profile, strconv.Itoa(len(f.done)))
	if err := os.MkdirAll(profile, 0o700); err != nil {
		return &failure{Step: Visit, Message: "making the browser's folder: " + err.Error()}
	}
	args := f.job.Browser.args(profile, address)
	cmd := exec.Command(args[0], args[1:]...)
	var dom tail
	cmd.Stdout, cmd.Env = &dom, withShortTemp(f.env)
	p, err := f.launch(Visit, filepath.Base(args[0])+" "+path, cmd, drain)
	if err != nil {
		return &failure{Step: Visit, Message: err.Error()}
	}
	page, stop := context.WithTimeoutCause(ctx, onePage, errPage)
	defer stop()
	err = p.wait(page)
	switch {
	case err == nil:
		f.report.Visits = append(f.report.Visits, fmt.Sprintf("%s: %d bytes of page", path, len(dom.text())))
		return nil
	case errors.Is(err, errPage):
		return &failure{Step: Visit, Message: fmt.Sprintf("the browser did not end within %s of visiting %s", inSeconds(onePage), path)}
	}
	f.settle(ctx)
	if why := f.cut(ctx, Visit, path); why != nil {
		return why
	}
	return &failure{Step: Visit, Message: fmt.Sprintf("the browser failed at %s: %s", path, ending(err)), Hint: strings.Join(lastLines(p.out.text(), 1), "")}
}

// maxTemp is how long the path of the folder for temporary files may be: the browser makes a socket there, and paths of sockets are short
// (unix(7), sun_path: 108 bytes; 104 on macOS).
const maxTemp = 55

// withShortTemp lets the browser use /tmp where the folder for temporary files has too long a path.
func withShortTemp(env []string) []string {
	i := slices.IndexFunc(env, func(entry string) bool { return strings.HasPrefix(entry, "TMPDIR=") })
	if i < 0 || len(env[i]) <= len("TMPDIR=")+maxTemp || runtime.GOOS == "windows" {
		return env
	}
	env = slices.Clone(env)
	env[i] = "TMPDIR=/tmp"
	return env
}

// console returns the lines that a page wrote to the browser's console, without what the browser says of itself.
func console(log string) string {
	var lines strings.Builder
	for line := range strings.Lines(log) {
		if _, said, ok := strings.Cut(line, ":CONSOLE"); ok && !strings.Contains(said, "source: chrome://") {
			lines.WriteString("console" + said)
		}
	}
	return lines.String()
}

var errPage = errors.New("the page takes too long")
