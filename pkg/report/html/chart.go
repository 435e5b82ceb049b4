package html

import (
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-analyze/charts"
	"github.com/mattn/go-runewidth"

	"pixelctl/pkg/report"
)

// size is the form of a picture for windows from or up to a width.
type size struct {
	class  string
	width  int
	labels int // cells of a row's label at most
	ticks  int // labels of the time axis
}

var sizes = [...]size{
	{class: "wide", width: 860, labels: 32, ticks: 8},
	{class: "narrow", width: 360, labels: 14, ticks: 4},
}

const (
	barsMost       = 30 // rows drawn; the table has all
	barHeight      = 26
	pairHeight     = 40 // of a bar and that of the period before
	timelineHeight = 260
	fontSize       = 10.5 // points: 14 pixels
	cellWidth      = 9    // of the widest scripts, in pixels
	tickWidth      = 50   // of a label of the time axis
)

// drawing is a part as numbers and texts for a chart.
type drawing struct {
	timeline bool
	kind     report.Kind
	labels   []string // of rows
	ticks    []tick
	series   []series
	legend   []legend
	caption  string
}

type series struct {
	name   string
	values []float64
	role   role
}

// newDrawing is nil when a part has no picture.
func newDrawing(p report.Part, zone *time.Location) *drawing {
	if len(p.Rows) == 0 || len(p.Measures) == 0 {
		return nil
	}
	d := &drawing{kind: p.Measures[0].Kind, timeline: p.Chart == report.Timeline}
	rows := p.Rows
	switch p.Chart {
	case report.Timeline:
		d.ticks = ticks(p, zone)
		d.lines(p)
	case report.Bars:
		rows = slices.Clone(rows[:min(len(rows), barsMost)])
		slices.Reverse(rows) // the library begins at the bottom
		for _, r := range rows {
			d.labels = append(d.labels, label(r.Label))
		}
		d.add(p.Measures[0], rows, 0, line1)
	case report.Figures, report.Table:
		return nil
	}
	if p.Compared()[0] {
		d.before(p.Measures[0], rows)
	}
	d.finish(p, len(rows))
	return d
}

// lines adds the measures that share a scale with the first.
func (d *drawing) lines(p report.Part) {
	for i, m := range p.Measures {
		if m.Kind == d.kind && len(d.series) < len(lines) {
			d.add(m, p.Rows, i, lines[len(d.series)])
		}
	}
}

func (d *drawing) add(m report.Measure, rows []report.Row, at int, r role) {
	s := series{name: shown(m.Title), role: r}
	for _, row := range rows {
		s.values = append(s.values, plotted(row.Values[at].N))
	}
	d.series = append(d.series, s)
}

func (d *drawing) before(m report.Measure, rows []report.Row) {
	s := series{name: shown(m.Title) + ", period before", role: before}
	for _, r := range rows {
		s.values = append(s.values, plotted(r.Values[0].Before))
	}
	d.series = append(d.series, s)
}

// plotted is a number for a chart, which leaves a gap where it is not known.
func plotted(n *float64) float64 {
	if n == nil || math.IsNaN(*n) || math.IsInf(*n, 0) {
		return charts.GetNullValue()
	}
	return *n
}

// finish says what the picture shows.
func (d *drawing) finish(p report.Part, drawn int) {
	names := make([]string, len(d.series))
	for i, s := range d.series {
		names[i] = s.name
		d.legend = append(d.legend, legend{Class: s.role.swatch(), Name: s.name})
	}
	d.caption = strings.Join(names, "; ")
	if d.timeline {
		d.caption += ", by " + strings.ToLower(stepTitle(p.Step))
	} else if len(p.Labels) > 0 {
		d.caption += ", by " + shown(strings.ToLower(p.Labels[0]))
	}
	if drawn < len(p.Rows) {
		n := float64(drawn)
		d.caption += ", the first " + report.Count.Text(&n)
	}
	if len(d.series) < 2 {
		d.legend = nil
	}
}

// tick is a label of the time axis.
type tick struct {
	at   int // of the row
	text string
}

// ticks are all labels the time axis may have: of hours that are many, the days.
func ticks(p report.Part, zone *time.Location) []tick {
	layout, days := "01-02", false
	switch {
	case p.Step == "month":
		layout = "2006-01"
	case p.Step == "hour" && len(p.Rows) <= 48:
		layout = "15:04"
	case p.Step == "hour":
		days = true
	}
	var out []tick
	for i, r := range p.Rows {
		if at := r.At.In(zone); !days || at.Hour() == 0 {
			out = append(out, tick{i, at.Format(layout)})
		}
	}
	return out
}

// axis chooses ticks at equal distances: a label a row, "" for most.
func (d *drawing) axis(sz size) []string {
	labels := make([]string, len(d.series[0].values))
	every := (len(d.ticks) + sz.ticks - 1) / sz.ticks
	for i := 0; i < len(d.ticks); i += every {
		t := d.ticks[i]
		last := len(labels) - 1
		if free := (last - t.at) * sz.width / max(last, 1); t.at < last && free < tickWidth {
			break // it would go past the edge
		}
		labels[t.at] = t.text
	}
	return labels
}

// svg draws d with the chart library; styles become classes of sheet.
func (d *drawing) svg(id string, sz size, sheet *sheet) (template.HTML, error) {
	height := timelineHeight
	if !d.timeline {
		one := barHeight
		if len(d.series) > 1 {
			one = pairHeight
		}
		height = one*len(d.labels) + barHeight
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: sz.width, Height: height, Theme: palette(d.series)})
	var ends []end
	var err error
	if d.timeline {
		err = p.LineChart(d.lineChart(sz))
	} else {
		option := d.barChart(sz)
		ends = rightAligned(p, &option)
		err = p.BarChart(option)
	}
	if err != nil {
		return "", err
	}
	raw, err := p.Bytes()
	if err != nil {
		return "", err
	}
	return rewrite(raw, picture{id: id + "-" + sz.class, class: sz.class, title: d.caption, ends: ends, sheet: sheet})
}

func (d *drawing) lineChart(sz size) charts.LineChartOption {
	values := make([][]float64, len(d.series))
	for i, s := range d.series {
		values[i] = s.values
	}
	o := charts.NewLineChartOptionWithData(values)
	o.Theme = palette(d.series)
	o.Padding = charts.Box{Left: 4, Top: 12, Right: 12, Bottom: 4, IsSet: true}
	o.Legend.Show = new(false)
	o.LineStrokeWidth = 1.75
	if len(values[0]) > 1 {
		o.Symbol = charts.Symbol{Shape: charts.SymbolNone}
	}
	o.XAxis = charts.XAxisOption{Labels: d.axis(sz), LabelCount: len(values[0]), BoundaryGap: new(false), LabelFontStyle: font()}
	o.YAxis = []charts.YAxisOption{{Min: new(0.0), LabelCount: 5, LabelFontStyle: font(), ValueFormatter: d.scale()}}
	return o
}

func (d *drawing) barChart(sz size) charts.BarChartOption {
	list := make(charts.BarSeriesList, len(d.series))
	for i, s := range d.series {
		list[i] = charts.BarSeries{Values: s.values, Name: s.name, Label: charts.SeriesLabel{
			Show: new(true), FontStyle: font(),
			ValueFormatter: func(n float64) string { return d.kind.Text(&n) },
		}}
	}
	o := charts.NewBarChartOptionWithSeries(list)
	o.Theme, o.Horizontal = palette(d.series), true
	o.Legend.Show = new(false)
	o.CategoryAxis.LabelFontStyle = font()
	o.CategoryAxis.Labels = make([]string, len(d.labels))
	for i, l := range d.labels {
		o.CategoryAxis.Labels[i] = runewidth.Truncate(l, sz.labels, "…")
	}
	room := 0
	for _, s := range d.series {
		for _, n := range s.values {
			room = max(room, len(d.kind.Text(&n)))
		}
	}
	o.Padding = charts.Box{Left: 4, Top: 4, Right: cellWidth * (room + 1), Bottom: 4, IsSet: true} // of the longest number
	o.ValueAxis = []charts.ValueAxisOption{{Show: new(false), Min: new(0.0), RangeValuePaddingScale: new(0.0)}}
	return o
}

// scale writes the numbers of an axis.
func (d *drawing) scale() charts.ValueFormatter {
	return func(n float64) string {
		if d.kind == report.Count && n != math.Trunc(n) {
			return "" // there is no half of a view
		}
		return d.kind.Text(&n)
	}
}

func font() charts.FontStyle { return charts.FontStyle{FontSize: fontSize, FontColor: ink.colour()} }

// rightAligned gives the labels of rows, as they are drawn, the width that the
// library takes them for. It knows few scripts' letters: where they may be
// wider, the labels get more room.
func rightAligned(p *charts.Painter, o *charts.BarChartOption) []end {
	ends := make([]end, 0, len(o.CategoryAxis.Labels))
	most, wants := 0, 0
	for _, text := range slices.Backward(o.CategoryAxis.Labels) { // from the bottom
		if text == "" {
			continue
		}
		width := p.MeasureText(text, 0, o.CategoryAxis.LabelFontStyle).Width()
		ends = append(ends, end{text: text, width: width})
		most, wants = max(most, width), max(wants, cellWidth*runewidth.StringWidth(text))
	}
	o.Padding.Left += max(wants-most, 0)
	return ends
}
