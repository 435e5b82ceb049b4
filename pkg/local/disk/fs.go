// Package disk is the seam between the engines of the local target and the
// file system. It holds exactly the calls they make, so that a test can fail,
// kill or lose any one of them.
package disk

import (
	"io"
	"io/fs"
)

// FS is a file system. Names are paths as package os takes them; errors are
// those of package os (*fs.PathError or *os.LinkError).
type FS interface {
	// OpenFile opens a file as os.OpenFile does.
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	// ReadDir lists a directory, sorted by name.
	ReadDir(name string) ([]fs.DirEntry, error)
	// Stat describes a file or directory.
	Stat(name string) (fs.FileInfo, error)
	// MkdirAll makes a directory and its parents, none of them durable; the
	// function MkdirAll makes them so.
	MkdirAll(name string, perm fs.FileMode) error
	// Rename moves a file and replaces what is at to. It is durable after
	// SyncDir of the directory of to.
	Rename(from, to string) error
	// Remove deletes a file or an empty directory.
	Remove(name string) error
	// RemoveAll deletes a tree; it is no error when there is none.
	RemoveAll(name string) error
	// SyncDir makes the entries of a directory durable.
	SyncDir(name string) error
}

// File is an open file.
type File interface {
	io.Reader
	io.Writer
	io.Seeker
	io.Closer
	// Sync makes the file's bytes and length durable, not its name. After an
	// error the file must not be trusted or written again: the kernel may have
	// dropped the bytes and report the next Sync as good.
	Sync() error
	// Truncate sets the length in bytes. It does not move the offset.
	Truncate(size int64) error
}
