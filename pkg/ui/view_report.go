package ui

import (
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/report"
)

// Report shows a report: each part as a table.
func Report(r report.Report) View {
	remark := strings.Join(readParts(r.Stats), " · ")
	return View{json: r, remark: remark, text: func(p *page) {
		p.title(r.Title)
		zone, err := time.LoadLocation(r.Zone)
		if err != nil {
			zone = time.UTC
		}
		p.say(Muted, r.Window.Since.In(zone).Format("2006-01-02 15:04")+" until "+r.Window.Until.In(zone).Format("2006-01-02 15:04")+" "+r.Zone)
		for _, part := range r.Parts {
			p.line()
			p.title(part.Title)
			reportTable(part, zone).write(p.o, &p.b)
			if part.More > 0 {
				p.say(Muted, "and "+Count(part.More)+" more")
			}
			if part.Note != "" {
				p.say(Muted, part.Note)
			}
		}
		for _, n := range r.Notes {
			p.say(Plain, n)
		}
	}}
}

func reportTable(part report.Part, zone *time.Location) Table {
	var t Table
	if part.Step != "" {
		t.Columns = append(t.Columns, Column{Name: part.Step, Whole: true})
	}
	for _, l := range part.Labels {
		t.Columns = append(t.Columns, Column{Name: l})
	}
	for _, m := range part.Measures {
		t.Columns = append(t.Columns, Column{Name: m.Title, Right: true, Whole: true})
	}
	for _, row := range part.Rows {
		var cells []Cell
		if part.Step != "" {
			cells = append(cells, Cell{Text: row.At.In(zone).Format("2006-01-02 15:04")})
		}
		for _, l := range row.Label {
			cells = append(cells, Cell{Text: l})
		}
		for i, v := range row.Values {
			cells = append(cells, Cell{Text: reportNumber(part.Measures[i].Kind, v.N)})
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func reportNumber(k report.Kind, n *float64) string {
	switch {
	case n == nil:
		return "?"
	case k == report.Share:
		return strconv.FormatFloat(*n*100, 'f', 1, 64) + " %"
	}
	return Count(int64(*n))
}
