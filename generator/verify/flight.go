package verify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"skillgen/generator/project"
)

// flight is one airplane in the air.
type flight struct {
	*helper
	job     *job
	capture *capture
	port    int
	values  map[string]string // what is filled in
	env     []string
	server  *process // nil before it is started
	report  report
	done    []*process // of each step, for their output
	steps   []Step
}

// install runs the one command that may use the network.
func (h *helper) install(ctx context.Context, j *job) *report {
	f := &flight{helper: h, job: j, env: j.Env}
	for _, p := range j.Declared { // what only a flight knows is not known yet
		if value := project.Fill(p.Value, nil); !isOpen(p.Value) {
			f.env = append(f.env, p.Name+"="+value)
		}
	}
	f.report.Failure = f.command(ctx, Install, j.Command)
	return f.close()
}

// isOpen reports whether a value holds a place that is not filled in.
func isOpen(value string) bool {
	return project.Fill(value, map[string]string{project.PlacePort: "1", project.PlaceCapture: "1"}) != project.Fill(value, nil)
}

// fly takes an airplane through all its steps.
func (h *helper) fly(ctx context.Context, j *job) *report {
	f := &flight{helper: h, job: j}
	if err := f.prepare(); err != nil {
		return &report{Machine: err.Error()}
	}
	defer f.capture.close()
	whole := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, step := range []func(context.Context) *failure{
		func(ctx context.Context) *failure { return f.command(ctx, Build, j.Build) },
		func(ctx context.Context) *failure { return f.start(ctx, cancel) },
		f.ready,
		f.visit,
		func(ctx context.Context) *failure { return f.command(ctx, Run, j.Run) },
		func(ctx context.Context) *failure { return f.expect(ctx, whole) },
	} {
		if f.report.Failure = step(ctx); f.report.Failure != nil {
			break
		}
	}
	return f.close()
}

// prepare starts the capture server, finds a free port, and fills in what was open until now.
func (f *flight) prepare() error {
	port, err := freePort()
	if err != nil {
		return err
	}
	f.port = port
	f.values = map[string]string{project.PlacePort: strconv.Itoa(port)}
	var expect []expectation
	for _, e := range f.job.Expect {
		expect = append(expect, expectation{f.fill(e.Event), e.Method, f.fill(e.Path), f.fill(e.Contains)})
	}
	if f.capture, err = newCapture(expect); err != nil {
		return err
	}
	f.values[project.PlaceCapture], f.report.Capture = f.capture.url, f.capture.url
	f.env = append(f.job.Env, project.PlacePort+"="+f.values[project.PlacePort], project.PlaceCapture+"="+f.capture.url)
	for _, p := range f.job.Declared {
		f.env = append(f.env, p.Name+"="+f.fill(p.Value))
	}
	return nil
}

func (f *flight) fill(s string) string { return project.Fill(s, f.values) }

// freePort returns a port that was free a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// close collects what is to be told.
func (f *flight) close() *report {
	if f.capture != nil {
		f.report.Events, f.report.Requests = f.capture.arrived()
	}
	if f.report.Failure != nil || len(f.report.Unmet) > 0 {
		for i, p := range f.done {
			if f.steps[i] == Build && (f.report.Failure == nil || f.report.Failure.Step != Build) {
				continue // it went well
			}
			text := p.out.text()
			if f.steps[i] == Visit && (f.report.Failure == nil || f.report.Failure.Step != Visit) {
				text = console(text) // the browser itself is not what went wrong
			}
			if strings.TrimSpace(text) != "" {
				f.report.Outputs = append(f.report.Outputs, Output{f.steps[i], p.what, text})
			}
		}
	}
	return &f.report
}

// shell starts a command of the airplane.
func (f *flight) shell(step Step, line string, drain time.Duration) (*process, error) {
	cmd := shellCommand(line)
	return f.launch(step, line, cmd, drain)
}

func (f *flight) launch(step Step, what string, cmd *exec.Cmd, drain time.Duration) (*process, error) {
	cmd.Dir = f.job.Dir
	if cmd.Env == nil {
		cmd.Env = f.env
	}
	p, err := f.crew.start(what, cmd, drain)
	if err == nil {
		f.done, f.steps = append(f.done, p), append(f.steps, step)
	}
	return p, err
}

// command runs a command to its end.
func (f *flight) command(ctx context.Context, step Step, line string) *failure {
	if line == "" {
		return nil
	}
	f.send(message{Step: step})
	p, err := f.shell(step, line, drain)
	if err != nil {
		return &failure{Step: step, Message: err.Error()}
	}
	if err = p.wait(ctx); err == nil {
		return nil
	}
	f.settle(ctx)
	if why := f.cut(ctx, step, "`"+line+"`"); why != nil {
		return why
	}
	return &failure{Step: step, Message: fmt.Sprintf("`%s` failed: %s", line, ending(err)), Hint: hintOf(step, err, p.out.text())}
}

// settle gives a server that is going down the time to be seen as the cause of what failed.
func (f *flight) settle(ctx context.Context) {
	if f.server == nil {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(300 * time.Millisecond):
	}
}

// cut says why a step was cut short; nil where it was not.
func (f *flight) cut(ctx context.Context, step Step, what string) *failure {
	switch cause := context.Cause(ctx); {
	case cause == nil:
		return nil
	case errors.Is(cause, errServerEnded):
		return &failure{Step: step, Message: f.serverEnded() + " while " + what + " was under way"}
	case errors.Is(cause, errTimeout):
		return &failure{Step: step, Message: fmt.Sprintf("%s did not end in time: the flight may take %s", what, inSeconds(f.job.Limit))}
	default:
		return &failure{Step: step, Message: cause.Error()}
	}
}

func inSeconds(d time.Duration) string { return fmt.Sprintf("%g s", d.Seconds()) }

// ending says how a command ended.
func ending(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.Error() // "exit status 1", "signal: killed"
	}
	return err.Error()
}

// hintOf says what to do about a command that failed, where its output shows a cause that is easily missed.
func hintOf(step Step, err error, output string) string {
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == 127:
		return "a program is not there; listed under `needs`, a machine without it says \"not flown\""
	case step != Install && seeksNetwork(output):
		return "`install` is the only step with a network: what others need must be there by then"
	}
	return ""
}

// offline are what programs say when there is no network, in lower case.
var offline = []string{
	"enotfound", "eai_again", "enetunreach", "enotcached", "cache mode is 'only-if-cached'", "network is unreachable", "could not resolve host",
	"temporary failure in name resolution", "no such host", "module lookup disabled by goproxy=off", "name or service not known",
	"fetch failed", "getaddrinfo", "lookup disabled",
}

func seeksNetwork(output string) bool {
	output = strings.ToLower(output)
	for _, words := range offline {
		if strings.Contains(output, words) {
			return true
		}
	}
	return false
}

// start starts the server. When it ends before it is told to, cancel cuts short whatever is under way.
func (f *flight) start(_ context.Context, cancel context.CancelCauseFunc) *failure {
	if f.job.Start == "" {
		return nil
	}
	f.send(message{Step: Start})
	p, err := f.shell(Start, f.job.Start, farewell+drain) // longer than it is waited for when it is to stop
	if err != nil {
		return &failure{Step: Start, Message: err.Error()}
	}
	f.server = p
	go func() {
		<-p.done
		cancel(errServerEnded)
	}()
	return nil
}

// serverEnded says how the server ended.
func (f *flight) serverEnded() string {
	how := "without an error"
	if f.server.err != nil {
		how = ending(f.server.err)
	}
	return fmt.Sprintf("the server (`%s`) ended, %s,", f.job.Start, how)
}

// expect waits for what has not arrived yet: SDKs send in batches. Then it stops the server as platforms do, which has to send what it still
// holds. ctx ends with the server, whole does not.
func (f *flight) expect(ctx, whole context.Context) *failure {
	f.send(message{Step: Expect})
	grace := time.NewTimer(f.job.Grace)
	defer grace.Stop()
	select {
	case <-f.capture.done:
	case <-grace.C:
	case <-ctx.Done():
	}
	if why := f.cut(ctx, Expect, "waiting for what is expected"); why != nil {
		return why
	}
	if f.server != nil && !f.server.stop(whole, farewell) {
		f.report.Notes = append(f.report.Notes, fmt.Sprintf("the server did not end within %s of being asked to (SIGTERM)", inSeconds(farewell)))
	}
	if why := f.cut(whole, Expect, "stopping the server"); why != nil {
		return why
	}
	f.capture.close()
	f.report.Unmet = f.capture.unmet()
	return nil
}
