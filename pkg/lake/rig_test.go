package lake_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/athena/trino"
	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
)

// TestRigTrino asks Trino, which Athena is built on, and DuckDB the same
// questions about the same files.
func TestRigTrino(t *testing.T) {
	rigs.Need(t, "views and questions run on DuckDB only, not on Trino")
	engine := rigs.StartTrino(t, "")
	local := openLake(t, engine.Lake)
	asks := func(sql string) trino.Answer {
		t.Helper()
		return ask(t, engine, sql)
	}
	asks("CREATE SCHEMA " + lake.Database)
	asks(trinoTable())
	asks("CALL system.sync_partition_metadata('" + lake.Database + "', '" + lake.Table + "', 'ADD')")
	for _, v := range lake.Views(event.Schema{}) {
		asks("CREATE OR REPLACE VIEW " + v.Name + " AS " + v.SQL)
	}
	questions := append(published(t), tables()...)
	for _, sql := range questions {
		t.Run(title(sql), func(t *testing.T) {
			rows, err := local.Query(t.Context(), sql)
			if err != nil {
				t.Fatalf("DuckDB: %v", err)
			}
			want, err := rigs.Read(t.Context(), rows)
			if err != nil {
				t.Fatalf("DuckDB: %v", err)
			}
			got, err := rigs.TableOf(ask(t, engine, sql))
			if err != nil {
				t.Fatal(err)
			}
			same(t, sql, got, want)
		})
	}
	t.Run("hours are left out", func(t *testing.T) {
		all, one := asks("SELECT event_id FROM hits"), asks("SELECT event_id FROM hits WHERE year = 2026 AND month = 12")
		if len(one.Rows) != 1 || one.Stats.ProcessedRows != 1 || all.Stats.ProcessedRows < 30 {
			t.Errorf("read %d rows for one hour, %d for all", one.Stats.ProcessedRows, all.Stats.ProcessedRows)
		}
	})
}

func ask(t *testing.T, engine *rigs.Trino, sql string) trino.Answer {
	t.Helper()
	a, err := engine.Ask(t.Context(), lake.Database, sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return a
}

// same compares answers. Without an order there is none; with a limit and no
// order any rows will do.
func same(t *testing.T, sql string, got, want rigs.Table) {
	t.Helper()
	ordered, limited := strings.Contains(sql, "ORDER BY"), strings.Contains(sql, "LIMIT")
	if !ordered {
		got, want = got.Sorted(), want.Sorted()
	}
	if limited && !ordered && len(got.Rows) == len(want.Rows) {
		got.Rows, want.Rows = nil, nil
	} else if len(want.Rows) == 0 {
		t.Error("no row to compare")
	}
	if d := got.Differs(want); d != "" {
		t.Errorf("Trino (<) and DuckDB (>) differ:\n%s", d)
	}
}

// title names the test of a question by its first words.
func title(sql string) string {
	first, _, _ := strings.Cut(sql, "\n")
	return strings.ReplaceAll(first, " ", "_")
}

// tables are questions for all of each relation.
func tables() []string {
	questions := []string{"SELECT * FROM " + lake.Table}
	for _, v := range lake.Views(event.Schema{}) {
		questions = append(questions, "SELECT * FROM "+v.Name, "SELECT count(*) FROM "+lake.Database+"."+v.Name+" WHERE hour = 9")
	}
	return questions
}

// published are the statements that README, demo and help show to people.
func published(t *testing.T) []string {
	t.Helper()
	var found []string
	quoted := regexp.MustCompile(`"(SELECT [^"]+)"`)
	for _, pattern := range []string{"../../README.md", "../../cmd/*.go", "../../embed/demo/*.sql"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(file) == ".sql" {
				found = append(found, strings.TrimSpace(string(text)))
			}
			for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
				found = append(found, asked(t, m[1]))
			}
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) < 6 {
		t.Fatalf("only %d statements are published: %q", len(found), found)
	}
	return found
}

// asked is a statement with what a command puts in for its marks.
func asked(t *testing.T, sql string) string {
	t.Helper()
	sql = strings.NewReplacer(`\$window`, query.Placeholder, ":site", "'shop'").Replace(sql)
	if !strings.Contains(sql, query.Placeholder) {
		return sql
	}
	w := query.Window{Since: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}
	sql, err := query.Expand(sql, w, 15*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return sql
}

// openLake makes the files of the local target below dir and opens them.
func openLake(t *testing.T, dir string) *duck.Engine {
	t.Helper()
	segment := filepath.Join(t.TempDir(), "segment.ndjson")
	if err := os.WriteFile(segment, rigs.Hits(), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := duck.Convert(t.Context(), duck.ConvertOptions{Source: segment, Staging: dir, Name: "segment"})
	if err != nil || done.Errors > 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	src := duck.Source{Data: filepath.Join(dir, lake.DataPrefix)}
	err = filepath.WalkDir(src.Data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(src.Data, filepath.Dir(path))
		if err != nil {
			return err
		}
		hour, _, err := lake.ParseHour(filepath.ToSlash(rel))
		src.Files = append(src.Files, duck.File{Path: path, Hour: hour})
		return err
	})
	if err != nil {
		t.Fatal(err)
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

// trinoTable is the table in Trino's words, which no catalog of AWS needs.
func trinoTable() string {
	types := strings.NewReplacer("string", "varchar", "timestamp", "timestamp(3)", "<", "(", ">", ")")
	var columns, keys []string
	for _, c := range append(lake.Columns(event.Schema{}), lake.PartitionKeys()...) {
		columns = append(columns, `"`+c.Name+`" `+types.Replace(c.Type))
	}
	for _, k := range lake.PartitionKeys() {
		keys = append(keys, "'"+k.Name+"'")
	}
	return fmt.Sprintf("CREATE TABLE %s (%s) WITH (format = 'PARQUET', external_location = 'local:///%s', partitioned_by = ARRAY[%s])",
		lake.Table, strings.Join(columns, ", "), lake.DataPrefix, strings.Join(keys, ", "))
}
