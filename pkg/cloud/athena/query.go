package athena

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/query"
)

var _ query.Engine = (*Engine)(nil)

// Query runs one statement that only reads and waits until its result is
// there. Arrays, maps and rows are text as Athena writes it, such as
// [a, b] and {k=v}. Wrong SQL is a *query.SyntaxError; a statement that writes
// is fault.Usage; a missing right is fault.Credentials. When ctx ends or the
// statement reads more than Options.MaxScan, it is stopped, and what it had
// read is charged.
func (e *Engine) Query(ctx context.Context, sql string, params ...query.Param) (query.Rows, error) {
	if err := e.Check(sql, params...); err != nil {
		return nil, err
	}
	r, err := e.run(ctx, sql, params...)
	if err != nil {
		return nil, err
	}
	return r.result(ctx)
}

// Execute runs one statement of any kind, such as MSCK REPAIR TABLE or UNLOAD,
// and waits for its end. It reads no result. Its errors are those of Query.
func (e *Engine) Execute(ctx context.Context, sql string) (query.Stats, error) {
	r, err := e.run(ctx, sql)
	if err != nil {
		return query.Stats{FilesRead: -1, FilesTotal: -1, BytesScanned: -1}, err
	}
	return r.stats(), nil
}

// source gives the rows of a result as text, io.EOF after the last.
type source interface {
	next(ctx context.Context) ([]field, error)
	close()
}

// rows is the result of one statement.
type rows struct {
	run      *run
	columns  []column
	source   source
	row      []any
	warnings []string
	stats    query.Stats
	ended    bool
}

var _ query.Rows = (*rows)(nil)

// result reads the first page, which has the types. When it is not the last
// one, the rows come from the object in S3.
func (r *run) result(ctx context.Context) (*rows, error) {
	first, err := r.page(ctx, nil)
	if err != nil {
		return nil, err
	}
	columns := columnsOf(first.ResultSet.ResultSetMetadata.ColumnInfo)
	out := &rows{run: r, columns: columns, row: make([]any, len(columns)), source: r.paged(first)}
	location := r.object()
	if aws.ToString(first.NextToken) == "" || location == "" {
		return out, nil
	}
	whole, err := r.whole(ctx, location, len(columns))
	switch {
	case err == nil:
		out.source = whole
	case ctx.Err() != nil:
		return nil, fmt.Errorf("read result of query %s: %w", r.id, ctx.Err())
	default:
		out.warnings = append(out.warnings, fmt.Sprintf("the result was read page by page, which is slow: %v", err))
	}
	return out, nil
}

// object is where the result is as CSV, "" when it is not: EXPLAIN, SHOW and
// DESCRIBE write plain text, and results that Athena manages have no object.
func (r *run) object() string {
	if r.last.ResultConfiguration == nil || r.last.StatementType != types.StatementTypeDml {
		return ""
	}
	if at := aws.ToString(r.last.ResultConfiguration.OutputLocation); strings.HasSuffix(at, ".csv") {
		return at
	}
	return ""
}

// whole opens the object and reads its header.
func (r *run) whole(ctx context.Context, location string, columns int) (*ahead, error) {
	d, err := r.e.open(ctx, location)
	if err != nil {
		return nil, err
	}
	c := newCSVRows(d, columns)
	if _, err := c.next(ctx); err != nil {
		c.close()
		return nil, err
	}
	return readAhead(ctx, c, columns), nil
}

func (r *rows) Columns() []query.Column {
	out := make([]query.Column, len(r.columns))
	for i, c := range r.columns {
		out[i] = c.Column
	}
	return out
}

func (r *rows) Next(ctx context.Context) ([]any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.ended {
		return nil, io.EOF
	}
	fields, err := r.source.next(ctx)
	if err == io.EOF { //nolint:errorlint // source documents io.EOF itself
		r.end()
		return nil, io.EOF
	}
	if err != nil {
		return nil, err
	}
	for i, f := range fields {
		if r.row[i] = nil; !f.null {
			r.row[i] = r.columns[i].value(f.text)
		}
	}
	return r.row, nil
}

func (r *rows) end() {
	if !r.ended {
		r.ended = true
		r.stats = r.run.stats()
		r.stats.Warnings = append(r.stats.Warnings, r.warnings...)
	}
}

func (r *rows) Stats() query.Stats { return r.stats }

func (r *rows) Close() error {
	r.end()
	r.source.close()
	return nil
}
