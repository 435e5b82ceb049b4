package lake

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/event"
)

// Hour is one partition: an hour in UTC.
type Hour struct{ Year, Month, Day, Hour int }

// A row may have been received so long before its hour begins, or after it ends.
// Firehose files an object under the hour in which its oldest record arrived, a
// moment after received_at, and holds records for 900 s at most, longer only when
// delivery falls behind.
const (
	RowsBefore = time.Minute
	RowsAfter  = 2 * time.Hour
)

// HourOf returns the hour of an instant. It has the year, month, day and hour
// that the record's JSON shows, also for instants outside the years 1 to 9999.
func HourOf(m event.Millis) Hour {
	t := m.Time()
	year, month, day := t.Date()
	return Hour{year, int(month), day, t.Hour()}
}

// Path returns the directory of the hour below the table's location:
// year=2026/month=7/day=5/hour=9. Numbers are not padded: that is how Hive,
// Spark, Trino and DuckDB write int keys, and one hour has one name.
func (h Hour) Path() string {
	b := make([]byte, 0, len("year=2026/month=12/day=31/hour=23"))
	b = strconv.AppendInt(append(b, "year="...), int64(h.Year), 10)
	b = strconv.AppendInt(append(b, "/month="...), int64(h.Month), 10)
	b = strconv.AppendInt(append(b, "/day="...), int64(h.Day), 10)
	b = strconv.AppendInt(append(b, "/hour="...), int64(h.Hour), 10)
	return string(b)
}

// String returns Path.
func (h Hour) String() string { return h.Path() }

// Start returns the first instant of the hour, in UTC.
func (h Hour) Start() time.Time {
	return time.Date(h.Year, time.Month(h.Month), h.Day, h.Hour, 0, 0, 0, time.UTC)
}

// End returns the first instant after the hour, in UTC.
func (h Hour) End() time.Time { return h.Start().Add(time.Hour) }

// Compare orders hours by time: -1, 0 or 1.
func (h Hour) Compare(o Hour) int {
	return cmp.Or(
		cmp.Compare(h.Year, o.Year), cmp.Compare(h.Month, o.Month),
		cmp.Compare(h.Day, o.Day), cmp.Compare(h.Hour, o.Hour),
	)
}

// Valid reports whether there is such an hour, in the years 1 to 9999.
func (h Hour) Valid() bool {
	return h.Year >= 1 && h.Year <= 9999 && HourOf(event.MillisOf(h.Start())) == h
}

// ParseHour reads a path as Path gives it. Padded numbers (month=07) are read
// too, and reported as not canonical: an engine that has both names of an hour
// registered counts its rows twice. Anything else, an hour that does not exist
// among it, is an error.
func ParseHour(path string) (h Hour, canonical bool, err error) {
	rest := path
	for _, key := range []struct {
		name   string
		digits int
		value  *int
	}{{"year", 4, &h.Year}, {"month", 2, &h.Month}, {"day", 2, &h.Day}, {"hour", 2, &h.Hour}} {
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		digits, ok := strings.CutPrefix(segment, key.name+"=")
		if !ok || !isNumber(digits, key.digits) {
			return Hour{}, false, fmt.Errorf("parse partition %.80q: no %s", path, key.name)
		}
		if *key.value, err = strconv.Atoi(digits); err != nil {
			return Hour{}, false, fmt.Errorf("parse partition %.80q: %w", path, err)
		}
	}
	// Cut leaves no trace of a slash at the very end.
	if rest != "" || strings.HasSuffix(path, "/") {
		return Hour{}, false, fmt.Errorf("parse partition %.80q: more than an hour", path)
	}
	if !h.Valid() {
		return Hour{}, false, fmt.Errorf("parse partition %.80q: no such hour", path)
	}
	return h, path == h.Path(), nil
}

// isNumber reports whether s is 1 to most ASCII digits.
func isNumber(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// MarshalText gives Path; it fails for an hour that does not exist.
func (h Hour) MarshalText() ([]byte, error) {
	if !h.Valid() {
		return nil, fmt.Errorf("write partition %s: no such hour", h.Path())
	}
	return []byte(h.Path()), nil
}

// UnmarshalText reads the canonical Path.
func (h *Hour) UnmarshalText(text []byte) error {
	parsed, canonical, err := ParseHour(string(text))
	if err != nil {
		return err
	}
	if !canonical {
		return fmt.Errorf("parse partition %.80q: padded, want %s", text, parsed.Path())
	}
	*h = parsed
	return nil
}
