package dialect_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pixelctl/pkg/awsfake/athena/trino"
	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

var formats = []string{"parquet", "json", "orc"}

// TestRigTrino asks Trino, which Athena is built on, each statement over
// Parquet, JSON and ORC, and wants what testdata says.
func TestRigTrino(t *testing.T) {
	rigs.Need(t, "the list is compared with Trino's recorded answers only, not with Trino")
	engine := rigs.StartTrino(t, "")
	loadTrino(t, engine)
	all := askAll(t, engine, asked(t))
	if *update {
		writeAnswers(t, all)
	}
	recorded := answers(t)
	for _, a := range all {
		if d := sameAnswer(a, recorded[a.SQL]); d != "" {
			t.Errorf("%s: Trino (<) does not answer as testdata (>):\n%s", a.SQL, d)
		}
	}
}

// asked are all statements, each once.
func asked(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, e := range append(list(t), statements(t)...) {
		for _, sql := range []string{e.sql, e.asked} {
			if sql != "" {
				all = append(all, sql)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// askAll asks some statements at once.
func askAll(t *testing.T, engine *rigs.Trino, statements []string) []answer {
	t.Helper()
	all := make([]answer, len(statements))
	next := make(chan int)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			for i := range next {
				all[i] = askTrino(t, engine, statements[i])
			}
		})
	}
	for i := range statements {
		next <- i
	}
	close(next)
	wait.Wait()
	return all
}

func sameAnswer(got, want answer) string {
	if got.Error != want.Error {
		return "< " + got.Error + "\n> " + want.Error
	}
	return got.table().Differs(want.table())
}

// askTrino asks over each format; the answers must be one.
func askTrino(t *testing.T, engine *rigs.Trino, sql string) answer {
	t.Helper()
	var first answer
	for i, schema := range formats {
		a := answer{SQL: sql}
		got, err := engine.Ask(t.Context(), schema, strings.ReplaceAll(sql, lake.Database+".", schema+"."))
		var refused *trino.Error
		switch {
		case errors.As(err, &refused):
			a.Error = refused.ErrorName + ": " + refused.Message
		case err != nil:
			t.Error(err)
		default:
			table, err := rigs.TableOf(got)
			if err != nil {
				t.Errorf("%s: %v", sql, err)
			}
			table = ordered(sql, table)
			a.Columns, a.Rows = table.Columns, table.Rows
		}
		if i == 0 {
			first = a
		} else if d := sameAnswer(a, first); d != "" && first.Error == "" {
			t.Errorf("%s: Trino over %s (<) and %s (>):\n%s", sql, schema, formats[0], d)
		}
		if !strings.Contains(sql, "hits") { // it reads no file
			break
		}
	}
	return first
}

func writeAnswers(t *testing.T, all []answer) {
	t.Helper()
	file, err := os.Create(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	out := json.NewEncoder(file)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := errors.Join(out.Encode(all), file.Close()); err != nil {
		t.Fatal(err)
	}
}

// loadTrino makes the table and the views in a schema for each format, over
// files that the local target wrote; ORC Trino writes itself.
func loadTrino(t *testing.T, engine *rigs.Trino) {
	t.Helper()
	asks := func(schema, sql string) {
		t.Helper()
		if _, err := engine.Ask(t.Context(), schema, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	staging := filepath.Join(engine.Lake, "parquet")
	if err := os.MkdirAll(staging, 0o750); err != nil {
		t.Fatal(err)
	}
	src := parquet(t, staging)
	for _, f := range src.Files {
		dir := filepath.Join(engine.Lake, "json", lake.DataPrefix, filepath.FromSlash(f.Hour.Path()))
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}
		var lines []byte
		for _, line := range strings.SplitAfter(string(hits()), "\n") {
			if strings.Contains(line, hourText(f.Hour)) {
				lines = append(lines, line...)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "hits.json"), lines, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range formats {
		asks("", "CREATE SCHEMA "+format)
		where := "external_location = 'local:///" + format + "/" + lake.DataPrefix + "', "
		if format == "orc" {
			where = ""
		}
		asks(format, trinoTable(format, where))
		if format == "orc" {
			asks(format, "INSERT INTO tp_hits SELECT * FROM parquet.tp_hits")
		} else {
			asks(format, "CALL system.sync_partition_metadata('"+format+"', 'tp_hits', 'ADD')")
		}
		for _, v := range lake.Views(event.Schema{}) {
			asks(format, "CREATE OR REPLACE VIEW "+v.Name+" AS "+v.SQL)
		}
	}
}

func hourText(h lake.Hour) string {
	return fmt.Sprintf(`"received_at":"%04d-%02d-%02d %02d:`, h.Year, h.Month, h.Day, h.Hour)
}

func trinoTable(format, where string) string {
	types := strings.NewReplacer("string", "varchar", "timestamp", "timestamp(3)", "<", "(", ">", ")")
	var columns []string
	for _, c := range append(lake.Columns(event.Schema{}), lake.PartitionKeys()...) {
		columns = append(columns, `"`+c.Name+`" `+types.Replace(c.Type))
	}
	return fmt.Sprintf("CREATE TABLE tp_hits (%s) WITH (format = '%s', %spartitioned_by = ARRAY['year', 'month', 'day', 'hour'])",
		strings.Join(columns, ", "), strings.ToUpper(format), where)
}
