package pipeline

import (
	"context"
	"errors"
	"slices"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// TailOptions choose the rows of Tail.
type TailOptions struct {
	Lines   int // rows to begin with
	Filters []query.Filter
	Follow  bool
}

// MostTail is how many rows one look gives at most.
const MostTail = 10_000

// Validate refuses more rows than a look gives.
func (o TailOptions) Validate() error {
	if o.Lines < 1 || o.Lines > MostTail {
		return fault.New(fault.Usage, "tail: %d lines are not between 1 and %d", o.Lines, MostTail).
			WithHint("pixelctl query answers for more rows")
	}
	return nil
}

// Conditions are the filters in SQL.
func (o TailOptions) Conditions(schema event.Schema) ([]string, error) {
	var all []string
	for _, f := range o.Filters {
		condition, err := f.Predicate(schema)
		if err != nil {
			return nil, err
		}
		all = append(all, condition)
	}
	return all, nil
}

// Tail is what came since the look before.
type Tail struct {
	Columns  []query.Column
	Rows     [][]any // oldest first
	More     bool    // there were more rows, which were left out
	Newest   time.Time
	Age      time.Duration // of the newest file; 0 where records are seen before they are files
	Dollars  float64       // list price of this look
	Warnings []string      // files left out, and why; each once
}

// Read takes the rows of query.NewestSQL, the newest first.
func (t *Tail) Read(ctx context.Context, rows query.Rows, most int) error {
	rows = query.ReadMaps(rows)
	t.Columns = rows.Columns()
	err := query.Each(ctx, rows, func(row []any) error {
		t.Rows = append(t.Rows, slices.Clone(row))
		return nil
	})
	if err != nil {
		return errors.Join(err, rows.Close())
	}
	t.More = len(t.Rows) > most
	t.Rows = t.Rows[:min(len(t.Rows), most)]
	slices.Reverse(t.Rows)
	stats := rows.Stats()
	t.Dollars += stats.Dollars
	t.Warnings = append(t.Warnings, stats.Warnings...)
	return rows.Close()
}

// Column gives the index of a column, -1 for none.
func (t *Tail) Column(name string) int {
	return slices.IndexFunc(t.Columns, func(c query.Column) bool { return c.Name == name })
}
