package report

import (
	"context"
	"io"
	"strings"
	"unicode/utf8"

	"pixelctl/pkg/query"
)

// Tidy gives a report as rows, one number each, so that parts of any columns
// are one table for a program.
func Tidy(r Report) query.Rows {
	t := &tidy{stats: r.Stats}
	for _, p := range r.Parts {
		for _, row := range p.Rows {
			for i, v := range row.Values {
				t.rows = append(t.rows, line(r.Name, p, row, p.Measures[i].Name, v))
			}
		}
	}
	return t
}

// Sheet is Tidy for a spreadsheet. Visitors choose the names of campaigns and
// pages: one that would be run as a formula stands behind an apostrophe.
func Sheet(r Report) query.Rows {
	return &sheet{Rows: Tidy(r)}
}

type sheet struct{ query.Rows }

func (s *sheet) Next(ctx context.Context) ([]any, error) {
	row, err := s.Rows.Next(ctx)
	for i, v := range row {
		if text, ok := v.(string); ok && isFormula(text) {
			row[i] = "'" + text
		}
	}
	return row, err
}

// isFormula also takes one that stands behind apostrophes already, so that
// taking one away gives each name back.
func isFormula(text string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "'"))
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

func line(name string, p Part, row Row, measure string, v Value) []any {
	out := []any{name, p.Name, nil, nil, nil, measure, number(v.N), number(v.Low), number(v.High), number(v.Before)}
	if !row.At.IsZero() {
		out[2] = row.At.UTC()
	}
	for i, label := range row.Label[:min(len(row.Label), 2)] {
		out[3+i] = label //nolint:gosec // out has ten
	}
	return out
}

func number(n *float64) any {
	if n == nil {
		return nil
	}
	return *n
}

type tidy struct {
	rows  [][]any
	stats query.Stats
}

func (*tidy) Columns() []query.Column {
	return []query.Column{
		{Name: "report", Type: "varchar"},
		{Name: "part", Type: "varchar"},
		{Name: "at", Type: "timestamp"},
		{Name: "label", Type: "varchar"},
		{Name: "label2", Type: "varchar"},
		{Name: "measure", Type: "varchar"},
		{Name: "value", Type: "double"},
		{Name: "low", Type: "double"},
		{Name: "high", Type: "double"},
		{Name: "before", Type: "double"},
	}
}

func (t *tidy) Next(ctx context.Context) ([]any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(t.rows) == 0 {
		return nil, io.EOF
	}
	row := t.rows[0]
	t.rows = t.rows[1:]
	return row, nil
}

func (t *tidy) Stats() query.Stats { return t.stats }

func (*tidy) Close() error { return nil }
