package lake

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
)

func TestHourOf(t *testing.T) {
	for _, c := range []struct{ name, at, want string }{
		{"plain", "2026-07-05T09:04:05.123Z", "year=2026/month=7/day=5/hour=9"},
		{"first instant", "2026-07-05T09:00:00Z", "year=2026/month=7/day=5/hour=9"},
		{"last instant", "2026-07-05T08:59:59.999Z", "year=2026/month=7/day=5/hour=8"},
		{"midnight", "2026-07-05T00:00:00Z", "year=2026/month=7/day=5/hour=0"},
		{"end of year", "2026-12-31T23:59:59.999Z", "year=2026/month=12/day=31/hour=23"},
		{"new year", "2027-01-01T00:00:00Z", "year=2027/month=1/day=1/hour=0"},
		{"new year elsewhere", "2027-01-01T00:30:00+01:00", "year=2026/month=12/day=31/hour=23"},
		{"week year differs", "2024-12-30T12:00:00Z", "year=2024/month=12/day=30/hour=12"},
		{"leap day", "2024-02-29T23:00:00Z", "year=2024/month=2/day=29/hour=23"},
		{"no leap day", "2100-02-28T23:59:59Z", "year=2100/month=2/day=28/hour=23"},
		{"before 1970", "1969-12-31T23:59:59.999Z", "year=1969/month=12/day=31/hour=23"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := hourAt(t, c.at).Path(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestHourOfIsTheHourOfTheJSON(t *testing.T) {
	for _, m := range []event.Millis{0, 1_783_242_245_123, math.MinInt64, math.MaxInt64} {
		text, err := time.Parse(event.TimeLayout, m.Time().Format(event.TimeLayout))
		if err != nil {
			t.Fatal(err)
		}
		if h := HourOf(m); !h.Valid() || h.Start() != text.Truncate(time.Hour) {
			t.Errorf("%d: hour %s, JSON says %s", m, h, text)
		}
	}
}

// Where clocks change, two hours have one local name or a name has no hour.
func TestClockChangesDoNotMatter(t *testing.T) {
	for _, day := range []string{"2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"} {
		seen := map[string]bool{}
		start := at(t, day)
		for half := range 48 {
			local := start.Add(time.Duration(half) * 30 * time.Minute).In(time.FixedZone("CEST", 2*60*60))
			seen[HourOf(event.MillisOf(local)).Path()] = true
		}
		if len(seen) != 24 {
			t.Errorf("%s has %d hours", day, len(seen))
		}
	}
}

func TestStartAndEnd(t *testing.T) {
	h := Hour{2024, 2, 29, 23}
	if got := h.Start(); got != at(t, "2024-02-29T23:00:00Z").UTC() {
		t.Errorf("start %v", got)
	}
	if got := h.End(); got != at(t, "2024-03-01T00:00:00Z").UTC() {
		t.Errorf("end %v", got)
	}
}

func TestCompare(t *testing.T) {
	want := []Hour{{2025, 12, 31, 23}, {2026, 1, 1, 0}, {2026, 2, 1, 0}, {2026, 2, 2, 0}, {2026, 2, 2, 1}, {2026, 10, 1, 0}}
	for i, a := range want {
		for j, b := range want {
			if got, signs := a.Compare(b), i-j; got*signs < 0 || (got == 0) != (i == j) {
				t.Errorf("%s against %s is %d", a, b, got)
			}
		}
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Hour.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("sorted %v", got)
	}
}

func TestParseHour(t *testing.T) {
	for _, c := range []struct {
		path      string
		want      Hour
		canonical bool
	}{
		{"year=2026/month=7/day=5/hour=9", Hour{2026, 7, 5, 9}, true},
		{"year=2026/month=12/day=31/hour=23", Hour{2026, 12, 31, 23}, true},
		{"year=2026/month=1/day=1/hour=0", Hour{2026, 1, 1, 0}, true},
		{"year=2024/month=2/day=29/hour=0", Hour{2024, 2, 29, 0}, true},
		{"year=1/month=1/day=1/hour=0", Hour{1, 1, 1, 0}, true},
		{"year=9999/month=12/day=31/hour=23", Hour{9999, 12, 31, 23}, true},
		{"year=2026/month=07/day=5/hour=9", Hour{2026, 7, 5, 9}, false},
		{"year=2026/month=07/day=05/hour=09", Hour{2026, 7, 5, 9}, false},
		{"year=2026/month=7/day=5/hour=00", Hour{2026, 7, 5, 0}, false},
		{"year=0026/month=7/day=5/hour=9", Hour{26, 7, 5, 9}, false},
	} {
		got, canonical, err := ParseHour(c.path)
		if err != nil || got != c.want || canonical != c.canonical {
			t.Errorf("%s: got %v, %v, %v", c.path, got, canonical, err)
		}
	}
}

func TestParseHourRefuses(t *testing.T) {
	for _, path := range []string{
		"", "/", "2026/7/5/9", "year=2026", "year=2026/month=7/day=5",
		"year=2026/month=7/day=5/hour=9/", "/year=2026/month=7/day=5/hour=9",
		"year=2026/month=7/day=5/hour=9/minute=1", "year=2026/month=7/day=5/hour=9/x.parquet",
		"year=2026//month=7/day=5/hour=9", "month=7/year=2026/day=5/hour=9", "Year=2026/month=7/day=5/hour=9",
		"year=2026/month=7/day=5/hour=24", "year=2026/month=7/day=0/hour=9", "year=2026/month=13/day=5/hour=9",
		"year=2026/month=0/day=5/hour=9", "year=0/month=7/day=5/hour=9", "year=2025/month=2/day=29/hour=9",
		"year=2100/month=2/day=29/hour=9", "year=2026/month=4/day=31/hour=9",
		"year=+2026/month=7/day=5/hour=9", "year=-1/month=7/day=5/hour=9", "year=2026/month=+7/day=5/hour=9",
		"year=2026/month=/day=5/hour=9", "year=2026/month=7 /day=5/hour=9", "year=2026/month=007/day=5/hour=9",
		"year=02026/month=7/day=5/hour=9", "year=99999999999999999999/month=7/day=5/hour=9",
		"year=2026/month=7/day=5/hour=9.0", "year=2026/month=0x7/day=5/hour=9", "year=2_26/month=7/day=5/hour=9",
		"year=२०२६/month=7/day=5/hour=9", "year=2026/month=7/day=5/hour=__HIVE_DEFAULT_PARTITION__",
		`year=2026\month=7\day=5\hour=9`, "year=2026/month=7/day=5/hour=9\x00",
	} {
		if h, canonical, err := ParseHour(path); err == nil || h != (Hour{}) || canonical {
			t.Errorf("%q: got %v, %v, %v", path, h, canonical, err)
		}
	}
}

func TestParseHourErrorIsShort(t *testing.T) {
	if _, _, err := ParseHour(strings.Repeat("x", 1<<20)); err == nil || len(err.Error()) > 200 {
		t.Errorf("got %.300v", err)
	}
}

func FuzzParseHour(f *testing.F) {
	f.Add("year=2026/month=7/day=5/hour=9")
	f.Add("year=2026/month=07/day=05/hour=09")
	f.Fuzz(func(t *testing.T, path string) {
		h, canonical, err := ParseHour(path)
		if err != nil {
			return
		}
		if !h.Valid() || canonical != (h.Path() == path) {
			t.Errorf("%q: %v, canonical %v", path, h, canonical)
		}
		if again, ok, err := ParseHour(h.Path()); err != nil || !ok || again != h {
			t.Errorf("%q: %v does not come back: %v, %v", path, h, again, err)
		}
	})
}

func BenchmarkHourOf(b *testing.B) {
	b.ReportAllocs()
	for m := event.Millis(1_783_242_245_123); b.Loop(); m++ {
		HourOf(m)
	}
}

func BenchmarkPath(b *testing.B) {
	h := Hour{2026, 12, 31, 23}
	b.ReportAllocs()
	for b.Loop() {
		_ = h.Path()
	}
}
