package disk

import (
	"os"
	"syscall"
)

// syncData flushes the bytes and the length of f, but not its times: on
// journaling file systems that saves a commit.
func syncData(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return &os.PathError{Op: "fdatasync", Path: f.Name(), Err: err}
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = syscall.Fdatasync(int(fd))
		for failed == syscall.EINTR {
			failed = syscall.Fdatasync(int(fd))
		}
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return &os.PathError{Op: "fdatasync", Path: f.Name(), Err: err}
	}
	return nil
}
