package ui

import (
	"math"
	"slices"
	"strings"
	"time"
)

const (
	chartRows  = 6 // lines of the plot
	columnMost = 3 // cells of one column at most
	dayHours   = 24
)

// Series is values at equal steps of time.
type Series struct {
	Start  time.Time     `json:"start"`
	Step   time.Duration `json:"-"`
	Values []float64     `json:"values"` // not below zero
}

// TimeChart shows a column chart over time, titled "what per hour". When there
// are more values than cells, neighbours are added up and the title says per
// how long. In a pipe: time and value a line.
func TimeChart(what string, s Series) View {
	s.Values = list(s.Values)
	doc := struct {
		Series
		StepSeconds int `json:"step_seconds"`
	}{s, seconds(s.Step)}
	return View{json: doc, text: func(p *page) {
		if p.o.TTY {
			drawSeries(p, what, s)
			return
		}
		for i, v := range s.Values {
			at := s.Start.Add(time.Duration(i) * s.Step).UTC().Format(time.RFC3339)
			writeTSV(&p.b, []Cell{{Text: at}, {Text: floatText(v)}})
		}
	}}
}

func drawSeries(p *page, what string, s Series) {
	room := max(p.o.Width()-axisWidth(s.Values)-4, narrow)
	s = group(s, room)
	p.title(what + " per " + stepName(s.Step))
	if len(s.Values) == 0 {
		p.say(Muted, "  no data")
		return
	}
	drawColumns(p, room, s.Values, barValue, func(wide int) string { return timeAxis(s, wide, room) })
}

// drawColumns draws a column a value, in room cells at most, over a line and
// what the axis says below it, given the cells of a column.
func drawColumns(p *page, room int, values []float64, text func(float64) string, axis func(wide int) string) {
	top := 0.0
	for _, v := range values {
		if v > top { // not so for NaN, which is unknown
			top = v
		}
	}
	left := max(Cells(text(top)), 1)
	wide := min(max(room/len(values), 1), columnMost)
	for row := chartRows - 1; row >= 0; row-- {
		label := ""
		if row == chartRows-1 {
			label = text(top)
		}
		var b strings.Builder
		for _, v := range values {
			b.WriteString(strings.Repeat(p.o.level(v, top, row), wide))
		}
		plot := strings.TrimRight(b.String(), " ")
		p.line("  ", p.o.Theme.Paint(Muted, pad(label, left, true)), " ", p.o.Theme.Paint(Key, plot))
	}
	rule := strings.Repeat(p.o.glyphs().line, wide*len(values))
	p.line("  ", p.o.Theme.Paint(Muted, pad("0", left, true)+" "+rule))
	p.line("  ", strings.Repeat(" ", left+1), p.o.Theme.Paint(Muted, axis(wide)))
}

func stepName(d time.Duration) string {
	switch d {
	case time.Minute:
		return "minute"
	case time.Hour:
		return "hour"
	case dayHours * time.Hour:
		return "day"
	}
	return Duration(d)
}

func axisWidth(values []float64) int {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return Cells(barValue(total))
}

// group adds up neighbours until the values fit. Hours go into parts of a day
// that begin at midnight.
func group(s Series, room int) Series {
	k := (len(s.Values) + room - 1) / room
	if k <= 1 {
		return s
	}
	lead := 0
	if s.Step == time.Hour {
		k, lead = hourGroup(s, k, room)
	}
	out := Series{Start: s.Start.Add(-time.Duration(lead) * s.Step), Step: s.Step * time.Duration(k)}
	for chunk := range slices.Chunk(append(make([]float64, lead), s.Values...), k) {
		total := 0.0
		for _, v := range chunk {
			total += v
		}
		out.Values = append(out.Values, total)
	}
	return out
}

// hourGroup gives how many hours, at least k, make a column, and how many
// hours before the first value the first column begins.
func hourGroup(s Series, k, room int) (size, lead int) {
	for {
		size = roundHours(k)
		lead = s.Start.UTC().Hour() % min(size, dayHours)
		if (lead+len(s.Values)+size-1)/size <= room {
			return size, lead
		}
		k = size + 1
	}
}

func roundHours(k int) int {
	for _, part := range []int{2, 3, 4, 6, 8, 12} {
		if k <= part {
			return part
		}
	}
	return (k + dayHours - 1) / dayHours * dayHours
}

// level is the piece of a column of height v in one row of the plot.
func (o *Output) level(v, top float64, row int) string {
	if !(top > 0) || !(v > 0) {
		return " "
	}
	height := math.Max(v/top*chartRows, 1.0/8) - float64(row) // above zero is never invisible
	marks := []rune(" ▁▂▃▄▅▆▇█")
	if !o.Unicode {
		marks = []rune(" .:#")
	}
	top8 := float64(len(marks) - 1)
	return string(marks[int(math.Round(math.Min(math.Max(height, 0), 1)*top8))])
}

// timeAxis labels a series: with days where steps are shorter.
func timeAxis(s Series, wide, room int) string {
	labels := make([]string, len(s.Values))
	for i := range labels {
		at := s.Start.Add(time.Duration(i) * s.Step).UTC()
		midnight := at.Hour() == 0 && at.Minute() == 0
		labels[i] = at.Format("01-02")
		if i == 0 && !midnight || s.Step*time.Duration(len(s.Values)) <= 24*time.Hour && !midnight {
			labels[i] = at.Format("15:04")
		} else if i > 0 && !midnight {
			labels[i] = ""
		}
	}
	return axisText(labels, wide, room)
}

// axisText writes labels where there is room, one a column at most.
func axisText(labels []string, wide, room int) string {
	var b strings.Builder
	for i, label := range labels {
		free := i*wide - b.Len()
		if label != "" && (i == 0 || free >= 1) && i*wide+len(label) <= room {
			b.WriteString(strings.Repeat(" ", free) + label)
		}
	}
	return b.String()
}

// Sparkline draws values in one line of at most width cells.
func (o *Output) Sparkline(values []float64, width int) string {
	s := group(Series{Values: values}, max(width, 1))
	top := 0.0
	for _, v := range s.Values {
		if v > top {
			top = v
		}
	}
	marks := []rune(o.glyphs().spark)
	var b strings.Builder
	for _, v := range s.Values {
		i := 0
		if top > 0 && v > 0 {
			i = max(int(math.Round(v/top*float64(len(marks)-1))), 1)
		}
		b.WriteRune(marks[min(i, len(marks)-1)])
	}
	return b.String()
}
