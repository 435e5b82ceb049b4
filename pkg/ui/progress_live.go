package ui

import (
	"io"
	"slices"
	"strings"

	"pixelctl/pkg/pipeline"
)

const (
	clearLine = "\r\x1b[2K"
	barMost   = 30 // cells
)

// liveRenderer keeps one line at the bottom that shows the newest step still
// under way; lines that stay go above it. The cursor is never hidden, so that
// a kill leaves nothing to restore.
type liveRenderer struct {
	o      *Output
	active []pipeline.Event // steps begun and not ended
	frame  int
	drawn  bool
}

func (r *liveRenderer) event(e pipeline.Event) error {
	at := slices.IndexFunc(r.active, func(a pipeline.Event) bool { return a.Step == e.Step })
	switch e.Phase {
	case pipeline.Begin:
		r.active = append(r.active, e)
		return r.draw()
	case pipeline.Move:
		if at < 0 {
			r.active = append(r.active, e)
		} else {
			r.active[at] = e
		}
		return nil // drawn by the next tick
	case pipeline.End:
		if at >= 0 {
			r.active = slices.Delete(r.active, at, at+1)
		}
	case pipeline.Note, pipeline.Warn:
	}
	if err := r.clear(); err != nil {
		return err
	}
	if err := writeEvent(r.o, e); err != nil {
		return err
	}
	return r.draw()
}

func (r *liveRenderer) tick() error {
	r.frame++
	return r.draw()
}

func (r *liveRenderer) close() error { return r.clear() }

func (r *liveRenderer) clear() error {
	if !r.drawn {
		return nil
	}
	r.drawn = false
	_, err := io.WriteString(r.o, clearLine)
	return err
}

func (r *liveRenderer) draw() error {
	if len(r.active) == 0 {
		return r.clear()
	}
	lead := ""
	if r.drawn {
		lead = clearLine
	}
	r.drawn = true
	_, err := io.WriteString(r.o, lead+r.line(r.active[len(r.active)-1]))
	return err
}

// line leaves the last cell of the terminal free: a full line would wrap.
func (r *liveRenderer) line(e pipeline.Event) string {
	g, paint := r.o.glyphs(), r.o.Theme.Paint
	spin := g.spinner[r.frame%len(g.spinner)]
	room := r.o.Width() - 1 - Cells(spin) - 1
	text := Clean(eventText(e))
	tail := ""
	switch {
	case e.Total > 0:
		tail = Count(e.Done) + "/" + Count(e.Total)
	case e.Done > 0:
		tail = Count(e.Done)
	}
	if tail == "" {
		return paint(Key, spin) + " " + fit(text, max(room, 1), g.ellipsis)
	}
	text = fit(text, max(room-Cells(tail)-gap, narrow), g.ellipsis)
	line := paint(Key, spin) + " " + text + strings.Repeat(" ", gap)
	if free := room - Cells(text) - Cells(tail) - 2*gap; e.Total > 0 && free >= narrow {
		line += r.bar(e, min(free, barMost)) + strings.Repeat(" ", gap)
	}
	return line + tail
}

func (r *liveRenderer) bar(e pipeline.Event, width int) string {
	full := int(min(max(e.Done, 0), e.Total) * int64(width) / e.Total)
	g := r.o.glyphs()
	rest := strings.Repeat(g.line, width-full)
	return r.o.Theme.Paint(Key, strings.Repeat(g.bar, full)) + r.o.Theme.Paint(Muted, rest)
}
