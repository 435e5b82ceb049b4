package athena

import (
	"strings"
	"time"
)

func date(s string) any { return instant(s, time.DateOnly, time.UTC) }

// timestamp reads one without a zone; Athena leaves out a fraction of zero.
func timestamp(s string) any {
	if t, ok := civil(s); ok {
		return t
	}
	return instant(s, time.DateTime, time.UTC)
}

func instant(s, layout string, zone *time.Location) any {
	t, err := time.ParseInLocation(layout, s, zone)
	if err != nil {
		return s
	}
	return t.UTC()
}

// zoned reads a timestamp whose zone is an offset, such as +02:00, or a name,
// such as Europe/Paris. A name that this machine does not know stays text.
func zoned(s string) any {
	at := strings.LastIndexByte(s, ' ')
	if at < 0 {
		return s
	}
	zone := s[at+1:]
	if strings.HasPrefix(zone, "+") || strings.HasPrefix(zone, "-") {
		return instant(s, time.DateTime+" -07:00", time.UTC)
	}
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return s
	}
	if t, ok := instant(s[:at], time.DateTime, where).(time.Time); ok {
		return t
	}
	return s
}

// civil reads 2006-01-02 15:04:05.000, the form of nearly every timestamp, in a
// fraction of the time that package time needs for any layout.
func civil(s string) (time.Time, bool) {
	if len(s) != len("2006-01-02 15:04:05.000") || s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' || s[16] != ':' || s[19] != '.' {
		return time.Time{}, false
	}
	ok := true
	digits := func(from, to int) (n int) {
		for _, c := range []byte(s[from:to]) {
			ok = ok && '0' <= c && c <= '9'
			n = n*10 + int(c-'0')
		}
		return n
	}
	month, day, hour, minute, second := digits(5, 7), digits(8, 10), digits(11, 13), digits(14, 16), digits(17, 19)
	t := time.Date(digits(0, 4), time.Month(month), day, hour, minute, second, digits(20, 23)*int(time.Millisecond), time.UTC)
	ok = ok && 1 <= month && month <= 12 && t.Day() == day && hour < 24 && minute < 60 && second < 60
	return t, ok
}
