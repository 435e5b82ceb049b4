package report

import (
	"testing"
	"time"

	"pixelctl/pkg/query"
)

// The first instant of a day is the first that shows its date, looked for a
// quarter of an hour at a time.
func TestDayStart(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "Europe/Berlin", "America/Santiago", "America/Havana", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for at := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC); at.Year() < 2027; at = at.Add(15 * time.Minute) {
			l := at.In(zone)
			if day := l.Format(time.DateOnly); day != last && last != "" {
				y, m, d := l.Date()
				if got := dayStart(y, m, d, zone); !got.Equal(at) {
					t.Errorf("%s %s begins at %s, want %s", name, day, got, l)
				}
			}
			last = l.Format(time.DateOnly)
		}
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ since, until, wantSince, wantUntil string }{
		{"2026-03-30 00:00", "2026-04-06 00:00", "2026-03-23 00:00", "2026-03-30 00:00"}, // 167 hours before
		{"2026-07-01 00:00", "2026-07-07 15:30", "2026-06-24 00:00", "2026-06-30 15:30"},
		{"2026-07-01 10:00", "2026-07-01 12:00", "2026-07-01 08:00", "2026-07-01 10:00"},
		{"2026-07-01 00:00", "2026-07-01 00:01", "2026-06-30 00:00", "2026-06-30 00:01"},
	} {
		s := span{zone: berlin}
		got, err := s.before(query.Window{Since: at(c.since), Until: at(c.until)})
		if err != nil || !got.Since.Equal(at(c.wantSince)) || !got.Until.Equal(at(c.wantUntil)) {
			t.Errorf("before %s: %s to %s, %v; want %s to %s", c.since, got.Since.In(berlin), got.Until.In(berlin), err, c.wantSince, c.wantUntil)
		}
	}
}

func TestStepSuitsTheWindow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		days int
		want Step
	}{{1, Hour}, {3, Hour}, {7, Day}, {90, Day}, {200, Week}, {1000, Month}} {
		s, err := newSpan(query.Window{Since: now.AddDate(0, 0, -c.days), Until: now}, time.UTC, "", now)
		if err != nil || s.step != c.want {
			t.Errorf("%d days: %s, %v; want %s", c.days, s.step, err, c.want)
		}
	}
}

// The window of a report that names none is a week with today, and a hit of
// this very minute is in it.
func TestDefaultWindow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 5, 22, 30, 10, 0, time.UTC) // the 6th in Berlin
	p, err := newPlan(Options{Name: "overview", Zone: "Europe/Berlin", Now: now})
	want := query.Window{Since: time.Date(2026, 6, 29, 22, 0, 0, 0, time.UTC), Until: time.Date(2026, 7, 5, 22, 31, 0, 0, time.UTC)}
	if err != nil || !p.Window.Since.Equal(want.Since) || !p.Window.Until.Equal(want.Until) {
		t.Errorf("%v, %v; want %v", p.Window, err, want)
	}
}

// Rates by Wilson, from Newcombe's table (1998, method 3).
func TestRate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, of, low, high float64 }{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
	} {
		v := rate(&c.n, &c.of)
		if d := *v.Low - c.low; d > 5e-5 || d < -5e-5 {
			t.Errorf("%v of %v: from %v, want %v", c.n, c.of, *v.Low, c.low)
		}
		if d := *v.High - c.high; d > 5e-5 || d < -5e-5 {
			t.Errorf("%v of %v: to %v, want %v", c.n, c.of, *v.High, c.high)
		}
	}
	for n := 1.0; n < 20_000; n += 7 {
		if none, all := rate(new(float64), &n), rate(&n, &n); *none.Low != 0 || *all.High != 1 {
			t.Errorf("of %v: none from %v, all to %v", n, *none.Low, *all.High)
		}
	}
	if v := rate(new(float64), new(float64)); v.N != nil || v.Low != nil {
		t.Error("a share of nothing is known")
	}
}

// Each file is whole: what reads it would pass over a misspelt line as prose.
func TestFiles(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		list, err := read(name)
		if err != nil || len(list) == 0 || Question(name) == "" {
			t.Fatalf("%s: %d statements, %v", name, len(list), err)
		}
		for _, s := range list {
			for _, l := range s.parts {
				if len(l.part.Measures) == 0 || l.part.Title == "" || l.part.Chart == "" {
					t.Errorf("%s: part %s is not whole: %+v", name, l.part.Name, l.part)
				}
			}
		}
	}
	for _, text := range []string{"-- part: a, bars\nSELECT 1;\n", "-- count: a, A\nSELECT 1;\n", "SELECT 1;\n"} {
		if _, err := parse("x", text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
