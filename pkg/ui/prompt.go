package ui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"pixelctl/pkg/fault"
)

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 4096

// ConfirmName asks for want to be typed. Anything else is no, also the end of
// input: fault.Failed. Without a terminal on stdin, or with --no-input, it
// refuses at once with fault.Usage. It ends with ctx.
func ConfirmName(ctx context.Context, s *Streams, question, want string) error {
	if !s.InTTY || s.NoInput {
		return fault.New(fault.Usage, "%s: not confirmed, and nobody can be asked", lowerFirst(question)).
			WithHint("add --yes to confirm")
	}
	paint := s.Err.Theme.Paint
	text := paint(Title, Clean(question)) + "\nType " + paint(Command, Clean(want)) + " to confirm: "
	if _, err := io.WriteString(s.Err, text); err != nil {
		return err
	}
	answer, err := readLine(ctx, s.In)
	if err != nil {
		_, werr := io.WriteString(s.Err, "\n")
		return errors.Join(err, werr)
	}
	if answer != want {
		return fault.New(fault.Failed, "%s: not confirmed, nothing was changed", lowerFirst(question))
	}
	return nil
}

// readLine reads one line; the end of input ends it too. A read from a
// terminal cannot be cancelled: the goroutine stays behind until the program
// ends.
func readLine(ctx context.Context, in io.Reader) (string, error) {
	type line struct {
		text string
		err  error
	}
	got := make(chan line, 1)
	go func() {
		text, err := bufio.NewReader(io.LimitReader(in, maxAnswer)).ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		got <- line{strings.TrimSpace(text), err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case l := <-got:
		if l.err != nil {
			return "", fmt.Errorf("read answer: %w", l.err)
		}
		return l.text, nil
	}
}

func lowerFirst(s string) string {
	s = strings.TrimRight(s, "?. ")
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
