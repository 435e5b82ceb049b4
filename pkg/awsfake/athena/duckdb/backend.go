// Package duckdb is a back end of the fake Athena over the engine of the local
// target: its Trino functions, and copies of the objects that Athena would
// read. It knows the lake's table and views only.
package duckdb

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/lexer"
	"pixelctl/pkg/event"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
	"pixelctl/pkg/query/dialect"
)

// Backend answers from the objects of registered or projected partitions. It
// is safe for concurrent use.
type Backend struct {
	catalog athena.Catalog
	store   athena.Store
	inflate atomic.Int64
}

var _ athena.Backend = (*Backend)(nil)

// New returns a back end over a catalog and its objects.
func New(catalog athena.Catalog, store athena.Store) *Backend {
	b := &Backend{catalog: catalog, store: store}
	b.inflate.Store(1)
	return b
}

// Inflate has every byte of an object count n, so that small objects strike
// the limits of large ones.
func (b *Backend) Inflate(n int64) { b.inflate.Store(n) }

// Check parses a statement; all else shows when it runs.
func (b *Backend) Check(ctx context.Context, s athena.Statement) error {
	var f *athena.QueryError
	sql := s.SQL
	if t, err := dialect.Translate(s.SQL, nil); err == nil { // else it shows when it runs
		sql = t.SQL
	}
	err := failure(explain(ctx, duck.Source{}, sql, func(query.Rows) error { return nil }))
	if errors.As(err, &f) && f.Name == athena.MalformedQuery {
		return f
	}
	return nil
}

// explain has a statement planned. EXPLAIN stands on a line of its own, so that
// columns in errors are right.
func explain(ctx context.Context, source duck.Source, sql string, use func(query.Rows) error) error {
	if explains(sql) {
		return inEngine(ctx, source, sql, use)
	}
	err := inEngine(ctx, source, "EXPLAIN\n"+sql, use)
	var syntax *query.SyntaxError
	if errors.As(err, &syntax) && syntax.Line > 1 {
		syntax.Line--
	}
	return err
}

func explains(sql string) bool {
	return lexer.Begin(lexer.Lex(sql), "explain")
}

// Run answers a statement.
func (b *Backend) Run(ctx context.Context, s athena.Statement) (r athena.Result, err error) {
	err = b.answer(ctx, s, func(_ event.Schema, rows query.Rows, scanned int64) error {
		r.Scanned, r.Columns = scanned, columns(rows.Columns(), s.SQL)
		return each(ctx, rows, func(values []any) error {
			line := make([]*string, len(values))
			for i, v := range values {
				line[i] = athena.Text(v, r.Columns[i].Type)
			}
			r.Rows = append(r.Rows, line)
			return nil
		})
	})
	return r, err
}

// columns have the names that Athena gives them.
func columns(list []query.Column, sql string) []query.Column {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.Name
	}
	for i, name := range dialect.Columns(sql, names) {
		list[i].Name = name
	}
	return list
}

// answer runs a statement over the partitions that it reads.
func (b *Backend) answer(ctx context.Context, s athena.Statement, use func(table event.Schema, rows query.Rows, scanned int64) error) (err error) {
	p, err := b.plan(ctx, s)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "athena-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if explains(s.SQL) { // reads nothing
		p.partitions = nil
	}
	read, scanned, err := p.prune(ctx, dir)
	if err != nil {
		return err
	}
	scanned *= b.inflate.Load()
	if s.Limit > 0 && scanned > s.Limit {
		return athena.OverLimit(s.Limit)
	}
	source, names, err := b.copy(ctx, dir, p.schema, read)
	if err == nil {
		err = inEngine(ctx, source, p.sql(source.Files, names), func(rows query.Rows) error { return use(p.schema, rows, scanned) })
	}
	return withScanned(failure(p.placed(err)), scanned)
}

func options() duck.Options { return duck.Options{Threads: 1, MemoryLimit: "512MB", Native: true} }

// inEngine opens an engine for one statement.
func inEngine(ctx context.Context, source duck.Source, sql string, use func(query.Rows) error) (err error) {
	engine, err := duck.Open(ctx, source, options())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	rows, err := engine.Query(ctx, sql)
	if err != nil {
		return err
	}
	if w := rows.Stats().Warnings; len(w) > 0 {
		return errors.Join(athena.Fail("HIVE_BAD_DATA", "Not valid Parquet file: %s", w[0]), rows.Close())
	}
	return errors.Join(use(rows), rows.Close())
}

func each(ctx context.Context, rows query.Rows, f func([]any) error) error {
	for {
		values, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = f(values)
		}
		if err != nil {
			return err
		}
	}
}
