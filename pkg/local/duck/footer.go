//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"sync"
)

// A Parquet file is magic, pages, footer, the footer's length and magic again.
const (
	parquetMagic = "PAR1"
	parquetTail  = 8
)

var errNotParquet = errors.New("not a Parquet file")

// maxFooter is above what 1,000 row groups have. What a larger one tells is for
// DuckDB to say.
const maxFooter = 16 << 20

// inspect looks at both ends of a file. One that is gone is ErrSourceChanged;
// one that cannot be Parquet is errNotParquet.
func inspect(path string) (footer, error) {
	end, _, err := inspectCounted(path)
	return end, err
}

// inspected is what inspect gave.
type inspected struct {
	footer
	err error
}

// inspectAll is inspect for files, side by side, until ctx ends.
func inspectAll(ctx context.Context, files []File) []inspected {
	all := make([]inspected, len(files))
	workers := runtime.GOMAXPROCS(0)
	var work sync.WaitGroup
	for first := range workers {
		work.Go(func() {
			for i := first; i < len(files) && ctx.Err() == nil; i += workers {
				all[i].footer, all[i].err = inspect(files[i].Path)
			}
		})
	}
	work.Wait()
	return all
}

// inspectCounted is inspect and also gives how many bytes that read.
func inspectCounted(path string) (end footer, read int64, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return end, 0, fmt.Errorf("open %s: %w", path, ErrSourceChanged)
	}
	if err != nil {
		return end, 0, fmt.Errorf("open Parquet file: %w", err)
	}
	info, err := f.Stat()
	counted := &countedReader{f: f}
	if err == nil {
		end, err = inspectEnds(counted, info.Size())
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return end, counted.read, err
}

// countedReader counts the bytes that are read through it.
type countedReader struct {
	f    io.ReaderAt
	read int64
}

// ReadAt implements io.ReaderAt.
func (c *countedReader) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.f.ReadAt(p, offset)
	c.read += int64(n)
	return n, err
}

func inspectEnds(f io.ReaderAt, size int64) (footer, error) {
	n, err := footerSize(f, size)
	if err != nil || n > maxFooter {
		return footer{}, err
	}
	b := make([]byte, n)
	if _, err := f.ReadAt(b, size-parquetTail-n); err != nil {
		return footer{}, err
	}
	return parseFooter(b), nil
}

func footerSize(f io.ReaderAt, size int64) (int64, error) {
	if size < int64(len(parquetMagic)+parquetTail) {
		return 0, fmt.Errorf("%w: %d bytes", errNotParquet, size)
	}
	var head [len(parquetMagic)]byte
	var tail [parquetTail]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return 0, err
	}
	if _, err := f.ReadAt(tail[:], size-parquetTail); err != nil {
		return 0, err
	}
	footer := int64(binary.LittleEndian.Uint32(tail[:4]))
	switch {
	case string(head[:]) != parquetMagic || string(tail[4:]) != parquetMagic:
		return 0, fmt.Errorf("%w: no %s at its ends", errNotParquet, parquetMagic)
	case footer == 0 || footer > size-int64(len(parquetMagic)+parquetTail):
		return 0, fmt.Errorf("%w: footer of %d bytes in a file of %d", errNotParquet, footer, size)
	}
	return footer, nil
}
