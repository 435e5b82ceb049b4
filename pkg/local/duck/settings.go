//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

const (
	queryMemory    = "1GB"
	convertMemory  = "512MB"
	convertThreads = 2
)

// Version gives the version of the DuckDB engine, such as v1.5.6.
func Version() string { return mapping.LibraryVersion() }

// database is an in-memory DuckDB and one connection to it: the driver's own,
// and the session that holds it for what the driver asks of one.
type database struct {
	pool    *sql.DB
	session *sql.Conn
	conn    *duckdb.Conn
}

// openDatabase starts a DuckDB that never loads extensions. Settings are
// global, so they hold for every connection.
func openDatabase(ctx context.Context, threads int, memory, spill string) (*database, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("start DuckDB: %w", err)
	}
	db := &database{pool: sql.OpenDB(connector)}
	if db.session, err = db.pool.Conn(ctx); err != nil {
		return nil, db.closeAfter(fmt.Errorf("connect to DuckDB: %w", err))
	}
	err = db.session.Raw(func(conn any) error {
		var ok bool
		if db.conn, ok = conn.(*duckdb.Conn); !ok {
			return fmt.Errorf("got %T", conn)
		}
		return nil
	})
	if err != nil {
		return nil, db.closeAfter(fmt.Errorf("connect to DuckDB: %w", err))
	}
	if err := db.exec(ctx, baseSettings(threads, memory, spill)); err != nil {
		return nil, db.closeAfter(fmt.Errorf("configure DuckDB: %w", err))
	}
	return db, nil
}

// openWriter is openDatabase to write files with. The order of rows in a file
// means nothing; keeping it costs half the speed, and memory without bound.
func openWriter(ctx context.Context, threads int, memory, spill string) (*database, error) {
	db, err := openDatabase(ctx, threads, memory, spill)
	if err != nil {
		return nil, err
	}
	if err := db.exec(ctx, "SET GLOBAL preserve_insertion_order = false"); err != nil {
		return nil, db.closeAfter(fmt.Errorf("configure DuckDB: %w", err))
	}
	return db, nil
}

func baseSettings(threads int, memory, spill string) string {
	set := []string{
		"SET GLOBAL autoinstall_known_extensions = false",
		"SET GLOBAL autoload_known_extensions = false",
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL memory_limit = " + quote(memory),
		"SET GLOBAL temp_directory = " + quote(spill),
	}
	if threads > 0 {
		set = append(set, fmt.Sprintf("SET GLOBAL threads = %d", threads))
	}
	return strings.Join(set, ";\n")
}

func (db *database) exec(ctx context.Context, statement string) error {
	_, err := db.conn.ExecContext(ctx, statement, nil)
	return err
}

// each runs statement and calls f with every row. The row is reused.
func (db *database) each(ctx context.Context, statement string, f func(row []driver.Value) error) error {
	return db.bound(ctx, statement, nil, f)
}

// bound is each with values for the ? of the statement.
func (db *database) bound(ctx context.Context, statement string, values []driver.NamedValue, f func(row []driver.Value) error) (err error) {
	rows, err := db.conn.QueryContext(ctx, statement, values)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := rows.Close(); err == nil {
			err = closeErr
		}
	}()
	row := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(row); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
}

// int64 runs statement and gives the one whole number that it answers.
func (db *database) int64(ctx context.Context, statement string) (int64, error) {
	var n int64
	err := db.each(ctx, statement, func(row []driver.Value) error {
		v, ok := row[0].(int64)
		if !ok {
			return fmt.Errorf("read count: got %T", row[0])
		}
		n = v
		return nil
	})
	return n, err
}

// prepare parses and binds one statement and runs nothing, unlike
// PrepareContext, which runs all statements but the last.
func (db *database) prepare(statement string) (*duckdb.Stmt, error) {
	prepared, err := db.conn.Prepare(statement)
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(*duckdb.Stmt)
	if !ok {
		return nil, fmt.Errorf("prepare statement: got %T", prepared)
	}
	return stmt, nil
}

func (db *database) close() error {
	var first error
	if db.session != nil {
		first = db.session.Close()
	}
	return errors.Join(first, db.pool.Close())
}

// closeAfter closes db because of err, which stays the error to report.
func (db *database) closeAfter(err error) error {
	if closeErr := db.close(); closeErr != nil {
		return fmt.Errorf("%w (close DuckDB: %w)", err, closeErr)
	}
	return err
}

// quote writes s as an SQL string.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// quoteList writes paths as an SQL list of strings.
func quoteList(paths []string) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, p := range paths {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(p))
	}
	b.WriteByte(']')
	return b.String()
}
