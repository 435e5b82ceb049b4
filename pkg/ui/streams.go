// Package ui draws: results, errors, progress and questions. It is the only
// package that knows colours. Every text from data is cleaned before it
// reaches a terminal.
package ui

import (
	"io"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/term"
)

// The size of a terminal that does not tell it.
const (
	fallbackWidth  = 80
	fallbackHeight = 24
)

// Settings are the user's choices about output.
type Settings struct {
	NoColor bool
	NoInput bool
	Quiet   bool
	Verbose bool
	Env     func(string) string // os.Getenv when nil
}

// Streams are the three standard streams with what is known about each.
type Streams struct {
	In    io.Reader
	InTTY bool
	Out   *Output // data
	Err   *Output // everything else
	Settings
}

// System gives the streams of the process.
func System(s Settings) *Streams {
	if s.Env == nil {
		s.Env = os.Getenv
	}
	return &Streams{
		In:       os.Stdin,
		InTTY:    isTerminal(os.Stdin),
		Out:      fileOutput(os.Stdout, s),
		Err:      fileOutput(os.Stderr, s),
		Settings: s,
	}
}

// TestOptions are the facts of streams in a test.
type TestOptions struct {
	Settings
	InTTY, OutTTY, ErrTTY bool
	Width                 int // of both terminals; 80 when 0
	Height                int // 24 when 0
}

// Test gives streams over out and err with chosen facts. Without Env the
// locale is UTF-8 and nothing else is set.
func Test(out, err io.Writer, in io.Reader, o TestOptions) *Streams {
	if o.Env == nil {
		o.Env = func(k string) string { return map[string]string{"LANG": "C.UTF-8", "TERM": "xterm"}[k] }
	}
	size := func() (int, int) { return o.Width, o.Height }
	return &Streams{
		In:       in,
		InTTY:    o.InTTY,
		Out:      newOutput(out, o.OutTTY, size, o.Settings),
		Err:      newOutput(err, o.ErrTTY, size, o.Settings),
		Settings: o.Settings,
	}
}

// To returns streams whose data goes to w, such as a file, and is written
// exactly, as into a pipe.
func (s *Streams) To(w io.Writer) *Streams {
	c := *s
	c.Out = newOutput(w, false, nil, s.Settings)
	return &c
}

func fileOutput(f *os.File, s Settings) *Output {
	size := func() (int, int) {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w, h
		}
		w, err := strconv.Atoi(s.Env("COLUMNS"))
		if err != nil {
			return 0, 0
		}
		return w, 0
	}
	return newOutput(f, isTerminal(f), size, s)
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// canUnicode says whether the locale is UTF-8: LC_ALL, else LC_CTYPE, else LANG.
func canUnicode(env func(string) string) bool {
	for _, k := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := env(k); v != "" {
			return isUTF8(v)
		}
	}
	return runtime.GOOS == "windows" && env("WT_SESSION") != ""
}
