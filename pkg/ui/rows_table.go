package ui

import (
	"bytes"

	"pixelctl/pkg/query"
)

// lookAhead is how many rows decide the widths of a table.
const lookAhead = 1000

// tableEncoder draws for a terminal. It holds the first rows back to learn the
// widths, keeps to them from then on, and turns to one name and value a line
// when the columns do not fit.
type tableEncoder struct {
	sink
	columns  []Column
	held     [][]Cell
	grid     grid
	vertical bool
	started  bool
	n        int64
}

func (e *tableEncoder) begin(cols []query.Column) error {
	if err := e.sink.begin(cols); err != nil {
		return err
	}
	for i, c := range cols {
		e.columns = append(e.columns, Column{Name: c.Name, Right: e.kinds[i].right, Whole: e.kinds[i].whole})
	}
	return nil
}

func (e *tableEncoder) row(values []any) error {
	row := make([]Cell, len(values))
	for i, v := range values {
		row[i] = Cell{Text: Clean(e.kinds[i].text(v))}
		if v == nil {
			row[i] = Cell{Text: "NULL", Role: Muted}
		}
	}
	if e.started {
		return e.draw(row)
	}
	e.held = append(e.held, row)
	if len(e.held) < lookAhead {
		return nil
	}
	return e.start()
}

func (e *tableEncoder) end(n int64, _ query.Stats) error {
	if n == 0 || e.started {
		return nil
	}
	return e.start()
}

func (e *tableEncoder) start() error {
	e.started = true
	widths, ok := layout(extents(e.columns, e.held), e.o.Width())
	e.grid, e.vertical = grid{o: e.o, columns: e.columns, widths: widths}, !ok
	if ok {
		var b bytes.Buffer
		e.grid.head(&b)
		if _, err := e.w.Write(b.Bytes()); err != nil {
			return err
		}
	}
	for _, row := range e.held {
		if err := e.draw(row); err != nil {
			return err
		}
	}
	e.held = nil
	return nil
}

func (e *tableEncoder) draw(row []Cell) error {
	var b bytes.Buffer
	e.n++
	if e.vertical {
		record(e.o, &b, e.columns, row, "row "+Count(e.n))
	} else {
		e.grid.row(&b, row)
	}
	_, err := e.w.Write(b.Bytes())
	return err
}
