package trino_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/trino"
)

const sums = `"stats":{"state":"FINISHED","totalSplits":3,"processedRows":4,"processedBytes":5,"physicalInputBytes":678}`

func TestPagesAreJoined(t *testing.T) {
	columns := `"columns":[{"name":"i","type":"bigint"},{"name":"n","type":"varchar"}]`
	s, c := start(t, map[string][]string{"SELECT 1": {"", columns + `,"data":[[9007199254740993,"a"]]`, `"data":[[2,null]]`, sums}})
	s.busy = 2
	b := trino.New(c, nil)
	r, err := b.Run(t.Context(), athena.Statement{SQL: "SELECT 1", Database: "pixel"})
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(r); got != "9007199254740993|a\n2|<nil>" || r.Scanned != 678 || fmt.Sprint(r.Columns) != "[{i bigint} {n varchar}]" {
		t.Errorf("%q, %+v", got, r)
	}
	for name, want := range map[string]string{"User": "tester", "Catalog": "athena", "Schema": "pixel", "Time-Zone": "UTC"} {
		for _, h := range s.heads {
			if got := h.Get("X-Trino-" + name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
	}
	if len(s.heads) != 6 || len(s.seen) != 1 {
		t.Errorf("%d requests, %q", len(s.heads), s.seen)
	}
}

func TestValuesArePrintedAsAthenaPrintsThem(t *testing.T) {
	values := []struct{ typ, value, want string }{
		{"boolean", "true", "true"},
		{"double", "1e20", "1.0E20"},
		{"double", `"NaN"`, "NaN"},
		{"real", `"-Infinity"`, "-Infinity"},
		{"real", "2", "2.0"},
		{"decimal(5,2)", `"1.50"`, "1.50"},
		{"varbinary", `"CgA="`, "0a 00"},
		{"timestamp(3)", `"2026-07-05 09:00:00.250"`, "2026-07-05 09:00:00.250"},
		{"timestamp(3) with time zone", `"2026-07-05 09:00:00.250 UTC"`, "2026-07-05 09:00:00.250 UTC"},
		{"array(varchar)", `["a, b",null]`, "[a, b, null]"},
		{"array(array(double))", `[[1],[]]`, "[[1.0], []]"},
		{"map(varchar, varchar)", `{"k":"v","a":"b"}`, "{a=b, k=v}"},
		{"map(integer, row(x decimal(3,1), y varchar))", `{"10":["1.5",null],"9":null}`, "{9=null, 10={x=1.5, y=null}}"},
		{`row("a b" integer, c array(map(varchar, bigint)))`, `[1,[{"x":2}]]`, "{a b=1, c=[{x=2}]}"},
		{"json", `"{\"a\":1}"`, `{"a":1}`},
	}
	var columns, row, want []string
	for i, v := range values {
		columns = append(columns, fmt.Sprintf(`{"name":"c%d","type":"%s"}`, i, strings.ReplaceAll(v.typ, `"`, `\"`)))
		row = append(row, v.value)
		want = append(want, v.want)
	}
	_, c := start(t, map[string][]string{"Q": {`"columns":[` + strings.Join(columns, ",") + `],"data":[[` + strings.Join(row, ",") + `]]`}})
	r, err := trino.New(c, nil).Run(t.Context(), athena.Statement{SQL: "Q"})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range r.Rows[0] {
		if *v != want[i] {
			t.Errorf("%s %s is %q, want %q", values[i].typ, values[i].value, *v, want[i])
		}
	}
}

func TestFailures(t *testing.T) {
	failure := func(name, kind, message string) []string {
		return []string{"", fmt.Sprintf(`"error":{"message":%q,"errorName":%q,"errorType":%q},%s`, message, name, kind, sums)}
	}
	_, c := start(t, map[string][]string{
		"A":                            failure("COLUMN_NOT_FOUND", "USER_ERROR", "line 1:8: Column 'x' cannot be resolved"),
		"B":                            failure("TABLE_NOT_FOUND", "USER_ERROR", "line 1:15: Table 'athena.pixel.t' does not exist"),
		"C":                            failure("GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR", "null"),
		"PREPARE athena_check FROM\nA": failure("SYNTAX_ERROR", "USER_ERROR", "line 3:8: mismatched input 'x'. Expecting: 'y'"),
		"PREPARE athena_check FROM\nB": {"", ""},
	})
	b := trino.New(c, nil)
	for sql, want := range map[string]string{
		"A": "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved or requester is not authorized to access requested resources",
		"B": "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.pixel.t' does not exist",
		"C": "GENERIC_INTERNAL_ERROR: null",
	} {
		_, err := b.Run(t.Context(), athena.Statement{SQL: sql})
		var f *athena.QueryError
		if !errors.As(err, &f) || f.Error() != want || f.System != (sql == "C") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	err := b.Check(t.Context(), athena.Statement{SQL: "A"})
	var f *athena.QueryError
	if !errors.As(err, &f) || f.Name != athena.MalformedQuery || f.Message != "line 2:8: mismatched input 'x'. Expecting: 'y'" {
		t.Errorf("check: %v", err)
	}
	if err := b.Check(t.Context(), athena.Statement{SQL: "B"}); err != nil {
		t.Errorf("check of a sound one: %v", err)
	}
}

func TestUnloadIsATableThatIsForgotten(t *testing.T) {
	const create = "CREATE TABLE athena_unload_1 WITH (format = 'PARQUET', external_location = 's3://b/out/') AS\nSELECT 1"
	s, c := start(t, map[string][]string{create: {"", `"updateCount":7,` + sums}, "DROP TABLE athena_unload_1": {"", ""}})
	b := trino.New(c, keys{list: []string{"out/x", "out/y"}})
	done, err := b.Unload(t.Context(), athena.Statement{SQL: "SELECT 1", Database: "pixel"}, athena.Unload{Location: "s3://b/out/", Format: "PARQUET", Codec: "SNAPPY"})
	if err != nil || done.Rows != 7 || done.Scanned != 678 || fmt.Sprint(done.Files) != "[s3://b/out/x s3://b/out/y]" {
		t.Errorf("%+v, %v", done, err)
	}
	if fmt.Sprint(s.seen) != fmt.Sprint([]string{create, "DROP TABLE athena_unload_1"}) || s.heads[0].Get("X-Trino-Session") != "athena.compression_codec=SNAPPY" {
		t.Errorf("asked %q", s.seen)
	}
}

func TestADoneContextCancelsTheStatement(t *testing.T) {
	s, c := start(t, map[string][]string{"SELECT 1": {"", ""}})
	s.held = make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-s.held
		cancel()
	}()
	if _, err := c.Query(ctx, "SELECT 1", trino.Session{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if fmt.Sprint(s.seen) != "[SELECT 1 DELETE]" {
		t.Errorf("asked %q", s.seen)
	}
}

func TestAnswersThatDoNotFit(t *testing.T) {
	_, c := start(t, map[string][]string{"X": {`"columns":[{"name":"a","type":"map(varchar, varchar)"}],"data":[[5.5]]`}})
	if _, err := trino.New(c, nil).Run(t.Context(), athena.Statement{SQL: "X"}); err == nil {
		t.Error("a number for a map is taken")
	}
	c.URL += "\n"
	if _, err := c.Query(t.Context(), "X", trino.Session{}); err == nil {
		t.Error("no URL, no error")
	}
}
