package disk

import (
	"io/fs"
	"os"
)

// OS is the file system of the machine. Its zero value is ready.
type OS struct{}

var _ FS = OS{}

// OpenFile implements FS.
func (OS) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

// ReadDir implements FS.
func (OS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Stat implements FS.
func (OS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// MkdirAll implements FS.
func (OS) MkdirAll(name string, perm fs.FileMode) error { return os.MkdirAll(name, perm) }

// Rename implements FS.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements FS.
func (OS) Remove(name string) error { return os.Remove(name) }

// RemoveAll implements FS.
func (OS) RemoveAll(name string) error { return os.RemoveAll(name) }

// SyncDir implements FS. It does nothing on Windows, which cannot flush a
// directory and orders its metadata by a journal.
func (OS) SyncDir(name string) error { return syncDir(name) }

// osFile is an os.File whose Sync spares the file's times where the system can.
type osFile struct{ *os.File }

// Sync implements File.
func (f osFile) Sync() error { return syncData(f.File) }
