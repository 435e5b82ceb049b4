package athena_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

func encoded(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func TestOnlyTheHoursThatAreReadCount(t *testing.T) {
	r := start(t)
	sizes := r.hours(4, 3)
	for where, want := range map[string][]int{
		"":                             sizes,
		"WHERE hour = 10":              sizes[1:2],
		"WHERE hour >= 11 AND day = 5": sizes[2:],
		"WHERE hour IN (9, 12)":        {sizes[0], sizes[3]},
		"WHERE year = 2025":            nil,
		"WHERE site = 'elsewhere'":     sizes, // no key: everything is read
		"WHERE received_at > TIMESTAMP '2030-01-01 00:00:00'":                              sizes,
		"WHERE year * 1000000 + month * 10000 + day * 100 + hour >= 2026070511":            sizes[2:],
		"WHERE (year = 2026 AND hour = 9) OR (year = 2026 AND hour = 10 AND month = 7)":    sizes[:2],
		"WHERE hour = 10 AND received_at < TIMESTAMP '2000-01-01 00:00:00' AND label = ''": sizes[1:2],
	} {
		var sum int64
		for _, n := range want {
			sum += int64(n)
		}
		e := r.succeed("SELECT count(*) FROM tp_hits " + where)
		if got := *e.Statistics.DataScannedInBytes; got != sum {
			t.Errorf("%s: scanned %d, want %d", where, got, sum)
		}
	}
	if got := r.answer("SELECT hour, count(*) AS n FROM pixel_x.tp_hits WHERE hour < 11 GROUP BY 1 ORDER BY 1"); got != "hour|n\n9|3\n10|4" {
		t.Errorf("rows: %q", got)
	}
	if got := *r.succeed("SELECT 1").Statistics.DataScannedInBytes; got != 0 {
		t.Errorf("SELECT 1 scanned %d", got)
	}
}

func TestCSVIsExact(t *testing.T) {
	r := start(t)
	r.hours(1, 1)
	e := r.succeed(`SELECT 1 AS i, 'a"b' AS "q,r", NULL AS n, '' AS empty, received_at, is_bot, value, params, ARRAY['a, b', NULL] AS list,
		CAST(1.50 AS decimal(5,2)) AS d, DATE '2026-07-05' AS day_of, 1e20 AS big, to_utf8('é') AS raw FROM tp_hits`)
	const want = `"i","q,r","n","empty","received_at","is_bot","value","params","list","d","day_of","big","raw"
"1","a""b",,"","2026-07-05 09:00:00.250","false","12.5","{a=b, k=v}","[a, b, null]","1.50","2026-07-05","1.0E20","c3 a9"
`
	if got := r.object(*e.ResultConfiguration.OutputLocation); got != want {
		t.Errorf("CSV:\n%s\nwant:\n%s", got, want)
	}
	if got := *e.ResultConfiguration.OutputLocation; got != "s3://pixel-results/results/"+*e.QueryExecutionId+".csv" {
		t.Errorf("location %s", got)
	}
	empty := r.succeed("SELECT site FROM tp_hits WHERE false")
	if got := r.object(*empty.ResultConfiguration.OutputLocation); got != "\"site\"\n" {
		t.Errorf("no rows: %q", got)
	}
}

// The columns beside a result, in the protobuf that Athena's drivers read.
func TestMetadataIsExact(t *testing.T) {
	r := start(t)
	e := r.succeed("SELECT 1 AS i, 'x' AS t")
	want := "\n$" + *e.QueryExecutionId + "\"\x1b\n\x04hive\"\x01i*\x01i2\x07integer8\x0a@\x00H\x03" +
		"\"\x21\n\x04hive\"\x01t*\x01t2\x07varchar8\xff\xff\xff\xff\x07@\x00H\x03P\x01"
	if got := r.object(*e.ResultConfiguration.OutputLocation + ".metadata"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFailuresInAthenasWords(t *testing.T) {
	r := start(t)
	r.hours(1, 1)
	for sql, want := range map[string]string{
		"SELECT x FROM tp_hits":                          "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved or requester is not authorized to access requested resources",
		"SELECT site,\n  y FROM pixel_x.tp_hits":         "COLUMN_NOT_FOUND: line 2:3: Column 'y' cannot be resolved or requester is not authorized to access requested resources",
		"SELECT 1 FROM tp_hits WHERE z = 1":              "COLUMN_NOT_FOUND: line 1:29: Column 'z' cannot be resolved or requester is not authorized to access requested resources",
		"SELECT * FROM nowhere":                          "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.pixel_x.nowhere' does not exist",
		"SELECT * FROM tp_hits a JOIN other.t b ON true": "TABLE_NOT_FOUND: line 1:30: Table 'awsdatacatalog.other.t' does not exist",
		"SELECT * FROM hits":                             "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.pixel_x.hits' does not exist",
		"SELECT nofunction(1)":                           "FUNCTION_NOT_FOUND: line 1:8: Function 'nofunction' not registered",
		"SELECT CAST('x' AS INTEGER) FROM tp_hits":       "INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT",
	} {
		e := r.run(sql)
		if got := aws.ToString(e.Status.StateChangeReason); e.Status.State != types.QueryExecutionStateFailed || got != want {
			t.Errorf("%s: %s: %s\nwant %s", sql, e.Status.State, got, want)
			continue
		}
		if a := e.Status.AthenaError; a == nil || *a.ErrorCategory != 2 || a.Retryable || *a.ErrorMessage != want {
			t.Errorf("%s: %+v", sql, a)
		}
	}
}

func TestSyntaxErrorsAreRefusedAtOnce(t *testing.T) {
	r := start(t)
	for sql, want := range map[string]string{
		"SELECT * FORM tp_hits":       "line 1:15: mismatched input 'tp_hits'",
		"SELECT 1,\n FROM WHERE":      "line 2:7: mismatched input 'WHERE'",
		"SELECT * FROM":               "Queries of this type are not supported",
		"DROP TABLE tp_hits":          "Queries of this type are not supported",
		"SELECT 1; SELECT 2":          "Only one sql statement is allowed. Got: SELECT 1; SELECT 2",
		"UNLOAD SELECT 1":             "line 1:8: mismatched input 'SELECT'",
		"UNLOAD (SELECT 1 TO 's3://'": "line 1:28: mismatched input '<EOF>'",
	} {
		_, err := r.client.StartQueryExecution(t.Context(), input(sql))
		r.fails(err, want)
	}
	if n := len(r.server.Executions()); n != 0 {
		t.Errorf("%d statements began", n)
	}
}

func TestViewsWorkWhenTheCatalogHasThem(t *testing.T) {
	r := start(t)
	sizes := r.hours(3, 2)
	for _, v := range lake.Views(event.Schema{}) {
		r.view(v.Name, v.SQL)
	}
	if got := *r.succeed("SELECT count(*) AS n FROM people WHERE hour = 11").Statistics.DataScannedInBytes; got != int64(sizes[2]) {
		t.Errorf("people scanned %d of %v", got, sizes)
	}
	if got := r.answer("SELECT count(*) AS n FROM people WHERE hour = 11"); got != "n\n2" {
		t.Errorf("people: %q", got)
	}
	if got := r.answer("WITH x AS (SELECT extract(hour FROM received_at) AS h FROM hits) SELECT count(*) AS n FROM x, opens o WHERE o.hour = 9"); got != "n\n16" {
		t.Errorf("two views: %q", got)
	}
	all := int64(sizes[0] + sizes[1] + sizes[2])
	if got := *r.succeed("SELECT 1 FROM hits a JOIN people b ON a.event_id = b.event_id WHERE b.hour = 9").Statistics.DataScannedInBytes; got != all+int64(sizes[0]) {
		t.Errorf("a join scanned %d of %v", got, sizes)
	}
	if err := r.catalog.DeleteTable(db, "hits"); err != nil {
		t.Fatal(err)
	}
	if got := aws.ToString(r.run("SELECT * FROM people").Status.StateChangeReason); got != "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.pixel_x.hits' does not exist" {
		t.Errorf("view without what it reads: %s", got)
	}
	r.view("hits", "SELECT 1 FROM tp_hits")
	if got := r.run("SELECT * FROM hits").Status.State; got != types.QueryExecutionStateFailed {
		t.Errorf("another view of that name: %s", got)
	}
}

func TestRegisteredTwiceCountsTwice(t *testing.T) {
	r := start(t)
	r.hours(1, 2)
	r.register("year=2026/month=07/day=05/hour=09")
	r.put("data/year=2026/month=07/day=05/hour=09/x.parquet", parquet(t, line("p", "2026-07-05 09:00:00.000", "a", "human", "")))
	if got := r.answer("SELECT count(*) AS n FROM tp_hits WHERE month = 7"); got != "n\n3" {
		t.Errorf("padded and not: %q", got)
	}
}

func TestObjectsThatAreNotParquet(t *testing.T) {
	r := start(t)
	r.hours(2, 1)
	r.put("data/year=2026/month=7/day=5/hour=9/_SUCCESS", []byte("x"))
	if got := r.answer("SELECT count(*) AS n FROM tp_hits"); got != "n\n3" {
		t.Errorf("hidden object: %q", got)
	}
	r.put("data/year=2026/month=7/day=5/hour=9/readme", []byte("hello"))
	e := r.run("SELECT count(*) FROM tp_hits")
	if got := aws.ToString(e.Status.StateChangeReason); e.Status.State != types.QueryExecutionStateFailed ||
		got != `HIVE_BAD_DATA: Not valid Parquet file: s3://pixel-data/data/year=2026/month=7/day=5/hour=9/readme expected magic number: PAR1 got: "ello"` {
		t.Errorf("%s: %s", e.Status.State, got)
	}
	if got := r.answer("SELECT count(*) AS n FROM tp_hits WHERE hour = 10"); got != "n\n2" {
		t.Errorf("another hour: %q", got)
	}
}

func TestProjectionSeesItsRangesOnly(t *testing.T) {
	r := start(t)
	r.hours(2, 1)
	for _, dir := range []string{"year=2025/month=7/day=5/hour=9", "year=2026/month=07/day=5/hour=8", "year=2026/month=7/day=6/hour=0", "other"} {
		r.put("data/"+dir+"/x.parquet", parquet(t, line(dir, "2026-07-05 09:00:00.000", "a", "human", "")))
	}
	table, err := r.catalog.Table(db, "tp_hits")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.answer("SELECT count(*) AS n FROM tp_hits"); got != "n\n3" {
		t.Errorf("registered: %q", got)
	}
	table.Parameters["projection.enabled"] = "true"
	if err := r.catalog.UpdateTable(db, table); err != nil {
		t.Fatal(err)
	}
	if got := r.answer("SELECT day, hour, count(*) AS n FROM tp_hits GROUP BY 1, 2 ORDER BY 1, 2"); got != "day|hour|n\n5|9|1\n5|10|2\n6|0|1" {
		t.Errorf("projected: %q", got)
	}
}

func TestPathsOfRows(t *testing.T) {
	r := start(t)
	r.hours(2, 2)
	url := func(hour int) string {
		return fmt.Sprintf("s3://pixel-data/data/year=2026/month=7/day=5/hour=%d/x.parquet", hour)
	}
	sql := `SELECT "$path", count(*), count(received_at), count(*) FILTER (WHERE client_class = 'bot') FROM tp_hits WHERE hour = %s GROUP BY 1 ORDER BY 1`
	if got, want := r.answer(fmt.Sprintf(sql, "10")), "$path|_col1|_col2|_col3\n"+url(10)+"|3|3|1"; got != want {
		t.Errorf("paths: %q", got)
	}
	if got := r.answer(fmt.Sprintf(sql, "23")); got != "$path|_col1|_col2|_col3" {
		t.Errorf("no objects: %q", got)
	}
	if got := r.answer(`SELECT count(*) AS n FROM pixel_x.tp_hits WHERE "$path" IN ('` + url(9) + `')`); got != "n\n2" {
		t.Errorf("rows of one object: %q", got)
	}
}
