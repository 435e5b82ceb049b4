package privacy_test

import (
	"net/netip"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// A ring makes the hash that a hit of its own day got, and none of a day before.
func TestForm(t *testing.T) {
	t.Parallel()
	const day = 20_000
	stored := func(r *privacy.Ring, day int64) event.Record {
		rec := event.Record{UserID: "anna"}
		privacy.New(spec.Spec{Privacy: spec.Privacy{IP: spec.Hash, User: spec.Hash}}).
			Apply(&rec, privacy.Facts{Peer: netip.MustParseAddr("::ffff:203.0.113.77"), Time: event.Millis(day * 86_400_000), Keys: r})
		return rec
	}
	r := parse(t, seedState)
	r.Advance(day)
	hit := stored(r, day)
	read := parse(t, string(r.JSON())) // as another process finds it
	if got := read.Form("user_id", "anna"); got != hit.UserID || len(got) != 32 {
		t.Errorf("form %q, stored %q", got, hit.UserID)
	}
	if got := read.Form("ip", "203.0.113.77"); got != hit.IP || len(got) != 32 {
		t.Errorf("form %q, stored %q", got, hit.IP)
	}
	for column, value := range map[string]string{"visitor_id": "anna", "ip": "nowhere"} {
		if got := read.Form(column, value); got != "" {
			t.Errorf("%s has form %q", column, got)
		}
	}
	if read.Advance(day + 1); read.Form("user_id", "anna") == hit.UserID {
		t.Error("yesterday's hash can be made again")
	}
}
