package cloud_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// TestRigTrino has Trino, which Athena is built on, read the catalog and the
// objects of stacks on ministack.
func TestRigTrino(t *testing.T) {
	a := startTrinoAthena(t)
	local := duckLake(t)
	t.Run("loop", func(t *testing.T) { sqlLoop(t, a) })
	t.Run("binary", func(t *testing.T) { binaryLoop(t, a) })
	t.Run("generations", func(t *testing.T) { generations(t, a) })
	t.Run("projection", func(t *testing.T) { projects(t, a, local) })
	stacks := []*life{}
	for _, format := range []string{"parquet", "json", "orc"} {
		l := &life{T: t, m: a.ministack, stack: format, target: a.target(t, format, rigWish{want: cloud.Patch{Format: &format}})}
		l.deploy()
		a.adopt(t, l.out["WorkGroup"])
		l.fill(a.engine, format)
		stacks = append(stacks, l)
	}
	for _, l := range stacks {
		t.Run(l.stack, func(t *testing.T) {
			l.T = t
			l.equals(a.engine, local)
			l.prunes(a.engine)
			l.understands(a.engine)
			l.purges(a.engine, local)
			l.erases(a.engine)
		})
	}
}

// equals compares the table and each view with those of DuckDB.
func (l *life) equals(trino *rigs.Trino, local *duck.Engine) {
	l.Helper()
	for _, relation := range []string{lake.Table, "hits", "people", "opens", "seed_view"} {
		sql := "SELECT * FROM " + relation
		l.same(sql, trinoTable(l.T, trino, cloud.Database(l.stack), sql), duckTable(l.T, local, sql))
	}
}

// same compares what Trino reads in a stack of a format, which has its name.
func (l *life) same(what string, got, want rigs.Table) {
	l.Helper()
	if l.stack == "orc" {
		want = asORC(want)
	}
	if d := got.Differs(want); d != "" || len(want.Rows) == 0 {
		l.Errorf("%s: Trino (<) and DuckDB (>) differ:\n%s", what, d)
	}
}

// understands has Trino run each statement of the code that selects; the others
// are Athena's own, and Hive's.
func (l *life) understands(trino *rigs.Trino) {
	l.Helper()
	hour := lake.Hour{Year: 2026, Month: 7, Day: 5, Hour: 9}
	prefix := path.Join(lake.DataPrefix, hour.Path()) + "/"
	var files []string
	for _, key := range l.m.objects(l.T, l.out["DataBucket"], prefix) {
		files = append(files, "s3://"+l.out["DataBucket"]+"/"+key)
	}
	asked := 0
	statements, err := cloud.Statements(lake.Columns(event.Schema{}), l.stack, hour, files, "s3://"+l.out["DataBucket"]+"/staging/x/")
	if err != nil {
		l.Fatal(err)
	}
	for _, sql := range statements {
		if rest, ok := strings.CutPrefix(sql, "UNLOAD ("); ok {
			sql, _, _ = strings.Cut(rest, ") TO 's3://")
		}
		if !strings.HasPrefix(sql, "SELECT") {
			continue
		}
		asked++
		if a, err := trino.Ask(l.Context(), cloud.Database(l.stack), sql); err != nil || len(a.Rows) == 0 {
			l.Errorf("%s: %d rows, %v", sql, len(a.Rows), err)
		}
	}
	if asked < 10 {
		l.Errorf("the code has only %d statements", asked)
	}
}

// projects wants rows without a registered hour where the table says which
// hours there are.
func projects(t *testing.T, a *trinoAthena, local *duck.Engine) {
	by := "projection"
	l := &life{T: t, m: a.ministack, stack: "projected", target: a.target(t, "projected", rigWish{want: cloud.Patch{Partitions: &by}})}
	l.deploy()
	l.upload("parquet")
	if r, err := l.target.Repair(t.Context(), pipeline.RepairOptions{}, nil); err != nil || r.Note == "" || len(r.Added) > 0 {
		t.Errorf("repair: %+v, %v; want a note that it is not needed", r, err)
	}
	for _, hours := range []string{"month = 7 AND day = 5", "month = 12 AND day = 31"} {
		sql := "SELECT * FROM hits WHERE year = 2026 AND " + hours
		l.same(sql, trinoTable(t, a.engine, cloud.Database(l.stack), sql), duckTable(t, local, sql))
	}
}

// purges removes windows within each hour, so that files are written anew by
// UNLOAD, and then one of several hours. The other rows stay as they are.
func (l *life) purges(trino *rigs.Trino, local *duck.Engine) {
	l.Helper()
	var gone []string
	purge := func(since, until string) pipeline.PurgeResult {
		l.Helper()
		o := pipeline.PurgeOptions{Window: query.Window{Since: moment(l.T, since), Until: moment(l.T, until)}}
		r, err := l.target.Purge(l.Context(), o, nil)
		if err != nil {
			l.Fatalf("purge %s to %s: %+v, %v", since, until, r, err)
		}
		gone = append(gone, fmt.Sprintf("received_at >= timestamp '%s' AND received_at < timestamp '%s'", since, until))
		l.same("after purge "+since+" to "+until, trinoTable(l.T, trino, cloud.Database(l.stack), "SELECT * FROM tp_hits"),
			duckTable(l.T, local, "SELECT * FROM tp_hits WHERE NOT ("+strings.Join(gone, " OR ")+")"))
		return r
	}
	for _, w := range [][2]string{{"09:45", "09:50"}, {"10:20", "10:40"}, {"11:30", "11:50"}, {"12:05", "12:10"}} {
		if r := purge("2026-07-05 "+w[0]+":00", "2026-07-05 "+w[1]+":00"); r.Rows == 0 || r.Rewritten != 1 || r.Removed != 0 {
			l.Errorf("purge within an hour: %+v", r)
		}
	}
	if r := purge("2026-07-05 09:30:00", "2026-07-05 13:30:00"); r.Removed != 3 || r.Rewritten != 1 {
		l.Errorf("purge of hours: %+v", r)
	}
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateTime, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// asORC is what ORC makes of an answer: it counts the seconds to 1970 towards
// zero, so the last second before it is read as the first after it.
func asORC(t rigs.Table) rigs.Table {
	for i, row := range t.Rows {
		t.Rows[i] = strings.ReplaceAll(row, "1969-12-31 23:59:59.", "1970-01-01 00:00:00.")
	}
	return t
}

// fill puts records of a format under the hours of the table, and registers
// them. Only Trino writes ORC here: it copies the rows of the Parquet stack.
func (l *life) fill(trino *rigs.Trino, format string) {
	l.Helper()
	if format == "orc" {
		sql := "INSERT INTO tp_hits SELECT * FROM " + cloud.Database("parquet") + ".tp_hits"
		if _, err := trino.Ask(l.Context(), cloud.Database(l.stack), sql); err != nil {
			l.Fatalf("%s: %v", sql, err)
		}
		return
	}
	hours := l.upload(format)
	if r, err := l.target.Repair(l.Context(), pipeline.RepairOptions{}, nil); err != nil || len(r.Added) != len(hours) {
		l.Fatalf("repair: %+v, %v; want %d hours", r, err, len(hours))
	}
}

// upload puts the records' files into the data bucket and gives their hours.
func (l *life) upload(format string) []string {
	l.Helper()
	dir := l.TempDir()
	write := map[string]func(*testing.T, string){"parquet": writeParquet, "json": writeJSON}[format]
	write(l.T, dir)
	err := fs.WalkDir(os.DirFS(dir), lake.DataPrefix, func(key string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path.Join(dir, key))
		if err == nil {
			l.put(key, body)
		}
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return directories(l.T, dir)
}

func (l *life) put(key string, body []byte) {
	l.Helper()
	_, err := l.m.s3().PutObject(l.Context(), &s3.PutObjectInput{
		Bucket: aws.String(l.out["DataBucket"]), Key: &key, Body: bytes.NewReader(body),
	})
	if err != nil {
		l.Fatal(err)
	}
}

// prunes wants one hour's rows read for a question about one hour, also through
// the view that removes copies.
func (l *life) prunes(trino *rigs.Trino) {
	l.Helper()
	for _, relation := range []string{lake.Table, "hits"} {
		sql := "SELECT event_id FROM " + relation + " WHERE year = 2026 AND month = 12 AND day = 31 AND hour = 23"
		a, err := trino.Ask(l.Context(), cloud.Database(l.stack), sql)
		if err != nil || len(a.Rows) != 1 || a.Stats.ProcessedRows != 1 {
			l.Errorf("%s: %d rows of %d that were read, %v; want one of one", sql, len(a.Rows), a.Stats.ProcessedRows, err)
		}
	}
}

// trinoTable is Trino's answer, in one order.
func trinoTable(t *testing.T, trino *rigs.Trino, database, sql string) rigs.Table {
	t.Helper()
	a, err := trino.Ask(t.Context(), database, sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	table, err := rigs.TableOf(a)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return table.Sorted()
}

// duckTable is DuckDB's answer, in one order.
func duckTable(t *testing.T, e *duck.Engine, sql string) rigs.Table {
	t.Helper()
	rows, err := e.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	table, err := rigs.Read(t.Context(), rows)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return table.Sorted()
}

// duckLake is DuckDB over the records as Parquet files.
func duckLake(t *testing.T) *duck.Engine {
	t.Helper()
	dir := t.TempDir()
	writeParquet(t, dir)
	src := duck.Source{Data: path.Join(dir, lake.DataPrefix)}
	for _, d := range directories(t, dir) {
		hour, _, err := lake.ParseHour(d)
		if err != nil {
			t.Fatal(err)
		}
		src.Files = append(src.Files, duck.File{Path: path.Join(src.Data, d, lake.FileName("segment")), Hour: hour})
	}
	e, err := duck.Open(t.Context(), src, duck.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}
