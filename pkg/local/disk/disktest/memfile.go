package disktest

import (
	"io"
	"io/fs"
	"slices"
)

// memFile is an open file of a Mem.
type memFile struct {
	mem     *Mem
	node    *node
	appends bool
	offset  int64
	closed  bool
}

// Read implements disk.File.
func (f *memFile) Read(p []byte) (int, error) {
	f.mem.mu.Lock()
	defer f.mem.mu.Unlock()
	if f.closed {
		return 0, fs.ErrClosed
	}
	if f.offset >= int64(len(f.node.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.node.data[f.offset:])
	f.offset += int64(n)
	return n, nil
}

// Write implements disk.File.
func (f *memFile) Write(p []byte) (int, error) {
	f.mem.mu.Lock()
	defer f.mem.mu.Unlock()
	if f.closed {
		return 0, fs.ErrClosed
	}
	if f.appends {
		f.offset = int64(len(f.node.data))
	}
	end := f.offset + int64(len(p))
	if int64(len(f.node.data)) < end {
		f.node.data = resize(f.node.data, end)
	}
	copy(f.node.data[f.offset:], p)
	f.offset = end
	return len(p), nil
}

// Seek implements disk.File.
func (f *memFile) Seek(offset int64, whence int) (int64, error) {
	f.mem.mu.Lock()
	defer f.mem.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += int64(len(f.node.data))
	}
	if f.closed || offset < 0 {
		return 0, fs.ErrInvalid
	}
	f.offset = offset
	return offset, nil
}

// Sync implements disk.File.
func (f *memFile) Sync() error {
	f.mem.mu.Lock()
	defer f.mem.mu.Unlock()
	if f.closed {
		return fs.ErrClosed
	}
	f.node.synced = slices.Clone(f.node.data)
	return nil
}

// Truncate implements disk.File.
func (f *memFile) Truncate(size int64) error {
	f.mem.mu.Lock()
	defer f.mem.mu.Unlock()
	if f.closed {
		return fs.ErrClosed
	}
	f.node.data = resize(f.node.data, size)
	return nil
}

// Close implements disk.File.
func (f *memFile) Close() error {
	f.mem.mu.Lock()
	defer f.mem.mu.Unlock()
	if f.closed {
		return fs.ErrClosed
	}
	f.closed = true
	return nil
}

// resize cuts data or fills it with zeros. Bytes are copied, never shared.
func resize(data []byte, size int64) []byte {
	out := make([]byte, size)
	copy(out, data)
	return out
}
