//go:build unix

package local

import "syscall"

// detached gives the server a session of its own: Ctrl-C in the terminal that
// deployed it does not reach it.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
