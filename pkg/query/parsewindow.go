package query

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones by name also where the machine keeps none

	"pixelctl/pkg/fault"
)

// ParseWindow reads --since, --until and --tz. An instant is RFC 3339, a date
// or date and time in the zone, how long before now (36h, 30d, 2w, 1d12h), or a
// name such as yesterday or last week, which means the moment that it begins.
// A name in --since alone means that span and no more. The zone is an IANA name;
// empty is UTC. Errors are fault.Usage.
func ParseWindow(since, until, zone string, now time.Time) (Window, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return Window{}, fault.New(fault.Usage, "--tz: %q is no time zone", zone).
			WithHint("write an IANA name such as --tz Europe/Berlin, or --tz UTC")
	}
	p := windowParser{now: now.In(loc)}
	from, err := p.span("since", since)
	if err != nil {
		return Window{}, err
	}
	to, err := p.span("until", until)
	if err != nil {
		return Window{}, err
	}
	w := Window{Since: from.Since, Until: to.Since}
	if strings.TrimSpace(until) == "" {
		w.Until = from.Until
	}
	return w, w.check(now)
}

// check refuses a window that no row can be in.
func (w Window) check(now time.Time) error {
	switch {
	case !w.Since.IsZero() && !w.Until.IsZero() && !w.Since.Before(w.Until):
		return fault.New(fault.Usage, "--since %s is not before --until %s", stamp(w.Since), stamp(w.Until)).
			WithHint("give the earlier time as --since; --until is the first instant that is left out")
	case w.Since.After(now):
		return fault.New(fault.Usage, "--since %s lies in the future: it is %s", stamp(w.Since), stamp(now)).
			WithHint("name a time before now, such as --since 24h or --since yesterday")
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// windowParser reads times as they are said at some moment, in its zone.
type windowParser struct{ now time.Time }

// span gives the instant that s means; a name has an end, too.
func (p windowParser) span(flag, s string) (Window, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Window{}, nil
	}
	w, ok := p.instant(s)
	if !ok {
		w, ok = p.named(strings.Join(strings.Fields(strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToLower(s))), " "))
	}
	if !ok {
		return Window{}, unknownTime(flag, s)
	}
	if year := w.Since.UTC().Year(); year < 1 || year > 9999 {
		return Window{}, fault.New(fault.Usage, "--%s: %q is not in the years 1 to 9999", flag, s)
	}
	return Window{Since: w.Since.UTC(), Until: w.Until.UTC()}, nil
}

func unknownTime(flag, s string) error {
	e := fault.New(fault.Usage, "--%s: %q is no time", flag, s)
	if near := fault.Nearest(strings.ToLower(s), WindowNames()); near != "" {
		return e.WithHint("did you mean %q?", near)
	}
	return e.WithHint(`write 2026-07-05, 2026-07-05T09:00:00Z, how long ago (12h, 30d, 2w), or a name such as yesterday or "last week"`)
}

// WindowNames are the names of spans, for completion and hints.
func WindowNames() []string {
	return []string{
		"now", "today", "yesterday", "this week", "last week", "this month", "last month", "this year", "last year", "last 7 days", "last 30 days",
	}
}

func (p windowParser) instant(s string) (Window, bool) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return Window{Since: t}, true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return Window{Since: p.at(t)}, true
		}
	}
	age, ok := parseAge(s)
	return Window{Since: p.now.Add(-age)}, ok
}

// at is the first instant at which the zone's clocks show what t does, as if it
// were in UTC. When they pass over it, it is the instant at which they do.
func (p windowParser) at(t time.Time) time.Time {
	zone := p.now.Location()
	guess := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
	shows := func(c time.Time) bool {
		_, offset := c.Zone()
		return c.Add(time.Duration(offset) * time.Second).Equal(t)
	}
	begin, end := guess.ZoneBounds()
	if !shows(guess) { // the zone goes by one side of the gap
		if _, offset := guess.Zone(); guess.Add(time.Duration(offset) * time.Second).Before(t) {
			return end
		}
		return begin
	}
	if !begin.IsZero() {
		_, offset := begin.Add(-time.Nanosecond).Zone()
		if earlier := t.Add(-time.Duration(offset) * time.Second).In(zone); earlier.Before(begin) && shows(earlier) {
			return earlier
		}
	}
	return guess
}

// counted is such as last 7 days.
var counted = regexp.MustCompile(`^last (\d{1,4}) (day|week|month)s?$`)

// named gives the span of a name. Weeks begin on Monday; last 7 days are whole
// days, today not among them.
func (p windowParser) named(s string) (Window, bool) {
	if s == "now" {
		return Window{Since: p.now}, true
	}
	n, unit := 1, ""
	if m := counted.FindStringSubmatch(s); m != nil {
		count, err := strconv.Atoi(m[1])
		if err != nil || count == 0 {
			return Window{}, false
		}
		n, unit = count, m[2]
	}
	which, word, _ := strings.Cut(s, " ")
	switch {
	case unit != "":
	case s == "today":
		which, unit = "this", "day"
	case s == "yesterday":
		which, unit = "last", "day"
	case which == "this" || which == "last":
		unit = word
	}
	if which == "this" {
		return p.units(unit, 0, 1)
	}
	return p.units(unit, -n, 0)
}

// units is the span between two counts of a unit, of which 0 is the one now.
func (p windowParser) units(unit string, from, to int) (Window, bool) {
	y, m, d := p.now.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	var begin func(n int) time.Time
	switch unit {
	case "day":
		begin = func(n int) time.Time { return day.AddDate(0, 0, n) }
	case "week":
		monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		begin = func(n int) time.Time { return monday.AddDate(0, 0, 7*n) }
	case "month":
		begin = func(n int) time.Time { return time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC) }
	case "year":
		begin = func(n int) time.Time { return time.Date(y+n, 1, 1, 0, 0, 0, 0, time.UTC) }
	default:
		return Window{}, false
	}
	return Window{Since: p.at(begin(from)), Until: p.at(begin(to))}, true
}

// maxDays is the longest time before now.
const maxDays = 36500

var age = regexp.MustCompile(`^(?:(\d{1,5})w)?(?:(\d{1,6})d)?(.*)$`)

// parseAge reads weeks, days and what time.ParseDuration takes, in this order.
// A day is 24 hours, whatever the clocks do.
func parseAge(s string) (time.Duration, bool) {
	m := age.FindStringSubmatch(s)
	if m == nil || s == "" {
		return 0, false
	}
	var total time.Duration
	for i, unit := range []int{7, 1} {
		if n, err := strconv.Atoi(m[i+1]); err == nil {
			total += time.Duration(min(n*unit, maxDays+1)) * 24 * time.Hour
		}
	}
	if m[3] != "" {
		d, err := time.ParseDuration(m[3])
		if err != nil || d < 0 {
			return 0, false
		}
		total += d
	}
	return total, total <= maxDays*24*time.Hour && total >= 0
}
