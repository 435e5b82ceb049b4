package cmd

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// parseTime takes RFC 3339, a date or date and time in UTC, or a duration
// before now (30m, 12h, 7d). Empty is the zero time.
func parseTime(c *cobra.Command, flag, s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	if d, ok := parseAge(s); ok {
		return now.Add(-d).UTC(), nil
	}
	return time.Time{}, usage(c, "--%s: %q is no time", flag, s).
		WithHint("write 2026-07-05, 2026-07-05T09:00:00Z, or how long ago: 12h, 30d")
}

// now is the time in which this run lives.
func (a *app) now() time.Time {
	if a.clock != nil {
		return a.clock.Now()
	}
	return time.Now()
}

const maxDays = 36500

func parseAge(s string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n >= 0 && n <= maxDays
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d >= 0
}
