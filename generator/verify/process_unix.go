//go:build unix

package verify

import (
	"os/exec"
	"syscall"
)

// shellCommand runs a line as sh does.
func shellCommand(line string) *exec.Cmd { return exec.Command("/bin/sh", "-c", line) }

// ownGroup puts the process into a process group of its own, which can be ended as a whole, and which no Ctrl-C at the terminal reaches.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the process and its group.
func killGroup(cmd *exec.Cmd) { signalGroup(cmd, syscall.SIGKILL) }

// askToEnd sends what platforms send before they end an app: SIGTERM.
func askToEnd(cmd *exec.Cmd) { signalGroup(cmd, syscall.SIGTERM) }

func signalGroup(cmd *exec.Cmd, s syscall.Signal) {
	syscall.Kill(-cmd.Process.Pid, s) //nolint:errcheck // nobody is left in it
}
