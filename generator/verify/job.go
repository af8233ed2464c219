package verify

import (
	"time"
)

// A flight is done by a second process, which is this program again, called with HelperArg. It reads one job from its standard input as JSON,
// writes one message a line to its standard output, and ends everything that it started before it ends itself: at the end of the job, or as
// soon as its standard input is closed. So nothing survives, even if the first process is killed.

// HelperArg is the first argument with which skillgen calls itself; see Helper.
const HelperArg = "__fly"

// job is what the second process does.
type job struct {
	Kind     jobKind
	Isolated bool          // it runs in namespaces of its own
	Dir      string        // where commands run
	Env      []string      // of the commands: NAME=value
	Declared []pair        // verify.env, with places to fill in
	Budget   time.Duration // for all of it: what is left of Limit
	Limit    time.Duration // for the whole flight, as messages name it
	Grace    time.Duration // for what is expected and has not arrived after the last step

	Command string // of an install

	Build, Start, Ready, Run string
	Visit                    []string
	Browser                  *browser // nil: plain HTTP
	Expect                   []expectation
}

type jobKind string

const (
	probeJob   jobKind = "probe"   // does isolation work here?
	installJob jobKind = "install" // with the network
	flyJob     jobKind = "fly"
)

// pair is a name and its value.
type pair struct{ Name, Value string }

// message is a line that the second process writes.
type message struct {
	Step   Step    `json:"step,omitempty"`   // which now begins
	Report *report `json:"report,omitempty"` // the last message
}

// Step is a part of a flight.
type Step string

// The steps in their order. Expect is the time after the last one, in which what is expected may still arrive.
const (
	Install Step = "install"
	Build   Step = "build"
	Start   Step = "start"
	Ready   Step = "ready"
	Visit   Step = "visit"
	Run     Step = "run"
	Expect  Step = "expect"
)

// report is what became of a job.
type report struct {
	Failure  *failure `json:"failure,omitempty"`
	Unmet    []int    `json:"unmet,omitempty"` // positions of what did not arrive
	Events   []Seen   `json:"events,omitempty"`
	Requests []Seen   `json:"requests,omitempty"`
	Visits   []string `json:"visits,omitempty"` // what each page answered
	Notes    []string `json:"notes,omitempty"`  // worth knowing, and no failure
	Outputs  []Output `json:"outputs,omitempty"`
	Capture  string   `json:"capture,omitempty"` // URL of the capture server
	Machine  string   `json:"machine,omitempty"` // what is wrong with this machine: the job could not be done
}

// failure says what went wrong in which step.
type failure struct {
	Step    Step   `json:"step"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Output is the end of what a command wrote.
type Output struct {
	Step    Step   `json:"step"`
	Command string `json:"command"`
	Text    string `json:"text"` // the last 64 KiB
}

// Lines returns the last lines of the output, n at most.
func (o Output) Lines(n int) []string { return lastLines(o.Text, n) }
