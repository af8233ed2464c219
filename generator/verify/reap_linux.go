package verify

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// seesDescendants: the process table says who started whom.
const seesDescendants = true

// takeCharge makes this process the parent of whatever its children leave behind, so that it stays in its line of descent.
func takeCharge() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// killDescendants ends all processes that descend from this one. In a process namespace of its own that is the kernel's work, and the process
// table that is seen there is that of another one.
func killDescendants() {
	if os.Getpid() == 1 {
		return
	}
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); {
		alive := descendants(os.Getpid())
		if len(alive) == 0 {
			return
		}
		for _, pid := range alive {
			syscall.Kill(pid, syscall.SIGKILL) //nolint:errcheck // it ended meanwhile, or is another user's
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// descendants lists the processes below one that are no zombies.
func descendants(of int) []int {
	children := map[int][]int{}
	ended := map[int]bool{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if parent, state, ok := readStat(pid); ok {
			children[parent] = append(children[parent], pid)
			ended[pid] = state == "Z" || state == "X"
		}
	}
	var all []int
	for todo := []int{of}; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = append(todo[:len(todo)-1], children[next]...)
		if next != of && !ended[next] {
			all = append(all, next)
		}
	}
	return all
}

// readStat reads the parent and the state of a process (proc_pid_stat(5)). The name of the program stands before them in parentheses, and may
// hold anything.
func readStat(pid int) (parent int, state string, ok bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, "", false
	}
	f := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	if len(f) < 2 {
		return 0, "", false
	}
	parent, err = strconv.Atoi(f[1])
	return parent, f[0], err == nil
}
