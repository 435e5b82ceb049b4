package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Count writes n with a comma between thousands; below zero it is unknown.
func Count(n int64) string {
	if n < 0 {
		return "?"
	}
	return humanize.Comma(n)
}

// Bytes writes a size in IEC units, such as 12.3 MiB; below zero it is unknown.
func Bytes(n int64) string {
	if n < 0 {
		return "?"
	}
	const units = "KMGTPE"
	v, i := float64(n), -1
	for v >= 1023.95 && i < len(units)-1 { // 1023.95 would be written as 1024.0
		v, i = v/1024, i+1
	}
	if i < 0 {
		return strconv.FormatInt(n, 10) + " B"
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + " " + units[i:i+1] + "iB"
}

// dollars writes a price: cents, and of less than one cent two digits.
func dollars(v float64) string {
	if v >= 0.01 || v <= 0 {
		return "$" + strconv.FormatFloat(v, 'f', 2, 64)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 2, 64), 64)
	if err != nil {
		rounded = v
	}
	return "$" + strconv.FormatFloat(rounded, 'f', -1, 64)
}

// Duration writes d with what matters at its size: 0.85 ms, 12 ms, 1.2 s,
// 15m, 3h20m.
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + Duration(-d)
	case d == 0:
		return "0 s"
	case d < time.Millisecond:
		return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', -1, 64) + " ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		s := strconv.FormatFloat(d.Truncate(100*time.Millisecond).Seconds(), 'f', 1, 64)
		return strings.TrimSuffix(s, ".0") + " s"
	}
	s := d.Truncate(time.Second).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Plural writes a count and its noun; one file, 12 files.
func Plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if before, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(before, "a") { // days, but queries
		return Count(n) + " " + before + "ies"
	}
	return Count(n) + " " + noun + "s"
}

// instant writes a time in UTC to the second, and "never" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}
