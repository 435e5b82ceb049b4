package privacy_test

import (
	"net/netip"
	"slices"
	"strings"
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

// A person has the cookie that the browser shows, not the number in its column.
func TestFormsOfTheCookie(t *testing.T) {
	t.Parallel()
	id, header := privacy.IssueCookie([16]byte{1, 2, 250}, [32]byte{7}, 30)
	cookie, _, _ := strings.Cut(header, ";")
	value := strings.TrimPrefix(cookie, privacy.CookieName+"=")
	for _, named := range []string{id, value, cookie} {
		if got, err := privacy.Forms("network_id", named); err != nil || !slices.Contains(got, id) {
			t.Errorf("%s: got %v, %v; want %s", named, got, err, id)
		}
	}
	for _, other := range []string{"anna", value + "A", value[1:], "?" + value[1:]} {
		if got, _ := privacy.Forms("network_id", other); !slices.Equal(got, []string{other}) {
			t.Errorf("%s: got %v", other, got)
		}
	}
	if got, _ := privacy.Forms("user_id", value); !slices.Equal(got, []string{value}) {
		t.Errorf("of a user: got %v", got)
	}
}
