package query

import "time"

// Window is a span of received_at: [Since, Until). A zero time is an open end.
type Window struct {
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// IsZero reports whether the window is open at both ends.
func (w Window) IsZero() bool { return w.Since.IsZero() && w.Until.IsZero() }

// Contains reports whether t lies in the window.
func (w Window) Contains(t time.Time) bool {
	return (w.Since.IsZero() || !t.Before(w.Since)) && (w.Until.IsZero() || t.Before(w.Until))
}

// Before gives the window of the same length that ends where w begins; false
// when w has an open end.
func (w Window) Before() (Window, bool) {
	if w.Since.IsZero() || w.Until.IsZero() {
		return Window{}, false
	}
	return Window{Since: w.Since.Add(-w.Until.Sub(w.Since)), Until: w.Since}, true
}
