package cloud_test

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
)

// TestRigTrino has Trino, which Athena is built on, read the catalog and the
// objects of stacks on ministack.
func TestRigTrino(t *testing.T) {
	m := startMinistack(t)
	trino := rigs.StartTrino(t, m.url)
	local := duckLake(t)
	for _, format := range []string{"parquet", "json", "orc"} {
		t.Run(format, func(t *testing.T) {
			l := &life{T: t, m: m, stack: format, target: m.target(t, format, rigWish{want: cloud.Patch{Format: &format}})}
			l.deploy()
			l.fill(trino, format)
			for _, relation := range []string{lake.Table, "hits", "people", "opens", "seed_view"} {
				sql := "SELECT * FROM " + relation
				got, want := trinoTable(t, trino, cloud.Database(l.stack), sql), duckTable(t, local, sql)
				if format == "orc" {
					want = asORC(want)
				}
				if d := got.Differs(want); d != "" || len(want.Rows) == 0 {
					t.Errorf("%s: Trino (<) and DuckDB (>) differ:\n%s", sql, d)
				}
			}
			l.prunes(trino)
		})
	}
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
	hours := directories(l.T, dir)
	if r, err := l.target.Repair(l.Context(), pipeline.RepairOptions{}, nil); err != nil || len(r.Added) != len(hours) {
		l.Fatalf("repair: %+v, %v; want %d hours", r, err, len(hours))
	}
}

func (l *life) put(key string, body []byte) {
	l.Helper()
	_, err := l.m.s3(rigKeys{}).PutObject(l.Context(), &s3.PutObjectInput{
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
