package verify

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// canIsolate reports whether this system has what isolate needs; whether it is allowed is found out by trying.
const canIsolate = true

// isolate has the process start in a process namespace of its own, which ends with it whatever its children do, and where network is false in a
// network of its own, which has no way out. Both take a user namespace, in which the user stays the same. It also ends when the thread that
// starts it does.
func isolate(cmd *exec.Cmd, network bool) {
	flags := uintptr(syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID)
	if !network {
		flags |= syscall.CLONE_NEWNET
	}
	uid, gid := os.Getuid(), os.Getgid()
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setpgid: true, Cloneflags: flags, Pdeathsig: syscall.SIGKILL,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}},
		AmbientCaps: []uintptr{unix.CAP_NET_ADMIN}, // for raiseLoopback
	}
}

// raiseLoopback brings up the loopback interface of a new network namespace: 127.0.0.1 does not exist before.
func raiseLoopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("opening a socket: %w", err)
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return fmt.Errorf("naming the loopback interface: %w", err)
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo); err != nil {
		return fmt.Errorf("bringing up the loopback interface: %w", err)
	}
	return nil
}
