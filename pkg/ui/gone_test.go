//go:build unix

package ui

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

func TestUntilGone(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	ctx, stop := (&Output{w: w}).UntilGone(t.Context())
	defer stop()
	select {
	case <-ctx.Done():
		t.Fatal("it ended with a reader")
	case <-time.After(3 * gonePause):
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute):
		t.Fatal("it goes on without a reader")
	}
	if err := context.Cause(ctx); !errors.Is(err, ErrClosedPipe) {
		t.Errorf("ended by %v", err)
	}
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if unread(file) {
		t.Error("a file counts as a pipe without a reader")
	}
}
