//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A Parquet file is magic, pages, footer, the footer's length and magic again.
const (
	parquetMagic = "PAR1"
	parquetTail  = 8
)

var errNotParquet = errors.New("not a Parquet file")

// schemaBytes is how much of a footer is read to find its schema: that stands
// at the beginning and takes some 40 bytes a column.
const schemaBytes = 8 << 10

// inspect looks at both ends of a file and gives the names of its columns, nil
// when the footer does not tell. A file that is gone is ErrSourceChanged; one
// that cannot be Parquet is errNotParquet.
func inspect(path string) (columns []string, err error) {
	columns, _, err = inspectCounted(path)
	return columns, err
}

// inspectCounted is inspect and also gives how many bytes that read.
func inspectCounted(path string) (columns []string, read int64, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("open %s: %w", path, ErrSourceChanged)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open Parquet file: %w", err)
	}
	info, err := f.Stat()
	counted := &countedReader{f: f}
	if err == nil {
		columns, err = inspectEnds(counted, info.Size())
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return columns, counted.read, err
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

func inspectEnds(f io.ReaderAt, size int64) ([]string, error) {
	footer, err := footerSize(f, size)
	if err != nil {
		return nil, err
	}
	// What DuckDB makes of a footer that tells nothing here is for DuckDB to say.
	for _, n := range []int64{min(footer, schemaBytes), footer} {
		b := make([]byte, n)
		if _, err := f.ReadAt(b, size-parquetTail-footer); err != nil {
			return nil, err
		}
		if columns, ok := columnsOfFooter(b); ok {
			return columns, nil
		}
	}
	return nil, nil
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
