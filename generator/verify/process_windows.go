package verify

import (
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// shellCommand runs a line as cmd.exe does.
func shellCommand(line string) *exec.Cmd {
	cmd := exec.Command("cmd.exe")
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd.exe /D /S /C "` + line + `"`}
	return cmd
}

// ownGroup puts the process into a process group of its own, which can be asked to end, and which no Ctrl-C at the terminal reaches.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.CreationFlags |= windows.CREATE_NEW_PROCESS_GROUP
}

// killGroup ends the process; what it started ends with the job object of this process.
func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() } //nolint:errcheck // it has ended

// askToEnd sends Ctrl-Break, which is what there is in the place of SIGTERM.
func askToEnd(cmd *exec.Cmd) {
	windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(cmd.Process.Pid)) //nolint:errcheck // a process without console is ended later
}

const seesDescendants = true // all are in the job object

// killDescendants has nothing to do: they end with the job object.
func killDescendants() {}

// takeCharge puts this process into a job object that ends everything in it when this process ends. All that it starts is in it too.
func takeCharge() error {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return err
	}
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		return err
	}
	return windows.AssignProcessToJobObject(job, windows.CurrentProcess()) // the handle stays open until this process ends
}
