//go:build unix

package ui

import (
	"os"

	"golang.org/x/sys/unix"
)

// unread tells whether nobody reads what is written to f. Linux says of a pipe
// without a reader POLLERR, other systems POLLHUP.
func unread(f *os.File) bool {
	var events int16
	conn, err := f.SyscallConn()
	if err != nil {
		return false
	}
	err = conn.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd)}} //nolint:gosec // G115: a descriptor is a small number
		if _, err := unix.Poll(fds, 0); err == nil {
			events = fds[0].Revents
		}
	})
	return err == nil && events&(unix.POLLERR|unix.POLLHUP) != 0
}
