package spool_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/spool"
)

const (
	spoolDir  = "/data/spool"
	errorsDir = "/data/lake/errors"
)

// newMem returns a file system that holds the data directory.
func newMem(t *testing.T) *disktest.Mem {
	t.Helper()
	mem := disktest.NewMem()
	if err := disk.MkdirAll(mem, "/data", 0o750); err != nil {
		t.Fatal(err)
	}
	return mem
}

func options(fsys disk.FS) spool.Options {
	return spool.Options{Dir: spoolDir, ErrorsDir: errorsDir, FS: fsys, Clock: func() time.Time { return time.UnixMilli(1_700_000_000_000) }}
}

func open(t *testing.T, o spool.Options) (*spool.Spool, spool.Recovery) {
	t.Helper()
	s, rec, err := spool.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s, rec
}

func appendAll(t *testing.T, s *spool.Spool, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := s.Append(t.Context(), []byte(line)); err != nil {
			t.Fatalf("append %q: %v", line, err)
		}
	}
}

func readAll(t *testing.T, fsys disk.FS, path string) []byte {
	t.Helper()
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lines rotates and returns the lines of every segment, checking that the
// counts of the segments are true.
func lines(t *testing.T, fsys disk.FS, s *spool.Spool) []string {
	t.Helper()
	segs, err := s.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, seg := range segs {
		data := readAll(t, fsys, seg.Path)
		if int64(len(data)) != seg.Bytes || int64(bytes.Count(data, []byte("\n"))) != seg.Records {
			t.Errorf("segment %+v holds %d bytes, %d lines", seg, len(data), bytes.Count(data, []byte("\n")))
		}
		all = append(all, strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")...)
	}
	return all
}

// put writes a file into the directory of the spool.
func put(t *testing.T, fsys disk.FS, name string, data []byte) {
	t.Helper()
	if err := disk.MkdirAll(fsys, spoolDir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := disk.WriteFileAtomic(fsys, spoolDir+"/"+name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func numbered(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf(`{"n":%d}`, i))
	}
	return out
}
