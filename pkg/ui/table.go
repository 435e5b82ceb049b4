package ui

import (
	"bytes"
	"slices"
	"strings"
)

// Column is the head of a table column.
type Column struct {
	Name  string
	Right bool // right-aligned
	Whole bool // values are never cut, such as numbers and times
	Tail  bool // values are cut at their beginning, such as paths
	Wrap  bool // values go on in the next line, such as sentences
}

// Cell is one value of a table.
type Cell struct {
	Text  string // for people
	Exact string // for programs, when it differs from Text
	Role  Role
}

// Table is rows under columns. On a terminal it has a header and fits the
// width; in a pipe it is one row a line, tab-separated, exact and headless.
type Table struct {
	Columns []Column
	Rows    [][]Cell
	Total   []Cell // a last row set apart, its name first; left out in a pipe
}

// fits tells whether rows are lines on o, rather than records.
func (t Table) fits(o *Output) bool {
	_, ok := layout(extents(t.Columns, cleanRows(t.Rows)), o.Width())
	return ok
}

// write draws t as o can show it.
func (t Table) write(o *Output, b *bytes.Buffer) {
	if !o.TTY {
		for _, row := range t.Rows {
			writeTSV(b, row)
		}
		return
	}
	rows := cleanRows(t.Rows)
	all := rows
	if t.Total != nil {
		all = append(slices.Clip(rows), cleanRows([][]Cell{t.Total})...)
	}
	widths, ok := layout(extents(t.Columns, all), o.Width())
	g := grid{o: o, columns: t.Columns, widths: widths}
	if !ok {
		for i, row := range rows {
			record(o, b, t.Columns, row, "row "+Count(int64(i+1)))
		}
		if t.Total != nil {
			totalRecord(o, b, t.Columns, all[len(all)-1])
		}
		return
	}
	g.head(b)
	for _, row := range rows {
		g.row(b, row)
	}
	if t.Total != nil {
		g.rule(b)
		g.row(b, all[len(all)-1])
	}
}

func cleanRows(rows [][]Cell) [][]Cell {
	out := make([][]Cell, len(rows))
	for i, row := range rows {
		out[i] = make([]Cell, len(row))
		for j, c := range row {
			c.Text = Clean(c.Text)
			out[i][j] = c
		}
	}
	return out
}

// extents measures columns over clean rows.
func extents(cols []Column, rows [][]Cell) []extent {
	e := make([]extent, len(cols))
	for i, c := range cols {
		e[i] = extent{head: Cells(Clean(c.Name)), whole: c.Whole, wrap: c.Wrap}
		for _, row := range rows {
			e[i].body = max(e[i].body, Cells(row[i].Text))
		}
	}
	return e
}

// grid draws rows in fixed widths.
type grid struct {
	o       *Output
	columns []Column
	widths  []int
}

func (g grid) head(b *bytes.Buffer) {
	row := make([]Cell, len(g.columns))
	for i, c := range g.columns {
		row[i] = Cell{Text: fit(Clean(c.Name), g.widths[i], g.o.glyphs().ellipsis), Role: Title}
	}
	g.row(b, row)
	g.rule(b)
}

func (g grid) rule(b *bytes.Buffer) {
	line := g.o.glyphs().line
	parts := make([]string, len(g.widths))
	for i, w := range g.widths {
		parts[i] = g.o.Theme.Paint(Muted, strings.Repeat(line, w))
	}
	b.WriteString(strings.Join(parts, strings.Repeat(" ", gap)) + "\n")
}

// row draws clean cells, in as many lines as the longest takes.
func (g grid) row(b *bytes.Buffer, row []Cell) {
	lines := [][]Cell{slices.Clone(row)}
	for i, c := range row {
		if !g.columns[i].Wrap || Cells(c.Text) <= g.widths[i] {
			continue
		}
		for n, part := range wrap(c.Text, g.widths[i]) {
			if n == len(lines) {
				lines = append(lines, make([]Cell, len(row)))
			}
			lines[n][i] = Cell{Text: part, Role: c.Role}
		}
	}
	for _, line := range lines {
		g.line(b, line)
	}
}

// line draws cells. Nothing follows the last visible character.
func (g grid) line(b *bytes.Buffer, row []Cell) {
	blank := 0
	for i, c := range row {
		text := g.cut(i, c.Text)
		space := max(g.widths[i]-Cells(text), 0)
		if g.columns[i].Right {
			blank, space = blank+space, 0
		}
		if text != "" {
			b.WriteString(strings.Repeat(" ", blank) + g.o.Theme.Paint(c.Role, text))
			blank = 0
		}
		blank += space + gap
	}
	b.WriteByte('\n')
}

// cut fits a value to its column. A number or time wider than all that decided
// the widths pushes the row out of line: half a number would be a wrong one.
func (g grid) cut(i int, text string) string {
	switch {
	case g.columns[i].Whole:
		return text
	case g.columns[i].Tail:
		return fitTail(text, g.widths[i], g.o.glyphs().ellipsis)
	}
	return fit(text, g.widths[i], g.o.glyphs().ellipsis)
}

// record draws one clean row vertically: a name and its value a line.
func record(o *Output, b *bytes.Buffer, cols []Column, row []Cell, label string) {
	names := 0
	for _, c := range cols {
		names = max(names, Cells(Clean(c.Name)))
	}
	ruler(o, b, label)
	names = min(names, max(o.Width()/2-gap, narrow))
	for i, c := range cols {
		name := pad(fit(Clean(c.Name), names, o.glyphs().ellipsis), names, false)
		for j, part := range wrap(row[i].Text, max(o.Width()-names-gap, narrow)) {
			if j > 0 {
				name = strings.Repeat(" ", names)
			}
			line := o.Theme.Paint(Key, name) + strings.Repeat(" ", gap) + o.Theme.Paint(row[i].Role, part)
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
}

// totalRecord draws the total under its name, without its empty cells.
func totalRecord(o *Output, b *bytes.Buffer, cols []Column, row []Cell) {
	var names []Column
	var values []Cell
	for i, c := range row[1:] {
		if c.Text != "" {
			names, values = append(names, cols[i+1]), append(values, c)
		}
	}
	record(o, b, names, values, row[0].Text)
}

// rulerMost is how far a ruler goes past its label, in cells.
const rulerMost = 40

// ruler draws a line over the whole width with a label in it.
func ruler(o *Output, b *bytes.Buffer, label string) {
	line := o.glyphs().line
	rest := max(o.Width()-Cells(label)-4, 0)
	paint := o.Theme.Paint
	tail := strings.Repeat(line, min(rest, rulerMost))
	b.WriteString(strings.TrimRight(paint(Muted, line)+" "+paint(Title, label)+" "+paint(Muted, tail), " ") + "\n")
}

// writeTSV writes the exact values of a row. Tab, line feed, carriage return
// and backslash are escaped, so that a row is one line.
func writeTSV(b *bytes.Buffer, row []Cell) {
	for i, c := range row {
		if i > 0 {
			b.WriteByte('\t')
		}
		text := c.Exact
		if text == "" {
			text = c.Text
		}
		b.WriteString(escapeTSV(text))
	}
	b.WriteByte('\n')
}

func escapeTSV(s string) string {
	if !strings.ContainsAny(s, "\t\n\r\\") {
		return s
	}
	return strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`, `\`, `\\`).Replace(s)
}
