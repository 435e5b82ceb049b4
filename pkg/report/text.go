package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"pixelctl/pkg/query"
)

// Unknown is how a number that is not known is written, None an empty label.
const (
	Unknown = "?"
	None    = "(none)"
)

// Text writes a number as people read it: 1,234 or 12.5 or 12 %.
func (k Kind) Text(n *float64) string {
	if !known(n) {
		return Unknown
	}
	switch k {
	case Share:
		return share(*n) + " %"
	case Count:
		return humanize.Commaf(math.Round(*n))
	case Number:
	}
	return humanize.Commaf(math.Round(*n*100) / 100)
}

// Interval writes the 95 % interval of a value, such as 4–31 %, or "" when it
// has none.
func (k Kind) Interval(v Value) string {
	if !known(v.Low) || !known(v.High) {
		return ""
	}
	if k == Share {
		return share(*v.Low) + "–" + share(*v.High) + " %"
	}
	return k.Text(v.Low) + "–" + k.Text(v.High)
}

// Full writes a value with its interval.
func (k Kind) Full(v Value) string {
	if interval := k.Interval(v); interval != "" {
		return k.Text(v.N) + " (" + interval + ")"
	}
	return k.Text(v.N)
}

// Change writes how a value differs from that of the period before: in per cent
// of it, for a share in percentage points. It is "" when either is not known.
func (k Kind) Change(v Value) string {
	if !known(v.N) || !known(v.Before) {
		return ""
	}
	difference, unit := *v.N-*v.Before, " points"
	if k != Share {
		if *v.Before == 0 && difference != 0 {
			return "new"
		}
		difference, unit = difference/math.Max(math.Abs(*v.Before), math.SmallestNonzeroFloat64), " %"
	}
	text := percent(difference)
	if text == "0" {
		return "0" + unit
	}
	if difference > 0 {
		text = "+" + text
	}
	return text + unit
}

func known(n *float64) bool { return n != nil && !math.IsNaN(*n) && !math.IsInf(*n, 0) }

// share writes a part of one in per cent; what is not all does not read as all.
func share(part float64) string {
	switch {
	case part >= 0.9995 && part < 1:
		return ">99.9"
	case part > 0.99 && part < 1:
		return strings.TrimSuffix(strconv.FormatFloat(part*100, 'f', 1, 64), ".0")
	}
	return percent(part)
}

// Nothing is what an empty report says.
func (r Report) Nothing() string {
	if r.Stats.FilesRead > 0 || r.Stats.BytesScanned > 0 {
		return "Nothing of this window belongs here."
	}
	return "Nothing was counted in this window. Hits show here once they are in the lake."
}

func counted(n *float64) bool { return known(n) && *n != 0 }

// percent writes a part of one with two digits that count.
func percent(part float64) string {
	value := part * 100
	if value > 0 && value < 0.05 {
		return "<0.1"
	}
	digits := 0
	if math.Abs(value) < 9.95 {
		digits = 1
	}
	text := strconv.FormatFloat(value, 'f', digits, 64)
	text = strings.TrimSuffix(text, ".0")
	if text == "-0" {
		return "0"
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && digits == 0 {
		whole = humanize.Comma(n)
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return whole
}

// Empty says that nothing was counted, now or before: no part has a number but
// zero.
func (r Report) Empty() bool {
	for _, part := range r.Parts {
		for _, row := range part.Rows {
			for _, v := range row.Values {
				if counted(v.N) || counted(v.Before) {
					return false
				}
			}
		}
	}
	return true
}

// Compared says of each measure whether a row has its number of the period
// before.
func (p Part) Compared() []bool {
	out := make([]bool, len(p.Measures))
	for _, row := range p.Rows {
		for i := range out {
			out[i] = out[i] || known(row.Values[i].Before)
		}
	}
	return out
}

// Location is the report's zone; UTC when this machine does not know it.
func (r Report) Location() *time.Location {
	if zone, err := time.LoadLocation(r.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// When writes the step of a timeline that begins at t.
func (p Part) When(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	switch p.Step {
	case "month":
		return t.Format("2006-01")
	case "day", "week":
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

// Span writes a window in a zone; days alone when it begins and ends at
// midnight. Its end is not part of it.
func Span(w query.Window, zone *time.Location) string {
	since, until := w.Since.In(zone), w.Until.In(zone)
	layout := "2006-01-02 15:04"
	if (w.Since.IsZero() || midnight(since)) && (w.Until.IsZero() || midnight(until)) {
		layout = time.DateOnly
	}
	switch {
	case w.IsZero():
		return "all time"
	case w.Since.IsZero():
		return "before " + until.Format(layout)
	case w.Until.IsZero():
		return "from " + since.Format(layout)
	}
	return since.Format(layout) + " until " + until.Format(layout)
}

func midnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }
