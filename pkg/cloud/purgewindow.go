package cloud

import (
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// window knows in which of Firehose's files its rows lie.
type window struct{ query.Window }

// covers reports whether every row in the files of an hour is in the window.
func (w window) covers(h lake.Hour) bool {
	return (w.Since.IsZero() || !h.Start().Add(-lake.RowsBefore).Before(w.Since)) && (w.Until.IsZero() || !h.End().Add(lake.RowsAfter).After(w.Until))
}

// touches reports whether a file of an hour may hold a row in the window.
func (w window) touches(h lake.Hour) bool {
	return (w.Since.IsZero() || h.End().Add(lake.RowsAfter).After(w.Since)) && (w.Until.IsZero() || h.Start().Add(-lake.RowsBefore).Before(w.Until))
}

// first is the first hour that the window touches; the zero hour for all.
func (w window) first() lake.Hour {
	if w.Since.IsZero() {
		return lake.Hour{}
	}
	return hourOf(w.Since.Add(-lake.RowsAfter))
}

func hourOf(t time.Time) lake.Hour { return lake.HourOf(event.MillisOf(t)) }
