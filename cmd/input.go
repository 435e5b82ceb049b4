package cmd

import (
	"context"
	"fmt"
	"io"
)

// readInput reads a text of at most limit bytes, and one more that tells of a
// longer one. It ends with ctx: a terminal where nobody types, or a pipe that
// nobody fills, shall not hold the command.
func readInput(ctx context.Context, name string, in io.Reader, limit int) (string, error) {
	type outcome struct {
		text []byte
		err  error
	}
	read := make(chan outcome, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(in, int64(limit)+1))
		read <- outcome{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case o := <-read:
		if o.err != nil {
			return "", fmt.Errorf("read %s: %w", name, o.err)
		}
		return string(o.text), nil
	}
}
