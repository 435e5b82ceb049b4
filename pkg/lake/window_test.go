package lake

import "testing"

func TestWindows(t *testing.T) {
	h := Hour{2026, 7, 5, 9}
	for _, c := range []struct {
		name, since, until string
		overlaps, covered  bool
	}{
		{"all time", "", "", true, true},
		{"exactly", "2026-07-05T09:00:00Z", "2026-07-05T10:00:00Z", true, true},
		{"in another zone", "2026-07-05T11:00:00+02:00", "2026-07-05T12:00:00+02:00", true, true},
		{"since a moment later", "2026-07-05T09:00:00.000000001Z", "", true, false},
		{"until a moment earlier", "", "2026-07-05T09:59:59.999999999Z", true, false},
		{"since the last moment", "2026-07-05T09:59:59.999Z", "", true, false},
		{"until the first moment", "", "2026-07-05T09:00:00.001Z", true, false},
		{"since the end", "2026-07-05T10:00:00Z", "", false, false},
		{"until the start", "", "2026-07-05T09:00:00Z", false, false},
		{"within", "2026-07-05T09:10:00Z", "2026-07-05T09:20:00Z", true, false},
		{"around", "2026-07-05T00:00:00Z", "2026-07-06T00:00:00Z", true, true},
		{"empty", "2026-07-05T09:30:00Z", "2026-07-05T09:30:00Z", false, false},
		{"backwards", "2026-07-05T09:40:00Z", "2026-07-05T09:20:00Z", false, false},
		{"backwards around", "2026-07-06T00:00:00Z", "2026-07-05T00:00:00Z", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			since, until := at(t, c.since), at(t, c.until)
			if got := Overlaps(h, since, until); got != c.overlaps {
				t.Errorf("overlaps %v", got)
			}
			if got := Covered(h, since, until); got != c.covered {
				t.Errorf("covered %v", got)
			}
		})
	}
}
