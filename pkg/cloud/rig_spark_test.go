package cloud_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
)

// TestRigSpark runs DDL on Spark, which has Hive's, as Athena does: over the
// table of the template and over files as the stream writes them.
func TestRigSpark(t *testing.T) {
	rigs.Need(t, "no engine runs MSCK REPAIR TABLE and ALTER TABLE")
	spark := rigs.StartSpark(t)
	t.Run("no directory is padded", func(t *testing.T) { sparkWrites(t, spark) })
	for format, writes := range map[string]func(*testing.T, string){"parquet": writeParquet, "json": writeJSON} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			writes(t, dir)
			sparkTable(t, spark, format, filepath.Join(dir, lake.DataPrefix))
			t.Run("repair", func(t *testing.T) { sparkRepairs(t, spark, dir) })
			t.Run("rows", func(t *testing.T) { sparkReads(t, spark) })
			t.Run("partitions", func(t *testing.T) { sparkAlters(t, spark, dir) })
		})
	}
}

// definition is what of the template makes the table.
type definition struct {
	Mappings struct {
		Formats map[string]struct {
			Input  string `yaml:"InputFormat"`
			Output string `yaml:"OutputFormat"`
			SerDe  string `yaml:"SerDe"`
		} `yaml:"Formats"`
	} `yaml:"Mappings"`
	Resources struct {
		RepairSchedule struct {
			Properties struct {
				Target struct {
					Input string `yaml:"Input"`
				} `yaml:"Target"`
			} `yaml:"Properties"`
		} `yaml:"RepairSchedule"`
	} `yaml:"Resources"`
}

func templateDefinition(t *testing.T) definition {
	t.Helper()
	var d definition
	body, err := os.ReadFile("../../embed/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(body, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// scheduledSQL is the statement that the template has run every hour.
func scheduledSQL(t *testing.T) string {
	t.Helper()
	input := strings.ReplaceAll(templateDefinition(t).Resources.RepairSchedule.Properties.Target.Input, "${Table}", lake.Table)
	var start struct{ QueryString string }
	if err := json.Unmarshal([]byte(input), &start); err != nil {
		t.Fatal(err)
	}
	return start.QueryString
}

func sparkAsk(t *testing.T, spark *rigs.Spark, sql string) []string {
	t.Helper()
	rows, err := spark.Run(t, sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	var lines []string
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = "NULL"
			if c != nil {
				cells[i] = *c
			}
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	slices.Sort(lines)
	return lines
}

// sparkTable makes the template's table with a format as Athena's DDL would.
func sparkTable(t *testing.T, spark *rigs.Spark, format, location string) {
	t.Helper()
	f, ok := templateDefinition(t).Mappings.Formats[format]
	if !ok {
		t.Fatalf("the template has no format %s", format)
	}
	columns := func(list []lake.CatalogColumn) string {
		all := make([]string, len(list))
		for i, c := range list {
			all[i] = "`" + c.Name + "` " + c.Type
		}
		return strings.Join(all, ", ")
	}
	sparkAsk(t, spark, "DROP TABLE IF EXISTS "+lake.Table)
	sparkAsk(t, spark, fmt.Sprintf("CREATE EXTERNAL TABLE `%s` (%s) PARTITIONED BY (%s) ROW FORMAT SERDE '%s' STORED AS INPUTFORMAT '%s' OUTPUTFORMAT '%s' LOCATION '%s'",
		lake.Table, columns(lake.Columns(event.Schema{})), columns(lake.PartitionKeys()), f.SerDe, f.Input, f.Output, location))
}

// sparkRepairs has the code's and the template's statement find the hours, of
// one and of two digits.
func sparkRepairs(t *testing.T, spark *rigs.Spark, dir string) {
	hours := directories(t, dir)
	if !slices.Contains(hours, "year=2026/month=7/day=5/hour=9") || !slices.Contains(hours, "year=2026/month=12/day=31/hour=23") {
		t.Fatalf("the hours are %q", hours)
	}
	if sql := scheduledSQL(t); sql != cloud.RepairSQL {
		t.Errorf("the template has %s run, not %s", sql, cloud.RepairSQL)
	}
	if n := sparkAsk(t, spark, "SELECT count(*) FROM "+lake.Table); n[0] != "0" {
		t.Fatalf("%s rows without partitions", n)
	}
	for range 2 { // again changes nothing
		sparkAsk(t, spark, cloud.RepairSQL)
		if found := sparkAsk(t, spark, "SHOW PARTITIONS "+lake.Table); !slices.Equal(found, hours) {
			t.Errorf("%s finds %q, want %q", cloud.RepairSQL, found, hours)
		}
	}
}

// sparkReads compares rows with the records that were written.
func sparkReads(t *testing.T, spark *rigs.Spark) {
	got := sparkAsk(t, spark, "SELECT event_id, date_format(received_at, 'yyyy-MM-dd HH:mm:ss.SSS'), date_format(client_ts, 'yyyy-MM-dd HH:mm:ss.SSS'),"+
		" base64(page_title), screen_height, is_bot, size(params), base64(params['k']), year, month, day, hour FROM "+lake.Table)
	var want []string
	for _, line := range hitLines(rigs.Hits()) {
		want = append(want, asSpark(t, line))
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("Spark reads\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// sparkAlters adds and drops an hour as people do who use Athena without
// pixelctl.
func sparkAlters(t *testing.T, spark *rigs.Spark, dir string) {
	const hour = "(year=2026, month=7, day=5, hour=9)"
	path := "year=2026/month=7/day=5/hour=9"
	add := func(condition string) string {
		return "ALTER TABLE " + lake.Table + " ADD" + condition + " PARTITION " + hour + " LOCATION '" + filepath.Join(dir, lake.DataPrefix, path) + "/'"
	}
	count := func() string { return sparkAsk(t, spark, "SELECT count(*) FROM "+lake.Table)[0] }
	all := count()
	if _, err := spark.Run(t, add("")); err == nil || !strings.Contains(err.Error(), "ALREADY_EXIST") {
		t.Errorf("a registered hour was added once more: %v", err)
	}
	sparkAsk(t, spark, add(" IF NOT EXISTS"))
	if n := count(); n != all {
		t.Errorf("%s rows, want %s", n, all)
	}
	sparkAsk(t, spark, "ALTER TABLE "+lake.Table+" DROP PARTITION "+hour)
	if found := sparkAsk(t, spark, "SHOW PARTITIONS "+lake.Table); slices.Contains(found, path) || count() == all {
		t.Errorf("%s was dropped, but there is %q", path, found)
	}
	sparkAsk(t, spark, add(" IF NOT EXISTS"))
	if n := count(); n != all {
		t.Errorf("%s rows, want %s", n, all)
	}
}

// sparkWrites compares the directories that Spark makes with lake.Hour's.
func sparkWrites(t *testing.T, spark *rigs.Spark) {
	dir := t.TempDir()
	sparkAsk(t, spark, "CREATE EXTERNAL TABLE probe (x int) PARTITIONED BY (year int, month int, day int, hour int) STORED AS PARQUET LOCATION '"+
		filepath.Join(dir, lake.DataPrefix)+"'")
	hours := []lake.Hour{{Year: 2026, Month: 12, Day: 31, Hour: 23}, {Year: 2026, Month: 7, Day: 5, Hour: 0}}
	var want []string
	for _, h := range hours {
		sparkAsk(t, spark, fmt.Sprintf("INSERT INTO probe PARTITION (year=%d, month=%d, day=%d, hour=%d) VALUES (1)", h.Year, h.Month, h.Day, h.Hour))
		want = append(want, h.Path())
	}
	if got := directories(t, dir); !slices.Equal(got, want) {
		t.Errorf("Spark writes %q, want %q", got, want)
	}
}

// directories are the hours below dir/data that hold files.
func directories(t *testing.T, dir string) []string {
	t.Helper()
	top := filepath.Join(dir, lake.DataPrefix)
	files, err := filepath.Glob(filepath.Join(top, "*", "*", "*", "*", "[^._]*"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range files {
		rel, err := filepath.Rel(top, filepath.Dir(f))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, filepath.ToSlash(rel))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// writeParquet writes files as the local target does, and the fake stream.
func writeParquet(t *testing.T, dir string) {
	t.Helper()
	segment := filepath.Join(t.TempDir(), "segment.ndjson")
	if err := os.WriteFile(segment, rigs.Hits(), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := duck.Convert(t.Context(), duck.ConvertOptions{Source: segment, Staging: dir, Name: "segment"})
	if err != nil || done.Errors > 0 {
		t.Fatalf("%+v, %v", done, err)
	}
}

// writeJSON writes files as a stream that converts nothing does.
func writeJSON(t *testing.T, dir string) {
	t.Helper()
	for path, body := range packedHits(t) {
		file := filepath.Join(dir, lake.DataPrefix, filepath.FromSlash(path), "segment.gz")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// packed are the records by hour, compressed.
func packedHits(t *testing.T) map[string][]byte {
	t.Helper()
	plain, packed := map[string][]byte{}, map[string][]byte{}
	for _, line := range hitLines(rigs.Hits()) {
		h := lineHour(t, line).Path()
		plain[h] = append(plain[h], line...)
	}
	for h, body := range plain {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		packed[h] = b.Bytes()
	}
	return packed
}

func hitLines(body []byte) [][]byte { return slices.Collect(bytes.Lines(body)) }

// sparkRecord is what of a line the tests compare.
type sparkRecord struct {
	EventID      string            `json:"event_id"`
	ReceivedAt   string            `json:"received_at"`
	ClientTS     *string           `json:"client_ts"`
	PageTitle    *string           `json:"page_title"`
	ScreenHeight *int              `json:"screen_height"`
	IsBot        *bool             `json:"is_bot"`
	Params       map[string]string `json:"params"`
}

func sparkRecordOf(t *testing.T, line []byte) sparkRecord {
	t.Helper()
	var r sparkRecord
	if err := json.Unmarshal(line, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func lineHour(t *testing.T, line []byte) lake.Hour {
	t.Helper()
	at, err := time.Parse(event.TimeLayout, sparkRecordOf(t, line).ReceivedAt)
	if err != nil {
		t.Fatal(err)
	}
	return lake.HourOf(event.MillisOf(at))
}

// asSpark is a row of sparkReads.
func asSpark(t *testing.T, line []byte) string {
	t.Helper()
	r, h := sparkRecordOf(t, line), lineHour(t, line)
	cells := []any{r.EventID, r.ReceivedAt, orNull(r.ClientTS), "NULL", orNull(r.ScreenHeight), "NULL", len(r.Params), "NULL"}
	if r.PageTitle != nil {
		cells[3] = base64.StdEncoding.EncodeToString([]byte(*r.PageTitle))
	}
	if r.IsBot != nil {
		cells[5] = map[bool]string{true: "True", false: "False"}[*r.IsBot] // Python's
	}
	if r.Params == nil {
		cells[6] = "NULL"
	}
	if v, ok := r.Params["k"]; ok {
		cells[7] = base64.StdEncoding.EncodeToString([]byte(v))
	}
	var row []string
	for _, c := range append(cells, h.Year, h.Month, h.Day, h.Hour) {
		row = append(row, fmt.Sprint(c))
	}
	return strings.Join(row, "|")
}

func orNull[T any](v *T) any {
	if v == nil {
		return "NULL"
	}
	return *v
}
