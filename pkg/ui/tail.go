package ui

import (
	"bufio"
	"bytes"
	"strings"

	"pixelctl/pkg/pipeline"
)

// tailColumns are those of a line; the page is host and path, or the label.
var tailColumns = []string{"received_at", "client_class", "site", "event", "page", "utm_campaign", "user_id", "status"}

// WriteTail writes rows as they came to s.Out: a line each that fits a terminal,
// tab-separated in a pipe, or as JSON lines with all columns.
func WriteTail(s *Streams, t pipeline.Tail, asJSON bool) error {
	if asJSON {
		return tailJSON(s, t)
	}
	var b bytes.Buffer
	for _, row := range t.Rows {
		cells := tailCells(t, row)
		if s.Out.TTY {
			b.WriteString(tailLine(s.Out, cells) + "\n")
			continue
		}
		writeTSV(&b, cells)
	}
	_, err := s.Out.Write(b.Bytes())
	return err
}

func tailJSON(s *Streams, t pipeline.Tail) error {
	w := bufio.NewWriter(s.Out)
	enc, err := newEncoder(s.Out, w, FormatJSONL)
	if err == nil {
		err = enc.begin(t.Columns)
	}
	for _, row := range t.Rows {
		if err != nil {
			return err
		}
		err = enc.row(row)
	}
	if err != nil {
		return err
	}
	return w.Flush()
}

// tailCells are the values of tailColumns.
func tailCells(t pipeline.Tail, row []any) []Cell {
	value := func(name string) string {
		i := t.Column(name)
		if i < 0 || row[i] == nil {
			return ""
		}
		return kindOf(t.Columns[i].Type).text(row[i])
	}
	cells := make([]Cell, len(tailColumns))
	for i, name := range tailColumns {
		text := value(name)
		if name == "page" {
			if text = value("page_host") + value("page_path"); text == "" {
				text = value("label")
			}
		}
		cells[i] = Cell{Text: text, Exact: text}
	}
	return cells
}

// narrowTail is the width below which the date gives way.
const narrowTail = 72

// tailLine puts what all rows have into columns and lets the rest follow.
func tailLine(o *Output, cells []Cell) string {
	widths := []int{len("2006-01-02 15:04:05.000"), 10, 10, 8}
	if o.Width() < narrowTail {
		_, clock, _ := strings.Cut(cells[0].Text, " ")
		cells[0].Text = clock
		widths = []int{len("15:04:05"), 10, 8}
	}
	paint, ellipsis := o.Theme.Paint, o.glyphs().ellipsis
	roles := []Role{Muted, Key, Plain, Plain}
	var b strings.Builder
	used := 0
	for i, width := range widths {
		cut := ellipsis
		if i == 0 {
			cut = ""
		}
		text := pad(fit(Clean(cells[i].Text), width, cut), width, false)
		b.WriteString(paint(roles[i], text) + " ")
		used += width + 1
	}
	var rest []string
	for _, c := range cells[len(widths):] {
		if c.Text != "" && c.Text != "recorded" {
			rest = append(rest, Clean(c.Text))
		}
	}
	b.WriteString(fit(strings.Join(rest, " "), max(o.Width()-used, 0), ellipsis))
	return strings.TrimRight(b.String(), " ")
}

// TailNote says how old the rows are and what they cost, or that there are none;
// "" when there is nothing to say.
func TailNote(t pipeline.Tail) string {
	var parts []string
	if len(t.Rows) == 0 {
		parts = append(parts, "no record to show")
	}
	if t.Age > 0 {
		parts = append(parts, "the newest file is "+Duration(t.Age.Round(1e9))+" old")
	}
	if t.Dollars > 0 {
		parts = append(parts, "this look cost "+dollars(t.Dollars))
	}
	if t.More {
		parts = append(parts, "more rows came than a look shows: the oldest of them are left out")
	}
	return strings.Join(parts, "; ")
}
