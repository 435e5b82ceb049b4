//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"pixelctl/pkg/query"
	"pixelctl/pkg/query/dialect"
)

// Query answers one statement of Athena's SQL that only reads, with the values of
// its ?. A file that turns out to be damaged is left out with a warning, and the
// statement runs again.
func (e *Engine) Query(ctx context.Context, sql string, params ...query.Param) (query.Rows, error) {
	if e.options.Native {
		return e.answer(ctx, sql, dialect.Translation{SQL: sql}, params...)
	}
	if err := dialect.Ask(sql); err != nil {
		return nil, err
	}
	translated, err := dialect.Translate(sql, e.typeOf, params...)
	if err != nil {
		return nil, err
	}
	return e.answer(ctx, sql, translated, params...)
}

func (e *Engine) answer(ctx context.Context, sql string, translated dialect.Translation, params ...query.Param) (query.Rows, error) {
	started := time.Now()
	for {
		rows, err := e.run(ctx, translated.SQL, bound(params), started)
		if err == nil {
			rows.name(sql)
			return rows, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("run query: %w", ctx.Err())
		}
		again, recoverErr := e.recover(ctx, err)
		if recoverErr != nil {
			return nil, fmt.Errorf("run query: %w", recoverErr)
		}
		if !again {
			return nil, placed(queryError(translated.SQL, err), sql, translated)
		}
	}
}

// run has the whole result computed, so every error of the statement is found
// here, before a row of it is shown.
func (e *Engine) run(ctx context.Context, sql string, values []driver.NamedValue, started time.Time) (*rows, error) {
	stmt, err := e.prepare(sql, len(values))
	if err != nil {
		return nil, err
	}
	columns, err := columnsOf(stmt)
	if err != nil {
		return nil, closeAfter(stmt, err)
	}
	read, err := e.asRead(stmt, sql, columns)
	if err != nil {
		return nil, err
	}
	result, err := read.compute(ctx, values)
	if err != nil {
		return nil, err
	}
	return &rows{
		result: result, columns: columns, started: started,
		raw: make([]driver.Value, len(columns)), row: make([]any, len(columns)),
		stats: query.Stats{
			FilesRead: e.filesRead(), FilesTotal: int64(len(e.source.Files)), BytesScanned: -1, Warnings: e.warnings,
		},
	}, nil
}

// bound are parameters as the driver takes them.
func bound(params []query.Param) []driver.NamedValue {
	values := make([]driver.NamedValue, len(params))
	for i, p := range params {
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: p.Value}
	}
	return values
}

func closeAfter(stmt *duckdb.Stmt, err error) error {
	if closeErr := stmt.Close(); closeErr != nil {
		return fmt.Errorf("%w (close statement: %w)", err, closeErr)
	}
	return err
}

// placed tells the place of an error in the statement as it was given.
func placed(err error, sql string, t dialect.Translation) error {
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		syntax.SQL = sql
		syntax.Line, syntax.Column = t.Place(syntax.Line, syntax.Column)
	}
	return err
}

// typeOf gives the type of a column of the table, as Athena names it.
func (e *Engine) typeOf(name string) string {
	switch name {
	case "year", "month", "day", "hour":
		return "integer"
	}
	for _, c := range e.source.Schema.Columns() {
		if c.Name == name {
			return strings.Replace(c.Type.Glue(), "string", "varchar", 1)
		}
	}
	return ""
}
