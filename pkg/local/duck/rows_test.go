//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"errors"
	"io"
	"reflect"
	"testing"
	"time"

	"pixelctl/pkg/query"
)

func TestTypesAndValues(t *testing.T) {
	e := open(t, Source{})
	at := time.Date(2026, 7, 5, 9, 8, 7, 123_000_000, time.UTC)
	midnight := time.Date(2026, 7, 5, 0, 0, 0, 0, time.UTC)
	cases := []struct {
		sql, athena string
		value       any
	}{
		{"true", "boolean", true},
		{"CAST(NULL AS BOOLEAN)", "boolean", nil},
		{"CAST(-1 AS TINYINT)", "tinyint", int64(-1)},
		{"CAST(1 AS SMALLINT)", "smallint", int64(1)},
		{"1", "integer", int64(1)},
		{"CAST(9223372036854775807 AS BIGINT)", "bigint", int64(9223372036854775807)},
		{"CAST(255 AS UTINYINT)", "smallint", int64(255)},
		{"CAST(65535 AS USMALLINT)", "integer", int64(65535)},
		{"CAST(4294967295 AS UINTEGER)", "bigint", int64(4294967295)},
		{"CAST(18446744073709551615 AS UBIGINT)", "bigint", "18446744073709551615"},
		{"CAST(-5 AS HUGEINT)", "bigint", int64(-5)},
		{"sum(x) FROM (VALUES (1), (2)) t(x)", "bigint", int64(3)},
		{"CAST(0.1 AS REAL)", "real", 0.1},
		{"0.1E0", "double", 0.1},
		{"CAST(12.5 AS DECIMAL(6,2))", "decimal(6,2)", query.Decimal("12.50")},
		{"CAST(-0.05 AS DECIMAL(4,2))", "decimal(4,2)", query.Decimal("-0.05")},
		{"CAST(0 AS DECIMAL(10,3))", "decimal(10,3)", query.Decimal("0.000")},
		{"CAST(100 AS DECIMAL(38,0))", "decimal(38,0)", query.Decimal("100")},
		{"'a'", "varchar", "a"},
		{"CAST('a' AS ENUM ('a', 'b'))", "varchar", "a"},
		{"CAST('00112233-4455-6677-8899-aabbccddeeff' AS UUID)", "varchar", "00112233-4455-6677-8899-aabbccddeeff"},
		{"CAST('101' AS BIT)", "varchar", "101"},
		{"union_value(a := 5)", "varchar", "5"},
		{"to_utf8('é')", "varbinary", []byte("é")},
		{"DATE '2026-07-05'", "date", midnight},
		{"TIME '09:08:07.123'", "time", "09:08:07.123"},
		{"CAST('09:08:07+02' AS TIMETZ)", "time with time zone", "09:08:07.000+02:00"},
		{"TIMESTAMP '2026-07-05 09:08:07.123'", "timestamp", at},
		{"TIMESTAMP_S '2026-07-05 00:00:00'", "timestamp", midnight},
		{"TIMESTAMP_MS '2026-07-05 09:08:07.123'", "timestamp", at},
		{"TIMESTAMP_NS '2026-07-05 09:08:07.123'", "timestamp", at},
		{"TIMESTAMPTZ '2026-07-05 11:08:07.123+02'", "timestamp with time zone", at},
		{"INTERVAL '14' MONTH + INTERVAL '2' DAY + INTERVAL '90' MINUTE", "interval", "1-2 2 01:30:00.000"},
		{"INTERVAL '-1500' MILLISECOND", "interval", "-0 00:00:01.500"},
		{"NULL", "integer", nil},
		{`CAST('{"b":1,"a":12345678901234567890}' AS JSON)`, "json", `{"b":1,"a":12345678901234567890}`},
		{`json_extract('{"a":"x"}', '$.a')`, "json", `"x"`},
		{"CAST(NULL AS JSON)", "json", nil},
		{`[CAST('"x"' AS JSON), CAST('{"a":1}' AS JSON)]`, "array(json)", []any{`"x"`, `{"a":1}`}},
		{"[1, NULL, 3]", "array(integer)", []any{int64(1), nil, int64(3)}},
		{"CAST(NULL AS INTEGER[])", "array(integer)", nil},
		{"CAST([1, 2] AS INTEGER[2])", "array(integer)", []any{int64(1), int64(2)}},
		{"[['a'], []]", "array(array(varchar))", []any{[]any{"a"}, []any{}}},
		{"MAP {'b': 1, 'a': 2}", "map(varchar, integer)", query.Pairs{{Key: "b", Value: int64(1)}, {Key: "a", Value: int64(2)}}},
		{
			"MAP {'a': MAP {1: [DATE '2026-07-05']}}", "map(varchar, map(integer, array(date)))",
			query.Pairs{{Key: "a", Value: query.Pairs{{Key: int64(1), Value: []any{midnight}}}}},
		},
		{"MAP {}", "map(integer, integer)", query.Pairs{}},
		{
			"{'z': 1, 'a': {'t': 1.50, 'n': NULL}}", "row(z integer, a row(t decimal(3,2), n integer))",
			query.Pairs{{Key: "z", Value: int64(1)}, {Key: "a", Value: query.Pairs{{Key: "t", Value: query.Decimal("1.50")}, {Key: "n", Value: nil}}}},
		},
	}
	for _, c := range cases {
		res := mustAskDuck(t, e, "SELECT "+c.sql)
		if got := res.columns[0].Type; got != c.athena {
			t.Errorf("%s: got type %s, want %s", c.sql, got, c.athena)
		}
		if got := res.rows[0][0]; !reflect.DeepEqual(got, c.value) {
			t.Errorf("%s: got %#v, want %#v", c.sql, got, c.value)
		}
	}
}

func TestJSONColumnsKeepOrderAndNames(t *testing.T) {
	e := open(t, Source{})
	res := mustAskDuck(t, e, "SELECT i AS n, json_parse('[' || i || ']') AS j, 1 AS n FROM range(5000) t(i) ORDER BY i DESC; -- end")
	if res.columns[1] != (query.Column{Name: "j", Type: "json"}) || len(res.rows) != 5000 {
		t.Fatalf("got %v, %d rows", res.columns, len(res.rows))
	}
	for i, row := range res.rows {
		if row[0] != int64(4999-i) {
			t.Fatalf("row %d is %v", i, row)
		}
	}
	if res.rows[1][1] != "[4998]" {
		t.Errorf("got %v", res.rows[1])
	}
}

func TestRowsWithoutFieldNamesSaySo(t *testing.T) {
	_, err := ask(open(t, Source{}), "SELECT row(1, 2)")
	if err == nil {
		t.Error("got no error")
	}
}

func TestManyRows(t *testing.T) {
	ctx := context.Background()
	r, err := open(t, Source{}).Query(ctx, "SELECT i, 'text ' || CAST(i AS varchar) FROM UNNEST(sequence(0, 9999)) AS t(i)")
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for {
		row, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := row[0].(int64); ok {
			sum += n
		}
	}
	if sum != 9999*10000/2 {
		t.Errorf("got sum %d", sum)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if _, err := r.Next(ctx); !errors.Is(err, io.EOF) {
		t.Errorf("next after close: %v", err)
	}
}

func TestCancelBetweenRows(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, err := open(t, Source{}).Query(ctx, "SELECT i FROM UNNEST(sequence(0, 9)) AS t(i)")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
