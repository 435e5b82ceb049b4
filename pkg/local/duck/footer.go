//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// A Parquet file is magic, pages, footer, the footer's length and magic again.
const (
	parquetMagic = "PAR1"
	parquetTail  = 8
)

var errNotParquet = errors.New("not a Parquet file")

// checkParquet looks at both ends of a file. A file that is gone is
// ErrSourceChanged; one that cannot be Parquet is errNotParquet.
func checkParquet(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("open %s: %w", path, ErrSourceChanged)
	}
	if err != nil {
		return fmt.Errorf("open Parquet file: %w", err)
	}
	err = checkEnds(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func checkEnds(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	if size < int64(len(parquetMagic)+parquetTail) {
		return fmt.Errorf("%w: %d bytes", errNotParquet, size)
	}
	var head [len(parquetMagic)]byte
	var tail [parquetTail]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return err
	}
	if _, err := f.ReadAt(tail[:], size-parquetTail); err != nil {
		return err
	}
	footer := int64(binary.LittleEndian.Uint32(tail[:4]))
	switch {
	case string(head[:]) != parquetMagic || string(tail[4:]) != parquetMagic:
		return fmt.Errorf("%w: no %s at its ends", errNotParquet, parquetMagic)
	case footer == 0 || footer > size-int64(len(parquetMagic)+parquetTail):
		return fmt.Errorf("%w: footer of %d bytes in a file of %d", errNotParquet, footer, size)
	}
	return nil
}
