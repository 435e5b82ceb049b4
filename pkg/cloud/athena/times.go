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
	const layout = "2006-01-02 15:04:05.000"
	if len(s) != len(layout) {
		return time.Time{}, false
	}
	for i := range len(layout) {
		if isDigit(layout[i]) != isDigit(s[i]) || !isDigit(layout[i]) && layout[i] != s[i] {
			return time.Time{}, false
		}
	}
	month, day, hour, minute, second := digits(s[5:7]), digits(s[8:10]), digits(s[11:13]), digits(s[14:16]), digits(s[17:19])
	if month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false // package time knows the months and the errors
	}
	return time.Date(digits(s[:4]), time.Month(month), day, hour, minute, second, digits(s[20:])*int(time.Millisecond), time.UTC), true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func digits(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
