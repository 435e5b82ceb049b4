package event

import "time"

// TimeLayout is the form of timestamps in the JSON line, for package time.
// Athena's Hive JSON SerDe, Firehose's converter and DuckDB all read it.
const TimeLayout = "2006-01-02 15:04:05.000"

// Millis is an instant in milliseconds since 1970-01-01 UTC; 0 means absent.
type Millis int64

// The years 1 to 9999 fit TimeLayout; instants outside stand for the nearest.
const (
	minMillis Millis = -62_135_596_800_000 // 0001-01-01 00:00:00.000
	maxMillis Millis = 253_402_300_799_999 // 9999-12-31 23:59:59.999
)

// MillisOf returns t in milliseconds, rounded down.
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time returns m in UTC, moved into the years 1 to 9999.
func (m Millis) Time() time.Time {
	return time.UnixMilli(int64(min(max(m, minMillis), maxMillis))).UTC()
}

// appendTimestamp appends m as TimeLayout has it; time.AppendFormat takes
// three times as long.
func appendTimestamp(dst []byte, m Millis) []byte {
	t := m.Time()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	milli := t.Nanosecond() / int(time.Millisecond)
	dst = appendTwo(appendTwo(dst, year/100), year%100)
	dst = appendTwo(append(dst, '-'), int(month))
	dst = appendTwo(append(dst, '-'), day)
	dst = appendTwo(append(dst, ' '), hour)
	dst = appendTwo(append(dst, ':'), minute)
	dst = appendTwo(append(dst, ':'), second)
	dst = appendTwo(append(dst, '.'), milli/10)
	return append(dst, digits[milli%10])
}

const digits = "0123456789"

// appendTwo appends n, 0 to 99, as two digits.
func appendTwo(dst []byte, n int) []byte {
	return append(dst, digits[n/10], digits[n%10])
}
