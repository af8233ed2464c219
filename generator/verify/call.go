package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// patience is how much longer than its job the second process may take before it is ended by force.
const patience = 30 * time.Second

// call has a job done by a second process, and waits for it. When ctx ends, that process ends everything and then itself.
func call(ctx context.Context, j job, step func(Step)) (*report, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("writing down the job: %w", err)
	}
	type result struct {
		report *report
		err    error
	}
	done := make(chan result, 1)
	go func() {
		// The kernel ends the second process with the thread that started it, so that thread must stay.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		r, err := converse(ctx, text, j, step)
		done <- result{r, err}
	}()
	r := <-done
	return r.report, r.err
}

// converse starts the second process, gives it the job and hears it out.
func converse(ctx context.Context, text []byte, j job, step func(Step)) (*report, error) {
	self, err := executable()
	if err != nil {
		return nil, fmt.Errorf("finding skillgen itself: %w", err)
	}
	cmd := exec.Command(self, HelperArg)
	cmd.Args[0] = os.Args[0]
	ownGroup(cmd)
	if j.Isolated {
		isolate(cmd, j.Kind == installJob)
	}
	var errs tail
	cmd.Stderr, cmd.WaitDelay = &errs, drain
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting skillgen a second time: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting skillgen a second time: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting skillgen a second time: %w", err)
	}
	ended := make(chan struct{})
	defer close(ended)
	go guard(ctx, cmd, in.Close, j.Budget+patience, ended)
	in.Write(text) //nolint:errcheck // if it does not read, it does not answer either

	var r *report
	dec := json.NewDecoder(out)
	for r == nil {
		var m message
		if err := dec.Decode(&m); err != nil {
			break
		}
		if r = m.Report; m.Step != "" && step != nil {
			step(m.Step)
		}
	}
	in.Close() //nolint:errcheck // it may be closed
	err = cmd.Wait()
	if r == nil {
		return nil, noAnswer(err, errs.text())
	}
	return r, nil
}

// guard ends a second process: in peace when ctx ends, by force when it takes too long.
func guard(ctx context.Context, cmd *exec.Cmd, hangUp func() error, limit time.Duration, ended chan struct{}) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-ended:
		return
	case <-timer.C:
	case <-ctx.Done():
		hangUp() //nolint:errcheck // it may be closed
		timer.Reset(patience)
		select {
		case <-ended:
			return
		case <-timer.C:
		}
	}
	killGroup(cmd)
}

// noAnswer says why there is no report.
func noAnswer(err error, output string) error {
	if err == nil {
		err = errors.New("it ended without an answer")
	}
	if lines := lastLines(output, 1); len(lines) > 0 {
		return fmt.Errorf("the process that flies it: %w (%s)", err, strings.TrimSpace(lines[0]))
	}
	return fmt.Errorf("the process that flies it: %w", err)
}

// executable is the path of this program, also if its file was replaced meanwhile.
func executable() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}
