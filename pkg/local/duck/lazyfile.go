//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lazyFile is made, with its directory, when the first byte is written.
type lazyFile struct {
	path   string
	file   *os.File
	buffer *bufio.Writer
}

func (l *lazyFile) open() error {
	if l.file != nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(l.path), 0o750); err != nil {
		return fmt.Errorf("create directory of %s: %w", l.path, err)
	}
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	l.file, l.buffer = f, bufio.NewWriterSize(f, 1<<16)
	return nil
}

func (l *lazyFile) write(b []byte) error {
	if err := l.open(); err != nil {
		return err
	}
	if _, err := l.buffer.Write(b); err != nil {
		return fmt.Errorf("write %s: %w", l.path, err)
	}
	return nil
}

func (l *lazyFile) close() error {
	if l.file == nil {
		return nil
	}
	err := errors.Join(l.buffer.Flush(), l.file.Close())
	l.file = nil
	return err
}
