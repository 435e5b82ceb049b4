package disktest

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"pixelctl/pkg/local/disk"
)

// Mem is a file system in memory that keeps apart what is written and what is
// synced, so that Crash can take away the difference. Its root always exists.
type Mem struct {
	mu   sync.Mutex
	root *node
}

var _ disk.FS = (*Mem)(nil)

// node is a file or a directory: the live state and what survives a crash.
type node struct {
	dir           bool
	data          []byte
	synced        []byte
	entries       map[string]*node
	syncedEntries map[string]*node
}

func newDir() *node {
	return &node{dir: true, entries: map[string]*node{}, syncedEntries: map[string]*node{}}
}

// NewMem returns an empty file system.
func NewMem() *Mem { return &Mem{root: newDir()} }

func parts(name string) []string {
	name = strings.Trim(filepath.ToSlash(filepath.Clean(name)), "/")
	if name == "" || name == "." {
		return nil
	}
	return strings.Split(name, "/")
}

func (m *Mem) find(name string) *node {
	n := m.root
	for _, p := range parts(name) {
		if n = n.entries[p]; n == nil {
			return nil
		}
	}
	return n
}

// parent returns the directory of name and the last element of name.
func (m *Mem) parent(op, name string) (*node, string, error) {
	d := m.find(filepath.Dir(name))
	if d == nil || !d.dir {
		return nil, "", pathError(op, name, fs.ErrNotExist)
	}
	return d, filepath.Base(name), nil
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// OpenFile implements disk.FS.
func (m *Mem) OpenFile(name string, flag int, _ fs.FileMode) (disk.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, base, err := m.parent("open", name)
	if err != nil {
		return nil, err
	}
	n := d.entries[base]
	switch {
	case n == nil && flag&os.O_CREATE == 0:
		return nil, pathError("open", name, fs.ErrNotExist)
	case n == nil:
		n = &node{}
		d.entries[base] = n
	case n.dir:
		return nil, pathError("open", name, syscall.EISDIR)
	case flag&(os.O_CREATE|os.O_EXCL) == os.O_CREATE|os.O_EXCL:
		return nil, pathError("open", name, fs.ErrExist)
	}
	if flag&os.O_TRUNC != 0 {
		n.data = nil
	}
	return &memFile{mem: m, node: n, appends: flag&os.O_APPEND != 0}, nil
}

// ReadDir implements disk.FS.
func (m *Mem) ReadDir(name string) ([]fs.DirEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := m.find(name)
	if d == nil || !d.dir {
		return nil, pathError("readdir", name, fs.ErrNotExist)
	}
	list := make([]fs.DirEntry, 0, len(d.entries))
	for base, n := range d.entries {
		list = append(list, fs.FileInfoToDirEntry(n.info(base)))
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// Stat implements disk.FS.
func (m *Mem) Stat(name string) (fs.FileInfo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.find(name)
	if n == nil {
		return nil, pathError("stat", name, fs.ErrNotExist)
	}
	return n.info(filepath.Base(name)), nil
}

// MkdirAll implements disk.FS.
func (m *Mem) MkdirAll(name string, _ fs.FileMode) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.root
	for _, p := range parts(name) {
		next := n.entries[p]
		if next == nil {
			next = newDir()
			n.entries[p] = next
		}
		if !next.dir {
			return pathError("mkdir", name, syscall.ENOTDIR)
		}
		n = next
	}
	return nil
}

// Rename implements disk.FS.
func (m *Mem) Rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	source, old, err := m.parent("rename", from)
	if err != nil {
		return err
	}
	target, base, err := m.parent("rename", to)
	if err != nil {
		return err
	}
	n := source.entries[old]
	if n == nil {
		return pathError("rename", from, fs.ErrNotExist)
	}
	if hit := target.entries[base]; hit != nil && hit.dir {
		return pathError("rename", to, fs.ErrExist)
	}
	delete(source.entries, old)
	target.entries[base] = n
	return nil
}

// Remove implements disk.FS.
func (m *Mem) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, base, err := m.parent("remove", name)
	if err != nil {
		return err
	}
	n := d.entries[base]
	switch {
	case n == nil:
		return pathError("remove", name, fs.ErrNotExist)
	case n.dir && len(n.entries) > 0:
		return pathError("remove", name, syscall.ENOTEMPTY)
	}
	delete(d.entries, base)
	return nil
}

// RemoveAll implements disk.FS.
func (m *Mem) RemoveAll(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if d := m.find(filepath.Dir(name)); d != nil && d.dir {
		delete(d.entries, filepath.Base(name))
	}
	return nil
}

// SyncDir implements disk.FS.
func (m *Mem) SyncDir(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := m.find(name)
	if d == nil || !d.dir {
		return pathError("syncdir", name, fs.ErrNotExist)
	}
	d.syncedEntries = clone(d.entries)
	return nil
}

func (n *node) info(base string) fs.FileInfo {
	return memInfo{name: base, size: int64(len(n.data)), dir: n.dir}
}

// memInfo describes a node when it was looked at.
type memInfo struct {
	name string
	size int64
	dir  bool
}

// Name implements fs.FileInfo.
func (i memInfo) Name() string { return i.name }

// Size implements fs.FileInfo.
func (i memInfo) Size() int64 { return i.size }

// ModTime implements fs.FileInfo; a Mem keeps no times.
func (memInfo) ModTime() time.Time { return time.Time{} }

// IsDir implements fs.FileInfo.
func (i memInfo) IsDir() bool { return i.dir }

// Sys implements fs.FileInfo.
func (memInfo) Sys() any { return nil }

// Mode implements fs.FileInfo; a Mem keeps no permissions.
func (i memInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o750
	}
	return 0o600
}
