package ui

import (
	"math"
	"strings"
)

// barWidest is the most cells a bar takes, however wide the terminal.
const barWidest = 60

// Bar is one row of a bar chart.
type Bar struct {
	Label string  `json:"label"`
	Value float64 `json:"value"` // not below zero
}

// Bars shows a horizontal bar chart; in a pipe, label and value a line.
func Bars(title string, bars []Bar) View {
	bars = list(bars)
	return View{json: bars, text: func(p *page) {
		if !p.o.TTY {
			for _, b := range bars {
				writeTSV(&p.b, []Cell{{Text: b.Label}, {Text: floatText(b.Value)}})
			}
			return
		}
		p.title(title)
		drawBars(p, bars)
	}}
}

func drawBars(p *page, bars []Bar) { drawBarsAs(p, bars, barValue) }

// drawBarsAs writes the values as text does.
func drawBarsAs(p *page, bars []Bar, text func(float64) string) {
	labels, values, most := 0, 0, 0.0
	for _, b := range bars {
		labels = max(labels, Cells(Clean(b.Label)))
		values = max(values, Cells(text(b.Value)))
		if b.Value > most { // not so for NaN, which is unknown
			most = b.Value
		}
	}
	labels = min(labels, max(p.o.Width()/3, narrow))
	room := min(max(p.o.Width()-labels-values-2*gap-2, 1), barWidest)
	for _, b := range bars {
		label := pad(fit(Clean(b.Label), labels, p.o.glyphs().ellipsis), labels, false)
		value := pad(text(b.Value), values, true)
		p.line("  ", label, strings.Repeat(" ", gap), p.o.Theme.Paint(Number, value),
			strings.Repeat(" ", gap), p.o.Theme.Paint(Key, p.o.barOf(b.Value, most, room)))
	}
}

func barValue(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return Count(int64(v))
	}
	return floatText(math.Round(v*100) / 100)
}

// barOf is a bar of value out of most in room cells. What is above zero is
// never invisible.
func (o *Output) barOf(value, most float64, room int) string {
	if !(value > 0) || !(most > 0) {
		return ""
	}
	if !o.Unicode {
		return strings.Repeat("#", max(int(math.Round(value/most*float64(room))), 1))
	}
	eighths := max(int(math.Round(value/most*float64(room)*8)), 1)
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}
