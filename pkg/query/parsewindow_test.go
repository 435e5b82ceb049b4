package query

import (
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
)

// wednesday is a summer day on which Berlin is two hours ahead.
const wednesday = "2026-07-08T15:30:00Z"

func moments(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestParseWindow(t *testing.T) {
	t.Parallel()
	const berlin = "Europe/Berlin"
	for _, c := range []struct{ now, since, until, zone, from, to string }{
		{wednesday, "", "", "", "", ""},
		{wednesday, "2026-07-05T09:00:00+02:00", "2026-07-05T09:00:00.5Z", "", "2026-07-05T07:00:00Z", "2026-07-05T09:00:00.5Z"},
		{wednesday, "2026-07-01", "2026-07-02 12:30", "", "2026-07-01T00:00:00Z", "2026-07-02T12:30:00Z"},
		{wednesday, "2026-07-01", "2026-07-02T12:30", berlin, "2026-06-30T22:00:00Z", "2026-07-02T10:30:00Z"},
		{wednesday, "36h", "now", "", "2026-07-07T03:30:00Z", wednesday},
		{wednesday, "2w", "1d12h", "", "2026-06-24T15:30:00Z", "2026-07-07T03:30:00Z"},
		{wednesday, "30d", "", "", "2026-06-08T15:30:00Z", ""},
		{wednesday, "", "90m", "", "", "2026-07-08T14:00:00Z"},
		{wednesday, "today", "", "", "2026-07-08T00:00:00Z", "2026-07-09T00:00:00Z"},
		{wednesday, "Yesterday", "", berlin, "2026-07-06T22:00:00Z", "2026-07-07T22:00:00Z"},
		{wednesday, "yesterday", "now", "", "2026-07-07T00:00:00Z", wednesday},
		{wednesday, "yesterday", "12h", "", "2026-07-07T00:00:00Z", "2026-07-08T03:30:00Z"},
		{wednesday, "", "yesterday", "", "", "2026-07-07T00:00:00Z"},
		{wednesday, "last week", "", "", "2026-06-29T00:00:00Z", "2026-07-06T00:00:00Z"},
		{wednesday, "last-week", "yesterday", "", "2026-06-29T00:00:00Z", "2026-07-07T00:00:00Z"},
		{wednesday, "this  week", "", "", "2026-07-06T00:00:00Z", "2026-07-13T00:00:00Z"},
		{wednesday, "this week", "", berlin, "2026-07-05T22:00:00Z", "2026-07-12T22:00:00Z"},
		{"2026-07-05T23:59:59Z", "this week", "", "", "2026-06-29T00:00:00Z", "2026-07-06T00:00:00Z"},
		{"2026-07-05T23:59:59Z", "this week", "", berlin, "2026-07-05T22:00:00Z", "2026-07-12T22:00:00Z"},
		{"2026-01-15T00:00:00Z", "last month", "", "", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		{"2026-03-31T12:00:00Z", "last month", "", "", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{wednesday, "this month", "", "", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"},
		{wednesday, "last year", "", "", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		{wednesday, "last 7 days", "", "", "2026-07-01T00:00:00Z", "2026-07-08T00:00:00Z"},
		{wednesday, "last 1 day", "", "", "2026-07-07T00:00:00Z", "2026-07-08T00:00:00Z"},
		{wednesday, "last 2 weeks", "", "", "2026-06-22T00:00:00Z", "2026-07-06T00:00:00Z"},
		{wednesday, "last 3 months", "", "", "2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"},
		// The days on which clocks go forward and back.
		{"2026-03-30T10:00:00Z", "yesterday", "", berlin, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"2026-10-26T10:00:00Z", "yesterday", "", berlin, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"2026-03-30T10:00:00Z", "1d", "", berlin, "2026-03-29T10:00:00Z", ""},
		{"2026-04-01T00:00:00Z", "last month", "", berlin, "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"},
		// Half past two does not exist, or exists twice: the first time counts.
		{wednesday, "2026-03-29T02:30", "2026-03-29T03:30", berlin, "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"},
		{wednesday, "2025-10-26T02:30", "2025-10-26T03:00", berlin, "2025-10-26T00:30:00Z", "2025-10-26T02:00:00Z"},
		// No midnight in Beirut, and two in the Azores.
		{"2026-03-30T10:00:00Z", "yesterday", "", "Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"},
		{"2026-10-26T10:00:00Z", "yesterday", "", "Atlantic/Azores", "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"},
		{wednesday, "2026-07-01", "2026-07-02", "Asia/Kathmandu", "2026-06-30T18:15:00Z", "2026-07-01T18:15:00Z"},
	} {
		w, err := ParseWindow(c.since, c.until, c.zone, moments(t, c.now))
		if want := (Window{moments(t, c.from).UTC(), moments(t, c.to).UTC()}); err != nil || !w.Since.Equal(want.Since) || !w.Until.Equal(want.Until) {
			t.Errorf("%q to %q in %q: got %v, want %v (%v)", c.since, c.until, c.zone, w, want, err)
		}
	}
}

func TestParseWindowRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ since, until, zone, want, hint string }{
		{"yesterdy", "", "", `--since: "yesterdy" is no time`, `did you mean "yesterday"?`},
		{"", "lst week", "", `--until: "lst week" is no time`, `did you mean "last week"?`},
		{"soon", "", "", `--since: "soon" is no time`, "write 2026-07-05"},
		{"2026-02-30", "", "", `"2026-02-30" is no time`, "write 2026-07-05"},
		{"-5d", "", "", `"-5d" is no time`, ""},
		{"5", "", "", `"5" is no time`, ""},
		{"last 0 days", "", "", "is no time", `did you mean "last 7 days"?`},
		{"last fortnight", "", "", "is no time", ""},
		{"999999d", "", "", "is no time", ""},
		{"99999w", "", "", "is no time", ""},
		{"d", "", "", "is no time", ""},
		{strings.Repeat("9", 100) + "h", "", "", "is no time", ""},
		{"0000-05-01", "", "", "is not in the years 1 to 9999", ""},
		{"2026-07-08", "2026-07-01", "", "--since 2026-07-08T00:00:00Z is not before --until 2026-07-01T00:00:00Z", "earlier"},
		{"2026-07-01", "2026-07-01", "", "is not before", ""},
		{"2026-07-08T15:30:00.001Z", "", "", "lies in the future: it is 2026-07-08T15:30:00Z", "before now"},
		{"2026-07-09", "2026-07-10", "", "lies in the future", ""},
		{"1d", "", "Europe/Berln", `--tz: "Europe/Berln" is no time zone`, "Europe/Berlin"},
		{"1d", "", "../../etc/passwd", "is no time zone", ""},
		{"1d", "", "\x00", "is no time zone", ""},
	} {
		_, err := ParseWindow(c.since, c.until, c.zone, moments(t, wednesday))
		if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.HintOf(err), c.hint) {
			t.Errorf("%q to %q: %v (hint %q)", c.since, c.until, err, fault.HintOf(err))
		}
	}
}

// Each name that is offered is read, and each day ends where the next begins,
// in each zone and through each change of clocks.
func TestDaysHaveNoGap(t *testing.T) {
	t.Parallel()
	for _, name := range WindowNames() {
		if w, err := ParseWindow(name, "", "", moments(t, wednesday)); err != nil || w.Since.IsZero() {
			t.Errorf("%s: %v %v", name, w, err)
		}
	}
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Beirut", "Atlantic/Azores", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		var last time.Time
		for day := range 800 {
			now := time.Date(2024, 1, 1+day, 12, 0, 0, 0, loc)
			w, err := ParseWindow("yesterday", "", zone, now)
			if err != nil || !last.IsZero() && !w.Since.Equal(last) {
				t.Fatalf("%s: the day before %s begins at %s, the one before ended at %s (%v)", zone, now, w.Since, last, err)
			}
			if at := w.Since.In(loc); at.Day() == at.Add(-time.Millisecond).Day() {
				t.Fatalf("%s: the day before %s begins at %s, within a day", zone, now, at)
			}
			last = w.Until
		}
	}
}

func FuzzParseWindow(f *testing.F) {
	for _, s := range []string{"yesterday", "last 7 days", "2w3d", "2026-07-05", "1e9h", "this ", "\xff"} {
		f.Add(s, s, "UTC")
	}
	now := time.Date(2026, 7, 8, 15, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, since, until, zone string) {
		w, err := ParseWindow(since, until, zone, now)
		if err != nil {
			if fault.KindOf(err) != fault.Usage {
				t.Fatalf("%v", err)
			}
			return
		}
		if w.Since.After(now) || !w.Since.IsZero() && !w.Until.IsZero() && !w.Since.Before(w.Until) {
			t.Fatalf("%q to %q: %v", since, until, w)
		}
	})
}
