// Package query is the seam between SQL and whoever runs it: Athena on AWS,
// DuckDB on one machine. Users write Athena's dialect on both.
package query

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Column is one column of a result; Type is named as Athena names it:
// varchar, boolean, integer, bigint, double, decimal(p,s), date, timestamp,
// time, interval, varbinary, json, array(T), map(K, V), row(name T, …).
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Stats says what a statement read. Counts an engine cannot know are -1.
type Stats struct {
	FilesRead    int64         // objects or files opened after pruning
	FilesTotal   int64         // objects or files in the registered partitions
	BytesScanned int64         // bytes the engine read or charged
	Elapsed      time.Duration // from start to last row
	Dollars      float64       // list price of the statement; 0 where nothing is charged
	Unpriced     string        // region without a price list, whose charge is not known
	Warnings     []string      // files left out, and why
}

// Rows is a forward-only result. The caller closes it.
type Rows interface {
	// Columns gives the columns in order; available at once.
	Columns() []Column
	// Next gives the next row, or io.EOF itself after the last. Values are nil,
	// bool, int64, float64, string, []byte, time.Time (UTC), Decimal, []any
	// or Pairs. The slice is valid until the next call.
	Next(ctx context.Context) ([]any, error)
	// Stats is complete after Next gave io.EOF.
	Stats() Stats
	Close() error
}

// Each gives every row to take, until it fails. A row is valid until the next.
func Each(ctx context.Context, rows Rows, take func(row []any) error) error {
	for {
		row, err := rows.Next(ctx)
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself: an error that wraps it is a connection's
			return nil
		}
		if err == nil {
			err = take(row)
		}
		if err != nil {
			return err
		}
	}
}

// Decimal is an exact number as text, such as 12.50.
type Decimal string

// Pair is one entry of a map or row value.
type Pair struct {
	Key   any
	Value any
}

// Pairs is a map or row value in the order the engine gave.
type Pairs []Pair

// Engine runs one read-only SQL statement; params are the values of its ? in
// their order. Wrong SQL is a *SyntaxError; SQL that would write is refused
// before it runs.
type Engine interface {
	Query(ctx context.Context, sql string, params ...Param) (Rows, error)
}

// SyntaxError is SQL the engine could not parse or bind. Line and Column
// count from 1 and are 0 when the engine named no place.
type SyntaxError struct {
	SQL     string
	Line    int
	Column  int
	Message string
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return "parse SQL: " + e.Message
	}
	return fmt.Sprintf("parse SQL: line %d, column %d: %s", e.Line, e.Column, e.Message)
}
