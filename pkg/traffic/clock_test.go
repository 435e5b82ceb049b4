package traffic

import (
	"testing"
	"time"
)

func TestDaysSpreadTheClientTimes(t *testing.T) {
	for _, days := range []int{1, 2, 7, 30} {
		for _, n := range []int{1, 3, 24, 5000} {
			hits := collect(Options{Count: n, Seed: 1, Days: days, Now: fixed(noon)})
			if len(hits) != n {
				t.Fatalf("%d days, %d hits: got %d", days, n, len(hits))
			}
			before := noon.Add(-time.Duration(days) * 24 * time.Hour)
			for i, h := range hits {
				if h.At.Before(before) || h.At.After(noon) {
					t.Fatalf("%d days, hit %d of %d: %s after %s", days, i, n, h.At, before)
				}
				before = h.At
			}
		}
	}
}

func TestNightIsQuiet(t *testing.T) {
	var hours [24]int
	days := map[int]int{}
	for _, h := range collect(Options{Count: 20000, Seed: 1, Days: 10, Now: fixed(noon)}) {
		hours[h.At.Hour()]++
		days[h.At.YearDay()]++
	}
	if hours[3]*5 > hours[20] {
		t.Errorf("%d hits at 3, %d at 20 o'clock", hours[3], hours[20])
	}
	if len(days) != 11 {
		t.Errorf("hits on %d dates, want 11", len(days))
	}
}

func TestCampaignsComeAndGo(t *testing.T) {
	const days = 10
	start := noon.Add(-days * 24 * time.Hour)
	perDay := map[string][days]int{}
	for _, h := range collect(Options{Count: 20000, Seed: 1, Days: days, Profile: Web, Now: fixed(noon)}) {
		name := parameters(t, h).Get("utm_campaign")
		series := perDay[name]
		series[int(h.At.Sub(start)/(24*time.Hour))]++
		perDay[name] = series
	}
	if len(perDay) != 7 { // two sources have no campaign
		t.Errorf("%d campaigns, want 7", len(perDay))
	}
	for name, launch := range map[string]int{"early-bird": 2, "double-points": 6, "flash-sale": 7, "city-breaks": 4} {
		series := perDay[name]
		if series[launch-1] != 0 || series[launch] < 50 {
			t.Errorf("%s should start on day %d: %v", name, launch, series)
		}
	}
	if mail := perDay["early-bird"]; mail[4]*3 > mail[2] {
		t.Errorf("the mailing does not fade: %v", mail)
	}
}

func TestTimesWithoutDays(t *testing.T) {
	hits := collect(Options{Count: 3, Rate: 4, Now: fixed(noon)})
	if got := hits[2].At.Sub(hits[0].At); got != 500*time.Millisecond {
		t.Errorf("two hits at 4/s take %s", got)
	}
	hits = collect(Options{Count: 3, Now: fixed(noon)})
	if !hits[2].At.Equal(noon) || !hits[2].Hour().Equal(noon.Truncate(time.Hour)) {
		t.Errorf("unpaced hit at %s, hour %s", hits[2].At, hits[2].Hour())
	}
}
