package ui

import (
	"errors"
	"io"
	"syscall"
	"testing"
)

func TestWriteFileFull(t *testing.T) {
	t.Parallel()
	s := Test(io.Discard, io.Discard, nil, TestOptions{})
	err := WriteFile(s, "out", "/dev/full", drawn)
	if !errors.Is(err, syscall.ENOSPC) || err.Error() != "write /dev/full: no space left on device" {
		t.Errorf("got %v", err)
	}
}
