package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Helper does the job that stands on in, and writes to out what becomes of it. It returns the exit code of the process, which must end then.
// It is for the process that skillgen starts with HelperArg, and for nobody else.
func Helper(in io.Reader, out io.Writer) int {
	h := &helper{out: json.NewEncoder(out)}
	var j job
	dec := json.NewDecoder(in)
	if err := dec.Decode(&j); err != nil {
		fmt.Fprintln(os.Stderr, "this command is called by skillgen itself:", err)
		return 2
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() { // whoever waits for us is gone, or wants no more
		io.Copy(io.Discard, io.MultiReader(dec.Buffered(), in)) //nolint:errcheck // the end is the message
		cancel(errInterrupted)
	}()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel(errInterrupted)
	}()
	timed, stop := context.WithTimeoutCause(ctx, j.Budget, errTimeout)
	defer stop()
	r := finish(timed, afterwards, func() *report { return h.do(timed, &j) })
	h.crew.end()
	h.send(message{Report: r})
	return 0
}

var (
	errInterrupted = errors.New("interrupted")
	errTimeout     = errors.New("the time is up")
	errServerEnded = errors.New("the server ended")
)

// afterwards is how long a job may take to come to its end once its time is up.
const afterwards = 10 * time.Second

// finish does what has to be done, and does not wait for it longer than ctx and then the time: where a command can't be ended, everything else is
// ended all the same.
func finish(ctx context.Context, wait time.Duration, do func() *report) *report {
	done := make(chan *report, 1)
	go func() { done <- do() }()
	select {
	case r := <-done:
		return r
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r
	case <-time.After(wait):
		return &report{Machine: "a command can't be ended"}
	}
}

// helper does one job.
type helper struct {
	crew crew
	mu   sync.Mutex // of out
	out  *json.Encoder
}

func (h *helper) send(m message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.out.Encode(m) //nolint:errcheck // nobody listens: that is noticed by the end of the input
}

func (h *helper) do(ctx context.Context, j *job) *report {
	if err := takeCharge(); err != nil {
		return &report{Machine: "taking charge of the processes to come: " + err.Error()}
	}
	if j.Isolated && j.Kind != installJob {
		if err := raiseLoopback(); err != nil {
			return &report{Machine: err.Error()}
		}
	}
	switch j.Kind {
	case probeJob:
		return probe()
	case installJob:
		return h.install(ctx, j)
	}
	return h.fly(ctx, j)
}

// probe tries what a flight needs: a server on the loopback interface that can be reached.
func probe() *report {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return &report{Machine: "listening on 127.0.0.1: " + err.Error()}
	}
	defer l.Close()
	c, err := net.DialTimeout("tcp", l.Addr().String(), 2*time.Second)
	if err != nil {
		return &report{Machine: "reaching 127.0.0.1: " + err.Error()}
	}
	c.Close() //nolint:errcheck // it was there
	return &report{}
}
