//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pixelctl/pkg/query"
)

// Rows come in the order of the statement, each once, also where they are read
// in several parts; and so do those of the statement after it.
func TestLargeAnswersKeepTheirOrder(t *testing.T) {
	e := open(t, Source{})
	const n = 300_000
	for _, order := range []string{"ASC", "DESC"} {
		sql := fmt.Sprintf("SELECT a * 1000 + b AS n, 1 AS n, concat('row ', CAST(a * 1000 + b AS varchar)) FROM UNNEST(sequence(0, %d)) AS s(a) "+
			"CROSS JOIN UNNEST(sequence(0, 999)) AS t(b) ORDER BY 1 %s", n/1000-1, order)
		r, err := e.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{r.Columns()[0].Name, r.Columns()[1].Name, r.Columns()[2].Name}
		if want := []string{"n", "n", "_col2"}; !reflect.DeepEqual(names, want) {
			t.Errorf("columns %q, want %q", names, want)
		}
		i := int64(0)
		err = query.Each(t.Context(), r, func(row []any) error {
			want := i
			if order == "DESC" {
				want = n - 1 - i
			}
			i++
			if !reflect.DeepEqual(row, []any{want, int64(1), fmt.Sprintf("row %d", want)}) {
				return fmt.Errorf("row %d of %s is %v", i, order, row)
			}
			return nil
		})
		if err := errors.Join(err, r.Close()); err != nil || i != n {
			t.Errorf("%d rows, %v", i, err)
		}
	}
	left, err := e.db.int64(t.Context(), "SELECT count(*) FROM duckdb_tables()")
	if err != nil || left != 0 {
		t.Errorf("%d tables of answers are left, %v", left, err)
	}
}

func TestLargeAnswerIsLeftInTheMiddle(t *testing.T) {
	e := open(t, Source{})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := e.Query(ctx, "SELECT a, b FROM UNNEST(sequence(1, 1000)) AS s(a) CROSS JOIN UNNEST(sequence(1, 300)) AS t(b)")
	if err != nil {
		t.Fatal(err)
	}
	for range partRows {
		if _, err := r.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if _, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if got := one(t, e, "SELECT 1"); got != int64(1) {
		t.Errorf("then %v", got)
	}
}

// A query of the catalog finds no table beside those of the lake.
func TestAnswersAreNoTable(t *testing.T) {
	e := open(t, Source{})
	mustAsk(t, e, "SELECT 1")
	for _, row := range mustAskDuck(t, e, "SELECT table_name FROM information_schema.tables").rows {
		if name := fmt.Sprint(row[0]); strings.Contains(name, "answer") {
			t.Errorf("found %s", name)
		}
	}
}

// An error that comes with the rows names its place in the statement as it was
// written, however the answer is computed.
func TestErrorsOfValuesNameTheirPlace(t *testing.T) {
	e := open(t, Source{})
	for _, o := range []Options{{}, {Few: true}, {Most: 3}} {
		e.options.Few, e.options.Most = o.Few, o.Most
		for sql, want := range map[string][2]int{
			"SELECT CAST(x AS integer) FROM (VALUES ('a')) AS t(x)":        {1, 8},
			"SELECT x,\n  CAST(x AS integer) FROM (VALUES ('a')) AS t(x)":  {2, 3},
			"\n\nSELECT x, CAST(x AS integer) FROM (VALUES ('a')) AS t(x)": {3, 11},
		} {
			_, err := ask(e, sql)
			wrong, ok := errors.AsType[*query.SyntaxError](err)
			if !ok || wrong.Line != want[0] || wrong.Column != want[1] {
				t.Errorf("%+v: %q: %v, want line %d, column %d", o, sql, err, want[0], want[1])
			}
		}
	}
}
