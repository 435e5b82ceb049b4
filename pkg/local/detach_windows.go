package local

import "syscall"

const detachedProcess = 0x00000008 // DETACHED_PROCESS of CreateProcess

// detached gives the server a process group of its own and no console.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | detachedProcess}
}
