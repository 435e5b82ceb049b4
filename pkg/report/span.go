package report

import (
	"slices"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// Step is the unit of a timeline.
type Step string

// The steps.
const (
	Hour  Step = "hour"
	Day   Step = "day"
	Week  Step = "week" // begins on Monday
	Month Step = "month"
)

// Steps lists them.
func Steps() []Step { return []Step{Hour, Day, Week, Month} }

const maxSteps = 5000

// span is a window as a zone's clocks and calendars divide it.
type span struct {
	window query.Window
	zone   *time.Location
	step   Step
	end    time.Time // of what can have happened
}

func newSpan(w query.Window, zone *time.Location, step Step, now time.Time) (span, error) {
	s := span{window: w, zone: zone, step: step, end: w.Until}
	if next := now.Truncate(time.Minute).Add(time.Minute); next.Before(s.end) {
		s.end = next
	}
	length := s.end.Sub(w.Since)
	switch {
	case slices.Contains(Steps(), step):
	case step != "":
		return s, fault.New(fault.Usage, "report: %q is no step", step).WithHint("use hour, day, week or month")
	case w.Since.IsZero():
		s.step = Month
	case length <= 3*24*time.Hour:
		s.step = Hour
	case length <= 100*24*time.Hour:
		s.step = Day
	case length <= 2*366*24*time.Hour:
		s.step = Week
	default:
		s.step = Month
	}
	if s.step == Hour && (w.Since.IsZero() || length > maxSteps*time.Hour) {
		return s, fault.New(fault.Usage, "report: the window has more than %d hours", maxSteps).WithHint("take --step day")
	}
	return s, nil
}

// floor is the beginning of the step that t lies in.
func (s span) floor(t time.Time) time.Time {
	l := t.In(s.zone)
	y, m, d := l.Date()
	switch s.step {
	case Hour:
		past := time.Duration(l.Minute())*time.Minute + time.Duration(l.Second())*time.Second + time.Duration(l.Nanosecond())
		return l.Add(-past)
	case Week:
		return dayStart(y, m, d-(int(l.Weekday())+6)%7, s.zone)
	case Month:
		return dayStart(y, m, 1, s.zone)
	case Day:
	}
	return dayStart(y, m, d, s.zone)
}

// next is the beginning of the step after the one that begins at t.
func (s span) next(t time.Time) time.Time {
	y, m, d := t.In(s.zone).Date()
	switch s.step {
	case Week:
		return dayStart(y, m, d+7, s.zone)
	case Month:
		return dayStart(y, m+1, 1, s.zone)
	case Day:
		return dayStart(y, m, d+1, s.zone)
	case Hour:
	}
	if next := s.floor(t.Add(time.Hour)); next.After(t) {
		return next
	}
	return t.Add(time.Hour)
}

// dayStart is the first instant of a day. Clocks that pass over midnight begin
// it later, and those that show midnight twice begin it the first time.
func dayStart(y int, m time.Month, d int, zone *time.Location) time.Time {
	noon := time.Date(y, m, d, 12, 0, 0, 0, zone)
	since, _ := noon.ZoneBounds()
	midnight := noon.Add(-12 * time.Hour)
	if since.IsZero() || midnight.After(since) {
		return midnight
	}
	_, offset := since.Add(-time.Nanosecond).Zone()
	earlier := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Add(-time.Duration(offset) * time.Second).In(zone)
	if earlier.Before(since) {
		return earlier
	}
	return since
}

// frame gives a group for each step of the window, and the step of an instant.
// A window without a beginning begins with its first row.
func (s span) frame(a answer) ([]group, func(time.Time) int, error) {
	since := s.window.Since
	for _, row := range a.rows {
		at, err := a.at(row, "bucket")
		if err != nil {
			return nil, nil, err
		}
		if s.window.Since.IsZero() && (since.IsZero() || at.Before(since)) {
			since = at
		}
		if !at.Before(s.end) {
			s.end = at.Add(time.Minute) // the collector's clock is ahead of this one
		}
	}
	if since.IsZero() {
		return nil, nil, nil
	}
	var out []group
	place := map[int64]int{}
	for at := s.floor(since); at.Before(s.end); at = s.next(at) {
		place[at.Unix()] = len(out)
		out = append(out, group{at: at.UTC()})
		if len(out) > maxSteps {
			return nil, nil, fault.New(fault.Usage, "report: the window has more than %d steps of a %s", maxSteps, s.step).WithHint("take a longer --step")
		}
	}
	return out, func(t time.Time) int {
		if i, ok := place[s.floor(t).Unix()]; ok {
			return i
		}
		return -1
	}, nil
}

// before is the window of the same length before w. From a midnight on it goes
// back by days, so that days meet days and an afternoon meets an afternoon.
func (s span) before(w query.Window) (query.Window, error) {
	since := w.Since.In(s.zone)
	y, m, d := since.Date()
	if !since.Equal(dayStart(y, m, d, s.zone)) {
		earlier, ok := w.Before()
		if !ok {
			return w, fault.New(fault.Usage, "report: an open window has no period before it")
		}
		return earlier, nil
	}
	until := w.Until.In(s.zone)
	last := until.Add(-time.Nanosecond)
	days := 1 + int(calendarDay(last).Sub(calendarDay(since))/(24*time.Hour))
	back := func(t time.Time) time.Time {
		y, m, d := t.Date()
		start := dayStart(y, m, d-days, s.zone)
		if t.Equal(dayStart(y, m, d, s.zone)) {
			return start.UTC()
		}
		return time.Date(y, m, d-days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), s.zone).UTC()
	}
	return query.Window{Since: back(since), Until: back(until)}, nil
}

// calendarDay is a day that can be counted with: it has 24 hours.
func calendarDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// bucket is the SQL of the unit by which rows are counted: the longest of which
// each hour of the zone is made.
func (s span) bucket() string {
	switch s.grain() {
	case time.Hour:
		return "date_trunc('hour', received_at)"
	case quarter:
		return "date_add('minute', -(minute(received_at) % 15), date_trunc('minute', received_at))"
	}
	return "date_trunc('minute', received_at)"
}

const quarter = 15 * time.Minute

// grain looks at the offsets that the zone has in the window.
func (s span) grain() time.Duration {
	grain := time.Hour
	at := s.window.Since
	if at.IsZero() {
		at = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for {
		t := at.In(s.zone)
		_, offset := t.Zone()
		for grain > time.Minute && time.Duration(offset)*time.Second%grain != 0 {
			grain = map[time.Duration]time.Duration{time.Hour: quarter, quarter: time.Minute}[grain]
		}
		_, end := t.ZoneBounds()
		if end.IsZero() || !end.Before(s.window.Until) {
			return grain
		}
		at = end
	}
}
