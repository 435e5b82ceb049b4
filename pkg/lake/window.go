package lake

import "time"

// Overlaps reports whether the hour and the window [since, until) share an
// instant. A zero time is an open end; a window that ends before it begins is
// empty.
func Overlaps(h Hour, since, until time.Time) bool {
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		return false
	}
	return (until.IsZero() || h.Start().Before(until)) && (since.IsZero() || since.Before(h.End()))
}

// Covered reports whether the whole hour lies in the window [since, until).
// Zero times are open ends. It says the same of the rows only where each row
// lies in the hour of its own received_at: Firehose goes by the oldest record
// of a file, so on AWS the first minutes of an hour may lie in the one before.
func Covered(h Hour, since, until time.Time) bool {
	return (since.IsZero() || !h.Start().Before(since)) && (until.IsZero() || !h.End().After(until))
}
