//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"pixelctl/pkg/query"
	"pixelctl/pkg/query/dialect"
)

// rows gives the result of one statement, row by row.
type rows struct {
	result  output
	columns []column
	raw     []driver.Value
	row     []any
	started time.Time
	stats   query.Stats
	ended   bool
}

var _ query.Rows = (*rows)(nil)

// name gives the columns the names that Athena gives them.
func (r *rows) name(sql string) {
	names := make([]string, len(r.columns))
	for i, c := range r.columns {
		names[i] = c.name
	}
	for i, name := range dialect.Columns(sql, names) {
		r.columns[i].name = name
	}
}

func (r *rows) Columns() []query.Column {
	out := make([]query.Column, len(r.columns))
	for i, c := range r.columns {
		out[i] = query.Column{Name: c.name, Type: c.athena}
	}
	return out
}

func (r *rows) Next(ctx context.Context) ([]any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.ended || r.result == nil {
		return nil, io.EOF
	}
	err := r.result.next(ctx, r.raw)
	if errors.Is(err, io.EOF) {
		r.end()
		return nil, io.EOF
	}
	if err != nil {
		return nil, fmt.Errorf("read row: %w", err)
	}
	for i, v := range r.raw {
		r.row[i] = r.columns[i].convert(v)
	}
	return r.row, nil
}

func (r *rows) end() {
	if !r.ended {
		r.ended = true
		r.stats.Elapsed = time.Since(r.started)
	}
}

func (r *rows) Stats() query.Stats { return r.stats }

func (r *rows) Close() error {
	if r.result == nil {
		return nil
	}
	r.end()
	err := r.result.close()
	r.result = nil
	return err
}
