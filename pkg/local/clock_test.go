package local_test

import (
	"maps"
	"slices"
	"testing"
)

// A clock that goes backwards, also over a restart, loses no hit: each lies in
// the hour of its own received_at.
func TestClockGoesBackwards(t *testing.T) {
	t.Parallel()
	h := serveHere(t, clock("10:30:00.000"))
	want := map[string]string{}
	for i, at := range []string{"10:30:00.000", "09:15:00.000", "10:31:00.000", "08:59:59.999", "09:00:00.000"} {
		h.at(clock(at))
		want[h.hit(t, h.endpoint+"/p.gif")] = at[:2]
		if i%2 == 1 {
			h.flush(t)
		}
	}
	h.stop()
	h.wantIDs(t, slices.Collect(maps.Keys(want))...)
	for _, row := range h.ask(t, h.target(), "SELECT event_id, hour, date_format(received_at, '%H') FROM tp_hits", nil) {
		id, _ := row[0].(string)
		if hour := row[2]; hour != want[id] || row[1] != map[string]int64{"08": 8, "09": 9, "10": 10}[want[id]] {
			t.Errorf("hit at %s lies in hour %v and was received in %v", want[id], row[1], hour)
		}
	}
}
