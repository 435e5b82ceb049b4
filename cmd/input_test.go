package cmd

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestReadInput(t *testing.T) {
	t.Parallel()
	if got, err := readInput(t.Context(), "text", strings.NewReader("12345"), 3); err != nil || got != "1234" {
		t.Errorf("got %q, %v; want one byte more than the limit", got, err)
	}
	if _, err := readInput(t.Context(), "text", iotest{}, 3); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(err.Error(), "read text: ") {
		t.Errorf("got %v", err)
	}
	silent, w := io.Pipe() // nobody writes
	defer func() { _ = w.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readInput(ctx, "text", silent, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
}

// iotest is a reader that fails.
type iotest struct{}

func (iotest) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
