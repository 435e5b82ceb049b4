package ui

import (
	"math"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/report"
)

// Report draws a report: figures, bars, timelines and tables, also into a pipe,
// there 80 cells wide. For programs there is report.Tidy.
func Report(r report.Report) View {
	r.Parts = list(r.Parts)
	return View{json: r, remark: strings.Join(readParts(r.Stats), " · "), text: func(p *page) {
		if !p.o.TTY {
			p.o = &Output{TTY: true, Unicode: p.o.Unicode, Theme: p.o.Theme, size: func() (int, int) { return fallbackWidth, fallbackHeight }}
		}
		drawReport(p, r)
	}}
}

func drawReport(p *page, r report.Report) {
	zone := r.Location()
	p.title(r.Title)
	about := []string{r.Stack, report.Span(r.Window, zone)}
	if !r.Compare.IsZero() {
		about = append(about, "compared with "+report.Span(r.Compare, zone))
	}
	p.say(Muted, strings.Join(append(about, zone.String(), "made "+r.Made.In(zone).Format("2006-01-02 15:04")), p.o.dot()))
	if r.Empty() {
		p.line()
		p.say(Plain, r.Nothing())
		r.Parts = nil
	}
	for _, part := range r.Parts {
		p.line()
		drawPart(p, part, zone)
	}
	if len(r.Notes) > 0 {
		p.line()
	}
	for _, note := range r.Notes {
		p.marked(Muted, p.o.glyphs().bullet, note)
	}
}

func drawPart(p *page, part report.Part, zone *time.Location) {
	p.title(part.Title)
	if part.Note != "" {
		p.say(Muted, part.Note)
	}
	switch {
	case len(part.Rows) == 0 || len(part.Measures) == 0:
		p.say(Muted, "  no rows")
	case part.Chart == report.Figures:
		drawFigures(p, part)
	case part.Chart == report.Timeline:
		drawTimeline(p, part, zone)
	case part.Chart == report.Bars:
		drawBarTable(p, part)
	default:
		t, left := partTable(p.o, part)
		t.write(p.o, &p.b)
		p.sayLeft(left)
	}
	if part.More > 0 {
		p.say(Muted, "  "+p.o.glyphs().ellipsis+" "+Count(part.More)+" more")
	}
}

// figureLines is a figure: its title, its number and what is said of it.
const figureLines = 4

// drawFigures writes figures side by side, as many as fit.
func drawFigures(p *page, part report.Part) {
	figures, wide := figuresOf(p.o, part)
	room := max(p.o.Width()-2, narrow)
	wide = min(wide, room)
	each := max((room+2*gap)/(wide+2*gap), 1)
	for at := 0; at < len(figures); at += each {
		if at > 0 {
			p.line()
		}
		row := figures[at:min(at+each, len(figures))]
		for line := range figureLines {
			drawFigureLine(p, row, line, wide)
		}
	}
}

func drawFigureLine(p *page, row [][figureLines]string, line, wide int) {
	role := Muted
	if line == 1 {
		role = Number
	}
	var b strings.Builder
	blank := 2
	for _, f := range row {
		text := fit(f[line], wide, p.o.glyphs().ellipsis)
		if text != "" {
			b.WriteString(strings.Repeat(" ", blank) + p.o.Theme.Paint(role, text))
			blank = 0
		}
		blank += wide - Cells(text) + 2*gap
	}
	if b.Len() > 0 {
		p.line(b.String())
	}
}

// figuresOf also gives the cells of the widest.
func figuresOf(o *Output, part report.Part) (figures [][figureLines]string, wide int) {
	for _, row := range part.Rows {
		of := strings.Join(row.Label, " ")
		for i, m := range part.Measures {
			v := row.Values[i]
			f := [figureLines]string{Clean(strings.TrimSpace(of + " " + m.Title)), m.Kind.Text(v.N), m.Kind.Change(v), o.plainly(m.Kind.Interval(v))}
			if f[2] == "" {
				f[2], f[3] = f[3], ""
			}
			for _, text := range f {
				wide = max(wide, Cells(text))
			}
			figures = append(figures, f)
		}
	}
	return figures, wide
}

// plainly writes a number's signs as the stream can show them.
func (o *Output) plainly(text string) string {
	if o.Unicode {
		return text
	}
	return strings.ReplaceAll(text, "–", "-")
}

// partTable has a column a label and a measure; where there is a period before,
// also the change. When not all changes fit, and that of the first measure does,
// those of the others are left out: a record a row could not be compared.
func partTable(o *Output, part report.Part) (t Table, left bool) {
	compared := part.Compared()
	t = tableOf(o, part, compared)
	if t.fits(o) || len(compared) == 0 {
		return t, false
	}
	first := make([]bool, len(compared))
	first[0] = compared[0]
	if less := tableOf(o, part, first); !slices.Equal(first, compared) && less.fits(o) {
		return less, true
	}
	return t, false
}

// sayLeft tells that changes were left out.
func (p *page) sayLeft(left bool) {
	if left {
		p.say(Muted, "  the changes of the other columns: on a wider terminal, or with --html or --csv")
	}
}

func tableOf(o *Output, part report.Part, compared []bool) Table {
	var t Table
	for i, l := range part.Labels {
		t.Columns = append(t.Columns, Column{Name: l, Wrap: part.Chart == report.Table || i > 0 && len(part.Measures) <= 2})
	}
	for i, m := range part.Measures {
		t.Columns = append(t.Columns, Column{Name: m.Title, Right: true, Whole: true})
		if compared[i] {
			t.Columns = append(t.Columns, Column{Name: "change", Right: true, Whole: true})
		}
	}
	for _, row := range part.Rows {
		var cells []Cell
		for _, l := range row.Label {
			cells = append(cells, labelCell(l))
		}
		for i, m := range part.Measures {
			cells = append(cells, Cell{Text: o.plainly(m.Kind.Full(row.Values[i])), Role: Number})
			if compared[i] {
				cells = append(cells, Cell{Text: m.Kind.Change(row.Values[i]), Role: Muted})
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func labelCell(text string) Cell {
	if text == "" {
		return Cell{Text: report.None, Role: Muted}
	}
	return Cell{Text: text}
}

const (
	barLeast   = 10 // cells of a bar beside a table; more on a wide terminal
	labelLeast = 14 // cells that a label is not cut below for a bar's sake
)

// drawBarTable draws the bars beside the table. Where both do not fit, the
// bars come first, and the table when it says more.
func drawBarTable(p *page, part report.Part) {
	t, left := partTable(p.o, part)
	if drawBeside(p, part, t) {
		p.sayLeft(left)
		return
	}
	bars := make([]Bar, len(part.Rows))
	for i, row := range part.Rows {
		bars[i] = Bar{Label: barLabel(row.Label), Value: valueOf(row.Values[0].N)}
	}
	drawBarsAs(p, bars, func(v float64) string { return part.Measures[0].Kind.Text(&v) })
	if len(t.Columns) > len(part.Labels)+1 {
		p.line()
		t.write(p.o, &p.b)
		p.sayLeft(left)
	}
}

func drawBeside(p *page, part report.Part, t Table) bool {
	rows := cleanRows(t.Rows)
	columns := extents(t.Columns, rows)
	space := p.o.Width() - gap - max(barLeast, p.o.Width()/5)
	widths, ok := layout(columns, space)
	if !ok || space <= 0 {
		return false
	}
	for i := range part.Labels {
		if widths[i] < min(columns[i].natural(), labelLeast) {
			return false
		}
	}
	room := min(p.o.Width()-sum(widths)-gap*len(widths), barWidest)
	most := 0.0
	for _, row := range part.Rows {
		if v := valueOf(row.Values[0].N); v > most {
			most = v
		}
	}
	for i, row := range part.Rows {
		rows[i] = append(rows[i], Cell{Text: p.o.barOf(valueOf(row.Values[0].N), most, room), Role: Key})
	}
	g := grid{o: p.o, columns: append(t.Columns, Column{}), widths: append(widths, room)}
	g.head(&p.b)
	for _, row := range rows {
		g.row(&p.b, row)
	}
	return true
}

func barLabel(labels []string) string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = labelCell(l).Text
	}
	return strings.Join(out, " / ")
}

// valueOf is NaN for what is not known.
func valueOf(n *float64) float64 {
	if n == nil {
		return math.NaN()
	}
	return *n
}
