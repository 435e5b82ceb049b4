//go:build !linux

package local

import "syscall"

// mortal does nothing where a child cannot be tied to its parent.
func mortal() *syscall.SysProcAttr { return nil }
