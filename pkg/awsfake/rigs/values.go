package rigs

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/athena/trino"
	"pixelctl/pkg/query"
)

// Table is an answer as text, so that engines can be compared: a header of
// names in lower case with Athena's types, then the rows.
type Table struct {
	Columns []string
	Rows    []string
}

// Sorted is the table with its rows in one order, for questions that ask for
// none.
func (t Table) Sorted() Table {
	t.Rows = slices.Clone(t.Rows)
	slices.Sort(t.Rows)
	return t
}

// Differs says how the answer differs from what is wanted, with < and > before
// lines that only one of them has; "" when it does not. Columns that have no
// name in SQL are named as each engine likes: their types are compared.
func (t Table) Differs(want Table) string {
	if !slices.EqualFunc(t.Columns, want.Columns, sameColumn) {
		return "< " + strings.Join(t.Columns, " | ") + "\n> " + strings.Join(want.Columns, " | ")
	}
	var b strings.Builder
	for i := range max(len(t.Rows), len(want.Rows)) {
		if i < len(t.Rows) && i < len(want.Rows) && t.Rows[i] == want.Rows[i] {
			continue
		}
		if i < len(t.Rows) {
			b.WriteString("< " + t.Rows[i] + "\n")
		}
		if i < len(want.Rows) {
			b.WriteString("> " + want.Rows[i] + "\n")
		}
	}
	return b.String()
}

// unnamed is how Athena and Trino name a column that has no name.
const unnamed = "_col"

func sameColumn(got, want string) bool {
	if strings.HasPrefix(got, unnamed) {
		_, got, _ = strings.Cut(got, " ")
		return strings.HasSuffix(want, " "+got)
	}
	return got == want
}

// Read reads rows to their end and closes them.
func Read(ctx context.Context, rows query.Rows) (t Table, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for _, c := range rows.Columns() {
		t.Columns = append(t.Columns, header(c.Name, c.Type))
	}
	for {
		row, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, line(row))
	}
}

// TableOf is an answer of Trino as text.
func TableOf(a trino.Answer) (Table, error) {
	var t Table
	for _, c := range a.Columns {
		t.Columns = append(t.Columns, header(c.Name, c.Type))
	}
	for _, r := range a.Rows {
		row := make([]any, len(r))
		for i, v := range r {
			var err error
			if row[i], err = value(a.Columns[i].Type, v); err != nil {
				return t, fmt.Errorf("column %s: %w", a.Columns[i].Name, err)
			}
		}
		t.Rows = append(t.Rows, line(row))
	}
	return t, nil
}

// precision is that of times and texts, which Athena does not give.
var precision = regexp.MustCompile(`\b(varchar|time|timestamp)\(\d+\)`)

// header is a column's name, which Athena gives in lower case, and its type.
// What kind an interval is, only its values tell.
func header(name, typ string) string {
	typ = precision.ReplaceAllString(typ, "$1")
	if strings.HasPrefix(typ, "INTERVAL") {
		typ = "interval"
	}
	return strings.ToLower(name) + " " + strings.ReplaceAll(typ, ", ", ",")
}

func line(row []any) string {
	cells := make([]string, len(row))
	for i, v := range row {
		cells[i] = text(v)
	}
	return strings.Join(cells, " | ")
}

// text writes a value of query.Rows; other kinds show their Go type.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool, int64:
		return fmt.Sprint(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		return strconv.Quote(v)
	case query.Decimal:
		return string(v)
	case []byte:
		return hex.EncodeToString(v)
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04:05.000000")
	case []any:
		return "[" + strings.ReplaceAll(line(v), " | ", ", ") + "]"
	case query.Pairs:
		pairs := make([]string, len(v))
		for i, p := range v {
			pairs[i] = text(p.Key) + ": " + text(p.Value)
		}
		slices.Sort(pairs)
		return "{" + strings.Join(pairs, ", ") + "}"
	}
	return fmt.Sprintf("%T %v", v, v)
}

// value makes a value of query.Rows of Trino's JSON.
func value(typ string, v any) (any, error) {
	kind, inner, _ := strings.Cut(typ, "(")
	switch v := v.(type) {
	case json.Number:
		if kind == "double" || kind == "real" {
			return v.Float64()
		}
		return v.Int64()
	case map[string]any:
		_, of, _ := strings.Cut(strings.TrimSuffix(inner, ")"), ", ")
		pairs := make(query.Pairs, 0, len(v))
		for k, e := range v {
			e, err := value(of, e)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, query.Pair{Key: k, Value: e})
		}
		return pairs, nil
	case []any:
		if kind == "row" {
			return rowValue(strings.TrimSuffix(inner, ")"), v)
		}
		list := make([]any, len(v))
		for i, e := range v {
			var err error
			if list[i], err = value(strings.TrimSuffix(inner, ")"), e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case string:
		return typed(kind, typ, v)
	}
	return v, nil
}

// typed reads what Trino writes as text.
func typed(kind, typ, v string) (any, error) {
	switch {
	case strings.HasSuffix(typ, "with time zone"):
		return zoned(v)
	case kind == "timestamp":
		return time.Parse("2006-01-02 15:04:05", v)
	case kind == "date":
		return time.Parse(time.DateOnly, v)
	case kind == "varbinary":
		return base64.StdEncoding.DecodeString(v)
	case kind == "decimal":
		return query.Decimal(v), nil
	case kind == "double" || kind == "real":
		return strconv.ParseFloat(v, 64) // NaN and the infinities
	}
	return v, nil
}

// zoned reads a time that a zone's name or an offset follows.
func zoned(v string) (time.Time, error) {
	if at, err := time.Parse("2006-01-02 15:04:05 -07:00", v); err == nil {
		return at, nil
	}
	i := max(strings.LastIndex(v, " "), 0)
	zone, err := time.LoadLocation(strings.TrimSpace(v[i:]))
	if err != nil {
		return time.Time{}, err
	}
	return time.ParseInLocation("2006-01-02 15:04:05", v[:i], zone)
}

// rowValue gives the fields of a row, whose types stand in one text.
func rowValue(fields string, v []any) (any, error) {
	pairs := make(query.Pairs, 0, len(v))
	depth, from := 0, 0
	for i := 0; i <= len(fields); i++ {
		switch {
		case i < len(fields) && fields[i] == '(':
			depth++
		case i < len(fields) && fields[i] == ')':
			depth--
		case (i == len(fields) || fields[i] == ',' && depth == 0) && len(pairs) < len(v):
			name, of, _ := strings.Cut(strings.TrimSpace(fields[from:i]), " ")
			e, err := value(of, v[len(pairs)])
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, query.Pair{Key: strings.Trim(name, `"`), Value: e})
			from = i + 1
		}
	}
	return pairs, nil
}
