package html

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"

	"pixelctl/pkg/report"
)

// foldFrom is how many rows a table has that is folded up, on paper too.
const foldFrom = 40

// section is one report.
type section struct {
	ID, Title, Stack string
	Facts            []fact
	Empty            string // what is said in the place of parts
	Parts            []part
	Notes            []string
}

type fact struct {
	Name, Text string
	Machine    string // of a time
}

// part is one part of a report: figures, or a picture and a table.
type part struct {
	Of          string // title of the report
	Title, Note string
	Figures     []figure
	Legend      []legend
	Pictures    []template.HTML // the same for wide and for narrow windows
	Caption     string
	Table       table
	Folded      bool
	HasTable    bool
}

type figure struct{ Of, Title, Text, Interval, Change, Before string }

type legend struct{ Class, Name string }

type table struct {
	Heads []head
	Rows  []row
	More  string
}

type head struct {
	Text    string
	Numeric bool
}

// row is one row: its first column is its head.
type row struct {
	Head, Machine string
	Labels        []string
	Values        []string
}

func newSection(id string, r report.Report, sheet *sheet) (section, error) {
	s := section{ID: id, Title: shown(r.Title), Stack: shown(r.Stack), Facts: facts(r)}
	for _, note := range r.Notes {
		s.Notes = append(s.Notes, shown(note))
	}
	if r.Empty() {
		s.Empty, r.Parts = r.Nothing(), nil
	}
	zone := r.Location()
	for i, p := range r.Parts {
		drawn, err := newPart(fmt.Sprintf("%s-p%d", id, i+1), s.Title, p, zone, sheet)
		if err != nil {
			return section{}, err
		}
		s.Parts = append(s.Parts, drawn)
	}
	return s, nil
}

func facts(r report.Report) []fact {
	zone := r.Location()
	out := []fact{
		{Name: "Stack", Text: shown(r.Stack)},
		{Name: "Window", Text: report.Span(r.Window, zone)},
	}
	if !r.Compare.IsZero() {
		out = append(out, fact{Name: "Compared with", Text: report.Span(r.Compare, zone)})
	}
	return append(out,
		fact{Name: "Time zone", Text: shown(zone.String())},
		fact{Name: "Made", Text: r.Made.In(zone).Format("2006-01-02 15:04"), Machine: r.Made.UTC().Format(time.RFC3339)})
}

func newPart(id, of string, p report.Part, zone *time.Location, sheet *sheet) (part, error) {
	out := part{Of: of, Title: shown(p.Title), Note: shown(p.Note)}
	if p.Chart == report.Figures {
		out.Figures = figures(p)
		return out, nil
	}
	out.Table, out.HasTable = newTable(p, zone), len(p.Rows) > 0
	out.Folded = len(p.Rows) >= foldFrom
	drawing := newDrawing(p, zone)
	if drawing == nil {
		return out, nil
	}
	out.Legend, out.Caption = drawing.legend, drawing.caption
	for _, size := range sizes {
		picture, err := drawing.svg(id, size, sheet)
		if err != nil {
			return part{}, err
		}
		out.Pictures = append(out.Pictures, picture)
	}
	return out, nil
}

func figures(p report.Part) []figure {
	var out []figure
	for _, r := range p.Rows {
		of := label(r.Label)
		for i, m := range p.Measures {
			v := r.Values[i]
			f := figure{Of: of, Title: shown(m.Title), Text: m.Kind.Text(v.N), Interval: m.Kind.Interval(v), Change: m.Kind.Change(v)}
			if v.Before != nil {
				f.Before = m.Kind.Text(v.Before)
			}
			out = append(out, f)
		}
	}
	return out
}

func newTable(p report.Part, zone *time.Location) table {
	var t table
	compared := p.Compared()
	if p.Chart == report.Timeline {
		t.Heads = append(t.Heads, head{Text: stepTitle(p.Step)})
	}
	for _, l := range p.Labels {
		t.Heads = append(t.Heads, head{Text: shown(l)})
	}
	for i, m := range p.Measures {
		t.Heads = append(t.Heads, head{Text: shown(m.Title), Numeric: true})
		if compared[i] {
			t.Heads = append(t.Heads, head{Text: "Before", Numeric: true}, head{Text: "Change", Numeric: true})
		}
	}
	for _, r := range p.Rows {
		t.Rows = append(t.Rows, newRow(p, r, compared, zone))
	}
	if p.More > 0 {
		n := float64(p.More)
		t.More = report.Count.Text(&n) + " more are left out"
	}
	return t
}

func stepTitle(step string) string {
	if step == "" {
		return "Time"
	}
	return strings.ToUpper(step[:1]) + step[1:]
}

func newRow(p report.Part, r report.Row, compared []bool, zone *time.Location) row {
	var out row
	labels := make([]string, 0, len(r.Label))
	for _, l := range r.Label {
		labels = append(labels, named(l))
	}
	if p.Chart == report.Timeline {
		out.Head, out.Machine = p.When(r.At, zone), r.At.UTC().Format("2006-01-02T15:04Z")
	} else if len(labels) > 0 {
		out.Head, labels = labels[0], labels[1:]
	}
	out.Labels = labels
	for i, m := range p.Measures {
		v := r.Values[i]
		out.Values = append(out.Values, m.Kind.Full(v))
		if !compared[i] {
			continue
		}
		before := ""
		if v.Before != nil {
			before = m.Kind.Text(v.Before)
		}
		out.Values = append(out.Values, before, m.Kind.Change(v))
	}
	return out
}

func label(parts []string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = named(p)
	}
	return strings.Join(out, " / ")
}

// named is shown for what must have a name.
func named(text string) string {
	if text == "" {
		return report.None
	}
	return shown(text)
}

// shown makes every character of a visitor's text visible: those that draw
// nothing or turn the line round are escaped. The joiners stay, which emoji and
// several scripts need.
func shown(text string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		if unicode.IsGraphic(r) || r == '\u200c' || r == '\u200d' {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToGraphic(r), "'"))
	}
	return b.String()
}
