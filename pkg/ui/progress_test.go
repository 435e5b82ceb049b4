package ui

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
)

func recorded() []pipeline.Event {
	return []pipeline.Event{
		{Phase: pipeline.Begin, Step: "start server"},
		{Phase: pipeline.End, Step: "start server", Text: "pid 4711"},
		{Phase: pipeline.Begin, Step: "send hits"},
		{Phase: pipeline.Move, Step: "send hits", Done: 250, Total: 1000},
		{Phase: pipeline.Note, Text: "the server answers in 2 ms"},
		{Phase: pipeline.Move, Step: "send hits", Done: 1000, Total: 1000},
		{Phase: pipeline.Warn, Step: "send hits", Text: "3 hits were answered with an error; see the log \x1b[2J for what went wrong there"},
		{Phase: pipeline.End, Step: "send hits"},
	}
}

// play sends events, a tick after each, and gives what was written.
func play(t *testing.T, o TestOptions, events []pipeline.Event) string {
	t.Helper()
	s := newScreen("", o)
	ticks := make(chan time.Time)
	p := startProgress(newRenderer(s.Streams), ticks, func() {})
	for _, e := range events {
		p.Sink()(e)
		ticks <- time.Time{}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if s.out.Len() > 0 {
		t.Errorf("progress on stdout: %q", s.out)
	}
	return s.err.String()
}

func TestProgress(t *testing.T) {
	verbose, quiet := TestOptions{}, tty(80)
	verbose.Verbose, quiet.Quiet = true, true
	var b strings.Builder
	for _, f := range []struct {
		name string
		o    TestOptions
	}{
		{"live, 40 columns", tty(40, "NO_COLOR", "1")},
		{"live, 80 columns", tty(80, "NO_COLOR", "1")},
		{"live, 200 columns", tty(200, "NO_COLOR", "1")},
		{"live, 80 columns, ASCII", tty(80, "NO_COLOR", "1", "LANG", "C")},
		{"live, 80 columns, colour", tty(80)},
		{"CI", tty(80, "NO_COLOR", "1", "CI", "true")},
		{"dumb terminal", tty(80, "TERM", "dumb")},
		{"piped", TestOptions{}},
		{"piped, verbose", verbose},
		{"quiet", quiet},
	} {
		text := play(t, f.o, recorded())
		if live := strings.Contains(text, "\r"); live != strings.HasPrefix(f.name, "live") {
			t.Errorf("%s: animated %v", f.name, live)
		}
		b.WriteString("=== " + f.name + "\n" + strings.ReplaceAll(visible(text), "\r", `\r`))
	}
	golden(t, "progress", b.String())
}

func TestProgressLineFits(t *testing.T) {
	events := []pipeline.Event{
		{Phase: pipeline.Begin, Step: strings.Repeat("漢字 and a long step ", 5)},
		{Phase: pipeline.Move, Step: strings.Repeat("漢字 and a long step ", 5), Done: 123456789, Total: 987654321},
		{Phase: pipeline.Move, Step: "over", Done: 12, Total: 10},
		{Phase: pipeline.Move, Step: "unknown", Done: 12},
	}
	for _, width := range []int{40, 80, 200} {
		for line := range strings.SplitSeq(play(t, tty(width, "NO_COLOR", "1"), events), clearLine) {
			if Cells(line) >= width {
				t.Errorf("%d cells in %d: %q", Cells(line), width, line)
			}
		}
	}
}

func TestProgressEndsClean(t *testing.T) {
	text := play(t, tty(80), []pipeline.Event{{Phase: pipeline.Begin, Step: "x"}})
	if !strings.HasSuffix(text, clearLine) {
		t.Errorf("the live line stayed: %q", text)
	}
}

func TestProgressTakesConcurrentEvents(t *testing.T) {
	s := newScreen("", tty(80))
	p := NewProgress(s.Streams)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 50 {
				p.Sink()(pipeline.Event{Phase: pipeline.Move, Step: "s", Done: int64(i), Total: 50})
			}
		})
	}
	wg.Wait()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p.Sink()(pipeline.Event{Phase: pipeline.Note, Text: "too late"})
	if strings.Contains(s.err.String(), "too late") {
		t.Error("drawn after Close")
	}
}

func TestProgressTellsWriteError(t *testing.T) {
	s := newScreen("", TestOptions{})
	s.Err = newOutput(&brokenPipe{}, false, nil, Settings{Env: env()})
	p := NewProgress(s.Streams)
	p.Sink()(pipeline.Event{Phase: pipeline.Note, Text: "x"})
	if err := p.Close(); !errors.Is(err, ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestProgressLeavesTheScreenToAQuestion(t *testing.T) {
	s := newScreen("", tty(80, "NO_COLOR", "1"))
	ticks := make(chan time.Time)
	p := startProgress(newRenderer(s.Streams), ticks, func() {})
	p.Sink()(pipeline.Event{Phase: pipeline.Begin, Step: "deploy"})
	asked := errors.New("asked")
	err := p.Alone(func() error {
		if !strings.HasSuffix(s.err.String(), clearLine) {
			t.Errorf("the live line stands in the way: %q", s.err)
		}
		return asked
	})
	if !errors.Is(err, asked) {
		t.Errorf("got %v", err)
	}
	ticks <- time.Time{} // the line comes back
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(s.err.String(), "deploy"); n != 2 {
		t.Errorf("the step is drawn %d times: %q", n, s.err)
	}
	if err := p.Alone(func() error { return asked }); !errors.Is(err, asked) {
		t.Errorf("a question after Close passes for answered: %v", err)
	}
}
