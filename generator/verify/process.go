package verify

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

// drain is how long output is still read after a command has ended: a process that it left behind may hold the pipe open for ever. farewell is
// the same for a server, whose shell may end before the server itself has said goodbye: platforms give ten seconds.
const (
	drain    = 2 * time.Second
	farewell = 10 * time.Second
)

// crew is every process that a flight starts, so that all of them can be ended.
type crew struct {
	mu      sync.Mutex
	members []*process
	closed  bool
}

// process is a program that was started, in a process group of its own.
type process struct {
	what string // the command, for people
	cmd  *exec.Cmd
	out  tail
	done chan struct{} // closed when it has ended, and whoever wrote to its streams; then err is set
	err  error         // why it did not end well
}

var errCrewClosed = errors.New("the flight is over")

// start starts a command, whose folder and environment are set. What it writes is kept in out, but for a standard output that goes elsewhere.
func (c *crew) start(what string, cmd *exec.Cmd, drain time.Duration) (*process, error) {
	p := &process{what: what, cmd: cmd, done: make(chan struct{})}
	cmd.WaitDelay = drain
	cmd.Stderr = &p.out
	if cmd.Stdout == nil {
		cmd.Stdout = &p.out
	}
	ownGroup(cmd)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errCrewClosed
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", what, err)
	}
	c.members = append(c.members, p)
	go func() {
		p.err = cmd.Wait()
		if errors.Is(p.err, exec.ErrWaitDelay) { // it ended well; something that it started goes on
			p.err = nil
		}
		close(p.done)
	}()
	return p, nil
}

// wait waits until the process has ended, or ctx has; then it is ended, and all of its group.
func (p *process) wait(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		killGroup(p.cmd)
		<-p.done // soon: the pipe is let go after drain
		return context.Cause(ctx)
	}
}

// ended reports whether the process has ended.
func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// stop asks the process to end, and reports whether it has within the time.
func (p *process) stop(ctx context.Context, wait time.Duration) bool {
	askToEnd(p.cmd)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-p.done:
		return true
	case <-ctx.Done():
	case <-timer.C:
	}
	return false
}

// end ends every process, and whatever these have started, as far as the system tells. No other is started from now on.
func (c *crew) end() {
	c.mu.Lock()
	c.closed = true
	members := c.members
	c.mu.Unlock()
	for _, p := range members {
		if !p.ended() || !seesDescendants { // the number of a group that is gone may be another's
			killGroup(p.cmd)
		}
	}
	killDescendants()
	for _, p := range members {
		select {
		case <-p.done:
		case <-time.After(2 * drain): // it can't be ended: uninterruptible, or another user's
		}
	}
	killDescendants() // what was started between the two looks
}
