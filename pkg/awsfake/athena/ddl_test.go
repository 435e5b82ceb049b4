package athena_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/event"
)

const nine, ten = "year=2026/month=7/day=5/hour=9", "year=2026/month=7/day=5/hour=10"

func TestRepairAddsWhatIsMissing(t *testing.T) {
	r := start(t)
	r.hours(1, 1)
	for _, key := range []string{
		ten + "/a", ten + "/b", "year=2026/month=07/day=05/hour=10/a", "Year=2026/month=7/day=5/hour=11/a", "year=2026/month=7/day=5/x", "year=2026/a", "note",
	} {
		r.put("data/"+key, []byte("x"))
	}
	e := r.succeed("MSCK REPAIR TABLE `tp_hits`")
	const padded = "year=2026/month=07/day=05/hour=10"
	want := "Partitions not in metastore:\ttp_hits:" + padded + "\ttp_hits:" + ten +
		"\nRepair: Added partition to metastore tp_hits:" + padded + "\nRepair: Added partition to metastore tp_hits:" + ten
	if got := r.object(*e.ResultConfiguration.OutputLocation); got != want || !strings.HasSuffix(*e.ResultConfiguration.OutputLocation, ".txt") {
		t.Errorf("%s: %q", *e.ResultConfiguration.OutputLocation, got)
	}
	if e.StatementType != types.StatementTypeDdl || *e.Statistics.DataScannedInBytes != 0 {
		t.Errorf("%+v", *e)
	}
	if got := r.answer("SHOW PARTITIONS tp_hits"); got != padded+"\n"+ten+"\n"+nine {
		t.Errorf("partitions: %q", got)
	}
	for _, p := range r.catalog.Partitions(db, "tp_hits") {
		if p.Values[3] == "10" && p.Values[1] == "7" && p.StorageDescriptor.Location != "s3://pixel-data/data/"+ten+"/" {
			t.Errorf("location %s", p.StorageDescriptor.Location)
		}
	}
	if got := r.answer("msck repair table pixel_x.tp_hits;"); got != "" {
		t.Errorf("again: %q", got)
	}
}

func TestPartitionsAreAddedAndDropped(t *testing.T) {
	r := start(t)
	r.succeed("ALTER TABLE tp_hits ADD IF NOT EXISTS PARTITION (year=2026, month=7, day=5, hour=9) LOCATION 's3://other/nine/' PARTITION (year='2026', month='7', day='5', hour='10')")
	if got := r.catalog.Partitions(db, "tp_hits")[1].Location + " " + r.catalog.Partitions(db, "tp_hits")[0].Location; got != "s3://other/nine/ s3://pixel-data/data/"+ten+"/" {
		t.Errorf("locations %s", got)
	}
	r.succeed("ALTER TABLE `pixel_x`.`tp_hits` ADD IF NOT EXISTS PARTITION (year=2026, month=7, day=5, hour=9)")
	for sql, want := range map[string]string{
		"ALTER TABLE tp_hits ADD PARTITION (year=2026, month=7, day=5, hour=9)": "AlreadyExistsException",
		"ALTER TABLE tp_hits ADD PARTITION (year=2026, month=7)":                "doesn't contain all (4) partition columns",
		"ALTER TABLE tp_hits ADD PARTITION (year)":                              "line 1:40: mismatched input ')'",
		"ALTER TABLE nowhere ADD PARTITION (year=2026)":                         "Table not found pixel_x.nowhere",
		"ALTER TABLE tp_hits DROP PARTITION (year=2025)":                        "Partition not found",
		"MSCK REPAIR TABLE nowhere":                                             "Table not found pixel_x.nowhere",
		"SHOW PARTITIONS tp_hits tp_hits":                                       "line 1:25: mismatched input 'tp_hits'",
	} {
		e := r.run(sql)
		if got := aws.ToString(e.Status.StateChangeReason); e.Status.State != types.QueryExecutionStateFailed || !strings.Contains(got, want) {
			t.Errorf("%s: %s: %s", sql, e.Status.State, got)
		}
	}
	r.succeed("ALTER TABLE tp_hits DROP IF EXISTS PARTITION (year=2025), PARTITION (hour=9)")
	if got := r.answer("SHOW PARTITIONS tp_hits"); got != ten {
		t.Errorf("partitions: %q", got)
	}
}

func TestWhatTheCatalogTells(t *testing.T) {
	r := start(t)
	r.view("hits", "SELECT 1")
	if got := r.answer("SHOW TABLES"); got != "hits\ntp_hits" {
		t.Errorf("tables: %q", got)
	}
	if got := r.answer("SHOW COLUMNS IN tp_hits"); got != "event_id\nreceived_at\nyear\nmonth\nday\nhour" {
		t.Errorf("columns: %q", got)
	}
	if got := r.answer("DESCRIBE tp_hits"); !strings.HasPrefix(got, "event_id            \tstring              \tunique id           \nreceived_at ") || strings.Count(got, "\n") != 13 {
		t.Errorf("described: %q", got)
	}
	got := r.answer("SHOW CREATE TABLE tp_hits")
	for _, want := range []string{
		"CREATE EXTERNAL TABLE `tp_hits`(\n  `event_id` string COMMENT 'unique id', \n  `received_at` timestamp)\nPARTITIONED BY ( \n  `year` int, ",
		"LOCATION\n  's3://pixel-data/data/'\nTBLPROPERTIES (\n  'classification'='parquet', \n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks\n%s", got, want)
		}
	}
	if got := r.answer("EXPLAIN SELECT 1"); !strings.Contains(got, "physical_plan") {
		t.Errorf("explained: %q", got)
	}
}

// The statement of a purge: the rows outside a window, as files of the table.
const unloaded = `UNLOAD (SELECT %s FROM tp_hits WHERE year = 2026 AND month = 7 AND day = 5 AND hour = 9 AND "$path" IN ('s3://pixel-data/data/` + nine + `/x.parquet')
 AND coalesce(NOT (received_at < TIMESTAMP '2026-07-05 09:00:01.000'), true)) TO 's3://pixel-results/out/' WITH (format = '%s', compression = '%s')`

func TestUnloadWritesFiles(t *testing.T) {
	r := start(t)
	sizes := r.hours(2, 3)
	names := strings.Join(event.Schema{}.Names(), ", ")
	sql := strings.NewReplacer("%s FROM", names+" FROM", "'%s', c", "'PARQUET', c", "= '%s')", "= 'SNAPPY')").Replace(unloaded)
	e := r.succeed(sql)
	keys := r.store.List(results, "out/")
	if len(keys) != 1 || *e.Statistics.DataScannedInBytes != int64(sizes[0]) || *e.SubstatementType != "UNLOAD" {
		t.Fatalf("files %q, scanned %d", keys, *e.Statistics.DataScannedInBytes)
	}
	if got := r.object(*e.Statistics.DataManifestLocation); got != "s3://pixel-results/"+keys[0]+"\n" {
		t.Errorf("manifest %q", got)
	}
	r.put("data/"+nine+"/x.parquet", []byte(r.object("s3://pixel-results/"+keys[0])))
	if got := r.answer("SELECT event_id, received_at, element_at(params, 'k') AS k FROM tp_hits WHERE hour = 9 ORDER BY 1"); got !=
		"event_id|received_at|k\ne0-1|2026-07-05 09:00:01.250|v\ne0-2|2026-07-05 09:00:02.250|v" {
		t.Errorf("read again: %q", got)
	}
	if got := aws.ToString(r.run(sql).Status.StateChangeReason); got != "HIVE_PATH_ALREADY_EXISTS: Target directory already exists: s3://pixel-results/out/" {
		t.Errorf("into a place that is taken: %s", got)
	}
}

func TestJSONLines(t *testing.T) {
	r := start(t)
	table, err := r.catalog.Table(db, "tp_hits")
	if err != nil {
		t.Fatal(err)
	}
	table.StorageDescriptor.SerdeInfo.SerializationLibrary = "org.apache.hive.hcatalog.data.JsonSerDe"
	if err := r.catalog.UpdateTable(db, table); err != nil {
		t.Fatal(err)
	}
	// A record of the next hour lies with the oldest of its file, and has its keys.
	lines := line("a", "2026-07-05 09:59:59.000", "s", "human", `"k":"<&>"`) + line("b", "2026-07-05 10:00:00.000", "s", "human", "")
	r.put("data/"+nine+"/x.gz", packed(t, lines))
	r.register(nine)
	if got := r.answer(`SELECT event_id, hour, "$path" FROM tp_hits WHERE hour = 9 ORDER BY 1`); got !=
		"event_id|hour|$path\na|9|s3://pixel-data/data/"+nine+"/x.gz\nb|9|s3://pixel-data/data/"+nine+"/x.gz" {
		t.Errorf("rows: %q", got)
	}
	r.succeed("UNLOAD (SELECT event_id, substr(date_format(received_at, '%Y-%m-%d %H:%i:%s.%f'), 1, 23) AS received_at, params FROM tp_hits WHERE event_id = 'a') TO 's3://pixel-results/out' WITH (format = 'JSON', compression = 'GZIP')")
	keys := r.store.List(results, "out/")
	if len(keys) != 1 {
		t.Fatalf("files %q", keys)
	}
	if got := unpacked(t, r.object("s3://pixel-results/"+keys[0])); got != `{"event_id":"a","params":{"k":"<&>"},"received_at":"2026-07-05 09:59:59.000"}`+"\n" {
		t.Errorf("unloaded %q", got)
	}
	r.put("data/"+nine+"/y.gz", packed(t, "{\"event_id\":\"torn\n"))
	if e := r.run("SELECT count(*) FROM tp_hits"); e.Status.State != types.QueryExecutionStateFailed || !strings.HasPrefix(*e.Status.StateChangeReason, "HIVE_BAD_DATA: ") {
		t.Errorf("a torn line: %s", e.Status.State)
	}
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpacked(t *testing.T, body string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestText(t *testing.T) {
	sum := 0.1
	sum += 0.2
	for want, v := range map[string]float64{"1.5": 1.5, "0.0": 0, "1.0E7": 1e7, "9999999.0": 9999999, "0.001": 0.001, "1.0E-4": 0.0001, "-1.25E20": -1.25e20, "0.30000000000000004": sum} {
		if got := *athena.Text(v, "double"); got != want {
			t.Errorf("%v is %s, want %s", v, got, want)
		}
	}
}
