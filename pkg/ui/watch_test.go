package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
)

func numbers(n int) View {
	return View{text: func(p *page) {
		for i := range n {
			p.line(fmt.Sprintf("line %d", i))
		}
	}}
}

// Ctrl-C gives the screen back and leaves the last view on it.
func TestWatchEndsWithTheLastView(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newScreen("", tty(40))
	pressed := View{text: func(p *page) { // after the question, before the wait
		cancel()
		numbers(3).text(p)
	}}
	err := Watch(ctx, s.Streams, time.Hour, func(context.Context) (View, error) { return pressed, nil })
	if err != nil {
		t.Fatal(err)
	}
	before, after, left := strings.Cut(s.out.String(), leaveScreen)
	if !strings.HasPrefix(before, enterScreen+toTop+"line 0"+clearRight+"\n") || !left {
		t.Errorf("drew %q", before)
	}
	if after != "line 0\nline 1\nline 2\n" {
		t.Errorf("left %q", after)
	}
	if strings.Contains(before, "\x1b[2J") || strings.Contains(before, "\x1b[?25l") {
		t.Error("the screen is cleared, or the cursor hidden")
	}
}

func TestWatchDrawsAgainInPlace(t *testing.T) {
	o := tty(40, "NO_COLOR", "1")
	o.Height = 6
	s := newScreen("", o)
	w := watch{s: s.Streams, every: 5 * time.Second}
	at := time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC)
	for _, n := range []int{9, 2} {
		if err := w.draw(numbers(n), at); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "watch", visible(s.out.String()))
	for screen := range strings.SplitSeq(s.out.String(), toTop) {
		if strings.Count(screen, "\n") >= 6 {
			t.Errorf("a screen of 6 lines scrolls: %q", screen)
		}
	}
}

func TestWatchGivesErrorsOn(t *testing.T) {
	wrong, times := errors.New("wrong"), 0
	s := newScreen("", tty(40))
	w, tick := watch{s: s.Streams}, make(chan time.Time, 1)
	tick <- time.Time{}
	err := w.follow(t.Context(), tick, func(context.Context) (View, error) {
		if times++; times > 1 {
			return View{}, wrong
		}
		return numbers(1), nil
	})
	err = errors.Join(err, w.leave())
	if !errors.Is(err, wrong) || !strings.HasSuffix(s.out.String(), leaveScreen+"line 0\n") {
		t.Errorf("%v, %q", err, s.out.String())
	}
	s = newScreen("", tty(40))
	err = Watch(t.Context(), s.Streams, time.Second, func(context.Context) (View, error) { return View{}, wrong })
	if !errors.Is(err, wrong) || s.out.Len() > 0 {
		t.Errorf("%v, %q", err, s.out.String())
	}
}

func TestWatchEndsAtADeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	err := Watch(ctx, newScreen("", tty(40)).Streams, time.Second, func(ctx context.Context) (View, error) {
		<-ctx.Done()
		return View{}, ctx.Err()
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestCheckWatch(t *testing.T) {
	tests := []struct {
		o     TestOptions
		every time.Duration
		ok    bool
	}{
		{tty(80), time.Second, true},
		{tty(80), time.Second - 1, false},
		{tty(80, "TERM", "dumb"), time.Second, false},
		{TestOptions{}, time.Second, false},
	}
	for i, tt := range tests {
		err := CheckWatch(newScreen("", tt.o).Streams, tt.every)
		if (err == nil) != tt.ok || err != nil && (fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "") {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestWatchCost(t *testing.T) {
	t.Parallel()
	if got, want := WatchCost(0.0001, 5*time.Second), "each redraw costs $0.0001, an hour of them $0.07"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
