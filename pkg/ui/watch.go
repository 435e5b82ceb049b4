package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"pixelctl/pkg/fault"
)

const (
	enterScreen = "\x1b[?1049h" // the alternate screen: what was on the terminal comes back
	leaveScreen = "\x1b[?1049l"
	toTop       = "\x1b[H"
	clearRight  = "\x1b[K"
	clearBelow  = "\x1b[J"

	watchLeast = time.Second
)

// CheckWatch refuses what Watch cannot do, before anything is asked.
func CheckWatch(s *Streams, every time.Duration) error {
	switch {
	case every < watchLeast:
		return fault.New(fault.Usage, "watch every %s: the least is %s", Duration(every), Duration(watchLeast)).WithHint("use --watch 5s")
	case !s.Out.TTY || s.Env("TERM") == "dumb":
		return fault.New(fault.Usage, "watch: standard output is no terminal that can be redrawn").
			WithHint("leave out --watch, and let a scheduler run the command")
	}
	return nil
}

// Watch draws a view on a screen of its own, anew after each time every, until
// ctx is cancelled, which is no failure. The last view stays on the terminal.
// The cursor is never hidden, so that a kill leaves nothing to restore but the
// screen, which the terminal's reset does.
func Watch(ctx context.Context, s *Streams, every time.Duration, draw func(context.Context) (View, error)) (err error) {
	if err := CheckWatch(s, every); err != nil {
		return err
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	w := watch{s: s, every: every}
	defer func() { err = errors.Join(err, w.leave()) }()
	return w.follow(ctx, tick.C, draw)
}

func (w *watch) follow(ctx context.Context, tick <-chan time.Time, draw func(context.Context) (View, error)) error {
	for {
		v, err := draw(ctx)
		switch {
		case ctx.Err() != nil:
			return ended(ctx)
		case err != nil:
			return err
		}
		if err := w.draw(v, time.Now()); err != nil {
			return err
		}
		select {
		case <-tick:
		case <-ctx.Done():
			return ended(ctx)
		}
	}
}

func ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil
	}
	return ctx.Err()
}

type watch struct {
	s     *Streams
	every time.Duration
	last  *View
}

// draw overwrites the screen in one write and clears only what is left of the
// picture before, so that nothing flickers.
func (w *watch) draw(v View, now time.Time) error {
	p := page{o: w.s.Out}
	v.text(&p)
	lines := strings.Split(strings.TrimRight(p.b.String(), "\n"), "\n")
	if room := max(w.s.Out.height()-2, 1); len(lines) > room {
		more := len(lines) - room + 1
		lines = append(lines[:room-1], w.s.Out.Theme.Paint(Muted, w.s.Out.glyphs().ellipsis+" "+Plural(int64(more), "more line")))
	}
	lead := toTop
	if w.last == nil {
		lead = enterScreen + toTop
	}
	w.last = &v
	status := fit(now.Format(time.TimeOnly)+w.s.Out.dot()+"every "+Duration(w.every)+w.s.Out.dot()+"Ctrl-C ends", w.s.Out.Width()-1, "")
	lines = append(lines, "", w.s.Out.Theme.Paint(Muted, status))
	_, err := io.WriteString(w.s.Out, lead+strings.Join(lines, clearRight+"\n")+clearRight+clearBelow)
	return err
}

func (w *watch) leave() error {
	if w.last == nil {
		return nil
	}
	if _, err := io.WriteString(w.s.Out, leaveScreen); err != nil {
		return err
	}
	return Show(w.s, *w.last, false)
}

// WatchCost says what looking on costs when each redraw does.
func WatchCost(each float64, every time.Duration) string {
	return "each redraw costs " + dollars(each) + ", an hour of them " + dollars(each*float64(time.Hour)/float64(every))
}
