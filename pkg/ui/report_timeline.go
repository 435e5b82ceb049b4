package ui

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/report"
)

// timeline is rows by time, drawn in fewer columns than there are rows where
// the terminal is too narrow. A column is the mean of its rows: people of two
// hours cannot be added up.
type timeline struct {
	part report.Part
	zone *time.Location
	size int   // rows of a column
	from []int // first row of each column
}

func drawTimeline(p *page, part report.Part, zone *time.Location) {
	t := timeline{part: part, zone: zone}
	first := part.Measures[0]
	room := max(p.o.Width()-t.axis(first.Kind)-4, narrow)
	t.group(room)
	if name := t.name(first); name != "" {
		p.say(Muted, name)
	}
	values := t.means(func(r report.Row) *float64 { return r.Values[0].N })
	if !slices.ContainsFunc(values, func(v float64) bool { return v > 0 }) {
		t.sparklines(p, 0)
		return
	}
	drawColumns(p, room, values, func(v float64) string { return first.Kind.Text(rounded(first.Kind, v)) },
		func(wide int) string { return axisText(t.labels(), wide, room) })
	t.sparklines(p, 1)
}

// axis is the cells of the highest number.
func (t *timeline) axis(k report.Kind) int {
	wide := 1
	for _, r := range t.part.Rows {
		wide = max(wide, Cells(k.Text(r.Values[0].N)))
	}
	return wide
}

// name says what a column is, as far as the title does not.
func (t *timeline) name(m report.Measure) string {
	step := t.part.Step
	if step == "" {
		step = "step"
	}
	var parts []string
	if name := m.Title + " per " + step; name != t.part.Title {
		parts = append(parts, name)
	}
	if t.size > 1 {
		parts = append(parts, "a column is the mean of "+strconv.Itoa(t.size)+" "+step+"s")
	}
	return strings.Join(parts, ", ")
}

// group chooses how many rows make a column, at least as many as fit in room.
// Columns of hours begin at a midnight.
func (t *timeline) group(room int) {
	least := (len(t.part.Rows) + room - 1) / room
	for t.size = least; ; t.size++ {
		if t.part.Step == "hour" && t.size > 1 {
			t.size = roundHours(t.size)
		}
		t.from = t.from[:0]
		for i := range t.part.Rows {
			if i == 0 || t.begins(i) {
				t.from = append(t.from, i)
			}
		}
		if len(t.from) <= room {
			return
		}
	}
}

// begins says whether row i is the first of a column.
func (t *timeline) begins(i int) bool {
	since := i - t.from[len(t.from)-1]
	if t.part.Step != "hour" || t.size == 1 {
		return since >= t.size
	}
	hour := t.part.Rows[i].At.In(t.zone).Hour()
	if t.size < dayHours {
		return hour%t.size == 0
	}
	return hour == 0 && since > t.size-dayHours+1 // days of 23 hours, too
}

// means gives a number a column, NaN where none is known.
func (t *timeline) means(of func(report.Row) *float64) []float64 {
	out := make([]float64, len(t.from))
	for c, from := range t.from {
		to := len(t.part.Rows)
		if c+1 < len(t.from) {
			to = t.from[c+1]
		}
		total, known := 0.0, 0
		for _, r := range t.part.Rows[from:to] {
			if n := of(r); n != nil {
				total, known = total+*n, known+1
			}
		}
		out[c] = total / float64(known)
	}
	return out
}

func (t *timeline) labels() []string {
	layout, days := "01-02", false
	switch t.part.Step {
	case "month":
		layout = "2006-01"
	case "hour":
		days = len(t.part.Rows) > dayHours+1
	}
	out := make([]string, len(t.from))
	for c, from := range t.from {
		at := t.part.Rows[from].At.In(t.zone)
		switch {
		case t.part.Step != "hour", days && at.Hour() == 0:
			out[c] = at.Format(layout)
		case !days || c == 0:
			out[c] = at.Format("15:04")
		}
	}
	return out
}

// sparklines are a line for each measure from one on, and for the period before
// of each.
func (t *timeline) sparklines(p *page, from int) {
	type line struct {
		name, span string
		values     []float64
	}
	var lines []line
	names, spans := 0, 0
	add := func(name string, k report.Kind, of func(report.Row) *float64) {
		l := line{Clean(name), p.o.plainly(t.span(k, of)), t.means(of)}
		names, spans = max(names, Cells(l.name)), max(spans, Cells(l.span))
		lines = append(lines, l)
	}
	compared := t.part.Compared()
	for i, m := range t.part.Measures {
		if i >= from {
			add(m.Title, m.Kind, func(r report.Row) *float64 { return r.Values[i].N })
		}
		if compared[i] {
			add(m.Title+" before", m.Kind, func(r report.Row) *float64 { return r.Values[i].Before })
		}
	}
	names = min(names, p.o.Width()/3)
	for _, l := range lines {
		room := p.o.Width() - 2 - names - spans - 2*gap
		spark := strings.TrimRight(p.o.Sparkline(l.values, max(room, narrow)), " ")
		p.line("  ", pad(fit(l.name, names, p.o.glyphs().ellipsis), names, false), strings.Repeat(" ", gap),
			p.o.Theme.Paint(Muted, pad(l.span, spans, false)), strings.Repeat(" ", gap), p.o.Theme.Paint(Key, spark))
	}
}

// span is the lowest and the highest number.
func (t *timeline) span(k report.Kind, of func(report.Row) *float64) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range t.part.Rows {
		if n := of(r); n != nil {
			low, high = math.Min(low, *n), math.Max(high, *n)
		}
	}
	if low > high {
		return report.Unknown
	}
	if low == high {
		return k.Text(&low)
	}
	return k.Interval(report.Value{Low: &low, High: &high})
}

// rounded keeps the mean of whole numbers short.
func rounded(k report.Kind, v float64) *float64 {
	if k == report.Count {
		v = math.Round(v)
	}
	return &v
}
