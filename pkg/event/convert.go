package event

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Parse reads the value of a column from text, whole and without space around
// it:
//
//	string     any text but the empty one; Record.Trim cuts it to the limit
//	int        decimal, 32 bits: 7, -7
//	bigint     decimal, 64 bits
//	double     decimal below 1e308 either way: 7, -0.5, 1.5e-3
//	boolean    true, false, 1, 0, yes, no, in any case
//	timestamp  milliseconds since 1970 (1783242611123), RFC 3339
//	           (2026-07-05T09:10:11Z, 2026-07-05T11:10:11.123+02:00), or
//	           2026-07-05 09:10:11[.123] in UTC; years 1 to 9999; digits after
//	           the third of a second are left out
//	date       2026-07-05; years 1 to 9999
//
// It returns false for anything else, and allocates nothing.
func (f *Field) Parse(text string) (Value, bool) {
	v, ok := Value{Field: f}, text != ""
	switch f.Type {
	case String:
		v.Text = text
	case Int:
		v.Int, ok = parseInt(text)
		ok = ok && v.Int >= math.MinInt32 && v.Int <= math.MaxInt32
	case BigInt:
		v.Int, ok = parseInt(text)
	case Double:
		v.Float, ok = parseDouble(text)
	case Boolean:
		v.Int, ok = parseBoolean(text)
	case Timestamp:
		v.Int, ok = parseTimestamp(text)
	case Date:
		v.Int, ok = parseDate(text)
		v.Int /= secondsOfDay
		ok = ok && len(text) == len(time.DateOnly)
	case Map:
		ok = false
	default:
		ok = false
	}
	if !ok {
		return Value{}, false
	}
	return v, true
}

const secondsOfDay = 86_400

// parseInt reads an optional minus and digits; strconv allocates its errors.
func parseInt(s string) (int64, bool) {
	digits, minus := strings.CutPrefix(s, "-")
	if digits == "" || len(digits) > 20 {
		return 0, false
	}
	n := int64(0) // counts down: the negative numbers are one more
	for i := range len(digits) {
		d := int64(digits[i]) - '0'
		if d < 0 || d > 9 || n < (math.MinInt64+d)/10 {
			return 0, false
		}
		n = n*10 - d
	}
	if minus {
		return n, true
	}
	return -n, n != math.MinInt64
}

// parseDouble reads what JSON calls a number, leading zeros allowed. What is
// too large is told by the place of its first digit, before strconv allocates
// an error for it; what is too small is 0.
func parseDouble(s string) (float64, bool) {
	rest := strings.TrimPrefix(s, "-")
	whole := countDigits(rest)
	if whole == 0 || len(s) > 400 {
		return 0, false
	}
	place := len(strings.TrimLeft(rest[:whole], "0")) // of the first digit that counts
	rest = rest[whole:]
	if after, ok := strings.CutPrefix(rest, "."); ok {
		n := countDigits(after)
		if n == 0 {
			return 0, false
		}
		if place == 0 {
			place = len(strings.TrimLeft(after[:n], "0")) - n
		}
		rest = after[n:]
	}
	exponent, ok := parseExponent(rest)
	if !ok || int64(place)+exponent > 308 {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// parseExponent reads nothing (0), or e and at most four digits.
func parseExponent(s string) (int64, bool) {
	if s == "" {
		return 0, true
	}
	if s[0]|0x20 != 'e' {
		return 0, false
	}
	digits := s[1:]
	minus := strings.HasPrefix(digits, "-")
	if minus || strings.HasPrefix(digits, "+") {
		digits = digits[1:]
	}
	if countDigits(digits) != len(digits) || len(digits) > 4 {
		return 0, false
	}
	n, ok := parseInt(digits)
	if minus {
		n = -n
	}
	return n, ok
}

func countDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func parseBoolean(s string) (int64, bool) {
	switch {
	case s == "1", strings.EqualFold(s, "true"), strings.EqualFold(s, "yes") && len(s) == 3: // ſ folds to s
		return 1, true
	case s == "0", strings.EqualFold(s, "no"), strings.EqualFold(s, "false") && len(s) == 5:
		return 0, true
	}
	return 0, false
}

// parseTimestamp returns milliseconds since 1970.
func parseTimestamp(s string) (int64, bool) {
	if n, ok := parseInt(s); ok {
		return n, Millis(n) >= minMillis && Millis(n) <= maxMillis
	}
	seconds, ok := parseDate(s)
	if !ok || len(s) < len(time.DateTime) || s[10] != ' ' && s[10] != 'T' {
		return 0, false
	}
	clock, ok := parseClock(s[11:19])
	if !ok {
		return 0, false
	}
	milli, zone, ok := parseFraction(s[19:])
	offset := int64(0)
	if ok && s[10] == 'T' {
		offset, ok = parseZone(zone)
	} else if zone != "" {
		return 0, false
	}
	n := (seconds+clock-offset)*1000 + milli
	return n, ok && Millis(n) >= minMillis && Millis(n) <= maxMillis
}

// parseDate returns the seconds from 1970 to the day that s begins with.
func parseDate(s string) (int64, bool) {
	if len(s) < len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	century, ok1 := parseTwo(s[0:2], 99)
	year, ok2 := parseTwo(s[2:4], 99)
	month, ok3 := parseTwo(s[5:7], 12)
	day, ok4 := parseTwo(s[8:10], 31)
	year += 100 * century
	if !ok1 || !ok2 || !ok3 || !ok4 || year == 0 || month == 0 {
		return 0, false
	}
	t := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	return t.Unix(), t.Day() == int(day) // the 31st of June is moved into July
}

// parseClock returns the seconds of hh:mm:ss.
func parseClock(s string) (int64, bool) {
	hour, ok1 := parseTwo(s[0:2], 23)
	minute, ok2 := parseTwo(s[3:5], 59)
	second, ok3 := parseTwo(s[6:8], 59)
	return hour*3600 + minute*60 + second, ok1 && ok2 && ok3 && s[2] == ':' && s[5] == ':'
}

// parseFraction returns the milliseconds of .123456, or 0 where there is no
// point, and what follows.
func parseFraction(s string) (milli int64, rest string, ok bool) {
	digits, found := strings.CutPrefix(s, ".")
	if !found {
		return 0, s, true
	}
	n := countDigits(digits)
	if n == 0 || n > 9 {
		return 0, "", false
	}
	for i := range 3 {
		milli *= 10
		if i < n {
			milli += int64(digits[i] - '0')
		}
	}
	return milli, digits[n:], true
}

// parseZone returns the seconds that Z, +hh:mm or -hh:mm is ahead of UTC.
func parseZone(s string) (int64, bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hour, ok1 := parseTwo(s[1:3], 23)
	minute, ok2 := parseTwo(s[4:6], 59)
	offset := hour*3600 + minute*60
	if s[0] == '-' {
		offset = -offset
	}
	return offset, ok1 && ok2
}

// parseTwo reads two digits.
func parseTwo(s string, most int64) (int64, bool) {
	if s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return 0, false
	}
	n := int64(s[0]-'0')*10 + int64(s[1]-'0')
	return n, n <= most
}
