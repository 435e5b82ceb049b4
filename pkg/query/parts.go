package query

import (
	"context"
	"slices"
)

// replacedRows has the values of some columns replaced.
type replacedRows struct {
	Rows
	columns []Column
	replace []func(v any) any // nil: the value stays
	row     []any
}

// PrintParts has arrays, maps and rows be what Athena makes of them: texts, whose
// columns do not tell what they hold.
func PrintParts(rows Rows) Rows {
	return replaced(rows, func(c *Column) func(any) any {
		typ := c.Type
		base, inner := SplitType(typ)
		if inner == "" || base != "array" && base != "map" && base != "row" {
			return nil
		}
		c.Type = base
		return func(v any) any {
			if v == nil {
				return nil
			}
			return Printed(v, typ)
		}
	})
}

// ReadMaps has the map of ColumnsSQL, JSON by then, be pairs again.
func ReadMaps(rows Rows) Rows {
	return replaced(rows, func(c *Column) func(any) any {
		if c.Type != "json" {
			return nil
		}
		return Parameters
	})
}

func replaced(rows Rows, by func(c *Column) func(any) any) Rows {
	p := &replacedRows{Rows: rows, columns: slices.Clone(rows.Columns())}
	p.replace = make([]func(any) any, len(p.columns))
	for i := range p.columns {
		p.replace[i] = by(&p.columns[i])
	}
	return p
}

func (p *replacedRows) Columns() []Column { return p.columns }

func (p *replacedRows) Next(ctx context.Context) ([]any, error) {
	row, err := p.Rows.Next(ctx)
	if err != nil {
		return nil, err
	}
	p.row = append(p.row[:0], row...)
	for i, f := range p.replace {
		if f != nil {
			p.row[i] = f(p.row[i])
		}
	}
	return p.row, nil
}
