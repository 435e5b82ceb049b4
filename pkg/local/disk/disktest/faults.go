// Package disktest makes file systems that fail on demand: Faults kills or
// fails any one call over any file system, Mem forgets what was not synced.
package disktest

import (
	"errors"
	"io/fs"
	"sync"

	"pixelctl/pkg/local/disk"
)

// ErrKilled is what every call returns once the process counts as dead.
var ErrKilled = errors.New("killed")

// Op is one call about to be made.
type Op struct {
	N    int    // number of the call, from 1
	Name string // as in disk.FS and disk.File, lower case: "openfile", "write", "sync", …
	Path string // file or directory; the source of a rename
	Size int    // bytes of a write
}

// Fault is what becomes of a call instead of its effect.
type Fault struct {
	Err   error
	Short int  // of a write: bytes that still reach the file
	Done  bool // of a call that is not a write: it takes effect, and yet fails
}

// Faults is a file system over another one that counts calls and makes some
// of them fail. Close and Seek are not counted: they change nothing on disk.
type Faults struct {
	fsys disk.FS

	mu    sync.Mutex
	calls int
	kill  int
	torn  bool
	rule  func(Op) *Fault
}

var _ disk.FS = (*Faults)(nil)

// NewFaults wraps fsys. Until told otherwise every call goes through.
func NewFaults(fsys disk.FS) *Faults { return &Faults{fsys: fsys} }

// KillAt lets call n and all later ones do nothing and return ErrKilled, as
// for a process that died before call n. If torn, a write that is call n
// still puts half of its bytes into the file. n = 0 never kills.
func (f *Faults) KillAt(n int, torn bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kill, f.torn = n, torn
}

// SetRule asks rule before each call; a Fault takes the place of the call's
// effect. nil lets every call through again.
func (f *Faults) SetRule(rule func(Op) *Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rule = rule
}

// Calls returns how many calls were made, those that failed included.
func (f *Faults) Calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// Killed reports whether the kill has happened.
func (f *Faults) Killed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.kill > 0 && f.calls >= f.kill
}

// before counts a call and returns its fault, or nil. size is that of a write.
func (f *Faults) before(name, path string, size int) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.kill > 0 && f.calls >= f.kill {
		fault := &Fault{Err: &fs.PathError{Op: name, Path: path, Err: ErrKilled}}
		if f.torn && f.calls == f.kill {
			fault.Short = size / 2
		}
		return fault
	}
	if f.rule == nil {
		return nil
	}
	fault := f.rule(Op{N: f.calls, Name: name, Path: path, Size: size})
	if fault == nil {
		return nil
	}
	return &Fault{Err: &fs.PathError{Op: name, Path: path, Err: fault.Err}, Short: min(fault.Short, size), Done: fault.Done}
}

func (f *Faults) do(name, path string, call func() error) error {
	fault := f.before(name, path, 0)
	if fault == nil {
		return call()
	}
	if fault.Done {
		return errors.Join(fault.Err, call())
	}
	return fault.Err
}

// OpenFile implements disk.FS.
func (f *Faults) OpenFile(name string, flag int, perm fs.FileMode) (disk.File, error) {
	if fault := f.before("openfile", name, 0); fault != nil {
		return nil, fault.Err
	}
	file, err := f.fsys.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return &faultyFile{File: file, faults: f, path: name}, nil
}

// ReadDir implements disk.FS.
func (f *Faults) ReadDir(name string) ([]fs.DirEntry, error) {
	if fault := f.before("readdir", name, 0); fault != nil {
		return nil, fault.Err
	}
	return f.fsys.ReadDir(name)
}

// Stat implements disk.FS.
func (f *Faults) Stat(name string) (fs.FileInfo, error) {
	if fault := f.before("stat", name, 0); fault != nil {
		return nil, fault.Err
	}
	return f.fsys.Stat(name)
}

// MkdirAll implements disk.FS.
func (f *Faults) MkdirAll(name string, perm fs.FileMode) error {
	return f.do("mkdirall", name, func() error { return f.fsys.MkdirAll(name, perm) })
}

// Rename implements disk.FS.
func (f *Faults) Rename(from, to string) error {
	return f.do("rename", from, func() error { return f.fsys.Rename(from, to) })
}

// Remove implements disk.FS.
func (f *Faults) Remove(name string) error {
	return f.do("remove", name, func() error { return f.fsys.Remove(name) })
}

// RemoveAll implements disk.FS.
func (f *Faults) RemoveAll(name string) error {
	return f.do("removeall", name, func() error { return f.fsys.RemoveAll(name) })
}

// SyncDir implements disk.FS.
func (f *Faults) SyncDir(name string) error {
	return f.do("syncdir", name, func() error { return f.fsys.SyncDir(name) })
}

// faultyFile is an open file of Faults.
type faultyFile struct {
	disk.File
	faults *Faults
	path   string
}

// Read implements disk.File.
func (f *faultyFile) Read(p []byte) (int, error) {
	if fault := f.faults.before("read", f.path, 0); fault != nil {
		return 0, fault.Err
	}
	return f.File.Read(p)
}

// Write implements disk.File.
func (f *faultyFile) Write(p []byte) (int, error) {
	fault := f.faults.before("write", f.path, len(p))
	if fault == nil {
		return f.File.Write(p)
	}
	if fault.Short == 0 {
		return 0, fault.Err
	}
	n, err := f.File.Write(p[:fault.Short])
	return n, errors.Join(fault.Err, err)
}

// Sync implements disk.File.
func (f *faultyFile) Sync() error {
	return f.faults.do("sync", f.path, f.File.Sync)
}

// Truncate implements disk.File.
func (f *faultyFile) Truncate(size int64) error {
	return f.faults.do("truncate", f.path, func() error { return f.File.Truncate(size) })
}

// Close always frees the descriptor, as the end of a process does.
func (f *faultyFile) Close() error {
	err := f.File.Close()
	if f.faults.Killed() {
		return &fs.PathError{Op: "close", Path: f.path, Err: ErrKilled}
	}
	return err
}
