package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"pixelctl/pkg/query"
)

// maxRows bounds an answer: a year by the quarter of an hour has 35,040.
const maxRows = 200_000

// answer is the result of a statement.
type answer struct {
	columns map[string]int
	rows    [][]any
}

// run reads the whole answer of a statement and adds up what it cost.
func run(ctx context.Context, e query.Engine, sql string, total *query.Stats) (a answer, err error) {
	rows, err := e.Query(ctx, sql)
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	a.columns = map[string]int{}
	for i, c := range rows.Columns() {
		a.columns[c.Name] = i
	}
	err = query.Each(ctx, rows, func(row []any) error {
		if len(a.rows) == maxRows {
			return fmt.Errorf("the answer has over %d rows", maxRows)
		}
		a.rows = append(a.rows, slices.Clone(row))
		return nil
	})
	if err == nil {
		add(total, rows.Stats())
	}
	return a, err
}

// add sums up what the statements of a window took. They read the same files,
// which count once.
func add(total *query.Stats, s query.Stats) {
	total.FilesRead = either(total.FilesRead, s.FilesRead, max(total.FilesRead, s.FilesRead))
	total.FilesTotal = either(total.FilesTotal, s.FilesTotal, max(total.FilesTotal, s.FilesTotal))
	total.BytesScanned = either(total.BytesScanned, s.BytesScanned, total.BytesScanned+s.BytesScanned)
	total.Elapsed += s.Elapsed
	total.Dollars += s.Dollars
	total.Unpriced = cmp.Or(total.Unpriced, s.Unpriced)
	for _, w := range s.Warnings {
		if !slices.Contains(total.Warnings, w) {
			total.Warnings = append(total.Warnings, w)
		}
	}
}

// addWindow adds what another window took, whose files are others.
func addWindow(total *query.Stats, s query.Stats) {
	files := either(total.FilesRead, s.FilesRead, total.FilesRead+s.FilesRead)
	add(total, s)
	total.FilesRead = min(files, total.FilesTotal)
}

// either is of two counts, and unknown when one of them is.
func either(a, b, of int64) int64 {
	if a < 0 || b < 0 {
		return -1
	}
	return of
}

func (a answer) has(column string) bool { _, ok := a.columns[column]; return ok }

func (a answer) value(row []any, column string) (any, error) {
	i, ok := a.columns[column]
	if !ok {
		return nil, fmt.Errorf("the answer has no column %s", column)
	}
	return row[i], nil
}

func (a answer) text(row []any, column string) (string, error) {
	v, err := a.value(row, column)
	if err != nil || v == nil {
		return "", err
	}
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("column %s is a %T", column, v)
	}
	return s, nil
}

func (a answer) at(row []any, column string) (time.Time, error) {
	v, err := a.value(row, column)
	if err != nil {
		return time.Time{}, err
	}
	t, ok := v.(time.Time)
	if !ok {
		return t, fmt.Errorf("column %s is a %T", column, v)
	}
	return t, nil
}

// number gives nil for NULL.
func (a answer) number(row []any, column string) (*float64, error) {
	v, err := a.value(row, column)
	if err != nil || v == nil {
		return nil, err
	}
	var n float64
	switch v := v.(type) {
	case int64:
		n = float64(v)
	case float64:
		n = v
	case query.Decimal:
		if n, err = strconv.ParseFloat(string(v), 64); err != nil {
			return nil, fmt.Errorf("column %s: %w", column, err)
		}
	default:
		return nil, fmt.Errorf("column %s is a %T", column, v)
	}
	return &n, nil
}
