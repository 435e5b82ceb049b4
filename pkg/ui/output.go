package ui

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"
)

// ErrClosedPipe says that the reader of the output went away, as head does.
// It is no failure: main ends quietly with exit code 0.
var ErrClosedPipe = errors.New("the reader of the output is gone")

// Output is one stream and what it can show.
type Output struct {
	TTY     bool
	Unicode bool // else ASCII forms
	Theme   Theme

	w    io.Writer
	size func() (width, height int)

	mu  sync.Mutex
	err error // the first write error; later writes repeat it
}

func newOutput(w io.Writer, tty bool, size func() (width, height int), s Settings) *Output {
	return &Output{
		TTY:     tty,
		Unicode: canUnicode(s.Env),
		Theme:   newTheme(w, colorProfile(tty, s)),
		w:       w,
		size:    size,
	}
}

// Width is the number of cells in a line, or 0 when there is no limit because
// the stream is no terminal.
func (o *Output) Width() int {
	if !o.TTY {
		return 0
	}
	if w, _ := o.size(); w > 0 {
		return w
	}
	return fallbackWidth
}

// height is the number of lines of a terminal.
func (o *Output) height() int {
	if _, h := o.size(); h > 0 {
		return h
	}
	return fallbackHeight
}

// screenful is how many rows of a result are shown at once, or 0 for all: the
// height of a terminal without head, footer and prompt.
func (o *Output) screenful() int64 {
	if !o.TTY {
		return 0
	}
	return int64(max(o.height()-5, leastRows))
}

// leastRows are shown on any terminal.
const leastRows = 10

// Write passes p on. A closed pipe gives an error that is ErrClosedPipe, now
// and from then on.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		err = fmt.Errorf("%w: %w", ErrClosedPipe, err)
	}
	o.err = err
	return n, err
}

// clean makes data safe for this stream: escaped on a terminal, as it is in a
// pipe.
func (o *Output) clean(s string) string {
	if o.TTY {
		return Clean(s)
	}
	return s
}
