//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

const (
	// answerTable is temporary, so DuckDB counts it to the memory limit and writes
	// to disk what exceeds that.
	answerTable = "temp.pixelctl_answer"
	// The driver holds what it reads of it beside the limit: so many bytes at a
	// time, about, and no more rows than a row group has.
	partBytes = 32 << 20
	partRows  = 122_880
	fewRows   = 256 // are one part, whatever they hold
)

// output is what a statement answered, in the order that it gave.
type output interface {
	// next fills a row; it gives io.EOF after the last.
	next(ctx context.Context, row []driver.Value) error
	close() error
}

// held is a result that is in memory as a whole.
type held struct {
	stmt *duckdb.Stmt
	rows driver.Rows
}

func (h held) next(_ context.Context, row []driver.Value) error { return h.rows.Next(row) }

func (h held) close() error { return errors.Join(h.rows.Close(), h.stmt.Close()) }

// kept is a result in a table. Its rows have the numbers in which they came.
type kept struct {
	reading
	part  driver.Rows // nil before the first and between two
	from  int64       // of the next part
	rows  int64       // of a part; 0: not known yet
	total int64
	drop  func() error
}

// reading is a statement that is ready to be answered.
type reading struct {
	db      *database
	stmt    *duckdb.Stmt
	keeps   bool // its answer in the table
	wrapped bool // what was asked begins a line later in it
}

// compute answers the statement, and closes it where that fails.
func (r reading) compute(ctx context.Context, values []driver.NamedValue) (output, error) {
	answer := r.hold
	if r.keeps {
		answer = r.keep
	}
	out, err := answer(ctx, values)
	if err == nil {
		return out, nil
	}
	if r.wrapped {
		err = wrappedError{err}
	}
	return nil, closeAfter(r.stmt, err)
}

func (r reading) hold(ctx context.Context, values []driver.NamedValue) (output, error) {
	rows, err := r.stmt.QueryContext(ctx, values)
	return held{r.stmt, rows}, err
}

func (r reading) keep(ctx context.Context, values []driver.NamedValue) (output, error) {
	count, err := r.stmt.QueryContext(ctx, values)
	if err != nil {
		return nil, err
	}
	row := make([]driver.Value, 1)
	if err := errors.Join(count.Next(row), count.Close()); err != nil {
		return nil, err
	}
	total, ok := row[0].(int64)
	if !ok {
		return nil, fmt.Errorf("count answer: got %T", row[0])
	}
	drop := func() error { return r.db.exec(context.WithoutCancel(ctx), "DROP TABLE "+answerTable) }
	return &kept{reading: r, total: total, drop: drop}, err
}

// wrappedError is one of a wrapped statement.
type wrappedError struct{ error }

func (e wrappedError) Unwrap() error { return e.error }

func (k *kept) next(ctx context.Context, row []driver.Value) error {
	for {
		if k.part != nil {
			err := k.part.Next(row)
			if !errors.Is(err, io.EOF) {
				return err
			}
			if err := k.closePart(); err != nil {
				return err
			}
		}
		if k.from >= k.total {
			return io.EOF
		}
		if err := k.openPart(ctx); err != nil {
			return err
		}
	}
}

// openPart goes by the numbers of rows: DuckDB passes over row groups without
// them, where LIMIT and OFFSET would read all rows before.
func (k *kept) openPart(ctx context.Context) (err error) {
	if k.rows == 0 {
		if k.rows, err = k.rowsOfPart(ctx); err != nil {
			return err
		}
	}
	to := k.from + k.rows
	k.part, err = k.db.conn.QueryContext(ctx, fmt.Sprintf("FROM %s WHERE rowid >= %d AND rowid < %d", answerTable, k.from, to), nil)
	k.from = to
	return err
}

// rowsOfPart goes by what all rows take. Most of what DuckDB holds is them.
func (k *kept) rowsOfPart(ctx context.Context) (int64, error) {
	if k.total <= fewRows {
		return fewRows, nil
	}
	all, err := k.db.int64(ctx, "SELECT CAST(sum(memory_usage_bytes + temporary_storage_bytes) AS BIGINT) FROM duckdb_memory()")
	if err != nil {
		return 0, err
	}
	return min(partRows, max(1, k.total*partBytes/max(1, all))), nil
}

func (k *kept) closePart() error {
	part := k.part
	k.part = nil
	return part.Close()
}

func (k *kept) close() error {
	var err error
	if k.part != nil {
		err = k.closePart()
	}
	return errors.Join(err, k.stmt.Close(), k.drop())
}
