package cloud

import (
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// Hours that may hold a row: those from early before its received_at to late
// after it. Firehose files an object under the hour in which its oldest record
// arrived, a moment after received_at, and holds records for 900 s at most,
// longer only when delivery falls behind.
const (
	early = time.Minute
	late  = 2 * time.Hour
)

// window is [since, until) by received_at; zero times are open ends.
type window struct{ since, until time.Time }

// all reports whether every row is in the window, whatever its received_at.
func (w window) all() bool { return w.since.IsZero() && w.until.IsZero() }

// holds reports whether an instant is in the window.
func (w window) holds(at time.Time) bool {
	return (w.since.IsZero() || !at.Before(w.since)) && (w.until.IsZero() || at.Before(w.until))
}

// covers reports whether every row in the files of an hour is in the window.
func (w window) covers(h lake.Hour) bool {
	return (w.since.IsZero() || !h.Start().Add(-early).Before(w.since)) && (w.until.IsZero() || !h.End().Add(late).After(w.until))
}

// touches reports whether a file of an hour may hold a row in the window.
func (w window) touches(h lake.Hour) bool {
	return (w.since.IsZero() || h.End().Add(late).After(w.since)) && (w.until.IsZero() || h.Start().Add(-early).Before(w.until))
}

// first is the first hour that the window touches; the zero hour for all.
func (w window) first() lake.Hour {
	if w.since.IsZero() {
		return lake.Hour{}
	}
	return hourOf(w.since.Add(-late))
}

// windowOf is a window of what is removed. Rows count milliseconds, so a finer instant
// means the next whole one at either end.
func windowOf(o query.Window) window {
	return window{since: ceil(o.Since), until: ceil(o.Until)}
}

func ceil(t time.Time) time.Time {
	if whole := t.Truncate(time.Millisecond); whole.Before(t) {
		return whole.Add(time.Millisecond)
	}
	return t
}

func hourOf(t time.Time) lake.Hour {
	t = t.UTC()
	return lake.Hour{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Hour: t.Hour()}
}
